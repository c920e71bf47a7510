package command

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// Two ranges compared have the figures of their reports, and a report goes to
// receipt paper of either width.
func TestRangesComparedAndAReportOnPaper(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive", "--cash-round", "0.10")
	sh.goods()
	sh.ok("replay", sh.file("day.jsonl", dayFile))
	out := sh.ok("report", "compare", "--from", "2026-06-18", "--to", "2026-06-19", "--with-from", "2026-06-16", "--with-to", "2026-06-17", "--format", "json")
	var got struct {
		Periods  []struct{ Side, From, To string }
		Measures []struct {
			Measure, A, B string
			Change        *string
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	want := map[string][2]string{"net": {"106.30", "0.00"}, "net_per_day": {"106.30", ""}, "sales": {"9", "0"}, "days": {"1", "0"}, "average": {"11.81", ""},
		"refunds": {"30.29", "0.00"}, "discounts": {"3.53", "0.00"}, "unverified": {"30.49", "0.00"}}
	for _, m := range got.Measures {
		if w, ok := want[m.Measure]; ok && (m.A != w[0] || m.B != w[1] || m.Change != nil) {
			t.Errorf("%s: %s and %s, want %v and nothing to compare with", m.Measure, m.A, m.B, w)
		}
	}
	if len(got.Periods) != 2 || got.Periods[1].From != "2026-06-16" || len(got.Measures) != 12 {
		t.Errorf("%+v", got)
	}
	sh.fails(2, nil, "report", "compare", "--from", "2026-06-19", "--to", "2026-06-18", "--with-from", "2026-06-16", "--with-to", "2026-06-17")

	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{ReadOnly: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p, err := Paper(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, wide := range []int{32, 48} {
		p.Settings.Paper.Columns = wide
		doc, err := Slip(t.Context(), l, p, till.PrintJob{Kind: till.SlipReport, Ref: 20260618, Text: "2026-06-18"})
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, b := range doc.Blocks {
			if line, ok := b.(receipt.Line); ok {
				if text += line.Text + "\n"; columns(line.Text) > wide {
					t.Errorf("%d columns: %q", wide, line.Text)
				}
			}
		}
		if !strings.Contains(text, "106.30") || !strings.Contains(text, "面包") {
			t.Errorf("%d columns: the slip says\n%s", wide, text)
		}
	}
}
