package alipay

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/money"
	"guitai/wallet"
)

// Bounds of a bill, in bytes: as it comes, and unpacked.
const (
	zipMost  = 64 << 20
	listMost = 256 << 20
)

// FetchBill fetches the trade bill of a day, which is there from 10:00 of the
// next day on (open platform, alipay.data.dataservice.bill.downloadurl.query).
// Only the date of day counts.
func (a *adapter) FetchBill(ctx context.Context, day time.Time) (wallet.Bill, error) {
	date := day.Format("2006-01-02")
	fail := func(format string, args ...any) (wallet.Bill, error) {
		return wallet.Bill{}, fmt.Errorf("alipay bill of %s: %w", date, fmt.Errorf(format, args...))
	}
	h, ans, err := a.ask(ctx, call{kind: wallet.CallBill, number: date, method: billURL,
		content: map[string]any{"bill_type": "trade", "bill_date": date},
		// The link is as good as the bill.
		answered: func(b []byte) string { return link.ReplaceAllString(wallet.Redact(b), `${1}"***"`) }})
	switch {
	case err != nil:
		return fail("%w", err)
	case ans != nil:
		return fail("%s (%s)", ans.Said, ans.Reason)
	case strings.HasSuffix(h.SubCode, "BILL_NOT_EXIST") || strings.HasSuffix(h.SubCode, "bill_not_exist") || h.SubCode == "NO_BILL_DATA":
		return fail("%w: %s", errNoBill, h.said())
	case h.Code != "10000":
		return fail("%s", h.said())
	}
	// The link lives 30 seconds and may lead anywhere the signed answer says,
	// but not from https to http.
	u, err := url.Parse(h.BillURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !strings.HasPrefix(a.gateway, u.Scheme+"://") {
		return fail("the answer holds no link to the bill")
	}
	reply, err := a.client.Do(ctx, wallet.Call{Kind: wallet.CallBill, Number: date, Method: http.MethodGet, URL: u.String(), Most: zipMost,
		Asked: func([]byte) string { return "" }, Secrets: []string{u.RawQuery},
		Answered: func(b []byte) string { return fmt.Sprintf("%d bytes", len(b)) }})
	if err != nil {
		return fail("download: %w", bare(err))
	}
	if reply.Status != http.StatusOK {
		return fail("download: HTTP %d", reply.Status)
	}
	bill, err := a.ReadBill(reply.Body, day)
	if err != nil {
		return fail("%w", err)
	}
	return bill, nil
}

// ReadBill reads the zip of a day's trade bill, as the open platform and the
// merchant's site give it. Its head names the account, the day and when it was
// made: only one made after the day was over is final.
func (a *adapter) ReadBill(raw []byte, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, beijing)
	l, err := readBill(raw)
	if err != nil {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillDamaged, Detail: "the bill of Alipay cannot be read", Err: err}
	}
	b := wallet.Bill{Day: from, Raw: raw, Name: "alipay_" + from.Format("20060102") + ".csv.zip", Rows: l.rows, Merchant: l.account}
	if want := from.Format(headDay); l.first != want || l.end != from.AddDate(0, 0, 1).Format(headDay) {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: fmt.Sprintf("the bill is of %s to %s, not of %s", l.first, l.end, want)}
	}
	b.Final = !l.made.Before(from.AddDate(0, 0, 1))
	return b, nil
}

// headDay is how the head of a list writes a day.
const headDay = "2006年01月02日"

// link matches the address of a bill in an answer.
var link = regexp.MustCompile(`("bill_download_url"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// bare leaves the address out of an error, since it is the key to the bill.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		if errors.Is(err, wallet.ErrNotSent) {
			return fmt.Errorf("%w: %w", wallet.ErrNotSent, u.Err)
		}
		return u.Err
	}
	return err
}

// errNoBill means that Alipay has no bill of that day: not yet, or because
// nothing was traded. It is no proof of the latter.
var errNoBill = errors.New("there is no bill of that day; Alipay makes it by 10:00 of the next one")

// readBill reads the zip of a trade bill and returns the rows of its list. Its
// sums, which stand below the list, must agree.
func readBill(raw []byte) (*list, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("the zip is cut off or damaged: %w", err)
	}
	for _, f := range z.File {
		text, err := unpack(f)
		if err != nil {
			return nil, err
		}
		// The names are in GBK as well; what a file is, its first line says.
		if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "#支付宝业务明细查询") {
			return readList(text)
		}
	}
	return nil, errors.New("no list of trades is in the zip")
}

// unpack returns a file of the zip as UTF-8. Alipay writes GBK.
func unpack(f *zip.File) (string, error) {
	if f.UncompressedSize64 > listMost {
		return "", fmt.Errorf("a file in the zip is longer than %d bytes", listMost)
	}
	r, err := f.Open()
	if err != nil {
		return "", fmt.Errorf("the zip is damaged: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, listMost+1))
	if err != nil {
		return "", fmt.Errorf("the zip is cut off or damaged: %w", err)
	}
	if len(b) > listMost {
		return "", fmt.Errorf("a file in the zip is longer than %d bytes", listMost)
	}
	if with, ok := bytes.CutPrefix(b, []byte("\xEF\xBB\xBF")); ok {
		if !utf8.Valid(with) {
			return "", errors.New("the list is neither GBK nor UTF-8")
		}
		return string(with), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", errors.New("the list is neither GBK nor UTF-8")
	}
	return string(text), nil
}

// The lines around the rows.
var (
	sums = regexp.MustCompile(`^#(交易|退款)合计：([0-9]+)笔，商家实收(?:退款)?共(-?[0-9.]+)元`)
	ends = regexp.MustCompile(`^#-+业务明细列表结束-+`)
)

