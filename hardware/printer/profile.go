package printer

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"guitai/hardware/device"
	"guitai/hardware/raster"
)

// A Profile is how one model of printer differs from the others. Chinese
// models are set from their makers' data; none was tried here, and the
// installer's test page decides.
type Profile struct {
	ID    string `json:"id"`
	Maker string `json:"maker"`
	Name  string `json:"name"`
	// Language is escpos, star (StarPRNT) or star_line (Star Line Mode).
	Language string `json:"language"`
	PaperMM  int    `json:"paper_mm"`
	Dots     int    `json:"dots"`    // printable width
	Columns  int    `json:"columns"` // of the printer's 12 x 24 font
	// Text is how text goes to paper: gbk by the printer's Chinese font, raster
	// as pictures.
	Text        string `json:"text"`
	Cut         string `json:"cut"`      // none, partial or full
	CutFeed     int    `json:"cut_feed"` // lines from the print head to the knife or the tear bar
	DrawerPin   int    `json:"drawer_pin"`
	DrawerOnMS  int    `json:"drawer_on_ms"` // at most 510
	DrawerOffMS int    `json:"drawer_off_ms"`
	// DrawerSelect says that the board behind the printer port wants ESC = 1
	// before a pulse.
	DrawerSelect bool `json:"drawer_select,omitempty"`
	QR           bool `json:"qr"`      // prints QR codes by itself: GS ( k, ESC GS y
	Barcode      bool `json:"barcode"` // prints barcodes by itself: GS k, ESC b
	// Beep is the beeper: none, or esc_b (ESC B) of clones.
	Beep string `json:"beep"`
	// Status says whether a question about the state is answered (DLE EOT, or
	// ESC ACK SOH with its ASB): yes, no, or learn, which uses it once it was
	// seen to work.
	Status string `json:"status"`
	// Barrier is the command whose answer proves that what stood before it was
	// printed: gs_h (GS ( H), gs_r (GS r 1), gs_etx (ESC GS ETX) or none.
	Barrier string `json:"barrier"`
	// NoRealtime says that GS ( D is known, which keeps a picture from being
	// taken for a drawer pulse.
	NoRealtime bool `json:"no_realtime,omitempty"`
	// Known is the model's name in escpos-printer-db, or of one close to it.
	Known string `json:"known,omitempty"`
}

//go:embed profiles.json
var profilesJSON []byte

var profiles = func() []Profile {
	d := json.NewDecoder(bytes.NewReader(profilesJSON))
	d.DisallowUnknownFields()
	var list []Profile
	if err := d.Decode(&list); err != nil {
		panic("printer: profiles.json: " + err.Error())
	}
	return list
}()

// Profiles returns all profiles, the generic ones first.
func Profiles() []Profile { return slices.Clone(profiles) }

// ProfileByID returns the profile with an ID.
func ProfileByID(id string) (Profile, bool) {
	i := slices.IndexFunc(profiles, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return profiles[i], true
}

// Check says what makes a profile useless, as a device.Illegal error.
func (p Profile) Check() error {
	for _, c := range []struct {
		ok   bool
		want string
	}{
		{p.Dots >= 128 && p.Dots <= 1024 && p.Dots%8 == 0, "dots: want 128 to 1024, a multiple of 8"},
		{p.Columns >= 16 && p.Columns <= 64, "columns: want 16 to 64"},
		{p.Columns*12 <= p.Dots+12, "columns: they do not fit the dots, at 12 each"},
		{slices.Contains([]string{"gbk", "raster"}, p.Text), "text: want gbk or raster"},
		{slices.Contains([]string{"none", "partial", "full"}, p.Cut), "cut: want none, partial or full"},
		{p.CutFeed >= 0 && p.CutFeed <= 20, "cut_feed: want 0 to 20"},
		{p.DrawerPin == 2 || p.DrawerPin == 5, "drawer_pin: want 2 or 5"},
		{p.DrawerOnMS >= 2 && p.DrawerOnMS <= 510, "drawer_on_ms: want 2 to 510"},
		{p.DrawerOffMS >= 2 && p.DrawerOffMS <= 510, "drawer_off_ms: want 2 to 510"},
		{slices.Contains([]string{"yes", "no", "learn"}, p.Status), "status: want yes, no or learn"},
		{slices.Contains([]string{"none", "esc_b"}, p.Beep), "beep: want none or esc_b"},
		{slices.Contains(barriers[p.Language], p.Barrier), "language: want escpos, star or star_line; barrier: want one of its own or none"},
	} {
		if !c.ok {
			return device.Fault(device.Illegal, "printer profile %.40q: %s", p.ID, c.want)
		}
	}
	return nil
}

// barriers are what each language has.
var barriers = map[string][]string{
	"escpos": {"gs_h", "gs_r", "none"}, "star": {"gs_etx", "none"}, "star_line": {"gs_etx", "none"},
}

// line and column are the grid of the printer's Chinese font at the default
// line spacing: 24 x 24 dots every 30.
const (
	column = 12
	line   = 30
)

// Grid is the character grid that the encoder draws on, in dots, and that the
// printer's own font has.
func Grid() raster.Grid { return raster.Grid{Column: column, Line: line} }

// String is the maker and the name, as a person picks the printer by.
func (p Profile) String() string { return fmt.Sprintf("%s %s", p.Maker, p.Name) }
