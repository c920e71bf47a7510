package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// trialTick is how often a trial that runs is looked at.
const trialTick = 300 * time.Millisecond

// probeSteps are the steps of trying a connection, in their order.
var probeSteps = []string{"credentials", "host", "clock", "request_signature", "answer_signature", "merchant"}

// probe tries the connection.
func (p *walletSetupPage) probe() {
	w, s := p.w, p.state()
	if p.waiting != "" {
		return
	}
	if w.view.Practice {
		s.out = notWhilePractising()
		p.redraw()
		return
	}
	name, mode := s.name, p.mode()
	var steps []WalletStep
	var err error
	s.probed, s.out = nil, outcome{}
	p.ask(w.Say("wsetup.probing", "name", p.name()), func(ctx context.Context) { steps, err = p.port().Probe(ctx, name, mode) }, func() {
		if err != nil || len(steps) == 0 {
			s.out = outcome{title: "wsetup.probe_failed", body: "wsetup.probe_failed_body", bad: true}
			return
		}
		s.probed, s.probedOf = steps, name+" "+mode
		last := steps[len(steps)-1]
		p.change(name, func(x *till.WalletSetup) {
			x.Note(till.WalletCheck{Name: till.CheckConnect, Mode: mode, OK: last.OK, At: w.ports.Now(), Reason: last.Reason, Note: last.Detail})
		})
		w.play(map[bool]string{true: "added", false: "failed"}[last.OK])
	})
}

// connectView tries the account without moving money, and says which step failed and what to do about it.
func (p *walletSetupPage) connectView() fyne.CanvasObject {
	w, s := p.w, p.state()
	e, _ := p.entry(s.name, p.mode())
	var bad *WalletStep
	col := kit.Col(0, kit.NewBold(w.Say("wsetup.connect_title", "name", p.name()), 18, kit.Ink), wrapped(w.Say("wsetup.connect_sub"), 15, kit.Ink3), kit.Gap(8))
	steps := s.probed
	if s.probedOf != s.name+" "+p.mode() {
		steps = nil
	}
	done := len(steps) > 0 && steps[len(steps)-1].OK
	for _, name := range probeSteps {
		i := slices.IndexFunc(steps, func(x WalletStep) bool { return x.Name == name })
		icon, ink, right := "circle-dashed", kit.Ink3, ""
		switch {
		case i >= 0 && steps[i].OK:
			icon, ink, right = "circle-check", kit.Accent, w.Say("wsetup.ok")
		case i >= 0:
			icon, ink, right, bad = "octagon-x", kit.Danger, w.Say("wsetup.failed"), &steps[i]
		case done:
			right = w.Say("wsetup.not_told")
		case p.waiting != "":
			icon = "loader-circle"
		}
		col.Add(checkLine(icon, ink, w.Say("wsetup.probe."+name), right, nil))
	}
	button := kit.NewButton(kit.ButtonSpec{Icon: "plug", Label: w.Say("wsetup.probe_now"), OnTap: p.probe})
	if !e.InUse {
		button.Off(w.Say("wsetup.off.keys"))
	} else if p.waiting != "" {
		button.Off(w.Say("wsetup.off.waiting"))
	}
	col.Add(kit.Gap(10))
	col.Add(kit.Row(0, button, kit.Space()))
	right := kit.Col(10)
	switch {
	case bad != nil:
		right.Add(p.whyView(bad.Name, bad.Reason, bad.Detail))
	case done:
		right.Add(empty("circle-check", w.Say("wsetup.connected"), w.Say("wsetup.connected_body")))
	default:
		x := p.setup()
		if c, ok := x.Passed(till.CheckConnect); ok {
			right.Add(empty("circle-check", w.Say("wsetup.connected"), w.Say("wsetup.connected_at", "time", w.local(c.At).Format("2006-01-02 15:04"))))
		} else {
			right.Add(empty("plug", w.Say("wsetup.not_tried"), w.Say("wsetup.not_tried_body")))
		}
	}
	return kit.Row(12, kit.Grow(1, kit.NewCard(16, kit.NewScroll(col))), kit.Fixed(p.pick(460, 360), kit.NewCard(16, kit.NewScroll(right))))
}

