package shouqianba_test

import (
	"context"
	"strings"
	"testing"

	"guitai/till"
	"guitai/wallet"
)

func containsText(s, part string) bool { return strings.Contains(s, part) }

// biz is an answer of the business layer.
func biz(result, errorCode, data string) string {
	return `{"result_code":"200","biz_response":{"result_code":"` + result + `","error_code":"` + errorCode + `","data":{` + data + `}}}`
}

// order is data of the charge of the tests.
func order(status string) string {
	return `"sn":"7890000000000001","client_sn":"1000TEST00000017","order_status":"` + status + `","total_amount":"1250","net_amount":"1250",` +
		`"status":"SUCCESS","qr_code":"weixin://wxpay/bizpayurl?pr=1","finish_time":"1700000010000","channel_finish_time":"1700000009000"`
}

func TestResultsOfAStart(t *testing.T) {
	for _, row := range []struct {
		name, body string
		verdict    wallet.Verdict
		reason     till.Reason
	}{
		{"paid", biz("PAY_SUCCESS", "", order("PAID")), wallet.Done, ""},
		{"in progress", biz("PAY_IN_PROGRESS", "", order("CREATED")), wallet.Waiting, till.PasswordAsked},
		{"in progress and paid", biz("PAY_IN_PROGRESS", "", order("PAID")), wallet.Done, ""},
		{"in progress and cancelled", biz("PAY_IN_PROGRESS", "", order("PAY_CANCELED")), wallet.Unclear, till.NotUnderstood},
		{"success with an order that is not paid", biz("PAY_SUCCESS", "", order("PAY_ERROR")), wallet.Unclear, till.ProviderDown},
		{"success without data", biz("PAY_SUCCESS", "", ""), wallet.Unclear, till.ProviderDown},
		{"success of another order", strings.Replace(biz("PAY_SUCCESS", "", order("PAID")), "00000017", "00000018", 1), wallet.Unclear, till.NumberReused},
		{"success without an amount", strings.Replace(biz("PAY_SUCCESS", "", order("PAID")), `"1250"`, `""`, 1), wallet.Unclear, till.NotUnderstood},
		{"success with an amount in yuan", strings.Replace(biz("PAY_SUCCESS", "", order("PAID")), `"1250"`, `"12.50"`, 1), wallet.Unclear, till.NotUnderstood},
		{"balance", biz("PAY_FAIL", "INSUFFICIENT_FUND", ""), wallet.Refused, till.NotEnough},
		{"bar code", biz("PAY_FAIL", "INVALID_BARCODE", ""), wallet.Refused, till.CodeInvalid},
		{"old code", biz("PAY_FAIL", "EXPIRED_BARCODE", ""), wallet.Refused, till.CodeExpired},
		{"buyer's day", biz("PAY_FAIL", "BUYER_OVER_DAILY_LIMIT", ""), wallet.Refused, till.OverLimit},
		{"buyer's limit", biz("PAY_FAIL", "BUYER_OVER_TRANSACTION_LIMIT", ""), wallet.Refused, till.OverLimit},
		{"seller's day", biz("PAY_FAIL", "SELLER_OVER_DAILY_LIMIT", ""), wallet.Refused, till.OverLimit},
		{"store's day", biz("FAIL", "UPAY_STORE_OVER_DAILY_LIMIT", ""), wallet.Refused, till.OverLimit},
		{"failed", biz("PAY_FAIL", "TRADE_FAILED", ""), wallet.Refused, till.OtherReason},
		{"failed and reversed, a new code", biz("PAY_FAIL", "SOMETHING_NEW", ""), wallet.Refused, till.OtherReason},
		{"fail, a new code", biz("FAIL", "SOMETHING_NEW", ""), wallet.Unclear, till.ProviderDown},
		{"terminal unknown", biz("FAIL", "UPAY_TERMINAL_NOT_EXISTS", ""), wallet.Refused, till.SetUpWrong},
		{"terminal not active", biz("FAIL", "UPAY_TERMINAL_STATUS_ABNORMAL", ""), wallet.Refused, till.SetUpWrong},
		{"number used", biz("FAIL", "CLIENT_SN_CONFLICT", ""), wallet.Unclear, till.NumberReused},
		{"paid before", biz("PAY_FAIL", "TRADE_HAS_SUCCESS", ""), wallet.Unclear, till.NumberReused},
		{"failed, unknown", biz("PAY_FAIL_ERROR", "", order("PAY_ERROR")), wallet.Unclear, till.ProviderDown},
		{"failing", biz("PAY_FAIL_IN_PROGRESS", "", ""), wallet.Unclear, till.ProviderDown},
		{"timed out there", biz("FAIL", "TRADE_TIMEOUT", ""), wallet.Unclear, till.ProviderDown},
		{"nothing", biz("", "", ""), wallet.Unclear, till.ProviderDown},
		{"parameters", `{"result_code":"400","error_code":"INVALID_PARAMS"}`, wallet.Refused, till.SetUpWrong},
		{"parameter", `{"result_code":"400","error_code":"INVALID_PARAMETER"}`, wallet.Refused, till.SetUpWrong},
		{"terminal", `{"result_code":"400","error_code":"INVALID_TERMINAL"}`, wallet.Refused, till.SetUpWrong},
		{"no terminal", `{"result_code":"400","error_code":"TERMINAL_NOT_EXISTS"}`, wallet.Refused, till.SetUpWrong},
		{"signature", `{"result_code":"400","error_code":"ILLEGAL_SIGN"}`, wallet.Refused, till.SetUpWrong},
		{"400, a new code", `{"result_code":"400","error_code":"NEW"}`, wallet.Unclear, till.NotUnderstood},
		{"500", `{"result_code":"500","error_code":"UNKNOWN_SYSTEM_ERROR"}`, wallet.Unclear, till.ProviderDown},
		{"maintenance", `{"result_code":"500","error_code":"MAINTENANCE_INPROGRESS"}`, wallet.Unclear, till.ProviderDown},
		{"no JSON", `<html>`, wallet.Unclear, till.NotUnderstood},
		{"no result", `{}`, wallet.Unclear, till.NotUnderstood},
		{"empty", ``, wallet.Unclear, till.NotUnderstood},
	} {
		p, _ := answering(t, 200, row.body)
		a, err := p.Start(context.Background(), charge(till.Take))
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason {
			t.Errorf("%s: %v %q (%s) %v, want %v %q", row.name, a.Verdict, a.Reason, a.Said, err, row.verdict, row.reason)
		}
		if a.Verdict == wallet.Done && (a.Amount != 1250 || a.Number != "1000TEST00000017" || a.Provider != "7890000000000001" || a.PaidAt.UnixMilli() != 1700000009000) {
			t.Errorf("%s: %+v", row.name, a)
		}
	}
}

