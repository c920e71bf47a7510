package command

import (
	"strings"
	"testing"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// A Z that is printed again lists the carts that were open at its close, not those
// of the day it is printed on, and the hash by which its record is found.
func TestAZPrintedAgainListsWhatWasOpenThen(t *testing.T) {
	sh := newShop(t)
	sh.ok("import", "items", sh.file("items.csv", "code,name,price,unit,barcodes\n101,鲜牛奶,15.90,盒,6901234567892\n"))
	sh.ok("replay", sh.file("day.jsonl", strings.Join([]string{
		`{"do":"open","at":"2026-06-18T08:00:00+08:00","operator":"1001","float":"200.00"}`,
		`{"do":"scan","at":"2026-06-18T08:05:00+08:00","code":"6901234567892","qty":"2"}`,
		`{"do":"park","at":"2026-06-18T08:06:00+08:00"}`,
		`{"do":"close","at":"2026-06-18T12:00:00+08:00","count":{"100":2}}`,
		`{"do":"open","at":"2026-06-18T12:05:00+08:00","operator":"1001","float":"200.00"}`,
		`{"do":"recall","at":"2026-06-18T12:06:00+08:00","parked":1}`,
		`{"do":"cancel","at":"2026-06-18T12:07:00+08:00"}`,
		`{"do":"scan","at":"2026-06-18T12:08:00+08:00","code":"6901234567892","qty":"3"}`,
	}, "\n")+"\n"))
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p, err := Paper(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	slip := func(kind till.SlipKind, ref int64) string {
		t.Helper()
		doc, err := Slip(t.Context(), l, p, till.PrintJob{Kind: kind, Ref: ref, Copy: 1})
		if err != nil {
			t.Fatal(err)
		}
		return receipt.Text(doc, 48)
	}
	z, err := l.Z(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	h := strings.ToUpper(z.Hash)
	for _, want := range []string{"未结的购物车 Open carts                        1", "P1  x1  06-18 08:05", "31.80", "下一班取单后继续，或取消", h[:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16]} {
		if text := slip(till.SlipZ, 1); !strings.Contains(text, want) {
			t.Errorf("the Z lacks %q:\n%s", want, text)
		}
	}
	if text := slip(till.SlipX, 2); !strings.Contains(text, "在屏幕上  x1  06-18 12:08") || !strings.Contains(text, "47.70") || strings.Contains(text, "P1") {
		t.Errorf("the X lists other carts than the one that is open now:\n%s", text)
	}
	if out := sh.ok("export", "journal"); !strings.Contains(out, `"kind":"left_open"`) && !strings.Contains(out, `"kind": "left_open"`) {
		t.Error("the export has no record of what was left open")
	}
	sh.ok("verify")
}
