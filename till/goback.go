package till

import (
	"context"
	"strconv"

	"guitai/till/money"
)

// takeReturn takes goods back. What a line is worth follows from what was paid
// for it, in running totals, so that the parts of a line sum to the line.
func (a *acting) takeReturn(ctx context.Context, c TakeReturn) error {
	if err := a.ready(); err != nil {
		return err
	}
	ret := Return{ID: a.r.opt.NewID(), Of: c.Receipt, Reason: c.Reason}
	if c.Receipt == 0 {
		return a.returnLoose(c, ret)
	}
	sold, err := a.r.journal.Sold(ctx, c.Receipt)
	if err != nil {
		return err
	}
	if sold.Voided {
		return refuse(AlreadyVoided)
	}
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	if err := a.r.checkedFirst(sold.Sale.ID); err != nil {
		return err
	}
	ret.OfSale = sold.Sale.ID
	whole, err := a.returnLines(&ret, &sold, c.Lines)
	if err != nil {
		return err
	}
	if err := a.mayReturn(ret.Value); err != nil {
		return err
	}
	left := refundable(&sold)
	if err := a.refund(&ret, c.Refunds, left, &sold, whole); err != nil {
		return err
	}
	if err := a.throughWallets(ctx, &ret, &sold); err != nil {
		return err
	}
	return a.giveBack(ret)
}

// mayReturn checks the right to return against a receipt and its limit.
func (a *acting) mayReturn(value money.Amount) error {
	if limit := a.r.st.Settings.Limits.CashierRefund; limit > 0 && value > limit {
		return a.allow(MayReturnLoose, value)
	}
	return a.allow(MayReturn, value)
}

// returnLines fills the return's lines; whole tells whether nothing of the
// sale is left after it.
func (a *acting) returnLines(ret *Return, sold *Sold, want []ReturnOf) (whole bool, err error) {
	taken := map[int]money.Quantity{}
	for n, q := range sold.Returned {
		taken[n] = q
	}
	for _, w := range want {
		l := sold.Sale.Line(w.Line)
		if l == nil || l.Voided {
			return false, refuseWith(NoSuchLine, strconv.Itoa(w.Line))
		}
		if w.Qty <= 0 {
			return false, refuse(BadQuantity)
		}
		from, to := taken[l.N], taken[l.N]+w.Qty
		if to > l.Qty {
			return false, refuseWith(AboveReturnable, (l.Qty - from).String())
		}
		taken[l.N] = to
		part := func(total money.Amount) money.Amount { return money.Part(total, from, to, l.Qty) }
		ret.add(ReturnLine{
			Of: l.N, Item: l.Item, Code: l.Code, Name: l.Name, NameEN: l.NameEN, Unit: l.Unit, Category: l.Category, Weighed: l.Weighed,
			Qty: w.Qty, Tax: l.Tax, TaxIn: part(l.TaxIn), TaxAdded: part(l.TaxAdded), Paid: part(l.Paid()),
		})
	}
	if len(ret.Lines) == 0 {
		return false, refuse(NoSuchLine)
	}
	whole = true
	for i := range sold.Sale.Lines {
		if l := &sold.Sale.Lines[i]; !l.Voided && taken[l.N] < l.Qty {
			whole = false
		}
	}
	return whole, nil
}

func (r *Return) add(l ReturnLine) {
	l.N = len(r.Lines) + 1
	l.Base = l.Paid - l.TaxAdded
	r.Lines = append(r.Lines, l)
	r.Value += l.Paid
}

// returnLoose takes goods back without a receipt, with a reason and the right.
func (a *acting) returnLoose(c TakeReturn, ret Return) error {
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	if len(c.Items) == 0 {
		return refuse(NoSuchLine)
	}
	for _, it := range c.Items {
		if it.Qty == 0 {
			it.Qty = money.One
		}
		if it.Name == "" || it.Price < 0 {
			return refuse(BadPrice)
		}
		tax, ok := a.r.st.Settings.Tax(it.Tax)
		if !ok {
			return refuseWith(UnknownTaxClass, it.Tax)
		}
		gross, err := money.Gross(it.Price, it.Qty)
		if err != nil || it.Qty < 0 {
			return &Error{Code: BadQuantity, Err: err}
		}
		in, added := tax.On(gross)
		ret.add(ReturnLine{Code: it.Code, Name: it.Name, NameEN: it.NameEN, Category: it.Category, Qty: it.Qty, Tax: tax, TaxIn: in, TaxAdded: added, Paid: gross + added})
	}
	if err := a.allow(MayReturnLoose, ret.Value); err != nil {
		return err
	}
	if err := a.refund(&ret, c.Refunds, nil, nil, false); err != nil {
		return err
	}
	return a.giveBack(ret)
}

// A limit is what one tender kind may still give back.
type limit struct {
	kind TenderKind
	left money.Amount
}

// refundable lists, in the order in which the sale took them, what each tender
// kind took less what it gave back.
func refundable(sold *Sold) []limit {
	var out []limit
	for _, t := range sold.Sale.Tenders {
		found := false
		for i := range out {
			if out[i].kind == t.Kind {
				out[i].left += t.Amount
				found = true
			}
		}
		if !found {
			out = append(out, limit{t.Kind, t.Amount - sold.Refunded[t.Kind]})
		}
	}
	return out
}

