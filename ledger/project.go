package ledger

import (
	"slices"
	"strings"

	"guitai/till"
)

// A table is one table of projected rows: its columns in order. The first
// column is the number of the entry that the row comes from.
type table struct {
	name    string
	columns []string
	kinds   []byte // '$' text, '#' bytes, '?' a number or nothing, 0 a number
	insert  several
	order   string // of the rows of one entry
	many    bool   // an entry may have more than one row, and the key begins with it
}

func newTable(name, order, columns string) *table {
	t := &table{name: name, order: order}
	for _, c := range strings.Fields(columns) {
		var kind byte
		if n := len(c) - 1; strings.IndexByte("$#?", c[n]) >= 0 {
			c, kind = c[:n], c[n]
		}
		t.columns, t.kinds = append(t.columns, c), append(t.kinds, kind)
	}
	t.insert = insertInto(name, t.columns, "")
	return t
}

// newParts is newTable for the parts of documents.
func newParts(name, order, columns string) *table {
	t := newTable(name, order, columns)
	t.many = true
	return t
}

// The projected tables, parts before the documents that seal them.
var (
	tLine = newParts("sale_line", "n",
		"sale n voided code$ name$ category$ qty price list_price gross discount tax_class$ tax_rate tax_mode tax tax_added paid")
	tTender    = newParts("tender", "n", "sale n kind$ amount tendered change ref$ evidence")
	tReturnLn  = newParts("return_line", "n", "ret n of_line code$ name$ category$ qty tax_class$ tax_rate tax_mode tax tax_added paid")
	tRefund    = newParts("refund", "n", "ret n kind$ amount ref$")
	tPosting   = newParts("posting", "account", "seq account$ amount")
	tReceipt   = newTable("receipt", "no", "seq no")
	tSale      = newTable("sale", "id", "seq id# receipt shift day hour at_ms operator$ gross discounts tax tax_added rounding total")
	tReturn    = newTable("return_doc", "id", "seq id# receipt of_receipt? post_void shift day hour at_ms operator$ value rounding")
	tMend      = newTable("tender_mend", "n", "seq receipt n from_kind$ to_kind$ amount ref$ shift day")
	tCash      = newTable("cash_movement", "id", "seq id# kind$ amount reason$ shift day")
	tCancelled = newTable("cancelled", "id", "seq id# shift day voids")
	tShift     = newTable("shift", "no", "seq no day opened_ms opened_by$ float")
	tClose     = newTable("shift_close", "no", "seq no closed_ms counted expected over_short reason$")
	tZ         = newTable("z_report", "no", "seq no shift day net grand_total")
	tDay       = newTable("business_day", "day", "closed_seq day")
	tSetting   = newTable("setting", "key", "seq key$ value$")
	tDeposit   = newTable("deposit", "id", "seq id# bag$ amount note$ at_ms by$ day")
	tCredit    = newTable("deposit_credit", "deposit", "seq deposit# amount deposited on_day ref$ statement by$ day")
	tSafe      = newTable("safe_count", "id", "seq id# counted expected over_short reason$ at_ms by$ day")
	tPayment   = newTable("payment_note", "seq", "seq kind$ attempt$ refund$ wallet$ amount sale# shift day")
)

// tables lists every projected table.
var tables = []*table{
	tLine, tTender, tReturnLn, tRefund, tPosting, tReceipt, tSale, tReturn, tMend, tCash, tCancelled, tShift, tClose, tZ, tDay, tSetting, tPayment, tDeposit, tCredit, tSafe,
}

// A row is one projected row: values in the order of its table's columns.
type row struct {
	in     *table
	values []value
}

// A value is what a column holds: a number, a text ('$'), bytes ('#', in text)
// or nothing ('?').
type value struct {
	text   string
	number int64
	kind   byte
}

// appendValues adds values that are int64, string, []byte or nil. An
// interface of many small numbers would cost an allocation each.
func appendValues(to []value, values ...any) []value {
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			to = append(to, value{number: v})
		case string:
			to = append(to, value{text: v, kind: '$'})
		case []byte:
			to = append(to, value{text: string(v), kind: '#'})
		case nil:
			to = append(to, value{kind: '?'})
		}
	}
	return to
}

// any is the value as drivers take it.
func (v *value) any() any {
	switch v.kind {
	case '$':
		return v.text
	case '#':
		return []byte(v.text)
	case '?':
		return nil
	}
	return v.number
}

// A projection turns entries into their rows, in the same room for each.
type projection struct {
	rows   []row
	values []value
	sums   balance
}

