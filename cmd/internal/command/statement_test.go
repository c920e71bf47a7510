package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guitai/till/money"
)

// figuresOf are the figures of each table, row by row, taken from the JSON of a
// report by their documented names alone.
func figuresOf(t *testing.T, doc []byte) map[string][][]string {
	t.Helper()
	var r map[string]any
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	get := func(v any, path string) string {
		for _, key := range strings.Split(path, ".") {
			m, ok := v.(map[string]any)
			if !ok || m[key] == nil {
				return ""
			}
			v = m[key]
		}
		return fmt.Sprint(v)
	}
	out := map[string][][]string{}
	for name, paths := range map[string]string{
		"tenders": "count amount refunded tendered change", "taxes": "rate taxable tax",
		"cash":  "shift float paid_in paid_out drops loans expected counted over_short",
		"hours": "hour count net", "days": "count net", "items": "qty net",
		"categories": "qty net", "cashiers": "count discounts refunds refunded net", "weekdays": "days count net",
		"wallets": "attempts paid declined cancelled unknown watch seconds_to_pay.median seconds_to_pay.p90 seconds_to_pay.most",
	} {
		list, _ := r[name].([]any)
		for _, v := range list {
			var row []string
			for _, path := range strings.Fields(paths) {
				row = append(row, get(v, path))
			}
			out[name] = append(out[name], row)
			if reasons, ok := v.(map[string]any)["reasons"].([]any); ok {
				for _, c := range reasons {
					out["reasons"] = append(out["reasons"], []string{get(c, "count")})
				}
			}
		}
	}
	var sums []string
	for _, path := range strings.Fields("sales.count sales.gross sales.discounts sales.tax_added sales.rounding refunds.amount sales.net sales.tax " +
		"refunds.count voids.lines cancelled post_voids unverified.count unverified.amount pending.count pending.amount") {
		sums = append(sums, get(r, path))
	}
	out["sales"] = [][]string{sums}
	return out
}

// tablesInOrder is the order of tables in every file, with how many columns of
// words stand before the figures.
var tablesInOrder = []struct {
	key   string
	words int
}{{"sales", 0}, {"tenders", 1}, {"taxes", 1}, {"cash", 0}, {"wallets", 2}, {"reasons", 3}, {"hours", 0}, {"days", 1}, {"items", 2}, {"categories", 1}, {"cashiers", 1}, {"weekdays", 1}}

