package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"guitai/till"
	"guitai/till/money"
)

// fullShelf is a morning's shop: the tiles and the cart of the design.
func fullShelf(c *counter) {
	add := func(code, name, en string, price money.UnitPrice, unit, category string) {
		it := till.Item{ID: till.ID{100, byte(len(c.goods.items))}, Code: code, Name: name, NameEN: en, Price: price, Unit: unit, Category: category}
		it.Weighed = unit == "kg"
		c.goods.items = append(c.goods.items, it)
	}
	c.goods.items = nil
	add("401", "鲜肉包", "Pork bun", 250_00, "个", "早餐")
	add("402", "豆沙包", "Bean bun", 200_00, "个", "早餐")
	add("403", "茶叶蛋", "Tea egg", 200_00, "个", "早餐")
	add("404", "现磨豆浆", "Soy milk, fresh", 400_00, "杯", "早餐")
	add("405", "冰美式", "Iced Americano", 1200_00, "杯", "饮料")
	add("406", "香蕉", "Bananas", 680_00, "kg", "生鲜")
	add("407", "苹果", "Apples", 990_00, "kg", "生鲜")
	add("408", "鲜玉米", "Sweet corn", 450_00, "个", "生鲜")
	add("409", "购物袋", "Shopping bag", 50_00, "个", "日用")
	add("410", "雨伞", "Umbrella", 1990_00, "把", "日用")
	add("411", "热狗", "Hot dog", 600_00, "个", "早餐")
	add("412", "关东煮 一串", "Oden skewer", 300_00, "串", "早餐")
	add("413", "冰块 1kg", "Ice 1kg", 500_00, "袋", "饮料")
	add("414", "打印 黑白", "Print, black", 100_00, "张", "日用")
	add("415", "充电宝租借", "Power bank rental", 300_00, "次", "日用")
	add("501", "鲜牛奶 1L", "Fresh milk 1L", 1590_00, "盒", "饮料")
	add("502", "全麦吐司 400g", "Whole-wheat toast 400g", 1250_00, "袋", "早餐")
	add("503", "无糖绿茶 500ml", "Green tea, no sugar 500ml", 500_00, "瓶", "饮料")
	add("504", "抽纸 6 包装", "Tissues, 6 packs", 2300_00, "提", "日用")
	c.w.sell = sellState{}
	c.w.Refresh()
}

func (c *counter) good(code string) till.Item {
	c.Helper()
	for _, it := range c.goods.items {
		if it.Code == code {
			return it
		}
	}
	c.Fatalf("no item %s", code)
	return till.Item{}
}

// put sells items by code, each with its quantity.
func (c *counter) put(code string, qty money.Quantity) {
	c.Helper()
	c.Do(till.AddItem{Item: c.good(code), Qty: qty})
}

// fullCart is the cart of the design: 7 lines, one of them weighed and one reduced.
func fullCart(c *counter) {
	fullShelf(c)
	c.put("501", 2*money.One)
	c.put("502", money.One)
	c.put("406", 750)
	c.put("403", 3*money.One)
	c.put("503", 2*money.One)
	c.put("409", money.One)
	c.put("504", money.One)
	c.Do(till.DiscountLine{Line: 5, Discount: till.Discount{Amount: 100, Reason: "老顾客"}})
}

// parkedTwo are two sales put aside.
func parkedTwo(c *counter) {
	fullShelf(c)
	c.put("504", money.One)
	c.Do(till.Park{})
	c.put("403", 2*money.One)
	c.put("408", money.One)
	c.Do(till.Park{})
}

// codes are what a shop with several payment codes shows.
func codes(c *counter) {
	c.w.SetMethods([]PayMethod{
		{Name: "pix", Kind: "qr:alipay", Title: "支付宝", TitleEN: "Alipay", Payee: "青禾便利店", Letter: 'A', Glyph: "支", Instructions: "听到账提示音，再看店主手机", InstructEN: "Hear the sound, then look at the owner's phone"},
		{Name: "wechat", Kind: "qr:wechatpay", Title: "微信支付", TitleEN: "WeChat Pay", Payee: "青禾便利店", Letter: 'W', Glyph: "微"},
		{Name: "union", Kind: "qr:unionpay", Title: "云闪付", TitleEN: "UnionPay", Letter: 'U', Glyph: "云", Off: c.w.Say("qr.confirm_needs")},
	})
}

func dollars(c *counter) {
	c.run.J.Settings.Rates = "USD=7.10 EUR=7.80"
	c.run.SignOn("1001")
	c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "foreign_rates", Value: "USD=7.10 EUR=7.80"}}})
	c.run.SignOn("1002")
	c.show()
}

