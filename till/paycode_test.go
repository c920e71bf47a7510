package till

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestSuggestWallet(t *testing.T) {
	for name, c := range map[string]struct{ code, want string }{
		"WeChat":                          {"134567890123456789", "wechatpay"},
		"WeChat in Hong Kong":             {"150000000000000000", "wechatpay"},
		"WeChat with the line end":        {"134567890123456789\r\n", "wechatpay"},
		"17 digits are not WeChat":        {"13456789012345678", ""},
		"19 digits are not WeChat":        {"1345678901234567890", ""},
		"Alipay 16":                       {"2512345678901234", "alipay"},
		"Alipay 24":                       {"301234567890123456789012", "alipay"},
		"Alipay 18":                       {"281234567890123456", "alipay"},
		"Alipay face":                     {"fp0123456789abcdef0123456789abcdef0", "alipay"},
		"Alipay+ wallet":                  {"2891234567890612345", "alipayplus"},
		"19 digits of 28, no Alipay+":     {"2881234567890612345", "alipay"},
		"UnionPay":                        {"6212345678901234567", "unionpay"},
		"a bank card is not 62 and 18":    {"621234567890123456", ""},
		"JD, older":                       {"181234567890123456", "jdpay"},
		"Baidu":                           {"311234567890123456", "baidu"},
		"QQ":                              {"911234567890123456", "qqpay"},
		"EMVCo":                           {"hQVDUFYwMWETTwegAAAAAxAQ", "emvco"},
		"EAN-13":                          {"6901234567892", ""},
		"EAN-13 of 25":                    {"2512345678906", ""},
		"UPC-A":                           {"012345678905", ""},
		"ITF-14":                          {"16901234567899", ""},
		"social security code, 22 long":   {"2512345678901234567890", ""},
		"a letter among digits":           {"13456789012345678X", ""},
		"empty":                           {"", ""},
		"digits of other writing scripts": {strings.Repeat("１", 18), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := SuggestWallet(c.code, PayCodeRules()); got != c.want || ok != (c.want != "") {
				t.Errorf("SuggestWallet(%q) = %q, %v; want %q", c.code, got, ok, c.want)
			}
		})
	}
}

func TestGoodsAreNeverPaymentWhateverTheRules(t *testing.T) {
	all := []PayCodeRule{{Wallet: "greedy", From: "0", To: "9", Min: 1, Max: 64}}
	for n := 1; n <= 40; n++ {
		_, ok := SuggestWallet(strings.Repeat("2", n), all)
		if never := n == 8 || n == 12 || n == 13 || n == 14 || n == 22; ok == never {
			t.Errorf("%d digits: payment %v", n, ok)
		}
	}
}

func TestPayCodeRulesAreData(t *testing.T) {
	text, err := json.Marshal(PayCodeRules())
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParsePayCodeRules(string(text))
	if err != nil || !reflect.DeepEqual(back, PayCodeRules()) {
		t.Errorf("the table comes back as %+v, %v", back, err)
	}
	for name, bad := range map[string]string{
		"no JSON":       `[`,
		"no wallet":     `[{"from":"10","min":18}]`,
		"no range":      `[{"wallet":"x","from":"15","to":"10","min":18}]`,
		"two lengths":   `[{"wallet":"x","from":"15","to":"160","min":18}]`,
		"too short":     `[{"wallet":"x","from":"15","min":4}]`,
		"max below":     `[{"wallet":"x","from":"15","min":18,"max":17}]`,
		"place 0":       `[{"wallet":"x","from":"15","min":18,"at":[{"place":0,"char":"1"}]}]`,
		"two letters":   `[{"wallet":"x","from":"15","min":18,"at":[{"place":1,"char":"12"}]}]`,
		"beyond a read": `[{"wallet":"x","from":"15","min":18,"max":1000}]`,
	} {
		if _, err := ParsePayCodeRules(bad); err == nil {
			t.Errorf("%s: the rule is taken", name)
		}
	}
}

func TestMaskPayCode(t *testing.T) {
	for in, want := range map[string]string{
		"134567890123456789\r\n": "**************6789", "12345678": "********", "": "", "123456789": "*****6789",
	} {
		if got := MaskPayCode(in); got != want {
			t.Errorf("MaskPayCode(%q) = %q, want %q", in, got, want)
		}
	}
}
