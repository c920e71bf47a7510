package accounts

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"guitai/cmd/internal/hubaccount"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
)

// keyFile is the file in the data folder with the key of a webhook.
func keyFile(name string) string { return "account-" + name + ".key" }

// host is what of an address may be shown and logged: its path may be a secret.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// AddWebhook sets up a server of the shop's own, to which each document is posted
// as it is, signed with a key for this account alone (Standard Webhooks 1.0.0,
// scheme v1a). It answers with the public key, whpk_ and base64, that the server
// verifies with; an account that is there already keeps its key.
func AddWebhook(ctx context.Context, book *ledger.Ledger, dir, name, address string) (key string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && here(u.Hostname())) {
		return "", ErrAddress
	}
	if err := free(ctx, book, name, KindWebhook); err != nil {
		return "", err
	}
	own, err := hubaccount.ReadKey(dir, keyFile(name))
	if err != nil {
		if _, own, err = ed25519.GenerateKey(rand.Reader); err != nil {
			return "", err
		}
		if err := hubaccount.WriteKey(dir, keyFile(name), own); err != nil {
			return "", err
		}
	}
	return wire.KeyText(own.Public().(ed25519.PublicKey)), add(ctx, book, name, KindWebhook, settings{URL: address})
}

// here tells whether a host is this machine, which may be spoken to in the clear.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// webhook posts documents to a server, one a request.
type webhook struct {
	address, till string
	key           ed25519.PrivateKey
	http          *http.Client
	stop          func(context.Context) error
}

func newWebhook(book *ledger.Ledger, a ledger.Account, address, till string, key ed25519.PrivateKey) *webhook {
	return &webhook{address: address, till: till, key: key,
		http: &http.Client{Timeout: hubaccount.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		stop: func(ctx context.Context) error {
			a.Active = false
			return book.SetAccount(ctx, a)
		}}
}

// Deliver is part of outbox.Sender.
func (w *webhook) Deliver(ctx context.Context, _ int64, docs []ledger.Outgoing) ([]outbox.Answer, error) {
	var out []outbox.Answer
	for _, d := range docs {
		said, err := w.post(ctx, d)
		if err != nil {
			return out, err
		}
		out = append(out, outbox.Answer{State: ledger.Delivered, Said: said})
	}
	return out, nil
}

// DocumentID is the webhook-id of a document, and the name of its file: the same
// however often it is sent.
func DocumentID(till string, epoch, seq int64) string {
	return fmt.Sprintf("%s-%d-%06d", till, epoch, seq)
}

func (w *webhook) post(ctx context.Context, d ledger.Outgoing) (said string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, bytes.NewReader(d.Body))
	if err != nil {
		return "", errors.New("the address of the server cannot be used")
	}
	id, at := DocumentID(w.till, d.Epoch, d.Seq), time.Now()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderID, id)
	req.Header.Set(wire.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(wire.HeaderSignature, wire.Sign(w.key, id, at, d.Body))
	res, err := w.http.Do(req)
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err // without the address, whose path may be a secret
	}
	if err != nil {
		return "", fmt.Errorf("reach %s: %w", host(w.address), err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return res.Status, nil
	case res.StatusCode == http.StatusGone: // Standard Webhooks: "the receiver no longer wants it"
		if err := w.stop(ctx); err != nil {
			return "", err
		}
		return "", ErrGone
	}
	return "", &unwilling{host: host(w.address), status: res.Status, after: retryAfter(res.Header.Get("Retry-After"), at)}
}

// unwilling is a server that answered, and did not take a document.
type unwilling struct {
	host, status string
	after        time.Duration
}

// Error names the server and what it answered.
func (u *unwilling) Error() string { return u.host + " answered " + u.status }

// RetryAfter is part of outbox.Later.
func (u *unwilling) RetryAfter() time.Duration { return u.after }

// retryAfter reads the header in both of its forms, seconds and a date (RFC 9110
// section 10.2.3); 0 where it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(min(n, 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
