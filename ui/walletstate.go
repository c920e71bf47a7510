package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// stateOf is what the panel says of a payment, and what the cashier may do about it.
func (p *walletPage) stateOf(a *till.Attempt) stateLook {
	switch a.State {
	case till.Unknown:
		return p.unknown(a)
	case till.Cancelling:
		if onTerminal(a) {
			return p.stoppingTerminal(a)
		}
		return p.reversing(a)
	case till.CancelUnproven, till.Watch:
		return p.unproven(a)
	case till.Cancelled, till.Abandoned:
		return p.reversed(a)
	case till.Declined:
		return p.failed(a)
	case till.LatePaid, till.RefundDue, till.Attention:
		return p.attention(a)
	case till.PaidFor:
		return p.booking(a)
	case till.Planned, till.Sending, till.Pending:
		if onTerminal(a) {
			return p.atTerminal(a)
		}
	}
	return p.confirming(a)
}

// The acts that states share.
func (p *walletPage) checkAct() payAct {
	number := p.drawn.Number
	return payAct{label: p.w.Say("wallet.check"), icon: "refresh-cw", key: "R", letter: 'R', do: func() { p.w.Do(till.CheckAttempt{Number: number}) }}
}

func (p *walletPage) reverseAct(key string) payAct {
	number, held := p.drawn.Number, p.w.Say("wallet.hold_key", "key", "V")
	if p.size.last {
		held = "V"
	}
	return payAct{label: p.w.Say(key), icon: "undo-2", key: held, letter: 'V', kind: kit.DangerOutline, hold: holdTime, do: func() { p.w.Do(till.StopAttempt{Number: number}) }}
}

func (p *walletPage) asideAct() payAct {
	a := payAct{label: p.w.Say("wallet.aside"), icon: "pause", key: "F7", action: ActPark, grow: 1.35, do: func() { p.w.Do(till.Park{}) }}
	if p.size.last {
		a.label = p.w.Say("wallet.aside_short")
	}
	return a
}

// number is the payment's number, large enough to be read out.
func (p *walletPage) readOut(a *till.Attempt) fyne.CanvasObject {
	w := p.w
	label := w.Say("wallet.read_out", "name", w.walletName(a.Wallet))
	if onTerminal(a) {
		label = w.Say("qr.number") // nobody asks for it there
	}
	return kit.NewNote(kit.Row(12, kit.NewIcon("hash", 22, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewLabel(label, 16, kit.Ink))),
		kit.Middle(kit.NewBold(grouped(a.Number), p.size.pickWide(22, 18), kit.Ink))))
}

func noteLine(icon, words string) fyne.CanvasObject {
	return kit.NewNote(kit.Row(12, kit.NewIcon(icon, 22, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewParagraph(words, 16, kit.Ink)))))
}

// confirming is the wait for the provider or the customer.
func (p *walletPage) confirming(a *till.Attempt) stateLook {
	w, name, amount := p.w, p.w.walletName(a.Wallet), p.w.Money(a.Amount)
	sent, limit := a.State == till.Pending, limitOf(a, w.ports.PayLimit)
	s := stateLook{kind: kit.Good, icon: "key-round", label: w.Say("wallet.charging"), timer: true, limit: limit,
		timerNote: w.Say("wallet.up_to", "n", strconv.Itoa(int(limit.Seconds())))}
	key := a.Way.String()
	switch {
	case !sent:
		s.icon, s.title, s.sub = "loader-circle", w.Say("wallet.sending."+key, "name", name, "amount", amount), w.Say("wallet.sending_sub")
	case a.Way == till.Show:
		s.icon, s.title, s.sub = "qr-code", w.Say("wallet.making"), w.Say("wallet.sending_sub")
	default:
		s.icon = map[till.Presentment]string{till.Take: "key-round", till.Tap: "nfc"}[a.Way]
		s.title, s.sub = w.Say("wallet.confirming."+key), w.Say("wallet.confirming_sub."+key, "amount", amount)
	}
	first := kit.NewStep(kit.StepDone, "", w.Say("wallet.step.begun."+key, "name", name), w.local(a.PlannedAt).Format("15:04:05"))
	p.asked = kit.NewLabel("", 15, kit.Ink3)
	steps := []fyne.CanvasObject{first}
	if sent {
		steps = append(steps, kit.NewStep(kit.StepDone, "", w.Say("wallet.step.sent", "name", name, "amount", amount), w.Say("wallet.step.sent_sub")),
			kit.NewStepOver(kit.StepNow, "smartphone", w.Say("wallet.step.confirming"), p.asked))
	} else {
		steps = append(steps, kit.NewStepOver(kit.StepNow, "loader-circle", w.Say("wallet.step.sending", "name", name, "amount", amount), p.asked),
			kit.NewStep(kit.StepLater, "smartphone", w.Say("wallet.step.confirming"), ""))
	}
	steps = append(steps, kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.received"), ""))
	s.body = steps
	if w.connected("display") {
		s.body = append(s.body, kit.Gap(p.size.pick(14, 4)), noteLine("monitor", w.Say("wallet.display_confirm", "amount", amount)))
	}
	s.acts = []payAct{p.reverseAct("wallet.stop"), p.checkAct(), p.asideAct()}
	return s
}

// booking is the moment between the provider's word and the ledger's.
func (p *walletPage) booking(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Good, icon: "hard-drive", label: w.Say("wallet.charging"), title: w.Say("wallet.booking", "name", name, "amount", w.Money(a.Amount)), sub: w.Say("wallet.booking_sub")}
	s.body = []fyne.CanvasObject{kit.NewStep(kit.StepDone, "", w.Say("wallet.step.confirmed", "name", name), w.local(a.ChangedAt).Format("15:04:05")),
		kit.NewStep(kit.StepNow, "hard-drive", w.Say("wallet.step.saving"), "")}
	s.acts = []payAct{p.asideAct()}
	return s
}

