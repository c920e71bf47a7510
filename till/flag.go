package till

import (
	"fmt"
	"slices"
	"time"

	"guitai/till/money"
)

// FlagRule is a rule that finds records worth a look: loss prevention's usual
// signs, each of which has innocent causes too. A rule never says what somebody
// did.
type FlagRule string

// The rules. Those of one shift compare it with the shop's other shifts, those of
// days compare a person with the rest of the shop.
const (
	FlagVoids         FlagRule = "V1" // post-voids of a shift, of its sales
	FlagVoidSoon      FlagRule = "V2" // a cash sale undone within minutes
	FlagRungCheaper   FlagRule = "V3" // a line voided and the same item rung cheaper in the same sale
	FlagNoSales       FlagRule = "N1" // the drawer opened without a sale
	FlagLooseShare    FlagRule = "R1" // returns without a receipt, of all returns
	FlagOtherTender   FlagRule = "R2" // money given back another way than it was paid, after a correction
	FlagRoundRefunds  FlagRule = "R3" // refunds of round amounts
	FlagUnderLimit    FlagRule = "R4" // refunds just below the limit that needs approval
	FlagOwnSales      FlagRule = "R5" // returns of sales that the same person rang
	FlagDiscounts     FlagRule = "D1" // sales with a discount in a shift
	FlagGivenAway     FlagRule = "D2" // a sale discounted to nothing
	FlagAfterHours    FlagRule = "O1" // acts outside the opening hours
	FlagOneApprover   FlagRule = "O2" // nearly all approvals of one person go to one other
	FlagOftenShort    FlagRule = "C1" // drawers that are short again and again
	FlagLessCash      FlagRule = "C2" // the share of cash fell, the number of sales did not
	FlagByHand        FlagRule = "W1" // wallet money that only a person confirmed
	FlagWalletFails   FlagRule = "W2" // payments that failed, of those asked for
	FlagCodeTwice     FlagRule = "W3" // one customer's code paid twice
	FlagLoose         FlagRule = "S1" // a return without its sale
	FlagSameAmount    FlagRule = "S2" // the same amount again and again within minutes
	FlagFarBelowPrice FlagRule = "S3" // sold far below its list price
	FlagBook          FlagRule = "T1" // clock, copies and rules: what the records rest on
)

// A FlagLimit is when a rule speaks. Which of the fields a rule reads is in
// docs/owner.md; the others are zero.
type FlagLimit struct {
	Rule    FlagRule   `json:"rule"`
	Off     bool       `json:"off,omitempty"`
	Least   int        `json:"least,omitempty"`   // so many at least
	Sample  int        `json:"sample,omitempty"`  // out of so many at least
	Share   money.Rate `json:"share,omitempty"`   // a part above (or for S3 and O1 below) this
	Z       int        `json:"z,omitempty"`       // tenths of standard deviations above the usual
	Chance  money.Rate `json:"chance,omitempty"`  // that chance alone does it: below this
	Days    int        `json:"days,omitempty"`    // so many days back; for C1 so many shifts
	Minutes int        `json:"minutes,omitempty"` // within so many
	From    string     `json:"from,omitempty"`    // opening hours, as 07:00; empty: learned from the hours of past sales
	To      string     `json:"to,omitempty"`
}

// flagDefaults are the limits of a new shop, in the order of reports. Numbers
// come from the published figures for each rule where there are some.
var flagDefaults = []FlagLimit{
	{Rule: FlagVoids, Least: 3, Share: 30_000, Z: 30, Days: 28},
	{Rule: FlagVoidSoon, Minutes: 10},
	{Rule: FlagRungCheaper, Least: 3},
	{Rule: FlagNoSales, Least: 4, Sample: 8, Z: 30, Days: 28},
	{Rule: FlagLooseShare, Least: 3, Sample: 5, Share: 300_000, Days: 28},
	{Rule: FlagOtherTender},
	{Rule: FlagRoundRefunds, Sample: 8, Chance: 10_000, Days: 28},
	{Rule: FlagUnderLimit, Least: 3, Share: 100_000, Days: 7},
	{Rule: FlagOwnSales, Sample: 5, Chance: 1_000, Days: 28},
	{Rule: FlagDiscounts, Least: 5, Z: 30, Days: 28},
	{Rule: FlagGivenAway},
	{Rule: FlagAfterHours, Sample: 500, Share: 5_000, Days: 28},
	{Rule: FlagOneApprover, Sample: 5, Share: 800_000, Chance: 10_000, Days: 28},
	{Rule: FlagOftenShort, Sample: 8, Chance: 10_000, Days: 20},
	{Rule: FlagLessCash, Sample: 100, Z: 30, Days: 14},
	{Rule: FlagByHand, Least: 1},
	{Rule: FlagWalletFails, Least: 8, Z: 30, Days: 28},
	{Rule: FlagCodeTwice},
	{Rule: FlagLoose},
	{Rule: FlagSameAmount, Least: 3, Share: 20_000, Minutes: 10, Days: 28},
	{Rule: FlagFarBelowPrice, Share: 500_000},
	{Rule: FlagBook, Minutes: 60},
}

