package wechatpay

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// certified makes a certificate of a key that ends at a time.
func certified(t testing.TB, key *rsa.PrivateKey, serial int64, ends time.Time) string {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotBefore: ends.AddDate(-5, 0, 0), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("CERTIFICATE", der)
}

func TestNewRefusesWhatCannotBeRight(t *testing.T) {
	good := credentials(nil).Fields
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakKey, err := x509.MarshalPKCS8PrivateKey(weak)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveKey, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	key, err := privateKey(good[fieldKey])
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, field, value, blames string }{
		{"a merchant number of 13 digits", fieldMchID, "1900000109123", ""},
		{"a merchant number of 7 digits", fieldMchID, "1900000", ""},
		{"a merchant number with a letter", fieldMchID, "190000010O", ""},
		{"an AppID in the merchant number's place", fieldMchID, "wx8888888888888888", ""},
		{"a merchant number in the AppID's place", fieldAppID, "1900000109", ""},
		{"a short AppID", fieldAppID, "wx888888888888888", ""},
		{"half a private key", fieldKey, good[fieldKey][:900], ""},
		{"a private key without its ends", fieldKey, strings.Join(strings.Split(good[fieldKey], "\n")[1:20], "\n"), ""},
		{"a damaged private key", fieldKey, pemOf("PRIVATE KEY", []byte("no key")), ""},
		{"a public key in the private key's place", fieldKey, publicPEM(t, &key.PublicKey), ""},
		{"a certificate in the private key's place", fieldKey, good[fieldCert], ""},
		{"a private key of 1024 bits", fieldKey, pemOf("PRIVATE KEY", weakKey), ""},
		{"a private key of a curve", fieldKey, pemOf("PRIVATE KEY", curveKey), ""},
		{"another private key", fieldKey, func() string {
			der, err := x509.MarshalPKCS8PrivateKey(platformKey())
			if err != nil {
				t.Fatal(err)
			}
			return pemOf("PRIVATE KEY", der)
		}(), fieldCert},
		{"half a certificate", fieldCert, good[fieldCert][:500], ""},
		{"the private key in the certificate's place", fieldCert, good[fieldKey], ""},
		{"another certificate", fieldCert, certified(t, platformKey(), 7, time.Now().AddDate(1, 0, 0)), ""},
		{"a private key in the platform key's place", fieldPlatform, good[fieldKey], ""},
		{"the shop's own certificate as the platform's", fieldPlatform, good[fieldCert], ""},
		{"the shop's own public key as the platform's", fieldPlatform, publicPEM(t, &key.PublicKey), ""},
		{"a platform key and half of another", fieldPlatform, good[fieldPlatform] + good[fieldPlatform][:200], ""},
		{"a platform key of 1024 bits", fieldPlatform, publicPEM(t, &weak.PublicKey), ""},
		{"a platform key without its ID", fieldPlatformID, "", ""},
		{"another ID", fieldPlatformID, "4F5E6D7C8B9A", ""},
		{"no APIv2 key while it is needed", fieldV2Key, "", ""},
		{"an APIv2 key of 31 characters", fieldV2Key, strings.Repeat("a", 31), ""},
		{"an APIv2 key with a blank", fieldV2Key, strings.Repeat("a", 15) + " " + strings.Repeat("a", 16), ""},
		{"an APIv3 key of 33 characters", fieldV3Key, strings.Repeat("a", 33), ""},
		{"a notify URL without TLS", fieldNotify, "http://shop.example/pay", ""},
		{"a notify URL with parameters", fieldNotify, "https://shop.example/pay?id=1", ""},
		{"a notify URL that is none", fieldNotify, "shop", ""},
		{"another signature", fieldSignType, "SHA1", ""},
		{"another version", fieldTake, "v4", ""},
		{"a shop's number with a blank", fieldStore, "no 1", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			acc := credentials(map[string]string{row.field: row.value})
			acc.BaseURL = "https://127.0.0.1:1"
			_, err := New(acc, &wallet.Client{})
			blames := row.blames
			if blames == "" {
				blames = row.field
			}
			e := (*wallet.FieldError)(nil)
			if !errors.As(err, &e) || e.Field != blames || e.Reason == "" || e.Detail == "" {
				t.Fatalf("%v, want the field %s", err, blames)
			}
			if len(row.value) > 4 && strings.Contains(err.Error(), row.value) || strings.Contains(err.Error(), "MII") {
				t.Errorf("the value is in the error: %v", err)
			}
		})
	}
}

