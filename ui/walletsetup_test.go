package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// safe is what was entered for wallets, in memory, with platforms that answer as the test says. The real one is tried
// in cmd/guitai, over the ledger, the desk and the simulator.
type safe struct {
	WalletSafe
	accounts map[string]map[string]string // by wallet and mode
	faults   map[string]WalletFault       // by value: what cannot be right
	steps    []WalletStep
	trial    WalletTrialState
	tried    bool
	reversed int
	fail     error
	files    map[string]string
	probes   int
}

var wechatFields = []WalletField{
	{Name: "mchid", Kind: "digits", Title: "商户号", TitleEN: "Merchant number", Hint: "商户平台 → 账户中心", HintEN: "Merchant platform, account centre"},
	{Name: "appid", Kind: "text", Title: "AppID", TitleEN: "AppID", Hint: "wx 开头", HintEN: "Begins with wx"},
	{Name: "apiclient_key", Kind: "pem", Secret: true, Title: "商户 API 私钥", TitleEN: "Merchant private key", Hint: "证书工具生成的 apiclient_key.pem", HintEN: "apiclient_key.pem, made by the tool"},
	{Name: "apiclient_cert", Kind: "pem", Title: "商户 API 证书", TitleEN: "Merchant certificate", Hint: "与私钥同一压缩包的 apiclient_cert.pem", HintEN: "apiclient_cert.pem, from the same archive"},
	{Name: "apiv2_key", Kind: "text", Secret: true, Title: "APIv2 密钥", TitleEN: "APIv2 key", Hint: "32 位", HintEN: "32 characters"},
	{Name: "code_payment", Kind: "choice", Default: "v2", Optional: true, Choices: []string{"v2", "v3"}, Title: "付款码支付接口", TitleEN: "Customer's code by", Hint: "v2 为默认", HintEN: "v2 unless v3 was opened"},
	{Name: "base_url", Kind: "url", Optional: true, Title: "平台地址", TitleEN: "The platform's address", Hint: "留空用平台自己的", HintEN: "Empty for its own"},
}

func (s *safe) Offers() []WalletOffer {
	offer := func(name, zh, en, letter string, ways []till.Presentment, papers ...string) WalletOffer {
		return WalletOffer{Name: name, Title: zh, TitleEN: en, Smallest: 1, Refunds: true, Bills: true, Papers: papers, Currencies: []string{"CNY"}, Fields: wechatFields,
			Account: till.WalletAccount{Name: name, Title: zh, TitleEN: en, Mode: "live", Letter: letter, Ways: ways}}
	}
	both := []till.Presentment{till.Show, till.Take}
	alipay := offer("alipay", "支付宝", "Alipay", "A", both, "business_licence", "owner_account", "shop_photos")
	wechat := offer("wechatpay", "微信支付", "WeChat Pay", "W", both, "business_licence", "owner_id", "bank_account")
	sqb := offer("shouqianba", "收钱吧", "Shouqianba", "B", both, "business_licence", "owner_id", "bank_account", "contract")
	sqb.Activates, sqb.Bills = true, false
	stripe := offer("stripe", "Stripe（Apple Pay、Google Pay、银行卡）", "Stripe (Apple Pay, Google Pay, cards)", "S", []till.Presentment{till.Show, till.Tap}, "business_licence", "owner_id", "bank_account", "website")
	stripe.Currencies = nil
	paypal := offer("paypal", "PayPal", "PayPal", "P", []till.Presentment{till.Show}, "business_licence", "owner_id", "bank_account", "website")
	paypal.Currencies = []string{"USD", "EUR", "GBP", "HKD"}
	jd := offer("jdpay", "京东支付", "JD Pay", "J", both, "business_licence", "owner_id", "bank_account", "contract")
	jd.OwnContract = true
	baidu := offer("baidu", "百度钱包", "Baidu Wallet", "D", both, "business_licence", "owner_id", "bank_account", "contract")
	baidu.OwnContract = true
	return []WalletOffer{alipay, wechat, sqb, stripe, paypal, jd, baidu}
}

func (s *safe) entered(wallet, mode string) WalletEntered {
	e := WalletEntered{Wallet: wallet, Mode: mode, Values: map[string]string{}, Kept: map[string]bool{}}
	got := s.accounts[wallet+" "+mode]
	for _, f := range wechatFields {
		v := got[f.Name]
		if v == "" {
			if !f.Optional {
				e.Missing = append(e.Missing, f.Name)
			}
			continue
		}
		e.Kept[f.Name] = true
		if !f.Secret {
			e.Values[f.Name] = v
		}
		if x, bad := s.faults[v]; bad {
			x.Field = f.Name
			e.Fault = &x
		}
	}
	e.InUse = len(e.Missing) == 0 && e.Fault == nil
	e.Draft = !e.InUse && len(got) > 0
	return e
}

