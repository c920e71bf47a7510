package replay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// lineMax bounds a line in bytes. A return of a thousand lines fits.
const lineMax = 1 << 20

// Interrupted stands for a run that was told to stop between two acts.
const Interrupted till.ErrorCode = "interrupted"

// A Register does one act and waits for its outcome.
type Register interface {
	Act(context.Context, till.Act) error
	View() till.View
}

// Options say how a file is replayed.
type Options struct {
	Currency money.Currency
	FromLine int         // lines before it are passed over; 0 or 1 for none
	Batch    *Batch      // the register's journal, where commits are grouped
	Progress func(n int) // called now and then with the acts done so far; may be nil
}

// Result is how far a replay came.
type Result struct {
	Applied int // acts that are in the ledger
	Failed  int // the line that stopped it; 0 where all was done
}

// A LineError is the line that stopped a replay. Nothing of it was done.
type LineError struct {
	Line int
	Do   string // the act's name; "" where it could not be read
	Err  error
}

// Error names line, act and reason.
func (e *LineError) Error() string {
	do := e.Do
	if do == "" {
		do = "?"
	}
	return fmt.Sprintf("line %d: %s: %v", e.Line, do, e.Err)
}

// Unwrap returns the refusal.
func (e *LineError) Unwrap() error { return e.Err }

// Run puts the acts of in through reg until the end or the first bad line,
// which is a *LineError: earlier acts stay, nothing of the bad one is done.
func Run(ctx context.Context, reg Register, in io.Reader, o Options) (Result, error) {
	r := &run{reg: reg, opt: o}
	r.begin(reg.View())
	lines := bufio.NewReaderSize(in, 64<<10)
	for n := 1; ; n++ {
		b, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if n == 1 {
			b = trimMark(b)
		}
		if err == nil && (n < o.FromLine || blank(b)) {
			continue
		}
		if err == nil && ctx.Err() != nil {
			err = &till.Error{Code: Interrupted}
		}
		do := ""
		if err == nil {
			do, err = r.one(ctx, b)
		}
		if err == nil {
			r.done = append(r.done, n)
			err = r.flush(false)
		}
		if err != nil {
			return r.stop(n, do, err)
		}
	}
	if err := r.flush(true); err != nil {
		return r.stop(0, "", err)
	}
	return Result{Applied: r.applied + len(r.done)}, nil
}

type run struct {
	reg     Register
	opt     Options
	applied int   // acts known to be in the ledger
	done    []int // lines of acts since, still to be made durable where commits are grouped
	shift   int   // that was open at the start
	floor   time.Time
}

// begin finds the latest time in what is open. A register that has just
// started knows of no basket act before it, since those leave no record.
func (r *run) begin(v till.View) {
	if v.Shift == nil {
		return
	}
	r.shift = v.Shift.No
	sales := []*till.Sale{v.Sale}
	for _, p := range v.Parked {
		sales = append(sales, p.Sale)
	}
	for _, s := range sales {
		if s == nil {
			continue
		}
		for _, l := range s.Lines {
			r.later(l.At)
		}
		for _, t := range s.Tenders {
			r.later(t.At)
		}
	}
}

func (r *run) later(t time.Time) {
	if t.After(r.floor) {
		r.floor = t
	}
}

// one does the act of one line.
func (r *run) one(ctx context.Context, b []byte) (string, error) {
	l, err := parse(r.opt.Currency, b)
	if err != nil {
		return l.do, err
	}
	v := r.reg.View()
	if by := l.act.ApprovedBy; by != "" && !slices.ContainsFunc(v.Operators, func(o till.Operator) bool { return o.Code == by && o.Active }) {
		return l.do, &till.Error{Code: till.NoSuchOperator, Detail: clip(by)}
	}
	if v.Shift != nil && v.Shift.No == r.shift && l.act.At.Before(r.floor) {
		return l.do, &till.Error{Code: till.TimeBackwards, Detail: r.floor.In(l.act.At.Location()).Format(time.RFC3339)}
	}
	// To the register an amount of zero means all that is due; in a file it
	// means zero, which is right only where rounding leaves nothing to pay.
	if c, ok := l.act.Command.(till.PayCash); ok && c.Amount == 0 && (v.Sale == nil || v.CashDue != 0) {
		return l.do, &till.Error{Code: till.BadAmount, Detail: "amount"}
	}
	// The act is not given up half way: its outcome would be unknown.
	return l.do, r.reg.Act(context.WithoutCancel(ctx), l.act)
}

// flush makes grouped commits durable when there are enough of them.
func (r *run) flush(last bool) error {
	if r.opt.Batch != nil && (last || len(r.done) >= batchActs) {
		if err := r.opt.Batch.Flush(); err != nil {
			return err
		}
	}
	if r.opt.Batch == nil || last || len(r.done) >= batchActs {
		r.applied += len(r.done)
		r.done = r.done[:0]
		if r.opt.Progress != nil {
			r.opt.Progress(r.applied)
		}
	}
	return nil
}

// stop tells how far the replay came. Where grouped commits could not be
// written, the acts in them were not done either.
func (r *run) stop(n int, do string, err error) (Result, error) {
	if b := r.opt.Batch; b != nil {
		if lost := b.Flush(); lost != nil {
			kept := max(0, len(r.done)-b.Pending())
			if kept < len(r.done) {
				n, do, err = r.done[kept], "", errors.Join(lost, err)
			}
			r.done = r.done[:kept]
		}
	}
	return Result{Applied: r.applied + len(r.done), Failed: n}, &LineError{Line: n, Do: do, Err: err}
}

// readLine returns the next line without its end; io.EOF after the last. A
// line that is too long is a refusal.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			if errors.Is(err, io.EOF) && line != nil {
				return line, nil
			}
			if !errors.Is(err, io.EOF) {
				err = fmt.Errorf("read the file: %w", err)
			}
			return nil, err
		}
		if line = append(line, part...); len(line) > lineMax {
			return nil, &till.Error{Code: BadLine, Detail: fmt.Sprintf("longer than %d bytes", lineMax)}
		}
		if !more {
			if line == nil {
				line = []byte{}
			}
			return line, nil
		}
	}
}

// trimMark takes off the byte order mark that some editors put first.
func trimMark(b []byte) []byte {
	if len(b) >= 3 && string(b[:3]) == "\ufeff" {
		return b[3:]
	}
	return b
}
