package shouqianba_test

import (
	"context"
	"errors"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/shouqianba"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// A counter is a simulator with a clock of its own, and an account on it.
type counter struct {
	sim      *sim.Sim
	platform *sim.Shouqianba
	log      *wallettest.CallLog
	client   *wallet.Client
	base     string
	now      time.Time
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), log: &wallettest.CallLog{}}
	c.sim = sim.New(func() time.Time { return c.now })
	c.platform = sim.NewShouqianba(c.sim)
	c.sim.Add(c.platform)
	srv := httptest.NewServer(c.sim)
	t.Cleanup(srv.Close)
	c.base = srv.URL + "/shouqianba"
	c.client = &wallet.Client{Wallet: "shouqianba", Calls: c.log, Deadline: 2 * time.Second, Now: func() time.Time { return c.now }}
	return c
}

func (c *counter) account() wallet.Account {
	a := c.platform.Account()
	a.BaseURL, a.Mode, a.Currency = c.base, "test", cny
	return a
}

func (c *counter) connect(t *testing.T, fields map[string]string) wallet.Provider {
	t.Helper()
	a := c.account()
	maps.Copy(a.Fields, fields)
	p, err := shouqianba.Spec.New(a, c.client)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// works reports whether the platform takes the adapter's signature.
func works(p wallet.Provider) bool {
	c := charge(till.Take)
	c.Number = "1000TEST00000099"
	a, err := p.Query(context.Background(), c)
	return err == nil && a.Verdict == wallet.Missing
}

func TestActivationMakesATerminal(t *testing.T) {
	c := newCounter(t)
	code := c.platform.ActivationCode()
	fields, err := shouqianba.Spec.Activate(context.Background(), c.account(), c.client, code)
	if err != nil {
		t.Fatal(err)
	}
	if fields["terminal_sn"] == "" || fields["terminal_sn"] == c.account().Fields["terminal_sn"] || fields["checked_in"] != "2026-11-25" {
		t.Errorf("got %s, checked in %s", fields["terminal_sn"], fields["checked_in"])
	}
	p := c.connect(t, fields)
	if !works(p) {
		t.Error("the new terminal is refused")
	}
	if fs, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now); len(fs) != 0 || err != nil {
		t.Errorf("a check-in on the day of the activation: %v %v", fs, err)
	}
	// The code and the keys are nowhere in the journal.
	for _, secret := range []string{code, fields["terminal_key"], c.account().Fields["vendor_key"]} {
		if strings.Contains(c.log.Text(), secret) {
			t.Errorf("%q was kept:\n%s", secret, c.log.Text())
		}
	}
	if len(c.log.Calls) < 2 || c.log.Calls[0].Kind != string(wallet.CallToken) {
		t.Errorf("the activation is not in the journal: %s", c.log.Text())
	}

	var e *wallet.FieldError
	if _, err := shouqianba.Spec.Activate(context.Background(), c.account(), c.client, code); !errors.As(err, &e) || e.Field != "activation_code" || !strings.Contains(err.Error(), "激活码已经被使用") {
		t.Errorf("the code once more: %v", err)
	}
	old := c.platform.ActivationCode()
	c.now = c.now.Add(8 * 24 * time.Hour)
	if _, err := shouqianba.Spec.Activate(context.Background(), c.account(), c.client, old); !errors.As(err, &e) || !strings.Contains(err.Error(), "激活码已过期") {
		t.Errorf("a code of last week: %v", err)
	}
}

func TestActivationNamesWhatIsWrong(t *testing.T) {
	c := newCounter(t)
	for _, row := range []struct{ field, value, code, at string }{
		{"vendor_sn", "", "1", "vendor_sn"},
		{"vendor_key", " ", "1", "vendor_key"},
		{"app_id", "", "1", "app_id"},
		{"device_id", "", "1", "device_id"},
		{"vendor_sn", "a b", "1", "vendor_sn"},
		{"vendor_key", "another", "1", "vendor_key"},
		{"app_id", "another", "1", "activation_code"},
		{"app_id", "2025010100000001", "", "activation_code"},
		{"app_id", "2025010100000001", "00000000", "activation_code"},
	} {
		a := c.account()
		a.Fields[row.field] = row.value
		_, err := shouqianba.Spec.Activate(context.Background(), a, c.client, row.code)
		var e *wallet.FieldError
		if !errors.As(err, &e) || e.Field != row.at || e.Reason != till.SetUpWrong {
			t.Errorf("%s=%q, code %q: %v", row.field, row.value, row.code, err)
		}
	}
	c.sim.Fail(sim.Fault{Op: sim.OpToken, Kind: sim.Garbage})
	if _, err := shouqianba.Spec.Activate(context.Background(), c.account(), c.client, c.platform.ActivationCode()); err == nil || !strings.Contains(err.Error(), "was spent") {
		t.Errorf("garbage: %v", err)
	}
}

