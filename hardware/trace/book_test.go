package trace

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"guitai/hardware/port"
)

// until waits for what a timer or another goroutine brings about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s", what)
		}
	}
}

func shown(list []Entry) string {
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintf(&b, "%s %q %s\n", e.Way, e.Bytes, e.Note)
	}
	return b.String()
}

// What went over a real socket is kept in both directions, and a payment code
// that came in pieces is masked as one.
func TestBookHearsASocket(t *testing.T) {
	far, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	go func() {
		c, err := far.Accept()
		if err != nil {
			return
		}
		for _, piece := range []string{"28461", "2345678", "901234\r"} {
			_, _ = c.Write([]byte(piece))
			time.Sleep(30 * time.Millisecond)
		}
		_, _ = c.Read(make([]byte, 16))
		c.Close()
	}()
	book := New(Options{})
	addr := port.Address{Scheme: port.TCP, Place: far.Addr().String()}
	ctx, stop := context.WithTimeout(port.Tapped(t.Context(), book), 10*time.Second)
	defer stop()
	link, err := port.Open(ctx, addr)
	if err != nil {
		t.Fatal(err)
	}
	got, buf := "", make([]byte, 64)
	for len(got) < 19 {
		n, err := link.Read(ctx, buf)
		if err != nil {
			t.Fatal(err)
		}
		got += string(buf[:n])
	}
	if got != "284612345678901234\r" {
		t.Fatalf("the link itself gives %q", got)
	}
	if err := link.Write(ctx, []byte("\x1b@hello")); err != nil {
		t.Fatal(err)
	}
	if err := link.Close(); err != nil {
		t.Fatal(err)
	}
	want := "opened \"\" \nin \"**************1234\\r\" \nout \"\\x1b@hello\" \nclosed \"\" \n"
	if got := shown(book.Entries(addr)); got != want {
		t.Errorf("kept\n%s\nwant\n%s", got, want)
	}
	if list := book.Entries(port.Address{Scheme: port.TCP, Place: "127.0.0.1:1"}); len(list) != 0 {
		t.Errorf("another address has %s", shown(list))
	}
}

// A port that cannot be opened is told of once, and why.
func TestBookTellsWhyNothingOpens(t *testing.T) {
	book := New(Options{})
	addr := port.Address{Scheme: port.Serial, Place: "/dev/guitai-none", Line: port.Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}
	for range 3 {
		if _, err := port.Open(port.Tapped(t.Context(), book), addr); err == nil {
			t.Fatal("it opens")
		}
	}
	if list := book.Entries(); len(list) != 1 || !strings.HasPrefix(list[0].Note, "no_hardware: ") {
		t.Errorf("kept %s", shown(list))
	}
}

// The middle of a code that a pause cut in two is masked all the same, and a
// long slip is bounded.
func TestBookCutsAndBounds(t *testing.T) {
	book := New(Options{})
	addr := port.Address{Scheme: port.TCP, Place: "a:1"}
	book.Received(addr, []byte("2846123456789"))
	until(t, "the first half", func() bool { return len(book.Entries(addr)) == 1 })
	book.Received(addr, []byte("01234\r"))
	until(t, "the second half", func() bool { return len(book.Entries(addr)) == 2 })
	if got := string(book.Entries(addr)[1].Bytes); got != "*****\r" {
		t.Errorf("the rest of a code is %q", got)
	}
	for range 40 { // a code may stand across the pieces of a slip
		book.Sent(addr, []byte(strings.Repeat("x\n", 1000)+"284612345678901234"), nil)
	}
	book.Closed(addr)
	n := 0
	for _, e := range book.Entries(addr) {
		if n += len(e.Bytes); strings.Contains(string(e.Bytes), "28461234") {
			t.Fatalf("%q", e.Bytes)
		}
	}
	if n > keepBytes || n < keepBytes-2*pieceMax {
		t.Errorf("%d bytes are kept", n)
	}
}

func TestBookFollows(t *testing.T) {
	book := New(Options{})
	mine, other := port.Address{Scheme: port.TCP, Place: "a:1"}, port.Address{Scheme: port.TCP, Place: "b:1"}
	ctx, stop := context.WithCancel(t.Context())
	heard, ended := make(chan Entry, 10), make(chan error, 1)
	go func() { ended <- book.Follow(ctx, mine, func(e Entry) error { heard <- e; return nil }) }()
	until(t, "the follower", func() bool { book.mu.Lock(); defer book.mu.Unlock(); return len(book.hearing) == 1 })
	book.Sent(other, []byte("no"), nil)
	book.Sent(mine, []byte("yes"), nil)
	book.Sent(mine, []byte("gone"), port.ErrGone)
	if e := <-heard; e.Way != Out || string(e.Bytes) != "yes" {
		t.Errorf("heard %+v", e)
	}
	if e := <-heard; e.Way != Failed || e.Note != port.ErrGone.Error() {
		t.Errorf("heard %+v", e)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
