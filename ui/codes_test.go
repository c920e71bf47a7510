package ui

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// twoSchemes knows a transfer that carries the amount and a printed code that does not.
type twoSchemes struct{}

func (twoSchemes) Schemes(string) []CodeScheme {
	return []CodeScheme{
		{Kind: "qr:pix", Title: "Pix 转账", TitleEN: "Pix", Fields: []CodeField{{Key: "key", Title: "Pix 键", TitleEN: "Pix key", Hint: "手机号或邮箱", HintEN: "Phone or e-mail"},
			{Key: "payee", Title: "收款人", TitleEN: "Payee"}, {Key: "info", Title: "备注", TitleEN: "Remark", Optional: true}}},
		{Kind: "qr:alipay_code", Title: "支付宝收款码", TitleEN: "Alipay shop code", CustType: true, Fields: []CodeField{{Key: "code", Title: "码的内容", TitleEN: "What the code says"}, {Key: "payee", Title: "收款人", TitleEN: "Payee"}}},
		{Kind: "qr:wechat_code", Title: "微信收款码", TitleEN: "WeChat shop code", CustType: true, Fields: []CodeField{{Key: "code", Title: "码的内容", TitleEN: "What the code says"}}},
	}
}

func (twoSchemes) Read(setting string) (out []CodeMethod, err error) {
	if setting == "" {
		return nil, nil
	}
	return out, json.Unmarshal([]byte(setting), &out)
}

func (twoSchemes) Write(methods []CodeMethod) (string, error) {
	b, err := json.Marshal(methods)
	return string(b), err
}

func (t twoSchemes) Check(m CodeMethod) (string, map[string]string) {
	faults := map[string]string{}
	for _, s := range t.Schemes("") {
		for _, f := range s.Fields {
			if v := m.Values[f.Key]; s.Kind == m.Kind && !f.Optional && v == "" {
				faults[f.Key] = "empty"
			} else if f.Key == "code" && v != "" && !strings.HasPrefix(v, "https://") {
				faults[f.Key] = "other_scheme"
			}
		}
	}
	if m.Name == "" {
		faults["name"] = "empty"
	}
	if len(faults) > 0 {
		return "", faults
	}
	return "CODE " + m.Values["key"] + m.Values["code"], nil
}

func atCodes(t *testing.T, width, height float32) *counter {
	return inOffice(t, width, height, PageCodes, func(p *Ports) { p.Office.Codes = twoSchemes{} })
}

// methodsOf reads the codes in the settings of the register.
func methodsOf(c *counter) []CodeMethod {
	got, err := twoSchemes{}.Read(c.w.View().Settings.Methods)
	if err != nil {
		c.Fatal(err)
	}
	return got
}

func TestCodesSetUpATransferWithItsCodeBeside(t *testing.T) {
	c := atCodes(t, 1366, 768)
	c.sees("No payment codes yet")
	c.tap("Add a code")
	c.tap("Pix")
	c.press(fyne.KeyF9)
	c.sees("This has to be filled in.", "Something is missing")
	if len(c.sent) != 0 {
		t.Fatalf("sent %v", c.sent)
	}
	c.hand("qinghe@example.com")
	c.w.SetLanguage("zh-Hans")
	c.w.SetDark(true)
	c.w.SetLanguage("en")
	c.retype("Payee", "QINGHE")
	if got := c.w.page().(*codesPage).qr.Text(); got != "CODE qinghe@example.com" {
		t.Fatalf("the preview says %q", got)
	}
	c.retype("Name on the button", "Pix QR", fyne.KeyF9)
	got := methodsOf(c)
	if len(got) != 1 || got[0].Name != "Pix QR" || got[0].Kind != "qr:pix" || got[0].Values["key"] != "qinghe@example.com" || got[0].Values["payee"] != "QINGHE" || !got[0].On {
		t.Fatalf("saved %+v", got)
	}
	if s := settingsSent(c); len(s) != 1 || s[0].Key != "qr_methods" {
		t.Fatalf("sent %v", s)
	}
	c.sees(`"Pix QR" is saved and ready when paying.`, "In use")
}

