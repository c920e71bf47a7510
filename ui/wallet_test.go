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

// wallet is a counter in English with the wallets of the design and a milk and a bread in the cart: 19.40.
func wallet(t *testing.T) *counter {
	t.Helper()
	c := open(t, 1366, 768)
	withWallets(c)
	c.w.SetLanguage("en")
	c.scan(milk, bread)
	c.wait(time.Second)
	c.run.Clock = c.run.Clock.Add(2 * time.Second)
	return c
}

// payments are the wallet payments begun so far.
func (c *counter) payments() ([]till.Attempt, []string) { return c.run.Wallets.Started() }

// hasNot fails where a text is on the screen.
func (c *counter) hasNot(words ...string) *counter {
	c.Helper()
	for _, x := range words {
		if c.has(x) {
			c.Fatalf("the screen says %q", x)
		}
	}
	return c
}

// thanked reports whether the customer's window looks like success.
func thanked(c *counter) bool {
	win := c.customer(1366, 768)
	for _, x := range walk(win.Content(), fyne.NewPos(0, 0)) {
		if strings.Contains(x.text, "谢谢") || strings.Contains(x.text, "Thank you") {
			return true
		}
	}
	return false
}

// onCustomer is what the customer's window says.
func (c *counter) onCustomer() []string {
	var out []string
	for _, x := range walk(c.customer(1366, 768).Content(), fyne.NewPos(0, 0)) {
		out = append(out, x.text)
	}
	return out
}

func TestACustomersCodeChargesWithoutATouch(t *testing.T) {
	c := wallet(t)
	touches := len(c.sent)
	c.scan(wechatCode)
	if c.w.sell.scanned != "" {
		t.Fatal("the window keeps the code")
	}
	all, codes := c.payments()
	if len(all) != 1 || all[0].Wallet != "wechatpay" || all[0].Amount != 1940 || all[0].Way != till.Take || codes[0] != wechatCode {
		t.Fatalf("began %+v with %q", all, codes)
	}
	if n := len(c.sent) - touches; n != 1 {
		t.Fatalf("it took %d commands: %+v", n, c.sent[touches:])
	}
	c.sees("Sending ¥19.40 to WeChat Pay", "Charging", "¥19.40", "**** **** 6747", "Stop and reverse", "Check now", "Set aside, next customer")
	c.comes(till.Pending)
	c.sees("Waiting for the customer to confirm", "up to 60 s", "¥19.40 sent to WeChat Pay", "Customer display says: please confirm ¥19.40 on your phone")
	if said := c.onCustomer(); !slices.Contains(said, "请在手机上确认付款") || !slices.Contains(said, "¥19.40") || thanked(c) {
		t.Fatalf("the customer sees %q", said)
	}
	sounds := len(c.sounds)
	c.comes(till.PaidFor)
	if c.w.at != PageResult || !slices.Contains(c.sounds[sounds:], "paid") {
		t.Fatalf("at %s, sounds %q", c.w.at, c.sounds[sounds:])
	}
	c.sees("WeChat Pay received ¥19.40", "Sale complete: WeChat Pay ¥19.40", "Paid in full", "#0001", "Fee ¥0.07", "¥19.33 settles tomorrow", "Print again", "Next sale: just scan")
	if !thanked(c) {
		t.Fatalf("the customer sees %q", c.onCustomer())
	}
	c.scan(milk)
	c.due(1590)
}

