package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// byWallet is the last tender of a sale that a wallet's provider confirmed and that ends in no change; nil for any
// other sale.
func byWallet(d *till.Done) *till.Tender {
	if d.Change != 0 || len(d.Sale.Tenders) == 0 {
		return nil
	}
	t := &d.Sale.Tenders[len(d.Sale.Tenders)-1]
	if t.Evidence != till.ByProvider {
		return nil
	}
	return t
}

// paidBy names who took the money of a tender that a provider vouches for.
func (w *Window) paidBy(k till.TenderKind) string {
	if k == till.Card {
		return w.walletName(till.CardTerminal)
	}
	return w.walletName(k.Detail())
}

// received says that a wallet's money is there, in place of the change: what was received, and what has happened.
func (p *resultPage) received(s *till.Sale, t *till.Tender) fyne.CanvasObject {
	w, name := p.w, p.w.paidBy(t.Kind)
	number, provider, _ := strings.Cut(t.Ref, "/")
	total := kit.TotalView{Label: w.Say("wallet.in_full"), Amount: w.Money(s.Total()), Size: p.size.pick(56, 44), Progress: 1,
		Number: w.Say("pay.items", "no", receiptNo(s.Receipt), "items", w.words.count("sell.items", s.Pieces().String())),
		Due:    w.Say("pay.total", "amount", w.Money(s.Total())), Paid: w.Say("pay.paid", "amount", w.Money(s.Total()))}
	parts := make([]string, len(s.Tenders))
	for i, x := range s.Tenders {
		parts[i] = w.tenderName(x.Kind) + " " + w.Money(x.Amount)
		total.Taken = append(total.Taken, kit.Taken{Plate: w.plate(x.Kind, 32), Name: w.tenderName(x.Kind), Amount: w.Money(x.Amount)})
	}
	if n := len(total.Taken); n > 3 {
		total.Taken = total.Taken[n-3:]
	}
	width := p.size.pickWide(380, 290)
	left := w.saleColumn(p.size, width, s, total, []payFact{{label: w.Say("qr.method"), plate: w.plate(t.Kind, 28), value: name}, {label: w.Say("qr.number"), value: grouped(number)}}, nil)

	head := kit.NewBanner(kit.Good, true, "circle-check-big", w.Say("wallet.received", "name", name, "amount", w.Money(t.Amount)),
		w.Say("wallet.received_sub", "parts", strings.Join(parts, " + ")), nil)
	facts := kit.Col(0)
	add := func(icon, what, value string) {
		facts.Add(kit.Fixed(p.size.pick(65, 52), kit.Row(16, kit.NewIcon(icon, 26, kit.Accent), kit.Grow(1, kit.Middle(kit.NewBold(what, 18, kit.Ink))), kit.Middle(kit.NewLabel(value, p.size.pickWide(17, 15), kit.Ink2)))))
		facts.Add(kit.Hairline())
	}
	add("receipt-text", w.Say("result.print"), receiptNo(s.Receipt))
	add("hard-drive", w.Say("result.saved"), w.local(s.CompletedAt).Format("15:04:05"))
	add("monitor", w.Say("wallet.display"), w.Say("customer.thanks"))
	if c, ok := till.ReadCardPaid(provider); ok && t.Kind == till.Card {
		add("credit-card", strings.TrimSpace(c.Scheme+" **** "+c.Last4), w.Say("terminal.trace", "trace", c.Trace, "auth", c.Auth))
	} else if provider != "" {
		add("hash", w.Say("wallet.transaction", "name", name), masked(provider))
	}
	if fee, days, ok := w.feeOf(t, s.Day); ok {
		add("wallet-cards", w.Say("wallet.fee", "fee", w.Money(fee)), w.words.count("wallet.settles", strconv.Itoa(days), "amount", w.Money(t.Amount-fee)))
	}
	card := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, head, kit.Grow(1, kit.Inset(6, 18, 10, 30, kit.NewScroll(kit.Inset(0, 12, 0, 0, facts))))))
	acts := []payAct{{label: w.Say("result.again"), icon: "printer", key: "F5", grow: 1, do: p.again},
		{label: w.Say("wallet.return"), icon: "undo-2", grow: 1, do: func() { w.OpenWith(PageReturns, s.Receipt) }}}
	if parked := w.view.Parked; len(parked) > 0 {
		// It may hold what the next customer put down while this one paid.
		acts[1] = payAct{label: w.Say("wallet.bring_back", "n", strconv.Itoa(parked[0].N), "amount", w.Money(parked[0].Sale.Total())), icon: "pause", key: "F4", grow: 1.2, do: p.recall}
	}
	acts = append(acts, payAct{label: w.Say("result.next"), icon: "scan-barcode", key: "Enter", kind: kit.Main, grow: 1.7, do: p.next})
	return kit.Row(12, kit.Fixed(width, left), kit.Grow(1, kit.Col(10, kit.Grow(1, card), kit.Fixed(68, actRow(acts, p.size.last)))))
}

// masked shows the first and the last four characters of a reference, as receipts do.
func masked(ref string) string {
	if len(ref) <= 8 {
		return ref
	}
	return ref[:4] + " **** " + ref[len(ref)-4:]
}

// feeOf is what the provider keeps of a tender, and after how many days it pays the rest out; false where the shop has
// no fee for it on record.
func (w *Window) feeOf(t *till.Tender, day till.BusinessDay) (fee money.Amount, days int, ok bool) {
	x, found := w.view.Settings.Wallet(t.Kind.Detail())
	if !found || len(x.Fees) == 0 {
		return 0, 0, false
	}
	rule := x.FeeOn(day)
	return rule.Of(t.Amount), x.Settles, true
}