func TestShotsSelling(t *testing.T) {
	shoot(t, "sell-empty", func(c *counter) {
		c.goods.items = nil
		c.w.SetMethods(nil)
		c.w.Refresh()
	})
	shoot(t, "sell-cart", func(c *counter) { parkedTwo(c); fullCart(c) })
	shoot(t, "sell-last-line", fullCart)
	shoot(t, "sell-entry", func(c *counter) { fullCart(c); c.hand("128.5") })
	shoot(t, "sell-quantity", func(c *counter) { fullCart(c); c.hand("3"); c.hand("*"); c.wait(letterWindow) })
	shoot(t, "sell-weight", func(c *counter) { fullCart(c); c.w.sellItem(c.good("407")); c.hand("1.25") })
	shoot(t, "sell-weighing", func(c *counter) {
		fullCart(c)
		c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Fine, State: "ready"}, {Kind: "scanner", Health: Fine, State: "ready"},
			{Kind: "scale", Health: Fine, State: "ready"}, {Kind: "pole", Health: Fault, State: "garbled"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}})
		c.w.SetWeighing(&Weighing{Grams: 1250})
		c.w.sellItem(c.good("407"))
	})
	shoot(t, "sell-weighing-same", func(c *counter) {
		fullCart(c)
		c.w.SetWeighing(&Weighing{State: "same"})
		c.w.sellItem(c.good("407"))
	})
	shoot(t, "sell-discount", func(c *counter) { fullCart(c); c.press(fyne.KeyF6); c.hand("8") })
	shoot(t, "sell-price", func(c *counter) { fullCart(c); c.w.Key(KeyEvent{Action: actPrice}); c.hand("19.9") })
	shoot(t, "sell-approval", func(c *counter) {
		fullCart(c)
		c.Do(till.DiscountSale{Discount: till.Discount{Percent: 200_000, Reason: "老顾客"}})
		c.hand("10")
	})
	shoot(t, "sell-new", func(c *counter) { fullCart(c); c.scan("6901234500080"); c.hand("薄荷糖") })
	shoot(t, "sell-search", func(c *counter) { fullCart(c); c.press(fyne.KeyF2); c.hand("包") })
	shoot(t, "sell-nothing-found", func(c *counter) { fullCart(c); c.press(fyne.KeyF2); c.hand("牙线") })
	shoot(t, "sell-bad-code", func(c *counter) { fullCart(c); c.scan("6901234567890") })
	shoot(t, "sell-voided", func(c *counter) { fullCart(c); c.press(fyne.KeyDelete) })
	shoot(t, "sell-faults", func(c *counter) {
		fullCart(c)
		c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Fault, State: "no_paper", Detail: "2"}, {Kind: "scanner", Health: Attention, State: "reconnecting", Detail: "3"},
			{Kind: "display", Health: Fine, State: "ready"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}})
	})
	shoot(t, "sell-practice", func(c *counter) {
		fullCart(c)
		v := c.w.View()
		v.Seq++
		v.Practice = true
		c.w.Show(v)
	})
	shoot(t, "pay", func(c *counter) { codes(c); dollars(c); fullCart(c); c.press(fyne.KeyF9) })
	shoot(t, "pay-first-day", func(c *counter) { fullCart(c); c.w.SetMethods(nil); c.press(fyne.KeyF9) })
	shoot(t, "pay-split", func(c *counter) { codes(c); fullCart(c); c.press(fyne.KeyF9); c.hand("50", fyne.KeyF8) })
	shoot(t, "pay-scanned", func(c *counter) { codes(c); fullCart(c); c.press(fyne.KeyF9); c.scan("6901234567892") })
	shoot(t, "cash", func(c *counter) { fullCart(c); c.press(fyne.KeyF8); c.hand("100") })
	shoot(t, "cash-short", func(c *counter) { fullCart(c); c.press(fyne.KeyF8); c.hand("50") })
	shoot(t, "card", func(c *counter) { fullCart(c); c.press(fyne.KeyF9); c.hand("c"); c.wait(letterWindow); c.hand("4242") })
	shoot(t, "transfer", func(c *counter) { fullCart(c); c.press(fyne.KeyF9); c.hand("b"); c.wait(letterWindow) })
	shoot(t, "foreign", func(c *counter) {
		dollars(c)
		fullCart(c)
		c.press(fyne.KeyF9)
		c.tap(c.w.Say("pay.foreign", "currency", "USD"))
	})
	shoot(t, "qr", func(c *counter) {
		codes(c)
		fullCart(c)
		c.press(fyne.KeyF9)
		c.hand("50", fyne.KeyF8)
		c.hand("a")
		c.wait(letterWindow)
	})
	shoot(t, "result", func(c *counter) { fullCart(c); c.hand("100", fyne.KeyF8) })
	shoot(t, "result-exact", func(c *counter) { fullCart(c); c.press(fyne.KeyF8); c.press(fyne.KeyReturn) })
	shoot(t, "stopped", func(c *counter) {
		fullCart(c)
		c.run.J.Fail = &till.Error{Code: till.CannotSave}
		c.put("401", money.One)
	})
	shoot(t, "keys", func(c *counter) { c.press(fyne.KeyF1) })
	shoot(t, "menu", func(c *counter) { fullCart(c); c.press(fyne.KeyF10); c.overlaid = true })
	shoot(t, "drawer", func(c *counter) { c.w.Open(PageDrawer) })
	shoot(t, "drawer-out", func(c *counter) { c.w.Open(PageDrawer); c.tap(c.w.Say("drawer.paid_out")); c.hand("35") })
	shoot(t, "pay-three", func(c *counter) {
		codes(c)
		fullCart(c)
		c.press(fyne.KeyF9)
		c.hand("20", fyne.KeyF8)
		c.Do(till.Pay{Kind: till.Card, Amount: 1000, Ref: "4242/001234"})
		c.hand("30", fyne.KeyF8)
	})
	shoot(t, "pay-refused", func(c *counter) {
		codes(c)
		fullCart(c)
		c.press(fyne.KeyF9)
		c.Do(till.Pay{Kind: till.Card, Amount: 99900})
	})
	shoot(t, "cash-cut", func(c *counter) { fullCart(c); c.press(fyne.KeyF8); c.Do(till.RoundDown{To: 100}) })
}

