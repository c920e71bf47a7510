package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/sim"
	"guitai/till"
	"guitai/ui"
)

// ctl runs a command against the data folder, as another program would.
func ctl(t *testing.T, dir string, args ...string) (out string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	exit = command.Main(append([]string{"--data", dir, "--lang", "en"}, args...), strings.NewReader(""), &o, &e)
	return o.String() + e.String(), exit
}

// comesTo waits for what another goroutine brings about.
func comesTo(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s", what)
		}
	}
}

// wired is a till at work with devices in software on real wires, which answers
// commands.
func wired(t *testing.T) (d *devices, p *sim.Printer, s *sim.Scanner, codes chan string) {
	t.Helper()
	prog := foundedProgram(t, func(till.View) {})
	d = newDevices(prog, prog.dir, slog.New(slog.DiscardHandler))
	prog.print = d.printing
	if err := prog.open(); err != nil {
		t.Fatal(err)
	}
	codes = make(chan string, 64)
	ctx, stop := context.WithCancel(t.Context())
	d.start(ctx, func(code string) {
		select {
		case codes <- code:
		default: // the test has enough
		}
	})
	var a asked
	a.open(d)
	t.Cleanup(func() {
		a.close()
		stop()
		d.close()
	})
	p, s = sim.NewPrinter(sim.PrinterOptions{}), sim.NewScanner("\r")
	t.Cleanup(p.Close)
	t.Cleanup(s.Close)
	return d, p, s, codes
}

