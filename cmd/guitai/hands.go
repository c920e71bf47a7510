package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

const (
	handsPatience = 20 * time.Second       // how long something may take to be seen
	handsPause    = 350 * time.Millisecond // between two keys of a person; more than a scanner's silence
	scanPause     = 2 * time.Millisecond   // between two keys of a scanner
)

// hands work the real window as a person and a scanner would: by keys, which
// reach it the way the toolkit hands them over. They keep the first error.
type hands struct {
	c   *counter
	out string
	n   int
	err error
}

// on does something on the toolkit's goroutine and waits for it.
func (h *hands) on(f func()) {
	done := make(chan struct{})
	fyne.Do(func() { f(); close(done) })
	<-done
}

func (h *hands) rune(r rune) {
	h.on(func() {
		if f := h.c.win.Canvas().Focused(); f != nil {
			f.TypedRune(r)
			return
		}
		h.c.till.Router().Rune(r)
	})
}

// key presses a key that is no character.
func (h *hands) key(name fyne.KeyName) {
	if h.err != nil {
		return
	}
	time.Sleep(handsPause)
	h.press(name)
}

func (h *hands) press(name fyne.KeyName) {
	h.on(func() {
		if f := h.c.win.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: name})
			return
		}
		h.c.till.Router().Key(name)
	})
}

// keys types characters as a person does.
func (h *hands) keys(text string) {
	for _, r := range text {
		if h.err == nil {
			time.Sleep(handsPause)
			h.rune(r)
		}
	}
}

// scan types a code and Enter at a scanner's speed.
func (h *hands) scan(code string) {
	if h.err != nil {
		return
	}
	time.Sleep(handsPause)
	for _, r := range code {
		h.rune(r)
		time.Sleep(scanPause)
	}
	h.press(fyne.KeyReturn)
}

// until waits for a view.
func (h *hands) until(what string, ok func(till.View) bool) {
	for end := time.Now().Add(handsPatience); h.err == nil; time.Sleep(10 * time.Millisecond) {
		if ok(h.c.view()) {
			return
		}
		if time.Now().After(end) {
			v := h.c.view()
			h.err = fmt.Errorf("waited %s for %s; notice %+v", handsPatience, what, v.Notice)
		}
	}
}

// scans scans codes and waits until each is in the sale.
func (h *hands) scans(codes ...string) {
	for _, code := range codes {
		n := live(h.c.view())
		h.scan(code)
		h.until("the item "+code, func(v till.View) bool { return live(v) > n })
	}
}

func live(v till.View) int {
	if v.Sale == nil {
		return 0
	}
	return int(v.Sale.Pieces() / 1000)
}

// shot keeps a picture of the till's window, and of the customer's under
// customer, once they are drawn.
func (h *hands) shot(name string) {
	h.picture(name, h.c.win)
}

func (h *hands) customer(name string) { h.picture(name, h.c.second) }

func (h *hands) picture(name string, w fyne.Window) {
	if h.err != nil {
		return
	}
	time.Sleep(600 * time.Millisecond) // answers of ports and the frames after them
	var b bytes.Buffer
	var err error
	h.on(func() { err = png.Encode(&b, w.Canvas().Capture()) })
	h.n++
	if err == nil {
		err = os.WriteFile(filepath.Join(h.out, fmt.Sprintf("%02d-%s.png", h.n, name)), b.Bytes(), 0o644)
	}
	if err != nil {
		h.err = fmt.Errorf("picture %s: %w", name, err)
	}
}
