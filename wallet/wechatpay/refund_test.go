package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/wallettest"
)

const refundPath = "/v3/refund/domestic/refunds"

func refundOf(c wallet.Charge, amount money.Amount) wallet.Refund {
	return wallet.Refund{Number: "001TEST00000009R", Of: c, Amount: amount, Why: "退货", At: time.Now()}
}

func TestRefundStates(t *testing.T) {
	for _, row := range []struct {
		status  string
		verdict wallet.Verdict
		reason  till.Reason
	}{
		{"SUCCESS", wallet.Done, ""},
		{"PROCESSING", wallet.Waiting, ""},
		{"CLOSED", wallet.Refused, till.NotRefundable},
		{"ABNORMAL", wallet.Waiting, till.PayerBlocked},
		{"DONE", wallet.Unclear, till.NotUnderstood},
	} {
		s := newScript(t, nil)
		r := refundOf(charge(till.Show), 300)
		body := map[string]any{
			"refund_id": "50000000000000000000000000001", "out_refund_no": r.Number, "out_trade_no": r.Of.Number, "status": row.status,
			"amount": map[string]any{"refund": 300, "total": 1250, "currency": "CNY"},
		}
		s.v3(refundPath, http.StatusOK, body)
		s.v3(refundPath+"/"+r.Number, http.StatusOK, body)
		for name, ask := range map[string]func(context.Context, wallet.Refund) (wallet.Answer, error){"refund": s.account.Refund, "query": s.account.QueryRefund} {
			ans, err := ask(context.Background(), r)
			if err != nil || ans.Verdict != row.verdict || ans.Reason != row.reason {
				t.Errorf("%s %s: %v %s (%v), want %v %s", name, row.status, ans.Verdict, ans.Reason, err, row.verdict, row.reason)
			}
			if row.verdict != wallet.Unclear && (ans.Amount != 300 || ans.Number != r.Number || ans.Provider == "") {
				t.Errorf("%s %s: %+v", name, row.status, ans)
			}
		}
		if !strings.Contains(s.asked[0]+s.asked[1], `"out_trade_no":"001TEST00000001A","out_refund_no":"001TEST00000009R","reason":"退货","amount":{"refund":300,"total":1250,"currency":"CNY"}`) {
			t.Errorf("%s", s.asked)
		}
	}
}

// A refusal of a refund counts once a query says that the refund is not there.
func TestRefundCodes(t *testing.T) {
	for _, row := range []struct {
		status  int
		code    string
		query   string // what the query then says: "" for not there
		verdict wallet.Verdict
		reason  till.Reason
		repeat  bool
	}{
		{400, "INVALID_REQUEST", "", wallet.Refused, till.NotRefundable, false},
		{400, "INVALID_REQUEST", "SUCCESS", wallet.Done, "", false},
		{400, "INVALID_REQUEST", "down", wallet.Unclear, till.ProviderDown, false},
		{403, "USER_ACCOUNT_ABNORMAL", "", wallet.Refused, till.PayerBlocked, false},
		{404, "RESOURCE_NOT_EXISTS", "", wallet.Refused, till.NotRefundable, false},
		{403, "NOT_ENOUGH", "unasked", wallet.Unclear, till.SellerBalance, true},
		{403, "NO_AUTH", "unasked", wallet.Refused, till.SetUpWrong, false},
		{400, "PARAM_ERROR", "unasked", wallet.Refused, till.SetUpWrong, false},
		{404, "MCH_NOT_EXISTS", "unasked", wallet.Refused, till.SetUpWrong, false},
		{401, "SIGN_ERROR", "unasked", wallet.Refused, till.SetUpWrong, false},
		{429, "FREQUENCY_LIMITED", "unasked", wallet.Unclear, till.ProviderDown, true},
		{500, "SYSTEM_ERROR", "unasked", wallet.Unclear, till.ProviderDown, false},
		{400, "A_NEW_CODE", "unasked", wallet.Unclear, till.OtherReason, false},
	} {
		s := newScript(t, nil)
		r := refundOf(charge(till.Take), 300)
		s.v3(refundPath, row.status, faultV3{row.code, "x"})
		switch row.query {
		case "unasked":
		case "":
			s.v3(refundPath+"/"+r.Number, 404, faultV3{"RESOURCE_NOT_EXISTS", "退款单不存在"})
		case "down":
			s.raw(refundPath+"/"+r.Number, 503, nil)
		default:
			s.v3(refundPath+"/"+r.Number, 200, map[string]any{
				"refund_id": "50000000000000000000000000001", "out_refund_no": r.Number, "out_trade_no": r.Of.Number, "status": row.query,
				"amount": map[string]any{"refund": 300, "total": 1250, "currency": "CNY"},
			})
		}
		ans, err := s.account.Refund(context.Background(), r)
		if err != nil || ans.Verdict != row.verdict || ans.Reason != row.reason || ans.Repeat != row.repeat {
			t.Errorf("%s, then %q: %v %s %v (%v), want %v %s %v", row.code, row.query, ans.Verdict, ans.Reason, ans.Repeat, err, row.verdict, row.reason, row.repeat)
		}
	}
}

