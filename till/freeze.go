package till

import (
	"slices"
	"strings"
)

// freeze stops a wallet at this till, or all: nothing new is begun or given
// back through it, and what is open is reversed. Anybody may: it must take one
// key.
func (a *acting) freeze(c Freeze) error {
	r := a.r
	if r.operator == nil && !a.act.Replayed && c.Remote == "" {
		return refuse(NotSignedOn)
	}
	if _, ok := r.st.Settings.Wallet(c.Wallet); c.Wallet != "" && !ok {
		return refuseWith(NoSuchWallet, c.Wallet)
	}
	reason := strings.TrimSpace(c.Reason)
	if len(reason) > textMax || len(c.Remote) > textMax {
		return refuseWith(TooLarge, "reason")
	}
	by := a.who()
	if c.Remote != "" {
		by = c.Remote
	}
	next := slices.Clone(r.st.Settings.Frozen)
	if i := frozenAt(next, c.Wallet); i < 0 {
		next = append(next, WalletFreeze{Wallet: c.Wallet, By: by, At: a.at, Reason: reason})
	}
	a.setFrozen(next)
	a.then(func() {
		for i := range r.st.Attempts {
			if at := &r.st.Attempts[i]; at.State.Live() && (c.Wallet == "" || at.Wallet == c.Wallet) && r.opt.Wallets != nil {
				r.opt.Wallets.Stop(at.Number)
			}
		}
		r.note(Info, NoteFrozen, c.Wallet)
	})
	return nil
}

// release lets a wallet go on.
func (a *acting) release(c Release) error {
	r := a.r
	if r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	i := frozenAt(r.st.Settings.Frozen, c.Wallet)
	if i < 0 {
		return refuseWith(NoSuchWallet, c.Wallet)
	}
	if err := a.allow(MayReleaseWallet, 0); err != nil {
		return err
	}
	a.setFrozen(slices.Delete(slices.Clone(r.st.Settings.Frozen), i, i+1))
	a.then(func() {
		r.pending = nil
		r.note(Info, NoteReleased, c.Wallet)
	})
	return nil
}

func frozenAt(list []WalletFreeze, wallet string) int {
	return slices.IndexFunc(list, func(f WalletFreeze) bool { return f.Wallet == wallet })
}

// setFrozen makes the list of what is frozen a setting on record.
func (a *acting) setFrozen(list []WalletFreeze) {
	r := a.r
	before, after := jsonOf(r.st.Settings.Frozen), jsonOf(list)
	if before != after {
		a.enter(&SettingSet{Key: frozenKey, Old: before, New: after})
	}
	a.stay()
	a.then(func() { r.st.Settings.Frozen = list })
}

// frozenKey is the setting that Freeze and Release alone change.
const frozenKey = "wallets.frozen"
