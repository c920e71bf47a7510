package command

import "guitai/cmd/internal/speech"

// Languages of messages.
const (
	chinese = speech.Chinese
	english = speech.English
)

// words are one message in Chinese and in English.
type words struct{ zh, en string }

// in returns the message in lang with its blanks filled.
func (w words) in(lang string, args ...any) string { return speech.Pick(lang, w.zh, w.en, args...) }

// language picks the language of messages.
func language(args []string) string { return speech.Language(args) }
