package port

import (
	"fmt"
	"strings"
)

// Twins says that an address names more than one device. It carries
// device.Illegal.
type Twins struct {
	Place  string   // as it is configured
	Ports  []string // what it names now
	Choose []string // addresses that name one each, in the order of Ports
}

// Error names the ports and how to choose between them.
func (t *Twins) Error() string {
	return fmt.Sprintf("%s is more than one device: %s; name one by the socket it is plugged into: %s",
		t.Place, strings.Join(t.Ports, ", "), strings.Join(t.Choose, " or "))
}

// Denied says that the system does not let this program have a port, and what
// mends it. It carries device.Denied.
type Denied struct {
	Path  string
	Group string // who may use the port; empty: no group may
	Login bool   // the user is in Group already, and has to log in again
	Mend  string // the command that mends it; empty where Login does
	Err   error
}

// Error names the group or the rule, and the command.
func (d *Denied) Error() string {
	switch {
	case d.Login:
		return fmt.Sprintf("%v: it belongs to the group %s, which counts from the next login: log out of the computer and in again", d.Err, d.Group)
	case d.Group != "":
		return fmt.Sprintf("%v: it belongs to the group %s: run %s, then log out of the computer and in again", d.Err, d.Group, d.Mend)
	}
	return fmt.Sprintf("%v: no group may use it: a udev rule lets one, run %s", d.Err, d.Mend)
}

// Unwrap returns what the system said.
func (d *Denied) Unwrap() error { return d.Err }

// Held says that another program has a port. It carries device.Busy.
type Held struct {
	Path    string
	Holders []Holder // empty where the system does not show them to this user
	Err     error
}

// A Holder is a program that has a port open.
type Holder struct {
	Program string
	PID     int
}

func (h Holder) String() string { return fmt.Sprintf("%s (process %d)", h.Program, h.PID) }

// Error names the programs, or the command that does.
func (h *Held) Error() string {
	if len(h.Holders) == 0 {
		return fmt.Sprintf("%v: another program has it; %s shows which", h.Err, h.Ask())
	}
	return fmt.Sprintf("%v: %s", h.Err, h.Names())
}

// Names lists the programs.
func (h *Held) Names() string {
	var names []string
	for _, x := range h.Holders {
		names = append(names, x.String())
	}
	return strings.Join(names, ", ")
}

// Ask is the command that shows who has the port.
func (h *Held) Ask() string { return "sudo fuser -v " + h.Path }

// Unwrap returns what the system said.
func (h *Held) Unwrap() error { return h.Err }
