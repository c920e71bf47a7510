package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// PayPal is PayPal's side of the wire, by its published OpenAPI
// (paypal/paypal-rest-api-specifications: checkout_orders_v2 2.13,
// payments_payment_v2 2.5, reporting_transactions_v1 1.9) and developer.paypal.com/
// reference/guidelines/idempotency. PayPal signs nothing, so Unsigned and
// BadSign change nothing.
//
// The customer approves by Approve; the money is taken by the merchant's
// capture. Truth.Capture makes an order that was captured out of turn.
type PayPal struct {
	s          *Sim
	id, secret string
	merchant   string
	mu         sync.Mutex
	tokens     map[string]time.Time
	replays    map[string]paypalReplay
	refuse     map[string]string // by number: the issue of the next capture
	refunds    map[string]paypalRefund
	listed     time.Duration // how much later than now the transactions are listed
}

// A paypalReplay is the first answer to a PayPal-Request-Id: 6 hours for orders
// and captures, 45 days for refunds (idempotency). The body is not compared.
type paypalReplay struct {
	until  time.Time
	answer func(Twist) Wire
}

type paypalRefund struct {
	number, refund  string // in the books
	custom, invoice string
}

// NewPayPal returns the platform with the credentials of an app.
func NewPayPal(s *Sim) *PayPal {
	return &PayPal{
		s: s, id: "A" + randomHex(39), secret: "E" + randomHex(39), merchant: "GUTA2345678XY", tokens: map[string]time.Time{},
		replays: map[string]paypalReplay{}, refuse: map[string]string{}, refunds: map[string]paypalRefund{},
	}
}

// Name returns paypal.
func (p *PayPal) Name() string { return "paypal" }

// NewCode returns nothing: PayPal takes no customer's codes.
func (p *PayPal) NewCode(Purse) string { return "" }

// Account returns what a shop enters.
func (p *PayPal) Account() wallet.Account {
	return wallet.Account{Fields: map[string]string{
		"client_id": p.id, "client_secret": p.secret, "return_url": "https://shop.example/thanks", "merchant_id": p.merchant,
	}}
}

// Approve lets the customer open the link and agree.
func (p *PayPal) Approve(number string) error {
	_, err := p.s.Do(p.Name(), number, func(pay *Payment) error {
		switch pay.State {
		case Created, Waiting:
			if pay.Kept["approved"] != "" {
				return nil
			}
			pay.State, pay.Kept["approved"] = Waiting, "yes"
			// "Once redirected, the API caller has 3 hours for the payer to
			// approve the order and either authorize or capture the order."
			pay.Until = p.s.now().Add(3 * time.Hour)
			pay.note("approved")
			return nil
		case Paid, Reversed:
			return ErrPaid
		case Closed:
		}
		return ErrClosed
	})
	return err
}

// Refuse lets the next capture of an order be refused with an issue of
// orders.capture-422.
func (p *PayPal) Refuse(number, issue string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse[number] = issue
}

// ListLater lets the search of transactions answer as it will after d: a day is
// complete once it was refreshed past its end.
func (p *PayPal) ListLater(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listed = d
}

// A paypalAct does one request.
type paypalAct struct {
	op      Op
	number  string
	created bool // answered with 201
	kept    time.Duration
	do      func() (paypalObject, *paypalError)
}

// A paypalObject renders an object, twisted; minimal leaves out what
// Prefer: return=minimal does.
type paypalObject func(t Twist, minimal bool) map[string]any

type paypalError struct {
	status                     int
	name, message              string
	issue, description, target string
}

func (e *paypalError) wire() Wire {
	body := map[string]any{"name": e.name, "message": e.message, "debug_id": randomHex(7), "links": []any{}}
	if e.issue != "" {
		d := map[string]any{"issue": e.issue, "description": cmp.Or(e.description, e.issue)}
		if e.target != "" {
			d["field"], d["location"] = e.target, "body"
		}
		body["details"] = []any{d}
	}
	return paypalWire(e.status, body)
}

func paypalWire(status int, v any) Wire {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of plain values
	}
	return Wire{Status: status, Header: http.Header{"Content-Type": {"application/json"}, "Paypal-Debug-Id": {randomHex(7)}}, Body: b}
}

func paypalMalformed(issue, field, description string) *paypalError {
	return &paypalError{http.StatusBadRequest, "INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema.", issue, description, field}
}

