package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheChoicesOfAPCComeBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	m, err := openMachine(dir)
	if err != nil || m.get() != (choices{}) {
		t.Fatalf("a PC without the file: %+v, %v", m.get(), err)
	}
	if want := filepath.Join(dir, "backups"); m.backups() != want {
		t.Errorf("copies go to %q, want %q", m.backups(), want)
	}
	want := choices{Dark: true, Scale: 1.25, Backups: filepath.Join(dir, "盘 \"A\"")}
	if err := m.change(func(c *choices) { *c = want }); err != nil {
		t.Fatal(err)
	}
	again, err := openMachine(dir)
	if err != nil || again.get() != want || again.backups() != want.Backups {
		t.Errorf("came back as %+v, %v; want %+v", again.get(), err, want)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v; want the file alone", left, err)
	}
}

func TestABrokenMachineFileLeavesTheDefaults(t *testing.T) {
	for name, text := range map[string]string{
		"cut off": "dark = tr", "misspelt": "dark = true\ndrak = true\n", "of another kind": "dark = true\nscale = \"large\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, machineFile)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := openMachine(dir)
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want one that names %s", err, path)
			}
			if m.get() != (choices{}) {
				t.Errorf("half of a broken file was taken: %+v", m.get())
			}
			if err := m.change(func(c *choices) { c.Dark = true }); err != nil {
				t.Fatal(err)
			}
			if again, err := openMachine(dir); err != nil || !again.get().Dark {
				t.Errorf("the file was not mended by the next choice: %+v, %v", again.get(), err)
			}
		})
	}
}

func TestAChoiceThatCouldNotBeKeptIsTriedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the folder belongs
		t.Fatal(err)
	}
	dark := func(c *choices) { c.Dark = true }
	for range 2 {
		if err := m.change(dark); err == nil {
			t.Error("kept in a folder that is none")
		}
		if !m.get().Dark {
			t.Error("the choice does not hold until the end")
		}
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := m.change(dark); err != nil {
		t.Fatal(err)
	}
	if again, err := openMachine(dir); err != nil || !again.get().Dark {
		t.Errorf("not kept once it could be: %+v, %v", again.get(), err)
	}
}
