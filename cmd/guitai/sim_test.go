package main_test

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

var seeds = flag.Int("seeds", 12, "how many seeds TestSimulate runs")

// TestSimulate runs the same random days through two registers: one over the
// real ledger, which is closed and opened again between any two acts, and one
// over a journal in memory that adds everything up in another way. After every
// act both must show the same till; in the end the sums, the slips to print and
// the Zs must agree and the ledger must verify. A failing seed is the name of
// its subtest.
func TestSimulate(t *testing.T) {
	var reached sync.Map
	t.Run("days", func(t *testing.T) {
		for seed := range *seeds {
			t.Run(fmt.Sprintf("seed%04d", seed), func(t *testing.T) {
				t.Parallel()
				for _, what := range simulate(t, uint64(seed), 500).reached() {
					reached.Store(what, true)
				}
			})
		}
	})
	// A simulator that no longer gets anywhere would pass in silence.
	for _, what := range []string{
		"SaleCompleted", "SaleCancelled", "Returned", "PostVoid", "CashMoved", "ShiftOpened", "ShiftClosed", "ZReported", "DayClosed", "TenderMended", "Reprinted",
		"PaymentOverridden", "RefundMended",
		"restart within a sale", "restart with sales parked", "restart with payments open", "a parked sale found paid", "late money on its way back",
	} {
		if _, ok := reached.Load(what); !ok {
			t.Errorf("no seed came to: %s", what)
		}
	}
}

// reached lists what the world came to.
func (w *world) reached() []string {
	var out []string
	for _, e := range w.memory.Entries() {
		out = append(out, reflect.TypeOf(e.Record).Elem().Name())
		if r, ok := e.Record.(*till.Returned); ok && r.Return.PostVoid {
			out = append(out, "PostVoid")
		}
	}
	if w.within > 0 {
		out = append(out, "restart within a sale")
	}
	if w.parked > 0 {
		out = append(out, "restart with sales parked")
	}
	for what, n := range map[string]int{"restart with payments open": w.paying, "a parked sale found paid": w.behind, "late money on its way back": w.late} {
		if n > 0 {
			out = append(out, what)
		}
	}
	return out
}

