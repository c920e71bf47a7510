package alipay

import (
	"context"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// Each thing that can be wrong fails its own step, and the steps after it are
// not tried.
func TestProbeNamesTheStep(t *testing.T) {
	ours, _ := gatewayKeys()
	for _, row := range []struct {
		what   string
		s      wallettest.Subject
		change func(*wallettest.Bench, *adapter)
		fails  string
		reason till.Reason
	}{
		{"all is well", keyMode(), func(*wallettest.Bench, *adapter) {}, "", ""},
		{"all is well with certificates", certificateMode(), func(*wallettest.Bench, *adapter) {}, "", ""},
		{"a certificate has run out", certificateMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.notAfter = time.Now().Add(-time.Hour) }, "credentials", till.SetUpWrong},
		{"this clock is before the certificate", certificateMode(), func(b *wallettest.Bench, _ *adapter) {
			b.Client.Now = func() time.Time { return time.Now().AddDate(-1, 0, 0) }
		}, "credentials", till.ClockWrong},
		{"nobody listens", keyMode(), func(_ *wallettest.Bench, a *adapter) { a.gateway = "http://127.0.0.1:1/" }, "host", till.NoNetwork},
		{"the line is cut", keyMode(), func(b *wallettest.Bench, _ *adapter) { b.Sim.Cut("alipay", true) }, "host", till.NoNetwork},
		{"the gateway is down", keyMode(), func(b *wallettest.Bench, _ *adapter) { b.Sim.Fail(sim.Fault{Kind: sim.Status500}) }, "host", till.ProviderDown},
		{"another server answers", keyMode(), func(b *wallettest.Bench, _ *adapter) { b.Sim.Fail(sim.Fault{Kind: sim.Garbage}) }, "host", till.NotUnderstood},
		{"the clocks are apart", keyMode(), func(b *wallettest.Bench, _ *adapter) { b.Sim.Fail(sim.Fault{Kind: sim.ClockOff}) }, "clock", till.ClockWrong},
		{"another private key", keyMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.private = ours }, "request_signature", till.SetUpWrong},
		{"another app_id", keyMode(), func(_ *wallettest.Bench, a *adapter) { a.appID = "2021000000000002" }, "request_signature", till.SetUpWrong},
		{"another application's certificate", certificateMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.appSN = "0" }, "request_signature", till.SetUpWrong},
		{"another root", certificateMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.rootSN = "0" }, "request_signature", till.SetUpWrong},
		{"a token nobody gave", keyMode(), func(_ *wallettest.Bench, a *adapter) { a.token = "202611BBtoken0123456789" }, "request_signature", till.SetUpWrong},
		{"another public key", keyMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.alipay = &ours.PublicKey }, "answer_signature", till.NotVerified},
		{"another certificate of Alipay's", certificateMode(), func(_ *wallettest.Bench, a *adapter) { a.keys.alipaySN = "0" }, "answer_signature", till.NotVerified},
		{"no signature", keyMode(), func(b *wallettest.Bench, _ *adapter) { b.Sim.Fail(sim.Fault{Kind: sim.Unsigned}) }, "answer_signature", till.NotVerified},
	} {
		t.Run(row.what, func(t *testing.T) {
			b := wallettest.NewBench(t, row.s)
			a := b.Provider.(*adapter)
			row.change(b, a)
			steps := a.Probe(context.Background())
			last := steps[len(steps)-1]
			if row.fails == "" {
				var names []string
				for _, s := range steps {
					names = append(names, s.Name)
					if !s.OK {
						t.Errorf("%+v", s)
					}
				}
				if got := strings.Join(names, " "); got != "credentials host clock request_signature answer_signature merchant" {
					t.Errorf("steps: %s", got)
				}
				return
			}
			if last.OK || last.Name != row.fails || last.Reason != row.reason || last.Detail == "" {
				t.Errorf("%+v, want %s to fail with %s", last, row.fails, row.reason)
			}
			for _, s := range steps[:len(steps)-1] {
				if !s.OK {
					t.Errorf("went on after %+v", s)
				}
			}
			if strings.Contains(last.Detail, "token0123456789") || strings.Contains(last.Detail, "biz_content") {
				t.Errorf("the detail repeats the request: %s", last.Detail)
			}
			if strings.Contains(b.Log.Text(), "token0123456789") {
				t.Error("the token was kept")
			}
		})
	}
}

func TestProbeOfAShopWithoutPermission(t *testing.T) {
	for _, node := range []string{fault("40006", "isv.insufficient-isv-permissions"), fault("40004", "ACQ.ACCESS_FORBIDDEN"),
		fault("40004", "ACQ.INVALID_PARAMETER")} {
		a, _ := saying(t, &node)
		steps := a.Probe(context.Background())
		if last := steps[len(steps)-1]; last.OK || last.Name != "merchant" || last.Reason != till.SetUpWrong {
			t.Errorf("%s: %+v", node, last)
		}
	}
	node := fault("20000", "isp.unknow-error")
	a, _ := saying(t, &node)
	steps := a.Probe(context.Background())
	if last := steps[len(steps)-1]; last.OK || last.Name != "merchant" || last.Reason != till.ProviderDown {
		t.Errorf("%+v", last)
	}
}