func TestTheShopsCodeIsTwoTouches(t *testing.T) {
	c := wallet(t)
	before := len(c.sent)
	c.press(fyne.KeyF9)
	c.hand("a")
	c.wait(letterWindow)
	if got := c.sent[before:]; len(got) != 1 || got[0] != (till.PayWallet{Wallet: "alipay", Amount: 1940, Way: till.Show}) {
		t.Fatalf("sent %+v", got)
	}
	c.sees("Asking Alipay for the code")
	c.comes(till.Pending, withCode("https://qr.alipay.com/bax0001"))
	c.sees("Ask the customer to scan", "Code valid for", "Waiting for the scan", "Paid to", "青禾便利店", "Cancel this code", "Customer says paid: check now", "Scan the customer instead")
	said := c.onCustomer()
	for _, want := range []string{"支付宝扫一扫付款", "Scan with Alipay", "¥19.40", "收款方 Paid to 青禾便利店"} {
		if !slices.Contains(said, want) {
			t.Fatalf("the customer's window does not say %q; it says %q", want, said)
		}
	}
	c.hand("r")
	c.wait(letterWindow)
	number := c.w.View().Attempt.Number
	if checked, _, _ := c.run.Wallets.Asked(); !slices.Contains(checked, number) {
		t.Fatalf("checked %q", checked)
	}
	c.press(fyne.KeyEscape)
	if _, stopped, _ := c.run.Wallets.Asked(); !slices.Contains(stopped, number) {
		t.Fatalf("stopped %q", stopped)
	}
	c.comes(till.Cancelling)
	c.sees("Reversing this payment").hasNot("Cash or other")
	c.comes(till.Cancelled, because(till.StoppedByCashier, ""))
	c.sees("Reversed, nothing taken", "Nothing was taken. The sale is kept.", "Show a new QR")
	if said := c.onCustomer(); !slices.Contains(said, "已取消，没有扣款") {
		t.Fatalf("the customer sees %q", said)
	}
	c.press(fyne.KeyF9)
	if c.w.at != PagePay || c.w.View().Attempt != nil {
		t.Fatalf("F9 goes to %s with %+v", c.w.at, c.w.View().Attempt)
	}
}

func TestTheCodeCountsDownWithoutAWord(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand("w")
	c.wait(letterWindow)
	c.now = c.run.Clock
	c.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	c.sees("05:00")
	before := len(c.sent)
	c.wait(20 * time.Second)
	if !c.has("04:41") && !c.has("04:40") {
		t.Fatalf("after 20 s the screen says %q", c.words())
	}
	c.wait(5 * time.Minute)
	c.sees("00:00")
	if len(c.sent) != before {
		t.Fatalf("the clock sent %+v", c.sent[before:])
	}
	// Where nothing counts, nothing ticks: an idle till costs nothing.
	c.comes(till.Declined, because(till.TimedOut, ""))
	c.wait(3 * time.Second)
	if n := len(c.timers); n != 0 {
		t.Fatalf("%d timers run on a page that stands still", n)
	}
}

func TestAPaymentThatIsNotMadeSaysWhyAndLeadsOn(t *testing.T) {
	for _, x := range []struct {
		reason till.Reason
		title  string
		todo   string
	}{
		{till.NotEnough, "Not paid: customer has too little balance", "Ask the customer to switch card or balance in the app, then scan the new code."},
		{till.CodeExpired, "Not paid: the pay code expired", "Ask for a fresh code and scan it."},
		{till.PayerRefused, "Not paid: the customer cancelled", "Scan again or use another tender."},
		{till.Reason("something_new"), "Not paid: WeChat Pay declined", "Scan a new code or use another tender."},
	} {
		c := wallet(t)
		c.hand("10", fyne.KeyF8)
		c.scan(wechatCode)
		sounds := len(c.sounds)
		c.comes(till.Declined, because(x.reason, "CODE42"))
		if !slices.Contains(c.sounds[sounds:], "failed") {
			t.Errorf("%s: sounds %q", x.reason, c.sounds[sounds:])
		}
		c.sees(x.title, "WeChat Pay declined ¥9.40", "Nothing was taken. The ¥10.00 taken before stays, the sale is kept.", x.todo, "Still to pay", "¥9.40",
			"Reason CODE42 · Counted among failed payments", "Back", "Show a QR", "Cash or other", "Scan a new code")
		if said := c.onCustomer(); !slices.Contains(said, "请咨询收银员") || strings.Contains(strings.Join(said, " "), "CODE42") {
			t.Errorf("the customer sees %q", said)
		}
		// A new code is scanned as it is.
		c.scan("289012345678901234")
		if all, _ := c.payments(); len(all) != 2 || all[1].Wallet != "alipay" || all[1].Amount != 940 {
			t.Fatalf("%s: the next code began %+v", x.reason, all)
		}
	}
}

