package wallets_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// childEnv holds the orders of a child process that sells until it is killed.
const childEnv = "GUITAI_TEST_PAY_UNTIL_KILLED"

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		var o orders
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = payUntilKilled(o)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A mall is the platforms of all wallets with their customers, and a shop whose
// till is killed again and again.
type mall struct {
	dir      string
	accounts []wallet.Account
	sim      *sim.Sim
	rnd      *rand.Rand
	seed     uint64
	stop     func() // ends the platforms and the customers

	mu    sync.Mutex
	calls int    // that this life has made
	at    int    // the call at which it is killed; 0: at none
	when  string // heard, done or answered
	kill  func()

	found findings
}

// findings are what the kills have come upon.
type findings struct {
	Kills, Receipts, Attempts, Returned int
	By                                  map[string]int // how it was killed
	Open                                map[string]int // what was open when the till was gone
	Ends                                map[string]int // what the attempts became
}

var cny = money.Currency{Code: "CNY", Exponent: 2}

// openMall opens a shop with every paid wallet in an empty folder.
func openMall(dir string, seed uint64) (*mall, error) {
	m := &mall{dir: filepath.Join(dir, "data"), sim: sim.New(nil), rnd: rand.New(rand.NewPCG(seed, 17)), seed: seed}
	m.found = findings{By: map[string]int{}, Open: map[string]int{}, Ends: map[string]int{}}
	sim.Standard(m.sim)
	m.sim.TakeAnyCode()
	m.sim.Platform("wechatpay").(*sim.WeChatPay).ReverseAfter /= speed
	srv := httptest.NewServer(http.HandlerFunc(m.serve))
	settings := till.DefaultSettings()
	var list []till.WalletAccount
	for _, spec := range paid {
		a := m.sim.Platform(spec.Name).Account()
		a.Name, a.Mode, a.BaseURL, a.Currency = spec.Name, "live", srv.URL+"/"+spec.Name, cny
		m.accounts = append(m.accounts, a)
		w := wallets.Setting(spec, a)
		w.On = true
		list = append(list, w)
	}
	err := settings.SetWallets(list)
	if err == nil {
		var l *ledger.Ledger
		if l, err = ledger.Found(bg, m.dir, ledger.Founding{Settings: settings}, ledger.Options{}); err == nil {
			err = l.Close()
		}
	}
	ended := make(chan struct{})
	m.stop = func() { close(ended); srv.Close() }
	go m.customers(rand.New(rand.NewPCG(seed, 18)), ended)
	return m, err
}

// customers pay most of what waits for them, refuse some, and walk away from
// the rest.
func (m *mall) customers(rnd *rand.Rand, ended <-chan struct{}) {
	due := map[string]time.Time{}
	for {
		select {
		case <-ended:
			return
		case <-time.After(3 * time.Millisecond):
		}
		for _, p := range m.sim.All() {
			if p.State != sim.Created && p.State != sim.Waiting {
				continue
			}
			at, ok := due[p.Number]
			if !ok {
				at = time.Now().Add(time.Duration(rnd.IntN(60)) * time.Millisecond)
				due[p.Number] = at
			}
			switch k := rnd.IntN(10); {
			case at.IsZero() || time.Now().Before(at):
			case k < 8:
				_ = m.sim.Pay(p.Platform, p.Number) // closed meanwhile: the customer sees it
			case k == 8:
				_ = m.sim.Close(p.Platform, p.Number, "the customer refused")
			default:
				due[p.Number] = time.Time{}
			}
		}
	}
}

// serve answers for the platforms, and kills the till at the call that it was
// told to: when it is heard, when it is done but not answered, or once it is
// answered.
func (m *mall) serve(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	m.calls++
	when, kill := "", m.kill
	if m.at != 0 && m.calls == m.at {
		when = m.when
	}
	m.mu.Unlock()
	switch when {
	case "heard":
		// The till is gone before anything is read; the call arrives all the same.
		body, err := io.ReadAll(r.Body)
		if err == nil {
			kill()
			r.Body = io.NopCloser(bytes.NewReader(body))
			m.sim.ServeHTTP(httptest.NewRecorder(), r)
		}
	case "done":
		m.sim.ServeHTTP(httptest.NewRecorder(), r)
		kill()
	case "answered":
		conn := &taken{ResponseWriter: w}
		m.sim.ServeHTTP(conn, r)
		if f, ok := w.(http.Flusher); ok && !conn.gone {
			f.Flush()
		}
		kill()
	default:
		m.sim.ServeHTTP(w, r)
	}
}

