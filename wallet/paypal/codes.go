package paypal

import (
	"guitai/till"
	"guitai/wallet"
)

// A refusal is what an issue of PayPal's means.
type refusal struct {
	verdict wallet.Verdict
	reason  till.Reason
}

// captureRefusals are the issues with which a capture is answered with 422
// (Orders v2, orders.capture-422, orders.capture-403). What is not here decides
// nothing: the order is read again.
var captureRefusals = map[string]refusal{
	"ORDER_NOT_APPROVED":           {wallet.Waiting, till.ReasonNone},
	"ORDER_COMPLETION_IN_PROGRESS": {wallet.Waiting, till.ReasonNone},
	"PAYER_ACTION_REQUIRED":        {wallet.Waiting, till.PasswordAsked},
	// Read the order: it is paid.
	"ORDER_ALREADY_CAPTURED": {wallet.Unclear, till.ReasonNone},

	"INSTRUMENT_DECLINED":                     {wallet.Refused, till.PayerBlocked},
	"REDIRECT_PAYER_FOR_ALTERNATE_FUNDING":    {wallet.Refused, till.PayerBlocked},
	"MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED": {wallet.Refused, till.PayerBlocked},
	"PAYER_ACCOUNT_LOCKED_OR_CLOSED":          {wallet.Refused, till.PayerBlocked},
	"PAYER_ACCOUNT_RESTRICTED":                {wallet.Refused, till.PayerBlocked},
	"PAYER_CANNOT_PAY":                        {wallet.Refused, till.PayerBlocked},
	"CARD_BRAND_NOT_SUPPORTED":                {wallet.Refused, till.PayerBlocked},
	"REFERENCED_CARD_EXPIRED":                 {wallet.Refused, till.PayerBlocked},
	"DOMESTIC_TRANSACTION_REQUIRED":           {wallet.Refused, till.PayerBlocked},
	"AGREEMENT_ALREADY_CANCELLED":             {wallet.Refused, till.PayerBlocked},
	"TRANSACTION_LIMIT_EXCEEDED":              {wallet.Refused, till.OverLimit},
	"TRANSACTION_RECEIVING_LIMIT_EXCEEDED":    {wallet.Refused, till.OverLimit},
	"TRANSACTION_REFUSED":                     {wallet.Refused, till.RiskRefused},
	"COMPLIANCE_VIOLATION":                    {wallet.Refused, till.RiskRefused},
	"PAYEE_BLOCKED_TRANSACTION":               {wallet.Refused, till.RiskRefused},
	"TRANSACTION_BLOCKED_BY_PAYEE":            {wallet.Refused, till.RiskRefused},
	"DECLINED_DUE_TO_RELATED_TXN":             {wallet.Refused, till.OtherReason},
	"ORDER_EXPIRED":                           {wallet.Refused, till.TimedOut},
	// The account lets an invoice number be paid once; this order was not.
	"DUPLICATE_INVOICE_ID":            {wallet.Refused, till.NumberReused},
	"AUTH_CAPTURE_NOT_ENABLED":        {wallet.Refused, till.SetUpWrong},
	"NOT_ENABLED_FOR_CARD_PROCESSING": {wallet.Refused, till.SetUpWrong},
	"PAYEE_ACCOUNT_RESTRICTED":        {wallet.Refused, till.SetUpWrong},
	"PAYEE_ACCOUNT_LOCKED_OR_CLOSED":  {wallet.Refused, till.SetUpWrong},
}

// refusals are the reasons of issues with which other calls are refused (Orders
// v2, 400, 403 and 422 of orders.create; Payments v2, captures.refund-422).
var refusals = map[string]till.Reason{
	"CANNOT_BE_NEGATIVE":         till.AmountNotAllowed,
	"CANNOT_BE_ZERO_OR_NEGATIVE": till.AmountNotAllowed,
	"DECIMAL_PRECISION":          till.AmountNotAllowed,
	"DECIMALS_NOT_SUPPORTED":     till.AmountNotAllowed,
	"INVALID_CURRENCY_CODE":      till.AmountNotAllowed,
	"MAX_VALUE_EXCEEDED":         till.AmountNotAllowed,
	"REFUND_AMOUNT_TOO_LOW":      till.AmountNotAllowed,

	"PAYEE_ACCOUNT_INVALID":          till.SetUpWrong,
	"PAYEE_ACCOUNT_LOCKED_OR_CLOSED": till.SetUpWrong,
	"PAYEE_ACCOUNT_RESTRICTED":       till.SetUpWrong,
	"PAYEE_ACCOUNT_NOT_VERIFIED":     till.SetUpWrong,
	"PERMISSION_DENIED":              till.SetUpWrong,

	"CAPTURE_FULLY_REFUNDED":                 till.NotRefundable,
	"CURRENCY_MISMATCH":                      till.NotRefundable,
	"REFUND_CAPTURE_CURRENCY_MISMATCH":       till.NotRefundable,
	"REFUND_NOT_ALLOWED":                     till.NotRefundable,
	"REFUND_TIME_LIMIT_EXCEEDED":             till.NotRefundable,
	"REFUND_AMOUNT_EXCEEDED":                 till.NotRefundable,
	"PARTIAL_REFUND_NOT_ALLOWED":             till.NotRefundable,
	"MAX_NUMBER_OF_REFUNDS_EXCEEDED":         till.NotRefundable,
	"PENDING_CAPTURE":                        till.NotRefundable,
	"REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK": till.NotRefundable,
	"TRANSACTION_DISPUTED":                   till.NotRefundable,
	"REFUND_IS_RESTRICTED":                   till.NotRefundable,
	"REFUND_FAILED_INSUFFICIENT_FUNDS":       till.SellerBalance,
	"PAYER_ACCOUNT_LOCKED_OR_CLOSED":         till.PayerBlocked,
}
