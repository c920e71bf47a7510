package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

func TestTheLogoIsChosenPreviewedAndSwitchedOn(t *testing.T) {
	slips := &slipPrinter{}
	c := inOffice(t, 1366, 768, PageSettings, func(p *Ports) { p.Office.Slips, p.Office.Folders = slips, pictureFolder{} })
	c.tap("Receipt")
	c.sees("No picture yet: choose a PNG or JPEG.")
	c.tap("Choose a picture")
	c.tap("/media/stick")
	drawn := len(slips.drawn)
	c.tap("milk.jpg")
	if slips.logo != "/media/stick/milk.jpg" {
		t.Fatalf("kept %q", slips.logo)
	}
	c.sees("At the head, in black and white", "1 change is not saved")
	if n := len(slips.drawn); n == drawn || !slips.drawn[n-1].Paper.Logo {
		t.Fatal("the preview was not drawn again with the logo")
	}
	c.press(fyne.KeyF9)
	if !slices.Contains(settingsSent(c), till.Setting{Key: "paper.logo", Value: "true"}) || !c.w.View().Settings.Paper.Logo {
		t.Fatalf("sent %v", settingsSent(c))
	}
	// Another picture under the same settings is drawn too; a file that is none changes nothing.
	drawn = len(slips.drawn)
	p := c.w.page().(*settingsPage)
	p.setLogo("/media/stick/other.jpg")
	if len(slips.drawn) == drawn {
		t.Fatal("another picture was not drawn")
	}
	p.setLogo("/media/stick/notes.png")
	c.sees("This file cannot be used: choose a PNG or JPEG of up to 20 MB.")
	if slips.logo != "/media/stick/other.jpg" || !c.w.View().Settings.Paper.Logo {
		t.Fatalf("kept %q", slips.logo)
	}
	// Esc leaves the folders and not the page.
	p.chooseLogo()
	c.press(fyne.KeyEscape)
	c.is(PageSettings)
	p.setLogo("")
	c.press(fyne.KeyF9)
	if slips.logo != "" || c.w.View().Settings.Paper.Logo {
		t.Fatalf("kept %q", slips.logo)
	}
}

func TestAManagerMayNotChangeTheLogo(t *testing.T) {
	c := opened(t, 1366, 768)
	c.w.ports.Office.Slips, c.w.ports.Office.Folders = &slipPrinter{logo: "x"}, pictureFolder{}
	c.run.SignOn("1003")
	c.show()
	c.w.SetLanguage("en")
	c.w.Open(PageSettings)
	c.tap("Receipt")
	c.sees("The owner or an installer may")
}

func TestShotsLogo(t *testing.T) {
	for name, logo := range map[string]string{"settings-logo-none": "", "settings-logo": "x"} {
		shoot(t, name, func(c *counter) {
			c.w.ports.Office.Slips, c.w.ports.Office.Folders = &slipPrinter{logo: logo}, pictureFolder{}
			c.enter("1001", PageSettings)
			c.tap(c.w.Say("settings.tab.receipt"))
		})
	}
}
