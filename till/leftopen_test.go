package till_test

import (
	"reflect"
	"testing"

	"guitai/till"
)

// A shift that closes over a payment which nobody knows about, and over a parked
// cart, writes both down before its Z; a shift that left nothing writes nothing.
func TestAShiftClosedOverOpenThingsWritesThemDown(t *testing.T) {
	r := counter(t)
	at := r.Paying("alipay", 1590)
	r.Comes(at.Number, till.Unknown)
	r.SignOn("1001")
	r.OK(till.OverrideAttempt{Number: at.Number, Reason: "顾客要走"})
	r.Comes(at.Number, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid = true })
	r.OK(till.PayCash{}, till.NextSale{}, till.Scan{Code: milk}, till.Park{}, till.CloseShift{})
	all := r.J.Entries()
	var left *till.LeftOpen
	for i, e := range all {
		if x, ok := e.Record.(*till.LeftOpen); ok {
			if left != nil || all[i+1].Record.Kind() != till.KindShiftClosed || all[i+2].Record.Kind() != till.KindZReported {
				t.Fatalf("it stands at %d of %d", i, len(all))
			}
			left = x
			back, err := till.DecodeEntry(e.Encode())
			if err != nil || !reflect.DeepEqual(back, e) {
				t.Fatalf("it reads back as %+v, %v", back, err)
			}
		}
	}
	if left == nil || left.Shift != 1 || len(left.Carts) != 1 || left.Carts[0].Total != 1590 || left.Carts[0].N != 1 || left.Carts[0].Lines != 1 {
		t.Fatalf("%+v, want the parked cart of 15.90", left)
	}
	if len(left.Payments) != 1 || left.Payments[0].Why != till.CaseWatch || left.Payments[0].Number != at.Number || left.Payments[0].Amount != 1590 || left.Payments[0].Wallet != "alipay" {
		t.Fatalf("%+v, want the payment that is watched", left.Payments)
	}
	if cases := left.Cases(); len(cases) != 1 || cases[0].Kind != till.CaseWatch || cases[0].Amount != 1590 {
		t.Fatalf("cases %+v", cases)
	}

	r = counter(t)
	r.OK(till.PayCash{}, till.CloseShift{})
	for _, e := range r.J.Entries() {
		if e.Record.Kind() == till.KindLeftOpen {
			t.Fatalf("%+v although nothing was open", e.Record)
		}
	}
}
