package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
)

// A Noted is one act that somebody did at the hub, or that a till announced.
type Noted struct {
	At                        time.Time
	Who, Act, Subject, Detail string
}

func (s *Store) note(ctx context.Context, t tx, tenant, who, act, subject, detail string) error {
	_, err := t.exec(ctx, "INSERT INTO audit(tenant_id, at_ms, audit_id, who, act, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		tenant, ms(s.now()), uuid.NewString(), who, act, subject, detail)
	return err
}

// Note keeps one act.
func (s *Store) Note(ctx context.Context, tenant, who, act, subject, detail string) error {
	return s.write(ctx, func(t tx) error { return s.note(ctx, t, tenant, who, act, subject, detail) })
}

// Noted lists the latest acts of a tenant, the latest first.
func (s *Store) Noted(ctx context.Context, tenant string, most int) ([]Noted, error) {
	var all []Noted
	err := s.read().each(ctx, "SELECT at_ms, who, act, subject, detail FROM audit WHERE tenant_id = $1 ORDER BY at_ms DESC, audit_id LIMIT $2", func(r *sql.Rows) error {
		var n Noted
		var at int64
		err := r.Scan(&at, &n.Who, &n.Act, &n.Subject, &n.Detail)
		n.At = moment(at)
		all = append(all, n)
		return err
	}, tenant, most)
	return all, err
}
