package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

var _ till.Catalog = (*Ledger)(nil)

// itemColumns are the columns scanItem reads, of a table item under the name i.
const itemColumns = "i.no, i.id, i.code, i.name, i.name_en, i.unit, i.weighed, i.price, i.tax, i.category"

// The look-up of a scan: a barcode, else a look-up code.
const (
	lookupBarcode = "SELECT " + itemColumns + ", b.qty FROM barcode b JOIN item i ON i.no = b.item WHERE b.code = ? AND i.active = 1"
	lookupCode    = "SELECT " + itemColumns + ", 1000 FROM item i WHERE i.code = ? AND i.code <> '' AND i.active = 1"
)

type scanner interface{ Scan(...any) error }

func scanItem(s scanner, more ...any) (till.Item, int64, error) {
	var it till.Item
	var no int64
	var id []byte
	err := s.Scan(append([]any{&no, &id, &it.Code, &it.Name, &it.NameEN, &it.Unit, &it.Weighed, &it.Price, &it.Tax, &it.Category}, more...)...)
	copy(it.ID[:], id)
	return it, no, err
}

// Lookup finds the item of a barcode, else of a look-up code. A twelve-digit
// UPC-A is the thirteen-digit code with a leading zero, whichever of the two
// the catalogue or the scanner has.
func (l *Ledger) Lookup(ctx context.Context, code string) (till.Item, money.Quantity, bool, error) {
	r := l.r()
	it, qty, ok, err := r.lookup(ctx, code)
	if err != nil && r.gone.Load() { // closed under it: a scan is not lost to another's commit
		it, qty, ok, err = l.r().lookup(ctx, code)
	}
	return it, qty, ok, err
}

func (r *readers) lookup(ctx context.Context, code string) (till.Item, money.Quantity, bool, error) {
	for _, c := range gtinForms(code) {
		for _, q := range []*sql.Stmt{r.byBarcode, r.byCode} {
			var qty money.Quantity
			it, _, err := scanItem(q.QueryRowContext(ctx, c), &qty)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return till.Item{}, 0, false, fmt.Errorf("look a code up: %w", err)
			}
			return it, qty, true, nil
		}
	}
	return till.Item{}, 0, false, nil
}

// gtinForms lists the forms under which a code may be stored.
func gtinForms(code string) []string {
	digits := code != "" && strings.Trim(code, "0123456789") == ""
	switch {
	case digits && len(code) == 12:
		return []string{code, "0" + code}
	case digits && len(code) == 13 && code[0] == '0':
		return []string{code, code[1:]}
	case digits && len(code) == 14 && code[0] == '0':
		return append([]string{code}, gtinForms(code[1:])...)
	}
	return []string{code}
}

