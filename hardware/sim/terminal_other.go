//go:build !linux

package sim

import (
	"errors"
	"fmt"
	"os"
)

// Pseudo-terminals were tried on Linux only.
func openTerminal() (far, near *os.File, err error) {
	return nil, nil, fmt.Errorf("open a pseudo-terminal: %w", errors.ErrUnsupported)
}
