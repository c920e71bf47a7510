package jdpay

import (
	"context"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"guitai/till"
	"guitai/wallet"
)

// account is one merchant number and its keys; codes on customers' phones have
// one of their own [genkin-he/jdpay README, QrService].
type account struct {
	merchant string
	des      cipher.Block
	private  *rsa.PrivateKey
}

// cardholder matches what an answer says of who paid.
var cardholder = regexp.MustCompile(`(?s)<(card[A-Za-z]*|userId|bankCode)>.*?</`)

// call makes one call of an account and returns the verified inner document.
// What it proves otherwise is in bad.
func (p *provider) call(ctx context.Context, acc account, kind wallet.CallKind, number, service string, ask map[string]string, secrets ...string) (got answer, bad *wallet.Answer, err error) {
	ask["version"], ask["merchant"] = "V2.0", acc.merchant
	plain, err := signed(acc.private, ask)
	if err != nil {
		return got, nil, fmt.Errorf("%w: sign: %w", wallet.ErrNotSent, err)
	}
	body := document(map[string]string{"version": "V2.0", "merchant": acc.merchant, "encrypt": encrypt(acc.des, plain)})
	reply, err := p.client.Do(ctx, wallet.Call{
		Kind: kind, Number: number, Method: http.MethodPost, URL: p.base + "/service/" + service, Body: body,
		Header: http.Header{"Content-Type": {"application/xml"}}, Secrets: secrets,
		Asked: func([]byte) string { return wallet.Redact(plain, secrets...) },
		Answered: func(body []byte) string {
			if inner, err := p.opened(acc, body); err == nil {
				body = inner
			}
			return wallet.Redact(cardholder.ReplaceAll(body, []byte("<$1>***</")), secrets...)
		},
	})
	if err != nil {
		return got, nil, err
	}
	got, a := p.read(acc, reply.Status, reply.Body)
	return got, a, nil
}

// opened decrypts what an envelope holds.
func (p *provider) opened(acc account, body []byte) ([]byte, error) {
	var e envelope
	if err := xml.Unmarshal(body, &e); err != nil {
		return nil, errors.New("an answer that cannot be read")
	}
	return decrypt(acc.des, []byte(e.Encrypt))
}

// read verifies an answer. A refusal outside the encryption bears no
// signature, so that it proves nothing.
func (p *provider) read(acc account, status int, body []byte) (got answer, bad *wallet.Answer) {
	no := func(reason till.Reason, said string) (answer, *wallet.Answer) {
		return answer{}, &wallet.Answer{Reason: reason, Said: said}
	}
	switch {
	case status >= 500:
		return no(till.ProviderDown, fmt.Sprintf("HTTP %d", status))
	case status != http.StatusOK:
		return no(till.NotUnderstood, fmt.Sprintf("HTTP %d", status))
	}
	var e envelope
	if err := xml.Unmarshal(body, &e); err != nil || e.Result.Code == "" {
		return no(till.NotUnderstood, "an answer that cannot be read")
	}
	if e.Encrypt == "" {
		return no(till.NotVerified, e.Result.said())
	}
	inner, err := decrypt(acc.des, []byte(e.Encrypt))
	if err != nil {
		return no(till.NotVerified, err.Error())
	}
	bare, err := verify(p.public, inner)
	if err != nil {
		return no(till.NotVerified, err.Error())
	}
	if err := xml.Unmarshal(bare, &got); err != nil {
		return no(till.NotUnderstood, "an answer that cannot be read")
	}
	if got.Merchant != acc.merchant {
		return no(till.NotVerified, "the answer is for another merchant")
	}
	return got, nil
}
