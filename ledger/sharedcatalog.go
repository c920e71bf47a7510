package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"guitai/till"
)

// A SharedCatalog is a version of the catalogue that all tills of a shop sell
// by. Its staff have no PINs: those are set at the till.
type SharedCatalog struct {
	Version int64
	By      string // who published it
	Items   []SharedItem
	Taxes   []till.TaxClass // none leaves those of the till
	Staff   []till.Operator
}

// A SharedItem is an item of a version.
type SharedItem struct {
	till.Item
	Removed bool
}

// SharedVersions are the newest version that is kept and the one in effect; 0
// for none.
func (l *Ledger) SharedVersions(ctx context.Context) (kept, applied int64, err error) {
	err = l.r().QueryRowContext(ctx, "SELECT ifnull(max(version), 0), ifnull(max(iif(applied_ms IS NULL, 0, version)), 0) FROM shared_catalog").Scan(&kept, &applied)
	return kept, applied, err
}

// KeepShared keeps a version until its time comes; one that is here stays.
// Those before the one in effect go.
func (l *Ledger) KeepShared(ctx context.Context, version int64, effective time.Time, body []byte) error {
	return l.write(ctx, "keep a catalogue", func(c conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO shared_catalog(version, effective_ms, got_ms, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			version, effective.UnixMilli(), l.opt.Now().UnixMilli(), body)
		if err == nil {
			_, err = c.ExecContext(ctx, "DELETE FROM shared_catalog WHERE version < (SELECT max(version) FROM shared_catalog WHERE applied_ms IS NOT NULL)")
		}
		return err
	})
}

