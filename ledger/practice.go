package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Practise makes a ledger for practising in dir, anew: it has the settings,
// the people with their PINs and the goods that l has at the moment, and no
// sale. What was practised in dir before is removed; a folder whose ledger is
// no practice ledger is refused. The practice ledger is left closed.
func Practise(ctx context.Context, l *Ledger, dir string) error {
	if err := clearPractice(ctx, dir); err != nil {
		return err
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	pepper, err := l.pepper()
	if err != nil {
		return err
	}
	to, err := Found(ctx, dir, Founding{Settings: settings, Practice: true}, Options{})
	if err != nil {
		return err
	}
	// PINs are hashed with a secret that lies beside the ledger.
	err = writeNew(filepath.Join(dir, "pepper.key"), pepper)
	if err == nil {
		err = to.copyShop(ctx, l.path())
	}
	return errors.Join(err, to.Close())
}

// clearPractice empties a folder that a practice ledger was in.
func clearPractice(ctx context.Context, dir string) error {
	old, err := Open(ctx, dir, Options{})
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	st, err := old.Recover(ctx)
	if err = errors.Join(err, old.Close()); err != nil {
		return err
	}
	if !st.Practice {
		return fmt.Errorf("%w: %s", ErrExists, dir)
	}
	for _, name := range []string{FileName, FileName + "-wal", FileName + "-shm", keyFile, "pepper.key"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear the practice ledger: %w", err)
		}
	}
	return nil
}

// copyShop takes people and goods over from the ledger file at path.
func (l *Ledger) copyShop(ctx context.Context, path string) error {
	l.mu.Lock()
	if _, err := l.w.ExecContext(ctx, "ATTACH ? AS shop", "file:"+path+"?mode=ro"); err != nil {
		l.mu.Unlock()
		return fmt.Errorf("read the shop's goods: %w", err)
	}
	l.mu.Unlock()
	err := l.write(ctx, "copy the shop's goods", func(c conn) error {
		for _, q := range []string{
			"INSERT INTO operator(code, name, role, active, expires_ms, pin_hash) SELECT code, name, role, active, expires_ms, pin_hash FROM shop.operator",
			"INSERT INTO item(no, id, code, name, name_en, unit, weighed, price, tax, category, active, favourite, keys) SELECT no, id, code, name, name_en, unit, weighed, price, tax, category, active, favourite, keys FROM shop.item",
			"INSERT INTO barcode(code, item, qty) SELECT code, item, qty FROM shop.barcode",
			"INSERT INTO item_look(item, colour, picture) SELECT item, colour, picture FROM shop.item_look",
			"INSERT INTO shop_picture(name, png) SELECT name, png FROM shop.shop_picture",
			"INSERT INTO price(item, from_ms, price) SELECT item, from_ms, price FROM shop.price",
		} {
			if _, err := c.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, e := l.w.ExecContext(ctx, "DETACH shop"); err == nil {
		err = e
	}
	return err
}
