// Package paypal takes payments through PayPal: the till shows the link of an
// order as a code, the customer approves it on the phone, and the till captures
// it.
//
// Sources: PayPal's published OpenAPI (paypal/paypal-rest-api-specifications:
// checkout_orders_v2 2.13, payments_payment_v2 2.5, reporting_transactions_v1
// 1.9), developer.paypal.com/reference/guidelines/idempotency and developer.
// paypal.com/api/rest/authentication.
//
// Money moves only on our own capture. So an order that is given up before one
// was sent is never paid, and needs no cancelling. That a capture is meant is
// kept in the order's handle, durably, before it is sent: see capture.go.
//
// PayPal does not sign its answers: that they are its own is proved by TLS
// alone. Base URLs without TLS are therefore refused for real money.
package paypal

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// Spec describes PayPal.
var Spec = wallet.Spec{
	Name:       "paypal",
	Title:      wallet.Title{Zh: "PayPal", En: "PayPal"},
	Colour:     "#12327F",
	Letter:     "P",
	Currencies: currencies,
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show},
		Refunds:       true,
		PartialRefund: true,
		Bills:         true,
		Restart:       true,
		RestartFor:    6 * time.Hour, // "The server stores keys for 6 hours" (Orders v2, PayPal-Request-Id)
		NoCancel:      true,
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 5 * time.Second, Every: 3 * time.Second, Limit: 10 * time.Minute},
		},
	},
	Fields: []wallet.Field{
		{
			Name: fieldID, Kind: wallet.Text,
			Title: wallet.Title{Zh: "客户端编号", En: "Client ID"},
			Hint: wallet.Title{
				Zh: "developer.paypal.com > Apps & Credentials，选择应用后可见；注意 Live 与 Sandbox 各有一套",
				En: "developer.paypal.com > Apps & Credentials, in the app; Live and Sandbox have one each",
			},
		},
		{
			Name: fieldSecret, Kind: wallet.Text, Secret: true,
			Title: wallet.Title{Zh: "客户端密钥", En: "Client secret"},
			Hint:  wallet.Title{Zh: "与客户端编号在同一页面", En: "On the same page as the client ID"},
		},
		{
			Name: fieldReturn, Kind: wallet.URLText,
			Title: wallet.Title{Zh: "付款后打开的网页", En: "Page after paying"},
			Hint: wallet.Title{
				Zh: "顾客同意或取消付款后手机上看到的网页，例如本店网站；以 https:// 开头",
				En: "What the customer's phone opens after approving or cancelling, such as the shop's own site; begins with https://",
			},
		},
		{
			Name: fieldPayee, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "商家编号", En: "Merchant ID"},
			Hint: wallet.Title{
				Zh: "PayPal 账户设置 > 企业信息，13 位字母和数字；填写后会核对收款方",
				En: "PayPal Account Settings > Business information, 13 letters and digits; where it is given, the payee is checked",
			},
		},
	},
	Live:   live,
	Test:   sandbox,
	Papers: []string{"business_licence", "owner_id", "bank_account", "website"},
	Limits: limits,
	New:    connect,
}

// The servers of PayPal's published OpenAPI.
const (
	live    = "https://api-m.paypal.com"
	sandbox = "https://api-m.sandbox.paypal.com"
)

// The fields, under PayPal's names.
const (
	fieldID     = "client_id"
	fieldSecret = "client_secret"
	fieldReturn = "return_url"
	fieldPayee  = "merchant_id"
)

// keyLife is how long a PayPal-Request-Id of a refund is known (developer.paypal.com/
// reference/guidelines/idempotency: 45 days), less a margin.
const keyLife = 44 * 24 * time.Hour

type adapter struct {
	client *wallet.Client
	base   string
	id     string
	secret string
	back   string
	payee  string
	live   bool

	mu      sync.Mutex
	token   string
	expires time.Time
}

