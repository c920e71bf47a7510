package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

func TestADayAddsUpInEveryPlace(t *testing.T) {
	s := found(t)
	s.aDay()
	r, err := s.l.Report(t.Context(), 20260618, 20260618)
	if err != nil {
		t.Fatal(err)
	}
	// 2 x 15.90 + 0.75 kg x 6.80 = 36.90 cash; 3.50 by QR; 15.90 back.
	if r.Sales != 2 || r.Gross != 4040 || r.Refunds != 1590 || r.Net() != 2450 || r.Returns != 1 || r.Unverified != 1 || r.UnvAmount != 350 {
		t.Errorf("report %+v", r)
	}
	if c := r.Cash[0]; c.Expected != 20000+3690-1590-500 || c.Counted != 21000 || c.OverShort != -600 || !c.Closed {
		t.Errorf("cash %+v", c)
	}
	var items, hours, tenders money.Amount
	for _, i := range r.Items {
		items += i.Net
	}
	for _, h := range r.Hours {
		hours += h.Net
	}
	for _, k := range r.Tenders {
		tenders += k.Amount - k.Refunded
	}
	if items+r.Rounding != r.Net() || hours != r.Net() || tenders != r.Net() || r.Days[0].Net != r.Net() {
		t.Errorf("items %d, hours %d, tenders %d, days %d, net %d", items, hours, tenders, r.Days[0].Net, r.Net())
	}
	text, err := r.JSON(money.Currency{Code: "CNY", Exponent: 2})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if got := back["sales"].(map[string]any)["net"]; got != "24.50" {
		t.Errorf("net in JSON %v, want 24.50", got)
	}
	if want := `"tenders": [{"kind":"cash","count":1,"amount":"36.90","refunded":"15.90","tendered":"50.00","change":"13.10"},{"kind":"qr:pix","count":1,"amount":"3.50","refunded":"0.00","tendered":"3.50","change":"0.00"}]`; !bytes.Contains(text, []byte(want)) {
		t.Errorf("tenders are not as documented:\n%s", text)
	}
}