// inCSV checks that the file has exactly the figures wanted.
func inCSV(t *testing.T, file []byte, want map[string][][]string) {
	t.Helper()
	text, ok := bytes.CutPrefix(file, []byte("\xef\xbb\xbf"))
	if !ok {
		t.Error("the CSV has no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{
		"sales":   "count gross discounts tax_added rounding refunded net tax refunds lines_voided cancelled post_voids unverified_count unverified pending_count pending",
		"tenders": "count amount refunded tendered change", "taxes": "rate taxable tax",
		"cash":  "shift float paid_in paid_out drops loans expected counted over_short",
		"hours": "hour count net", "days": "count net", "items": "qty net",
		"categories": "qty net", "cashiers": "count discounts refunds refunded net", "weekdays": "days count net",
		"wallets": "attempts paid declined reversed unknown watch seconds_median seconds_p90 seconds_most", "reasons": "count",
	}
	got := map[string][][]string{}
	for _, row := range rows[1:] {
		var cells []string
		for _, name := range strings.Fields(columns[row[0]]) {
			at := slices.Index(rows[0], name)
			if at < 0 {
				t.Fatalf("the CSV has no column %s", name)
			}
			cells = append(cells, row[at])
		}
		got[row[0]] = append(got[row[0]], cells)
	}
	same(t, "CSV", got, want)
}

func same(t *testing.T, what string, got, want map[string][][]string) {
	t.Helper()
	for _, table := range tablesInOrder {
		if a, b := fmt.Sprint(got[table.key]), fmt.Sprint(want[table.key]); a != b {
			t.Errorf("%s: %s:\n got %s\nwant %s", what, table.key, a, b)
		}
	}
}

// inXLSX reads the workbook back with the library.
func inXLSX(t *testing.T, file []byte, want map[string][][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) != len(tablesInOrder) {
		t.Fatalf("%d sheets: %q", len(sheets), sheets)
	}
	got := map[string][][]string{}
	for i, table := range tablesInOrder {
		rows, err := f.GetRows(sheets[i], excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if table.key == "sales" {
			var sums []string
			for _, row := range rows[3:] {
				sums = append(sums, row[1])
			}
			got["sales"] = [][]string{sums}
			continue
		}
		for n := range rows[4:] {
			var cells []string
			for c := table.words; c < len(rows[3]); c++ {
				at, _ := excelize.CoordinatesToCellName(c+1, n+5)
				v, err := f.GetCellValue(sheets[i], at, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				if kind, _ := f.GetCellType(sheets[i], at); v != "" && kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
					t.Errorf("%s %s is no number but of type %d", sheets[i], at, kind)
				}
				cells = append(cells, v)
			}
			got[table.key] = append(got[table.key], cells)
		}
	}
	same(t, "XLSX", got, want)
}

// inPDF reads the pages back with pdftotext: every row of figures stands in a
// line, as often as it is wanted.
func inPDF(t *testing.T, file []byte, want map[string][][]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		for i := range fields {
			lines[strings.Join(fields[i:], " ")]++
		}
	}
	wanted := map[string]int{}
	for _, table := range tablesInOrder {
		for _, row := range want[table.key] {
			row = slices.Clone(row)
			switch table.key {
			case "sales": // two blocks beside each other
				half := (len(row) + 1) / 2
				for i, v := range row[half:] {
					wanted[v]++
					if !strings.Contains(string(text), row[i]) {
						t.Errorf("PDF: no %s", row[i])
					}
				}
				continue
			case "taxes":
				row[0] = percent(row[0])
			case "hours":
				row[0] = fmt.Sprintf("%02s:00", row[0])
			}
			wanted[strings.Join(strings.Fields(strings.Join(row, " ")), " ")]++
		}
	}
	for row, n := range wanted {
		if lines[row] < n {
			t.Errorf("PDF: %d times %q, want %d in\n%s", lines[row], row, n, text)
		}
	}
}

// A day by chance, and one with wallets, say the same to the cent as JSON, CSV,
// XLSX and PDF, read back by other programs.
func TestReportIsTheSameInEveryFormat(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
	o := &oracle{rnd: rand.New(rand.NewPCG(5, 14)), exp: 2, step: 1, at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
	o.open()
	o.trade(80)
	o.close()
	sh.ok("replay", sh.file("day.jsonl", o.file.String()))
	var logo bytes.Buffer
	if err := png.Encode(&logo, leaf()); err != nil {
		t.Fatal(err)
	}
	sh.withLogo(logo.Bytes(), "true")
	doc := sh.ok("report", "day", "--format", "json")
	sameReport(t, doc, o.report("CNY"))
	want := figuresOf(t, []byte(doc))
	for _, lang := range []string{chinese, english} {
		sh.lang = lang
		read := func(format string) []byte {
			path := filepath.Join(t.TempDir(), "report."+format)
			if out := sh.ok("report", "day", "--format", format, "--out", path); out != "" {
				t.Errorf("%s: prints %q beside its file", format, out)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		if string(read("json")) != doc {
			t.Error("the JSON in a file is another")
		}
		inCSV(t, read("csv"), want)
		inXLSX(t, read("xlsx"), want)
		pages := read("pdf")
		inPDF(t, pages, want)
		if !bytes.Contains(pages, []byte("/Subtype /Image")) {
			t.Error("the PDF has no logo")
		}
	}

	withWallets := []byte(strings.Replace(dayReport, `"days":`, `"pending":{"count":1,"amount":"8.00"},"categories":[{"category":"乳品","qty":"3","net":"9.50"}],
		"cashiers":[{"cashier":"1002","count":4,"discounts":"0.50","refunds":1,"refunded":"2.00","net":"77.00"}],"weekdays":[{"weekday":4,"days":2,"count":9,"net":"106.30"}],
		"wallets":[{"wallet":"alipay","attempts":30,"paid":27,"declined":2,"cancelled":0,"unknown":0,"watch":1,
		"reasons":[{"reason":"not_enough","count":2}],"seconds_to_pay":{"median":6.4,"p90":12.0,"most":40.5}}],"days":`, 1))
	s, err := reportStatement(withWallets, money.Currency{Code: "CNY", Exponent: 2})
	if err != nil {
		t.Fatal(err)
	}
	want = figuresOf(t, withWallets)
	var sheet, book, page bytes.Buffer
	press, err := newPress()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.csv(&sheet); err != nil {
		t.Fatal(err)
	}
	if err := s.xlsx(&book, english, "Qinghe"); err != nil {
		t.Fatal(err)
	}
	if err := press.Statement(&page, s.paper(english)); err != nil {
		t.Fatal(err)
	}
	inCSV(t, sheet.Bytes(), want)
	inXLSX(t, book.Bytes(), want)
	inPDF(t, page.Bytes(), want)
}
