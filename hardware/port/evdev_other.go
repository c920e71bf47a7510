//go:build !linux

package port

import "guitai/hardware/device"

func openEvdev(a Address) (Link, error) {
	return nil, device.Fault(device.NoService, "open %s: only Linux lets a program take a keyboard over; set the scanner to USB-COM", a)
}

// FindKeyboards finds none: only Linux lets a program take one over.
func FindKeyboards(string) ([]Found, error) { return nil, nil }