func TestARunningTillIsAskedAboutItsDevices(t *testing.T) {
	d, p, s, codes := wired(t)
	open := p.Listen
	if runtime.GOOS == "linux" { // a serial port has one owner, so that only the till can do it
		open = func(string) (string, error) { return p.Terminal("") }
	}
	at, err := open("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gun, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"devices", "add", "printer", at, "--profile", "xprinter-80"}, {"devices", "add", "scanner", gun}} {
		if out, exit := ctl(t, d.dir, args...); exit != 0 {
			t.Fatalf("%v: exit %d\n%s", args, exit, out)
		}
	}
	comesTo(t, "the printer is at work", func() bool { st, ok := d.printing.status(); return ok && st.State == "ready" })
	if out, exit := ctl(t, d.dir, "devices", "check"); exit != 0 || strings.Contains(out, "no till runs") {
		t.Errorf("check: exit %d\n%s", exit, out)
	}
	if out, exit := ctl(t, d.dir, "devices", "test", "printer"); exit != 0 {
		t.Errorf("test: exit %d\n%s", exit, out)
	}
	comesTo(t, "a test card", func() bool { return len(p.Slips()) > 0 && p.Slips()[0].Cut != "" })
	if got := p.Slips()[0].Codes(); len(got) != 2 {
		t.Errorf("codes on paper: %q", got)
	}
	// The till has its printer back, and prints.
	comesTo(t, "the printer is at work again", func() bool { st, ok := d.printing.status(); return ok && st.State == "ready" })
	if err := d.TestPrint(t.Context(), "printer"); err != nil {
		t.Errorf("the till's own test: %v", err)
	}
	// What a scanner reads for a command is not sold; afterwards it is.
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			for _, slip := range p.Slips() {
				for _, code := range slip.Codes() {
					s.Type(ctx, code)
				}
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	out, exit := ctl(t, d.dir, "devices", "test", "printer", "--read-back", "--wait", "15s")
	stop()
	if exit != 0 || !strings.Contains(out, "the QR code was read (by scanner)") || !strings.Contains(out, "the barcode was read") {
		t.Errorf("read back: exit %d\n%s", exit, out)
	}
	comesTo(t, "a code for the till", func() bool { s.Type(t.Context(), "284612345678901234"); return len(codes) > 0 })
	file := filepath.Join(t.TempDir(), "trace.json")
	comesTo(t, "the code in the trace", func() bool {
		if out, exit := ctl(t, d.dir, "devices", "trace", "--to", file); exit != 0 {
			t.Fatalf("trace: exit %d\n%s", exit, out)
		}
		b, _ := os.ReadFile(file)
		return strings.Contains(string(b), "**************1234")
	})
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var x command.TraceExport
	if err := json.Unmarshal(b, &x); err != nil || x.Till != "running" || len(x.Health) != 2 || bytes.Contains(b, []byte("28461234")) || bytes.Contains(b, []byte("323834363132")) {
		t.Errorf("exported, %v:\n%.3000s", err, b)
	}
	ways := map[string]bool{}
	for _, l := range x.Traffic {
		ways[l.Device+" "+string(l.Way)] = true
	}
	for _, want := range []string{"printer out", "printer in", "scanner in", "scanner opened"} {
		if !ways[want] {
			t.Errorf("the trace lacks %s: %v", want, ways)
		}
	}
	if out, exit := ctl(t, d.dir, "devices", "simulate", "scanner", "on"); exit != 0 {
		t.Errorf("simulate: exit %d\n%s", exit, out)
	}
	for _, l := range d.Status() {
		if l.Kind == "scanner" && l.State != "simulated" {
			t.Errorf("the status bar says %+v", l)
		}
	}
	if out, exit := ctl(t, d.dir, "devices", "check", "scanner"); exit != 0 || !strings.Contains(out, "[simulated]") {
		t.Errorf("check of a simulated one: exit %d\n%s", exit, out)
	}
	if out, exit := ctl(t, d.dir, "devices", "remove", "scanner"); exit != 0 || len(d.config.Scanners) != 0 {
		t.Errorf("remove: exit %d\n%s", exit, out)
	}
}

// While a person tries a device at the till, a command waits its turn; and the
// other way about.
func TestOneTriesADeviceAtATime(t *testing.T) {
	d, p, _, _ := wired(t)
	at, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if out, exit := ctl(t, d.dir, "devices", "add", "printer", at); exit != 0 {
		t.Fatalf("exit %d\n%s", exit, out)
	}
	l := &lender{d: d}
	_, back, err := l.Lend(t.Context(), "printer")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Lend(t.Context(), "printer"); err == nil {
		t.Error("lent twice")
	}
	if out, exit := ctl(t, d.dir, "devices", "test", "printer"); exit != 1 || !strings.Contains(out, "somebody is trying a device") {
		t.Errorf("exit %d\n%s", exit, out)
	}
	back()
	back() // once is enough
	if out, exit := ctl(t, d.dir, "devices", "test", "printer"); exit != 0 {
		t.Errorf("afterwards: exit %d\n%s", exit, out)
	}
	if _, _, err := l.Lend(t.Context(), "none"); err == nil {
		t.Error("lent a device that is not there")
	}
}

// The second printer proves itself, not the first in its place; a card that was
// read back is a step of its proof, and the sheet says so.
func TestTheHandOverOfARealTill(t *testing.T) {
	d, first, _, _ := wired(t)
	second := sim.NewPrinter(sim.PrinterOptions{})
	t.Cleanup(second.Close)
	for name, x := range map[string]*sim.Printer{"a": first, "b": second} {
		at, err := x.Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if out, exit := ctl(t, d.dir, "devices", "add", "printer", at, "--name", name); exit != 0 {
			t.Fatalf("exit %d\n%s", exit, out)
		}
	}
	full := false
	h := handover{p: d.p, d: d, lend: &lender{d: d}, full: func(on bool) { full = on }}
	other := map[bool]string{true: "b", false: "a"}[d.config.Printers[0].Name == "a"]
	if err := h.PrintCard(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if err := d.TestPrint(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	to, not := second, first
	if other == "a" {
		to, not = first, second
	}
	comesTo(t, "both cards", func() bool { return len(to.Slips()) == 2 && to.Slips()[1].Cut != "" })
	if len(not.Slips()) != 0 {
		t.Error("the first printer printed in the place of the second")
	}
	if h.Card(till.TestCardQR) != "qr" || h.Card("6901234567892") != "" {
		t.Error("the card's codes are not known")
	}
	for range 2 {
		if err := h.CardRead(t.Context(), other, "周远"); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.CardRead(t.Context(), "none", "周远"); err == nil {
		t.Error("a printer that is not there was proved")
	}
	g, err := h.GoLive(t.Context(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range g.Devices {
		if want := map[bool]ui.CheckState{true: ui.CheckDone, false: ui.CheckMissing}[x.Name == other]; x.State != want {
			t.Errorf("%s is %s, want %s", x.Name, x.State, want)
		}
	}
	for _, write := range []func(context.Context, string) (string, error){h.GoLiveSheet, h.MoveSheet} {
		path, err := write(t.Context(), "zh-Hans")
		if err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command("pdftotext", path, "-").Output(); err != nil || !strings.Contains(string(text), "缺") {
			t.Errorf("%s: %v\n%s", path, err, text)
		}
	}
	m, err := h.Move(t.Context(), "en")
	if err != nil || len(m.Before) < 7 || len(m.After) < 8 {
		t.Errorf("%+v, %v", m, err)
	}
	if path, err := h.ExportTrace(t.Context()); err != nil || !strings.HasPrefix(path, filepath.Join(d.dir, "exports")) {
		t.Errorf("%s, %v", path, err)
	}
	h.SetFullScreen(true)
	comesTo(t, "the choice is kept", func() bool {
		b, _ := os.ReadFile(filepath.Join(d.dir, machineFile))
		return full && strings.Contains(string(b), "full_screen = true")
	})
}
