package replay

import (
	"bufio"
	"context"
	"errors"
	"strings"
	"testing"

	"guitai/till"
	"guitai/till/tilltest"
)

// day writes lines with times that go up a minute from 07:00.
func day(lines ...string) string {
	var b strings.Builder
	for i, l := range lines {
		minute := string([]byte{'0' + byte(i/10), '0' + byte(i%10)})
		b.WriteString(strings.Replace(l, "@", `"at":"2026-06-18T07:`+minute+`:00+08:00"`, 1) + "\n")
	}
	return b.String()
}

const open = `{"do":"open",@,"operator":"1002","float":"200.00"}`

func TestRunStopsAtTheFirstBadLine(t *testing.T) {
	scan := `{"do":"scan",@,"code":"6901234567892","qty":"2"}`
	for name, row := range map[string]struct {
		file    string
		applied int
		failed  int
		do      string
		code    till.ErrorCode
	}{
		"unknown key":          {day(open, scan, `{"do":"void",@,"line":1,"why":"x"}`, scan), 2, 3, "void", UnknownKey},
		"bad money":            {day(open, scan, `{"do":"tender",@,"kind":"cash","amount":"31,80"}`), 2, 3, "tender", till.BadAmount},
		"time goes back":       {day(open, scan) + `{"do":"park","at":"2026-06-18T06:59:00+08:00"}`, 2, 3, "park", till.TimeBackwards},
		"unknown code":         {day(open, `{"do":"scan",@,"code":"4006381333931"}`), 1, 2, "scan", till.UnknownCode},
		"tender above the due": {day(open, scan, `{"do":"tender",@,"kind":"card","amount":"31.81"}`), 2, 3, "tender", till.AboveDue},
		"cash above the due":   {day(open, scan, `{"do":"tender",@,"kind":"cash","amount":"40.00"}`), 2, 3, "tender", till.AboveDue},
		"cash of zero":         {day(open, scan, `{"do":"tender",@,"kind":"cash","amount":"0.00"}`), 2, 3, "tender", till.BadAmount},
		"no shift":             {day(scan), 0, 1, "scan", till.NoShift},
		"unknown operator":     {day(`{"do":"open",@,"operator":"9","float":"0"}`), 0, 1, "open", till.NoSuchOperator},
		"unknown approver":     {day(open, `{"do":"scan",@,"code":"6901234567908","approved_by":"77"}`), 1, 2, "scan", till.NoSuchOperator},
		"no such receipt":      {day(open, `{"do":"post_void",@,"receipt":"000009"}`), 1, 2, "post_void", till.NoSuchReceipt},
		"blank lines count":    {open0() + "\n\n\n" + `{"do":"park","at":"2026-06-18T08:00:00+08:00"}`, 1, 4, "park", till.NoSaleOpen},
		"line without end":     {strings.Repeat("x", lineMax+2), 0, 1, "", BadLine},
	} {
		t.Run(name, func(t *testing.T) {
			j := tilltest.New()
			r := tilltest.Start(t, j)
			got, err := Run(context.Background(), r.Reg, strings.NewReader(row.file), Options{Currency: cny})
			le := (*LineError)(nil)
			if !errors.As(err, &le) || le.Line != row.failed || le.Do != row.do || till.CodeOf(err) != row.code {
				t.Fatalf("stopped by %v, want line %d %s %s", err, row.failed, row.do, row.code)
			}
			if got.Applied != row.applied || got.Failed != row.failed {
				t.Errorf("result %+v, want %d applied, line %d failed", got, row.applied, row.failed)
			}
		})
	}
}

func open0() string { return strings.TrimSpace(day(open)) }

