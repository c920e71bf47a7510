//go:build darwin && !cgo

package port

import (
	"context"

	"guitai/hardware/device"
)

// On macOS the serial library needs a C compiler.
func openSerial(_ context.Context, a Address) (Link, error) {
	return nil, device.Fault(device.NoService, "open %s: this build has no serial ports on macOS", a)
}

// Find finds nothing, for the same reason.
func Find(string) ([]Found, error) { return nil, nil }
