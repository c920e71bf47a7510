package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// LaterPrice is a price that takes effect at a time.
type LaterPrice struct {
	From  time.Time
	Price money.UnitPrice
	By    string // operator code of who set it
}

// pricesAtOnce bounds how many prices take effect in one transaction.
const pricesAtOnce = 200

// SetPrice sets the price of an item from a time on; one that lies not after
// the present is in effect at once. A price set for the same time before is
// replaced.
func (l *Ledger) SetPrice(ctx context.Context, id till.ID, price money.UnitPrice, from time.Time, by string) error {
	if price < 0 || price > money.UnitPriceMax {
		return &till.Error{Code: till.BadPrice}
	}
	if err := l.own(ctx); err != nil {
		return err
	}
	if !from.After(l.opt.Now()) {
		it, err := l.ItemByID(ctx, id)
		if err == nil {
			it.Price = price
			_, err = l.SaveItem(ctx, it, by)
		}
		return err
	}
	err := l.write(ctx, "set a price", func(c conn) error {
		l.goods.Add(1)
		r, err := c.ExecContext(ctx, `INSERT INTO price(item, from_ms, price, by) SELECT no, ?, ?, ? FROM item WHERE id = ? AND active = 1
			ON CONFLICT DO UPDATE SET price = excluded.price, by = excluded.by`, from.UnixMilli(), int64(price), by, id[:])
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, &till.Error{Code: till.UnknownCode})
		}
		// It is a person's now, and stays when an import is taken back.
		_, err = c.ExecContext(ctx, "UPDATE item SET batch = 0 WHERE id = ?", id[:])
		return err
	})
	l.priceDue.Store(0)
	return err
}

// DropPrice takes a price away that is not in effect yet. One that nobody set
// for that time is UnknownCode.
func (l *Ledger) DropPrice(ctx context.Context, id till.ID, from time.Time) error {
	if err := l.own(ctx); err != nil {
		return err
	}
	return l.write(ctx, "drop a price", func(c conn) error {
		l.goods.Add(1)
		r, err := c.ExecContext(ctx, "DELETE FROM price WHERE item = (SELECT no FROM item WHERE id = ?) AND from_ms = ?", id[:], from.UnixMilli())
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, &till.Error{Code: till.UnknownCode})
		}
		return nil
	})
}

// LaterPrices lists the prices of an item that are not in effect yet, the next
// one first.
func (l *Ledger) LaterPrices(ctx context.Context, id till.ID) ([]LaterPrice, error) {
	var out []LaterPrice
	err := each(ctx, l.r(), "SELECT p.from_ms, p.price, p.by FROM price p JOIN item i ON i.no = p.item WHERE i.id = ? ORDER BY p.from_ms", []any{id[:]}, func(s scanner) error {
		var ms int64
		var p LaterPrice
		err := s.Scan(&ms, &p.Price, &p.By)
		p.From = time.UnixMilli(ms)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read later prices: %w", err)
	}
	return out, nil
}

// applyPrices puts the prices into effect whose time has come and notes each in
// the journal. priceDue spares it to look every time.
func (l *Ledger) applyPrices(ctx context.Context) error {
	now := l.opt.Now()
	for l.priceDue.Load() <= now.UnixMilli() {
		n, err := l.applySome(ctx, now)
		if err != nil {
			return err
		}
		if n == pricesAtOnce {
			continue
		}
		l.priceDue.Store(math.MaxInt64)
		var next int64
		if err := l.r().QueryRowContext(ctx, "SELECT ifnull(min(from_ms), ?) FROM price", int64(math.MaxInt64)).Scan(&next); err != nil {
			l.priceDue.Store(0)
			return fmt.Errorf("look for later prices: %w", err)
		}
		// One that was set meanwhile has stored 0.
		l.priceDue.CompareAndSwap(math.MaxInt64, next)
	}
	return nil
}

func (l *Ledger) applySome(ctx context.Context, now time.Time) (int, error) {
	type due struct {
		from, no int64
		by       string
		rec      *till.ItemSaved
	}
	var list []due
	err := each(ctx, l.r(), "SELECT p.from_ms, p.item, p.by, p.price FROM price p WHERE p.from_ms <= ? ORDER BY p.from_ms, p.item LIMIT ?", []any{now.UnixMilli(), pricesAtOnce}, func(s scanner) error {
		d := due{rec: &till.ItemSaved{}}
		err := s.Scan(&d.from, &d.no, &d.by, &d.rec.Item.Price)
		list = append(list, d)
		return err
	})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return 0, err
	}
	err = l.write(ctx, "put prices into effect", func(c conn) error {
		l.goods.Add(1)
		for _, d := range list {
			price := d.rec.Item.Price
			it, _, err := scanItem(c.QueryRowContext(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.no = ?", d.no))
			if err != nil {
				return err
			}
			d.rec.Item, d.rec.OldPrice = it, it.Price
			d.rec.Item.Price = price
			if d.rec.Item.Barcodes, err = barcodesOf(ctx, c, d.no); err != nil {
				return err
			}
			if _, err := c.ExecContext(ctx, "UPDATE item SET price = ? WHERE no = ?", int64(price), d.no); err != nil {
				return err
			}
			if _, err := c.ExecContext(ctx, "DELETE FROM price WHERE item = ? AND from_ms = ?", d.no, d.from); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		at := now.In(settings.Zone)
		if err := l.note(ctx, till.Entry{At: at, Recorded: at, Operator: d.by, Record: d.rec}); err != nil {
			return len(list), err
		}
	}
	return len(list), nil
}
