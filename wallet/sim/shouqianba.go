package sim

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// Shouqianba is the aggregator's side of its Web API. The rules are those of
// WoSai/shouqianba-doc [sqb SECTION] and docs.muwe.mx [muwe SECTION].
type Shouqianba struct {
	sim                      *Sim
	vendorSN, vendorKey, app string

	mu        sync.Mutex
	terminals map[string]*sqbTerminal
	codes     map[string]sqbActivation
	failed    map[string]string // client_sn of a payment that failed -> why
	serial    int
}

type sqbTerminal struct {
	sn, device string
	key, last  string // only these two are valid [sqb checkin]
}

type sqbActivation struct {
	uses  int
	until time.Time
}

// sqbShopTerminal is the terminal that Account speaks for.
const sqbShopTerminal = "100000000001"

// NewShouqianba returns the aggregator with one terminal activated.
func NewShouqianba(s *Sim) *Shouqianba {
	q := &Shouqianba{
		sim: s, vendorSN: "91800001", vendorKey: randomHex(16), app: "2025010100000001",
		terminals: map[string]*sqbTerminal{}, codes: map[string]sqbActivation{}, failed: map[string]string{}, serial: 1,
	}
	q.terminals[sqbShopTerminal] = &sqbTerminal{sn: sqbShopTerminal, device: "guitai-1", key: randomHex(16)}
	return q
}

// Name is shouqianba.
func (q *Shouqianba) Name() string { return "shouqianba" }

// Account is that of the terminal activated from the start, with its key of
// the moment.
func (q *Shouqianba) Account() wallet.Account {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.terminals[sqbShopTerminal]
	return wallet.Account{Name: q.Name(), Fields: map[string]string{
		"vendor_sn": q.vendorSN, "vendor_key": q.vendorKey, "app_id": q.app,
		"device_id": t.device, "terminal_sn": t.sn, "terminal_key": t.key, "former_terminal_key": t.last, "payway": "3",
	}}
}

// ActivationCode hands out a code that activates one terminal. It holds 7 days
// [sqb activate, 激活码过期].
func (q *Shouqianba) ActivationCode() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	code := randomDigits(8)
	q.codes[code] = sqbActivation{uses: 1, until: q.sim.now().Add(7 * 24 * time.Hour)}
	return code
}

// NewCode returns a code of Alipay (28, 18 digits) or WeChat (13, 18 digits).
func (q *Shouqianba) NewCode(p Purse) string {
	q.mu.Lock()
	q.serial++
	prefix := []string{"13", "28"}[q.serial%2]
	q.mu.Unlock()
	code := prefix + randomDigits(16)
	q.sim.AddPurse(code, p)
	return code
}

// payway infers the wallet from a customer's code [sqb pay, payway: "if
// present, will not use dynamic_id to decide"].
func (q *Shouqianba) payway(code string) string {
	if strings.Trim(code, "0123456789") != "" || len(code) < 16 || len(code) > 24 {
		return ""
	}
	switch head := code[:2]; {
	case head >= "10" && head <= "15" && len(code) == 18:
		return "3"
	case head >= "25" && head <= "30":
		return "1"
	case head == "31":
		return "4"
	case head == "18":
		return "5"
	case head == "62" && len(code) == 19:
		return "17"
	}
	return ""
}

