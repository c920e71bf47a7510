package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A billing writes bills of the day of the shop's tests, in Beijing.
type billing struct {
	*counter
	day  time.Time
	rows []till.BillRow
}

func newBilling(t testing.TB) *billing {
	t.Helper()
	return &billing{counter: openShop(t, t.TempDir(), Options{}), day: time.Date(2026, 6, 18, 0, 0, 0, 0, time.FixedZone("", 8*3600))}
}

func (b *billing) row(number, refund string, amount money.Amount) {
	fee := amount * 6 / 1000
	if refund != "" {
		fee = -fee
	}
	b.rows = append(b.rows, till.BillRow{Number: number, Refund: refund, Provider: "P" + fmt.Sprint(len(b.rows)), At: b.at, Amount: amount, Fee: fee, Currency: "CNY", State: "交易"})
}

func (b *billing) bill(final bool) till.Bill {
	return till.Bill{Wallet: "alipay", Mode: "live", Merchant: "20880156", Day: b.day, Final: final, Name: "bill.zip", Raw: []byte(fmt.Sprint(b.rows)), Rows: b.rows}
}

// lone plans a payment without a sale and moves it.
func (b *billing) lone(t testing.TB, amount money.Amount, path ...till.AttemptState) till.Attempt {
	t.Helper()
	a, err := b.l.PlanAttempt(bg, b.attempt(t, nil, amount))
	if err != nil {
		t.Fatal(err)
	}
	return b.move(t, a.Number, path...)
}

// lines writes the findings, one to a line.
func lines(r till.Reconciliation, names map[string]string) string {
	var out strings.Builder
	for _, f := range r.Findings {
		name := func(s string) string {
			if n, ok := names[s]; ok {
				return n
			}
			return s
		}
		fmt.Fprintf(&out, "%s %s %s till=%d bill=%d next=%s open=%v\n", f.Kind, name(f.Attempt), name(f.Refund), f.Ours, f.Theirs, f.Next, f.Open())
	}
	return out.String()
}

var paidPath = []till.AttemptState{till.Sending, till.Pending, till.PaidFor}

