package till

import (
	"context"
	"strings"
)

// codeMax bounds a code in characters; a longer one is no read of a code.
const codeMax = 256

// find turns a scanned or typed code into an item and how much of it. What the
// catalogue knows wins over every rule about codes.
func (r *Register) find(ctx context.Context, raw string) (found, error) {
	code := strings.TrimRight(strings.TrimSpace(raw), "\r\n\t")
	if code == "" {
		return found{}, refuseWith(UnknownCode, "")
	}
	if len(code) > codeMax {
		return found{}, refuseWith(CodeTooLong, code[:24])
	}
	item, qty, ok, err := r.catalog.Lookup(ctx, code)
	if err != nil || ok {
		return found{item, qty, item.Price}, err
	}
	if f, ok, err := r.labelled(ctx, code); ok {
		return f, err
	}
	return found{}, refuseWith(UnknownCode, code)
}