// whyView says what went wrong, that no money is at risk, and what to do; the provider's words are small print.
func (p *walletSetupPage) whyView(step string, reason till.Reason, said string) fyne.CanvasObject {
	w := p.w
	say := func(what string) string {
		for _, key := range []string{"wsetup." + what + "." + step + "." + string(reason), "wsetup." + what + "." + string(reason)} {
			if w.words.Has(key) {
				return w.Say(key, "name", p.name())
			}
		}
		return w.Say("wsetup."+what+".other", "name", p.name())
	}
	col := kit.Col(12, kit.Row(10, kit.NewIcon("octagon-alert", 26, kit.Danger), kit.Grow(1, kit.Middle(wrapped(say("why"), 18, kit.Danger)))),
		kit.Col(2, kit.NewBold(w.Say("wsetup.safe_title"), 15, kit.Ink2), wrapped(w.Say("wsetup.safe_body"), 16, kit.Ink)),
		kit.Col(2, kit.NewBold(w.Say("wsetup.todo_title"), 15, kit.Ink2), wrapped(say("todo"), 16, kit.Ink)))
	if said = strings.TrimSpace(said); said != "" {
		col.Add(kit.Col(2, kit.NewBold(w.Say("wsetup.said_title", "name", p.name()), 14, kit.Ink3), wrapped(shorten(said, 300), 14, kit.Ink3)))
	}
	return col
}

// checkLine is one line of a list of checks.
func checkLine(icon string, ink kit.Colour, title, right string, tap func()) fyne.CanvasObject {
	name := kit.NewBold(title, 16, kit.Ink)
	if icon == "circle-dashed" {
		name = kit.NewLabel(title, 16, kit.Ink3)
	}
	row := kit.Row(12, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(name)), kit.Middle(kit.NewLabel(right, 15, kit.Ink3).Trailing()))
	var line fyne.CanvasObject = row
	if tap != nil {
		line = kit.NewTap(kit.Style{Fill: kit.Clear, Radius: kit.RadiusSmall}, row, tap)
	}
	return kit.Fixed(47, kit.Col(0, kit.Grow(1, line), kit.Hairline()))
}

// follow takes what came of the trial into the setting, and looks again while it runs.
func (p *walletSetupPage) follow() {
	s := p.state()
	t, ok := p.port().Trial()
	if !ok {
		return
	}
	if s.trialOf != t.No {
		s.trialOf, s.noted = t.No, 0
	}
	if n := len(t.Checks); n > s.noted {
		fresh := t.Checks[s.noted:]
		s.noted = n
		p.change(t.Wallet, func(x *till.WalletSetup) {
			for _, c := range fresh {
				x.Note(c)
			}
		})
		if last := fresh[len(fresh)-1]; !t.Running {
			p.w.play(map[bool]string{true: "paid", false: "failed"}[last.OK])
		}
	}
	if t.Running && p.stops == nil {
		p.stops = p.w.ports.After(trialTick, func() {
			p.stops = nil
			if p.w.page() != page(p) {
				return
			}
			now, _ := p.port().Trial()
			p.follow()
			if now.Running != t.Running || now.At != t.At || now.QR != t.QR || len(now.Checks) != len(t.Checks) {
				p.redrawSoon() // else it would take a button from under the finger
			}
		})
	}
}

// trial begins a trial of the smallest amount.
func (p *walletSetupPage) trial(t WalletTrial) {
	w, s := p.w, p.state()
	if w.view.Practice {
		s.out = notWhilePractising()
		p.redraw()
		return
	}
	t.Wallet, t.Mode, t.By = s.name, p.mode(), w.operatorCode()
	s.out, s.taking = outcome{}, false
	if err := p.port().Begin(t); err != nil {
		s.out = outcome{title: w.refusalWords(err), body: "wsetup.trial_refused", bad: true}
	}
	p.follow()
	p.redraw()
}

