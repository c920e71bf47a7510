package port

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/OpenPrinting/goipp"

	"guitai/hardware/device"
)

// ippLink is a print queue that is spoken to in IPP/1.1 (RFC 8010, RFC 8011),
// which CUPS and many printers understand. Each Write is a job of its own, and
// ends when the queue has handed it over: nobody says that it is on paper.
type ippLink struct {
	url    string // of the http request
	uri    string // of the printer
	client *http.Client
	format string // of a document that the queue hands on as it is
	quit   context.Context
	close  context.CancelFunc
}

const (
	ippAnswer   = 5 * time.Second // for one request, but that with a document
	ippLookMin  = 50 * time.Millisecond
	ippLookMax  = time.Second
	ippCancel   = 2 * time.Second // to take a job back
	ippReadMax  = 1 << 20
	ippUserName = "guitai"
)

// What a queue must take a document as. CUPS hands the first on untouched
// (cups.org, Raw Printing); the other is left to what it finds the bytes to be,
// which on a queue without a driver is the same.
var ippFormats = []string{"application/vnd.cups-raw", "application/octet-stream"}

func openIPP(ctx context.Context, a Address) (Link, error) {
	host, path, _ := strings.Cut(a.Place, "/")
	if h, p, err := net.SplitHostPort(host); err == nil && p == ippPort {
		if host = h; strings.Contains(h, ":") {
			host = "[" + h + "]"
		}
	}
	l := &ippLink{url: "http://" + a.Place, uri: "ipp://" + host + "/" + path, client: &http.Client{
		Transport:     &http.Transport{DialContext: (&net.Dialer{Timeout: dialTime}).DialContext, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	l.quit, l.close = context.WithCancel(context.Background())
	if err := l.greet(ctx); err != nil {
		l.client.CloseIdleConnections()
		l.close()
		return nil, &device.Error{Reason: device.ReasonOf(err), Err: fmt.Errorf("open %s: %w", a, err)}
	}
	return l, nil
}

// greet finds out that the queue is there and takes raw bytes.
func (l *ippLink) greet(ctx context.Context) error {
	m, err := l.printer(ctx, "document-format-supported")
	if errors.Is(err, ErrGone) {
		return &device.Error{Reason: device.NoHardware, Err: err}
	}
	if err != nil {
		return err
	}
	formats := texts(m.Printer, "document-format-supported")
	for _, f := range ippFormats {
		if slices.Contains(formats, f) {
			l.format = f
			return nil
		}
	}
	return device.Fault(device.Illegal, "the queue takes no raw bytes, but %s; set up a raw queue", strings.Join(formats, ", "))
}

// ask sends one request and returns the answer. Errors carry a reason.
func (l *ippLink) ask(ctx context.Context, op goipp.Op, data []byte, attrs ...goipp.Attribute) (*goipp.Message, error) {
	m := goipp.NewRequest(goipp.MakeVersion(1, 1), op, 1)
	m.Operation = append(goipp.Attributes{
		goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")),
		goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")),
		goipp.MakeAttribute("printer-uri", goipp.TagURI, goipp.String(l.uri)),
	}, attrs...)
	head, err := m.EncodeBytes()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, io.MultiReader(bytes.NewReader(head), bytes.NewReader(data)))
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(head) + len(data))
	r.Header.Set("Content-Type", goipp.ContentType)
	answer, err := l.client.Do(r)
	if err != nil {
		return nil, httpError(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, httpRefusal(answer)
	}
	back := &goipp.Message{}
	if err := back.Decode(io.LimitReader(answer.Body, ippReadMax)); err != nil {
		if err := httpError(ctx, err); errors.Is(err, ErrTimeout) {
			return nil, err
		}
		return nil, device.Fault(device.Garbled, "the answer is not IPP: %w", err)
	}
	if status := goipp.Status(back.Code); status >= goipp.StatusErrorBadRequest {
		return nil, ippRefusal(status, back)
	}
	return back, nil
}

func httpError(ctx context.Context, err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return fmt.Errorf("%w: %w", ErrGone, err)
}

func httpRefusal(r *http.Response) error {
	switch r.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return device.Fault(device.Denied, "the print server refuses this computer or wants a password (%s); let it print in the server's settings", r.Status)
	case http.StatusUpgradeRequired:
		return device.Fault(device.Denied, "the print server wants encryption (%s); let it take print jobs without", r.Status)
	case http.StatusNotFound:
		return device.Fault(device.NoHardware, "the print server has no such queue (%s)", r.Status)
	}
	return device.Fault(device.Garbled, "no print server answers there: %s", r.Status)
}

// ippRefusal puts a reason to a status (RFC 8011, appendix B).
func ippRefusal(s goipp.Status, m *goipp.Message) error {
	reason := device.Failure
	switch s {
	case goipp.StatusErrorNotFound, goipp.StatusErrorGone:
		reason = device.NoHardware
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		reason = device.Denied
	case goipp.StatusErrorDocumentFormatNotSupported, goipp.StatusErrorOperationNotSupported:
		reason = device.Illegal
	case goipp.StatusErrorBusy:
		reason = device.Busy
	case goipp.StatusErrorNotAcceptingJobs, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorTemporary:
		reason = device.Offline
	}
	return device.Fault(reason, "the queue answers %s %s", s, strings.Join(texts(m.Operation, "status-message"), " "))
}

// printer asks for attributes of the queue.
func (l *ippLink) printer(ctx context.Context, names ...string) (*goipp.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, ippAnswer)
	defer cancel()
	return l.ask(ctx, goipp.OpGetPrinterAttributes, nil, wanted(names))
}

