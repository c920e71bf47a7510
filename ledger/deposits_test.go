package ledger

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Cash goes from the drawer to the safe, into bags and to the bank; each step is
// a record, the safe adds up, and what is missing has its own account.
func TestDepositsAddUpFromTheDrawerToTheBank(t *testing.T) {
	b := newBilling(t)
	b.l.opt.Now = func() time.Time { return b.at }
	for _, drop := range []money.Amount{200000, 50000} {
		b.must(t, till.Tx{Entries: []till.Entry{b.entry(&till.CashMoved{ID: b.id(), Movement: till.Drop, Amount: drop, Reason: "safe"})}})
	}
	if got, err := b.l.SafeBalance(bg); err != nil || got != 250000 {
		t.Fatalf("in the safe: %d, %v", got, err)
	}
	first, err := b.l.Deposit(bg, till.CashDeposited{Bag: " B-001 ", Amount: 200000, Count: till.Count{{Denomination: 10000, N: 20}}}, "1001")
	if err != nil || first.Bag != "B-001" {
		t.Fatalf("%v %+v", err, first)
	}
	for what, row := range map[string]struct {
		d    till.CashDeposited
		want error
		code till.ErrorCode
	}{
		"the same bag":       {till.CashDeposited{Bag: "B-001", Amount: 100}, ErrBagOpen, ""},
		"no bag":             {till.CashDeposited{Amount: 100}, nil, till.BadSetting},
		"nothing in it":      {till.CashDeposited{Bag: "B-9"}, nil, till.BadAmount},
		"pieces that do not": {till.CashDeposited{Bag: "B-9", Amount: 100, Count: till.Count{{Denomination: 100, N: 2}}}, nil, till.BadAmount},
	} {
		if _, err := b.l.Deposit(bg, row.d, "1001"); err == nil || row.want != nil && !errors.Is(err, row.want) || till.CodeOf(err) != row.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.l.Deposit(bg, till.CashDeposited{Bag: "B-002", Amount: 40000}, "1001"); err != nil {
		t.Fatal(err)
	}
	if err := b.l.CreditDeposit(bg, "B-001", 199000, 20260619, "K17", "1001"); err != nil {
		t.Fatal(err)
	}
	if err := b.l.CreditDeposit(bg, "B-001", 199000, 20260619, "K17", "1001"); !errors.Is(err, ErrNoBag) {
		t.Errorf("credited twice: %v", err)
	}
	if _, err := b.l.CountSafe(bg, 9000, "", "1001"); till.CodeOf(err) != till.ReasonMissing {
		t.Errorf("a difference without its reason: %v", err)
	}
	if c, err := b.l.CountSafe(bg, 9000, "少十元", "1001"); err != nil || c.Expected != 10000 || c.OverShort != -1000 {
		t.Errorf("%v %+v", err, c)
	}
	day := b.counter.day
	book, err := b.l.CashBook(bg, day, day)
	if err != nil {
		t.Fatal(err)
	}
	if book.Drops != 250000 || book.Bagged != 240000 || book.Counts != -1000 || book.End != 9000 || book.Start+book.Drops-book.Loans-book.Bagged+book.Counts != book.End || book.OnTheWay != 40000 {
		t.Errorf("%+v", book)
	}
	if len(book.Deposits) != 2 || !book.Deposits[0].Credited || book.Deposits[0].Apart() != -1000 || book.Deposits[1].Credited || book.Deposits[0].By != "1001" {
		t.Errorf("%+v", book.Deposits)
	}
	sums := map[string]money.Amount{}
	all, err := b.l.Bookings(bg, day, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		sums[x.Account] += x.Amount
	}
	if sums["safe"] != 9000 || sums["transit"] != 40000 || sums["bank"] != 199000 || sums["over_short"] != 2000 {
		t.Errorf("%v", sums)
	}
	b.audited(t)
	// A row that somebody changes is found.
	db := b.raw(t)
	for _, q := range []string{"DROP TRIGGER deposit_no_update", "UPDATE deposit SET amount = amount + 1 WHERE bag = 'B-002'"} {
		if _, err := db.ExecContext(bg, q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.l.Audit(bg, nil); err == nil {
		t.Error("a changed deposit verifies")
	}
}

// Bags are found on statements by their number, or by an amount that one row
// alone has; none is credited twice.
func TestBagsAreCreditedFromStatements(t *testing.T) {
	b := newBilling(t)
	b.l.opt.Now = func() time.Time { return b.at }
	for i, amount := range []money.Amount{200000, 30000, 40000, 40000} {
		if _, err := b.l.Deposit(bg, till.CashDeposited{Bag: fmt.Sprintf("B-00%d", i+1), Amount: amount}, "1001"); err != nil {
			t.Fatal(err)
		}
	}
	day := b.day.AddDate(0, 0, 1)
	at := day.Add(10 * time.Hour)
	statement := till.Bill{Wallet: till.BankStatement, Mode: "live", Day: day, Final: true, Name: "s.xml", Raw: []byte("s"), Rows: []till.BillRow{
		{Provider: "K1", At: at, Amount: 199000, Currency: "CNY", State: "现金缴款 b-001"}, {Provider: "K2", At: at, Amount: 30000, Currency: "CNY"},
		{Provider: "K3", At: at, Amount: 40000, Currency: "CNY"}, {Provider: "K4", At: at, Amount: 40000, Currency: "CNY"},
		{Provider: "K5", Refund: "out", At: at, Amount: 30000, Currency: "CNY"}}}
	if _, err := b.l.Reconcile(bg, statement, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if n, err := b.l.CreditFromStatements(bg, "1001"); err != nil || n != want {
			t.Errorf("credited %d (%v), want %d", n, err, want)
		}
	}
	book, err := b.l.CashBook(bg, b.counter.day, calendarDay(day))
	if err != nil || book.OnTheWay != 80000 || book.Deposits[0].Apart() != -1000 || !book.Deposits[0].Credit.Statement || book.Deposits[1].Credit.Ref != "K2" {
		t.Errorf("%v %+v", err, book.Deposits)
	}
	if !book.Deposits[2].Late(20260630) || book.Deposits[2].Late(20260620) || book.Deposits[1].Late(20260630) {
		t.Error("lateness is counted wrongly")
	}
}

// What a provider should pay out is found on the bank's statements to the cent,
// or by its name; what complete statements do not have is late.
func TestSettlementsAreFoundOnStatements(t *testing.T) {
	b := newBilling(t)
	b.l.opt.Now = func() time.Time { return b.day.AddDate(0, 0, 20) }
	wallets := `[{"name":"alipay","title":"支付宝","mode":"live","ways":["show"],"settles":1,"fees":[{"rate":3800}]},{"name":"wechatpay","title":"微信支付","mode":"live","ways":["show"],"settles":1,"fees":[{"rate":3800}]},
		{"name":"stripe","title":"Stripe","mode":"live","ways":["show"],"settles":2,"fees":[{"rate":3800}]}]`
	b.set(t, "wallets", wallets)
	for _, name := range []string{"alipay", "wechatpay", "stripe"} {
		s := b.basket(3)
		tx := b.sold(s)
		s.Tenders[0].Kind, s.Tenders[0].Evidence = till.WalletTender(name), till.ByCashier
		b.must(t, tx)
	}
	first := b.counter.day
	book, err := b.l.CashBook(bg, first, first.Plus(5))
	if err != nil || len(book.Settlements) != 3 {
		t.Fatalf("%v %+v", err, book.Settlements)
	}
	for _, s := range book.Settlements {
		if s.State != till.SettlementUnknown || s.Expected() <= 0 {
			t.Errorf("without a statement: %+v", s)
		}
	}
	due := map[string]*till.Settlement{}
	for _, s := range book.Settlements {
		due[s.Kind.Detail()] = &s
	}
	for n := range 6 {
		day := b.day.AddDate(0, 0, n)
		statement := till.Bill{Wallet: till.BankStatement, Mode: "live", Day: day, Final: true, Name: "s.xml", Raw: []byte(fmt.Sprint("s", n))}
		row := func(ref, text string, amount money.Amount) {
			statement.Rows = append(statement.Rows, till.BillRow{Provider: ref, At: day.Add(time.Hour), Amount: amount, Currency: "CNY", State: text})
		}
		switch n {
		case 1:
			row("K1", "转账", due["alipay"].Expected())
		case 2:
			row("K2", "财付通支付科技", due["wechatpay"].Expected()-7)
		}
		if _, err := b.l.Reconcile(bg, statement, false); err != nil {
			t.Fatal(err)
		}
	}
	if book, err = b.l.CashBook(bg, first, first.Plus(5)); err != nil {
		t.Fatal(err)
	}
	want := map[string]till.SettlementState{"alipay": till.SettlementArrived, "wechatpay": till.SettlementApart, "stripe": till.SettlementLate}
	for _, s := range book.Settlements {
		if s.State != want[s.Kind.Detail()] {
			t.Errorf("%s is %s, want %s: %+v", s.Kind, s.State, want[s.Kind.Detail()], s)
		}
	}
	b.l.opt.Now = func() time.Time { return b.day }
	if book, err = b.l.CashBook(bg, first, first.Plus(5)); err != nil || book.Settlements[2].Kind.Detail() != "stripe" && book.Settlements[0].State == till.SettlementLate {
		t.Errorf("%v %+v", err, book.Settlements)
	}
}
