package ui

import (
	"slices"
	"testing"

	"guitai/till/money"
)

func TestQuickCashSums(t *testing.T) {
	cny, jpy := money.Currency{Code: "CNY", Exponent: 2}, money.Currency{Code: "JPY"}
	for _, r := range []struct {
		rule string
		c    money.Currency
		due  money.Amount
		n    int
		want []money.Amount
	}{
		{"exact, then the next notes", cny, 8640, 4, []money.Amount{8640, 8700, 9000, 10000, 20000}},
		{"a small sum", cny, 250, 4, []money.Amount{250, 300, 500, 1000, 2000}},
		{"part of a sale", cny, 3640, 4, []money.Amount{3640, 3700, 4000, 5000, 10000}},
		{"a round sum is not twice there", cny, 10000, 3, []money.Amount{10000, 20000, 30000, 40000}},
		{"a large sum does not go up by coins", cny, 43210, 3, []money.Amount{43210, 43500, 44000, 45000}},
		{"yen have no decimals", jpy, 864, 4, []money.Amount{864, 865, 870, 900, 1000}},
		{"nothing due", cny, 0, 4, nil},
	} {
		t.Run(r.rule, func(t *testing.T) {
			if got := quickCash(r.c, r.due, r.n); !slices.Equal(got, r.want) {
				t.Errorf("%d: %v, want %v", r.due, got, r.want)
			}
		})
	}
}

func TestChangeIsMadeOfTheLargestPieces(t *testing.T) {
	w := &Window{lang: "zh-Hans"}
	w.view.Settings.Currency = money.Currency{Code: "CNY", Exponent: 2}
	if got, want := w.pieces(changeOf(w.Currency(), 1360)), "¥10 ×1 · ¥1 ×3 · 5角 ×1 · 1角 ×1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	w.lang = "en"
	if got, want := w.pieces(changeOf(w.Currency(), 1360)), "¥10 ×1 · ¥1 ×3 · ¥0.50 ×1 · ¥0.10 ×1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
