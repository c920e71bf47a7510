package sim

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// Stripe is Stripe's side of the wire, by docs.stripe.com/api of version
// 2026-08-26.dahlia: Checkout Sessions, PaymentIntents, refunds, balance
// transactions and one server-driven reader. Stripe signs nothing, so Unsigned
// and BadSign change nothing.
//
// The customer of a session or at the reader pays by Truth.Capture.
type Stripe struct {
	s      *Sim
	key    string
	mu     sync.Mutex
	serial int
	keys   map[string]stripeReplay // by idempotency key
	back   map[string]stripeRefund // by refund id
	reader stripeReader
}

// A stripeReplay is the first answer to an idempotency key
// (docs.stripe.com/api/idempotent_requests: the status and body of the first
// request, whatever it was, for 24 hours; other parameters are an error; a
// request that failed validation is not kept).
type stripeReplay struct {
	at     time.Time
	params string
	answer func(Twist) Wire
}

type stripeRefund struct {
	payment, number string // in the books
	meta            map[string]string
}

type stripeReader struct {
	id, intent, status, failure, words string
	offline                            bool
}

const stripeVersion = "2026-08-26.dahlia"

// NewStripe returns the platform with a restricted key and a reader.
func NewStripe(s *Sim) *Stripe {
	return &Stripe{
		s: s, key: "rk_test_51" + randomHex(20), keys: map[string]stripeReplay{}, back: map[string]stripeRefund{},
		reader: stripeReader{id: "tmr_" + randomHex(7)},
	}
}

// Name returns stripe.
func (p *Stripe) Name() string { return "stripe" }

// NewCode returns nothing: Stripe takes no customer's codes.
func (p *Stripe) NewCode(Purse) string { return "" }

// Account returns what a shop enters.
func (p *Stripe) Account() wallet.Account {
	return wallet.Account{Fields: map[string]string{
		"secret_key": p.key, "success_url": "https://shop.example/thanks", "payment_method_types": "card", "reader": p.reader.id,
	}}
}

// A stripeAct does one request; number is the payment's where it is known.
type stripeAct struct {
	op     Op
	number string
	// do makes the object to answer with. It is not called where the parameters
	// are refused.
	do func() (stripeObject, *stripeError)
}

// A stripeObject renders an object of the API, twisted.
type stripeObject func(Twist) map[string]any

// A stripeError is an answer of docs.stripe.com/api/errors.
type stripeError struct {
	status                     int
	kind, code, param, message string
}

func (e *stripeError) wire() Wire {
	body := map[string]any{"type": e.kind, "message": e.message}
	for k, v := range map[string]string{"code": e.code, "param": e.param} {
		if v != "" {
			body[k] = v
		}
	}
	return stripeWire(e.status, map[string]any{"error": body})
}

func stripeWire(status int, v any) Wire {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of plain values
	}
	return Wire{Status: status, Header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {"req_" + randomHex(7)}}, Body: b}
}

func stripeBad(code, param, message string) *stripeError {
	return &stripeError{http.StatusBadRequest, "invalid_request_error", code, param, message}
}

func stripeMissing(what, id string) *stripeError {
	return &stripeError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", fmt.Sprintf("No such %s: '%s'", what, id)}
}

