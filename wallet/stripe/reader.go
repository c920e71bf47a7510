package stripe

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// A payment at a reader is a PaymentIntent that the reader is told to process
// (docs.stripe.com/terminal/payments/collect-card-payment, server-driven). One
// attempt has one PaymentIntent, by its idempotency key: after a decline it is
// handed to the reader again, since two of them are how customers are charged
// twice. Its handle holds both numbers.

func handleOf(intent, reader string) string { return intent + " " + reader }

// atReader takes a handle apart; the reader of the settings serves where it has
// none.
func (s *adapter) atReader(c wallet.Charge) (intent, reader string) {
	intent, reader, _ = strings.Cut(c.Handle, " ")
	return intent, cmp.Or(reader, s.reader)
}

func (s *adapter) makeIntent(ctx context.Context, kind wallet.CallKind, c wallet.Charge) (intent, *fault, error) {
	var got intent
	n, err := units(c.Amount, c.Currency)
	if err != nil {
		return got, nil, err
	}
	f, err := s.ask(ctx, request{
		kind: kind, number: c.Number, method: http.MethodPost, path: "/v1/payment_intents",
		params: url.Values{
			"amount":                  {strconv.FormatInt(n, 10)},
			"currency":                {strings.ToLower(c.Currency.Code)},
			"payment_method_types[0]": {"card_present"},
			"capture_method":          {"automatic"},
			"description":             {subject(c)},
			"metadata[attempt]":       {c.Number},
		},
		key: c.Number + "-intent",
	}, &got)
	return got, f, err
}

func (s *adapter) startReader(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	id, at := s.atReader(c)
	if id == "" {
		got, f, err := s.makeIntent(ctx, wallet.CallStart, c)
		switch {
		case err != nil:
			return lost(err)
		case f != nil:
			return f.refused(), nil
		}
		if a := s.readIntent(c, got); a.Handle == "" {
			return a, nil
		}
		id = got.ID
	}
	var got reader
	f, err := s.ask(ctx, request{
		kind: wallet.CallStart, number: c.Number, method: http.MethodPost, path: "/v1/terminal/readers/" + url.PathEscape(at) + "/process_payment_intent",
		params: url.Values{
			"payment_intent": {id},
			"process_config[enable_customer_cancellation]": {"true"},
		},
	}, &got)
	a := wallet.Answer{Handle: handleOf(id, at)}
	switch {
	case err != nil && c.Handle != "":
		return lost(err)
	case err != nil:
		// The PaymentIntent was made.
		a = wallet.NoAnswer(err)
	case f != nil && f.definite():
		return s.notTaken(ctx, c, id, at, f)
	case f != nil:
		a = f.unclear()
	case got.Object != "terminal.reader" || got.ID != at || got.Action == nil:
		a = notUnderstood("no reader at work")
	default:
		a.Verdict, a.Said = wallet.Waiting, got.Action.Status
	}
	a.Handle = handleOf(id, at)
	return a, nil
}

// notTaken is the answer when the reader refused a PaymentIntent: first a look
// at that, since the reader may have had it before.
func (s *adapter) notTaken(ctx context.Context, c wallet.Charge, id, at string, f *fault) (wallet.Answer, error) {
	c.Handle = handleOf(id, at)
	a, err := s.queryReader(ctx, c)
	if err != nil {
		a = wallet.NoAnswer(err)
	}
	if a.Verdict == wallet.Missing {
		a = f.refused()
	}
	a.Handle = c.Handle
	return a, nil
}

