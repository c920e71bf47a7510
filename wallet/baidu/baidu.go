// Package baidu takes payments through Baidu Wallet (百度钱包, now Du Xiaoman
// 度小满) direct. Whether the host still accepts merchants could not be
// verified; the shop needs a contract and documents of its own first. The
// sources are the provider's manuals of 2016 in public repositories, cited as
// [bd refund SECTION] (商户退款接入指南 V1.9.2) and [bd pay SECTION] (商户系统接入
// 指南 V6.2), and for what they leave out, the interfaces of the counter,
// public clients that agree [bd clients].
package baidu

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// The fields of an account.
const (
	fieldSpNo   = "sp_no"
	fieldKey    = "key"
	fieldMethod = "sign_method"
	fieldReturn = "return_url"
	fieldStore  = "mno"
	fieldName   = "mname"
	fieldTill   = "tno"
)

// Spec describes the wallet.
var Spec = wallet.Spec{
	Name:        "baidu",
	Title:       wallet.Title{Zh: "百度钱包", En: "Baidu Wallet"},
	Colour:      "#B8500A",
	Letter:      "D",
	Currencies:  []string{"CNY"},
	OwnContract: true,
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Take},
		Refunds:       true,
		PartialRefund: true,
		// Nothing says that a repeated order_no is harmless.
		Restart: false,
		// [bd clients]: a query every 2 s for 2 minutes, then cancel.
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 3 * time.Second, Every: 3 * time.Second, Limit: 5 * time.Minute},
			till.Take: {First: 2 * time.Second, Every: 3 * time.Second, Limit: 2 * time.Minute},
		},
	},
	Fields: []wallet.Field{
		{
			Name: fieldSpNo, Kind: wallet.Digits,
			Title: wallet.Title{Zh: "百度钱包商户号", En: "Merchant number (sp_no)"},
			Hint:  wallet.Title{Zh: "签约时分配的 10 位数字", En: "10 digits, given with the contract"},
		},
		{
			Name: fieldKey, Kind: wallet.Text, Secret: true,
			Title: wallet.Title{Zh: "合作密钥", En: "Merchant key"},
			Hint:  wallet.Title{Zh: "签约时分配的 32 个字符", En: "32 characters, given with the contract"},
		},
		{
			Name: fieldReturn, Kind: wallet.URLText,
			Title: wallet.Title{Zh: "通知地址", En: "Notification URL"},
			Hint:  wallet.Title{Zh: "店铺自己的网址；百度要求填写，柜台不用它", En: "An address of the shop's own; Baidu demands one, the till needs none"},
		},
		{
			Name: fieldMethod, Kind: wallet.Choice, Default: methodMD5, Choices: []string{methodMD5, methodSHA1},
			Title: wallet.Title{Zh: "签名方法", En: "Signing method"},
			Hint:  wallet.Title{Zh: "1 是 MD5，2 是 SHA-1；没有说明时用 1", En: "1 is MD5, 2 is SHA-1; 1 where nothing was said"},
		},
		{
			Name: fieldStore, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "门店号", En: "Store number"},
			Hint:  wallet.Title{Zh: "mno，百度要求时填写", En: "mno, where Baidu asks for it"},
		},
		{
			Name: fieldName, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "门店名", En: "Store name"},
			Hint:  wallet.Title{Zh: "mname，百度要求时填写", En: "mname, where Baidu asks for it"},
		},
		{
			Name: fieldTill, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "终端号", En: "Till number"},
			Hint:  wallet.Title{Zh: "tno，百度要求时填写", En: "tno, where Baidu asks for it"},
		},
	},
	Live:   "https://www.baifubao.com",
	Papers: []string{"business_licence", "owner_id", "bank_account", "contract"},
	Limits: limits,
	New:    newProvider,
}

// limits: total_amount is a whole number of fen [bd pay 3.3.1]; no source
// states a greatest one, so it is what 10 digits hold.
func limits(money.Currency) (least, most money.Amount) { return 1, 9_999_999_999 }

type provider struct {
	client            *wallet.Client
	base              string
	spNo, key, method string
	returnURL         string
	store             map[string]string // mno, mname and tno, where they are set
}

var (
	spNoForm = regexp.MustCompile(`^[0-9]{10}$`)
	keyForm  = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)
)

