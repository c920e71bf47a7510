package alipay

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

// The lines of a trade bill, as Alipay writes them.
const (
	billHead = "#支付宝业务明细查询\n#账号：[20880000000000010156]\n#起始日期：[2026年06月18日 00:00:00]   终止日期：[2026年06月19日 00:00:00]\n" +
		"#-----------------------------------------业务明细列表----------------------------------------\n"
	billColumns = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）," +
		"集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n"
	billEnd = "#-----------------------------------------业务明细列表结束------------------------------------\n"
)

func billSums(payments int, taken string, refunds int, back string) string {
	return fmt.Sprintf("#交易合计：%d笔，商家实收共%s元，商家优惠共0.00元\n#退款合计：%d笔，商家实收退款共%s元，商家优惠退款共0.00元\n#导出时间：[2026年06月19日 05:46:49]\n",
		payments, taken, refunds, back)
}

func billRow(trade, number, kind, subject, at, amount, taken, request, fee string) string {
	return strings.Join([]string{trade + "\t", number + "\t", kind + "\t", subject, "2026-06-18 09:00:00", at, "\t", "\t", "1001\t", "\t", "**客(138****0000)\t",
		amount, taken, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00", request + "\t", fee, "0.00", ""}, ",") + "\n"
}

func gbk(t testing.TB, s string) []byte {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipped(t testing.TB, files ...[]byte) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i, f := range files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: string(gbk(t, fmt.Sprintf("20880_2026_业务明细%d.csv", i))), Method: zip.Deflate, NonUTF8: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var (
	goodRows = billRow("2026061822001", "001AAAA00000001X", "交易", "街角便利店", "2026-06-18 09:00:07", "12.50", "12.00", "", "-0.08") +
		billRow("2026061822002", "001AAAA00000002X", "交易", "\"茶, \"\"龙井\"\"\n两罐\"", "2026-06-18 23:59:59", "100000000.00", "100000000.00", "", "0.00") +
		billRow("2026061822001", "001AAAA00000001X", "退款", "街角便利店", "2026-06-18 10:00:00", "-3.00", "-3.00", "001AAAA00000003X", "0.02") +
		billRow("2026061822004", "001AAAA00000004X", "退款", "街角便利店", "2026-06-18 11:00:00", "-1.00", "-1.00", "", "0.00")
	goodBill = billHead + billColumns + goodRows + billEnd + billSums(2, "100000012.00", 2, "-4.00")
	wantRows = []wallet.BillRow{
		{Number: "001AAAA00000001X", Provider: "2026061822001", At: time.Date(2026, 6, 18, 9, 0, 7, 0, beijing), Amount: 1250, Fee: 8, Currency: "CNY", State: "交易"},
		{Number: "001AAAA00000002X", Provider: "2026061822002", At: time.Date(2026, 6, 18, 23, 59, 59, 0, beijing), Amount: 100_000_000_00, Currency: "CNY", State: "交易"},
		{Number: "001AAAA00000001X", Refund: "001AAAA00000003X", Provider: "2026061822001", At: time.Date(2026, 6, 18, 10, 0, 0, 0, beijing), Amount: 300, Fee: -2, Currency: "CNY", State: "退款"},
		{Number: "001AAAA00000004X", Refund: "001AAAA00000004X", Provider: "2026061822004", At: time.Date(2026, 6, 18, 11, 0, 0, 0, beijing), Amount: 100, Currency: "CNY", State: "退款"},
	}
)

func TestReadBill(t *testing.T) {
	summary := []byte("#")
	summary = append(gbk(t, "#支付宝业务汇总查询\n#账号：[2088]\n门店编号\n"), summary...)
	list := gbk(t, goodBill)
	for _, row := range []struct {
		what string
		raw  []byte
		want []wallet.BillRow
	}{
		{"GBK, with the summary behind it", zipped(t, list, summary), wantRows},
		{"the summary first", zipped(t, summary, list), wantRows},
		{"UTF-8 with its mark", zipped(t, []byte("\xEF\xBB\xBF"+goodBill)), wantRows},
		{"Windows line ends", zipped(t, gbk(t, strings.ReplaceAll(strings.ReplaceAll(goodBill, "\n", "\r\n"), "\"\"\r\n", "\"\"\n"))), wantRows},
		{"backticks", zipped(t, gbk(t, strings.ReplaceAll(goodBill, "20260618", "`20260618"))), wantRows},
		{"an older heading", zipped(t, gbk(t, strings.Replace(goodBill, "退款批次号/请求号", "退款批次号", 1))), wantRows},
		{"a day without trade", zipped(t, gbk(t, billHead+billColumns+billEnd+billSums(0, "0.00", 0, "0.00"))), nil},
	} {
		got, err := rowsOf(readBill(row.raw))
		if err != nil || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v\n%+v\nwant %+v", row.what, err, got, row.want)
		}
	}
}

func rowsOf(l *list, err error) ([]wallet.BillRow, error) {
	if l == nil {
		return nil, err
	}
	return l.rows, err
}

// Of a bill that is not whole and right nothing is taken.
func TestDamagedBills(t *testing.T) {
	whole := zipped(t, gbk(t, goodBill))
	turned := bytes.Clone(whole)
	turned[len(turned)/4] ^= 0x55
	text := func(s string) []byte { return zipped(t, gbk(t, s)) }
	for _, row := range []struct {
		what string
		raw  []byte
		says string
	}{
		{"nothing", nil, "zip"},
		{"half a zip", whole[:len(whole)/2], "zip"},
		{"a byte is another", turned, "damaged"},
		{"a page instead", []byte("<html>login</html>"), "zip"},
		{"an empty zip", zipped(t), "no list"},
		{"the summary alone", text("#支付宝业务汇总查询\n"), "no list"},
		{"another encoding", zipped(t, append(gbk(t, "#支付宝业务明细查询\n"), 0xff, 0xff, 0xff)), "neither GBK"},
		{"UTF-16 behind the mark", zipped(t, append([]byte("\xEF\xBB\xBF#支付宝业务明细查询\n"), 0xff, 0xfe)), "neither GBK"},
		{"cut off in the list", text(billHead + billColumns + goodRows[:200]), ""},
		{"cut off after a row", text(billHead + billColumns + goodRows), "cut off"},
		{"cut off before the sums", text(billHead + billColumns + goodRows + billEnd), "cut off"},
		{"a row is missing", text(billHead + billColumns + goodRows[strings.Index(goodRows, "\n")+1:] + billEnd + billSums(2, "100000012.00", 2, "-4.00")), "sums"},
		{"a sum is another", text(billHead + billColumns + goodRows + billEnd + billSums(2, "100000012.01", 2, "-4.00")), "sums"},
		{"a refund more", text(billHead + billColumns + goodRows + billEnd + billSums(2, "100000012.00", 3, "-4.00")), "sums"},
		{"no columns", text(billHead + billEnd + billSums(0, "0.00", 0, "0.00")), "columns"},
		{"a column is missing", text(strings.Replace(goodBill, "服务费（元）", "佣金", 1)), "服务费"},
		{"too few values", text(strings.Replace(goodBill, ",0.00,0.00,\n", ",0.00\n", 1)), "values"},
		{"an amount of three decimals", text(strings.Replace(goodBill, "12.50,", "12.505,", 1)), "decimals"},
		{"an amount in words", text(strings.Replace(goodBill, "12.50,", "twelve,", 1)), "number"},
		{"a time in words", text(strings.Replace(goodBill, "2026-06-18 09:00:07", "morning", 1)), "time"},
		{"a kind nobody knows", text(strings.Replace(goodBill, "交易\t", "充值\t", 1)), "充值"},
		{"a row below the end", text(goodBill + billRow("1", "2", "交易", "", "2026-06-18 09:00:07", "1.00", "1.00", "", "0.00")), "below"},
		{"an open quote", text(strings.Replace(goodBill, "街角", "\"街角", 1)), ""},
	} {
		got, err := rowsOf(readBill(row.raw))
		if err == nil || got != nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %d rows, %v; want none, and ...%s...", row.what, len(got), err, row.says)
		}
	}
}

func FuzzBill(f *testing.F) {
	f.Add(goodBill)
	f.Add(billHead + billColumns + billEnd + billSums(0, "0.00", 0, "0.00"))
	f.Add("#支付宝业务明细查询\n\"\n#")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := rowsOf(readList(text))
		if err != nil {
			if rows != nil {
				t.Errorf("%d rows beside %v", len(rows), err)
			}
			return
		}
		for _, r := range rows {
			if r.Amount < 0 || r.Number == "" || r.At.IsZero() {
				t.Errorf("%+v", r)
			}
		}
	})
}

