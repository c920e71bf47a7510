// Package day reads the documents that tills send and adds them up: is one
// what it says it is, do its sums agree with one another, and what do several
// come to together. Amounts are minor units, quantities thousandths.
package day

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guitai/hub/wire"
)

// amountMost is the greatest amount or count that a document may hold: what
// other programs can read from JSON without loss (RFC 8259, section 6).
const amountMost = 1<<53 - 1

// Read reads a document of schema till.day.v1. Fields that it does not know are
// passed over. Reasons say in English, for whoever mends the till, why a
// document that can be read is not believed; no report counts such a one.
func Read(body []byte) (doc wire.DayDocument, reasons []string, err error) {
	if !utf8.Valid(body) {
		return doc, nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&doc); err != nil {
		return doc, nil, fmt.Errorf("not a till.day.v1 document: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return doc, nil, errors.New("something follows the document")
	}
	c := check{doc: &doc}
	c.all()
	return doc, c.reasons, nil
}

type check struct {
	doc     *wire.DayDocument
	reasons []string
}

func (c *check) fail(format string, args ...any) {
	if len(c.reasons) < 20 {
		c.reasons = append(c.reasons, fmt.Sprintf(format, args...))
	}
}

func (c *check) all() {
	d := c.doc
	if d.Schema != wire.TillDayV1 {
		c.fail("schema is %.40q", string(d.Schema))
	}
	switch d.Kind {
	case wire.DayDocumentKindShift, wire.DayDocumentKindDay, wire.DayDocumentKindLive, wire.DayDocumentKindAddendum:
	default:
		c.fail("kind is %.40q", string(d.Kind))
	}
	if d.BusinessDate.IsZero() {
		c.fail("no business_date")
	}
	if d.Exponent < 0 || d.Exponent > 4 {
		c.fail("exponent is %d", d.Exponent)
	}
	if len(d.Currency) != 3 || strings.ToUpper(d.Currency) != d.Currency {
		c.fail("currency is %.10q", d.Currency)
	}
	if d.Kind == wire.DayDocumentKindShift && (d.Shift == nil || *d.Shift < 1) {
		c.fail("a shift without a number")
	}
	if d.Revision != nil && *d.Revision < 1 {
		c.fail("revision is %d", *d.Revision)
	}
	c.sizes()
	if len(c.reasons) == 0 { // else the sums could overflow
		c.sums()
	}
}

// sizes looks for amounts that are no amounts, and for lists that no shop has.
func (c *check) sizes() {
	d := c.doc
	for _, list := range []struct {
		name      string
		has, most int
	}{{"tenders", len(d.Tenders), 200}, {"taxes", len(d.Taxes), 200}, {"cash", len(d.Cash), 100}, {"hours", len(d.Hours), 24}, {"items", len(d.Items), 500},
		{"categories", len(d.Categories), 300}, {"cashiers", len(d.Cashiers), 200}} {
		if list.has > list.most {
			c.fail("%d %s, more than %d", list.has, list.name, list.most)
		}
	}
	counts := []int64{d.Sales.Count, d.Refunds.Count, d.Refunds.Amount, d.Voids, d.Cancelled, d.PostVoids, d.Unverified.Count, d.Seq}
	amounts := []int64{d.Sales.Gross, d.Sales.Discounts, d.Sales.TaxAdded, d.Sales.Tax, d.Sales.Rounding, d.Sales.Net, d.Unverified.Amount}
	for _, t := range d.Tenders {
		if t.Kind == "" || len(t.Kind) > 64 || strings.ContainsFunc(t.Kind, unicode.IsControl) {
			c.fail("tender %.80q", t.Kind)
		}
		counts = append(counts, t.Count, value(t.UnverifiedCount))
		amounts = append(amounts, t.Amount, t.Refunded, value(t.Tendered), value(t.Change), value(t.Unverified))
	}
	for _, h := range d.Hours {
		counts = append(counts, h.Count)
		amounts = append(amounts, h.Net)
		if h.Hour < 0 || h.Hour > 23 {
			c.fail("hour %d", h.Hour)
		}
	}
	for _, i := range d.Items {
		amounts = append(amounts, i.Net, i.Qty)
	}
	for _, t := range d.Taxes {
		amounts = append(amounts, t.Taxable, t.Tax)
	}
	for _, k := range d.Cash {
		amounts = append(amounts, k.Float, k.PaidIn, k.PaidOut, k.Drops, k.Loans, k.Expected, value(k.Counted), value(k.OverShort))
	}
	for _, p := range d.Categories {
		amounts = append(amounts, p.Net, p.Qty)
	}
	for _, p := range d.Cashiers {
		counts = append(counts, p.Count, value(p.Returns))
		amounts = append(amounts, p.Net, value(p.Discounts), value(p.Refunds))
	}
	if r := d.ItemsRest; r != nil {
		counts = append(counts, r.Count)
		amounts = append(amounts, r.Net, r.Qty)
	}
	// A sum of the longest list stays far below what 64 bits hold.
	if slices.ContainsFunc(counts, func(n int64) bool { return n < 0 || n > amountMost }) {
		c.fail("a count below zero, or beyond what may be sent")
	}
	if slices.ContainsFunc(amounts, func(n int64) bool { return n < -amountMost || n > amountMost }) {
		c.fail("an amount beyond what may be sent")
	}
}

// sums recomputes what CONTRACTS calls the sums of a report: net from its
// parts, and net again from tenders, hours, items and cash.
func (c *check) sums() {
	d := c.doc
	if d.Kind == wire.DayDocumentKindAddendum {
		if d.Addendum == nil || d.OriginalDate == nil {
			c.fail("an addendum without what it adds or to which day")
		}
		if d.Sales != (wire.SalesSum{}) || d.Refunds.Amount != 0 || len(d.Tenders) > 0 {
			c.fail("an addendum changes no figure, and this one has sums")
		}
		return
	}
	net := d.Sales.Gross - d.Sales.Discounts + d.Sales.TaxAdded + d.Sales.Rounding - d.Refunds.Amount
	if net != d.Sales.Net {
		c.fail("net is %d, and its parts come to %d", d.Sales.Net, net)
	}
	var tenders, unverified, unverifiedCount int64
	var cash int64
	kinds := map[string]bool{}
	for _, t := range d.Tenders {
		if kinds[t.Kind] {
			c.fail("tender %.40q twice", t.Kind)
		}
		kinds[t.Kind] = true
		tenders += t.Amount - t.Refunded
		unverified += value(t.Unverified)
		unverifiedCount += value(t.UnverifiedCount)
		if t.Kind == "cash" {
			cash += t.Amount - t.Refunded
		}
		if t.Tendered != nil && t.Change != nil && t.Kind == "cash" && *t.Tendered-*t.Change != t.Amount {
			c.fail("cash kept is %d, and given less change is %d", t.Amount, *t.Tendered-*t.Change)
		}
	}
	if tenders != d.Sales.Net {
		c.fail("net is %d, and the tenders come to %d", d.Sales.Net, tenders)
	}
	if unverified != d.Unverified.Amount || unverifiedCount != d.Unverified.Count {
		c.fail("unverified is %d in %d, and the tenders come to %d in %d", d.Unverified.Amount, d.Unverified.Count, unverified, unverifiedCount)
	}
	var hours, count int64
	for _, h := range d.Hours {
		hours += h.Net
		count += h.Count
	}
	if hours != d.Sales.Net || count != d.Sales.Count {
		c.fail("net is %d in %d sales, and the hours come to %d in %d", d.Sales.Net, d.Sales.Count, hours, count)
	}
	var items, categories int64
	for _, i := range d.Items {
		items += i.Net
	}
	if d.ItemsRest != nil {
		items += d.ItemsRest.Net
	}
	if items+d.Sales.Rounding != d.Sales.Net {
		c.fail("net is %d, and items with the rounding come to %d", d.Sales.Net, items+d.Sales.Rounding)
	}
	for _, p := range d.Categories {
		categories += p.Net
	}
	if categories != items {
		c.fail("items come to %d, and the categories to %d", items, categories)
	}
	var tax int64
	for _, t := range d.Taxes {
		tax += t.Tax
	}
	if tax != d.Sales.Tax {
		c.fail("tax is %d, and the rates come to %d", d.Sales.Tax, tax)
	}
	var expected, moved int64
	for _, k := range d.Cash {
		expected += k.Expected
		moved += k.Float + k.PaidIn + k.Loans - k.PaidOut - k.Drops
		if k.Closed && (k.Counted == nil || k.OverShort == nil || *k.Counted-k.Expected != *k.OverShort) {
			c.fail("shift %d: over and short is not counted less expected", k.Shift)
		}
	}
	if expected-moved != cash {
		c.fail("cash tenders come to %d, and the drawers to %d", cash, expected-moved)
	}
}

func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// Revision is the revision of a document, 1 where it does not say.
func Revision(d *wire.DayDocument) int64 {
	if d.Revision == nil {
		return 1
	}
	return int64(*d.Revision)
}

// Shift is the number of a document's shift, 0 of a whole day's.
func Shift(d *wire.DayDocument) int64 {
	if d.Shift == nil {
		return 0
	}
	return int64(*d.Shift)
}

// OverShort is what the drawers of the document had too much or too little.
func OverShort(d *wire.DayDocument) int64 {
	var sum int64
	for _, k := range d.Cash {
		sum = add(sum, value(k.OverShort))
	}
	return sum
}

// add adds amounts that Read has let through; beyond 64 bits it stays at their
// end, which no sum of believed documents reaches.
func add(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	if b < 0 && a < math.MinInt64-b {
		return math.MinInt64
	}
	return a + b
}
