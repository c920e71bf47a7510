package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// callBook is what a ledger has of wallet payments, for the pages that read it.
type callBook struct {
	attempts []till.Attempt
	moves    []till.AttemptMove
	calls    []till.WalletCall
	reads    int
	health   []till.WalletHealth
	looks    int
}

func (b *callBook) Health(context.Context) ([]till.WalletHealth, error) {
	b.looks++
	return b.health, nil
}

func (b *callBook) Attempts(context.Context, till.AttemptFilter) ([]till.Attempt, error) {
	return b.attempts, nil
}

func (b *callBook) Attempt(_ context.Context, number string) (till.Attempt, error) {
	for _, a := range b.attempts {
		if a.Number == number {
			return a, nil
		}
	}
	return till.Attempt{}, &till.Error{Code: till.NoSuchAttempt}
}

func (b *callBook) AttemptMoves(context.Context, string) ([]till.AttemptMove, error) {
	return b.moves, nil
}

func (b *callBook) AttemptCalls(context.Context, string) ([]till.WalletCall, error) {
	b.reads++
	return b.calls, nil
}

func TestTheWaitSaysHowOftenAndWhenItAsked(t *testing.T) {
	c := wallet(t)
	book := &callBook{}
	c.w.ports.Payments = book
	c.scan(wechatCode)
	a := c.comes(till.Pending)
	c.sees("Asking every few seconds")
	c.wait(4 * time.Second)
	for range 5 {
		book.calls = append(book.calls, till.WalletCall{Kind: "query", Number: a.Number, Began: c.now})
	}
	book.calls = append(book.calls, till.WalletCall{Kind: "start", Number: a.Number, Began: c.now})
	c.wait(4 * time.Second)
	if !c.has("Check 5 · asked 3 s ago") && !c.has("Check 5 · asked 4 s ago") {
		t.Fatalf("the screen says %q", c.words())
	}
	// The ledger is read every few seconds while it is seen, and not at all once it is not.
	reads := book.reads
	c.wait(9 * time.Second)
	if n := book.reads - reads; n > 4 {
		t.Fatalf("read %d times in 9 s", n)
	}
	c.w.Open(PageKeys)
	reads = book.reads
	c.wait(9 * time.Second)
	if book.reads != reads || len(c.timers) != 0 {
		t.Fatalf("read %d times behind another page; %d timers run", book.reads-reads, len(c.timers))
	}
}

func TestTheTrayTellsTheStoryOfAPaymentAndOfTheDay(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	at := c.now.Add(-time.Hour)
	past := func(state till.AttemptState, after time.Duration) till.Attempt {
		return till.Attempt{Number: "001TEST00000009X", Wallet: "alipay", Amount: 2450, State: state, PlannedAt: at, ChangedAt: at.Add(after), Receipt: 115}
	}
	c.w.ports.Payments = &callBook{
		attempts: []till.Attempt{past(till.PaidFor, 2*time.Minute), past(till.PaidFor, 3*time.Second), past(till.PaidFor, 5*time.Second)},
		moves:    []till.AttemptMove{{To: till.Planned, At: at, By: "1002"}, {To: till.Sending, At: at}, {To: till.Unknown, At: at.Add(10 * time.Second), Said: "SYSTEMERROR"}, {To: till.PaidFor, At: at.Add(2 * time.Minute)}},
	}
	c.w.Open(PageTray)
	c.sees("#0115", "Paid", "¥24.50", "Found paid at 08:02, sale closed", "The other 2 wallet payments today confirmed at once", "What happened", "08:00:10", "Result unknown · SYSTEMERROR", "Noted · 林晓")
}

func TestAnotherReasonForGoingOnIsTyped(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	trayOf(c)
	c.w.OpenWith(PageTray, firstUnknown(c))
	c.tap("Let the sale go on (manager)")
	c.tap("Another reason")
	c.hand("regular customer")
	if got := c.w.office.tray.reason; got != "regular customer" {
		t.Fatalf("the reason is %q", got)
	}
	c.press(fyne.KeyEscape)
	c.sees("Let the sale go on (manager)").hasNot("Hold: let the sale go on")
}

