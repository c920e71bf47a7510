package wechatpay

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// startMicropay charges a customer's code (APIv2 chapter 9_10). No notice of
// its success is ever sent: what is not clear at once is asked about.
func (a *account) startMicropay(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV2(ctx, wallet.CallStart, false, c.Number, "/pay/micropay", map[string]string{
		"body":             description(c),
		"out_trade_no":     c.Number,
		"total_fee":        strconv.FormatInt(int64(c.Amount), 10),
		"fee_type":         "CNY",
		"spbill_create_ip": a.ip,
		"auth_code":        c.Code,
	}, c.Code)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	v, ans, ok := a.readV2(r)
	switch {
	case !ok:
		return ans, nil
	case v["result_code"] == "SUCCESS":
		return paidV2(c, v), nil
	case v["result_code"] != "FAIL" || v["err_code"] == "":
		return wallet.Answer{Reason: till.NotUnderstood, Said: said(v["result_code"], v["err_code_des"])}, nil
	}
	return a.settle(ctx, c, v["err_code"], v["err_code_des"])
}

var fen = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})$`)

// paidV2 is what an answer says that states a payment.
func paidV2(c wallet.Charge, v map[string]string) wallet.Answer {
	if v["out_trade_no"] != c.Number {
		return wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another order"}
	}
	if !fen.MatchString(v["total_fee"]) || v["transaction_id"] == "" {
		return wallet.Answer{Reason: till.NotUnderstood, Said: "paid, without an amount or a number"}
	}
	total, _ := strconv.ParseInt(v["total_fee"], 10, 64) // 18 digits at most
	ans := wallet.Answer{
		Verdict: wallet.Done, Said: said(v["trade_state"], v["trade_state_desc"]),
		Amount: moneyOf(total), Currency: v["fee_type"], Number: v["out_trade_no"], Provider: v["transaction_id"],
	}
	if ans.Currency == "" {
		ans.Currency = "CNY" // "默认人民币：CNY"
	}
	ans.PaidAt, _ = time.ParseInLocation("20060102150405", v["time_end"], beijing) // zero where none is stated
	return ans
}

// queryV2 asks for an order by its number (APIv2 chapter 9_2).
func (a *account) queryV2(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV2(ctx, wallet.CallQuery, false, c.Number, "/pay/orderquery", map[string]string{"out_trade_no": c.Number})
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	v, ans, ok := a.readV2(r)
	switch {
	case !ok:
		return ans, nil
	case v["result_code"] != "SUCCESS":
		return asked(v["err_code"], v["err_code_des"]), nil
	case v["out_trade_no"] != c.Number:
		return wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another order"}, nil
	}
	if ans = stated(c, v["trade_state"], v["trade_state_desc"]); ans.Verdict != wallet.Done {
		return ans, nil
	}
	if ans = paidV2(c, v); v["trade_state"] == stateRefund {
		return a.orReturned(ctx, c, ans), nil
	}
	return ans, nil
}

// orReturned looks closer at an order of the state REFUND, which was paid and
// given back in part or in whole, while the attempt is given up: one whose
// reverse gave everything back must not pass for paid.
func (a *account) orReturned(ctx context.Context, c wallet.Charge, paid wallet.Answer) wallet.Answer {
	if !c.GivingUp || paid.Verdict != wallet.Done {
		return paid
	}
	if a.apiKey == "" {
		// APIv3 lists no refunds of an order. What was shown is never reversed.
		if c.Way == till.Show {
			return paid
		}
		return wallet.Answer{Reason: till.OtherReason, Said: paid.Said}
	}
	r, err := a.callV2(ctx, wallet.CallQueryRefund, false, c.Number, "/pay/refundquery", map[string]string{"out_trade_no": c.Number})
	if err != nil {
		return wallet.NoAnswer(err)
	}
	v, ans, ok := a.readV2(r)
	switch {
	case !ok:
		return ans
	case v["result_code"] != "SUCCESS":
		return asked(v["err_code"], v["err_code_des"])
	}
	// 查询退款, APIv2 chapter 9_5: refund_status_$n and refund_fee_$n from 0.
	var back money.Amount
	for n := range 50 { // an order has no more refunds
		suffix := "_" + strconv.Itoa(n)
		if status := v["refund_status"+suffix]; status == "SUCCESS" || status == "PROCESSING" {
			if !fen.MatchString(v["refund_fee"+suffix]) {
				return wallet.Answer{Reason: till.NotUnderstood, Said: "a refund without an amount"}
			}
			fee, _ := strconv.ParseInt(v["refund_fee"+suffix], 10, 64) // 18 digits at most
			back += moneyOf(fee)
		}
	}
	if back >= paid.Amount {
		paid.Verdict = wallet.Returned
	}
	return paid
}

// reverseV2 reverses an order, with the merchant's certificate (APIv2 chapter
// 9_11): an unpaid one is closed, a paid one given back. It may be asked within
// 7 days, and not within 15 s of the payment. It has been seen to answer
// SUCCESS for numbers that do not exist, so that only a query proves it.
func (a *account) reverseV2(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV2(ctx, wallet.CallCancel, true, c.Number, "/secapi/pay/reverse", map[string]string{"out_trade_no": c.Number})
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	v, ans, ok := a.readV2(r)
	if !ok {
		return ans, nil
	}
	if v["result_code"] == "SUCCESS" {
		ans = wallet.Answer{Verdict: wallet.Waiting, Said: "reversed, to be proved by a query"}
	} else {
		ans = cancelled(v["err_code"], v["err_code_des"])
	}
	ans.Repeat = ans.Repeat || v["recall"] == "Y"
	return ans, nil
}
