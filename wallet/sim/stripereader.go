package sim

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
)

// makeIntent makes a PaymentIntent for a reader (PaymentIntents, create).
func (p *Stripe) makeIntent(q url.Values) (stripeObject, *stripeError) {
	if q.Get("payment_method_types[0]") != "card_present" {
		return nil, stripeBad("", "payment_method_types[0]", "This simulator has card_present alone")
	}
	amount, code, e := stripeAmount(q.Get("amount"), q.Get("currency"), "amount")
	if e != nil {
		return nil, e
	}
	pay, err := p.s.Make(Payment{
		Platform: p.Name(), Number: p.own(q.Get("metadata[attempt]")), Amount: amount, Currency: code, Subject: q.Get("description"),
		Kept: map[string]string{"intent": p.id("pi_"), "attempt": q.Get("metadata[attempt]")},
	})
	if err != nil {
		return nil, &stripeError{http.StatusInternalServerError, "api_error", "", "", err.Error()}
	}
	return p.render(pay.Number), nil
}

// cancelIntent cancels a PaymentIntent that nobody paid; a paid or canceled one
// is an error (PaymentIntents, cancel).
func (p *Stripe) cancelIntent(id string) (stripeObject, *stripeError) {
	pay, ok := p.find("intent", id)
	switch {
	case !ok:
		return nil, stripeMissing("payment_intent", id)
	case pay.State != Created && pay.State != Waiting:
		return nil, stripeBad("payment_intent_unexpected_state", "", "You cannot cancel this PaymentIntent because it has a status of "+p.intent(pay, Twist{})["status"].(string)+".")
	}
	if err := p.s.Close(p.Name(), pay.Number, "cancelled by the merchant"); err != nil {
		return nil, stripeBad("payment_intent_unexpected_state", "", "You cannot cancel this PaymentIntent because it has a status of succeeded.")
	}
	return p.render(pay.Number), nil
}

func (p *Stripe) routeReader(post bool, path []string, q url.Values) (stripeAct, *regexp.Regexp) {
	check := func(do func() (stripeObject, *stripeError)) func() (stripeObject, *stripeError) {
		return func() (stripeObject, *stripeError) {
			if path[0] != p.reader.id {
				return nil, stripeMissing("terminal.reader", path[0])
			}
			p.settleReader()
			return do()
		}
	}
	shows := func() string { p.mu.Lock(); defer p.mu.Unlock(); return p.numberOf("intent", p.reader.intent) }
	switch {
	case len(path) == 1 && !post:
		return stripeAct{OpQuery, shows(), check(func() (stripeObject, *stripeError) { return p.readerObject(), nil })}, stripeNone
	case len(path) == 2 && path[1] == "process_payment_intent" && post:
		id := q.Get("payment_intent")
		return stripeAct{OpStart, p.numberOf("intent", id), check(func() (stripeObject, *stripeError) { return p.process(id) })}, stripeProcess
	case len(path) == 2 && path[1] == "cancel_action" && post:
		return stripeAct{OpCancel, shows(), check(func() (stripeObject, *stripeError) {
			if p.reader.status == "in_progress" {
				p.reader.intent, p.reader.status = "", ""
			}
			return p.readerObject(), nil
		})}, stripeNone
	}
	return stripeAct{}, nil
}

// process shows a PaymentIntent on the reader (docs.stripe.com/terminal/
// payments/collect-card-payment, server-driven, "Handle errors").
func (p *Stripe) process(id string) (stripeObject, *stripeError) {
	pay, ok := p.find("intent", id)
	switch {
	case !ok:
		return nil, stripeMissing("payment_intent", id)
	case p.reader.offline:
		return nil, stripeBad("terminal_reader_offline", "", "Reader is currently offline, please ensure the reader is powered on and connected to the internet before retrying your request.")
	case p.reader.status == "in_progress" && p.reader.intent != id:
		return nil, stripeBad("terminal_reader_busy", "", "Reader is currently busy processing another request.")
	case pay.State != Created:
		return nil, stripeBad("intent_invalid_state", "", "Payment intent must be in requires_payment_method to be processed.")
	}
	p.reader.intent, p.reader.status, p.reader.failure, p.reader.words = id, "in_progress", "", ""
	return p.readerObject(), nil
}

// settleReader ends the reader's action when the payment it shows has ended.
func (p *Stripe) settleReader() {
	pay, ok := p.find("intent", p.reader.intent)
	if !ok || p.reader.status != "in_progress" {
		return
	}
	switch pay.State {
	case Paid, Reversed:
		p.reader.status = "succeeded"
	case Closed:
		p.reader.status, p.reader.failure, p.reader.words = "failed", "intent_invalid_state", "The PaymentIntent was canceled."
	case Created, Waiting:
	}
}

func (p *Stripe) readerObject() stripeObject {
	r := p.reader
	return func(Twist) map[string]any {
		m := map[string]any{
			"id": r.id, "object": "terminal.reader", "device_type": "stripe_s700", "label": "Counter", "livemode": false, "serial_number": "simulated",
			"metadata": map[string]any{}, "status": "online", "action": nil,
		}
		if r.offline {
			m["status"] = "offline"
		}
		if r.intent != "" {
			a := map[string]any{
				"type": "process_payment_intent", "status": r.status, "failure_code": nil, "failure_message": nil,
				"process_payment_intent": map[string]any{"payment_intent": r.intent},
			}
			if r.failure != "" {
				a["failure_code"], a["failure_message"] = r.failure, r.words
			}
			m["action"] = a
		}
		return m
	}
}

// ErrNotShown means that the reader does not show the payment.
var ErrNotShown = errors.New("the reader does not show it")

// Decline lets the bank refuse the card that is held to the reader.
func (p *Stripe) Decline(number, code string) error {
	return p.endAction(number, "card_declined", "Your card was declined.", code)
}

// LeaveReader lets the customer press cancel on the reader, or nobody come
// (failure code terminal_reader_timeout).
func (p *Stripe) LeaveReader(number, failure string) error {
	return p.endAction(number, failure, "No card was taken.", "")
}

func (p *Stripe) endAction(number, failure, words, declined string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reader.status != "in_progress" || p.numberOf("intent", p.reader.intent) != number {
		return ErrNotShown
	}
	p.reader.status, p.reader.failure, p.reader.words = "failed", failure, words
	_, err := p.s.Do(p.Name(), number, func(pay *Payment) error {
		pay.Kept["declined"] = declined
		pay.note("the reader failed: %s %s", failure, declined)
		return nil
	})
	return err
}

// SwitchReader takes the reader off the network, or brings it back.
func (p *Stripe) SwitchReader(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reader.offline = !on
}
