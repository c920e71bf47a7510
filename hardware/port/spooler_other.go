//go:build !windows

package port

import "guitai/hardware/device"

func openSpooler(a Address) (Link, error) {
	return nil, device.Fault(device.NoService, "open %s: only Windows has such printers; take ipp: or usblp:", a)
}
