package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"image/color"
	"slices"

	"guitai/till"
	"guitai/ui"
	"guitai/wallet/openqr"
)

// codeSetup knows the payment codes that need no contract.
type codeSetup struct{ p *program }

// Schemes lists the schemes that pay in a currency, those of that currency
// alone first.
func (c codeSetup) Schemes(currency string) []ui.CodeScheme {
	var out []ui.CodeScheme
	all := openqr.Schemes()
	slices.SortStableFunc(all, func(a, b openqr.Scheme) int { return cmp.Compare(anyCurrency(a), anyCurrency(b)) })
	for _, s := range all {
		if cs := s.Currencies(); len(cs) > 0 && !slices.Contains(cs, currency) {
			continue
		}
		w := schemeWords[s]
		x := ui.CodeScheme{Kind: till.TenderKind("qr:" + string(s)), Title: w.zh, TitleEN: w.en, CustType: s == openqr.AlipayCode || s == openqr.WeChatCode || s == openqr.Link}
		for _, f := range s.Fields() {
			fw := fieldWords[f.Key]
			if own, ok := schemeFieldWords[s][f.Key]; ok {
				fw = own
			}
			x.Fields = append(x.Fields, ui.CodeField{Key: f.Key, Title: cmp.Or(fw.zh, f.Key), TitleEN: cmp.Or(fw.en, f.Key), Hint: fw.hintZH, HintEN: fw.hintEN, Optional: !f.Required})
		}
		out = append(out, x)
	}
	return out
}

func anyCurrency(s openqr.Scheme) int {
	if len(s.Currencies()) == 0 {
		return 1
	}
	return 0
}

// Read takes the setting apart.
func (c codeSetup) Read(setting string) ([]ui.CodeMethod, error) {
	methods, err := openqr.ParseMethods(setting)
	var out []ui.CodeMethod
	for _, m := range methods {
		values := map[string]string{"payee": m.Payee, "city": m.City}
		for k, v := range m.Fields {
			values[k] = v
		}
		out = append(out, ui.CodeMethod{Name: m.Name, Kind: till.TenderKind("qr:" + string(m.Scheme)), Title: m.Name, TitleEN: m.Name, Values: values, On: !m.Off})
	}
	return out, err
}

// Write puts the setting together. What could not be read again, as two codes of
// one name, is an error.
func (c codeSetup) Write(methods []ui.CodeMethod) (string, error) {
	list := make([]openqr.Method, len(methods))
	for i, m := range methods {
		list[i] = methodOf(m)
	}
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	if err == nil {
		_, err = openqr.ParseMethods(string(b))
	}
	if err != nil {
		return "", err
	}
	return string(b), nil
}

func methodOf(m ui.CodeMethod) openqr.Method {
	out := openqr.Method{Scheme: openqr.Scheme(m.Kind.Detail()), Name: cmp.Or(m.Name, m.Title), Payee: m.Values["payee"], City: m.Values["city"], Off: !m.On}
	for k, v := range m.Values {
		if k == "payee" || k == "city" || v == "" {
			continue
		}
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[k] = v
	}
	return out
}

// Check builds the code of one method for the smallest amount.
func (c codeSetup) Check(m ui.CodeMethod) (string, map[string]string) {
	method := methodOf(m)
	faults := map[string]string{}
	for _, p := range method.Validate() {
		if faults[p.Field] == "" {
			faults[p.Field] = string(p.Code)
		}
	}
	if len(faults) > 0 {
		return "", faults
	}
	code, err := openqr.Build(method, 1, c.p.view().Settings.Currency, "TEST")
	if p := (openqr.Problem{}); errors.As(err, &p) {
		return "", map[string]string{p.Field: string(p.Code)}
	}
	if err != nil {
		return "", map[string]string{"name": string(openqr.BadForm)}
	}
	return code.Text, nil
}

// payMethods are the codes that the cashier may show, from the settings.
func payMethods(s till.Settings) []ui.PayMethod {
	methods, err := openqr.ParseMethods(s.Methods)
	if err != nil {
		return nil
	}
	var out []ui.PayMethod
	for _, m := range methods {
		if m.Off {
			continue
		}
		w := schemeWords[m.Scheme]
		x := ui.PayMethod{Name: m.Name, Kind: till.TenderKind("qr:" + string(m.Scheme)), Title: m.Name, TitleEN: m.Name, Payee: m.Payee,
			Instructions: "在收款的手机或银行应用里看到这笔到账，再点已收到", InstructEN: "See the money in the bank or wallet app, then press received",
			Glyph: w.glyph, Letter: w.letter}
		if w.colour != 0 {
			x.Colour = color.NRGBA{R: uint8(w.colour >> 16), G: uint8(w.colour >> 8), B: uint8(w.colour), A: 255}
		}
		if len(m.Validate()) > 0 {
			x.Off = map[bool]string{true: "Not set up right: see payment codes", false: "没有设置好：到收款码里改"}[s.Language == "en"]
		}
		out = append(out, x)
	}
	return out
}

var _ till.QRMethods = (*payCodes)(nil)
