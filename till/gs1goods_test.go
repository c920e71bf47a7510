package till

import (
	"errors"
	"testing"
	"time"

	"guitai/till/money"
)

func TestGS1CodesSellWhatTheySay(t *testing.T) {
	const milk, ham, apples, box = "06901234567892", "96901234567895", "06907992500010", "26901234567896"
	goods := counterGoods{
		"6901234567892":   {ID: ID{1}, Code: "101", Name: "牛奶", Unit: "盒", Price: 1590_00},
		ham:               {ID: ID{2}, Code: "102", Name: "火腿", Unit: "kg", Weighed: true, Price: 8800_00},
		"6907992500010":   {ID: ID{3}, Code: "103", Name: "苹果", Unit: "斤", Price: 500_00},
		box:               {ID: ID{4}, Code: "104", Name: "整箱", Unit: "箱", Price: 9600_00},
		"lot|7":           {ID: ID{5}, Code: "105", Name: "自编码", Unit: "个", Price: 100_00},
		"96385074":        {ID: ID{6}, Code: "106", Name: "口香糖", Unit: "条", Price: 350_00},
		"042100005264":    {ID: ID{7}, Code: "107", Name: "汽水", Unit: "罐", Price: 300_00},
		"9771234567003":   {ID: ID{8}, Code: "108", Name: "周刊", Unit: "本", Price: 1200_00},
		"978711123456205": {ID: ID{9}, Code: "109", Name: "带附加码的书", Unit: "本", Price: 4500_00},
		"12345678":        {ID: ID{10}, Code: "12345678", Name: "自编号", Unit: "个", Price: 200_00},
	}
	if !GTINCheck(ham) || !GTINCheck(apples) || !GTINCheck(box) || !GTINCheck("9771234567003") {
		t.Fatal("the numbers above are none")
	}
	r := &Register{catalog: goods}
	r.st.Settings = DefaultSettings()
	for name, c := range map[string]struct {
		code   string
		name   string
		qty    money.Quantity
		amount money.Amount
		err    ErrorCode
	}{
		"GS1-128 of a piece":              {"]C101" + milk + "10LOT-42\x1d21SN1", "牛奶", 1000, 1590, ""},
		"through a keyboard":              {"01" + milk + "17991231", "牛奶", 1000, 1590, ""},
		"as it is printed":                {"(01)" + milk + "(10)A", "牛奶", 1000, 1590, ""},
		"DataBar":                         {"]e001" + milk, "牛奶", 1000, 1590, ""},
		"DataMatrix with a leading FNC1":  {"\x1d01" + milk + "10A\x1d17991231", "牛奶", 1000, 1590, ""},
		"a stand-in for the separator":    {"01" + milk + "10LOT<GS>17991231", "牛奶", 1000, 1590, ""},
		"another stand-in":                {"]d201" + milk + "10LOT|17991231", "牛奶", 1000, 1590, ""},
		"weight in grams":                 {"]C101" + ham + "3103000756", "火腿", 756, 6653, ""},
		"weight in tenths of a kilogram":  {"]C101" + ham + "3101000012", "火腿", 1200, 10560, ""},
		"weight finer than a gram":        {"]C101" + ham + "3105012345", "火腿", 123, 1082, ""},
		"weight in pounds":                {"]C101" + ham + "3202000150", "火腿", 680, 5984, ""},
		"weight of goods by the 斤":        {"]C101" + apples + "3103000500", "苹果", 1000, 500, ""},
		"price and weight":                {"]C101" + ham + "3103000756" + "39226000", "火腿", 756, 6000, ""},
		"the price alone":                 {"]C101" + ham + "39224400", "火腿", 500, 4400, ""},
		"the price of a piece":            {"]C101" + milk + "39221250", "牛奶", 1000, 1250, ""},
		"the price with its currency":     {"]C101" + milk + "39321561250", "牛奶", 1000, 1250, ""},
		"a price in euro":                 {"]C101" + milk + "39329781250", "", 0, 0, BadPrice},
		"a price finer than a fen":        {"]C101" + milk + "392312505", "", 0, 0, BadPrice},
		"a price of nothing":              {"]C101" + milk + "39220", "", 0, 0, BadPrice},
		"a count":                         {"]C101" + milk + "3012", "牛奶", 12_000, 19080, ""},
		"no weight of goods by weight":    {"]C101" + ham + "10LOT", "", 0, 0, LabelUnfit},
		"a weight swallowed by the batch": {"01" + ham + "10LOT3103000756", "", 0, 0, LabelUnfit},
		"a weight of nothing":             {"]C101" + ham + "3103000000", "", 0, 0, BadQuantity},
		"a weight on goods by the piece":  {"]C101" + milk + "3103000950", "牛奶", 1000, 1590, ""},
		"a case":                          {"]I1" + box, "整箱", 1000, 9600, ""},
		"a number nobody has":             {"]C10116901234567899", "", 0, 0, UnknownCode},
		"half a read":                     {"]C10106901234567893", "", 0, 0, BadCheckDigit},
		"month 31":                        {"]C101" + milk + "17263112", "", 0, 0, BadElement},
		"a weight of letters":             {"]C101" + ham + "31030007X6", "", 0, 0, BadElement},
		"a code of the shop's own":        {"lot|7", "自编码", 1000, 100, ""},
		"EAN-8":                           {"]E496385074", "口香糖", 1000, 350, ""},
		"UPC-E is its UPC-A":              {"04252614", "汽水", 1000, 300, ""},
		"UPC-E with AIM":                  {"]E004252614", "汽水", 1000, 300, ""},
		"EAN-13 of a UPC-A":               {"]E00042100005264", "汽水", 1000, 300, ""},
		"GTIN-14 of a piece":              {"]I106901234567892", "牛奶", 1000, 1590, ""},
		"EAN-13 with AIM":                 {"]E06901234567892", "牛奶", 1000, 1590, ""},
		"a magazine and its issue":        {"977123456700312", "周刊", 1000, 1200, ""},
		"the same with AIM":               {"]E3977123456700312", "周刊", 1000, 1200, ""},
		"a book known with its add-on":    {"978711123456205", "带附加码的书", 1000, 4500, ""},
		"a shop's number in Code 39":      {"]A012345678", "自编号", 1000, 200, ""},
		"a web address of GS1":            {"https://id.gs1.org/01/" + milk + "/10/LOT%2F1?17=991231", "牛奶", 1000, 1590, ""},
		"one with a weight":               {"]Q1https://shop.example/p/01/" + ham + "?3103=000756&linkType=all", "火腿", 756, 6653, ""},
		"a web address of others":         {"https://shop.example/01/42", "", 0, 0, UnknownCode},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := r.find(t.Context(), c.code)
			if c.err != "" {
				if CodeOf(err) != c.err {
					t.Fatalf("got %+v, %v; want %s", f, err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			gross, err := money.Gross(f.item.Price, f.qty)
			if err != nil || f.item.Name != c.name || f.qty != c.qty || gross != c.amount {
				t.Errorf("%s of %s comes to %d, %v; want %s of %s and %d", f.qty, f.item.Name, gross, err, c.qty, c.name, c.amount)
			}
		})
	}
	// What is refused names what a person can use: the number that is not known, the element that is wrong.
	for code, want := range map[string]string{"]C10116901234567899\x1d10A": "16901234567899", "]E06901234567908": "6901234567908", "]C101" + milk + "17263112": "(17)263112"} {
		_, err := r.find(t.Context(), code)
		if e := (*Error)(nil); !errors.As(err, &e) || e.Detail != want {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
	}
}

func TestWeightsInUnits(t *testing.T) {
	for _, c := range []struct {
		code, unit string
		want       money.Quantity
		ok         bool
	}{
		{"(3103)001000", "kg", 1000, true}, {"(3103)001000", "斤", 2000, true}, {"(3103)001000", "g", 1_000_000, true}, {"(3103)001000", "lb", 2205, true},
		{"(3103)001000", "oz", 35274, true}, {"(3202)000100", "lb", 1000, true}, {"(3202)000100", "kg", 454, true}, {"(3202)000100", "oz", 16000, true},
		{"(3202)000100", "斤", 907, true}, {"(3205)999999", "g", 4_535_919, true}, {"(3100)999999", "g", 999_999_000_000, true},
		{"(3103)001000", "盒", 0, false}, {"(3103)001000", "", 0, false}, {"(10)A", "kg", 0, false}, {"(3303)001000", "kg", 0, false},
	} {
		g, err := ParseGS1(c.code)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := g.Weight(c.unit); got != c.want || ok != c.ok {
			t.Errorf("%s in %s is %d, %v; want %d, %v", c.code, c.unit, got, ok, c.want, c.ok)
		}
	}
}

func TestGoodsPastTheirDate(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	at := time.Date(2026, 7, 31, 17, 0, 0, 0, time.UTC) // 1 August there
	for code, want := range map[string]string{
		"(17)260731": "2026-07-31", "(17)260801": "", "(15)260731": "2026-07-31", "(16)260731": "2026-07-31", "(7003)2607312359": "2026-07-31",
		"(17)260800": "", "(17)260700": "2026-07-31", "(15)260101(17)261231": "", "(15)261231(17)260101": "2026-01-01", "(17)991231": "1999-12-31",
		"(17)751231": "", "(11)200101": "", "(13)200101(10)A": "",
	} {
		g, err := ParseGS1(code)
		if err != nil {
			t.Fatal(err)
		}
		if got := (found{gs1: g}).expired(at, shanghai); got != want {
			t.Errorf("%s on 2026-08-01 is %q, want %q", code, got, want)
		}
	}
	if got := (found{}).expired(at, shanghai); got != "" {
		t.Errorf("goods without a code are expired: %q", got)
	}
}

func TestAIMIdentifiers(t *testing.T) {
	for in, want := range map[string]string{
		"]C0123": "code128 123", "]C1123": "gs1-128 123", "]E0123": "ean 123", "]E4123": "ean8 123", "]d1123": "datamatrix 123", "]d2123": "gs1-datamatrix 123",
		"]Q1123": "qr 123", "]Q3123": "gs1-qr 123", "]I1123": "itf 123", "]e0123": "databar 123", "]A0123": "code39 123", "]L2123": "pdf417 123", "]z3123": "aztec 123",
		"]Z0123": " ]Z0123", "]E9123": " ]E9123", "]C1": " ]C1", "]C-1": " ]C-1", "]": " ]", "E0123": " E0123", "]世0123": " ]世0123",
	} {
		if symbology, code := cutAIM(in); symbology+" "+code != want {
			t.Errorf("%q is %q %q, want %q", in, symbology, code, want)
		}
	}
	if got := PlainCode(" ]E06901234567892\r\n"); got != "6901234567892" {
		t.Errorf("plain is %q", got)
	}
	// The symbology decides what digits mean.
	for in, want := range map[string]BarcodeKind{
		"]C0284567890123456789": BarcodePayCode, "]A012345679": BarcodeText, "]C012345679": BarcodeText, "]e00106901234567892": BarcodeGS1,
	} {
		if b, err := shopBarcodes().Parse(in); err != nil || b.Kind != want {
			t.Errorf("%s is %d, %v; want %d", in, b.Kind, err, want)
		}
	}
	if _, err := ParseBarcode("12345679"); CodeOf(err) != BadCheckDigit {
		t.Errorf("eight digits of nobody knows what: %v", err)
	}
	if b, _ := ParseBarcode("9787111234562" + "05"); b.AddOn != "05" || b.Text != "9787111234562" {
		t.Errorf("a book's add-on is %q of %q", b.AddOn, b.Text)
	}
}
