package alipay

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"
)

// signed returns what a signature over parameters covers: those that are not
// empty, less sign, sorted by name and joined as k=v with & (open platform,
// 自行实现签名).
func signed(values map[string]string) string {
	var pairs []string
	for k, v := range values {
		if v != "" && k != "sign" {
			pairs = append(pairs, k+"="+v)
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// sign signs text with RSA2, which is SHA256withRSA, in base 64.
func sign(key *rsa.PrivateKey, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// verify checks an RSA2 signature in base 64.
func verify(key *rsa.PublicKey, text []byte, sig string) error {
	raw, err := base64.StdEncoding.DecodeString(sig)
	if err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	sum := sha256.Sum256(text)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw)
}

// An envelope is an answer of the gateway: one node, and a signature over the
// node exactly as it stands there.
type envelope struct {
	node   json.RawMessage // the node of the method, or error_response
	failed bool            // the node is error_response
	sign   string
	certSN string
}

// errAnswer means that an answer is not of the gateway's form.
var errAnswer = errors.New("not an answer of the gateway")

// errSignature means that an answer has no signature or a wrong one.
var errSignature = errors.New("the answer's signature is missing or wrong")

// readEnvelope takes an answer apart. Every name may stand there once: a
// second node could hide what was signed.
func readEnvelope(body []byte, method string) (envelope, error) {
	var e envelope
	if !utf8.Valid(body) {
		return e, errAnswer
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return e, errAnswer
	}
	want := strings.ReplaceAll(method, ".", "_") + "_response"
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok || seen[name] {
			return e, errAnswer
		}
		seen[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return e, errAnswer
		}
		switch name {
		case want, "error_response":
			if e.node != nil || len(value) == 0 || value[0] != '{' {
				return e, errAnswer
			}
			e.node, e.failed = value, name != want
		case "sign":
			err = json.Unmarshal(value, &e.sign)
		case "alipay_cert_sn":
			err = json.Unmarshal(value, &e.certSN)
		}
		if err != nil {
			return e, errAnswer
		}
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return e, errAnswer
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) || e.node == nil {
		return e, errAnswer
	}
	return e, nil
}

// check verifies the envelope's signature, in certificate mode by the
// certificate that it names.
func (e envelope) check(k keys) error {
	if e.sign == "" || k.alipaySN != "" && e.certSN != k.alipaySN {
		return errSignature
	}
	if err := verify(k.alipay, e.node, e.sign); err != nil {
		return fmt.Errorf("%w: %w", errSignature, err)
	}
	return nil
}

// certSN is a certificate's number at Alipay: the MD5, in hexadecimal, of the
// issuer's name and the serial number in decimal (open platform, 公钥证书方式).
func certSN(c *x509.Certificate) string { return snOf(c.Issuer.String(), c.SerialNumber) }

func snOf(issuer string, serial *big.Int) string {
	sum := md5.Sum([]byte(issuer + serial.String()))
	return hex.EncodeToString(sum[:])
}

// rsaSignatures is the arc of the algorithms that count for the root's number:
// the file holds SM2 roots too, which Go does not read.
var rsaSignatures = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1}

// rootSN is the number of Alipay's root file: those of its RSA certificates in
// order, joined with an underline.
func rootSN(field, text string) (string, error) {
	var sns []string
	rest := []byte(strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF")) + "\n")
	begun := strings.Count(text, "-----BEGIN ")
	read := 0
	for {
		block, tail := pem.Decode(rest)
		if block == nil {
			break
		}
		rest = tail
		read++
		var outer struct {
			TBS       asn1.RawValue
			Algorithm struct {
				ID         asn1.ObjectIdentifier
				Parameters asn1.RawValue `asn1:"optional"`
			}
			Signature asn1.BitString
		}
		if tail, err := asn1.Unmarshal(block.Bytes, &outer); err != nil || len(tail) != 0 || block.Type != "CERTIFICATE" {
			return "", wrong(field, "certificate %d in the file is damaged", read)
		}
		if id := outer.Algorithm.ID; len(id) != len(rsaSignatures)+1 || !id[:len(rsaSignatures)].Equal(rsaSignatures) {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", wrong(field, "certificate %d in the file is damaged", read)
		}
		sns = append(sns, certSN(c))
	}
	if begun == 0 || read < begun {
		return "", wrong(field, "the text is cut off or damaged: of %d certificates %d can be read", max(begun, 1), read)
	}
	if len(sns) == 0 {
		return "", wrong(field, "no RSA certificate is in the file; it is not Alipay's alipayRootCert.crt")
	}
	return strings.Join(sns, "_"), nil
}
