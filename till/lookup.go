package till

import (
	"context"
	"errors"
	"strings"
)

// codeMax bounds a code in characters; a longer one is no read of a code.
const codeMax = 256

// find turns a scanned or typed code into an item and how much of it. What the
// catalogue knows wins over every rule about codes; then come the labels of the
// shop's scale, the other forms of a number, and GS1 element strings.
func (r *Register) find(ctx context.Context, raw string) (found, error) {
	raw = strings.TrimSpace(raw)
	code := PlainCode(raw)
	if code == "" {
		return found{}, refuseWith(UnknownCode, "")
	}
	if len(code) > codeMax {
		return found{}, refuseWith(CodeTooLong, code[:24])
	}
	item, qty, ok, err := r.catalog.Lookup(ctx, code)
	if err != nil || ok {
		return found{item: item, qty: qty, list: item.Price}, err
	}
	if f, ok, err := r.labelled(ctx, raw); ok {
		return f, err
	}
	b, err := BarcodeRules{}.Parse(raw)
	var bad *GS1Error
	var half *Error
	switch {
	case errors.As(err, &bad) && bad.AI != "":
		return found{}, refuseWith(BadElement, "("+bad.AI+")"+barcodeClip(bad.Value))
	case errors.As(err, &half) && half.Code == BadCheckDigit && strings.HasPrefix(half.Detail, "("):
		return found{}, err // an element of a GS1 code; a plain number may be the shop's own
	case err == nil && b.Kind == BarcodeGS1:
		return r.element(ctx, b)
	case err == nil && b.Kind == BarcodeGTIN:
		for _, c := range b.LookupCodes() {
			if c == code {
				continue
			}
			if item, qty, ok, err = r.catalog.Lookup(ctx, c); err != nil || ok {
				return found{item: item, qty: qty, list: item.Price}, err
			}
		}
		code = b.Text
	}
	return found{}, refuseWith(UnknownCode, code)
}
