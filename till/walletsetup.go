package till

import (
	"fmt"
	"slices"
	"time"
)

// A WalletSetup is how far the setting up of a wallet has come. It holds no
// credential and changes no payment: an installer may write it, and its Account
// comes to the counter only as a wallet of the settings, which is the owner's.
type WalletSetup struct {
	Account    WalletAccount         `json:"account"` // as it is prepared; Mode is the account that is set up
	Registered bool                  `json:"registered,omitempty"`
	Papers     map[string]PaperState `json:"papers,omitempty"` // by what the provider asks the shop for
	Checks     []WalletCheck         `json:"checks,omitempty"` // the latest of each name and mode
}

// PaperState is how a paper stands that a provider asks for; "" is one that the
// shop does not have yet.
type PaperState string

// The states of a paper.
const (
	PaperReady    PaperState = "ready"    // at hand
	PaperSent     PaperState = "sent"     // handed in
	PaperApproved PaperState = "approved" // the provider took it
	PaperReturned PaperState = "returned" // the provider wants another one
)

// A WalletCheck is one check of a wallet's account and what came of it.
type WalletCheck struct {
	Name   CheckName `json:"name"`
	Mode   string    `json:"mode"` // live or test
	OK     bool      `json:"ok"`
	At     time.Time `json:"at"`
	Number string    `json:"number,omitempty"` // of the attempt or refund
	Reason Reason    `json:"reason,omitempty"`
	Note   string    `json:"note,omitempty"` // the provider's words
}

// CheckName names a check.
type CheckName string

// The checks of a wallet.
const (
	CheckConnect CheckName = "connect" // the provider knows the account, and both signatures hold
	CheckCode    CheckName = "code"    // it makes a code to show
	CheckReceive CheckName = "receive" // the smallest amount was paid
	CheckQuery   CheckName = "query"   // asked once more, the provider states the same
	CheckRefund  CheckName = "refund"  // it went back
	CheckReverse CheckName = "reverse" // an unpaid one was closed, with proof
	CheckShow    CheckName = "show"    // a shown code was paid
	CheckTake    CheckName = "take"    // a customer's code was charged
	CheckTap     CheckName = "tap"     // a tap at the reader was charged
	CheckBill    CheckName = "bill"    // the list of a day was fetched
)

// liveNeeds are the checks that a wallet has to pass before it may go live.
var liveNeeds = []CheckName{CheckConnect, CheckReceive, CheckQuery, CheckRefund, CheckReverse}

// Passed returns the latest check of a name in the mode that is set up.
func (s *WalletSetup) Passed(name CheckName) (WalletCheck, bool) {
	for _, c := range s.Checks {
		if c.Name == name && c.Mode == s.Account.Mode {
			return c, c.OK
		}
	}
	return WalletCheck{}, false
}

// Missing are the checks that are still to be passed before going live.
func (s *WalletSetup) Missing() []CheckName {
	return slices.DeleteFunc(slices.Clone(liveNeeds), func(n CheckName) bool { _, ok := s.Passed(n); return ok })
}

// Note keeps what came of a check in place of what came of it before.
func (s *WalletSetup) Note(c WalletCheck) {
	c.Note = clipText(c.Note)
	s.Checks = append(slices.DeleteFunc(slices.Clone(s.Checks), func(o WalletCheck) bool { return o.Name == c.Name && o.Mode == c.Mode }), c)
}

// Forget drops the checks of a mode, whose credentials are others now.
func (s *WalletSetup) Forget(mode string) {
	s.Checks = slices.DeleteFunc(slices.Clone(s.Checks), func(o WalletCheck) bool { return o.Mode == mode })
}

// Tried are the ways to pay that were tried with money in the mode that is set up.
func (s *WalletSetup) Tried() []Presentment {
	var ways []Presentment
	for way, name := range []CheckName{Show: CheckShow, Take: CheckTake, Tap: CheckTap} {
		if _, ok := s.Passed(name); ok {
			ways = append(ways, Presentment(way))
		}
	}
	return ways
}

// clipText cuts a provider's words to what a setting may hold.
func clipText(s string) string {
	for len(s) > textMax {
		r := []rune(s)
		s = string(r[:len(r)*textMax/len(s)])
	}
	return s
}

// SetWalletSetups replaces how far the setting up of wallets has come.
func (s *Settings) SetWalletSetups(list []WalletSetup) error {
	return s.Set("wallets.setup", jsonOf(list))
}

// WalletSetup returns how far the setting up of a wallet has come.
func (s *Settings) WalletSetup(name string) (WalletSetup, bool) {
	for _, x := range s.WalletSetups {
		if x.Account.Name == name {
			return x, true
		}
	}
	return WalletSetup{}, false
}

// ParseWalletSetups reads the setting from JSON. An empty text is none.
func ParseWalletSetups(text string) ([]WalletSetup, error) {
	var list []WalletSetup
	if err := strictly(text, &list); err != nil {
		return nil, fmt.Errorf("wallets being set up: %w", err)
	}
	for i := range list {
		s := &list[i]
		if err := s.Account.check(); err != nil {
			return nil, fmt.Errorf("wallet being set up %d %.32q: %w", i+1, s.Account.Name, err)
		}
		for _, o := range list[:i] {
			if o.Account.Name == s.Account.Name {
				return nil, fmt.Errorf("wallet being set up %d %q: given twice", i+1, o.Account.Name)
			}
		}
		for key, state := range s.Papers {
			if len(key) > textMax || !slices.Contains([]PaperState{PaperReady, PaperSent, PaperApproved, PaperReturned}, state) {
				return nil, fmt.Errorf("wallet being set up %d: paper %.32q has no state %.20q", i+1, key, state)
			}
		}
		for _, c := range s.Checks {
			if c.Name == "" || c.Mode != "live" && c.Mode != "test" || max(len(c.Name), len(c.Number), len(c.Reason), len(c.Note)) > textMax {
				return nil, fmt.Errorf("wallet being set up %d: check %.32q cannot be", i+1, c.Name)
			}
		}
	}
	return list, nil
}
