package alipay

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// gatewayKeys are those of a gateway that signs whatever it is told to say.
var gatewayKeys = sync.OnceValues(func() (shop, theirs *rsa.PrivateKey) {
	for _, k := range []**rsa.PrivateKey{&shop, &theirs} {
		var err error
		if *k, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return shop, theirs
})

func pemOf(kind string, raw []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
}

// saying returns an adapter whose gateway answers every call with the node,
// signed, and the requests that reach it.
func saying(t *testing.T, node *string) (*adapter, *[]url.Values) {
	t.Helper()
	shop, theirs := gatewayKeys()
	var asked []url.Values
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, form)
		sig, err := sign(theirs, *node)
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, `{"%s_response":%s,"sign":%q}`, strings.ReplaceAll(form.Get("method"), ".", "_"), *node, sig)
	}))
	t.Cleanup(srv.Close)
	public, err := x509.MarshalPKIXPublicKey(theirs.Public())
	if err != nil {
		t.Fatal(err)
	}
	p, err := open(wallet.Account{Mode: "test", BaseURL: srv.URL, Fields: map[string]string{
		"app_id": "2021000000000001", "private_key": pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(shop)),
		"alipay_public_key": pemOf("PUBLIC KEY", public)}}, &wallet.Client{Wallet: "alipay", Deadline: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return p.(*adapter), &asked
}

func charge(way till.Presentment) wallet.Charge {
	now := time.Now()
	c := wallet.Charge{Number: "00100010000000A0", Amount: 1250, Currency: yuan, Way: way, Subject: "街角便利店", Operator: "1001",
		At: now, Until: now.Add(3 * time.Minute)}
	if way == till.Take {
		c.Code = "287654321098765432"
	}
	return c
}

func fault(code, sub string) string {
	return fmt.Sprintf(`{"code":%q,"msg":"Business Failed","sub_code":%q,"sub_msg":"说明"}`, code, sub)
}

// The rows of the wallets reference, section 4.3, and of the open platform.
func TestAnswersToPay(t *testing.T) {
	var node string
	a, _ := saying(t, &node)
	for _, row := range []struct {
		node    string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		// Paid is believed after a query.
		{`{"code":"10000","msg":"Success","trade_no":"2026","out_trade_no":"00100010000000A0","total_amount":"12.50"}`, wallet.Waiting, ""},
		{`{"code":"10000","msg":"Success","trade_no":"2026","out_trade_no":"OTHER","total_amount":"12.50"}`, wallet.Unclear, till.NotUnderstood},
		{`{"code":"10003","msg":" order success pay inprocess","trade_no":"2026"}`, wallet.Waiting, till.PasswordAsked},
		{fault("20000", "isp.unknow-error"), wallet.Unclear, till.ProviderDown},
		{fault("20000", "aop.unknow-error"), wallet.Unclear, till.ProviderDown},
		{fault("40004", "ACQ.SYSTEM_ERROR"), wallet.Unclear, till.ProviderDown},
		{fault("40004", "isp.acq-time-out"), wallet.Unclear, till.ProviderDown},
		{fault("40004", "ACQ.TRADE_HAS_SUCCESS"), wallet.Unclear, ""},
		{fault("40004", "ACQ.TRADE_HAS_CLOSE"), wallet.Unclear, ""},
		{fault("40004", "ACQ.CONTEXT_INCONSISTENT"), wallet.Unclear, till.NumberReused},
		{fault("40004", "ACQ.TRADE_BUYER_NOT_MATCH"), wallet.Unclear, till.NumberReused},
		{fault("40004", "ACQ.SOMETHING_NEW"), wallet.Unclear, till.OtherReason},
		{fault("40004", "ACQ.PAYMENT_AUTH_CODE_INVALID"), wallet.Refused, till.CodeExpired},
		{fault("40004", "ACQ.BUYER_BALANCE_NOT_ENOUGH"), wallet.Refused, till.NotEnough},
		{fault("40004", "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH"), wallet.Refused, till.NotEnough},
		{fault("40004", "ACQ.ERROR_BALANCE_PAYMENT_DISABLE"), wallet.Refused, till.PayerBlocked},
		{fault("40004", "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR"), wallet.Refused, till.OverLimit},
		{fault("40004", "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR"), wallet.Refused, till.OverLimit},
		{fault("40004", "ACQ.BEYOND_PAY_RESTRICTION"), wallet.Refused, till.OverLimit},
		{fault("40004", "ACQ.BEYOND_PER_RECEIPT_RESTRICTION"), wallet.Refused, till.OverLimit},
		{fault("40004", "ACQ.BUYER_SELLER_EQUAL"), wallet.Refused, till.PayerBlocked},
		{fault("40004", "ACQ.PAYMENT_REQUEST_HAS_RISK"), wallet.Refused, till.RiskRefused},
		{fault("40004", "ACQ.PULL_MOBILE_CASHIER_FAIL"), wallet.Refused, till.PayerBlocked},
		{fault("40004", "ACQ.MOBILE_PAYMENT_SWITCH_OFF"), wallet.Refused, till.PayerBlocked},
		{fault("40004", "ACQ.TOTAL_FEE_EXCEED"), wallet.Refused, till.AmountNotAllowed},
		{fault("40004", "ACQ.INVALID_PARAMETER"), wallet.Refused, till.SetUpWrong},
		{fault("40004", "ACQ.ACCESS_FORBIDDEN"), wallet.Refused, till.SetUpWrong},
		{fault("40004", "ACQ.SELLER_BEEN_BLOCKED"), wallet.Refused, till.SetUpWrong},
		{fault("20001", "aop.invalid-app-auth-token"), wallet.Refused, till.SetUpWrong},
		{fault("40001", "isv.missing-app-id"), wallet.Refused, till.SetUpWrong},
		{fault("40002", "isv.invalid-signature"), wallet.Refused, till.SetUpWrong},
		{fault("40002", "isv.invalid-timestamp"), wallet.Refused, till.ClockWrong},
		{fault("40006", "isv.insufficient-isv-permissions"), wallet.Refused, till.SetUpWrong},
		{fault("40005", "isv.call-limited"), wallet.Unclear, till.ProviderDown},
		{`{"msg":"no code"}`, wallet.Unclear, till.NotUnderstood},
		{`{"code":10000}`, wallet.Unclear, till.NotUnderstood},
	} {
		node = row.node
		got, err := a.Start(context.Background(), charge(till.Take))
		if err != nil || got.Verdict != row.verdict || got.Reason != row.reason {
			t.Errorf("%s: %v %q (%s) %v, want %v %q", row.node, got.Verdict, got.Reason, got.Said, err, row.verdict, row.reason)
		}
	}
}

