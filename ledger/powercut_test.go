package ledger

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"guitai/till"
)

// What a power cut may do to a disk: everything up to the last sync of a file
// is there; of each later write any sector of 512 bytes may be old, new or
// garbage, and files may be longer or shorter. Files are told apart by name.

const sector = 512

// A story is a run of selling as the disk saw it.
type story struct {
	base  map[string][]byte // the files before it
	key   []byte
	calls []call
	sales []till.ID // by receipt number, from 1
}

// tell sells on a ledger and writes down what its disk was asked to do. An ack
// stands where Commit had returned.
func tell(t testing.TB, synchronous string, seed uint64, sales int) story {
	t.Helper()
	dir := t.TempDir()
	c := openShop(t, dir, Options{Synchronous: "OFF"})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	st := story{base: map[string][]byte{}}
	var err error
	if st.base[FileName], err = os.ReadFile(filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	if st.key, err = os.ReadFile(filepath.Join(dir, keyFile)); err != nil {
		t.Fatal(err)
	}
	d := watch(t, dir)
	d.keep = true
	if c.l, err = Open(bg, dir, Options{VFS: shimName, Synchronous: synchronous}); err != nil {
		t.Fatal(err)
	}
	defer c.l.Close()
	rnd := rand.New(rand.NewPCG(seed, 1))
	for i := range sales {
		s := c.basket(1 + rnd.IntN(8))
		c.must(t, till.Tx{Keep: []*till.Sale{s}, Current: s.ID})
		c.must(t, c.sold(s))
		st.sales = append(st.sales, s.ID)
		d.ack(int64(s.Receipt))
		if rnd.IntN(6) == 0 {
			if err := c.l.checkpoint(); err != nil {
				t.Fatal(err)
			}
		}
		if i == sales/2 {
			c.closeShift(t)
			c.openShift(t)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	st.calls = append([]call(nil), d.calls...)
	return st
}

// cut returns the files as a power cut before call n leaves them, and the last
// receipt acknowledged by then.
func (st *story) cut(n int, rnd *rand.Rand) (files map[string][]byte, acked int64) {
	files = map[string][]byte{}
	for name, b := range st.base {
		files[name] = append([]byte(nil), b...)
	}
	waiting := map[string][]call{}
	for _, c := range st.calls[:n] {
		switch c.op {
		case opAck:
			acked = c.at
		case opSync:
			for _, w := range waiting[c.file] {
				files[c.file] = apply(files[c.file], w)
			}
			delete(waiting, c.file)
		default:
			waiting[c.file] = append(waiting[c.file], c)
		}
	}
	for name, calls := range waiting {
		mode := rnd.IntN(4)
		upTo := rnd.IntN(len(calls) + 1)
		for i, c := range calls {
			switch {
			case mode == 0, mode == 1 && i >= upTo:
			case mode == 2 || mode == 1:
				files[name] = apply(files[name], c)
			case c.op == opWrite:
				files[name] = tear(files[name], c, rnd)
			case rnd.IntN(2) == 0:
				files[name] = apply(files[name], c)
			}
		}
	}
	return files, acked
}

func apply(b []byte, c call) []byte {
	switch c.op {
	case opWrite:
		b = grow(b, int(c.at)+len(c.data))
		copy(b[c.at:], c.data)
	case opTruncate:
		b = grow(b, int(c.at))[:c.at]
	case opDelete:
		return nil
	}
	return b
}

func grow(b []byte, n int) []byte {
	if n > len(b) {
		b = append(b, make([]byte, n-len(b))...)
	}
	return b
}

// tear keeps each sector of a write, or not, or leaves garbage there.
func tear(b []byte, c call, rnd *rand.Rand) []byte {
	b = grow(b, int(c.at)+len(c.data))
	for from := 0; from < len(c.data); {
		to := min(len(c.data), from+sector-(int(c.at)+from)%sector)
		switch rnd.IntN(5) {
		case 0, 1:
			copy(b[int(c.at)+from:], c.data[from:to])
		case 2:
			for i := from; i < to; i++ {
				b[int(c.at)+i] = byte(rnd.Uint32())
			}
		}
		from = to
	}
	return b
}

// look opens the files as a start after the cut would and reports whether
// everything acknowledged is there and everything adds up.
func (st *story) look(dir string, files map[string][]byte, acked int64) error {
	for name, b := range files {
		if len(b) == 0 {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, keyFile), st.key, 0o600); err != nil {
		return err
	}
	l, err := Open(bg, dir, Options{Synchronous: "OFF"})
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer l.Close()
	state, err := l.Recover(bg)
	if err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	if int64(state.Receipt) < acked {
		return fmt.Errorf("%w: receipt %d was acknowledged, the last one there is %d", errLost, acked, state.Receipt)
	}
	if int64(state.Receipt) > acked+1 {
		return fmt.Errorf("receipt %d is there and only %d was acknowledged", state.Receipt, acked)
	}
	for n := 1; n <= state.Receipt; n++ {
		s, err := l.Sold(bg, n)
		if err != nil || s.Sale.ID != st.sales[n-1] {
			return fmt.Errorf("receipt %d holds another sale: %w", n, err)
		}
	}
	if _, err := l.Audit(bg, nil); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

var errLost = errors.New("lost")

func isLost(err error) bool { return errors.Is(err, errLost) }

// cuts tries n power cuts over a few stories, the first told from seed, and
// returns what was found wrong.
func cuts(t testing.TB, synchronous string, n int, seed uint64) (wrong []error) {
	t.Helper()
	const perStory = 250
	for ; n > 0; seed++ {
		st := tell(t, synchronous, seed, 24)
		rnd := rand.New(rand.NewPCG(seed, 2))
		for range min(n, perStory) {
			dir, err := os.MkdirTemp(t.TempDir(), "")
			if err != nil {
				t.Fatal(err)
			}
			at := rnd.IntN(len(st.calls) + 1)
			files, acked := st.cut(at, rnd)
			if err := st.look(dir, files, acked); err != nil {
				wrong = append(wrong, fmt.Errorf("story %d cut before call %d: %w", seed, at, err))
			}
			os.RemoveAll(dir)
		}
		n -= perStory
	}
	return wrong
}

func TestPowerCutLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	for _, err := range cuts(t, "FULL", 1500, 1) {
		t.Error(err)
	}
}

// A harness that finds nothing wrong with settings known to be wrong would
// prove nothing.
func TestPowerCutFindsWhatWeakerSettingsLose(t *testing.T) {
	t.Parallel()
	lost := 0
	wrong := cuts(t, "NORMAL", 250, 1)
	for _, err := range wrong {
		if isLost(err) {
			lost++
		}
	}
	if lost < 25 || lost != len(wrong) {
		t.Errorf("synchronous=NORMAL lost an acknowledged sale in %d of 250 cuts and broke %d; want losses in many and nothing broken", lost, len(wrong)-lost)
	}
	broken := 0
	for _, err := range cuts(t, "OFF", 250, 1) {
		if !isLost(err) {
			broken++
		}
	}
	t.Logf("of 250 cuts each, NORMAL lost a sale in %d, OFF broke the ledger in %d", lost, broken)
	if broken < 25 {
		t.Errorf("synchronous=OFF broke the ledger in %d of 250 cuts only", broken)
	}
}
