package wechatpay

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// The fields, under the platform's own names.
const (
	fieldAppID      = "appid"
	fieldMchID      = "mchid"
	fieldKey        = "apiclient_key"
	fieldCert       = "apiclient_cert"
	fieldPlatform   = "public_key"
	fieldPlatformID = "public_key_id"
	fieldV2Key      = "apiv2_key"
	fieldV3Key      = "apiv3_key"
	fieldNotify     = "notify_url"
	fieldSignType   = "sign_type"
	fieldTake       = "code_payment"
	fieldStore      = "store_id"
)

var fields = []wallet.Field{
	{
		Name: fieldMchID, Kind: wallet.Digits, Title: wallet.Title{Zh: "商户号", En: "Merchant number"},
		Hint: wallet.Title{Zh: "商户平台 → 账户中心 → 商户信息", En: "Merchant platform, account centre, merchant information"},
	},
	{
		Name: fieldAppID, Kind: wallet.Text, Title: wallet.Title{Zh: "AppID", En: "AppID"},
		Hint: wallet.Title{Zh: "wx 开头，已与商户号绑定：产品中心 → AppID 账号管理", En: "Begins with wx and is bound to the merchant number: product centre, AppID accounts"},
	},
	{
		Name: fieldKey, Kind: wallet.PEM, Secret: true, Title: wallet.Title{Zh: "商户 API 私钥", En: "Merchant private key"},
		Hint: wallet.Title{Zh: "证书工具生成的 apiclient_key.pem", En: "apiclient_key.pem, made by the certificate tool"},
	},
	{
		Name: fieldCert, Kind: wallet.PEM, Title: wallet.Title{Zh: "商户 API 证书", En: "Merchant certificate"},
		Hint: wallet.Title{Zh: "与私钥同一压缩包中的 apiclient_cert.pem", En: "apiclient_cert.pem, from the same archive as the key"},
	},
	{
		Name: fieldPlatform, Kind: wallet.PEM, Title: wallet.Title{Zh: "微信支付公钥或平台证书", En: "WeChat Pay public key or platform certificate"},
		Hint: wallet.Title{Zh: "API 安全 → 微信支付公钥：pub_key.pem；老商户可填平台证书", En: "API security, WeChat Pay public key: pub_key.pem; older merchants may have platform certificates"},
	},
	{
		Name: fieldPlatformID, Kind: wallet.Text, Optional: true, Title: wallet.Title{Zh: "微信支付公钥 ID", En: "WeChat Pay public key ID"},
		Hint: wallet.Title{Zh: "PUB_KEY_ID_ 开头；填平台证书时留空", En: "Begins with PUB_KEY_ID_; empty for platform certificates"},
	},
	{
		Name: fieldV2Key, Kind: wallet.Text, Secret: true, Optional: true, Title: wallet.Title{Zh: "APIv2 密钥", En: "APIv2 key"},
		Hint: wallet.Title{Zh: "API 安全 → APIv2 密钥，32 位；付款码支付用 v2 时必填", En: "API security, APIv2 key, 32 characters; needed while customers' codes are charged by v2"},
	},
	{
		Name: fieldV3Key, Kind: wallet.Text, Secret: true, Optional: true, Title: wallet.Title{Zh: "APIv3 密钥", En: "APIv3 key"},
		Hint: wallet.Title{Zh: "API 安全 → APIv3 密钥，32 位；用平台证书时填写，到期自动更换", En: "API security, APIv3 key, 32 characters; with platform certificates, to take up new ones"},
	},
	{
		Name: fieldNotify, Kind: wallet.URLText, Title: wallet.Title{Zh: "通知地址", En: "Notify URL"},
		Hint: wallet.Title{Zh: "本店网站的 https 地址；收银台靠查询，不靠通知，地址无需应答", En: "An https address of the shop's own; it need not answer, as the till asks by itself"},
	},
	{
		Name: fieldTake, Kind: wallet.Choice, Default: "v2", Choices: []string{"v2", "v3"}, Optional: true, Title: wallet.Title{Zh: "付款码支付接口", En: "Customer's code by"},
		Hint: wallet.Title{Zh: "v2 为默认；v3 须已开通", En: "v2 unless WeChat Pay has opened v3 to the shop"},
	},
	{
		Name: fieldSignType, Kind: wallet.Choice, Default: signHMAC, Choices: []string{signHMAC, signMD5}, Optional: true, Title: wallet.Title{Zh: "APIv2 签名方式", En: "APIv2 signature"},
		Hint: wallet.Title{Zh: "一般不改", En: "Rarely changed"},
	},
	{
		Name: fieldStore, Kind: wallet.Text, Optional: true, Title: wallet.Title{Zh: "门店编号", En: "Shop's own number"},
		Hint: wallet.Title{Zh: "付款码支付用 v3 时上送", En: "Sent when customers' codes are charged by v3"},
	},
}

