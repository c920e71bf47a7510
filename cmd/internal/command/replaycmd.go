package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"guitai/cmd/internal/command/replay"
	"guitai/ledger"
	"guitai/till"
)

type replayCmd struct {
	File     string `arg:"" help:"${h_file}"`
	FromLine int    `default:"1" placeholder:"N" help:"${h_from_line}"`
	Batch    bool   `help:"${h_batch}"`
}

var (
	errOpenFile  = words{"打不开 %s：%v", "cannot open %s: %v"}
	errBadLine   = words{"line %d: %s: %s", "line %d: %s: %s"}
	safeLine     = words{"前面 %d 条操作已入账；第 %d 行什么都没有做。", "The %d acts before it are in the ledger; nothing of line %d was done."}
	nextLine     = words{"改好第 %d 行，再运行：%s replay %s --from-line %d", "Mend line %d, then go on with: %s replay %s --from-line %d"}
	safeUnknown  = words{"前面 %d 条操作已入账；第 %d 行不知道有没有写入。", "The %d acts before it are in the ledger; whether line %d was written, nobody knows."}
	nextUnknown  = words{"先运行 verify 和 report 查看，再决定从哪一行继续。", "Run verify and report first, then decide at which line to go on."}
	errSoldHere  = words{"这个账本已经卖过东西，不能用 --batch", "this ledger has sold, so --batch is refused"}
	nextNoBatch  = words{"去掉 --batch 再运行。", "Run it without --batch."}
	errFromLine  = words{"--from-line 要从 1 开始", "--from-line counts from 1"}
	tellProgress = words{"已完成 %d 条", "%d acts done"}
)

// Run replays a file through a register of its own.
func (c *replayCmd) Run(e *env) error {
	if c.FromLine < 1 {
		return &failure{exit: exitUsage, what: errFromLine}
	}
	in, err := e.input(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	st, err := book.Recover(e.ctx)
	if err != nil {
		return err
	}
	o := replay.Options{Currency: st.Settings.Currency, FromLine: c.FromLine}
	var journal till.Journal = book
	if c.Batch {
		if st.Receipt > 0 {
			return &failure{what: errSoldHere, safe: safeAsWas, next: nextNoBatch}
		}
		o.Batch = replay.NewBatch(book)
		journal = o.Batch
		last := time.Now()
		o.Progress = func(n int) {
			if time.Since(last) > 5*time.Second {
				e.tell(tellProgress, n)
				last = time.Now()
			}
		}
	}
	reg := till.NewRegister(journal, book, book, till.Options{NewID: ledger.NewID, Version: Version})
	// The register ends after the last act, not by an interrupt in its middle.
	ctx, stop := context.WithCancel(context.WithoutCancel(e.ctx))
	defer stop()
	if err := reg.Open(ctx); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		reg.Run(ctx)
	}()
	result, err := replay.Run(e.ctx, reg, in, o)
	stop()
	<-ended
	if o.Batch != nil {
		if last := o.Batch.Flush(); err == nil {
			err = last
		}
	}
	if err == nil {
		fmt.Fprintf(e.out, "{\"applied\":%d}\n", result.Applied)
		return nil
	}
	fmt.Fprintf(e.out, "{\"applied\":%d,\"failed\":%d}\n", result.Applied, result.Failed)
	return c.bad(e, result, err)
}

// bad finds words for the line that stopped a replay.
func (c *replayCmd) bad(e *env, r replay.Result, err error) error {
	le := (*replay.LineError)(nil)
	if !errors.As(err, &le) {
		return err
	}
	do, reason := le.Do, le.Err.Error()
	if do == "" {
		do = "?"
	}
	if refusal := (*till.Error)(nil); errors.As(le.Err, &refusal) {
		reason = refusalWords(refusal).in(e.lang)
	}
	f := &failure{
		what: errBadLine, args: []any{le.Line, do, reason}, safe: safeLine, safeArgs: []any{r.Applied, le.Line},
		next: nextLine, nextArgs: []any{le.Line, e.name, c.File, le.Line}, err: err,
	}
	if till.CodeOf(err) == till.SaveUnknown {
		f.safe, f.next, f.nextArgs = safeUnknown, nextUnknown, nil
	}
	return f
}

// input opens a file to read, or standard input for "-".
func (e *env) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(e.in), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, &failure{what: errOpenFile, args: []any{name, err}, safe: safeAsWas, err: err}
	}
	return f, nil
}
