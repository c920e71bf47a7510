package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
	"guitai/wallet"
	bank "guitai/wallet/statement"
)

// billBooks compares bills with the ledger at work.
type billBooks struct{ p *program }

// billMost bounds a bill's file, in bytes.
const billMost = 256 << 20

// mode is that of the shop's account of a wallet: while practising every account
// is a practice one.
func (b billBooks) mode(settings *till.Settings, name string) string {
	if b.p.practising() {
		return "practice"
	}
	for _, w := range settings.Wallets {
		if w.Name == name && w.Mode != "" {
			return w.Mode
		}
	}
	return "live"
}

// provider is the adapter of the account in use, or nil.
func (b billBooks) provider(name, mode string) wallet.Provider {
	if s := b.p.at.Load(); s != nil && s.desk != nil {
		return s.desk.Provider(name, mode)
	}
	return nil
}

// Day compares what is kept of a day.
func (b billBooks) Day(ctx context.Context, day till.BusinessDay) ([]ui.BillDay, error) {
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, w := range settings.Wallets {
		names = append(names, w.Name)
	}
	modes := []string{"live", "test"}
	if b.p.practising() {
		modes = []string{"practice"}
	}
	for _, mode := range modes {
		kept, err := book.BillWallets(ctx, mode)
		if err != nil {
			return nil, err
		}
		for _, name := range kept {
			if !slices.Contains(names, name) && b.mode(&settings, name) == mode {
				names = append(names, name)
			}
		}
	}
	var out []ui.BillDay
	for _, name := range names {
		mode := b.mode(&settings, name)
		d := ui.BillDay{Wallet: name}
		_, d.Fetches = b.provider(name, mode).(wallet.BillFetcher)
		r, err := book.Reconciliation(ctx, name, mode, day)
		switch {
		case errors.Is(err, ledger.ErrNoBill):
			d.Currency = settings.Currency
		case err != nil:
			return nil, err
		default:
			d.Kept, d.Reconciliation = true, r
		}
		out = append(out, d)
	}
	return out, nil
}

// Days lists the bills of the days from..to.
func (b billBooks) Days(ctx context.Context, from, to till.BusinessDay) ([]ui.BillSums, error) {
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return nil, err
	}
	modes := []string{"live", "test"}
	if b.p.practising() {
		modes = []string{"practice"}
	}
	var out []ui.BillSums
	for _, mode := range modes {
		list, err := book.BillDays(ctx, mode, from, to)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			if b.mode(&settings, x.Wallet) == mode {
				out = append(out, ui.BillSums{Wallet: x.Wallet, Day: x.Day, Final: x.Final, Lines: x.Lines, Total: x.Total, Open: x.Open, Apart: x.Apart, Currency: x.Currency})
			}
		}
	}
	return out, nil
}

// Fetch gets the provider's bill of a day and compares it.
func (b billBooks) Fetch(ctx context.Context, name string, day till.BusinessDay) (till.Reconciliation, error) {
	none := till.Reconciliation{}
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return none, err
	}
	mode := b.mode(&settings, name)
	fetcher, ok := b.provider(name, mode).(wallet.BillFetcher)
	if !ok {
		return none, &ui.BillFault{Code: "no_account"}
	}
	bill, err := fetcher.FetchBill(ctx, providerDay(day))
	if err != nil {
		if f := billRefusal(err); f != nil {
			return none, f
		}
		return none, &ui.BillFault{Code: "no_network", Detail: err.Error()}
	}
	bill.Wallet, bill.Mode = name, mode
	return b.keep(ctx, book, bill, false)
}

// providerDay is the date of a day; adapters put it into their provider's zone.
func providerDay(day till.BusinessDay) time.Time {
	return time.Date(int(day)/10000, time.Month(int(day)/100%100), int(day)%100, 0, 0, 0, 0, time.UTC)
}

func (b billBooks) keep(ctx context.Context, book *ledger.Ledger, bill till.Bill, newAccount bool) (till.Reconciliation, error) {
	r, err := book.Reconcile(ctx, bill, newAccount)
	if f := billRefusal(err); f != nil {
		return r, f
	}
	return r, err
}

