package stripe

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// The columns that are read of Stripe's files. One is the itemized report of the
// balance change from activity (docs.stripe.com/reports/report-types/balance),
// which is made for whole days once they are over; the other is the export of
// balance transactions on the dashboard, made whenever somebody asks for it.
var (
	reportColumns = []string{"balance_transaction_id", "created_utc", "currency", "gross", "fee", "net", "reporting_category", "source_id", "customer_facing_amount",
		"customer_facing_currency", "charge_id", "payment_intent_id", "payment_metadata[attempt]", "refund_metadata[refund]"}
	exportColumns = []string{"id", "Type", "Source", "Amount", "Fee", "Net", "Currency", "Created (UTC)", "Customer Facing Amount", "Customer Facing Currency", "payment_intent",
		"attempt (metadata)", "refund (metadata)"}
)

// ReadBill reads the charges and refunds of the day in UTC from one of Stripe's
// CSV files. It names no account. An export is final only where it has a row of
// a later day, since it says nowhere when it was made.
func (s *adapter) ReadBill(raw []byte, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 1)
	sheet, err := wallet.ReadSheet(raw)
	if err != nil {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "the report of Stripe cannot be read", Err: err}
	}
	report := sheet.Has("balance_transaction_id", "created_utc", "currency", "gross", "fee", "reporting_category")
	if !report && !sheet.Has("id", "Type", "Amount", "Fee", "Currency", "Created (UTC)") {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherWallet, Detail: "the columns are not those of Stripe's balance report or of its balance export"}
	}
	b := wallet.Bill{Day: from, Name: "stripe-" + from.Format(time.DateOnly) + ".csv", Raw: sheet.Only(exportColumns...)}
	if report {
		b.Raw = sheet.Only(reportColumns...)
	}
	month, later, other := len(sheet.Rows) == 0, false, time.Time{}
	for i := range sheet.Rows {
		c := &sheet.Rows[i]
		row, ok, err := fileRow(c)
		if err != nil {
			return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: fmt.Sprintf("line %d", c.Line), Err: err}
		}
		later = later || !row.At.Before(to)
		if row.At.Year() == from.Year() && row.At.Month() == from.Month() {
			month = true
		} else {
			other = row.At
		}
		if ok && !row.At.Before(from) && row.At.Before(to) {
			b.Rows = append(b.Rows, row)
		}
	}
	if !month {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: "the report is of " + other.Format("2006-01") + ", not of " + from.Format("2006-01")}
	}
	b.Final = (report && len(sheet.Rows) > 0 || later) && !s.now().Before(to.Add(time.Hour))
	return b, nil
}

// fileRow makes a row of a line; what is neither a payment nor a refund is not
// ok, but has its time.
func fileRow(c *wallet.SheetRow) (r wallet.BillRow, ok bool, err error) {
	if r.At, err = time.ParseInLocation("2006-01-02 15:04:05", shortTime(c.Cell("created_utc", "Created (UTC)")), time.UTC); err != nil {
		return r, false, errors.New("a time that cannot be read")
	}
	back := false
	kind := c.Cell("reporting_category", "Type")
	switch kind {
	case "charge", "payment":
	case "refund", "payment_refund", "refund_failure", "payment_failure_refund":
		back = true
	default:
		return r, false, nil
	}
	id := c.Cell("balance_transaction_id", "id")
	source := c.Cell("source_id", "Source")
	amount, currency := c.Cell("gross", "Amount"), c.Cell("currency")
	if a, code := c.Cell("customer_facing_amount"), c.Cell("customer_facing_currency"); a != "" && code != "" {
		amount, currency = a, code
	} else if a, code := c.Cell("Customer Facing Amount"), c.Cell("Customer Facing Currency"); a != "" && code != "" {
		amount, currency = a, code
	}
	r.Amount, r.Currency, err = major(amount, currency)
	if err != nil || id == "" {
		return r, false, errors.New("an amount, a currency or an id that cannot be read")
	}
	fee, code, err := major(c.Cell("fee"), c.Cell("currency"))
	if err != nil {
		return r, false, errors.New("a fee that cannot be read")
	}
	r.Amount = r.Amount.Abs()
	r.Number, r.State = c.Cell("payment_metadata[attempt]", "attempt (metadata)"), kind
	r.Provider = cmp.Or(c.Cell("payment_intent_id", "payment_intent"), source, id)
	if back {
		r.Refund, r.Provider = cmp.Or(c.Cell("refund_metadata[refund]", "refund (metadata)"), source, id), cmp.Or(source, id)
	}
	switch {
	case code == r.Currency:
		r.Fee = fee
	case fee != 0:
		r.State += ", fee " + c.Cell("fee") + " " + code
	}
	return r, true, nil
}

// shortTime gives a time without seconds its seconds.
func shortTime(s string) string {
	if len(s) == len("2006-01-02 15:04") {
		return s + ":00"
	}
	return s
}

// major reads an amount in a currency's main unit, as the files write it.
func major(s, currency string) (money.Amount, string, error) {
	code := strings.ToUpper(currency)
	sign := money.Amount(1)
	if t, minus := strings.CutPrefix(s, "-"); minus {
		s, sign = t, -1
	}
	whole, part, _ := strings.Cut(s, ".")
	d := decimalsOf(code)
	if strings.TrimRight(part[min(d, len(part)):], "0") != "" {
		return 0, "", errors.New("more decimals than the currency has")
	}
	part = (part + "000")[:d]
	n, err := strconv.ParseInt(strings.ReplaceAll(whole, ",", "")+part, 10, 64)
	if err != nil {
		return 0, "", err
	}
	a, code, ok := stated(n, code)
	if !ok {
		return 0, "", errors.New("an amount beyond what the till keeps")
	}
	return a * sign, code, nil
}
