//go:build !linux && (!darwin || cgo)

package port

import (
	"fmt"
	"slices"
	"strings"

	"go.bug.st/serial/enumerator"
)

// Find lists the serial ports of the machine by the system's names.
func Find(string) ([]Found, error) {
	ports, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return nil, fmt.Errorf("look for serial ports: %w", err)
	}
	out := []Found{}
	for _, p := range ports {
		if p.Name != "" {
			out = append(out, found(p.Name, titled(p.Name, p.Manufacturer, p.Product)))
		}
	}
	slices.SortFunc(out, func(a, b Found) int { return strings.Compare(a.Address.Place, b.Address.Place) })
	return out, nil
}
