// Package kit is the set of touch controls that the screens are built from: text, icons, buttons, keys, tiles, lists,
// charts. It knows no till, no words and no files: it is given texts and gives back taps.
//
//	pay := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: "收款", Key: "F9", OnTap: openPay})
//	page := kit.Row(12, kit.Fixed(560, cart), kit.Grow(1, kit.Col(10, tabs, tiles, kit.Grow(1, pad), pay)))
//
// Once: NewTheme, SetDark, SetScale, SetRouter, SetKeyCaps, SetReducedMotion.
//
// Layout: Row, Col, Grid, Stack, Grow, Fixed, Sized, AtLeast, Middle, Centre, Pad, Inset, Space, Gap, Hairline, NewScroll.
//
// Text and marks: NewLabel, NewBold, NewParagraph, NewMoney, NewIcon, NewBadge, NewKeyCap, NewPlate, NewQuietPlate,
// NewDisc; Fit, Fit2, Wrap, TextWidth.
//
// Controls: NewButton, NewIconButton, NewTap, NewTile, NewTender, NewPerson, NewTab, NewChip, NewRailItem, NewParkedTab,
// NewSegments, NewSwitch, NewCheck, NewStatus, NewTopButton, NewPendingButton, NewKeypad, NewField, NewAmountBox.
//
// Surfaces: NewBox, NewPanel, NewCard, NewNote, NewCallout, NewTotal, NewStrip, NewMessage, NewToast, NewBanner,
// NewParts, NewSheet, NewScrim, NewSteps, NewStep.
//
// Lists and figures: NewLines, NewTable, NewTileGrid, NewBarChart, NewShares, NewRing, NewFigure, NewProgress, NewQR.
//
// Colours are names (Ink, Accent, ...) that the palette in use gives a value; SetDark changes it for the whole program.
// Nothing here starts a goroutine or an animation that does not end by itself. All calls belong to the goroutine of the
// user interface. No control takes Enter: a scanner ends its code with it.
package kit