func TestEnterAfterARefusalWaitsForAnotherCode(t *testing.T) {
	c := wallet(t)
	c.scan(wechatCode)
	c.comes(till.Declined, because(till.CodeExpired, ""))
	c.press(fyne.KeyReturn)
	c.sees("Scan the pay code on the phone", "The scan charges ¥19.40 and recognises the wallet", "Type the code", "Show a QR instead")
	c.press(fyne.KeyEscape)
	if c.w.at != PagePay && c.w.at != PageSell {
		t.Fatalf("Esc goes to %s", c.w.at)
	}
}

func TestNobodyKnowsIsNeverFailedAndNeverTakenTwice(t *testing.T) {
	c := wallet(t)
	c.scan(wechatCode)
	a := c.comes(till.Unknown, because(till.NoNetwork, ""))
	c.sees("We do not know yet if it was paid", "Checking with WeChat Pay. Please do not ask for payment again", "The network dropped after sending; WeChat Pay has not answered yet.",
		"Yes. This payment is locked and cannot be taken twice. Other tenders open once the result is known.",
		"Do not hand over the goods, do not charge again. Look at the phone. Shows paid: ask to wait. Shows nothing: press Reverse. In a hurry: set aside.",
		"The number to read out to WeChat Pay", grouped(a.Number), "Checking 1").hasNot("Cash or other", "Scan a new code")
	if said := c.onCustomer(); !slices.Contains(said, "请稍等，正在核实付款") || thanked(c) {
		t.Fatalf("the customer sees %q", said)
	}
	// Another code, another tender, digits and Enter: none begins a payment.
	c.scan("289012345678901234")
	c.hand("5", fyne.KeyF8, fyne.KeyF9)
	if all, _ := c.payments(); len(all) != 1 {
		t.Fatalf("began %+v", all)
	}
	if v := c.w.View(); len(v.Sale.Tenders) != 0 || v.Due != 1940 {
		t.Fatalf("the sale took %+v", v.Sale.Tenders)
	}
	if checked, _, _ := c.run.Wallets.Asked(); !slices.Contains(checked, a.Number) {
		t.Fatalf("F9, the main button, asked about %q", checked)
	}
	// F7: the queue goes on after one touch, and the payment resolves itself.
	before := len(c.sent)
	c.press(fyne.KeyF7)
	if got := c.sent[before:]; len(got) != 1 || got[0] != (till.Park{}) {
		t.Fatalf("F7 sent %+v", got)
	}
	c.scan(bread)
	c.due(350).sees("Checking 1")
	c.run.Comes(a.Number, till.PaidFor)
	c.show()
	c.due(350).sees("Found paid: #000001 ¥19.40. The sale is closed, nothing was charged twice").hasNot("Checking 1")
}

func TestVReversesOnceItWasHeld(t *testing.T) {
	c := wallet(t)
	c.scan(wechatCode)
	a := c.comes(till.Unknown)
	stopped := func() bool {
		_, s, _ := c.run.Wallets.Asked()
		return slices.Contains(s, a.Number)
	}
	// A key pressed, and a scanned letter, are no hold.
	c.w.keyDown("V")
	c.rune('v')
	c.wait(200 * time.Millisecond)
	c.w.keyUp("V")
	c.wait(2 * time.Second)
	c.scan("VIP-0042")
	if stopped() {
		t.Fatal("a short press reversed the payment")
	}
	c.w.keyDown("V")
	c.wait(holdTime + 10*time.Millisecond)
	c.w.keyUp("V")
	if !stopped() {
		t.Fatal("V held for a second did not reverse")
	}
	// So does a finger.
	d := wallet(t)
	d.scan(wechatCode)
	b := d.comes(till.Unknown)
	d.tap("Reverse it")
	if _, s, _ := d.run.Wallets.Asked(); len(s) != 0 {
		t.Fatal("a tap reversed the payment")
	}
	d.hold("Reverse it", holdTime+300*time.Millisecond)
	if _, s, _ := d.run.Wallets.Asked(); !slices.Contains(s, b.Number) {
		t.Fatalf("stopped %q", s)
	}
}

