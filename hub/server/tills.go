package server

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"guitai/hub/day"
	"guitai/hub/store"
	"guitai/hub/wire"
)

// PutDocument takes one document. Other bytes under a number that is here are
// refused with 409.
func (s *Server) PutDocument(w http.ResponseWriter, r *http.Request, till wire.Till, epoch wire.Epoch, seq int64, _ wire.PutDocumentParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.PutDocument
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		t, err := s.sender(r, m, till, epoch, body.Hub, string(body.Operation), string(wire.DocumentPut), body.HighWater)
		if err != nil {
			return nil, err
		}
		if seq < 1 {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "documents are numbered from 1")
		}
		made, err := s.deliver(r, t, body.HighWater, []wire.NumberedDocument{{Seq: seq, Document: body.Document}})
		if err != nil {
			return nil, err
		}
		if one := made[0]; one.Result == wire.DeliveryResultFork {
			p := refuse(http.StatusConflict, wire.ProblemCodeFork, "nothing was kept; was this till copied or restored? It must then begin a new epoch")
			p.more = func(b *wire.Problem) { b.Have = &one.Sha256 }
			return nil, p
		}
		return made[0], nil
	})
}

// PutDocuments takes up to 50 documents in one transaction.
func (s *Server) PutDocuments(w http.ResponseWriter, r *http.Request, till wire.Till, epoch wire.Epoch, _ wire.PutDocumentsParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.PutDocuments
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		t, err := s.sender(r, m, till, epoch, body.Hub, string(body.Operation), string(wire.DocumentBatch), body.HighWater)
		if err != nil {
			return nil, err
		}
		if len(body.Documents) == 0 || len(body.Documents) > wire.BatchMost {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "from 1 to %d documents", wire.BatchMost)
		}
		seen := map[int64]bool{}
		for _, d := range body.Documents {
			if d.Seq < 1 || seen[d.Seq] {
				return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "documents are numbered from 1, and each is sent once in a request")
			}
			seen[d.Seq] = true
		}
		made, err := s.deliver(r, t, body.HighWater, body.Documents)
		if err != nil {
			return nil, err
		}
		return wire.Deliveries{Documents: made}, nil
	})
}

// deliver reads documents, keeps them, and signs a receipt for each that is
// here.
func (s *Server) deliver(r *http.Request, t store.Till, highWater int64, in []wire.NumberedDocument) ([]wire.Delivery, error) {
	docs := make([]store.Document, len(in))
	for i, d := range in {
		docs[i] = examine(t, d)
	}
	puts, err := s.store.PutDocuments(r.Context(), t, highWater, docs)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Delivery, len(puts))
	for i, p := range puts {
		d := wire.Delivery{Seq: docs[i].Seq, Sha256: docs[i].SHA256}
		switch {
		case p.Outcome == store.Fork:
			d.Result, d.Sha256 = wire.DeliveryResultFork, p.Have
			s.counts.forked.Add(1)
			s.log.WarnContext(r.Context(), "fork", "till", t.ID, "epoch", t.Epoch, "seq", d.Seq)
		case p.Quarantined != "":
			d.Result = wire.DeliveryResultQuarantined
			reasons := strings.Split(p.Quarantined, "\n")
			d.Reasons = &reasons
			if p.Outcome == store.Stored {
				s.counts.quarantined.Add(1)
			}
		case p.Outcome == store.Duplicate:
			d.Result = wire.DeliveryResultDuplicate
			s.counts.duplicate.Add(1)
		default:
			d.Result = wire.DeliveryResultStored
			s.counts.stored.Add(1)
		}
		if d.Result != wire.DeliveryResultFork {
			d.Receipt = &wire.Receipt{ReceivedAt: p.Received, Signature: wire.SignWords(s.key, wire.ReceiptWords(s.id, t.ID, t.Epoch, d.Seq, d.Sha256, p.Received)...)}
		}
		out[i] = d
	}
	return out, nil
}

