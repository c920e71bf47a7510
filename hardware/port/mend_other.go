//go:build !linux && (!darwin || cgo)

package port

import (
	"errors"
	"fmt"
	"io/fs"

	"guitai/hardware/device"
)

// fault puts the reason to the error of opening the port of an address. Windows
// says of a port that another program has that access is denied.
func fault(a Address, _ string, err error) error {
	err = fmt.Errorf("open %s: %w", a, err)
	switch {
	case errors.Is(err, fs.ErrNotExist), isNoDevice(err):
		return &device.Error{Reason: device.NoHardware, Err: err}
	case isBusy(err):
		return &device.Error{Reason: device.Busy, Err: err}
	}
	return &device.Error{Reason: device.Failure, Err: err}
}
