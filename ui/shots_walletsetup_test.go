package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

func TestShotsWalletSetup(t *testing.T) {
	var s *safe
	page := func(t *testing.T, w, h float32) *counter {
		c, safe := atWallets(t, w, h)
		s = safe
		return c
	}
	good := func(c *counter, step int) {
		given(c, s, "wechatpay live")
		toStep(c, "wechatpay", step)
	}
	check := func(c *counter, names ...till.CheckName) {
		c.w.page().(*walletSetupPage).change("wechatpay", func(x *till.WalletSetup) {
			x.Registered = true
			x.Account.Payee, x.Account.Merchant, x.Account.Contact = "青禾便利店", "1900012109", "95017"
			x.Account.Fees, x.Account.Settles = []till.WalletFee{{FeeRule: till.FeeRule{Rate: 6000}}, {From: 20260701, FeeRule: till.FeeRule{Rate: 3800, Min: 1, Cap: 2500}}}, 1
			x.Papers = map[string]till.PaperState{"business_licence": till.PaperApproved, "owner_id": till.PaperApproved, "bank_account": till.PaperSent}
			for _, n := range names {
				x.Note(till.WalletCheck{Name: n, Mode: "live", OK: true, At: c.now, Number: "T10000000000042"})
			}
		})
	}
	shootSetup(t, "wallets-none", page, nil)
	shootSetup(t, "wallets", page, func(c *counter) {
		c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: shopWallets}}})
		c.show()
		check(c)
		c.w.page().(*walletSetupPage).home()
	})
	shootSetup(t, "wallets-choose", page, func(c *counter) {
		c.w.office.wallets.view = viewChoose
		c.w.office.wallets.chosen = map[string]bool{"wechatpay": true, "alipay": true}
		c.show()
	})
	shootSetup(t, "wallets-register", page, func(c *counter) { toStep(c, "jdpay", stepKeys) })
	shootSetup(t, "wallets-keys", page, func(c *counter) {
		s.accounts["wechatpay live"] = map[string]string{"mchid": "1900012109", "appid": "wx0123456789abcdef", "apiv2_key": "x", "apiclient_key": "half"}
		toStep(c, "wechatpay", stepKeys)
		check(c)
		c.w.office.wallets.loaded = false
		c.show()
		toStep(c, "wechatpay", stepKeys)
	})
	shootSetup(t, "wallets-keys-activate", page, func(c *counter) {
		s.WalletSafe = WalletSafe{Keyring: true}
		toStep(c, "shouqianba", stepKeys)
		c.w.page().(*walletSetupPage).register(true)
	})
	shootSetup(t, "wallets-keys-test", page, func(c *counter) {
		toStep(c, "wechatpay", stepKeys)
		c.w.page().(*walletSetupPage).register(true)
		c.w.page().(*walletSetupPage).useMode("test")
	})
	shootSetup(t, "wallets-papers", page, func(c *counter) { good(c, stepPapers); check(c); toStep(c, "wechatpay", stepPapers) })
	shootSetup(t, "wallets-connect-failed", page, func(c *counter) {
		s.steps = []WalletStep{{Name: "credentials", OK: true}, {Name: "host", OK: true}, {Name: "clock", OK: true}, {Name: "request_signature", Reason: till.SetUpWrong, Detail: "SIGN_ERROR: 签名错误，请检查后再试"}}
		good(c, stepConnect)
		c.w.page().(*walletSetupPage).probe()
	})
	shootSetup(t, "wallets-connect", page, func(c *counter) { good(c, stepConnect); c.w.page().(*walletSetupPage).probe() })
	shootSetup(t, "wallets-trial-begin", page, func(c *counter) { good(c, stepTrial); check(c, till.CheckConnect) })
	shootSetup(t, "wallets-trial", page, func(c *counter) {
		good(c, stepTrial)
		check(c, till.CheckConnect)
		c.w.page().(*walletSetupPage).trial(WalletTrial{Way: till.Show})
		s.trial.At, s.trial.QR = till.CheckReceive, "weixin://wxpay/bizpayurl?pr=QHTESTDEMO"
		s.trial.Checks = []till.WalletCheck{{Name: till.CheckCode, Mode: "live", OK: true, At: c.now}}
		c.wait(time.Second)
	})
	shootSetup(t, "wallets-trial-reverse", page, func(c *counter) {
		good(c, stepTrial)
		check(c, till.CheckConnect, till.CheckCode, till.CheckShow, till.CheckReceive, till.CheckQuery, till.CheckRefund)
		c.w.page().(*walletSetupPage).trial(WalletTrial{Way: till.Show, Reverse: true})
		s.trial.At, s.trial.QR = till.CheckReverse, "weixin://wxpay/bizpayurl?pr=QHTESTDEMO"
		c.wait(time.Second)
	})
	shootSetup(t, "wallets-trial-failed", page, func(c *counter) {
		good(c, stepTrial)
		check(c, till.CheckConnect)
		c.w.page().(*walletSetupPage).trial(WalletTrial{Way: till.Take})
		s.trial.Running = false
		s.trial.Checks = []till.WalletCheck{{Name: till.CheckTake, Mode: "live", Reason: till.NotEnough, Note: "NOTENOUGH 余额不足", At: c.now}}
		c.wait(time.Second)
	})
	shootSetup(t, "wallets-live", page, func(c *counter) {
		good(c, stepLive)
		check(c, till.CheckConnect, till.CheckCode, till.CheckShow, till.CheckReceive, till.CheckQuery, till.CheckRefund)
	})
	shootSetup(t, "wallets-fees", page, func(c *counter) {
		good(c, stepLive)
		check(c)
		c.w.page().(*walletSetupPage).openFees()
	})
	shootSetup(t, "wallets-rules", page, func(c *counter) {
		c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: shopWallets}}})
		c.show()
		c.w.page().(*walletSetupPage).openRules()
		c.w.page().(*walletSetupPage).tryRule("281234567890123456")
	})
	shootSetup(t, "wallets-rule", page, func(c *counter) {
		c.w.page().(*walletSetupPage).openRules()
		c.w.page().(*walletSetupPage).editRule(4)
		c.press(fyne.KeyTab)
	})
}
