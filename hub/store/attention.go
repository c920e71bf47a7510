package store

import (
	"context"
	"database/sql"
	"time"
)

// Missing lists the ranges of numbers of a till's epoch that are not here, up to
// its own high water mark; at most 100, and how many numbers they are.
func (s *Store) Missing(ctx context.Context, t Till) (ranges [][2]int64, count int64, err error) {
	next := t.HaveThrough + 1
	gap := func(to int64) {
		count += to - next + 1
		if len(ranges) < 100 {
			ranges = append(ranges, [2]int64{next, to})
		}
	}
	err = s.read().each(ctx, "SELECT seq FROM document WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND seq > $4 ORDER BY seq", func(r *sql.Rows) error {
		var seq int64
		if err := r.Scan(&seq); err != nil {
			return err
		}
		if seq > next {
			gap(seq - 1)
		}
		next = max(next, seq+1)
		return nil
	}, t.Tenant, t.ID, t.Epoch, t.HaveThrough)
	if err == nil && next <= t.HighWater {
		gap(t.HighWater)
	}
	return ranges, count, err
}

// A Forked is a number under which a till sent other bytes than those kept.
type Forked struct {
	Till       string
	Epoch, Seq int64
	Seen       time.Time
}

// Forks lists the forks of a tenant's tills, the latest first.
func (s *Store) Forks(ctx context.Context, tenant string, most int) ([]Forked, error) {
	var all []Forked
	err := s.read().each(ctx, "SELECT till_id, epoch, seq, seen_ms FROM fork WHERE tenant_id = $1 ORDER BY seen_ms DESC, till_id, seq LIMIT $2", func(r *sql.Rows) error {
		var f Forked
		var seen int64
		err := r.Scan(&f.Till, &f.Epoch, &f.Seq, &seen)
		f.Seen = moment(seen)
		all = append(all, f)
		return err
	}, tenant, most)
	return all, err
}

// A Waiting is an epoch that waits for the owner.
type Waiting struct {
	Till, Key, Reason string
	Epoch             int64
	Announced         time.Time
}

// Waiting lists the epochs of a tenant's tills that the owner has not approved.
func (s *Store) Waiting(ctx context.Context, tenant string) ([]Waiting, error) {
	var all []Waiting
	err := s.read().each(ctx, "SELECT till_id, public_key, reason, epoch, created_ms FROM till_epoch WHERE tenant_id = $1 AND state = 'pending' ORDER BY created_ms, till_id, epoch", func(r *sql.Rows) error {
		var w Waiting
		var at int64
		err := r.Scan(&w.Till, &w.Key, &w.Reason, &w.Epoch, &at)
		w.Announced = moment(at)
		all = append(all, w)
		return err
	}, tenant)
	return all, err
}

// Addenda lists what became known of closed days later: the documents that add
// to a shop's days of a range, by when they were taken.
func (s *Store) Addenda(ctx context.Context, tenant, shop, from, to string) ([]Kept, error) {
	return s.kept(ctx, "SELECT "+keptColumns+` WHERE tenant_id = $1 AND shop_id = $2 AND business_date BETWEEN $3 AND $4 AND kind = 'addendum' AND quarantined = ''
		ORDER BY received_ms, till_id, seq LIMIT 200`, tenant, shop, from, to)
}

// PutAside lists the documents of a shop's days that no report counts.
func (s *Store) PutAside(ctx context.Context, tenant, shop, from, to string) ([]Kept, error) {
	return s.kept(ctx, "SELECT "+keptColumns+` WHERE tenant_id = $1 AND shop_id = $2 AND business_date BETWEEN $3 AND $4 AND quarantined <> ''
		ORDER BY received_ms, till_id, seq LIMIT 200`, tenant, shop, from, to)
}

// Counting lists the tills of a tenant with the latest of their epochs that the
// owner has approved, by shop and name.
func (s *Store) Counting(ctx context.Context, tenant string) ([]Till, error) {
	var all []Till
	err := s.read().each(ctx, "SELECT "+tillColumns+` WHERE t.tenant_id = $1 AND e.epoch = (SELECT max(l.epoch) FROM till_epoch l
		WHERE l.tenant_id = t.tenant_id AND l.till_id = t.till_id AND l.state <> 'pending') ORDER BY t.shop_id, t.name, t.till_id`, func(r *sql.Rows) error {
		one, err := scanTill(r)
		all = append(all, one)
		return err
	}, tenant)
	return all, err
}
