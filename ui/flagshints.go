package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// receiptsShown bounds how many numbers are listed by name; all of them are opened.
const receiptsShown = 24

// flagWho names whose records a hint is about, the shift, and the days.
func (w *Window) flagWho(f *till.Flag) string {
	who := w.personName(f.Cashier)
	if f.Cashier == "" {
		who = w.Say("flag.nobody")
	}
	parts := []string{who}
	if f.Shift != 0 {
		parts = append(parts, w.shiftName(f.Shift), w.dayName(f.Day))
	} else {
		parts = append(parts, w.rangeName(f.Since, f.Day))
	}
	return strings.Join(parts, " · ")
}

// flagNumbers says how often something was seen, and how often it usually is.
func (w *Window) flagNumbers(f *till.Flag) string {
	n := strconv.Itoa(f.Count)
	line := w.words.count("flag.count", n)
	if f.Of > 0 && f.HasUsual {
		line = w.Say("flag.share", "n", n, "of", strconv.Itoa(f.Of), "seen", sharePercent(f.Seen()), "usual", sharePercent(f.Usual))
	} else if f.Of > 0 {
		line = w.Say("flag.share_only", "n", n, "of", strconv.Itoa(f.Of), "seen", sharePercent(f.Seen()))
	}
	if f.Amount > 0 {
		line += " · " + w.Say("flag.amount", "amount", w.Money(f.Amount))
	}
	if more := w.flagOther(f); more != "" {
		line += " · " + more
	}
	return line
}

// sharePercent writes a share in per cent with one decimal.
func sharePercent(r money.Rate) string { return tenths((int64(r)+500)/1000) + "%" }

// flagOther puts what else is known of a hint into words.
func (w *Window) flagOther(f *till.Flag) string {
	if f.Other == "" {
		return ""
	}
	switch f.Rule {
	case till.FlagBook:
		return w.Say("flag.other." + f.Other)
	case till.FlagOneApprover:
		return w.Say("flag.approver", "who", w.personName(f.Other))
	case till.FlagWalletFails:
		return w.reasonWords("wallet.failed.", till.Reason(f.Other), "name", "")
	}
	var names []string
	for _, k := range strings.Fields(f.Other) {
		names = append(names, w.tenderName(till.TenderKind(k)))
	}
	return strings.Join(names, w.Say("menu.comma"))
}

// hints are the list of hints and the one that is chosen.
func (p *flagsPage) hints() fyne.CanvasObject {
	w, s := p.w, p.state()
	if len(s.flags) == 0 && len(s.odd) == 0 {
		return kit.NewCard(20, empty("circle-check-big", w.Say("flags.none"), w.Say("flags.none_body")))
	}
	list := kit.Col(0)
	for i := range s.flags {
		f := &s.flags[i]
		row := kit.Row(10, kit.Middle(kit.NewQuietPlate(flagIcon(f.Rule), 34)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(w.Say("flag."+string(f.Rule)+".title"), 16, kit.Ink),
			kit.NewLabel(w.flagWho(f), 14, kit.Ink3)))), kit.Middle(kit.NewBold(thousands(f.Count), 18, kit.Ink)))
		list.Add(kit.Fixed(64, tableLine([]column{{"", 0, false}}, tableRow{[]fyne.CanvasObject{row}, i == s.chosen, func() { s.chosen = i; p.redraw() }})))
	}
	if len(s.odd) > 0 {
		list.Add(kit.Inset(12, 20, 6, 20, kit.NewBold(w.Say("flags.odd"), 15, kit.Ink2)))
		list.Add(kit.Hairline())
	}
	for i := range s.odd {
		o := &s.odd[i]
		at := w.local(o.At)
		words := w.Say("flag." + string(o.Rule) + ".title")
		sub := w.personName(o.Cashier) + " · " + w.dayName(o.Day) + " " + Clock(at)
		if o.Receipt != 0 {
			sub = receiptNo(o.Receipt) + " · " + sub
		}
		row := kit.Row(10, kit.Middle(kit.NewQuietPlate("eye", 34)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewLabel(words, 15, kit.Ink), kit.NewLabel(sub, 14, kit.Ink3)))),
			kit.Middle(kit.NewBold(w.Money(o.Amount), 15, kit.Ink)))
		list.Add(kit.Fixed(60, tableLine([]column{{"", 0, false}}, tableRow{[]fyne.CanvasObject{row}, false, func() {
			if o.Receipt != 0 {
				w.OpenWith(PageHistory, FindSales{Receipts: []int{o.Receipt}})
			} else if w.canOpen(PageAudit) {
				w.Open(PageAudit)
			}
		}})))
	}
	left := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(1, 1, 6, 1, kit.NewScroll(list)))
	if len(s.flags) == 0 {
		return left
	}
	s.chosen = min(s.chosen, len(s.flags)-1)
	return kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(480, 420), p.hint(&s.flags[s.chosen])))
}

