package ledger

import (
	"testing"

	"guitai/till"
)

func TestBestSellersAreNamedInEnglish(t *testing.T) {
	l, _, _ := pricesShop(t)
	take(t, l, contractHeader+",丙,C,3.00,瓶,standard,饮料,6901234567908\n104,丁,,4.00,瓶,standard,饮料,\n")
	rows := []*till.ItemRow{{Code: "101", Name: "甲"}, {Name: "丙"}, {Code: "104", Name: "丁"}, {Code: "101", Name: "旧名"}, {Name: "没有"}, {Code: "999", Name: "甲"}}
	if err := l.NameInEnglish(bg, rows); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"A", "C", "", "", "", ""} {
		if rows[i].NameEN != want {
			t.Errorf("%s %s is %q in English, want %q", rows[i].Code, rows[i].Name, rows[i].NameEN, want)
		}
	}
}
