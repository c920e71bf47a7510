package till_test

import (
	"testing"

	"guitai/till"
	"guitai/till/tilltest"
)

// Goods past their date are rung, since the customer stands there with them, and
// said to be; taking them off is one act.
func TestGoodsPastTheirDateAreSaid(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	old := "]C1010" + milk + "17200101" + "10LOT-42"
	r.OK(till.Scan{Code: old})
	v := r.Reg.View()
	if n := v.Notice; v.Due != 1590 || n.Code != till.NoteExpired || n.Detail != "2020-01-01 "+v.Sale.Lines[0].Name {
		t.Fatalf("due %d, notice %+v", v.Due, n)
	}
	r.OK(till.Scan{Code: "]C1010" + milk + "17491231"})
	if v = r.Reg.View(); v.Due != 3180 || v.Notice.Code != till.NoteAdded {
		t.Fatalf("due %d, notice %+v", v.Due, v.Notice)
	}
	r.OK(till.Scan{Code: old}, till.Undo{})
	if v = r.Reg.View(); v.Due != 3180 {
		t.Errorf("due %d after taking it back", v.Due)
	}
}

// A code of which an element is wrong sells nothing, and the element is named.
func TestAGS1CodeThatIsNotWellFormedSellsNothing(t *testing.T) {
	j := tilltest.New()
	r := tilltest.Start(t, j).Selling("1002")
	r.Do(till.Scan{Code: "]C1010" + milk + "17263112"})
	if v := r.Reg.View(); v.Sale != nil || v.Notice.Code != till.BadElement || v.Notice.Detail != "(17)263112" {
		t.Errorf("sale %+v, notice %+v", v.Sale, v.Notice)
	}
}
