package kit_test

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"guitai/ui/kit"
)

func press(key fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: key} }

func TestButtonsActOnTapAndSpaceButNeverOnEnter(t *testing.T) {
	begin(t)
	var taps int
	var handed []string
	kit.SetRouter(kit.Router{
		Rune: func(r rune) bool { handed = append(handed, string(r)); return true },
		Key:  func(e *fyne.KeyEvent) bool { handed = append(handed, string(e.Name)); return true },
	})
	b := kit.NewButton(kit.ButtonSpec{Label: "收款", OnTap: func() { taps++ }})
	win := show(t, kit.Centre(b), 400, 200)
	test.TapCanvas(win.Canvas(), fyne.NewPos(200, 100))
	if taps != 1 {
		t.Fatalf("%d taps, want 1", taps)
	}
	win.Canvas().Focus(b)
	for _, r := range "69 0" {
		b.TypedRune(r)
	}
	b.TypedKey(press(fyne.KeyReturn))
	b.TypedKey(press(fyne.KeyF9))
	if taps != 1 {
		t.Errorf("a scan pressed the button it had the focus on")
	}
	if got := strings.Join(handed, " "); got != "6 9 0 Return F9" {
		t.Errorf("the router got %q", got)
	}
	b.TypedKey(press(fyne.KeySpace))
	if taps != 2 {
		t.Errorf("Space did not press the button")
	}
	b.Off("没有打印机")
	test.TapCanvas(win.Canvas(), fyne.NewPos(200, 100))
	b.TypedKey(press(fyne.KeySpace))
	if taps != 2 {
		t.Errorf("a button that is off acted")
	}
	b.On()
	test.Tap(b)
	if taps != 3 {
		t.Errorf("a button that is on again did not act")
	}
}

func TestEveryControlCallsBack(t *testing.T) {
	begin(t)
	got := ""
	say := func(s string) func() { return func() { got += s + " " } }
	segments := kit.NewSegments([]string{"a", "b"}, 0, func(i int) { got += []string{"seg0", "seg1"}[i] + " " })
	pad := kit.NewKeypad(4, 64, 28, kit.SellKeys("q", "a", "e"), func(id string) { got += "key-" + id + " " })
	off := kit.NewTender(kit.TenderSpec{Name: "x", OnTap: say("off")})
	off.Off("no")
	controls := []fyne.Tappable{
		kit.NewTile("a", "1", "", say("tile")), kit.NewTender(kit.TenderSpec{Name: "x", OnTap: say("tender")}), off,
		kit.NewTab("a", false, say("tab")), kit.NewChip("", "a", false, say("chip")), kit.NewRailItem("scale", "a", false, say("rail")),
		kit.NewParkedTab("#1", "¥1", false, say("parked")), kit.NewStatus(kit.Good, "printer", "ok", say("status")),
		kit.NewPerson("林晓", "a", say("person")), pad.Key("7"), pad.Key(kit.KeyEnter), kit.NewTopButton("lock", "a", "F12", say("top")),
		kit.NewSwitch("a", "", false, func(on bool) { got += map[bool]string{true: "on ", false: "off "}[on] }),
		kit.NewCheck("a", true, func(on bool) { got += map[bool]string{true: "ticked ", false: "unticked "}[on] }),
		kit.NewScrim(say("scrim")),
	}
	for _, c := range controls {
		c.Tapped(&fyne.PointEvent{})
	}
	win := show(t, segments.Container, 300, 48)
	test.TapCanvas(win.Canvas(), fyne.NewPos(250, 24))
	if want := "tile tender tab chip rail parked status person key-7 key-enter top on unticked scrim seg1 "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if segments.Selected() != 1 {
		t.Errorf("segment %d is on, want 1", segments.Selected())
	}
}

func TestHoldWantsItsTime(t *testing.T) {
	for _, row := range []struct {
		name string
		held time.Duration
		want int
	}{{"a tap does nothing", 0, 0}, {"too short does nothing", 990 * time.Millisecond, 0}, {"long enough acts once", 1010 * time.Millisecond, 1}} {
		t.Run(row.name, func(t *testing.T) {
			begin(t)
			at := time.Unix(0, 0)
			defer kit.SetClock(func() time.Time { return at })()
			acts := 0
			b := kit.NewButton(kit.ButtonSpec{Label: "撤销", OnHold: func() { acts++ }, HoldFor: time.Second})
			show(t, kit.Centre(b), 300, 100)
			b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
			at = at.Add(row.held)
			b.MouseUp(&desktop.MouseEvent{})
			b.Tapped(&fyne.PointEvent{})
			if acts != row.want {
				t.Errorf("acted %d times, want %d", acts, row.want)
			}
			b.KeyDown(press(fyne.KeySpace))
			at = at.Add(row.held)
			b.KeyUp(press(fyne.KeySpace))
			b.TypedKey(press(fyne.KeySpace))
			if acts != 2*row.want {
				t.Errorf("with Space too: acted %d times, want %d", acts, 2*row.want)
			}
		})
	}
}

