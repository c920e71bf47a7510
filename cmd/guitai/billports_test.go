package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"guitai/cmd/internal/command"
	"guitai/till"
	"guitai/ui"
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
