package till

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// BarcodeKind is what a scanned or typed code is by its form. The catalogue
// decides first: what it knows is goods, whatever the form.
type BarcodeKind uint8

// The kinds of code.
const (
	BarcodeText    BarcodeKind = iota // a PLU or any other text, looked up as it is
	BarcodeGTIN                       // a trade item number with a right check digit
	BarcodeGS1                        // a GS1 element string
	BarcodeLabel                      // a label of the shop's scale
	BarcodePayCode                    // the code on a customer's phone: a secret
	BarcodeReceipt                    // one of our own receipts
	BarcodeStaff                      // a staff card: a secret
)

// A Barcode is a code taken apart. Only the fields of its kind are set; a
// label or an element string may also have a Wallet, where its digits fit a
// payment code too and the state of the sale has to decide.
type Barcode struct {
	Kind      BarcodeKind
	Text      string // the code without AIM prefix and line end
	Symbology string // by the AIM prefix: ean, ean8, code128, gs1-128, itf, databar, datamatrix, gs1-datamatrix, qr, gs1-qr ...; "" where none came
	AddOn     string // the two or five digits beside the code of a periodical or a book
	GTIN      string // 14 digits: of a trade item, or of (01) in an element string
	GS1       GS1
	Label     Label
	Wallet    string // suggested by the payment code rules
	Sure      bool   // the wallet's provider documents this form
	Till      string // of a receipt
	Receipt   int
	Staff     string // the token on a staff card
}

// BarcodeRules are the shop's tables for reading codes.
type BarcodeRules struct {
	Labels   []LabelRule
	PayCodes []PayCodeRule
}

// barcodeMax bounds a code in characters; longer is no read of a code.
const barcodeMax = 256

// ParseBarcode reads a code by the rules a new shop has: no scale labels, the
// known payment codes.
func ParseBarcode(raw string) (Barcode, error) {
	return BarcodeRules{PayCodes: PayCodeRules()}.Parse(raw)
}

// Parse takes a code apart. Errors are UnknownCode for an empty one,
// CodeTooLong beyond 256 characters, BadCheckDigit for 8, 12, 13 or 14 digits
// (or an element string) that were not fully read, and *GS1Error.
func (r BarcodeRules) Parse(raw string) (Barcode, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		return Barcode{}, refuse(UnknownCode)
	}
	// Three more, as the AIM prefix is not of the code.
	if n := utf8.RuneCountInString(text); n > barcodeMax+3 {
		return Barcode{}, refuseWith(CodeTooLong, barcodeClip(text))
	}
	b := Barcode{}
	b.Symbology, text = cutAIM(text)
	if utf8.RuneCountInString(text) > barcodeMax {
		return Barcode{}, refuseWith(CodeTooLong, barcodeClip(text))
	}
	b.Text = text
	b.Text = b.separated()
	if b.isGS1() {
		return b.readGS1()
	}
	if g, ok := gs1Link(text); ok {
		b.Kind, b.GS1 = BarcodeGS1, g
		b.GTIN, _ = g.Get("01")
		return b, nil
	}
	b.addOn()
	text = b.Text
	if b.Till, b.Receipt, _ = ParseReceiptBarcode(text); b.Till != "" {
		b.Kind = BarcodeReceipt
		return b, nil
	}
	if b.Staff, _ = ParseStaffBarcode(text); b.Staff != "" {
		b.Kind = BarcodeStaff
		return b, nil
	}
	if rule, ok := payCodeMatch(text, r.PayCodes); ok && b.Symbology != "ean" && b.Symbology != "ean8" {
		b.Kind, b.Wallet, b.Sure = BarcodePayCode, rule.Wallet, rule.Sure
	}
	if !barcodeDigits(text) {
		return b, nil
	}
	if rule, ok := labelRuleOf(text, r.Labels); ok {
		label, err := rule.Read(text)
		if err == nil {
			b.Kind, b.Label = BarcodeLabel, label
			return b, nil
		}
		if b.Kind != BarcodePayCode {
			return Barcode{}, err
		}
	}
	if b.Kind == BarcodePayCode {
		return b, nil
	}
	return b.readDigits()
}

