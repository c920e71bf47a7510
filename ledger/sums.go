package ledger

import (
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// A sumTable is one table of sums: its key columns, then columns that add up.
type sumTable struct {
	name   string
	keys   []string
	sums   []string
	upsert several
	first  int // place among the sums of the lowest number but none; -1 without
	last   int // of the highest
}

func newSumTable(name, keys, sums string) *sumTable {
	t := &sumTable{name: name, keys: strings.Fields(keys), sums: strings.Fields(sums), first: -1, last: -1}
	cols := append(append([]string{}, t.keys...), t.sums...)
	set := make([]string, len(t.sums))
	for i, c := range t.sums {
		switch c {
		case "first_no":
			t.first = i
			set[i] = "first_no = CASE WHEN first_no = 0 THEN excluded.first_no ELSE first_no END"
		case "last_no":
			t.last = i
			set[i] = "last_no = max(last_no, excluded.last_no)"
		default:
			set[i] = c + " = " + c + " + excluded." + c
		}
	}
	t.upsert = insertInto(name, cols, " ON CONFLICT DO UPDATE SET "+strings.Join(set, ", "))
	return t
}

// The sums kept beside the rows. Day columns that follow from the shift are
// keys here, since they never differ within one.
var (
	sShift  = newSumTable("shift_sum", "shift day", "sales gross discounts tax tax_added rounding returns refunds voids cancelled post_voids no_sales paid_in paid_out drops loans first_no last_no")
	sTender = newSumTable("tender_sum", "shift kind day", "count amount refunded tendered change unverified unverified_count")
	sTax    = newSumTable("tax_sum", "shift class rate mode day", "taxable tax")
	sHour   = newSumTable("hour_sum", "day hour", "count net")
	sItem   = newSumTable("item_sum", "day code name category", "qty net")
	sPerson = newSumTable("cashier_sum", "day operator", "sales discounts returns refunds net")
)

var sumTables = []*sumTable{sShift, sTender, sTax, sHour, sItem, sPerson}

// A delta is what one entry adds to one row of sums.
type delta struct {
	in   *sumTable
	keys []value
	add  []int64
}

// An adding derives what entries add to the sums, in the same room for each.
type adding struct {
	out  []delta
	keys []value
	sums []int64
}

// row makes the delta of one more row.
func (a *adding) row(in *sumTable, keys ...any) []int64 {
	k, n := len(a.keys), len(a.sums)
	a.keys = appendValues(a.keys, keys...)
	for range in.sums {
		a.sums = append(a.sums, 0)
	}
	d := delta{in, a.keys[k:len(a.keys):len(a.keys)], a.sums[n:len(a.sums):len(a.sums)]}
	a.out = append(a.out, d)
	return d.add
}

// of derives what an entry adds; it is good until the next.
func (a *adding) of(e *till.Entry) []delta {
	a.out, a.keys, a.sums = a.out[:0], a.keys[:0], a.sums[:0]
	shift, day := int64(e.Shift), int64(e.Day)
	shiftRow := func() []int64 { return a.row(sShift, shift, day) }
	tender := func(k till.TenderKind) []int64 {
		for _, d := range a.out {
			if d.in == sTender && d.keys[1].text == string(k) {
				return d.add
			}
		}
		return a.row(sTender, shift, string(k), day)
	}
	tax := func(c till.TaxClass, taxable, amount money.Amount) {
		var sums []int64
		for _, d := range a.out {
			if d.in == sTax && d.keys[1].text == c.Code && d.keys[2].number == int64(c.Rate) && d.keys[3].number == int64(c.Mode) {
				sums = d.add
			}
		}
		if sums == nil {
			sums = a.row(sTax, shift, c.Code, int64(c.Rate), int64(c.Mode), day)
		}
		sums[0] += int64(taxable)
		sums[1] += int64(amount)
	}
	item := func(code, name, category string, qty money.Quantity, net money.Amount) {
		sums := a.row(sItem, day, code, name, category)
		sums[0], sums[1] = int64(qty), int64(net)
	}
	hour := func(count int64, net money.Amount) {
		sums := a.row(sHour, day, int64(e.At.Hour()))
		sums[0], sums[1] = count, int64(net)
	}
	switch r := e.Record.(type) {
	case *till.SaleCompleted:
		s := &r.Sale
		copy(shiftRow(), []int64{1, int64(s.Gross), int64(s.Discounts), int64(s.Tax), int64(s.TaxAdded), int64(s.Rounding), 0, 0, int64(voids(s)),
			0, 0, 0, 0, 0, 0, 0, int64(s.Receipt), int64(s.Receipt)})
		for i := range s.Lines {
			if l := &s.Lines[i]; !l.Voided {
				tax(l.Tax, l.Paid()-l.TaxIn, l.TaxIn)
				item(l.Code, l.Name, l.Category, l.Qty, l.Paid())
			}
		}
		for i := range s.Tenders {
			t := &s.Tenders[i]
			d := tender(t.Kind)
			if firstOf(s.Tenders, i) {
				d[0]++
			}
			d[1] += int64(t.Amount)
			d[3] += int64(t.Tendered)
			d[4] += int64(t.Change)
			if t.Kind.NeedsProof() && t.Evidence != till.ByProvider {
				d[5] += int64(t.Amount)
				d[6]++
			}
		}
		hour(1, s.Total())
		copy(a.row(sPerson, day, e.Operator), []int64{1, int64(s.Discounts), 0, 0, int64(s.Total())})
	case *till.Returned:
		d := &r.Return
		copy(shiftRow(), []int64{0, 0, 0, 0, 0, int64(d.Rounding), 1, int64(d.Value), 0, 0, number(d.PostVoid), 0, 0, 0, 0, 0, int64(d.Receipt), int64(d.Receipt)})
		row := a.out[len(a.out)-1].add
		for i := range d.Lines {
			l := &d.Lines[i]
			row[3] -= int64(l.TaxIn)
			tax(l.Tax, -(l.Paid - l.TaxIn), -l.TaxIn)
			item(l.Code, l.Name, l.Category, -l.Qty, -l.Paid)
		}
		for i := range d.Refunds {
			tender(d.Refunds[i].Kind)[2] += int64(d.Refunds[i].Amount)
		}
		hour(0, d.Rounding-d.Value)
		copy(a.row(sPerson, day, e.Operator), []int64{0, 0, 1, int64(d.Value), int64(d.Rounding - d.Value)})
	case *till.TenderMended:
		for _, m := range []struct {
			kind   till.TenderKind
			amount money.Amount
			n      int64
		}{{r.From, -r.Amount, -1}, {r.To, r.Amount, 1}} {
			d := tender(m.kind)
			d[0] += m.n
			d[1] += int64(m.amount)
			d[3] += int64(m.amount)
			if m.kind.NeedsProof() {
				d[5] += int64(m.amount)
				d[6] += m.n
			}
		}
	case *till.RefundMended:
		// Money of no return was in no tender's sums.
		if !r.Return.IsZero() {
			tender(r.From)[2] -= int64(r.Amount)
			tender(r.To)[2] += int64(r.Amount)
		}
	case *till.SaleCancelled:
		row := shiftRow()
		row[8], row[9] = int64(voids(&r.Sale)), 1
	case *till.CashMoved:
		row := shiftRow()
		switch r.Movement {
		case till.NoSale:
			row[11] = 1
		case till.PaidIn:
			row[12] = int64(r.Amount)
		case till.PaidOut:
			row[13] = int64(r.Amount)
		case till.Drop:
			row[14] = int64(r.Amount)
		case till.Loan:
			row[15] = int64(r.Amount)
		}
	case *till.ShiftOpened:
		shiftRow()
	}
	return a.out
}

// firstOf reports whether tender i is the first of its kind: a sale counts
// once for each kind it uses.
func firstOf(ts []till.Tender, i int) bool {
	for j := range i {
		if ts[j].Kind == ts[i].Kind {
			return false
		}
	}
	return true
}
