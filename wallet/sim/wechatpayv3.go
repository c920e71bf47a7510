package sim

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guitai/till/money"
)

// readV3 understands an APIv3 request.
func (p *WeChatPay) readV3(r *http.Request, body []byte) Exchange {
	x, do := p.route(r, body)
	if do == nil {
		do = func(Twist) (int, any, *wechatFault) {
			return 0, nil, &wechatFault{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", words: "无可用的接口"}
		}
	}
	x.Act = func(tw Twist) Wire {
		f := p.refuseV3(r, body)
		var status int
		var out any
		if f == nil {
			status, out, f = do(tw)
		}
		if f != nil {
			status, out = f.status, map[string]string{"code": f.code, "message": f.words}
		}
		if file, ok := out.(wechatFile); ok {
			// The file itself is not signed (下载账单).
			return Wire{Status: status, Header: http.Header{"Content-Type": {"application/octet-stream"}}, Body: file.packed}
		}
		return p.answerV3(r, status, out, tw)
	}
	return x
}

type actV3 func(Twist) (int, any, *wechatFault)

// route says what a call is and what it does.
func (p *WeChatPay) route(r *http.Request, body []byte) (Exchange, actV3) {
	path := r.URL.Path
	orders, isOrder := strings.CutPrefix(path, "/v3/pay/transactions/out-trade-no/")
	number, verb, _ := strings.Cut(orders, "/")
	refund, isRefund := strings.CutPrefix(path, "/v3/refund/domestic/refunds/")
	switch {
	case r.Method == http.MethodPost && path == "/v3/pay/transactions/native":
		q := readOrder(body)
		return Exchange{Op: OpStart, Number: q.Number}, func(tw Twist) (int, any, *wechatFault) { return p.native(q) }
	case r.Method == http.MethodPost && path == "/v3/pay/transactions/codepay":
		q := readOrder(body)
		return Exchange{Op: OpStart, Number: q.Number}, func(tw Twist) (int, any, *wechatFault) { return p.codepay(q, tw) }
	case r.Method == http.MethodGet && isOrder && verb == "":
		return Exchange{Op: OpQuery, Number: number}, func(tw Twist) (int, any, *wechatFault) {
			if r.URL.Query().Get("mchid") != p.mchID {
				return 0, nil, paramError("mchid")
			}
			o, f := p.order(number)
			return http.StatusOK, p.orderV3(o, tw), f
		}
	case r.Method == http.MethodPost && isOrder && verb == "close":
		return Exchange{Op: OpCancel, Number: number}, func(Twist) (int, any, *wechatFault) { return p.closeOrder(number, body) }
	case r.Method == http.MethodPost && isOrder && verb == "reverse":
		return Exchange{Op: OpCancel, Number: number}, func(Twist) (int, any, *wechatFault) {
			var q struct{ AppID, MchID string }
			if json.Unmarshal(body, &q) != nil || q.MchID != p.mchID || q.AppID != p.appID {
				return 0, nil, paramError("appid, mchid")
			}
			return http.StatusOK, map[string]string{"appid": p.appID, "mchid": p.mchID, "out_trade_no": number}, p.reverse(number)
		}
	case r.Method == http.MethodPost && path == "/v3/refund/domestic/refunds":
		q := readRefund(body)
		return Exchange{Op: OpRefund, Number: q.Of}, func(tw Twist) (int, any, *wechatFault) { return p.refund(q, tw) }
	case r.Method == http.MethodGet && isRefund:
		o, _, _ := p.findRefund(refund)
		return Exchange{Op: OpQueryRefund, Number: o.Number}, func(tw Twist) (int, any, *wechatFault) { return p.queryRefund(refund, tw) }
	case r.Method == http.MethodGet && path == "/v3/bill/tradebill":
		return Exchange{Op: OpBill}, func(Twist) (int, any, *wechatFault) { return p.tradeBill(r) }
	case r.Method == http.MethodGet && path == "/v3/billdownload/file":
		return Exchange{Op: OpBill}, func(Twist) (int, any, *wechatFault) { return p.billFile(r.URL.Query().Get("token")) }
	case r.Method == http.MethodGet && path == "/v3/certificates":
		return Exchange{Op: OpOther}, func(Twist) (int, any, *wechatFault) { return http.StatusOK, p.certificates(), nil }
	}
	return Exchange{Op: OpOther}, nil
}

func paramError(words string) *wechatFault {
	return &wechatFault{status: http.StatusBadRequest, code: "PARAM_ERROR", words: "参数错误：" + words}
}

var authParam = regexp.MustCompile(`([a-z_]+)="([^"]*)"`)

// refuseV3 checks the request's headers and signature (如何构造签名).
func (p *WeChatPay) refuseV3(r *http.Request, body []byte) *wechatFault {
	refuse := func(words string) *wechatFault {
		return &wechatFault{status: http.StatusUnauthorized, code: "SIGN_ERROR", words: words}
	}
	if r.Header.Get("Accept") == "" || r.Header.Get("User-Agent") == "" {
		return paramError("Http头缺少Accept或User-Agent")
	}
	if len(body) > 0 && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return paramError("Content-Type")
	}
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "WECHATPAY2-SHA256-RSA2048 ")
	if !ok {
		return refuse("Http头Authorization值格式错误")
	}
	v := map[string]string{}
	for _, m := range authParam.FindAllStringSubmatch(text, -1) {
		v[m[1]] = m[2]
	}
	secs, err := strconv.ParseInt(v["timestamp"], 10, 64)
	switch {
	case err != nil || v["nonce_str"] == "" || len(v["nonce_str"]) > 32:
		return refuse("Http头Authorization值格式错误")
	case p.s.now().Sub(time.Unix(secs, 0)).Abs() > wechatSkew:
		return refuse("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
	case v["mchid"] != p.mchID:
		return refuse("商户号不存在")
	case v["serial_no"] != p.merchant.serial:
		return refuse("商户证书序列号有误")
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{r.Method, r.RequestURI, v["timestamp"], v["nonce_str"], string(body), ""}, "\n")))
	sig, err := base64.StdEncoding.DecodeString(v["signature"])
	if err != nil || rsa.VerifyPKCS1v15(&p.merchant.key.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		return refuse("签名错误")
	}
	return nil
}