func TestNewTakesWhatIsRight(t *testing.T) {
	good := credentials(nil).Fields
	key, err := privateKey(good[fieldKey])
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		fields map[string]string
		check  func(*account) bool
	}{
		{"as it is", nil, func(a *account) bool { return a.speaks == good[fieldPlatformID] && a.signType == signHMAC && !a.takeV3 }},
		{"with blanks around", map[string]string{fieldMchID: " 1900000109\n", fieldKey: "\n" + good[fieldKey] + "\n\n"}, func(a *account) bool { return a.mchid == "1900000109" }},
		{"with an old private key", map[string]string{fieldKey: pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))}, func(a *account) bool { return a.key.Equal(key) }},
		{"without an APIv2 key, by v3", map[string]string{fieldV2Key: "", fieldTake: "v3"}, func(a *account) bool { return a.takeV3 }},
		{"with MD5", map[string]string{fieldSignType: signMD5}, func(a *account) bool { return a.signType == signMD5 }},
		{"with two platform certificates", map[string]string{
			fieldPlatform:   certified(t, platformKey(), 0xABC1, time.Now().AddDate(1, 0, 0)) + certified(t, platformKey(), 0xABC2, time.Now().AddDate(5, 0, 0)),
			fieldPlatformID: "",
		}, func(a *account) bool {
			return a.platform["ABC1"] != nil && a.platform["ABC2"] != nil && len(a.platform) == 2
		}},
		{"with a public key and a certificate", map[string]string{
			fieldPlatform: certified(t, platformKey(), 0xABC1, time.Now().AddDate(1, 0, 0)) + good[fieldPlatform],
		}, func(a *account) bool {
			return a.platform["ABC1"] != nil && a.platform[good[fieldPlatformID]] != nil && a.speaks == good[fieldPlatformID]
		}},
	} {
		acc := credentials(row.fields)
		acc.BaseURL = "https://127.0.0.1:1/"
		p, err := New(acc, &wallet.Client{})
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if a := p.(*account); !row.check(a) || a.base != "https://127.0.0.1:1" {
			t.Errorf("%s: read wrongly", row.name)
		}
	}
}

func TestAddressOfThePlatform(t *testing.T) {
	for _, row := range []struct {
		base, mode, want string // "" for refused
	}{
		{"", "live", "https://api.mch.weixin.qq.com"},
		{"https://api2.mch.weixin.qq.com/", "live", "https://api2.mch.weixin.qq.com"},
		{"http://127.0.0.1:8085/wechatpay", "live", "http://127.0.0.1:8085/wechatpay"},
		{"http://localhost:8085/wechatpay", "test", "http://localhost:8085/wechatpay"},
		{"http://192.168.1.9/wechatpay", "test", "http://192.168.1.9/wechatpay"},
		{"http://192.168.1.9/wechatpay", "live", ""},
		{"", "test", ""},
		{"api.mch.weixin.qq.com", "live", ""},
		{"ftp://api.mch.weixin.qq.com", "live", ""},
		{"https://user@api.mch.weixin.qq.com", "live", ""},
	} {
		acc := credentials(nil)
		acc.BaseURL, acc.Mode = row.base, row.mode
		p, err := New(acc, &wallet.Client{})
		if row.want == "" {
			if e := (*wallet.FieldError)(nil); !errors.As(err, &e) || e.Field != "base_url" {
				t.Errorf("%s %q: %v", row.mode, row.base, err)
			}
			continue
		}
		if err != nil || p.(*account).base != row.want {
			t.Errorf("%s %q: %v", row.mode, row.base, err)
		}
	}
	acc := credentials(nil)
	acc.BaseURL, acc.Currency = "https://127.0.0.1:1", money.Currency{Code: "EUR", Exponent: 2}
	if _, err := New(acc, &wallet.Client{}); err == nil {
		t.Error("euros were taken")
	}
}
