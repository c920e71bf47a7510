package main

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/ui"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// The reconciliation's port over a ledger on disk: a list is sampled, taken in by its columns, which are remembered,
// and changes nothing when it comes again; what is refused leaves no bill.
func TestBillsAreTakenInThroughThePort(t *testing.T) {
	d := openDesk(t)
	b := billBooks{d.program}
	ctx := t.Context()
	const day = till.BusinessDay(20260618)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	list := file("list.csv", "\ufeff何时,单号,钱\n2026-06-18 09:00:07,T1,\"1,234.50\"\n2026-06-18 10:00:00,T2,-4.00\n2026-06-19 00:00:01,T3,9.00\n")
	sheet, err := b.Sheet(ctx, "unionpay", day, list)
	want := []ui.ListColumn{{Header: "何时", Sample: "2026-06-18 09:00:07"}, {Header: "单号", Sample: "T1"}, {Header: "钱", Sample: "1,234.50"}}
	if err != nil || !slices.Equal(sheet.Columns, want) {
		t.Fatalf("%v %+v", err, sheet)
	}
	fields := []string{"date", "provider", "amount"}
	fault := func(err error) string {
		f := (*ui.BillFault)(nil)
		if errors.As(err, &f) {
			return f.Code
		}
		return ""
	}
	for _, row := range []struct {
		what, file string
		fields     []string
		day        till.BusinessDay
		code       string
	}{
		{"no amount named", list, []string{"date", "", ""}, day, "columns"},
		{"another month", list, fields, 20260718, "other_day"},
		{"an open quote", file("cut.csv", "何时,单号,钱\n2026-06-18 09:00:07,T1,\"1,234"), fields, day, "damaged"},
		{"nothing in it", file("empty.csv", ""), fields, day, "unreadable"},
		{"no such file", filepath.Join(dir, "gone.csv"), fields, day, "unreadable"},
	} {
		if _, err := b.Take(ctx, "unionpay", row.day, row.file, row.fields, false); fault(err) != row.code {
			t.Errorf("%s: %v, want %s", row.what, err, row.code)
		}
	}
	if days, err := b.Days(ctx, 20260101, 20261231); err != nil || len(days) != 0 {
		t.Fatalf("after what was refused %+v are kept (%v)", days, err)
	}
	r, err := b.Take(ctx, "unionpay", day, list, fields, false)
	if err != nil || r.In != 123450 || r.Back != 400 || r.Again || r.Count(till.PaidThere) != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	if r, err = b.Take(ctx, "unionpay", day, list, fields, false); err != nil || !r.Again || len(r.Findings) != 2 {
		t.Fatalf("again: %v %+v", err, r)
	}
	if sheet, err = b.Sheet(ctx, "unionpay", day, list); err != nil || sheet.Columns[2].Field != "amount" {
		t.Errorf("the columns are not remembered: %v %+v", err, sheet)
	}
	if _, err := b.Fetch(ctx, "unionpay", day); fault(err) != "no_account" {
		t.Errorf("fetched without an account: %v", err)
	}
	days, err := b.Days(ctx, 20260601, 20260630)
	if err != nil || len(days) != 1 || days[0].Total != 123050 || days[0].Open != 2 || days[0].Apart != 123050 || days[0].Lines != 2 {
		t.Errorf("%v %+v", err, days)
	}
	if err := b.Settle(ctx, r.Findings[0].ID, "1001", "网店的款"); err != nil {
		t.Error(err)
	}
	all, err := b.Day(ctx, day)
	if err != nil || len(all) != 1 || !all[0].Kept || all[0].Open() != 1 || all[0].Fetches {
		t.Errorf("%v %+v", err, all)
	}
	if err := b.Print(ctx, "unionpay", day); err != nil {
		t.Error(err)
	}
	paper, err := command.Paper(ctx, d.book())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := command.Slip(ctx, d.book(), paper, till.PrintJob{Kind: till.SlipBill, Ref: int64(day), Text: "unionpay live"}); err != nil {
		t.Error(err)
	}
	for _, format := range []string{"pdf", "csv"} {
		path, err := b.Export(ctx, "unionpay", day, format)
		raw, err2 := os.ReadFile(path)
		if err != nil || err2 != nil || !bytes.HasPrefix(raw, []byte(map[string]string{"pdf": "%PDF", "csv": "\ufefftable"}[format])) {
			t.Errorf("%s: %v %v %.20q", format, err, err2, raw)
		}
	}
}

