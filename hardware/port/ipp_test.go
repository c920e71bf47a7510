package port

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"guitai/hardware/device"
)

// A queue is a print server with one queue, which speaks IPP as CUPS does.
type queue struct {
	mu       sync.Mutex
	formats  []string
	state    int      // of the printer: 3 idle, 4 processing, 5 stopped
	reasons  []string // of the printer
	refuses  bool     // printer-is-accepting-jobs
	keeps    bool     // jobs stay as they are: the printer is away
	ends     int      // the state a job ends in
	deaf     bool     // jobs cannot be cancelled
	status   int      // of HTTP, for everything; 0: 200
	jobs     [][]byte
	states   []int
	asked    []goipp.Op
	mimes    []string
	requests []string // printer-uri of each
}

func newQueue(t *testing.T) (*queue, Address) {
	q := &queue{formats: []string{"application/pdf", "application/octet-stream", "application/vnd.cups-raw"}, state: 3, reasons: []string{"none"}, ends: 9}
	s := httptest.NewServer(q)
	t.Cleanup(s.Close)
	a, err := Parse("ipp://" + s.Listener.Addr().String() + "/printers/till")
	if err != nil {
		t.Fatal(err)
	}
	return q, a
}

func (q *queue) set(change func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	change()
}

func (q *queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var m goipp.Message
	if q.status != 0 || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/ipp" || r.URL.Path != "/printers/till" || m.Decode(r.Body) != nil {
		w.WriteHeader(cmp.Or(q.status, http.StatusNotFound))
		return
	}
	data, _ := io.ReadAll(r.Body)
	op := goipp.Op(m.Code)
	q.asked = append(q.asked, op)
	q.requests = append(q.requests, texts(m.Operation, "printer-uri")...)
	back := goipp.NewResponse(m.Version, goipp.StatusOk, m.RequestID)
	back.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	back.Operation.Add(goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	job := number(m.Operation, "job-id")
	switch op {
	case goipp.OpGetPrinterAttributes:
		back.Printer.Add(keywords("document-format-supported", goipp.TagMimeType, q.formats))
		back.Printer.Add(goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(q.state)))
		back.Printer.Add(keywords("printer-state-reasons", goipp.TagKeyword, q.reasons))
		back.Printer.Add(goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(!q.refuses)))
	case goipp.OpPrintJob:
		if q.refuses {
			back.Code = goipp.Code(goipp.StatusErrorNotAcceptingJobs)
			back.Operation.Add(goipp.MakeAttribute("status-message", goipp.TagText, goipp.String("till is not accepting jobs.")))
			break
		}
		q.jobs, q.states = append(q.jobs, data), append(q.states, 3)
		q.mimes = append(q.mimes, texts(m.Operation, "document-format")...)
		job = len(q.jobs)
		back.Job.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(job)))
		back.Job.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(3)))
	case goipp.OpGetJobAttributes:
		back.Job.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(q.states[job-1])))
		back.Job.Add(keywords("job-state-reasons", goipp.TagKeyword, []string{"aborted-by-system"}))
		if !q.keeps {
			q.states[job-1] = map[int]int{3: 5, 5: q.ends, q.ends: q.ends}[q.states[job-1]] // pending, processing, and its end
		}
	case goipp.OpCancelJob:
		if q.deaf || q.states[job-1] >= 7 {
			back.Code = goipp.Code(goipp.StatusErrorNotPossible)
		} else {
			q.states[job-1] = 7
		}
	}
	b, _ := back.EncodeBytes()
	w.Header().Set("Content-Type", goipp.ContentType)
	w.Write(b)
}

func keywords(name string, tag goipp.Tag, values []string) goipp.Attribute {
	a := goipp.Attribute{Name: name}
	for _, v := range values {
		a.Values.Add(tag, goipp.String(v))
	}
	return a
}

func (q *queue) printed() (jobs [][]byte, states []int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.jobs), slices.Clone(q.states)
}

func TestAQueuePrintsEachWriteAsAJob(t *testing.T) {
	q, a := newQueue(t)
	link := opened(t, a)
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	for _, slip := range [][]byte{all, []byte("second")} {
		if err := link.Write(within(t, 5*time.Second), slip); err != nil {
			t.Fatal(err)
		}
	}
	jobs, states := q.printed()
	if len(jobs) != 2 || !bytes.Equal(jobs[0], all) || string(jobs[1]) != "second" || !slices.Equal(states, []int{9, 9}) {
		t.Errorf("printed %q, %v", jobs, states)
	}
	if !slices.Equal(q.mimes, []string{"application/vnd.cups-raw", "application/vnd.cups-raw"}) || q.requests[0] != a.String() {
		t.Errorf("as %q at %q", q.mimes, q.requests[0])
	}
	if _, err := link.Read(within(t, 20*time.Millisecond), make([]byte, 8)); !errors.Is(err, ErrTimeout) {
		t.Errorf("read: %v", err)
	}
	q.set(func() { q.formats = q.formats[:2] })
	if err := opened(t, a).Write(within(t, 5*time.Second), []byte("third")); err != nil || q.mimes[2] != "application/octet-stream" {
		t.Errorf("a printer of its own: %v, as %q", err, q.mimes)
	}
}

