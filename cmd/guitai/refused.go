package main

import (
	"fyne.io/fyne/v2"

	"guitai/cmd/internal/command"
	"guitai/ui/kit"
)

// refused is what stands in the window where the ledger cannot be opened: what
// happened, what is safe, what to do, in both languages, since no setting can
// be read.
func (c *counter) refused(err error) fyne.CanvasObject {
	col := kit.Col(18, kit.NewIcon("octagon-alert", 64, kit.Danger))
	for _, lang := range []string{"zh-Hans", "en"} {
		what, safe, next := command.Explain(err, lang, c.dir)
		col.Add(kit.NewParagraph(what, 24, kit.Ink))
		for _, s := range []string{safe, next} {
			if s != "" {
				col.Add(kit.NewParagraph(s, 20, kit.Ink2))
			}
		}
	}
	col.Add(kit.Row(0, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Label: "关闭 Close", OnTap: c.app.Quit}), kit.Space()))
	return kit.Stack(kit.NewBox(kit.Bg), kit.Inset(60, 80, 60, 80, col))
}
