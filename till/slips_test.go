package till_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/receipt"
)

var update = flag.Bool("update", false, "rewrite the expected papers")

var (
	paperTime = time.Date(2026, 6, 18, 12, 46, 31, 0, time.FixedZone("Asia/Shanghai", 8*3600))
	standard  = till.TaxClass{Code: "standard", Rate: 130_000}
	food      = till.TaxClass{Code: "food", Rate: 90_000}
	topUp     = till.TaxClass{Code: "us", Rate: 88_750, Mode: till.TaxExclusive}
)

// papers are the three papers of the design: wide with both languages, narrow
// in one.
func papers() map[string]till.Paper {
	out := map[string]till.Paper{}
	for _, c := range []struct {
		name, language string
		columns        int
		both           bool
	}{{"48-both", "zh-Hans", 48, true}, {"32-zh", "zh-Hans", 32, true}, {"32-en", "en", 32, false}, {"48-en", "en", 48, false}} {
		s := till.DefaultSettings()
		s.Shop = till.Shop{Name: "青禾便利店", NameEN: "Qinghe Corner Store", RegNo: "91000000DEMO00000X", Address: "示例路 18 号", Phone: "010-5550100"}
		s.Paper.Columns, s.Paper.Both, s.Language = c.columns, c.both, c.language
		s.Paper.Footer = "7 天内凭小票退换\nReturn within 7 days with this slip"
		out[c.name] = till.Paper{Settings: s, Name: func(code string) string { return map[string]string{"1002": "林晓"}[code] }}
	}
	return out
}

func priced(t *testing.T, s till.Sale) *till.Sale {
	t.Helper()
	if err := s.Price(); err != nil {
		t.Fatal(err)
	}
	return &s
}

// The sale of the design: two rates within the price, weighed goods, a line
// discount, an override, cash with change and a wallet taken on sight.
func paperSale(t *testing.T) *till.Sale {
	s := priced(t, till.Sale{Receipt: 128, CompletedAt: paperTime, Operator: "1002", RoundDown: 10, Rounding: -5, Discount: till.Discount{Amount: 95}, Lines: []till.Line{
		{N: 1, Name: "鲜牛奶 1L", NameEN: "Fresh milk 1 L", Qty: 2000, Price: 1590_00, ListPrice: 1590_00, Tax: food},
		{N: 2, Name: "全麦吐司 400g", NameEN: "Wholemeal toast 400 g", Qty: 1000, Price: 1250_00, ListPrice: 1250_00, Tax: standard},
		{N: 3, Name: "被删的一行", Qty: 1000, Price: 100_00, ListPrice: 100_00, Tax: standard, Voided: true},
		{N: 4, Name: "香蕉", NameEN: "Bananas", Unit: "kg", Weighed: true, Qty: 750, Price: 680_00, ListPrice: 680_00, Tax: food},
		{N: 5, Name: "无糖绿茶 500ml 量贩六连包装", NameEN: "Sugar-free green tea, six-pack", Qty: 2000, Price: 500_00, ListPrice: 550_00, Tax: standard,
			Discount: till.Discount{Amount: 250, Reason: "第二件半价"}},
	}})
	s.Tenders = []till.Tender{
		{N: 1, Kind: till.Cash, Amount: 2000, Tendered: 5000, Change: 3000},
		{N: 2, Kind: "wallet:wechat", Amount: 1640, Tendered: 1640, Ref: "4200001234567731", Evidence: till.ByCashier},
		{N: 3, Kind: "foreign:USD", Amount: 710, Tendered: 710, ForeignAmount: 100, ForeignRate: 7_100_000},
		{N: 4, Kind: "qr:pix", Amount: s.Total() - 4350, Tendered: s.Total() - 4350, Ref: "001ABCD00000001X/E123", Evidence: till.ByImport},
	}
	return s
}

