package ui

import (
	"context"

	"guitai/till"
	"guitai/till/money"
)

// sellState is what the sell page must not lose when it is made anew: the quantity for the next item, the line chosen,
// the question that is open.
type sellState struct {
	quantity money.Quantity // for the next item; 0 for one
	line     int            // the chosen line's number; 0 for the latest
	of       till.ID        // the sale that line is of
	added    uint64         // the notice of the line that was added last
	category string         // of the tiles; "" for the favourites
	from     int            // the first tile shown
	search   *search        // nil while no search is open
	asking   *asking        // nil while nothing is asked
	discount *discounting   // nil while the sheet is shut
	scanned  string         // the code handed over last
}

// asking is a question in the scan strip that the next Enter answers.
type asking struct {
	kind  askKind
	code  string    // as scanned; "" where no scan led here
	item  till.Item // whose price or weight is asked
	line  int       // whose weight is asked; 0 where item is not in the cart yet
	name  string    // typed for a new barcode
	price string    // typed for it
	group string    // chosen for it
	wrong string    // why it could not be kept
	busy  bool
}

type askKind uint8

const (
	askNew    askKind = iota + 1 // name and price of an unknown barcode
	askPrice                     // price of an item that has none
	askWeight                    // weight of an item sold by it
	askAmount                    // price of goods without a barcode
)

// search is a search in progress.
type search struct {
	text  string
	found []till.Item
	looks map[till.ID]TileLook // of found
	done  string               // the text that found is for
}

// scan sells a scanned or typed code, from whatever page it came.
func (w *Window) sellCode(code string) {
	s := &w.sell
	sale := w.view.Sale
	if w.at != PageSell && w.at != PageTender && w.view.QR == nil && (sale == nil || len(sale.Tenders) == 0) {
		w.back = nil
		w.open(PageSell, nil)
	}
	s.scanned, s.line = till.PlainCode(code), 0
	w.Do(till.Scan{Code: code, Qty: s.quantity, Merge: w.view.Settings.Merge, Paying: w.at == PageTender})
	s.quantity = 0
}

// sellItem adds a catalogue item, or asks what is missing first.
func (w *Window) sellItem(it till.Item) {
	s := &w.sell
	qty := s.quantity
	switch {
	case it.Price == 0:
		s.asking = &asking{kind: askPrice, item: it}
		w.entry.clear()
	case it.Weighed && qty == 0:
		q, err := money.ParseQuantity(tidyNumber(w.entry.text))
		if w.entry.text == "" || err != nil {
			s.asking = &asking{kind: askWeight, item: it}
			w.entry.clear()
			break
		}
		qty = q
		fallthrough
	default:
		s.quantity, s.line = 0, 0
		w.entry.clear()
		w.Do(till.AddItem{Item: it, Qty: qty, Merge: w.view.Settings.Merge})
	}
	w.refreshPage()
}

// ask opens a question.
func (w *Window) ask(a *asking) {
	w.sell.asking, w.message = a, nil
	w.sell.search, w.sell.discount = nil, nil
	w.entry.clear()
}

// answer takes what is typed as the answer of the open question.
func (w *Window) answer() {
	a := w.sell.asking
	c := w.Currency()
	switch a.kind {
	case askNew:
		w.keepNew()
		return
	case askWeight:
		q, fromScale := w.answeredWeight(a.item.Unit)
		if q <= 0 {
			w.play("notfound")
			return
		}
		w.sell.asking = nil
		if fromScale > 0 && w.ports.Weighed != nil {
			w.ports.Weighed(fromScale)
		}
		if a.line != 0 {
			w.Do(till.SetQty{Line: a.line, Qty: q})
		} else {
			w.Do(till.AddItem{Item: a.item, Qty: q, Scanned: a.code != ""})
		}
	default:
		p, err := c.ParsePrice(tidyNumber(w.entry.text))
		if err != nil || p <= 0 {
			w.play("notfound")
			return
		}
		w.sell.asking = nil
		if a.kind == askAmount {
			w.sellTyped(p)
			break
		}
		it := a.item
		it.Price = p
		if it.Weighed {
			w.ask(&asking{kind: askWeight, item: it, code: a.code})
			break
		}
		w.Do(till.AddItem{Item: it, Qty: w.takeQuantity(), Scanned: a.code != ""})
	}
	w.entry.clear()
	w.refreshPage()
}

func (w *Window) takeQuantity() money.Quantity {
	q := w.sell.quantity
	w.sell.quantity = 0
	return q
}

