package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"guitai/hub/wire"
)

// A problem is an answer that refuses (RFC 9457): what happened, what is safe,
// what to do.
type problem struct {
	status int
	code   wire.ProblemCode
	detail string
	after  time.Duration // Retry-After; 0 without
	more   func(*wire.Problem)
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.status, p.code, p.detail) }

func refuse(status int, code wire.ProblemCode, format string, args ...any) *problem {
	return &problem{status: status, code: code, detail: fmt.Sprintf(format, args...)}
}

var titles = map[wire.ProblemCode]string{
	wire.ProblemCodeBadRequest:     "The request cannot be read",
	wire.ProblemCodeTooLarge:       "The request is too large",
	wire.ProblemCodeUnknownField:   "The request has a field that is not known",
	wire.ProblemCodeBadSignature:   "The signature is not by this till's key",
	wire.ProblemCodeClock:          "The till's clock is off by more than five minutes",
	wire.ProblemCodeWrongHub:       "The request is for another hub",
	wire.ProblemCodeWrongOperation: "The request is for another operation",
	wire.ProblemCodeUnknownTill:    "The till is not enrolled here",
	wire.ProblemCodeRevoked:        "The till was revoked by its owner",
	wire.ProblemCodeFork:           "Another document is here under this number",
	wire.ProblemCodeEpochPending:   "The owner has not approved this epoch yet",
	wire.ProblemCodeEpochSealed:    "The epoch is closed, as a later one counts",
	wire.ProblemCodeCodeSpent:      "The code is spent, has run out, or is none",
	wire.ProblemCodeBusy:           "Too many requests at once",
	wire.ProblemCodeUnavailable:    "The database does not answer",
	wire.ProblemCodeNotFound:       "There is none",
	wire.ProblemCodeForbidden:      "The token does not allow this",
	wire.ProblemCodeUnsupported:    "Not one of the versions that are understood",
}

// serve answers with what do gives, or with why it would not.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, do func() (any, error)) {
	v, err := do()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, v)
}

// fail answers with a problem. What it does not know is the database's fault and
// is tried again by the till; its words stay in the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p *problem
	if !errors.As(err, &p) {
		s.log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "error", err)
		p = refuse(http.StatusServiceUnavailable, wire.ProblemCodeUnavailable, "nothing was kept; ask again")
		p.after = 5 * time.Second
	}
	body := wire.Problem{Type: "about:blank", Title: titles[p.code], Status: p.status, Code: p.code}
	if p.detail != "" {
		body.Detail = &p.detail
	}
	if p.more != nil {
		p.more(&body)
	}
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((p.after+time.Second-1)/time.Second)))
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	json.NewEncoder(w).Encode(body)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}