// found makes the ledger as the model's shop is.
func (w *world) found() {
	w.t.Helper()
	ctx := context.Background()
	w.memory.Settings.Taxes = []till.TaxClass{{Code: "standard", Rate: 130_000}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}}
	w.memory.WithWallets()
	w.memory.Settings.CashRounding.Step = money.Amount([]int64{1, 5, 10}[w.rnd.IntN(3)])
	l, err := ledger.Found(ctx, w.dir, ledger.Founding{Settings: w.memory.Settings}, ledger.Options{Now: func() time.Time { return w.clock }})
	if err != nil {
		w.t.Fatal(err)
	}
	st, err := l.Recover(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	w.memory.Epoch = st.Epoch
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// verify checks the whole ledger once more from its file.
func (w *world) verify() {
	w.t.Helper()
	l, err := ledger.Open(context.Background(), w.dir, ledger.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer l.Close()
	done, err := l.Audit(context.Background(), nil)
	if err != nil {
		w.t.Fatalf("verify: %v", err)
	}
	if done.Entries < 10 || done.Signatures == 0 || done.Rows == 0 {
		w.t.Errorf("verify looked at %+v only", done)
	}
	w.figures(l)
}

// A side is one of the two tills.
type side struct {
	journal till.Journal
	reg     *till.Register
	wallets tilltest.Wallets
	stop    func()
	ids     uint64
}

// A world is both tills and the chance that drives them.
type world struct {
	t        *testing.T
	rnd      *rand.Rand
	clock    time.Time
	dir      string
	memory   *tilltest.Journal
	real     side
	model    side
	receipts int
	zs       []*till.ZReported // as they were shown at their close

	within, parked, paying int // restarts with a sale open, with sales parked, and with payments open
	behind, late           int // parked sales found paid, late payments that go back

	captured, gone map[string]money.Amount // what the provider took and gave back, by the attempt
}

func simulate(t *testing.T, seed uint64, acts int) *world {
	w := &world{
		t: t, rnd: rand.New(rand.NewPCG(seed, 7)), clock: time.Date(2026, 6, 18, 7, 0, 0, 0, time.UTC), dir: t.TempDir(), memory: tilltest.New(),
		captured: map[string]money.Amount{}, gone: map[string]money.Amount{},
	}
	w.found()
	w.start()
	for range acts {
		w.clock = w.clock.Add(time.Duration(w.rnd.IntN(90_000)) * time.Millisecond)
		if w.rnd.IntN(40) == 0 {
			if v := w.model.reg.View(); v.Sale != nil {
				w.within++
			} else if len(v.Parked) > 0 {
				w.parked++
			}
			w.again()
		}
		if w.rnd.IntN(5) < 2 {
			w.pay()
		} else {
			w.act(w.choose())
		}
	}
	w.totals()
	w.payments()
	w.slips()
	w.unchanged()
	w.close()
	w.verify()
	return w
}

// start starts both registers on what their journals hold, as after a kill: no
// stop was noted.
func (w *world) start() {
	w.t.Helper()
	l, err := ledger.Open(context.Background(), w.dir, ledger.Options{Now: func() time.Time { return w.clock }})
	if err != nil {
		w.t.Fatalf("open the ledger: %v", err)
	}
	w.real.start(w, l, func() { l.Close() })
	w.model.start(w, w.memory, func() {})
}

func (s *side) start(w *world, j till.Journal, closed func()) {
	w.t.Helper()
	s.journal = j
	s.reg = till.NewRegister(j, tilltest.Goods(), tilltest.PINs{Staff: w.memory.Staff}, till.Options{
		Now: func() time.Time { return w.clock }, QR: tilltest.QR{}, Wallets: &s.wallets,
		NewID: func() till.ID {
			s.ids++
			var id till.ID
			binary.BigEndian.PutUint64(id[8:], s.ids)
			return id
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.reg.Open(ctx); err != nil {
		w.t.Fatalf("open the register: %v", err)
	}
	ended := make(chan struct{})
	go func() { s.reg.Run(ctx); close(ended) }()
	s.stop = func() { cancel(); <-ended; closed() }
	if err := s.reg.Act(ctx, till.Act{Command: till.SignOn{Code: "1001", PIN: "1001"}}); err != nil {
		w.t.Fatal(err)
	}
	for s.reg.View().Operator == nil {
		time.Sleep(time.Millisecond)
	}
}

func (w *world) close() {
	w.real.stop()
	w.model.stop()
}

// act hands the same command to both tills: they must agree on the answer and
// on everything the screen shows.
func (w *world) act(c till.Command) {
	w.t.Helper()
	ctx := context.Background()
	got, want := w.real.reg.Act(ctx, till.Act{Command: c}), w.model.reg.Act(ctx, till.Act{Command: c})
	w.same(fmt.Sprintf("%T%+v", c, c), got, want)
}

// same compares the answers of both tills, and everything the screen shows.
func (w *world) same(after string, got, want error) {
	w.t.Helper()
	if till.CodeOf(got) != till.CodeOf(want) || (got == nil) != (want == nil) {
		w.t.Fatalf("%s: the ledger says %v, the model %v", after, got, want)
	}
	a, b := w.real.reg.View(), w.model.reg.View()
	for _, p := range []struct {
		what      string
		got, want any
	}{
		{"basket", bytesOf(a.Sale), bytesOf(b.Sale)}, {"due", a.Due, b.Due}, {"cash due", a.CashDue, b.CashDue}, {"next receipt", a.Next, b.Next},
		{"shift", shiftOf(a.Shift), shiftOf(b.Shift)}, {"parked", parkedOf(a), parkedOf(b)}, {"day closed", a.DayClosed, b.DayClosed}, {"Z", a.Closed, b.Closed},
		{"payments", attemptsOf(a.Attempts), attemptsOf(b.Attempts)}, {"refunds", refundsOf(a.Refunds), refundsOf(b.Refunds)},
		{"payment", shownOf(a), shownOf(b)},
	} {
		if p.what == "Z" {
			p.got, p.want = zOf(a.Closed), zOf(b.Closed)
		}
		if !reflect.DeepEqual(p.got, p.want) {
			w.t.Fatalf("after %s the %s is\n%+v, in the model\n%+v", after, p.what, p.got, p.want)
		}
	}
	w.receipts = a.Next - 1
	if z := a.Closed; z != nil && z.No == len(w.zs)+1 {
		w.zs = append(w.zs, z)
	}
}

// slips compares the work rows of paper and drawer: nothing prints here, so
// that all that was ever asked for is still due, once.
func (w *world) slips() {
	w.t.Helper()
	jobs, err := w.real.journal.(*ledger.Ledger).JobsDue(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	var got []till.PrintJob
	for _, j := range jobs {
		got = append(got, j.PrintJob)
	}
	// The register asks for the next copy; the ledger numbers it.
	copies := map[till.PrintJob]int{}
	var want []till.PrintJob
	for _, p := range w.memory.Prints {
		if p.Copy < 0 {
			copies[p]++
			p.Copy = copies[p]
		}
		want = append(want, p)
	}
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("the print queue holds\n%v, in the model\n%v", got, want)
	}
}

// unchanged reads every Z again: none is another than it was at its close.
func (w *world) unchanged() {
	w.t.Helper()
	for _, z := range w.zs {
		doc, err := w.real.journal.(*ledger.Ledger).Z(context.Background(), z.No)
		if err != nil {
			w.t.Fatal(err)
		}
		now, ok := doc.Record.(*till.ZReported)
		if !ok || !reflect.DeepEqual(zOf(now), zOf(z)) {
			w.t.Errorf("Z %d is now\n%+v, was\n%+v", z.No, now, z)
		}
	}
}

func bytesOf(s *till.Sale) []byte {
	if s == nil {
		return nil
	}
	return till.EncodeSale(s)
}

func shiftOf(s *till.Shift) till.Shift {
	if s == nil {
		return till.Shift{}
	}
	return till.Shift{No: s.No, Day: s.Day, Float: s.Float, Parked: s.Parked, OpenedBy: s.OpenedBy}
}

func shownOf(v till.View) string {
	if v.Attempt == nil {
		return ""
	}
	return attemptOf(*v.Attempt)
}

func parkedOf(v till.View) [][]byte {
	var out [][]byte
	for _, p := range v.Parked {
		out = append(out, append([]byte{byte(p.N)}, bytesOf(p.Sale)...))
	}
	return out
}

// zOf compares what a Z says in money; the model knows no hashes.
func zOf(z *till.ZReported) any {
	if z == nil {
		return nil
	}
	return []any{z.No, z.Counted, z.GrandTotal, z.Totals.Net(), z.Totals.Expected(), z.Totals.Tax, z.Totals.Voids, z.Totals.Cancelled, z.Totals.Sales, z.Totals.Refunds, z.Totals.Rounding}
}

// choose draws the next act. Many are refused on purpose.
func (w *world) choose() till.Command {
	n := func(max int) int { return w.rnd.IntN(max) }
	some := func(max int) money.Amount { return money.Amount(n(max) + 1) }
	line := n(5) + 1
	codes := []string{"6901234567892", "6901234567908", "20001", "no such"}
	v := w.model.reg.View()
	if v.Shift == nil {
		if n(4) == 0 {
			w.clock = w.clock.Add(time.Duration(n(30)) * time.Hour)
		}
		return []till.Command{till.OpenShift{Float: some(50_000)}, till.CloseDay{}, till.OpenShift{}}[n(3)]
	}
	back := func() till.Command {
		r := till.TakeReturn{Receipt: n(w.receipts+2) + 1, Reason: "x", Lines: []till.ReturnOf{{Line: line, Qty: money.Quantity(n(2500) + 1)}}}
		if n(4) == 0 {
			r.Refunds = []till.Refund{{Kind: till.Cash, Amount: some(3000)}}
		}
		return r
	}
	switch n(60) {
	default:
		return till.Scan{Code: codes[n(len(codes))], Qty: money.Quantity(n(3)) * 500, Merge: n(2) == 0}
	case 0, 1:
		return till.AddTyped{Name: "货", Price: money.UnitPrice(n(100_000_00)), Qty: money.Quantity(n(4000))}
	case 2, 3:
		return till.DiscountLine{Line: line, Discount: till.Discount{Percent: money.Rate(n(1_000_001)), Reason: "x"}}
	case 4:
		return till.DiscountSale{Discount: till.Discount{Amount: some(2000), Reason: "x"}}
	case 5, 6:
		return till.VoidLine{Line: line}
	case 7, 8:
		return till.Undo{}
	case 9:
		return till.Park{}
	case 10:
		return till.Recall{N: n(6) + 1}
	case 11:
		return till.CancelSale{Reason: "x"}
	case 12:
		return till.RoundDown{To: []money.Amount{0, 10, 100}[n(3)]}
	case 13:
		return till.Override{Line: line, Price: money.UnitPrice(n(5000_00)), Reason: "x"}
	case 14, 15, 16, 17, 18, 19, 20, 21:
		return till.PayCash{Tendered: v.CashDue + some(5000) - 1}
	case 22, 23:
		return till.PayCash{Amount: some(2000), Tendered: some(4000)}
	case 24, 25, 26:
		return till.Pay{Kind: []till.TenderKind{till.Card, till.Transfer, till.Voucher, till.NoTender}[n(4)], Amount: money.Amount(n(3)) * some(2000), Ref: "1"}
	case 27:
		return till.TakeBack{}
	case 28:
		return till.ShowQR{Method: "pix", Amount: money.Amount(n(2)) * some(1000)}
	case 29, 30:
		return till.ConfirmQR{Ref: "8812"}
	case 31:
		return till.AbandonQR{}
	case 32, 33, 34, 35:
		return back()
	case 36:
		return till.PostVoid{Receipt: n(w.receipts+2) + 1, Reason: "x"}
	case 37:
		return till.TakeReturn{Items: []till.AddTyped{{Name: "货", Price: money.UnitPrice(n(1000_00))}}, Reason: "x"}
	case 38, 39:
		return till.MoveCash{Kind: []till.CashKind{till.PaidIn, till.PaidOut, till.Drop, till.Loan}[n(4)], Amount: some(5000), Reason: "x"}
	case 40:
		return till.MoveCash{Kind: till.NoSale, Reason: "x"}
	case 41:
		return till.MendTender{Receipt: n(w.receipts+2) + 1, Share: n(2) + 1, Kind: []till.TenderKind{till.Card, till.Cash}[n(2)], Reason: "x"}
	case 42:
		return till.Reprint{Receipt: n(w.receipts + 2)}
	case 43:
		return till.CloseShift{Count: till.Count{{Denomination: 100, N: n(900)}}}
	}
}

// totals compares what both journals say of every shift.
func (w *world) totals() {
	w.t.Helper()
	ctx := context.Background()
	last, err := w.memory.Recover(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	for n := 1; n <= last.LastShift; n++ {
		got, gotTax, err := w.real.journal.Totals(ctx, n)
		if err != nil {
			w.t.Fatal(err)
		}
		want, wantTax, _ := w.memory.Totals(ctx, n)
		if g, m := tendersOf(got), tendersOf(want); !reflect.DeepEqual(g, m) {
			w.t.Errorf("tenders of shift %d: %v, in the model %v", n, g, m)
		}
		if g, m := taxesOf(gotTax), taxesOf(wantTax); !reflect.DeepEqual(g, m) {
			w.t.Errorf("taxes of shift %d: %v, in the model %v", n, g, m)
		}
		got.Tenders, want.Tenders = nil, nil
		if !reflect.DeepEqual(got, want) {
			w.t.Errorf("shift %d:\n%+v, in the model\n%+v", n, got, want)
		}
	}
}

func tendersOf(t till.ShiftTotals) map[till.TenderKind]till.TenderTotal {
	m := map[till.TenderKind]till.TenderTotal{}
	for _, k := range t.Tenders {
		m[k.Kind] = k
	}
	return m
}

func taxesOf(list []till.TaxTotal) map[till.TaxClass][2]money.Amount {
	m := map[till.TaxClass][2]money.Amount{}
	for _, x := range list {
		m[x.Class] = [2]money.Amount{x.Taxable, x.Tax}
	}
	return m
}
