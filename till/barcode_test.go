package till

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"guitai/till/money"
	"pgregory.net/rapid"
)

func shopBarcodes() BarcodeRules {
	return BarcodeRules{PayCodes: PayCodeRules(), Labels: []LabelRule{
		{Prefix: "21", Digits: 13, ItemDigits: 5, Value: LabelWeight},
		{Prefix: "22", Digits: 13, ItemDigits: 5, Value: LabelPrice},
		{Prefix: "25", Digits: 18, ItemDigits: 5, Value: LabelPrice},
	}}
}

// checked appends the check digit.
func checked(body string) string { return body + string(gtinDigit(body)) }

func TestParseBarcode(t *testing.T) {
	label18 := checked("25" + "00042" + "01250" + "00756")
	for name, c := range map[string]struct {
		in    string
		kind  BarcodeKind
		gtin  string
		codes string
	}{
		"EAN-13":                         {"6901234567892", BarcodeGTIN, "06901234567892", "6901234567892 06901234567892"},
		"EAN-13 with CR LF":              {" 6901234567892\r\n", BarcodeGTIN, "06901234567892", "6901234567892 06901234567892"},
		"EAN-13 with AIM":                {"]E06901234567892", BarcodeGTIN, "06901234567892", "6901234567892 06901234567892"},
		"UPC-A is EAN-13 of 0":           {"012345678905", BarcodeGTIN, "00012345678905", "012345678905 0012345678905 00012345678905"},
		"EAN-13 of 0 is UPC-A":           {"0012345678905", BarcodeGTIN, "00012345678905", "0012345678905 012345678905 00012345678905"},
		"EAN-8":                          {"96385074", BarcodeGTIN, "00000096385074", "96385074 0000096385074 000096385074 00000096385074"},
		"EAN-8 with AIM":                 {"]E496385074", BarcodeGTIN, "00000096385074", "96385074 0000096385074 000096385074 00000096385074"},
		"UPC-E":                          {"04252614", BarcodeGTIN, "00042100005264", "04252614 0042100005264 042100005264 00042100005264"},
		"UPC-E with AIM":                 {"]E004252614", BarcodeGTIN, "00042100005264", "04252614 0042100005264 042100005264 00042100005264"},
		"ITF-14 of a case":               {"16901234567899", BarcodeGTIN, "16901234567899", "16901234567899"},
		"ITF-14 of 0 is the piece":       {"06901234567892", BarcodeGTIN, "06901234567892", "06901234567892 6901234567892"},
		"PLU":                            {"4011", BarcodeText, "", "4011"},
		"own code":                       {"TEA-货-12", BarcodeText, "", "TEA-货-12"},
		"a link in a QR":                 {"]Q1https://example.org/x", BarcodeText, "", "https://example.org/x"},
		"GS1 with AIM":                   {"]d20106901234567892" + "17261231" + "10A", BarcodeGS1, "06901234567892", "01069012345678921726123110A 6901234567892 06901234567892"},
		"GS1 by its separator":           {"0106901234567892\x1d10A", BarcodeGS1, "06901234567892", "0106901234567892\x1d10A 6901234567892 06901234567892"},
		"GS1 printed":                    {"(01)06901234567892", BarcodeGS1, "06901234567892", "(01)06901234567892 6901234567892 06901234567892"},
		"GS1 through a keyboard":         {"0106901234567892310300075621X", BarcodeGS1, "06901234567892", "0106901234567892310300075621X 6901234567892 06901234567892"},
		"DataBar":                        {"]e00106901234567892", BarcodeGS1, "06901234567892", "0106901234567892 6901234567892 06901234567892"},
		"brackets of a name":             {"(sale) tea", BarcodeText, "", "(sale) tea"},
		"weight label":                   {checked("21" + "00042" + "00756"), BarcodeLabel, "", "00042 42 2100042 2100042000001"},
		"price label":                    {checked("22" + "00042" + "01250"), BarcodeLabel, "", "00042 42 2200042 2200042000008"},
		"prefix 20 without a rule":       {checked("20" + "00042" + "01250"), BarcodeGTIN, "02000042012502", "2000042012502 02000042012502"},
		"18-digit label beats Alipay":    {label18, BarcodeLabel, "", "00042 42 2500042"},
		"the same with a wrong check":    {label18[:17] + "1", BarcodePayCode, "", ""},
		"WeChat":                         {"134567890123456789", BarcodePayCode, "", ""},
		"WeChat as Code 128":             {"]C0134567890123456789", BarcodePayCode, "", ""},
		"receipt":                        {"GTA000123", BarcodeReceipt, "", ""},
		"staff":                          {"GTSTAFF7K2M9Q4X", BarcodeStaff, "", ""},
		"social security code":           {"2512345678901234567890", BarcodeText, "", "2512345678901234567890"},
		"AIM of an unknown kind is text": {"]Z94011", BarcodeText, "", "]Z94011"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := shopBarcodes().Parse(c.in)
			if err != nil || b.Kind != c.kind || b.GTIN != c.gtin || strings.Join(b.LookupCodes(), " ") != c.codes {
				t.Errorf("Parse(%q) = kind %d gtin %q codes %q, %v; want kind %d gtin %q codes %q",
					c.in, b.Kind, b.GTIN, b.LookupCodes(), err, c.kind, c.gtin, c.codes)
			}
		})
	}
	for name, c := range map[string]struct {
		in   string
		want ErrorCode
	}{
		"EAN-13 wrong":         {"6901234567893", BadCheckDigit},
		"EAN-8 wrong":          {"96385075", BadCheckDigit},
		"UPC-A wrong":          {"012345678906", BadCheckDigit},
		"ITF-14 wrong":         {"16901234567898", BadCheckDigit},
		"label wrong":          {"2100042007560", BadCheckDigit},
		"element string wrong": {"]d20106901234567893", BadCheckDigit},
		"empty":                {" \r\n", UnknownCode},
		"257 characters":       {strings.Repeat("货", 257), CodeTooLong},
		"4,000 characters":     {strings.Repeat("8", 4000), CodeTooLong},
		"257 after the AIM":    {"]Q1" + strings.Repeat("8", 257), CodeTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := shopBarcodes().Parse(c.in)
			if CodeOf(err) != c.want || len(err.Error()) > 120 {
				t.Errorf("Parse: %v, want %s", err, c.want)
			}
		})
	}
	if b, err := ParseBarcode(strings.Repeat("货", 256)); err != nil || b.Kind != BarcodeText {
		t.Errorf("256 characters: %v, %v", b.Kind, err)
	}
}