func TestEveryLetterPicksItsWalletAndAScannedOneNever(t *testing.T) {
	for letter, want := range map[rune]till.PayWallet{
		'a': {Wallet: "alipay", Amount: 1940, Way: till.Show}, 'w': {Wallet: "wechatpay", Amount: 1940, Way: till.Show}, 'u': {Wallet: "unionpay", Amount: 1940, Way: till.Show},
		'p': {Wallet: "paypal", Amount: 1940, Way: till.Show}, 's': {Wallet: "stripe", Amount: 1940, Way: till.Show}, 'y': {Wallet: "applepay", Amount: 1940, Way: till.Tap},
	} {
		c := wallet(t)
		c.press(fyne.KeyF9)
		c.hand(string(letter))
		c.wait(letterWindow)
		if got := c.sent[len(c.sent)-1]; got != want {
			t.Errorf("%c sends %+v", letter, got)
		}
	}
	// JD takes codes alone; Du Xiaoman is still a test and stays, grey, with its reason.
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.sees("JD Pay", "Scan only", "Du Xiaoman", "Still a test")
	before := len(c.sent)
	c.hand("d")
	c.wait(letterWindow)
	if len(c.sent) != before {
		t.Fatalf("a wallet that is off sent %+v", c.sent[before:])
	}
	c.hand("j")
	c.wait(letterWindow)
	c.sees("Scan the pay code on the phone", "JD Pay")
	// A code that begins with a letter is no tender.
	d := wallet(t)
	d.press(fyne.KeyF9)
	before = len(d.sent)
	d.scan("A1234567", "WECHAT-1", "PSY-00017")
	if all, _ := d.payments(); len(all) != 0 {
		t.Fatalf("scanned letters began %+v", all)
	}
	for _, cmd := range d.sent[before:] {
		if p, is := cmd.(till.PayWallet); is {
			t.Fatalf("a scanned letter sent %+v", p)
		}
	}
}

func TestPartOfTheDueIsChargedByKeyAndByScan(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand("9.4w")
	c.wait(letterWindow)
	if got := c.sent[len(c.sent)-1]; got != (till.PayWallet{Wallet: "wechatpay", Amount: 940, Way: till.Show}) {
		t.Fatalf("sent %+v", got)
	}
	c.comes(till.PaidFor)
	if v := c.w.View(); v.Due != 1000 || c.w.at != PagePay {
		t.Fatalf("due %d at %s", v.Due, c.w.at)
	}
	c.sees("WeChat Pay", "¥9.40", "Still to pay")
	c.hand("4")
	c.scan(wechatCode)
	all, codes := c.payments()
	if len(all) != 2 || all[1].Amount != 400 || all[1].Way != till.Take || codes[1] != wechatCode {
		t.Fatalf("began %+v", all)
	}
	c.comes(till.PaidFor)
	c.due(600)
}

func TestACodeTypedByHandPaysWhatIsLeft(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand(wechatCode, fyne.KeyReturn)
	if all, codes := c.payments(); len(all) != 1 || all[0].Amount != 1940 || codes[0] != wechatCode {
		t.Fatalf("began %+v with %q", all, codes)
	}
	if c.w.entry.text != "" {
		t.Fatalf("the code is still in the entry: %q", c.w.entry.text)
	}
	// On the page that waits for it, too; the first digit begins it.
	d := wallet(t)
	d.press(fyne.KeyF9)
	d.tap("Scan the customer's pay code")
	d.hand(wechatCode, fyne.KeyReturn)
	if all, codes := d.payments(); len(all) != 1 || codes[0] != wechatCode {
		t.Fatalf("began %+v with %q", all, codes)
	}
	if len(d.w.code.typed) != 0 || len(d.w.code.held) != 0 {
		t.Fatal("the code is kept after it was sent")
	}
}

