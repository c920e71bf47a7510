package ui

import (
	"context"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Flags says what is worth a look: hints of rules, payments that wait, how wallets did, what was left unattended, and
// the change that tomorrow needs.
type Flags interface {
	// Flags returns the hints of the business days from..to, Odd what was noticed while selling, the newest first.
	Flags(ctx context.Context, from, to till.BusinessDay) ([]till.Flag, error)
	Odd(ctx context.Context, from, to till.BusinessDay) ([]till.OddNote, error)
	// OpenCases lists the payments that wait for somebody, oldest first.
	OpenCases(ctx context.Context) ([]till.PaymentCase, error)
	// Failures counts the payments of from..to that were not paid.
	Failures(ctx context.Context, from, to till.BusinessDay) ([]till.FailureCount, error)
	// Totals says how many payments of from..to each wallet was asked for, and how many it paid.
	Totals(ctx context.Context, from, to till.BusinessDay) ([]till.WalletTotal, error)
	// Care returns what nobody may have looked after.
	Care(ctx context.Context) (Care, error)
	// FloatFor forecasts which coins and notes the float of a day needs, of those of the currency.
	FloatFor(ctx context.Context, day till.BusinessDay, denominations []money.Amount) (till.FloatForecast, error)
}

// Care is what nobody may have looked after.
type Care struct {
	BackupAt   time.Time // of the last copy; zero where there is none
	Slips      int       // that wait for the printer
	Unanswered int       // payments and refunds that wait for an answer
	Daily      DailyFile // the zero DailyFile where no folder is set
}

// DailyFile is how the report of the day as a file went.
type DailyFile struct {
	Folder string
	At     time.Time // when the last one was written; zero: none yet
	Failed bool      // the last one could not be written; it is tried again
}
