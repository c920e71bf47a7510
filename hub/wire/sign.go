package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Headers of a signed request (Standard Webhooks 1.0.0, "Webhook Headers").
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// Schemas of documents that are understood, both ends included.
const (
	SchemaMin = 1
	SchemaMax = 1
)

// BatchMost is how many documents one request may bring; BodyMost how many
// bytes it may have.
const (
	BatchMost = 50
	BodyMost  = 256 << 10
)

// ClockLeeway is how far a request's timestamp may be off (Standard Webhooks
// leaves the tolerance to who verifies).
const ClockLeeway = 5 * time.Minute

const (
	keyPrefix = "whpk_"
	sigPrefix = "v1a,"
)

// ErrSignature says that no signature of a request is by the key.
var ErrSignature = errors.New("no signature of this key")

// KeyText writes a public key as Standard Webhooks does (whpk_ and base64).
func KeyText(key ed25519.PublicKey) string {
	return keyPrefix + base64.StdEncoding.EncodeToString(key)
}

// ParseKey reads what KeyText writes.
func ParseKey(text string) (ed25519.PublicKey, error) {
	body, ok := strings.CutPrefix(text, keyPrefix)
	if !ok {
		return nil, fmt.Errorf("public key: must begin with %s", keyPrefix)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(body)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("public key: not 32 bytes of base64")
	}
	return key, nil
}

// Fingerprint is what two people compare to know that a key is the one they
// mean: four groups of four digits, which read the same in every language.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	n := binary.BigEndian.Uint64(sum[:8]) % 10_000_000_000_000_000
	d := fmt.Sprintf("%016d", n)
	return d[:4] + " " + d[4:8] + " " + d[8:12] + " " + d[12:]
}

// Digest is the SHA-256 of a document's bytes in hexadecimal.
func DigestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Sign signs a request body (Standard Webhooks 1.0.0, "Signature scheme",
// asymmetric): the text is id, timestamp in seconds and body, joined by dots.
func Sign(key ed25519.PrivateKey, id string, at time.Time, body []byte) string {
	return sigPrefix + base64.StdEncoding.EncodeToString(ed25519.Sign(key, signedText(id, strconv.FormatInt(at.Unix(), 10), body)))
}

// Verify checks the value of the signature header: a list, of which one
// signature must be of one of the keys. It does not look at the clock.
func Verify(header, id, timestamp string, body []byte, keys ...ed25519.PublicKey) error {
	text := signedText(id, timestamp, body)
	for _, one := range strings.Fields(header) {
		sig, ok := signature(one)
		if !ok {
			continue
		}
		for _, key := range keys {
			if ed25519.Verify(key, text, sig) {
				return nil
			}
		}
	}
	return ErrSignature
}

func signedText(id, timestamp string, body []byte) []byte {
	text := make([]byte, 0, len(id)+len(timestamp)+len(body)+2)
	text = append(text, id...)
	text = append(text, '.')
	text = append(text, timestamp...)
	text = append(text, '.')
	return append(text, body...)
}

func signature(text string) ([]byte, bool) {
	body, ok := strings.CutPrefix(text, sigPrefix)
	if !ok {
		return nil, false
	}
	sig, err := base64.StdEncoding.DecodeString(body)
	return sig, err == nil && len(sig) == ed25519.SignatureSize
}

// SignWords signs the lines of a canonical text, as receipts, commands,
// catalogues and proofs of keys are.
func SignWords(key ed25519.PrivateKey, lines ...string) string {
	return sigPrefix + base64.StdEncoding.EncodeToString(ed25519.Sign(key, words(lines)))
}

// VerifyWords checks what SignWords made.
func VerifyWords(key ed25519.PublicKey, sig string, lines ...string) error {
	raw, ok := signature(sig)
	if !ok || !ed25519.Verify(key, words(lines), raw) {
		return ErrSignature
	}
	return nil
}

// words joins lines that hold no line feed themselves: one within would let two
// different lists have one text, so it is taken out.
func words(lines []string) []byte {
	clean := make([]string, len(lines))
	for i, l := range lines {
		clean[i] = strings.ReplaceAll(l, "\n", " ")
	}
	return []byte(strings.Join(clean, "\n") + "\n")
}

// ReceiptWords is the canonical text of a receipt.
func ReceiptWords(hub, till string, epoch, seq int64, sha256 string, at time.Time) []string {
	return []string{"guitai.receipt.v1", hub, till, strconv.FormatInt(epoch, 10), strconv.FormatInt(seq, 10), sha256, Moment(at)}
}

// CommandWords is the canonical text of a remote command.
func CommandWords(hub, till, id, kind string, from, to int64, by string, at time.Time) []string {
	return []string{"guitai.command.v1", hub, till, id, kind, strconv.FormatInt(from, 10), strconv.FormatInt(to, 10), by, Moment(at)}
}

// CatalogWords is the canonical text of a version of the catalogue.
func CatalogWords(hub, shop string, version int64, effective time.Time, sha256 string) []string {
	return []string{"guitai.catalog.v1", hub, shop, strconv.FormatInt(version, 10), Moment(effective), sha256}
}

// KeyWords is the canonical text by which a new key proves itself.
func KeyWords(hub, till string, epoch int64, key string) []string {
	return []string{"guitai.key.v1", hub, till, strconv.FormatInt(epoch, 10), key}
}

// Moment writes a time to the millisecond in UTC, the only form that signed
// texts use.
func Moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
