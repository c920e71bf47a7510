package sim

import (
	"bytes"
	"context"
	"errors"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/escpos"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till/receipt"
)

// wires runs a test over a socket and, where there are any, a pseudo-terminal.
func wires(t *testing.T, f func(t *testing.T, p *Printer, address string)) {
	t.Run("tcp", func(t *testing.T) {
		p, address := socket(t)
		f(t, p, address)
	})
	if runtime.GOOS != "linux" {
		return
	}
	t.Run("pty", func(t *testing.T) {
		p := NewPrinter(PrinterOptions{})
		t.Cleanup(p.Close)
		address, err := p.Terminal(filepath.Join(t.TempDir(), "printer"))
		if err != nil {
			t.Fatal(err)
		}
		f(t, p, address+"?baud=115200")
	})
}

func socket(t *testing.T) (*Printer, string) {
	t.Helper()
	p := NewPrinter(PrinterOptions{})
	t.Cleanup(p.Close)
	address, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return p, address
}

// till opens the near end as the till does.
func till(t *testing.T, address string) *printer.Link {
	t.Helper()
	a, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	near, err := printer.Connect(t.Context(), a, escpos.Language{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close() })
	return near
}

func send(t *testing.T, near *printer.Link, b []byte) {
	t.Helper()
	if err := near.Send(within(t, 5*time.Second), b); err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func obey(t *testing.T, p *Printer, command string) {
	t.Helper()
	if err := p.Obey(command); err != nil {
		t.Fatal(err)
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

// cuts waits for so many slips that were cut.
func cuts(t *testing.T, p *Printer, n int) []Slip {
	t.Helper()
	var got []Slip
	until(t, "slips", func() bool {
		got = slices.DeleteFunc(p.Slips(), func(s Slip) bool { return s.Cut == "" })
		return len(got) >= n
	})
	return got
}

// encoded is a slip as the till prints it.
func encoded(t *testing.T, doc receipt.Document) []byte {
	t.Helper()
	profile, ok := printer.ProfileByID("generic-80")
	if !ok {
		t.Fatal("no generic profile")
	}
	b, err := printer.NewEncoder(escpos.Language{}, profile, nil).Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var slip = receipt.Document{Blocks: []receipt.Block{
	receipt.Title{Text: "青禾便利店"},
	receipt.Line{Text: "收银员 陈宁", Align: receipt.Center},
	receipt.Pair("鲜牛奶 1L", "￥36.90"),
	receipt.QR{Payload: "https://example.com/r/20261122-000123?k=9f2c71aa"},
	receipt.Barcode{Kind: receipt.Code128, Data: "GT1{000001"},
	receipt.Cut{},
}}

// What the till's encoder writes, this printer reads, and the other way round.
func TestPrinterReadsWhatTheTillPrints(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		b := encoded(t, slip)
		send(t, near, b)
		got := cuts(t, p, 1)[0]
		lines := got.Lines()
		if want := []string{"青禾便利店", "收银员 陈宁", "鲜牛奶 1L" + strings.Repeat(" ", 32) + "￥36.90"}; !slices.Equal(lines[:3], want) {
			t.Errorf("lines %q", lines)
		}
		if want := []string{"https://example.com/r/20261122-000123?k=9f2c71aa", "GT1{000001"}; !slices.Equal(got.Codes(), want) {
			t.Errorf("codes %q", got.Codes())
		}
		if len(got.Unknown) != 0 || !bytes.Equal(got.Raw, b) {
			t.Errorf("unknown %q, %d bytes of %d", got.Unknown, len(got.Raw), len(b))
		}
		if text := got.Text(48); !strings.Contains(text, strings.Repeat(" ", 18)+"收银员 陈宁\n") || !strings.Contains(text, "[cut ") {
			t.Errorf("text\n%s", text)
		}
	})
}

// Each fault is told when the till asks, and none after it is mended.
func TestPrinterSaysWhatIsWrong(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		for _, row := range []struct {
			bad, good string
			want      device.Reason
		}{
			{"paper out", "paper ok", device.PaperEnd}, {"paper low", "paper ok", device.PaperLow}, {"cover open", "cover closed", device.CoverOpen},
		} {
			obey(t, p, row.bad)
			if got, err := near.Ask(within(t, 5*time.Second)); got != row.want || err != nil {
				t.Errorf("%s: the till reads %q, %v", row.bad, got, err)
			}
			obey(t, p, row.good)
			if got, err := near.Ask(within(t, 5*time.Second)); got != "" || err != nil {
				t.Errorf("%s: the till reads %q, %v", row.good, got, err)
			}
		}
		obey(t, p, "cutter stuck")
		send(t, near, encoded(t, slip))
		until(t, "stuck", func() bool {
			got, err := near.Ask(within(t, 5*time.Second))
			return err == nil && got == device.Cutter
		})
		obey(t, p, "cutter ok")
		obey(t, p, "mute")
		if got, err := near.Ask(within(t, 100*time.Millisecond)); device.ReasonOf(err) != device.Timeout {
			t.Errorf("mute: the till reads %q, %v", got, err)
		}
		if err := p.Obey("explode"); err == nil || !strings.Contains(err.Error(), "paper out") {
			t.Errorf("an unknown command: %v", err)
		}
	})
}

