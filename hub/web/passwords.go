package web

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

//go:embed commonest.txt
var commonestText string

var commonest = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(commonestText) {
		all[w] = true
	}
	return all
}()

// Passwords are from passwordLeast characters to passwordMost bytes; there are
// no rules of what must be in them (NIST SP 800-63B, section 5.1.1.2).
const (
	passwordLeast = 8
	passwordMost  = 256
)

// rows are runs on a keyboard and in the alphabet.
var rows = []string{"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()_+"}

// weak says why a password must not be used, as the key of a word; empty where
// it may. Common words stay common with a year or an exclamation mark after
// them, and with 0 for o.
func weak(password, email string) string {
	if utf8.RuneCountInString(password) < passwordLeast {
		return "password.short"
	}
	if len(password) > passwordMost || !utf8.ValidString(password) {
		return "password.long"
	}
	low := strings.ToLower(password)
	bare := strings.Trim(low, "0123456789!@#$%^&*().,_-+=?~ ")
	plain := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t").Replace(low)
	local, _, _ := strings.Cut(email, "@")
	switch {
	case commonest[low], commonest[bare], commonest[plain], commonest[strings.TrimRight(plain, "oiseat!@#.")]:
		return "password.common"
	case len(local) >= 3 && strings.Contains(low, local) && len(low)-len(local) < 5:
		return "password.common"
	case len(distinct(low)) < 4:
		return "password.common"
	}
	for _, row := range rows {
		if strings.Contains(row, low) || strings.Contains(reversed(row), low) || len(bare) >= 4 && len(low)-len(bare) <= 4 && strings.Contains(row, bare) {
			return "password.common"
		}
	}
	if digits := strings.Trim(low, "0123456789") == ""; digits && len(low) <= 8 {
		return "password.common" // a date, or half a phone number
	}
	return ""
}

func distinct(s string) map[rune]bool {
	all := map[rune]bool{}
	for _, r := range s {
		all[r] = true
	}
	return all
}

func reversed(s string) string {
	var b strings.Builder
	for i := len(s) - 1; i >= 0; i-- {
		b.WriteByte(s[i])
	}
	return b.String()
}
