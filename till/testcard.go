package till

import (
	"fmt"
	"strings"
	"time"

	"guitai/till/receipt"
)

// The codes on a test card. They stand for no item, and a scanner that reads
// both proves itself and the printer.
const (
	TestCardQR      = "GUITAI TEST 0123456789"
	TestCardBarcode = "GUITAI-TEST"
)

// testCardLines are five lines of Chinese, each of a kind that printers fail on
// by themselves: the usual characters, the traditional ones of GBK, its
// full-width signs, both widths side by side, and a line that no printer has the
// characters of, which is drawn as a picture.
var testCardLines = [5]string{
	"1 中文打印 鲜牛奶 面包 香蕉",
	"2 繁體中文 鮮奶 麵包 蘋果",
	"3 全角符号 ￥【】×÷℃㎡",
	"4 English混排 ABC 123",
	"5 画图打印 中文 £ ñ ö",
}

var wordGarbled = slipWord{"第 1 到 4 行乱码、第 5 行清楚：型号选没有中文字库的（raster）", "Lines 1 to 4 garbled and 5 clear: choose a profile without a Chinese font (raster)"}

// TestCardCode says which code of a test card was read: qr or barcode, or "" for
// another one. A keyboard with Caps Lock on changes no letter of it.
func TestCardCode(text string) string {
	switch text = strings.TrimSpace(text); {
	case strings.EqualFold(text, TestCardQR):
		return "qr"
	case strings.EqualFold(text, TestCardBarcode):
		return "barcode"
	}
	return ""
}

// Test writes a page that shows whether a printer does what slips need: a ruler
// of its columns, numbered lines of Chinese, amounts at the right edge, both
// kinds of code, and the cut.
func (p Paper) Test(at time.Time) receipt.Document {
	sh := p.sheet()
	sh.big(sh.one(wordTest))
	sh.shopName()
	sh.double()
	sh.pair(sh.say(wordWidth), fmt.Sprint(sh.columns))
	sh.left(strings.Repeat("1234567890", sh.columns/10+1)[:sh.columns])
	for i, line := range testCardLines {
		if i == 3 {
			sh.pair(line, "88.90")
			continue
		}
		sh.left(line)
	}
	sh.left(sh.one(wordGarbled))
	sh.pair("￥ 88.90", "-2.50")
	sh.total(wordTotal, 8640)
	sh.rule()
	sh.qr(TestCardQR)
	sh.code(TestCardBarcode)
	sh.mid(sh.one(wordReadable))
	sh.mid(p.clock(at, sh))
	return sh.end()
}
