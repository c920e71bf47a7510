package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// bench is the devices of a test: what was set up, what was tried out, and what comes of a try.
type bench struct {
	list    []DeviceConfig
	places  []DevicePlace
	did     []string
	refuse  error
	code    string
	trying  DeviceTrying
	tried   DeviceConfig
	proofs  []DeviceProof
	checked DeviceCheck
}

func (b *bench) Status() []DeviceStatus                             { return nil }
func (b *bench) Found(context.Context) ([]DeviceFound, error)       { return nil, nil }
func (b *bench) Configured(context.Context) ([]DeviceConfig, error) { return slices.Clone(b.list), nil }
func (b *bench) Proofs(context.Context) ([]DeviceProof, error)      { return b.proofs, nil }
func (b *bench) Places(context.Context) ([]DevicePlace, error)      { return b.places, nil }
func (b *bench) TestPrint(_ context.Context, name string) error     { return b.note("print " + name) }
func (b *bench) TestDrawer(_ context.Context, name string) error    { return b.note("drawer " + name) }
func (b *bench) Trying() DeviceTrying                               { return b.trying }
func (b *bench) End()                                               { b.trying = DeviceTrying{Seq: b.trying.Seq + 1} }
func (b *bench) Check(_ context.Context, name string) DeviceCheck {
	b.did = append(b.did, "check "+name)
	return b.checked
}
func (b *bench) Simulate(_ context.Context, n string, on bool) error {
	return b.note(fmt.Sprint("simulate ", n, " ", on))
}
func (b *bench) TestScan(_ context.Context, n string) (string, error) {
	return b.code, b.note("scan " + n)
}

func (b *bench) Drivers(kind string) []DeviceDriver {
	switch kind {
	case "printer":
		return []DeviceDriver{{"generic-80", "Generic 80"}, {"generic-58", "Generic 58"}, {"generic-80-raster", ""}, {"generic-58-raster", ""}, {"xprinter-80", "芯烨 Xprinter 80 mm"}, {"xprinter-58", "芯烨 Xprinter 58 mm"},
			{"gprinter-80", "佳博 Gprinter 80 mm"}, {"epson-cn-80", "爱普生 Epson TM-T81"}, {"star-80", "Star TSP100"}}
	case "scale":
		return []DeviceDriver{{"stgs", "ST,GS"}, {"cas", "ACLAS, CAS (ENQ/DC1)"}, {"pattern", "own pattern"}}
	case "display":
		return []DeviceDriver{{"led8", "LED8"}, {"cd5220", "CD5220 2x20"}}
	case "terminal":
		return []DeviceDriver{{"zvt", "ZVT"}}
	}
	return nil
}

func (b *bench) Draft(kind, address, driver string) DeviceConfig {
	x := DeviceConfig{Kind: kind, Address: address, Settings: map[string]string{}}
	if list := b.Drivers(kind); len(list) > 0 {
		x.Settings[driverKey(kind)] = cmp.Or(driver, list[0].ID)
	}
	return x
}

func (b *bench) Try(d DeviceConfig, test string) {
	b.did, b.tried = append(b.did, "try "+test), d
	b.trying = DeviceTrying{Seq: b.trying.Seq + 1, Test: test, Running: true, Heard: map[string]string{}}
}

// comes lets a test come further, and the page see it.
func (b *bench) comes(c *counter, f func(*DeviceTrying)) {
	c.Helper()
	f(&b.trying)
	b.trying.Seq++
	c.wait(wizardTick)
}

