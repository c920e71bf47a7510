package sim_test

import (
	"crypto"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"guitai/wallet/sim"
)

// jdRequest encrypts and signs an inner document as a merchant would.
func jdRequest(t *testing.T, fields map[string]string, prefix, service, inner string, key *rsa.PrivateKey) *http.Request {
	t.Helper()
	doc := `<?xml version="1.0" encoding="UTF-8"?><jdpay>` + inner + `</jdpay>`
	sum := sha256.Sum256([]byte(doc))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.Hash(0), []byte(hex.EncodeToString(sum[:])))
	if err != nil {
		t.Fatal(err)
	}
	doc = strings.TrimSuffix(doc, "</jdpay>") + "<sign>" + base64.StdEncoding.EncodeToString(sig) + "</sign></jdpay>"
	raw, err := base64.StdEncoding.DecodeString(fields[prefix+"des_key"])
	if err != nil {
		t.Fatal(err)
	}
	b, err := des.NewTripleDESCipher(raw)
	if err != nil {
		t.Fatal(err)
	}
	plain := append(binary.BigEndian.AppendUint32(nil, uint32(len(doc))), doc...)
	for len(plain)%8 != 0 {
		plain = append(plain, 0)
	}
	for i := 0; i < len(plain); i += 8 {
		b.Encrypt(plain[i:], plain[i:])
	}
	body := `<jdpay><version>V2.0</version><merchant>` + fields[prefix+"merchant"] + `</merchant><encrypt>` +
		base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(plain))) + `</encrypt></jdpay>`
	r := httptest.NewRequest(http.MethodPost, "/jdpay/service/"+service, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/xml")
	return r
}

func jdKey(t *testing.T, text string) *rsa.PrivateKey {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

// JD refuses outside the encryption what is not signed, not whole or not of
// the account, and makes nothing of it.
func TestJDPayRefusesWhatIsNotWhole(t *testing.T) {
	s := sim.New(nil)
	j := sim.NewJDPay(s)
	s.Add(j)
	f := j.Account().Fields
	online, code := jdKey(t, f["private_key"]), jdKey(t, f["qr_private_key"])
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const order = `<version>V2.0</version><tradeNum>A1</tradeNum><tradeName>茶</tradeName><amount>100</amount><currency>CNY</currency>` +
		`<tradeTime>20261125090000</tradeTime><notifyUrl>https://x</notifyUrl><orderType>0</orderType><userId>1</userId>`
	without := func(element string) string {
		head, rest, _ := strings.Cut(order, "<"+element+">")
		_, tail, _ := strings.Cut(rest, "</"+element+">")
		return head + tail
	}
	for _, row := range []struct {
		name, prefix, service, inner string
		key                          *rsa.PrivateKey
		want                         string
	}{
		{"a stranger's signature", "", "uniorder", order, stranger, "验签失败"},
		{"the signature of the other account", "", "uniorder", order, code, "验签失败"},
		{"no number", "", "uniorder", without("tradeNum"), online, "tradeNum不能为空"},
		{"no user", "", "uniorder", without("userId"), online, "userId不能为空"},
		{"no notifyUrl", "", "uniorder", without("notifyUrl"), online, "notifyUrl不能为空"},
		{"a number with a hyphen", "", "uniorder", strings.Replace(order, "A1", "A-1", 1), online, "tradeNum格式错误"},
		{"a number of 33", "", "uniorder", strings.Replace(order, "A1", strings.Repeat("1", 33), 1), online, "tradeNum格式错误"},
		{"an amount in yuan", "", "uniorder", strings.Replace(order, ">100<", ">1.00<", 1), online, "amount格式错误"},
		{"no amount", "", "uniorder", strings.Replace(order, ">100<", ">0<", 1), online, "amount格式错误"},
		{"dollars", "", "uniorder", strings.Replace(order, "CNY", "USD", 1), online, "currency错误"},
		{"a time with hyphens", "", "uniorder", strings.Replace(order, "20261125090000", "2026-11-25", 1), online, "tradeTime格式错误"},
		{"a shown code of the account for phones", "qr_", "uniorder", order, code, "商户未开通该业务"},
	} {
		got := serve(s, jdRequest(t, f, row.prefix, row.service, row.inner, row.key))
		if !strings.Contains(got, row.want) || strings.Contains(got, "<encrypt>") || strings.Contains(got, "000000") {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	if n := len(s.All()); n != 0 {
		t.Errorf("%d payments were made", n)
	}
	if got := serve(s, jdRequest(t, f, "", "uniorder", order, online)); !strings.Contains(got, "<encrypt>") || len(s.All()) != 1 {
		t.Errorf("a good one: %s", got)
	}
}
