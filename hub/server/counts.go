package server

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// counts are what /metrics says, in the text format of Prometheus (version
// 0.0.4): no names of shops, tills or people are in it.
type counts struct {
	mu       sync.Mutex
	requests map[int]uint64 // by status
	seconds  [len(edges) + 1]uint64
	sum      time.Duration

	stored, duplicate, quarantined, forked, live atomic.Uint64
}

// edges are the upper ends of the buckets of the time a request takes.
var edges = [...]time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond,
	250 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second}

func newCounts() *counts { return &counts{requests: map[int]uint64{}} }

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (c *counts) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		sw := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(sw, r)
		took := time.Since(began)
		if sw.status == 0 {
			sw.status = http.StatusOK
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requests[sw.status]++
		i := 0
		for i < len(edges) && took > edges[i] {
			i++
		}
		c.seconds[i]++
		c.sum += took
	})
}

func (c *counts) write(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintln(w, "# TYPE guitai_hub_requests_total counter")
	var statuses []int
	for s := range c.requests {
		statuses = append(statuses, s)
	}
	slices.Sort(statuses)
	for _, s := range statuses {
		fmt.Fprintf(w, "guitai_hub_requests_total{status=\"%d\"} %d\n", s, c.requests[s])
	}
	fmt.Fprintln(w, "# TYPE guitai_hub_request_seconds histogram")
	var all uint64
	for i, e := range edges {
		all += c.seconds[i]
		fmt.Fprintf(w, "guitai_hub_request_seconds_bucket{le=\"%g\"} %d\n", e.Seconds(), all)
	}
	all += c.seconds[len(edges)]
	fmt.Fprintf(w, "guitai_hub_request_seconds_bucket{le=\"+Inf\"} %d\nguitai_hub_request_seconds_sum %g\nguitai_hub_request_seconds_count %d\n", all, c.sum.Seconds(), all)
	fmt.Fprintln(w, "# TYPE guitai_hub_documents_total counter")
	for _, d := range []struct {
		name string
		n    *atomic.Uint64
	}{{"stored", &c.stored}, {"duplicate", &c.duplicate}, {"quarantined", &c.quarantined}, {"fork", &c.forked}, {"live", &c.live}} {
		fmt.Fprintf(w, "guitai_hub_documents_total{result=%q} %d\n", d.name, d.n.Load())
	}
}
