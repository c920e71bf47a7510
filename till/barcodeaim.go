package till

import "strings"

// barcodeAIM names symbologies by the AIM identifier that a scanner sends
// before the code when told to: ], a letter for the symbology and a character
// for what is special of this code (ISO/IEC 15424). Of the letters alone the
// plain symbology follows; those of which this till must know more have two
// characters.
var barcodeAIM = map[string]string{
	"A": "code39", "B": "telepen", "C": "code128", "D": "code1", "F": "codabar", "G": "code93", "H": "code11", "I": "itf", "K": "code16k",
	"L": "pdf417", "M": "msi", "N": "anker", "O": "codablock", "P": "plessey", "R": "itf", "S": "itf", "U": "maxicode", "X": "other",
	"d": "datamatrix", "e": "databar", "h": "hanxin", "z": "aztec", "J": "dotcode", "Q": "qr",
	"E0": "ean", "E1": "addon", "E2": "addon", "E3": "ean", "E4": "ean8",
	"C1": "gs1-128", "d2": "gs1-datamatrix", "d5": "gs1-datamatrix", "Q3": "gs1-qr", "Q4": "gs1-qr", "J1": "gs1-dotcode", "z1": "gs1-aztec",
}

// cutAIM returns a code without its AIM identifier, and the symbology that this
// names; "" where there is none.
func cutAIM(text string) (symbology, code string) {
	if len(text) <= 3 || text[0] != ']' || !strings.ContainsRune(barcodeAlnum, rune(strings.ToUpper(text[2:3])[0])) {
		return "", text
	}
	if name, ok := barcodeAIM[text[1:3]]; ok {
		return name, text[3:]
	}
	if name, ok := barcodeAIM[text[1:2]]; ok && text[1] != 'E' {
		return name, text[3:]
	}
	return "", text
}

// PlainCode returns a code as it stands below its bars: without line end and
// AIM identifier.
func PlainCode(raw string) string {
	_, code := cutAIM(strings.TrimSpace(raw))
	return code
}

// gs1StandIns are what scanners that type are set to send for the separator,
// which no key of a keyboard stands for. None of them can stand in the data of
// an element string.
var gs1StandIns = strings.NewReplacer("<GS>", gs1Separator, "{GS}", gs1Separator, "[GS]", gs1Separator, "<FNC1>", gs1Separator, "{FNC1}", gs1Separator,
	"\u241d", gs1Separator, "^]", gs1Separator, "~029", gs1Separator, "|", gs1Separator)

// separated returns the code with its separators, where it is an element
// string that has something in their place.
func (b Barcode) separated() string {
	text := gs1StandIns.Replace(b.Text)
	if text == b.Text {
		return text
	}
	if strings.HasPrefix(b.Symbology, "gs1") || b.Symbology == "databar" {
		return text
	}
	head := strings.TrimLeft(text, gs1Separator)
	if len(head) >= 16 && head[:2] == "01" && GTINCheck(head[2:16]) {
		if _, err := ParseGS1(head); err == nil {
			return text
		}
	}
	return b.Text
}

// addOn takes the two or five digits off a code that stand beside that of a
// newspaper, a magazine or a book (GS1 General Specifications, section
// 5.2.2.5). They tell the issue or the price and are no part of the number.
func (b *Barcode) addOn() {
	if n := len(b.Text); n != 15 && n != 18 || !barcodeDigits(b.Text) || !GTINCheck(b.Text[:13]) {
		return
	}
	head := b.Text[:3]
	if b.Symbology == "ean" || b.Symbology == "" && (head == "977" || head == "978" || head == "979") {
		b.AddOn, b.Text = b.Text[13:], b.Text[:13]
	}
}
