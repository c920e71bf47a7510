package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"guitai/cmd/internal/speech"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/scanner"
	"guitai/till"
)

// DevicesFile is the file in the data folder that says which devices this
// machine has. It is no part of the ledger: a restored ledger meets other
// devices.
const DevicesFile = "devices.toml"

// ReadDevices reads the devices of a data folder; a folder without the file
// has none. Unknown keys are refused: a setting that was misspelt would be
// missed in silence.
func ReadDevices(dir string) (Devices, error) {
	var d Devices
	err := ReadTOML(filepath.Join(dir, DevicesFile), &d)
	return d, err
}

// ReadTOML reads a file that a person may write into what into points at, which
// stays as it is where there is no file.
func ReadTOML(path string, into any) error {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// WriteDevices replaces the devices of a data folder.
func WriteDevices(dir string, d Devices) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return toFile(filepath.Join(dir, DevicesFile), func(w io.Writer) error { return toml.NewEncoder(w).Encode(d) })
}

type devicesCmd struct {
	List     devicesList     `cmd:"" help:"${h_list}"`
	Add      devicesAdd      `cmd:"" help:"${h_add}"`
	Remove   devicesRemove   `cmd:"" help:"${h_remove}"`
	Check    devicesCheck    `cmd:"" help:"${h_check}"`
	Test     devicesTest     `cmd:"" help:"${h_test}"`
	Trace    devicesTrace    `cmd:"" help:"${h_trace}"`
	Simulate devicesSimulate `cmd:"" help:"${h_simulate}"`
	Sheet    devicesSheet    `cmd:"" help:"${h_sheet}"`
}

type devicesList struct {
	Format string `default:"text" enum:"text,json" help:"${h_format_tj}"`
}

type devicesAdd struct {
	Kind     string `arg:"" enum:"printer,scanner,scale,display,terminal" help:"${h_device_kind}"`
	Place    string `arg:"" optional:"" help:"${h_device_addr}"`
	Address  string `placeholder:"ADDRESS" help:"${h_addr_flag}"`
	Name     string `placeholder:"NAME" help:"${h_device_name}"`
	Profile  string `placeholder:"ID" help:"${h_profile}"`
	Driver   string `placeholder:"ID" help:"${h_driver}"`
	Unit     string `placeholder:"kg|g|lb|oz" help:"${h_scale_unit}"`
	Pattern  string `placeholder:"REGEXP" help:"${h_pattern}"`
	Ask      string `placeholder:"BYTES" help:"${h_scale_ask}"`
	Charset  string `placeholder:"ascii|gb18030" help:"${h_charset}"`
	Lamps    string `placeholder:"stx|esc" help:"${h_lamps}"`
	Currency int    `placeholder:"978" help:"${h_terminal_currency}"`
	Slips    bool   `help:"${h_terminal_slips}"`
}

type devicesTest struct {
	Name     string        `arg:"" help:"${h_device_name}"`
	Wait     time.Duration `default:"30s" help:"${h_wait}"`
	ReadBack bool          `help:"${h_read_back}"`
	Drawer   bool          `help:"${h_drawer}"`
}

