package alipay

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// The methods of the gateway.
const (
	precreate   = "alipay.trade.precreate"
	pay         = "alipay.trade.pay"
	query       = "alipay.trade.query"
	cancel      = "alipay.trade.cancel"
	refund      = "alipay.trade.refund"
	refundQuery = "alipay.trade.fastpay.refund.query"
	billURL     = "alipay.data.dataservice.bill.downloadurl.query"
)

// Start asks for the money by precreate or by pay.
func (a *adapter) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, Spec.Currencies...); err != nil {
		return wallet.Answer{}, fmt.Errorf("%s: %w", Spec.Name, err)
	}
	minutes := lifetime(c)
	content := map[string]any{
		"out_trade_no": c.Number, "total_amount": yuan.Format(c.Amount), "subject": subject(c),
		"product_code": "FACE_TO_FACE_PAYMENT", "timeout_express": fmt.Sprintf("%dm", minutes),
	}
	if c.Operator != "" {
		content["operator_id"] = cut(c.Operator, 28)
	}
	if c.Way == till.Take {
		return a.take(ctx, c, content)
	}
	// The life of the code, from when it is made; that of the order counts from
	// the same moment.
	content["qr_code_timeout_express"] = content["timeout_express"]
	h, ans, err := a.ask(ctx, call{kind: wallet.CallStart, number: c.Number, method: precreate, content: content})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		return *ans, nil
	case h.Code != "10000":
		return failed(h.node, payCodes, true), nil
	case h.OutTradeNo != c.Number || h.QRCode == "":
		return wallet.Answer{Reason: till.NotUnderstood, Said: h.said()}, nil
	}
	life := time.Duration(minutes) * time.Minute
	return wallet.Answer{Verdict: wallet.Waiting, Said: h.said(), QR: h.QRCode, Handle: handle{h.at.Add(life), h.theirs.Add(life)}.String()}, nil
}

// payCode is the form of a code that the customer shows (open platform,
// alipay.trade.pay, auth_code): a bar code, or that of a face.
var payCode = regexp.MustCompile(`^(?:(?:2[5-9]|30)[0-9]{14,22}|fp[0-9A-Za-z]{33})$`)

// take charges the customer's code.
func (a *adapter) take(ctx context.Context, c wallet.Charge, content map[string]any) (wallet.Answer, error) {
	code := strings.TrimSpace(c.Code)
	if !payCode.MatchString(code) {
		return wallet.Answer{}, fmt.Errorf("%s: %w: %w", Spec.Name, wallet.ErrNotSent,
			&wallet.FieldError{Field: "code", Reason: till.CodeInvalid, Detail: "this is no payment code of Alipay"})
	}
	content["scene"], content["auth_code"] = "bar_code", code
	if strings.HasPrefix(code, "fp") {
		content["scene"] = "security_code"
	}
	h, ans, err := a.ask(ctx, call{kind: wallet.CallStart, number: c.Number, method: pay, content: content, secrets: []string{code}})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		ans.Said = strings.ReplaceAll(ans.Said, code, "***")
		return *ans, nil
	case h.Code == "10000":
		// Paid, says the call; Alipay wants it confirmed by a query, since only
		// TRADE_SUCCESS and TRADE_FINISHED are money (polling guide).
		if h.OutTradeNo != c.Number {
			return wallet.Answer{Reason: till.NotUnderstood, Said: h.said()}, nil
		}
		return wallet.Answer{Verdict: wallet.Waiting, Said: h.said(), Provider: h.TradeNo, Again: soon}, nil
	case h.Code == "10003":
		return wallet.Answer{Verdict: wallet.Waiting, Reason: till.PasswordAsked, Said: h.said(), Provider: h.TradeNo}, nil
	}
	out := failed(h.node, payCodes, true)
	out.Said = strings.ReplaceAll(out.Said, code, "***")
	return out, nil
}

// Query asks what became of an attempt.
func (a *adapter) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	h, ans, err := a.ask(ctx, call{kind: wallet.CallQuery, number: c.Number, method: query, content: map[string]any{"out_trade_no": c.Number}})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		return *ans, nil
	case h.OutTradeNo != "" && h.OutTradeNo != c.Number:
		return wallet.Answer{Reason: till.NotUnderstood, Said: h.said()}, nil
	case h.Code != "10000":
		out := failed(h.node, queryCodes, false)
		if out.Verdict == wallet.Missing && c.Way == till.Show {
			return unscanned(c, h, out), nil
		}
		return out, nil
	}
	return trade(h.node), nil
}

