package ledger_test

import (
	"path/filepath"
	"testing"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// A practice ledger has the shop's goods and people, marks itself, and leaves
// the shop's own ledger alone.
func TestPractiseCopiesTheShopAndNoSale(t *testing.T) {
	s := found(t)
	ctx := t.Context()
	if err := s.l.SaveOperator(ctx, till.Operator{Code: "1002", Name: "林晓", Role: till.Cashier, Active: true}, "482915", "1001"); err != nil {
		t.Fatal(err)
	}
	bread, err := s.l.SaveItem(ctx, till.Item{Name: "面包", Price: money.UnitPrice(35000), Tax: "standard", Barcodes: []string{"6901234567892"}}, "1001")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{s.l.SetLook(ctx, bread.ID, till.Look{Colour: "blue"}), s.l.SetLogo(ctx, []byte("png"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(s.dir, "practice")
	for range 2 { // the second time clears what the first left
		if err := ledger.Practise(ctx, s.l, dir); err != nil {
			t.Fatal(err)
		}
		p, err := ledger.Open(ctx, dir, s.options())
		if err != nil {
			t.Fatal(err)
		}
		st, err := p.Recover(ctx)
		if err != nil || !st.Practice || st.Receipt != 0 || st.Settings.Shop.Name != "青禾便利店" {
			t.Errorf("practice %v, receipt %d, shop %q, %v", st.Practice, st.Receipt, st.Settings.Shop.Name, err)
		}
		it, _, ok, err := p.Lookup(ctx, "6901234567892")
		if !ok || err != nil || it.Name != "面包" || it.Price != 35000 {
			t.Errorf("item %+v, %v, %v", it, ok, err)
		}
		if looks, err := p.Looks(ctx, []till.ID{it.ID}); err != nil || looks[it.ID].Colour != "blue" {
			t.Errorf("the tile looks %v, %v", looks, err)
		}
		if png, err := p.Logo(ctx); err != nil || string(png) != "png" {
			t.Errorf("the logo is %q, %v", png, err)
		}
		if o, err := p.Verify(ctx, "", "482915"); err != nil || o.Code != "1002" {
			t.Errorf("sign on: %+v, %v", o, err)
		}
		if _, err := p.Audit(ctx, nil); err != nil {
			t.Errorf("audit: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := ledger.Practise(ctx, s.l, s.dir); err == nil {
		t.Error("the shop's own ledger was taken for a practice ledger")
	}
	if st, err := s.l.Recover(ctx); err != nil || st.Practice {
		t.Errorf("the shop's ledger: practice %v, %v", st.Practice, err)
	}
}
