package assets_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"os"
	"regexp"
	"strings"
	"testing"

	"guitai/assets"
)

func TestIconsAreWhatTheRendererDraws(t *testing.T) {
	list, err := os.ReadFile("icons/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(list))
	if got := len(assets.IconNames()); got != len(names) || got < 125 {
		t.Fatalf("%d icons for %d names", got, len(names))
	}
	relative := regexp.MustCompile(`\bd="[^"]*[a-zASTst]`)
	rounded := regexp.MustCompile(`<rect [^>]*rx="[^>]*>`)
	for _, n := range names {
		svg, ok := assets.Icon(n)
		if !ok {
			t.Errorf("%s is missing", n)
			continue
		}
		if err := xml.Unmarshal(svg, new(struct{})); err != nil {
			t.Errorf("%s: %v", n, err)
		}
		if relative.Match(svg) {
			t.Errorf("%s has a relative command, an arc or a shorthand: %s", n, svg)
		}
		for _, r := range rounded.FindAll(svg, -1) {
			if !bytes.Contains(r, []byte("ry=")) {
				t.Errorf("%s has rx without ry: %s", n, r)
			}
		}
		if !bytes.Contains(svg, []byte(`stroke="currentColor"`)) || !bytes.Contains(svg, []byte(`stroke-width="2"`)) {
			t.Errorf("%s has lost its colour or stroke to replace", n)
		}
	}
	if _, ok := assets.Icon("no-such-icon"); ok {
		t.Error("an icon that does not exist was found")
	}
}

func TestSoundsAreShortWaves(t *testing.T) {
	for name, most := range map[string]int{"added": 100, "notfound": 400, "paid": 500, "failed": 500} {
		b := assets.Sound(name)
		if len(b) < 44 || string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " {
			t.Errorf("%s is no WAV file", name)
			continue
		}
		if c, r, bits := binary.LittleEndian.Uint16(b[22:]), binary.LittleEndian.Uint32(b[24:]), binary.LittleEndian.Uint16(b[34:]); c != 1 || r != 22050 || bits != 16 {
			t.Errorf("%s has %d channels, %d Hz, %d bit", name, c, r, bits)
		}
		if ms := (len(b) - 44) * 1000 / 2 / 22050; ms < 50 || ms > most {
			t.Errorf("%s lasts %d ms, want 50 to %d", name, ms, most)
		}
	}
	if assets.Sound("silence") != nil {
		t.Error("a sound that does not exist has bytes")
	}
}

func TestTranslationsAreObjectsOfWords(t *testing.T) {
	if got := strings.Join(assets.Languages(), " "); got != "en zh-Hans" {
		t.Errorf("languages %q", got)
	}
	for _, l := range assets.Languages() {
		var words map[string]any
		if err := json.Unmarshal(assets.Translation(l), &words); err != nil {
			t.Errorf("%s: %v", l, err)
		}
	}
	if assets.Translation("xx") != nil {
		t.Error("a language that does not exist has words")
	}
}

func TestSampleItemsCanBeSoldAndScanned(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(assets.SampleItems())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "code,name,name_en,price,unit,tax,category,barcodes" {
		t.Fatalf("header %s", got)
	}
	seen, categories, weighed := map[string]bool{}, map[string]int{}, 0
	price := regexp.MustCompile(`^\d+\.\d\d$`)
	for _, r := range rows[1:] {
		keys := []string{r[0]}
		if r[7] != "" {
			keys = append(keys, strings.Split(r[7], "|")...)
		}
		for i, k := range keys {
			if seen[k] {
				t.Errorf("%s is there twice", k)
			}
			seen[k] = true
			if i > 0 && (len(k) != 13 || k[:3] != "690" || checkDigit(k) != 0) {
				t.Errorf("%s of %s is no EAN-13 with 690", k, r[1])
			}
		}
		if !price.MatchString(r[3]) || r[1] == "" || r[2] == "" || r[4] == "" {
			t.Errorf("row %v is not whole", r)
		}
		if r[5] != "food" && r[5] != "standard" {
			t.Errorf("tax %q of %s", r[5], r[1])
		}
		if r[4] == "kg" {
			weighed++
		}
		categories[r[6]]++
	}
	if len(rows)-1 < 60 || weighed < 5 || len(categories) != 5 {
		t.Errorf("%d items, %d weighed, categories %v", len(rows)-1, weighed, categories)
	}
}

// checkDigit is 0 for a right EAN-13 (GS1 General Specifications, 7.9).
func checkDigit(code string) int {
	sum := 0
	for i, d := range code {
		w := 1
		if i%2 == 1 {
			w = 3
		}
		sum += int(d-'0') * w
	}
	return sum % 10
}

func TestAppIconIsA512Picture(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(assets.AppIcon()))
	if err != nil || c.Width != 512 || c.Height != 512 {
		t.Errorf("%+v, %v", c, err)
	}
	for what, text := range assets.Licences() {
		if len(text) < 500 {
			t.Errorf("licence of %s has %d bytes", what, len(text))
		}
	}
}
