package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// listView shows the shop's wallets in their order, with what is set up of others.
func (p *walletSetupPage) listView() fyne.CanvasObject {
	w, s := p.w, p.state()
	actions := []fyne.CanvasObject{
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "scan-line", Label: p.short("wsetup.rules"), OnTap: p.openRules}),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Small, Icon: "plus", Label: p.short("wsetup.add"), OnTap: func() { s.view, s.out = viewChoose, outcome{}; p.redraw() }}),
	}
	col := kit.Col(10, busyNote(w, s.busy), outcomeNote(w, s.out), p.safeNote())
	list := w.view.Settings.Wallets
	var rows []tableRow
	for i, x := range list {
		rows = append(rows, p.walletRow(i, x, len(list)))
	}
	for _, x := range p.setups() {
		if _, on := w.view.Settings.Wallet(x.Account.Name); !on {
			rows = append(rows, p.setupRow(x))
		}
	}
	if len(rows) == 0 {
		col.Add(kit.Grow(1, kit.NewCard(20, empty("wallet", w.Say("wsetup.none"), w.Say("wsetup.none_body")))))
	} else {
		cols := []column{{"", 40, false}, {w.Say("wsetup.wallet"), 0, false}, {w.Say("wsetup.fee_settles"), p.pick(230, 0), false}, {w.Say("wsetup.state"), p.pick(190, 170), false},
			{"", 60, false}, {"", 48, false}, {"", 48, false}}
		if p.narrow {
			cols = slices.Delete(cols, 2, 3)
			for i := range rows {
				rows[i].cells = slices.Delete(rows[i].cells, 2, 3)
			}
		}
		col.Add(kit.Grow(1, table(cols, 72, rows)))
	}
	return p.office(PageWallets, w.Say("page.wallets"), w.Say("wsetup.sub"), actions, col)
}

// short is a button's words, shorter on a narrow window.
func (p *walletSetupPage) short(key string) string {
	if p.narrow && p.w.words.Has(key+"_short") {
		return p.w.Say(key + "_short")
	}
	return p.w.Say(key)
}

// safeNote says plainly how the credentials are sealed.
func (p *walletSetupPage) safeNote() fyne.CanvasObject {
	w, s := p.w, p.state()
	switch {
	case s.failed:
		return kit.NewCallout(kit.Caution, 12, kit.Row(12, kit.Middle(kit.NewIcon("triangle-alert", 24, kit.Warn)), kit.Grow(1, wrapped(w.Say("wsetup.safe.failed"), 15, kit.Ink)),
			kit.Middle(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("wsetup.again"), OnTap: func() { s.failed = false; p.load(); p.redraw() }}))))
	case !s.loaded:
		return hidden()
	case s.safe.Damaged:
		return kit.NewCallout(kit.Bad, 12, kit.Row(12, kit.Middle(kit.NewIcon("octagon-alert", 24, kit.Danger)), kit.Grow(1, wrapped(w.Say("wsetup.safe.damaged"), 15, kit.Ink))))
	case s.safe.Keyring:
		return kit.NewNote(kit.Row(10, kit.Middle(kit.NewIcon("lock-keyhole", 20, kit.Ink2)), kit.Grow(1, wrapped(w.Say("wsetup.safe.keyring"), 15, kit.Ink2))))
	}
	return kit.NewCallout(kit.Caution, 10, kit.Row(10, kit.Middle(kit.NewIcon("lock-open", 22, kit.Warn)), kit.Grow(1, wrapped(w.Say("wsetup.safe.file", "file", s.safe.KeyFile), 15, kit.Ink))))
}

// walletRow is a wallet of the counter: its switch, and its place in the order.
func (p *walletSetupPage) walletRow(i int, x till.WalletAccount, n int) tableRow {
	w := p.w
	var state fyne.CanvasObject
	switch {
	case w.view.Settings.Freeze(x.Name) != nil:
		state = kit.NewBadge(kit.Bad, "octagon-pause", w.Say("wsetup.is.frozen"))
	case !x.On:
		state = kit.NewBadge(kit.Plain, "circle-minus", w.Say("wsetup.is.off"))
	case x.Mode != "live":
		state = kit.NewBadge(kit.Caution, "triangle-alert", w.Say("wsetup.is.test"))
	default:
		state = kit.NewBadge(kit.Good, "circle-check", w.Say("wsetup.is.live"))
	}
	up, down := fyne.CanvasObject(kit.Gap(48)), fyne.CanvasObject(kit.Gap(48))
	if i > 0 {
		up = kit.NewIconButton(kit.Ghost, kit.Small, "arrow-up", func() { p.move(i, i-1) })
	}
	if i < n-1 {
		down = kit.NewIconButton(kit.Ghost, kit.Small, "arrow-down", func() { p.move(i, i+1) })
	}
	words := kit.Col(0, strong(w.walletName(x.Name), 18, kit.Ink), text(p.waysOf(x.Ways), 15, kit.Ink3))
	return tableRow{[]fyne.CanvasObject{w.walletPlate(x.Name, 40), words, text(p.feeWords(x), 15, kit.Ink2), kit.Row(0, state, kit.Space()),
		kit.NewSwitch("", "", x.On, func(on bool) { p.turn(x.Name, on) }), up, down}, false, func() { p.openWallet(x.Name) }}
}

