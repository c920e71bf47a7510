package wallets_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// A stopwatch is a till at a counter whose views and calls are timed.
type stopwatch struct {
	*payTill
	sim  *sim.Sim
	name string

	mu      sync.Mutex
	news    chan struct{}        // closed with every view
	shown   till.View            // the last
	at      time.Time            // when it was shown
	paidAsk map[string]time.Time // when the call came that first could tell of it
}

// openStopwatch opens a till with one wallet; the desk waits as it is told.
func openStopwatch(t testing.TB, name string, speed int) *stopwatch {
	t.Helper()
	w := &stopwatch{sim: sim.New(nil), name: name, news: make(chan struct{}), paidAsk: map[string]time.Time{}}
	sim.Standard(w.sim)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		came := time.Now()
		w.notePaid(came)
		w.sim.ServeHTTP(rw, r)
		w.notePaid(came) // a call of the till took the money
	}))
	t.Cleanup(srv.Close)
	spec, _ := wallets.Find(name)
	a := w.sim.Platform(name).Account()
	a.Name, a.Mode, a.BaseURL, a.Currency = name, "live", srv.URL+"/"+name, cny
	entry := wallets.Setting(spec, a)
	entry.On = true
	settings := till.DefaultSettings()
	err := settings.SetWallets([]till.WalletAccount{entry})
	dir := filepath.Join(t.TempDir(), "data")
	if err == nil {
		var l *ledger.Ledger
		if l, err = ledger.Found(bg, dir, ledger.Founding{Settings: settings}, ledger.Options{}); err == nil {
			err = l.Close()
		}
	}
	if err == nil {
		w.payTill, err = openPayTill(dir, []wallet.Account{a}, payOptions{show: w.show, speed: speed})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

// notePaid notes what is paid at the platform, at a call that came then.
func (w *stopwatch) notePaid(came time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.sim.All() {
		if _, ok := w.paidAsk[p.Number]; !ok && p.State == sim.Paid {
			w.paidAsk[p.Number] = came
		}
	}
}

func (w *stopwatch) show(v till.View) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown, w.at = v, time.Now()
	close(w.news)
	w.news = make(chan struct{})
}

// until waits for a view and returns it, and when it was shown.
func (w *stopwatch) until(t testing.TB, what string, ok func(till.View) bool) (till.View, time.Time) {
	t.Helper()
	end := time.After(20 * time.Second)
	for {
		w.mu.Lock()
		v, at, news := w.shown, w.at, w.news
		w.mu.Unlock()
		if ok(v) {
			return v, at
		}
		select {
		case <-news:
		case <-end:
			t.Fatalf("%s is not shown: %+v", what, v)
		}
	}
}

func (w *stopwatch) act(t testing.TB, c till.Command) {
	t.Helper()
	if err := w.reg.Act(bg, till.Act{Command: c}); err != nil {
		t.Fatalf("%T: %v", c, err)
	}
}

// code rings up something, presses pay and waits for the code.
func (w *stopwatch) code(t testing.TB) (number string, took time.Duration) {
	t.Helper()
	w.act(t, till.AddTyped{Name: "牛奶", Price: 1590_00})
	began := time.Now()
	w.reg.Do(till.PayWallet{Wallet: w.name, Amount: 1590, Way: till.Show})
	v, at := w.until(t, "the code", func(v till.View) bool { return v.Attempt != nil && v.Attempt.QR != "" })
	return v.Attempt.Number, at.Sub(began)
}

// pay lets the customer pay and waits for the till to say so: the time runs
// from when the first call comes whose answer can tell it.
func (w *stopwatch) pay(t testing.TB, number string) (took time.Duration) {
	t.Helper()
	next := w.reg.View().Next
	if err := w.sim.Pay(w.name, number); err != nil {
		t.Fatal(err)
	}
	_, at := w.until(t, "paid", func(v till.View) bool { return v.Next > next && v.Sale == nil })
	w.mu.Lock()
	asked := w.paidAsk[number]
	w.mu.Unlock()
	if asked.IsZero() || at.Before(asked) {
		t.Fatalf("shown paid at %s, asked at %s", at, asked)
	}
	return at.Sub(asked)
}

// polls counts the queries so far.
func (w *stopwatch) polls() (n int) {
	for _, c := range w.sim.Calls() {
		if c.Op == sim.OpQuery {
			n++
		}
	}
	return n
}

func middle(list []time.Duration, part int) time.Duration {
	slices.Sort(list)
	return list[len(list)*part/100]
}

