package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

// setupSizes are the two windows that every page of the set-up is looked at in.
var setupSizes = []struct{ w, h float32 }{{1366, 768}, {1024, 768}}

// shootSetup draws what open leaves on the screen, in both sizes, languages and themes where asked.
func shootSetup(t *testing.T, name string, open func(t *testing.T, width, height float32) *counter, look func(c *counter)) {
	for _, s := range setupSizes {
		for _, lang := range []string{"zh-Hans", "en"} {
			c := open(t, s.w, s.h)
			c.w.SetLanguage(lang)
			if look != nil {
				look(c)
			}
			savePicture(t, c, fmt.Sprintf("%s-%d-%s", name, int(s.w), lang))
		}
	}
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