func wanted(names []string) goipp.Attribute {
	a := goipp.Attribute{Name: "requested-attributes"}
	for _, n := range names {
		a.Values.Add(goipp.TagKeyword, goipp.String(n))
	}
	return a
}

func texts(list goipp.Attributes, name string) []string {
	var out []string
	for _, a := range list {
		if a.Name == name {
			for _, v := range a.Values {
				out = append(out, v.V.String())
			}
		}
	}
	return out
}

func number(list goipp.Attributes, name string) int {
	for _, a := range list {
		if a.Name == name && len(a.Values) > 0 {
			if n, ok := a.Values[0].V.(goipp.Integer); ok {
				return int(n)
			}
		}
	}
	return 0
}

// States of printers and jobs (RFC 8011, sections 5.4.11 and 5.3.7).
const (
	ippPrinterStopped = 5
	ippJobCanceled    = 7
	ippJobAborted     = 8
	ippJobCompleted   = 9
)

// allSent is the reason of CUPS for a printer that has taken all and has not
// hung up yet, which some never do (backend/socket.c).
const allSent = "cups-waiting-for-job-completed"

// Write makes a job of p and waits until the queue has handed it over. A job of
// which that is not known when ctx ends is taken back, so that it cannot come out
// once the till believes it lost. A job that was aborted or taken back by
// somebody fails with device.Failure: nobody knows how much of it is on paper.
func (l *ippLink) Write(ctx context.Context, p []byte) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(l.quit, stop)()
	m, err := l.ask(ctx, goipp.OpPrintJob, p, who(),
		goipp.MakeAttribute("job-name", goipp.TagName, goipp.String(ippUserName)),
		goipp.MakeAttribute("document-format", goipp.TagMimeType, goipp.String(l.format)))
	if err != nil {
		return err
	}
	job := number(m.Job, "job-id")
	if job == 0 {
		return device.Fault(device.Garbled, "the queue gives its job no number")
	}
	wait := ippLookMin
	for {
		over, err := l.look(ctx, job)
		if over {
			return err
		}
		select {
		case <-ctx.Done():
			return l.takeBack(ctx, job)
		case <-time.After(wait):
			wait = min(2*wait, ippLookMax)
		}
	}
}

func who() goipp.Attribute {
	return goipp.MakeAttribute("requesting-user-name", goipp.TagName, goipp.String(ippUserName))
}