func TestBarcodePrintsNoSecret(t *testing.T) {
	for _, in := range []string{"134567890123456789", "GTSTAFF7K2M9Q4X"} {
		b, err := ParseBarcode(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
			if s := fmt.Sprintf(form, b); strings.Contains(s, "34567") || strings.Contains(s, "7K2M") {
				t.Errorf("%s prints %s", form, s)
			}
		}
	}
}

func TestExpandUPCE(t *testing.T) {
	// One for each last digit, with the expansions the GS1 specification's
	// table of zero suppression gives.
	for in, want := range map[string]string{
		"04252614": "042100005264", "01234505": "012000003455", "01234514": "012100003454", "01234523": "012200003453",
		"01234531": "012300000451", "01234543": "012340000053", "01234558": "012345000058", "01234565": "012345000065",
	} {
		if got, ok := ExpandUPCE(in); !ok || got != want {
			t.Errorf("ExpandUPCE(%s) = %s, %v; want %s", in, got, ok, want)
		}
	}
	if _, ok := ExpandUPCE("24252614"); ok {
		t.Error("number system 2 has no UPC-E")
	}
}

func TestReceiptBarcode(t *testing.T) {
	for name, c := range map[string]struct {
		till string
		no   int
		want string
	}{
		"plain":                 {"A", 123, "GTA000123"},
		"till named by digits":  {"007", 1, "GT007000001"},
		"the million":           {"A", 1_000_000, "GTA001000000"},
		"till of digits there":  {"A1", 1_000_123, "GTA1001000123"},
		"no zero":               {"A", 0, ""},
		"no negative":           {"A", -5, ""},
		"no till":               {"", 5, ""},
		"four characters":       {"ABCD", 5, ""},
		"small letter":          {"a", 5, ""},
		"beyond nine digits":    {"A", 1_000_000_000, ""},
		"till with a separator": {"A-", 5, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ReceiptBarcode(c.till, c.no); got != c.want {
				t.Errorf("ReceiptBarcode(%q, %d) = %q, want %q", c.till, c.no, got, c.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		till := rapid.StringMatching(`[A-Z0-9]{1,3}`).Draw(t, "till")
		no := rapid.IntRange(1, 999_999_999).Draw(t, "no")
		b, err := ParseBarcode(strings.ToLower(ReceiptBarcode(till, no)) + "\n")
		if err != nil || b.Kind != BarcodeReceipt || b.Till != till || b.Receipt != no {
			t.Fatalf("%s %d comes back as %v %s %d, %v", till, no, b.Kind, b.Till, b.Receipt, err)
		}
	})
	if StaffBarcode("7K2M9Q4X") != "GTSTAFF7K2M9Q4X" || StaffBarcode("short") != "" || StaffBarcode("7k2m9q4x") != "" {
		t.Error("staff code")
	}
}

func TestLabelValues(t *testing.T) {
	read := func(code string) Label {
		t.Helper()
		b, err := shopBarcodes().Parse(code)
		if err != nil || b.Kind != BarcodeLabel {
			t.Fatalf("%s is %v, %v", code, b.Kind, err)
		}
		return b.Label
	}
	if l := read(checked("210004200756")); l.Item != "00042" || !l.HasWeight || l.Weight != 756 || l.HasAmount {
		t.Errorf("weight label: %+v", l)
	}
	if l := read(checked("220004201250")); !l.HasAmount || l.Amount != 1250 || l.HasWeight {
		t.Errorf("price label: %+v", l)
	}
	if l := read(checked("25000420125000756")); l.Amount != 1250 || l.Weight != 756 || !l.HasAmount || !l.HasWeight {
		t.Errorf("18-digit label: %+v", l)
	}
	tens := LabelRule{Prefix: "23", Digits: 13, ItemDigits: 5, Value: LabelPrice, Minor: 10}
	if l, err := tens.Read(checked("230004200125")); err != nil || l.Amount != 1250 {
		t.Errorf("price to a tenth: %+v, %v", l, err)
	}
	long := LabelRule{Prefix: "215", Digits: 13, ItemDigits: 4, Value: LabelWeight}
	rules := BarcodeRules{Labels: []LabelRule{{Prefix: "21", Digits: 13, ItemDigits: 5, Value: LabelPrice}, long}}
	if b, err := rules.Parse(checked("215004200756")); err != nil || b.Label.Item != "0042" || b.Label.Weight != 756 {
		t.Errorf("the longer prefix does not win: %+v, %v", b.Label, err)
	}
}

func TestTeachLabel(t *testing.T) {
	type says = LabelMeaning
	for name, c := range map[string]struct {
		sample string
		says   says
		want   LabelRule
	}{
		"weight in grams": {checked("21" + "00042" + "00756"), says{Grams: 756}, LabelRule{"21", 13, 5, 0, LabelWeight, 1, 0}},
		"weight in steps of 10 g": {checked("21" + "00042" + "00075"), says{Grams: 750},
			LabelRule{"21", 13, 5, 0, LabelWeight, 10, 0}},
		"price in fen":  {checked("22" + "00042" + "01250"), says{Amount: 1250}, LabelRule{"22", 13, 5, 0, LabelPrice, 0, 1}},
		"price in jiao": {checked("22" + "00042" + "00125"), says{Amount: 1250}, LabelRule{"22", 13, 5, 0, LabelPrice, 0, 10}},
		"both in print, the price coded": {checked("22" + "00042" + "01250"), says{Grams: 756, Amount: 1250},
			LabelRule{"22", 13, 5, 0, LabelPrice, 0, 1}},
		"four digits of item": {checked("23" + "1234" + "101250"), says{Amount: 101250}, LabelRule{"23", 13, 4, 0, LabelPrice, 0, 1}},
		"six of them, told by the number": {checked("23" + "123450" + "0756"), says{Item: "123450", Grams: 756},
			LabelRule{"23", 13, 6, 0, LabelWeight, 1, 0}},
		"an inner check digit": {checked("02" + "1234" + "7" + "01250"), says{Item: "1234", Amount: 1250},
			LabelRule{"02", 13, 4, 1, LabelPrice, 0, 1}},
		"18 digits, money first": {checked("25" + "00042" + "01250" + "00756"), says{Grams: 756, Amount: 1250},
			LabelRule{"25", 18, 5, 0, LabelPrice, 1, 1}},
		"18 digits, weight first": {checked("25" + "00042" + "00756" + "01250"), says{Grams: 756, Amount: 1250},
			LabelRule{"25", 18, 5, 0, LabelWeight, 1, 1}},
		"18 digits, only money told": {checked("25" + "00042" + "01250" + "00756"), says{Amount: 1250},
			LabelRule{"25", 18, 5, 0, LabelPrice, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := TeachLabel(c.sample, c.says)
			if err != nil || got != c.want {
				t.Fatalf("TeachLabel(%s, %+v) = %+v, %v; want %+v", c.sample, c.says, got, err, c.want)
			}
			l, err := got.Read(c.sample)
			if err != nil || l.HasWeight && c.says.Grams > 0 && int64(l.Weight) != c.says.Grams ||
				l.HasAmount && c.says.Amount > 0 && l.Amount != c.says.Amount {
				t.Errorf("the rule reads its own sample as %+v, %v", l, err)
			}
		})
	}
	for name, c := range map[string]struct {
		sample string
		says   says
		want   error
	}{
		"says nothing":               {checked("210004200756"), says{}, ErrLabelSample},
		"says something else":        {checked("210004200756"), says{Grams: 500}, ErrLabelSample},
		"another item":               {checked("210004200756"), says{Item: "43", Grams: 756}, ErrLabelSample},
		"750 g and 7.50 at one time": {checked("210004200750"), says{Grams: 750, Amount: 750}, ErrLabelSample},
		"no label":                   {"134567890123", says{Grams: 1}, ErrLabelSample},
		"goods of a maker":           {"6901234567892", says{Grams: 6789}, ErrLabelRule},
		"wrong check digit":          {"2100042007560", says{Grams: 756}, &Error{Code: BadCheckDigit}},
		"18 of equal values":         {checked("25" + "00042" + "00750" + "00750"), says{Grams: 750, Amount: 750}, ErrLabelSample},
		"18 in the range of WeChat":  {checked("13" + "00042" + "00750" + "01250"), says{Grams: 750}, ErrLabelRule},
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := TeachLabel(c.sample, c.says); !errors.Is(err, c.want) {
				t.Errorf("TeachLabel(%s, %+v) = %+v, %v; want %v", c.sample, c.says, r, err, c.want)
			}
		})
	}
}

