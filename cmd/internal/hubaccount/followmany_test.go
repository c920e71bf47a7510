package hubaccount_test

import (
	"fmt"
	"testing"
	"time"

	"guitai/hub/hubtest"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// A hundred thousand new items, then a hundred thousand new prices, while codes are
// looked up and the ledger is written: scans do not wait, and the prices are right.
func TestManyItemsComeWhileSelling(t *testing.T) {
	s := newSeat(t, hubtest.NewHub(t, hubtest.SQLite(t)), time.Now)
	v := ledger.SharedCatalog{Version: 1, By: "林"}
	for i := range 100_000 {
		v.Items = append(v.Items, ledger.SharedItem{Item: till.Item{ID: ledger.NewID(), Code: fmt.Sprint(i + 1), Name: fmt.Sprintf("商品 %d", i), Price: 100_00, Unit: "个", Barcodes: []string{fmt.Sprintf("x%07d", i)}}})
	}
	for n := range 2 {
		stop, worst := make(chan struct{}), make(chan [2]time.Duration)
		go func() {
			var w, r time.Duration
			for k := 0; ; k++ {
				select {
				case <-stop:
					worst <- [2]time.Duration{w, r}
					return
				case <-time.After(5 * time.Millisecond):
				}
				b := time.Now()
				if err := s.book.SetFavourite(t.Context(), ledger.NewID(), 0); err != nil {
					t.Error(err)
				}
				w = max(w, time.Since(b))
				b = time.Now()
				if _, _, _, err := s.book.Lookup(t.Context(), "5"); err != nil {
					t.Error(err)
				}
				r = max(r, time.Since(b))
			}
		}()
		began := time.Now()
		if err := s.book.ApplyShared(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		close(stop)
		w := <-worst
		t.Logf("pass %d: %v, longest write wait %v, longest scan %v", n, took, w[0], w[1])
		if w[1] > time.Second {
			t.Errorf("a scan waited %v", w[1])
		}
		v.Version++
		for i := range v.Items {
			v.Items[i].Price += money.UnitPrice(1_00)
		}
	}
	for _, code := range []string{"1", "5", "x0099999"} {
		if p := s.price(t, code); p != 101_00 {
			t.Errorf("%s sells at %d", code, p)
		}
	}
}
