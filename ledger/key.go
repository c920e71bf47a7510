package ledger

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// keyFile holds the till's signing key. It is left out of backups: a restored
// ledger goes on under a key of its own.
const keyFile = "till.key"

// A key signs the heads of the journal.
type key struct{ private ed25519.PrivateKey }

func (k key) public() []byte { return k.private.Public().(ed25519.PublicKey) }

func (k key) sign(head [32]byte) []byte { return ed25519.Sign(k.private, head[:]) }

// forMarks returns the key that customers' codes are hashed with. It follows
// from the till's key and, like it, is in no backup.
func (k key) forMarks() (out [32]byte) {
	h := hmac.New(sha256.New, k.private.Seed())
	h.Write([]byte("guitai: marks of payment codes"))
	h.Sum(out[:0])
	return out
}

// MarkCode returns a keyed hash of a customer's code, by which the same code is
// known again; "" for none, and where the ledger was opened for reading.
func (l *Ledger) MarkCode(code string) string {
	k := l.marks.Load()
	if code == "" || k == nil {
		return ""
	}
	h := hmac.New(sha256.New, k[:])
	h.Write([]byte(code))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// loadKey reads the till's key, making one for a ledger that has none yet.
func loadKey(dir string) (key, error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newKey(dir)
	}
	if err != nil {
		return key{}, fmt.Errorf("read the till's key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "GUITAI TILL KEY" || len(block.Bytes) != ed25519.SeedSize {
		return key{}, fmt.Errorf("the till's key in %s is damaged", path)
	}
	return key{ed25519.NewKeyFromSeed(block.Bytes)}, nil
}

func newKey(dir string) (key, error) {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	text := pem.EncodeToMemory(&pem.Block{Type: "GUITAI TILL KEY", Bytes: seed})
	if err := writeNew(filepath.Join(dir, keyFile), text); err != nil {
		return key{}, fmt.Errorf("keep the till's key: %w", err)
	}
	return key{ed25519.NewKeyFromSeed(seed)}, nil
}

// writeNew makes a file that only its owner can read, durably and whole.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	return err
}
