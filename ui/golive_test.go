package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// handover is the till of a test as it is handed over.
type handover struct {
	data   GoLive
	move   Move
	did    []string
	refuse error
	on     bool
	full   bool
}

func (h *handover) note(what string) error {
	h.did = append(h.did, what)
	return h.refuse
}
func (h *handover) GoLive(context.Context, string) (GoLive, error) { return h.data, h.refuse }
func (h *handover) GoLiveSheet(_ context.Context, lang string) (string, error) {
	return "/exports/golive.pdf", h.note("sheet " + lang)
}
func (h *handover) Move(context.Context, string) (Move, error) { return h.move, h.refuse }
func (h *handover) MoveSheet(context.Context, string) (string, error) {
	return "/exports/move.pdf", h.note("move")
}
func (h *handover) ExportTrace(context.Context) (string, error) {
	return "/exports/trace.json", h.note("trace")
}
func (h *handover) PrintCard(_ context.Context, name string) error { return h.note("card " + name) }
func (h *handover) Card(code string) string {
	return map[string]string{"GUITAI TEST 0123456789": "qr", "GUITAI-TEST": "barcode"}[code]
}
func (h *handover) CardRead(_ context.Context, name, by string) error {
	return h.note("read " + name + " by " + by)
}
func (h *handover) Autostart(context.Context) (bool, error) { return h.on, nil }
func (h *handover) SetAutostart(_ context.Context, on bool) error {
	return h.note(fmt.Sprint("autostart ", on))
}
func (h *handover) FullScreen() bool      { return h.full }
func (h *handover) SetFullScreen(on bool) { h.full = on }

// aHandover is a till where some is missing.
func aHandover() *handover {
	at := time.Date(2026, 6, 18, 12, 30, 0, 0, time.UTC)
	return &handover{data: GoLive{Points: []CheckPoint{{CheckDone, "店铺已建立", "收银机编号 1，货币 CNY"}, {CheckDone, "商品", "212 个"}, {CheckMissing, "备份", "还没有备份过：在“备份和恢复”里做一次，最好到 U 盘"},
		{CheckDone, "打印机", "已设置 1 台"}, {CheckMissing, "每个设备都证明过", "在设备页逐个测试，直到没有红字"}},
		Devices: []ProvedDevice{{"收银台", "printer", CheckDone, "已证明", at, "周远"}, {"gun", "scanner", CheckMissing, "没有证明", time.Time{}, ""}, {"秤", "scale", CheckMissing, "设置改过，要重新证明", at, "周远"}}},
		move: Move{Before: []CheckPoint{{CheckDone, "交班", "没有开着的班"}, {CheckDone, "没有开着或挂着的单", "没有"}, {CheckMissing, "备份是最新的", "2026-06-18 12:00 以后又有记录：交班后再备份一次"}, {CheckByHand, "店主的恢复码在手边", "新电脑上第一次登录要用。找不到就先在“员工”里换一个新的"}},
			After: []CheckPoint{{CheckByHand, "旧电脑不再收银", "关掉自动启动，拔掉设备；两台电脑用一个编号收银会重号"}, {CheckByHand, "安装，然后恢复备份", "guitaictl restore --from 备份 --preview 先看，再不带 --preview 恢复；收银机这时要关着"}}}}
}

// handedOver is a counter in the office with a hand-over, at a page.
func handedOver(t *testing.T, width, height float32, at PageName, h *handover) *counter {
	return inOffice(t, width, height, at, func(p *Ports) {
		p.Office.Install = h
		p.Devices = &bench{list: []DeviceConfig{{Name: "收银台", Kind: "printer", Address: "tcp://192.0.2.50:9100", Settings: map[string]string{"profile": "xprinter-80"}},
			{Name: "后厨", Kind: "printer", Address: "tcp://192.0.2.51:9100"}, {Name: "gun", Kind: "scanner", Address: "tcp://192.0.2.52:9101"}}}
	})
}

