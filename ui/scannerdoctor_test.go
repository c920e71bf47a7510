package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
)

// doctor is the page that tries scanners out, before an installer.
func doctor(t *testing.T, width, height float32) *counter {
	c := inOffice(t, width, height, PageMenu, nil)
	c.w.SetLanguage("zh-Hans")
	c.goods.items = append(c.goods.items, till.Item{ID: till.ID{91}, Code: "2042", Name: "火腿", NameEN: "Ham", Unit: "kg", Weighed: true,
		Price: 880 * money.UnitPrice(100), Barcodes: []string{"6907992500010"}})
	c.w.ports.Bars = func(text string) []bool {
		// As wide as Code 128 is: eleven modules to each character, start and sum, thirteen to the stop.
		bars := make([]bool, 11*(len(text)+2)+13)
		for i := range bars {
			bars[i] = i%11 < 2 || i%11 == 3 || i%11 > 5 && i%11 < 9
		}
		return bars
	}
	c.w.Open(PageScanner)
	return c
}

// burst types text as a scanner does that takes so long for each key.
func (c *counter) burst(text string, each time.Duration, end fyne.KeyName) {
	c.wait(time.Second)
	for _, ch := range text {
		c.wait(each)
		c.rune(ch)
	}
	switch end {
	case fyne.KeyTab:
		c.w.keyDown(fyne.KeyTab)
	case "":
		c.wait(time.Second)
	default:
		c.press(end)
	}
}

func TestScannerDoctorFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		code   string
		each   time.Duration
		end    fyne.KeyName
		title  string
		remedy string
	}{
		"all is well":        {layoutCode, time.Millisecond, fyne.KeyReturn, "这把扫码枪设置正确，可以用", "再扫一件商品和一个付款码，就试全了。"},
		"with Tab":           {layoutCode, time.Millisecond, fyne.KeyTab, "这把扫码枪设置正确，可以用", ""},
		"with an identifier": {"]C0" + layoutCode, time.Millisecond, fyne.KeyReturn, "这把扫码枪设置正确，可以用", ""},
		"with the separator": {separatorCode, time.Millisecond, fyne.KeyReturn, "这把扫码枪设置正确，可以用", ""},
		"no end":             {layoutCode, time.Millisecond, "", "扫完没有发送回车", ""},
		"too slow":           {layoutCode, 70 * time.Millisecond, fyne.KeyReturn, "扫码枪发字符太慢", ""},
		"Caps Lock":          {turned(layoutCode), time.Millisecond, fyne.KeyReturn, "大写锁定开着，大小写反了", "按一下 Caps Lock 键，再扫测试码。数字不受影响。"},
		"French":             {"GTqaywQWàç)2m!", time.Millisecond, fyne.KeyReturn, "电脑的键盘布局是法语 AZERTY", ""},
		"German":             {`GTaqzyAY09ß"ö-`, time.Millisecond, fyne.KeyReturn, "电脑的键盘布局是德语 QWERTZ", ""},
		"British":            {`GTaqyzAZ09-";/`, time.Millisecond, fyne.KeyReturn, "电脑的键盘布局是英语（英国）", ""},
		"another layout":     {`GTaqyzAZ09'";-`, time.Millisecond, fyne.KeyReturn, "扫码枪和电脑的键盘布局不一样", ""},
		"letters are gone":   {"09-@;/", time.Millisecond, fyne.KeyReturn, "中文输入法截走了扫到的字符", ""},
		"full-width signs":   {"09-@；/", time.Millisecond, fyne.KeyReturn, "中文输入法截走了扫到的字符", ""},
		"Chinese words":      {"个体阿曲", time.Millisecond, fyne.KeyReturn, "中文输入法截走了扫到的字符", ""},
		"a prefix":           {"~S" + layoutCode + "#", time.Millisecond, fyne.KeyReturn, "扫码枪在码的前后加了字符", "前面是“~S”，后面是“#”。用说明书里的设置码去掉它们；]C1 这样的 AIM 标识可以留着。"},
		"the separator lost": {layoutCode + "E", time.Millisecond, fyne.KeyReturn, "扫码枪丢了 GS1 分隔符", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := doctor(t, 1366, 768)
			d.sees("扫右下角的测试码")
			d.burst(c.code, c.each, c.end)
			d.sees(c.title)
			if c.remedy != "" {
				d.sees(c.remedy)
			}
			// What was wrong is right once the test code comes right.
			d.burst(layoutCode, time.Millisecond, fyne.KeyReturn)
			if c.title != "扫码枪丢了 GS1 分隔符" {
				d.sees("这把扫码枪设置正确，可以用")
			}
			d.is(PageScanner)
		})
	}
}

