package statement

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/money"
	"guitai/wallet"
)

// Fields are what a column may be; "" leaves it out. An amount below zero is
// money given back; of date and time either may have both.
var Fields = []string{"", "number", "refund", "provider", "date", "time", "amount", "fee", "currency", "state"}

// known are the headings that say what they are, as key makes them.
var known = map[string]string{
	"number":   "number merchantnumber merchantorderno outtradeno orderno ordernumber reference clientsn invoicenumber paymentmetadataattempt 商户订单号 商户单号 订单号 商家订单号 外部订单号",
	"refund":   "refund refundno refundnumber outrefundno 退款单号 商户退款单号 退款订单号",
	"provider": "provider transaction transactionid transactionno tradeno paymentintentid id sn 交易流水号 流水号 交易号 交易单号 支付宝交易号 微信订单号",
	"date":     "date bookingdate valuedate transactiondate datetime created 日期 交易日期 记账日期 交易时间 完成时间 入账时间",
	"time":     "time 时间",
	"amount":   "amount gross total 金额 交易金额 收入金额 贷方金额 发生额 实收金额",
	"fee":      "fee commission 手续费 服务费",
	"currency": "currency 币种 货币",
	"state":    "status state type 状态 交易状态 交易类型 类型",
}

// ErrColumns means that the columns do not say where the date and the amount
// are, or say it twice.
var ErrColumns = errors.New("the columns must name a date and an amount, each once")

func key(h string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.NewReplacer("（元）", "", "(元)", "").Replace(h))
}

// Columns proposes what the columns are, by their headings.
func Columns(header []string) []string {
	out := make([]string, len(header))
	for i, h := range header {
		for _, field := range Fields[1:] {
			if slices.Contains(strings.Fields(known[field]), key(h)) && !slices.Contains(out, field) {
				out[i] = field
			}
		}
	}
	return out
}

// Header returns the headings of a CSV: its first line with three cells or more.
func Header(raw []byte) ([]string, error) {
	lines, err := read(raw)
	if err != nil {
		return nil, err
	}
	return lines[0], nil
}

// Sample returns the headings of a CSV and its first row, which is empty where
// there is none.
func Sample(raw []byte) (header, row []string, err error) {
	lines, err := read(raw)
	if err != nil {
		return nil, nil, err
	}
	if len(lines) > 1 {
		row = lines[1]
	}
	return lines[0], row, nil
}

// read splits a CSV into lines, from its headings on. It is UTF-8, with or
// without a mark, or GBK.
func read(raw []byte) ([][]string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(raw) {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, damaged("the list is neither UTF-8 nor GBK", nil)
		}
		raw = text
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord = -1
	if first, _, _ := bytes.Cut(raw, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	lines, err := r.ReadAll()
	if err != nil {
		return nil, damaged("the list is no CSV", err)
	}
	for i, line := range lines {
		if len(line) >= 3 {
			return lines[i:], nil
		}
	}
	return nil, damaged("the list has no headings", nil)
}

// forms are how lists write times; those without a clock are midnight.
var forms = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405",
	"20060102 15:04:05", "2006-01-02", "2006/01/02", "2006/1/2", "20060102", "02.01.2006 15:04:05", "02.01.2006"}

// ReadCSV reads the rows of a day in the zone of day. Rows of the days beside
// are left out, so that a month's list serves each of its days, and is final for
// those before its last; a list without a row of the month is another month's.
func ReadCSV(raw []byte, columns []string, day time.Time, cur money.Currency) (wallet.Bill, error) {
	for i, c := range columns {
		if !slices.Contains(Fields, c) || c != "" && slices.Contains(columns[:i], c) {
			return wallet.Bill{}, ErrColumns
		}
	}
	if !slices.Contains(columns, "date") || !slices.Contains(columns, "amount") {
		return wallet.Bill{}, ErrColumns
	}
	lines, err := read(raw)
	if err != nil {
		return wallet.Bill{}, err
	}
	b := wallet.Bill{Day: day, Raw: raw, Name: "statement.csv"}
	month, other := false, time.Time{}
	for n, line := range lines[1:] {
		at := cells(columns, line)
		if at("date") == "" && at("amount") == "" {
			continue // a line of sums or remarks
		}
		row, err := csvRow(at, day.Location(), cur)
		if err != nil {
			return wallet.Bill{}, damaged(fmt.Sprintf("row %d", n+2), err)
		}
		if row.At.Year() == day.Year() && row.At.Month() == day.Month() {
			month = true
		} else {
			other = row.At
		}
		if !row.At.Before(day) && row.At.Before(day.AddDate(0, 0, 1)) {
			b.Rows = append(b.Rows, row)
		}
		b.Final = b.Final || !row.At.Before(day.AddDate(0, 0, 1))
	}
	if !month && !other.IsZero() {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: "the list is of " + other.Format("2006-01") + ", not of " + day.Format("2006-01")}
	}
	return b, nil
}

