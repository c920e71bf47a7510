package ui

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// archive answers the pages behind the menu from the register's own documents, one record after the other.
type archive struct {
	c        *counter
	printed  []int    // Zs
	papers   []string // reports: the first and the last day
	fees     till.Fees
	failures []till.FailureCount
	wallets  []till.WalletTotal
	files    []string // of exports
	fault    string   // what a check of the journal finds
	at       int64
	refuse   error
}

// entries are the records of the business days from..to.
func (a *archive) entries(from, to till.BusinessDay) []till.Entry {
	return slices.DeleteFunc(a.c.run.J.Entries(), func(e till.Entry) bool { return e.Day < from || e.Day > to })
}

// Report sums the shifts of the days, then the hours, days and goods, from the documents.
func (a *archive) Report(ctx context.Context, from, to till.BusinessDay) (till.Report, error) {
	r := till.Report{From: from, To: to}
	if a.refuse != nil {
		return r, a.refuse
	}
	hours, days, goods := map[int]*till.HourRow{}, map[till.BusinessDay]*till.DayRow{}, map[string]*till.ItemRow{}
	book := func(e *till.Entry, n int, net money.Amount) {
		h := e.At.In(a.c.w.local(e.At).Location()).Hour()
		if hours[h] == nil {
			hours[h] = &till.HourRow{Hour: h}
		}
		if days[e.Day] == nil {
			days[e.Day] = &till.DayRow{Date: e.Day}
		}
		hours[h].Count += n
		hours[h].Net += net
		days[e.Day].Count += n
		days[e.Day].Net += net
	}
	kinds, people := map[string]*till.CategoryRow{}, map[string]*till.CashierRow{}
	person := func(code string) *till.CashierRow {
		if people[code] == nil {
			people[code] = &till.CashierRow{Operator: code}
		}
		return people[code]
	}
	sold := func(code, name, category string, qty money.Quantity, net money.Amount) {
		if kinds[category] == nil {
			kinds[category] = &till.CategoryRow{Name: category}
		}
		kinds[category].Qty += qty
		kinds[category].Net += net
		k := code + "\x00" + name
		if goods[k] == nil {
			goods[k] = &till.ItemRow{Code: code, Name: name}
		}
		goods[k].Qty += qty
		goods[k].Net += net
	}
	for _, e := range a.entries(from, to) {
		switch x := e.Record.(type) {
		case *till.SaleCompleted:
			book(&e, 1, x.Sale.Total())
			p := person(e.Operator)
			p.Sales++
			p.Discounts += x.Sale.Discounts
			p.Net += x.Sale.Total()
			for i := range x.Sale.Lines {
				if l := &x.Sale.Lines[i]; !l.Voided {
					sold(l.Code, l.Name, l.Category, l.Qty, l.Paid())
				}
			}
		case *till.Returned:
			book(&e, 0, x.Return.Rounding-x.Return.Value)
			p := person(e.Operator)
			p.Returns++
			p.Refunds += x.Return.Value
			p.Net += x.Return.Rounding - x.Return.Value
			for _, l := range x.Return.Lines {
				sold(l.Code, l.Name, l.Category, -l.Qty, -l.Paid)
			}
		case *till.ShiftOpened:
			if err := a.addShift(ctx, &r, x.Opened.No); err != nil {
				return r, err
			}
		}
	}
	for _, h := range hours {
		r.Hours = append(r.Hours, *h)
	}
	for _, d := range days {
		r.Days = append(r.Days, *d)
	}
	for _, g := range goods {
		r.Items = append(r.Items, *g)
	}
	for _, k := range kinds {
		r.Categories = append(r.Categories, *k)
	}
	for _, p := range people {
		r.Cashiers = append(r.Cashiers, *p)
	}
	r.Wallets = a.wallets
	slices.SortFunc(r.Categories, func(a, b till.CategoryRow) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(r.Cashiers, func(a, b till.CashierRow) int { return strings.Compare(a.Operator, b.Operator) })
	slices.SortFunc(r.Hours, func(a, b till.HourRow) int { return a.Hour - b.Hour })
	slices.SortFunc(r.Days, func(a, b till.DayRow) int { return int(a.Date - b.Date) })
	slices.SortFunc(r.Items, func(a, b till.ItemRow) int { return strings.Compare(a.Code+a.Name, b.Code+b.Name) })
	return r, nil
}

func (a *archive) addShift(ctx context.Context, r *till.Report, no int) error {
	t, taxes, err := a.c.run.J.Totals(ctx, no)
	if err != nil {
		return err
	}
	r.Sales += t.Sales
	r.Gross += t.Gross
	r.Discounts += t.Discounts
	r.TaxAdded += t.TaxAdded
	r.Tax += t.Tax
	r.Rounding += t.Rounding
	r.Returns += t.Returns
	r.Refunds += t.Refunds
	r.Voids += t.Voids
	r.Cancelled += t.Cancelled
	r.PostVoids += t.PostVoids
	for _, x := range t.Tenders {
		at := slices.IndexFunc(r.Tenders, func(y till.TenderTotal) bool { return y.Kind == x.Kind })
		if at < 0 {
			r.Tenders = append(r.Tenders, till.TenderTotal{Kind: x.Kind})
			at = len(r.Tenders) - 1
		}
		y := &r.Tenders[at]
		y.Count += x.Count
		y.Amount += x.Amount
		y.Refunded += x.Refunded
		y.Tendered += x.Tendered
		y.Change += x.Change
		r.Unverified += x.UnvCount
		r.UnvAmount += x.Unverified
	}
	for _, x := range taxes {
		at := slices.IndexFunc(r.Taxes, func(y till.TaxTotal) bool { return y.Class == x.Class })
		if at < 0 {
			r.Taxes = append(r.Taxes, x)
			continue
		}
		r.Taxes[at].Taxable += x.Taxable
		r.Taxes[at].Tax += x.Tax
	}
	row := till.CashRow{Shift: no, Float: t.Float, PaidIn: t.PaidIn, PaidOut: t.PaidOut, Drops: t.Drops, Loans: t.Loans, Expected: t.Expected()}
	for _, e := range a.c.run.J.Entries() {
		if x, ok := e.Record.(*till.ShiftClosed); ok && x.No == no {
			row.Counted, row.OverShort, row.Closed = x.Counted, x.OverShort, true
		}
	}
	r.Cash = append(r.Cash, row)
	return nil
}

func (a *archive) Totals(ctx context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error) {
	return a.c.run.J.Totals(ctx, shift)
}

func (a *archive) LastClose(context.Context) (last till.ShiftClosed, ok bool, err error) {
	for _, e := range a.c.run.J.Entries() {
		if x, is := e.Record.(*till.ShiftClosed); is {
			last, ok = *x, true
		}
	}
	return last, ok, a.refuse
}

func (a *archive) Zs(_ context.Context, below, limit int) (out []ZLine, err error) {
	var closed till.ShiftClosed
	for _, e := range a.c.run.J.Entries() {
		switch x := e.Record.(type) {
		case *till.ShiftClosed:
			closed = *x
		case *till.ZReported:
			if below == 0 || x.No < below {
				out = append(out, ZLine{Z: *x, Close: closed, At: e.At, Operator: e.Operator})
			}
		}
	}
	slices.Reverse(out)
	return out[:min(limit, len(out))], a.refuse
}

func (a *archive) PrintZ(_ context.Context, no int) error {
	a.printed = append(a.printed, no)
	return a.refuse
}

func (a *archive) Export(_ context.Context, r ReportOf, format string) (string, error) {
	file := fmt.Sprintf("/shop/exports/%s-%s-%s.%s", r.What, r.From, r.To, format)
	a.files = append(a.files, file)
	return file, a.refuse
}

func (a *archive) PrintReport(_ context.Context, from, to till.BusinessDay) error {
	a.papers = append(a.papers, from.String()+" "+to.String())
	return a.refuse
}

func (a *archive) Fees(_ context.Context, from, to till.BusinessDay) (till.Fees, error) {
	return a.fees, a.refuse
}

func (a *archive) Failures(context.Context, till.BusinessDay, till.BusinessDay) ([]till.FailureCount, error) {
	return a.failures, a.refuse
}

func (a *archive) TendersBegan(context.Context) (map[till.TenderKind]till.BusinessDay, error) {
	return map[till.TenderKind]till.BusinessDay{till.Cash: 20260101, till.Card: 20260618, till.WalletTender("alipay"): 20260610}, a.refuse
}

func (a *archive) SideBySide(ctx context.Context, from, to till.BusinessDay) (till.SideBySide, error) {
	r, err := a.Report(ctx, from, to)
	out := till.SideBySide{Report: r}
	for _, t := range r.Tenders {
		x := till.TenderSide{TenderTotal: t, Baskets: t.Count, Total: t.Amount}
		for _, w := range r.Wallets {
			if till.WalletTender(w.Wallet) == t.Kind {
				x.Attempts, x.Paid, x.ToPay = w.Attempts, w.Paid, w.Seconds.Median
			}
		}
		for i := range a.fees.Totals {
			if f := &a.fees.Totals[i]; f.Kind == t.Kind {
				x.Fee, x.Priced = f.Fee, f.Priced
			}
		}
		out.Tenders = append(out.Tenders, x)
	}
	return out, err
}

// partOfFigure is what a record adds to a figure; false where it does not stand behind it.
func partOfFigure(c *counter, e *till.Entry, f till.Figure) (part money.Amount, in bool) {
	add := func(a money.Amount, when bool) {
		if when {
			part, in = part+a, true
		}
	}
	sale, ok := e.Record.(*till.SaleCompleted)
	if ok {
		s := &sale.Sale
		switch f.Of {
		case till.FigureNet:
			add(s.Total(), true)
		case till.FigureHour:
			add(s.Total(), c.w.local(e.At).Hour() == f.N)
		case till.FigureWeekday:
			add(s.Total(), int(dayTime(e.Day).Weekday()) == f.N)
		case till.FigureCashier:
			add(s.Total(), e.Operator == f.Key)
		case till.FigureDiscounts:
			add(s.Discounts, s.Discounts != 0)
		case till.FigureTax:
			add(s.Tax, s.Tax != 0)
		case till.FigureTender, till.FigureUnverified:
			for _, t := range s.Tenders {
				add(t.Amount, f.Of == till.FigureTender && string(t.Kind) == f.Key || f.Of == till.FigureUnverified && t.Kind.NeedsProof() && t.Evidence != till.ByProvider)
			}
		case till.FigureItem, till.FigureCategory:
			for i := range s.Lines {
				l := &s.Lines[i]
				add(l.Paid(), !l.Voided && (f.Of == till.FigureItem && l.Code == f.Key && l.Name == f.Name || f.Of == till.FigureCategory && l.Category == f.Key))
			}
		}
		return part, in
	}
	back, ok := e.Record.(*till.Returned)
	if !ok {
		return 0, false
	}
	r := &back.Return
	net := r.Rounding - r.Value
	switch f.Of {
	case till.FigureNet:
		add(net, true)
	case till.FigureRefunds:
		add(r.Value, true)
	case till.FigureHour:
		add(net, c.w.local(e.At).Hour() == f.N)
	case till.FigureWeekday:
		add(net, int(dayTime(e.Day).Weekday()) == f.N)
	case till.FigureCashier:
		add(net, e.Operator == f.Key)
	case till.FigureTax:
		for _, l := range r.Lines {
			add(-l.TaxIn, l.TaxIn != 0)
		}
	case till.FigureTender:
		for _, t := range r.Refunds {
			add(-t.Amount, string(t.Kind) == f.Key)
		}
	case till.FigureItem, till.FigureCategory:
		for _, l := range r.Lines {
			add(-l.Paid, f.Of == till.FigureItem && l.Code == f.Key && l.Name == f.Name || f.Of == till.FigureCategory && l.Category == f.Key)
		}
	}
	return part, in
}

func (a *archive) Parts(ctx context.Context, f FindSales) (p till.Parts, err error) {
	f.Limit = 1 << 20
	list, err := a.Find(ctx, f)
	for _, s := range list {
		p.Receipts++
		p.Sum += s.Part
	}
	return p, err
}

// numbered is a record that has a receipt number.
func numbered(r till.Record) int {
	switch x := r.(type) {
	case *till.SaleCompleted:
		return x.Sale.Receipt
	case *till.Returned:
		return x.Return.Receipt
	}
	return 0
}

// about reports whether a record belongs to the story of a receipt.
func about(r till.Record, receipt int) bool {
	switch x := r.(type) {
	case *till.Returned:
		return x.Return.Of == receipt || x.Return.Receipt == receipt
	case *till.TenderMended:
		return x.Receipt == receipt
	case *till.Reprinted:
		return x.Receipt == receipt
	}
	return numbered(r) == receipt
}

func (a *archive) Story(_ context.Context, receipt int) (out []till.Entry, err error) {
	for _, e := range a.c.run.J.Entries() {
		if about(e.Record, receipt) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return nil, &till.Error{Code: till.NoSuchReceipt}
	}
	return out, nil
}

func (a *archive) Sold(ctx context.Context, receipt int) (till.Sold, error) {
	return a.c.run.J.Sold(ctx, receipt)
}

func (a *archive) Receipt(code string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(code, "GT"))
	return n, err == nil && strings.HasPrefix(code, "GT")
}

