package till

import (
	"fmt"
	"strings"

	"guitai/till/money"
	"guitai/till/receipt"
)

// narrowBelow is the number of columns from which the columns of a line's
// table fit beside one another, and two languages in one row.
const narrowBelow = 42

// The columns of a line's table, from the right.
const (
	taxColumns    = 3
	amountColumns = 10
	priceColumns  = 9
	qtyColumns    = 7
)

// say is a word in the shop's language, or in both where they fit side by side.
func (s *sheet) say(w slipWord) string {
	switch {
	case s.both && w.zh != w.en:
		return w.zh + " " + w.en
	case s.english:
		return w.en
	}
	return w.zh
}

// one is a word in one language, Chinese first.
func (s *sheet) one(w slipWord) string {
	if s.english {
		return w.en
	}
	return w.zh
}

// other is the English that stands under a Chinese word; empty where it does
// not.
func (s *sheet) other(zh, en string) string {
	if s.both && en != zh {
		return en
	}
	return ""
}

// name is a name of goods in the language of the paper.
func (s *sheet) name(zh, en string) string {
	if (s.english && en != "") || zh == "" {
		return en
	}
	return zh
}

func (s *sheet) money(a money.Amount) string { return s.p.Settings.Currency.Format(a) }

func (s *sheet) unlessZero(w slipWord, a money.Amount) {
	if a != 0 {
		s.pair(s.say(w), s.money(a))
	}
}

func (s *sheet) counted(w slipWord, n int) {
	if n != 0 {
		s.pair(s.say(w), fmt.Sprint(n))
	}
}

// shop writes the head of a receipt.
func (s *sheet) shop() {
	shop := s.p.Settings.Shop
	if s.p.Settings.Paper.Logo {
		s.logo()
	}
	if name := s.name(shop.Name, shop.NameEN); name != "" {
		s.big(name)
	}
	if en := s.other(shop.Name, shop.NameEN); en != "" {
		s.mid(en)
	}
	for _, line := range []string{shop.Address, s.labelled(wordTaxID, shop.RegNo), s.labelled(wordPhone, shop.Phone)} {
		if line != "" {
			s.mid(line)
		}
	}
	s.paragraphs(s.p.Settings.Paper.Header)
	s.practice()
	s.double()
}

func (s *sheet) labelled(w slipWord, v string) string {
	if v == "" {
		return ""
	}
	return s.say(w) + " " + v
}

// shopName heads a slip that stays in the shop.
func (s *sheet) shopName() {
	shop := s.p.Settings.Shop
	if name := strings.TrimSpace(s.name(shop.Name, shop.NameEN) + " " + s.other(shop.Name, shop.NameEN)); name != "" {
		s.mid(name)
	}
	s.practice()
}

func (s *sheet) practice() {
	if s.p.Practice {
		s.loud("*** " + s.one(wordPractice) + " ***")
	}
}

func (s *sheet) copyMark(n int) {
	if n > 0 {
		s.add(receipt.Copy{N: n})
	}
}

func (s *sheet) paragraphs(text string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			s.mid(line)
		}
	}
}

// place is which till and who.
func (s *sheet) place(operator string) string {
	if s.p.Name != nil {
		if name := s.p.Name(operator); name != "" {
			operator = name
		}
	}
	return strings.TrimSpace(fmt.Sprintf(s.one(wordTill), s.p.Settings.Till) + " " + operator)
}

// lines writes the goods: in columns on wide paper, else name over figures.
func (s *sheet) lines(sale *Sale, marks map[TaxClass]string) {
	if !s.narrow {
		s.row(s.say(wordItem), s.one(wordQty), s.one(wordPrice), s.one(wordAmount), s.markOr(marks, s.one(wordTaxMark)))
	}
	for i := range sale.Lines {
		l := &sale.Lines[i]
		if l.Voided {
			continue
		}
		name, mark := s.name(l.Name, l.NameEN), marks[l.Tax]
		price := s.p.Settings.Currency.FormatPrice(l.Price)
		if s.narrow {
			s.left(name)
			s.pair("  "+quantityText(l.Qty, l.Weighed, l.Unit)+" x "+price, s.money(l.Gross)+s.markOr(marks, " "+mark))
		} else {
			qty := l.Qty.String()
			if l.Weighed {
				qty = weightText(l.Qty)
			}
			s.row(name, qty, price, s.money(l.Gross), s.markOr(marks, mark))
			if en := s.other(l.Name, l.NameEN); en != "" {
				s.under(en)
			}
		}
		if l.Price != l.ListPrice {
			s.under(s.say(wordWas) + " " + s.p.Settings.Currency.FormatPrice(l.ListPrice))
		}
		if l.DiscountOff != 0 {
			why := s.say(wordOff)
			if l.Discount.Reason != "" {
				why = l.Discount.Reason
			}
			s.pair("  "+why, s.money(-l.DiscountOff)+s.markOr(marks, strings.Repeat(" ", s.markWidth())))
		}
	}
}

func (s *sheet) markOr(marks map[TaxClass]string, mark string) string {
	if marks == nil {
		return ""
	}
	return mark
}

func (s *sheet) markWidth() int {
	if s.narrow {
		return 2
	}
	return taxColumns
}

// row is one line of the table of goods. A name too long for its column goes
// on below itself.
func (s *sheet) row(name, qty, price, amount, mark string) {
	figures := padLeft(qty, qtyColumns) + padLeft(price, priceColumns) + padLeft(amount, amountColumns)
	if mark != "" {
		figures += padLeft(mark, taxColumns)
	}
	s.pair(name, figures)
}

