package till

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"guitai/till/money"
	"guitai/till/receipt"
)

// LeftOpen is what was open as a shift was closed: its Z, printed again, lists
// this and not what is open by then. A shift that left nothing open has no such
// record.
type LeftOpen struct {
	Shift    int
	Carts    []LeftCart
	Payments []LeftPayment
}

// A LeftCart is a sale that the next shift takes over.
type LeftCart struct {
	Sale     ID
	N        int // among the parked sales; 0 for the one on the screen
	Operator string
	OpenedAt time.Time
	Lines    int
	Total    money.Amount
}

// A LeftPayment is a payment that waited for somebody.
type LeftPayment struct {
	Why    CaseKind
	Wallet string
	Number string // of the payment, or of its refund
	Sale   ID
	Amount money.Amount // still open
	Since  time.Time
}

// Kind is part of Record.
func (*LeftOpen) Kind() RecordKind { return KindLeftOpen }

func (r *LeftOpen) code(c *coder) {
	integer(c, &r.Shift)
	list(c, &r.Carts, func(c *coder, x *LeftCart) {
		ident(c, &x.Sale)
		integer(c, &x.N)
		text(c, &x.Operator)
		instant(c, &x.OpenedAt)
		integer(c, &x.Lines)
		integer(c, &x.Total)
	})
	list(c, &r.Payments, func(c *coder, x *LeftPayment) {
		text(c, &x.Why)
		text(c, &x.Wallet)
		text(c, &x.Number)
		ident(c, &x.Sale)
		integer(c, &x.Amount)
		instant(c, &x.Since)
	})
}

// Cases are the payments as a slip lists them.
func (r *LeftOpen) Cases() []PaymentCase {
	var out []PaymentCase
	for _, p := range r.Payments {
		out = append(out, PaymentCase{Kind: p.Why, Attempt: Attempt{Wallet: p.Wallet, Number: p.Number, Sale: p.Sale}, Amount: p.Amount, Since: p.Since})
	}
	return out
}

// CaseOf is why an attempt waits for somebody; "" where it does not.
func CaseOf(a *Attempt) CaseKind {
	switch a.State {
	case Unknown, CancelUnproven:
		return CaseUnknown
	case Watch:
		return CaseWatch
	case LatePaid:
		return CaseLate
	case PaidFor:
		if a.Booked || a.Sale.IsZero() || a.Refunded >= a.Amount {
			return ""
		}
		return CaseUnbooked
	case RefundDue:
		return CaseRefundDue
	case Attention:
		return CaseAttention
	}
	return ""
}

// leftOpen is what is open now; nil for nothing.
func (a *acting) leftOpen(ctx context.Context, cart *Sale) (*LeftOpen, error) {
	r := a.r
	out := &LeftOpen{Shift: r.st.Shift.No}
	add := func(s *Sale, n int) {
		out.Carts = append(out.Carts, LeftCart{Sale: s.ID, N: n, Operator: s.Operator, OpenedAt: s.OpenedAt, Lines: s.Live(), Total: s.Total()})
	}
	if cart != nil {
		add(cart, 0)
	}
	for _, p := range r.st.Parked {
		add(p.Sale, p.N)
	}
	mode := "live"
	if r.st.Practice {
		mode = "practice"
	}
	failed := map[string]bool{}
	for i := range r.st.Refunds {
		f := &r.st.Refunds[i]
		if f.State != RefundFailed || f.InCash {
			continue
		}
		at, err := r.journal.Attempt(ctx, f.Attempt)
		if err != nil {
			return nil, err
		}
		if failed[at.Number] = true; at.Mode == mode {
			out.Payments = append(out.Payments, LeftPayment{CaseRefundFailed, at.Wallet, f.Number, at.Sale, f.Amount, f.ChangedAt})
		}
	}
	for i := range r.st.Attempts {
		at := &r.st.Attempts[i]
		if why := CaseOf(at); why != "" && at.Mode == mode && (!failed[at.Number] || why == CaseUnbooked) {
			out.Payments = append(out.Payments, LeftPayment{why, at.Wallet, at.Number, at.Sale, at.Amount - at.Refunded, at.ChangedAt})
		}
	}
	if len(out.Carts)+len(out.Payments) == 0 {
		return nil, nil
	}
	return out, nil
}

// The words of carts on the slip of a shift.
var (
	wordOpenCarts = slipWord{"未结的购物车", "Open carts"}
	wordCartNext  = slipWord{"下一班取单后继续，或取消", "The next shift brings them back, or cancels them"}
	wordOnScreen  = slipWord{"在屏幕上", "on the screen"}
	wordCaseNext  = slipWord{"查到后自动入账；要店主处理的，在「核实中」里办", "Booked by itself once known; what needs the owner is under Checking"}
)

// carts lists the sales that the next shift takes over, and what to do.
func (s *sheet) carts(list []LeftCart) {
	if len(list) == 0 {
		return
	}
	if n := len(s.doc.Blocks); n == 0 || s.doc.Blocks[n-1] != (receipt.Rule{}) {
		s.rule()
	}
	s.bold(s.say(wordOpenCarts), strconv.Itoa(len(list)))
	for _, c := range list {
		where := fmt.Sprintf("P%d", c.N)
		if c.N == 0 {
			where = s.one(wordOnScreen)
		}
		s.pair(fmt.Sprintf("%s  x%d  %s", where, c.Lines, c.OpenedAt.In(s.p.Settings.zone()).Format("01-02 15:04")), s.money(c.Total))
	}
	s.left(s.one(wordCartNext))
}