// daysMost bounds a list that is taken in for all of its days.
const daysMost = 400

// Days are the days from the first to the last row of a list or of a camt
// statement, in zone; those without a row are among them.
func Days(raw []byte, columns []string, zone *time.Location, cur money.Currency) ([]time.Time, error) {
	var first, last time.Time
	seen := func(t time.Time) {
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		if first.IsZero() || t.Before(first) {
			first = t
		}
		if t.After(last) {
			last = t
		}
	}
	if IsCamt(raw) {
		if err := camtDays(raw, zone, seen); err != nil {
			return nil, err
		}
	} else {
		lines, err := read(raw)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(columns, "date") || !slices.Contains(columns, "amount") {
			return nil, ErrColumns
		}
		for n, line := range lines[1:] {
			at := cells(columns, line)
			if at("date") == "" && at("amount") == "" {
				continue
			}
			row, err := csvRow(at, zone, cur)
			if err != nil {
				return nil, damaged(fmt.Sprintf("row %d", n+2), err)
			}
			seen(row.At)
		}
	}
	var out []time.Time
	for d := first; !d.IsZero() && !d.After(last); d = d.AddDate(0, 0, 1) {
		if out = append(out, d); len(out) > daysMost {
			return nil, damaged("the list spans more than a year", nil)
		}
	}
	return out, nil
}

// cells reads the cells of a line by what their columns are.
func cells(columns, line []string) func(field string) string {
	return func(field string) string {
		if i := slices.Index(columns, field); i >= 0 && i < len(line) {
			return strings.Trim(line[i], " \t\u00A0`'")
		}
		return ""
	}
}

func csvRow(at func(string) string, zone *time.Location, cur money.Currency) (wallet.BillRow, error) {
	row := wallet.BillRow{Number: at("number"), Refund: at("refund"), Provider: at("provider"), State: at("state"), Currency: cur.Code}
	when := strings.TrimSpace(at("date") + " " + at("time"))
	for _, form := range forms {
		if t, err := time.ParseInLocation(form, when, zone); err == nil {
			row.At = t.In(zone)
			break
		}
	}
	if row.At.IsZero() {
		return row, fmt.Errorf("its time %.30q cannot be read", when)
	}
	if code := at("currency"); code != "" && code != "人民币" {
		c, err := money.CurrencyOf(strings.ToUpper(code))
		if err != nil {
			return row, err
		}
		cur, row.Currency = c, c.Code
	}
	amount, err := parse(cur, at("amount"))
	if err != nil {
		return row, fmt.Errorf("its amount cannot be read: %w", err)
	}
	if fee := at("fee"); fee != "" {
		if row.Fee, err = parse(cur, fee); err != nil {
			return row, fmt.Errorf("its fee cannot be read: %w", err)
		}
		row.Fee = row.Fee.Abs()
	}
	if amount < 0 && row.Refund == "" {
		if row.Refund = row.Number; row.Refund == "" {
			row.Refund = "out"
		}
	}
	if row.Refund != "" {
		row.Fee = -row.Fee
	}
	row.Amount = amount.Abs()
	return row, nil
}

// parse reads an amount with thousands set apart by commas, and signs of money.
func parse(cur money.Currency, s string) (money.Amount, error) {
	return cur.Parse(strings.NewReplacer(",", "", "¥", "", "￥", "", "+", "", " ", "").Replace(s))
}
