// Package client is the till's end of the wire to a hub: it signs what it sends
// (Standard Webhooks 1.0.0, scheme v1a), checks what the hub signed, and says in
// words of its own what went wrong. It keeps nothing and repeats nothing but a
// request whose clock was off; when to try again is its user's business.
package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"guitai/hub/wire"
)

// A Place is a hub as an enrolment link names it.
type Place struct {
	Base string // https://HOST:PORT
	Hub  string // id; learnt from the hub where empty
	Cert string // SHA-256 of the certificate's public key in hexadecimal; empty: the system's roots decide
}

// ParseLink reads the link that comes with an enrolment code:
// https://HOST:PORT/#cert=...&hub=...
func ParseLink(link string) (Place, error) {
	base, rest, _ := strings.Cut(strings.TrimSpace(link), "#")
	p := Place{Base: strings.TrimRight(base, "/")}
	if !strings.HasPrefix(p.Base, "https://") && !strings.HasPrefix(p.Base, "http://") {
		return p, errors.New("the address must begin with https://")
	}
	for part := range strings.SplitSeq(rest, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "cert":
			if _, err := hex.DecodeString(value); err != nil || len(value) != 64 {
				return p, errors.New("the certificate's fingerprint is not whole")
			}
			p.Cert = value
		case "hub":
			p.Hub = value
		}
	}
	return p, nil
}

// A Client speaks for one till to one hub. Its methods may be called from any
// goroutine. Till, Epoch, Key, Hub and HubKey must be set before anything but
// Describe.
type Client struct {
	Place
	HubKey ed25519.PublicKey
	Till   string
	Epoch  int64
	Key    ed25519.PrivateKey

	http   *http.Client
	offset atomic.Int64 // nanoseconds that the hub's clock is ahead, once it said so
}

// New makes a client. Every request ends within timeout.
func New(p Place, timeout time.Duration) *Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.IdleConnTimeout = 2, time.Minute
	if p.Cert != "" {
		t.TLSClientConfig = pinned(p.Cert)
	}
	return &Client{Place: p, http: &http.Client{Transport: t, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// WithTransport gives the client another way to the hub, as tests need.
func (c *Client) WithTransport(t http.RoundTripper) *Client {
	c.http.Transport = t
	return c
}

// pinned trusts the one key whose fingerprint came with the enrolment code, and
// no authority: a shop's own hub has none that would vouch for it.
func pinned(mark string) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // replaced by the comparison below
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errors.New("the hub showed no certificate")
			}
			sum := sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo)
			if hex.EncodeToString(sum[:]) != mark {
				return ErrOtherHub
			}
			_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: poolOf(s.PeerCertificates[0]), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			return err
		},
	}
}

func poolOf(c *x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c)
	return p
}

// ErrOtherHub says that something else answers at the hub's address.
var ErrOtherHub = errors.New("another machine answers at the hub's address")

// A Refusal is a hub's answer that it will not.
type Refusal struct {
	Status     int
	Code       wire.ProblemCode
	Title      string
	Detail     string
	RetryAfter time.Duration // 0 where the hub did not say
	ServerTime time.Time
}

// Error tells what the hub said.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return "the hub refused: " + r.Title
	}
	return "the hub refused: " + r.Title + ": " + r.Detail
}

// Later says whether the same may be sent again by itself.
func (r *Refusal) Later() bool {
	return r.Status == http.StatusTooManyRequests || r.Status >= 500 || r.Code == wire.ProblemCodeClock
}

// Offset is how far the hub's clock is ahead of this machine's, once that
// mattered.
func (c *Client) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Describe asks who the hub is.
func (c *Client) Describe(ctx context.Context) (wire.Hub, error) {
	var h wire.Hub
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+"/v1/hub", nil)
	if err != nil {
		return h, err
	}
	return h, c.do(req, &h)
}

