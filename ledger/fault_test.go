package ledger

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"guitai/till"
)

// errorOf is what SQLite hears of a failing call.
func errorOf(c call) int32 {
	switch c.op {
	case opSync:
		return sqlite3.SQLITE_IOERR_FSYNC
	case opTruncate:
		return sqlite3.SQLITE_IOERR_TRUNCATE
	case opDelete:
		return sqlite3.SQLITE_IOERR_DELETE
	}
	return sqlite3.SQLITE_IOERR_WRITE
}

func full(call) int32 { return sqlite3.SQLITE_FULL }

// copyDir copies the files of a ledger as a kill at this moment leaves them.
func copyDir(t testing.TB, from, to string) {
	t.Helper()
	for _, name := range []string{FileName, FileName + "-wal", keyFile} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// receipts opens what is in dir plainly, audits it and returns the sales there
// by receipt number.
func receipts(dir string) (map[till.ID]int, error) {
	l, err := Open(bg, dir, Options{Synchronous: "OFF"})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	if _, err := l.Audit(bg, nil); err != nil {
		return nil, err
	}
	st, err := l.Recover(bg)
	if err != nil {
		return nil, err
	}
	there := map[till.ID]int{}
	for n := 1; n <= st.Receipt; n++ {
		s, err := l.Sold(bg, n)
		if err != nil {
			return nil, err
		}
		if there[s.Sale.ID] != 0 {
			return nil, fmt.Errorf("sale %s is there twice", s.Sale.ID)
		}
		there[s.Sale.ID] = n
	}
	return there, nil
}

// killed is receipts of a copy of dir.
func killed(t testing.TB, dir string) (map[till.ID]int, error) {
	t.Helper()
	to, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(to)
	copyDir(t, dir, to)
	return receipts(to)
}

// A faulty is one run of selling on a disk that fails.
type faulty struct {
	acked, absent []till.ID
	hit           bool
	unknown       int
	refused       int
}

// sellFaulty sells six sales on a copy of base whose disk fails as told. A sale
// that surely was not written is tried once more; after that, or when nobody
// knows, the selling stops as it would at the counter.
func sellFaulty(t testing.TB, base string, shop counter, fail func(n int, c call) int32) (f faulty, err error) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	copyDir(t, base, dir)
	d := watch(t, dir)
	d.fail = func(n int, c call) int32 {
		rc := fail(n, c)
		f.hit = f.hit || rc != 0
		return rc
	}
	c := &shop
	if c.l, err = Open(bg, dir, Options{VFS: shimName}); err != nil {
		return f, nil // the start says so, and nothing was sold
	}
	defer func() { c.l.Close() }()
selling:
	for i := range 6 {
		s := c.basket(3)
		tx := c.sold(s)
		for try := 0; ; try++ {
			e := c.l.Commit(bg, tx)
			if e == nil {
				f.acked = append(f.acked, s.ID)
				break
			}
			if errors.Is(e, till.ErrUnknown) {
				f.unknown++
				st, e := c.l.Recover(bg)
				if e != nil {
					break selling
				}
				if st.Receipt == s.Receipt {
					f.acked = append(f.acked, s.ID)
					break
				}
			} else if till.CodeOf(e) != till.CannotSave {
				return f, fmt.Errorf("commit: %w, want a refusal that names the disk", e)
			}
			f.refused++
			there, e := killed(t, dir)
			if e != nil {
				return f, fmt.Errorf("killed after a refusal: %w", e)
			}
			if there[s.ID] != 0 {
				return f, fmt.Errorf("sale %d was refused, and after a kill it is there", s.Receipt)
			}
			if try == 1 {
				f.absent = append(f.absent, s.ID)
				break selling
			}
		}
		if i == 3 {
			_ = c.l.checkpoint() // may fail like anything else
		}
	}
	there, err := killed(t, dir)
	if err == nil {
		err = f.judge(there)
	}
	if err != nil {
		return f, fmt.Errorf("killed at the end: %w", err)
	}
	d.mu.Lock()
	d.fail = nil
	d.mu.Unlock()
	_ = c.l.Close()
	c.l = &Ledger{closed: make(chan struct{})}
	there, err = receipts(dir)
	if err == nil {
		err = f.judge(there)
	}
	return f, err
}

func (f *faulty) judge(there map[till.ID]int) error {
	for _, id := range f.acked {
		if there[id] == 0 {
			return fmt.Errorf("%w: sale %s was acknowledged", errLost, id)
		}
	}
	for _, id := range f.absent {
		if there[id] != 0 {
			return fmt.Errorf("sale %s was refused and is there", id)
		}
	}
	return nil
}

