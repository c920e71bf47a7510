package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// document begins a document of this ledger: who it is from and in what it
// counts.
func document(ctx context.Context, q rowQuerier, kind string, day till.BusinessDay) (*till.DayDocument, error) {
	s, err := settingsNow(ctx, q)
	if err != nil {
		return nil, err
	}
	d := &till.DayDocument{Schema: till.DaySchema, Kind: kind, TillName: s.Till, BusinessDate: day.String(), Currency: s.Currency.Code, Exponent: s.Currency.Exponent,
		Timezone: "UTC", Tenders: []till.DocumentTender{}, Taxes: []till.DocumentTax{}, Cash: []till.DocumentCash{}, Hours: []till.DocumentHour{}, Items: []till.DocumentItem{},
		Categories: []till.DocumentCategory{}, Cashiers: []till.DocumentCashier{}}
	if s.Zone != nil {
		d.Timezone = s.Zone.String()
	}
	if d.Till, err = metaText(ctx, q, metaTillID); err != nil {
		return nil, err
	}
	d.Epoch, err = epochNow(ctx, q)
	return d, err
}

const metaTillID = "till_id"

// metaText reads one value beside the journal; empty where there is none.
func metaText(ctx context.Context, q rowQuerier, key string) (string, error) {
	var v string
	err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

// epochNow is the number of this ledger's epoch: the second of UTC at which it
// was founded or last restored, and above those before, whatever the clock said.
func epochNow(ctx context.Context, q rowQuerier) (int64, error) {
	var epoch int64
	err := each(ctx, q, "SELECT at_ms FROM entry WHERE kind IN (?, ?) ORDER BY seq", []any{int64(till.KindFounded), int64(till.KindRestored)}, func(r scanner) error {
		var ms int64
		err := r.Scan(&ms)
		epoch = max(epoch+1, ms/1000)
		return err
	})
	return epoch, err
}

// fillShift writes what a tally says of one shift into a document.
func fillShift(d *till.DayDocument, t *tally, totals till.ShiftTotals, taxes []till.TaxTotal) {
	d.Shift = totals.Shift
	d.Sales = till.DocumentSales{Count: totals.Sales, Gross: totals.Gross, Discounts: totals.Discounts, TaxAdded: totals.TaxAdded, Tax: totals.Tax, Rounding: totals.Rounding, Net: totals.Net()}
	d.Refunds = till.DocumentRefunds{Count: totals.Returns, Amount: totals.Refunds}
	d.Voids, d.Cancelled, d.PostVoids, d.NoSales = totals.Voids, totals.Cancelled, totals.PostVoids, totals.NoSales
	fillTenders(d, totals.Tenders)
	fillTaxes(d, taxes)
	hours := map[int]till.DocumentHour{}
	for _, row := range t.rows[sHour] {
		h := hours[int(row.keys[1].number)]
		h.Hour = int(row.keys[1].number)
		h.Count += int(row.sums[0])
		h.Net += money.Amount(row.sums[1])
		hours[h.Hour] = h
	}
	for h := range 24 {
		if x, ok := hours[h]; ok && (x.Count != 0 || x.Net != 0) {
			d.Hours = append(d.Hours, x)
		}
	}
	var goods goodsSums
	for _, row := range t.rows[sItem] {
		goods.add(row.keys[1].text, row.keys[2].text, row.keys[3].text, money.Quantity(row.sums[0]), money.Amount(row.sums[1]))
	}
	goods.fill(d)
	for _, row := range t.rows[sPerson] {
		d.Cashiers = append(d.Cashiers, till.DocumentCashier{Code: row.keys[1].text, Count: int(row.sums[0]), Discounts: money.Amount(row.sums[1]), Returns: int(row.sums[2]), Refunds: money.Amount(row.sums[3]),
			Net: money.Amount(row.sums[4])})
	}
	slices.SortFunc(d.Cashiers, func(a, b till.DocumentCashier) int { return cmp.Compare(a.Code, b.Code) })
}

func fillTenders(d *till.DayDocument, all []till.TenderTotal) {
	for _, t := range all {
		if t.Count == 0 && t.Amount == 0 && t.Refunded == 0 {
			continue
		}
		d.Unverified.Count += t.UnvCount
		d.Unverified.Amount += t.Unverified
		d.Tenders = append(d.Tenders, till.DocumentTender{Kind: t.Kind, Count: t.Count, Amount: t.Amount, Refunded: t.Refunded, Tendered: t.Tendered, Change: t.Change,
			Unverified: t.Unverified, UnverifiedCount: t.UnvCount})
	}
	slices.SortFunc(d.Tenders, func(a, b till.DocumentTender) int { return cmp.Compare(a.Kind, b.Kind) })
}

func fillTaxes(d *till.DayDocument, all []till.TaxTotal) {
	for _, t := range all {
		if t.Taxable != 0 || t.Tax != 0 {
			d.Taxes = append(d.Taxes, till.DocumentTax{Class: t.Class.Code, Rate: t.Class.Rate, Mode: t.Class.Mode.String(), Taxable: t.Taxable, Tax: t.Tax})
		}
	}
	slices.SortFunc(d.Taxes, func(a, b till.DocumentTax) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Rate, b.Rate), cmp.Compare(a.Mode, b.Mode))
	})
}

