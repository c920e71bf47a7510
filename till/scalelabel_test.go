package till

import (
	"context"
	"errors"
	"testing"

	"guitai/till/money"
	"pgregory.net/rapid"
)

// counterGoods are a catalogue of what a scale weighs, by look-up code.
type counterGoods map[string]Item

func (g counterGoods) Lookup(_ context.Context, code string) (Item, money.Quantity, bool, error) {
	it, ok := g[code]
	return it, money.One, ok, nil
}

func TestScaleLabelsSellWhatTheySay(t *testing.T) {
	goods := counterGoods{
		"42":                              {ID: ID{1}, Code: "42", Name: "香蕉", Unit: "kg", Weighed: true, Price: 680_00},
		"43":                              {ID: ID{2}, Code: "43", Name: "排骨", Unit: "斤", Price: 2980_00},
		"44":                              {ID: ID{3}, Code: "44", Name: "寿司拼盘", Unit: "盒", Price: 2500_00},
		"2100046":                         {ID: ID{7}, Code: "2100046", Name: "蟹", Unit: "kg", Weighed: true, Price: 8800_00},
		"45":                              {ID: ID{4}, Code: "45", Name: "虾", Unit: "kg", Weighed: true, Price: 8800_00},
		"6901234567892":                   {ID: ID{5}, Code: "101", Name: "牛奶", Unit: "盒", Price: 1590_00},
		checked("21" + "00042" + "00999"): {ID: ID{6}, Code: "102", Name: "整袋", Unit: "袋", Price: 100_00},
	}
	r := &Register{catalog: goods}
	r.st.Settings = DefaultSettings()
	r.st.Settings.LabelRules = `[{"prefix":"21","digits":13,"item_digits":5,"value":"weight"},{"prefix":"22","digits":13,"item_digits":5,"value":"price"},
		{"prefix":"25","digits":18,"item_digits":5,"value":"price"},{"prefix":"26","digits":18,"item_digits":5,"value":"weight"}]`
	for name, c := range map[string]struct {
		code   string
		qty    money.Quantity
		amount money.Amount
		listed bool // the catalogue's price is charged
		err    error
	}{
		"weight":                          {checked("21" + "00042" + "00756"), 756, 514, true, nil},
		"weight of goods by the 斤":        {checked("21" + "00043" + "00500"), 1000, 2980, true, nil},
		"code with the prefix":            {checked("21" + "00046" + "01000"), 1000, 8800, true, nil},
		"weight of goods by the box":      {checked("21" + "00044" + "00500"), 0, 0, false, &Error{Code: LabelUnfit}},
		"no weight":                       {checked("21" + "00042" + "00000"), 0, 0, false, &Error{Code: BadQuantity}},
		"an item nobody has":              {checked("21" + "00077" + "00500"), 0, 0, false, &Error{Code: LabelUnfit}},
		"the price alone":                 {checked("22" + "00042" + "00513"), 754, 513, true, nil},
		"the price of a box":              {checked("22" + "00044" + "01990"), 1000, 1990, false, nil},
		"the price of dear goods":         {checked("22" + "00045" + "00513"), 58, 513, false, nil},
		"no price":                        {checked("22" + "00042" + "00000"), 0, 0, false, &Error{Code: BadPrice}},
		"18 digits, price then weight":    {checked("25" + "00042" + "00514" + "00756"), 756, 514, true, nil},
		"18 digits, a fen less":           {checked("25" + "00042" + "00513" + "00756"), 756, 513, false, nil},
		"18 digits, weight then price":    {checked("26" + "00045" + "00125" + "01100"), 125, 1100, true, nil},
		"18 digits, of an offer":          {checked("26" + "00045" + "00125" + "00550"), 125, 550, false, nil},
		"what the catalogue has as it is": {checked("21" + "00042" + "00999"), 1000, 100, true, nil},
		"goods of a maker":                {"6901234567892", 1000, 1590, true, nil},
		"half a read":                     {"2100042007560", 0, 0, false, &Error{Code: UnknownCode}},
		"another prefix":                  {checked("23" + "00042" + "00756"), 0, 0, false, &Error{Code: UnknownCode}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := r.find(t.Context(), c.code)
			if c.err != nil {
				if !errors.Is(err, c.err) {
					t.Fatalf("got %+v, %v; want %v", f, err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			gross, err := money.Gross(f.item.Price, f.qty)
			if err != nil || f.qty != c.qty || gross != c.amount {
				t.Errorf("%s of %s comes to %d, %v; want %s and %d", f.qty, f.item.Name, gross, err, c.qty, c.amount)
			}
			if _, item, _ := goods.of(f.item.ID); (item.Price == f.item.Price) != c.listed {
				t.Errorf("charged at %d, the catalogue asks %d", f.item.Price, item.Price)
			}
		})
	}
	// The till rounds otherwise than a scale by a fen, and nobody changed a price; an offer did.
	fen, _ := r.find(t.Context(), checked("25"+"00042"+"00513"+"00756"))
	offer, _ := r.find(t.Context(), checked("26"+"00045"+"00125"+"00550"))
	if fen.list != fen.item.Price || offer.list != 8800_00 {
		t.Errorf("a fen less is listed at %d for %d, the offer at %d", fen.list, fen.item.Price, offer.list)
	}
	r.st.Settings.LabelRules = ""
	if _, err := r.find(t.Context(), checked("21"+"00042"+"00756")); CodeOf(err) != UnknownCode {
		t.Errorf("without a rule: %v", err)
	}
}

func (g counterGoods) of(id ID) (string, Item, bool) {
	for code, it := range g {
		if it.ID == id {
			return code, it, true
		}
	}
	return "", Item{}, false
}

// Whatever stands on a label with a price, the line comes to it.
func TestALabelsPriceIsWhatIsPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := Item{Name: "货", Unit: rapid.SampledFrom([]string{"kg", "斤", "盒", "克"}).Draw(t, "unit"),
			Price: money.UnitPrice(rapid.Int64Range(0, 1_000_000_00).Draw(t, "price"))}
		it.Weighed = it.Unit == "kg"
		l := Label{Amount: money.Amount(rapid.Int64Range(1, 99_999).Draw(t, "amount")), HasAmount: true}
		if rapid.Bool().Draw(t, "both") {
			l.Weight, l.HasWeight = money.Quantity(rapid.Int64Range(0, 99_999).Draw(t, "grams")), true
		}
		f, err := l.sells(it)
		if err != nil {
			t.Fatal(err)
		}
		if gross, err := money.Gross(f.item.Price, f.qty); err != nil || gross != l.Amount || f.qty <= 0 {
			t.Fatalf("%s at %d comes to %d, %v; the label says %d", f.qty, f.item.Price, gross, err, l.Amount)
		}
	})
}

func TestTeachingALabelTellsNothingFromSeveral(t *testing.T) {
	if _, err := TeachLabel(checked("210004200756"), LabelMeaning{Grams: 500}); !errors.Is(err, ErrLabelNothing) || errors.Is(err, ErrLabelSeveral) {
		t.Errorf("nothing says 500 g: %v", err)
	}
	if _, err := TeachLabel(checked("210004200750"), LabelMeaning{Grams: 750, Amount: 750}); !errors.Is(err, ErrLabelSeveral) || !errors.Is(err, ErrLabelSample) {
		t.Errorf("750 g and 7.50: %v", err)
	}
}
