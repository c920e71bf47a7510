package till

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"guitai/till/money"
)

// A WalletAccount is a wallet as the shop takes it. Credentials are no part of
// it: they are sealed elsewhere.
type WalletAccount struct {
	Name    string        `json:"name"` // alipay, wechatpay, ...: the part after wallet: in a tender kind
	Title   string        `json:"title,omitempty"`
	TitleEN string        `json:"title_en,omitempty"`
	On      bool          `json:"on"`
	Mode    string        `json:"mode"` // live or test; a test account takes no real sale
	Ways    []Presentment `json:"ways"`
	// Takes names the wallets of others whose customers' codes it takes, as an
	// aggregator does.
	Takes []string `json:"takes,omitempty"`
	// Least and Top bound one payment, both included; 0 for no bound.
	Least money.Amount `json:"least,omitempty"`
	Top   money.Amount `json:"top,omitempty"`
	// Most is the largest amount that is charged straight from the sell screen;
	// 0 is 1,000.00.
	Most     money.Amount `json:"most,omitempty"`
	Payee    string       `json:"payee,omitempty"`    // the name the customer sees
	Merchant string       `json:"merchant,omitempty"` // the merchant number, for the provider's help line
	Contact  string       `json:"contact,omitempty"`  // the provider's help line
	Letter   string       `json:"letter,omitempty"`   // the key on the pay screen, one capital letter
	Colour   string       `json:"colour,omitempty"`   // of the plate, #RRGGBB
	Order    int          `json:"order,omitempty"`
	Fees     []WalletFee  `json:"fees,omitempty"` // by the day they begin on, the oldest first
	// Settles is after how many days the provider pays out: the n of T+n.
	Settles int `json:"settles,omitempty"`
	// Workdays counts Monday to Friday only, and KeepsFees says that a refund
	// brings nothing of its fee back.
	Workdays   bool         `json:"workdays,omitempty"`
	KeepsFees  bool         `json:"keeps_fees,omitempty"`
	Opening    money.Amount `json:"opening,omitempty"`
	Yearly     money.Amount `json:"yearly,omitempty"`
	Withdrawal FeeRule      `json:"withdrawal,omitzero"`

	// Why it cannot be used now, in a view; "" where it can. Note is the reason
	// that whoever froze it gave.
	Why  ErrorCode `json:"-"`
	Note string    `json:"-"`
}

// A FeeRule is what a provider keeps of an amount: a part and a fixed sum, not
// less than Min and, where Cap is set, not more than that.
type FeeRule struct {
	Rate  money.Rate   `json:"rate,omitempty"` // parts per million
	Fixed money.Amount `json:"fixed,omitempty"`
	Min   money.Amount `json:"min,omitempty"`
	Cap   money.Amount `json:"cap,omitempty"`
}

// Of returns the fee on an amount, never below zero.
func (f FeeRule) Of(a money.Amount) money.Amount {
	fee := max(f.Rate.Of(a)+f.Fixed, f.Min, 0)
	if f.Cap > 0 {
		fee = min(fee, f.Cap)
	}
	return fee
}

// A WalletFee is a fee and the business day that it begins on.
type WalletFee struct {
	From BusinessDay `json:"from,omitempty"` // 0: from the start
	FeeRule
}

// FeeOn returns the fee in effect on a day; none before the first begins.
func (a *WalletAccount) FeeOn(day BusinessDay) FeeRule {
	var rule FeeRule
	for _, f := range a.Fees {
		if f.From <= day {
			rule = f.FeeRule
		}
	}
	return rule
}

// fromSell is the largest amount that is charged straight from the sell screen.
func (a *WalletAccount) fromSell(c money.Currency) money.Amount {
	if a.Most > 0 {
		return a.Most
	}
	return 1000 * c.Unit()
}

// can reports whether the account pays that way.
func (a *WalletAccount) can(way Presentment) bool { return slices.Contains(a.Ways, way) }

// A WalletFreeze stops a wallet at this till, or all of them.
type WalletFreeze struct {
	Wallet string    `json:"wallet"` // "" for all
	By     string    `json:"by"`     // operator code
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// SetWallets replaces the shop's wallets, in the form of their setting.
func (s *Settings) SetWallets(list []WalletAccount) error { return s.Set("wallets", jsonOf(list)) }

// Wallet returns the account of a name.
func (s *Settings) Wallet(name string) (WalletAccount, bool) {
	for _, w := range s.Wallets {
		if w.Name == name {
			return w, true
		}
	}
	return WalletAccount{}, false
}

// Freeze returns what stops a wallet, or nil.
func (s *Settings) Freeze(name string) *WalletFreeze {
	for i, f := range s.Frozen {
		if f.Wallet == "" || f.Wallet == name {
			return &s.Frozen[i]
		}
	}
	return nil
}

// ParsePresentment reads what String writes.
func ParsePresentment(word string) (Presentment, bool) {
	for _, p := range []Presentment{Show, Take, Tap} {
		if p.String() == word {
			return p, true
		}
	}
	return 0, false
}

// MarshalText writes the word used in files.
func (p Presentment) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Presentment) UnmarshalText(text []byte) error {
	var ok bool
	if *p, ok = ParsePresentment(string(text)); !ok {
		return fmt.Errorf("%.20q is no way to pay: want show, take or tap", text)
	}
	return nil
}

