package ui

import (
	"regexp"
	"testing"

	"fyne.io/fyne/v2"
)

// wordless is a key of the catalogue that stands on the screen because it has no words.
var wordless = regexp.MustCompile(`^[a-z_]+(\.[a-zA-Z0-9_-]+)+$`)

// shootSetup draws what a page of the set-up looks like; look may be nil.
func shootSetup(t *testing.T, name string, begin func(t *testing.T, width, height float32) *counter, look func(c *counter)) {
	if look == nil {
		look = func(*counter) {}
	}
	shootFrom(t, name, begin, func(c *counter) {
		look(c)
		for _, words := range c.words() {
			if wordless.MatchString(words) {
				c.Errorf("%q has no words", words)
			}
		}
	})
}

func TestShotsSetupFirstRun(t *testing.T) {
	run := func(t *testing.T, w, h float32) *counter {
		c, _ := firstRunAt(t, w, h)
		return c
	}
	fill := func(c *counter) {
		c.hand("青禾便利店", fyne.KeyReturn)
		c.hand("陈宁", fyne.KeyReturn)
		c.hand("qh2026till", fyne.KeyReturn)
	}
	shootSetup(t, "firstrun", run, fill)
	shootSetup(t, "firstrun-more", run, func(c *counter) {
		fill(c)
		c.w.office.first.more = true
		c.press(fyne.KeyF9)
	})
	shootSetup(t, "firstrun-code", run, func(c *counter) {
		fill(c)
		c.hand("qh2026till", fyne.KeyReturn)
	})
}
