package ui

import (
	"strconv"

	"guitai/till"
	"guitai/till/money"
)

// personName is the name of an operator code, or the code where nobody has it.
func (w *Window) personName(code string) string {
	if code == "" {
		return w.Say("office.system")
	}
	for _, o := range w.view.Operators {
		if o.Code == code {
			return o.Name
		}
	}
	return code
}

// roleName names a role.
func (w *Window) roleName(r till.Role) string { return w.Say("role." + string(r)) }

// permissionName names what somebody may do.
func (w *Window) permissionName(p till.Permission) string { return w.Say("permission." + string(p)) }

// shiftName names a shift by its number.
func (w *Window) shiftName(no int) string { return w.Say("office.shift", "n", strconv.Itoa(no)) }

// settingName names a setting by its key.
func (w *Window) settingName(key string) string {
	if name := "setting." + key; w.words.Has(name) {
		return w.Say(name)
	}
	return key
}

// may reports whether the person at the till has a right.
func (w *Window) may(p till.Permission) bool {
	return w.view.Operator != nil && w.view.Operator.May(p)
}

// operatorCode is the code of the person at the till, or "".
func (w *Window) operatorCode() string {
	if w.view.Operator == nil {
		return ""
	}
	return w.view.Operator.Code
}

// signed writes an amount with a plus before what is above nothing.
func signed(c money.Currency, a money.Amount) string {
	if a > 0 {
		return "+" + Money(c, a)
	}
	return Money(c, a)
}

// refusalWords says what a refused query means for a person: what happened, and what to do.
func (w *Window) refusalWords(err error) string {
	code := till.CodeOf(err)
	if code == "" {
		return w.Say("office.failed")
	}
	key := "refused." + string(code)
	if w.words.Has("office." + string(code)) {
		return w.Say("office." + string(code))
	}
	if !w.words.Has(key + ".title") {
		return w.Say("office.failed")
	}
	return w.Say(key + ".title")
}
