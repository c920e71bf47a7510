package day_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"guitai/hub/day"
	"guitai/hub/wire"
	"guitai/till/money"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/till.day.v1." + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Documents as the released version writes them are believed, whatever fields
// come later, and come to what they came to.
func TestGoldenDocumentsAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		sales    int
		net, tax money.Amount
	}{"full": {6, 28580, 2888}, "minimal": {}, "unknown": {1, 350, 0}, "addendum": {}} {
		doc, reasons, err := day.Read(golden(t, name))
		if err != nil || len(reasons) > 0 {
			t.Errorf("%s: %v %q", name, err, reasons)
			continue
		}
		total := day.NewTotal(doc.BusinessDate.Time, doc.BusinessDate.Time)
		total.Add(&doc)
		r := total.Report()
		if r.Sales != want.sales || r.Net() != want.net || r.Tax != want.tax {
			t.Errorf("%s: %d sales, net %d, tax %d", name, r.Sales, r.Net(), r.Tax)
		}
	}
	doc, _, err := day.Read(golden(t, "full"))
	if err != nil {
		t.Fatal(err)
	}
	if day.OverShort(&doc) != -40 || day.Shift(&doc) != 7 || day.Revision(&doc) != 1 {
		t.Errorf("over and short %d, shift %d, revision %d", day.OverShort(&doc), day.Shift(&doc), day.Revision(&doc))
	}
}