// An account is the adapter on one shop's credentials.
type account struct {
	client, secure *wallet.Client // secure presents the merchant's certificate
	base           string         // without a slash at its end
	appid, mchid   string
	serial         string // of the merchant's certificate
	expires        time.Time
	key            *rsa.PrivateKey
	platform       map[string]*rsa.PublicKey // by serial or public key ID, in capitals
	speaks         string                    // the one the platform is asked to sign with
	certificates   []*x509.Certificate       // the platform's, where those were entered
	apiKey, v3Key  string
	signType       string
	takeV3         bool
	notify, store  string
	ip             string
}

var (
	appID    = regexp.MustCompile(`^w[wx][0-9a-z]{16}$`)
	mchID    = regexp.MustCompile(`^[0-9]{8,10}$`)
	key32    = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)
	pubKeyID = regexp.MustCompile(`^PUB_KEY_ID_[0-9A-Za-z]+$`)
	storeID  = regexp.MustCompile(`^[0-9A-Za-z_-]{0,32}$`)
)

// New checks the credentials and returns the adapter.
func New(acc wallet.Account, c *wallet.Client) (wallet.Provider, error) {
	get := func(name string) string {
		v := strings.TrimSpace(acc.Fields[name])
		for _, f := range fields {
			if f.Name == name && v == "" {
				v = f.Default
			}
		}
		return v
	}
	a := &account{
		client: c, appid: get(fieldAppID), mchid: get(fieldMchID), apiKey: get(fieldV2Key), v3Key: get(fieldV3Key),
		signType: get(fieldSignType), takeV3: get(fieldTake) == "v3", notify: get(fieldNotify), store: get(fieldStore), ip: address(),
	}
	bad := func(field, detail string) error {
		return &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	if code := acc.Currency.Code; code != "" && code != "CNY" {
		return nil, bad("currency", "WeChat Pay takes CNY alone")
	}
	base, err := checkBase(acc)
	if err != nil {
		return nil, err
	}
	a.base = base
	switch {
	case a.mchid == "":
		return nil, bad(fieldMchID, "the merchant number is missing")
	case !mchID.MatchString(a.mchid):
		return nil, bad(fieldMchID, "a merchant number has 10 digits, or 8 if it is old")
	case a.appid == "":
		return nil, bad(fieldAppID, "the AppID is missing")
	case !appID.MatchString(a.appid):
		return nil, bad(fieldAppID, "an AppID is wx and 16 letters and digits")
	}
	if a.key, err = privateKey(get(fieldKey)); err != nil {
		return nil, bad(fieldKey, err.Error())
	}
	cert, err := certificate(get(fieldCert))
	switch {
	case err != nil:
		return nil, bad(fieldCert, err.Error())
	case !a.key.PublicKey.Equal(cert.PublicKey):
		return nil, bad(fieldCert, "the certificate does not belong to the private key")
	}
	a.serial, a.expires = fmt.Sprintf("%X", cert.SerialNumber), cert.NotAfter
	if err := a.takePlatform(get(fieldPlatform), get(fieldPlatformID)); err != nil {
		return nil, err
	}
	notify, err := url.Parse(a.notify)
	switch {
	case a.apiKey == "" && !a.takeV3:
		return nil, bad(fieldV2Key, "the APIv2 key is missing: customers' codes are charged by APIv2")
	case a.apiKey != "" && !key32.MatchString(a.apiKey):
		return nil, bad(fieldV2Key, "an APIv2 key has 32 letters and digits")
	case a.v3Key != "" && len(a.v3Key) != 32:
		return nil, bad(fieldV3Key, "an APIv3 key has 32 characters")
	case a.notify == "":
		return nil, bad(fieldNotify, "the notify URL is missing")
	case err != nil || notify.Scheme != "https" || notify.Hostname() == "" || notify.RawQuery != "" || len(a.notify) > 255:
		return nil, bad(fieldNotify, "a notify URL begins with https:// and has no parameters")
	case a.signType != signMD5 && a.signType != signHMAC:
		return nil, bad(fieldSignType, "the signature is MD5 or HMAC-SHA256")
	case get(fieldTake) != "v2" && get(fieldTake) != "v3":
		return nil, bad(fieldTake, "customers' codes are charged by v2 or v3")
	case !storeID.MatchString(a.store):
		return nil, bad(fieldStore, "a shop's number has at most 32 letters and digits")
	}
	if a.store == "" {
		a.store = a.mchid
	}
	cfg := c.TLS()
	cfg.Certificates = []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: a.key, Leaf: cert}}
	a.secure = c.WithTLS(cfg)
	return a, nil
}

