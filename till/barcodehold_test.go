package till

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guitai/till/money"
)

// holdBarcode checks what holds of every code, however it came: it is taken
// apart without a panic, what identifies the symbology is no part of it, and
// what it sells is above zero.
func holdBarcode(t *testing.T, s string) {
	t.Helper()
	b, err := shopBarcodes().Parse(s)
	if err != nil {
		if len(err.Error()) > 400 {
			t.Fatalf("the error repeats the scan: %s", err)
		}
		return
	}
	plain := PlainCode(s)
	if b.Text == "" || plain == "" || b.Symbology != "" && b.AddOn == "" && len(b.Text) > len(plain) {
		t.Fatalf("%q is %q, plain %q", s, b.Text, plain)
	}
	if b.GTIN != "" && !GTINCheck(b.GTIN) {
		t.Fatalf("%q has the number %s", s, b.GTIN)
	}
	if codes := b.LookupCodes(); (b.Kind == BarcodePayCode || b.Kind == BarcodeStaff) && len(codes) > 0 {
		t.Fatalf("a secret is searched for as %q", codes)
	}
	if b.Kind != BarcodeGS1 || b.GTIN == "" {
		return
	}
	cny := money.Currency{Code: "CNY", Exponent: 2}
	found{gs1: b.GS1}.expired(time.Unix(1785456000, 0), nil)
	for _, it := range []Item{{Unit: "kg", Weighed: true, Price: 880_00}, {Unit: "盒", Price: 350_00}, {Unit: "lb", Price: 0}} {
		f, err := b.GS1.sells(it, b.GTIN, cny)
		if err == nil && f.qty <= 0 {
			t.Fatalf("%q sells %d of %+v", s, f.qty, it)
		}
		amount, priced := b.GS1.Price(cny)
		if gross, wrong := money.Gross(f.item.Price, f.qty); err == nil && priced && (wrong != nil || gross != amount) {
			t.Fatalf("%q of %+v comes to %d, %v; it says %d", s, it, gross, wrong, amount)
		}
	}
}

// holdGS1 checks that an element string that is read is written so that it reads
// the same again.
func holdGS1(t *testing.T, s string) {
	t.Helper()
	g, err := ParseGS1(s)
	if err != nil || strings.HasPrefix(s, "(") {
		return
	}
	back, err := ParseGS1(g.Encode())
	if err != nil || back.Encode() != g.Encode() || back.Rest != g.Rest || len(back.Elements) != len(g.Elements) {
		t.Fatalf("%q reads as %q, which reads as %q, %v", s, g.Encode(), back.Encode(), err)
	}
}

// holdLabel checks that a label is read within its digits, and that a rule taught
// by what a label says reads it the same.
func holdLabel(t *testing.T, rule LabelRule, code string) {
	t.Helper()
	l, err := rule.Read(code)
	if err != nil {
		return
	}
	if l.Weight < 0 || l.Amount < 0 || l.Weight > 1e9 || l.Amount > 1e9 || len(l.Item) != rule.ItemDigits || !l.HasWeight && !l.HasAmount {
		t.Fatalf("%s reads as %+v", code, l)
	}
	says := LabelMeaning{Item: l.Item, Grams: int64(l.Weight), Amount: l.Amount}
	taught, err := TeachLabel(code, says)
	if err != nil {
		if !errors.Is(err, ErrLabelSample) && !errors.Is(err, ErrLabelRule) {
			t.Fatalf("%s teaches nothing: %v", code, err)
		}
		return
	}
	again, err := taught.Read(code)
	if err != nil || !again.says(says) {
		t.Fatalf("%s, which says %+v, teaches %+v, which reads %+v, %v", code, says, taught, again, err)
	}
}

func FuzzBarcodeWithIdentifier(f *testing.F) {
	for _, s := range []string{"]E06901234567892", "]C10106901234567892\x1d10A", "]Q1https://id.gs1.org/01/06901234567892?3103=000756", "]E3977123456700312", "]", "]C", "]d20106901234567892<GS>10A", "]I106901234567892", "]A012345678"} {
		f.Add(s)
	}
	f.Fuzz(holdBarcode)
}

func FuzzLabels(f *testing.F) {
	f.Add("21", 13, 5, 0, true, 1, 0, "2100042007563")
	f.Add("25", 18, 5, 0, false, 1, 10, "250004201250007566")
	f.Fuzz(func(t *testing.T, prefix string, digits, item, skip int, weight bool, grams, minor int, code string) {
		r := LabelRule{Prefix: prefix, Digits: digits, ItemDigits: item, Skip: skip, Value: LabelPrice, Grams: grams, Minor: minor}
		if weight {
			r.Value = LabelWeight
		}
		holdLabel(t, r, code)
	})
}
