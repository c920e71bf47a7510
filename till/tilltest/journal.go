// Package tilltest is what tests of a till share: a journal in memory that
// keeps the promises of till.Journal, a small catalogue and staff, and a
// runner for scripts. It is no stand-in for the ledger: totals are computed
// from the records alone, in another way than the ledger's, so that the two
// can be compared.
package tilltest

import (
	"context"
	"errors"
	"sync"

	"guitai/till"
	"guitai/till/money"
)

// A Journal keeps records in memory. The zero value is not ready; use New.
type Journal struct {
	mu       sync.Mutex
	Settings till.Settings
	Epoch    string
	Staff    []till.Operator
	Practice bool
	entries  [][]byte // encoded, so that what is kept cannot be changed
	kept     map[till.ID][]byte
	order    []till.ID
	current  till.ID
	attempt  int64
	parked   int
	pay      payments
	Prints   []till.PrintJob
	Pulses   []string
	// Fail makes the next commit fail with it; with Wrote the commit happens
	// all the same, as after a lost answer of the disk.
	Fail  error
	Wrote bool
}

// New returns a journal of a shop with one owner and one cashier.
func New() *Journal {
	return &Journal{Settings: till.DefaultSettings(), Epoch: "TEST", kept: map[till.ID][]byte{}, Staff: []till.Operator{
		{Code: "1001", Name: "陈宁", Role: till.Owner, Active: true},
		{Code: "1002", Name: "林晓", Role: till.Cashier, Active: true},
		{Code: "1003", Name: "周远", Role: till.Manager, Active: true},
	}}
}

// Commit keeps tx, or fails as Fail says.
func (j *Journal) Commit(_ context.Context, tx till.Tx) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	fail := j.Fail
	j.Fail = nil
	if fail != nil && !j.Wrote {
		return fail
	}
	pay := j.pay.clone()
	if err := pay.take(&tx); err != nil {
		return err
	}
	j.pay = pay
	for i := range tx.Entries {
		j.entries = append(j.entries, tx.Entries[i].Encode())
		if tx.Entries[i].Record.Kind() == till.KindShiftOpened {
			j.parked = 0
		}
	}
	for _, s := range tx.Keep {
		if _, ok := j.kept[s.ID]; !ok {
			j.order = append(j.order, s.ID)
		}
		j.kept[s.ID] = till.EncodeSale(s)
		j.parked = max(j.parked, s.ParkedAs)
	}
	for _, id := range tx.Drop {
		delete(j.kept, id)
	}
	j.current = tx.Current
	j.Prints = append(j.Prints, tx.Print...)
	if tx.Pulse != "" {
		j.Pulses = append(j.Pulses, tx.Pulse)
	}
	return fail
}

// Entries decodes every record kept so far.
func (j *Journal) Entries() []till.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.decoded()
}

func (j *Journal) decoded() []till.Entry {
	out := make([]till.Entry, len(j.entries))
	for i, b := range j.entries {
		e, err := till.DecodeEntry(b)
		if err != nil {
			panic(err)
		}
		out[i] = e
	}
	return out
}

// Recover derives the state from the records.
func (j *Journal) Recover(context.Context) (till.State, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	st := till.State{Settings: j.Settings, Epoch: j.Epoch, Operators: j.Staff, Practice: j.Practice}
	for _, e := range j.decoded() {
		if st.Shift != nil {
			st.Shift.LastAt = e.At
		}
		switch r := e.Record.(type) {
		case *till.SaleCompleted:
			st.Receipt = r.Sale.Receipt
		case *till.Returned:
			st.Receipt = r.Return.Receipt
		case *till.ShiftOpened:
			s := r.Opened
			st.Shift, st.LastShift, st.LastDay, st.DayClosed = &s, s.No, s.Day, false
		case *till.ShiftClosed:
			st.Shift = nil
		case *till.ZReported:
			st.LastZ, st.Grand = r.No, r.GrandTotal
		case *till.DayClosed:
			st.DayClosed = r.Closed == st.LastDay
		case *till.SettingSet:
			if err := st.Settings.Set(r.Key, r.New); err != nil {
				return st, err
			}
		}
	}
	for _, id := range j.order {
		b, ok := j.kept[id]
		if !ok {
			continue
		}
		s, err := till.DecodeSale(b)
		if err != nil {
			return st, err
		}
		if id == j.current {
			st.Current = s
			continue
		}
		st.Parked = append(st.Parked, till.Parked{N: s.ParkedAs, Sale: s})
	}
	if st.Shift != nil {
		st.Shift.Parked = j.parked
	}
	j.pay.open(&st)
	return st, nil
}

