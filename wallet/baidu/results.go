package baidu

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

func unclear(reason till.Reason, said string) wallet.Answer {
	return wallet.Answer{Reason: reason, Said: said}
}

// turnedAway are the codes of a request that was not carried out [bd pay 6.9;
// bd refund 6.6, 6.7]: a parameter missing or wrong, an unknown method of
// signing, a wrong signature, another merchant's order.
var turnedAway = map[string]bool{"5801": true, "5802": true, "5803": true, "5804": true, "5805": true}

// refusals are the codes with which pay refuses for business reasons [bd
// clients]. What each means is not published: the words beside it say so.
var refusals = map[string]bool{
	"65215": true, "65235": true, "65236": true, "69441": true, "69506": true, "69510": true, "69511": true,
	"69515": true, "69552": true, "69557": true,
}

// passwordAsked is the code of a customer who is asked for a password.
const passwordAsked = "69556"

// created reads the answer to code create: content is the text of the code.
func created(body []byte) wallet.Answer {
	a, err := readScan(body)
	if err != nil {
		return unclear(till.NotUnderstood, err.Error())
	}
	switch {
	case turnedAway[string(*a.Ret)]:
		return wallet.Answer{Verdict: wallet.Refused, Reason: till.SetUpWrong, Said: a.said()}
	case *a.Ret != "0":
		return unclear(till.ProviderDown, a.said())
	}
	var text string
	if err := json.Unmarshal(a.Content, &text); err != nil || text == "" {
		return unclear(till.NotUnderstood, "without a code to show")
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: a.said(), QR: text}
}

// charged reads the answer to pay. It is not known to be signed, so that a
// paid one waits for the query, and a refusal is tried on one.
func charged(body []byte) wallet.Answer {
	a, err := readScan(body)
	if err != nil {
		return unclear(till.NotUnderstood, err.Error())
	}
	switch code := string(*a.Ret); {
	case code == passwordAsked:
		return wallet.Answer{Verdict: wallet.Waiting, Reason: till.PasswordAsked, Said: a.said()}
	case turnedAway[code]:
		return wallet.Answer{Verdict: wallet.Refused, Reason: till.SetUpWrong, Said: a.said()}
	case refusals[code]:
		return wallet.Answer{Verdict: wallet.Refused, Reason: wallet.ReasonOf(a.Msg), Said: a.said()}
	case code != "0":
		return unclear(till.ProviderDown, a.said())
	}
	content, err := a.fields()
	if err != nil {
		return unclear(till.NotUnderstood, errUnreadable.Error())
	}
	switch result := content["pay_result"]; payments[result] {
	case wallet.Done:
		return wallet.Answer{Verdict: wallet.Waiting, Said: "pay_result " + result + ": to be confirmed by a query", Again: 500 * time.Millisecond}
	case wallet.Waiting:
		return wallet.Answer{Verdict: wallet.Waiting, Reason: till.PasswordAsked, Said: "pay_result " + result}
	case wallet.Closed:
		return wallet.Answer{Verdict: wallet.Refused, Reason: till.OtherReason, Said: "pay_result " + result}
	default:
		return unclear(till.ProviderDown, "pay_result "+result)
	}
}

// payments is what each pay_result of query_trans and pay proves [bd clients].
// The notice and the older query by order number count otherwise (1 is paid
// there [bd pay 6.6]), which is why this table serves these two alone.
var payments = map[string]wallet.Verdict{
	"1": wallet.Waiting, "2": wallet.Done, "3": wallet.Done, "5": wallet.Closed, "10": wallet.Closed,
}

// queried reads the answer to query_trans: content is signed with the key of
// the shop [bd clients; bd refund 2]. An order that is not there has none.
func (p *provider) queried(c wallet.Charge, body []byte) wallet.Answer {
	a, err := readScan(body)
	if err != nil {
		return unclear(till.NotUnderstood, err.Error())
	}
	content, err := a.fields()
	switch {
	case err != nil:
		return unclear(till.NotUnderstood, errUnreadable.Error())
	case turnedAway[string(*a.Ret)]:
		return unclear(till.SetUpWrong, a.said())
	case *a.Ret != "0":
		return unclear(till.ProviderDown, a.said())
	case len(content) == 0:
		return wallet.Answer{Verdict: wallet.Missing, Said: a.said()}
	case !p.verified(content):
		return unclear(till.NotVerified, "the signature of the answer is missing or wrong")
	case content["sp_no"] != p.spNo:
		return unclear(till.NotVerified, "the answer is for another merchant")
	case content["order_no"] != c.Number:
		return unclear(till.NumberReused, "of another order_no")
	}
	result := content["pay_result"]
	verdict, ok := payments[result]
	if !ok {
		return unclear(till.NotUnderstood, "pay_result "+result)
	}
	out := wallet.Answer{Verdict: verdict, Said: "pay_result " + result, Number: content["order_no"], Provider: content["bfb_order_no"]}
	switch verdict {
	case wallet.Done:
		total, ok := amount(content["total_amount"])
		if !ok {
			return unclear(till.NotUnderstood, "an amount that cannot be read")
		}
		out.Amount, out.PaidAt = total, paidAt(content["pay_time"])
	case wallet.Waiting:
		if c.Way == till.Take {
			out.Reason = till.PasswordAsked
		}
	case wallet.Closed:
		if out.Reason = till.TimedOut; result == "10" {
			out.Reason = till.OtherReason
		}
	}
	return out
}

