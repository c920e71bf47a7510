package jdpay_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/jdpay"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// A paid payment that was revoked is paid still at JD: that it went back is
// asked for whenever a revoke may have been sent.
func TestARevokedPaymentIsSeenToHaveGoneBack(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	if a := b.Start(t, &c); a.Verdict != wallet.Waiting {
		t.Fatalf("a charge is believed without a query: %v", a.Verdict)
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Done {
		t.Fatalf("query: %v", a.Verdict)
	}
	b.Sim.Fail(sim.Fault{Op: sim.OpCancel, Kind: sim.DropAnswer})
	a, err := b.Provider.Cancel(context.Background(), c)
	if err != nil || a.Verdict != wallet.Unclear {
		t.Fatalf("cancel: %v %v", a.Verdict, err)
	}
	// The handle of the lost cancel stays with the attempt.
	wallettest.Follow(&c, a)
	if a := b.Query(t, &c); a.Verdict != wallet.Returned {
		t.Errorf("after the lost cancel: %v (%s)", a.Verdict, a.Said)
	}
	c.Handle, c.GivingUp = "", true
	if a := b.Query(t, &c); a.Verdict != wallet.Returned {
		t.Errorf("giving up: %v (%s)", a.Verdict, a.Said)
	}
	b.Sim.Fail(sim.Fault{Op: sim.OpQuery, Kind: sim.Unsigned, Skip: 1})
	if a := b.Query(t, &c); a.Verdict != wallet.Unclear || a.Reason != till.NotVerified {
		t.Errorf("with a list that is not signed: %v %q", a.Verdict, a.Reason)
	}
	a, err = b.Provider.Cancel(context.Background(), c)
	if err != nil || a.Verdict != wallet.Waiting {
		t.Errorf("the cancel again: %v (%s) %v", a.Verdict, a.Said, err)
	}
	if p, _ := b.Sim.Payment("jdpay", c.Number); p.Captured != 1250 || p.Refunded() != 1250 || len(p.Refunds) != 1 {
		t.Errorf("the books: %d taken, %d back in %d parts", p.Captured, p.Refunded(), len(p.Refunds))
	}
}

// Everything travels encrypted; what is kept is readable, without the
// customer's code, the signature and the card.
func TestWhatIsKept(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &c)
	b.Query(t, &c)
	text := b.Log.Text()
	for _, want := range []string{"<tradeNum>" + c.Number + "</tradeNum>", "<amount>1250</amount>", "<token>***</token>", "<sign>***</sign>",
		"<status>2</status>", "<detail><cardHolderMobile>***</cardHolderMobile></detail>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not kept:\n%s", want, text)
		}
	}
	for _, secret := range []string{c.Code, "150****1596", b.Platform.Account().Fields["des_key"]} {
		if strings.Contains(text, secret) {
			t.Errorf("%s was kept", secret)
		}
	}
	for _, call := range b.Log.Calls {
		if strings.Contains(call.Asked, "encrypt") {
			t.Errorf("kept encrypted: %s", call.Asked)
		}
	}
}

func TestFieldsAreCheckedWhenEntered(t *testing.T) {
	s := sim.New(nil)
	platform := sim.NewJDPay(s)
	good := platform.Account().Fields
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	other := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	cut := good["private_key"][:len(good["private_key"])/2]
	bare := strings.Join(strings.Split(good["private_key"], "\n")[1:27], "")
	for _, row := range []struct{ field, value, says string }{
		{"merchant", "", "needed"},
		{"merchant", "1234a", "digits"},
		{"des_key", good["des_key"][:20], "bytes, 24 are due"},
		{"des_key", "%%%", "not base 64"},
		{"private_key", cut, "cut off"},
		{"private_key", good["jd_public_key"], "public key"},
		{"private_key", other, "not an RSA key"},
		{"private_key", "not a key", "neither PEM nor base 64"},
		{"private_key", bare[:100], "no RSA private key"},
		{"private_key", good["private_key"] + good["private_key"], "more than one"},
		{"jd_public_key", "", "needed"},
		{"jd_public_key", good["private_key"], "private key"},
		{"jd_public_key", good["jd_public_key"][:200], "cut off"},
		{"notifyUrl", "shop.example", "https://"},
		{"qr_merchant", "", "needed"},
		{"qr_des_key", "", "needed"},
		{"qr_private_key", "", "needed"},
	} {
		a := platform.Account()
		a.BaseURL, a.Mode = "https://paygate.jd.com", "live"
		a.Fields[row.field] = row.value
		_, err := jdpay.Spec.New(a, &wallet.Client{})
		var e *wallet.FieldError
		if !errors.As(err, &e) || e.Field != row.field || e.Reason != till.SetUpWrong || !strings.Contains(e.Detail, row.says) {
			t.Errorf("%s=%.20q: %v, want %q", row.field, row.value, err, row.says)
		}
		if len(row.value) > 20 && err != nil && strings.Contains(err.Error(), row.value[:20]) {
			t.Errorf("%s: the error tells the value: %v", row.field, err)
		}
	}
	a := platform.Account()
	a.BaseURL, a.Mode = "https://paygate.jd.com", "live"
	a.Fields["private_key"] = bare
	for _, f := range []string{"qr_merchant", "qr_des_key", "qr_private_key", "device"} {
		delete(a.Fields, f)
	}
	if _, err := jdpay.Spec.New(a, &wallet.Client{}); err != nil {
		t.Errorf("with a key in base 64 alone, and one account for both: %v", err)
	}
}

