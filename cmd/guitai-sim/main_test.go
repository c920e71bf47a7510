package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is what the program writes, read while it runs.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) wait(t *testing.T, what string) string {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		s.mu.Lock()
		got := s.b.String()
		s.mu.Unlock()
		if strings.Contains(got, what) {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("no %q in:\n%s", what, got)
		}
	}
}

// started runs the program with a keyboard to type at.
func started(t *testing.T, args ...string) (keys io.Writer, out *screen) {
	t.Helper()
	in, keyboard := io.Pipe()
	out = &screen{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() { ended <- run(ctx, args, in, out, out) }()
	t.Cleanup(func() {
		stop()
		keyboard.Close()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d:\n%s", code, out.wait(t, ""))
		}
	})
	return keyboard, out
}

var tcpAddress = regexp.MustCompile(`tcp://(\S+)`)

func TestPrinterProgram(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "slips")
	keys, out := started(t, "--lang", "en", "printer", "--listen", "127.0.0.1:0", "--out", dir)
	place := tcpAddress.FindStringSubmatch(out.wait(t, "the printer is at tcp://127.0.0.1:"))[1]
	io.WriteString(keys, "cover open\n")
	out.wait(t, "done")
	c, err := net.Dial("tcp", place)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	b := make([]byte, 1)
	c.Write([]byte("\x10\x04\x02"))
	if _, err := c.Read(b); err != nil || b[0] != 0x16 {
		t.Errorf("answer %x, %v", b, err)
	}
	io.WriteString(keys, "cover closed\nfly\n")
	out.wait(t, `no such command "fly"`)
	c.Write([]byte("\x1b@\x1c&\xb2\xe2\xca\xd4\xd2\xb3 A\n\x1dV\x00\x1bp\x00\x32\xfa"))
	got := out.wait(t, "the drawer opened: pin 2, 100ms")
	if !strings.Contains(got, "测试页 A\n[cut full]") {
		t.Errorf("wrote\n%s", got)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(names) != 1 {
		t.Fatalf("saved %q, %v", names, err)
	}
	if text, err := os.ReadFile(names[0]); err != nil || string(text) != "测试页 A\n[cut full]\n" {
		t.Errorf("saved %q, %v", text, err)
	}
	raw := strings.TrimSuffix(names[0], ".txt") + ".bin"
	if text, err := os.ReadFile(raw); err != nil || string(text) != "\x1b@\x1c&\xb2\xe2\xca\xd4\xd2\xb3 A\n\x1dV\x00" {
		t.Errorf("saved %q, %v", text, err)
	}
}

func TestScannerProgram(t *testing.T) {
	keys, out := started(t, "--lang", "zh-Hans", "scanner", "--listen", "127.0.0.1:0", "--end", "cr")
	place := tcpAddress.FindStringSubmatch(out.wait(t, "扫码枪在 tcp://127.0.0.1:"))[1]
	c, err := net.Dial("tcp", place)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(keys, "6901234567892\n\n0101<GS>X\n")
	got := make([]byte, len("6901234567892\r0101\x1dX\r"))
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "6901234567892\r0101\x1dX\r" {
		t.Errorf("read %q, %v", got, err)
	}
	io.WriteString(keys, "!unplug\n")
	if _, err := c.Read(got); err == nil {
		t.Error("still plugged in")
	}
	io.WriteString(keys, "!plug\n")
	out.wait(t, "好\n好\n")
	c, err = net.Dial("tcp", place)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{
		{}, {"drawer"}, {"printer"}, {"printer", "--listen", "127.0.0.1:0", "--pty"}, {"scanner", "--pty", "--end", "x"}, {"--lang", "fr", "printer", "--pty"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != exitUsage || errs.Len() == 0 {
			t.Errorf("%q: exit %d, %s", args, code, errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"--lang", "en", "printer", "--listen", "nowhere"}, strings.NewReader(""), &out, &errs); code != exitRefused || !strings.Contains(errs.String(), "try another address") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
	for lang, want := range map[string]string{"en": "writes each slip as text", "zh-Hans": "把每张小票写成文字"} {
		out.Reset()
		if code := run(t.Context(), []string{"--lang", lang, "printer", "--help"}, strings.NewReader(""), &out, &errs); code != 0 || !strings.Contains(out.String(), want) || strings.Contains(out.String(), "${") {
			t.Errorf("%s: exit %d\n%s", lang, code, out.String())
		}
	}
}