// Read checks the signature and the form of a request [sqb sign].
func (q *Shouqianba) Read(r *http.Request, body []byte) Exchange {
	var ask map[string]any
	field := func(name string) string { s, _ := ask[name].(string); return s }
	readable := json.Unmarshal(body, &ask) == nil
	x := Exchange{Op: sqbOps[r.URL.Path], Number: field("client_sn")}
	if x.Op == OpQuery && field("refund_request_no") != "" {
		x.Op = OpQueryRefund
	}
	refuse := func(code, words string) Exchange {
		x.Act = func(Twist) Wire {
			return sqbWire(map[string]any{"result_code": "400", "error_code": code, "error_message": words})
		}
		return x
	}
	switch {
	case x.Op == "" || r.Method != http.MethodPost:
		x.Op = OpOther
		x.Act = func(Twist) Wire { return Wire{Status: http.StatusNotFound} }
		return x
	case !readable || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		return refuse("INVALID_PARAMS", "参数错误")
	}
	sn, sign, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if r.URL.Path == "/terminal/activate" {
		if sn != q.vendorSN || !sqbSigned(body, sign, q.vendorKey) {
			return refuse("ILLEGAL_SIGN", "签名错误")
		}
		x.Act = func(Twist) Wire { return q.activate(field) }
		return x
	}
	q.mu.Lock()
	t := q.terminals[sn]
	signed := t != nil && (sqbSigned(body, sign, t.key) || t.last != "" && sqbSigned(body, sign, t.last))
	q.mu.Unlock()
	switch {
	case t == nil:
		return refuse("INVALID_TERMINAL", "终端错误")
	case !signed:
		return refuse("ILLEGAL_SIGN", "签名错误")
	case field("terminal_sn") != sn:
		return refuse("INVALID_PARAMS", "terminal_sn与签名人不一致")
	}
	if r.URL.Path == "/terminal/checkin" {
		x.Act = func(Twist) Wire { return q.checkIn(sn, field("device_id")) }
		return x
	}
	if words := sqbWrong(x.Op, r.URL.Path, field); words != "" {
		return refuse("INVALID_PARAMS", words)
	}
	if x.Number == "" {
		p, _ := q.sim.Find(func(p *Payment) bool { return p.Platform == q.Name() && sqbOrder(p.ID) == field("sn") })
		x.Number = p.Number
	}
	x.Act = func(w Twist) Wire { return q.act(x, r.URL.Path, field, w) }
	return x
}

var sqbOps = map[string]Op{
	"/terminal/activate": OpToken, "/terminal/checkin": OpToken, "/upay/v2/pay": OpStart, "/upay/v2/precreate": OpStart,
	"/upay/v2/query": OpQuery, "/upay/v2/cancel": OpCancel, "/upay/v2/revoke": OpCancel, "/upay/v2/refund": OpRefund,
}

// sqbWrong says what is wrong with the parameters, by the tables of
// [sqb pay], [sqb precreate], [sqb refund] and [sqb query].
func sqbWrong(op Op, path string, field func(string) string) string {
	long := func(name string, most int) bool { return len([]rune(field(name))) > most }
	missing := func(names ...string) string {
		for _, n := range names {
			if field(n) == "" {
				return n + "不可以为空"
			}
		}
		return ""
	}
	switch {
	case long("client_sn", 32) || long("sn", 16) || long("operator", 32) || long("subject", 64):
		return "参数长度超过限制"
	case op == OpStart:
		if w := missing("client_sn", "total_amount", "subject", "operator"); w != "" {
			return w
		}
		if path == "/upay/v2/pay" && field("dynamic_id") == "" || long("dynamic_id", 64) {
			return "dynamic_id不合法"
		}
		if path == "/upay/v2/precreate" && field("payway") == "" {
			return "payway不可以为空"
		}
		if n, err := strconv.ParseInt(field("total_amount"), 10, 64); err != nil || n <= 0 || long("total_amount", 10) {
			return "total_amount金额为整数，长度不超过10位，以分为单位"
		}
	case field("client_sn") == "" && field("sn") == "":
		return "sn与client_sn不能同时为空"
	case op == OpRefund:
		if w := missing("refund_request_no", "operator", "refund_amount"); w != "" {
			return w
		}
		if n, err := strconv.ParseInt(field("refund_amount"), 10, 64); err != nil || n <= 0 || long("refund_request_no", 20) {
			return "refund_amount或refund_request_no不合法"
		}
	case long("refund_request_no", 20):
		return "refund_request_no不合法"
	}
	return ""
}

