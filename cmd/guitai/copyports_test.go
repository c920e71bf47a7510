package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/ui"
)

func TestAFolderListsFoldersFirstThenTheNewestFilesThatFit(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	for i, name := range []string{"new.DB", "old.db", "list.csv", ".hidden.db", "mid.db"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		when := at.Add(-time.Duration([]int{0, 9, 1, 2, 3}[i]) * time.Hour)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"b", "a.db", ".git"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	list, err := folders{}.List(t.Context(), dir, ".db")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
		if p.Path != filepath.Join(dir, p.Name) {
			t.Errorf("%s is at %s", p.Name, p.Path)
		}
	}
	if want := []string{"a.db", "b", "new.DB", "mid.db", "old.db"}; !slices.Equal(names, want) {
		t.Errorf("listed %q, want %q", names, want)
	}
	if f := list[2]; f.Folder || f.Bytes != 6 || !f.At.Equal(at) {
		t.Errorf("a file of six bytes is %+v", f)
	}
	if list, err := (folders{}).List(t.Context(), dir); err != nil || len(list) != 2 {
		t.Errorf("for choosing a folder there are %+v, %v", list, err)
	}
	if list, err := (folders{}).List(t.Context(), filepath.Join(dir, "gone"), ".db"); err == nil {
		t.Errorf("a folder that is gone lists %+v", list)
	}
}

func TestPlacesAreFoldersThatAreThereEachOnce(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	p := bareProgram(t, t.TempDir(), func(till.View) {})
	desktop := filepath.Join(home, "Desktop")
	if err := os.Mkdir(desktop, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "Documents"), nil, 0o600); err != nil { // no folder
		t.Fatal(err)
	}
	if err := p.machine.change(func(c *choices) { c.Backups = desktop }); err != nil {
		t.Fatal(err)
	}
	list, err := folders{p}.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, x := range list {
		count[x.Path]++
	}
	if list[0].Path != desktop || count[desktop] != 1 || count[home] != 1 || count[filepath.Join(home, "Documents")] != 0 {
		t.Errorf("places are %+v", list)
	}
}

func TestACopyGoesToTheFolderOfTheLastAndIsTakenUpAgain(t *testing.T) {
	p := foundedProgram(t, func(till.View) {})
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	var heard []error
	p.backedUp = func(err error) { heard = append(heard, err) }
	c := copies{p}
	stick := filepath.Join(t.TempDir(), "stick")
	first, err := c.BackUp(t.Context(), stick)
	if err != nil || filepath.Dir(first) != stick {
		t.Fatalf("copied to %q, %v", first, err)
	}
	at, last, err := c.Last(t.Context())
	if err != nil || last != first || time.Since(at) > time.Minute {
		t.Errorf("the last copy is %q of %v, %v; want %q", last, at, err, first)
	}
	info, err := c.Look(t.Context(), first)
	if err != nil || !info.Intact || info.Shop != "青禾便利店" || info.Records == 0 || info.Problem != "" {
		t.Errorf("the copy is %+v, %v", info, err)
	}
	if _, err := p.book().SaveItem(t.Context(), till.Item{Code: "101", Name: "鲜牛奶", Price: 159000}, "1001"); err != nil {
		t.Fatal(err)
	}
	second, err := c.BackUp(t.Context(), "")
	if err != nil || filepath.Dir(second) != stick || second == first {
		t.Errorf("the next copy went to %q, %v", second, err)
	}
	if err := os.WriteFile(filepath.Join(stick, "torn.db"), []byte("SQLite format 3\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if info, err := c.Look(t.Context(), filepath.Join(stick, "torn.db")); err != nil || info.Intact || info.Problem == "" {
		t.Errorf("a torn copy is %+v, %v", info, err)
	}
	before := p.at.Load()
	if err := c.Restore(t.Context(), filepath.Join(stick, "torn.db")); err == nil || p.at.Load() != before {
		t.Errorf("a torn copy was taken up: %v", err)
	}
	if err := c.Restore(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if n, err := p.book().CountItems(t.Context()); err != nil || n != 0 || p.at.Load() == nil {
		t.Errorf("%d items after taking up a copy without any, %v", n, err)
	}
	if len(heard) != 2 || heard[0] != nil || heard[1] != nil {
		t.Errorf("heard of copies %v", heard)
	}
	left, err := filepath.Glob(filepath.Join(p.dir, "*before-restore*"))
	if err != nil || len(left) == 0 {
		t.Errorf("what was there is not kept: %v, %v", left, err)
	}

	fresh := bareProgram(t, filepath.Join(t.TempDir(), "data"), func(till.View) {})
	if err := (copies{fresh}).Restore(t.Context(), filepath.Join(stick, "torn.db")); err == nil || fresh.book() != nil || (shop{fresh}).Founded() {
		t.Errorf("a torn copy was taken up on a new PC: %v", err)
	}
	if err := (copies{fresh}).Restore(t.Context(), second); err != nil || !(shop{fresh}).Founded() {
		t.Fatalf("on a new PC: %v", err)
	}
	if n, err := fresh.book().CountItems(t.Context()); err != nil || n != 1 || fresh.view().Settings.Shop.Name != "青禾便利店" {
		t.Errorf("%d items of %q, %v; want those of the copy", n, fresh.view().Settings.Shop.Name, err)
	}
}

func TestThePCsZoneSuggestsTheCurrency(t *testing.T) {
	was := time.Local
	t.Cleanup(func() { time.Local = was })
	for zone, want := range map[string]ui.Founding{
		"Asia/Shanghai": {Zone: "Asia/Shanghai", Currency: "CNY"}, "Europe/Zurich": {Zone: "Europe/Zurich", Currency: "CHF"},
		"Africa/Cairo": {Zone: "Africa/Cairo"}, "UTC": {}, "Etc/GMT+3": {},
	} {
		time.Local = time.FixedZone(zone, 0)
		if got := suggested(); got != want {
			t.Errorf("in %s: %+v, want %+v", zone, got, want)
		}
	}
	for zone, code := range currencies {
		s := till.DefaultSettings()
		if err := s.Set("zone", zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
		if err := s.Set("currency", code); err != nil || strings.ToUpper(code) != code {
			t.Errorf("%s of %s: %v", code, zone, err)
		}
	}
}
