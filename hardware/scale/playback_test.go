package scale

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/hardware/port"
)

// Sessions are what came from a scale, a line for each read, in hexadecimal;
// after it what the till made of it. They come from the simulator: no physical
// scale was recorded yet, and one that is belongs here.
func TestRecordedSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.session")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		driver := strings.TrimSuffix(filepath.Base(name), ".session")
		var got, want []string
		s, err := New(port.Address{Scheme: port.TCP, Place: "127.0.0.1:1"}, Settings{Driver: driver}, Options{Weighed: func(r Reading) { got = append(got, brief(r)) }})
		if err != nil {
			t.Fatal(err)
		}
		h := hearing{s: s}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			chunk, says, _ := strings.Cut(lines.Text(), "=")
			b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(chunk), " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			h.hear(b)
			if says = strings.TrimSpace(says); says != "" {
				want = append(want, strings.Split(says, "; ")...)
			}
		}
		f.Close()
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s is heard as\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func brief(r Reading) string {
	switch {
	case r.Over:
		return "over"
	case r.Under && !r.Weighed:
		return "under"
	case !r.Weighed:
		return "moving"
	case r.Sellable():
		return fmt.Sprint(r.Grams)
	}
	return fmt.Sprint(r.Grams, "?")
}