func TestResultsOfAShownCode(t *testing.T) {
	for _, row := range []struct {
		name, body string
		verdict    wallet.Verdict
		reason     till.Reason
	}{
		{"made", biz("PRECREATE_SUCCESS", "", order("CREATED")), wallet.Waiting, ""},
		{"made without a code", strings.Replace(biz("PRECREATE_SUCCESS", "", order("CREATED")), "weixin://wxpay/bizpayurl?pr=1", "", 1), wallet.Unclear, till.NotUnderstood},
		{"failed", biz("PRECREATE_FAIL", "UNEXPECTED_PROVIDER_ERROR", ""), wallet.Refused, till.OtherReason},
		{"failed, unknown", biz("PRECREATE_FAIL_ERROR", "", ""), wallet.Unclear, till.ProviderDown},
		{"failing", biz("PRECREATE_FAIL_IN_PROGRESS", "", ""), wallet.Unclear, till.ProviderDown},
	} {
		p, _ := answering(t, 200, row.body)
		a, err := p.Start(context.Background(), charge(till.Show))
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || (a.QR != "") != (a.Verdict == wallet.Waiting) {
			t.Errorf("%s: %v %q %q (%s) %v", row.name, a.Verdict, a.Reason, a.QR, a.Said, err)
		}
	}
}

