package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"guitai/hub/day"
	"guitai/hub/wire"
)

// A Document is what a till sent under one number.
type Document struct {
	Seq         int64
	SHA256      string // of Body, in hexadecimal
	Body        []byte // exactly as sent
	Day         wire.DayDocument
	Quarantined string // why no report counts it; empty where one may
}

// What became of a document.
type Outcome int

const (
	Stored    Outcome = iota
	Duplicate         // the same bytes are here
	Fork              // other bytes are here under the number
)

// A Put is what became of one document, and when it was first taken.
type Put struct {
	Outcome     Outcome
	Received    time.Time
	Quarantined string
	Have        string // with Fork: the digest of what is here
}

// PutDocuments keeps documents of one epoch of a till in one transaction; none
// may come twice in the list. What it answers for each is on the disk.
func (s *Store) PutDocuments(ctx context.Context, t Till, highWater int64, docs []Document) ([]Put, error) {
	out := make([]Put, len(docs))
	at := map[int64]int{}
	for i, d := range docs {
		if _, twice := at[d.Seq]; twice {
			return nil, fmt.Errorf("document %d twice in one request", d.Seq)
		}
		at[d.Seq] = i
	}
	err := s.write(ctx, func(x tx) error {
		now := ms(s.now())
		for i := range out {
			out[i] = Put{Outcome: Duplicate, Received: moment(now)}
		}
		const width = 12
		args := make([]any, 0, len(docs)*width)
		for _, d := range docs {
			args = append(args, t.Tenant, t.ID, t.Epoch, d.Seq, d.SHA256, t.Shop, string(d.Day.Kind), date(&d.Day), day.Revision(&d.Day), d.Quarantined, now, d.Body)
		}
		var fresh []Document
		if err := x.each(ctx, `INSERT INTO document(tenant_id, till_id, epoch, seq, sha256, shop_id, kind, business_date, revision, quarantined, received_ms, body)
			VALUES `+values(len(docs), width)+" ON CONFLICT DO NOTHING RETURNING seq", func(r *sql.Rows) error {
			var seq int64
			if err := r.Scan(&seq); err != nil {
				return err
			}
			i := at[seq]
			out[i].Outcome, out[i].Quarantined = Stored, docs[i].Quarantined
			fresh = append(fresh, docs[i])
			return nil
		}, args...); err != nil {
			return err
		}
		if len(fresh) < len(docs) {
			if err := s.compare(ctx, x, t, docs, at, out); err != nil {
				return err
			}
		}
		if err := s.sum(ctx, x, t, fresh); err != nil {
			return err
		}
		return s.advance(ctx, x, t, highWater, now)
	})
	return out, err
}

// compare looks at what is here already under the numbers that were not taken.
func (s *Store) compare(ctx context.Context, x tx, t Till, docs []Document, at map[int64]int, out []Put) error {
	args := []any{t.Tenant, t.ID, t.Epoch}
	var list []string
	for i, d := range docs {
		if out[i].Outcome != Stored {
			args = append(args, d.Seq)
			list = append(list, fmt.Sprintf("$%d", len(args)))
		}
	}
	var forks []Document
	err := x.each(ctx, "SELECT seq, sha256, quarantined, received_ms FROM document WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND seq IN ("+strings.Join(list, ",")+")",
		func(r *sql.Rows) error {
			var seq, received int64
			var sha, quarantined string
			if err := r.Scan(&seq, &sha, &quarantined, &received); err != nil {
				return err
			}
			i := at[seq]
			out[i].Received, out[i].Quarantined = moment(received), quarantined
			if sha != docs[i].SHA256 {
				out[i] = Put{Outcome: Fork, Have: sha}
				forks = append(forks, docs[i])
			}
			return nil
		}, args...)
	if err != nil {
		return err
	}
	for _, d := range forks {
		n, err := x.exec(ctx, "INSERT INTO fork(tenant_id, till_id, epoch, seq, sha256, seen_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
			t.Tenant, t.ID, t.Epoch, d.Seq, d.SHA256, ms(s.now()))
		if err != nil {
			return err
		}
		if n > 0 {
			if err := s.note(ctx, x, t.Tenant, "", "document.fork", t.ID, fmt.Sprintf("epoch %d, document %d", t.Epoch, d.Seq)); err != nil {
				return err
			}
		}
	}
	return nil
}

// sum keeps what the fresh documents come to, where they are of the highest
// revision.
func (s *Store) sum(ctx context.Context, x tx, t Till, fresh []Document) error {
	var sums, tenders []any
	seen := map[string]bool{}
	const sumWidth, tenderWidth = 20, 11
	for _, d := range fresh {
		v := &d.Day
		if d.Quarantined != "" || v.Kind != wire.DayDocumentKindShift && v.Kind != wire.DayDocumentKindDay {
			continue
		}
		key := fmt.Sprint(v.Kind, date(v), day.Shift(v))
		if seen[key] { // two revisions in one batch: a row can change once in a statement
			if err := s.sumRows(ctx, x, sums, sumWidth, tenders, tenderWidth); err != nil {
				return err
			}
			sums, tenders, seen = nil, nil, map[string]bool{}
		}
		seen[key] = true
		sums = append(sums, t.Tenant, t.Shop, date(v), string(v.Kind), t.ID, t.Epoch, day.Shift(v), d.Seq, day.Revision(v), v.Sales.Count, v.Sales.Gross, v.Sales.Discounts,
			v.Sales.TaxAdded, v.Sales.Tax, v.Sales.Rounding, v.Sales.Net, v.Refunds.Count, v.Refunds.Amount, day.OverShort(v), v.Unverified.Amount)
		if v.Kind == wire.DayDocumentKindShift {
			for _, k := range v.Tenders {
				tenders = append(tenders, t.Tenant, t.Shop, date(v), t.ID, t.Epoch, day.Shift(v), day.Revision(v), k.Kind, k.Count, k.Amount, k.Refunded)
			}
		}
	}
	return s.sumRows(ctx, x, sums, sumWidth, tenders, tenderWidth)
}

