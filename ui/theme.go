package ui

import "guitai/ui/kit"

// useTheme puts the window's brightness on.
func (w *Window) useTheme() { kit.SetDark(w.dark) }
