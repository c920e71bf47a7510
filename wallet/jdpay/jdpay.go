// Package jdpay takes payments through JD Pay (京东支付) direct, version V2.0 of
// its interface. No current documentation could be reached: what is here
// follows public clients that agree, cited as [jd ...] (genkin-he/jdpay with
// its README and test vectors, essensoft/paylink, and a public copy of the
// provider's chapter on interface security), and the shop needs a contract and
// documents of its own first.
package jdpay

import (
	"context"
	"crypto/rsa"
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
	fieldMerchant   = "merchant"
	fieldDES        = "des_key"
	fieldPrivate    = "private_key"
	fieldPublic     = "jd_public_key"
	fieldNotify     = "notifyUrl"
	fieldDevice     = "device"
	fieldQRMerchant = "qr_merchant"
	fieldQRDES      = "qr_des_key"
	fieldQRPrivate  = "qr_private_key"
)

// Spec describes the wallet.
var Spec = wallet.Spec{
	Name:        "jdpay",
	Title:       wallet.Title{Zh: "京东支付", En: "JD Pay"},
	Colour:      "#9E1B1B",
	Letter:      "J",
	Currencies:  []string{"CNY"},
	OwnContract: true,
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Take},
		Refunds:       true,
		PartialRefund: true,
		// A tradeNum is for one payment alone [jd, tradeNum].
		Restart: false,
		// No source prescribes a pace; these are the usual ones of the field.
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 4 * time.Second, Every: 4 * time.Second, Limit: 5 * time.Minute},
			till.Take: {First: 3 * time.Second, Every: 4 * time.Second, Limit: time.Minute},
		},
	},
	Fields: []wallet.Field{
		{
			Name: fieldMerchant, Kind: wallet.Digits,
			Title: wallet.Title{Zh: "商户号", En: "Merchant number"},
			Hint:  wallet.Title{Zh: "京东支付商户后台，账户信息", En: "JD Pay merchant console, account"},
		},
		{
			Name: fieldDES, Kind: wallet.Text, Secret: true,
			Title: wallet.Title{Zh: "DES 密钥", En: "DES key"},
			Hint:  wallet.Title{Zh: "商户后台，密钥管理；32 个字符的 Base64", En: "Merchant console, keys; 32 characters of base 64"},
		},
		{
			Name: fieldPrivate, Kind: wallet.PEM, Secret: true,
			Title: wallet.Title{Zh: "商户私钥", En: "Merchant private key"},
			Hint:  wallet.Title{Zh: "与上传到京东的公钥成对的 RSA 私钥", En: "The RSA key whose public half was given to JD"},
		},
		{
			Name: fieldPublic, Kind: wallet.PEM,
			Title: wallet.Title{Zh: "京东公钥", En: "JD's public key"},
			Hint:  wallet.Title{Zh: "京东提供，用来验证应答", En: "From JD, to verify its answers"},
		},
		{
			Name: fieldNotify, Kind: wallet.URLText,
			Title: wallet.Title{Zh: "通知地址", En: "Notification URL"},
			Hint:  wallet.Title{Zh: "店铺自己的网址；京东要求填写，柜台不用它", En: "An address of the shop's own; JD demands one, the till needs none"},
		},
		{
			Name: fieldDevice, Kind: wallet.Text, Optional: true, Default: "0001",
			Title: wallet.Title{Zh: "门店号", En: "Store number"},
			Hint:  wallet.Title{Zh: "扫顾客付款码时使用", En: "Used with customers' payment codes"},
		},
		{
			Name: fieldQRMerchant, Kind: wallet.Digits, Optional: true,
			Title: wallet.Title{Zh: "付款码商户号", En: "Payment-code merchant number"},
			Hint:  wallet.Title{Zh: "京东为付款码另发账号时填写", En: "Where JD gave another account for payment codes"},
		},
		{
			Name: fieldQRDES, Kind: wallet.Text, Secret: true, Optional: true,
			Title: wallet.Title{Zh: "付款码 DES 密钥", En: "Payment-code DES key"},
			Hint:  wallet.Title{Zh: "与付款码商户号一起发放", En: "Comes with the payment-code merchant number"},
		},
		{
			Name: fieldQRPrivate, Kind: wallet.PEM, Secret: true, Optional: true,
			Title: wallet.Title{Zh: "付款码商户私钥", En: "Payment-code private key"},
			Hint:  wallet.Title{Zh: "与付款码商户号一起登记", En: "Registered with the payment-code merchant number"},
		},
	},
	Live:   "https://paygate.jd.com",
	Papers: []string{"business_licence", "owner_id", "bank_account", "contract"},
	Limits: limits,
	New:    newProvider,
}

// limits: no source states any; the least is one fen, and the most is kept to
// what an amount of 10 digits holds.
func limits(money.Currency) (least, most money.Amount) { return 1, 9_999_999_999 }

