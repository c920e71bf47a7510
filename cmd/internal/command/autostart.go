package command

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// An Autostart starts the till when its user signs on to the system. Program is
// the path of guitai, Data the folder of the till's state.
type Autostart struct {
	Program    string
	Data       string
	FullScreen bool
}

// autostartName names what is written for the system.
const autostartName = "cn.guitai.till"

// errNoAutostart says that the system has no place for it that the till knows.
var errNoAutostart = errors.New("this system has no autostart that the till knows")

// args are the till's arguments.
func (a Autostart) args() []string {
	out := []string{"--data", a.Data}
	if a.FullScreen {
		out = append(out, "--fullscreen")
	}
	return out
}

// autostartFile is where a system looks for programs to start: the file, on
// Windows none (see the registry).
func autostartFile(system, home, config string) (string, error) {
	switch system {
	case "linux", "freebsd", "openbsd", "netbsd", "dragonfly":
		if !filepath.IsAbs(config) { // the XDG Base Directory Specification takes absolute paths only
			config = filepath.Join(home, ".config")
		}
		return filepath.Join(config, "autostart", autostartName+".desktop"), nil
	case "darwin":
		return filepath.Join(home, "Library", "LaunchAgents", autostartName+".plist"), nil
	}
	return "", errNoAutostart
}

// text is what stands in the file of a system.
func (a Autostart) text(system string) (string, error) {
	for _, s := range append([]string{a.Program}, a.args()...) {
		if s == "" || strings.ContainsAny(s, "\x00\n\r") {
			return "", fmt.Errorf("a path that cannot stand in a file: %q", s)
		}
	}
	if !filepath.IsAbs(a.Program) || !filepath.IsAbs(a.Data) {
		return "", fmt.Errorf("want whole paths: %q, %q", a.Program, a.Data)
	}
	if system == "darwin" {
		return a.launchAgent()
	}
	words := []string{desktopQuoted(a.Program)}
	for _, s := range a.args() {
		words = append(words, desktopQuoted(s))
	}
	return "[Desktop Entry]\nType=Application\nName=Guitai\nName[zh_CN]=柜台\nExec=" + strings.Join(words, " ") + "\nX-GNOME-Autostart-enabled=true\nTerminal=false\n", nil
}

// desktopQuoted writes an argument of Exec as the Desktop Entry Specification
// 1.5 wants it: quoted, with the characters of a shell escaped, the backslash
// twice as the value of a key is a string with escapes of its own, and % twice.
func desktopQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '`', '$', '\\':
			b.WriteString(`\\`)
			if r == '\\' {
				b.WriteString(`\`)
			}
		case '%':
			b.WriteByte('%')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

// launchAgent is a property list for launchd.plist(5).
func (a Autostart) launchAgent() (string, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n" +
		`<plist version="1.0"><dict>` + "\n<key>Label</key><string>" + autostartName + "</string>\n<key>RunAtLoad</key><true/>\n<key>ProgramArguments</key><array>\n")
	for _, s := range append([]string{a.Program}, a.args()...) {
		b.WriteString("<string>")
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			return "", err
		}
		b.WriteString("</string>\n")
	}
	b.WriteString("</array>\n</dict></plist>\n")
	return b.String(), nil
}

// place is the file of this system.
func (a Autostart) place() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return autostartFile(runtime.GOOS, home, os.Getenv("XDG_CONFIG_HOME"))
}

// On starts the till from the next time on that the user signs on.
func (a Autostart) On() error {
	if runtime.GOOS == "windows" {
		return registryOn(a)
	}
	path, err := a.place()
	if err != nil {
		return err
	}
	text, err := a.text(runtime.GOOS)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return WriteWhole(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

// Off ends that. Where it is off already nothing is done.
func (a Autostart) Off() error {
	if runtime.GOOS == "windows" {
		return registryOff()
	}
	path, err := a.place()
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Is reports whether the till starts by itself, and what is written for it.
func (a Autostart) Is() (on bool, where string, err error) {
	if runtime.GOOS == "windows" {
		return registryIs()
	}
	path, err := a.place()
	if err != nil {
		return false, "", err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, path, nil
	}
	return err == nil, path, err
}

type autostartCmd struct {
	Do         string `arg:"" enum:"on,off,status" help:"${h_on_off_st}"`
	Program    string `placeholder:"PATH" help:"${h_autostart_p}"`
	FullScreen bool   `help:"${h_full_screen}"`
}

var (
	tellAutostartOn  = words{"登录系统后收银机会自动启动（%s）", "the till starts when this user signs on to the system (%s)"}
	tellAutostartOff = words{"收银机不会自动启动（%s）", "the till does not start by itself (%s)"}
	errNoProgram     = words{"找不到 guitai 程序：%s", "the program guitai is not at %s"}
	nextNoProgram    = words{"用 --program 写出它的路径。", "Name its path with --program."}
	errAutostart     = words{"没有改成：%v", "it was not changed: %v"}
)

// Run switches the autostart. The exit code of status is 0 where it is on, else
// 1.
func (c *autostartCmd) Run(e *env) error {
	a := Autostart{FullScreen: c.FullScreen}
	var err error
	if a.Data, err = filepath.Abs(e.data); err != nil {
		return err
	}
	switch c.Do {
	case "on":
		if a.Program, err = windowProgram(c.Program); err != nil {
			return &failure{what: errNoProgram, args: []any{a.Program}, next: nextNoProgram, err: err}
		}
		err = a.On()
	case "off":
		err = a.Off()
	}
	if err != nil {
		return &failure{what: errAutostart, args: []any{err}, err: err}
	}
	on, where, err := a.Is()
	if err != nil {
		return &failure{what: errAutostart, args: []any{err}, err: err}
	}
	w := tellAutostartOff
	if on {
		w = tellAutostartOn
	}
	fmt.Fprintln(e.out, printable(w.in(e.lang, where)))
	if c.Do == "status" && !on {
		return errFound
	}
	return nil
}

// windowProgram is the till with a window: the one named, or the one beside this
// program.
func windowProgram(named string) (string, error) {
	path := named
	if path == "" {
		me, err := os.Executable()
		if err != nil {
			return "", err
		}
		name := "guitai"
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		path = filepath.Join(filepath.Dir(me), name)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	st, err := os.Stat(path)
	if err == nil && st.IsDir() {
		err = errors.New("it is a folder")
	}
	return path, err
}
