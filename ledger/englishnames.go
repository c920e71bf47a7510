package ledger

import (
	"context"

	"guitai/till"
)

// NameInEnglish fills in the English names that the catalogue has for rows of a
// report. An item that is called otherwise by now keeps the name it was sold
// by.
func (l *Ledger) NameInEnglish(ctx context.Context, rows []*till.ItemRow) error {
	for _, row := range rows {
		var found []till.Item
		if row.Code != "" {
			it, _, ok, err := l.Lookup(ctx, row.Code)
			if err != nil {
				return err
			}
			if ok {
				found = []till.Item{it}
			}
		} else {
			var err error
			if found, err = l.Search(ctx, row.Name); err != nil {
				return err
			}
		}
		for _, it := range found {
			if it.Name == row.Name && it.Code == row.Code {
				row.NameEN = it.NameEN
				break
			}
		}
	}
	return nil
}
