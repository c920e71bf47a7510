package wechatpay

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// printed is a bill as the golden file has it.
func printed(rows []wallet.BillRow) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s number=%s refund=%s provider=%s amount=%d fee=%d %s %s\n",
			r.At.Format(time.RFC3339), r.Number, r.Refund, r.Provider, r.Amount, r.Fee, r.Currency, r.State)
	}
	return b.String()
}

// The bill in testdata has the shapes of a real one: payments and refunds, a
// payment reversed after it was paid, names with commas and quotes, a coupon,
// fees with five decimals, sums written 6.0 and 1.5.
func TestParseBill(t *testing.T) {
	raw, err := os.ReadFile("testdata/tradebill.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parseBill(raw)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "tradebill.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(printed(rows)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := printed(rows); got != string(want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	marked := append([]byte("\uFEFF"), bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))...)
	if again, err := parseBill(marked); err != nil || printed(again) != string(want) {
		t.Errorf("with a mark and the other line ends: %v\n%s", err, printed(again))
	}
}

func TestDamagedBillIsNotTaken(t *testing.T) {
	raw, err := os.ReadFile("testdata/tradebill.csv")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	swap := func(old, new string) string {
		if strings.Count(text, old) == 0 {
			t.Fatalf("the bill has no %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, bill := range map[string]string{
		"nothing":                      "",
		"a message":                    "账单不存在\n",
		"headings alone":               lines[0],
		"cut after a line":             strings.Join(lines[:4], ""),
		"cut within a line":            text[:len(text)/2],
		"a line less":                  strings.Join(append(append([]string{}, lines[:2]...), lines[3:]...), ""),
		"a line twice":                 strings.Join(append(append([]string{}, lines[:2]...), lines[1:]...), ""),
		"without sums":                 strings.Join(lines[:len(lines)-2], ""),
		"without backticks":            strings.ReplaceAll(text, "`", ""),
		"another amount":               swap("`12.50,`0.00,`\n", "`12.51,`0.00,`\n"),
		"an amount with more decimals": swap("`12.50,`0.00,`\n", "`12.505,`0.00,`\n"),
		"an amount that is none":       swap("`12.50,`0.00,`\n", "`twelve,`0.00,`\n"),
		"a negative amount":            swap("`12.50,`0.00,`\n", "`-12.50,`0.00,`\n"),
		"another state":                swap("`SUCCESS,`OTHERS", "`PENDING,`OTHERS"),
		"another count":                swap("`6.0,", "`7.0,"),
		"no time":                      swap("`2026-06-18 10:34:56", "`18.06.2026"),
		"a value less":                 swap("`OTHERS,", ""),
		"other headings":               swap("商户订单号", "订单"),
	} {
		rows, err := parseBill([]byte(bill))
		if !errors.Is(err, errBill) || rows != nil {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestYuan(t *testing.T) {
	for _, row := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0.01", 1, true}, {"12.50", 1250, true}, {"12.5", 1250, true}, {"12", 1200, true}, {"0.47000", 47, true}, {"-3.00", -300, true},
		{"0.001", 0, false}, {"", 0, false}, {"1e2", 0, false}, {"0x10", 0, false}, {"1,200.00", 0, false}, {"NaN", 0, false},
	} {
		got, err := yuan(row.text)
		if (err == nil) != row.ok || row.ok && int64(got) != row.want {
			t.Errorf("yuan(%q) = %d, %v", row.text, got, err)
		}
	}
	for _, row := range []struct {
		text string
		want int64
	}{
		{"0.00000", 0}, {"0.01000", 1}, {"-0.01000", -1}, {"0.00499", 0}, {"0.00500", 1}, {"-0.00500", -1}, {"1.23456", 123}, {"0.08", 8},
	} {
		if got, err := fee(row.text); err != nil || int64(got) != row.want {
			t.Errorf("fee(%q) = %d, %v", row.text, got, err)
		}
	}
}

// fetch scripts a bill's address and file, and fetches it.
func (s *script) fetch(file []byte, hash string) (wallet.Bill, error) {
	s.v3("/v3/bill/tradebill", http.StatusOK, map[string]string{"hash_type": "SHA1", "hash_value": hash, "download_url": s.account.base + "/v3/billdownload/file?token=T0KEN"})
	s.raw("/v3/billdownload/file", http.StatusOK, file)
	return s.account.FetchBill(context.Background(), time.Date(2026, 6, 18, 12, 0, 0, 0, beijing))
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func TestFetchBillChecksTheFile(t *testing.T) {
	raw, err := os.ReadFile("testdata/tradebill.csv")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(raw)
	hash := hex.EncodeToString(sum[:])
	s := newScript(t, nil)
	for name, file := range map[string][]byte{"packed": packed(raw), "plain": raw} {
		bill, err := s.fetch(file, hash)
		if err != nil || len(bill.Rows) != 6 || !bytes.Equal(bill.Raw, raw) || bill.Name != "wechatpay-1900000109-2026-06-18.csv" ||
			!bill.Day.Equal(time.Date(2026, 6, 18, 0, 0, 0, 0, beijing)) {
			t.Errorf("%s: %d rows, %v, %s, %v", name, len(bill.Rows), err, bill.Name, bill.Day)
		}
	}
	if _, err := s.fetch(packed(raw), strings.ToUpper(hash)); err != nil {
		t.Errorf("with a sum in capitals: %v", err)
	}
	z := packed(raw)
	for name, row := range map[string]struct {
		file []byte
		hash string
	}{
		"another sum":      {packed(raw), strings.Repeat("0", 40)},
		"no sum":           {packed(raw), ""},
		"the packed sum":   {z, fmt.Sprintf("%x", sha1.Sum(z))},
		"cut":              {z[:len(z)/2], hash},
		"cut at the start": {z[:5], hash},
		"damaged":          {append(append([]byte{}, z[:60]...), append([]byte{^z[60]}, z[61:]...)...), hash},
		"empty":            {nil, hash},
	} {
		if bill, err := s.fetch(row.file, row.hash); !errors.Is(err, errBill) || bill.Rows != nil || bill.Raw != nil {
			t.Errorf("%s: %d rows, %v", name, len(bill.Rows), err)
		}
	}
	// The address is signed, and must be of the same kind as the platform's.
	s.v3("/v3/bill/tradebill", 200, map[string]string{"hash_type": "SHA1", "hash_value": hash, "download_url": "file:///etc/passwd"})
	if _, err := s.account.FetchBill(context.Background(), time.Now()); !errors.Is(err, errBill) {
		t.Errorf("another address: %v", err)
	}
	s.v3("/v3/bill/tradebill", 200, map[string]string{"hash_type": "MD5", "hash_value": hash, "download_url": s.account.base + "/v3/billdownload/file"})
	if _, err := s.account.FetchBill(context.Background(), time.Now()); !errors.Is(err, errBill) {
		t.Errorf("another kind of sum: %v", err)
	}
}

func TestFetchBillSaysWhatIsWrong(t *testing.T) {
	s := newScript(t, nil)
	for _, row := range []struct {
		status int
		code   string
		words  string // in the error; "" for an empty bill
	}{
		{400, "NO_STATEMENT_EXIST", ""},
		{400, "STATEMENT_CREATING", "STATEMENT_CREATING"},
		{403, "NO_AUTH", "NO_AUTH"},
		{500, "SYSTEM_ERROR", "provider_down"},
	} {
		s.v3("/v3/bill/tradebill", row.status, faultV3{row.code, "x"})
		bill, err := s.account.FetchBill(context.Background(), time.Now())
		if row.words == "" {
			if err != nil || bill.Rows != nil || bill.Name == "" {
				t.Errorf("%s: %v", row.code, err)
			}
			continue
		}
		if !errors.Is(err, errBill) || !strings.Contains(err.Error(), row.words) {
			t.Errorf("%s: %v", row.code, err)
		}
	}
}

// A day at the simulator: what was paid, given back and reversed is on the bill,
// what nobody paid is not, and the days are Beijing's.
func TestFetchBillOfADay(t *testing.T) {
	var platform *sim.WeChatPay
	b := wallettest.NewBench(t, subject(func(p *sim.WeChatPay) { p.ReverseAfter = 0; platform = p }))
	bills := b.Provider.(wallet.BillFetcher)
	day := time.Now()
	if bill, err := bills.FetchBill(context.Background(), day); err != nil || len(bill.Rows) != 0 {
		t.Fatalf("an empty day: %d rows, %v", len(bill.Rows), err)
	}
	shown := b.Charge(1250, till.Show)
	b.Start(t, &shown)
	b.Pay(t, shown.Number)
	b.Query(t, &shown)
	back := b.RefundOf(shown, 300)
	if _, err := b.Provider.(wallet.Refunder).Refund(context.Background(), back); err != nil {
		t.Fatal(err)
	}
	open := b.Charge(100, till.Show)
	b.Start(t, &open)
	taken := b.Charge(2000, till.Take)
	taken.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &taken)
	if _, err := b.Provider.Cancel(context.Background(), taken); err != nil {
		t.Fatal(err)
	}
	bill, err := bills.FetchBill(context.Background(), day)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		number, refund, state string
		amount, fee           int64
	}
	got := map[line]bool{}
	for _, r := range bill.Rows {
		got[line{r.Number, r.Refund, r.State, int64(r.Amount), int64(r.Fee)}] = true
	}
	want := []line{
		{shown.Number, "", "SUCCESS", 1250, 8},
		{shown.Number, back.Number, "REFUND SUCCESS", 300, 0},
		{taken.Number, "", "SUCCESS", 2000, 12},
		{taken.Number, taken.Number, "REVOKED SUCCESS", 2000, 0},
	}
	for _, l := range want {
		if !got[l] {
			t.Errorf("not on the bill: %+v\n%s", l, printed(bill.Rows))
		}
	}
	if len(bill.Rows) != len(want) {
		t.Errorf("%d rows:\n%s", len(bill.Rows), printed(bill.Rows))
	}
	// It is ready at 10:00 of the next day.
	platform.BillReady = func(now, day time.Time) bool { return now.After(day.Add(34 * time.Hour)) }
	if _, err := bills.FetchBill(context.Background(), day); !errors.Is(err, errBill) || !strings.Contains(err.Error(), "STATEMENT_CREATING") {
		t.Errorf("too early: %v", err)
	}
}