// isGS1 reports whether the code says that it is an element string: by its
// symbology, a separator, brackets around an AI this till knows, or all digits
// from (01) on with a right check digit (a keyboard wedge drops the FNC1).
func (b Barcode) isGS1() bool {
	switch {
	case strings.HasPrefix(b.Symbology, "gs1") || strings.Contains(b.Text, gs1Separator):
		return true
	case b.Symbology == "databar":
		return true
	case strings.HasPrefix(b.Text, "("):
		_, ai, ok := gs1Find(b.Text[1:])
		return ok && strings.HasPrefix(b.Text[1+len(ai):], ")")
	}
	if b.Symbology != "" && b.Symbology != "code128" && b.Symbology != "datamatrix" && b.Symbology != "qr" {
		return false
	}
	if len(b.Text) < 16 || b.Text[:2] != "01" || !barcodeDigits(b.Text[:16]) || !GTINCheck(b.Text[2:16]) {
		return false
	}
	g, err := ParseGS1(b.Text)
	return err == nil && g.Rest == ""
}

func (b Barcode) readGS1() (Barcode, error) {
	g, err := ParseGS1(b.Text)
	if err != nil {
		return Barcode{}, err
	}
	b.Kind, b.GS1 = BarcodeGS1, g
	b.GTIN, _ = g.Get("01")
	return b, nil
}

// readDigits reads a code of digits that no rule claimed.
func (b Barcode) readDigits() (Barcode, error) {
	gtin, ok := GTIN14(b.Text)
	switch {
	case b.Symbology == "ean" && len(b.Text) == 8:
		// A UPC-E sent short; EAN-8 has an identifier of its own.
		if upc, fits := ExpandUPCE(b.Text); fits {
			gtin, ok = "00"+upc, true
		}
	case !ok && len(b.Text) == 8 && b.Symbology != "ean8":
		if upc, fits := ExpandUPCE(b.Text); fits {
			gtin, ok = "00"+upc, true
		}
	}
	if ok {
		b.Kind, b.GTIN = BarcodeGTIN, gtin
		return b, nil
	}
	if b.numbersGoods() && slices.Contains([]int{8, 12, 13, 14}, len(b.Text)) {
		return Barcode{}, refuseWith(BadCheckDigit, b.Text)
	}
	return b, nil
}

// numbersGoods reports whether digits of a length of GTINs are meant as one: the
// symbology says so, or says nothing. A shop's own numbers in Code 39 or
// Code 128 have no check digit.
func (b Barcode) numbersGoods() bool {
	return slices.Contains([]string{"", "ean", "ean8", "itf", "databar"}, b.Symbology)
}

// LookupCodes returns the codes under which a catalogue may have the item, the
// likeliest first: as scanned, then the shorter and longer forms of the same
// number. Receipts, staff cards and payment codes have none: a secret is never
// searched for.
func (b Barcode) LookupCodes() []string {
	var codes []string
	add := func(more ...string) {
		for _, c := range more {
			if c != "" && !slices.Contains(codes, c) {
				codes = append(codes, c)
			}
		}
	}
	switch b.Kind {
	case BarcodeText:
		add(b.Text)
	case BarcodeGTIN:
		if b.AddOn != "" {
			add(b.Text + b.AddOn)
		}
		add(b.Text)
		add(GTINForms(b.GTIN)...)
		if len(b.Text) == 8 && b.Symbology != "ean8" {
			// Eight digits may be right both as EAN-8 and as UPC-E.
			if upc, ok := ExpandUPCE(b.Text); ok {
				add(GTINForms("00" + upc)...)
			}
		}
	case BarcodeGS1:
		add(b.Text)
		add(GTINForms(b.GTIN)...)
	case BarcodeLabel:
		rule := b.Label.Rule
		add(b.Label.Item, strings.TrimLeft(b.Label.Item, "0"), rule.Prefix+b.Label.Item)
		if rule.Digits == 13 {
			// Catalogues that came from other tills keep the label with no value.
			body := (rule.Prefix + b.Label.Item + "000000000000")[:12]
			add(body + string(gtinDigit(body)))
		}
	}
	return codes
}

// String describes the code for logs, without what is secret in it.
func (b Barcode) String() string {
	switch b.Kind {
	case BarcodePayCode:
		return b.Wallet + " payment code " + MaskPayCode(b.Text)
	case BarcodeStaff:
		return "staff code"
	case BarcodeReceipt:
		return fmt.Sprintf("receipt %s-%06d", b.Till, b.Receipt)
	case BarcodeGS1:
		return b.GS1.String()
	}
	return b.Text
}

// GoString is String, so that no form of printing shows a secret.
func (b Barcode) GoString() string { return b.String() }

