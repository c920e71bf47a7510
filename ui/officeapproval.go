package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// approval asks in place for the PIN of somebody who may do what was refused. Nobody signs off, and Esc gives the act
// up.
func (d *desk) approval() fyne.CanvasObject {
	w, a := d.w, d.w.view.Approval
	if a == nil {
		d.pin = nil
		return hidden()
	}
	if d.pin == nil {
		d.pin = pinField(w, w.Say("approval.pin"), func(pin string) {
			d.pin.SetText("")
			w.Do(till.Approve{PIN: pin})
		})
		d.focusNext = d.pin
	}
	body, ink := w.Say("approval.body"), kit.Ink
	switch {
	case a.Checking:
		body = w.Say("approval.checking")
	case a.Wrong:
		body, ink = w.Say("approval.wrong"), kit.Danger
	}
	return kit.NewCallout(kit.Caution, 12, kit.Row(12, kit.Middle(kit.NewIcon("key-round", 26, kit.Warn)),
		kit.Grow(1, kit.Middle(kit.Col(2, kit.NewBold(w.approvalTitle(a), 18, kit.Warn), wrapped(body, 15, ink)))),
		kit.Fixed(d.pick(260, 200), kit.Middle(d.pin)),
		kit.Middle(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("button.ok"), Key: "Enter", OnTap: func() { d.sendApproval() }})),
		kit.Middle(kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Label: w.Say("approval.drop"), Key: "Esc", OnTap: func() { w.Do(till.DropApproval{}) }}))))
}

func (d *desk) sendApproval() {
	if pin := d.pin.Text(); pin != "" {
		d.pin.SetText("")
		d.w.Do(till.Approve{PIN: pin})
	}
}

// dropApproval gives an act up that waits for a PIN, and reports whether there was one.
func (d *desk) dropApproval() bool {
	if d.w.view.Approval == nil {
		return false
	}
	d.w.Do(till.DropApproval{})
	return true
}

// pinField is a field for a PIN: dots only, no scan is looked for in it, and what was typed is not kept.
func pinField(w *Window, placeholder string, enter func(pin string)) *kit.Field {
	var f *kit.Field
	f = kit.NewField(kit.FieldSpec{Password: true, Limit: pinMax, Placeholder: placeholder,
		Before: func(rune) bool { return false },
		BeforeKey: func(e *fyne.KeyEvent) bool {
			if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
				if pin := f.Text(); pin != "" {
					enter(pin)
				}
				return true
			}
			return w.router.FieldKey(nil, e.Name)
		}}, "")
	return f
}
