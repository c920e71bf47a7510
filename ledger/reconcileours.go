package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// A payment is what comparing needs of an attempt.
type payment struct {
	number, provider string
	sale             till.ID
	share            int
	amount           money.Amount
	currency         string
	state            till.AttemptState
	reason           till.Reason
	wasPaid, booked  bool
	receipt          int
	refunded         money.Amount
	returned         money.Amount // by the provider itself, in a cancel
	planned, paid    time.Time
	rows             int          // of the bill that are its payment
	back             money.Amount // of the bill that went back of it
}

// has reports whether the ledger knows the payment's money.
func (p *payment) has() bool {
	switch p.state {
	case till.PaidFor, till.LatePaid, till.RefundDue, till.Attention:
		return p.wasPaid
	}
	return false
}

// at is when it was paid, or planned.
func (p *payment) at() time.Time {
	if p.paid.IsZero() {
		return p.planned
	}
	return p.paid
}

const paymentColumns = "number, provider, sale, share, amount, currency, state, reason, was_paid, booked, receipt, refunded, returned, planned_ms, paid_ms"

func scanPayment(s scanner) (*payment, error) {
	var p payment
	var sale []byte
	var planned, paid int64
	err := s.Scan(&p.number, &p.provider, &sale, &p.share, &p.amount, &p.currency, &p.state, &p.reason, &p.wasPaid, &p.booked, &p.receipt, &p.refunded, &p.returned, &planned, &paid)
	copy(p.sale[:], sale)
	p.planned = time.UnixMilli(planned)
	if paid != 0 {
		p.paid = time.UnixMilli(paid)
	}
	return &p, err
}

// A giveBack is what comparing needs of a refund.
type giveBack struct {
	number, attempt string
	amount          money.Amount
	state           till.RefundState
	inCash          bool
	planned, done   time.Time
	rows            int
}

const giveBackColumns = "r.number, r.attempt, r.amount, r.state, r.cash, r.planned_ms, r.changed_ms"

func scanGiveBack(s scanner) (*giveBack, error) {
	var r giveBack
	var planned, done int64
	err := s.Scan(&r.number, &r.attempt, &r.amount, &r.state, &r.inCash, &planned, &done)
	r.planned, r.done = time.UnixMilli(planned), time.UnixMilli(done)
	return &r, err
}

// A claim is a tender that rests on a person's word.
type claim struct {
	receipt int
	at      time.Time
	amount  money.Amount
	kind    string
	used    bool
}

// ours is what the ledger has of the days around a bill.
type ours struct {
	q          rowQuerier
	wallet     string
	mode       string
	prefix     string // of this till's numbers
	currency   money.Currency
	payments   map[string]*payment
	order      []*payment
	byProvider map[string]*payment
	byShare    map[shareKey][]*payment
	refunds    map[string]*giveBack
	backs      []*giveBack
	claims     map[money.Amount][]*claim // by time
	prefixes   map[string]bool           // of numbers, where attempts with them are here
}

type shareKey struct {
	sale  till.ID
	share int
}

// readOurs reads the ledger from a day before the bill to a day after it.
func readOurs(ctx context.Context, q rowQuerier, wallet, mode string, from, to time.Time) (*ours, error) {
	o := &ours{q: q, wallet: wallet, mode: mode, payments: map[string]*payment{}, byProvider: map[string]*payment{}, byShare: map[shareKey][]*payment{},
		refunds: map[string]*giveBack{}, claims: map[money.Amount][]*claim{}, prefixes: map[string]bool{}}
	for key, to := range map[string]func(string) error{
		"till":     func(v string) error { o.prefix = till.AttemptNumber(v, "", 0)[:3]; return nil },
		"currency": func(v string) (err error) { o.currency, err = money.CurrencyOf(v); return err },
	} {
		var v string
		err := q.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = ? ORDER BY seq DESC LIMIT 1", key).Scan(&v)
		if errors.Is(err, sql.ErrNoRows) {
			s := till.DefaultSettings()
			v, _ = s.Get(key)
			err = nil
		}
		if err == nil {
			err = to(v)
		}
		if err != nil {
			return nil, err
		}
	}
	first, last := from.AddDate(0, 0, -1).UnixMilli(), to.AddDate(0, 0, 1).UnixMilli()
	for _, column := range []string{"planned_ms", "paid_ms"} {
		err := each(ctx, q, "SELECT "+paymentColumns+" FROM attempt WHERE wallet = ? AND mode = ? AND "+column+" > 0 AND "+column+" BETWEEN ? AND ?", []any{wallet, mode, first, last}, o.addPayment)
		if err != nil {
			return nil, err
		}
	}
	err := each(ctx, q, "SELECT "+giveBackColumns+` FROM wallet_refund r JOIN attempt a ON a.number = r.attempt
		WHERE r.state = 5 AND r.changed_ms BETWEEN ? AND ? AND a.wallet = ? AND a.mode = ?`, []any{first, last, wallet, mode}, o.addRefund)
	if err != nil {
		return nil, err
	}
	return o, o.readClaims(ctx, from, to)
}

