package stripe

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// expiry is when an unpaid session closes by itself. Stripe wants 30 minutes to
// 24 hours after it is made (Checkout Sessions, expires_at). It follows from
// the attempt alone, so that a repeated call says the same; the ten minutes
// more bear a clock that is behind and a call that is late. A request that
// arrives later still is refused because of it: what was lost on the way
// cannot become payable.
func expiry(c wallet.Charge) time.Time {
	t := c.At.Add(40 * time.Minute)
	if c.Until.After(t) {
		t = c.Until
	}
	if last := c.At.Add(23 * time.Hour); t.After(last) {
		t = last
	}
	return t
}

func (s *adapter) sessionParams(c wallet.Charge) (url.Values, error) {
	n, err := units(c.Amount, c.Currency)
	if err != nil {
		return nil, err
	}
	v := url.Values{
		"mode":                                          {"payment"},
		"submit_type":                                   {"pay"},
		"success_url":                                   {s.success},
		"client_reference_id":                           {c.Number},
		"metadata[attempt]":                             {c.Number},
		"expires_at":                                    {strconv.FormatInt(expiry(c).Unix(), 10)},
		"payment_intent_data[metadata][attempt]":        {c.Number},
		"line_items[0][quantity]":                       {"1"},
		"line_items[0][price_data][currency]":           {strings.ToLower(c.Currency.Code)},
		"line_items[0][price_data][unit_amount]":        {strconv.FormatInt(n, 10)},
		"line_items[0][price_data][product_data][name]": {subject(c)},
		// Prices in the customer's own currency would state another amount.
		"adaptive_pricing[enabled]": {"false"},
	}
	for i, m := range s.methods {
		v.Set("payment_method_types["+strconv.Itoa(i)+"]", m)
		if m == "wechat_pay" {
			v.Set("payment_method_options[wechat_pay][client]", "web")
		}
	}
	return v, nil
}

// subject is what the customer reads; Stripe refuses an empty one.
func subject(c wallet.Charge) string {
	s := []rune(strings.TrimSpace(c.Subject))
	if len(s) == 0 {
		return c.Number
	}
	if len(s) > 250 {
		s = s[:250]
	}
	return string(s)
}

// makeSession makes the session, or hears of the one that was made before.
func (s *adapter) makeSession(ctx context.Context, kind wallet.CallKind, c wallet.Charge) (session, *fault, error) {
	var got session
	params, err := s.sessionParams(c)
	if err != nil {
		return got, nil, err
	}
	f, err := s.ask(ctx, request{
		kind: kind, number: c.Number, method: http.MethodPost, path: "/v1/checkout/sessions", params: params, key: c.Number + "-session",
	}, &got)
	return got, f, err
}

func (s *adapter) startSession(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	got, f, err := s.makeSession(ctx, wallet.CallStart, c)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.tooLate():
		a := f.refused()
		a.Reason = till.ClockWrong
		if s.now().Sub(c.At) > 5*time.Minute {
			a.Reason = till.TimedOut
		}
		return a, nil
	case f != nil:
		return f.refused(), nil
	}
	a := s.readSession(c, got)
	if a.Verdict == wallet.Waiting && a.QR == "" && got.Status == "open" {
		return notUnderstood("a session without an address"), nil
	}
	return a, nil
}

// tooLate reports whether a session was refused because its end would be too
// near.
func (f *fault) tooLate() bool { return f.definite() && f.param == "expires_at" }

func (s *adapter) now() time.Time {
	if s.client.Now != nil {
		return s.client.Now()
	}
	return time.Now()
}

// readSession says what a session proves. Only complete and paid is paid;
// expired is final (Checkout Sessions, status and payment_status).
func (s *adapter) readSession(c wallet.Charge, got session) wallet.Answer {
	switch {
	case got.Object != "checkout.session" || !strings.HasPrefix(got.ID, "cs_") || got.Mode != "payment":
		return notUnderstood("no Checkout Session")
	case got.Livemode != s.live:
		return wallet.Answer{Reason: till.SetUpWrong, Said: "the session is of the other mode (test or live)"}
	case got.Reference != c.Number:
		return wallet.Answer{Reason: till.NumberReused, Said: "the session belongs to another number"}
	}
	a := wallet.Answer{Handle: got.ID, Provider: got.Intent.ID, Said: got.Status + " " + got.PaymentStatus}
	switch {
	case got.Status == "open":
		a.Verdict = wallet.Waiting
		if u, err := url.Parse(got.URL); err == nil && u.Host != "" && (u.Scheme == "https" || !s.live && u.Scheme == "http") {
			a.QR = got.URL
		}
	case got.Status == "expired":
		a.Verdict, a.Reason = wallet.Closed, till.TimedOut
	case got.Status == "complete" && got.PaymentStatus == "unpaid":
		// A method that reports later, such as a bank debit.
		a.Verdict = wallet.Waiting
	case got.Status == "complete" && got.PaymentStatus == "paid":
		return s.paid(a, c, got)
	default:
		return notUnderstood("a session that is " + got.Status + " and " + got.PaymentStatus)
	}
	return a
}

func (s *adapter) paid(a wallet.Answer, c wallet.Charge, got session) wallet.Answer {
	if got.Total == nil || got.Intent.ID == "" {
		return notUnderstood("a paid session that states no amount or no payment")
	}
	amount, code, ok := stated(*got.Total, got.Currency)
	if !ok {
		return notUnderstood("an amount that cannot be read")
	}
	a.Verdict, a.Amount, a.Currency, a.Number = wallet.Done, amount, code, got.Reference
	if in := got.Intent.Value; in != nil {
		if in.Status != "succeeded" {
			return notUnderstood("a paid session whose payment is " + in.Status)
		}
		charged(&a, in)
	}
	return a
}