// Every code of the tables gives what the table says, end to end, and says its
// name in the small print; and no table makes money or its absence out of an
// error.
func TestEveryCodeOfTheTables(t *testing.T) {
	var node string
	a, _ := saying(t, &node)
	ctx := context.Background()
	r := wallet.Refund{Number: "00100010000000B0", Of: charge(till.Show), Amount: 100, Why: "退货"}
	for _, row := range []struct {
		what    string
		table   map[string]outcome
		call    func() (wallet.Answer, error)
		allowed []wallet.Verdict
	}{
		{"pay", payCodes, func() (wallet.Answer, error) { return a.Start(ctx, charge(till.Take)) }, []wallet.Verdict{wallet.Refused, wallet.Unclear}},
		{"precreate", payCodes, func() (wallet.Answer, error) { return a.Start(ctx, charge(till.Show)) }, []wallet.Verdict{wallet.Refused, wallet.Unclear}},
		{"query", queryCodes, func() (wallet.Answer, error) { return a.Query(ctx, charge(till.Take)) }, []wallet.Verdict{wallet.Missing, wallet.Unclear}},
		{"cancel", cancelCodes, func() (wallet.Answer, error) { return a.Cancel(ctx, charge(till.Take)) }, []wallet.Verdict{wallet.Missing, wallet.Unclear}},
		{"refund", refundCodes, func() (wallet.Answer, error) { return a.Refund(ctx, r) }, []wallet.Verdict{wallet.Refused, wallet.Unclear}},
		{"refund query", queryCodes, func() (wallet.Answer, error) { return a.QueryRefund(ctx, r) }, []wallet.Verdict{wallet.Missing, wallet.Unclear}},
	} {
		if len(row.table) < 4 {
			t.Errorf("%s: %d codes", row.what, len(row.table))
		}
		for code, want := range row.table {
			node = fault("40004", code)
			got, err := row.call()
			if err != nil || got.Verdict != want.verdict || got.Reason != want.reason || got.Repeat != want.repeat || !strings.HasPrefix(got.Said, code) {
				t.Errorf("%s, %s: %+v %v, want %+v", row.what, code, got, err, want)
			}
			ok := false
			for _, v := range row.allowed {
				ok = ok || got.Verdict == v
			}
			if !ok {
				t.Errorf("%s, %s: %v", row.what, code, got.Verdict)
			}
			if got.Verdict == wallet.Refused && got.Reason == "" {
				t.Errorf("%s, %s: refused without a reason", row.what, code)
			}
		}
		// What the gateway itself turns away proves nothing of a number that was
		// sent before.
		for _, code := range []string{"isv.invalid-signature", "isv.insufficient-isv-permissions", "isp.unknow-error"} {
			node = fault("40002", code)
			got, err := row.call()
			definite := strings.HasPrefix(code, "isv.") && row.what[0] == 'p'
			if err != nil || (got.Verdict == wallet.Refused) != definite || !definite && got.Verdict != wallet.Unclear {
				t.Errorf("%s, %s: %v %v", row.what, code, got.Verdict, err)
			}
		}
	}
}