// A file that was stopped is mended and goes on from the bad line; the earlier
// lines are not done again.
func TestRunResumesFromALine(t *testing.T) {
	r := tilltest.Start(t, tilltest.New())
	file := day(open, `{"do":"scan",@,"code":"6901234567892"}`, `{"do":"tender",@,"kind":"cash","amount":"16.00"}`,
		`{"do":"close",@,"count":{"100":2,"15.90":1}}`)
	if res, err := Run(context.Background(), r.Reg, strings.NewReader(file), Options{Currency: cny}); err == nil || res.Failed != 3 {
		t.Fatalf("%+v, %v", res, err)
	}
	file = strings.Replace(file, "16.00", "15.90", 1)
	res, err := Run(context.Background(), r.Reg, strings.NewReader(file), Options{Currency: cny, FromLine: 3})
	if err != nil || res != (Result{Applied: 2}) {
		t.Fatalf("%+v, %v", res, err)
	}
	z := r.Reg.View().Closed
	if z == nil || z.Totals.Sales != 1 || z.Totals.Net() != 1590 || z.Counted-z.Totals.Expected() != 0 {
		t.Errorf("Z is %+v", z)
	}
}

// 抹零 to nothing leaves a cash tender of zero, which is then right.
func TestRunTakesACashTenderOfZeroWhereNothingIsLeftToPay(t *testing.T) {
	r := tilltest.Start(t, tilltest.New())
	file := day(open, `{"do":"item",@,"name":"x","price":"0.05"}`, `{"do":"round_down",@,"to":"0.10"}`, `{"do":"tender",@,"kind":"cash","amount":"0.00"}`)
	if _, err := Run(context.Background(), r.Reg, strings.NewReader(file), Options{Currency: cny}); err != nil {
		t.Fatal(err)
	}
	if s := r.Done(1, 0); s.Rounding != -5 || s.Total() != 0 {
		t.Errorf("rounding %d, total %d", s.Rounding, s.Total())
	}
}

func TestRunEndsBetweenActsWhenTold(t *testing.T) {
	r := tilltest.Start(t, tilltest.New())
	ctx, stop := context.WithCancel(context.Background())
	stop()
	res, err := Run(ctx, r.Reg, strings.NewReader(day(open)), Options{Currency: cny})
	if res != (Result{Failed: 1}) || till.CodeOf(err) != Interrupted || r.Reg.View().Shift != nil {
		t.Errorf("%+v, %v", res, err)
	}
}