func TestTheHandOverSaysWhatIsMissing(t *testing.T) {
	h := aHandover()
	c := handedOver(t, 1366, 768, PageGoLive, h)
	c.w.SetLanguage("en")
	c.sees("2 missing", "每个设备都证明过", "没有证明", "Printer  收银台", "已证明  2026-06-18 12:30, 周远")
	c.press(fyne.KeyF9)
	c.sees("Written to:", "/exports/golive.pdf")
	c.tap("Export the traffic")
	c.sees("/exports/trace.json")
	h.refuse = errors.New("disk full")
	c.press(fyne.KeyF9)
	c.sees("It was not written", "Sales and settings are as they were. See whether the disk is full, then try again.")
	h.refuse, h.data.Points[2].State, h.data.Points[4].State = nil, CheckDone, CheckDone
	c.tap("Look again")
	c.sees("Ready to open")
	if got := strings.Join(h.did, ", "); got != "sheet en, trace, sheet en" {
		t.Errorf("done: %s", got)
	}
	h.refuse = errors.New("devices.toml: line 1")
	c.tap("Look again")
	c.sees("Shop or devices cannot be read")
}

// The card is printed on the chosen printer, and proved once both codes came.
func TestATestCardIsPrintedAndReadBack(t *testing.T) {
	h := aHandover()
	c := handedOver(t, 1366, 768, PageTestCard, h)
	c.w.SetLanguage("en")
	c.tap("后厨")
	c.press(fyne.KeyF9)
	c.scan("GUITAI-TEST")
	c.scan("6901234567892") // a neighbour's milk proves nothing, and is not sold
	c.sees("Another code came, 13 characters")
	if c.has("Both codes were read") || c.has("6901234567892") {
		t.Error("one code proves both, or a foreign code is shown")
	}
	c.scan("GUITAI TEST 0123456789")
	c.sees("Both codes were read")
	c.scan("GUITAI-TEST") // again changes nothing
	if got := strings.Join(h.did, ", "); got != "card 后厨, read 后厨 by 陈宁" {
		t.Errorf("done: %s", got)
	}
	if v := c.w.View(); v.Sale != nil && len(v.Sale.Lines) > 0 {
		t.Error("a scan on this page was sold")
	}
	h.refuse = errors.New("out of paper")
	c.press(fyne.KeyF9)
	c.sees("It did not print.")
	if c.has("Both codes were read") {
		t.Error("a card that was not printed counts as read")
	}
}

func TestReplacingAPCIsTicked(t *testing.T) {
	h := aHandover()
	c := handedOver(t, 1024, 768, PageReplacePC, h)
	c.w.SetLanguage("en")
	c.sees("1 missing; see to them before the PC goes", "On this PC", "On the new PC", "备份是最新的", "旧电脑不再收银")
	c.press(fyne.KeyF9)
	c.sees("/exports/move.pdf")
	h.move.Before[2].State = CheckDone
	c.tap("Look again")
	c.sees("All that the till can tell is done. Take the backup and the recovery code along.")
}

// The switches of this PC stand on the last sheet of the settings.
func TestThisPCIsSwitched(t *testing.T) {
	h := aHandover()
	c := handedOver(t, 1366, 768, PageSettings, h)
	c.w.SetLanguage("en")
	c.w.office.shop.tab = tabScreen
	c.w.Refresh()
	c.sees("Full screen", "Autostart", "Go-live", "Replace this PC", "Test card")
	c.tap("Full screen")
	c.tap("Autostart")
	if !h.full || strings.Join(h.did, ", ") != "autostart true" {
		t.Errorf("full screen %v, done %q", h.full, h.did)
	}
	h.refuse = errors.New("read-only")
	c.tap("Autostart")
	c.sees("It was not changed; the till works as before", "read-only")
}

func TestShotsSetupGoLive(t *testing.T) {
	page := func(at PageName) func(t *testing.T, w, h float32) *counter {
		return func(t *testing.T, w, h float32) *counter { return handedOver(t, w, h, at, aHandover()) }
	}
	shootSetup(t, "golive", page(PageGoLive), nil)
	shootSetup(t, "testcard", page(PageTestCard), func(c *counter) {
		c.press(fyne.KeyF9)
		c.scan("GUITAI TEST 0123456789")
	})
	shootSetup(t, "replacepc", page(PageReplacePC), nil)
	shootSetup(t, "settings-screen", page(PageSettings), func(c *counter) {
		c.w.office.shop.tab = tabScreen
		c.w.Refresh()
	})
}
