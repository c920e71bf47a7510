package ui

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// trayState is which payment is open on the tray, and what is being said about it.
type trayState struct {
	chosen     string // its number, or that of a refund
	overriding bool
	ending     bool // a payment at the terminal, in place of overriding it
	reason     string
	moves      []till.AttemptMove
	calls      callsOf
	read       string                  // the number that moves are of
	past       []till.Attempt          // of today, over, whose result was not known at once
	atOnce     int                     // the day's other payments
	paid       map[string]till.Attempt // payments that refunds are of, by number
	day        till.BusinessDay
}

// trayPage lists the payments whose result is not known yet, and those that wait for a person, with the one next step
// that is safe.
type trayPage struct {
	*desk
	field *kit.Field
	ticks bool
	acts  []payAct
	stops func()
}

// trayRow is one line of the list: a payment or a refund.
type trayRow struct {
	attempt till.Attempt
	refund  *till.WalletRefund
}

func (r *trayRow) number() string {
	if r.refund != nil {
		return r.refund.Number
	}
	return r.attempt.Number
}

func newTray(w *Window) page {
	p := &trayPage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Small: true, Limit: 120, Placeholder: w.Say("wallet.override.other"), OnChange: func(t string) {
		p.state().reason = t
		p.focusNext = p.field
		p.redraw()
	}}, w.office.tray.reason)
	return p
}

func (p *trayPage) state() *trayState { return &p.w.office.tray }

// Title is part of page.
func (p *trayPage) Title() string { return p.w.Say("tray.title") }

// Opened chooses a payment by its number.
func (p *trayPage) Opened(with any) {
	if n, ok := with.(string); ok {
		p.state().chosen = n
	}
}

// Show is part of page.
func (p *trayPage) Show(v till.View) {
	if s := p.state(); s.day != v.LastDay {
		s.day = v.LastDay
		p.lookBack()
	}
	p.readPaid()
	p.redraw()
	p.look()
	p.tick()
}

// readPaid reads the payments that the refunds on the list are of.
func (p *trayPage) readPaid() {
	w, s, port := p.w, p.state(), p.w.ports.Payments
	if port == nil {
		return
	}
	var want []string
	for i := range w.view.Refunds {
		if r := &w.view.Refunds[i]; p.attemptOf(r).Wallet == "" {
			want = append(want, r.Attempt)
		}
	}
	if len(want) == 0 {
		return
	}
	found := map[string]till.Attempt{}
	maps.Copy(found, s.paid)
	w.Ask(func(ctx context.Context) {
		for _, n := range want {
			if a, err := port.Attempt(ctx, n); err == nil {
				found[n] = a
			}
		}
	}, func() {
		if w.page() == page(p) {
			s.paid = found
			p.redraw()
		}
	})
}

// Leave is part of leaver.
func (p *trayPage) Leave() {
	*p.state() = trayState{}
	p.letGo()
	p.desk.Leave()
}

// rows are the payments that need somebody first, then those that are checked, then what was found; refunds stand where
// their payments would.
func (p *trayPage) rows() []trayRow {
	var owner, open, ended []trayRow
	for _, a := range p.w.view.Attempts {
		switch {
		case forOwner(a.State):
			owner = append(owner, trayRow{attempt: a})
		case a.State.Open():
			open = append(open, trayRow{attempt: a})
		default:
			ended = append(ended, trayRow{attempt: a})
		}
	}
	for i := range p.w.view.Refunds {
		r := &p.w.view.Refunds[i]
		row := trayRow{attempt: p.attemptOf(r), refund: r}
		switch {
		case r.State == till.RefundFailed && !r.InCash:
			owner = append(owner, row)
		case r.State.Open():
			open = append(open, row)
		default:
			ended = append(ended, row)
		}
	}
	for _, a := range p.state().past {
		if !slices.ContainsFunc(p.w.view.Attempts, func(b till.Attempt) bool { return b.Number == a.Number }) {
			ended = append(ended, trayRow{attempt: a})
		}
	}
	return append(append(owner, open...), ended...)
}

// attemptOf is the payment of a refund: of the view, or as it was read for it.
func (p *trayPage) attemptOf(r *till.WalletRefund) till.Attempt {
	for _, a := range p.w.view.Attempts {
		if a.Number == r.Attempt {
			return a
		}
	}
	if a, ok := p.state().paid[r.Attempt]; ok {
		return a
	}
	return till.Attempt{Number: r.Attempt, Amount: r.Amount, PlannedAt: r.PlannedAt}
}

