package alipay

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	judge "github.com/smartwalle/alipay/v3"

	"guitai/wallet/sim"
)

// judged is a client that nobody here wrote, at work on the simulator.
func judged(t *testing.T, certificates bool) (*judge.Client, *sim.Alipay, *sim.Sim) {
	t.Helper()
	s := sim.New(nil)
	p := sim.NewAlipay(s)
	if certificates {
		p = sim.NewAlipayWithCertificates(s)
	}
	s.Add(p)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	f := p.Account().Fields
	c, err := judge.New(f["app_id"], f["private_key"], false, judge.WithSandboxGateway(srv.URL+"/alipay/gateway.do"),
		judge.WithHTTPClient(srv.Client()), judge.WithTimeLocation(beijing))
	if err != nil {
		t.Fatal(err)
	}
	if !certificates {
		err = c.LoadAliPayPublicKey(f["alipay_public_key"])
	} else if err = c.LoadAppCertPublicKey(f["app_cert"]); err == nil {
		if err = c.LoadAlipayCertPublicKey(f["alipay_public_cert"]); err == nil {
			err = c.LoadAliPayRootCert(f["alipay_root_cert"])
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, p, s
}

// smartwalle/alipay runs a day at the counter against the simulator: its
// requests are understood, and its checks of the answers' signatures pass.
func TestJudgeSmartwalle(t *testing.T) {
	for _, certificates := range []bool{false, true} {
		c, p, s := judged(t, certificates)
		ctx := context.Background()
		trade := func(number string) judge.Trade {
			return judge.Trade{OutTradeNo: number, Subject: "街角便利店", TotalAmount: "12.50", ProductCode: "FACE_TO_FACE_PAYMENT", TimeoutExpress: "5m"}
		}
		made, err := c.TradePreCreate(ctx, judge.TradePreCreate{Trade: trade("A1")})
		if err != nil || !made.IsSuccess() || made.OutTradeNo != "A1" || !strings.HasPrefix(made.QRCode, "https://qr.alipay.com/") {
			t.Fatalf("precreate: %+v %v", made, err)
		}
		asked := func(number string) *judge.TradeQueryRsp {
			t.Helper()
			got, err := c.TradeQuery(ctx, judge.TradeQuery{OutTradeNo: number})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := asked("A1"); got.Code != judge.CodeBusinessFailed || got.SubCode != "ACQ.TRADE_NOT_EXIST" {
			t.Errorf("before it is scanned: %+v", got.Error)
		}
		if err := p.Scan("A1"); err != nil {
			t.Fatal(err)
		}
		if got := asked("A1"); got.TradeStatus != judge.TradeStatusWaitBuyerPay || got.TotalAmount != "12.50" {
			t.Errorf("scanned: %+v", got)
		}
		if err := s.Capture("alipay", "A1"); err != nil {
			t.Fatal(err)
		}
		if got := asked("A1"); got.TradeStatus != judge.TradeStatusSuccess || got.ReceiptAmount != "12.50" || got.SendPayDate == "" || got.TradeNo == "" {
			t.Errorf("paid: %+v", got)
		}

		pay := func(number, code string) *judge.TradePayRsp {
			t.Helper()
			got, err := c.TradePay(ctx, judge.TradePay{Trade: trade(number), Scene: "bar_code", AuthCode: code})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := pay("B1", p.NewCode(sim.Purse{})); got.Code != judge.CodeSuccess || got.TotalAmount != "12.50" || got.TradeNo == "" {
			t.Errorf("pay: %+v", got)
		}
		if got := pay("B2", p.NewCode(sim.Purse{Password: true})); got.Code != judge.CodeOrderSuccessPayInProcess {
			t.Errorf("pay with a password: %+v", got.Error)
		}
		if got := pay("B3", p.NewCode(sim.Purse{Balance: 1})); got.SubCode != "ACQ.BUYER_BALANCE_NOT_ENOUGH" {
			t.Errorf("pay of a poor customer: %+v", got.Error)
		}
		if got := pay("B4", "289999999999999999"); got.SubCode != "ACQ.PAYMENT_AUTH_CODE_INVALID" {
			t.Errorf("pay with a code of nobody: %+v", got.Error)
		}

		for _, row := range []struct{ number, action string }{{"B2", "close"}, {"B1", "refund"}, {"NOBODY", ""}} {
			got, err := c.TradeCancel(ctx, judge.TradeCancel{OutTradeNo: row.number})
			if err != nil || !got.IsSuccess() || got.Action != row.action || got.RetryFlag != "N" {
				t.Errorf("cancel of %s: %+v %v, want %q", row.number, got, err, row.action)
			}
		}
		if got := asked("B2"); got.TradeStatus != judge.TradeStatusClosed || got.SendPayDate != "" {
			t.Errorf("cancelled unpaid: %+v", got)
		}
		if got := asked("B1"); got.TradeStatus != judge.TradeStatusClosed || got.SendPayDate == "" {
			t.Errorf("cancelled after it was paid: %+v", got)
		}

		for _, row := range []struct{ request, amount, code, change, sum string }{
			{"R1", "3.00", "", "Y", "3.00"}, {"R1", "3.00", "", "N", "3.00"}, {"R1", "3.01", "ACQ.DISCORDANT_REPEAT_REQUEST", "", ""},
			{"R2", "9.51", "ACQ.REFUND_FEE_ERROR", "", ""}, {"R2", "9.50", "", "Y", "12.50"}, {"R3", "0.01", "ACQ.TRADE_HAS_CLOSE", "", ""},
		} {
			got, err := c.TradeRefund(ctx, judge.TradeRefund{OutTradeNo: "A1", RefundAmount: row.amount, OutRequestNo: row.request})
			if err != nil || got.SubCode != row.code || got.FundChange != row.change || got.RefundFee != row.sum {
				t.Errorf("refund %s of %s: %+v %v, want %+v", row.request, row.amount, got, err, row)
			}
		}
		got, err := c.TradeFastPayRefundQuery(ctx, judge.TradeFastPayRefundQuery{OutTradeNo: "A1", OutRequestNo: "R2"})
		if err != nil || got.RefundStatus != "REFUND_SUCCESS" || got.RefundAmount != "9.50" {
			t.Errorf("refund query: %+v %v", got, err)
		}
		if got, err = c.TradeFastPayRefundQuery(ctx, judge.TradeFastPayRefundQuery{OutTradeNo: "A1", OutRequestNo: "R9"}); err != nil || !got.IsSuccess() || got.RefundStatus != "" {
			t.Errorf("query of a refund of nobody: %+v %v", got, err)
		}

		day := time.Now().In(beijing).Format("2006-01-02")
		link, err := c.BillDownloadURLQuery(ctx, judge.BillDownloadURLQuery{BillType: "trade", BillDate: day})
		if err != nil || !link.IsSuccess() {
			t.Fatalf("bill: %+v %v", link, err)
		}
		resp, err := http.Get(link.BillDownloadURL)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw))); err != nil || len(z.File) != 2 {
			t.Errorf("the bill: %v", err)
		}
	}
}

// What Alipay refuses at the gate, asked by a client that nobody here wrote.
func TestJudgeSmartwalleIsRefused(t *testing.T) {
	_, p, s := judged(t, false)
	srv := httptest.NewServer(s)
	defer srv.Close()
	f := p.Account().Fields
	other, _ := gatewayKeys()
	ask := func(appID, key string) *judge.TradeQueryRsp {
		t.Helper()
		c, err := judge.New(appID, key, false, judge.WithSandboxGateway(srv.URL+"/alipay/gateway.do"), judge.WithTimeLocation(beijing))
		if err == nil {
			err = c.LoadAliPayPublicKey(f["alipay_public_key"])
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.TradeQuery(context.Background(), judge.TradeQuery{OutTradeNo: "A1"})
		if e := (*judge.Error)(nil); errors.As(err, &e) { // without a signature it is an error of the client
			return &judge.TradeQueryRsp{Error: *e}
		}
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := ask("2021000000000009", f["private_key"]); got.SubCode != "isv.invalid-app-id" {
		t.Errorf("another application: %+v", got.Error)
	}
	if got := ask(f["app_id"], pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(other))); got.SubCode != "isv.invalid-signature" {
		t.Errorf("another key: %+v", got.Error)
	}
	if n := len(s.All()); n != 0 {
		t.Errorf("%d payments", n)
	}
}