func TestTheWalletsCodeIsReadFromBothWindows(t *testing.T) {
	// The address of a checkout is as long as codes come.
	long := "https://checkout.example/c/pay/cs_live_" + strings.Repeat("a1B2c3D4", 40) + "#fid" + strings.Repeat("k3Yz", 30)
	for _, want := range []string{"weixin://wxpay/bizpayurl?pr=QH0128DEMOONLY", long} {
		for _, s := range []shot{{1366, 768, "zh-Hans", false}, {1024, 768, "en", true}} {
			c := open(t, s.width, s.height)
			withWallets(c)
			c.w.SetLanguage(s.lang)
			c.w.SetDark(s.dark)
			c.scan(milk, bread)
			c.press(fyne.KeyF9)
			c.hand("s")
			c.wait(letterWindow)
			c.comes(till.Pending, withCode(want))
			if got := decode(t, c.win); got != want {
				t.Errorf("%s: the till shows %q, want %q", s, got, want)
			}
			if got := decode(t, c.customer(s.width, s.height)); got != want {
				t.Errorf("%s: the customer sees %q, want %q", s, got, want)
			}
		}
	}
}

func TestACodeAboveTheLimitOfTheSellScreenWaitsForEnter(t *testing.T) {
	c := wallet(t)
	c.run.OK(till.AddTyped{Name: "电视", Price: 129900_00, Qty: money.One})
	c.run.Clock = c.run.Clock.Add(2 * time.Second)
	c.now = c.run.Clock
	c.show()
	c.scan(wechatCode)
	if all, _ := c.payments(); len(all) != 0 || c.w.at != PageCode {
		t.Fatalf("began %+v at %s", all, c.w.at)
	}
	c.sees("A WeChat Pay code was read, nothing is charged yet", "Enter charges ¥1,318.40", "**** **** 6747")
	c.press(fyne.KeyReturn)
	all, codes := c.payments()
	if len(all) != 1 || all[0].Wallet != "wechatpay" || all[0].Amount != 131840 || codes[0] != wechatCode {
		t.Fatalf("Enter began %+v with %q", all, codes)
	}
	// Left alone it is forgotten.
	d := wallet(t)
	d.run.OK(till.AddTyped{Name: "电视", Price: 129900_00, Qty: money.One})
	d.run.Clock = d.run.Clock.Add(2 * time.Second)
	d.show()
	d.scan(wechatCode)
	d.press(fyne.KeyEscape)
	if d.w.View().Held != nil || d.w.at == PageCode {
		t.Fatalf("held %+v at %s", d.w.View().Held, d.w.at)
	}
	e := wallet(t)
	e.run.OK(till.AddTyped{Name: "电视", Price: 129900_00, Qty: money.One})
	e.run.Clock = e.run.Clock.Add(2 * time.Second)
	e.show()
	e.scan(wechatCode)
	e.run.Clock = e.run.Clock.Add(31 * time.Second)
	e.now = e.run.Clock
	e.run.OK(till.SetQty{Line: 1, Qty: money.One}) // any act tells it
	e.show()
	if e.w.View().Held != nil {
		t.Fatalf("held %+v", e.w.View().Held)
	}
	e.sees("The code was 30 seconds old and was let go. Nothing was taken.")
	if all, _ := e.payments(); len(all) != 0 {
		t.Fatalf("began %+v", all)
	}
}

func TestEverythingFrozenLeavesCashAndCards(t *testing.T) {
	c := wallet(t)
	c.Do(till.Freeze{})
	c.press(fyne.KeyF9)
	c.sees("Wallet payments are frozen", "Cash and cards work. The owner can unfreeze.", "Frozen", "Bank card").hasNot("Scan the customer's pay code")
	c.hand("a")
	c.wait(letterWindow)
	c.scan(wechatCode)
	if all, _ := c.payments(); len(all) != 0 {
		t.Fatalf("a frozen wallet began %+v", all)
	}
	c.sees("WeChat Pay: Frozen", "Nothing was charged. Take cash, a card or another wallet.", "Cash or other")
	for _, words := range c.words() {
		if strings.Contains(words, wechatCode) {
			t.Fatalf("the screen says the code: %q", words)
		}
	}
	c.press(fyne.KeyF8)
	if c.w.at != PageCash || c.w.View().Held != nil {
		t.Fatalf("F8 goes to %s, held %+v", c.w.at, c.w.View().Held)
	}
	c.hand("20", fyne.KeyReturn)
	if c.w.at != PageResult {
		t.Fatalf("cash ends at %s", c.w.at)
	}
}