// A list is what stands between the lines of a bill.
type list struct {
	account    string // as the head names it
	first, end string // the days between whose beginnings it lies
	made       time.Time
	columns    map[string]int
	rows       []wallet.BillRow
	count      [2]int // of payments, of refunds
	taken      [2]money.Amount
	ended      bool
}

// readList reads the list of trades: comments begin with #, the first line
// that is none names the columns.
func readList(text string) (*list, error) {
	var l list
	checked := 0
	for n, line := range lines(text) {
		switch {
		case strings.TrimSpace(line) == "":
		case ends.MatchString(line):
			l.ended = true
		case sums.MatchString(line):
			if err := l.compare(sums.FindStringSubmatch(line)); err != nil {
				return nil, err
			}
			checked++
		case strings.HasPrefix(line, "#"):
			l.head(line)
		default:
			if err := l.take(line); err != nil {
				return nil, fmt.Errorf("record %d: %w", n+1, err)
			}
		}
	}
	switch {
	case l.columns == nil:
		return nil, errors.New("the list names no columns")
	case !l.ended || checked != 2:
		return nil, errors.New("the list is cut off: its end and its sums are missing")
	}
	return &l, nil
}

// The lines of the head, and the last one.
var (
	headAccount = regexp.MustCompile(`^#账号：\[([0-9]+)\]`)
	headDays    = regexp.MustCompile(`^#起始日期：\[([^ \]]+) 00:00:00\]\s*终止日期：\[([^ \]]+) 00:00:00\]`)
	headMade    = regexp.MustCompile(`^#导出时间：\[([^\]]+)\]`)
)

func (l *list) head(line string) {
	if m := headAccount.FindStringSubmatch(line); m != nil {
		l.account = m[1]
	}
	if m := headDays.FindStringSubmatch(line); m != nil {
		l.first, l.end = m[1], m[2]
	}
	if m := headMade.FindStringSubmatch(line); m != nil {
		l.made, _ = time.ParseInLocation(headDay+" 15:04:05", m[1], beijing) // one that cannot be read makes no bill final
	}
}

// lines splits a text into records: a line break in quotes is part of one.
func lines(text string) []string {
	var out []string
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		for !strings.HasPrefix(line, "#") && strings.Count(line, `"`)%2 == 1 && rest != "" {
			var more string
			more, rest, _ = strings.Cut(rest, "\n")
			line += "\n" + more
		}
		out, text = append(out, strings.TrimSuffix(line, "\r")), rest
	}
	return out
}

// cell is a value as it is meant: Alipay ends texts with a tab, so that
// spreadsheets do not take numbers for amounts.
func cell(s string) string { return strings.Trim(s, " \t\u00A0`") }

// take reads one line: the names of the columns, then a row each.
func (l *list) take(line string) error {
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return fmt.Errorf("not a line of a CSV file: %w", err)
	}
	if l.columns == nil {
		l.columns = map[string]int{}
		for i, f := range fields {
			name := strings.NewReplacer("（元）", "", "(元)", "").Replace(cell(f))
			if name == "退款批次号" {
				name = "退款批次号/请求号"
			}
			if _, ok := l.columns[name]; !ok {
				l.columns[name] = i
			}
		}
		for _, need := range []string{"支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额", "商家实收", "退款批次号/请求号", "服务费"} {
			if _, ok := l.columns[need]; !ok {
				l.columns = nil
				return fmt.Errorf("the column %s is missing", need)
			}
		}
		return nil
	}
	if l.ended {
		return errors.New("a row below the end of the list")
	}
	if len(fields) < len(l.columns) {
		return fmt.Errorf("%d values for %d columns", len(fields), len(l.columns))
	}
	return l.row(func(name string) string { return cell(fields[l.columns[name]]) })
}

func (l *list) row(at func(string) string) error {
	row := wallet.BillRow{Number: at("商户订单号"), Provider: at("支付宝交易号"), At: moment(at("完成时间")), State: at("业务类型"), Currency: yuan.Code}
	kind := 0
	switch row.State {
	case "交易":
	case "退款":
		kind = 1
		// A cancel gives back without a request's number.
		if row.Refund = at("退款批次号/请求号"); row.Refund == "" {
			row.Refund = row.Number
		}
	default:
		return fmt.Errorf("the kind of business %q is not known", row.State)
	}
	if row.At.IsZero() || row.Number == "" {
		return errors.New("the time or the order number is missing")
	}
	amount, err1 := yuan.Parse(at("订单金额"))
	taken, err2 := yuan.Parse(at("商家实收"))
	fee, err3 := yuan.Parse(at("服务费"))
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	// What is kept of a payment comes back with its refund, whatever sign the
	// column has.
	row.Amount, row.Fee = amount.Abs(), fee.Abs()
	if kind == 1 {
		row.Fee = -row.Fee
	}
	l.rows = append(l.rows, row)
	l.count[kind]++
	l.taken[kind] += taken.Abs()
	return nil
}

// compare checks a line of sums against the rows above it.
func (l *list) compare(m []string) error {
	kind := 0
	if m[1] == "退款" {
		kind = 1
	}
	count, err1 := strconv.Atoi(m[2])
	sum, err2 := yuan.Parse(m[3])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if count != l.count[kind] || sum.Abs() != l.taken[kind] {
		return fmt.Errorf("the list does not hold what its sums say: %d %s of %s yuan against %d of %s", l.count[kind], m[1],
			yuan.Format(l.taken[kind]), count, yuan.Format(sum.Abs()))
	}
	return nil
}
