package ui

import (
	"context"

	"guitai/till"
	"guitai/till/money"
)

// CashBooks follow the shop's cash from the drawers to the bank, and what providers pay out. Every method may take time.
type CashBooks interface {
	// Book returns where the cash went over the business days from..to.
	Book(ctx context.Context, from, to till.BusinessDay) (till.CashBook, error)
	// Deposit notes cash that was counted out of the safe into a bag for the bank. A bag that is on its way already is a
	// *BillFault with the code bag_open.
	Deposit(ctx context.Context, bag string, amount money.Amount, note, by string) error
	// Credit notes what the bank credited for a bag today.
	Credit(ctx context.Context, bag string, amount money.Amount, ref, by string) error
	// CountSafe notes a count of the safe; a difference needs its reason, and is till.ReasonMissing without.
	CountSafe(ctx context.Context, counted money.Amount, reason, by string) error
	// Export writes the cash book as a file, pdf or csv, to the shop's export folder and returns its path.
	Export(ctx context.Context, from, to till.BusinessDay, format string) (path string, err error)
}
