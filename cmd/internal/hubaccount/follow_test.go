package hubaccount_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/hubaccount"
	"guitai/hub/catalog"
	"guitai/hub/hubtest"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

func TestMain(m *testing.M) { hubtest.Main(m) }

const ownersPIN = "steinbock-7"

// seat is a till of the shop with its account.
type seat struct {
	book *ledger.Ledger
	send *hubaccount.Sender
}

func newSeat(t *testing.T, h *hubtest.Hub, now func() time.Time) seat {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "till")
	if _, err := command.FoundShop(t.Context(), dir, till.DefaultSettings(), "陈宁", ownersPIN); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), dir, ledger.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if _, err := hubaccount.Enrol(t.Context(), l, dir, h.URL, h.Code(t, h.Shop), "test"); err != nil {
		t.Fatal(err)
	}
	s, err := hubaccount.Open(t.Context(), l, dir)
	if err != nil {
		t.Fatal(err)
	}
	return seat{l, s}
}

func (s seat) follow(t *testing.T) error {
	t.Helper()
	if _, err := s.send.Live(t.Context(), 0, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, err := s.send.Follow(t.Context(), s.book)
	return err
}

func (s seat) price(t *testing.T, code string) money.UnitPrice {
	t.Helper()
	it, _, ok, err := s.book.Lookup(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return -1
	}
	return it.Price
}

// Two tills sell at the new price from its time on; one that is away keeps the
// old one; what one adds comes to the other with its id; what is forged is
// refused.
func TestTwoTillsSellByOneCatalogue(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": hubtest.SQLite, "postgres": hubtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			h := hubtest.NewHub(t, dsn(t))
			d := catalog.Desk{Store: h.Store, Hub: h.ID, Key: h.Key}
			var ahead time.Duration
			now := func() time.Time { return time.Now().Add(ahead) }
			a, b := newSeat(t, h, now), newSeat(t, h, now)
			publish := func(at time.Duration, change func(*wire.CatalogDocument)) {
				t.Helper()
				doc, err := d.Draft(ctx, h.Shop)
				if err != nil {
					t.Fatal(err)
				}
				change(&doc)
				if _, err := d.Publish(ctx, h.Shop, doc, time.Now().Add(at), "林老板"); err != nil {
					t.Fatal(err)
				}
			}
			list := func(price string) func(*wire.CatalogDocument) {
				return func(doc *wire.CatalogDocument) {
					_, _, err := catalog.ReadItems(strings.NewReader("code,name,name_en,price,unit,tax,category,barcodes\n1,牛奶,,"+price+",瓶,,,6901234567892\n"), money.Currency{Code: "CNY", Exponent: 2}, doc, false)
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			publish(-time.Minute, func(doc *wire.CatalogDocument) {
				list("15.90")(doc)
				doc.Staff = []wire.CatalogPerson{{Code: "8", Name: "小王", Role: wire.Cashier}, {Code: "L", Name: "林", Role: wire.Owner}}
			})
			for _, s := range []seat{a, b} {
				if err := s.follow(t); err != nil {
					t.Fatal(err)
				}
				if p := s.price(t, "6901234567892"); p != 1590_00 {
					t.Errorf("version 1 sells at %d", p)
				}
			}
			publish(time.Hour, list("16.90"))
			if err := a.follow(t); err != nil { // b is away
				t.Fatal(err)
			}
			if p := a.price(t, "1"); p != 1590_00 {
				t.Errorf("before its time %d", p)
			}
			ahead = 2 * time.Hour
			if n, err := a.send.Follow(ctx, a.book); n != 2 || err != nil {
				t.Fatal(n, err)
			}
			if p, q := a.price(t, "1"), b.price(t, "1"); p != 1690_00 || q != 1590_00 {
				t.Errorf("at its time %d, away %d", p, q)
			}

			it, _, _, err := a.book.Lookup(ctx, "1")
			if err != nil {
				t.Fatal(err)
			}
			it.Price = 1
			if _, err := a.book.SaveItem(ctx, it, "1"); till.CodeOf(err) != till.HubWrites {
				t.Errorf("a price changed at the till: %v", err)
			}
			if err := a.book.SaveOperator(ctx, till.Operator{Code: "8", Name: "小王", Role: till.Owner, Active: true}, "", "1"); till.CodeOf(err) != till.HubWrites {
				t.Errorf("a role changed at the till: %v", err)
			}
			if err := a.book.SaveOperator(ctx, till.Operator{Code: "8", Name: "小王", Role: till.Cashier, Active: true}, "274916", "1"); err != nil {
				t.Errorf("a PIN set at the till: %v", err)
			}
			if _, err := a.book.Verify(ctx, "8", "274916"); err != nil {
				t.Errorf("a new person: %v", err)
			}
			added, err := a.book.SaveItem(ctx, till.Item{Name: "新糖", Price: 300_00, Unit: "个", Code: "77"}, "1")
			if err != nil || a.price(t, "77") != 300_00 {
				t.Fatalf("added in place: %v", err)
			}
			if err := a.follow(t); err != nil {
				t.Fatal(err)
			}
			publish(time.Hour+time.Minute, func(doc *wire.CatalogDocument) {
				gone := true
				doc.Items[0].Removed, doc.Staff[0].Left = &gone, &gone
			})
			for _, s := range []seat{a, b} {
				for range 3 { // b takes what it missed
					if err := s.follow(t); err != nil {
						t.Fatal(err)
					}
				}
				got, _, ok, err := s.book.Lookup(ctx, "77")
				if err != nil || !ok || got.ID != added.ID || got.Price != 300_00 {
					t.Errorf("the proposal came back as %+v %v %v", got, ok, err)
				}
				if p := s.price(t, "1"); p != -1 {
					t.Errorf("removed, and sells at %d", p)
				}
			}
			if _, err := a.book.Verify(ctx, "8", "274916"); till.CodeOf(err) != till.WrongPIN {
				t.Errorf("one who left signs on: %v", err)
			}

			_, other, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			d.Key = other
			publish(time.Hour+2*time.Minute, func(doc *wire.CatalogDocument) { doc.Items[1].Price = 1 })
			if err := a.follow(t); err == nil || !strings.Contains(err.Error(), "not signed with the hub's key") {
				t.Errorf("a forged version: %v", err)
			}
			if p := a.price(t, "77"); p != 300_00 {
				t.Errorf("after a forged version %d", p)
			}
		})
	}
}
