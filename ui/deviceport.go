package ui

import (
	"context"
	"time"
)

// DeviceSetup finds devices, tries them and keeps what they proved. Methods with a context may take time; the others
// must not wait.
type DeviceSetup interface {
	// Places lists where a device could be plugged in: the ports of this machine, those in use too. A printer or a
	// terminal in the network is typed in from its self-test print; nothing is searched for there.
	Places(ctx context.Context) ([]DevicePlace, error)
	// Drivers lists the models or languages of a kind, the usual one first.
	Drivers(kind string) []DeviceDriver
	// Draft is a new device of a kind at an address, with what is usual for a driver; "" is the usual driver.
	Draft(kind, address, driver string) DeviceConfig
	// Try begins a test, one of those that Trying names, of a device that need not be set up yet, and ends the one
	// before. The till lets go of the device's port until End; slips for it wait meanwhile. A test that is running already on the
	// same port takes up what the draft changed otherwise.
	Try(d DeviceConfig, test string)
	// Trying is how the last test stands.
	Trying() DeviceTrying
	// End gives the test up and the port back to the till.
	End()
	// Keep sets a device up, or changes the one of its name, and keeps what it proved; it is at work at once.
	Keep(ctx context.Context, d DeviceConfig, p DeviceProof) error
	// Proofs lists what was proved of the devices.
	Proofs(ctx context.Context) ([]DeviceProof, error)
	// Simulate lets the till drive a simulator in the place of a device, or the device again.
	Simulate(ctx context.Context, name string, on bool) error
	// Check makes a device that is at work prove that it answers, without a person and without paper.
	Check(ctx context.Context, name string) DeviceCheck
}

// DevicePlace is where a device could be plugged in.
type DevicePlace struct {
	Kind    string // serial, usb, file
	Address string // by a name that stays the same
	Title   string // what hangs there, and the port's name now
	Maybe   string // the kind of device that it probably is, or adapter; "" where nobody can tell
	Driver  string // the model that it probably is
	Device  string // the device of the till that has it; "" for none
	Twins   bool   // another device says the same of itself: this is known by its socket only
}

// DeviceDriver is a model of printer, or a language that devices of a kind speak.
type DeviceDriver struct{ ID, Title string }

// DeviceTrying is how a test stands. Tests: reach opens the port and lets go of it; sweep finds the speed; status, page, pin2 and pin5 are of a printer, scan of
// a scanner, weight and lines of a scale, show of a display, register of a terminal.
type DeviceTrying struct {
	Seq     int // counts changes
	Test    string
	Running bool
	OK      bool // it passed, or it has found what it looked for
	Reason  string
	Detail  string   // of Reason, for a technician
	Holder  string   // who has a port that is busy
	Mend    string   // the command that mends a missing permission, or shows who has the port
	Choose  []string // addresses that name one each of several devices that are alike
	Step    int      // of a sweep: which speed is tried, from 1
	Steps   int
	Now     string            // the speed, such as 9600 8N1
	Tried   []string          // those before, and Now
	Heard   map[string]string // by speed: what came there, as garbled or timeout
	Found   DeviceConfig      // of a sweep that has found it
	Value   string            // what the device says now: a weight, a code, how long it took
	State   string            // of a weight: why it cannot be sold
	Lines   []DeviceLine      // as they came, the last one last
}

// DeviceLine is a line as a scale sent it, and what a pattern reads in it.
type DeviceLine struct {
	Text  string
	Fits  bool
	Reads string
}

// DeviceProof is what a device proved before a person.
type DeviceProof struct {
	Device, Kind string
	At           time.Time
	By           string
	Steps        []DeviceProved
	Stale        bool // the device was changed since
}

// DeviceProved is one thing that was tried, and its result: passed, failed or skipped.
type DeviceProved struct{ What, Result, Seen string }

// DeviceCheck is the answer of a check. Reason is empty where all is well.
type DeviceCheck struct {
	OK             bool
	Reason, Detail string
	Err            error // what Detail says; may be nil
	Took           time.Duration
	At             time.Time
}

// DeviceLive is how one device that is set up is, as far as the till knows without asking it.
type DeviceLive struct {
	Name, Kind string
	Health     Health
	State      string // a word of the catalogue under status.
	Reason     string // of the vocabulary of devices; "" for none
	Detail     string // for a technician, in English
	Since      time.Time
	Waiting    int    // slips
	Last       string // the last weight or, masked, the last code
	LastAt     time.Time
	Simulated  bool
	Spare      bool // nothing uses it: a third printer, a second scale
}

// SetLive shows how each device is.
func (w *Window) SetLive(list []DeviceLive) {
	w.live = list
	w.frame.showStatus()
	if p, ok := w.page().(watcher); ok {
		p.Status()
	}
}
