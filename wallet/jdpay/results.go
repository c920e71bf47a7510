package jdpay

import (
	"strconv"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// success is the one result code that is known [jd Result::SUCCESS_FLAG].
// There is no public table of the others, so that no refusal is definite: what
// became of the money is asked, never concluded.
const success = "000000"

// The states of a payment. 2 and 3 are documented [jd essensoft
// JdPayOrderQueryResponse: 成功：2，失败：3]; 0 and 1 are what is seen before.
// Nothing but 2 is paid.
const (
	payCreated    = "0"
	payProcessing = "1"
	payPaid       = "2"
	payFailed     = "3"
)

// The states of a refund and of a revoke, which differ from those of a payment
// [jd essensoft JdPayRevokeResponse: 1-成功 2-失败; genkin-he/jdpay vector of a
// refund, status 1].
const (
	backDone   = "1"
	backFailed = "2"
)

func unclear(reason till.Reason, said string) wallet.Answer {
	return wallet.Answer{Reason: reason, Said: said}
}

// of reports whether the document is about the number and says success. What
// it says otherwise is signed, so that the words are the reason to show, while
// what became of the money stays to be asked.
func (d answer) of(number string) (wallet.Answer, bool) {
	switch {
	case d.Result.Code != success:
		return unclear(wallet.ReasonOf(d.Result.Desc), d.Result.said()), false
	case d.TradeNum != number:
		return unclear(till.NumberReused, "of another tradeNum"), false
	}
	return wallet.Answer{}, true
}

// ordered reads the answer to uniorder.
func (d answer) ordered(c wallet.Charge) wallet.Answer {
	if bad, ok := d.of(c.Number); !ok {
		return bad
	}
	if a, ok := amount(d.Amount); d.QRCode == "" || !ok || a != c.Amount {
		return unclear(till.NotUnderstood, "without qrCode, or with another amount")
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: d.Result.said(), QR: d.QRCode, Provider: d.OrderID}
}

// charged reads the answer to fkmPay: whatever it states, a query follows.
func (d answer) charged(c wallet.Charge) wallet.Answer {
	if bad, ok := d.of(c.Number); !ok {
		return bad
	}
	switch d.Status {
	case payCreated, payProcessing:
		return wallet.Answer{Verdict: wallet.Waiting, Reason: till.PasswordAsked, Said: "status " + d.Status}
	case payPaid:
		return wallet.Answer{Verdict: wallet.Waiting, Said: "status " + d.Status + ": to be confirmed by a query", Again: 500 * time.Millisecond}
	}
	return unclear(till.ProviderDown, "status "+d.Status)
}

// queried reads the answer to query of a payment.
func (d answer) queried(c wallet.Charge) wallet.Answer {
	if bad, ok := d.of(c.Number); !ok {
		return bad
	}
	a := wallet.Answer{Said: "status " + d.Status, Number: d.TradeNum, Provider: d.OrderID}
	switch {
	case d.TradeType != "" && d.TradeType != "0":
		return unclear(till.NotUnderstood, "of tradeType "+d.TradeType)
	case d.Status == payPaid:
		paid, ok := amount(d.Amount)
		if !ok {
			return unclear(till.NotUnderstood, "an amount that cannot be read")
		}
		a.Verdict, a.Amount, a.Currency, a.PaidAt = wallet.Done, paid, d.Currency, d.paidAt()
	case d.Status == payCreated || d.Status == payProcessing:
		a.Verdict = wallet.Waiting
		if c.Way == till.Take {
			a.Reason = till.PasswordAsked
		}
	case d.Status == payFailed:
		a.Verdict, a.Reason = wallet.Closed, till.OtherReason
	default:
		return unclear(till.NotUnderstood, a.Said)
	}
	return a
}

// returned reads the refunds of a payment that is paid and may have been
// revoked.
func (d answer) returned(paid wallet.Answer) wallet.Answer {
	if d.Result.Code != success {
		return unclear(till.ProviderDown, d.Result.said())
	}
	var done, open money.Amount
	for _, r := range d.Refunds {
		a, ok := amount(r.Amount)
		switch {
		case !ok:
			return unclear(till.NotUnderstood, "an amount that cannot be read")
		case r.Status == backDone:
			done += a
		case r.Status != backFailed:
			open += a
		}
	}
	switch {
	case done >= paid.Amount:
		paid.Verdict, paid.Said = wallet.Returned, paid.Said+", given back"
	case done+open >= paid.Amount:
		return wallet.Answer{Verdict: wallet.Waiting, Said: paid.Said + ", being given back"}
	}
	return paid
}

// revoked reads the answer to revoke; a query proves what came of it.
func (d answer) revoked(c wallet.Charge) wallet.Answer {
	if bad, ok := d.of(revokeNumber(c)); !ok {
		return bad
	}
	if d.OTradeNum != c.Number || d.Status != backDone {
		return unclear(till.ProviderDown, "revoke: status "+d.Status)
	}
	return wallet.Answer{Verdict: wallet.Waiting, Said: "revoke: status " + d.Status}
}

// refunded reads the answer to refund, or to a query of one. The first only
// says that it was taken on.
func (d answer) refunded(f wallet.Refund, asked bool) wallet.Answer {
	if bad, ok := d.of(f.Number); !ok {
		// It may never have arrived, and which code says so is not published: the
		// same number is sent again and gives the money back once.
		bad.Repeat = asked && d.Result.Code != success
		return bad
	}
	a, ok := amount(d.Amount)
	switch {
	case d.OTradeNum != f.Of.Number:
		return unclear(till.NumberReused, "refund of another oTradeNum")
	case !ok || a != f.Amount:
		return unclear(till.AmountDiffers, "refund of another amount")
	case d.Status == backDone && asked:
		return wallet.Answer{Verdict: wallet.Done, Said: "refund: status " + d.Status, Amount: a, Currency: d.Currency, Number: d.TradeNum}
	case d.Status == backDone || d.Status == "0":
		return wallet.Answer{Verdict: wallet.Waiting, Said: "refund: status " + d.Status}
	}
	return unclear(till.ProviderDown, "refund: status "+d.Status)
}

// paidAt is the time of the first means of payment.
func (d answer) paidAt() time.Time {
	if len(d.Pays) == 0 {
		return time.Time{}
	}
	t, err := time.ParseInLocation(stampForm, d.Pays[0].TradeTime, beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}

// amount reads an amount of fen: digits alone.
func amount(s string) (money.Amount, bool) {
	if len(s) == 0 || len(s) > 12 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return money.Amount(n), err == nil
}
