// Package shouqianba takes payments through Shouqianba (收钱吧), an aggregator:
// one contract for Alipay, WeChat Pay, Baidu Wallet, JD Pay and UnionPay. The
// source of the rules is its Web API manual (doc.shouqianba.com and
// WoSai/shouqianba-doc), cited as [sqb SECTION], and the English manual of the
// same interface, docs.muwe.mx, as [muwe SECTION].
package shouqianba

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// The fields of an account. The first four come from the provider for the
// software, device_id is chosen by the shop, and the rest is what activation
// and the daily check-in give.
const (
	fieldVendorSN    = "vendor_sn"
	fieldVendorKey   = "vendor_key"
	fieldAppID       = "app_id"
	fieldDeviceID    = "device_id"
	fieldTerminalSN  = "terminal_sn"
	fieldTerminalKey = "terminal_key"
	fieldFormerKey   = "former_terminal_key"
	fieldCheckedIn   = "checked_in"
	fieldPayway      = "payway"
)

// Spec describes the wallet.
var Spec = wallet.Spec{
	Name:       "shouqianba",
	Title:      wallet.Title{Zh: "收钱吧", En: "Shouqianba"},
	Colour:     "#7A5200",
	Letter:     "B",
	Currencies: []string{"CNY"},
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Take},
		Refunds:       true,
		PartialRefund: true,
		// A client_sn is unique for ever [sqb pay], so a start is never repeated.
		Restart: false,
		// [muwe cancel]: "cancels an unpaid or uncertain order".
		CancelUnknown: true,
		// [sqb Q&A, 轮询]: pay every 3-5 s for 40-50 s, then cancel; a shown code
		// every 2 s in the first 30 s, then every 5 s, for 100-120 s.
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 2 * time.Second, Every: 5 * time.Second, Limit: 120 * time.Second},
			till.Take: {First: 3 * time.Second, Every: 4 * time.Second, Limit: 50 * time.Second},
		},
	},
	Fields: []wallet.Field{
		{
			Name: fieldTerminalSN, Kind: wallet.Text,
			Title: wallet.Title{Zh: "终端号", En: "Terminal number"},
			Hint:  wallet.Title{Zh: "激活本机时取得", En: "Given when this till is activated"},
		},
		{
			Name: fieldTerminalKey, Kind: wallet.Text, Secret: true,
			Title: wallet.Title{Zh: "终端密钥", En: "Terminal key"},
			Hint:  wallet.Title{Zh: "激活时取得，每天自动更换", En: "Given at activation, changed every day by itself"},
		},
		{
			Name: fieldDeviceID, Kind: wallet.Text,
			Title: wallet.Title{Zh: "设备标识", En: "Device id"},
			Hint:  wallet.Title{Zh: "自己起名，激活后不能改，例：街角便利店-1号机", En: "Your own name for this till; fixed once it is activated"},
		},
		{
			Name: fieldPayway, Kind: wallet.Choice, Default: "3", Choices: payways(),
			Title: wallet.Title{Zh: "收款码的支付方式", En: "Wallet of the shown code"},
			Hint: wallet.Title{
				Zh: "1 支付宝，3 微信，4 百度，5 京东，17 银联，18 翼支付；扫顾客的码时自动识别",
				En: "1 Alipay, 3 WeChat, 4 Baidu, 5 JD, 17 UnionPay, 18 BestPay; a customer's code tells by itself",
			},
		},
		{
			Name: fieldVendorSN, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "服务商序列号", En: "Vendor number"},
			Hint:  wallet.Title{Zh: "只在激活时用，向收钱吧商务索取", En: "For activation alone; from Shouqianba's sales"},
		},
		{
			Name: fieldVendorKey, Kind: wallet.Text, Secret: true, Optional: true,
			Title: wallet.Title{Zh: "服务商密钥", En: "Vendor key"},
			Hint:  wallet.Title{Zh: "只在激活时用，向收钱吧商务索取", En: "For activation alone; from Shouqianba's sales"},
		},
		{
			Name: fieldAppID, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "应用编号", En: "App id"},
			Hint:  wallet.Title{Zh: "只在激活时用，服务商平台里的 app_id", En: "For activation alone; app_id in the vendor's console"},
		},
		{
			Name: fieldFormerKey, Kind: wallet.Text, Secret: true, Optional: true,
			Title: wallet.Title{Zh: "上一个终端密钥", En: "Former terminal key"},
			Hint:  wallet.Title{Zh: "自动保存，不用填写", En: "Kept by itself; leave it empty"},
		},
		{
			Name: fieldCheckedIn, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "上次签到日期", En: "Day of the last check-in"},
			Hint:  wallet.Title{Zh: "自动保存，不用填写", En: "Kept by itself; leave it empty"},
		},
	},
	// There is no sandbox; a test account is the shop's own with small amounts.
	Live:     "https://vsi-api.shouqianba.com",
	Papers:   []string{"business_licence", "owner_id", "bank_account", "contract"},
	Limits:   limits,
	New:      newProvider,
	Activate: activate,
}

