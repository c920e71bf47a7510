package till

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"guitai/till/money"
)

// A Report is what a range of business days took. Amounts are minor units;
// JSON writes it in the form other programs read.
type Report struct {
	From, To   BusinessDay
	Sales      int // completed sales; returns are not counted here
	Gross      money.Amount
	Discounts  money.Amount
	TaxAdded   money.Amount
	Tax        money.Amount // contained and added, after refunds
	Rounding   money.Amount // of sales and of cash refunds, signed
	Returns    int          // returns and post-voids
	Refunds    money.Amount // value returned, unsigned
	Voids      int          // lines taken off
	Cancelled  int
	PostVoids  int
	Tenders    []TenderTotal // sorted by kind
	Taxes      []TaxTotal    // sorted by class, then rate
	Cash       []CashRow     // one a shift
	Unverified int
	UnvAmount  money.Amount
	Hours      []HourRow
	Items      []ItemRow // sorted by code, then name
	Days       []DayRow
	Wallets    []WalletTotal // sorted by wallet, then mode
	Categories []CategoryRow // sorted by name; "" is goods without one
	Cashiers   []CashierRow  // sorted by operator code
	Pending    int           // payments asked of a wallet of which nobody knows yet whether they were paid
	PendAmount money.Amount
}

// Net is the takings: sales with their rounding, less refunds.
func (r *Report) Net() money.Amount {
	return r.Gross - r.Discounts + r.TaxAdded + r.Rounding - r.Refunds
}

// CashRow is the cash of one shift.
type CashRow struct {
	Shift                               int
	Float, PaidIn, PaidOut, Drops       money.Amount
	Loans, Expected, Counted, OverShort money.Amount
	Closed                              bool
}

// HourRow is one local clock hour.
type HourRow struct {
	Hour, Count int
	Net         money.Amount
}

// ItemRow is one item under the name it was sold by, after returns.
type ItemRow struct {
	Code, Name string
	Qty        money.Quantity
	Net        money.Amount
	// NameEN is the English name that the catalogue has now, for screens; it is
	// no figure of the report, and Ledger.NameInEnglish alone fills it in.
	NameEN string
}

// DayRow is one business day.
type DayRow struct {
	Date  BusinessDay
	Count int
	Net   money.Amount
}

// Weekdays sums the days by the day of the week, Monday first.
func (r *Report) Weekdays() []WeekdayRow {
	var out []WeekdayRow
	for i := range 7 {
		w := WeekdayRow{Weekday: time.Weekday((i + 1) % 7)}
		for _, d := range r.Days {
			if d.Date.noon().Weekday() == w.Weekday {
				w.Days++
				w.Count += d.Count
				w.Net += d.Net
			}
		}
		if w.Days > 0 {
			out = append(out, w)
		}
	}
	return out
}

// Average is the net of one sale; 0 without any.
func (r *Report) Average() money.Amount { return average(r.Net(), r.Sales) }

// Attempts counts what was asked of wallets as real money, or in a ledger for
// practising as practice, and what of it was paid. Paid over started is the only
// conversion a till knows: it does not see who left before.
func (r *Report) Attempts() (started, paid int) {
	for _, mode := range []string{"live", "practice"} {
		for i := range r.Wallets {
			if r.Wallets[i].Mode == mode {
				started += r.Wallets[i].Attempts
				paid += r.Wallets[i].Paid
			}
		}
		if started > 0 {
			break
		}
	}
	return started, paid
}

// A CategoryRow is the goods of one category, after returns.
type CategoryRow struct {
	Name string
	Qty  money.Quantity
	Net  money.Amount
}

// A CashierRow is what one person sold and gave back. Net sums to that of the
// report.
type CashierRow struct {
	Operator  string
	Sales     int
	Discounts money.Amount
	Returns   int
	Refunds   money.Amount // value returned, unsigned
	Net       money.Amount
}

// A WeekdayRow is all days of a report that fall on one day of the week.
type WeekdayRow struct {
	Weekday     time.Weekday
	Days, Count int
	Net         money.Amount
}

