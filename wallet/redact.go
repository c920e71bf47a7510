package wallet

import (
	"net/url"
	"regexp"
	"strings"
)

// keptMost bounds what is kept of a body, in bytes.
const keptMost = 4096

// secretName matches the names of fields, in any provider's wire, whose values
// are never kept: codes, keys, tokens, signatures, and who paid.
const secretName = `(?:auth_?code|dynamic_id|pay_?code|token|access_token|refresh_token|client_secret|secret|password|terminal_key|vendor_key|api_?key|key|sign|signature|encrypt|nonce_str|` +
	`open_?id|sub_openid|buyer_[a-z_]+|payer_[a-z_]+|email_address|email|phone|phone_number|full_name|given_name|surname|account_number|bank_type|number_token)`

var (
	secretJSON = regexp.MustCompile(`(?i)("` + secretName + `"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[0-9.]+)`)
	secretXML  = regexp.MustCompile(`(?is)(<` + secretName + `>).*?(</)`)
	secretForm = regexp.MustCompile(`(?i)((?:^|[&?;])` + secretName + `=)[^&;\s]*`)
	// biz_content and the like are JSON inside a form value.
	secretEscaped = regexp.MustCompile(`(?i)(%22` + secretName + `%22(?:%20)*(?:%3A|:)(?:%20)*)(?:%22.*?%22|[0-9.]+)`)
	bearer        = regexp.MustCompile(`(?i)(bearer |basic )[A-Za-z0-9._~+/=-]+`)
)

// Redact returns a body as it may be kept: the given values and the values of
// fields with secret names replaced, and cut to a bound.
func Redact(body []byte, secrets ...string) string {
	s := scrub(string(body), secrets)
	s = secretJSON.ReplaceAllString(s, `$1"***"`)
	s = secretXML.ReplaceAllString(s, `$1***$2`)
	s = secretForm.ReplaceAllString(s, `$1***`)
	s = secretEscaped.ReplaceAllString(s, `$1%22***%22`)
	s = bearer.ReplaceAllString(s, `$1***`)
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > keptMost {
		s = strings.ToValidUTF8(s[:keptMost], "") + " ..."
	}
	return s
}

// scrub replaces values that must not be kept, as they are and as a URL or a
// form writes them.
func scrub(s string, secrets []string) string {
	for _, v := range secrets {
		if len(v) < 4 {
			continue
		}
		for _, form := range []string{v, url.QueryEscape(v), url.PathEscape(v)} {
			s = strings.ReplaceAll(s, form, "***")
		}
	}
	return s
}

func kept(f func([]byte) string, body []byte, secrets []string) string {
	if f != nil {
		return scrub(f(body), secrets)
	}
	return Redact(body, secrets...)
}