var (
	idForm    = regexp.MustCompile(`^[A-Za-z0-9_-]{40,120}$`)
	payeeForm = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{13}$`) // Orders v2, account_id
)

func connect(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	p := &adapter{client: c, base: base, live: a.Mode == "live"}
	wrong := func(field, detail string) error {
		return &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	for _, f := range []struct {
		name string
		into *string
	}{{fieldID, &p.id}, {fieldSecret, &p.secret}, {fieldReturn, &p.back}} {
		if *f.into, err = a.Need(f.name); err != nil {
			return nil, err
		}
	}
	switch {
	case p.live && base == sandbox, !p.live && base == live:
		return nil, wrong("base_url", "this is the address of the other mode (live or test)")
	case strings.Contains(p.id, "@"):
		return nil, wrong(fieldID, "this is an e-mail address; the client ID of an app is needed")
	case !idForm.MatchString(p.id):
		return nil, wrong(fieldID, "a client ID has about 80 letters, digits, - and _; this one may be cut off")
	case !idForm.MatchString(p.secret):
		return nil, wrong(fieldSecret, "a client secret has about 80 letters, digits, - and _; this one may be cut off")
	case p.id == p.secret:
		return nil, wrong(fieldSecret, "this is the client ID once more")
	}
	if u, err := url.Parse(p.back); err != nil || u.Host == "" || u.Scheme != "https" && (p.live || u.Scheme != "http") {
		return nil, wrong(fieldReturn, "no address like https://shop.example")
	}
	p.payee = strings.TrimSpace(a.Fields[fieldPayee])
	if p.payee != "" && !payeeForm.MatchString(p.payee) {
		return nil, wrong(fieldPayee, "a merchant ID has 13 capital letters and digits")
	}
	return p, nil
}

// currencies are PayPal's (developer.paypal.com/api/rest/reference/currency-codes).
var currencies = strings.Fields("USD AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD")

// whole are those that PayPal takes without decimals although ISO 4217 has two
// ("This currency does not support decimals").
var whole = map[string]bool{"HUF": true, "TWD": true}

// limits returns the smallest and the largest amount. PayPal publishes none
// that hold for every account: a limit of an account is refused in its own
// words. Seven digits before the decimals bound what a typing error can do.
func limits(c money.Currency) (least, most money.Amount) {
	least = 1
	if whole[c.Code] {
		least = c.Unit()
	}
	return least, 10_000_000*c.Unit() - 1
}

// value writes an amount for PayPal: a fraction it does not take is refused.
func value(a money.Amount, c money.Currency) (string, error) {
	if !whole[c.Code] {
		return c.Format(a), nil
	}
	if a%c.Unit() != 0 {
		return "", fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{
			Field: "amount", Reason: till.AmountNotAllowed, Detail: "PayPal takes no fractions of " + c.Code,
		})
	}
	return money.Currency{Code: c.Code}.Format(a / c.Unit()), nil
}

// stated reads an amount PayPal states.
func (m *amount) stated() (money.Amount, string, bool) {
	if m == nil {
		return 0, "", false
	}
	c, err := money.CurrencyOf(m.Currency)
	if err != nil {
		return 0, "", false
	}
	a, err := c.Parse(m.Value)
	return a, c.Code, err == nil && a >= 0
}

// Start creates an order and answers with the link that the customer opens. The
// same number makes the same order for six hours.
func (p *adapter) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Way != till.Show {
		return wallet.Answer{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{Field: "way", Reason: till.SetUpWrong, Detail: "PayPal takes no customer's codes"})
	}
	least, most := limits(c.Currency)
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, currencies...); err != nil {
		return wallet.Answer{}, err
	}
	v, err := value(c.Amount, c.Currency)
	if err != nil {
		return wallet.Answer{}, err
	}
	var got order
	f, err := p.ask(ctx, request{
		kind: wallet.CallStart, number: c.Number, path: "/v2/checkout/orders", key: c.Number + "-order", body: p.newOrder(c, v),
	}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil:
		return f.refused(), nil
	}
	a := p.readOrder(c, got)
	if a.Verdict != wallet.Waiting || got.Status == "APPROVED" {
		return a, nil
	}
	if a.QR == "" {
		return notUnderstood("an order without a link for the payer"), nil
	}
	return a, nil
}

func (p *adapter) newOrder(c wallet.Charge, value string) map[string]any {
	subject := cut(c.Subject, 127, c.Number)
	return map[string]any{
		"intent": "CAPTURE",
		"purchase_units": []any{map[string]any{
			"reference_id": c.Number,
			"custom_id":    c.Number,
			"invoice_id":   c.Number,
			"description":  subject,
			"amount":       map[string]any{"currency_code": c.Currency.Code, "value": value},
		}},
		"payment_source": map[string]any{"paypal": map[string]any{"experience_context": map[string]any{
			"brand_name":          subject,
			"user_action":         "PAY_NOW",
			"shipping_preference": "NO_SHIPPING",
			// Without it a bank transfer of days could be approved.
			"payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
			"return_url":                p.back,
			"cancel_url":                p.back,
		}}},
	}
}

// cut bounds a text in bytes, since PayPal counts other letters for more than
// one character (Orders v2, description).
func cut(s string, most int, or string) string {
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = strings.TrimSpace(strings.ToValidUTF8(s[:most], ""))
	}
	if s == "" {
		return or
	}
	return s
}

// Cancel has nothing to do: an order that is never captured is never paid. It
// asks what is known.
func (p *adapter) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	c.GivingUp = true
	return p.Query(ctx, c)
}