// The key changes once a day; the one before it goes on working, and the one
// before that does not.
func TestCheckInChangesTheKey(t *testing.T) {
	c := newCounter(t)
	first := c.connect(t, map[string]string{"checked_in": "2026-11-24"})
	fields, err := first.(wallet.KeyRotator).Rotate(context.Background(), c.now)
	if err != nil {
		t.Fatal(err)
	}
	if fields["terminal_key"] == "" || fields["terminal_key"] == fields["former_terminal_key"] || fields["checked_in"] != "2026-11-25" || len(fields) != 3 {
		t.Fatalf("rotated to %v", fields)
	}
	if strings.Contains(c.log.Text(), fields["terminal_key"]) {
		t.Error("the new key was kept in the journal")
	}
	second := c.connect(t, fields)
	if !works(first) || !works(second) {
		t.Errorf("after the check-in: the old key %v, the new one %v", works(first), works(second))
	}
	calls := len(c.sim.Calls())
	if fs, err := second.(wallet.KeyRotator).Rotate(context.Background(), c.now.Add(time.Hour)); len(fs) != 0 || err != nil {
		t.Errorf("again on the same day: %v %v", fs, err)
	}
	// A key that could not be kept is handed out again, whatever the day.
	for _, after := range []time.Duration{time.Minute, 24 * time.Hour} {
		if fs, err := first.(wallet.KeyRotator).Rotate(context.Background(), c.now.Add(after)); !maps.Equal(fs, fields) || err != nil {
			t.Errorf("not kept, after %v: %v %v", after, fs, err)
		}
	}
	if n := len(c.sim.Calls()) - calls; n != 0 {
		t.Errorf("%d more check-ins", n)
	}
	// The day is Beijing's: 16:30 in UTC is the next one there.
	c.now = time.Date(2026, 11, 25, 16, 30, 0, 0, time.UTC)
	fields, err = second.(wallet.KeyRotator).Rotate(context.Background(), c.now)
	if err != nil || fields["checked_in"] != "2026-11-26" {
		t.Fatalf("the next day: %v %v", fields, err)
	}
	third := c.connect(t, fields)
	if works(first) || !works(second) || !works(third) {
		t.Errorf("after two check-ins: %v %v %v, want false true true", works(first), works(second), works(third))
	}
}

// A till that was set back to an older key gets on with the former one, and a
// lost answer does not cost the key that works.
func TestCheckInThatGoesWrong(t *testing.T) {
	c := newCounter(t)
	p := c.connect(t, map[string]string{"checked_in": "2026-11-24"})
	c.sim.Fail(sim.Fault{Op: sim.OpToken, Kind: sim.DropAnswer})
	if fs, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now); err == nil || len(fs) != 0 {
		t.Fatalf("a lost answer: %v %v", fs, err)
	}
	if fs, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now.Add(time.Hour)); err != nil || len(fs) != 0 {
		t.Errorf("again on the day of a lost answer: %v %v", fs, err)
	}
	if !works(p) {
		t.Error("the key that signed the lost check-in does not work any more")
	}
	c.now = c.now.Add(24 * time.Hour)
	fields, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now)
	if err != nil || !works(c.connect(t, fields)) {
		t.Errorf("the day after: %v %v", fields, err)
	}

	// A key that is not valid, beside a former one that is.
	c.now = c.now.Add(24 * time.Hour)
	p = c.connect(t, map[string]string{"terminal_key": testKey, "former_terminal_key": fields["terminal_key"], "checked_in": ""})
	if fields, err = p.(wallet.KeyRotator).Rotate(context.Background(), c.now); err != nil || !works(c.connect(t, fields)) {
		t.Errorf("with the former key: %v %v", fields, err)
	}
	p = c.connect(t, map[string]string{"terminal_key": testKey, "former_terminal_key": "", "checked_in": ""})
	var e *wallet.FieldError
	if _, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now); !errors.As(err, &e) || e.Field != "terminal_key" || !strings.Contains(err.Error(), "ILLEGAL_SIGN") {
		t.Errorf("with a wrong key: %v", err)
	}
	p = c.connect(t, map[string]string{"device_id": "another", "checked_in": ""})
	if _, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now); err == nil || !strings.Contains(err.Error(), "设备") {
		t.Errorf("on another device: %v", err)
	}
	c.log.Fail = errors.New("disk full")
	if _, err := p.(wallet.KeyRotator).Rotate(context.Background(), c.now); !errors.Is(err, wallet.ErrNotSent) {
		t.Errorf("with a journal that cannot be written: %v", err)
	}
}

func TestProbeNamesTheStepThatFailed(t *testing.T) {
	c := newCounter(t)
	probe := func(fields map[string]string) []wallet.Step {
		return c.connect(t, fields).(wallet.Prober).Probe(context.Background())
	}
	names := func(steps []wallet.Step) string {
		var s []string
		for _, st := range steps {
			s = append(s, st.Name)
		}
		return strings.Join(s, " ")
	}
	good := probe(nil)
	if got := names(good); got != "credentials host request_signature merchant" || !good[len(good)-1].OK {
		t.Errorf("all right: %s %+v", got, good)
	}
	for _, row := range []struct {
		name   string
		steps  []wallet.Step
		last   string
		reason till.Reason
	}{
		{"a wrong key", probe(map[string]string{"terminal_key": testKey, "former_terminal_key": ""}), "request_signature", till.SetUpWrong},
		{"another terminal", probe(map[string]string{"terminal_sn": "999"}), "merchant", till.SetUpWrong},
		{"down", func() []wallet.Step {
			c.sim.Fail(sim.Fault{Kind: sim.Status500})
			return probe(nil)
		}(), "host", till.ProviderDown},
		{"not there", func() []wallet.Step {
			c.sim.Cut("shouqianba", true)
			defer c.sim.Mend()
			return probe(nil)
		}(), "host", till.NoNetwork},
	} {
		last := row.steps[len(row.steps)-1]
		if last.OK || last.Name != row.last || last.Reason != row.reason {
			t.Errorf("%s: %s, %+v", row.name, names(row.steps), last)
		}
	}
	if n := len(c.sim.All()); n != 0 {
		t.Errorf("probing made %d payments", n)
	}
}
