//go:build !darwin || cgo

package port

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"go.bug.st/serial/enumerator"
)

// A Found is a serial port that is there, and what hangs on it as far as it
// says.
type Found struct {
	Address Address
	Title   string // for a person: maker and product, or the port's name
}

// Find lists the serial ports of the machine. On Linux a port that has a name
// that stays the same wherever it is plugged in, /dev/serial/by-id, is listed
// under that. root stands for / in tests; "" is the machine.
func Find(root string) ([]Found, error) {
	var out []Found
	stable := map[string]bool{} // the ports that links lead to
	if runtime.GOOS == "linux" || root != "" {
		dir := filepath.Join(root, "/dev/serial/by-id")
		links, err := os.ReadDir(dir)
		if err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("look for serial ports: %w", err)
		}
		for _, l := range links {
			path := filepath.Join(dir, l.Name())
			to, err := filepath.EvalSymlinks(path)
			if err != nil {
				continue // pulled meanwhile
			}
			stable[to] = true
			out = append(out, found(filepath.Join("/dev/serial/by-id", l.Name()), titleOf(l.Name())))
		}
	}
	if root != "" {
		return out, nil
	}
	ports, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return out, fmt.Errorf("look for serial ports: %w", err)
	}
	for _, p := range ports {
		if stable[p.Name] {
			continue
		}
		title := p.Name
		if p.Product != "" {
			title = p.Product + " (" + p.Name + ")"
		}
		out = append(out, found(p.Name, title))
	}
	slices.SortFunc(out, func(a, b Found) int { return strings.Compare(a.Title, b.Title) })
	return out, nil
}

func found(place, title string) Found {
	return Found{Address: Address{Scheme: Serial, Place: place, Line: Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}, Title: title}
}

// titleOf makes words of a name like
// usb-Honeywell_1450g_12345-if00: udev joins maker, product and number by
// underscores.
func titleOf(name string) string {
	name = strings.TrimPrefix(name, "usb-")
	if i := strings.LastIndex(name, "-if"); i > 0 {
		name = name[:i]
	}
	return strings.ReplaceAll(name, "_", " ")
}