func TestResultsOfAQuery(t *testing.T) {
	for _, row := range []struct {
		status  string
		verdict wallet.Verdict
	}{
		{"CREATED", wallet.Waiting}, {"PAID", wallet.Done}, {"PAY_CANCELED", wallet.Closed}, {"CANCELED", wallet.Closed},
		{"PARTIAL_REFUNDED", wallet.Done}, {"REFUNDED", wallet.Returned}, {"REFUND_INPROGRESS", wallet.Done},
		{"PAY_ERROR", wallet.Unclear}, {"REFUND_ERROR", wallet.Unclear}, {"CANCEL_ERROR", wallet.Unclear},
		{"CANCEL_INPROGRESS", wallet.Unclear}, {"INVALID_STATUS_CODE", wallet.Unclear}, {"", wallet.Unclear}, {"NEW", wallet.Unclear},
	} {
		p, _ := answering(t, 200, biz("SUCCESS", "", order(row.status)))
		if a, err := p.Query(context.Background(), charge(till.Take)); err != nil || a.Verdict != row.verdict {
			t.Errorf("%s: %v (%s) %v, want %v", row.status, a.Verdict, a.Said, err, row.verdict)
		}
	}
	for _, row := range []struct {
		body    string
		verdict wallet.Verdict
	}{
		{biz("FAIL", "UPAY_ORDER_NOT_EXISTS", ""), wallet.Missing},
		{biz("FAIL", "UPAY_ORDER_NOT_EXIST", ""), wallet.Missing},
		{biz("FAIL", "TRADE_NOT_EXIST", ""), wallet.Missing},
		{biz("FAIL", "INSUFFICIENT_FUND", ""), wallet.Unclear},
		{`{"result_code":"400","error_code":"ILLEGAL_SIGN"}`, wallet.Unclear},
		{`{"result_code":"400","error_code":"INVALID_PARAMS"}`, wallet.Unclear},
	} {
		p, _ := answering(t, 200, row.body)
		if a, err := p.Query(context.Background(), charge(till.Take)); err != nil || a.Verdict != row.verdict {
			t.Errorf("%s: %v, want %v", row.body, a.Verdict, row.verdict)
		}
	}
	for status, reason := range map[int]till.Reason{500: till.ProviderDown, 502: till.ProviderDown, 404: till.NotUnderstood, 201: till.NotUnderstood} {
		p, _ := answering(t, status, biz("SUCCESS", "", order("PAID")))
		if a, err := p.Query(context.Background(), charge(till.Take)); err != nil || a.Verdict != wallet.Unclear || a.Reason != reason {
			t.Errorf("HTTP %d: %v %q %v", status, a.Verdict, a.Reason, err)
		}
	}
}

func TestResultsOfACancel(t *testing.T) {
	for _, row := range []struct {
		result, code string
		verdict      wallet.Verdict
		repeat       bool
	}{
		{"CANCEL_SUCCESS", "", wallet.Waiting, false}, {"CANCEL_ABORT_SUCCESS", "", wallet.Waiting, false},
		{"CANCEL_IN_PROGRESS", "", wallet.Waiting, false}, {"CANCEL_ABORT_IN_PROGRESS", "", wallet.Waiting, false},
		{"CANCEL_ERROR", "", wallet.Unclear, true}, {"CANCEL_ABORT_ERROR", "UNEXPECTED_PROVIDER_ERROR", wallet.Unclear, true},
		{"CANCEL_ERROR", "UPAY_TCP_ORDER_NOT_REFUNDABLE", wallet.Refused, false},
		{"FAIL", "UPAY_ORDER_NOT_EXISTS", wallet.Missing, false}, {"FAIL", "UPAY_CANCEL_ORDER_NOOP", wallet.Waiting, false},
		{"FAIL", "UPAY_CANCEL_INVALID_ORDER_STATE", wallet.Refused, false}, {"FAIL", "NEW", wallet.Unclear, false}, {"", "", wallet.Unclear, false},
	} {
		p, _ := answering(t, 200, biz(row.result, row.code, order("CANCELED")))
		a, err := p.Cancel(context.Background(), charge(till.Show))
		if err != nil || a.Verdict != row.verdict || a.Repeat != row.repeat {
			t.Errorf("%s %s: %v repeat %v (%s) %v", row.result, row.code, a.Verdict, a.Repeat, a.Said, err)
		}
	}
	p, _ := answering(t, 200, strings.Replace(biz("CANCEL_SUCCESS", "", order("CANCELED")), "00000017", "00000018", 1))
	if a, _ := p.Cancel(context.Background(), charge(till.Show)); a.Verdict != wallet.Unclear {
		t.Errorf("the cancel of another order: %v", a.Verdict)
	}
}