func paypalUnprocessable(issue, description string) *paypalError {
	return &paypalError{http.StatusUnprocessableEntity, "UNPROCESSABLE_ENTITY",
		"The requested action could not be performed, semantically incorrect, or failed business validation.", issue, description, ""}
}

func paypalMissing() *paypalError {
	return &paypalError{http.StatusNotFound, "RESOURCE_NOT_FOUND", "The specified resource does not exist.", "INVALID_RESOURCE_ID",
		"Specified resource ID does not exist. Please check the resource ID and try again.", ""}
}

// Read understands a request.
func (p *PayPal) Read(r *http.Request, body []byte) Exchange {
	if r.URL.Path == "/v1/oauth2/token" {
		return Exchange{Op: OpToken, Act: func(Twist) Wire { return p.signOn(r, body) }}
	}
	act := p.route(r, body)
	x := Exchange{Op: cmp.Or(act.op, OpOther), Number: act.number}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	minimal := r.Header.Get("Prefer") != "return=representation" && r.Method == http.MethodPost
	key := r.Header.Get("PayPal-Request-Id")
	x.Act = func(t Twist) Wire {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch until, ok := p.tokens[token]; {
		case !bearer || !ok || !p.s.now().Before(until):
			return paypalWire(http.StatusUnauthorized, map[string]any{"error": "invalid_token", "error_description": "Token signature verification failed"})
		case act.do == nil:
			return paypalMissing().wire()
		case r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json":
			return (&paypalError{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The server does not support the request payload's media type.", "", "", ""}).wire()
		}
		if have, ok := p.replays[r.URL.Path+key]; ok && act.kept != 0 && key != "" && p.s.now().Before(have.until) {
			return have.answer(t)
		}
		obj, e := act.do()
		if e != nil {
			return e.wire()
		}
		status := http.StatusOK
		if act.created {
			status = http.StatusCreated
		}
		answer := func(t Twist) Wire { return paypalWire(status, obj(t, minimal)) }
		if key != "" && act.kept != 0 {
			// An idempotent repetition is answered 200 (Orders v2, create and capture);
			// a refund has 201 alone (Payments v2, captures.refund).
			again := http.StatusOK
			if act.op == OpRefund {
				again = status
			}
			p.replays[r.URL.Path+key] = paypalReplay{p.s.now().Add(act.kept), func(t Twist) Wire { return paypalWire(again, obj(t, minimal)) }}
		}
		return answer(t)
	}
	return x
}

// signOn hands out a token for client ID and secret (developer.paypal.com/api/
// rest/authentication).
func (p *PayPal) signOn(r *http.Request, body []byte) Wire {
	id, secret, ok := r.BasicAuth()
	switch {
	case r.Method != http.MethodPost || string(body) != "grant_type=client_credentials":
		return paypalWire(http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type", "error_description": "Grant Type is not supported"})
	case !ok || id != p.id || secret != p.secret:
		return paypalWire(http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "Client Authentication failed"})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	token := "A21AA" + randomHex(40)
	p.tokens[token] = p.s.now().Add(32400 * time.Second)
	return paypalWire(http.StatusOK, map[string]any{
		"scope": "https://uri.paypal.com/services/payments/payment", "access_token": token, "token_type": "Bearer", "app_id": "APP-GUITAI", "expires_in": 32400,
	})
}

// Revoke ends all tokens before their time.
func (p *PayPal) Revoke() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.tokens)
}

func (p *PayPal) route(r *http.Request, body []byte) paypalAct {
	path, post := strings.Split(strings.Trim(r.URL.Path, "/"), "/"), r.Method == http.MethodPost
	if !post && r.Method != http.MethodGet {
		return paypalAct{}
	}
	switch {
	case r.URL.Path == "/v2/checkout/orders" && post:
		req, e := paypalOrderOf(body)
		number := ""
		if e == nil {
			number = req.Units[0].Custom
		}
		return paypalAct{OpStart, number, true, 6 * time.Hour, func() (paypalObject, *paypalError) {
			if e != nil {
				return nil, e
			}
			return p.makeOrder(req)
		}}
	case len(path) == 4 && strings.HasPrefix(r.URL.Path, "/v2/checkout/orders/") && !post:
		return paypalAct{OpQuery, p.numberOf(path[3]), false, 0, func() (paypalObject, *paypalError) { return p.order(path[3]) }}
	case len(path) == 5 && strings.HasPrefix(r.URL.Path, "/v2/checkout/orders/") && path[4] == "capture" && post:
		return paypalAct{OpCapture, p.numberOf(path[3]), true, 6 * time.Hour, func() (paypalObject, *paypalError) { return p.capture(path[3]) }}
	case len(path) == 5 && strings.HasPrefix(r.URL.Path, "/v2/payments/captures/") && path[4] == "refund" && post:
		pay, _ := p.find("capture", path[3])
		return paypalAct{OpRefund, pay.Number, true, 45 * 24 * time.Hour, func() (paypalObject, *paypalError) { return p.refund(path[3], body) }}
	case len(path) == 4 && strings.HasPrefix(r.URL.Path, "/v2/payments/refunds/") && !post:
		return paypalAct{OpQueryRefund, p.numberOfRefund(path[3]), false, 0, func() (paypalObject, *paypalError) {
			if _, ok := p.refunds[path[3]]; !ok {
				return nil, paypalMissing()
			}
			return p.refundObject(path[3]), nil
		}}
	case r.URL.Path == "/v1/reporting/transactions" && !post:
		return paypalAct{OpBill, "", false, 0, func() (paypalObject, *paypalError) { return p.transactions(r.URL.Query()) }}
	}
	return paypalAct{}
}

func (p *PayPal) find(kind, id string) (Payment, bool) {
	return p.s.Find(func(pay *Payment) bool { return pay.Platform == p.Name() && id != "" && pay.Kept[kind] == id })
}

func (p *PayPal) numberOf(order string) string {
	pay, _ := p.find("order", order)
	number, _, _ := strings.Cut(pay.Number, "#")
	return number
}

func (p *PayPal) numberOfRefund(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refunds[id].number
}

// paypalID is 17 capital letters and digits.
func paypalID() string { return strings.ToUpper(randomHex(9))[:17] }

type paypalMoney struct {
	Currency string `json:"currency_code"`
	Value    string `json:"value"`
}

var paypalValue = regexp.MustCompile(`^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$`)

// amount reads an amount of the wire (Orders v2, money; developer.paypal.com/
// api/rest/reference/currency-codes for those without decimals).
func (m paypalMoney) amount(field string) (money.Amount, *paypalError) {
	c, err := money.CurrencyOf(m.Currency)
	if err != nil || !slices.Contains(strings.Fields("USD AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD"), m.Currency) {
		return 0, paypalUnprocessable("INVALID_CURRENCY_CODE", "Currency code is invalid or is not currently supported.")
	}
	if !paypalValue.MatchString(m.Value) || len(m.Value) > 32 {
		return 0, paypalMalformed("INVALID_PARAMETER_SYNTAX", field, "The value of a field does not conform to the expected format.")
	}
	if strings.Contains(m.Value, ".") && (c.Exponent == 0 || c.Code == "HUF" || c.Code == "TWD") {
		return 0, paypalUnprocessable("DECIMALS_NOT_SUPPORTED", "Currency does not support decimals.")
	}
	a, err := c.Parse(m.Value)
	switch {
	case errors.Is(err, money.ErrDecimals):
		return 0, paypalUnprocessable("DECIMAL_PRECISION", "The value of the field should not be more than two decimal places.")
	case err != nil:
		return 0, paypalUnprocessable("MAX_VALUE_EXCEEDED", "Should be less than or equal to 999999999999999.")
	case a <= 0:
		return 0, paypalUnprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", "Must be greater than zero.")
	}
	return a, nil
}

func paypalText(a money.Amount, code string) paypalMoney {
	c, _ := money.CurrencyOf(code)
	text := c.Format(a)
	if code == "HUF" || code == "TWD" {
		text, _, _ = strings.Cut(text, ".")
	}
	return paypalMoney{code, text}
}

// paypalRequest is an order_request with the fields that the till sends; any
// other is refused, so that a misspelt one is noticed.
type paypalRequest struct {
	Intent string `json:"intent"`
	Units  []struct {
		Reference   string      `json:"reference_id"`
		Custom      string      `json:"custom_id"`
		Invoice     string      `json:"invoice_id"`
		Description string      `json:"description"`
		Amount      paypalMoney `json:"amount"`
	} `json:"purchase_units"`
	Source struct {
		PayPal struct {
			Context struct {
				Brand      string `json:"brand_name"`
				Action     string `json:"user_action"`
				Shipping   string `json:"shipping_preference"`
				Preference string `json:"payment_method_preference"`
				Return     string `json:"return_url"`
				Cancel     string `json:"cancel_url"`
			} `json:"experience_context"`
		} `json:"paypal"`
	} `json:"payment_source"`
}

func paypalDecode(body []byte, into any) *paypalError {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return paypalMalformed("MALFORMED_REQUEST_JSON", "/", err.Error())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return paypalMalformed("MALFORMED_REQUEST_JSON", "/", "more than one object")
	}
	return nil
}

