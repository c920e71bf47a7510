package wechatpay

import (
	"net/http"
	"strings"
	"testing"

	"guitai/till"
	"guitai/wallet"
)

// refusals are the codes of a micropay that was refused (APIv2 chapter 9_10),
// with what they become when a query then says that there is no payment.
var refusals = []struct {
	code   string
	reason till.Reason
}{
	{"AUTHCODEEXPIRE", till.CodeExpired},
	{"AUTH_CODE_ERROR", till.CodeInvalid},
	{"AUTH_CODE_INVALID", till.CodeInvalid},
	{"NOTENOUGH", till.NotEnough},
	{"NOTSUPORTCARD", till.PayerBlocked},
	{"TRADE_ERROR", till.RiskRefused},
	{"BUYER_MISMATCH", till.OtherReason},
	{"RULE_LIMIT", till.OverLimit},
	{"ACCOUNT_ERROR", till.PayerBlocked},
	{"INVALID_REQUEST", till.SetUpWrong},
}

// faults are those of the set-up, which no query follows.
var faults = []string{"NOAUTH", "SIGNERROR", "PARAM_ERROR", "APPID_NOT_EXIST", "MCHID_NOT_EXIST", "APPID_MCHID_NOT_MATCH",
	"LACK_PARAMS", "XML_FORMAT_ERROR", "POST_DATA_EMPTY", "NOT_UTF8", "REQUIRE_POST_METHOD"}

// tradeState scripts what a query says.
func (s *script) tradeState(state string) {
	number := charge(till.Take).Number
	switch state {
	case "ORDERNOTEXIST", "SYSTEMERROR":
		s.v2("/pay/orderquery", map[string]string{"result_code": "FAIL", "err_code": state, "err_code_des": "x"})
	default:
		s.v2("/pay/orderquery", map[string]string{
			"out_trade_no": number, "trade_state": state, "total_fee": "1250", "transaction_id": "4200000000000000000000000001", "time_end": "20260618103456",
		})
	}
}

// A refusal counts once a query says the same, whatever the code.
func TestRefusalIsConfirmedByAQuery(t *testing.T) {
	s := newScript(t, nil)
	c := charge(till.Take)
	for _, row := range refusals {
		s.v2("/pay/micropay", map[string]string{"result_code": "FAIL", "err_code": row.code, "err_code_des": "x"})
		for _, q := range []struct {
			state   string
			verdict wallet.Verdict
			reason  till.Reason
		}{
			{"ORDERNOTEXIST", wallet.Refused, row.reason},
			{"CLOSED", wallet.Refused, row.reason},
			{"REVOKED", wallet.Refused, row.reason},
			{"SUCCESS", wallet.Done, ""},
			{"REFUND", wallet.Done, ""},
			{"USERPAYING", wallet.Waiting, till.PasswordAsked},
			{"NOTPAY", wallet.Waiting, row.reason},
			{"PAYERROR", wallet.Waiting, row.reason},
			{"SYSTEMERROR", wallet.Unclear, till.ProviderDown},
			{"BOGUS", wallet.Unclear, till.NotUnderstood},
		} {
			s.tradeState(q.state)
			ans := start(t, s.account, c)
			if ans.Verdict != q.verdict || ans.Reason != q.reason {
				t.Errorf("%s, then %s: %v %s, want %v %s", row.code, q.state, ans.Verdict, ans.Reason, q.verdict, q.reason)
			}
			if ans.Verdict == wallet.Refused && !strings.HasPrefix(ans.Said, row.code) {
				t.Errorf("%s said %q", row.code, ans.Said)
			}
		}
	}
}

