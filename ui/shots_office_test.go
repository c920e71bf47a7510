package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// signedOn is a counter with the books behind it, the person signed on and a shift open.
func signedOn(who string) func(t *testing.T, width, height float32) *counter {
	return func(t *testing.T, width, height float32) *counter {
		c, _ := backAt(t, width, height)
		c.run.SignOn(who)
		c.run.OK(till.OpenShift{Float: 50000})
		c.now = c.run.Clock
		c.show()
		return c
	}
}

// nobody is a counter with the books behind it, where nobody is signed on.
func nobody(t *testing.T, width, height float32) *counter {
	c, _ := backAt(t, width, height)
	return c
}

// at moves the register's clock and the window's to a time of a day of June 2026.
func (c *counter) at(day, hour, minute int) {
	c.run.Clock = time.Date(2026, 6, day, hour, minute, 0, 0, c.run.Clock.Location())
	c.now = c.run.Clock
}

// sells rings goods up and takes the due for them: in cash, or on a card with its reference.
func (c *counter) sells(card string, goods ...string) {
	c.Helper()
	for _, code := range goods {
		c.run.OK(till.AddItem{Item: c.good(code), Qty: money.One})
	}
	if card == "" {
		c.run.OK(till.PayCash{})
	} else {
		c.run.OK(till.Pay{Kind: till.Card, Amount: c.run.Reg.View().Due, Ref: card})
	}
	if c.run.Reg.View().Sale != nil {
		c.Fatalf("the sale did not complete: due %d", c.run.Reg.View().Due)
	}
}

// aWeek is two days of trade with a week between them: two shifts, a return, a void, a mended tender and cash out.
func aWeek(c *counter) {
	fullShelf(c)
	codes(c)
	for h, goods := range []string{"501", "502", "405", "504", "410", "503"} {
		c.at(18, 10+h, 12)
		c.sells("", goods, "401")
	}
	c.at(18, 21, 30)
	c.run.OK(till.CloseShift{Count: till.Count{{Denomination: 10000, N: 6}, {Denomination: 10, N: 5}}, Reason: "零钱抹零"})
	c.at(25, 7, 30)
	c.run.OK(till.OpenShift{Float: 50000})
	for h, goods := range [][]string{{"401", "404"}, {"501", "502", "403"}, {"405"}, {"504", "409"}, {"411", "412", "405"}, {"410", "504", "501"}} {
		c.at(25, 7+h, 40)
		c.sells("", goods...)
		c.sells("4242/001234", "501", "402")
	}
	c.at(25, 13, 5)
	for _, code := range []string{"410", "504", "501"} {
		c.run.OK(till.AddItem{Item: c.good(code), Qty: money.One})
	}
	c.run.OK(till.DiscountLine{Line: 2, Discount: till.Discount{Amount: 200, Reason: "老顾客"}})
	c.run.OK(till.Pay{Kind: till.Card, Amount: 4000, Ref: "4242/001299"})
	c.sells("")
	c.at(25, 13, 20)
	last := c.run.Reg.View().Next - 1
	c.run.OK(till.TakeReturn{Receipt: last, Lines: []till.ReturnOf{{Line: 3, Qty: money.One}}, Reason: "质量问题"})
	c.run.OK(till.PostVoid{Receipt: last - 1, Reason: "重复录入"})
	c.run.OK(till.MoveCash{Kind: till.PaidOut, Amount: 8000, Reason: "供应商货款"})
	c.at(25, 14, 2)
	c.show()
}

func (c *counter) lastSale() int {
	for n := c.run.Reg.View().Next - 1; n > 0; n-- {
		if s, err := c.run.J.Sold(c.ctx, n); err == nil && !s.Voided {
			return n
		}
	}
	return 0
}

func TestShotsOffice(t *testing.T) { officeStates(t, shootFrom) }

// A window no higher than a small notebook's screen still holds every page.
func TestOfficeFitsALowWindow(t *testing.T) {
	officeStates(t, func(t *testing.T, name string, begin func(t *testing.T, width, height float32) *counter, state func(c *counter)) {
		t.Run(name, func(t *testing.T) {
			c := begin(t, 1024, 600)
			c.w.SetLanguage("en")
			state(c)
			savePicture(t, c, "low-"+name)
			if !c.overlaid {
				c.isTidy(c.win.Content())
			}
		})
	})
}

