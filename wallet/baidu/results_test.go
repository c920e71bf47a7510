package baidu

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

var testCharge = wallet.Charge{
	Number: "1000TEST00000017", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: till.Take,
	Code: "318142105442181478", Subject: "街角便利店", At: time.Date(2026, 11, 25, 1, 2, 3, 0, time.UTC),
	Until: time.Date(2026, 11, 25, 1, 7, 3, 0, time.UTC),
}

// answering is the adapter before a provider that answers by the path.
func answering(t *testing.T, answers map[string]string) (*provider, *[]*http.Request) {
	t.Helper()
	var got []*http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r)
		io.WriteString(w, answers[r.URL.Path])
	}))
	t.Cleanup(srv.Close)
	a := wallet.Account{Mode: "test", BaseURL: srv.URL, Fields: map[string]string{
		"sp_no": "9000100005", "key": sampleKey, "return_url": "https://shop.example/bd", "mno": "1", "mname": "门店名称", "tno": "2",
	}}
	p, err := newProvider(a, &wallet.Client{Wallet: "baidu"})
	if err != nil {
		t.Fatal(err)
	}
	return p.(*provider), &got
}

// What leaves the till, by each interface: the values in GBK, all but the
// extras of a shown code signed.
func TestRequestsAreWhatTheManualSays(t *testing.T) {
	shown := testCharge
	shown.Way = till.Show
	f := wallet.Refund{Number: "1000TEST00000025", Of: testCharge, Amount: 300, At: testCharge.At.Add(time.Hour)}
	ctx := context.Background()
	const order = "currency=1&expire_time=20261125090703&goods_name=%BD%D6%BD%C7%B1%E3%C0%FB%B5%EA&input_charset=1"
	for _, row := range []struct {
		path string
		call func(*provider) (wallet.Answer, error)
		want string
	}{
		{pathCreate, func(p *provider) (wallet.Answer, error) { return p.Start(ctx, shown) },
			"code_type=0&" + order + "&mname=%C3%C5%B5%EA%C3%FB%B3%C6&mno=1&order_create_time=20261125090203&order_no=1000TEST00000017&output_type=1&pay_type=2&return_url=https%3A%2F%2Fshop.example%2Fbd&service_code=1&sign=7031be4e288db6edb1d0585522e86d4a&sign_method=1&sp_no=9000100005&tno=2&total_amount=1250&version=2"},
		{pathPay, func(p *provider) (wallet.Answer, error) { return p.Start(ctx, testCharge) },
			order + "&mname=%C3%C5%B5%EA%C3%FB%B3%C6&mno=1&order_create_time=20261125090203&order_no=1000TEST00000017&pay_code=318142105442181478&return_url=https%3A%2F%2Fshop.example%2Fbd&service_code=1&sign=ffe121a83ea47351bb44ed3f0f131879&sign_method=1&sp_no=9000100005&sp_pass_through=%7B%22offline_pay%22%3A%221%22%7D&tno=2&total_amount=1250&version=2"},
		{pathQuery, func(p *provider) (wallet.Answer, error) { return p.Query(ctx, testCharge) },
			"input_charset=1&order_no=1000TEST00000017&sign=d100dc3cde4717d60b539919bdffa826&sign_method=1&sp_no=9000100005&version=2"},
		{pathCancel, func(p *provider) (wallet.Answer, error) { return p.Cancel(ctx, testCharge) },
			"order_no=1000TEST00000017&output_charset=1&output_type=2&sign=ecef92cbbf9bffc485e1cc4a5755a037&sign_method=1&sp_no=9000100005"},
		{pathRefund, func(p *provider) (wallet.Answer, error) { return p.Refund(ctx, f) },
			"cashback_amount=300&cashback_time=20261125100203&currency=1&input_charset=1&order_no=1000TEST00000017&output_charset=1&output_type=1&return_method=1&return_url=https%3A%2F%2Fshop.example%2Fbd&service_code=2&sign=89609a5b5a04567a0bcb278428e79e3c&sign_method=1&sp_no=9000100005&sp_refund_no=1000TEST00000025&version=2"},
		{pathAsk, func(p *provider) (wallet.Answer, error) { return p.QueryRefund(ctx, f) },
			"order_no=1000TEST00000017&output_charset=1&output_type=1&service_code=12&sign=7fa22aa7098f742fec8c96883f339062&sign_method=1&sp_no=9000100005&sp_refund_no=1000TEST00000025&version=2"},
	} {
		p, got := answering(t, nil)
		if _, err := row.call(p); err != nil || len(*got) != 1 {
			t.Fatalf("%s: %v after %d calls", row.path, err, len(*got))
		}
		if r := (*got)[0]; r.Method != http.MethodGet || r.URL.Path != row.path || r.URL.RawQuery != row.want {
			t.Errorf("%s:\n got %s\nwant %s", r.URL.Path, r.URL.RawQuery, row.want)
		}
	}
}

