package paypal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// activityColumns are what is read of the activity download (PayPal Help,
// "Activity download: field definitions"); the file in English alone says what
// its transactions are.
var activityColumns = []string{"Date", "Time", "TimeZone", "Time Zone", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID", "Reference Txn ID",
	"Invoice Number", "Invoice ID", "Custom Number", "Balance Impact"}

// The zones that the download names by letters. It is written in the zone of the
// account.
var activityZones = map[string]int{"PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4, "GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2,
	"EET": 2, "EEST": 3, "HKT": 8, "SGT": 8, "JST": 9, "AEST": 10, "AEDT": 11}

// activityDates are the two orders in which the download writes a date, day or month first,
// by the language of the account.
var activityDates = []string{"2/1/2006", "1/2/2006"}

// ReadBill reads the payments and refunds of the day in UTC from an activity
// download. The account is the address that was paid. It is final where it has a
// transaction of a later day.
func (p *adapter) ReadBill(raw []byte, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 1)
	sheet, err := wallet.ReadSheet(raw)
	if err != nil {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "the activity download of PayPal cannot be read", Err: err}
	}
	if !sheet.Has("Date", "Time", "Type", "Status", "Currency", "Gross", "Fee", "Transaction ID") {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherWallet, Detail: "the columns are not those of PayPal's activity download in English"}
	}
	times, err := activityTimes(sheet, from)
	if err != nil {
		return wallet.Bill{}, err
	}
	b := wallet.Bill{Day: from, Name: "paypal-" + from.Format(time.DateOnly) + ".csv", Raw: sheet.Only(activityColumns...)}
	later := false
	for i := range sheet.Rows {
		c := &sheet.Rows[i]
		later = later || !times[i].Before(to)
		if times[i].Before(from) || !times[i].Before(to) {
			continue
		}
		row, ok, err := activityRow(c, times[i])
		if err != nil {
			return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: fmt.Sprintf("line %d", c.Line), Err: err}
		}
		if !ok {
			continue
		}
		if to := strings.ToLower(c.Cell("To Email Address")); !row.Back() && to != "" {
			if b.Merchant != "" && b.Merchant != to {
				return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherMerchant, Detail: "the file has payments to several accounts"}
			}
			b.Merchant = to
		}
		b.Rows = append(b.Rows, row)
	}
	b.Final = later && !p.now().Before(to.Add(3*time.Hour))
	return b, nil
}

// activityTimes reads the times of all rows in the one order of day and month
// that fits them all; where both fit, the one that has the month asked for.
func activityTimes(sheet *wallet.Sheet, day time.Time) ([]time.Time, error) {
	var fit [][]time.Time
	var other time.Time
	for _, order := range activityDates {
		var times []time.Time
		month := len(sheet.Rows) == 0
		for i := range sheet.Rows {
			t, err := activityTime(&sheet.Rows[i], order)
			if err != nil {
				times = nil
				break
			}
			times, other = append(times, t), t
			month = month || t.Year() == day.Year() && t.Month() == day.Month()
		}
		if len(times) == len(sheet.Rows) && month {
			fit = append(fit, times)
		}
	}
	switch {
	case len(fit) == 1, len(fit) == 2 && slices.EqualFunc(fit[0], fit[1], time.Time.Equal):
		return fit[0], nil
	case len(fit) == 2:
		return nil, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "its dates can be read in two ways, day or month first; download a longer range"}
	case other.IsZero():
		return nil, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "its dates or zones cannot be read"}
	}
	return nil, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: "the download is of " + other.Format("2006-01") + ", not of " + day.Format("2006-01")}
}

func activityTime(c *wallet.SheetRow, order string) (time.Time, error) {
	date := strings.NewReplacer(".", "/", "-", "/").Replace(c.Cell("Date"))
	if first, _, _ := strings.Cut(date, "/"); len(first) == 4 {
		order = "2006/1/2"
	}
	zone := c.Cell("TimeZone", "Time Zone")
	var loc *time.Location
	if hours, ok := activityZones[strings.ToUpper(zone)]; ok {
		loc = time.FixedZone(zone, hours*3600)
	} else if t, err := time.Parse("GMT-07:00", zone); err == nil {
		loc = t.Location()
	} else if loc, err = time.LoadLocation(zone); err != nil || zone == "" {
		return time.Time{}, fmt.Errorf("the zone %.20q is not known", zone)
	}
	t, err := time.ParseInLocation(order+" 15:04:05", date+" "+c.Cell("Time"), loc)
	return t.UTC(), err
}

// activityRow makes a row of a line: what came in as a payment, and what went
// back of one. Holds, conversions, withdrawals and what is not completed make
// none.
func activityRow(c *wallet.SheetRow, at time.Time) (wallet.BillRow, bool, error) {
	kind, status := c.Cell("Type"), c.Cell("Status")
	refund := strings.Contains(kind, "Refund")
	switch status {
	case "Completed", "Partially Refunded", "Refunded", "Cleared":
	default:
		return wallet.BillRow{}, false, nil
	}
	if !refund && !strings.Contains(kind, "Payment") {
		return wallet.BillRow{}, false, nil
	}
	cur, err := money.CurrencyOf(c.Cell("Currency"))
	if err != nil {
		return wallet.BillRow{}, false, err
	}
	gross, err := activityAmount(cur, c.Cell("Gross"))
	if err != nil {
		return wallet.BillRow{}, false, errors.New("an amount that cannot be read")
	}
	fee, err := activityAmount(cur, c.Cell("Fee"))
	if err != nil {
		return wallet.BillRow{}, false, errors.New("a fee that cannot be read")
	}
	if refund && gross > 0 || !refund && gross < 0 {
		return wallet.BillRow{}, false, nil // given back to the shop, or paid by it
	}
	id := c.Cell("Transaction ID")
	if id == "" {
		return wallet.BillRow{}, false, errors.New("no transaction id")
	}
	invoice, custom := c.Cell("Invoice Number", "Invoice ID"), c.Cell("Custom Number")
	r := wallet.BillRow{Number: invoice, Provider: id, At: at, Amount: gross.Abs(), Fee: -fee, Currency: cur.Code, State: kind + ", " + status}
	if custom != "" {
		r.Number = custom
	}
	if refund {
		if r.Refund = invoice; invoice == "" || invoice == custom {
			r.Refund = id // one that was made at PayPal's own site has no number of ours
		}
	}
	return r, true, nil
}

// activityAmount reads an amount with either sign of decimals: where three digits
// follow the only sign, it sets thousands apart.
func activityAmount(cur money.Currency, s string) (money.Amount, error) {
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00A0' || r == '\u202F' {
			return -1
		}
		return r
	}, s)
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		return cur.Parse(s)
	}
	whole, part := s[:last], s[last+1:]
	if len(part) == 3 && strings.Count(s, s[last:last+1]) == strings.Count(s, ".")+strings.Count(s, ",") && cur.Exponent != 3 {
		whole, part = whole+part, ""
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	if strings.Trim(part, "0") == "" {
		return cur.Parse(whole)
	}
	return cur.Parse(whole + "." + part)
}
