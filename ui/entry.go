package ui

import "strings"

// entryMax bounds what is typed on the keypad, in characters: longer than any code that a person types.
const entryMax = 24

// entry is the number being typed on the keypad or the keyboard. Pages share one, since there is one keypad.
type entry struct {
	text    string
	changed func(string) // tells the page that is up
}

func (e *entry) set(s string) {
	if e.text == s {
		return
	}
	e.text = s
	if e.changed != nil {
		e.changed(s)
	}
}

func (e *entry) clear() { e.set("") }

// add types one character: a digit or the point, at most one of those.
func (e *entry) add(s string) {
	for _, ch := range s {
		if len(e.text) >= entryMax || !isEntry(ch) || ch == '.' && strings.Contains(e.text, ".") {
			continue
		}
		e.set(e.text + string(ch))
	}
}

// erase takes the last character back and reports whether there was one.
func (e *entry) erase() bool {
	if e.text == "" {
		return false
	}
	e.set(e.text[:len(e.text)-1])
	return true
}
