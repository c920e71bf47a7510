package alipay

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"regexp"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// keys are what an account signs and checks with. The serial numbers are those
// of certificate mode, and empty in key mode.
type keys struct {
	private   *rsa.PrivateKey
	alipay    *rsa.PublicKey
	appSN     string // app_cert_sn
	rootSN    string // alipay_root_cert_sn
	alipaySN  string // alipay_cert_sn of the answers
	notAfter  time.Time
	expiring  string // the field whose certificate ends first
	notBefore time.Time
}

// rsaLeast is the size of key that RSA2 needs, in bits (open platform, 接口加签).
const rsaLeast = 2048

// readKeys reads the keys of an account: in key mode Alipay's public key, in
// certificate mode three files. What cannot be right is a *wallet.FieldError.
func readKeys(a wallet.Account, appID string) (keys, error) {
	var k keys
	text, err := a.Need("private_key")
	if err != nil {
		return k, err
	}
	if k.private, err = readPrivateKey("private_key", text); err != nil {
		return k, err
	}
	field := func(name string) string { return strings.TrimSpace(a.Fields[name]) }
	if field("app_cert")+field("alipay_public_cert")+field("alipay_root_cert") != "" {
		return k, k.readCertificates(a, appID)
	}
	if text = field("alipay_public_key"); text == "" {
		return k, wrong("alipay_public_key", "this is needed, or the three certificates of certificate mode")
	}
	if k.alipay, err = readPublicKey("alipay_public_key", text); err != nil {
		return k, err
	}
	if k.alipay.Equal(&k.private.PublicKey) {
		return k, wrong("alipay_public_key", "this is the application's own public key; Alipay's is due")
	}
	return k, nil
}

func (k *keys) readCertificates(a wallet.Account, appID string) error {
	certs := map[string]*x509.Certificate{}
	for _, name := range []string{"app_cert", "alipay_public_cert"} {
		text, err := a.Need(name)
		if err != nil {
			return err
		}
		if certs[name], err = readCertificate(name, text); err != nil {
			return err
		}
		if c := certs[name]; k.notAfter.IsZero() || c.NotAfter.Before(k.notAfter) {
			k.notAfter, k.expiring = c.NotAfter, name
		}
		if c := certs[name]; c.NotBefore.After(k.notBefore) {
			k.notBefore = c.NotBefore
		}
	}
	app := certs["app_cert"]
	if !k.private.PublicKey.Equal(app.PublicKey) {
		return wrong("app_cert", "this certificate does not belong to the private key")
	}
	if m := ownerName.FindStringSubmatch(app.Subject.CommonName); m != nil && m[1] != appID {
		return wrong("app_cert", "this certificate belongs to another app_id")
	}
	public, ok := certs["alipay_public_cert"].PublicKey.(*rsa.PublicKey)
	if !ok {
		return wrong("alipay_public_cert", "this certificate holds no RSA key")
	}
	if public.Equal(&k.private.PublicKey) {
		return wrong("alipay_public_cert", "this is the application's certificate; Alipay's is due")
	}
	root, err := a.Need("alipay_root_cert")
	if err != nil {
		return err
	}
	if k.rootSN, err = rootSN("alipay_root_cert", root); err != nil {
		return err
	}
	k.alipay = public
	k.appSN, k.alipaySN = certSN(app), certSN(certs["alipay_public_cert"])
	return nil
}

// ownerName is the common name of an application's certificate: the merchant's
// number and the application's.
var ownerName = regexp.MustCompile(`^\d{16}-(\d{16})$`)

func wrong(field, format string, args ...any) error {
	return &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: fmt.Sprintf(format, args...)}
}

// der returns the bytes of a key or certificate: of the first PEM block, or of
// bare base 64, which is how Alipay's key tool writes keys. kind is the block's
// label, "" for bare text.
func der(field, text string) (raw []byte, kind string, err error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF"))
	if strings.Contains(text, "-----") {
		block, _ := pem.Decode([]byte(text + "\n"))
		if block == nil {
			return nil, "", wrong(field, "the text is cut off or damaged: a line BEGIN and a line END are due, with the whole key between them")
		}
		return block.Bytes, block.Type, nil
	}
	raw, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, "", wrong(field, "the text is cut off or damaged: it is no base 64")
	}
	return raw, "", nil
}

// readPrivateKey reads a key of PKCS #1 or PKCS #8.
func readPrivateKey(field, text string) (*rsa.PrivateKey, error) {
	raw, kind, err := der(field, text)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.Contains(kind, "ENCRYPTED") || strings.Contains(text, "Proc-Type: 4,ENCRYPTED"):
		return nil, wrong(field, "the key is locked with a password; Alipay's tool writes it without one")
	case strings.Contains(kind, "CERTIFICATE"):
		return nil, wrong(field, "this is a certificate; the private key is due")
	case strings.Contains(kind, "PUBLIC"), isPublicKey(raw):
		return nil, wrong(field, "this is a public key; the private key is due")
	}
	if _, err := x509.ParseCertificate(raw); err == nil {
		return nil, wrong(field, "this is a certificate; the private key is due")
	}
	key, err := x509.ParsePKCS1PrivateKey(raw)
	if err != nil {
		parsed, err := x509.ParsePKCS8PrivateKey(raw)
		if err != nil {
			return nil, wrong(field, "the key is cut off or damaged")
		}
		var ok bool
		if key, ok = parsed.(*rsa.PrivateKey); !ok {
			return nil, wrong(field, "the key is not RSA")
		}
	}
	if n := key.N.BitLen(); n < rsaLeast {
		return nil, wrong(field, "the key has %d bits; RSA2 needs %d", n, rsaLeast)
	}
	return key, nil
}

func isPublicKey(raw []byte) bool {
	if _, err := x509.ParsePKIXPublicKey(raw); err == nil {
		return true
	}
	_, err := x509.ParsePKCS1PublicKey(raw)
	return err == nil
}

func readPublicKey(field, text string) (*rsa.PublicKey, error) {
	raw, kind, err := der(field, text)
	if err != nil {
		return nil, err
	}
	if strings.Contains(kind, "PRIVATE") {
		return nil, wrong(field, "this is a private key; Alipay's public key is due")
	}
	if _, err := x509.ParsePKCS1PrivateKey(raw); err == nil {
		return nil, wrong(field, "this is a private key; Alipay's public key is due")
	}
	if strings.Contains(kind, "CERTIFICATE") {
		return nil, wrong(field, "this is a certificate; a public key is due, or certificate mode")
	}
	parsed, err := x509.ParsePKIXPublicKey(raw)
	if err != nil {
		return nil, wrong(field, "the key is cut off or damaged")
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, wrong(field, "the key is not RSA")
	}
	if n := key.N.BitLen(); n < rsaLeast {
		return nil, wrong(field, "the key has %d bits; RSA2 needs %d", n, rsaLeast)
	}
	return key, nil
}

func readCertificate(field, text string) (*x509.Certificate, error) {
	raw, kind, err := der(field, text)
	if err != nil {
		return nil, err
	}
	if kind != "" && kind != "CERTIFICATE" {
		return nil, wrong(field, "this is no certificate")
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, wrong(field, "the certificate is cut off or damaged")
	}
	return c, nil
}