func newProvider(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	p := &provider{client: c, base: base, store: map[string]string{}}
	for _, f := range []struct {
		name string
		into *string
	}{{fieldSpNo, &p.spNo}, {fieldKey, &p.key}, {fieldReturn, &p.returnURL}} {
		if *f.into, err = a.Need(f.name); err != nil {
			return nil, err
		}
	}
	if p.method = strings.TrimSpace(a.Fields[fieldMethod]); p.method == "" {
		p.method = methodMD5
	}
	for _, name := range []string{fieldStore, fieldName, fieldTill} {
		if v := strings.TrimSpace(a.Fields[name]); v != "" {
			p.store[name] = v
		}
	}
	wrong := func(field, detail string) (wallet.Provider, error) {
		return nil, &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	switch {
	case !spNoForm.MatchString(p.spNo):
		return wrong(fieldSpNo, strconv.Itoa(len(p.spNo))+" characters, 10 digits are due")
	case !keyForm.MatchString(p.key):
		return wrong(fieldKey, "a key is 32 letters and digits; part of it may be missing")
	case p.method != methodMD5 && p.method != methodSHA1:
		return wrong(fieldMethod, "choose 1 (MD5) or 2 (SHA-1)")
	case !strings.HasPrefix(p.returnURL, "https://") && !strings.HasPrefix(p.returnURL, "http://"):
		return wrong(fieldReturn, "no address like https://host")
	}
	return p, nil
}

// The paths [bd clients; bd refund 3.3, 4.3.1].
const (
	pathCreate = "/o2o/0/code/0/create/0"
	pathPay    = "/o2o/0/b2c/0/api/0/pay/0"
	pathQuery  = "/o2o/0/b2c/0/api/0/query_trans/0"
	pathCancel = "/api/0/cancel"
	pathRefund = "/api/0/refund"
	pathAsk    = "/api/0/refund/0/query"
)

// Start makes a code or charges the customer's. A paid code is believed only
// when a query, which is signed, says the same; a refusal only when a query
// knows of no payment.
func (p *provider) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	least, most := limits(c.Currency)
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	ask := map[string]string{
		"service_code": "1", "order_create_time": stampOf(c.At), "order_no": c.Number, "goods_name": goodsName(c.Subject),
		"total_amount": fen(c.Amount), "currency": "1", "return_url": p.returnURL, "input_charset": "1", "version": "2",
	}
	if c.Until.After(c.At) {
		// An unpaid order closes by itself then [bd pay, expire_time].
		ask["expire_time"] = stampOf(c.Until)
	}
	if c.Way == till.Take {
		return p.charge(ctx, c, ask)
	}
	ask["pay_type"] = "2"
	extras := map[string]string{"code_type": "0", "output_type": "1"}
	for k, v := range p.store {
		extras[k] = v
	}
	body, bad, err := p.get(ctx, wallet.CallStart, c.Number, pathCreate, ask, extras)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return created(body), nil
}

func (p *provider) charge(ctx context.Context, c wallet.Charge, ask map[string]string) (wallet.Answer, error) {
	ask["pay_code"], ask["sp_pass_through"] = c.Code, `{"offline_pay":"1"}`
	for k, v := range p.store {
		ask[k] = v
	}
	body, bad, err := p.get(ctx, wallet.CallStart, c.Number, pathPay, ask, nil)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	a := charged(body)
	if a.Verdict != wallet.Refused {
		return a, nil
	}
	q, err := p.Query(ctx, c)
	switch {
	case err != nil || q.Verdict == wallet.Unclear:
		return unclear(a.Reason, a.Said), nil
	case q.Verdict == wallet.Missing || q.Verdict == wallet.Closed:
		return a, nil
	}
	return q, nil
}

// Query asks for the order; the answer is signed.
func (p *provider) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	body, bad, err := p.get(ctx, wallet.CallQuery, c.Number, pathQuery,
		map[string]string{"order_no": c.Number, "input_charset": "1", "version": "2"}, nil)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return p.queried(c, body), nil
}

