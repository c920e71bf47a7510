// Package wechatpay takes payments through WeChat Pay 微信支付 as an ordinary
// merchant (普通商户): APIv3 Native where the till shows a code, APIv2 micropay
// 付款码支付 where it takes the customer's, or APIv3 codepay by a setting.
//
// Documents: pay.weixin.qq.com, the rules of APIv3 ("如何构造签名", "如何验证应答
// 签名"), "Native 下单" (doc 4012791877), "商户订单号查询订单" (doc 4013070356),
// "关闭订单", "付款码支付" (APIv2 chapter 9_10, APIv3 doc 4012382150), "撤销订单"
// (APIv2 chapter 9_11), "申请退款" (APIv3 /v3/refund/domestic/refunds), "申请交易
// 账单" (APIv3 /v3/bill/tradebill).
//
// WeChat Pay has no sandbox, so nothing here was tried against its own host.
package wechatpay

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// Name is the wallet's name in settings and tender kinds.
const Name = "wechatpay"

// live is the platform's host; api2.mch.weixin.qq.com is its spare.
const live = "https://api.mch.weixin.qq.com"

// amountMost is the largest total_fee: a 32-bit integer of fen (APIv2 chapter
// 4_2, "int"). What a shop or a payer may really move in one payment is lower,
// is set by contract, and is answered by the platform.
const amountMost money.Amount = 1<<31 - 1

// Spec describes WeChat Pay.
var Spec = wallet.Spec{
	Name:       Name,
	Title:      wallet.Title{Zh: "微信支付", En: "WeChat Pay"},
	Colour:     "#06803F",
	Letter:     "W",
	Currencies: []string{"CNY"},
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Take},
		Refunds:       true,
		PartialRefund: true,
		Bills:         true,
		// A second Native order of the same number and data gives a new code and
		// ends the old one, as long as its time_expire is ahead.
		Restart:    true,
		RestartFor: 3 * time.Minute,
		// A reverse of a number that the platform does not know is allowed; it
		// proves nothing.
		CancelUnknown: true,
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 3 * time.Second, Every: 3 * time.Second, Limit: 5 * time.Minute},
			// "查询订单" every 5 s; the platform itself revokes an unpaid order
			// about 45 s after it was made; no reverse within 15 s of the payment.
			till.Take: {First: 5 * time.Second, Every: 5 * time.Second, Limit: 45 * time.Second, CancelAfter: 15 * time.Second},
		},
	},
	Fields: fields,
	Live:   live,
	Papers: []string{"business_licence", "owner_id", "bank_account"},
	Limits: func(money.Currency) (least, most money.Amount) { return 1, amountMost },
	New:    New,
}

// beijing is the zone of every time that WeChat Pay writes without one.
var beijing = time.FixedZone("CST", 8*60*60)

var (
	// orderNumber is the form of out_trade_no and out_refund_no that every call
	// used here takes.
	orderNumber = regexp.MustCompile(`^[0-9A-Za-z_*|-]{6,32}$`)
	// payCode is a customer's code: 18 digits from 10 to 15 (14 in mainland
	// China, 15 in Hong Kong).
	payCode = regexp.MustCompile(`^1[0-5][0-9]{16}$`)
)

// notSent says which field of a charge cannot be sent.
func notSent(field string, reason till.Reason, detail string) error {
	return errors.Join(&wallet.FieldError{Field: field, Reason: reason, Detail: detail}, wallet.ErrNotSent)
}

func checkCharge(c wallet.Charge) error {
	switch {
	case c.Currency.Code != "CNY" || c.Currency.Exponent != 2:
		return notSent("currency", till.AmountNotAllowed, "WeChat Pay takes CNY")
	case c.Amount < 1 || c.Amount > amountMost:
		return notSent("amount", till.AmountNotAllowed, "the amount is outside WeChat Pay's limits")
	case !orderNumber.MatchString(c.Number):
		return notSent("number", till.SetUpWrong, "an order number has 6 to 32 letters and digits")
	}
	return nil
}

// Start orders a code to show, or charges the customer's code.
func (a *account) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if err := checkCharge(c); err != nil {
		return wallet.Answer{}, err
	}
	switch c.Way {
	case till.Show:
		return a.startNative(ctx, c)
	case till.Take:
		c.Code = strings.TrimSpace(c.Code)
		if !payCode.MatchString(c.Code) {
			return wallet.Answer{}, notSent("code", till.CodeInvalid, "a WeChat Pay code has 18 digits and begins with 10 to 15")
		}
		if a.takeV3 {
			return a.startCodepay(ctx, c)
		}
		return a.startMicropay(ctx, c)
	case till.Tap:
	}
	return wallet.Answer{}, fmt.Errorf("%w: WeChat Pay has no way %q", wallet.ErrNotSent, c.Way)
}

// Query asks what became of an order.
func (a *account) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	ans, err := a.look(ctx, c)
	if err != nil {
		return ans, err
	}
	// A definite refusal that could not be confirmed when it was given is
	// confirmed by this query.
	if code, ok := strings.CutPrefix(c.Handle, refusedHandle); ok {
		ans = confirmed(tell(code, ""), code, ans)
	}
	return ans, nil
}

// look makes one query and reads it.
func (a *account) look(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Way == till.Take && !a.takeV3 {
		return a.queryV2(ctx, c)
	}
	return a.queryV3(ctx, c)
}

// Cancel closes a shown code, or reverses a payment with the customer's code:
// code orders cannot be closed, and others not be reversed. Its answer is no
// proof; a query that says CLOSED or REVOKED is.
func (a *account) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if !orderNumber.MatchString(c.Number) {
		return wallet.Answer{}, notSent("number", till.SetUpWrong, "an order number has 6 to 32 letters and digits")
	}
	switch {
	case c.Way != till.Take:
		return a.closeNative(ctx, c)
	case a.takeV3:
		return a.reverseV3(ctx, c)
	}
	return a.reverseV2(ctx, c)
}

// answered turns what a call returned into an answer: an error passes on only
// where nothing was sent.
func answered(ans wallet.Answer, err error) (wallet.Answer, error) {
	if err == nil {
		return ans, nil
	}
	if errors.Is(err, wallet.ErrNotSent) {
		return wallet.Answer{}, fmt.Errorf("WeChat Pay: %w", err)
	}
	return wallet.NoAnswer(err), nil
}

// clip cuts a text to at most n bytes, between characters.
func clip(s string, n int) string {
	for len(s) > n {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// description is what the customer reads; it must not be empty.
func description(c wallet.Charge) string {
	s := strings.Join(strings.Fields(c.Subject), " ")
	if s == "" {
		s = c.Number
	}
	return clip(s, 127)
}