// take charges the shop's own payment code.
func (p *walletSetupPage) take(code string) {
	w, s := p.w, p.state()
	if till.NeverPayCode(code) {
		s.out = outcome{title: "wsetup.goods_code", body: "wsetup.goods_code_body", bad: true}
		w.play("notfound")
		p.redraw()
		return
	}
	p.trial(WalletTrial{Way: till.Take, Code: code})
}

// trialView is a payment of the smallest amount, its refund and a reversal, through the till's own core.
func (p *walletSetupPage) trialView() fyne.CanvasObject {
	body := kit.Col(10, kit.Grow(1, p.kept.around("trial", kit.Inset(2, 8, 2, 2, p.trialLeft()))))
	if t, runs := p.running(); runs && t.At != till.CheckRefund && t.At != till.CheckQuery {
		stop := "wsetup.trial_stop"
		if t.Reverse {
			stop = "wsetup.trial_reverse"
		}
		body.Add(kit.NewButton(kit.ButtonSpec{Icon: "rotate-ccw", Label: p.w.Say(stop), OnTap: p.port().Reverse}))
	}
	left := kit.NewCard(16, body)
	middle := kit.NewCard(16, p.kept.around("checks", kit.Inset(0, 8, 0, 0, p.checksView())))
	row := kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(400, 420), middle))
	if !p.narrow {
		row.Add(kit.Fixed(250, kit.NewCard(16, p.onceLive())))
	}
	return row
}

// running is the trial that runs for the wallet that is set up.
func (p *walletSetupPage) running() (WalletTrialState, bool) {
	t, ok := p.port().Trial()
	return t, ok && t.Running && t.Wallet == p.state().name && t.Mode == p.mode()
}

// trialLeft is what can be tried now, or the payment that is being tried.
func (p *walletSetupPage) trialLeft() fyne.CanvasObject {
	w, s := p.w, p.state()
	o, _ := p.offer(s.name)
	x := p.setup()
	e, _ := p.entry(s.name, p.mode())
	amount := w.Money(o.Smallest)
	charge := "wsetup.real_charge"
	if p.mode() == "test" {
		charge = "wsetup.test_charge"
	}
	if t, runs := p.running(); runs {
		return p.trialRuns(t, amount, charge)
	}
	if other, ok := p.port().Trial(); ok && other.Running {
		return empty("loader-circle", w.Say("wsetup.other_trial", "name", p.nameOf(other.Wallet)), w.Say("wsetup.other_trial_body"))
	}
	col := kit.Col(10)
	switch {
	case !e.InUse:
		return empty("key-round", w.Say("wsetup.off.keys"), w.Say("wsetup.trial_keys_body"))
	case s.taking:
		f := p.fields["own_code"]
		if f == nil {
			f = kit.NewField(kit.FieldSpec{Label: w.Say("wsetup.type_code"), Limit: 64, OnEnter: func(t string) {
				p.fields["own_code"].SetText("")
				p.take(strings.TrimSpace(t))
			}}, "")
			p.fields["own_code"] = f
		}
		col.Add(kit.NewBold(w.Say("wsetup.scan_own", "name", p.name(), "amount", amount), 18, kit.Ink))
		col.Add(kit.Sized(0, 90, kit.NewIcon("scan-qr-code", 64, kit.Accent)))
		col.Add(wrapped(w.Say("wsetup.scan_own_body"), 15, kit.Ink2))
		col.Add(f)
		col.Add(kit.Row(0, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("button.cancel"), Key: "Esc", OnTap: func() { s.taking = false; p.redraw() }}), kit.Space()))
		return col
	}
	col.Add(kit.NewBold(w.Say("wsetup.trial_title", "amount", amount), 18, kit.Ink))
	col.Add(wrapped(w.Say(charge), 15, kit.Ink3))
	if t, ok := p.port().Trial(); ok && t.Wallet == s.name && t.Mode == p.mode() {
		if n := len(t.Checks); n > 0 && !t.Checks[n-1].OK {
			c := t.Checks[n-1]
			col.Add(kit.NewCallout(kit.Caution, 12, p.trialFailed(c)))
		}
	}
	if number := p.unreturned(x); number != "" {
		col.Add(kit.NewCallout(kit.Caution, 12, kit.Col(8, wrapped(w.Say("wsetup.unreturned", "amount", amount, "number", grouped(number)), 16, kit.Ink),
			kit.Row(0, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "undo-2", Label: w.Say("wsetup.give_back", "amount", amount), OnTap: func() { p.trial(WalletTrial{Give: number}) }}), kit.Space()))))
	}
	button := func(icon, key string, check till.CheckName, do func()) {
		sub := ""
		if _, ok := x.Passed(check); ok {
			sub = w.Say("wsetup.passed")
		}
		col.Add(kit.NewButton(kit.ButtonSpec{Icon: icon, Label: w.Say(key, "amount", amount), Sub: sub, Left: true, Text: 17, OnTap: do}))
	}
	for _, way := range o.Account.Ways {
		switch way {
		case till.Show:
			button("qr-code", "wsetup.try.show", till.CheckShow, func() { p.trial(WalletTrial{Way: till.Show}) })
		case till.Take:
			button("scan-line", "wsetup.try.take", till.CheckTake, func() { s.taking = true; p.redraw() })
		case till.Tap:
			button("nfc", "wsetup.try.tap", till.CheckTap, func() { p.trial(WalletTrial{Way: till.Tap}) })
		}
	}
	button("rotate-ccw", "wsetup.try.reverse", till.CheckReverse, func() { p.trial(WalletTrial{Way: o.Account.Ways[0], Reverse: true}) })
	return col
}