func TestTheDatabaseRefusesWhatDoesNotAddUp(t *testing.T) {
	s := found(t)
	s.aDay()
	s.ok(till.OpenShift{Float: 100, Operator: "1001"}, till.Scan{Code: "6901234567892"}, till.PayCash{})
	db := s.raw()
	seal := "INSERT INTO receipt(no, seq) VALUES (5, 900); INSERT INTO sale_line VALUES (900, 1, 0, '', 'x', '', 1000, 10000, 10000, 100, 0, 'standard', 0, 0, 0, 0, 100);" +
		"INSERT INTO tender VALUES (900, 1, 'cash', 100, 100, 0, '', 0);"
	sale := func(values string) string {
		return "INSERT INTO sale(seq, id, receipt, shift, day, hour, at_ms, operator, gross, discounts, tax, tax_added, rounding, total) VALUES (" + values + ");"
	}
	for name, c := range map[string]struct{ sql, want string }{
		"a sale changed":                  {"UPDATE sale SET total = 1 WHERE receipt = 1", "never changed"},
		"a line changed":                  {"UPDATE sale_line SET paid = 1", "never changed"},
		"a tender taken out":              {"DELETE FROM tender", "never changed"},
		"an entry taken out":              {"DELETE FROM entry WHERE seq = 3", "never changed"},
		"an entry replaced":               {"INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 3", "n"},
		"a signature changed":             {"UPDATE signature SET sig = zeroblob(64)", "never changed"},
		"a Z changed":                     {"UPDATE z_report SET net = 0", "never changed"},
		"a line added to a sealed sale":   {"INSERT INTO sale_line SELECT sale, 99, 0, code, name, category, qty, price, list_price, gross, discount, tax_class, tax_rate, tax_mode, tax, tax_added, paid FROM sale_line LIMIT 1", "sealed"},
		"a tender added to a sealed sale": {"INSERT INTO tender SELECT sale, 99, kind, amount, tendered, change, ref, evidence FROM tender LIMIT 1", "sealed"},
		"an entry out of order":           {"INSERT INTO entry VALUES (900, 1, 0, 0, 0, x'00', zeroblob(32), zeroblob(32))", "next number"},
		"an entry of another chain":       {"INSERT INTO entry SELECT max(seq) + 1, 1, 0, 0, 0, x'00', zeroblob(32), zeroblob(32) FROM entry", "next link"},
		"a receipt number skipped":        {"INSERT INTO receipt(no, seq) VALUES (77, 900)", "next number"},
		"lines that do not sum":           {seal + sale("900, randomblob(16), 5, 2, 20260618, 9, 0, '', 101, 0, 0, 0, 0, 101"), "lines do not sum"},
		"tenders that do not sum":         {seal + sale("900, randomblob(16), 5, 2, 20260618, 9, 0, '', 100, 0, 0, 0, -1, 99"), "tenders do not sum"},
		"a header that does not sum":      {seal + sale("900, randomblob(16), 5, 2, 20260618, 9, 0, '', 100, 0, 0, 0, 1, 100"), "CHECK"},
		"a sale on a closed shift":        {seal + sale("900, randomblob(16), 5, 1, 20260618, 9, 0, '', 100, 0, 0, 0, 0, 100"), "shift is closed"},
		"a sale twice":                    {seal + sale("900, (SELECT id FROM sale LIMIT 1), 5, 2, 20260618, 9, 0, '', 100, 0, 0, 0, 0, 100"), "UNIQUE"},
		"change on a card":                {"INSERT INTO tender VALUES (900, 1, 'card', 100, 200, 100, '', 0)", "CHECK"},
		"tendered less change not kept":   {"INSERT INTO tender VALUES (900, 1, 'cash', 100, 200, 99, '', 0)", "CHECK"},
		"a fraction of a cent":            {"INSERT INTO tender VALUES (900, 1, 'cash', 1.5, 1.5, 0, '', 0)", "cannot store"},
		"text for an amount":              {"INSERT INTO tender VALUES (900, 1, 'cash', 'x', 'x', 0, '', 0)", "cannot store"},
		"postings that do not balance":    {"INSERT INTO posting VALUES ((SELECT max(seq) + 1 FROM entry), 'sales', 5); INSERT INTO entry SELECT max(seq) + 1, 1, 0, 0, 0, x'00', hash, zeroblob(32) FROM entry", "do not sum to zero"},
		"more back than was sold": {"INSERT INTO receipt(no, seq) VALUES (5, 900); INSERT INTO return_line VALUES (900, 1, 1, '', 'x', '', 1500, 's', 0, 0, 0, 0, 100); INSERT INTO refund VALUES (900, 1, 'cash', 100, '');" +
			"INSERT INTO return_doc VALUES (900, randomblob(16), 5, 1, 0, 2, 20260618, 9, 0, '', 100, 0)", "more than was sold"},
		"more back than a tender took": {"INSERT INTO receipt(no, seq) VALUES (5, 900); INSERT INTO return_line VALUES (900, 1, 1, '', 'x', '', 500, 's', 0, 0, 0, 0, 9000); INSERT INTO refund VALUES (900, 1, 'cash', 9000, '');" +
			"INSERT INTO return_doc VALUES (900, randomblob(16), 5, 1, 0, 2, 20260618, 9, 0, '', 9000, 0)", "more than a tender took"},
		"a Z number twice":       {"INSERT INTO z_report VALUES (1, 900, 2, 20260618, 0, 0)", "next number"},
		"a second open shift":    {"INSERT INTO shift VALUES (3, 900, 20260618, 0, '', 0)", "one is open"},
		"a rowless line at last": {"INSERT INTO sale_line VALUES (901, 1, 0, '', 'x', '', 1000, 1, 1, 0, 0, 's', 0, 0, 0, 0, 0)", "FOREIGN KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err = tx.Exec(c.sql); err == nil {
				err = tx.Commit()
			} else {
				tx.Rollback()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a refusal with %q", err, c.want)
			}
		})
	}
	if _, err := s.l.Audit(t.Context(), nil); err != nil {
		t.Errorf("after all that: %v", err)
	}
}