// A wallet with the shop's own name for it, and one without.
func walletSale(t *testing.T) *till.Sale {
	s := priced(t, till.Sale{Receipt: 131, CompletedAt: paperTime, Operator: "1002", Lines: []till.Line{
		{N: 1, Name: "面包", NameEN: "Bread", Qty: 7000, Price: 350_00, ListPrice: 350_00, Tax: food},
	}})
	s.Tenders = []till.Tender{
		{N: 1, Kind: "wallet:alipay", Amount: 1450, Tendered: 1450, Ref: "001TESTABCDEFGHJ/2026061822001412341000008812", Evidence: till.ByProvider},
		{N: 2, Kind: "wallet:wechatpay", Amount: 1000, Tendered: 1000, Ref: "001TESTABCDEFGHK/", Evidence: till.ByProvider},
	}
	return s
}

// A manager let a sale be paid in cash while a payment was being checked.
func overriddenSale(t *testing.T, p till.Paper) receipt.Document {
	s := priced(t, till.Sale{ID: till.ID{7}, Receipt: 133, CompletedAt: paperTime, Operator: "1002", Lines: []till.Line{
		{N: 1, Name: "面包", NameEN: "Bread", Qty: 1000, Price: 350_00, ListPrice: 350_00, Tax: food},
	}})
	s.Tenders = []till.Tender{{N: 1, Kind: till.Cash, Amount: 350, Tendered: 350}}
	p.Watched = func(sale till.ID) []till.Attempt {
		if sale != s.ID {
			t.Errorf("asked about %s", sale)
		}
		return []till.Attempt{{Number: "001TESTABCDEFGHL", Wallet: "alipay", Amount: 350, State: till.Watch, RefundIfPaid: true}}
	}
	return p.Sale(s, 0)
}

// The refunds of one return in every state.
func walletReturn(p till.Paper) receipt.Document {
	states := map[string]till.WalletRefund{
		"001TESTR0000001": {State: till.RefundDone}, "001TESTR0000002": {State: till.RefundPending},
		"001TESTR0000003": {State: till.RefundFailed}, "001TESTR0000004": {State: till.RefundFailed, InCash: true},
	}
	p.Refund = func(number string) (till.WalletRefund, bool) { f, ok := states[number]; return f, ok }
	ret := till.Return{Receipt: 132, Of: 131, Reason: "质量问题", Value: 2000, Lines: []till.ReturnLine{{N: 1, Of: 1, Name: "面包", NameEN: "Bread", Qty: 5000, Paid: 2000}}}
	for i := range 5 {
		ret.Refunds = append(ret.Refunds, till.Tender{Kind: "wallet:alipay", Amount: 400, Tendered: 400, Ref: fmt.Sprintf("001TESTR000000%d", i+1), Evidence: till.ByProvider})
	}
	return p.Return(&ret, paperTime, "1002", 0)
}

func paperShift(t *testing.T) till.ShiftSlip {
	totals := till.ShiftTotals{
		Shift: 3, Day: 20260618, Sales: 112, Gross: 385810, Discounts: 1200, Tax: 31234, Rounding: -35, Returns: 2, Refunds: 4290, Voids: 4, Cancelled: 1, PostVoids: 1,
		NoSales: 2, Float: 50000, PaidIn: 1000, PaidOut: 2000, Drops: 100000, Loans: 5000, FirstNo: 17, LastNo: 130, Tenders: []till.TenderTotal{
			{Kind: till.Cash, Count: 41, Amount: 128460, Refunded: 410}, {Kind: "wallet:wechat", Count: 58, Amount: 132040, Unverified: 132040, UnvCount: 58},
			{Kind: till.Card, Count: 12, Amount: 9800}, {Kind: till.NoTender, Count: 1},
		},
	}
	return till.ShiftSlip{
		OpenedAt: paperTime.Add(-5 * time.Hour), At: paperTime, Operator: "1002",
		Z: &till.ZReported{No: 212, Totals: totals, Counted: 81850, GrandTotal: 9_876_543_21, Head: "7f3c29adee840c1eaaaabbbbccccdddd",
			Taxes: []till.TaxTotal{{Class: food, Taxable: 120000, Tax: 10800}, {Class: standard, Taxable: 157200, Tax: 20434}}},
		Closed: &till.ShiftClosed{Reason: "找零出错"},
		Cases: []till.PaymentCase{
			{Kind: till.CaseUnknown, Amount: 2450, Attempt: till.Attempt{Number: "001TESTABCDEFGHJ", Wallet: "alipay"}},
			{Kind: till.CaseWatch, Amount: 350, Attempt: till.Attempt{Number: "001TESTABCDEFGHK", Wallet: "alipay"}},
			{Kind: till.CaseRefundDue, Amount: 1590, Attempt: till.Attempt{Number: "001TESTABCDEFGHL", Wallet: "wechatpay"}},
			{Kind: till.CaseRefundFailed, Amount: 3180, Attempt: till.Attempt{Number: "001TESTABCDEFGHM", Wallet: "wechatpay"}, Refund: &till.WalletRefund{Number: "001TESTR0000003"}},
			{Kind: till.CaseAttention, Amount: 100, Attempt: till.Attempt{Number: "001TESTABCDEFGHN", Wallet: "paypal"}},
		},
	}
}

