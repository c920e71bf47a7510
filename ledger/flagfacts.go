package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A tallyOf is what one person did in one shift.
type tallyOf struct {
	shift     int
	day       till.BusinessDay
	cashier   string
	sales     int
	total     money.Amount
	round     int // sales of a round amount
	reduced   int // sales with a discount
	cash      int // sales that took cash
	voids     []flagReturn
	returns   []flagReturn // without post-voids
	noSales   []int64
	approvals map[string][]int64 // by approver
}

// A flagReturn is a return or a post-void with what is known of its sale.
type flagReturn struct {
	seq      int64
	receipt  int
	of       int
	postVoid bool
	shift    int
	day      till.BusinessDay
	at       time.Time
	cashier  string
	value    money.Amount // given back
	kinds    []string     // of the refunds
	ofBy     string       // who rang the sale
	ofAt     time.Time
	ofKinds  []string // of its tenders as they were taken
}

// A flagAct is a record of another kind.
type flagAct struct {
	seq int64
	till.Entry
}

// flagFacts is what the rules look at, of the business days since..to; those
// from `from` on are asked about.
type flagFacts struct {
	since, from, to till.BusinessDay
	settings        till.Settings
	tallies         []*tallyOf // by shift, then cashier
	returns         []flagReturn
	acts            []flagAct
	hours           [24]int // sales by hour of the local clock
}

// The records that rules read as documents; the many sales are read as rows.
var flagKinds = []till.RecordKind{till.KindCashMoved, till.KindShiftClosed, till.KindApproved, till.KindSettingSet, till.KindStarted,
	till.KindRestored, till.KindReprinted}

func (f *flagFacts) asked(day till.BusinessDay) bool { return day >= f.from && day <= f.to }

// roundAmount is what counts as a round amount: five whole units.
func roundAmount(c money.Currency) money.Amount { return 5 * c.Unit() }

// read reads what all rules look at.
func (f *flagFacts) read(ctx context.Context, q rowQuerier) error {
	type key struct {
		shift   int
		cashier string
	}
	by := map[key]*tallyOf{}
	of := func(shift int, day till.BusinessDay, cashier string) *tallyOf {
		k := key{shift, cashier}
		if by[k] == nil {
			by[k] = &tallyOf{shift: shift, day: day, cashier: cashier, approvals: map[string][]int64{}}
		}
		return by[k]
	}
	window := []any{int(f.since), int(f.to)}
	round := int64(roundAmount(f.settings.Currency))
	if err := each(ctx, q, `SELECT shift, day, operator, count(*), sum(total), sum(total > 0 AND total % ? = 0), sum(discounts > 0) FROM sale
		WHERE day BETWEEN ? AND ? GROUP BY shift, day, operator`, append([]any{round}, window...), func(s scanner) error {
		var t tallyOf
		if err := s.Scan(&t.shift, &t.day, &t.cashier, &t.sales, &t.total, &t.round, &t.reduced); err != nil {
			return err
		}
		x := of(t.shift, t.day, t.cashier)
		x.sales, x.total, x.round, x.reduced = t.sales, t.total, t.round, t.reduced
		return nil
	}); err != nil {
		return err
	}
	if err := each(ctx, q, `SELECT shift, day, operator, count(*) FROM sale s WHERE day BETWEEN ? AND ?
		AND EXISTS (SELECT 1 FROM tender WHERE sale = s.seq AND kind = 'cash') GROUP BY shift, day, operator`, window, func(s scanner) error {
		var t tallyOf
		if err := s.Scan(&t.shift, &t.day, &t.cashier, &t.cash); err != nil {
			return err
		}
		of(t.shift, t.day, t.cashier).cash = t.cash
		return nil
	}); err != nil {
		return err
	}
	if err := f.readActs(ctx, q, f.since); err != nil {
		return err
	}
	for _, r := range f.returns {
		t := of(r.shift, r.day, r.cashier)
		if r.postVoid {
			t.voids = append(t.voids, r)
		} else {
			t.returns = append(t.returns, r)
		}
	}
	for i := range f.acts {
		a := &f.acts[i]
		switch r := a.Record.(type) {
		case *till.CashMoved:
			if r.Movement == till.NoSale {
				t := of(a.Shift, a.Day, a.Operator)
				t.noSales = append(t.noSales, a.seq)
			}
		case *till.Approved:
			if a.ApprovedBy != "" && a.Shift != 0 {
				t := of(a.Shift, a.Day, r.For)
				t.approvals[a.ApprovedBy] = append(t.approvals[a.ApprovedBy], a.seq)
			}
		}
	}
	for _, t := range by {
		f.tallies = append(f.tallies, t)
	}
	slices.SortFunc(f.tallies, func(a, b *tallyOf) int {
		return cmp.Or(cmp.Compare(a.shift, b.shift), cmp.Compare(a.cashier, b.cashier))
	})
	return nil
}

