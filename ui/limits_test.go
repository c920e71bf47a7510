package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

func TestTheOwnerSetsALimitForTypedPrices(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.tap("Limits")
	c.retype("Typed price limit", "100")
	c.press(fyne.KeyF9)
	if got := settingsSent(c); len(got) != 1 || got[0] != (till.Setting{Key: "limit.loose_price", Value: "100"}) {
		t.Fatalf("sent %+v", got)
	}
	if got := c.w.View().Settings.Limits.LoosePrice; got != 10000 {
		t.Fatalf("the limit is %d", got)
	}
	// And it holds at the counter, until a manager allows the one.
	c.run.SignOn("1002")
	c.show()
	c.w.Home()
	c.hand("100")
	c.tap("Amount")
	c.due(10000)
	c.hand("120")
	c.tap("Amount")
	c.due(10000).sees("Approve typed price above the limit: ¥120.00")
	c.hand("1003", fyne.KeyReturn)
	c.due(22000)
}

func TestShotsLimits(t *testing.T) {
	shoot(t, "settings-limits", func(c *counter) {
		c.enter("1001", PageSettings)
		c.tap(c.w.Say("settings.tab.limits"))
	})
	shoot(t, "sell-typed-limit", func(c *counter) {
		c.run.J.Settings.Limits.LoosePrice = 10000
		c.run.SignOn("1001")
		c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "limit.loose_price", Value: "100"}}})
		c.run.SignOn("1002")
		c.show()
		fullCart(c)
		c.hand("120")
		c.tap(c.w.Say("sell.amount_key"))
	})
}