func TestAuditNamesTheFirstBadRecord(t *testing.T) {
	for name, c := range map[string]struct{ drop, sql, want string }{
		"a total lowered":          {"sale_no_update", "UPDATE sale SET total = total - 100, rounding = rounding - 100 WHERE receipt = 1", "sale.rounding"},
		"a name changed":           {"sale_line_no_update", "UPDATE sale_line SET name = '便宜货' WHERE n = 1", "sale_line.name"},
		"a tender's kind changed":  {"tender_no_update", "UPDATE tender SET kind = 'card', change = 0, tendered = amount WHERE sale = (SELECT seq FROM sale WHERE receipt = 1)", "tender.kind"},
		"a document changed":       {"entry_no_update", "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'x', 'y') AS BLOB) WHERE kind = 4", "chain"},
		"a signature changed":      {"signature_no_update", "UPDATE signature SET sig = zeroblob(64) WHERE seq = (SELECT max(seq) FROM signature)", "signature"},
		"a posting taken out":      {"posting_no_delete", "DELETE FROM posting WHERE account = 'sales' AND seq = (SELECT min(seq) FROM posting WHERE account = 'sales')", "posting"},
		"a sum raised":             {"", "UPDATE hour_sum SET net = net + 1", "hour_sum.net"},
		"a sum of tenders lowered": {"", "UPDATE tender_sum SET amount = amount - 1 WHERE kind = 'cash'", "tender_sum.amount"},
		"a setting slipped in":     {"", "INSERT INTO setting VALUES ('shop.name', 3, 'x')", "setting"},
	} {
		t.Run(name, func(t *testing.T) {
			s := found(t)
			s.aDay()
			db := s.raw()
			if c.drop != "" {
				if _, err := db.Exec("DROP TRIGGER " + c.drop); err != nil {
					t.Fatal(err)
				}
			}
			if res, err := db.Exec(c.sql); err != nil {
				t.Fatal(err)
			} else if n, _ := res.RowsAffected(); n == 0 {
				t.Fatal("the attack changed nothing")
			}
			_, err := s.l.Audit(t.Context(), nil)
			var f *ledger.Fault
			if !errors.As(err, &f) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a fault naming %s", err, c.want)
			}
		})
	}
}

func TestADroppedGuardShowsOnTheNextZ(t *testing.T) {
	s := found(t)
	before, err := s.l.Recover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.raw().Exec("DROP TRIGGER sale_no_update"); err != nil {
		t.Fatal(err)
	}
	s.reopen()
	s.aDay()
	if z := s.reg.View().Closed; z.Schema == before.Schema || z.Schema == "" || len(z.Head) != 64 {
		t.Errorf("Z %+v: the missing guard does not show", z)
	}
}

func TestTheSumsAndTheDocumentsMustAgreeBeforeAClose(t *testing.T) {
	s := found(t)
	s.ok(till.OpenShift{Float: 100, Operator: "1001"}, till.Scan{Code: "6901234567892"}, till.PayCash{})
	if _, err := s.raw().Exec("UPDATE shift_sum SET gross = gross + 5"); err != nil {
		t.Fatal(err)
	}
	err := s.reg.Act(t.Context(), till.Act{Command: till.CloseShift{}, At: s.at, Replayed: true})
	if till.CodeOf(err) != till.TotalsDiffer {
		t.Errorf("%v, want totals_differ", err)
	}
}

func TestACorruptedByteIsFound(t *testing.T) {
	s := found(t)
	s.aDay()
	s.stop()
	path := filepath.Join(s.dir, ledger.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(whole, []byte("冰"))
	if at < 0 {
		t.Fatal("the reason is not in the file")
	}
	whole[at] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), s.dir, ledger.Options{ReadOnly: true})
	if err == nil {
		defer l.Close()
		_, err = l.Audit(t.Context(), nil)
	}
	if err == nil {
		t.Error("a changed byte went unnoticed")
	}
}

