package ui

import (
	"strings"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// billGroup is one of the four groups that the screen tells apart; the finer kind of a finding is its badge.
type billGroup string

// The groups.
const (
	billMatched  billGroup = "matched"
	billNotHere  billGroup = "not_here"
	billNotThere billGroup = "not_there"
	billApart    billGroup = "apart"
)

func groupOfFinding(k till.FindingKind) billGroup {
	switch k {
	case till.PaidThere, till.PaidTwice, till.RefundNotOurs, till.RefundTwice:
		return billNotHere
	case till.PaidHere, till.RefundAbsent:
		return billNotThere
	case till.AmountApart:
		return billApart
	case till.Matched, till.Foreign, till.UnverifiedFound, till.AbsentClosed:
	}
	return billMatched
}

// look is how a group is marked.
func (g billGroup) look() (kind kit.Kind, icon string, ink kit.Colour) {
	switch g {
	case billNotHere:
		return kit.Caution, "file-plus", kit.Warn
	case billNotThere:
		return kit.Bad, "file-x", kit.Danger
	case billApart:
		return kit.Caution, "equal-not", kit.Warn
	case billMatched:
	}
	return kit.Good, "circle-check", kit.Accent
}

// findingBadge is the finer kind of a finding in a word.
func (w *Window) findingBadge(f *till.Finding) *kit.Badge {
	kind, icon, _ := groupOfFinding(f.Kind).look()
	switch {
	case f.Kind == till.PaidTwice || f.Kind == till.RefundTwice:
		kind = kit.Bad
		icon = "copy"
	case f.Kind == till.Foreign || f.Kind == till.AbsentClosed:
		kind, icon = kit.Plain, "info"
	case f.Kind.Differs() && !f.Open():
		kind, icon = kit.Plain, "check"
	}
	return kit.NewBadge(kind, icon, w.Say("bills.kind."+string(f.Kind)))
}

// guess says what a finding looks like, in a sentence.
func (w *Window) guess(f *till.Finding) string {
	if f.Kind.Differs() && !f.Open() {
		return w.Say("bills.guess.settled", "who", w.personName(f.SettledBy), "why", f.Why)
	}
	for _, key := range []string{string(f.Kind) + "." + f.State, string(f.Kind) + "." + string(f.Next), string(f.Kind)} {
		if key = "bills.guess." + strings.TrimSuffix(key, "."); w.words.Has(key) {
			return w.Say(key)
		}
	}
	return ""
}

// attemptWords say how a payment or a refund stands here.
func (w *Window) attemptWords(f *till.Finding) string {
	if f.State == "" {
		return w.Say("bills.no_record")
	}
	if key := "bills.state." + f.State; w.words.Has(key) {
		return w.Say(key)
	}
	if k := till.TenderKind(f.State); k.Family() != "" && strings.Contains(f.State, ":") || f.State == string(till.Transfer) {
		return w.Say("bills.cashier_said")
	}
	return f.State
}

// sideMoney is one side's amount, a dash where it has nothing.
func sideMoney(c money.Currency, a money.Amount) string {
	if a == 0 {
		return "—"
	}
	return Money(c, a)
}

// tailed shows the ends of a long number, as receipts do.
func tailed(s string) string {
	if len(s) <= 14 {
		return s
	}
	return s[:4] + " **** " + s[len(s)-4:]
}
