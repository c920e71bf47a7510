package command

import (
	"strings"
	"testing"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// Every kind of print job finds its document in the ledger and says what was
// done by hand.
func TestSlipsFromTheLedger(t *testing.T) {
	sh := replayed(t)
	sh.ok("replay", sh.file("next.jsonl", `{"do":"open","at":"2026-06-19T07:00:00+08:00","operator":"1001","float":"50.00"}
{"do":"scan","at":"2026-06-19T07:01:00+08:00","code":"401"}
{"do":"tender","at":"2026-06-19T07:02:00+08:00","kind":"cash","amount":"23.00"}`))
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var move till.ID
	if err := l.Journal(t.Context(), 1, func(d ledger.Document) error {
		if m, ok := d.Record.(*till.CashMoved); ok && m.Movement == till.PaidOut {
			move = m.ID
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	p, err := Paper(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		job  till.PrintJob
		want []string
	}{
		"receipt": {till.PrintJob{Kind: till.SlipReceipt, Ref: 2, Copy: 3}, []string{"COPY 3", "#000002", "陈宁", "小计 Subtotal                              33.50", "优惠 Discount                              -3.53",
			"抹零 Rounding                               0.03", "￥30.00", "damaged box", "4242 **** 1234"}},
		"return":    {till.PrintJob{Kind: till.SlipReceipt, Ref: 7}, []string{"退货凭证 RETURN", "#000007", "#000001", "￥15.90"}},
		"post-void": {till.PrintJob{Kind: till.SlipReceipt, Ref: 9}, []string{"整单作废 POST-VOID", "￥10.89", "支付宝 Alipay"}},
		"Z": {till.PrintJob{Kind: till.SlipZ, Ref: 1}, []string{"交班单", "0001", "净销售 Net                                 87.00", "现金应有 Expected                         173.00",
			"现金实点 Counted                          172.50", "-￥0.50", "累计净销售 Grand total                     87.00", "封印 Seal"}},
		"X":       {till.PrintJob{Kind: till.SlipX, Ref: 3}, []string{"中途对账单", "净销售 Net                                 23.00", "2026-06-19 07:00:00"}},
		"cash":    {till.PrintJob{Kind: till.SlipCash, Text: move.String()}, []string{"支出", "￥20.00", "water"}},
		"QR code": {till.PrintJob{Kind: till.SlipQR, Ref: 1250, Text: "PAY 12.50"}, []string{"￥12.50", "[QR PAY 12.50]"}},
		"test":    {till.PrintJob{Kind: till.SlipTest}, []string{"测试页"}},
	} {
		doc, err := Slip(t.Context(), l, p, row.job)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := receipt.Text(doc, 48)
		for _, want := range row.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
	}
	if _, err := Slip(t.Context(), l, p, till.PrintJob{Kind: till.SlipReceipt, Ref: 99}); till.CodeOf(err) != till.NoSuchReceipt {
		t.Errorf("receipt 99: %v", err)
	}
	if _, err := Slip(t.Context(), l, p, till.PrintJob{Kind: "poster"}); err == nil {
		t.Error("a poster was printed")
	}
}
