package wechatpay

import (
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// weight is how much a code of the platform says about the money.
type weight uint8

const (
	unsure   weight = iota // nobody knows: ask, then reverse
	refused                // not made, once a query says the same
	wrongly                // the request was not accepted at all: set-up
	pending                // the customer is asked for a password
	ask                    // the number is known already: the query decides
	finished               // closed or reversed
	unknown                // the platform has no such order
)

// A codeRow is one row of the result table.
type codeRow struct {
	weight weight
	reason till.Reason
}

// codes are the error codes, without underscores: APIv2 writes ORDERPAID where
// APIv3 writes ORDER_PAID, and mean the same. Sources: APIv2 chapters 9_10
// (micropay), 9_2 (orderquery), 9_11 (reverse); APIv3 error tables of Native
// ordering, of codepay, of close and of refunds. The documents stress that even a
// payment answered with FAIL may turn out paid (查询订单, 付款码支付): nothing
// here is refused without a query, set-up faults excepted.
//
// A code that is not listed is unsure.
var codes = map[string]codeRow{
	// The customer's code.
	"AUTHCODEEXPIRE":  {refused, till.CodeExpired},
	"AUTHCODEEXPIRED": {refused, till.CodeExpired},
	"AUTHCODEERROR":   {refused, till.CodeInvalid},
	"AUTHCODEINVALID": {refused, till.CodeInvalid},
	// The payer.
	"NOTENOUGH":      {refused, till.NotEnough},
	"NOTSUPORTCARD":  {refused, till.PayerBlocked},
	"NOTSUPPORTCARD": {refused, till.PayerBlocked},
	"ACCOUNTERROR":   {refused, till.PayerBlocked},
	"BUYERMISMATCH":  {refused, till.OtherReason}, // the number was tried with another payer
	"TRADEERROR":     {refused, till.RiskRefused},
	"RULELIMIT":      {refused, till.OverLimit},
	"USERPAYING":     {pending, till.PasswordAsked},
	// The number.
	"ORDERPAID":      {ask, till.NumberReused},
	"OUTTRADENOUSED": {ask, till.NumberReused},
	"ALREADYEXISTS":  {ask, till.NumberReused},
	"ORDERCLOSED":    {finished, till.ReasonNone},
	"ORDERREVERSED":  {finished, till.ReasonNone},
	"ORDERNOTEXIST":  {unknown, till.ReasonNone},
	// The set-up. INVALID_REQUEST is also said of a payment asked for twice, so
	// that it is confirmed like a refusal.
	"INVALIDREQUEST":       {refused, till.SetUpWrong},
	"NOAUTH":               {wrongly, till.SetUpWrong},
	"SIGNERROR":            {wrongly, till.SetUpWrong},
	"PARAMERROR":           {wrongly, till.SetUpWrong},
	"APPIDNOTEXIST":        {wrongly, till.SetUpWrong},
	"MCHIDNOTEXIST":        {wrongly, till.SetUpWrong},
	"MCHNOTEXISTS":         {wrongly, till.SetUpWrong},
	"APPIDMCHIDNOTMATCH":   {wrongly, till.SetUpWrong},
	"LACKPARAMS":           {wrongly, till.SetUpWrong},
	"XMLFORMATERROR":       {wrongly, till.SetUpWrong},
	"POSTDATAEMPTY":        {wrongly, till.SetUpWrong},
	"NOTUTF8":              {wrongly, till.SetUpWrong},
	"REQUIREPOSTMETHOD":    {wrongly, till.SetUpWrong},
	"SYSTEMERROR":          {unsure, till.ProviderDown},
	"BANKERROR":            {unsure, till.ProviderDown},
	"FREQUENCYLIMITED":     {unsure, till.ProviderDown},
	"RATELIMITEXCEEDED":    {unsure, till.ProviderDown},
	"INVALIDTRANSACTIONID": {unsure, till.OtherReason},
	"REVERSEEXPIRE":        {unsure, till.NotRefundable},
}

func row(code string) codeRow {
	r, ok := codes[strings.ReplaceAll(code, "_", "")]
	if !ok {
		return codeRow{unsure, till.OtherReason}
	}
	return r
}

// tell is the answer that a code alone gives.
func tell(code, words string) wallet.Answer {
	r := row(code)
	a := wallet.Answer{Reason: r.reason, Said: said(code, words)}
	switch r.weight {
	case refused, wrongly:
		a.Verdict = wallet.Refused
	case pending:
		a.Verdict = wallet.Waiting
	case finished:
		a.Verdict = wallet.Closed
	case unknown:
		a.Verdict = wallet.Missing
	case unsure, ask:
	}
	return a
}

// said puts the platform's code and words together, cut to what a small print
// can show.
func said(code, words string) string {
	return clip(strings.TrimSpace(code+" "+strings.Join(strings.Fields(words), " ")), 200)
}

// refusedHandle begins the handle of an attempt that was refused by a code that
// no query has confirmed yet.
const refusedHandle = "refused:"

// confirmed weighs a refusal against the query that followed it.
func confirmed(refusal wallet.Answer, code string, query wallet.Answer) wallet.Answer {
	handle := ""
	if refusal.Verdict == wallet.Refused {
		handle = refusedHandle + code
	}
	switch query.Verdict {
	case wallet.Missing, wallet.Closed:
		if refusal.Verdict == wallet.Refused {
			return refusal
		}
		return query
	case wallet.Waiting:
		// The order is there and unpaid. The customer can still pay it from the
		// phone, with another card, until it is reversed; then the refusal counts.
		if query.Reason != till.PasswordAsked {
			query.Reason, query.Said = refusal.Reason, refusal.Said+" / "+query.Said
			query.Handle = handle
		}
	case wallet.Unclear:
		query.Handle = handle
		query.Said = strings.TrimPrefix(refusal.Said+" / "+query.Said, " / ")
	case wallet.Done, wallet.Refused, wallet.Returned:
	}
	return query
}

// A stateRow is one trade_state.
type stateRow struct {
	verdict wallet.Verdict
	reason  till.Reason
}

// states are the trade states of both versions (APIv2 chapter 9_2, APIv3 doc
// 4013070356). PAYERROR 支付失败 is not final: the order has to be reversed.
var states = map[string]stateRow{
	"SUCCESS":    {wallet.Done, till.ReasonNone},
	"REFUND":     {wallet.Done, till.ReasonNone}, // paid, and given back in part or in whole
	"NOTPAY":     {wallet.Waiting, till.ReasonNone},
	"ACCEPT":     {wallet.Waiting, till.ReasonNone}, // accepted, to be taken later
	"USERPAYING": {wallet.Waiting, till.PasswordAsked},
	"PAYERROR":   {wallet.Waiting, till.OtherReason},
	"CLOSED":     {wallet.Closed, till.TimedOut},
	"REVOKED":    {wallet.Closed, till.TimedOut},
}

// stated is the answer that a trade state gives.
func stated(c wallet.Charge, state, words string) wallet.Answer {
	r, ok := states[state]
	if !ok {
		return wallet.Answer{Reason: till.NotUnderstood, Said: said(state, words)}
	}
	a := wallet.Answer{Verdict: r.verdict, Reason: r.reason, Said: said(state, words)}
	if a.Verdict == wallet.Closed {
		if c.GivingUp {
			a.Reason = till.ReasonNone
		}
		// Only a payment that was seen paid has the platform's number here.
		if state == "REVOKED" && c.Provider != "" {
			a.Verdict, a.Reason = wallet.Returned, till.ReasonNone
		}
	}
	return a
}
