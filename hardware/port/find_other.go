//go:build !linux && (!darwin || cgo)

package port

import (
	"fmt"
	"slices"
	"strings"

	"go.bug.st/serial/enumerator"
)

// Find lists the serial ports of the machine, by the USB identity of those that
// have a number of their own, since the system may give them another name when
// they are plugged in again; and the printers of the system.
func Find(string) ([]Found, error) {
	ports, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return nil, fmt.Errorf("look for serial ports: %w", err)
	}
	out := []Found{}
	for _, p := range ports {
		if p.Name == "" {
			continue
		}
		id := ""
		if p.IsUSB {
			id = usbPlace(strings.ToLower(p.VID+":"+p.PID), p.SerialNumber)
		}
		for _, q := range ports {
			if q.Name != p.Name && q.VID == p.VID && q.PID == p.PID && q.SerialNumber == p.SerialNumber {
				id = ""
			}
		}
		out = append(out, serialAt(p.Manufacturer, p.Product, titled(p.Name, p.Manufacturer, p.Product), id, p.Name))
	}
	slices.SortFunc(out, func(a, b Found) int { return strings.Compare(a.Title, b.Title) })
	return append(out, spoolers()...), nil
}
