// Package wallets lists the wallets that the programs know, and reads what a
// shop enters for one from a file.
package wallets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/alipay"
	"guitai/wallet/baidu"
	"guitai/wallet/jdpay"
	"guitai/wallet/paypal"
	"guitai/wallet/shouqianba"
	"guitai/wallet/stripe"
	"guitai/wallet/wechatpay"
)

// Specs are the wallets, in the order in which they are offered. A new adapter
// is one more line here.
var Specs = []wallet.Spec{
	alipay.Spec,
	wechatpay.Spec,
	shouqianba.Spec,
	stripe.Spec,
	paypal.Spec,
	jdpay.Spec,
	baidu.Spec,
}

// Find returns the wallet of a name.
func Find(name string) (wallet.Spec, bool) {
	if i := slices.IndexFunc(Specs, func(s wallet.Spec) bool { return s.Name == name }); i >= 0 {
		return Specs[i], true
	}
	return wallet.Spec{}, false
}

// Read reads what a shop enters for a wallet: a JSON object with base_url, mode
// (live or test) and the credentials under the provider's own names. Fields
// that are left out take their defaults; a name that the wallet does not have
// is a *wallet.FieldError.
func Read(s wallet.Spec, currency money.Currency, text []byte) (wallet.Account, error) {
	a := wallet.Account{Name: s.Name, Mode: "live", Currency: currency, Fields: map[string]string{}}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var in map[string]any
	if err := d.Decode(&in); err != nil {
		return a, fmt.Errorf("no JSON object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return a, errors.New("more follows after the JSON object")
	}
	for _, f := range s.Fields {
		if f.Default != "" {
			a.Fields[f.Name] = f.Default
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		value, err := textOf(in[name])
		if err != nil {
			return a, &wallet.FieldError{Field: name, Reason: till.SetUpWrong, Detail: err.Error()}
		}
		switch {
		case name == "base_url":
			a.BaseURL = value
		case name == "mode":
			a.Mode = value
		case name == "currency":
			if a.Currency, err = money.CurrencyOf(value); err != nil {
				return a, &wallet.FieldError{Field: name, Reason: till.SetUpWrong, Detail: "no currency code like CNY"}
			}
		case slices.ContainsFunc(s.Fields, func(f wallet.Field) bool { return f.Name == name }):
			a.Fields[name] = value
		default:
			return a, &wallet.FieldError{Field: name, Reason: till.SetUpWrong, Detail: "the wallet has no such field"}
		}
	}
	if a.Mode != "live" && a.Mode != "test" {
		return a, &wallet.FieldError{Field: "mode", Reason: till.SetUpWrong, Detail: "want live or test"}
	}
	if a.BaseURL == "" {
		if a.BaseURL = s.Live; a.Mode == "test" {
			a.BaseURL = s.Test
		}
	}
	if a.BaseURL == "" {
		return a, &wallet.FieldError{Field: "base_url", Reason: till.SetUpWrong, Detail: "the provider has no test address of its own; enter one"}
	}
	return a, nil
}

func textOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return fmt.Sprint(v), nil
	}
	return "", errors.New("want a text in quotes")
}

// Setting is a wallet's entry in the shop's settings, as it begins: off, with
// what the adapter can do and what its provider allows.
func Setting(s wallet.Spec, a wallet.Account) till.WalletAccount {
	w := till.WalletAccount{
		Name: s.Name, Title: s.Title.Zh, TitleEN: s.Title.En, Mode: a.Mode, Ways: slices.Clone(s.Ability.Ways), Letter: s.Letter, Colour: s.Colour,
	}
	if s.Limits != nil {
		w.Least, w.Top = s.Limits(a.Currency)
	}
	return w
}