func TestOneProcessOwnsTheLedger(t *testing.T) {
	s := found(t)
	_, err := ledger.Open(t.Context(), s.dir, ledger.Options{})
	var owned *ledger.OwnedError
	if !errors.As(err, &owned) || !strings.Contains(owned.Owner, "process") || !strings.Contains(owned.Owner, "2026-06-18") {
		t.Errorf("%v, want the owner's name, number and time", err)
	}
	beside, err := ledger.Open(t.Context(), s.dir, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader beside the till: %v", err)
	}
	defer beside.Close()
	if err := beside.Commit(t.Context(), till.Tx{}); till.CodeOf(err) != till.CannotSave {
		t.Errorf("a write through a reader: %v", err)
	}
	s.ok(till.OpenShift{Float: 1, Operator: "1001"})
	if st, err := beside.Recover(t.Context()); err != nil || st.Shift == nil {
		t.Errorf("the reader sees %+v, %v", st.Shift, err)
	}
}

func TestALedgerFromTheFutureIsRefused(t *testing.T) {
	s := found(t)
	if _, err := s.raw().Exec("PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	s.stop()
	if _, err := ledger.Open(t.Context(), s.dir, ledger.Options{}); !errors.Is(err, ledger.ErrNewer) {
		t.Errorf("%v, want ErrNewer", err)
	}
	if _, err := ledger.Open(t.Context(), t.TempDir(), ledger.Options{}); !errors.Is(err, ledger.ErrNone) {
		t.Errorf("an empty folder: %v, want ErrNone", err)
	}
	if _, err := ledger.Found(t.Context(), found(t).dir, ledger.Founding{Settings: till.DefaultSettings()}, ledger.Options{}); err == nil {
		t.Error("a second founding in the same folder went through")
	}
}

func TestTheSameSaleTwiceIsOneSale(t *testing.T) {
	s := found(t)
	s.aDay()
	doc, err := s.l.Receipt(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := s.l.Audit(t.Context(), nil)
	if err := s.l.Commit(t.Context(), till.Tx{Entries: []till.Entry{doc.Entry}}); err != nil {
		t.Errorf("the same sale again: %v, want success", err)
	}
	if after, err := s.l.Audit(t.Context(), nil); err != nil || after.Entries != before.Entries {
		t.Errorf("%d entries, then %d, %v", before.Entries, after.Entries, err)
	}
	changed := *doc.Entry.Record.(*till.SaleCompleted)
	changed.Sale.Operator = "someone else"
	doc.Entry.Record = &changed
	if err := s.l.Commit(t.Context(), till.Tx{Entries: []till.Entry{doc.Entry}}); err == nil {
		t.Error("the same sale with other content went through")
	}
}

func TestBackupAndRestoreSayWhatIsLost(t *testing.T) {
	s := found(t)
	s.aDay()
	to := filepath.Join(t.TempDir(), "usb")
	info, err := s.l.Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if info.Shop != "青禾便利店" || info.Receipt != 3 || info.Bytes == 0 {
		t.Errorf("backup %+v", info)
	}
	for _, secret := range []string{"till.key", "pepper.key"} {
		if _, err := os.Stat(filepath.Join(to, secret)); err == nil {
			t.Errorf("%s is in the backup folder", secret)
		}
	}
	s.ok(till.OpenShift{Float: 1, Operator: "1001"}, till.Scan{Code: "6901234567892"}, till.PayCash{})
	was, _ := s.l.Recover(t.Context())
	s.stop()
	p, err := ledger.PreviewRestore(t.Context(), info.Path, s.dir)
	if err != nil || p.LostReceipts != 1 || p.LostEntries < 3 {
		t.Errorf("preview %+v, %v: want one receipt lost", p, err)
	}
	l, err := ledger.Restore(t.Context(), info.Path, s.dir, s.options())
	if err != nil {
		t.Fatal(err)
	}
	s.l = l
	s.run()
	now, err := l.Recover(t.Context())
	if err != nil || now.Receipt != 3 || now.Epoch == was.Epoch || now.Epoch == "" {
		t.Errorf("restored: receipt %d, epoch %q (was %q), %v", now.Receipt, now.Epoch, was.Epoch, err)
	}
	s.aDaySecond()
	if _, err := l.Audit(t.Context(), nil); err != nil {
		t.Errorf("after the restore: %v", err)
	}
	kept, _ := filepath.Glob(filepath.Join(s.dir, "before-restore-*"))
	if len(kept) < 2 {
		t.Errorf("what was there is not kept: %v", kept)
	}
}

func (s *shop) aDaySecond() {
	s.t.Helper()
	s.at = s.at.AddDate(0, 0, 1)
	s.ok(till.OpenShift{Float: 20000, Operator: "1001"}, till.Scan{Code: "6901234567892"}, till.PayCash{}, till.CloseShift{})
}

func TestADamagedBackupIsRefusedAndNothingChanges(t *testing.T) {
	s := found(t)
	s.aDay()
	info, err := s.l.Backup(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.stop()
	b, _ := os.ReadFile(info.Path)
	if err := os.WriteFile(info.Path, b[:len(b)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Restore(t.Context(), info.Path, s.dir, s.options()); err == nil {
		t.Fatal("half a backup was restored")
	}
	l, err := ledger.Open(t.Context(), s.dir, s.options())
	if err != nil {
		t.Fatalf("the ledger in place: %v", err)
	}
	defer l.Close()
	if st, err := l.Recover(t.Context()); err != nil || st.Receipt != 3 {
		t.Errorf("receipt %d, %v", st.Receipt, err)
	}
}

func TestBatchIsForLedgersThatHaveNeverSold(t *testing.T) {
	s := found(t)
	if err := s.l.BeginBatch(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.aDay()
	if err := s.l.EndBatch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.l.Audit(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if err := s.l.BeginBatch(t.Context()); till.CodeOf(err) != till.Busy {
		t.Errorf("a batch on a ledger that has sold: %v", err)
	}
}

func TestPastSalesAreFoundByWhatPeopleRemember(t *testing.T) {
	s := found(t)
	s.aDay()
	for name, c := range map[string]struct {
		find ledger.Find
		want []int
	}{
		"all, newest first":   {ledger.Find{}, []int{3, 2, 1}},
		"by number":           {ledger.Find{Text: "000002"}, []int{2}},
		"by amount":           {ledger.Find{Text: "36.90"}, []int{1}},
		"by part of a name":   {ledger.Find{Text: "牛奶"}, []int{3, 1}}, // a return too
		"by reference":        {ledger.Find{Text: "8812"}, []int{2}},
		"by tender":           {ledger.Find{Kind: till.Cash}, []int{3, 1}},
		"by day":              {ledger.Find{Day: 20260617}, nil},
		"by operator":         {ledger.Find{Operator: "1001"}, []int{3, 2, 1}},
		"the next page":       {ledger.Find{Before: 3, Limit: 1}, []int{2}},
		"nothing of the kind": {ledger.Find{Text: "' OR 1=1 --"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := s.l.PastSales(t.Context(), c.find)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, p := range list {
				got = append(got, p.Receipt)
			}
			if len(got) != len(c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("%v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestPrintJobsAndPulsesAreInTheSalesTransaction(t *testing.T) {
	s := found(t)
	s.ok(till.OpenShift{Float: 100, Operator: "1001"}, till.Scan{Code: "6901234567892"}, till.PayCash{})
	if jobs, err := s.l.JobsDue(t.Context()); err != nil || len(jobs) != 0 {
		t.Errorf("a replayed sale queued %v, %v", jobs, err)
	}
	s.ok(till.Reprint{}, till.Reprint{Receipt: 1}, till.MoveCash{Kind: till.NoSale, Reason: "x"})
	jobs, err := s.l.JobsDue(t.Context())
	if err != nil || len(jobs) != 2 || jobs[0].Copy != 1 || jobs[1].Copy != 2 || jobs[1].Ref != 1 {
		t.Errorf("jobs %+v, %v: want copies 1 and 2", jobs, err)
	}
	if err := s.l.MarkJob(t.Context(), jobs[0].ID, "sending", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.l.MarkJob(t.Context(), jobs[1].ID, "confirmed", ""); err != nil {
		t.Fatal(err)
	}
	if jobs, _ := s.l.JobsDue(t.Context()); len(jobs) != 1 || jobs[0].State != "sending" || jobs[0].Attempt != 1 {
		t.Errorf("jobs %+v", jobs)
	}
}