// The customer's window has both languages at once.
func TestShotsCustomer(t *testing.T) {
	states := []struct {
		name  string
		state func(c *counter)
	}{
		{"customer-idle", fullShelf},
		{"customer-cart", fullCart},
		{"customer-many", func(c *counter) {
			fullCart(c)
			for _, code := range []string{"401", "402", "404", "405", "408", "410", "411"} {
				c.put(code, money.One)
			}
		}},
		{"customer-paid-part", func(c *counter) { fullCart(c); c.hand("50", fyne.KeyF8) }},
		{"customer-qr", func(c *counter) { fullCart(c); c.hand("50", fyne.KeyF8); c.Do(till.ShowQR{Method: "pix"}) }},
		{"customer-thanks", func(c *counter) { fullCart(c); c.hand("100", fyne.KeyF8) }},
	}
	for _, s := range shots() {
		if s.lang == "en" && s.height == 768 && s.width == 1366 {
			continue
		}
		for _, st := range states {
			t.Run(st.name+"-"+s.String(), func(t *testing.T) {
				c := open(t, s.width, s.height)
				c.w.SetDark(s.dark)
				st.state(c)
				win := c.customer(s.width, s.height)
				saveWindow(t, win, st.name+"-"+s.String())
				c.isTidy(win.Content())
			})
		}
	}
}

// customer is the customer's window beside the till's, showing what the till shows.
func (c *counter) customer(width, height float32) fyne.Window {
	win := test.NewTempWindow(c.T, nil)
	win.SetPadded(false)
	cust := NewCustomer(c.w.ports.Now)
	win.SetContent(container.NewStack(cust.Object()))
	win.Resize(fyne.NewSize(width, height))
	cust.Show(c.w.View())
	return win
}

// A title bar and a taskbar take their part of a small screen.
func TestSellingPagesFitALowWindow(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1366, Height: 690}, {Width: 1024, Height: 600}} {
		for _, lang := range []string{"zh-Hans", "en"} {
			c := open(t, size.Width, size.Height)
			c.w.SetLanguage(lang)
			codes(c)
			dollars(c)
			fullCart(c)
			look := func(name string) {
				savePicture(t, c, "low-"+name+"-"+shot{size.Width, size.Height, lang, false}.String())
				c.isTidy(c.win.Content())
			}
			look("sell")
			c.press(fyne.KeyF9)
			look("pay")
			c.press(fyne.KeyF8)
			look("cash")
			c.press(fyne.KeyEscape)
			c.hand("20", fyne.KeyF8)
			look("split")
			c.hand("a")
			c.wait(letterWindow)
			look("qr")
			c.hand("1", fyne.KeyReturn)
			look("result")
		}
	}
}
