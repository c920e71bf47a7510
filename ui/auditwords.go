package ui

import (
	"strconv"
	"strings"

	"guitai/till"
)

// auditGroup is a filter of the journal list.
type auditGroup string

// The groups; every record is in one of them, and in all.
const (
	auditAll      auditGroup = "all"
	auditRefunds  auditGroup = "refunds"
	auditPrices   auditGroup = "prices"
	auditDrawer   auditGroup = "drawer"
	auditPeople   auditGroup = "people"
	auditSettings auditGroup = "settings"
	auditSales    auditGroup = "sales"
)

var auditGroups = []auditGroup{auditAll, auditSales, auditRefunds, auditPrices, auditDrawer, auditPeople, auditSettings}

// groupOf puts a record into its group.
func groupOf(r till.Record) auditGroup {
	switch x := r.(type) {
	case *till.SaleCompleted:
		if discounted(&x.Sale) {
			return auditPrices
		}
		return auditSales
	case *till.Returned, *till.TenderMended, *till.RefundMended, *till.PaymentReturned:
		return auditRefunds
	case *till.CashDeposited, *till.DepositCredited, *till.SafeCounted, *till.CashMoved, *till.ShiftOpened, *till.ShiftClosed, *till.ZReported, *till.DayClosed, *till.LeftOpen:
		return auditDrawer
	case *till.SignedOn, *till.SignedOff, *till.SignOnRefused, *till.StaffSaved, *till.Approved:
		return auditPeople
	case *till.ItemSaved, *till.ItemsImported:
		return auditPrices
	case *till.SettingSet, *till.Founded, *till.BackedUp, *till.Restored, *till.Exported, *till.Started, *till.Stopped:
		return auditSettings
	}
	return auditSales
}

// discounted reports whether somebody took something off, by hand.
func discounted(s *till.Sale) bool {
	if !s.Discount.IsZero() {
		return true
	}
	for i := range s.Lines {
		if l := &s.Lines[i]; !l.Voided && (!l.Discount.IsZero() || l.Price != l.ListPrice && !l.Item.IsZero()) {
			return true
		}
	}
	return false
}

