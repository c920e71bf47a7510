package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// shelfOfCopies is where copies go in a test, and what is in them.
type shelfOfCopies struct {
	did    []string
	at     time.Time
	path   string
	info   CopyInfo
	refuse error
	noLook error
}

func (s *shelfOfCopies) note(what string) error {
	s.did = append(s.did, what)
	return s.refuse
}

func (s *shelfOfCopies) BackUp(_ context.Context, folder string) (string, error) {
	return folder + "/guitai-1.db", s.note("back up " + folder)
}

func (s *shelfOfCopies) Last(context.Context) (time.Time, string, error) { return s.at, s.path, nil }

func (s *shelfOfCopies) Look(_ context.Context, path string) (CopyInfo, error) {
	s.did = append(s.did, "look "+path)
	return s.info, s.noLook
}

func (s *shelfOfCopies) Restore(_ context.Context, path string) error {
	return s.note("restore " + path)
}

// stick is a file system of one stick with two copies.
type stick struct{}

func (stick) Places(context.Context) ([]Place, error) {
	return []Place{{Path: "/media/stick", Name: "/media/stick", Folder: true}, {Path: "/media/shop/Desktop", Name: "/media/shop/Desktop", Folder: true}}, nil
}

func (stick) List(_ context.Context, folder string, ends ...string) ([]Place, error) {
	if !slices.Equal(ends, []string{"db"}) {
		return nil, errors.New("not looking for copies")
	}
	return []Place{{Path: folder + "/guitai-1-20260618.db", Name: "guitai-1-20260618.db", Bytes: 4 << 20, At: time.Date(2026, 6, 18, 1, 0, 0, 0, time.UTC)}}, nil
}

func freshCopy() *shelfOfCopies {
	return &shelfOfCopies{at: time.Date(2026, 6, 17, 14, 30, 0, 0, time.UTC), path: "/media/stick/guitai-1.db",
		info: CopyInfo{Shop: "青禾便利店", Till: "1", Records: 1234, Sales: 98, Receipts: 0, LastAt: time.Date(2026, 6, 17, 14, 29, 0, 0, time.UTC), Bytes: 4 << 20, Intact: true}}
}

func atCopies(t *testing.T, width, height float32, s *shelfOfCopies) *counter {
	return inOffice(t, width, height, PageCopies, func(p *Ports) { p.Office.Copies, p.Office.Folders = s, stick{} })
}

func TestCopiesBackUpToTheUsualAndToAnotherFolder(t *testing.T) {
	s := freshCopy()
	c := atCopies(t, 1366, 768, s)
	c.sees("Last copy 2026-06-17 22:30", "/media/stick/guitai-1.db")
	c.press(fyne.KeyF9)
	c.sees("The copy is made and checked.")
	c.tap("Choose another folder")
	c.tap("Put the copy here") // no folder is open yet
	c.tap("/media/stick")
	c.tap("Put the copy here")
	if want := []string{"back up ", "back up /media/stick"}; !slices.Equal(s.did, want) {
		t.Fatalf("did %q, want %q", s.did, want)
	}
	s.refuse = errors.New("no space left on /media/stick")
	c.press(fyne.KeyF9)
	c.sees("No copy was made.", "The books and earlier copies are safe. Check that the stick is plugged in and has space, then try again.")
}

func TestCopiesShowWhatARestoreWouldLoseAndWantAHold(t *testing.T) {
	s := freshCopy()
	c := atCopies(t, 1366, 768, s)
	c.goods.items = c.goods.items[:1]
	for range 2 {
		c.Do(till.AddItem{Item: c.goods.items[0]})
		c.Do(till.PayCash{})
	}
	c.w.Open(PageCopies)
	c.tap("Find a copy")
	c.tap("/media/stick")
	c.tap("guitai-1-20260618.db")
	c.sees("2 receipts would be missing", "Complete and unaltered", "青禾便利店", "1,234", "4.0 MB")
	c.w.SetLanguage("zh-Hans")
	c.sees("会少 2 张小票")
	c.tap("用这份拷贝恢复")
	if want := []string{"look /media/stick/guitai-1-20260618.db"}; !slices.Equal(s.did, want) {
		t.Fatalf("a tap did %q", s.did)
	}
	hold := func() {
		o, _ := find(c.win.Content(), c.w.Say("copies.do_restore"), fyne.NewPos(0, 0))
		o.(*kit.Button).OnHold()
	}
	s.refuse = errors.New("disk")
	hold()
	c.sees("没有恢复成。", "原来的账还在用，一条都没有少。请再试一次，或换一份拷贝。")
	s.refuse = nil
	hold()
	if want := "restore /media/stick/guitai-1-20260618.db"; len(s.did) != 3 || s.did[2] != want {
		t.Fatalf("did %q, want %q last", s.did, want)
	}
	c.sees("已恢复。")
}

func TestCopiesThatAreDamagedOrNoneAreNotTakenUp(t *testing.T) {
	s := freshCopy()
	s.info.Intact, s.info.Problem = false, "record 17: hash differs"
	c := atCopies(t, 1024, 768, s)
	c.tap("Find a copy")
	c.tap("/media/stick")
	c.tap("guitai-1-20260618.db")
	c.sees("This copy cannot be used", "the copy is damaged")
	o, _ := find(c.win.Content(), "Restore this copy", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	c.press(fyne.KeyEscape)
	s.noLook = errors.New("no ledger")
	c.tap("guitai-1-20260618.db")
	c.sees("This is no copy of the books")
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyEscape)
	c.sees("Find a copy")
	if slices.ContainsFunc(s.did, func(x string) bool { return x[:3] == "res" }) {
		t.Fatalf("did %q", s.did)
	}
}

func TestFirstRunTakesACopyUp(t *testing.T) {
	s := freshCopy()
	c := opened(t, 1366, 768)
	c.w.ports.Shop = &founder{c: c}
	c.w.ports.Office.Copies, c.w.ports.Office.Folders = s, stick{}
	c.show()
	c.w.SetLanguage("en")
	c.tap("Restore a copy")
	c.tap("/media/stick")
	c.tap("guitai-1-20260618.db")
	o, _ := find(c.win.Content(), "Restore this copy", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	if want := "restore /media/stick/guitai-1-20260618.db"; len(s.did) != 2 || s.did[1] != want {
		t.Fatalf("did %q, want %q last", s.did, want)
	}
}

func TestShotsSetupCopies(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter { return atCopies(t, w, h, freshCopy()) }
	shootSetup(t, "copies", run, nil)
	look := func(c *counter) {
		c.tap(c.w.Say("copies.look"))
		c.tap("/media/stick")
		c.tap("guitai-1-20260618.db")
	}
	shootSetup(t, "copies-pick", run, func(c *counter) { c.tap(c.w.Say("copies.elsewhere")); c.tap("/media/stick") })
	shootSetup(t, "copies-look", run, func(c *counter) {
		c.Do(till.AddItem{Item: c.goods.items[0]})
		c.Do(till.PayCash{})
		c.Do(till.NextSale{})
		c.w.Open(PageCopies)
		look(c)
	})
	shootSetup(t, "copies-damaged", func(t *testing.T, w, h float32) *counter {
		s := freshCopy()
		s.info.Intact, s.info.Problem, s.info.Shop = false, "record 17: hash differs from the one before", "另一家店"
		s.at = time.Time{}
		return atCopies(t, w, h, s)
	}, look)
}
