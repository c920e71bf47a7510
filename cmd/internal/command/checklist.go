package command

import (
	"fmt"
	"io"
	"strings"

	"guitai/hardware/paper"
)

// A CheckPoint is one line of a checklist, worded in the language that was asked
// for.
type CheckPoint struct {
	Key    string `json:"key"`
	State  string `json:"state"`            // one of the states
	Title  string `json:"title"`            // what it is about
	Detail string `json:"detail,omitempty"` // how it is, and what is to be done
}

// The states of a point.
const (
	PointDone    = "done"
	PointMissing = "missing"
	PointByHand  = "by_hand" // only a person can know
)

// Missing counts the points that are missing.
func Missing(list []CheckPoint) int {
	n := 0
	for _, p := range list {
		if p.State == PointMissing {
			n++
		}
	}
	return n
}

var pointWords = map[string]words{
	PointDone: {"完成", "done"}, PointMissing: {"缺", "missing"}, PointByHand: {"请打勾", "tick by hand"},
}

var pointMarks = map[string]string{PointDone: "[x]", PointMissing: "[!]", PointByHand: "[ ]"}

// points prints a checklist.
func (e *env) points(title words, list []CheckPoint) {
	fmt.Fprintln(e.out, title.in(e.lang))
	for _, p := range list {
		fmt.Fprintf(e.out, "  %s %s\n", pointMarks[p.State], printable(p.Title))
		if p.Detail != "" {
			fmt.Fprintf(e.out, "      %s\n", printable(p.Detail))
		}
	}
}

// pointsTable lays a checklist out for paper, what is missing in red.
func pointsTable(title words, list []CheckPoint, lang string) paper.Table {
	t := paper.Table{Title: title.in(lang), Columns: []paper.Column{{Title: "#"}, {Title: words{"项目", "Point"}.in(lang)}, {Title: words{"情况", "State"}.in(lang)}}}
	for i, p := range list {
		red := p.State == PointMissing
		row := func(n, title, state string) {
			t.Rows, t.Red = append(t.Rows, []string{n, title, state}), append(t.Red, red)
		}
		mark := map[string]string{PointByHand: "□ "}[p.State] + pointWords[p.State].in(lang)
		row(fmt.Sprint(i+1), p.Title, mark)
		for _, line := range folded(p.Detail, 62) {
			row("", "   "+line, "")
		}
	}
	return t
}

// folded breaks a text into lines of so many columns, at spaces where it can.
func folded(text string, columns int) []string {
	var lines []string
	line, wide := "", 0
	add := func(word string, n int) {
		if wide > 0 && wide+n > columns {
			lines = append(lines, strings.TrimSpace(line))
			line, wide = "", 0
		}
		line, wide = line+word, wide+n
	}
	for _, word := range strings.SplitAfter(text, " ") {
		if n := columnsOf(word); n <= columns/2 && !strings.ContainsFunc(word, func(r rune) bool { return r > 0x2e80 }) {
			add(word, n)
			continue
		}
		for _, r := range word {
			add(string(r), columnsOf(string(r)))
		}
	}
	if line = strings.TrimSpace(line); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// columnsOf is how wide a text is, Chinese characters twice.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0x2e80 {
			n++
		}
	}
	return n
}

// writePages writes A4 pages.
func writePages(w io.Writer, s paper.Statement) error {
	press, err := newPress()
	if err != nil {
		return err
	}
	return press.Statement(w, s)
}
