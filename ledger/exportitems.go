package ledger

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"guitai/till/money"
)

// itemsHeader is the header of the items CSV.
var itemsHeader = []string{"code", "name", "name_en", "price", "unit", "tax", "category", "barcodes"}

// ExportItems writes the items on sale as CSV in UTF-8 with a byte order mark,
// in the order in which they were added. Taking the list in again changes
// nothing.
func (l *Ledger) ExportItems(ctx context.Context, w io.Writer) error {
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(itemsHeader); err != nil {
		return err
	}
	err = each(ctx, l.r(), `SELECT i.code, i.name, i.name_en, i.price, i.unit, i.tax, i.category,
		ifnull((SELECT group_concat(code, '|') FROM (SELECT code FROM barcode b WHERE b.item = i.no ORDER BY code)), '') FROM item i WHERE i.active = 1 ORDER BY i.no`,
		nil, func(s scanner) error {
			row := make([]string, len(itemsHeader))
			var price money.UnitPrice
			if err := s.Scan(&row[0], &row[1], &row[2], &price, &row[4], &row[5], &row[6], &row[7]); err != nil {
				return err
			}
			for i := range row {
				row[i] = listCell(row[i])
			}
			row[3] = settings.Currency.FormatPrice(price)
			return out.Write(row)
		})
	if err != nil {
		return fmt.Errorf("export items: %w", err)
	}
	out.Flush()
	return out.Error()
}