// readClaims reads the tenders of this wallet's kind that nobody but the
// cashier has confirmed; of a bank's statement, transfers and open codes.
func (o *ours) readClaims(ctx context.Context, from, to time.Time) error {
	if o.mode == "test" {
		return nil
	}
	kinds := "t.kind IN ('wallet:' || ?3, 'qr:' || ?3)"
	if o.wallet == till.BankStatement {
		kinds = "(t.kind = 'transfer' OR t.kind GLOB 'qr:*') AND ?3 <> ''"
	}
	err := each(ctx, o.q, `SELECT s.receipt, s.at_ms, t.amount, t.kind FROM sale s JOIN tender t ON t.sale = s.seq
		WHERE s.day BETWEEN ?1 AND ?2 AND t.evidence = 0 AND t.amount > 0 AND `+kinds, []any{int(calendarDay(from.AddDate(0, 0, -2))), int(calendarDay(to.AddDate(0, 0, 1))), o.wallet},
		func(s scanner) error {
			var c claim
			var at int64
			err := s.Scan(&c.receipt, &at, &c.amount, &c.kind)
			c.at = time.UnixMilli(at)
			o.claims[c.amount] = append(o.claims[c.amount], &c)
			return err
		})
	for _, list := range o.claims {
		slices.SortStableFunc(list, func(a, b *claim) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.receipt, b.receipt)) })
	}
	return err
}

func (o *ours) addPayment(s scanner) error {
	p, err := scanPayment(s)
	if err != nil || o.payments[p.number] != nil {
		return err
	}
	o.payments[p.number] = p
	o.order = append(o.order, p)
	if p.provider != "" {
		o.byProvider[p.provider] = p
	}
	if !p.sale.IsZero() {
		k := shareKey{p.sale, p.share}
		o.byShare[k] = append(o.byShare[k], p)
	}
	return nil
}

func (o *ours) addRefund(s scanner) error {
	r, err := scanGiveBack(s)
	if err != nil || o.refunds[r.number] != nil {
		return err
	}
	o.refunds[r.number] = r
	o.backs = append(o.backs, r)
	return nil
}

// drewHere reports whether this ledger has attempts with the till's part of a
// number: a bill may have many of other tills, which need not be looked for.
func (o *ours) drewHere(ctx context.Context, number string) (bool, error) {
	prefix := number[:3]
	here, known := o.prefixes[prefix]
	if known {
		return here, nil
	}
	err := o.q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM attempt WHERE number >= ?1 AND number < ?1 || 'a')", prefix).Scan(&here)
	o.prefixes[prefix] = here
	return here, err
}

// payment finds the attempt of a row: by our number, then by the provider's.
func (o *ours) payment(ctx context.Context, r *till.BillRow) (p *payment, by string, err error) {
	if till.ValidAttemptNumber(r.Number) {
		if here, err := o.drewHere(ctx, r.Number); !here {
			return nil, "", err
		}
		if p = o.payments[r.Number]; p == nil {
			err = each(ctx, o.q, "SELECT "+paymentColumns+" FROM attempt WHERE number = ? AND wallet = ? AND mode = ?", []any{r.Number, o.wallet, o.mode}, o.addPayment)
			p = o.payments[r.Number]
		}
		if p != nil || err != nil {
			return p, "number", err
		}
	}
	if r.Provider == "" || r.Back() {
		return nil, "", nil
	}
	if p = o.byProvider[r.Provider]; p == nil {
		err = each(ctx, o.q, "SELECT "+paymentColumns+" FROM attempt WHERE provider = ? AND provider <> '' AND wallet = ? AND mode = ?", []any{r.Provider, o.wallet, o.mode}, o.addPayment)
		p = o.byProvider[r.Provider]
	}
	return p, "provider", err
}

// refund finds the refund of a row by its number.
func (o *ours) refund(ctx context.Context, r *till.BillRow) (*giveBack, error) {
	if b := o.refunds[r.Refund]; b != nil || !till.ValidAttemptNumber(r.Refund) {
		return b, nil
	}
	err := each(ctx, o.q, "SELECT "+giveBackColumns+` FROM wallet_refund r JOIN attempt a ON a.number = r.attempt
		WHERE r.number = ? AND a.wallet = ? AND a.mode = ?`, []any{r.Refund, o.wallet, o.mode}, o.addRefund)
	return o.refunds[r.Refund], err
}

// claim takes the tender of an amount that is nearest in time, within a day.
func (o *ours) claim(amount money.Amount, at time.Time) *claim {
	list := o.claims[amount]
	i, _ := slices.BinarySearchFunc(list, at, func(c *claim, t time.Time) int { return c.at.Compare(t) })
	var best *claim
	consider := func(c *claim) (on bool) {
		if c.at.Sub(at).Abs() > 24*time.Hour || best != nil && c.at.Sub(at).Abs() >= best.at.Sub(at).Abs() {
			return false
		}
		if c.used {
			return true
		}
		best = c
		return false
	}
	for j := i; j < len(list) && consider(list[j]); j++ {
	}
	for j := i - 1; j >= 0 && consider(list[j]); j-- {
	}
	if best != nil {
		best.used = true
	}
	return best
}

// foreign reports whether a number is another till's.
func (o *ours) foreign(number string) bool {
	return till.ValidAttemptNumber(number) && number[:3] != o.prefix
}
