package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guitai/hardware/paper"
)

// A long table goes over pages with its names on each; figures are whole however
// wide the row, long words are cut, and what the font lacks is a square.
func TestStatementOverPages(t *testing.T) {
	long := strings.Repeat("很长的品名", 30)
	wide := paper.Table{Title: "宽表"}
	cells := []string{long}
	wide.Columns = append(wide.Columns, paper.Column{Title: "品名"})
	for i := range 12 {
		wide.Columns = append(wide.Columns, paper.Column{Title: "A long name of a column", Figures: true})
		cells = append(cells, fmt.Sprintf("-%d234567.89", i+1))
	}
	wide.Rows = [][]string{cells}
	items := paper.Table{Title: "Items", Columns: []paper.Column{{Title: "Name"}, {Title: "Net", Figures: true}}}
	for i := range 150 {
		items.Rows = append(items.Rows, []string{fmt.Sprintf("货 %d 🍎", i), fmt.Sprintf("%d.00", 1000+i)})
	}
	var b bytes.Buffer
	if err := press(t).Statement(&b, paper.Statement{Shop: long, Title: "报表", Period: "2026-06-18", Tables: []paper.Table{wide, items}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	joined := func(text string) string { return strings.Join(strings.Fields(text), "") } // what are spaces is the reader's guess
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i, page := range pages {
		if !strings.Contains(joined(page), fmt.Sprintf("%d/%d", i+1, len(pages))) || !strings.Contains(page, "Name") {
			t.Errorf("page %d of %d has no number or no names:\n%s", i+1, len(pages), page)
		}
	}
	text := joined(string(out))
	if len(pages) < 3 || !strings.Contains(text, strings.Join(cells[1:], "")) {
		t.Errorf("%d pages; the figures of the wide row are not there:\n%.1500s", len(pages), out)
	}
	for i := range 150 {
		if want := fmt.Sprintf("货%d□%d.00", i, 1000+i); !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(text, long) || !strings.Contains(text, "…") {
		t.Error("long words were not cut")
	}
}
