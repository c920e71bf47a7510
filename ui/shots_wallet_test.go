package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// shopWallets are the wallets of the design, one of them still a test.
const shopWallets = `[
{"name":"alipay","title":"支付宝","title_en":"Alipay","on":true,"mode":"live","ways":["show","take"],"payee":"青禾便利店","merchant":"2088 0012 3456 7890","contact":"95188","letter":"A","order":1,"settles":1,"fees":[{"rate":3800}]},
{"name":"wechatpay","title":"微信支付","title_en":"WeChat Pay","on":true,"mode":"live","ways":["show","take"],"payee":"青禾便利店","merchant":"1900012345","contact":"95017","letter":"W","order":2,"settles":1,"fees":[{"rate":3800}]},
{"name":"unionpay","title":"云闪付","title_en":"UnionPay","on":true,"mode":"live","ways":["show","take"],"letter":"U","order":3},
{"name":"jdpay","title":"京东支付","title_en":"JD Pay","on":true,"mode":"live","ways":["take"],"letter":"J","order":4},
{"name":"paypal","title":"PayPal","title_en":"PayPal","on":true,"mode":"live","ways":["show"],"letter":"P","order":5},
{"name":"stripe","title":"Stripe","title_en":"Stripe","on":true,"mode":"live","ways":["show"],"letter":"S","order":6},
{"name":"baidu","title":"度小满","title_en":"Du Xiaoman","on":true,"mode":"test","ways":["show","take"],"letter":"D","order":7},
{"name":"applepay","title":"Apple Pay","title_en":"Apple Pay","on":true,"mode":"live","ways":["tap"],"letter":"Y","order":8}]`

// withWallets makes the counter's shop take the wallets of the design, and no codes without confirmation.
func withWallets(c *counter) {
	c.Helper()
	who := c.run.Reg.View().Operator.Code
	if who != "1001" {
		c.run.SignOn("1001")
	}
	c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: shopWallets}}})
	if who != "1001" {
		c.run.SignOn(who)
	}
	c.w.SetMethods(nil)
	c.show()
}

// walletSale is the sale of the design with 50.00 of it paid in cash, on the pay page.
func walletSale(c *counter) {
	withWallets(c)
	fullCart(c)
	c.press(fyne.KeyF9)
	c.hand("50", fyne.KeyF8)
}

const wechatCode = "134567890123456747"

// comes takes the payment on the screen on, as its provider's answers do, and shows it.
func (c *counter) comes(to till.AttemptState, more ...func(*till.AttemptMove)) till.Attempt {
	c.Helper()
	at := c.w.View().Attempt
	if at == nil {
		c.Fatalf("there is no payment on the screen; it says %q", c.words())
	}
	a := c.run.Comes(at.Number, to, more...)
	c.show()
	return a
}

// because gives a state its reason, and the provider's own words.
func because(r till.Reason, said string) func(*till.AttemptMove) {
	return func(m *till.AttemptMove) { m.Reason, m.Said = r, said }
}

// withCode gives a payment the code that the customer scans.
func withCode(text string) func(*till.AttemptMove) {
	return func(m *till.AttemptMove) { m.QR = text }
}

// scanned charges what is due by a customer's WeChat code and goes on to a state.
func scannedTo(to till.AttemptState, more ...func(*till.AttemptMove)) func(c *counter) {
	return func(c *counter) {
		walletSale(c)
		c.scan(wechatCode)
		if to != till.Planned {
			c.comes(to, more...)
		}
		c.wait(18 * time.Second)
	}
}

// shownCode shows a WeChat code for what is due.
func shownCode(c *counter) {
	walletSale(c)
	c.hand("w")
	c.wait(letterWindow)
	c.comes(till.Pending, withCode("weixin://wxpay/bizpayurl?pr=QH0128DEMOONLY"))
	c.wait(19 * time.Second)
}

// tray is a counter with payments of every kind aside.
func trayOf(c *counter) {
	withWallets(c)
	fullShelf(c)
	aside := func(code string, to till.AttemptState, more ...func(*till.AttemptMove)) till.Attempt {
		c.put(code, money.One)
		c.run.Clock = c.run.Clock.Add(4 * time.Minute)
		c.now = c.run.Clock
		c.run.OK(till.PayWallet{Wallet: "wechatpay", Amount: c.run.Reg.View().Due, Way: till.Show})
		a := *c.run.Reg.View().Attempt
		if to != till.Planned {
			a = c.run.Comes(a.Number, to, more...)
		}
		return a
	}
	aside("504", till.Unknown, because(till.NoNetwork, ""))
	c.run.OK(till.Park{})
	aside("502", till.Cancelling)
	c.run.OK(till.Park{})
	aside("405", till.Attention, because(till.AmountDiffers, ""))
	c.run.OK(till.Park{})
	aside("410", till.Pending, withCode("weixin://x"))
	c.run.OK(till.Park{})
	c.show()
	c.w.Open(PageTray)
}

