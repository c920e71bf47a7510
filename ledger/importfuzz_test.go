package ledger

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzImportRows puts any bytes between good rows of a list. Nothing panics,
// and the good rows are read as they are: whatever stands beside them spoils
// itself at most.
func FuzzImportRows(f *testing.F) {
	for _, junk := range []string{
		"", "\n", "x", "\"", "\"\n", "\"\"\"\"", "\"a\"b", "a\"b\"", "2,\"丙,,1.00\n3,\"丁", "\xff\xfe", "\xe4\xb8", "\x00", "\r", "\r\n\"\r", ",,,,,,,,,,,", ";;;;", "\t",
		"2,丙,,-1", "2,丙,,1000000000000", strings.Repeat("\"\n", 60), strings.Repeat("7", 5000), "sep=;", "'=1", "=\"1\"", "PK\x03\x04", "\xb0\xa1\xb0\xa1,\xb0\xa1",
	} {
		f.Add([]byte(junk), []byte(junk))
	}
	good := []string{"901,甲,,1.00", "902,乙,,2.00", "903,戊,,3.00", "904,己,,4.00"}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		// Enough whole lines decide that the list is UTF-8.
		text := "code,name,name_en,price\n" + good[0] + "\n" + string(one) + "\n" + good[1] + "\n" + good[2] + "\n" + string(two) + "\n" + good[3] + strings.Repeat("\n#甲", 1+strings.Count(string(one)+string(two), "\n")+strings.Count(string(one)+string(two), "\r"))
		l, err := newList(bg, strings.NewReader(text))
		if errors.Is(err, ErrListBinary) && strings.Contains(text[:min(len(text), 4096)], "\x00") {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		form := knownForm(l.header)
		r := rowReader{form: form, columns: len(l.header), currency: shopSettings().Currency, taxes: shopSettings().Taxes, zone: time.UTC}
		var found []string
		for last := 0; ; {
			rec, err := l.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if rec.line <= last {
				t.Fatalf("row of line %d after that of line %d", rec.line, last)
			}
			last = rec.line
			row := r.row(rec)
			if row.fault.Code != "" {
				if row.item.Code != "" && slices.Contains(good, strings.Join(rec.cells, ",")) {
					t.Errorf("a good row is set aside: %+v", row.fault)
				}
				continue
			}
			if line := fmt.Sprintf("%s,%s,%s,%s", row.item.Code, row.item.Name, row.item.NameEN, r.currency.FormatPrice(row.item.Price)); slices.Contains(good, line) {
				found = append(found, line)
			}
			if row.item.Price < 0 || len(row.item.Name) > 200 || len(row.item.Code) > 64 {
				t.Errorf("a row beyond all bounds: %+v", row.item)
			}
		}
		for _, g := range good {
			if !slices.Contains(found, g) {
				t.Errorf("the row %q is lost; found %q", g, found)
			}
		}
	})
}
