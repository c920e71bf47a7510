package wechatpay

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// Over TLS the reverse presents the merchant's certificate, which the platform
// asks for; other calls do not.
func TestReverseWithClientCertificate(t *testing.T) {
	b := &wallettest.Bench{Sim: sim.New(nil), Log: &wallettest.CallLog{}, Subject: subject(func(p *sim.WeChatPay) { p.ReverseAfter = 0 })}
	b.Platform = b.Subject.Platform(b.Sim)
	b.Sim.Add(b.Platform)
	srv := httptest.NewUnstartedServer(b.Sim)
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // the refused handshake below
	srv.StartTLS()
	t.Cleanup(srv.Close)
	b.Base = srv.URL + "/" + Name
	b.Subject.Currency = cny
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	plain := &wallet.Client{Wallet: Name, Calls: b.Log, Deadline: 5 * time.Second}
	b.Client = plain.WithTLS(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
	t.Cleanup(b.Client.Close)
	b.Provider = b.Connect(t)

	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{Password: true})
	wants(t, "start", b.Start(t, &c), wallet.Waiting)
	a := b.Provider.(*account)

	// Without the certificate the gate refuses, and nothing is proved.
	secure := a.secure
	a.secure = a.client
	wants(t, "without the certificate", cancel(t, b, c), wallet.Unclear)
	c.GivingUp = true
	wants(t, "query", b.Query(t, &c), wallet.Waiting)

	a.secure = secure
	wants(t, "with it", cancel(t, b, c), wallet.Waiting)
	wants(t, "query", b.Query(t, &c), wallet.Closed)

	// A host that does not show a certificate of a known root is not spoken to.
	b.Client = plain
	b.Provider = b.Connect(t)
	o := b.Charge(1250, till.Show)
	ans, err := b.Provider.Start(t.Context(), o)
	if err == nil && ans.Verdict != wallet.Unclear {
		t.Errorf("an unknown host: %v", ans.Verdict)
	}
	if _, ok := b.Sim.Payment(Name, o.Number); ok {
		t.Error("an unknown host was spoken to")
	}
	// The list of a day comes over TLS too.
	b.Client = plain.WithTLS(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
	b.Provider = b.Connect(t)
	taken := b.Charge(1250, till.Take)
	taken.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &taken)
	if bill, err := b.Provider.(wallet.BillFetcher).FetchBill(t.Context(), time.Now()); err != nil || len(bill.Rows) != 1 {
		t.Errorf("%d rows, %v", len(bill.Rows), err)
	}
}