// examine reads a document of a till. One that cannot be read or believed is
// kept too: what a till signed away must not be lost because a hub did not
// understand it.
func examine(t store.Till, in wire.NumberedDocument) store.Document {
	d := store.Document{Seq: in.Seq, SHA256: wire.DigestOf([]byte(in.Document)), Body: []byte(in.Document)}
	doc, reasons, err := day.Read(d.Body)
	if err != nil {
		d.Quarantined = err.Error()
		d.Day = wire.DayDocument{Kind: "unreadable"}
		return d
	}
	switch doc.Kind {
	case wire.DayDocumentKindShift, wire.DayDocumentKindDay, wire.DayDocumentKindAddendum, wire.DayDocumentKindLive:
	default:
		doc.Kind = "unreadable" // the word that it has may be one that no text holds
	}
	if doc.Till != t.ID || doc.Epoch != t.Epoch || doc.Seq != in.Seq {
		reasons = append(reasons, "it says that it is another document")
	}
	if doc.Currency != t.Currency || doc.Exponent != t.Exponent {
		reasons = append(reasons, fmt.Sprintf("it counts in %.10q with %d decimals, its shop in %s with %d", doc.Currency, doc.Exponent, t.Currency, t.Exponent))
	}
	if doc.Kind == wire.DayDocumentKindLive {
		reasons = append(reasons, "a live picture has no number")
	}
	d.Day, d.Quarantined = doc, strings.Join(reasons, "\n")
	return d
}

// TillState says what is here and what the till is asked to do.
func (s *Server) TillState(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.TillStateParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.AskState
		m, err := s.read(r, &body)
		if err == nil {
			err = notBelow(body.HighWater)
		}
		if err != nil {
			return nil, err
		}
		t, err := s.till(r.Context(), m, till, body.Epoch, body.Hub, string(body.Operation), string(wire.TillState))
		if err != nil {
			return nil, err
		}
		return s.state(r.Context(), t, body.HighWater)
	})
}

func (s *Server) state(ctx context.Context, t store.Till, highWater int64) (wire.State, error) {
	out := wire.State{Missing: []wire.Range{}, ServerTime: s.now().UTC(), SchemaMin: wire.SchemaMin, SchemaMax: wire.SchemaMax, Commands: []wire.Command{}}
	held, err := s.store.Held(ctx, t, highWater)
	if err != nil {
		return out, err
	}
	open, err := s.store.Commands(ctx, t.Tenant, t.ID, true)
	if err != nil {
		return out, err
	}
	if out.CatalogVersion, err = s.store.CatalogNumber(ctx, t.Tenant, t.Shop); err != nil {
		return out, err
	}
	out.HaveThrough = held.Through
	if held.LastHash != "" {
		out.LastHash = &held.LastHash
	}
	for _, g := range held.Missing {
		out.Missing = append(out.Missing, wire.Range{From: g[0], To: g[1]})
	}
	for _, c := range open {
		one := wire.Command{Id: c.ID, Kind: wire.CommandKind(c.Kind), By: c.By, At: c.At, Signature: &c.Signature}
		if c.Kind == string(wire.CommandKindResend) {
			one.From, one.To = &c.From, &c.To
		}
		out.Commands = append(out.Commands, one)
	}
	return out, nil
}

// PutLive takes a till's picture of its open day, and what it did of what it
// was asked to.
func (s *Server) PutLive(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.PutLiveParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.PutLive
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		t, err := s.sender(r, m, till, body.Epoch, body.Hub, string(body.Operation), string(wire.LivePut), body.HighWater)
		if err != nil {
			return nil, err
		}
		var done []wire.Done
		if body.Done != nil {
			done = *body.Done
		}
		for _, d := range done {
			if !uuidText(d.Id) || d.Result != wire.DoneResultDone && d.Result != wire.DoneResultRefused {
				return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "done says the id of a command, and done or refused")
			}
		}
		if body.Live != nil {
			if err := s.picture(r, t, []byte(*body.Live)); err != nil {
				return nil, err
			}
		}
		for _, d := range done {
			note := ""
			if d.Note != nil {
				note = clip(*d.Note, 200)
			}
			if err := s.store.Answer(r.Context(), t, d.Id, string(d.Result), note, d.At); err != nil {
				return nil, err
			}
		}
		s.counts.live.Add(1)
		return s.state(r.Context(), t, body.HighWater)
	})
}

