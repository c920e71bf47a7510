package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

const (
	milk    = "6901234567892" // 15.90
	bread   = "6901234567908" // 3.50
	bananas = "20001"         // 6.80 a kilogram
	coffee  = "301"           // 10.00 and 8.875 % on top
)

// due fails unless so much is still to pay, in the view and on the screen.
func (c *counter) due(want money.Amount) *counter {
	c.Helper()
	if got := c.w.View().Due; got != want {
		c.Fatalf("due %d, want %d", got, want)
	}
	return c.sees(c.w.Money(want))
}

// is fails unless the page is up.
func (c *counter) is(want PageName) *counter {
	c.Helper()
	if c.w.at != want {
		c.Fatalf("on page %s, want %s; the screen says %q", c.w.at, want, c.words())
	}
	return c
}

// done fails unless the sale has completed with a receipt number and change.
func (c *counter) done(receipt int, change money.Amount) *till.Sale {
	c.Helper()
	c.is(PageResult)
	return c.run.Done(receipt, change)
}

func TestTaskCashInFourKeys(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, bread, milk)
	c.due(3530)
	before := len(c.sent)
	c.hand("100", fyne.KeyF8)
	s := c.done(1, 6470)
	if len(c.sent) != before+1 {
		t.Fatalf("100 F8 sent %v", c.sent[before:])
	}
	if x := s.Tenders[0]; x.Kind != till.Cash || x.Amount != 3530 || x.Tendered != 10000 || x.Change != 6470 {
		t.Fatalf("tender %+v", x)
	}
	c.sees("¥64.70", "收款完成")
	// The next scan begins the next sale.
	c.scan(bread)
	c.is(PageSell).due(350).sees("#0002")
}

func TestTaskCashByTaps(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, bread, milk)
	c.tap("收款")
	c.is(PagePay)
	c.tap("¥100")
	c.done(1, 6470)
}

func TestTaskCashPage(t *testing.T) {
	c := open(t, 1024, 768)
	c.scan(milk)
	c.press(fyne.KeyF8)
	c.is(PageCash).sees("¥15.90")
	c.hand("20")
	c.sees("¥4.10", "¥20.00")
	c.tap("¥50")
	c.sees("¥34.10")
	c.press(fyne.KeyReturn)
	if s := c.done(1, 3410); s.Tenders[0].Tendered != 5000 {
		t.Fatalf("tendered %d", s.Tenders[0].Tendered)
	}
}

func TestTaskCardByTwoKeys(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.hand("c")
	c.wait(letterWindow)
	c.is(PageTender)
	c.hand("4242", fyne.KeyReturn)
	c.hand("001234", fyne.KeyReturn)
	s := c.done(1, 0)
	if x := s.Tenders[0]; x.Kind != till.Card || x.Amount != 1590 || x.Ref != "4242/001234" || x.Evidence != till.ByCashier {
		t.Fatalf("tender %+v", x)
	}
}

func TestTaskSplit(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, milk, milk)
	c.press(fyne.KeyF9)
	c.hand("20", fyne.KeyF8)
	c.is(PagePay).due(2770).sees("还需收", "应收 ¥47.70", "已收 ¥20.00")
	// Part on the card.
	c.hand("10.5")
	c.tap("银行卡")
	c.is(PageTender).sees("请在刷卡机上收 ¥10.50")
	c.hand("1111", fyne.KeyReturn, fyne.KeyReturn)
	c.is(PagePay).due(1720)
	// The rest by code, confirmed by its reference.
	c.hand("p")
	c.wait(letterWindow)
	c.is(PageQR).sees("¥17.20", "QINGHE")
	c.press(fyne.KeyReturn)
	c.is(PageQR)
	c.hand("2026061809001234", fyne.KeyReturn)
	s := c.done(1, 0)
	want := []till.Tender{{Kind: till.Cash, Amount: 2000}, {Kind: till.Card, Amount: 1050}, {Kind: "qr:pix", Amount: 1720}}
	if len(s.Tenders) != 3 {
		t.Fatalf("tenders %+v", s.Tenders)
	}
	for i, x := range s.Tenders {
		if x.Kind != want[i].Kind || x.Amount != want[i].Amount {
			t.Errorf("tender %d is %s %d, want %s %d", i+1, x.Kind, x.Amount, want[i].Kind, want[i].Amount)
		}
	}
	if x := s.Tenders[2]; !strings.HasSuffix(x.Ref, "/2026061809001234") || x.Evidence != till.ByCashier {
		t.Errorf("the code is %+v", x)
	}
	c.sees("实收 ¥47.70")
}

