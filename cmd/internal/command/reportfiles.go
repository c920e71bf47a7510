package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// A ReportOf names a report and its days, as a screen asks for it.
type ReportOf struct {
	What             string // day, compare, fees or tenders
	From, To         till.BusinessDay
	WithFrom, WithTo till.BusinessDay // of compare
}

// WriteReport writes a report as a file: the same as the subcommands of report
// write, in json, csv, xlsx or pdf.
func WriteReport(ctx context.Context, w io.Writer, l *ledger.Ledger, r ReportOf, format string) error {
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	cur := settings.Currency
	var s *statement
	switch r.What {
	case "compare":
		s, err = compareStatement(ctx, l, cur, r.From, r.To, r.WithFrom, r.WithTo)
	case "fees":
		var f till.Fees
		if f, err = l.Fees(ctx, r.From, r.To); err == nil {
			s = feesStatement(&f, cur)
		}
	case "tenders":
		s, err = tendersStatement(ctx, l, cur, r.From, 0, r.To)
	default:
		var report till.Report
		if report, err = l.Report(ctx, r.From, r.To); err != nil {
			return err
		}
		var doc []byte
		if doc, err = report.JSON(cur); err != nil {
			return err
		}
		if format == "json" {
			_, err = w.Write(doc)
			return err
		}
		s, err = reportStatement(doc, cur)
	}
	if err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	return writeTables(ctx, w, l, s, settings.Language, settings.Shop.Name, format)
}

// bestOnPaper is how many goods a report on receipt paper lists.
const bestOnPaper = 20

// reportSlip is the report of a range of days for the receipt printer: the text
// of `report`, with the best sellers alone.
func reportSlip(ctx context.Context, l *ledger.Ledger, p till.Paper, job till.PrintJob) (receipt.Document, error) {
	none := receipt.Document{}
	to, err := till.ParseBusinessDay(job.Text)
	if err != nil {
		return none, fmt.Errorf("the days of a report to print: %w", err)
	}
	r, err := l.Report(ctx, till.BusinessDay(job.Ref), to)
	if err != nil {
		return none, err
	}
	doc, err := r.JSON(p.Settings.Currency)
	if err != nil {
		return none, err
	}
	wide := p.Settings.Paper.Columns
	if wide <= 0 || wide > reportColumns {
		wide = reportColumns
	}
	text, err := reportPage(p.Settings.Language, doc, wide, bestOnPaper)
	if err != nil {
		return none, err
	}
	return reportDocument(p.Settings, text.b.String(), wide), nil
}

// reportDocument is the text of a report under the shop's name.
func reportDocument(s till.Settings, text string, wide int) receipt.Document {
	doc := receipt.Document{Lang: s.Language, Blocks: []receipt.Block{receipt.Title{Text: s.Shop.Name}}}
	rule := strings.Repeat("-", wide)
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if l == rule {
			doc.Blocks = append(doc.Blocks, receipt.Rule{})
			continue
		}
		doc.Blocks = append(doc.Blocks, receipt.Line{Text: l})
	}
	return doc
}
