package till

import "guitai/till/money"

// Aside is what a scan put into a parked sale while the sale on the screen was
// being paid, with what is needed to take it back.
type Aside struct {
	Sale ID
	N    int // the sale's number among the parked ones of its shift
	Line int
	Qty  money.Quantity
	New  bool // the sale was begun for it
}

// settling says why a sale takes no goods any more; nil where it takes them.
func (r *Register) settling(s *Sale) error {
	if err := r.beingPaid(s); err != nil {
		return err
	}
	if len(s.Tenders) > 0 {
		return refuse(SaleHasTenders)
	}
	return nil
}

// aside reports whether scanned goods are for another sale than the one on the
// screen, because that one is being paid. Replayed acts park and recall for
// themselves.
func (a *acting) aside(paying bool) bool {
	return a.sale != nil && !a.act.Replayed && (paying || a.r.settling(a.sale) != nil)
}

// putAside adds a line to the next parked sale that takes goods, or to one
// begun for it. What is being paid stays as it is.
func (a *acting) putAside(l Line, merge bool) error {
	if err := a.ready(); err != nil {
		return err
	}
	r := a.r
	at, n := -1, r.st.Shift.Parked+1
	s := &Sale{ID: r.opt.NewID(), OpenedAt: a.at, Operator: a.who(), ParkedAs: n}
	for i, p := range r.st.Parked {
		if r.settling(p.Sale) == nil {
			at, n, s = i, p.N, p.Sale.Clone()
			break
		}
	}
	line, err := a.place(s, l, merge)
	if err != nil {
		return err
	}
	if err := s.Price(); err != nil {
		return &Error{Code: TooLarge, Err: err}
	}
	a.tx.Keep = append(a.tx.Keep, s)
	a.stay()
	a.then(func() {
		if at < 0 {
			r.st.Parked = append(r.st.Parked, Parked{n, s})
			sh := *r.st.Shift
			sh.Parked = n
			r.st.Shift = &sh
		} else {
			r.st.Parked[at].Sale = s
		}
		r.note(Info, NoteAside, l.Name)
		r.notice.Aside = &Aside{Sale: s.ID, N: n, Line: line, Qty: l.Qty, New: at < 0}
	})
	return nil
}

// undoAside takes back what a scan put into a parked sale. Removed lines stay
// on record, and so does a sale that is left without any.
func (a *acting) undoAside(c UndoAside) error {
	if err := a.ready(); err != nil {
		return err
	}
	r := a.r
	for i, p := range r.st.Parked {
		if p.Sale.ID != c.Sale {
			continue
		}
		s := p.Sale.Clone()
		l := s.Line(c.Line)
		if l == nil || l.Voided || c.Qty <= 0 || l.Qty < c.Qty || r.settling(s) != nil {
			return refuse(NothingToUndo)
		}
		if l.Qty > c.Qty {
			l.Qty -= c.Qty
		} else {
			l.Voided, l.By = true, a.who()
		}
		if err := s.Price(); err != nil {
			return &Error{Code: TooLarge, Err: err}
		}
		if s.Live() > 0 {
			a.tx.Keep = append(a.tx.Keep, s)
			a.then(func() { r.st.Parked[i].Sale = s })
		} else {
			a.giveUp(s, "")
			rest := append(append([]Parked(nil), r.st.Parked[:i]...), r.st.Parked[i+1:]...)
			a.then(func() { r.st.Parked = rest })
		}
		a.stay()
		a.then(func() { r.note(Info, NoteUndone, l.Name) })
		return nil
	}
	return refuse(NothingToUndo)
}
