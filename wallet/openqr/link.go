package openqr

import (
	"net/url"
	"strings"
)

// linkMaker shows the code that the shop already has on its counter, as it is.
// Neither amount nor reference can be put into it, so the customer is asked to
// type the amount.
func linkMaker(check func(string) ProblemCode, currencies ...string) maker {
	return maker{
		currencies: currencies,
		fields: []Field{
			{Key: "code", Required: true, Max: 512, check: check},
			{Key: "payee", Required: true, Max: 70, Letters: AnyLetters},
		},
		build: func(m Method, r request) (Payload, error) { return Payload{Text: m.field("code")}, nil },
	}
}

// alipayLink wants a printed Alipay code: https://qr.alipay.com/...
func alipayLink(s string) ProblemCode { return linkAt(s, "qr.alipay.com") }

// weChatLink wants a printed WeChat code: wxp://... of a person or a shop. The
// weixin:// links are orders that run out and are not taken.
func weChatLink(s string) ProblemCode {
	if id, ok := strings.CutPrefix(s, "wxp://"); ok && len(id) >= 8 && strings.Trim(id, alnum+"-_*./") == "" {
		return ""
	}
	return linkAt(s, "payapp.weixin.qq.com", "payapp.wechatpay.cn")
}

func anyLink(s string) ProblemCode { return linkAt(s) }

// linkAt wants an https link with a path, at one of hosts where any are given.
func linkAt(s string, hosts ...string) ProblemCode {
	u, err := url.Parse(s)
	if err != nil || !strings.EqualFold(u.Scheme, "https") || u.Host == "" || len(u.Path) < 2 && u.RawQuery == "" || strings.Contains(s, " ") {
		return BadForm
	}
	for _, h := range hosts {
		if strings.EqualFold(u.Host, h) {
			return ""
		}
	}
	if len(hosts) > 0 {
		return OtherScheme
	}
	return ""
}
