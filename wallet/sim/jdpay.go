package sim

import (
	"bytes"
	"crypto"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// JDPay is JD's side of interface V2.0. There is no public documentation any
// more: wire and states follow public clients, cited as [jd ...]; the result
// codes other than 000000 are invented, as no table of them is known.
type JDPay struct {
	sim          *Sim
	online, code jdMerchant // codes on phones have an account of their own [jd README]
	private      *rsa.PrivateKey

	mu     sync.Mutex
	failed map[string]string // tradeNum of a charge that failed -> why
}

type jdMerchant struct {
	number  string
	des     []byte
	private *rsa.PrivateKey
}

// jdKeys are made once: JD's own and the shop's two.
var jdKeys = sync.OnceValue(func() (keys [3]*rsa.PrivateKey) {
	for i := range keys {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = k
	}
	return keys
})

// NewJDPay returns JD with one shop, which has an account for codes it shows
// and one for codes it takes.
func NewJDPay(s *Sim) *JDPay {
	keys := jdKeys()
	j := &JDPay{sim: s, private: keys[0], failed: map[string]string{}}
	j.online = jdMerchant{number: "110290193003", des: make([]byte, 24), private: keys[1]}
	j.code = jdMerchant{number: "110290193004", des: make([]byte, 24), private: keys[2]}
	rand.Read(j.online.des)
	rand.Read(j.code.des)
	return j
}

// Name is jdpay.
func (j *JDPay) Name() string { return "jdpay" }

// Account is the shop's.
func (j *JDPay) Account() wallet.Account {
	public, err := x509.MarshalPKIXPublicKey(&j.private.PublicKey)
	if err != nil {
		panic(err)
	}
	private := func(k *rsa.PrivateKey) string {
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			panic(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	return wallet.Account{Name: j.Name(), Fields: map[string]string{
		"merchant": j.online.number, "des_key": base64.StdEncoding.EncodeToString(j.online.des), "private_key": private(j.online.private),
		"qr_merchant": j.code.number, "qr_des_key": base64.StdEncoding.EncodeToString(j.code.des), "qr_private_key": private(j.code.private),
		"jd_public_key": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
		"notifyUrl":     "https://shop.example/jd", "device": "0001",
	}}
}

// NewCode returns a code of the older form: 18 and 16 digits more.
func (j *JDPay) NewCode(p Purse) string {
	code := "18" + randomDigits(16)
	j.sim.AddPurse(code, p)
	return code
}

var jdOps = map[string]Op{
	"/service/uniorder": OpStart, "/service/fkmPay": OpStart, "/service/query": OpQuery, "/service/queryRefund": OpQuery,
	"/service/revoke": OpCancel, "/service/refund": OpRefund,
}

// jdTradeNum: letters and digits [jd essensoft], and the underline of the
// provider's own samples.
var jdTradeNum = regexp.MustCompile(`^[0-9A-Za-z_]{1,32}$`)

// Read opens the envelope and checks the signature.
func (j *JDPay) Read(r *http.Request, body []byte) Exchange {
	x := Exchange{Op: jdOps[r.URL.Path]}
	outer := jdElements(body)
	refuse := func(code, desc string) Exchange {
		x.Act = func(Twist) Wire { return jdOuter(outer["merchant"], code, desc, "") }
		return x
	}
	if x.Op == "" || r.Method != http.MethodPost {
		x.Op = OpOther
		x.Act = func(Twist) Wire { return Wire{Status: http.StatusNotFound} }
		return x
	}
	m := j.merchant(outer["merchant"])
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/xml"), outer["version"] != "V2.0":
		return refuse("SIM001", "报文格式错误")
	case m == nil:
		return refuse("SIM002", "商户不存在")
	}
	plain, ok := jdDecrypt(m.des, outer["encrypt"])
	if !ok {
		return refuse("SIM003", "解密失败")
	}
	if !jdVerify(&m.private.PublicKey, plain) {
		return refuse("SIM004", "验签失败")
	}
	ask := jdElements(plain)
	x.Number = ask["tradeNum"]
	if o := ask["oTradeNum"]; o != "" {
		x.Number = o
	}
	if r.URL.Path == "/service/query" && ask["tradeType"] == "1" {
		x.Op = OpQueryRefund
	}
	if desc := jdWrong(strings.TrimPrefix(r.URL.Path, "/service/"), m.number == j.code.number, ask); desc != "" {
		return refuse("SIM005", desc)
	}
	x.Act = func(w Twist) Wire {
		return j.answer(m, j.act(strings.TrimPrefix(r.URL.Path, "/service/"), m, ask, w), w)
	}
	return x
}

func (j *JDPay) merchant(number string) *jdMerchant {
	for _, m := range []*jdMerchant{&j.online, &j.code} {
		if m.number == number {
			return m
		}
	}
	return nil
}

// jdWrong says what is wrong with a request [jd UNIORDER_REQUIRED_FIELDS,
// QRCODE_REQUIRED_FIELDS, REFUND_REQUIRED_FIELDS, REVOKE_REQUIRED_FIELDS].
func jdWrong(service string, forCodes bool, ask map[string]string) string {
	need := map[string][]string{
		"uniorder": {"tradeNum", "tradeName", "amount", "orderType", "notifyUrl", "userId", "tradeTime", "currency"},
		"fkmPay":   {"tradeNum", "tradeName", "amount", "device", "token", "tradeTime", "currency"},
		"query":    {"tradeNum", "tradeType"}, "queryRefund": {"oTradeNum"},
		"refund": {"tradeNum", "oTradeNum", "amount", "notifyUrl", "tradeTime", "currency"},
		"revoke": {"tradeNum", "oTradeNum", "amount", "tradeTime", "currency"},
	}[service]
	for _, n := range need {
		if ask[n] == "" {
			return n + "不能为空"
		}
	}
	for _, n := range []string{"tradeNum", "oTradeNum"} {
		if ask[n] != "" && !jdTradeNum.MatchString(ask[n]) {
			return n + "格式错误"
		}
	}
	if a := ask["amount"]; a != "" {
		if n, err := strconv.ParseInt(a, 10, 64); err != nil || n <= 0 {
			return "amount格式错误"
		}
	}
	if t := ask["tradeTime"]; t != "" {
		if _, err := time.Parse("20060102150405", t); err != nil {
			return "tradeTime格式错误"
		}
	}
	switch {
	case ask["version"] != "V2.0", ask["currency"] != "" && ask["currency"] != "CNY":
		return "version或currency错误"
	case service == "fkmPay" != forCodes && (service == "fkmPay" || service == "uniorder"):
		return "商户未开通该业务"
	}
	return ""
}

// jdElement is an element of an answer; the order is the answer's.
type jdElement struct{ name, value string }

func jdFail(code, desc string) []jdElement { return []jdElement{{"code", code}, {"desc", desc}} }

func (j *JDPay) act(service string, m *jdMerchant, ask map[string]string, w Twist) []jdElement {
	switch service {
	case "uniorder":
		return j.order(m, ask, w)
	case "fkmPay":
		return j.charge(m, ask, w)
	case "revoke":
		return j.revoke(m, ask)
	case "refund":
		return j.refund(m, ask)
	case "queryRefund":
		return j.refunds(m, ask)
	}
	if ask["tradeType"] == "1" {
		return j.queryRefund(m, ask)
	}
	return j.query(m, ask, w)
}

// own returns a payment of that merchant.
func (j *JDPay) own(m *jdMerchant, number string) (Payment, bool) {
	p, ok := j.sim.Payment(j.Name(), number)
	return p, ok && p.Kept["merchant"] == m.number
}

// order makes a code that holds expireTime, or 600 s [jd vector of uniorder].
func (j *JDPay) order(m *jdMerchant, ask map[string]string, w Twist) []jdElement {
	life := 600
	if s := ask["expireTime"]; s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n <= 0 {
			return jdFail("SIM106", "expireTime格式错误")
		}
		life = n
	}
	if _, taken := j.sim.Payment(j.Name(), ask["tradeNum"]); taken {
		// Every tradeNum is for one payment; a second is taken for a double payment.
		return jdFail("SIM101", "重复支付")
	}
	p, err := j.sim.Make(Payment{
		Platform: j.Name(), Number: ask["tradeNum"], Amount: jdAmount(ask["amount"]), Currency: "CNY", Subject: ask["tradeName"],
		QR: "https://h5pay.jd.com/code?c=" + randomHex(7), Until: j.sim.now().Add(time.Duration(life) * time.Second),
		Kept: map[string]string{"merchant": m.number},
	})
	if err != nil {
		return jdFail("SIM101", "重复支付")
	}
	return []jdElement{{"orderId", "10291486" + p.ID}, {"merchantName", "街角便利店"}, {"amount", jdStated(p, w)},
		{"expireTime", strconv.Itoa(life)}, {"tradeNum", p.Number}, {"qrCode", p.QR}}
}

func (j *JDPay) charge(m *jdMerchant, ask map[string]string, w Twist) []jdElement {
	number := ask["tradeNum"]
	if _, taken := j.sim.Payment(j.Name(), number); taken || j.why(number) != "" {
		return jdFail("SIM101", "重复支付")
	}
	p, err := j.sim.Charge(Payment{
		Platform: j.Name(), Number: number, Amount: jdAmount(ask["amount"]), Currency: "CNY", Subject: ask["tradeName"],
		Code: ask["token"], Kept: map[string]string{"merchant": m.number},
	})
	why := ""
	switch {
	case errors.Is(err, ErrNoSuchCode):
		why = "付款码不存在"
	case errors.Is(err, ErrExpired), errors.Is(err, ErrUsed):
		why = "付款码已失效"
	case errors.Is(err, ErrBalance):
		why = "余额不足"
	case errors.Is(err, ErrBlocked):
		why = "账户异常"
	case err != nil:
		return jdFail("SIM101", "重复支付")
	}
	if why != "" {
		j.mu.Lock()
		j.failed[number] = why
		j.mu.Unlock()
		return jdFail("SIM102", why)
	}
	return []jdElement{{"tradeNum", p.Number}, {"amount", jdStated(p, w)}, {"currency", "CNY"}, {"tradeTime", ask["tradeTime"]},
		{"note", ""}, {"status", jdStatus(p)}}
}

func (j *JDPay) why(number string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed[number]
}

// jdStatus: 0 made, 1 with the customer, 2 paid, 3 failed or closed [jd
// essensoft JdPayOrderQueryResponse]. A paid one that was revoked is paid
// still; its refund says the rest.
func jdStatus(p Payment) string {
	switch p.State {
	case Created:
		return "0"
	case Waiting:
		return "1"
	case Paid, Reversed:
		return "2"
	case Closed:
	}
	return "3"
}

func (j *JDPay) query(m *jdMerchant, ask map[string]string, w Twist) []jdElement {
	p, ok := j.own(m, ask["tradeNum"])
	switch {
	case !ok && j.why(ask["tradeNum"]) != "":
		return []jdElement{{"tradeNum", ask["tradeNum"]}, {"tradeType", "0"}, {"amount", "0"}, {"status", "3"}}
	case !ok:
		return jdFail("SIM103", "交易不存在")
	}
	es := []jdElement{{"tradeNum", p.Number}, {"tradeType", "0"}, {"amount", jdStated(p, w)}, {"status", jdStatus(p)}}
	if !p.PaidAt.IsZero() {
		at := p.PaidAt.Add(w.Clock).In(time.FixedZone("", 8*3600)).Format("20060102150405")
		es = append(es, jdElement{"payList", "<pay><payType>1</payType><amount>" + jdStated(p, w) + "</amount><currency>CNY</currency><tradeTime>" + at +
			"</tradeTime><detail><cardHolderMobile>150****1596</cardHolderMobile></detail></pay>"})
	}
	return es
}

// revoke: an unpaid payment cannot be paid any more, a paid one is given back
// [jd README, 撤销申请接口].
func (j *JDPay) revoke(m *jdMerchant, ask map[string]string) []jdElement {
	p, ok := j.own(m, ask["oTradeNum"])
	switch {
	case !ok:
		return jdFail("SIM103", "交易不存在")
	case jdAmount(ask["amount"]) != p.Amount:
		return jdFail("SIM104", "金额不一致")
	case len(p.Refunds) > 0 && p.State == Paid:
		return jdFail("SIM105", "已退款的交易不能撤销")
	}
	if _, err := j.sim.Cancel(j.Name(), p.Number); err != nil {
		return jdFail("SIM105", "撤销失败")
	}
	return []jdElement{{"tradeNum", ask["tradeNum"]}, {"tradeType", "2"}, {"oTradeNum", p.Number}, {"amount", ask["amount"]},
		{"currency", "CNY"}, {"tradeTime", ask["tradeTime"]}, {"note", ""}, {"status", "1"}}
}

// refund: parts are allowed; the same tradeNum is the same refund [jd refund].
func (j *JDPay) refund(m *jdMerchant, ask map[string]string) []jdElement {
	if _, ok := j.own(m, ask["oTradeNum"]); !ok {
		return jdFail("SIM103", "交易不存在")
	}
	_, err := j.sim.Refund(j.Name(), ask["oTradeNum"], ask["tradeNum"], jdAmount(ask["amount"]))
	switch {
	case errors.Is(err, ErrTooMuch):
		return jdFail("SIM107", "退款金额超过可退金额")
	case err != nil:
		return jdFail("SIM108", "交易状态不允许退款")
	}
	return []jdElement{{"tradeNum", ask["tradeNum"]}, {"oTradeNum", ask["oTradeNum"]}, {"amount", ask["amount"]}, {"currency", "CNY"},
		{"tradeTime", ask["tradeTime"]}, {"note", ask["note"]}, {"status", "1"}}
}

func (j *JDPay) queryRefund(m *jdMerchant, ask map[string]string) []jdElement {
	p, _ := j.own(m, ask["oTradeNum"])
	for _, r := range p.Refunds {
		if r.Number == ask["tradeNum"] {
			return []jdElement{{"tradeNum", r.Number}, {"tradeType", "1"}, {"oTradeNum", p.Number}, {"amount", strconv.FormatInt(int64(r.Amount), 10)},
				{"currency", "CNY"}, {"tradeTime", r.At.Format("20060102150405")}, {"status", "1"}}
		}
	}
	return jdFail("SIM103", "交易不存在")
}

// refunds lists what was given back of a payment [jd essensoft
// JDPayQueryRefundResponse, refList].
func (j *JDPay) refunds(m *jdMerchant, ask map[string]string) []jdElement {
	p, ok := j.own(m, ask["oTradeNum"])
	if !ok {
		return jdFail("SIM103", "交易不存在")
	}
	var b strings.Builder
	for _, r := range p.Refunds {
		fmt.Fprintf(&b, "<refund><tradeNum>%s</tradeNum><tradeType>1</tradeType><oTradeNum>%s</oTradeNum><amount>%d</amount><currency>CNY</currency><status>1</status></refund>",
			r.Number, p.Number, r.Amount)
	}
	return []jdElement{{"refList", b.String()}}
}

// answer signs, encrypts and wraps the elements.
func (j *JDPay) answer(m *jdMerchant, es []jdElement, w Twist) Wire {
	code, desc := "000000", "成功"
	if len(es) > 0 && es[0].name == "code" {
		code, desc, es = es[0].value, es[1].value, nil
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><jdpay><version>V2.0</version><merchant>` + m.number +
		"</merchant><result><code>" + code + "</code><desc>" + desc + "</desc></result>")
	for _, e := range es {
		b.WriteString("<" + e.name + ">")
		if e.name == "payList" || e.name == "refList" {
			b.WriteString(e.value)
		} else {
			xml.EscapeText(&b, []byte(e.value))
		}
		b.WriteString("</" + e.name + ">")
	}
	doc := append(b.Bytes(), "</jdpay>"...)
	of := doc
	if w.BadSign {
		of = append(bytes.Clone(doc), ' ')
	}
	if !w.Unsigned {
		sig, err := rsa.SignPKCS1v15(nil, j.private, crypto.Hash(0), jdDigest(of))
		if err != nil {
			return Wire{Status: http.StatusInternalServerError}
		}
		doc = append(bytes.TrimSuffix(doc, []byte("</jdpay>")), "<sign>"+base64.StdEncoding.EncodeToString(sig)+"</sign></jdpay>"...)
	}
	return jdOuter(m.number, "000000", "成功", jdEncrypt(m.des, doc))
}

func jdOuter(merchant, code, desc, encrypted string) Wire {
	var m bytes.Buffer
	xml.EscapeText(&m, []byte(merchant))
	body := `<?xml version="1.0" encoding="UTF-8"?><jdpay><version>V2.0</version><merchant>` + m.String() +
		"</merchant><result><code>" + code + "</code><desc>" + desc + "</desc></result>"
	if encrypted != "" {
		body += "<encrypt>" + encrypted + "</encrypt>"
	}
	return Wire{Header: http.Header{"Content-Type": {"application/xml;charset=UTF-8"}}, Body: []byte(body + "</jdpay>")}
}

// jdElements reads the children of a document that hold text alone.
func jdElements(doc []byte) map[string]string {
	out := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(doc))
	for depth, name := 0, ""; ; {
		tok, err := d.Token()
		if err != nil {
			return out
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			name = t.Name.Local
		case xml.EndElement:
			depth--
			name = ""
		case xml.CharData:
			if depth == 2 && name != "" {
				out[name] += string(t)
			}
		}
	}
}

func jdDigest(doc []byte) []byte {
	sum := sha256.Sum256(doc)
	return []byte(hex.EncodeToString(sum[:]))
}

// jdVerify checks the signature over the document without its sign element.
func jdVerify(key *rsa.PublicKey, doc []byte) bool {
	head, rest, found := bytes.Cut(doc, []byte("<sign>"))
	text, tail, closed := bytes.Cut(rest, []byte("</sign>"))
	sig, err := base64.StdEncoding.DecodeString(string(text))
	if !found || !closed || err != nil {
		return false
	}
	return rsa.VerifyPKCS1v15(key, crypto.Hash(0), jdDigest(append(bytes.Clone(head), tail...)), sig) == nil
}

func jdBlock(key []byte) cipher.Block {
	b, err := des.NewTripleDESCipher(key)
	if err != nil {
		panic(err)
	}
	return b
}

func jdEncrypt(key, doc []byte) string {
	plain := binary.BigEndian.AppendUint32(nil, uint32(len(doc)))
	plain = append(plain, doc...)
	for len(plain)%8 != 0 {
		plain = append(plain, 0)
	}
	b := jdBlock(key)
	for i := 0; i < len(plain); i += 8 {
		b.Encrypt(plain[i:], plain[i:])
	}
	return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(plain)))
}

func jdDecrypt(key []byte, text string) ([]byte, bool) {
	inner, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	plain, err := hex.DecodeString(string(inner))
	if err != nil || len(plain) < 8 || len(plain)%8 != 0 {
		return nil, false
	}
	b := jdBlock(key)
	for i := 0; i < len(plain); i += 8 {
		b.Decrypt(plain[i:], plain[i:])
	}
	n := binary.BigEndian.Uint32(plain)
	if int64(n) > int64(len(plain)-4) {
		return nil, false
	}
	return plain[4 : 4+n], true
}

func jdAmount(s string) money.Amount { n, _ := strconv.ParseInt(s, 10, 64); return money.Amount(n) }

// jdStated is the amount that an answer states.
func jdStated(p Payment, w Twist) string {
	a := p.Amount
	if w.Amount != 0 {
		a = w.Amount
	}
	return strconv.FormatInt(int64(a), 10)
}
