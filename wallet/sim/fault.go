package sim

import (
	"net/http"
	"time"
)

// FaultKind is one way to misbehave.
type FaultKind string

// The faults. Those marked with * happen after the money was moved.
const (
	Slow            FaultKind = "slow"              // answers after Fault.For
	DropRequest     FaultKind = "drop_request"      // never sees it
	DropAnswer      FaultKind = "drop_answer"       // * does it, and the answer is lost
	LateRequest     FaultKind = "late_request"      // the connection is cut, and it is done after Fault.For all the same
	Twice           FaultKind = "twice"             // * does it twice, as a repeated request would
	Status500       FaultKind = "500"               // refuses with 500
	Status502After  FaultKind = "502_after"         // * does it and answers 502
	Garbage         FaultKind = "garbage"           // * does it and answers what nobody can read
	Empty           FaultKind = "empty"             // * does it and answers 200 without a body
	Unsigned        FaultKind = "unsigned"          // * leaves the signature out
	BadSign         FaultKind = "bad_sign"          // * signs something else
	WrongAmount     FaultKind = "wrong_amount"      // * states one minor unit more
	ClockOff        FaultKind = "clock_off"         // * its clock is 10 minutes off
	PayDuringCancel FaultKind = "pay_during_cancel" // the customer pays just before the cancel is done
	PayAfterCancel  FaultKind = "pay_after_cancel"  // * cancels, says so, and the customer pays Fault.For later all the same
	Redirect        FaultKind = "redirect"          // answers 302
)

// FaultKinds are all of them, for schedules drawn by chance.
var FaultKinds = []FaultKind{Slow, DropRequest, DropAnswer, LateRequest, Twice, Status500, Status502After, Garbage, Empty,
	Unsigned, BadSign, WrongAmount, ClockOff, PayDuringCancel, PayAfterCancel, Redirect}

// A Fault is one kind of misbehaviour, for calls that match.
type Fault struct {
	Platform string // "" for any
	Op       Op     // "" for any
	Number   string // "" for any
	Kind     FaultKind
	For      time.Duration // of Slow, LateRequest and PayAfterCancel
	Times    int           // how many calls; 0: once; -1: until Mend
	Skip     int           // calls that match and are left alone before
}

// Fail arranges a fault.
func (s *Sim) Fail(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Mend ends all faults and cuts.
func (s *Sim) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	clear(s.cut)
}

// fault returns what is to go wrong with a call.
func (s *Sim) fault(platform string, op Op, number string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times == 0 || f.Platform != "" && f.Platform != platform || f.Op != "" && f.Op != op || f.Number != "" && f.Number != number {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

func (s *Sim) misbehave(w http.ResponseWriter, r *http.Request, platform string, x Exchange, f Fault) {
	amount := func() Twist {
		p, ok := s.Payment(platform, x.Number)
		if !ok {
			return Twist{}
		}
		return Twist{Amount: p.Amount + 1}
	}
	switch f.Kind {
	case Slow:
		select {
		case <-time.After(f.For):
		case <-r.Context().Done():
		}
		write(w, x.Act(Twist{}))
	case DropRequest:
		hangUp(w)
	case DropAnswer:
		x.Act(Twist{})
		hangUp(w)
	case LateRequest:
		hangUp(w)
		time.AfterFunc(f.For, func() { x.Act(Twist{}) })
	case Twice:
		x.Act(Twist{})
		write(w, x.Act(Twist{}))
	case Status500:
		write(w, Wire{Status: http.StatusInternalServerError, Body: []byte("internal error")})
	case Status502After:
		x.Act(Twist{})
		write(w, Wire{Status: http.StatusBadGateway, Body: []byte("<html>bad gateway</html>")})
	case Garbage:
		x.Act(Twist{})
		write(w, Wire{Body: []byte("\x00{<[garbage")})
	case Empty:
		x.Act(Twist{})
		write(w, Wire{})
	case Unsigned:
		write(w, x.Act(Twist{Unsigned: true}))
	case BadSign:
		write(w, x.Act(Twist{BadSign: true}))
	case WrongAmount:
		// The books know the amount once the act is done.
		x.Act(Twist{})
		write(w, x.Act(amount()))
	case ClockOff:
		a := x.Act(Twist{Clock: 10 * time.Minute})
		if a.Header == nil {
			a.Header = http.Header{}
		}
		a.Header.Set("Date", s.now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
		write(w, a)
	case PayDuringCancel:
		_ = s.Capture(platform, x.Number) // nothing to pay: nothing happens
		write(w, x.Act(Twist{}))
	case PayAfterCancel:
		a := x.Act(Twist{})
		time.AfterFunc(f.For, func() { _ = s.CaptureLate(platform, x.Number) })
		write(w, a)
	case Redirect:
		write(w, Wire{Status: http.StatusFound, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}})
	default:
		write(w, x.Act(Twist{}))
	}
}
