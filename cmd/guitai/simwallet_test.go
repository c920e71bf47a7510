package main_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// Wallet payments of the simulator: chance is the provider. It moves attempts
// and refunds along their arrows in both journals and tells both registers, or
// does not, as where a till dies in between.

// pay does one thing about wallet payments.
func (w *world) pay() {
	w.t.Helper()
	n := func(max int) int { return w.rnd.IntN(max) }
	v := w.model.reg.View()
	switch n(12) {
	case 0, 1, 2:
		amount := v.Due
		if n(3) == 0 {
			amount = money.Amount(n(2000))
		}
		w.act(till.PayWallet{Wallet: []string{"alipay", "alipay", "wechatpay", "paypal"}[n(4)], Amount: amount, Way: till.Show})
	case 3:
		w.act(till.PayWallet{Wallet: "wechatpay", Amount: v.Due, Way: till.Take, Code: fmt.Sprintf("13%016d", n(1_000_000))})
	case 4, 5, 6, 7, 8:
		w.attempt()
	case 9:
		w.refund()
	case 10:
		if refunds := w.memory.Refunds(); len(refunds) > 0 {
			w.act(till.RefundInCash{Number: refunds[n(len(refunds))].Number})
		}
	case 11:
		if live := w.open(func(a till.Attempt) bool { return a.State.Live() || a.State == till.Watch }); live != nil && n(3) > 0 {
			w.act(till.OverrideAttempt{Number: live.Number, Reason: "x"})
			w.move(live, till.Watch, func(m *till.AttemptMove) { m.RefundIfPaid, m.Reason = true, till.Overridden })
			return
		}
		w.act([]till.Command{till.Freeze{Wallet: "alipay"}, till.Release{Wallet: "alipay"}, till.Release{Wallet: "alipay"}, till.DropAttempt{}}[n(4)])
	}
}

// open picks an attempt by chance.
func (w *world) open(which func(till.Attempt) bool) *till.Attempt {
	list := slices.DeleteFunc(w.memory.Attempts(), func(a till.Attempt) bool { return !which(a) })
	if len(list) == 0 {
		return nil
	}
	return &list[w.rnd.IntN(len(list))]
}

// attempt lets a provider answer about an attempt.
func (w *world) attempt() {
	w.t.Helper()
	at := w.open(func(a till.Attempt) bool {
		switch a.State {
		case till.LatePaid, till.RefundDue, till.PaidFor: // the register's, and the refund's
			return false
		case till.Cancelled, till.Declined, till.Abandoned:
			return a.State != till.Abandoned && a.Refunded == 0 && w.rnd.IntN(40) == 0 // contradicted by a bill
		}
		return true
	})
	if at == nil {
		return
	}
	var ways []till.AttemptState
	for to := till.Planned; to <= till.Attention; to++ {
		late := at.RefundIfPaid || at.State == till.Watch || at.State == till.CancelUnproven
		if at.State.MayBecome(to) && to != till.RefundDue && (to != till.PaidFor || !late) {
			ways = append(ways, to)
		}
	}
	if len(ways) == 0 {
		return
	}
	to := ways[w.rnd.IntN(len(ways))]
	for _, good := range []till.AttemptState{till.PaidFor, till.Pending, till.Sending} {
		if slices.Contains(ways, good) && w.rnd.IntN(3) == 0 {
			to = good
			break
		}
	}
	w.move(at, to, func(m *till.AttemptMove) {
		if to == till.PaidFor || to == till.LatePaid {
			m.Provider, m.PaidAt = "P"+at.Number, w.clock
		}
		if at.State == till.Cancelling && to == till.Cancelled && w.rnd.IntN(4) == 0 {
			m.Returned, m.PaidAt = at.Amount, w.clock
		}
	})
}

