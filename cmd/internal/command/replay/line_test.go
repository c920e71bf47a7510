package replay

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

var cny = money.Currency{Code: "CNY", Exponent: 2}

const at = `"at":"2026-06-18T07:00:00+08:00"`

func TestActsBecomeCommands(t *testing.T) {
	for _, row := range []struct {
		line string
		want till.Command
	}{
		{`{"do":"open",` + at + `,"operator":"1001","float":"200.00"}`, till.OpenShift{Operator: "1001", Float: 20000}},
		{`{"do":"scan",` + at + `,"code":"6901234567892","qty":"2"}`, till.Scan{Code: "6901234567892", Qty: 2000}},
		{`{"do":"scan",` + at + `,"code":"6901234567892"}`, till.Scan{Code: "6901234567892", Qty: 1000}},
		{`{"do":"item",` + at + `,"name":"面包","price":"3.50","qty":"0.75","tax":"food","category":"烘焙"}`,
			till.AddTyped{Name: "面包", Price: 350_00, Qty: 750, Tax: "food", Category: "烘焙"}},
		{`{"do":"override",` + at + `,"line":1,"price":"7.8925","reason":"r"}`, till.Override{Line: 1, Price: 78925, Reason: "r"}},
		{`{"do":"discount",` + at + `,"line":2,"percent":"12.5","reason":"r"}`, till.DiscountLine{Line: 2, Discount: till.Discount{Percent: 125_000, Reason: "r"}}},
		{`{"do":"discount",` + at + `,"line":"sale","amount":"2.00"}`, till.DiscountSale{Discount: till.Discount{Amount: 200}}},
		{`{"do":"void",` + at + `,"line":1}`, till.VoidLine{Line: 1}},
		{`{"do":"park",` + at + `}`, till.Park{}},
		{`{"do":"recall",` + at + `,"parked":3}`, till.Recall{N: 3}},
		{`{"do":"cancel",` + at + `}`, till.CancelSale{}},
		{`{"do":"round_down",` + at + `,"to":"0.10"}`, till.RoundDown{To: 10}},
		{`{"do":"tender",` + at + `,"kind":"cash","amount":"50.00","tendered":"100.00"}`, till.PayCash{Amount: 5000, Tendered: 10000}},
		{`{"do":"tender",` + at + `,"kind":"cash","amount":"50.00"}`, till.PayCash{Amount: 5000, Tendered: 5000}},
		{`{"do":"tender",` + at + `,"kind":"card","amount":"36.40","ref":"4242/001234"}`, till.Pay{Kind: "card", Amount: 3640, Ref: "4242/001234"}},
		{`{"do":"tender",` + at + `,"kind":"qr:pix","amount":"36.40"}`, till.Pay{Kind: "qr:pix", Amount: 3640}},
		{`{"do":"tender",` + at + `,"kind":"foreign:USD","amount":"71.00","rate":"7.1"}`, till.Pay{Kind: "foreign:USD", Amount: 7100, Rate: 7_100_000}},
		{`{"do":"tender",` + at + `,"kind":"none"}`, till.Pay{Kind: "none"}},
		{`{"do":"return",` + at + `,"receipt":"000017","lines":[{"line":1,"qty":"1"},{"line":2}],"refund":[{"kind":"cash","amount":"3.50"}]}`,
			till.TakeReturn{Receipt: 17, Lines: []till.ReturnOf{{Line: 1, Qty: 1000}, {Line: 2, Qty: 1000}}, Refunds: []till.Refund{{Kind: "cash", Amount: 350}}}},
		{`{"do":"return",` + at + `,"items":[{"name":"x","price":"3.50","qty":"1"}],"refund":[{"kind":"cash","amount":"3.50"}],"reason":"r"}`,
			till.TakeReturn{Items: []till.AddTyped{{Name: "x", Price: 350_00, Qty: 1000}}, Refunds: []till.Refund{{Kind: "cash", Amount: 350}}, Reason: "r"}},
		{`{"do":"post_void",` + at + `,"receipt":"17","reason":"r"}`, till.PostVoid{Receipt: 17, Reason: "r"}},
		{`{"do":"cash",` + at + `,"kind":"paid_out","amount":"20.00","reason":"r"}`, till.MoveCash{Kind: "paid_out", Amount: 2000, Reason: "r"}},
		{`{"do":"cash",` + at + `,"kind":"no_sale"}`, till.MoveCash{Kind: "no_sale"}},
		{`{"do":"close",` + at + `,"count":{"0.5":4,"100":3,"20":0}}`,
			till.CloseShift{Count: till.Count{{Denomination: 10000, N: 3}, {Denomination: 2000, N: 0}, {Denomination: 50, N: 4}}}},
		{`{"do":"close",` + at + `,"count":{}}`, till.CloseShift{}},
	} {
		l, err := parse(cny, []byte(row.line))
		if err != nil {
			t.Errorf("%s: %v", row.line, err)
			continue
		}
		want := till.Act{Command: row.want, At: l.act.At, Replayed: true}
		if !reflect.DeepEqual(l.act, want) {
			t.Errorf("%s\n got %#v\nwant %#v", row.line, l.act.Command, row.want)
		}
		if !l.act.At.Equal(time.Date(2026, 6, 17, 23, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: at %v", row.line, l.act.At)
		}
	}
	l, err := parse(cny, []byte(`{"do":"park",`+at+`,"approved_by":"1001"}`))
	if err != nil || l.act.ApprovedBy != "1001" {
		t.Errorf("approved_by: %+v, %v", l.act, err)
	}
}

func TestBadLinesAreRefused(t *testing.T) {
	for name, row := range map[string]struct {
		line string
		code till.ErrorCode
		says string
	}{
		"no JSON":                         {`do it`, BadLine, "object"},
		"an array":                        {`[1]`, BadLine, "object"},
		"two objects":                     {`{"do":"park",` + at + `}{}`, BadLine, "follows"},
		"an object without end":           {`{"do":"park",` + at, BadLine, "end"},
		"a key twice":                     {`{"do":"park",` + at + `,"do":"cancel"}`, BadLine, "twice"},
		"not UTF-8":                       {"{\"do\":\"\xff\"}", BadLine, "UTF-8"},
		"no act":                          {`{` + at + `}`, MissingKey, "do"},
		"an act nobody knows":             {`{"do":"sell",` + at + `}`, UnknownAct, "sell"},
		"an unknown key":                  {`{"do":"park",` + at + `,"colour":"red"}`, UnknownKey, "colour"},
		"a key of another act":            {`{"do":"scan",` + at + `,"code":"1","price":"1"}`, UnknownKey, "price"},
		"a key in capitals":               {`{"do":"park","At":"2026-06-18T07:00:00Z"}`, MissingKey, "at"},
		"an unknown key inside":           {`{"do":"return",` + at + `,"receipt":"1","lines":[{"line":1,"n":2}],"refund":[{"kind":"cash","amount":"1"}]}`, UnknownKey, "lines[0].n"},
		"no time":                         {`{"do":"park"}`, MissingKey, "at"},
		"time without an offset":          {`{"do":"park","at":"2026-06-18T07:00:00"}`, BadTime, "at"},
		"time of no day":                  {`{"do":"park","at":"2026-02-30T07:00:00Z"}`, BadTime, "at"},
		"the year 1":                      {`{"do":"park","at":"0001-01-01T00:00:00Z"}`, BadTime, "at"},
		"money as a number":               {`{"do":"open",` + at + `,"operator":"1001","float":200}`, BadValue, "float"},
		"money with three decimals":       {`{"do":"open",` + at + `,"operator":"1001","float":"200.001"}`, till.BadAmount, "float"},
		"money with a comma":              {`{"do":"open",` + at + `,"operator":"1001","float":"1,000"}`, till.BadAmount, "float"},
		"money with an exponent":          {`{"do":"open",` + at + `,"operator":"1001","float":"1e3"}`, till.BadAmount, "float"},
		"money with a plus":               {`{"do":"open",` + at + `,"operator":"1001","float":"+1"}`, till.BadAmount, "float"},
		"money with a space":              {`{"do":"open",` + at + `,"operator":"1001","float":" 1"}`, till.BadAmount, "float"},
		"money below zero":                {`{"do":"open",` + at + `,"operator":"1001","float":"-1.00"}`, till.BadAmount, "float"},
		"money beyond all bounds":         {`{"do":"open",` + at + `,"operator":"1001","float":"99999999999999999999"}`, till.BadAmount, "float"},
		"a price below zero":              {`{"do":"item",` + at + `,"name":"x","price":"-1"}`, till.BadPrice, "price"},
		"a quantity of zero":              {`{"do":"scan",` + at + `,"code":"1","qty":"0"}`, till.BadQuantity, "qty"},
		"a quantity of four decimals":     {`{"do":"scan",` + at + `,"code":"1","qty":"0.0001"}`, till.BadQuantity, "qty"},
		"a quantity of 10^12":             {`{"do":"scan",` + at + `,"code":"1","qty":"1000000000000"}`, till.BadQuantity, "qty"},
		"a null for a quantity":           {`{"do":"scan",` + at + `,"code":"1","qty":null}`, BadValue, "qty"},
		"a line number in quotes":         {`{"do":"void",` + at + `,"line":"1"}`, BadValue, "line"},
		"line zero":                       {`{"do":"void",` + at + `,"line":0}`, BadValue, "line"},
		"half a line":                     {`{"do":"void",` + at + `,"line":1.5}`, BadValue, "line"},
		"void of the sale":                {`{"do":"void",` + at + `,"line":"sale"}`, BadValue, "line"},
		"a percentage with its sign":      {`{"do":"discount",` + at + `,"line":1,"percent":"10%"}`, till.BadDiscount, "percent"},
		"percentage and amount":           {`{"do":"discount",` + at + `,"line":1,"percent":"10","amount":"1"}`, BadValue, "either"},
		"neither percentage nor amount":   {`{"do":"discount",` + at + `,"line":1}`, BadValue, "either"},
		"a tender kind nobody knows":      {`{"do":"tender",` + at + `,"kind":"gold","amount":"1"}`, till.UnknownTender, "gold"},
		"a wallet without a name":         {`{"do":"tender",` + at + `,"kind":"wallet:","amount":"1"}`, till.UnknownTender, "wallet"},
		"a tender without amount":         {`{"do":"tender",` + at + `,"kind":"card"}`, MissingKey, "amount"},
		"a card tender of zero":           {`{"do":"tender",` + at + `,"kind":"card","amount":"0.00"}`, till.BadAmount, "amount"},
		"change from a card":              {`{"do":"tender",` + at + `,"kind":"card","amount":"1","tendered":"2"}`, UnknownKey, "tendered"},
		"foreign cash without a rate":     {`{"do":"tender",` + at + `,"kind":"foreign:USD","amount":"1"}`, MissingKey, "rate"},
		"a rate of zero":                  {`{"do":"tender",` + at + `,"kind":"foreign:USD","amount":"1","rate":"0"}`, till.BadAmount, "rate"},
		"an amount with none":             {`{"do":"tender",` + at + `,"kind":"none","amount":"1"}`, UnknownKey, "amount"},
		"a return without refund":         {`{"do":"return",` + at + `,"receipt":"1","lines":[{"line":1}]}`, MissingKey, "refund"},
		"a return of nothing":             {`{"do":"return",` + at + `,"receipt":"1","lines":[],"refund":[{"kind":"cash","amount":"1"}]}`, BadValue, "lines"},
		"a return by receipt with items":  {`{"do":"return",` + at + `,"receipt":"1","lines":[{"line":1}],"items":[],"refund":[{"kind":"cash","amount":"1"}]}`, UnknownKey, "items"},
		"a receipt that is no number":     {`{"do":"post_void",` + at + `,"receipt":"R17"}`, BadValue, "receipt"},
		"receipt zero":                    {`{"do":"post_void",` + at + `,"receipt":"000000"}`, BadValue, "receipt"},
		"a receipt of twenty digits":      {`{"do":"post_void",` + at + `,"receipt":"11111111111111111111"}`, BadValue, "receipt"},
		"a cash movement nobody knows":    {`{"do":"cash",` + at + `,"kind":"stolen","amount":"1"}`, BadValue, "kind"},
		"a close without count":           {`{"do":"close",` + at + `}`, MissingKey, "count"},
		"a denomination that is no money": {`{"do":"close",` + at + `,"count":{"ten":1}}`, till.BadAmount, "ten"},
		"a denomination of zero":          {`{"do":"close",` + at + `,"count":{"0":1}}`, till.BadAmount, "0"},
		"half a note":                     {`{"do":"close",` + at + `,"count":{"10":0.5}}`, BadValue, "10"},
		"pieces below zero":               {`{"do":"close",` + at + `,"count":{"10":-1}}`, BadValue, "10"},
		"a denomination twice":            {`{"do":"close",` + at + `,"count":{"0.5":1,"0.50":1}}`, BadValue, "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(cny, []byte(row.line))
			if till.CodeOf(err) != row.code || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s: %v, want %s with %q", row.line, err, row.code, row.says)
			}
		})
	}
}