// chosen is the line that is open, the first where none was chosen; nil in an empty list.
func (p *trayPage) chosen() *trayRow {
	rows := p.rows()
	for i := range rows {
		if rows[i].number() == p.state().chosen {
			return &rows[i]
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return &rows[0]
}

// badge is the state of a line in a word.
func (p *trayPage) badge(r *trayRow) fyne.CanvasObject {
	w := p.w
	if r.refund != nil {
		return w.refundBadge(r.refund)
	}
	switch s := r.attempt.State; {
	case forOwner(s):
		return kit.NewBadge(kit.Caution, "triangle-alert", w.Say("tray.owner"))
	case s == till.PaidFor:
		return kit.NewBadge(kit.Good, "circle-check", w.Say("tray.paid"))
	case s == till.Cancelled, s == till.Abandoned:
		return kit.NewBadge(kit.Plain, "undo-2", w.Say("tray.reversed"))
	case s == till.Declined:
		return kit.NewBadge(kit.Bad, "octagon-x", w.Say("tray.not_paid"))
	}
	return kit.NewBadge(kit.Caution, "badge-question-mark", w.Say("tray.checking"))
}

// words say what is known of a line.
func (p *trayPage) words(r *trayRow) string {
	w, a := p.w, &r.attempt
	name := w.walletName(a.Wallet)
	if r.refund != nil {
		return w.refundWords(r.refund)
	}
	minutes := int(w.ports.Now().Sub(a.PlannedAt) / time.Minute)
	switch s := a.State; {
	case forOwner(s):
		return w.ownerWords(a)
	case s == till.PaidFor && a.Receipt != 0:
		return w.Say("tray.found_paid", "time", Clock(w.local(a.ChangedAt)))
	case s == till.PaidFor:
		return w.Say("tray.found_part", "time", Clock(w.local(a.ChangedAt)))
	case s == till.Cancelled && a.Refunded > 0:
		return w.Say("tray.returned", "name", name)
	case s == till.Cancelled, s == till.Abandoned:
		return w.Say("tray.closed", "name", name)
	case s == till.Declined:
		return w.reasonWords("wallet.failed.", a.Reason, "name", name)
	case s == till.Cancelling:
		return w.Say("tray.reversing", "name", name)
	case s == till.Watch && a.RefundIfPaid:
		return w.Say("tray.watch_refund")
	case s == till.Watch, s == till.CancelUnproven:
		return w.Say("tray.watch")
	case s == till.Planned, s == till.Sending, s == till.Pending:
		return w.Say("tray.pending", "name", name)
	case minutes >= 30:
		return w.Say("tray.silent", "name", name, "n", strconv.Itoa(minutes))
	}
	return w.Say("tray.every")
}

func (p *trayPage) paint() fyne.CanvasObject {
	w := p.w
	all := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "refresh-cw", Label: w.Say("tray.check_all"), Key: "R", OnTap: p.checkAll})
	head := kit.Fixed(52, kit.Row(12, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("tray.title"), 24, kit.Ink), kit.NewLabel(w.Say("tray.sub"), 15, kit.Ink3)))), kit.Middle(all)))
	list := kit.Col(0)
	chosen := p.chosen()
	rows := p.rows()
	for i := range rows {
		list.Add(p.line(&rows[i], chosen != nil && rows[i].number() == chosen.number()))
	}
	if n := p.state().atOnce; n > 0 {
		list.Add(kit.Fixed(56, kit.Middle(kit.NewLabel(w.words.count("tray.at_once", strconv.Itoa(n)), 15, kit.Ink3).Centred())))
	}
	var body fyne.CanvasObject = kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 1, 1, kit.NewScroll(list)))
	if len(rows) == 0 {
		all.Off("")
		p.acts = nil
		return p.plain(kit.Col(10, head, kit.Grow(1, kit.NewCard(20, empty("circle-check", w.Say("tray.none"), w.Say("tray.none_body"))))))
	}
	return p.plain(kit.Row(12, kit.Grow(1, kit.Col(10, head, kit.Grow(1, body))), kit.Fixed(p.pick(420, 340), p.detail(chosen))))
}