// A query that is refused says nothing about the refund.
func TestRefusedRefundQueryProvesNothing(t *testing.T) {
	for _, code := range []string{"INVALID_REQUEST", "NO_AUTH", "PARAM_ERROR"} {
		s := newScript(t, nil)
		r := refundOf(charge(till.Take), 300)
		s.v3(refundPath+"/"+r.Number, 400, faultV3{code, "x"})
		if ans, err := s.account.QueryRefund(context.Background(), r); err != nil || ans.Verdict != wallet.Unclear {
			t.Errorf("%s: %v %v", code, ans.Verdict, err)
		}
	}
}

// Both ways of paying are given back by the same call, and the same number
// gives back once.
func TestRefundOfBothWays(t *testing.T) {
	for _, way := range []till.Presentment{till.Show, till.Take} {
		b := wallettest.NewBench(t, subject(nil))
		c := b.Charge(1250, way)
		if way == till.Take {
			c.Code = b.Platform.NewCode(sim.Purse{})
		}
		b.Start(t, &c)
		if way == till.Show {
			b.Pay(t, c.Number)
		}
		r := b.RefundOf(c, 300)
		ref := b.Provider.(wallet.Refunder)
		b.Sim.Fail(sim.Fault{Op: sim.OpRefund, Kind: sim.DropAnswer})
		ans, err := ref.Refund(context.Background(), r)
		if err != nil || ans.Verdict != wallet.Unclear {
			t.Fatalf("%v: lost: %v %v", way, ans.Verdict, err)
		}
		if ans, err = ref.Refund(context.Background(), r); err != nil || ans.Verdict != wallet.Done || ans.Amount != 300 {
			t.Errorf("%v: again: %v %s %v", way, ans.Verdict, ans.Said, err)
		}
		p, _ := b.Sim.Payment(Name, c.Number)
		if len(p.Refunds) != 1 || p.Refunded() != 300 || p.Refunds[0].Number != r.Number {
			t.Errorf("%v: the books have %+v", way, p.Refunds)
		}
		// The same number with another amount is refused, and gives nothing back.
		r.Amount = 400
		if ans, err = ref.Refund(context.Background(), r); err != nil || ans.Verdict != wallet.Unclear || ans.Reason != till.AmountDiffers {
			t.Errorf("%v: another amount: %v %s %v", way, ans.Verdict, ans.Reason, err)
		}
		if p, _ = b.Sim.Payment(Name, c.Number); p.Refunded() != 300 {
			t.Errorf("%v: given back %d", way, p.Refunded())
		}
	}
}

func TestRefundOfBadAmountIsNotSent(t *testing.T) {
	b := wallettest.NewBench(t, subject(nil))
	c := b.Charge(1250, till.Show)
	for _, amount := range []money.Amount{0, -1, 1251} {
		_, err := b.Provider.(wallet.Refunder).Refund(context.Background(), b.RefundOf(c, amount))
		e := (*wallet.FieldError)(nil)
		if !errors.Is(err, wallet.ErrNotSent) || !errors.As(err, &e) || e.Field != "amount" || e.Reason != till.AmountNotAllowed {
			t.Errorf("%d: %v", amount, err)
		}
	}
	if n := len(b.Sim.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}
