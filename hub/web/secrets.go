package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Secrets are the keys of the pages, derived from the hub's key file
// (HKDF-SHA256, RFC 5869), so that a copy of the database alone opens nothing.
type Secrets struct {
	totp, pepper, device, form []byte
}

// NewSecrets derives the keys.
func NewSecrets(key ed25519.PrivateKey) (*Secrets, error) {
	var s Secrets
	for info, to := range map[string]*[]byte{"guitai-hub totp": &s.totp, "guitai-hub password": &s.pepper, "guitai-hub device": &s.device, "guitai-hub form": &s.form} {
		k, err := hkdf.Key(sha256.New, key.Seed(), nil, info, 32)
		if err != nil {
			return nil, err
		}
		*to = k
	}
	return &s, nil
}

// seal encrypts a TOTP secret for one person (AES-256-GCM, the nonce first).
func (s *Secrets) seal(secret, owner string) ([]byte, error) {
	a, err := gcm(s.totp)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, a.NonceSize())
	rand.Read(nonce)
	return a.Seal(nonce, nonce, []byte(secret), []byte(owner)), nil
}

func (s *Secrets) open(sealed []byte, owner string) (string, error) {
	a, err := gcm(s.totp)
	if err != nil {
		return "", err
	}
	if len(sealed) < a.NonceSize() {
		return "", errors.New("the sealed secret is cut off")
	}
	out, err := a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], []byte(owner))
	if err != nil {
		return "", errors.New("the secret was sealed with another key file")
	}
	return string(out), nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// mark is a keyed hash of texts, as text.
func mark(key []byte, texts ...string) string {
	m := hmac.New(sha256.New, key)
	for _, t := range texts {
		fmt.Fprintf(m, "%d:%s", len(t), t)
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// token makes a secret of 256 bits.
func token() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Parameters of argon2id, those of the till's PINs; hashes say theirs, so that
// they can be raised.
const (
	hashTime    = 2
	hashMemory  = 32 * 1024 // KiB
	hashThreads = 1
)

// hashPassword is what is kept of a password: argon2id of it under the pepper.
func (s *Secrets) hashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", hashTime, hashMemory, hashThreads, enc(salt), enc(s.stretch(password, salt, hashTime, hashMemory, hashThreads)))
}

func (s *Secrets) stretch(password string, salt []byte, time, memory uint32, threads uint8) []byte {
	m := hmac.New(sha256.New, s.pepper)
	m.Write([]byte(password))
	return argon2.IDKey(m.Sum(nil), salt, time, memory, threads, 32)
}

// checkPassword takes as long for a hash that is none as for a real one.
func (s *Secrets) checkPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) == 6 && parts[0] == "argon2id" {
		time, err1 := strconv.ParseUint(parts[1], 10, 32)
		memory, err2 := strconv.ParseUint(parts[2], 10, 32)
		threads, err3 := strconv.ParseUint(parts[3], 10, 8)
		salt, err4 := base64.RawStdEncoding.DecodeString(parts[4])
		sum, err5 := base64.RawStdEncoding.DecodeString(parts[5])
		if errors.Join(err1, err2, err3, err4, err5) == nil && time > 0 && threads > 0 {
			return subtle.ConstantTimeCompare(sum, s.stretch(password, salt, uint32(time), uint32(memory), uint8(threads))) == 1
		}
	}
	s.stretch(password, make([]byte, 16), hashTime, hashMemory, hashThreads)
	return false
}
