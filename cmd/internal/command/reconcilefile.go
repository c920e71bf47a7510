package command

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"guitai/ledger"
	"guitai/till"
	bank "guitai/wallet/statement"
)

var (
	tellBagsFound        = words{"对账单上找到 %d 个送银行的钱袋，已记入账", "%d bags for the bank were found on the statement and noted as credited"}
	errStatementFile     = words{"%s 的账单要从文件读入", "the list of %s is read from a file"}
	nextStatement        = words{"从银行或服务商网站导出 CSV 或 camt.053，用 --from 文件 给出。", "Export it from the bank's or the provider's site as CSV or camt.053 and give it with --from FILE."}
	errStatementColumns  = words{"不知道各列是什么：%s", "what the columns are is not known: %s"}
	nextStatementColumns = words{"用 --columns 按顺序写出，逗号分开；可用：%s；不用的列留空。会记住。", "Name them in order with --columns, with commas between, of: %s; leave a column out with nothing. It is remembered."}
)

// statement reads a list that no adapter knows, of a bank or an aggregator, and
// compares it.
func (c *reconcileDay) statement(e *env, book *ledger.Ledger, mode string, raw []byte, day time.Time) error {
	if raw == nil {
		return &failure{exit: exitUsage, what: errStatementFile, args: []any{c.Name}, next: nextStatement}
	}
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, settings.Zone)
	var b till.Bill
	if bank.IsCamt(raw) {
		b, err = bank.ReadCamt(raw, day)
	} else {
		b, err = c.csvStatement(e, book, raw, day, &settings)
	}
	if f := (*failure)(nil); errors.As(err, &f) {
		return err
	}
	if err != nil {
		return billFailure(err, c.Date)
	}
	// The day may still go on, whatever the list says.
	b.Final = b.Final && !time.Now().Before(day.AddDate(0, 0, 1))
	b.Wallet, b.Mode, b.Name = c.Name, mode, filepath.Base(c.From)
	if c.Name != till.BankStatement {
		return c.compare(e, book, b)
	}
	err = c.compare(e, book, b)
	if err != nil && !errors.Is(err, errFound) {
		return err
	}
	n, cerr := book.CreditFromStatements(e.ctx, "")
	if cerr == nil && n > 0 {
		e.tell(tellBagsFound, n)
	}
	if cerr != nil {
		return cerr
	}
	return err
}

// csvStatement reads a CSV by the columns that are given, were given before, or
// are told by their headings.
func (c *reconcileDay) csvStatement(e *env, book *ledger.Ledger, raw []byte, day time.Time, settings *till.Settings) (till.Bill, error) {
	header, err := bank.Header(raw)
	if err != nil {
		return till.Bill{}, err
	}
	columns := bank.Columns(header)
	if c.Columns != "" {
		columns = strings.Split(c.Columns, ",")
	} else if kept, err := book.StatementColumns(e.ctx, header); err != nil {
		return till.Bill{}, err
	} else if kept != nil {
		columns = kept
	}
	b, err := bank.ReadCSV(raw, columns, day, settings.Currency)
	if errors.Is(err, bank.ErrColumns) {
		return b, &failure{what: errStatementColumns, args: []any{strings.Join(header, ", ")}, safe: safeBill, next: nextStatementColumns, nextArgs: []any{strings.Join(bank.Fields[1:], ", ")}, err: err}
	}
	if err == nil && c.Columns != "" {
		err = book.KeepStatementColumns(e.ctx, header, columns)
	}
	return b, err
}
