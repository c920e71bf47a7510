package port

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"guitai/hardware/device"
)

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func opened(t *testing.T, a Address) Link {
	t.Helper()
	link, err := Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	return link
}

// dialled is a socket with a till at one end and a device at the other.
func dialled(t *testing.T) (link Link, device *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	link, err = Open(t.Context(), Address{Scheme: TCP, Place: l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close(); c.Close() })
	return link, c.(*net.TCPConn)
}

func TestTCPRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := l.Addr().String()
	l.Close()
	if _, err := Open(t.Context(), Address{Scheme: TCP, Place: place}); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("open: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, Address{Scheme: TCP, Place: place}); err == nil {
		t.Error("opened after the end")
	}
}

func TestTCPBothWays(t *testing.T) {
	link, far := dialled(t)
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	if err := link.Write(within(t, time.Second), all); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 256)
	if _, err := io.ReadFull(far, got); err != nil || !bytes.Equal(got, all) {
		t.Errorf("the device reads % x, %v", got, err)
	}
	far.Write(all)
	got = got[:0]
	buf := make([]byte, 100)
	for len(got) < 256 {
		n, err := link.Read(within(t, time.Second), buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	if !bytes.Equal(got, all) {
		t.Errorf("the till reads % x", got)
	}
}

// A read that was given up costs nothing that comes later.
func TestTCPReadAgainAfterADeadline(t *testing.T) {
	link, far := dialled(t)
	buf := make([]byte, 8)
	for range 3 {
		began := time.Now()
		if _, err := link.Read(within(t, 20*time.Millisecond), buf); !errors.Is(err, ErrTimeout) {
			t.Fatalf("read of nothing: %v", err)
		}
		if took := time.Since(began); took < 15*time.Millisecond || took > time.Second {
			t.Errorf("gave up after %s", took)
		}
	}
	far.Write([]byte{0x12})
	if n, err := link.Read(within(t, time.Second), buf); n != 1 || err != nil || buf[0] != 0x12 {
		t.Errorf("read %d, %v", n, err)
	}
}

// A device that reads slowly gets all; one that reads nothing ends the write
// with the context and no later.
func TestTCPSlowReader(t *testing.T) {
	link, far := dialled(t)
	page := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MB, more than the system holds
	sum := make(chan []byte)
	go func() {
		var got []byte
		buf := make([]byte, 64<<10)
		for len(got) < len(page) {
			time.Sleep(time.Millisecond)
			n, err := far.Read(buf)
			if err != nil {
				break
			}
			got = append(got, buf[:n]...)
		}
		sum <- got
	}()
	if err := link.Write(within(t, 20*time.Second), page); err != nil {
		t.Fatal(err)
	}
	if got := <-sum; !bytes.Equal(got, page) {
		t.Errorf("%d bytes of %d arrived right", len(got), len(page))
	}
	began := time.Now()
	if err := link.Write(within(t, 100*time.Millisecond), page); !errors.Is(err, ErrTimeout) {
		t.Errorf("write to a device that reads nothing: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("gave up after %s", took)
	}
}

// What is left of a write that was given up does not come out later; what was
// written before a plain Close does.
func TestTCPAbandonedWriteIsNotSent(t *testing.T) {
	link, far := dialled(t)
	if err := link.Write(within(t, 100*time.Millisecond), make([]byte, 64<<20)); !errors.Is(err, ErrTimeout) {
		t.Fatalf("write: %v", err)
	}
	link.Close()
	if n, err := io.Copy(io.Discard, far); err == nil {
		t.Errorf("%d bytes and an orderly end", n)
	}
	link, far = dialled(t)
	page := make([]byte, 200<<10)
	if err := link.Write(within(t, time.Second), page); err != nil {
		t.Fatal(err)
	}
	link.Close()
	if n, err := io.Copy(io.Discard, far); err != nil || n != int64(len(page)) {
		t.Errorf("%d bytes of %d, %v", n, len(page), err)
	}
}

// A device that ends its half is gone for who reads, and still takes bytes.
func TestTCPHalfClosed(t *testing.T) {
	link, far := dialled(t)
	far.Write([]byte("x"))
	far.CloseWrite()
	buf := make([]byte, 8)
	if n, err := link.Read(within(t, time.Second), buf); n != 1 || err != nil {
		t.Errorf("what came before: %d, %v", n, err)
	}
	if _, err := link.Read(within(t, time.Second), buf); !errors.Is(err, ErrGone) {
		t.Errorf("read: %v", err)
	}
	if err := link.Write(within(t, time.Second), []byte("slip")); err != nil {
		t.Errorf("write: %v", err)
	}
	if n, err := far.Read(buf); err != nil || string(buf[:n]) != "slip" {
		t.Errorf("the device reads %q, %v", buf[:n], err)
	}
}

func TestTCPResetInTheMiddleOfAWrite(t *testing.T) {
	link, far := dialled(t)
	far.SetReadBuffer(4096)
	go func() {
		io.CopyN(io.Discard, far, 10000)
		far.SetLinger(0)
		far.Close()
	}()
	if err := link.Write(within(t, 10*time.Second), make([]byte, 64<<20)); !errors.Is(err, ErrGone) {
		t.Errorf("write: %v", err)
	}
	if _, err := link.Read(within(t, time.Second), make([]byte, 8)); !errors.Is(err, ErrGone) {
		t.Errorf("read: %v", err)
	}
}

// Close ends a read and a write that are under way, at once.
func TestTCPCloseAtOnce(t *testing.T) {
	link, _ := dialled(t)
	ended := make(chan error, 2)
	go func() {
		_, err := link.Read(t.Context(), make([]byte, 8))
		ended <- err
	}()
	go func() { ended <- link.Write(t.Context(), make([]byte, 64<<20)) }()
	time.Sleep(20 * time.Millisecond)
	began := time.Now()
	link.Close()
	for range 2 {
		if err := <-ended; !errors.Is(err, ErrGone) {
			t.Errorf("ended with %v", err)
		}
	}
	if took := time.Since(began); took > 200*time.Millisecond {
		t.Errorf("took %s", took)
	}
}
