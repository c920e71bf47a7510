package till_test

import (
	"reflect"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

func TestWalletsAreReadStrictly(t *testing.T) {
	one := func(more string) string {
		return `[{"name":"alipay","on":true,"mode":"live","ways":["show"]` + more + `}]`
	}
	for _, row := range []struct{ text, why string }{
		{`{}`, "cannot unmarshal"},
		{`[{"name":"alipay","mode":"live","ways":["show"],"secret":"x"}]`, "unknown field"},
		{one("") + "]", "more follows"},
		{`[{"name":"Alipay","mode":"live","ways":["show"]}]`, "small letters"},
		{`[{"name":"","mode":"live","ways":["show"]}]`, "small letters"},
		{`[{"name":"alipay","mode":"sandbox","ways":["show"]}]`, "want live or test"},
		{`[{"name":"alipay","mode":"live","ways":[]}]`, "no way to pay"},
		{`[{"name":"alipay","mode":"live","ways":["scan"]}]`, "no way to pay"},
		{`[{"name":"alipay","mode":"live","ways":["show","show"]}]`, "given twice"},
		{one(`,"most":-1`), "out of range"},
		{one(`,"least":5,"top":4`), "least is above top"},
		{one(`,"letter":"a"`), "capital letter"},
		{one(`,"colour":"blue"`), "#RRGGBB"},
		{one(`,"settles":-1`), "settles"},
		{one(`,"takes":["Wei Xin"]`), "takes"},
		{one(`,"fees":[{"rate":-1}]`), "fee is out of range"},
		{one(`,"fees":[{"rate":6000,"cap":1,"min":2}]`), "fee is out of range"},
		{one(`,"fees":[{"from":20260601,"rate":1},{"from":20260601,"rate":2}]`), "no later"},
		{one(`,"fees":[{"from":20261301,"rate":1}]`), "fee 1"},
		{one(`,"payee":"` + strings.Repeat("x", 201) + `"`), "longer"},
		{`[{"name":"alipay","mode":"live","ways":["show"]},{"name":"alipay","mode":"test","ways":["show"]}]`, "given twice"},
		{`[{"name":"alipay","mode":"live","ways":["show"],"letter":"A"},{"name":"wechatpay","mode":"live","ways":["show"],"letter":"A"}]`, "belongs to"},
	} {
		if got, err := till.ParseWallets(row.text); err == nil || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: %+v, %v; want %q", row.text, got, err, row.why)
		}
	}
	s := till.DefaultSettings()
	if err := s.Set("wallets", "nonsense"); till.CodeOf(err) != till.BadSetting {
		t.Errorf("nonsense: %v", err)
	}
	for _, key := range []string{"wallets", "wallets.frozen", "pay_codes", "pay_from_sell"} {
		if err := s.Set(key, `[{"what":1}]`); till.CodeOf(err) != till.BadSetting {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestSettingsOfWalletsComeBackAsTheyWere(t *testing.T) {
	full := `[{"name":"wechatpay","on":false,"mode":"test","ways":["take"],"order":-1},
		{"name":"alipay","title":"支付宝","title_en":"Alipay","on":true,"mode":"live","ways":["show","take","tap"],"takes":["alipayplus"],"least":1,"top":500000,"most":20000,
		"payee":"青禾","merchant":"2088","contact":"95188","letter":"A","colour":"#1677FF","order":0,"settles":1,"opening":100,"yearly":200,"withdrawal":{"fixed":10},
		"fees":[{"rate":6000},{"from":20260601,"rate":3800,"min":1,"cap":500}]}]`
	var s, back till.Settings
	for _, set := range []till.Setting{{Key: "wallets", Value: full}, {Key: "wallets.frozen", Value: `[{"wallet":"","by":"1002","at":"2026-06-18T09:00:00+08:00","reason":"x"}]`},
		{Key: "pay_codes", Value: `[{"wallet":"alipay","from":"28","min":18,"sure":true}]`}, {Key: "pay_from_sell", Value: "true"}} {
		if err := s.Set(set.Key, set.Value); err != nil {
			t.Fatal(err)
		}
		text, _ := s.Get(set.Key)
		if err := back.Set(set.Key, text); err != nil {
			t.Fatalf("%s does not read %s: %v", set.Key, text, err)
		}
		if again, _ := back.Get(set.Key); again != text {
			t.Fatalf("%s is %s, was %s", set.Key, again, text)
		}
	}
	if !reflect.DeepEqual(s.Wallets, back.Wallets) || s.Wallets[0].Name != "wechatpay" || s.Wallets[1].Withdrawal.Fixed != 10 || s.Wallets[1].Ways[2] != till.Tap {
		t.Fatalf("wallets %+v", s.Wallets)
	}
	if empty := till.DefaultSettings(); func() string { v, _ := empty.Get("wallets"); return v }() != "" || !empty.PayFromSell {
		t.Fatal("a new shop has wallets, or does not charge from the sell screen")
	}
}

func TestFees(t *testing.T) {
	w := till.WalletAccount{Fees: []till.WalletFee{{From: 20260101, FeeRule: till.FeeRule{Rate: 6000}}, {From: 20260601, FeeRule: till.FeeRule{Rate: 3800, Fixed: 5, Min: 10, Cap: 500}}}}
	for _, row := range []struct {
		day    till.BusinessDay
		amount money.Amount
		want   money.Amount
	}{{20251231, 10000, 0}, {20260531, 10000, 60}, {20260601, 10000, 43}, {20260601, 100, 10}, {20260601, 1000000, 500}} {
		if got := w.FeeOn(row.day).Of(row.amount); got != row.want {
			t.Errorf("%s of %d: %d, want %d", row.day, row.amount, got, row.want)
		}
	}
}

func TestAViewSaysWhyAWalletCannotBeUsed(t *testing.T) {
	r := counter(t)
	w := r.Reg.View().Wallets
	if len(w) != 3 || w[0].Name != "alipay" || w[0].Why != "" || w[1].Why != "" || w[2].Why != till.WalletNotLive {
		t.Fatalf("the view shows %+v", w)
	}
	// In practice no money moves, so that a test account is as good.
	r.Stop()
	j := tilltest.New().WithWallets()
	j.Practice = true
	p := tilltest.Start(t, j).Selling("1002").OK(till.Scan{Code: milk})
	if w := p.Reg.View().Wallets; w[2].Why != "" {
		t.Fatalf("the view shows %+v", w)
	}
	if at := p.Paying("paypal", 1590); at.Mode != "practice" {
		t.Fatalf("mode %s", at.Mode)
	}
}

// What is read is written so that it reads the same, whatever came in.
func FuzzWallets(f *testing.F) {
	f.Add(tilltest.Takings, `[{"wallet":"","by":"1002","at":"2026-06-18T09:00:00+08:00"}]`, `[{"wallet":"alipay","from":"28","min":18}]`)
	f.Add("", "[]", "null")
	f.Fuzz(func(t *testing.T, wallets, frozen, codes string) {
		for key, text := range map[string]string{"wallets": wallets, "wallets.frozen": frozen, "pay_codes": codes} {
			s, back := till.DefaultSettings(), till.DefaultSettings()
			if s.Set(key, text) != nil {
				continue
			}
			first, _ := s.Get(key)
			if err := back.Set(key, first); err != nil {
				t.Fatalf("%s %q is written as %q: %v", key, text, first, err)
			}
			if second, _ := back.Get(key); second != first {
				t.Fatalf("%s %q is written as %q, then as %q", key, text, first, second)
			}
		}
	})
}
