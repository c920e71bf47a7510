package till

import (
	"strings"

	"guitai/till/money"
)

// textMax bounds references and reasons, in bytes.
const textMax = 200

// due returns a copy of the basket to settle.
func (a *acting) due() (*Sale, error) {
	if err := a.ready(); err != nil {
		return nil, err
	}
	if a.sale == nil || a.sale.Live() == 0 {
		return nil, refuse(NoSaleOpen)
	}
	if err := a.r.beingPaid(a.sale); err != nil {
		return nil, err
	}
	if err := a.allow(MaySell, a.sale.Due()); err != nil {
		return nil, err
	}
	return a.sale.Clone(), nil
}

// payCash takes cash. Rounding applies only where the cash settles what is
// left; a part paid in cash is never rounded.
func (a *acting) payCash(c PayCash) error {
	s, err := a.due()
	if err != nil {
		return err
	}
	cashDue := s.CashDue(a.r.st.Settings.CashRounding)
	t := Tender{Kind: Cash, Amount: c.Amount, Tendered: c.Tendered}
	switch {
	case c.Amount < 0 || c.Tendered < 0 || c.Tendered > money.AmountMax:
		return refuse(BadAmount)
	case s.Due() <= 0:
		return refuse(NothingDue)
	case c.Amount == 0 && c.Tendered == 0:
		t.Amount, t.Tendered = cashDue, cashDue
	case c.Amount == 0:
		t.Amount = min(c.Tendered, cashDue)
	case c.Tendered == 0:
		t.Tendered = c.Amount
	}
	switch {
	case t.Amount > cashDue:
		return refuseWith(AboveDue, a.r.st.Settings.Currency.Format(cashDue))
	case t.Amount > s.Due() && t.Amount < cashDue && c.Amount == 0:
		return refuse(TenderedTooLittle) // all is to be paid, and rounding up has not been
	case t.Amount > s.Due() && t.Amount < cashDue:
		return refuseWith(AboveDue, a.r.st.Settings.Currency.Format(s.Due()))
	}
	if t.Tendered < t.Amount {
		return refuse(TenderedTooLittle)
	}
	t.Change = t.Tendered - t.Amount
	if t.Amount == cashDue {
		s.Rounding = cashDue - s.Due()
	}
	return a.take(s, t)
}

// pay takes a tender that gives no change.
func (a *acting) pay(c Pay) error {
	s, err := a.due()
	if err != nil {
		return err
	}
	if !c.Kind.Valid() || c.Kind == Cash {
		return refuseWith(UnknownTender, string(c.Kind))
	}
	if len(c.Ref) > textMax {
		return refuseWith(TooLarge, "ref")
	}
	due := s.Due()
	t := Tender{Kind: c.Kind, Amount: c.Amount, Ref: strings.TrimSpace(c.Ref), Evidence: ByCashier}
	if a.act.Replayed {
		t.Evidence = ByImport
	}
	switch c.Kind.Family() {
	case "none":
		if due != 0 || len(s.Tenders) > 0 || c.Amount != 0 {
			return refuse(TotalNotZero)
		}
		return a.take(s, t)
	case "qr", "wallet":
		// At the counter these go through a shown code or a payment attempt.
		if !a.act.Replayed {
			return refuseWith(UnknownTender, string(c.Kind))
		}
	case "foreign":
		if err := a.foreign(c, &t, due); err != nil {
			return err
		}
	}
	if t.Amount == 0 {
		t.Amount = due
	}
	switch {
	case due <= 0:
		return refuse(NothingDue)
	case t.Amount < 0:
		return refuse(BadAmount)
	case t.Amount > due:
		return refuseWith(AboveDue, a.r.st.Settings.Currency.Format(due))
	}
	t.Tendered = t.Amount
	return a.take(s, t)
}

// foreign works out what foreign cash is worth. It enters the books as its
// value and gives no change.
func (a *acting) foreign(c Pay, t *Tender, due money.Amount) error {
	if err := a.allow(MayForeignTender, due); err != nil {
		return err
	}
	cur, err := money.CurrencyOf(c.Kind.Detail())
	if err != nil || c.Rate <= 0 {
		return refuseWith(BadAmount, "rate")
	}
	// ledger minor units = foreign minor units x rate / 10^6, scaled by the
	// difference of the two exponents.
	home := a.r.st.Settings.Currency
	up, down := int64(home.Unit()), int64(cur.Unit())*1_000_000
	t.ForeignRate, t.ForeignAmount = c.Rate, c.ForeignAmount
	if c.ForeignAmount == 0 {
		amount := c.Amount
		if amount == 0 {
			amount = due
		}
		n, err := money.MulDiv(int64(amount), down, c.Rate*up, money.HalfAwayFromZero)
		if err != nil {
			return refuse(BadAmount)
		}
		t.ForeignAmount = money.Amount(n)
		return nil
	}
	n, err := money.MulDiv(int64(c.ForeignAmount), c.Rate*up, down, money.HalfAwayFromZero)
	if err != nil || c.ForeignAmount < 0 {
		return refuse(BadAmount)
	}
	if c.Amount == 0 {
		t.Amount = money.Amount(n)
	} else if c.Amount != money.Amount(n) {
		return refuseWith(BadAmount, home.Format(money.Amount(n)))
	}
	return nil
}

// take adds a tender, and completes the sale where nothing is due any more.
func (a *acting) take(s *Sale, t Tender) error {
	t.N, t.At, t.By = len(s.Tenders)+1, a.at, a.who()
	s.Tenders = append(s.Tenders, t)
	r := a.r
	if s.Due() != 0 {
		a.sale = s
		a.tx.Keep = append(a.tx.Keep, s)
		a.tx.Current = s.ID
		a.then(func() {
			r.undo = nil
			r.fresh(0)
			r.note(Info, NotePaid, "")
		})
		return nil
	}
	a.complete(s)
	return nil
}

