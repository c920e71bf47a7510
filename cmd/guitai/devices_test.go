package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/ui"
)

// bareDevices are the devices of an empty data folder.
func bareDevices(t *testing.T) *devices {
	t.Helper()
	p := bareProgram(t, t.TempDir(), func(till.View) {})
	d := newDevices(p, p.dir, slog.New(slog.DiscardHandler))
	t.Cleanup(d.close)
	return d
}

func TestTheRegisterAndTheWindowDoNotWaitForDeviceSettings(t *testing.T) {
	d := bareDevices(t)
	d.mu.Lock() // as while the settings are written to a slow disk
	done := make(chan struct{})
	go func() {
		d.follow(till.View{Closed: &till.ZReported{No: 7}})
		d.hasDisplay(true)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("they wait")
	}
	d.mu.Unlock()
	<-done
	if len(d.zMade) != 1 {
		t.Error("the Z was not seen")
	}
}

func TestEachZAsksForOneCopy(t *testing.T) {
	d := bareDevices(t)
	asked := 0
	for _, v := range []till.View{{}, {Closed: &till.ZReported{No: 1}}, {Closed: &till.ZReported{No: 1}}, {}, {Practice: true, Closed: &till.ZReported{No: 9}}, {Closed: &till.ZReported{No: 2}}} {
		d.follow(v)
		select {
		case <-d.zMade:
			asked++
		default:
		}
	}
	if asked != 2 {
		t.Errorf("asked for %d copies, want 2", asked)
	}
}

// scanTest tests a scanner until ctx ends, and returns once it waits for a code.
func scanTest(t *testing.T, ctx context.Context, d *devices, name string) <-chan string {
	t.Helper()
	d.mu.Lock()
	before := d.testing[name]
	d.mu.Unlock()
	got := make(chan string, 1)
	go func() {
		code, err := d.TestScan(ctx, name)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("test %s: %v", name, err)
		}
		got <- code
	}()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		d.mu.Lock()
		now := d.testing[name]
		d.mu.Unlock()
		if now != nil && now != before {
			return got
		}
	}
	t.Fatal("the test never began")
	return nil
}

func TestACodeGoesToTheTestOfItsScannerElseToTheTill(t *testing.T) {
	d := bareDevices(t)
	var sold []string
	d.start(t.Context(), func(code string) { sold = append(sold, code) })
	first, giveUp := context.WithCancel(t.Context())
	gone := scanTest(t, first, d, "gun")
	got := scanTest(t, t.Context(), d, "gun") // pressed again
	giveUp()
	<-gone
	d.read("other", "1")
	d.read("gun", "2")
	d.read("gun", "3")
	select {
	case code := <-got:
		if code != "2" {
			t.Errorf("the test got %q, want the code of its scanner", code)
		}
	case <-time.After(5 * time.Second):
		t.Error("the test got nothing: the one given up before took its place away")
	}
	if len(sold) < 2 || sold[0] != "1" || sold[len(sold)-1] != "3" {
		t.Errorf("the till got %q", sold)
	}
	given, giveUp := context.WithCancel(t.Context())
	gone = scanTest(t, given, d, "gun")
	giveUp()
	<-gone
	d.read("gun", "4")
	if sold[len(sold)-1] != "4" {
		t.Errorf("a test given up keeps taking codes: the till got %q", sold)
	}
}

func TestADeviceIsSavedByTheRulesOfTheCommandLine(t *testing.T) {
	d := bareDevices(t)
	printer := ui.DeviceConfig{Kind: "printer", Address: "tcp://127.0.0.1:9100", Settings: map[string]string{"profile": "generic-58"}}
	gun := ui.DeviceConfig{Name: "gun", Kind: "scanner", Address: "serial:/dev/ttyGUITAI?baud=9600"}
	for _, x := range []ui.DeviceConfig{printer, gun} {
		if err := d.Save(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	for what, x := range map[string]ui.DeviceConfig{
		"no address":                     {Kind: "scanner", Address: "ttyS0"},
		"no such profile":                {Kind: "printer", Address: "tcp://127.0.0.1:9100", Settings: map[string]string{"profile": "none-80"}},
		"a scanner that is a file":       {Name: "f", Kind: "scanner", Address: "file:/dev/null"},
		"a name of another kind":         {Name: "printer", Kind: "scanner", Address: "tcp://127.0.0.1:9101"},
		"a serial port that has another": {Name: "scale", Kind: "printer", Address: "serial:/dev/ttyGUITAI?baud=19200"},
	} {
		if err := d.Save(t.Context(), x); err == nil {
			t.Errorf("saved: %s", what)
		}
	}
	gun.Address = "serial:/dev/ttyGUITAI?baud=19200" // its own port, otherwise
	if err := d.Save(t.Context(), gun); err != nil {
		t.Errorf("change a device: %v", err)
	}
	list, err := d.Configured(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "printer" || list[0].Settings["profile"] != "generic-58" || !strings.HasPrefix(list[1].Address, gun.Address) {
		t.Errorf("set up are %+v, %v", list, err)
	}
	if err := d.Remove(t.Context(), "printer"); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Configured(t.Context()); err != nil || len(list) != 1 || list[0].Name != "gun" {
		t.Errorf("after removing the printer there are %+v, %v", list, err)
	}
	if s := d.Status(); s[0].Kind != "printer" || s[0].Health != ui.Absent || s[0].State != "none" {
		t.Errorf("the status of no printer is %+v", s[0])
	}
}

// The second printer of the list takes over from the first; a third waits for
// nobody.
func TestTheSecondPrinterOfTheListTakesOver(t *testing.T) {
	d := bareDevices(t)
	for _, x := range []ui.DeviceConfig{
		{Name: "a", Kind: "printer", Address: "tcp://127.0.0.1:1", Settings: map[string]string{"profile": "star-80"}},
		{Name: "b", Kind: "printer", Address: "tcp://127.0.0.1:2"}, {Name: "c", Kind: "printer", Address: "tcp://127.0.0.1:3"},
	} {
		if err := d.Save(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if p := d.printing; p.printer.Address.Place != "127.0.0.1:1" || p.printer.Profile.Language != "star" || p.second.Address.Place != "127.0.0.1:2" {
		t.Errorf("first %v, second %v", p.printer.Address, p.second.Address)
	}
	if err := d.Remove(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if p := d.printing; p.printer.Address.Place != "127.0.0.1:2" || p.second.Address.Place != "127.0.0.1:3" {
		t.Errorf("then first %v, second %v", p.printer.Address, p.second.Address)
	}
}
