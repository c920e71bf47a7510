package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// A wallet of which few payments arrive is warned about and moves behind the others; it comes back by itself. It is
// looked at once a minute and after a payment that ended, and never for cash.
func TestAWalletInTroubleMovesBack(t *testing.T) {
	c := wallet(t)
	book := &callBook{health: []till.WalletHealth{{Wallet: "alipay", Ended: 8, Paid: 3, Faults: 5}, {Wallet: "wechatpay", Ended: 4, Paid: 0, Faults: 4}}}
	c.w.ports.Payments = book
	order := func() []string {
		var out []string
		for _, x := range c.words() {
			if x == "Alipay" || x == "WeChat Pay" || x == "Apple Pay" {
				out = append(out, x)
			}
		}
		return out
	}
	c.press(fyne.KeyF9)
	c.show()
	if got := order(); book.looks != 1 || !slices.Equal(got, []string{"WeChat Pay", "Apple Pay", "Alipay"}) {
		t.Fatalf("after %d looks the wallets are %q: %q", book.looks, got, c.words())
	}
	c.sees("3 of the last 8 paid", "Alipay: few payments arrive")
	c.hasNot("0 of the last 4 paid") // too few to judge
	for range 5 {
		c.show()
	}
	if book.looks != 1 {
		t.Fatalf("%d looks within a minute", book.looks)
	}
	// It is still usable.
	c.hand("a")
	c.wait(letterWindow)
	if all, _ := c.payments(); len(all) != 1 || all[0].Wallet != "alipay" {
		t.Fatalf("began %+v", all)
	}
	book.health = []till.WalletHealth{{Wallet: "alipay", Ended: 9, Paid: 8}}
	c.comes(till.Declined, because(till.NoNetwork, ""))
	if book.looks != 2 {
		t.Fatalf("%d looks after a payment that ended", book.looks)
	}
	c.press(fyne.KeyF9)
	if got := order(); !slices.Equal(got, []string{"Alipay", "WeChat Pay", "Apple Pay"}) {
		t.Fatalf("well again, the wallets are %q", got)
	}
	c.hasNot("Alipay: few payments arrive")
	c.now = c.now.Add(2 * time.Minute)
	c.show()
	if book.looks != 3 {
		t.Fatalf("%d looks after a minute", book.looks)
	}
}
