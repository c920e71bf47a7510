package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// machineFile says how this PC's till looks and where it backs up. It is no
// part of the ledger: a restored ledger meets another PC.
const machineFile = "machine.toml"

// A machine holds the choices of this PC. Its methods may be called from any
// goroutine.
type machine struct {
	path string
	mu   sync.Mutex
	now  choices
}

type choices struct {
	Dark    bool    `toml:"dark"`
	Scale   float32 `toml:"scale,omitempty"`   // 1 to 2; 0 for 1
	Backups string  `toml:"backups,omitempty"` // folder of the copies made by themselves; "" for the data folder's own
}

// openMachine reads the choices; a PC without the file has the defaults. A
// file that cannot be read is an error beside the defaults: looks must not
// keep a shop from selling.
func openMachine(dir string) (*machine, error) {
	m := &machine{path: filepath.Join(dir, machineFile)}
	b, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(&m.now)
	}
	if err != nil {
		m.now = choices{}
		return m, fmt.Errorf("read %s: %w", m.path, err)
	}
	return m, nil
}

func (m *machine) get() choices {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// change changes the choices and keeps them.
func (m *machine) change(f func(*choices)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := m.now
	f(&next)
	if next == m.now {
		return nil
	}
	m.now = next
	b, err := toml.Marshal(next)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(m.path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(m.path+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(m.path+".new", m.path)
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", m.path, err)
	}
	return nil
}

// backups is the folder that copies go to by themselves.
func (m *machine) backups() string {
	if b := m.get().Backups; b != "" {
		return b
	}
	return filepath.Join(filepath.Dir(m.path), "backups")
}
