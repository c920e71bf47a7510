package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// shot is one way a page is looked at: a size of the window, a language and a brightness.
type shot struct {
	width, height float32
	lang          string
	dark          bool
}

func (s shot) String() string {
	name := fmt.Sprintf("%d-%s", int(s.width), map[string]string{"zh-Hans": "zh", "en": "en"}[s.lang])
	if s.dark {
		name += "-dark"
	}
	return name
}

// shots are the ways in which every page is drawn. Without $SHOTS_DIR nobody looks at the pictures, and two of them,
// which differ in everything, stand for all.
func shots() []shot {
	if os.Getenv("SHOTS_DIR") == "" {
		return []shot{{1366, 768, "zh-Hans", false}, {1024, 768, "en", true}}
	}
	var all []shot
	for _, size := range []fyne.Size{{Width: 1366, Height: 768}, {Width: 1024, Height: 768}} {
		for _, lang := range []string{"zh-Hans", "en"} {
			for _, dark := range []bool{false, true} {
				all = append(all, shot{size.Width, size.Height, lang, dark})
			}
		}
	}
	return all
}

// shoot brings a counter with a shift open into a state and draws it in every way, as NAME-SIZE-LANGUAGE[-dark].png
// in $SHOTS_DIR.
func shoot(t *testing.T, name string, state func(c *counter)) {
	shootFrom(t, name, open, state)
}

// shootFrom is shoot for a counter that begins otherwise.
func shootFrom(t *testing.T, name string, begin func(t *testing.T, width, height float32) *counter, state func(c *counter)) {
	for _, s := range shots() {
		t.Run(name+"-"+s.String(), func(t *testing.T) {
			c := begin(t, s.width, s.height)
			c.w.SetLanguage(s.lang)
			c.w.SetDark(s.dark)
			state(c)
			savePicture(t, c, name+"-"+s.String())
			if !c.overlaid {
				c.isTidy(c.win.Content())
			}
		})
	}
}

func savePicture(t *testing.T, c *counter, name string) {
	t.Helper()
	saveWindow(t, c.win, name)
}

func saveWindow(t *testing.T, win fyne.Window, name string) {
	t.Helper()
	dir := os.Getenv("SHOTS_DIR")
	if dir == "" {
		return // painting costs most of the time, and nobody looks
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// drawn is a text as it is drawn, with the part of the window that it takes.
type drawn struct {
	text string
	at   fyne.Position
	size fyne.Size
}

// isTidy fails where a text runs out of the window or over another text.
func (c *counter) isTidy(content fyne.CanvasObject) {
	c.Helper()
	room := content.Size()
	var all []drawn
	drawnIn(content, fyne.Position{}, fyne.NewPos(-9999, -9999), fyne.NewPos(9999, 9999), &all)
	for i, a := range all {
		if a.at.X < -0.5 || a.at.Y < -0.5 || a.at.X+a.size.Width > room.Width+0.5 || a.at.Y+a.size.Height > room.Height+0.5 {
			c.Errorf("%q at %v, %v long, runs out of the window", a.text, a.at, a.size)
		}
		for _, b := range all[:i] {
			across := min(a.at.X+a.size.Width, b.at.X+b.size.Width) - max(a.at.X, b.at.X)
			down := min(a.at.Y+a.size.Height, b.at.Y+b.size.Height) - max(a.at.Y, b.at.Y)
			if across > 1 && down > 1 {
				c.Errorf("%q at %v lies over %q at %v", a.text, a.at, b.text, b.at)
			}
		}
	}
}

// drawnIn lists the texts of what is visible, as far as what they scroll in shows them.
func drawnIn(o fyne.CanvasObject, at, low, high fyne.Position, all *[]drawn) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch x := o.(type) {
	case *canvas.Text:
		size := fyne.MeasureText(x.Text, x.TextSize, x.TextStyle)
		switch x.Alignment {
		case fyne.TextAlignCenter:
			at.X += (x.Size().Width - size.Width) / 2
		case fyne.TextAlignTrailing:
			at.X += x.Size().Width - size.Width
		}
		at.Y += (x.Size().Height - size.Height) / 2
		// The box of a font is half as high again as what it draws.
		top, bottom := at.Y+0.30*x.TextSize, at.Y+1.25*x.TextSize
		from := fyne.NewPos(max(at.X, low.X), max(top, low.Y))
		to := fyne.NewPos(min(at.X+size.Width, high.X), min(bottom, high.Y))
		if x.Text != "" && from.X < to.X && from.Y < to.Y {
			*all = append(*all, drawn{x.Text, from, fyne.NewSize(to.X-from.X, to.Y-from.Y)})
		}
	case *fyne.Container:
		for _, c := range x.Objects {
			drawnIn(c, at, low, high, all)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(x)
		if _, cuts := r.(interface{ IsClip() }); cuts {
			low = fyne.NewPos(max(low.X, at.X), max(low.Y, at.Y))
			high = fyne.NewPos(min(high.X, at.X+x.Size().Width), min(high.Y, at.Y+x.Size().Height))
		}
		for _, c := range r.Objects() {
			drawnIn(c, at, low, high, all)
		}
	}
}