type provider struct {
	client         *wallet.Client
	base           string
	online, code   account
	public         *rsa.PublicKey
	notify, device string
}

var merchantForm = regexp.MustCompile(`^[0-9]{1,20}$`)

func newProvider(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	p := &provider{client: c, base: base}
	if p.online, err = readAccount(a, fieldMerchant, fieldDES, fieldPrivate); err != nil {
		return nil, err
	}
	p.code = p.online
	if strings.TrimSpace(a.Fields[fieldQRMerchant]+a.Fields[fieldQRDES]+a.Fields[fieldQRPrivate]) != "" {
		if p.code, err = readAccount(a, fieldQRMerchant, fieldQRDES, fieldQRPrivate); err != nil {
			return nil, err
		}
	}
	text, err := a.Need(fieldPublic)
	if err != nil {
		return nil, err
	}
	if p.public, err = readPublicKey(text); err != nil {
		return nil, &wallet.FieldError{Field: fieldPublic, Reason: till.SetUpWrong, Detail: err.Error()}
	}
	if p.online.private.PublicKey.Equal(p.public) {
		return nil, &wallet.FieldError{Field: fieldPublic, Reason: till.SetUpWrong, Detail: "this is the shop's own public key; JD's belongs here"}
	}
	if p.notify, err = a.Need(fieldNotify); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(p.notify, "https://") && !strings.HasPrefix(p.notify, "http://") {
		return nil, &wallet.FieldError{Field: fieldNotify, Reason: till.SetUpWrong, Detail: "no address like https://host"}
	}
	if p.device = strings.TrimSpace(a.Fields[fieldDevice]); p.device == "" {
		p.device = "0001"
	}
	return p, nil
}

func readAccount(a wallet.Account, merchant, desKey, private string) (acc account, err error) {
	wrong := func(field, detail string) (account, error) {
		return account{}, &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	if acc.merchant, err = a.Need(merchant); err != nil {
		return acc, err
	}
	if !merchantForm.MatchString(acc.merchant) {
		return wrong(merchant, "a merchant number is 1 to 20 digits")
	}
	text, err := a.Need(desKey)
	if err != nil {
		return acc, err
	}
	if acc.des, err = newCipher(text); err != nil {
		return wrong(desKey, err.Error())
	}
	if text, err = a.Need(private); err != nil {
		return acc, err
	}
	if acc.private, err = readPrivateKey(text); err != nil {
		return wrong(private, err.Error())
	}
	return acc, nil
}

// account is the one that a payment was or is made with.
func (p *provider) account(way till.Presentment) account {
	if way == till.Take {
		return p.code
	}
	return p.online
}

// revoked is the handle of a payment that a revoke was sent for.
const revoked = "revoked"

// revokeNumber is the tradeNum of the revoke of a payment, which is the same
// for every repetition.
func revokeNumber(c wallet.Charge) string { return c.Number + "R" }

// Start makes a code [jd uniorder] or charges the customer's [jd fkmPay]. A
// paid code is believed only when a query says the same.
func (p *provider) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	least, most := limits(c.Currency)
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	ask := map[string]string{
		"tradeNum": c.Number, "tradeName": tradeName(c.Subject), "amount": fen(c.Amount), "currency": "CNY",
		"tradeTime": stampOf(c.At), "notifyUrl": p.notify,
	}
	if c.Way == till.Take {
		ask["token"], ask["device"] = c.Code, p.device
		got, bad, err := p.call(ctx, p.code, wallet.CallStart, c.Number, "fkmPay", ask, c.Code)
		if err != nil || bad != nil {
			return unanswered(bad, err)
		}
		return got.charged(c), nil
	}
	ask["orderType"], ask["userId"] = "0", c.Number
	if life := c.Until.Sub(c.At); life >= time.Second {
		ask["expireTime"] = strconv.Itoa(int(life / time.Second))
	}
	got, bad, err := p.call(ctx, p.online, wallet.CallStart, c.Number, "uniorder", ask)
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return got.ordered(c), nil
}

// Query asks for the payment [jd query]. Where it may have been revoked, its
// refunds are asked for as well, since a paid one that went back is paid still.
func (p *provider) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	acc := p.account(c.Way)
	got, bad, err := p.call(ctx, acc, wallet.CallQuery, c.Number, "query", map[string]string{"tradeNum": c.Number, "tradeType": "0"})
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	a := got.queried(c)
	if a.Verdict != wallet.Done || !c.GivingUp && c.Handle != revoked {
		return a, nil
	}
	list, bad, err := p.call(ctx, acc, wallet.CallQuery, c.Number, "queryRefund", map[string]string{"oTradeNum": c.Number})
	if err != nil || bad != nil {
		// The payment was asked for already: from here on nothing is an error.
		b, _ := unanswered(bad, err)
		return b, nil
	}
	return list.returned(a), nil
}