// limits: total_amount has at most 10 digits of fen [sqb pay].
func limits(money.Currency) (least, most money.Amount) { return 1, 9_999_999_999 }

type provider struct {
	client              *wallet.Client
	base                string
	terminal, deviceID  string
	key, former, payway string

	checkedIn string // the day of the last check-in, in Beijing

	mu    sync.Mutex
	given map[string]string // by a check-in of this adapter
	lost  string            // the day of a check-in whose answer was lost
}

var (
	terminalForm = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
	keyForm      = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)
)

func newProvider(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	p := &provider{client: c, base: base, checkedIn: strings.TrimSpace(a.Fields[fieldCheckedIn])}
	for _, f := range []struct {
		name string
		into *string
	}{{fieldTerminalSN, &p.terminal}, {fieldTerminalKey, &p.key}, {fieldDeviceID, &p.deviceID}} {
		if *f.into, err = a.Need(f.name); err != nil {
			return nil, err
		}
	}
	p.former = strings.TrimSpace(a.Fields[fieldFormerKey])
	if p.payway = strings.TrimSpace(a.Fields[fieldPayway]); p.payway == "" {
		p.payway = "3"
	}
	wrong := func(field, detail string) (wallet.Provider, error) {
		return nil, &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	switch {
	case !terminalForm.MatchString(p.terminal):
		return wrong(fieldTerminalSN, "a terminal number is 1 to 32 letters and digits")
	case !keyForm.MatchString(p.key):
		return wrong(fieldTerminalKey, "a terminal key is 32 letters and digits; part of it may be missing")
	case p.former != "" && !keyForm.MatchString(p.former):
		return wrong(fieldFormerKey, "a terminal key is 32 letters and digits; leave this empty")
	case len([]rune(p.deviceID)) > 128:
		return wrong(fieldDeviceID, "a device id has at most 128 characters")
	case !slices.Contains(payways(), p.payway):
		return wrong(fieldPayway, "choose one of "+strings.Join(payways(), ", "))
	case p.checkedIn != "" && !isDay(p.checkedIn):
		return wrong(fieldCheckedIn, "this is kept by the till; leave it empty")
	}
	return p, nil
}

// Start makes a code [sqb precreate] or charges the customer's [sqb pay].
func (p *provider) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	least, most := limits(c.Currency)
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	ask := map[string]string{
		"terminal_sn": p.terminal, "client_sn": c.Number, "total_amount": strconv.FormatInt(int64(c.Amount), 10),
		"subject": clip(c.Subject, 64, "收款"), "operator": clip(c.Operator, 32, "1"),
	}
	path := "/upay/v2/precreate"
	if c.Way == till.Take {
		path = "/upay/v2/pay"
		ask["dynamic_id"] = c.Code
	} else {
		ask["payway"] = p.payway
	}
	r, err := p.ask(ctx, wallet.CallStart, c.Number, path, ask, c.Code)
	if err != nil {
		return wallet.NoAnswer(err), passNotSent(err)
	}
	if r.bad != nil {
		return *r.bad, nil
	}
	if r.Code != "200" {
		return r.refusedRequest(true), nil
	}
	a := r.started(c)
	if a.Verdict == wallet.Waiting && c.Way == till.Show {
		if a.QR = r.Biz.Data.QRCode; a.QR == "" {
			return unclear(till.NotUnderstood, "no qr_code"), nil
		}
	}
	return a, nil
}

// Query asks for the order [sqb query].
func (p *provider) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := p.ask(ctx, wallet.CallQuery, c.Number, "/upay/v2/query",
		map[string]string{"terminal_sn": p.terminal, "client_sn": c.Number})
	if err != nil {
		return wallet.NoAnswer(err), passNotSent(err)
	}
	if r.bad != nil {
		return *r.bad, nil
	}
	if r.Code != "200" {
		return r.refusedRequest(false), nil
	}
	a := r.queried(c)
	if a.Verdict == wallet.Waiting && c.Way == till.Show && !c.At.IsZero() && now(p.client).Sub(c.At) < 30*time.Second {
		a.Again = 2 * time.Second
	}
	return a, nil
}

// Cancel closes an unpaid order and gives a paid one back [sqb cancel]. Only a
// query proves it.
func (p *provider) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := p.ask(ctx, wallet.CallCancel, c.Number, "/upay/v2/cancel",
		map[string]string{"terminal_sn": p.terminal, "client_sn": c.Number})
	if err != nil {
		return wallet.NoAnswer(err), passNotSent(err)
	}
	if r.bad != nil {
		return *r.bad, nil
	}
	if r.Code != "200" {
		return r.refusedRequest(true), nil
	}
	return r.cancelled(c), nil
}

