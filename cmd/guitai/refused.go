package main

import (
	"errors"

	"fyne.io/fyne/v2"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/ui/kit"
)

// refusal is why the till does not open, in one language.
type refusal struct{ what, safe, next string }

// alreadyOpen is for the second start on the same data.
var alreadyOpen = map[string]refusal{
	"zh-Hans": {"柜台已经开着", "账本没有改动，正在卖的单也没有动。", "请切换到已经打开的柜台窗口。如果找不到它，请重新启动电脑再打开。"},
	"en":      {"The till is open already", "The ledger is as it was, and so is the sale under way.", "Please go to the window that is open. If you cannot find it, restart the PC and open the till again."},
}

// refused is what stands in the window where the ledger cannot be opened: what
// happened, what is safe, what to do, in both languages, since no setting can
// be read.
func (c *counter) refused(err error) fyne.CanvasObject {
	owned := (*ledger.OwnedError)(nil)
	col := kit.Col(14, kit.Row(0, kit.NewIcon("octagon-alert", 64, kit.Danger), kit.Space()), kit.Gap(10))
	for _, lang := range []string{"zh-Hans", "en"} {
		var r refusal
		r.what, r.safe, r.next = command.Explain(err, lang, c.dir)
		if errors.As(err, &owned) {
			r = alreadyOpen[lang]
		}
		title := kit.NewBold(r.what, 28, kit.Ink)
		title.Lines = 0
		col.Add(title)
		for _, s := range []string{r.safe, r.next} {
			if s != "" {
				col.Add(kit.NewParagraph(s, 20, kit.Ink2))
			}
		}
		col.Add(kit.Gap(10))
	}
	if owned != nil {
		col.Add(kit.NewParagraph(owned.Owner, 15, kit.Ink3))
	}
	col.Add(kit.Row(0, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Label: "关闭 Close", OnTap: c.app.Quit}), kit.Space()))
	return kit.Stack(kit.NewBox(kit.Bg), kit.Inset(50, 80, 50, 80, col))
}