// billRefusal is the reason for which a bill was refused, nil for an error that
// is none.
func billRefusal(err error) error {
	fe := (*wallet.BillError)(nil)
	switch {
	case errors.As(err, &fe):
		return &ui.BillFault{Code: string(fe.Fault), Detail: fe.Error()}
	case errors.Is(err, ledger.ErrBillMerchant):
		return &ui.BillFault{Code: string(wallet.BillOtherMerchant), Detail: err.Error()}
	case errors.Is(err, ledger.ErrBillDay):
		return &ui.BillFault{Code: string(wallet.BillOtherDay), Detail: err.Error()}
	case errors.Is(err, ledger.ErrBillRow):
		return &ui.BillFault{Code: string(wallet.BillDamaged), Detail: err.Error()}
	case errors.Is(err, bank.ErrColumns):
		return &ui.BillFault{Code: "columns"}
	}
	return nil
}

// read reads a file, and whether an adapter knows its form.
func (b billBooks) read(settings *till.Settings, name, file string) (raw []byte, reader wallet.BillReader, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, &ui.BillFault{Code: "unreadable", Detail: filepath.Base(file)}
	}
	defer f.Close()
	raw, err = io.ReadAll(io.LimitReader(f, billMost+1))
	if err != nil || len(raw) > billMost || len(raw) == 0 {
		return nil, nil, &ui.BillFault{Code: "unreadable", Detail: filepath.Base(file)}
	}
	reader, _ = b.provider(name, b.mode(settings, name)).(wallet.BillReader)
	return raw, reader, nil
}

// Sheet reads the beginning of a list whose columns somebody must name.
func (b billBooks) Sheet(ctx context.Context, name string, _ till.BusinessDay, file string) (ui.BillSheet, error) {
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return ui.BillSheet{}, err
	}
	raw, reader, err := b.read(&settings, name, file)
	if err != nil || reader != nil || bank.IsCamt(raw) {
		return ui.BillSheet{}, err
	}
	header, sample, err := bank.Sample(raw)
	if err != nil {
		return ui.BillSheet{}, billRefusal(err)
	}
	columns, err := book.StatementColumns(ctx, header)
	if err != nil {
		return ui.BillSheet{}, err
	}
	if columns == nil {
		columns = bank.Columns(header)
	}
	var out ui.BillSheet
	for i, h := range header {
		c := ui.ListColumn{Header: h}
		if i < len(sample) {
			c.Sample = sample[i]
		}
		if i < len(columns) {
			c.Field = columns[i]
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

// Take keeps the bill in a file and compares it.
func (b billBooks) Take(ctx context.Context, name string, day till.BusinessDay, file string, fields []string, newAccount bool) (till.Reconciliation, error) {
	none := till.Reconciliation{}
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return none, err
	}
	raw, reader, err := b.read(&settings, name, file)
	if err != nil {
		return none, err
	}
	if name == till.BankStatement {
		return b.takeStatement(ctx, book, &settings, raw, filepath.Base(file), fields, day)
	}
	at := providerDay(day)
	local := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, settings.Zone)
	var bill till.Bill
	switch {
	case reader != nil:
		bill, err = reader.ReadBill(raw, at)
	case bank.IsCamt(raw):
		bill, err = bank.ReadCamt(raw, local)
	default:
		bill, err = bank.ReadCSV(raw, fields, local, settings.Currency)
	}
	if err != nil {
		if f := billRefusal(err); f != nil {
			return none, f
		}
		return none, err
	}
	if reader == nil {
		bill.Final = bill.Final && !time.Now().Before(local.AddDate(0, 0, 1))
	}
	bill.Wallet, bill.Mode, bill.Name = name, b.mode(&settings, name), filepath.Base(file)
	r, err := b.keep(ctx, book, bill, newAccount)
	if err != nil || len(fields) == 0 {
		return r, err
	}
	header, _, err := bank.Sample(raw)
	if err != nil {
		return r, err
	}
	return r, book.KeepStatementColumns(ctx, header, fields)
}