// parts are what happened, whether the money is safe, and what to do.
func (p *walletPage) parts(happened, safe, todo string) fyne.CanvasObject {
	w := p.w
	three := []kit.Part{{Icon: "circle-alert", Label: w.Say("wallet.what"), Text: happened}, {Icon: "shield-check", Label: w.Say("wallet.safe"), Text: safe},
		{Icon: "list-checks", Label: w.Say("wallet.todo"), Text: todo}}
	if p.size.last || p.size.low {
		return kit.NewSmallParts(17, 126, three...)
	}
	return kit.NewParts(three...)
}

// unknown is a payment of which nobody knows.
func (p *walletPage) unknown(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Caution, icon: "badge-question-mark", label: w.Say(p.wideKey("wallet.checking_label")), title: w.Say("wallet.unknown"), sub: w.Say("wallet.unknown_sub", "name", name),
		timer: true, timerNote: w.Say("wallet.every", "n", "5")}
	todo, note := w.Say("wallet.unknown_todo"), noteLine("undo-2", w.Say("wallet.reverse_safe", "name", name))
	if onTerminal(a) {
		todo, note = w.Say("terminal.unknown_todo"), noteLine("credit-card", w.Say("terminal.unknown_note"))
	}
	s.body = []fyne.CanvasObject{p.parts(w.reasonWords("wallet.unknown_why.", a.Reason, "name", name), w.Say("wallet.unknown_safe"), todo),
		kit.Gap(p.size.pick(8, 2)), p.readOut(a)}
	if !p.size.low && !p.size.last {
		s.body = append(s.body, kit.Gap(8), note)
	}
	check := p.checkAct()
	check.label, check.kind, check.key, check.grow = w.Say("wallet.check_again"), kit.Main, "Enter", 1.2
	s.acts = []payAct{p.reverseAct("wallet.reverse"), p.asideAct(), check}
	if onTerminal(a) {
		s.acts = s.acts[1:] // it is asked; nothing can be reversed before it answers
	}
	return s
}

// reversing is a cancel that is not proved yet.
func (p *walletPage) reversing(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	p.asked = kit.NewLabel("", 15, kit.Ink3)
	s := stateLook{kind: kit.Good, icon: "undo-2", label: w.Say("wallet.reversing_label"), title: w.Say("wallet.reversing"), sub: w.Say("wallet.reversing_sub", "name", name), timer: true, timerNote: w.Say("wallet.since")}
	s.body = []fyne.CanvasObject{kit.NewStep(kit.StepDone, "", w.Say("wallet.step.asked_reverse"), w.local(a.ChangedAt).Format("15:04:05")),
		kit.NewStepOver(kit.StepNow, "undo-2", w.Say("wallet.step.closing", "name", name), p.asked), kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.proved"), ""),
		kit.Gap(14), noteLine("shield-check", w.Say("wallet.reverse_safe", "name", name)), kit.Gap(8), p.readOut(a)}
	s.acts = []payAct{p.asideAct(), p.checkAct()}
	return s
}

// unproven is a cancel that worked on nothing: the provider says it knows no such payment, which proves nothing yet.
func (p *walletPage) unproven(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Caution, icon: "badge-question-mark", label: w.Say(p.wideKey("wallet.checking_label")), title: w.Say("wallet.unproven"), sub: w.Say("wallet.unproven_sub", "name", name),
		timer: true, timerNote: w.Say("wallet.since")}
	s.body = []fyne.CanvasObject{p.parts(w.Say("wallet.unproven_why", "name", name), w.Say("wallet.unproven_safe"), w.Say("wallet.unproven_todo")), kit.Gap(8), p.readOut(a)}
	check := p.checkAct()
	check.kind, check.key = kit.Main, "Enter"
	s.acts = []payAct{p.asideAct(), check}
	return s
}

// kept says what the sale already has, for "is money safe".
func (w *Window) kept() string {
	s := w.view.Sale
	if s == nil || s.TakenSoFar() == 0 {
		return w.Say("wallet.kept")
	}
	return w.Say("wallet.kept_part", "amount", w.Money(s.TakenSoFar()))
}