// of returns the rows of an entry, good until the next. They are a function of
// the entry alone, so that verifying can make them again and compare.
func (p *projection) of(seq int64, e *till.Entry) []row {
	p.rows, p.values = p.rows[:0], p.values[:0]
	add := func(t *table, values ...any) {
		from := len(p.values)
		p.values = appendValues(append(p.values, value{number: seq}), values...)
		p.rows = append(p.rows, row{t, p.values[from:len(p.values):len(p.values)]})
	}
	for _, b := range p.sums.of(e) {
		add(tPosting, b.account, int64(b.amount))
	}
	ms, hour := e.At.UnixMilli(), int64(e.At.Hour())
	shift, day := int64(e.Shift), int64(e.Day)
	switch r := e.Record.(type) {
	case *till.SaleCompleted:
		s := &r.Sale
		add(tReceipt, int64(s.Receipt))
		for i := range s.Lines {
			l := &s.Lines[i]
			add(tLine, int64(l.N), number(l.Voided), l.Code, l.Name, l.Category, int64(l.Qty), int64(l.Price), int64(l.ListPrice), int64(l.Gross),
				int64(l.DiscountOff+l.Share), l.Tax.Code, int64(l.Tax.Rate), int64(l.Tax.Mode), int64(l.TaxIn), int64(l.TaxAdded), int64(l.Paid()))
		}
		for i := range s.Tenders {
			t := &s.Tenders[i]
			add(tTender, int64(t.N), string(t.Kind), int64(t.Amount), int64(t.Tendered), int64(t.Change), t.Ref, int64(t.Evidence))
		}
		add(tSale, s.ID[:], int64(s.Receipt), shift, day, hour, ms, e.Operator, int64(s.Gross), int64(s.Discounts), int64(s.Tax), int64(s.TaxAdded),
			int64(s.Rounding), int64(s.Total()))
	case *till.Returned:
		d := &r.Return
		add(tReceipt, int64(d.Receipt))
		for i := range d.Lines {
			l := &d.Lines[i]
			add(tReturnLn, int64(l.N), int64(l.Of), l.Code, l.Name, l.Category, int64(l.Qty), l.Tax.Code, int64(l.Tax.Rate), int64(l.Tax.Mode), int64(l.TaxIn),
				int64(l.TaxAdded), int64(l.Paid))
		}
		for i := range d.Refunds {
			t := &d.Refunds[i]
			add(tRefund, int64(t.N), string(t.Kind), int64(t.Amount), t.Ref)
		}
		var of any
		if d.Of != 0 {
			of = int64(d.Of)
		}
		add(tReturn, d.ID[:], int64(d.Receipt), of, number(d.PostVoid), shift, day, hour, ms, e.Operator, int64(d.Value), int64(d.Rounding))
	case *till.TenderMended:
		add(tMend, int64(r.Receipt), int64(r.Share), string(r.From), string(r.To), int64(r.Amount), r.Ref, shift, day)
	case *till.CashMoved:
		add(tCash, r.ID[:], string(r.Movement), int64(r.Amount), r.Reason, shift, day)
	case *till.SaleCancelled:
		add(tCancelled, r.Sale.ID[:], shift, day, int64(voids(&r.Sale)))
	case *till.ShiftOpened:
		o := &r.Opened
		add(tShift, int64(o.No), int64(o.Day), o.OpenedAt.UnixMilli(), o.OpenedBy, int64(o.Float))
	case *till.ShiftClosed:
		add(tClose, int64(r.No), ms, int64(r.Counted), int64(r.Expected), int64(r.OverShort), r.Reason)
	case *till.ZReported:
		add(tZ, int64(r.No), shift, day, int64(r.Totals.Net()), int64(r.GrandTotal))
	case *till.DayClosed:
		add(tDay, int64(r.Closed))
	case *till.Founded:
		list := slices.SortedFunc(slices.Values(r.Settings), func(a, b till.Setting) int { return strings.Compare(a.Key, b.Key) })
		for _, s := range list {
			add(tSetting, s.Key, s.Value)
		}
	case *till.SettingSet:
		add(tSetting, r.Key, r.New)
	case *till.CashDeposited:
		add(tDeposit, r.ID[:], r.Bag, int64(r.Amount), r.Note, ms, e.Operator, day)
	case *till.DepositCredited:
		add(tCredit, r.Deposit[:], int64(r.Amount), int64(r.Deposited), int64(r.On), r.Ref, number(r.Statement), e.Operator, day)
	case *till.SafeCounted:
		add(tSafe, r.ID[:], int64(r.Counted), int64(r.Expected), int64(r.OverShort), r.Reason, ms, e.Operator, day)
	case *till.PaymentFound:
		add(tPayment, "found", r.Number, "", r.Wallet, int64(r.Amount), r.Sale[:], shift, day)
	case *till.PaymentTaken:
		add(tPayment, "taken", r.Number, "", r.Wallet, int64(r.Amount), r.Sale[:], shift, day)
	case *till.PaymentReturned:
		add(tPayment, "returned", r.Number, r.Refund, r.Wallet, int64(r.Amount), r.Sale[:], shift, day)
	case *till.RefundMended:
		kind := "mended"
		if r.Return.IsZero() {
			kind = "paid_out"
		}
		add(tPayment, kind, "", r.Number, r.From.Detail(), int64(r.Amount), r.Sale[:], shift, day)
	case *till.PaymentOverridden:
		add(tPayment, "overridden", r.Number, "", r.Wallet, int64(r.Amount), r.Sale[:], shift, day)
	}
	return p.rows
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func voids(s *till.Sale) int {
	n := 0
	for i := range s.Lines {
		if s.Lines[i].Voided {
			n++
		}
	}
	return n
}