// GTINCheck reports whether the last digit of digits is the GS1 modulo 10
// check digit of those before it (weights 3 and 1 from the right).
func GTINCheck(digits string) bool {
	n := len(digits)
	return n > 1 && barcodeDigits(digits) && gtinDigit(digits[:n-1]) == digits[n-1]
}

func gtinDigit(body string) byte {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

// GTIN14 returns the GTIN-8, -12, -13 or -14 filled up to 14 digits, the one
// form under which two spellings of a number are equal. ok is false where the
// length or the check digit is wrong.
func GTIN14(code string) (gtin string, ok bool) {
	switch len(code) {
	case 8, 12, 13, 14:
		return strings.Repeat("0", 14-len(code)) + code, GTINCheck(code)
	}
	return "", false
}

// GTINForms returns the ways a number of 14 digits is printed: 13, 12, 8 digits
// as far as its leading zeros allow, and 14.
func GTINForms(gtin string) []string {
	if len(gtin) != 14 {
		return nil
	}
	var forms []string
	for _, n := range []int{13, 12, 8} {
		if strings.Trim(gtin[:14-n], "0") == "" {
			forms = append(forms, gtin[14-n:])
		}
	}
	return append(forms, gtin)
}

// ExpandUPCE returns the 12 digits of UPC-A that an 8-digit UPC-E leaves out
// zeros of (GS1 General Specifications, section 5.2.2.4). ok is false where it
// is none, or its check digit is wrong.
func ExpandUPCE(code string) (upca string, ok bool) {
	if len(code) != 8 || !barcodeDigits(code) || code[0] > '1' {
		return "", false
	}
	system, d, check := code[:1], code[1:7], code[7:]
	switch last := d[5]; last {
	case '0', '1', '2':
		upca = system + d[:2] + d[5:] + "0000" + d[2:5] + check
	case '3':
		upca = system + d[:3] + "00000" + d[3:5] + check
	case '4':
		upca = system + d[:4] + "00000" + d[4:5] + check
	default:
		upca = system + d[:5] + "0000" + d[5:] + check
	}
	return upca, GTINCheck(upca)
}

// ReceiptBarcode returns the text of the Code 128 on a receipt: GT, the till,
// and the number with six digits, or nine from a million on, so that a till
// named with digits stays told apart from its number. It is "" for a till that
// is not one to three capital letters or digits, or a number out of range.
func ReceiptBarcode(till string, no int) string {
	text := fmt.Sprintf("GT%s%06d", till, no)
	if no > 999_999 {
		text = fmt.Sprintf("GT%s%09d", till, no)
	}
	if back, n, ok := ParseReceiptBarcode(text); !ok || back != till || n != no {
		return ""
	}
	return text
}

// ParseReceiptBarcode reads what ReceiptBarcode writes, in either case.
func ParseReceiptBarcode(text string) (till string, no int, ok bool) {
	rest, ok := strings.CutPrefix(strings.ToUpper(text), "GT")
	digits := 6
	if len(rest) > 9 {
		digits = 9
	}
	at := len(rest) - digits
	if !ok || at < 1 || at > 3 || !barcodeDigits(rest[at:]) || strings.Trim(rest[:at], barcodeAlnum) != "" {
		return "", 0, false
	}
	for _, c := range rest[at:] {
		no = no*10 + int(c-'0')
	}
	if no == 0 || digits == 9 && no <= 999_999 {
		return "", 0, false
	}
	return rest[:at], no, true
}

// StaffBarcode returns the text of a staff card: GTSTAFF and a token of 8 to
// 40 capital letters or digits, which the register takes as the secret it is.
// It is "" for any other token.
func StaffBarcode(token string) string {
	if got, ok := ParseStaffBarcode("GTSTAFF" + token); !ok || got != token {
		return ""
	}
	return "GTSTAFF" + token
}

// ParseStaffBarcode reads what StaffBarcode writes, in either case.
func ParseStaffBarcode(text string) (token string, ok bool) {
	token, ok = strings.CutPrefix(strings.ToUpper(text), "GTSTAFF")
	if !ok || len(token) < 8 || len(token) > 40 || strings.Trim(token, barcodeAlnum) != "" {
		return "", false
	}
	return token, true
}

const barcodeAlnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func barcodeDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// barcodeClip keeps an error readable after a scan of thousands of characters.
func barcodeClip(s string) string {
	if runes := []rune(s); len(runes) > 24 {
		return string(runes[:24]) + "..."
	}
	return s
}