func TestParseLabelRules(t *testing.T) {
	got, err := ParseLabelRules(`[{"prefix":"21","digits":13,"item_digits":5,"value":"weight"},
		{"prefix":"25","digits":18,"item_digits":5,"value":"price","grams":1,"minor":10}]`)
	want := []LabelRule{{"21", 13, 5, 0, LabelWeight, 0, 0}, {"25", 18, 5, 0, LabelPrice, 1, 10}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if got, err := ParseLabelRules(" "); err != nil || got != nil {
		t.Errorf("an empty table: %v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"no JSON":         `{`,
		"one digit":       `[{"prefix":"2","digits":13,"item_digits":5,"value":"weight"}]`,
		"a maker's":       `[{"prefix":"69","digits":13,"item_digits":5,"value":"weight"}]`,
		"15 digits":       `[{"prefix":"21","digits":15,"item_digits":5,"value":"weight"}]`,
		"no value":        `[{"prefix":"21","digits":13,"item_digits":5}]`,
		"no item":         `[{"prefix":"21","digits":13,"value":"weight"}]`,
		"all item":        `[{"prefix":"21","digits":13,"item_digits":8,"value":"weight"}]`,
		"uneven 18":       `[{"prefix":"215","digits":18,"item_digits":5,"value":"weight"}]`,
		"a step of seven": `[{"prefix":"21","digits":13,"item_digits":5,"value":"weight","grams":7}]`,
		"twice": `[{"prefix":"21","digits":13,"item_digits":5,"value":"weight"},
			{"prefix":"21","digits":13,"item_digits":5,"value":"price"}]`,
	} {
		if r, err := ParseLabelRules(bad); !errors.Is(err, ErrLabelRule) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestGTINFormsAreOneNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{8, 12, 13, 14}).Draw(t, "n")
		code := checked(rapid.StringMatching(fmt.Sprintf(`[0-9]{%d}`, n-1)).Draw(t, "body"))
		gtin, ok := GTIN14(code)
		if !ok {
			t.Fatalf("%s is refused", code)
		}
		for _, form := range GTINForms(gtin) {
			if same, ok := GTIN14(form); !ok || same != gtin {
				t.Fatalf("%s, a form of %s, is %s, %v", form, gtin, same, ok)
			}
		}
		// The check digit catches every single wrong digit.
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		wrong := []byte(code)
		wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if GTINCheck(string(wrong)) {
			t.Fatalf("%s passes for %s", wrong, code)
		}
	})
}

