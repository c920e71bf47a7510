package alipay

import (
	"context"
	"fmt"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// refundAgain is how long Alipay wants between a refund and the question about
// it (open platform, alipay.trade.fastpay.refund.query, refund_status).
const refundAgain = 10 * time.Second

// Refund gives money back. out_request_no names the refund: under the same
// number it is made once, however often it is asked for.
func (a *adapter) Refund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	if err := wallet.AllowAmount(r.Amount, r.Of.Currency, least, most, Spec.Currencies...); err != nil {
		return wallet.Answer{}, fmt.Errorf("%s: %w", Spec.Name, err)
	}
	content := map[string]any{
		"out_trade_no": r.Of.Number, "out_request_no": r.Number, "refund_amount": yuan.Format(r.Amount),
	}
	if r.Why != "" {
		content["refund_reason"] = cut(r.Why, 256)
	}
	h, ans, err := a.ask(ctx, call{kind: wallet.CallRefund, number: r.Number, method: refund, content: content})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		return *ans, nil
	case h.Code != "10000":
		return failed(h.node, refundCodes, false), nil
	case h.OutTradeNo != r.Of.Number:
		return wallet.Answer{Reason: till.NotUnderstood, Said: h.said()}, nil
	case h.FundChange == "Y":
		// refund_fee is what the trade gave back in all, so it is no evidence of
		// this amount.
		return wallet.Answer{Verdict: wallet.Done, Said: h.said(), Provider: h.TradeNo}, nil
	}
	// N: nothing moved in this call, as it had moved before, or not yet.
	return wallet.Answer{Said: h.said() + " fund_change=" + h.FundChange, Again: refundAgain}, nil
}

// QueryRefund asks whether a refund was made. Only REFUND_SUCCESS says so; a
// success without it does not know the refund.
func (a *adapter) QueryRefund(ctx context.Context, r wallet.Refund) (wallet.Answer, error) {
	h, ans, err := a.ask(ctx, call{kind: wallet.CallQueryRefund, number: r.Number, method: refundQuery,
		content: map[string]any{"out_trade_no": r.Of.Number, "out_request_no": r.Number}})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		return *ans, nil
	case h.Code != "10000":
		return failed(h.node, queryCodes, false), nil
	case h.RefundStatus == "":
		return wallet.Answer{Verdict: wallet.Missing, Said: h.said(), Again: refundAgain}, nil
	case h.RefundStatus != "REFUND_SUCCESS":
		return wallet.Answer{Verdict: wallet.Waiting, Said: h.RefundStatus, Again: refundAgain}, nil
	}
	amount, err := h.RefundAmount.amount()
	if err != nil || h.OutTradeNo != r.Of.Number || h.OutRequestNo != r.Number {
		return wallet.Answer{Reason: till.NotUnderstood, Said: h.RefundStatus}, nil
	}
	if amount != r.Amount {
		return wallet.Answer{Reason: till.AmountDiffers, Said: h.RefundStatus + " " + string(h.RefundAmount), Provider: h.TradeNo}, nil
	}
	return wallet.Answer{Verdict: wallet.Done, Said: h.RefundStatus, Provider: h.TradeNo, Amount: amount}, nil
}
