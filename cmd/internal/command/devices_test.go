package command

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/hardware/sim"
	"guitai/ledger"
)

// onWires runs a test with a printer on a socket and, where there are any, on a
// serial line.
func onWires(t *testing.T, f func(t *testing.T, p *sim.Printer, address string)) {
	wires := map[string]func(*sim.Printer) (string, error){"socket": func(p *sim.Printer) (string, error) { return p.Listen("127.0.0.1:0") }}
	if runtime.GOOS == "linux" {
		wires["serial"] = func(p *sim.Printer) (string, error) { return p.Terminal("") }
	}
	for kind, open := range wires {
		t.Run(kind, func(t *testing.T) {
			p := sim.NewPrinter(sim.PrinterOptions{})
			t.Cleanup(p.Close)
			address, err := open(p)
			if err != nil {
				t.Fatal(err)
			}
			f(t, p, address)
		})
	}
}

// slipsOf waits for so many slips of a printer.
func slipsOf(t *testing.T, p *sim.Printer, n int) []sim.Slip {
	t.Helper()
	var got []sim.Slip
	for end := time.Now().Add(10 * time.Second); len(got) < n; time.Sleep(2 * time.Millisecond) {
		got = slices.DeleteFunc(p.Slips(), func(s sim.Slip) bool { return s.Cut == "" })
		if time.Now().After(end) {
			t.Fatalf("%d slips of %d", len(got), n)
		}
	}
	return got
}

// A printer of Star's is set up by its profile, and prints a test page in its own
// language.
func TestDevicesStarPrinter(t *testing.T) {
	for _, profile := range []string{"star-80", "star-line-80"} {
		p := sim.NewPrinter(sim.PrinterOptions{Language: sim.Star})
		t.Cleanup(p.Close)
		address, err := p.Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		sh := emptyShop(t)
		sh.ok("devices", "add", "printer", address, "--profile", profile)
		sh.ok("devices", "test", "printer")
		slip := slipsOf(t, p, 1)[0]
		if text := slip.Text(48); !strings.Contains(text, "中文打印") || len(slip.Codes()) == 0 || len(slip.Unknown) > 0 || len(p.Pulses()) > 0 {
			t.Errorf("%s: unknown %q, %d drawer pulses, paper\n%s", profile, slip.Unknown, len(p.Pulses()), text)
		}
		p.Obey("cover open")
		if _, errs, exit := sh.run("devices", "test", "printer"); exit != 1 || !strings.Contains(errs, "cover is open") {
			t.Errorf("%s: cover open: %d %s", profile, exit, errs)
		}
	}
}

// The test page goes to paper on a socket and on a serial line, and is read
// back from it.
func TestDevicesPrinter(t *testing.T) {
	onWires(t, func(t *testing.T, p *sim.Printer, address string) {
		sh := emptyShop(t)
		if out := sh.ok("devices", "add", "printer", address, "--name", "收银台", "--profile", "xprinter-80"); !strings.Contains(out, "xprinter-80") {
			t.Errorf("says %s", out)
		}
		sh.ok("devices", "test", "收银台")
		slip := slipsOf(t, p, 1)[0]
		text := slip.Text(48)
		for _, want := range []string{"中文打印", "测试页"} {
			if !strings.Contains(text, want) {
				t.Errorf("the paper lacks %s:\n%s", want, text)
			}
		}
		if len(slip.Codes()) == 0 || len(slip.Unknown) > 0 || len(p.Pulses()) > 0 {
			t.Errorf("codes %q, unknown %q, %d drawer pulses", slip.Codes(), slip.Unknown, len(p.Pulses()))
		}
		// What the printer says of itself is passed on, and no receipt is spoken of.
		for fault, says := range map[string]string{"paper out": "out of paper", "cover open": "cover is open"} {
			p.Obey("paper ok")
			p.Obey("cover closed")
			p.Obey(fault)
			_, errs, exit := sh.run("devices", "test", "收银台")
			if exit != 1 || !strings.Contains(errs, says) || !strings.Contains(errs, "then test again") || strings.Contains(errs, "receipt") {
				t.Errorf("%s: exit %d\n%s", fault, exit, errs)
			}
		}
		if got := p.Slips(); len(got) != 1 {
			t.Errorf("%d slips", len(got))
		}
	})
}

// A test scan reads one code, shows no secret, and says what is wrong.
func TestDevicesScanner(t *testing.T) {
	s := sim.NewScanner("\r\n")
	t.Cleanup(s.Close)
	open := func() (string, error) { return s.Listen("127.0.0.1:0") }
	if runtime.GOOS == "linux" {
		open = func() (string, error) { return s.Terminal("") }
	}
	address, err := open()
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.ok("devices", "add", "scanner", address)
	for _, row := range []struct{ code, out, says string }{
		{"6901234567892", "6901234567892\n", "scan a code within"},
		{"284600000000000000", "alipay payment code *", ""},
		{"6901234567893", `"6901234567893" bad check digit`, ""},
		{strings.Repeat("7", 5000), "code too long", ""},
		{"\xf0\x00\xfe\x80", "", "the baud rate seems wrong"},
	} {
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			for ctx.Err() == nil { // until it is read: the command opens the port in its own time
				s.Type(ctx, row.code)
				time.Sleep(100 * time.Millisecond)
			}
		}()
		out, errs, exit := sh.run("devices", "test", "scanner", "--wait", "10s")
		stop()
		if exit != 0 || !strings.Contains(out, row.out) || !strings.Contains(errs, row.says) || strings.Contains(out, "284600000000000000") || len(out) > 200 {
			t.Errorf("%.20q: exit %d, %.100q\n%s", row.code, exit, out, errs)
		}
	}
	s.Unplug()
	out, errs, exit := sh.run("devices", "test", "scanner", "--wait", "300ms")
	if exit != 1 || out != "" || !strings.Contains(errs, "not reached yet") || !strings.Contains(errs, "nothing was scanned within 300ms") {
		t.Errorf("unplugged: exit %d, %q\n%s", exit, out, errs)
	}
}