// sellTyped adds goods that have no code, at a price.
func (w *Window) sellTyped(p money.UnitPrice) {
	w.Do(till.AddTyped{
		Name: WordsOf("zh-Hans").Say("sell.typed_name"), NameEN: WordsOf("en").Say("sell.typed_name"),
		Price: p, Qty: w.takeQuantity(),
	})
}

// keepNew adds the new barcode's item to the catalogue and to the sale.
func (w *Window) keepNew() {
	a := w.sell.asking
	p, err := w.Currency().ParsePrice(tidyNumber(a.price))
	if a.busy || a.name == "" || err != nil || p <= 0 {
		w.play("notfound")
		return
	}
	if w.ports.Catalog == nil {
		w.sellOnce()
		return
	}
	a.busy, a.wrong = true, ""
	it := till.Item{Name: a.name, Price: p, Category: a.group, Barcodes: []string{a.code}}
	qty := w.takeQuantity()
	var kept till.Item
	var failed error
	by := w.operatorCode()
	w.Ask(func(ctx context.Context) { kept, failed = w.ports.Catalog.SaveItem(ctx, it, by) }, func() {
		a.busy = false
		if failed != nil {
			a.wrong = w.Say("new.failed", "name", a.name) + " " + w.Say("new.failed_body", "detail", w.refusalWords(failed))
			w.sell.quantity = qty
			w.play("failed")
		} else if w.sell.asking == a {
			w.sell.asking = nil
			w.win.Canvas().Unfocus() // what is typed next is for the sale
			w.Do(till.AddItem{Item: kept, Qty: qty, Scanned: true})
		} // else it was left: it is known now, and sold by the next scan
		w.refreshPage()
	})
	w.refreshPage()
}

// sellOnce sells a new barcode without keeping it.
func (w *Window) sellOnce() {
	a := w.sell.asking
	p, err := w.Currency().ParsePrice(tidyNumber(a.price))
	if err != nil || p <= 0 {
		w.play("notfound")
		return
	}
	w.sell.asking = nil
	w.win.Canvas().Unfocus() // what is typed next is for the sale
	typed := till.AddTyped{Name: a.name, Code: a.code, Category: a.group, Price: p, Qty: w.takeQuantity(), Scanned: true}
	if typed.Name == "" {
		typed.Name, typed.NameEN = WordsOf("zh-Hans").Say("sell.typed_name"), WordsOf("en").Say("sell.typed_name")
	}
	w.Do(typed)
	w.refreshPage()
}

// questions opens the question that a notice of the register calls for, and reports whether it did.
func (w *Window) questions(n *till.Notice, v till.View) bool {
	s := &w.sell
	switch n.Code {
	case till.UnknownCode:
		if n.Detail == "" || s.asking != nil && (s.asking.name != "" || s.asking.price != "") {
			return false
		}
		if _, err := till.ParseBarcode(n.Detail); till.CodeOf(err) == till.BadCheckDigit {
			// Half a read, most likely. A code that the shop made up itself can still be added.
			w.message = w.refusal(&till.Notice{Seq: n.Seq, Kind: till.Refused, Code: till.BadCheckDigit, Detail: n.Detail}, v)
			w.message.Actions = append([]MessageAction{{w.Say("sell.add_anyway"), "", func() {
				w.ask(&asking{kind: askNew, code: n.Detail})
				w.refreshPage()
			}}}, w.message.Actions...)
			return false
		}
		w.ask(&asking{kind: askNew, code: n.Detail})
		return true
	case till.PriceZero:
		code := s.scanned
		if w.ports.Catalog == nil || code == "" {
			return false
		}
		var found []till.Item
		w.Ask(func(ctx context.Context) { found, _ = w.ports.Catalog.Search(ctx, code) }, func() {
			if len(found) > 0 && found[0].Price == 0 {
				w.ask(&asking{kind: askPrice, item: found[0], code: code})
				w.refreshPage()
			}
		})
	case till.NoteAdded:
		if v.Sale == nil || s.scanned == "" {
			return false
		}
		l := v.Sale.Line(v.LastLine)
		if l != nil && l.Weighed && l.Qty == money.One && l.Code == s.scanned {
			// A look-up code says nothing of the weight; a scale's label does.
			w.ask(&asking{kind: askWeight, line: l.N, item: till.Item{Name: l.Name, NameEN: l.NameEN, Unit: l.Unit}})
			return true
		}
	}
	return false
}
