package wechatpay

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// billMost bounds a bill, unpacked, in bytes.
const billMost = 64 << 20

// errBill is in the chain of an error about a bill that cannot be taken. Nothing
// of such a bill is returned.
var errBill = errors.New("the bill of WeChat Pay cannot be taken")

// FetchBill fetches the trade bill of a day in Beijing (APIv3 申请交易账单): the
// address of the file first, then the file, whose SHA-1 is checked after it is
// unpacked. It is ready at 10:00 of the next day and kept for three months. A
// day without trade is a bill without rows.
func (a *account) FetchBill(ctx context.Context, day time.Time) (wallet.Bill, error) {
	date := day.In(beijing).Format(time.DateOnly)
	bill := wallet.Bill{Name: "wechatpay-" + a.mchid + "-" + date + ".csv"}
	bill.Day, _ = time.ParseInLocation(time.DateOnly, date, beijing) // as it was written
	bill.Merchant, bill.Final = a.mchid, a.billFinal(bill.Day)
	r, err := a.callV3(ctx, wallet.CallBill, "", http.MethodGet, "/v3/bill/tradebill?bill_date="+date+"&bill_type=ALL&tar_type=GZIP", nil)
	if err != nil {
		return wallet.Bill{}, fmt.Errorf("WeChat Pay's bill: %w", err)
	}
	var file struct {
		Type string `json:"hash_type"`
		Hash string `json:"hash_value"`
		URL  string `json:"download_url"`
	}
	fault, ans, ok := a.readV3(r, &file)
	switch {
	case !ok:
		return wallet.Bill{}, fmt.Errorf("%w: %s (%s)", errBill, ans.Said, ans.Reason)
	case fault.Code == "NO_STATEMENT_EXIST":
		return bill, nil // 账单文件不存在: no trade that day
	case fault.Code != "":
		return wallet.Bill{}, fmt.Errorf("%w: %s", errBill, said(fault.Code, fault.Message))
	case file.Type != "SHA1":
		return wallet.Bill{}, fmt.Errorf("%w: its sum is %q, not SHA1", errBill, clip(file.Type, 20))
	}
	if bill.Raw, err = a.download(ctx, file.URL, file.Hash); err != nil {
		return wallet.Bill{}, err
	}
	if bill.Rows, err = parseBill(bill.Raw); err != nil {
		return wallet.Bill{}, err
	}
	return bill, nil
}

// billFinal reports whether the bill of a day must be there in full by now.
func (a *account) billFinal(day time.Time) bool {
	return !a.now().Before(day.AddDate(0, 0, 1).Add(wallet.BillReady))
}

// ReadBill reads a trade bill that was downloaded from the merchant's site,
// packed with gzip or not. Every row names the merchant.
func (a *account) ReadBill(raw []byte, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, beijing)
	bill := wallet.Bill{Name: "wechatpay-" + a.mchid + "-" + from.Format(time.DateOnly) + ".csv", Day: from, Merchant: a.mchid, Final: a.billFinal(from)}
	damaged := func(err error) (wallet.Bill, error) {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "the file cannot be read", Err: err}
	}
	var err error
	if bill.Raw, err = unpack(raw); err != nil {
		return damaged(err)
	}
	if bill.Rows, err = parseBill(bill.Raw); err != nil {
		return damaged(err)
	}
	for _, merchant := range billMerchants(bill.Raw) {
		if merchant != a.mchid {
			return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherMerchant, Detail: "the bill is of the merchant " + clip(merchant, 20) + ", the account of " + a.mchid}
		}
	}
	for _, r := range bill.Rows {
		if r.At.Before(from) || !r.At.Before(from.AddDate(0, 0, 1)) {
			return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: "the bill has rows of " + r.At.Format(time.DateOnly) + ", not of " + from.Format(time.DateOnly)}
		}
	}
	return bill, nil
}

