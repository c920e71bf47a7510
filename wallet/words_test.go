package wallet_test

import (
	"testing"

	"guitai/till"
	"guitai/wallet"
)

func TestReasonsAreToldFromTheWords(t *testing.T) {
	for words, want := range map[string]till.Reason{
		"账户余额不足": till.NotEnough, "付款码已过期": till.CodeExpired, "付款码已使用": till.CodeExpired, "付款码无效": till.CodeInvalid,
		"单笔超限": till.OverLimit, "日累计达到上限": till.OverLimit, "风险交易": till.RiskRefused, "账户已冻结": till.PayerBlocked,
		"用户取消": till.PayerRefused, "": till.OtherReason, "系统": till.OtherReason,
	} {
		if got := wallet.ReasonOf(words); got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}
