package ui

import "testing"

// A clock that is off has room in the status bar beside all that is well.
func TestTheClockHasRoomInTheStatusBar(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hans"} {
		for _, width := range []float32{1366, 1024} {
			c := open(t, width, 768)
			c.w.SetLanguage(lang)
			c.w.SetStatus([]DeviceStatus{{Kind: "printer", State: "ready"}, {Kind: "scanner", State: "ready"}, {Kind: "display", State: "ready"},
				{Kind: "clock", Health: Fault, State: "clock_slow", Detail: "10"}, {Kind: "backup", State: "done_at", Detail: "12:41"}, {Kind: "network", State: "online"}})
			c.sees(map[string]string{"en": "Clock 10 min slow: set it, wallets fail", "zh-Hans": "时钟 慢了 10 分钟：请校准，手机支付会失败"}[lang])
			c.isTidy(c.win.Content())
		}
	}
}
