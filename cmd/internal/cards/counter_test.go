package cards_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/cmd/internal/cards"
	"guitai/hardware/port"
	"guitai/hardware/sim"
	"guitai/hardware/terminal"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
	"guitai/wallet"
)

// A counter is a till of a real register, ledger and payment desk, with a
// terminal on a real socket.
type counter struct {
	testing.TB
	dir     string
	sim     *sim.CardTerminal
	address string
	slips   bool

	book *ledger.Ledger
	desk *wallet.Desk
	card *cards.Terminal
	reg  *till.Register
	stop func()
}

// speed divides the waits of the payment desk in tests.
const speed = 20

func newCounter(t testing.TB, slips bool) *counter {
	t.Helper()
	return newCounterOn(t, slips, func(x *sim.CardTerminal) (string, error) { return x.Listen("127.0.0.1:0") })
}

// newCounterOn is newCounter with the terminal plugged in somewhere.
func newCounterOn(t testing.TB, slips bool, plug func(*sim.CardTerminal) (string, error)) *counter {
	t.Helper()
	c := &counter{TB: t, dir: t.TempDir(), sim: sim.NewCardTerminal(), slips: slips}
	address, err := plug(c.sim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.sim.Close)
	c.address = address
	found(t, c.dir)
	c.start()
	t.Cleanup(func() { c.stop() })
	return c
}