// Grouped commits lead to the same records as single ones.
func TestBatchLeadsToTheSameDay(t *testing.T) {
	file := day(open, `{"do":"scan",@,"code":"6901234567892","qty":"2"}`, `{"do":"void",@,"line":1}`, `{"do":"scan",@,"code":"20001","qty":"0.75"}`, `{"do":"park",@}`,
		`{"do":"scan",@,"code":"6901234567908"}`, `{"do":"tender",@,"kind":"card","amount":"1.00","ref":"a"}`, `{"do":"tender",@,"kind":"cash","amount":"2.50","tendered":"5.00"}`,
		`{"do":"recall",@,"parked":1}`, `{"do":"tender",@,"kind":"cash","amount":"5.10"}`,
		`{"do":"return",@,"receipt":"000002","lines":[{"line":2,"qty":"0.75"}],"refund":[{"kind":"cash","amount":"5.10"}]}`,
		`{"do":"scan",@,"code":"6901234567908"}`, `{"do":"cancel",@}`, `{"do":"scan",@,"code":"6901234567908"}`)
	kinds := func(j *tilltest.Journal) (out []till.RecordKind) {
		for _, e := range j.Entries() {
			out = append(out, e.Record.Kind())
		}
		return out
	}
	var want []till.RecordKind
	for _, batched := range []bool{false, true} {
		j := tilltest.New()
		var journal till.Journal = j
		o := Options{Currency: cny}
		if batched {
			o.Batch = NewBatch(j)
			journal = o.Batch
		}
		n := byte(0)
		reg := till.NewRegister(journal, tilltest.Goods(), tilltest.PINs{Staff: j.Staff}, till.Options{NewID: func() till.ID { n++; return till.ID{15: n} }})
		ctx, stop := context.WithCancel(context.Background())
		if err := reg.Open(ctx); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { reg.Run(ctx); close(ended) }()
		res, err := Run(context.Background(), reg, strings.NewReader(file), o)
		if err != nil || res.Applied != 14 {
			t.Fatalf("batched %v: %+v, %v", batched, res, err)
		}
		stop()
		<-ended
		if o.Batch != nil {
			if err := o.Batch.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		st, err := j.Recover(context.Background())
		if err != nil || st.Receipt != 3 || st.Current == nil || st.Current.Due() != 350 || len(st.Parked) != 0 {
			t.Errorf("batched %v: state %+v, %v", batched, st, err)
		}
		totals, _, err := j.Totals(context.Background(), 1)
		if err != nil || totals.Net() != 350 || totals.Gross != 860 || totals.Voids != 1 || totals.Cancelled != 1 {
			t.Errorf("batched %v: totals %+v, %v", batched, totals, err)
		}
		if got := kinds(j); want == nil {
			want = got
		} else if len(got) != len(want) {
			t.Errorf("grouped commits left %v, single ones %v", got, want)
		}
	}
}

// Where the group cannot be written, the acts in it do not count as done.
func TestBatchCountsOnlyWhatIsDurable(t *testing.T) {
	j := tilltest.New()
	b := NewBatch(j)
	reg := till.NewRegister(b, tilltest.Goods(), tilltest.PINs{}, till.Options{NewID: func() till.ID { return till.ID{1} }})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := reg.Open(ctx); err != nil {
		t.Fatal(err)
	}
	go reg.Run(ctx)
	j.Fail = tilltest.ErrDisk
	res, err := Run(ctx, reg, strings.NewReader(day(open, `{"do":"scan",@,"code":"6901234567908"}`)), Options{Currency: cny, Batch: b})
	if res != (Result{Failed: 1}) || till.CodeOf(err) != till.CannotSave {
		t.Errorf("%+v, %v", res, err)
	}
	if n := len(j.Entries()); n != 0 {
		t.Errorf("%d records were written", n)
	}
}

// failsSecond is a journal whose disk is full from the second commit on.
type failsSecond struct {
	*tilltest.Journal
	commits int
}

func (f *failsSecond) Commit(ctx context.Context, tx till.Tx) error {
	if f.commits++; f.commits > 1 {
		return tilltest.ErrDisk
	}
	return f.Journal.Commit(ctx, tx)
}

// Where a group fails that a parked sale forces out, the acts written before
// it stay counted: going on from the named line does nothing twice.
func TestBatchThatFailsLaterKeepsItsCount(t *testing.T) {
	j := tilltest.New()
	b := NewBatch(&failsSecond{Journal: j})
	n := byte(0)
	reg := till.NewRegister(b, tilltest.Goods(), tilltest.PINs{}, till.Options{NewID: func() till.ID { n++; return till.ID{15: n} }})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := reg.Open(ctx); err != nil {
		t.Fatal(err)
	}
	go reg.Run(ctx)
	scan, park := `{"do":"scan",@,"code":"6901234567908"}`, `{"do":"park",@}`
	file := day(open, scan, park, scan, park)
	// The first park writes its group; the second finds the disk full.
	res, err := Run(ctx, reg, strings.NewReader(file), Options{Currency: cny, Batch: b})
	if res != (Result{Applied: 3, Failed: 4}) || till.CodeOf(err) != till.CannotSave {
		t.Errorf("%+v, %v", res, err)
	}
	if st, err := j.Recover(ctx); err != nil || len(st.Parked) != 1 {
		t.Errorf("state %+v, %v", st, err)
	}
}

func TestReadLine(t *testing.T) {
	r := bufio.NewReaderSize(strings.NewReader("a\r\n\n"+strings.Repeat("b", 100)+"\nlast"), 16)
	for _, want := range []string{"a", "", strings.Repeat("b", 100), "last"} {
		if got, err := readLine(r); err != nil || string(got) != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	if got := trimMark([]byte("\ufeff{}")); string(got) != "{}" {
		t.Errorf("mark left: %q", got)
	}
}
