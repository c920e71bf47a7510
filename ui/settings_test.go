package ui

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// slipPrinter draws an empty slip and notes what it was asked for.
type slipPrinter struct {
	drawn, printed []till.Settings
	refuse         error
	logo           string // the file it was taken from
}

func (s *slipPrinter) HasLogo(context.Context) (bool, error) { return s.logo != "", nil }

func (s *slipPrinter) SetLogo(_ context.Context, file string) error {
	if file == "/media/stick/notes.png" {
		return &till.Error{Code: till.BadPicture}
	}
	s.logo = file
	return nil
}

func (s *slipPrinter) Receipt(_ context.Context, x till.Settings) (image.Image, error) {
	s.drawn = append(s.drawn, x)
	img := image.NewGray(image.Rect(0, 0, 12*x.Paper.Columns, 900))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 40; x < 300; x++ {
		img.Set(x, 60, color.Black)
	}
	return img, s.refuse
}

func (s *slipPrinter) PrintSample(_ context.Context, x till.Settings) error {
	s.printed = append(s.printed, x)
	return s.refuse
}

// inOffice signs the owner on and opens a page of the office.
func inOffice(t *testing.T, width, height float32, name PageName, ports func(*Ports)) *counter {
	c := opened(t, width, height)
	if ports != nil {
		ports(&c.w.ports)
	}
	c.run.SignOn("1001")
	c.run.OK(till.OpenShift{Float: 20000})
	c.show()
	c.w.SetLanguage("en")
	c.w.Open(name)
	if c.w.at != name {
		t.Fatalf("%s did not open: at %s", name, c.w.at)
	}
	c.sent = nil
	return c
}

// retype empties the field of a name and types into it.
func (c *counter) retype(name, text string, keys ...fyne.KeyName) {
	c.Helper()
	c.tap(name)
	f, ok := c.win.Canvas().Focused().(interface{ SelectAll() })
	if !ok {
		c.Fatalf("%q is no field", name)
	}
	f.SelectAll()
	c.press(fyne.KeyBackspace)
	c.hand(text, keys...)
}

func settingsSent(c *counter) []till.Setting {
	var out []till.Setting
	for _, x := range c.sent {
		if s, ok := x.(till.SetSetting); ok {
			out = append(out, s.Settings...)
		}
	}
	return out
}

func TestSettingsSaveWhatWasTypedInOneAct(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.sees("All saved")
	c.retype("Shop name in English", "Qinghe Mart")
	c.retype("Phone", "010-5550100")
	c.sees("2 changes are not saved")
	c.tap("Money")
	c.retype("Round cash to", ".1")
	c.tap("Down")
	c.tap("Limits")
	c.retype("Cashier's discount limit, %", "12.5")
	c.tap("Blind count")
	if len(settingsSent(c)) != 0 {
		t.Fatalf("sent before it was saved: %v", c.sent)
	}
	c.w.SetDark(true)
	c.w.SetLanguage("zh-Hans")
	c.sees("有 6 处改动没有保存")
	c.press(fyne.KeyF9)
	want := []till.Setting{{Key: "shop.name_en", Value: "Qinghe Mart"}, {Key: "shop.phone", Value: "010-5550100"}, {Key: "cash_round", Value: "0.1"},
		{Key: "cash_round_mode", Value: "down"}, {Key: "limit.discount", Value: "12.5"}, {Key: "blind_count", Value: "false"}}
	if got := settingsSent(c); !slices.Equal(got, want) || len(c.sent) != 1 {
		t.Fatalf("sent %v in %d acts, want %v in one", got, len(c.sent), want)
	}
	s := c.w.View().Settings
	if s.Shop.NameEN != "Qinghe Mart" || s.CashRounding.Step != 10 || s.Limits.CashierDiscount != 125_000 || s.BlindCount {
		t.Fatalf("the register has %+v", s)
	}
	c.sees("都已保存")
}

func TestSettingsRefuseWithWordsAtTheFieldAndSaveNothing(t *testing.T) {
	c := inOffice(t, 1024, 768, PageSettings, nil)
	c.retype("Phone", "1")
	c.tap("Money")
	c.retype("Business day starts at", "25:00", fyne.KeyF9)
	c.sees("Hours and minutes, such as 04:00.")
	if len(settingsSent(c)) != 0 {
		t.Fatalf("sent %v", c.sent)
	}
	c.retype("Business day starts at", "05:30")
	// The zone is looked up by the register, which refuses it.
	c.retype("Time zone", "Mars/Base", fyne.KeyF9)
	c.sees("No such zone; for example Asia/Shanghai.")
	if s := c.w.View().Settings; s.DayStart.String() != "04:00" || s.Shop.Phone != "" {
		t.Fatalf("part of a refused change was saved: %v %q", s.DayStart, s.Shop.Phone)
	}
	c.w.office.shop.draft["foreign_rates"] = "USD"
	c.retype("Time zone", "Asia/Shanghai", fyne.KeyF9)
	c.sees("As USD=7.10, with spaces between.")
	c.w.office.shop.draft["foreign_rates"] = "USD=7.10"
	c.press(fyne.KeyF9)
	if s := c.w.View().Settings; s.DayStart.String() != "05:30" || s.Shop.Phone != "1" {
		t.Fatalf("not saved: %v %q", s.DayStart, s.Shop.Phone)
	}
	c.tap("Shop")
	c.retype("Shop name", "")
	c.press(fyne.KeyF9)
	c.sees("A shop needs a name.")
	c.tap("Discard")
	if s := c.w.View().Settings; s.Shop.Name != "青禾便利店" || len(c.w.office.shop.draft) != 0 {
		t.Fatalf("the shop is %q, drafts %v", s.Shop.Name, c.w.office.shop.draft)
	}
}

