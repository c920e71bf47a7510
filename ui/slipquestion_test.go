package ui

import (
	"testing"

	"guitai/till"
)

// A slip that may not have come out is asked about once, above whatever page is up, and never in the way of the sale.
func TestUncertainSlipIsAskedOnceBesideTheSale(t *testing.T) {
	c := open(t, 1366, 768)
	var answers []bool
	c.w.AskSlips([]SlipQuestion{{Job: 7, Kind: till.SlipReceipt, Ref: 12}, {Job: 8, Kind: till.SlipZ, Ref: 3}}, func(job int64, printed bool) {
		answers = append(answers, printed)
		if want := int64(6 + len(answers)); job != want {
			t.Errorf("answered for job %d, want %d", job, want)
		}
	})
	m := c.w.frame.message.now
	if m == nil || m.Title != "小票 #12 可能没有打印出来" || len(m.Actions) != 2 {
		t.Fatalf("asked %+v", m)
	}
	c.scan("6901234567892")
	if s := c.w.View().Sale; s == nil || s.Live() != 1 {
		t.Error("the question kept the scan from the sale")
	}
	c.w.frame.message.now.Actions[1].Do()
	if m := c.w.frame.message.now; m == nil || m.Title != "交班单 Z3 可能没有打印出来" {
		t.Errorf("asked %+v", m)
	}
	c.w.frame.message.now.Actions[0].Do()
	if c.w.frame.message.shown() || len(answers) != 2 || answers[0] || !answers[1] {
		t.Errorf("answers %v, still shown %v", answers, c.w.frame.message.shown())
	}
}
