package alipay

import (
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// soon is the wait before a query that Alipay's documents want at once.
const soon = 200 * time.Millisecond

// An outcome is what a code proves.
type outcome struct {
	verdict wallet.Verdict
	reason  till.Reason
	repeat  bool
	again   time.Duration
}

// payCodes are the errors of alipay.trade.pay and alipay.trade.precreate (open
// platform, 业务错误码 of both). Refused ones are definite; the rest is settled
// by a query. A code that does not stand here proves nothing.
var payCodes = map[string]outcome{
	"ACQ.SYSTEM_ERROR": {reason: till.ProviderDown, again: soon},

	// The number is known already: only a query tells what became of it.
	"ACQ.TRADE_HAS_SUCCESS":     {again: soon},
	"ACQ.TRADE_HAS_CLOSE":       {again: soon},
	"ACQ.CONTEXT_INCONSISTENT":  {reason: till.NumberReused, again: soon},
	"ACQ.TRADE_BUYER_NOT_MATCH": {reason: till.NumberReused, again: soon},

	"ACQ.PAYMENT_AUTH_CODE_INVALID": {verdict: wallet.Refused, reason: till.CodeExpired},

	"ACQ.BUYER_BALANCE_NOT_ENOUGH":          {verdict: wallet.Refused, reason: till.NotEnough},
	"ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH": {verdict: wallet.Refused, reason: till.NotEnough},
	"ACQ.AUTH_AMOUNT_NOT_ENOUGH":            {verdict: wallet.Refused, reason: till.NotEnough},

	"ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR":   {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR": {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.BEYOND_PAY_RESTRICTION":                 {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.BEYOND_PER_RECEIPT_RESTRICTION":         {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION":  {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION":     {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT":        {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.PRODUCT_AMOUNT_LIMIT_ERROR":             {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.REQUEST_AMOUNT_EXCEED":                  {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.TOTAL_FEE_EXCEED":                       {verdict: wallet.Refused, reason: till.AmountNotAllowed},

	"ACQ.PAYMENT_REQUEST_HAS_RISK": {verdict: wallet.Refused, reason: till.RiskRefused},

	"ACQ.BUYER_SELLER_EQUAL":               {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.BUYER_NOT_EXIST":                  {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.BUYER_ENABLE_STATUS_FORBID":       {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.BUYER_NOT_MAINLAND_CERT":          {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.NOT_CERTIFIED_USER":               {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.USER_LOGONID_DUP":                 {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.ERROR_BALANCE_PAYMENT_DISABLE":    {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.MOBILE_PAYMENT_SWITCH_OFF":        {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.USER_FACE_PAYMENT_SWITCH_OFF":     {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.PULL_MOBILE_CASHIER_FAIL":         {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE": {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.NOT_SUPPORT_PAYMENT_INST":         {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.CARD_USER_NOT_MATCH":              {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.CARD_TYPE_ERROR":                  {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.CERT_EXPIRED":                     {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.PAYER_UNMATCHED":                  {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.PAYMENT_FAIL":                     {verdict: wallet.Refused, reason: till.OtherReason},

	"ACQ.INVALID_PARAMETER":                               setUp,
	"ACQ.ACCESS_FORBIDDEN":                                setUp,
	"ACQ.EXIST_FORBIDDEN_WORD":                            setUp,
	"ACQ.PARTNER_ERROR":                                   setUp,
	"ACQ.SELLER_BEEN_BLOCKED":                             setUp,
	"ACQ.SELLER_NOT_EXIST":                                setUp,
	"ACQ.INVALID_STORE_ID":                                setUp,
	"ACQ.INVALID_RECEIVE_ACCOUNT":                         setUp,
	"ACQ.SUB_MERCHANT_CREATE_FAIL":                        setUp,
	"ACQ.SUB_MERCHANT_TYPE_INVALID":                       setUp,
	"ACQ.MERCHANT_AGREEMENT_NOT_EXIST":                    setUp,
	"ACQ.MERCHANT_AGREEMENT_INVALID":                      setUp,
	"ACQ.MERCHANT_STATUS_NOT_NORMAL":                      setUp,
	"ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT":             setUp,
	"ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT":              {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT":                 {verdict: wallet.Refused, reason: till.OverLimit},
	"ACQ.RESTRICTED_MERCHANT_INDUSTRY":                    setUp,
	"ACQ.RISK_MERCHANT_IP_NOT_EXIST":                      setUp,
	"ACQ.APPLY_PC_MERCHANT_CODE_ERROR":                    setUp,
	"ACQ.DEFAULT_SETTLE_RULE_NOT_EXIST":                   setUp,
	"ACQ.SECONDARY_MERCHANT_STATUS_ERROR":                 setUp,
	"ACQ.SECONDARY_MERCHANT_ID_INVALID":                   setUp,
	"ACQ.SECONDARY_MERCHANT_ID_BLANK":                     setUp,
	"ACQ.SECONDARY_MERCHANT_NOT_MATCH":                    setUp,
	"ACQ.SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID":       setUp,
	"ACQ.SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT":          setUp,
	"ACQ.PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID": setUp,
	"ACQ.AMOUNT_OR_CURRENCY_ERROR":                        setUp,
	"ACQ.CURRENCY_NOT_SUPPORT":                            setUp,
	"ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR":                {verdict: wallet.Refused, reason: till.TimedOut},
	"ACQ.UN_SUPPORT_TRADE_SCENE":                          setUp,
}

var setUp = outcome{verdict: wallet.Refused, reason: till.SetUpWrong}

// cancelCodes are the errors of alipay.trade.cancel. None is a proof of
// anything: where money was taken it is still there.
var cancelCodes = map[string]outcome{
	"ACQ.SYSTEM_ERROR": {reason: till.ProviderDown, repeat: true},
	// The document of version 3 has both spellings.
	"AQC.SYSTEM_ERROR":                {reason: till.ProviderDown, repeat: true},
	"ACQ.SELLER_BALANCE_NOT_ENOUGH":   {reason: till.SellerBalance, again: soon},
	"ACQ.TRADE_HAS_FINISHED":          {reason: till.NotRefundable, again: soon},
	"ACQ.TRADE_CANCEL_TIME_OUT":       {reason: till.NotRefundable, again: soon},
	"ACQ.CANCEL_NOT_ALLOWED":          {reason: till.NotRefundable, again: soon},
	"ACQ.REASON_TRADE_BEEN_FREEZEN":   {reason: till.NotRefundable, again: soon},
	"ACQ.REASON_TRADE_REFUND_FEE_ERR": {reason: till.NotRefundable, again: soon},
	"ACQ.TRADE_NOT_EXIST":             {verdict: wallet.Missing},
	"ACQ.INVALID_PARAMETER":           {reason: till.SetUpWrong},
}

// refundCodes are the errors of alipay.trade.refund. A refusal is definite of
// this call; those that an earlier call under the same number may have caused
// (closed by being refunded in full, asked twice) are settled by a query.
var refundCodes = map[string]outcome{
	"ACQ.SYSTEM_ERROR":              {reason: till.ProviderDown, repeat: true},
	"ACQ.DISCORDANT_REPEAT_REQUEST": {reason: till.NumberReused},
	"ACQ.TRADE_HAS_CLOSE":           {reason: till.NotRefundable},
	"ACQ.TRADE_SETTLE_ERROR":        {reason: till.ProviderDown, repeat: true},

	"ACQ.SELLER_BALANCE_NOT_ENOUGH":             {verdict: wallet.Refused, reason: till.SellerBalance},
	"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL":            {verdict: wallet.Refused, reason: till.AmountNotAllowed},
	"ACQ.REFUND_FEE_ERROR":                      {verdict: wallet.Refused, reason: till.AmountNotAllowed},
	"ACQ.REASON_TRADE_REFUND_FEE_ERR":           {verdict: wallet.Refused, reason: till.AmountNotAllowed},
	"ACQ.ALLOC_AMOUNT_VALIDATE_ERROR":           {verdict: wallet.Refused, reason: till.AmountNotAllowed},
	"ACQ.TRADE_NOT_EXIST":                       notRefundable,
	"ACQ.TRADE_HAS_FINISHED":                    notRefundable,
	"ACQ.TRADE_STATUS_ERROR":                    notRefundable,
	"ACQ.REASON_TRADE_STATUS_INVALID":           notRefundable,
	"ACQ.REASON_TRADE_BEEN_FREEZEN":             notRefundable,
	"ACQ.TRADE_NOT_ALLOW_REFUND":                notRefundable,
	"ACQ.NOT_ALLOW_PARTIAL_REFUND":              notRefundable,
	"ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND": notRefundable,
	"ACQ.BUYER_NOT_EXIST":                       {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.BUYER_ERROR":                           {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.BUYER_ENABLE_STATUS_FORBID":            {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.REFUND_ACCOUNT_NOT_EXIST":              {verdict: wallet.Refused, reason: till.PayerBlocked},
	"ACQ.INVALID_PARAMETER":                     {reason: till.SetUpWrong},
}

var notRefundable = outcome{verdict: wallet.Refused, reason: till.NotRefundable}

// queryCodes are the errors of alipay.trade.query and
// alipay.trade.fastpay.refund.query.
var queryCodes = map[string]outcome{
	"ACQ.TRADE_NOT_EXIST":   {verdict: wallet.Missing},
	"TRADE_NOT_EXIST":       {verdict: wallet.Missing},
	"ACQ.SYSTEM_ERROR":      {reason: till.ProviderDown},
	"ACQ.INVALID_PARAMETER": {reason: till.SetUpWrong},
}

// failed turns an answer that is no success into an Answer by a method's table,
// and by the gateway's own codes where the business never saw the call (open
// platform, 公共错误码). start says whether the call asked for money: then a
// request that the gateway turned away is definitely not made, since that
// number was sent once.
func failed(n node, table map[string]outcome, start bool) wallet.Answer {
	o, ok := table[n.SubCode]
	if !ok {
		o = gateway(n, start)
	}
	return wallet.Answer{Verdict: o.verdict, Reason: o.reason, Said: n.said(), Repeat: o.repeat, Again: o.again}
}

func gateway(n node, start bool) outcome {
	switch {
	case strings.HasPrefix(n.SubCode, "isp.") || n.Code == "20000":
		return outcome{reason: till.ProviderDown}
	case n.Code == "40005": // asked too often
		return outcome{reason: till.ProviderDown, again: 10 * time.Second}
	case !strings.HasPrefix(n.SubCode, "isv.") && n.Code != "20001" && n.Code != "40006":
		return outcome{reason: till.OtherReason}
	}
	o := outcome{reason: till.SetUpWrong}
	if n.SubCode == "isv.invalid-timestamp" {
		o.reason = till.ClockWrong
	}
	if start {
		o.verdict = wallet.Refused
	}
	return o
}
