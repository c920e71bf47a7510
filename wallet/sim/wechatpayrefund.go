package sim

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"guitai/till/money"
)

// refundRequest is the body of a refund.
type refundRequest struct {
	Of     string `json:"out_trade_no"`
	OfID   string `json:"transaction_id"`
	Number string `json:"out_refund_no"`
	Reason string `json:"reason"`
	Amount struct {
		Refund   int64  `json:"refund"`
		Total    int64  `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
	err error
}

func readRefund(body []byte) refundRequest {
	var q refundRequest
	q.err = json.Unmarshal(body, &q)
	return q
}

// refund gives money back (申请退款): accepted as PROCESSING, and SUCCESS once
// it is asked about. The same refund again is the one that is there.
func (p *WeChatPay) refund(q refundRequest, tw Twist) (int, any, *wechatFault) {
	refuse := func(words string) (int, any, *wechatFault) {
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "INVALID_REQUEST", words: words}
	}
	switch {
	case q.err != nil || !wechatNumber.MatchString(q.Number) || len(q.Reason) > 80:
		return 0, nil, paramError("out_refund_no, reason")
	case q.Amount.Currency != "CNY" || q.Amount.Refund < 1 || q.Amount.Total < 1:
		return 0, nil, paramError("amount")
	case (q.Of == "") == (q.OfID == ""):
		return 0, nil, paramError("transaction_id, out_trade_no")
	}
	o, ok := p.s.Find(func(o *Payment) bool {
		return o.Platform == wechatPay && (q.Of != "" && o.Number == q.Of || q.OfID != "" && transactionID(*o) == q.OfID)
	})
	if !ok {
		return 0, nil, &wechatFault{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", words: "订单不存在"}
	}
	before, _, again := p.findRefund(q.Number)
	switch {
	case int64(o.Captured) != q.Amount.Total:
		return refuse("订单金额或退款金额与之前请求不一致，请核实后再试")
	case again && before.Number != o.Number:
		return refuse("退款单号已用于其他订单")
	case !again && len(o.Refunds) >= refundMost:
		return refuse("单笔订单最多退款50次")
	case p.s.now().Sub(o.PaidAt) > refundLife:
		return refuse("订单已经超过可退款的最大期限(支付完成后一年内)")
	}
	r, err := p.s.Refund(wechatPay, o.Number, q.Number, money.Amount(q.Amount.Refund))
	switch {
	case errors.Is(err, ErrTooMuch):
		return refuse("申请退款金额大于订单可退金额")
	case errors.Is(err, ErrNotPaid):
		return refuse("订单状态不支持退款")
	case err != nil:
		return refuse("订单金额或退款金额与之前请求不一致，请核实后再试")
	}
	status := "PROCESSING"
	if again {
		status = "SUCCESS"
	}
	return http.StatusOK, refundV3(o, r, status, tw), nil
}

// findRefund finds a refund by its number, and its payment.
func (p *WeChatPay) findRefund(number string) (Payment, Refund, bool) {
	var r Refund
	o, ok := p.s.Find(func(o *Payment) bool {
		for _, have := range o.Refunds {
			if o.Platform == wechatPay && have.Number == number {
				r = have
				return true
			}
		}
		return false
	})
	return o, r, ok
}

func (p *WeChatPay) queryRefund(number string, tw Twist) (int, any, *wechatFault) {
	o, r, ok := p.findRefund(number)
	if !ok {
		return 0, nil, &wechatFault{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", words: "退款单不存在"}
	}
	return http.StatusOK, refundV3(o, r, "SUCCESS", tw), nil
}

// refundID is the platform's number of a refund: 28 digits.
func refundID(r Refund) string { return "50000" + r.At.Format("20060102") + "0000000" + r.ID }

func refundV3(o Payment, r Refund, status string, tw Twist) map[string]any {
	amount := r.Amount
	if tw.Amount != 0 {
		amount = tw.Amount
	}
	out := map[string]any{
		"refund_id": refundID(r), "out_refund_no": r.Number, "transaction_id": transactionID(o), "out_trade_no": o.Number,
		"channel": "ORIGINAL", "user_received_account": "支付用户零钱", "status": status, "funds_account": "AVAILABLE",
		"create_time": r.At.In(beijingTime).Format(time.RFC3339), "promotion_detail": []any{},
		"amount": map[string]any{
			"total": o.Amount, "refund": amount, "payer_total": o.Amount, "payer_refund": amount, "settlement_refund": amount,
			"settlement_total": o.Amount, "discount_refund": 0, "currency": "CNY", "from": []any{}, "refund_fee": 0,
		},
	}
	if status == "SUCCESS" {
		out["success_time"] = out["create_time"]
	}
	return out
}