// A job that waits while its printer is away is taken back when it is given up:
// it must not come out once the till believes it lost.
func TestAQueuedJobIsTakenBack(t *testing.T) {
	for _, closing := range []bool{false, true} {
		q, a := newQueue(t)
		q.keeps = true
		link := opened(t, a)
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if closing {
			ctx = t.Context()
			time.AfterFunc(200*time.Millisecond, func() { link.Close() })
		}
		began := time.Now()
		if err := link.Write(ctx, []byte("slip")); !errors.Is(err, ErrTimeout) {
			t.Errorf("closing %t: %v", closing, err)
		}
		if _, states := q.printed(); !slices.Equal(states, []int{7}) || time.Since(began) > 2*time.Second {
			t.Errorf("closing %t: states %v after %s", closing, states, time.Since(began))
		}
	}
	// One that cannot be taken back may be printed, and that is said.
	q, a := newQueue(t)
	q.keeps, q.deaf = true, true
	link := opened(t, a)
	err := link.Write(within(t, 200*time.Millisecond), []byte("slip"))
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "job 1 may still be printed") {
		t.Errorf("%v", err)
	}
	// And one that was done just before is done.
	q.set(func() { q.states[0] = 3 })
	time.AfterFunc(150*time.Millisecond, func() { q.set(func() { q.states[1] = 9 }) })
	if err := link.(*ippLink).takeBack(t.Context(), 1); !errors.Is(err, ErrTimeout) {
		t.Errorf("still pending: %v", err)
	}
	q.set(func() { q.states = []int{9, 9} })
	if err := link.(*ippLink).takeBack(t.Context(), 1); err != nil {
		t.Errorf("done: %v", err)
	}
}

func TestAJobThatAQueueGivesUp(t *testing.T) {
	for _, end := range []int{7, 8} {
		q, a := newQueue(t)
		q.ends = end
		err := opened(t, a).Write(within(t, 5*time.Second), []byte("slip"))
		if device.ReasonOf(err) != device.Failure || !strings.Contains(err.Error(), "gave job 1 up: aborted-by-system") {
			t.Errorf("end %d: %v", end, err)
		}
	}
	q, a := newQueue(t)
	link := opened(t, a)
	q.set(func() { q.refuses = true })
	if err := link.Write(within(t, 5*time.Second), []byte("slip")); device.ReasonOf(err) != device.Offline || !strings.Contains(err.Error(), "not accepting jobs") {
		t.Errorf("refused: %v", err)
	}
	// All was sent, and the printer does not hang up.
	q, a = newQueue(t)
	q.keeps, q.reasons = true, []string{"cups-waiting-for-job-completed"}
	if err := opened(t, a).Write(within(t, 5*time.Second), []byte("slip")); err != nil {
		t.Errorf("all sent: %v", err)
	}
}

func TestWhatAQueueSaysOfItsPrinter(t *testing.T) {
	q, a := newQueue(t)
	link := opened(t, a)
	for _, c := range []struct {
		state   int
		refuses bool
		reasons string
		want    State
	}{
		{3, false, "none", State{}},
		{4, false, "connecting-to-device", State{Reason: device.Offline}},
		{4, false, "media-empty-warning", State{Reason: device.PaperEnd}}, // as CUPS' USB backend has it
		{5, false, "media-empty-error", State{device.PaperEnd, true}},
		{5, false, "offline-report media-needed", State{device.PaperEnd, true}},
		{5, false, "door-open-report", State{device.CoverOpen, true}},
		{5, false, "cover-open", State{device.CoverOpen, true}},
		{5, false, "paused", State{device.Offline, true}},
		{5, false, "none", State{device.Offline, true}},
		{5, false, "media-low-warning", State{device.Offline, true}},
		{3, true, "none", State{device.Offline, true}},
		{3, false, "media-low-report", State{Reason: device.PaperLow}},
		{3, false, "offline-report", State{Reason: device.Offline}}, // of the job before
		{5, false, "media-jam-error", State{device.Failure, true}},
		{5, false, "cutter-at-eol", State{device.Cutter, true}},
	} {
		q.set(func() { q.state, q.refuses, q.reasons = c.state, c.refuses, strings.Fields(c.reasons) })
		if s, ok, err := StateOf(t.Context(), link); s != c.want || !ok || err != nil {
			t.Errorf("%d %s: %+v, %v; want %+v", c.state, c.reasons, s, err, c.want)
		}
	}
}

func TestAQueueThatIsNone(t *testing.T) {
	q, a := newQueue(t)
	for _, c := range []struct {
		set    func()
		reason device.Reason
		says   string
	}{
		{func() { q.formats = []string{"application/pdf", "image/urf"} }, device.Illegal, "takes no raw bytes, but application/pdf, image/urf"},
		{func() { q.status = 401 }, device.Denied, "wants a password"},
		{func() { q.status = 403 }, device.Denied, "refuses this computer"},
		{func() { q.status = 426 }, device.Denied, "encryption"},
		{func() { q.status = 404 }, device.NoHardware, "no such queue"},
		{func() { q.status = 500 }, device.Garbled, "no print server"},
	} {
		q.set(c.set)
		if _, err := Open(t.Context(), a); device.ReasonOf(err) != c.reason || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.says, err)
		}
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }))
	a, _ = Parse("ipp://" + page.Listener.Addr().String() + "/printers/till")
	if _, err := Open(t.Context(), a); device.ReasonOf(err) != device.Garbled {
		t.Errorf("a web page: %v", err)
	}
	page.Close()
	if _, err := Open(t.Context(), a); device.ReasonOf(err) != device.NoHardware {
		t.Errorf("nobody: %v", err)
	}
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer silent.Close()
	a, _ = Parse("ipp://" + silent.Listener.Addr().String() + "/printers/till")
	if _, err := Open(within(t, 100*time.Millisecond), a); device.ReasonOf(err) != device.Timeout {
		t.Errorf("silence: %v", err)
	}
}
