package wallet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"guitai/till"
)

// CallKind is what a call is for.
type CallKind string

// The kinds of call.
const (
	CallStart       CallKind = "start"
	CallQuery       CallKind = "query"
	CallCancel      CallKind = "cancel"
	CallCapture     CallKind = "capture" // PayPal: takes the money of an approved order
	CallRefund      CallKind = "refund"
	CallQueryRefund CallKind = "query_refund"
	CallBill        CallKind = "bill"
	CallProbe       CallKind = "probe"
	CallToken       CallKind = "token"
)

// moves reports whether the call can move money, so that it is never made
// twice by the transport.
func (k CallKind) moves() bool {
	switch k {
	case CallStart, CallCancel, CallCapture, CallRefund:
		return true
	}
	return false
}

// A CallLog is the append-only journal of calls. Began is durable before it
// returns; where it fails nothing is sent.
type CallLog interface {
	Began(ctx context.Context, c CallRecord) (id int64, err error)
	Ended(ctx context.Context, id int64, c CallRecord) error
}

// A CallRecord is one call as it is kept: redacted.
type CallRecord = till.WalletCall

// A Client makes the calls of one account: each journaled before it is sent and
// once it is answered, with a deadline of its own, no redirects, no retries.
type Client struct {
	Wallet   string
	Calls    CallLog          // nil: calls are not kept
	Deadline time.Duration    // of one call; 0: 10 s
	Now      func() time.Time // nil: time.Now
	// Skew hears how far this machine's clock is ahead of the provider's, from
	// the Date of its answers; it may be nil.
	Skew func(time.Duration)

	tls         *tls.Config
	asks, moves atomic.Pointer[http.Client]
}

// WithTLS returns a client of the same account that uses cfg: a client
// certificate, roots of its own. Certificates are always verified.
func (c *Client) WithTLS(cfg *tls.Config) *Client {
	return &Client{Wallet: c.Wallet, Calls: c.Calls, Deadline: c.Deadline, Now: c.Now, Skew: c.Skew, tls: cfg}
}

// TLS returns a copy of what connections are made with, for a client that adds
// its own certificate to it.
func (c *Client) TLS() *tls.Config {
	if c.tls == nil {
		return &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return c.tls.Clone()
}

// A Call is one request.
type Call struct {
	Kind   CallKind
	Number string
	Method string
	URL    string
	Header http.Header
	Body   []byte
	// Secrets are values that must not be kept: the customer's code, a token,
	// in whatever form they stand in the body, the URL or the answer.
	Secrets []string
	// Asked and Answered return what is kept of a body; nil: Redact, which knows
	// the names of JSON, XML and form fields that are secret. An encrypted body
	// needs its own.
	Asked, Answered func(body []byte) string
	Most            int64 // bytes of an answer; 0: 1 MiB
	// MayRepeat allows the transport to use a kept connection for a call that
	// moves money: only where the provider replays by an idempotency key.
	MayRepeat bool
}

// A Reply is what came back.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	At     time.Time
}

// ErrNotSent is in the chain of an error of Client.Do when no byte of the
// request can have reached the provider.
var ErrNotSent = errors.New("nothing was sent")

// errNoRedirect ends a call that the provider wants to send elsewhere.
var errNoRedirect = errors.New("the provider answered with a redirect")

