package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
)

// cashBooks follow the cash through the ledger at work.
type cashBooks struct{ p *program }

// Book returns where the cash went.
func (c cashBooks) Book(ctx context.Context, from, to till.BusinessDay) (till.CashBook, error) {
	return c.p.book().CashBook(ctx, from, to)
}

// Deposit notes a bag for the bank.
func (c cashBooks) Deposit(ctx context.Context, bag string, amount money.Amount, note, by string) error {
	_, err := c.p.book().Deposit(ctx, till.CashDeposited{Bag: bag, Amount: amount, Note: note}, by)
	return bagFault(err)
}

// Credit notes what the bank credited for a bag today.
func (c cashBooks) Credit(ctx context.Context, bag string, amount money.Amount, ref, by string) error {
	settings, err := c.p.book().Settings(ctx)
	if err != nil {
		return err
	}
	y, m, d := time.Now().In(settings.Zone).Date()
	return bagFault(c.p.book().CreditDeposit(ctx, bag, amount, till.BusinessDay(y*10000+int(m)*100+d), ref, by))
}

// bagFault is what a person can act on of an error about a bag.
func bagFault(err error) error {
	switch {
	case errors.Is(err, ledger.ErrBagOpen):
		return &ui.BillFault{Code: "bag_open"}
	case errors.Is(err, ledger.ErrNoBag):
		return &ui.BillFault{Code: "no_bag"}
	}
	return err
}

// CountSafe notes a count of the safe.
func (c cashBooks) CountSafe(ctx context.Context, counted money.Amount, reason, by string) error {
	_, err := c.p.book().CountSafe(ctx, counted, reason, by)
	return err
}

// Export writes the cash book to the exports folder beside the ledger.
func (c cashBooks) Export(ctx context.Context, from, to till.BusinessDay, format string) (string, error) {
	book := c.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return "", err
	}
	b, err := book.CashBook(ctx, from, to)
	if err != nil {
		return "", err
	}
	path := filepath.Join(book.Dir(), "exports", "cash-"+from.String()+"-"+to.String()+"."+format)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, command.WriteWhole(path, func(w io.Writer) error { return command.WriteCashBook(ctx, w, book, &settings, &b, format) })
}
