package day

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"guitai/hub/wire"
	"guitai/till"
	"guitai/till/money"
)

// A Total adds up documents of shifts, of one till or of many.
type Total struct {
	from, to   till.BusinessDay
	r          till.Report
	tenders    map[till.TenderKind]till.TenderTotal
	taxes      map[till.TaxClass]till.TaxTotal
	hours      map[int]till.HourRow
	items      map[itemKey]till.ItemRow
	rest       till.ItemRow
	days       map[till.BusinessDay]till.DayRow
	wallets    map[[2]string]till.WalletTotal
	reasons    map[[3]string]int
	categories map[string]till.CategoryRow
	cashiers   map[string]till.CashierRow
}

type itemKey struct{ code, name string }

// RestName is the name of the line that holds the items beyond the 500 which a
// document names.
const RestName = "…"

// NewTotal begins a total of a range of business days.
func NewTotal(from, to time.Time) *Total {
	return &Total{from: businessDay(from), to: businessDay(to), tenders: map[till.TenderKind]till.TenderTotal{}, taxes: map[till.TaxClass]till.TaxTotal{},
		hours: map[int]till.HourRow{}, items: map[itemKey]till.ItemRow{}, days: map[till.BusinessDay]till.DayRow{}, wallets: map[[2]string]till.WalletTotal{},
		reasons: map[[3]string]int{}, categories: map[string]till.CategoryRow{}, cashiers: map[string]till.CashierRow{}}
}

func businessDay(t time.Time) till.BusinessDay {
	return till.BusinessDay(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// Add adds one document that Read found nothing against.
func (t *Total) Add(d *wire.DayDocument) {
	r := &t.r
	r.Sales += int(d.Sales.Count)
	r.Gross += money.Amount(d.Sales.Gross)
	r.Discounts += money.Amount(d.Sales.Discounts)
	r.TaxAdded += money.Amount(d.Sales.TaxAdded)
	r.Tax += money.Amount(d.Sales.Tax)
	r.Rounding += money.Amount(d.Sales.Rounding)
	r.Returns += int(d.Refunds.Count)
	r.Refunds += money.Amount(d.Refunds.Amount)
	r.Voids += int(d.Voids)
	r.Cancelled += int(d.Cancelled)
	r.PostVoids += int(d.PostVoids)
	r.Unverified += int(d.Unverified.Count)
	r.UnvAmount += money.Amount(d.Unverified.Amount)
	for _, k := range d.Tenders {
		kind := till.TenderKind(k.Kind)
		s := t.tenders[kind]
		s.Kind = kind
		s.Count += int(k.Count)
		s.Amount += money.Amount(k.Amount)
		s.Refunded += money.Amount(k.Refunded)
		s.Tendered += money.Amount(value(k.Tendered))
		s.Change += money.Amount(value(k.Change))
		s.Unverified += money.Amount(value(k.Unverified))
		s.UnvCount += int(value(k.UnverifiedCount))
		t.tenders[kind] = s
	}
	for _, x := range d.Taxes {
		class := till.TaxClass{Code: x.Class, Rate: money.Rate(x.Rate), Mode: till.TaxInclusive}
		if x.Mode == wire.Exclusive {
			class.Mode = till.TaxExclusive
		}
		s := t.taxes[class]
		s.Class = class
		s.Taxable += money.Amount(x.Taxable)
		s.Tax += money.Amount(x.Tax)
		t.taxes[class] = s
	}
	for _, k := range d.Cash {
		r.Cash = append(r.Cash, till.CashRow{Shift: k.Shift, Float: money.Amount(k.Float), PaidIn: money.Amount(k.PaidIn), PaidOut: money.Amount(k.PaidOut),
			Drops: money.Amount(k.Drops), Loans: money.Amount(k.Loans), Expected: money.Amount(k.Expected), Counted: money.Amount(value(k.Counted)),
			OverShort: money.Amount(value(k.OverShort)), Closed: k.Closed})
	}
	for _, h := range d.Hours {
		s := t.hours[h.Hour]
		s.Hour = h.Hour
		s.Count += int(h.Count)
		s.Net += money.Amount(h.Net)
		t.hours[h.Hour] = s
	}
	for _, i := range d.Items {
		key := itemKey{i.Code, i.Name}
		s := t.items[key]
		s.Code, s.Name = i.Code, i.Name
		s.Qty += money.Quantity(i.Qty)
		s.Net += money.Amount(i.Net)
		t.items[key] = s
	}
	if d.ItemsRest != nil {
		t.rest.Qty += money.Quantity(d.ItemsRest.Qty)
		t.rest.Net += money.Amount(d.ItemsRest.Net)
	}
	date := businessDay(d.BusinessDate.Time)
	row := t.days[date]
	row.Date = date
	row.Count += int(d.Sales.Count)
	row.Net += money.Amount(d.Sales.Net)
	t.days[date] = row
	for _, c := range d.Categories {
		s := t.categories[c.Name]
		s.Name = c.Name
		s.Qty += money.Quantity(c.Qty)
		s.Net += money.Amount(c.Net)
		t.categories[c.Name] = s
	}
	for _, c := range d.Cashiers {
		s := t.cashiers[c.Code]
		s.Operator = c.Code
		s.Sales += int(c.Count)
		s.Returns += int(value(c.Returns))
		s.Net += money.Amount(c.Net)
		s.Discounts += money.Amount(value(c.Discounts))
		s.Refunds += money.Amount(value(c.Refunds))
		t.cashiers[c.Code] = s
	}
	t.addWallets(d)
}

// addWallets adds up attempts. Times to pay of several documents cannot be put
// together exactly: the slowest is the slowest of all, median and p90 are those
// of the document with the most payments.
func (t *Total) addWallets(d *wire.DayDocument) {
	if d.Wallets == nil {
		return
	}
	for _, w := range *d.Wallets {
		key := [2]string{w.Wallet, w.Mode}
		s := t.wallets[key]
		s.Wallet, s.Mode = w.Wallet, w.Mode
		if int(w.Paid) > s.Paid || s.Attempts == 0 {
			s.Seconds.Median = time.Duration(value(w.MedianMs)) * time.Millisecond
			s.Seconds.P90 = time.Duration(value(w.P90Ms)) * time.Millisecond
		}
		s.Seconds.Most = max(s.Seconds.Most, time.Duration(value(w.MostMs))*time.Millisecond)
		s.Attempts += int(w.Attempts)
		s.Paid += int(w.Paid)
		s.Declined += int(w.Declined)
		s.Cancelled += int(w.Cancelled)
		s.Unknown += int(w.Unknown)
		s.Watched += int(w.Watch)
		t.wallets[key] = s
		for _, c := range w.Reasons {
			t.reasons[[3]string{w.Wallet, w.Mode, c.Reason}] += int(c.Count)
		}
	}
}

// Report is the total as the till's own report has it.
func (t *Total) Report() *till.Report {
	r := t.r
	r.From, r.To = t.from, t.to
	for _, k := range slices.Sorted(maps.Keys(t.tenders)) {
		r.Tenders = append(r.Tenders, t.tenders[k])
	}
	for _, x := range t.taxes {
		r.Taxes = append(r.Taxes, x)
	}
	slices.SortFunc(r.Taxes, func(a, b till.TaxTotal) int {
		return cmp.Or(cmp.Compare(a.Class.Code, b.Class.Code), cmp.Compare(a.Class.Rate, b.Class.Rate), cmp.Compare(a.Class.Mode, b.Class.Mode))
	})
	for _, h := range slices.Sorted(maps.Keys(t.hours)) {
		r.Hours = append(r.Hours, t.hours[h])
	}
	for _, i := range t.items {
		if i.Qty != 0 || i.Net != 0 {
			r.Items = append(r.Items, i)
		}
	}
	slices.SortFunc(r.Items, func(a, b till.ItemRow) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name)) })
	if t.rest.Qty != 0 || t.rest.Net != 0 {
		t.rest.Name = RestName
		r.Items = append(r.Items, t.rest)
	}
	for _, d := range slices.Sorted(maps.Keys(t.days)) {
		if t.days[d].Count != 0 || t.days[d].Net != 0 {
			r.Days = append(r.Days, t.days[d])
		}
	}
	for _, c := range slices.Sorted(maps.Keys(t.categories)) {
		r.Categories = append(r.Categories, t.categories[c])
	}
	for _, c := range slices.Sorted(maps.Keys(t.cashiers)) {
		r.Cashiers = append(r.Cashiers, t.cashiers[c])
	}
	for _, w := range t.wallets {
		for key, n := range t.reasons {
			if key[0] == w.Wallet && key[1] == w.Mode {
				w.Reasons = append(w.Reasons, till.ReasonCount{Reason: till.Reason(key[2]), Count: n})
			}
		}
		slices.SortFunc(w.Reasons, func(a, b till.ReasonCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
		})
		r.Wallets = append(r.Wallets, w)
	}
	slices.SortFunc(r.Wallets, func(a, b till.WalletTotal) int {
		return cmp.Or(cmp.Compare(a.Wallet, b.Wallet), cmp.Compare(a.Mode, b.Mode))
	})
	return &r
}

