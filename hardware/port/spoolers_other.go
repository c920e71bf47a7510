//go:build !linux && !windows && (!darwin || cgo)

package port

// spoolers lists the printers of Windows: this system has none.
func spoolers() []Found { return nil }
