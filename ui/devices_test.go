package ui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// bench is the devices of a test: what was set up, and what was tried out.
type bench struct {
	list   []DeviceConfig
	found  []DeviceFound
	did    []string
	refuse error
	code   string
}

func (b *bench) Status() []DeviceStatus                             { return nil }
func (b *bench) Found(context.Context) ([]DeviceFound, error)       { return b.found, nil }
func (b *bench) Configured(context.Context) ([]DeviceConfig, error) { return slices.Clone(b.list), nil }
func (b *bench) TestPrint(_ context.Context, name string) error     { return b.note("print " + name) }
func (b *bench) TestDrawer(_ context.Context, name string) error    { return b.note("drawer " + name) }
func (b *bench) TestScan(_ context.Context, n string) (string, error) {
	return b.code, b.note("scan " + n)
}

func (b *bench) note(what string) error {
	b.did = append(b.did, what)
	return b.refuse
}

func (b *bench) Save(_ context.Context, d DeviceConfig) error {
	if b.refuse == nil {
		b.list = append(slices.DeleteFunc(b.list, func(o DeviceConfig) bool { return o.Name == d.Name }), d)
	}
	return b.note("save " + d.Name)
}

func (b *bench) Remove(_ context.Context, name string) error {
	b.list = slices.DeleteFunc(b.list, func(o DeviceConfig) bool { return o.Name == name })
	return b.note("remove " + name)
}

func atDevices(t *testing.T, width, height float32, b *bench) *counter {
	return inOffice(t, width, height, PageDevices, func(p *Ports) { p.Devices = b })
}

func shopBench() *bench {
	return &bench{list: []DeviceConfig{
		{Name: "printer", Kind: "printer", Address: "tcp://192.168.1.60:9100", Settings: map[string]string{"profile": "generic-80"}},
		{Name: "scanner", Kind: "scanner", Address: "serial:/dev/ttyUSB0?baud=9600&data=8&parity=none&stop=1&flow=none"},
	}, found: []DeviceFound{{Kind: "serial", Address: "serial:/dev/ttyUSB1?baud=9600&data=8&parity=none&stop=1&flow=none", Title: "USB-Serial CH340"}}}
}

func TestDevicesSetUpANetworkPrinterAndTryIt(t *testing.T) {
	b := &bench{}
	c := atDevices(t, 1366, 768, b)
	c.sees("Not set up yet", "Keyboard scanner")
	c.tap("Add a printer")
	c.tap("Save")
	c.sees("The printer's address, such as 192.168.1.60.")
	c.hand("192.168.1.60")
	c.tap("Serial") // a tap on the wrong kind loses nothing
	c.hand("/dev/ttyS0")
	c.tap("Network")
	c.retype("Port", "91000", fyne.KeyF9)
	c.sees("1 to 65535, mostly 9100.")
	c.w.SetLanguage("zh-Hans") // what was typed stays
	c.w.SetDark(true)
	c.w.SetLanguage("en")
	c.retype("Port", "9101")
	c.tap("58 mm")
	c.tap("Chinese as pictures")
	c.press(fyne.KeyF9)
	want := DeviceConfig{Name: "printer", Kind: "printer", Address: "tcp://192.168.1.60:9101", Settings: map[string]string{"profile": "generic-58-raster"}}
	if len(b.list) != 1 || b.list[0].Address != want.Address || b.list[0].Name != want.Name || !maps.Equal(b.list[0].Settings, want.Settings) {
		t.Fatalf("saved %+v, want %+v", b.list, want)
	}
	c.sees("Saved.", "Now try a test print.", "192.168.1.60:9101")
	c.press(fyne.KeyF9)
	c.tap("Open drawer")
	if want := []string{"save printer", "print printer", "drawer printer"}; !slices.Equal(b.did, want) {
		t.Fatalf("did %q, want %q", b.did, want)
	}
	c.sees("The drawer was told to open.")
}