// Read understands a request.
func (p *Stripe) Read(r *http.Request, body []byte) Exchange {
	refuse := func(e *stripeError) Exchange {
		return Exchange{Op: OpOther, Act: func(Twist) Wire { return e.wire() }}
	}
	if r.Header.Get("Authorization") != "Bearer "+p.key {
		return refuse(&stripeError{http.StatusUnauthorized, "invalid_request_error", "", "", "Invalid API Key provided: ********"})
	}
	if v := r.Header.Get("Stripe-Version"); v != "" && v != stripeVersion {
		return refuse(stripeBad("", "", "Invalid Stripe API version: "+v))
	}
	params := r.URL.Query()
	if r.Method == http.MethodPost {
		if len(body) != 0 && r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			return refuse(stripeBad("", "", "Request Content-Type must be application/x-www-form-urlencoded"))
		}
		var err error
		if params, err = url.ParseQuery(string(body)); err != nil {
			return refuse(stripeBad("", "", "The body is no form"))
		}
	}
	act, allowed := p.route(r.Method, strings.Split(strings.Trim(r.URL.Path, "/"), "/"), params)
	if act.do == nil {
		return refuse(&stripeError{http.StatusNotFound, "invalid_request_error", "", "", "Unrecognized request URL"})
	}
	x := Exchange{Op: act.op, Number: act.number}
	for k, v := range params {
		if len(v) != 1 || !allowed.MatchString(k) {
			e := stripeBad("parameter_unknown", k, "Received unknown parameter: "+k)
			x.Act = func(Twist) Wire { return e.wire() }
			return x
		}
	}
	expand := map[string]bool{}
	for k, v := range params {
		if strings.HasPrefix(k, "expand[") {
			for path := v[0]; path != ""; path, _, _ = cutLast(path) {
				expand[path] = true
			}
		}
	}
	key := r.Header.Get("Idempotency-Key")
	same := sha256.Sum256([]byte(r.Method + r.URL.Path + params.Encode()))
	x.Act = func(t Twist) Wire {
		p.mu.Lock()
		defer p.mu.Unlock()
		if key != "" {
			if have, ok := p.keys[key]; ok && p.s.now().Sub(have.at) < 24*time.Hour {
				if have.params != string(same[:]) {
					return (&stripeError{http.StatusBadRequest, "idempotency_error", "", "", "Keys for idempotent requests can only be used with the same parameters they were first used with."}).wire()
				}
				w := have.answer(t)
				w.Header.Set("Idempotent-Replayed", "true")
				return w
			}
		}
		obj, e := act.do()
		answer := func(t Twist) Wire { return stripeWire(http.StatusOK, stripeCollapse(obj(t), "", expand)) }
		if e != nil {
			answer = func(Twist) Wire { return e.wire() }
		}
		// A refusal of the parameters is not kept.
		if key != "" && (e == nil || e.param == "") {
			p.keys[key] = stripeReplay{p.s.now(), string(same[:]), answer}
		}
		return answer(t)
	}
	return x
}

