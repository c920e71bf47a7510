package shouqianba

import (
	"strconv"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// requestErrors are the error codes of result_code 400: the request was turned
// away before anything was done [sqb responseCode, responseExample].
var requestErrors = map[text]till.Reason{
	"INVALID_PARAMS": till.SetUpWrong, "INVALID_PARAMETER": till.SetUpWrong, "INVALID_TERMINAL": till.SetUpWrong,
	"TERMINAL_NOT_EXISTS": till.SetUpWrong, "ILLEGAL_SIGN": till.SetUpWrong,
}

// refusedRequest is the answer to a result_code other than 200. It is a
// refusal of what the call asked for only where the code is in the table and
// the call is one that makes something.
func (r reply) refusedRequest(makes bool) wallet.Answer {
	a := unclear(till.NotUnderstood, r.said())
	if r.Code == "500" {
		a.Reason = till.ProviderDown
		return a
	}
	if reason, ok := requestErrors[r.Error]; ok && r.Code == "400" {
		a.Reason = reason
		if makes {
			a.Verdict = wallet.Refused
		}
	}
	return a
}

// refusals are the business errors after which nothing was and will be taken
// or given back [sqb resultCode, 业务执行错误码列表]. Not in it are those after
// which money may have moved: TRADE_HAS_SUCCESS, CLIENT_SN_CONFLICT,
// UNEXPECTED_PROVIDER_ERROR, TRADE_TIMEOUT.
var refusals = map[text]till.Reason{
	"INVALID_BARCODE":                 till.CodeInvalid,
	"EXPIRED_BARCODE":                 till.CodeExpired,
	"INSUFFICIENT_FUND":               till.NotEnough,
	"BUYER_OVER_DAILY_LIMIT":          till.OverLimit,
	"BUYER_OVER_TRANSACTION_LIMIT":    till.OverLimit,
	"SELLER_OVER_DAILY_LIMIT":         till.OverLimit,
	"UPAY_STORE_OVER_DAILY_LIMIT":     till.OverLimit,
	"TRADE_FAILED":                    till.OtherReason,
	"UPAY_TERMINAL_NOT_EXISTS":        till.SetUpWrong,
	"UPAY_TERMINAL_STATUS_ABNORMAL":   till.SetUpWrong,
	"SELLER_BALANCE_NOT_ENOUGH":       till.SellerBalance,
	"ACCOUNT_BALANCE_NOT_ENOUGH":      till.SellerBalance,
	"REFUND_AMT_NOT_EQUAL_TOTAL":      till.NotRefundable,
	"REFUNDABLE_AMOUNT_NOT_ENOUGH":    till.NotRefundable,
	"UPAY_REFUND_INVALID_ORDER_STATE": till.NotRefundable,
	"UPAY_TCP_ORDER_NOT_REFUNDABLE":   till.NotRefundable,
}

// ambiguousRefusals are the refusals of a refund that the same refund, made
// before its answer was lost, would cause as well: the order is refunded
// already [sqb refund, 退款失败].
var ambiguousRefusals = map[text]bool{
	"REFUND_AMT_NOT_EQUAL_TOTAL": true, "REFUNDABLE_AMOUNT_NOT_ENOUGH": true, "UPAY_REFUND_INVALID_ORDER_STATE": true,
}

// notThere are the codes for an order that the provider does not know; its
// manual spells them in three ways [sqb resultCode; en appendix; pay].
var notThere = map[text]bool{"UPAY_ORDER_NOT_EXISTS": true, "UPAY_ORDER_NOT_EXIST": true, "TRADE_NOT_EXIST": true}

// started reads the answer to pay and precreate [sqb resultCode].
func (r reply) started(c wallet.Charge) wallet.Answer {
	switch r.Biz.Code {
	case "PAY_SUCCESS":
		return r.Biz.order(c)
	case "PAY_IN_PROGRESS", "PRECREATE_SUCCESS":
		a := r.Biz.order(c)
		if a.Verdict == wallet.Closed {
			// In progress and closed contradict each other.
			return unclear(till.NotUnderstood, r.Biz.said())
		}
		return a
	case "PAY_FAIL", "PRECREATE_FAIL", "FAIL":
		reason, known := refusals[r.Biz.Error]
		switch {
		case known:
		case r.Biz.Error == "CLIENT_SN_CONFLICT" || r.Biz.Error == "TRADE_HAS_SUCCESS":
			return unclear(till.NumberReused, r.Biz.said())
		case r.Biz.Code == "FAIL":
			// It says that nothing was set off, but not why.
			return unclear(till.ProviderDown, r.Biz.said())
		default:
			// PAY_FAIL: failed and reversed already, whatever the reason.
			reason = till.OtherReason
		}
		return wallet.Answer{Verdict: wallet.Refused, Reason: reason, Said: r.Biz.said()}
	}
	// PAY_FAIL_ERROR, PAY_FAIL_IN_PROGRESS, PRECREATE_FAIL_ERROR,
	// PRECREATE_FAIL_IN_PROGRESS and whatever else: only a query tells.
	return unclear(till.ProviderDown, r.Biz.said())
}

// queried reads the answer to query.
func (r reply) queried(c wallet.Charge) wallet.Answer {
	switch {
	case r.Biz.Code == "SUCCESS":
		return r.Biz.order(c)
	case r.Biz.Code == "FAIL" && notThere[r.Biz.Error]:
		return wallet.Answer{Verdict: wallet.Missing, Said: r.Biz.said()}
	}
	return unclear(till.ProviderDown, r.Biz.said())
}

// orders is what each order_status proves [sqb resultCode, 订单状态列表 and
// 哪些状态是订单最终状态; muwe order-status]. Those that are not in it, PAY_ERROR,
// REFUND_ERROR, CANCEL_ERROR, CANCEL_INPROGRESS and INVALID_STATUS_CODE, are
// not final and prove nothing.
var orders = map[string]wallet.Verdict{
	"CREATED":      wallet.Waiting,
	"PAID":         wallet.Done,
	"PAY_CANCELED": wallet.Closed,
	"CANCELED":     wallet.Closed,
	// A refunded order was paid in full, whatever went back since.
	"PARTIAL_REFUNDED":  wallet.Done,
	"REFUND_INPROGRESS": wallet.Done,
	"REFUNDED":          wallet.Returned,
}

// order reads an order that must be the charge's own.
func (b business) order(c wallet.Charge) wallet.Answer {
	d := b.Data
	said := d.OrderStatus
	if said == "" {
		said = b.said()
	}
	verdict, ok := orders[d.OrderStatus]
	if !ok {
		return unclear(till.ProviderDown, said)
	}
	a := wallet.Answer{Verdict: verdict, Said: said, Number: d.ClientSN, Provider: d.SN}
	if d.ClientSN != c.Number {
		return unclear(till.NumberReused, said+": of another client_sn")
	}
	switch verdict {
	case wallet.Done, wallet.Returned:
		total, ok := amount(d.Total)
		if !ok || d.SN == "" {
			return unclear(till.NotUnderstood, said+": without sn or total_amount")
		}
		a.Amount, a.Currency, a.PaidAt = total, "CNY", stamp(d.Channel, d.Finished)
	case wallet.Waiting:
		if c.Way == till.Take {
			a.Reason = till.PasswordAsked
		}
	case wallet.Closed:
		if d.OrderStatus == "PAY_CANCELED" {
			// Failed, or its time was over: the provider does not say which.
			a.Reason = till.TimedOut
		}
	}
	return a
}

// cancelled reads the answer to cancel and revoke. Even a success is only
// believed when a query shows it, so none is Closed; Refused says that this
// cancel did nothing.
func (r reply) cancelled(c wallet.Charge) wallet.Answer {
	a := unclear(till.ProviderDown, r.Biz.said())
	switch r.Biz.Code {
	case "CANCEL_SUCCESS", "CANCEL_ABORT_SUCCESS":
		if d := r.Biz.Data; d.ClientSN != "" && d.ClientSN != c.Number {
			return unclear(till.NumberReused, r.Biz.said()+": of another client_sn")
		}
		a.Verdict, a.Reason = wallet.Waiting, till.ReasonNone
	case "CANCEL_IN_PROGRESS", "CANCEL_ABORT_IN_PROGRESS":
		a.Verdict, a.Reason = wallet.Waiting, till.ReasonNone
	case "CANCEL_ERROR", "CANCEL_ABORT_ERROR":
		if reason, ok := refusals[r.Biz.Error]; ok {
			a.Verdict, a.Reason = wallet.Refused, reason
			return a
		}
		a.Repeat = true
	case "FAIL":
		switch {
		case notThere[r.Biz.Error]:
			a.Verdict, a.Reason = wallet.Missing, till.ReasonNone
		case r.Biz.Error == "UPAY_CANCEL_ORDER_NOOP":
			// It was cancelled before: a query shows it.
			a.Verdict, a.Reason = wallet.Waiting, till.ReasonNone
		case r.Biz.Error == "UPAY_CANCEL_INVALID_ORDER_STATE":
			// Of another day, or refunded: what it is now a query tells.
			a.Verdict, a.Reason = wallet.Refused, till.OtherReason
		}
	}
	return a
}

// refunded reads the answer to refund.
func (r reply) refunded(f wallet.Refund) wallet.Answer {
	a := unclear(till.ProviderDown, r.Biz.said())
	switch r.Biz.Code {
	case "REFUND_SUCCESS":
		d := r.Biz.Data
		if d.ClientSN != f.Of.Number || d.ClientTSN != "" && d.ClientTSN != tsn(f) {
			return unclear(till.NumberReused, r.Biz.said()+": of another refund")
		}
		a.Verdict, a.Reason, a.Provider = wallet.Done, till.ReasonNone, d.SN
	case "REFUND_IN_PROGRESS":
		a.Verdict, a.Reason = wallet.Waiting, till.ReasonNone
	case "REFUND_FAIL", "FAIL":
		if r.Biz.Error == "UPAY_REFUND_ORDER_NOOP" {
			// This very refund was made before.
			return wallet.Answer{Verdict: wallet.Done, Said: r.Biz.said()}
		}
		if reason, ok := refusals[r.Biz.Error]; ok {
			a.Verdict, a.Reason = wallet.Refused, reason
		} else if notThere[r.Biz.Error] {
			a.Verdict, a.Reason = wallet.Refused, till.NotRefundable
		}
	}
	return a
}

// queriedRefund reads the answer to a query by refund_request_no. status is
// that of the transaction [sqb resultCode, 流水状态列表; muwe order-status].
func (r reply) queriedRefund(f wallet.Refund) wallet.Answer {
	if r.Biz.Code == "FAIL" && notThere[r.Biz.Error] {
		return wallet.Answer{Verdict: wallet.Missing, Said: r.Biz.said()}
	}
	d := r.Biz.Data
	if r.Biz.Code != "SUCCESS" {
		return unclear(till.ProviderDown, r.Biz.said())
	}
	if d.ClientSN != f.Of.Number {
		return unclear(till.NumberReused, r.Biz.said()+": of another client_sn")
	}
	a := unclear(till.ProviderDown, d.OrderStatus+" "+d.Status)
	if d.ClientTSN != tsn(f) {
		// The answer is about another transaction of the order.
		a.Verdict, a.Reason = wallet.Missing, till.ReasonNone
		return a
	}
	switch d.Status {
	case "SUCCESS":
		a.Verdict, a.Reason, a.Provider, a.PaidAt = wallet.Done, till.ReasonNone, d.SN, stamp(d.Channel, d.Finished)
	case "IN_PROG":
		a.Verdict, a.Reason = wallet.Waiting, till.ReasonNone
	case "FAIL_CANCELED":
		a.Verdict, a.Reason = wallet.Refused, till.OtherReason
	}
	return a
}

// tsn is the number of a refund among the transactions of its order: client_sn
// and refund_request_no joined by a hyphen [sqb en refund, client_tsn].
func tsn(f wallet.Refund) string { return f.Of.Number + "-" + f.Number }

// amount reads an amount of fen: digits alone.
func amount(s text) (money.Amount, bool) {
	if len(s) == 0 || len(s) > 10 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(s), 10, 64)
	return money.Amount(n), err == nil
}

// stamp reads the first that is a time in milliseconds.
func stamp(times ...text) time.Time {
	for _, s := range times {
		if n, err := strconv.ParseInt(string(s), 10, 64); err == nil && n > 0 {
			return time.UnixMilli(n)
		}
	}
	return time.Time{}
}
