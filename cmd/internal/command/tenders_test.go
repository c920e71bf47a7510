package command

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Tenders side by side, before and after a day, are what the raw export comes to.
func TestTendersComparedAreThoseOfTheRawExport(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
	o := &oracle{rnd: rand.New(rand.NewPCG(3, 81)), exp: 2, step: 1, at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
	for day := range 3 {
		o.open()
		o.trade(60)
		o.close()
		o.at = time.Date(2026, 6, 19+day, 8, 0, 0, 0, o.at.Location())
	}
	sh.ok("replay", sh.file("days.jsonl", o.file.String()))
	sh.set("wallets", feeWallets)
	type cell struct{ sales, amount, total, refunds, refunded, fee int64 }
	type place struct{ period, kind string }
	cells := map[place]*cell{}
	at := func(day, kind string) []*cell {
		period := "before"
		if day >= "2026-06-19" {
			period = "after"
		}
		var out []*cell
		for _, p := range []place{{"", kind}, {period, kind}} {
			if cells[p] == nil {
				cells[p] = &cell{}
			}
			out = append(out, cells[p])
		}
		return out
	}
	paid, fees, given := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, line := range strings.Split(strings.TrimSpace(sh.ok("export", "journal")), "\n") {
		var e exported
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		switch e.Kind {
		case "sale_completed":
			var total int64
			seen := map[string]bool{}
			for _, p := range e.Doc.Sale.Tenders {
				total += minor(t, p.Amount)
			}
			for _, p := range append(e.Doc.Sale.Tenders, struct{ Kind, Amount string }{"", decimal(total, 2, false)}) {
				a, k, fee := minor(t, p.Amount), fmt.Sprint(e.Doc.Sale.Receipt, p.Kind), int64(0)
				if p.Kind == "wallet:alipay" {
					fee = alipayOn(e.Day).of(a)
				}
				paid[k] += a
				fees[k] += fee
				for _, c := range at(e.Day, p.Kind) {
					c.amount += a
					c.fee += fee
					if !seen[p.Kind] {
						c.sales++
						c.total += total
					}
				}
				seen[p.Kind] = true
			}
		case "returned":
			for _, p := range e.Doc.Return.Refunds {
				a, k := minor(t, p.Amount), fmt.Sprint(e.Doc.Return.Of, p.Kind)
				back := int64(0)
				if paid[k] > 0 {
					back = share(fees[k], given[k]+a, paid[k]) - share(fees[k], given[k], paid[k])
				}
				given[k] += a
				for _, c := range at(e.Day, p.Kind) {
					c.refunds++
					c.refunded += a
					c.fee -= back
				}
			}
		}
	}
	m := func(a int64) string { return decimal(a, 2, false) }
	rate := func(a, b int64) string {
		if b <= 0 {
			return "<nil>"
		}
		return decimal(share(a, 1_000_000, b), 6, true)
	}
	var got struct{ Tenders, Periods []map[string]any }
	if err := json.Unmarshal([]byte(sh.ok("report", "tenders", "--from", "2026-06-18", "--to", "2026-06-20", "--split", "2026-06-19", "--format", "json")), &got); err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for p := range cells {
		if p.period == "" && p.kind != "" {
			kinds++
		}
	}
	if len(got.Tenders) != kinds || len(got.Periods) != len(cells)-kinds-1 || kinds < 6 {
		t.Errorf("%d tenders and %d rows of periods, want %d and %d", len(got.Tenders), len(got.Periods), kinds, len(cells)-kinds-1)
	}
	is := func(row map[string]any, want map[string]string) {
		t.Helper()
		for key, w := range want {
			if g := fmt.Sprint(row[key]); g != w {
				t.Errorf("%v %v: %s is %s, want %s", row["period"], row["tender"], key, g, w)
			}
		}
	}
	for _, row := range got.Tenders {
		c := cells[place{"", row["tender"].(string)}]
		feeShare := "<nil>"
		if row["tender"] == "cash" || row["tender"] == "wallet:alipay" {
			feeShare = rate(c.fee, c.amount)
		}
		is(row, map[string]string{"count": fmt.Sprint(c.sales), "amount": m(c.amount), "basket": m(share(c.total, 1, max(c.sales, 1))), "refunds": fmt.Sprint(c.refunds),
			"refunded": m(c.refunded), "refund_share": rate(c.refunded, c.amount), "fee": m(c.fee), "fee_share": feeShare,
			"attempts": "0", "conversion": "<nil>", "seconds_median": "<nil>"})
	}
	for _, row := range got.Periods {
		c, n := cells[place{row["period"].(string), row["tender"].(string)}], int64(1)
		first, last := "2026-06-18", "2026-06-18"
		if row["period"] == "after" {
			n, first, last = 2, "2026-06-19", "2026-06-20"
		}
		is(row, map[string]string{"first": first, "last": last, "days": fmt.Sprint(n), "count": fmt.Sprint(c.sales), "amount": m(c.amount), "amount_per_day": m(share(c.amount, 1, n)),
			"basket": m(share(c.total, 1, max(c.sales, 1)))})
	}
	sh.fails(2, []string{"--split wants a day after --from"}, "report", "tenders", "--from", "2026-06-18", "--to", "2026-06-20", "--split", "2026-06-18")
	for _, format := range []string{"text", "csv", "xlsx", "pdf"} {
		for _, report := range []string{"tenders", "fees"} {
			if out := sh.ok("report", report, "--from", "2026-06-18", "--to", "2026-06-20", "--format", format); len(out) < 300 {
				t.Errorf("%s as %s is only %d bytes", report, format, len(out))
			}
		}
	}
}