// trade reads the state of a trade (open platform, alipay.trade.query,
// trade_status).
func trade(n node) wallet.Answer {
	out := wallet.Answer{Said: n.TradeStatus, Provider: n.TradeNo, Number: n.OutTradeNo, Currency: n.TransCurrency}
	amount, err := n.TotalAmount.amount()
	if err != nil || n.OutTradeNo == "" {
		return wallet.Answer{Reason: till.NotUnderstood, Said: n.said()}
	}
	switch n.TradeStatus {
	case "WAIT_BUYER_PAY":
		out.Verdict = wallet.Waiting
	case "TRADE_SUCCESS", "TRADE_FINISHED":
		out.Verdict, out.Amount, out.PaidAt = wallet.Done, amount, moment(n.SendPayDate)
	case "TRADE_CLOSED":
		// Closed without payment, or paid and given back in full: only a paid
		// one was ever sent to the seller.
		out.Verdict = wallet.Closed
		if n.SendPayDate != "" || n.ReceiptAmount.given() || n.BuyerPaid.given() {
			out.Verdict, out.Amount, out.PaidAt = wallet.Returned, amount, moment(n.SendPayDate)
		}
	default:
		return wallet.Answer{Reason: till.NotUnderstood, Said: n.TradeStatus}
	}
	return out
}

// unscanned judges ACQ.TRADE_NOT_EXIST of a shown code: Alipay makes the trade
// when somebody scans. The code is known to be out only once precreate was
// seen to succeed, which the handle says; and to be dead once its life is over
// by both clocks, as either may be off.
func unscanned(c wallet.Charge, h *heard, out wallet.Answer) wallet.Answer {
	made, ok := readHandle(c.Handle)
	switch {
	case !ok:
	case h.at.After(made.ours.Add(grace)) && h.theirs.After(made.theirs.Add(grace)):
		out.Verdict, out.Reason = wallet.Closed, till.TimedOut
	case !c.GivingUp:
		out.Verdict = wallet.Waiting
	}
	return out
}

// grace is how long after the end of its life a code may still bring a trade.
const grace = 2 * time.Minute

// A handle is when a shown code's life ends, by both clocks.
type handle struct{ ours, theirs time.Time }

func (h handle) String() string { return fmt.Sprintf("%d %d", h.ours.Unix(), h.theirs.Unix()) }

func readHandle(s string) (handle, bool) {
	ours, theirs, _ := strings.Cut(s, " ")
	o, err1 := strconv.ParseInt(ours, 10, 64)
	t, err2 := strconv.ParseInt(theirs, 10, 64)
	return handle{time.Unix(o, 0), time.Unix(t, 0)}, err1 == nil && err2 == nil
}

// Cancel closes an unpaid trade and gives a paid one back.
func (a *adapter) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	h, ans, err := a.ask(ctx, call{kind: wallet.CallCancel, number: c.Number, method: cancel, content: map[string]any{"out_trade_no": c.Number}})
	switch {
	case err != nil:
		return wallet.Answer{}, err
	case ans != nil:
		ans.Repeat = true
		return *ans, nil
	}
	out := wallet.Answer{Said: strings.TrimSpace(h.said() + " " + h.Action), Provider: h.TradeNo}
	switch {
	case h.Code != "10000":
		out = failed(h.node, cancelCodes, false)
	case h.OutTradeNo != c.Number && h.Action != "":
		out.Reason = till.NotUnderstood
	case h.Action == "close":
		out.Verdict = wallet.Closed
	case h.Action == "refund":
		out.Verdict = wallet.Returned
	case h.Action == "":
		// No such trade, or it failed: a success that proves nothing, as the
		// request for the money may still be on its way.
		out.Verdict = wallet.Missing
	default:
		out.Reason = till.NotUnderstood
	}
	if h.RetryFlag == "Y" {
		out.Repeat = true
		if out.Verdict == wallet.Missing {
			out.Verdict, out.Reason = wallet.Unclear, till.ProviderDown
		}
	}
	return out, nil
}

// lifetime is how long an unpaid trade lives, in minutes: 1 minute at least,
// and 5 for a shown code, 2 hours at most, after which its code is dead
// whatever is asked (open platform, timeout_express).
func lifetime(c wallet.Charge) int {
	shortest := 1
	if c.Way == till.Show {
		shortest = 5
	}
	minutes := int((c.Until.Sub(c.At) + time.Minute - 1) / time.Minute)
	return min(max(minutes, shortest), 120)
}

// subject is the title of the order: without the characters that Alipay
// refuses in it, and 256 characters at most.
func subject(c wallet.Charge) string {
	s := strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("/=&<>\"'\\", r) || r < ' ' {
			return ' '
		}
		return r
	}, c.Subject))
	if s == "" {
		s = c.Number
	}
	return cut(s, 256)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
