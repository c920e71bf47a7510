package ui

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// billsPart is which part of the reconciliation is up.
type billsPart int

// The parts, in their order.
const (
	billsOfDay billsPart = iota
	billsDays            // the overview of days and providers
	billsFile            // a file is chosen
	billsColumns
	billsNote // why a difference needs nothing more
)

// billsState is what is compared, and what came of it.
type billsState struct {
	day     till.BusinessDay
	wallet  string // "" for all providers
	days    []BillDay
	have    bool
	failed  string
	said    []outcome // of the last fetch or file, one a provider
	part    billsPart
	picking bool      // the provider
	group   billGroup // shown alone; "" for all
	all     bool      // what matched is listed too
	chosen  int
	busy    string

	sums  []BillSums // of the overview
	month till.BusinessDay

	pick   filePick
	file   string
	target string // whose bill the file is
	sheet  BillSheet
	fields []string
	moved  bool // the file is refused for its account, and a person says that it has changed

	why string // of a note, as it is typed
}

// reconcilePage compares the providers' bills with the till: what matches, each difference with its one safe next step.
type reconcilePage struct {
	*desk
	share atomic.Int64 // providers asked so far
}

func newReconcile(w *Window) page {
	if w.ports.Office.Bills == nil {
		return nil
	}
	p := &reconcilePage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *reconcilePage) state() *billsState { return &p.w.office.bills }

// Title is part of page.
func (p *reconcilePage) Title() string { return p.w.Say("page.reconcile") }