// trans is an answer to query_trans about the charge, signed.
func trans(result string) string {
	content := map[string]string{
		"bfb_order_no": "2026112590001000051110000000001", "order_no": testCharge.Number, "pay_result": result, "pay_time": "2026-11-25 09:05:00",
		"sign_method": "1", "sp_no": "9000100005", "total_amount": "1250", "version": "1",
	}
	content["sign"] = sign(methodMD5, sampleKey, content)
	s := ""
	for k, v := range content {
		s += fmt.Sprintf(`,%q:%q`, k, v)
	}
	return `{"ret":"0","msg":"OK","content":{` + s[1:] + `}}`
}

func TestResultsOfAQuery(t *testing.T) {
	for result, want := range map[string]wallet.Verdict{
		"1": wallet.Waiting, "2": wallet.Done, "3": wallet.Done, "5": wallet.Closed, "10": wallet.Closed,
		"0": wallet.Unclear, "4": wallet.Unclear, "6": wallet.Unclear, "": wallet.Unclear,
	} {
		p, _ := answering(t, map[string]string{pathQuery: trans(result)})
		a, err := p.Query(context.Background(), testCharge)
		if err != nil || a.Verdict != want {
			t.Errorf("pay_result %s: %v (%s) %v, want %v", result, a.Verdict, a.Said, err, want)
		}
		if want == wallet.Done && (a.Amount != 1250 || a.Number != testCharge.Number || a.Provider == "" || !a.PaidAt.Equal(time.Date(2026, 11, 25, 1, 5, 0, 0, time.UTC))) {
			t.Errorf("pay_result %s: %+v", result, a)
		}
	}
	for _, row := range []struct {
		body    string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{`{"ret":"0","msg":"OK","content":""}`, wallet.Missing, ""},
		{`{"ret":"0","msg":"OK","content":null}`, wallet.Missing, ""},
		{`{"ret":"0","msg":"OK","content":[]}`, wallet.Missing, ""},
		{`{"ret":"0","msg":"OK","content":{}}`, wallet.Missing, ""},
		{`{"ret":"0","msg":"OK"}`, wallet.Missing, ""},
		{`{"ret":"5804","msg":"验签失败"}`, wallet.Unclear, till.SetUpWrong},
		{`{"ret":"5806","msg":"内部错误"}`, wallet.Unclear, till.ProviderDown},
		{`{"ret":"65235","msg":"?"}`, wallet.Unclear, till.ProviderDown},
	} {
		p, _ := answering(t, map[string]string{pathQuery: row.body})
		if a, err := p.Query(context.Background(), testCharge); err != nil || a.Verdict != row.verdict || a.Reason != row.reason {
			t.Errorf("%s: %v %q %v", row.body, a.Verdict, a.Reason, err)
		}
	}
}

