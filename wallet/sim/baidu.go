package sim

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/money"
	"guitai/wallet"
)

// Baidu is Baidu Wallet's side of the wire: GET, GBK, MD5 or SHA-1. Rules are
// cited from its manuals as [bd refund SECTION] and [bd pay SECTION], and what
// they leave out from public clients as [bd clients]. Codes beginning with 99
// are invented, as the true ones are not published.
type Baidu struct {
	sim       *Sim
	spNo, key string
	method    string

	mu     sync.Mutex
	failed map[string]bool // order_no of a payment that was refused
}

// NewBaidu returns Baidu Wallet with one merchant, who signs by method: 1 for
// MD5, 2 for SHA-1.
func NewBaidu(s *Sim, method string) *Baidu {
	return &Baidu{sim: s, spNo: "9000100005", key: randomHex(16), method: method, failed: map[string]bool{}}
}

// Name is baidu.
func (b *Baidu) Name() string { return "baidu" }

// Account is the merchant's.
func (b *Baidu) Account() wallet.Account {
	return wallet.Account{Name: b.Name(), Fields: map[string]string{
		"sp_no": b.spNo, "key": b.key, "sign_method": b.method, "return_url": "https://shop.example/bd",
		"mno": "000000000000001", "mname": "街角便利店", "tno": "0001",
	}}
}

// NewCode returns a code of 18 digits beginning with 31 [bd clients].
func (b *Baidu) NewCode(p Purse) string {
	code := "31" + randomDigits(16)
	b.sim.AddPurse(code, p)
	return code
}

var bdOps = map[string]Op{
	"/o2o/0/code/0/create/0": OpStart, "/o2o/0/b2c/0/api/0/pay/0": OpStart, "/o2o/0/b2c/0/api/0/query_trans/0": OpQuery,
	"/api/0/cancel": OpCancel, "/api/0/refund": OpRefund, "/api/0/refund/0/query": OpQueryRefund,
}

// bdUnsigned are sent beside the signed ones when a code is made [bd clients].
var bdUnsigned = []string{"code_type", "code_size", "output_type", "nologo", "mno", "mname", "tno"}

// Read checks the signature over the raw GBK values and the parameters.
func (b *Baidu) Read(r *http.Request, _ []byte) Exchange {
	x := Exchange{Op: bdOps[r.URL.Path]}
	raw, err := url.ParseQuery(r.URL.RawQuery)
	field := func(name string) string { return raw.Get(name) }
	x.Number = field("order_no")
	refuse := func(code, words string) Exchange {
		x.Act = func(Twist) Wire { return bdRefusal(x.Op, r.URL.Path, code, words) }
		return x
	}
	switch {
	case x.Op == "" || r.Method != http.MethodGet:
		x.Op = OpOther
		x.Act = func(Twist) Wire { return Wire{Status: http.StatusNotFound} }
		return x
	case err != nil:
		return refuse("5802", "请求参数非法")
	case field("sign_method") != "1" && field("sign_method") != "2":
		return refuse("5803", "不支持的签名算法")
	case field("sp_no") != b.spNo:
		return refuse("5805", "交易和商户不匹配")
	}
	signed := map[string]string{}
	for k := range raw {
		if k != "sign" && (r.URL.Path != "/o2o/0/code/0/create/0" || !bdHas(bdUnsigned, k)) {
			signed[k] = field(k)
		}
	}
	if !strings.EqualFold(field("sign"), bdSign(field("sign_method"), b.key, signed)) {
		return refuse("5804", "验签失败")
	}
	if code, words := bdWrong(r.URL.Path, field); code != "" {
		return refuse(code, words)
	}
	x.Act = func(w Twist) Wire { return b.act(r.URL.Path, field, w) }
	return x
}

