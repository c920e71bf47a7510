package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
)

// foundedProgram is a program, not open yet, on a shop that was just founded.
func foundedProgram(t *testing.T, show func(till.View)) *program {
	t.Helper()
	dir := t.TempDir()
	s := till.DefaultSettings()
	if err := s.Set("shop.name", "青禾便利店"); err != nil {
		t.Fatal(err)
	}
	if _, err := command.FoundShop(t.Context(), dir, s, "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	return bareProgram(t, dir, show)
}

func bareProgram(t *testing.T, dir string, show func(till.View)) *program {
	t.Helper()
	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(dir, m, slog.New(slog.DiscardHandler), show)
	t.Cleanup(func() { p.close() })
	return p
}

func TestTheFirstViewFindsItsLedgerThere(t *testing.T) {
	var views, late atomic.Int32
	var p *program
	p = foundedProgram(t, func(till.View) {
		views.Add(1)
		book := p.book()
		if book == nil || !(shop{p}).Founded() {
			late.Add(1)
		} else if _, err := book.CountItems(t.Context()); err != nil {
			late.Add(1)
		}
	})
	for _, change := range []func() error{p.open, func() error { return p.practise(true) }, func() error { return p.practise(false) }} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	if views.Load() < 3 || late.Load() > 0 {
		t.Errorf("%d of %d views came before the ledger that answers for them", late.Load(), views.Load())
	}
}

func TestNoLedgerIsOpenedOnceTheTillHasEnded(t *testing.T) {
	p := foundedProgram(t, func(till.View) {})
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]func() error{"open": p.open, "practise": func() error { return p.practise(true) }} {
		if err := f(); !errors.Is(err, errEnded) {
			t.Errorf("%s after the end: %v", what, err)
		}
	}
	p.Do(till.SignOff{})
	l, err := ledger.Open(t.Context(), p.dir, ledger.Options{})
	if err != nil {
		t.Fatalf("the folder is not free: %v", err)
	}
	l.Close()
}

func TestPractisingTwiceIsPractisingOnce(t *testing.T) {
	p := foundedProgram(t, func(till.View) {})
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	for _, on := range []bool{false, true, true, false, false} {
		if err := p.practise(on); err != nil {
			t.Fatalf("practise %v: %v", on, err)
		}
		if p.practising() != on {
			t.Fatalf("practising %v, want %v", p.practising(), on)
		}
	}
}

func TestAFolderWithoutALedgerHasNoBook(t *testing.T) {
	p := bareProgram(t, t.TempDir(), func(till.View) {})
	if err := p.open(); !errors.Is(err, ledger.ErrNone) {
		t.Fatalf("open an empty folder: %v", err)
	}
	if p.book() != nil || (shop{p}).Founded() {
		t.Error("an empty folder has a ledger")
	}
	if at, name, err := (copies{p}).lastBackup(t.Context()); !at.IsZero() || name != "" || err != nil {
		t.Errorf("last copy of no ledger: %v %q %v", at, name, err)
	}
	p.Do(till.SignOff{})
}

// Where practising ends and the shop's ledger cannot be opened, the window
// hears of it: a till without a ledger must not look as if it could sell.
func TestNoLedgerToGoBackToIsSaid(t *testing.T) {
	p := foundedProgram(t, func(till.View) {})
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	var lost error
	p.lost = func(err error) { lost = err }
	if err := p.practise(true); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(p.dir, ledger.FileName), filepath.Join(p.dir, "away")); err != nil {
		t.Fatal(err)
	}
	if err := p.practise(false); err == nil || lost == nil {
		t.Errorf("left practising: %v; the window heard %v", err, lost)
	}
}
