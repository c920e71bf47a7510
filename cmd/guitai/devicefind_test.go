package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.bug.st/serial/enumerator"

	"guitai/cmd/internal/command"
	"guitai/hardware/port"
	"guitai/ui"
)

// Two adapters without a number of their own are told apart by their sockets; what a scanner and a printer say of
// themselves is a guess; a port of the till says whose it is.
func TestPlacesSayWhatProbablyHangsThere(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	for _, s := range []string{"ttyUSB0", "ttyUSB1", "ttyACM0", "ttyS0"} {
		if err := os.WriteFile(name(s), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("ttyUSB1", name("by-path-4")); err != nil {
		t.Fatal(err)
	}
	at := func(s, title string) port.Found {
		return port.Found{Address: port.Address{Scheme: port.Serial, Place: name(s), Line: port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}, Title: title}
	}
	got := placesOf([]port.Found{at("ttyS0", "ttyS0"), at("ttyUSB0", "USB Serial (ttyUSB0)"), at("by-path-4", "USB Serial (ttyUSB1)"), at("ttyACM0", "1450g (ttyACM0)"),
		{Address: port.Address{Scheme: port.USBLP, Place: "usb=0416:5011:A1"}, Title: "Xprinter XP-58 (lp0)"}},
		[]*enumerator.PortDetails{{Name: name("ttyUSB0"), IsUSB: true, VID: "1a86", PID: "7523"}, {Name: name("ttyUSB1"), IsUSB: true, VID: "1A86", PID: "7523"},
			{Name: name("ttyACM0"), IsUSB: true, VID: "0C2E", PID: "0901", SerialNumber: "12345"}, {Name: name("ttyS0")}},
		command.Devices{Scales: []command.Device{{Name: "scale", Address: "serial:" + name("ttyUSB1") + "?baud=2400"}}})
	serial := func(s string) string { return at(s, "").Address.String() }
	want := []ui.DevicePlace{
		{Kind: "serial", Address: serial("ttyACM0"), Title: "Honeywell 1450g (ttyACM0)", Maybe: "scanner"},
		{Kind: "usb", Address: "usblp:usb=0416:5011:A1", Title: "Xprinter XP-58 (lp0)", Maybe: "printer", Driver: "xprinter-58"},
		{Kind: "serial", Address: serial("ttyUSB0"), Title: "CH340 USB Serial (ttyUSB0)", Maybe: "adapter", Twins: true},
		{Kind: "serial", Address: serial("by-path-4"), Title: "CH340 USB Serial (ttyUSB1)", Maybe: "adapter", Twins: true, Device: "scale"},
		{Kind: "serial", Address: serial("ttyS0"), Title: "ttyS0"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%+v\nwant\n%+v", got, want)
	}
}

// A simulator takes the place of a device at once, is labelled wherever the device is, and goes away again. A card
// terminal never is one.
func TestASimulatorStandsInForADevice(t *testing.T) {
	d := bareDevices(t)
	d.start(t.Context(), func(string) {})
	for _, x := range []ui.DeviceConfig{
		{Name: "scale", Kind: "scale", Address: "tcp://127.0.0.1:1"}, {Name: "pole", Kind: "display", Address: "tcp://127.0.0.1:1"},
		{Name: "gun", Kind: "scanner", Address: "tcp://127.0.0.1:1"}, {Name: "cards", Kind: "terminal", Address: "tcp://127.0.0.1:1"},
	} {
		if err := d.Save(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	live := func(name string) ui.DeviceLive {
		l := d.Live()
		return l[slices.IndexFunc(l, func(o ui.DeviceLive) bool { return o.Name == name })]
	}
	until := func(name, state string) ui.DeviceLive {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if l := live(name); l.State == state {
				return l
			} else if time.Now().After(end) {
				t.Fatalf("%s is %+v, want %s", name, l, state)
			}
		}
	}
	until("scale", "missing")
	for _, name := range []string{"scale", "pole", "gun"} {
		if err := d.Simulate(t.Context(), name, true); err != nil {
			t.Fatal(err)
		}
		if l := until(name, "ready"); !l.Simulated {
			t.Errorf("%s is not labelled: %+v", name, l)
		}
	}
	for end := time.Now().Add(10 * time.Second); live("scale").Last != "0.500 kg"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the scale says %+v", live("scale"))
		}
	}
	if err := d.Simulate(t.Context(), "cards", true); err == nil || live("cards").Simulated {
		t.Error("a card terminal is simulated: it would approve payments that nobody made")
	}
	labelled := 0
	for _, s := range d.Status() {
		if s.State == "simulated" && s.Health == ui.Attention {
			labelled++
		}
	}
	if labelled != 3 {
		t.Errorf("the status bar labels %d of 3: %+v", labelled, d.Status())
	}
	if list, err := command.ReadDevices(d.dir); err != nil || !list.Scales[0].Simulated || list.Scales[0].Address != "tcp://127.0.0.1:1" {
		t.Errorf("written down is %+v, %v", list, err)
	}
	if err := d.Simulate(t.Context(), "scale", false); err != nil {
		t.Fatal(err)
	}
	until("scale", "missing")
}

// The pin of a drawer, learned alone, joins what its printer proved before.
func TestAPinThatWasLearnedJoinsTheProofOfItsPrinter(t *testing.T) {
	d := bareDevices(t)
	x := ui.DeviceConfig{Name: "printer", Kind: "printer", Address: "tcp://127.0.0.1:9100", Settings: map[string]string{"profile": "generic-80"}}
	at := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)
	keep := func(steps ...ui.DeviceProved) {
		t.Helper()
		if err := d.Keep(t.Context(), x, ui.DeviceProof{At: at, By: "周远", Steps: steps}); err != nil {
			t.Fatal(err)
		}
	}
	keep(ui.DeviceProved{What: "text", Result: "passed"}, ui.DeviceProved{What: "drawer", Result: "failed"})
	x.Settings["drawer_pin"] = "5"
	keep(ui.DeviceProved{What: "drawer", Result: "passed", Seen: "5"})
	list, err := d.Proofs(t.Context())
	if err != nil || len(list) != 1 || list[0].Stale || !slices.Equal(list[0].Steps, []ui.DeviceProved{{What: "text", Result: "passed"}, {What: "drawer", Result: "passed", Seen: "5"}}) {
		t.Errorf("proved %+v, %v", list, err)
	}
	if p := d.printing.printer.Profile; p.DrawerPin != 5 {
		t.Errorf("the drawer opens by pin %d", p.DrawerPin)
	}
	x.Address = "tcp://127.0.0.1:9101"
	if err := d.Save(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if list, err = d.Proofs(t.Context()); err != nil || !list[0].Stale {
		t.Errorf("the proof of another address counts: %+v, %v", list, err)
	}
	if err := d.Remove(t.Context(), "printer"); err != nil {
		t.Fatal(err)
	}
	if list, err = d.Proofs(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("a device that is gone has proved %+v, %v", list, err)
	}
}
