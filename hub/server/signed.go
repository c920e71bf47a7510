package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guitai/hub/store"
	"guitai/hub/wire"
)

// A message is the body of a signed request as it came, with its headers.
type message struct {
	id, timestamp, signature string
	raw                      []byte
}

// read takes the body of a signed request into v, strictly: a till and a hub
// agree on every field of a request, and only documents may grow.
func (s *Server) read(r *http.Request, v any) (message, error) {
	m := message{id: r.Header.Get(wire.HeaderID), timestamp: r.Header.Get(wire.HeaderTimestamp), signature: r.Header.Get(wire.HeaderSignature)}
	raw, err := io.ReadAll(r.Body)
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return m, refuse(http.StatusRequestEntityTooLarge, wire.ProblemCodeTooLarge, "at most %d bytes; send fewer documents at once", wire.BodyMost)
	}
	if err != nil {
		return m, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "the body broke off")
	}
	if r.ContentLength >= 0 && int64(len(raw)) != r.ContentLength {
		return m, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "the body broke off")
	}
	m.raw = raw
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if strings.Contains(err.Error(), "unknown field") {
			return m, refuse(http.StatusBadRequest, wire.ProblemCodeUnknownField, "%v", err)
		}
		return m, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return m, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "something follows the body")
	}
	return m, nil
}

// check verifies clock, hub, operation and signature of a message. It answers
// with how far the sender's clock is ahead of this one.
func (s *Server) check(m message, hub, operation, want, key string) (time.Duration, error) {
	public, err := wire.ParseKey(key)
	if err != nil {
		return 0, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%v", err)
	}
	if err := wire.Verify(m.signature, m.id, m.timestamp, m.raw, public); err != nil {
		return 0, refuse(http.StatusUnauthorized, wire.ProblemCodeBadSignature, "nothing was kept; a till restored from a backup has a new key and must be enrolled again")
	}
	seconds, err := strconv.ParseInt(m.timestamp, 10, 64)
	if err != nil {
		return 0, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%s is not a number of seconds", wire.HeaderTimestamp)
	}
	now := s.now()
	offset := time.Unix(seconds, 0).Sub(now.Truncate(time.Second))
	if offset.Abs() > wire.ClockLeeway {
		p := refuse(http.StatusUnauthorized, wire.ProblemCodeClock, "off by %s; the till may send again with the time given here, its business times stay as they are", offset.Round(time.Second))
		p.more = func(b *wire.Problem) { at := now.UTC(); b.ServerTime = &at }
		return 0, p
	}
	if hub != s.id {
		return 0, refuse(http.StatusForbidden, wire.ProblemCodeWrongHub, "this hub is %s", s.id)
	}
	if operation != want {
		return 0, refuse(http.StatusForbidden, wire.ProblemCodeWrongOperation, "the body is for %.40q", operation)
	}
	return offset, nil
}

// till checks a message of a till that is enrolled, and that its epoch may
// send. Its clock and its last sign of life are kept.
func (s *Server) till(ctx context.Context, m message, id string, epoch int64, hub, operation, want string) (store.Till, error) {
	t, err := s.store.Till(ctx, id, epoch)
	if errors.Is(err, store.ErrNone) {
		return t, refuse(http.StatusForbidden, wire.ProblemCodeUnknownTill, "enrol it with a code of the owner's; what it has to send stays in it")
	}
	if err != nil {
		return t, err
	}
	offset, err := s.check(m, hub, operation, want, t.PublicKey)
	if err != nil {
		return t, err
	}
	if t.Revoked {
		return t, refuse(http.StatusForbidden, wire.ProblemCodeRevoked, "it may go on selling; what it has to send stays in it")
	}
	// A live till says so every half minute: once in 20 s is enough to know it.
	if s.now().Sub(t.Seen) > 20*time.Second || (offset-t.ClockOffset).Abs() > 2*time.Second {
		if err := s.store.SawTill(ctx, t, offset); err != nil {
			return t, err
		}
	}
	return t, nil
}

// sender is till for what only an epoch that counts may send. highWater is the
// number of the till's latest document, 0 where it does not say.
func (s *Server) sender(r *http.Request, m message, id string, epoch int64, hub, operation, want string, highWater int64) (store.Till, error) {
	if err := notBelow(highWater); err != nil {
		return store.Till{}, err
	}
	t, err := s.till(r.Context(), m, id, epoch, hub, operation, want)
	if err == nil {
		err = open(t)
	}
	return t, err
}

// open refuses documents of an epoch that does not count.
func open(t store.Till) error {
	switch t.State {
	case store.EpochPending:
		p := refuse(http.StatusForbidden, wire.ProblemCodeEpochPending, "the owner approves it on the hub's page; what it has to send stays in it")
		p.after = time.Minute
		return p
	case store.EpochSealed:
		return refuse(http.StatusForbidden, wire.ProblemCodeEpochSealed, "epoch %d takes nothing more", t.Epoch)
	}
	return nil
}
