package ui

import (
	"slices"
	"strconv"

	"guitai/till"
)

// A SlipQuestion is a slip that nobody knows to be on paper: the link broke while it was printed, or the till stopped.
type SlipQuestion struct {
	Job  int64
	Kind till.SlipKind
	Ref  int64 // the receipt or Z number
}

// AskSlips asks, above the page and in the way of nothing, whether slips came out; none ends the asking. answer is
// called with what the person saw, on this goroutine, once for each.
func (w *Window) AskSlips(list []SlipQuestion, answer func(job int64, printed bool)) {
	if slices.Equal(list, w.slips) {
		return
	}
	w.slips, w.slipAnswer, w.slipAsked = list, answer, nil
	if w.shown {
		w.frame.show(w.view)
	}
}

// slipMessage is the question about the oldest such slip; nil where there is none, or nobody is there to answer.
func (w *Window) slipMessage() *Message {
	if len(w.slips) == 0 || w.view.Operator == nil {
		return nil
	}
	if w.slipAsked != nil {
		return w.slipAsked
	}
	q := w.slips[0]
	what := "slip.other"
	switch q.Kind {
	case till.SlipReceipt:
		what = "slip.receipt"
	case till.SlipZ:
		what = "slip.z"
	}
	w.slipAsked = &Message{Tone: ToneWarn, Icon: "printer", Title: w.Say("slip.ask", "slip", w.Say(what, "no", strconv.FormatInt(q.Ref, 10))), Body: w.Say("slip.ask_body"),
		Actions: []MessageAction{
			{Label: w.Say("slip.printed"), Do: func() { w.answerSlip(q, true) }},
			{Label: w.Say("slip.again"), Do: func() { w.answerSlip(q, false) }},
		}}
	return w.slipAsked
}

func (w *Window) answerSlip(q SlipQuestion, printed bool) {
	answer := w.slipAnswer
	w.slips, w.slipAsked = slices.DeleteFunc(slices.Clone(w.slips), func(o SlipQuestion) bool { return o == q }), nil
	w.frame.show(w.view)
	answer(q.Job, printed)
}
