package ui

import (
	"testing"
	"time"

	"guitai/till"
)

// paidByPhone gives the books of a counter wallet payments that were paid, and some that were not.
func (a *archive) paidByPhone() {
	a.wallets = []till.WalletTotal{
		{Wallet: "alipay", Mode: "live", Attempts: 64, Paid: 58, Declined: 4, Cancelled: 1, Unknown: 1, Reasons: []till.ReasonCount{{Reason: till.NotEnough, Count: 3}},
			Seconds: till.PayTimes{Median: 5600 * time.Millisecond, P90: 9 * time.Second, Most: 31 * time.Second}},
		{Wallet: "wechatpay", Mode: "live", Attempts: 70, Paid: 69, Declined: 1, Seconds: till.PayTimes{Median: 4 * time.Second, P90: 7 * time.Second, Most: 12 * time.Second}},
		{Wallet: "baidu", Mode: "test", Attempts: 3, Paid: 3},
	}
	a.failures = []till.FailureCount{
		{Wallet: "alipay", Reason: till.NotEnough, Hour: 12, Cashier: "1002", Count: 3, Saved: 3}, {Wallet: "alipay", Reason: till.CodeExpired, Hour: 8, Cashier: "1002", Count: 2, Saved: 2},
		{Wallet: "alipay", Reason: till.PayerRefused, Hour: 18, Cashier: "1001", Count: 1, Lost: 3600}, {Wallet: "wechatpay", Reason: till.TimedOut, Hour: 18, Cashier: "1001", Count: 1, Saved: 1},
	}
	a.fees = till.Fees{Totals: []till.FeeTotal{
		{FeeDay: till.FeeDay{Kind: till.Cash, Priced: true, Payments: 12, Gross: 128050}}, {FeeDay: till.FeeDay{Kind: till.Card, Payments: 9, Gross: 19800}},
		{FeeDay: till.FeeDay{Kind: "wallet:alipay", Priced: true, Payments: 58, Gross: 198610, Refunded: 1590, Fee: 755, FeeBack: 6, Yearly: 82}, Withdrawal: 20},
		{FeeDay: till.FeeDay{Kind: "wallet:wechatpay", Priced: true, Payments: 69, Gross: 291240, Fee: 1107}},
	}, Arrivals: []till.Arrival{{Day: 20260617, Kind: "wallet:alipay", Amount: 96000, Withdrawal: 10}, {Day: 20260626, Kind: "wallet:alipay", Amount: 100271, Withdrawal: 10}, {Day: 20260626, Kind: "wallet:wechatpay", Amount: 290133}},
		WhatIf: []till.WhatIf{{Wallet: "alipay", Payments: 136, Gross: 509650, Fee: 1937, Yearly: 82}, {Wallet: "wechatpay", Payments: 136, Gross: 509650, Fee: 3058},
			{Kind: till.Card, Wallet: "alipay", Payments: 9, Gross: 19800, Fee: 75}, {Kind: till.Card, Wallet: "wechatpay", Payments: 9, Gross: 19800, Fee: 119}}}
}

// The report tells of each wallet how its payments ended, why, and how long they took.
func TestTheReportTellsHowWalletPaymentsEnded(t *testing.T) {
	c, a := back(t, "1001")
	a.paidByPhone()
	threeSales(c)
	c.w.Open(PageReport)
	c.sees("7", "6 then paid", "Wallet payments failed: 7", "Too little balance", "all paid otherwise", "lost ¥36.00")
	c.tap("Wallets")
	c.sees("Alipay", "64", "58", "90.6%", "6 / 31 s", "98.6%", "Customer cancelled", "Conversion = paid ÷ started attempts, of wallets only; the till does not see who left before.")
	if c.has("Baidu") || c.has("100.0%") {
		t.Fatal("payments of a test account are in the report")
	}
}
