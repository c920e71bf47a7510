package kit

import (
	"image/color"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Heights of text over its size: of a line of words, of a heading or an amount, and of the font itself.
const (
	lineHeight  = 1.35
	tightHeight = 1.1
	fontHeight  = 1.448
	fontAscent  = 1.160
	hanMiddle   = 0.380 // from the middle of a Han character down to the baseline
)

func round(v float32) float32 { return float32(math.Round(float64(v))) }

type measureKey struct {
	text string
	size float32
	bold bool
}

// Measuring costs tens of microseconds and the same few words are measured at every layout.
var measured = map[measureKey]float32{}

// TextWidth returns the width of a line of text in pixels.
func TextWidth(text string, size float32, bold bool) float32 {
	if text == "" {
		return 0
	}
	k := measureKey{text, size, bold}
	if w, ok := measured[k]; ok {
		return w
	}
	if len(measured) > 8192 {
		clear(measured)
	}
	w := fyne.MeasureText(text, size, fyne.TextStyle{Bold: bold}).Width
	measured[k] = w
	return w
}

const ellipsis = "…"

// Fit returns text, cut and ended by an ellipsis where it is wider than width pixels.
func Fit(text string, size float32, bold bool, width float32) string {
	if TextWidth(text, size, bold) <= width+0.5 {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if TextWidth(string(runes[:mid])+ellipsis, size, bold) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	end := ellipsis
	if low > 0 && runes[low-1] < 0x2E80 {
		// Faces for Chinese draw the one character as wide and as high as a Han character.
		end = "..."
	}
	return strings.TrimRightFunc(string(runes[:low]), unicode.IsSpace) + end
}

// Fit2 breaks text into at most two lines of width pixels, the second cut by an ellipsis.
func Fit2(text string, size float32, bold bool, width float32) []string {
	return Wrap(text, size, bold, width, 2)
}

// Wrap breaks text into at most limit lines of width pixels, 0 for any number; the last is cut by an ellipsis where
// text remains. Chinese breaks anywhere but before a closing mark, other writing between words. A line feed always
// breaks.
func Wrap(text string, size float32, bold bool, width float32, limit int) []string {
	var lines []string
	rest := text
	for rest != "" {
		if limit > 0 && len(lines) == limit-1 {
			head, _, more := strings.Cut(rest, "\n")
			if more {
				head += ellipsis
			}
			return append(lines, Fit(head, size, bold, width))
		}
		n := breakAt(rest, size, bold, width)
		lines = append(lines, strings.TrimRightFunc(rest[:n], unicode.IsSpace))
		rest = strings.TrimLeft(rest[n:], " ")
		rest = strings.TrimPrefix(rest, "\n")
	}
	if len(lines) == 0 {
		lines = []string{""}
	}
	return lines
}

// breakAt returns how many bytes of text go on one line: at least one character.
func breakAt(text string, size float32, bold bool, width float32) int {
	last, used := 0, float32(0)
	var prev rune
	for i, r := range text {
		if r == '\n' {
			return max(i, 0)
		}
		if i > 0 && mayBreak(prev, r) {
			last = i
		}
		used += TextWidth(string(r), size, bold)
		if used > width+0.5 && i > 0 && r != ' ' {
			if last > 0 {
				return last
			}
			return i
		}
		prev = r
	}
	return len(text)
}

func mayBreak(before, after rune) bool {
	if strings.ContainsRune("，。、；：？！）」』”’》,.;:?!)", after) || strings.ContainsRune("（「『“‘《(¥￥", before) {
		return false
	}
	wide := func(r rune) bool { return r >= 0x2E80 }
	return before == ' ' || wide(before) || wide(after)
}

func newText(size float32, bold bool, c Colour) *canvas.Text {
	return &canvas.Text{TextSize: size, TextStyle: fyne.TextStyle{Bold: bold}, Color: palette.Of(c)}
}

// setText changes what a text says and its colour, and redraws it only if it changed.
func setText(t *canvas.Text, s string, c color.NRGBA) {
	if t.Text == s && t.Color == color.Color(c) {
		return
	}
	t.Text, t.Color = s, c
	t.Refresh()
}

// place puts a line of text into a box, centred in its height.
func place(t *canvas.Text, x, y, w, h float32) {
	t.Resize(fyne.NewSize(w, t.TextSize*fontHeight))
	t.Move(fyne.NewPos(x, textTop(y+h/2+t.TextSize*hanMiddle, t.TextSize)))
}

// textTop returns where a text has to begin for its baseline to be at a height. The toolkit rounds the baseline up, so
// that a text placed by its box stands a pixel or two too low.
func textTop(baseline, size float32) float32 { return round(baseline) - ceil(size*fontAscent) }

// SplitMoney divides an amount as it is shown into what stands before the digits (the minus, U+2212, and the sign)
// and the rest.
func SplitMoney(amount string) (sign, digits string) {
	amount = strings.Replace(amount, "-", "\u2212", 1)
	for i, r := range amount {
		if unicode.IsDigit(r) {
			return amount[:i], amount[i:]
		}
	}
	return "", amount
}

// firstRune returns the first character of s.
func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