// Show is part of page.
func (p *reconcilePage) Show(till.View) {
	s := p.state()
	if s.day == 0 {
		s.day = plusDays(p.w.today(), -1) // bills come the day after
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets the bills be compared anew next time.
func (p *reconcilePage) Leave() {
	s := p.state()
	*s = billsState{day: s.day, wallet: s.wallet, busy: s.busy}
	p.desk.Leave()
}

// load compares what is kept of the day.
func (p *reconcilePage) load() {
	s, bills := p.state(), p.w.ports.Office.Bills
	day := s.day
	var got []BillDay
	var err error
	p.ask(p.w.Say("bills.comparing", "day", p.w.dayName(day)), func(ctx context.Context) { got, err = bills.Day(ctx, day) }, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		s.days, s.have = got, true
		s.chosen = min(s.chosen, max(0, len(p.rows())-1))
	})
}

// set goes to another day.
func (p *reconcilePage) set(day till.BusinessDay) {
	s := p.state()
	s.day, s.have, s.said, s.part, s.chosen, s.group, s.all = min(day, p.w.today()), false, nil, billsOfDay, 0, "", false
	p.load()
}

// shown are the providers whose bills are looked at.
func (s *billsState) shown() (out []*BillDay) {
	for i := range s.days {
		if d := &s.days[i]; s.wallet == "" || d.Wallet == s.wallet {
			out = append(out, d)
		}
	}
	return out
}

// put replaces what is known of one provider's day.
func (s *billsState) put(wallet string, r till.Reconciliation) {
	for i := range s.days {
		if d := &s.days[i]; d.Wallet == wallet {
			d.Reconciliation, d.Kept = r, true
			return
		}
	}
	s.days = append(s.days, BillDay{Wallet: wallet, Kept: true, Reconciliation: r})
}

// A billRow is one line of the list: a finding with the provider that it is of.
type billRow struct {
	wallet string
	*till.Finding
}

// rows are the findings that are listed: open ones first, the gravest of them at the top, then what was noted, then what
// matched where it is unfolded.
func (p *reconcilePage) rows() (out []billRow) {
	s := p.state()
	for _, d := range s.shown() {
		for i := range d.Findings {
			f := &d.Findings[i]
			if !f.Kind.Differs() && !s.all || s.group != "" && groupOfFinding(f.Kind) != s.group {
				continue
			}
			out = append(out, billRow{d.Wallet, f})
		}
	}
	rank := func(r billRow) int {
		n := slices.Index(till.FindingKinds, r.Kind)
		if !r.Open() {
			n += len(till.FindingKinds)
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b billRow) int {
		if n := rank(a) - rank(b); n != 0 {
			return n
		}
		return a.At.Compare(b.At)
	})
	return out
}

// row is the one that is looked at.
func (p *reconcilePage) row() (billRow, bool) {
	rows := p.rows()
	if n := p.state().chosen; n >= 0 && n < len(rows) {
		return rows[n], true
	}
	return billRow{}, false
}

// billFault words why a bill was not taken in: what happened, what is safe, what to do.
func (p *reconcilePage) billFault(name string, err error) outcome {
	w := p.w
	if f := (*BillFault)(nil); errors.As(err, &f) && w.words.Has("bills.fault."+f.Code+".title") {
		body := w.Say("bills.fault." + f.Code + ".body")
		if f.Detail != "" {
			body += " (" + shorten(f.Detail, 120) + ")"
		}
		return outcome{title: w.Say("bills.fault."+f.Code+".title", "name", name), body: body, bad: true}
	}
	if code := till.CodeOf(err); code != "" {
		return outcome{title: p.w.refusalWords(err), body: w.Say("bills.nothing_taken"), bad: true}
	}
	return outcome{title: w.Say("bills.fault.other.title", "name", name), body: w.Say("bills.nothing_taken"), bad: true}
}

// told words what a bill that was taken in shows.
func (p *reconcilePage) told(name string, r *till.Reconciliation) outcome {
	w := p.w
	o := outcome{title: w.Say("bills.taken", "name", name, "n", thousands(len(r.Findings)), "open", strconv.Itoa(r.Open()))}
	switch {
	case r.Again:
		o.title = w.Say("bills.again", "name", name)
	case !r.Final:
		o.body = w.Say("bills.not_final")
	}
	return o
}

// fetch asks the providers that are shown for their bills, one after the other. It can be left: what has come is kept.
func (p *reconcilePage) fetch() {
	s, bills, day := p.state(), p.w.ports.Office.Bills, p.state().day
	type got struct {
		r   till.Reconciliation
		err error
	}
	var names []string
	for _, d := range s.shown() {
		if d.Fetches {
			names = append(names, d.Wallet)
		}
	}
	if len(names) == 0 {
		s.said = []outcome{{title: p.w.Say("bills.no_fetch"), body: p.w.Say("bills.no_fetch_body"), bad: true}}
		p.redraw()
		return
	}
	came := make([]got, len(names))
	p.share.Store(0)
	p.ask(p.fetching(names, 0), func(ctx context.Context) {
		for i, name := range names {
			p.share.Store(int64(i))
			if came[i].r, came[i].err = bills.Fetch(ctx, name, day); ctx.Err() != nil {
				return
			}
		}
	}, func() {
		s.said = nil
		for i, name := range names {
			title := p.provider(name)
			if came[i].err != nil {
				s.said = append(s.said, p.billFault(title, came[i].err))
				continue
			}
			s.put(name, came[i].r)
			s.said = append(s.said, p.told(title, &came[i].r))
		}
		s.have = true
		s.chosen = 0
	})
	p.watch(names)
}

func (p *reconcilePage) fetching(names []string, n int) string {
	return p.w.Say("bills.fetching", "name", p.provider(names[min(n, len(names)-1)]), "n", strconv.Itoa(n+1), "of", strconv.Itoa(len(names)))
}

// watch redraws which provider is asked, while it goes on.
func (p *reconcilePage) watch(names []string) {
	turn := p.turn
	p.w.ports.After(importTick, func() {
		if turn == p.turn && p.waiting != "" {
			p.waiting = p.fetching(names, int(p.share.Load()))
			p.redraw()
			p.watch(names)
		}
	})
}

// askAbout asks the provider about the payment or refund that is looked at.
func (p *reconcilePage) askAbout(row billRow) {
	s, bills, day := p.state(), p.w.ports.Office.Bills, p.state().day
	f, was := *row.Finding, row.Kind
	var r till.Reconciliation
	var err error
	p.ask(p.w.Say("bills.asking", "name", p.provider(row.wallet)), func(ctx context.Context) { r, err = bills.Ask(ctx, row.wallet, day, f) }, func() {
		if err != nil {
			s.said = []outcome{p.billFault(p.provider(row.wallet), err)}
			return
		}
		s.put(row.wallet, r)
		still := slices.ContainsFunc(r.Findings, func(x till.Finding) bool {
			return x.Kind == was && x.Attempt == f.Attempt && x.Refund == f.Refund && x.Open()
		})
		o := outcome{title: p.w.Say("bills.asked_gone"), body: p.w.Say("bills.asked_gone_body")}
		if still {
			o = outcome{title: p.w.Say("bills.asked_still"), body: p.w.Say("bills.asked_still_body"), bad: true}
		}
		s.said = []outcome{o}
	})
}

// giveBack gives a payment back that settled nothing. Once begun it is done or refused, whatever page is up.
func (p *reconcilePage) giveBack(row billRow) {
	w, s, bills := p.w, p.state(), p.w.ports.Office.Bills
	if !w.may(till.MayReturn) {
		s.said = []outcome{w.mayNot()}
		p.redraw()
		return
	}
	var err error
	number, by, amount := row.Attempt, w.operatorCode(), Money(row.Currency, row.Theirs)
	w.act(&s.busy, "bills.giving_back", func(ctx context.Context) { err = bills.GiveBack(ctx, number, by) }, func() {
		s.said = []outcome{{title: w.Say("bills.given_back", "amount", amount), body: w.Say("bills.given_back_body")}}
		if err != nil {
			s.said = []outcome{p.billFault(p.provider(row.wallet), err)}
		}
		s.have = false
	})
}

// settle keeps why a difference needs nothing more.
func (p *reconcilePage) settle(row billRow, why string) {
	w, s, bills := p.w, p.state(), p.w.ports.Office.Bills
	if why == "" || row.ID == 0 {
		return
	}
	var err error
	id, by := row.ID, w.operatorCode()
	w.act(&s.busy, "bills.noting", func(ctx context.Context) { err = bills.Settle(ctx, id, by, why) }, func() {
		s.said = []outcome{{title: w.Say("bills.noted"), body: w.Say("bills.noted_body")}}
		if err != nil {
			s.said = []outcome{p.billFault(p.provider(row.wallet), err)}
		}
		s.part, s.why, s.have = billsOfDay, "", false
	})
}

// print queues the differences of each provider that is shown and has some.
func (p *reconcilePage) print() {
	s, bills, day := p.state(), p.w.ports.Office.Bills, p.state().day
	var names []string
	for _, d := range s.shown() {
		if d.Kept {
			names = append(names, d.Wallet)
		}
	}
	var err error
	p.ask(p.w.Say("bills.printing"), func(ctx context.Context) {
		for _, name := range names {
			if err = bills.Print(ctx, name, day); err != nil {
				return
			}
		}
	}, func() {
		s.said = []outcome{{title: p.w.Say("bills.printed")}}
		if err != nil {
			s.said = []outcome{{title: p.w.Say("bills.not_printed"), body: p.w.refusalWords(err), bad: true}}
		}
	})
}

// export writes the comparisons as files.
func (p *reconcilePage) export(format string) {
	s, bills, day := p.state(), p.w.ports.Office.Bills, p.state().day
	var names, paths []string
	for _, d := range s.shown() {
		if d.Kept {
			names = append(names, d.Wallet)
		}
	}
	var err error
	p.ask(p.w.Say("report.exporting"), func(ctx context.Context) {
		for _, name := range names {
			var path string
			if path, err = bills.Export(ctx, name, day, format); err != nil {
				return
			}
			paths = append(paths, path)
		}
	}, func() {
		s.said = nil
		for _, path := range paths {
			s.said = append(s.said, outcome{title: p.w.Say("report.exported", "path", path)})
		}
		if err != nil {
			s.said = append(s.said, outcome{title: p.w.Say("report.export_failed"), bad: true})
		}
	})
}

// Key walks through the list, does the next step, and goes back by one part.
func (p *reconcilePage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActUp, ActDown:
		if s.part != billsOfDay {
			return false
		}
		n := s.chosen - 1
		if e.Action == ActDown {
			n = s.chosen + 1
		}
		s.chosen = max(0, min(n, len(p.rows())-1))
		p.redraw()
	case ActLeft, ActRight:
		if s.part != billsOfDay {
			return false
		}
		if e.Action == ActLeft {
			p.set(plusDays(s.day, -1))
		} else {
			p.set(plusDays(s.day, 1))
		}
	case ActPrint:
		p.print()
	case ActEnter, ActPay:
		switch s.part {
		case billsOfDay:
			if row, ok := p.row(); ok {
				p.step(row).do()
			}
		case billsColumns:
			p.take()
		case billsNote:
			if row, ok := p.row(); ok {
				p.settle(row, s.why)
			}
		case billsDays, billsFile:
		}
	case ActBack:
		switch {
		case p.waiting != "":
			p.desk.Leave()
			p.redraw()
		case s.part == billsColumns:
			s.part = billsFile
			p.redraw()
		case s.part != billsOfDay || s.picking:
			s.part, s.picking = billsOfDay, false
			p.redraw()
		default:
			return p.desk.Key(e)
		}
	default:
		return p.desk.Key(e)
	}
	return true
}