var (
	errDeviceFile = words{"设备设置读不了：%v", "the device settings cannot be read: %v"}
	nextDevice    = words{"改正或删除 %s，再添加设备。", "Mend or remove %s, then add the devices."}
	errAddress    = words{"地址不对：%v", "the address is not one: %v"}
	errOneAddress = words{"要写一个地址，只写一个", "write one address, and one only"}
	errNoDevice   = words{"没有叫 %s 的设备", "there is no device named %s"}
	nextNoDevice  = words{"用 devices list 查看。", "See devices list."}
	errNoScan     = words{"%s 内没有扫到任何码：%s", "nothing was scanned within %s: %s"}
	nextNoScan    = words{"看看扫码枪的电源、连线和波特率，再试一次。", "See to the scanner's power, cable and baud rate, then try again."}
	errTaken      = words{"名字 %s 已经用在另一种设备上", "the name %s is taken by another kind of device"}
	nextTaken     = words{"用 --name 换一个名字。", "Choose another with --name."}
	errShared     = words{"端口 %s 已经给了设备 %s", "the port %s belongs to the device %s"}
	nextShared    = words{"一个端口只能接一个设备；用 devices list 查看。", "A port has one device; see devices list."}
	errName       = words{"设备名太长，或含有看不见的字符", "the name is too long, or holds characters that cannot be seen"}
	nextName      = words{"用 --name 给一个不超过 %d 个字的名字。", "Give one of at most %d characters with --name."}
	errFileScan   = words{"扫码枪不能是文件", "a scanner cannot be a file"}
	nextFileScan  = words{"写成 serial:设备?baud=9600、evdev:/dev/input/by-id/名字 或 tcp://主机:端口。", "Write serial:DEVICE?baud=9600, evdev:/dev/input/by-id/NAME or tcp://HOST:PORT."}
	nextTestPage  = words{"看看打印机的电源、连线和纸，再测试一次。", "See to the printer's power, cable and paper, then test again."}
	tellScan      = words{"请在 %s 内扫一个条码", "scan a code within %s"}
	tellNotYet    = words{"还没有连上扫码枪：%s；会继续连", "the scanner is not reached yet: %s; still trying"}
	tellDenied    = words{"系统不让收银机打开它：把运行收银机的用户加进 input 组（sudo usermod -aG input $USER），再重新登录系统。详情：%s", "the system does not let the till open it: put the till's user into the group input (sudo usermod -aG input $USER) and sign on to Linux anew. In full: %s"}
	tellBusy      = words{"另一个程序正用着这个端口，可能是收银机：先关掉它，或在它的设备设置里测试", "another program has this port, perhaps the till: end that first, or test in its device settings"}
	tellBaud      = words{"这像是波特率不对：把地址里的 baud 改成扫码枪说明书上的数", "the baud rate seems wrong: set baud in the address to what the scanner's manual says"}
	tellRead      = words{"测试页已发出，请看纸上是否清楚", "the test page is on its way; see whether it is clear"}
	tellNone      = words{"还没有设置打印机、扫码枪或其他设备；键盘式扫码枪不用设置", "no printer and no scanner is set up, nor any other device; a scanner that types needs none"}
)

// nameMax bounds the name of a device, in characters.
const nameMax = 40

// Run lists what is set up, and the serial ports that could be.
func (c devicesList) Run(e *env) error {
	d, err := e.devices()
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return e.listJSON(d)
	}
	used := map[string]bool{}
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			more := x.Profile + x.Driver
			if x.Simulated {
				more += " [" + wordSimulated.in(e.lang) + "]"
			}
			e.row(kind, x.Name, x.Address, more)
			if a, err := port.Parse(x.Address); err == nil {
				used[realPlace(a)] = true
			}
		}
	}
	if len(used) == 0 {
		e.tell(tellNone)
	}
	ports, err := port.Find("")
	if err != nil {
		return err
	}
	typing, err := port.FindKeyboards("")
	if err != nil {
		return err
	}
	ports = append(ports, typing...)
	for _, p := range ports {
		if !used[realPlace(p.Address)] {
			e.row("found", "", p.Address.String(), p.Title)
		}
	}
	return nil
}

// row prints one device.
func (e *env) row(kind, name, address, more string) {
	fmt.Fprintln(e.out, strings.TrimRight(fmt.Sprintf("%-8s %-16s %s %s", kind, printable(name), printable(address), printable(more)), " "))
}

// owned reports whether what is at an address serves one device alone.
func owned(a port.Address) bool {
	return a.Scheme == port.Serial || a.Scheme == port.Evdev || a.Scheme == port.USBLP
}

// realPlace is where an address leads now: a port has several names.
func realPlace(a port.Address) string {
	place, err := port.Resolve(context.Background(), a)
	if err != nil || !owned(a) {
		return a.Place
	}
	if real, err := filepath.EvalSymlinks(place); err == nil {
		return real
	}
	return place
}

