package till

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/till/receipt"
)

// A Paper writes the slips of a till as documents for any printer. It decides
// what stands on a slip; how it looks on a device is the printer's business.
type Paper struct {
	Settings Settings
	// Name returns the name of an operator code. Nil, and an empty name, leave
	// the code.
	Name func(code string) string
	// Refund returns a wallet's refund by its number; nil: nothing is known of
	// how far they are.
	Refund func(number string) (WalletRefund, bool)
	// Watched returns the payments of a sale that it went on without, and whose
	// money goes back if it comes; nil: none.
	Watched  func(sale ID) []Attempt
	Logo     receipt.Logo // printed where the settings want one
	Practice bool         // every slip says that it is none
}

// Sale writes the receipt of a completed sale. A copy from 1 is marked as one.
func (p Paper) Sale(s *Sale, n int) receipt.Document {
	sh := p.sheet()
	sh.shop()
	sh.copyMark(n)
	sh.bold(sh.say(wordReceipt), receiptNo(s.Receipt))
	sh.pair(p.clock(s.CompletedAt, sh), sh.place(s.Operator))
	sh.rule()
	marks := taxMarks(s.Lines)
	sh.lines(s, marks)
	sh.rule()
	sh.pair(sh.say(wordPieces), s.Pieces().String())
	sh.pair(sh.say(wordSubtotal), sh.money(s.Gross))
	sh.unlessZero(wordOff, -s.Discounts)
	sh.unlessZero(wordTaxAdded, s.TaxAdded)
	sh.unlessZero(wordRounding, s.Rounding)
	sh.total(wordTotal, s.Total())
	sh.rule()
	sh.tenders(s.Tenders)
	sh.watched(s.ID)
	if p.Settings.Paper.TaxBlock {
		sh.taxBlock(taxTotals(s.Lines), marks, s.TaxAdded)
	}
	sh.rule()
	sh.footer(s.Receipt)
	return sh.end()
}

// Return writes the slip of goods taken back, or of a post-void.
func (p Paper) Return(r *Return, at time.Time, operator string, n int) receipt.Document {
	sh := p.sheet()
	sh.shop()
	sh.copyMark(n)
	title := wordReturn
	if r.PostVoid {
		title = wordPostVoid
	}
	sh.bold(sh.say(title), receiptNo(r.Receipt))
	sh.pair(p.clock(at, sh), sh.place(operator))
	of := sh.say(wordNoReceipt)
	if r.Of != 0 {
		of = receiptNo(r.Of)
	}
	sh.pair(sh.say(wordOfSale), of)
	sh.rule()
	for i := range r.Lines {
		l := &r.Lines[i]
		sh.pair(sh.name(l.Name, l.NameEN)+"  x"+quantityText(l.Qty, l.Weighed, l.Unit), sh.money(-l.Paid))
	}
	sh.unlessZero(wordRounding, r.Rounding)
	given := r.Value - r.Rounding
	sh.total(wordRefunded, given)
	sh.rule()
	sh.tenders(r.Refunds)
	if r.Reason != "" {
		sh.rule()
		sh.pair(sh.say(wordReason), r.Reason)
	}
	sh.feed()
	sh.left(sh.say(wordSignature) + " " + strings.Repeat("_", 16))
	sh.feed()
	sh.barcode(r.Receipt)
	return sh.end()
}

// A ShiftSlip is what the slip of a shift shows beside its totals.
type ShiftSlip struct {
	Z        *ZReported   // nil: an X report of Totals and Taxes
	Closed   *ShiftClosed // of a Z
	Totals   ShiftTotals
	Taxes    []TaxTotal
	OpenedAt time.Time
	At       time.Time // of the close, or of the X
	Operator string
	Head     string // hash of the record before the Z, in hexadecimal
	Hash     string // of the Z's own record, in hexadecimal: it and all before it are as they were
	// Cases are the payments that waited for somebody, and Carts the sales that
	// were open: at the close for a Z, now for an X. A shift may be closed over
	// them, but its slip names each.
	Cases []PaymentCase
	Carts []LeftCart
}

// Shift writes an X or a Z report.
func (p Paper) Shift(f ShiftSlip) receipt.Document {
	sh := p.sheet()
	t, taxes, title := f.Totals, f.Taxes, wordX
	if f.Z != nil {
		t, taxes, title = f.Z.Totals, f.Z.Taxes, wordZ
	}
	sh.big(sh.one(title))
	sh.shopName()
	sh.double()
	sh.pair(fmt.Sprintf("%s #%d", sh.say(wordShift), t.Shift), sh.place(f.Operator))
	sh.pair(sh.say(wordDay), t.Day.String())
	if f.Z != nil {
		sh.pair(sh.say(wordZNo), fmt.Sprintf("%04d", f.Z.No))
	}
	if !f.OpenedAt.IsZero() {
		sh.left(p.clock(f.OpenedAt, sh) + " - " + f.At.In(p.Settings.zone()).Format("01-02 15:04"))
	} else {
		sh.left(p.clock(f.At, sh))
	}
	sh.double()
	sh.pair(sh.say(wordSales), fmt.Sprint(t.Sales))
	sh.pair(sh.say(wordGross), sh.money(t.Gross))
	sh.unlessZero(wordOff, -t.Discounts)
	sh.unlessZero(wordTaxAdded, t.TaxAdded)
	sh.unlessZero(wordRounding, t.Rounding)
	sh.pair(fmt.Sprintf("%s (%d)", sh.say(wordRefunds), t.Returns), sh.money(-t.Refunds))
	sh.bold(sh.say(wordNet), sh.money(t.Net()))
	sh.rule()
	sh.tenderTotals(t.Tenders)
	if len(taxes) > 0 && p.Settings.Paper.TaxBlock {
		sh.taxBlock(taxes, nil, t.TaxAdded)
	}
	sh.rule()
	sh.counted(wordVoids, t.Voids)
	sh.counted(wordCancelled, t.Cancelled)
	sh.counted(wordPostVoid, t.PostVoids)
	sh.counted(wordNoSales, t.NoSales)
	if t.FirstNo != 0 {
		sh.pair(sh.say(wordReceipts), receiptNo(t.FirstNo)+" - "+receiptNo(t.LastNo))
	}
	sh.rule()
	// A blind count stays blind: an X report tells the expected cash only where
	// the shop shows it before the count.
	if f.Z != nil || !p.Settings.BlindCount {
		sh.drawer(&t)
	}
	sh.carts(f.Carts)
	sh.cases(f.Cases)
	if f.Z != nil {
		sh.pair(sh.say(wordCounted), sh.money(f.Z.Counted))
		sh.total(wordOverShort, f.Z.Counted-t.Expected())
		if f.Closed != nil && f.Closed.Reason != "" {
			sh.pair(sh.say(wordReason), f.Closed.Reason)
		}
		sh.rule()
		sh.pair(sh.say(wordGrand), sh.money(f.Z.GrandTotal))
		if seal := sealText(f.Hash, f.Z.Head, f.Head); seal != "" {
			sh.pair(sh.say(wordSeal), seal)
		}
		sh.feed()
		sh.left(sh.say(wordCashier) + " " + strings.Repeat("_", 10))
		sh.feed()
		sh.left(sh.say(wordManager) + " " + strings.Repeat("_", 10))
	}
	return sh.end()
}

