package display_test

import (
	"strings"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/hardwaretest"
	"guitai/hardware/port"
)

func TestEveryDisplayKeepsTheRules(t *testing.T) {
	var cases []hardwaretest.Case
	for name, set := range map[string]display.Settings{
		"cd5220": {Driver: "cd5220"}, "cd5220 gb": {Driver: "cd5220", Charset: "gb18030"}, "dmd": {Driver: "dmd", Charset: "gb18030"},
		"led8": {Driver: "led8"}, "led8 esc": {Driver: "led8", Lamps: "esc"},
	} {
		cases = append(cases, hardwaretest.Case{Name: name, Run: func(t *testing.T) { hardwaretest.Display(t, set) }})
	}
	hardwaretest.AtOnce(t, cases)
}

func TestDisplaySettingsAreChecked(t *testing.T) {
	a, err := port.Parse("serial:/dev/ttyGUITAI")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		set display.Settings
		why string
	}{
		{display.Settings{Driver: "lcd"}, "there are led8, cd5220, dmd"},
		{display.Settings{Driver: "cd5220", Charset: "utf-8"}, "write ascii or gb18030"},
		{display.Settings{Driver: "led8", Lamps: "x"}, "write stx or esc"},
	} {
		if _, err := display.New(a, row.set, display.Options{}); device.ReasonOf(err) != device.Illegal || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%+v: %v", row.set, err)
		}
	}
	if line, ok := display.LineOf("led8"); !ok || line.Baud != 2400 || line.Parity != "none" {
		t.Errorf("an LED8 has the line %+v", line)
	}
}
