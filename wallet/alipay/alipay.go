// Package alipay speaks to Alipay's open platform, version 2 of its gateway:
// alipay.trade.precreate for a code that the till shows, alipay.trade.pay
// with scene bar_code for the customer's. Requests and answers are signed with
// RSA2; keys are exchanged as such or as certificates.
//
// Sources, cited in the code by their short names: "open platform", the
// documents of the methods at opendocs.alipay.com as carried by
// alipay/alipay-sdk-php-all; "polling guide", the guide to in-person payment
// (当面付) and its rules for asking and cancelling.
package alipay

import (
	"fmt"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// Amounts that Alipay takes, in fen (open platform, alipay.trade.pay,
// total_amount: 0.01 to 100,000,000 yuan).
const (
	least money.Amount = 1
	most  money.Amount = 100_000_000_00
)

// beijing is the zone of every time that Alipay writes.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// clock is how Alipay writes times.
const clock = "2006-01-02 15:04:05"

// Spec describes the wallet.
var Spec = wallet.Spec{
	Name:       "alipay",
	Title:      wallet.Title{Zh: "支付宝", En: "Alipay"},
	Colour:     "#1668DC",
	Letter:     "A",
	Currencies: []string{"CNY"},
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Take},
		Refunds:       true,
		PartialRefund: true,
		Bills:         true,
		// The same precreate again is the same order; its code lives at most two
		// hours (open platform, alipay.trade.precreate, timeout_express).
		Restart:       true,
		RestartFor:    2 * time.Hour,
		CancelUnknown: true,
		// Polling guide: ask every 3 to 6 seconds for about a minute, then cancel at
		// once. A code on the screen may be looked for longer: five minutes is the
		// least that the open platform advises for its life.
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 5 * time.Second, Every: 3 * time.Second, Limit: 5 * time.Minute},
			till.Take: {First: 5 * time.Second, Every: 3 * time.Second, Limit: time.Minute},
		},
	},
	Fields: []wallet.Field{
		{Name: "app_id", Kind: wallet.Digits,
			Title: wallet.Title{Zh: "应用 APPID", En: "APPID"},
			Hint:  wallet.Title{Zh: "开放平台控制台，应用详情页，16 位数字", En: "Open platform console, the application's page: 16 digits"}},
		{Name: "private_key", Kind: wallet.PEM, Secret: true,
			Title: wallet.Title{Zh: "应用私钥", En: "Application private key"},
			Hint:  wallet.Title{Zh: "用支付宝密钥工具生成，RSA2，2048 位；只存在本机", En: "Made with Alipay's key tool: RSA2, 2048 bits; kept on this machine only"}},
		{Name: "alipay_public_key", Kind: wallet.PEM, Optional: true,
			Title: wallet.Title{Zh: "支付宝公钥（公钥模式）", En: "Alipay public key (key mode)"},
			Hint:  wallet.Title{Zh: "开发设置，接口加签方式，查看支付宝公钥；不是应用公钥", En: "Development settings, signing: Alipay's public key, not the application's"}},
		{Name: "app_cert", Kind: wallet.PEM, Optional: true,
			Title: wallet.Title{Zh: "应用公钥证书（证书模式）", En: "Application certificate (certificate mode)"},
			Hint:  wallet.Title{Zh: "appCertPublicKey_APPID.crt", En: "appCertPublicKey_APPID.crt"}},
		{Name: "alipay_public_cert", Kind: wallet.PEM, Optional: true,
			Title: wallet.Title{Zh: "支付宝公钥证书（证书模式）", En: "Alipay certificate (certificate mode)"},
			Hint:  wallet.Title{Zh: "alipayCertPublicKey_RSA2.crt", En: "alipayCertPublicKey_RSA2.crt"}},
		{Name: "alipay_root_cert", Kind: wallet.PEM, Optional: true,
			Title: wallet.Title{Zh: "支付宝根证书（证书模式）", En: "Alipay root certificates (certificate mode)"},
			Hint:  wallet.Title{Zh: "alipayRootCert.crt", En: "alipayRootCert.crt"}},
		{Name: "app_auth_token", Kind: wallet.Text, Secret: true, Optional: true,
			Title: wallet.Title{Zh: "商家授权令牌（服务商代调用）", En: "Merchant's authorisation token (service providers)"},
			Hint:  wallet.Title{Zh: "只有服务商的应用代商家收款时才有", En: "Only where a service provider's application collects for the shop"}},
	},
	Live:   "https://openapi.alipay.com/gateway.do",
	Test:   "https://openapi-sandbox.dl.alipaydev.com/gateway.do",
	Papers: []string{"business_licence", "owner_account", "shop_photos"},
	Limits: func(money.Currency) (money.Amount, money.Amount) { return least, most },
	New:    open,
}

var (
	_ wallet.Provider    = (*adapter)(nil)
	_ wallet.Refunder    = (*adapter)(nil)
	_ wallet.BillFetcher = (*adapter)(nil)
	_ wallet.Prober      = (*adapter)(nil)
)

// adapter is the account of one shop.
type adapter struct {
	client  *wallet.Client
	gateway string
	appID   string
	token   string // app_auth_token; "" for the shop's own application
	keys    keys
}

// open checks what was entered and returns the adapter.
func open(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	// Money of the sandbox is no money, and a test must not take any.
	sandbox := strings.Contains(base, "alipaydev.com")
	if a.Mode == "live" && sandbox || a.Mode == "test" && strings.Contains(base, "openapi.alipay.com") {
		return nil, &wallet.FieldError{Field: "base_url", Reason: till.SetUpWrong,
			Detail: fmt.Sprintf("the mode is %s, the address is that of the other mode", a.Mode)}
	}
	id, err := a.Need("app_id")
	if err != nil {
		return nil, err
	}
	if len(id) != 16 || strings.Trim(id, "0123456789") != "" {
		return nil, &wallet.FieldError{Field: "app_id", Reason: till.SetUpWrong, Detail: fmt.Sprintf("16 digits are due, not %d characters", len(id))}
	}
	k, err := readKeys(a, id)
	if err != nil {
		return nil, err
	}
	return &adapter{client: c, gateway: base, appID: id, token: strings.TrimSpace(a.Fields["app_auth_token"]), keys: k}, nil
}
