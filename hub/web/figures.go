package web

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"guitai/hub/day"
	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/till"
	"guitai/till/money"
)

// A sheet is what a shop took in a range of days, with what only the documents
// say.
type sheet struct {
	Shop     store.Shop
	Cur      money.Currency
	From, To string
	R        *till.Report
	docs     []wire.DayDocument
	names    map[string]string // of tills
	lang     string

	Fee, FeeBase money.Amount
	FeeKnown     bool // whether a document states fees
	Added        []addition
	AddedKnown   bool // whether a document says anything of a reconciliation
	Drawers      []drawer
	Flags        []flagged
	Wallets      bool // whether documents tell of attempts
}

// An addition is something that became known of a closed day later.
type addition struct {
	What, Wallet, Till string
	Date               string
	Amount             money.Amount
	Receipt            int64
}

// A drawer is the cash of one shift at one till.
type drawer struct {
	Till, Date, Reason string
	till.CashRow
}

// A flagged is one remark of a till's rules.
type flagged struct {
	Rule, Title, Subject, Till string
	Seen, Sample               int64
	Receipts                   []int64
}

func currency(sh store.Shop) money.Currency {
	return money.Currency{Code: sh.Currency, Exponent: sh.Exponent}
}

func (v *visit) sheet(sh store.Shop, r *till.Report, docs []wire.DayDocument, names map[string]string) *sheet {
	t := &sheet{Shop: sh, Cur: currency(sh), From: r.From.String(), To: r.To.String(), R: r, docs: docs, names: names, lang: v.lang}
	for i := range docs {
		d := &docs[i]
		for _, k := range d.Tenders {
			if k.Fee != nil {
				t.FeeKnown = true
				t.Fee += money.Amount(*k.Fee)
				t.FeeBase += money.Amount(k.Amount)
			}
		}
		t.Wallets = t.Wallets || d.Wallets != nil
		for _, c := range d.Cash {
			row := drawer{Till: t.tillName(d.Till), Date: d.BusinessDate.Format(time.DateOnly), CashRow: till.CashRow{Shift: c.Shift, Float: money.Amount(c.Float),
				Expected: money.Amount(c.Expected), Closed: c.Closed}}
			if c.Counted != nil {
				row.Counted = money.Amount(*c.Counted)
			}
			if c.OverShort != nil {
				row.OverShort = money.Amount(*c.OverShort)
			}
			if c.Reason != nil {
				row.Reason = *c.Reason
			}
			t.Drawers = append(t.Drawers, row)
		}
		if d.Flags != nil {
			for _, f := range *d.Flags {
				one := flagged{Rule: f.Rule, Title: sayOr(v.lang, "flag."+f.Rule, f.Rule), Subject: f.Subject, Till: t.tillName(d.Till), Sample: f.Sample}
				if f.Seen != nil {
					one.Seen = *f.Seen
				}
				if f.Receipts != nil {
					one.Receipts = *f.Receipts
				}
				t.flag(one)
			}
		}
	}
	return t
}

// flag takes a remark in, with those of other shifts that are the same.
func (t *sheet) flag(f flagged) {
	for i := range t.Flags {
		if g := &t.Flags[i]; g.Rule == f.Rule && g.Subject == f.Subject && g.Till == f.Till {
			g.Seen += f.Seen
			g.Sample += f.Sample
			if len(g.Receipts) < 20 {
				g.Receipts = slices.Concat(g.Receipts, f.Receipts)
			}
			return
		}
	}
	t.Flags = append(t.Flags, f)
}

func (t *sheet) tillName(id string) string {
	if n := t.names[id]; n != "" {
		return n
	}
	return id
}

// add takes in what became known later.
func (t *sheet) add(kept []store.Kept) error {
	for _, k := range kept {
		d, _, err := day.Read(k.Body)
		if err != nil {
			return err
		}
		if d.Addendum == nil {
			continue
		}
		a := addition{What: string(d.Addendum.What), Till: t.tillName(d.Till), Amount: money.Amount(d.Addendum.Amount)}
		if d.OriginalDate != nil {
			a.Date = d.OriginalDate.Format(time.DateOnly)
		}
		if d.Addendum.Receipt != nil {
			a.Receipt = *d.Addendum.Receipt
		}
		if d.Addendum.Wallet != nil {
			a.Wallet = tenderName(t.lang, "wallet:"+*d.Addendum.Wallet)
		}
		t.AddedKnown = true
		t.Added = append(t.Added, a)
	}
	return nil
}

// A tenderRow is one kind of tender, with its share of all that was taken.
type tenderRow struct {
	Name, Plate, Letter                                string
	Count                                              int
	Amount, Refunded, Unverified, Fee, Earned, Between money.Amount
	Share                                              int64 // tenths of a percent
	FeeKnown                                           bool
}

