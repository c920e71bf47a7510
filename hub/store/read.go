package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// DaysSafe is how old a document must be before readers are given it by cursor.
// A transaction may commit after a later one, but never after txMost: what is
// older than that has all its neighbours.
const DaysSafe = 2 * txMost

// A Kept is a document as it lies in the store.
type Kept struct {
	Till        string
	Epoch, Seq  int64
	SHA256      string
	Kind, Date  string
	Shop        string
	Revision    int64
	Quarantined string
	Received    time.Time
	Body        []byte
}

const keptColumns = "till_id, epoch, seq, sha256, kind, business_date, shop_id, revision, quarantined, received_ms, body FROM document"

func scanKept(r *sql.Rows) (k Kept, err error) {
	var received int64
	err = r.Scan(&k.Till, &k.Epoch, &k.Seq, &k.SHA256, &k.Kind, &k.Date, &k.Shop, &k.Revision, &k.Quarantined, &received, &k.Body)
	k.Received = moment(received)
	return k, err
}

// kept lists the documents that a statement over keptColumns picks.
func (s *Store) kept(ctx context.Context, q string, args ...any) ([]Kept, error) {
	var all []Kept
	err := s.read().each(ctx, q, func(r *sql.Rows) error {
		k, err := scanKept(r)
		all = append(all, k)
		return err
	}, args...)
	return all, err
}

// Since lists documents of a tenant in the order they were taken, after a
// cursor that an earlier call gave; an empty one begins at the beginning.
func (s *Store) Since(ctx context.Context, tenant, cursor string, most int) (docs []Kept, next string, err error) {
	var at, epoch, seq int64
	till := ""
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			return nil, "", ErrNone
		}
		if n, err := fmt.Sscanf(string(raw), "%d %s %d %d", &at, &till, &epoch, &seq); err != nil || n != 4 {
			return nil, "", ErrNone
		}
	}
	docs, err = s.kept(ctx, "SELECT "+keptColumns+` WHERE tenant_id = $1 AND received_ms <= $2 AND (received_ms > $3 OR received_ms = $3 AND (till_id > $4
		OR till_id = $4 AND (epoch > $5 OR epoch = $5 AND seq > $6))) ORDER BY received_ms, till_id, epoch, seq LIMIT $7`, tenant, ms(s.now().Add(-DaysSafe)), at, till, epoch, seq, most)
	next = cursor
	if n := len(docs); n > 0 {
		last := docs[n-1]
		next = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s %d %d", ms(last.Received), last.Till, last.Epoch, last.Seq))
	}
	return docs, next, err
}

// Counted lists the bodies of the shift documents that count for a shop in a
// range of business days: of each shift the highest revision that is believed.
// An empty shop is every shop of the tenant.
func (s *Store) Counted(ctx context.Context, tenant, shop, from, to string) ([]Kept, error) {
	q := `SELECT d.till_id, d.epoch, d.seq, d.sha256, d.kind, d.business_date, d.shop_id, d.revision, d.quarantined, d.received_ms, d.body
		FROM day_sum c JOIN document d ON d.tenant_id = c.tenant_id AND d.till_id = c.till_id AND d.epoch = c.epoch AND d.seq = c.seq
		WHERE c.tenant_id = $1 AND c.business_date BETWEEN $2 AND $3 AND c.kind = 'shift'`
	args := []any{tenant, from, to}
	if shop != "" {
		q += " AND c.shop_id = $4"
		args = append(args, shop)
	}
	return s.kept(ctx, q+" ORDER BY c.business_date, c.till_id, c.epoch, c.shift", args...)
}

// A Sum is what a shop, a till or a day took, from the sums beside the
// documents.
type Sum struct {
	Shop, Till, Date                                        string
	Shifts, Sales, Returns                                  int64
	Gross, Discounts, TaxAdded, Tax, Rounding, Net, Refunds int64
	OverShort, Unverified                                   int64
}

// By says along what Sums are given.
type By int

const (
	ByShop By = 1 << iota
	ByTill
	ByDate
)

