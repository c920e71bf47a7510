package till

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"

	"guitai/till/money"
)

// acting is one act on its way: what it will write and what the state will be
// once that is written. Nothing of the register changes before the commit.
type acting struct {
	r     *Register
	act   Act
	at    time.Time
	tx    Tx
	sale  *Sale // the basket after the act
	after []func()
	off   bool // nothing to write
}

// do works the act out; an error means that nothing is to be written.
func (a *acting) do(ctx context.Context) error {
	switch c := a.act.Command.(type) {
	case Scan:
		return a.scan(ctx, c)
	case AddItem:
		return a.addItem(c, c.Item.Price, c.Scanned && a.aside(false))
	case AddTyped:
		return a.addTyped(c)
	case SetQty:
		return a.setQty(c)
	case Override:
		return a.override(c)
	case DiscountLine:
		return a.discountLine(c)
	case DiscountSale:
		return a.discountSale(c)
	case VoidLine:
		return a.voidLine(c)
	case RoundDown:
		return a.roundDown(c)
	case Undo:
		return a.undo()
	case UndoAside:
		return a.undoAside(c)
	case Park:
		return a.park()
	case Recall:
		return a.recall(c)
	case CancelSale:
		return a.cancel(ctx, c)
	case PayCash:
		return a.payCash(c)
	case Pay:
		return a.pay(c)
	case TakeBack:
		return a.takeBack()
	case ShowQR:
		return a.showQR(c)
	case ConfirmQR:
		return a.confirmQR(c)
	case AbandonQR:
		return a.abandonQR()
	case NextSale:
		a.off = true
		a.r.done, a.r.closed, a.r.notice = nil, nil, nil
		return nil
	case TakeReturn:
		return a.takeReturn(ctx, c)
	case PostVoid:
		return a.postVoid(ctx, c)
	case MendTender:
		return a.mendTender(ctx, c)
	case MoveCash:
		return a.moveCash(c)
	case Reprint:
		return a.reprint(c)
	case PrintQR:
		return a.printQR()
	case PrintX:
		return a.printX()
	case SignOn:
		return a.signOn(ctx, c)
	case SignOff:
		return a.signOff()
	case Approve:
		return a.approve(ctx, c)
	case DropApproval:
		a.off = true
		a.r.pending, a.r.wrongPIN = nil, false
		return nil
	case OpenShift:
		return a.openShift(c)
	case CloseShift:
		return a.closeShift(ctx, c)
	case CloseDay:
		return a.closeDay()
	case SetSetting:
		return a.setSetting(c)
	case Reload:
		a.off = true
		a.r.st.Operators = c.Operators
		if len(c.Taxes) > 0 {
			a.r.st.Settings.Taxes = c.Taxes
		}
		return nil
	case verified:
		return a.verified(ctx, c)
	}
	return a.doWallet(ctx)
}

// doWallet works out an act on wallet payments.
func (a *acting) doWallet(ctx context.Context) error {
	r := a.r
	switch c := a.act.Command.(type) {
	case PayWallet:
		return a.payWallet(ctx, c)
	case CheckAttempt:
		return a.checkAttempt(c)
	case StopAttempt:
		return a.stopAttempt(c)
	case OverrideAttempt:
		return a.overrideAttempt(c)
	case AttemptChanged:
		return a.attemptChanged(c)
	case RefundChanged:
		return a.refundChanged(c)
	case RefundInCash:
		return a.refundInCash(ctx, c)
	case Freeze:
		return a.freeze(c)
	case Release:
		return a.release(c)
	case EndAttempt:
		return a.endAttempt(c)
	case EndRefund:
		return a.endRefund(ctx, c)
	case UseTerminal:
		return a.useTerminal(c)
	case DropAttempt:
		a.off, r.ended = true, ""
		return nil
	case DropCode:
		a.off = true
		r.dropCode()
		return nil
	case heldOver:
		a.off = true
		if r.held != nil && r.held.n == c.n {
			r.dropCode()
		}
		return nil
	}
	return fmt.Errorf("no such command %T", a.act.Command)
}