// FuzzLine checks that no line of bytes brings the reader down, and that what
// it takes is complete and within bounds.
func FuzzLine(f *testing.F) {
	f.Add([]byte(`{"do":"tender",` + at + `,"kind":"foreign:USD","amount":"71.00","rate":"7.1"}`))
	f.Add([]byte(`{"do":"return",` + at + `,"receipt":"000017","lines":[{"line":1,"qty":"1"}],"refund":[{"kind":"cash","amount":"3.50"}]}`))
	f.Add([]byte(`{"do":"close",` + at + `,"count":{"0.5":4,"100":3}}`))
	f.Add([]byte(`{"do":"discount",` + at + `,"line":"sale","percent":"100","reason":"\ud800"}`))
	f.Add([]byte(strings.Repeat(`{"do":`, 40)))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := parse(cny, b)
		if err != nil {
			if till.CodeOf(err) == "" {
				t.Fatalf("%q: refused without a code: %v", b, err)
			}
			return
		}
		if l.act.Command == nil || l.act.At.IsZero() || !l.act.Replayed {
			t.Fatalf("%q: taken as %+v", b, l.act)
		}
		// What was taken is an object whose act and time stand in it.
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil || m["do"] != l.do {
			t.Fatalf("%q: taken, yet %v", b, err)
		}
		switch c := l.act.Command.(type) {
		case till.Scan:
			if c.Qty <= 0 || c.Qty > money.QuantityMax || c.Code == "" {
				t.Fatalf("%q: %+v", b, c)
			}
		case till.PayCash:
			if c.Amount < 0 || c.Tendered < 0 || c.Amount > money.AmountMax {
				t.Fatalf("%q: %+v", b, c)
			}
		case till.Pay:
			if !c.Kind.Valid() || c.Amount < 0 {
				t.Fatalf("%q: %+v", b, c)
			}
		}
	})
}
