package ui

// listing is a list that a page of the office asks for in parts.
type listing[T any] struct {
	list   []T
	more   bool   // there may be more of it
	loaded bool   // it was asked for
	failed string // why it could not be had, in words; "" where it could
}

// wanted reports whether it is time to ask for the list.
func (l *listing[T]) wanted(d *desk) bool { return !l.loaded && l.failed == "" && d.waiting == "" }

// take puts what was found in place of the list, or with more behind it. It reports whether there was an answer.
func (l *listing[T]) take(w *Window, found []T, err error, more bool) bool {
	l.loaded, l.failed = true, ""
	if err != nil {
		l.failed = w.refusalWords(err)
		return false
	}
	if !more {
		l.list = nil
	}
	l.list = append(l.list, found...)
	return true
}
