package command

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
)

// set changes a setting of the shop.
func (s *shop) set(key, value string) {
	s.t.Helper()
	l, err := ledger.Open(s.t.Context(), s.data, ledger.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	settings, err := l.Settings(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	old, _ := settings.Get(key)
	at := time.Now().Truncate(time.Millisecond)
	e := till.Entry{At: at, Recorded: at, Operator: ownerCode, Record: &till.SettingSet{Key: key, Old: old, New: value}}
	if err := l.Commit(s.t.Context(), till.Tx{Entries: []till.Entry{e}}); err != nil {
		s.t.Fatal(err)
	}
}

// feeWallets are three wallets: one whose rule changes on the second day and has
// every kind of fee, one dearer that keeps its fees, one for nothing.
const feeWallets = `[
 {"name":"alipay","on":true,"mode":"live","ways":["take"],"settles":1,"workdays":true,"opening":99999,"yearly":36600,
  "withdrawal":{"rate":1000,"min":10},"fees":[{"from":20260601,"rate":6000},{"from":20260619,"rate":3800,"fixed":7,"min":25,"cap":180}]},
 {"name":"stripe","on":true,"mode":"live","ways":["take"],"settles":7,"keeps_fees":true,"yearly":1000,"fees":[{"rate":29000,"fixed":30}]},
 {"name":"jdpay","on":true,"mode":"live","ways":["take"],"fees":[{"from":20260101}]}]`

// A feeRule is one of them for the oracle, in parts per million and minor units.
type feeRule struct{ ppm, fixed, least, most int64 }

var (
	alipayFirst = feeRule{ppm: 6000}
	alipayThen  = feeRule{3800, 7, 25, 180}
	stripeRule  = feeRule{ppm: 29000, fixed: 30}
)

func (r feeRule) of(a int64) int64 {
	fee := max(share(a, r.ppm, 1_000_000)+r.fixed, r.least)
	if r.most > 0 {
		fee = min(fee, r.most)
	}
	return fee
}

func alipayOn(day string) feeRule {
	if day < "2026-06-19" {
		return alipayFirst
	}
	return alipayThen
}

// minor reads a decimal of the export as minor units.
func minor(t *testing.T, s string) int64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no amount", s)
	}
	r.Mul(r, big.NewRat(100, 1))
	if !r.IsInt() {
		t.Fatalf("%q has more than two decimals", s)
	}
	return r.Num().Int64()
}

// An exported is what the fees' oracle reads of the raw export.
type exported struct {
	Kind, Day string
	Doc       struct {
		Sale struct {
			Receipt int
			Tenders []struct{ Kind, Amount string }
		}
		Return struct {
			Of      int
			Refunds []struct{ Kind, Amount string }
		}
	}
}

// Fees, arrivals, proceeds and the what-if are those that fractions over the raw
// export come to: over random days with refunds across days, at rules that change.
func TestFeesAreThoseOfTheRawExport(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
	o := &oracle{rnd: rand.New(rand.NewPCG(9, 58)), exp: 2, step: 1, at: time.Date(2026, 6, 18, 8, 0, 0, 0, time.FixedZone("", 8*3600))}
	for day := range 3 { // Thursday to Saturday
		o.open()
		o.trade(120)
		o.close()
		o.at = time.Date(2026, 6, 19+day, 8, 0, 0, 0, o.at.Location())
	}
	sh.ok("replay", sh.file("days.jsonl", o.file.String()))
	sh.set("wallets", feeWallets)
	raw := sh.ok("export", "journal")
	for _, span := range [][2]string{{"2026-06-18", "2026-06-20"}, {"2026-06-19", "2026-06-19"}, {"2026-06-20", "2026-07-31"}} {
		var got map[string]any
		if err := json.Unmarshal([]byte(sh.ok("report", "fees", "--from", span[0], "--to", span[1], "--format", "json")), &got); err != nil {
			t.Fatal(err)
		}
		want := feesByHand(t, raw, span[0], span[1])
		for _, name := range []string{"tenders", "arrivals", "what_if", "days"} {
			list, _ := got[name].([]any)
			rows := []string{}
			for _, v := range list {
				b, _ := json.Marshal(v)
				rows = append(rows, string(b))
			}
			slices.Sort(rows)
			slices.Sort(want[name])
			if len(rows) == 0 || !slices.Equal(rows, want[name]) {
				t.Errorf("%v: %s:\n got %s\nwant %s", span, name, strings.Join(rows, "\n     "), strings.Join(want[name], "\n     "))
			}
		}
	}
}