// SamePlace reports whether two addresses lead to one port, by whatever name.
func SamePlace(a, b port.Address) bool { return a.Scheme == b.Scheme && realPlace(a) == realPlace(b) }

// devices reads the settings with words for what is wrong with them.
func (e *env) devices() (Devices, error) {
	d, err := ReadDevices(e.data)
	if err != nil {
		return d, &failure{what: errDeviceFile, args: []any{err}, safe: safeAsWas, next: nextDevice, nextArgs: []any{filepath.Join(e.data, DevicesFile)}, err: err}
	}
	return d, nil
}

// Run adds a device, or changes the one of that name. A running till does it and
// uses it at once.
func (c *devicesAdd) Run(e *env) error {
	if c.Place != "" && c.Address != "" && c.Place != c.Address || c.Place == "" && c.Address == "" {
		return &failure{exit: exitUsage, what: errOneAddress, next: nextAddress}
	}
	c.Address = cmp.Or(c.Address, c.Place)
	if a, err := port.Parse(c.Address); err != nil {
		return &failure{exit: exitUsage, what: errAddress, args: []any{err}, next: nextAddress, err: err}
	} else if c.Kind == "scanner" && a.Scheme.ForPrinters() {
		return &failure{exit: exitUsage, what: errFileScan, next: nextFileScan}
	}
	if ok, err := e.ask("devices add", c, e.out); ok {
		return err
	}
	x := Device{Name: strings.TrimSpace(c.Name), Address: c.Address, Driver: c.Driver, Unit: c.Unit, Pattern: c.Pattern, Ask: c.Ask,
		Charset: c.Charset, Lamps: c.Lamps, Currency: c.Currency, Slips: c.Slips}
	if x.Name == "" {
		x.Name = c.Kind
	}
	x, addr, err := x.Settled(c.Kind)
	if err != nil {
		return &failure{exit: exitUsage, what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	if printable(x.Name) != x.Name || utf8.RuneCountInString(x.Name) > nameMax {
		return &failure{exit: exitUsage, what: errName, next: nextName, nextArgs: []any{nameMax}}
	}
	if c.Kind == "printer" {
		paper, err := e.shopPaper()
		if err != nil {
			return err
		}
		p, err := e.profile(c.Profile, paper.Settings.Paper.Columns)
		if err != nil {
			return err
		}
		x.Profile = p.ID
	}
	if err := e.change(func(d *Devices) error { return d.Put(c.Kind, x, addr) }); err != nil {
		return err
	}
	e.row(c.Kind, x.Name, x.Address, x.Profile+x.Driver)
	return nil
}

// Put adds a device of a kind at addr, in the place of the one of its kind and
// name. A name stands for one kind, and a serial port has one device.
func (d *Devices) Put(kind string, x Device, addr port.Address) error {
	if kind == "scanner" && addr.Scheme.ForPrinters() {
		return &failure{exit: exitUsage, what: errFileScan, next: nextFileScan}
	}
	if _, other, ok := d.Named(x.Name); ok && other != kind {
		return &failure{what: errTaken, args: []any{x.Name}, next: nextTaken}
	}
	for _, k := range Kinds {
		for _, o := range *d.Of(k) {
			a, err := port.Parse(o.Address)
			if err == nil && o.Name != x.Name && addr.Scheme == a.Scheme && owned(a) && realPlace(a) == realPlace(addr) {
				return &failure{what: errShared, args: []any{addr.Place, o.Name}, next: nextShared}
			}
		}
	}
	mine := d.Of(kind)
	if i := slices.IndexFunc(*mine, func(o Device) bool { return o.Name == x.Name }); i >= 0 {
		(*mine)[i] = x
	} else {
		*mine = append(*mine, x)
	}
	return nil
}

// Run makes a device prove itself: it prints a test page, waits for one scan or
// one weight, shows sums, or asks a card terminal whether it is ready.
func (c *devicesTest) Run(e *env) error {
	if ok, err := e.ask("devices test", c, e.out); ok {
		return err
	}
	x, kind, back, err := e.lend(c.Name)
	if err != nil {
		return err
	}
	defer back()
	switch kind {
	case "printer":
		if err = e.testPrinter(x); err == nil && c.Drawer {
			err = e.openDrawer(x)
		}
		if err == nil && c.ReadBack {
			back() // the till's own scanners go on
			err = e.readBack(c.Wait)
		}
		return err
	case "scanner":
		return e.testScanner(x, c.Wait)
	case "scale":
		return e.testScale(x, c.Wait)
	case "display":
		return e.testDisplay(x, poleStep)
	}
	return e.testTerminal(x, c.Wait)
}

// shopPaper is how the shop prints. A printer is often set up before the shop
// is.
func (e *env) shopPaper() (till.Paper, error) {
	l, err := e.read()
	if err != nil {
		return till.Paper{Settings: till.DefaultSettings()}, nil
	}
	paper, err := Paper(e.ctx, l)
	return paper, errors.Join(err, l.Close())
}

// PrintTestCard prints a test card on a printer, past any print queue, in the
// design of the shop in a data folder. tap hears the wire. Errors carry a
// device.Reason.
func PrintTestCard(ctx context.Context, dir string, x Device, tap port.Tap) error {
	e := &env{ctx: port.Tapped(ctx, tap), out: io.Discard, err: io.Discard, lang: english, data: dir, name: program()}
	return e.testPrinter(x)
}

func (e *env) testPrinter(x Device) error {
	paper, err := e.shopPaper()
	if err != nil {
		return err
	}
	p, err := e.profile(x.Profile, paper.Settings.Paper.Columns)
	if err != nil {
		return err
	}
	paper.Settings.Paper.Columns = p.Columns
	if err := e.print(paper.Test(time.Now()), p, x.Address); err != nil {
		if f := (*failure)(nil); errors.As(err, &f) {
			f.safe, f.next = words{}, nextTestPage // no receipt is at stake
		}
		return err
	}
	e.tell(tellRead)
	return nil
}

// testScanner reads one code as the till would, and waits for a scanner that
// is not there yet.
func (e *env) testScanner(x Device, wait time.Duration) error {
	addr, err := port.Parse(x.Address)
	if err != nil {
		return &failure{what: errAddress, args: []any{err}, next: nextAddress, err: err}
	}
	ctx, cancel := context.WithTimeout(e.ctx, wait)
	defer cancel()
	codes, changed := make(chan string, 1), make(chan struct{}, 1)
	s := scanner.New(addr, func(code string) {
		select {
		case codes <- code:
		default: // the first is enough
		}
	}, scanner.Options{Changed: func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}})
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	last := s.Status()
	for {
		select {
		case code := <-codes:
			e.scanned(code)
			return nil
		case <-changed:
			if now := s.Status(); now.State != device.Off {
				last = now
				e.tellScanner(now, wait)
			}
		case <-ctx.Done():
			return &failure{what: errNoScan, args: []any{wait, cmp.Or(last.Detail, string(last.State))}, next: nextNoScan, err: errors.Join(last.Err, ctx.Err())}
		}
	}
}

func (e *env) tellScanner(s device.Status, wait time.Duration) {
	what, next, kept := speech.Port(e.lang, s.Err)
	switch {
	case s.State == device.Ready:
		e.tell(tellScan, wait)
	case kept:
		fmt.Fprintln(e.err, printable(what+" "+next))
	case s.Reason == device.Denied:
		e.tell(tellDenied, s.Detail)
	case s.Reason == device.Busy:
		e.tell(tellBusy)
	default:
		e.tell(tellNotYet, s.Detail)
	}
}

// scanned shows what was read. A payment code and a staff card are secrets;
// Barcode.String hides them.
func (e *env) scanned(read string) {
	if !utf8.ValidString(read) || strings.ContainsRune(read, 0) {
		e.tell(tellBaud)
	}
	code, err := till.ParseBarcode(read)
	if err != nil {
		fmt.Fprintf(e.out, "%.64q %v\n", read, err)
		return
	}
	fmt.Fprintln(e.out, printable(code.String()))
}
