package command

import (
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// ProofsFile is the file beside DevicesFile that says what was proved of each
// device, and when. The wizard of the devices page writes it; a go-live sheet
// reads it. It holds no secrets and no codes that were scanned.
const ProofsFile = "proofs.toml"

// A DeviceProof is the report of the last time that a device was made to prove
// itself before a person. It is of one device as it was set up then: see Of.
type DeviceProof struct {
	Device  string      `toml:"device"`  // its name in DevicesFile; "screen" for the second screen
	Kind    string      `toml:"kind"`    // one of Kinds, or screen
	Address string      `toml:"address"` // as package port writes it; "" of a screen
	Driver  string      `toml:"driver,omitempty"`
	Profile string      `toml:"profile,omitempty"`
	At      time.Time   `toml:"at"` // of the last step, in UTC
	By      string      `toml:"by"` // who looked, by name
	Steps   []ProofStep `toml:"step"`
}

// A ProofStep is one thing that was tried.
type ProofStep struct {
	// What was tried. Of a printer: status, text, width, cut, drawer; of a
	// scanner: scan; of a scale: weight; of a display: shows; of a terminal:
	// registers; of the second screen: shows. Words for the screen are in the
	// catalogue under devices.proof.
	What   string `toml:"what"`
	Result string `toml:"result"` // one of the results
	// Seen is what the device said or what was found, in few words that need no
	// translation: "0.500 kg", "12 ms", "pin 5".
	Seen string `toml:"seen,omitempty"`
}

// The results of a step.
const (
	ProofPassed  = "passed"
	ProofFailed  = "failed"
	ProofSkipped = "skipped" // the device has no such part, or nobody tried
)

// Passed reports whether something passed and nothing failed.
func (p DeviceProof) Passed() bool {
	some := false
	for _, s := range p.Steps {
		if s.Result == ProofFailed {
			return false
		}
		some = some || s.Result == ProofPassed
	}
	return some
}

// Of reports whether the proof is of x as it is set up now: a device that was
// moved to another port or given another language since has proved nothing.
func (p DeviceProof) Of(x Device) bool {
	return p.Device == x.Name && p.Address == x.Address && p.Driver == x.Driver && p.Profile == x.Profile
}

// proofs is ProofsFile.
type proofs struct {
	Proof []DeviceProof `toml:"proof,omitempty"`
}

// ReadProofs reads what was proved of the devices of a data folder, the oldest
// first; a folder without the file has proved nothing.
func ReadProofs(dir string) ([]DeviceProof, error) {
	var all proofs
	if err := ReadTOML(filepath.Join(dir, ProofsFile), &all); err != nil {
		return nil, err
	}
	return all.Proof, nil
}

// KeepProof writes a proof down in the place of the one of its device before.
func KeepProof(dir string, p DeviceProof) error {
	list, err := ReadProofs(dir)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(o DeviceProof) bool { return o.Device == p.Device })
	return writeProofs(dir, append(list, p))
}

// DropProof forgets the proof of a device that was removed.
func DropProof(dir, name string) error {
	list, err := ReadProofs(dir)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(list), func(o DeviceProof) bool { return o.Device == name })
	if len(left) == len(list) {
		return nil
	}
	return writeProofs(dir, left)
}

func writeProofs(dir string, list []DeviceProof) error {
	return toFile(filepath.Join(dir, ProofsFile), func(w io.Writer) error { return toml.NewEncoder(w).Encode(proofs{list}) })
}
