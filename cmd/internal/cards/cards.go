// Package cards makes a card terminal one more provider of the payment desk: what
// is durable before an order, asked after a silence and booked once is then what
// it is for wallets.
//
//	c := cards.New(book, driver, cards.Options{})
//	desk.Use(c.Spec(), c.Account())
//
// hardware/terminal keeps its rules (one order at a time, and none while an
// earlier one is not settled) over a journal, and that journal is the ledger's
// attempts and refunds: what the terminal had before an order, and what it said
// after it, stand in their handles.
package cards

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"guitai/hardware/terminal"
	"guitai/till"
	"guitai/wallet"
)

// A Book is where attempts and refunds are kept; a *ledger.Ledger is one. Every
// write is on the disk before it returns.
type Book interface {
	wallet.CallLog
	Attempt(ctx context.Context, number string) (till.Attempt, error)
	OpenAttempts(ctx context.Context) ([]till.Attempt, error)
	OpenRefunds(ctx context.Context) ([]till.WalletRefund, error)
	MoveAttempt(ctx context.Context, number string, from till.AttemptState, m till.AttemptMove) (till.Attempt, error)
	Refund(ctx context.Context, number string) (till.WalletRefund, error)
	MoveRefund(ctx context.Context, number string, from till.RefundState, m till.RefundMove) (till.WalletRefund, error)
}

// Options are what a Terminal needs beside its book and its driver.
type Options struct {
	Currency int // the terminal's, by its ISO 4217 number; 0 for that of each payment
	Log      *slog.Logger
	// Learned hears the number of a payment of which the terminal said
	// something while it was asked about another; it may be nil.
	Learned func(number string)
	// Slip hears the lines of a slip that the till is to print; it may be nil.
	Slip func(ctx context.Context, number, lines string) error
	// Speed divides every wait, for tests; 0 is 1.
	Speed int
}

// A Terminal is a card terminal as a provider of the desk.
type Terminal struct {
	book Book
	desk *terminal.Desk
	opt  Options

	mu     sync.Mutex
	orders map[string]*order
	work   sync.WaitGroup
}

// An order is one that this program has given since it started.
type order struct {
	intended chan struct{} // closed once it may have left
	ended    chan struct{}

	mu    sync.Mutex
	shown string // what the terminal shows
	r     terminal.Result
	err   error
}

// New makes a provider of a terminal.
func New(book Book, d terminal.Driver, o Options) *Terminal {
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	o.Speed = max(o.Speed, 1)
	t := &Terminal{book: book, opt: o, orders: map[string]*order{}}
	t.desk = terminal.NewDesk(d, journal{t})
	return t
}

// Returns reports whether the terminal gives money back on the till's order.
func (t *Terminal) Returns() bool { return t.desk.Returns() }

// Wait waits until no order is under way; those end when the desk closes.
func (t *Terminal) Wait() { t.work.Wait() }

// The bounds of a payment at a terminal.
const (
	Limit     = 90 * time.Second       // until a payment that nobody finishes is cancelled
	lookEvery = 400 * time.Millisecond // at what the terminal shows
	stopsSoon = 4 * time.Second        // that a cancel waits for the terminal
	stopAgain = time.Second
	freeSoon  = 5 * time.Second // that an order waits for a question that is under way
)

// Spec describes the terminal to the desk. It is not among the wallets that are
// set up.
func (t *Terminal) Spec() wallet.Spec {
	return wallet.Spec{
		Name: till.CardTerminal, Title: wallet.Title{Zh: "刷卡机", En: "Card terminal"},
		Ability: wallet.Ability{
			Ways: []till.Presentment{till.Tap}, Refunds: t.Returns(), PartialRefund: t.Returns(),
			Pace: map[till.Presentment]wallet.Pace{till.Tap: {Every: lookEvery, Limit: Limit}},
		},
		New: func(wallet.Account, *wallet.Client) (wallet.Provider, error) {
			if t.Returns() {
				return &returner{t}, nil
			}
			return t, nil
		},
	}
}

// Account is the account to use the terminal with.
func (t *Terminal) Account() wallet.Account {
	return wallet.Account{Name: till.CardTerminal, Mode: "live"}
}