func TestAnUnsureCodeAsksAndOneKeyAnswers(t *testing.T) {
	const jd = "180123456789012345"
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.scan(jd)
	if all, _ := c.payments(); len(all) != 0 {
		t.Fatalf("an unsure code began %+v", all)
	}
	c.sees("This looks like a JD Pay code", "Nothing is charged yet; choosing one sends it", "Charge ¥19.40 with JD Pay", "**** **** 2345")
	c.press(fyne.KeyReturn)
	if all, codes := c.payments(); len(all) != 1 || all[0].Wallet != "jdpay" || codes[0] != jd {
		t.Fatalf("Enter began %+v with %q", all, codes)
	}
	d := wallet(t)
	d.press(fyne.KeyF9)
	d.scan(jd)
	d.hand("w")
	d.wait(letterWindow)
	if all, codes := d.payments(); len(all) != 1 || all[0].Wallet != "wechatpay" || codes[0] != jd {
		t.Fatalf("W began %+v with %q", all, codes)
	}
	// Esc leaves it, and nothing was charged.
	e := wallet(t)
	e.press(fyne.KeyF9)
	e.scan(jd)
	e.press(fyne.KeyEscape)
	if all, _ := e.payments(); len(all) != 0 || e.w.View().Held != nil || e.has("This looks like a JD Pay code") {
		t.Fatalf("began %+v, held %+v", all, e.w.View().Held)
	}
}

func TestGoodsAndWrongScreensChargeNothing(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.tap("Scan the customer's pay code")
	c.scan(milk)
	if all, _ := c.payments(); len(all) != 0 {
		t.Fatalf("goods began %+v", all)
	}
	c.sees("Scanned an item: " + milk)
	c.due(1940)
	// A customer's code on a page of the office is refused with a note.
	d := wallet(t)
	d.w.Open(PageTray)
	d.scan(wechatCode)
	if all, _ := d.payments(); len(all) != 0 || d.w.at != PageTray {
		t.Fatalf("began %+v at %s", all, d.w.at)
	}
	d.sees("That is a customer's pay code; nothing is charged on this page.")
	for _, m := range d.words() {
		if strings.Contains(m, wechatCode) {
			t.Fatalf("the screen says the code: %q", m)
		}
	}
	// With nothing in the cart there is nothing to charge.
	e := open(t, 1366, 768)
	withWallets(e)
	e.w.SetLanguage("en")
	e.scan(wechatCode)
	if all, _ := e.payments(); len(all) != 0 {
		t.Fatalf("began %+v", all)
	}
	e.sees("There is nothing to pay yet, so nothing was charged.")
}

func TestAnotherWayClosesTheOldCodeFirst(t *testing.T) {
	c := wallet(t)
	c.press(fyne.KeyF9)
	c.hand("w")
	c.wait(letterWindow)
	first := c.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	c.tap("Scan the customer instead")
	if _, stopped, _ := c.run.Wallets.Asked(); !slices.Contains(stopped, first.Number) {
		t.Fatalf("stopped %q", stopped)
	}
	c.sees("Ask the customer to scan")
	c.comes(till.Cancelled, because(till.StoppedByCashier, ""))
	c.sees("Scan the pay code on the phone", "¥19.40")
	// A customer's code over a shown one waits until that one is closed, too.
	d := wallet(t)
	d.press(fyne.KeyF9)
	d.hand("w")
	d.wait(letterWindow)
	d.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	d.scan("289012345678901234")
	if all, _ := d.payments(); len(all) != 1 {
		t.Fatalf("two payments at once: %+v", all)
	}
	d.comes(till.Cancelled, because(till.StoppedByCashier, ""))
	all, codes := d.payments()
	if len(all) != 2 || all[1].Wallet != "alipay" || codes[1] != "289012345678901234" || all[1].Amount != 1940 {
		t.Fatalf("after it began %+v with %q", all, codes)
	}
	// One that turns out paid is paid, and the second code is forgotten.
	e := wallet(t)
	e.press(fyne.KeyF9)
	e.hand("w")
	e.wait(letterWindow)
	e.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=1"))
	e.scan("289012345678901234")
	e.comes(till.PaidFor)
	if all, _ := e.payments(); len(all) != 1 || e.w.at != PageResult || len(e.w.code.next) != 0 {
		t.Fatalf("began %+v at %s, kept %d", all, e.w.at, len(e.w.code.next))
	}
}

