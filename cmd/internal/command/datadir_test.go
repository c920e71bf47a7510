package command

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDefaultDataIsThePlatformsOwnPlace(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("the places of other systems are theirs to test")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "xdg"))
	if got, err := DefaultData(); runtime.GOOS == "linux" && (err != nil || got != filepath.Join(home, "xdg", "guitai")) {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv("XDG_DATA_HOME", "not/absolute")
	if got, err := DefaultData(); runtime.GOOS == "linux" && (err != nil || got != filepath.Join(home, ".local", "share", "guitai")) {
		t.Errorf("%s, %v", got, err)
	}
}

// The folder may stand before or after the command, or in the environment.
func TestDataFlagMayStandAnywhere(t *testing.T) {
	sh := newShop(t)
	var out, errs strings.Builder
	if exit := Main([]string{"verify", "--data", sh.data}, strings.NewReader(""), &out, &errs); exit != 0 {
		t.Errorf("after the command: exit %d: %s", exit, errs.String())
	}
	t.Setenv("GUITAI_DATA", sh.data)
	if exit := Main([]string{"verify"}, strings.NewReader(""), &out, &errs); exit != 0 {
		t.Errorf("in the environment: exit %d: %s", exit, errs.String())
	}
}
