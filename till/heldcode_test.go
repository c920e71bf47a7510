package till_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// still lets the basket be for a second.
func still(r *tilltest.Runner) *tilltest.Runner {
	r.Clock = r.Clock.Add(time.Second)
	return r
}

func TestACustomersCodeOnTheSellScreenChargesTheTotal(t *testing.T) {
	r := still(counter(t)).OK(till.Scan{Code: wechatCode, Qty: 3 * money.One})
	sent, codes := r.Wallets.Started()
	if len(sent) != 1 || sent[0].Wallet != "wechatpay" || sent[0].Amount != 1590 || sent[0].Way != till.Take || codes[0] != wechatCode {
		t.Fatalf("sent %+v", sent)
	}
	if v := r.Reg.View(); v.Held != nil || v.Attempt == nil || len(v.Sale.Lines) != 1 {
		t.Fatalf("the view shows %+v", v)
	}
}

func TestACodeIsHeldWhereItMustNotCharge(t *testing.T) {
	set := func(key, value string) func(*tilltest.Journal) {
		return func(j *tilltest.Journal) {
			if err := j.Settings.Set(key, value); err != nil {
				panic(err)
			}
		}
	}
	for _, row := range []struct {
		name   string
		shop   func(*tilltest.Journal)
		wait   time.Duration
		scan   till.Scan
		wallet string
	}{
		{"the basket changed just now", nil, 799 * time.Millisecond, till.Scan{Code: wechatCode}, "wechatpay"},
		{"above the wallet's limit for it", set("wallets", strings.ReplaceAll(tilltest.Takings, `"most":50000`, `"most":1589`)), time.Second, till.Scan{Code: wechatCode}, "wechatpay"},
		{"turned off", set("pay_from_sell", "false"), time.Second, till.Scan{Code: wechatCode}, "wechatpay"},
		{"no provider documents the form", set("wallets", strings.ReplaceAll(tilltest.Takings, "wechatpay", "jdpay")), time.Second, till.Scan{Code: jdCode}, "jdpay"},
		{"also while paying", set("wallets", strings.ReplaceAll(tilltest.Takings, "wechatpay", "jdpay")), time.Second, till.Scan{Code: jdCode, Paying: true}, "jdpay"},
		{"no account takes it", nil, time.Second, till.Scan{Code: jdCode}, "alipay"},
	} {
		t.Run(row.name, func(t *testing.T) {
			j := tilltest.New().WithWallets()
			if row.shop != nil {
				row.shop(j)
			}
			r := tilltest.Start(t, j).Selling("1002").OK(till.Scan{Code: milk})
			r.Clock = r.Clock.Add(row.wait)
			r.OK(row.scan)
			sent, _ := r.Wallets.Started()
			h := r.Reg.View().Held
			if len(sent) != 0 || h == nil || h.Wallet != row.wallet || h.Tail != row.scan.Code[14:] || !h.Until.Equal(r.Clock.Add(30*time.Second)) {
				t.Fatalf("held %+v, sent %+v", h, sent)
			}
			// One key charges it.
			r.OK(till.PayWallet{Wallet: h.Wallet, Amount: 1590, Way: till.Take})
			if _, codes := r.Wallets.Started(); len(codes) != 1 || codes[0] != row.scan.Code || r.Reg.View().Held != nil {
				t.Fatalf("sent %q", codes)
			}
		})
	}
}

func TestWhilePayingACodeChargesWhatIsLeft(t *testing.T) {
	r := counter(t).OK(till.PayCash{Amount: 590}, till.Scan{Code: alipayCode, Paying: true})
	if sent, _ := r.Wallets.Started(); len(sent) != 1 || sent[0].Amount != 1000 || sent[0].Share != 2 {
		t.Fatalf("sent %+v", sent)
	}
	r.Refused(till.PaymentOpen, till.Scan{Code: wechatCode, Paying: true})
	if r.Reg.View().Held != nil {
		t.Fatal("the second code is held")
	}
}

func TestACodeIsRefusedWhereNothingIsPaid(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1002")
	r.Refused(till.PayCodeEarly, till.Scan{Code: wechatCode})
	r.OK(till.Scan{Code: milk})
	still(r).Refused(till.PayCodeElsewhere, till.Scan{Code: wechatCode, Elsewhere: true})
	r.OK(till.ShowQR{Method: "pix"}).Refused(till.QROpen, till.Scan{Code: wechatCode})
	r.OK(till.SignOff{}).Refused(till.NotSignedOn, till.Scan{Code: wechatCode})
	if sent, _ := r.Wallets.Started(); len(sent) != 0 || r.Reg.View().Held != nil {
		t.Fatalf("sent %+v", sent)
	}
	for _, n := range []*till.Notice{r.Reg.View().Notice} {
		if strings.Contains(fmt.Sprintf("%+v", n), wechatCode) {
			t.Fatalf("notice %+v", n)
		}
	}
}

func TestWithoutAWalletThatTakesCodesOneIsRefused(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002").OK(till.Scan{Code: milk})
	still(r).Refused(till.NoSuchWallet, till.Scan{Code: wechatCode})
	if n := r.Reg.View().Notice; strings.Contains(n.Detail, wechatCode) {
		t.Fatalf("notice %+v", n)
	}
}

// What the catalogue knows is goods, whatever its form.
func TestGoodsAreNeverPayments(t *testing.T) {
	r := still(counter(t)).OK(till.Scan{Code: milk})
	if sent, _ := r.Wallets.Started(); len(sent) != 0 {
		t.Fatalf("sent %+v", sent)
	}
	r.Refused(till.UnknownCode, till.Scan{Code: "2812345678903"})
	if r.Reg.View().Held != nil {
		t.Fatal("an unknown barcode is held as a payment")
	}
}

func TestAHeldCodeIsWiped(t *testing.T) {
	held := func(t *testing.T) *tilltest.Runner {
		r := counter(t).OK(till.Scan{Code: wechatCode})
		if r.Reg.View().Held == nil {
			t.Fatal("nothing is held")
		}
		return r
	}
	gone := func(t *testing.T, r *tilltest.Runner) {
		t.Helper()
		if h := r.Reg.View().Held; h != nil {
			t.Fatalf("held %+v", h)
		}
		if r.Reg.View().Sale != nil {
			r.Refused(till.PayCodeMissing, till.PayWallet{Wallet: "wechatpay", Amount: 1590, Way: till.Take})
		}
	}
	t.Run("after 30 s", func(t *testing.T) {
		r := held(t)
		r.Clock = r.Clock.Add(30 * time.Second)
		r.Refused(till.PayCodeMissing, till.PayWallet{Wallet: "wechatpay", Amount: 1590, Way: till.Take})
		gone(t, r)
	})
	t.Run("dropped", func(t *testing.T) { gone(t, held(t).OK(till.DropCode{})) })
	t.Run("with its sale", func(t *testing.T) { gone(t, held(t).OK(till.PayCash{})) })
	t.Run("parked", func(t *testing.T) {
		r := held(t).OK(till.Park{})
		gone(t, r)
		r.OK(till.Recall{N: 1})
		gone(t, r)
	})
	t.Run("signed off", func(t *testing.T) {
		r := held(t).OK(till.SignOff{})
		r.SignOn("1002")
		gone(t, r)
	})
	t.Run("for the next", func(t *testing.T) {
		r := held(t).OK(till.Scan{Code: alipayCode})
		if h := r.Reg.View().Held; h.Wallet != "alipay" || h.Tail != "4321" {
			t.Fatalf("held %+v", h)
		}
	})
}
