package kit_test

import (
	"testing"

	"golang.org/x/image/font/sfnt"

	"guitai/assets"
)

// The signs, and some characters of names, that a till must be able to show in both weights and on paper.
const mustHave = "0123456789¥￥€£₩₫฿₹−×÷·•←→↑↓✓½⅓“”‘’…–—「」，。：；（）柜台收款镕堃喆犇龍灣あア"

func TestEveryFontHasEverySignAndDigitsOfOneWidth(t *testing.T) {
	for name, f := range map[string]assets.FontFile{"sans": assets.SansRegular, "sans bold": assets.SansBold, "print": assets.PrintRegular, "print bold": assets.PrintBold} {
		t.Run(name, func(t *testing.T) {
			font, err := sfnt.Parse(assets.Font(f))
			if err != nil {
				t.Fatal(err)
			}
			var buf sfnt.Buffer
			for _, r := range mustHave {
				if g, err := font.GlyphIndex(&buf, r); err != nil || g == 0 {
					t.Errorf("no glyph for %q (%v)", r, err)
				}
			}
			widths := map[int]bool{}
			for _, r := range "0123456789" {
				g, _ := font.GlyphIndex(&buf, r)
				a, err := font.GlyphAdvance(&buf, g, 1000<<6, 0)
				if err != nil {
					t.Fatal(err)
				}
				widths[a.Round()] = true
			}
			if len(widths) != 1 {
				t.Errorf("digits have widths %v, want one", widths)
			}
		})
	}
	if assets.Font(99) != nil {
		t.Error("a font that does not exist has bytes")
	}
}