func paypalOrderOf(body []byte) (paypalRequest, *paypalError) {
	var req paypalRequest
	if e := paypalDecode(body, &req); e != nil {
		return req, e
	}
	x := req.Source.PayPal.Context
	switch {
	case req.Intent != "CAPTURE":
		return req, paypalMalformed("INVALID_PARAMETER_VALUE", "/intent", "A parameter value is not valid.")
	case len(req.Units) != 1:
		return req, paypalMalformed("INVALID_ARRAY_MIN_ITEMS", "/purchase_units", "The number of items in an array parameter is too small.")
	case x.Return == "" || x.Cancel == "" || x.Action != "PAY_NOW" || x.Shipping != "NO_SHIPPING" || x.Preference != "IMMEDIATE_PAYMENT_REQUIRED":
		return req, paypalMalformed("INVALID_PARAMETER_VALUE", "/payment_source/paypal/experience_context", "not what a shop's counter needs")
	case len(x.Brand) > 127 || len(req.Units[0].Description) > 127 || req.Units[0].Custom == "" || req.Units[0].Invoice == "":
		return req, paypalMalformed("INVALID_STRING_LENGTH", "/purchase_units/0", "The value of a field is either too short or too long")
	}
	_, e := req.Units[0].Amount.amount("/purchase_units/@reference_id=='default'/amount/value")
	return req, e
}