func TestFieldLetsTheRouterSeeKeysFirst(t *testing.T) {
	begin(t)
	var changes []string
	entered := ""
	f := kit.NewField(kit.FieldSpec{Limit: 6, OnChange: func(s string) { changes = append(changes, s) }, OnEnter: func(s string) { entered = s }}, "牛奶")
	win := show(t, kit.Centre(kit.Sized(200, 56, f)), 300, 100)
	test.TapCanvas(win.Canvas(), fyne.NewPos(240, 50))
	if !f.Focused() {
		t.Fatal("a tap did not give the focus")
	}
	test.Type(f, " 1L")
	if f.Text() != "牛奶 1L" || len(changes) != 3 {
		t.Errorf("text %q after %q", f.Text(), changes)
	}
	f.TypedKey(press(fyne.KeyBackspace))
	f.TypedKey(press(fyne.KeyHome))
	f.TypedKey(press(fyne.KeyDelete))
	test.Type(f, "鲜")
	if f.Text() != "鲜奶 1" {
		t.Errorf("text %q, want 鲜奶 1", f.Text())
	}
	test.Type(f, "abcdef")
	if f.Text() != "鲜ab奶 1" {
		t.Errorf("text %q past its limit of 6", f.Text())
	}
	f.TypedKey(press(fyne.KeyReturn))
	if entered != "鲜ab奶 1" {
		t.Errorf("Enter gave %q", entered)
	}
	f.SelectAll()
	test.Type(f, "x")
	if f.Text() != "x" {
		t.Errorf("typing over a selection gave %q", f.Text())
	}
	kit.SetRouter(kit.Router{Rune: func(r rune) bool { return r == '6' }, Key: func(e *fyne.KeyEvent) bool { return e.Name == fyne.KeyReturn }})
	entered = ""
	test.Type(f, "6y")
	f.TypedKey(press(fyne.KeyReturn))
	if f.Text() != "xy" || entered != "" {
		t.Errorf("the router's keys came through: %q, %q", f.Text(), entered)
	}
}

func TestPaletteChangesWhatIsShown(t *testing.T) {
	begin(t)
	win := show(t, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: "收款"}), 200, 100)
	t.Cleanup(func() { kit.SetDark(false) })
	at := func() color.NRGBA { return color.NRGBAModel.Convert(win.Canvas().Capture().At(30, 20)).(color.NRGBA) }
	if got := at(); got != kit.Light().Of(kit.Accent) {
		t.Errorf("light: %v", got)
	}
	kit.SetDark(true)
	if got := at(); got != kit.Dark().Of(kit.Accent) {
		t.Errorf("dark: %v", got)
	}
}

// The contrast rule is that of WCAG 2.2, 1.4.3 and 1.4.11.
func TestPalettesAreReadable(t *testing.T) {
	for name, p := range map[string]*kit.Palette{"light": kit.Light(), "dark": kit.Dark()} {
		for _, row := range []struct {
			ink, ground kit.Colour
			least       float64
		}{
			{kit.Ink, kit.Surface, 4.5}, {kit.Ink2, kit.Surface, 4.5}, {kit.Ink3, kit.Surface, 4.5}, {kit.Ink3, kit.Sunken, 4.5}, {kit.Ink3, kit.Bg, 4.5},
			{kit.OnAccent, kit.Accent, 4.5}, {kit.Accent, kit.AccentTint, 4.5}, {kit.Warn, kit.WarnTint, 4.5}, {kit.OnWarnFill, kit.WarnFill, 4.5},
			{kit.Danger, kit.DangerTint, 4.5}, {kit.OnDanger, kit.Danger, 4.5}, {kit.OnTotal2, kit.Total, 4.5}, {kit.TotalOk, kit.Total, 4.5},
			{kit.Surface, kit.Ink, 4.5}, {kit.Outline, kit.Surface, 3}, {kit.Outline, kit.Bg, 3},
			{kit.Ink2, kit.TileBlue, 4.5}, {kit.Ink2, kit.TileGreen, 4.5}, {kit.Ink2, kit.TileOrange, 4.5}, {kit.Ink2, kit.TileRed, 4.5},
			{kit.Ink2, kit.TilePurple, 4.5}, {kit.Ink2, kit.TileGrey, 4.5}, {kit.Ink, kit.TileBlue, 7}, {kit.Ink, kit.TileGreen, 7}, {kit.Ink, kit.TileOrange, 7},
			{kit.Ink, kit.TileRed, 7}, {kit.Ink, kit.TilePurple, 7}, {kit.Ink, kit.TileGrey, 7}, {kit.BandBlue, kit.TileBlue, 3}, {kit.BandGreen, kit.TileGreen, 3},
			{kit.BandOrange, kit.TileOrange, 3}, {kit.BandRed, kit.TileRed, 3}, {kit.BandPurple, kit.TilePurple, 3}, {kit.BandGrey, kit.TileGrey, 3},
		} {
			if got := contrast(p.Of(row.ink), p.Of(row.ground)); got < row.least {
				t.Errorf("%s: %d on %d has %.2f, want %.1f", name, row.ink, row.ground, got, row.least)
			}
		}
	}
}

