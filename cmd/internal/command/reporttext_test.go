package command

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// The text of a report shows the figures of its JSON, 48 columns wide.
func TestReportAsText(t *testing.T) {
	for _, lang := range []string{chinese, english} {
		var b bytes.Buffer
		if err := writeReport(&b, lang, []byte(dayReport)); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if columns(line) > reportColumns {
				t.Errorf("%d columns: %s", columns(line), line)
			}
		}
		golden(t, "testdata/day."+lang+".txt", b.Bytes())
	}
}

// golden compares got with a file that a person can read.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; it is now:\n%s", path, got)
	}
}