func TestNothingLooksLikeSuccessBeforeItIsBooked(t *testing.T) {
	for state := till.Planned; state <= till.Attention; state++ {
		if state == till.PaidFor {
			continue
		}
		c := wallet(t)
		c.scan(wechatCode)
		v := c.w.View()
		a := *v.Attempt
		a.State = state
		v.Attempt, v.Seq = &a, v.Seq+1
		c.w.Show(v)
		if thanked(c) {
			t.Errorf("%s: the customer is thanked", state)
		}
		for _, words := range c.words() {
			if strings.Contains(words, "received ¥") {
				t.Errorf("%s: the till says %q", state, words)
			}
		}
	}
	// Paid, but not yet a tender of the sale.
	c := wallet(t)
	c.scan(wechatCode)
	v := c.w.View()
	a := *v.Attempt
	a.State = till.PaidFor
	v.Attempt, v.Seq = &a, v.Seq+1
	c.w.Show(v)
	c.sees("WeChat Pay has ¥19.40, booking it")
	if said := c.onCustomer(); thanked(c) || !slices.Contains(said, "请稍等，正在核实付款") {
		t.Errorf("before the sale has the money the customer sees %q", said)
	}
}

func TestEveryStateSaysItsWordsInBothLanguagesAtBothSizes(t *testing.T) {
	for _, width := range []float32{1366, 1024} {
		for _, lang := range []string{"zh-Hans", "en"} {
			c := open(t, width, 768)
			withWallets(c)
			c.w.SetLanguage(lang)
			c.scan(milk)
			c.run.Clock = c.run.Clock.Add(2 * time.Second)
			c.scan(wechatCode)
			for state := till.Planned; state <= till.Attention; state++ {
				v := c.w.View()
				a := *v.Attempt
				a.State, a.Reason = state, till.ReasonNone
				v.Attempt, v.Seq = &a, v.Seq+1
				c.w.Show(v)
				c.sees("¥15.90", grouped(a.Number))
				for _, words := range c.words() {
					if strings.HasPrefix(words, "wallet.") || strings.Contains(words, "{") {
						t.Errorf("%s in %s says %q", state, lang, words)
					}
				}
				c.isTidy(c.win.Content())
			}
		}
	}
}

func TestTheTrayListsWhatIsOpenAndTheOwnersFirst(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	trayOf(c)
	c.sees("Payments being checked", "Checking 4", "Needs you", "WeChat Pay states another amount than this sale.", "Check now").hasNot("Reverse it", "Let the sale go on (manager)")
	// The unknown one can be checked, reversed, and by a manager be gone on without.
	number := firstUnknown(c)
	c.w.OpenWith(PageTray, number)
	c.sees("Result unknown", "Sent once", "Check now", "Reverse it", "Let the sale go on (manager)")
	c.tap("Check now")
	if checked, _, _ := c.run.Wallets.Asked(); !slices.Contains(checked, number) {
		t.Fatalf("checked %q", checked)
	}
	c.tap("Let the sale go on (manager)")
	c.sees("Choose a reason first")
	c.tap("The phone shows no payment")
	c.hold("Hold: let the sale go on", holdTime+300*time.Millisecond)
	if _, _, over := c.run.Wallets.Asked(); len(over) != 0 {
		t.Fatalf("a cashier went on alone: %q", over)
	}
	c.sees("Approve going on over an open payment: ¥23.00")
	c.hand("1003", fyne.KeyReturn)
	if _, _, over := c.run.Wallets.Asked(); len(over) != 1 || over[0] != number+" 1003 The phone shows no payment" {
		t.Fatalf("overridden %q", over)
	}
}

