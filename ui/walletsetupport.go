package ui

import (
	"context"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// WalletSetup sets the shop's wallets up. Credentials go in and never come out again. Methods with a context may take
// time.
type WalletSetup interface {
	// Offers lists what can be set up, in the order in which it is offered. It must not wait.
	Offers() []WalletOffer
	// Entered returns how the credentials are kept and, without a secret, what is entered.
	Entered(ctx context.Context) (WalletSafe, []WalletEntered, error)
	// Enter keeps fields of an account, others stay. Once all of them make an account it is in use.
	Enter(ctx context.Context, wallet, mode string, fields map[string]string) (WalletEntered, error)
	// Activate exchanges a code that the provider handed out once for the fields that make up the account.
	Activate(ctx context.Context, wallet, mode, code string) (WalletEntered, error)
	// File reads a key or a certificate that was chosen. What cannot be one is a WalletFault.
	File(ctx context.Context, path string) (text string, fault WalletFault, err error)
	// Probe tries an account step by step without moving money; the first that failed ends it.
	Probe(ctx context.Context, wallet, mode string) ([]WalletStep, error)
	// Begin starts a trial with money, which goes on by itself, also when nobody looks; one at a time.
	Begin(t WalletTrial) error
	// Trial is how the last trial stands. It must not wait.
	Trial() (WalletTrialState, bool)
	// Reverse reverses the payment of the trial that runs.
	Reverse()
	// Bill fetches the provider's list of a day and returns how many lines it has.
	Bill(ctx context.Context, wallet, mode string, day time.Time) (lines int, err error)
}

// WalletOffer is a wallet that can be set up.
type WalletOffer struct {
	Name           string
	Title, TitleEN string
	Account        till.WalletAccount // as it begins
	Fields         []WalletField
	Currencies     []string // none for any
	Smallest       money.Amount
	OwnContract    bool // proven on vectors and the simulator only
	Activates      bool // a code of the provider makes the account
	Refunds, Bills bool
	Papers         []string
	Live, Test     string // addresses; Test is "" where the provider has no sandbox
}

// WalletField is one thing the shop enters for a wallet.
type WalletField struct {
	Name                         string // base_url is the provider's address
	Kind                         string // text, digits, pem, url, choice
	Secret, Optional             bool
	Default                      string
	Choices                      []string
	Title, TitleEN, Hint, HintEN string
}

// WalletSafe says how the credentials are sealed.
type WalletSafe struct {
	Keyring bool
	KeyFile string // where the key is in a file
	Damaged bool   // they cannot be read and must be entered anew
}

// WalletEntered is what is entered for one account, without its secrets.
type WalletEntered struct {
	Wallet, Mode string
	Values       map[string]string // of fields that are no secrets; keys and certificates as a few words about them
	Kept         map[string]bool   // what is there, secrets too
	Missing      []string          // fields that are needed and are not there
	Fault        *WalletFault      // why it is no account yet; nil where nothing but Missing is wrong
	InUse        bool              // there is an account at work
	Draft        bool              // what was entered last is not in it
}

// WalletFault is a field that cannot be right, in words of both languages.
type WalletFault struct{ Field, Zh, En string }

// WalletStep is one step of a probe.
type WalletStep struct {
	Name   string // credentials, host, clock, request_signature, answer_signature, merchant
	OK     bool
	Reason till.Reason
	Detail string // the provider's words
}

// WalletTrial is a payment of the smallest amount that is tried with an account.
type WalletTrial struct {
	Wallet, Mode string
	Way          till.Presentment
	Code         string // the customer's, for till.Take; never kept
	Reverse      bool   // it is to be reversed, not paid
	Give         string // number of a payment that was tried and is only to be given back
	By           string // operator code
}

// WalletTrialState is how a trial stands.
type WalletTrialState struct {
	WalletTrial
	No      int // counts trials since the program started, from 1
	Running bool
	At      till.CheckName // what it is at
	QR      string         // to be scanned now
	Number  string
	Amount  money.Amount
	Checks  []till.WalletCheck // what came of it so far, in order
	Refused error              // nothing was begun
}
