package tilltest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"guitai/till"
	"guitai/till/money"
)

// Wallets notes what a register asks for. What becomes of it is the script's:
// Runner.Comes and Runner.Refunded.
type Wallets struct {
	mu         sync.Mutex
	started    []till.Attempt
	codes      []string // that came with them
	checked    []string
	stopped    []string
	overridden []string
	ended      []string
	aside      map[string]bool
	refunds    []till.WalletRefund
}

// Start notes an attempt and its code.
func (w *Wallets) Start(a till.Attempt, code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started, w.codes = append(w.started, a), append(w.codes, code)
}

// Check notes the number.
func (w *Wallets) Check(number string) { w.add(&w.checked, number) }

// Stop notes the number.
func (w *Wallets) Stop(number string) { w.add(&w.stopped, number) }

// End notes the number, by whom and why.
func (w *Wallets) End(number, by, reason string) {
	w.add(&w.ended, number+" "+by+" "+reason)
}

// EndRefund notes the number, how it ended, by whom and why.
func (w *Wallets) EndRefund(number string, made bool, by, reason string) {
	w.add(&w.ended, fmt.Sprintf("%s %t %s %s", number, made, by, reason))
}

// Ended lists what End was told.
func (w *Wallets) Ended() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ended)
}

// Override notes the number, by whom and why.
func (w *Wallets) Override(number, by, reason string) {
	w.add(&w.overridden, number+" "+by+" "+reason)
}

func (w *Wallets) add(list *[]string, s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*list = append(*list, s)
}

// Aside notes where the attempt is.
func (w *Wallets) Aside(number string, aside bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.aside == nil {
		w.aside = map[string]bool{}
	}
	w.aside[number] = aside
}

// Refund notes a refund.
func (w *Wallets) Refund(r till.WalletRefund) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refunds = append(w.refunds, r)
}

// Started returns the attempts that were sent, and the codes with them.
func (w *Wallets) Started() ([]till.Attempt, []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.started), slices.Clone(w.codes)
}

// Asked returns what was asked for so far: numbers to check and to stop, and
// overrides with their person and reason.
func (w *Wallets) Asked() (checked, stopped, overridden []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.checked), slices.Clone(w.stopped), slices.Clone(w.overridden)
}

// IsAside reports whether an attempt was last said to be aside.
func (w *Wallets) IsAside(number string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.aside[number]
}

// Sent returns the refunds that were sent.
func (w *Wallets) Sent() []till.WalletRefund {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.refunds)
}

// Takings are three wallets: alipay and wechatpay pay in every way and up to
// 500.00 straight from the sell screen; paypal is a test account.
const Takings = `[{"name":"alipay","title":"支付宝","title_en":"Alipay","on":true,"mode":"live","ways":["show","take"],"least":1,"top":5000000,"most":50000,"letter":"A","order":1},
{"name":"wechatpay","on":true,"mode":"live","ways":["show","take","tap"],"most":50000,"letter":"W","order":2},
{"name":"paypal","on":true,"mode":"test","ways":["show"],"order":3}]`

// WithWallets makes the journal's shop take wallets.
func (j *Journal) WithWallets() *Journal {
	if err := j.Settings.Set("wallets", Takings); err != nil {
		panic(err)
	}
	return j
}

// Paying begins a payment and returns its attempt.
func (r *Runner) Paying(wallet string, amount money.Amount) till.Attempt {
	r.T.Helper()
	r.OK(till.PayWallet{Wallet: wallet, Amount: amount, Way: till.Show})
	at := r.Reg.View().Attempt
	if at == nil || at.Wallet != wallet || at.Amount != amount || at.State != till.Planned {
		r.T.Fatalf("the attempt is %+v", at)
	}
	return *at
}

// steps is the shortest way between two states.
func steps(from, to till.AttemptState) []till.AttemptState {
	seen := map[till.AttemptState]till.AttemptState{from: 0}
	for queue := []till.AttemptState{from}; len(queue) > 0; queue = queue[1:] {
		for s := till.Planned; s <= till.Attention; s++ {
			if _, was := seen[s]; was || !queue[0].MayBecome(s) {
				continue
			}
			seen[s] = queue[0]
			if s != to {
				queue = append(queue, s)
				continue
			}
			way := []till.AttemptState{to}
			for at := queue[0]; at != from; at = seen[at] {
				way = append(way, at)
			}
			slices.Reverse(way)
			return way
		}
	}
	return nil
}

// Moved takes an attempt to a state in the journal, as a wallet's answers would,
// without telling the register.
func (r *Runner) Moved(number string, to till.AttemptState, more ...func(*till.AttemptMove)) till.Attempt {
	r.T.Helper()
	ctx := context.Background()
	at, err := r.J.Attempt(ctx, number)
	if err != nil {
		r.T.Fatal(err)
	}
	way := steps(at.State, to)
	if at.State == to && len(more) > 0 {
		way = []till.AttemptState{to} // something new is known of it
	}
	for i, s := range way {
		m := till.AttemptMove{To: s, At: r.Clock}
		if s == till.PaidFor || s == till.LatePaid {
			m.Provider, m.PaidAt = "P"+number, r.Clock
		}
		for _, f := range more {
			if i == len(way)-1 || s == till.Watch {
				f(&m)
				m.To = s
			}
		}
		if at, err = r.J.MoveAttempt(ctx, number, at.State, m); err != nil {
			r.T.Fatal(err)
		}
	}
	if at.State != to {
		r.T.Fatalf("%s cannot come from %s to %s", number, at.State, to)
	}
	return at
}

// Comes takes an attempt to a state and tells the register.
func (r *Runner) Comes(number string, to till.AttemptState, more ...func(*till.AttemptMove)) till.Attempt {
	r.T.Helper()
	at := r.Moved(number, to, more...)
	r.OK(till.AttemptChanged{Attempt: at})
	return at
}

// Refunded takes a refund to an end and tells the register.
func (r *Runner) Refunded(number string, to till.RefundState) till.WalletRefund {
	r.T.Helper()
	ctx := context.Background()
	f, err := r.J.Refund(ctx, number)
	if err != nil {
		r.T.Fatal(err)
	}
	if f.State == till.RefundPlanned {
		if f, err = r.J.MoveRefund(ctx, number, f.State, till.RefundMove{To: till.RefundSending, At: r.Clock}); err != nil {
			r.T.Fatal(err)
		}
	}
	if f, err = r.J.MoveRefund(ctx, number, f.State, till.RefundMove{To: to, At: r.Clock}); err != nil {
		r.T.Fatal(err)
	}
	r.OK(till.RefundChanged{Refund: f})
	return f
}
