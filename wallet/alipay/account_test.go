package alipay

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

func bareKey(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[1:len(lines)-1], "")
}

// Every credential that cannot be right is refused at entry, by name, and
// never repeated.
func TestWrongCredentials(t *testing.T) {
	s := sim.New(nil)
	keyed, certified := sim.NewAlipay(s).Account().Fields, sim.NewAlipayWithCertificates(s).Account().Fields
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := gatewayKeys()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveKey, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	curvePublic, err := x509.MarshalPKIXPublicKey(curve.Public())
	if err != nil {
		t.Fatal(err)
	}
	private, err := readPrivateKey("private_key", keyed["private_key"])
	if err != nil {
		t.Fatal(err)
	}
	ownPublic, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	smallPublic, err := x509.MarshalPKIXPublicKey(small.Public())
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := func(k *rsa.PrivateKey) string { return pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)) }
	for _, row := range []struct {
		what   string
		from   map[string]string
		field  string
		value  string
		refuse string // the field that is named; "" for none
		says   string
	}{
		{"as it should be", keyed, "", "", "", ""},
		{"with certificates", certified, "", "", "", ""},
		{"bare base 64", keyed, "private_key", bareKey(keyed["private_key"]), "", ""},
		{"bare base 64 of the public key", keyed, "alipay_public_key", bareKey(keyed["alipay_public_key"]), "", ""},
		{"Windows line ends", keyed, "private_key", strings.ReplaceAll(keyed["private_key"], "\n", "\r\n"), "", ""},
		{"no app_id", keyed, "app_id", " ", "app_id", "needed"},
		{"13 digits", keyed, "app_id", "2021000000001", "app_id", "16 digits"},
		{"letters", keyed, "app_id", "20210000000000OI", "app_id", "16 digits"},
		{"no private key", keyed, "private_key", "", "private_key", "needed"},
		{"half a private key", keyed, "private_key", keyed["private_key"][:900], "private_key", "cut off"},
		{"half a bare key", keyed, "private_key", bareKey(keyed["private_key"])[:900], "private_key", "damaged"},
		{"no key at all", keyed, "private_key", "hello, world", "private_key", "damaged"},
		{"the public key in its place", keyed, "private_key", keyed["alipay_public_key"], "private_key", "public key"},
		{"the bare public key in its place", keyed, "private_key", bareKey(keyed["alipay_public_key"]), "private_key", "public key"},
		{"a certificate in its place", keyed, "private_key", certified["app_cert"], "private_key", "certificate"},
		{"a locked key", keyed, "private_key", pemOf("ENCRYPTED PRIVATE KEY", []byte("x")), "private_key", "password"},
		{"1024 bits", keyed, "private_key", pkcs1(small), "private_key", "1024 bits"},
		{"a key of another kind", keyed, "private_key", pemOf("PRIVATE KEY", curveKey), "private_key", "not RSA"},
		{"no public key", keyed, "alipay_public_key", "", "alipay_public_key", "needed"},
		{"half a public key", keyed, "alipay_public_key", keyed["alipay_public_key"][:200], "alipay_public_key", "cut off"},
		{"the application's own public key", keyed, "alipay_public_key", pemOf("PUBLIC KEY", ownPublic), "alipay_public_key", "own"},
		{"a public key of 1024 bits", keyed, "alipay_public_key", pemOf("PUBLIC KEY", smallPublic), "alipay_public_key", "1024 bits"},
		{"a public key of another kind", keyed, "alipay_public_key", pemOf("PUBLIC KEY", curvePublic), "alipay_public_key", "not RSA"},
		{"the private key for the public one", keyed, "alipay_public_key", keyed["private_key"], "alipay_public_key", "private key"},
		{"the bare private key for the public one", keyed, "alipay_public_key", bareKey(keyed["private_key"]), "alipay_public_key", "private key"},
		{"a certificate for the public key", keyed, "alipay_public_key", certified["alipay_public_cert"], "alipay_public_key", "certificate"},
		{"one certificate of three", keyed, "app_cert", certified["app_cert"], "alipay_public_cert", "needed"},
		{"no root", certified, "alipay_root_cert", "", "alipay_root_cert", "needed"},
		{"half a root", certified, "alipay_root_cert", certified["alipay_root_cert"][:len(certified["alipay_root_cert"])/2], "alipay_root_cert", "cut off"},
		{"half a certificate", certified, "app_cert", certified["app_cert"][:400], "app_cert", "cut off"},
		{"a key for a certificate", certified, "alipay_public_cert", keyed["alipay_public_key"], "alipay_public_cert", "no certificate"},
		{"the application's certificate twice", certified, "alipay_public_cert", certified["app_cert"], "alipay_public_cert", "application's"},
		{"Alipay's certificate twice", certified, "app_cert", certified["alipay_public_cert"], "app_cert", "private key"},
		{"a private key that is another's", certified, "private_key", pkcs1(other), "app_cert", "private key"},
		{"an app_id that is another's", certified, "app_id", "2021000000000002", "app_cert", "another app_id"},
	} {
		fields := maps.Clone(row.from)
		if row.field != "" {
			fields[row.field] = row.value
		}
		_, err := Spec.New(wallet.Account{Mode: "test", BaseURL: "http://127.0.0.1:1/alipay", Fields: fields}, &wallet.Client{})
		if row.refuse == "" {
			if err != nil {
				t.Errorf("%s: %v", row.what, err)
			}
			continue
		}
		var fe *wallet.FieldError
		if !errors.As(err, &fe) || fe.Field != row.refuse || fe.Reason != till.SetUpWrong || !strings.Contains(fe.Detail, row.says) {
			t.Errorf("%s: %v, want %s: ...%s...", row.what, err, row.refuse, row.says)
			continue
		}
		for _, word := range strings.Fields(row.value) {
			if len(word) > 12 && strings.Contains(err.Error(), word) {
				t.Errorf("%s: the error repeats what was entered: %v", row.what, err)
			}
		}
	}
}