// A refusal that could not be confirmed at once is, by the next query.
func TestRefusalIsConfirmedLater(t *testing.T) {
	s := newScript(t, nil)
	c := charge(till.Take)
	s.v2("/pay/micropay", map[string]string{"result_code": "FAIL", "err_code": "NOTENOUGH", "err_code_des": "余额不足"})
	s.tradeState("SYSTEMERROR")
	ans := start(t, s.account, c)
	if ans.Verdict != wallet.Unclear || ans.Handle != "refused:NOTENOUGH" {
		t.Fatalf("%v %q", ans.Verdict, ans.Handle)
	}
	c.Handle = ans.Handle
	s.tradeState("ORDERNOTEXIST")
	if ans = query(t, s.account, c); ans.Verdict != wallet.Refused || ans.Reason != till.NotEnough {
		t.Errorf("%v %s", ans.Verdict, ans.Reason)
	}
	s.tradeState("SUCCESS")
	if ans = query(t, s.account, c); ans.Verdict != wallet.Done || ans.Amount != 1250 {
		t.Errorf("paid after all: %v %d", ans.Verdict, ans.Amount)
	}
	// An order that is there can be paid until it is closed; then the refusal counts.
	c.Handle = ""
	s.tradeState("PAYERROR")
	if ans = start(t, s.account, c); ans.Verdict != wallet.Waiting || ans.Reason != till.NotEnough {
		t.Errorf("%v %s", ans.Verdict, ans.Reason)
	}
	c.Handle = ans.Handle
	s.tradeState("REVOKED")
	if ans = query(t, s.account, c); ans.Verdict != wallet.Refused || ans.Reason != till.NotEnough {
		t.Errorf("revoked after it was refused: %v %s", ans.Verdict, ans.Reason)
	}
	// Without a refusal, a number that is not there proves nothing.
	c.Handle = ""
	s.tradeState("ORDERNOTEXIST")
	if ans = query(t, s.account, c); ans.Verdict != wallet.Missing {
		t.Errorf("%v", ans.Verdict)
	}
}

func TestSetUpFaultsAreRefusedAtOnce(t *testing.T) {
	s := newScript(t, nil)
	for _, code := range faults {
		s.v2("/pay/micropay", map[string]string{"result_code": "FAIL", "err_code": code, "err_code_des": "x"})
		before := len(s.asked)
		ans := start(t, s.account, charge(till.Take))
		if ans.Verdict != wallet.Refused || ans.Reason != till.SetUpWrong || len(s.asked) != before+1 {
			t.Errorf("%s: %v %s after %d calls", code, ans.Verdict, ans.Reason, len(s.asked)-before)
		}
	}
}

// What does not refuse is never taken for a refusal.
func TestOtherCodesOfMicropay(t *testing.T) {
	for _, row := range []struct {
		code, query string
		verdict     wallet.Verdict
		reason      till.Reason
	}{
		{"USERPAYING", "", wallet.Waiting, till.PasswordAsked},
		{"SYSTEMERROR", "", wallet.Unclear, till.ProviderDown},
		{"BANKERROR", "", wallet.Unclear, till.ProviderDown},
		{"A_NEW_CODE", "", wallet.Unclear, till.OtherReason},
		{"", "", wallet.Unclear, till.NotUnderstood},
		{"ORDERPAID", "SUCCESS", wallet.Done, ""},
		{"ORDERPAID", "ORDERNOTEXIST", wallet.Missing, ""},
		{"ORDERPAID", "SYSTEMERROR", wallet.Unclear, till.ProviderDown},
		{"OUT_TRADE_NO_USED", "SUCCESS", wallet.Done, ""},
		{"OUT_TRADE_NO_USED", "NOTPAY", wallet.Waiting, till.NumberReused},
		{"ORDERCLOSED", "CLOSED", wallet.Closed, till.TimedOut},
		{"ORDERREVERSED", "REVOKED", wallet.Closed, till.TimedOut},
		{"ORDERREVERSED", "SUCCESS", wallet.Done, ""},
	} {
		s := newScript(t, nil) // a query that is not expected is an error of the test
		if row.query != "" {
			s.tradeState(row.query)
		}
		s.v2("/pay/micropay", map[string]string{"result_code": "FAIL", "err_code": row.code, "err_code_des": "x"})
		if ans := start(t, s.account, charge(till.Take)); ans.Verdict != row.verdict || ans.Reason != row.reason {
			t.Errorf("%s, then %q: %v %s, want %v %s", row.code, row.query, ans.Verdict, ans.Reason, row.verdict, row.reason)
		}
	}
}

