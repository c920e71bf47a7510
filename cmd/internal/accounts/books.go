package accounts

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guitai/ledger"
	"guitai/till/money"
)

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

// bookingID is the id of the transaction that a booking belongs to.
func bookingID(id string, b *ledger.Booking) string {
	return fmt.Sprintf("%s-%s-%d", id, b.Day, b.Shift)
}

// Hledger writes plain text accounting: one transaction for each day and shift,
// every account and the currency declared. A transaction of an open shift is
// marked as pending. An id is written as the code of each transaction with its
// shift, so that who imports can tell what is there already.
func Hledger(w io.Writer, cur money.Currency, all []ledger.Booking, id string) error {
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
			if id != "" {
				mark += " (" + bookingID(id, x) + ")"
			}
			fmt.Fprintf(&b, "\n%s %s %s\n", x.Day, mark, about(x))
		}
		name, _ := booked(x.Account)
		fmt.Fprintf(&b, "    %-36s  %14s %s\n", name, cur.Format(x.Amount), cur.Code)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sheetHeader names the columns of the accounts as CSV. Columns are only ever
// added at the end.
var sheetHeader = []string{"date", "z", "shift", "account", "debit", "credit", "currency", "id"}

// Sheet writes the bookings as CSV for a bookkeeper's program, one row a booking.
// Rows of one transaction have one id, where there is one.
func Sheet(w io.Writer, cur money.Currency, all []ledger.Booking, id string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{sheetHeader}
	for i := range all {
		x := &all[i]
		name, _ := booked(x.Account)
		row := []string{x.Day.String(), strconv.Itoa(x.Z), strconv.Itoa(x.Shift), name, "", "", cur.Code, ""}
		if x.Amount > 0 {
			row[4] = cur.Format(x.Amount)
		} else {
			row[5] = cur.Format(-x.Amount)
		}
		if id != "" {
			row[7] = bookingID(id, x)
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

// Beancount writes the same for Beancount 2 and 3. Accounts are not opened here,
// since a file of one day does not know of those before: the shop's own file opens
// them, or names the plugin beancount.plugins.auto_accounts.
func Beancount(w io.Writer, cur money.Currency, all []ledger.Booking, id string) error {
	var b strings.Builder
	for i := range all {
		x := &all[i]
		if i == 0 || x.Day != all[i-1].Day || x.Shift != all[i-1].Shift {
			mark := "*"
			if x.Shift != 0 && x.Z == 0 {
				mark = "!"
			}
			fmt.Fprintf(&b, "\n%s %s %q\n", x.Day, mark, about(x))
			if id != "" {
				fmt.Fprintf(&b, "  id: %q\n", bookingID(id, x))
			}
		}
		fmt.Fprintf(&b, "  %-36s  %14s %s\n", beancountName(x.Account), cur.Format(x.Amount), cur.Code)
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n"))
	return err
}

// beancountName writes an account as Beancount wants it: its five roots, and
// every part with a capital and of letters, digits and dashes alone.
func beancountName(account string) string {
	name, _ := booked(account)
	root, rest, _ := strings.Cut(name, ":")
	if root == "revenues" {
		root = "income"
	}
	parts := []string{root}
	for part := range strings.SplitSeq(rest, ":") {
		part = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return '-'
		}, part)
		parts = append(parts, part)
	}
	for i, part := range parts {
		first, n := utf8.DecodeRuneInString(part)
		if up := unicode.ToUpper(first); unicode.IsUpper(up) || unicode.IsDigit(up) {
			parts[i] = string(up) + part[n:]
		} else {
			parts[i] = "X" + part
		}
	}
	return strings.Join(parts, ":")
}
