package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// NewSteps returns the bars of a wizard, 44 high: those before current are done and may be visited again, current is
// dark, the rest are sunken. onVisit gets the place of a done step; nil lets none be visited.
func NewSteps(names []string, current int, onVisit func(int)) *fyne.Container {
	var bars []fyne.CanvasObject
	for i, name := range names {
		fill, ink, discFill, discEdge, discInk := Sunken, Ink3, Clear, Ink3, Ink3
		icon := ""
		switch {
		case i < current:
			fill, ink, discFill, discEdge, discInk, icon = AccentTint, Accent, Accent, Clear, OnAccent, "check"
		case i == current:
			fill, ink, discFill, discEdge, discInk = Ink, Surface, Surface, Clear, Ink
		}
		var mark fyne.CanvasObject = NewBold(strconv.Itoa(i+1), 15, discInk).Centred()
		if icon != "" {
			mark = NewIcon(icon, 16, discInk)
		}
		disc := Sized(26, 26, Stack(panel(discFill, discEdge, 1, 13), mark))
		content := Inset(0, 12, 0, 12, Row(8, disc, Grow(1, newLabel(name, 16, i == current, ink))))
		var bar fyne.CanvasObject = NewPanel(fill, Clear, 0, RadiusField, content)
		if i < current && onVisit != nil {
			bar = NewTap(Style{Fill: fill, Radius: RadiusField}, content, func() { onVisit(i) })
		}
		bars = append(bars, Grow(1, bar))
	}
	return Sized(0, 44, Row(6, bars...))
}

// StepState is how a step of a list stands.
type StepState uint8

// The states of a step.
const (
	StepLater StepState = iota
	StepNow
	StepDone
	StepFailed
	StepUnknown
)

// NewStep returns one step of a list: a disc of 44 pixels with an icon, a title and a line below.
func NewStep(s StepState, icon, title, sub string) *fyne.Container {
	second := NewLabel(sub, 15, Ink3)
	second.Hidden = sub == ""
	return NewStepOver(s, icon, title, second)
}

// NewStepOver is NewStep over a line that changes.
func NewStepOver(s StepState, icon, title string, second *Label) *fyne.Container {
	fill, ink := Sunken, Ink3
	switch s {
	case StepNow:
		fill, ink = Ink, Surface
	case StepDone:
		fill, ink, icon = Accent, OnAccent, "check"
	case StepFailed:
		fill, ink, icon = Danger, OnDanger, "x"
	case StepUnknown:
		fill, ink, icon = WarnFill, OnWarnFill, "badge-question-mark"
	}
	words := newLabel(title, 18, s != StepLater, Ink)
	if s == StepLater {
		words.colour = Ink3
	}
	return Sized(0, 64, Row(16, NewDisc(icon, "", 44, fill, ink), Grow(1, Middle(Col(0, words, second)))))
}
