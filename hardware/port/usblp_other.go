//go:build !linux

package port

import (
	"context"

	"guitai/hardware/device"
)

func openUSBLP(_ context.Context, a Address) (Link, error) {
	return nil, device.Fault(device.NoService, "open %s: only Linux has such device files; take winspool: or ipp:", a)
}