// ItemByID returns an item with its barcodes.
func (l *Ledger) ItemByID(ctx context.Context, id till.ID) (till.Item, error) {
	it, no, err := scanItem(l.r().QueryRowContext(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.id = ?", id[:]))
	if err != nil {
		return it, fmt.Errorf("read an item: %w", err)
	}
	it.Barcodes, err = barcodesOf(ctx, l.r(), no)
	return it, err
}

func barcodesOf(ctx context.Context, q querier, no int64) ([]string, error) {
	return textsOf(ctx, q, "barcodes", "SELECT code FROM barcode WHERE item = ? ORDER BY code", no)
}

// textsOf reads rows of one text each.
func textsOf(ctx context.Context, q querier, what, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// CheckItem checks an item before it is kept: a name, a price within bounds,
// codes of a possible length and GTINs with their right check digit.
func CheckItem(it *till.Item, taxes []till.TaxClass) error {
	it.Name, it.Code = strings.TrimSpace(it.Name), strings.TrimSpace(it.Code)
	switch {
	case it.Name == "" || len(it.Name) > 200 || len(it.NameEN) > 200 || len(it.Category) > 100 || len(it.Unit) > 20:
		return &till.Error{Code: till.BadSetting, Detail: "name"}
	case it.Price < 0 || it.Price > money.UnitPriceMax:
		return &till.Error{Code: till.BadPrice}
	case len(it.Code) > 64:
		return &till.Error{Code: till.CodeTooLong}
	}
	known := it.Tax == ""
	for _, t := range taxes {
		known = known || t.Code == it.Tax
	}
	if !known {
		return &till.Error{Code: till.UnknownTaxClass, Detail: it.Tax}
	}
	for _, c := range it.Barcodes {
		if c == "" || len(c) > 64 {
			return &till.Error{Code: till.CodeTooLong, Detail: fmt.Sprintf("%.20s", c)}
		}
		if strings.Contains(c, "|") { // stands between barcodes in lists
			return &till.Error{Code: till.NotAnItem, Detail: c}
		}
		if len(c) == 13 && strings.Trim(c, "0123456789") == "" && !gtinOK(c) {
			return &till.Error{Code: till.BadCheckDigit, Detail: c}
		}
	}
	return nil
}

// gtinOK checks the last digit: weights 3 and 1 from the right (GS1 General
// Specifications, section 7.9).
func gtinOK(code string) bool {
	sum := 0
	for i := range len(code) - 1 {
		d := int(code[len(code)-2-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return (10-sum%10)%10 == int(code[len(code)-1]-'0')
}

// SaveItem adds an item, or changes the one with its id, and notes it in the
// journal. Codes that another item has are DuplicateCode.
func (l *Ledger) SaveItem(ctx context.Context, it till.Item, by string) (till.Item, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return it, err
	}
	if err := CheckItem(&it, settings.Taxes); err != nil {
		return it, err
	}
	rec := &till.ItemSaved{New: it.ID.IsZero()}
	if it.ID.IsZero() {
		it.ID = NewID()
	}
	err = l.write(ctx, "save an item", func(c conn) error {
		var old sql.NullInt64
		if err := c.QueryRowContext(ctx, "SELECT price FROM item WHERE id = ?", it.ID[:]).Scan(&old); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		rec.OldPrice = money.UnitPrice(old.Int64)
		l.goods.Add(1)
		if hub, err := led(ctx, c); err != nil {
			return err
		} else if hub && !rec.New {
			return &till.Error{Code: till.HubWrites}
		} else if hub {
			if _, err := c.ExecContext(ctx, "INSERT INTO item_proposed(item, at_ms) VALUES (?, ?)", it.ID[:], l.opt.Now().UnixMilli()); err != nil {
				return err
			}
		}
		return putItem(ctx, c, &it)
	})
	if err != nil {
		return it, err
	}
	rec.Item = it
	l.search.changed()
	now := l.opt.Now().In(settings.Zone)
	return it, l.note(ctx, till.Entry{At: now, Recorded: now, Operator: by, Record: rec})
}

// note appends an entry that leaves the basket on the screen as it is.
func (l *Ledger) note(ctx context.Context, e till.Entry) error {
	var id []byte
	tx := till.Tx{Entries: []till.Entry{e}}
	err := l.r().QueryRowContext(ctx, "SELECT id FROM basket WHERE current = 1").Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	copy(tx.Current[:], id)
	return l.Commit(ctx, tx)
}

// putItem writes an item and its barcodes inside a transaction.
func putItem(ctx context.Context, c conn, it *till.Item) error {
	var taken string
	err := c.QueryRowContext(ctx, "SELECT name FROM item WHERE code = ? AND code <> '' AND id <> ?", it.Code, it.ID[:]).Scan(&taken)
	if err == nil {
		return &till.Error{Code: till.DuplicateCode, Detail: it.Code + " " + taken}
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var no int64
	err = c.QueryRowContext(ctx, `INSERT INTO item(id, code, name, name_en, unit, weighed, price, tax, category, keys) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(id) DO UPDATE SET code = excluded.code, name = excluded.name, name_en = excluded.name_en, unit = excluded.unit, weighed = excluded.weighed,
		price = excluded.price, tax = excluded.tax, category = excluded.category, keys = excluded.keys, active = 1, batch = 0 RETURNING no`,
		it.ID[:], it.Code, it.Name, it.NameEN, it.Unit, it.Weighed, int64(it.Price), it.Tax, it.Category, searchKeys(it)).Scan(&no)
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM barcode WHERE item = ?", no); err != nil {
		return err
	}
	for _, b := range it.Barcodes {
		var owner int64
		err := c.QueryRowContext(ctx, "SELECT item FROM barcode WHERE code = ?", b).Scan(&owner)
		if err == nil && owner != no {
			return &till.Error{Code: till.DuplicateCode, Detail: b}
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := c.ExecContext(ctx, "INSERT INTO barcode(code, item) VALUES (?, ?)", b, no); err != nil {
			return err
		}
	}
	return nil
}

// RemoveItem takes an item out of the catalogue; past sales keep their copies.
func (l *Ledger) RemoveItem(ctx context.Context, id till.ID) error {
	if err := l.own(ctx); err != nil {
		return err
	}
	defer l.search.changed()
	return l.write(ctx, "remove an item", func(c conn) error {
		l.goods.Add(1)
		_, err := c.ExecContext(ctx, "UPDATE item SET active = 0, favourite = 0, code = '' WHERE id = ?", id[:])
		if err == nil {
			_, err = c.ExecContext(ctx, "DELETE FROM barcode WHERE item = (SELECT no FROM item WHERE id = ?)", id[:])
		}
		return err
	})
}

// SetFavourite puts an item on the first page of tiles at a place from 1, or
// takes it off with 0.
func (l *Ledger) SetFavourite(ctx context.Context, id till.ID, place int) error {
	return l.write(ctx, "set a favourite", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE item SET favourite = ? WHERE id = ?", place, id[:])
		return err
	})
}

// Tiles returns up to limit items of a category for the sell screen; the empty
// category is the favourites.
func (l *Ledger) Tiles(ctx context.Context, category string, limit int) ([]till.Item, error) {
	if category == "" {
		return l.items(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.favourite > 0 AND i.active = 1 ORDER BY i.favourite LIMIT ?", limit)
	}
	return l.items(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.category = ? AND i.active = 1 ORDER BY i.favourite = 0, i.favourite, i.no LIMIT ?", category, limit)
}

// Items returns a page of the catalogue in the order in which it was filled.
func (l *Ledger) Items(ctx context.Context, after, limit int) ([]till.Item, error) {
	return l.items(ctx, "SELECT "+itemColumns+" FROM item i WHERE i.active = 1 ORDER BY i.no LIMIT ? OFFSET ?", limit, after)
}

// CountItems counts the items on sale.
func (l *Ledger) CountItems(ctx context.Context) (n int, err error) {
	err = l.r().QueryRowContext(ctx, "SELECT count(*) FROM item WHERE active = 1").Scan(&n)
	return n, err
}

func (l *Ledger) items(ctx context.Context, q string, args ...any) ([]till.Item, error) {
	rows, err := l.r().QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	defer rows.Close()
	var out []till.Item
	for rows.Next() {
		it, _, err := scanItem(rows)
		if err != nil {
			return nil, fmt.Errorf("read items: %w", err)
		}
		out = append(out, it)
	}
	return out, rows.Err()
}

// Categories lists the categories of the items on sale, in the order in which
// they first came.
func (l *Ledger) Categories(ctx context.Context) ([]string, error) {
	return textsOf(ctx, l.r(), "categories", "SELECT category FROM item WHERE active = 1 AND category <> '' GROUP BY category ORDER BY min(no)")
}
