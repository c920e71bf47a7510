package ledger

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"sort"

	"guitai/till"
	"guitai/till/money"
)

// Totals computes a shift's totals from the maintained sums.
func (l *Ledger) Totals(ctx context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	t, taxes, err := totals(ctx, l.q(), shift)
	if err != nil {
		err = fmt.Errorf("totals of shift %d: %w", shift, err)
	}
	return t, taxes, err
}

// q is what to read through: the readers see only what is committed, so inside
// a batch the writer reads.
func (l *Ledger) q() rowQuerier {
	if l.batch {
		return l.w
	}
	return l.r()
}

type rowQuerier interface {
	querier
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

func totals(ctx context.Context, q rowQuerier, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	t := till.ShiftTotals{Shift: shift}
	err := q.QueryRowContext(ctx, `SELECT day, sales, gross, discounts, tax, tax_added, rounding, returns, refunds, voids, cancelled, post_voids, no_sales,
		paid_in, paid_out, drops, loans, first_no, last_no FROM shift_sum WHERE shift = ?`, shift).Scan(&t.Day, &t.Sales, &t.Gross, &t.Discounts, &t.Tax,
		&t.TaxAdded, &t.Rounding, &t.Returns, &t.Refunds, &t.Voids, &t.Cancelled, &t.PostVoids, &t.NoSales, &t.PaidIn, &t.PaidOut, &t.Drops, &t.Loans,
		&t.FirstNo, &t.LastNo)
	if err != nil {
		return t, nil, err
	}
	if err := q.QueryRowContext(ctx, "SELECT float FROM shift WHERE no = ?", shift).Scan(&t.Float); err != nil {
		return t, nil, err
	}
	rows, err := q.QueryContext(ctx, `SELECT kind, count, amount, refunded, tendered, change, unverified, unverified_count FROM tender_sum
		WHERE shift = ? ORDER BY kind`, shift)
	if err != nil {
		return t, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k till.TenderTotal
		if err := rows.Scan(&k.Kind, &k.Count, &k.Amount, &k.Refunded, &k.Tendered, &k.Change, &k.Unverified, &k.UnvCount); err != nil {
			return t, nil, err
		}
		t.Tenders = append(t.Tenders, k)
	}
	if err := rows.Err(); err != nil {
		return t, nil, err
	}
	taxes, err := taxTotals(ctx, q, "SELECT class, rate, mode, taxable, tax FROM tax_sum WHERE shift = ? ORDER BY class, rate, mode", shift)
	return t, taxes, err
}

func taxTotals(ctx context.Context, q querier, query string, args ...any) ([]till.TaxTotal, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []till.TaxTotal
	for rows.Next() {
		var x till.TaxTotal
		if err := rows.Scan(&x.Class.Code, &x.Class.Rate, &x.Class.Mode, &x.Taxable, &x.Tax); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// checkZ computes the shift a second time, from its documents, and refuses a Z
// that does not say the same.
func (w *writing) checkZ(ctx context.Context, e *till.Entry, z *till.ZReported) (*tally, error) {
	second, _, err := tallyShift(ctx, w.l.w, e.Shift)
	if err != nil {
		return nil, err
	}
	want, taxes := second.shift(e.Shift)
	want.Float, want.Day = z.Totals.Float, z.Totals.Day
	if !sameTotals(want, z.Totals) || !sameTaxes(taxes, z.Taxes) {
		return nil, &till.Error{Code: till.TotalsDiffer, Detail: fmt.Sprintf("shift %d: net %d by documents, %d by sums", e.Shift, want.Net(), z.Totals.Net())}
	}
	return second, nil
}

// A tally adds deltas up in memory.
type tally struct {
	rows map[*sumTable]map[string]*tallied
	key  []byte // room for the next key
}

type tallied struct {
	keys []value
	sums []int64
}

func newTally() *tally {
	t := &tally{rows: map[*sumTable]map[string]*tallied{}}
	for _, s := range sumTables {
		t.rows[s] = map[string]*tallied{}
	}
	return t
}

func (t *tally) add(ds []delta) {
	for _, d := range ds {
		t.key = appendKey(t.key[:0], d.keys)
		row := t.rows[d.in][string(t.key)]
		if row == nil {
			row = &tallied{slices.Clone(d.keys), make([]int64, len(d.add))}
			t.rows[d.in][string(t.key)] = row
		}
		for i, n := range d.add {
			switch {
			case i == d.in.first:
				if row.sums[i] == 0 {
					row.sums[i] = n
				}
			case i == d.in.last:
				row.sums[i] = max(row.sums[i], n)
			default:
				row.sums[i] += n
			}
		}
	}
}

// of returns what the row with these keys sums to; nil where there is none.
func (t *tally) of(s *sumTable, keys []value) []int64 {
	t.key = appendKey(t.key[:0], keys)
	if row := t.rows[s][string(t.key)]; row != nil {
		return row.sums
	}
	return nil
}

// appendKey makes one comparable key of a row's key columns.
func appendKey(b []byte, keys []value) []byte {
	for i := range keys {
		if k := &keys[i]; k.kind == 0 {
			b = binary.AppendVarint(b, k.number)
		} else {
			b = binary.AppendUvarint(b, uint64(len(k.text)))
			b = append(b, k.text...)
		}
	}
	return b
}

// shift reads the tally of one shift as totals.
func (t *tally) shift(no int) (till.ShiftTotals, []till.TaxTotal) {
	out := till.ShiftTotals{Shift: no}
	a := func(n int64) money.Amount { return money.Amount(n) }
	for _, row := range t.rows[sShift] {
		if row.keys[0].number != int64(no) {
			continue
		}
		r := row.sums
		out.Sales, out.Gross, out.Discounts, out.Tax, out.TaxAdded, out.Rounding = int(r[0]), a(r[1]), a(r[2]), a(r[3]), a(r[4]), a(r[5])
		out.Returns, out.Refunds, out.Voids, out.Cancelled, out.PostVoids, out.NoSales = int(r[6]), a(r[7]), int(r[8]), int(r[9]), int(r[10]), int(r[11])
		out.PaidIn, out.PaidOut, out.Drops, out.Loans, out.FirstNo, out.LastNo = a(r[12]), a(r[13]), a(r[14]), a(r[15]), int(r[16]), int(r[17])
	}
	for _, row := range t.rows[sTender] {
		if keys, r := row.keys, row.sums; keys[0].number == int64(no) {
			out.Tenders = append(out.Tenders, till.TenderTotal{
				Kind: till.TenderKind(keys[1].text), Count: int(r[0]), Amount: a(r[1]), Refunded: a(r[2]), Tendered: a(r[3]), Change: a(r[4]),
				Unverified: a(r[5]), UnvCount: int(r[6]),
			})
		}
	}
	var taxes []till.TaxTotal
	for _, row := range t.rows[sTax] {
		if keys, r := row.keys, row.sums; keys[0].number == int64(no) {
			class := till.TaxClass{Code: keys[1].text, Rate: money.Rate(keys[2].number), Mode: till.TaxMode(keys[3].number)}
			taxes = append(taxes, till.TaxTotal{Class: class, Taxable: a(r[0]), Tax: a(r[1])})
		}
	}
	return out, taxes
}

func sameTotals(x, y till.ShiftTotals) bool {
	byKind := func(t []till.TenderTotal) []till.TenderTotal {
		t = append([]till.TenderTotal(nil), t...)
		sort.Slice(t, func(i, j int) bool { return t[i].Kind < t[j].Kind })
		return t
	}
	tx, ty := byKind(x.Tenders), byKind(y.Tenders)
	x.Tenders, y.Tenders = nil, nil
	return reflect.DeepEqual(x, y) && (len(tx) == 0 && len(ty) == 0 || reflect.DeepEqual(tx, ty))
}

func sameTaxes(x, y []till.TaxTotal) bool {
	m := map[till.TaxClass]till.TaxTotal{}
	for _, t := range x {
		m[t.Class] = t
	}
	for _, t := range y {
		if m[t.Class] != t {
			return false
		}
	}
	return len(x) == len(y)
}

// Sold returns a completed sale with what was returned of it, its tenders
// under the kinds they were last mended to.
func (l *Ledger) Sold(ctx context.Context, receipt int) (till.Sold, error) {
	fail := func(err error) (till.Sold, error) {
		return till.Sold{}, fmt.Errorf("read receipt %d: %w", receipt, err)
	}
	rows, err := l.q().QueryContext(ctx, `SELECT e.body FROM entry e WHERE e.seq IN (SELECT seq FROM sale WHERE receipt = ?1
		UNION ALL SELECT seq FROM return_doc WHERE of_receipt = ?1 UNION ALL SELECT seq FROM tender_mend WHERE receipt = ?1) ORDER BY e.seq`, receipt)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	var s till.Sold
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return fail(err)
		}
		e, err := till.DecodeEntry(body)
		if err != nil {
			return fail(err)
		}
		if doc, ok := e.Record.(*till.SaleCompleted); ok {
			s = till.NewSold(doc.Sale)
			continue
		}
		s.Apply(e.Record)
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	if s.Sale.Receipt == 0 {
		return s, &till.Error{Code: till.NoSuchReceipt, Detail: fmt.Sprintf("%06d", receipt)}
	}
	return s, nil
}
