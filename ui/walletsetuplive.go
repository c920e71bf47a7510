package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// asLive is the wallet as it would be on the counter: what was prepared, with the ways that were tried.
func (p *walletSetupPage) asLive() till.WalletAccount {
	x := p.setup()
	a := x.Account
	a.On, a.Mode = true, "live"
	ways := x.Tried()
	now, has := p.w.view.Settings.Wallet(a.Name)
	if has {
		a.Order = now.Order
		if now.Mode == "live" {
			a.On = now.On
			for _, way := range now.Ways {
				if !slices.Contains(ways, way) {
					ways = append(ways, way)
				}
			}
		}
	} else {
		a.Order = 1
		for _, o := range p.w.view.Settings.Wallets {
			a.Order = max(a.Order, o.Order+1)
		}
	}
	slices.Sort(ways)
	a.Ways = ways
	for _, o := range p.w.view.Settings.Wallets {
		if o.Name != a.Name && o.Letter == a.Letter {
			a.Letter = "" // the key belongs to another one
		}
	}
	return a
}

// onCounter reports whether the wallet takes real money at the counter already.
func (p *walletSetupPage) onCounter() bool {
	now, has := p.w.view.Settings.Wallet(p.state().name)
	return has && now.Mode == "live"
}

// isLive reports whether the counter has the wallet as it was prepared.
func (p *walletSetupPage) isLive() bool {
	now, has := p.w.view.Settings.Wallet(p.state().name)
	if !has || now.Mode != "live" {
		return false
	}
	var a, b till.Settings
	return a.SetWallets([]till.WalletAccount{now}) == nil && b.SetWallets([]till.WalletAccount{p.asLive()}) == nil && same(&a, "wallets", value(&b, "wallets"))
}

// goLive puts the wallet on the counter; a test account leads to the live one.
func (p *walletSetupPage) goLive() {
	if p.mode() == "test" {
		p.useMode("live")
		p.goTo(stepKeys)
		return
	}
	a := p.asLive()
	list := slices.DeleteFunc(slices.Clone(p.w.view.Settings.Wallets), func(o till.WalletAccount) bool { return o.Name == a.Name })
	p.put(append(list, a), "wsetup.now_live")
}

// liveView is the last step: what is still missing, and what goes on the counter.
func (p *walletSetupPage) liveView() fyne.CanvasObject {
	w, s := p.w, p.state()
	x := p.setup()
	e, _ := p.entry(s.name, p.mode())
	col := kit.Col(0, kit.NewBold(w.Say("wsetup.live_title"), 18, kit.Ink), kit.Gap(6))
	line := func(ok bool, title, right string, tap func()) {
		icon, ink := "circle-dashed", kit.Ink3
		if ok {
			icon, ink, right = "circle-check", kit.Accent, ""
		}
		col.Add(checkLine(icon, ink, title, right, tap))
	}
	all := true
	for _, k := range mustPapers(p) {
		all = all && x.Papers[k] == till.PaperApproved
	}
	line(all, w.Say("wsetup.live.papers"), w.Say("wsetup.not_blocking"), func() { p.goTo(stepPapers) })
	line(e.InUse && !e.Draft, w.Say("wsetup.live.keys"), "", func() { p.goTo(stepKeys) })
	missing := x.Missing()
	o, _ := p.offer(s.name)
	for _, n := range (&till.WalletSetup{}).Missing() {
		step := stepTrial
		if n == till.CheckConnect {
			step = stepConnect
		}
		line(!slices.Contains(missing, n), w.Say("wsetup.check."+string(n), "amount", w.Money(o.Smallest)), "", func() { p.goTo(step) })
	}
	line(x.Account.Payee != "", w.Say("wsetup.live.profile"), w.Say("wsetup.not_blocking"), func() { p.goTo(stepPapers) })
	line(len(x.Account.Fees) > 0, w.Say("wsetup.live.fees"), w.Say("wsetup.not_blocking"), p.openFees)

	a := p.asLive()
	right := kit.Col(12)
	state, kind, icon := "wsetup.live_not_yet", kit.Plain, "clock"
	switch {
	case p.mode() == "test":
		state, kind, icon = "wsetup.live_test", kit.Caution, "triangle-alert"
	case p.isLive():
		state, kind, icon = "wsetup.live_is", kit.Good, "circle-check"
	case p.onCounter():
		state, kind, icon = "wsetup.live_changes", kit.Caution, "pencil"
	}
	right.Add(kit.Row(0, kit.NewBadge(kind, icon, w.Say(state)), kit.Space()))
	ways := w.Say("wsetup.no_way")
	if len(a.Ways) > 0 {
		ways = p.waysOf(a.Ways)
	}
	right.Add(factLine(w.Say("wsetup.does"), ways, kit.Ink))
	for _, way := range o.Account.Ways {
		if !slices.Contains(a.Ways, way) {
			right.Add(wrapped(w.Say("wsetup.way_untried", "way", w.Say("wsetup.way."+way.String())), 14, kit.Ink3))
		}
	}
	right.Add(factLine(w.Say("wsetup.fee"), p.feeWords(x.Account), kit.Ink))
	right.Add(factLine(w.Say("wsetup.profile.payee"), x.Account.Payee, kit.Ink))
	right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "percent", Label: w.Say("wsetup.fees"), OnTap: p.openFees}))
	if !w.may(till.MaySetMoney) {
		right.Add(kit.NewNote(kit.Row(10, kit.NewIcon("shield-user", 22, kit.Ink2), kit.Grow(1, wrapped(w.Say("wsetup.owner_only"), 15, kit.Ink2)))))
	}
	if len(s.queue) > 0 {
		right.Add(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "arrow-right", Label: w.Say("wsetup.next_wallet", "name", p.nameOf(s.queue[0])), OnTap: func() { p.begin(s.queue...) }}))
	}
	return kit.Row(12, kit.Grow(1, kit.NewCard(16, p.kept.around("live", kit.Inset(0, 14, 0, 0, col)))), kit.Fixed(p.pick(430, 360), kit.NewCard(16, p.kept.around("live right", kit.Inset(2, 8, 2, 2, right)))))
}

func mustPapers(p *walletSetupPage) []string {
	o, _ := p.offer(p.state().name)
	return o.Papers
}