// flagReturns reads returns with their sales.
const flagReturns = `SELECT d.seq, d.receipt, ifnull(d.of_receipt, 0), d.post_void, d.shift, d.day, d.at_ms, d.operator, d.value - d.rounding,
	ifnull((SELECT group_concat(kind, ' ') FROM refund WHERE ret = d.seq), ''), ifnull(s.operator, ''), ifnull(s.at_ms, 0),
	ifnull((SELECT group_concat(kind, ' ') FROM tender WHERE sale = s.seq), '')
	FROM return_doc d LEFT JOIN sale s ON s.receipt = d.of_receipt WHERE `

func scanFlagReturn(s scanner) (flagReturn, error) {
	var r flagReturn
	var at, ofAt int64
	var kinds, ofKinds string
	err := s.Scan(&r.seq, &r.receipt, &r.of, &r.postVoid, &r.shift, &r.day, &at, &r.cashier, &r.value, &kinds, &r.ofBy, &ofAt, &ofKinds)
	r.at, r.ofAt = time.UnixMilli(at), time.UnixMilli(ofAt)
	r.kinds, r.ofKinds = strings.Fields(kinds), strings.Fields(ofKinds)
	return r, err
}

// readActs reads the hours of the window's sales, and from a day on the returns and
// the rarer records, up to the first shift after the window.
func (f *flagFacts) readActs(ctx context.Context, q rowQuerier, since till.BusinessDay) error {
	if err := each(ctx, q, "SELECT hour, sum(count) FROM hour_sum WHERE day BETWEEN ? AND ? GROUP BY hour", []any{int(f.since), int(f.to)}, func(s scanner) error {
		var hour, n int
		if err := s.Scan(&hour, &n); err != nil {
			return err
		}
		f.hours[hour] = n
		return nil
	}); err != nil {
		return err
	}
	if err := each(ctx, q, flagReturns+"d.day BETWEEN ? AND ? ORDER BY d.seq", []any{int(since), int(f.to)}, func(s scanner) error {
		r, err := scanFlagReturn(s)
		f.returns = append(f.returns, r)
		return err
	}); err != nil {
		return err
	}
	var first, last int64
	if err := q.QueryRowContext(ctx, `SELECT ifnull((SELECT min(seq) FROM shift WHERE day >= ?), 0), ifnull((SELECT min(seq) FROM shift WHERE day > ?), 1 << 62)`,
		int(since), int(f.to)).Scan(&first, &last); err != nil || first == 0 {
		return err
	}
	kinds := make([]string, len(flagKinds))
	args := []any{first, last}
	for i, k := range flagKinds {
		kinds[i] = "?"
		args = append(args, int(k))
	}
	return each(ctx, q, "SELECT seq, body FROM entry WHERE seq >= ? AND seq < ? AND kind IN ("+strings.Join(kinds, ", ")+") ORDER BY seq", args, func(s scanner) error {
		var a flagAct
		var body []byte
		if err := s.Scan(&a.seq, &body); err != nil {
			return err
		}
		e, err := till.DecodeEntry(body)
		a.Entry = e
		f.acts = append(f.acts, a)
		return err
	})
}

// openHours reports by minute of the local day whether the shop is open: as set,
// or where that is not known, as its sales show. With too few sales nothing is
// after hours.
func (f *flagFacts) openHours() func(at time.Time) bool {
	limit := f.settings.FlagLimit(till.FlagAfterHours)
	zone := f.settings.Zone
	if limit.From != "" {
		from, err1 := till.ParseDayStart(limit.From)
		to, err2 := till.ParseDayStart(limit.To)
		if err1 == nil && err2 == nil {
			return func(at time.Time) bool {
				at = at.In(zone)
				m := till.DayStart(at.Hour()*60 + at.Minute())
				if from <= to {
					return m >= from && m <= to
				}
				return m >= from || m <= to // over midnight
			}
		}
	}
	all := 0
	for _, n := range f.hours {
		all += n
	}
	busy := func(h int) bool {
		return int64(f.hours[(h+24)%24])*int64(money.RateMax) >= int64(all)*int64(limit.Share)
	}
	return func(at time.Time) bool {
		h := at.In(zone).Hour()
		return all < limit.Sample || busy(h) || busy(h-1) || busy(h+1)
	}
}
