package ui

import (
	"guitai/till"
	"guitai/till/money"
)

// sellState is what the sell page must not lose when it is made anew: the quantity typed for the next item, the line
// chosen, the form that is open.
type sellState struct {
	quantity money.Quantity // for the next item; 0 for one
	line     int            // the chosen line; 0 for the last
	category string
	tilePage int
	asking   *asking
}

// asking is a question in the scan strip that the next Enter answers.
type asking struct {
	kind askKind
	code string    // of a new barcode
	item till.Item // whose price or weight is asked
}

type askKind uint8

const (
	askNew askKind = iota + 1 // name and price of an unknown barcode
	askPrice
	askWeight
	askAmount
)

// scanned sells a scanned code, from whatever page it came.
func (s *sellState) scanned(w *Window, code string) {
	q := s.quantity
	s.quantity = 0
	if w.at != PageSell && w.mayOpen(PageSell) && (w.view.Sale == nil || len(w.view.Sale.Tenders) == 0) && w.view.QR == nil {
		w.back = nil
		w.open(PageSell, nil)
	}
	w.Do(till.Scan{Code: code, Qty: q, Merge: w.view.Settings.Merge})
}