// hint is all that is to be said of one.
func (p *flagsPage) hint(f *till.Flag) fyne.CanvasObject {
	w := p.w
	key := "flag." + string(f.Rule)
	col := kit.Col(10, kit.Row(10, kit.Grow(1, wrapped(w.Say(key+".title"), 20, kit.Ink)), kit.Middle(kit.NewBadge(kit.Plain, "", string(f.Rule)))),
		kit.NewLabel(w.flagWho(f), 15, kit.Ink2), wrapped(w.flagNumbers(f), 17, kit.Ink), kit.Hairline())
	if len(f.Receipts) > 0 {
		col.Add(kit.NewBold(w.words.count("flag.because", strconv.Itoa(len(f.Receipts))), 15, kit.Ink2))
		var list []string
		for _, n := range f.Receipts[:min(receiptsShown, len(f.Receipts))] {
			list = append(list, receiptNo(n))
		}
		if len(f.Receipts) > receiptsShown {
			list = append(list, "...")
		}
		col.Add(wrapped(strings.Join(list, "  "), 15, kit.Ink))
	} else if len(f.Records) > 0 {
		var list []string
		for _, n := range f.Records[:min(receiptsShown, len(f.Records))] {
			list = append(list, strconv.FormatInt(n, 10))
		}
		if len(f.Records) > receiptsShown {
			list = append(list, "...")
		}
		col.Add(wrapped(w.words.count("flag.records", strconv.Itoa(len(f.Records)), "list", strings.Join(list, ", ")), 15, kit.Ink))
	}
	col.Add(kit.NewBold(w.Say("flag.may"), 15, kit.Ink2))
	col.Add(wrapped(w.Say(key+".may"), 16, kit.Ink))
	col.Add(kit.NewBold(w.Say("flag.do"), 15, kit.Ink2))
	col.Add(wrapped(w.Say(key+".do"), 16, kit.Ink))
	foot := kit.Col(0)
	label, icon := w.Say("flags.open"), "receipt-text"
	if len(f.Receipts) == 0 && len(f.Records) > 0 {
		label, icon = w.Say("flags.open_log"), "shield-check"
	}
	foot.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: icon, Label: label, Key: "Enter", OnTap: func() { p.open(f) }}))
	return kit.NewCard(18, kit.Col(12, kit.Grow(1, kit.NewScroll(col)), foot))
}

// open shows the receipts behind a hint, the log for records without one, or the sales of the person.
func (p *flagsPage) open(f *till.Flag) {
	w := p.w
	switch {
	case len(f.Receipts) > 0:
		w.OpenWith(PageHistory, FindSales{Receipts: f.Receipts})
	case len(f.Records) > 0 && w.canOpen(PageAudit):
		w.Open(PageAudit)
	default:
		w.OpenWith(PageHistory, FindSales{From: f.Since, To: f.Day, Operator: f.Cashier})
	}
}

func flagIcon(rule till.FlagRule) string {
	switch string(rule)[:1] {
	case "V":
		return "trash-2"
	case "N":
		return "archive"
	case "R":
		return "undo-2"
	case "D":
		return "percent"
	case "O":
		return "clock"
	case "C":
		return "coins"
	case "W":
		return "smartphone"
	case "T":
		return "history"
	}
	return "eye"
}