func (s *Server) picture(r *http.Request, t store.Till, body []byte) error {
	doc, reasons, err := day.Read(body)
	switch {
	case err != nil:
		return refuse(http.StatusUnprocessableEntity, wire.ProblemCodeBadRequest, "%v", err)
	case doc.Kind != wire.DayDocumentKindLive || doc.Till != t.ID || doc.Epoch != t.Epoch:
		return refuse(http.StatusUnprocessableEntity, wire.ProblemCodeBadRequest, "not a live picture of this till")
	case len(reasons) > 0:
		return refuse(http.StatusUnprocessableEntity, wire.ProblemCodeBadRequest, "%s", strings.Join(reasons, "; "))
	}
	return s.store.PutLive(r.Context(), t, doc.BusinessDate.Format(time.DateOnly), body)
}

// RotateKey replaces the key of a till's epoch, signed with the old one and
// proved with the new one.
func (s *Server) RotateKey(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.RotateKeyParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.RotateKey
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		key, err := wire.ParseKey(body.PublicKey)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%v", err)
		}
		t, err := s.till(r.Context(), m, till, body.Epoch, body.Hub, string(body.Operation), string(wire.KeyRotate))
		if err != nil {
			return nil, err
		}
		if wire.VerifyWords(key, body.Proof, wire.KeyWords(s.id, t.ID, t.Epoch, body.PublicKey)...) != nil {
			return nil, refuse(http.StatusUnauthorized, wire.ProblemCodeBadSignature, "the new key does not prove itself; the old one stays")
		}
		if err := s.store.RotateKey(r.Context(), t, body.PublicKey); err != nil {
			return nil, err
		}
		return keyState(t, key), nil
	})
}

// AnnounceEpoch takes the word of a restored till that it numbers anew. Anybody
// who knows the till's id may say so: nothing is taken until the owner has
// compared the fingerprint and approved.
func (s *Server) AnnounceEpoch(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.AnnounceEpochParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.AnnounceEpoch
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		if _, err := s.check(m, body.Hub, string(body.Operation), string(wire.EpochAnnounce), body.PublicKey); err != nil {
			return nil, err
		}
		if !s.limits.guess(r) {
			return nil, slow()
		}
		if body.Epoch <= body.PreviousEpoch {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "an epoch follows the one before")
		}
		t, err := s.store.AnnounceEpoch(r.Context(), till, body.Epoch, body.PublicKey, clip(body.Reason, 200))
		if errors.Is(err, store.ErrNone) {
			return nil, refuse(http.StatusForbidden, wire.ProblemCodeUnknownTill, "enrol it with a code of the owner's")
		}
		if err != nil {
			return nil, err
		}
		if t.PublicKey != body.PublicKey {
			return nil, refuse(http.StatusConflict, wire.ProblemCodeFork, "the epoch is announced with another key; begin the next one")
		}
		key, err := wire.ParseKey(t.PublicKey)
		if err != nil {
			return nil, err
		}
		return keyState(t, key), nil
	})
}

func keyState(t store.Till, key ed25519.PublicKey) wire.KeyState {
	return wire.KeyState{Epoch: t.Epoch, Fingerprint: wire.Fingerprint(key), Approved: t.State == store.EpochApproved}
}

var currencyCode = regexp.MustCompile("^[A-Z]{3}$")