// TestEveryDiskCallFails fails the k-th write, sync, truncation or deletion, for
// every k, once and from then on, with an input/output error and with a full
// disk.
func TestEveryDiskCallFails(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	c := openShop(t, base, Options{Synchronous: "OFF"})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	points, refused, unknown, stopped := 0, 0, 0, 0
	for _, how := range []struct {
		name    string
		forever bool
		rc      func(call) int32
	}{
		{"once", false, errorOf}, {"for ever", true, errorOf}, {"full once", false, full}, {"full for ever", true, full},
	} {
		for k := 1; ; k++ {
			f, err := sellFaulty(t, base, *c, func(n int, c call) int32 {
				if n == k || n > k && how.forever {
					return how.rc(c)
				}
				return 0
			})
			if err != nil {
				t.Errorf("call %d fails %s: %v", k, how.name, err)
			}
			if !f.hit {
				if len(f.acked) != 6 {
					t.Errorf("nothing failed and %d of 6 sales were recorded", len(f.acked))
				}
				break
			}
			points++
			refused += f.refused
			unknown += f.unknown
			if how.forever && len(f.acked) == 6 {
				stopped++ // failed in a checkpoint at the very end only
			}
		}
	}
	t.Logf("%d fault points; %d refusals, %d unknown outcomes", points, refused, unknown)
	if points < 400 || refused == 0 || unknown == 0 || stopped > points/10 {
		t.Errorf("%d fault points, %d refusals, %d unknown, %d never noticed: the faults do not reach the commits", points, refused, unknown, stopped)
	}
}

// TestSellingGoesOnWhenTheDiskHasRoomAgain fills the disk under a till that
// stays open.
func TestSellingGoesOnWhenTheDiskHasRoomAgain(t *testing.T) {
	for name, rc := range map[string]int32{"full": sqlite3.SQLITE_FULL, "read-only": sqlite3.SQLITE_READONLY, "broken": sqlite3.SQLITE_IOERR_WRITE} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c := openShop(t, dir, Options{})
			if err := c.l.Close(); err != nil {
				t.Fatal(err)
			}
			d := watch(t, dir)
			var err error
			if c.l, err = Open(bg, dir, Options{VFS: shimName}); err != nil {
				t.Fatal(err)
			}
			defer c.l.Close()
			c.sell(t, 2)
			open := c.basket(3)
			c.must(t, till.Tx{Keep: []*till.Sale{open}, Current: open.ID})
			fail := func(f func(int, call) int32) {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.fail = f
			}
			fail(func(_ int, c call) int32 {
				if c.op == opWrite {
					return rc
				}
				return 0
			})
			tx := c.sold(open)
			for range 3 {
				if err := c.l.Commit(bg, tx); till.CodeOf(err) != till.CannotSave && !errors.Is(err, till.ErrUnknown) {
					t.Fatalf("commit on a %s disk: %v", name, err)
				}
			}
			if err := c.l.setFailures(bg, "1001", 0, 0); till.CodeOf(err) != till.CannotSave {
				t.Errorf("another write on a %s disk: %v, want CannotSave", name, err)
			}
			fail(nil)
			st, err := c.l.Recover(bg)
			if err != nil || st.Receipt != 1 || st.Current == nil || st.Current.ID != open.ID || len(st.Current.Lines) != 3 {
				t.Fatalf("after the disk came back: receipt %d, basket %+v, %v; want receipt 1 and the open basket", st.Receipt, st.Current, err)
			}
			c.must(t, tx)
			c.must(t, tx) // the same sale again is the same sale
			if st, err = c.l.Recover(bg); err != nil || st.Receipt != 2 || st.Current != nil {
				t.Errorf("receipt %d, basket %v, %v; want receipt 2 and none", st.Receipt, st.Current, err)
			}
			if _, err := c.l.Audit(bg, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestARefusedSaleStaysAwayBesideAReader holds a snapshot open in another
// connection, as a running report does, so that the log cannot be truncated
// after a failed sync. The frames of the failed commit lie whole in the file: a
// kill must not bring them back.
func TestARefusedSaleStaysAwayBesideAReader(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	d := watch(t, dir)
	var err error
	if c.l, err = Open(bg, dir, Options{VFS: shimName}); err != nil {
		t.Fatal(err)
	}
	defer c.l.Close()
	c.sell(t, 2)
	reader, err := Open(bg, dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tx, err := reader.r().BeginTx(bg, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var n int
	if err := tx.QueryRow("SELECT count(*) FROM entry").Scan(&n); err != nil {
		t.Fatal(err)
	}
	failed := false
	d.mu.Lock()
	d.fail = func(_ int, c call) int32 {
		if c.op == opSync && !failed {
			failed = true
			return sqlite3.SQLITE_IOERR_FSYNC
		}
		return 0
	}
	d.mu.Unlock()
	s := c.basket(3)
	sale := c.sold(s)
	if err := c.l.Commit(bg, sale); till.CodeOf(err) != till.CannotSave {
		t.Fatalf("commit with a failing sync: %v, want CannotSave", err)
	}
	there, err := killed(t, dir)
	if err != nil || there[s.ID] != 0 || len(there) != 1 {
		t.Fatalf("after a kill %d sales are there, %v; want the first alone", len(there), err)
	}
	c.must(t, sale)
	if there, err = killed(t, dir); err != nil || there[s.ID] != 2 {
		t.Errorf("the sale recorded at last is not there: %v, %v", there, err)
	}
}
