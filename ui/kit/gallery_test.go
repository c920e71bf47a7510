package kit_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guitai/ui/kit"
)

// begin gives a test an application with the theme, in the light palette.
func begin(t testing.TB) {
	t.Helper()
	kit.SetDark(false)
	if tt, ok := t.(*testing.T); ok {
		test.NewTempApp(tt)
	} else {
		test.NewApp()
	}
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme())
	t.Cleanup(func() { kit.SetRouter(kit.Router{}) })
}

// show puts content on a window of a fixed size.
func show(t testing.TB, content fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	win := test.NewWindow(kit.Stack(kit.NewBox(kit.Bg), content))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	t.Cleanup(win.Close)
	return win
}

// shot writes a picture of the window where SHOTS names a folder.
func shot(t testing.TB, win fyne.Window, name string) {
	t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

var cart = []kit.Line{
	{Qty: "2", Unit: "×", Name: "鲜牛奶 1L", Note: "¥15.90 / 盒", Amount: "¥31.80"},
	{Qty: "1", Unit: "×", Name: "全麦吐司 400g", Note: "¥12.50 / 袋", Amount: "¥12.50"},
	{Qty: "0.750", Unit: "kg", Name: "香蕉（称重）", Note: "¥6.80 / kg", Amount: "¥5.10"},
	{Qty: "3", Unit: "×", Name: "茶叶蛋", Note: "¥2.00 / 个", Amount: "¥6.00"},
	{Qty: "2", Unit: "×", Name: "无糖绿茶 500ml", Note: "¥5.00 / 瓶 · 第二件半价 −¥2.50", Amount: "¥7.50", Promo: true},
	{Qty: "1", Unit: "×", Name: "购物袋", Note: "¥0.50 / 个", Amount: "¥0.50"},
	{Qty: "1", Unit: "×", Name: "抽纸 6 包装", Note: "¥23.00 / 提", Amount: "¥23.00"},
}

func list(n int) (*kit.Lines, func(int)) {
	lines := make([]kit.Line, n)
	for i := range lines {
		lines[i] = cart[i%len(cart)]
	}
	l := kit.NewLines(kit.LinesSpec{
		Len: func() int { return len(lines) }, At: func(i int) kit.Line { return lines[i] },
		OnMinus: func(int) {}, OnPlus: func(int) {}, OnBin: func(int) {},
	})
	return l, func(i int) {
		lines[i].Qty = fmt.Sprint(i%7 + 2)
		lines[i].Amount = fmt.Sprintf("¥%d.00", i%90+1)
		l.RefreshLine(i)
	}
}

func none() {}

// sellPage is the sell screen as it was designed, at 1366 by 768.
func sellPage() fyne.CanvasObject {
	lines, _ := list(len(cart))
	lines.Select(6)
	search := kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Icon: "search", Label: "搜索", Key: "F2", OnTap: none})
	strip := kit.NewStrip(search)
	strip.ShowScan(kit.Good, "scan-barcode", "扫码枪就绪，直接扫商品", "上一件：抽纸 6 包装 +¥23.00")
	act := func(icon, label, key string) fyne.CanvasObject {
		return kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: icon, Label: label, Key: key, Stack: true, Text: 16, OnTap: none}))
	}
	sums := kit.Inset(0, 16, 0, 16, kit.Row(0, kit.NewLabel("11 件", 15, kit.Ink2), kit.Space(), kit.NewLabel("已优惠 ¥2.50", 15, kit.Ink2), kit.Space(), kit.NewLabel("含税 ¥8.74", 15, kit.Ink2)))
	cartCard := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Pad(1, kit.Col(0,
		strip, kit.Grow(1, lines), kit.Hairline(), kit.Fixed(40, sums),
		kit.Fixed(64, kit.Inset(0, 8, 8, 8, kit.Row(8, act("undo-2", "撤销", "Ctrl Z"), act("percent", "折扣", "F6"), act("pause", "挂单", "F7"), act("user-round-plus", "会员", "F3")))))))
	tabs := kit.Fixed(48, kit.Row(8, kit.Grow(1, kit.NewParkedTab("#0128", "当前", true, none)), kit.Grow(1, kit.NewParkedTab("#0126", "¥32.00", false, none)),
		kit.Grow(1, kit.NewParkedTab("#0127", "¥8.50", false, none)), kit.Fixed(56, kit.NewIconButton(kit.Quiet, kit.Small, "plus", none))))
	var cats, tiles []fyne.CanvasObject
	for i, c := range []string{"常用", "早餐", "饮料", "零食", "日用", "生鲜"} {
		cats = append(cats, kit.NewTab(c, i == 0, none))
	}
	cats = append(cats, kit.Space(), kit.NewIconButton(kit.Ghost, kit.Small, "ellipsis", none))
	for _, v := range [][3]string{{"鲜肉包", "¥2.50"}, {"豆沙包", "¥2.00"}, {"茶叶蛋", "¥2.00", "3"}, {"现磨豆浆", "¥4.00"}, {"冰美式", "¥12.00"},
		{"香蕉", "¥6.80 / kg", "1"}, {"苹果", "¥9.90 / kg"}, {"鲜玉米", "¥4.50"}, {"购物袋", "¥0.50", "1"}, {"雨伞", "¥19.90"},
		{"热狗", "¥6.00"}, {"关东煮 一串", "¥3.00"}, {"冰块 1kg", "¥5.00"}, {"打印 黑白", "¥1.00"}, {"充电宝租借", "¥3.00"}} {
		tiles = append(tiles, kit.NewTile(v[0], v[1], v[2], none))
	}
	total := kit.NewTotal(kit.TotalView{Label: "应收", Number: "#0128", Amount: "¥86.40", Size: 72, Progress: -1, HintIcon: "qr-code", Hint: "顾客出示付款码？直接扫即可收款"})
	pay := kit.Fixed(84, kit.Row(10, kit.Fixed(138, kit.NewButton(kit.ButtonSpec{Size: kit.Huge, Icon: "banknote", Label: "现金", Key: "F8", Text: 20, OnTap: none})),
		kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: "收款", Key: "F9", OnTap: none}))))
	pad := kit.NewKeypad(4, 0, 28, kit.SellKeys("数量", "金额", "确定"), func(string) {})
	right := kit.Col(10, kit.Fixed(48, kit.Row(4, cats...)), kit.Grid(5, 10, 92, tiles...),
		kit.Grow(1, kit.Row(12, kit.Fixed(352, pad.Container), kit.Grow(1, kit.Col(10, kit.Grow(1, total), pay)))))
	top := kit.Col(0, kit.Fixed(55, kit.Stack(kit.NewBox(kit.Surface), kit.Inset(0, 8, 0, 0, kit.Row(0,
		kit.Fixed(64, kit.NewTap(kit.Style{}, kit.NewIcon("menu", 26, kit.Ink), none)), kit.Hairline(),
		kit.Inset(0, 16, 0, 16, kit.Middle(kit.Col(0, kit.NewBold("青禾便利店", 17, kit.Ink), kit.NewLabel("1 号收银机 · 早班", 14, kit.Ink3)))), kit.Space(),
		kit.NewPendingButton("待核实 1", none), kit.Inset(0, 12, 0, 12, kit.NewBold("12:46", 16, kit.Ink)), kit.NewTopButton("user-round", "林晓", "", none), kit.NewTopButton("languages", "中", "", none),
		kit.NewTopButton("lock", "锁定", "F12", none))))), kit.Hairline())
	status := kit.Col(0, kit.Hairline(), kit.Fixed(43, kit.Stack(kit.NewBox(kit.Surface), kit.Inset(0, 8, 0, 8, kit.Row(0,
		kit.NewStatus(kit.Good, "printer", "打印机 就绪", none), kit.NewStatus(kit.Good, "scan-barcode", "扫码枪 就绪", none), kit.NewStatus(kit.Bad, "printer", "打印机 缺纸", none),
		kit.NewStatus(kit.Caution, "wifi-off", "离线 26 分钟", none), kit.NewStatus(kit.Good, "cloud-check", "已同步 12:41", none), kit.Space(),
		kit.NewTopButton("keyboard", "按键表", "F1", none))))))
	return kit.Col(0, top, kit.Grow(1, kit.Pad(12, kit.Row(12, kit.Fixed(560, kit.Col(8, tabs, kit.Grow(1, cartCard))), kit.Grow(1, right)))), status)
}

