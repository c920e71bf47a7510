package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"guitai/cmd/internal/command"
	"guitai/hardware/sim"
	"guitai/till"
	"guitai/ui"
)

// installer opens the devices page of a shop without devices, in the window
// over the real ledger, settings and wires.
func installer(t *testing.T) *desk {
	t.Helper()
	d := openDesk(t)
	if err := d.act(till.SignOn{PIN: officeOwner}); err != nil {
		t.Fatal(err)
	}
	d.until("the owner", func(v till.View) bool { return v.Operator != nil })
	d.devices.start(t.Context(), func(string) {})
	t.Cleanup(d.devices.close)
	d.till.Open(ui.PageDevices)
	return d
}

// soon waits until the screen says something.
func (d *desk) soon(words ...string) {
	d.Helper()
	has := func(w string) bool {
		return slices.ContainsFunc(d.words(), func(s string) bool { return strings.Contains(s, w) })
	}
	for _, w := range words {
		for end := time.Now().Add(40 * time.Second); !has(w); d.rest() {
			if time.Now().After(end) {
				d.Fatalf("the screen never says %q; it says %q", w, d.words())
			}
		}
	}
}

// typed sets a device up at an address that is typed in.
func (d *desk) typed(kind, how, address string) {
	d.Helper()
	address = strings.TrimPrefix(address, "tcp://")
	d.tap("Add device")
	d.tap(kind)
	for _, words := range []string{"Type an IP address, a serial port or a path", "Type an IP address or a serial port", "Type a serial port or an IP address"} {
		if slices.Contains(d.words(), words) {
			d.tap(words)
		}
	}
	if how == "Network" {
		host, port, _ := strings.Cut(address, ":")
		if slices.Contains(d.words(), "Serial port") {
			d.tap(how)
		}
		d.hand(host)
		for _, usual := range []string{"9100", "20007"} {
			if slices.Contains(d.words(), usual) {
				d.tap(usual)
			}
		}
		d.clear(5)
		d.hand(port)
		return
	}
	if !slices.Contains(d.words(), "Serial port") {
		d.tap(how)
	}
	d.hand(strings.TrimPrefix(address, "serial:"))
}

// clear empties the field that has the focus.
func (d *desk) clear(n int) {
	for range n {
		d.press(fyne.KeyEnd)
		d.press(fyne.KeyBackspace)
	}
}

// setUp returns the device of a name as devices.toml has it.
func (d *desk) setUp(name string) command.Device {
	d.Helper()
	config, err := command.ReadDevices(d.dir)
	if err != nil {
		d.Fatal(err)
	}
	x, _, ok := config.Named(name)
	if !ok {
		d.Fatalf("%s is not set up: %+v", name, config)
	}
	return x
}

// proved returns what a device proved, as "what result".
func (d *desk) proved(name string) (out []string) {
	d.Helper()
	list, err := command.ReadProofs(d.dir)
	if err != nil {
		d.Fatal(err)
	}
	for _, p := range list {
		if p.Device == name {
			for _, s := range p.Steps {
				out = append(out, s.What+" "+s.Result)
			}
			if x := d.setUp(name); !p.Of(x) || p.By != "陈宁" {
				d.Errorf("the proof %+v is not of %+v", p, x)
			}
		}
	}
	return out
}

