package server

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"guitai/hub/wire"
)

// limits keep one who asks too much from being in the way of the others: so
// many requests at once, so many a second from one address, and a few tries a
// minute at codes that could be guessed.
type limits struct {
	slots chan struct{}
	ip    func(*http.Request) string
	asked *buckets
	tried *buckets
	all   *rate.Limiter // tries of everybody
}

func newLimits(slots int, perAddress rate.Limit, ip func(*http.Request) string) *limits {
	return &limits{
		slots: make(chan struct{}, slots), ip: ip,
		asked: newBuckets(perAddress, 400), tried: newBuckets(rate.Every(12*time.Second), 5),
		all: rate.NewLimiter(rate.Every(time.Second), 60),
	}
}

// admit lets a request through where there is room, and says when to come back
// where there is none.
func (l *limits) admit(s *Server, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !l.asked.of(l.ip(r)).Allow() {
			p := refuse(http.StatusTooManyRequests, wire.ProblemCodeBusy, "more than this address may ask; nothing was kept")
			p.after = 2 * time.Second
			s.fail(w, r, p)
			return
		}
		select {
		case l.slots <- struct{}{}:
			defer func() { <-l.slots }()
		default:
			p := refuse(http.StatusServiceUnavailable, wire.ProblemCodeBusy, "all are busy; nothing was kept")
			p.after = time.Second
			s.fail(w, r, p)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, wire.BodyMost)
		next.ServeHTTP(w, r)
	})
}

// guess says whether one more try at a code is allowed.
func (l *limits) guess(r *http.Request) bool { return l.tried.of(l.ip(r)).Allow() && l.all.Allow() }

// buckets holds a limiter for each address that asked lately.
type buckets struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	now   map[string]*rate.Limiter
	old   map[string]*rate.Limiter // those before; forgotten at the next turn
}

const bucketsMost = 10_000 // addresses that are remembered, twice over

func newBuckets(every rate.Limit, burst int) *buckets {
	return &buckets{every: every, burst: burst, now: map[string]*rate.Limiter{}}
}

func (b *buckets) of(name string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.now[name]
	if l == nil {
		if l = b.old[name]; l == nil {
			l = rate.NewLimiter(b.every, b.burst)
		}
		if len(b.now) >= bucketsMost {
			b.old, b.now = b.now, map[string]*rate.Limiter{}
		}
		b.now[name] = l
	}
	return l
}

func connectionIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
