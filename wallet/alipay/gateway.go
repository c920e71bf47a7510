package alipay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// decimal is an amount in yuan, which the gateway writes as text, and in some
// methods as a number.
type decimal string

// UnmarshalJSON takes either, without going through a float.
func (d *decimal) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(d))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*d = decimal(n)
	return nil
}

var yuan = money.Currency{Code: "CNY", Exponent: 2}

func (d decimal) amount() (money.Amount, error) { return yuan.Parse(strings.TrimSpace(string(d))) }

// given reports whether an amount is there and not zero.
func (d decimal) given() bool {
	a, err := d.amount()
	return err == nil && a != 0
}

// A node is what an answer says, of all methods together.
type node struct {
	Code    string `json:"code"`
	Msg     string `json:"msg"`
	SubCode string `json:"sub_code"`
	SubMsg  string `json:"sub_msg"`

	OutTradeNo    string  `json:"out_trade_no"`
	TradeNo       string  `json:"trade_no"`
	TradeStatus   string  `json:"trade_status"`
	TotalAmount   decimal `json:"total_amount"`
	TransCurrency string  `json:"trans_currency"`
	ReceiptAmount decimal `json:"receipt_amount"`
	BuyerPaid     decimal `json:"buyer_pay_amount"`
	SendPayDate   string  `json:"send_pay_date"`
	QRCode        string  `json:"qr_code"`

	Action    string `json:"action"`
	RetryFlag string `json:"retry_flag"`

	FundChange   string  `json:"fund_change"`
	OutRequestNo string  `json:"out_request_no"`
	RefundAmount decimal `json:"refund_amount"`
	RefundStatus string  `json:"refund_status"`

	BillURL string `json:"bill_download_url"`
}

// saidMost bounds the provider's words that are kept, in characters.
const saidMost = 160

// said is the provider's own code and words. The words of a refused signature
// repeat the whole request, and are left out.
func (n node) said() string {
	code, words := n.Code, n.Msg
	if n.SubCode != "" {
		code, words = n.SubCode, n.SubMsg
	}
	if strings.HasPrefix(code, "isv.") && strings.Contains(words, "=") {
		words = n.Msg
	}
	return strings.TrimSpace(cut(code, saidMost) + " " + cut(words, saidMost))
}

// A call is one request to the gateway.
type call struct {
	kind    wallet.CallKind
	number  string
	method  string
	content map[string]any // biz_content
	secrets []string
	// answered keeps less of the answer than usual; it may be nil.
	answered func([]byte) string
}

// A heard is a verified answer.
type heard struct {
	node
	at     time.Time // by this machine's clock
	theirs time.Time // by the gateway's Date; where it gave none, by ours
}

// ask makes a call. What comes back is a verified answer, or an Answer that
// says why there is none, or an error where nothing was sent.
func (a *adapter) ask(ctx context.Context, c call) (*heard, *wallet.Answer, error) {
	reply, err := a.send(ctx, c)
	if errors.Is(err, wallet.ErrNotSent) {
		return nil, nil, fmt.Errorf("%s: %w", c.method, err)
	}
	if err != nil {
		ans := wallet.NoAnswer(err)
		return nil, &ans, nil
	}
	h, ans := a.hear(reply, c.method)
	return h, ans, nil
}

// hear reads and verifies a reply.
func (a *adapter) hear(reply wallet.Reply, method string) (*heard, *wallet.Answer) {
	unclear := func(r till.Reason, format string, args ...any) (*heard, *wallet.Answer) {
		return nil, &wallet.Answer{Reason: r, Said: fmt.Sprintf(format, args...)}
	}
	switch {
	case reply.Status >= http.StatusInternalServerError:
		return unclear(till.ProviderDown, "HTTP %d", reply.Status)
	case reply.Status != http.StatusOK:
		return unclear(till.NotUnderstood, "HTTP %d", reply.Status)
	}
	e, err := readEnvelope(reply.Body, method)
	if err != nil {
		return unclear(till.NotUnderstood, "%v", err)
	}
	h := heard{at: reply.At, theirs: reply.At}
	if err := json.Unmarshal(e.node, &h.node); err != nil || h.Code == "" {
		return unclear(till.NotUnderstood, "%v", errAnswer)
	}
	if err := e.check(a.keys); err != nil {
		return unclear(till.NotVerified, "%s", h.said())
	}
	if t, err := http.ParseTime(reply.Header.Get("Date")); err == nil {
		h.theirs = t
	}
	return &h, nil
}

// send signs a call and makes it. The parameters go in the body, charset in
// the address too, which the gateway reads before it reads the body.
func (a *adapter) send(ctx context.Context, c call) (wallet.Reply, error) {
	content, err := json.Marshal(c.content)
	if err != nil {
		return wallet.Reply{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
	}
	now := time.Now
	if a.client.Now != nil {
		now = a.client.Now
	}
	// Open platform, 公共请求参数.
	values := map[string]string{
		"app_id": a.appID, "method": c.method, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2",
		"timestamp": now().In(beijing).Format(clock), "version": "1.0", "app_auth_token": a.token,
		"app_cert_sn": a.keys.appSN, "alipay_root_cert_sn": a.keys.rootSN, "biz_content": string(content),
	}
	if values["sign"], err = sign(a.keys.private, signed(values)); err != nil {
		return wallet.Reply{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
	}
	form := url.Values{}
	for k, v := range values {
		if v != "" {
			form.Set(k, v)
		}
	}
	return a.client.Do(ctx, wallet.Call{
		Kind: c.kind, Number: c.number, Method: http.MethodPost, URL: a.gateway + "?charset=utf-8",
		Header:  http.Header{"Content-Type": {"application/x-www-form-urlencoded;charset=utf-8"}},
		Body:    []byte(form.Encode()),
		Secrets: append(c.secrets, a.token), Answered: c.answered,
	})
}

// moment reads a time that Alipay states; one that cannot be read is zero.
func moment(s string) time.Time {
	t, err := time.ParseInLocation(clock, s, beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}
