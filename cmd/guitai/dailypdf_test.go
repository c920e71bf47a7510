package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// The report of each day is in the folder after its Z, once, whatever happens to
// the folder or the program in between.
func TestTheDaysReportIsWrittenOnceAndAgainAfterALaterZ(t *testing.T) {
	d := openDesk(t)
	d.signOn("1001", officeOwner)
	x := &daily{p: d.program, now: time.Now}
	folder := filepath.Join(t.TempDir(), "reports")
	due := func() {
		t.Helper()
		if err := x.due(t.Context(), d.book()); err != nil {
			t.Fatal(err)
		}
	}
	shift := func() till.BusinessDay {
		t.Helper()
		for _, c := range []till.Command{till.OpenShift{Float: 20000}, till.AddTyped{Name: "货", Price: 1000_00, Qty: money.One}, till.PayCash{}, till.CloseShift{}} {
			if err := d.act(c); err != nil {
				t.Fatalf("%T: %v", c, err)
			}
		}
		zs, _, err := d.book().Zs(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		return zs[0].Record.(*till.ZReported).Totals.Day
	}
	files := func(want int) []os.DirEntry {
		t.Helper()
		list, err := os.ReadDir(folder)
		if err != nil && want > 0 || len(list) != want {
			t.Fatalf("%d files, %v, want %d", len(list), err, want)
		}
		return list
	}
	shift()
	due()
	files(0) // no folder is set
	set := func(key, value string) {
		t.Helper()
		if err := d.act(till.SetSetting{Settings: []till.Setting{{Key: key, Value: value}}}); err != nil {
			t.Fatal(err)
		}
	}
	set("daily_pdf.folder", folder)
	due()
	list := files(1)
	day := shift()
	path := filepath.Join(folder, "guitai-1-"+day.String()+".pdf")
	if list[0].Name() != filepath.Base(path) {
		t.Fatalf("the file is %s, want %s", list[0].Name(), filepath.Base(path))
	}
	first, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(first, []byte("%PDF")) {
		t.Fatalf("%.8q, %v", first, err)
	}
	due() // a second Z of the day
	files(1)
	second, err := os.ReadFile(path)
	if err != nil || bytes.Equal(first, second) {
		t.Fatalf("the second Z did not change the file, %v", err)
	}
	// Written once: a file that was taken away stays away, also for a new program.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	due()
	x = &daily{p: d.program, now: time.Now}
	due()
	files(0)

	// A folder that cannot be written: told, and made up for once it can be.
	blocked := filepath.Join(t.TempDir(), "stick")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	set("daily_pdf.folder", blocked)
	if err := x.due(t.Context(), d.book()); err == nil {
		t.Fatal("a file served as a folder")
	}
	if s := x.out.Load(); s == nil || !s.Failed || s.Folder != blocked {
		t.Fatalf("the screen hears %+v", s)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	due()
	if s := x.out.Load(); s.Failed || s.At.IsZero() {
		t.Fatalf("the screen hears %+v", s)
	}
	if _, err := os.Stat(filepath.Join(blocked, filepath.Base(path))); err != nil {
		t.Fatal(err)
	}

	// At a time of day: the day so far, once.
	set("daily_pdf.at", "12:00")
	at := time.Date(int(day)/10000, time.Month(int(day)/100%100), int(day)%100, 11, 59, 0, 0, d.view.Settings.Zone)
	x.now = func() time.Time { return at }
	if err := os.Remove(filepath.Join(blocked, filepath.Base(path))); err != nil {
		t.Fatal(err)
	}
	there := func() bool { _, err := os.Stat(filepath.Join(blocked, filepath.Base(path))); return err == nil }
	if due(); there() {
		t.Fatal("written before its time")
	}
	at = at.Add(2 * time.Minute)
	if due(); !there() {
		t.Fatal("not written at its time")
	}
	if err := os.Remove(filepath.Join(blocked, filepath.Base(path))); err != nil {
		t.Fatal(err)
	}
	if due(); there() {
		t.Fatal("written twice")
	}
}
