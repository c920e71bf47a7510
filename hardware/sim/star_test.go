package sim

import (
	"bytes"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till/receipt"
)

// stars runs a test against a printer of Star's, in both modes.
func stars(t *testing.T, f func(t *testing.T, p *Printer, near *printer.Link, profile printer.Profile)) {
	for _, id := range []string{"star-80", "star-line-80"} {
		t.Run(id, func(t *testing.T) {
			p := NewPrinter(PrinterOptions{Language: Star})
			t.Cleanup(p.Close)
			address, err := p.Listen("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			a, _ := port.Parse(address)
			profile, ok := printer.ProfileByID(id)
			if !ok {
				t.Fatal("no such profile")
			}
			near, err := printer.Connect(t.Context(), a, dialect.Of(profile))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { near.Close() })
			f(t, p, near, profile)
		})
	}
}

func starSlip(t *testing.T, p printer.Profile) []byte {
	t.Helper()
	doc := receipt.Document{Blocks: append([]receipt.Block{receipt.Logo{Image: grey(240, 80)}}, slip.Blocks...)}
	b, err := printer.NewEncoder(dialect.Of(p), p, nil).Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAStarPrinterReadsWhatTheTillPrints(t *testing.T) {
	stars(t, func(t *testing.T, p *Printer, near *printer.Link, profile printer.Profile) {
		b := starSlip(t, profile)
		send(t, near, b)
		got := cuts(t, p, 1)[0]
		if want := []string{"青禾便利店", "收银员 陈宁", "鲜牛奶 1L" + strings.Repeat(" ", 32) + "￥36.90"}; !slices.Equal(got.Lines()[:3], want) {
			t.Errorf("lines %q", got.Lines())
		}
		if want := []string{"https://example.com/r/20261122-000123?k=9f2c71aa", "GT1{000001"}; !slices.Equal(got.Codes(), want) {
			t.Errorf("codes %q", got.Codes())
		}
		if n := len(got.of(Picture)); len(got.Unknown) != 0 || got.Cut != "partial" || n == 0 {
			t.Errorf("unknown %q, cut %s, %d pictures", got.Unknown, got.Cut, n)
		}
		if without := bytes.Replace(b, []byte{esc, rs, 'a', 0}, nil, 1); !bytes.Equal(got.Raw, without) {
			t.Errorf("%d bytes of %d", len(got.Raw), len(without))
		}
	})
}

func TestAStarPrinterSaysWhatIsWrong(t *testing.T) {
	stars(t, func(t *testing.T, p *Printer, near *printer.Link, profile printer.Profile) {
		for _, row := range []struct {
			bad, good string
			want      device.Reason
		}{
			{"paper out", "paper ok", device.PaperEnd}, {"paper low", "paper ok", device.PaperLow},
			{"cover open", "cover closed", device.CoverOpen}, {"offline", "online", device.Offline},
		} {
			for _, step := range []struct {
				command string
				want    device.Reason
			}{{row.bad, row.want}, {row.good, ""}} {
				obey(t, p, step.command)
				until(t, step.command, func() bool {
					got, err := near.Ask(within(t, 5*time.Second))
					return err == nil && got == step.want
				})
			}
		}
		obey(t, p, "cutter stuck")
		send(t, near, starSlip(t, profile))
		until(t, "stuck", func() bool { got, err := near.Ask(within(t, 5*time.Second)); return err == nil && got == device.Cutter })
		obey(t, p, "cutter ok")
		obey(t, p, "mute")
		if got, err := near.Ask(within(t, 100*time.Millisecond)); device.ReasonOf(err) != device.Timeout {
			t.Errorf("mute: the till reads %q, %v", got, err)
		}
	})
}

// The end of a job is told when all of it is on paper, with its number, and not
// before.
func TestAStarPrinterTellsWhenAJobIsOver(t *testing.T) {
	stars(t, func(t *testing.T, p *Printer, near *printer.Link, profile printer.Profile) {
		obey(t, p, "paper 5")
		send(t, near, dialect.Of(profile).Barrier(starSlip(t, profile), profile.Barrier, 7128))
		until(t, "paper end", func() bool {
			got, err := near.Ask(within(t, 5*time.Second))
			return err == nil && got == device.PaperEnd
		})
		select {
		case a := <-near.Proofs():
			t.Fatalf("proof %+v of a slip that is not whole", a)
		case <-time.After(50 * time.Millisecond):
		}
		obey(t, p, "paper ok")
		select {
		case a := <-near.Proofs():
			if a.Kind != printer.Process || a.ID != "7128" {
				t.Errorf("proof %+v", a)
			}
		case <-time.After(5 * time.Second):
			t.Error("no proof")
		}
		if got := cuts(t, p, 1); len(got) != 1 || len(got[0].Codes()) != 2 {
			t.Errorf("on paper: %+v", got)
		}
	})
}

func TestTheDrawerOfAStarPrinter(t *testing.T) {
	stars(t, func(t *testing.T, p *Printer, near *printer.Link, profile printer.Profile) {
		l := dialect.Of(profile)
		send(t, near, l.Pulse(&profile))
		until(t, "open", func() bool { return len(p.Pulses()) == 1 })
		if got := p.Pulses()[0]; got.Pin != 2 || got.On != 100*time.Millisecond || got.Realtime {
			t.Errorf("pulse %+v", got)
		}
		profile.DrawerPin = 5
		obey(t, p, "paper out")
		send(t, near, l.Pulse(&profile)) // waits in the memory
		send(t, near, l.RealtimePulse(&profile))
		until(t, "open", func() bool { return len(p.Pulses()) == 2 })
		if got := p.Pulses()[1]; !got.Realtime || got.Pin != 5 {
			t.Errorf("pulse %+v", got)
		}
		obey(t, p, "paper ok")
		until(t, "open", func() bool { return len(p.Pulses()) == 3 })
		send(t, near, starSlip(t, profile)) // holds 1Ch and 19h as dots
		cuts(t, p, 1)
		if got := len(p.Pulses()); got != 3 {
			t.Errorf("a slip opened the drawer: %d pulses", got)
		}
	})
}

func FuzzStarPrinter(f *testing.F) {
	f.Add([]byte("\x1b@\x1bi\x01\x01\xc4\xe3\n\x1b\x1dyP\x1bd3"))
	f.Add([]byte("\x1b\x1dS\x01\x02\x00\x08\x00\x00"))
	f.Add([]byte("\x1bb\x06\x01\x02\x48123\x1e\x1bk\x01\x00"))
	f.Add([]byte("\x1b\x1dyD1\x00\x02\x00ab\x1b\x1d\x03\x01\x00\x01\x1b\x06\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := NewPrinter(PrinterOptions{Language: Star})
		p.take(b)
		for _, s := range p.Slips() {
			s.Text(48)
		}
	})
}

// grey is a picture whose dots hold every byte.
func grey(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if byte((y*width+x)/8)&(0x80>>(x%8)) == 0 {
				m.SetGray(x, y, color.Gray{Y: 0xff})
			}
		}
	}
	return m
}
