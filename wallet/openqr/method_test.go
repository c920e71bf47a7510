package openqr

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/money"
)

// Static codes as acquirers print them; the merchants are made up.
const (
	ownQRIS     = "00020101021126440014ID.CO.QRIS.WWW0215ID10200212361230303UMI5204549953033605802ID5913WARUNG BU SRI6007BANDUNG61054011162070703A0163046817"
	ownUnionPay = "000201010211153131040156000000000000000000123455204541153031565802CN5910GUITAI TEA6006XIAMEN63048448"
	ownDuitNow  = "00020126420014A00000061500010106501664021000000000015204541153034585802MY5910KEDAI KOPI6004IPOH62080504ACQ16304703E"
	ownKHQR     = "00020101021129130009shop@bank5204599953031165802KH5905PHSAR6010Phnom Penh63043735"
	ownQRPh     = "00020101021128440011ph.ppmi.p2m0111BNORPHMMXXX031000000012345204541153036085802PH5909SARI SARI6004CEBU62210302S10503LBL0104BILL6304066B"
)

func own(s Scheme, code string) Method {
	return Method{Scheme: s, Name: "own", Fields: fields{"code": code}}
}

func TestOwnStaticCodeMadeForOnePayment(t *testing.T) {
	for name, c := range map[string]struct {
		m      Method
		cur    string
		amount money.Amount
		want   string // without the CRC
		payee  string
		inCode bool
	}{
		"QRIS keeps its terminal": {own(QRIS, ownQRIS), "IDR", 25000_00,
			"00020101021226440014ID.CO.QRIS.WWW0215ID10200212361230303UMI520454995303360540525000" +
				"5802ID5913WARUNG BU SRI6007BANDUNG61054011162180507A0001230703A016304", "WARUNG BU SRI", true},
		"UnionPay gets a 62": {own(UnionPay, ownUnionPay), "CNY", 36_40,
			"00020101021215313104015600000000000000000012345520454115303156540536.405802CN5910GUITAI TEA6006XIAMEN62110507A0001236304", "GUITAI TEA", true},
		"DuitNow without 01, its label kept": {own(DuitNow, ownDuitNow), "MYR", 5_00,
			"00020101021226420014A000000615000101065016640210000000000152045411530345854045.005802MY5910KEDAI KOPI6004IPOH62190107A0001230504ACQ16304", "KEDAI KOPI", true},
		"KHQR in riel": {own(KHQR, ownKHQR), "KHR", 4000_00,
			"00020101021229130009shop@bank52045999530311654044000" + "5802KH5905PHSAR6010Phnom Penh62110507A0001236304", "PHSAR", true},
		"QR Ph with both labels taken": {own(QRPh, ownQRPh), "PHP", 99_95,
			"00020101021228440011ph.ppmi.p2m0111BNORPHMMXXX03100000001234520454115303608540599.955802PH5909SARI SARI6004CEBU62210302S10503LBL0104BILL6304", "SARI SARI", false},
		"any other": {own(EMVCo, ownQRPh), "PHP", 99_95,
			"00020101021228440011ph.ppmi.p2m0111BNORPHMMXXX03100000001234520454115303608540599.955802PH5909SARI SARI6004CEBU62210302S10503LBL0104BILL6304", "SARI SARI", false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Build(c.m, c.amount, currency(t, c.cur), "A000123")
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Text[:len(p.Text)-4]; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if _, err := Parse(p.Text); err != nil {
				t.Error(err)
			}
			if p.Payee != c.payee || !p.AmountInCode || p.ReferenceInCode != c.inCode {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestPrintedWalletCodesAreShownAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		s    Scheme
		code string
	}{
		{AlipayCode, "https://qr.alipay.com/fkx12345abcdefghijk"}, {AlipayCode, "HTTPS://QR.ALIPAY.COM/FKX12345ABC"},
		{WeChatCode, "wxp://f2f0AbCdEf123456_-xyz"}, {Link, "https://qr.shouqianba.com/17101712240100001"}, {Link, "https://pay.example.com/?s=1"},
	} {
		p, err := Build(Method{Scheme: c.s, Name: "n", Payee: "柜台茶馆", Fields: fields{"code": c.code}}, 36_40, currency(t, "CNY"), "A000123")
		if err != nil || p.Text != c.code || p.AmountInCode || p.ReferenceInCode || p.Payee != "柜台茶馆" {
			t.Errorf("%s: %+v, %v", c.code, p, err)
		}
	}
}

func TestValidate(t *testing.T) {
	pix := func(key string) Method {
		return Method{Scheme: PIX, Name: "PIX", Payee: "PADARIA", City: "SAO PAULO", Fields: fields{"key": key}}
	}
	one := func(s Scheme, f fields) Method {
		return Method{Scheme: s, Name: "n", Payee: "Tea Shop", City: "Town", Fields: f}
	}
	for name, c := range map[string]struct {
		m    Method
		want string // code and field of each problem
	}{
		"unknown scheme":           {Method{Scheme: "paper"}, "unknown_scheme scheme"},
		"nothing filled in":        {Method{Scheme: PIX}, "empty name, empty key, empty payee, empty city"},
		"a field of another":       {one(UPI, fields{"vpa": "shop@upi", "iban": "x"}), "unknown_field iban"},
		"PIX mail":                 {pix("caixa@padaria.example"), ""},
		"PIX mail in capitals":     {pix("Caixa@padaria.example"), "bad_form key"},
		"PIX phone":                {pix("+5511987654321"), ""},
		"PIX phone without +55":    {pix("+11987654321"), "bad_form key"},
		"PIX random key":           {pix("123e4567-e12b-12d1-a456-426655440000"), ""},
		"PIX random key cut":       {pix("123e4567-e12b-12d1-a456-42665544000"), "bad_form key"},
		"PIX CPF":                  {pix("529.982.247-25"), ""},
		"PIX CPF wrong":            {pix("52998224726"), "bad_check key"},
		"PIX CPF of one digit":     {pix("11111111111"), "bad_check key"},
		"PIX CNPJ":                 {pix("11222333000181"), ""},
		"PIX CNPJ of letters":      {pix("12.ABC.345/01DE-35"), ""},
		"PIX CNPJ wrong":           {pix("11222333000182"), "bad_check key"},
		"PIX accents":              {Method{Scheme: PIX, Name: "n", Payee: "CAFÉ", City: "SÃO PAULO", Fields: fields{"key": "+5511987654321"}}, "not_ascii payee, not_ascii city"},
		"PIX long payee":           {Method{Scheme: PIX, Name: "n", Payee: strings.Repeat("A", 26), City: strings.Repeat("B", 16), Fields: fields{"key": "+5511987654321"}}, "too_long payee, too_long city"},
		"PIX key and text long":    {Method{Scheme: PIX, Name: "n", Payee: "A", City: "B", Fields: fields{"key": "123e4567-e12b-12d1-a456-426655440000", "info": strings.Repeat("x", 38)}}, "too_long info"},
		"PromptPay phone":          {Method{Scheme: PromptPay, Name: "n", Fields: fields{"id": "081-234-5678"}}, ""},
		"PromptPay phone short":    {Method{Scheme: PromptPay, Name: "n", Fields: fields{"id": "081234567"}}, "bad_form id"},
		"PromptPay citizen wrong":  {Method{Scheme: PromptPay, Name: "n", Fields: fields{"id": "1234567890123"}}, "bad_check id"},
		"PromptPay payee in Thai":  {Method{Scheme: PromptPay, Name: "n", Payee: "ร้านชา", Fields: fields{"id": "0812345678"}}, ""},
		"PromptPay biller short":   {Method{Scheme: PromptPayBill, Name: "n", Fields: fields{"biller": "0994000165501"}}, "bad_form biller"},
		"PromptPay biller ref":     {Method{Scheme: PromptPayBill, Name: "n", Fields: fields{"biller": "099400016550100", "ref1": "a-1"}}, "bad_form ref1"},
		"VietQR":                   {Method{Scheme: VietQR, Name: "n", Payee: "Tiệm trà", Fields: fields{"bin": "970416", "account": "257678859"}}, ""},
		"VietQR bank":              {Method{Scheme: VietQR, Name: "n", Fields: fields{"bin": "123456", "account": "257678859"}}, "bad_form bin"},
		"VietQR account":           {Method{Scheme: VietQR, Name: "n", Fields: fields{"bin": "970416", "account": "257 678"}}, "bad_form account"},
		"VietQR service":           {Method{Scheme: VietQR, Name: "n", Fields: fields{"bin": "970416", "account": "257678859", "service": "x"}}, "bad_form service"},
		"PayNow UEN of a business": {one(PayNow, fields{"id": "53012345A"}), ""},
		"PayNow UEN of a charity":  {one(PayNow, fields{"id": "T04SS0129DABC"}), ""},
		"PayNow no UEN":            {one(PayNow, fields{"id": "1234"}), "bad_form id"},
		"PayNow foreign phone":     {one(PayNow, fields{"id": "+60123456789"}), "bad_form id"},
		"PayNow 31 February":       {one(PayNow, fields{"id": "53012345A", "expiry": "20300231"}), "bad_form expiry"},
		"FPS nothing":              {one(FPS, nil), "one_of fps_id"},
		"FPS two":                  {one(FPS, fields{"fps_id": "1234567", "mobile": "91234567"}), "one_of fps_id"},
		"FPS mobile":               {one(FPS, fields{"mobile": "+852-91234567"}), ""},
		"FPS mobile of seven":      {one(FPS, fields{"mobile": "9123456"}), "bad_form mobile"},
		"FPS mail":                 {one(FPS, fields{"email": "shop.hk"}), "bad_form email"},
		"FPS bank":                 {one(FPS, fields{"fps_id": "1234567", "bank": "04"}), "bad_form bank"},
		"SEPA":                     {Method{Scheme: SEPA, Name: "n", Payee: "Café Müller", Fields: fields{"iban": "DE33 1002 0500 0001 1947 00"}}, ""},
		"SEPA IBAN wrong":          {Method{Scheme: SEPA, Name: "n", Payee: "A", Fields: fields{"iban": "DE34100205000001194700"}}, "bad_check iban"},
		"SEPA IBAN short":          {Method{Scheme: SEPA, Name: "n", Payee: "A", Fields: fields{"iban": "DE3310020500000119470"}}, "bad_form iban"},
		"SEPA payee in Chinese":    {Method{Scheme: SEPA, Name: "n", Payee: "茶馆", Fields: fields{"iban": "DE33100205000001194700"}}, "not_ascii payee"},
		"SEPA payee of two lines":  {Method{Scheme: SEPA, Name: "n", Payee: "A\nB", Fields: fields{"iban": "DE33100205000001194700"}}, "not_ascii payee"},
		"SEPA BIC":                 {Method{Scheme: SEPA, Name: "n", Payee: "A", Fields: fields{"iban": "DE33100205000001194700", "bic": "BFSW"}}, "bad_form bic"},
		"Swiss IBAN of Germany":    {one(SwissBill, fields{"iban": "DE33100205000001194700", "zip": "8001"}), "bad_form iban"},
		"Swiss without zip":        {one(SwissBill, fields{"iban": "CH5800791123000889012"}), "empty zip"},
		"UPI address":              {Method{Scheme: UPI, Name: "n", Payee: "Tea", Fields: fields{"vpa": "shop"}}, "bad_form vpa"},
		"own code of another":      {own(QRIS, ownQRPh), "other_scheme code"},
		"own code in yuan as QRIS": {own(QRIS, ownUnionPay), "other_scheme code"},
		"UnionPay of no UnionPay":  {own(UnionPay, strings.TrimSpace(emvYuan())), "other_scheme code"},
		"own code misread":         {own(QRIS, strings.Replace(ownQRIS, "SRI", "SRY", 1)), "bad_check code"},
		"own code for one payment": {own(EMVCo, emvSample), "not_static code"},
		"own code is a link":       {own(EMVCo, "https://qr.alipay.com/x1"), "not_emvco code"},
		"Alipay order of a shop":   {one(AlipayCode, fields{"code": "https://example.com/x1"}), "other_scheme code"},
		"WeChat order, runs out":   {one(WeChatCode, fields{"code": "weixin://wxpay/bizpayurl?pr=abc"}), "bad_form code"},
		"link without TLS":         {one(Link, fields{"code": "http://pay.example.com/x"}), "bad_form code"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range c.m.Validate() {
				got = append(got, string(p.Code)+" "+p.Field)
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("problems %q, want %q", s, c.want)
			}
			if _, err := Build(c.m, 100, currency(t, "CNY"), ""); c.want != "" && err == nil {
				t.Error("a code is built all the same")
			}
		})
	}
}

// emvYuan is a static code in yuan that names no UnionPay account.
func emvYuan() string {
	c, _ := Parse(ownKHQR)
	text, _ := c.With("53", "156").Encode()
	return text
}

func TestBuildRefuses(t *testing.T) {
	pix := Method{Scheme: PIX, Name: "PIX", Payee: "PADARIA", City: "SAO PAULO", Fields: fields{"key": "+5511987654321"}}
	bill := Method{Scheme: PromptPayBill, Name: "n", Fields: fields{"biller": "099400016550100"}}
	sepa := Method{Scheme: SEPA, Name: "n", Payee: strings.Repeat("ü", 70), Fields: fields{"iban": "DE33100205000001194700", "info": strings.Repeat("ü", 70)}}
	swiss := Method{Scheme: SwissBill, Name: "n", Payee: "A", City: "Biel", Fields: fields{"iban": "CH4431999123000889012", "zip": "2501"}}
	for name, c := range map[string]struct {
		m      Method
		amount money.Amount
		cur    string
		ref    string
		want   ProblemCode
	}{
		"zero":                          {pix, 0, "BRL", "A1", NotPositive},
		"negative":                      {pix, -100, "BRL", "A1", NotPositive},
		"another currency":              {pix, 100, "CNY", "A1", WrongCurrency},
		"more than object 54 holds":     {pix, 100_000_000_000_00 / 10, "BRL", "A1", AmountTooLarge},
		"more than a till takes":        {own(QRIS, ownQRIS), money.AmountMax + 100, "IDR", "", AmountTooLarge},
		"more than SEPA takes":          {Method{Scheme: SEPA, Name: "n", Payee: "A", Fields: fields{"iban": "DE33100205000001194700"}}, 1_000_000_000_00, "EUR", "", AmountTooLarge},
		"PIX reference with a dash":     {pix, 100, "BRL", "A-000123", BadReference},
		"PIX reference of 26":           {pix, 100, "BRL", strings.Repeat("A", 26), BadReference},
		"reference in Chinese":          {pix, 100, "BRL", "单", BadReference},
		"reference of two lines":        {sepa, 100, "EUR", "A\nB", BadReference},
		"bill without a reference":      {bill, 100, "THB", "", BadReference},
		"bill reference of 21":          {bill, 100, "THB", strings.Repeat("A", 21), BadReference},
		"own reference of 26":           {own(QRIS, ownQRIS), 100, "IDR", strings.Repeat("A", 26), BadReference},
		"SEPA of more than 331 bytes":   {sepa, 100, "EUR", "A-000123", TooLong},
		"QR-IBAN with a text":           {swiss, 100, "CHF", "A-000123", BadReference},
		"QR-IBAN with a wrong digit":    {swiss, 100, "CHF", "210000000003139471430009018", BadReference},
		"own code of another currency":  {own(EMVCo, ownQRIS), 100, "CNY", "", WrongCurrency},
		"KHQR in dollars, code in riel": {own(KHQR, ownKHQR), 100, "USD", "", WrongCurrency},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Build(c.m, c.amount, currency(t, c.cur), c.ref)
			if got := (Problem{}); !errors.As(err, &got) || got.Code != c.want || p != (Payload{}) {
				t.Errorf("got %+v, %v; want %s", p, err, c.want)
			}
		})
	}
}