func TestTradeStates(t *testing.T) {
	var node string
	a, _ := saying(t, &node)
	trade := func(status, rest string) string {
		return `{"code":"10000","msg":"Success","out_trade_no":"00100010000000A0","trade_no":"2026","total_amount":"12.50","trade_status":"` + status + `"` + rest + `}`
	}
	for _, row := range []struct {
		what, node string
		verdict    wallet.Verdict
		amount     int64
	}{
		{"the customer confirms", trade("WAIT_BUYER_PAY", ""), wallet.Waiting, 0},
		{"paid", trade("TRADE_SUCCESS", `,"send_pay_date":"2026-11-25 10:00:00"`), wallet.Done, 1250},
		{"paid long ago", trade("TRADE_FINISHED", ""), wallet.Done, 1250},
		{"closed by time", trade("TRADE_CLOSED", `,"buyer_pay_amount":"0.00","receipt_amount":"0.00"`), wallet.Closed, 0},
		{"paid and given back", trade("TRADE_CLOSED", `,"send_pay_date":"2026-11-25 10:00:00"`), wallet.Returned, 1250},
		{"paid and given back, by its amounts", trade("TRADE_CLOSED", `,"receipt_amount":"12.50"`), wallet.Returned, 1250},
		{"a state nobody knows", trade("TRADE_PENDING", ""), wallet.Unclear, 0},
		{"an amount as a number", `{"code":"10000","out_trade_no":"00100010000000A0","total_amount":12.5,"trade_status":"TRADE_SUCCESS"}`, wallet.Done, 1250},
		{"no amount", `{"code":"10000","out_trade_no":"00100010000000A0","trade_status":"TRADE_SUCCESS"}`, wallet.Unclear, 0},
		{"a third decimal", `{"code":"10000","out_trade_no":"00100010000000A0","total_amount":"12.505","trade_status":"TRADE_SUCCESS"}`, wallet.Unclear, 0},
		{"no number", `{"code":"10000","total_amount":"12.50","trade_status":"TRADE_SUCCESS"}`, wallet.Unclear, 0},
		{"another's trade", `{"code":"10000","out_trade_no":"X","total_amount":"12.50","trade_status":"TRADE_SUCCESS"}`, wallet.Unclear, 0},
	} {
		node = row.node
		got, err := a.Query(context.Background(), charge(till.Show))
		if err != nil || got.Verdict != row.verdict || int64(got.Amount) != row.amount {
			t.Errorf("%s: %v %d (%s) %v, want %v %d", row.what, got.Verdict, got.Amount, got.Said, err, row.verdict, row.amount)
		}
	}
	node = trade("TRADE_SUCCESS", `,"send_pay_date":"2026-11-25 10:00:00"`)
	got, _ := a.Query(context.Background(), charge(till.Show))
	if want := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC); !got.PaidAt.Equal(want) || got.Provider != "2026" || got.Number != "00100010000000A0" {
		t.Errorf("paid at %v, want %v; trade %s of %s", got.PaidAt, want, got.Provider, got.Number)
	}
}

func TestCancelActions(t *testing.T) {
	var node string
	a, _ := saying(t, &node)
	for _, row := range []struct {
		fields  string
		verdict wallet.Verdict
		repeat  bool
	}{
		{`"out_trade_no":"00100010000000A0","retry_flag":"N","action":"close"`, wallet.Closed, false},
		{`"out_trade_no":"00100010000000A0","retry_flag":"N","action":"refund"`, wallet.Returned, false},
		{`"out_trade_no":"00100010000000A0","retry_flag":"N"`, wallet.Missing, false},
		{`"out_trade_no":"00100010000000A0","retry_flag":"Y"`, wallet.Unclear, true},
		{`"out_trade_no":"00100010000000A0","retry_flag":"Y","action":"close"`, wallet.Closed, true},
		{`"out_trade_no":"OTHER","retry_flag":"N","action":"close"`, wallet.Unclear, false},
		{`"out_trade_no":"00100010000000A0","retry_flag":"N","action":"shrug"`, wallet.Unclear, false},
	} {
		node = `{"code":"10000","msg":"Success",` + row.fields + `}`
		got, err := a.Cancel(context.Background(), charge(till.Take))
		if err != nil || got.Verdict != row.verdict || got.Repeat != row.repeat {
			t.Errorf("%s: %v, again %v, %v; want %v, %v", row.fields, got.Verdict, got.Repeat, err, row.verdict, row.repeat)
		}
	}
}