// Claim enrols the till with a code.
func (c *Client) Claim(ctx context.Context, body wire.Claim) (wire.Enrolled, error) {
	var out wire.Enrolled
	body.Hub, body.Operation, body.Till, body.Epoch, body.PublicKey = c.Hub, wire.EnrolmentClaim, c.Till, c.Epoch, wire.KeyText(c.public())
	return out, c.signed(ctx, http.MethodPost, "/v1/enrolments/claim", body, &out)
}

func (c *Client) public() ed25519.PublicKey { return c.Key.Public().(ed25519.PublicKey) }

// Deliver sends documents of the client's epoch, and answers for each in the
// order given. A receipt that the hub did not sign is an error: what it said of
// the rest is worth nothing then either.
func (c *Client) Deliver(ctx context.Context, highWater int64, docs []wire.NumberedDocument) ([]wire.Delivery, error) {
	var out wire.Deliveries
	path := fmt.Sprintf("/v1/tills/%s/epochs/%d/docs:batch", c.Till, c.Epoch)
	body := wire.PutDocuments{Hub: c.Hub, Operation: wire.DocumentBatch, HighWater: highWater, Documents: docs}
	if err := c.signed(ctx, http.MethodPost, path, body, &out); err != nil {
		return nil, err
	}
	if len(out.Documents) != len(docs) {
		return nil, errors.New("the hub answered for another number of documents than it was sent")
	}
	for i, d := range out.Documents {
		if d.Seq != docs[i].Seq {
			return nil, errors.New("the hub answered for other documents than it was sent")
		}
		if d.Result == wire.DeliveryResultFork {
			continue
		}
		if d.Receipt == nil || d.Sha256 != wire.DigestOf([]byte(docs[i].Document)) ||
			wire.VerifyWords(c.HubKey, d.Receipt.Signature, wire.ReceiptWords(c.Hub, c.Till, c.Epoch, d.Seq, d.Sha256, d.Receipt.ReceivedAt)...) != nil {
			return nil, errors.New("the hub's receipt is not signed with its key")
		}
	}
	return out.Documents, nil
}

// State asks what the hub has of the epoch.
func (c *Client) State(ctx context.Context, highWater int64) (wire.State, error) {
	var out wire.State
	err := c.signed(ctx, http.MethodPost, "/v1/tills/"+c.Till+"/state", wire.AskState{Hub: c.Hub, Operation: wire.TillState, Epoch: c.Epoch, HighWater: highWater}, &out)
	out.Commands = c.genuine(out.Commands)
	return out, err
}

// Live sends the picture of the open shift, nil where none is, and what was done
// of what was asked.
func (c *Client) Live(ctx context.Context, highWater int64, picture []byte, done []wire.Done) (wire.State, error) {
	var out wire.State
	body := wire.PutLive{Hub: c.Hub, Operation: wire.LivePut, Epoch: c.Epoch, HighWater: highWater}
	if picture != nil {
		text := string(picture)
		body.Live = &text
	}
	if len(done) > 0 {
		body.Done = &done
	}
	err := c.signed(ctx, http.MethodPut, "/v1/tills/"+c.Till+"/live", body, &out)
	out.Commands = c.genuine(out.Commands)
	return out, err
}

// genuine keeps the commands that the hub signed for this till.
func (c *Client) genuine(all []wire.Command) []wire.Command {
	var out []wire.Command
	for _, k := range all {
		var from, to int64
		if k.From != nil {
			from = *k.From
		}
		if k.To != nil {
			to = *k.To
		}
		if k.Signature != nil && wire.VerifyWords(c.HubKey, *k.Signature, wire.CommandWords(c.Hub, c.Till, k.Id, string(k.Kind), from, to, k.By, k.At)...) == nil {
			out = append(out, k)
		}
	}
	return out
}

