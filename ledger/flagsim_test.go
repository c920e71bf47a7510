package ledger

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/tilltest"
)

var flagSeeds = flag.Int("flagseeds", 1, "shops of cashiers that TestFlagRates measures for each scheme")

// The simulated shop: three people, one with a scheme from the 15th of 35 days on.
const (
	crewDays   = 35
	crewBegins = 14
)

// A caught is what the rules made of one rule's scheme.
type caught struct {
	shops, found int // shops with the scheme; those where its person was named for it
	days         int // from the scheme's beginning to the first flag, summed
	named        int // flags of the rule about anybody else
}

// crewShop lets a crew with one scheme trade, and asks for the flags at the end of
// every day from its beginning on.
func crewShop(t *testing.T, seed uint64, scheme till.FlagRule, each func(day int, flags []till.Flag, who string)) (shifts int) {
	t.Helper()
	settings := till.DefaultSettings()
	settings.Taxes = tilltest.Taxes()
	settings.Limits.CashierRefund = 10000
	l, err := Found(bg, filepath.Join(t.TempDir(), "shop"), Founding{Settings: settings}, Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	people := []*tilltest.Person{{Code: "2001"}, {Code: "2002"}, {Code: "2003"}}
	crook := people[seed%3]
	crook.Scheme = scheme
	crew := tilltest.NewCrew(seed, people...)
	crew.Limit, crew.Begins = settings.Limits.CashierRefund, crewBegins
	for day := range crewDays {
		today := crew.Trade.Day
		if err := l.exec(bg, "BEGIN IMMEDIATE"); err != nil {
			t.Fatal(err)
		}
		l.batch = true
		if err := crew.Trades(func(tx till.Tx) error { return l.Commit(bg, tx) }, func(shift int) (till.ShiftTotals, []till.TaxTotal, error) { return l.Totals(bg, shift) }); err != nil {
			t.Fatal(err)
		}
		if err := l.EndBatch(bg); err != nil {
			t.Fatal(err)
		}
		if day < crewBegins {
			continue
		}
		flags, err := l.Flags(bg, today, today)
		if err != nil {
			t.Fatal(err)
		}
		shifts += 2
		each(day, flags, crook.Code)
	}
	return shifts
}

// flagRates runs shops of cashiers and counts what each rule says of them.
func flagRates(t *testing.T, seeds int, schemes []till.FlagRule) (rates map[till.FlagRule]*caught, shifts int) {
	rates = map[till.FlagRule]*caught{}
	of := func(r till.FlagRule) *caught {
		if rates[r] == nil {
			rates[r] = &caught{}
		}
		return rates[r]
	}
	for seed := range seeds {
		for n, scheme := range schemes {
			first := -1
			shifts += crewShop(t, uint64(1+seed*100+n), scheme, func(day int, flags []till.Flag, who string) {
				for _, x := range flags {
					switch {
					case x.Cashier != who:
						of(x.Rule).named++
					case x.Rule == scheme && first < 0:
						first = day
					}
				}
			})
			c := of(scheme)
			c.shops++
			if first >= 0 {
				c.found++
				c.days += first - crewBegins + 1
			}
		}
	}
	return rates, shifts
}

// TestFlagRates measures how many dishonest cashiers of a simulated shop each rule
// finds, and how often it names somebody honest. With -flagseeds it prints the
// table of docs/measurements.md.
func TestFlagRates(t *testing.T) {
	schemes := tilltest.Schemes()
	rates, shifts := flagRates(t, *flagSeeds, schemes)
	var b strings.Builder
	fmt.Fprintf(&b, "%d shops of 3 cashiers, %d days each, the scheme from day %d on; %d shifts judged\n", *flagSeeds*len(schemes), crewDays, crewBegins+1, shifts)
	fmt.Fprintf(&b, "rule  found in  of shops  after days  flags on others per 1000 shifts\n")
	found, shops := 0, 0
	for _, d := range till.FlagRules() {
		c := rates[d.Rule]
		if c == nil {
			c = &caught{}
		}
		days, tested := "-", slices.Contains(schemes, d.Rule)
		if c.found > 0 {
			days = fmt.Sprintf("%.1f", float64(c.days)/float64(c.found))
		}
		if !tested {
			fmt.Fprintf(&b, "%-4s  %8s  %8s  %10s  %8.1f\n", d.Rule, "-", "-", "-", 1000*float64(c.named)/float64(shifts))
			continue
		}
		found, shops = found+c.found, shops+c.shops
		fmt.Fprintf(&b, "%-4s  %8d  %8d  %10s  %8.1f\n", d.Rule, c.found, c.shops, days, 1000*float64(c.named)/float64(shifts))
	}
	t.Logf("%s%d of %d schemes found", b.String(), found, shops)
	if found*10 < shops*9 {
		t.Errorf("%d of %d schemes were found, want nine in ten", found, shops)
	}
	// Rules about a pattern must hardly ever name the honest; those about single acts
	// list each act, of whoever it was.
	for _, r := range []till.FlagRule{till.FlagVoids, till.FlagRungCheaper, till.FlagNoSales, till.FlagLooseShare, till.FlagRoundRefunds, till.FlagUnderLimit, till.FlagOwnSales,
		till.FlagDiscounts, till.FlagAfterHours, till.FlagOneApprover, till.FlagOftenShort, till.FlagLessCash, till.FlagSameAmount, till.FlagFarBelowPrice} {
		if c := rates[r]; c != nil && c.named*50 > shifts {
			t.Errorf("rule %s named somebody without a scheme %d times in %d shifts, want at most one in 50", r, c.named, shifts)
		}
	}
}