// feesByHand computes the rows of the four tables, as JSON with sorted keys.
func feesByHand(t *testing.T, raw, from, to string) map[string][]string {
	t.Helper()
	m := func(a int64) string { return decimal(a, 2, false) }
	rate := func(a, b int64) string {
		if b <= 0 {
			return "null"
		}
		return fmt.Sprintf("%q", decimal(share(a, 1_000_000, b), 6, true))
	}
	type cell struct{ n, gross, refunded, fee, back, opening, yearly int64 }
	days := map[[2]string]*cell{}
	at := func(day, kind string) *cell {
		k := [2]string{day, kind}
		if days[k] == nil {
			days[k] = &cell{}
		}
		return days[k]
	}
	type key struct {
		receipt int
		kind    string
	}
	paid, fees, given := map[key]int64{}, map[key]int64{}, map[key]int64{}
	whatIf := map[[2]string]*cell{}
	for _, line := range strings.Split(strings.TrimSpace(raw), "\n") {
		var e exported
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		in := e.Day >= from && e.Day <= to
		switch e.Kind {
		case "sale_completed":
			for _, p := range e.Doc.Sale.Tenders {
				a, k := minor(t, p.Amount), key{e.Doc.Sale.Receipt, p.Kind}
				paid[k] += a
				var fee int64
				if p.Kind == "wallet:alipay" {
					fee = alipayOn(e.Day).of(a)
				}
				fees[k] += fee
				if !in {
					continue
				}
				c := at(e.Day, p.Kind)
				c.n++
				c.gross += a
				c.fee += fee
				if p.Kind == "card" || p.Kind == "transfer" || strings.Contains(p.Kind, ":") {
					for wallet, fee := range map[string]int64{"alipay": alipayOn(e.Day).of(a), "stripe": stripeRule.of(a), "jdpay": 0} {
						for _, kind := range []string{p.Kind, ""} {
							w := [2]string{kind, wallet}
							if whatIf[w] == nil {
								whatIf[w] = &cell{}
							}
							whatIf[w].n++
							whatIf[w].gross += a
							whatIf[w].fee += fee
						}
					}
				}
			}
		case "returned":
			for _, p := range e.Doc.Return.Refunds {
				a, k := minor(t, p.Amount), key{e.Doc.Return.Of, p.Kind}
				before := given[k]
				given[k] += a
				if !in {
					continue
				}
				c := at(e.Day, p.Kind)
				c.refunded += a
				if paid[k] > 0 {
					c.back += share(fees[k], before+a, paid[k]) - share(fees[k], before, paid[k])
				}
			}
		}
	}
	// 18 June is day 169 of 365; the rule, and with it the wallet, began on 1 June, 17 days before.
	var yearAll = map[string]int64{}
	for i, day := range []string{"2026-06-18", "2026-06-19", "2026-06-20"} {
		if day < from || day > to {
			continue
		}
		n := int64(168 + i)
		c := at(day, "wallet:alipay")
		c.yearly = share(36600, n+1, 365) - share(36600, n, 365)
		yearAll["alipay"] += c.yearly
		yearAll["stripe"] += share(1000, n+1, 365) - share(1000, n, 365)
		b := int64(17 + i)
		c.opening = share(99999, b+1, 365) - share(99999, b, 365)
	}
	out := map[string][]string{"tenders": {}, "arrivals": {}, "what_if": {}, "days": {}}
	sum := map[string]*cell{}
	arrives := map[string]int64{}
	for k, c := range days {
		settled, arrival := c.gross-c.refunded-c.fee+c.back, ""
		if k[1] == "wallet:alipay" {
			arrival = map[string]string{"2026-06-18": "2026-06-19", "2026-06-19": "2026-06-22", "2026-06-20": "2026-06-22"}[k[0]]
			arrives[arrival] += settled
		}
		if *c == (cell{n: c.n}) && c.n == 0 {
			continue
		}
		priced := k[1] == "cash" || k[1] == "none" || k[1] == "wallet:alipay"
		out["days"] = append(out["days"], fmt.Sprintf(`{"arrives":%q,"date":%q,"fee":%q,"fee_back":%q,"gross":%q,"opening":%q,"payments":%d,"priced":%v,"refunded":%q,"settled":%q,"tender":%q,"yearly":%q}`,
			arrival, k[0], m(c.fee), m(c.back), m(c.gross), m(c.opening), c.n, priced, m(c.refunded), m(settled), k[1], m(c.yearly)))
		s := sum[k[1]]
		if s == nil {
			s = &cell{}
			sum[k[1]] = s
		}
		*s = cell{s.n + c.n, s.gross + c.gross, s.refunded + c.refunded, s.fee + c.fee, s.back + c.back, s.opening + c.opening, s.yearly + c.yearly}
	}
	var withdrawn int64
	for day, a := range arrives {
		w := int64(0)
		if a > 0 {
			w = max(share(a, 1000, 1_000_000), 10)
		}
		withdrawn += w
		if a != 0 {
			out["arrivals"] = append(out["arrivals"], fmt.Sprintf(`{"date":%q,"proceeds":%q,"settled":%q,"tender":"wallet:alipay","withdrawal":%q}`, day, m(a-w), m(a), m(w)))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(sum)) {
		s, w := sum[kind], int64(0)
		if kind == "wallet:alipay" {
			w = withdrawn
		}
		priced := kind == "cash" || kind == "none" || kind == "wallet:alipay"
		feeShare := "null"
		if priced {
			feeShare = rate(s.fee, s.gross)
		}
		out["tenders"] = append(out["tenders"], fmt.Sprintf(`{"fee":%q,"fee_back":%q,"fee_share":%s,"gross":%q,"opening":%q,"payments":%d,"priced":%v,"proceeds":%q,"refunded":%q,"tender":%q,"withdrawal":%q,"yearly":%q}`,
			m(s.fee), m(s.back), feeShare, m(s.gross), m(s.opening), s.n, priced, m(s.gross-s.refunded-s.fee+s.back-w-s.opening-s.yearly), m(s.refunded), kind, m(w), m(s.yearly)))
	}
	for k, c := range whatIf {
		yearly := int64(0)
		if k[0] == "" {
			yearly = yearAll[k[1]]
		}
		out["what_if"] = append(out["what_if"], fmt.Sprintf(`{"fee":%q,"fee_share":%s,"gross":%q,"payments":%d,"proceeds":%q,"rules":%q,"tender":%q,"yearly":%q}`,
			m(c.fee), rate(c.fee, c.gross), m(c.gross), c.n, m(c.gross-c.fee-yearly), k[1], k[0], m(yearly)))
	}
	return out
}