func TestQRIsBlackOnWhiteWithItsQuietEdge(t *testing.T) {
	begin(t)
	q := kit.NewQR(200)
	if err := q.Set(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text too long for a code was taken")
	}
	if err := q.Set("https://qr.example/1"); err != nil {
		t.Fatal(err)
	}
	kit.SetDark(true)
	t.Cleanup(func() { kit.SetDark(false) })
	win := show(t, q, 330, 330) // 25 modules and 8 of quiet: ten pixels each
	img := win.Canvas().Capture()
	for _, row := range []struct {
		x, y int
		want uint8
	}{{5, 5, 255}, {39, 39, 255}, {41, 41, 0}, {55, 55, 255}, {65, 65, 0}, {325, 165, 255}} {
		if got := color.GrayModel.Convert(img.At(row.x, row.y)).(color.Gray).Y; got != row.want {
			t.Errorf("at %d,%d is %d, want %d", row.x, row.y, got, row.want)
		}
	}
}

func TestStripGrowsByItsMessage(t *testing.T) {
	begin(t)
	s := kit.NewStrip(nil)
	grown := 0
	s.OnResize = func() { grown++ }
	s.ShowScan(kit.Good, "scan-barcode", "就绪", "")
	win := show(t, kit.Col(0, s, kit.Space()), 500, 400)
	if s.Size().Height != 56 || grown != 0 {
		t.Fatalf("height %v, %d resizes", s.Size().Height, grown)
	}
	acted := false
	s.ShowMessage(kit.Message{Kind: kit.Bad, Icon: "octagon-x", Title: "没读完整，没有加入", Body: strings.Repeat("请再扫一次。", 20), Actions: []kit.Action{{Label: "知道了", OnTap: func() { acted = true }}}})
	if grown != 1 {
		t.Errorf("%d resizes, want 1", grown)
	}
	win.Content().Refresh()
	if h := s.HeightFor(500); h < 150 {
		t.Errorf("height %v for four lines and an action", h)
	}
	win.Resize(fyne.NewSize(501, 400))
	test.TapCanvas(win.Canvas(), fyne.NewPos(80, s.Size().Height-30))
	if !acted {
		t.Error("the action did not act")
	}
	s.ShowScan(kit.Good, "scan-barcode", "就绪", "")
	if grown != 2 || s.Shown() != nil {
		t.Errorf("%d resizes, message %v", grown, s.Shown())
	}
}

func TestSheetClosesOnceAndSaysSo(t *testing.T) {
	begin(t)
	closed, below := 0, 0
	s := kit.NewSheet(300, "菜单", kit.NewLabel("x", 16, kit.Ink), func() { closed++ })
	win := show(t, kit.Stack(kit.NewTap(kit.Style{}, nil, func() { below++ }), s.Container), 800, 400)
	s.Close()
	s.Open()
	test.TapCanvas(win.Canvas(), fyne.NewPos(100, 200)) // the page beside the sheet stays in use
	test.TapCanvas(win.Canvas(), fyne.NewPos(700, 300))
	s.Close()
	if closed != 1 || below != 1 {
		t.Errorf("closed %d times, page tapped %d times; want 1 and 1", closed, below)
	}
}

func TestTextIsCutOrBrokenButNeverLost(t *testing.T) {
	begin(t)
	rapid.Check(t, func(p *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("鲜牛奶全麦吐司 abcXYZ 0129，。（）“”¥\n"))).Draw(p, "text")
		width := rapid.Float32Range(20, 400).Draw(p, "width")
		bold := rapid.Bool().Draw(p, "bold")
		if got := kit.Fit(text, 16, bold, width); got != text && kit.TextWidth(got, 16, bold) > width+16 {
			p.Fatalf("%q is %v wide, room %v", got, kit.TextWidth(got, 16, bold), width)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		lines := kit.Wrap(text, 16, bold, width, 0)
		if squeeze(strings.Join(lines, "")) != squeeze(text) {
			p.Fatalf("%q broke into %q", text, lines)
		}
		for _, l := range lines {
			if kit.TextWidth(l, 16, bold) > width+1 && len([]rune(l)) > 1 {
				p.Fatalf("line %q is %v wide, room %v", l, kit.TextWidth(l, 16, bold), width)
			}
		}
		if two := kit.Fit2(text, 16, bold, width); len(two) > 2 {
			p.Fatalf("%d lines", len(two))
		}
	})
}

func TestMoneyIsSplitAtItsDigits(t *testing.T) {
	for _, row := range [][3]string{{"¥86.40", "¥", "86.40"}, {"-¥2.00", "−¥", "2.00"}, {"−¥2.00", "−¥", "2.00"}, {"1,234", "", "1,234"}, {"HK$ 5", "HK$ ", "5"}, {"", "", ""}} {
		if a, b := kit.SplitMoney(row[0]); a != row[1] || b != row[2] {
			t.Errorf("%q gives %q and %q", row[0], a, b)
		}
	}
}
