package ledger

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// pricesShop has one item and a clock that a test moves.
func pricesShop(t *testing.T) (l *Ledger, clock *atomic.Int64, priceOf func(code string) money.UnitPrice) {
	t.Helper()
	clock = new(atomic.Int64)
	clock.Store(time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC).UnixMilli())
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{Now: func() time.Time { return time.UnixMilli(clock.Load()) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n102,乙,B,2.00,瓶,standard,饮料,\n")
	return l, clock, func(code string) money.UnitPrice {
		t.Helper()
		it, _, ok, err := l.Lookup(bg, code)
		if err != nil || !ok {
			t.Fatal(code, err)
		}
		return it.Price
	}
}

// waitFor lets the ledger's own clock tick, which looks each second.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s does not come", what)
		}
	}
}

func TestPricesTakeEffectAtTheirTime(t *testing.T) {
	l, clock, priceOf := pricesShop(t)
	it, _, _, err := l.Lookup(bg, "101")
	if err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(clock.Load())
	for _, p := range []struct {
		price money.UnitPrice
		in    time.Duration
	}{{150_00, time.Hour}, {999_00, 2 * time.Hour}, {180_00, 2 * time.Hour}} {
		if err := l.SetPrice(bg, it.ID, p.price, now.Add(p.in), "1001"); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []struct {
		id    till.ID
		price money.UnitPrice
		want  till.ErrorCode
	}{{it.ID, -1, till.BadPrice}, {it.ID, money.UnitPriceMax + 1, till.BadPrice}, {NewID(), 1, till.UnknownCode}} {
		if err := l.SetPrice(bg, bad.id, bad.price, now.Add(time.Hour), "1001"); till.CodeOf(err) != bad.want {
			t.Errorf("price %d: %v, want %s", bad.price, err, bad.want)
		}
	}
	later, err := l.LaterPrices(bg, it.ID)
	if err != nil || len(later) != 2 || later[0].Price != 150_00 || later[1].Price != 180_00 || !later[1].From.Equal(now.Add(2*time.Hour)) || later[1].By != "1001" {
		t.Errorf("later prices are %+v, %v", later, err)
	}
	if p := priceOf("101"); p != 100_00 {
		t.Errorf("the price is %d before its time", p)
	}
	clock.Store(now.Add(time.Hour).UnixMilli())
	waitFor(t, "the first price", func() bool { return priceOf("101") == 150_00 })
	clock.Store(now.Add(3 * time.Hour).UnixMilli())
	waitFor(t, "the second price", func() bool { return priceOf("101") == 180_00 })
	if later, err = l.LaterPrices(bg, it.ID); err != nil || len(later) != 0 {
		t.Errorf("later prices are %+v, %v", later, err)
	}
	if err := l.SetPrice(bg, it.ID, 190_00, now, "1001"); err != nil || priceOf("101") != 190_00 {
		t.Errorf("at once it is %d, %v", priceOf("101"), err)
	}
	var noted [][2]money.UnitPrice
	waitFor(t, "the note", func() bool {
		noted = nil
		if err := l.Journal(bg, 1, func(d Document) error {
			if r, ok := d.Record.(*till.ItemSaved); ok && d.Operator == "1001" && r.Item.Code == "101" && r.Item.Barcodes[0] == "6901234567892" {
				noted = append(noted, [2]money.UnitPrice{r.OldPrice, r.Item.Price})
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return len(noted) == 3
	})
	if !slices.Equal(noted, [][2]money.UnitPrice{{100_00, 150_00}, {150_00, 180_00}, {180_00, 190_00}}) {
		t.Errorf("the journal notes %v", noted)
	}
	if _, err := l.Audit(bg, nil); err != nil {
		t.Error(err)
	}
}

// A list may say from when its prices hold; that, too, can be taken back.
func TestImportOfPricesForLater(t *testing.T) {
	l, clock, priceOf := pricesShop(t)
	list := "编号,售价,生效日期\n101,1.20,2026/7/1\n102,2.40,2026-06-01\n103,3.00,soon\n"
	done, faults := take(t, l, list)
	if done.Changed != 2 || !slices.Equal(faults, []string{"4 price_from"}) {
		t.Errorf("%+v %v", done, faults)
	}
	if a, b := priceOf("101"), priceOf("102"); a != 100_00 || b != 240_00 {
		t.Errorf("the prices are %d and %d", a, b)
	}
	if again, _ := take(t, l, list); again.Same != 2 || again.Changed != 0 {
		t.Errorf("again: %+v", again)
	}
	if err := l.UndoList(bg, done.Batch, "1001"); err != nil {
		t.Fatal(err)
	}
	if n, err := l.LaterPrices(bg, mustItem(t, l, "101").ID); err != nil || len(n) != 0 || priceOf("102") != 200_00 {
		t.Errorf("taken back: %v, %d, %v", n, priceOf("102"), err)
	}
	take(t, l, list)
	// In the shop's zone the day begins at 16:00 UTC.
	clock.Store(time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC).UnixMilli())
	waitFor(t, "the price", func() bool { return priceOf("101") == 120_00 })
}

func mustItem(t *testing.T, l *Ledger, code string) till.Item {
	t.Helper()
	it, _, ok, err := l.Lookup(bg, code)
	if err != nil || !ok {
		t.Fatal(code, err)
	}
	return it
}

func TestALaterPriceIsTakenAwayBeforeItsTime(t *testing.T) {
	l, clock, priceOf := pricesShop(t)
	it, _, _, err := l.Lookup(bg, "101")
	if err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(clock.Load())
	for i, price := range []money.UnitPrice{150_00, 180_00} {
		if err := l.SetPrice(bg, it.ID, price, now.Add(time.Duration(i+1)*time.Hour), "1001"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.DropPrice(bg, it.ID, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := l.DropPrice(bg, it.ID, now.Add(time.Hour)); till.CodeOf(err) != till.UnknownCode {
		t.Errorf("a price that is gone: %v", err)
	}
	if got, err := l.LaterPrices(bg, it.ID); err != nil || len(got) != 1 || got[0].Price != 180_00 {
		t.Fatalf("left are %+v, %v", got, err)
	}
	clock.Store(now.Add(90 * time.Minute).UnixMilli())
	if err := l.applyPrices(bg); err != nil || priceOf("101") != 100_00 {
		t.Errorf("the price that was taken away is asked: %d, %v", priceOf("101"), err)
	}
	clock.Store(now.Add(3 * time.Hour).UnixMilli())
	if err := l.applyPrices(bg); err != nil || priceOf("101") != 180_00 {
		t.Errorf("the other one is not: %d, %v", priceOf("101"), err)
	}
}
