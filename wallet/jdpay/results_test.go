package jdpay

import (
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

var testCharge = wallet.Charge{
	Number: "1000TEST00000017", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Take,
	At: time.Date(2026, 11, 25, 1, 2, 3, 0, time.UTC),
}

// of is a good answer about the charge, changed by f.
func of(f func(*answer)) answer {
	d := answer{Result: result{Code: success}, TradeNum: testCharge.Number, Amount: "1250"}
	f(&d)
	return d
}

func same(t *testing.T, what string, a wallet.Answer, v wallet.Verdict, r till.Reason) {
	t.Helper()
	if a.Verdict != v || a.Reason != r {
		t.Errorf("%s: %v %q (%s), want %v %q", what, a.Verdict, a.Reason, a.Said, v, r)
	}
}

func TestResultsOfAPayment(t *testing.T) {
	for _, row := range []struct {
		name            string
		d               answer
		query           wallet.Verdict
		queryReason     till.Reason
		charged         wallet.Verdict
		reasonOfCharged till.Reason
	}{
		{"made", of(func(d *answer) { d.Status = "0" }), wallet.Waiting, till.PasswordAsked, wallet.Waiting, till.PasswordAsked},
		{"processing", of(func(d *answer) { d.Status = "1" }), wallet.Waiting, till.PasswordAsked, wallet.Waiting, till.PasswordAsked},
		// A charge that says paid is asked for before it is believed.
		{"paid", of(func(d *answer) { d.Status = "2" }), wallet.Done, "", wallet.Waiting, ""},
		{"failed", of(func(d *answer) { d.Status = "3" }), wallet.Closed, till.OtherReason, wallet.Unclear, till.ProviderDown},
		{"another state", of(func(d *answer) { d.Status = "4" }), wallet.Unclear, till.NotUnderstood, wallet.Unclear, till.ProviderDown},
		{"no state", of(func(*answer) {}), wallet.Unclear, till.NotUnderstood, wallet.Unclear, till.ProviderDown},
		{"another number", of(func(d *answer) { d.Status, d.TradeNum = "2", "x" }), wallet.Unclear, till.NumberReused, wallet.Unclear, till.NumberReused},
		{"another code", of(func(d *answer) { d.Status, d.Result = "2", result{"000001", "余额不足"} }), wallet.Unclear, till.NotEnough, wallet.Unclear, till.NotEnough},
	} {
		same(t, row.name+", queried", row.d.queried(testCharge), row.query, row.queryReason)
		same(t, row.name+", charged", row.d.charged(testCharge), row.charged, row.reasonOfCharged)
	}
	for _, amount := range []string{"", "12.50", "-1", "1e3", "1234567890123"} {
		same(t, "amount "+amount, of(func(d *answer) { d.Status, d.Amount = "2", amount }).queried(testCharge), wallet.Unclear, till.NotUnderstood)
	}
	same(t, "a refund in the place of a payment", of(func(d *answer) { d.Status, d.TradeType = "2", "1" }).queried(testCharge), wallet.Unclear, till.NotUnderstood)
	a := of(func(d *answer) { d.Status, d.Amount, d.Pays = "2", "1251", []pay{{"20261125090500"}} }).queried(testCharge)
	if a.Amount != 1251 || a.Number != testCharge.Number || !a.PaidAt.Equal(time.Date(2026, 11, 25, 1, 5, 0, 0, time.UTC)) {
		t.Errorf("paid: %+v", a)
	}
}

func TestResultsOfAShownCode(t *testing.T) {
	same(t, "made", of(func(d *answer) { d.QRCode = "https://h5pay.jd.com/code?c=1" }).ordered(testCharge), wallet.Waiting, "")
	same(t, "without a code", of(func(*answer) {}).ordered(testCharge), wallet.Unclear, till.NotUnderstood)
	same(t, "of another amount", of(func(d *answer) { d.QRCode, d.Amount = "x", "1251" }).ordered(testCharge), wallet.Unclear, till.NotUnderstood)
	same(t, "refused", of(func(d *answer) { d.QRCode, d.Result.Code = "x", "1" }).ordered(testCharge), wallet.Unclear, till.OtherReason)
}

func TestResultsOfARevoke(t *testing.T) {
	revoke := func(f func(*answer)) answer {
		return of(func(d *answer) {
			d.TradeNum, d.OTradeNum, d.Status = testCharge.Number+"R", testCharge.Number, "1"
			f(d)
		})
	}
	same(t, "done", revoke(func(*answer) {}).revoked(testCharge), wallet.Waiting, "")
	same(t, "failed", revoke(func(d *answer) { d.Status = "2" }).revoked(testCharge), wallet.Unclear, till.ProviderDown)
	same(t, "of another payment", revoke(func(d *answer) { d.OTradeNum = "x" }).revoked(testCharge), wallet.Unclear, till.ProviderDown)
	same(t, "refused", revoke(func(d *answer) { d.Result.Code = "1" }).revoked(testCharge), wallet.Unclear, till.OtherReason)

	paid := wallet.Answer{Verdict: wallet.Done, Amount: 1250, Said: "status 2"}
	for _, row := range []struct {
		name string
		refs []back
		want wallet.Verdict
	}{
		{"nothing given back", nil, wallet.Done},
		{"given back", []back{{"r", "1250", "1"}}, wallet.Returned},
		{"given back in parts", []back{{"r", "250", "1"}, {"s", "1000", "1"}}, wallet.Returned},
		{"a part given back", []back{{"r", "250", "1"}}, wallet.Done},
		{"failed to give back", []back{{"r", "1250", "2"}}, wallet.Done},
		{"being given back", []back{{"r", "1250", "0"}}, wallet.Waiting},
		{"an amount that cannot be read", []back{{"r", "", "1"}}, wallet.Unclear},
	} {
		a := answer{Result: result{Code: success}, Refunds: row.refs}.returned(paid)
		if a.Verdict != row.want {
			t.Errorf("%s: %v (%s), want %v", row.name, a.Verdict, a.Said, row.want)
		}
	}
	same(t, "no list", answer{Result: result{Code: "1"}}.returned(paid), wallet.Unclear, till.ProviderDown)
}

func TestResultsOfARefund(t *testing.T) {
	f := wallet.Refund{Number: "1000TEST00000025", Of: testCharge, Amount: 300}
	refund := func(change func(*answer)) answer {
		return of(func(d *answer) {
			d.TradeNum, d.OTradeNum, d.Amount, d.Status = f.Number, f.Of.Number, "300", "1"
			change(d)
		})
	}
	for _, row := range []struct {
		name    string
		d       answer
		refund  wallet.Verdict
		queried wallet.Verdict
	}{
		{"done", refund(func(*answer) {}), wallet.Waiting, wallet.Done},
		{"processing", refund(func(d *answer) { d.Status = "0" }), wallet.Waiting, wallet.Waiting},
		// Nothing says what 2 is for a refund.
		{"2", refund(func(d *answer) { d.Status = "2" }), wallet.Unclear, wallet.Unclear},
		{"of another payment", refund(func(d *answer) { d.OTradeNum = "x" }), wallet.Unclear, wallet.Unclear},
		{"of another number", refund(func(d *answer) { d.TradeNum = "x" }), wallet.Unclear, wallet.Unclear},
		{"of another amount", refund(func(d *answer) { d.Amount = "301" }), wallet.Unclear, wallet.Unclear},
		{"refused", refund(func(d *answer) { d.Result.Code = "1" }), wallet.Unclear, wallet.Unclear},
	} {
		if a := row.d.refunded(f, false); a.Verdict != row.refund {
			t.Errorf("%s: %v (%s), want %v", row.name, a.Verdict, a.Said, row.refund)
		}
		if a := row.d.refunded(f, true); a.Verdict != row.queried {
			t.Errorf("%s, queried: %v (%s), want %v", row.name, a.Verdict, a.Said, row.queried)
		}
	}
}