// unreturned is the payment of a trial that was received and is not known to have gone back.
func (p *walletSetupPage) unreturned(x till.WalletSetup) string {
	got, ok := x.Passed(till.CheckReceive)
	back, returned := x.Passed(till.CheckRefund)
	if !ok || returned && !back.At.Before(got.At) {
		return ""
	}
	return got.Number
}

// trialFailed says why a trial came to nothing.
func (p *walletSetupPage) trialFailed(c till.WalletCheck) fyne.CanvasObject {
	w := p.w
	title := w.Say("wsetup.trial_failed."+string(c.Name), "name", p.name())
	why := w.Say("wsetup.why.other", "name", p.name())
	for _, key := range []string{"wsetup.why." + string(c.Reason), "wallet.failed_why." + string(c.Reason)} {
		if w.words.Has(key) {
			why = w.Say(key, "name", p.name())
			break
		}
	}
	col := kit.Col(4, wrapped(title, 17, kit.Warn), wrapped(why, 15, kit.Ink))
	if c.Note != "" {
		col.Add(wrapped(shorten(c.Note, 200), 14, kit.Ink3))
	}
	return col
}

// trialRuns is the payment that is being tried: its code, and how to end it.
func (p *walletSetupPage) trialRuns(t WalletTrialState, amount, charge string) fyne.CanvasObject {
	w, s := p.w, p.state()
	title := w.Say("wsetup.trial_at."+string(t.At), "name", p.name(), "amount", amount)
	col := kit.Col(8, kit.NewBold(title, 18, kit.Ink).Centred())
	if t.QR != "" {
		if p.qr.Set(t.QR) == nil {
			col.Add(kit.Sized(0, 216, kit.Centre(kit.NewQRFrame(plateOf(walletKind(s.name)), p.qr))))
		}
		sum := kit.NewBold(amount, 28, kit.Ink)
		sum.Align = fyne.TextAlignCenter
		col.Add(sum)
		note := w.Say(charge)
		if t.Reverse {
			note = w.Say("wsetup.trial_do_not_pay")
		}
		col.Add(wrapped(note, 15, kit.Ink2))
	} else {
		col.Add(kit.Sized(0, 120, kit.NewIcon("loader-circle", 56, kit.Ink3)))
	}
	col.Add(wrapped(w.Say("wsetup.trial_leave"), 14, kit.Ink3))
	return col
}