func (p *trayPage) line(r *trayRow, on bool) fyne.CanvasObject {
	w, a := p.w, &r.attempt
	ground, edge := kit.Clear, kit.Clear
	if on {
		ground, edge = kit.AccentTint, kit.Accent
	}
	amount := a.Amount
	if r.refund != nil {
		amount = -r.refund.Amount
	}
	number := r.number()
	cells := kit.Row(10, kit.Fixed(p.pick(86, 76), kit.Middle(kit.NewBold(w.saleName(a), 17, kit.Ink))), kit.Middle(w.walletPlate(a.Wallet, 30)),
		kit.Fixed(112, kit.Middle(kit.NewLabel(w.walletName(a.Wallet), 16, kit.Ink))), kit.Fixed(p.pick(104, 92), kit.Middle(kit.NewBold(w.Money(amount), 18, kit.Ink).Trailing())),
		kit.Fixed(p.pick(128, 118), kit.Middle(kit.Row(0, p.badge(r), kit.Space()))))
	if p.narrow {
		cells.Add(kit.Space())
	} else {
		cells.Add(kit.Grow(1, kit.Middle(kit.NewLabel(p.words(r), 15, kit.Ink2))))
	}
	cells.Add(kit.Middle(kit.NewLabel(Clock(w.local(a.PlannedAt)), 15, kit.Ink3)))
	content := kit.Col(0, kit.Grow(1, kit.Row(0, kit.Fixed(4, kit.NewBox(edge)), kit.Grow(1, kit.Inset(0, 16, 0, 12, cells)))), kit.Hairline())
	return kit.Fixed(68, kit.NewTap(kit.Style{Fill: ground}, content, func() { p.choose(number) }))
}

func (p *trayPage) choose(number string) {
	s := p.state()
	*s = trayState{chosen: number, past: s.past, atOnce: s.atOnce, day: s.day, paid: s.paid}
	p.redraw()
	p.look()
}

// detail shows one payment: its steps, and what may be done about it.
func (p *trayPage) detail(r *trayRow) fyne.CanvasObject {
	w, a, s := p.w, &r.attempt, p.state()
	amount := a.Amount
	if r.refund != nil {
		amount = r.refund.Amount
	}
	head := kit.Row(12, kit.Middle(w.walletPlate(a.Wallet, 44)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.saleName(a)+" · "+w.walletName(a.Wallet), 20, kit.Ink),
		kit.NewLabel(grouped(r.number())+" · "+w.local(a.PlannedAt).Format("15:04:05"), 15, kit.Ink3)))))
	col := kit.Col(4, head, kit.Fixed(62, kit.Row(0, kit.Grow(1, kit.Middle(kit.NewMoney(w.Money(amount), 52, kit.Ink))))), kit.Hairline())
	steps := kit.Col(0)
	for _, o := range p.steps(r) {
		steps.Add(o)
	}
	if o := p.timeline(a.Number); o != nil {
		steps.Add(o)
	}
	p.acts = p.actsOf(r)
	buttons := kit.Col(8)
	if s.overriding {
		col.Add(kit.Grow(1, kit.NewScroll(p.overrideForm())))
	} else {
		col.Add(kit.Grow(1, kit.NewScroll(steps)))
	}
	for _, act := range p.acts {
		spec := kit.ButtonSpec{Kind: act.kind, Icon: act.icon, Label: act.label, Key: act.key, OnTap: act.do, Text: p.pick(18, 16)}
		if act.hold > 0 {
			spec.OnTap, spec.OnHold, spec.HoldFor = nil, act.do, act.hold
		}
		b := kit.NewButton(spec)
		if act.off != "" {
			b.Off(act.off)
		}
		buttons.Add(b)
	}
	col.Add(buttons)
	return kit.NewCard(20, col)
}

// steps are how far a payment or a refund has come.
func (p *trayPage) steps(r *trayRow) []fyne.CanvasObject {
	w, a := p.w, &r.attempt
	name := w.walletName(a.Wallet)
	if r.refund != nil {
		return p.refundSteps(r)
	}
	sent := kit.NewStep(kit.StepDone, "", w.Say("tray.sent_once"), w.Say("tray.sent_once_sub"))
	asked := w.Say("tray.asks")
	if c := p.state().calls; c.number == a.Number && c.count > 0 {
		asked = w.Say("wallet.asked", "n", strconv.Itoa(c.count), "ago", strconv.Itoa(max(0, int(w.ports.Now().Sub(c.last)/time.Second))))
	}
	switch s := a.State; {
	case forOwner(s):
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepUnknown, "", w.Say("tray.needs_you"), ""), p.say("circle-alert", w.ownerWords(a)), p.say("list-checks", w.nextStep(a))}
	case s == till.PaidFor:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepDone, "", w.Say("tray.paid"), p.words(r))}
	case s == till.Declined:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepFailed, "", w.Say("tray.not_paid"), p.words(r))}
	case s == till.Cancelled, s == till.Abandoned:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepDone, "", w.Say("tray.reversed"), p.words(r))}
	case s == till.Cancelling:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepNow, "undo-2", w.Say("wallet.reversing"), asked), kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.proved"), "")}
	case s == till.Planned, s == till.Sending, s == till.Pending:
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepNow, "smartphone", w.Say("wallet.step.confirming"), asked), kit.NewStep(kit.StepLater, "circle-check", w.Say("wallet.step.received"), "")}
	case s == till.Watch:
		sub := w.Say("tray.watch")
		if a.RefundIfPaid {
			sub = w.Say("tray.watch_refund")
		}
		return []fyne.CanvasObject{sent, kit.NewStep(kit.StepUnknown, "", w.Say("tray.watched"), asked), p.say("undo-2", sub), kit.NewStep(kit.StepLater, "gavel", w.Say("tray.by_bill"), "")}
	}
	return []fyne.CanvasObject{sent, kit.NewStep(kit.StepUnknown, "", w.Say("tray.unknown"), asked), kit.NewStep(kit.StepLater, "gavel", w.Say("tray.by_bill"), ""),
		p.say("undo-2", w.Say("wallet.reverse_safe", "name", name))}
}

