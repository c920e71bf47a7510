package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"regexp"
	"strings"
	"time"
)

// zhEn is a text in both languages.
type zhEn struct{ zh, en string }

// derType finds the name of what a file without PEM's lines holds.
func derType(b []byte) string {
	if _, err := x509.ParseCertificate(b); err == nil {
		return "CERTIFICATE"
	}
	if _, err := x509.ParsePKCS8PrivateKey(b); err == nil {
		return "PRIVATE KEY"
	}
	if _, err := x509.ParsePKCS1PrivateKey(b); err == nil {
		return "RSA PRIVATE KEY"
	}
	return "PUBLIC KEY"
}

// pemWords says what a kept key or certificate is, without a part of it: of a
// certificate its end and its last digits, by which people tell two apart.
func pemWords(text string) string {
	n := 0
	var last *x509.Certificate
	for rest := []byte(text); ; n++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			if c, err := x509.ParseCertificate(block.Bytes); err == nil && last == nil {
				last = c
			}
		} else if n == 0 {
			return block.Type + " •••"
		}
	}
	switch {
	case last != nil:
		serial := strings.ToUpper(last.SerialNumber.Text(16))
		return "CERTIFICATE …" + serial[max(0, len(serial)-6):] + ", " + last.NotAfter.Format(time.DateOnly)
	case n > 0:
		return "PEM •••"
	case bytes.ContainsAny([]byte(text), " \n"):
		return "••••••"
	}
	return "KEY •••"
}

// faultNumbers are what a fault says of one shop's entry alone.
var faultNumbers = regexp.MustCompile(`\d+`)

// faultWords finds the words of both languages for what an adapter says of a
// field. Numbers in it go into the translation in their order.
func faultWords(detail string) zhEn {
	w := translated(detail)
	if w.en != "" {
		w.en = strings.ToUpper(w.en[:1]) + w.en[1:]
	}
	return w
}

func translated(detail string) zhEn {
	if zh, ok := faultZH[detail]; ok {
		return zhEn{zh, detail}
	}
	numbers := faultNumbers.FindAllString(detail, -1)
	if zh, ok := faultZH[faultNumbers.ReplaceAllString(detail, "#")]; ok {
		for _, n := range numbers {
			zh = strings.Replace(zh, "#", n, 1)
		}
		return zhEn{zh, detail}
	}
	for _, p := range faultPrefixes {
		if rest, ok := strings.CutPrefix(detail, p.en); ok {
			return zhEn{p.zh + rest, detail}
		}
	}
	return zhEn{"这一项不对（" + detail + "）", detail}
}

// faultPrefixes are details that end in a provider's or a file's own words.
var faultPrefixes = []zhEn{
	{"收钱吧不接受签到：", "Shouqianba refused the check-in: "},
	{"收钱吧不接受：", "Shouqianba refused it: "},
	{"PayPal 不认识这对客户端编号和密钥", "PayPal does not know this client ID with this secret"},
	{"请选一个：", "choose one of "},
	{"商户证书已过期：", "the merchant certificate expired on "},
}