// failed is a definite refusal.
func (p *walletPage) failed(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Bad, icon: "octagon-x", label: w.Say("sell.left"), title: w.reasonWords("wallet.failed.", a.Reason, "name", name),
		sub: w.Say("wallet.failed_sub", "name", name, "amount", w.Money(a.Amount))}
	if onTerminal(a) && slices.Contains(neverSent, a.Reason) {
		s.sub = w.Say("terminal.not_sent", "amount", w.Money(a.Amount))
	}
	said := w.Say("wallet.counted")
	if a.Said != "" {
		said = w.Say("wallet.said", "said", shorten(a.Said, 48)) + " · " + said
	}
	s.body = []fyne.CanvasObject{p.parts(w.reasonWords("wallet.failed_why.", a.Reason, "name", name), w.Say("wallet.failed_safe")+w.kept(), w.reasonWords("wallet.failed_todo.", a.Reason, "name", name)),
		kit.Row(12, kit.Grow(1, kit.NewLabel(said, 14, kit.Ink3)), kit.NewLabel(grouped(a.Number), 14, kit.Ink3))}
	s.acts = p.again(a)
	return s
}

// again are the ways on after a payment that took nothing; the likeliest is the main one.
func (p *walletPage) again(a *till.Attempt) []payAct {
	if onTerminal(a) {
		return p.afterTerminal(a)
	}
	w, wallet, amount := p.w, a.Wallet, a.Amount
	back := payAct{label: w.Say("button.back"), icon: "arrow-left", key: "Esc", action: ActBack, kind: kit.Quiet, grow: 1, do: w.dropAttempt}
	code := payAct{label: w.Say("wallet.new_code"), icon: "scan-qr-code", grow: 1.3, do: func() { w.waitForCode(wallet, amount) }}
	show := payAct{label: w.Say("wallet.show_qr"), icon: "qr-code", key: "Q", letter: 'Q', grow: 1, do: func() { w.payWallet(till.PayWallet{Wallet: wallet, Amount: amount, Way: till.Show}) }}
	other := payAct{label: w.Say("wallet.other"), icon: "banknote", key: "F9", action: ActPay, grow: 1.1, do: w.dropAttempt}
	if p.size.last {
		other.label = w.Say("wallet.other_short")
	}
	acts := []payAct{back}
	at, ok := w.wallet(wallet)
	switch {
	case ok && a.Way == till.Show && live(at, till.Show):
		show.kind, show.key, show.label, show.grow = kit.Main, "Enter", w.Say("wallet.new_qr"), 1.3
		acts = append(acts, other, show)
	case w.taking():
		code.kind, code.key = kit.Main, "Enter"
		if ok && live(at, till.Show) {
			acts = append(acts, show)
		}
		acts = append(acts, other, code)
	case ok && live(at, till.Show):
		show.kind = kit.Main
		acts = append(acts, other, show)
	default:
		other.kind = kit.Main
		acts = append(acts, other)
	}
	return acts
}

// reversed is a payment that was given up, with the proof that it took nothing.
func (p *walletPage) reversed(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Plain, icon: "undo-2", label: w.Say("sell.left"), title: w.Say("wallet.reversed"), sub: w.Say("wallet.reversed_sub", "name", name)}
	happened := w.Say("wallet.reversed_why", "name", name)
	safe := w.Say("wallet.failed_safe") + w.kept()
	switch {
	case a.State == till.Abandoned:
		s.sub, happened = w.Say("wallet.abandoned_sub", "name", name), w.Say("wallet.abandoned_why", "name", name)
	case a.Refunded > 0:
		s.sub, happened = w.Say("wallet.returned_sub", "name", name), w.Say("wallet.returned_why", "name", name)
		safe = w.Say("wallet.returned_safe", "amount", w.Money(a.Refunded)) + w.kept()
	case a.Reason == till.TimedOut:
		s.title, happened = w.Say("wallet.timed_out"), w.Say("wallet.timed_out_why", "name", name)
	}
	s.body = []fyne.CanvasObject{p.parts(happened, safe, w.Say("wallet.reversed_todo"))}
	s.acts = p.again(a)
	return s
}

// attention is a payment that a person with authority must look at. The sale itself may go on.
func (p *walletPage) attention(a *till.Attempt) stateLook {
	w, name := p.w, p.w.walletName(a.Wallet)
	s := stateLook{kind: kit.Caution, icon: "triangle-alert", label: w.Say("sell.left"), title: w.Say("wallet.attention"), sub: w.ownerWords(a)}
	s.body = []fyne.CanvasObject{p.parts(w.ownerWords(a), w.Say("wallet.attention_safe"), w.nextStep(a)), kit.Gap(8), p.readOut(a)}
	s.acts = []payAct{{label: w.Say("wallet.see_list"), icon: "list", grow: 1, do: func() { w.OpenWith(PageTray, a.Number) }},
		{label: w.Say("wallet.other"), icon: "banknote", key: "F9", kind: kit.Main, action: ActPay, grow: 1.2, do: w.dropAttempt}}
	_ = name
	return s
}

// reasonWords are the words for a reason under a key, or those for any other reason.
func (w *Window) reasonWords(key string, r till.Reason, values ...string) string {
	if r != till.ReasonNone && w.words.Has(key+string(r)) {
		return w.Say(key+string(r), values...)
	}
	return w.Say(key+"other", values...)
}