func TestResultsOfACharge(t *testing.T) {
	pay := func(ret, msg, content string) string {
		return `{"ret":"` + ret + `","msg":"` + msg + `","content":` + content + `}`
	}
	const missing = `{"ret":"0","msg":"OK","content":""}`
	for _, row := range []struct {
		name, pay, query string
		verdict          wallet.Verdict
		reason           till.Reason
		calls            int
	}{
		{"paid", pay("0", "OK", `{"pay_result":"2"}`), missing, wallet.Waiting, "", 1},
		{"paid, 3", pay("0", "OK", `{"pay_result":3}`), missing, wallet.Waiting, "", 1},
		{"password", pay("69556", "", `""`), missing, wallet.Waiting, till.PasswordAsked, 1},
		{"password by its state", pay("0", "OK", `{"pay_result":"1"}`), missing, wallet.Waiting, till.PasswordAsked, 1},
		{"an unknown state", pay("0", "OK", `{"pay_result":"7"}`), missing, wallet.Unclear, till.ProviderDown, 1},
		{"no state", pay("0", "OK", `""`), missing, wallet.Unclear, till.ProviderDown, 1},
		{"an unknown code", pay("12345", "余额不足", `""`), missing, wallet.Unclear, till.ProviderDown, 1},
		{"cancelled", pay("0", "OK", `{"pay_result":"5"}`), trans("5"), wallet.Refused, till.OtherReason, 2},
		{"failed", pay("0", "OK", `{"pay_result":"10"}`), missing, wallet.Refused, till.OtherReason, 2},
		{"refused, and not there", pay("69510", "账户余额不足", `""`), missing, wallet.Refused, till.NotEnough, 2},
		{"refused, and failed", pay("69510", "账户余额不足", `""`), trans("10"), wallet.Refused, till.NotEnough, 2},
		{"refused, and paid", pay("69510", "订单号重复", `""`), trans("2"), wallet.Done, "", 2},
		{"refused, and waiting", pay("69510", "", `""`), trans("1"), wallet.Waiting, till.PasswordAsked, 2},
		{"refused, and no answer", pay("69510", "付款码失效", `""`), "", wallet.Unclear, till.CodeExpired, 2},
		{"signature", pay("5804", "验签失败", `""`), missing, wallet.Refused, till.SetUpWrong, 2},
		{"garbage", `<html>`, missing, wallet.Unclear, till.NotUnderstood, 1},
	} {
		p, got := answering(t, map[string]string{pathPay: row.pay, pathQuery: row.query})
		a, err := p.Start(context.Background(), testCharge)
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || len(*got) != row.calls {
			t.Errorf("%s: %v %q (%s) %v after %d calls, want %v %q after %d", row.name, a.Verdict, a.Reason, a.Said, err, len(*got), row.verdict, row.reason, row.calls)
		}
	}
	for code := range refusals {
		p, _ := answering(t, map[string]string{pathPay: pay(code, "", `""`), pathQuery: missing})
		if a, _ := p.Start(context.Background(), testCharge); a.Verdict != wallet.Refused || a.Reason != till.OtherReason {
			t.Errorf("%s without words: %v %q", code, a.Verdict, a.Reason)
		}
	}
}

func TestResultsOfAShownCode(t *testing.T) {
	shown := testCharge
	shown.Way = till.Show
	for _, row := range []struct {
		body    string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{`{"ret":"0","msg":"OK","content":"https://www.baifubao.com/o2o/0/s/0?tinyurl=1"}`, wallet.Waiting, ""},
		{`{"ret":"0","msg":"OK","content":""}`, wallet.Unclear, till.NotUnderstood},
		{`{"ret":"0","msg":"OK","content":{"url":"x"}}`, wallet.Unclear, till.NotUnderstood},
		{`{"ret":"5801","msg":"缺少请求参数"}`, wallet.Refused, till.SetUpWrong},
		{`{"ret":"5806","msg":"服务器内部错误"}`, wallet.Unclear, till.ProviderDown},
		{`PNG`, wallet.Unclear, till.NotUnderstood},
	} {
		p, _ := answering(t, map[string]string{pathCreate: row.body})
		a, err := p.Start(context.Background(), shown)
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || (a.QR != "") != (row.verdict == wallet.Waiting) {
			t.Errorf("%s: %v %q %q %v", row.body, a.Verdict, a.Reason, a.QR, err)
		}
	}
}