// timeline is what became of a payment, move by move; nil where it was not read yet.
func (p *trayPage) timeline(number string) fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.read != number || len(s.moves) == 0 {
		return nil
	}
	col := kit.Col(2, kit.Gap(6), kit.NewBold(w.Say("tray.story"), 15, kit.Ink2))
	for _, m := range s.moves {
		what := w.Say("wallet.state." + m.To.String())
		if m.By != "" {
			what += " · " + w.personName(m.By)
		}
		if m.Note != "" {
			what += " · " + m.Note
		} else if m.Said != "" {
			what += " · " + shorten(m.Said, 40)
		}
		col.Add(kit.Row(8, kit.Fixed(66, kit.Col(0, kit.NewLabel(w.local(m.At).Format("15:04:05"), 14, kit.Ink3))), kit.Grow(1, wrapped(what, 14, kit.Ink2))))
	}
	return col
}

// say is a paragraph beside an icon.
func (p *trayPage) say(icon, words string) fyne.CanvasObject {
	return kit.Inset(6, 0, 6, 10, kit.Row(14, kit.Col(0, kit.NewIcon(icon, 24, kit.Ink3)), kit.Grow(1, wrapped(words, 16, kit.Ink))))
}

// actsOf are what may be done about a line, the safe one first.
func (p *trayPage) actsOf(r *trayRow) []payAct {
	w, s, number := p.w, p.state(), r.number()
	check := payAct{label: w.Say("wallet.check"), icon: "refresh-cw", kind: kit.Main, do: func() { w.Do(till.CheckAttempt{Number: number}) }}
	if r.refund != nil {
		return p.refundActs(r.refund, check)
	}
	if s.overriding {
		do := payAct{label: w.Say("wallet.override.do"), icon: "shield-user", kind: kit.DangerOutline, hold: holdTime, do: func() {
			if s.ending {
				w.Do(till.EndAttempt{Number: number, Reason: s.reason})
			} else {
				w.Do(till.OverrideAttempt{Number: number, Reason: s.reason})
			}
			s.overriding, s.ending = false, false
			p.redraw()
		}}
		if s.ending {
			do.label = w.Say("terminal.end")
		}
		if s.reason == "" {
			do.off = w.Say("returns.why_reason")
		}
		return []payAct{do, {label: w.Say("button.back"), icon: "arrow-left", key: "Esc", kind: kit.Quiet, action: ActBack, do: func() { s.overriding, s.ending, s.reason = false, false, ""; p.redraw() }}}
	}
	a := &r.attempt
	switch st := a.State; {
	case st == till.RefundDue && w.failedRefund(a.Number) != nil:
		f := w.failedRefund(a.Number)
		return p.refundActs(f, check)
	case forOwner(st), st == till.Watch:
		return append([]payAct{check}, p.endActs(a)...)
	case !st.Open():
		return nil
	}
	acts := []payAct{check}
	if a.State != till.Cancelling && a.State != till.CancelUnproven {
		acts = append(acts, payAct{label: w.Say("wallet.reverse"), icon: "undo-2", key: w.Say("wallet.hold_key", "key", "V"), letter: 'V', kind: kit.DangerOutline, hold: holdTime, do: func() { w.Do(till.StopAttempt{Number: number}) }})
	}
	acts = append(acts, p.endActs(a)...)
	if a.Sale != (till.ID{}) && a.State.Live() {
		acts = append(acts, payAct{label: w.Say("wallet.override"), icon: "shield-user", kind: kit.Quiet, do: func() { s.overriding = true; p.redraw() }})
	}
	return acts
}

