package command

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/accounts"
	"guitai/cmd/internal/localsocket"
	"guitai/hardware/port"
	"guitai/hardware/sim"
	"guitai/hardware/trace"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
)

// checked is what devices check --format json prints.
type checked struct {
	OK      bool           `json:"ok"`
	Devices []DeviceHealth `json:"devices"`
}

func (sh *shop) checks(t *testing.T, exit int, args ...string) checked {
	t.Helper()
	out, errs, got := sh.run(append([]string{"devices", "check", "--format", "json"}, args...)...)
	var c checked
	if err := json.Unmarshal([]byte(out), &c); err != nil || got != exit {
		t.Fatalf("exit %d, %v\n%s%s", got, err, out, errs)
	}
	return c
}

// Every kind is checked at both levels, over sockets and a serial line, without
// paper, pulses or payments.
func TestDevicesCheck(t *testing.T) {
	p := sim.NewPrinter(sim.PrinterOptions{})
	sc, d, card, gun := sim.NewScale("stgs"), sim.NewDisplay("led8", nil), sim.NewCardTerminal(), sim.NewScanner("\r")
	sh := emptyShop(t)
	if c := sh.checks(t, 0); !c.OK || len(c.Devices) != 0 {
		t.Errorf("without devices: %+v", c)
	}
	gunAt := gun.Listen
	if runtime.GOOS == "linux" {
		gunAt = func(string) (string, error) { return gun.Terminal("") }
	}
	for _, x := range []struct {
		kind string
		open func(string) (string, error)
		stop func()
	}{{"printer", p.Listen, p.Close}, {"scale", sc.Listen, sc.Close}, {"display", d.Listen, d.Close}, {"terminal", card.Listen, card.Close}, {"scanner", gunAt, gun.Close}} {
		t.Cleanup(x.stop)
		address, err := x.open("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		sh.ok("devices", "add", x.kind, "--address", address)
	}
	for _, h := range sh.checks(t, 0).Devices {
		want := map[string]string{"scanner": CheckNone}[h.Kind]
		if want == "" {
			want = CheckOK
		}
		if h.Internal.Result != CheckOK || h.External.Result != want {
			t.Errorf("%s: %+v", h.Kind, h)
		}
	}
	p.Obey("cover open")
	sc.Obey("baud wrong")
	card.Obey("busy")
	d.Obey("unplug")
	got := map[string]DeviceHealth{}
	for _, h := range sh.checks(t, 1).Devices {
		got[h.Kind] = h
	}
	if h := got["printer"]; h.Internal.Result != CheckOK || h.External.Reason != "cover_open" {
		t.Errorf("cover open: %+v", h)
	}
	if h := got["scale"]; h.Internal.Result != CheckOK || h.External.Reason != "garbled" {
		t.Errorf("the wrong speed: %+v", h)
	}
	if h := got["terminal"]; h.OK() || h.Internal.Result != CheckOK {
		t.Errorf("a busy terminal: %+v", h)
	}
	if h := got["display"]; h.Internal.Result != CheckFailed || h.External.Result != CheckNone {
		t.Errorf("an unplugged display: %+v", h)
	}
	if len(p.Slips()) > 0 || len(p.Pulses()) > 0 || len(card.Books()) > 0 {
		t.Error("a check printed, opened the drawer or took money")
	}
	out, errs, exit := sh.run("devices", "check", "printer")
	if exit != 1 || !strings.Contains(out, "its cover is open") || !strings.Contains(errs, "devices that are not ready: 1") {
		t.Errorf("as text: exit %d\n%s%s", exit, out, errs)
	}
	sh.fails(1, []string{"there is no device named x"}, "devices", "check", "x")
}

func TestDevicesAddByFlagAndRemove(t *testing.T) {
	sh := emptyShop(t)
	sh.ok("devices", "add", "printer", "--address", "tcp://192.0.2.9", "--profile", "xprinter-80", "--name", "bar")
	sh.ok("devices", "add", "scanner", "tcp://192.0.2.10:9101")
	var list struct {
		Devices []listedDevice
		Found   []foundPort
	}
	if err := json.Unmarshal([]byte(sh.ok("devices", "list", "--format", "json")), &list); err != nil || len(list.Devices) != 2 ||
		list.Devices[0].Profile != "xprinter-80" || list.Devices[0].Address != "tcp://192.0.2.9:9100" || list.Devices[0].Proved {
		t.Errorf("listed %+v, %v", list, err)
	}
	at := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)
	if err := KeepProof(sh.data, DeviceProof{Device: "bar", Kind: "printer", Address: "tcp://192.0.2.9:9100", Profile: "xprinter-80", At: at, Steps: []ProofStep{{"text", ProofPassed, ""}}}); err != nil {
		t.Fatal(err)
	}
	if out := sh.ok("devices", "list", "--format", "json"); !strings.Contains(out, `"proved": true`) || !strings.Contains(out, "2026-11-25T04:00:00Z") {
		t.Errorf("proved:\n%s", out)
	}
	sh.ok("devices", "simulate", "scanner", "on")
	if out := sh.ok("devices", "list"); !strings.Contains(out, "[simulated]") {
		t.Errorf("simulated:\n%s", out)
	}
	if h := sh.checks(t, 0, "scanner").Devices[0]; !h.Simulated || h.Internal.Result != CheckOK || h.External.Result != CheckNone {
		t.Errorf("a simulated one: %+v", h)
	}
	sh.ok("devices", "simulate", "scanner", "off")
	sh.ok("devices", "remove", "bar")
	if out := sh.ok("devices", "list"); strings.Contains(out, "bar") || strings.Contains(out, "[simulated]") {
		t.Errorf("left:\n%s", out)
	}
	if proved, err := ReadProofs(sh.data); err != nil || len(proved) != 0 {
		t.Errorf("proofs %+v, %v", proved, err)
	}
	sh.ok("devices", "add", "terminal", "tcp://192.0.2.11:20007")
	sh.fails(1, []string{"a card terminal is not simulated"}, "devices", "simulate", "terminal", "on")
	sh.fails(1, []string{"there is no device named bar"}, "devices", "remove", "bar")
	sh.fails(1, []string{"there is no device named bar"}, "devices", "simulate", "bar", "on")
	sh.fails(2, nil, "devices", "simulate", "scanner", "maybe")
	sh.fails(2, []string{"one address, and one only"}, "devices", "add", "printer")
	sh.fails(2, []string{"one address, and one only"}, "devices", "add", "printer", "tcp://a", "--address", "tcp://b")
}