// Tenders lists what was taken, the most first.
func (t *sheet) Tenders() []tenderRow {
	fees := map[string]money.Amount{}
	for i := range t.docs {
		for _, k := range t.docs[i].Tenders {
			if k.Fee != nil {
				fees[k.Kind] += money.Amount(*k.Fee)
			}
		}
	}
	var all money.Amount
	for _, k := range t.R.Tenders {
		all += k.Amount
	}
	var rows []tenderRow
	for _, k := range t.R.Tenders {
		fee, known := fees[string(k.Kind)]
		row := tenderRow{Name: tenderName(t.lang, string(k.Kind)), Plate: plate(string(k.Kind)), Count: k.Count, Amount: k.Amount, Refunded: k.Refunded, Unverified: k.Unverified,
			Fee: fee, FeeKnown: known, Earned: k.Amount - k.Refunded - fee}
		for _, r := range row.Name {
			row.Letter = string(r)
			break
		}
		if all > 0 {
			if n, err := money.MulDiv(int64(k.Amount), 1000, int64(all), money.HalfAwayFromZero); err == nil {
				row.Share = n
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b tenderRow) int { return cmp.Compare(b.Amount, a.Amount) })
	return rows
}

// tenderName is what a kind of tender is called.
func tenderName(lang, kind string) string {
	family, name, _ := strings.Cut(kind, ":")
	switch family {
	case "wallet":
		return sayOr(lang, "wallet."+name, name)
	case "qr", "foreign":
		return say(lang, "tender."+family, "name", strings.ToUpper(name))
	}
	return sayOr(lang, "tender."+family, kind)
}

// plate is the style of a tender's plate.
func plate(kind string) string {
	_, name, _ := strings.Cut(kind, ":")
	switch name {
	case "alipay", "wechatpay", "wechat", "jdpay", "baidu", "paypal", "stripe", "unionpay":
		return "plate-" + name
	}
	return "plate-cash"
}

// A reasonRow is why payments were not made.
type reasonRow struct {
	Name  string
	Count int
	Share int64 // hundredths of the most frequent, for its bar
}

// Reasons lists why wallets did not pay, the most frequent first.
func (t *sheet) Reasons() []reasonRow {
	sums := map[till.Reason]int{}
	for _, w := range t.R.Wallets {
		for _, r := range w.Reasons {
			sums[r.Reason] += r.Count
		}
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b till.Reason) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	var rows []reasonRow
	for _, k := range keys {
		rows = append(rows, reasonRow{Name: sayOr(t.lang, "reason."+string(k), string(k)), Count: sums[k], Share: int64(sums[k]) * 100 / int64(sums[keys[0]])})
	}
	return rows
}

// Failed counts the attempts that were not paid.
func (t *sheet) Failed() int {
	n := 0
	for _, w := range t.R.Wallets {
		n += w.Declined + w.Cancelled + w.Unknown
	}
	return n
}

// Best lists the ten items that came to most.
func (t *sheet) Best() []till.ItemRow {
	rows := slices.DeleteFunc(slices.Clone(t.R.Items), func(i till.ItemRow) bool { return i.Name == day.RestName })
	slices.SortStableFunc(rows, func(a, b till.ItemRow) int { return cmp.Compare(b.Net, a.Net) })
	return rows[:min(10, len(rows))]
}

// Told lists the drawers that the page names: of one day all, of a longer range
// the latest that had something over or short.
func (t *sheet) Told() []drawer {
	if t.From == t.To {
		return t.Drawers
	}
	rows := slices.DeleteFunc(slices.Clone(t.Drawers), func(d drawer) bool { return d.Closed && d.OverShort == 0 })
	slices.Reverse(rows)
	return rows[:min(100, len(rows))]
}

// OverShort is what all drawers together had too much or too little.
func (t *sheet) OverShort() money.Amount {
	var sum money.Amount
	for _, d := range t.Drawers {
		sum += d.OverShort
	}
	return sum
}

// period is the sheet in the form that the till compares.
func (t *sheet) period() *till.Period {
	p := &till.Period{Report: *t.R}
	if t.FeeKnown {
		p.Fees.Totals = []till.FeeTotal{{FeeDay: till.FeeDay{Kind: "wallet:all", Priced: true, Fee: t.Fee}}}
	}
	return p
}

// hourBars sets the hours of two sheets side by side; the second may be nil.
func hourBars(a, b *sheet) []bar {
	var n, m [24]int64
	first, last := 24, -1
	for i, s := range []*sheet{a, b} {
		if s == nil {
			continue
		}
		for _, h := range s.R.Hours {
			if h.Hour < 0 || h.Hour > 23 {
				continue
			}
			if i == 0 {
				n[h.Hour] = int64(h.Net)
			} else {
				m[h.Hour] = int64(h.Net)
			}
			first, last = min(first, h.Hour), max(last, h.Hour)
		}
	}
	var all []bar
	for h := first; h <= last; h++ {
		all = append(all, bar{Label: time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC).Format("15"), A: n[h], B: m[h], Second: b != nil})
	}
	return all
}

// dayBars sets the days of two ranges side by side, the first day of each
// together.
func dayBars(a, b *sheet) []bar {
	at := func(s *sheet) map[int]int64 {
		from, err := time.Parse(time.DateOnly, s.From)
		if err != nil {
			return nil
		}
		sums := map[int]int64{}
		for _, d := range s.R.Days {
			if day, err := time.Parse(time.DateOnly, d.Date.String()); err == nil {
				sums[int(day.Sub(from).Hours()/24)] = int64(d.Net)
			}
		}
		return sums
	}
	x, y := at(a), at(b)
	from, err1 := time.Parse(time.DateOnly, a.From)
	to, err2 := time.Parse(time.DateOnly, a.To)
	if err1 != nil || err2 != nil {
		return nil
	}
	var all []bar
	for i := range int(to.Sub(from).Hours()/24) + 1 {
		all = append(all, bar{Label: from.AddDate(0, 0, i).Format("1/2"), A: x[i], B: y[i], Second: true})
	}
	return all
}
