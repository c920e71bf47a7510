package command

import (
	"bytes"
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

	"github.com/pelletier/go-toml/v2"
	"go.bug.st/serial"

	"guitai/hardware/port"
	"guitai/till"
)

// DevicesFile is the file in the data folder that says which devices this
// machine has. It is no part of the ledger: a restored ledger meets other
// devices.
const DevicesFile = "devices.toml"

// Devices are the printers and scanners of this machine.
type Devices struct {
	Printers []Device `toml:"printer,omitempty"`
	Scanners []Device `toml:"scanner,omitempty"`
}

// A Device is one printer or scanner at its address.
type Device struct {
	Name    string `toml:"name"`
	Address string `toml:"address"`           // as package port reads it
	Profile string `toml:"profile,omitempty"` // of a printer
}

// ReadDevices reads the devices of a data folder; a folder without the file
// has none. Unknown keys are refused: a setting that was misspelt would be
// missed in silence.
func ReadDevices(dir string) (Devices, error) {
	var d Devices
	path := filepath.Join(dir, DevicesFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err == nil {
		err = toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(&d)
	}
	if err != nil {
		return d, fmt.Errorf("read %s: %w", path, err)
	}
	return d, nil
}

// WriteDevices replaces the devices of a data folder.
func WriteDevices(dir string, d Devices) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return toFile(filepath.Join(dir, DevicesFile), func(w io.Writer) error { return toml.NewEncoder(w).Encode(d) })
}

type devicesCmd struct {
	List devicesList `cmd:"" help:"${h_list}"`
	Add  devicesAdd  `cmd:"" help:"${h_add}"`
	Test devicesTest `cmd:"" help:"${h_test}"`
}

type devicesList struct{}

type devicesAdd struct {
	Kind    string `arg:"" enum:"printer,scanner" help:"${h_device_kind}"`
	Address string `arg:"" help:"${h_device_addr}"`
	Name    string `placeholder:"NAME" help:"${h_device_name}"`
	Profile string `placeholder:"ID" help:"${h_profile}"`
}

type devicesTest struct {
	Name string        `arg:"" help:"${h_device_name}"`
	Wait time.Duration `default:"30s" help:"${h_wait}"`
}

var (
	errDeviceFile = words{"设备设置读不了：%v", "the device settings cannot be read: %v"}
	nextDevice    = words{"改正或删除 %s，再添加设备。", "Mend or remove %s, then add the devices."}
	errAddress    = words{"地址不对：%v", "the address is not one: %v"}
	errNoDevice   = words{"没有叫 %s 的设备", "there is no device named %s"}
	nextNoDevice  = words{"用 devices list 查看。", "See devices list."}
	errNoScan     = words{"%s 内没有扫到任何码：%v", "nothing was scanned within %s: %v"}
	nextNoScan    = words{"看看扫码枪的电源、连线和波特率，再试一次。", "See to the scanner's power, cable and baud rate, then try again."}
	tellScan      = words{"请在 %s 内扫一个条码", "scan a code within %s"}
	tellRead      = words{"测试页已发出，请看纸上是否清楚", "the test page is on its way; see whether it is clear"}
)

// Run lists what is set up, and the serial ports that could be.
func (devicesList) Run(e *env) error {
	d, err := e.devices()
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, group := range []struct {
		kind string
		list []Device
	}{{"printer", d.Printers}, {"scanner", d.Scanners}} {
		for _, x := range group.list {
			fmt.Fprintf(e.out, "%-8s %-16s %s %s\n", group.kind, printable(x.Name), printable(x.Address), x.Profile)
			if a, err := port.Parse(x.Address); err == nil {
				used[a.Place] = true
			}
		}
	}
	ports, err := serial.GetPortsList()
	if err != nil {
		return fmt.Errorf("look for serial ports: %w", err)
	}
	for _, p := range ports {
		if !used[p] {
			fmt.Fprintf(e.out, "%-8s %-16s serial:%s?baud=9600\n", "found", "", p)
		}
	}
	return nil
}