// billMerchants are the merchant numbers of a bill that parseBill has read, one
// for each row.
func billMerchants(raw []byte) (out []string) {
	head, rest, _ := strings.Cut(strings.TrimPrefix(string(raw), "\uFEFF"), "\n")
	names := strings.Split(strings.TrimSpace(head), ",")
	for line := range strings.Lines(rest) {
		v, err := values(names, strings.TrimRight(line, "\r\n"))
		if err != nil {
			break // the sums
		}
		out = append(out, v["商户号"])
	}
	return out
}

// download fetches a bill's file. Its request is signed, its answer is not: the
// sum from the signed answer stands for it.
func (a *account) download(ctx context.Context, at, hash string) ([]byte, error) {
	u, err := url.Parse(at)
	home, _ := url.Parse(a.base) // was parsed before
	if err != nil || u.Host == "" || u.Scheme != home.Scheme {
		return nil, fmt.Errorf("%w: its address cannot be used", errBill)
	}
	path := strings.TrimPrefix(u.RequestURI(), strings.TrimRight(home.Path, "/"))
	r, err := a.sendV3(ctx, wallet.Call{
		Kind: wallet.CallBill, Method: http.MethodGet, URL: at, Most: billMost,
		// It has the payers' identifiers in it.
		Answered: func(b []byte) string { return fmt.Sprintf("%d bytes", len(b)) },
	}, path)
	if err != nil {
		return nil, fmt.Errorf("WeChat Pay's bill: %w", err)
	}
	if r.Status != http.StatusOK {
		return nil, fmt.Errorf("%w: status %d", errBill, r.Status)
	}
	raw, err := unpack(r.Body)
	if err != nil {
		return nil, err
	}
	if sum := sha1.Sum(raw); !strings.EqualFold(hex.EncodeToString(sum[:]), hash) {
		return nil, fmt.Errorf("%w: its SHA-1 is not the one that WeChat Pay stated", errBill)
	}
	return raw, nil
}

// unpack undoes gzip where it is there.
func unpack(b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: it is packed wrongly", errBill)
	}
	raw, err := io.ReadAll(io.LimitReader(z, billMost+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: it is cut off", errBill)
	case len(raw) > billMost:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", errBill, int64(billMost))
	}
	return raw, nil
}

// The columns of a trade bill, by their headings (交易账单, bill_type ALL).
const (
	colTime       = "交易时间"
	colID         = "微信订单号"
	colNumber     = "商户订单号"
	colState      = "交易状态"
	colCurrency   = "货币种类"
	colRefundNo   = "商户退款单号"
	colRefundIs   = "退款状态"
	colFee        = "手续费"
	colTotal      = "订单金额"
	colSettled    = "应结订单金额"
	colAskedBack  = "申请退款金额"
	colBack       = "退款金额"
	sumRows       = "总交易单数"
	sumTotal      = "订单总金额"
	sumSettled    = "应结订单总金额"
	sumAskedBack  = "申请退款总金额"
	sumBack       = "退款总金额"
	stateSuccess  = "SUCCESS"
	stateRefund   = "REFUND"
	stateReversed = "REVOKED"
)

