package ledger

import (
	"strconv"
	"testing"

	"guitai/till"
	"guitai/till/money"
)

// A tender that is corrected takes its fee along on the day of the correction, at
// the rule of the day of its sale, and gross stays what the report says.
func TestFeesFollowACorrectedTender(t *testing.T) {
	c := shopWithClock(t)
	first := c.day
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.SettingSet{Key: "wallets", New: `[{"name":"alipay","on":true,"mode":"live","ways":["take"],"settles":1,
		"fees":[{"rate":6000,"fixed":3},{"from":` + strconv.Itoa(int(first.Plus(1))) + `,"rate":900000}]}]`})}})
	s := c.sell(t, 3)
	kept := c.sell(t, 3)
	card := s.Tenders[0].Amount
	c.closeShift(t)
	c.nextDay(t)
	c.must(t, till.Tx{Entries: []till.Entry{c.entry(&till.TenderMended{ID: c.id(), Receipt: s.Receipt, Share: 1, From: till.Card, To: "wallet:alipay", Amount: card, Ref: "8812", Reason: "按错"})}})
	fee := money.Rate(6000).Of(card) + 3
	f, err := c.l.Fees(bg, first, c.day)
	if err != nil {
		t.Fatal(err)
	}
	byDay := map[till.BusinessDay]map[till.TenderKind]till.FeeDay{first: {}, c.day: {}}
	for _, d := range f.Days {
		byDay[d.Day][d.Kind] = d
	}
	if d := byDay[first][till.Card]; d.Gross != card+kept.Tenders[0].Amount || d.Payments != 2 || d.Fee != 0 || d.Priced {
		t.Errorf("the card's first day: %+v", d)
	}
	if d := byDay[c.day][till.Card]; d.Gross != -card || d.Payments != -1 {
		t.Errorf("the card's second day: %+v, want %d less", d, card)
	}
	if d := byDay[c.day]["wallet:alipay"]; d.Gross != card || d.Payments != 1 || d.Fee != fee || d.Settled() != card-fee || d.Arrives != c.day.Plus(1) || !d.Priced {
		t.Errorf("the wallet's second day: %+v, want a fee of %d", d, fee)
	}
	r, err := c.l.Report(bg, first, c.day)
	if err != nil {
		t.Fatal(err)
	}
	var net money.Amount
	for _, x := range f.Totals {
		net += x.Gross - x.Refunded
	}
	if net != r.Net() || net == 0 {
		t.Errorf("tenders come to %d, the report's net is %d", net, r.Net())
	}
}
