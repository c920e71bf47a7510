package scanner

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/sim"
	"guitai/till"
)

// typist is a scanner that types, on a pseudo-terminal.
func typist(t *testing.T, end string) (*sim.Scanner, string) {
	t.Helper()
	p := sim.NewTypist(end)
	t.Cleanup(p.Close)
	address, err := p.Terminal(filepath.Join(t.TempDir(), "usb-Scanner-event-kbd"))
	if err != nil {
		t.Fatal(err)
	}
	return p, address
}

func TestTypedCodesAreRead(t *testing.T) {
	p, address := typist(t, "\r")
	s, r := run(t, address)
	until(t, s, device.Ready)
	want := []string{"6901234567892", "]C10106901234567892\x1d10Lot-42", "GTA000123", `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~ aZ`, "]Q1https://example.org/A?b=%20"}
	for _, code := range want {
		if err := p.Type(t.Context(), code); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.wait(t, len(want)); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read %q, want %q", got, want)
	}
	// The lots above are what the till makes of them.
	b, err := till.ParseBarcode(want[1])
	if lot, _ := b.GS1.Get("10"); err != nil || b.GTIN != "06901234567892" || lot != "Lot-42" {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestTypedCodesWithTabOrWithoutAnEnd(t *testing.T) {
	for _, end := range []string{"\t", ""} {
		p, address := typist(t, end)
		s, r := run(t, address)
		until(t, s, device.Ready)
		p.Send(t.Context(), "690123")
		time.Sleep(100 * time.Millisecond) // a slow one, between two keys
		p.Type(t.Context(), "4567892")
		if got := r.wait(t, 1); got[0] != "6901234567892" {
			t.Errorf("with the end %q: %q", end, got)
		}
	}
}

// A code of which keys were lost is not read, the next one is: half a code could
// be another one.
func TestACodeWithLostKeysIsNoCode(t *testing.T) {
	p, address := typist(t, "\r")
	s, r := run(t, address)
	until(t, s, device.Ready)
	lost := make([]byte, 2*strconv.IntSize/8+8) // SYN_DROPPED: type 0, code 3
	binary.NativeEndian.PutUint16(lost[len(lost)-6:], 3)
	for _, part := range [][]byte{sim.Typed("69012345"), lost, sim.Typed("6789\r6907992500010\r")} {
		if err := p.Events(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.wait(t, 1); len(got) != 1 || got[0] != "6907992500010" {
		t.Errorf("read %q", got)
	}
}

// A pulled scanner is noticed at once and types again after it is plugged in,
// whatever number the system gives it then.
func TestPulledTypistComesBack(t *testing.T) {
	p, address := typist(t, "\r")
	s, r := run(t, address)
	until(t, s, device.Ready)
	p.Type(t.Context(), "111111")
	p.Send(t.Context(), "222") // and the rest never comes
	r.wait(t, 1)
	pulled := time.Now()
	p.Unplug()
	until(t, s, device.Gone)
	if took := time.Since(pulled); took > 1500*time.Millisecond {
		t.Errorf("noticed after %s", took)
	}
	time.Sleep(2500 * time.Millisecond) // it tries less often by now
	if err := p.Plug(); err != nil {
		t.Fatal(err)
	}
	plugged := time.Now()
	until(t, s, device.Ready)
	p.Type(t.Context(), "333333")
	if got := r.wait(t, 2); got[1] != "333333" || time.Since(plugged) > 3*time.Second {
		t.Errorf("read %q after %s", got, time.Since(plugged))
	}
}

// The same numbers as on a serial line: fifty in a second, and two hundred at
// the pace of a minute in three seconds.
func TestTypedScansAreAllRead(t *testing.T) {
	p, address := typist(t, "\r")
	s, r := run(t, address)
	until(t, s, device.Ready)
	for _, round := range []struct {
		scans int
		in    time.Duration
	}{{50, time.Second}, {200, 3 * time.Second}} {
		before, began := len(r.wait(t, 0)), time.Now()
		var want []string
		for i := range round.scans {
			code := fmt.Sprintf("69012345%05d", i)
			want = append(want, code)
			if err := p.Type(t.Context(), code); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(began.Add(time.Duration(i+1) * round.in / time.Duration(round.scans))))
		}
		if got := r.wait(t, before+round.scans)[before:]; strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("read %q", got)
		}
	}
}