// overrideForm asks why the sale goes on without the payment.
func (p *trayPage) overrideForm() fyne.CanvasObject {
	w, s := p.w, p.state()
	body, key := "wallet.override.body", "wallet.override.reason."
	reasons := []string{"nothing", "hurry"}
	if s.ending {
		body, key, reasons = "terminal.end_body", "terminal.end_reason.", []string{"nothing", "by_hand"}
	}
	col := kit.Col(10, wrapped(w.Say(body), 16, kit.Ink))
	for _, r := range reasons {
		words := w.Say(key + r)
		col.Add(kit.NewChip("", words, s.reason == words, func() { s.reason = words; p.field.SetText(""); p.redraw() }))
	}
	col.Add(p.field)
	return kit.Inset(6, 3, 3, 3, col)
}

func (p *trayPage) checkAll() {
	for _, r := range p.rows() {
		if r.refund == nil && r.attempt.State.Open() || r.refund != nil && r.refund.State.Open() {
			p.w.Do(till.CheckAttempt{Number: r.number()})
		}
	}
}

// Key checks all, walks the list and does what the buttons do.
func (p *trayPage) Key(e KeyEvent) bool {
	if p.desk.Key(e) || press(p.acts, e) {
		return true
	}
	switch {
	case e.Action == "" && e.Rune == 'R':
		p.checkAll()
	case e.Action == ActUp:
		p.step(-1)
	case e.Action == ActDown:
		p.step(1)
	case e.Action == ActPrint && p.chosen() != nil:
		p.w.note("no_slip_aside")
	default:
		return false
	}
	return true
}

func (p *trayPage) step(by int) {
	rows, at := p.rows(), p.chosen()
	for i := range rows {
		if at != nil && rows[i].number() == at.number() && i+by >= 0 && i+by < len(rows) {
			p.choose(rows[i+by].number())
			return
		}
	}
}

// KeyDown is part of holder.
func (p *trayPage) KeyDown(name fyne.KeyName) {
	p.letGo()
	p.stops = holdKey(p.w, p.acts, name)
}

// KeyUp is part of holder.
func (p *trayPage) KeyUp(fyne.KeyName) { p.letGo() }

func (p *trayPage) letGo() {
	if p.stops != nil {
		p.stops()
		p.stops = nil
	}
}

// atOnceTime is how soon a payment is over that nobody had to check.
const atOnceTime = time.Minute

// lookBack reads the day's payments that are over.
func (p *trayPage) lookBack() {
	w, s, port := p.w, p.state(), p.w.ports.Payments
	if port == nil || w.view.LastDay == 0 {
		return
	}
	f := till.AttemptFilter{From: w.view.LastDay, To: w.view.LastDay, States: []till.AttemptState{till.PaidFor, till.Cancelled}, Limit: 2000}
	var list []till.Attempt
	var err error
	w.Ask(func(ctx context.Context) { list, err = port.Attempts(ctx, f) }, func() {
		if err != nil || w.page() != page(p) {
			return
		}
		s.past, s.atOnce = nil, 0
		for _, a := range list {
			if a.State == till.PaidFor && a.ChangedAt.Sub(a.PlannedAt) < atOnceTime {
				s.atOnce++
			} else if len(s.past) < 50 {
				s.past = append(s.past, a)
			}
		}
		p.redraw()
	})
}

// look reads how often the provider of the open payment was asked.
func (p *trayPage) look() {
	r, s, port := p.chosen(), p.state(), p.w.ports.Payments
	if r == nil || port == nil {
		return
	}
	number := r.attempt.Number
	var calls []till.WalletCall
	var moves []till.AttemptMove
	var err error
	p.w.Ask(func(ctx context.Context) {
		if calls, err = port.AttemptCalls(ctx, number); err == nil {
			moves, err = port.AttemptMoves(ctx, number)
		}
	}, func() {
		if err == nil && p.w.page() == page(p) {
			s.calls, s.moves, s.read = queriesOf(number, calls), moves, number
			p.redraw()
		}
	})
}

// tick keeps the times on the page right, slowly.
func (p *trayPage) tick() {
	if p.ticks {
		return
	}
	p.ticks = true
	p.w.ports.After(10*time.Second, func() {
		p.ticks = false
		if p.w.page() == page(p) {
			p.look()
			p.lookBack()
			p.tick()
		}
	})
}