// Paper that ends in the middle of a slip keeps the rest of it, and its
// barrier, until there is paper again; nothing is printed twice.
func TestPaperEndsInTheMiddle(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		obey(t, p, "paper 2")
		send(t, near, escpos.Language{}.Barrier(encoded(t, slip), "gs_h", 1234))
		until(t, "paper end", func() bool {
			got, err := near.Ask(within(t, 5*time.Second))
			return err == nil && got == device.PaperEnd
		})
		if got := p.Slips(); len(got) != 1 || got[0].Cut != "" || len(got[0].Lines()) != 2 {
			t.Fatalf("on paper: %+v", got)
		}
		select {
		case a := <-near.Proofs():
			t.Fatalf("proof %+v of a slip that is not whole", a)
		case <-time.After(50 * time.Millisecond):
		}
		obey(t, p, "paper ok")
		if got := cuts(t, p, 1); len(got) != 1 || got[0].Lines()[2] != "鲜牛奶 1L"+strings.Repeat(" ", 32)+"￥36.90" {
			t.Errorf("on paper: %+v", got)
		}
		select {
		case a := <-near.Proofs():
			if a.Kind != printer.Process || a.ID != "1234" {
				t.Errorf("proof %+v", a)
			}
		case <-time.After(5 * time.Second):
			t.Error("no proof")
		}
	})
}

func TestDrawer(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		profile, _ := printer.ProfileByID("generic-80")
		send(t, near, escpos.Language{}.Pulse(&profile))
		until(t, "open", func() bool { return len(p.Pulses()) == 1 })
		if got := p.Pulses()[0]; got.Pin != profile.DrawerPin || got.On != time.Duration(profile.DrawerOnMS)*time.Millisecond || got.Realtime {
			t.Errorf("pulse %+v", got)
		}
		// Without paper a pulse waits in the memory, and the other kind does not.
		obey(t, p, "paper out")
		send(t, near, escpos.Language{}.Pulse(&profile))
		send(t, near, escpos.Language{}.RealtimePulse(&profile))
		until(t, "open", func() bool { return len(p.Pulses()) == 2 })
		if got := p.Pulses()[1]; !got.Realtime || got.Pin != profile.DrawerPin {
			t.Errorf("pulse %+v", got)
		}
		obey(t, p, "paper ok")
		until(t, "open", func() bool { return len(p.Pulses()) == 3 })
		// A picture can open it, unless that was switched off before.
		picture := []byte{gs, 'v', '0', 0, 5, 0, 1, 0, dle, 0x14, 1, 0, 1}
		send(t, near, picture)
		until(t, "open", func() bool { return len(p.Pulses()) == 4 })
		send(t, near, []byte{gs, '(', 'D', 3, 0, 20, 1, 0})
		send(t, near, picture)
		until(t, "both", func() bool {
			got := p.Slips()
			return len(got) == 1 && len(got[0].of(Picture)) == 2
		})
		if got := len(p.Pulses()); got != 4 {
			t.Errorf("%d pulses", got)
		}
	})
}

// The line breaks after the byte it was told to, and works again.
func TestLineIsCut(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		obey(t, p, "cut 30")
		_ = near.Send(within(t, 5*time.Second), encoded(t, slip))
		select {
		case <-near.Gone():
		case <-time.After(1500 * time.Millisecond):
			t.Fatal("not noticed in 1.5 s")
		}
		near.Close()
		first := cuts(t, p, 1)[0]
		if got := first.Lines(); !slices.Equal(got, []string{"青"}) || first.Cut != "none" || len(first.Raw) != 30 {
			t.Errorf("on paper: %+v", first)
		}
		until(t, "plugged", func() bool { return p.Obey("unplug") == nil && p.Obey("plug") == nil })
		send(t, till(t, address), encoded(t, slip))
		if got := cuts(t, p, 2); len(got) != 2 || len(got[1].Codes()) != 2 {
			t.Errorf("on paper: %+v", got)
		}
	})
}