// officeStates brings the pages behind the menu, and the sign-on, into the states that are looked at.
func officeStates(t *testing.T, shootFrom func(t *testing.T, name string, begin func(t *testing.T, width, height float32) *counter, state func(c *counter))) {
	owner, cashier := signedOn("1001"), signedOn("1002")
	shootFrom(t, "signon", nobody, func(*counter) {})
	shootFrom(t, "signon-cashier", nobody, func(c *counter) { c.press(fyne.KeyDown); c.hand("482") })
	shootFrom(t, "signon-locked", cashier, func(c *counter) {
		fullCart(c)
		c.Do(till.SignOff{})
		v := c.w.View()
		v.Seq++
		v.Notice = &till.Notice{Seq: v.Seq, Kind: till.Refused, Code: till.PINLocked, Detail: "30"}
		c.w.Show(v)
	})
	shootFrom(t, "menu-owner", owner, func(c *counter) { fullCart(c); c.press(fyne.KeyF10); c.overlaid = true })
	shootFrom(t, "menu-cashier", cashier, func(c *counter) { fullCart(c); c.press(fyne.KeyF10); c.overlaid = true })
	for _, kind := range []till.CashKind{till.NoSale, till.PaidOut} {
		shootFrom(t, "drawer-"+string(kind), cashier, func(c *counter) {
			c.w.Open(PageDrawer)
			c.tap(c.w.Say("drawer." + string(kind)))
			c.tap(c.w.Say("drawer.reason." + string(kind) + ".1"))
			c.hand("80")
		})
	}
	shootFrom(t, "drawer-approval", cashier, func(c *counter) {
		c.w.Open(PageDrawer)
		c.tap(c.w.Say("drawer.paid_out"))
		c.tap(c.w.Say("drawer.reason.paid_out.1"))
		c.hand("80", fyne.KeyF9)
	})
	shootFrom(t, "shift-open-first", nobody, func(c *counter) { c.run.SignOn("1002"); c.show() })
	shootFrom(t, "shift-open", owner, func(c *counter) {
		aWeek(c)
		c.Do(till.CloseShift{Count: till.Count{{Denomination: 10000, N: 5}, {Denomination: 5000, N: 2}}, Reason: "找零出错"})
		c.press(fyne.KeyReturn)
		c.press(fyne.KeyF6)
	})
	count := func(c *counter) {
		aWeek(c)
		c.w.Open(PageShift)
		for _, n := range []string{"5", "2", "3", "1", "7"} {
			c.hand(n, fyne.KeyReturn)
		}
	}
	shootFrom(t, "shift-count", owner, count)
	shootFrom(t, "shift-variance", owner, func(c *counter) { count(c); c.press(fyne.KeyF9) })
	shootFrom(t, "shift-closed", owner, func(c *counter) {
		count(c)
		c.press(fyne.KeyF9)
		c.tap(c.w.Say("shift.reason.change"))
		c.press(fyne.KeyF9)
	})
	report := func(c *counter) {
		aWeek(c)
		c.w.ports.Office.Books.(*archive).paidByPhone()
		c.w.Open(PageReport)
	}
	shootFrom(t, "report", owner, report)
	shootFrom(t, "report-empty", owner, func(c *counter) { c.w.Open(PageReport) })
	shootFrom(t, "report-range", owner, func(c *counter) { report(c); c.w.page().(*reportPage).set(20260615, 20260625) })
	shootFrom(t, "report-calendar", owner, func(c *counter) { report(c); c.tap(c.w.rangeName(20260625, 20260625)) })
	shootFrom(t, "report-zs", owner, func(c *counter) {
		report(c)
		p := c.w.page().(*reportPage)
		p.state().showZs = true
		p.redraw()
	})
	shootFrom(t, "report-exported", owner, func(c *counter) {
		report(c)
		c.w.page().(*reportPage).state().exporting = true
		c.w.page().(*reportPage).redraw()
		c.tap("PDF")
	})
	for _, v := range reportViews[1:] {
		shootFrom(t, "report-"+string(v), owner, func(c *counter) { report(c); c.w.page().(*reportPage).look(v) })
	}
	shootFrom(t, "report-range-times", owner, func(c *counter) {
		report(c)
		c.w.page().(*reportPage).set(20260615, 20260625)
		c.tap(c.w.Say("report.view.times"))
	})
	shootFrom(t, "report-figure", owner, func(c *counter) { report(c); c.tap(c.w.Say("report.refunds_title")) })
	compared := func(c *counter) { report(c); c.w.OpenWith(PageCompare, [2]till.BusinessDay{20260625, 20260625}) }
	shootFrom(t, "compare", owner, compared)
	shootFrom(t, "compare-week", owner, func(c *counter) { compared(c); c.tap(c.w.Say("report.preset.week")) })
	shootFrom(t, "compare-split", owner, func(c *counter) { compared(c); c.tap(c.w.Say("report.preset.split")); c.tap("18") })
	shootFrom(t, "compare-pick", owner, func(c *counter) { compared(c); c.tap(c.w.Say("report.preset.split")) })
	for _, v := range earningsViews {
		shootFrom(t, "earnings-"+string(v), owner, func(c *counter) {
			report(c)
			c.tap(c.w.Say("report.earnings"))
			c.tap(c.w.Say("report.earned." + string(v)))
		})
	}
	history := func(c *counter) { aWeek(c); c.w.Open(PageHistory) }
	shootFrom(t, "history", owner, history)
	shootFrom(t, "history-found", owner, func(c *counter) {
		aWeek(c)
		c.w.OpenWith(PageHistory, FindSales{From: 20260601, To: 20260625, Kind: till.Card, Text: "雨伞"})
	})
	shootFrom(t, "history-none", owner, func(c *counter) { history(c); c.press(fyne.KeyF2); c.hand("牙线", fyne.KeyReturn) })
	shootFrom(t, "returns-start", cashier, func(c *counter) { c.w.Open(PageReturns) })
	sale := func(c *counter) { aWeek(c); c.w.OpenWith(PageReturns, c.lastSale()) }
	shootFrom(t, "returns", owner, func(c *counter) { sale(c); c.hand(" "); c.hand("1") })
	shootFrom(t, "returns-typed", owner, func(c *counter) {
		sale(c)
		c.hand(" ")
		c.press(fyne.KeyDown)
		c.hand(" ")
		c.tap(c.w.Say("returns.now"))
		c.hand("12.5")
	})
	shootFrom(t, "returns-none", owner, func(c *counter) { aWeek(c); c.w.OpenWith(PageReturns, 4711) })
	shootFrom(t, "returns-done", owner, func(c *counter) { sale(c); c.hand(" "); c.hand("1"); c.press(fyne.KeyF9) })
	shootFrom(t, "loose", cashier, func(c *counter) {
		c.w.Open(PageLoose)
		looseGoods(c)
	})
	shootFrom(t, "loose-approval", cashier, func(c *counter) {
		c.w.Open(PageLoose)
		looseGoods(c)
		c.tap(c.w.Say("returns.reason"))
		c.hand("没有小票", fyne.KeyReturn)
		c.press(fyne.KeyF9)
	})
	shootFrom(t, "mend", owner, func(c *counter) {
		aWeek(c)
		c.w.OpenWith(PageMend, c.lastSale())
		c.tap(c.w.Say("tender.name.transfer"))
	})
	shootFrom(t, "items", owner, func(c *counter) { fullShelf(c); c.w.Open(PageItems) })
	shootFrom(t, "items-edit", owner, func(c *counter) {
		fullShelf(c)
		c.w.OpenWith(PageItems, c.good("501"))
	})
	shootFrom(t, "items-fault", owner, func(c *counter) {
		fullShelf(c)
		c.w.OpenWith(PageItems, "6901234500080")
		c.tap(c.w.Say("items.field.price"))
		c.hand("-1", fyne.KeyF9)
	})
	shootFrom(t, "import-file", owner, func(c *counter) { c.w.Open(PageImport); c.tap("KINGSTON") })
	columns := func(c *counter) { c.w.Open(PageImport); c.tap("青禾便利店"); c.tap("goods.csv") }
	shootFrom(t, "import-columns", owner, columns)
	shootFrom(t, "import-look", owner, func(c *counter) { columns(c); c.press(fyne.KeyReturn) })
	shootFrom(t, "import-done", owner, func(c *counter) { columns(c); c.press(fyne.KeyReturn); c.press(fyne.KeyReturn) })
	shootFrom(t, "audit", owner, func(c *counter) { aWeek(c); c.w.Open(PageAudit) })
	shootFrom(t, "audit-intact", owner, func(c *counter) { aWeek(c); c.w.Open(PageAudit); c.press(fyne.KeyF9) })
	shootFrom(t, "audit-fault", owner, func(c *counter) {
		aWeek(c)
		c.w.ports.Office.Journal.(*archive).fault, c.w.ports.Office.Journal.(*archive).at = "record 41: the hash of the record before differs", 41
		c.w.Open(PageAudit)
		c.press(fyne.KeyF9)
	})
}

// looseGoods types two things that come back.
func looseGoods(c *counter) {
	for _, x := range [][2]string{{"雨伞", "19.90"}, {"抽纸", "23"}} {
		c.tap(c.w.Say("loose.name"))
		c.hand(x[0], fyne.KeyReturn)
		c.hand(x[1], fyne.KeyReturn)
	}
}