func TestModeAndAddress(t *testing.T) {
	fields := sim.NewAlipay(sim.New(nil)).Account().Fields
	for _, row := range []struct {
		mode, base string
		ok         bool
	}{
		{"live", Spec.Live, true}, {"test", Spec.Test, true}, {"test", "http://127.0.0.1:8080/alipay", true}, {"live", "http://127.0.0.1:8080/alipay", true},
		{"live", Spec.Test, false}, {"test", Spec.Live, false}, {"live", "http://openapi.alipay.com/gateway.do", false},
		{"live", "", false}, {"live", "openapi.alipay.com", false},
	} {
		_, err := Spec.New(wallet.Account{Mode: row.mode, BaseURL: row.base, Fields: fields}, &wallet.Client{})
		var fe *wallet.FieldError
		if row.ok != (err == nil) || err != nil && (!errors.As(err, &fe) || fe.Field != "base_url") {
			t.Errorf("%s at %q: %v", row.mode, row.base, err)
		}
	}
}

// Nothing is sent of a payment that Alipay cannot take.
func TestNothingIsSent(t *testing.T) {
	node := `{"code":"20000"}`
	a, asked := saying(t, &node)
	for _, row := range []struct {
		what   string
		change func(*wallet.Charge)
		field  string
		reason till.Reason
	}{
		{"0", func(c *wallet.Charge) { c.Amount = 0 }, "amount", till.AmountNotAllowed},
		{"less than 0", func(c *wallet.Charge) { c.Amount = -1 }, "amount", till.AmountNotAllowed},
		{"over the limit", func(c *wallet.Charge) { c.Amount = most + 1 }, "amount", till.AmountNotAllowed},
		{"dollars", func(c *wallet.Charge) { c.Currency = money.Currency{Code: "USD", Exponent: 2} }, "amount", till.AmountNotAllowed},
		{"goods", func(c *wallet.Charge) { c.Code = "6901234567892" }, "code", till.CodeInvalid},
		{"another wallet's code", func(c *wallet.Charge) { c.Code = "134567890123456789" }, "code", till.CodeInvalid},
		{"too long", func(c *wallet.Charge) { c.Code = "28" + strings.Repeat("1", 23) }, "code", till.CodeInvalid},
		{"too short", func(c *wallet.Charge) { c.Code = "2812345678901" }, "code", till.CodeInvalid},
		{"no code", func(c *wallet.Charge) { c.Code = "" }, "code", till.CodeInvalid},
	} {
		c := charge(till.Take)
		row.change(&c)
		_, err := a.Start(context.Background(), c)
		var fe *wallet.FieldError
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &fe) || fe.Field != row.field || fe.Reason != row.reason {
			t.Errorf("%s: %v", row.what, err)
		}
		if c.Code != "" && strings.Contains(err.Error(), c.Code) {
			t.Errorf("%s: the error repeats the code: %v", row.what, err)
		}
	}
	for _, amount := range []money.Amount{0, -1} {
		if _, err := a.Refund(context.Background(), wallet.Refund{Number: "R", Of: charge(till.Show), Amount: amount}); !errors.Is(err, wallet.ErrNotSent) {
			t.Errorf("a refund of %d: %v", amount, err)
		}
	}
	if len(*asked) != 0 {
		t.Errorf("%d calls were made", len(*asked))
	}
	// A face code, and codes at the ends of the range, do go out.
	for _, code := range []string{"25" + strings.Repeat("0", 14), "30" + strings.Repeat("9", 22), "fp" + strings.Repeat("0a", 16) + "1", " 287654321098765432\r\n"} {
		c := charge(till.Take)
		c.Code = code
		if _, err := a.Start(context.Background(), c); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
	if n := len(*asked); n != 4 || !strings.Contains((*asked)[2].Get("biz_content"), `"scene":"security_code"`) ||
		!strings.Contains((*asked)[3].Get("biz_content"), `"auth_code":"287654321098765432"`) {
		t.Errorf("%d calls were made: %v", n, *asked)
	}
}