// BenchmarkPayKey takes payments by showing a code, over the register, the
// ledger, the desk, the wire and the platform, and compares with bare round
// trips to a server on this machine and with bare payments of cash on the same
// ledger. The waits between two polls are in none of the times.
func BenchmarkPayKey(b *testing.B) {
	for _, name := range []string{"alipay", "wechatpay", "paypal"} {
		b.Run(name, func(b *testing.B) {
			w := openStopwatch(b, name, speed)
			bare := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			defer bare.Close()
			var trips, cash, codes, paid []time.Duration
			before := w.polls()
			for b.Loop() {
				began := time.Now()
				resp, err := http.Get(bare.URL)
				if err != nil {
					b.Fatal(err)
				}
				resp.Body.Close()
				trips = append(trips, time.Since(began))

				w.act(b, till.AddTyped{Name: "牛奶", Price: 1590_00})
				began = time.Now()
				w.act(b, till.PayCash{})
				cash = append(cash, time.Since(began))

				number, took := w.code(b)
				codes = append(codes, took)
				paid = append(paid, w.pay(b, number))
			}
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			trip, tender := middle(trips, 50), middle(cash, 50)
			b.ReportMetric(0, "ns/op") // of four things together
			b.ReportMetric(ms(middle(codes, 50)), "ms/code-p50")
			b.ReportMetric(ms(middle(codes, 95)), "ms/code-p95")
			b.ReportMetric(ms(middle(paid, 50)), "ms/paid-p50")
			b.ReportMetric(ms(middle(paid, 95)), "ms/paid-p95")
			b.ReportMetric(ms(trip), "ms/round-trip")
			b.ReportMetric(float64(middle(codes, 50))/float64(tender), "code/cash")
			b.ReportMetric(float64(middle(paid, 50))/float64(tender), "paid/cash")
			b.ReportMetric(float64(w.polls()-before)/float64(len(codes)), "polls/payment")
		})
	}
}

// BenchmarkPolls counts how often a provider is asked about a payment that the
// customer makes 12 s after the code was shown, on a clock that runs fast.
func BenchmarkPolls(b *testing.B) {
	const fast = 20
	for _, name := range []string{"alipay", "wechatpay", "paypal"} {
		b.Run(name, func(b *testing.B) {
			w := openStopwatch(b, name, fast)
			n, before := 0, w.polls()
			for b.Loop() {
				number, _ := w.code(b)
				time.Sleep(12 * time.Second / fast)
				w.pay(b, number)
				n++
			}
			b.ReportMetric(float64(w.polls()-before)/float64(n), "polls/payment")
		})
	}
}

// However often and from however many hands pay is pressed, a share has one
// attempt, and the provider one payment.
func TestRapidPressesOfPayAreOneAttempt(t *testing.T) {
	for _, name := range []string{"alipay", "wechatpay", "paypal"} {
		t.Run(name, func(t *testing.T) {
			w := openStopwatch(t, name, speed)
			w.act(t, till.AddTyped{Name: "牛奶", Price: 1590_00})
			codes := make(chan till.ErrorCode, 50)
			var hands sync.WaitGroup
			for range 50 {
				hands.Go(func() {
					codes <- till.CodeOf(w.reg.Act(bg, till.Act{Command: till.PayWallet{Wallet: name, Amount: 1590, Way: till.Show}}))
				})
			}
			hands.Wait()
			close(codes)
			said := map[till.ErrorCode]int{}
			for c := range codes {
				said[c]++
			}
			if said[""] != 1 || said[till.PaymentOpen] != 49 {
				t.Errorf("50 presses: %v", said)
			}
			v, _ := w.until(t, "the code", func(v till.View) bool { return v.Attempt != nil && v.Attempt.QR != "" })
			w.pay(t, v.Attempt.Number)
			list, err := w.book.Attempts(bg, till.AttemptFilter{})
			if all := w.sim.All(); err != nil || len(list) != 1 || len(all) != 1 || all[0].Captured != 1590 || !list[0].Booked {
				t.Errorf("%d attempts, %v; the platform has %+v", len(list), err, all)
			}
			starts := 0
			for _, c := range w.sim.Calls() {
				if c.Op == sim.OpStart {
					starts++
				}
			}
			if sold, err := w.book.Sold(bg, 1); err != nil || len(sold.Sale.Tenders) != 1 || sold.Sale.Tenders[0].Amount != money.Amount(1590) || starts != 1 {
				t.Errorf("%d calls to start; %v: %s", starts, err, fmt.Sprintf("%+v", sold.Sale.Tenders))
			}
		})
	}
}
