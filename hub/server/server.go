package server

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"guitai/hub/store"
	"guitai/hub/wire"
)

// Options are what a Server is made of.
type Options struct {
	Store *store.Store
	ID    string             // of the hub, as Store.Identify gave it
	Key   ed25519.PrivateKey // signs receipts, commands and catalogues
	Log   *slog.Logger
	Slots int // requests that are worked on at once; 64 where 0
	// PerAddress is how many requests a second one address may make; 200 where 0.
	PerAddress rate.Limit
	// RemoteIP finds who asks, for limits; where nil, the connection's address.
	RemoteIP func(*http.Request) string
}

// A Server answers the API. Its methods are those that hub/openapi.yaml names.
type Server struct {
	store  *store.Store
	id     string
	key    ed25519.PrivateKey
	log    *slog.Logger
	limits *limits
	counts *counts
	now    func() time.Time
}

// New makes a server.
func New(o Options) *Server {
	if o.Slots == 0 {
		o.Slots = 64
	}
	if o.PerAddress == 0 {
		o.PerAddress = 200
	}
	if o.RemoteIP == nil {
		o.RemoteIP = connectionIP
	}
	return &Server{store: o.Store, id: o.ID, key: o.Key, log: o.Log, limits: newLimits(o.Slots, o.PerAddress, o.RemoteIP), counts: newCounts(), now: time.Now}
}

var _ wire.ServerInterface = (*Server)(nil)

// Handler is the API with its limits, and what watches it: /healthz says that
// the program runs, /readyz that the database answers, /metrics counts.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	api := wire.HandlerWithOptions(s, wire.StdHTTPServerOptions{
		BaseRouter: http.NewServeMux(),
		ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			s.fail(w, r, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%v", err))
		},
	})
	mux.Handle("/v1/", s.counts.watch(s.limits.admit(s, api)))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, stop := context.WithTimeout(r.Context(), 2*time.Second)
		defer stop()
		if err := s.store.Ping(ctx); err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /metrics", s.counts.write)
	return mux
}

// DescribeHub says who this is.
func (s *Server) DescribeHub(w http.ResponseWriter, r *http.Request) {
	answer(w, wire.Hub{Id: s.id, PublicKey: wire.KeyText(s.key.Public().(ed25519.PublicKey)), SchemaMin: wire.SchemaMin, SchemaMax: wire.SchemaMax, ServerTime: s.now().UTC()})
}
