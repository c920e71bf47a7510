package terminal_test

import (
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/hardwaretest"
	"guitai/hardware/port"
	"guitai/hardware/terminal"
)

func TestZVTKeepsTheRules(t *testing.T) {
	var cases []hardwaretest.Case
	for name, slips := range map[string]bool{"slips by the till": true, "slips by the terminal": false} {
		cases = append(cases, hardwaretest.Case{Name: name, Run: func(t *testing.T) {
			hardwaretest.Terminal(t, func(a port.Address) (terminal.Driver, error) {
				return terminal.NewZVT(a, terminal.ZVTSettings{Silence: 400 * time.Millisecond, Slips: slips})
			})
		}})
	}
	hardwaretest.AtOnce(t, cases)
}

func TestZVTSettingsAreChecked(t *testing.T) {
	for _, set := range []terminal.ZVTSettings{{Password: 1000000}, {Currency: 1000}, {Password: -1}} {
		if _, err := terminal.NewZVT(port.Address{Scheme: port.TCP, Place: "127.0.0.1:1"}, set); device.ReasonOf(err) != device.Illegal {
			t.Errorf("%+v: %v", set, err)
		}
	}
	if _, err := terminal.NewZVT(port.Address{Scheme: port.File, Place: "/dev/null"}, terminal.ZVTSettings{}); device.ReasonOf(err) != device.Illegal {
		t.Errorf("a file: %v", err)
	}
}