func FuzzBillZip(f *testing.F) {
	f.Add(zipped(f, gbk(f, goodBill)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if rows, err := rowsOf(readBill(raw)); err != nil && rows != nil {
			t.Errorf("%d rows beside %v", len(rows), err)
		}
	})
}

// The bill of a day at the simulator holds what its books hold, and no other
// day's.
func TestFetchBill(t *testing.T) {
	b := wallettest.NewBench(t, keyMode())
	a := b.Provider.(*adapter)
	ctx := context.Background()
	c := b.Charge(1250, till.Show)
	c.Subject = "茶, 龙井"
	b.Start(t, &c)
	b.Pay(t, c.Number)
	r := b.RefundOf(c, 300)
	if got, err := a.Refund(ctx, r); err != nil || got.Verdict != wallet.Done {
		t.Fatal(got, err)
	}
	unpaid := b.Charge(800, till.Show)
	b.Start(t, &unpaid)
	back := b.Charge(500, till.Take)
	back.Code = b.Platform.NewCode(sim.Purse{})
	b.Start(t, &back)
	if got, err := a.Cancel(ctx, back); err != nil || got.Verdict != wallet.Returned {
		t.Fatal(got, err)
	}
	today := time.Now().In(beijing)
	bill, err := a.FetchBill(ctx, today)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]money.Amount{}
	for _, row := range bill.Rows {
		got[row.Number+" "+row.Refund] = row.Amount
		if row.At.In(beijing).Format("2006-01-02") != today.Format("2006-01-02") || row.Currency != "CNY" || row.Provider == "" {
			t.Errorf("%+v", row)
		}
	}
	want := map[string]money.Amount{c.Number + " ": 1250, c.Number + " " + r.Number: 300, back.Number + " ": 500, back.Number + " cancel": 500}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if bill.Name != "alipay_"+today.Format("20060102")+".csv.zip" || len(bill.Raw) == 0 {
		t.Errorf("%s of %d bytes", bill.Name, len(bill.Raw))
	}
	if yesterday, err := a.FetchBill(ctx, today.AddDate(0, 0, -1)); err != nil || len(yesterday.Rows) != 0 {
		t.Errorf("%d rows of yesterday, %v", len(yesterday.Rows), err)
	}
	if _, err := a.FetchBill(ctx, today.AddDate(0, 0, 1)); !errors.Is(err, errNoBill) {
		t.Errorf("tomorrow's: %v", err)
	}
	b.Platform.(*sim.Alipay).BillsNextDay = true
	if _, err := a.FetchBill(ctx, today); !errors.Is(err, errNoBill) {
		t.Errorf("today's, before it is made: %v", err)
	}
	b.Platform.(*sim.Alipay).BillsNextDay = false
	for _, kind := range []sim.FaultKind{sim.Status500, sim.Garbage, sim.Empty, sim.Unsigned, sim.BadSign, sim.DropAnswer, sim.Redirect} {
		for skip := range 2 { // the question, then the download
			if skip == 1 && (kind == sim.Unsigned || kind == sim.BadSign) {
				continue // a download bears no signature
			}
			b.Sim.Fail(sim.Fault{Op: sim.OpBill, Kind: kind, Skip: skip})
			if bill, err := a.FetchBill(ctx, today); err == nil || len(bill.Rows) != 0 {
				t.Errorf("%s of call %d: %d rows, %v", kind, skip+1, len(bill.Rows), err)
			}
			b.Sim.Mend()
		}
	}
	text := b.Log.Text()
	if strings.Contains(text, "token=") || !strings.Contains(text, "/downloadBillFile") {
		t.Errorf("the key to the bill was kept: %s", text)
	}
}
