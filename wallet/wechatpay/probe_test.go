package wechatpay

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

var allSteps = []string{"credentials", "host", "clock", "request_signature", "answer_signature", "merchant"}

// The probe stops at the step that fails and says why, and moves nothing.
func TestProbe(t *testing.T) {
	otherKey, err := x509.MarshalPKCS8PrivateKey(platformKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		fields map[string]string
		before func(*wallettest.Bench)
		last   string
		reason till.Reason
	}{
		{"all is well", nil, nil, "merchant", ""},
		{"all is well with v3 alone", map[string]string{fieldTake: "v3", fieldV2Key: ""}, nil, "merchant", ""},
		{"an old certificate", map[string]string{fieldKey: pemOf("PRIVATE KEY", otherKey), fieldCert: certified(t, platformKey(), 9, time.Now().AddDate(0, 0, -1))}, nil, "credentials", till.SetUpWrong},
		{"nobody there", nil, func(b *wallettest.Bench) { b.Sim.Cut(Name, true) }, "host", till.NoNetwork},
		{"the platform is down", nil, func(b *wallettest.Bench) { b.Sim.Fail(sim.Fault{Kind: sim.Status500, Times: -1}) }, "host", till.ProviderDown},
		{"a clock that is wrong", nil, func(b *wallettest.Bench) { b.Sim.Fail(sim.Fault{Kind: sim.ClockOff, Times: -1}) }, "clock", till.ClockWrong},
		{"another key", map[string]string{fieldKey: pemOf("PRIVATE KEY", otherKey), fieldCert: certified(t, platformKey(), 9, time.Now().AddDate(1, 0, 0))}, nil, "request_signature", till.SetUpWrong},
		{"another merchant number", map[string]string{fieldMchID: "1900000110"}, nil, "request_signature", till.SetUpWrong},
		{"another APIv2 key", map[string]string{fieldV2Key: strings.Repeat("a", 32)}, nil, "request_signature", till.SetUpWrong},
		{"another platform key", map[string]string{fieldPlatform: publicPEM(t, &platformKey().PublicKey)}, nil, "answer_signature", till.NotVerified},
		{"no signature", nil, func(b *wallettest.Bench) { b.Sim.Fail(sim.Fault{Kind: sim.Unsigned, Times: -1}) }, "answer_signature", till.NotVerified},
		{"another app", map[string]string{fieldAppID: "wx0000000000000000"}, nil, "merchant", till.SetUpWrong},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := wallettest.NewBench(t, with(subject(nil), row.fields))
			if row.before != nil {
				row.before(b)
			}
			steps := b.Provider.(wallet.Prober).Probe(context.Background())
			var names []string
			for _, s := range steps {
				names = append(names, s.Name)
			}
			last := steps[len(steps)-1]
			if last.Name != row.last || last.Reason != row.reason || last.OK != (row.reason == "") || !slices.Equal(names, allSteps[:len(names)]) {
				t.Errorf("%+v, want %s %s", steps, row.last, row.reason)
			}
			if len(b.Sim.All()) != 0 {
				t.Error("a payment was made")
			}
		})
	}
}

// With a wrong clock of this machine the probe says so, though the platform
// refuses the request for it.
func TestProbeWithAWrongClock(t *testing.T) {
	clock := newClock()
	b := benchAt(t, clock, nil)
	b.Client.Now = func() time.Time { return clock.now().Add(7 * time.Minute) }
	steps := b.Provider.(wallet.Prober).Probe(context.Background())
	if last := steps[len(steps)-1]; last.Name != "clock" || last.Reason != till.ClockWrong {
		t.Errorf("%+v", steps)
	}
}

// New platform certificates are taken up before the old ones end.
func TestRotate(t *testing.T) {
	var platform *sim.WeChatPay
	b := wallettest.NewBench(t, subject(func(p *sim.WeChatPay) { p.Certificates = true; platform = p }))
	old := certified(t, platformKey(), 0xABC1, time.Now().AddDate(0, 0, 10))
	known := platform.Account().Fields[fieldPlatform]
	connect := func(fields map[string]string) wallet.KeyRotator {
		acc := platform.Account()
		acc.BaseURL = b.Base
		maps.Copy(acc.Fields, fields)
		p, err := New(acc, b.Client)
		if err != nil {
			t.Fatal(err)
		}
		return p.(wallet.KeyRotator)
	}
	// Nothing is due while the certificates last, or without the key to open new ones.
	for name, fields := range map[string]map[string]string{
		"nothing ends": nil,
		"no key":       {fieldPlatform: old + known, fieldV3Key: ""},
	} {
		if got, err := connect(fields).Rotate(context.Background(), time.Now()); err != nil || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if n := len(b.Sim.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
	got, err := connect(map[string]string{fieldPlatform: old + known}).Rotate(context.Background(), time.Now())
	if err != nil || got[fieldPlatform] != known {
		t.Errorf("%v, %v", got, err)
	}
	// Nothing of an answer that cannot be believed is taken.
	for name, fields := range map[string]map[string]string{
		"signed with an unknown key": {fieldPlatform: old},
		"another APIv3 key":          {fieldPlatform: old + known, fieldV3Key: strings.Repeat("a", 32)},
	} {
		if got, err := connect(fields).Rotate(context.Background(), time.Now()); err == nil || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	b.Sim.Cut(Name, true)
	if got, err := connect(map[string]string{fieldPlatform: old + known}).Rotate(context.Background(), time.Now()); err == nil || got != nil || errors.Is(err, errBill) {
		t.Errorf("cut off: %v, %v", got, err)
	}
}