func (s *safe) Entered(context.Context) (WalletSafe, []WalletEntered, error) {
	var out []WalletEntered
	for k := range s.accounts {
		name, mode, _ := strings.Cut(k, " ")
		out = append(out, s.entered(name, mode))
	}
	return s.WalletSafe, out, s.fail
}

func (s *safe) Enter(_ context.Context, wallet, mode string, fields map[string]string) (WalletEntered, error) {
	if s.fail != nil {
		return WalletEntered{}, s.fail
	}
	k := wallet + " " + mode
	if s.accounts[k] == nil {
		s.accounts[k] = map[string]string{}
	}
	for f, v := range fields {
		s.accounts[k][f] = v
	}
	return s.entered(wallet, mode), nil
}

func (s *safe) Activate(_ context.Context, wallet, mode, code string) (WalletEntered, error) {
	if code != "12345678" {
		return WalletEntered{}, &WalletFaultError{WalletFault{"activation_code", "激活码已用过", "the code was used"}}
	}
	return s.Enter(context.Background(), wallet, mode, goodAccount())
}

func (s *safe) File(_ context.Context, path string) (string, WalletFault, error) {
	text, ok := s.files[path]
	switch {
	case strings.HasSuffix(path, ".p12"):
		return "", WalletFault{Zh: "这是 PKCS#12 文件", En: "this is a PKCS#12 file"}, nil
	case !ok:
		return "", WalletFault{}, errors.New("gone")
	}
	return text, WalletFault{}, nil
}

func (s *safe) Probe(context.Context, string, string) ([]WalletStep, error) {
	s.probes++
	return s.steps, s.fail
}

func (s *safe) Begin(t WalletTrial) error {
	if s.fail != nil {
		return s.fail
	}
	s.trial, s.tried = WalletTrialState{WalletTrial: t, No: s.trial.No + 1, Running: true, At: till.CheckCode, Number: "T10000000000042", Amount: 1}, true
	return nil
}

func (s *safe) Trial() (WalletTrialState, bool) { return s.trial, s.tried }
func (s *safe) Reverse()                        { s.reversed++ }
func (s *safe) Bill(context.Context, string, string, time.Time) (int, error) {
	return 12, s.fail
}

func goodAccount() map[string]string {
	return map[string]string{"mchid": "1900012109", "appid": "wx0123456789abcdef", "apiclient_key": "-----BEGIN PRIVATE KEY-----\nMII...", "apiclient_cert": "CERTIFICATE …A1B2C3, 2031-05-30",
		"apiv2_key": "0123456789abcdef0123456789abcdef"}
}

var allSteps = []WalletStep{{Name: "credentials", OK: true}, {Name: "host", OK: true}, {Name: "clock", OK: true}, {Name: "request_signature", OK: true}, {Name: "answer_signature", OK: true}, {Name: "merchant", OK: true}}

// atWallets is the office with wallets to set up, on the page, with somebody signed on.
func atWallets(t *testing.T, width, height float32) (*counter, *safe) {
	s := &safe{WalletSafe: WalletSafe{KeyFile: "wallets.key"}, accounts: map[string]map[string]string{}, faults: map[string]WalletFault{
		"19000": {Zh: "商户号是 10 位数字，老商户 8 位", En: "a merchant number has 10 digits, or 8 if it is old"},
		"half":  {Zh: "私钥不完整，或不是 PEM 文件", En: "the private key is cut off, or no PEM"}}, steps: allSteps, files: map[string]string{"/shop/apiclient_key.pem": "-----BEGIN PRIVATE KEY-----\nMII..."}}
	c := inOffice(t, width, height, PageMenu, func(p *Ports) {
		p.Office.Wallets = s
		p.Office.Folders = &lists{}
	})
	c.w.Open(PageWallets)
	if c.w.at != PageWallets {
		t.Fatalf("the wallets did not open: at %s", c.w.at)
	}
	return c, s
}

// toStep opens a step of a wallet, which is chosen first.
func toStep(c *counter, wallet string, step int) {
	p := c.w.page().(*walletSetupPage)
	p.openWallet(wallet)
	p.goTo(step)
	c.show()
}

