package wechatpay

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/wallet"
)

// The signatures of APIv2 (chapter 4_3).
const (
	signMD5  = "MD5"
	signHMAC = "HMAC-SHA256"
)

// signV2 signs parameters: sorted by name, those without a value and the
// signature itself left out, the key at the end, in capital hexadecimal
// (APIv2 chapter 4_3).
func signV2(params map[string]string, key, signType string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(params)) {
		if k != "sign" && params[k] != "" {
			b.WriteString(k + "=" + params[k] + "&")
		}
	}
	b.WriteString("key=" + key)
	var sum []byte
	if signType == signHMAC {
		h := hmac.New(sha256.New, []byte(key))
		io.WriteString(h, b.String())
		sum = h.Sum(nil)
	} else {
		s := md5.Sum([]byte(b.String()))
		sum = s[:]
	}
	return strings.ToUpper(hex.EncodeToString(sum))
}

// encodeV2 writes parameters as XML, by name.
func encodeV2(params map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString("<xml>")
	for _, k := range slices.Sorted(maps.Keys(params)) {
		b.WriteString("<" + k + ">")
		xml.EscapeText(&b, []byte(params[k])) // a buffer takes everything
		b.WriteString("</" + k + ">")
	}
	b.WriteString("</xml>")
	return b.Bytes()
}

var errXML = errors.New("no flat XML of the platform")

// decodeV2 reads what encodeV2 writes and the platform does: one element xml
// with elements of text in it. Entities, declarations of types, elements in
// elements and names that come twice are refused, as a signature over some of
// them would say nothing about the rest.
func decodeV2(body []byte) (map[string]string, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	out := map[string]string{}
	depth, name := 0, ""
	var text strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errXML
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth == 1 && t.Name.Local == "xml" && len(out) == 0:
			case depth == 2:
				if _, twice := out[t.Name.Local]; twice || t.Name.Space != "" {
					return nil, errXML
				}
				name = t.Name.Local
				text.Reset()
			default:
				return nil, errXML
			}
		case xml.EndElement:
			if depth == 2 {
				out[name] = text.String()
			}
			depth--
		case xml.CharData:
			if depth == 2 {
				text.Write(t)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errXML
			}
		case xml.Directive:
			return nil, errXML
		case xml.ProcInst, xml.Comment:
		}
	}
	if len(out) == 0 {
		return nil, errXML
	}
	return out, nil
}

// callV2 makes one APIv2 call: secure with the merchant's certificate.
func (a *account) callV2(ctx context.Context, kind wallet.CallKind, secure bool, number, path string, params map[string]string, secrets ...string) (wallet.Reply, error) {
	params["appid"], params["mch_id"] = a.appid, a.mchid
	params["nonce_str"], params["sign_type"] = nonce(), a.signType
	params["sign"] = signV2(params, a.apiKey, a.signType)
	client := a.client
	if secure {
		client = a.secure
	}
	return client.Do(ctx, wallet.Call{
		Kind: kind, Number: number, Method: http.MethodPost, URL: a.base + path,
		Header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "User-Agent": {"Guitai"}},
		Body:   encodeV2(params), Secrets: secrets,
	})
}

// readV2 reads and verifies an answer: the signature is over everything in it,
// and it is about this merchant. Where it proves nothing, ok is false.
func (a *account) readV2(r wallet.Reply) (v map[string]string, ans wallet.Answer, ok bool) {
	if r.Status >= 500 {
		return nil, wallet.Answer{Reason: till.ProviderDown, Said: "status " + strconv.Itoa(r.Status)}, false
	}
	v, err := decodeV2(r.Body)
	if err != nil || r.Status != http.StatusOK {
		return nil, wallet.Answer{Reason: till.NotUnderstood, Said: "status " + strconv.Itoa(r.Status) + ", unreadable answer"}, false
	}
	if v["return_code"] != "SUCCESS" {
		// 通信标识: the request itself was not accepted. It is not signed, so it
		// proves nothing about the money.
		reason := till.SetUpWrong
		if strings.Contains(v["return_msg"], "系统") || strings.Contains(strings.ToUpper(v["return_msg"]), "SYSTEM") {
			reason = till.ProviderDown
		}
		return nil, wallet.Answer{Reason: reason, Said: said(v["return_code"], v["return_msg"])}, false
	}
	switch sign := v["sign"]; {
	case sign == "":
		return nil, wallet.Answer{Reason: till.NotVerified, Said: "the answer is not signed"}, false
	case !hmac.Equal([]byte(sign), []byte(signV2(v, a.apiKey, a.signType))):
		return nil, wallet.Answer{Reason: till.NotVerified, Said: "the signature is wrong"}, false
	case v["mch_id"] != a.mchid || v["appid"] != "" && v["appid"] != a.appid:
		return nil, wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another merchant or app"}, false
	}
	return v, wallet.Answer{}, true
}