// Every code of the manual's tables 6.6 and 6.7.
func TestResultsOfARefund(t *testing.T) {
	f := wallet.Refund{Number: "1000TEST00000025", Of: testCharge, Amount: 300, At: testCharge.At}
	refund := func(code string) string {
		return `<?xml version="1.0" encoding="gbk" ?><response><cashback_amount>300</cashback_amount><sp_no>9000100005</sp_no><order_no>` + testCharge.Number +
			`</order_no><sp_refund_no>1000TEST00000025</sp_refund_no><ret_code>` + code + `</ret_code><ret_detail/></response>`
	}
	query := func(code string) string {
		return `<response><ret_code>` + code + `</ret_code><ret_details/><cashback_amount>300</cashback_amount></response>`
	}
	for _, row := range []struct {
		codes   []string
		known   string // what the query says
		verdict wallet.Verdict
		calls   int
	}{
		{[]string{"1"}, "5809", wallet.Waiting, 1},
		{[]string{"2", "3", "7", "9", "10", "13", "15", "16", "5801", "5802", "5803", "5804", "5805", "5809"}, "3", wallet.Refused, 1},
		{[]string{"6", "12", "5009", "5806", "99"}, "3", wallet.Unclear, 1},
		{[]string{"4", "5", "8", "5810"}, "5809", wallet.Refused, 2},
		{[]string{"4", "5", "8", "5810", "11", "14"}, "3", wallet.Done, 2},
		{[]string{"4", "5", "8", "5810", "11", "14"}, "5806", wallet.Unclear, 2},
		{[]string{"11", "14"}, "5809", wallet.Unclear, 2},
		{[]string{"11", "14"}, "4", wallet.Refused, 2},
	} {
		for _, code := range row.codes {
			p, got := answering(t, map[string]string{pathRefund: refund(code), pathAsk: query(row.known)})
			a, err := p.Refund(context.Background(), f)
			if err != nil || a.Verdict != row.verdict || len(*got) != row.calls {
				t.Errorf("%s, and %s of the query: %v %q (%s) %v after %d calls, want %v after %d", code, row.known, a.Verdict, a.Reason, a.Said, err, len(*got), row.verdict, row.calls)
			}
		}
	}
	for code, want := range map[string]wallet.Verdict{
		"1": wallet.Done, "2": wallet.Done, "3": wallet.Done, "5": wallet.Done, "4": wallet.Refused, "5809": wallet.Missing,
		"5801": wallet.Unclear, "5802": wallet.Unclear, "5803": wallet.Unclear, "5804": wallet.Unclear, "5805": wallet.Unclear, "5806": wallet.Unclear, "99": wallet.Unclear,
	} {
		p, _ := answering(t, map[string]string{pathAsk: query(code)})
		if a, err := p.QueryRefund(context.Background(), f); err != nil || a.Verdict != want {
			t.Errorf("query, %s: %v (%s) %v, want %v", code, a.Verdict, a.Said, err, want)
		}
	}
	f.Amount = 301
	p, _ := answering(t, map[string]string{pathRefund: refund("1"), pathAsk: query("1")})
	if a, _ := p.Refund(context.Background(), f); a.Verdict != wallet.Unclear || a.Reason != till.AmountDiffers {
		t.Errorf("another amount: %v %q", a.Verdict, a.Reason)
	}
	if a, _ := p.QueryRefund(context.Background(), f); a.Verdict != wallet.Unclear || a.Reason != till.AmountDiffers {
		t.Errorf("another amount, queried: %v %q", a.Verdict, a.Reason)
	}
	f.Amount, f.Number = 300, "1000TEST00000033"
	if a, _ := p.Refund(context.Background(), f); a.Verdict != wallet.Unclear || a.Reason != till.NumberReused {
		t.Errorf("another number: %v %q", a.Verdict, a.Reason)
	}
}

func TestResultsOfACancel(t *testing.T) {
	for body, want := range map[string]wallet.Verdict{
		`{"response":{"err_msg":"success"}}`: wallet.Waiting, `{"response":{}}`: wallet.Waiting,
		`{}`: wallet.Unclear, `<html>`: wallet.Unclear, ``: wallet.Unclear,
	} {
		p, _ := answering(t, map[string]string{pathCancel: body})
		if a, err := p.Cancel(context.Background(), testCharge); err != nil || a.Verdict != want {
			t.Errorf("%s: %v %v, want %v", body, a.Verdict, err, want)
		}
	}
}
