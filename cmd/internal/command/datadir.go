package command

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// DefaultData is the folder that holds a till's state where the command line
// names none: the platform's own place for a user's data.
func DefaultData() (string, error) {
	home, err := os.UserHomeDir()
	switch {
	case runtime.GOOS == "windows":
		if d := os.Getenv("LocalAppData"); d != "" {
			return filepath.Join(d, "Guitai"), nil
		}
		return "", errors.New("no folder for data: %LocalAppData% is not set")
	case err != nil:
		return "", err
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "Guitai"), nil
	}
	// The XDG Base Directory Specification takes absolute paths only.
	if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "guitai"), nil
	}
	return filepath.Join(home, ".local", "share", "guitai"), nil
}
