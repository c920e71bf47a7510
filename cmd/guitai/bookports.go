package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
)

// books answers the report and shift pages from the ledger at work.
type books struct{ p *program }

// namedBest bounds how many best sellers get their English names: more than a
// screen shows.
const namedBest = 20

// Report adds the English names of what sold best.
func (b books) Report(ctx context.Context, from, to till.BusinessDay) (till.Report, error) {
	r, err := b.p.book().Report(ctx, from, to)
	if err != nil {
		return r, err
	}
	best := make([]*till.ItemRow, len(r.Items))
	for i := range r.Items {
		best[i] = &r.Items[i]
	}
	slices.SortStableFunc(best, func(x, y *till.ItemRow) int { return cmp.Compare(y.Net, x.Net) })
	return r, b.p.book().NameInEnglish(ctx, best[:min(len(best), namedBest)])
}

func (b books) Totals(ctx context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	return b.p.book().Totals(ctx, shift)
}

func (b books) LastClose(ctx context.Context) (till.ShiftClosed, bool, error) {
	d, ok, err := b.p.book().LastClose(ctx)
	if c, is := d.Record.(*till.ShiftClosed); ok && is {
		return *c, true, err
	}
	return till.ShiftClosed{}, false, err
}

func (b books) Zs(ctx context.Context, below, limit int) ([]ui.ZLine, error) {
	zs, closes, err := b.p.book().Zs(ctx, below, limit)
	var out []ui.ZLine
	for i, d := range zs {
		z, ok1 := d.Record.(*till.ZReported)
		c, ok2 := closes[i].Record.(*till.ShiftClosed)
		if ok1 && ok2 {
			out = append(out, ui.ZLine{Z: *z, Close: *c, At: d.At, Operator: d.Operator})
		}
	}
	return out, err
}

func (b books) PrintZ(ctx context.Context, no int) error {
	if err := b.p.book().AddJob(ctx, till.PrintJob{Kind: till.SlipZ, Ref: int64(no), Copy: 1}); err != nil {
		return err
	}
	b.p.print.Kick()
	return nil
}

// past finds completed sales and returns.
type past struct{ p *program }

func (x past) Find(ctx context.Context, f ui.FindSales) ([]ui.PastSale, error) {
	book := x.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return nil, err
	}
	found, err := book.PastSales(ctx, sought(f))
	var out []ui.PastSale
	for _, s := range found {
		p := ui.PastSale{Receipt: s.Receipt, Part: s.Part, At: time.UnixMilli(s.AtMS).In(settings.Zone), Day: s.Day, Operator: s.Operator, Total: s.Total,
			Pieces: s.Pieces, Return: s.Return, PostVoid: s.PostVoid, Voided: s.Voided, Back: s.Back}
		for _, k := range strings.Fields(s.Kinds) {
			p.Kinds = append(p.Kinds, till.TenderKind(k))
		}
		out = append(out, p)
	}
	return out, err
}

// sought is what a screen looks for as the ledger takes it.
func sought(f ui.FindSales) ledger.Find {
	return ledger.Find{Text: f.Text, Day: f.From, To: f.To, Operator: f.Operator, Kind: f.Kind,
		Hour: f.Hour, HourSet: f.HourSet, Returns: f.Refunds, Reduced: f.Reduced, Unproven: f.Unproven, Figure: f.Figure, Receipts: f.Receipts, Before: f.Below, Limit: f.Limit}
}

func (x past) Parts(ctx context.Context, f ui.FindSales) (till.Parts, error) {
	return x.p.book().Parts(ctx, sought(f))
}

func (x past) Story(ctx context.Context, receipt int) ([]till.Entry, error) {
	return x.p.book().Story(ctx, receipt)
}

func (x past) Sold(ctx context.Context, receipt int) (till.Sold, error) {
	return x.p.book().Sold(ctx, receipt)
}

// Receipt knows the code at the foot of this till's own slips.
func (x past) Receipt(code string) (int, bool) {
	from, no, ok := till.ParseReceiptBarcode(code)
	return no, ok && from == x.p.view().Settings.Till
}

// journal reads and checks the journal.
type journal struct{ p *program }

func (j journal) Latest(ctx context.Context, before int64, limit int) ([]ui.JournalLine, error) {
	docs, err := j.p.book().Latest(ctx, before, limit)
	out := make([]ui.JournalLine, len(docs))
	for i, d := range docs {
		out[i] = ui.JournalLine{Seq: d.Seq, Hash: d.Hash, Entry: d.Entry}
	}
	return out, err
}

func (j journal) Verify(ctx context.Context, progress func(done, of int64)) (ui.Verified, error) {
	began := time.Now()
	c, err := j.p.book().Audit(ctx, progress)
	v := ui.Verified{Records: c.Entries, Took: time.Since(began), Head: c.Head}
	if f := (*ledger.Fault)(nil); errors.As(err, &f) {
		v.Fault, v.At, err = f.Error(), f.Seq, nil
	}
	return v, err
}