// Sums adds up the shifts of a range of business days; a shop's alone, or with
// an empty one every shop's.
func (s *Store) Sums(ctx context.Context, tenant, shop, from, to string, by By) ([]Sum, error) {
	var keys []string
	pick := func(flag By, column string) string {
		if by&flag == 0 {
			return "''"
		}
		keys = append(keys, column)
		return column
	}
	q := "SELECT " + pick(ByShop, "shop_id") + ", " + pick(ByTill, "till_id") + ", " + pick(ByDate, "business_date") + `,
		count(*), CAST(sum(sales) AS BIGINT), CAST(sum(returns) AS BIGINT), CAST(sum(gross) AS BIGINT), CAST(sum(discounts) AS BIGINT), CAST(sum(tax_added) AS BIGINT),
		CAST(sum(tax) AS BIGINT), CAST(sum(rounding) AS BIGINT), CAST(sum(net) AS BIGINT), CAST(sum(refunds) AS BIGINT), CAST(sum(over_short) AS BIGINT),
		CAST(sum(unverified) AS BIGINT)
		FROM day_sum WHERE tenant_id = $1 AND kind = 'shift' AND business_date BETWEEN $2 AND $3`
	args := []any{tenant, from, to}
	if shop != "" {
		q += " AND shop_id = $4"
		args = append(args, shop)
	}
	if len(keys) > 0 {
		q += " GROUP BY " + strings.Join(keys, ", ") + " ORDER BY " + strings.Join(keys, ", ")
	} else {
		q += " HAVING count(*) > 0"
	}
	var all []Sum
	err := s.read().each(ctx, q, func(r *sql.Rows) error {
		var m Sum
		err := r.Scan(&m.Shop, &m.Till, &m.Date, &m.Shifts, &m.Sales, &m.Returns, &m.Gross, &m.Discounts, &m.TaxAdded, &m.Tax, &m.Rounding, &m.Net, &m.Refunds,
			&m.OverShort, &m.Unverified)
		all = append(all, m)
		return err
	}, args...)
	return all, err
}

// A TenderSum is what one kind of tender came to.
type TenderSum struct {
	Tender                  string
	Count, Amount, Refunded int64
}

// Tenders adds up the tenders of a range of business days.
func (s *Store) Tenders(ctx context.Context, tenant, shop, from, to string) ([]TenderSum, error) {
	q := `SELECT t.tender, CAST(sum(t.count) AS BIGINT), CAST(sum(t.amount) AS BIGINT), CAST(sum(t.refunded) AS BIGINT) FROM day_sum c
		JOIN tender_sum t ON t.tenant_id = c.tenant_id AND t.shop_id = c.shop_id AND t.business_date = c.business_date AND t.till_id = c.till_id AND t.epoch = c.epoch
			AND t.shift = c.shift AND t.revision = c.revision
		WHERE c.tenant_id = $1 AND c.kind = 'shift' AND c.business_date BETWEEN $2 AND $3`
	args := []any{tenant, from, to}
	if shop != "" {
		q += " AND c.shop_id = $4"
		args = append(args, shop)
	}
	var all []TenderSum
	err := s.read().each(ctx, q+" GROUP BY t.tender ORDER BY t.tender", func(r *sql.Rows) error {
		var k TenderSum
		err := r.Scan(&k.Tender, &k.Count, &k.Amount, &k.Refunded)
		all = append(all, k)
		return err
	}, args...)
	return all, err
}

// DaysOf lists the closed days of a shop's tills in a range, by their day
// documents: what a till says its day came to, to be held against its shifts.
func (s *Store) DaysOf(ctx context.Context, tenant, shop, from, to string) ([]Sum, error) {
	var all []Sum
	err := s.read().each(ctx, `SELECT shop_id, till_id, business_date, 1, sales, returns, gross, discounts, tax_added, tax, rounding, net, refunds, over_short, unverified
		FROM day_sum WHERE tenant_id = $1 AND shop_id = $2 AND kind = 'day' AND business_date BETWEEN $3 AND $4 ORDER BY business_date, till_id`, func(r *sql.Rows) error {
		var m Sum
		err := r.Scan(&m.Shop, &m.Till, &m.Date, &m.Shifts, &m.Sales, &m.Returns, &m.Gross, &m.Discounts, &m.TaxAdded, &m.Tax, &m.Rounding, &m.Net, &m.Refunds, &m.OverShort, &m.Unverified)
		all = append(all, m)
		return err
	}, tenant, shop, from, to)
	return all, err
}

// Troubled lists the documents of a tenant that no report counts, the latest
// first.
func (s *Store) Troubled(ctx context.Context, tenant string, most int) ([]Kept, error) {
	return s.kept(ctx, "SELECT "+keptColumns+" WHERE tenant_id = $1 AND quarantined <> '' ORDER BY received_ms DESC LIMIT $2", tenant, most)
}

// AddReader keeps the hash of a token that reads for a program of the owner.
func (s *Store) AddReader(ctx context.Context, tenant, token, name, by string) error {
	return s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('reader', $1, $2)", Hash(token), tenant); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "INSERT INTO reader(tenant_id, token_hash, name, created_ms, revoked_ms) VALUES ($1, $2, $3, $4, 0)", tenant, Hash(token), name, ms(s.now())); err != nil {
			return err
		}
		return s.note(ctx, t, tenant, by, "reader.add", name, "")
	})
}

// Reader finds the tenant that a token reads for; ErrNone without.
func (s *Store) Reader(ctx context.Context, token string) (string, error) {
	t := tx{s, s.w}
	tenant, err := s.home(ctx, t, "reader", Hash(token))
	if err != nil {
		return "", err
	}
	var revoked int64
	if err := t.row(ctx, "SELECT revoked_ms FROM reader WHERE tenant_id = $1 AND token_hash = $2", tenant, Hash(token)).Scan(&revoked); err != nil {
		return "", orNone(err)
	}
	if revoked != 0 {
		return "", ErrNone
	}
	return tenant, nil
}
