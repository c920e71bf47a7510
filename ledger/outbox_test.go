package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/money"
)

// documents reads the documents of the outbox in their order.
func documents(t *testing.T, l *Ledger) []till.DayDocument {
	t.Helper()
	var all []till.DayDocument
	err := each(bg, l.q(), "SELECT body FROM outbox ORDER BY epoch, seq", nil, func(s scanner) error {
		var body []byte
		if err := s.Scan(&body); err != nil {
			return err
		}
		var d till.DayDocument
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.DisallowUnknownFields()
		err := dec.Decode(&d)
		all = append(all, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func TestAShiftsDocumentIsMadeWithItsZ(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	for n := range 7 {
		s := c.sell(t, 3+n)
		if n%3 == 0 {
			c.must(t, c.giveBack(s))
		}
	}
	c.closeShift(t)
	all := documents(t, c.l)
	if len(all) != 1 {
		t.Fatalf("%d documents after one Z", len(all))
	}
	d := all[0]
	r, err := c.l.Report(bg, c.day, c.day)
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind != till.ShiftDocument || d.Seq != 1 || d.Shift != 1 || d.Z != 1 || d.BusinessDate != "2026-06-18" || d.Till == "" || d.Epoch == 0 {
		t.Errorf("%+v", d)
	}
	if d.Sales.Net != r.Net() || d.Sales.Gross != r.Gross || d.Sales.Tax != r.Tax || d.Sales.Count != r.Sales || d.Refunds.Amount != r.Refunds {
		t.Errorf("document %+v, report net %d", d.Sales, r.Net())
	}
	if len(d.Cash) != 1 || !d.Cash[0].Closed || *d.Cash[0].OverShort != -100 {
		t.Errorf("cash %+v", d.Cash)
	}
	var items money.Amount
	for _, i := range d.Items {
		items += i.Net
	}
	if items+d.Sales.Rounding != d.Sales.Net {
		t.Errorf("items %d, rounding %d, net %d", items, d.Sales.Rounding, d.Sales.Net)
	}
}

// Of several days with several shifts, the documents come to what the reports
// say: shift by shift to each day, and the day's own document to the same.
func TestDocumentsComeToTheReports(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	defer func() { c.l.Close() }()
	for day := range 4 {
		for range 1 + day%2 {
			for n := range 4 {
				s := c.sell(t, 2+n)
				if n == day {
					c.must(t, c.giveBack(s))
				}
			}
			c.closeShift(t)
			if day%2 == 1 {
				c.openShift(t)
				c.sell(t, 2)
				c.closeShift(t)
			}
			if day == 3 {
				break
			}
			c.openShift(t)
		}
		if day < 3 {
			c.closeShift(t)
			c.nextDay(t)
		}
	}
	shifts, days := map[string]money.Amount{}, map[string]money.Amount{}
	prev := ""
	for i, d := range documents(t, c.l) {
		if d.Seq != int64(i+1) || d.Prev != prev {
			t.Errorf("document %d has number %d after %.8s, want %.8s", i, d.Seq, d.Prev, prev)
		}
		body, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		prev = digest(body)
		switch d.Kind {
		case till.ShiftDocument:
			shifts[d.BusinessDate] += d.Sales.Net
		case till.ClosedDay:
			days[d.BusinessDate] = d.Sales.Net
		}
	}
	for day, net := range shifts {
		b, err := till.ParseBusinessDay(day)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.l.Report(bg, b, b)
		if err != nil {
			t.Fatal(err)
		}
		if net != r.Net() {
			t.Errorf("%s: shifts come to %d, the report to %d", day, net, r.Net())
		}
		if d, closed := days[day]; closed && d != net {
			t.Errorf("%s: the day says %d, its shifts %d", day, d, net)
		}
	}
	if len(days) != 3 {
		t.Errorf("%d days closed: %v", len(days), days)
	}
}

func TestTheOutboxIsReadInOrderUntilAnswered(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	for range 5 {
		c.sell(t, 2)
		c.closeShift(t)
		c.openShift(t)
	}
	if err := c.l.SetAccount(bg, Account{Name: "hub", Kind: "hub", Settings: "{}", Since: c.at, Active: true}); err != nil {
		t.Fatal(err)
	}
	numbers := func(most, bytes int) (out []int64) {
		t.Helper()
		all, err := c.l.Unsent(bg, "hub", most, bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all {
			out = append(out, o.Seq)
		}
		return out
	}
	if got := numbers(50, 1<<20); len(got) != 5 || got[0] != 1 || got[4] != 5 {
		t.Errorf("unsent %v", got)
	}
	if got := numbers(50, 1); len(got) != 1 {
		t.Errorf("one is always given: %v", got)
	}
	id, err := c.l.Identity(bg)
	if err != nil || id.HighWater != 5 || id.Till == "" {
		t.Fatalf("%v %+v", err, id)
	}
	for _, seq := range []int64{1, 3} {
		if err := c.l.Answered(bg, "hub", id.Epoch, seq, Delivered, "receipt"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.l.Answered(bg, "hub", id.Epoch, 3, Refused, "no"); err != nil {
		t.Fatal(err)
	}
	if got := numbers(50, 1<<20); len(got) != 3 || got[0] != 2 || got[1] != 4 {
		t.Errorf("unsent %v", got)
	}
	if n, since, err := c.l.Backlog(bg, "hub"); err != nil || n != 3 || since.IsZero() {
		t.Errorf("%v %d %v", err, n, since)
	}
	if n, err := c.l.Resend(bg, "hub", id.Epoch, 1, 2); err != nil || n != 1 {
		t.Errorf("%v %d", err, n)
	}
	if got := numbers(50, 1<<20); len(got) != 4 {
		t.Errorf("unsent %v", got)
	}
	db := c.raw(t)
	if _, err := db.Exec("UPDATE outbox SET net = net + 1"); err == nil {
		t.Error("a document could be changed")
	}
	if _, err := c.l.Audit(bg, nil); err != nil {
		t.Fatal(err)
	}
	// Somebody with the file and without the program changes a document.
	var guard string
	if err := db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = 'outbox_stays'").Scan(&guard); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"DROP TRIGGER outbox_stays", `UPDATE outbox SET body = CAST(replace(CAST(body AS TEXT), '"count"', '"count" ') AS BLOB) WHERE seq = 3`, guard} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.l.Audit(bg, nil); err == nil || !strings.Contains(err.Error(), "document 3 of epoch") {
		t.Errorf("a document was changed, and the audit says %v", err)
	}
}

// A ledger that sold before there was an outbox tells an account of those days
// too, with the same figures.
func TestOlderDaysAreCaughtUpWith(t *testing.T) {
	dir := t.TempDir()
	c := openShop(t, dir, Options{})
	c.sell(t, 4)
	c.closeShift(t)
	c.nextDay(t)
	c.must(t, c.giveBack(c.sell(t, 3)))
	c.closeShift(t)
	want := documents(t, c.l)
	db := c.raw(t)
	for _, q := range []string{"DROP TRIGGER outbox_kept", "DELETE FROM outbox"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.l.Identify(bg); err != nil {
		t.Fatal(err)
	}
	got := documents(t, c.l)
	if len(got) != len(want) || len(got) != 3 {
		t.Fatalf("%d documents, want %d", len(got), len(want))
	}
	for i := range got {
		// The head is that of the ledger now; all else is as it was.
		got[i].Span, want[i].Span, got[i].Prev, want[i].Prev = till.DocumentSpan{}, till.DocumentSpan{}, "", ""
		a, err := got[i].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		b, err := want[i].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("document %d:\n%s\nwant\n%s", i+1, a, b)
		}
	}
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheLivePictureIsTheShiftSoFar(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	c.sell(t, 3)
	c.closeShift(t)
	c.openShift(t)
	s := c.sell(t, 4)
	d, err := c.l.Live(bg)
	if err != nil || d == nil {
		t.Fatalf("%v %v", err, d)
	}
	if d.Kind != till.LivePicture || d.Shift != 2 || d.Sales.Net != s.Total() || d.Seq != 0 || d.Cash[0].Closed {
		t.Errorf("%+v", d)
	}
	c.closeShift(t)
	if d, err = c.l.Live(bg); err != nil || d != nil {
		t.Errorf("after the Z: %v %+v", err, d)
	}
}
