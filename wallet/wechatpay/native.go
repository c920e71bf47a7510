package wechatpay

import (
	"context"
	"net/http"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// moneyOf is an amount that the platform states in fen.
func moneyOf(fen int64) money.Amount { return money.Amount(fen) }

type amountV3 struct {
	Total    int64  `json:"total"` // fen
	Currency string `json:"currency"`
}

// startNative orders a code to show (APIv3 doc 4012791877). The answer has the
// code and nothing else: it is no payment.
func (a *account) startNative(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	body := struct {
		AppID       string   `json:"appid"`
		MchID       string   `json:"mchid"`
		Description string   `json:"description"`
		Number      string   `json:"out_trade_no"`
		Expire      string   `json:"time_expire,omitempty"`
		Notify      string   `json:"notify_url"`
		Amount      amountV3 `json:"amount"`
	}{a.appid, a.mchid, description(c), c.Number, "", a.notify, amountV3{int64(c.Amount), "CNY"}}
	if !c.Until.IsZero() {
		body.Expire = c.Until.In(beijing).Format(time.RFC3339)
	}
	r, err := a.callV3(ctx, wallet.CallStart, c.Number, http.MethodPost, "/v3/pay/transactions/native", body)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	var made struct {
		URL string `json:"code_url"`
	}
	fault, ans, ok := a.readV3(r, &made)
	switch {
	case !ok:
		return ans, nil
	case fault.Code != "":
		return a.settle(ctx, c, fault.Code, fault.Message)
	case !strings.HasPrefix(made.URL, "weixin://"):
		return wallet.Answer{Reason: till.NotUnderstood, Said: "no code_url"}, nil
	}
	return wallet.Answer{Verdict: wallet.Waiting, QR: made.URL}, nil
}

// closeNative closes an order that nobody has paid: 204, and again if asked
// again (APIv3 关闭订单). The order's state is left to a query.
func (a *account) closeNative(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV3(ctx, wallet.CallCancel, c.Number, http.MethodPost, orderPath(c.Number, "/close"), map[string]string{"mchid": a.mchid})
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	fault, ans, ok := a.readV3(r, nil)
	switch {
	case !ok:
		return ans, nil
	case fault.Code != "":
		return cancelled(fault.Code, fault.Message), nil
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: "closed, to be proved by a query"}, nil
}

// cancelled is the answer to a close or a reverse that was refused. None of
// them proves anything about the money: the query does.
func cancelled(code, words string) wallet.Answer {
	ans := wallet.Answer{Reason: row(code).reason, Said: said(code, words)}
	switch row(code).weight {
	case unknown:
		ans.Verdict = wallet.Missing
	case pending:
		// The customer is at it: the cancel was not done.
		ans.Verdict, ans.Repeat = wallet.Waiting, true
	case ask, finished:
		ans.Verdict, ans.Reason = wallet.Waiting, till.ReasonNone
	case unsure:
		ans.Repeat = ans.Reason == till.ProviderDown
	case refused, wrongly:
	}
	return ans
}
