package till_test

import (
	"testing"
	"time"

	"guitai/till"
	"guitai/till/tilltest"
)

func TestAnybodyFreezesAndTheOwnerReleases(t *testing.T) {
	r := counter(t)
	r.Comes(r.Paying("alipay", 1590).Number, till.Declined)
	at := r.Paying("alipay", 500)
	r.Comes(at.Number, till.Pending)
	r.OK(till.Freeze{Wallet: "wechatpay"})
	if _, stopped, _ := r.Wallets.Asked(); len(stopped) != 0 {
		t.Fatalf("stopped %v", stopped)
	}
	r.OK(till.Freeze{Wallet: "alipay", Reason: "手机丢了"})
	if _, stopped, _ := r.Wallets.Asked(); len(stopped) != 1 || stopped[0] != at.Number {
		t.Fatalf("stopped %v", stopped)
	}
	es := r.J.Entries()
	rec, ok := es[len(es)-1].Record.(*till.SettingSet)
	if !ok || rec.Key != "wallets.frozen" || rec.Old == rec.New || es[len(es)-1].Operator != "1002" {
		t.Fatalf("on record is %+v", es[len(es)-1].Record)
	}
	v := r.Reg.View()
	if w := v.Wallets; w[0].Why != till.WalletStopped || w[0].Note != "手机丢了" || w[1].Why != till.WalletStopped || w[2].Why != till.WalletNotLive || len(v.Frozen) != 2 {
		t.Fatalf("the view shows %+v", w)
	}
	r.Comes(at.Number, till.Cancelled)
	r.Refused(till.WalletStopped, show(1590))
	r.OK(till.PayCash{})
	r.Done(1, 0)
	// A cashier may not release, and the owner's PIN in place may.
	r.Refused(till.NeedsApproval, till.Release{Wallet: "alipay"})
	r.OK(till.Approve{PIN: "1003"})
	r.Settle(func(v till.View) bool { return v.Approval != nil && v.Approval.Wrong })
	r.OK(till.Approve{PIN: "1001"})
	r.Settle(func(v till.View) bool { return v.Notice != nil && v.Notice.Code == till.NoteReleased })
	if w := r.Reg.View().Wallets; w[0].Why != "" || w[1].Why != till.WalletStopped {
		t.Fatalf("the view shows %+v", w)
	}
	r.Refused(till.NoSuchWallet, till.Freeze{Wallet: "jdpay"})
	r.Refused(till.NoSuchWallet, till.Release{Wallet: "alipay"})
}

func TestAFreezeOutlivesARestart(t *testing.T) {
	r := counter(t).OK(till.Freeze{})
	at := r.Clock
	r.Stop()
	again := tilltest.Start(t, r.J)
	v := again.Reg.View()
	if len(v.Frozen) != 1 || v.Frozen[0].Wallet != "" || v.Frozen[0].By != "1002" || !v.Frozen[0].At.Equal(at) || v.Wallets[0].Why != till.WalletStopped {
		t.Fatalf("the view shows %+v", v.Frozen)
	}
	again.SignOn("1001")
	again.OK(till.Release{}, show(1590))
}

func TestNothingGoesBackThroughAFrozenWallet(t *testing.T) {
	r := paidBy(t, 15900)
	r.OK(till.Freeze{Wallet: "alipay"})
	r.Refused(till.WalletStopped, milks(1))
	if len(r.Wallets.Sent()) != 0 {
		t.Fatal("it was sent")
	}
}

// The list of what is frozen is no setting to be edited.
func TestFrozenWalletsAreNotReleasedByASetting(t *testing.T) {
	r := tilltest.Start(t, tilltest.New().WithWallets()).Selling("1001").OK(till.Freeze{})
	r.Refused(till.UnknownSetting, till.SetSetting{Settings: []till.Setting{{Key: "wallets.frozen"}}})
	r.Clock = r.Clock.Add(time.Minute)
	r.OK(till.SetSetting{Settings: []till.Setting{{Key: "pay_from_sell", Value: "false"}}})
	if v := r.Reg.View(); len(v.Frozen) != 1 || v.Settings.PayFromSell {
		t.Fatalf("the view shows %+v", v.Frozen)
	}
}
