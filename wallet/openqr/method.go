package openqr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guitai/till/money"
)

// Scheme names the kind of a payment code; the tender kind is qr:SCHEME.
type Scheme string

// The schemes.
const (
	PIX           Scheme = "pix"            // Brazil
	PromptPay     Scheme = "promptpay"      // Thailand, credit transfer
	PromptPayBill Scheme = "promptpay_bill" // Thailand, bill payment
	VietQR        Scheme = "vietqr"
	PayNow        Scheme = "paynow" // Singapore, SGQR
	FPS           Scheme = "fps"    // Hong Kong
	UnionPay      Scheme = "unionpay"
	QRIS          Scheme = "qris"    // Indonesia
	DuitNow       Scheme = "duitnow" // Malaysia
	KHQR          Scheme = "khqr"    // Cambodia
	QRPh          Scheme = "qrph"    // Philippines
	EMVCo         Scheme = "emvco"   // any other static EMVCo code
	SEPA          Scheme = "sepa"
	SwissBill     Scheme = "swiss"
	UPI           Scheme = "upi" // India
	AlipayCode    Scheme = "alipay_code"
	WeChatCode    Scheme = "wechat_code"
	Link          Scheme = "link" // an aggregator's code, 聚合码
)

// A Method is a way to be paid, as the owner has set it up.
type Method struct {
	Scheme Scheme            `json:"scheme"`
	Name   string            `json:"name"` // what the cashier's button says
	Payee  string            `json:"payee,omitempty"`
	City   string            `json:"city,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
	Off    bool              `json:"off,omitempty"` // kept, and not offered
}

// A Field is one thing a scheme has to be told, for the screen that asks.
type Field struct {
	Key      string // payee, city, or a key of Method.Fields
	Required bool
	Max      int // in characters
	Letters  Letters
	check    func(string) ProblemCode
}

// Letters says which characters a field may hold; control characters never.
type Letters uint8

// The sets of characters.
const (
	ASCIILetters Letters = iota // what goes into an EMVCo code or a link
	LatinLetters                // what European transfers allow
	AnyLetters                  // what is shown, not coded, or was scanned
)

// A Payload is a payment code ready to be drawn.
type Payload struct {
	Text  string
	Payee string // whom the customer's app should show
	// AmountInCode is false where the code cannot carry the amount: the screen
	// asks the customer to type it.
	AmountInCode bool
	// ReferenceInCode is false where the payment comes without the reference.
	ReferenceInCode bool
	ECC             string // error correction to draw it with: L, M, Q or H
	SwissCross      bool   // to be drawn over the middle
}

// ProblemCode says what is wrong, for the screen's words.
type ProblemCode string

// What can be wrong.
const (
	Empty          ProblemCode = "empty"
	TooLong        ProblemCode = "too_long"
	NotASCII       ProblemCode = "not_ascii" // a letter the code cannot hold
	BadForm        ProblemCode = "bad_form"
	BadCheck       ProblemCode = "bad_check" // a check digit, IBAN sum or CRC differs
	OneOf          ProblemCode = "one_of"    // exactly one of the fields in Detail
	UnknownScheme  ProblemCode = "unknown_scheme"
	UnknownField   ProblemCode = "unknown_field"
	WrongCurrency  ProblemCode = "wrong_currency"
	NotPositive    ProblemCode = "not_positive"
	AmountTooLarge ProblemCode = "amount_too_large"
	BadReference   ProblemCode = "bad_reference"
	NotEMVCo       ProblemCode = "not_emvco"
	NotStatic      ProblemCode = "not_static" // a code for one payment was scanned
	OtherScheme    ProblemCode = "other_scheme"
)

// A Problem is why a method cannot be used or a code cannot be built.
type Problem struct {
	Code   ProblemCode
	Field  string // scheme, name, payee, city, amount, currency, ref, or a key of Method.Fields
	Detail string
}

// Error says the problem in English, for logs.
func (p Problem) Error() string {
	s := "payment code: " + p.Field + ": " + strings.ReplaceAll(string(p.Code), "_", " ")
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	return s
}

// request is one payment to be written.
type request struct {
	amount string // by the currency's decimals
	cur    money.Currency
	ref    string
}

// maker is what the package knows about one scheme.
type maker struct {
	currencies []string // none: any
	fields     []Field
	most       money.Amount             // largest amount; 0: what object 54 holds
	validate   func(m Method) []Problem // beyond the single fields; may be nil
	ref        func(ref string) bool    // which references fit
	build      func(m Method, r request) (Payload, error)
}

var makers = map[Scheme]maker{
	PIX: pixMaker, PromptPay: promptPayMaker, PromptPayBill: promptPayBillMaker, VietQR: vietQRMaker, PayNow: payNowMaker,
	FPS: fpsMaker, SEPA: sepaMaker, SwissBill: swissMaker, UPI: upiMaker,
	UnionPay: ownMaker("", "CNY"), QRIS: ownMaker("ID", "IDR"), DuitNow: ownMaker("MY", "MYR"),
	KHQR: ownMaker("KH", "KHR", "USD"), QRPh: ownMaker("PH", "PHP"), EMVCo: ownMaker(""),
	AlipayCode: linkMaker(alipayLink, "CNY"), WeChatCode: linkMaker(weChatLink, "CNY"), Link: linkMaker(anyLink),
}

// Schemes returns every scheme, sorted.
func Schemes() []Scheme { return slices.Sorted(maps.Keys(makers)) }

// Currencies returns the currencies a scheme pays in; none means any.
func (s Scheme) Currencies() []string { return slices.Clone(makers[s].currencies) }

// Fields returns what a scheme has to be told.
func (s Scheme) Fields() []Field { return slices.Clone(makers[s].fields) }

// field returns a setting without the space around it.
func (m Method) field(key string) string {
	switch key {
	case "payee":
		return strings.TrimSpace(m.Payee)
	case "city":
		return strings.TrimSpace(m.City)
	}
	return strings.TrimSpace(m.Fields[key])
}

// Validate returns everything that is wrong with the method, in the order in
// which the screen asks for it; none means it can be tried with a payment.
func (m Method) Validate() []Problem {
	mk, ok := makers[m.Scheme]
	if !ok {
		return []Problem{{Code: UnknownScheme, Field: "scheme", Detail: string(m.Scheme)}}
	}
	var problems []Problem
	if strings.TrimSpace(m.Name) == "" {
		problems = append(problems, Problem{Code: Empty, Field: "name"})
	}
	known := map[string]bool{}
	for _, f := range mk.fields {
		known[f.Key] = true
		if code := f.verify(m.field(f.Key)); code != "" {
			problems = append(problems, Problem{Code: code, Field: f.Key})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Fields)) {
		if !known[key] {
			problems = append(problems, Problem{Code: UnknownField, Field: key})
		}
	}
	if len(problems) == 0 && mk.validate != nil {
		problems = mk.validate(m)
	}
	return problems
}

func (f Field) verify(value string) ProblemCode {
	switch {
	case value == "" && f.Required:
		return Empty
	case value == "":
		return ""
	case utf8.RuneCountInString(value) > f.Max:
		return TooLong
	case !f.Letters.hold(value):
		return NotASCII
	case f.check != nil:
		return f.check(value)
	}
	return ""
}

// Build writes the code for one payment of exactly amount. An amount of zero
// or less, a currency the scheme does not pay in, a reference that does not fit
// it and anything Validate finds are refused with a Problem; nothing is ever
// shortened to fit. An empty reference is allowed except where the scheme
// cannot do without.
func Build(m Method, amount money.Amount, cur money.Currency, ref string) (Payload, error) {
	if problems := m.Validate(); len(problems) > 0 {
		return Payload{}, problems[0]
	}
	mk := makers[m.Scheme]
	if amount <= 0 {
		return Payload{}, Problem{Code: NotPositive, Field: "amount", Detail: cur.Format(amount)}
	}
	if len(mk.currencies) > 0 && !slices.Contains(mk.currencies, cur.Code) {
		return Payload{}, Problem{Code: WrongCurrency, Field: "currency", Detail: cur.Code + " is not " + strings.Join(mk.currencies, " or ")}
	}
	text := cur.Format(amount)
	if cur.Code == "IDR" || cur.Code == "KHR" {
		// Nobody pays in their hundredths, and bank apps there show none.
		text = strings.TrimSuffix(text, ".00")
	}
	if amount > money.AmountMax || len(text) > 13 || mk.most > 0 && amount > mk.most {
		return Payload{}, Problem{Code: AmountTooLarge, Field: "amount", Detail: text}
	}
	if !ASCIILetters.hold(ref) || ref != "" && mk.ref != nil && !mk.ref(ref) {
		return Payload{}, Problem{Code: BadReference, Field: "ref", Detail: fmt.Sprintf("%.40q", ref)}
	}
	p, err := mk.build(m, request{text, cur, ref})
	if err != nil {
		return Payload{}, err
	}
	if p.ECC == "" {
		p.ECC = "M"
	}
	if p.Payee == "" {
		p.Payee = m.field("payee")
	}
	return p, nil
}

// ParseMethods reads the shop's methods from JSON and refuses unknown keys and
// two methods of one name. An empty text is no method. The methods are not
// validated: one of them being wrong does not take the others away.
func ParseMethods(text string) ([]Method, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var methods []Method
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&methods); err != nil {
		return nil, fmt.Errorf("read the payment code methods: %w", err)
	}
	names := map[string]bool{}
	for _, m := range methods {
		if names[m.Name] {
			return nil, fmt.Errorf("read the payment code methods: two are named %q", m.Name)
		}
		names[m.Name] = true
	}
	return methods, nil
}

// finish puts amount, country and reference into a code and writes it.
func finish(c Code, r request, objects ...Object) (Payload, error) {
	for _, o := range objects {
		if o.Value != "" {
			c.Objects = append(c.Objects, o)
		}
	}
	text, err := c.Encode()
	return Payload{Text: text, AmountInCode: true, ReferenceInCode: r.ref != ""}, err
}

func (l Letters) hold(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || l == ASCIILetters && r > '~' || l == LatinLetters && r > 0x17F && r != '€'
	}) < 0
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

const alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// refOf returns a rule for references of up to n letters, digits and others.
func refOf(n int, others string) func(string) bool {
	return func(ref string) bool { return len(ref) <= n && strings.Trim(ref, alnum+others) == "" }
}

// compact leaves out the space and dashes people put into numbers.
func compact(s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) }
