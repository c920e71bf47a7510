package wechatpay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/signers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/native"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// wechatpay-go, the platform's own library, is a client of the simulator here
// and a second opinion on the adapter's signatures. It always calls the
// platform's host, so its requests are carried elsewhere.
type carrier struct{ to *url.URL }

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.URL.Path = c.to.Scheme, c.to.Host, c.to.Path+r.URL.Path
	r.Host = ""
	return http.DefaultTransport.RoundTrip(r)
}

// judge is the library with a shop's credentials, and how it verifies answers.
func judge(t *testing.T, b *wallettest.Bench, options ...core.ClientOption) *core.Client {
	t.Helper()
	f := b.Platform.Account().Fields
	key, err := privateKey(f[fieldKey])
	if err != nil {
		t.Fatal(err)
	}
	cert, err := certificate(f[fieldCert])
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(b.Base)
	if err != nil {
		t.Fatal(err)
	}
	serial := strings.ToUpper(cert.SerialNumber.Text(16))
	opts := append([]core.ClientOption{
		option.WithMerchantCredential(f[fieldMchID], serial, key),
		option.WithHTTPClient(&http.Client{Transport: carrier{to}}),
	}, options...)
	if len(options) == 0 {
		pub := b.Provider.(*account).platform[f[fieldPlatformID]]
		opts = append(opts, option.WithVerifier(verifiers.NewSHA256WithRSAPubkeyVerifier(f[fieldPlatformID], *pub)))
	}
	client, err := core.NewClient(context.Background(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestJudgeShowsACode(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	f := b.Platform.Account().Fields
	api := native.NativeApiService{Client: judge(t, b)}
	ctx := context.Background()
	c := b.Charge(1250, till.Show)
	order := native.PrepayRequest{
		Appid: core.String(f[fieldAppID]), Mchid: core.String(f[fieldMchID]), Description: core.String("街角便利店"), OutTradeNo: core.String(c.Number),
		NotifyUrl: core.String("https://shop.example/wechatpay"), TimeExpire: core.Time(c.Until), Amount: &native.Amount{Total: core.Int64(1250), Currency: core.String("CNY")},
	}
	made, _, err := api.Prepay(ctx, order)
	if err != nil || !strings.HasPrefix(*made.CodeUrl, "weixin://") {
		t.Fatalf("%v", err)
	}
	ask := native.QueryOrderByOutTradeNoRequest{OutTradeNo: core.String(c.Number), Mchid: core.String(f[fieldMchID])}
	if got, _, err := api.QueryOrderByOutTradeNo(ctx, ask); err != nil || *got.TradeState != "NOTPAY" {
		t.Fatalf("%v", err)
	}
	b.Pay(t, c.Number)
	paid, _, err := api.QueryOrderByOutTradeNo(ctx, ask)
	if err != nil || *paid.TradeState != "SUCCESS" || *paid.Amount.Total != 1250 || *paid.OutTradeNo != c.Number {
		t.Fatalf("%v", err)
	}
	// What the adapter reads is what the library reads.
	ans := b.Query(t, &c)
	if ans.Verdict != wallet.Done || ans.Provider != *paid.TransactionId || ans.Amount != money.Amount(*paid.Amount.Total) || ans.PaidAt.Format(time.RFC3339) != *paid.SuccessTime {
		t.Errorf("%+v, the library has %s", ans, paid)
	}

	refunds := refunddomestic.RefundsApiService{Client: api.Client}
	back := refunddomestic.CreateRequest{
		OutTradeNo: core.String(c.Number), OutRefundNo: core.String("001TEST00000009R"), Reason: core.String("退货"),
		Amount: &refunddomestic.AmountReq{Refund: core.Int64(300), Total: core.Int64(1250), Currency: core.String("CNY")},
	}
	for _, want := range []refunddomestic.Status{refunddomestic.STATUS_PROCESSING, refunddomestic.STATUS_SUCCESS} {
		r, _, err := refunds.Create(ctx, back)
		if err != nil || *r.Status != want || *r.Amount.Refund != 300 {
			t.Fatalf("refund: %v %v", r, err)
		}
	}
	got, _, err := refunds.QueryByOutRefundNo(ctx, refunddomestic.QueryByOutRefundNoRequest{OutRefundNo: back.OutRefundNo})
	if err != nil || *got.Status != refunddomestic.STATUS_SUCCESS || *got.TransactionId != *paid.TransactionId {
		t.Fatalf("%v", err)
	}
	if p, _ := b.Sim.Payment(Name, c.Number); len(p.Refunds) != 1 || p.Refunded() != 300 {
		t.Errorf("the books gave back %d", p.Refunded())
	}

	o := b.Charge(700, till.Show)
	order.OutTradeNo, order.Amount.Total = core.String(o.Number), core.Int64(700)
	if _, _, err := api.Prepay(ctx, order); err != nil {
		t.Fatal(err)
	}
	result, err := api.CloseOrder(ctx, native.CloseOrderRequest{OutTradeNo: core.String(o.Number), Mchid: core.String(f[fieldMchID])})
	if err != nil || result.Response.StatusCode != http.StatusNoContent {
		t.Fatalf("close: %v", err)
	}
	ask.OutTradeNo = core.String(o.Number)
	if got, _, err := api.QueryOrderByOutTradeNo(ctx, ask); err != nil || *got.TradeState != "CLOSED" {
		t.Errorf("%v", err)
	}
}

// The library refuses what the adapter refuses.
func TestJudgeRefusesForgedAnswers(t *testing.T) {
	for _, kind := range []sim.FaultKind{sim.Unsigned, sim.BadSign, sim.ClockOff} {
		b := wallettest.NewBench(t, subject(nil))
		f := b.Platform.Account().Fields
		c := b.Charge(1250, till.Show)
		b.Start(t, &c)
		b.Sim.Fail(sim.Fault{Kind: kind, Times: -1})
		api := native.NativeApiService{Client: judge(t, b)}
		_, _, err := api.QueryOrderByOutTradeNo(context.Background(), native.QueryOrderByOutTradeNoRequest{OutTradeNo: core.String(c.Number), Mchid: core.String(f[fieldMchID])})
		if err == nil {
			t.Errorf("%s: the library believes it", kind)
		}
		wants(t, string(kind), b.Query(t, &c), wallet.Unclear)
	}
}

// The library reads the simulator's refusals, and is refused with a wrong key.
func TestJudgeIsRefused(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	f := b.Platform.Account().Fields
	ask := native.QueryOrderByOutTradeNoRequest{OutTradeNo: core.String("001TEST00000001A"), Mchid: core.String(f[fieldMchID])}
	api := native.NativeApiService{Client: judge(t, b)}
	if _, _, err := api.QueryOrderByOutTradeNo(context.Background(), ask); !core.IsAPIError(err, "ORDER_NOT_EXIST") {
		t.Errorf("%v", err)
	}
	api.Client = judge(t, b, option.WithoutValidator(), option.WithMerchantCredential(f[fieldMchID], "ABC1", platformKey()))
	var refused *core.APIError
	if _, _, err := api.QueryOrderByOutTradeNo(context.Background(), ask); !errors.As(err, &refused) || refused.StatusCode != http.StatusUnauthorized || refused.Code != "SIGN_ERROR" {
		t.Errorf("%v", err)
	}
}

// The library takes the simulator's certificates, opens them, and verifies with
// them: what older merchants do.
func TestJudgeTakesCertificates(t *testing.T) {
	b := wallettest.NewBench(t, subject(func(p *sim.WeChatPay) { p.Certificates = true }))
	f := b.Platform.Account().Fields
	plain := judge(t, b, option.WithoutValidator())
	d, err := downloader.NewCertificateDownloaderWithClient(context.Background(), plain, f[fieldV3Key])
	if err != nil {
		t.Fatal(err)
	}
	api := native.NativeApiService{Client: core.NewClientWithValidator(plain, validators.NewWechatPayResponseValidator(verifiers.NewSHA256WithRSAVerifier(d)))}
	c := b.Charge(1250, till.Show)
	b.Start(t, &c)
	got, _, err := api.QueryOrderByOutTradeNo(context.Background(), native.QueryOrderByOutTradeNoRequest{OutTradeNo: core.String(c.Number), Mchid: core.String(f[fieldMchID])})
	if err != nil || *got.TradeState != "NOTPAY" {
		t.Fatalf("%v", err)
	}
	cert, err := certificate(f[fieldPlatform])
	if err != nil {
		t.Fatal(err)
	}
	if have, ok := d.Get(context.Background(), d.GetNewestSerial(context.Background())); !ok || !have.Equal(cert) {
		t.Error("the library has another certificate")
	}
}

// The library signs a request with the adapter's bytes.
func TestJudgeSignsTheSame(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	a := b.Provider.(*account)
	signer := signers.SHA256WithRSASigner{MchID: a.mchid, CertificateSerialNo: a.serial, PrivateKey: a.key}
	message := messageV3("GET", "/v3/pay/transactions/out-trade-no/001TEST00000001A?mchid="+a.mchid, "1750214096", "593BEC0C930BF1AFEB40B4A08C8FB242", nil)
	want, err := signer.Sign(context.Background(), string(message))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := signV3(a.key, message); err != nil || got != want.Signature {
		t.Errorf("%v: the signatures differ", err)
	}
	if want.CertificateSerialNo != a.serial {
		t.Errorf("the serial number %s", want.CertificateSerialNo)
	}
}

// Answers of the platform that the library verifies are verified by the adapter,
// and the other way round, whatever is changed in them.
func TestJudgeVerifiesTheSame(t *testing.T) {
	s := newScript(t, nil)
	key := &platformKey().PublicKey
	their := validators.NewWechatPayResponseValidator(verifiers.NewSHA256WithRSAPubkeyVerifier(s.account.speaks, *key))
	body := []byte(`{"code_url":"weixin://wxpay/bizpayurl?pr=abc"}`)
	for name, change := range map[string]func(h http.Header){
		"as it is":      func(http.Header) {},
		"no signature":  func(h http.Header) { h.Del("Wechatpay-Signature") },
		"a probe":       func(h http.Header) { h.Set("Wechatpay-Signature", signTest+h.Get("Wechatpay-Signature")) },
		"another nonce": func(h http.Header) { h.Set("Wechatpay-Nonce", "x") },
		"another time":  func(h http.Header) { h.Set("Wechatpay-Timestamp", "1750214096") },
		"old":           func(h http.Header) { s.sign(h, body, time.Now().Add(-6*time.Minute)) },
		"another key":   func(h http.Header) { h.Set("Wechatpay-Serial", "PUB_KEY_ID_02") },
	} {
		h := http.Header{}
		s.sign(h, body, time.Now())
		change(h)
		theirs := their.Validate(context.Background(), &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(strings.NewReader(string(body)))})
		ours := s.account.verifyV3(wallet.Reply{Status: 200, Header: h, Body: body, At: time.Now()})
		if (theirs == nil) != (ours == nil) || (ours == nil) != (name == "as it is") {
			t.Errorf("%s: the library says %v, the adapter %v", name, theirs, ours)
		}
	}
}
