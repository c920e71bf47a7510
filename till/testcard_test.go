package till

import (
	"strings"
	"testing"
	"time"

	"guitai/till/receipt"
)

// The codes of the card are told apart from others, and no item can have them
// for a barcode of goods.
func TestTestCardCodes(t *testing.T) {
	for text, want := range map[string]string{TestCardQR: "qr", TestCardBarcode: "barcode", "guitai-test\r": "barcode", " GUITAI TEST 0123456789": "qr",
		"GUITAI-TEST2": "", "6901234567892": "", "": ""} {
		if got := TestCardCode(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Every paper has five numbered lines, each in one row, and exactly the last is
// drawn.
func TestTestCardLines(t *testing.T) {
	for _, columns := range []int{32, 42, 48} {
		p := Paper{Settings: DefaultSettings()}
		p.Settings.Paper.Columns = columns
		text := receipt.Text(p.Test(time.Time{}), columns)
		for i, line := range testCardLines {
			if !strings.Contains(text, line) {
				t.Errorf("%d columns lack %q:\n%s", columns, line, text)
			}
			drawn := strings.ContainsFunc(line, func(r rune) bool { return !receipt.InPrinterFont(r) })
			if drawn != (i == 4) {
				t.Errorf("%q is drawn: %v", line, drawn)
			}
		}
	}
}