// commit writes what the act worked out, then changes the state. Where nobody
// can tell whether it was written, the journal is asked what is true.
func (a *acting) commit(ctx context.Context) error {
	r := a.r
	if err := r.journal.Commit(ctx, a.tx); err != nil {
		if errors.Is(err, ErrUnknown) {
			r.stopped = SaveUnknown
			if again := r.recover(ctx); again != nil {
				return &Error{Code: SaveUnknown, Err: errors.Join(err, again)}
			}
			a.unsent()
			return &Error{Code: SaveUnknown, Err: err}
		}
		if CodeOf(err) == CannotSave {
			r.stopped = CannotSave
		}
		return err
	}
	if r.st.Shift != nil && len(a.tx.Entries)+len(a.tx.Keep)+len(a.tx.Drop) > 0 {
		s := *r.st.Shift
		s.LastAt = a.at
		r.st.Shift = &s
	}
	r.sale = a.sale
	if len(a.tx.Keep) > 0 && len(a.tx.Plan) == 0 {
		r.changed = r.opt.Now()
	}
	for _, f := range a.after {
		f()
	}
	if r.opt.After != nil && (len(a.tx.Print) > 0 || a.tx.Pulse != "") {
		r.opt.After.Kick()
	}
	return nil
}

// unsent deals with payments that a commit of unknown outcome turned out to
// have planned: nothing of them was sent. An attempt is given up, as the
// customer's code is gone; a refund is due all the same.
func (a *acting) unsent() {
	r := a.r
	for _, p := range a.tx.Plan {
		if r.attempt(p.Number) != nil && r.opt.Wallets != nil {
			r.opt.Wallets.Stop(p.Number)
		}
	}
	for _, f := range a.tx.Refunds {
		if r.walletRefund(f.Number) != nil {
			r.sendRefund(f)
		}
	}
}

// then does f once the act is durable.
func (a *acting) then(f func()) { a.after = append(a.after, f) }

// enter adds a record to what the act writes.
func (a *acting) enter(rec Record) {
	e := Entry{
		At: a.at, Recorded: a.r.opt.Now().Truncate(time.Millisecond), Operator: a.who(), ApprovedBy: a.act.ApprovedBy,
		Replayed: a.act.Replayed, Record: rec,
	}
	if a.r.st.Settings.Zone != nil {
		e.Recorded = e.Recorded.In(a.r.st.Settings.Zone)
	}
	if !a.act.Replayed && a.act.At.IsZero() && a.at.Equal(e.Recorded) {
		e.Recorded = e.At
	}
	if s := a.r.st.Shift; s != nil {
		e.Shift, e.Day = s.No, s.Day
	}
	a.tx.Entries = append(a.tx.Entries, e)
}

// who is the code of the operator that acts.
func (a *acting) who() string {
	if a.r.operator != nil {
		return a.r.operator.Code
	}
	if !a.act.Replayed {
		return ""
	}
	if a.r.st.Shift != nil {
		return a.r.st.Shift.OpenedBy
	}
	for _, o := range a.r.st.Operators {
		if o.Role == Owner && o.Active {
			return o.Code
		}
	}
	return ""
}

// allow checks the right to an act. Where it is missing, the act waits for the
// PIN of somebody who has it.
func (a *acting) allow(p Permission, amount money.Amount) error {
	if a.act.Replayed {
		return nil
	}
	if a.r.operator == nil {
		return refuse(NotSignedOn)
	}
	if a.r.operator.May(p) {
		return nil
	}
	if by := a.act.ApprovedBy; by != "" {
		for _, o := range a.r.st.Operators {
			if o.Code == by && o.Active && o.May(p) {
				a.enter(&Approved{Permission: p, Act: actName(a.act.Command), For: a.r.operator.Code})
				return nil
			}
		}
		return refuseWith(NotAllowed, string(p))
	}
	a.r.pending, a.r.wrongPIN = &pendingAct{a.act, p, amount}, false
	return refuseWith(NeedsApproval, string(p))
}

// ready checks what every act on a basket or on money needs.
func (a *acting) ready() error {
	if a.r.operator == nil && !a.act.Replayed {
		return refuse(NotSignedOn)
	}
	if a.r.st.Shift == nil {
		return refuse(NoShift)
	}
	if a.at.Before(a.r.st.Shift.LastAt) {
		return refuseWith(TimeBackwards, a.r.st.Shift.LastAt.Format(time.RFC3339))
	}
	return nil
}

// reason checks that an act which must be explained is; replayed acts may
// leave it out.
func (a *acting) reason(s string) error {
	if strings.TrimSpace(s) == "" && !a.act.Replayed {
		return refuse(ReasonMissing)
	}
	return nil
}

// actName is the journal's name of a command: discount_sale for DiscountSale.
func actName(c Command) string {
	var b strings.Builder
	for i, r := range reflect.TypeOf(c).Name() {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
