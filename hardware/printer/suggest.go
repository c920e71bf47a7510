package printer

import (
	"slices"
	"strings"
)

// families are the makers with profiles of their own, by what their printers
// call them (IEEE 1284 device id, MFG) or begin their models with; the profile
// for 80 mm, and for 58 mm.
var families = []struct {
	says           []string
	wide, narrow   string
	narrowModels   []string // beside those with 58 in their names
	lineModeModels []string // of Star: those that know Line Mode only
}{
	{says: []string{"XPRINTER", "XP-"}, wide: "xprinter-80", narrow: "xprinter-58"},
	{says: []string{"GPRINTER", "GAINSCHA", "GP-"}, wide: "gprinter-80", narrow: "gprinter-58"},
	{says: []string{"RONGTA"}, wide: "rongta-80", narrow: "rongta-58"},
	{says: []string{"SPRT", "SP-POS"}, wide: "sprt-80", narrow: "sprt-58"},
	{says: []string{"ZIJIANG", "ZJIANG", "ZJ-"}, wide: "zijiang-80", narrow: "zijiang-58"},
	{says: []string{"HPRT"}, wide: "hprt-80", narrow: "generic-58"},
	{says: []string{"SUNMI"}, wide: "sunmi-80", narrow: "sunmi-58"},
	{says: []string{"EPSON", "TM-"}, wide: "epson-cn-80", narrow: "generic-58"},
	{says: []string{"STAR", "TSP", "MCP"}, wide: "star-80", narrow: "star-58", narrowModels: []string{"MCP2", "MC-PRINT2"}, lineModeModels: []string{"TSP600", "TSP650", "TSP700"}},
}

// Suggest returns the profile that a printer most likely is of, by the maker and
// model that it says of itself; the test page decides. ok is false where neither
// tells anything.
func Suggest(maker, model string) (p Profile, ok bool) {
	maker, model = strings.ToUpper(strings.TrimSpace(maker)), strings.ToUpper(strings.TrimSpace(model))
	has := func(parts []string) bool {
		return slices.ContainsFunc(parts, func(s string) bool { return strings.Contains(model, s) })
	}
	narrow, wide := strings.Contains(model, "58"), strings.Contains(model, "80")
	for _, f := range families {
		if !slices.ContainsFunc(f.says, func(s string) bool { return strings.HasPrefix(maker, s) || strings.HasPrefix(model, s) }) {
			continue
		}
		switch {
		case has(f.lineModeModels) && !strings.Contains(model, "II"):
			return ProfileByID("star-line-80")
		case narrow || has(f.narrowModels):
			return ProfileByID(f.narrow)
		}
		return ProfileByID(f.wide)
	}
	switch {
	case narrow:
		return ProfileByID("generic-58")
	case wide, strings.Contains(model, "POS"):
		return ProfileByID("generic-80")
	}
	return Profile{}, false
}
