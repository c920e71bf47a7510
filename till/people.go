package till

import (
	"context"

	"guitai/till/money"
)

// signOn checks the PIN off the register's goroutine: hashing is slow on
// purpose, and selling must not wait for it.
func (a *acting) signOn(ctx context.Context, c SignOn) error {
	a.off = true
	r := a.r
	if r.checking {
		return refuse(Busy)
	}
	r.checking = true
	r.start(ctx, func(ctx context.Context) Command {
		who, err := r.staff.Verify(ctx, c.Code, c.PIN)
		return verified{who: who, err: err, code: c.Code}
	})
	return nil
}

// approve checks the PIN of the person asked for the waiting act.
func (a *acting) approve(ctx context.Context, c Approve) error {
	a.off = true
	r := a.r
	if r.pending == nil {
		return nil
	}
	if r.checking {
		return refuse(Busy)
	}
	r.checking = true
	act := r.pending.act
	r.start(ctx, func(ctx context.Context) Command {
		who, err := r.staff.Verify(ctx, "", c.PIN)
		return verified{who: who, err: err, act: &act}
	})
	return nil
}

// verified takes up the answer of a PIN check.
func (a *acting) verified(ctx context.Context, c verified) error {
	r := a.r
	r.checking = false
	if c.err != nil {
		r.wrongPIN = c.act != nil
		if CodeOf(c.err) != WrongPIN {
			a.off = true
			return c.err
		}
		a.enter(&SignOnRefused{Tried: c.code})
		a.stay()
		detail := c.code
		a.then(func() { r.note(Refused, WrongPIN, detail) })
		return nil
	}
	if c.act != nil {
		if r.pending == nil {
			a.off = true
			return nil
		}
		p := r.pending.permission
		if !c.who.May(p) {
			a.off = true
			r.wrongPIN = true
			return refuseWith(NotAllowed, string(p))
		}
		r.pending, r.wrongPIN = nil, false
		approved := *c.act
		approved.ApprovedBy = c.who.Code
		a.act = approved
		return a.do(ctx)
	}
	who := c.who
	a.enter(&SignedOn{Role: who.Role})
	a.tx.Entries[len(a.tx.Entries)-1].Operator = who.Code
	a.stay()
	a.then(func() {
		r.operator = &who
		r.pending, r.wrongPIN, r.notice = nil, false, nil
	})
	return nil
}

// signOff locks the till. The basket stays where it is.
func (a *acting) signOff() error {
	r := a.r
	if r.operator == nil {
		a.off = true
		return nil
	}
	a.enter(&SignedOff{})
	a.stay()
	a.then(func() {
		r.operator = nil
		r.pending, r.wrongPIN, r.notice, r.done = nil, false, nil, nil
	})
	return nil
}

// setSetting changes settings, all or none. What money is counted in cannot
// change once there are sales.
func (a *acting) setSetting(c SetSetting) error {
	r := a.r
	if r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	next := r.st.Settings
	next.Taxes = append([]TaxClass(nil), next.Taxes...)
	need := MaySetUp
	for _, s := range c.Settings {
		old, ok := next.Get(s.Key)
		if !ok || s.Key == frozenKey {
			return refuseWith(UnknownSetting, s.Key)
		}
		if old == s.Value {
			continue
		}
		if (s.Key == "currency" || s.Key == "till") && r.st.Receipt > 0 {
			return refuseWith(BadSetting, s.Key)
		}
		if err := next.Set(s.Key, s.Value); err != nil {
			return err
		}
		if !paperOnly[s.Key] {
			need = MaySetMoney
		}
		a.enter(&SettingSet{Key: s.Key, Old: old, New: s.Value})
	}
	if err := a.allow(need, money.Amount(0)); err != nil {
		return err
	}
	a.stay()
	a.then(func() {
		r.st.Settings = next
		r.note(Info, NoteSaved, "")
	})
	return nil
}

// paperOnly are the settings that an installer may change: they alter no sum.
var paperOnly = map[string]bool{
	"paper.columns": true, "paper.header": true, "paper.footer": true, "paper.logo": true, "paper.tax_block": true, "paper.both": true,
	"language": true, "label_rules": true, "wallets.setup": true,
}
