package sim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// Alipay is Alipay's gateway, version 2. The rules are those of the open
// platform's documents of each method (opendocs.alipay.com, as carried by
// alipay/alipay-sdk-php-all); those from elsewhere say so.
type Alipay struct {
	// BillsNextDay gives a day's bill from 10:00 of the next day, as Alipay does;
	// without it a bill is there at once, so that a trial need not wait.
	BillsNextDay bool

	sim   *Sim
	keys  alipayKeys
	certs bool // certificate mode
	mu    sync.Mutex
	last  int
	bills map[string]alipayBill
}

// NewAlipay returns the platform in key mode, with new keys for one shop.
func NewAlipay(s *Sim) *Alipay {
	return &Alipay{sim: s, keys: makeAlipayKeys(), bills: map[string]alipayBill{}}
}

// NewAlipayWithCertificates returns the platform in certificate mode.
func NewAlipayWithCertificates(s *Sim) *Alipay {
	a := NewAlipay(s)
	a.certs = true
	return a
}

// Name returns alipay.
func (a *Alipay) Name() string { return "alipay" }

// Account is what the shop enters.
func (a *Alipay) Account() wallet.Account {
	fields := map[string]string{
		"app_id":      alipayAppID,
		"private_key": alipayPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(a.keys.app)),
	}
	if a.certs {
		fields["app_cert"] = alipayPEM("CERTIFICATE", a.keys.appCert)
		fields["alipay_public_cert"] = alipayPEM("CERTIFICATE", a.keys.alipayPub)
		fields["alipay_root_cert"] = alipayPEM("CERTIFICATE", a.keys.roots...)
	} else {
		public, err := x509.MarshalPKIXPublicKey(a.keys.alipay.Public())
		if err != nil {
			panic(err)
		}
		fields["alipay_public_key"] = alipayPEM("PUBLIC KEY", public)
	}
	return wallet.Account{Name: a.Name(), Fields: fields}
}

// NewCode returns a bar code as the application shows it: 18 digits from 28.
func (a *Alipay) NewCode(p Purse) string {
	code := "28" + alipayDigits(16)
	a.sim.AddPurse(code, p)
	return code
}

// Scan is the customer scanning a shown code without paying yet: from then on
// there is a trade, which waits for the buyer.
func (a *Alipay) Scan(number string) error {
	_, err := a.sim.Do(a.Name(), number, func(p *Payment) error {
		if p.State == Closed {
			return ErrClosed
		}
		if p.State == Created {
			p.State = Waiting
			p.Kept["scanned"] = "yes"
			p.note("scanned")
		}
		return nil
	})
	return err
}

func alipayDigits(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}

// alipayNode is the node of an answer, in the order in which it is written.
type alipayNode [][2]string

