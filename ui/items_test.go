package ui

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// storeroom is a catalogue that keeps what is saved, with the ledger's refusals.
type storeroom struct {
	*shelf
	by         []string
	favourites []till.ID
}

func (s *storeroom) SaveItem(ctx context.Context, it till.Item, by string) (till.Item, error) {
	s.by = append(s.by, by)
	for _, code := range it.Barcodes {
		if len(code) == 13 && !till.GTINCheck(code) {
			return it, &till.Error{Code: till.BadCheckDigit, Detail: code}
		}
	}
	for i := range s.items {
		if s.items[i].ID != it.ID && it.Code != "" && s.items[i].Code == it.Code {
			return it, &till.Error{Code: till.DuplicateCode, Detail: it.Code}
		}
		if !it.ID.IsZero() && s.items[i].ID == it.ID {
			s.items[i] = it
			return it, nil
		}
	}
	return s.shelf.SaveItem(ctx, it, by)
}

func (s *storeroom) RemoveItem(_ context.Context, id till.ID) error {
	s.items = slices.DeleteFunc(s.items, func(it till.Item) bool { return it.ID == id })
	return nil
}

func (s *storeroom) SetFavourite(_ context.Context, id till.ID, place int) error {
	s.favourites = slices.DeleteFunc(s.favourites, func(x till.ID) bool { return x == id })
	if place > 0 {
		s.favourites = append(s.favourites, id)
	}
	return nil
}

func (s *storeroom) Tiles(ctx context.Context, category string, limit int) ([]till.Item, error) {
	if category != "" {
		return s.shelf.Tiles(ctx, category, limit)
	}
	var out []till.Item
	for _, it := range s.items {
		if slices.Contains(s.favourites, it.ID) {
			out = append(out, it)
		}
	}
	return out, nil
}

func inStoreroom(t *testing.T) (*counter, *storeroom) {
	c, _ := back(t, "1001")
	s := &storeroom{shelf: c.goods}
	c.w.ports.Catalog = s
	c.w.Open(PageItems)
	return c, s
}

func (s *storeroom) named(t *testing.T, name string) till.Item {
	t.Helper()
	for _, it := range s.items {
		if it.Name == name {
			return it
		}
	}
	t.Fatalf("no item is called %q: %+v", name, s.items)
	return till.Item{}
}

func TestANewItemIsTypedAndSaved(t *testing.T) {
	c, s := inStoreroom(t)
	c.sees("4 items")
	c.scan("6901234500081") // misread
	c.sees("4 items", "Not a full read, nothing was added.")
	if c.has("Cancel") {
		t.Fatalf("a code that was not read whole opened an item: %q", c.words())
	}
	c.scan("6901234500080")
	c.sees("New item", "6901234500080")
	c.hand("Mints")
	c.tap("Price")
	c.hand("4.5", fyne.KeyF9)
	it := s.named(t, "Mints")
	if it.Price != 450_00 || !slices.Equal(it.Barcodes, []string{"6901234500080"}) || !slices.Equal(s.by, []string{"1001"}) {
		t.Fatalf("saved %+v by %v", it, s.by)
	}
	c.sees("Mints is saved", "5 items")
}

func TestAnItemIsChangedAndTakenBack(t *testing.T) {
	c, s := inStoreroom(t)
	c.scan(milk)
	c.sees("Milk 1L", "15.90")
	c.retype("Price", "16.5", fyne.KeyF9)
	if it := s.named(t, "鲜牛奶 1L"); it.Price != 1650_00 {
		t.Fatalf("saved %+v", it)
	}
	c.sees("Milk 1L is saved", "Undo")
	c.tap("Undo")
	if it := s.named(t, "鲜牛奶 1L"); it.Price != 1590_00 {
		t.Fatalf("undo left %+v", it)
	}
	id := s.named(t, "鲜牛奶 1L").ID
	c.tap("Tile")
	c.tap("Favourite")
	if !slices.Equal(s.favourites, []till.ID{id}) {
		t.Fatalf("the favourites are %v", s.favourites)
	}
	c.tap("Favourite")
	if len(s.favourites) != 0 {
		t.Fatalf("the favourites are %v", s.favourites)
	}
}

func TestWhatIsNoItemIsRefusedInWords(t *testing.T) {
	for _, row := range []struct{ name, price, barcode, words string }{
		{"", "5", "", "A name is needed."},
		{"Mints", "", "", "Such as 12.50, 0 or more."},
		{"Mints", "-1", "", "Such as 12.50, 0 or more."},
		{"Mints", "1.2.3", "", "Such as 12.50, 0 or more."},
		{"Mints", "1000000000000", "", "Such as 12.50, 0 or more."},
		{"Mints", "5", "6901234567890", "Wrong check digit. Scan again."},
	} {
		t.Run(row.name+row.price+row.barcode, func(t *testing.T) {
			c, s := inStoreroom(t)
			c.tap("New item")
			c.hand(row.name)
			c.tap("Price")
			c.hand(row.price)
			if row.barcode != "" {
				c.tap("Barcodes")
				c.hand(row.barcode)
			}
			c.press(fyne.KeyF9)
			c.sees(row.words)
			if len(s.items) != 4 {
				t.Fatalf("%d items are on the shelf, want 4 as before", len(s.items))
			}
			c.w.SetLanguage("zh-Hans")
			if all := strings.Join(c.words(), ""); strings.ContainsAny(all, "{}") {
				t.Fatalf("a value is missing: %s", all)
			}
			if row.name != "" && !c.has(row.name) {
				t.Fatalf("what was typed is lost: %q", c.words())
			}
		})
	}
}

func TestACashierChangesItemsButSeesNoReport(t *testing.T) {
	c, _ := back(t, "1002")
	c.press(fyne.KeyF10)
	c.sees("Return and refund", "Past sales", "Drawer, cash in or out", "Close the shift", "Office", "Items")
	c.tap("Office")
	if c.w.at != PageItems {
		t.Fatalf("the office of a cashier begins at %s", c.w.at)
	}
	for _, closed := range []string{"Daily report", "Log", "Staff", "Settings"} {
		if c.has(closed) {
			t.Fatalf("a cashier is offered %q", closed)
		}
	}
}

func TestAnInstallerIsOfferedNoMoney(t *testing.T) {
	c, _ := backAt(t, 1366, 768)
	c.run.J.Staff = append(c.run.J.Staff, till.Operator{Code: "1009", Name: "许安", Role: till.Installer, Active: true})
	c.run.OK(till.Reload{Operators: c.run.J.Staff})
	v := c.run.Reg.View()
	v.Seq++
	v.Operator = &c.run.J.Staff[len(c.run.J.Staff)-1]
	c.w.Show(v)
	c.w.SetLanguage("en")
	c.w.Open(PageMenu)
	for _, closed := range []string{"Return and refund", "Past sales", "Drawer, cash in or out", "Open a shift"} {
		if c.has(closed) {
			t.Fatalf("an installer is offered %q: %q", closed, c.words())
		}
	}
	c.sees("Office", "Settings", "Keys")
}