// speedLine is a serial line to a device on a socket that has one speed: at any
// other, both ends hear noise.
func speedLine(t *testing.T, address string, speed uint32) string {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	set, err := unix.IoctlGetTermios(int(near.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	set.Iflag, set.Oflag, set.Lflag, set.Cflag = unix.IGNPAR, 0, 0, unix.CS8|unix.CREAD|unix.CLOCAL|unix.B38400
	if err := unix.IoctlSetTermios(int(near.Fd()), unix.TCSETS, set); err != nil {
		t.Fatal(err)
	}
	link, err := net.Dial("tcp", strings.TrimPrefix(address, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	noise := func(b []byte) []byte {
		now, err := unix.IoctlGetTermios(int(near.Fd()), unix.TCGETS)
		if err != nil || now.Cflag&unix.CBAUD != speed {
			for i := range b {
				b[i] ^= 0x9c
			}
		}
		return b
	}
	carry := func(to io.Writer, from io.Reader) {
		buf := make([]byte, 256)
		for {
			n, err := from.Read(buf)
			if _, wrong := to.Write(noise(buf[:n])); err != nil || wrong != nil {
				return
			}
		}
	}
	go carry(far, link)
	go carry(link, far)
	t.Cleanup(func() { link.Close(); near.Close(); far.Close() })
	return near.Name()
}

func TestTheInstallerSetsUpAPrinterWithoutAChineseFont(t *testing.T) {
	d := installer(t)
	p := sim.NewPrinter(sim.PrinterOptions{})
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	d.typed("Receipt printer", "Network", address)
	d.tap("Try to connect")
	d.soon("It opens")
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.soon(" ms")
	d.tap("Print the test page")
	d.soon("Which of them reads well?")
	var text string
	page := p.Slips() // the printer is reset between its parts, each of which is a slip here
	for _, part := range page {
		text += part.Text(48)
		if len(part.Unknown) > 0 {
			t.Errorf("the printer does not know %q", part.Unknown)
		}
	}
	if last := page[len(page)-1]; last.Cut == "none" || !slices.Contains(last.Codes(), ui.ProofCode) || strings.Count(text, "[picture") != 2 ||
		!strings.Contains(text, "123456789012345678901234567890123456789012345678\n1 中文打印 鲜牛奶￥15.90") {
		t.Errorf("want line 1 by the printer's font, line 2 as a picture, a code and a cut:\n%s", text)
	}
	d.tap("Only line 2")
	d.sees("It has no Chinese font")
	d.tap("Yes")
	d.tap("Yes")
	d.tap("Skip")
	d.tap("Open the drawer")
	d.soon("(pin 2)")
	d.tap("No: try the other pin")
	d.soon("(pin 5)")
	d.tap("It opened")
	if got := p.Pulses(); len(got) != 2 || got[0].Pin != 2 || got[1].Pin != 5 {
		t.Fatalf("the drawer was pulsed %+v", got)
	}
	d.press(fyne.KeyF9)
	d.soon("Saved, and at work already")
	if x := d.setUp("printer"); x.Address != address || x.Profile != "generic-80-raster" || x.DrawerPin != 5 {
		t.Errorf("set up is %+v", x)
	}
	if got, want := d.proved("printer"), []string{"status passed", "text passed", "width passed", "cut passed", "code skipped", "drawer passed"}; !slices.Equal(got, want) {
		t.Errorf("proved %q, want %q", got, want)
	}
	// At once, without a restart: the queue prints as the proof says, and opens the drawer by the learned pin.
	if err := d.devices.TestPrint(t.Context(), "printer"); err != nil {
		t.Fatal(err)
	}
	if slips := p.Slips(); len(slips) != len(page)+1 || strings.Contains(slips[len(page)].Text(48), "中文") {
		t.Errorf("the slip after is\n%s", slips[len(slips)-1].Text(48))
	}
	if err := d.devices.TestDrawer(t.Context(), "printer"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); len(p.Pulses()) < 3 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	if got := p.Pulses(); len(got) != 3 || got[2].Pin != 5 {
		t.Errorf("the drawer was pulsed %+v", got)
	}
}

// A slip of a sale that comes while the printer is being proved waits in the
// ledger, and prints once the wizard is left.
func TestSlipsWaitWhileThePrinterIsProved(t *testing.T) {
	d := installer(t)
	p := sim.NewPrinter(sim.PrinterOptions{})
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if err := d.devices.Save(t.Context(), ui.DeviceConfig{Kind: "printer", Address: address}); err != nil {
		t.Fatal(err)
	}
	x := ui.DeviceConfig{Name: "printer", Kind: "printer", Address: address, Settings: map[string]string{"profile": "generic-80"}}
	d.devices.Try(x, "status")
	for end := time.Now().Add(10 * time.Second); d.devices.Trying().Running; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the printer never answered")
		}
	}
	if s := d.devices.Trying(); !s.OK || s.Value == "" {
		t.Fatalf("the printer says %+v", s)
	}
	if err := d.book().AddJob(t.Context(), till.PrintJob{Kind: till.SlipTest}); err != nil {
		t.Fatal(err)
	}
	d.print.Kick()
	time.Sleep(300 * time.Millisecond)
	if n := len(p.Slips()); n != 0 {
		t.Fatalf("%d slips came while the printer was held", n)
	}
	if l := d.devices.Live(); l[0].State != "trying" || d.devices.Status()[0].State != "trying" {
		t.Errorf("the status is %+v", l)
	}
	d.devices.End()
	for end := time.Now().Add(15 * time.Second); len(p.Slips()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the slip never came")
		}
	}
}

func TestTheInstallerFindsTheSpeedOfAScale(t *testing.T) {
	d := installer(t)
	s := sim.NewScale("stgs")
	if err := s.Obey("1.250"); err != nil {
		t.Fatal(err)
	}
	address, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	place := speedLine(t, address, unix.B19200)
	d.typed("Scale", "Serial", place)
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9) // at the factory's speed
	d.soon("What comes is garbled", "the speed is wrong, or the model")
	d.press(fyne.KeyEscape)
	d.tap("Find the speed")
	d.soon("Found: 19200 8N1")
	d.press(fyne.KeyF9)
	d.soon("Does the scale itself show the same weight?", "1.250 kg")
	d.tap("Yes")
	d.press(fyne.KeyF9)
	d.soon("Saved, and at work already")
	if x := d.setUp("scale"); x.Driver != "stgs" || !strings.HasPrefix(x.Address, "serial:"+place+"?baud=19200&") {
		t.Errorf("set up is %+v", x)
	}
	if got := d.proved("scale"); !slices.Equal(got, []string{"weight passed"}) {
		t.Errorf("proved %q", got)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if l := d.devices.Live(); len(l) == 1 && l[0].State == "ready" && l[0].Last == "1.250 kg" {
			break
		} else if time.Now().After(end) {
			t.Fatalf("the scale is not at work: %+v", l)
		}
	}
}

