package shouqianba

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"guitai/till"
	"guitai/wallet"
)

// A signer is who signs a request: the vendor at activation, else the terminal.
type signer struct{ sn, key string }

// sign is MD5(CONCAT(body + key)) in hexadecimal [sqb sign, 签名方法].
func (s signer) sign(body []byte) string {
	h := md5.New()
	h.Write(body)
	h.Write([]byte(s.key))
	return hex.EncodeToString(h.Sum(nil))
}

// A reply is the three layers of an answer: result_code of the transport,
// biz_response.result_code of the business, data.order_status of the order
// [sqb responseParams].
type reply struct {
	Code  text     `json:"result_code"`
	Error text     `json:"error_code"`
	Words text     `json:"error_message"`
	Biz   business `json:"biz_response"`

	bad *wallet.Answer // what is left to say of an answer that proves nothing
}

type business struct {
	Code  text  `json:"result_code"`
	Error text  `json:"error_code"`
	Words text  `json:"error_message"`
	Data  order `json:"data"`
	// Of activation and check-in.
	TerminalSN  text `json:"terminal_sn"`
	TerminalKey text `json:"terminal_key"`
}

type order struct {
	SN          string `json:"sn"`
	ClientSN    string `json:"client_sn"`
	ClientTSN   string `json:"client_tsn"`
	TerminalSN  string `json:"terminal_sn"`
	Status      string `json:"status"`
	OrderStatus string `json:"order_status"`
	Total       text   `json:"total_amount"`
	Net         text   `json:"net_amount"`
	Finished    text   `json:"finish_time"`
	Channel     text   `json:"channel_finish_time"`
	QRCode      string `json:"qr_code"`
}

func (r reply) said() string    { return say(r.Code, r.Error, r.Words) }
func (b business) said() string { return say(b.Code, b.Error, b.Words) }

func say(parts ...text) string {
	s := ""
	for _, p := range parts {
		if p == "" {
			continue
		}
		if s != "" {
			s += " "
		}
		s += string(p)
	}
	return s
}

func unclear(reason till.Reason, said string) wallet.Answer {
	return wallet.Answer{Reason: reason, Said: said}
}

// call signs and sends a body and reads the answer. An answer that is none of
// the provider's is reply.bad.
func call(ctx context.Context, c *wallet.Client, s signer, kind wallet.CallKind, number, url string, ask map[string]string, secrets ...string) (reply, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return reply{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
	}
	got, err := c.Do(ctx, wallet.Call{
		Kind: kind, Number: number, Method: http.MethodPost, URL: url, Body: body,
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {s.sn + " " + s.sign(body)}},
		// The code of a customer and the code of an activation.
		Secrets: secrets,
	})
	if err != nil {
		return reply{}, err
	}
	return read(got.Status, got.Body), nil
}

// read understands an answer. The provider answers 200 whatever the result
// [sqb responseCode]; anything else is not from behind its door.
func read(status int, body []byte) reply {
	var r reply
	bad := func(reason till.Reason, said string) reply {
		a := unclear(reason, said)
		return reply{bad: &a}
	}
	switch {
	case status >= 500:
		return bad(till.ProviderDown, fmt.Sprintf("HTTP %d", status))
	case status != http.StatusOK:
		return bad(till.NotUnderstood, fmt.Sprintf("HTTP %d", status))
	}
	if err := json.Unmarshal(body, &r); err != nil || r.Code == "" {
		return bad(till.NotUnderstood, "an answer that cannot be read")
	}
	return r
}