// setupRow is a wallet that is not on the counter yet.
func (p *walletSetupPage) setupRow(x till.WalletSetup) tableRow {
	w := p.w
	step := p.stepOf(x)
	badge := kit.NewBadge(kit.Plain, "clock", w.Say("wsetup.is.step", "n", decimal(step+1)))
	words := kit.Col(0, strong(p.nameOf(x.Account.Name), 18, kit.Ink), text(w.Say("wsetup.goes_on", "step", w.Say("wsetup.step."+stepNames[step])), 15, kit.Ink3))
	return tableRow{[]fyne.CanvasObject{w.walletPlate(x.Account.Name, 40), words, text(p.feeWords(x.Account), 15, kit.Ink2), kit.Row(0, badge, kit.Space()),
		kit.Gap(60), kit.Gap(48), kit.Middle(kit.NewIcon("chevron-right", 22, kit.Ink3))}, false, func() { p.openWallet(x.Account.Name) }}
}

// move changes the order in which the cashier sees the wallets.
func (p *walletSetupPage) move(from, to int) {
	list := slices.Clone(p.w.view.Settings.Wallets)
	list[from], list[to] = list[to], list[from]
	for i := range list {
		list[i].Order = i + 1
	}
	p.put(list, "wsetup.moved")
}

// turn takes a wallet off the counter, or puts it back.
func (p *walletSetupPage) turn(name string, on bool) {
	list := slices.Clone(p.w.view.Settings.Wallets)
	for i := range list {
		if list[i].Name == name {
			list[i].On = on
		}
	}
	p.state().name = name
	p.put(list, map[bool]string{true: "wsetup.turned_on", false: "wsetup.turned_off"}[on])
}

// waysOf words the ways to pay.
func (p *walletSetupPage) waysOf(ways []till.Presentment) string {
	var out []string
	for _, x := range ways {
		out = append(out, p.w.Say("wsetup.way."+x.String()))
	}
	return strings.Join(out, p.w.Say("menu.comma"))
}

// feeWords says what a wallet keeps today and when it pays out.
func (p *walletSetupPage) feeWords(x till.WalletAccount) string {
	w := p.w
	if len(x.Fees) == 0 {
		return w.Say("wsetup.fee_unknown")
	}
	return w.feeRule(x.FeeOn(till.DayOf(w.ports.Now(), w.view.Settings.Zone, w.view.Settings.DayStart))) + w.Say("menu.comma") + w.Say("wsetup.tn", "n", decimal(x.Settles))
}

// feeRule writes a rule in few words: 0.6% + ¥0.10.
func (w *Window) feeRule(f till.FeeRule) string {
	var parts []string
	if f.Rate > 0 || f.Fixed == 0 {
		parts = append(parts, percentOf(f.Rate))
	}
	if f.Fixed > 0 {
		parts = append(parts, w.Money(f.Fixed))
	}
	out := strings.Join(parts, " + ")
	if f.Min > 0 {
		out += w.Say("wsetup.fee_min", "amount", w.Money(f.Min))
	}
	if f.Cap > 0 {
		out += w.Say("wsetup.fee_cap", "amount", w.Money(f.Cap))
	}
	return out
}

func percentOf(r money.Rate) string { return r.Percent() + "%" }

// hints are what the choice says of a wallet beside what its adapter does: the usual fee and who its customers are.
// The contract decides the fee.
type walletHint struct{ fee, settles, customers string }

func (w *Window) walletHint(name string) walletHint {
	say := func(what string) string {
		if key := "wsetup.hint." + name + "." + what; w.words.Has(key) {
			return w.Say(key)
		}
		return w.Say("wsetup.hint.contract")
	}
	return walletHint{say("fee"), say("settles"), say("customers")}
}

