package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"

	"guitai/till"
)

// ErrExists means that a folder already holds a ledger.
var ErrExists = errors.New("there is a ledger here already")

// Founding is what a new ledger starts with.
type Founding struct {
	Settings till.Settings
	Practice bool // a ledger for practising; its sales are never real
}

// Found makes a new ledger in dir, which is made where it is missing, and
// returns it open. ErrExists means that dir already holds one.
func Found(ctx context.Context, dir string, f Founding, opt Options) (*Ledger, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the ledger's folder: %w", err)
	}
	opt.create = true
	l, err := Open(ctx, dir, opt)
	if err != nil {
		return nil, err
	}
	if l.seq > 0 {
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrExists, dir), l.Close())
	}
	epoch := newEpoch()
	now := l.opt.Now()
	if f.Settings.Zone != nil {
		now = now.In(f.Settings.Zone)
	}
	// The epoch goes in first: should the machine stop between the two, the next
	// founding draws another.
	err = l.write(ctx, "found the ledger", func(c conn) error {
		for k, v := range map[string]string{"epoch": epoch, "practice": fmt.Sprint(f.Practice)} {
			if _, err := c.ExecContext(ctx, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", k, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = l.Commit(ctx, till.Tx{Entries: []till.Entry{{At: now, Recorded: now, Record: &till.Founded{
			Till: f.Settings.Till, Epoch: epoch, Currency: f.Settings.Currency.Code, Settings: f.Settings.All(),
		}}}})
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}