func (a *archive) Find(ctx context.Context, f FindSales) (out []PastSale, err error) {
	if a.refuse != nil {
		return nil, a.refuse
	}
	cur := a.c.w.Currency()
	for _, e := range a.c.run.J.Entries() {
		s := PastSale{Receipt: numbered(e.Record), At: e.At, Day: e.Day, Operator: e.Operator}
		if s.Receipt == 0 || f.From != 0 && (e.Day < f.From || e.Day > f.To) || f.Below != 0 && s.Receipt >= f.Below || f.Operator != "" && e.Operator != f.Operator {
			continue
		}
		if len(f.Receipts) > 0 && !slices.Contains(f.Receipts, s.Receipt) {
			continue
		}
		var behind bool
		if s.Part, behind = partOfFigure(a.c, &e, f.Figure); f.Figure.Of != "" && !behind {
			continue
		}
		words := receiptNo(s.Receipt)
		switch x := e.Record.(type) {
		case *till.SaleCompleted:
			sold, err := a.Sold(ctx, s.Receipt)
			if err != nil {
				return nil, err
			}
			s.Total, s.Pieces, s.Kinds, s.Voided, s.Back = x.Sale.Total(), x.Sale.Pieces(), kindsOf(sold.Sale.Tenders), sold.Voided, len(sold.Returned) > 0
			for i := range x.Sale.Lines {
				words += " " + x.Sale.Lines[i].Name + " " + x.Sale.Lines[i].Code
			}
		case *till.Returned:
			s.Total, s.Kinds, s.Return, s.PostVoid = x.Return.Rounding-x.Return.Value, kindsOf(x.Return.Refunds), true, x.Return.PostVoid
			for _, l := range x.Return.Lines {
				words += " " + l.Name + " " + l.Code
			}
		}
		if f.Refunds && !s.Return || f.Kind != "" && !slices.Contains(s.Kinds, f.Kind) || f.HourSet && a.c.w.local(e.At).Hour() != f.Hour {
			continue
		}
		if x, ok := e.Record.(*till.SaleCompleted); (f.Reduced || f.Unproven) && !ok || f.Reduced && x.Sale.Discounts == 0 || f.Unproven && !slices.ContainsFunc(x.Sale.Tenders, func(t till.Tender) bool {
			return t.Kind.NeedsProof() && t.Evidence != till.ByProvider
		}) {
			continue
		}
		words += " " + cur.Format(s.Total)
		if f.Text != "" && !strings.Contains(words, f.Text) {
			continue
		}
		out = append(out, s)
	}
	slices.Reverse(out)
	return out[:min(len(out), f.Limit)], nil
}

