package command

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// Fees and tenders say the same in CSV, XLSX and PDF as in JSON, cell by cell:
// amounts as they are, shares on paper to two decimals.
func TestFeesAndTendersAreTheSameInEveryFormat(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
	o := &oracle{rnd: rand.New(rand.NewPCG(4, 58)), exp: 2, step: 1, at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
	for day := range 2 {
		o.open()
		o.trade(60)
		o.close()
		o.at = time.Date(2026, 6, 19+day, 8, 0, 0, 0, o.at.Location())
	}
	sh.ok("replay", sh.file("days.jsonl", o.file.String()))
	sh.set("wallets", feeWallets)
	for report, tables := range map[string][]string{"fees": {"tenders", "arrivals", "what_if", "days"}, "tenders": {"periods", "tenders"}} {
		args := []string{"report", report, "--from", "2026-06-18", "--to", "2026-06-19", "--format"}
		if report == "tenders" {
			args = append([]string{"report", report, "--split", "2026-06-19"}, args[2:]...)
		}
		var doc map[string]any
		d := json.NewDecoder(strings.NewReader(sh.ok(append(args, "json")...)))
		d.UseNumber()
		if err := d.Decode(&doc); err != nil {
			t.Fatal(err)
		}
		sheet, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(sh.ok(append(args, "csv")...), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(strings.NewReader(sh.ok(append(args, "xlsx")...)))
		if err != nil {
			t.Fatal(err)
		}
		page := filepath.Join(t.TempDir(), "r.pdf")
		sh.ok(append(args, "pdf", "--out", page)...)
		text, err := exec.Command("pdftotext", "-layout", page, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		paper := strings.Join(strings.Fields(string(text)), " ")
		row := 0
		for at, name := range tables {
			list := doc[name].([]any)
			if len(list) == 0 {
				t.Errorf("%s has no %s", report, name)
			}
			cells, err := book.GetRows(book.GetSheetList()[at], excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for n, v := range list {
				row++
				var figures []string
				seen := map[string]int{}
				for _, cell := range cells[4+n] {
					seen[cell]++
				}
				for key, v := range v.(map[string]any) {
					want := ""
					if v != nil {
						want = fmt.Sprint(v)
					}
					if got := sheet[row][slices.Index(sheet[0], key)]; sheet[row][0] != name || got != want {
						t.Errorf("CSV: %s %d %s is %q, want %q", name, n, key, got, want)
					}
					if strings.Trim(want, "-0123456789.") != "" || want == "" {
						continue
					}
					if seen[want]--; seen[want] < 0 {
						t.Errorf("XLSX: %s %d %s: no %s in %q", name, n, key, want, cells[4+n])
					}
					if !strings.HasSuffix(key, "_share") && key != "conversion" {
						figures = append(figures, want)
					}
				}
				for _, f := range figures {
					if !strings.Contains(paper, " "+f+" ") {
						t.Errorf("PDF: no %s of %s %d in\n%s", f, name, n, text)
					}
				}
			}
		}
		if row != len(sheet)-1 {
			t.Errorf("%s: the CSV has %d rows, want %d", report, len(sheet)-1, row)
		}
	}
}
