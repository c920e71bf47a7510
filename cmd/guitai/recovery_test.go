package main

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui"
)

// The owner who has forgotten the PIN types the recovery code on the page before
// sign-on, over the program's own ports, and signs on with the new one.
func TestAForgottenPINIsSetAnewOnTheScreen(t *testing.T) {
	d := openDesk(t)
	code, err := d.book().NewRecoveryCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const pin = "another horse 99"
	types := func(text string) {
		for _, r := range text {
			d.win.Canvas().Focused().TypedRune(r)
		}
		d.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	d.till.Open(ui.PageRecovery)
	if d.win.Canvas().Focused() == nil {
		t.Fatal("no field waits for the code")
	}
	types(strings.ToLower(code))
	types(pin)
	types(pin)
	if err := d.at.Load().reg.Act(t.Context(), till.Act{Command: till.SignOn{Code: "1001", PIN: officeOwner}}); err == nil {
		d.until("the refusal of the old PIN", func(v till.View) bool { return v.Notice != nil && v.Notice.Code == till.WrongPIN })
	}
	d.signOn("1001", pin)
}