// parseBill reads a trade bill: UTF-8 with or without a mark at its start, a
// line of headings, a line for every payment and every refund with a backtick
// before each value, then headings and values of the sums. Amounts are yuan. The
// sums must be those of the lines, so that a file cut at a line's end is noticed;
// whether they have reversed payments in them the documents do not say.
func parseBill(raw []byte) ([]wallet.BillRow, error) {
	var lines []string
	for line := range strings.Lines(strings.TrimPrefix(string(raw), "\uFEFF")) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) < 3 {
		return nil, fmt.Errorf("%w: it has no lines", errBill)
	}
	last := len(lines) - 2
	head, rows := strings.Split(lines[0], ","), []wallet.BillRow(nil)
	var paid, back, reversed money.Amount
	for i, line := range lines[1:last] {
		v, err := values(head, line)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", errBill, i+2, err)
		}
		row, err := billRow(v)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", errBill, i+2, err)
		}
		switch {
		case row.Refund == "":
			paid += row.Amount
		case strings.HasPrefix(row.State, stateReversed):
			reversed += row.Amount
		default:
			back += row.Amount
		}
		rows = append(rows, row)
	}
	sums, err := values(strings.Split(lines[last], ","), lines[last+1])
	if err != nil {
		return nil, fmt.Errorf("%w: the sums: %w", errBill, err)
	}
	count, _, _ := strings.Cut(sums[sumRows], ".")
	total, errTotal := yuan(cmp.Or(sums[sumTotal], sums[sumSettled]))
	refunds, errBack := yuan(cmp.Or(sums[sumAskedBack], sums[sumBack]))
	switch {
	case errTotal != nil || errBack != nil:
		return nil, fmt.Errorf("%w: it has no sums", errBill)
	case count != strconv.Itoa(len(rows)):
		return nil, fmt.Errorf("%w: it has %d lines, and says %s", errBill, len(rows), clip(count, 20))
	case total != paid || refunds != back && refunds != back+reversed:
		return nil, fmt.Errorf("%w: its lines do not add up to its sums", errBill)
	}
	return rows, nil
}

// values splits a line of values, each of which begins with a backtick: a comma
// within a value has none after it.
func values(head []string, line string) (map[string]string, error) {
	rest, ok := strings.CutPrefix(line, "`")
	if !ok {
		return nil, errors.New("it does not begin with a backtick")
	}
	cells := strings.Split(rest, ",`")
	if len(cells) != len(head) {
		return nil, fmt.Errorf("it has %d values under %d headings", len(cells), len(head))
	}
	v := make(map[string]string, len(head))
	for i, name := range head {
		v[strings.TrimSpace(name)] = strings.TrimSpace(cells[i])
	}
	return v, nil
}

// billRow reads one payment or refund. A reversed payment that had been paid is
// a line of the state REVOKED, and gives back; it may have no refund number, and
// then stands under the payment's.
func billRow(v map[string]string) (wallet.BillRow, error) {
	row := wallet.BillRow{Number: v[colNumber], Provider: v[colID], Currency: v[colCurrency], State: v[colState]}
	var err error
	if row.At, err = time.ParseInLocation(time.DateTime, v[colTime], beijing); err != nil {
		return row, errors.New("its time cannot be read")
	}
	if row.Number == "" || row.Provider == "" {
		return row, errors.New("it has no number")
	}
	amount := cmp.Or(v[colTotal], v[colSettled])
	switch row.State {
	case stateSuccess:
	case stateRefund, stateReversed:
		amount = cmp.Or(v[colAskedBack], v[colBack])
		row.Refund = v[colRefundNo]
		if row.Refund == "" || row.Refund == "0" {
			row.Refund = row.Number
		}
		row.State = strings.TrimSpace(row.State + " " + v[colRefundIs])
	default:
		return row, fmt.Errorf("its state %q is not known", clip(row.State, 20))
	}
	if row.Amount, err = yuan(amount); err != nil || row.Amount < 0 {
		return row, errors.New("its amount cannot be read")
	}
	if row.Fee, err = fee(v[colFee]); err != nil {
		return row, errors.New("its fee cannot be read")
	}
	return row, nil
}

var cny = money.Currency{Code: "CNY", Exponent: 2}

// yuan reads an amount, which has no more than two decimals that count.
func yuan(s string) (money.Amount, error) {
	if whole, frac, ok := strings.Cut(s, "."); ok && len(frac) > 2 && strings.Trim(frac[2:], "0") == "" {
		s = whole + "." + frac[:2]
	}
	return cny.Parse(s)
}

// fee reads a fee, which is written with five decimals, and rounds it half away
// from zero where more than two of them count.
func fee(s string) (money.Amount, error) {
	n, err := money.Currency{Code: "CNY", Exponent: 5}.Parse(s)
	if err != nil {
		return 0, err
	}
	half := money.Amount(500)
	if n < 0 {
		half = -half
	}
	return (n + half) / 1000, nil
}