// makeOrder makes an order (Orders v2, orders.create). PayPal does not know
// that a merchant's number should be used once, so a second order with it is
// another payment in the books.
func (p *PayPal) makeOrder(req paypalRequest) (paypalObject, *paypalError) {
	u, id := req.Units[0], paypalID()
	a, e := u.Amount.amount("/purchase_units/0/amount/value")
	if e != nil {
		return nil, e
	}
	number := u.Custom
	for n := 2; ; n++ {
		if _, ok := p.s.Payment(p.Name(), number); !ok {
			break
		}
		number = fmt.Sprintf("%s#%d", u.Custom, n)
	}
	_, err := p.s.Make(Payment{
		Platform: p.Name(), Number: number, Amount: a, Currency: u.Amount.Currency, Subject: u.Description,
		QR: "https://www.paypal.com/checkoutnow?token=" + id, Until: p.s.now().Add(3 * time.Hour),
		Kept: map[string]string{"order": id, "custom": u.Custom, "invoice": u.Invoice, "reference": u.Reference, "capture": paypalID()},
	})
	if err != nil {
		return nil, &paypalError{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "An internal server error occurred.", "", "", ""}
	}
	return p.order(id)
}

// order renders an order as it is when it is asked for. One whose time is over
// is not found any more.
func (p *PayPal) order(id string) (paypalObject, *paypalError) {
	pay, ok := p.find("order", id)
	if !ok || pay.State == Closed {
		return nil, paypalMissing()
	}
	return func(t Twist, minimal bool) map[string]any { return p.orderObject(pay, t, minimal) }, nil
}

