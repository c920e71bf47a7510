package till_test

import (
	"testing"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

const bananas = "20001"

// parked fails unless exactly these sums are parked, by their numbers.
func parked(t *testing.T, r *tilltest.Runner, want ...money.Amount) []till.Parked {
	t.Helper()
	got := r.Reg.View().Parked
	if len(got) != len(want) {
		t.Fatalf("%d sales are parked, want %d", len(got), len(want))
	}
	for i, p := range got {
		if p.Sale.Total() != want[i] || p.Sale.ParkedAs != p.N {
			t.Fatalf("parked sale %d (%d) comes to %d, want %d", p.N, p.Sale.ParkedAs, p.Sale.Total(), want[i])
		}
	}
	return got
}

func TestAScanAfterATenderGoesToTheNextParkedSale(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: bread, Qty: 2 * money.One}, till.Park{})
	r.OK(till.Scan{Code: bread}, till.Park{})
	r.OK(till.Scan{Code: milk}, till.PayCash{Amount: 1000}).Due(590)
	r.OK(till.Scan{Code: milk, Merge: true}).Due(590)
	parked(t, r, 700+1590, 350)
	v := r.Reg.View()
	if n := v.Notice; n.Code != till.NoteAside || n.Aside == nil || n.Aside.N != 1 || n.Aside.New || n.Aside.Line != 2 || n.Aside.Qty != money.One {
		t.Fatalf("notice %+v", v.Notice)
	}
	if len(v.Sale.Lines) != 1 || len(v.Sale.Tenders) != 1 {
		t.Fatalf("the sale being paid is %+v", v.Sale)
	}
	// A second of the same is counted into its line, and one alone is taken back.
	r.OK(till.Scan{Code: milk, Merge: true})
	parked(t, r, 700+2*1590, 350)
	n := r.Reg.View().Notice.Aside
	r.OK(till.UndoAside{Sale: n.Sale, Line: n.Line, Qty: n.Qty}).Due(590)
	parked(t, r, 700+1590, 350)
	r.Refused(till.NothingToUndo, till.UndoAside{Sale: n.Sale, Line: n.Line, Qty: 2 * money.One})
	// What takes a tile or a name is no scan.
	r.Refused(till.SaleHasTenders, till.AddItem{Item: tilltest.Goods()[milk]})
	r.OK(till.PayCash{})
	if s := r.Done(1, 0); len(s.Lines) != 1 || s.Total() != 1590 {
		t.Fatalf("the receipt holds %+v", s.Lines)
	}
	r.OK(till.Recall{N: 1}).Due(700 + 1590)
	r.OK(till.PayCash{})
	r.Done(2, 0)
}

func TestAScanAfterATenderBeginsAParkedSaleWhereNoneIs(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.PayCash{Amount: 1000}, till.Scan{Code: bread}).Due(590)
	first := parked(t, r, 350)[0]
	at := r.Reg.View().Notice.Aside
	if at == nil || !at.New || at.N != 1 || at.Sale != first.Sale.ID {
		t.Fatalf("notice %+v", at)
	}
	// It is on the disk: a till that loses its power now has both.
	r.Stop()
	r = tilltest.Start(t, j)
	r.SignOn("1002")
	parked(t, r, 350)
	if v := r.Reg.View(); v.Sale == nil || v.Due != 590 {
		t.Fatalf("the sale being paid is %+v", v.Sale)
	}
	// Taken back, the sale is given up on record and nothing is left to bring back.
	r.OK(till.UndoAside{Sale: at.Sale, Line: at.Line, Qty: at.Qty}).Due(590)
	parked(t, r)
	var gone *till.SaleCancelled
	for _, e := range j.Entries() {
		if c, ok := e.Record.(*till.SaleCancelled); ok {
			gone = c
		}
	}
	if gone == nil || gone.Sale.ID != at.Sale || len(gone.Sale.Lines) != 1 || !gone.Sale.Lines[0].Voided {
		t.Fatalf("on record: %+v", gone)
	}
	r.OK(till.Scan{Code: bread})
	if n := r.Reg.View().Parked; len(n) != 1 || n[0].N != 2 {
		t.Fatalf("parked %+v, want the number 2: the first was used", n)
	}
}

func TestAScanWhileACodeIsShownGoesAside(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.ShowQR{Method: "pix"}, till.Scan{Code: bread})
	parked(t, r, 350)
	if q := r.Reg.View().QR; q == nil || q.Amount != 1590 {
		t.Fatalf("the code shown is %+v", q)
	}
	r.OK(till.ConfirmQR{Ref: "77"})
	r.Done(1, 0)
}

func TestAScanWhileTheTerminalPaysGoesAside(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1002")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread, Paying: true}).Due(1590)
	parked(t, r, 350)
	// A look-up code says no weight, and nobody would be asked for it.
	r.Refused(till.WeighLater, till.Scan{Code: bananas, Paying: true})
	r.OK(till.Scan{Code: bananas, Qty: 500, Paying: true})
	parked(t, r, 350+340)
}

func TestAReplayedScanNeverGoesAside(t *testing.T) {
	r := tilltest.Start(t, tilltest.New()).Selling("1001")
	r.OK(till.Scan{Code: milk}, till.PayCash{Amount: 1000})
	err := r.Reg.Act(t.Context(), till.Act{Command: till.Scan{Code: bread}, Replayed: true})
	if till.CodeOf(err) != till.SaleHasTenders {
		t.Fatalf("got %v, want sale has tenders", err)
	}
	parked(t, r)
}