// verified reports whether content is signed. What is there is signed, and
// nothing else [bd refund 5.3]; case does not matter [bd refund 2].
func (p *provider) verified(content map[string]string) bool {
	method, got := content["sign_method"], content["sign"]
	if got == "" || method != methodMD5 && method != methodSHA1 {
		return false
	}
	rest := map[string]string{}
	for k, v := range content {
		if k != "sign" {
			rest[k] = v
		}
	}
	return strings.EqualFold(sign(method, p.key, rest), got)
}

// refundCodes are the codes with which refund turns one down, with the reason
// [bd refund 6.6]. 6, 12, 5009 and 5806 are not in it: "临时状态，需要发起查询".
var refundCodes = map[string]till.Reason{
	"2": till.NotRefundable, "3": till.SetUpWrong, "4": till.NotRefundable, "5": till.NotRefundable, "7": till.SetUpWrong,
	"8": till.NotRefundable, "9": till.OtherReason, "10": till.SellerBalance, "13": till.SetUpWrong, "15": till.NotRefundable,
	"16": till.NotRefundable, "5801": till.SetUpWrong, "5802": till.SetUpWrong, "5803": till.SetUpWrong, "5804": till.SetUpWrong,
	"5805": till.SetUpWrong, "5809": till.NotRefundable, "5810": till.NotRefundable,
}

// doubtfulRefusals are those that the same refund, made before its answer was
// lost, would cause as well: the amount or the state does not fit any more.
var doubtfulRefusals = map[string]bool{"4": true, "5": true, "8": true, "5810": true}

// repeated are the codes of a sp_refund_no that was used before [bd refund
// 6.6, 11 and 14]; only the query tells what became of it.
var repeated = map[string]bool{"11": true, "14": true}

// refunded reads the answer to refund. doubtful asks for a query before it is
// believed.
func (p *provider) refunded(f wallet.Refund, body []byte) (a wallet.Answer, doubtful bool) {
	got, err := readRefund(body)
	if err != nil {
		return unclear(till.NotUnderstood, err.Error()), false
	}
	if reason, ok := refundCodes[got.Code]; ok {
		return wallet.Answer{Verdict: wallet.Refused, Reason: reason, Said: got.said()}, doubtfulRefusals[got.Code]
	}
	if repeated[got.Code] {
		return unclear(till.NumberReused, got.said()), true
	}
	if got.Code != "1" {
		return unclear(till.ProviderDown, got.said()), false
	}
	stated, ok := amount(got.Amount)
	switch {
	case got.SpNo != p.spNo || got.OrderNo != f.Of.Number || got.RefundNo != f.Number:
		return unclear(till.NumberReused, "of another refund"), false
	case !ok || stated != f.Amount:
		return unclear(till.AmountDiffers, "of another amount"), false
	}
	// Taken on: what comes of it the query tells.
	return wallet.Answer{Verdict: wallet.Waiting, Said: got.said()}, false
}

// refundStates is what a ret_code of the refund query proves [bd refund 6.7]:
// with 1, 2, 3 and 5 the money has left the merchant's account.
var refundStates = map[string]wallet.Verdict{
	"1": wallet.Done, "2": wallet.Done, "3": wallet.Done, "5": wallet.Done, "4": wallet.Refused, "5809": wallet.Missing,
}

func queriedRefund(f wallet.Refund, body []byte) wallet.Answer {
	got, err := readRefund(body)
	if err != nil {
		return unclear(till.NotUnderstood, err.Error())
	}
	verdict, ok := refundStates[got.Code]
	switch {
	case turnedAway[got.Code]:
		return unclear(till.SetUpWrong, got.said())
	case !ok:
		return unclear(till.ProviderDown, got.said())
	case verdict == wallet.Refused:
		return wallet.Answer{Verdict: verdict, Reason: till.OtherReason, Said: got.said()}
	case verdict == wallet.Missing:
		return wallet.Answer{Verdict: verdict, Said: got.said()}
	}
	stated, ok := amount(got.Amount)
	if !ok || stated != f.Amount {
		return unclear(till.AmountDiffers, got.said())
	}
	return wallet.Answer{Verdict: wallet.Done, Said: got.said(), Amount: stated}
}

// amount reads an amount of fen: digits alone.
func amount(s string) (money.Amount, bool) {
	if len(s) == 0 || len(s) > 12 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return money.Amount(n), err == nil
}

// paidAt reads the time of payment, in Beijing; an unpaid one has zeros.
func paidAt(s string) time.Time {
	t, err := time.ParseInLocation(time.DateTime, s, beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}
