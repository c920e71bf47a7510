package stripe

import (
	"guitai/till"
)

// refusals are the codes of requests that Stripe definitely did not carry out
// (docs.stripe.com/error-codes). A code that is not here is a refusal as well
// where fault.definite says so, for till.OtherReason.
var refusals = map[string]till.Reason{
	"amount_too_small": till.AmountNotAllowed,
	"amount_too_large": till.AmountNotAllowed,

	"api_key_expired":          till.SetUpWrong,
	"secret_key_required":      till.SetUpWrong,
	"platform_api_key_expired": till.SetUpWrong,
	"livemode_mismatch":        till.SetUpWrong,
	"testmode_charges_only":    till.SetUpWrong,
	"account_invalid":          till.SetUpWrong,
	"account_closed":           till.SetUpWrong,
	"url_invalid":              till.SetUpWrong,
	"resource_missing":         till.SetUpWrong,

	// Of a reader (docs.stripe.com/terminal/payments/collect-card-payment,
	// server-driven, "Handle errors").
	"terminal_reader_busy":           till.ReaderNotReady,
	"terminal_reader_offline":        till.ReaderNotReady,
	"terminal_reader_timeout":        till.ReaderNotReady,
	"terminal_reader_hardware_fault": till.ReaderNotReady,
	"intent_invalid_state":           till.OtherReason,
	"customer_canceled":              till.PayerRefused,

	// Of a refund (docs.stripe.com/refunds).
	"charge_already_refunded": till.NotRefundable,
	"charge_disputed":         till.NotRefundable,
	"balance_insufficient":    till.SellerBalance,
	"insufficient_funds":      till.SellerBalance,
}

// declines are the reasons for which a card was refused (docs.stripe.com/
// declines/codes; card_declined and the like stand in docs.stripe.com/error-codes).
var declines = map[string]till.Reason{
	"insufficient_funds": till.NotEnough,

	"card_velocity_exceeded":          till.OverLimit,
	"withdrawal_count_limit_exceeded": till.OverLimit,
	"invalid_amount":                  till.OverLimit,

	"fraudulent":         till.RiskRefused,
	"merchant_blacklist": till.RiskRefused,
	"security_violation": till.RiskRefused,
	"stop_payment_order": till.RiskRefused,

	"issuer_not_available": till.ProviderDown,
	"processing_error":     till.ProviderDown,
	"reenter_transaction":  till.ProviderDown,
	"try_again_later":      till.ProviderDown,

	"customer_canceled": till.PayerRefused,
}

// unspoken are declines of which the cashier is told no more than that the card
// was declined (docs.stripe.com/declines/codes asks for it: the person at the
// counter must not learn that a card is reported stolen).
var unspoken = map[string]bool{"fraudulent": true, "lost_card": true, "stolen_card": true, "merchant_blacklist": true, "pickup_card": true}

// declined returns the reason of a refused card.
func declined(codes ...string) till.Reason {
	for _, c := range codes {
		if r, ok := declines[c]; ok {
			return r
		}
	}
	return till.PayerBlocked
}

// refundFailures are the values of failure_reason of a refund (Refunds).
var refundFailures = map[string]till.Reason{
	"lost_or_stolen_card":                till.PayerBlocked,
	"expired_or_canceled_card":           till.PayerBlocked,
	"declined":                           till.PayerBlocked,
	"charge_for_pending_refund_disputed": till.NotRefundable,
	"insufficient_funds":                 till.SellerBalance,
	"merchant_request":                   till.StoppedByCashier,
}
