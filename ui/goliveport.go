package ui

import (
	"context"
	"time"
)

// Installing is what the pages for handing a till over need: what is proved, what is missing, and what this PC does by
// itself. Words in what is returned are in the language that was asked for.
type Installing interface {
	// GoLive says what is missing before the shop opens, and what each device proved. Sheet writes it on paper, as a
	// PDF in the shop's export folder, and returns its path.
	GoLive(ctx context.Context, lang string) (GoLive, error)
	GoLiveSheet(ctx context.Context, lang string) (path string, err error)
	// Move says what is to be done to replace this PC; MoveSheet writes it as a PDF.
	Move(ctx context.Context, lang string) (Move, error)
	MoveSheet(ctx context.Context, lang string) (path string, err error)
	// ExportTrace writes what went over the devices' wires, with all that is known of them, to one file without payment
	// codes and card numbers.
	ExportTrace(ctx context.Context) (path string, err error)
	// PrintCard prints a test card on a printer that is set up, the second one too.
	PrintCard(ctx context.Context, printer string) error
	// Card says which code of a test card was read: qr or barcode, "" for another.
	Card(code string) string
	// CardRead keeps that both codes of a printer's card were read back.
	CardRead(ctx context.Context, printer, by string) error
	// Autostart reports whether the till starts when its user signs on to the system.
	Autostart(ctx context.Context) (on bool, err error)
	SetAutostart(ctx context.Context, on bool) error
	// FullScreen reports whether the till's window takes the whole screen; SetFullScreen changes it at once and keeps
	// it. Neither waits.
	FullScreen() bool
	SetFullScreen(on bool)
}

// CheckState is how a point of a checklist stands.
type CheckState string

// The states of a point.
const (
	CheckDone    CheckState = "done"
	CheckMissing CheckState = "missing"
	CheckByHand  CheckState = "by_hand" // only a person can know
)

// CheckPoint is a line of a checklist.
type CheckPoint struct {
	State         CheckState
	Title, Detail string
}

// GoLive is what is missing before a shop opens, and the devices with their proofs.
type GoLive struct {
	Points  []CheckPoint
	Devices []ProvedDevice
}

// ProvedDevice is a device and how its proof stands.
type ProvedDevice struct {
	Name, Kind string
	State      CheckState
	Words      string // of the proof
	At         time.Time
	By         string
}

// Move is what to do on this PC before it is replaced, and on the new one.
type Move struct{ Before, After []CheckPoint }

// missing counts the points that are missing.
func missing(list []CheckPoint) int {
	n := 0
	for _, p := range list {
		if p.State == CheckMissing {
			n++
		}
	}
	return n
}
