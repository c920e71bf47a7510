package command

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// Random days, in currencies of no, two and three decimals: the report, the
// postings and the receipts say to the last unit what the oracle says.
func TestPain14RandomDaysAddUpInReportReceiptsAndPostings(t *testing.T) {
	for seed, row := range []struct {
		currency string
		exp      int
		round    string
		step     int64
	}{{"CNY", 2, "0.01", 1}, {"CNY", 2, "0.10", 10}, {"CHF", 2, "0.05", 5}, {"JPY", 0, "1", 1}, {"KWD", 3, "0.005", 5}} {
		t.Run(row.currency+" "+row.round, func(t *testing.T) {
			sh := newShop(t, "--currency", row.currency, "--cash-round", row.round,
				"--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
			o := &oracle{rnd: rand.New(rand.NewPCG(uint64(seed), 14)), exp: row.exp, step: row.step,
				at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
			var accounts [3]int64 // sales, tax, rounding
			for day := range 3 {
				o.file.Reset()
				o.open()
				o.trade(60)
				o.close()
				sh.ok("replay", sh.file(fmt.Sprintf("day%d.jsonl", day), o.file.String()))
				sameReport(t, sh.ok("report", "day", "--date", o.day, "--format", "json"), o.report(row.currency))
				if t.Failed() {
					t.Fatalf("the day was\n%s", o.file.String())
				}
				accounts[0] += o.sums["gross"] - o.sums["discounts"] + o.sums["tax_added"] - o.sums["refunds"] - o.sums["tax"]
				accounts[1] += o.sums["tax"]
				accounts[2] += o.sums["rounding"]
				o.at = time.Date(2026, 6, 19+day, 8, 0, 0, 0, o.at.Location())
			}
			sh.ok("verify")
			balanced(t, sh.data, accounts)
			onReceipts(t, sh.data, o)
		})
	}
}

// balanced checks the postings: each record's sum to zero, and the accounts of
// income come to what the days came to.
func balanced(t *testing.T, dir string, want [3]int64) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, ledger.FileName))+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var off int
	if err := db.QueryRow("SELECT count(*) FROM (SELECT seq FROM posting GROUP BY seq HAVING sum(amount) <> 0)").Scan(&off); err != nil || off != 0 {
		t.Errorf("%d records whose postings do not balance, %v", off, err)
	}
	for i, account := range []string{"sales", "tax", "rounding"} {
		var sum int64
		if err := db.QueryRow("SELECT ifnull(-sum(amount), 0) FROM posting WHERE account = ?", account).Scan(&sum); err != nil || sum != want[i] {
			t.Errorf("account %s holds %d, %v, want %d", account, sum, err, want[i])
		}
	}
}

// onReceipts checks that the slip of every sale names its total, what each line
// comes to and what each tender kept.
func onReceipts(t *testing.T, dir string, o *oracle) {
	t.Helper()
	l, err := ledger.Open(t.Context(), dir, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p, err := Paper(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range o.sales {
		doc, err := Slip(t.Context(), l, p, till.PrintJob{Kind: till.SlipReceipt, Ref: int64(s.no)})
		if err != nil {
			t.Fatal(err)
		}
		text := receipt.Text(doc, 48)
		want := []string{o.money(s.total)}
		for _, line := range s.lines {
			if !line.void {
				want = append(want, line.name, o.money(line.gross))
			}
		}
		for _, a := range s.parts {
			want = append(want, o.money(a))
		}
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(text, ",", ""), w) {
				t.Fatalf("receipt %06d lacks %q:\n%s", s.no, w, text)
			}
		}
	}
}
