package hardwaretest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/sim"
	"guitai/hardware/terminal"
)

// A Journal remembers payments of a test, and can be made to fail.
type Journal struct {
	mu     sync.Mutex
	open   []terminal.Payment
	ended  map[string]terminal.Result
	Broken error // what writing says
}

// NewJournal makes an empty journal.
func NewJournal() *Journal { return &Journal{ended: map[string]terminal.Result{}} }

// Intend writes an intent down.
func (j *Journal) Intend(_ context.Context, p terminal.Payment) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Broken != nil {
		return j.Broken
	}
	if _, known := j.ended[p.Ref]; known || slices.ContainsFunc(j.open, func(o terminal.Payment) bool { return o.Ref == p.Ref }) {
		return fmt.Errorf("the reference %s is used", p.Ref)
	}
	j.open = append(j.open, p)
	return nil
}

// Settle writes an end down.
func (j *Journal) Settle(_ context.Context, ref string, r terminal.Result) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Broken != nil {
		return j.Broken
	}
	if old, known := j.ended[ref]; known && old.Outcome != r.Outcome {
		return fmt.Errorf("%s is %s, not %s", ref, old.Outcome, r.Outcome)
	}
	j.ended[ref] = r
	j.open = slices.DeleteFunc(j.open, func(p terminal.Payment) bool { return p.Ref == ref })
	return nil
}

// Open returns what has not ended.
func (j *Journal) Open(context.Context) ([]terminal.Payment, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.open), nil
}

// Break makes writing fail with err, or work again.
func (j *Journal) Break(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Broken = err
}

// A counter is a till with a terminal.
type counter struct {
	t       *testing.T
	sim     *sim.CardTerminal
	driver  terminal.Driver
	journal *Journal
	desk    *terminal.Desk
	n       int
}

func (c *counter) pay(amount int64) (terminal.Result, error) {
	c.n++
	return c.desk.Pay(c.t.Context(), terminal.Payment{Ref: fmt.Sprintf("T1-%06d", c.n), Amount: amount, Currency: 978, At: time.Now()}, nil)
}

// settle asks for what is open until it is known.
func (c *counter) settle() terminal.Result {
	c.t.Helper()
	var r terminal.Result
	within(c.t, 10*time.Second, "what is unknown is settled", func() bool {
		open, _ := c.journal.Open(c.t.Context())
		if len(open) == 0 {
			return true
		}
		var err error
		if r, err = c.desk.Recover(c.t.Context(), open[0].Ref); err != nil {
			c.t.Fatal(err)
		}
		return r.Outcome != terminal.Unknown
	})
	return r
}

// taken is how many of a payment's amount the terminal has, and has kept.
func (c *counter) taken(amount int64) (n int) {
	for _, b := range c.sim.Books() {
		if b.Amount == amount && !b.Reversed {
			n++
		}
	}
	return n
}

// Terminal holds a driver of card terminals to what every one does, against a
// simulated terminal. The driver is made for short waits: it gives up on a
// silent terminal within two seconds.
func Terminal(t *testing.T, make func(a port.Address) (terminal.Driver, error)) {
	OnWires(t, sim.NewCardTerminal, func(t *testing.T, d *sim.CardTerminal, a port.Address) {
		driver, err := make(a)
		if err != nil {
			t.Fatal(err)
		}
		j := NewJournal()
		c := &counter{t: t, sim: d, driver: driver, journal: j, desk: terminal.NewDesk(driver, j)}
		if c.desk.Returns() {
			c.returns()
		}
		c.outcomes()
		c.faults(a)
		c.rules()
	})
}