func FuzzParseBarcode(f *testing.F) {
	for _, s := range []string{"6901234567892", "]E004252614", "]d20106901234567892\x1d10A", "(01)", "GTA000123", "134567890123456789",
		"2100042007563", "25000420125000756", "]", "\xff\xfe", strings.Repeat("9", 300), "GTSTAFF7K2M9Q4X"} {
		f.Add(s)
	}
	rules := shopBarcodes()
	f.Fuzz(func(t *testing.T, s string) {
		b, err := rules.Parse(s)
		if err != nil {
			if len(err.Error()) > 400 {
				t.Fatalf("the error repeats the scan: %s", err)
			}
			return
		}
		if n := len([]rune(b.Text)); n == 0 || n > barcodeMax {
			t.Fatalf("%q has a text of %d characters", s, n)
		}
		if b.GTIN != "" && !GTINCheck(b.GTIN) {
			t.Fatalf("%q gives the wrong number %s", s, b.GTIN)
		}
		secret := b.Kind == BarcodePayCode || b.Kind == BarcodeStaff
		if secret && (len(b.LookupCodes()) > 0 || strings.Contains(b.String(), b.Text)) {
			t.Fatalf("%q is a secret and shown as %s", s, b)
		}
		if b.Kind == BarcodeLabel && b.Label.Amount > money.AmountMax {
			t.Fatalf("%q is worth %d", s, b.Label.Amount)
		}
		if again, err := rules.Parse(s); err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("%q reads in two ways", s)
		}
	})
}
