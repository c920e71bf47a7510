package jdpay

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/till"
	"guitai/wallet"
)

// vectorDES is the DES key of the provider's test merchant.
const vectorDES = "ta4E/aspLA3lgFGKmNDNRYU92RkZ4w2t"

func vector(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func vectorKeys(t testing.TB) (*rsa.PrivateKey, *rsa.PublicKey) {
	t.Helper()
	private, err := readPrivateKey(string(vector(t, "merchant_private.pem")))
	if err != nil {
		t.Fatal(err)
	}
	public, err := readPublicKey(string(vector(t, "jd_public.pem")))
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func TestVectorsOfTheCipher(t *testing.T) {
	b, err := newCipher(vectorDES)
	if err != nil {
		t.Fatal(err)
	}
	plain, encrypted := vector(t, "refund_answer.xml"), vector(t, "refund_answer.encrypted")
	if got := encrypt(b, plain); got != string(encrypted) {
		t.Errorf("encrypted:\n%s\nwant\n%s", got, encrypted)
	}
	if got, err := decrypt(b, encrypted); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("decrypted: %v\n%s\nwant\n%s", err, got, plain)
	}
	// The provider's own example: "1" becomes 0 0 0 1 49 0 0 0.
	if got := encrypt(b, []byte("1")); got != "ZTVhNmMzNzYxYWI5ZGRhZg==" {
		t.Errorf(`"1": %s`, got)
	}
}

// The padding ends at the next multiple of 8, and adds nothing where there is
// one already.
func TestThePaddingOfTheCipher(t *testing.T) {
	b, err := newCipher(vectorDES)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		text := bytes.Repeat([]byte("x"), n)
		encrypted := encrypt(b, text)
		inner, err := base64.StdEncoding.DecodeString(encrypted)
		if err != nil || len(inner) != ((n+4+7)/8*8)*2 {
			t.Errorf("%d bytes become %d of hexadecimal, %v", n, len(inner), err)
		}
		if back, err := decrypt(b, []byte(encrypted)); err != nil || !bytes.Equal(back, text) {
			t.Errorf("%d bytes: %q %v", n, back, err)
		}
	}
}

