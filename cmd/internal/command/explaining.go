package command

import "errors"

// Explain finds words for an error of opening the ledger in dir: what
// happened, what is safe and what to do next, in zh-Hans or en; the last two
// may be empty.
func Explain(err error, lang, dir string) (what, safe, next string) {
	e := &env{lang: lang, data: dir, name: program()}
	f := (*failure)(nil)
	if !errors.As(e.openFailure(err), &f) {
		f = explain(err)
	}
	what, safe, next = f.what.in(lang, f.args...), f.safe.in(lang, f.safeArgs...), f.next.in(lang, f.nextArgs...)
	return what, safe, next
}