// outcomes are the ordinary ends of a payment.
func (c *counter) outcomes() {
	t := c.t
	if report := c.driver.Check(t.Context(), device.External); report.Status.State != device.Ready {
		t.Fatalf("the terminal is %+v", report.Status)
	}
	r, err := c.pay(3640)
	if err != nil || r.Outcome != terminal.Approved || r.Reason != "" || r.Card != "4242" || r.Trace == "" || c.taken(3640) != 1 {
		t.Fatalf("approved: %+v, %v; %d taken", r, err, c.taken(3640))
	}
	for _, row := range []struct {
		command string
		outcome terminal.Outcome
		reason  terminal.Reason
	}{
		{"decline", terminal.Declined, terminal.Refused}, {"cancel", terminal.Declined, terminal.Cancelled},
		{"busy", terminal.Declined, ""}, {"other", terminal.Unknown, terminal.Doubtful},
	} {
		obey(t, c.sim, "approve", "free", row.command)
		before := len(c.sim.Books())
		r, err := c.pay(1000)
		switch {
		case row.command == "busy" && err != nil: // it was asked before anything was ordered
		case err != nil || r.Outcome != row.outcome || row.reason != "" && r.Reason != row.reason:
			t.Errorf("%s: %+v, %v", row.command, r, err)
		}
		if n := len(c.sim.Books()) - before; row.outcome == terminal.Declined && n != 0 {
			t.Errorf("%s: %d taken", row.command, n)
		}
	}
	obey(t, c.sim, "approve", "free")
	open, _ := c.journal.Open(t.Context())
	if len(open) != 1 {
		t.Fatalf("%d payments are open", len(open))
	}
	if _, err := c.pay(1); !errors.Is(err, terminal.ErrRecoverFirst) {
		t.Errorf("a payment beside an open one: %v", err)
	}
	if r, err := c.desk.Recover(t.Context(), open[0].Ref); err != nil || r.Outcome != terminal.Unknown {
		t.Errorf("what the terminal booked otherwise is %+v, %v", r, err)
	}
	if r, err := c.desk.Decide(t.Context(), open[0].Ref, terminal.Declined, "1001"); err != nil || r.Outcome != terminal.Declined || r.Reason != terminal.ByPerson {
		t.Errorf("a person decides %+v, %v", r, err)
	}
}