func (a *archive) Latest(_ context.Context, before int64, limit int) (out []JournalLine, err error) {
	for i, e := range a.c.run.J.Entries() {
		if seq := int64(i + 1); before == 0 || seq < before {
			out = append(out, JournalLine{Seq: seq, Hash: fmt.Sprintf("%064x", seq), Entry: e})
		}
	}
	slices.Reverse(out)
	return out[:min(len(out), limit)], a.refuse
}

func (a *archive) Verify(_ context.Context, progress func(done, of int64)) (Verified, error) {
	n := int64(len(a.c.run.J.Entries()))
	progress(n, n)
	return Verified{Records: n, Took: 300 * time.Millisecond, Head: strings.Repeat("7f3ab0c4", 8), Fault: a.fault, At: a.at}, a.refuse
}

// lists is a folder with one list of goods, and what taking it does to the shelf.
type lists struct {
	shelf  *shelf
	rows   []till.Item
	aside  []ListFault
	taken  []string // the fields it was last taken with
	undone []string
	refuse error
}

func (l *lists) Places(context.Context) ([]Place, error) {
	return []Place{{Path: "/shop", Name: "青禾便利店", Folder: true}, {Path: "/media/stick", Name: "KINGSTON", Folder: true}}, nil
}

func (l *lists) List(_ context.Context, folder string, ends ...string) ([]Place, error) {
	if folder == "/media/stick" {
		return nil, errors.New("no medium found")
	}
	at := time.Date(2026, 6, 17, 18, 20, 0, 0, time.UTC)
	return []Place{{Path: path.Join(folder, "goods.csv"), Name: "goods.csv", Bytes: 48_211, At: at}, {Path: path.Join(folder, "old"), Name: "old", Folder: true}}, nil
}

