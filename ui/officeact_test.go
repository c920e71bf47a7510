package ui

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// later lets work be done at once and what follows wait, as where the disk is slow. The returned function lets all
// that waits happen.
func (c *counter) later() (finish func()) {
	var waiting []func()
	c.w.ports.Async = func(work func(context.Context), done func()) {
		work(c.ctx)
		if done != nil {
			waiting = append(waiting, done)
		}
	}
	return func() {
		for len(waiting) > 0 {
			next := waiting[0]
			waiting = waiting[1:]
			next()
		}
	}
}

func TestAShopIsFoundedOnceHoweverOftenItIsAsked(t *testing.T) {
	c, f := firstRun(t)
	c.hand("青禾", fyne.KeyReturn)
	c.hand("陈宁", fyne.KeyReturn)
	c.hand("abcd9876", fyne.KeyReturn)
	finish := c.later()
	c.hand("abcd9876", fyne.KeyReturn)
	c.sees("正在建账本，几秒钟就好")
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyF9)
	c.tap("开始卖")
	c.w.SetLanguage("en")
	c.w.SetDark(true)
	c.sees("Making the books, a few seconds")
	if len(f.asked) != 1 {
		t.Fatalf("founded %d times", len(f.asked))
	}
	finish()
	c.sees("ABCDE-12345-FGHJK-67890")
}

// What was begun before the page was left is done, and nothing of it comes up over another page.
func TestActsGoOnAfterTheirPageIsLeft(t *testing.T) {
	c, r := atStaff(t, 1366, 768)
	c.tap("林晓")
	c.tap("New PIN (empty keeps it)")
	c.hand("135792")
	c.tap("The PIN again")
	finish := c.later()
	c.hand("135792", fyne.KeyReturn)
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyEscape)
	finish()
	if c.w.at == PageStaff || len(r.saved) != 1 || r.saved[0].pin != "135792" {
		t.Fatalf("at %s, saved %+v", c.w.at, r.saved)
	}
	c.w.Open(PageStaff)
	finish()
	c.sees("4 people")
}

func TestACopyIsTakenUpOnce(t *testing.T) {
	s := freshCopy()
	c := atCopies(t, 1366, 768, s)
	c.tap("Find a copy")
	c.tap("/media/stick")
	c.tap("guitai-1-20260618.db")
	finish := c.later()
	o, _ := find(c.win.Content(), "Restore this copy", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	c.sees("Restoring, do not switch off")
	o.(*kit.Button).OnHold()
	c.press(fyne.KeyEscape) // there is no way back while it goes on
	c.sees("Complete and unaltered")
	finish()
	if n := len(slices.DeleteFunc(s.did, func(x string) bool { return x[:4] == "look" })); n != 1 {
		t.Fatalf("restored %d times", n)
	}
}

// A sale that is open keeps a copy from being taken up.
func TestACopyIsNotTakenUpOverAnOpenSale(t *testing.T) {
	s := freshCopy()
	c := atCopies(t, 1366, 768, s)
	c.Do(till.AddItem{Item: c.goods.items[0]})
	c.w.Open(PageCopies)
	c.tap("Find a copy")
	c.tap("/media/stick")
	c.tap("guitai-1-20260618.db")
	c.sees("finish the open sale first")
	o, _ := find(c.win.Content(), "Restore this copy", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	if len(s.did) != 1 {
		t.Fatalf("did %q", s.did)
	}
}

// What is practised is never taken for the shop's: no copy, no person and no recovery code is made of it.
func TestPractisingMakesNoCopyNoPersonAndNoCode(t *testing.T) {
	practise := func(c *counter) {
		v := c.run.Reg.View()
		v.Practice, v.Seq = true, v.Seq+100
		c.w.Show(v)
	}
	s := freshCopy()
	c := atCopies(t, 1366, 768, s)
	practise(c)
	c.press(fyne.KeyF9)
	c.tap("Back up now")
	if len(s.did) != 0 {
		t.Fatalf("did %q", s.did)
	}
	c.sees("leave practice first")
	c, r := atStaff(t, 1366, 768)
	practise(c)
	o, _ := find(c.win.Content(), "New recovery code", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	c.sees("People and recovery codes are not changed while practising.")
	c.tap("林晓")
	c.tap("Manager")
	c.press(fyne.KeyF9)
	if r.codes != 0 || len(r.saved) != 0 {
		t.Fatalf("made %d codes, saved %+v", r.codes, r.saved)
	}
}
