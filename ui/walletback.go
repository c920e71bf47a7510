package ui

import (
	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// refundBadge is the state of a refund in a word.
func (w *Window) refundBadge(r *till.WalletRefund) fyne.CanvasObject {
	if r.InCash {
		return kit.NewBadge(kit.Good, "banknote", w.Say("refund.paid_out"))
	}
	switch r.State {
	case till.RefundDone:
		return kit.NewBadge(kit.Good, "circle-check", w.Say("refund.done"))
	case till.RefundFailed:
		return kit.NewBadge(kit.Bad, "octagon-x", w.Say("refund.failed"))
	case till.RefundPlanned, till.RefundSending, till.RefundPending, till.RefundUnknown:
	}
	return kit.NewBadge(kit.Caution, "clock", w.Say("refund.with_provider"))
}

// refundWords say where a refund stands, and what is next.
func (w *Window) refundWords(r *till.WalletRefund) string {
	if r.InCash {
		return w.Say("refund.paid_out_words")
	}
	switch r.State {
	case till.RefundDone:
		return w.Say("refund.done_words")
	case till.RefundFailed:
		return w.reasonWords("refund.failed_words.", r.Reason)
	case till.RefundUnknown:
		return w.Say("refund.unknown_words")
	case till.RefundPlanned, till.RefundSending, till.RefundPending:
	}
	return w.Say("refund.pending_words")
}

// refundSteps are how far a refund has come.
func (p *trayPage) refundSteps(r *trayRow) []fyne.CanvasObject {
	w := p.w
	sent := kit.NewStep(kit.StepDone, "", w.Say("refund.sent_once"), w.Say("refund.sent_once_sub"))
	switch r.refund.State {
	case till.RefundDone:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepDone, "", w.Say("refund.done"), "")}
	case till.RefundFailed:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepFailed, "", w.Say("refund.failed"), ""), p.say("circle-alert", w.refundWords(r.refund)),
			p.say("list-checks", w.Say("wallet.next.refund_failed", "amount", w.Money(r.refund.Amount)))}
	case till.RefundPlanned, till.RefundSending, till.RefundPending, till.RefundUnknown:
	}
	return []fyne.CanvasObject{sent, kit.NewStep(kit.StepUnknown, "", w.Say("refund.with_provider"), ""), p.say("shield-check", w.refundWords(r.refund))}
}

// refundActs are what may be done about a refund: one that failed is paid out in cash, any other asked about.
func (p *trayPage) refundActs(r *till.WalletRefund, check payAct) []payAct {
	w, number := p.w, r.Number
	switch {
	case r.InCash:
		return nil
	case r.State == till.RefundFailed:
		return []payAct{{label: w.Say("refund.in_cash", "amount", w.Money(r.Amount)), icon: "banknote", kind: kit.Main, do: func() { w.Do(till.RefundInCash{Number: number}) }}}
	case r.State.Open():
		check.do = func() { w.Do(till.CheckAttempt{Number: number}) }
		return append([]payAct{check}, p.endRefundActs(r)...)
	}
	return nil
}

// refundOf finds the wallet refund that a tender of a return became, or nil.
func (w *Window) refundOf(t till.Tender) *till.WalletRefund {
	for i := range w.view.Refunds {
		if r := &w.view.Refunds[i]; t.Evidence == till.ByProvider && r.Number == t.Ref {
			return r
		}
	}
	return nil
}

// byProvider reports whether a provider vouches for a sale's money of a kind, so that it goes back through the wallet.
func byProvider(s *till.Sale, kind till.TenderKind) bool {
	for _, t := range s.Tenders {
		if t.Kind == kind && t.Evidence == till.ByProvider {
			return true
		}
	}
	return false
}

// refundRow is one tender of a return that goes back to its own wallet: where it stands, and the cash in its place
// where it was definitely not made.
func (w *Window) refundRow(t till.Tender) fyne.CanvasObject {
	r := w.refundOf(t)
	if r == nil {
		r = &till.WalletRefund{Number: t.Ref, Amount: t.Amount, State: till.RefundDone} // the register has forgotten it: it is over
	}
	row := kit.Row(16, kit.Middle(w.plateOf(t.Kind, 48)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.tenderName(t.Kind)+" "+w.Money(t.Amount), 20, kit.Ink),
		wrapped(w.refundWords(r), 15, kit.Ink3)))))
	if r.State == till.RefundFailed && !r.InCash {
		row.Add(kit.Middle(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "banknote", Label: w.Say("refund.in_cash", "amount", w.Money(r.Amount)), OnTap: func() { w.Do(till.RefundInCash{Number: r.Number}) }})))
	}
	row.Add(kit.Middle(w.refundBadge(r)))
	return kit.AtLeast(80, kit.Inset(8, 0, 8, 0, row))
}

// returnHead is the head of a return's result. Money that a wallet definitely did not give back is said first, and what
// is still with its provider after that.
func (w *Window) returnHead(r *till.Return, title, sub string) fyne.CanvasObject {
	var failed, pending money.Amount
	for _, t := range r.Refunds {
		switch f := w.refundOf(t); {
		case f == nil || f.InCash:
		case f.State == till.RefundFailed:
			failed += f.Amount
		case f.State.Open():
			pending += f.Amount
		}
	}
	switch {
	case failed > 0:
		return kit.NewBanner(kit.Caution, false, "triangle-alert", w.Say("refund.part_failed", "amount", w.Money(failed)), w.Say("refund.part_failed_sub"), nil)
	case pending > 0:
		sub += w.Say("refund.part_pending", "amount", w.Money(pending))
	}
	return kit.NewBanner(kit.Good, true, "circle-check-big", title, sub, nil)
}