func (q *Shouqianba) activate(field func(string) string) Wire {
	q.mu.Lock()
	defer q.mu.Unlock()
	refuse := func(code, words string) Wire {
		return sqbWire(map[string]any{"result_code": "400", "error_code": code, "error_message": words})
	}
	code := q.codes[field("code")]
	switch {
	case field("app_id") != q.app:
		return refuse("INVALID_PARAMS", "app_id不存在")
	case field("device_id") == "":
		return refuse("INVALID_PARAMS", "device_id不可以为空")
	case code.until.IsZero():
		return refuse("INVALID_PARAMS", "激活码不存在")
	case q.sim.now().After(code.until):
		return refuse("INVALID_PARAMS", "激活码已过期")
	case code.uses == 0:
		return refuse("INVALID_PARAMS", "激活码已经被使用")
	}
	code.uses--
	q.codes[field("code")] = code
	t := &sqbTerminal{sn: fmt.Sprintf("1000000%05d", len(q.terminals)+1), device: field("device_id"), key: randomHex(16)}
	q.terminals[t.sn] = t
	return sqbWire(map[string]any{"result_code": "200", "biz_response": map[string]any{"terminal_sn": t.sn, "terminal_key": t.key}})
}

// checkIn gives a new key; the one before it stays valid [sqb checkin].
func (q *Shouqianba) checkIn(sn, device string) Wire {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.terminals[sn]
	if t.device != device {
		return sqbWire(map[string]any{"result_code": "400", "error_code": "INVALID_PARAMS", "error_message": "设备与激活时不一致"})
	}
	t.key, t.last = randomHex(16), t.key
	return sqbWire(map[string]any{"result_code": "200", "biz_response": map[string]any{"terminal_sn": t.sn, "terminal_key": t.key}})
}

func (q *Shouqianba) act(x Exchange, path string, field func(string) string, w Twist) Wire {
	switch {
	case path == "/upay/v2/pay":
		return q.pay(field, w)
	case path == "/upay/v2/precreate":
		return q.precreate(field, w)
	case x.Op == OpCancel:
		return q.cancel(x.Number, w)
	case x.Op == OpRefund:
		return q.refund(x.Number, field, w)
	}
	p, ok := q.sim.Payment(q.Name(), x.Number)
	if !ok {
		q.mu.Lock()
		why, failed := q.failed[x.Number]
		q.mu.Unlock()
		if failed {
			return sqbDone("SUCCESS", map[string]any{"client_sn": x.Number, "sn": "7890000000000000", "status": "FAIL_CANCELED",
				"order_status": "PAY_CANCELED", "total_amount": "0", "net_amount": "0", "error_code": why})
		}
		return sqbFail("FAIL", "UPAY_ORDER_NOT_EXISTS", "订单不存在")
	}
	return sqbDone("SUCCESS", q.order(p, field("refund_request_no"), w))
}

// pay [sqb pay]: a client_sn is never taken twice.
func (q *Shouqianba) pay(field func(string) string, w Twist) Wire {
	number, payway := field("client_sn"), field("payway")
	if _, taken := q.sim.Payment(q.Name(), number); taken || q.hasFailed(number) {
		return sqbFail("FAIL", "CLIENT_SN_CONFLICT", "client_sn在系统中已存在")
	}
	if payway == "" {
		payway = q.payway(field("dynamic_id"))
	}
	if payway == "" {
		return q.fail(number, "INVALID_BARCODE", "不合法的支付条码")
	}
	p, err := q.sim.Charge(Payment{
		Platform: q.Name(), Number: number, Amount: sqbAmount(field("total_amount")), Currency: "CNY", Subject: field("subject"),
		Code: field("dynamic_id"), Kept: map[string]string{"payway": payway},
	})
	switch {
	case errors.Is(err, ErrNoSuchCode):
		return q.fail(number, "INVALID_BARCODE", "条码错误")
	case errors.Is(err, ErrExpired), errors.Is(err, ErrUsed):
		return q.fail(number, "EXPIRED_BARCODE", "过期的支付条码")
	case errors.Is(err, ErrBalance):
		return q.fail(number, "INSUFFICIENT_FUND", "账户金额不足")
	case errors.Is(err, ErrBlocked):
		return q.fail(number, "TRADE_FAILED", "交易失败")
	case err != nil:
		return sqbFail("FAIL", "CLIENT_SN_CONFLICT", "client_sn在系统中已存在")
	case p.State == Paid:
		return sqbDone("PAY_SUCCESS", q.order(p, "", w))
	}
	return sqbDone("PAY_IN_PROGRESS", q.order(p, "", w))
}