// faultZH are the details of the adapters' field errors, a number written #.
var faultZH = map[string]string{
	"this is needed, or the three certificates of certificate mode": "这一项必须填；或者填证书模式的三张证书",
	"# characters, # digits are due":                                "现在是 # 个字符，要 # 位数字",
	"this is needed":                                                "这一项必须填",
	"no address like https://host":                                  "不是 https:// 开头的地址",
	"no address like https://shop.example":                          "不是 https:// 开头的网址",
	"an address has no ?, # or password":                            "地址里不能有 ?、# 或密码",
	"real payments need https":                                      "真实收款要用 https",
	"# digits are due, not # characters":                            "要 # 位数字，现在是 # 个字符",

	"WeChat Pay has no test host: give the address of a simulator":        "微信支付没有测试环境：请填模拟器的地址",
	"live payments need https://":                                         "正式收款要用 https://",
	"the address is no http:// or https:// URL":                           "不是 http:// 或 https:// 地址",
	"WeChat Pay takes CNY alone":                                          "微信支付只收人民币",
	"the merchant number is missing":                                      "还没有商户号",
	"a merchant number has # digits, or # if it is old":                   "商户号是 # 位数字，老商户 # 位",
	"the AppID is missing":                                                "还没有 AppID",
	"an AppID is wx and # letters and digits":                             "AppID 是 wx 加 # 位字母数字",
	"the certificate does not belong to the private key":                  "证书和私钥不是一对：请从同一个压缩包里取",
	"it is cut off, or no PEM":                                            "不完整，或不是 PEM 文件",
	"it is no RSA key of # bits or more":                                  "不是 # 位以上的 RSA 密钥",
	"it is the shop's own key; WeChat Pay's is needed":                    "这是商户自己的公钥，要填微信支付的",
	"the WeChat Pay public key is missing":                                "还没有微信支付公钥",
	"the certificate cannot be read":                                      "证书读不出来，可能不完整",
	"the public key cannot be read":                                       "公钥读不出来，可能不完整",
	"the private key cannot be read":                                      "私钥读不出来，可能不完整",
	"the private key is missing":                                          "还没有私钥",
	"the private key is cut off, or no PEM":                               "私钥不完整，或不是 PEM 文件",
	"the certificate is missing":                                          "还没有证书",
	"the certificate is cut off, or no PEM":                               "证书不完整，或不是 PEM 文件",
	"it is a certificate, not a private key":                              "这是证书，要填私钥",
	"it is a public key, not a private key":                               "这是公钥，要填私钥",
	"it is a private key, not a certificate":                              "这是私钥，要填证书",
	"it is a rsa private key, not a certificate":                          "这是私钥，要填证书",
	"it is a public key, not a certificate":                               "这是公钥，要填证书",
	"it is a private key, not a public key or a platform certificate":     "这是私钥，要填微信支付公钥或平台证书",
	"it is a rsa private key, not a public key or a platform certificate": "这是私钥，要填微信支付公钥或平台证书",
	"a WeChat Pay public key has an ID that begins with PUB_KEY_ID_":      "微信支付公钥要配 PUB_KEY_ID_ 开头的公钥 ID",
	"the signature is MD# or HMAC-SHA#":                                   "签名方式是 MD# 或 HMAC-SHA#",
	"a shop's number has at most # letters and digits":                    "门店编号最多 # 位字母数字",
	"customers' codes are charged by v# or v#":                            "付款码支付接口是 v# 或 v#",
	"an APIv# key has # letters and digits":                               "APIv# 密钥是 # 位字母数字",
	"an APIv# key has # characters":                                       "APIv# 密钥是 # 个字符",
	"the APIv# key is missing: customers' codes are charged by APIv#":     "还没有 APIv# 密钥：付款码支付要用 APIv#",
	"the notify URL is missing":                                           "还没有通知地址",
	"a notify URL begins with https:// and has no parameters":             "通知地址以 https:// 开头，不带参数",

	"the text is cut off or damaged: a line BEGIN and a line END are due, with the whole key between them": "不完整或损坏：要有 BEGIN 行和 END 行，中间是整段密钥",
	"the text is cut off or damaged: it is no base #":                                                      "不完整或损坏：不是 Base#",
	"the text is cut off or damaged: of # certificates # can be read":                                      "不完整或损坏：# 张证书里只有 # 张读得出来",
	"the key is cut off or damaged":                                                                        "密钥不完整或损坏",
	"the certificate is cut off or damaged":                                                                "证书不完整或损坏",
	"certificate # in the file is damaged":                                                                 "文件里第 # 张证书损坏",
	"no RSA certificate is in the file; it is not Alipay's alipayRootCert.crt":                             "文件里没有 RSA 证书，不是支付宝的 alipayRootCert.crt",
	"the key has # bits; RSA# needs #":                                                                     "密钥只有 # 位，RSA# 要 # 位",
	"the key is locked with a password; Alipay's tool writes it without one":                               "密钥有密码；支付宝工具生成的没有密码",
	"the key is not RSA": "不是 RSA 密钥",
	"this is a certificate; a public key is due, or certificate mode": "这是证书，要填公钥，或改用证书模式",
	"this is a certificate; the private key is due":                   "这是证书，要填私钥",
	"this is a private key; Alipay's public key is due":               "这是私钥，要填支付宝公钥",
	"this is a public key; the private key is due":                    "这是公钥，要填私钥",
	"this is no certificate":                                          "这不是证书",

	"neither PEM nor base #":                                                         "不是 PEM，也不是 Base#",
	"no RSA private key; part of it may be missing":                                  "不是 RSA 私钥，可能不完整",
	"no RSA public key; part of it may be missing":                                   "不是 RSA 公钥，可能不完整",
	"the PEM text is cut off or damaged":                                             "PEM 文字不完整或损坏",
	"the key has a password; export it without one":                                  "密钥有密码，请导出不带密码的",
	"the key is not an RSA key":                                                      "不是 RSA 密钥",
	"the key is not base #; part of it may be missing":                               "密钥不是 Base#，可能不完整",
	"the key has # bytes, # are due":                                                 "密钥是 # 字节，要 # 字节",
	"there is more than one PEM block":                                               "有多于一段的 PEM，只要一段",
	"this is a private key; JD's public key belongs here":                            "这是私钥，要填京东公钥",
	"this is the shop's own public key; JD's belongs here":                           "这是商户自己的公钥，要填京东的",
	"this is a public key or a certificate; the shop's own private key belongs here": "这是公钥或证书，要填商户自己的私钥",
	"this is a public key; the shop's own private key belongs here":                  "这是公钥，要填商户自己的私钥",
	"a merchant number is # to # digits":                                             "商户号是 # 到 # 位数字",

	"a key is # letters and digits; part of it may be missing":          "密钥是 # 位字母数字，可能不完整",
	"choose # (MD#) or # (SHA-#)":                                       "请选 #（MD#）或 #（SHA-#）",
	"a device id has at most # characters":                              "设备标识最多 # 个字符",
	"a terminal key is # letters and digits; part of it may be missing": "终端密钥是 # 位字母数字，可能不完整",
	"a terminal key is # letters and digits; leave this empty":          "终端密钥是 # 位字母数字；这一项留空",
	"a terminal number is # to # letters and digits":                    "终端号是 # 到 # 位字母数字",
	"a vendor number is letters and digits":                             "服务商序列号是字母和数字",
	"this is kept by the till; leave it empty":                          "由收银台自动保存，请留空",

	"this is the publishable key; the restricted key (rk_) or the secret key (sk_) is needed":                                 "这是可公开的密钥，要填受限密钥（rk_）或私密密钥（sk_）",
	"this is a webhook's signing secret; the restricted key (rk_) or the secret key (sk_) is needed":                          "这是 Webhook 的签名密钥，要填受限密钥（rk_）或私密密钥（sk_）",
	"a key begins with rk_live_, rk_test_, sk_live_ or sk_test_ and goes on with letters and digits; this one may be cut off": "密钥以 rk_live_、rk_test_、sk_live_ 或 sk_test_ 开头，后面是字母数字；这个可能不完整",
	"this key is for test mode, and the account is set to live":                                                               "这是测试密钥，而这里是正式账户",
	"this key is for real money, and the account is set to test":                                                              "这是正式密钥，而这里是测试账户",
	"a client ID has about # letters, digits, - and _; this one may be cut off":                                               "客户端编号约 # 位字母、数字、- 和 _，这个可能不完整",
	"a client secret has about # letters, digits, - and _; this one may be cut off":                                           "客户端密钥约 # 位字母、数字、- 和 _，这个可能不完整",
	"this is an e-mail address; the client ID of an app is needed":                                                            "这是邮箱，要填应用的客户端编号",
	"this is the client ID once more":                                                                                         "这里又填了客户端编号",
	"a merchant ID has # capital letters and digits":                                                                          "商家编号是 # 位大写字母和数字",
	"names like card,link with commas between them":                                                                           "写成 card,link，用逗号分开",
	"a reader's number begins with tmr_":                                                                                      "读卡器编号以 tmr_ 开头",
	"this till has no such way to be paid through Stripe":                                                                     "收银台不支持这种方式",
}