func (s *Store) sumRows(ctx context.Context, x tx, sums []any, sumWidth int, tenders []any, tenderWidth int) error {
	if len(sums) > 0 {
		if _, err := x.exec(ctx, `INSERT INTO day_sum(tenant_id, shop_id, business_date, kind, till_id, epoch, shift, seq, revision, sales, gross, discounts, tax_added, tax, rounding, net,
			returns, refunds, over_short, unverified) VALUES `+values(len(sums)/sumWidth, sumWidth)+`
			ON CONFLICT (tenant_id, shop_id, business_date, kind, till_id, epoch, shift) DO UPDATE SET seq = excluded.seq, revision = excluded.revision, sales = excluded.sales,
			gross = excluded.gross, discounts = excluded.discounts, tax_added = excluded.tax_added, tax = excluded.tax, rounding = excluded.rounding, net = excluded.net,
			returns = excluded.returns, refunds = excluded.refunds, over_short = excluded.over_short, unverified = excluded.unverified
			WHERE excluded.revision > day_sum.revision`, sums...); err != nil {
			return err
		}
	}
	if len(tenders) > 0 {
		// A revision's tenders are kept beside those it replaces, and the report
		// takes those of the revision that day_sum names.
		if _, err := x.exec(ctx, "INSERT INTO tender_sum(tenant_id, shop_id, business_date, till_id, epoch, shift, revision, tender, count, amount, refunded) VALUES "+
			values(len(tenders)/tenderWidth, tenderWidth)+" ON CONFLICT DO NOTHING", tenders...); err != nil {
			return err
		}
	}
	return nil
}

// advance moves the mark up to which every number is here. Another request of
// the same till may be at it at the same time: the mark only ever rises, and the
// next one takes it on.
func (s *Store) advance(ctx context.Context, x tx, t Till, highWater, now int64) error {
	through, err := s.through(ctx, x, t)
	if err != nil {
		return err
	}
	_, err = x.exec(ctx, `UPDATE till_epoch SET have_through = CASE WHEN have_through < $4 THEN $4 ELSE have_through END,
		high_water = CASE WHEN high_water < $5 THEN $5 ELSE high_water END WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3`,
		t.Tenant, t.ID, t.Epoch, through, max(highWater, through))
	return err
}

// through walks on from the mark while the numbers follow one another.
func (s *Store) through(ctx context.Context, x tx, t Till) (int64, error) {
	at := t.HaveThrough
	done := errors.New("gap")
	err := x.each(ctx, "SELECT seq FROM document WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND seq > $4 ORDER BY seq LIMIT 5000", func(r *sql.Rows) error {
		var seq int64
		if err := r.Scan(&seq); err != nil {
			return err
		}
		if seq != at+1 {
			return done
		}
		at = seq
		return nil
	}, t.Tenant, t.ID, t.Epoch, at)
	if errors.Is(err, done) {
		err = nil
	}
	return at, err
}

// A Held is what the hub has of an epoch.
type Held struct {
	Through, HighWater int64
	LastHash           string // of the highest number that is here
	Missing            [][2]int64
}

// Held says what is here of an epoch and what is not, up to the till's own high
// water mark; at most 100 ranges.
func (s *Store) Held(ctx context.Context, t Till, highWater int64) (Held, error) {
	var h Held
	err := s.write(ctx, func(x tx) error {
		h = Held{}
		if err := s.advance(ctx, x, t, highWater, 0); err != nil {
			return err
		}
		if err := x.row(ctx, "SELECT have_through, high_water FROM till_epoch WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3", t.Tenant, t.ID, t.Epoch).
			Scan(&h.Through, &h.HighWater); err != nil {
			return err
		}
		next := h.Through + 1
		if err := x.each(ctx, "SELECT seq, sha256 FROM document WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND seq >= $4 ORDER BY seq", func(r *sql.Rows) error {
			var seq int64
			if err := r.Scan(&seq, &h.LastHash); err != nil {
				return err
			}
			if seq > next && len(h.Missing) < 100 {
				h.Missing = append(h.Missing, [2]int64{next, seq - 1})
			}
			next = max(next, seq+1)
			return nil
		}, t.Tenant, t.ID, t.Epoch, h.Through); err != nil {
			return err
		}
		if next <= h.HighWater && len(h.Missing) < 100 {
			h.Missing = append(h.Missing, [2]int64{next, h.HighWater})
		}
		return nil
	})
	return h, err
}

func date(d *wire.DayDocument) string { return d.BusinessDate.Format(time.DateOnly) }
