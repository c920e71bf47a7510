//go:build !linux && (!darwin || cgo)

package port

import (
	"fmt"
	"strings"

	"go.bug.st/serial/enumerator"

	"guitai/hardware/device"
)

// locate returns the system's name of the serial port that a place leads to
// now.
func locate(_ string, scheme Scheme, place string) (string, error) {
	if scheme == Evdev || !isIdentity(place) {
		return place, nil
	}
	id := identityOf(place)
	if id.socket != "" {
		return "", device.Fault(device.NoService, "socket= is known on Linux only; this system's names are usb=VENDOR:PRODUCT:SERIAL")
	}
	list, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return "", fmt.Errorf("look for serial ports: %w", err)
	}
	var ports []usbPort
	for _, d := range list {
		if p := (usbPort{name: d.Name, model: strings.ToLower(d.VID + ":" + d.PID), serial: d.SerialNumber}); d.IsUSB && id.is(p) {
			ports = append(ports, p)
		}
	}
	return only(scheme, place, ports)
}
