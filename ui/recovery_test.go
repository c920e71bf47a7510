package ui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// rescuer notes what an owner was let in by.
type rescuer struct {
	asked  [][3]string
	refuse error
}

func (r *rescuer) RecoverOwner(_ context.Context, code, owner, pin string) error {
	r.asked = append(r.asked, [3]string{code, owner, pin})
	return r.refuse
}

func recovering(t *testing.T, width, height float32) (*counter, *rescuer) {
	c := opened(t, width, height)
	r := &rescuer{}
	c.w.ports.Office.Recovery = r
	c.w.SetLanguage("en")
	c.w.Open(PageRecovery)
	if c.w.at != PageRecovery {
		t.Fatalf("the recovery is shut to somebody who cannot sign on: at %s", c.w.at)
	}
	return c, r
}

func TestRecoverySetsTheOwnersPINByTheCodeAsItIsRead(t *testing.T) {
	c, r := recovering(t, 1366, 768)
	// O and L are read for 0 and 1, small letters and missing dashes do not matter.
	c.hand("abcde l2345 fghjk67O90", fyne.KeyReturn)
	c.hand("newpin2026", fyne.KeyReturn)
	c.hand("newpin2026", fyne.KeyReturn)
	want := [3]string{"ABCDE-12345-FGHJK-67090", "1001", "newpin2026"}
	if len(r.asked) != 1 || r.asked[0] != want {
		t.Fatalf("asked %q, want %q", r.asked, want)
	}
	c.sees("The new PIN is set")
	if s := c.w.office.recovery; s.code != "" || len(s.pin.pin)+len(s.pin.again) != 0 {
		t.Fatal("the code or the PIN is still held")
	}
	c.press(fyne.KeyReturn)
	if c.w.at != PageSignOn {
		t.Fatalf("at %s after the PIN was set", c.w.at)
	}
}

func TestRecoveryRefusesInWordsAndForgetsOnLeaving(t *testing.T) {
	c, r := recovering(t, 1024, 768)
	c.hand("ABC", fyne.KeyReturn)
	c.hand("short", fyne.KeyReturn)
	c.hand("short", fyne.KeyReturn)
	c.sees("The code has 20 characters in four groups; 3 are typed.", "Too short: at least 8 characters.")
	if len(r.asked) != 0 {
		t.Fatalf("asked %q", r.asked)
	}
	for _, row := range []struct {
		err  error
		says string
	}{
		{&till.Error{Code: till.WrongPIN}, "That code is not right, nothing has changed. Compare it with the paper and type it again."},
		{&till.Error{Code: till.NotAllowed}, "This till has no recovery code."},
		{&till.Error{Code: till.PINTaken}, "That PIN cannot be used. Choose another."},
		{errors.New("secret inside"), "The PIN was not set."},
	} {
		c.w.Back()
		c.w.Open(PageRecovery)
		for _, x := range c.words() {
			if strings.Contains(x, "ABC") {
				t.Fatalf("the page still shows %q after it was left", x)
			}
		}
		r.refuse = row.err
		c.hand("ABCDE12345FGHJK67890", fyne.KeyReturn)
		c.hand("newpin2026", fyne.KeyReturn)
		c.hand("newpin2026", fyne.KeyReturn)
		c.sees(row.says)
	}
	if len(r.asked) != 4 {
		t.Fatalf("asked %d times", len(r.asked))
	}
}

func TestShotsSetupRecovery(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter { c, _ := recovering(t, w, h); return c }
	shootSetup(t, "recovery", run, nil)
	shootSetup(t, "recovery-wrong", run, func(c *counter) {
		c.w.ports.Office.Recovery.(*rescuer).refuse = &till.Error{Code: till.WrongPIN}
		c.hand("ABCDE12345FGHJK67890", fyne.KeyReturn)
		c.hand("newpin2026", fyne.KeyReturn)
		c.hand("newpin2026", fyne.KeyReturn)
	})
}
