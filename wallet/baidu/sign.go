package baidu

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The methods of signing [bd refund 6.3].
const (
	methodMD5  = "1"
	methodSHA1 = "2"
)

// gbk writes a text in GBK, as input_charset 1 wants it; a character that GBK
// has not becomes a question mark.
func gbk(s string) string {
	e := simplifiedchinese.GBK.NewEncoder()
	if out, err := e.String(s); err == nil {
		return out
	}
	var b strings.Builder
	for _, r := range s {
		out, err := e.String(string(r))
		if err != nil {
			out = "?"
		}
		b.WriteString(out)
	}
	return b.String()
}

// clipGBK cuts a text to a number of bytes in GBK, between characters.
func clipGBK(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += len(gbk(string(r))); n > most {
			return s[:i]
		}
	}
	return s
}

// sign joins what is sent by name, each value as it is in GBK, puts the key
// last and hashes that [bd refund 2]. A parameter that is there counts, empty
// or not; one that is not there does not.
func sign(method, key string, values map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b.WriteString(name + "=" + gbk(values[name]) + "&")
	}
	b.WriteString("key=" + key)
	if method == methodSHA1 {
		sum := sha1.Sum([]byte(b.String()))
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// encode writes values as the query of a URL, percent-encoded in GBK.
func encode(values map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, name+"="+url.QueryEscape(gbk(values[name])))
	}
	return strings.Join(parts, "&")
}
