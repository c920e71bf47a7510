package command

import (
	"fmt"
	"os"
	"strings"
)

// Languages of messages.
const (
	chinese = "zh-Hans"
	english = "en"
)

// words are one message in Chinese and in English.
type words struct{ zh, en string }

// in returns the message in lang with its blanks filled.
func (w words) in(lang string, args ...any) string {
	s := w.en
	if lang == chinese {
		s = w.zh
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// language picks the language of messages: what the command line asks for,
// else what the system speaks.
func language(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return known(v)
		}
		if a == "--lang" && i+1 < len(args) {
			return known(args[i+1])
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return known(v)
		}
	}
	return english
}

func known(v string) string {
	if strings.HasPrefix(strings.ToLower(v), "zh") {
		return chinese
	}
	return english
}
