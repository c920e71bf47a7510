package sim

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guitai/till/money"
)

// wechatField is one element of a request.
type wechatField struct {
	XMLName xml.Name
	Value   string `xml:",chardata"`
}

// readXML reads a request; the platform refuses what is no flat XML.
func readXML(body []byte) (map[string]string, error) {
	var doc struct {
		XMLName xml.Name      `xml:"xml"`
		Fields  []wechatField `xml:",any"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	v := map[string]string{}
	for _, f := range doc.Fields {
		v[f.XMLName.Local] = f.Value
	}
	return v, nil
}

// writeXML writes an answer with the values in CDATA, as the platform does.
func writeXML(v map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString("<xml>\n")
	for k, s := range v {
		fmt.Fprintf(&b, "<%s><![CDATA[%s]]></%s>\n", k, strings.ReplaceAll(s, "]]>", ""), k)
	}
	b.WriteString("</xml>")
	return b.Bytes()
}

// sign signs parameters (APIv2 chapter 4_3); an answer is signed as its request
// was, and does not say how.
func (p *WeChatPay) sign(v map[string]string, signType string) string {
	var parts []string
	for k, s := range v {
		if s != "" && k != "sign" {
			parts = append(parts, k+"="+s)
		}
	}
	slices.Sort(parts)
	var h hash.Hash = md5.New()
	if signType == "HMAC-SHA256" {
		h = hmac.New(sha256.New, []byte(p.v2Key))
	}
	h.Write([]byte(strings.Join(append(parts, "key="+p.v2Key), "&")))
	return strings.ToUpper(hex.EncodeToString(h.Sum(nil)))
}

var totalFee = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)

// readV2 understands an APIv2 request.
func (p *WeChatPay) readV2(r *http.Request, body []byte) Exchange {
	v, err := readXML(body)
	x := Exchange{Op: OpOther, Number: v["out_trade_no"]}
	var do func(Twist) (map[string]string, *wechatFault)
	required := []string{"appid", "mch_id", "nonce_str", "sign", "out_trade_no"}
	switch r.URL.Path {
	case "/pay/micropay":
		x.Op = OpStart
		required = append(required, "body", "total_fee", "spbill_create_ip", "auth_code")
		do = func(tw Twist) (map[string]string, *wechatFault) { return p.micropay(v, tw) }
	case "/pay/orderquery":
		x.Op = OpQuery
		do = func(tw Twist) (map[string]string, *wechatFault) { return p.orderquery(v, tw) }
	case "/pay/refundquery":
		x.Op = OpQueryRefund
		do = func(Twist) (map[string]string, *wechatFault) { return p.refundquery(v) }
	case "/secapi/pay/reverse":
		x.Op = OpCancel
		// Reverse needs the merchant's certificate (撤销订单, "是否需要证书"); the
		// gate answers without it.
		if r.TLS != nil && (len(r.TLS.PeerCertificates) == 0 || !bytes.Equal(r.TLS.PeerCertificates[0].Raw, p.merchant.cert)) {
			x.Act = func(Twist) Wire {
				return Wire{Status: http.StatusBadRequest, Body: []byte("<html><head><title>400 No required SSL certificate was sent</title></head></html>")}
			}
			return x
		}
		do = func(Twist) (map[string]string, *wechatFault) {
			if f := p.reverse(v["out_trade_no"]); f != nil {
				return nil, f
			}
			return map[string]string{"recall": "N"}, nil
		}
	default:
		x.Act = func(Twist) Wire { return Wire{Status: http.StatusNotFound} }
		return x
	}
	x.Act = func(tw Twist) Wire {
		f := p.refuseV2(r, v, err, required)
		var out map[string]string
		if f == nil {
			out, f = do(tw)
		}
		return p.answerV2(v, out, f, tw)
	}
	return x
}

// refuseV2 checks what is the same for every call.
func (p *WeChatPay) refuseV2(r *http.Request, v map[string]string, err error, required []string) *wechatFault {
	outer := func(words string) *wechatFault { return &wechatFault{words: words, unlabeled: true} }
	switch {
	case r.Method != http.MethodPost:
		return outer("请使用post方法")
	case err != nil:
		return outer("XML格式错误")
	}
	for _, name := range required {
		if v[name] == "" {
			return outer("缺少参数 " + name)
		}
	}
	switch {
	case v["mch_id"] != p.mchID:
		return outer("商户号mch_id不存在")
	case v["sign_type"] != "" && v["sign_type"] != "MD5" && v["sign_type"] != "HMAC-SHA256":
		return outer("sign_type参数格式错误")
	case !hmac.Equal([]byte(v["sign"]), []byte(p.sign(v, v["sign_type"]))):
		return outer("签名错误，请检查后再试")
	case v["appid"] != p.appID:
		return &wechatFault{code: "APPID_MCHID_NOT_MATCH", words: "appid和mch_id不匹配"}
	case len(v["nonce_str"]) > 32 || !wechatNumber.MatchString(v["out_trade_no"]):
		return &wechatFault{code: "PARAM_ERROR", words: "参数错误"}
	}
	return nil
}

func (p *WeChatPay) micropay(v map[string]string, tw Twist) (map[string]string, *wechatFault) {
	if !totalFee.MatchString(v["total_fee"]) || len(v["body"]) > 128 || v["fee_type"] != "" && v["fee_type"] != "CNY" {
		return nil, &wechatFault{code: "PARAM_ERROR", words: "参数错误"}
	}
	total, err := strconv.ParseInt(v["total_fee"], 10, 32)
	if err != nil {
		return nil, &wechatFault{code: "PARAM_ERROR", words: "total_fee"}
	}
	o, f := p.charge(v["out_trade_no"], total, v["body"], v["auth_code"])
	if f != nil {
		return nil, f
	}
	return p.paidFields(o, tw), nil
}

// paidFields are the fields of a payment that was made.
func (p *WeChatPay) paidFields(o Payment, tw Twist) map[string]string {
	total := o.Amount
	if tw.Amount != 0 {
		total = tw.Amount
	}
	kind := "NATIVE"
	if o.Kept[codeKept] != "" {
		kind = "MICROPAY"
	}
	fen := func(a money.Amount) string { return strconv.FormatInt(int64(a), 10) }
	return map[string]string{
		"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "is_subscribe": "N", "trade_type": kind, "bank_type": "OTHERS",
		"total_fee": fen(total), "fee_type": "CNY", "cash_fee": fen(total), "cash_fee_type": "CNY",
		"transaction_id": transactionID(o), "out_trade_no": o.Number, "attach": "",
		"time_end": o.PaidAt.In(beijingTime).Format("20060102150405"),
	}
}

func (p *WeChatPay) orderquery(v map[string]string, tw Twist) (map[string]string, *wechatFault) {
	o, f := p.order(v["out_trade_no"])
	if f != nil {
		return nil, f
	}
	state, words := p.state(o)
	// Other states than these have three fields alone (查询订单, note to trade_state).
	out := map[string]string{"out_trade_no": o.Number}
	if state == "SUCCESS" || state == "REFUND" {
		out = p.paidFields(o, tw)
	}
	out["trade_state"], out["trade_state_desc"] = state, words
	return out, nil
}

// refundquery lists the refunds of a payment (查询退款, APIv2 chapter 9_5).
func (p *WeChatPay) refundquery(v map[string]string) (map[string]string, *wechatFault) {
	o, f := p.order(v["out_trade_no"])
	switch {
	case f != nil:
		return nil, f
	case len(o.Refunds) == 0:
		return nil, &wechatFault{code: "REFUNDNOTEXIST", words: "退款订单查询失败"}
	}
	out := map[string]string{
		"transaction_id": transactionID(o), "out_trade_no": o.Number, "fee_type": "CNY",
		"total_fee": strconv.FormatInt(int64(o.Captured), 10), "refund_count": strconv.Itoa(len(o.Refunds)),
	}
	for i, r := range o.Refunds {
		n := "_" + strconv.Itoa(i)
		out["out_refund_no"+n], out["refund_id"+n] = r.Number, refundID(r)
		out["refund_fee"+n], out["refund_status"+n] = strconv.FormatInt(int64(r.Amount), 10), "SUCCESS"
	}
	return out, nil
}

// answerV2 writes and signs an answer; one that was not even read is not signed.
func (p *WeChatPay) answerV2(asked, out map[string]string, f *wechatFault, tw Twist) Wire {
	v := map[string]string{"return_code": "SUCCESS", "return_msg": "OK"}
	switch {
	case f != nil && f.unlabeled:
		v["return_code"], v["return_msg"] = "FAIL", f.words
		return Wire{Header: http.Header{"Content-Type": {"text/plain"}}, Body: writeXML(v)}
	case f != nil:
		v["result_code"], v["err_code"], v["err_code_des"] = "FAIL", f.v2Code(), f.words
		if f.recall {
			v["recall"] = "Y"
		}
	default:
		v["result_code"] = "SUCCESS"
	}
	for k, s := range out {
		v[k] = s
	}
	v["appid"], v["mch_id"], v["nonce_str"] = asked["appid"], asked["mch_id"], hex.EncodeToString(randomBytes(16))
	if !tw.Unsigned {
		v["sign"] = p.sign(v, asked["sign_type"])
		if tw.BadSign {
			v["sign"] = strings.Repeat("0", len(v["sign"]))
		}
	}
	return Wire{Header: http.Header{"Content-Type": {"text/plain"}}, Body: writeXML(v)}
}
