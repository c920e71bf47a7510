package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"guitai/cmd/internal/command"
	"guitai/till"
	"guitai/ui"
)

func (b books) Fees(ctx context.Context, from, to till.BusinessDay) (till.Fees, error) {
	return b.p.book().Fees(ctx, from, to)
}

func (b books) SideBySide(ctx context.Context, from, to till.BusinessDay) (till.SideBySide, error) {
	return b.p.book().SideBySide(ctx, from, to)
}

func (b books) Failures(ctx context.Context, from, to till.BusinessDay) ([]till.FailureCount, error) {
	return b.p.book().Failures(ctx, from, to)
}

func (b books) TendersBegan(ctx context.Context) (map[till.TenderKind]till.BusinessDay, error) {
	return b.p.book().TendersBegan(ctx)
}

// exportFormats are the files that a screen may ask for.
var exportFormats = []string{"pdf", "xlsx", "csv", "json"}

// Export writes a report to the exports folder beside the ledger, the same file
// as the command line writes.
func (b books) Export(ctx context.Context, r ui.ReportOf, format string) (string, error) {
	if !slices.Contains(exportFormats, format) {
		return "", os.ErrInvalid
	}
	book := b.p.book()
	name := map[string]string{"compare": "compare", "fees": "fees", "tenders": "tenders"}[r.What]
	if name == "" {
		name = "report"
	}
	name += "-" + r.From.String()
	if r.To != r.From {
		name += "-" + r.To.String()
	}
	path := filepath.Join(book.Dir(), "exports", name+"."+format)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	of := command.ReportOf{What: r.What, From: r.From, To: r.To, WithFrom: r.WithFrom, WithTo: r.WithTo}
	return path, command.WriteWhole(path, func(w io.Writer) error { return command.WriteReport(ctx, w, book, of, format) })
}

func (b books) PrintReport(ctx context.Context, from, to till.BusinessDay) error {
	if err := b.p.book().AddJob(ctx, till.PrintJob{Kind: till.SlipReport, Ref: int64(from), Text: to.String()}); err != nil {
		return err
	}
	b.p.print.Kick()
	return nil
}
