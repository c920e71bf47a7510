package till

import "guitai/till/money"

// A Period is what a range of business days took and what that cost.
type Period struct {
	Report Report
	Fees   Fees
}

// A MeasureKind is what a measure counts.
type MeasureKind int

// The kinds of measures.
const (
	MeasureMoney MeasureKind = iota
	MeasureCount
	MeasureShare // parts per million of one
)

// A Measure is one figure of two periods. Known says whether each has it: a
// share of nothing is not known, and fees are not where no tender has a rule.
type Measure struct {
	Key            string
	Kind           MeasureKind
	A, B           int64
	KnownA, KnownB bool
	Good           int // 1 where more is good for the shop, -1 where less is, 0 where neither
}

// Change is how much A is above B: in thousandths of B, or of a share in
// thousandths of a percentage point's hundred, that is tenths of a point. False
// where there is nothing to compare with.
func (m *Measure) Change() (int64, bool) {
	if !m.KnownA || !m.KnownB {
		return 0, false
	}
	if m.Kind == MeasureShare {
		n, err := money.MulDiv(m.A-m.B, 1, 1000, money.HalfAwayFromZero)
		return n, err == nil
	}
	if m.B <= 0 {
		return 0, false
	}
	n, err := money.MulDiv(m.A-m.B, 1000, m.B, money.HalfAwayFromZero)
	return n, err == nil
}

// Compare lists the measures of two periods, always the same ones. A and B may
// be of different lengths: what stands per day is over the days that were traded
// on.
func Compare(a, b *Period) []Measure {
	type value struct {
		n     int64
		known bool
	}
	amount := func(v money.Amount) value { return value{int64(v), true} }
	count := func(n int) value { return value{int64(n), true} }
	share := func(part, of int64) value {
		if of <= 0 {
			return value{}
		}
		n, err := money.MulDiv(part, 1_000_000, of, money.HalfAwayFromZero)
		return value{n, err == nil}
	}
	perDay := func(sum money.Amount, p *Period) value {
		if len(p.Report.Days) == 0 {
			return value{}
		}
		return amount(portion(sum, 1, money.Amount(len(p.Report.Days))))
	}
	var out []Measure
	add := func(key string, kind MeasureKind, good int, of func(p *Period) value) {
		x, y := of(a), of(b)
		out = append(out, Measure{Key: key, Kind: kind, A: x.n, B: y.n, KnownA: x.known, KnownB: y.known, Good: good})
	}
	add("net", MeasureMoney, 1, func(p *Period) value { return amount(p.Report.Net()) })
	add("net_per_day", MeasureMoney, 1, func(p *Period) value { return perDay(p.Report.Net(), p) })
	add("sales", MeasureCount, 1, func(p *Period) value { return count(p.Report.Sales) })
	add("days", MeasureCount, 0, func(p *Period) value { return count(len(p.Report.Days)) })
	add("average", MeasureMoney, 1, func(p *Period) value { return value{int64(p.Report.Average()), p.Report.Sales > 0} })
	add("refunds", MeasureMoney, -1, func(p *Period) value { return amount(p.Report.Refunds) })
	add("discounts", MeasureMoney, -1, func(p *Period) value { return amount(p.Report.Discounts) })
	add("fees", MeasureMoney, -1, func(p *Period) value { fee, known := p.Fees.Fee(); return value{int64(fee), known} })
	add("cash_share", MeasureShare, 0, func(p *Period) value {
		var cash, all money.Amount
		for _, t := range p.Report.Tenders {
			all += t.Amount
			if t.Kind == Cash {
				cash = t.Amount
			}
		}
		return share(int64(cash), int64(all))
	})
	add("attempts", MeasureCount, 0, func(p *Period) value { started, _ := p.Report.Attempts(); return count(started) })
	add("conversion", MeasureShare, 1, func(p *Period) value {
		started, paid := p.Report.Attempts()
		return share(int64(paid), int64(started))
	})
	add("unverified", MeasureMoney, -1, func(p *Period) value { return amount(p.Report.UnvAmount) })
	return out
}

// Fee is what payments cost, less what came back with refunds. It is not known
// where no tender but cash has a rule.
func (f *Fees) Fee() (sum money.Amount, known bool) {
	for i := range f.Totals {
		t := &f.Totals[i]
		sum += t.Fee - t.FeeBack
		known = known || t.Priced && t.Kind.Family() != "cash" && t.Kind.Family() != "none"
	}
	return sum, known
}
