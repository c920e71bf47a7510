package scale_test

import (
	"strings"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/hardwaretest"
	"guitai/hardware/port"
	"guitai/hardware/scale"
)

func TestEveryScaleKeepsTheRules(t *testing.T) {
	var cases []hardwaretest.Case
	for _, row := range []struct {
		set      scale.Settings
		language string
	}{
		{scale.Settings{Driver: "stgs"}, "stgs"},
		{scale.Settings{Driver: "cas"}, "cas"},
		{scale.Settings{Driver: "mettler8217"}, "mettler8217"},
		{scale.Settings{Driver: "nci"}, "nci"},
		{scale.Settings{Driver: "toledo"}, "toledo"},
		{scale.Settings{Driver: "pattern", Pattern: `^(?P<stable>S)?D? (?P<sign>[+-])(?P<weight>\d+\.\d{3}) (?P<unit>kg)$`}, "plain"},
	} {
		cases = append(cases, hardwaretest.Case{Name: row.set.Driver, Run: func(t *testing.T) { hardwaretest.Scale(t, row.set, row.language) }})
	}
	hardwaretest.AtOnce(t, cases)
}

func TestScaleSettingsAreChecked(t *testing.T) {
	a, err := port.Parse("serial:/dev/ttyGUITAI")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		set scale.Settings
		why string
	}{
		{scale.Settings{Driver: "dialog06"}, "there are stgs, cas"},
		{scale.Settings{Driver: "stgs", Unit: "stone"}, "no unit"},
		{scale.Settings{Driver: "pattern"}, "no group weight"},
		{scale.Settings{Driver: "pattern", Pattern: `(?P<weight>\d)(?P<stable>)`, Ask: `\z`}, "ask"},
	} {
		if _, err := scale.New(a, row.set, scale.Options{}); device.ReasonOf(err) != device.Illegal || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%+v: %v", row.set, err)
		}
	}
	for _, d := range scale.Drivers {
		if line, ok := scale.LineOf(d.ID); !ok || line != d.Line {
			t.Errorf("%s has the line %+v", d.ID, line)
		}
	}
}