// given has a good account entered, by wallet and mode.
func given(c *counter, s *safe, account string) {
	s.accounts[account] = goodAccount()
	c.w.office.wallets.loaded = false
	c.show()
}

// fill types into a field of the page, also one that is scrolled out of view.
func (c *counter) fill(field, text string) {
	c.Helper()
	f := c.w.page().(*walletSetupPage).fields[field]
	if f == nil {
		c.Fatalf("there is no field %s", field)
	}
	c.win.Canvas().Focus(f)
	f.SelectAll()
	c.hand(text, fyne.KeyReturn)
}

// setupIn is how far a wallet has come by the setting.
func setupIn(c *counter, wallet string) (till.WalletSetup, bool) {
	s := c.w.View().Settings
	return s.WalletSetup(wallet)
}

// checksOf are the checks of a wallet in the setting.
func checksOf(c *counter, wallet string) map[till.CheckName]bool {
	out := map[till.CheckName]bool{}
	x, _ := setupIn(c, wallet)
	for _, k := range x.Checks {
		out[k.Name] = k.OK
	}
	return out
}

// passes ends the trial that runs with these checks, in the mode of it.
func passes(c *counter, s *safe, names ...till.CheckName) {
	for _, n := range names {
		s.trial.Checks = append(s.trial.Checks, till.WalletCheck{Name: n, Mode: s.trial.Mode, OK: true, At: c.now, Number: s.trial.Number})
	}
	s.trial.Running, s.trial.QR = false, ""
	c.wait(time.Second)
}

func TestAWalletIsSetUpFromChoiceToTheCounter(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	c.sees("No wallet is set up yet")
	c.tap("Add a payment method")
	c.sees("Its own contract; proven on vectors and the simulator only. Shouqianba takes it too")
	c.tap("WeChat Pay")
	c.press(fyne.KeyReturn)
	c.sees("Set up WeChat Pay", "I have a merchant no.")
	if x, ok := setupIn(c, "wechatpay"); !ok || x.Account.Mode != "live" || x.Registered {
		t.Fatalf("what was chosen is kept as %+v", x)
	}
	c.tap("I have a merchant no.")
	c.sees("5 entries left")
	c.retype("Merchant number", "19000", fyne.KeyReturn)
	c.sees("a merchant number has 10 digits, or 8 if it is old", "mend first: Merchant number")
	c.retype("Merchant number", "1900012109", fyne.KeyReturn)
	if c.has("a merchant number has 10 digits, or 8 if it is old") {
		t.Fatal("the fault stays after it was mended")
	}
	c.retype("AppID", "wx0123456789abcdef", fyne.KeyReturn)
	c.fill("apiv2_key", "0123456789abcdef0123456789abcdef")
	if all := strings.Join(c.words(), "|"); strings.Contains(all, "0123456789abcdef0123456789abcdef") {
		t.Fatalf("a secret stands on the screen: %s", all)
	}
	c.sees("Saved and not shown again; type to replace", "2 entries left")
	for _, f := range []string{"apiclient_key", "apiclient_cert"} {
		fyne.CurrentApp().Clipboard().SetContent(goodAccount()[f])
		c.w.page().(*walletSetupPage).paste(f)
	}
	c.sees("Complete, in use")
	c.press(fyne.KeyF9)
	c.sees("Papers", "Business licence")
	c.tap("Approved")
	c.retype("Payee name", "青禾便利店", fyne.KeyReturn)
	if x, _ := setupIn(c, "wechatpay"); x.Account.Payee != "青禾便利店" || x.Papers["business_licence"] != till.PaperApproved {
		t.Fatalf("kept: %+v", x)
	}
	c.press(fyne.KeyF9)
	c.tap("Try it now")
	c.sees("Connected")
	c.press(fyne.KeyF9)
	c.tap("Show a code and pay ¥0.01 with your phone")
	s.trial.At, s.trial.QR = till.CheckReceive, "weixin://wxpay/bizpayurl?pr=TEST"
	c.wait(time.Second)
	c.sees("Scan with WeChat Pay and pay ¥0.01", "A real charge, refunded by itself after the test", "¥0.01")
	passes(c, s, till.CheckCode, till.CheckShow, till.CheckReceive, till.CheckQuery, till.CheckRefund)
	c.press(fyne.KeyF9)
	c.sees("1 check left")
	c.press(fyne.KeyF9)
	if len(c.w.View().Settings.Wallets) != 0 {
		t.Fatal("it went live without a reversal")
	}
	c.tap("Back")
	c.tap("Reverse one that is not paid")
	s.trial.At, s.trial.QR = till.CheckReverse, "weixin://wxpay/bizpayurl?pr=TEST"
	c.wait(time.Second)
	c.tap("Reverse it now")
	if s.reversed != 1 {
		t.Fatalf("reversed %d times", s.reversed)
	}
	passes(c, s, till.CheckReverse)
	c.press(fyne.KeyF9)
	c.sees("Scan: not tried, stays off")
	c.press(fyne.KeyF9)
	c.sees("WeChat Pay is live; it is on the pay screen", "Live at the till")
	got := c.w.View().Settings.Wallets
	if len(got) != 1 || !got[0].On || got[0].Mode != "live" || !slices.Equal(got[0].Ways, []till.Presentment{till.Show}) || got[0].Payee != "青禾便利店" {
		t.Fatalf("the counter has %+v", got)
	}
	// Other keys are untried ones.
	toStep(c, "wechatpay", stepKeys)
	c.fill("appid", "wx0123456789abcdee")
	if n := len(checksOf(c, "wechatpay")); n != 0 {
		t.Fatalf("%d checks are kept of other keys", n)
	}
}