func bdHas(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// bdWrong checks what each interface demands [bd pay 3.3; bd refund 3.3, 4.3.1;
// bd clients].
func bdWrong(path string, field func(string) string) (code, words string) {
	pay := []string{"service_code", "order_create_time", "order_no", "goods_name", "total_amount", "currency", "return_url", "input_charset", "version"}
	need := map[string][]string{
		"/o2o/0/code/0/create/0":           append([]string{"pay_type"}, pay...),
		"/o2o/0/b2c/0/api/0/pay/0":         append([]string{"pay_code"}, pay...),
		"/o2o/0/b2c/0/api/0/query_trans/0": {"order_no", "input_charset", "version"},
		"/api/0/cancel":                    {"order_no", "output_charset", "output_type"},
		"/api/0/refund": {"service_code", "input_charset", "output_type", "output_charset", "return_url", "version", "order_no",
			"cashback_amount", "cashback_time", "currency", "sp_refund_no"},
		"/api/0/refund/0/query": {"service_code", "order_no", "output_type", "output_charset", "version"},
	}[path]
	for _, n := range need {
		if field(n) == "" {
			return "5801", "缺少请求参数"
		}
	}
	bad := len(field("order_no")) > 20 || len(field("goods_name")) > 128 || field("version") != "" && field("version") != "2" ||
		field("currency") != "" && field("currency") != "1"
	for _, n := range []string{"total_amount", "cashback_amount"} {
		if s := field(n); s != "" {
			v, err := strconv.ParseInt(s, 10, 64)
			bad = bad || err != nil || v <= 0
		}
	}
	for _, n := range []string{"order_create_time", "expire_time", "cashback_time"} {
		if s := field(n); s != "" {
			_, err := time.Parse("20060102150405", s)
			bad = bad || err != nil
		}
	}
	service := map[string]string{"/o2o/0/code/0/create/0": "1", "/o2o/0/b2c/0/api/0/pay/0": "1", "/api/0/refund": "2", "/api/0/refund/0/query": "12"}[path]
	bad = bad || service != field("service_code")
	switch {
	case bad:
		return "5802", "请求参数非法"
	case len(field("sp_refund_no")) > 21:
		return "13", "sp_refund_no超出21位"
	}
	return "", ""
}

func (b *Baidu) act(path string, field func(string) string, w Twist) Wire {
	switch path {
	case "/o2o/0/code/0/create/0":
		return b.create(field)
	case "/o2o/0/b2c/0/api/0/pay/0":
		return b.pay(field)
	case "/api/0/cancel":
		return b.cancel(field("order_no"))
	case "/api/0/refund":
		return b.refund(field)
	case "/api/0/refund/0/query":
		return b.queryRefund(field, w)
	}
	return b.query(field("order_no"), w)
}

// until is when an unpaid order closes by itself [bd pay, expire_time].
func (b *Baidu) until(field func(string) string) time.Time {
	t, err := time.ParseInLocation("20060102150405", field("expire_time"), time.FixedZone("", 8*3600))
	if err != nil {
		return time.Time{}
	}
	return t
}

func (b *Baidu) create(field func(string) string) Wire {
	if _, taken := b.sim.Payment(b.Name(), field("order_no")); taken {
		return bdScan("99001", "订单号重复", nil)
	}
	p, err := b.sim.Make(Payment{
		Platform: b.Name(), Number: field("order_no"), Amount: bdAmount(field("total_amount")), Currency: "CNY", Subject: bdText(field("goods_name")),
		QR: "https://www.baifubao.com/o2o/0/s/0?tinyurl=" + randomHex(4), Until: b.until(field),
	})
	if err != nil {
		return bdScan("99001", "订单号重复", nil)
	}
	if field("output_type") != "1" {
		// 0, which is also meant where none is given, is a picture [bd clients].
		return Wire{Header: http.Header{"Content-Type": {"image/png"}}, Body: []byte("\x89PNG\r\n\x1a\n")}
	}
	return bdScan("0", "OK", p.QR)
}

func (b *Baidu) pay(field func(string) string) Wire {
	number := field("order_no")
	b.mu.Lock()
	failed := b.failed[number]
	b.mu.Unlock()
	if _, taken := b.sim.Payment(b.Name(), number); taken || failed {
		return bdScan("99001", "订单号重复", nil)
	}
	p, err := b.sim.Charge(Payment{
		Platform: b.Name(), Number: number, Amount: bdAmount(field("total_amount")), Currency: "CNY", Subject: bdText(field("goods_name")),
		Code: field("pay_code"),
	})
	if err == nil {
		if p.State == Waiting {
			return bdScan("69556", "需要用户确认", nil)
		}
		return bdScan("0", "OK", map[string]string{"order_no": number, "bfb_order_no": bdOrder(p.ID), "pay_result": "2"})
	}
	refusal := map[error][2]string{
		ErrNoSuchCode: {"65235", "付款码无效"}, ErrExpired: {"65236", "付款码已过期"}, ErrUsed: {"65236", "付款码已使用"},
		ErrBalance: {"69510", "账户余额不足"}, ErrBlocked: {"69511", "账户异常"},
	}
	for e, r := range refusal {
		if errors.Is(err, e) {
			b.mu.Lock()
			b.failed[number] = true
			b.mu.Unlock()
			return bdScan(r[0], r[1], nil)
		}
	}
	return bdScan("99001", "订单号重复", nil)
}

// query: pay_result 1 waits, 2 paid, 5 cancelled, 10 failed; an order that is
// not there has an empty content [bd clients].
func (b *Baidu) query(number string, w Twist) Wire {
	p, ok := b.sim.Payment(b.Name(), number)
	b.mu.Lock()
	failed := b.failed[number]
	b.mu.Unlock()
	if !ok && !failed {
		return bdScan("0", "OK", "")
	}
	content := map[string]string{
		"bfb_order_no": bdOrder(p.ID), "create_time": bdTime(p.Made, w), "goods_name": p.Subject, "mkt_amount": "0", "mname": "", "mno": "",
		"order_no": number, "pay_result": "10", "pay_time": "0000-00-00 00:00:00", "sign_method": b.method, "sp_no": b.spNo, "tno": "", "version": "1",
	}
	if ok {
		content["pay_result"] = map[State]string{Created: "1", Waiting: "1", Paid: "2", Reversed: "2", Closed: "5"}[p.State]
	}
	total := p.Amount
	if w.Amount != 0 {
		total = w.Amount
	}
	content["total_amount"] = strconv.FormatInt(int64(total), 10)
	content["cash_amount"] = content["total_amount"]
	if !p.PaidAt.IsZero() {
		content["pay_time"] = bdTime(p.PaidAt, w)
	}
	if !w.Unsigned {
		content["sign"] = bdSign(b.method, b.key, bdGBK(content))
	}
	if w.BadSign {
		content["sign"] = bdSign(b.method, "another key", bdGBK(content))
	}
	return bdScan("0", "OK", content)
}

func bdTime(t time.Time, w Twist) string {
	return t.Add(w.Clock).In(time.FixedZone("", 8*3600)).Format(time.DateTime)
}

// cancel closes an unpaid order; of its answer only err_msg is known [bd
// clients].
func (b *Baidu) cancel(number string) Wire {
	message := "success"
	if err := b.sim.Close(b.Name(), number, "cancelled"); errors.Is(err, ErrPaid) {
		message = "订单已支付，不能取消"
	} else if err != nil {
		message = "订单不存在"
	}
	return bdJSON(map[string]any{"response": map[string]any{"err_msg": message}})
}

// refund [bd refund 3.3, 6.6]: 1 is taken on, and 14 a number used before.
func (b *Baidu) refund(field func(string) string) Wire {
	number, refund := field("order_no"), field("sp_refund_no")
	p, ok := b.sim.Payment(b.Name(), number)
	answer := func(code, detail string) Wire {
		return bdXML([][2]string{{"cashback_amount", field("cashback_amount")}, {"sp_no", b.spNo}, {"order_no", number},
			{"bfb_order_no", bdOrder(p.ID)}, {"sp_refund_no", refund}, {"ret_code", code}, {"ret_detail", detail}})
	}
	if !ok {
		return answer("2", "交易不存在")
	}
	for _, r := range p.Refunds {
		if r.Number == refund {
			return answer("14", "sp_refund_no重复")
		}
	}
	_, err := b.sim.Refund(b.Name(), number, refund, bdAmount(field("cashback_amount")))
	switch {
	case errors.Is(err, ErrTooMuch):
		return answer("4", "退款金额不正确")
	case err != nil:
		return answer("5", "交易状态不正确")
	}
	return answer("1", "")
}

// queryRefund [bd refund 4.3.1, 6.7].
func (b *Baidu) queryRefund(field func(string) string, w Twist) Wire {
	p, _ := b.sim.Payment(b.Name(), field("order_no"))
	for _, r := range p.Refunds {
		if r.Number == field("sp_refund_no") {
			amount := r.Amount
			if w.Amount != 0 {
				amount++
			}
			return bdXML([][2]string{{"ret_code", "1"}, {"ret_details", "已退款至百度钱包余额"}, {"cashback_amount", strconv.FormatInt(int64(amount), 10)}})
		}
	}
	return bdXML([][2]string{{"ret_code", "5809"}, {"ret_details", "退款记录不存在"}})
}

// bdOrder is the wallet's own number of an order.
func bdOrder(id string) string { return "20250101900010000511102" + id }

func bdAmount(s string) money.Amount { n, _ := strconv.ParseInt(s, 10, 64); return money.Amount(n) }

// bdText reads a value that came in GBK.
func bdText(raw string) string {
	s, err := simplifiedchinese.GBK.NewDecoder().String(raw)
	if err != nil {
		return raw
	}
	return s
}

// bdGBK writes the values in GBK, as they are signed; the signature itself is
// left out.
func bdGBK(values map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range values {
		if k == "sign" {
			continue
		}
		s, err := simplifiedchinese.GBK.NewEncoder().String(v)
		if err != nil {
			s = v
		}
		out[k] = s
	}
	return out
}

// bdSign hashes the sorted raw values and the key [bd refund 2].
func bdSign(method, key string, values map[string]string) string {
	var names []string
	for k := range values {
		names = append(names, k)
	}
	sort.Strings(names)
	text := ""
	for _, k := range names {
		text += k + "=" + values[k] + "&"
	}
	text += "key=" + key
	if method == "2" {
		sum := sha1.Sum([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// bdRefusal is a request turned away, in the form of the interface.
func bdRefusal(op Op, path, code, words string) Wire {
	switch {
	case path == "/api/0/cancel":
		return bdJSON(map[string]any{"response": map[string]any{"err_msg": words}})
	case op == OpRefund || op == OpQueryRefund:
		return bdXML([][2]string{{"ret_code", code}, {"ret_detail", words}})
	}
	return bdScan(code, words, nil)
}

func bdScan(ret, msg string, content any) Wire {
	if content == nil {
		content = ""
	}
	return bdJSON(map[string]any{"ret": ret, "msg": msg, "content": content, "token": ""})
}

// bdJSON writes JSON as the wallet does, every other character than ASCII
// escaped [bd clients].
func bdJSON(v any) Wire {
	body, err := json.Marshal(v)
	if err != nil {
		return Wire{Status: http.StatusInternalServerError}
	}
	var out bytes.Buffer
	for _, r := range string(body) {
		if r < 0x80 {
			out.WriteRune(r)
		} else {
			out.WriteString(`\u` + strconv.FormatInt(0x10000+int64(r), 16)[1:])
		}
	}
	return Wire{Header: http.Header{"Content-Type": {"application/json"}}, Body: out.Bytes()}
}

// bdXML writes XML in GBK [bd refund 3.3].
func bdXML(elements [][2]string) Wire {
	var out bytes.Buffer
	out.WriteString("<?xml version=\"1.0\" encoding=\"gbk\" ?>\n<response>\n")
	for _, e := range elements {
		out.WriteString(" <" + e[0] + ">")
		xml.EscapeText(&out, []byte(e[1]))
		out.WriteString("</" + e[0] + ">\n")
	}
	out.WriteString("</response>")
	body, err := simplifiedchinese.GBK.NewEncoder().Bytes(out.Bytes())
	if err != nil {
		return Wire{Status: http.StatusInternalServerError}
	}
	return Wire{Header: http.Header{"Content-Type": {"text/xml; charset=gbk"}}, Body: body}
}