// currencies are the ISO 4217 numbers of currencies.
var currencies = map[string]int{
	"AUD": 36, "CAD": 124, "CHF": 756, "CNY": 156, "CZK": 203, "DKK": 208, "EUR": 978, "GBP": 826, "HKD": 344, "HUF": 348, "JPY": 392, "KRW": 410,
	"MOP": 446, "MYR": 458, "NOK": 578, "NZD": 554, "PLN": 985, "SEK": 752, "SGD": 702, "THB": 764, "TWD": 901, "USD": 840, "VND": 704,
}

// NumberOf is the ISO 4217 number of a currency, 0 where it is not known.
func NumberOf(code string) int { return currencies[code] }

// currency is the number to order in.
func (t *Terminal) currency(code string) (int, error) {
	n := NumberOf(code)
	if n == 0 {
		n = t.opt.Currency
	}
	if n == 0 || t.opt.Currency != 0 && n != t.opt.Currency {
		return 0, unsent("currency", till.SetUpWrong, fmt.Sprintf("the terminal takes currency %d, the shop %s", t.opt.Currency, code))
	}
	return n, nil
}

// unsent is why nothing was ordered.
func unsent(field string, r till.Reason, detail string) error {
	return fmt.Errorf("%w: %w", wallet.ErrNotSent, &wallet.FieldError{Field: field, Reason: r, Detail: detail})
}

// Start orders a payment. It returns once the order is about to leave, and the
// terminal goes on by itself: Query says how far it is.
func (t *Terminal) Start(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	p := terminal.Payment{Ref: c.Number, Amount: int64(c.Amount), At: c.At}
	var err error
	if p.Currency, err = t.currency(c.Currency.Code); err != nil {
		return wallet.Answer{}, err
	}
	o, err := t.begin(ctx, wallet.CallStart, p)
	if err != nil {
		return wallet.Answer{}, err
	}
	return o.answer(c), nil
}

// begin gives an order and waits until it may have left. An error means that it
// did not.
func (t *Terminal) begin(ctx context.Context, kind wallet.CallKind, p terminal.Payment) (*order, error) {
	o := &order{intended: make(chan struct{}), ended: make(chan struct{})}
	t.mu.Lock()
	t.orders[p.Ref] = o
	t.mu.Unlock()
	t.work.Go(func() {
		defer close(o.ended)
		r, err := t.pay(ctx, kind, p, o)
		o.mu.Lock()
		o.r, o.err = r, err
		o.mu.Unlock()
		if err != nil {
			t.opt.Log.Warn("card terminal", "number", p.Ref, "err", err)
		}
		t.print(ctx, p.Ref, r)
	})
	select {
	case <-o.intended:
		return o, nil
	case <-o.ended:
	}
	select {
	case <-o.intended: // and ended at once
		return o, nil
	default:
	}
	t.forget(p.Ref)
	switch {
	case errors.Is(o.err, terminal.ErrRecoverFirst):
		return nil, unsent("terminal", till.RecoverFirst, o.err.Error())
	case errors.Is(o.err, context.Canceled):
		return nil, fmt.Errorf("%w: %w", wallet.ErrNotSent, o.err)
	}
	return nil, unsent("terminal", till.ReaderNotReady, o.err.Error())
}

func (t *Terminal) forget(number string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.orders, number)
}

func (t *Terminal) order(number string) *order {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.orders[number]
}

// pay settles what is open, orders, and waits for the end.
func (t *Terminal) pay(ctx context.Context, kind wallet.CallKind, p terminal.Payment, o *order) (terminal.Result, error) {
	if err := t.settleOpen(ctx); err != nil {
		return terminal.Result{}, err
	}
	id, err := t.began(ctx, kind, p)
	if err != nil {
		return terminal.Result{}, err
	}
	var r terminal.Result
	for end := time.Now().Add(t.scaled(freeSoon)); ; {
		r, err = t.desk.Pay(ctx, p, o.show)
		if !errors.Is(err, terminal.ErrBusy) || time.Now().After(end) || !sleep(ctx, t.scaled(lookEvery)) {
			break
		}
	}
	t.over(ctx, id, r, err)
	return r, err
}