// found founds a shop in dir.
func found(t testing.TB, dir string) {
	t.Helper()
	l, err := ledger.Found(context.Background(), dir, ledger.Founding{Settings: till.DefaultSettings()}, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// A shop is the till of a folder at work.
type shop struct {
	book *ledger.Ledger
	desk *wallet.Desk
	card *cards.Terminal
	reg  *till.Register
	stop func()
}

// open opens the till of a folder on the terminal of an address, with a cashier
// signed on and a shift open.
func open(dir, address string, slips bool, speed int) (*shop, error) {
	s := &shop{}
	var err error
	if s.book, err = ledger.Open(context.Background(), dir, ledger.Options{}); err != nil {
		return nil, err
	}
	addr, err := port.Parse(address)
	if err != nil {
		return nil, err
	}
	z, err := terminal.NewZVT(addr, terminal.ZVTSettings{Currency: 156, Slips: slips, Silence: 2 * time.Second})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	tell := func(c till.Command) { _ = s.reg.Act(ctx, till.Act{Command: c}) } // the register says itself what it cannot book
	s.desk = wallet.NewDesk(s.book, wallet.DeskOptions{
		Changed:       func(a till.Attempt) { tell(till.AttemptChanged{Attempt: a}) },
		RefundChanged: func(r till.WalletRefund) { tell(till.RefundChanged{Refund: r}) },
		Speed:         speed,
	})
	s.card = cards.New(s.book, z, cards.Options{Learned: s.desk.Check, Speed: speed, Slip: func(ctx context.Context, number, lines string) error {
		return s.book.AddJob(ctx, till.PrintJob{Kind: till.SlipCard, Text: lines})
	}})
	if err := s.desk.Use(s.card.Spec(), s.card.Account()); err != nil {
		cancel()
		return nil, err
	}
	s.reg = till.NewRegister(s.book, tilltest.Goods(), tilltest.PINs{Staff: tilltest.New().Staff}, till.Options{NewID: ledger.NewID, Wallets: s.desk})
	if err := s.reg.Open(ctx); err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() { s.reg.Run(ctx); close(ended) }()
	var once sync.Once
	s.stop = func() {
		once.Do(func() {
			s.desk.Close()
			s.card.Wait()
			cancel()
			<-ended
			s.book.Close()
		})
	}
	tell(till.UseTerminal{Name: "terminal", Refunds: s.card.Returns()})
	if err := s.desk.Resume(ctx); err != nil {
		return nil, err
	}
	tell(till.SignOn{Code: "1001", PIN: "1001"})
	for s.reg.View().Operator == nil {
		time.Sleep(time.Millisecond)
	}
	if s.reg.View().Shift == nil {
		tell(till.OpenShift{Float: 0})
	}
	return s, nil
}

func (c *counter) start() {
	c.Helper()
	s, err := open(c.dir, c.address, c.slips, speed)
	if err != nil {
		c.Fatal(err)
	}
	c.book, c.desk, c.card, c.reg, c.stop = s.book, s.desk, s.card, s.reg, s.stop
}

func (c *counter) act(cmd till.Command) {
	c.Helper()
	if err := c.reg.Act(context.Background(), till.Act{Command: cmd}); err != nil {
		c.Fatalf("%T%+v: %v", cmd, cmd, err)
	}
}

// refused hands over an act that the register must refuse.
func (c *counter) refused(cmd till.Command, want till.ErrorCode) {
	c.Helper()
	if err := c.reg.Act(context.Background(), till.Act{Command: cmd}); till.CodeOf(err) != want {
		c.Fatalf("%T%+v: %v, want %s", cmd, cmd, err, want)
	}
}

// obey has the terminal go on in another way.
func (c *counter) obey(commands ...string) {
	c.Helper()
	for _, s := range commands {
		if err := c.sim.Obey(s); err != nil {
			c.Fatal(err)
		}
	}
}

// until waits for a view.
func (c *counter) until(what string, want func(till.View) bool) till.View {
	c.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		v := c.reg.View()
		if want(v) {
			return v
		}
		if time.Now().After(end) {
			c.Fatalf("%s does not come: attempt %+v, refunds %+v, notice %+v", what, v.Attempt, v.Refunds, v.Notice)
		}
	}
}

// ring puts goods of an amount into a new sale.
func (c *counter) ring(amount money.Amount) {
	c.Helper()
	c.act(till.NextSale{})
	c.act(till.AddTyped{Name: "货", Price: money.UnitPrice(amount * 100)})
}

// charge begins a payment at the terminal, of all that is due where amount is 0,
// and returns its number.
func (c *counter) charge(amount money.Amount) string {
	c.Helper()
	if amount == 0 {
		amount = c.reg.View().Due
	}
	c.act(till.PayWallet{Wallet: till.CardTerminal, Amount: amount, Way: till.Tap})
	a := c.reg.View().Attempt
	if a == nil {
		c.Fatal("no payment is begun")
		return ""
	}
	return a.Number
}

// in waits until the payment on the screen is in a state.
func (c *counter) in(s till.AttemptState) till.Attempt {
	c.Helper()
	return *c.until("a payment that is "+s.String(), func(v till.View) bool { return v.Attempt != nil && v.Attempt.State == s }).Attempt
}

// asked waits until the terminal has the order and asks for the card.
func (c *counter) asked() {
	c.Helper()
	c.until("what the terminal shows", func(v till.View) bool {
		return v.Attempt != nil && v.Attempt.State == till.Pending && v.Attempt.Said == "insert"
	})
}

// paid waits until the sale is complete.
func (c *counter) paid() *till.Sale {
	c.Helper()
	return c.until("the sale", func(v till.View) bool { return v.Done != nil && v.Done.Sale != nil }).Done.Sale
}

// kept is the money that the terminal has taken and not given back.
func (c *counter) kept() (sum int64) {
	for _, b := range c.sim.Books() {
		if !b.Reversed {
			sum += b.Amount
		}
	}
	return sum
}

// even checks that the terminal's books and the till's agree, and the ledger
// with itself.
func (c *counter) even() {
	c.Helper()
	even(c, c.book, c.kept())
}

// even compares what a terminal kept with the card tenders of a ledger that rest
// on a provider's word.
func even(t testing.TB, book *ledger.Ledger, kept int64) {
	t.Helper()
	ctx := context.Background()
	list, err := book.Attempts(ctx, till.AttemptFilter{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	var booked, cash money.Amount
	story := ""
	for _, a := range list {
		if a.Booked {
			booked += a.Amount - a.Refunded
		}
		refunds, err := book.RefundsOf(ctx, a.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range refunds {
			if r.InCash {
				cash += r.Amount
			}
			story += r.Number + " refund " + r.State.String() + " " + r.Said + "\n"
		}
		story += a.Number + " " + a.State.String() + " " + string(a.Reason) + " " + a.Said + "\n"
	}
	if kept != int64(booked+cash) {
		t.Errorf("the terminal keeps %d, the till has booked %d and paid %d out\n%s", kept, booked, cash, story)
	}
	st, err := book.Recover(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for n := range st.Receipt {
		n++
		sold, err := book.Sold(ctx, n)
		if till.CodeOf(err) == till.NoSuchReceipt {
			continue // a return's
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range sold.Sale.Tenders {
			if x.Kind == till.Card && x.Evidence == till.ByProvider {
				number, rest, _ := strings.Cut(x.Ref, "/")
				a, err := book.Attempt(ctx, number)
				if paid, ok := till.ReadCardPaid(rest); err != nil || !a.Booked || a.Amount != x.Amount || a.Receipt != n || !ok || paid.Last4 != "4242" {
					t.Errorf("receipt %d holds %+v, which rests on %+v, %v", n, x, a, err)
				}
			}
		}
	}
	if _, err := book.Audit(ctx, nil); err != nil {
		t.Errorf("verify: %v", err)
	}
}
