package sim

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

const wechatPay = "wechatpay"

// Rules of the platform, each with its source.
const (
	// An unpaid order of a customer's code is revoked by the platform itself
	// about 45 s after it was made (付款码支付, "合理的查单机制").
	codeOrderLife = 45 * time.Second
	// Reverse is not possible within 15 s of the payment (撤销订单).
	reverseAfter = 15 * time.Second
	// Nor after 7 days (撤销订单).
	reverseLife = 7 * 24 * time.Hour
	// An order without time_expire can be paid for 7 days (Native 下单,
	// time_expire).
	nativeLife = 7 * 24 * time.Hour
	// A payment is refunded within a year, in at most 50 refunds (申请退款).
	refundLife = 365 * 24 * time.Hour
	refundMost = 50
	// A request's signature is good for 5 minutes (如何构造签名).
	wechatSkew = 5 * time.Minute
	// The address of a bill works for a few minutes (申请交易账单, download_url).
	billLife = 5 * time.Minute
)

// WeChatPay is WeChat Pay's side of the wire, for one merchant: APIv3 Native,
// codepay, refunds, bills and certificates; APIv2 micropay, orderquery and
// reverse.
type WeChatPay struct {
	s *Sim
	// ReverseAfter is how soon after a payment it may be reversed: 15 s, and what
	// a test sets.
	ReverseAfter time.Duration
	// BillReady says whether a day's bill is there. The real ones are at 10:00 of
	// the next day; nil gives them at once, so that a day can be tried out.
	BillReady func(now, day time.Time) bool
	// Certificates gives the shop the platform certificate to verify with, as
	// older merchants have it, in place of the public key.
	Certificates bool
	// ReversedIsRefund makes a payment that was reversed REFUND to a query, and not
	// REVOKED: which of both it is the documents do not say clearly.
	ReversedIsRefund bool
	// Probes makes every answer carry a signature that must fail (应对签名探测流量).
	Probes bool

	appID, mchID, v2Key, v3Key string
	merchant, platform         *wechatIdentity
	publicKeyID                string

	mu    sync.Mutex
	bills map[string]wechatFile
}

type wechatFile struct {
	packed []byte
	until  time.Time
}

// A wechatIdentity is a key with its certificate.
type wechatIdentity struct {
	key    *rsa.PrivateKey
	cert   []byte // DER
	serial string // capital hexadecimal
}

// wechatIdentities are made once for all simulators of a process, as keys take
// a while.
var wechatIdentities = sync.OnceValues(func() (merchant, platform *wechatIdentity) {
	return newWechatIdentity("1900000109"), newWechatIdentity("Tenpay.com")
})

func newWechatIdentity(name string) *wechatIdentity {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system has no randomness
	}
	serial := new(big.Int).SetBytes(append([]byte{0x5a}, randomBytes(19)...))
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"simulator"}},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().AddDate(5, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		panic(err) // the template is ours
	}
	return &wechatIdentity{key: key, cert: der, serial: fmt.Sprintf("%X", serial)}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// NewWeChatPay makes the platform with a merchant's account on it.
func NewWeChatPay(s *Sim) *WeChatPay {
	p := &WeChatPay{
		s: s, ReverseAfter: reverseAfter, appID: "wx8888888888888888", mchID: "1900000109",
		v2Key: hex.EncodeToString(randomBytes(16)), v3Key: hex.EncodeToString(randomBytes(16)),
		publicKeyID: "PUB_KEY_ID_0119000001092026010100000001", bills: map[string]wechatFile{},
	}
	p.merchant, p.platform = wechatIdentities()
	return p
}

// Name is the platform's name.
func (p *WeChatPay) Name() string { return wechatPay }