// refund settles what is given back. With a receipt no tender gives more than
// it has left; the sum is the value returned, rounded only in its cash part.
func (a *acting) refund(ret *Return, want []Refund, limits []limit, sold *Sold, whole bool) error {
	if len(want) == 0 {
		want = a.proposeRefund(ret.Value, limits, sold, whole)
	}
	var cash, other money.Amount
	byKind := map[TenderKind]money.Amount{}
	for _, w := range want {
		if !w.Kind.Valid() || w.Kind == NoTender {
			return refuseWith(UnknownTender, string(w.Kind))
		}
		if w.Amount < 0 || len(w.Ref) > textMax || (w.Amount == 0 && ret.Value != 0) {
			return refuse(BadAmount)
		}
		byKind[w.Kind] += w.Amount
		if w.Kind == Cash {
			cash += w.Amount
		} else {
			other += w.Amount
		}
		if w.Amount == 0 {
			continue
		}
		evidence := ByCashier
		if a.act.Replayed {
			evidence = ByImport
		}
		ret.Refunds = append(ret.Refunds, Tender{N: len(ret.Refunds) + 1, Kind: w.Kind, Amount: w.Amount, Tendered: w.Amount, Ref: w.Ref, Evidence: evidence, At: a.at, By: a.who()})
	}
	if sold != nil {
		for kind, amount := range byKind {
			left := money.Amount(0)
			for _, l := range limits {
				if l.kind == kind {
					left = l.left
				}
			}
			if amount > left {
				return refuseWith(AboveRefundable, string(kind)+" "+a.r.st.Settings.Currency.Format(left))
			}
		}
	}
	sum := cash + other
	for _, ok := range a.refundSums(ret.Value, cash, other, limits, sold, whole) {
		if sum == ok {
			ret.Rounding = ret.Value - sum
			return nil
		}
	}
	return refuseWith(RefundNotEqual, a.r.st.Settings.Currency.Format(ret.Value))
}

// refundSums lists the sums that settle a return of value: the value itself,
// the value with its cash part rounded, and, where the whole sale comes back
// or no more was ever paid, all that is left.
func (a *acting) refundSums(value, cash, other money.Amount, limits []limit, sold *Sold, whole bool) []money.Amount {
	sums := []money.Amount{value}
	if cash > 0 || value-other != 0 {
		sums = append(sums, other+a.r.st.Settings.CashRounding.Round(value-other))
		if sold != nil && sold.Sale.RoundDown > 1 {
			sums = append(sums, other+money.RoundTo(value-other, sold.Sale.RoundDown, money.Down))
		}
	}
	if sold != nil {
		var left money.Amount
		for _, l := range limits {
			left += l.left
		}
		if whole || left < value {
			sums = append(sums, left)
		}
	}
	return sums
}

// proposeRefund fills the original tenders in order; a return without a
// receipt is proposed in cash.
func (a *acting) proposeRefund(value money.Amount, limits []limit, sold *Sold, whole bool) []Refund {
	round := a.r.st.Settings.CashRounding.Round
	if sold == nil {
		return []Refund{{Kind: Cash, Amount: round(value)}}
	}
	var out []Refund
	rest := value
	for i, l := range limits {
		give := min(rest, l.left)
		last := rest <= l.left || i == len(limits)-1
		if l.kind == Cash && last && !whole {
			if rounded := round(rest); rounded <= l.left {
				give = rounded
			}
		}
		if whole {
			give = l.left
		}
		if give > 0 {
			out = append(out, Refund{Kind: l.kind, Amount: give})
		}
		if rest -= give; last && !whole {
			break
		}
	}
	return out
}

// giveBack writes the return with its own receipt number.
func (a *acting) giveBack(ret Return) error {
	r := a.r
	ret.Receipt = r.st.Receipt + 1
	a.enter(&Returned{Return: ret})
	if !a.act.Replayed {
		a.tx.Print = append(a.tx.Print, PrintJob{Kind: SlipReceipt, Ref: int64(ret.Receipt)})
		for _, t := range ret.Refunds {
			if t.Kind == Cash {
				a.tx.Pulse = "refund"
			}
		}
	}
	if a.sale != nil {
		a.tx.Current = a.sale.ID
	}
	a.then(func() {
		r.st.Receipt = ret.Receipt
		r.fresh(0)
		r.done = &Done{Return: &ret}
		r.note(Paid, NoteReturned, "")
	})
	return nil
}

// postVoid undoes a whole sale: every line back, every tender given back.
func (a *acting) postVoid(ctx context.Context, c PostVoid) error {
	if err := a.ready(); err != nil {
		return err
	}
	sold, err := a.r.journal.Sold(ctx, c.Receipt)
	if err != nil {
		return err
	}
	if sold.Voided {
		return refuse(AlreadyVoided)
	}
	if len(sold.Returned) > 0 {
		return refuseWith(AboveReturnable, "0")
	}
	if err := a.r.checkedFirst(sold.Sale.ID); err != nil {
		return err
	}
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	if err := a.allow(MayPostVoid, sold.Sale.Total()); err != nil {
		return err
	}
	ret := Return{ID: a.r.opt.NewID(), Of: c.Receipt, OfSale: sold.Sale.ID, PostVoid: true, Reason: c.Reason}
	var all []ReturnOf
	for i := range sold.Sale.Lines {
		if l := &sold.Sale.Lines[i]; !l.Voided {
			all = append(all, ReturnOf{l.N, l.Qty})
		}
	}
	if _, err := a.returnLines(&ret, &sold, all); err != nil {
		return err
	}
	for _, l := range refundable(&sold) {
		if l.left > 0 {
			ret.Refunds = append(ret.Refunds, Tender{N: len(ret.Refunds) + 1, Kind: l.kind, Amount: l.left, Tendered: l.left, Evidence: ByCashier, At: a.at, By: a.who()})
		}
	}
	ret.Rounding = ret.Value - sold.Sale.Total()
	if err := a.throughWallets(ctx, &ret, &sold); err != nil {
		return err
	}
	return a.giveBack(ret)
}