// move moves an attempt in both journals and mostly tells both registers.
func (w *world) move(at *till.Attempt, to till.AttemptState, more func(*till.AttemptMove)) {
	w.t.Helper()
	ctx := context.Background()
	if !at.State.MayBecome(to) && at.State != to {
		return
	}
	m := till.AttemptMove{To: to, At: w.clock}
	more(&m)
	got, err := w.real.journal.(*ledger.Ledger).MoveAttempt(ctx, at.Number, at.State, m)
	want, err2 := w.memory.MoveAttempt(ctx, at.Number, at.State, m)
	if err != nil || err2 != nil {
		w.t.Fatalf("%s from %s to %s: the ledger says %v, the model %v", at.Number, at.State, to, err, err2)
	}
	if a, b := attemptOf(got), attemptOf(want); a != b {
		w.t.Fatalf("%s is now\n%s, in the model\n%s", at.Number, a, b)
	}
	if to == till.PaidFor || to == till.LatePaid || m.Returned > 0 {
		w.captured[at.Number] = at.Amount
	}
	w.gone[at.Number] += m.Returned
	if w.rnd.IntN(20) > 0 {
		w.told(till.AttemptChanged{Attempt: got}, till.AttemptChanged{Attempt: want})
	} else {
		w.again() // the till dies before it is told
	}
}

// refund lets a provider answer about a refund.
func (w *world) refund() {
	w.t.Helper()
	ctx := context.Background()
	list := slices.DeleteFunc(w.memory.Refunds(), func(f till.WalletRefund) bool { return !f.State.Open() })
	if len(list) == 0 {
		return
	}
	f := list[w.rnd.IntN(len(list))]
	to := []till.RefundState{till.RefundDone, till.RefundDone, till.RefundFailed, till.RefundPending, till.RefundUnknown}[w.rnd.IntN(5)]
	if f.State == till.RefundPlanned {
		to = till.RefundSending
	}
	if !f.State.MayBecome(to) {
		return
	}
	m := till.RefundMove{To: to, At: w.clock}
	got, err := w.real.journal.(*ledger.Ledger).MoveRefund(ctx, f.Number, f.State, m)
	want, err2 := w.memory.MoveRefund(ctx, f.Number, f.State, m)
	if err != nil || err2 != nil {
		w.t.Fatalf("refund %s from %s to %s: the ledger says %v, the model %v", f.Number, f.State, to, err, err2)
	}
	if to == till.RefundDone {
		w.gone[f.Attempt] += f.Amount
	}
	w.told(till.RefundChanged{Refund: got}, till.RefundChanged{Refund: want})
	at, err := w.memory.Attempt(ctx, f.Attempt)
	if err == nil && at.State == till.RefundDue && at.Refunded == at.Amount {
		w.move(&at, till.PaidFor, func(m *till.AttemptMove) { m.PaidAt = at.PaidAt })
	}
}

// again is a kill and a start.
func (w *world) again() {
	w.t.Helper()
	if len(w.model.reg.View().Attempts) > 0 {
		w.paying++
	}
	w.close()
	w.start()
	w.same("a restart", nil, nil)
}

// told tells each register what its own journal has.
func (w *world) told(real, model till.Command) {
	w.t.Helper()
	ctx := context.Background()
	parked := len(w.model.reg.View().Parked)
	got, want := w.real.reg.Act(ctx, till.Act{Command: real}), w.model.reg.Act(ctx, till.Act{Command: model})
	w.same(fmt.Sprintf("%T", real), got, want)
	switch n := w.model.reg.View().Notice; {
	case n == nil:
	case n.Code == till.NoteFoundPaid && len(w.model.reg.View().Parked) < parked:
		w.behind++
	case n.Code == till.NoteMoneyBack:
		w.late++
	}
}

// attemptOf is an attempt as text, without what two journals may keep in
// different ways: the zone of a time, and the key of a code's hash.
func attemptOf(a till.Attempt) string {
	times := fmt.Sprint(a.PlannedAt.UnixMilli(), a.PaidAt.UnixMilli())
	if a.State != till.PaidFor && a.State != till.RefundDue { // the ledger dates its own moves
		times += fmt.Sprint(" ", a.ChangedAt.UnixMilli())
	}
	a.PlannedAt, a.ChangedAt, a.PaidAt, a.CodeMark = a.PlannedAt.UTC(), a.PlannedAt.UTC(), a.PlannedAt.UTC(), ""
	return fmt.Sprintf("%+v %s", a, times)
}

func attemptsOf(list []till.Attempt) []string {
	var out []string
	for _, a := range list {
		out = append(out, attemptOf(a))
	}
	slices.Sort(out)
	return out
}