func (l *lists) Read(_ context.Context, file string) (ListSheet, error) {
	if l.refuse != nil {
		return ListSheet{}, l.refuse
	}
	return ListSheet{Rows: len(l.rows) + len(l.aside), Columns: []ListColumn{{"货号", "101", "code"}, {"品名", "鲜牛奶 1L", "name"}, {"售价", "15.90", "price"}, {"条码", "6901234567892", "barcodes"},
		{"分类", "饮料", "category"}, {"库存", "24", ""}}}, nil
}

func (l *lists) Check(context.Context, string, []string) (ListCheck, error) {
	return ListCheck{New: len(l.rows), Changed: 1, Same: 212, Aside: l.aside, NewCategories: []string{"文具", "冷冻"}}, l.refuse
}

func (l *lists) Take(_ context.Context, _ string, fields []string, by string, progress func(done, of int)) (ListDone, error) {
	l.taken = fields
	for i, it := range l.rows {
		if _, err := l.shelf.SaveItem(context.Background(), it, by); err != nil {
			return ListDone{}, err
		}
		progress(i+1, len(l.rows))
	}
	return ListDone{Batch: "b1", Added: len(l.rows), Changed: 1, Aside: len(l.aside), AsideFile: "/shop/exports/goods-aside.csv"}, l.refuse
}

func (l *lists) Undo(_ context.Context, batch, _ string) error {
	l.undone = append(l.undone, batch)
	return l.refuse
}

// back opens a counter with every page behind the menu that reads the books, somebody signed on and a shift open. The
// screen speaks English.
func back(t *testing.T, who string) (*counter, *archive) {
	c, a := backAt(t, 1366, 768)
	c.run.SignOn(who)
	c.run.OK(till.OpenShift{Float: 20000})
	c.show()
	c.w.SetLanguage("en")
	c.sent = nil
	return c, a
}

func backAt(t *testing.T, width, height float32) (*counter, *archive) {
	c := opened(t, width, height)
	a := &archive{c: c}
	l := &lists{shelf: c.goods, rows: []till.Item{{Name: "铅笔", NameEN: "Pencil", Price: 150_00, Category: "文具"}}, aside: []ListFault{
		{Row: 18, Code: "price_minus", Detail: "-1"}, {Row: 77, Code: "check_digit", Detail: "6901234567890"}, {Row: 140, Code: "encoding", Detail: "\ufffd\ufffd"}}}
	o := &c.w.ports.Office
	o.Books, o.Past, o.Journal, o.Lists, o.Folders = a, a, a, l, l
	c.w.Refresh()
	return c, a
}