// What a scanner sends is shown with its payment codes masked, and exported with
// what else is known.
func TestDevicesTrace(t *testing.T) {
	s := sim.NewScanner("\r")
	t.Cleanup(s.Close)
	address, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.fails(2, []string{"no till runs"}, "devices", "trace")
	sh.ok("devices", "add", "scanner", address)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for ctx.Err() == nil {
			s.Type(ctx, "284612345678901234")
			time.Sleep(50 * time.Millisecond)
		}
	}()
	out, errs, exit := sh.run("devices", "trace", "scanner", "--wait", "1500ms")
	if exit != 0 || !strings.Contains(out, "scanner < ") || !strings.Contains(out, "**************1234.") || strings.Contains(out, "28461") || strings.Contains(out, "3238343631") {
		t.Errorf("exit %d\n%s%s", exit, out, errs)
	}
	file := filepath.Join(t.TempDir(), "trace.json")
	sh.ok("devices", "trace", "--to", file)
	b, err := os.ReadFile(file)
	var x TraceExport
	if err == nil {
		err = json.Unmarshal(b, &x)
	}
	if err != nil || x.Till != "none" || len(x.Health) != 1 || !strings.Contains(x.Devices, address) || x.Version != Version || x.Problems != nil {
		t.Errorf("exported %s, %v", b, err)
	}
	sh.fails(1, []string{"there is no device named x"}, "devices", "trace", "x")
}

// The printer's card is read back by the scanner; what lacks is named.
func TestDevicesTestIsReadBack(t *testing.T) {
	p, s := sim.NewPrinter(sim.PrinterOptions{}), sim.NewScanner("\r\n")
	t.Cleanup(p.Close)
	t.Cleanup(s.Close)
	sh := emptyShop(t)
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh.ok("devices", "add", "printer", address)
	sh.fails(1, []string{"no scanner is set up"}, "devices", "test", "printer", "--read-back")
	if address, err = s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	sh.ok("devices", "add", "scanner", address)
	// The scanner reads what the paper holds, not what the test knows.
	read := func(skip string) (stop func()) {
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			for ctx.Err() == nil {
				for _, slip := range p.Slips() {
					for _, code := range slip.Codes() {
						if code != skip {
							s.Type(ctx, code)
						}
						time.Sleep(20 * time.Millisecond)
					}
				}
			}
		}()
		return stop
	}
	stop := read("")
	_, errs, exit := sh.run("devices", "test", "printer", "--read-back", "--wait", "10s")
	stop()
	if exit != 0 || !strings.Contains(errs, "the QR code was read (by scanner)") || !strings.Contains(errs, "the barcode was read (by scanner)") {
		t.Errorf("exit %d\n%s", exit, errs)
	}
	stop = read(till.TestCardQR)
	_, errs, exit = sh.run("devices", "test", "printer", "--read-back", "--wait", "800ms")
	stop()
	if exit != 1 || !strings.Contains(errs, "QR code not read, barcode read") {
		t.Errorf("without the QR code: exit %d\n%s", exit, errs)
	}
}

