//go:build !linux && !darwin

package port

import (
	"errors"
	"io/fs"

	"guitai/hardware/device"
)

// Windows opens a serial port for one program only and lets no second
// descriptor in, so there is no companion and no flow control.
type companion struct{}

func accompany(_ string, line Line) (companion, error) {
	if line.Flow != "none" {
		return companion{}, device.Fault(device.Illegal, "flow=%s cannot be set on this system; use flow=none and a slower printer speed", line.Flow)
	}
	return companion{}, nil
}

func (companion) settle(Line) error { return nil }
func (companion) discard()          {}
func (companion) close()            {}

func isBusy(err error) bool { return errors.Is(err, fs.ErrPermission) }
func isNoDevice(error) bool { return false }
