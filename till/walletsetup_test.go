package till_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/tilltest"
)

func setup() till.WalletSetup {
	return till.WalletSetup{
		Account: till.WalletAccount{Name: "wechatpay", Title: "微信支付", Mode: "live", Ways: []till.Presentment{till.Show, till.Take}},
		Papers:  map[string]till.PaperState{"business_licence": till.PaperApproved},
	}
}

func TestASetUpSaysWhatIsMissingBeforeGoingLive(t *testing.T) {
	s := setup()
	at := time.Date(2026, 6, 18, 12, 46, 44, 0, time.UTC)
	pass := func(mode string, names ...till.CheckName) {
		for _, n := range names {
			s.Note(till.WalletCheck{Name: n, Mode: mode, OK: true, At: at})
		}
	}
	pass("test", till.CheckConnect, till.CheckReceive, till.CheckQuery, till.CheckRefund, till.CheckReverse)
	if got := s.Missing(); len(got) != 5 {
		t.Fatalf("checks of the test account count for the live one: %v are missing", got)
	}
	pass("live", till.CheckConnect, till.CheckShow, till.CheckReceive, till.CheckQuery)
	s.Note(till.WalletCheck{Name: till.CheckRefund, Mode: "live", At: at, Reason: till.SellerBalance, Note: strings.Repeat("余额不足", 500)})
	if got := s.Missing(); !reflect.DeepEqual(got, []till.CheckName{till.CheckRefund, till.CheckReverse}) {
		t.Fatalf("missing %v", got)
	}
	pass("live", till.CheckRefund, till.CheckReverse)
	if got := s.Missing(); len(got) != 0 {
		t.Fatalf("missing %v", got)
	}
	if got := s.Tried(); !slices.Equal(got, []till.Presentment{till.Show}) {
		t.Fatalf("tried %v, want show alone", got)
	}
	var settings till.Settings
	if err := settings.SetWalletSetups([]till.WalletSetup{s}); err != nil {
		t.Fatal(err)
	}
	if got, ok := settings.WalletSetup("wechatpay"); !ok || !reflect.DeepEqual(got, s) {
		t.Fatalf("came back as %+v", got)
	}
	s.Forget("live")
	if got := s.Missing(); len(got) != 5 || len(s.Checks) != 5 {
		t.Fatalf("after other keys %v are missing of %d checks", got, len(s.Checks))
	}
}

func TestASetUpThatCannotBeIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no wallet":      `[{"account":{}}]`,
		"a credential":   `[{"account":{"name":"alipay","mode":"live","ways":["show"]},"private_key":"x"}]`,
		"twice":          `[{"account":{"name":"alipay","mode":"live","ways":["show"]}},{"account":{"name":"alipay","mode":"live","ways":["show"]}}]`,
		"a paper's word": `[{"account":{"name":"alipay","mode":"live","ways":["show"]},"papers":{"contract":"lost"}}]`,
		"a check's mode": `[{"account":{"name":"alipay","mode":"live","ways":["show"]},"checks":[{"name":"refund","mode":"","ok":true,"at":"2026-06-18T12:00:00Z"}]}]`,
	} {
		if _, err := till.ParseWalletSetups(text); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// An installer prepares a wallet; that it takes money is the owner's decision.
func TestAnInstallerPreparesAWalletAndTheOwnerLetsItLive(t *testing.T) {
	j := tilltest.New()
	j.Staff = append(j.Staff, till.Operator{Code: "1004", Name: "安装员", Role: till.Installer, Active: true})
	run := tilltest.Start(t, j)
	run.SignOn("1004")
	prepared := till.Settings{}
	if err := prepared.SetWalletSetups([]till.WalletSetup{setup()}); err != nil {
		t.Fatal(err)
	}
	value, _ := prepared.Get("wallets.setup")
	run.OK(till.SetSetting{Settings: []till.Setting{{Key: "wallets.setup", Value: value}}})
	live := till.Settings{}
	w := setup().Account
	w.On = true
	if err := live.SetWallets([]till.WalletAccount{w}); err != nil {
		t.Fatal(err)
	}
	value, _ = live.Get("wallets")
	_ = run.Do(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: value}}})
	if v := run.Reg.View(); v.Approval == nil || len(v.Settings.Wallets) != 0 {
		t.Fatalf("an installer put a wallet on the counter: %+v", v.Settings.Wallets)
	}
}
