package terminal

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/hardware/port"
)

// Sessions are both sides of a conversation: > is what the till must send, byte
// for byte, < what the terminal answers, = what the till made of it. They were
// written from the protocol; one recorded at a physical terminal belongs here.
func TestRecordedSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.session")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d sessions, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) { playBack(t, name) })
	}
}

func playBack(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	want := ""
	played := make(chan error, 1)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if says, ok := strings.CutPrefix(lines[len(lines)-1], "= "); ok {
		want = says
	}
	go func() { played <- play(l, lines) }()
	z, err := NewZVT(port.Address{Scheme: port.TCP, Place: l.Addr().String()}, ZVTSettings{Slips: true, Silence: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	p := Payment{Ref: "1", Amount: 3640, Currency: 978}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if p.Mark, err = z.Mark(ctx); err != nil {
		t.Fatal(err)
	}
	r := z.Pay(ctx, p, func(string) {})
	if err := <-played; err != nil {
		t.Error(err)
	}
	if got := fmt.Sprintf("%s card %s trace %s receipt %s scheme %q", r.Outcome, r.Card, r.Trace, r.Receipt, r.Scheme); got != want {
		t.Errorf("the till made %s of it, want %s", got, want)
	}
}

// play is the terminal's side.
func play(l net.Listener, lines []string) error {
	var c net.Conn
	for n, line := range lines {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' || line[0] == '=' {
			continue
		}
		if line == "! hangup" {
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				return fmt.Errorf("line %d: the till says more before it hangs up: %v", n+1, err)
			}
			c.Close()
			c = nil
			continue
		}
		if c == nil {
			var err error
			if c, err = l.Accept(); err != nil {
				return err
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(10 * time.Second))
		}
		b, err := hex.DecodeString(strings.ReplaceAll(line[1:], " ", ""))
		if err != nil {
			return err
		}
		if line[0] == '<' {
			if _, err := c.Write(b); err != nil {
				return err
			}
			continue
		}
		got := make([]byte, len(b))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != string(b) {
			return fmt.Errorf("line %d: the till sent % x, want % x (%v)", n+1, got, b, err)
		}
	}
	return nil
}