// Dropped takes a file in that was let fall on the window.
func (p *reconcilePage) Dropped(path string) {
	p.begin()
	p.chosen(path)
}

// billTotals are what the cards over the list say.
type billTotals struct {
	n      map[billGroup]int
	money  map[billGroup]money.Amount // matched: theirs; else theirs less ours
	settle money.Amount
	in     money.Currency
	kept   int
	mixed  bool // bills in several currencies have no sum
}

func (s *billsState) totals(shop money.Currency) billTotals {
	t := billTotals{n: map[billGroup]int{}, money: map[billGroup]money.Amount{}, in: shop}
	for _, d := range s.shown() {
		if !d.Kept {
			continue
		}
		t.mixed = t.mixed || t.kept > 0 && d.Currency != t.in
		t.in = d.Currency
		t.kept++
		t.settle += d.Settles()
		for i := range d.Findings {
			f := &d.Findings[i]
			g := groupOfFinding(f.Kind)
			if g != billMatched && !f.Open() || f.Kind == till.Foreign || f.Kind == till.AbsentClosed {
				continue
			}
			ours, theirs := f.Sides()
			t.n[g]++
			if t.money[g] += theirs; g != billMatched {
				t.money[g] -= ours
			}
		}
	}
	return t
}

func (p *reconcilePage) provider(name string) string {
	if name == till.BankStatement {
		return p.w.Say("bills.bank")
	}
	return p.w.walletName(name)
}

func (p *reconcilePage) plate(name string, px float32) fyne.CanvasObject {
	if name == till.BankStatement {
		return p.w.plateOf(till.Transfer, px)
	}
	return p.w.walletPlate(name, px)
}
