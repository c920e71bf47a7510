package paypal

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// A request is one call to PayPal: a POST where there is a body, else a GET.
type request struct {
	kind   wallet.CallKind
	number string // of the attempt or the refund, for the journal of calls
	path   string
	query  url.Values
	body   any
	// key makes PayPal answer a repetition with what the first call did
	// (PayPal-Request-Id).
	key string
}

// A fault is an answer that is no object: PayPal's error (Orders v2, error), or
// what cannot be read.
type fault struct {
	status               int
	name, issue, message string
	readable             bool
}

// ask makes one call and reads the answer into into. An error is that of
// wallet.Client.Do; where no token could be had it says ErrNotSent, since the
// call itself was not made. A fault is what PayPal answered instead of the
// object.
func (p *adapter) ask(ctx context.Context, r request, into any) (*fault, error) {
	token, f, err := p.signOn(ctx)
	if err != nil || f != nil {
		if f != nil {
			err = f.tokenError()
		}
		if errors.Is(err, wallet.ErrNotSent) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: no token: %w", wallet.ErrNotSent, err)
	}
	call := wallet.Call{
		Kind: r.kind, Number: r.number, Method: http.MethodGet, URL: p.base + r.path,
		Header:   http.Header{"Authorization": {"Bearer " + token}, "Accept": {"application/json"}},
		Secrets:  []string{p.secret, token},
		Answered: kept,
		Most:     8 << 20,
	}
	if r.body != nil {
		call.Method = http.MethodPost
		if call.Body, err = json.Marshal(r.body); err != nil {
			return nil, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
		}
		call.Header.Set("Content-Type", "application/json")
		call.Header.Set("Prefer", "return=representation")
		call.Header.Set("PayPal-Request-Id", r.key)
	}
	if len(r.query) != 0 {
		call.URL += "?" + r.query.Encode()
	}
	reply, err := p.client.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	if reply.Status == http.StatusOK || reply.Status == http.StatusCreated {
		if strict(reply.Body, into) {
			return nil, nil
		}
		return &fault{status: reply.Status}, nil
	}
	if reply.Status == http.StatusUnauthorized {
		// Revoked before its time: the next call gets another.
		p.forget(token)
	}
	return readFault(reply), nil
}

// strict reads one JSON object and nothing after it.
func strict(body []byte, into any) bool {
	return len(bytes.TrimSpace(body)) > 0 && bytes.TrimSpace(body)[0] == '{' && json.Unmarshal(body, into) == nil
}

// tokenMargin is how long before its end a token is no longer used.
const tokenMargin = 5 * time.Minute

// signOn returns the token of the account, which is kept in memory alone
// (developer.paypal.com/api/rest/authentication, client credentials).
func (p *adapter) signOn(ctx context.Context) (string, *fault, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token != "" && p.now().Before(p.expires) {
		return p.token, nil, nil
	}
	_, f, err := p.newToken(ctx, wallet.CallToken)
	return p.token, f, err
}

// newToken fetches a token; p.mu is held.
func (p *adapter) newToken(ctx context.Context, kind wallet.CallKind) (wallet.Reply, *fault, error) {
	p.token = ""
	basic := base64.StdEncoding.EncodeToString([]byte(p.id + ":" + p.secret))
	reply, err := p.client.Do(ctx, wallet.Call{
		Kind: kind, Method: http.MethodPost, URL: p.base + "/v1/oauth2/token",
		Header: http.Header{
			"Authorization": {"Basic " + basic}, "Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"},
		},
		Body:    []byte("grant_type=client_credentials"),
		Secrets: []string{p.secret, basic}, Answered: kept,
	})
	if err != nil {
		return reply, nil, err
	}
	if reply.Status != http.StatusOK {
		return reply, readFault(reply), nil
	}
	var got struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Seconds int64  `json:"expires_in"`
	}
	if !strict(reply.Body, &got) || got.Token == "" || got.Type != "Bearer" || got.Seconds <= 0 {
		return reply, &fault{status: reply.Status}, nil
	}
	life := time.Duration(min(got.Seconds, 24*3600)) * time.Second
	p.token, p.expires = got.Token, p.now().Add(max(life-tokenMargin, life/2))
	return reply, nil, nil
}

// forget drops a token that PayPal no longer takes.
func (p *adapter) forget(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token == token {
		p.token = ""
	}
}

func readFault(reply wallet.Reply) *fault {
	var body struct {
		Name, Message string
		Details       []struct{ Issue, Description, Field string }
		// Of the token endpoint (RFC 6749, section 5.2).
		Error            string
		ErrorDescription string `json:"error_description"`
	}
	f := &fault{status: reply.Status}
	if !strict(reply.Body, &body) {
		return f
	}
	f.name, f.message = cmp.Or(body.Name, body.Error), cmp.Or(body.Message, body.ErrorDescription)
	if len(body.Details) > 0 {
		f.issue = body.Details[0].Issue
		f.message = cmp.Or(body.Details[0].Description, f.message)
	}
	f.readable = f.name != ""
	return f
}

// semantic reports whether PayPal says that it understood the request and did
// not carry it out (Orders v2, error_422).
func (f *fault) semantic() bool {
	return f.readable && f.status == http.StatusUnprocessableEntity && f.issue != ""
}

// definite reports whether PayPal certainly did not carry the request out. 409
// is about another request with the same key at the same time, and 5xx leave
// open what happened.
func (f *fault) definite() bool {
	if !f.readable {
		return false
	}
	switch f.status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

func (f *fault) missing() bool { return f.readable && f.status == http.StatusNotFound }

func (f *fault) said() string {
	switch {
	case !f.readable && f.status >= 500:
		return "HTTP " + http.StatusText(f.status)
	case !f.readable:
		return "an answer that cannot be read"
	}
	s := cmp.Or(f.issue, f.name)
	if f.message != "" {
		s += ": " + cut(f.message, 200, "")
	}
	return s
}

func (f *fault) reason() till.Reason {
	switch {
	case !f.readable && f.status < 500:
		return till.NotUnderstood
	case f.status >= 500, f.status == http.StatusTooManyRequests, f.status == http.StatusConflict:
		return till.ProviderDown
	case f.status == http.StatusUnauthorized, f.status == http.StatusForbidden:
		return till.SetUpWrong
	}
	if r, ok := refusals[f.issue]; ok {
		return r
	}
	return till.OtherReason
}

func (f *fault) unclear() wallet.Answer {
	a := wallet.Answer{Reason: f.reason(), Said: f.said()}
	if f.status == http.StatusTooManyRequests || f.status == http.StatusConflict {
		a.Again = 5 * time.Second
	}
	return a
}

func (f *fault) refused() wallet.Answer {
	a := f.unclear()
	if f.definite() {
		a.Verdict = wallet.Refused
	}
	return a
}

// tokenError is a refused token: the client ID or its secret.
func (f *fault) tokenError() error {
	if f.readable && f.status == http.StatusUnauthorized {
		return &wallet.FieldError{Field: fieldSecret, Reason: till.SetUpWrong, Detail: "PayPal does not know this client ID with this secret (" + f.name + ")"}
	}
	return errors.New(f.said())
}

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

// kept is an answer as the journal of calls keeps it: none of these fields says
// who paid.
var kept = wallet.KeepOnly(`id status intent purchase_units reference_id custom_id invoice_id amount currency_code value payments captures
	refunds status_details reason create_time update_time name message debug_id details issue field payee merchant_id token_type
	expires_in error error_description total_items total_pages page last_refreshed_datetime`)