// Every state of a query, in both versions.
func TestTradeStates(t *testing.T) {
	for _, row := range []struct {
		state    string
		giving   bool
		provider string
		verdict  wallet.Verdict
		reason   till.Reason
	}{
		{"SUCCESS", false, "", wallet.Done, ""},
		{"SUCCESS", true, "", wallet.Done, ""},
		{"REFUND", false, "", wallet.Done, ""},
		{"NOTPAY", false, "", wallet.Waiting, ""},
		{"ACCEPT", false, "", wallet.Waiting, ""},
		{"USERPAYING", false, "", wallet.Waiting, till.PasswordAsked},
		{"PAYERROR", false, "", wallet.Waiting, till.OtherReason},
		{"CLOSED", false, "", wallet.Closed, till.TimedOut},
		{"CLOSED", true, "", wallet.Closed, ""},
		{"REVOKED", false, "", wallet.Closed, till.TimedOut},
		{"REVOKED", true, "", wallet.Closed, ""},
		{"REVOKED", true, "4200000000000000000000000001", wallet.Returned, ""},
		{"PAID", false, "", wallet.Unclear, till.NotUnderstood},
		{"", false, "", wallet.Unclear, till.NotUnderstood},
	} {
		for _, way := range []till.Presentment{till.Show, till.Take} {
			s := newScript(t, nil)
			c := charge(way)
			c.GivingUp, c.Provider = row.giving, row.provider
			s.tradeState(row.state)
			s.v3(orderPath(c.Number, ""), http.StatusOK, map[string]any{
				"appid": s.account.appid, "mchid": s.account.mchid, "out_trade_no": c.Number, "trade_state": row.state,
				"transaction_id": "4200000000000000000000000001", "amount": map[string]int{"total": 1250},
			})
			ans := query(t, s.account, c)
			if ans.Verdict != row.verdict || ans.Reason != row.reason {
				t.Errorf("%s %v: %v %s, want %v %s", row.state, way, ans.Verdict, ans.Reason, row.verdict, row.reason)
			}
			if ans.Verdict == wallet.Done && (ans.Amount != 1250 || ans.Currency != "CNY") {
				t.Errorf("%s %v: %d %s", row.state, way, ans.Amount, ans.Currency)
			}
		}
	}
}

// A Native order that is refused, by the code.
func TestCodesOfNative(t *testing.T) {
	for _, row := range []struct {
		status      int
		code, query string
		verdict     wallet.Verdict
		reason      till.Reason
	}{
		{400, "PARAM_ERROR", "", wallet.Refused, till.SetUpWrong},
		{400, "APPID_MCHID_NOT_MATCH", "", wallet.Refused, till.SetUpWrong},
		{400, "MCH_NOT_EXISTS", "", wallet.Refused, till.SetUpWrong},
		{401, "SIGN_ERROR", "", wallet.Refused, till.SetUpWrong},
		{403, "NO_AUTH", "", wallet.Refused, till.SetUpWrong},
		{400, "INVALID_REQUEST", "missing", wallet.Refused, till.SetUpWrong},
		{400, "INVALID_REQUEST", "NOTPAY", wallet.Waiting, till.SetUpWrong},
		{403, "RULE_LIMIT", "missing", wallet.Refused, till.OverLimit},
		{403, "TRADE_ERROR", "missing", wallet.Refused, till.RiskRefused},
		{400, "ORDERPAID", "SUCCESS", wallet.Done, ""},
		{403, "OUT_TRADE_NO_USED", "SUCCESS", wallet.Done, ""},
		{400, "ORDER_CLOSED", "CLOSED", wallet.Closed, till.TimedOut},
		{429, "FREQUENCY_LIMITED", "", wallet.Unclear, till.ProviderDown},
		{500, "SYSTEM_ERROR", "", wallet.Unclear, till.ProviderDown},
		{502, "", "", wallet.Unclear, till.ProviderDown},
		{400, "SOMETHING_NEW", "", wallet.Unclear, till.OtherReason},
		{400, "", "", wallet.Unclear, till.NotUnderstood},
	} {
		s := newScript(t, nil)
		c := charge(till.Show)
		switch row.query {
		case "":
		case "missing":
			s.v3(orderPath(c.Number, ""), http.StatusNotFound, faultV3{"ORDER_NOT_EXIST", "x"})
		default:
			s.v3(orderPath(c.Number, ""), http.StatusOK, map[string]any{
				"appid": s.account.appid, "mchid": s.account.mchid, "out_trade_no": c.Number, "trade_state": row.query,
				"transaction_id": "4200000000000000000000000001", "amount": map[string]int{"total": 1250},
			})
		}
		s.v3("/v3/pay/transactions/native", row.status, faultV3{row.code, "x"})
		if ans := start(t, s.account, c); ans.Verdict != row.verdict || ans.Reason != row.reason {
			t.Errorf("%s, then %q: %v %s, want %v %s", row.code, row.query, ans.Verdict, ans.Reason, row.verdict, row.reason)
		}
	}
}

