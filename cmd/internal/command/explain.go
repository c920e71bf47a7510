package command

import (
	"errors"
	"strings"
	"unicode"

	"guitai/till"
)

var (
	errUsage   = words{"命令用法不对：%v", "wrong use: %v"}
	hintHelp   = words{"用法请看：%s --help", "see %s --help"}
	errMisread = words{"目录里没有这个条码，而且校验位不对，请重新扫码", "no item has this code, and its check digit is wrong; scan again"}
	errPlain   = words{"出错了：%v", "it went wrong: %v"}
	safeAsWas  = words{"账本没有改动。", "The ledger is as it was."}
)

// explain finds words for an error of the register or the ledger.
func explain(err error) *failure {
	e := (*till.Error)(nil)
	if !errors.As(err, &e) {
		return &failure{what: errPlain, args: []any{err}, err: err}
	}
	return &failure{what: refusalWords(e), err: err}
}

// refusalWords are the code, what it means, and what the refusal is about.
func refusalWords(e *till.Error) words {
	w, ok := refusals[e.Code]
	if !ok {
		w = words{e.Error(), e.Error()}
	}
	if e.Code == till.UnknownCode {
		if _, err := till.ParseBarcode(e.Detail); till.CodeOf(err) == till.BadCheckDigit {
			w = errMisread
		}
	}
	about := e.Detail
	if e.Err != nil {
		if about != "" {
			about += ": "
		}
		about += e.Err.Error()
	}
	if about != "" {
		w.zh, w.en = w.zh+"（"+about+"）", w.en+" ("+about+")"
	}
	w.zh, w.en = string(e.Code)+": "+w.zh, string(e.Code)+": "+w.en
	return w
}

// printable takes control characters out, which a scanned code or a file may
// hold and a terminal would obey.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) {
			return r
		}
		return '?'
	}, s)
}
