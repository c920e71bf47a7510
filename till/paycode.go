package till

import (
	"fmt"
	"slices"
	"strings"
)

// A PayCodeRule tells a wallet by the form of the code on its customer's
// phone. Wallets may change their forms, so the rules are data that the shop
// can edit; a match is a suggestion, which one key changes.
type PayCodeRule struct {
	Wallet string `json:"wallet"` // alipay, wechatpay, ...
	// From and To bound the code's first characters, both included and of one
	// length: 25 to 30. An empty To is From.
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	// Min and Max bound the length in characters; a Max of 0 is Min.
	Min int `json:"min"`
	Max int `json:"max,omitempty"`
	// Text allows other characters than digits.
	Text bool `json:"text,omitempty"`
	// At wants single characters at places.
	At []PayCodeAt `json:"at,omitempty"`
	// Sure is false where no provider documents the form: the cashier is asked.
	Sure bool `json:"sure,omitempty"`
}

// PayCodeAt wants a character at a place, counted from 1 at the start or from
// -1 at the end.
type PayCodeAt struct {
	Place int    `json:"place"`
	Char  string `json:"char"`
}

// PayCodeRules returns the rules a till begins with; the first match wins.
func PayCodeRules() []PayCodeRule {
	return []PayCodeRule{
		// Antom, barcode payment: 19 digits, 28 at the start, third digit 9,
		// sixth from the end 6. Before Alipay's own, whose range it lies in.
		{Wallet: "alipayplus", From: "28", Min: 19, Sure: true, At: []PayCodeAt{{3, "9"}, {-6, "6"}}},
		// WeChat Pay, payment code: 18 digits; 15 is Hong Kong.
		{Wallet: "wechatpay", From: "10", To: "15", Min: 18, Sure: true},
		// Alipay, alipay.trade.pay, auth_code: bar code and face code.
		{Wallet: "alipay", From: "25", To: "30", Min: 16, Max: 24, Sure: true},
		{Wallet: "alipay", From: "fp", Min: 35, Text: true, Sure: true},
		{Wallet: "unionpay", From: "62", Min: 19, Sure: true},
		{Wallet: "jdpay", From: "18", Min: 16, Max: 24},
		{Wallet: "baidu", From: "31", Min: 16, Max: 24},
		{Wallet: "qqpay", From: "91", Min: 16, Max: 20},
		{Wallet: "bestpay", From: "51", Min: 16, Max: 20},
		// EMVCo consumer-presented mode: base 64 of tag 85 with CPV01. The next
		// character mixes the 1 with the tag that follows, so it is left open.
		{Wallet: "emvco", From: "hQVDUFYwM", Min: 16, Max: barcodeMax, Text: true},
	}
}

// payCodeNever are the lengths of digits that are never a payment: goods
// (GTIN-8, -12, -13 and -14) and the social security code of 22 digits.
var payCodeNever = []int{8, 12, 13, 14, 22}

// NeverPayCode reports whether a code is of a kind that is never a payment,
// whatever the rules say.
func NeverPayCode(code string) bool {
	code = strings.TrimSpace(code)
	return barcodeDigits(code) && slices.Contains(payCodeNever, len(code))
}

// SuggestWallet returns the wallet whose rule the code fits first. Goods codes
// and social security codes fit none, whatever the rules say.
func SuggestWallet(code string, rules []PayCodeRule) (wallet string, ok bool) {
	rule, ok := payCodeMatch(code, rules)
	return rule.Wallet, ok
}

func payCodeMatch(code string, rules []PayCodeRule) (PayCodeRule, bool) {
	code = strings.TrimSpace(code)
	if NeverPayCode(code) {
		return PayCodeRule{}, false
	}
	for _, r := range rules {
		if r.fits(code) {
			return r, true
		}
	}
	return PayCodeRule{}, false
}

func (r PayCodeRule) fits(code string) bool {
	from, to, longest := r.From, r.To, r.Max
	if to == "" {
		to = from
	}
	if longest == 0 {
		longest = r.Min
	}
	if len(code) < max(r.Min, len(from)) || len(code) > longest || !r.Text && !barcodeDigits(code) {
		return false
	}
	if head := code[:len(from)]; head < from || head > to {
		return false
	}
	for _, at := range r.At {
		i := at.Place - 1
		if at.Place < 0 {
			i = len(code) + at.Place
		}
		if i < 0 || i >= len(code) || code[i:i+1] != at.Char {
			return false
		}
	}
	return true
}

// ParsePayCodeRules reads a table of rules from JSON and checks each.
func ParsePayCodeRules(text string) ([]PayCodeRule, error) {
	var rules []PayCodeRule
	if err := strictly(text, &rules); err != nil {
		return nil, fmt.Errorf("read payment code rules: %w", err)
	}
	for i, r := range rules {
		switch {
		case r.Wallet == "" || r.From == "":
			return nil, fmt.Errorf("payment code rule %d: wallet or from is empty", i+1)
		case r.To != "" && (len(r.To) != len(r.From) || r.To < r.From):
			return nil, fmt.Errorf("payment code rule %d: from %s to %s is no range", i+1, r.From, r.To)
		case r.Min < 10 || r.Max != 0 && r.Max < r.Min || max(r.Min, r.Max) > barcodeMax:
			return nil, fmt.Errorf("payment code rule %d: length %d to %d is not within 10 to %d", i+1, r.Min, r.Max, barcodeMax)
		}
		for _, at := range r.At {
			if at.Place == 0 || len(at.Char) != 1 {
				return nil, fmt.Errorf("payment code rule %d: place %d wants %q", i+1, at.Place, at.Char)
			}
		}
	}
	return rules, nil
}

// readPayCodes reads the setting: an empty one is the rules a till begins with.
func readPayCodes(text string) ([]PayCodeRule, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	return ParsePayCodeRules(text)
}

// payCodes are the shop's rules for reading codes as payments.
func (s *Settings) payCodes() BarcodeRules {
	if s.PayCodes == nil {
		return BarcodeRules{PayCodes: PayCodeRules()}
	}
	return BarcodeRules{PayCodes: s.PayCodes}
}

// MaskPayCode hides a payment code but for its last four characters. The code
// is money to whoever holds it for a minute, so only this form is shown or
// logged. A code of up to eight characters is hidden whole.
func MaskPayCode(code string) string {
	runes := []rune(strings.TrimSpace(code))
	keep := 4
	if len(runes) <= 8 {
		keep = 0
	}
	return strings.Repeat("*", len(runes)-keep) + string(runes[len(runes)-keep:])
}
