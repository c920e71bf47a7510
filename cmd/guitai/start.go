package main

import (
	"os"
	"path/filepath"
	"strings"

	"guitai/cmd/internal/command"
)

// A start is how the window is to be opened.
type start struct {
	data       string // folder of the till's state; "" for the platform's own
	lang       string // zh-Hans or en, of the first run; "" for the system's
	fullscreen bool
	customer   bool   // show the customer's window without a second monitor as well
	demo       string // folder for the pictures of a played day; "" for a till
}

// parseStart reads the arguments of a start without a command, or of the demo.
// ok is false where they name a command, or anything that only the command
// line understands.
func parseStart(args []string) (s start, ok bool) {
	s.data = os.Getenv("GUITAI_DATA")
	for i := 0; i < len(args); i++ {
		name, value, has := strings.Cut(args[i], "=")
		take := func() bool {
			if !has && i+1 < len(args) {
				i++
				value, has = args[i], true
			}
			return has
		}
		switch {
		case name == "--data" && take():
			s.data = value
		case name == "--lang" && take() && (value == "zh-Hans" || value == "en"):
			s.lang = value
		case args[i] == "--customer":
			s.customer = true
		case args[i] == "--fullscreen":
			s.fullscreen = true
		case args[i] == "demo" && s.demo == "":
			s.demo = filepath.Join("out", "demo")
		case s.demo != "" && name == "--out" && take():
			s.demo = value
		default:
			return s, false
		}
	}
	if s.demo != "" {
		s.data = filepath.Join(s.demo, "data")
	}
	if s.data == "" {
		dir, err := command.DefaultData()
		if err != nil {
			return s, false
		}
		s.data = dir
	}
	return s, true
}
