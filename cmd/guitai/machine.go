package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"guitai/cmd/internal/command"
)

// machineFile says how this PC's till looks and where it backs up. It is no
// part of the ledger: a restored ledger meets another PC.
const machineFile = "machine.toml"

// A machine holds the choices of this PC. Its methods may be called from any
// goroutine.
type machine struct {
	path    string
	writing sync.Mutex // one change at a time; held while the disk is waited for
	kept    choices    // as the file has them; guarded by writing

	mu  sync.Mutex
	now choices
}

type choices struct {
	Dark  bool    `toml:"dark"`
	Scale float32 `toml:"scale,omitempty"` // 1 to 2; 0 for 1
	// FullScreen says that the till's window takes the whole screen.
	FullScreen bool   `toml:"full_screen,omitempty"`
	Backups    string `toml:"backups,omitempty"` // folder of the copies made by themselves; "" for the data folder's own
}

// openMachine reads the choices; a PC without the file has the defaults. A
// file that cannot be read is an error beside the defaults: looks must not
// keep a shop from selling.
func openMachine(dir string) (*machine, error) {
	m := &machine{path: filepath.Join(dir, machineFile)}
	if err := command.ReadTOML(m.path, &m.now); err != nil {
		m.now = choices{}
		return m, err
	}
	m.kept = m.now
	return m, nil
}

func (m *machine) get() choices {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// change changes the choices and keeps them. Where they cannot be kept they hold
// until the program ends, and the next change tries again.
func (m *machine) change(f func(*choices)) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	next := m.get()
	f(&next)
	m.mu.Lock()
	m.now = next
	m.mu.Unlock()
	if next == m.kept {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(m.path), 0o700)
	if err == nil {
		err = command.WriteWhole(m.path, func(w io.Writer) error { return toml.NewEncoder(w).Encode(next) })
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", m.path, err)
	}
	m.kept = next
	return nil
}

// backups is the folder that copies go to by themselves.
func (m *machine) backups() string {
	if b := m.get().Backups; b != "" {
		return b
	}
	return filepath.Join(filepath.Dir(m.path), "backups")
}