// Money that the till heard nothing of stands on the bill that the provider is asked for; asking about it puts it
// right, and without a network nothing changes and the words say so.
func TestABillIsFetchedAndItsDifferenceAskedAbout(t *testing.T) {
	d := openDesk(t)
	ctx := t.Context()
	s := sim.New(nil)
	sim.Standard(s)
	srv := httptest.NewServer(s)
	defer srv.Close()
	spec, _ := wallets.Find("alipay")
	acc := s.Platform("alipay").Account()
	acc.Name, acc.Mode, acc.BaseURL, acc.Currency = "alipay", "live", srv.URL+"/alipay", till.DefaultSettings().Currency
	at := d.at.Load()
	if err := at.desk.Use(spec, acc); err != nil {
		t.Fatal(err)
	}
	a, err := at.book.PlanAttempt(ctx, till.Attempt{Wallet: "alipay", Mode: "live", Amount: 3640, Currency: acc.Currency, Way: till.Show, PlannedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	charge := wallet.Charge{Number: a.Number, Amount: a.Amount, Currency: a.Currency, Way: a.Way, At: a.PlannedAt, Subject: "青禾便利店"}
	if ans, err := at.desk.Provider("alipay", "live").Start(ctx, charge); err != nil || ans.QR == "" {
		t.Fatalf("%v %+v", err, ans)
	}
	from := till.Planned
	for _, to := range []till.AttemptState{till.Sending, till.Unknown, till.Watch} {
		if _, err := at.book.MoveAttempt(ctx, a.Number, from, till.AttemptMove{To: to, At: time.Now(), RefundIfPaid: to == till.Watch}); err != nil {
			t.Fatal(err)
		}
		from = to
	}
	if err := s.Pay("alipay", a.Number); err != nil {
		t.Fatal(err)
	}
	y, m, day := time.Now().In(time.FixedZone("", 8*3600)).Date()
	today := till.BusinessDay(y*10000 + int(m)*100 + day)
	b := billBooks{d.program}
	s.Cut("alipay", true)
	fault := (*ui.BillFault)(nil)
	if _, err := b.Fetch(ctx, "alipay", today); !errors.As(err, &fault) || fault.Code != "no_network" {
		t.Fatalf("without a network: %v", err)
	}
	s.Cut("alipay", false)
	r, err := b.Fetch(ctx, "alipay", today)
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Kind != till.PaidThere || r.Findings[0].Next != till.NextAsk || r.In != 3640 {
		t.Fatalf("%v %+v", err, r)
	}
	if r, err = b.Ask(ctx, "alipay", today, r.Findings[0]); err != nil {
		t.Fatal(err)
	}
	now, err := at.book.Attempt(ctx, a.Number)
	if err != nil || now.State == till.Watch || now.PaidAt.IsZero() {
		t.Errorf("after asking it is %s (%v)", now.State, err)
	}
	// Its sale had gone on without it: it goes back by itself, once.
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if now, err = at.book.Attempt(ctx, a.Number); err != nil || now.Refunded == now.Amount {
			break
		}
	}
	if now.Refunded != 3640 {
		t.Errorf("%d of 3640 went back, it is %s", now.Refunded, now.State)
	}
}

// A bank's statement is taken in for all of its days at once, and credits the bag that it shows.
func TestAStatementIsTakenInForAllItsDays(t *testing.T) {
	d := openDesk(t)
	ctx := t.Context()
	c := cashBooks{d.program}
	if err := c.Deposit(ctx, "B-0042", 200000, "", "1001"); err != nil {
		t.Fatal(err)
	}
	fault := (*ui.BillFault)(nil)
	if err := c.Deposit(ctx, "B-0042", 1, "", "1001"); !errors.As(err, &fault) || fault.Code != "bag_open" {
		t.Errorf("a bag twice: %v", err)
	}
	day := func(n int) string { return time.Now().AddDate(0, 0, n).Format(time.DateOnly) }
	file := filepath.Join(t.TempDir(), "statement.csv")
	text := "记账日期,流水号,金额,摘要\n" + day(-3) + ",K1,12.50,转账\n" + day(0) + ",K2,1990.00,现金缴款 B-0042\n" + day(1) + ",K3,1.00,利息\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := billBooks{d.program}
	fields := []string{"date", "provider", "amount", "state"}
	var today till.BusinessDay
	for n := range 2 {
		y, m, dd := time.Now().Date()
		today = till.BusinessDay(y*10000 + int(m)*100 + dd)
		r, err := b.Take(ctx, till.BankStatement, today, file, fields, false)
		if err != nil || r.Day != today || r.Again != (n == 1) {
			t.Fatalf("%v %+v", err, r)
		}
	}
	days, err := b.Days(ctx, today.Plus(-10), today.Plus(10))
	if err != nil || len(days) != 5 || !days[4].Final || days[1].Final {
		t.Errorf("%v %+v", err, days)
	}
	book, err := c.Book(ctx, today.Plus(-1), today.Plus(1))
	if err != nil || len(book.Deposits) != 1 || book.Deposits[0].Apart() != -1000 || !book.Deposits[0].Credit.Statement || book.Deposits[0].Credit.Ref != "K2" {
		t.Errorf("%v %+v", err, book.Deposits)
	}
	if err := c.CountSafe(ctx, 0, "", "1001"); till.CodeOf(err) != till.ReasonMissing {
		t.Errorf("the safe is 2000.00 below nothing: %v", err)
	}
	path, err := c.Export(ctx, today, today, "pdf")
	if raw, rerr := os.ReadFile(path); err != nil || rerr != nil || !bytes.HasPrefix(raw, []byte("%PDF")) {
		t.Errorf("%v %v", err, rerr)
	}
}