// cutLast cuts the last part off a path of names.
func cutLast(path string) (before, after string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// stripeCollapse puts ids where objects were not asked for by expand
// (docs.stripe.com/api/expanding_objects).
func stripeCollapse(m map[string]any, path string, expand map[string]bool) map[string]any {
	for k, v := range m {
		switch v := v.(type) {
		case map[string]any:
			if k != "payment_intent" && k != "latest_charge" && k != "source" {
				continue
			}
			if !expand[path+k] {
				m[k] = v["id"]
				continue
			}
			stripeCollapse(v, path+k+".", expand)
		case []any:
			if k != "data" {
				continue
			}
			for _, x := range v {
				stripeCollapse(x.(map[string]any), "data.", expand)
			}
		}
	}
	return m
}

// The parameters that each request may have.
var (
	stripeNone    = regexp.MustCompile(`^(expand\[\]|expand\[\d\])$`)
	stripeSession = regexp.MustCompile(`^(mode|submit_type|success_url|client_reference_id|expires_at|metadata\[\w+\]|payment_intent_data\[metadata\]\[\w+\]|` +
		`payment_intent_data\[description\]|line_items\[0\]\[quantity\]|line_items\[0\]\[price_data\]\[(currency|unit_amount|product_data\]\[name)\]|` +
		`adaptive_pricing\[enabled\]|payment_method_types\[\d\]|payment_method_options\[wechat_pay\]\[client\]|locale)$`)
	stripeIntent  = regexp.MustCompile(`^(amount|currency|payment_method_types\[\d\]|capture_method|description|metadata\[\w+\])$`)
	stripeList    = regexp.MustCompile(`^(limit|starting_after|created\[(gte|lte|gt|lt)\]|expand\[\]|payment_intent)$`)
	stripeProcess = regexp.MustCompile(`^(payment_intent|process_config\[enable_customer_cancellation\])$`)
	stripeBack    = regexp.MustCompile(`^(payment_intent|amount|reason|metadata\[\w+\])$`)
	stripeGiveUp  = regexp.MustCompile(`^cancellation_reason$`)
)

func (p *Stripe) route(method string, path []string, q url.Values) (stripeAct, *regexp.Regexp) {
	post := method == http.MethodPost
	if len(path) < 2 || path[0] != "v1" || !post && method != http.MethodGet {
		return stripeAct{}, nil
	}
	path = path[1:]
	switch route := strings.Join(path, "/"); {
	case route == "checkout/sessions" && post:
		return stripeAct{OpStart, q.Get("client_reference_id"), func() (stripeObject, *stripeError) { return p.makeSession(q) }}, stripeSession
	case route == "checkout/sessions":
		return stripeAct{OpQuery, "", func() (stripeObject, *stripeError) { return p.list(q, "session") }}, stripeList
	case route == "payment_intents" && post:
		return stripeAct{OpStart, q.Get("metadata[attempt]"), func() (stripeObject, *stripeError) { return p.makeIntent(q) }}, stripeIntent
	case route == "payment_intents":
		return stripeAct{OpQuery, "", func() (stripeObject, *stripeError) { return p.list(q, "intent") }}, stripeList
	case route == "refunds" && post:
		return stripeAct{OpRefund, p.numberOf("intent", q.Get("payment_intent")), func() (stripeObject, *stripeError) { return p.refund(q) }}, stripeBack
	case route == "refunds":
		return stripeAct{OpQueryRefund, p.numberOf("intent", q.Get("payment_intent")), func() (stripeObject, *stripeError) { return p.listRefunds(q) }}, stripeList
	case route == "balance_transactions" && !post:
		return stripeAct{OpBill, "", func() (stripeObject, *stripeError) { return p.balance(q) }}, stripeList
	case len(path) == 2 && path[0] == "refunds" && !post:
		return stripeAct{OpQueryRefund, p.numberOfRefund(path[1]), func() (stripeObject, *stripeError) { return p.oneRefund(path[1]) }}, stripeNone
	case len(path) == 2 && path[0] == "payment_intents" && !post:
		return p.one("intent", path[1]), stripeNone
	case len(path) == 3 && path[0] == "payment_intents" && path[2] == "cancel" && post:
		return stripeAct{OpCancel, p.numberOf("intent", path[1]), func() (stripeObject, *stripeError) { return p.cancelIntent(path[1]) }}, stripeGiveUp
	case len(path) == 3 && path[0] == "checkout" && path[1] == "sessions" && !post:
		return p.one("session", path[2]), stripeNone
	case len(path) == 4 && path[0] == "checkout" && path[1] == "sessions" && path[3] == "expire" && post:
		return stripeAct{OpCancel, p.numberOf("session", path[2]), func() (stripeObject, *stripeError) { return p.expire(path[2]) }}, stripeNone
	case len(path) >= 3 && path[0] == "terminal" && path[1] == "readers":
		return p.routeReader(post, path[2:], q)
	}
	return stripeAct{}, nil
}

func (p *Stripe) one(kind, id string) stripeAct {
	return stripeAct{OpQuery, p.numberOf(kind, id), func() (stripeObject, *stripeError) {
		pay, ok := p.find(kind, id)
		if !ok {
			return nil, stripeMissing(kind, id)
		}
		return p.render(pay.Number), nil
	}}
}

// find returns a payment by the id of its session or PaymentIntent.
func (p *Stripe) find(kind, id string) (Payment, bool) {
	return p.s.Find(func(pay *Payment) bool { return pay.Platform == p.Name() && id != "" && pay.Kept[kind] == id })
}

func (p *Stripe) numberOf(kind, id string) string {
	pay, _ := p.find(kind, id)
	number, _, _ := strings.Cut(pay.Number, "#")
	return number
}

func (p *Stripe) id(prefix string) string {
	p.serial++
	return fmt.Sprintf("%s%s%06d", prefix, randomHex(8), p.serial)
}

// own returns the number a payment has in the books: Stripe does not know that
// a merchant's number should be used once, so a second object with it is
// another payment.
func (p *Stripe) own(number string) string {
	for n, own := 2, number; ; n++ {
		if _, ok := p.s.Payment(p.Name(), own); !ok {
			return own
		}
		own = fmt.Sprintf("%s#%d", number, n)
	}
}

// makeSession makes a Checkout Session (Checkout Sessions, create).
func (p *Stripe) makeSession(q url.Values) (stripeObject, *stripeError) {
	for _, need := range []string{"mode", "success_url", "line_items[0][quantity]", "line_items[0][price_data][currency]",
		"line_items[0][price_data][unit_amount]", "line_items[0][price_data][product_data][name]"} {
		if q.Get(need) == "" {
			return nil, stripeBad("parameter_missing", need, "Missing required param: "+need)
		}
	}
	if q.Get("mode") != "payment" || q.Get("line_items[0][quantity]") != "1" {
		return nil, stripeBad("", "mode", "This simulator sells one thing at a time")
	}
	if u, err := url.Parse(q.Get("success_url")); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, stripeBad("url_invalid", "success_url", "Not a valid URL")
	}
	amount, code, e := stripeAmount(q.Get("line_items[0][price_data][unit_amount]"), q.Get("line_items[0][price_data][currency]"), "line_items[0][price_data][unit_amount]")
	if e != nil {
		return nil, e
	}
	now := p.s.now()
	until := now.Add(24 * time.Hour)
	if text := q.Get("expires_at"); text != "" {
		// "30 minutes to 24 hours after Checkout Session creation"
		n, err := strconv.ParseInt(text, 10, 64)
		until = time.Unix(n, 0)
		if d := until.Sub(now); err != nil || d < 30*time.Minute || d > 24*time.Hour {
			return nil, stripeBad("", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
		}
	}
	id := p.id("cs_test_")
	kept := map[string]string{
		"session": id, "reference": q.Get("client_reference_id"), "attempt": q.Get("payment_intent_data[metadata][attempt]"), "paid_by": p.id("pi_"),
	}
	pay, err := p.s.Make(Payment{
		Platform: p.Name(), Number: p.own(q.Get("client_reference_id")), Amount: amount, Currency: code, Until: until,
		Subject: q.Get("line_items[0][price_data][product_data][name]"), QR: "https://checkout.stripe.com/c/pay/" + id, Kept: kept,
	})
	if err != nil {
		return nil, &stripeError{http.StatusInternalServerError, "api_error", "", "", err.Error()}
	}
	return p.render(pay.Number), nil
}

// stripeAmount reads an amount of the wire (docs.stripe.com/currencies).
func stripeAmount(text, currency, param string) (money.Amount, string, *stripeError) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, "", stripeBad("parameter_invalid_integer", param, "Invalid integer: "+text)
	}
	c, err := money.CurrencyOf(strings.ToUpper(currency))
	if err != nil || currency != strings.ToLower(currency) {
		return 0, "", stripeBad("", "currency", "Invalid currency: "+currency)
	}
	if n > 99_999_999 {
		return 0, "", stripeBad("amount_too_large", param, "Amount must be no more than $999,999.99")
	}
	if n < 50 && c.Code == "USD" {
		return 0, "", stripeBad("amount_too_small", param, "Amount must be at least $0.50 usd")
	}
	switch {
	case c.Code == "ISK" || c.Code == "UGX":
		// Two decimals on the wire that must be 00 ("Special cases").
		if n%100 != 0 {
			return 0, "", stripeBad("parameter_invalid_integer", param, "No fractions of this currency")
		}
		n /= 100
	case c.Code == "MGA":
		// None on the wire, two in ISO 4217.
		n *= 100
	case c.Exponent == 3 && n%10 != 0:
		return 0, "", stripeBad("parameter_invalid_integer", param, "The last digit must be 0")
	}
	return money.Amount(n), c.Code, nil
}

