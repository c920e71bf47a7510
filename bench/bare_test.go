package bench

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A bare file is written in place and synced: the least that anything durable
// can cost.
type bare struct {
	f   *os.File
	buf []byte
	n   int64
}

func newBare(b *testing.B, size int) *bare {
	f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := &bare{f: f, buf: make([]byte, size)}
	for range places {
		w.write(b)
	}
	w.n = 0
	return w
}

const places = 64

func (w *bare) write(b *testing.B) time.Duration {
	start := time.Now()
	w.buf[0]++
	if _, err := w.f.WriteAt(w.buf, w.n%places*int64(len(w.buf))); err != nil {
		b.Fatal(err)
	}
	if err := w.f.Sync(); err != nil {
		b.Fatal(err)
	}
	w.n++
	return time.Since(start)
}
