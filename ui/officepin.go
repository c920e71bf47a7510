package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// pinLong is the least length of an owner's or an installer's PIN.
const pinLong = 8

// secret is a PIN that is being chosen, typed twice. It stands nowhere else; wipe it once it was handed over and when
// its page is left.
type secret struct {
	pin, again []rune
}

func (s *secret) wipe() {
	clear(s.pin)
	clear(s.again)
	s.pin, s.again = s.pin[:0], s.again[:0]
}

// longPIN reports whether a role's PIN is the long kind, which may hold letters.
func longPIN(r till.Role) bool { return r == till.Owner || r == till.Installer }

// pinRule says what a role's PIN must be like.
func (w *Window) pinRule(r till.Role) string {
	if longPIN(r) {
		return w.Say("pin.rule_long")
	}
	return w.Say("pin.rule_short")
}

// faults are the keys of what is wrong with the PIN for a role, for the first field and for the second; "" for nothing.
// The ledger knows which PINs are too simple and refuses those.
func (s *secret) faults(r till.Role) (pin, again string) {
	switch n := len(s.pin); {
	case n == 0:
		pin = "pin.empty"
	case longPIN(r) && n < pinLong:
		pin = "pin.short_long"
	case !longPIN(r) && n != pinShort:
		pin = "pin.short_six"
	case string(s.pin) != string(s.again):
		again = "pin.differs"
	}
	return pin, again
}

// newPIN is a field for a PIN that is being chosen: dots only, and no scan is looked for in it. What is typed goes to
// to. enter is called for Enter.
func newPIN(w *Window, label string, to *[]rune, changed, enter func()) *kit.Field {
	return kit.NewField(kit.FieldSpec{Label: label, Password: true, Limit: pinMax, TrailIcon: "lock-keyhole",
		Before: func(rune) bool { return false },
		BeforeKey: func(e *fyne.KeyEvent) bool {
			if ends(e.Name) {
				enter()
				return true
			}
			return w.router.FieldKey(nil, e.Name)
		},
		OnChange: func(t string) {
			clear(*to)
			*to = append((*to)[:0], []rune(t)...)
			changed()
		}}, string(*to))
}
