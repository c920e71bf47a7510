// Package receipt is what a slip says, for any printer: a Document of titles,
// lines, columns, codes and pictures, and the one layout that decides where
// its lines break. It knows no printer, no bytes and no sale; those who print,
// draw or mail a slip take their lines from Layout, so that paper, preview and
// text break at the same places.
//
//	doc := receipt.Document{Lang: "zh-Hans", Blocks: []receipt.Block{
//		receipt.Title{Text: "青禾便利店"},
//		receipt.Rule{},
//		receipt.Pair("合计", "￥86.40"),
//		receipt.Cut{},
//	}}
//	fmt.Print(receipt.Text(doc, 48))
package receipt

import (
	"errors"
	"fmt"
	"image"
)

// A Document is one slip.
type Document struct {
	// Lang is the language of the slip, zh-Hans or en. A printer in another
	// language's mode may need it; the layout does not.
	Lang   string
	Blocks []Block
}

// A Block is one part of a slip, from top to bottom: Title, Line, Columns,
// Rule, QR, Barcode, Logo, Feed, Copy or Cut.
type Block interface{ block() }

// Align is where a line stands on the paper.
type Align uint8

// The alignments. The zero value is Left.
const (
	Left Align = iota
	Center
	Right
)

// Size is how large a line is printed.
type Size uint8

// The sizes. A tall line is twice as high, a double one twice as high and
// twice as wide, so that half as many columns fit.
const (
	Normal Size = iota
	Tall
	Double
)

// Wide returns how many columns one column of text takes at this size: 1 or 2.
func (s Size) Wide() int {
	if s == Double {
		return 2
	}
	return 1
}

// High returns the height of the size in normal lines: 1 or 2.
func (s Size) High() int {
	if s == Normal {
		return 1
	}
	return 2
}

// A Title is centred, bold and of double size.
type Title struct{ Text string }

// A Line is a line of text. A line feed in it starts a new line; what is too long
// is wrapped, between words or between Chinese characters.
type Line struct {
	Text   string
	Align  Align
	Bold   bool
	Size   Size
	Indent int // columns kept free on the left of every line
}

// Columns is one row of cells side by side. A cell that is too long for its
// share goes on below itself; a right-aligned one, which holds a number, takes
// room from the widest cell that is not before it is wrapped. One column is
// kept free between neighbours.
type Columns struct {
	Cells []Cell
	Bold  bool
	Size  Size
}

// A Cell is one cell of Columns.
type Cell struct {
	Text  string
	Align Align
	// Weight is the cell's share of the width against the other cells'. A cell
	// of weight 0 is as wide as its text.
	Weight int
}

// Pair is the row used most: words on the left, a number on the right.
func Pair(left, right string) Columns {
	return Columns{Cells: []Cell{{Text: left, Weight: 1}, {Text: right, Align: Right}}}
}

// A Rule is a line across the paper, of hyphens, or of equals signs when it is
// Heavy. Box-drawing characters would print as Chinese ones.
type Rule struct{ Heavy bool }

// QR is a QR code with words under it.
type QR struct {
	// Payload is what a reader gets: 1 to 600 printable ASCII characters.
	// Readers disagree about the others.
	Payload string
	Caption string
}

// A Barcode is a one-dimensional code with its data printed below.
type Barcode struct {
	Kind BarcodeKind
	Data string // Code 128: 1 to 48 printable ASCII characters; EAN-13: 13 digits
}

// BarcodeKind is the symbology of a Barcode.
type BarcodeKind uint8

// The symbologies.
const (
	Code128 BarcodeKind = iota
	EAN13
)

// A Logo is a picture, centred, made narrower where it is wider than the
// paper.
type Logo struct {
	// Name stands for the picture in caches: another picture needs another
	// name. Without one the picture is worked out again for each slip.
	Name  string
	Image image.Image
}

// Feed is empty paper.
type Feed struct{ Lines int }

// Copy marks a slip as the nth copy of one printed before. Every copy carries
// it, so that no slip can be presented twice.
type Copy struct{ N int }

// Cut feeds the paper to the knife and cuts it.
type Cut struct{}

func (Title) block()   {}
func (Line) block()    {}
func (Columns) block() {}
func (Rule) block()    {}
func (QR) block()      {}
func (Barcode) block() {}
func (Logo) block()    {}
func (Feed) block()    {}
func (Copy) block()    {}
func (Cut) block()     {}

// Limits of the codes. A longer one could not be read from a narrow roll.
const (
	QRMax      = 600
	BarcodeMax = 48
	feedMax    = 50
)

// Check says what keeps the document from being printed: a code whose data it
// cannot hold, a logo without a picture. Text is never refused.
func (d Document) Check() error {
	for i, b := range d.Blocks {
		if err := check(b); err != nil {
			return fmt.Errorf("block %d of the slip: %w", i+1, err)
		}
	}
	return nil
}

func check(b Block) error {
	switch b := b.(type) {
	case nil:
		return errors.New("empty block")
	case QR:
		if len(b.Payload) == 0 || len(b.Payload) > QRMax || !printableASCII(b.Payload) {
			return fmt.Errorf("qr code of %d bytes: want 1 to %d printable ASCII characters", len(b.Payload), QRMax)
		}
	case Barcode:
		return checkBarcode(b)
	case Logo:
		if b.Image == nil || b.Image.Bounds().Empty() {
			return errors.New("logo without a picture")
		}
	case Title, Line, Columns, Rule, Feed, Copy, Cut:
	}
	return nil
}

func checkBarcode(b Barcode) error {
	switch b.Kind {
	case Code128:
		if len(b.Data) == 0 || len(b.Data) > BarcodeMax || !printableASCII(b.Data) {
			return fmt.Errorf("code 128 of %d bytes: want 1 to %d printable ASCII characters", len(b.Data), BarcodeMax)
		}
		return nil
	case EAN13:
		if len(b.Data) != 13 {
			return fmt.Errorf("ean-13 %q: want 13 digits", b.Data)
		}
		sum := 0
		for i, c := range []byte(b.Data) {
			if c < '0' || c > '9' {
				return fmt.Errorf("ean-13 %q: want 13 digits", b.Data)
			}
			sum += int(c-'0') * (1 + i%2*2)
		}
		if sum%10 != 0 {
			return fmt.Errorf("ean-13 %q: the check digit is wrong", b.Data)
		}
		return nil
	}
	return fmt.Errorf("unknown kind of barcode %d", b.Kind)
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
