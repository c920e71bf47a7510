package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/wallet"
)

type reconcileCmd struct {
	Day    reconcileDay    `cmd:"" default:"withargs" help:"${h_reconcile_day}"`
	List   reconcileList   `cmd:"" help:"${h_reconcile_list}"`
	Settle reconcileSettle `cmd:"" help:"${h_reconcile_settle}"`
}

type reconcileDay struct {
	Name       string `arg:"" help:"${h_reconcile_name}"`
	Mode       string `enum:",live,test" default:"" placeholder:"live|test" help:"${h_wallet_mode}"`
	Date       string `required:"" placeholder:"YYYY-MM-DD" help:"${h_bill_date}"`
	From       string `placeholder:"FILE" help:"${h_reconcile_from}"`
	Columns    string `placeholder:"NAMES" help:"${h_reconcile_columns}"`
	NewAccount bool   `help:"${h_reconcile_account}"`
	reportFile
}

type reconcileList struct {
	Limit int `default:"100" placeholder:"N" help:"${h_limit}"`
	reportFile
}

type reconcileSettle struct {
	Finding  int64  `arg:"" help:"${h_reconcile_finding}"`
	Operator string `required:"" placeholder:"CODE" help:"${h_reconcile_operator}"`
	Reason   string `required:"" placeholder:"WHY" help:"${h_reason}"`
	Format   string `default:"text" enum:"text,json" help:"${h_format}"`
}

// billMost bounds a bill's file, in bytes.
const billMost = 256 << 20

var (
	errBillFile   = words{"账单 %s 读不了：%v", "the bill %s cannot be read: %v"}
	errBillFault  = words{"账单没有导入：%v", "the bill was not taken in: %v"}
	safeBill      = words{"什么都没有导入，账本没有动。", "Nothing was taken in and the ledger is as it was."}
	nextBillFault = words{"请从服务商网站重新下载 %s 的账单，文件不要改动。", "Download the bill of %s from the provider's site again and leave the file as it is."}
	nextBillOther = words{"请核对钱包、账户和日期；商户号确实换了就加 --new-account。", "Check the wallet, the account and the day; where the merchant number has really changed, add --new-account."}
	nextBillDrop  = words{"没有网络时，可以把账单文件拷来，用 --from 文件 核对。", "Without a network, copy the bill's file here and give it with --from FILE."}
	tellBillKept  = words{"账单没有取到（%v）；用已存的账单核对。", "the bill was not fetched (%v); the one that is kept is compared."}
	errNoFinding  = words{"没有编号为 %d 的未处理差异", "no open difference has the number %d"}
	nextFinding   = words{"用 reconcile 钱包 --date 日期 查看。", "See reconcile NAME --date DAY."}
)

// Run fetches or reads the bill of a day and compares it with the ledger.
func (c *reconcileDay) Run(e *env) error {
	business, err := date("--date", c.Date)
	if err != nil {
		return err
	}
	day, _ := time.Parse(time.DateOnly, business.String()) // was parsed before
	var raw []byte
	if c.From != "" {
		if raw, err = readBillFile(c.From); err != nil {
			return &failure{what: errBillFile, args: []any{c.From, err}, safe: safeBill, err: err}
		}
	}
	if c.Name == till.BankStatement {
		book, err := e.open()
		if err != nil {
			return err
		}
		defer book.Close()
		return c.statement(e, book, "live", raw, day)
	}
	return e.atDesk(func(d *desk) error {
		_, acc, err := d.account(c.Name, c.Mode)
		if err != nil {
			return err
		}
		provider := d.Provider(acc.Name, acc.Mode)
		var b wallet.Bill
		fetcher, fetches := provider.(wallet.BillFetcher)
		reader, reads := provider.(wallet.BillReader)
		switch {
		case raw != nil && reads && c.Columns == "":
			b, err = reader.ReadBill(raw, day)
			b.Name = filepath.Base(c.From)
		case raw != nil:
			return c.statement(e, d.book, acc.Mode, raw, day)
		case fetches:
			if b, err = fetcher.FetchBill(e.ctx, day); err != nil && !isBillFault(err) {
				return c.kept(e, d.book, acc.Mode, business, err)
			}
		default:
			return &failure{what: errNoBill, args: []any{c.Name}, next: nextBillDrop}
		}
		if err != nil {
			return billFailure(err, c.Date)
		}
		b.Wallet, b.Mode = acc.Name, acc.Mode
		return c.compare(e, d.book, b)
	})
}

func readBillFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, billMost+1))
	if len(raw) > billMost {
		return nil, fmt.Errorf("it is longer than %d bytes", billMost)
	}
	if raw == nil {
		raw = []byte{}
	}
	return raw, err
}

func isBillFault(err error) bool {
	fe := (*wallet.BillError)(nil)
	return errors.As(err, &fe)
}

func billFailure(err error, day string) error {
	f := &failure{what: errBillFault, args: []any{err}, safe: safeBill, next: nextBillFault, nextArgs: []any{day}, err: err}
	fe := (*wallet.BillError)(nil)
	if errors.As(err, &fe) && fe.Fault != wallet.BillDamaged || errors.Is(err, ledger.ErrBillMerchant) || errors.Is(err, ledger.ErrBillDay) {
		f.next, f.nextArgs = nextBillOther, nil
	}
	return f
}

// kept compares with the bill that is there, where none could be fetched.
func (c *reconcileDay) kept(e *env, book *ledger.Ledger, mode string, day till.BusinessDay, cause error) error {
	r, err := book.ReconcileAgain(e.ctx, c.Name, mode, day)
	if errors.Is(err, ledger.ErrNoBill) {
		return &failure{what: errNoBillDay, args: []any{cause}, safe: safeBill, next: nextBillDrop, err: cause}
	}
	if err != nil {
		return err
	}
	e.tell(tellBillKept, cause)
	r.Again = true
	return c.show(e, book, &r)
}

func (c *reconcileDay) compare(e *env, book *ledger.Ledger, b till.Bill) error {
	r, err := book.Reconcile(e.ctx, b, c.NewAccount)
	switch {
	case errors.Is(err, ledger.ErrBillMerchant), errors.Is(err, ledger.ErrBillDay), errors.Is(err, ledger.ErrBillRow):
		return billFailure(err, c.Date)
	case err != nil:
		return err
	}
	return c.show(e, book, &r)
}

// show writes a comparison; differences that are open end with exit code 1.
func (c *reconcileDay) show(e *env, book *ledger.Ledger, r *till.Reconciliation) error {
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	if err := e.statement(book, &settings, reconcileStatement(r), c.reportFile); err != nil {
		return err
	}
	if r.Open() > 0 {
		return errFound
	}
	return nil
}

// Run lists the bills that are kept.
func (c *reconcileList) Run(e *env) error {
	book, err := e.read()
	if err != nil {
		return err
	}
	defer book.Close()
	days, err := book.KeptDays(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	if err := e.statement(book, &settings, keptStatement(days, &settings), c.reportFile); err != nil {
		return err
	}
	for _, d := range days {
		if d.Open > 0 {
			return errFound
		}
	}
	return nil
}

// Run keeps that a person has looked at a difference.
func (c *reconcileSettle) Run(e *env) error {
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	err = book.SettleFinding(context.WithoutCancel(e.ctx), c.Finding, strings.TrimSpace(c.Operator), strings.TrimSpace(c.Reason))
	if errors.Is(err, ledger.ErrNoFinding) {
		return &failure{what: errNoFinding, args: []any{c.Finding}, next: nextFinding, err: err}
	}
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return e.json(map[string]any{"done": true, "finding": c.Finding})
	}
	e.say(words{"完成", "done"})
	return nil
}