// precreate [sqb precreate]; the code holds 4 minutes [sqb Q&A, 轮询].
func (q *Shouqianba) precreate(field func(string) string, w Twist) Wire {
	number := field("client_sn")
	if _, taken := q.sim.Payment(q.Name(), number); taken || q.hasFailed(number) {
		return sqbFail("FAIL", "CLIENT_SN_CONFLICT", "client_sn在系统中已存在")
	}
	host := map[string]string{"1": "https://qr.alipay.com/bax", "3": "weixin://wxpay/bizpayurl?pr=", "17": "https://qr.95516.com/"}[field("payway")]
	if host == "" {
		host = "https://qr.shouqianba.com/"
	}
	p, err := q.sim.Make(Payment{
		Platform: q.Name(), Number: number, Amount: sqbAmount(field("total_amount")), Currency: "CNY", Subject: field("subject"),
		QR: host + randomHex(8), Until: q.sim.now().Add(4 * time.Minute), Kept: map[string]string{"payway": field("payway")},
	})
	if err != nil {
		return sqbFail("FAIL", "CLIENT_SN_CONFLICT", "client_sn在系统中已存在")
	}
	data := q.order(p, "", w)
	data["qr_code"] = p.QR
	return sqbDone("PRECREATE_SUCCESS", data)
}

func (q *Shouqianba) fail(number, code, words string) Wire {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failed[number] = code
	return sqbFail("PAY_FAIL", code, words)
}

func (q *Shouqianba) hasFailed(number string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, ok := q.failed[number]
	return ok
}

// cancel serves cancel and revoke, which do the same. A refunded order is not
// cancelled, nor one of another day [sqb revoke&cancel, 撤单接口调用限制].
func (q *Shouqianba) cancel(number string, w Twist) Wire {
	p, ok := q.sim.Payment(q.Name(), number)
	switch {
	case !ok && q.hasFailed(number):
		return sqbFail("FAIL", "UPAY_CANCEL_ORDER_NOOP", "无效操作，订单已经是撤单状态了")
	case !ok:
		return sqbFail("FAIL", "UPAY_ORDER_NOT_EXISTS", "订单不存在")
	case p.State == Closed || p.State == Reversed:
		return sqbFail("FAIL", "UPAY_CANCEL_ORDER_NOOP", "无效操作，订单已经是撤单状态了")
	case len(p.Refunds) > 0 || sqbDay(p.Made) != sqbDay(q.sim.now()):
		return sqbFail("FAIL", "UPAY_CANCEL_INVALID_ORDER_STATE", "当前订单状态不可撤销")
	}
	code := "CANCEL_SUCCESS"
	if p.State == Waiting {
		code = "CANCEL_ABORT_SUCCESS"
	}
	if _, err := q.sim.Cancel(q.Name(), number); err != nil {
		return sqbFail("CANCEL_ERROR", "UNEXPECTED_PROVIDER_ERROR", "撤单失败")
	}
	p, _ = q.sim.Do(q.Name(), number, func(p *Payment) error { p.Kept["cancelled"] = "1"; return nil })
	return sqbDone(code, q.order(p, "", w))
}

// refund [sqb refund]: within three months; a number is one refund.
func (q *Shouqianba) refund(number string, field func(string) string, w Twist) Wire {
	p, ok := q.sim.Payment(q.Name(), number)
	switch {
	case !ok:
		return sqbFail("FAIL", "UPAY_ORDER_NOT_EXISTS", "订单不存在")
	case p.State == Paid && q.sim.now().Sub(p.PaidAt) > 90*24*time.Hour:
		return sqbFail("FAIL", "UPAY_REFUND_INVALID_ORDER_STATE", "订单超过退款期限")
	}
	for _, r := range p.Refunds {
		if r.Number == field("refund_request_no") {
			return sqbFail("FAIL", "UPAY_REFUND_ORDER_NOOP", "无效操作，本次退款已经完成了")
		}
	}
	_, err := q.sim.Refund(q.Name(), number, field("refund_request_no"), sqbAmount(field("refund_amount")))
	switch {
	case errors.Is(err, ErrNotPaid):
		return sqbFail("FAIL", "UPAY_REFUND_INVALID_ORDER_STATE", "当前订单状态不可退款")
	case errors.Is(err, ErrTooMuch):
		if p.Refunded() == p.Captured {
			return sqbFail("FAIL", "UPAY_REFUND_INVALID_ORDER_STATE", "订单已全额退款,可退金额不足")
		}
		return sqbFail("FAIL", "REFUNDABLE_AMOUNT_NOT_ENOUGH", "订单可退金额不足")
	case err != nil:
		return sqbFail("REFUND_ERROR", "UNEXPECTED_PROVIDER_ERROR", "退款失败")
	}
	p, _ = q.sim.Payment(q.Name(), number)
	return sqbDone("REFUND_SUCCESS", q.order(p, field("refund_request_no"), w))
}