// takeStatement takes a bank's statement in for all the days that it has, credits
// the bags that it shows, and returns the comparison of the day that is looked
// at, or of its last one.
func (b billBooks) takeStatement(ctx context.Context, book *ledger.Ledger, settings *till.Settings, raw []byte, file string, fields []string, day till.BusinessDay) (till.Reconciliation, error) {
	none := till.Reconciliation{}
	days, err := bank.Days(raw, fields, settings.Zone, settings.Currency)
	if err == nil && len(days) == 0 {
		err = &wallet.BillError{Fault: wallet.BillDamaged, Detail: "the statement has no rows"}
	}
	var bills []till.Bill
	for _, d := range days {
		var bill till.Bill
		if bank.IsCamt(raw) {
			bill, err = bank.ReadCamt(raw, d)
		} else {
			bill, err = bank.ReadCSV(raw, fields, d, settings.Currency)
		}
		if err != nil {
			break
		}
		bill.Final = bill.Final && !time.Now().Before(d.AddDate(0, 0, 1))
		bill.Wallet, bill.Mode, bill.Name = till.BankStatement, "live", file
		bills = append(bills, bill)
	}
	if f := billRefusal(err); f != nil {
		return none, f
	}
	if err != nil {
		return none, err
	}
	var shown till.Reconciliation
	again := true
	for _, bill := range bills {
		r, err := b.keep(ctx, book, bill, false)
		if err != nil {
			return r, err
		}
		again = again && r.Again
		if shown.Day != day {
			shown = r
		}
	}
	shown.Again = again
	if _, err := book.CreditFromStatements(ctx, ""); err != nil {
		return shown, err
	}
	if len(fields) == 0 {
		return shown, nil
	}
	header, _, err := bank.Sample(raw)
	if err != nil {
		return shown, err
	}
	return shown, book.KeepStatementColumns(ctx, header, fields)
}

// askLimit bounds how long a provider is waited for.
const askLimit = 30 * time.Second

// Ask asks the provider about what a finding is of, and compares the day again.
func (b billBooks) Ask(ctx context.Context, name string, day till.BusinessDay, f till.Finding) (till.Reconciliation, error) {
	none := till.Reconciliation{}
	s := b.p.at.Load()
	if s == nil || s.desk == nil {
		return none, errWalletsAway
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	if f.Refund != "" {
		s.desk.Check(f.Refund)
	}
	if f.Attempt != "" {
		if _, err := s.desk.Ask(ctx, f.Attempt); err != nil {
			fe := (*wallet.FieldError)(nil)
			if errors.As(err, &fe) {
				return none, &ui.BillFault{Code: "no_account"}
			}
			return none, &ui.BillFault{Code: "no_network", Detail: err.Error()}
		}
	}
	settings, err := s.book.Settings(ctx)
	if err != nil {
		return none, err
	}
	return s.book.ReconcileAgain(ctx, name, b.mode(&settings, name), day)
}

// GiveBack gives what is left of a payment back. It is the desk's then, whatever
// becomes of the page.
func (b billBooks) GiveBack(ctx context.Context, attempt, by string) error {
	s := b.p.at.Load()
	if s == nil || s.desk == nil {
		return errWalletsAway
	}
	a, err := s.book.Attempt(ctx, attempt)
	if err != nil {
		return err
	}
	settings, err := s.book.Settings(ctx)
	if err != nil {
		return err
	}
	if settings.Freeze(a.Wallet) != nil {
		return &ui.BillFault{Code: "frozen"}
	}
	r, err := s.book.PlanRefund(ctx, till.WalletRefund{Attempt: attempt, Amount: a.Amount - a.Refunded, Why: "paid twice, " + by, PlannedAt: time.Now()})
	if err != nil {
		return err
	}
	s.desk.Refund(r)
	return nil
}

// Settle keeps why a difference needs nothing more.
func (b billBooks) Settle(ctx context.Context, finding int64, by, why string) error {
	return b.p.book().SettleFinding(ctx, finding, by, why)
}

// Print queues the list of a day's differences.
func (b billBooks) Print(ctx context.Context, name string, day till.BusinessDay) error {
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return err
	}
	if err := book.AddJob(ctx, till.PrintJob{Kind: till.SlipBill, Ref: int64(day), Text: name + " " + b.mode(&settings, name)}); err != nil {
		return err
	}
	b.p.print.Kick()
	return nil
}

// Export writes the comparison to the exports folder beside the ledger.
func (b billBooks) Export(ctx context.Context, name string, day till.BusinessDay, format string) (string, error) {
	book := b.p.book()
	settings, err := book.Settings(ctx)
	if err != nil {
		return "", err
	}
	r, err := book.Reconciliation(ctx, name, b.mode(&settings, name), day)
	if err != nil {
		return "", err
	}
	path := filepath.Join(book.Dir(), "exports", "reconcile-"+name+"-"+day.String()+"."+format)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, command.WriteWhole(path, func(w io.Writer) error { return command.WriteReconciliation(ctx, w, book, &settings, &r, format) })
}