func TestAnInstallerSetsAWalletUpAndTheOwnerLetsItLive(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	given(c, s, "wechatpay live")
	c.run.J.Staff = append(c.run.J.Staff, till.Operator{Code: "1004", Name: "安装员", Role: till.Installer, Active: true})
	c.run.OK(till.Reload{Operators: c.run.J.Staff})
	c.show()
	toStep(c, "wechatpay", stepConnect)
	c.tap("Try it now")
	p := c.w.page().(*walletSetupPage)
	p.change("wechatpay", func(x *till.WalletSetup) {
		for _, n := range []till.CheckName{till.CheckReceive, till.CheckShow, till.CheckQuery, till.CheckRefund, till.CheckReverse} {
			x.Note(till.WalletCheck{Name: n, Mode: "live", OK: true, At: c.now})
		}
	})
	// Without the owner's word nothing comes to the counter.
	p.goTo(stepLive)
	v := c.w.View()
	v.Operator = &till.Operator{Code: "1003", Name: "周远", Role: till.Installer, Active: true}
	v.Seq++
	c.w.Show(v)
	c.sees("Going live, fees taking effect and switching are the owner's: press it, and the owner types a PIN here; nobody signs out.")
}

func TestNothingIsLostWhereKeepingFails(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	toStep(c, "wechatpay", stepKeys)
	c.tap("I have a merchant no.")
	s.fail = errors.New("disk full")
	c.retype("Merchant number", "1900012109", fyne.KeyReturn)
	c.sees("It was not kept", "1900012109")
	s.fail = nil
	c.tap("Save, continue later")
	if s.accounts["wechatpay live"]["mchid"] != "1900012109" {
		t.Fatal("what was typed was lost")
	}
	c.sees("Progress of WeChat Pay is saved; go on at any time", "Step 2 of 6")
}

func TestAFailedStepSaysWhatHappenedAndWhatToDo(t *testing.T) {
	for _, row := range []struct {
		step   string
		reason till.Reason
		want   string
	}{
		{"host", till.NoNetwork, "WeChat Pay cannot be reached: no network, or a wrong address."},
		{"clock", till.ClockWrong, "This PC's clock is too far off, so WeChat Pay refuses."},
		{"request_signature", till.SetUpWrong, "WeChat Pay does not accept our signature: the private key, key or certificate is not the one it knows."},
		{"merchant", till.SetUpWrong, "The signature is right, but the merchant number is wrong, not bound, or lacks this permission."},
		{"answer_signature", till.NotVerified, "The signature of WeChat Pay's answer does not fit, so it is not believed."},
	} {
		c, s := atWallets(t, 1366, 768)
		given(c, s, "wechatpay live")
		s.steps = []WalletStep{{Name: "credentials", OK: true}, {Name: row.step, Reason: row.reason, Detail: "MCHID_NOT_EXIST"}}
		toStep(c, "wechatpay", stepConnect)
		c.tap("Try it now")
		c.sees(row.want, "MCHID_NOT_EXIST", "Yes. Nothing was taken or given back; all that was entered is kept.")
		if ok, told := checksOf(c, "wechatpay")[till.CheckConnect]; ok || !told {
			t.Fatalf("%s: noted as %v, %v", row.step, ok, told)
		}
	}
}

