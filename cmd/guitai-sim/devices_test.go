package main

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guitai/hardware/port"
)

// dialled connects to the device that the program says it is.
func dialled(t *testing.T, out *screen, says string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", tcpAddress.FindStringSubmatch(out.wait(t, says))[1])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

func TestScaleProgram(t *testing.T) {
	keys, out := started(t, "--lang", "en", "scale", "--listen", "127.0.0.1:0", "--language", "mettler8217")
	c := dialled(t, out, "the scale is at tcp://127.0.0.1:")
	for command, want := range map[string]string{"0.876": "\x0200.876\r", "motion": "\x02?\x41\r"} {
		io.WriteString(keys, "rest\n"+command+"\n")
		time.Sleep(50 * time.Millisecond)
		c.Write([]byte("W"))
		got := make([]byte, len(want))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", command, got, err)
		}
	}
	io.WriteString(keys, "fly\n")
	out.wait(t, `no such command "fly"`)
}

func TestDisplayProgram(t *testing.T) {
	keys, out := started(t, "--lang", "zh-Hans", "display", "--listen", "127.0.0.1:0", "--kind", "led8")
	c := dialled(t, out, "顾客显示屏在 tcp://127.0.0.1:")
	c.Write([]byte("\x0c\x02L0100\x1bQA12.50\r"))
	out.wait(t, "显示：[12.50] [] 灯 total")
	io.WriteString(keys, "off\n")
	out.wait(t, "好")
}

func TestTerminalProgram(t *testing.T) {
	keys, out := started(t, "--lang", "en", "terminal", "--listen", "127.0.0.1:0")
	c := dialled(t, out, "the card terminal is at tcp://127.0.0.1:")
	io.WriteString(keys, "manual 1250\n")
	if got := out.wait(t, "taken: trace 101, 1250 minor units"); !strings.Contains(got, "steps: register order") {
		t.Errorf("says %s", got)
	}
	c.Write([]byte("\x05\x01\x03\x00\x00\x00"))
	got := make([]byte, 7)
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "\x80\x00\x00\x06\x0f\x01\x00" {
		t.Errorf("a status of % x, %v", got, err)
	}
}

func TestTypingScannerProgram(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only Linux has input devices that can be taken over")
		return
	}
	link := filepath.Join(t.TempDir(), "event-kbd")
	keys, out := started(t, "--lang", "en", "scanner", "--pty", "--types", "--link", link, "--end", "cr")
	out.wait(t, "the scanner is at evdev:"+link)
	a, err := port.Parse("evdev:" + link)
	if err != nil {
		t.Fatal(err)
	}
	c, err := port.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(keys, "]C1010690123456789210Ab<GS>21X\n")
	var got string
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for !strings.HasSuffix(got, "\r") {
		buf := make([]byte, 64)
		n, err := c.Read(ctx, buf)
		if err != nil {
			t.Fatalf("%q, then %v", got, err)
		}
		got += string(buf[:n])
	}
	if got != "]C1010690123456789210Ab\x1d21X\r" {
		t.Errorf("typed %q", got)
	}
}
