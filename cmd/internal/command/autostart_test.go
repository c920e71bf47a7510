package command

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What is written starts the till with its data folder, whatever is in the path.
func TestAutostartIsSwitched(t *testing.T) {
	if runtime.GOOS != "linux" {
		return
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	program := filepath.Join(home, `a "till" $HOME 50% \ 柜台`, "guitai")
	if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(home, "started")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nprintf '%s\\n' \"$@\" > '"+out+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	if out, _, exit := sh.run("autostart", "status"); exit != 1 || !strings.Contains(out, "does not start by itself") {
		t.Errorf("at first: exit %d, %s", exit, out)
	}
	sh.ok("autostart", "off")
	sh.fails(1, []string{"the program guitai is not at", "--program"}, "autostart", "on", "--program", filepath.Join(home, "none"))
	sh.ok("autostart", "on", "--program", program, "--full-screen")
	if out := sh.ok("autostart", "status"); !strings.Contains(out, filepath.Join(home, ".config", "autostart", "cn.guitai.till.desktop")) {
		t.Errorf("on: %s", out)
	}
	text, err := os.ReadFile(filepath.Join(home, ".config", "autostart", "cn.guitai.till.desktop"))
	if err != nil {
		t.Fatal(err)
	}
	runDesktopEntry(t, string(text))
	got, err := os.ReadFile(out)
	if want := "--data\n" + sh.data + "\n--fullscreen\n"; err != nil || string(got) != want {
		t.Errorf("it was started with %q, %v; want %q\n%s", got, err, want, text)
	}
	sh.ok("autostart", "off")
	if _, _, exit := sh.run("autostart", "status"); exit != 1 {
		t.Error("it is still on")
	}
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "elsewhere"))
	sh.ok("autostart", "on", "--program", program)
	if _, err := os.Stat(filepath.Join(home, "elsewhere", "autostart", "cn.guitai.till.desktop")); err != nil {
		t.Error(err)
	}
	sh.fails(2, nil, "autostart", "perhaps")
}

// runDesktopEntry does what a desktop does with a file: it takes the escapes of
// the value off, then the quotes of the arguments, and starts them.
func runDesktopEntry(t *testing.T, text string) {
	t.Helper()
	_, exec1, ok := strings.Cut(text, "\nExec=")
	exec1, _, _ = strings.Cut(exec1, "\n")
	if !ok {
		t.Fatalf("no Exec in\n%s", text)
	}
	line := strings.ReplaceAll(exec1, `\\`, `\`)
	var args []string
	for rest := line; rest != ""; rest = strings.TrimLeft(rest, " ") {
		if rest[0] != '"' {
			t.Fatalf("an argument without quotes: %s", rest)
		}
		var b strings.Builder
		i := 1
		for ; rest[i] != '"'; i++ {
			if rest[i] == '\\' {
				i++
			}
			b.WriteByte(rest[i])
		}
		args = append(args, strings.ReplaceAll(b.String(), "%%", "%"))
		rest = rest[i+1:]
		if rest == "" {
			break
		}
	}
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("start %q: %v\n%s", args, err, out)
	}
}

func TestAutostartOfOtherSystems(t *testing.T) {
	for system, want := range map[string]string{"linux": "/h/.config/autostart/cn.guitai.till.desktop", "darwin": "/h/Library/LaunchAgents/cn.guitai.till.plist"} {
		if got, err := autostartFile(system, "/h", "relative"); err != nil || filepath.ToSlash(got) != want {
			t.Errorf("%s: %s, %v", system, got, err)
		}
	}
	if _, err := autostartFile("plan9", "/h", ""); err == nil {
		t.Error("plan9 has an autostart")
	}
	a := Autostart{Program: filepath.Join(t.TempDir(), "R&D <till>"), Data: t.TempDir(), FullScreen: true}
	text, err := a.text("darwin")
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Dict struct {
			Array struct {
				String []string `xml:"string"`
			} `xml:"array"`
		} `xml:"dict"`
	}
	if err := xml.Unmarshal([]byte(text), &p); err != nil || strings.Join(p.Dict.Array.String, "|") != a.Program+"|--data|"+a.Data+"|--fullscreen" {
		t.Errorf("%q, %v\n%s", p.Dict.Array.String, err, text)
	}
	for _, bad := range []Autostart{{Program: "guitai", Data: a.Data}, {Program: a.Program, Data: "data"}, {Program: a.Program + "\nExec=x", Data: a.Data}, {}} {
		if text, err := bad.text("linux"); err == nil {
			t.Errorf("%+v becomes\n%s", bad, text)
		}
	}
}