// Cancel closes an unpaid order. Nothing is known of its answer but a message,
// so that only a query proves it.
func (p *provider) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	body, bad, err := p.get(ctx, wallet.CallCancel, c.Number, pathCancel,
		map[string]string{"order_no": c.Number, "output_charset": "1", "output_type": "2"}, nil)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	var a cancelAnswer
	if err := json.Unmarshal(utf8Of(body), &a); err != nil || a.Response == nil {
		return unclear(till.NotUnderstood, errUnreadable.Error()), nil
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: a.Response.Message}, nil
}

// Refund gives part or all back [bd refund 3.3]. A refusal that the same
// refund, made before, would cause as well is believed only after a query.
func (p *provider) Refund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	if err := wallet.AllowAmount(f.Amount, f.Of.Currency, 1, f.Of.Amount, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	body, bad, err := p.get(ctx, wallet.CallRefund, f.Number, pathRefund, map[string]string{
		"service_code": "2", "input_charset": "1", "output_type": "1", "output_charset": "1", "version": "2", "currency": "1",
		"return_url": p.returnURL, "return_method": "1", "order_no": f.Of.Number, "sp_refund_no": f.Number,
		"cashback_amount": fen(f.Amount), "cashback_time": stampOf(f.At),
	}, nil)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	a, doubtful := p.refunded(f, body)
	if !doubtful {
		return a, nil
	}
	q, err := p.QueryRefund(ctx, f)
	switch {
	case err != nil || q.Verdict == wallet.Unclear:
		return unclear(a.Reason, a.Said), nil
	case q.Verdict == wallet.Missing:
		return a, nil
	}
	return q, nil
}

// QueryRefund asks for a refund by its number [bd refund 4.3.1].
func (p *provider) QueryRefund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	body, bad, err := p.get(ctx, wallet.CallQueryRefund, f.Number, pathAsk, map[string]string{
		"service_code": "12", "order_no": f.Of.Number, "sp_refund_no": f.Number, "output_type": "1", "output_charset": "1", "version": "2",
	}, nil)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return queriedRefund(f, body), nil
}

// Probe asks for an order that nobody has made. The answer to that bears no
// signature, so that the answers' is tried by the first payment alone.
func (p *provider) Probe(ctx context.Context) []wallet.Step {
	steps := []wallet.Step{{Name: "credentials", OK: true}}
	failed := func(name string, reason till.Reason, detail string) []wallet.Step {
		return append(steps, wallet.Step{Name: name, Reason: reason, Detail: detail})
	}
	body, bad, err := p.get(ctx, wallet.CallProbe, "", pathQuery,
		map[string]string{"order_no": "PROBE" + strconv.FormatInt(p.now().UnixNano(), 36), "input_charset": "1", "version": "2"}, nil)
	switch {
	case err != nil:
		return failed("host", till.NoNetwork, wallet.NoAnswer(err).Said)
	case bad != nil:
		return failed("host", bad.Reason, bad.Said)
	}
	a, err := readScan(body)
	if err != nil {
		return failed("host", till.NotUnderstood, err.Error())
	}
	steps = append(steps, wallet.Step{Name: "host", OK: true})
	switch code := string(*a.Ret); {
	case code == "5804" || code == "5803":
		return failed("request_signature", till.SetUpWrong, a.said())
	case code != "0":
		return failed("merchant", till.SetUpWrong, a.said())
	}
	return append(steps, wallet.Step{Name: "request_signature", OK: true}, wallet.Step{Name: "merchant", OK: true})
}

func (p *provider) now() time.Time {
	if p.client.Now != nil {
		return p.client.Now()
	}
	return time.Now()
}

// unanswered is what a call that gave no body proves: an error goes on only
// where nothing was sent.
func unanswered(bad *wallet.Answer, err error) (wallet.Answer, error) {
	switch {
	case errors.Is(err, wallet.ErrNotSent):
		return wallet.NoAnswer(err), err
	case err != nil:
		return wallet.NoAnswer(err), nil
	}
	return *bad, nil
}

// beijing is the zone of the provider's times.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

func stampOf(t time.Time) string { return t.In(beijing).Format("20060102150405") }

func fen(a money.Amount) string { return strconv.FormatInt(int64(a), 10) }

// goodsName is what the customer reads: at most 128 bytes in GBK [bd pay,
// goods_name].
func goodsName(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "收款"
	}
	return clipGBK(s, 128)
}
