package money

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestGross(t *testing.T) {
	for name, c := range map[string]struct {
		price UnitPrice
		qty   Quantity
		want  Amount
	}{
		"two pieces":                 {1590_00, 2 * One, 3180},
		"weight rounds half up":      {680_00, 750, 510},
		"half a fen rounds up":       {1_00, 500, 1},
		"half a fen rounds away":     {1_00, -500, -1},
		"less than half rounds down": {1_00, 499, 0},
		"fuel price":                 {789_25, 10_000, 7893},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Gross(c.price, c.qty)
			if err != nil || got != c.want {
				t.Errorf("Gross(%d, %d) = %d, %v; want %d", c.price, c.qty, got, err, c.want)
			}
		})
	}
	if _, err := Gross(100, QuantityMax+1); !errors.Is(err, ErrRange) {
		t.Errorf("quantity beyond the bound: %v, want ErrRange", err)
	}
	if _, err := Gross(-1, One); !errors.Is(err, ErrRange) {
		t.Errorf("negative price: %v, want ErrRange", err)
	}
}

func TestRates(t *testing.T) {
	if got := Rate(130_000).Within(11300); got != 1300 {
		t.Errorf("13 %% within 113.00 = %d, want 1300", got)
	}
	if got := Rate(88_750).Of(1000); got != 89 {
		t.Errorf("8.875 %% of 10.00 = %d, want 89 (88.75 rounded)", got)
	}
	// Three lines of 0.99 at 19 %: 0.16 each per line, as CONTRACTS rounds by line.
	if got := Rate(190_000).Within(99); got != 16 {
		t.Errorf("19 %% within 0.99 = %d, want 16", got)
	}
}

func TestRoundTo(t *testing.T) {
	for _, c := range []struct {
		a, step, want Amount
		mode          Rounding
	}{
		{8643, 10, 8640, Down}, {8647, 10, 8650, HalfAwayFromZero}, {8645, 10, 8650, HalfAwayFromZero},
		{8645, 10, 8640, HalfEven}, {8655, 10, 8660, HalfEven}, {-8645, 10, -8650, HalfAwayFromZero}, {8643, 1, 8643, Down},
	} {
		if got := RoundTo(c.a, c.step, c.mode); got != c.want {
			t.Errorf("RoundTo(%d, %d, %d) = %d, want %d", c.a, c.step, c.mode, got, c.want)
		}
	}
}

func TestAllocateSumsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := Amount(rapid.Int64Range(0, 1_000_000_00).Draw(t, "total"))
		weights := make([]Amount, rapid.IntRange(1, 30).Draw(t, "n"))
		var sum Amount
		for i := range weights {
			weights[i] = Amount(rapid.Int64Range(0, 100_000).Draw(t, "w"))
			sum += weights[i]
		}
		var got Amount
		for i, p := range Allocate(total, weights) {
			if p < 0 {
				t.Fatalf("part %d is negative: %d", i, p)
			}
			if total <= sum && p > weights[i] {
				t.Fatalf("part %d is %d, more than its weight %d", i, p, weights[i])
			}
			got += p
		}
		if sum > 0 && got != total {
			t.Fatalf("parts sum to %d, want %d", got, total)
		}
	})
}

func TestPartsOfAWholeSumToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "total"))
		whole := Quantity(rapid.Int64Range(1, 50_000).Draw(t, "whole"))
		var at Quantity
		var sum Amount
		for at < whole {
			to := min(whole, at+Quantity(rapid.Int64Range(1, int64(whole)).Draw(t, "step")))
			sum += Part(total, at, to, whole)
			at = to
		}
		if sum != total {
			t.Fatalf("parts sum to %d, want %d", sum, total)
		}
	})
}

func TestFormatAndParse(t *testing.T) {
	cny, jpy, kwd := Currency{"CNY", 2}, Currency{"JPY", 0}, Currency{"KWD", 3}
	for _, c := range []struct {
		cur  Currency
		a    Amount
		want string
	}{{cny, 8640, "86.40"}, {cny, -5, "-0.05"}, {cny, 0, "0.00"}, {jpy, 120, "120"}, {kwd, 1005, "1.005"}} {
		if got := c.cur.Format(c.a); got != c.want {
			t.Errorf("Format(%d) = %q, want %q", c.a, got, c.want)
		}
		if back, err := c.cur.Parse(c.want); err != nil || back != c.a {
			t.Errorf("Parse(%q) = %d, %v; want %d", c.want, back, err, c.a)
		}
	}
	for s, want := range map[string]error{
		"": ErrNumber, ".5": ErrNumber, "5.": ErrNumber, "1e5": ErrNumber, "+1": ErrNumber, "1,000": ErrNumber, "１": ErrNumber,
		"1.005": ErrDecimals, "1000000000000000": ErrRange,
	} {
		if _, err := cny.Parse(s); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %v, want %v", s, err, want)
		}
	}
	if _, err := cny.ParsePrice("-1"); !errors.Is(err, ErrRange) {
		t.Errorf("price -1: %v, want ErrRange", err)
	}
	if p, err := cny.ParsePrice("7.8925"); err != nil || p != 78925 || cny.FormatPrice(p) != "7.8925" {
		t.Errorf("price 7.8925 = %d, %v, %q", p, err, cny.FormatPrice(p))
	}
	if cny.FormatPrice(1590_00) != "15.90" {
		t.Errorf("price 15.90 shows as %q", cny.FormatPrice(1590_00))
	}
	if q, err := ParseQuantity("0.750"); err != nil || q != 750 || q.String() != "0.75" {
		t.Errorf("quantity 0.750 = %d, %v, %q", q, err, q)
	}
	if _, err := ParseQuantity("1000000000000"); !errors.Is(err, ErrRange) {
		t.Errorf("quantity 10^12: %v, want ErrRange", err)
	}
	if r, err := ParsePercent("8.875%"); err != nil || r != 88_750 || r.String() != "0.08875" || r.Percent() != "8.875" {
		t.Errorf("rate 8.875%% = %d, %v", r, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"12.50", "-0.01", "999999999999999999999", "1.2.3", "零"} {
		f.Add(s)
	}
	cny := Currency{"CNY", 2}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := cny.Parse(s)
		if err != nil {
			return
		}
		back, err := cny.Parse(cny.Format(a))
		if err != nil || back != a {
			t.Fatalf("%q reads as %d, which writes as %q and reads as %d, %v", s, a, cny.Format(a), back, err)
		}
	})
}