func TestTheInstallerReadsTheSpeedOffTheDisplay(t *testing.T) {
	d := installer(t)
	x := sim.NewDisplay("led8", nil)
	address, err := x.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	d.typed("Customer display", "Serial", speedLine(t, address, unix.B4800))
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.tap("Find the speed")
	seen := ""
	for end := time.Now().Add(60 * time.Second); !slices.Contains([]string{"2400", "4800", "9600", "19200"}, seen); d.rest() {
		if seen = x.Shown().Lines[0]; time.Now().After(end) {
			t.Fatalf("the display shows %q", seen)
		}
	}
	if seen != "4800" {
		t.Fatalf("the display shows %q", seen)
	}
	d.soon("4800")
	d.tap("4800")
	d.press(fyne.KeyF9)
	d.soon("Does the display show change 87.50 now")
	if now := x.Shown(); now.Lines[0] != "87.50" || now.Lamp != "change" {
		t.Errorf("the display shows %+v", now)
	}
	d.tap("Yes")
	d.press(fyne.KeyF9)
	d.soon("Saved, and at work already")
	if got := d.proved("display"); !slices.Equal(got, []string{"shows passed"}) {
		t.Errorf("proved %q", got)
	}
}

func TestTheInstallerSetsUpACardTerminal(t *testing.T) {
	d := installer(t)
	x := sim.NewCardTerminal()
	address, err := x.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	if err := x.Obey("unplug"); err != nil {
		t.Fatal(err)
	}
	d.typed("Card terminal", "Network", address)
	d.tap("Try to connect")
	d.soon("Nothing is there", "address and port")
	if err := x.Obey("plug"); err != nil {
		t.Fatal(err)
	}
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.press(fyne.KeyF9)
	d.soon("The terminal is there and idle")
	d.press(fyne.KeyF9)
	d.soon("Saved, and at work already")
	if got := d.proved("terminal"); !slices.Equal(got, []string{"registers passed"}) || d.setUp("terminal").Driver != "zvt" {
		t.Errorf("proved %q of %+v", got, d.setUp("terminal"))
	}
	if len(x.Books()) != 0 {
		t.Errorf("money was taken: %+v", x.Books())
	}
	if c := d.devices.Check(t.Context(), "terminal"); !c.OK {
		t.Errorf("the check says %+v", c)
	}
}

func TestTheInstallerFindsTheSpeedOfAScanner(t *testing.T) {
	d := installer(t)
	g := sim.NewScanner(sim.Ends["cr"])
	address, err := g.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	place := speedLine(t, address, unix.B115200)
	d.typed("Scanner", "Serial", place)
	d.press(fyne.KeyF9)
	d.tap("Find the speed")
	var pulling atomic.Bool
	pulling.Store(true)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			if pulling.Load() {
				_ = g.Type(ctx, ui.ProofCode)
			}
			time.Sleep(500 * time.Millisecond)
		}
	}()
	defer func() { stop(); <-ended }()
	d.soon("Found: 115200 8N1")
	d.press(fyne.KeyF9)
	d.soon("GUITAI-TEST")
	pulling.Store(false)
	d.press(fyne.KeyF9)
	d.soon("Saved, and at work already")
	if got := d.proved("scanner"); !slices.Equal(got, []string{"scan passed"}) || !strings.Contains(d.setUp("scanner").Address, "baud=115200") {
		t.Errorf("proved %q of %+v", got, d.setUp("scanner"))
	}
}

// A port that another program has says who that is; nothing is changed.
func TestTheInstallerIsToldWhoHasAPort(t *testing.T) {
	d := installer(t)
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	defer near.Close()
	if err := unix.Flock(int(near.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	d.typed("Scale", "Serial", near.Name())
	d.tap("Try to connect")
	me, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Fatal(err)
	}
	d.soon("The port is busy", "It is held by: "+strings.TrimSpace(string(me))+" (process ")
	d.tap("Leave, set up later")
	if _, err := os.Stat(filepath.Join(d.dir, command.DevicesFile)); err == nil {
		t.Error("something was set up")
	}
}