// settleOpen asks the terminal for every order of before that is not settled.
func (t *Terminal) settleOpen(ctx context.Context) error {
	open, err := t.desk.Open(ctx)
	if err != nil {
		return fmt.Errorf("read the open card payments: %w", err)
	}
	for _, p := range open {
		r, err := t.recover(ctx, p.Ref)
		if err != nil && !errors.Is(err, terminal.ErrNoIntent) {
			return err
		}
		if err == nil && r.Outcome == terminal.Unknown {
			return fmt.Errorf("%w: %s (%s %s)", terminal.ErrRecoverFirst, p.Ref, r.Reason, r.Detail)
		}
		if t.opt.Learned != nil {
			t.opt.Learned(p.Ref)
		}
	}
	return nil
}

// recover asks the terminal what became of an order, and waits its turn for
// that.
func (t *Terminal) recover(ctx context.Context, number string) (terminal.Result, error) {
	id, err := t.book.Began(ctx, till.WalletCall{Wallet: till.CardTerminal, Kind: string(wallet.CallQuery), Number: number, Method: "ZVT", Asked: "last payment"})
	if err != nil {
		return terminal.Result{}, err
	}
	r, err := t.desk.Recover(ctx, number)
	for end := time.Now().Add(t.scaled(freeSoon)); errors.Is(err, terminal.ErrBusy) && time.Now().Before(end) && sleep(ctx, t.scaled(lookEvery)); {
		r, err = t.desk.Recover(ctx, number)
	}
	t.over(ctx, id, r, err)
	if r.Outcome == terminal.Approved {
		t.print(ctx, number, r)
	}
	return r, err
}

// began writes down that the terminal is about to be given an order.
func (t *Terminal) began(ctx context.Context, kind wallet.CallKind, p terminal.Payment) (int64, error) {
	return t.book.Began(ctx, till.WalletCall{
		Wallet: till.CardTerminal, Kind: string(kind), Number: p.Ref, Method: "order", Asked: fmt.Sprintf("amount %d, currency %d", p.Amount, p.Currency),
	})
}

// over writes down how a call ended.
func (t *Terminal) over(ctx context.Context, id int64, r terminal.Result, err error) {
	c := till.WalletCall{Answered: fmt.Sprintf("%s %s %s", r.Outcome, r.Reason, r.Detail)}
	if err != nil {
		c.Fault = err.Error()
	}
	if err := t.book.Ended(context.WithoutCancel(ctx), id, c); err != nil {
		t.opt.Log.Warn("keep an answer of the card terminal", "err", err)
	}
}

func (t *Terminal) print(ctx context.Context, number string, r terminal.Result) {
	if r.Slip == "" || t.opt.Slip == nil {
		return
	}
	if err := t.opt.Slip(context.WithoutCancel(ctx), number, r.Slip); err != nil {
		t.opt.Log.Error("queue a card slip", "number", number, "err", err)
	}
}

func (t *Terminal) scaled(d time.Duration) time.Duration { return d / time.Duration(t.opt.Speed) }

func (o *order) show(words string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shown = words
}

// running reports whether the terminal is still at the order.
func (o *order) running() bool {
	select {
	case <-o.ended:
		return false
	default:
		return true
	}
}

// answer is how far an order is.
func (o *order) answer(c wallet.Charge) wallet.Answer {
	if o.running() {
		o.mu.Lock()
		defer o.mu.Unlock()
		return wallet.Answer{Verdict: wallet.Waiting, Said: o.shown}
	}
	return judged(c, o.r)
}

// judged is what the terminal's word about a payment proves.
func judged(c wallet.Charge, r terminal.Result) wallet.Answer {
	said := string(r.Reason)
	if r.Detail != "" {
		said += ": " + r.Detail
	}
	a := wallet.Answer{Said: said}
	switch r.Outcome {
	case terminal.Approved:
		a.Verdict, a.Amount, a.Number, a.Said = wallet.Done, c.Amount, c.Number, "approved"
		a.Provider = till.CardPaid{Last4: r.Card, Scheme: r.Scheme, Trace: r.Trace, Receipt: r.Receipt, Auth: r.Auth, Terminal: r.Terminal}.String()
		a.Handle = kept{State: string(terminal.Approved), Result: &r}.String()
	case terminal.Declined:
		a.Verdict, a.Reason = wallet.Refused, declined[r.Reason]
		if a.Reason == "" {
			a.Reason = till.OtherReason
		}
	case terminal.Unknown:
		a.Reason = unclear[r.Reason]
	}
	return a
}