// Account is what the merchant enters.
func (p *WeChatPay) Account() wallet.Account {
	key, err := x509.MarshalPKCS8PrivateKey(p.merchant.key)
	if err != nil {
		panic(err) // the key is ours
	}
	pub, err := x509.MarshalPKIXPublicKey(&p.platform.key.PublicKey)
	if err != nil {
		panic(err)
	}
	f := map[string]string{
		"appid": p.appID, "mchid": p.mchID,
		"apiclient_key":  pemText("PRIVATE KEY", key),
		"apiclient_cert": pemText("CERTIFICATE", p.merchant.cert),
		"public_key":     pemText("PUBLIC KEY", pub),
		"public_key_id":  p.publicKeyID,
		"apiv2_key":      p.v2Key,
		"apiv3_key":      p.v3Key,
		"notify_url":     "https://shop.example/wechatpay",
	}
	if p.Certificates {
		f["public_key"], f["public_key_id"] = pemText("CERTIFICATE", p.platform.cert), ""
	}
	return wallet.Account{Name: wechatPay, Mode: "test", Fields: f}
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// NewCode makes a customer's code: 18 digits, from 10 to 15 (付款码支付,
// auth_code).
func (p *WeChatPay) NewCode(purse Purse) string {
	n := new(big.Int).Mod(new(big.Int).SetBytes(randomBytes(8)), big.NewInt(1e16))
	code := fmt.Sprintf("13%016d", n)
	p.s.AddPurse(code, purse)
	return code
}

var (
	wechatNumber = regexp.MustCompile(`^[0-9A-Za-z_*|-]{6,32}$`)
	wechatCode   = regexp.MustCompile(`^1[0-5][0-9]{16}$`)
	beijingTime  = time.FixedZone("CST", 8*60*60)
)

// Read understands a request to either version.
func (p *WeChatPay) Read(r *http.Request, body []byte) Exchange {
	if strings.HasPrefix(r.URL.Path, "/v3/") {
		return p.readV3(r, body)
	}
	return p.readV2(r, body)
}

// codeKept marks orders of a customer's code, closedKept those that the
// merchant closed.
const codeKept, closedKept = "code_order", "closed"

// state is the trade_state of a payment. time_expire ends the time to pay, not
// the order, which stays NOTPAY until it is closed (Native 下单, time_expire).
func (p *WeChatPay) state(o Payment) (state, words string) {
	switch o.State {
	case Created:
		return "NOTPAY", "订单未支付"
	case Waiting:
		return "USERPAYING", "用户支付中"
	case Paid:
		if len(o.Refunds) > 0 {
			return "REFUND", "订单发生过退款"
		}
		return "SUCCESS", "支付成功"
	case Reversed:
		if p.ReversedIsRefund {
			return "REFUND", "转入退款"
		}
		return "REVOKED", "订单已撤销"
	case Closed:
	}
	switch {
	case o.Kept[codeKept] != "":
		return "REVOKED", "订单已撤销"
	case o.Kept[closedKept] == "":
		return "NOTPAY", "订单未支付"
	}
	return "CLOSED", "订单已关闭"
}

// transactionID is the platform's number of a payment: 28 digits.
func transactionID(o Payment) string {
	return fmt.Sprintf("42000%s%015s", o.Made.Format("20060102"), o.ID)
}

// A wechatFault is a refusal in the platform's words. status is APIv3's, v2 the
// code that APIv2 has for it.
type wechatFault struct {
	status    int
	code, v2  string
	words     string
	recall    bool
	unlabeled bool // APIv2: return_code FAIL, without a signature
}

// order finds a payment of this merchant.
func (p *WeChatPay) order(number string) (Payment, *wechatFault) {
	o, ok := p.s.Payment(wechatPay, number)
	if !ok {
		return o, &wechatFault{status: http.StatusNotFound, code: "ORDER_NOT_EXIST", v2: "ORDERNOTEXIST", words: "订单不存在"}
	}
	return o, nil
}

// charge takes a payment with a customer's code. A number is used once: the same
// one again is told what became of it (付款码支付, error table).
func (p *WeChatPay) charge(number string, total int64, subject, code string) (Payment, *wechatFault) {
	have, again := p.s.Payment(wechatPay, number)
	if !wechatCode.MatchString(code) {
		return Payment{}, &wechatFault{status: http.StatusBadRequest, code: "AUTH_CODE_INVALID", words: "请扫描微信支付被扫条码/二维码"}
	}
	o, err := p.s.Charge(Payment{
		Platform: wechatPay, Number: number, Amount: money.Amount(total), Currency: "CNY", Subject: subject, Code: code,
		Until: p.s.now().Add(codeOrderLife), Kept: map[string]string{codeKept: "1"},
	})
	bad := func(status int, code, v2, words string) (Payment, *wechatFault) {
		return o, &wechatFault{status: status, code: code, v2: v2, words: words}
	}
	switch {
	case err == nil && again && have.State == Paid:
		return bad(http.StatusBadRequest, "ORDER_PAID", "ORDERPAID", "订单已支付")
	case err == nil && o.State == Waiting:
		return bad(http.StatusAccepted, "USERPAYING", "", "需要用户输入支付密码")
	case err == nil:
		return o, nil
	}
	switch {
	case errors.Is(err, ErrNoSuchCode):
		return bad(http.StatusBadRequest, "AUTH_CODE_INVALID", "", "付款码无效，请重新扫码")
	case errors.Is(err, ErrExpired), errors.Is(err, ErrUsed):
		return bad(http.StatusBadRequest, "AUTH_CODE_EXPIRE", "AUTHCODEEXPIRE", "二维码已过期，请用户在微信上刷新后再试")
	case errors.Is(err, ErrBalance):
		return bad(http.StatusForbidden, "NOT_ENOUGH", "NOTENOUGH", "余额不足")
	case errors.Is(err, ErrBlocked):
		return bad(http.StatusForbidden, "TRADE_ERROR", "", "交易错误，请核对用户账号")
	case errors.Is(err, ErrClosed):
		return bad(http.StatusBadRequest, "ORDER_REVERSED", "ORDERREVERSED", "订单已撤销")
	}
	return bad(http.StatusForbidden, "OUT_TRADE_NO_USED", "", "商户订单号重复")
}

// reverse closes an unpaid order of a customer's code and gives a paid one back
// (撤销订单). A number that the platform does not know is answered with success,
// as it has been seen to be.
func (p *WeChatPay) reverse(number string) *wechatFault {
	o, ok := p.s.Payment(wechatPay, number)
	if !ok {
		return nil
	}
	age := p.s.now().Sub(o.Made)
	switch {
	case o.Kept[codeKept] == "":
		return &wechatFault{status: http.StatusBadRequest, code: "INVALID_REQUEST", words: "非付款码支付订单不能撤销"}
	case age < p.ReverseAfter:
		return &wechatFault{status: http.StatusInternalServerError, code: "SYSTEM_ERROR", v2: "SYSTEMERROR", words: "支付后15秒内不能撤销", recall: true}
	case age > reverseLife:
		return &wechatFault{status: http.StatusBadRequest, code: "REVERSE_EXPIRE", words: "订单已超过可撤销期限"}
	}
	_, _ = p.s.Cancel(wechatPay, number) // it is there
	return nil
}

// v2Code is the code as APIv2 writes it.
func (f *wechatFault) v2Code() string { return cmp.Or(f.v2, f.code) }
