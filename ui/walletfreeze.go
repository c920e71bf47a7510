package ui

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// freezeTime is how long the button is held that stops the wallets.
const freezeTime = 2 * time.Second

// freezeState is how far somebody has come with an emergency.
type freezeState struct {
	reason  string
	done    [6]bool // steps, from 1
	numbers bool    // the providers' numbers are shown
}

// freezePage stops wallets at this till: anybody on shift may, the owner lets them go on.
type freezePage struct {
	*desk
	field *kit.Field
}

func newFreeze(w *Window) page {
	p := &freezePage{}
	p.desk = newDesk(w, p.paint)
	p.field = kit.NewField(kit.FieldSpec{Small: true, Limit: 120, Placeholder: w.Say("freeze.reason.other"), OnChange: func(t string) { p.state().reason = t }}, w.office.freeze.reason)
	return p
}

func (p *freezePage) state() *freezeState { return &p.w.office.freeze }

// Title is part of page.
func (p *freezePage) Title() string { return p.w.Say("page.freeze") }

// frozen is what stops every wallet, or the first that is stopped alone; nil where none is.
func (w *Window) frozen() *till.WalletFreeze {
	for i := range w.view.Frozen {
		if w.view.Frozen[i].Wallet == "" {
			return &w.view.Frozen[i]
		}
	}
	if len(w.view.Frozen) > 0 {
		return &w.view.Frozen[0]
	}
	return nil
}

// frozenBy is what stops a wallet by itself, or all of them for ""; nil where nothing does.
func (w *Window) frozenBy(name string) *till.WalletFreeze {
	for i := range w.view.Frozen {
		if f := &w.view.Frozen[i]; f.Wallet == name {
			return f
		}
	}
	return nil
}

func (p *freezePage) freeze(wallet string) {
	p.w.Do(till.Freeze{Wallet: wallet, Reason: p.state().reason})
}

func (p *freezePage) paint() fyne.CanvasObject {
	w := p.w
	head := kit.Fixed(44, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("page.freeze"), 24, kit.Ink))), kit.Middle(kit.NewLabel(w.Say("freeze.sub"), 15, kit.Ink3))))
	if p.narrow {
		head = kit.Fixed(44, kit.Row(8, kit.Grow(1, kit.Middle(kit.NewBold(w.Say("page.freeze"), 24, kit.Ink)))))
	}
	return p.plain(kit.Col(12, head, kit.Fixed(104, p.banner()), kit.Grow(1, kit.Row(12, kit.Fixed(p.pick(430, 390), p.methods()), kit.Grow(1, p.stepsCard())))))
}

// banner says what is stopped and offers the way back, or the stop itself.
func (p *freezePage) banner() fyne.CanvasObject {
	w := p.w
	f := w.frozen()
	if f == nil || f.Wallet != "" {
		title, sub, icon := w.Say("freeze.ready"), w.Say("freeze.ready_sub"), "shield-check"
		if f != nil {
			title, sub, icon = w.Say("freeze.some"), w.Say("freeze.some_sub"), "octagon-pause"
		}
		hold := kit.NewButton(kit.ButtonSpec{Kind: kit.DangerButton, Size: kit.Large, Icon: "octagon-pause", Label: w.Say("freeze.hold"), Text: p.pick(20, 16), HoldFor: freezeTime, OnHold: func() { p.freeze("") }})
		return kit.NewPanel(kit.Sunken, kit.Clear, 0, kit.RadiusCard, kit.Inset(0, 24, 0, 24, kit.Row(16, kit.NewIcon(icon, 52, kit.Ink2),
			kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(title, p.pick(28, 22), kit.Ink), kit.NewParagraph(sub, 16, kit.Ink2)))), kit.Middle(hold))))
	}
	when := Clock(w.local(f.At)) + " " + w.personName(f.By)
	sub := when + " · " + w.Say("freeze.cash_works")
	if f.Reason != "" {
		sub = when + " · " + f.Reason + " · " + w.Say("freeze.cash_works")
	}

	release := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusField}, kit.Inset(0, 18, 0, 18, kit.Row(10, kit.NewIcon("lock-open", 24, kit.Danger), kit.Middle(kit.NewBold(w.Say("freeze.release"), 18, kit.Danger)))),
		func() { w.Do(till.Release{}) })
	release.SetMin(120, 60)
	return kit.NewPanel(kit.Danger, kit.Clear, 0, kit.RadiusCard, kit.Inset(0, 24, 0, 24, kit.Row(16, kit.NewIcon("octagon-pause", 52, kit.OnDanger),
		kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("freeze.frozen"), p.pick(28, 22), kit.OnDanger), kit.NewParagraph(sub, 16, kit.OnDanger)))), kit.Middle(release))))
}

