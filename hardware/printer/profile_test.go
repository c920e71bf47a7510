package printer_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/printer"
)

func TestProfilesAreRight(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range printer.Profiles() {
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		if seen[p.ID] || p.Maker == "" || p.Name == "" || p.PaperMM != 58 && p.PaperMM != 80 {
			t.Errorf("profile %+v", p)
		}
		if p.PaperMM == 58 && p.Columns != 32 || p.Dots/12 != p.Columns {
			t.Errorf("%s: %d columns of %d dots on %d mm", p.ID, p.Columns, p.Dots, p.PaperMM)
		}
		seen[p.ID] = true
	}
	good, _ := printer.ProfileByID("generic-80")
	star := good
	star.Language = "star"
	for _, bad := range []printer.Profile{{}, {ID: "x", PaperMM: 80, Dots: 577, Columns: 48}, star} {
		if device.ReasonOf(bad.Check()) != device.Illegal {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// Every kind of printer that a small shop in China is sold has a profile for
// the paper that it comes with.
func TestEveryMakerHasItsPaper(t *testing.T) {
	for _, id := range []string{
		"generic-80", "generic-58", "generic-80-raster", "generic-58-raster", "xprinter-80", "xprinter-58", "gprinter-80", "gprinter-58",
		"rongta-80", "rongta-58", "sprt-80", "sprt-58", "zijiang-80", "zijiang-58", "sunmi-80", "sunmi-58", "epson-cn-80", "epson-180dpi-80",
		"star-80", "star-58", "star-line-80",
	} {
		if _, ok := printer.ProfileByID(id); !ok {
			t.Errorf("there is no profile %s", id)
		}
	}
}

// model is one of escpos-printer-db (scripts/printerdb.py).
type model struct {
	Vendor   string   `json:"vendor"`
	Dots     int      `json:"dots"` // 0 is not known
	Columns  int      `json:"columns"`
	Features []string `json:"features"`
}

// What a profile relies on is what the database of others says of the same
// model, where it has it: a code that the printer cannot make is a receipt
// without one. The database has no model with a simplified Chinese font, so
// that its columns are compared only where it knows the dots.
func TestProfilesAgreeWithThePrinterDatabase(t *testing.T) {
	b, err := os.ReadFile("testdata/printerdb.json")
	if err != nil {
		t.Fatal(err)
	}
	var db struct {
		Notice string           `json:"notice"`
		Models map[string]model `json:"models"`
	}
	if err := json.Unmarshal(b, &db); err != nil || len(db.Models) != 50 {
		t.Fatalf("%d models, %v", len(db.Models), err)
	}
	checked := 0
	for _, p := range printer.Profiles() {
		if p.Known == "" {
			continue
		}
		m, ok := db.Models[p.Known]
		if !ok {
			t.Errorf("%s: the database has no %s", p.ID, p.Known)
			continue
		}
		checked++
		for _, need := range []struct {
			relied  bool
			feature string
		}{
			{p.QR, "qrCode"}, {p.Barcode, "barcodeB"}, {p.Cut == "full", "paperFullCut"}, {p.Cut == "partial", "paperPartCut"},
			{p.Language == "escpos", "bitImageRaster"}, {p.Language != "escpos", "starCommands"}, {true, "pulseStandard"},
		} {
			if need.relied && !slices.Contains(m.Features, need.feature) {
				t.Errorf("%s relies on %s, which the database does not give %s", p.ID, need.feature, p.Known)
			}
		}
		if m.Dots != 0 && (m.Dots != p.Dots || p.Language == "escpos" && m.Columns != p.Columns) {
			t.Errorf("%s: %d dots, %d columns; %s has %d, %d", p.ID, p.Dots, p.Columns, p.Known, m.Dots, m.Columns)
		}
	}
	if checked < 8 {
		t.Errorf("only %d profiles were compared", checked)
	}
}

func TestAProfileHasItsLanguage(t *testing.T) {
	for id, want := range map[string]string{
		"generic-80": "\x1bp\x00\x32\xfa", "star-80": "\x1b\x07\x0a\x32\x07", "star-line-80": "\x1b\x07\x0a\x32\x07",
	} {
		p, _ := printer.ProfileByID(id)
		if got := dialect.Of(p).Pulse(&p); string(got) != want {
			t.Errorf("%s opens the drawer by % x", id, got)
		}
	}
}