// Every kind of difference is found, once, with its one next step.
func TestReconcileTellsEveryDifference(t *testing.T) {
	b := newBilling(t)
	names := map[string]string{}
	add := func(name string, a till.Attempt) till.Attempt { names[a.Number] = name; return a }
	good := add("good", b.lone(t, 1000, paidPath...))
	b.row(good.Number, "", 1000)
	lost := add("lost", b.lone(t, 2000, till.Sending, till.Unknown))
	b.row(lost.Number, "", 2000)
	apart := add("apart", b.lone(t, 3000, paidPath...))
	b.row(apart.Number, "", 2200)
	add("here", b.lone(t, 4000, paidPath...))
	add("watched", b.lone(t, 5000, till.Sending, till.Unknown, till.Watch))
	cancelled := add("cancelled", b.lone(t, 5500, till.Sending, till.Unknown, till.Cancelled))
	b.row(cancelled.Number, "", 5500)
	b.row(cancelled.Number, cancelled.Number, 5500) // reversed by the provider
	double := add("double", b.lone(t, 6000, paidPath...))
	b.row(double.Number, "", 6000)
	b.row(double.Number, "", 6000)
	backed := add("backed", b.lone(t, 7000, paidPath...))
	b.row(backed.Number, "", 7000)
	r1 := b.back(t, backed, 1000)
	r2 := b.back(t, backed, 1100)
	r3 := b.back(t, backed, 1200)
	names[r1.Number], names[r2.Number], names[r3.Number] = "r1", "r2", "r3"
	b.moveRefund(t, r1.Number, till.RefundSending, till.RefundDone)
	b.moveRefund(t, r2.Number, till.RefundSending, till.RefundDone)
	b.moveRefund(t, r3.Number, till.RefundSending, till.RefundFailed)
	b.row(backed.Number, r1.Number, 1000)
	b.row(backed.Number, r1.Number, 1000)
	b.row(backed.Number, r3.Number, 1200)
	b.row(backed.Number, "SITE1", 50)
	other := till.AttemptNumber("B7", "0000", 9)
	names[other] = "other till"
	b.row(other, "", 8000)
	b.row(other, other, 8000)
	b.row("2026WEBSHOP", "", 9000)

	r, err := b.l.Reconcile(bg, b.bill(true), false)
	if err != nil {
		t.Fatal(err)
	}
	want := `paid_twice double  till=6000 bill=6000 next=compare open=true
refund_doubled backed r1 till=1000 bill=1000 next=claim open=true
paid_there lost  till=2000 bill=2000 next=ask open=true
paid_there 2026WEBSHOP  till=0 bill=9000 next=compare open=true
paid_here here  till=4000 bill=0 next=compare open=true
amount_differs apart  till=3000 bill=2200 next=compare open=true
refund_missing backed r2 till=1100 bill=0 next=compare open=true
refund_unknown backed r3 till=1200 bill=1200 next=ask_refund open=true
refund_unknown backed SITE1 till=7000 bill=50 next=compare open=true
absent_closed watched  till=5000 bill=0 next= open=false
foreign other till  till=0 bill=8000 next= open=false
foreign other till other till till=0 bill=8000 next= open=false
matched good  till=1000 bill=1000 next= open=false
matched cancelled  till=5500 bill=5500 next= open=false
matched cancelled cancelled till=5500 bill=5500 next= open=false
matched double  till=6000 bill=6000 next= open=false
matched backed  till=7000 bill=7000 next= open=false
matched backed r1 till=1000 bill=1000 next= open=false
`
	if got := lines(r, names); got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
	if r.In != 38700 || r.Back != 8750 || r.Open() != 9 {
		t.Errorf("in %d, back %d, open %d", r.In, r.Back, r.Open())
	}
	for _, a := range []struct {
		number string
		want   till.AttemptState
	}{{lost.Number, till.Unknown}, {good.Number, till.PaidFor}} {
		if now, err := b.l.Attempt(bg, a.number); err != nil || now.State != a.want {
			t.Errorf("%s is %v (%v), want %v: comparing changes nothing", a.number, now.State, err, a.want)
		}
	}
	// The same file again changes nothing.
	again, err := b.l.Reconcile(bg, b.bill(true), false)
	if err != nil || !again.Again || again.Open() != 9 || again.Findings[0].ID != r.Findings[0].ID || !again.Findings[0].Noted.Equal(r.Findings[0].Noted.Truncate(time.Millisecond)) {
		t.Errorf("again: %v, %d open, %+v", err, again.Open(), again.Findings[0])
	}
	// A difference is settled by a person and stays so; another is gone by itself.
	if err := b.l.SettleFinding(bg, r.Findings[3].ID, "1001", "the web shop"); err != nil {
		t.Fatal(err)
	}
	if err := b.l.SettleFinding(bg, r.Findings[3].ID, "1001", "twice"); !errors.Is(err, ErrNoFinding) {
		t.Errorf("settled twice: %v", err)
	}
	b.move(t, lost.Number, till.PaidFor)
	after, err := b.l.ReconcileAgain(bg, "alipay", "live", 20260618)
	if err != nil || after.Open() != 7 || after.Count(till.Matched) != r.Count(till.Matched)+1 {
		t.Errorf("later: %v, %d open\n%s", err, after.Open(), lines(after, names))
	}
	days, err := b.l.KeptDays(bg, 0)
	if err != nil || len(days) != 1 || days[0].Open != 7 || days[0].Lines != len(b.rows) {
		t.Errorf("%v: %+v", err, days)
	}
	if _, raw, err := b.l.BillFile(bg, "alipay", "live", 20260618); err != nil || string(raw) != string(b.bill(true).Raw) {
		t.Errorf("the file that is kept: %v, %d bytes", err, len(raw))
	}
}

// A watched payment is closed by a complete bill alone.
func TestWatchedPaymentIsClosedByTheFinalBillAlone(t *testing.T) {
	b := newBilling(t)
	a := b.lone(t, 5000, till.Sending, till.Unknown, till.Watch)
	for _, row := range []struct {
		final bool
		want  till.AttemptState
	}{{false, till.Watch}, {true, till.Cancelled}} {
		if _, err := b.l.Reconcile(bg, b.bill(row.final), false); err != nil {
			t.Fatal(err)
		}
		now, err := b.l.Attempt(bg, a.Number)
		if err != nil || now.State != row.want {
			t.Errorf("final %v: %v %s, want %s", row.final, err, now.State, row.want)
		}
		if row.final && now.Reason != till.AbsentFromBill {
			t.Errorf("for the reason %q", now.Reason)
		}
	}
}

// A trade near midnight stands on the bill of the day beside.
func TestReconcileLooksAtTheDayBeside(t *testing.T) {
	b := newBilling(t)
	b.at = time.Date(2026, 6, 18, 23, 59, 30, 0, b.day.Location())
	a := b.lone(t, 1000, paidPath...)
	r, err := b.l.Reconcile(bg, b.bill(true), false)
	if err != nil || r.Count(till.PaidHere) != 1 || r.Findings[0].Next != till.NextNeighbour {
		t.Fatalf("%v %s", err, lines(r, nil))
	}
	next := b.bill(true)
	next.Day = b.day.AddDate(0, 0, 1)
	next.Rows = []till.BillRow{{Number: a.Number, Provider: "P", At: next.Day.Add(time.Second), Amount: 1000, Currency: "CNY"}}
	next.Raw = []byte("next")
	if r, err = b.l.Reconcile(bg, next, false); err != nil || r.Count(till.Matched) != 1 {
		t.Errorf("%v %s", err, lines(r, nil))
	}
	if r, err = b.l.ReconcileAgain(bg, "alipay", "live", 20260618); err != nil || r.Open() != 0 {
		t.Errorf("%v %s", err, lines(r, nil))
	}
}