// auditWords says what a record is, and what it is about: a receipt, a person, a shift.
func (w *Window) auditWords(e *till.Entry) (what, about string) {
	c := w.Currency()
	say := func(key string, values ...string) string { return w.Say("audit."+key, values...) }
	switch x := e.Record.(type) {
	case *till.Founded:
		what, about = say("founded"), x.Till
	case *till.SaleCompleted:
		key := "sale"
		if discounted(&x.Sale) {
			key = "sale_reduced"
		}
		what = say(key, "amount", Money(c, x.Sale.Total()), "off", Money(c, x.Sale.Discounts), "tenders", w.tenderNames(kindsOf(x.Sale.Tenders)))
		about = receiptNo(x.Sale.Receipt)
	case *till.SaleCancelled:
		what = say("cancelled", "amount", Money(c, x.Sale.Total()))
	case *till.Returned:
		r := &x.Return
		switch {
		case r.PostVoid:
			what = say("post_void", "of", receiptNo(r.Of), "amount", Money(c, r.Value))
		case r.Of == 0:
			what = say("returned_loose", "amount", Money(c, r.Value))
		default:
			what = say("returned", "of", receiptNo(r.Of), "amount", Money(c, r.Value))
		}
		what, about = w.because(what, r.Reason), receiptNo(r.Receipt)
	case *till.TenderMended:
		what = w.because(say("mended", "from", w.tenderName(x.From), "to", w.tenderName(x.To), "amount", Money(c, x.Amount)), x.Reason)
		about = receiptNo(x.Receipt)
	case *till.CashMoved:
		what = w.because(say("cash."+string(x.Movement), "amount", Money(c, x.Amount)), x.Reason)
	case *till.ShiftOpened:
		what, about = say("shift_opened", "amount", Money(c, x.Opened.Float)), w.shiftName(x.Opened.No)
	case *till.ShiftClosed:
		key := "shift_closed"
		if x.OverShort != 0 {
			key = "shift_closed_off"
		}
		what = w.because(say(key, "counted", Money(c, x.Counted), "off", signed(c, x.OverShort)), x.Reason)
		about = w.shiftName(x.No)
	case *till.ZReported:
		what, about = say("z", "net", Money(c, x.Totals.Net())), "Z"+strconv.Itoa(x.No)
	case *till.DayClosed:
		what, about = say("day_closed"), x.Closed.String()
	case *till.Approved:
		what, about = say("approved", "for", w.personName(x.For), "act", w.permissionName(x.Permission)), ""
	case *till.SettingSet:
		what = say("setting", "key", w.settingName(x.Key), "new", shorten(x.New, 40))
		if strings.HasPrefix(x.Key, "qr_methods") || strings.HasPrefix(x.Key, "label_rules") || strings.HasPrefix(x.Key, "wallets") || x.Key == "pay_codes" {
			what = say("setting_long", "key", w.settingName(x.Key))
		}
	case *till.ItemSaved:
		switch {
		case x.New:
			what = say("item_new", "name", w.ItemName(x.Item.Name, x.Item.NameEN), "price", Price(c, x.Item.Price))
		case x.OldPrice != x.Item.Price:
			what = say("item_price", "name", w.ItemName(x.Item.Name, x.Item.NameEN), "old", Price(c, x.OldPrice), "price", Price(c, x.Item.Price))
		default:
			what = say("item_saved", "name", w.ItemName(x.Item.Name, x.Item.NameEN))
		}
		about = x.Item.Code
	case *till.ItemsImported:
		what, about = say("imported", "added", thousands(x.Added), "changed", thousands(x.Changed), "aside", thousands(x.Aside)), x.File
	case *till.SignedOn:
		what, about = say("signed_on"), w.roleName(x.Role)
	case *till.SignedOff:
		what = say("signed_off")
	case *till.SignOnRefused:
		what, about = say("refused"), w.personName(x.Tried)
	case *till.Started:
		what, about = say("started"), x.Version
	case *till.Stopped:
		what = say("stopped")
	case *till.BackedUp:
		what, about = say("backed_up", "seq", strconv.FormatInt(x.Seq, 10)), baseName(x.Path)
	case *till.Restored:
		what, about = say("restored", "seq", strconv.FormatInt(x.Seq, 10)), baseName(x.Path)
	case *till.Reprinted:
		what, about = say("reprinted"), receiptNo(x.Receipt)
		if x.Copy > 0 {
			what = say("reprinted_n", "n", strconv.Itoa(x.Copy))
		}
	case *till.StaffSaved:
		key := "staff"
		if x.NewPIN {
			key = "staff_pin"
		}
		what, about = say(key, "name", x.Who.Name, "role", w.roleName(x.Who.Role)), x.Who.Code
	case *till.Exported:
		what = say("exported", "what", x.What)
	case *till.PaymentFound:
		what, about = say("payment_found", "name", w.walletName(x.Wallet), "amount", Money(c, x.Amount), "number", x.Number), x.Day.String()
	case *till.PaymentTaken:
		what = say("payment_taken", "name", w.walletName(x.Wallet), "amount", Money(c, x.Amount), "number", x.Number)
	case *till.PaymentReturned:
		what, about = say("payment_returned", "name", w.walletName(x.Wallet), "amount", Money(c, x.Amount), "number", x.Number), x.Day.String()
	case *till.PaymentOverridden:
		what = w.because(say("payment_overridden", "name", w.walletName(x.Wallet), "amount", Money(c, x.Amount), "number", x.Number), x.Reason)
	case *till.RefundMended:
		what = say("refund_mended", "name", w.tenderName(x.From), "amount", Money(c, x.Amount), "number", x.Number)
	case *till.LeftOpen:
		what = say("left_open", "carts", strconv.Itoa(len(x.Carts)), "payments", strconv.Itoa(len(x.Payments)))
	case *till.CashDeposited:
		what, about = say("cash_deposited", "bag", x.Bag, "amount", Money(c, x.Amount)), x.Note
	case *till.DepositCredited:
		what, about = say("deposit_credited", "bag", x.Bag, "amount", Money(c, x.Amount), "was", Money(c, x.Deposited)), x.Ref
	case *till.SafeCounted:
		what = w.because(say("safe_counted", "amount", Money(c, x.Counted), "was", Money(c, x.Expected)), x.Reason)
	case *till.StoryMark:
		what = w.storyMark(x)
	case *till.PaymentStep:
		what = w.paymentStep(x)
	default:
		what = strconv.Itoa(int(e.Record.Kind()))
	}
	if e.ApprovedBy != "" {
		what = say("with_approval", "what", what, "who", w.personName(e.ApprovedBy))
	}
	if e.Replayed {
		about = strings.TrimSpace(about + " " + say("replayed"))
	}
	return what, about
}

// paymentStep says one step of a payment, in the story of its receipt.
func (w *Window) paymentStep(s *till.PaymentStep) string {
	c, name := w.Currency(), w.walletName(s.Attempt.Wallet)
	switch {
	case s.RefundMove != nil:
		return w.Say("audit.refund_moved", "name", name, "amount", Money(c, s.Refund.Amount), "state", w.Say("audit.refund_state."+s.RefundMove.To.String()))
	case s.Refund != nil:
		return w.because(w.Say("audit.refund_planned", "name", name, "amount", Money(c, s.Refund.Amount), "number", s.Refund.Number), s.Refund.Why)
	case s.Call != nil:
		key := "audit.call." + s.Call.Kind
		if !w.words.Has(key) {
			key = "audit.call.other"
		}
		return w.Say("audit.pay_call", "name", name, "call", w.Say(key))
	case s.Move != nil:
		return w.because(w.Say("audit.pay_moved", "name", name, "amount", Money(c, s.Attempt.Amount), "state", w.Say("audit.pay_state."+s.Move.To.String())), s.Move.Note)
	}
	return w.Say("audit.pay_planned", "name", name, "amount", Money(c, s.Attempt.Amount), "number", s.Attempt.Number)
}

func (w *Window) because(what, reason string) string {
	if reason == "" {
		return what
	}
	return w.Say("audit.because", "what", what, "reason", reason)
}

func kindsOf(tenders []till.Tender) []till.TenderKind {
	var out []till.TenderKind
	for _, t := range tenders {
		out = append(out, t.Kind)
	}
	return out
}

// shorten cuts a text to so many characters.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "..."
}

// baseName is the last part of a path, of whatever system wrote it.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