func TestSettingsKeepUnsavedChangesOverALookAtTheSale(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.retype("Address", "示例路 18 号")
	c.press(fyne.KeyEscape)
	if c.w.at == PageSettings {
		t.Fatal("Esc did not go back")
	}
	c.w.Open(PageSettings)
	c.sees("1 change is not saved")
	c.tap("Save")
	if got := c.w.View().Settings.Shop.Address; got != "示例路 18 号" {
		t.Fatalf("the address is %q", got)
	}
}

func TestSettingsChangeTaxes(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.tap("Money")
	c.tap("Add a tax")
	c.press(fyne.KeyF9)
	c.sees("A code of its own.")
	c.tap("A code of its own.")
	c.hand("food", fyne.KeyF9)
	c.sees("A code of its own.") // there is a "food" already
	c.hand("2", fyne.KeyF9)
	want := "standard=13%:inclusive food=9%:inclusive us=8.875%:exclusive food2=0%:inclusive"
	if got, _ := settingOf(c, "taxes"); got != want {
		t.Fatalf("the taxes are %q, want %q", got, want)
	}
}

func settingOf(c *counter, key string) (string, bool) {
	s := c.w.View().Settings
	return s.Get(key)
}

func TestSettingsReceiptShowsAndPrintsWhatIsNotSavedYet(t *testing.T) {
	slips := &slipPrinter{}
	c := inOffice(t, 1366, 768, PageSettings, func(p *Ports) { p.Office.Slips = slips })
	c.tap("Receipt")
	c.tap("58 mm")
	c.retype("Footer, second line", "Return within 7 days")
	last := slips.drawn[len(slips.drawn)-1]
	if last.Paper.Columns != 32 || last.Paper.Footer != "谢谢惠顾  Thank you\nReturn within 7 days" {
		t.Fatalf("the preview is of %+v", last.Paper)
	}
	c.tap("Print sample")
	if len(slips.printed) != 1 || slips.printed[0].Paper != last.Paper {
		t.Fatalf("printed %+v", slips.printed)
	}
	c.sees("The sample was sent to the printer.")
	slips.refuse = errors.New("10.0.0.9: secret refused")
	c.tap("Print sample")
	c.sees("The sample was not printed.")
	for _, x := range c.words() {
		if strings.Contains(x, "secret") {
			t.Fatalf("the screen says %q", x)
		}
	}
	if got, _ := settingOf(c, "paper.columns"); got != "48" {
		t.Fatalf("a preview changed the paper to %s", got)
	}
}

func TestShotsSetupSettings(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter {
		return inOffice(t, w, h, PageSettings, func(p *Ports) { p.Office.Slips = &slipPrinter{}; p.Office.Practice = func(bool) {} })
	}
	for i, tab := range settingsTabs {
		shootSetup(t, "settings-"+tab.key, run, func(c *counter) {
			c.w.office.shop.tab = settingsTab(i)
			c.w.Refresh()
			if settingsTab(i) == tabMoney {
				c.w.office.shop.draft["day_start"] = "25:00"
				c.w.Refresh()
				c.press(fyne.KeyF9)
			}
		})
	}
}

// Somebody without the right is asked for the owner's PIN in place, and what was typed is kept meanwhile.
func TestSettingsAreApprovedInPlace(t *testing.T) {
	c := opened(t, 1366, 768)
	c.run.SignOn("1003")
	c.show()
	c.w.SetLanguage("en")
	c.w.Open(PageSettings)
	c.retype("Phone", "010-5550100", fyne.KeyF9)
	if c.w.View().Approval == nil || c.w.View().Settings.Shop.Phone != "" {
		t.Fatalf("saved without the right: %+v", c.w.View().Settings.Shop)
	}
	c.sees("1 change is not saved")
	c.hand("1001", fyne.KeyReturn)
	if got := c.w.View().Settings.Shop.Phone; got != "010-5550100" {
		t.Fatalf("the phone is %q", got)
	}
	c.sees("All saved")
}

func TestSettingsOfTheTillsNumberEndWithTheFirstReceipt(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, nil)
	c.retype("Till number", "2a", fyne.KeyF9)
	if got, _ := settingOf(c, "till"); got != "2A" {
		t.Fatalf("the till is %q", got)
	}
	c.Do(till.AddItem{Item: c.goods.items[0]})
	c.Do(till.PayCash{})
	c.Do(till.NextSale{})
	c.w.Open(PageSettings)
	c.retype("Till number", "3", fyne.KeyF9)
	c.sees("One to three digits or capital letters; fixed after the first receipt.")
	if got, _ := settingOf(c, "till"); got != "2A" {
		t.Fatalf("the till is %q", got)
	}
}

// A choice at the foot of a sheet does not throw the sheet back to its head.
func TestSettingsStayWhereTheyWereScrolled(t *testing.T) {
	c := inOffice(t, 1024, 768, PageSettings, nil)
	c.tap("Money")
	p := c.w.page().(*settingsPage)
	c.win.Canvas().Focus(p.fields["foreign_rates"])
	was := p.kept["money"].Offset()
	if was <= 0 {
		t.Fatal("the field below the edge was not brought into view")
	}
	c.hand("USD=7.10")
	c.tap("Down")
	if got := p.kept["money"].Offset(); got != was {
		t.Fatalf("the sheet went from %v to %v", was, got)
	}
	c.press(fyne.KeyF9)
	if got, _ := settingOf(c, "foreign_rates"); got != "USD=7.10" {
		t.Fatalf("the rates are %q", got)
	}
}