func TestTaskTakeCashBack(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.hand("10", fyne.KeyF8)
	c.due(590)
	c.w.router.Shortcut("Ctrl+Z")
	c.is(PagePay).due(1590)
}

func TestTaskThreeOfTheLastItem(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.hand("++")
	c.wait(letterWindow)
	c.due(4770).sees("3 件")
	c.hand("-")
	c.wait(letterWindow)
	c.due(3180)
	// The bin alone takes a line off.
	c.hand("--")
	c.wait(letterWindow)
	c.due(1590)
}

func TestTaskQuantityFirst(t *testing.T) {
	c := open(t, 1366, 768)
	c.hand("3")
	c.hand("*")
	c.wait(letterWindow)
	c.sees("下一件数量 3")
	c.scan(bread)
	c.due(1050)
	c.scan(bread)
	c.due(1400)
	// By taps, and with a decimal.
	c.hand("2")
	c.tap("数量")
	c.tile("面包")
	c.due(2100)
}

func TestTaskRemoveAndUndo(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, bread)
	c.press(fyne.KeyUp)
	c.press(fyne.KeyDelete)
	c.due(350).sees("已移除 鲜牛奶 1L")
	c.wait(9 * time.Second)
	c.tap("撤销")
	c.due(1940)
	c.press(fyne.KeyDelete)
	c.wait(toastTime)
	if c.has("已移除 鲜牛奶 1L") || c.has("已移除 面包") {
		t.Fatalf("the toast stays: %q", c.words())
	}
	// Undo goes on after the toast.
	c.w.router.Shortcut("Ctrl+Z")
	c.due(1940)
}

func TestTaskParkAndReturn(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF7)
	c.is(PageSell).due(0).sees("挂单 1", "¥15.90")
	c.scan(bread)
	c.due(350)
	// F4 parks the open one and takes up the other.
	c.press(fyne.KeyF4)
	c.due(1590).sees("¥3.50")
	c.tap("¥3.50")
	c.due(350).sees("¥15.90")
	c.hand("5", fyne.KeyF8)
	c.done(1, 150)
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyF4)
	c.due(1590)
}

func TestTaskUnknownBarcode(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.scan("6901234500080")
	c.is(PageSell).sees("新条码，填一下就能卖", "6901234500080")
	c.hand("薄荷糖", fyne.KeyReturn)
	c.hand("4.5", fyne.KeyReturn)
	c.due(2040).sees("薄荷糖")
	l := c.w.View().Sale.Lines[1]
	if l.Code == "" && l.Name != "薄荷糖" || l.Price != 450_00 {
		t.Fatalf("line %+v", l)
	}
	if it := c.good(""); it.Name != "薄荷糖" || it.Price != 450_00 || it.Barcodes[0] != "6901234500080" {
		t.Fatalf("kept %+v", it)
	}
}

func TestUnknownBarcodeSoldOnce(t *testing.T) {
	c := open(t, 1024, 768)
	c.scan("6901234500080")
	c.hand("", fyne.KeyTab)
	c.hand("", fyne.KeyEscape)
	if c.w.sell.asking != nil {
		t.Fatal("Esc does not leave the form")
	}
	c.scan("6901234500080")
	c.hand("胶带", fyne.KeyReturn)
	c.hand("6")
	c.tap("只卖这次")
	c.due(600)
	if len(c.goods.items) != 4 {
		t.Fatalf("%d items, none should have been kept", len(c.goods.items))
	}
}