// methods are the wallets, each with its switch, and what goes on.
func (p *freezePage) methods() fyne.CanvasObject {
	w := p.w
	all := w.frozenBy("")
	rows := kit.Col(0, kit.Row(8, kit.Grow(1, kit.NewBold(w.Say("freeze.methods"), 18, kit.Ink)), kit.Middle(kit.NewLabel(w.Say("freeze.one_by_one"), 14, kit.Ink3))), kit.Gap(4))
	row := func(plate fyne.CanvasObject, name, sub string, state fyne.CanvasObject) {
		rows.Add(kit.Fixed(62, kit.Row(12, kit.Middle(plate), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(name, 17, kit.Ink), kit.NewLabel(sub, 14, kit.Ink3)))), kit.Middle(state))))
		rows.Add(kit.Hairline())
	}
	for _, x := range w.view.Wallets {
		alone := w.frozenBy(x.Name)
		switch {
		case all != nil:
			row(w.walletPlate(x.Name, 34), w.walletName(x.Name), w.Say("freeze.as_well"), kit.NewBadge(kit.Bad, "octagon-pause", w.Say("freeze.is_frozen")))
		case alone != nil:
			row(w.walletPlate(x.Name, 34), w.walletName(x.Name), Clock(w.local(alone.At))+" "+w.personName(alone.By),
				kit.Row(8, kit.Middle(kit.NewBadge(kit.Bad, "octagon-pause", w.Say("freeze.is_frozen"))), kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "lock-open", Label: w.Say("freeze.release_one"), Text: 16, OnTap: func() { w.Do(till.Release{Wallet: x.Name}) }})))
		default:
			row(w.walletPlate(x.Name, 34), w.walletName(x.Name), w.Say("freeze.active"),
				kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Size: kit.Small, Icon: "octagon-pause", Label: w.Say("freeze.one"), Text: 16, HoldFor: freezeTime, OnHold: func() { p.freeze(x.Name) }}))
		}
	}
	row(w.plate(till.Card, 34), w.Say("pay.card"), w.Say("freeze.card"), kit.NewBadge(kit.Good, "circle-check", w.Say("freeze.active")))
	row(w.plate(till.Cash, 34), w.Say("pay.cash"), w.Say("freeze.cash"), kit.NewBadge(kit.Good, "circle-check", w.Say("freeze.active")))
	note := kit.Row(10, kit.Col(0, kit.NewIcon("info", 20, kit.Ink3)), kit.Grow(1, wrapped(w.Say("freeze.effect"), 15, kit.Ink)))
	return kit.NewCard(0, kit.Inset(12, 8, 12, 20, kit.NewScroll(kit.Inset(0, 14, 0, 0, kit.Col(0, rows, kit.Gap(12), note)))))
}