func (s *adapter) querySession(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if c.Handle == "" {
		return s.findSession(ctx, c)
	}
	var got session
	f, err := s.ask(ctx, request{
		kind: wallet.CallQuery, number: c.Number, method: http.MethodGet, path: "/v1/checkout/sessions/" + url.PathEscape(c.Handle),
		params: url.Values{"expand[]": {"payment_intent.latest_charge"}},
	}, &got)
	switch {
	case err != nil:
		return lost(err)
	case f != nil && f.missing():
		return wallet.Answer{Verdict: wallet.Missing, Said: f.said()}, nil
	case f != nil:
		return f.unclear(), nil
	case got.ID != c.Handle:
		return notUnderstood("another session than was asked for"), nil
	}
	return s.readSession(c, got), nil
}

// findSession looks through the sessions made since the attempt for its number.
func (s *adapter) findSession(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	var found *session
	f, err := search(ctx, s, c, "/v1/checkout/sessions", "data.payment_intent.latest_charge", func(x session) (id string, stop bool) {
		if x.Reference == c.Number {
			found = &x
		}
		return x.ID, found != nil
	})
	switch {
	case err != nil:
		return lost(err)
	case f != nil:
		return f.unclear(), nil
	case found == nil:
		return wallet.Answer{Verdict: wallet.Missing, Said: "no session with this number"}, nil
	}
	return s.readSession(c, *found), nil
}

// pagesMost bounds a search, 100 objects to a page.
const pagesMost = 20

// search hands the objects of a list to see until it says stop, newest first,
// of the time in which the attempt's can have been made: from ten minutes
// before it, for clocks, to the end of its keys.
func search[T any](ctx context.Context, s *adapter, c wallet.Charge, path, expand string, see func(T) (id string, stop bool)) (*fault, error) {
	params := url.Values{
		"limit":        {"100"},
		"created[gte]": {strconv.FormatInt(c.At.Add(-10*time.Minute).Unix(), 10)},
		"created[lte]": {strconv.FormatInt(c.At.Add(keyLife+10*time.Minute).Unix(), 10)},
		"expand[]":     {expand},
	}
	for range pagesMost {
		var page list[T]
		f, err := s.ask(ctx, request{kind: wallet.CallQuery, number: c.Number, method: http.MethodGet, path: path, params: params}, &page)
		if f != nil || err != nil {
			return f, err
		}
		if page.Object != "list" {
			return &fault{status: http.StatusOK}, nil
		}
		last := ""
		for _, x := range page.Data {
			id, stop := see(x)
			if stop {
				return nil, nil
			}
			last = id
		}
		if !page.More {
			return nil, nil
		}
		if last == "" {
			break
		}
		params.Set("starting_after", last)
	}
	return &fault{status: http.StatusOK}, nil
}

// lostSession finds the id of a session whose making was not answered. The
// call is repeated with its key: Stripe answers with the session if there is
// one, and makes it otherwise. A repetition that comes too late for expires_at
// proves that there was none and that none can come (see expiry). Without an
// id, the answer says what is known.
func (s *adapter) lostSession(ctx context.Context, c wallet.Charge) (id string, a wallet.Answer, err error) {
	if s.now().Sub(c.At) < keyLife-keyMargin {
		got, f, err := s.makeSession(ctx, wallet.CallCancel, c)
		switch {
		case err != nil:
			a, err = lost(err)
			return "", a, err
		case f == nil:
			a = s.readSession(c, got)
			return a.Handle, a, nil
		case f.tooLate():
			return "", wallet.Answer{Verdict: wallet.Closed, Reason: till.TimedOut, Said: f.said()}, nil
		case f.kind != "idempotency_error":
			return "", f.unclear(), nil
		}
		// Another subject or page than then, from changed settings.
	}
	a, err = s.findSession(ctx, c)
	return a.Handle, a, err
}

// closeSession expires the session. Stripe's answer that it is expired is
// final: nobody can pay on it any more (Checkout Sessions, expire).
func (s *adapter) closeSession(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	id := c.Handle
	if id == "" {
		var a wallet.Answer
		var err error
		if id, a, err = s.lostSession(ctx, c); id == "" || err != nil {
			return a, err
		}
	}
	var got session
	f, err := s.ask(ctx, request{
		kind: wallet.CallCancel, number: c.Number, method: http.MethodPost, path: "/v1/checkout/sessions/" + url.PathEscape(id) + "/expire",
	}, &got)
	a := wallet.Answer{}
	switch {
	case err != nil && c.Handle != "":
		return lost(err)
	case err != nil:
		a = wallet.NoAnswer(err)
	case f != nil:
		// Only an open session can be expired: any other has its end already,
		// and a query tells which.
		a = f.unclear()
		if a.Repeat = f.again(); f.settled() {
			a.Verdict = wallet.Refused
		}
	case got.ID != id || s.readSession(c, got).Verdict != wallet.Closed:
		a = notUnderstood("expire was answered with a session that is " + got.Status)
	default:
		a = s.readSession(c, got)
		a.Reason = till.StoppedByCashier
	}
	a.Handle = id
	return a, nil
}