// returns give money back: all of a payment of the day without a card, and
// anything else to the card; each once, whatever becomes of the link.
func (c *counter) returns() {
	t := c.t
	now := time.Now()
	back := func(of terminal.Result, amount, paid int64, at time.Time) terminal.Result {
		c.n++
		r, err := c.desk.Pay(t.Context(), terminal.Payment{
			Ref: fmt.Sprintf("T1-%06d", c.n), Amount: amount, Currency: 978, At: now, Of: &terminal.Original{Amount: paid, At: at, Trace: of.Trace, Receipt: of.Receipt},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	paid, err := c.pay(2500)
	if err != nil || paid.Receipt == "" {
		t.Fatalf("%+v, %v", paid, err)
	}
	if r := back(paid, 500, 2500, now); r.Outcome != terminal.Approved || c.taken(-500) != 1 || c.taken(2500) != 1 {
		t.Errorf("a part: %+v; %+v", r, c.sim.Books())
	}
	if r := back(paid, 2000, 2000, now.AddDate(0, 0, -1)); r.Outcome != terminal.Approved || c.taken(-2000) != 1 || c.taken(2500) != 1 {
		t.Errorf("of another day: %+v; %+v", r, c.sim.Books())
	}
	if paid, err = c.pay(2600); err != nil {
		t.Fatal(err)
	}
	obey(t, c.sim, "decline")
	if r := back(paid, 2600, 2600, now); r.Outcome != terminal.Declined || c.taken(2600) != 1 {
		t.Errorf("declined: %+v; %+v", r, c.sim.Books())
	}
	obey(t, c.sim, "approve")
	if r := back(paid, 2600, 2600, now); r.Outcome != terminal.Approved || c.taken(2600) != 0 {
		t.Errorf("all of it: %+v; %+v", r, c.sim.Books())
	}
	if _, err := c.desk.Pay(t.Context(), terminal.Payment{Ref: "more", Amount: 2, Currency: 978, Of: &terminal.Original{Amount: 1}}, nil); device.ReasonOf(err) != device.Illegal {
		t.Errorf("more than was paid: %v", err)
	}
}

// faults cut and mute the link at every step, with every end: what the till
// believes at last is what the terminal did, once.
func (c *counter) faults(a port.Address) {
	t := c.t
	amount := int64(5000)
	for _, fault := range []string{"cut", "mute"} {
		for _, step := range sim.CardSteps {
			for _, end := range []string{"approve", "decline", "cancel", "reverse"} {
				amount++
				what := fault + " " + step + ", " + end
				obey(t, c.sim, "keep", "approve", end, "late 0.02", fault+" "+step)
				if end == "reverse" {
					obey(t, c.sim, "approve")
				}
				r, err := c.pay(amount)
				if r.Outcome == terminal.Declined && c.taken(amount) != 0 || r.Outcome == terminal.Approved && c.taken(amount) != 1 {
					t.Fatalf("%s: %+v, %v with %d taken", what, r, err, c.taken(amount))
				}
				obey(t, c.sim, "speak")
				if a.Scheme == port.Serial && fault == "cut" {
					obey(t, c.sim, "unplug", "plug")
				}
				within(t, 5*time.Second, "the terminal is idle", c.sim.Idle)
				if got := c.settle(); got.Outcome != "" {
					r = got
				}
				if open, _ := c.journal.Open(t.Context()); len(open) > 0 {
					t.Fatalf("%s: still open: %+v", what, open)
				}
				if want := c.taken(amount); r.Outcome != "" && (r.Outcome == terminal.Approved) != (want == 1) || want > 1 {
					t.Fatalf("%s: believed %+v with %d taken", what, r, want)
				}
			}
		}
	}
	obey(t, c.sim, "keep", "approve", "late 0")
}

// rules are those of the desk over the driver.
func (c *counter) rules() {
	t := c.t
	// Stopping a payment that waits for the customer.
	obey(t, c.sim, "late 30")
	ended := make(chan terminal.Result, 1)
	go func() {
		r, err := c.pay(7001)
		if err != nil {
			t.Error(err)
		}
		ended <- r
	}()
	within(t, 5*time.Second, "the customer is asked", func() bool { return !c.sim.Idle() })
	if _, err := c.desk.Pay(t.Context(), terminal.Payment{Ref: "x", Amount: 1, Currency: 978}, nil); !errors.Is(err, terminal.ErrBusy) {
		t.Errorf("a second payment at once: %v", err)
	}
	c.desk.Abort()
	select {
	case r := <-ended:
		if r.Outcome != terminal.Declined || r.Reason != terminal.Cancelled || c.taken(7001) != 0 {
			t.Errorf("stopped: %+v, %d taken", r, c.taken(7001))
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it was not stopped")
	}
	// A till that is closed meanwhile knows nothing, and asks when it is back.
	within(t, 5*time.Second, "the terminal is idle", c.sim.Idle)
	obey(t, c.sim, "late 1")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		r, err := c.desk.Pay(ctx, terminal.Payment{Ref: "closed", Amount: 7002, Currency: 978, At: time.Now()}, nil)
		if err != nil || r.Outcome != terminal.Unknown {
			t.Errorf("given up while the customer pays: %+v, %v", r, err)
		}
		ended <- r
	}()
	within(t, 5*time.Second, "the customer is asked", func() bool { return !c.sim.Idle() })
	cancel()
	<-ended
	c.desk = terminal.NewDesk(c.driver, c.journal)
	if r, err := c.desk.Recover(t.Context(), "closed"); err != nil || r.Outcome == terminal.Declined {
		t.Errorf("asked while the customer pays: %+v, %v", r, err)
	}
	within(t, 5*time.Second, "the terminal is idle", c.sim.Idle)
	if r := c.settle(); r.Outcome != terminal.Approved && c.taken(7002) == 1 {
		t.Errorf("found later: %+v", r)
	}
	obey(t, c.sim, "late 0")
	// Nothing is ordered that was not written down.
	before := len(c.sim.Books())
	c.journal.Break(errors.New("the disk is full"))
	if _, err := c.pay(7003); err == nil || len(c.sim.Books()) != before {
		t.Errorf("without a journal: %v, %d taken", err, len(c.sim.Books())-before)
	}
	c.journal.Break(nil)
	if r, err := c.pay(7004); err != nil || r.Outcome != terminal.Approved {
		t.Errorf("after that: %+v, %v", r, err)
	}
	obey(t, c.sim, "unplug")
	if _, err := c.pay(7005); err == nil && c.taken(7005) != 0 {
		t.Error("unplugged, and taken")
	}
	within(t, 5*time.Second, "the terminal is idle", c.sim.Idle)
	obey(t, c.sim, "plug")
	c.settle()
	if r, err := c.pay(7006); err != nil || r.Outcome != terminal.Approved || c.taken(7006) != 1 {
		t.Errorf("plugged in again: %+v, %v", r, err)
	}
	for _, p := range []terminal.Payment{{Amount: 1, Currency: 978}, {Ref: "y", Currency: 978}, {Ref: "y", Amount: -5, Currency: 978}, {Ref: "y", Amount: 1}, {Ref: "y", Amount: 1_000_000_000_000, Currency: 978}} {
		if _, err := c.desk.Pay(t.Context(), p, nil); device.ReasonOf(err) != device.Illegal {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
