package command

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image/png"

	"guitai/ledger"
	"guitai/till/receipt"
)

// Bounds of the receipt's logo in dots: the width of 80 mm paper, and 30 mm at
// 8 dots a millimetre, so that it costs no more paper than the lines of a sale.
const (
	LogoWidth  = 576
	LogoHeight = 240
)

// Logo reads the logo of a shop, the zero Logo where it has none. One that
// cannot be drawn is none: a receipt is worth more than its head.
func Logo(ctx context.Context, l *ledger.Ledger) (receipt.Logo, error) {
	raw, err := l.Logo(ctx)
	if err != nil || raw == nil {
		return receipt.Logo{}, err
	}
	m, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return receipt.Logo{}, nil
	}
	sum := sha256.Sum256(raw)
	return receipt.Logo{Name: hex.EncodeToString(sum[:8]), Image: m}, nil
}
