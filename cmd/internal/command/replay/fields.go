package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Refusals of the form of a line. Refusals of the act itself are the
// register's.
const (
	BadLine    till.ErrorCode = "bad_line" // not one JSON object
	UnknownAct till.ErrorCode = "unknown_act"
	UnknownKey till.ErrorCode = "unknown_key" // Detail: the key
	MissingKey till.ErrorCode = "missing_key" // Detail: the key
	BadValue   till.ErrorCode = "bad_value"   // Detail: the key and what it wants
	BadTime    till.ErrorCode = "bad_time"
)

// fields are the keys of one JSON object that nobody has asked for yet. The
// first thing wrong with them is kept in err; after it every answer is zero.
type fields struct {
	cur  money.Currency
	raw  map[string]json.RawMessage
	err  error
	path string // of this object within the line: "" or "lines[0]."
}

func (f *fields) refuse(code till.ErrorCode, detail string, cause error) {
	if f.err == nil {
		f.err = &till.Error{Code: code, Detail: detail, Err: cause}
	}
}

// readFields takes one JSON object apart. Standard decoding into a struct
// would take "AT" for "at" and the last of two equal keys.
func readFields(cur money.Currency, b []byte, path string) *fields {
	f := &fields{cur: cur, raw: map[string]json.RawMessage{}, path: path}
	bad := func(why string) *fields {
		f.refuse(BadLine, path+why, nil)
		return f
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return bad("want one JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return bad("want one JSON object")
		}
		key, ok := name.(string)
		if !ok {
			return bad("want one JSON object")
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return bad("the value of " + clip(key) + " is no JSON")
		}
		if _, twice := f.raw[key]; twice {
			return bad(clip(key) + " stands there twice")
		}
		f.raw[key] = v
	}
	if _, err := d.Token(); err != nil {
		return bad("the object has no end")
	}
	if _, err := d.Token(); err != io.EOF {
		return bad("something follows the object")
	}
	return f
}

// done refuses the line where a key is left that nobody asked for.
func (f *fields) done() error {
	if f.err == nil && len(f.raw) > 0 {
		f.refuse(UnknownKey, f.path+clip(slices.Sorted(maps.Keys(f.raw))[0]), nil)
	}
	return f.err
}

func (f *fields) has(key string) bool { _, ok := f.raw[key]; return ok }

// take hands out a key once. ok is false where it is missing.
func (f *fields) take(key string) (json.RawMessage, bool) {
	v, ok := f.raw[key]
	delete(f.raw, key)
	return v, ok && f.err == nil
}

// must is take for a key that has to be there.
func (f *fields) must(key string) (json.RawMessage, bool) {
	v, ok := f.take(key)
	if !ok {
		f.refuse(MissingKey, f.path+key, nil)
	}
	return v, ok
}

// unquote reads a JSON string; anything else, null too, is refused.
func (f *fields) unquote(key string, v json.RawMessage) (string, bool) {
	var s string
	if len(v) == 0 || v[0] != '"' || json.Unmarshal(v, &s) != nil {
		f.refuse(BadValue, f.path+key+" wants text in quotes", nil)
		return "", false
	}
	return s, true
}

func (f *fields) text(key string) string {
	v, ok := f.must(key)
	if !ok {
		return ""
	}
	s, _ := f.unquote(key, v)
	if s == "" {
		f.refuse(BadValue, f.path+key+" is empty", nil)
	}
	return s
}

func (f *fields) textOr(key string) string {
	v, ok := f.take(key)
	if !ok {
		return ""
	}
	s, _ := f.unquote(key, v)
	return s
}

// decimal reads a decimal in quotes with the reader of its kind.
func decimal[T any](f *fields, key string, code till.ErrorCode, parse func(string) (T, error)) T {
	var zero T
	v, ok := f.must(key)
	if !ok {
		return zero
	}
	s, ok := f.unquote(key, v)
	if !ok {
		return zero
	}
	n, err := parse(s)
	if err != nil {
		f.refuse(code, f.path+key, err)
		return zero
	}
	return n
}

// amount reads an amount that is not negative.
func (f *fields) amount(key string) money.Amount {
	a := decimal(f, key, till.BadAmount, f.cur.Parse)
	if a < 0 {
		f.refuse(till.BadAmount, f.path+key, money.ErrRange)
	}
	return a
}

