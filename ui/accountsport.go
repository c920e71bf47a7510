package ui

import (
	"context"
	"time"
)

// Accounts are the places that get the summaries of closed shifts and days. Every method may take time.
type Accounts interface {
	// Accounts lists how they stand, by name, and what was asked of this till from afar since it was started, the newest
	// first.
	Accounts(ctx context.Context) ([]AccountLine, []AskedFromAfar, error)
	// SendNow sends all that waits.
	SendNow(ctx context.Context) error
	// Enrol enrols this till at a hub with the link and the single-use code that came from there. What a person can act
	// on is an *AccountFault.
	Enrol(ctx context.Context, link, code string) error
}

// AccountLine is how an account stands.
type AccountLine struct {
	Name, Kind  string // kinds: hub, webhook, folder
	Where       string // shop and host of a hub, host of a server, folder
	Active      bool
	Unsent      int
	Since       time.Time // of the oldest unsent
	Last        time.Time // of the last receipt; zero without one
	Rejected    int       // documents that the other end put aside or would not have
	Trouble     string    // why nothing goes: away, refused, restored, stopped, folder; "" while all is well
	ClockOff    time.Duration
	Fingerprint string // of this till's key at a hub
}

// AskedFromAfar is something that was asked through an account.
type AskedFromAfar struct {
	Kind, By string // kinds: freeze_wallets, resend
	At       time.Time
	Done     bool
}

// AccountFault says why a till was not enrolled: link, other_hub, code, away, practice.
type AccountFault struct{ Code string }

// Error names the code.
func (f *AccountFault) Error() string { return "enrol: " + f.Code }