// payPage shows the rest of the selling controls.
func payPage() fyne.CanvasObject {
	total := kit.NewTotal(kit.TotalView{Label: "还需收", Number: "#0128 · 11 件", Amount: "¥36.40", Size: 60, Progress: 0.58, Due: "应收 ¥86.40", Paid: "已收 ¥50.00",
		Taken: []kit.Taken{{Plate: kit.NewPlate("cash", "", "banknote", 32), Name: "现金", Amount: "¥50.00", OnUndo: none}}})
	box := kit.NewAmountBox("本次收取", "¥36.40", 24, 56)
	box.Activate(true)
	split := kit.NewSegments([]string{"全部", "½", "⅓", "按商品"}, 0, nil)
	pad := kit.NewKeypad(4, 48, 28, kit.PayKeys("清空"), func(string) {})
	foot := kit.Fixed(56, kit.Row(8, kit.Grow(2.08, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: "arrow-left", Label: "返回", Key: "Esc", OnTap: none})),
		kit.Grow(1, kit.NewKey(kit.KeypadKey{ID: "0", Text: "0"}, 28, nil)), kit.Grow(1, kit.NewKey(kit.KeypadKey{ID: ".", Text: "."}, 28, nil))))
	left := kit.Col(8, kit.Grow(1, total), box, kit.Fixed(48, split.Container), pad.Container, foot)
	quick := func(sub, label string) fyne.CanvasObject {
		text := float32(28)
		if sub != "" {
			text = 22
		}
		return kit.Grow(1, kit.NewButton(kit.ButtonSpec{Label: label, Sub: sub, SubFirst: true, Text: text, OnTap: none}))
	}
	chosen := kit.NewButton(kit.ButtonSpec{Label: "¥100", SubFirst: true, Text: 28, OnTap: none})
	chosen.SetChosen(true)
	cash := kit.Fixed(88, kit.Row(10, quick("正好", "¥36.40"), quick("", "¥37"), quick("", "¥40"), quick("", "¥50"), kit.Grow(1, chosen),
		kit.Grow(1, kit.NewButton(kit.ButtonSpec{Label: "其他", Key: "F8", Stack: true, Text: 17, OnTap: none}))))
	scan := kit.Fixed(84, kit.NewPanel(kit.AccentTint, kit.Accent, 2, kit.RadiusCard, kit.Inset(0, 18, 0, 18, kit.Row(16, kit.NewIcon("scan-qr-code", 40, kit.Accent),
		kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold("扫顾客的付款码", 20, kit.Accent), kit.NewLabel("不用点任何按钮，自动认出是哪家钱包", 15, kit.Ink2)))),
		kit.Middle(kit.Row(6, kit.NewPlate("alipay", "支", "", 36), kit.NewPlate("wechat", "微", "", 36), kit.NewPlate("unionpay", "云", "", 36), kit.NewPlate("jd", "京", "", 36)))))))
	tender := func(word, glyph, name, sub, key string) *kit.Tender {
		return kit.NewTender(kit.TenderSpec{Plate: kit.NewPlate(word, glyph, "", 44), Name: name, Sub: sub, Key: key, OnTap: none})
	}
	off := tender("duxiaoman", "度", "度小满", "", "D")
	off.Off("还差 0.01 测试")
	pick := tender("wechat", "微", "微信支付", "", "W")
	pick.SetChosen(true)
	tenders := kit.Grid(4, 10, 88, tender("alipay", "支", "支付宝", "", "A"), pick, tender("unionpay", "云", "云闪付", "", "U"), tender("jd", "京", "京东支付", "", "J"),
		tender("paypal", "P", "PayPal", "", "P"), tender("stripe", "S", "Stripe", "支付链接", "S"), off,
		kit.NewTender(kit.TenderSpec{Plate: kit.NewQuietPlate("ticket-percent", 44), Name: "购物券", Key: "V", OnTap: none}))
	hold := kit.NewButton(kit.ButtonSpec{Kind: kit.DangerOutline, Size: kit.Large, Icon: "undo-2", Label: "撤销这笔", Key: "V", Text: 20, OnHold: none, HoldFor: 1e9})
	dead := kit.NewButton(kit.ButtonSpec{Size: kit.Large, Icon: "printer", Label: "打印", Text: 20, OnTap: none})
	dead.Off("没有打印机")
	acts := kit.Fixed(68, kit.Row(10, kit.Grow(1, hold), kit.Grow(1, dead), kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.DangerButton, Size: kit.Large, Icon: "octagon-pause", Label: "冻结", Text: 20, OnTap: none})),
		kit.Grow(1.2, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "refresh-cw", Label: "立即再查一次", Key: "Enter", Text: 20, OnTap: none}))))
	next := kit.Fixed(104, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Left: true, Icon: "scan-barcode", Label: "下一单：直接扫商品", Sub: "扫码自动开新单，不用点", Key: "Enter", Text: 22, OnTap: none}))
	right := kit.Col(14, cash, scan, tenders, acts, next, kit.NewToast("undo-2", "已删除 抽纸 6 包装", "撤销", "Ctrl Z", none))
	return kit.Pad(12, kit.Row(12, kit.Fixed(420, left), kit.Grow(1, right)))
}