// A code that nobody has scanned is unknown to Alipay: waited for while it
// lives, proof of nothing when the till gives up, and dead only when both
// clocks say so.
func TestUnscannedCode(t *testing.T) {
	node := fault("40004", "ACQ.TRADE_NOT_EXIST")
	a, _ := saying(t, &node)
	now := time.Now()
	at := func(ours, theirs time.Duration) string { return handle{now.Add(ours), now.Add(theirs)}.String() }
	for _, row := range []struct {
		what     string
		way      till.Presentment
		handle   string
		givingUp bool
		want     wallet.Verdict
	}{
		{"precreate was not seen to succeed", till.Show, "", false, wallet.Missing},
		{"a handle that is none", till.Show, "x", false, wallet.Missing},
		{"alive", till.Show, at(time.Minute, time.Minute), false, wallet.Waiting},
		{"alive, given up", till.Show, at(time.Minute, time.Minute), true, wallet.Missing},
		{"dead", till.Show, at(-3*time.Minute, -3*time.Minute), false, wallet.Closed},
		{"dead, given up", till.Show, at(-3*time.Minute, -3*time.Minute), true, wallet.Closed},
		{"dead a minute ago", till.Show, at(-time.Minute, -time.Minute), true, wallet.Missing},
		{"dead by our clock alone", till.Show, at(-time.Hour, time.Minute), true, wallet.Missing},
		{"dead by theirs alone", till.Show, at(time.Minute, -time.Hour), true, wallet.Missing},
		{"the customer's code", till.Take, "", false, wallet.Missing},
		{"the customer's code with a handle", till.Take, at(-time.Hour, -time.Hour), true, wallet.Missing},
	} {
		c := charge(row.way)
		c.Handle, c.GivingUp = row.handle, row.givingUp
		got, err := a.Query(context.Background(), c)
		if err != nil || got.Verdict != row.want {
			t.Errorf("%s: %v %v, want %v", row.what, got.Verdict, err, row.want)
		}
	}
	if c, _ := a.Query(context.Background(), charge(till.Show)); c.Said != "ACQ.TRADE_NOT_EXIST 说明" {
		t.Errorf("said %q", c.Said)
	}
	node = `{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在","out_trade_no":"OTHER"}`
	c := charge(till.Show)
	c.Handle = at(-time.Hour, -time.Hour)
	if got, _ := a.Query(context.Background(), c); got.Verdict != wallet.Unclear {
		t.Errorf("another's number: %v", got.Verdict)
	}
}

func TestRefundAnswers(t *testing.T) {
	var node string
	a, _ := saying(t, &node)
	ctx := context.Background()
	r := wallet.Refund{Number: "00100010000000B0", Of: charge(till.Show), Amount: 300}
	const trade = `"out_trade_no":"00100010000000A0","trade_no":"2026"`
	for _, row := range []struct {
		node    string
		verdict wallet.Verdict
	}{
		{`{"code":"10000",` + trade + `,"fund_change":"Y","refund_fee":"9.00"}`, wallet.Done},
		{`{"code":"10000",` + trade + `,"fund_change":"N","refund_fee":"3.00"}`, wallet.Unclear},
		{`{"code":"10000",` + trade + `}`, wallet.Unclear},
		{`{"code":"10000","out_trade_no":"OTHER","fund_change":"Y"}`, wallet.Unclear},
	} {
		node = row.node
		got, err := a.Refund(ctx, r)
		if err != nil || got.Verdict != row.verdict || got.Amount != 0 {
			t.Errorf("%s: %v %d %v, want %v", row.node, got.Verdict, got.Amount, err, row.verdict)
		}
	}
	for _, row := range []struct {
		node    string
		verdict wallet.Verdict
		amount  int64
	}{
		{`{"code":"10000",` + trade + `,"out_request_no":"00100010000000B0","refund_amount":"3.00","refund_status":"REFUND_SUCCESS"}`, wallet.Done, 300},
		{`{"code":"10000",` + trade + `,"out_request_no":"OTHER","refund_amount":"3.00","refund_status":"REFUND_SUCCESS"}`, wallet.Unclear, 0},
		{`{"code":"10000",` + trade + `,"out_request_no":"00100010000000B0","refund_status":"REFUND_SUCCESS"}`, wallet.Unclear, 0},
		{`{"code":"10000",` + trade + `,"out_request_no":"00100010000000B0","refund_amount":"3.01","refund_status":"REFUND_SUCCESS"}`, wallet.Unclear, 0},
		{`{"code":"10000",` + trade + `,"refund_status":"REFUND_PROCESSING"}`, wallet.Waiting, 0},
		{`{"code":"10000","msg":"Success"}`, wallet.Missing, 0},
	} {
		node = row.node
		got, err := a.QueryRefund(ctx, r)
		if err != nil || got.Verdict != row.verdict || int64(got.Amount) != row.amount {
			t.Errorf("%s: %v %d %v, want %v %d", row.node, got.Verdict, got.Amount, err, row.verdict, row.amount)
		}
	}
}