// answerV3 writes an answer and signs it with the key that the request names.
func (p *WeChatPay) answerV3(r *http.Request, status int, out any, tw Twist) Wire {
	var body []byte
	if status != http.StatusNoContent {
		var err error
		if body, err = json.Marshal(out); err != nil {
			return Wire{Status: http.StatusInternalServerError}
		}
	}
	h := http.Header{"Request-Id": {hex.EncodeToString(randomBytes(16))}}
	if body != nil {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if tw.Unsigned {
		return Wire{Status: status, Header: h, Body: body}
	}
	at, nonce := strconv.FormatInt(p.s.now().Add(tw.Clock).Unix(), 10), hex.EncodeToString(randomBytes(16))
	text := at + "\n" + nonce + "\n" + string(body) + "\n"
	if tw.BadSign {
		text += "\n"
	}
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.platform.key, crypto.SHA256, sum[:])
	if err != nil {
		return Wire{Status: http.StatusInternalServerError}
	}
	serial := p.platform.serial
	if strings.HasPrefix(r.Header.Get("Wechatpay-Serial"), "PUB_KEY_ID_") {
		serial = p.publicKeyID
	}
	signature := base64.StdEncoding.EncodeToString(sig)
	if p.Probes {
		signature = "WECHATPAY/SIGNTEST/" + signature
	}
	h.Set("Wechatpay-Timestamp", at)
	h.Set("Wechatpay-Nonce", nonce)
	h.Set("Wechatpay-Serial", serial)
	h.Set("Wechatpay-Signature", signature)
	h.Set("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
	return Wire{Status: status, Header: h, Body: body}
}

// orderRequest is the body of an order, of either kind.
type orderRequest struct {
	AppID       string `json:"appid"`
	MchID       string `json:"mchid"`
	Description string `json:"description"`
	Number      string `json:"out_trade_no"`
	Expire      string `json:"time_expire"`
	Notify      string `json:"notify_url"`
	Amount      struct {
		Total    int64  `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
	Payer struct {
		Code string `json:"auth_code"`
	} `json:"payer"`
	Scene *struct {
		IP    string `json:"device_ip"`
		Store *struct {
			ID  string `json:"id"`
			Own string `json:"out_id"`
		} `json:"store_info"`
	} `json:"scene_info"`
	err error
}

func readOrder(body []byte) orderRequest {
	var q orderRequest
	q.err = json.Unmarshal(body, &q)
	return q
}

// refuseOrder checks what both kinds of order need.
func (p *WeChatPay) refuseOrder(q orderRequest) *wechatFault {
	switch {
	case q.err != nil:
		return paramError("请求体")
	case q.MchID != p.mchID:
		return &wechatFault{status: http.StatusBadRequest, code: "MCH_NOT_EXISTS", words: "商户号不存在"}
	case q.AppID != p.appID:
		return &wechatFault{status: http.StatusBadRequest, code: "APPID_MCHID_NOT_MATCH", words: "appid和mch_id不匹配"}
	case q.Description == "" || utf8.RuneCountInString(q.Description) > 127:
		return paramError("description")
	case !wechatNumber.MatchString(q.Number):
		return paramError("out_trade_no")
	case q.Amount.Total < 1 || q.Amount.Currency != "" && q.Amount.Currency != "CNY":
		return paramError("amount")
	}
	return nil
}

// native makes an order whose code is shown. The same order again gives a new
// code; another one under its number is refused (Native 下单).
func (p *WeChatPay) native(q orderRequest) (int, any, *wechatFault) {
	if f := p.refuseOrder(q); f != nil {
		return 0, nil, f
	}
	notify, err := url.Parse(q.Notify)
	if err != nil || notify.Scheme != "https" || notify.Host == "" || notify.RawQuery != "" {
		return 0, nil, paramError("notify_url")
	}
	until := p.s.now().Add(nativeLife)
	if q.Expire != "" {
		if until, err = time.Parse(time.RFC3339, q.Expire); err != nil || !until.After(p.s.now()) {
			return 0, nil, paramError("time_expire")
		}
	}
	if o, ok := p.s.Payment(wechatPay, q.Number); ok && o.Kept[codeKept] != "" {
		return 0, nil, &wechatFault{status: http.StatusForbidden, code: "OUT_TRADE_NO_USED", words: "商户订单号重复"}
	}
	o, err := p.s.Make(Payment{
		Platform: wechatPay, Number: q.Number, Amount: money.Amount(q.Amount.Total), Currency: "CNY", Subject: q.Description,
		QR: "weixin://wxpay/bizpayurl?pr=" + hex.EncodeToString(randomBytes(5)) + "zz", Until: until,
	})
	switch {
	case err == nil:
		return http.StatusOK, map[string]string{"code_url": o.QR}, nil
	case errors.Is(err, ErrPaid):
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "ORDERPAID", words: "该订单已支付"}
	case errors.Is(err, ErrClosed):
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "ORDER_CLOSED", words: "该订单已关闭"}
	}
	return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "INVALID_REQUEST", words: "201 商户订单号重复"}
}

// codepay charges a customer's code (付款码支付, APIv3): 202 while a password is
// typed.
func (p *WeChatPay) codepay(q orderRequest, tw Twist) (int, any, *wechatFault) {
	if f := p.refuseOrder(q); f != nil {
		return 0, nil, f
	}
	if q.Scene == nil || q.Scene.IP == "" || q.Scene.Store == nil || q.Scene.Store.ID == "" && q.Scene.Store.Own == "" {
		return 0, nil, paramError("scene_info")
	}
	o, f := p.charge(q.Number, q.Amount.Total, q.Description, q.Payer.Code)
	if f != nil && f.status == http.StatusAccepted {
		return http.StatusAccepted, p.orderV3(o, tw), nil
	}
	return http.StatusOK, p.orderV3(o, tw), f
}

// orderV3 is an order as a query states it (商户订单号查询订单).
func (p *WeChatPay) orderV3(o Payment, tw Twist) map[string]any {
	state, words := p.state(o)
	out := map[string]any{"appid": p.appID, "mchid": p.mchID, "out_trade_no": o.Number, "trade_state": state, "trade_state_desc": words}
	total := o.Amount
	if tw.Amount != 0 {
		total = tw.Amount
	}
	out["amount"] = map[string]any{"total": total, "currency": "CNY"}
	if state == "SUCCESS" || state == "REFUND" {
		kind := "NATIVE"
		if o.Kept[codeKept] != "" {
			kind = "MICROPAY"
		}
		out["trade_type"], out["transaction_id"], out["bank_type"], out["attach"] = kind, transactionID(o), "OTHERS", ""
		out["success_time"] = o.PaidAt.In(beijingTime).Format(time.RFC3339)
		out["payer"] = map[string]string{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}
		out["amount"] = map[string]any{"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"}
	}
	return out
}

// closeOrder closes an order that nobody has paid, and again if asked again
// (关闭订单). An order of a customer's code can be reversed only.
func (p *WeChatPay) closeOrder(number string, body []byte) (int, any, *wechatFault) {
	var q struct{ MchID string }
	if json.Unmarshal(body, &q) != nil || q.MchID != p.mchID {
		return 0, nil, paramError("mchid")
	}
	o, f := p.order(number)
	switch {
	case f != nil:
		return 0, nil, f
	case o.Kept[codeKept] != "":
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "INVALID_REQUEST", words: "付款码支付订单只能撤销"}
	}
	if err := p.s.Close(wechatPay, number, "by the merchant"); err != nil {
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "ORDERPAID", words: "该订单已支付"}
	}
	_, _ = p.s.Do(wechatPay, number, func(o *Payment) error { o.Kept[closedKept] = "1"; return nil }) // it is there
	return http.StatusNoContent, nil, nil
}

// certificates are the platform's, sealed with the APIv3 key (获取平台证书列表).
func (p *WeChatPay) certificates() any {
	block, err := aes.NewCipher([]byte(p.v3Key))
	if err != nil {
		panic(err) // the key is ours
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	nonce, text := hex.EncodeToString(randomBytes(6)), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.platform.cert})
	now := p.s.now()
	return map[string]any{"data": []any{map[string]any{
		"serial_no": p.platform.serial, "effective_time": now.AddDate(-1, 0, 0).Format(time.RFC3339), "expire_time": now.AddDate(4, 0, 0).Format(time.RFC3339),
		"encrypt_certificate": map[string]string{
			"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "certificate",
			"ciphertext": base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(nonce), text, []byte("certificate"))),
		},
	}}}
}
