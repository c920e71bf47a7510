// Package device is the vocabulary that every device of a till shares: its
// state, why it is not ready, how deep a check goes, and errors that carry a
// reason. The words are those of UnifiedPOS (OMG UPOS 1.15.1) and the paper
// states of its POS printer. It opens nothing; package hardware does.
//
//	if device.ReasonOf(err) == device.PaperEnd { ... }
package device

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// State is where a device stands.
type State string

// The states of a device.
const (
	Off        State = "off"        // not set up
	Connecting State = "connecting" // not reached yet, or lost and being tried again
	Ready      State = "ready"
	Attention  State = "attention" // works, or will, once Reason is seen to
	Gone       State = "gone"      // not reachable
)

// Reason says why a device is not ready. The empty reason is none.
type Reason string

// Reasons, the first group from UnifiedPOS.
const (
	NoService  Reason = "no_service"  // no driver for this kind or address
	Disabled   Reason = "disabled"    // switched off in the settings
	Illegal    Reason = "illegal"     // the settings make no sense
	NoHardware Reason = "no_hardware" // nothing at the address
	Closed     Reason = "closed"      // the till is stopping
	Offline    Reason = "offline"     // there, and not taking orders
	Failure    Reason = "failure"     // says it is broken
	Timeout    Reason = "timeout"     // silent
	Busy       Reason = "busy"        // someone else has it
	Denied     Reason = "denied"      // the system does not let this program have it
	Garbled    Reason = "garbled"     // bytes come and make no sense: the wrong speed, or another device

	PaperEnd  Reason = "paper_end"
	PaperLow  Reason = "paper_low"
	CoverOpen Reason = "cover_open"
	Cutter    Reason = "cutter"      // the knife is stuck
	Unrender  Reason = "unprintable" // the slip itself cannot be made
	Lost      Reason = "lost"        // the link broke while something was under way
)

// Status is a device's state at a time.
type Status struct {
	State  State
	Reason Reason
	Detail string // for a technician, in English; no secrets
	Err    error  // what Detail says in words; may be nil
	At     time.Time
}

// Level is how deep a check goes (CheckHealth of UnifiedPOS).
type Level int

// The levels.
const (
	Internal    Level = iota // asks the device, changes nothing
	External                 // makes it act: prints a line
	Interactive              // asks a person what was seen: a test page
)

// A Report is the answer of a check.
type Report struct {
	Device string
	Status Status
	Took   time.Duration
}

// A Checker is a device that can be checked.
type Checker interface {
	Check(ctx context.Context, level Level) Report
}

// An Error is a fault with its reason.
type Error struct {
	Reason Reason
	Err    error // what was tried, and what came back; may be nil
}

// Error returns the reason and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Fault makes an Error with a formatted cause.
func Fault(r Reason, format string, args ...any) error {
	return &Error{Reason: r, Err: fmt.Errorf(format, args...)}
}

// ReasonOf returns the reason that err carries: Timeout for an ended deadline,
// Failure for an error without one, nothing for nil.
func ReasonOf(err error) Reason {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Reason
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, context.Canceled):
		return Closed
	}
	return Failure
}