func padLeft(v string, width int) string {
	return strings.Repeat(" ", max(1, width-receipt.TextWidth(v))) + v
}

// total is the sum that everybody looks for, twice as large.
func (s *sheet) total(w slipWord, a money.Amount) {
	cur := s.p.Settings.Currency
	figure, sign := s.money(a), ""
	if cur.Symbol() == "¥" && !s.english {
		// The sign that the printers' Chinese code page has.
		figure, sign = "￥"+figure, "￥"
	}
	if a < 0 && sign != "" {
		figure = "-" + sign + s.money(-a)
	}
	s.bigPair(s.one(w), figure)
	if en := s.other(w.zh, w.en); en != "" {
		s.left(en)
	}
	if sign == "" {
		s.right(cur.Code)
	}
}

// tenders lists how a sale was settled or a refund given.
func (s *sheet) tenders(list []Tender) {
	var change money.Amount
	cash := false
	for i := range list {
		t := &list[i]
		s.pair(s.tenderName(t.Kind), s.money(t.Amount))
		if t.Kind.Family() == "foreign" {
			cur, err := money.CurrencyOf(t.Kind.Detail())
			if err == nil {
				s.under(cur.Code + " " + cur.Format(t.ForeignAmount) + " x " + money.Rate(t.ForeignRate).String())
			}
		}
		if t.Kind == Cash {
			cash = true
			change += t.Change
			if t.Tendered != t.Amount {
				s.pair("  "+s.say(wordTendered), s.money(t.Tendered))
			}
		}
		switch {
		case t.Evidence == ByProvider:
			s.vouched(t)
		case t.Ref != "":
			s.under(s.say(wordRef) + " " + maskRef(t.Ref))
		}
		if t.Kind.NeedsProof() {
			switch t.Evidence {
			case ByCashier:
				s.under(s.say(wordByCashier))
			case ByImport:
				s.under(s.say(wordImported))
			case ByProvider:
			}
		}
	}
	if cash && change != 0 {
		s.pair(s.say(wordChange), s.money(change))
	}
}

// tenderName is a tender kind in words; a name that no table has stands as the
// shop set it.
func (s *sheet) tenderName(k TenderKind) string {
	family, detail := tenderNames[k.Family()], k.Detail()
	if detail == "" {
		return s.say(family)
	}
	named, ok := tenderNames[detail]
	if !ok {
		named = slipWord{detail, detail}
	}
	switch k.Family() {
	case "wallet":
		if title, ok := s.walletTitle(detail); ok {
			named = title
		}
		return s.say(named)
	case "qr":
		return s.one(family) + " " + s.say(named)
	}
	return s.say(family) + " " + detail
}

// taxBlock lists the rates with what they were taken of.
func (s *sheet) taxBlock(list []TaxTotal, marks map[TaxClass]string, added money.Amount) {
	var sum money.Amount
	taxed := false
	for _, t := range list {
		sum += t.Tax
		taxed = taxed || t.Class.Rate != 0
	}
	if !taxed {
		return
	}
	s.rule()
	s.three(s.say(wordTaxRate), s.one(wordTaxNet), s.one(wordTax))
	for _, t := range list {
		name := t.Class.Rate.Percent() + "%"
		if m := marks[t.Class]; m != "" {
			name = m + " " + name
		} else if marks == nil {
			name = t.Class.Code + " " + name
		}
		s.three(name, s.money(t.Taxable), s.money(t.Tax))
	}
	w := wordTaxIn
	if added != 0 {
		w = wordTaxSum
	}
	s.pair(s.say(w), s.money(sum))
}

// three is a name and two figures.
func (s *sheet) three(name, a, b string) {
	figures := padLeft(b, amountColumns+1)
	s.pair(name, padLeft(a, amountColumns)+figures)
}

// tenderTotals lists what each kind of tender took and gave back.
func (s *sheet) tenderTotals(list []TenderTotal) {
	s.three(s.say(wordTender), s.one(wordCount), s.one(wordAmount))
	var unproved money.Amount
	n := 0
	for _, t := range list {
		if t.Kind == NoTender {
			continue
		}
		s.three(s.tenderName(t.Kind), fmt.Sprint(t.Count), s.money(t.Amount-t.Refunded))
		unproved += t.Unverified
		n += t.UnvCount
	}
	if n > 0 {
		s.three(s.say(wordUnproved), fmt.Sprint(n), s.money(unproved))
	}
}

// drawer shows how the expected cash comes about.
func (s *sheet) drawer(t *ShiftTotals) {
	s.pair(s.say(wordFloat), s.money(t.Float))
	s.pair(s.say(wordCashSales), s.money(t.CashSales()))
	s.unlessZero(wordPaidIn, t.PaidIn)
	s.unlessZero(wordLoan, t.Loans)
	s.unlessZero(wordPaidOut, -t.PaidOut)
	s.unlessZero(wordDrop, -t.Drops)
	s.pair(s.say(wordExpected), s.money(t.Expected()))
}

// footer ends a receipt: the code by which a return finds it, and the shop's
// own words.
func (s *sheet) footer(no int) {
	s.barcode(no)
	s.mid(s.one(wordKeepSlip))
	if en := s.other(wordKeepSlip.zh, wordKeepSlip.en); en != "" {
		s.mid(en)
	}
	s.paragraphs(s.p.Settings.Paper.Footer)
}
