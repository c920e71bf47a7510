package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An OwnedError means that another process owns the ledger: the till is
// already running, or a command is writing.
type OwnedError struct {
	Owner string // program, process number and since when
}

// Error names the owner.
func (e *OwnedError) Error() string { return "the ledger is in use by " + e.Owner }

// Free returns an *OwnedError where a process owns the ledger in dir, and nil
// where none does, or where there is no ledger.
func Free(dir string) error {
	path := filepath.Join(dir, "ledger.lock")
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the ledger's lock: %w", err)
	}
	defer f.Close()
	if err := lockFile(f); err != nil {
		owner, _ := os.ReadFile(path)
		return &OwnedError{Owner: strings.TrimSpace(string(owner))}
	}
	return nil
}

// own takes the ledger in dir for this process until the file is closed.
func own(dir string, now time.Time) (*os.File, error) {
	path := filepath.Join(dir, "ledger.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the ledger's lock: %w", err)
	}
	if err := lockFile(f); err != nil {
		f.Close()
		owner, _ := os.ReadFile(path)
		return nil, &OwnedError{Owner: strings.TrimSpace(string(owner))}
	}
	text := fmt.Sprintf("%s (process %d) since %s\n", filepath.Base(os.Args[0]), os.Getpid(), now.Format("2006-01-02 15:04"))
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(text), 0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("write the ledger's lock: %w", err)
	}
	return f, nil
}
