// Package speech picks the language in which a program without a window speaks.
package speech

import (
	"fmt"
	"os"
	"strings"
)

// Languages of messages.
const (
	Chinese = "zh-Hans"
	English = "en"
)

// Language picks the language of messages: what --lang on the command line asks
// for, else what the system speaks.
func Language(args []string) string {
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
	return English
}

func known(v string) string {
	if strings.HasPrefix(strings.ToLower(v), "zh") {
		return Chinese
	}
	return English
}

// Pick returns the words of a language with their blanks filled.
func Pick(lang, zh, en string, args ...any) string {
	s := en
	if lang == Chinese {
		s = zh
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}