// DueShared is the newest version whose time has come and that is not in effect
// yet; 0 where there is none.
func (l *Ledger) DueShared(ctx context.Context) (version int64, body []byte, err error) {
	err = l.r().QueryRowContext(ctx, `SELECT version, body FROM shared_catalog WHERE effective_ms <= ?
		AND version > (SELECT ifnull(max(version), 0) FROM shared_catalog WHERE applied_ms IS NOT NULL) ORDER BY version DESC LIMIT 1`, l.opt.Now().UnixMilli()).Scan(&version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return version, body, err
}

// DropShared forgets a version that cannot be sold by.
func (l *Ledger) DropShared(ctx context.Context, version int64) error {
	return l.write(ctx, "drop a catalogue", func(c conn) error {
		_, err := c.ExecContext(ctx, "DELETE FROM shared_catalog WHERE version = ? AND applied_ms IS NULL", version)
		return err
	})
}

// sharedRow is an item of the till beside a version.
type sharedRow struct {
	no       int64
	item     till.Item
	active   bool
	barcodes []string
	keys     string // what it will be found by: made before the writer is held
}

// sharedDiff is what a version changes.
type sharedDiff struct {
	prices, rest []sharedRow // items that are here: only the price, or more
	fresh        []sharedRow
	gone         []int64
	loose        [][]byte // ids on sale here that the version does not know
}

// diffShared compares the till's items with a version, off the writer's way.
func (l *Ledger) diffShared(ctx context.Context, v *SharedCatalog) (sharedDiff, error) {
	var d sharedDiff
	rows := map[till.ID]*sharedRow{}
	byNo, byCode, byBarcode := map[int64]*sharedRow{}, map[string]*sharedRow{}, map[string]*sharedRow{}
	err := each(ctx, l.r(), "SELECT "+itemColumns+", i.active FROM item i", nil, func(s scanner) error {
		r := &sharedRow{}
		var err error
		r.item, r.no, err = scanItem(s, &r.active)
		rows[r.item.ID], byNo[r.no] = r, r
		if r.active && r.item.Code != "" {
			byCode[r.item.Code] = r
		}
		return err
	})
	if err == nil {
		err = each(ctx, l.r(), "SELECT item, code FROM barcode ORDER BY item, code", nil, func(s scanner) error {
			var no int64
			var code string
			err := s.Scan(&no, &code)
			byNo[no].barcodes = append(byNo[no].barcodes, code)
			byBarcode[code] = byNo[no]
			return err
		})
	}
	if err != nil {
		return d, fmt.Errorf("read the items: %w", err)
	}
	known := map[int64]bool{}
	for i := range v.Items {
		want := &v.Items[i]
		have := rows[want.ID]
		if have == nil && !want.Removed {
			// The same goods from before the shop had a hub: they take its id.
			if have = byCode[want.Code]; have == nil {
				for _, b := range want.Barcodes {
					if have = byBarcode[b]; have != nil {
						break
					}
				}
			}
			if have != nil && known[have.no] {
				have = nil
			}
		}
		if have != nil {
			known[have.no] = true
		}
		slices.Sort(want.Barcodes)
		switch {
		case have == nil && want.Removed:
		case have == nil:
			d.fresh = append(d.fresh, sharedRow{item: want.Item, keys: searchKeys(&want.Item)})
		case want.Removed:
			if have.active {
				d.gone = append(d.gone, have.no)
			}
		default:
			was, now := have.item, want.Item
			if now.Unit == was.Unit {
				now.Weighed = was.Weighed
			}
			more := !have.active || was.ID != now.ID || was.Code != now.Code || was.Name != now.Name || was.NameEN != now.NameEN || was.Unit != now.Unit ||
				was.Tax != now.Tax || was.Category != now.Category || !slices.Equal(have.barcodes, now.Barcodes)
			switch {
			case more:
				d.rest = append(d.rest, sharedRow{no: have.no, item: now, keys: searchKeys(&now)})
			case was.Price != now.Price:
				d.prices = append(d.prices, sharedRow{no: have.no, item: now})
			}
		}
	}
	for _, r := range rows {
		if r.active && !known[r.no] {
			d.loose = append(d.loose, r.item.ID[:])
		}
	}
	return d, nil
}

// ApplyShared sells by a version from now on: all of it or, after an error or a
// power cut, nothing. What the version has removed is hidden; what it does not
// know goes on selling and is proposed. It is noted in the journal.
func (l *Ledger) ApplyShared(ctx context.Context, v SharedCatalog) error {
	l.lists.Lock()
	defer l.lists.Unlock()
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	taxes := v.Taxes
	if len(taxes) == 0 {
		taxes = settings.Taxes
	}
	for i := range v.Items {
		it := &v.Items[i]
		it.Weighed = soldByWeight(it.Unit)
		if !it.Removed {
			if err := CheckItem(&it.Item, taxes); err != nil {
				return fmt.Errorf("item %q: %w", it.Name, err)
			}
		}
	}
	d, err := l.diffShared(ctx, &v)
	if err != nil {
		return err
	}
	goods := l.goods.Load()
	ctx = context.WithoutCancel(ctx)
	err = l.append(ctx, "apply a catalogue", func(w *writing) error {
		if l.goods.Load() != goods {
			return errors.New("an item was changed meanwhile; it is tried again")
		}
		l.goods.Add(1)
		if err := w.applyItems(ctx, &d); err != nil {
			return err
		}
		if err := w.applyStaff(ctx, v.Staff); err != nil {
			return err
		}
		now := l.opt.Now().UnixMilli()
		if err := l.exec(ctx, "UPDATE shared_catalog SET applied_ms = ? WHERE version = ?", now, v.Version); err != nil {
			return err
		}
		if was, want := till.FormatTaxes(settings.Taxes), till.FormatTaxes(taxes); was != want {
			if err := w.note(ctx, "", &till.SettingSet{Key: "taxes", Old: was, New: want}); err != nil {
				return err
			}
		}
		return w.note(ctx, "", &till.ItemsImported{File: fmt.Sprintf("catalogue %d · %s", v.Version, v.By), Added: len(d.fresh), Changed: len(d.prices) + len(d.rest) + len(d.gone)})
	})
	l.search.changed()
	l.priceDue.Store(0)
	return err
}

func (w *writing) applyItems(ctx context.Context, d *sharedDiff) error {
	l := w.l
	for _, r := range d.prices {
		if err := l.exec(ctx, "UPDATE item SET price = ? WHERE no = ?", int64(r.item.Price), r.no); err != nil {
			return err
		}
	}
	for _, no := range d.gone {
		if err := l.exec(ctx, "UPDATE item SET active = 0, favourite = 0, code = '' WHERE no = ?", no); err != nil {
			return err
		}
		if err := l.exec(ctx, "DELETE FROM barcode WHERE item = ?", no); err != nil {
			return err
		}
	}
	// Codes may go from one item to another: all are free before any is given.
	for _, r := range d.rest {
		if err := l.exec(ctx, "UPDATE item SET code = '' WHERE no = ?", r.no); err != nil {
			return err
		}
		if err := l.exec(ctx, "DELETE FROM barcode WHERE item = ?", r.no); err != nil {
			return err
		}
	}
	for _, r := range d.rest {
		it := &r.item
		if err := l.exec(ctx, "UPDATE item SET id = ?, code = ?, name = ?, name_en = ?, unit = ?, weighed = ?, price = ?, tax = ?, category = ?, keys = ?, active = 1, batch = 0 WHERE no = ?",
			it.ID[:], it.Code, it.Name, it.NameEN, it.Unit, it.Weighed, int64(it.Price), it.Tax, it.Category, r.keys, r.no); err != nil {
			return err
		}
		for _, b := range it.Barcodes {
			if err := l.exec(ctx, insertBarcode[0], b, r.no); err != nil {
				return err
			}
		}
	}
	if len(d.fresh) > 0 {
		put := itemWriter{l: l}
		if err := put.begin(ctx); err != nil {
			return err
		}
		var items, barcodes []any
		for i := range d.fresh {
			it := &d.fresh[i].item
			items = append(items, put.next, it.ID[:], it.Code, it.Name, it.NameEN, it.Unit, it.Weighed, int64(it.Price), it.Tax, it.Category, d.fresh[i].keys, int64(0))
			for _, b := range it.Barcodes {
				barcodes = append(barcodes, b, put.next)
			}
			put.next++
		}
		if err := put.insert(ctx, insertItem, 12, items); err != nil {
			return err
		}
		if err := put.insert(ctx, insertBarcode, 2, barcodes); err != nil {
			return err
		}
	}
	now := l.opt.Now().UnixMilli()
	for _, id := range d.loose {
		if err := l.exec(ctx, "INSERT INTO item_proposed(item, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING", id, now); err != nil {
			return err
		}
	}
	return nil
}

// applyStaff takes the people of a version over; PINs stay as they are. A shop
// without an owner who can sign on is refused.
func (w *writing) applyStaff(ctx context.Context, staff []till.Operator) error {
	if len(staff) == 0 {
		return nil
	}
	for _, o := range staff {
		if err := w.l.exec(ctx, `INSERT INTO operator(code, name, role, active) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, active = excluded.active`,
			o.Code, o.Name, string(o.Role), o.Active); err != nil {
			return err
		}
	}
	var owners int
	if err := w.l.w.QueryRowContext(ctx, "SELECT count(*) FROM operator WHERE role = 'owner' AND active = 1 AND pin_hash <> ''").Scan(&owners); err != nil {
		return err
	}
	if owners == 0 {
		return &till.Error{Code: till.NotAllowed, Detail: "owner"}
	}
	return nil
}

// ProposedItems are items that were added at this till and not sent yet.
func (l *Ledger) ProposedItems(ctx context.Context, most int) ([]till.Item, error) {
	var ids []till.ID
	err := each(ctx, l.r(), "SELECT p.item FROM item_proposed p JOIN item i ON i.id = p.item WHERE p.sent = 0 AND i.active = 1 ORDER BY p.at_ms, p.item LIMIT ?", []any{most}, func(s scanner) error {
		var raw []byte
		err := s.Scan(&raw)
		ids = append(ids, till.ID(raw))
		return err
	})
	var out []till.Item
	for _, id := range ids {
		if err != nil {
			break
		}
		var it till.Item
		it, err = l.ItemByID(ctx, id)
		out = append(out, it)
	}
	return out, err
}

// ProposalsSent notes that the hub has the items.
func (l *Ledger) ProposalsSent(ctx context.Context, items []till.Item) error {
	return l.write(ctx, "note what was proposed", func(c conn) error {
		for _, it := range items {
			if _, err := c.ExecContext(ctx, "UPDATE item_proposed SET sent = 1 WHERE item = ?", it.ID[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// led says that a hub writes the catalogue, the taxes and the staff: the till
// has an account, and sells by a version of it.
func led(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (yes bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM shared_catalog WHERE applied_ms IS NOT NULL) AND EXISTS (SELECT 1 FROM account WHERE kind = 'hub' AND active = 1)`).Scan(&yes)
	return yes, err
}

// own refuses what the owner does at the hub.
func (l *Ledger) own(ctx context.Context) error {
	yes, err := led(ctx, l.r())
	if err == nil && yes {
		err = &till.Error{Code: till.HubWrites}
	}
	return err
}

// ownTaxes refuses an entry that changes the taxes which the hub writes.
func (l *Ledger) ownTaxes(ctx context.Context, tx *till.Tx) error {
	for i := range tx.Entries {
		if s, ok := tx.Entries[i].Record.(*till.SettingSet); ok && s.Key == "taxes" {
			return l.own(ctx)
		}
	}
	return nil
}

// ownPerson refuses a change of a person which the hub writes; a PIN is the
// till's own.
func (l *Ledger) ownPerson(ctx context.Context, o till.Operator) error {
	refused := l.own(ctx)
	if till.CodeOf(refused) != till.HubWrites {
		return refused
	}
	all, err := l.Operators(ctx)
	if err != nil {
		return err
	}
	for _, is := range all {
		if is.Code == o.Code && is.Name == o.Name && is.Role == o.Role && is.Active == o.Active {
			return nil
		}
	}
	return refused
}