func TestProbeNamesTheStepThatFailed(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	probe := func(change func(map[string]string)) []wallet.Step {
		a := b.Platform.Account()
		a.BaseURL, a.Mode, a.Currency = b.Base, "test", b.Subject.Currency
		change(a.Fields)
		p, err := jdpay.Spec.New(a, b.Client)
		if err != nil {
			t.Fatal(err)
		}
		return p.(wallet.Prober).Probe(context.Background())
	}
	var names []string
	for _, s := range probe(func(map[string]string) {}) {
		if !s.OK {
			t.Errorf("%s failed: %s", s.Name, s.Detail)
		}
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "credentials host request_signature answer_signature merchant request_signature answer_signature merchant" {
		t.Errorf("steps: %s", got)
	}
	twin := sim.NewJDPay(sim.New(nil)).Account().Fields
	for _, row := range []struct {
		name   string
		change func(map[string]string)
		fault  sim.FaultKind
		last   string
		reason till.Reason
	}{
		{"another merchant", func(f map[string]string) { f["merchant"] = "999" }, "", "request_signature", till.SetUpWrong},
		{"the key of the other account", func(f map[string]string) { f["private_key"] = f["qr_private_key"] }, "", "request_signature", till.SetUpWrong},
		{"another DES key", func(f map[string]string) { f["des_key"] = twin["des_key"] }, "", "request_signature", till.SetUpWrong},
		{"a wrong answer", func(map[string]string) {}, sim.BadSign, "answer_signature", till.NotVerified},
		{"an unsigned answer", func(map[string]string) {}, sim.Unsigned, "answer_signature", till.NotVerified},
		{"down", func(map[string]string) {}, sim.Status500, "host", till.ProviderDown},
		{"no connection", func(map[string]string) {}, sim.DropRequest, "host", till.NoNetwork},
	} {
		if row.fault != "" {
			b.Sim.Fail(sim.Fault{Kind: row.fault})
		}
		steps := probe(row.change)
		last := steps[len(steps)-1]
		if last.OK || last.Name != row.last || last.Reason != row.reason {
			t.Errorf("%s: %+v", row.name, last)
		}
		b.Sim.Mend()
	}
}

func TestAmountsThatTheWalletDoesNotTakeAreNotSent(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	for _, amount := range []money.Amount{0, -1, 10_000_000_000} {
		_, err := b.Provider.Start(context.Background(), b.Charge(amount, till.Show))
		var e *wallet.FieldError
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Reason != till.AmountNotAllowed {
			t.Errorf("%d: %v", amount, err)
		}
	}
	if n := len(b.Sim.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

// The same number is never charged twice, and a failed one is closed.
func TestRulesOfThePayment(t *testing.T) {
	b := wallettest.NewBench(t, subject)
	c := b.Charge(1250, till.Take)
	c.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &c)
	c.Code = b.Platform.NewCode(sim.Purse{})
	if a := b.Start(t, &c); a.Verdict != wallet.Unclear || !strings.Contains(a.Said, "重复支付") {
		t.Errorf("the number again: %v (%s)", a.Verdict, a.Said)
	}
	if a := b.Query(t, &c); a.Verdict != wallet.Done || a.Amount != 1250 {
		t.Errorf("the first: %v", a.Verdict)
	}
	poor := b.Charge(1250, till.Take)
	poor.Code = b.Platform.NewCode(sim.Purse{Balance: 5})
	if a := b.Start(t, &poor); a.Verdict != wallet.Unclear || !strings.Contains(a.Said, "余额不足") {
		t.Errorf("too little: %v (%s)", a.Verdict, a.Said)
	}
	if a := b.Query(t, &poor); a.Verdict != wallet.Closed {
		t.Errorf("too little, queried: %v (%s)", a.Verdict, a.Said)
	}
	shown := b.Charge(100, till.Show)
	shown.Until = shown.At
	b.Start(t, &shown)
	if p, _ := b.Sim.Payment("jdpay", shown.Number); p.Until.Sub(p.Made).Round(time.Second) != 600*time.Second {
		t.Errorf("a code without a given life holds %v, want 600 s", p.Until.Sub(p.Made))
	}
}
