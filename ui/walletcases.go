package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// ownerWords say why a payment waits for a person with authority.
func (w *Window) ownerWords(a *till.Attempt) string {
	name := w.walletName(a.Wallet)
	switch a.State {
	case till.LatePaid:
		return w.Say("wallet.owner.late", "name", name, "amount", w.Money(a.Amount))
	case till.RefundDue:
		return w.Say("wallet.owner.refund_due", "name", name, "amount", w.Money(a.Amount-a.Refunded))
	}
	return w.reasonWords("wallet.owner.", a.Reason, "name", name)
}

// nextStep is the one safe thing to do next about a payment that waits for a person.
func (w *Window) nextStep(a *till.Attempt) string {
	name := w.walletName(a.Wallet)
	switch a.State {
	case till.LatePaid:
		return w.Say("wallet.next.late")
	case till.RefundDue:
		if r := w.failedRefund(a.Number); r != nil {
			return w.Say("wallet.next.refund_failed", "amount", w.Money(r.Amount))
		}
		return w.Say("wallet.next.refund_due", "name", name)
	}
	return w.reasonWords("wallet.next.", a.Reason, "name", name)
}

// failedRefund is the refund of a payment that was definitely not made, or nil.
func (w *Window) failedRefund(attempt string) *till.WalletRefund {
	for i := range w.view.Refunds {
		if r := &w.view.Refunds[i]; r.Attempt == attempt && r.State == till.RefundFailed && !r.InCash {
			return r
		}
	}
	return nil
}

// casesNote says how many payments are being checked, and how many wait for the owner; nil where none do.
func (w *Window) casesNote() []string {
	n, sum, owner := w.openCases()
	var out []string
	if n > 0 {
		out = append(out, w.words.count("wallet.cases", strconv.Itoa(n), "amount", w.Money(sum)))
	}
	if owner > 0 {
		out = append(out, w.words.count("wallet.cases_owner", strconv.Itoa(owner)))
	}
	return out
}

// casesLine is the note of the shift's close: what is still being checked is booked on the day it becomes known.
func (w *Window) casesLine() fyne.CanvasObject {
	words := w.casesNote()
	if len(words) == 0 {
		return hidden()
	}
	col := kit.Col(2)
	for _, s := range words {
		col.Add(wrapped(s, 16, kit.Ink))
	}
	col.Add(wrapped(w.Say("wallet.cases_later"), 15, kit.Ink2))
	see := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("wallet.see_list"), OnTap: func() { w.Open(PageTray) }})
	return kit.NewCallout(kit.Caution, 10, kit.Row(10, kit.Middle(kit.NewIcon("badge-question-mark", 22, kit.Warn)), kit.Grow(1, kit.Middle(col)), kit.Middle(see)))
}