// Every slip on every paper, as a person would hold it.
func TestSlips(t *testing.T) {
	for name, p := range papers() {
		var b strings.Builder
		for _, slip := range []struct {
			title string
			doc   receipt.Document
		}{
			{"sale", p.Sale(paperSale(t), 0)},
			{"return", p.Return(&till.Return{
				Receipt: 129, Of: 128, Reason: "质量问题", Value: 4290, Lines: []till.ReturnLine{
					{N: 1, Of: 1, Name: "雨伞", NameEN: "Umbrella", Qty: 1000, Paid: 1990},
					{N: 2, Of: 4, Name: "香蕉", NameEN: "Bananas", Weighed: true, Unit: "kg", Qty: 250, Paid: 2300}},
				Refunds: []till.Tender{{Kind: till.Cash, Amount: 410, Tendered: 410}, {Kind: "wallet:wechat", Amount: 3880, Tendered: 3880, Evidence: till.ByCashier}},
			}, paperTime, "1002", 0)},
			{"post-void", p.Return(&till.Return{Receipt: 130, Of: 128, PostVoid: true, Value: 350, Lines: []till.ReturnLine{{N: 1, Name: "面包", NameEN: "Bread", Qty: 1000, Paid: 350}},
				Refunds: []till.Tender{{Kind: till.Cash, Amount: 350, Tendered: 350}}}, paperTime, "1009", 2)},
			{"shift (Z)", p.Shift(paperShift(t))},
			{"cash", p.CashMove(&till.CashMoved{Movement: till.PaidOut, Amount: 2000, Reason: "买水"}, paperTime, "1002")},
			{"payment code", p.PayCode("00020101021226580014br.gov.bcb.pix", "QINGHE STORE", 3640)},
			{"test page", p.Test(paperTime)},
			{"sale by wallet", p.Sale(walletSale(t), 0)},
			{"sale that went on without a payment", overriddenSale(t, p)},
			{"return to wallets", walletReturn(p)},
			{"payment being checked", p.Pending(&till.Attempt{
				Number: "001TESTABCDEFGHJ", Wallet: "alipay", Amount: 2450, PlannedAt: paperTime, Cashier: "1002", State: till.Unknown,
			})},
		} {
			if err := slip.doc.Check(); err != nil {
				t.Errorf("%s on %s cannot be printed: %v", slip.title, name, err)
			}
			text := receipt.Text(slip.doc, p.Settings.Paper.Columns)
			for _, line := range strings.Split(text, "\n") {
				if receipt.TextWidth(line) > p.Settings.Paper.Columns {
					t.Errorf("%s on %s is too wide: %s", slip.title, name, line)
				}
			}
			fmt.Fprintf(&b, "%s\n%s\n", slip.title, text)
		}
		same(t, "testdata/slips-"+name+".txt", b.String())
	}
}

// same compares with a file that a person can read.
func same(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; it is now:\n%s", path, got)
	}
}

// What the paper says about a sale adds up, whatever is on it.
func TestReceiptShowsWhatTheSaleComesTo(t *testing.T) {
	p := papers()["48-both"]
	s := paperSale(t)
	text := receipt.Text(p.Sale(s, 0), 48)
	// 31.80 + 12.50 + 5.10 + 10.00 = 59.40; 2.50 and 0.95 off; 0.05 cut.
	for _, want := range []string{"小计 Subtotal                              59.40", "优惠 Discount                              -3.45",
		"抹零 Rounding                              -0.05", "￥55.90", "找零 Change                                30.00", "收银员确认", "导入，未核对", "[|| GT1000128 ||]"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "被删的一行") {
		t.Error("a voided line is on the receipt")
	}
	if s.Total() != 5590 {
		t.Errorf("total %d", s.Total())
	}
}

