package ledger_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

var start = time.Date(2026, 6, 18, 9, 0, 0, 0, time.FixedZone("", 8*3600))

// A shop is a ledger with a register on it, driven by tests.
type shop struct {
	t    *testing.T
	dir  string
	l    *ledger.Ledger
	reg  *till.Register
	at   time.Time
	stop func()
}

// found makes a ledger with an owner 1001 and opens a register on it.
func found(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, dir: t.TempDir(), at: start}
	settings := till.DefaultSettings()
	settings.Shop.Name = "青禾便利店"
	l, err := ledger.Found(t.Context(), s.dir, ledger.Founding{Settings: settings}, s.options())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.SaveOperator(t.Context(), till.Operator{Code: "1001", Name: "陈宁", Role: till.Owner, Active: true}, "", ""); err != nil {
		t.Fatal(err)
	}
	s.l = l
	s.run()
	return s
}

func (s *shop) options() ledger.Options {
	return ledger.Options{Now: func() time.Time { return s.at }}
}

func (s *shop) run() {
	s.t.Helper()
	s.reg = till.NewRegister(s.l, tilltest.Goods(), s.l, till.Options{Now: func() time.Time { return s.at }, NewID: ledger.NewID, QR: tilltest.QR{}})
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.reg.Open(ctx); err != nil {
		s.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { s.reg.Run(ctx); close(done) }()
	s.stop = func() {
		cancel()
		<-done
		if err := s.l.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
		s.stop = func() {}
	}
	s.t.Cleanup(func() { s.stop() })
}

// reopen closes the till in order and opens it again.
func (s *shop) reopen() {
	s.t.Helper()
	s.stop()
	l, err := ledger.Open(s.t.Context(), s.dir, s.options())
	if err != nil {
		s.t.Fatal(err)
	}
	s.l = l
	s.run()
}

// ok replays commands that must succeed, a second apart.
func (s *shop) ok(cs ...till.Command) {
	s.t.Helper()
	for _, c := range cs {
		s.at = s.at.Add(time.Second)
		if err := s.reg.Act(s.t.Context(), till.Act{Command: c, At: s.at, Replayed: true}); err != nil {
			s.t.Fatalf("%T%+v: %v", c, c, err)
		}
	}
}

// aDay sells a little of everything and closes the shift.
func (s *shop) aDay() {
	s.t.Helper()
	s.ok(till.OpenShift{Float: 20000, Operator: "1001"},
		till.Scan{Code: "6901234567892", Qty: 2 * money.One}, till.Scan{Code: "20001", Qty: 750}, till.PayCash{Tendered: 5000},
		till.Scan{Code: "6901234567908"}, till.Pay{Kind: "qr:pix", Ref: "8812"},
		till.TakeReturn{Receipt: 1, Lines: []till.ReturnOf{{Line: 1, Qty: money.One}}, Reason: "x"},
		till.MoveCash{Kind: till.PaidOut, Amount: 500, Reason: "冰"},
		till.CloseShift{Count: till.Count{{Denomination: 100, N: 210}}})
}

// raw opens the file beside the ledger, as an attacker or a tool would.
func (s *shop) raw() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, ledger.FileName)+"?_pragma=foreign_keys(1)&_pragma=recursive_triggers(1)&_pragma=busy_timeout(2000)")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { db.Close() })
	return db
}
