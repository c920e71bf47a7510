package ui

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// reasons are the failures of the report by reason alone, the most frequent first.
func (p *reportPage) reasons() []till.FailureCount {
	var out []till.FailureCount
	for _, f := range p.state().failures {
		at := slices.IndexFunc(out, func(x till.FailureCount) bool { return x.Reason == f.Reason })
		if at < 0 {
			out = append(out, till.FailureCount{Reason: f.Reason})
			at = len(out) - 1
		}
		out[at].Count += f.Count
		out[at].Saved += f.Saved
		out[at].Lost += f.Lost
	}
	slices.SortStableFunc(out, func(a, b till.FailureCount) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// reasonRow is one reason with how often, and what came of the sales; it opens those that were paid otherwise.
func (p *reportPage) reasonRow(r till.FailureCount, most int, nameWidth, height float32) fyne.CanvasObject {
	w := p.w
	outcome := w.Say("report.all_saved")
	if r.Lost > 0 {
		outcome = w.Say("report.lost", "amount", w.Money(r.Lost))
	}
	part := float32(r.Count) / float32(max(most, 1))
	row := kit.Row(8, kit.Fixed(nameWidth, kit.Middle(kit.NewLabel(w.reasonWords("report.why.", r.Reason), 15, kit.Ink))),
		kit.Grow(1, kit.Middle(kit.Fixed(12, kit.Sized(0, 12, kit.NewProgress(part, kit.Clear, kit.ChartBad, 3))))), kit.Fixed(28, kit.Middle(kit.NewBold(strconv.Itoa(r.Count), 15, kit.Ink))),
		kit.Fixed(p.pick(190, 140), kit.Middle(kit.NewLabel(outcome, 14, kit.Ink2).Trailing())))
	tap := kit.NewTap(kit.Style{Fill: kit.Surface, Radius: kit.RadiusSmall}, row, p.opens(till.Figure{Of: till.FigureUnpaid, Reason: r.Reason}))
	tap.SetMin(100, height)
	return kit.Fixed(height, tap)
}

// payingView says of each wallet how many of its payments were paid, how long that took, and why the others were not.
// Those of a test account are no business of a report.
func (p *reportPage) payingView() fyne.CanvasObject {
	w, s := p.w, p.state()
	cols := []column{{w.Say("report.wallet_col"), 0, false}, {w.Say("report.started"), 68, true}, {w.Say("report.paid"), 68, true}, {w.Say("report.conversion"), 84, true}}
	if !p.narrow {
		cols = append(cols, column{w.Say("report.not_paid"), 76, true}, column{w.Say("report.reversed"), 76, true})
	}
	cols = append(cols, column{w.Say("report.open"), 76, true}, column{w.Say("report.seconds"), 120, true})
	var rows []tableRow
	for _, t := range s.report.Wallets {
		if t.Mode == "test" {
			continue
		}
		took := "—"
		if t.Paid > 0 {
			took = w.Say("report.took", "median", tookWords(t.Seconds.Median), "most", tookWords(t.Seconds.Most))
		}
		n := func(v int) fyne.CanvasObject { return text(thousands(v), 16, kit.Ink2).Trailing() }
		cells := []fyne.CanvasObject{kit.Row(8, kit.Middle(w.walletPlate(t.Wallet, 28)), kit.Grow(1, kit.Middle(text(w.walletName(t.Wallet), 16, kit.Ink)))), n(t.Attempts), n(t.Paid),
			strong(shareOf(t.Paid, t.Attempts), 16, kit.Ink).Trailing()}
		if !p.narrow {
			cells = append(cells, n(t.Declined), n(t.Cancelled))
		}
		cells = append(cells, n(t.Unknown+t.Watched), text(took, 16, kit.Ink2).Trailing())
		rows = append(rows, tableRow{cells, false, p.opens(till.Figure{Of: till.FigureTender, Key: string(till.WalletTender(t.Wallet))})})
	}
	if len(rows) == 0 {
		return kit.NewCard(20, empty("wallet", w.Say("report.no_attempts"), w.Say("report.no_attempts_body")))
	}
	why := p.reasons()
	most := 0
	for _, r := range why {
		most = max(most, r.Count)
	}
	reasons := kit.Col(0)
	for _, r := range why {
		reasons.Add(p.reasonRow(r, most, p.pick(210, 150), 40))
	}
	if len(why) == 0 {
		reasons.Add(kit.Grow(1, kit.Centre(kit.NewLabel(w.Say("report.failed_none"), 16, kit.Ink2))))
	}
	hours := map[int]int{}
	for _, f := range s.failures {
		hours[f.Hour] += f.Count
	}
	var bars []kit.Bar
	for h := range 24 {
		if n := hours[h]; n > 0 {
			bars = append(bars, kit.Bar{Label: strconv.Itoa(h), Value: float64(n), Words: strconv.Itoa(n)})
		}
	}
	right := kit.Col(8, cardHead(w.Say("report.failed_hours"), ""))
	if len(bars) > 0 {
		right.Add(kit.Grow(1, kit.NewBarChart(bars, nil, false)))
	} else {
		right.Add(kit.Grow(1, kit.Centre(kit.NewLabel("—", 16, kit.Ink3))))
	}
	foot := kit.Row(12, kit.Grow(636, kit.NewCard(16, kit.Col(6, cardHead(w.Say("report.why_title"), w.Say("report.why_note")), kit.Grow(1, kit.NewScroll(reasons))))), kit.Grow(400, kit.NewCard(16, right)))
	high := float32(min(len(rows), 5))*52 + 56
	if p.low {
		high = 150
	}
	note := kit.Row(8, kit.NewIcon("info", 18, kit.Ink3), kit.Grow(1, wrapped(w.Say("report.conversion_note"), 14, kit.Ink3)))
	return kit.Col(10, kit.Fixed(high, table(cols, 52, rows)), note, kit.Grow(1, foot))
}

// shareOf is a part of a number in per cent with one decimal; a dash of nothing.
func shareOf(part, of int) string {
	if of == 0 {
		return "—"
	}
	return tenths(int64((part*1000+of/2)/of)) + "%"
}

// tookWords are whole seconds, rounded.
func tookWords(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Second) / time.Second)) }