func TestWeighedItem(t *testing.T) {
	c := open(t, 1366, 768)
	c.tile("香蕉")
	c.sees("香蕉 要称重")
	c.hand("0.75", fyne.KeyReturn)
	c.due(510).sees("0.750")
	// A weight typed first.
	c.hand("1.2")
	c.tile("香蕉")
	c.due(1326)
	// A look-up code that was scanned says nothing of the weight.
	c.scan(bananas)
	c.sees("香蕉 要称重")
	c.hand("0.5", fyne.KeyReturn)
	c.due(1666)
}

func TestAmountWithoutBarcode(t *testing.T) {
	c := open(t, 1366, 768)
	c.hand("12.8")
	c.tap("金额")
	c.due(1280).sees("其他商品")
	c.tap("金额")
	c.hand("3", fyne.KeyReturn)
	c.due(1580)
}

func TestPriceOverride(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.tap("改价")
	c.hand("12")
	c.tap("有破损")
	c.press(fyne.KeyReturn)
	if c.w.View().Approval != nil {
		c.hand("1003", fyne.KeyReturn)
	}
	c.due(1200)
	if l := c.w.View().Sale.Lines[0]; l.Price != 1200_00 || l.ListPrice != 1590_00 || l.Reason != "有破损" {
		t.Fatalf("line %+v", l)
	}
}

func TestDiscountOnLineAndSale(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, bread)
	c.press(fyne.KeyF6)
	c.tap("这一行")
	c.tap("10%")
	c.tap("老顾客")
	c.press(fyne.KeyReturn)
	c.due(1905) // 0.35 off the bread
	c.press(fyne.KeyF6)
	c.hand("1")
	c.tap("¥")
	c.tap("临期")
	c.tap("确定折扣")
	c.due(1805)
	// Without a reason nothing happens.
	c.press(fyne.KeyF6)
	c.hand("5", fyne.KeyReturn)
	c.due(1805).sees("确定折扣", "先选原因")
	c.press(fyne.KeyEscape)
	c.sees("常用")
}

func TestDiscountAboveTheLimitAsksForAPIN(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, milk)
	c.press(fyne.KeyF6)
	c.tap("20%")
	c.tap("老顾客")
	c.press(fyne.KeyReturn)
	c.due(3180).sees("要店长同意：超限折扣 ¥6.36")
	// A cashier's own PIN is no answer, and PINs never show.
	c.hand("1002")
	if strings.Contains(strings.Join(c.words(), " "), "1002") {
		t.Fatal("the PIN shows")
	}
	c.press(fyne.KeyReturn)
	c.due(3180).sees("PIN 不对，或这个人没有权限。再输一次。")
	c.hand("1003", fyne.KeyReturn)
	c.due(2544)
	if a := c.w.View().Operator.Code; a != "1002" {
		t.Fatalf("operator %s: nobody signs out for an approval", a)
	}
	// The act can be given up.
	c.press(fyne.KeyF6)
	c.tap("50%")
	c.tap("老顾客")
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyEscape)
	if c.w.View().Approval != nil {
		t.Fatal("Esc does not give the act up")
	}
	c.due(2544)
}

func TestMoneyKeysDropWhatWasTypedForADiscount(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, milk)
	c.press(fyne.KeyF6)
	c.hand("8", fyne.KeyF8)
	c.is(PageCash).due(3180)
	if n := len(c.w.View().Sale.Tenders); n != 0 {
		t.Fatalf("%d tenders: the 8 of a percentage was taken as cash", n)
	}
}