// complete completes the sale on the screen.
func (a *acting) complete(s *Sale) {
	r := a.r
	done := a.seal(s)
	a.sale = nil
	a.then(func() {
		r.undo = nil
		r.fresh(0)
		r.done = done
		r.note(Paid, NotePaid, "")
	})
}

// seal writes a sale, its receipt number, its print job and the drawer pulse in
// one transaction.
func (a *acting) seal(s *Sale) *Done {
	r := a.r
	s.Receipt = r.st.Receipt + 1
	s.Shift, s.Day, s.CompletedAt = r.st.Shift.No, r.st.Shift.Day, a.at
	done := &Done{Sale: s}
	cash := false
	for _, t := range s.Tenders {
		done.Change += t.Change
		cash = cash || t.Kind == Cash || t.Kind.Family() == "foreign"
	}
	a.enter(&SaleCompleted{Sale: *s})
	a.tx.Drop = append(a.tx.Drop, s.ID)
	if !a.act.Replayed {
		a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipReceipt, Ref: int64(s.Receipt)})
		if cash {
			a.tx.Pulse = "sale"
		}
	}
	a.then(func() { r.st.Receipt = s.Receipt })
	return done
}

// takeBack undoes the last tender of a sale still open, where that is cash.
func (a *acting) takeBack() error {
	s, err := a.due()
	if err != nil {
		return err
	}
	n := len(s.Tenders)
	if n == 0 || s.Tenders[n-1].Kind != Cash {
		return refuse(NothingToUndo)
	}
	s.Tenders = s.Tenders[:n-1]
	a.holding(s, NoteUndone)
	return nil
}

// holding makes a basket that holds money, or has just held some, what the act
// writes. No step back leads there: it would bring a tender with it.
func (a *acting) holding(s *Sale, note ErrorCode) {
	a.sale = s
	a.tx.Keep = append(a.tx.Keep, s)
	a.tx.Current = s.ID
	r := a.r
	a.then(func() {
		r.fresh(0)
		r.note(Info, note, "")
	})
}

// openQR returns the payment code a basket is showing, or nil.
func openQR(s *Sale) *ShownQR {
	if s == nil || len(s.Shown) == 0 {
		return nil
	}
	if q := &s.Shown[len(s.Shown)-1]; q.Outcome == QRShown {
		return q
	}
	return nil
}

// showQR builds a payment code for what is due and writes it down before
// anybody can see it.
func (a *acting) showQR(c ShowQR) error {
	s, err := a.due()
	if err != nil {
		return err
	}
	if err := a.allow(MayConfirmQR, s.Due()); err != nil {
		return err
	}
	amount := c.Amount
	if amount == 0 {
		amount = s.Due()
	}
	switch {
	case s.Due() <= 0:
		return refuse(NothingDue)
	case amount < 0:
		return refuse(BadAmount)
	case amount > s.Due():
		return refuseWith(AboveDue, a.r.st.Settings.Currency.Format(s.Due()))
	case a.r.opt.QR == nil:
		return refuseWith(NoSuchMethod, c.Method)
	}
	r := a.r
	n := r.journal.NextAttempt()
	number := AttemptNumber(r.st.Settings.Till, r.st.Epoch, n)
	code, err := r.opt.QR.Build(c.Method, amount, number)
	if err != nil {
		return &Error{Code: NoSuchMethod, Detail: c.Method, Err: err}
	}
	s.Shown = append(s.Shown, ShownQR{
		Number: number, Method: c.Method, Kind: code.Kind, Amount: amount, Payee: code.Payee, Text: code.Text, At: a.at,
	})
	a.sale = s
	a.tx.Keep = append(a.tx.Keep, s)
	a.tx.Current, a.tx.Attempt = s.ID, n
	a.then(func() {
		r.typedQR = !code.AmountInCode
		r.undo = nil
		r.fresh(0)
	})
	return nil
}

// endQR returns a copy of the basket whose shown code has come to an outcome.
func (a *acting) endQR(outcome QROutcome) (*Sale, ShownQR, error) {
	if err := a.ready(); err != nil {
		return nil, ShownQR{}, err
	}
	if openQR(a.sale) == nil {
		return nil, ShownQR{}, refuse(NoQR)
	}
	s := a.sale.Clone()
	q := openQR(s)
	q.Outcome, q.EndedAt = outcome, a.at
	return s, *q, nil
}

func (a *acting) confirmQR(c ConfirmQR) error {
	s, q, err := a.endQR(QRConfirmed)
	if err != nil {
		return err
	}
	ref := strings.TrimSpace(c.Ref)
	if ref == "" || len(ref) > textMax {
		return refuse(ReferenceMissing)
	}
	if err := a.allow(MayConfirmQR, q.Amount); err != nil {
		return err
	}
	return a.take(s, Tender{Kind: q.Kind, Amount: q.Amount, Tendered: q.Amount, Ref: q.Number + "/" + ref, Evidence: ByCashier})
}

func (a *acting) abandonQR() error {
	s, _, err := a.endQR(QRAbandoned)
	if err != nil {
		return err
	}
	a.sale = s
	a.tx.Keep = append(a.tx.Keep, s)
	a.tx.Current = s.ID
	r := a.r
	a.then(func() { r.fresh(0) })
	return nil
}

func (a *acting) printQR() error {
	q := openQR(a.sale)
	if q == nil {
		return refuse(NoQR)
	}
	a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipQR, Ref: int64(q.Amount), Text: q.Text})
	a.tx.Current = a.sale.ID
	return nil
}