func TestShotsWallet(t *testing.T) {
	shoot(t, "wallet-pay", func(c *counter) { withWallets(c); fullCart(c); c.press(fyne.KeyF9) })
	shoot(t, "wallet-pay-split", walletSale)
	shoot(t, "wallet-04-qr", shownCode)
	shoot(t, "wallet-05a-wait", func(c *counter) { walletSale(c); c.tap(c.w.Say("wallet.scan_strip")) })
	shoot(t, "wallet-05a-typing", func(c *counter) { walletSale(c); c.tap(c.w.Say("wallet.scan_strip")); c.hand("1345678") })
	shoot(t, "wallet-05a-which", func(c *counter) { walletSale(c); c.scan("180123456789012345"); c.wait(3 * time.Second) })
	shoot(t, "wallet-05b-sending", scannedTo(till.Planned))
	shoot(t, "wallet-05b-confirming", scannedTo(till.Pending))
	shoot(t, "wallet-05c-paid", scannedTo(till.PaidFor))
	shoot(t, "wallet-05d-failed", scannedTo(till.Declined, because(till.NotEnough, "NOTENOUGH 余额不足")))
	shoot(t, "wallet-05d-other", scannedTo(till.Declined, because(till.OtherReason, "")))
	shoot(t, "wallet-05e-unknown", scannedTo(till.Unknown, because(till.NoNetwork, "")))
	shoot(t, "wallet-05e-unverified", scannedTo(till.Unknown, because(till.NotVerified, "")))
	shoot(t, "wallet-reversing", scannedTo(till.Cancelling))
	shoot(t, "wallet-unproven", scannedTo(till.CancelUnproven))
	shoot(t, "wallet-reversed", scannedTo(till.Cancelled, because(till.StoppedByCashier, "")))
	shoot(t, "wallet-attention", scannedTo(till.Attention, because(till.AmountDiffers, "")))
	shoot(t, "wallet-tap", func(c *counter) { walletSale(c); c.hand("y"); c.wait(letterWindow); c.comes(till.Pending) })
	shoot(t, "wallet-05f-tray", trayOf)
	shoot(t, "wallet-05f-override", func(c *counter) {
		trayOf(c)
		c.w.office.tray.chosen = firstUnknown(c)
		c.w.refreshPage()
		c.tap(c.w.Say("wallet.override"))
	})
	shoot(t, "wallet-05f-none", func(c *counter) { withWallets(c); c.w.Open(PageTray) })
	shoot(t, "wallet-15-ready", func(c *counter) { withWallets(c); c.w.Open(PageFreeze) })
	shoot(t, "wallet-15-frozen", func(c *counter) {
		withWallets(c)
		c.w.Open(PageFreeze)
		c.Do(till.Freeze{Reason: c.w.Say("freeze.reason.key")})
	})
	shoot(t, "wallet-15-one", func(c *counter) { withWallets(c); c.w.Open(PageFreeze); c.Do(till.Freeze{Wallet: "unionpay"}) })
	shoot(t, "wallet-pay-frozen", func(c *counter) {
		withWallets(c)
		c.run.OK(till.Freeze{Wallet: "unionpay"})
		fullCart(c)
		c.press(fyne.KeyF9)
	})
	shoot(t, "wallet-pay-all-frozen", func(c *counter) {
		withWallets(c)
		c.run.OK(till.Freeze{})
		fullCart(c)
		c.press(fyne.KeyF9)
	})
	shoot(t, "wallet-keys", func(c *counter) { withWallets(c); c.press(fyne.KeyF1) })
	shoot(t, "wallet-menu", func(c *counter) { trayOf(c); c.w.Home(); c.press(fyne.KeyF10); c.overlaid = true })
	shoot(t, "wallet-sell-checking", func(c *counter) { trayOf(c); c.w.Home() })
	shoot(t, "wallet-signon", func(c *counter) { trayOf(c); c.Do(till.SignOff{}) })
	shoot(t, "wallet-close", func(c *counter) { trayOf(c); c.run.SignOn("1001"); c.show(); c.w.Open(PageShift) })
}