// Catalog asks for a newer version than have; ok is false where there is none.
func (c *Client) Catalog(ctx context.Context, shop string, have int64) (doc []byte, version int64, effective time.Time, ok bool, err error) {
	var out wire.CatalogAnswer
	body := wire.PullCatalog{Hub: c.Hub, Operation: wire.CatalogPull, Epoch: c.Epoch, Have: have}
	if err := c.signed(ctx, http.MethodPost, "/v1/tills/"+c.Till+"/catalog", body, &out); err != nil {
		return nil, 0, time.Time{}, false, err
	}
	if out.Version <= have || out.Document == nil || out.Signature == nil || out.EffectiveAt == nil {
		return nil, have, time.Time{}, false, nil
	}
	doc = []byte(*out.Document)
	if wire.VerifyWords(c.HubKey, *out.Signature, wire.CatalogWords(c.Hub, shop, out.Version, *out.EffectiveAt, wire.DigestOf(doc))...) != nil {
		return nil, 0, time.Time{}, false, errors.New("the catalogue is not signed with the hub's key; the last good one stays")
	}
	return doc, out.Version, *out.EffectiveAt, true, nil
}

// Propose sends items that were added at the till.
func (c *Client) Propose(ctx context.Context, items []wire.CatalogItem) ([]string, error) {
	var out wire.Proposed
	err := c.signed(ctx, http.MethodPost, "/v1/tills/"+c.Till+"/proposals", wire.ProposeItems{Hub: c.Hub, Operation: wire.ItemsPropose, Epoch: c.Epoch, Items: items}, &out)
	return out.Ids, err
}

// Announce says that the till numbers anew, as after a restore.
func (c *Client) Announce(ctx context.Context, previous int64, reason string) (wire.KeyState, error) {
	var out wire.KeyState
	body := wire.AnnounceEpoch{Hub: c.Hub, Operation: wire.EpochAnnounce, Epoch: c.Epoch, PreviousEpoch: previous, PublicKey: wire.KeyText(c.public()), Reason: reason}
	return out, c.signed(ctx, http.MethodPost, "/v1/tills/"+c.Till+"/epochs", body, &out)
}

// Rotate replaces the till's key by next.
func (c *Client) Rotate(ctx context.Context, next ed25519.PrivateKey) error {
	text := wire.KeyText(next.Public().(ed25519.PublicKey))
	body := wire.RotateKey{Hub: c.Hub, Operation: wire.KeyRotate, Epoch: c.Epoch, PublicKey: text, Proof: wire.SignWords(next, wire.KeyWords(c.Hub, c.Till, c.Epoch, text)...)}
	var out wire.KeyState
	return c.signed(ctx, http.MethodPost, "/v1/tills/"+c.Till+"/keys", body, &out)
}

// signed signs and sends a body. Where the hub says that the clock is off, it is
// sent once more by the hub's time; business times in documents stay as they are.
func (c *Client) signed(ctx context.Context, method, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	err = c.send(ctx, method, path, raw, out)
	if r := (*Refusal)(nil); errors.As(err, &r) && r.Code == wire.ProblemCodeClock && !r.ServerTime.IsZero() {
		c.offset.Store(int64(time.Until(r.ServerTime)))
		err = c.send(ctx, method, path, raw, out)
	}
	return err
}

func (c *Client) send(ctx context.Context, method, path string, raw []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	var id [16]byte
	rand.Read(id[:])
	name := "till_" + hex.EncodeToString(id[:])
	at := time.Now().Add(c.Offset())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderID, name)
	req.Header.Set(wire.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(wire.HeaderSignature, wire.Sign(c.Key, name, at, raw))
	return c.do(req, out)
}

// answerMost is how much of an answer is read; a catalogue is the longest.
const answerMost = 64 << 20

func (c *Client) do(req *http.Request, out any) error {
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return refusal(res, raw)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("the hub's answer cannot be read: %w", err)
	}
	return nil
}

func refusal(res *http.Response, raw []byte) error {
	r := &Refusal{Status: res.StatusCode, Title: http.StatusText(res.StatusCode)}
	var p wire.Problem
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") && json.Unmarshal(raw, &p) == nil {
		r.Code, r.Title = p.Code, p.Title
		if p.Detail != nil {
			r.Detail = *p.Detail
		}
		if p.ServerTime != nil {
			r.ServerTime = *p.ServerTime
		}
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
		r.RetryAfter = time.Duration(s) * time.Second
	}
	return r
}
