//go:build !cgo || ci

package main

import "fyne.io/fyne/v2"

// secondMonitor finds none: this build cannot ask.
func secondMonitor() (at fyne.Position, size fyne.Size, ok bool) { return at, size, false }
