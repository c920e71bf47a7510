package ledger

import (
	"testing"

	"guitai/till"
)

// A list that is taken back takes the looks of its items along, and no others.
func TestATakenBackListLeavesNoLooksBehind(t *testing.T) {
	l, _, _ := pricesShop(t)
	done, _ := take(t, l, contractHeader+"103,丙,C,3.00,瓶,standard,饮料,\n")
	var ids []till.ID
	for _, code := range []string{"101", "103"} {
		it, _, ok, err := l.Lookup(bg, code)
		if err != nil || !ok {
			t.Fatal(code, err)
		}
		ids = append(ids, it.ID)
		if err := l.SetLook(bg, it.ID, till.Look{Colour: "blue", Picture: []byte("png")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.UndoList(bg, done.Batch, "1001"); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Looks(bg, ids); err != nil || len(got) != 1 || got[ids[0]].Colour != "blue" {
		t.Errorf("looks %v, %v", got, err)
	}
	var rows int
	if err := l.r().QueryRow("SELECT count(*) FROM item_look").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d looks are kept, %v, want the one", rows, err)
	}
	if _, err := l.Audit(bg, nil); err != nil {
		t.Error(err)
	}
}
