package ledger

import (
	"fmt"
	"strings"
	"testing"

	"guitai/till"
)

// queue opens a shop with slips in its print queue, and returns their ids.
func queue(t *testing.T, slips ...till.PrintJob) (*Ledger, []int64) {
	t.Helper()
	c := openShop(t, t.TempDir(), Options{})
	t.Cleanup(func() { c.l.Close() })
	for _, p := range slips {
		if err := c.l.AddJob(bg, p); err != nil {
			t.Fatal(err)
		}
	}
	due, err := c.l.JobsDue(bg)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, j := range due {
		ids = append(ids, j.ID)
	}
	return c.l, ids
}

// rows tells the print queue in short: kind, reference, copy, state, note.
func rows(t *testing.T, l *Ledger) string {
	t.Helper()
	var out []string
	err := each(bg, l.r(), "SELECT kind, ref, copy, state, note FROM print_job ORDER BY id", nil, func(s scanner) error {
		var kind, state, note string
		var ref, copy int
		err := s.Scan(&kind, &ref, &copy, &state, &note)
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %d/%d %s %s", kind, ref, copy, state, note)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "; ")
}

func TestHoldingKeepsWhatWaitsForAReasonOfItsOwn(t *testing.T) {
	r := func(no int64) till.PrintJob { return till.PrintJob{Kind: till.SlipReceipt, Ref: no} }
	l, ids := queue(t, r(1), r(2), r(3), r(4))
	for _, m := range []struct {
		id    int64
		state till.JobState
		note  string
	}{{ids[0], till.JobHeld, "unprintable"}, {ids[1], till.JobSending, ""}} {
		if err := l.MarkJob(bg, m.id, m.state, m.note); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.HoldJobs(bg, "paper_end", "unprintable"); err != nil {
		t.Fatal(err)
	}
	if got, want := rows(t, l), "receipt 1/0 held unprintable; receipt 2/0 sending; receipt 3/0 held paper_end; receipt 4/0 held paper_end"; got != want {
		t.Errorf("held: %s, want %s", got, want)
	}
	if n, err := l.DropJobs(bg, "discarded"); n != 3 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
	if got, want := rows(t, l), "receipt 1/0 dropped discarded; receipt 2/0 sending; receipt 3/0 dropped discarded; receipt 4/0 dropped discarded"; got != want {
		t.Errorf("dropped: %s, want %s", got, want)
	}
}

func TestSettlingMakesOneCopyWhateverIsAnswered(t *testing.T) {
	move := strings.Repeat("0a", 16)
	l, ids := queue(t, till.PrintJob{Kind: till.SlipReceipt, Ref: 1}, till.PrintJob{Kind: till.SlipCash, Text: move},
		till.PrintJob{Kind: till.SlipCash, Text: strings.Repeat("0b", 16)}, till.PrintJob{Kind: till.SlipReceipt, Ref: 2})
	for _, id := range ids[:3] {
		if err := l.MarkJob(bg, id, till.JobUncertain, "lost"); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // a second answer does nothing
		for i, printed := range []bool{false, false, true, false} { // the last is not uncertain
			if err := l.SettleJob(bg, ids[i], printed); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := "receipt 1/0 dropped copied; cash 0/0 dropped copied; cash 0/0 confirmed seen; receipt 2/0 queued; receipt 1/1 queued; cash 0/1 queued"
	if got := rows(t, l); got != want {
		t.Errorf("settled: %s, want %s", got, want)
	}
	due, err := l.JobsDue(bg)
	if err != nil || len(due) != 3 || due[2].Text != move || due[2].Created.IsZero() {
		t.Errorf("due %+v, %v", due, err)
	}
	// The journal numbers the next reprint behind it.
	if err := l.AddJob(bg, till.PrintJob{Kind: till.SlipReceipt, Ref: 1, Copy: -1}); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, l); !strings.HasSuffix(got, "receipt 1/2 queued") {
		t.Errorf("reprinted: %s", got)
	}
}

func TestAPulseIsDueUntilItIsMarked(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	for _, why := range []string{"no_sale", "paid_in"} {
		c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Started{Version: "test"})}, Pulse: why})
	}
	due, err := c.l.PulsesDue(bg)
	if err != nil || len(due) != 2 || due[0].Reason != "no_sale" || due[0].Created.IsZero() {
		t.Fatalf("due %+v, %v", due, err)
	}
	for i, state := range []till.PulseState{till.PulseSent, till.PulseExpired} {
		if err := c.l.MarkPulse(bg, due[i].ID, state); err != nil {
			t.Fatal(err)
		}
	}
	if due, err = c.l.PulsesDue(bg); err != nil || len(due) != 0 {
		t.Errorf("due %+v, %v", due, err)
	}
	if err := c.l.MarkPulse(bg, 1, "given"); err == nil {
		t.Error("a state that is none was taken")
	}
}

// A copy of the ledger still has to print what was printed since it was made.
func TestARestoredLedgerPrintsNothingOfThePast(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	for no := range int64(3) {
		if err := c.l.AddJob(bg, till.PrintJob{Kind: till.SlipReceipt, Ref: no + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.l.MarkJob(bg, 2, till.JobUncertain, "lost"); err != nil {
		t.Fatal(err)
	}
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.Started{Version: "test"})}, Pulse: "no_sale"})
	copied, err := c.l.Backup(bg, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.l.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := Restore(bg, copied.Path, t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got, want := rows(t, l), "receipt 1/0 dropped restored; receipt 2/0 dropped restored; receipt 3/0 dropped restored"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if due, err := l.PulsesDue(bg); err != nil || len(due) != 0 {
		t.Errorf("pulses %v, %v", due, err)
	}
}