// JSON writes the report in its documented form: money with the currency's
// decimals, quantities trimmed, only rows that are not empty.
func (r *Report) JSON(cur money.Currency) ([]byte, error) {
	m := func(a money.Amount) string { return cur.Format(a) }
	var b bytes.Buffer
	// An ordered object: maps would sort the keys by name.
	field := func(first bool, key string, v any) error {
		if !first {
			b.WriteString(",")
		}
		text, err := compact(v)
		if err != nil {
			return fmt.Errorf("report: %s: %w", key, err)
		}
		fmt.Fprintf(&b, "\n  %q: %s", key, text)
		return nil
	}
	tenders := []any{}
	for _, t := range r.Tenders {
		tenders = append(tenders, ordered{{"kind", string(t.Kind)}, {"count", t.Count}, {"amount", m(t.Amount)}, {"refunded", m(t.Refunded)},
			{"tendered", m(t.Tendered)}, {"change", m(t.Change)}})
	}
	taxes := []any{}
	for _, t := range r.Taxes {
		taxes = append(taxes, ordered{{"class", t.Class.Code}, {"rate", t.Class.Rate.String()}, {"taxable", m(t.Taxable)}, {"tax", m(t.Tax)}})
	}
	cash := []any{}
	for _, c := range r.Cash {
		row := ordered{{"shift", c.Shift}, {"float", m(c.Float)}, {"paid_in", m(c.PaidIn)}, {"paid_out", m(c.PaidOut)}, {"drops", m(c.Drops)},
			{"loans", m(c.Loans)}, {"expected", m(c.Expected)}, {"counted", nil}, {"over_short", nil}}
		if c.Closed {
			row[7].value, row[8].value = m(c.Counted), m(c.OverShort)
		}
		cash = append(cash, row)
	}
	hours := []any{}
	for _, h := range r.Hours {
		hours = append(hours, ordered{{"hour", h.Hour}, {"count", h.Count}, {"net", m(h.Net)}})
	}
	items := []any{}
	for _, i := range r.Items {
		items = append(items, ordered{{"code", i.Code}, {"name", i.Name}, {"qty", i.Qty.String()}, {"net", m(i.Net)}})
	}
	days := []any{}
	for _, d := range r.Days {
		days = append(days, ordered{{"date", d.Date.String()}, {"count", d.Count}, {"net", m(d.Net)}})
	}
	fields := ordered{
		{"from", r.From.String()}, {"to", r.To.String()}, {"currency", cur.Code},
		{"sales", ordered{{"count", r.Sales}, {"gross", m(r.Gross)}, {"discounts", m(r.Discounts)}, {"tax_added", m(r.TaxAdded)}, {"tax", m(r.Tax)},
			{"rounding", m(r.Rounding)}, {"net", m(r.Net())}}},
		{"refunds", ordered{{"count", r.Returns}, {"amount", m(r.Refunds)}}},
		{"voids", ordered{{"lines", r.Voids}}}, {"cancelled", r.Cancelled}, {"post_voids", r.PostVoids},
		{"tenders", tenders}, {"taxes", taxes}, {"cash", cash},
		{"unverified", ordered{{"count", r.Unverified}, {"amount", m(r.UnvAmount)}}},
		{"hours", hours}, {"items", items}, {"days", days},
	}
	weekdays, categories, cashiers := []any{}, []any{}, []any{}
	for _, d := range r.Weekdays() {
		weekdays = append(weekdays, ordered{{"weekday", (int(d.Weekday)+6)%7 + 1}, {"days", d.Days}, {"count", d.Count}, {"net", m(d.Net)}})
	}
	for _, c := range r.Categories {
		categories = append(categories, ordered{{"category", c.Name}, {"qty", c.Qty.String()}, {"net", m(c.Net)}})
	}
	for _, c := range r.Cashiers {
		cashiers = append(cashiers, ordered{{"cashier", c.Operator}, {"count", c.Sales}, {"discounts", m(c.Discounts)}, {"refunds", c.Returns},
			{"refunded", m(c.Refunds)}, {"net", m(c.Net)}})
	}
	fields = append(fields, ordered{{"weekdays", weekdays}, {"categories", categories}, {"cashiers", cashiers},
		{"pending", ordered{{"count", r.Pending}, {"amount", m(r.PendAmount)}}}}...)
	if len(r.Wallets) > 0 {
		fields = append(fields, ordered{{"wallets", walletFields(r.Wallets)}}...)
	}
	b.WriteString("{")
	for i, f := range fields {
		if err := field(i == 0, f.key, f.value); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// walletFields writes the totals of attempts: seconds with one decimal, and the
// mode only where it is not live, as what is tried out is no takings.
func walletFields(all []WalletTotal) []any {
	out := []any{}
	seconds := func(d time.Duration) json.Number {
		return json.Number(strconv.FormatFloat(d.Seconds(), 'f', 1, 64))
	}
	for _, w := range all {
		row := ordered{{"wallet", w.Wallet}}
		if w.Mode != "live" {
			row = append(row, ordered{{"mode", w.Mode}}...)
		}
		reasons := []any{}
		for _, c := range w.Reasons {
			reasons = append(reasons, ordered{{"reason", string(c.Reason)}, {"count", c.Count}})
		}
		out = append(out, append(row, ordered{{"attempts", w.Attempts}, {"paid", w.Paid}, {"declined", w.Declined}, {"cancelled", w.Cancelled},
			{"unknown", w.Unknown}, {"watch", w.Watched}, {"reasons", reasons},
			{"seconds_to_pay", ordered{{"median", seconds(w.Seconds.Median)}, {"p90", seconds(w.Seconds.P90)}, {"most", seconds(w.Seconds.Most)}}}}...))
	}
	return out
}

// ordered is a JSON object whose keys keep their order.
type ordered []struct {
	key   string
	value any
}

// MarshalJSON writes the fields in order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := compact(f.key)
		if err != nil {
			return nil, err
		}
		value, err := compact(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// compact writes v without escaping what HTML would need: names are for
// people and for programs that read UTF-8.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
