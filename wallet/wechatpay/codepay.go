package wechatpay

import (
	"context"
	"net/http"

	"guitai/wallet"
)

// startCodepay charges a customer's code by APIv3 (doc 4012382150): 200 with
// the order's state, or 202 while the customer types a password.
func (a *account) startCodepay(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	type payer struct {
		Code string `json:"auth_code"`
	}
	type store struct {
		Own string `json:"out_id"`
	}
	type scene struct {
		IP    string `json:"device_ip"`
		Store store  `json:"store_info"`
	}
	body := struct {
		AppID       string   `json:"appid"`
		MchID       string   `json:"mchid"`
		Description string   `json:"description"`
		Number      string   `json:"out_trade_no"`
		Payer       payer    `json:"payer"`
		Amount      amountV3 `json:"amount"`
		Scene       scene    `json:"scene_info"`
	}{a.appid, a.mchid, description(c), c.Number, payer{c.Code}, amountV3{int64(c.Amount), "CNY"}, scene{a.ip, store{a.store}}}
	r, err := a.callV3(ctx, wallet.CallStart, c.Number, http.MethodPost, "/v3/pay/transactions/codepay", body, c.Code)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	var t struct {
		transaction
		faultV3
	}
	fault, ans, ok := a.readV3(r, &t)
	switch {
	case !ok:
		return ans, nil
	case fault.Code != "":
		return a.settle(ctx, c, fault.Code, fault.Message)
	case t.Code != "": // 202 is written either way
		return a.settle(ctx, c, t.Code, t.Message)
	}
	return a.answer(c, t.transaction), nil
}

// reverseV3 reverses an order by APIv3, under the rules of reverseV2 and
// without a client certificate.
func (a *account) reverseV3(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV3(ctx, wallet.CallCancel, c.Number, http.MethodPost, orderPath(c.Number, "/reverse"),
		map[string]string{"appid": a.appid, "mchid": a.mchid})
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	var done transaction
	fault, ans, ok := a.readV3(r, &done)
	switch {
	case !ok:
		return ans, nil
	case fault.Code != "":
		return cancelled(fault.Code, fault.Message), nil
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: "reversed, to be proved by a query"}, nil
}