func TestLifetime(t *testing.T) {
	for _, row := range []struct {
		way  till.Presentment
		life time.Duration
		want int
	}{
		{till.Show, 0, 5}, {till.Show, 5 * time.Minute, 5}, {till.Show, 301 * time.Second, 6}, {till.Show, 30 * time.Hour, 120},
		{till.Take, 0, 1}, {till.Take, 61 * time.Second, 2}, {till.Take, -time.Hour, 1},
	} {
		if got := lifetime(wallet.Charge{Way: row.way, At: time.Unix(0, 0), Until: time.Unix(0, 0).Add(row.life)}); got != row.want {
			t.Errorf("%v for %v: %d minutes, want %d", row.way, row.life, got, row.want)
		}
	}
}

// A refused signature repeats the request in the gateway's words; neither the
// customer's code nor a signature may be kept of it.
func TestRefusedSignatureKeepsNoCode(t *testing.T) {
	b := wallettest.NewBench(t, keyMode())
	a := b.Provider.(*adapter)
	a.keys.private, _ = gatewayKeys()
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	got, err := a.Start(context.Background(), c)
	if err != nil || got.Verdict != wallet.Refused || got.Reason != till.SetUpWrong || !strings.HasPrefix(got.Said, "isv.invalid-signature") {
		t.Errorf("%v %s (%s) %v", got.Verdict, got.Reason, got.Said, err)
	}
	if strings.Contains(got.Said, "biz_content") || strings.Contains(b.Log.Text(), c.Code) {
		t.Errorf("kept: %s\n%s", got.Said, b.Log.Text())
	}
	if len(b.Sim.All()) != 0 {
		t.Error("something was charged")
	}
}
