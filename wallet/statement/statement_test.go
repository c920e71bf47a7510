package statement

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/money"
	"guitai/wallet"
)

var (
	cny = money.Currency{Code: "CNY", Exponent: 2}
	day = time.Date(2026, 6, 18, 0, 0, 0, 0, time.FixedZone("", 8*3600))
)

const list = "商户,街角便利店\n交易时间,商户订单号,交易流水号,金额（元）,手续费,备注\n" +
	"2026-06-18 09:00:07,0017C3C00000001W,T1,\"1,234.50\",0.07,\"早,餐\"\n" +
	"2026-06-18 10:00:00,0017C3C00000002X,T2,-4.00,0.02,\n" +
	"2026-06-19 00:00:01,0017C3C000000030,T3,9.00,0.05,\n"

func wrote(b wallet.Bill) string {
	var out strings.Builder
	for _, r := range b.Rows {
		fmt.Fprintln(&out, r.Number, r.Refund, r.Provider, r.At.Format(time.DateTime), r.Amount, r.Fee, r.Currency)
	}
	return out.String()
}

func fault(err error) wallet.BillFault {
	fe := (*wallet.BillError)(nil)
	if errors.As(err, &fe) {
		return fe.Fault
	}
	return ""
}

func TestReadCSV(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	const want = "0017C3C00000001W  T1 2026-06-18 09:00:07 123450 7 CNY\n0017C3C00000002X 0017C3C00000002X T2 2026-06-18 10:00:00 400 -2 CNY\n"
	for what, text := range map[string]string{"UTF-8": list, "marked": "\uFEFF" + list, "GBK": gbk} {
		header, err := Header([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		columns := Columns(header)
		b, err := ReadCSV([]byte(text), columns, day, cny)
		if err != nil || wrote(b) != want || !b.Final {
			t.Errorf("%s as %v: %v\n%s\nwant\n%s", what, columns, err, wrote(b), want)
		}
	}
	columns := []string{"date", "number", "provider", "amount", "fee", ""}
	for _, row := range []struct {
		what, text string
		columns    []string
		day        time.Time
		want       wallet.BillFault
	}{
		{"another month", list, columns, day.AddDate(0, 1, 0), wallet.BillOtherDay},
		{"an amount in words", strings.Replace(list, "9.00", "nine", 1), columns, day, wallet.BillDamaged},
		{"an open quote", list + "\"", columns, day, wallet.BillDamaged},
		{"no list", "x", columns, day, wallet.BillDamaged},
		{"no amount", list, []string{"date", "number"}, day, ""},
		{"two dates", list, []string{"date", "date", "amount"}, day, ""},
	} {
		b, err := ReadCSV([]byte(row.text), row.columns, row.day, cny)
		if err == nil || len(b.Rows) != 0 || fault(err) != row.want || row.want == "" && !errors.Is(err, ErrColumns) {
			t.Errorf("%s: %v, %d rows", row.what, err, len(b.Rows))
		}
	}
}

// A list and a statement are taken in for each day that they span, the empty
// ones too; the last day of a list may go on.
func TestDays(t *testing.T) {
	days, err := Days([]byte(list), []string{"date", "number", "provider", "amount", "fee", ""}, day.Location(), cny)
	if err != nil || len(days) != 2 || !days[0].Equal(day) {
		t.Errorf("%v %v", err, days)
	}
	if b, err := ReadCSV([]byte(list), []string{"date", "number", "provider", "amount", "fee", ""}, days[1], cny); err != nil || b.Final || len(b.Rows) != 1 {
		t.Errorf("the last day: %v, final %v, %d rows", err, b.Final, len(b.Rows))
	}
	if days, err = Days([]byte(camt), nil, day.Location(), cny); err != nil || len(days) != 1 || !days[0].Equal(day) {
		t.Errorf("%v %v", err, days)
	}
	if _, err := Days([]byte(list), []string{"date"}, day.Location(), cny); !errors.Is(err, ErrColumns) {
		t.Errorf("without an amount: %v", err)
	}
	if _, err := Days([]byte("a,b,c\n2020-01-01,x,1\n2026-01-01,x,1\n"), []string{"date", "", "amount"}, day.Location(), cny); fault(err) != wallet.BillDamaged {
		t.Errorf("six years: %v", err)
	}
}

const camt = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Dt><Dt>2026-06-18</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-18</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>0017C3C00000001W</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-18</Dt></BookgDt><AcctSvcrRef>B2</AcctSvcrRef></Ntry>
<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-06-18</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>`

func TestReadCamt(t *testing.T) {
	b, err := ReadCamt([]byte(camt), day)
	const want = "0017C3C00000001W  B1 2026-06-18 00:00:00 1250 0 EUR\n out B2 2026-06-18 00:00:00 300 0 EUR\n"
	if err != nil || wrote(b) != want || !b.Final || b.Merchant != "DE89370400440532013000" || !IsCamt([]byte(camt)) {
		t.Errorf("%v, final %v, of %s\n%s", err, b.Final, b.Merchant, wrote(b))
	}
	for _, row := range []struct {
		what, text string
		day        time.Time
		want       wallet.BillFault
	}{
		{"cut off", camt[:len(camt)/2], day, wallet.BillDamaged},
		{"another month", camt, day.AddDate(0, 1, 0), wallet.BillOtherDay},
		{"no statement", "<Document/>", day, wallet.BillOtherWallet},
		{"an amount in words", strings.Replace(camt, "12.50", "twelve", 1), day, wallet.BillDamaged},
	} {
		if b, err := ReadCamt([]byte(row.text), row.day); fault(err) != row.want || len(b.Rows) != 0 {
			t.Errorf("%s: %v", row.what, err)
		}
	}
}