// readIntent says what a PaymentIntent proves: of its states only succeeded is
// paid and only canceled is the end without payment (PaymentIntents, status).
// One that a card could still be taken for is Waiting.
func (s *adapter) readIntent(c wallet.Charge, got intent) wallet.Answer {
	switch {
	case got.Object != "payment_intent" || !strings.HasPrefix(got.ID, "pi_"):
		return notUnderstood("no PaymentIntent")
	case got.Livemode != s.live:
		return wallet.Answer{Reason: till.SetUpWrong, Said: "the payment is of the other mode (test or live)"}
	case got.Metadata["attempt"] != c.Number:
		return wallet.Answer{Reason: till.NumberReused, Said: "the payment belongs to another number"}
	}
	_, at := s.atReader(c)
	a := wallet.Answer{Verdict: wallet.Waiting, Handle: handleOf(got.ID, at), Provider: got.ID, Said: got.Status}
	switch got.Status {
	case "succeeded":
		amount, code, ok := stated(got.Received, got.Currency)
		if !ok {
			return notUnderstood("an amount that cannot be read")
		}
		a.Verdict, a.Amount, a.Currency, a.Number = wallet.Done, amount, code, got.Metadata["attempt"]
		charged(&a, &got)
	case "canceled":
		a.Verdict, a.Reason = wallet.Closed, till.StoppedByCashier
	case "requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture":
	default:
		return notUnderstood("a payment that is " + got.Status)
	}
	return a
}

// charged takes the time, and whether all of it went back, from the charge.
func charged(a *wallet.Answer, in *intent) {
	ch := in.Charge.Value
	if ch == nil {
		return
	}
	a.PaidAt = at(ch.Created)
	if ch.Refunded > 0 && ch.Refunded >= ch.Amount {
		a.Verdict = wallet.Returned
	}
}

// queryReader asks for the reader's action and then for the PaymentIntent: in
// this order a failed action and a PaymentIntent without a card, seen after it,
// prove that nothing was taken.
func (s *adapter) queryReader(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Handle == "" {
		return s.findIntent(ctx, c)
	}
	id, at := s.atReader(c)
	var r reader
	rf, err := s.ask(ctx, request{
		kind: wallet.CallQuery, number: c.Number, method: http.MethodGet, path: "/v1/terminal/readers/" + url.PathEscape(at),
	}, &r)
	if err != nil {
		return lost(err)
	}
	var got intent
	f, err := s.ask(ctx, request{
		kind: wallet.CallQuery, number: c.Number, method: http.MethodGet, path: "/v1/payment_intents/" + url.PathEscape(id),
		params: url.Values{"expand[]": {"latest_charge"}},
	}, &got)
	switch {
	case err != nil:
		return wallet.NoAnswer(err), nil
	case f != nil && f.missing():
		return wallet.Answer{Verdict: wallet.Missing, Said: f.said()}, nil
	case f != nil:
		return f.unclear(), nil
	case got.ID != id:
		return notUnderstood("another payment than was asked for"), nil
	}
	a := s.readIntent(c, got)
	if a.Verdict != wallet.Waiting || got.Status != "requires_payment_method" {
		return a, nil
	}
	// The PaymentIntent waits for a card; the reader says whether one can come.
	switch {
	case rf != nil && rf.definite():
		a.Verdict, a.Reason, a.Said = wallet.Missing, till.ReaderNotReady, rf.said()
	case rf != nil:
		return rf.unclear(), nil
	case r.Object != "terminal.reader" || r.ID != at:
		return notUnderstood("no reader"), nil
	case r.Action == nil || r.Action.Process == nil || r.Action.Process.Intent.ID != id:
		a.Verdict, a.Said = wallet.Missing, "the reader does not show this payment"
	case r.Action.Status == "failed":
		a.Verdict = wallet.Refused
		a.Reason, a.Said = failure(r.Action, got)
	}
	return a, nil
}

// failure says why the reader's action failed: the card's decline where the
// PaymentIntent tells one, else the reader's own words.
func failure(act *action, in intent) (till.Reason, string) {
	if e := in.LastError; e != nil && (e.DeclineCode != "" || act.FailureCode == "card_declined" || act.FailureCode == e.Code) {
		return declined(e.DeclineCode, e.Code), saidOf(cmp.Or(e.DeclineCode, e.Code), e.Message)
	}
	if r, ok := refusals[act.FailureCode]; ok {
		return r, saidOf(act.FailureCode, act.FailureMessage)
	}
	return declined(act.FailureCode), saidOf(act.FailureCode, act.FailureMessage)
}

