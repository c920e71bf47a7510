// Package kit is the set of touch controls that the screens are built from: text, icons, buttons, keys, tiles, lists,
// charts. It knows no till, no words and no files: it is given texts and gives back taps.
//
//	pay := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Huge, Label: "收款", Key: "F9", OnTap: openPay})
//	page := kit.Row(12, kit.Fixed(560, cart), kit.Grow(1, kit.Col(10, tabs, tiles, kit.Grow(1, pad), pay)))
//
// Colours are names (Ink, Accent, ...) that the palette in use gives a value; SetDark changes it for the whole program.
// Nothing here starts a goroutine or an animation that does not end by itself. All calls belong to the goroutine of the
// user interface.
package kit
