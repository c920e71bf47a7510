package wallet

import (
	"strings"

	"guitai/till"
)

// reasonWords tell a reason from the words of a provider in Chinese; the first
// that is found counts.
var reasonWords = []struct {
	any    []string
	reason till.Reason
}{
	{[]string{"余额", "不足"}, till.NotEnough},
	{[]string{"过期", "失效", "已使用"}, till.CodeExpired},
	{[]string{"付款码", "条码"}, till.CodeInvalid},
	{[]string{"限额", "上限", "超限"}, till.OverLimit},
	{[]string{"风险", "风控"}, till.RiskRefused},
	{[]string{"冻结", "账户异常"}, till.PayerBlocked},
	{[]string{"取消"}, till.PayerRefused},
}

// ReasonOf tells the reason of a refusal from the provider's own words, where
// it publishes no meanings of its codes. It decides what the cashier reads,
// never whether something was refused.
func ReasonOf(words string) till.Reason {
	for _, w := range reasonWords {
		for _, s := range w.any {
			if strings.Contains(words, s) {
				return w.reason
			}
		}
	}
	return till.OtherReason
}