// chooseView is the first step: what there is, what it costs and what it needs.
func (p *walletSetupPage) chooseView() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.chosen == nil {
		s.chosen = map[string]bool{}
	}
	var rows []tableRow
	for _, o := range p.port().Offers() {
		h := w.walletHint(o.Name)
		tap := func() {
			s.chosen[o.Name] = !s.chosen[o.Name]
			p.redraw()
		}
		needs := p.paperWords(o.Papers)
		title, more := shortTitle(w.ItemName(o.Title, o.TitleEN))
		ink, name := kit.Ink2, []fyne.CanvasObject{strong(title, 16, kit.Ink)}
		if more != "" {
			name = append(name, text(more, 14, kit.Ink3))
		}
		if _, on := w.view.Settings.Wallet(o.Name); on {
			name = append(name, text(w.Say("wsetup.has"), 14, kit.Accent))
		} else if o.OwnContract {
			needs, ink = w.Say("wsetup.own_contract"), kit.Warn
		}
		if len(o.Currencies) > 0 && !slices.Contains(o.Currencies, w.Currency().Code) {
			needs, ink = w.Say("wsetup.other_currency", "list", strings.Join(o.Currencies[:min(3, len(o.Currencies))], ", "), "currency", w.Currency().Code), kit.Warn
			tap = nil
		}
		cells := []fyne.CanvasObject{checkMark(s.chosen[o.Name]), w.walletPlate(o.Name, 34), kit.Col(0, name...), wrapped(p.waysOf(o.Account.Ways), 15, kit.Ink),
			wrapped(h.fee, 15, kit.Ink), wrapped(h.settles, 15, kit.Ink), wrapped(h.customers, 15, kit.Ink), wrapped(needs, 15, ink)}
		if p.narrow {
			cells = slices.Delete(cells, 6, 7)
		}
		rows = append(rows, tableRow{cells, s.chosen[o.Name], tap})
	}
	cols := []column{{"", 28, false}, {"", 34, false}, {w.Say("wsetup.platform"), p.pick(170, 140), false}, {w.Say("wsetup.does"), p.pick(120, 100), false}, {w.Say("wsetup.fee"), p.pick(118, 118), false},
		{w.Say("wsetup.settles"), p.pick(84, 70), false}, {w.Say("wsetup.customers"), 120, false}, {w.Say("wsetup.needs"), 0, false}}
	if p.narrow {
		cols = slices.Delete(cols, 6, 7)
	}
	names := p.chosenNames()
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("wsetup.begin", "names", p.listed(names)), Key: "Enter", OnTap: p.beginChosen})
	if len(names) == 0 {
		main = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("wsetup.begin_none")})
		main.Off(w.Say("wsetup.off.choose"))
	}
	note := kit.Row(8, kit.Middle(kit.NewIcon("info", 20, kit.Ink3)), kit.Grow(1, kit.Middle(wrapped(w.Say("wsetup.contract_note"), 15, kit.Ink3))))
	col := kit.Col(10, p.stepBars(stepChoose), kit.Grow(1, table(cols, 66, rows)), kit.Row(12, kit.Grow(1, note), kit.Middle(main)))
	return p.office(PageWallets, w.Say("wsetup.add"), w.Say("wsetup.choose_sub"),
		[]fyne.CanvasObject{kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Label: w.Say("wsetup.not_now"), Key: "Esc", OnTap: p.home})}, col)
}

// shortTitle takes off what a title says in brackets.
func shortTitle(title string) (short, more string) {
	title = strings.NewReplacer("（", " (", "）", ")").Replace(title)
	short, more, _ = strings.Cut(title, " (")
	return short, strings.TrimSuffix(more, ")")
}

// checkMark is the box of a row that can be chosen.
func checkMark(on bool) fyne.CanvasObject {
	if on {
		return kit.NewIcon("square-check", 28, kit.Accent)
	}
	return kit.NewIcon("square", 28, kit.Outline)
}

func (p *walletSetupPage) chosenNames() []string {
	var out []string
	for _, o := range p.port().Offers() {
		if p.state().chosen[o.Name] {
			out = append(out, o.Name)
		}
	}
	return out
}

// listed names wallets: two of them, then how many more.
func (p *walletSetupPage) listed(names []string) string {
	var out []string
	for i, n := range names {
		if i == 2 {
			return strings.Join(out, p.w.Say("menu.comma")) + p.w.Say("wsetup.and_more", "n", decimal(len(names)-2))
		}
		out = append(out, p.nameOf(n))
	}
	return strings.Join(out, p.w.Say("wsetup.and"))
}

// beginChosen sets up what was chosen, one after another.
func (p *walletSetupPage) beginChosen() {
	names := p.chosenNames()
	if len(names) == 0 {
		p.w.play("notfound")
		return
	}
	p.state().chosen = nil
	for _, n := range names {
		p.change(n, func(*till.WalletSetup) {})
	}
	p.begin(names...)
}

// paperWords lists what a provider asks for.
func (p *walletSetupPage) paperWords(papers []string) string {
	var out []string
	for _, k := range papers {
		out = append(out, p.w.Say("wsetup.paper."+k))
	}
	return strings.Join(out, p.w.Say("menu.comma"))
}