// taken notes that a connection was taken away, to be cut.
type taken struct {
	http.ResponseWriter
	gone bool
}

func (t *taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	t.gone = true
	return t.ResponseWriter.(http.Hijacker).Hijack()
}

// orders tell a child where to sell and when to die by its own hand.
type orders struct {
	Dir      string
	Seed     uint64
	Accounts []wallet.Account
	Write    int // the write to die at; 0: at none
	After    bool
}

// life starts a till, kills it, and looks at what it left.
func (m *mall) life() error {
	o := orders{Dir: m.dir, Seed: m.rnd.Uint64(), Accounts: m.accounts}
	by, most := "clock", time.Duration(m.rnd.IntN(300_000))*time.Microsecond
	m.mu.Lock()
	m.calls, m.at = 0, 0
	switch m.rnd.IntN(3) {
	case 0:
		m.at, m.when = 1+m.rnd.IntN(25), []string{"heard", "done", "answered"}[m.rnd.IntN(3)]
		by, most = "call "+m.when, 3*time.Second
	case 1:
		o.Write, o.After = 1+m.rnd.IntN(60), m.rnd.IntN(2) == 0
		by, most = fmt.Sprintf("write, after it %t", o.After), 3*time.Second
	}
	m.mu.Unlock()
	for range m.rnd.IntN(3) {
		m.sim.Fail(sim.Fault{
			Kind: sim.FaultKinds[m.rnd.IntN(len(sim.FaultKinds))], For: time.Duration(5+m.rnd.IntN(25)) * time.Millisecond, Times: 1 + m.rnd.IntN(3), Skip: m.rnd.IntN(6),
		})
	}
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	m.mu.Lock()
	m.kill = func() { cmd.Process.Kill() }
	m.mu.Unlock()
	said := 0
	var timer *time.Timer
	for lines := bufio.NewReader(out); ; {
		// A line without its end was never said.
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		if timer == nil {
			timer = time.AfterFunc(most, m.kill)
		}
		fmt.Sscanf(line, "receipt %d", &said)
	}
	err = cmd.Wait()
	if timer == nil || stderr.Len() > 0 {
		return fmt.Errorf("the child ended by itself: %w: %s", err, stderr.String())
	}
	if !timer.Stop() && by != "clock" {
		by += ", never reached"
	}
	m.found.Kills++
	m.found.By[by]++
	return m.left(said)
}