// takePlatform reads what answers are verified with: the WeChat Pay public key
// with its ID, or platform certificates with their serial numbers.
func (a *account) takePlatform(text, id string) error {
	bad := func(field, detail string) error {
		return &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: detail}
	}
	a.platform = map[string]*rsa.PublicKey{}
	a.certificates = nil
	if text == "" {
		return bad(fieldPlatform, "the WeChat Pay public key is missing")
	}
	for rest := []byte(text); len(strings.TrimSpace(string(rest))) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return bad(fieldPlatform, "it is cut off, or no PEM")
		}
		name, key := id, (*rsa.PublicKey)(nil)
		switch block.Type {
		case "PUBLIC KEY":
			k, err := x509.ParsePKIXPublicKey(block.Bytes)
			if err != nil {
				return bad(fieldPlatform, "the public key cannot be read")
			}
			key, _ = k.(*rsa.PublicKey)
			if !pubKeyID.MatchString(id) {
				return bad(fieldPlatformID, "a WeChat Pay public key has an ID that begins with PUB_KEY_ID_")
			}
		case "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return bad(fieldPlatform, "the certificate cannot be read")
			}
			key, _ = cert.PublicKey.(*rsa.PublicKey)
			name = fmt.Sprintf("%X", cert.SerialNumber)
			a.certificates = append(a.certificates, cert)
		default:
			return bad(fieldPlatform, "it is a "+strings.ToLower(block.Type)+", not a public key or a platform certificate")
		}
		switch {
		case key == nil || key.N.BitLen() < 2048:
			return bad(fieldPlatform, "it is no RSA key of 2048 bits or more")
		case key.Equal(&a.key.PublicKey):
			return bad(fieldPlatform, "it is the shop's own key; WeChat Pay's is needed")
		}
		a.platform[strings.ToUpper(name)] = key
		a.speaks = name
	}
	return nil
}

// checkBase returns the address of the platform. Plain HTTP is for simulators;
// live money does not leave the machine over it.
func checkBase(acc wallet.Account) (string, error) {
	base := acc.BaseURL
	if base == "" && acc.Mode == "live" {
		base = live
	}
	u, err := url.Parse(base)
	bad := func(detail string) error {
		return &wallet.FieldError{Field: "base_url", Reason: till.SetUpWrong, Detail: detail}
	}
	switch {
	case base == "":
		return "", bad("WeChat Pay has no test host: give the address of a simulator")
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil:
		return "", bad("the address is no http:// or https:// URL")
	case u.Scheme == "http" && acc.Mode == "live" && !loopback(u.Hostname()):
		return "", bad("live payments need https://")
	}
	return strings.TrimRight(base, "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// address is this machine's first address in its network: spbill_create_ip and
// device_ip.
func address() string {
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

func (a *account) now() time.Time {
	if a.client.Now != nil {
		return a.client.Now()
	}
	return time.Now()
}

// privateKey reads a private key of at least 2048 bits. Errors are in plain
// words and never have a part of it.
func privateKey(text string) (*rsa.PrivateKey, error) {
	block, err := onePEM(text, "the private key")
	if err != nil {
		return nil, err
	}
	var key any
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("it is a %s, not a private key", strings.ToLower(block.Type))
	}
	if err != nil {
		return nil, fmt.Errorf("the private key cannot be read")
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok || k.N.BitLen() < 2048 {
		return nil, fmt.Errorf("it is no RSA key of 2048 bits or more")
	}
	return k, nil
}

func certificate(text string) (*x509.Certificate, error) {
	block, err := onePEM(text, "the certificate")
	if err != nil {
		return nil, err
	}
	if block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("it is a %s, not a certificate", strings.ToLower(block.Type))
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read")
	}
	return cert, nil
}

func onePEM(text, what string) (*pem.Block, error) {
	if text == "" {
		return nil, fmt.Errorf("%s is missing", what)
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("%s is cut off, or no PEM", what)
	}
	return block, nil
}
