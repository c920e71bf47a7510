package wechatpay

import (
	"context"
	"net/http"
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// refundV3 is a refund as APIv3 states it.
type refundV3 struct {
	Number string `json:"out_refund_no"`
	Of     string `json:"out_trade_no"`
	ID     string `json:"refund_id"`
	Status string `json:"status"`
	Amount *struct {
		Refund   *int64 `json:"refund"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

// refundStates are the states of a refund (APIv3 查询单笔退款). CLOSED 退款关闭
// gave nothing back. ABNORMAL 退款异常 left the shop's balance and did not reach
// the payer, whose card is closed or frozen: it can still arrive once the shop
// handles it with WeChat Pay, so it is not a refusal.
var refundStates = map[string]stateRow{
	"SUCCESS":    {wallet.Done, till.ReasonNone},
	"PROCESSING": {wallet.Waiting, till.ReasonNone}, // 1 to 3 days
	"CLOSED":     {wallet.Refused, till.NotRefundable},
	"ABNORMAL":   {wallet.Waiting, till.PayerBlocked},
}

// refundCodes are the refusals of a refund (APIv3 申请退款, error table), without
// underscores. NOT_ENOUGH is answered by the same refund again, later, under
// the same number. What is not listed is unclear.
var refundCodes = map[string]codeRow{
	"INVALIDREQUEST":      {refused, till.NotRefundable}, // more than is left, too late, other data than before
	"USERACCOUNTABNORMAL": {refused, till.PayerBlocked},
	"REFUNDNOTALLOWED":    {refused, till.NotRefundable},
	"TRADEOVERDUE":        {refused, till.NotRefundable},
	"RESOURCENOTEXISTS":   {unknown, till.ReasonNone},
	"NOTENOUGH":           {unsure, till.SellerBalance},
	"MCHNOTEXISTS":        {wrongly, till.SetUpWrong},
	"NOAUTH":              {wrongly, till.SetUpWrong},
	"PARAMERROR":          {wrongly, till.SetUpWrong},
	"SIGNERROR":           {wrongly, till.SetUpWrong},
	"SYSTEMERROR":         {unsure, till.ProviderDown},
	"BIZERRNEEDRETRY":     {unsure, till.ProviderDown},
	"FREQUENCYLIMITED":    {unsure, till.ProviderDown},
}

// Refund gives money back under r.Number: the same number again is the refund
// that is there. Both ways of paying are given back by APIv3.
func (a *account) Refund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if err := checkRefund(r); err != nil {
		return wallet.Answer{}, err
	}
	type amount struct {
		Refund   int64  `json:"refund"` // fen
		Total    int64  `json:"total"`  // fen
		Currency string `json:"currency"`
	}
	body := struct {
		Of     string `json:"out_trade_no"`
		Number string `json:"out_refund_no"`
		Reason string `json:"reason,omitempty"`
		Amount amount `json:"amount"`
	}{r.Of.Number, r.Number, clip(strings.Join(strings.Fields(r.Why), " "), 80), amount{int64(r.Amount), int64(r.Of.Amount), "CNY"}}
	reply, err := a.callV3(ctx, wallet.CallRefund, r.Number, http.MethodPost, "/v3/refund/domestic/refunds", body)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	ans, code := a.readRefund(reply, r)
	switch refundCodes[code].weight {
	case refused, unknown:
		// A refusal counts once the platform says that the refund is not there.
		query, err := a.QueryRefund(ctx, r)
		switch {
		case err != nil:
			return wallet.Answer{Reason: till.NoNetwork, Said: ans.Said}, nil
		case query.Verdict != wallet.Missing:
			return query, nil
		}
		ans.Verdict = wallet.Refused
		if ans.Reason == till.ReasonNone {
			ans.Reason = till.NotRefundable
		}
	case unsure, wrongly, pending, ask, finished:
	}
	return ans, nil
}

// QueryRefund asks what became of a refund.
func (a *account) QueryRefund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if !orderNumber.MatchString(r.Number) {
		return wallet.Answer{}, notSent("number", till.SetUpWrong, "a refund number has 6 to 32 letters and digits")
	}
	reply, err := a.callV3(ctx, wallet.CallQueryRefund, r.Number, http.MethodGet, "/v3/refund/domestic/refunds/"+r.Number, nil)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	ans, code := a.readRefund(reply, r)
	// A query that was not accepted says nothing about the refund.
	if code != "" && ans.Verdict == wallet.Refused {
		ans.Verdict = wallet.Unclear
	}
	return ans, nil
}

func checkRefund(r wallet.Refund) error {
	switch {
	case !orderNumber.MatchString(r.Number) || !orderNumber.MatchString(r.Of.Number):
		return notSent("number", till.SetUpWrong, "a number has 6 to 32 letters and digits")
	case r.Amount < 1 || r.Amount > r.Of.Amount || r.Of.Amount > amountMost:
		return notSent("amount", till.AmountNotAllowed, "a refund is at least 0.01 and at most what was paid")
	}
	return nil
}

// readRefund reads an answer about a refund. code is the platform's, without
// underscores, where it refused.
func (a *account) readRefund(reply wallet.Reply, r wallet.Refund) (ans wallet.Answer, code string) {
	var f refundV3
	fault, ans, ok := a.readV3(reply, &f)
	if !ok {
		return ans, ""
	}
	if fault.Code != "" {
		code = strings.ReplaceAll(fault.Code, "_", "")
		row, known := refundCodes[code]
		ans = wallet.Answer{Reason: row.reason, Said: said(fault.Code, fault.Message)}
		switch {
		case !known:
			ans.Reason = till.OtherReason
		case row.weight == refused || row.weight == wrongly:
			ans.Verdict = wallet.Refused
		case row.weight == unknown:
			ans.Verdict = wallet.Missing
		default:
			ans.Repeat = true
		}
		return ans, code
	}
	if f.Number != r.Number || f.Of != r.Of.Number {
		return wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another refund"}, ""
	}
	state, known := refundStates[f.Status]
	if !known || f.Amount == nil || f.Amount.Refund == nil || f.ID == "" {
		return wallet.Answer{Reason: till.NotUnderstood, Said: said(f.Status, "")}, ""
	}
	if *f.Amount.Refund != int64(r.Amount) {
		// The number belongs to a refund of another amount: this one is not made,
		// and no query will ever find it.
		return wallet.Answer{Reason: till.AmountDiffers, Said: f.Status, Number: f.Number, Provider: f.ID, Amount: moneyOf(*f.Amount.Refund)}, ""
	}
	currency := f.Amount.Currency
	if currency == "" {
		currency = "CNY"
	}
	return wallet.Answer{
		Verdict: state.verdict, Reason: state.reason, Said: f.Status,
		Amount: moneyOf(*f.Amount.Refund), Currency: currency, Number: f.Number, Provider: f.ID,
	}, ""
}
