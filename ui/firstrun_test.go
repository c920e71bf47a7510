package ui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// founder is a shop that is founded in a test: it notes what it was asked for and starts the counter's register.
type founder struct {
	c        *counter
	asked    []Founding
	begun    int
	refuse   error
	noBegin  error
	founded  bool
	recovery string
}

func (f *founder) Founded() bool { return f.founded }

func (f *founder) Found(_ context.Context, x Founding) (string, error) {
	f.asked = append(f.asked, x)
	return f.recovery, f.refuse
}

func (f *founder) Begin(context.Context) error {
	f.begun++
	if f.noBegin != nil {
		return f.noBegin
	}
	f.founded = true
	f.c.run.SignOn("1001")
	f.c.show()
	return nil
}

func firstRun(t *testing.T) (*counter, *founder) {
	return firstRunAt(t, 1366, 768)
}

func firstRunAt(t *testing.T, width, height float32) (*counter, *founder) {
	c := opened(t, width, height)
	f := &founder{c: c, recovery: "ABCDE-12345-FGHJK-67890"}
	c.w.ports.Shop = f
	c.show()
	return c, f
}

// A shop is founded by typing four things and Enter, in under the time it takes to type them; what is not asked has
// its default.
func TestFirstRunFoundsAShopByFourFieldsAndEnter(t *testing.T) {
	c, f := firstRun(t)
	c.w.SetLanguage("en")
	c.sees("Open in two minutes", "Shop name, printed on receipts", "Owner's name")
	c.hand("Qinghe", fyne.KeyReturn)
	c.hand("Chen Ning", fyne.KeyReturn)
	c.hand("qh2026till", fyne.KeyReturn)
	if len(f.asked) != 0 {
		t.Fatalf("founded before the PIN was repeated: %+v", f.asked)
	}
	c.hand("qh2026till", fyne.KeyReturn)
	want := Founding{Shop: "Qinghe", Currency: "CNY", Zone: "Asia/Shanghai", DayStart: "04:00", Owner: "Chen Ning", PIN: "qh2026till", Taxes: "standard=0%:inclusive", CashRound: "0.01", Language: "en"}
	if len(f.asked) != 1 || f.asked[0] != want {
		t.Fatalf("founded %+v, want %+v", f.asked, want)
	}
	c.sees("ABCDE-12345-FGHJK-67890", "It is shown this once; the till itself cannot look it up.")
	if s := c.w.office.first; len(s.pin.pin)+len(s.pin.again) != 0 {
		t.Fatal("the PIN is still held after the shop was founded")
	}

	// Neither Enter nor a second tap within the pause takes the code away; words in another language do not either.
	c.press(fyne.KeyReturn)
	c.tap("I wrote it down, start selling")
	c.w.SetLanguage("zh-Hans")
	c.sees("ABCDE-12345-FGHJK-67890", "请抄下恢复码")
	if f.begun != 0 {
		t.Fatal("the recovery code was left by a key or a tap that was meant for the page before")
	}
	c.wait(2 * recoveryPause)
	c.tap("已抄好，开始卖")
	if f.begun != 1 || c.w.at == PageFirstRun {
		t.Fatalf("begun %d times, at %s", f.begun, c.w.at)
	}
	if c.w.office.first.recovery != "" {
		t.Fatal("the recovery code is kept after the page was left")
	}
}

func TestFirstRunRefusesWithWordsAtTheField(t *testing.T) {
	c, f := firstRun(t)
	c.tap("开始卖")
	c.sees("请填店名。", "请填店主姓名。", "请设一个 PIN。")
	c.w.SetLanguage("en")
	c.sees("Type the shop's name.", "Choose a PIN.")
	c.w.SetLanguage("zh-Hans")
	c.hand("青禾", fyne.KeyReturn)
	c.hand("陈宁", fyne.KeyReturn)
	c.hand("1357", fyne.KeyReturn)
	c.hand("1357", fyne.KeyReturn)
	c.sees("太短：至少 8 个字符。")
	c.hand("2468", fyne.KeyReturn)
	c.sees("两次输入的不一样，请再输一次。")
	if len(f.asked) != 0 {
		t.Fatalf("a wrong PIN founded %+v", f.asked)
	}
	f.refuse = &till.Error{Code: till.PINTooWeak, Detail: "owner"}
	c.hand("2468", fyne.KeyReturn)
	c.sees("太简单：不能连号或全是同一个字符。")
	f.refuse = errors.New("disk full at /secret/place")
	c.tap("开始卖")
	c.sees("没有开成：账本没有建好。")
	c.w.SetLanguage("en")
	c.sees("The shop was not opened: the books could not be made.")
	for _, x := range c.words() {
		if strings.Contains(x, "secret") || strings.Contains(x, "13572468") {
			t.Fatalf("the screen says %q", x)
		}
	}
	if len(f.asked) != 2 || f.asked[1].PIN != "13572468" || f.asked[1].Shop != "青禾" {
		t.Fatalf("asked %+v", f.asked)
	}
}

