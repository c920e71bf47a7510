package spool

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/OpenPrinting/goipp"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/till"
)

// A systemQueue is a print queue of the system that speaks IPP and prints what it
// gets at once.
type systemQueue struct {
	stopped atomic.Bool
	paper   chan []byte
}

func (q *systemQueue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m goipp.Message
	if err := m.Decode(r.Body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	data, _ := io.ReadAll(r.Body)
	back := goipp.NewResponse(m.Version, goipp.StatusOk, m.RequestID)
	state, reason := 3, "none"
	if q.stopped.Load() {
		state, reason = 5, "media-empty-error"
	}
	back.Printer.Add(goipp.MakeAttribute("document-format-supported", goipp.TagMimeType, goipp.String("application/vnd.cups-raw")))
	back.Printer.Add(goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(state)))
	back.Printer.Add(goipp.MakeAttribute("printer-state-reasons", goipp.TagKeyword, goipp.String(reason)))
	back.Job.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(7)))
	back.Job.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(9)))
	if goipp.Op(m.Code) == goipp.OpPrintJob {
		q.paper <- data
	}
	b, _ := back.EncodeBytes()
	w.Write(b)
}

// A queue says that it handed a slip over, and never that it is on paper: the
// slip is sent, whatever the profile could prove, and nothing but slips goes
// through it. While the queue says that there is no paper, nothing is sent.
func TestASlipThroughAQueueIsSentAndNeverConfirmed(t *testing.T) {
	q := &systemQueue{paper: make(chan []byte, 16)}
	server := httptest.NewServer(q)
	defer server.Close()
	s := newShelf()
	p := newCable(t).printer() // its profile has a barrier
	p.Address = port.Address{Scheme: port.IPP, Place: server.Listener.Addr().String() + "/printers/till"}
	sp, _ := start(t, s, p)
	first := s.add(till.SlipReceipt, 1)
	sp.Kick()
	until(t, "sent", s.is(first, till.JobSent))
	if b := <-q.paper; bytes.Count(b, []byte("1.50\n")) != 1 || bytes.Contains(b, []byte("\x1dr\x01")) || len(q.paper) > 0 { // a question that nobody can answer
		t.Errorf("paper %q and %d more jobs", b, len(q.paper))
	}
	q.stopped.Store(true)
	second := s.add(till.SlipReceipt, 2)
	sp.Kick()
	until(t, "held", s.is(second, till.JobHeld))
	if now := sp.Status(); now.Reason != device.PaperEnd || len(q.paper) > 0 {
		t.Errorf("%+v, %d jobs", now, len(q.paper))
	}
	q.stopped.Store(false)
	until(t, "sent", s.is(second, till.JobSent))
	for _, state := range append(s.history(first), s.history(second)...) {
		if state == till.JobConfirmed || state == till.JobUncertain {
			t.Errorf("went %v and %v", s.history(first), s.history(second))
		}
	}
}