// The states of a return whose money goes back through two wallets and in cash.
func TestShotsWalletRefund(t *testing.T) {
	begin := func(state func(c *counter, refunds []till.Tender)) func(c *counter) {
		return func(c *counter) {
			lang := c.w.Lang()
			withWallets(c)
			fullShelf(c)
			c.put("504", money.One)
			c.put("501", money.One)
			c.run.OK(till.PayCash{Amount: 890, Tendered: 890})
			for _, x := range []struct {
				wallet string
				amount money.Amount
			}{{"wechatpay", 1000}, {"alipay", 2000}} {
				c.run.Comes(c.run.Paying(x.wallet, x.amount).Number, till.PaidFor)
			}
			c.run.OK(till.NextSale{})
			c.show()
			c.w.SetLanguage(lang)
			c.w.OpenWith(PageReturns, 1)
			c.hand("a")
			c.wait(letterWindow)
			if state == nil {
				return
			}
			c.hand("1", fyne.KeyF9)
			state(c, lastRecord[*till.Returned](c).Return.Refunds)
			c.show()
		}
	}
	shop := func(t *testing.T, width, height float32) *counter {
		c, _ := backAt(t, width, height)
		c.run.SignOn("1001")
		c.run.OK(till.OpenShift{Float: 50000})
		c.now = c.run.Clock
		c.show()
		return c
	}
	shootFrom(t, "wallet-07-refund", shop, begin(nil))
	shootFrom(t, "wallet-07b-refund-pending", shop, begin(func(c *counter, r []till.Tender) { c.run.Refunded(r[1].Ref, till.RefundDone) }))
	shootFrom(t, "wallet-07b-refund-failed", shop, begin(func(c *counter, r []till.Tender) {
		c.run.Refunded(r[1].Ref, till.RefundDone)
		c.run.Refunded(r[2].Ref, till.RefundFailed)
	}))
	shootFrom(t, "wallet-05f-refund-failed", shop, begin(func(c *counter, r []till.Tender) {
		c.run.Refunded(r[2].Ref, till.RefundFailed)
		c.w.ports.Payments = &callBook{attempts: c.run.J.Attempts()}
		c.show()
		c.w.Open(PageTray)
	}))
}

func firstUnknown(c *counter) string {
	for _, a := range c.w.View().Attempts {
		if a.State == till.Unknown {
			return a.Number
		}
	}
	c.Fatal("nothing is unknown")
	return ""
}

// The customer's window has both languages at once.
func TestShotsWalletCustomer(t *testing.T) {
	states := []struct {
		name  string
		state func(c *counter)
	}{
		{"customer-06c-qr", shownCode},
		{"customer-06d-wait", func(c *counter) { walletSale(c); c.hand("w"); c.wait(letterWindow) }},
		{"customer-06d-confirm", scannedTo(till.Pending)},
		{"customer-06d-hold", scannedTo(till.Unknown)},
		{"customer-06d-ask", scannedTo(till.Declined)},
		{"customer-06d-cancelled", scannedTo(till.Cancelled)},
		{"customer-06e-wallet", scannedTo(till.PaidFor)},
	}
	for _, s := range shots() {
		if s.lang == "en" && s.width == 1366 {
			continue
		}
		for _, st := range states {
			t.Run(st.name+"-"+s.String(), func(t *testing.T) {
				c := open(t, s.width, s.height)
				c.w.SetDark(s.dark)
				st.state(c)
				win := c.customer(s.width, s.height)
				saveWindow(t, win, st.name+"-"+s.String())
				c.isTidy(win.Content())
			})
		}
	}
}

// A title bar and a taskbar take their part of a small screen.
func TestWalletPagesFitALowWindow(t *testing.T) {
	pages := map[string]func(c *counter){
		"pay": func(c *counter) { walletSale(c) }, "qr": shownCode, "confirming": scannedTo(till.Pending), "paid": scannedTo(till.PaidFor),
		"failed": scannedTo(till.Declined, because(till.SetUpWrong, "SIGN_ERROR 签名错误")), "unknown": scannedTo(till.Unknown, because(till.ClockWrong, "")),
		"reversing": scannedTo(till.Cancelling), "wait": func(c *counter) { walletSale(c); c.tap(c.w.Say("wallet.scan_strip")) },
		"which": func(c *counter) { walletSale(c); c.scan("180123456789012345") }, "tray": trayOf, "freeze": func(c *counter) { withWallets(c); c.w.Open(PageFreeze) },
		"keys": func(c *counter) { withWallets(c); c.press(fyne.KeyF1) },
	}
	for _, size := range []fyne.Size{{Width: 1366, Height: 690}, {Width: 1024, Height: 600}} {
		for _, lang := range []string{"zh-Hans", "en"} {
			for name, state := range pages {
				c := open(t, size.Width, size.Height)
				c.w.SetLanguage(lang)
				state(c)
				savePicture(t, c, "low-wallet-"+name+"-"+shot{size.Width, size.Height, lang, false}.String())
				c.isTidy(c.win.Content())
			}
		}
	}
}
