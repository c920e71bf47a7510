package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// act does work that is either done or refused once it has begun: leaving the page does not give it up, as ask does.
// busy stands in the office's state and holds the key of the words for what goes on, so that nobody begins it twice and
// a page made anew still says it. done is called on the toolkit's goroutine, before whatever page is up is drawn.
func (w *Window) act(busy *string, what string, work func(ctx context.Context), done func()) {
	if *busy != "" {
		return
	}
	*busy = what
	finished := false
	w.Ask(work, func() {
		finished = true
		*busy = ""
		done()
		w.refreshPage()
	})
	if !finished {
		w.refreshPage()
	}
}

// sayIf returns the words of a key, or the text itself where it is none: what was said is kept as a key, so that it is
// said again in another language.
func (w *Window) sayIf(key string, values ...string) string {
	if w.words.Has(key) {
		return w.Say(key, values...)
	}
	return key
}

// busyNote says what goes on and cannot be given up.
func busyNote(w *Window, what string) fyne.CanvasObject {
	if what == "" {
		return hidden()
	}
	return kit.NewNote(kit.Row(10, kit.Middle(kit.NewIcon("loader-circle", 22, kit.Ink2)), kit.Grow(1, kit.Middle(kit.NewLabel(w.sayIf(what), 16, kit.Ink)))))
}

// outcome is what became of an act, as keys of the catalogue or as words: what happened, and what is safe and what to
// do. args are put into what happened.
type outcome struct {
	title, body string
	args        []string
	bad         bool
}

// outcomeNote shows an outcome within the page; an empty one shows nothing.
func outcomeNote(w *Window, o outcome) fyne.CanvasObject {
	if o.title == "" {
		return hidden()
	}
	title, body := w.sayIf(o.title, o.args...), w.sayIf(o.body)
	kind, icon, ink := kit.Good, "circle-check", kit.Accent
	if o.bad {
		kind, icon, ink = kit.Caution, "triangle-alert", kit.Warn
	}
	col := kit.Col(2, wrapped(title, 16, kit.Ink))
	if body != "" {
		col = kit.Col(2, kit.NewBold(title, 17, ink), wrapped(body, 15, kit.Ink))
	}
	return kit.NewCallout(kind, 12, kit.Row(12, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(col))))
}

// mayNot is the outcome of an act that the person at the till may not do.
func (w *Window) mayNot() outcome {
	return outcome{title: "refused.not_allowed.title", body: "refused.not_allowed.body", bad: true}
}

// onlyInEarnest is the outcome of an act that the practice ledger must not take for the shop's.
func onlyInEarnest() outcome {
	return outcome{title: "practice.not_here", body: "practice.not_here_body", bad: true}
}

// saidSaved reports whether the register's notice says that something was saved, and nothing else.
func (w *Window) saidSaved() bool {
	n := w.view.Notice
	return n != nil && n.Kind != till.Refused && n.Code == till.NoteSaved
}

// refusalDetail is what a refusal is about, "" for an error that is none.
func refusalDetail(err error) string {
	if e := (*till.Error)(nil); errors.As(err, &e) {
		return e.Detail
	}
	return ""
}