// look asks how a job is. Where the server does not answer, as when it is
// started again, it is not over yet.
func (l *ippLink) look(ctx context.Context, job int) (over bool, err error) {
	within, cancel := context.WithTimeout(ctx, ippAnswer)
	defer cancel()
	m, err := l.ask(within, goipp.OpGetJobAttributes, nil, goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(job)), who(),
		wanted([]string{"job-state", "job-state-reasons", "job-printer-state-message"}))
	switch {
	case errors.Is(err, ErrGone), errors.Is(err, ErrTimeout):
		return false, nil
	case err != nil:
		return true, fmt.Errorf("job %d: %w", job, err)
	}
	switch state := number(m.Job, "job-state"); state {
	case ippJobCompleted:
		return true, nil
	case ippJobCanceled, ippJobAborted:
		return true, device.Fault(device.Failure, "the queue gave job %d up: %s", job,
			strings.Join(append(texts(m.Job, "job-state-reasons"), texts(m.Job, "job-printer-state-message")...), ", "))
	}
	if m, err := l.printer(within, "printer-state-reasons"); err == nil && slices.Contains(texts(m.Printer, "printer-state-reasons"), allSent) {
		return true, nil
	}
	return false, nil
}

// takeBack cancels a job, and finds out whether it had gone through before that.
func (l *ippLink) takeBack(ctx context.Context, job int) error {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), ippCancel)
	defer cancel()
	_, err := l.ask(within, goipp.OpCancelJob, nil, goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(job)), who())
	if err == nil {
		return ErrTimeout
	}
	if over, err := l.look(within, job); over && err == nil {
		return nil
	}
	return fmt.Errorf("%w: job %d may still be printed by the queue: %w", ErrTimeout, job, err)
}

// Read waits for an answer that never comes.
func (l *ippLink) Read(ctx context.Context, _ []byte) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ErrTimeout
	case <-l.quit.Done():
		return 0, ErrGone
	}
}

// Close takes back what is still under way.
func (l *ippLink) Close() error {
	l.close()
	l.client.CloseIdleConnections()
	return nil
}

// state is what the queue says of its printer. A queue that is idle keeps what
// was the matter when it printed last, and only printing shows whether it still
// is.
func (l *ippLink) state(ctx context.Context) (State, error) {
	m, err := l.printer(ctx, "printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
	switch {
	case errors.Is(err, ErrTimeout):
		return State{}, &device.Error{Reason: device.Timeout, Err: err}
	case errors.Is(err, ErrGone):
		return State{}, &device.Error{Reason: device.Lost, Err: err}
	case err != nil:
		return State{}, err
	}
	s := State{Reason: ippReason(texts(m.Printer, "printer-state-reasons"))}
	stopped := number(m.Printer, "printer-state") == ippPrinterStopped || slices.Contains(texts(m.Printer, "printer-is-accepting-jobs"), "false")
	if stopped {
		if s.Stops = true; s.Reason == "" || s.Reason == device.PaperLow {
			s.Reason = device.Offline
		}
	}
	return s, nil
}

// ippReasons are the keywords of printer-state-reasons that a till knows, the
// weightiest first (RFC 8011, section 5.4.12; PWG 5100.9; those of CUPS).
var ippReasons = []struct {
	keyword string
	reason  device.Reason
}{
	{"media-empty", device.PaperEnd}, {"media-needed", device.PaperEnd},
	{"cover-open", device.CoverOpen}, {"door-open", device.CoverOpen}, {"interlock-open", device.CoverOpen},
	{"media-jam", device.Failure}, {"cutter", device.Cutter}, {"trimmer", device.Cutter},
	{"offline", device.Offline}, {"shutdown", device.Offline}, {"timed-out", device.Offline}, {"connecting-to-device", device.Offline},
	{"paused", device.Offline}, {"moving-to-paused", device.Offline}, {"stopped-partly", device.Failure}, {"other-error", device.Failure},
	{"media-low", device.PaperLow},
}

// ippReason returns the weightiest of the reasons. How grave the server finds
// one (-error, -warning, -report) is left out: CUPS reports paper that is out as
// a warning, and a printer that is off as a report.
func ippReason(said []string) device.Reason {
	for _, r := range ippReasons {
		if slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, r.keyword) }) {
			return r.reason
		}
	}
	return ""
}