// The whole report of the full document, and of it added a thousand times.
func TestTotalsAreSums(t *testing.T) {
	doc, _, err := day.Read(golden(t, "full"))
	if err != nil {
		t.Fatal(err)
	}
	yuan := money.Currency{Code: "CNY", Exponent: 2}
	one := day.NewTotal(doc.BusinessDate.Time, doc.BusinessDate.Time)
	one.Add(&doc)
	raw, err := one.Report().JSON(yuan)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"net":"285.80"`, `"gross":"300.00"`, `"discounts":"5.00"`, `"tax_added":"0.88"`, `"tax":"28.88"`, `"rounding":"-0.08"`, `"amount":"10.00"`,
		`"over_short":"-0.40"`, `"expected":"344.40"`, `"qty":"1.25"`, `"name":"…"`} {
		if !bytes.Contains(bytes.ReplaceAll(raw, []byte(": "), []byte(":")), []byte(want)) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
	const n = 1000
	many := day.NewTotal(doc.BusinessDate.Time, doc.BusinessDate.Time.AddDate(0, 0, n))
	for i := range n {
		d := doc
		d.BusinessDate.Time = doc.BusinessDate.AddDate(0, 0, i)
		many.Add(&d)
	}
	a, b := one.Report(), many.Report()
	if b.Sales != n*a.Sales || b.Net() != n*a.Net() || b.Tax != n*a.Tax || b.Rounding != n*a.Rounding || b.Refunds != n*a.Refunds || b.UnvAmount != n*a.UnvAmount ||
		b.Voids != n*a.Voids || len(b.Days) != n || len(b.Cash) != n {
		t.Errorf("%+v", b)
	}
	for i := range a.Tenders {
		if x, y := a.Tenders[i], b.Tenders[i]; y.Kind != x.Kind || y.Amount != n*x.Amount || y.Refunded != n*x.Refunded || y.Change != n*x.Change || y.Count != n*x.Count {
			t.Errorf("%+v of %+v", y, x)
		}
	}
	for i := range a.Items {
		if x, y := a.Items[i], b.Items[i]; y.Name != x.Name || y.Net != n*x.Net || y.Qty != n*x.Qty {
			t.Errorf("%+v of %+v", y, x)
		}
	}
	for i := range a.Hours {
		if x, y := a.Hours[i], b.Hours[i]; y.Hour != x.Hour || y.Net != n*x.Net {
			t.Errorf("%+v of %+v", y, x)
		}
	}
	for i := range a.Taxes {
		if x, y := a.Taxes[i], b.Taxes[i]; y.Class != x.Class || y.Tax != n*x.Tax || y.Taxable != n*x.Taxable {
			t.Errorf("%+v of %+v", y, x)
		}
	}
	if x, y := a.Wallets[0], b.Wallets[0]; y.Attempts != n*x.Attempts || y.Paid != n*x.Paid || y.Reasons[0].Count != n*x.Reasons[0].Count || y.Seconds.Most != 4300*time.Millisecond {
		t.Errorf("%+v of %+v", y, x)
	}
}

// Each identity of a report is broken once, and each names itself.
func TestEachSumIsChecked(t *testing.T) {
	one := int64(1)
	for name, row := range map[string]struct {
		spoil func(*wire.DayDocument)
		says  string
	}{
		"schema":         {func(d *wire.DayDocument) { d.Schema = "till.day.v2" }, "schema is"},
		"kind":           {func(d *wire.DayDocument) { d.Kind = "week" }, "kind is"},
		"exponent":       {func(d *wire.DayDocument) { d.Exponent = 5 }, "exponent is 5"},
		"currency":       {func(d *wire.DayDocument) { d.Currency = "cny" }, "currency is"},
		"shift":          {func(d *wire.DayDocument) { d.Shift = nil }, "a shift without a number"},
		"revision":       {func(d *wire.DayDocument) { n := 0; d.Revision = &n }, "revision is 0"},
		"date":           {func(d *wire.DayDocument) { d.BusinessDate.Time = time.Time{} }, "no business_date"},
		"hour":           {func(d *wire.DayDocument) { d.Hours[0].Hour = 24 }, "hour 24"},
		"count":          {func(d *wire.DayDocument) { d.Voids = -1 }, "a count below zero"},
		"amount":         {func(d *wire.DayDocument) { d.Sales.Gross = 1 << 53 }, "an amount beyond"},
		"deep amount":    {func(d *wire.DayDocument) { d.Cash[0].Float = -1 << 53 }, "an amount beyond"},
		"list":           {func(d *wire.DayDocument) { d.Hours = make([]wire.HourSum, 25) }, "25 hours, more than 24"},
		"parts":          {func(d *wire.DayDocument) { d.Sales.Discounts++ }, "its parts come to 28579"},
		"tenders":        {func(d *wire.DayDocument) { d.Tenders[2].Amount++ }, "the tenders come to 28581"},
		"tender twice":   {func(d *wire.DayDocument) { d.Tenders = append(d.Tenders, wire.TenderSum{Kind: "card"}) }, `tender "card" twice`},
		"tender's name":  {func(d *wire.DayDocument) { d.Tenders[2].Kind = "a\x00b" }, `tender "a\x00b"`},
		"change":         {func(d *wire.DayDocument) { *d.Tenders[1].Change++ }, "given less change is 15939"},
		"unverified":     {func(d *wire.DayDocument) { d.Tenders[2].Unverified = &one }, "the tenders come to 3641 in 1"},
		"hours":          {func(d *wire.DayDocument) { d.Hours[1].Net++ }, "the hours come to 28581 in 6"},
		"hours' count":   {func(d *wire.DayDocument) { d.Hours[1].Count++ }, "the hours come to 28580 in 7"},
		"categories":     {func(d *wire.DayDocument) { d.Categories[0].Net++ }, "the categories to 28589"},
		"taxes":          {func(d *wire.DayDocument) { d.Taxes[0].Tax++ }, "the rates come to 2889"},
		"over and short": {func(d *wire.DayDocument) { *d.Cash[0].OverShort++ }, "shift 7: over and short"},
		"not counted":    {func(d *wire.DayDocument) { d.Cash[0].Counted = nil }, "shift 7: over and short"},
		"drawer":         {func(d *wire.DayDocument) { d.Cash[0].PaidIn++ }, "the drawers to 14939"},
		"items": {func(d *wire.DayDocument) { d.Items[0].Net++; d.Categories[0].Net++ },
			"items with the rounding come to 28581"},
		"rest of items": {func(d *wire.DayDocument) { d.ItemsRest.Net++; d.Categories[0].Net++ },
			"items with the rounding come to 28581"},
		"addendum with sums": {func(d *wire.DayDocument) {
			d.Kind = wire.DayDocumentKindAddendum
			d.Addendum = &wire.Addendum{}
			d.OriginalDate = &d.BusinessDate
		}, "this one has sums"},
		"addendum without what": {func(d *wire.DayDocument) { *d = addendum(t); d.Addendum = nil }, "without what it adds"},
		"addendum without day":  {func(d *wire.DayDocument) { *d = addendum(t); d.OriginalDate = nil }, "without what it adds"},
	} {
		doc, _, err := day.Read(golden(t, "full"))
		if err != nil {
			t.Fatal(err)
		}
		row.spoil(&doc)
		_, reasons, err := day.Read(text(t, doc))
		if err != nil || len(reasons) != 1 || !bytes.Contains([]byte(reasons[0]), []byte(row.says)) {
			t.Errorf("%s: %v %q, want only %q", name, err, reasons, row.says)
		}
	}
}

func addendum(t *testing.T) wire.DayDocument {
	doc, _, err := day.Read(golden(t, "addendum"))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