// checksView lists what is checked before going live.
func (p *walletSetupPage) checksView() fyne.CanvasObject {
	w, s := p.w, p.state()
	o, _ := p.offer(s.name)
	x := p.setup()
	names := []till.CheckName{till.CheckConnect, till.CheckCode, till.CheckReceive, till.CheckQuery, till.CheckRefund, till.CheckReverse}
	if slices.Contains(o.Account.Ways, till.Take) {
		names = append(names, till.CheckTake)
	}
	if slices.Contains(o.Account.Ways, till.Tap) {
		names = append(names, till.CheckTap)
	}
	if o.Bills {
		names = append(names, till.CheckBill)
	}
	t, runs := p.running()
	col := kit.Col(0, kit.NewBold(w.words.count("wsetup.checks", decimal(len(names))), 18, kit.Ink), kit.Gap(6))
	for _, n := range names {
		c, ok := x.Passed(n)
		icon, ink, right := "circle-dashed", kit.Ink3, ""
		if !needed(n) {
			right = w.Say("wsetup.check_open.later")
		}
		switch {
		case runs && t.At == n:
			icon, ink, right = "loader-circle", kit.Ink, w.Say("wsetup.runs")
		case ok:
			icon, ink, right = "circle-check", kit.Accent, w.local(c.At).Format("15:04:05")
			if n == till.CheckQuery {
				right = w.Say("wsetup.matches")
			}
		case !c.At.IsZero():
			icon, ink, right = "octagon-x", kit.Danger, w.Say("wsetup.failed")
		}
		var tap func()
		if n == till.CheckBill && !ok {
			tap, right = p.bill, w.Say("wsetup.bill_now")
		}
		col.Add(checkLine(icon, ink, w.Say("wsetup.check."+string(n), "amount", w.Money(o.Smallest)), right, tap))
	}
	return col
}

// needed reports whether going live waits for a check.
func needed(n till.CheckName) bool {
	fresh := till.WalletSetup{}
	return slices.Contains(fresh.Missing(), n) || n == till.CheckCode
}

// bill fetches yesterday's list of the provider.
func (p *walletSetupPage) bill() {
	w, s := p.w, p.state()
	if p.waiting != "" || w.view.Practice {
		return
	}
	name, mode := s.name, p.mode()
	day := w.local(w.ports.Now()).AddDate(0, 0, -1)
	var lines int
	var err error
	p.ask(w.Say("wsetup.bill_asking", "name", p.name()), func(ctx context.Context) { lines, err = p.port().Bill(ctx, name, mode, day) }, func() {
		if err != nil {
			s.out = outcome{title: "wsetup.bill_failed", body: "wsetup.bill_failed_body", bad: true}
			return
		}
		s.out = outcome{title: "wsetup.bill_there", args: []string{"n", decimal(lines), "day", day.Format("2006-01-02")}}
		p.change(name, func(x *till.WalletSetup) {
			x.Note(till.WalletCheck{Name: till.CheckBill, Mode: mode, OK: true, At: w.ports.Now()})
		})
	})
}

// onceLive says what going live changes.
func (p *walletSetupPage) onceLive() fyne.CanvasObject {
	w := p.w
	col := kit.Col(14, kit.NewBold(w.Say("wsetup.once_live"), 18, kit.Ink))
	for _, x := range []struct{ icon, key string }{{"wallet", "wsetup.once.pay"}, {"monitor", "wsetup.once.display"}, {"scale", "wsetup.once.fees"}, {"pause", "wsetup.once.pause"}} {
		col.Add(kit.Row(10, kit.NewIcon(x.icon, 22, kit.Ink), kit.Grow(1, kit.Middle(wrapped(w.Say(x.key, "name", p.name()), 15, kit.Ink)))))
	}
	col.Add(wrapped(w.Say("wsetup.once_note"), 14, kit.Ink3))
	return col
}