// fillCash writes the drawer of a shift, counted or not, and what of it is
// expected, counted and different of the tender.
func fillCash(d *till.DayDocument, totals *till.ShiftTotals, counted *money.Amount, reason string) {
	c := till.DocumentCash{Shift: totals.Shift, Float: totals.Float, PaidIn: totals.PaidIn, PaidOut: totals.PaidOut, Drops: totals.Drops, Loans: totals.Loans,
		Expected: totals.Expected(), Reason: reason}
	if counted != nil {
		over := *counted - c.Expected
		c.Closed, c.Counted, c.OverShort = true, counted, &over
	}
	d.Cash = append(d.Cash, c)
	for i := range d.Tenders {
		if t := &d.Tenders[i]; t.Kind == till.Cash {
			t.Expected, t.Counted, t.Variance = &c.Expected, c.Counted, c.OverShort
		}
	}
}

// goodsSums adds up goods by item, which are one whatever their category, and by
// category.
type goodsSums struct {
	items      map[[2]string]till.DocumentItem
	categories map[string]till.DocumentCategory
}

func (g *goodsSums) add(code, name, category string, qty money.Quantity, net money.Amount) {
	if g.items == nil {
		g.items, g.categories = map[[2]string]till.DocumentItem{}, map[string]till.DocumentCategory{}
	}
	i := g.items[[2]string{code, name}]
	i.Code, i.Name = code, name
	i.Qty += qty
	i.Net += net
	g.items[[2]string{code, name}] = i
	c := g.categories[category]
	c.Name = category
	c.Qty += qty
	c.Net += net
	g.categories[category] = c
}

// fill names the items of the greatest net and adds the others to one sum, so
// that all come to the net of the day.
func (g *goodsSums) fill(d *till.DayDocument) {
	var all []till.DocumentItem
	for _, i := range g.items {
		if i.Qty != 0 || i.Net != 0 {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b till.DocumentItem) int {
		return cmp.Or(cmp.Compare(b.Net, a.Net), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name))
	})
	if len(all) > till.ItemsInDocument {
		rest := till.DocumentRest{Count: len(all) - till.ItemsInDocument}
		for _, i := range all[till.ItemsInDocument:] {
			rest.Qty += i.Qty
			rest.Net += i.Net
		}
		d.ItemsRest = &rest
		all = all[:till.ItemsInDocument]
	}
	d.Items = append(d.Items, all...)
	for _, c := range g.categories {
		if c.Qty != 0 || c.Net != 0 {
			d.Categories = append(d.Categories, c)
		}
	}
	slices.SortFunc(d.Categories, func(a, b till.DocumentCategory) int {
		return cmp.Or(cmp.Compare(b.Net, a.Net), cmp.Compare(a.Name, b.Name))
	})
	if len(d.Categories) > categoriesInDocument {
		last := &d.Categories[categoriesInDocument-1]
		for _, c := range d.Categories[categoriesInDocument:] {
			last.Qty += c.Qty
			last.Net += c.Net
		}
		last.Name = "…"
		d.Categories = d.Categories[:categoriesInDocument]
	}
}

const categoriesInDocument = 300

// fillWallets writes what became of attempts.
func fillWallets(d *till.DayDocument, all []till.WalletTotal) {
	for _, w := range all {
		x := till.DocumentWallet{Wallet: w.Wallet, Mode: w.Mode, Attempts: w.Attempts, Paid: w.Paid, Declined: w.Declined, Cancelled: w.Cancelled, Unknown: w.Unknown, Watch: w.Watched,
			MedianMS: w.Seconds.Median.Milliseconds(), P90MS: w.Seconds.P90.Milliseconds(), MostMS: w.Seconds.Most.Milliseconds(), Reasons: []till.DocumentReason{}}
		for _, r := range w.Reasons {
			x.Reasons = append(x.Reasons, till.DocumentReason(r))
		}
		d.Wallets = append(d.Wallets, x)
	}
}

// What a shift's document asks about its payments.
const (
	askWalletsOfShift = `SELECT wallet, mode, state, reason, was_paid, count(*) FROM attempt WHERE day = ? AND shift = ? AND state NOT IN (1, 2)
		GROUP BY wallet, mode, state, reason, was_paid ORDER BY wallet, mode`
	askPayTimesOfShift = "SELECT wallet, mode, took_ms FROM attempt WHERE day = ? AND shift = ? AND took_ms > 0"
)

