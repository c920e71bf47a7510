package day_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"guitai/hub/day"
	"guitai/hub/wire"
	"guitai/till/money"
)

func text(t testing.TB, d wire.DayDocument) []byte {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Whatever bytes come, reading ends; and what is believed can be added up and
// reported, with a net that is its tenders'.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"full", "minimal", "unknown", "addendum"} {
		raw := golden(f, name)
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
		f.Add(bytes.ReplaceAll(raw, []byte("0,"), []byte("-9007199254740991,")))
		f.Add(append(bytes.Clone(raw), raw...))
	}
	f.Add([]byte(`{"schema":"till.day.v1","tenders":null,"sales":{"net":9223372036854775807}}`))
	f.Add([]byte("\xff\xfe{}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, reasons, err := day.Read(raw)
		if err != nil || len(reasons) > 0 {
			return
		}
		total := day.NewTotal(doc.BusinessDate.Time, doc.BusinessDate.Time)
		total.Add(&doc)
		r := total.Report()
		var tenders money.Amount
		for _, k := range r.Tenders {
			tenders += k.Amount - k.Refunded
		}
		if doc.Kind != wire.DayDocumentKindAddendum && (r.Net() != tenders || int64(r.Net()) != doc.Sales.Net) {
			t.Errorf("net %d, tenders %d, in the document %d", r.Net(), tenders, doc.Sales.Net)
		}
		cur := money.Currency{Code: doc.Currency, Exponent: doc.Exponent}
		if out, err := r.JSON(cur); err != nil || !json.Valid(out) {
			t.Errorf("%v %s", err, out)
		}
		if _, err := day.CSV(r, cur); err != nil {
			t.Error(err)
		}
	})
}