func TestCutToARoundSum(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF8)
	c.tap("抹零到 ¥15")
	if c.w.View().Approval != nil {
		t.Fatal("0.90 of 15.90 is within a cashier's limit")
	}
	c.sees("¥15.00")
	c.tap("不抹零，收 ¥15.90")
	if got := c.w.View().CashDue; got != 1590 {
		t.Fatalf("cash due %d", got)
	}
	c.tap("抹零到 ¥15")
	c.press(fyne.KeyReturn)
	s := c.done(1, 0)
	if s.Rounding != -90 || s.Total() != 1500 || s.Tenders[0].Amount != 1500 {
		t.Fatalf("rounding %d total %d tender %d", s.Rounding, s.Total(), s.Tenders[0].Amount)
	}
}

func TestForeignCash(t *testing.T) {
	c := open(t, 1366, 768)
	dollars(c)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.tap("外币现金 USD")
	c.is(PageTender).sees("请收 $2.24")
	c.press(fyne.KeyReturn)
	if c.w.View().Approval != nil {
		c.hand("1003", fyne.KeyReturn)
	}
	s := c.done(1, 0)
	if x := s.Tenders[0]; x.Kind != "foreign:USD" || x.Amount != 1590 || x.ForeignRate != 7_100_000 {
		t.Fatalf("tender %+v", x)
	}
}

func TestCancelByHold(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF6)
	c.tap("按住取消整单")
	c.due(1590)
	c.hold("按住取消整单", 1100*time.Millisecond)
	c.due(0).is(PageSell)
	if c.w.View().Sale != nil {
		t.Fatal("the sale is still open")
	}
}

func TestNothingToPayClosesAtOnce(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(bread)
	c.press(fyne.KeyF6)
	c.hand("100")
	c.tap("店长同意")
	c.press(fyne.KeyReturn)
	c.hand("1003", fyne.KeyReturn)
	c.due(0)
	c.press(fyne.KeyF9)
	if s := c.done(1, 0); s.Total() != 0 || s.Tenders[0].Kind != till.NoTender {
		t.Fatalf("total %d tenders %+v", s.Total(), s.Tenders)
	}
}

func TestCodeGivenUp(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.tap("Pix")
	c.is(PageQR)
	c.press(fyne.KeyEscape)
	c.is(PagePay).due(1590)
	if c.w.View().QR != nil {
		t.Fatal("the code is still shown")
	}
	c.press(fyne.KeyEscape)
	c.is(PageSell)
}

func TestTransferNeedsItsReference(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk)
	c.press(fyne.KeyF9)
	c.hand("b")
	c.wait(letterWindow)
	c.is(PageTender)
	c.press(fyne.KeyReturn)
	c.is(PageTender).sees("先填流水号")
	c.hand("张三 0618", fyne.KeyReturn)
	if s := c.done(1, 0); s.Tenders[0].Kind != till.Transfer || s.Tenders[0].Ref != "张三 0618" || s.Tenders[0].Amount != 1590 {
		t.Fatalf("tender %+v", s.Tenders[0])
	}
}

// What the customer's screen shows large is named for what it is: the total, then what is still to pay.
func TestTheCustomerSeesWhatIsStillToPay(t *testing.T) {
	c := open(t, 1366, 768)
	c.scan(milk, bread)
	seen := func() []string {
		var out []string
		for _, x := range walk(c.customer(1024, 768).Content(), fyne.NewPos(0, 0)) {
			out = append(out, x.text)
		}
		return out
	}
	if w := seen(); !slices.Contains(w, "合计") || slices.Contains(w, "还需付") {
		t.Fatalf("before anything is taken: %q", w)
	}
	c.hand("10", fyne.KeyF8)
	w := seen()
	for _, want := range []string{"还需付", "Still to pay", "合计 Total", "已付 Paid", "¥10.00"} {
		if !slices.Contains(w, want) {
			t.Errorf("no %q in %q", want, w)
		}
	}
	if slices.Contains(w, "合计") {
		t.Errorf("what is left is called the total: %q", w)
	}
}
