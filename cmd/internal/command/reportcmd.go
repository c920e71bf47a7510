package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"guitai/ledger"
	"guitai/till"
)

type reportCmd struct {
	Day     reportDay     `cmd:"" help:"${h_day}"`
	Range   reportRange   `cmd:"" help:"${h_range}"`
	Fees    reportFees    `cmd:"" help:"${h_fees}"`
	Compare reportCompare `cmd:"" help:"${h_compare}"`
	Tenders reportTenders `cmd:"" help:"${h_tenders}"`
	Cash    reportCash    `cmd:"" help:"${h_report_cash}"`
	Wallets reportWallets `cmd:"" help:"${h_report_wallets}"`
	Flags   reportFlags   `cmd:"" help:"${h_flags}"`
}

// reportFile is how a report is written, and where.
type reportFile struct {
	Format string `default:"text" enum:"text,json,csv,xlsx,pdf" help:"${h_format}"`
	Out    string `placeholder:"FILE" help:"${h_out}"`
}

type reportDay struct {
	Date string `placeholder:"YYYY-MM-DD" help:"${h_date}"`
	reportFile
}

type reportRange struct {
	From string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	reportFile
}

var (
	errNoDay    = words{"还没有营业日", "there is no business day yet"}
	nextNoDay   = words{"开班以后再看报表。", "Open a shift first."}
	errDate     = words{"%s：%v", "%s: %v"}
	errBackward = words{"--from 在 --to 之后", "--from lies after --to"}
)

// date reads a flag's business day.
func date(flag, v string) (till.BusinessDay, error) {
	d, err := till.ParseBusinessDay(v)
	if err != nil {
		return 0, &failure{exit: exitUsage, what: errDate, args: []any{flag, err}, err: err}
	}
	return d, nil
}

// days reads the flags --from and --to.
func days(from, to string) (first, last till.BusinessDay, err error) {
	if first, err = date("--from", from); err != nil {
		return 0, 0, err
	}
	if last, err = date("--to", to); err != nil {
		return 0, 0, err
	}
	if first > last {
		return 0, 0, &failure{exit: exitUsage, what: errBackward}
	}
	return first, last, nil
}

// Run reports one day.
func (c *reportDay) Run(e *env) error {
	var day till.BusinessDay
	if c.Date != "" {
		d, err := date("--date", c.Date)
		if err != nil {
			return err
		}
		day = d
	}
	return e.report(day, day, c.reportFile)
}

// Run reports a range of days.
func (c *reportRange) Run(e *env) error {
	from, to, err := days(c.From, c.To)
	if err != nil {
		return err
	}
	return e.report(from, to, c.reportFile)
}

// report writes the report of a range of days; day zero is the latest.
func (e *env) report(from, to till.BusinessDay, file reportFile) error {
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	st, err := l.Recover(e.ctx)
	if err != nil {
		return err
	}
	if from == 0 {
		if st.LastDay == 0 {
			return &failure{what: errNoDay, next: nextNoDay}
		}
		from, to = st.LastDay, st.LastDay
	}
	r, err := l.Report(e.ctx, from, to)
	if err != nil {
		return err
	}
	doc, err := r.JSON(st.Settings.Currency)
	if err != nil {
		return err
	}
	// These two have a form of their own; the rest is tables.
	switch file.Format {
	case "json":
		return e.to(file.Out, func(w io.Writer) error { _, err := w.Write(doc); return err })
	case "text":
		return e.to(file.Out, func(w io.Writer) error {
			if name := st.Settings.Shop.Name; name != "" {
				fmt.Fprintln(w, printable(name))
			}
			return writeReport(w, e.lang, doc)
		})
	}
	s, err := reportStatement(doc, st.Settings.Currency)
	if err != nil {
		return err
	}
	return e.statement(l, &st.Settings, s, file)
}

// statement writes tables in the format asked for.
func (e *env) statement(l *ledger.Ledger, settings *till.Settings, s *statement, file reportFile) error {
	if err := s.check(); err != nil {
		return err
	}
	return e.to(file.Out, func(w io.Writer) error { return writeTables(e.ctx, w, l, s, e.lang, settings.Shop.Name, file.Format) })
}

// writeTables writes tables to w in a format.
func writeTables(ctx context.Context, w io.Writer, l *ledger.Ledger, s *statement, lang, shop, format string) error {
	switch format {
	case "json":
		return s.json(w)
	case "csv":
		return s.csv(w)
	case "xlsx":
		return s.xlsx(w, lang, shop)
	case "pdf":
		logo, err := Logo(ctx, l)
		if err != nil {
			return err
		}
		press, err := newPress()
		if err != nil {
			return err
		}
		doc := s.paper(lang)
		doc.Shop, doc.Logo = printable(shop), logo.Image
		return press.Statement(w, doc)
	}
	return s.text(w, lang, printable(shop))
}

// to writes to a file, whole or not at all, or to standard output where none is
// named.
func (e *env) to(file string, write func(io.Writer) error) error {
	if file != "" {
		return toFile(file, write)
	}
	w := bufio.NewWriterSize(e.out, 64<<10)
	return errors.Join(write(w), w.Flush())
}