// findIntent looks through the PaymentIntents made since the attempt for its
// number.
func (s *adapter) findIntent(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	id := ""
	f, err := search(ctx, s, c, "/v1/payment_intents", "data.latest_charge", func(x intent) (string, bool) {
		if x.Metadata["attempt"] == c.Number {
			id = x.ID
		}
		return x.ID, id != ""
	})
	switch {
	case err != nil:
		return lost(err)
	case f != nil:
		return f.unclear(), nil
	case id == "":
		return wallet.Answer{Verdict: wallet.Missing, Said: "no payment with this number"}, nil
	}
	c.Handle = handleOf(id, s.reader)
	a, err := s.queryReader(ctx, c)
	if err != nil {
		a = wallet.NoAnswer(err)
	}
	a.Handle = c.Handle
	return a, nil
}

// closeReader takes the PaymentIntent from the reader and cancels it. Stripe's
// answer that it is canceled is final (PaymentIntents, cancel: "no additional
// charges will be made"). Where its id never arrived the call that made it is
// repeated with its key, so that the one that comes late is the one that is
// canceled.
func (s *adapter) closeReader(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Handle == "" {
		id, a, err := s.lostIntent(ctx, c)
		if id == "" || err != nil {
			return a, err
		}
		c.Handle = handleOf(id, s.reader)
	} else if err := s.takeFromReader(ctx, c); err != nil {
		return lost(err)
	}
	id, _ := s.atReader(c)
	var got intent
	f, err := s.ask(ctx, request{
		kind: wallet.CallCancel, number: c.Number, method: http.MethodPost, path: "/v1/payment_intents/" + url.PathEscape(id) + "/cancel",
		params: url.Values{"cancellation_reason": {"abandoned"}},
	}, &got)
	a := wallet.Answer{}
	switch {
	case err != nil:
		a = wallet.NoAnswer(err)
	case f != nil:
		// Already paid, canceled or being processed: a query tells which.
		a = f.unclear()
		if a.Repeat = f.again(); f.settled() {
			a.Verdict = wallet.Refused
		}
	case got.ID != id || s.readIntent(c, got).Verdict != wallet.Closed:
		a = notUnderstood("cancel was answered with a payment that is " + got.Status)
	default:
		a = s.readIntent(c, got)
	}
	a.Handle = c.Handle
	return a, nil
}

// takeFromReader clears the reader's screen if it shows this payment; another
// till's payment on it is left alone. What the reader says to it decides
// nothing: the PaymentIntent is cancelled next. An error means that nobody
// could be asked.
func (s *adapter) takeFromReader(ctx context.Context, c wallet.Charge) error {
	id, at := s.atReader(c)
	var r reader
	f, err := s.ask(ctx, request{
		kind: wallet.CallQuery, number: c.Number, method: http.MethodGet, path: "/v1/terminal/readers/" + url.PathEscape(at),
	}, &r)
	if err != nil {
		return err
	}
	if f != nil || r.Action == nil || r.Action.Status != "in_progress" || r.Action.Process == nil || r.Action.Process.Intent.ID != id {
		return nil
	}
	_, _ = s.ask(ctx, request{
		kind: wallet.CallCancel, number: c.Number, method: http.MethodPost, path: "/v1/terminal/readers/" + url.PathEscape(at) + "/cancel_action",
	}, &r) // heard or not: the next call cancels the payment itself
	return nil
}

// lostIntent is lostSession for a reader.
func (s *adapter) lostIntent(ctx context.Context, c wallet.Charge) (id string, a wallet.Answer, err error) {
	if s.now().Sub(c.At) < keyLife-keyMargin {
		got, f, err := s.makeIntent(ctx, wallet.CallCancel, c)
		switch {
		case err != nil:
			a, err = lost(err)
			return "", a, err
		case f == nil:
			if a = s.readIntent(c, got); a.Handle == "" {
				return "", a, nil
			}
			return got.ID, a, nil
		case f.kind != "idempotency_error":
			return "", f.unclear(), nil
		}
	}
	a, err = s.findIntent(ctx, c)
	id, _, _ = strings.Cut(a.Handle, " ")
	return id, a, err
}