func TestDevicesSetUpASerialScannerFromAFoundPort(t *testing.T) {
	b := shopBench()
	b.list = b.list[:1]
	b.code = "6901234567892"
	c := atDevices(t, 1024, 768, b)
	c.tap("Add device")
	c.tap("USB-Serial CH340")
	c.tap("115200")
	c.press(fyne.KeyF9)
	if got := b.list[1]; got.Name != "scanner" || got.Kind != "scanner" || got.Address != "serial:/dev/ttyUSB1?baud=115200&data=8&parity=none&stop=1&flow=none" {
		t.Fatalf("saved %+v", got)
	}
	c.tap("Test scan")
	c.sees("6901234567892", "Read, 13 characters")
	b.code, b.refuse = "", errors.New("gone")
	c.tap("Test scan")
	c.sees("No code was read.")
}

func TestDevicesSayWhatIsWrongAndWhatIsSafe(t *testing.T) {
	b := shopBench()
	c := atDevices(t, 1366, 768, b)
	b.refuse = errors.New("write tcp 192.168.1.60: broken pipe")
	c.w.SetStatus([]DeviceStatus{{Name: "printer", Kind: "printer", Health: Fault, State: "no_paper", Detail: "2"}, {Kind: "scanner", Health: Fine, State: "ready"}})
	c.sees("no paper", "Slips are kept and print by themselves once paper is in. Selling goes on.")
	c.tap("Test print")
	c.sees("It did not print.")
	if slices.ContainsFunc(c.words(), func(s string) bool { return s == "write tcp 192.168.1.60: broken pipe" }) {
		t.Fatal("the screen says what only a technician reads")
	}
	c.scan("6901234567892")
	if c.w.at != PageDevices {
		t.Fatalf("a scan left the page for %s", c.w.at)
	}
	c.sees("6901234567892")
}

// A device is removed by a hold of a second, never by a tap.
func TestDevicesAreRemovedByAHold(t *testing.T) {
	b := shopBench()
	c := atDevices(t, 1366, 768, b)
	c.tap("Serial scanner")
	c.tap("Remove")
	if len(b.did) != 0 {
		t.Fatalf("a tap did %q", b.did)
	}
	o, _ := find(c.win.Content(), "Remove", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	if want := []string{"remove scanner"}; !slices.Equal(b.did, want) {
		t.Fatalf("did %q, want %q", b.did, want)
	}
	if c.has("Serial scanner") {
		t.Fatal("the scanner is still shown")
	}
	c.sees("Removed. It can be added again any time.")
}

// A cashier who comes by the status bar may look and try, and change nothing.
func TestDevicesAreChangedByWhoMaySetUp(t *testing.T) {
	b := shopBench()
	c := opened(t, 1366, 768)
	c.w.ports.Devices = b
	c.run.SignOn("1002")
	c.show()
	c.w.SetLanguage("en")
	c.w.Open(PageDevices)
	c.tap("Test print")
	c.tap("Change port")
	c.press(fyne.KeyF9)
	c.sees("This person may not do that.")
	if want := []string{"print printer"}; !slices.Equal(b.did, want) {
		t.Fatalf("did %q, want %q", b.did, want)
	}
}

func TestShotsSetupDevices(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter {
		c := atDevices(t, w, h, shopBench())
		c.w.SetStatus([]DeviceStatus{{Name: "printer", Kind: "printer", Health: Fault, State: "no_paper", Detail: "2"}, {Kind: "scanner", Health: Fine, State: "ready"},
			{Kind: "display", Health: Fine, State: "ready"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}, {Kind: "network", Health: Attention, State: "offline"}})
		return c
	}
	shootSetup(t, "devices", run, nil)
	shootSetup(t, "devices-scan", run, func(c *counter) { c.scan("6901234567892") })
	shootSetup(t, "devices-change", run, func(c *counter) {
		c.tap(c.w.Say("devices.change"))
		c.press(fyne.KeyF9)
		c.tap(c.w.Say("devices.change"))
	})
	shootSetup(t, "devices-add", run, func(c *counter) { c.tap(c.w.Say("devices.add")); c.press(fyne.KeyF9) })
	shootSetup(t, "devices-none", func(t *testing.T, w, h float32) *counter { return atDevices(t, w, h, &bench{}) }, nil)
}
