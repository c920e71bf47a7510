package till

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"guitai/till/money"
)

// LabelValue is what the digits after the item number of a scale label say.
type LabelValue string

// The values of labels.
const (
	LabelWeight LabelValue = "weight"
	LabelPrice  LabelValue = "price" // what the customer pays for the whole pack
)

// A LabelRule says how to read the labels of one prefix. Scales print the same
// shape for money and for weight, so what it means is the shop's own data:
//
//	13 digits  FF WWWWW EEEEE C          E is the value
//	18 digits  FF WWWWW EEEEE NNNNN C    E is the value, N the other one
//
// C is the check digit of GS1 over all digits before it.
type LabelRule struct {
	Prefix     string     `json:"prefix"`      // two or three digits
	Digits     int        `json:"digits"`      // 13 or 18
	ItemDigits int        `json:"item_digits"` // of the item number; 18 digits with prefix 2 have 5
	Skip       int        `json:"skip,omitempty"`
	Value      LabelValue `json:"value"`
	// Grams is how many grams one step of the weight is worth, and Minor how
	// many minor units (fen) one step of the price: 1, 10 or 100; 0 is 1.
	Grams int `json:"grams,omitempty"`
	Minor int `json:"minor,omitempty"`
}

// A Label is what one scale label says. Where it says both, the caller compares
// weight x price with the amount; it is one fen off on honest scales.
type Label struct {
	Rule      LabelRule
	Item      string         // the item number with its zeros
	Weight    money.Quantity // thousandths of a kilogram: grams
	HasWeight bool
	Amount    money.Amount
	HasAmount bool
}

// LabelMeaning is what a label says in print, for teaching: at least a weight
// or an amount, and the item number where the person knows it.
type LabelMeaning struct {
	Item   string
	Grams  int64        // 0: not printed
	Amount money.Amount // 0: not printed
}

// ErrLabelRule means that a rule about scale labels cannot be used.
var ErrLabelRule = errors.New("label rule")

// ErrLabelSample means that a sample teaches no rule: ErrLabelNothing that
// nothing in it says what was typed, ErrLabelSeveral that more than one rule
// explains it.
var (
	ErrLabelSample  = errors.New("label sample")
	ErrLabelNothing = fmt.Errorf("%w says nothing of the kind", ErrLabelSample)
	ErrLabelSeveral = fmt.Errorf("%w can be read in more than one way", ErrLabelSample)
)

// fields returns where the item number, the value and the second value lie.
func (r LabelRule) fields() (item, value, other [2]int) {
	at := len(r.Prefix) + r.ItemDigits
	item = [2]int{len(r.Prefix), at}
	at += r.Skip
	end := r.Digits - 1
	if r.Digits == 18 {
		end = at + (r.Digits-1-at)/2
		other = [2]int{end, r.Digits - 1}
	}
	return item, [2]int{at, end}, other
}

// Validate returns why the rule cannot be used, wrapped in ErrLabelRule.
func (r LabelRule) Validate() error {
	wrong := func(why string) error { return fmt.Errorf("%w for prefix %q: %s", ErrLabelRule, r.Prefix, why) }
	step := func(n int) bool { return n == 0 || n == 1 || n == 10 || n == 100 }
	if !barcodeDigits(r.Prefix) || len(r.Prefix) < 2 || len(r.Prefix) > 3 {
		return wrong("the prefix is not two or three digits")
	}
	if r.Digits != 13 && r.Digits != 18 {
		return wrong("a label has 13 or 18 digits")
	}
	head := r.Prefix[:2]
	if r.Digits == 13 && r.Prefix[0] != '2' && head != "02" && head != "04" {
		// GS1 keeps 02, 04 and 20 to 29 for shops; the others are goods.
		return wrong("only 02, 04 and 20 to 29 are free for a shop's labels")
	}
	if r.Digits == 18 && head >= "10" && head <= "15" {
		return wrong("18 digits from 10 to 15 are WeChat payment codes")
	}
	if r.ItemDigits < 3 || r.ItemDigits > 8 || r.Skip < 0 || r.Skip > 2 {
		return wrong("the item number has 3 to 8 digits, and up to 2 are skipped after it")
	}
	_, value, other := r.fields()
	if n := value[1] - value[0]; n < 3 || n > 7 || r.Digits == 18 && other[1]-other[0] != n {
		return wrong("the value does not have 3 to 7 digits")
	}
	if r.Value != LabelWeight && r.Value != LabelPrice {
		return wrong("the value is neither weight nor price")
	}
	if !step(r.Grams) || !step(r.Minor) {
		return wrong("a step is 1, 10 or 100")
	}
	return nil
}

// Read takes a label apart. The error is BadCheckDigit for a label that was
// not fully read, or ErrLabelRule where the rule is not for this code.
func (r LabelRule) Read(code string) (Label, error) {
	if err := r.Validate(); err != nil {
		return Label{}, err
	}
	if len(code) != r.Digits || !barcodeDigits(code) || !strings.HasPrefix(code, r.Prefix) {
		return Label{}, fmt.Errorf("%w for prefix %q: %s is no such label", ErrLabelRule, r.Prefix, barcodeClip(code))
	}
	if !GTINCheck(code) {
		return Label{}, refuseWith(BadCheckDigit, code)
	}
	item, value, other := r.fields()
	l := Label{Rule: r, Item: code[item[0]:item[1]]}
	weight, price := value, other
	if r.Value == LabelPrice {
		weight, price = other, value
	}
	if weight[1] > 0 {
		l.Weight, l.HasWeight = money.Quantity(labelNumber(code[weight[0]:weight[1]])*int64(max(r.Grams, 1))), true
	}
	if price[1] > 0 {
		l.Amount, l.HasAmount = money.Amount(labelNumber(code[price[0]:price[1]])*int64(max(r.Minor, 1))), true
	}
	return l, nil
}