// A bill that cannot be this account's and day's is refused whole.
func TestReconcileRefusesOtherBills(t *testing.T) {
	b := newBilling(t)
	if _, err := b.l.Reconcile(bg, b.bill(true), false); err != nil {
		t.Fatal(err)
	}
	b.row("2026WEBSHOP", "", 9000)
	for _, row := range []struct {
		what   string
		change func(*till.Bill)
		want   error
	}{
		{"merchant", func(o *till.Bill) { o.Merchant = "2088999" }, ErrBillMerchant},
		{"month", func(o *till.Bill) { o.Day = o.Day.AddDate(0, 1, 0) }, ErrBillDay},
		{"currency", func(o *till.Bill) { o.Rows[0].Currency = "?" }, ErrBillRow},
		{"amount", func(o *till.Bill) { o.Rows[0].Amount = -1 }, ErrBillRow},
	} {
		o := b.bill(true)
		o.Rows = append([]till.BillRow(nil), o.Rows...)
		row.change(&o)
		if _, err := b.l.Reconcile(bg, o, false); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.what, err, row.want)
		}
	}
	if days, err := b.l.KeptDays(bg, 0); err != nil || len(days) != 1 || days[0].Lines != 0 {
		t.Errorf("%v %+v", err, days)
	}
}

// BenchmarkReconcile is a day of 100,000 payments, kept and compared.
func BenchmarkReconcile(b *testing.B) {
	c := newBilling(b)
	for i := range 100_000 {
		c.rows = append(c.rows, till.BillRow{Number: till.AttemptNumber("B7", "0000", int64(i)), Provider: fmt.Sprint("P", i), At: c.day.Add(time.Duration(i) * 800 * time.Millisecond),
			Amount: money.Amount(i%5000 + 1), Currency: "CNY", State: "交易"})
	}
	for i := 0; b.Loop(); i++ {
		bill := c.bill(true)
		bill.Raw = append(bill.Raw, fmt.Sprint(i)...)
		if _, err := c.l.Reconcile(bg, bill, false); err != nil {
			b.Fatal(err)
		}
	}
}

// A tender on the cashier's word is confirmed by a row of its amount, each by
// one; a complete bill without it is a difference.
func TestReconcileConfirmsWhatTheCashierSaid(t *testing.T) {
	b := newBilling(t)
	var amounts []money.Amount
	for range 2 {
		s := b.basket(3)
		tx := b.sold(s)
		s.Tenders[0].Kind, s.Tenders[0].Evidence = till.WalletTender("alipay"), till.ByCashier
		b.must(t, tx)
		amounts = append(amounts, s.Tenders[0].Amount)
	}
	b.row("2026061822001", "", amounts[0])
	r, err := b.l.Reconcile(bg, b.bill(true), false)
	if err != nil || r.Count(till.UnverifiedFound) != 1 || r.Count(till.PaidHere) != 1 || r.Open() != 1 {
		t.Fatalf("%v\n%s", err, lines(r, nil))
	}
	if f := r.Findings[0]; f.Ours != amounts[1] || f.Receipt == 0 || f.Theirs != 0 {
		t.Errorf("%+v", f)
	}
	b.row("2026061822002", "", amounts[1])
	if r, err = b.l.Reconcile(bg, b.bill(true), false); err != nil || r.Count(till.UnverifiedFound) != 2 || r.Open() != 0 {
		t.Errorf("%v\n%s", err, lines(r, nil))
	}
}

// A payment that came before midnight and was reversed after it has its two rows
// on two bills; together they are as the till has it.
func TestReconcileFindsACancelAcrossMidnight(t *testing.T) {
	b := newBilling(t)
	b.at = time.Date(2026, 6, 18, 23, 59, 50, 0, b.day.Location())
	a := b.lone(t, 700, till.Sending, till.Pending, till.Cancelling, till.Cancelled)
	b.row(a.Number, "", 700)
	r, err := b.l.Reconcile(bg, b.bill(true), false)
	if err != nil || r.Count(till.PaidThere) != 1 || r.Findings[0].Next != till.NextNeighbour {
		t.Fatalf("%v %s", err, lines(r, nil))
	}
	next := b.bill(true)
	next.Day = b.day.AddDate(0, 0, 1)
	next.Rows = []till.BillRow{{Number: a.Number, Refund: a.Number, Provider: "R", At: next.Day.Add(9 * time.Second), Amount: 700, Currency: "CNY"}}
	next.Raw = []byte("next")
	if r, err = b.l.Reconcile(bg, next, false); err != nil || r.Count(till.Matched) != 1 || r.Open() != 0 {
		t.Errorf("%v %s", err, lines(r, nil))
	}
	if r, err = b.l.ReconcileAgain(bg, "alipay", "live", 20260618); err != nil || r.Count(till.Matched) != 1 || r.Open() != 0 {
		t.Errorf("%v %s", err, lines(r, nil))
	}
}