func TestTestAccountsAreSeenAndNeverReachTheCounter(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	toStep(c, "wechatpay", stepKeys)
	c.tap("I have a merchant no.")
	c.tap("Test account")
	given(c, s, "wechatpay test")
	c.sees("No real money; never at the till, never in a report.")
	for _, step := range []int{stepPapers, stepConnect, stepTrial, stepLive} {
		toStep(c, "wechatpay", step)
		c.sees("No real money; never at the till, never in a report.")
	}
	c.press(fyne.KeyF9)
	if len(c.w.View().Settings.Wallets) != 0 {
		t.Fatal("a test account is on the counter")
	}
	c.sees("Live account, every entry is saved")
}

func TestOwnPayCodeAndGoodsCodeWhileTrying(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	given(c, s, "wechatpay live")
	toStep(c, "wechatpay", stepTrial)
	c.tap("Scan your own pay code, ¥0.01")
	c.scan("6901234567892")
	c.sees("That is a code of goods, not a pay code")
	if s.tried {
		t.Fatal("a code of goods was charged")
	}
	c.scan("134567890123456747")
	if !s.tried || s.trial.Code != "134567890123456747" || s.trial.Way != till.Take || s.trial.By != "1001" {
		t.Fatalf("tried %+v", s.trial)
	}
	s.trial.Checks = []till.WalletCheck{{Name: till.CheckTake, Mode: "live", Reason: till.NotEnough, At: c.now, Note: "NOTENOUGH"}}
	s.trial.Running = false
	c.wait(time.Second)
	c.sees("The pay code was not charged", "NOTENOUGH")
}

func TestWalletsAreSwitchedAndOrdered(t *testing.T) {
	c, _ := atWallets(t, 1366, 768)
	c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: shopWallets}}})
	c.show()
	p := c.w.page().(*walletSetupPage)
	p.move(1, 0)
	if got := c.w.View().Settings.Wallets; got[0].Name != "wechatpay" || got[1].Name != "alipay" || got[0].Order != 1 {
		t.Fatalf("the order is %s, %s", got[0].Name, got[1].Name)
	}
	c.sees("The order is changed")
	p.turn("alipay", false)
	settings := c.w.View().Settings
	if x, _ := settings.Wallet("alipay"); x.On {
		t.Fatal("Alipay is still on")
	}
	c.sees("Paused", "Alipay is paused; open payments are still followed to their end")
}

func TestFeesByTheDayTheyBeginOn(t *testing.T) {
	c, _ := atWallets(t, 1366, 768)
	toStep(c, "wechatpay", stepLive)
	p := c.w.page().(*walletSetupPage)
	p.openFees()
	c.retype("Percent", "0.6", fyne.KeyReturn)
	c.retype("Settles after days (T+)", "1", fyne.KeyReturn)
	c.tap("Add a fee")
	d := &p.state().fees
	d.typed["fee.1.rate"], d.typed["fee.1.min"], d.typed["fee.1.cap"] = "0.38", "0.01", "25"
	d.typed["withdrawal.fixed"], d.typed["yearly"] = "2", "360"
	p.rowsChanged()
	x, _ := setupIn(c, "wechatpay")
	a := x.Account
	if len(a.Fees) != 2 || a.Fees[0].Rate != 6000 || a.Fees[0].From != 0 || a.Fees[1].From != 20260619 || a.Fees[1].FeeRule != (till.FeeRule{Rate: 3800, Min: 1, Cap: 2500}) ||
		a.Settles != 1 || a.Yearly != 36000 || a.Withdrawal.Fixed != 200 {
		t.Fatalf("kept as %+v", a)
	}
	c.sees("fee ¥0.60, you get ¥99.40")
	c.tap("Pays out Monday to Friday only")
	c.tap("Keeps its fee of a refund")
	if y, _ := setupIn(c, "wechatpay"); !y.Account.Workdays || !y.Account.KeepsFees || len(y.Account.Fees) != 2 {
		t.Fatalf("kept as %+v", y.Account)
	}
	d.typed["fee.1.from"] = "2026-02-30"
	p.rowsChanged()
	c.sees("Write it as 2026-07-01")
	if y, _ := setupIn(c, "wechatpay"); y.Account.Fees[1].From != 20260619 {
		t.Fatal("a day that is none was kept")
	}
}