func TestCodesTakeTheShopsPrintedCodeFromTheScanner(t *testing.T) {
	c := atCodes(t, 1024, 768)
	c.tap("Add a code")
	c.tap("Alipay shop code")
	c.scan("wxp://f2f0abcdef")
	c.press(fyne.KeyF9)
	c.sees("That is another kind of code. Choose its kind and scan again.")
	c.scan("https://qr.alipay.com/fkx01234")
	c.retype("Payee", "青禾", fyne.KeyF9)
	if got := methodsOf(c); len(got) != 1 || got[0].Values["code"] != "https://qr.alipay.com/fkx01234" {
		t.Fatalf("saved %+v", got)
	}
}

func TestCodesAreTurnedOffOrderedAndRemoved(t *testing.T) {
	c := atCodes(t, 1366, 768)
	two := []CodeMethod{{Name: "A", Title: "A", TitleEN: "A", Kind: "qr:pix", Values: map[string]string{"key": "1", "payee": "P"}, On: true}, {Name: "B", Title: "B", TitleEN: "B", Kind: "qr:pix", Values: map[string]string{"key": "2", "payee": "P"}, On: true}}
	text, _ := twoSchemes{}.Write(two)
	c.Do(till.SetSetting{Settings: []till.Setting{{Key: "qr_methods", Value: text}}})
	c.w.page().(*codesPage).raise(1)
	if got := methodsOf(c); got[0].Name != "B" || got[1].Name != "A" {
		t.Fatalf("the order is %+v", got)
	}
	c.tap("A")
	c.retype("Name on the button", "B", fyne.KeyF9)
	c.sees("There is one of this name. Choose another.")
	c.retype("Name on the button", "C")
	c.tap("Offer it to the cashier")
	c.press(fyne.KeyF9)
	if got := methodsOf(c); got[1].Name != "C" || got[1].On {
		t.Fatalf("saved %+v", got)
	}
	c.sees("Off")
	c.tap("C")
	c.tap("Remove")
	if got := methodsOf(c); len(got) != 2 {
		t.Fatalf("a tap removed a code: %+v", got)
	}
	o, _ := find(c.win.Content(), "Remove", fyne.NewPos(0, 0))
	o.(*kit.Button).OnHold()
	if got := methodsOf(c); len(got) != 1 || got[0].Name != "B" {
		t.Fatalf("left are %+v", got)
	}
}

func TestCodesStayAsTheyWereWhereTheDiskRefuses(t *testing.T) {
	c := atCodes(t, 1366, 768)
	c.tap("Add a code")
	c.tap("WeChat shop code")
	c.scan("https://example.com/1")
	c.run.J.Fail = errors.New("disk full")
	c.press(fyne.KeyF9)
	if got := methodsOf(c); len(got) != 0 {
		t.Fatalf("saved %+v", got)
	}
	if c.w.office.codes.edit == nil {
		t.Fatal("what was typed is gone")
	}
}

func TestShotsSetupCodes(t *testing.T) {
	shootSetup(t, "codes-none", atCodes, nil)
	list := func(c *counter) {
		text, _ := twoSchemes{}.Write([]CodeMethod{{Name: "支付宝", Title: "支付宝", TitleEN: "支付宝", Kind: "qr:alipay_code", Values: map[string]string{"code": "https://qr.alipay.com/fkx01234", "payee": "青禾便利店"}, On: true},
			{Name: "微信", Title: "微信", TitleEN: "微信", Kind: "qr:wechat_code", Values: map[string]string{"code": "x"}, On: true}, {Name: "Pix", Title: "Pix", TitleEN: "Pix", Kind: "qr:pix", Values: map[string]string{"key": "qinghe@example.com", "payee": "QINGHE"}}})
		c.Do(till.SetSetting{Settings: []till.Setting{{Key: "qr_methods", Value: text}}})
	}
	shootSetup(t, "codes", atCodes, list)
	shootSetup(t, "codes-edit", atCodes, func(c *counter) { list(c); c.tap("支付宝") })
	shootSetup(t, "codes-wrong", atCodes, func(c *counter) { list(c); c.tap("微信"); c.press(fyne.KeyF9) })
	shootSetup(t, "codes-choose", atCodes, func(c *counter) { c.tap(c.w.Say("codes.add")) })
}
