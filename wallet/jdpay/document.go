package jdpay

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"maps"
	"slices"
	"strings"
)

// xmlHead stands before every document; it is signed with the rest.
const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>`

// document writes elements in the order of their names, as the provider's
// samples do; empty ones are left out, as they are not signed.
func document(elements map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + "<jdpay>")
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		if elements[name] == "" {
			continue
		}
		b.WriteString("<" + name + ">")
		xml.EscapeText(&b, []byte(elements[name])) // a buffer takes everything
		b.WriteString("</" + name + ">")
	}
	b.WriteString("</jdpay>")
	return b.Bytes()
}

// digest is the text that is signed: the SHA-256 of the document in lower-case
// hexadecimal.
func digest(doc []byte) []byte {
	sum := sha256.Sum256(doc)
	return []byte(hex.EncodeToString(sum[:]))
}

// sign encrypts the digest with the private key, PKCS #1 v1.5, without the
// DigestInfo that names a hash.
func sign(key *rsa.PrivateKey, doc []byte) (string, error) {
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.Hash(0), digest(doc))
	return base64.StdEncoding.EncodeToString(sig), err
}

// signed puts the signature behind the last element.
func signed(key *rsa.PrivateKey, elements map[string]string) ([]byte, error) {
	doc := document(elements)
	sig, err := sign(key, doc)
	if err != nil {
		return nil, err
	}
	return append(bytes.TrimSuffix(doc, []byte("</jdpay>")), "<sign>"+sig+"</sign></jdpay>"...), nil
}

// errUnsigned says that a document has no signature, or a wrong one.
var errUnsigned = errors.New("the signature of the answer is missing or wrong")

// verify takes the signature out of a document and returns the rest, which is
// what was signed. The provider signs the head in two spellings.
func verify(key *rsa.PublicKey, doc []byte) ([]byte, error) {
	head, rest, found := bytes.Cut(doc, []byte("<sign>"))
	text, tail, closed := bytes.Cut(rest, []byte("</sign>"))
	if !found || !closed {
		return nil, errUnsigned
	}
	sig, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		return nil, errUnsigned
	}
	bare := slices.Concat(head, tail)
	for _, form := range [][]byte{bare, bytes.Replace(bare, []byte("?>"), []byte(" ?>"), 1), bytes.Replace(bare, []byte(" ?>"), []byte("?>"), 1)} {
		if rsa.VerifyPKCS1v15(key, crypto.Hash(0), digest(form), sig) == nil {
			return bare, nil
		}
	}
	return nil, errUnsigned
}

// result is result/code and result/desc, outside and inside.
type result struct {
	Code string `xml:"code"`
	Desc string `xml:"desc"`
}

func (r result) said() string { return strings.TrimSpace(r.Code + " " + r.Desc) }

// envelope is the outer document of an answer.
type envelope struct {
	XMLName  xml.Name `xml:"jdpay"`
	Merchant string   `xml:"merchant"`
	Result   result   `xml:"result"`
	Encrypt  string   `xml:"encrypt"`
}

// answer is the inner document of any answer.
type answer struct {
	XMLName   xml.Name `xml:"jdpay"`
	Merchant  string   `xml:"merchant"`
	Result    result   `xml:"result"`
	TradeNum  string   `xml:"tradeNum"`
	TradeType string   `xml:"tradeType"`
	OTradeNum string   `xml:"oTradeNum"`
	Amount    string   `xml:"amount"`
	Currency  string   `xml:"currency"`
	Status    string   `xml:"status"`
	OrderID   string   `xml:"orderId"`
	QRCode    string   `xml:"qrCode"`
	Pays      []pay    `xml:"payList>pay"`
	Refunds   []back   `xml:"refList>refund"`
}

// pay is one means that a payment was made with.
type pay struct {
	TradeTime string `xml:"tradeTime"`
}

// back is one refund of a payment, as queryRefund lists it.
type back struct {
	TradeNum string `xml:"tradeNum"`
	Amount   string `xml:"amount"`
	Status   string `xml:"status"`
}
