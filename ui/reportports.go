package ui

import (
	"context"

	"guitai/till"
)

// Reports answers the questions of the owner's evening. It is part of Books.
type Reports interface {
	// Fees returns what the tenders of the days from..to cost, when it arrives, and what other wallets would cost.
	Fees(ctx context.Context, from, to till.BusinessDay) (till.Fees, error)
	// SideBySide compares the tenders of those days.
	SideBySide(ctx context.Context, from, to till.BusinessDay) (till.SideBySide, error)
	// Failures counts the wallet payments that were not paid.
	Failures(ctx context.Context, from, to till.BusinessDay) ([]till.FailureCount, error)
	// TendersBegan returns the first day on which each tender was used.
	TendersBegan(ctx context.Context) (map[till.TenderKind]till.BusinessDay, error)
	// Export writes a report to the shop's export folder, as pdf, xlsx, csv or json, and returns the file's path.
	Export(ctx context.Context, r ReportOf, format string) (path string, err error)
	// PrintReport prints the report of from..to on the receipt printer.
	PrintReport(ctx context.Context, from, to till.BusinessDay) error
}

// ReportOf names a report and its days.
type ReportOf struct {
	What             string // day, compare, fees or tenders
	From, To         till.BusinessDay
	WithFrom, WithTo till.BusinessDay // of compare
}