// FlagRules lists every rule with its default limits, in the order of reports.
func FlagRules() []FlagLimit { return slices.Clone(flagDefaults) }

// FlagLimit returns the limits of a rule: those the owner set, else the defaults.
func (s *Settings) FlagLimit(rule FlagRule) FlagLimit {
	for _, list := range [][]FlagLimit{s.Flags, flagDefaults} {
		for _, f := range list {
			if f.Rule == rule {
				return f
			}
		}
	}
	return FlagLimit{Rule: rule, Off: true}
}

// ParseFlagLimits reads the setting from JSON: the rules whose limits differ from
// the defaults, each with all that it reads. An empty text is none.
func ParseFlagLimits(text string) ([]FlagLimit, error) {
	var list []FlagLimit
	if err := strictly(text, &list); err != nil {
		return nil, fmt.Errorf("limits of rules: %w", err)
	}
	for i, f := range list {
		if !slices.ContainsFunc(flagDefaults, func(d FlagLimit) bool { return d.Rule == f.Rule }) {
			return nil, fmt.Errorf("limits of rules %d: no rule %.10q", i+1, f.Rule)
		}
		if slices.ContainsFunc(list[:i], func(o FlagLimit) bool { return o.Rule == f.Rule }) {
			return nil, fmt.Errorf("limits of rules %d %q: given twice", i+1, f.Rule)
		}
		if min(f.Least, f.Sample, f.Z, f.Days, f.Minutes, int(f.Share), int(f.Chance)) < 0 || max(f.Share, f.Chance) > money.RateMax ||
			max(f.Least, f.Sample, f.Z, f.Minutes) > 100_000 || f.Days > 366 {
			return nil, fmt.Errorf("limits of rules %d %q: a number is out of bounds", i+1, f.Rule)
		}
		if (f.From == "") != (f.To == "") {
			return nil, fmt.Errorf("limits of rules %d %q: from and to go together", i+1, f.Rule)
		}
		for _, at := range []string{f.From, f.To} {
			if _, err := ParseDayStart(at); at != "" && err != nil {
				return nil, fmt.Errorf("limits of rules %d %q: %w", i+1, f.Rule, err)
			}
		}
	}
	return list, nil
}

// A Flag is one thing worth a look: how often something was seen, what is usual,
// and the records behind it. It is no finding about a person.
type Flag struct {
	Rule     FlagRule
	Cashier  string // operator code; "" where nobody's
	Shift    int    // 0: of several
	Since    BusinessDay
	Day      BusinessDay // last day looked at
	Count    int
	Of       int          // Count of so many; 0: a mere count
	Usual    money.Rate   // the part of Of that is usual in this shop, with HasUsual
	HasUsual bool         //
	Amount   money.Amount // of the records together, unsigned
	Receipts []int        // ascending
	Records  []int64      // numbers of records without a receipt, ascending
	// Other says more: the approver of O2, the tender kinds of R2 and W1, the
	// amount of S2, what T1 is about (clock, copy, restored, rule), the acts of O1.
	Other string
}

// Seen is the part that Count is of Of.
func (f *Flag) Seen() money.Rate {
	if f.Of <= 0 {
		return 0
	}
	ppm, err := money.MulDiv(int64(f.Count), int64(money.RateMax), int64(f.Of), money.HalfAwayFromZero)
	if err != nil {
		return 0
	}
	return money.Rate(ppm)
}

// An OddNote is a record that a rule noticed while selling went on. Nobody is told
// at the counter.
type OddNote struct {
	Seq     int64 // of the record
	Rule    FlagRule
	Receipt int // 0 without one
	Cashier string
	Shift   int
	Day     BusinessDay
	At      time.Time // of the record
	Noted   time.Time
	Amount  money.Amount
}
