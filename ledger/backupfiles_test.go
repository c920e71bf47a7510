package ledger_test

import (
	"os"
	"path/filepath"
	"testing"

	"guitai/ledger"
)

// A backup is one file, whole by itself, and stays the only one when it is
// looked into: a stick is pulled without asking.
func TestABackupIsOneFile(t *testing.T) {
	s := found(t)
	to := t.TempDir()
	info, err := s.l.Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), filepath.Base(info.Path))
	b, err := os.ReadFile(info.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(elsewhere, b, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Inspect(t.Context(), elsewhere)
	if err != nil || again.Head != info.Head || again.Entries != info.Entries {
		t.Errorf("looked into: %+v, %v; want %+v", again, err, info)
	}
	for _, dir := range []string{to, filepath.Dir(elsewhere)} {
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 1 {
			t.Errorf("%s holds %v, %v", dir, files, err)
		}
	}
}
