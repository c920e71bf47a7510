package ledger

import (
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"guitai/till"
)

// TestReadingGoesOnAfterAFailedCommit lets a commit of background work fail:
// the next scan finds its item all the same once the disk is well, and while it
// is not, an import says that the disk is the reason.
func TestReadingGoesOnAfterAFailedCommit(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	take(t, c.l, contractHeader+"100000,甲,A,1.00,瓶,standard,饮料,\n")
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	d := watch(t, dir)
	l, err := Open(bg, dir, Options{VFS: shimName})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	broken := func(on bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.fail = nil
		if on {
			d.fail = func(_ int, c call) int32 {
				if c.op == opWrite {
					return sqlite3.SQLITE_IOERR_WRITE
				}
				return 0
			}
		}
	}
	broken(true)
	err = l.write(bg, "note something", func(c conn) error {
		_, err := c.ExecContext(bg, "INSERT INTO meta(key, value) VALUES ('note', '1')")
		return err
	})
	if till.CodeOf(err) != till.CannotSave {
		t.Fatalf("a write on a broken disk: %v", err)
	}
	if _, err := l.TakeList(bg, writeList(t, 10), ListOptions{By: "1001"}); till.CodeOf(err) != till.CannotSave && !IsUnwritable(err) {
		t.Errorf("an import on a broken disk: %v", err)
	}
	broken(false)
	// Work in the background has the writer at that moment.
	held := make(chan struct{})
	go func() {
		l.queue()
		close(held)
		time.Sleep(50 * time.Millisecond)
		l.mu.Unlock()
	}()
	<-held
	if it, _, ok, err := l.Lookup(bg, "100000"); err != nil || !ok || it.Name != "甲" {
		t.Errorf("look-up on the mended disk: %+v %v %v", it.Name, ok, err)
	}
}
