package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/skip2/go-qrcode"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

type walletPay struct {
	oneWallet
	Amount   string        `required:"" placeholder:"12.50" help:"${h_wallet_amount}"`
	Show     bool          `xor:"way" help:"${h_wallet_show}"`
	Code     string        `xor:"way" placeholder:"CODE" help:"${h_wallet_code}"`
	CodeFile string        `xor:"way" placeholder:"FILE" help:"${h_wallet_code_file}"`
	Tap      bool          `xor:"way" help:"${h_wallet_tap}"`
	Wait     time.Duration `default:"10m" help:"${h_wallet_wait}"`
}

type walletAttempts struct {
	Open   bool   `help:"${h_wallet_open}"`
	Limit  int    `default:"50" placeholder:"N" help:"${h_limit}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type oneAttempt struct {
	Attempt string        `arg:"" help:"${h_wallet_number}"`
	Wait    time.Duration `default:"2m" help:"${h_wallet_wait}"`
	Format  string        `default:"text" enum:"text,json" help:"${h_format}"`
}

type (
	walletQuery  struct{ oneAttempt }
	walletCancel struct{ oneAttempt }
	walletRefund struct {
		oneAttempt
		Amount string `required:"" placeholder:"3.00" help:"${h_wallet_amount}"`
		Reason string `placeholder:"WHY" help:"${h_reason}"`
	}
)

type walletBill struct {
	oneWallet
	Date string `required:"" placeholder:"YYYY-MM-DD" help:"${h_bill_date}"`
	To   string `placeholder:"FILE" help:"${h_bill_to}"`
}

var (
	errAmountForm = words{"金额要写成 12.50 这样的十进制数", "write the amount as a decimal, as 12.50"}
	errWay        = words{"用 --show 出示收款码，或用 --code 扫顾客的付款码", "give --show to show a code, or --code to take the customer's"}
	errNotOffered = words{"%s 不能这样收款", "%s cannot be paid that way"}
	errGoodsCode  = words{"这是商品条码，不是付款码", "this is a code of goods, not a payment code"}
	safeNotSent   = words{"没有发送任何东西，没有扣款。", "Nothing was sent and nothing was taken."}
	errNoBill     = words{"%s 没有可下载的账单", "%s has no bill to fetch"}
	errNoBillDay  = words{"账单没有取到：%v", "the bill was not fetched: %v"}
	nextBillDay   = words{"账单一般在次日 10 点以后才有；没有导入任何东西。", "Bills are there the next day after 10:00; nothing was taken in."}
	errNoAttempt  = words{"没有这个付款编号：%s", "no payment has this number: %s"}
	nextNoAttempt = words{"用 wallet attempts 查看。", "See wallet attempts."}
	tellPaid      = words{"已收到 %s（%s）", "paid: %s (%s)"}
	tellNotPaid   = words{"没有收到，没有扣款：%s %s", "not paid, nothing was taken: %s %s"}
	tellUnknown   = words{"还不知道是否付成功（%s）。请不要交货，也不要再收一次；用 wallet query %s 再问。",
		"nobody knows yet whether it was paid (%s). Do not hand over goods and do not charge again; ask with: wallet query %s"}
	tellShow = words{"请顾客扫码（编号 %s）：", "let the customer scan this (number %s):"}
)

// attemptRow is a payment in JSON.
type attemptRow struct {
	Number   string      `json:"number"`
	Wallet   string      `json:"wallet"`
	Mode     string      `json:"mode"`
	Way      string      `json:"way"`
	Amount   string      `json:"amount"`
	Currency string      `json:"currency"`
	State    string      `json:"state"`
	Outcome  string      `json:"outcome"` // paid, not_paid or unknown
	Reason   till.Reason `json:"reason,omitempty"`
	Said     string      `json:"said,omitempty"`
	Provider string      `json:"provider,omitempty"`
	Refunded string      `json:"refunded"`
	Code     string      `json:"code,omitempty"` // last four of the customer's
	QR       string      `json:"qr,omitempty"`
	Planned  time.Time   `json:"planned_at"`
	Changed  time.Time   `json:"changed_at"`
	PaidAt   *time.Time  `json:"paid_at,omitempty"`
}

func rowOf(a till.Attempt) attemptRow {
	r := attemptRow{
		Number: a.Number, Wallet: a.Wallet, Mode: a.Mode, Way: a.Way.String(), Amount: a.Currency.Format(a.Amount), Currency: a.Currency.Code,
		State: a.State.String(), Outcome: "unknown", Reason: a.Reason, Said: printable(a.Said), Provider: printable(a.Provider),
		Refunded: a.Currency.Format(a.Refunded), Code: a.CodeTail, Planned: a.PlannedAt, Changed: a.ChangedAt,
	}
	if !a.PaidAt.IsZero() {
		r.PaidAt = &a.PaidAt
	}
	switch a.State {
	case till.PaidFor:
		r.Outcome = "paid"
	case till.Declined, till.Cancelled, till.Abandoned:
		r.Outcome = "not_paid"
	case till.Pending:
		r.QR = a.QR
	}
	return r
}

// outcome prints what became of a payment; the exit code says it too.
func (e *env) outcome(a till.Attempt, format string) error {
	row := rowOf(a)
	if format == "json" {
		if err := e.json(row); err != nil {
			return err
		}
	} else {
		switch row.Outcome {
		case "paid":
			e.say(tellPaid, row.Currency+" "+row.Amount, row.Number)
		case "not_paid":
			e.say(tellNotPaid, row.Reason, row.Said)
		default:
			e.say(tellUnknown, row.State, row.Number)
		}
	}
	switch row.Outcome {
	case "paid":
		return nil
	case "not_paid":
		return errFound
	}
	return errUnknownOutcome
}

func parseAmount(text string, c money.Currency) (money.Amount, error) {
	a, err := c.Parse(text)
	if err != nil || a <= 0 {
		return 0, &failure{exit: exitUsage, what: errAmountForm, safe: safeNotSent, err: err}
	}
	return a, nil
}

// Run takes one payment without a sale.
func (c *walletPay) Run(e *env) error {
	way := till.Show
	switch {
	case c.Tap:
		way = till.Tap
	case c.Code != "" || c.CodeFile != "":
		way = till.Take
	case !c.Show:
		return &failure{exit: exitUsage, what: errWay}
	}
	code, err := e.secret("--code", c.Code, c.CodeFile)
	if err != nil {
		return err
	}
	if way == till.Take && till.NeverPayCode(code) {
		return &failure{what: errGoodsCode, safe: safeNotSent}
	}
	return e.atDesk(func(d *desk) error {
		spec, acc, err := d.account(c.Name, c.Mode)
		if err != nil {
			return err
		}
		amount, err := parseAmount(c.Amount, acc.Currency)
		if err != nil {
			return err
		}
		able := false
		for _, w := range spec.Ability.Ways {
			able = able || w == way
		}
		if !able {
			return &failure{what: errNotOffered, args: []any{c.Name}, safe: safeNotSent}
		}
		settings, err := d.book.Settings(e.ctx)
		if err != nil {
			return err
		}
		if settings.Freeze(c.Name) != nil {
			return &till.Error{Code: till.WalletStopped, Detail: c.Name}
		}
		if d.Provider(acc.Name, acc.Mode) == nil {
			_, err := spec.New(acc, &wallet.Client{Wallet: acc.Name})
			return fieldFailure(c.Name, err)
		}
		a := till.Attempt{Wallet: acc.Name, Mode: acc.Mode, Amount: amount, Currency: acc.Currency, Way: way, PlannedAt: time.Now()}
		if n := len(code); n >= 8 {
			a.CodeTail = code[n-4:]
		}
		if a, err = d.book.PlanAttempt(e.ctx, a); err != nil {
			return err
		}
		d.Start(a, code)
		return e.follow(d, a.Number, c.Wait, c.Format)
	})
}

// interruptedFor is how long an interrupted payment is waited for; the next
// command goes on with it.
const interruptedFor = time.Minute

// follow shows the code once there is one, and waits for the outcome. An
// interrupt reverses.
func (e *env) follow(d *desk, number string, wait time.Duration, format string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), wait)
	defer cancel()
	shown := false
	stopped := e.ctx.Done()
	for {
		a, err := d.book.Attempt(context.WithoutCancel(ctx), number)
		if err != nil {
			return err
		}
		if a.QR != "" && !shown && a.State == till.Pending {
			shown = true
			if err := e.showCode(a, format); err != nil {
				return err
			}
		}
		if !a.State.Live() {
			return e.outcome(a, format)
		}
		select {
		case <-stopped:
			d.Stop(number)
			stopped = nil
			// Whoever interrupts does not wait for a network that is gone.
			ctx, cancel = context.WithTimeout(ctx, interruptedFor)
			defer cancel()
		default:
		}
		if d.wait(ctx) != nil {
			return e.outcome(a, format)
		}
	}
}

func (e *env) showCode(a till.Attempt, format string) error {
	if format == "json" {
		return e.json(map[string]string{"number": a.Number, "show": a.QR})
	}
	e.say(tellShow, a.Number)
	if q, err := qrcode.New(a.QR, qrcode.Medium); err == nil && isTerminal(e.out) {
		fmt.Fprint(e.out, q.ToSmallString(false))
	}
	_, err := fmt.Fprintln(e.out, printable(a.QR))
	return err
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Run lists payments, the newest first.
func (c *walletAttempts) Run(e *env) error {
	book, err := e.read()
	if err != nil {
		return err
	}
	defer book.Close()
	list, err := book.Attempts(e.ctx, till.AttemptFilter{Open: c.Open, Limit: c.Limit})
	if err != nil {
		return err
	}
	rows := []attemptRow{}
	for _, a := range list {
		rows = append(rows, rowOf(a))
	}
	if c.Format == "json" {
		return e.json(rows)
	}
	for _, r := range rows {
		fmt.Fprintln(e.out, r.Number, r.Planned.Format(time.DateTime), r.Wallet, r.Mode, r.Currency, r.Amount, r.State, r.Reason, r.Provider)
	}
	return nil
}

func (d *desk) find(ctx context.Context, number string) (till.Attempt, error) {
	a, err := d.book.Attempt(ctx, number)
	if till.CodeOf(err) == till.NoSuchAttempt {
		err = &failure{what: errNoAttempt, args: []any{number}, next: nextNoAttempt, err: err}
	}
	return a, err
}

// Run asks the provider about a payment, in whatever state it is.
func (c *walletQuery) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		a, err := d.find(e.ctx, c.Attempt)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(e.ctx, c.Wait)
		defer cancel()
		_, err = d.Ask(ctx, a.Number)
		if err != nil && ctx.Err() == nil {
			return fieldFailure(a.Wallet, err)
		}
		if a, err = d.book.Attempt(e.ctx, a.Number); err != nil {
			return err
		}
		if a.State == till.LatePaid && a.Sale.IsZero() {
			// It settles by itself where no sale waits for it.
			for a.State == till.LatePaid && d.wait(ctx) == nil {
				if a, err = d.book.Attempt(e.ctx, a.Number); err != nil {
					return err
				}
			}
		}
		return e.outcome(a, c.Format)
	})
}

// Run reverses a payment and waits for the proof.
func (c *walletCancel) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		a, err := d.find(e.ctx, c.Attempt)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(e.ctx, c.Wait)
		defer cancel()
		if a.State.Live() {
			d.Stop(a.Number)
			if a, err = d.settled(ctx, a); err != nil {
				return err
			}
		}
		err = e.outcome(a, c.Format)
		if errors.Is(err, errFound) {
			return nil // not paid is what was wanted
		}
		if err == nil {
			return errFound // it is paid: give it back with wallet refund
		}
		return err
	})
}

// refundRow is a refund in JSON.
type refundRow struct {
	Number   string      `json:"number"`
	Attempt  string      `json:"attempt"`
	Amount   string      `json:"amount"`
	State    string      `json:"state"`
	Reason   till.Reason `json:"reason,omitempty"`
	Said     string      `json:"said,omitempty"`
	Provider string      `json:"provider,omitempty"`
}

var (
	tellRefunded      = words{"已退 %s（%s）", "given back: %s (%s)"}
	tellRefundFailed  = words{"没有退成，钱没有动：%s %s", "not given back, no money moved: %s %s"}
	tellRefundUnknown = words{"退款还在处理（%s，%s）；同一个编号会继续问，不会退两次。", "the refund is with the provider (%s, %s); it is asked about under the same number and never made twice."}
)

// Run gives money of a payment back.
func (c *walletRefund) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		a, err := d.find(e.ctx, c.Attempt)
		if err != nil {
			return err
		}
		amount, err := parseAmount(c.Amount, a.Currency)
		if err != nil {
			return err
		}
		settings, err := d.book.Settings(e.ctx)
		if err != nil {
			return err
		}
		if settings.Freeze(a.Wallet) != nil {
			return &till.Error{Code: till.WalletStopped, Detail: a.Wallet}
		}
		r, err := d.book.PlanRefund(e.ctx, till.WalletRefund{Attempt: a.Number, Amount: amount, Why: c.Reason, PlannedAt: time.Now()})
		if err != nil {
			return err
		}
		d.Desk.Refund(r)
		ctx, cancel := context.WithTimeout(e.ctx, c.Wait)
		defer cancel()
		for {
			if r, err = d.book.Refund(context.WithoutCancel(ctx), r.Number); err != nil {
				return err
			}
			if !r.State.Open() || d.wait(ctx) != nil {
				break
			}
		}
		row := refundRow{r.Number, r.Attempt, a.Currency.Format(r.Amount), r.State.String(), r.Reason, printable(r.Said), printable(r.Provider)}
		if c.Format == "json" {
			if err := e.json(row); err != nil {
				return err
			}
		}
		tell := func(w words, args ...any) {
			if c.Format != "json" {
				e.say(w, args...)
			}
		}
		switch r.State {
		case till.RefundDone:
			tell(tellRefunded, a.Currency.Code+" "+row.Amount, r.Number)
			return nil
		case till.RefundFailed:
			tell(tellRefundFailed, r.Reason, row.Said)
			return errFound
		}
		tell(tellRefundUnknown, row.State, r.Number)
		return errUnknownOutcome
	})
}

// Run fetches the provider's list of a day.
func (c *walletBill) Run(e *env) error {
	day, err := time.Parse(time.DateOnly, c.Date)
	if err != nil {
		return &failure{exit: exitUsage, what: errUsage, args: []any{err}}
	}
	return e.atDesk(func(d *desk) error {
		_, acc, err := d.account(c.Name, c.Mode)
		if err != nil {
			return err
		}
		fetcher, ok := d.Provider(acc.Name, acc.Mode).(wallet.BillFetcher)
		if !ok {
			return &failure{what: errNoBill, args: []any{c.Name}}
		}
		bill, err := fetcher.FetchBill(e.ctx, day)
		if err != nil {
			return &failure{what: errNoBillDay, args: []any{err}, next: nextBillDay, err: err}
		}
		if c.To != "" {
			if err := os.WriteFile(c.To, bill.Raw, 0o600); err != nil {
				return err
			}
		}
		type billRow struct {
			Number   string    `json:"number"`
			Refund   string    `json:"refund,omitempty"`
			Provider string    `json:"provider"`
			At       time.Time `json:"at"`
			Amount   string    `json:"amount"`
			Fee      string    `json:"fee"`
			Currency string    `json:"currency"`
			State    string    `json:"state"`
		}
		rows := []billRow{}
		for _, b := range bill.Rows {
			cur, err := money.CurrencyOf(b.Currency)
			if err != nil {
				cur = acc.Currency
			}
			rows = append(rows, billRow{b.Number, b.Refund, b.Provider, b.At, cur.Format(b.Amount), cur.Format(b.Fee), cur.Code, b.State})
		}
		if c.Format == "json" {
			return e.json(rows)
		}
		for _, r := range rows {
			fmt.Fprintln(e.out, printable(r.Number), printable(r.Refund), r.At.Format(time.DateTime), r.Currency, r.Amount, r.Fee, printable(r.State), printable(r.Provider))
		}
		return nil
	})
}
