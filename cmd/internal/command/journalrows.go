package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// writeDocument writes one record of the journal as a line of JSON: its place
// in the chain, who and when, and the whole document. Field names are those of
// the records in lower case with underscores; money is in decimals.
func writeDocument(w io.Writer, cur money.Currency, d ledger.Document) error {
	var b bytes.Buffer
	j := journalJSON{&b, cur}
	b.WriteString("{")
	j.field(true, "seq", d.Seq)
	j.field(false, "kind", kindName(d.Record))
	j.field(false, "at", d.At)
	if !d.Recorded.Equal(d.At) {
		j.field(false, "recorded", d.Recorded)
	}
	j.field(false, "operator", d.Operator)
	if d.ApprovedBy != "" {
		j.field(false, "approved_by", d.ApprovedBy)
	}
	if d.Shift != 0 {
		j.field(false, "shift", d.Shift)
	}
	if d.Day != 0 {
		j.field(false, "day", d.Day)
	}
	if d.Replayed {
		j.field(false, "replayed", true)
	}
	j.field(false, "doc", reflect.ValueOf(d.Record).Elem().Interface())
	j.field(false, "hash", d.Hash)
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// kindName is a record's kind in words: sale_completed.
func kindName(r till.Record) string { return snake(reflect.TypeOf(r).Elem().Name()) }

// journalJSON writes values of the till's own types.
type journalJSON struct {
	b   *bytes.Buffer
	cur money.Currency
}

func (j journalJSON) field(first bool, name string, v any) {
	if !first {
		j.b.WriteByte(',')
	}
	j.text(name)
	j.b.WriteByte(':')
	j.value(reflect.ValueOf(v))
}

func (j journalJSON) text(s string) {
	e := json.NewEncoder(j.b)
	e.SetEscapeHTML(false)
	// A string always encodes; the encoder ends it with a line feed.
	_ = e.Encode(s)
	j.b.Truncate(j.b.Len() - 1)
}

func (j journalJSON) value(v reflect.Value) {
	switch x := v.Interface().(type) {
	case money.Amount:
		j.text(j.cur.Format(x))
	case money.UnitPrice:
		j.text(j.cur.FormatPrice(x))
	case money.Quantity:
		j.text(x.String())
	case money.Rate:
		j.text(x.String())
	case till.ID:
		if x.IsZero() {
			j.text("")
			return
		}
		j.text(x.String())
	case time.Time:
		if x.IsZero() {
			j.text("")
			return
		}
		j.text(x.Format(time.RFC3339Nano))
	case till.BusinessDay:
		j.text(x.String())
	case till.TaxMode:
		j.text(x.String())
	case till.Evidence:
		j.text(x.String())
	case till.QROutcome:
		j.text(outcomes[x])
	default:
		j.plain(v)
	}
}

var outcomes = map[till.QROutcome]string{till.QRShown: "shown", till.QRConfirmed: "confirmed", till.QRAbandoned: "abandoned"}

func (j journalJSON) plain(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		j.b.WriteByte('{')
		for i := range v.NumField() {
			j.field(i == 0, snake(v.Type().Field(i).Name), v.Field(i).Interface())
		}
		j.b.WriteByte('}')
	case reflect.Slice:
		j.b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				j.b.WriteByte(',')
			}
			j.value(v.Index(i))
		}
		j.b.WriteByte(']')
	case reflect.String:
		j.text(v.String())
	default:
		fmt.Fprint(j.b, v.Interface())
	}
}

// snake is a Go name in lower case with underscores: name_en for NameEN.
func snake(name string) string {
	var b strings.Builder
	r := []rune(name)
	for i, c := range r {
		if unicode.IsUpper(c) && i > 0 && (!unicode.IsUpper(r[i-1]) || (i+1 < len(r) && unicode.IsLower(r[i+1]))) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