func TestQRReference(t *testing.T) {
	// The reference of SIX's sample bill.
	if got, ok := QRReference("21000000000313947143000901"); !ok || got != "210000000003139471430009017" {
		t.Errorf("got %s, %v", got, ok)
	}
	if got, ok := QRReference("123"); !ok || len(got) != 27 || !isQRReference(got) {
		t.Errorf("got %s, %v", got, ok)
	}
	for _, bad := range []string{"", "12A", strings.Repeat("1", 27)} {
		if got, ok := QRReference(bad); ok {
			t.Errorf("%q gives %s", bad, got)
		}
	}
}

func TestParseMethods(t *testing.T) {
	got, err := ParseMethods(`[{"scheme":"pix","name":"PIX","payee":"PADARIA","city":"SAO PAULO","fields":{"key":"+5511987654321"}}]`)
	if err != nil || len(got) != 1 || len(got[0].Validate()) != 0 || got[0].Fields["key"] != "+5511987654321" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := ParseMethods(" "); err != nil || got != nil {
		t.Errorf("nothing: %+v, %v", got, err)
	}
	for _, bad := range []string{`{`, `[{"scheme":"pix","nmae":"x"}]`, `[{"name":"a"},{"name":"a"}]`} {
		if got, err := ParseMethods(bad); err == nil {
			t.Errorf("%s is read as %+v", bad, got)
		}
	}
}