// devices reads the settings with words for what is wrong with them.
func (e *env) devices() (Devices, error) {
	d, err := ReadDevices(e.data)
	if err != nil {
		return d, &failure{what: errDeviceFile, args: []any{err}, safe: safeAsWas, next: nextDevice, nextArgs: []any{filepath.Join(e.data, DevicesFile)}, err: err}
	}
	return d, nil
}

// Run adds a device, or changes the one of that name.
func (c *devicesAdd) Run(e *env) error {
	addr, err := port.Parse(c.Address)
	if err != nil {
		return &failure{exit: exitUsage, what: errAddress, args: []any{err}, next: nextAddress, err: err}
	}
	d, err := e.devices()
	if err != nil {
		return err
	}
	x := Device{Name: strings.TrimSpace(c.Name), Address: addr.String(), Profile: c.Profile}
	if x.Name == "" {
		x.Name = c.Kind
	}
	list := &d.Scanners
	if c.Kind == "printer" {
		list = &d.Printers
		p, err := e.profile(c.Profile, 0)
		if err != nil {
			return err
		}
		x.Profile = p.ID
	} else {
		x.Profile = ""
	}
	if i := slices.IndexFunc(*list, func(o Device) bool { return o.Name == x.Name }); i >= 0 {
		(*list)[i] = x
	} else {
		*list = append(*list, x)
	}
	if err := WriteDevices(e.data, d); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%-8s %-16s %s %s\n", c.Kind, printable(x.Name), x.Address, x.Profile)
	return nil
}

// Run prints a test page, or waits for one scan and shows what came.
func (c *devicesTest) Run(e *env) error {
	d, err := e.devices()
	if err != nil {
		return err
	}
	for _, x := range d.Printers {
		if x.Name == c.Name {
			return e.testPrinter(x)
		}
	}
	for _, x := range d.Scanners {
		if x.Name == c.Name {
			return e.testScanner(x, c.Wait)
		}
	}
	return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
}

func (e *env) testPrinter(x Device) error {
	p, err := e.profile(x.Profile, 0)
	if err != nil {
		return err
	}
	paper := till.Paper{Settings: till.DefaultSettings()}
	if l, err := e.read(); err == nil {
		// A printer is often set up before the shop is.
		paper, err = Paper(e.ctx, l)
		if err = errors.Join(err, l.Close()); err != nil {
			return err
		}
	}
	paper.Settings.Paper.Columns = p.Columns
	if err := e.print(paper.Test(time.Now()), p, x.Address); err != nil {
		return err
	}
	e.tell(tellRead)
	return nil
}

func (e *env) testScanner(x Device, wait time.Duration) error {
	addr, err := port.Parse(x.Address)
	if err != nil {
		return &failure{what: errAddress, args: []any{err}, next: nextAddress, err: err}
	}
	ctx, cancel := context.WithTimeout(e.ctx, wait)
	defer cancel()
	link, err := port.Open(ctx, addr)
	if err != nil {
		return &failure{what: errNoScan, args: []any{wait, err}, next: nextNoScan, err: err}
	}
	defer link.Close()
	e.tell(tellScan, wait)
	read, err := readScan(ctx, link)
	if err != nil {
		return &failure{what: errNoScan, args: []any{wait, err}, next: nextNoScan, err: err}
	}
	code, err := till.ParseBarcode(string(read))
	if err != nil {
		fmt.Fprintf(e.out, "%q %v\n", read, err)
		return nil
	}
	// A payment code and a staff card are secrets; String hides them.
	fmt.Fprintln(e.out, code)
	return nil
}

// readScan reads up to the end that a scanner puts after a code: CR, LF or TAB.
func readScan(ctx context.Context, link port.Link) ([]byte, error) {
	var code []byte
	buf := make([]byte, 256)
	for len(code) < 4096 {
		n, err := link.Read(ctx, buf)
		if err != nil {
			return nil, err
		}
		code = bytes.TrimLeft(append(code, buf[:n]...), "\r\n\t")
		if i := bytes.IndexAny(code, "\r\n\t"); i > 0 {
			return code[:i], nil
		}
	}
	return code, nil
}