// A printer that reads nothing takes no more than its memory and the system's.
func TestPrinterStopsReading(t *testing.T) {
	wires(t, func(t *testing.T, p *Printer, address string) {
		near := till(t, address)
		obey(t, p, "stop")
		err := near.Send(within(t, 500*time.Millisecond), bytes.Repeat([]byte("x\n"), 8<<20))
		if device.ReasonOf(err) != device.Timeout {
			t.Errorf("send: %v", err)
		}
		if got := p.Slips(); len(got) != 0 {
			t.Errorf("printed %d lines", len(got[0].Parts))
		}
	})
}

// Only one till at a time is served, as on real network printers.
func TestSecondTillWaits(t *testing.T) {
	p, address := socket(t)
	first := till(t, address)
	send(t, first, []byte("first\n"))
	until(t, "first", func() bool { return len(p.Slips()) == 1 })
	second := till(t, address)
	send(t, second, []byte("second\n"))
	time.Sleep(50 * time.Millisecond)
	if got := p.Slips(); len(got) != 1 {
		t.Errorf("the second was served beside the first: %+v", got)
	}
	first.Close()
	until(t, "second", func() bool { return len(p.Slips()) == 2 })
}

func TestLinesBreakAtTheMargin(t *testing.T) {
	p, address := socket(t)
	near := till(t, address)
	send(t, near, []byte(strings.Repeat("x", 49)+"\n\x1d!\x11"+strings.Repeat("y", 25)+"\n\x1d!\x00\x1dV\x00"))
	if got := cuts(t, p, 1)[0]; !slices.Equal(got.Lines(), []string{strings.Repeat("x", 48), "x", strings.Repeat("y", 24), "y"}) || got.Cut != "full" {
		t.Errorf("%q, cut %s", got.Lines(), got.Cut)
	}
	// Half of a character of four bytes, and a command that is none.
	send(t, near, []byte("\x81\x30\x84\x36\n\x1b\x7f\x1c.\xc4\xc4\x1c&\xc4\xe3\n\x1dV\x42\x00"))
	got := cuts(t, p, 2)[1]
	if !slices.Equal(got.Lines(), []string{"\ufffd0\ufffd6", "──你"}) || !slices.Equal(got.Unknown, []string{"1b 7f"}) || got.Cut != "partial" {
		t.Errorf("%q, unknown %q, cut %s", got.Lines(), got.Unknown, got.Cut)
	}
}

// What changes is told without being asked where the till wants that.
func TestAutomaticStatus(t *testing.T) {
	p, address := socket(t)
	a, _ := port.Parse(address)
	c, err := net.Dial("tcp", a.Place)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write([]byte{gs, 'a', 0x0f})
	read := func() []byte {
		b := make([]byte, 4)
		c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := c.Read(b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	if got := read(); !bytes.Equal(got, []byte{0x10, 0, 0, 0}) {
		t.Errorf("at once: % x", got)
	}
	obey(t, p, "cover open")
	if got := read(); !bytes.Equal(got, []byte{0x38, 0, 0, 0}) {
		t.Errorf("cover open: % x", got)
	}
}

func TestScannerTypes(t *testing.T) {
	s := NewScanner("\r\n")
	defer s.Close()
	address, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := port.Parse(address)
	if err := s.Type(within(t, 20*time.Millisecond), "1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nobody there: %v", err)
	}
	link, err := port.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	if err := s.Type(within(t, 5*time.Second), "]d20106901234567892<GS>10AB"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64)
	n, err := link.Read(within(t, 5*time.Second), buf)
	if got := string(buf[:n]); err != nil || got != "]d20106901234567892\x1d10AB\r\n" {
		t.Errorf("read %q, %v", got, err)
	}
	s.Unplug()
	if _, err := link.Read(within(t, 5*time.Second), buf); !errors.Is(err, port.ErrGone) {
		t.Errorf("unplugged: %v", err)
	}
}

func FuzzPrinter(f *testing.F) {
	f.Add([]byte("\x1b@\x1c&\xc4\xe3\n\x1d(k\x03\x001Q0\x1dV\x00"))
	f.Add([]byte("\x1dv0\x00\x02\x00\x08\x00"))
	f.Add([]byte("\x1dk\x02123\x00\x1dkI\x02{B\x10\x14\x01\x00\x01"))
	f.Add([]byte("\x1d(k\x00\x00\x1d(H\x09\x00000000000"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := NewPrinter(PrinterOptions{})
		p.take(b)
		for _, s := range p.Slips() {
			s.Text(48)
		}
	})
}