// stepsCard is why it is stopped, before; and after that the five steps.
func (p *freezePage) stepsCard() fyne.CanvasObject {
	w, s := p.w, p.state()
	f := w.frozen()
	if f == nil {
		chips := kit.Col(8)
		for _, key := range []string{"key", "odd", "device"} {
			words := w.Say("freeze.reason." + key)
			chips.Add(kit.NewChip("", words, s.reason == words, func() { s.reason = words; p.field.SetText(""); p.redraw() }))
		}
		chips.Add(p.field)
		return kit.NewCard(0, kit.Inset(12, 8, 12, 20, kit.NewScroll(kit.Inset(2, 14, 2, 2, kit.Col(10, kit.NewBold(w.Say("freeze.why"), 18, kit.Ink), chips, wrapped(w.Say("freeze.why_note"), 15, kit.Ink2), p.numbers())))))
	}
	col := kit.Col(0, kit.NewBold(w.Say("freeze.steps"), 18, kit.Ink), kit.Gap(6))
	now := 0
	for n := 2; n <= 5 && now == 0; n++ {
		if !s.done[n] {
			now = n
		}
	}
	for n := 1; n <= 5; n++ {
		col.Add(p.stepRow(n, n == now, n == 1 || s.done[n], f))
		col.Add(kit.Hairline())
		if n == 2 && (s.numbers || now == 2) {
			col.Add(p.numbers())
			col.Add(kit.Hairline())
		}
	}
	return kit.NewCard(0, kit.Inset(12, 8, 12, 20, kit.NewScroll(kit.Inset(0, 14, 0, 0, col))))
}

func (p *freezePage) stepRow(n int, now, done bool, f *till.WalletFreeze) fyne.CanvasObject {
	w, s := p.w, p.state()
	no := strconv.Itoa(n)
	icon, text, fill, ink := "", no, kit.Sunken, kit.Ink3
	switch {
	case done:
		icon, fill, ink = "check", kit.Accent, kit.OnAccent
	case now:
		fill, ink = kit.Ink, kit.Surface
	}
	title := kit.NewLabel(w.Say("freeze.step."+no), 17, kit.Ink)
	if done || now {
		title = kit.NewBold(w.Say("freeze.step."+no), 17, kit.Ink)
	}
	sub := w.Say("freeze.step."+no+"_sub", "time", Clock(w.local(f.At)))
	row := kit.Row(14, kit.Middle(kit.NewDisc(icon, text, 38, fill, ink)), kit.Grow(1, kit.Middle(kit.Col(0, title, kit.NewParagraph(sub, 14, kit.Ink3)))))
	switch {
	case n == 2:
		row.Add(kit.Middle(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "phone", Label: w.Say("freeze.numbers"), Text: 16, OnTap: func() { s.numbers = !s.numbers; p.redraw() }})))
		fallthrough
	case n > 1:
		label := w.Say("freeze.tick")
		if done {
			label = w.Say("freeze.untick")
		}
		row.Add(kit.Middle(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: label, Text: 16, OnTap: func() { s.done[n] = !s.done[n]; p.redraw() }})))
	}
	return kit.AtLeast(72, kit.Inset(6, 0, 6, 0, row))
}

// numbers are the providers' help lines, with the shop's merchant numbers to read out.
func (p *freezePage) numbers() fyne.CanvasObject {
	w, f := p.w, p.w.frozen()
	var others []string
	col := kit.Col(6)
	for _, x := range w.view.Wallets {
		contact, merchant := x.Contact, x.Merchant
		if !x.On || f != nil && f.Wallet != "" && f.Wallet != x.Name {
			continue
		}
		if contact == "" && merchant == "" {
			others = append(others, w.walletName(x.Name))
			continue
		}
		if contact == "" {
			contact = w.Say("freeze.no_contact")
		}
		if merchant == "" {
			merchant = w.Say("freeze.no_merchant")
		}
		col.Add(kit.Row(12, kit.Middle(w.walletPlate(x.Name, 30)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.walletName(x.Name)+" · "+contact, 16, kit.Ink),
			kit.NewLabel(w.Say("freeze.merchant", "no", merchant), 15, kit.Ink2))))))
	}
	if len(others) > 0 {
		col.Add(kit.NewParagraph(strings.Join(others, w.Say("menu.comma"))+w.Say("freeze.see_contract"), 15, kit.Ink2))
	}
	if len(col.Objects) == 0 {
		return hidden()
	}
	return kit.NewNote(col)
}
