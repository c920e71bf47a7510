package main

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"guitai/till"
)

func TestAReportForSpreadsheetsHasItsFiguresAndNoFormulas(t *testing.T) {
	s := till.DefaultSettings()
	r := till.Report{Sales: 2, Gross: 4040, Refunds: 1590, Returns: 1}
	r.Tenders = append(r.Tenders, till.TenderTotal{Kind: till.Cash, Count: 1, Amount: 3690, Refunded: 1590})
	r.Items = append(r.Items, till.ItemRow{Name: "=HYPERLINK(\"x\")", Qty: 2000, Net: 3180}, till.ItemRow{Code: "1004", Name: "鲜牛奶, 1L", Qty: 750, Net: 510})
	var b bytes.Buffer
	if err := reportCSV(&b, s, &r); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked {
		t.Error("without the mark that spreadsheet programs know UTF-8 by")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{
		{"section", "key", "count", "amount", "refunded", "tax"},
		{"sales", "gross", "2", "40.40", "", ""},
		{"sales", "refunds", "1", "15.90", "", ""},
		{"sales", "net", "", "24.50", "", ""},
		{"tender", "cash", "1", "36.90", "15.90", ""},
		{"item", "'=HYPERLINK(\"x\")", "2", "31.80", "", ""},
		{"item", "1004 鲜牛奶, 1L", "0.75", "5.10", "", ""},
	} {
		found := false
		for _, row := range rows {
			found = found || reflect.DeepEqual(row, want)
		}
		if !found {
			t.Errorf("no row %q in\n%s", want, text)
		}
	}
}