func TestResultsOfARefund(t *testing.T) {
	of := func(status, tsn string) string {
		return strings.Replace(order("PARTIAL_REFUNDED"), `"status":"SUCCESS"`, `"status":"`+status+`","client_tsn":"`+tsn+`"`, 1)
	}
	const ours, other = "1000TEST00000017-1000TEST00000025", "1000TEST00000017-1000TEST00000033"
	for _, row := range []struct {
		name, body string
		verdict    wallet.Verdict
		reason     till.Reason
	}{
		{"made", biz("REFUND_SUCCESS", "", of("SUCCESS", ours)), wallet.Done, ""},
		{"made, of another number", biz("REFUND_SUCCESS", "", of("SUCCESS", other)), wallet.Unclear, till.NumberReused},
		{"made before", biz("FAIL", "UPAY_REFUND_ORDER_NOOP", ""), wallet.Done, ""},
		{"on its way", biz("REFUND_IN_PROGRESS", "", ""), wallet.Waiting, ""},
		{"unknown", biz("REFUND_ERROR", "", ""), wallet.Unclear, till.ProviderDown},
		{"unknown, with a code", biz("REFUND_ERROR", "SELLER_BALANCE_NOT_ENOUGH", ""), wallet.Unclear, till.ProviderDown},
		{"seller", biz("REFUND_FAIL", "SELLER_BALANCE_NOT_ENOUGH", ""), wallet.Refused, till.SellerBalance},
		{"account", biz("FAIL", "ACCOUNT_BALANCE_NOT_ENOUGH", ""), wallet.Refused, till.SellerBalance},
		{"promotion", biz("FAIL", "UPAY_TCP_ORDER_NOT_REFUNDABLE", ""), wallet.Refused, till.NotRefundable},
		{"no order", biz("FAIL", "UPAY_ORDER_NOT_EXISTS", ""), wallet.Refused, till.NotRefundable},
		{"a new code", biz("REFUND_FAIL", "NEW", ""), wallet.Unclear, till.ProviderDown},
		{"signature", `{"result_code":"400","error_code":"ILLEGAL_SIGN"}`, wallet.Refused, till.SetUpWrong},
	} {
		p, got := answering(t, 200, row.body)
		a, err := p.(wallet.Refunder).Refund(context.Background(), refund())
		if err != nil || a.Verdict != row.verdict || a.Reason != row.reason || len(*got) != 1 {
			t.Errorf("%s: %v %q (%s) %v after %d calls", row.name, a.Verdict, a.Reason, a.Said, err, len(*got))
		}
	}
	for _, row := range []struct {
		name, body string
		verdict    wallet.Verdict
	}{
		{"made", biz("SUCCESS", "", of("SUCCESS", ours)), wallet.Done},
		{"on its way", biz("SUCCESS", "", of("IN_PROG", ours)), wallet.Waiting},
		{"failed", biz("SUCCESS", "", of("FAIL_CANCELED", ours)), wallet.Refused},
		{"unknown", biz("SUCCESS", "", of("FAIL_ERROR", ours)), wallet.Unclear},
		{"unknown", biz("SUCCESS", "", of("REFUND_ERROR", ours)), wallet.Unclear},
		{"unknown", biz("SUCCESS", "", of("FAIL_IO_1", ours)), wallet.Unclear},
		{"another transaction", biz("SUCCESS", "", of("SUCCESS", other)), wallet.Missing},
		{"the payment", biz("SUCCESS", "", of("SUCCESS", "1000TEST00000017")), wallet.Missing},
		{"no order", biz("FAIL", "UPAY_ORDER_NOT_EXISTS", ""), wallet.Missing},
		{"down", biz("FAIL", "NEW", ""), wallet.Unclear},
	} {
		p, _ := answering(t, 200, row.body)
		if a, err := p.(wallet.Refunder).QueryRefund(context.Background(), refund()); err != nil || a.Verdict != row.verdict {
			t.Errorf("query: %s: %v (%s) %v, want %v", row.name, a.Verdict, a.Said, err, row.verdict)
		}
	}
}

// A refusal that the same refund would cause by itself is not believed as long
// as a query knows of the refund, or cannot tell.
func TestARefusalIsTriedOnAQuery(t *testing.T) {
	for _, code := range []string{"UPAY_REFUND_INVALID_ORDER_STATE", "REFUNDABLE_AMOUNT_NOT_ENOUGH", "REFUND_AMT_NOT_EQUAL_TOTAL"} {
		p, got := answering(t, 200, biz("FAIL", code, ""))
		a, err := p.(wallet.Refunder).Refund(context.Background(), refund())
		if err != nil || a.Verdict != wallet.Unclear || len(*got) != 2 {
			t.Errorf("%s, and a query that says nothing: %v %v after %d calls", code, a.Verdict, err, len(*got))
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(biz("PAY_SUCCESS", "", order("PAID")))
	f.Add(biz("SUCCESS", "", order("REFUNDED")))
	f.Add(`{"result_code":200,"biz_response":{"result_code":"SUCCESS","data":{"total_amount":1250}}}`)
	f.Add(`{"result_code":"400","error_code":"ILLEGAL_SIGN"}`)
	f.Fuzz(func(t *testing.T, body string) {
		p, _ := answering(t, 200, body)
		c := charge(till.Take)
		for _, ask := range []func(context.Context, wallet.Charge) (wallet.Answer, error){p.Start, p.Query, p.Cancel} {
			a, err := ask(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict == wallet.Done && (a.Number != c.Number || a.Provider == "") {
				t.Errorf("done, and of whom: %+v", a)
			}
		}
	})
}
