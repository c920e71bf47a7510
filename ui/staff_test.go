package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// roster is the staff of a test; it notes what was saved.
type roster struct {
	list   []till.Operator
	saved  []savedPerson
	refuse error
	codes  int
}

type savedPerson struct {
	who     till.Operator
	pin, by string
}

func (r *roster) Operators(context.Context) ([]till.Operator, error) {
	return slices.Clone(r.list), nil
}

func (r *roster) SaveOperator(_ context.Context, o till.Operator, pin, by string) error {
	r.saved = append(r.saved, savedPerson{o, pin, by})
	if r.refuse == nil {
		r.list = append(slices.DeleteFunc(r.list, func(x till.Operator) bool { return x.Code == o.Code }), o)
	}
	return r.refuse
}

func (r *roster) NewRecoveryCode(context.Context) (string, error) {
	r.codes++
	return "11111-22222-33333-44444", r.refuse
}

func shopRoster() *roster {
	return &roster{list: []till.Operator{{Code: "1001", Name: "陈宁", Role: till.Owner, Active: true}, {Code: "1002", Name: "林晓", Role: till.Cashier, Active: true},
		{Code: "1003", Name: "周远", Role: till.Manager, Active: true}, {Code: "1004", Name: "吴桐", Role: till.Cashier}}}
}

func atStaff(t *testing.T, width, height float32) (*counter, *roster) {
	r := shopRoster()
	return inOffice(t, width, height, PageStaff, func(p *Ports) { p.Staff = r }), r
}

func (r *roster) last(t *testing.T, n int) savedPerson {
	t.Helper()
	if len(r.saved) != n {
		t.Fatalf("saved %d times, want %d: %+v", len(r.saved), n, r.saved)
	}
	return r.saved[n-1]
}

func TestStaffAddACashierWithAPINOfSixDigits(t *testing.T) {
	c, r := atStaff(t, 1366, 768)
	c.sees("4 people", "New person")
	c.tap("New person")
	c.hand("Zhao Yi")
	c.tap("PIN")
	c.hand("12345")
	c.press(fyne.KeyF9)
	c.sees("It has to be exactly 6 digits.")
	c.hand("8")
	c.w.SetLanguage("zh-Hans")
	c.w.SetDark(true)
	c.w.SetLanguage("en")
	c.tap("The PIN again")
	c.hand("123459", fyne.KeyReturn)
	c.sees("The two differ. Type it again.")
	r.refuse = &till.Error{Code: till.PINTaken}
	c.retype("The PIN again", "123458", fyne.KeyReturn)
	c.sees("That PIN cannot be used. Choose another.")
	r.refuse = nil
	c.retype("PIN", "135792")
	c.retype("The PIN again", "135792", fyne.KeyReturn)
	want := savedPerson{till.Operator{Code: "1005", Name: "Zhao Yi", Role: till.Cashier, Active: true}, "135792", "1001"}
	if got := r.last(t, 2); got != want {
		t.Fatalf("saved %+v, want %+v", got, want)
	}
	c.sees("Zhao Yi is saved and the new PIN is good.", "5 people")
	if c.w.office.staff.edit != nil {
		t.Fatal("the draft with its PIN is kept")
	}
}

func TestStaffChangeARoleAsksForAPINOfItsKind(t *testing.T) {
	c, r := atStaff(t, 1024, 768)
	c.tap("林晓")
	c.tap("Manager")
	c.press(fyne.KeyF9)
	if got := r.last(t, 1); got.pin != "" || got.who.Role != till.Manager || got.who.Code != "1002" || !got.who.Active {
		t.Fatalf("saved %+v", got)
	}
	c.tap("林晓")
	c.tap("Installer")
	c.press(fyne.KeyF9)
	c.sees("This role needs a new PIN.")
	c.tap("7 days")
	c.tap("New PIN (empty keeps it)")
	c.hand("setup-2026")
	c.tap("The PIN again")
	c.hand("setup-2026", fyne.KeyReturn)
	got := r.last(t, 2)
	if got.pin != "setup-2026" || got.who.Role != till.Installer || !got.who.Expires.Equal(c.now.Add(7*24*time.Hour)) {
		t.Fatalf("saved %+v, want until %v", got, c.now.Add(7*24*time.Hour))
	}
}

func TestStaffKeepOneOwnerAndForgetPINsOnLeaving(t *testing.T) {
	c, r := atStaff(t, 1366, 768)
	c.tap("Owner · 1001 · on shift")
	c.tap("May sign on")
	r.refuse = &till.Error{Code: till.NotAllowed, Detail: "owner"}
	c.tap("New PIN (empty keeps it)")
	c.hand("nevershown1")
	c.tap("The PIN again")
	c.hand("nevershown1", fyne.KeyReturn)
	c.sees("There has to be one owner who may sign on.")
	draft := c.w.office.staff.edit
	pin := draft.pin.pin[:1]
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyEscape)
	if c.w.at == PageStaff || c.w.office.staff.edit != nil || pin[0] != 0 {
		t.Fatalf("the PIN is kept after leaving, at %s", c.w.at)
	}
	for _, x := range c.words() {
		if strings.Contains(x, "nevershown") {
			t.Fatalf("the screen says %q", x)
		}
	}
}

func TestStaffMakeARecoveryCodeByAHoldAndShowItOnce(t *testing.T) {
	c, r := atStaff(t, 1366, 768)
	c.tap("New recovery code")
	if r.codes != 0 {
		t.Fatal("a tap made a recovery code")
	}
	o, _ := find(c.win.Content(), "New recovery code", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	c.sees("11111-22222-33333-44444")
	c.press(fyne.KeyEscape)
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyF9) // too early
	c.sees("11111-22222-33333-44444")
	c.wait(2 * recoveryPause)
	c.press(fyne.KeyF9)
	if c.has("11111-22222-33333-44444") || c.w.office.staff.recovery != "" {
		t.Fatal("the code is still there")
	}
	c.sees("The new recovery code is good, the old one no longer.")
	r.refuse = errors.New("disk")
	o, _ = find(c.win.Content(), "New recovery code", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	c.sees("No new recovery code was made.", "The old code is still good. Try again.")
}

func TestStaffStepThroughThePeopleByKeysAndLoseNothing(t *testing.T) {
	c, _ := atStaff(t, 1366, 768)
	who := func() string {
		if d := c.w.office.staff.edit; d != nil {
			return d.was.Code
		}
		return ""
	}
	c.press(fyne.KeyDown)
	c.press(fyne.KeyDown)
	if who() != "1002" {
		t.Fatalf("at %q, want 1002", who())
	}
	c.press(fyne.KeyUp)
	if who() != "1001" {
		t.Fatalf("at %q, want 1001", who())
	}
	c.tap("May sign on")
	c.press(fyne.KeyDown)
	if who() != "1001" || c.w.office.staff.edit.on {
		t.Fatalf("at %q: a key lost what was changed", who())
	}
}

func TestShotsSetupStaff(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter { c, _ := atStaff(t, w, h); return c }
	shootSetup(t, "staff", run, nil)
	shootSetup(t, "staff-edit", run, func(c *counter) { c.tap("林晓"); c.tap(c.w.Say("role.installer")); c.press(fyne.KeyF9) })
	shootSetup(t, "staff-code", run, func(c *counter) {
		o, _ := find(c.win.Content(), c.w.Say("staff.new_code"), fyne.NewPos(0, 0))
		o.(*kit.Button).OnHold()
	})
}
