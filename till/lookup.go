package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// codeMax bounds a code in characters; a longer one is no read of a code.
const codeMax = 256

// find turns a scanned or typed code into an item and how many of it. What the
// catalogue knows wins over every rule about codes.
func (r *Register) find(ctx context.Context, raw string) (Item, money.Quantity, error) {
	code := strings.TrimRight(strings.TrimSpace(raw), "\r\n\t")
	if code == "" {
		return Item{}, 0, refuseWith(UnknownCode, "")
	}
	if len(code) > codeMax {
		return Item{}, 0, refuseWith(CodeTooLong, code[:24])
	}
	item, qty, ok, err := r.catalog.Lookup(ctx, code)
	if err != nil || ok {
		return item, qty, err
	}
	return Item{}, 0, refuseWith(UnknownCode, code)
}
