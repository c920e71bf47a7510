package command

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The journal of accounts balances, is taken by hledger with all its checks of
// declarations, and its balances are the oracle's, which the Zs say too.
func TestAccountsBalanceAndAreTheOraclesSums(t *testing.T) {
	for seed, row := range []struct {
		currency string
		exp      int
	}{{"CNY", 2}, {"JPY", 0}, {"KWD", 3}} {
		t.Run(row.currency, func(t *testing.T) {
			sh := newShop(t, "--currency", row.currency, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
			o := &oracle{rnd: rand.New(rand.NewPCG(uint64(seed), 77)), exp: row.exp, step: 1, at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
			want := map[string]int64{}
			for day := range 3 {
				o.open()
				o.trade(40)
				o.close()
				x := o.sums
				want["revenues:sales"] -= x["gross"] - x["discounts"] + x["tax_added"] - x["refunds"] - x["tax"]
				want["liabilities:tax"] -= x["tax"]
				want["revenues:rounding"] -= x["rounding"]
				for kind, k := range o.tenders {
					if kind != "cash" {
						want["assets:tender:"+kind] += k["amount"] - k["refunded"]
					}
				}
				want["expenses:paid_out"] += o.cash["paid_out"]
				want["revenues:paid_in"] -= o.cash["paid_in"]
				want["assets:safe"] += o.cash["drop"] - o.cash["loan"]
				o.at = time.Date(2026, 6, 19+day, 8, 0, 0, 0, o.at.Location())
			}
			sh.ok("replay", sh.file("days.jsonl", o.file.String()))
			text := sh.ok("export", "accounts", "--from", "2026-06-18", "--to", "2026-06-20")
			if n := strings.Count(text, "\n2026-06-"); n != 3 || !strings.Contains(text, "2026-06-19 * Z 2, shift 2\n") {
				t.Errorf("%d transactions, want one for each Z:\n%s", n, text)
			}
			file := sh.file("till.journal", text)
			if out, err := exec.Command("hledger", "-f", file, "check", "--strict").CombinedOutput(); err != nil {
				t.Fatalf("hledger: %v\n%s\n%s", err, out, text)
			}
			out, err := exec.Command("hledger", "-f", file, "balance", "--flat", "--empty", "--no-total", "-O", "csv", "--layout", "bare").CombinedOutput()
			if err != nil {
				t.Fatalf("hledger: %v\n%s", err, out)
			}
			rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, r := range rows[1:] {
				got[r[0]] = r[2]
			}
			for account, a := range want {
				if g, w := got[account], decimal(a, row.exp, false); g != w && !(g == "" && a == 0) && !(g == "0" && a == 0) {
					t.Errorf("%s: hledger says %q, want %s", account, g, w)
				}
			}
			if g := got["assets:tender:cash"]; g != "" && strings.Trim(g, "0.") != "" {
				t.Errorf("after the last Z the drawer holds %s, want nothing", g)
			}
			inSheet(t, sh.ok("export", "accounts", "--from", "2026-06-18", "--to", "2026-06-20", "--format", "csv"), want)
		})
	}
	sh := newShop(t)
	sh.fails(2, []string{"--from lies after --to"}, "export", "accounts", "--from", "2026-06-19", "--to", "2026-06-18")
}

// inSheet adds the CSV up itself: debits are credits within each Z, and the
// accounts hold what is wanted.
func inSheet(t *testing.T, text string, want map[string]int64) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	minor := func(s string) (n int64) {
		if s != "" {
			if _, err := fmt.Sscan(strings.TrimLeft(strings.Replace(s, ".", "", 1), "0")+"", &n); err != nil && strings.Trim(s, "0.") != "" {
				t.Fatalf("%q: %v", s, err)
			}
		}
		return n
	}
	got, zs := map[string]int64{}, map[string]int64{}
	for _, r := range rows[1:] {
		a := minor(r[4]) - minor(r[5])
		got[r[3]] += a
		zs[r[1]] += a
	}
	for z, off := range zs {
		if off != 0 {
			t.Errorf("Z %s is off balance by %d", z, off)
		}
	}
	picked := map[string]int64{}
	for account := range want {
		picked[account] = got[account]
	}
	if !maps.Equal(picked, want) {
		t.Errorf("the CSV comes to %v, want %v", picked, want)
	}
}
