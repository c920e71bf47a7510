package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/ledger"
)

// A shop is a data folder of its own, driven through Main as a shell would.
type shop struct {
	t    *testing.T
	data string
	in   string // standard input of the next command
	lang string
}

const ownerPIN = "correct horse 77"

// emptyShop has a folder and nothing in it.
func emptyShop(t *testing.T) *shop {
	t.Helper()
	return &shop{t: t, data: filepath.Join(t.TempDir(), "data"), lang: english}
}

// newShop has a ledger made by init with further flags.
func newShop(t *testing.T, flags ...string) *shop {
	t.Helper()
	s := emptyShop(t)
	s.in = ownerPIN + "\n"
	s.ok(append([]string{"init", "--shop", "青禾便利店", "--shop-en", "Qinghe Store", "--owner", "陈宁", "--pin-file", "-"}, flags...)...)
	return s
}

// run runs one command and returns both outputs and the exit code.
func (s *shop) run(args ...string) (out, errs string, exit int) {
	s.t.Helper()
	var o, e bytes.Buffer
	exit = Main(append([]string{"--data", s.data, "--lang", s.lang}, args...), strings.NewReader(s.in), &o, &e)
	s.in = ""
	return o.String(), e.String(), exit
}

// ok runs a command that must succeed and returns its output.
func (s *shop) ok(args ...string) string {
	s.t.Helper()
	out, errs, exit := s.run(args...)
	if exit != 0 {
		s.t.Fatalf("%s: exit %d\n%s%s", strings.Join(args, " "), exit, out, errs)
	}
	return out
}

// fails runs a command that must end with exit code exit and say all of says
// on standard error; it returns standard output.
func (s *shop) fails(exit int, says []string, args ...string) string {
	s.t.Helper()
	out, errs, got := s.run(args...)
	if got != exit {
		s.t.Fatalf("%s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, exit, out, errs)
	}
	for _, say := range says {
		if !strings.Contains(errs, say) {
			s.t.Errorf("%s: does not say %q:\n%s", strings.Join(args, " "), say, errs)
		}
	}
	return out
}

// file writes a file beside the data folder and returns its path.
func (s *shop) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(filepath.Dir(s.data), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// goods puts the goods of the day into the catalogue.
func (s *shop) goods() {
	s.t.Helper()
	l, err := ledger.Open(s.t.Context(), s.data, ledger.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	for _, it := range dayItems {
		if _, err := l.SaveItem(s.t.Context(), it, ownerCode); err != nil {
			s.t.Fatal(err)
		}
	}
}
