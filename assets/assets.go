// Package assets hands out what the till carries with it: fonts, icons, sounds, the words of both languages and a
// sample shop. It is bytes and names only; it draws, plays, parses and translates nothing.
//
//	face := assets.Font(assets.SansBold)
//	svg, ok := assets.Icon("scan-barcode")
package assets

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// FontFile names one of the fonts.
type FontFile uint8

// The fonts: subsets of Noto Sans CJK SC (SIL Open Font License 1.1, fonts/OFL.txt) with GB 2312, Big5 level 1, rare
// characters of names, Latin, Greek, Cyrillic, kana, currency signs, arrows and box drawing. The digits of a weight
// share one width.
const (
	SansRegular  FontFile = iota // OpenType with CFF outlines, for the screen
	SansBold                     // the same, bold
	PrintRegular                 // TrueType outlines, for PDF pages and receipts drawn as pictures
	PrintBold                    // the same, bold
)

var (
	//go:embed fonts/NotoSansSC-Regular.otf
	sansRegular []byte
	//go:embed fonts/NotoSansSC-Bold.otf
	sansBold []byte
	//go:embed fonts/NotoSansSC-Regular.ttf
	printRegular []byte
	//go:embed fonts/NotoSansSC-Bold.ttf
	printBold []byte

	//go:embed icons/*.svg
	icons embed.FS
	//go:embed sounds/*.wav
	sounds embed.FS
	//go:embed translations/*.json
	translations embed.FS
	//go:embed sample/items.csv
	sampleItems []byte
	//go:embed icon.png
	appIcon []byte
	//go:embed fonts/OFL.txt
	fontLicence []byte
	//go:embed icons/LICENSE
	iconLicence []byte
)

// Font returns the font file f, and nil for a value that is none. The bytes are shared: do not change them.
func Font(f FontFile) []byte {
	switch f {
	case SansRegular:
		return sansRegular
	case SansBold:
		return sansBold
	case PrintRegular:
		return printRegular
	case PrintBold:
		return printBold
	}
	return nil
}

// Icon returns the Lucide icon of that name as SVG on a grid of 24, drawn with currentColor and a stroke of 2, both
// of which whoever shows it replaces. It reports false for a name that is not here.
func Icon(name string) ([]byte, bool) {
	b, err := icons.ReadFile(path.Join("icons", name+".svg"))
	return b, err == nil
}

// IconNames lists the icons in order of their names.
func IconNames() []string { return names(icons, "icons", ".svg") }

// Sound returns a sound as a WAV file (PCM, 16 bit, mono, 22 050 Hz): "added", "notfound", "paid" or "failed". It
// returns nil for another name.
func Sound(name string) []byte {
	b, err := sounds.ReadFile(path.Join("sounds", name+".wav"))
	if err != nil {
		return nil
	}
	return b
}

// Translation returns the words of a language as one JSON object from key to text, for "zh-Hans" and "en". It
// returns nil for a language that is not here.
func Translation(lang string) []byte {
	b, err := translations.ReadFile(path.Join("translations", lang+".json"))
	if err != nil {
		return nil
	}
	return b
}

// Languages lists the languages that have words, in order of their tags.
func Languages() []string { return names(translations, "translations", ".json") }

// SampleItems returns the goods of the invented shop 青禾便利店 (Qinghe Corner Store) as a CSV file in UTF-8 with the
// header code,name,name_en,price,unit,tax,category,barcodes. It uses the tax codes "food" and "standard"; the
// barcodes have right check digits and belong to no real product that is meant. The bytes are shared.
func SampleItems() []byte { return sampleItems }

// AppIcon returns the program's own icon, a PNG of 512 by 512.
func AppIcon() []byte { return appIcon }

// Licences returns the licence texts of what was made elsewhere, by what it covers.
func Licences() map[string]string {
	return map[string]string{"Noto Sans CJK": string(fontLicence), "Lucide": string(iconLicence)}
}

func names(f fs.FS, dir, ext string) []string {
	entries, err := fs.ReadDir(f, dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ext))
	}
	slices.Sort(out)
	return out
}
