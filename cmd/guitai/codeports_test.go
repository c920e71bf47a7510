package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"guitai/till"
	"guitai/ui"
	"guitai/wallet/openqr"
)

func codesOf(t *testing.T, currency string) codeSetup {
	t.Helper()
	p := bareProgram(t, t.TempDir(), func(till.View) {})
	s := till.DefaultSettings()
	if err := s.Set("currency", currency); err != nil {
		t.Fatal(err)
	}
	p.latest.Store(&till.View{Settings: s})
	return codeSetup{p}
}

func TestPaymentCodesComeBackFromTheSetting(t *testing.T) {
	c := codesOf(t, "CNY")
	want := []ui.CodeMethod{
		{Name: "云闪付", Kind: "qr:unionpay", Title: "云闪付", TitleEN: "云闪付", Values: map[string]string{"payee": "青禾便利店", "city": "", "code": demoCode}, On: true},
		{Name: "PIX \"balcão\"", Kind: "qr:pix", Title: "PIX \"balcão\"", TitleEN: "PIX \"balcão\"", Values: map[string]string{"payee": "LOJA", "city": "RECIFE", "key": "loja@example.com"}},
	}
	setting, err := c.Write(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Read(setting)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("came back as\n%+v, %v\nwant\n%+v", got, err, want)
	}
	if setting, err := c.Write(nil); setting != "" || err != nil {
		t.Errorf("no codes are written as %q, %v", setting, err)
	}
	if list, err := c.Read(""); list != nil || err != nil {
		t.Errorf("an empty setting is read as %+v, %v", list, err)
	}
	for _, broken := range []string{"[", `{"name":"x"}`, `[{"nmae":"x"}]`} {
		if list, err := c.Read(broken); list != nil || err == nil {
			t.Errorf("%q is read as %+v, %v", broken, list, err)
		}
	}
}

// Two of one name make a setting that cannot be read, which would take every code away from the pay page.
func TestCodesThatCouldNotBeReadAgainAreNotWritten(t *testing.T) {
	x := ui.CodeMethod{Name: "云闪付", Kind: "qr:unionpay", Values: map[string]string{"code": demoCode}, On: true}
	if setting, err := codesOf(t, "CNY").Write([]ui.CodeMethod{x, x}); err == nil || setting != "" {
		t.Errorf("written as %q, %v", setting, err)
	}
}

func TestACodeIsCheckedByBuildingIt(t *testing.T) {
	c := codesOf(t, "CNY")
	text, faults := c.Check(ui.CodeMethod{Name: "云闪付", Kind: "qr:unionpay", Values: map[string]string{"code": demoCode, "payee": "青禾便利店"}, On: true})
	if faults != nil || !strings.Contains(text, "54040.01") || !strings.Contains(text, "GUITAI TEA") {
		t.Errorf("%q, %v; want a code for 0.01", text, faults)
	}
	_, faults = c.Check(ui.CodeMethod{Name: "x", Kind: "qr:pix", Values: map[string]string{"payee": "LOJA"}, On: true})
	if faults["key"] == "" {
		t.Errorf("a code without its key: %v", faults)
	}
	pix := ui.CodeMethod{Name: "PIX", Kind: "qr:pix", Values: map[string]string{"payee": "LOJA", "city": "RECIFE", "key": "loja@example.com"}, On: true}
	if text, faults := c.Check(pix); text != "" || len(faults) == 0 {
		t.Errorf("a code for reais in a shop with yuan: %q, %v", text, faults)
	}
	if text, faults := codesOf(t, "BRL").Check(pix); faults != nil || !strings.Contains(text, "54040.01") {
		t.Errorf("a code for reais: %q, %v", text, faults)
	}
	if text, faults := c.Check(ui.CodeMethod{Name: "x", Kind: "qr:no_such", On: true}); text != "" || len(faults) == 0 {
		t.Errorf("a code of no scheme: %q, %v", text, faults)
	}
}

func TestEveryCodeAndFieldHasItsWords(t *testing.T) {
	for _, s := range openqr.Schemes() {
		if w := schemeWords[s]; w.zh == "" || w.en == "" || w.glyph == "" {
			t.Errorf("%s has no words: %+v", s, w)
		}
		for _, f := range s.Fields() {
			if w := fieldWords[f.Key]; w.zh == "" || w.en == "" {
				t.Errorf("%s of %s has no words", f.Key, s)
			}
		}
	}
	kinds := func(currency string) (out []string) {
		for _, s := range codesOf(t, currency).Schemes(currency) {
			out = append(out, s.Kind.Detail())
		}
		return out
	}
	if k := kinds("BRL"); k[0] != "pix" || slices.Contains(k, "paynow") {
		t.Errorf("for reais there are %v", k)
	}
	if k := kinds("CNY"); slices.Contains(k, "pix") || !slices.Contains(k, "unionpay") {
		t.Errorf("for yuan there are %v", k)
	}
}

func TestThePayPageShowsTheCodesThatAreOn(t *testing.T) {
	c := codesOf(t, "CNY")
	on := ui.CodeMethod{Name: "云闪付", Kind: "qr:unionpay", Values: map[string]string{"code": demoCode, "payee": "青禾便利店"}, On: true}
	off, bad := on, on
	off.Name, off.On = "旧码", false
	bad.Name, bad.Values = "坏码", map[string]string{"payee": "青禾便利店"}
	setting, err := c.Write([]ui.CodeMethod{on, off, bad})
	if err != nil {
		t.Fatal(err)
	}
	s := till.DefaultSettings()
	s.Methods = setting
	got := payMethods(s)
	if len(got) != 2 || got[0].Name != "云闪付" || got[0].Kind != "qr:unionpay" || got[0].Off != "" || got[1].Name != "坏码" || got[1].Off == "" {
		t.Errorf("shown are %+v", got)
	}
	s.Methods = "["
	if got := payMethods(s); got != nil {
		t.Errorf("a broken setting shows %+v", got)
	}
	var codes payCodes
	if _, err := codes.Build("云闪付", 1, ""); till.CodeOf(err) != till.NoSuchMethod {
		t.Errorf("before any settings: %v", err)
	}
	codes.follow(s)
	if _, err := codes.Build("云闪付", 1, ""); till.CodeOf(err) != till.NoSuchMethod {
		t.Errorf("with a broken setting: %v", err)
	}
	s.Methods = setting
	codes.follow(s)
	if q, err := codes.Build("云闪付", 1234, "000115"); err != nil || !strings.Contains(q.Text, "540512.34") {
		t.Errorf("%+v, %v; want a code for 12.34", q, err)
	}
	if err := s.Set("currency", "BRL"); err != nil {
		t.Fatal(err)
	}
	codes.follow(s)
	if q, err := codes.Build("云闪付", 1234, "000115"); err == nil {
		t.Errorf("a code for yuan asks for reais: %+v", q)
	}
}