// What goes over the wire, parameter by parameter.
func TestRequests(t *testing.T) {
	node := `{"code":"20000"}`
	a, asked := saying(t, &node)
	ctx := context.Background()
	show, take := charge(till.Show), charge(till.Take)
	take.Subject, take.Operator = ` a/b=c&"d" `+strings.Repeat("长", 300), strings.Repeat("9", 40)
	show.Subject, show.Operator = "", ""
	r := wallet.Refund{Number: "00100010000000B0", Of: show, Amount: 1, Why: "退货"}
	for _, row := range []struct {
		call func() (wallet.Answer, error)
		want map[string]string
	}{
		{func() (wallet.Answer, error) { return a.Start(ctx, show) }, map[string]string{"method": precreate,
			"biz": `{"out_trade_no":"00100010000000A0","product_code":"FACE_TO_FACE_PAYMENT","qr_code_timeout_express":"5m","subject":"00100010000000A0","timeout_express":"5m","total_amount":"12.50"}`}},
		{func() (wallet.Answer, error) { return a.Start(ctx, take) }, map[string]string{"method": pay,
			"biz": `{"auth_code":"287654321098765432","operator_id":"` + strings.Repeat("9", 28) + `","out_trade_no":"00100010000000A0","product_code":"FACE_TO_FACE_PAYMENT","scene":"bar_code","subject":"a b c  d  ` + strings.Repeat("长", 246) + `","timeout_express":"3m","total_amount":"12.50"}`}},
		{func() (wallet.Answer, error) { return a.Query(ctx, show) }, map[string]string{"method": query, "biz": `{"out_trade_no":"00100010000000A0"}`}},
		{func() (wallet.Answer, error) { return a.Cancel(ctx, show) }, map[string]string{"method": cancel, "biz": `{"out_trade_no":"00100010000000A0"}`}},
		{func() (wallet.Answer, error) { return a.Refund(ctx, r) }, map[string]string{"method": refund,
			"biz": `{"out_request_no":"00100010000000B0","out_trade_no":"00100010000000A0","refund_amount":"0.01","refund_reason":"退货"}`}},
		{func() (wallet.Answer, error) { return a.QueryRefund(ctx, r) }, map[string]string{"method": refundQuery,
			"biz": `{"out_request_no":"00100010000000B0","out_trade_no":"00100010000000A0"}`}},
	} {
		if _, err := row.call(); err != nil {
			t.Fatal(err)
		}
		got := (*asked)[len(*asked)-1]
		if got.Get("method") != row.want["method"] || got.Get("biz_content") != row.want["biz"] || !json.Valid([]byte(got.Get("biz_content"))) {
			t.Errorf("%s %s\nwant %s %s", got.Get("method"), got.Get("biz_content"), row.want["method"], row.want["biz"])
		}
		for k, v := range map[string]string{"app_id": "2021000000000001", "format": "JSON", "charset": "utf-8", "sign_type": "RSA2", "version": "1.0"} {
			if got.Get(k) != v {
				t.Errorf("%s: %s is %q, want %q", row.want["method"], k, got.Get(k), v)
			}
		}
		if at := moment(got.Get("timestamp")); time.Since(at).Abs() > time.Minute {
			t.Errorf("the timestamp is %s", got.Get("timestamp"))
		}
		values := map[string]string{}
		for k := range got {
			values[k] = got.Get(k)
		}
		if err := verify(&a.keys.private.PublicKey, []byte(signed(values)), got.Get("sign")); err != nil {
			t.Errorf("%s: %v", row.want["method"], err)
		}
	}
}
