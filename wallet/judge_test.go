package wallet

import (
	"slices"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

var planned = time.Date(2026, 6, 18, 12, 0, 0, 0, time.UTC)

func attempt(s till.AttemptState) *till.Attempt {
	return &till.Attempt{Number: "001TEST000000018", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, State: s, PlannedAt: planned, Reason: till.TimedOut}
}

var paidAnswer = Answer{Verdict: Done, Amount: 1250, Currency: "CNY", Number: "001TEST000000018", PaidAt: planned.Add(time.Minute)}

// TestWhatAnswersProve has a row per rule of sections 10.3 and 10.4 of the
// wallets reference.
func TestWhatAnswersProve(t *testing.T) {
	with := func(f func(*Answer)) Answer { a := paidAnswer; f(&a); return a }
	for _, row := range []struct {
		name string
		from till.AttemptState
		ans  Answer
		to   asked
		want till.AttemptState
	}{
		{"a payment", till.Sending, paidAnswer, started, till.PaidFor},
		{"a payment of something unknown", till.Unknown, paidAnswer, queried, till.PaidFor},
		{"a customer faster than the cashier", till.Cancelling, paidAnswer, queriedCancel, till.PaidFor},
		{"another amount", till.Pending, with(func(a *Answer) { a.Amount = 1251 }), queried, till.Attention},
		{"another currency", till.Pending, with(func(a *Answer) { a.Currency = "USD" }), queried, till.Attention},
		{"another number", till.Pending, with(func(a *Answer) { a.Number = "001TEST000000029" }), queried, till.Attention},
		{"paid long before it was planned", till.Pending, with(func(a *Answer) { a.PaidAt = planned.Add(-11 * time.Minute) }), queried, till.Attention},
		{"a clock a little slow", till.Pending, with(func(a *Answer) { a.PaidAt = planned.Add(-9 * time.Minute) }), queried, till.PaidFor},
		{"money after it was given up", till.Watch, paidAnswer, queried, till.LatePaid},
		{"money after a cancel that proved nothing", till.CancelUnproven, paidAnswer, queried, till.LatePaid},
		{"money after it was proved cancelled", till.Cancelled, paidAnswer, queried, till.LatePaid},
		{"money after a refusal", till.Declined, paidAnswer, queried, till.LatePaid},
		{"a cancel that says paid", till.Cancelling, paidAnswer, cancelled, till.Cancelling},

		{"a refusal", till.Sending, Answer{Verdict: Refused}, started, till.Declined},
		{"a refusal while cancelling", till.Cancelling, Answer{Verdict: Refused}, queriedCancel, till.Cancelled},
		{"a cancel that was refused", till.Cancelling, Answer{Verdict: Refused}, cancelled, till.Cancelling},
		{"a refusal of what is watched", till.Watch, Answer{Verdict: Refused}, queried, till.Declined},

		{"closed at the start", till.Sending, Answer{Verdict: Closed}, started, till.Declined},
		{"closed by its time", till.Pending, Answer{Verdict: Closed}, queried, till.Cancelled},
		{"a proof of the cancel", till.Cancelling, Answer{Verdict: Closed}, queriedCancel, till.Cancelled},
		{"a cancel's answer that is proof", till.Cancelling, Answer{Verdict: Closed}, cancelled, till.Cancelled},
		{"paid and given back by the cancel", till.Cancelling, Answer{Verdict: Returned}, cancelled, till.Cancelled},

		{"a number nobody knows, after a lost answer", till.Unknown, Answer{Verdict: Missing}, queried, till.Unknown},
		{"a number nobody knows, after a cancel", till.Cancelling, Answer{Verdict: Missing}, queriedCancel, till.CancelUnproven},
		{"a number nobody knows, before a cancel", till.Cancelling, Answer{Verdict: Missing}, queried, till.Cancelling},
		{"a number nobody knows, of what is watched", till.Watch, Answer{Verdict: Missing}, queried, till.Watch},

		{"a customer who must act", till.Sending, Answer{Verdict: Waiting}, started, till.Pending},
		{"known after all", till.Unknown, Answer{Verdict: Waiting}, queried, till.Pending},
		{"still open after a cancel", till.Cancelling, Answer{Verdict: Waiting}, queriedCancel, till.Cancelling},

		{"silence after the request", till.Sending, Answer{Reason: till.NoNetwork}, started, till.Unknown},
		{"silence of one query", till.Pending, Answer{Reason: till.NoNetwork}, queried, till.Pending},
		{"silence of a cancel", till.Cancelling, Answer{Reason: till.NoNetwork}, cancelled, till.Cancelling},
		{"a bad signature", till.Sending, Answer{Reason: till.NotVerified}, started, till.Unknown},
	} {
		if got, _ := judge(attempt(row.from), row.ans, row.to, 0); got != row.want {
			t.Errorf("%s: %s to %s, want %s", row.name, row.from, got, row.want)
		}
	}
	if got, _ := judge(attempt(till.Pending), Answer{Reason: till.NoNetwork}, queried, 1); got != till.Unknown {
		t.Errorf("silence twice: %s", got)
	}
}

// No answer whatever may lead where no arrow goes, end a payment without
// proof, or take money twice.
func TestNoAnswerLeavesTheArrows(t *testing.T) {
	var states []till.AttemptState
	for s := range till.AttemptState(32) {
		if s.String() != "" {
			states = append(states, s)
		}
	}
	for _, s := range states {
		for v := Unclear; v <= Returned; v++ {
			for _, to := range []asked{started, queried, cancelled, queriedCancel} {
				for _, unclears := range []int{0, 1} {
					if to == started && s != till.Sending && s != till.Unknown {
						continue
					}
					ans := paidAnswer
					ans.Verdict = v
					got, _ := judge(attempt(s), ans, to, unclears)
					if got != s && !s.MayBecome(got) {
						t.Errorf("%s answered %s: to %s, where no arrow goes", s, v, got)
					}
					if (v == Unclear || v == Missing || v == Waiting) && got != s && slices.Contains([]till.AttemptState{till.PaidFor, till.Declined, till.Cancelled, till.LatePaid}, got) {
						t.Errorf("%s answered %s: ended as %s without proof", s, v, got)
					}
				}
			}
		}
	}
}