func (b *bench) passes(c *counter, value string) {
	b.comes(c, func(t *DeviceTrying) { t.OK, t.Running, t.Value = true, false, value })
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

func (b *bench) Keep(ctx context.Context, d DeviceConfig, p DeviceProof) error {
	b.proofs = append(b.proofs, p)
	if d.Kind == "screen" {
		return b.note("keep screen")
	}
	return b.Save(ctx, d)
}

func (b *bench) Remove(_ context.Context, name string) error {
	b.list = slices.DeleteFunc(b.list, func(o DeviceConfig) bool { return o.Name == name })
	return b.note("remove " + name)
}

func atDevices(t *testing.T, width, height float32, b *bench) *counter {
	return inOffice(t, width, height, PageDevices, func(p *Ports) { p.Devices = b })
}

const anyLine = "&data=8&parity=none&stop=1&flow=none"

func shopBench() *bench {
	return &bench{list: []DeviceConfig{
		{Name: "printer", Kind: "printer", Address: "tcp://192.168.1.60:9100", Settings: map[string]string{"profile": "generic-80"}},
		{Name: "scanner", Kind: "scanner", Address: "serial:/dev/ttyUSB0?baud=9600" + anyLine},
		{Name: "scale", Kind: "scale", Address: "serial:/dev/ttyUSB1?baud=9600" + anyLine, Settings: map[string]string{"driver": "stgs"}},
		{Name: "display", Kind: "display", Address: "serial:/dev/ttyUSB2?baud=2400" + anyLine, Settings: map[string]string{"driver": "led8"}},
		{Name: "terminal", Kind: "terminal", Address: "tcp://192.0.2.41:20007", Settings: map[string]string{"driver": "zvt"}},
	}, places: []DevicePlace{
		{Kind: "usb", Address: "usblp:usb=0416:5011:A1", Title: "Xprinter XP-80C (lp0)", Maybe: "printer", Driver: "xprinter-80"},
		{Kind: "serial", Address: "serial:/dev/serial/by-path/pci-0:1?baud=9600" + anyLine, Title: "USB-Serial CH340 (ttyUSB3)", Maybe: "adapter", Twins: true},
		{Kind: "serial", Address: "serial:/dev/ttyUSB1?baud=9600" + anyLine, Title: "FTDI (ttyUSB1)", Maybe: "adapter", Device: "scale"},
		{Kind: "serial", Address: "serial:/dev/ttyS0?baud=9600" + anyLine, Title: "ttyS0"},
	}}
}

// live is how the devices of shopBench are.
func (b *bench) live() []DeviceLive {
	at := time.Date(2026, 11, 25, 4, 40, 0, 0, time.UTC)
	return []DeviceLive{
		{Name: "printer", Kind: "printer", Health: Fault, State: "no_paper", Reason: "paper_end", Since: at, Waiting: 2, Detail: "paper_end"},
		{Name: "scanner", Kind: "scanner", State: "ready", Since: at, Last: "6901234567892", LastAt: at.Add(4 * time.Minute)},
		{Name: "scale", Kind: "scale", State: "ready", Since: at, Last: "0.500 kg", LastAt: at.Add(5 * time.Minute)},
		{Name: "display", Kind: "display", State: "ready", Since: at},
		{Name: "terminal", Kind: "terminal", Health: Absent, State: "unasked"},
	}
}

// A printer in the network is set up from its self-test print to a proof, and what the person sees decides how it prints.
func TestDevicesSetUpANetworkPrinterToItsProof(t *testing.T) {
	b := &bench{}
	c := atDevices(t, 1366, 768, b)
	c.sees("Not set up yet", "Keyboard scanner")
	c.tap("Add a printer")
	c.press(fyne.KeyF9)
	c.sees("No port is chosen yet")
	c.tap("Type an IP address, a serial port or a path")
	c.press(fyne.KeyF9)
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
	c.tap("Try to connect")
	b.comes(c, func(t *DeviceTrying) { t.Running, t.Reason, t.Detail = false, "no_hardware", "dial tcp: refused" })
	c.sees("Nothing is there", "Nothing is there. See to plug and power; of a network device, to address and port.")
	c.tap("Try to connect")
	b.passes(c, "")
	c.sees("It opens")
	c.press(fyne.KeyF9)
	c.tap("芯烨 Xprinter 80 mm")
	c.press(fyne.KeyF9)
	c.tap("58 mm")
	c.press(fyne.KeyF9)
	if b.tried.Settings["profile"] != "xprinter-58" || b.tried.Address != "tcp://192.168.1.60:9101" {
		t.Fatalf("tried %+v", b.tried)
	}
	b.passes(c, "12 ms")
	c.sees("12 ms")
	c.tap("Print the test page")
	b.passes(c, "300 ms")
	c.tap("Only line 2")
	c.sees("It has no Chinese font")
	c.tap("Yes")
	c.tap("It has no cutter")
	c.scan("6901234567892")
	c.sees("That is another code")
	c.scan(ProofCode)
	c.tap("Open the drawer")
	b.passes(c, "2")
	c.tap("No: try the other pin")
	b.passes(c, "5")
	c.sees("Did the drawer spring open? (pin 5)")
	c.tap("It opened")
	c.press(fyne.KeyF9)
	c.sees("Saved, and at work already", "as pictures", "pin 5")
	want := map[string]string{"profile": "generic-58-raster", "drawer_pin": "5"}
	if len(b.list) != 1 || b.list[0].Name != "printer" || b.list[0].Address != "tcp://192.168.1.60:9101" || !maps.Equal(b.list[0].Settings, want) {
		t.Fatalf("saved %+v, want %v", b.list, want)
	}
	var said []string
	for _, x := range b.proofs[0].Steps {
		said = append(said, x.What+" "+x.Result)
	}
	if want := []string{"status passed", "text passed", "width passed", "cut skipped", "code passed", "drawer passed"}; !slices.Equal(said, want) || b.proofs[0].By != "陈宁" {
		t.Fatalf("proved %q by %s, want %q", said, b.proofs[0].By, want)
	}
	c.press(fyne.KeyF9)
	c.sees("Network 192.168.1.60:9101", "58 mm, Chinese as pictures")
}

// Who is in the way of a port is said, and what mends a missing permission; two alike are told apart by their socket.
func TestDevicesSayWhoIsInTheWayOfAPort(t *testing.T) {
	b := shopBench()
	c := atDevices(t, 1366, 768, b)
	c.tap("Add device")
	c.tap("Scale")
	c.sees("In use by scale", "One of two alike: known by its socket")
	c.tap("ttyS0")
	b.comes(c, func(t *DeviceTrying) { t.Running, t.Reason, t.Holder = false, "busy", "modemmanager (process 812)" })
	c.sees("The port is busy", "It is held by: modemmanager (process 812)")
	c.tap("USB-Serial CH340 (ttyUSB3)")
	b.comes(c, func(t *DeviceTrying) { t.Running, t.Reason, t.Mend = false, "denied", "sudo usermod -aG dialout $USER" })
	c.sees("Not allowed", "sudo usermod -aG dialout $USER")
	c.tap("ttyS0")
	b.comes(c, func(t *DeviceTrying) {
		t.Running, t.Reason, t.Choose = false, "twins", []string{"serial:/dev/a?baud=9600", "serial:/dev/b?baud=9600"}
	})
	c.tap("/dev/b")
	if l := linkOf(b.tried.Address); l.place != "/dev/b" {
		t.Fatalf("took %+v", b.tried)
	}
}

// The speed of a scale is found by listening; a weight that could be sold, and the person's look at the scale, prove it.
func TestDevicesFindTheSpeedOfAScale(t *testing.T) {
	b := shopBench()
	b.list = b.list[:1]
	b.places[2].Device = ""
	c := atDevices(t, 1024, 768, b)
	c.tap("Add device")
	c.tap("Scale")
	c.tap("ttyS0")
	b.passes(c, "")
	c.press(fyne.KeyF9)
	c.press(fyne.KeyF9)
	c.tap("Find the speed")
	b.comes(c, func(t *DeviceTrying) {
		t.Step, t.Steps, t.Now, t.Tried, t.Heard = 2, 9, "19200 8N1", []string{"9600 8N1", "19200 8N1"}, map[string]string{"9600 8N1": "garbled"}
	})
	c.sees("Trying 19200 8N1 (2 of 9)", "9600 8N1", "What comes is garbled")
	b.comes(c, func(t *DeviceTrying) {
		t.OK, t.Running, t.Found = true, false, DeviceConfig{Kind: "scale", Address: "serial:/dev/ttyS0?baud=4800" + anyLine, Settings: map[string]string{"driver": "cas"}}
	})
	c.sees("Found: 4800 8N1")
	c.press(fyne.KeyF9)
	b.comes(c, func(t *DeviceTrying) { t.Value, t.State = "0.498 kg", "moving" })
	c.sees("0.498 kg", "Moving")
	b.comes(c, func(t *DeviceTrying) { t.Value, t.State, t.OK = "0.500 kg", "", true })
	c.sees("Does the scale itself show the same weight?", "0.500 kg")
	c.tap("Yes")
	c.press(fyne.KeyF9)
	if got := b.list[1]; got.Name != "scale" || got.Settings["driver"] != "cas" || !strings.Contains(got.Address, "baud=4800") {
		t.Fatalf("saved %+v", got)
	}
	if got := b.proofs[0].Steps; !slices.Equal(got, []DeviceProved{{"weight", "passed", "0.500 kg"}}) {
		t.Fatalf("proved %+v", got)
	}
}

// A scale that no driver knows: the pattern is tried on what comes while it is written.
func TestDevicesTryAPatternWhileItIsWritten(t *testing.T) {
	b := shopBench()
	b.list = b.list[:1]
	c := atDevices(t, 1366, 768, b)
	c.tap("Add device")
	c.tap("Scale")
	c.tap("ttyS0")
	b.passes(c, "")
	c.press(fyne.KeyF9)
	c.tap("Own pattern (regular expression)")
	c.press(fyne.KeyF9)
	c.press(fyne.KeyF9)
	c.sees("There is no pattern yet")
	c.retype("Pattern of a line", "(?P<weight>[0-9.]+)(?P<stable>)")
	if b.tried.Settings["pattern"] == "" || b.trying.Test != "lines" {
		t.Fatalf("the pattern is not tried: %+v", b.tried)
	}
	b.comes(c, func(t *DeviceTrying) {
		t.Lines = []DeviceLine{{Text: "W  abc"}, {Text: "W 1.250", Fits: true, Reads: "1.250 kg"}}
	})
	c.sees("The pattern does not fit", "W 1.250", "1.250 kg")
}

func TestDevicesSetUpADisplayByTheNumberOnIt(t *testing.T) {
	b := shopBench()
	b.list = b.list[:1]
	c := atDevices(t, 1366, 768, b)
	c.tap("Add device")
	c.tap("Customer display")
	c.tap("ttyS0")
	b.passes(c, "")
	c.press(fyne.KeyF9)
	c.press(fyne.KeyF9)
	c.tap("Find the speed")
	b.comes(c, func(t *DeviceTrying) {
		t.Step, t.Steps, t.Now, t.Tried = 2, 8, "4800 8N1", []string{"2400 8N1", "4800 8N1"}
	})
	c.sees("Which number do you see there?")
	c.tap("4800")
	c.press(fyne.KeyF9)
	b.comes(c, func(t *DeviceTrying) { t.OK, t.Value = true, "87.50" })
	c.tap("Yes")
	c.press(fyne.KeyF9)
	if got := b.list[1]; got.Name != "display" || !strings.Contains(got.Address, "baud=4800") || b.proofs[0].Steps[0].Result != "passed" {
		t.Fatalf("saved %+v, %+v", got, b.proofs)
	}
}

// What was given up is let go of: the till has its port back.
func TestDevicesGiveTheirPortBackWhenTheWizardIsLeft(t *testing.T) {
	b := shopBench()
	c := atDevices(t, 1366, 768, b)
	c.tap("Card terminal")
	c.tap("Prove it again")
	if b.trying.Test != "register" {
		t.Fatalf("trying %+v", b.trying)
	}
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyEscape)
	c.w.Home()
	if b.trying.Running || b.trying.Test != "" || len(b.proofs) != 0 {
		t.Fatalf("still trying %+v", b.trying)
	}
}