// Totals sums the records of a shift.
func (j *Journal) Totals(_ context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := till.ShiftTotals{Shift: shift}
	taxes := map[till.TaxClass]*till.TaxTotal{}
	var classes []till.TaxClass
	tax := func(c till.TaxClass, base, in, added money.Amount, sign money.Amount) {
		if taxes[c] == nil {
			taxes[c] = &till.TaxTotal{Class: c}
			classes = append(classes, c)
		}
		taxes[c].Taxable += sign * (base + added - in)
		taxes[c].Tax += sign * in
		t.Tax += sign * in
	}
	tender := func(k till.TenderKind) *till.TenderTotal {
		for i := range t.Tenders {
			if t.Tenders[i].Kind == k {
				return &t.Tenders[i]
			}
		}
		t.Tenders = append(t.Tenders, till.TenderTotal{Kind: k})
		return &t.Tenders[len(t.Tenders)-1]
	}
	number := func(n int) {
		if t.FirstNo == 0 {
			t.FirstNo = n
		}
		t.LastNo = n
	}
	for _, e := range j.decoded() {
		if e.Shift != shift {
			continue
		}
		switch r := e.Record.(type) {
		case *till.ShiftOpened:
			t.Day, t.Float = r.Opened.Day, r.Opened.Float
		case *till.SaleCompleted:
			s := &r.Sale
			t.Sales++
			number(s.Receipt)
			t.Gross += s.Gross
			t.Discounts += s.Discounts
			t.TaxAdded += s.TaxAdded
			t.Rounding += s.Rounding
			for i := range s.Lines {
				if l := &s.Lines[i]; l.Voided {
					t.Voids++
				} else {
					tax(l.Tax, l.Base(), l.TaxIn, l.TaxAdded, 1)
				}
			}
			seen := map[till.TenderKind]bool{}
			for _, p := range s.Tenders {
				k := tender(p.Kind)
				if !seen[p.Kind] {
					k.Count++
					seen[p.Kind] = true
				}
				k.Amount += p.Amount
				k.Tendered += p.Tendered
				k.Change += p.Change
				if p.Kind.NeedsProof() && p.Evidence != till.ByProvider {
					k.Unverified += p.Amount
					k.UnvCount++
				}
			}
		case *till.SaleCancelled:
			t.Cancelled++
			for i := range r.Sale.Lines {
				if r.Sale.Lines[i].Voided {
					t.Voids++
				}
			}
		case *till.Returned:
			number(r.Return.Receipt)
			t.Returns++
			if r.Return.PostVoid {
				t.PostVoids++
			}
			t.Refunds += r.Return.Value
			t.Rounding += r.Return.Rounding
			for i := range r.Return.Lines {
				l := &r.Return.Lines[i]
				tax(l.Tax, l.Base, l.TaxIn, l.TaxAdded, -1)
			}
			for _, p := range r.Return.Refunds {
				tender(p.Kind).Refunded += p.Amount
			}
		case *till.TenderMended:
			t.Mend(r)
		case *till.RefundMended:
			t.MendRefund(r)
		case *till.CashMoved:
			switch r.Movement {
			case till.PaidIn:
				t.PaidIn += r.Amount
			case till.PaidOut:
				t.PaidOut += r.Amount
			case till.Drop:
				t.Drops += r.Amount
			case till.Loan:
				t.Loans += r.Amount
			case till.NoSale:
				t.NoSales++
			}
		}
	}
	var list []till.TaxTotal
	for _, c := range classes {
		list = append(list, *taxes[c])
	}
	return t, list, nil
}

// Sold finds a completed sale and what was returned of it.
func (j *Journal) Sold(_ context.Context, receipt int) (till.Sold, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var s till.Sold
	found := false
	for _, e := range j.decoded() {
		if r, ok := e.Record.(*till.SaleCompleted); ok && r.Sale.Receipt == receipt {
			s, found = till.NewSold(r.Sale), true
		}
		if found {
			s.Apply(e.Record)
		}
	}
	if !found {
		return s, &till.Error{Code: till.NoSuchReceipt}
	}
	return s, nil
}

// ErrDisk is a disk that cannot be written.
var ErrDisk = &till.Error{Code: till.CannotSave, Err: errors.New("no space left on device")}

// NextAttempt draws the next attempt number.
func (j *Journal) NextAttempt() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.attempt++
	return j.attempt
}
