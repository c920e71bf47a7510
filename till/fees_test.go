package till_test

import (
	"testing"

	"guitai/till"
	"guitai/till/money"
)

// When a wallet's money arrives: calendar days, or Monday to Friday.
func TestFeesArrive(t *testing.T) {
	for _, row := range []struct {
		settles   int
		workdays  bool
		day, want till.BusinessDay
	}{
		{1, false, 20260618, 20260619}, {0, false, 20260620, 20260620}, {3, false, 20261230, 20270102}, {1, false, 20280228, 20280229},
		{1, true, 20260618, 20260619}, {1, true, 20260619, 20260622}, {1, true, 20260620, 20260622}, {0, true, 20260621, 20260622},
		{5, true, 20260619, 20260626}, {2, true, 20260621, 20260623},
	} {
		a := till.WalletAccount{Settles: row.settles, Workdays: row.workdays}
		if got := a.Arrives(row.day); got != row.want {
			t.Errorf("T+%d workdays %v: %s arrives on %s, want %s", row.settles, row.workdays, row.day, got, row.want)
		}
	}
}

// A year of days bears exactly the yearly fee, in leap years too, and the first
// 365 days exactly the fee for opening.
func TestFeesSpreadOverDaysSumExactly(t *testing.T) {
	a := till.WalletAccount{Opening: 100_01, Yearly: 299_99}
	for _, year := range []till.BusinessDay{20260000, 20280000} {
		var yearly money.Amount
		for day := year + 101; day < year+10000; day = day.Plus(1) {
			_, y := a.Spread(20250101, day)
			yearly += y
		}
		if yearly != 299_99 {
			t.Errorf("%d bears %d of the yearly fee", year/10000, yearly)
		}
	}
	var opening money.Amount
	for day, n := till.BusinessDay(20270815), 0; n < 500; day, n = day.Plus(1), n+1 {
		o, _ := a.Spread(20270820, day)
		opening += o
	}
	if opening != 100_01 {
		t.Errorf("the days bear %d of the opening fee", opening)
	}
	if o, y := a.Spread(0, 20260618); o != 0 || y != 0 {
		t.Errorf("a wallet that never began costs %d and %d", o, y)
	}
}

// Parts of a payment give back parts of its fee that sum to it; a provider that
// keeps fees gives nothing back.
func TestFeesComeBackWithRefunds(t *testing.T) {
	a := till.WalletAccount{}
	var back money.Amount
	for before := money.Amount(0); before < 1000; before += 125 {
		back += a.FeeBack(7, 1000, before, 125)
	}
	if back != 7 {
		t.Errorf("eight parts give back %d of a fee of 7", back)
	}
	if got := a.FeeBack(7, 1000, 0, 500); got != 4 {
		t.Errorf("half of 7 is %d, want 4", got)
	}
	a.KeepsFees = true
	if got := a.FeeBack(7, 1000, 0, 1000); got != 0 {
		t.Errorf("a kept fee gives back %d", got)
	}
}
