package ui

import (
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// toastTime is how long a message that only offers an undo stays.
const toastTime = 10 * time.Second

// Tone is how a message looks: its tint and its icon's shape.
type Tone uint8

// The tones of messages.
const (
	ToneInfo Tone = iota
	ToneWarn
	ToneDanger
)

// Message is one in-page message: what happened, what is safe, what to do.
type Message struct {
	Tone    Tone
	Icon    string
	Title   string
	Body    string
	Actions []MessageAction
	Code    till.ErrorCode
	seq     uint64 // of its notice
	fault   string // of the printer, where that is what it is about
}

// MessageAction is a button of a message.
type MessageAction struct {
	Label, Key string
	Do         func()
}

// messageOf words a notice, or returns nil for one that needs no words.
func (w *Window) messageOf(n *till.Notice, v till.View) *Message {
	if n.Kind == till.Refused {
		return w.refusal(n, v)
	}
	m := &Message{Tone: ToneInfo, Icon: "circle-check", Code: n.Code, seq: n.Seq}
	if n.Code == till.NoteReprinted && !w.connected("printer") {
		return &Message{Tone: ToneWarn, Icon: "printer", Code: n.Code, seq: n.Seq, Title: w.Say("note.no_printer"), Body: w.Say("note.no_printer_body"),
			Actions: []MessageAction{{w.Say("fault.see"), "", func() { w.Open(PageDevices) }}, {w.Say("button.hide"), "Esc", w.hideMessage}}}
	}
	switch n.Code {
	case till.NoteAdded, till.NoteReturned:
		return nil
	case till.NotePaid:
		if v.Sale == nil || w.at == PagePay {
			return nil // the total says it
		}
		m.Title = w.Say("note.paid", "due", w.Money(v.Due))
	case till.NoteFrozen, till.NoteReleased:
		if w.at == PageFreeze {
			return nil // the page shows it
		}
		m.Title = w.Say("note." + string(n.Code))
	case till.NoteSaved:
		if v.Sale != nil && selling[w.at] {
			return nil // the page shows what was changed
		}
		m.Title = w.Say("note.saved")
	case till.NoteAside:
		return w.asideMessage(n, v)
	case till.NoteExpired:
		return w.expiredMessage(n, v)
	default:
		if !w.words.Has("note." + string(n.Code)) {
			return nil // nothing that a person has to know
		}
		name := n.Detail
		for i := 0; v.Sale != nil && i < len(v.Sale.Lines); i++ {
			if l := &v.Sale.Lines[i]; l.Name == name {
				name = w.ItemName(l.Name, l.NameEN)
				break
			}
		}
		m.Title = w.Say("note."+string(n.Code), "name", name)
	}
	switch n.Code {
	case till.NoteVoided:
		m.Icon = "trash-2"
	case till.NoteParked, till.NoteRecalled:
		m.Icon = "pause"
	case till.NoteUndone:
		m.Icon = "undo-2"
	case till.NoteOpened, till.NoteMoved:
		m.Icon = "archive"
	case till.NoteReprinted:
		m.Icon = "printer"
	}
	switch {
	case n.Code == till.NoteParked && len(v.Parked) > 0:
		last := v.Parked[len(v.Parked)-1].Sale.ID
		m.Actions = []MessageAction{{w.Say("button.undo"), "", func() { w.Do(till.Recall{Sale: last}) }}}
	case n.Code == till.NoteVoided && v.CanUndo:
		m.Actions = []MessageAction{{w.Say("button.undo"), "Ctrl Z", func() { w.Do(till.Undo{}) }}}
	}
	w.hideLater(n.Seq)
	return m
}

// printerFault is the word under status. for what keeps the printer from printing, "" where nothing does.
func printerFault(s []DeviceStatus) string {
	for _, d := range s {
		if d.Kind == "printer" && d.Health == Fault {
			return d.State
		}
	}
	return ""
}

// faultMessage says what ails the printer, and that the sale goes on; nil for "".
func (w *Window) faultMessage(fault string) *Message {
	if fault == "" {
		return nil
	}
	return &Message{Tone: ToneWarn, Icon: "printer", fault: fault, Title: w.Say("fault.printer", "state", w.Say("status."+fault, "detail", "")),
		Body: w.Say("fault.printer_body"), Actions: []MessageAction{
			{w.Say("fault.see"), "", func() { w.Open(PageDevices) }}, {w.Say("button.hide"), "Esc", w.hideMessage}}}
}

func (w *Window) refusal(n *till.Notice, v till.View) *Message {
	if n.Code == till.NotePayFailed && v.Attempt != nil {
		return nil // the page says it, and more
	}
	if n.Code == till.WrongPIN && v.Approval != nil {
		return nil // the strip that asks says so itself
	}
	m := &Message{Tone: ToneWarn, Icon: "triangle-alert", Code: n.Code, seq: n.Seq}
	if n.Code == till.CannotSave || n.Code == till.SaveUnknown || n.Code == till.TotalsDiffer {
		m.Tone, m.Icon = ToneDanger, "octagon-alert"
	}
	detail := n.Detail
	if n.Code == till.AboveDue || n.Code == till.RefundNotEqual || n.Code == till.AboveReturnable {
		if a, err := w.Currency().Parse(detail); err == nil {
			detail = w.Money(a)
		}
	}
	key := "refused." + string(n.Code)
	if n.Code == till.UnknownCode && w.at != PageSell && v.Sale != nil {
		key = "refused.unknown_paying"
	}
	if !w.words.Has(key + ".title") {
		key = "refused.other"
	}
	m.Title, m.Body = w.Say(key+".title", "detail", detail), w.Say(key+".body", "detail", detail)
	m.Actions = []MessageAction{{w.Say("button.hide"), "Esc", w.hideMessage}}
	return m
}

// expiredMessage says that what was just added is past the date in its code. It stays until something else happens.
func (w *Window) expiredMessage(n *till.Notice, v till.View) *Message {
	date, name, _ := strings.Cut(n.Detail, " ")
	if v.Sale != nil {
		if l := v.Sale.Line(v.LastLine); l != nil {
			name = w.ItemName(l.Name, l.NameEN)
		}
	}
	return &Message{Tone: ToneWarn, Icon: "triangle-alert", Code: n.Code, seq: n.Seq, Title: w.Say("note.expired", "name", name, "date", date),
		Body: w.Say("note.expired_body"), Actions: []MessageAction{
			{w.Say("button.undo"), "Ctrl Z", func() { w.Do(till.Undo{}) }},
			{w.Say("button.hide"), "Esc", w.hideMessage}}}
}

// asideMessage says where a scan went that came while a sale was being paid. It stays until something else happens:
// the customer may take their time.
func (w *Window) asideMessage(n *till.Notice, v till.View) *Message {
	at := n.Aside
	if at == nil {
		return nil
	}
	name := n.Detail
	for _, p := range v.Parked {
		if l := p.Sale.Line(at.Line); p.Sale.ID == at.Sale && l != nil {
			name = w.ItemName(l.Name, l.NameEN)
		}
	}
	key := "note.aside"
	if at.New {
		key = "note.aside_new"
	}
	return &Message{Tone: ToneInfo, Icon: "pause", Code: n.Code, seq: n.Seq, Title: w.Say(key, "name", name, "n", strconv.Itoa(at.N)),
		Body: w.Say("note.aside_body"), Actions: []MessageAction{
			{w.Say("button.undo"), "", func() { w.Do(till.UndoAside{Sale: at.Sale, Line: at.Line, Qty: at.Qty}) }},
			{w.Say("button.hide"), "Esc", w.hideMessage}}}
}

// hideLater takes the message of a notice away once nobody needs it any more.
func (w *Window) hideLater(seq uint64) {
	w.ports.After(toastTime, func() {
		if w.message != nil && w.message.seq == seq {
			w.hideMessage()
		}
	})
}

// ApprovalTitle words an act that waits for another person's PIN.
func (w *Window) approvalTitle(a *till.Approval) string {
	what := w.Say("permission." + string(a.Permission))
	if a.Amount != 0 {
		return w.Say("approval.title_amount", "what", what, "amount", w.Money(money.Amount(a.Amount)))
	}
	return w.Say("approval.title", "what", what)
}