// CashMove writes the slip of cash moved without a sale.
func (p Paper) CashMove(m *CashMoved, at time.Time, operator string) receipt.Document {
	sh := p.sheet()
	sh.big(sh.one(cashKindWords[m.Movement]))
	sh.shopName()
	sh.double()
	sh.pair(p.clock(at, sh), sh.place(operator))
	sh.total(wordAmount, m.Amount)
	if m.Reason != "" {
		sh.pair(sh.say(wordReason), m.Reason)
	}
	sh.feed()
	sh.left(sh.say(wordCashier) + " " + strings.Repeat("_", 16))
	return sh.end()
}

// PayCode writes a payment code for exactly amount, with the payee beside it.
func (p Paper) PayCode(text, payee string, amount money.Amount) receipt.Document {
	sh := p.sheet()
	sh.big(sh.one(wordPay))
	sh.shopName()
	sh.double()
	sh.total(wordAmount, amount)
	sh.qr(text)
	if payee != "" {
		sh.mid(payee)
	}
	return sh.end()
}

// clock is a time as the paper shows it; narrow paper leaves the year and the
// seconds out.
func (p Paper) clock(at time.Time, sh *sheet) string {
	at = at.In(p.Settings.zone())
	if sh.narrow {
		return at.Format("01-02 15:04")
	}
	return at.Format("2006-01-02 15:04:05")
}

func (s *Settings) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

// receiptNo is a receipt number as people read it.
func receiptNo(n int) string { return fmt.Sprintf("#%06d", n) }

// quantityText keeps three decimals on weighed goods, as the scale shows them.
func quantityText(q money.Quantity, weighed bool, unit string) string {
	if !weighed {
		return q.String()
	}
	return strings.TrimSpace(weightText(q) + " " + unit)
}

func weightText(q money.Quantity) string { return fmt.Sprintf("%d.%03d", q/money.One, q%money.One) }

// sealText shows the start of a hash in groups that can be read out.
func sealText(hashes ...string) string {
	for _, h := range hashes {
		if len(h) >= 16 {
			h = strings.ToUpper(h)
			return h[:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16]
		}
	}
	return ""
}

// maskRef shows the first and the last four characters of a long payment
// reference.
func maskRef(ref string) string {
	r := []rune(ref)
	if len(r) <= 8 {
		return ref
	}
	return string(r[:4]) + " **** " + string(r[len(r)-4:])
}

// taxMarks gives every rate on the lines a letter, the highest first. Lines
// without tax alone get none.
func taxMarks(lines []Line) map[TaxClass]string {
	var classes []TaxClass
	taxed := false
	for i := range lines {
		if l := &lines[i]; !l.Voided && !slices.Contains(classes, l.Tax) {
			classes = append(classes, l.Tax)
			taxed = taxed || l.Tax.Rate != 0
		}
	}
	if !taxed {
		return nil
	}
	sortClasses(classes)
	marks := map[TaxClass]string{}
	for i, c := range classes {
		marks[c] = string(rune('A' + i%26))
	}
	return marks
}

func sortClasses(classes []TaxClass) {
	slices.SortFunc(classes, func(a, b TaxClass) int {
		if a.Rate != b.Rate {
			return int(b.Rate - a.Rate)
		}
		if a.Mode != b.Mode {
			return int(a.Mode) - int(b.Mode)
		}
		return strings.Compare(a.Code, b.Code)
	})
}

// taxTotals sums the unvoided lines by class, in the order of their marks.
func taxTotals(lines []Line) []TaxTotal {
	by := map[TaxClass]*TaxTotal{}
	var classes []TaxClass
	for i := range lines {
		l := &lines[i]
		if l.Voided {
			continue
		}
		t := by[l.Tax]
		if t == nil {
			t = &TaxTotal{Class: l.Tax}
			by[l.Tax] = t
			classes = append(classes, l.Tax)
		}
		t.Taxable += l.Paid() - l.TaxIn
		t.Tax += l.TaxIn
	}
	sortClasses(classes)
	out := make([]TaxTotal, 0, len(classes))
	for _, c := range classes {
		out = append(out, *by[c])
	}
	return out
}
