package store

import (
	"context"
	"database/sql"
	"time"
)

// A Live is the last picture that a till sent of its open day.
type Live struct {
	Till, Shop string
	Epoch      int64
	Date       string // business day
	At         time.Time
	Body       []byte
}

// PutLive keeps a till's picture in place of the one before.
func (s *Store) PutLive(ctx context.Context, t Till, date string, body []byte) error {
	return s.write(ctx, func(x tx) error {
		_, err := x.exec(ctx, `INSERT INTO live(tenant_id, till_id, shop_id, epoch, business_date, at_ms, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (tenant_id, till_id) DO UPDATE SET shop_id = excluded.shop_id, epoch = excluded.epoch, business_date = excluded.business_date,
			at_ms = excluded.at_ms, body = excluded.body WHERE excluded.at_ms >= live.at_ms`, t.Tenant, t.ID, t.Shop, t.Epoch, date, ms(s.now()), body)
		return err
	})
}

// Lives lists the pictures of a tenant's tills.
func (s *Store) Lives(ctx context.Context, tenant string) ([]Live, error) {
	var all []Live
	err := s.read().each(ctx, "SELECT till_id, shop_id, epoch, business_date, at_ms, body FROM live WHERE tenant_id = $1 ORDER BY till_id", func(r *sql.Rows) error {
		var l Live
		var at int64
		err := r.Scan(&l.Till, &l.Shop, &l.Epoch, &l.Date, &at, &l.Body)
		l.At = moment(at)
		all = append(all, l)
		return err
	}, tenant)
	return all, err
}

// A Command is something that an owner asks a till to do.
type Command struct {
	Tenant, Till, ID, Kind string
	From, To               int64 // of a resend
	By                     string
	At                     time.Time
	Signature              string
	Result, Note           string // Result is empty until the till has answered
	Done                   time.Time
}

// AddCommand keeps a command until the till has answered it.
func (s *Store) AddCommand(ctx context.Context, c Command) error {
	return s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO command(tenant_id, till_id, command_id, kind, range_from, range_to, by_name, created_ms, signature, result, done_ms, note)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, '')`, c.Tenant, c.Till, c.ID, c.Kind, c.From, c.To, c.By, ms(c.At), c.Signature); err != nil {
			return err
		}
		return s.note(ctx, t, c.Tenant, c.By, "command."+c.Kind, c.Till, c.ID)
	})
}

// Commands lists the commands of a till, the latest first; only those without
// an answer where open is set.
func (s *Store) Commands(ctx context.Context, tenant, till string, open bool) ([]Command, error) {
	q := "SELECT till_id, command_id, kind, range_from, range_to, by_name, created_ms, signature, result, done_ms, note FROM command WHERE tenant_id = $1 AND till_id = $2"
	if open {
		q += " AND result = ''"
	}
	var all []Command
	err := tx{s, s.w}.each(ctx, q+" ORDER BY created_ms DESC, command_id LIMIT 100", func(r *sql.Rows) error {
		c := Command{Tenant: tenant}
		var at, done int64
		err := r.Scan(&c.Till, &c.ID, &c.Kind, &c.From, &c.To, &c.By, &at, &c.Signature, &c.Result, &done, &c.Note)
		c.At, c.Done = moment(at), moment(done)
		all = append(all, c)
		return err
	}, tenant, till)
	return all, err
}

// Answer keeps what a till says of a command; its first answer stays.
func (s *Store) Answer(ctx context.Context, t Till, id, result, note string, at time.Time) error {
	return s.write(ctx, func(x tx) error {
		n, err := x.exec(ctx, "UPDATE command SET result = $4, done_ms = $5, note = $6 WHERE tenant_id = $1 AND till_id = $2 AND command_id = $3 AND result = ''",
			t.Tenant, t.ID, id, result, ms(at), note)
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, x, t.Tenant, "", "command."+result, t.ID, id)
	})
}
