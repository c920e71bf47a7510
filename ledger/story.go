package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"guitai/till"
)

// Story returns what the ledger holds about a receipt number, oldest first:
// the sale or the return itself, what came back of it, tenders mended, copies
// printed, the lines as they were rung up, approvals, the slip and the drawer,
// and the steps of its payments and refunds through wallets, without the many
// queries. A number nobody has is NoSuchReceipt.
func (l *Ledger) Story(ctx context.Context, no int) ([]till.Entry, error) {
	first, err := l.Receipt(ctx, no)
	if err != nil {
		return nil, err
	}
	out := []till.Entry{first.Entry}
	err = each(ctx, l.r(), `SELECT e.seq, e.hash, e.body FROM entry e WHERE e.seq IN
		(SELECT seq FROM return_doc WHERE of_receipt = ? UNION ALL SELECT seq FROM tender_mend WHERE receipt = ?) ORDER BY e.seq`,
		[]any{no, no}, func(s scanner) error {
			d, err := scanDocument(s)
			out = append(out, d.Entry)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.r(), "SELECT copy, created_ms FROM print_job WHERE kind = 'receipt' AND ref = ? AND copy > 0 ORDER BY id", []any{no}, func(s scanner) error {
		var n int
		var ms int64
		if err := s.Scan(&n, &ms); err != nil {
			return err
		}
		at := time.UnixMilli(ms).In(first.At.Location())
		out = append(out, till.Entry{At: at, Recorded: at, Record: &till.Reprinted{Receipt: no, Copy: n}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	marks, err := l.storyMarks(ctx, &first)
	if err != nil {
		return nil, err
	}
	out = append(out, marks...)
	steps, err := l.paymentSteps(ctx, &first)
	out = append(out, steps...)
	slices.SortStableFunc(out, func(a, b till.Entry) int { return a.At.Compare(b.At) })
	return out, err
}

// drawerLag is how long after its document was recorded a pulse may have been
// noted, in milliseconds: both go in with one transaction.
const drawerLag = 5000

// storyMarks are the lines of a sale or return as they were rung up, the
// approvals given meanwhile, the slip and the pulse for the drawer.
func (l *Ledger) storyMarks(ctx context.Context, doc *Document) ([]till.Entry, error) {
	var out []till.Entry
	mark := func(at time.Time, by string, m till.StoryMark) {
		at = at.In(doc.At.Location())
		out = append(out, till.Entry{At: at, Recorded: at, Operator: by, Shift: doc.Shift, Day: doc.Day, Record: &m})
	}
	opened, receipt := doc.At, 0
	switch r := doc.Record.(type) {
	case *till.SaleCompleted:
		opened, receipt = r.Sale.OpenedAt, r.Sale.Receipt
		for i := range r.Sale.Lines {
			line := r.Sale.Lines[i]
			by := line.By
			if by == "" {
				by = r.Sale.Operator
			}
			if !line.At.IsZero() {
				mark(line.At, by, till.StoryMark{What: till.MarkLine, Line: &line})
			}
		}
	case *till.Returned:
		receipt = r.Return.Receipt
	}
	// Approvals stand close before what they allowed.
	err := each(ctx, l.r(), "SELECT seq, hash, body FROM entry WHERE seq BETWEEN ? AND ? AND kind = ? AND shift = ? AND at_ms >= ? ORDER BY seq",
		[]any{doc.Seq - 200, doc.Seq, int(till.KindApproved), doc.Shift, opened.Add(-time.Minute).UnixMilli()}, func(s scanner) error {
			d, err := scanDocument(s)
			out = append(out, d.Entry)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.r(), "SELECT created_ms, state FROM print_job WHERE kind = 'receipt' AND ref = ? AND copy = 0", []any{receipt}, func(s scanner) error {
		var ms int64
		var state string
		err := s.Scan(&ms, &state)
		mark(time.UnixMilli(ms), doc.Operator, till.StoryMark{What: till.MarkSlip, State: state})
		return err
	})
	if err != nil {
		return nil, err
	}
	from := doc.Recorded.UnixMilli()
	id, err := l.pulseFrom(ctx, from)
	if err != nil {
		return nil, err
	}
	err = each(ctx, l.r(), "SELECT created_ms, state FROM pulse WHERE id >= ? AND created_ms <= ? AND reason IN ('sale', 'refund') ORDER BY id LIMIT 1", []any{id, from + drawerLag}, func(s scanner) error {
		var ms int64
		var state string
		err := s.Scan(&ms, &state)
		mark(time.UnixMilli(ms), doc.Operator, till.StoryMark{What: till.MarkDrawer, State: state})
		return err
	})
	return out, err
}

// pulseFrom is the number of the first pulse noted at a time or later. Pulses
// are numbered as time goes on, so halving finds it without an index.
func (l *Ledger) pulseFrom(ctx context.Context, ms int64) (int64, error) {
	var low, high int64
	if err := l.r().QueryRowContext(ctx, "SELECT ifnull(min(id), 1), ifnull(max(id), 0) + 1 FROM pulse").Scan(&low, &high); err != nil {
		return 0, err
	}
	for low < high {
		var at int64
		middle := low + (high-low)/2
		if err := l.r().QueryRowContext(ctx, "SELECT created_ms FROM pulse WHERE id >= ? ORDER BY id LIMIT 1", middle).Scan(&at); err != nil {
			return 0, err
		}
		if at < ms {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// paymentSteps are the attempts of a sale and what became of them, or the
// refunds of a return, as steps in time, and what the journal says of them.
func (l *Ledger) paymentSteps(ctx context.Context, doc *Document) (out []till.Entry, err error) {
	var as []till.Attempt
	var rs []till.WalletRefund
	switch r := doc.Record.(type) {
	case *till.SaleCompleted:
		as, err = attempts(ctx, l.r(), "WHERE sale = ? ORDER BY id", r.Sale.ID[:])
		if err == nil {
			rs, err = refunds(ctx, l.r(), "WHERE attempt IN (SELECT number FROM attempt WHERE sale = ?) ORDER BY id", r.Sale.ID[:])
		}
	case *till.Returned:
		as, err = attempts(ctx, l.r(), "WHERE number IN (SELECT attempt FROM wallet_refund WHERE ret = ?) ORDER BY id", r.Return.ID[:])
		if err == nil {
			rs, err = refunds(ctx, l.r(), "WHERE ret = ? ORDER BY id", r.Return.ID[:])
		}
	}
	if err != nil || len(as) == 0 {
		return nil, err
	}
	_, isSale := doc.Record.(*till.SaleCompleted)
	add := func(at time.Time, by string, s till.PaymentStep) {
		at = at.In(doc.At.Location())
		out = append(out, till.Entry{At: at, Recorded: at, Operator: by, Shift: s.Attempt.Shift, Day: s.Attempt.Day, Record: &s})
	}
	byNumber := map[string]till.Attempt{}
	for _, a := range as {
		byNumber[a.Number] = a
		if !isSale {
			continue // the payment belongs to the story of its sale
		}
		add(a.PlannedAt, a.Cashier, till.PaymentStep{Attempt: a})
		moves, err := l.AttemptMoves(ctx, a.Number)
		if err != nil {
			return nil, err
		}
		for i := range moves {
			add(moves[i].At, moves[i].By, till.PaymentStep{Attempt: a, Move: &moves[i]})
		}
		calls, err := l.AttemptCalls(ctx, a.Number)
		if err != nil {
			return nil, err
		}
		for i, c := range calls {
			if c.Number == a.Number && c.Kind != "query" {
				add(c.Began, "", till.PaymentStep{Attempt: a, Call: &calls[i]})
			}
		}
	}
	for i := range rs {
		r := &rs[i]
		a := byNumber[r.Attempt]
		add(r.PlannedAt, r.Cashier, till.PaymentStep{Attempt: a, Refund: r})
		moves, err := l.RefundMoves(ctx, r.Number)
		if err != nil {
			return nil, err
		}
		for j := range moves {
			add(moves[j].At, "", till.PaymentStep{Attempt: a, Refund: r, RefundMove: &moves[j]})
		}
	}
	if !isSale {
		return out, nil
	}
	err = each(ctx, l.r(), "SELECT e.seq, e.hash, e.body FROM entry e JOIN payment_note n ON n.seq = e.seq WHERE n.sale = ? ORDER BY e.seq", []any{as[0].Sale[:]}, func(s scanner) error {
		d, err := scanDocument(s)
		out = append(out, d.Entry)
		return err
	})
	return out, err
}

// Zs lists Z reports with their closes in pairs, the newest first, up to limit
// of them below a number; below 0 begins at the newest.
func (l *Ledger) Zs(ctx context.Context, below, limit int) (zs, closes []Document, err error) {
	if below <= 0 {
		below = 1 << 60
	}
	err = each(ctx, l.r(), `SELECT z.seq, ez.hash, ez.body, c.seq, ec.hash, ec.body FROM z_report z JOIN entry ez ON ez.seq = z.seq
		JOIN shift_close c ON c.no = z.shift JOIN entry ec ON ec.seq = c.seq WHERE z.no < ? ORDER BY z.no DESC LIMIT ?`, []any{below, limit}, func(s scanner) error {
		p := pair{s: s}
		z, err := scanDocument(&p)
		if err != nil {
			return err
		}
		c, err := scanDocument(&p)
		zs, closes = append(zs, z), append(closes, c)
		return err
	})
	return zs, closes, err
}

// pair reads two documents that stand side by side in one row.
type pair struct {
	s    scanner
	rest []any
}

func (p *pair) Scan(dst ...any) error {
	if p.rest == nil {
		var seq int64
		var hash, body []byte
		if err := p.s.Scan(append(slices.Clone(dst), &seq, &hash, &body)...); err != nil {
			return err
		}
		p.rest = []any{seq, hash, body}
		return nil
	}
	*dst[0].(*int64), *dst[1].(*[]byte), *dst[2].(*[]byte) = p.rest[0].(int64), p.rest[1].([]byte), p.rest[2].([]byte)
	return nil
}

// LastClose returns the latest close of a shift; false where none was.
func (l *Ledger) LastClose(ctx context.Context) (Document, bool, error) {
	d, err := scanDocument(l.r().QueryRowContext(ctx, "SELECT e.seq, e.hash, e.body FROM shift_close c JOIN entry e ON e.seq = c.seq ORDER BY c.no DESC LIMIT 1"))
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	return d, err == nil, err
}

// LastBackup returns when the latest backup was noted, and its file's name;
// the zero time where none was.
func (l *Ledger) LastBackup(ctx context.Context) (at time.Time, name string, err error) {
	d, err := scanDocument(l.r().QueryRowContext(ctx, "SELECT seq, hash, body FROM entry WHERE kind = ? ORDER BY seq DESC LIMIT 1", int(till.KindBackedUp)))
	if errors.Is(err, sql.ErrNoRows) {
		return at, "", nil
	}
	if err != nil {
		return at, "", err
	}
	if b, ok := d.Record.(*till.BackedUp); ok {
		at, name = d.At, b.Path
	}
	return at, name, nil
}
