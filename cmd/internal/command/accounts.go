package command

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

type exportAccounts struct {
	From   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To     string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	Format string `default:"hledger" enum:"hledger,csv" help:"${h_accounts_format}"`
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
			return accountsCSV(w, s.Currency, all)
		}
		return accountsHledger(w, s.Currency, all)
	})
}

// accountTypes put the till's accounts under those of a bookkeeper. hledger
// knows what belongs to the balance sheet by them.
var accountTypes = []struct{ account, under, code string }{
	{"safe", "assets", "A"}, {"float", "assets", "A"}, {"sales", "revenues", "R"}, {"rounding", "revenues", "R"}, {"paid_in", "revenues", "R"},
	{"tax", "liabilities", "L"}, {"customers", "liabilities", "L"}, {"paid_out", "expenses", "X"}, {"over_short", "expenses", "X"},
}

// booked is the bookkeeper's name of one of the till's accounts, and its type.
func booked(account string) (name, code string) {
	for _, t := range accountTypes {
		if t.account == account {
			return t.under + ":" + account, t.code
		}
	}
	return "assets:" + account, "A" // tender:cash, tender:wallet:alipay, ...
}

// about names what a booking belongs to.
func about(b *ledger.Booking) string {
	switch {
	case b.Z != 0:
		return fmt.Sprintf("Z %d, shift %d", b.Z, b.Shift)
	case b.Shift != 0:
		return fmt.Sprintf("shift %d, open", b.Shift)
	}
	return "outside of a shift"
}

// accountsHledger writes plain text accounting: one transaction for each day and
// shift, every account and the currency declared. A transaction of an open shift
// is marked as pending.
func accountsHledger(w io.Writer, cur money.Currency, all []ledger.Booking) error {
	var b strings.Builder
	mark := "."
	if cur.Exponent > 0 {
		mark += strings.Repeat("0", cur.Exponent)
	}
	fmt.Fprintf(&b, "commodity 1000%s %s\n", mark, cur.Code)
	var names []string
	for i := range all {
		name, code := booked(all[i].Account)
		if line := fmt.Sprintf("account %s  ; type: %s\n", name, code); !slices.Contains(names, line) {
			names = append(names, line)
		}
	}
	slices.Sort(names)
	b.WriteString(strings.Join(names, ""))
	for i := range all {
		x := &all[i]
		if i == 0 || x.Day != all[i-1].Day || x.Shift != all[i-1].Shift {
			mark := "*"
			if x.Shift != 0 && x.Z == 0 {
				mark = "!"
			}
			fmt.Fprintf(&b, "\n%s %s %s\n", x.Day, mark, about(x))
		}
		name, _ := booked(x.Account)
		fmt.Fprintf(&b, "    %-36s  %14s %s\n", name, cur.Format(x.Amount), cur.Code)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// accountsHeader names the columns of the accounts as CSV. Columns are only ever
// added at the end.
var accountsHeader = []string{"date", "z", "shift", "account", "debit", "credit", "currency"}

func accountsCSV(w io.Writer, cur money.Currency, all []ledger.Booking) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{accountsHeader}
	for i := range all {
		x := &all[i]
		name, _ := booked(x.Account)
		row := []string{x.Day.String(), strconv.Itoa(x.Z), strconv.Itoa(x.Shift), name, "", "", cur.Code}
		if x.Amount > 0 {
			row[4] = cur.Format(x.Amount)
		} else {
			row[5] = cur.Format(-x.Amount)
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}
