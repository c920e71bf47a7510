package ledger

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guitai/till/money"
)

// Whatever an item is called and costs, the row that is exported is read as the
// same item, by each separator.
func TestExportedCellsAreReadAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("'=+-@\"|;,\t 价é0１")), rapid.Rune())).Filter(func(s string) bool {
			clean, ok := cellText(listCell(s))
			return ok && s == strings.TrimSpace(s) && len(s) < 60 && !strings.ContainsAny(s, "\r\n\t\ufeff\u200b\u200e\u200f") && !(strings.HasPrefix(s, `="`) && clean != s)
		})
		code, name, category := text.Draw(t, "code"), text.Draw(t, "name"), text.Draw(t, "category")
		price := money.UnitPrice(rapid.Int64Range(0, int64(money.UnitPriceMax)).Draw(t, "price"))
		cur, err := money.CurrencyOf(rapid.SampledFrom([]string{"CNY", "JPY", "KWD"}).Draw(t, "currency"))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		b.WriteString("\ufeff")
		w := csv.NewWriter(&b)
		w.Comma = rapid.SampledFrom([]rune(",;\t")).Draw(t, "separator")
		w.UseCRLF = rapid.Bool().Draw(t, "CRLF")
		w.Write([]string{"code", "name", "price", "category"})
		w.Write([]string{listCell(code), listCell(name), cur.FormatPrice(price), listCell(category)})
		w.Flush()
		l, err := newList(bg, bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		rec, err := l.next()
		if err != nil {
			t.Fatal(err)
		}
		r := rowReader{form: knownForm(l.header), columns: len(l.header), currency: cur, taxes: shopSettings().Taxes, zone: time.UTC, comma: l.sep != ','}
		row := r.row(rec)
		if it := row.item; row.fault.Code != "" || it.Code != code || it.Name != name || it.Category != category || it.Price != price {
			t.Fatalf("%q is read as %+v, %+v", b.String(), it, row.fault)
		}
	})
}

// Prices of other lists: what is one, and what could be two.
func TestPricesInLists(t *testing.T) {
	cny, err := money.CurrencyOf("CNY")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		comma bool // the list is not parted by commas
		want  money.UnitPrice
		fault string
	}{
		{"12.50", false, 1250_00, ""}, {"12.5", true, 1250_00, ""}, {"0", false, 0, ""}, {"7.8925", false, 78925, ""}, {"+3", false, 300_00, ""},
		{"¥12.50", false, 1250_00, ""}, {"12.50 元", false, 1250_00, ""}, {"CNY 12.50", false, 1250_00, ""}, {"１２．５", false, 1250_00, ""},
		{"1,234.50", false, 123450_00, ""}, {"1,234,567", false, 123456700_00, ""}, {"1,234.50", true, 123450_00, ""},
		{"1,234", false, 123400_00, ""}, {"12,50", true, 1250_00, ""}, {"12.500000", false, 1250_00, ""},
		{"1,234", true, 0, "price"}, {"12,50", false, 0, "price"}, {"1,23,456", false, 0, "price"}, {"1.234,50", true, 0, "price"}, {"1,2,3", true, 0, "price"},
		{"", false, 0, "price"}, {".", false, 0, "price"}, {"1.", false, 0, "price"}, {".5", false, 0, "price"}, {"1 2", false, 0, "price"}, {"12.50.1", false, 0, "price"},
		{"1.00001", false, 0, "price"}, {"0x10", false, 0, "price"}, {"NaN", false, 0, "price"}, {"--1", false, 0, "price"},
		{"-1", false, 0, "price_minus"}, {"-¥1.00", false, 0, "price_minus"}, {"－１", false, 0, "price_minus"},
		{"100000000", false, money.UnitPriceMax, ""}, {"100000000.01", false, 0, "price_large"}, {strings.Repeat("9", 400), false, 0, "price_large"},
	} {
		r := rowReader{currency: cny, comma: c.comma}
		if got, fault := r.price(c.text); got != c.want && fault == "" || fault != c.fault {
			t.Errorf("%q (comma %v) is %d %q, want %d %q", c.text, c.comma, got, fault, c.want, c.fault)
		}
	}
}