// CSV writes a report as rows of section, name, count, quantity and amount,
// with the mark by which Excel knows UTF-8.
func CSV(r *till.Report, cur money.Currency) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	row := func(section, name string, count int, qty string, amount money.Amount) {
		n := ""
		if count >= 0 {
			n = strconv.Itoa(count)
		}
		w.Write([]string{section, plain(name), n, qty, cur.Format(amount)})
	}
	w.Write([]string{"section", "name", "count", "quantity", "amount"})
	row("sales", "gross", r.Sales, "", r.Gross)
	row("sales", "discounts", -1, "", r.Discounts)
	row("sales", "tax_added", -1, "", r.TaxAdded)
	row("sales", "rounding", -1, "", r.Rounding)
	row("sales", "refunds", r.Returns, "", r.Refunds)
	row("sales", "net", r.Sales, "", r.Net())
	row("sales", "tax", -1, "", r.Tax)
	row("sales", "unverified", r.Unverified, "", r.UnvAmount)
	for _, t := range r.Tenders {
		row("tender", string(t.Kind), t.Count, "", t.Amount)
		if t.Refunded != 0 {
			row("tender_refunded", string(t.Kind), -1, "", t.Refunded)
		}
	}
	for _, t := range r.Taxes {
		row("tax", fmt.Sprintf("%s %s", t.Class.Code, t.Class.Rate), -1, "", t.Tax)
	}
	for _, d := range r.Days {
		row("day", d.Date.String(), d.Count, "", d.Net)
	}
	for _, h := range r.Hours {
		row("hour", fmt.Sprintf("%02d", h.Hour), h.Count, "", h.Net)
	}
	for _, i := range r.Items {
		row("item", i.Code+" "+i.Name, -1, i.Qty.String(), i.Net)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// plain keeps a spreadsheet from taking a name for a formula.
func plain(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}