func TestCodesAreTriedOnTheRulesAndTheRulesChanged(t *testing.T) {
	c, _ := atWallets(t, 1366, 768)
	c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: shopWallets}}})
	c.show()
	c.tap("Recognising codes")
	for _, row := range []struct{ code, want string }{
		{"134567890123456747", "Pay code of WeChat Pay, by rule 2"},
		{"281234567890123456", "Pay code of Alipay, by rule 3"},
		{"6901234567892", "A code of goods, never a payment"},
		{"991234567890123456", "No rule fits"},
	} {
		c.scan(row.code)
		c.sees(row.want)
		if all := strings.Join(c.words(), "|"); len(row.code) == 18 && strings.Contains(all, row.code) {
			t.Fatalf("a pay code stands on the screen: %s", all)
		}
	}
	p := c.w.page().(*walletSetupPage)
	p.editRule(len(p.payRules()))
	c.retype("Wallet", "unionpay", fyne.KeyTab)
	c.retype("Begins with", "99")
	c.retype("Shortest", "4")
	c.tap("Save the rule")
	c.sees("10 to 64, the longest not below the shortest")
	c.retype("Shortest", "18")
	c.retype("Longest (may be empty)", "")
	p.state().rules.typed["max"] = ""
	c.tap("Save the rule")
	if got := c.w.View().Settings.PayCodes; len(got) != len(till.PayCodeRules())+1 || got[len(got)-1].Wallet != "unionpay" || got[len(got)-1].From != "99" {
		t.Fatalf("the rules are %+v", got)
	}
	c.scan("991234567890123456")
	if c.has("No rule fits") {
		t.Fatal("the new rule does not count")
	}
	c.tap("Table as it came")
	if got := c.w.View().Settings.PayCodes; got != nil {
		t.Fatalf("the rules are %+v", got)
	}
	p.setLimit(50000)
	for _, x := range c.w.View().Settings.Wallets {
		if x.Most != 50000 {
			t.Fatalf("%s charges up to %d from the sell screen", x.Name, x.Most)
		}
	}
	c.tap("Charge straight from sell")
	if c.w.View().Settings.PayFromSell {
		t.Fatal("codes are still charged from the sell screen")
	}
}

// Every paper, step and reason has words.
func TestSetUpHasWordsForAll(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hans"} {
		words := WordsOf(lang)
		var keys []string
		for _, o := range (&safe{}).Offers() {
			for _, k := range o.Papers {
				keys = append(keys, "wsetup.paper."+k, "wsetup.paper_hint."+k)
			}
		}
		for _, s := range probeSteps {
			keys = append(keys, "wsetup.probe."+s)
		}
		for _, s := range stepNames {
			keys = append(keys, "wsetup.step."+s, "wsetup.step_short."+s)
		}
		for _, k := range keys {
			if !words.Has(k) {
				t.Errorf("%s has no words for %s", lang, k)
			}
		}
	}
}

// What is kept as a field is left must not draw the page anew under the finger that took the focus away.
func TestLeavingAFieldKeepsItAndLeavesTheButtonThatIsPressed(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	toStep(c, "wechatpay", stepPapers)
	p := c.w.page().(*walletSetupPage)
	c.win.Canvas().Focus(p.fields["payee"])
	c.hand("青禾")
	before := p.root.Objects[0]
	c.win.Canvas().Unfocus()
	if x, _ := setupIn(c, "wechatpay"); x.Account.Payee != "青禾" {
		t.Fatalf("kept as %q", x.Account.Payee)
	}
	if p.root.Objects[0] != before {
		t.Fatal("the page was drawn anew at once")
	}
	c.wait(time.Second)
	if p.root.Objects[0] == before {
		t.Fatal("the page was never drawn anew")
	}
	given(c, s, "wechatpay live")
	toStep(c, "wechatpay", stepTrial)
	p.trial(WalletTrial{Way: till.Show})
	c.wait(time.Second)
	before = p.root.Objects[0]
	c.wait(5 * time.Second)
	if p.root.Objects[0] != before {
		t.Fatal("a trial of which there is no news draws the page anew")
	}
}

func TestPractisingLeavesTheShopsWalletsAlone(t *testing.T) {
	c, s := atWallets(t, 1366, 768)
	v := c.w.View()
	v.Practice, v.Seq = true, v.Seq+1
	c.w.Show(v)
	c.sees("The shop's wallet accounts are not touched while practising.")
	if c.has("Add a payment method") || s.probes != 0 || s.tried {
		t.Fatal("wallets can be set up while practising")
	}
}
