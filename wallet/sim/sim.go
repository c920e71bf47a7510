package sim

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// Op is what a call to a platform is about.
type Op string

// The operations.
const (
	OpStart       Op = "start"
	OpQuery       Op = "query"
	OpCancel      Op = "cancel"
	OpCapture     Op = "capture"
	OpRefund      Op = "refund"
	OpQueryRefund Op = "query_refund"
	OpBill        Op = "bill"
	OpToken       Op = "token"
	OpOther       Op = "other"
)

// A Platform is one company's side of the wire.
type Platform interface {
	Name() string
	// Read understands a request and checks its signature; it changes nothing.
	// A request it refuses is an Exchange whose Act says so in its own words.
	Read(r *http.Request, body []byte) Exchange
	// Account is what a shop enters to speak to it; its base URL is left empty.
	Account() wallet.Account
	// NewCode returns a customer's code that stands for a phone, or "" where
	// the platform takes none.
	NewCode(p Purse) string
}

// An Exchange is one call, understood.
type Exchange struct {
	Op     Op
	Number string // of the payment, where it is known
	// Act does it in the books and makes the answer. It may be called twice.
	Act func(Twist) Wire
}

// A Wire is an answer on its way.
type Wire struct {
	Status int
	Header http.Header
	Body   []byte
}

// A Twist changes an answer where only the platform itself can.
type Twist struct {
	Unsigned bool          // leave the signature out
	BadSign  bool          // sign something else
	Amount   money.Amount  // state this amount; 0: the true one
	Clock    time.Duration // be off by this much, in timestamps of the answer
}

// A Sim is the platforms, their books, and what goes wrong.
type Sim struct {
	*Truth
	mu        sync.Mutex
	platforms map[string]Platform
	faults    []*Fault
	calls     []Called
	cut       map[string]bool // platforms that cannot be reached
}

// Called is a call that reached a platform.
type Called struct {
	At               time.Time
	Platform, Number string
	Op               Op
	Fault            FaultKind
}

// New returns the books without platforms; now may be nil.
func New(now func() time.Time) *Sim {
	if now == nil {
		now = time.Now
	}
	return &Sim{Truth: newTruth(now), platforms: map[string]Platform{}, cut: map[string]bool{}}
}

// Add lets a platform take calls, below /NAME.
func (s *Sim) Add(p Platform) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.platforms[p.Name()] = p
}

// Platform returns a platform by its name, or nil.
func (s *Sim) Platform(name string) Platform {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.platforms[name]
}

// Calls returns the calls so far, in the order in which they came.
func (s *Sim) Calls() []Called {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Called(nil), s.calls...)
}

// Cut makes a platform unreachable, or reachable again: connections to it are
// closed before anything is read.
func (s *Sim) Cut(platform string, cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut[platform] = cut
}

// bodyMost bounds a request, in bytes.
const bodyMost = 1 << 20

// ServeHTTP takes the calls of every platform, below /NAME.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	p := s.Platform(name)
	if p == nil {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	cut := s.cut[name]
	s.mu.Unlock()
	if cut {
		hangUp(w)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost))
	if err != nil {
		return
	}
	r = r.Clone(r.Context())
	r.URL.Path = "/" + rest
	r.RequestURI = strings.TrimPrefix(r.RequestURI, "/"+name)
	x := p.Read(r, body)
	f := s.fault(name, x.Op, x.Number)
	s.mu.Lock()
	c := Called{At: s.now(), Platform: name, Number: x.Number, Op: x.Op}
	if f != nil {
		c.Fault = f.Kind
	}
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	if f == nil {
		write(w, x.Act(Twist{}))
		return
	}
	s.misbehave(w, r, name, x, *f)
}

func write(w http.ResponseWriter, a Wire) {
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	c, _, err := h.Hijack()
	if err == nil {
		c.Close()
	}
}