func labelNumber(digits string) int64 {
	n, _ := barcodeScale(digits, 0, 0)
	return n
}

// labelRuleOf returns the rule with the longest prefix that code begins with.
func labelRuleOf(code string, rules []LabelRule) (LabelRule, bool) {
	var best LabelRule
	for _, r := range rules {
		if len(code) == r.Digits && strings.HasPrefix(code, r.Prefix) && len(r.Prefix) > len(best.Prefix) {
			best = r
		}
	}
	return best, best.Prefix != ""
}

// ParseLabelRules reads the shop's table from JSON and checks each rule. An
// empty text is an empty table.
func ParseLabelRules(text string) ([]LabelRule, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var rules []LabelRule
	if err := json.Unmarshal([]byte(text), &rules); err != nil {
		return nil, fmt.Errorf("%w: read the table: %w", ErrLabelRule, err)
	}
	seen := map[string]bool{}
	for _, r := range rules {
		if err := r.Validate(); err != nil {
			return nil, err
		}
		key := fmt.Sprint(r.Prefix, "/", r.Digits)
		if seen[key] {
			return nil, fmt.Errorf("%w for prefix %q: given twice", ErrLabelRule, r.Prefix)
		}
		seen[key] = true
	}
	return rules, nil
}

// TeachLabel finds the rule by which sample says what it says in print, for the
// prefix of its first two digits. An item number of five digits is preferred
// where several fit; where that does not decide, the error (ErrLabelSample)
// asks for the item number or for a sample of another weight.
func TeachLabel(sample string, says LabelMeaning) (LabelRule, error) {
	sample = strings.TrimSpace(sample)
	wrong := func(why string) (LabelRule, error) {
		return LabelRule{}, fmt.Errorf("%w %s: %s", ErrLabelSample, barcodeClip(sample), why)
	}
	if len(sample) != 13 && len(sample) != 18 || !barcodeDigits(sample) {
		return wrong("a label has 13 or 18 digits")
	}
	if !GTINCheck(sample) {
		return LabelRule{}, refuseWith(BadCheckDigit, sample)
	}
	if says.Grams <= 0 && says.Amount <= 0 || says.Grams < 0 || says.Amount < 0 {
		return wrong("say the weight or the price that is printed on it")
	}
	var fits []LabelRule
	for _, r := range labelGuesses(sample) {
		if err := r.Validate(); err != nil {
			if len(fits) == 0 && r.ItemDigits == 5 && r.Skip == 0 {
				return LabelRule{}, err
			}
			continue
		}
		if l, err := r.Read(sample); err == nil && l.says(says) {
			fits = append(fits, r)
		}
	}
	best := func(keep func(LabelRule) bool) (found []LabelRule) {
		for _, r := range fits {
			if keep(r) {
				found = append(found, r)
			}
		}
		return found
	}
	usual := best(func(r LabelRule) bool { return r.ItemDigits == 5 && r.Skip == 0 })
	switch {
	case len(usual) == 1:
		return usual[0], nil
	case len(usual) == 0 && len(fits) == 1:
		return fits[0], nil
	case len(fits) == 0:
		return LabelRule{}, fmt.Errorf("%w: %s; check what you typed", ErrLabelNothing, barcodeClip(sample))
	}
	return LabelRule{}, fmt.Errorf("%w: %s; give the item number, or scan one of another weight", ErrLabelSeveral, barcodeClip(sample))
}

// labelGuesses are the rules worth trying on a sample: every place of the
// values, and every step that scales are set to.
func labelGuesses(sample string) []LabelRule {
	var guesses []LabelRule
	places := [][2]int{{5, 0}, {4, 0}, {6, 0}, {4, 1}, {5, 1}}
	if len(sample) == 18 {
		places = places[:1]
	}
	for _, p := range places {
		for _, value := range []LabelValue{LabelWeight, LabelPrice} {
			for _, step := range []int{1, 10, 100} {
				r := LabelRule{Prefix: sample[:2], Digits: len(sample), ItemDigits: p[0], Skip: p[1], Value: value}
				if len(sample) == 18 {
					for _, other := range []int{1, 10, 100} {
						r.Grams, r.Minor = step, other
						guesses = append(guesses, r)
					}
					continue
				}
				if value == LabelWeight {
					r.Grams = step
				} else {
					r.Minor = step
				}
				guesses = append(guesses, r)
			}
		}
	}
	return guesses
}

// says reports whether the label agrees with all that a person read on it.
func (l Label) says(m LabelMeaning) bool {
	if m.Item != "" && strings.TrimLeft(l.Item, "0") != strings.TrimLeft(m.Item, "0") {
		return false
	}
	// A label of 13 digits carries one of the two, whichever the person typed.
	weight := l.HasWeight && m.Grams > 0 && int64(l.Weight) == m.Grams
	amount := l.HasAmount && m.Amount > 0 && l.Amount == m.Amount
	if l.Rule.Digits == 13 {
		return weight || amount
	}
	// The step of a value that was not typed is not known: the plain one.
	if m.Grams == 0 {
		return amount && l.Rule.Grams == 1
	}
	if m.Amount == 0 {
		return weight && l.Rule.Minor == 1
	}
	return weight && amount
}