func TestDevicesAddAndList(t *testing.T) {
	sh := emptyShop(t)
	if _, errs, exit := sh.run("devices", "list"); exit != 0 || !strings.Contains(errs, "no printer and no scanner") {
		t.Errorf("an empty list: exit %d\n%s", exit, errs)
	}
	sh.ok("devices", "add", "printer", "tcp://192.168.1.50", "--name", "收银台")
	sh.ok("devices", "add", "scanner", "serial:///dev/guitai-none?baud=115200")
	list := sh.ok("devices", "list")
	for _, want := range []string{"printer  收银台              tcp://192.168.1.50:9100 generic-80\n",
		"scanner  scanner          serial:/dev/guitai-none?baud=115200&data=8&parity=none&stop=1&flow=none\n"} {
		if !strings.Contains(list, want) {
			t.Errorf("lacks %q:\n%s", want, list)
		}
	}
	// The same name again changes the device.
	paper := filepath.Join(t.TempDir(), "paper.bin")
	sh.ok("devices", "add", "printer", "file:"+paper, "--name", "收银台")
	if list := sh.ok("devices", "list"); strings.Contains(list, "192.168.1.50") || strings.Count(list, "收银台") != 1 {
		t.Errorf("the printer was not replaced:\n%s", list)
	}
	sh.ok("devices", "test", "收银台")
	if b, err := os.ReadFile(paper); err != nil || !onPaper(t, b, "测试页") {
		t.Errorf("the file holds %d bytes, %v", len(b), err)
	}

	sh.fails(2, []string{"the address is not one"}, "devices", "add", "printer", "usb")
	sh.fails(2, nil, "devices", "add", "drawer", "tcp://192.168.1.50")
	sh.fails(2, []string{"there is no printer profile x", "generic-80"}, "devices", "add", "printer", "tcp://a", "--profile", "x")
	sh.fails(2, []string{"a scanner cannot be a file", "serial:DEVICE"}, "devices", "add", "scanner", "file:/tmp/x")
	sh.fails(2, []string{"the name is too long"}, "devices", "add", "scanner", "tcp://a", "--name", strings.Repeat("枪", 41))
	sh.fails(2, []string{"characters that cannot be seen"}, "devices", "add", "scanner", "tcp://a", "--name", "a\x1b[2J")
	sh.fails(1, []string{"the name 收银台 is taken", "--name"}, "devices", "add", "scanner", "tcp://a", "--name", "收银台")
	sh.fails(1, []string{"/dev/guitai-none belongs to the device scanner"}, "devices", "add", "printer", "serial:/dev/guitai-none", "--name", "p")
	sh.fails(1, []string{"there is no device named x"}, "devices", "test", "x")
	if err := os.WriteFile(filepath.Join(sh.data, DevicesFile), []byte("[[printer]]\nnmae = 'x'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh.fails(1, []string{"the device settings cannot be read", "Mend or remove"}, "devices", "list")
}

// Beside a running till its devices are listed, and not changed behind its back.
func TestDevicesBesideARunningTill(t *testing.T) {
	sh := newShop(t)
	sh.ok("devices", "add", "printer", "tcp://192.168.1.50")
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sh.fails(1, []string{"the ledger is in use by", "(process "}, "devices", "add", "printer", "tcp://192.168.1.51")
	if list := sh.ok("devices", "list"); !strings.Contains(list, "tcp://192.168.1.50:9100") {
		t.Errorf("the list:\n%s", list)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	sh.ok("devices", "add", "printer", "tcp://192.168.1.51")
}

// A port that another program has is told apart from one that is not there.
func TestDevicesScannerInUse(t *testing.T) {
	if runtime.GOOS != "linux" {
		return
	}
	s := sim.NewScanner("\r")
	t.Cleanup(s.Close)
	address, err := s.Terminal("")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.ok("devices", "add", "scanner", address)
	holder := make(chan struct{})
	go func() {
		defer close(holder)
		sh.run("devices", "test", "scanner", "--wait", "2s")
	}()
	time.Sleep(300 * time.Millisecond)
	if _, errs, exit := sh.run("devices", "test", "scanner", "--wait", "300ms"); exit != 1 || !strings.Contains(errs, "another program has this port") {
		t.Errorf("exit %d\n%s", exit, errs)
	}
	<-holder
}
