package till

import (
	"context"
	"strings"

	"guitai/till/money"
)

// mendTender moves a tender to the kind it should have had. What a provider
// vouches for, what was refunded since, and cash that was rounded cannot be
// mended: return the sale and ring it again.
func (a *acting) mendTender(ctx context.Context, c MendTender) error {
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
	if c.Share < 1 || c.Share > len(sold.Sale.Tenders) {
		return refuse(UnknownTender)
	}
	t := sold.Sale.Tenders[c.Share-1]
	switch c.Kind.Family() {
	case "cash", "card", "transfer", "voucher", "on_account", "qr":
	default:
		return refuseWith(UnknownTender, string(c.Kind))
	}
	if !c.Kind.Valid() || c.Kind == t.Kind || len(c.Ref) > textMax {
		return refuseWith(UnknownTender, string(c.Kind))
	}
	rounded := sold.Sale.Rounding != 0 && (t.Kind == Cash || c.Kind == Cash)
	if t.Evidence == ByProvider || t.Kind.Family() == "foreign" || t.Kind == NoTender || sold.Refunded[t.Kind] != 0 || rounded {
		return refuse(NotMendable)
	}
	if err := a.reason(c.Reason); err != nil {
		return err
	}
	if err := a.allow(MayMendTender, t.Amount); err != nil {
		return err
	}
	a.enter(&TenderMended{
		ID: a.r.opt.NewID(), Receipt: c.Receipt, Share: c.Share, From: t.Kind, To: c.Kind, Amount: t.Amount, Ref: strings.TrimSpace(c.Ref), Reason: c.Reason,
	})
	a.stay()
	r := a.r
	a.then(func() {
		r.pending = nil
		r.note(Info, NoteSaved, "")
	})
	return nil
}

// Mend applies a correction to the totals of the shift that made it. Tendered
// follows the kept amount; a change once given stays with the kind that gave it.
func (t *ShiftTotals) Mend(m *TenderMended) {
	t.tender(m.From).add(-m.Amount, m.From)
	t.tender(m.To).add(m.Amount, m.To)
}

func (t *ShiftTotals) tender(k TenderKind) *TenderTotal {
	for i := range t.Tenders {
		if t.Tenders[i].Kind == k {
			return &t.Tenders[i]
		}
	}
	t.Tenders = append(t.Tenders, TenderTotal{Kind: k})
	return &t.Tenders[len(t.Tenders)-1]
}

func (t *TenderTotal) add(amount money.Amount, k TenderKind) {
	n := 1
	if amount < 0 {
		n = -1
	}
	t.Count += n
	t.Amount += amount
	t.Tendered += amount
	if k.NeedsProof() {
		t.Unverified += amount
		t.UnvCount += n
	}
}
