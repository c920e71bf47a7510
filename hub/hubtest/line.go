package hubtest

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A Line lies between tills and a hub, and misbehaves: a request does not
// arrive, or it arrives and its answer is lost, or both are slow, or cut in the
// middle. Every connection draws its fate when it begins.
type Line struct {
	Addr string
	to   atomic.Pointer[string]
	l    net.Listener
	wg   sync.WaitGroup
	mu   sync.Mutex
	r    *rand.Rand
	bad  atomic.Int64 // of 100 connections, how many have a fate

	Lost, Unanswered, Slow atomic.Int64 // how many had which
}

// NewLine lays a line to an address until the test ends. percent of its
// connections misbehave, picked by seed.
func NewLine(t testing.TB, to string, percent int, seed uint64) *Line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &Line{Addr: l.Addr().String(), l: l, r: rand.New(rand.NewPCG(seed, 99))}
	n.To(to)
	n.bad.Store(int64(percent))
	n.wg.Go(n.serve)
	t.Cleanup(func() { l.Close(); n.wg.Wait() })
	return n
}

// To leads new connections to another address.
func (n *Line) To(addr string) { n.to.Store(&addr) }

// Mend lets new connections pass as they are.
func (n *Line) Mend() { n.bad.Store(0) }

type fate struct {
	up, down int64 // bytes after which it is cut; below 0 never
	delay    time.Duration
}

func (n *Line) draw() fate {
	n.mu.Lock()
	defer n.mu.Unlock()
	f := fate{up: -1, down: -1}
	if int64(n.r.IntN(100)) >= n.bad.Load() {
		return f
	}
	switch n.r.IntN(4) {
	case 0: // never arrives
		f.up = int64(n.r.IntN(2000))
		n.Lost.Add(1)
	case 1: // done, and the answer is lost
		f.down = int64(n.r.IntN(40))
		n.Unanswered.Add(1)
	case 2: // cut in the middle of an answer, or of one after it
		f.down = int64(n.r.IntN(3000))
		n.Unanswered.Add(1)
	default:
		f.delay = time.Duration(n.r.IntN(400)) * time.Millisecond
		n.Slow.Add(1)
	}
	return f
}

func (n *Line) serve() {
	for {
		c, err := n.l.Accept()
		if err != nil {
			return
		}
		n.wg.Go(func() { n.carry(c, n.draw()) })
	}
}

func (n *Line) carry(c net.Conn, f fate) {
	defer c.Close()
	time.Sleep(f.delay)
	up, err := net.DialTimeout("tcp", *n.to.Load(), 2*time.Second)
	if err != nil {
		return
	}
	defer up.Close()
	var both sync.WaitGroup
	both.Go(func() { copyUpTo(up, c, f.up); up.Close(); c.Close() })
	both.Go(func() { copyUpTo(c, up, f.down); c.Close(); up.Close() })
	both.Wait()
}

func copyUpTo(to io.Writer, from io.Reader, most int64) {
	if most < 0 {
		io.Copy(to, from)
		return
	}
	io.CopyN(to, from, most)
}