func (n alipayNode) json() []byte {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err1 := json.Marshal(f[0])
		value, err2 := json.Marshal(f[1])
		if err1 != nil || err2 != nil {
			panic("a text that JSON cannot hold")
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	// The gateway escapes slashes, so that who serialises again breaks the
	// signature.
	return []byte(strings.ReplaceAll(b.String(), "/", `\/`))
}

func alipayFault(code, sub, words string) alipayNode {
	msg := map[string]string{"20000": "Service Currently Unavailable", "20001": "Insufficient Token Permissions",
		"40001": "Missing Required Arguments", "40002": "Invalid Arguments", "40004": "Business Failed", "40006": "Insufficient Permissions"}[code]
	return alipayNode{{"code", code}, {"msg", msg}, {"sub_code", sub}, {"sub_msg", words}}
}

func alipayDone(fields ...[2]string) alipayNode {
	return append(alipayNode{{"code", "10000"}, {"msg", "Success"}}, fields...)
}

// answer signs a node and writes it: the signature covers the node as it
// stands (open platform, 自行实现验签). Certificate mode names the certificate.
func (a *Alipay) answer(method string, node alipayNode, t Twist) Wire {
	raw := node.json()
	name := strings.ReplaceAll(method, ".", "_") + "_response"
	if method == "" {
		name = "error_response"
	}
	text := string(raw)
	if t.BadSign {
		text += " "
	}
	body := fmt.Sprintf(`{%q:%s`, name, raw)
	if a.certs {
		body += fmt.Sprintf(`,"alipay_cert_sn":%q`, alipaySN(a.keys.alipayPub))
	}
	if !t.Unsigned {
		body += fmt.Sprintf(`,"sign":%q`, alipaySign(a.keys.alipay, text))
	}
	now := a.sim.now().Add(t.Clock)
	return Wire{Body: []byte(body + "}"), Header: http.Header{
		"Content-Type": {"text/html;charset=utf-8"}, "Date": {now.UTC().Format(http.TimeFormat)}}}
}

func alipaySign(key *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(sig)
}

// alipayCall is a request whose signature was good.
type alipayCall struct {
	method  string
	content map[string]string
}

// Read understands a request: of the gateway, or for a bill that it made.
func (a *Alipay) Read(r *http.Request, body []byte) Exchange {
	if r.URL.Path == "/downloadBillFile" && r.Method == http.MethodGet {
		return Exchange{Op: OpBill, Act: func(Twist) Wire { return a.download(r.URL.Query().Get("token")) }}
	}
	values, method, fault := a.parameters(r, body)
	x := Exchange{Op: alipayOps[method]}
	if x.Op == "" {
		x.Op = OpOther
	}
	c := alipayCall{method: method, content: map[string]string{}}
	if fault == nil {
		c.content, fault = alipayContent(values["biz_content"])
	}
	if fault != nil {
		// Who cannot be told from whom gets no signature.
		unsigned := fault[2][1] == "isv.invalid-app-id" || fault[2][1] == "isv.missing-app-id"
		return Exchange{Op: x.Op, Number: c.content["out_trade_no"], Act: func(t Twist) Wire {
			t.Unsigned = t.Unsigned || unsigned
			return a.answer(method, fault, t)
		}}
	}
	x.Number = a.number(c)
	base := "http://" + r.Host + "/" + a.Name()
	if r.TLS != nil {
		base = "https://" + r.Host + "/" + a.Name()
	}
	x.Act = func(t Twist) Wire { return a.answer(method, a.act(c, x.Number, base, t), t) }
	return x
}

var alipayOps = map[string]Op{
	"alipay.trade.precreate": OpStart, "alipay.trade.pay": OpStart, "alipay.trade.query": OpQuery, "alipay.trade.cancel": OpCancel,
	"alipay.trade.refund": OpRefund, "alipay.trade.fastpay.refund.query": OpQueryRefund,
	"alipay.data.dataservice.bill.downloadurl.query": OpBill,
}

// parameters reads the common parameters (公共请求参数), which stand in the
// address or in the body, and checks them and the signature.
func (a *Alipay) parameters(r *http.Request, body []byte) (values map[string]string, method string, fault alipayNode) {
	values = map[string]string{}
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost && r.Method != http.MethodGet {
		return values, "", alipayFault("40002", "isv.invalid-parameter", "参数无效")
	}
	for _, from := range []url.Values{r.URL.Query(), form} {
		for k, v := range from {
			if have, ok := values[k]; len(v) != 1 || ok && have != v[0] {
				return values, "", alipayFault("40002", "isv.invalid-parameter", "参数 "+k+" 重复")
			}
			values[k] = v[0]
		}
	}
	method = values["method"]
	if alipayOps[method] == "" {
		return values, "", alipayFault("40002", "isv.invalid-method", "不存在的方法名")
	}
	for _, k := range []string{"app_id", "sign_type", "sign", "timestamp", "version", "charset"} {
		if values[k] == "" {
			sub := map[string]string{"sign": "signature", "sign_type": "signature-type", "app_id": "app-id"}[k]
			if sub == "" {
				sub = k
			}
			return values, method, alipayFault("40001", "isv.missing-"+sub, "缺少参数 "+k)
		}
	}
	invalid := func(what, words string) alipayNode { return alipayFault("40002", "isv.invalid-"+what, words) }
	switch _, err := time.Parse("2006-01-02 15:04:05", values["timestamp"]); {
	case values["app_id"] != alipayAppID:
		return values, method, invalid("app-id", "无效的AppID参数")
	case values["sign_type"] != "RSA2":
		return values, method, invalid("signature-type", "无效签名类型")
	case err != nil:
		return values, method, invalid("timestamp", "非法的时间戳参数")
	case values["version"] != "1.0":
		return values, method, invalid("version", "版本号不支持")
	case !strings.EqualFold(values["charset"], "utf-8"):
		return values, method, invalid("charset", "字符集错误")
	case values["format"] != "" && !strings.EqualFold(values["format"], "json"):
		return values, method, invalid("format", "不支持的响应格式")
	case a.certs && (values["app_cert_sn"] != alipaySN(a.keys.appCert) || values["alipay_root_cert_sn"] != alipaySN(a.keys.roots[1])):
		return values, method, alipayFault("40002", "isv.missing-signature-config", "验签出错, 未配置对应签名算法的公钥或者证书")
	case values["app_auth_token"] != "":
		// No shop has given this application its authority here.
		return values, method, alipayFault("20001", "aop.invalid-app-auth-token", "无效的应用授权令牌")
	}
	text := alipaySigned(values)
	sig, err := base64.StdEncoding.DecodeString(values["sign"])
	sum := sha256.Sum256([]byte(text))
	if err != nil || rsa.VerifyPKCS1v15(&a.keys.app.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		// As the gateway does, the words repeat what was to be signed.
		return values, method, invalid("signature", "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为："+text)
	}
	return values, method, nil
}

// alipaySigned is what a request's signature covers (open platform, 自行实现签名).
func alipaySigned(values map[string]string) string {
	var pairs []string
	for k, v := range values {
		if k != "sign" && v != "" {
			pairs = append(pairs, k+"="+v)
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func alipayContent(text string) (map[string]string, alipayNode) {
	content := map[string]string{}
	if text == "" {
		return content, alipayFault("40001", "isv.missing-parameter", "缺少参数 biz_content")
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var raw map[string]any
	if err := dec.Decode(&raw); err != nil {
		return content, alipayFault("40002", "isv.invalid-parameter", "biz_content 不是 JSON")
	}
	for k, v := range raw {
		switch v := v.(type) {
		case string:
			content[k] = v
		case json.Number:
			content[k] = v.String()
		}
	}
	return content, nil
}

// number is the merchant's number that a call is about; trade_no goes before
// out_trade_no where both are there.
func (a *Alipay) number(c alipayCall) string {
	if id := c.content["trade_no"]; id != "" {
		p, _ := a.sim.Find(func(p *Payment) bool { return p.Platform == a.Name() && p.ID == id })
		return p.Number
	}
	return c.content["out_trade_no"]
}

var alipayYuan = money.Currency{Code: "CNY", Exponent: 2}

var alipayForms = map[string]*regexp.Regexp{
	"out_trade_no": regexp.MustCompile(`^[0-9A-Za-z_]{1,64}$`),
	"total_amount": regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,2})?$`),
	"subject":      regexp.MustCompile(`^[^/=&]{1,256}$`),
	"timeout":      regexp.MustCompile(`^(1c|[1-9][0-9]{0,4}[mhd])$`),
	"auth_code":    regexp.MustCompile(`^((2[5-9]|30)[0-9]{14,22}|fp[0-9A-Za-z]{33})$`),
}

func (a *Alipay) act(c alipayCall, number, base string, t Twist) alipayNode {
	switch c.method {
	case "alipay.trade.precreate":
		return a.precreate(c)
	case "alipay.trade.pay":
		return a.pay(c, t)
	case "alipay.data.dataservice.bill.downloadurl.query":
		return a.billURL(c, base)
	}
	if c.content["out_trade_no"] == "" && c.content["trade_no"] == "" {
		return alipayFault("40004", "ACQ.INVALID_PARAMETER", "参数无效：out_trade_no 与 trade_no 不能同时为空")
	}
	p, ok := a.sim.Payment(a.Name(), number)
	ok = ok && p.alipayTrade()
	switch c.method {
	case "alipay.trade.query":
		return a.query(c, p, ok, t)
	case "alipay.trade.cancel":
		return a.cancel(c, p, ok)
	case "alipay.trade.refund":
		return a.refund(c, p, ok, t)
	}
	return a.refundQuery(c, p, ok, t)
}

// alipayTrade reports whether a payment is a trade: one that was charged is,
// a shown code only from its first scan on (fzlee/alipay, issue 9: a query
// answers 40004 until it is scanned).
func (p Payment) alipayTrade() bool {
	return p.Code != "" || p.Captured > 0 || p.State == Waiting || p.Kept["scanned"] != ""
}

// order checks what precreate and pay have in common and returns the payment
// that is asked for.
func (a *Alipay) order(c alipayCall) (Payment, alipayNode) {
	bad := func(what string) (Payment, alipayNode) {
		return Payment{}, alipayFault("40004", "ACQ.INVALID_PARAMETER", "参数无效："+what)
	}
	for _, k := range []string{"out_trade_no", "total_amount", "subject"} {
		if !alipayForms[k].MatchString(c.content[k]) {
			return bad(k)
		}
	}
	amount, err := alipayYuan.Parse(c.content["total_amount"])
	if err != nil || amount < 1 || amount > 100_000_000_00 {
		return bad("total_amount")
	}
	if code := c.content["product_code"]; code != "" && code != "FACE_TO_FACE_PAYMENT" {
		return bad("product_code")
	}
	// In person an order lives 3 hours where nothing is asked for.
	life := 3 * time.Hour
	for _, k := range []string{"timeout_express", "qr_code_timeout_express"} {
		s := c.content[k]
		if s == "" {
			continue
		}
		if !alipayForms["timeout"].MatchString(s) {
			return bad(k)
		}
		if d := alipayLife(s, a.sim.now()); d < life {
			life = d
		}
	}
	a.mu.Lock()
	a.last++
	id := fmt.Sprintf("%s22001%015d", a.sim.now().In(alipayZone).Format("20060102"), a.last)
	a.mu.Unlock()
	return Payment{Platform: a.Name(), Number: c.content["out_trade_no"], ID: id, Amount: amount, Currency: "CNY",
		Subject: c.content["subject"], Until: a.sim.now().Add(life)}, nil
}

var alipayZone = time.FixedZone("UTC+8", 8*60*60)

func alipayLife(s string, now time.Time) time.Duration {
	if s == "1c" {
		at := now.In(alipayZone)
		return time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, alipayZone).Sub(at)
	}
	var n int
	var unit rune
	fmt.Sscanf(s, "%d%c", &n, &unit)
	return time.Duration(n) * map[rune]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[unit]
}

// alipayRefusals are the answers to orders that the books refuse.
var alipayRefusals = []struct {
	err        error
	sub, words string
}{
	{ErrDiffers, "ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"},
	{ErrPaid, "ACQ.TRADE_HAS_SUCCESS", "交易已被支付"},
	{ErrClosed, "ACQ.TRADE_HAS_CLOSE", "交易已经关闭"},
	{ErrNoSuchCode, "ACQ.PAYMENT_AUTH_CODE_INVALID", alipayNoCode},
	{ErrExpired, "ACQ.PAYMENT_AUTH_CODE_INVALID", alipayNoCode},
	{ErrUsed, "ACQ.PAYMENT_AUTH_CODE_INVALID", alipayNoCode},
	{ErrBalance, "ACQ.BUYER_BALANCE_NOT_ENOUGH", "余额不足"},
	{ErrBlocked, "ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法"},
}

const alipayNoCode = "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。[SOUNDWAVE_PARSER_FAIL]"

func alipayRefusal(err error) alipayNode {
	for _, r := range alipayRefusals {
		if errors.Is(err, r.err) {
			return alipayFault("40004", r.sub, r.words)
		}
	}
	return alipayFault("20000", "isp.unknow-error", "系统繁忙")
}

func (a *Alipay) precreate(c alipayCall) alipayNode {
	p, fault := a.order(c)
	if fault != nil {
		return fault
	}
	// The code lives two hours at most, whatever is asked for.
	if most := a.sim.now().Add(2 * time.Hour); p.Until.After(most) {
		p.Until = most
	}
	sum := sha256.Sum256([]byte(p.Number))
	p.QR = "https://qr.alipay.com/bax" + hex.EncodeToString(sum[:10])
	if _, err := a.sim.Make(p); err != nil {
		return alipayRefusal(err)
	}
	return alipayDone([2]string{"out_trade_no", p.Number}, [2]string{"qr_code", p.QR})
}

func (a *Alipay) pay(c alipayCall, t Twist) alipayNode {
	p, fault := a.order(c)
	if fault != nil {
		return fault
	}
	face := strings.HasPrefix(c.content["auth_code"], "fp")
	if s := c.content["scene"]; !alipayForms["auth_code"].MatchString(c.content["auth_code"]) || face && s != "security_code" || !face && s != "bar_code" {
		return alipayFault("40004", "ACQ.INVALID_PARAMETER", "参数无效：scene, auth_code")
	}
	if have, ok := a.sim.Payment(a.Name(), p.Number); ok && have.State == Paid && have.Amount == p.Amount && have.Code == c.content["auth_code"] {
		return alipayRefusal(ErrPaid)
	}
	p.Code = c.content["auth_code"]
	p, err := a.sim.Charge(p)
	if err != nil {
		return alipayRefusal(err)
	}
	if p.State != Paid {
		return append(alipayNode{{"code", "10003"}, {"msg", " order success pay inprocess"}},
			alipayMoney(p, t, [2]string{"trade_no", p.ID}, [2]string{"out_trade_no", p.Number})...)
	}
	return alipayDone(alipayMoney(p, t, [2]string{"trade_no", p.ID}, [2]string{"out_trade_no", p.Number},
		[2]string{"gmt_payment", p.PaidAt.Add(t.Clock).In(alipayZone).Format("2006-01-02 15:04:05")},
		[2]string{"buyer_logon_id", "sim***@example.com"}, [2]string{"buyer_user_id", "2088000000000009"})...)
}

// alipayMoney adds the amounts of a trade to fields.
func alipayMoney(p Payment, t Twist, fields ...[2]string) alipayNode {
	total := p.Amount
	if t.Amount != 0 {
		total = t.Amount
	}
	paid := money.Amount(0)
	if p.Captured > 0 {
		paid = total
	}
	return append(fields, [2]string{"total_amount", alipayYuan.Format(total)}, [2]string{"buyer_pay_amount", alipayYuan.Format(paid)},
		[2]string{"receipt_amount", alipayYuan.Format(paid)}, [2]string{"invoice_amount", alipayYuan.Format(paid)}, [2]string{"point_amount", "0.00"})
}
