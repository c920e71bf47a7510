package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

func TestAPriceIsSetForALaterDayAndTakenBack(t *testing.T) {
	c := inOffice(t, 1366, 768, PageItems, nil)
	c.scan(milk)
	c.tap("Prices")
	c.sees("Now ¥15.90", "No later prices.", "2026-06-19", "It changes by itself when the business day begins, at 04:00.")
	id := c.w.office.items.edit.item.ID
	is := func(want ...LaterPrice) {
		t.Helper()
		got := c.goods.later[id]
		if len(got) != len(want) {
			t.Fatalf("later prices are %+v, want %+v", got, want)
		}
		for i, w := range want {
			if g := got[i]; !g.From.Equal(w.From) || g.Price != w.Price || g.By != w.By {
				t.Fatalf("later prices are %+v, want %+v", got, want)
			}
		}
	}
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	july := LaterPrice{time.Date(2026, 7, 1, 4, 0, 0, 0, zone), 1650_00, "1001"}
	monday := LaterPrice{time.Date(2026, 6, 22, 4, 0, 0, 0, zone), 1490_00, "1001"}
	c.tap("The 1st")
	c.retype("New price", "16.5", fyne.KeyReturn)
	is(july)
	c.sees("¥16.50", "from 2026-07-01 04:00 · 陈宁")
	c.tap("Monday")
	c.retype("New price", "14.9")
	c.tap("Add")
	is(monday, july)
	// What cannot be is said, and sets nothing.
	for date, words := range map[string]string{"2026-06-18": "That day has begun. Change today's price under Item.", "2026-02-30": "A date as 2026-07-01.", "1": "A date as 2026-07-01."} {
		c.retype("From", date)
		c.retype("New price", "9", fyne.KeyReturn)
		c.sees(words)
		is(monday, july)
	}
	c.tap("Tomorrow")
	c.retype("New price", "-1", fyne.KeyReturn)
	c.sees("Such as 12.50, 0 or more.")
	is(monday, july)
	// One is taken away, and put back.
	p := c.w.page().(*itemsPage)
	p.dropPrice(monday)
	is(july)
	c.sees("¥14.90 removed")
	c.tap("Undo")
	is(monday, july)
	// The language may change meanwhile.
	c.w.SetLanguage("zh-Hans")
	c.sees("2026-07-01 04:00 起 · 陈宁", "2026-06-22 04:00 起 · 陈宁")
}

func TestShotsItemPrices(t *testing.T) {
	begin := func(c *counter) {
		fullShelf(c)
		it := c.good("501")
		at := time.Date(2026, 7, 1, 4, 0, 0, 0, time.FixedZone("", 8*3600))
		c.goods.later[it.ID] = []LaterPrice{{at, 1650_00, "1001"}, {at.AddDate(0, 1, 0), 1690_00, "1003"}}
		c.enter("1001", PageItems)
		c.w.page().(*itemsPage).open(it)
		c.tap(c.w.Say("items.part.prices"))
	}
	shoot(t, "item-prices", begin)
	shoot(t, "item-prices-wrong", func(c *counter) {
		begin(c)
		p := c.w.page().(*itemsPage)
		p.dropPrice(c.goods.later[p.state().edit.item.ID][0])
		p.state().edit.prices.date = "2026-06-18"
		p.addPrice()
	})
}
