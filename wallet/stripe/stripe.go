// Package stripe takes payments through Stripe: a page that the customer opens
// from a code the till shows (and pays on by Apple Pay, Google Pay or card), or
// a card reader that Stripe drives.
//
// Sources: docs.stripe.com/api of version 2026-08-26.dahlia (Checkout Sessions,
// PaymentIntents, Refunds, Balance transactions, Terminal readers, Idempotent
// requests, Errors), docs.stripe.com/currencies, docs.stripe.com/terminal/payments/
// collect-card-payment (server-driven) and docs.stripe.com/declines/codes.
//
// Stripe does not sign its answers: that they are its own is proved by TLS
// alone. Base URLs without TLS are therefore refused for real money.
package stripe

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// Spec describes Stripe.
var Spec = wallet.Spec{
	Name:       "stripe",
	Title:      wallet.Title{Zh: "Stripe（Apple Pay、Google Pay、银行卡）", En: "Stripe (Apple Pay, Google Pay, cards)"},
	Colour:     "#5546C8",
	Letter:     "S",
	Currencies: currencies,
	Ability: wallet.Ability{
		Ways:          []till.Presentment{till.Show, till.Tap},
		Refunds:       true,
		PartialRefund: true,
		Bills:         true,
		Restart:       true,
		RestartFor:    keyLife,
		CancelUnknown: true,
		Pace: map[till.Presentment]wallet.Pace{
			till.Show: {First: 5 * time.Second, Every: 3 * time.Second, Limit: 10 * time.Minute},
			till.Tap:  {First: 3 * time.Second, Every: 3 * time.Second, Limit: 3 * time.Minute},
		},
	},
	Fields: []wallet.Field{
		{
			Name: fieldKey, Kind: wallet.Text, Secret: true,
			Title: wallet.Title{Zh: "受限密钥", En: "Restricted key"},
			Hint: wallet.Title{
				Zh: "Stripe 后台 > 开发者 > API 密钥，以 rk_live_ 或 rk_test_ 开头（也接受 sk_ 密钥）",
				En: "Stripe Dashboard > Developers > API keys; begins with rk_live_ or rk_test_ (an sk_ key is accepted too)",
			},
		},
		{
			Name: fieldSuccess, Kind: wallet.URLText,
			Title: wallet.Title{Zh: "付款后打开的网页", En: "Page after paying"},
			Hint: wallet.Title{
				Zh: "顾客付款后手机上看到的网页，例如本店网站；以 https:// 开头",
				En: "What the customer's phone opens after paying, such as the shop's own site; begins with https://",
			},
		},
		{
			Name: fieldMethods, Kind: wallet.Text, Optional: true, Default: "card",
			Title: wallet.Title{Zh: "付款方式", En: "Payment methods"},
			Hint: wallet.Title{
				Zh: "card 已包含 Apple Pay 和 Google Pay；其他方式用逗号分隔",
				En: "card includes Apple Pay and Google Pay; others after commas",
			},
		},
		{
			Name: fieldReader, Kind: wallet.Text, Optional: true,
			Title: wallet.Title{Zh: "读卡器编号", En: "Reader"},
			Hint: wallet.Title{
				Zh: "Stripe 后台 > Terminal > 读卡器，以 tmr_ 开头；没有读卡器则留空",
				En: "Stripe Dashboard > Terminal > Readers; begins with tmr_. Empty without a reader",
			},
		},
	},
	Live:   "https://api.stripe.com",
	Test:   "https://api.stripe.com",
	Papers: []string{"business_licence", "owner_id", "bank_account", "website"},
	Limits: limits,
	New:    connect,
}

// The fields. Stripe calls the key secret key or restricted key, the page
// success_url, and the reader by its id.
const (
	fieldKey     = "secret_key"
	fieldSuccess = "success_url"
	fieldMethods = "payment_method_types"
	fieldReader  = "reader"
)

// version is the API version that every call asks for, so that a change of the
// account's default does not change the answers.
const version = "2026-08-26.dahlia"

// keyLife is how long Stripe keeps an idempotency key at least (Idempotent
// requests: "at least 24 hours old").
const keyLife = 24 * time.Hour

// keyMargin is kept from the end of a key's life: past it a repeated call could
// be carried out a second time.
const keyMargin = time.Hour

type adapter struct {
	client  *wallet.Client
	base    string
	key     string
	success string
	methods []string
	reader  string
	live    bool
}