// declined are the reasons of payments that took nothing.
var declined = map[terminal.Reason]till.Reason{
	terminal.Refused: till.CardRefused, terminal.Cancelled: till.PayerRefused, terminal.NotSent: till.ReaderNotReady, terminal.Occupied: till.ReaderNotReady,
	terminal.NotBooked: till.NotBooked, terminal.ByPerson: till.ByPerson,
}

// unclear are the reasons of payments of which nobody knows.
var unclear = map[terminal.Reason]till.Reason{
	terminal.LinkLost: till.NoNetwork, terminal.Silent: till.NoNetwork, terminal.Occupied: till.NoNetwork, terminal.Doubtful: till.TerminalDoubt,
}

// Query says how far an order is, and asks the terminal where this program did
// not see its end.
func (t *Terminal) Query(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	if o := t.order(c.Number); o != nil {
		if o.running() {
			return o.answer(c), nil
		}
		if o.r.Outcome == terminal.Approved || o.r.Outcome == terminal.Declined {
			return o.answer(c), nil
		}
	}
	a, err := t.book.Attempt(ctx, c.Number)
	if err != nil {
		return wallet.NoAnswer(err), nil
	}
	k, err := readKept(a.Handle)
	switch {
	case err != nil:
		return wallet.Answer{Reason: till.NotUnderstood, Said: err.Error()}, nil
	case k.Payment == nil && k.Result == nil:
		// The intent is written before the order leaves, so none has left.
		return wallet.Answer{Verdict: wallet.Refused, Reason: till.ReaderNotReady, Said: "nothing was ordered"}, nil
	case k.Result != nil:
		return judged(c, *k.Result), nil
	}
	r, err := t.recover(ctx, c.Number)
	switch {
	case errors.Is(err, terminal.ErrNoIntent): // settled meanwhile, as another order asked for it first
		return wallet.Answer{Reason: till.NoNetwork, Said: "settled meanwhile"}, nil
	case err != nil && r.Outcome == "":
		return wallet.Answer{Reason: till.NoNetwork, Said: err.Error()}, nil
	}
	return judged(c, r), nil
}

// Cancel asks the terminal to stop an order, and waits a little for its end.
func (t *Terminal) Cancel(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	o := t.order(c.Number)
	if o == nil || !o.running() {
		a, err := t.Query(ctx, c)
		if err == nil && a.Verdict == wallet.Refused {
			a.Verdict = wallet.Closed
		} else if a.Verdict == wallet.Done {
			a = wallet.Answer{Verdict: wallet.Refused} // a query says so, and is believed
		} else {
			a.Verdict = wallet.Waiting // nothing of a cancel is on its way
		}
		return a, err
	}
	for end := time.Now().Add(t.scaled(stopsSoon)); time.Now().Before(end) && o.running(); {
		t.desk.Abort()
		select {
		case <-o.ended:
		case <-time.After(t.scaled(stopAgain)):
		case <-ctx.Done():
			return wallet.Answer{Verdict: wallet.Waiting}, nil
		}
	}
	switch a := o.answer(c); a.Verdict {
	case wallet.Refused:
		a.Verdict = wallet.Closed
		return a, nil
	default:
		return wallet.Answer{Verdict: wallet.Waiting, Said: a.Said}, nil
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// kept is what stands in the handle of an attempt or a refund.
type kept struct {
	State   string            `json:"state"` // intended, approved or declined
	Payment *terminal.Payment `json:"payment,omitempty"`
	Result  *terminal.Result  `json:"result,omitempty"`
}

// intended is the State of an order that may have left.
const intended = "intended"

// String is the handle. The slip is printed, not kept.
func (k kept) String() string {
	if k.Result != nil {
		r := *k.Result
		r.Slip = ""
		k.Result = &r
	}
	b, err := json.Marshal(k)
	if err != nil {
		return "" // nothing in it can fail to be written
	}
	return string(b)
}

func readKept(handle string) (k kept, err error) {
	if handle == "" {
		return k, nil
	}
	if err := json.Unmarshal([]byte(handle), &k); err != nil {
		return k, fmt.Errorf("read what is kept of a card payment: %w", err)
	}
	return k, nil
}