// ClaimEnrolment enrols a till with a single-use code.
func (s *Server) ClaimEnrolment(w http.ResponseWriter, r *http.Request, _ wire.ClaimEnrolmentParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.Claim
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		if !s.limits.guess(r) {
			return nil, slow()
		}
		if _, err := s.check(m, body.Hub, string(body.Operation), string(wire.EnrolmentClaim), body.PublicKey); err != nil {
			return nil, err
		}
		if !uuidText(body.Till) || body.Epoch < 1 || strings.TrimSpace(body.Name) == "" {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "a till has an id, an epoch and a name")
		}
		if !currencyCode.MatchString(body.Currency) || body.Exponent < 0 || body.Exponent > 4 || body.DayStart < 0 || body.DayStart > 1439 {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "a currency has three letters and 0 to 4 decimals, and a day starts at a minute from 0 to 1439")
		}
		app := ""
		if body.App != nil {
			app = clip(*body.App, 64)
		}
		shop, err := s.store.Claim(r.Context(), store.Claiming{
			Code: Code(body.Code), Till: body.Till, PublicKey: body.PublicKey, Name: clip(body.Name, 100), Currency: body.Currency, Exponent: body.Exponent,
			Timezone: clip(body.Timezone, 64), DayStart: body.DayStart, App: app, Epoch: body.Epoch,
		})
		switch {
		case errors.Is(err, store.ErrSpent):
			return nil, refuse(http.StatusForbidden, wire.ProblemCodeCodeSpent, "ask the owner for a new one; it is good for 15 minutes and one till")
		case errors.Is(err, store.ErrCurrency):
			return nil, refuse(http.StatusConflict, wire.ProblemCodeUnsupported, "the till counts in %s with %d decimals, the shop in another currency; the code is still good", body.Currency, body.Exponent)
		case err != nil:
			return nil, err
		}
		key, err := wire.ParseKey(body.PublicKey)
		if err != nil {
			return nil, err
		}
		return wire.Enrolled{Till: body.Till, Tenant: shop.Tenant, Shop: shop.ID, ShopName: shop.Name, Epoch: body.Epoch, Fingerprint: wire.Fingerprint(key), Approved: true}, nil
	})
}

// PullCatalog gives a till the version of the shop's catalogue that follows what
// it has: the newest in effect, then those to come, one after the other.
func (s *Server) PullCatalog(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.PullCatalogParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.PullCatalog
		m, err := s.read(r, &body)
		if err == nil {
			err = notBelow(body.Have)
		}
		if err != nil {
			return nil, err
		}
		t, err := s.till(r.Context(), m, till, body.Epoch, body.Hub, string(body.Operation), string(wire.CatalogPull))
		if err != nil {
			return nil, err
		}
		v, err := s.store.NextCatalog(r.Context(), t.Tenant, t.Shop, body.Have, s.now())
		if err != nil {
			return nil, err
		}
		if v.Version <= body.Have {
			return wire.CatalogAnswer{Version: body.Have}, nil
		}
		text := string(v.Body)
		return wire.CatalogAnswer{Version: v.Version, EffectiveAt: &v.Effective, Document: &text, Signature: &v.Signature}, nil
	})
}

// ProposeItems keeps items that were added at a till for the next version.
func (s *Server) ProposeItems(w http.ResponseWriter, r *http.Request, till wire.Till, _ wire.ProposeItemsParams) {
	s.serve(w, r, func() (any, error) {
		var body wire.ProposeItems
		m, err := s.read(r, &body)
		if err != nil {
			return nil, err
		}
		t, err := s.sender(r, m, till, body.Epoch, body.Hub, string(body.Operation), string(wire.ItemsPropose), 0)
		if err != nil {
			return nil, err
		}
		if len(body.Items) == 0 || len(body.Items) > 200 {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "from 1 to 200 items")
		}
		out := wire.Proposed{Ids: []string{}}
		var items []store.Proposal
		for _, i := range body.Items {
			if !uuidText(i.Id) || i.Price < 0 || strings.TrimSpace(i.Name) == "" {
				return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "an item has an id, a name, and a price that is not below zero")
			}
			items = append(items, store.Proposal{Item: i.Id, Body: marshal(i)})
			out.Ids = append(out.Ids, i.Id)
		}
		return out, s.store.Propose(r.Context(), t, items)
	})
}

// Command makes a signed command for a till, as the owner's pages and the
// command line give it.
func (s *Server) Command(c store.Command) store.Command {
	c.Signature = wire.SignWords(s.key, wire.CommandWords(s.id, c.Till, c.ID, c.Kind, c.From, c.To, c.By, c.At)...)
	return c
}

// Key is the hub's public key.
func (s *Server) Key() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

// notBelow refuses a number of a document or version that is below zero.
func notBelow(n int64) error {
	if n < 0 {
		return refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "numbers are counted from 0")
	}
	return nil
}

func slow() *problem {
	p := refuse(http.StatusTooManyRequests, wire.ProblemCodeBusy, "too many tries; nothing was done")
	p.after = 30 * time.Second
	return p
}