func TestScannerDoctorSaysWhatTheTillWillDo(t *testing.T) {
	c := doctor(t, 1366, 768)
	before := len(c.sent)
	c.w.view.Settings.LabelRules = `[{"prefix":"21","digits":13,"item_digits":5,"value":"weight"}]`
	for _, x := range []struct {
		code  string
		words []string
	}{
		{milk, []string{"商品条码", "加入：鲜牛奶 1L", "EAN-13", "12 毫秒"}},
		{"]C101069079925000103103000756" + "17261231" + "10LOT-42", []string{"GS1 码", "加入：火腿 · 0.756 kg · (17) 261231 · (10) LOT-42", "GS1-128"}},
		{"6901234500080", []string{"目录里没有，会问名称和价格"}},
		{"6901234567893", []string{"不完整", "不处理，请再扫"}},
		{"134567890123456789", []string{"付款码", "收款时扣款", "**************6789", "能读手机屏幕"}},
		{"GTSTAFF7K2M9Q4X", []string{"员工卡", "GTSTAFF********"}},
		{"GT1000123", []string{"小票条码", "打开 #123 这一单"}},
		{labelled(t, "210204200756"), []string{"秤码", "火腿 · 0.756 kg"}},
	} {
		c.burst(x.code, time.Millisecond, fyne.KeyReturn)
		c.sees(x.words...)
	}
	for _, secret := range []string{"134567890123456789", "GTSTAFF7K2M9Q4X"} {
		if c.has(secret) {
			t.Errorf("the screen shows %s", secret)
		}
	}
	c.w.Device(milk)
	c.sees("这把扫码枪直接连在收银机上", "直接连接")
	if got := c.sent[before:]; len(got) != 0 {
		t.Fatalf("trying sent %v", got)
	}
	// Esc gives the keys back.
	c.press(fyne.KeyEscape)
	c.w.Home()
	c.scan(milk)
	c.due(1590)
	c.w.Open(PageScanner)
	c.sees("扫任意一个条码")
}

// A wedge that ends its codes with Tab sells, and the focus does not wander.
func TestScansThatEndWithTab(t *testing.T) {
	c := open(t, 1366, 768)
	c.burst(milk, time.Millisecond, fyne.KeyTab)
	c.due(1590)
	c.burst("]C1010"+milk+"10LOT", time.Millisecond, fyne.KeyTab)
	c.due(3180)
	// A person's Tab is the toolkit's.
	c.hand("12")
	c.w.keyDown(fyne.KeyTab)
	if c.due(3180); c.w.entry.text != "12" {
		t.Fatalf("the entry holds %q", c.w.entry.text)
	}
}

// The separator of GS1 codes comes as Ctrl and ].
func TestSeparatorThroughAKeyboard(t *testing.T) {
	c := open(t, 1366, 768)
	c.wait(time.Second)
	for _, ch := range "010" + milk + "10LOT" {
		c.wait(time.Millisecond)
		c.rune(ch)
	}
	c.w.router.Separator()
	for _, ch := range "17200101" {
		c.wait(time.Millisecond)
		c.rune(ch)
	}
	c.press(fyne.KeyReturn)
	c.due(1590).sees("鲜牛奶 1L 已过期（2020-01-01）。")
}

func TestShotsScanner(t *testing.T) {
	shootFrom(t, "scanner-start", doctor, func(*counter) {})
	shootFrom(t, "scanner-good", doctor, func(c *counter) {
		c.burst("690123456", 40*time.Millisecond, "")
		c.burst("134567890123456789", 2*time.Millisecond, fyne.KeyReturn)
		c.burst("GT1000123", 3*time.Millisecond, fyne.KeyReturn)
		c.burst("]C101069079925000103103000756"+"17261231"+"10LOT-42", time.Millisecond, fyne.KeyReturn)
		c.burst(layoutCode, 3*time.Millisecond, fyne.KeyReturn)
		c.burst(milk, 3*time.Millisecond, fyne.KeyReturn)
	})
	shootFrom(t, "scanner-layout", doctor, func(c *counter) {
		c.burst("GTqaywQWàç)2m!", 3*time.Millisecond, fyne.KeyReturn)
	})
	shootFrom(t, "scanner-method", doctor, func(c *counter) {
		c.burst("09-@；/", 3*time.Millisecond, fyne.KeyReturn)
	})
}

func TestScannerDoctorIsReachedFromTheDevices(t *testing.T) {
	c := atDevices(t, 1024, 768, &bench{})
	c.tap("Keyboard scanner")
	c.tap("Test a scanner")
	c.is(PageScanner).sees("Scan any code")
	c.burst(layoutCode, time.Millisecond, fyne.KeyReturn)
	c.sees("This scanner is set up right")
	c.tap("Back to devices")
	c.is(PageDevices)
}