// strictly reads one JSON value and nothing besides: a key that nothing reads
// is a mistake of whoever wrote it. An empty text leaves v as it is.
func strictly(text string, v any) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows after its end")
	}
	return nil
}

// ParseWallets reads the shop's wallets from JSON and checks each. They come in
// the order of their Order, then of the list. An empty text is no wallet.
func ParseWallets(text string) ([]WalletAccount, error) {
	var list []WalletAccount
	if err := strictly(text, &list); err != nil {
		return nil, fmt.Errorf("wallets: %w", err)
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, fmt.Errorf("wallet %d %.32q: %w", i+1, list[i].Name, err)
		}
		for _, w := range list[:i] {
			if w.Name == list[i].Name {
				return nil, fmt.Errorf("wallet %d %q: given twice", i+1, w.Name)
			}
			if w.Letter != "" && w.Letter == list[i].Letter {
				return nil, fmt.Errorf("wallet %d %q: the key %s belongs to %s", i+1, list[i].Name, w.Letter, w.Name)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b WalletAccount) int { return cmp.Compare(a.Order, b.Order) })
	return list, nil
}

// settlesMax bounds T+n: no provider keeps a shop's money longer than a year.
const settlesMax = 366

func (a *WalletAccount) check() error {
	if !walletName(a.Name) {
		return errors.New("want a name of small letters and digits")
	}
	switch {
	case a.Name == CardTerminal:
		return errors.New("this name is the card terminal's")
	case a.Mode != "live" && a.Mode != "test":
		return fmt.Errorf("mode %.20q: want live or test", a.Mode)
	case len(a.Ways) == 0:
		return errors.New("no way to pay: want show, take or tap")
	case a.Least < 0 || a.Top < 0 || a.Most < 0 || a.Opening < 0 || a.Yearly < 0 || max(a.Top, a.Most, a.Opening, a.Yearly) > money.AmountMax:
		return errors.New("an amount is out of range")
	case a.Top != 0 && a.Least > a.Top:
		return errors.New("least is above top")
	case a.Letter != "" && (len(a.Letter) != 1 || a.Letter[0] < 'A' || a.Letter[0] > 'Z'):
		return fmt.Errorf("letter %.20q: want one capital letter", a.Letter)
	case a.Colour != "" && (len(a.Colour) != 7 || a.Colour[0] != '#' || strings.Trim(a.Colour[1:], "0123456789abcdefABCDEF") != ""):
		return fmt.Errorf("colour %.20q: want #RRGGBB", a.Colour)
	case a.Settles < 0 || a.Settles > settlesMax:
		return fmt.Errorf("settles after %d days: want 0 to %d", a.Settles, settlesMax)
	}
	for i, w := range a.Ways {
		if slices.Contains(a.Ways[:i], w) {
			return fmt.Errorf("way %s given twice", w)
		}
	}
	for _, name := range a.Takes {
		if !walletName(name) {
			return fmt.Errorf("takes %.20q: want a wallet's name", name)
		}
	}
	for _, text := range []string{a.Title, a.TitleEN, a.Payee, a.Merchant, a.Contact} {
		if len(text) > textMax {
			return fmt.Errorf("%.20q...: longer than %d bytes", text, textMax)
		}
	}
	rules := []FeeRule{a.Withdrawal}
	for i, f := range a.Fees {
		if f.From != 0 {
			if _, err := ParseBusinessDay(f.From.String()); err != nil {
				return fmt.Errorf("fee %d: %w", i+1, err)
			}
		}
		if i > 0 && f.From <= a.Fees[i-1].From {
			return fmt.Errorf("fee %d: begins no later than the one before", i+1)
		}
		rules = append(rules, f.FeeRule)
	}
	for _, f := range rules {
		if f.Rate < 0 || f.Rate > money.RateMax || f.Fixed < 0 || f.Min < 0 || f.Cap < 0 || max(f.Fixed, f.Min, f.Cap) > money.AmountMax || f.Cap != 0 && f.Min > f.Cap {
			return errors.New("a fee is out of range")
		}
	}
	return nil
}

// walletName reports whether a wallet may have the name.
func walletName(name string) bool { return name != "" && TenderKind("wallet:"+name).Valid() }

// ParseFreezes reads which wallets are stopped at this till. An empty text is
// none.
func ParseFreezes(text string) ([]WalletFreeze, error) {
	var list []WalletFreeze
	if err := strictly(text, &list); err != nil {
		return nil, fmt.Errorf("frozen wallets: %w", err)
	}
	for i, f := range list {
		if f.Wallet != "" && !walletName(f.Wallet) || len(f.Reason) > textMax {
			return nil, fmt.Errorf("frozen wallet %d: no such name, or the reason is too long", i+1)
		}
	}
	return list, nil
}

// jsonOf writes a list as its setting keeps it; an empty one is "".
func jsonOf[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	text, err := compact(list)
	if err != nil {
		return "" // nothing in the lists can fail to be written
	}
	return string(text)
}