// lendingTill stands for the window: its devices are real, and only it may have
// their ports.
type lendingTill struct {
	dir  string
	lent chan string
	book *trace.Book
	shop *ledger.Ledger
}

func (l *lendingTill) Health(_ context.Context, name string) (DeviceHealth, error) {
	return DeviceHealth{Kind: "printer", Name: name, Internal: DeviceCheck{Result: CheckOK}, External: DeviceCheck{Result: CheckFailed, Reason: "paper_end"}}, nil
}

func (l *lendingTill) Lend(_ context.Context, name string) (Device, func(), error) {
	d, err := ReadDevices(l.dir)
	x, _, _ := d.Named(name)
	select {
	case l.lent <- name:
	default:
		return x, nil, ErrTrying
	}
	return x, func() {
		select {
		case <-l.lent:
		default:
		}
	}, err
}
func (l *lendingTill) Scan(context.Context, string) (string, error) { return till.TestCardQR, nil }
func (l *lendingTill) Simulate(context.Context, string, bool) error { return nil }
func (l *lendingTill) Traffic() *trace.Book                         { return l.book }
func (l *lendingTill) Shop() *ledger.Ledger                         { return l.shop }
func (l *lendingTill) Sync(ctx context.Context) (map[string]error, error) {
	return accounts.Send(ctx, l.shop, l.dir, outbox.Options{Log: slog.New(slog.DiscardHandler)})
}
func (l *lendingTill) Change(f func(*Devices) error) error {
	d, err := ReadDevices(l.dir)
	if err == nil {
		err = f(&d)
	}
	if err == nil {
		err = WriteDevices(l.dir, d)
	}
	return err
}

// The commands go to a till that runs, in its caller's language and with its
// exit codes.
func TestDevicesAskARunningTill(t *testing.T) {
	p := sim.NewPrinter(sim.PrinterOptions{})
	t.Cleanup(p.Close)
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	l := &lendingTill{dir: sh.data, lent: make(chan string, 1), book: trace.New(trace.Options{})}
	s, err := localsocket.Open(sh.data, ServeDevices(sh.data, l))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if out := sh.ok("devices", "add", "printer", address); !strings.Contains(out, "generic-80") {
		t.Errorf("added: %s", out)
	}
	sh.lang = chinese
	out, errs, exit := sh.run("devices", "check")
	sh.lang = english
	if exit != 1 || !strings.Contains(out, "没有纸") || !strings.Contains(errs, "没有就绪的设备：1 个") {
		t.Errorf("exit %d\n%s%s", exit, out, errs)
	}
	sh.ok("devices", "test", "printer")
	slipsOf(t, p, 1)
	if len(l.lent) != 0 {
		t.Error("the till has not got its printer back")
	}
	l.lent <- "printer"
	sh.fails(1, []string{"somebody is trying a device"}, "devices", "test", "printer")
	<-l.lent
	addr, _ := port.Parse(address)
	l.book.Sent(addr, []byte("hello 284612345678901234\n"), nil)
	l.book.Closed(addr)
	if out := sh.ok("devices", "trace", "printer", "--last"); !strings.Contains(out, "printer > ") || !strings.Contains(out, "hello **************1234.") {
		t.Errorf("traced\n%s", out)
	}
	file := filepath.Join(t.TempDir(), "trace.json")
	sh.ok("devices", "trace", "--to", file)
	if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), `"till": "running"`) || !strings.Contains(string(b), "hello **************1234.") {
		t.Errorf("exported %s, %v", b, err)
	}
	sh.ok("devices", "remove", "printer")
	sh.fails(1, []string{"there is no device named printer"}, "devices", "check", "printer")
}
