package replay

import (
	"context"
	"slices"

	"guitai/till"
)

// batchActs is how many acts share one commit. Past a few hundred the disk no
// longer sets the pace.
const batchActs = 500

// A Batch is a journal that groups commits, for filling a new ledger from a
// long file: a power cut loses the acts of the group, never half of one. It is
// no journal to sell on.
type Batch struct {
	till.Journal
	tx      till.Tx
	pending int
	err     error
}

// NewBatch returns a journal that writes to j at every Flush.
func NewBatch(j till.Journal) *Batch { return &Batch{Journal: j} }

// Pending is how many commits wait for the next Flush.
func (b *Batch) Pending() int { return b.pending }

// Commit takes tx up; it is durable after the next Flush.
func (b *Batch) Commit(_ context.Context, tx till.Tx) error {
	if b.err != nil {
		return b.err
	}
	t := &b.tx
	t.Entries = append(t.Entries, tx.Entries...)
	for _, s := range tx.Keep {
		t.Keep = append(without(t.Keep, s.ID), s)
	}
	for _, id := range tx.Drop {
		t.Keep = without(t.Keep, id)
		t.Drop = append(t.Drop, id)
	}
	t.Current = tx.Current
	t.Attempt = max(t.Attempt, tx.Attempt)
	t.Print = append(t.Print, tx.Print...)
	if tx.Pulse != "" {
		t.Pulse = tx.Pulse
	}
	b.pending++
	// The journal counts parked sales as it is given them; one that is taken up
	// again within the group would not be counted, and its number given twice.
	if slices.ContainsFunc(tx.Keep, func(s *till.Sale) bool { return s.ParkedAs > 0 }) {
		if err := b.Flush(); err != nil {
			b.pending-- // this act is refused, not lost
			return err
		}
	}
	return nil
}

func without(kept []*till.Sale, id till.ID) []*till.Sale {
	for i, s := range kept {
		if s.ID == id {
			return append(kept[:i:i], kept[i+1:]...)
		}
	}
	return kept
}

// Flush makes what was taken up durable. After an error nothing more is taken.
func (b *Batch) Flush() error {
	if b.err != nil || b.pending == 0 {
		return b.err
	}
	if b.err = b.Journal.Commit(context.Background(), b.tx); b.err == nil {
		b.tx, b.pending = till.Tx{}, 0
	}
	return b.err
}

// Recover flushes, then asks the journal.
func (b *Batch) Recover(ctx context.Context) (till.State, error) {
	if err := b.Flush(); err != nil {
		return till.State{}, err
	}
	return b.Journal.Recover(ctx)
}

// Totals flushes, then asks the journal.
func (b *Batch) Totals(ctx context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	if err := b.Flush(); err != nil {
		return till.ShiftTotals{}, nil, err
	}
	return b.Journal.Totals(ctx, shift)
}

// Sold flushes, then asks the journal.
func (b *Batch) Sold(ctx context.Context, receipt int) (till.Sold, error) {
	if err := b.Flush(); err != nil {
		return till.Sold{}, err
	}
	return b.Journal.Sold(ctx, receipt)
}
