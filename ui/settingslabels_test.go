package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// labelled is a label with its check digit.
func labelled(t *testing.T, body string) string {
	t.Helper()
	for d := '0'; d <= '9'; d++ {
		if till.GTINCheck(body + string(d)) {
			return body + string(d)
		}
	}
	t.Fatalf("%s has no check digit", body)
	return ""
}

func TestTheTillLearnsTheLabelsOfAScale(t *testing.T) {
	one, other := labelled(t, "212000100756"), labelled(t, "212000101234")
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.tap("Scale labels")
	c.sees("None yet: labels of a scale cannot be sold.")
	c.scan(one)
	c.sees(one)
	c.hand(".756", fyne.KeyReturn)
	c.sees("13 digits that begin with 21", "Item number of 5 digits, then the weight in steps of 1 g", "This one reads: item 20001 · 0.756 kg")
	// The same label shows nothing new, one that was not read whole neither.
	c.scan(one)
	c.sees("Take another label, of another weight.")
	c.scan(other[:12] + string('0'+(other[12]-'0'+1)%10))
	c.sees("Not a full read. Scan again.")
	c.scan(labelled(t, "222000101234"))
	c.sees("Another kind of label: it needs its own rule.")
	c.scan(other)
	c.sees("Item 20001 · 1.234 kg", "Bananas")
	if len(settingsSent(c)) != 0 {
		t.Fatalf("sent before it was kept: %v", c.sent)
	}
	c.tap("Right, save the rule")
	rules, err := till.ParseLabelRules(c.w.View().Settings.LabelRules)
	if err != nil || len(rules) != 1 || rules[0] != (till.LabelRule{Prefix: "21", Digits: 13, ItemDigits: 5, Value: till.LabelWeight, Grams: 1}) {
		t.Fatalf("the rules are %+v, %v", rules, err)
	}
	c.sees("All saved", "Code of the label")
	// And it sells.
	c.w.Home()
	c.scan(other)
	c.due(839)
	if l := c.w.View().Sale.Lines[0]; l.Qty != 1234 || l.Name != "香蕉" {
		t.Fatalf("sold %+v", l)
	}
	c.scan(labelled(t, "210009900500"))
	c.due(839).sees("No item has the label's number 00099, or it is not sold by weight.")
}

func TestTheTillLearnsLabelsOfEighteenDigitsAndForgetsThem(t *testing.T) {
	c := inOffice(t, 1024, 768, PageSettings, nil)
	c.tap("Scale labels")
	c.scan(labelled(t, "25000420125000756"))
	c.tap("Find the rule")
	c.sees("Type the weight or the price on it.")
	c.retype("Weight on it, kg", "0.5")
	c.tap("Find the rule")
	c.sees("Nothing in the code says this. Check it.")
	c.retype("Weight on it, kg", "0.756")
	c.retype("Price on it", "12.5", fyne.KeyReturn)
	c.sees("Item number of 5 digits, then the price in steps of ¥0.01, then the weight in steps of 1 g")
	c.scan(labelled(t, "25000430200001000"))
	c.sees("Item 00043 · 1 kg · ¥20.00", "No item has this number yet")
	c.tap("Right, save the rule")
	if got := c.w.View().Settings.LabelRules; got != `[{"prefix":"25","digits":18,"item_digits":5,"value":"price","grams":1,"minor":1}]` {
		t.Fatalf("saved %s", got)
	}
	// The same labels once more replace their rule, and a bin takes it away once that is saved.
	p := c.w.page().(*settingsPage)
	p.setLabelRules(nil)
	if c.w.View().Settings.LabelRules == "" {
		t.Fatal("forgotten before it was saved")
	}
	c.press(fyne.KeyF9)
	if got := c.w.View().Settings.LabelRules; got != "" {
		t.Fatalf("kept %s", got)
	}
	// Goods of a maker, and a number of 13 digits that says two things.
	c.scan(milk)
	c.hand("6.789", fyne.KeyReturn)
	c.sees("13 digits begin with 02, 04 or 20-29; 18 digits not with 10-15.")
	c.scan(labelled(t, "210004200750"))
	c.retype("Weight on it, kg", "0.75")
	c.retype("Price on it", "7.5", fyne.KeyReturn)
	c.sees("More than one way fits: type the number, or take another label.")
}

func TestShotsLabels(t *testing.T) {
	begin := func(c *counter) {
		c.goods.items = append(c.goods.items, till.Item{ID: till.ID{77}, Code: "42", Name: "香蕉", NameEN: "Bananas", Unit: "kg", Weighed: true, Price: 680 * money.UnitPrice(100)})
		c.run.SignOn("1001")
		c.run.OK(till.SetSetting{Settings: []till.Setting{{Key: "label_rules", Value: `[{"prefix":"25","digits":18,"item_digits":5,"value":"price"},{"prefix":"22","digits":13,"item_digits":5,"value":"price"}]`}}})
		c.show()
		c.w.Open(PageSettings)
		c.tap(c.w.Say("settings.tab.labels"))
	}
	shoot(t, "labels", begin)
	shoot(t, "labels-several", func(c *counter) {
		begin(c)
		c.scan(labelled(c.T, "210004200750"))
		c.hand("0.75")
		c.press(fyne.KeyTab)
		c.w.page().(*settingsPage).labelTyped("price", "7.5")
		c.w.page().(*settingsPage).teachLabel()
	})
	shoot(t, "labels-read", func(c *counter) {
		begin(c)
		c.scan(labelled(c.T, "210004200756"))
		c.hand(".756", fyne.KeyReturn)
		c.scan(labelled(c.T, "210004201234"))
	})
}