// Cancel revokes: an unpaid payment cannot be paid any more, a paid one is
// given back [jd README, 撤销申请接口]. Only a query proves it.
func (p *provider) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	got, bad, err := p.call(ctx, p.account(c.Way), wallet.CallCancel, c.Number, "revoke", map[string]string{
		"tradeNum": revokeNumber(c), "oTradeNum": c.Number, "amount": fen(c.Amount), "currency": "CNY", "tradeTime": stampOf(c.At),
	})
	if errors.Is(err, wallet.ErrNotSent) {
		return wallet.NoAnswer(err), err
	}
	a, _ := unanswered(bad, err)
	if err == nil && bad == nil {
		a = got.revoked(c)
	}
	// Whatever is known of it, it may have been done.
	a.Handle = revoked
	return a, nil
}

// Refund gives part or all back [jd refund].
func (p *provider) Refund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	if err := wallet.AllowAmount(f.Amount, f.Of.Currency, 1, f.Of.Amount, "CNY"); err != nil {
		return wallet.Answer{}, err
	}
	got, bad, err := p.call(ctx, p.account(f.Of.Way), wallet.CallRefund, f.Number, "refund", map[string]string{
		"tradeNum": f.Number, "oTradeNum": f.Of.Number, "amount": fen(f.Amount), "currency": "CNY", "tradeTime": stampOf(f.At),
		"notifyUrl": p.notify, "note": f.Why,
	})
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return got.refunded(f, false), nil
}

// QueryRefund asks for a refund by its number [jd query, tradeType 1].
func (p *provider) QueryRefund(ctx context.Context, f wallet.Refund) (wallet.Answer, error) {
	got, bad, err := p.call(ctx, p.account(f.Of.Way), wallet.CallQueryRefund, f.Number, "query",
		map[string]string{"tradeNum": f.Number, "oTradeNum": f.Of.Number, "tradeType": "1"})
	if err != nil || bad != nil {
		return unanswered(bad, err)
	}
	return got.refunded(f, true), nil
}

// Probe asks for a payment that nobody has made. An answer that is encrypted
// and signed shows that the request was accepted; JD refuses a wrong signature
// outside the encryption.
func (p *provider) Probe(ctx context.Context) []wallet.Step {
	steps := []wallet.Step{{Name: "credentials", OK: true}}
	failed := func(name string, reason till.Reason, detail string) []wallet.Step {
		return append(steps, wallet.Step{Name: name, Reason: reason, Detail: detail})
	}
	accounts := []account{p.online}
	if p.code.merchant != p.online.merchant {
		accounts = append(accounts, p.code)
	}
	for i, acc := range accounts {
		number := "PROBE" + strconv.FormatInt(p.now().UnixNano(), 36)
		got, bad, err := p.call(ctx, acc, wallet.CallProbe, number, "query", map[string]string{"tradeNum": number, "tradeType": "0"})
		switch {
		case err != nil:
			return failed("host", till.NoNetwork, wallet.NoAnswer(err).Said)
		case bad != nil && (bad.Reason == till.ProviderDown || bad.Reason == till.NotUnderstood):
			return failed("host", bad.Reason, bad.Said)
		}
		if i == 0 {
			steps = append(steps, wallet.Step{Name: "host", OK: true})
		}
		switch {
		case bad != nil && (bad.Said == errCipher.Error() || bad.Said == errUnsigned.Error()):
			return failed("answer_signature", bad.Reason, bad.Said)
		case bad != nil:
			return failed("request_signature", till.SetUpWrong, acc.merchant+": "+bad.Said)
		}
		steps = append(steps, wallet.Step{Name: "request_signature", OK: true}, wallet.Step{Name: "answer_signature", OK: true},
			wallet.Step{Name: "merchant", OK: true, Detail: acc.merchant + ": " + got.Result.said()})
	}
	return steps
}

func (p *provider) now() time.Time {
	if p.client.Now != nil {
		return p.client.Now()
	}
	return time.Now()
}

// unanswered is what a call that gave no document proves: an error goes on
// only where nothing was sent.
func unanswered(bad *wallet.Answer, err error) (wallet.Answer, error) {
	switch {
	case errors.Is(err, wallet.ErrNotSent):
		return wallet.NoAnswer(err), err
	case err != nil:
		return wallet.NoAnswer(err), nil
	case bad != nil:
		return *bad, nil
	}
	return wallet.Answer{}, nil
}

// beijing is the zone of the provider's times.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

const stampForm = "20060102150405"

func stampOf(t time.Time) string { return t.In(beijing).Format(stampForm) }

func fen(a money.Amount) string { return strconv.FormatInt(int64(a), 10) }

// tradeName is what the customer reads, at most 64 characters.
func tradeName(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "收款"
	}
	if r := []rune(s); len(r) > 64 {
		return string(r[:64])
	}
	return s
}
