package ledger

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"guitai/till"
)

// TestGuessingPINsIsSlowedDown tries PINs as somebody would who wants the
// owner's: with the operator number, and on the pad that takes a PIN alone.
func TestGuessingPINsIsSlowedDown(t *testing.T) {
	now := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const ownerPIN, cashierPIN = "correct horse 77", "590318"
	for _, p := range []struct {
		o   till.Operator
		pin string
	}{
		{till.Operator{Code: "1001", Name: "陈宁", Role: till.Owner, Active: true}, ownerPIN},
		{till.Operator{Code: "1002", Name: "林可", Role: till.Cashier, Active: true}, cashierPIN},
	} {
		if err := l.SaveOperator(bg, p.o, p.pin, "1001"); err != nil {
			t.Fatal(err)
		}
	}
	try := func(code, pin string, want till.ErrorCode) {
		t.Helper()
		if _, err := l.Verify(bg, code, pin); till.CodeOf(err) != want {
			t.Errorf("%s: %q by %q: %v, want %q", now.Format("15:04:05"), pin, code, err, want)
		}
	}
	for i := range pinTries {
		try("1001", fmt.Sprint("guess number ", i), till.WrongPIN)
	}
	// The right one is refused as well, and nobody else.
	try("1001", ownerPIN, till.PINLocked)
	try("1002", cashierPIN, "")
	now = now.Add(pinWait)
	try("1001", "guess again", till.WrongPIN)
	now = now.Add(pinWait + time.Second)
	try("1001", ownerPIN, till.PINLocked) // the wait has doubled
	now = now.Add(pinWait)
	try("1001", ownerPIN, "")

	// Without a number: the own PIN in between clears nothing.
	for i := range pinTries {
		try("", fmt.Sprintf("77001%d", i), till.WrongPIN)
		if i < pinTries-1 {
			try("", cashierPIN, "")
		}
	}
	try("", ownerPIN, till.PINLocked)
	try("", cashierPIN, till.PINLocked)
	try("1002", cashierPIN, "") // with the number nobody is kept from working
	var locked *till.Error
	if _, err := l.Verify(bg, "", cashierPIN); !errors.As(err, &locked) || locked.Detail != "31" {
		t.Errorf("%v, want the seconds to wait", err)
	}
	now = now.Add(pinWait)
	try("", cashierPIN, "")
	// Of those who go on guessing, hardly more than a PIN a minute is looked at.
	looked := 0
	for end := now.Add(20 * time.Minute); now.Before(end); now = now.Add(10 * time.Second) {
		if _, err := l.Verify(bg, "", "no PIN"); till.CodeOf(err) == till.WrongPIN {
			looked++
		}
	}
	if looked == 0 || looked > 20 {
		t.Errorf("%d guesses were looked at in 20 minutes", looked)
	}
	now = now.Add(time.Hour)
	try("", cashierPIN, "")
	// A clock that is set back a year locks nobody out.
	for range pinTries + 1 {
		_, _ = l.Verify(bg, "", "no PIN")
	}
	now = now.AddDate(-1, 0, 0)
	try("", cashierPIN, "")
}

// TestAFileThatIsNoLongerALedgerIsNamedDamaged spoils the file's head, and the
// first page of the tables.
func TestAFileThatIsNoLongerALedgerIsNamedDamaged(t *testing.T) {
	for name, at := range map[string]int64{"head": 0, "first page": 100} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c := openShop(t, dir, Options{})
			aDay(t, c)
			if err := c.l.Close(); err != nil {
				t.Fatal(err)
			}
			f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.WriteAt([]byte("damaged!"), at)
			if err = errors.Join(err, f.Close()); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(dir, FileName))
			if err != nil {
				t.Fatal(err)
			}
			for _, readOnly := range []bool{true, false} {
				if l, err := Open(bg, dir, Options{ReadOnly: readOnly}); !IsDamaged(err) {
					t.Errorf("opened: %v, want damaged", err)
					if err == nil {
						l.Close()
					}
				}
			}
			if after, err := os.ReadFile(filepath.Join(dir, FileName)); err != nil || string(after) != string(before) {
				t.Errorf("opening changed the file, %v", err)
			}
		})
	}
}

// TestAnImportOnADiskThatFailsLeavesNothing fails every write from the k-th on,
// for some k: the import is refused or done, and after the disk is well again
// the catalogue is as it was, or whole.
func TestAnImportOnADiskThatFailsLeavesNothing(t *testing.T) {
	for name, rc := range map[string]int32{"full": sqlite3.SQLITE_FULL, "read-only": sqlite3.SQLITE_READONLY, "broken": sqlite3.SQLITE_IOERR_WRITE} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c := openShop(t, dir, Options{})
			take(t, c.l, contractHeader+"100000,甲,A,1.00,瓶,standard,饮料,\n")
			before := exported(t, c.l)
			if err := c.l.Close(); err != nil {
				t.Fatal(err)
			}
			list := writeList(t, 3000)
			refused := 0
			for k := 1; k < 400; k += 37 {
				d := watch(t, dir)
				l, err := Open(bg, dir, Options{VFS: shimName})
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				d.mu.Lock()
				d.fail = func(_ int, c call) int32 {
					if c.op == opWrite {
						if n++; n >= k {
							return rc
						}
					}
					return 0
				}
				d.mu.Unlock()
				done, err := l.TakeList(bg, list, ListOptions{By: "1001"})
				d.mu.Lock()
				d.fail = nil
				d.mu.Unlock()
				if err != nil {
					refused++
					if till.CodeOf(err) != till.CannotSave && !IsUnwritable(err) {
						t.Errorf("from write %d on: %v", k, err)
					}
				} else if err := l.UndoList(bg, done.Batch, "1001"); err != nil {
					t.Error(err)
				}
				if err := l.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
				// What could not be taken back then is at the next start.
				if l, err = Open(bg, dir, Options{}); err != nil {
					t.Fatal(err)
				}
				for end := time.Now().Add(20 * time.Second); len(exported(t, l)) != 1 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
				}
				wantGoods(t, l, before...)
				if _, err := l.Audit(bg, nil); err != nil {
					t.Error(err)
				}
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if refused == 0 {
				t.Error("no import met the fault")
			}
		})
	}
}
