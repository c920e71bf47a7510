package baidu

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till"
	"guitai/wallet"
)

// get signs and makes one call. Everything travels in the URL, which is kept
// without its query, and the query without the customer's code and the
// signature. extras are sent and not signed.
func (p *provider) get(ctx context.Context, kind wallet.CallKind, number, path string, ask, extras map[string]string) (body []byte, bad *wallet.Answer, err error) {
	ask["sign_method"], ask["sp_no"] = p.method, p.spNo
	sent := maps.Clone(ask)
	maps.Copy(sent, extras)
	sent["sign"] = sign(p.method, p.key, ask)
	reply, err := p.client.Do(ctx, wallet.Call{
		Kind: kind, Number: number, Method: http.MethodGet, URL: p.base + path + "?" + encode(sent),
		Secrets: []string{ask["pay_code"], sent["sign"]},
	})
	switch {
	case err != nil:
		return nil, nil, withoutURL(err)
	case reply.Status >= 500:
		return nil, &wallet.Answer{Reason: till.ProviderDown, Said: fmt.Sprintf("HTTP %d", reply.Status)}, nil
	case reply.Status != http.StatusOK:
		return nil, &wallet.Answer{Reason: till.NotUnderstood, Said: fmt.Sprintf("HTTP %d", reply.Status)}, nil
	}
	return reply.Body, nil, nil
}

// withoutURL takes the URL out of an error, since it holds the customer's code.
func withoutURL(err error) error {
	var at *url.Error
	if !errors.As(err, &at) {
		return err
	}
	if errors.Is(err, wallet.ErrNotSent) {
		return fmt.Errorf("%w: %w", wallet.ErrNotSent, at.Err)
	}
	return at.Err
}

// value is a JSON text or number, as its characters.
type value string

// UnmarshalJSON reads a text, a number or null.
func (v *value) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case string(b) == "null":
	case len(b) > 0 && b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	default:
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return errors.New("neither text nor number")
		}
		s = n.String()
	}
	*v = value(s)
	return nil
}

// scanAnswer is the answer of the interfaces below /o2o.
type scanAnswer struct {
	Ret     *value          `json:"ret"`
	Msg     string          `json:"msg"`
	Content json.RawMessage `json:"content"`
}

func (a scanAnswer) said() string { return strings.TrimSpace(string(*a.Ret) + " " + a.Msg) }

// fields returns the content as names and values; an empty one has none.
func (a scanAnswer) fields() (map[string]string, error) {
	switch c := string(bytes.TrimSpace(a.Content)); c {
	case "", "null", `""`, "[]", "{}":
		return map[string]string{}, nil
	}
	var vs map[string]value
	if err := json.Unmarshal(a.Content, &vs); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for k, v := range vs {
		out[k] = string(v)
	}
	return out, nil
}

// errUnreadable says that an answer has not the form it should have.
var errUnreadable = errors.New("an answer that cannot be read")

func readScan(body []byte) (scanAnswer, error) {
	var a scanAnswer
	if err := json.Unmarshal(utf8Of(body), &a); err != nil || a.Ret == nil || *a.Ret == "" {
		return scanAnswer{}, errUnreadable
	}
	return a, nil
}

// utf8Of returns JSON in UTF-8: what is none is GBK.
func utf8Of(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	if out, err := simplifiedchinese.GBK.NewDecoder().Bytes(body); err == nil {
		return out
	}
	return body
}

// refundAnswer is the answer of refund [bd refund 3.3] and of its query
// [bd refund 4.3.1], in XML. Neither bears a signature.
type refundAnswer struct {
	XMLName  xml.Name `xml:"response"`
	Code     string   `xml:"ret_code"`
	Detail   string   `xml:"ret_detail"`
	Details  string   `xml:"ret_details"`
	SpNo     string   `xml:"sp_no"`
	OrderNo  string   `xml:"order_no"`
	RefundNo string   `xml:"sp_refund_no"`
	Amount   string   `xml:"cashback_amount"`
}

func (a refundAnswer) said() string {
	return strings.Join(strings.Fields(a.Code+" "+a.Detail+" "+a.Details), " ")
}

func readRefund(body []byte) (refundAnswer, error) {
	var a refundAnswer
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "gbk") || strings.EqualFold(charset, "gb2312") {
			return simplifiedchinese.GBK.NewDecoder().Reader(in), nil
		}
		return nil, errUnreadable
	}
	if err := d.Decode(&a); err != nil || a.Code == "" {
		return refundAnswer{}, errUnreadable
	}
	return a, nil
}

// cancelAnswer is the answer of cancel; nothing but err_msg is known of it
// [bd clients].
type cancelAnswer struct {
	Response *struct {
		Message string `json:"err_msg"`
	} `json:"response"`
}