func refundsOf(list []till.WalletRefund) []string {
	var out []string
	for _, f := range list {
		out = append(out, fmt.Sprint(f.Number, f.Attempt, f.Return, f.Amount, f.State, f.InCash))
	}
	slices.Sort(out)
	return out
}

// payments checks that money taken is money booked, attempt by attempt, and
// that both journals say so.
func (w *world) payments() {
	w.t.Helper()
	ctx := context.Background()
	book := w.real.journal.(*ledger.Ledger)
	list, err := book.Attempts(ctx, till.AttemptFilter{Limit: 100_000})
	if err != nil {
		w.t.Fatal(err)
	}
	memory := w.memory.Attempts()
	if got, want := attemptsOf(list), attemptsOf(memory); !reflect.DeepEqual(got, want) {
		w.t.Errorf("the ledger keeps the attempts\n%v, the model\n%v", got, want)
	}
	if a, b := refundsOf(w.real.wallets.Sent()), refundsOf(w.model.wallets.Sent()); !reflect.DeepEqual(a, b) {
		w.t.Errorf("the refunds sent are\n%v, in the model\n%v", a, b)
	}
	// What stands in the documents, by the number of the attempt.
	booked, cash := map[string]money.Amount{}, map[string]money.Amount{}
	share := map[string]string{}
	documents := 0 // refunds that stand in a return's
	take := func(s *till.Sale) {
		for _, t := range s.Tenders {
			if t.Kind.Family() != "wallet" {
				continue
			}
			number := t.Ref[:min(16, len(t.Ref))]
			if t.Evidence != till.ByProvider || booked[number] != 0 {
				w.t.Errorf("tender %+v rests on nothing, or on what another rests on", t)
			}
			booked[number] += t.Amount
			share[number] = fmt.Sprint(s.ID, t.N)
		}
	}
	for _, e := range w.memory.Entries() {
		switch r := e.Record.(type) {
		case *till.SaleCompleted:
			take(&r.Sale)
		case *till.Returned:
			for _, t := range r.Return.Refunds {
				if t.Kind.Family() != "wallet" {
					continue
				}
				f, err := w.memory.Refund(ctx, t.Ref)
				if err != nil || f.Return != r.Return.ID || f.Amount != t.Amount || t.Evidence != till.ByProvider {
					w.t.Errorf("return %d gives back %+v, which goes back as %+v: %v", r.Return.Receipt, t, f, err)
				}
				documents++
			}
		case *till.RefundMended:
			for _, f := range w.memory.Refunds() {
				if f.Number == r.Number {
					cash[f.Attempt] += r.Amount
				}
			}
		}
	}
	v := w.model.reg.View()
	if v.Sale != nil {
		take(v.Sale)
	}
	for _, p := range v.Parked {
		take(p.Sale)
	}
	back := map[string]money.Amount{} // asked back and not known to have failed
	for _, f := range w.memory.Refunds() {
		if !f.Return.IsZero() {
			documents--
		}
		if f.State.Holds() || f.InCash {
			back[f.Attempt] += f.Amount
		}
	}
	if documents != 0 {
		w.t.Errorf("%d refunds stand in returns and are none, or the other way about", documents)
	}
	for _, a := range memory {
		taken := w.captured[a.Number]
		switch {
		case a.Booked && (booked[a.Number] != a.Amount || taken != a.Amount || share[a.Number] != fmt.Sprint(a.Sale, a.Share)):
			w.t.Errorf("%s is booked, its tender holds %d, its provider took %d", a.Number, booked[a.Number], taken)
		case !a.Booked && booked[a.Number] != 0:
			w.t.Errorf("%s is a tender and not booked", a.Number)
		case !a.Booked && taken > 0 && back[a.Number]+w.gone[a.Number] == 0 && a.State != till.LatePaid && a.State != till.PaidFor && a.State != till.Attention && a.State != till.RefundDue:
			w.t.Errorf("%s took %d, and nobody knows: %+v", a.Number, taken, a)
		case w.gone[a.Number]+cash[a.Number] != a.Refunded || a.Refunded > a.Amount || back[a.Number] > a.Amount:
			w.t.Errorf("%s gave back %d and %d in cash, the till says %d of %d", a.Number, w.gone[a.Number], cash[a.Number], a.Refunded, a.Amount)
		}
	}
}
