package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// onTerminal reports whether a payment is one at the card terminal that the till drives.
func onTerminal(a *till.Attempt) bool { return a.Wallet == till.CardTerminal }

// The ways to pay by card: at the terminal that the till drives where there is one, and by a person's word always.
func (p *payPage) cardTenders() []fyne.CanvasObject {
	w := p.w
	byHand := kit.TenderSpec{Plate: w.plate(till.Card, 44), Name: w.Say("pay.card"), Sub: w.Say("pay.card_help"), Key: "C", OnTap: func() { p.tender(till.Card, 0) }}
	if w.view.Terminal == "" {
		return []fyne.CanvasObject{kit.NewTender(byHand)}
	}
	byHand.Name, byHand.Sub, byHand.Key = w.Say("terminal.by_hand"), w.Say("terminal.by_hand_help"), "M"
	t := kit.NewTender(kit.TenderSpec{Plate: w.plate(till.Card, 44), Name: w.Say("pay.card"), Sub: w.view.Terminal, Key: "C", OnTap: p.toTerminal})
	if w.frozenBy("") != nil {
		t.Off(w.Say("freeze.frozen"))
	}
	return []fyne.CanvasObject{t, kit.NewTender(byHand)}
}

// cardKey does what a letter stands for that is a way to pay by card.
func (p *payPage) cardKey(ch rune) {
	switch {
	case p.w.view.Terminal == "" && ch == 'C', p.w.view.Terminal != "" && ch == 'M':
		p.tender(till.Card, 0)
	case ch == 'C':
		p.toTerminal()
	}
}

// toTerminal has the terminal take what is typed, or all that is due.
func (p *payPage) toTerminal() {
	w := p.w
	if w.frozenBy("") != nil {
		w.play("notfound")
		return
	}
	amount, all := w.amountTyped()
	if all {
		amount = 0
	}
	w.payTerminal(amount)
}

func (w *Window) payTerminal(amount money.Amount) {
	w.payWallet(till.PayWallet{Wallet: till.CardTerminal, Amount: amount, Way: till.Tap})
}

// cardByHand writes a card payment down that a person took.
func (w *Window) cardByHand(amount money.Amount) {
	w.OpenWith(PageTender, tendering{kind: till.Card, amount: min(amount, w.view.Due)})
}

// The stages of a payment at the terminal.
const (
	stageSend = iota
	stageCard
	stageBank
	stageSlip
)

// stageOf is how far what the terminal shows means that a payment is.
func stageOf(a *till.Attempt) int {
	switch {
	case a.State != till.Pending:
		return stageSend
	case a.Said == "bank" || a.Said == "reversing":
		return stageBank
	case a.Said == "approved" || a.Said == "remove":
		return stageSlip
	}
	return stageCard
}

// terminalSays is what the terminal shows, in the words of the till where it has no text of its own.
func (w *Window) terminalSays(a *till.Attempt) string {
	switch {
	case a.Said == "":
		return w.Say("terminal.says.insert")
	case w.words.Has("terminal.says." + a.Said):
		return w.Say("terminal.says." + a.Said)
	}
	return a.Said
}

// atTerminal is a payment that the terminal is at.
func (p *walletPage) atTerminal(a *till.Attempt) stateLook {
	w, amount := p.w, p.w.Money(a.Amount)
	limit := limitOf(a, w.ports.PayLimit)
	s := stateLook{kind: kit.Good, icon: "credit-card", label: w.Say("terminal.name"), timer: true, limit: limit,
		timerNote: w.Say("wallet.up_to", "n", strconv.Itoa(int(limit.Seconds()))), title: w.terminalSays(a), sub: w.Say("terminal.sent_sub", "amount", amount)}
	stage, sent := stageOf(a), w.Say("terminal.step.sent")
	if stage == stageSend {
		sent = w.Say("terminal.step.sending")
		s.icon, s.title, s.sub = "loader-circle", w.Say("terminal.sending"), w.Say("terminal.sending_sub", "amount", amount)
	}
	step := func(n int, icon, title, done, now string) fyne.CanvasObject {
		switch {
		case stage > n:
			return kit.NewStep(kit.StepDone, "", title, done)
		case stage == n:
			return kit.NewStep(kit.StepNow, icon, title, now)
		}
		return kit.NewStep(kit.StepLater, icon, title, "")
	}
	s.body = []fyne.CanvasObject{
		step(stageSend, "loader-circle", sent, w.local(a.PlannedAt).Format("15:04:05"), w.Say("terminal.step.sent_now")),
		step(stageCard, "nfc", w.Say("terminal.step.card"), "", w.Say("terminal.shows", "amount", amount)),
		step(stageBank, "key-round", w.Say("terminal.step.bank"), "", w.terminalSays(a)),
		step(stageSlip, "receipt-text", w.Say("terminal.step.slip"), "", w.terminalSays(a)),
		kit.Gap(p.size.pick(14, 4)), noteLine("shield-check", w.Say("terminal.safe")),
	}
	number := a.Number
	stop := payAct{label: w.Say(p.wideKey("terminal.cancel")), icon: "circle-stop", key: "V", letter: 'V', kind: kit.DangerOutline, do: func() { w.Do(till.StopAttempt{Number: number}) }}
	hand := payAct{label: w.Say(p.wideKey("terminal.record")), icon: "pencil", key: "M", letter: 'M', do: func() { w.insteadOf(a, PageTender) }}
	other := payAct{label: w.Say(p.wideKey("terminal.other")), icon: "banknote", key: "F9", action: ActPay, do: func() { w.insteadOf(a, PagePay) }}
	s.acts = []payAct{stop, hand, other}
	aside := p.asideAct()
	s.keys = []payAct{aside, {action: ActEnter, do: func() { w.Do(till.CheckAttempt{Number: number}) }}}
	return s
}