func TestCounterServesTheRegister(t *testing.T) {
	var port till.QRMethods = Counter{Currency: currency(t, "CNY"), Methods: []Method{own(UnionPay, ownUnionPay)}}
	code, err := port.Build("own", 36_40, till.AttemptNumber("A", "0001", 7))
	if err != nil || code.Kind != "qr:unionpay" || !code.Kind.Valid() || !code.AmountInCode || code.Payee != "GUITAI TEA" {
		t.Errorf("%+v, %v", code, err)
	}
	if c, err := Parse(code.Text); err != nil || c.Get("54") != "36.40" || c.Get("62") != "0516"+till.AttemptNumber("A", "0001", 7) {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := port.Build("other", 36_40, ""); till.CodeOf(err) != till.NoSuchMethod {
		t.Errorf("an unknown method: %v", err)
	}
}

func TestEverySchemeSaysWhatItAsksFor(t *testing.T) {
	if n := len(Schemes()); n != 18 {
		t.Errorf("%d schemes", n)
	}
	for _, s := range Schemes() {
		if kind := till.TenderKind("qr:" + string(s)); !kind.Valid() {
			t.Errorf("%s is no tender kind", kind)
		}
		required := 0
		seen := map[string]bool{}
		for _, f := range s.Fields() {
			if f.Required {
				required++
			}
			if f.Max == 0 || seen[f.Key] {
				t.Errorf("%s: field %+v", s, f)
			}
			seen[f.Key] = true
		}
		if required == 0 && s != FPS {
			t.Errorf("%s asks for nothing", s)
		}
		for _, cur := range s.Currencies() {
			if numbers[cur] == "" {
				t.Errorf("%s pays in %s, which has no number", s, cur)
			}
		}
	}
	if fmt.Sprint(Problem{Code: BadCheck, Field: "iban"}) != "payment code: iban: bad check" {
		t.Error(Problem{Code: BadCheck, Field: "iban"})
	}
}
