package ui

import (
	"testing"
	"time"

	"guitai/till"
)

// The report tells of each wallet how its payments ended, why, and how long they took.
func TestTheReportTellsHowWalletPaymentsEnded(t *testing.T) {
	c := wallet(t)
	c.w.office.report.report.Wallets = []till.WalletTotal{
		{Wallet: "alipay", Mode: "live", Attempts: 9, Paid: 5, Declined: 2, Cancelled: 1, Unknown: 1, Reasons: []till.ReasonCount{{Reason: till.NotEnough, Count: 2}},
			Seconds: till.PayTimes{Median: 5600 * time.Millisecond, P90: 9 * time.Second, Most: 31 * time.Second}},
		{Wallet: "baidu", Mode: "test", Attempts: 3, Paid: 3},
	}
	p := &reportPage{desk: &desk{w: c.w}}
	lines := p.walletLines()
	if len(lines) != 1 {
		t.Fatalf("%d wallets are told of, want the live one", len(lines))
	}
	var said string
	for _, x := range walk(lines[0], lines[0].Position()) {
		said += x.text + "\n"
	}
	want := "支\nAlipay: 5 of 9 payments arrived, mostly in 6 s, at most 31 s\nNot paid 2, reversed 1, not known 1\n2 × Not paid: customer has too little balance\n"
	if said != want {
		t.Fatalf("it says\n%s, want\n%s", said, want)
	}
}