// left looks at what a killed till left: no receipt that it had spoken of is
// missing.
func (m *mall) left(said int) error {
	l, err := ledger.Open(bg, m.dir, ledger.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer l.Close()
	open, err := l.OpenAttempts(bg)
	if err != nil {
		return err
	}
	for _, a := range open {
		m.found.Open[a.State.String()]++
	}
	refunds, err := l.OpenRefunds(bg)
	if err != nil {
		return err
	}
	for _, r := range refunds {
		m.found.Open["refund "+r.State.String()]++
	}
	st, err := l.Recover(bg)
	if err == nil && st.Receipt < said {
		err = fmt.Errorf("the till had completed receipt %d; its ledger ends with %d", said, st.Receipt)
	}
	return err
}

// comesOutEven lets a last till find everything out and compares its books with
// those of the platforms.
func (m *mall) comesOutEven() error {
	m.sim.Mend()
	var log bytes.Buffer
	p, err := openPayTill(m.dir, m.accounts, payOptions{log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.settle(); err != nil {
		return fmt.Errorf("%w\n%s", err, log.String())
	}
	list, err := p.book.Attempts(bg, till.AttemptFilter{Limit: 1_000_000})
	if err != nil {
		return err
	}
	m.found.Attempts, m.found.Returned, m.found.Ends = len(list), 0, map[string]int{}
	var faults []error
	shares := map[string]int{}
	for _, a := range list {
		at, _ := m.sim.Payment(a.Wallet, a.Number)
		refunds, err := p.book.RefundsOf(bg, a.Number)
		if err != nil {
			return err
		}
		kept, booked := at.Captured-at.Refunded(), money.Amount(0)
		if a.Booked {
			booked = a.Amount - a.Refunded
			shares[fmt.Sprint(a.Sale, a.Share)]++
		}
		for _, r := range refunds {
			if r.State == till.RefundDone {
				m.found.Returned++
			}
			if r.InCash {
				booked += r.Amount
			}
		}
		if kept != booked || at.Refunded() > at.Captured || at.Captured > a.Amount {
			faults = append(faults, fmt.Errorf("%s %s is %s %s: the platform keeps %d, the till booked %d: %q", a.Wallet, a.Number, a.State, a.Reason, kept, booked, at.Log))
		}
		end := a.State.String()
		if a.Booked {
			end += ", booked"
		}
		if len(refunds) > 0 {
			end += ", refunds"
		}
		m.found.Ends[end]++
	}
	for share, n := range shares {
		if n > 1 {
			faults = append(faults, fmt.Errorf("share %s was paid %d times", share, n))
		}
	}
	m.found.Receipts = p.reg.View().Next - 1
	evidence, err := p.evidence(m.found.Receipts)
	if err == nil && evidence != len(shares) {
		err = fmt.Errorf("%d tenders rest on attempts, and %d attempts are booked", evidence, len(shares))
	}
	faults = append(faults, err)
	_, err = p.book.Audit(bg, nil)
	return errors.Join(append(faults, err)...)
}

// evidence counts the tenders that a provider vouches for, over all receipts
// up to the last: each number is a sale's or a return's, none is missing, and
// each such tender names an attempt that is booked.
func (p *payTill) evidence(last int) (n int, err error) {
	for no := 1; no <= last; no++ {
		if _, err := p.book.Receipt(bg, no); err != nil {
			return n, fmt.Errorf("receipt %d: %w", no, err)
		}
		sold, err := p.book.Sold(bg, no)
		if till.CodeOf(err) == till.NoSuchReceipt {
			continue // a return's
		}
		if err != nil {
			return n, err
		}
		for _, t := range sold.Sale.Tenders {
			if t.Kind.Family() != "wallet" {
				continue
			}
			number, _, _ := strings.Cut(t.Ref, "/")
			a, err := p.book.Attempt(bg, number)
			if err != nil || t.Evidence != till.ByProvider || !a.Booked || a.Amount != t.Amount || a.Share != t.N || a.Receipt != no {
				return n, fmt.Errorf("receipt %d holds %+v, which rests on %+v: %w", no, t, a, err)
			}
			n++
		}
	}
	return n, nil
}

// kills kills n tills on one ledger and checks it after every 10.
func (m *mall) kills(n int) error {
	for i := range n {
		if err := m.life(); err != nil {
			return fmt.Errorf("seed %d, kill %d: %w", m.seed, i, err)
		}
		if i%10 != 9 && i != n-1 {
			continue
		}
		if err := m.comesOutEven(); err != nil {
			return fmt.Errorf("seed %d, after kill %d: %w", m.seed, i, err)
		}
	}
	return nil
}

// TestKilledTillKeepsEveryPayment kills a till 40 times while it takes payments
// by every wallet from platforms and customers that misbehave: at random times,
// before and after its writes, and while its calls are heard, done or answered.
// In the end what the platforms keep is what the till booked. It runs alone:
// between fork and exec a child holds the locks of every ledger that is open.
func TestKilledTillKeepsEveryPayment(t *testing.T) {
	m, err := openMall(t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.stop()
	if err := m.kills(40); err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", m.found)
	if m.found.Receipts < 20 || m.found.Attempts < 60 || len(m.found.Open) < 3 {
		t.Error("the kills reach little")
	}
}