// Rows of other shops' rules.
func TestSlipRules(t *testing.T) {
	p := papers()["48-both"]
	line := till.Line{N: 1, Name: "x", Qty: 1000, Price: 1000_00, ListPrice: 1000_00}
	text := func(p till.Paper, s till.Sale) string {
		return receipt.Text(p.Sale(priced(t, s), 0), p.Settings.Paper.Columns)
	}

	if got := text(p, till.Sale{Lines: []till.Line{line}}); strings.Contains(got, "税率") || strings.Contains(got, "  A\n") {
		t.Errorf("a shop without tax has a tax block:\n%s", got)
	}
	line.Tax = topUp
	if got := text(p, till.Sale{Lines: []till.Line{line}}); !strings.Contains(got, "加税 Tax added                              0.89") || !strings.Contains(got, "税额合计 Tax total") {
		t.Errorf("added tax is not shown:\n%s", got)
	}
	p.Settings.Paper.TaxBlock = false
	if got := text(p, till.Sale{Lines: []till.Line{line}}); strings.Contains(got, "税率") {
		t.Errorf("a tax block that the shop does not want:\n%s", got)
	}
	p.Practice = true
	if got := text(p, till.Sale{Lines: []till.Line{line}}); !strings.Contains(got, "*** 练习，不是收据 ***") {
		t.Errorf("practice is not marked:\n%s", got)
	}
	if got := receipt.Text(p.Sale(priced(t, till.Sale{}), 3), 48); !strings.Contains(got, "*** 补打 COPY 3 ***") {
		t.Errorf("a copy is not marked:\n%s", got)
	}
	p.Settings.Currency = money.Currency{Code: "KWD", Exponent: 3}
	if got := text(p, till.Sale{Lines: []till.Line{line}}); !strings.Contains(got, "1.089") || !strings.Contains(got, "KWD") || strings.Contains(got, "￥") {
		t.Errorf("dinars are shown as\n%s", got)
	}
	// A total of nine digits and two decimals is never broken over two lines.
	p = papers()["32-zh"]
	p.Settings.Shop = till.Shop{}
	huge := till.Line{N: 1, Name: "x", Qty: 1000, Price: money.UnitPriceMax, ListPrice: money.UnitPriceMax}
	for _, row := range receipt.Layout(p.Sale(priced(t, till.Sale{Lines: []till.Line{huge}}), 0), 32) {
		if strings.Contains(row.Text, "合计") && !strings.Contains(row.Text, "￥100000000.00") {
			t.Errorf("the total is broken: %q", row.Text)
		}
	}
}

// The count stays blind: an X report of such a shop tells no expected cash.
func TestXReportKeepsTheCountBlind(t *testing.T) {
	p := papers()["48-both"]
	z := paperShift(t).Z
	x := till.ShiftSlip{Totals: z.Totals, Taxes: z.Taxes, At: paperTime, Operator: "1002"}
	if got := receipt.Text(p.Shift(x), 48); strings.Contains(got, "现金应有") || strings.Contains(got, "备用金") || !strings.Contains(got, "中途对账单") {
		t.Errorf("X report:\n%s", got)
	}
	p.Settings.BlindCount = false
	if got := receipt.Text(p.Shift(x), 48); !strings.Contains(got, "现金应有 Expected                         820.50") {
		t.Errorf("X report:\n%s", got)
	}
}

func TestTenderNames(t *testing.T) {
	for _, row := range []struct {
		kind   till.TenderKind
		zh, en string
	}{
		{"cash", "现金", "Cash"}, {"wallet:alipay", "支付宝", "Alipay"}, {"wallet:mybank", "mybank", "mybank"}, {"qr:pix", "收款码 PIX", "QR PIX"}, {"foreign:USD", "外币 USD", "Foreign USD"},
	} {
		if zh, en := till.TenderName(row.kind, "zh-Hans"), till.TenderName(row.kind, "en"); zh != row.zh || en != row.en {
			t.Errorf("%s: %q, %q", row.kind, zh, en)
		}
	}
}
