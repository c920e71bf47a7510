package server

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// codeLetters are those of an enrolment code: none that is taken for another.
const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// NewCode makes an enrolment code of eight letters and digits (40 bits), shown
// as two groups of four.
func NewCode() string {
	var raw [8]byte
	rand.Read(raw[:])
	var b strings.Builder
	for i, r := range raw {
		if i == 4 {
			b.WriteByte('-')
		}
		b.WriteByte(codeLetters[int(r)%len(codeLetters)])
	}
	return b.String()
}

// Code is an enrolment code as a person may type it, in the form that is kept.
func Code(typed string) string {
	code := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(typed))
	if len(code) == 8 {
		code = code[:4] + "-" + code[4:]
	}
	return code
}

// clip cuts a text to most bytes, at a character. NUL goes: PostgreSQL keeps
// none in a text, and a till must not be told for ever to come back later.
func clip(s string, most int) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

func uuidText(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

// marshal writes a value of the contract's, which always can be.
func marshal(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return out
}