func (f *fields) price(key string) money.UnitPrice {
	return decimal(f, key, till.BadPrice, f.cur.ParsePrice)
}

// quantity reads a quantity above zero; one where the key is missing.
func (f *fields) quantity(key string) money.Quantity {
	if !f.has(key) {
		return money.One
	}
	q := decimal(f, key, till.BadQuantity, money.ParseQuantity)
	if q <= 0 {
		f.refuse(till.BadQuantity, f.path+key, money.ErrRange)
	}
	return q
}

// rate reads the ledger units that one foreign unit is worth, in millionths.
func (f *fields) rate(key string) int64 {
	// Six decimals are what the price of a currency of exponent 4 carries.
	micro := money.Currency{Exponent: 4}
	n := decimal(f, key, till.BadAmount, micro.ParsePrice)
	if n <= 0 {
		f.refuse(till.BadAmount, f.path+key, money.ErrRange)
	}
	return int64(n)
}

// percent reads a percentage of at most four decimals, without its sign.
func (f *fields) percent(key string) money.Rate {
	return money.Rate(decimal(f, key, till.BadDiscount, money.Currency{Exponent: 2}.ParsePrice))
}

// number reads a whole number from 1.
func (f *fields) number(key string) int {
	v, ok := f.must(key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 1 {
		f.refuse(BadValue, f.path+key+" wants a whole number from 1", nil)
		return 0
	}
	return n
}

// receipt reads a receipt number as printed, "000017".
func (f *fields) receipt(key string) int {
	s := f.text(key)
	n := 0
	for _, d := range s {
		if d < '0' || d > '9' || len(s) > 9 {
			f.refuse(BadValue, f.path+key+` wants a receipt number as "000017"`, nil)
			return 0
		}
		n = n*10 + int(d-'0')
	}
	if n == 0 {
		f.refuse(BadValue, f.path+key+` wants a receipt number as "000017"`, nil)
	}
	return n
}

// time reads an instant with its offset. Years that no till has seen are
// mistakes.
func (f *fields) time(key string) time.Time {
	v, ok := f.must(key)
	if !ok {
		return time.Time{}
	}
	s, ok := f.unquote(key, v)
	if !ok {
		return time.Time{}
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(s)); err != nil || t.Year() < 1970 || t.Year() > 2999 {
		f.refuse(BadTime, f.path+key+" "+clip(s), nil)
		return time.Time{}
	}
	return t
}

// list reads an array of objects, at least one.
func (f *fields) list(key string, each func(*fields)) {
	v, ok := f.must(key)
	if !ok {
		return
	}
	var items []json.RawMessage
	if json.Unmarshal(v, &items) != nil || len(items) == 0 {
		f.refuse(BadValue, f.path+key+" wants a list with something in it", nil)
		return
	}
	for i, raw := range items {
		in := readFields(f.cur, raw, fmt.Sprintf("%s%s[%d].", f.path, key, i))
		if in.err == nil {
			each(in)
		}
		if err := in.done(); err != nil {
			if f.err == nil {
				f.err = err
			}
			return
		}
	}
}

// count reads pieces by denomination.
func (f *fields) count(key string) till.Count {
	v, ok := f.must(key)
	if !ok {
		return nil
	}
	in := readFields(f.cur, v, f.path+key+".")
	if in.err != nil {
		f.refuse(BadValue, f.path+key+" wants denominations and pieces", in.err)
		return nil
	}
	var out till.Count
	for _, name := range slices.Sorted(maps.Keys(in.raw)) {
		d, err := f.cur.Parse(name)
		if err != nil || d <= 0 {
			f.refuse(till.BadAmount, in.path+clip(name), err)
			return nil
		}
		n, err := strconv.Atoi(string(in.raw[name]))
		if err != nil || n < 0 {
			f.refuse(BadValue, in.path+name+" wants a whole number of pieces", nil)
			return nil
		}
		if slices.ContainsFunc(out, func(p till.Pieces) bool { return p.Denomination == d }) {
			f.refuse(BadValue, in.path+name+" stands there twice", nil)
			return nil
		}
		out = append(out, till.Pieces{Denomination: d, N: n})
	}
	slices.SortFunc(out, func(a, b till.Pieces) int { return int(b.Denomination - a.Denomination) })
	return out
}

// clip keeps an error readable when somebody's photograph lands in a field.
func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "..."
}
