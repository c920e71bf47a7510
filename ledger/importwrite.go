package ledger

import (
	"context"
	"encoding/json"
	"strings"
)

// An itemWriter writes the changes of one transaction of an import.
type itemWriter struct {
	l           *Ledger
	batch       int64
	by          string
	first, next int64 // numbers of the items it adds
}

func (w *itemWriter) begin(ctx context.Context) error {
	err := w.l.w.QueryRowContext(ctx, "SELECT ifnull(max(no), 0) + 1 FROM item").Scan(&w.first)
	w.next = w.first
	return err
}

// Several rows go into one statement: half of the time of a row is the call.
const insertRows = 50

var (
	insertItem    = insertOf("item(no, id, code, name, name_en, unit, weighed, price, tax, category, keys, batch)", 12)
	insertBarcode = insertOf("barcode(code, item)", 2)
)

// insertOf returns the statement for one row and the one for insertRows.
func insertOf(into string, columns int) [2]string {
	row := "(?" + strings.Repeat(", ?", columns-1) + ")"
	// A row that fails fails the transaction, so that no statement need be undone
	// by itself.
	one := "INSERT OR FAIL INTO " + into + " VALUES " + row
	return [2]string{one, one + strings.Repeat(", "+row, insertRows-1)}
}

// put writes changes.
func (w *itemWriter) put(ctx context.Context, changes []change) error {
	items, barcodes := make([]any, 0, 12*len(changes)), make([]any, 0, 2*len(changes))
	for i := range changes {
		c := &changes[i]
		switch c.kind {
		case rowSame:
			continue
		case rowChanged:
			if err := w.change(ctx, c); err != nil {
				return err
			}
		case rowNew:
			id := NewID()
			it := &c.item
			c.no = w.next
			w.next++
			items = append(items, c.no, id[:], it.Code, it.Name, it.NameEN, it.Unit, it.Weighed, int64(it.Price), it.Tax, it.Category, c.row.keys, w.batch)
		}
		for _, b := range c.add {
			barcodes = append(barcodes, b, c.no)
		}
	}
	if err := w.insert(ctx, insertItem, 12, items); err != nil {
		return err
	}
	return w.insert(ctx, insertBarcode, 2, barcodes)
}

func (w *itemWriter) insert(ctx context.Context, q [2]string, columns int, values []any) error {
	for many := columns * insertRows; len(values) >= many; values = values[many:] {
		if err := w.l.exec(ctx, q[1], values[:many]...); err != nil {
			return err
		}
	}
	for ; len(values) > 0; values = values[columns:] {
		if err := w.l.exec(ctx, q[0], values[:columns]...); err != nil {
			return err
		}
	}
	return nil
}

// change keeps an item as it was and writes it anew.
func (w *itemWriter) change(ctx context.Context, c *change) error {
	before, err := json.Marshal(&c.before)
	if err != nil {
		return err
	}
	if err := w.l.exec(ctx, "INSERT INTO import_changed(batch, item, before) VALUES (?, ?, ?)", w.batch, c.no, string(before)); err != nil {
		return err
	}
	if c.later {
		if err := w.l.exec(ctx, "INSERT OR REPLACE INTO price(item, from_ms, price, by) VALUES (?, ?, ?, ?)", c.no, c.row.from.UnixMilli(), int64(c.row.item.Price), w.by); err != nil {
			return err
		}
	}
	return w.l.exec(ctx, "UPDATE item SET code = ?, name = ?, name_en = ?, unit = ?, weighed = ?, price = ?, tax = ?, category = ?, keys = ?, batch = ? WHERE no = ?",
		c.item.Code, c.item.Name, c.item.NameEN, c.item.Unit, c.item.Weighed, int64(c.item.Price), c.item.Tax, c.item.Category, searchKeys(&c.item), w.batch, c.no)
}

// end notes which items were added.
func (w *itemWriter) end(ctx context.Context) error {
	if w.next == w.first {
		return nil
	}
	return w.l.exec(ctx, "INSERT INTO import_added(batch, first, last) VALUES (?, ?, ?)", w.batch, w.first, w.next-1)
}

// restore puts an item back as it was.
func restore(ctx context.Context, c conn, no int64, k *kept) error {
	_, err := c.ExecContext(ctx, "UPDATE item SET code = ?, name = ?, name_en = ?, unit = ?, weighed = ?, price = ?, tax = ?, category = ?, keys = ?, batch = ? WHERE no = ?",
		k.Code, k.Name, k.NameEN, k.Unit, k.Weighed, int64(k.Price), k.Tax, k.Category, k.Keys, k.Batch, no)
	if err != nil {
		return err
	}
	list, err := json.Marshal(append([]string{}, k.Barcodes...))
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM barcode WHERE item = ? AND code NOT IN (SELECT value FROM json_each(?))", no, string(list)); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM price WHERE item = ?", no); err != nil {
		return err
	}
	for _, p := range k.Prices {
		if _, err := c.ExecContext(ctx, "INSERT INTO price(item, from_ms, price, by) VALUES (?, ?, ?, ?)", no, p.From, int64(p.Price), p.By); err != nil {
			return err
		}
	}
	return nil
}
