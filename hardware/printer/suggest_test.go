package printer

import "testing"

func TestProfilesAreSuggestedByWhatPrintersSay(t *testing.T) {
	for says, want := range map[[2]string]string{
		{"Xprinter", "XP-80C"}:                      "xprinter-80",
		{"", "XP-58IIH"}:                            "xprinter-58",
		{"Gprinter", "GP-L80180"}:                   "gprinter-80",
		{"ZJIANG", "ZJ-58"}:                         "zijiang-58",
		{"RONGTA", "RP80"}:                          "rongta-80",
		{"EPSON", "TM-T82II"}:                       "epson-cn-80",
		{"STMicroelectronics", "POS58 Printer USB"}: "generic-58",
		{"Unknown", "POS80 Printer"}:                "generic-80",
		{"Star", "TSP654II (STR_T-001)"}:            "star-80",
		{"Star", "TSP700 (STR_T-001)"}:              "star-line-80",
		{"Star", "MCP21"}:                           "star-58",
		{"HP", "LaserJet 1020"}:                     "",
		{"", ""}:                                    "",
	} {
		if p, ok := Suggest(says[0], says[1]); p.ID != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", says, p.ID, want)
		}
	}
	for _, f := range families {
		for _, id := range []string{f.wide, f.narrow} {
			if _, ok := ProfileByID(id); !ok {
				t.Errorf("no profile %s", id)
			}
		}
	}
}