// Do makes one call. An error with ErrNotSent in its chain is proof that
// nothing was sent; after any other nobody knows.
func (c *Client) Do(ctx context.Context, call Call) (Reply, error) {
	if err := ctx.Err(); err != nil {
		return Reply{}, fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	deadline := c.Deadline
	if deadline == 0 {
		deadline = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, call.Method, call.URL, bytes.NewReader(call.Body))
	if err != nil {
		return Reply{}, fmt.Errorf("%w: %w", ErrNotSent, bare(err))
	}
	// Without it the transport cannot send the body a second time; and a GET
	// without any body it would repeat by itself when a kept connection ends.
	req.GetBody = nil
	if call.Method == http.MethodGet {
		req.Body = io.NopCloser(bytes.NewReader(nil))
	}
	for k, v := range call.Header {
		req.Header[k] = v
	}
	at := *req.URL
	at.RawQuery, at.User = "", nil
	rec := CallRecord{
		Wallet: c.Wallet, Kind: string(call.Kind), Number: call.Number, Method: call.Method, URL: at.String(),
		Hash: hash(call.Body), Began: c.now(), Asked: kept(call.Asked, call.Body, call.Secrets),
	}
	if call.Method == http.MethodGet && req.URL.RawQuery != "" && call.Asked == nil {
		rec.Asked = Redact([]byte(req.URL.RawQuery), call.Secrets...)
	}
	var id int64
	if c.Calls != nil {
		// A write that is cut off in the middle would make the ledger start again;
		// where time is over meanwhile, nothing is sent.
		if id, err = c.Calls.Began(context.WithoutCancel(ctx), rec); err != nil {
			return Reply{}, fmt.Errorf("%w: note the call: %w", ErrNotSent, err)
		}
	}
	reply, sent, err := c.send(req, call)
	rec.Ended = c.now()
	rec.Status = reply.Status
	if err != nil {
		rec.Fault = scrub(err.Error(), call.Secrets)
	} else {
		rec.Answered = kept(call.Answered, reply.Body, call.Secrets)
	}
	if c.Calls != nil {
		// The answer is kept although the caller's time may be over; where that
		// fails, the attempt is asked about again.
		if e := c.Calls.Ended(context.WithoutCancel(ctx), id, rec); e != nil && err == nil {
			err = fmt.Errorf("note the answer: %w", e)
		}
	}
	if err != nil && !sent {
		return Reply{}, fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	if err != nil {
		return Reply{}, err
	}
	if c.Skew != nil {
		if at, e := http.ParseTime(reply.Header.Get("Date")); e == nil {
			c.Skew(reply.At.Sub(at))
		}
	}
	return reply, nil
}

// bare leaves the address out of an error: in its query some providers take the
// customer's code.
func bare(err error) error {
	if ue := (*url.Error)(nil); errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

func (c *Client) send(req *http.Request, call Call) (reply Reply, sent bool, err error) {
	// Once there is a connection, bytes may have left.
	var connected atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	resp, err := c.http(call.Kind.moves() && !call.MayRepeat).Do(req)
	if err != nil {
		return Reply{}, connected.Load(), bare(err)
	}
	defer resp.Body.Close()
	most := call.Most
	if most == 0 {
		most = 1 << 20
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err == nil && int64(len(body)) > most {
		err = fmt.Errorf("the answer is longer than %d bytes", most)
	}
	return Reply{Status: resp.StatusCode, Header: resp.Header, Body: body, At: c.now()}, true, err
}

// http returns the client for calls that move money, which never uses a kept
// connection, or for those that ask.
func (c *Client) http(moves bool) *http.Client {
	at := &c.asks
	if moves {
		at = &c.moves
	}
	if h := at.Load(); h != nil {
		return h
	}
	cfg := c.tls
	if cfg == nil {
		cfg = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	h := &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSClientConfig:     cfg,
			TLSHandshakeTimeout: 5 * time.Second,
			DisableKeepAlives:   moves,
			IdleConnTimeout:     20 * time.Second,
			MaxIdleConnsPerHost: 4,
			ForceAttemptHTTP2:   !moves,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errNoRedirect },
	}
	if !at.CompareAndSwap(nil, h) {
		h = at.Load()
	}
	return h
}

// Close ends what is kept open.
func (c *Client) Close() {
	for _, h := range []*http.Client{c.asks.Load(), c.moves.Load()} {
		if h != nil {
			h.CloseIdleConnections()
		}
	}
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func hash(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

// NoAnswer is the Answer to a call that failed: unclear, with the reason.
func NoAnswer(err error) Answer {
	a := Answer{Reason: till.NoNetwork, Said: "no answer"}
	var ne net.Error
	switch {
	case errors.As(err, &ne) && ne.Timeout():
		a.Said = "no answer in time"
	case errors.Is(err, errNoRedirect):
		a.Reason, a.Said = till.NotUnderstood, "redirect"
	}
	return a
}