// neverSent are the reasons why the terminal never got an amount.
var neverSent = []till.Reason{till.ReaderNotReady, till.RecoverFirst, till.SetUpWrong, till.AmountNotAllowed, till.NoNetwork}

// stoppingTerminal is a payment that the terminal was asked to cancel. It may be paid all the same.
func (p *walletPage) stoppingTerminal(a *till.Attempt) stateLook {
	w := p.w
	s := stateLook{kind: kit.Good, icon: "circle-stop", label: w.Say("terminal.name"), title: w.Say("terminal.stopping"), sub: w.Say("terminal.stopping_sub"), timer: true, timerNote: w.Say("wallet.since")}
	s.body = []fyne.CanvasObject{kit.NewStep(kit.StepDone, "", w.Say("terminal.step.asked"), w.local(a.ChangedAt).Format("15:04:05")),
		kit.NewStep(kit.StepNow, "circle-stop", w.Say("terminal.step.ends"), w.Say("terminal.step.ends_sub")), kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.proved"), ""),
		kit.Gap(14), noteLine("shield-check", w.Say("terminal.stopping_safe"))}
	s.acts = []payAct{p.asideAct(), p.checkAct()}
	return s
}

// insteadOf cancels a payment at the terminal and goes on to another way to pay once that is proved.
func (w *Window) insteadOf(a *till.Attempt, to PageName) {
	w.code.drop()
	w.code.wanted, w.code.amount, w.code.to = a.Number, a.Amount, to
	w.Do(till.StopAttempt{Number: a.Number})
}

// goInstead goes where the cashier wanted to go instead of a payment that is closed now.
func (w *Window) goInstead(to PageName, amount money.Amount) {
	w.dropAttempt()
	if to == PageTender {
		w.cardByHand(amount)
		return
	}
	w.Open(to)
}

// afterTerminal are the ways on after a payment at the terminal that took nothing.
func (p *walletPage) afterTerminal(a *till.Attempt) []payAct {
	w, amount := p.w, a.Amount
	again := payAct{label: w.Say("terminal.again"), icon: "credit-card", key: "Enter", kind: kit.Main, grow: 1.3, do: func() { w.payTerminal(amount) }}
	hand := payAct{label: w.Say(p.wideKey("terminal.record")), icon: "pencil", key: "M", letter: 'M', do: func() { w.goInstead(PageTender, amount) }}
	other := payAct{label: w.Say("wallet.other"), icon: "banknote", key: "F9", action: ActPay, do: w.dropAttempt}
	if p.size.last {
		other.label = w.Say("wallet.other_short")
	}
	acts := []payAct{hand, other, again}
	if w.view.Terminal == "" {
		acts = []payAct{other, hand}
		acts[1].kind = kit.Main
	}
	return acts
}

// terminalFacts say which terminal, and how the link to it is.
func (p *walletPage) terminalFacts(method payFact) []payFact {
	w := p.w
	method.plate = kit.Row(8, w.plate(till.Card, 28), kit.NewPlate("", "", "nfc", 28))
	if method.value = w.view.Terminal; method.value == "" {
		method.value = w.Say("terminal.name")
	}
	link := payFact{label: w.Say("terminal.link"), value: w.Say("status.none"), ink: kit.Warn}
	for _, s := range w.status {
		if s.Kind == "terminal" {
			if link.value = w.Say("status."+s.State, "detail", s.Detail); s.Health == Fine {
				link.ink = kit.Accent
			}
		}
	}
	return []payFact{method, link}
}

// endActs is the way out of a payment of which the terminal can say nothing more: a person looks at it, and ends it.
func (p *trayPage) endActs(a *till.Attempt) []payAct {
	w, s := p.w, p.state()
	if !onTerminal(a) || !a.State.MayEnd() {
		return nil
	}
	return []payAct{{label: w.Say("terminal.looked"), icon: "shield-user", kind: kit.Quiet, do: func() { s.overriding, s.ending = true, true; p.redraw() }}}
}

// endRefundActs are the ways out of a refund of which the terminal can say nothing more: a person looks, and says whether
// it was made.
func (p *trayPage) endRefundActs(r *till.WalletRefund) []payAct {
	w, number := p.w, r.Number
	a := p.attemptOf(r)
	if !onTerminal(&a) || r.State != till.RefundUnknown {
		return nil
	}
	end := func(key string, made bool) payAct {
		return payAct{label: w.Say(key), icon: "shield-user", kind: kit.Quiet, hold: holdTime, do: func() { w.Do(till.EndRefund{Number: number, Made: made, Reason: w.Say(key)}) }}
	}
	return []payAct{end("terminal.refund_made", true), end("terminal.refund_not", false)}
}

// refWords is the reference of a tender; of a payment at the terminal the card and the terminal's number.
func refWords(t *till.Tender) string {
	_, paid, _ := strings.Cut(t.Ref, "/")
	if c, ok := till.ReadCardPaid(paid); ok && t.Kind == till.Card && t.Evidence == till.ByProvider {
		return strings.TrimSpace(c.Scheme + " **** " + c.Last4 + " · " + c.Trace)
	}
	return t.Ref
}