func TestFirstRunKeepsWhatWasTypedInAnotherLanguage(t *testing.T) {
	c, f := firstRun(t)
	c.hand("青禾", fyne.KeyReturn)
	c.hand("陈宁", fyne.KeyReturn)
	c.hand("abcd9876", fyne.KeyReturn)
	c.tap("English")
	c.w.SetDark(true)
	c.tap("The PIN again")
	c.hand("abcd9876")
	c.tap("More: CNY, tax 0%, time zone")
	c.tap("Tax rate, %")
	c.press(fyne.KeyBackspace)
	c.hand("8.875")
	c.tap("added")
	c.tap("With sample goods")
	c.press(fyne.KeyF9)
	want := Founding{Shop: "青禾", Currency: "CNY", Zone: "Asia/Shanghai", DayStart: "04:00", Owner: "陈宁", PIN: "abcd9876", Taxes: "standard=8.875%:exclusive", CashRound: "0.01", Language: "en", Sample: true}
	if len(f.asked) != 1 || f.asked[0] != want {
		t.Fatalf("founded %+v, want %+v", f.asked, want)
	}
}

func TestFirstRunFaultsBehindMoreOpenIt(t *testing.T) {
	c, f := firstRun(t)
	c.w.SetLanguage("en")
	c.hand("A", fyne.KeyReturn)
	c.hand("B", fyne.KeyReturn)
	c.hand("abcd9876", fyne.KeyReturn)
	f.refuse = &till.Error{Code: till.BadSetting, Detail: "zone"}
	c.hand("abcd9876", fyne.KeyReturn)
	c.sees("No such zone; for example Asia/Shanghai.", "Less")
	c.tap("Day starts at")
	for range 5 {
		c.press(fyne.KeyBackspace)
	}
	c.hand("25:00")
	c.press(fyne.KeyF9)
	c.sees("Hours and minutes, such as 04:00.")
	if len(f.asked) != 1 {
		t.Fatalf("a day that starts at 25:00 founded %+v", f.asked)
	}
}

func TestFirstRunHearsTheScannerAndStartsAgainAfterAFault(t *testing.T) {
	c, f := firstRun(t)
	c.scan("6901234567892")
	c.sees("已读到 6901234567892，可以用")
	if got := c.w.office.first.form.Shop; got != "" {
		t.Fatalf("the scan stands in the shop's name: %q", got)
	}
	c.hand("青禾", fyne.KeyReturn)
	c.hand("陈宁", fyne.KeyReturn)
	c.hand("abcd9876", fyne.KeyReturn)
	c.hand("abcd9876", fyne.KeyReturn)
	f.noBegin = errors.New("port in use")
	c.wait(2 * recoveryPause)
	c.press(fyne.KeyF9)
	c.sees("收银台还没有打开。", "ABCDE-12345-FGHJK-67890")
	f.noBegin = nil
	c.press(fyne.KeyF9)
	if f.begun != 2 || c.w.at == PageFirstRun {
		t.Fatalf("begun %d times, at %s", f.begun, c.w.at)
	}
}

// Words that an input method commits at once, and letters typed as fast as a scanner, are no scan.
func TestFirstRunTakesWordsAtAnySpeed(t *testing.T) {
	c, f := firstRun(t)
	c.scan("青禾便利店和平路分店", "Chen Ning of Qinghe")
	c.scan("abcd9876", "abcd9876")
	if len(f.asked) != 1 || f.asked[0].Shop != "青禾便利店和平路分店" || f.asked[0].Owner != "Chen Ning of Qinghe" || f.asked[0].PIN != "abcd9876" {
		t.Fatalf("founded %+v", f.asked)
	}
}
