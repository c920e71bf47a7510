package jdpay

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// The cipher is DESede/ECB/NoPadding over the length of the text in 4 bytes,
// big-endian, the text in UTF-8, and zeros up to a multiple of 8; the result
// is written in hexadecimal and that in base 64 [jd, interface security].

// newCipher takes the key as the provider gives it: 24 bytes in base 64.
func newCipher(key string) (cipher.Block, error) {
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, errors.New("the key is not base 64; part of it may be missing")
	}
	if len(raw) != 24 {
		return nil, fmt.Errorf("the key has %d bytes, 24 are due", len(raw))
	}
	return des.NewTripleDESCipher(raw)
}

func encrypt(b cipher.Block, text []byte) string {
	size := (4 + len(text) + 7) / 8 * 8
	plain := make([]byte, size)
	binary.BigEndian.PutUint32(plain, uint32(len(text)))
	copy(plain[4:], text)
	for i := 0; i < size; i += 8 {
		b.Encrypt(plain[i:i+8], plain[i:i+8])
	}
	return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(plain)))
}

// errCipher says that a text was not encrypted with this key.
var errCipher = errors.New("the answer cannot be decrypted with the DES key")

func decrypt(b cipher.Block, text []byte) ([]byte, error) {
	text = bytes.Join(bytes.Fields(text), nil)
	inner := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(inner, text)
	if err != nil {
		return nil, errCipher
	}
	plain := make([]byte, n/2)
	if _, err := hex.Decode(plain, inner[:n]); err != nil || len(plain) == 0 || len(plain)%8 != 0 {
		return nil, errCipher
	}
	for i := 0; i < len(plain); i += 8 {
		b.Decrypt(plain[i:i+8], plain[i:i+8])
	}
	size := binary.BigEndian.Uint32(plain)
	if uint64(size)+4 > uint64(len(plain)) || uint64(size)+12 <= uint64(len(plain)) {
		return nil, errCipher
	}
	return plain[4 : 4+size], nil
}