var (
	keyForm    = regexp.MustCompile(`^[rs]k_(live|test)_[A-Za-z0-9]{16,250}$`)
	readerForm = regexp.MustCompile(`^tmr_[A-Za-z0-9]{8,64}$`)
	methodForm = regexp.MustCompile(`^[a-z][a-z_0-9]*$`)
)

func connect(a wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	key, err := a.Need(fieldKey)
	if err != nil {
		return nil, err
	}
	s := &adapter{client: c, base: base, key: key, live: a.Mode == "live"}
	if detail := keyFault(key, s.live); detail != "" {
		return nil, &wallet.FieldError{Field: fieldKey, Reason: till.SetUpWrong, Detail: detail}
	}
	if s.success, err = a.Need(fieldSuccess); err != nil {
		return nil, err
	}
	if u, err := url.Parse(s.success); err != nil || u.Host == "" || u.Scheme != "https" && (s.live || u.Scheme != "http") {
		return nil, &wallet.FieldError{Field: fieldSuccess, Reason: till.SetUpWrong, Detail: "no address like https://shop.example"}
	}
	for _, m := range strings.Split(cmp.Or(a.Fields[fieldMethods], "card"), ",") {
		m = strings.TrimSpace(m)
		if !methodForm.MatchString(m) {
			return nil, &wallet.FieldError{Field: fieldMethods, Reason: till.SetUpWrong, Detail: "names like card,link with commas between them"}
		}
		s.methods = append(s.methods, m)
	}
	s.reader = strings.TrimSpace(a.Fields[fieldReader])
	if s.reader != "" && !readerForm.MatchString(s.reader) {
		return nil, &wallet.FieldError{Field: fieldReader, Reason: till.SetUpWrong, Detail: "a reader's number begins with tmr_"}
	}
	return s, nil
}

// keyFault says what is wrong with a key, or nothing.
func keyFault(key string, live bool) string {
	switch {
	case strings.HasPrefix(key, "pk_"):
		return "this is the publishable key; the restricted key (rk_) or the secret key (sk_) is needed"
	case strings.HasPrefix(key, "whsec_"):
		return "this is a webhook's signing secret; the restricted key (rk_) or the secret key (sk_) is needed"
	}
	m := keyForm.FindStringSubmatch(key)
	switch {
	case m == nil:
		return "a key begins with rk_live_, rk_test_, sk_live_ or sk_test_ and goes on with letters and digits; this one may be cut off"
	case live && m[1] == "test":
		return "this key is for test mode, and the account is set to live"
	case !live && m[1] == "live":
		return "this key is for real money, and the account is set to test"
	}
	return ""
}

// Start makes a Checkout Session to be shown, or hands a PaymentIntent to the
// reader.
func (s *adapter) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if err := s.allow(c); err != nil {
		return wallet.Answer{}, err
	}
	if c.Way == till.Tap {
		return s.startReader(ctx, c)
	}
	return s.startSession(ctx, c)
}

// allow refuses what Stripe cannot take before anything is sent.
func (s *adapter) allow(c wallet.Charge) error {
	field := ""
	switch {
	case c.Way == till.Take:
		field = "way"
	case c.Way == till.Tap && s.reader == "":
		field = fieldReader
	}
	if field != "" {
		return fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: "this till has no such way to be paid through Stripe"})
	}
	least, most := limits(c.Currency)
	if err := wallet.AllowAmount(c.Amount, c.Currency, least, most, currencies...); err != nil {
		return err
	}
	_, err := units(c.Amount, c.Currency)
	return err
}

// Query asks about the session or the reader's PaymentIntent; where its number
// at Stripe never arrived it is looked for by the attempt's.
func (s *adapter) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if onReader(c) {
		return s.queryReader(ctx, c)
	}
	return s.querySession(ctx, c)
}

// Cancel expires the session, or takes the PaymentIntent from the reader and
// cancels it. Stripe's answer to both is final (see closeSession and
// closeReader).
func (s *adapter) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if onReader(c) {
		return s.closeReader(ctx, c)
	}
	return s.closeSession(ctx, c)
}

// onReader reports whether a charge is or was at a reader.
func onReader(c wallet.Charge) bool {
	return strings.HasPrefix(c.Handle, "pi_") || c.Handle == "" && c.Way == till.Tap
}
