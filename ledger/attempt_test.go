package ledger

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

var cny = money.Currency{Code: "CNY", Exponent: 2}

// attempt is a planned payment of the due of a sale's next share.
func (c *counter) attempt(t testing.TB, s *till.Sale, amount money.Amount) till.Attempt {
	t.Helper()
	st, err := c.l.Recover(bg)
	if err != nil {
		t.Fatal(err)
	}
	c.at = c.at.Add(time.Second)
	a := till.Attempt{
		Number: till.AttemptNumber("1", st.Epoch, c.l.NextAttempt()), Wallet: "alipay", Mode: "live", Amount: amount, Currency: cny, Way: till.Take,
		State: till.Planned, CodeTail: "7788", CodeMark: c.l.MarkCode("288888888888887788"), Cashier: "1001", Shift: c.shift, Day: c.day, PlannedAt: c.at, ChangedAt: c.at,
	}
	if s != nil {
		a.Sale, a.Share = s.ID, len(s.Tenders)+1
	}
	return a
}

// plan keeps a basket with a planned payment of it, as the register does.
func (c *counter) plan(t testing.TB, s *till.Sale, amount money.Amount) till.Attempt {
	t.Helper()
	a := c.attempt(t, s, amount)
	c.must(t, till.Tx{Keep: []*till.Sale{s}, Current: s.ID, Plan: []till.Attempt{a}, Attempt: c.l.tried.Load()})
	return a
}

