package spool

import (
	"bytes"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/till"
)

// startBoth runs a Spool over two printers.
func startBoth(t *testing.T, s *shelf, first, second Printer) *Spool {
	t.Helper()
	sp := New(Options{Store: s, Render: slip, Printer: first, Second: second})
	sp.pace = quick
	runFor(t, sp)
	return sp
}

// The second printer prints what waits for a first that is gone, and the first
// prints again once it is back: each slip once, on one of them.
func TestTheSecondPrinterTakesOverAndGivesBack(t *testing.T) {
	one, two, s := newRack(t), newRack(t), newShelf()
	one.off()
	sp := startBoth(t, s, one.printer("generic-80"), two.printer("generic-58"))
	first, second := s.add(till.SlipReceipt, 1), s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "confirmed by the other", s.is(second, till.JobConfirmed))
	if two.count(amount(1)) != 1 || two.count(amount(2)) != 1 || !s.is(first, till.JobConfirmed)() {
		t.Errorf("the second printed %q", two.printed())
	}
	until(t, "said so", func() bool { st := sp.Status(); return st.Second && st.State == device.Ready })
	one.on()
	until(t, "given back", func() bool { st := sp.Status(); return !st.Second && st.State == device.Ready })
	third := s.add(till.SlipReceipt, 3)
	sp.Kick()
	until(t, "confirmed", s.is(third, till.JobConfirmed))
	if one.count(amount(3)) != 1 || two.count(amount(3)) != 0 || one.count(amount(1)) != 0 {
		t.Errorf("the first printed %q", one.printed())
	}
}

// A slip that was under way when the first printer went is asked about, and not
// printed by the second in silence; those behind it are.
func TestTheSecondPrinterDoesNotRepeatWhatMayBePrinted(t *testing.T) {
	one, two, s := newRack(t), newRack(t), newShelf()
	one.cutAfter = 40
	sp := startBoth(t, s, one.printer("generic-80"), two.printer("generic-80"))
	until(t, "ready", func() bool { return sp.Status().State == device.Ready })
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "cut", func() bool { state, _ := s.state(first); return state == till.JobUncertain })
	one.off()
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "the other prints", s.is(second, till.JobConfirmed))
	if two.count(amount(2)) != 1 || two.count(amount(1)) != 0 || !s.is(first, till.JobUncertain)() {
		t.Errorf("the second printed %q", two.printed())
	}
	if err := sp.Answer(t.Context(), first, false); err != nil {
		t.Fatal(err)
	}
	until(t, "a copy, marked as one", func() bool { return two.count(amount(1)) == 1 })
	if two.count("补打 COPY 1") != 1 {
		t.Errorf("the second printed %q", two.printed())
	}
}

// A printer that only lacks paper is waited for: somebody stands beside it.
func TestTheSecondPrinterLeavesPaperToPeople(t *testing.T) {
	one, two, s := newRack(t), newRack(t), newShelf()
	one.paperEnd = true
	sp := startBoth(t, s, one.printer("generic-80"), two.printer("generic-80"))
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "held", s.is(id, till.JobHeld))
	time.Sleep(4 * quick.takeOver)
	if st := sp.Status(); st.Second || st.Reason != device.PaperEnd || len(two.printed()) != 0 {
		t.Errorf("%+v, the second printed %q", st, two.printed())
	}
	one.with(func() { one.paperEnd = false })
	until(t, "confirmed", s.is(id, till.JobConfirmed))
}

// With both gone the slips wait, and come out of whichever is back first.
func TestBothPrintersAreGone(t *testing.T) {
	one, two, s := newRack(t), newRack(t), newShelf()
	one.off()
	two.off()
	sp := startBoth(t, s, one.printer("generic-80"), two.printer("generic-80"))
	id := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "held", s.is(id, till.JobHeld))
	time.Sleep(3 * quick.takeOver)
	one.on()
	until(t, "confirmed", s.is(id, till.JobConfirmed))
	if one.count(amount(1)) != 1 {
		t.Errorf("the first printed %q", one.printed())
	}
}

// A test page is heard, where the printer has a beeper; a receipt is not.
func TestATestPageBeeps(t *testing.T) {
	for profile, beeps := range map[string]int{"xprinter-80": 1, "generic-80": 0} {
		r, s := newRack(t), newShelf()
		sp, _ := start(t, s, r.printer(profile))
		page, receipt := s.add(till.SlipTest, 1), s.add(till.SlipReceipt, 2)
		sp.Kick()
		until(t, "confirmed", func() bool { return s.is(page, till.JobConfirmed)() && s.is(receipt, till.JobConfirmed)() })
		if got := bytes.Count(r.printed(), []byte{0x1b, 'B', 3, 2}); got != beeps {
			t.Errorf("%s beeped %d times", profile, got)
		}
	}
}