// Refund gives part or all back [sqb refund]. A refusal that a refund made
// earlier under the same number could cause as well is believed only after a
// query.
func (p *provider) Refund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	if err := wallet.AllowAmount(f.Amount, f.Of.Currency, 1, f.Of.Amount, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	r, err := p.ask(ctx, wallet.CallRefund, f.Number, "/upay/v2/refund", map[string]string{
		"terminal_sn": p.terminal, "client_sn": f.Of.Number, "refund_request_no": f.Number,
		"refund_amount": strconv.FormatInt(int64(f.Amount), 10), "operator": clip(f.Of.Operator, 32, "1"),
	})
	if err != nil {
		return wallet.NoAnswer(err), passNotSent(err)
	}
	if r.bad != nil {
		return *r.bad, nil
	}
	if r.Code != "200" {
		return r.refusedRequest(true), nil
	}
	a := r.refunded(f)
	if a.Verdict == wallet.Refused && ambiguousRefusals[r.Biz.Error] {
		q, err := p.QueryRefund(ctx, f)
		switch {
		case err != nil || q.Verdict == wallet.Unclear:
			return unclear(a.Reason, a.Said), nil
		case q.Verdict != wallet.Missing:
			return q, nil
		}
	}
	return a, nil
}

// QueryRefund asks for a refund by its number; client_tsn tells whether the
// answer is about it [sqb refund, client_tsn; muwe query].
func (p *provider) QueryRefund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	r, err := p.ask(ctx, wallet.CallQueryRefund, f.Number, "/upay/v2/query",
		map[string]string{"terminal_sn": p.terminal, "client_sn": f.Of.Number, "refund_request_no": f.Number})
	if err != nil {
		return wallet.NoAnswer(err), passNotSent(err)
	}
	if r.bad != nil {
		return *r.bad, nil
	}
	if r.Code != "200" {
		return r.refusedRequest(false), nil
	}
	return r.queriedRefund(f), nil
}

// Probe asks for an order that nobody has made. The provider signs no answers,
// so that TLS alone says who answered.
func (p *provider) Probe(ctx context.Context) []wallet.Step {
	steps := []wallet.Step{{Name: "credentials", OK: true}}
	step := func(name string, reason till.Reason, detail string) []wallet.Step {
		return append(steps, wallet.Step{Name: name, Reason: reason, Detail: detail})
	}
	r, err := p.ask(ctx, wallet.CallProbe, "", "/upay/v2/query",
		map[string]string{"terminal_sn": p.terminal, "client_sn": "PROBE" + strconv.FormatInt(now(p.client).UnixNano(), 36)})
	if err != nil {
		return step("host", till.NoNetwork, wallet.NoAnswer(err).Said)
	}
	if r.bad != nil {
		return step("host", r.bad.Reason, r.bad.Said)
	}
	steps = append(steps, wallet.Step{Name: "host", OK: true})
	switch {
	case r.Error == "ILLEGAL_SIGN":
		return step("request_signature", till.SetUpWrong, r.said())
	case r.Code == "200" && r.Biz.Error == "UPAY_TERMINAL_NOT_EXISTS", r.Code == "200" && r.Biz.Error == "UPAY_TERMINAL_STATUS_ABNORMAL":
		steps = append(steps, wallet.Step{Name: "request_signature", OK: true})
		return step("merchant", till.SetUpWrong, r.Biz.said())
	case r.Code != "200":
		a := r.refusedRequest(false)
		return step("merchant", a.Reason, a.Said)
	}
	return append(steps, wallet.Step{Name: "request_signature", OK: true}, wallet.Step{Name: "merchant", OK: true})
}

// ask makes one call signed with the terminal's key.
func (p *provider) ask(ctx context.Context, kind wallet.CallKind, number, path string, ask map[string]string, secrets ...string) (reply, error) {
	return call(ctx, p.client, signer{p.terminal, p.key}, kind, number, p.base+path, ask, secrets...)
}

// passNotSent returns the error where nothing was sent, which is the only one
// a caller is told.
func passNotSent(err error) error {
	if errors.Is(err, wallet.ErrNotSent) {
		return err
	}
	return nil
}

// clip cuts a text to a number of characters; an empty one becomes instead.
func clip(s string, most int, instead string) string {
	if s = strings.TrimSpace(s); s == "" {
		return instead
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// payways are those that a code can be shown for [sqb payway].
func payways() []string { return []string{"1", "3", "4", "5", "17", "18"} }

// text is a value that the provider writes as a string; a bare number is taken
// as its digits.
type text string

// UnmarshalJSON reads a string, a number or null.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case string(b) == "null":
	case len(b) > 0 && b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	default:
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return fmt.Errorf("neither text nor number")
		}
		s = n.String()
	}
	*t = text(s)
	return nil
}
