package command

import (
	"context"
	"io"

	"guitai/ledger"
	"guitai/till"
)

// DayPDF writes the report of a business day as `report day --format pdf` does, in
// the shop's language.
func DayPDF(ctx context.Context, w io.Writer, l *ledger.Ledger, day till.BusinessDay) error {
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	r, err := l.Report(ctx, day, day)
	if err != nil {
		return err
	}
	figures, err := r.JSON(settings.Currency)
	if err != nil {
		return err
	}
	s, err := reportStatement(figures, settings.Currency)
	if err != nil {
		return err
	}
	return writeTables(ctx, w, l, s, settings.Language, settings.Shop.Name, "pdf")
}
