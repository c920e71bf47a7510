//go:build cgo && !ci

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// secondMonitor returns the position and size, in pixels, of a monitor other
// than the primary one. Call it on the toolkit's goroutine once it runs.
func secondMonitor() (at fyne.Position, size fyne.Size, ok bool) {
	primary := glfw.GetPrimaryMonitor()
	for _, m := range glfw.GetMonitors() {
		x, y := m.GetPos()
		mode := m.GetVideoMode()
		if primary == nil || mode == nil {
			continue
		}
		if px, py := primary.GetPos(); x == px && y == py {
			continue
		}
		return fyne.NewPos(float32(x), float32(y)), fyne.NewSize(float32(mode.Width), float32(mode.Height)), true
	}
	return at, size, false
}