// A close or a reverse that is refused proves nothing; it is made again where
// the platform asks for it.
func TestCodesOfCancel(t *testing.T) {
	for _, row := range []struct {
		code, recall string
		verdict      wallet.Verdict
		repeat       bool
	}{
		{"", "N", wallet.Waiting, false},
		{"", "Y", wallet.Waiting, true},
		{"SYSTEMERROR", "Y", wallet.Unclear, true},
		{"SYSTEMERROR", "N", wallet.Unclear, true},
		{"USERPAYING", "Y", wallet.Waiting, true},
		{"USERPAYING", "", wallet.Waiting, true},
		{"ORDERNOTEXIST", "N", wallet.Missing, false},
		{"REVERSE_EXPIRE", "N", wallet.Unclear, false},
		{"INVALID_TRANSACTIONID", "N", wallet.Unclear, false},
		{"NOAUTH", "N", wallet.Unclear, false},
		{"TRADE_ERROR", "N", wallet.Unclear, false},
		{"ORDERREVERSED", "N", wallet.Waiting, false},
		{"A_NEW_CODE", "Y", wallet.Unclear, true},
	} {
		s := newScript(t, nil)
		fields := map[string]string{"recall": row.recall}
		if row.code != "" {
			fields["result_code"], fields["err_code"] = "FAIL", row.code
		}
		s.v2("/secapi/pay/reverse", fields)
		ans, err := s.account.Cancel(t.Context(), charge(till.Take))
		if err != nil || ans.Verdict != row.verdict || ans.Repeat != row.repeat {
			t.Errorf("reverse %s %s: %v, again %v (%v), want %v, %v", row.code, row.recall, ans.Verdict, ans.Repeat, err, row.verdict, row.repeat)
		}
	}
	for _, row := range []struct {
		status  int
		code    string
		verdict wallet.Verdict
	}{
		{204, "", wallet.Waiting},
		{400, "ORDERPAID", wallet.Waiting},
		{400, "ORDER_CLOSED", wallet.Waiting},
		{202, "USERPAYING", wallet.Waiting},
		{404, "ORDER_NOT_EXIST", wallet.Missing},
		{400, "INVALID_REQUEST", wallet.Unclear},
		{500, "SYSTEM_ERROR", wallet.Unclear},
	} {
		s := newScript(t, nil)
		c := charge(till.Show)
		if row.status == 204 {
			s.raw(orderPath(c.Number, "/close"), 204, nil)
		} else {
			s.v3(orderPath(c.Number, "/close"), row.status, faultV3{row.code, "x"})
		}
		ans, err := s.account.Cancel(t.Context(), c)
		if err != nil || ans.Verdict != row.verdict {
			t.Errorf("close %d %s: %v (%v), want %v", row.status, row.code, ans.Verdict, err, row.verdict)
		}
	}
}

// Codepay's answers, which are the order itself or a fault, with 202 for a
// password.
func TestCodesOfCodepay(t *testing.T) {
	for _, row := range []struct {
		status  int
		state   string
		code    string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{200, "SUCCESS", "", wallet.Done, ""},
		{202, "USERPAYING", "", wallet.Waiting, till.PasswordAsked},
		{202, "", "USERPAYING", wallet.Waiting, till.PasswordAsked},
		{200, "PAYERROR", "", wallet.Waiting, till.OtherReason},
		{403, "", "NOT_ENOUGH", wallet.Refused, till.NotEnough},
		{400, "", "AUTH_CODE_EXPIRE", wallet.Refused, till.CodeExpired},
		{500, "", "SYSTEM_ERROR", wallet.Unclear, till.ProviderDown},
	} {
		s := newScript(t, map[string]string{fieldTake: "v3"})
		c := charge(till.Take)
		s.v3(orderPath(c.Number, ""), http.StatusNotFound, faultV3{"ORDER_NOT_EXIST", "x"})
		if row.code != "" {
			s.v3("/v3/pay/transactions/codepay", row.status, faultV3{row.code, "x"})
		} else {
			s.v3("/v3/pay/transactions/codepay", row.status, map[string]any{
				"appid": s.account.appid, "mchid": s.account.mchid, "out_trade_no": c.Number, "trade_state": row.state,
				"transaction_id": "4200000000000000000000000001", "amount": map[string]int{"total": 1250},
			})
		}
		if ans := start(t, s.account, c); ans.Verdict != row.verdict || ans.Reason != row.reason {
			t.Errorf("%d %s%s: %v %s, want %v %s", row.status, row.state, row.code, ans.Verdict, ans.Reason, row.verdict, row.reason)
		}
	}
}