func TestDevicesAreCheckedAndSimulated(t *testing.T) {
	b := shopBench()
	c := atDevices(t, 1366, 768, b)
	c.w.SetLive(b.live())
	c.sees("2 waiting", "0.500 kg")
	b.checked = DeviceCheck{OK: true, Took: 12 * time.Millisecond}
	c.tap("Test all")
	c.sees("5 devices checked, all well")
	b.checked = DeviceCheck{Reason: "timeout"}
	c.tap("Scale")
	c.press(fyne.KeyF9)
	c.sees("scale: No answer")
	c.tap("Simulate it")
	if want := []string{"check scale", "simulate scale true"}; !slices.Equal(b.did[len(b.did)-2:], want) {
		t.Fatalf("did %q", b.did)
	}
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
	c.tap("Scanner")
	c.tap("Remove")
	if len(b.did) != 0 {
		t.Fatalf("a tap did %q", b.did)
	}
	o, _ := find(c.win.Content(), "Remove", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	if want := []string{"remove scanner"}; !slices.Equal(b.did, want) {
		t.Fatalf("did %q, want %q", b.did, want)
	}
	if c.has("Serial /dev/ttyUSB0, 9600") {
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
	c.sees("This person may not do that.")
	if want := []string{"print printer"}; !slices.Equal(b.did, want) {
		t.Fatalf("did %q, want %q", b.did, want)
	}
}

func TestShotsSetupDevices(t *testing.T) {
	var b *bench
	run := func(t *testing.T, w, h float32) *counter {
		b = shopBench()
		c := atDevices(t, w, h, b)
		c.w.SetStatus([]DeviceStatus{{Name: "printer", Kind: "printer", Health: Fault, State: "no_paper", Detail: "2"}, {Kind: "scanner", Health: Fine, State: "ready"}, {Kind: "scale", Health: Fine, State: "ready"},
			{Kind: "display", Health: Fine, State: "ready"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}, {Kind: "network", Health: Attention, State: "offline"}})
		c.w.SetLive(b.live())
		return c
	}
	say := func(c *counter, key string) string { return c.w.Say("devices." + key) }
	add := func(c *counter, kind string) {
		c.tap(say(c, "add"))
		c.tap(say(c, "kind."+kind))
	}
	shootSetup(t, "devices", run, nil)
	shootSetup(t, "devices-scan", run, func(c *counter) { c.scan("6901234567892") })
	shootSetup(t, "devices-simulated", run, func(c *counter) {
		b.list[2].Settings["simulated"] = "yes"
		c.w.SetStatus([]DeviceStatus{{Kind: "printer", State: "ready"}, {Kind: "scanner", State: "ready"}, {Kind: "scale", Health: Attention, State: "simulated"}})
		c.tap(say(c, "kind.scale"))
	})
	shootSetup(t, "devices-none", func(t *testing.T, w, h float32) *counter { return atDevices(t, w, h, &bench{}) }, nil)
	shootSetup(t, "devices-kinds", run, func(c *counter) { c.tap(say(c, "add")) })
	shootSetup(t, "devices-port", run, func(c *counter) {
		add(c, "printer")
		c.tap("Xprinter XP-80C (lp0)")
		b.passes(c, "")
	})
	shootSetup(t, "devices-typed", run, func(c *counter) {
		add(c, "printer")
		c.tap(say(c, "type_address.printer"))
	})
	shootSetup(t, "devices-busy", run, func(c *counter) {
		add(c, "scale")
		c.tap("ttyS0")
		b.comes(c, func(t *DeviceTrying) {
			t.Running, t.Reason, t.Holder, t.Detail = false, "busy", "ModemManager (process 812)", "busy: open serial:/dev/ttyS0: device or resource busy"
		})
	})
	shootSetup(t, "devices-denied", run, func(c *counter) {
		add(c, "scale")
		c.tap("ttyS0")
		b.comes(c, func(t *DeviceTrying) { t.Running, t.Reason, t.Mend = false, "denied", "sudo usermod -aG dialout $USER" })
	})
	shootSetup(t, "devices-model", run, func(c *counter) {
		add(c, "printer")
		c.tap("Xprinter XP-80C (lp0)")
		b.passes(c, "")
		c.press(fyne.KeyF9)
	})
	shootSetup(t, "devices-sweep", run, func(c *counter) {
		add(c, "scale")
		c.tap("ttyS0")
		b.passes(c, "")
		c.press(fyne.KeyF9)
		c.press(fyne.KeyF9)
		c.tap(say(c, "sweep_begin"))
		b.comes(c, func(t *DeviceTrying) {
			t.Step, t.Steps, t.Now, t.Tried = 3, 16, "115200 8N1", []string{"9600 8N1", "19200 8N1", "115200 8N1"}
			t.Heard = map[string]string{"9600 8N1": "garbled", "19200 8N1": "timeout"}
		})
	})
	shootSetup(t, "devices-pattern", run, func(c *counter) {
		add(c, "scale")
		c.tap("ttyS0")
		b.passes(c, "")
		c.press(fyne.KeyF9)
		c.tap(say(c, "driver.pattern"))
		c.press(fyne.KeyF9)
		b.comes(c, func(t *DeviceTrying) {
			t.Lines = []DeviceLine{{Text: "W  abc"}, {Text: "W 1.250", Fits: true, Reads: "1.250 kg"}, {Text: "W 1.25", Fits: true, Reads: "moving"}}
		})
	})
	shootSetup(t, "devices-pole", run, func(c *counter) {
		add(c, "display")
		c.tap("ttyS0")
		b.passes(c, "")
		c.press(fyne.KeyF9)
		c.press(fyne.KeyF9)
		c.tap(say(c, "sweep_begin"))
		b.comes(c, func(t *DeviceTrying) {
			t.Step, t.Steps, t.Now, t.Tried = 3, 8, "9600 8N1", []string{"2400 8N1", "4800 8N1", "9600 8N1"}
		})
	})
	prove := func(c *counter, kind string) {
		c.tap(say(c, "kind."+kind))
		c.tap(say(c, "prove_now"))
	}
	shootSetup(t, "devices-prove", run, func(c *counter) {
		prove(c, "printer")
		b.passes(c, "12 ms")
		c.tap(say(c, "print_page"))
		b.passes(c, "300 ms")
	})
	shootSetup(t, "devices-raster", run, func(c *counter) {
		prove(c, "printer")
		b.passes(c, "12 ms")
		c.tap(say(c, "print_page"))
		b.passes(c, "300 ms")
		c.tap(say(c, "ask.line2"))
	})
	shootSetup(t, "devices-weigh", run, func(c *counter) {
		prove(c, "scale")
		b.comes(c, func(t *DeviceTrying) { t.Value, t.State = "0.498 kg", "moving" })
	})
	shootSetup(t, "devices-read", run, func(c *counter) { prove(c, "scanner") })
	shootSetup(t, "devices-terminal", run, func(c *counter) {
		prove(c, "terminal")
		b.comes(c, func(t *DeviceTrying) {
			t.Running, t.Reason, t.Detail = false, "timeout", "register at the terminal: no answer in time"
		})
	})
	shootSetup(t, "devices-report", run, func(c *counter) {
		prove(c, "printer")
		b.passes(c, "12 ms")
		c.tap(say(c, "print_page"))
		b.passes(c, "300 ms")
		c.tap(say(c, "ask.line1"))
		c.tap(say(c, "ask.yes"))
		c.tap(say(c, "ask.yes"))
		c.tap(say(c, "ask.skip"))
		c.press(fyne.KeyF9)
	})
}