// shiftDocument makes the document of a shift from the tally of its entries.
// A nil count is a shift that is open.
func shiftDocument(ctx context.Context, q rowQuerier, kind string, t *tally, shift int, counted *money.Amount, reason string) (*till.DayDocument, error) {
	var day till.BusinessDay
	var opened int64
	var float money.Amount
	var first int64
	if err := q.QueryRowContext(ctx, "SELECT day, opened_ms, float, seq FROM shift WHERE no = ?", shift).Scan(&day, &opened, &float, &first); err != nil {
		return nil, fmt.Errorf("shift %d: %w", shift, err)
	}
	d, err := document(ctx, q, kind, day)
	if err != nil {
		return nil, err
	}
	totals, taxes := t.shift(shift)
	totals.Float, totals.Day = float, day
	fillShift(d, t, totals, taxes)
	fillCash(d, &totals, counted, reason)
	wallets, err := walletTotals(ctx, q, askWalletsOfShift, askPayTimesOfShift, int(day), shift)
	if err != nil {
		return nil, err
	}
	fillWallets(d, wallets)
	d.Span.OpenedAt, d.Span.FirstEntry = inZone(opened, d.Timezone), first
	return d, nil
}

// dayDocument makes the document of a whole business day from the sums.
func dayDocument(ctx context.Context, q rowQuerier, day till.BusinessDay) (*till.DayDocument, error) {
	d, err := document(ctx, q, till.ClosedDay, day)
	if err != nil {
		return nil, err
	}
	r := till.Report{From: day, To: day}
	for _, part := range []func(context.Context, rowQuerier, *till.Report) error{reportSums, reportTenders, reportTaxes, reportCash, reportHours, reportWallets} {
		if err := part(ctx, q, &r); err != nil {
			return nil, err
		}
	}
	d.Sales = till.DocumentSales{Count: r.Sales, Gross: r.Gross, Discounts: r.Discounts, TaxAdded: r.TaxAdded, Tax: r.Tax, Rounding: r.Rounding, Net: r.Net()}
	d.Refunds = till.DocumentRefunds{Count: r.Returns, Amount: r.Refunds}
	d.Voids, d.Cancelled, d.PostVoids = r.Voids, r.Cancelled, r.PostVoids
	fillTenders(d, r.Tenders)
	fillTaxes(d, r.Taxes)
	for _, h := range r.Hours {
		d.Hours = append(d.Hours, till.DocumentHour(h))
	}
	var goods goodsSums
	if err := each(ctx, q, "SELECT code, name, category, qty, net FROM item_sum WHERE day = ?", []any{int(day)}, func(s scanner) error {
		var code, name, category string
		var qty money.Quantity
		var net money.Amount
		if err := s.Scan(&code, &name, &category, &qty, &net); err != nil {
			return err
		}
		goods.add(code, name, category, qty, net)
		return nil
	}); err != nil {
		return nil, err
	}
	goods.fill(d)
	if err := each(ctx, q, "SELECT operator, sales, discounts, returns, refunds, net FROM cashier_sum WHERE day = ? ORDER BY operator", []any{int(day)}, func(s scanner) error {
		var c till.DocumentCashier
		err := s.Scan(&c.Code, &c.Count, &c.Discounts, &c.Returns, &c.Refunds, &c.Net)
		d.Cashiers = append(d.Cashiers, c)
		return err
	}); err != nil {
		return nil, err
	}
	for _, c := range r.Cash {
		row := till.DocumentCash{Shift: c.Shift, Float: c.Float, PaidIn: c.PaidIn, PaidOut: c.PaidOut, Drops: c.Drops, Loans: c.Loans, Expected: c.Expected, Closed: c.Closed}
		if c.Closed {
			row.Counted, row.OverShort = &c.Counted, &c.OverShort
		}
		d.Cash = append(d.Cash, row)
	}
	fillWallets(d, r.Wallets)
	var opened int64
	if err := q.QueryRowContext(ctx, "SELECT ifnull(min(opened_ms), 0), ifnull(min(seq), 0) FROM shift WHERE day = ?", int(day)).Scan(&opened, &d.Span.FirstEntry); err != nil {
		return nil, err
	}
	d.Span.OpenedAt = inZone(opened, d.Timezone)
	return d, nil
}

func inZone(ms int64, zone string) time.Time {
	at := time.UnixMilli(ms)
	if loc, err := time.LoadLocation(zone); err == nil {
		return at.In(loc)
	}
	return at.UTC()
}

func headText(head [32]byte) string { return hex.EncodeToString(head[:]) }
