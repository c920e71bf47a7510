package till

import (
	"strings"

	"guitai/till/receipt"
)

// CardSlip writes what a card terminal wants printed, line by line and as it
// says it: the words are the acquirer's.
func (p Paper) CardSlip(lines string) receipt.Document {
	sh := p.sheet()
	sh.mid(sh.say(wordCardSlip))
	sh.rule()
	for l := range strings.SplitSeq(lines, "\n") {
		if strings.TrimSpace(l) == "" {
			sh.feed()
			continue
		}
		sh.left(l)
	}
	return sh.end()
}
