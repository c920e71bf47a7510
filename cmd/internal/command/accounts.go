package command

import (
	"io"

	"guitai/cmd/internal/accounts"
	"guitai/ledger"
	"guitai/till"
)

type exportAccounts struct {
	From   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To     string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	Format string `default:"hledger" enum:"hledger,beancount,csv" help:"${h_accounts_format}"`
	Out    string `placeholder:"FILE" help:"${h_out}"`
}

// Run writes the bookings of a range of days as an accounting journal.
func (c *exportAccounts) Run(e *env) error {
	from, to, err := days(c.From, c.To)
	if err != nil {
		return err
	}
	return e.export(c.Out, func(l *ledger.Ledger, s till.Settings, w io.Writer) error {
		all, err := l.Bookings(e.ctx, from, to)
		if err != nil {
			return err
		}
		if c.Format == "csv" {
			return accounts.Sheet(w, s.Currency, all, "")
		}
		if c.Format == "beancount" {
			return accounts.Beancount(w, s.Currency, all, "")
		}
		return accounts.Hledger(w, s.Currency, all, "")
	})
}