func (p *PayPal) orderObject(pay Payment, t Twist, minimal bool) map[string]any {
	amount, id := pay.Amount, pay.Kept["order"]
	if t.Amount != 0 {
		amount = t.Amount
	}
	self := "https://api-m.sandbox.paypal.com/v2/checkout/orders/" + id
	m := map[string]any{"id": id, "status": "PAYER_ACTION_REQUIRED", "links": []any{
		map[string]any{"href": self, "rel": "self", "method": "GET"},
		map[string]any{"href": pay.QR, "rel": "payer-action", "method": "GET"},
	}}
	unit := map[string]any{
		"reference_id": cmp.Or(pay.Kept["reference"], "default"), "custom_id": pay.Kept["custom"], "invoice_id": pay.Kept["invoice"],
		"description": pay.Subject, "amount": paypalText(amount, pay.Currency), "payee": map[string]any{"merchant_id": p.merchant},
	}
	if pay.Kept["approved"] != "" || pay.State == Paid {
		m["status"] = "APPROVED"
		m["links"] = []any{
			map[string]any{"href": self, "rel": "self", "method": "GET"}, map[string]any{"href": self + "/capture", "rel": "capture", "method": "POST"},
		}
	}
	if pay.State == Paid {
		m["status"] = "COMPLETED"
		status := "COMPLETED"
		if back := pay.Refunded(); back == pay.Captured {
			status = "REFUNDED"
		} else if back > 0 {
			status = "PARTIALLY_REFUNDED"
		}
		at := pay.PaidAt.Add(t.Clock).UTC().Format(time.RFC3339)
		payments := map[string]any{"captures": []any{map[string]any{
			"id": pay.Kept["capture"], "status": status, "amount": paypalText(amount, pay.Currency), "final_capture": true,
			"custom_id": pay.Kept["custom"], "invoice_id": pay.Kept["invoice"], "create_time": at, "update_time": at,
		}}}
		refunds := []any{}
		for rid, r := range p.refunds {
			if r.number == pay.Number {
				refunds = append(refunds, p.refundObject(rid)(t, false))
			}
		}
		if len(refunds) != 0 {
			payments["refunds"] = refunds
		}
		unit["payments"] = payments
	}
	if !minimal {
		m["intent"] = "CAPTURE"
		m["create_time"] = pay.Made.Add(t.Clock).UTC().Format(time.RFC3339)
		m["purchase_units"] = []any{unit}
		if m["status"] != "PAYER_ACTION_REQUIRED" {
			m["payer"] = map[string]any{"payer_id": "QYR5Z8XDVJNXQ", "email_address": "lin.mei@example.com", "name": map[string]any{"given_name": "Mei", "surname": "Lin"}}
		}
	}
	return m
}

// paypalIssues are the words of issues, which the published document lists one
// by one (Orders v2, orders.capture-422).
var paypalIssues = map[string]string{
	"ORDER_ALREADY_CAPTURED": "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.",
	"ORDER_NOT_APPROVED": "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links " +
		"within the Create Order call or provide a valid `payment_source` in the request.",
	"DUPLICATE_INVOICE_ID": "Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account setting requires that Invoice Id be unique for each transaction.",
	"INSTRUMENT_DECLINED":  "The instrument presented  was either declined by the processor or bank, or it can't be used for this payment.",
	"PAYER_CANNOT_PAY":     "Payer cannot pay for this transaction. Please contact the payer to find other ways to pay for this transaction.",
	"TRANSACTION_REFUSED":  "The request was refused.",
}

// capture takes the money of an approved order (Orders v2, orders.capture).
func (p *PayPal) capture(id string) (paypalObject, *paypalError) {
	pay, ok := p.find("order", id)
	issue := p.refuse[pay.Number]
	delete(p.refuse, pay.Number)
	switch {
	case !ok || pay.State == Closed:
		return nil, paypalMissing()
	case pay.State == Paid || pay.State == Reversed:
		return nil, paypalUnprocessable("ORDER_ALREADY_CAPTURED", paypalIssues["ORDER_ALREADY_CAPTURED"])
	case pay.Kept["approved"] == "":
		return nil, paypalUnprocessable("ORDER_NOT_APPROVED", paypalIssues["ORDER_NOT_APPROVED"])
	case issue != "":
		return nil, paypalUnprocessable(issue, paypalIssues[issue])
	}
	// "your account setting requires that Invoice Id be unique"
	if other, ok := p.s.Find(func(x *Payment) bool {
		return x.Platform == p.Name() && x.State == Paid && x.Kept["invoice"] == pay.Kept["invoice"]
	}); ok && other.Number != pay.Number {
		return nil, paypalUnprocessable("DUPLICATE_INVOICE_ID", paypalIssues["DUPLICATE_INVOICE_ID"])
	}
	if err := p.s.Capture(p.Name(), pay.Number); err != nil {
		return nil, paypalUnprocessable("ORDER_ALREADY_CAPTURED", paypalIssues["ORDER_ALREADY_CAPTURED"])
	}
	return p.order(id)
}