func TestFreezeWantsTwoSecondsAndTheOwnerReleases(t *testing.T) {
	c := wallet(t)
	c.scan(wechatCode)
	a := c.comes(till.Pending)
	c.w.Open(PageFreeze)
	c.sees("Wallet payments work", "Alipay · 95188", "Merchant number 2088 0012 3456 7890")
	c.tap("A key may have leaked")
	c.hold("Hold 2 s: freeze all", time.Second)
	if len(c.w.View().Frozen) != 0 {
		t.Fatal("one second froze the wallets")
	}
	c.hold("Hold 2 s: freeze all", freezeTime+300*time.Millisecond)
	if f := c.w.View().Frozen; len(f) != 1 || f[0].Wallet != "" || f[0].By != "1002" || f[0].Reason != "A key may have leaked" {
		t.Fatalf("frozen %+v", f)
	}
	if _, stopped, _ := c.run.Wallets.Asked(); !slices.Contains(stopped, a.Number) {
		t.Fatalf("the open payment was not reversed: %q", stopped)
	}
	c.sees("Wallet payments are frozen", "Five steps, tick as you go", "Call the provider", "Wallets frozen", "Unfreeze (owner)")
	c.tap("Unfreeze (owner)")
	if len(c.w.View().Frozen) != 1 {
		t.Fatal("a cashier released the wallets")
	}
	c.sees("Approve releasing a frozen wallet")
	c.hand("1001", fyne.KeyReturn)
	if len(c.w.View().Frozen) != 0 {
		t.Fatalf("frozen %+v", c.w.View().Frozen)
	}
}

func TestOpenCasesAreSaidAtSignOnAndAtTheClose(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	trayOf(c)
	c.Do(till.SignOff{})
	c.sees("3 payments are being checked, ¥55.40", "1 waits for the owner")
	c.run.SignOn("1001")
	c.show()
	c.w.Open(PageShift)
	c.sees("3 payments are being checked, ¥55.40", "1 waits for the owner", "Each is booked on the day its result is known, with this shift beside it.")
	c.tap("See the list")
	c.sees("Payments being checked")
}

func TestARefundGoesBackThroughItsWalletAndFailedOnesInCash(t *testing.T) {
	c, _ := back(t, "1001")
	withWallets(c)
	c.w.SetLanguage("en")
	c.run.OK(till.Scan{Code: milk, Qty: 2 * money.One})
	at := c.run.Paying("wechatpay", 3180)
	c.run.Comes(at.Number, till.PaidFor)
	c.run.OK(till.NextSale{})
	c.show()
	c.w.OpenWith(PageReturns, 1)
	c.hand("+")
	c.sees("Goes back to the payer through WeChat Pay; it may take some days")
	c.hand("1", fyne.KeyF9)
	r := lastRecord[*till.Returned](c).Return
	if len(r.Refunds) != 1 || r.Refunds[0].Kind != "wallet:wechatpay" || r.Refunds[0].Amount != 1590 {
		t.Fatalf("refunds %+v", r.Refunds)
	}
	c.sees("WeChat Pay ¥15.90", "With provider", "Accepted; the provider sets the time. It is followed up and never sent twice.")
	c.run.Refunded(r.Refunds[0].Ref, till.RefundFailed)
	c.show()
	c.sees("Not refunded", "Pay ¥15.90 in cash", "¥15.90 did not go back")
	c.tap("Pay ¥15.90 in cash")
	if m := lastRecord[*till.RefundMended](c); m.To != till.Cash || m.Amount != 1590 {
		t.Fatalf("mended %+v", m)
	}
	c.sees("Paid in cash").hasNot("Pay ¥15.90 in cash")
}
