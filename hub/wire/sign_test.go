package wire_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"guitai/hub/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TEST 2 of RFC 8032, section 7.1: the key is 32 bytes of seed.
func rfc8032(t testing.TB) ed25519.PrivateKey {
	key := ed25519.NewKeyFromSeed(unhex(t, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
	if got := hex.EncodeToString(key.Public().(ed25519.PublicKey)); got != "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c" {
		t.Fatal(got)
	}
	return key
}

// What is signed is id, seconds and body joined by dots, and nothing else: the
// signature is that of the bare algorithm over this text.
func TestARequestIsSignedAsTheStandardSays(t *testing.T) {
	key := rfc8032(t)
	at := time.Unix(1674087231, 999_000_000)
	body := []byte(`{"type":"contact.created"}`)
	header := wire.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	raw, ok := strings.CutPrefix(header, "v1a,")
	sig, err := base64.StdEncoding.DecodeString(raw)
	if !ok || err != nil || !ed25519.Verify(key.Public().(ed25519.PublicKey), []byte(`msg_p5jXN8AQM9LWM0D4loKWxJek.1674087231.{"type":"contact.created"}`), sig) {
		t.Errorf("%s: %v", header, err)
	}
	pub := key.Public().(ed25519.PublicKey)
	other := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	for name, row := range map[string]struct {
		header, id, at, body string
		keys                 []ed25519.PublicKey
		good                 bool
	}{
		"as signed":           {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, true},
		"one of a list":       {"v1,AAAA v1a,AAAA " + header + " v2,x", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, true},
		"one of two keys":     {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{other, pub}, true},
		"another key":         {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{other}, false},
		"no key":              {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), nil, false},
		"another id":          {header, "msg_q5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, false},
		"another time":        {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087232", string(body), []ed25519.PublicKey{pub}, false},
		"another body":        {header, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body) + " ", []ed25519.PublicKey{pub}, false},
		"of another scheme":   {"v1," + raw, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, false},
		"cut":                 {header[:len(header)-4], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, false},
		"none":                {"", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, false},
		"a dot moved over":    {header, "msg_p5jXN8AQM9LWM0D4loKWxJek.1674087231", "", string(body), []ed25519.PublicKey{pub}, false},
		"signature over nine": {header + "AAAA", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1674087231", string(body), []ed25519.PublicKey{pub}, false},
	} {
		if err := wire.Verify(row.header, row.id, row.at, []byte(row.body), row.keys...); (err == nil) != row.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysAreWrittenAsTheStandardSays(t *testing.T) {
	key := rfc8032(t).Public().(ed25519.PublicKey)
	const text = "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
	if got := wire.KeyText(key); got != text {
		t.Errorf("%s", got)
	}
	if got, err := wire.ParseKey(text); err != nil || !got.Equal(key) {
		t.Errorf("%v %x", err, got)
	}
	for _, bad := range []string{"", "whpk_", text[5:], "whsk_" + text[5:], text[:len(text)-1], text + "A", "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgx=", "whpk_AAAA"} {
		if _, err := wire.ParseKey(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	// The first eight bytes of the key's SHA-256, as 16 digits.
	if got := wire.Fingerprint(key); len(got) != 19 || strings.Trim(got, "0123456789 ") != "" || got == wire.Fingerprint(make([]byte, 32)) {
		t.Errorf("%q", got)
	}
}

// The canonical texts are what openapi.yaml says: one line for each word, the
// last ended too, and no line feed within.
func TestWordsAreLines(t *testing.T) {
	key := rfc8032(t)
	pub := key.Public().(ed25519.PublicKey)
	at := time.Date(2026, 6, 18, 22, 10, 3, 45_600_000, time.FixedZone("", 8*3600))
	sig := wire.SignWords(key, wire.ReceiptWords("H", "T", 2, 17, "ab", at)...)
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sig, "v1a,"))
	if err != nil || !ed25519.Verify(pub, []byte("guitai.receipt.v1\nH\nT\n2\n17\nab\n2026-06-18T14:10:03.045Z\n"), raw) {
		t.Errorf("%v: the receipt's text is another", err)
	}
	for name, words := range map[string][]string{
		"guitai.command.v1\nH\nT\nid\nresend\n3\n9\n林\n2026-06-18T14:10:03.045Z\n": wire.CommandWords("H", "T", "id", "resend", 3, 9, "林", at),
		"guitai.catalog.v1\nH\nS\n4\n2026-06-18T14:10:03.045Z\nab\n":               wire.CatalogWords("H", "S", 4, at, "ab"),
		"guitai.key.v1\nH\nT\n2\nwhpk_x\n":                                         wire.KeyWords("H", "T", 2, "whpk_x"),
	} {
		if got := strings.Join(words, "\n") + "\n"; got != name {
			t.Errorf("%q", got)
		}
	}
	if wire.VerifyWords(pub, wire.SignWords(key, "a", "b\nc"), "a", "b", "c") == nil {
		t.Error("a line feed within a word makes it two")
	}
}

// No header is taken that was not made for these bytes, and none makes Verify
// fail otherwise than by refusing.
func FuzzVerify(f *testing.F) {
	key := rfc8032(f)
	pub := key.Public().(ed25519.PublicKey)
	at := time.Unix(1674087231, 0)
	good := wire.Sign(key, "msg_1", at, []byte("{}"))
	f.Add(good, "msg_1", strconv.FormatInt(at.Unix(), 10), []byte("{}"))
	f.Add("v1a,"+strings.Repeat("A", 86)+"== "+good, "msg_1", "1674087231", []byte("{}"))
	f.Add("v1a,", "", "", []byte(nil))
	f.Add(good, "msg_1.1674087231", "", []byte("{}"))
	f.Fuzz(func(t *testing.T, header, id, stamp string, body []byte) {
		text := id + "." + stamp + "." + string(body)
		if err := wire.Verify(header, id, stamp, body, pub); err == nil && text != "msg_1.1674087231.{}" {
			t.Errorf("%q is taken for %q", header, text)
		}
		if err := wire.VerifyWords(pub, header, id, stamp); err == nil {
			t.Errorf("%q is taken for words", header)
		}
		if k, err := wire.ParseKey(header); err == nil && wire.KeyText(k) != header && !strings.ContainsAny(header, "\r\n") {
			t.Errorf("%q is read as %s", header, wire.KeyText(k))
		}
	})
}
