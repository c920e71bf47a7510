package ledger

import (
	"context"
	"time"

	"guitai/till"
)

// An Outgoing is a document that an account does not have yet.
type Outgoing struct {
	Epoch, Seq int64
	Kind       string
	Day        till.BusinessDay
	Made       time.Time
	SHA256     string
	Body       []byte
}

// An Account is where documents go.
type Account struct {
	Name, Kind string // kinds: hub, webhook, folder
	Settings   string // JSON, without secrets
	Since      time.Time
	Active     bool
}

// What became of a document at an account.
const (
	Delivered   = "delivered"   // said is the account's receipt
	Quarantined = "quarantined" // it is there, and said tells why no report counts it
	Refused     = "refused"     // the account will not have it, and said tells why
)

// SetAccount adds an account, or changes it.
func (l *Ledger) SetAccount(ctx context.Context, a Account) error {
	return l.write(ctx, "set a provider account", func(c conn) error {
		_, err := c.ExecContext(ctx, `INSERT INTO account(name, kind, settings, since_ms, active) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET kind = excluded.kind, settings = excluded.settings, since_ms = excluded.since_ms, active = excluded.active`,
			a.Name, a.Kind, a.Settings, a.Since.UnixMilli(), a.Active)
		return err
	})
}

// Accounts lists the accounts by name.
func (l *Ledger) Accounts(ctx context.Context) ([]Account, error) {
	var all []Account
	err := each(ctx, l.q(), "SELECT name, kind, settings, since_ms, active FROM account ORDER BY name", nil, func(s scanner) error {
		var a Account
		var since int64
		err := s.Scan(&a.Name, &a.Kind, &a.Settings, &since, &a.Active)
		a.Since = time.UnixMilli(since)
		all = append(all, a)
		return err
	})
	return all, err
}

// RemoveAccount forgets an account and what became of documents there. The
// documents stay.
func (l *Ledger) RemoveAccount(ctx context.Context, name string) error {
	return l.write(ctx, "remove a provider account", func(c conn) error {
		if _, err := c.ExecContext(ctx, "DELETE FROM delivery WHERE account = ?", name); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, "DELETE FROM account WHERE name = ?", name)
		return err
	})
}

// Rejected is how many documents an account put aside or would not have.
func (l *Ledger) Rejected(ctx context.Context, account string) (n int, err error) {
	err = l.q().QueryRowContext(ctx, "SELECT count(*) FROM delivery WHERE account = ? AND state <> 'delivered'", account).Scan(&n)
	return n, err
}

// Unsent lists documents that an account has not answered for, oldest first,
// at most so many and so many bytes, though always one where there is one.
// Those of one answer are of one epoch.
func (l *Ledger) Unsent(ctx context.Context, account string, most, bytes int) ([]Outgoing, error) {
	var all []Outgoing
	size := 0
	err := each(ctx, l.q(), `SELECT o.epoch, o.seq, o.kind, o.day, o.made_ms, o.sha256, o.body FROM outbox o
		WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account = ? AND d.epoch = o.epoch AND d.seq = o.seq) ORDER BY o.epoch, o.seq LIMIT ?`, []any{account, most}, func(s scanner) error {
		var o Outgoing
		var made int64
		if err := s.Scan(&o.Epoch, &o.Seq, &o.Kind, &o.Day, &made, &o.SHA256, &o.Body); err != nil {
			return err
		}
		o.Made = time.UnixMilli(made)
		if len(all) > 0 && (o.Epoch != all[0].Epoch || size+len(o.Body) > bytes) {
			size = bytes + 1 // and nothing after it, so that the order stays
			return nil
		}
		size += len(o.Body)
		if size <= bytes || len(all) == 0 {
			all = append(all, o)
		}
		return nil
	})
	return all, err
}

// Backlog is how many documents an account has not answered for, and since when
// the oldest of them waits.
func (l *Ledger) Backlog(ctx context.Context, account string) (n int, since time.Time, err error) {
	var made int64
	err = l.q().QueryRowContext(ctx, `SELECT count(*), ifnull(min(made_ms), 0) FROM outbox o
		WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account = ? AND d.epoch = o.epoch AND d.seq = o.seq)`, account).Scan(&n, &made)
	if n > 0 {
		since = time.UnixMilli(made)
	}
	return n, since, err
}

// Answered keeps what an account said of a document. What was delivered stays
// delivered.
func (l *Ledger) Answered(ctx context.Context, account string, epoch, seq int64, state, said string) error {
	return l.write(ctx, "keep an account's answer", func(c conn) error {
		_, err := c.ExecContext(ctx, `INSERT INTO delivery(account, epoch, seq, state, at_ms, said) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms, said = excluded.said WHERE delivery.state <> 'delivered'`,
			account, epoch, seq, state, l.opt.Now().UnixMilli(), said)
		return err
	})
}

// Resend makes documents of an epoch unsent again, as an account asks where it
// lost them.
func (l *Ledger) Resend(ctx context.Context, account string, epoch, from, to int64) (n int, err error) {
	err = l.write(ctx, "send documents again", func(c conn) error {
		r, err := c.ExecContext(ctx, "DELETE FROM delivery WHERE account = ? AND epoch = ? AND seq BETWEEN ? AND ?", account, epoch, from, to)
		if err != nil {
			return err
		}
		k, err := r.RowsAffected()
		n = int(k)
		return err
	})
	return n, err
}

// LastDelivery is when an account last had a document, and its receipt; the
// zero time where it has none.
func (l *Ledger) LastDelivery(ctx context.Context, account string) (at time.Time, said string, err error) {
	var ms int64
	err = each(ctx, l.q(), "SELECT at_ms, said FROM delivery WHERE account = ? AND state = 'delivered' ORDER BY at_ms DESC, epoch DESC, seq DESC LIMIT 1", []any{account}, func(s scanner) error {
		return s.Scan(&ms, &said)
	})
	if ms != 0 {
		at = time.UnixMilli(ms)
	}
	return at, said, err
}