// stripeUnits is the other direction.
func stripeUnits(a money.Amount, code string) int64 {
	switch code {
	case "ISK", "UGX":
		return int64(a) * 100
	case "MGA":
		return int64(a) / 100
	}
	return int64(a)
}

// expire expires an open session; any other is an error (Checkout Sessions,
// expire).
func (p *Stripe) expire(id string) (stripeObject, *stripeError) {
	pay, ok := p.find("session", id)
	switch {
	case !ok:
		return nil, stripeMissing("checkout.session", id)
	case pay.State != Created:
		return nil, stripeBad("", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "+sessionStatus(pay)+".")
	}
	if err := p.s.Close(p.Name(), pay.Number, "expired by the merchant"); err != nil {
		return nil, stripeBad("", "", "This Checkout Session has already been completed.")
	}
	return p.render(pay.Number), nil
}

func sessionStatus(pay Payment) string {
	switch pay.State {
	case Paid, Reversed:
		return "complete"
	case Closed:
		return "expired"
	case Created, Waiting:
	}
	return "open"
}

// render renders a payment as it is when it is asked for: a session or a
// PaymentIntent.
func (p *Stripe) render(number string) stripeObject {
	pay, _ := p.s.Payment(p.Name(), number)
	if pay.Kept["session"] != "" {
		return func(t Twist) map[string]any { return p.session(pay, t) }
	}
	return func(t Twist) map[string]any { return p.intent(pay, t) }
}

func (p *Stripe) session(pay Payment, t Twist) map[string]any {
	status, paid := sessionStatus(pay), pay.State == Paid || pay.State == Reversed
	amount := pay.Amount
	if t.Amount != 0 {
		amount = t.Amount
	}
	m := map[string]any{
		"id": pay.Kept["session"], "object": "checkout.session", "mode": "payment", "livemode": false, "status": status,
		"payment_status": "unpaid", "client_reference_id": pay.Kept["reference"], "currency": strings.ToLower(pay.Currency),
		"amount_total": stripeUnits(amount, pay.Currency), "amount_subtotal": stripeUnits(amount, pay.Currency),
		"created": pay.Made.Add(t.Clock).Unix(), "expires_at": pay.Until.Unix(), "metadata": map[string]any{"attempt": pay.Kept["attempt"]},
		"payment_method_types": []string{"card"}, "url": nil, "payment_intent": nil, "customer_details": nil,
		"automatic_tax": map[string]any{"enabled": false}, "custom_fields": []any{}, "custom_text": map[string]any{}, "shipping_options": []any{},
	}
	if status == "open" {
		m["url"] = pay.QR
	}
	if paid {
		m["payment_status"] = "paid"
		m["payment_intent"] = p.intent(pay, t)
		m["customer_details"] = map[string]any{"email": "lin.mei@example.com", "name": "Lin Mei", "phone": "+15550100", "address": map[string]any{"line1": "1 Quay Street"}}
	}
	return m
}

func (p *Stripe) intent(pay Payment, t Twist) map[string]any {
	amount, got := pay.Amount, pay.Captured
	if t.Amount != 0 {
		amount = t.Amount
		if got != 0 {
			got = t.Amount
		}
	}
	id := pay.Kept["intent"]
	if id == "" {
		id = pay.Kept["paid_by"]
	}
	m := map[string]any{
		"id": id, "object": "payment_intent", "livemode": false, "amount": stripeUnits(amount, pay.Currency),
		"amount_received": stripeUnits(got, pay.Currency), "currency": strings.ToLower(pay.Currency), "created": pay.Made.Add(t.Clock).Unix(),
		"metadata": map[string]any{"attempt": pay.Kept["attempt"]}, "client_secret": id + "_secret_" + randomHex(8), "latest_charge": nil,
		"last_payment_error": nil, "status": "requires_payment_method", "capture_method": "automatic",
	}
	switch pay.State {
	case Paid, Reversed:
		m["status"] = "succeeded"
		m["latest_charge"] = stripeCharge(pay, id, amount, t)
	case Closed:
		m["status"] = "canceled"
	case Created, Waiting:
	}
	if d := pay.Kept["declined"]; d != "" && pay.State == Created {
		m["last_payment_error"] = map[string]any{"type": "card_error", "code": "card_declined", "decline_code": d, "message": "Your card was declined."}
	}
	return m
}

// stripeCharge is the charge of a payment that was captured (Charges).
func stripeCharge(pay Payment, intent string, amount money.Amount, t Twist) map[string]any {
	n, back := stripeUnits(amount, pay.Currency), stripeUnits(pay.Refunded(), pay.Currency)
	return map[string]any{
		"id": "ch_" + pay.ID, "object": "charge", "livemode": false, "status": "succeeded", "paid": true, "captured": true, "disputed": false,
		"amount": n, "amount_captured": n, "amount_refunded": back, "refunded": back == n, "currency": strings.ToLower(pay.Currency),
		"created": pay.PaidAt.Add(t.Clock).Unix(), "payment_intent": intent, "metadata": map[string]any{"attempt": pay.Kept["attempt"]},
		"billing_details": map[string]any{"name": "Lin Mei", "email": "lin.mei@example.com", "phone": nil, "address": nil, "tax_id": nil},
	}
}

// list lists sessions or PaymentIntents, newest first (Pagination).
func (p *Stripe) list(q url.Values, kind string) (stripeObject, *stripeError) {
	var all []Payment
	for _, pay := range p.s.All() {
		if pay.Platform == p.Name() && pay.Kept[kind] != "" && stripeWithin(q, pay.Made) {
			all = append(all, pay)
		}
	}
	slices.SortFunc(all, func(a, b Payment) int { return b.Made.Compare(a.Made) })
	path := "/v1/payment_intents"
	if kind == "session" {
		path = "/v1/checkout/sessions"
	}
	return stripePage(path, q, all, func(pay Payment) string { return pay.Kept[kind] }, func(pay Payment, t Twist) map[string]any { return p.render(pay.Number)(t) })
}

// stripeWithin reports whether a time is in the range that was asked for.
func stripeWithin(q url.Values, t time.Time) bool {
	for k, ok := range map[string]func(a, b int64) bool{
		"gte": func(a, b int64) bool { return a >= b }, "lte": func(a, b int64) bool { return a <= b },
		"gt": func(a, b int64) bool { return a > b }, "lt": func(a, b int64) bool { return a < b },
	} {
		if v := q.Get("created[" + k + "]"); v != "" {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || !ok(t.Unix(), n) {
				return false
			}
		}
	}
	return true
}

func stripePage[T any](path string, q url.Values, all []T, id func(T) string, render func(T, Twist) map[string]any) (stripeObject, *stripeError) {
	limit := 10
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 100 {
			return nil, stripeBad("parameter_invalid_integer", "limit", "limit is 1 to 100")
		}
		limit = n
	}
	if after := q.Get("starting_after"); after != "" {
		i := slices.IndexFunc(all, func(x T) bool { return id(x) == after })
		if i < 0 {
			return nil, stripeMissing("object", after)
		}
		all = all[i+1:]
	}
	more := len(all) > limit
	all = all[:min(limit, len(all))]
	return func(t Twist) map[string]any {
		data := []any{}
		for _, x := range all {
			data = append(data, render(x, t))
		}
		return map[string]any{"object": "list", "data": data, "has_more": more, "url": path}
	}, nil
}