// The head may be signed in either spelling and sent in the other.
func TestTheHeadHasTwoSpellings(t *testing.T) {
	private, _ := vectorKeys(t)
	const plain, spaced = `<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version="1.0" encoding="UTF-8" ?>`
	for _, signedAs := range []string{plain, spaced} {
		for _, sentAs := range []string{plain, spaced} {
			sig, err := sign(private, []byte(signedAs+"<jdpay><status>2</status></jdpay>"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verify(&private.PublicKey, []byte(sentAs+"<jdpay><status>2</status><sign>"+sig+"</sign></jdpay>")); err != nil {
				t.Errorf("signed as %s, sent as %s: %v", signedAs, sentAs, err)
			}
		}
	}
}

func TestVectorsOfTheSignature(t *testing.T) {
	private, public := vectorKeys(t)
	if got, err := sign(private, vector(t, "refund_request.xml")); err != nil || got != string(vector(t, "refund_request.sign")) {
		t.Errorf("signed: %s %v", got, err)
	}
	doc := vector(t, "refund_answer.xml")
	bare, err := verify(public, doc)
	if err != nil || bytes.Contains(bare, []byte("sign>")) || len(bare) != len(doc)-len("<sign></sign>")-172 {
		t.Errorf("verified: %v\n%s", err, bare)
	}
	for _, wrong := range []string{
		strings.Replace(string(doc), "<amount>1<", "<amount>2<", 1),
		strings.Replace(string(doc), "<status>1<", "<status>2<", 1),
		strings.Replace(string(doc), "<sign>W", "<sign>X", 1),
		strings.Replace(string(doc), "sign>", "seal>", 2),
		strings.Replace(string(doc), "</jdpay>", "<sign>x</sign></jdpay>", 1),
		strings.Replace(string(doc), "<sign>W4g4", "<sign>!", 1),
		"",
	} {
		if bare, err := verify(public, []byte(wrong)); err == nil {
			t.Errorf("verified:\n%s", bare)
		}
	}
	if bare, err := verify(&private.PublicKey, doc); err == nil {
		t.Errorf("verified with another key:\n%s", bare)
	}
}

// Whole answers as they were received: opened, verified, read. The head of a
// notice is signed with a blank that is not in an answer's.
func TestVectorsOfWholeAnswers(t *testing.T) {
	private, public := vectorKeys(t)
	b, err := newCipher(vectorDES)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{public: public, online: account{merchant: "22294531", des: b, private: private}}
	got, bad := p.read(p.online, 200, vector(t, "uniorder_answer.xml"))
	if bad != nil {
		t.Fatalf("uniorder: %+v", *bad)
	}
	a := got.ordered(wallet.Charge{Number: "1486346954111", Amount: 1})
	if a.Verdict != wallet.Waiting || a.QR != "https://h5pay.jd.com/code?c=616zlks7djfb1z" || a.Provider != "1029148637575787617463" {
		t.Errorf("uniorder: %+v", a)
	}
	if a := got.ordered(wallet.Charge{Number: "1486346954111", Amount: 2}); a.Verdict != wallet.Unclear {
		t.Errorf("uniorder of another amount: %+v", a)
	}
	if got, bad = p.read(p.online, 200, vector(t, "relation_answer.xml")); bad != nil || got.Result.Code != success {
		t.Errorf("relation: %+v %+v", got, bad)
	}
	got, bad = p.read(p.online, 200, vector(t, "refund_notice.xml"))
	if bad != nil || got.TradeNum == "" || got.OTradeNum == "" || got.Status == "" {
		t.Errorf("notice: %+v %+v", got, bad)
	}
	p.online.merchant = "22294532"
	if _, bad = p.read(p.online, 200, vector(t, "uniorder_answer.xml")); bad == nil || bad.Reason != till.NotVerified {
		t.Errorf("for another merchant: %+v", bad)
	}
}

// An answer with its elements in between what the signature was cut from must
// be read as it was signed.
func TestTheDocumentIsReadAsItWasSigned(t *testing.T) {
	private, _ := vectorKeys(t)
	doc := document(map[string]string{"merchant": "1", "status": "3"})
	sig, err := sign(private, doc)
	if err != nil {
		t.Fatal(err)
	}
	forged := strings.Replace(string(doc), "<status>", "<sign>"+sig+"</sign><status>", 1)
	bare, err := verify(&private.PublicKey, []byte(forged))
	var a answer
	if err != nil || xml.Unmarshal(bare, &a) != nil || a.Status != "3" || !bytes.Equal(bare, doc) {
		t.Errorf("%v %+v\n%s", err, a, bare)
	}
	inside := strings.Replace(string(doc), "</jdpay>", "<sign>"+sig+"<status>2</status></sign></jdpay>", 1)
	if bare, err := verify(&private.PublicKey, []byte(inside)); err == nil {
		t.Errorf("a signature with elements in it:\n%s", bare)
	}
}

func TestDocumentsAreWritten(t *testing.T) {
	got := string(document(map[string]string{"tradeNum": "1", "amount": "2", "note": "", "tradeName": "A & B <店>"}))
	want := `<?xml version="1.0" encoding="UTF-8"?><jdpay><amount>2</amount><tradeName>A &amp; B &lt;店&gt;</tradeName><tradeNum>1</tradeNum></jdpay>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzDecrypt(f *testing.F) {
	b, err := newCipher(vectorDES)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(vector(f, "refund_answer.encrypted"))
	f.Add([]byte(encrypt(b, []byte("1"))))
	f.Add([]byte("MDAwMDAwMDA="))
	f.Fuzz(func(t *testing.T, text []byte) {
		plain, err := decrypt(b, text)
		if err != nil {
			return
		}
		if back, err := decrypt(b, []byte(encrypt(b, plain))); err != nil || !bytes.Equal(back, plain) {
			t.Errorf("%q comes back as %q, %v", plain, back, err)
		}
	})
}

func FuzzAnswers(f *testing.F) {
	_, public := vectorKeys(f)
	b, err := newCipher(vectorDES)
	if err != nil {
		f.Fatal(err)
	}
	p := &provider{public: public}
	acc := account{merchant: "22294531", des: b}
	for _, name := range []string{"uniorder_answer.xml", "relation_answer.xml", "refund_notice.xml"} {
		f.Add(vector(f, name))
	}
	f.Add([]byte(`<jdpay><result><code>000000</code></result><encrypt>MDAw</encrypt></jdpay>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, bad := p.read(acc, 200, body)
		if bad != nil && bad.Verdict != wallet.Unclear {
			t.Errorf("an answer that is not verified proves %v", bad.Verdict)
		}
		if bad == nil && got.Merchant != acc.merchant {
			t.Errorf("of merchant %q", got.Merchant)
		}
	})
}
