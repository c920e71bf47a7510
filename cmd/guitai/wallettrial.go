package main

import (
	"context"
	"errors"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/ui"
	"guitai/wallet"
)

const (
	trialLook       = 100 * time.Millisecond // between two looks at the ledger
	trialRefundWait = 3 * time.Minute        // then the refund is said to be with the provider
)

// What a check says that no provider says.
const (
	paidInstead  till.Reason = "paid_instead"  // it was to be reversed and was paid
	unproven     till.Reason = "unproven"      // reversed, but the provider knows no such payment
	unreadable   till.Reason = "unreadable"    // the second answer does not state the same
	withProvider till.Reason = "with_provider" // the refund is not confirmed yet
)

// errTrialRuns refuses a second trial beside one that runs.
var errTrialRuns = &till.Error{Code: till.PaymentOpen}

// Trial is how the last trial stands.
func (s *walletSetup) Trial() (ui.WalletTrialState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.trial
	t.Checks = append([]till.WalletCheck(nil), t.Checks...)
	return t, s.tried
}

// Reverse reverses the payment of the trial that runs.
func (s *walletSetup) Reverse() {
	s.mu.Lock()
	s.stop = true
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Begin starts a trial.
func (s *walletSetup) Begin(t ui.WalletTrial) error {
	p := s.parts()
	spec, ok := wallets.Find(t.Wallet)
	switch {
	case !ok || p.desk == nil || p.book == nil || p.desk.Provider(t.Wallet, t.Mode) == nil:
		return &till.Error{Code: till.WalletOff, Detail: t.Wallet}
	case t.Give == "" && s.freeze(t.Wallet):
		return &till.Error{Code: till.WalletStopped, Detail: t.Wallet}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trial.Running {
		return errTrialRuns
	}
	code := t.Code
	t.Code = "" // used once, and not kept
	s.trial, s.tried, s.stop = ui.WalletTrialState{WalletTrial: t, No: s.trial.No + 1, Running: true, Amount: smallest(spec, s.settings().Currency)}, true, false
	switch {
	case t.Give != "":
		s.trial.At, s.trial.Number = till.CheckRefund, t.Give
	case t.Way == till.Show:
		s.trial.At = till.CheckCode
	case t.Way == till.Take:
		s.trial.At = till.CheckTake
	case t.Way == till.Tap:
		s.trial.At = till.CheckTap
	}
	state := s.trial
	go func() {
		s.try(p, state, code)
		s.mu.Lock()
		s.trial.Running, s.trial.QR = false, ""
		s.mu.Unlock()
	}()
	return nil
}

func (s *walletSetup) freeze(name string) bool {
	now := s.settings()
	return now.Freeze(name) != nil
}

// at says what the trial is at.
func (s *walletSetup) at(n till.CheckName, qr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trial.At, s.trial.QR = n, qr
}

// told keeps what came of a check.
func (s *walletSetup) told(n till.CheckName, number string, reason till.Reason, said string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trial.Checks = append(s.trial.Checks, till.WalletCheck{Name: n, Mode: s.trial.Mode, OK: reason == till.ReasonNone, At: time.Now(), Number: number, Reason: reason, Note: said})
}

// wait waits for the next look; it is false once the program ends.
func (s *walletSetup) wait() bool {
	select {
	case <-s.ctx.Done():
		return false
	case <-s.wake:
	case <-time.After(trialLook):
	}
	return true
}

// try carries a trial out. The payment is one without a sale, so that it is in
// no report; what is received goes back.
func (s *walletSetup) try(p walletParts, t ui.WalletTrialState, code string) {
	if t.Give != "" {
		a, err := p.book.Attempt(s.ctx, t.Give)
		if err != nil {
			s.told(till.CheckRefund, t.Give, till.OtherReason, err.Error())
			return
		}
		s.giveBack(p, a)
		return
	}
	a := till.Attempt{Wallet: t.Wallet, Mode: t.Mode, Amount: t.Amount, Currency: s.settings().Currency, Way: t.Way, Cashier: t.By, PlannedAt: time.Now()}
	if n := len(code); n >= 8 {
		a.CodeTail = code[n-4:]
	}
	a, err := p.book.PlanAttempt(s.ctx, a)
	if err != nil {
		s.told(t.At, "", till.OtherReason, err.Error())
		return
	}
	s.mu.Lock()
	s.trial.Number = a.Number
	s.mu.Unlock()
	p.desk.Start(a, code)
	code = ""
	a, ok := s.carry(p, t, a)
	if !ok {
		return // the program ends; the desk goes on with it after the next start
	}
	s.judge(p, t, a)
}

// carry follows the payment until it is decided.
func (s *walletSetup) carry(p walletParts, t ui.WalletTrialState, a till.Attempt) (till.Attempt, bool) {
	shown, stopped := false, false
	for {
		now, err := p.book.Attempt(s.ctx, a.Number)
		if err == nil {
			a = now
		}
		if a.State == till.Pending && a.QR != "" && !shown {
			shown = true
			s.told(till.CheckCode, a.Number, till.ReasonNone, "")
			s.at(map[bool]till.CheckName{true: till.CheckReverse, false: till.CheckReceive}[t.Reverse], a.QR)
		}
		if !a.State.Live() {
			return a, true
		}
		s.mu.Lock()
		stop := s.stop
		s.mu.Unlock()
		if stop && !stopped {
			stopped = true
			s.at(till.CheckReverse, "")
			p.desk.Stop(a.Number)
		}
		if !s.wait() {
			return a, false
		}
	}
}

// judge says what the payment proved, and gives it back.
func (s *walletSetup) judge(p walletParts, t ui.WalletTrialState, a till.Attempt) {
	s.mu.Lock()
	stopped := s.stop
	s.mu.Unlock()
	first := map[till.Presentment]till.CheckName{till.Show: till.CheckShow, till.Take: till.CheckTake, till.Tap: till.CheckTap}[a.Way]
	switch {
	case a.State == till.PaidFor:
		s.told(first, a.Number, till.ReasonNone, "")
		s.told(till.CheckReceive, a.Number, till.ReasonNone, "")
		s.at(till.CheckQuery, "")
		s.askAgain(p, a)
		s.at(till.CheckRefund, "")
		s.giveBack(p, a)
		if t.Reverse {
			s.told(till.CheckReverse, a.Number, paidInstead, "")
		}
	case a.State == till.Cancelled && stopped:
		s.told(till.CheckReverse, a.Number, till.ReasonNone, "")
	case stopped && (a.State == till.Watch || a.State == till.CancelUnproven):
		s.told(till.CheckReverse, a.Number, unproven, a.Said)
	case a.State == till.LatePaid || a.State == till.RefundDue:
		s.told(till.CheckReverse, a.Number, paidInstead, a.Said) // the desk gives it back
	case t.Reverse:
		s.told(till.CheckReverse, a.Number, orOther(a.Reason), a.Said)
	case a.Way == till.Show && a.QR == "":
		s.told(till.CheckCode, a.Number, orOther(a.Reason), a.Said)
	case a.Way == till.Show:
		s.told(till.CheckReceive, a.Number, orOther(a.Reason), a.Said)
	default:
		s.told(first, a.Number, orOther(a.Reason), a.Said)
	}
}

func orOther(r till.Reason) till.Reason {
	if r == till.ReasonNone {
		return till.OtherReason
	}
	return r
}

// askAgain asks about a payment that is received: the provider has to state the
// same once more.
func (s *walletSetup) askAgain(p walletParts, a till.Attempt) {
	provider := p.desk.Provider(a.Wallet, a.Mode)
	if provider == nil {
		s.told(till.CheckQuery, a.Number, till.SetUpWrong, "")
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
	defer cancel()
	ans, err := provider.Query(ctx, wallet.Charge{
		Number: a.Number, Amount: a.Amount, Currency: a.Currency, Way: a.Way, Subject: s.settings().Shop.Name, Operator: a.Cashier,
		At: a.PlannedAt, Until: a.PlannedAt.Add(5 * time.Minute), Handle: a.Handle, Provider: a.Provider, GivingUp: true,
	})
	switch {
	case err != nil:
		s.told(till.CheckQuery, a.Number, till.NoNetwork, "")
	case ans.Verdict == wallet.Done && ans.Amount == a.Amount:
		s.told(till.CheckQuery, a.Number, till.ReasonNone, "")
	default:
		reason := ans.Reason
		if reason == till.ReasonNone {
			reason = unreadable
		}
		s.told(till.CheckQuery, a.Number, reason, ans.Said)
	}
}

// giveBack returns what was received, under one number however often it is asked
// for.
func (s *walletSetup) giveBack(p walletParts, a till.Attempt) {
	var r till.WalletRefund
	before, err := p.book.RefundsOf(s.ctx, a.Number)
	for _, o := range before {
		if o.State.Open() || o.State == till.RefundDone {
			r = o
		}
	}
	if err == nil && r.Number == "" {
		r, err = p.book.PlanRefund(s.ctx, till.WalletRefund{Attempt: a.Number, Amount: a.Amount - a.Refunded, Why: "小额测试退回 trial", PlannedAt: time.Now()})
	}
	if err != nil {
		s.told(till.CheckRefund, a.Number, till.OtherReason, err.Error())
		return
	}
	p.desk.Refund(r)
	for end := time.Now().Add(trialRefundWait); ; {
		if now, err := p.book.Refund(s.ctx, r.Number); err == nil {
			r = now
		} else if errors.Is(err, context.Canceled) {
			return
		}
		switch {
		case r.State == till.RefundDone:
			s.told(till.CheckRefund, r.Number, till.ReasonNone, "")
			return
		case !r.State.Open():
			s.told(till.CheckRefund, r.Number, orOther(r.Reason), r.Said)
			return
		case time.Now().After(end):
			s.told(till.CheckRefund, r.Number, withProvider, r.Said)
			return
		}
		if !s.wait() {
			return
		}
	}
}
