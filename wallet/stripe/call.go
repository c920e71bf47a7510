package stripe

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// A request is one call to Stripe.
type request struct {
	kind   wallet.CallKind
	number string // of the attempt or the refund, for the journal of calls
	method string
	path   string
	params url.Values
	// key makes Stripe carry out a POST once and answer a repetition with the
	// first status and body for 24 hours (docs.stripe.com/api/idempotent_requests).
	key string
}

// A fault is an answer that is no object: Stripe's error (docs.stripe.com/api/errors),
// or what cannot be read.
type fault struct {
	status                              int
	kind, code, decline, param, message string
	readable                            bool
	at                                  time.Time
}

// ask makes one call and reads the answer into into. An error is that of
// wallet.Client.Do; a fault is what Stripe answered instead of the object.
func (s *adapter) ask(ctx context.Context, r request, into any) (*fault, error) {
	_, f, err := s.exchange(ctx, r, into)
	return f, err
}

func (s *adapter) exchange(ctx context.Context, r request, into any) (wallet.Reply, *fault, error) {
	call := wallet.Call{
		Kind: r.kind, Number: r.number, Method: r.method, URL: s.base + r.path,
		Header: http.Header{
			"Authorization":  {"Bearer " + s.key},
			"Stripe-Version": {version},
			"Accept":         {"application/json"},
		},
		Secrets:  []string{s.key},
		Answered: kept,
		Most:     8 << 20,
	}
	if r.method == http.MethodPost {
		call.Body = []byte(r.params.Encode())
		call.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if len(r.params) != 0 {
		call.URL += "?" + r.params.Encode()
	}
	if r.key != "" {
		call.Header.Set("Idempotency-Key", r.key)
	}
	reply, err := s.client.Do(ctx, call)
	if err != nil {
		return reply, nil, err
	}
	if reply.Status == http.StatusOK {
		if err := json.Unmarshal(reply.Body, into); err == nil {
			return reply, nil, nil
		}
		return reply, &fault{status: reply.Status, at: reply.At}, nil
	}
	return reply, readFault(reply), nil
}

func readFault(reply wallet.Reply) *fault {
	var body struct {
		Error struct {
			Type, Code, Param, Message string
			DeclineCode                string `json:"decline_code"`
		}
	}
	f := &fault{status: reply.Status, at: reply.At}
	if json.Unmarshal(reply.Body, &body) == nil && body.Error.Type != "" {
		e := body.Error
		f.kind, f.code, f.decline, f.param, f.message, f.readable = e.Type, e.Code, e.DeclineCode, e.Param, e.Message, true
	}
	return f
}

// definite reports whether Stripe certainly did not carry the request out: it
// says so itself, with 400 to 404 (docs.stripe.com/error-low-level: content
// errors). 409 and 429 are about other requests at the same time, an
// idempotency error about an earlier one with the same key, and 5xx leave open
// what happened.
func (f *fault) definite() bool {
	if !f.readable || f.kind != "invalid_request_error" && f.kind != "card_error" {
		return false
	}
	switch f.status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
		return f.code != "idempotency_key_in_use" && f.code != "lock_timeout"
	}
	return false
}

// missing reports whether Stripe knows no such object.
func (f *fault) missing() bool {
	return f.definite() && f.status == http.StatusNotFound
}

func (f *fault) said() string {
	switch {
	case !f.readable && f.status >= 500:
		return "HTTP " + http.StatusText(f.status)
	case !f.readable:
		return "an answer that cannot be read"
	case f.kind == "card_error":
		return saidOf(cmp.Or(f.decline, f.code), f.message)
	}
	return saidOf(cmp.Or(f.code, f.kind), f.message)
}

// saidOf joins a code and Stripe's words, without what must not be spoken.
func saidOf(code, words string) string {
	if unspoken[code] {
		code, words = "card_declined", ""
	}
	if words == "" {
		return code
	}
	if len(words) > 200 {
		words = strings.ToValidUTF8(words[:200], "")
	}
	return code + ": " + words
}

func (f *fault) reason() till.Reason {
	switch {
	case !f.readable && f.status < 500:
		return till.NotUnderstood
	case f.again():
		return till.ProviderDown
	case f.kind == "idempotency_error":
		return till.NumberReused
	case f.kind == "card_error":
		return declined(f.decline, f.code)
	case f.status == http.StatusUnauthorized, f.status == http.StatusForbidden:
		return till.SetUpWrong
	}
	if r, ok := refusals[f.code]; ok {
		return r
	}
	return till.OtherReason
}

// again reports whether the same request may be carried out later.
func (f *fault) again() bool {
	return f.status >= 500 || f.status == http.StatusConflict || f.status == http.StatusTooManyRequests
}

// settled reports whether Stripe understood the request and will not do it: the
// object is not in a state for it (docs.stripe.com/error-low-level).
func (f *fault) settled() bool { return f.definite() && f.status == http.StatusBadRequest }

// unclear is the answer to a question that a fault came back for.
func (f *fault) unclear() wallet.Answer {
	a := wallet.Answer{Reason: f.reason(), Said: f.said()}
	if f.status == http.StatusConflict || f.status == http.StatusTooManyRequests {
		a.Again = 5 * time.Second
	}
	return a
}

// refused is the answer to a request for money that a fault came back for.
func (f *fault) refused() wallet.Answer {
	a := f.unclear()
	if f.definite() {
		a.Verdict = wallet.Refused
	}
	return a
}

// notUnderstood is the answer to an object that is not what was asked for.
func notUnderstood(what string) wallet.Answer {
	return wallet.Answer{Reason: till.NotUnderstood, Said: what}
}

// lost is what becomes of an error of a call: an error where nothing was sent,
// an unclear answer after any other.
func lost(err error) (wallet.Answer, error) {
	if errors.Is(err, wallet.ErrNotSent) {
		return wallet.Answer{}, err
	}
	return wallet.NoAnswer(err), nil
}

// kept is an answer as the journal of calls keeps it: none of these fields of
// Stripe's objects says who paid.
var kept = wallet.KeepOnly(`id object status payment_status mode livemode created expires_at amount amount_total amount_received
	amount_refunded refunded currency client_reference_id metadata attempt refund payment_intent latest_charge data has_more
	error type code decline_code param message last_payment_error action failure_code failure_message process_payment_intent
	cancellation_reason canceled_at failure_reason fee net source`)