// move moves an attempt along a path of states.
func (c *counter) move(t testing.TB, number string, path ...till.AttemptState) till.Attempt {
	t.Helper()
	a, err := c.l.Attempt(bg, number)
	for _, to := range path {
		if err == nil {
			c.at = c.at.Add(time.Second)
			a, err = c.l.MoveAttempt(bg, number, a.State, till.AttemptMove{To: to, At: c.at})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// pay plans a payment of all that is due and has it paid.
func (c *counter) pay(t testing.TB, s *till.Sale) till.Attempt {
	t.Helper()
	a := c.plan(t, s, s.Due())
	return c.move(t, a.Number, till.Sending, till.Pending, till.PaidFor)
}

// tendered adds the tender of a paid attempt to its sale.
func tendered(s *till.Sale, a till.Attempt, at time.Time) {
	s.Tenders = append(s.Tenders, till.Tender{
		N: a.Share, Kind: till.WalletTender(a.Wallet), Amount: a.Amount, Tendered: a.Amount, Ref: a.Number + "/", Evidence: till.ByProvider, At: at, By: "1001",
	})
}

// settled is the transaction that completes a sale over paid attempts.
func (c *counter) settled(s *till.Sale, as ...till.Attempt) till.Tx {
	c.receipt++
	tx := till.Tx{Drop: []till.ID{s.ID}, Print: []till.PrintJob{{Kind: till.SlipReceipt, Ref: int64(c.receipt)}}}
	for _, a := range as {
		if !a.Booked {
			tendered(s, a, c.at)
			tx.Book = append(tx.Book, till.Booking{Number: a.Number, Share: a.Share})
		}
	}
	s.Receipt, s.Shift, s.Day, s.CompletedAt = c.receipt, c.shift, c.day, c.at
	tx.Entries = []till.Entry{c.entry(&till.SaleCompleted{Sale: *s})}
	return tx
}

// back plans a refund of an attempt, with the return it belongs to.
func (c *counter) back(t testing.TB, a till.Attempt, amount money.Amount) till.WalletRefund {
	t.Helper()
	r, err := c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: amount, Why: "test", Cashier: "1001", PlannedAt: c.at})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c *counter) moveRefund(t testing.TB, number string, path ...till.RefundState) till.WalletRefund {
	t.Helper()
	r, err := c.l.Refund(bg, number)
	for _, to := range path {
		if err == nil {
			c.at = c.at.Add(time.Second)
			r, err = c.l.MoveRefund(bg, number, r.State, till.RefundMove{To: to, At: c.at})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c *counter) audited(t testing.TB) {
	t.Helper()
	if _, err := c.l.Audit(bg, nil); err != nil {
		t.Errorf("audit: %v", err)
	}
}

// raw opens the ledger's file as anybody with a database tool does.
func (c *counter) raw(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.l.dir, FileName)+"?_pragma=busy_timeout(2000)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func (c *counter) reopen(t testing.TB) {
	t.Helper()
	dir, opt := c.l.dir, c.l.opt
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.l, err = Open(bg, dir, opt); err != nil {
		t.Fatal(err)
	}
}

func shopWithClock(t testing.TB) *counter {
	t.Helper()
	c := &counter{}
	now := func() time.Time { return c.at }
	c.at = time.Date(2026, 6, 18, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	s := openShop(t, t.TempDir(), Options{Now: now})
	at := c.at
	*c = *s
	c.at = maxTime(at, s.at)
	t.Cleanup(func() { c.l.Close() })
	return c
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// The arrows in the database are those of the states.
func TestArrowsOfTheDatabaseAreThoseOfTheStates(t *testing.T) {
	c := shopWithClock(t)
	db := c.raw(t)
	for _, x := range []struct {
		table string
		last  int
		may   func(from, to int) bool
	}{
		{"attempt_arrow", 14, func(from, to int) bool { return till.AttemptState(from).MayBecome(till.AttemptState(to)) }},
		{"refund_arrow", 6, func(from, to int) bool { return till.RefundState(from).MayBecome(till.RefundState(to)) }},
	} {
		for from := range x.last + 2 {
			for to := range x.last + 2 {
				var there bool
				if err := db.QueryRow("SELECT count(*) FROM "+x.table+" WHERE from_state = ? AND to_state = ?", from, to).Scan(&there); err != nil {
					t.Fatal(err)
				}
				if there != x.may(from, to) {
					t.Errorf("%s %d to %d: %t in the database, %t in the program", x.table, from, to, there, !there)
				}
			}
		}
	}
	// The partial indexes and guards spell the states out.
	var live, open []int
	for s := till.Planned; s <= till.Attention; s++ {
		if s.Live() {
			live = append(live, int(s))
		}
		if !s.Open() {
			open = append(open, int(s))
		}
	}
	if !slices.Equal(live, []int{1, 3, 4, 5, 6, 8}) || !slices.Equal(open, []int{2, 7, 10, 11}) {
		t.Errorf("live states are %v, closed ones %v: the guards of the ledger say otherwise", live, open)
	}
	for s := till.RefundPlanned; s <= till.RefundFailed; s++ {
		if s.Open() != (s < 5) || s.Holds() != (s != 6) {
			t.Errorf("refund state %s: the guards of the ledger say otherwise", s)
		}
	}
}

// A payment goes its way; what it was is there after a start.
func TestAttemptsAreKept(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(3)
	planned := c.plan(t, s, s.Due())
	got, err := c.l.Attempt(bg, planned.Number)
	if err != nil {
		t.Fatal(err)
	}
	sameAttempt(t, got, planned)
	if got.PlannedAt.Format(time.RFC3339) != planned.PlannedAt.Format(time.RFC3339) {
		t.Errorf("planned at %v, want %v with its zone", got.PlannedAt, planned.PlannedAt)
	}
	at := c.at.Add(time.Minute)
	m := till.AttemptMove{To: till.Sending, At: at}
	if _, err := c.l.MoveAttempt(bg, planned.Number, till.Planned, m); err != nil {
		t.Fatal(err)
	}
	want := planned
	paidAt := at.Add(3 * time.Second)
	for _, m := range []till.AttemptMove{
		{From: till.Sending, To: till.Pending, At: at, Verdict: "waiting", Reason: till.PasswordAsked, Said: "10003 order success pay inprocess", Handle: "h1", QR: "https://qr"},
		{From: till.Pending, To: till.Pending, At: at.Add(time.Second), Verdict: "waiting", Handle: "h2"},
		{From: till.Pending, To: till.PaidFor, At: at.Add(4 * time.Second), Verdict: "done", Provider: "2026061822001", PaidAt: paidAt},
	} {
		if got, err = c.l.MoveAttempt(bg, planned.Number, m.From, m); err != nil {
			t.Fatal(err)
		}
	}
	want.State, want.ChangedAt, want.PaidAt = till.PaidFor, at.Add(4*time.Second), paidAt
	want.Said, want.Provider, want.Handle, want.QR = "10003 order success pay inprocess", "2026061822001", "h2", "https://qr"
	sameAttempt(t, got, want)
	c.reopen(t)
	st, err := c.l.Recover(bg)
	if err != nil || len(st.Attempts) != 1 {
		t.Fatalf("after a start %d attempts wait, %v; want the paid one that is no tender yet", len(st.Attempts), err)
	}
	sameAttempt(t, st.Attempts[0], want)
	moves, err := c.l.AttemptMoves(bg, planned.Number)
	if err != nil || len(moves) != 4 || moves[0].From != till.Planned || moves[1].Said != want.Said || moves[3].From != till.Pending || moves[3].To != till.PaidFor || !moves[3].PaidAt.Equal(paidAt) {
		t.Errorf("moves %+v, %v", moves, err)
	}
	c.must(t, c.settled(s, got))
	got, err = c.l.Attempt(bg, planned.Number)
	want.Booked, want.Receipt = true, 1
	if err != nil {
		t.Fatal(err)
	}
	sameAttempt(t, got, want)
	if st, err = c.l.Recover(bg); err != nil || len(st.Attempts) != 0 {
		t.Errorf("%d attempts wait after the sale, %v", len(st.Attempts), err)
	}
	c.audited(t)
}

func sameAttempt(t testing.TB, got, want till.Attempt) {
	t.Helper()
	for _, p := range []struct{ a, b *time.Time }{{&got.PlannedAt, &want.PlannedAt}, {&got.ChangedAt, &want.ChangedAt}, {&got.PaidAt, &want.PaidAt}} {
		if !p.a.Equal(p.b.Truncate(time.Millisecond)) {
			t.Errorf("time %v, want %v", *p.a, *p.b)
		}
		*p.a, *p.b = time.Time{}, time.Time{}
	}
	if got != want {
		t.Errorf("attempt\n%+v, want\n%+v", got, want)
	}
}

// Compare and set: only from the state that was expected, only along an arrow,
// and the same move twice is one.
func TestMovesAreComparedAndSet(t *testing.T) {
	c := shopWithClock(t)
	a := c.plan(t, c.basket(2), 500)
	m := till.AttemptMove{To: till.Sending, At: c.at, By: "1001", Note: "x"}
	for range 2 {
		if got, err := c.l.MoveAttempt(bg, a.Number, till.Planned, m); err != nil || got.State != till.Sending {
			t.Fatalf("%s, %v", got.State, err)
		}
	}
	if moves, _ := c.l.AttemptMoves(bg, a.Number); len(moves) != 1 {
		t.Errorf("%d moves, want 1", len(moves))
	}
	for _, x := range []struct {
		number   string
		from, to till.AttemptState
		want     till.ErrorCode
	}{
		{a.Number, till.Pending, till.PaidFor, till.AttemptMoved},
		{a.Number, till.Planned, till.Abandoned, till.AttemptMoved},
		{a.Number, till.Sending, till.Planned, till.NotAllowed},
		{a.Number, till.Sending, till.Cancelled, till.NotAllowed},
		{"NOBODY", till.Planned, till.Sending, till.NoSuchAttempt},
	} {
		if _, err := c.l.MoveAttempt(bg, x.number, x.from, till.AttemptMove{To: x.to, At: c.at.Add(time.Hour)}); till.CodeOf(err) != x.want {
			t.Errorf("%s to %s: %v, want %s", x.from, x.to, err, x.want)
		}
	}
	// What says nothing new writes nothing.
	got, err := c.l.MoveAttempt(bg, a.Number, till.Sending, till.AttemptMove{To: till.Sending, At: c.at.Add(time.Hour)})
	if err != nil || got.State != till.Sending {
		t.Errorf("%+v, %v", got, err)
	}
	if moves, _ := c.l.AttemptMoves(bg, a.Number); len(moves) != 1 {
		t.Errorf("%d moves, want 1", len(moves))
	}
	c.audited(t)
}

// A second live attempt of a share is refused, with words; after the first has
// ended it is not.
func TestOneLiveAttemptPerShare(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	first := c.plan(t, s, s.Due())
	second := c.attempt(t, s, s.Due())
	tx := till.Tx{Keep: []*till.Sale{s}, Current: s.ID, Plan: []till.Attempt{second}}
	if err := c.l.Commit(bg, tx); till.CodeOf(err) != till.AttemptMoved {
		t.Errorf("a second attempt: %v", err)
	}
	if _, err := c.l.PlanAttempt(bg, second); till.CodeOf(err) != till.AttemptMoved {
		t.Errorf("a second attempt: %v", err)
	}
	c.move(t, first.Number, till.Sending, till.Declined)
	if err := c.l.Commit(bg, tx); err != nil {
		t.Errorf("after the first was declined: %v", err)
	}
	c.audited(t)
}

// Numbers drawn by the ledger and by the register are one series.
func TestAttemptsWithoutASaleDrawTheirNumber(t *testing.T) {
	c := shopWithClock(t)
	a := c.plan(t, c.basket(1), 100)
	b, err := c.l.PlanAttempt(bg, till.Attempt{Wallet: "wechatpay", Mode: "test", Amount: 1, Cashier: "1001"})
	if err != nil {
		t.Fatal(err)
	}
	if b.Number == a.Number || !till.ValidAttemptNumber(b.Number) || b.Currency != cny || b.Day != c.day || b.Shift != c.shift || b.State != till.Planned {
		t.Errorf("%+v", b)
	}
	c.reopen(t)
	next, err := c.l.PlanAttempt(bg, till.Attempt{Wallet: "wechatpay", Mode: "test", Amount: 1})
	if err != nil || next.Number == b.Number || next.Number == a.Number {
		t.Errorf("%q after %q, %v", next.Number, b.Number, err)
	}
	all, err := c.l.Attempts(bg, till.AttemptFilter{})
	if err != nil || len(all) != 3 || all[0].Number != next.Number || all[2].Number != a.Number {
		t.Errorf("%d attempts, %v", len(all), err)
	}
	for name, x := range map[string]struct {
		f    till.AttemptFilter
		want int
	}{
		"wallet": {till.AttemptFilter{Wallet: "alipay"}, 1}, "mode": {till.AttemptFilter{Mode: "test"}, 2}, "sale": {till.AttemptFilter{Sale: a.Sale}, 1},
		"day": {till.AttemptFilter{From: c.day, To: c.day}, 3}, "other day": {till.AttemptFilter{To: c.day - 1}, 0}, "limit": {till.AttemptFilter{Limit: 2}, 2},
		"state": {till.AttemptFilter{States: []till.AttemptState{till.Planned, till.Watch}}, 3}, "code": {till.AttemptFilter{CodeMark: a.CodeMark}, 1}, "open": {till.AttemptFilter{Open: true}, 3},
	} {
		if got, err := c.l.Attempts(bg, x.f); err != nil || len(got) != x.want {
			t.Errorf("%s: %d, %v; want %d", name, len(got), err, x.want)
		}
	}
}

func TestCallsTakeOneAnswer(t *testing.T) {
	c := shopWithClock(t)
	a := c.plan(t, c.basket(1), 100)
	call := till.WalletCall{Wallet: "alipay", Kind: "start", Number: a.Number, Method: "POST", URL: "https://x/gateway.do", Hash: "ab", Asked: `{"auth_code":"***"}`, Began: c.at}
	id, err := c.l.Began(bg, call)
	if err != nil {
		t.Fatal(err)
	}
	call.Ended, call.Status, call.Answered = c.at.Add(time.Second), 200, "{}"
	if err := c.l.Ended(bg, id, call); err != nil {
		t.Fatal(err)
	}
	if err := c.l.Ended(bg, id, call); err == nil {
		t.Error("a second answer was taken")
	}
	if err := c.l.Ended(bg, id+1, call); err == nil {
		t.Error("an answer to no call was taken")
	}
	calls, err := c.l.AttemptCalls(bg, a.Number)
	if err != nil || len(calls) != 1 || calls[0].Answered != "{}" || calls[0].Status != 200 || !calls[0].Ended.Equal(call.Ended) || calls[0].Asked != call.Asked {
		t.Errorf("%+v, %v", calls, err)
	}
}

// Refunds never sum to more than was paid; one that failed makes room.
func TestRefundsNeverExceedWhatWasPaid(t *testing.T) {
	c := shopWithClock(t)
	s := c.basket(2)
	a := c.plan(t, s, s.Due())
	if _, err := c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: 1}); till.CodeOf(err) != till.AboveRefundable {
		t.Errorf("a refund of what was never paid: %v", err)
	}
	paid := c.move(t, a.Number, till.Sending, till.PaidFor)
	c.must(t, c.settled(s, paid))
	first := c.back(t, a, a.Amount-100)
	if _, err := c.l.PlanRefund(bg, till.WalletRefund{Attempt: a.Number, Amount: 101}); till.CodeOf(err) != till.AboveRefundable {
		t.Errorf("above what is left: %v", err)
	}
	if open, err := c.l.OpenRefunds(bg); err != nil || len(open) != 1 || open[0] != first {
		t.Errorf("%+v, %v", open, err)
	}
	c.moveRefund(t, first.Number, till.RefundSending, till.RefundUnknown, till.RefundFailed)
	second := c.back(t, a, a.Amount)
	if _, err := c.l.MoveRefund(bg, first.Number, till.RefundFailed, till.RefundMove{To: till.RefundSending, At: c.at}); till.CodeOf(err) != till.AboveRefundable {
		t.Errorf("a failed refund again beside another: %v", err)
	}
	done := c.moveRefund(t, second.Number, till.RefundSending, till.RefundPending, till.RefundDone)
	if done.State != till.RefundDone {
		t.Errorf("%+v", done)
	}
	got, err := c.l.Attempt(bg, a.Number)
	if err != nil || got.Refunded != a.Amount || !got.Booked {
		t.Errorf("refunded %d of %d, %v", got.Refunded, a.Amount, err)
	}
	list, err := c.l.RefundsOf(bg, a.Number)
	if err != nil || len(list) != 2 || list[0].Number != first.Number {
		t.Errorf("%+v, %v", list, err)
	}
	c.audited(t)
}