// order is biz_response.data [sqb pay, response; resultCode, 订单状态列表]. With
// the number of a refund it is about that transaction [muwe query].
func (q *Shouqianba) order(p Payment, refund string, w Twist) map[string]any {
	total, net := p.Amount, p.Amount
	if p.Captured > 0 {
		net = p.Captured - p.Refunded()
	}
	if w.Amount != 0 {
		total = w.Amount
	}
	status, transaction := "CREATED", "CREATED"
	switch p.State {
	case Created:
	case Waiting:
		transaction = "IN_PROG"
	case Closed:
		status, transaction, net = "PAY_CANCELED", "FAIL_CANCELED", 0
		if p.Kept["cancelled"] != "" {
			status, transaction = "CANCELED", "SUCCESS"
		}
	case Reversed:
		status, transaction = "CANCELED", "SUCCESS"
	case Paid:
		status, transaction = "PAID", "SUCCESS"
		switch back := p.Refunded(); {
		case back == p.Captured:
			status = "REFUNDED"
		case back > 0:
			status = "PARTIAL_REFUNDED"
		}
	}
	data := map[string]any{
		"terminal_sn": sqbShopTerminal, "sn": sqbOrder(p.ID), "client_sn": p.Number, "client_tsn": p.Number,
		"status": transaction, "order_status": status, "payway": p.Kept["payway"], "subject": p.Subject, "operator": "1001",
		"total_amount": strconv.FormatInt(int64(total), 10), "net_amount": strconv.FormatInt(int64(net), 10),
		"payer_uid": "2801003920293239230239", "payer_login": "134****3920",
	}
	if !p.PaidAt.IsZero() {
		ms := strconv.FormatInt(p.PaidAt.Add(w.Clock).UnixMilli(), 10)
		data["finish_time"], data["channel_finish_time"], data["trade_no"] = ms, ms, "20060"+p.ID
	}
	for _, r := range p.Refunds {
		if r.Number == refund {
			data["client_tsn"], data["status"] = p.Number+"-"+refund, "SUCCESS"
		}
	}
	return data
}

// sqbOrder is the 16 digits that an order is known by.
func sqbOrder(id string) string { return "78900000" + id }

func sqbDay(t time.Time) string { return t.In(time.FixedZone("", 8*3600)).Format(time.DateOnly) }

func sqbAmount(s string) money.Amount { n, _ := strconv.ParseInt(s, 10, 64); return money.Amount(n) }

func sqbSigned(body []byte, sign, key string) bool {
	h := md5.Sum(append(append([]byte(nil), body...), key...))
	return subtle.ConstantTimeCompare([]byte(sign), []byte(hex.EncodeToString(h[:]))) == 1
}

func sqbDone(code string, data map[string]any) Wire {
	return sqbWire(map[string]any{"result_code": "200", "biz_response": map[string]any{"result_code": code, "data": data}})
}

func sqbFail(result, code, words string) Wire {
	return sqbWire(map[string]any{"result_code": "200", "biz_response": map[string]any{
		"result_code": result, "error_code": code, "error_message": words,
	}})
}

func sqbWire(v map[string]any) Wire {
	body, err := json.Marshal(v)
	if err != nil {
		return Wire{Status: http.StatusInternalServerError}
	}
	return Wire{Header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}}, Body: body}
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func randomDigits(n int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%0*d", n, v)
}
