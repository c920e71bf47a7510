package escpos_test

import (
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/escpos"
	"guitai/hardware/port"
	"guitai/hardware/printer"
)

func parse(b []byte) []printer.Answer {
	var p escpos.Parser
	var out []printer.Answer
	for _, c := range b {
		if a, ok := p.Next(c); ok {
			out = append(out, a)
		}
	}
	return out
}

func TestAnswersAreToldApart(t *testing.T) {
	realtime := func(b byte) printer.Answer { return printer.Answer{Kind: printer.Realtime, Byte: b} }
	inOrder := func(b byte) printer.Answer { return printer.Answer{Kind: printer.InOrder, Byte: b} }
	pushed := func(b byte) printer.Answer { return printer.Answer{Kind: printer.Pushed, Byte: b} }
	process := func(id string) printer.Answer { return printer.Answer{Kind: printer.Process, ID: id} }
	for _, row := range []struct {
		rule, bytes string
		want        []printer.Answer
	}{
		{"DLE EOT, all well", "\x12", []printer.Answer{realtime(0x12)}},
		{"DLE EOT, no paper", "\x72\x1e", []printer.Answer{realtime(0x72), realtime(0x1e)}},
		{"GS r, all well and no paper", "\x00\x0c", []printer.Answer{inOrder(0), inOrder(0x0c)}},
		{"GS ( H with its number", "\x37\x220128\x00", []printer.Answer{process("0128")}},
		{"two of them, flow control between", "\x37\x220001\x00\x13\x11\x37\x220002\x00", []printer.Answer{process("0001"), process("0002")}},
		{"a pushed status is one answer, not four", "\x14\x00\x0c\x0f\x12", []printer.Answer{pushed(0x14), realtime(0x12)}},
		{"a pushed status cut short does not eat the next answer", "\x10\x00\x12\x00", []printer.Answer{realtime(0x12), inOrder(0)}},
		{"a process answer cut short does not either", "\x37\x2201\x12\x37\x220003\x00", []printer.Answer{realtime(0x12), process("0003")}},
		{"a header without its flag", "\x37\x12", []printer.Answer{realtime(0x12)}},
		{"an id without end is given up", "\x37\x22" + string(make20('7')) + "\x12", append([]printer.Answer(nil), realtime(0x12))},
		{"a wrong speed gives noise", "\xff\xe0\x80\xfe", nil},
	} {
		if got := parse([]byte(row.bytes)); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.rule, got, row.want)
		}
	}
}

func make20(c byte) []byte { return slices.Repeat([]byte{c}, 20) }

// Whatever comes back: the parser ends up ready again, takes no more memory,
// and finds the answer behind the noise once a byte that is no answer's middle
// has come.
func FuzzPrinterAnswers(f *testing.F) {
	for _, s := range []string{"\x12", "\x37\x220128\x00", "\x14\x00\x0c\x0f", "\x37\x22\x37\x22\x00", "\x10\x10\x10", "\xff\x00\x37"} {
		f.Add([]byte(s))
	}
	f.Fuzz(answersHold)
}

// answersHold reads bytes as answers, and holds what comes to what answers are.
func answersHold(t *testing.T, b []byte) {
	got := parse(b)
	if len(got) > len(b) {
		t.Fatalf("%d answers in %d bytes", len(got), len(b))
	}
	for _, a := range got {
		if len(a.ID) > 16 {
			t.Fatalf("an id of %d characters", len(a.ID))
		}
		if a.Kind == printer.Realtime && a.Byte&0x93 != 0x12 || a.Kind == printer.InOrder && a.Byte&0x90 != 0 {
			t.Fatalf("%+v is none", a)
		}
	}
	// 80h belongs to no answer, and ends any.
	after := parse(append(slices.Clone(b), 0x80, 0x12, 0x37, 0x22, '0', '0', '0', '7', 0))
	want := []printer.Answer{{Kind: printer.Realtime, Byte: 0x12}, {Kind: printer.Process, ID: "0007"}}
	if len(after) < 2 || !reflect.DeepEqual(after[len(after)-2:], want) {
		t.Fatalf("after % x: %+v", b, after)
	}
}

// answering is a printer on a socket that gives one byte for each kind of DLE
// EOT, after what it sends unasked.
func answering(t *testing.T, unasked string, answers map[byte]byte) port.Address {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, unasked)
			q := make([]byte, 3)
			for {
				if _, err := io.ReadFull(c, q); err != nil || q[0] != 0x10 || q[1] != 4 {
					break
				}
				if a, ok := answers[q[2]]; ok {
					c.Write([]byte{a})
				}
			}
			c.Close()
		}
	}()
	return port.Address{Scheme: port.TCP, Place: l.Addr().String()}
}

func ask(t *testing.T, addr port.Address, wait time.Duration) (device.Reason, error) {
	t.Helper()
	p, err := printer.Connect(t.Context(), addr, escpos.Language{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	time.Sleep(10 * time.Millisecond) // what comes unasked is there
	ctx, cancel := context.WithTimeout(t.Context(), wait)
	defer cancel()
	return p.Ask(ctx)
}

func TestStatesOfAPrinter(t *testing.T) {
	for _, row := range []struct {
		rule                  string
		offline, fault, paper byte
		want                  device.Reason
	}{
		{"all well", 0x12, 0x12, 0x12, ""},
		{"the roll is nearly at its end", 0x12, 0x12, 0x1e, device.PaperLow},
		{"no paper", 0x32, 0x12, 0x7e, device.PaperEnd},
		{"stopped by the end of the paper", 0x32, 0x12, 0x12, device.PaperEnd},
		{"the cover is open, and so there is no paper", 0x36, 0x12, 0x72, device.CoverOpen},
		{"the knife is stuck", 0x52, 0x1a, 0x12, device.Cutter},
		{"another error", 0x52, 0x32, 0x12, device.Failure},
		{"paper is fed by the button", 0x1a, 0x12, 0x12, ""},
	} {
		addr := answering(t, "", map[byte]byte{2: row.offline, 3: row.fault, 4: row.paper})
		if got, err := ask(t, addr, 2*time.Second); got != row.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", row.rule, got, err, row.want)
		}
	}
}

// Answers to what another asked, and a status pushed at each change, are not
// taken for the answer that is waited for.
func TestUnaskedAnswersAreShruggedOff(t *testing.T) {
	addr := answering(t, "\x72\x72\x14\x00\x0c\x0f\x37\x220001\x00", map[byte]byte{2: 0x12, 4: 0x12})
	if got, err := ask(t, addr, 2*time.Second); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAPrinterThatDoesNotAnswerTimesOut(t *testing.T) {
	began := time.Now()
	if _, err := ask(t, answering(t, "", nil), 50*time.Millisecond); device.ReasonOf(err) != device.Timeout || time.Since(began) > time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func TestALinkThatBreaksIsLost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			io.ReadFull(c, make([]byte, 3))
			c.Close()
		}
	}()
	_, err = ask(t, port.Address{Scheme: port.TCP, Place: l.Addr().String()}, 2*time.Second)
	if device.ReasonOf(err) != device.Lost || !errors.Is(err, port.ErrGone) {
		t.Errorf("%v", err)
	}
	l.Close()
	if _, err := printer.Connect(t.Context(), port.Address{Scheme: port.TCP, Place: l.Addr().String()}, escpos.Language{}); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("nobody there: %v", err)
	}
}
