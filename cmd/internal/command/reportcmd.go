package command

import (
	"fmt"

	"guitai/till"
)

type reportCmd struct {
	Day   reportDay   `cmd:"" help:"${h_day}"`
	Range reportRange `cmd:"" help:"${h_range}"`
}

type reportDay struct {
	Date   string `placeholder:"YYYY-MM-DD" help:"${h_date}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type reportRange struct {
	From   string `required:"" placeholder:"YYYY-MM-DD" help:"${h_from}"`
	To     string `required:"" placeholder:"YYYY-MM-DD" help:"${h_to}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
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
	return e.report(day, day, c.Format)
}

// Run reports a range of days.
func (c *reportRange) Run(e *env) error {
	from, err := date("--from", c.From)
	if err != nil {
		return err
	}
	to, err := date("--to", c.To)
	if err != nil {
		return err
	}
	if from > to {
		return &failure{exit: exitUsage, what: errBackward}
	}
	return e.report(from, to, c.Format)
}

// report writes the report of a range of days; day zero is the latest.
func (e *env) report(from, to till.BusinessDay, format string) error {
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
	if format == "json" {
		_, err = e.out.Write(doc)
		return err
	}
	if st.Settings.Shop.Name != "" {
		fmt.Fprintln(e.out, printable(st.Settings.Shop.Name))
	}
	return writeReport(e.out, e.lang, doc)
}