// officePage shows forms, tables, charts and messages.
func officePage() fyne.CanvasObject {
	rows := [][]kit.Cell{
		{{Text: "鲜牛奶 1L", Bold: true, Size: 17}, {Text: "6901234500014", Size: 15, Colour: kit.Ink2}, {Text: "¥15.90", Bold: true}, {Text: "42"}},
		{{Text: "无糖绿茶 500ml", Sub: "第二件半价", Size: 17}, {Text: "6901234500052", Size: 15, Colour: kit.Ink2}, {Text: "¥5.00", Bold: true}, {Text: "剩 6", Badge: true, Kind: kit.Caution, Icon: "triangle-alert"}},
		{{Text: "雨伞", Size: 17, Icon: "star"}, {Text: "—", Size: 15, Colour: kit.Ink2}, {Text: "¥19.90", Bold: true}, {Text: "缺货", Badge: true, Kind: kit.Bad, Icon: "octagon-x"}},
	}
	table := kit.NewTable(kit.TableSpec{Columns: []kit.Column{{Title: "商品"}, {Title: "条码", Width: 128}, {Title: "售价", Width: 76, Right: true}, {Title: "库存", Width: 84, Right: true}},
		Len: func() int { return 12 }, At: func(r, c int) kit.Cell { return rows[r%3][c] }})
	table.Select(0)
	field := kit.NewField(kit.FieldSpec{Label: "中文名", Small: true}, "鲜牛奶 1L")
	bad := kit.NewField(kit.FieldSpec{Label: "条码", Small: true, TrailIcon: "scan-barcode"}, "690123450001")
	bad.SetProblem("少一位，校验位不对")
	price := kit.NewField(kit.FieldSpec{Label: "售价", Small: true, Amount: true}, "¥15.90")
	price.FocusGained()
	search := kit.NewField(kit.FieldSpec{Placeholder: "名称、拼音、条码，或直接扫", Icon: "search", Key: "F2", Small: true}, "")
	form := kit.NewCard(16, kit.Col(10, search, kit.Row(10, kit.Grow(1, field), kit.Grow(1, price)), bad,
		kit.NewSwitch("自动打印小票", "关掉后可按 F5 补打", true, nil), kit.NewSwitch("声音", "", false, nil), kit.NewCheck("退回库存", true, nil),
		kit.NewNote(kit.Row(8, kit.NewLabel("毛利 ¥4.70", 15, kit.Ink), kit.Space(), kit.NewBold("29.6%", 15, kit.Ink)))))
	bars := []kit.Bar{}
	for i, v := range []float64{310, 742, 520, 388, 486, 812, 604, 296, 322, 388, 562, 746, 410, 196, 60} {
		b := kit.Bar{Label: fmt.Sprint(7 + i), Value: v, Compare: v * 0.92}
		if i == 5 {
			b.Peak, b.Words = true, "¥812"
		}
		if i == 6 {
			b.Compare = 655
		}
		bars = append(bars, b)
	}
	lines := []kit.Gridline{{Value: 200, Words: "200"}, {Value: 400, Words: "400"}, {Value: 600, Words: "600"}, {Value: 800, Words: "800"}}
	chart := kit.NewCard(16, kit.Col(8, kit.NewBold("每小时销售", 18, kit.Ink), kit.Grow(1, kit.NewBarChart(bars, lines, false))))
	widths := []float32{44, 84, 56}
	shares := kit.NewCard(16, kit.Col(6, kit.NewBold("付款方式", 18, kit.Ink), kit.NewShares([]kit.ShareRow{
		{Mark: kit.NewPlate("wechat", "微", "", 26), Name: "微信支付", Part: .426, Words: []string{"42.6%", "¥2,912.40", "¥11.07"}, Widths: widths},
		{Mark: kit.NewPlate("alipay", "支", "", 26), Name: "支付宝", Part: .29, Words: []string{"29.0%", "¥1,986.10", "¥7.55"}, Widths: widths},
		{Mark: kit.NewPlate("cash", "", "banknote", 26), Name: "现金", Part: .187, Words: []string{"18.7%", "¥1,280.50", "—"}, Widths: widths},
	}, 36, 70)))
	week := kit.NewCard(16, kit.Row(16, kit.Grow(1, kit.NewBarChart([]kit.Bar{{Label: "周一", Value: 6120, Compare: 5810}, {Label: "周二", Value: 5890, Compare: 5905}, {Label: "周三", Value: 6240, Compare: 5980}}, nil, true)),
		kit.NewRing([]kit.Slice{{Value: 5, Colour: kit.Pal().Of(kit.Chart)}, {Value: 3, Colour: kit.Pal().Of(kit.Accent)}, {Value: 2, Colour: kit.Pal().Of(kit.Chart2)}}, 110)))
	figures := kit.Fixed(104, kit.Row(10, kit.Grow(1, kit.NewFigure("单数", "172", kit.Good, "", "+11", "trending-up", none)), kit.Grow(1, kit.NewFigure("付款失败", "7", kit.Bad, "octagon-x", "6 笔已换方式", "", none)),
		kit.Grow(1, kit.NewFigure("对账差异", "3", kit.Caution, "triangle-alert", "¥68.40 去看", "", none))))
	message := kit.NewMessage(kit.Message{Kind: kit.Caution, Icon: "cloud-off", Title: "网络断开 26 分钟，可以继续卖", Body: "已保存：本机 14 单，联网后自动上传。现金和扫码枪照常；手机支付暂停，以免收款结果不明。",
		Actions: []kit.Action{{Label: "查看网络", Icon: "wifi-off", OnTap: none}, {Label: "知道了", Ghost: true, OnTap: none}}})
	banner := kit.NewBanner(kit.Caution, false, "badge-question-mark", "还不知道是否付成功", "正在向微信支付核实，请先别让顾客再付一次", kit.NewBold("01:24", 36, kit.Warn))
	parts := kit.NewParts(kit.Part{Icon: "circle-alert", Label: "发生了什么", Text: "提交后网络中断，没有收到微信支付的回复。"}, kit.Part{Icon: "list-checks", Label: "怎么办", Text: "看顾客手机：显示“支付成功”就让顾客稍等；没有付款记录就按“撤销”。赶时间可先挂起。"})
	qr := kit.NewQR(170)
	_ = qr.Set("weixin://wxpay/bizpayurl?pr=QH0128DEMOONLY")
	steps := kit.NewSteps([]string{"选平台", "注册与密钥", "身份核验", "连接"}, 1, func(int) {})
	stepList := kit.NewCard(14, kit.Col(0, kit.NewStep(kit.StepDone, "", "收款码已生成", "12:46:19"), kit.NewStep(kit.StepNow, "smartphone", "等待顾客扫码", "每 3 秒查询一次"), kit.NewStep(kit.StepLater, "key-round", "顾客确认付款", ""), kit.NewStep(kit.StepUnknown, "", "结果未知", "")))
	callout := kit.NewCallout(kit.Caution, 16, kit.Col(4, kit.Row(10, kit.NewIcon("triangle-alert", 26, kit.Warn), kit.Grow(1, kit.NewBold("差额：少 2 元", 18, kit.Warn))), kit.NewMoney("−¥2.00", 60, kit.Warn)))
	person := kit.NewPerson("林晓", "收银员 · 当班", none)
	person.SetChosen(true)
	chips := kit.Fixed(48, kit.Row(8, kit.NewChip("", "找零出错", true, none), kit.NewChip("", "零钱抹零", false, none), kit.NewChip("triangle-alert", "缺货 9", false, none), kit.Middle(kit.NewBadge(kit.Good, "check", "当班")), kit.Middle(kit.NewBadge(kit.Plain, "", "停用")), kit.Space()))
	rail := kit.NewCard(10, kit.Col(4, kit.Fixed(56, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "scan-barcode", Label: "回到收银", Left: true, Text: 17, OnTap: none})), kit.NewRailItem("chart-column", "经营日报", true, none), kit.NewRailItem("scale", "对账", false, none)))
	cashCard := kit.NewTotal(kit.TotalView{Label: "应收", Number: "#0128", Amount: "¥86.40", Size: 52, Progress: -1, More: []kit.TotalPart{{Label: "找零", Amount: "¥13.60", Size: 84, Good: true}}, HintIcon: "coins", Hint: "建议：¥10 ×1 · ¥1 ×3"})
	pin := kit.NewKeypad(3, 64, 32, kit.PINKeys(kit.KeypadKey{ID: "lang", Icon: "languages", Caption: "中 / EN"}), func(string) {})
	return kit.Pad(12, kit.Row(12,
		kit.Grow(1, kit.Col(12, form, kit.Fixed(280, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Pad(1, table))), rail, kit.Fixed(84, person), chips, kit.Grow(1, stepList))),
		kit.Grow(1, kit.Col(12, figures, kit.Fixed(270, chart), shares, kit.Fixed(190, week), kit.Grow(1, cashCard), callout)),
		kit.Grow(1, kit.Col(12, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, message), kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Col(0, banner, kit.Inset(0, 30, 0, 30, parts))),
			steps, kit.Row(12, kit.NewQRFrame("wechat", qr), kit.Grow(1, kit.Col(8, kit.NewLabel("此码还有效", 18, kit.Ink), kit.NewBold("02:41", 44, kit.Ink), kit.Fixed(12, kit.NewProgress(.89, kit.Sunken, kit.Accent, 6))))), pin.Container, kit.Space()))))
}

func TestGalleryDrawsInBothPalettes(t *testing.T) {
	for name, dim := range map[string]bool{"light": false, "dark": true} {
		t.Run(name, func(t *testing.T) {
			begin(t)
			kit.SetDark(dim)
			t.Cleanup(func() { kit.SetDark(false) })
			for _, p := range []struct {
				name string
				page fyne.CanvasObject
				w, h float32
			}{{"sell", sellPage(), 1366, 768}, {"pay", payPage(), 1366, 768}, {"office", officePage(), 1366, 1180}} {
				win := show(t, p.page, p.w, p.h)
				if got := win.Canvas().Size(); got != fyne.NewSize(p.w, p.h) {
					t.Errorf("%s wants %v, has %v", p.name, got, fyne.NewSize(p.w, p.h))
				}
				shot(t, win, p.name+"-"+name)
			}
		})
	}
}
