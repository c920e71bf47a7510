// Package hubaccount connects a till's ledger with its provider account: it enrols
// the till, keeps its key, and brings documents from the outbox to the hub.
package hubaccount

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"guitai/hub/client"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
)

// Hub is the name of the account at a hub; a till has one.
const Hub = "hub"

// KeyFile holds the till's key at its provider account, in the data folder. It
// is no part of the ledger nor of its backups: a copy of the till must not be
// able to speak for it.
const KeyFile = "account.key"

// Timeout is how long a request to a hub may take.
const Timeout = 20 * time.Second

// ErrNone says that no account is set.
var ErrNone = errors.New("this till has no provider account")

// settings are what the ledger keeps of a hub.
type settings struct {
	Base     string `json:"base"`
	Hub      string `json:"hub"`
	HubKey   string `json:"hub_key"`
	Cert     string `json:"cert,omitempty"`
	Shop     string `json:"shop"`
	ShopName string `json:"shop_name"`
	Epoch    int64  `json:"epoch"` // that the key was enrolled for
}

// An Enrolment is what came of enrolling.
type Enrolment struct {
	Shop, Fingerprint string
	Documents         int // that wait to be sent
}

// Enrol makes a key, claims the code with it and keeps the account. What closed
// before is put into the outbox, so that the account begins with all days.
func Enrol(ctx context.Context, book *ledger.Ledger, dir, link, code, app string) (Enrolment, error) {
	var out Enrolment
	place, err := client.ParseLink(link)
	if err != nil {
		return out, err
	}
	id, err := book.Identify(ctx)
	if err != nil {
		return out, err
	}
	st, err := book.Recover(ctx)
	if err != nil {
		return out, err
	}
	if st.Practice {
		return out, errors.New("a till for practising has no provider account")
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return out, err
	}
	c := client.New(place, Timeout)
	about, err := c.Describe(ctx)
	if err != nil {
		return out, err
	}
	if place.Hub != "" && place.Hub != about.Id {
		return out, client.ErrOtherHub
	}
	hubKey, err := wire.ParseKey(about.PublicKey)
	if err != nil {
		return out, err
	}
	c.Hub, c.HubKey, c.Till, c.Epoch, c.Key = about.Id, hubKey, id.Till, id.Epoch, key
	zone := "UTC"
	if st.Settings.Zone != nil {
		zone = st.Settings.Zone.String()
	}
	name := st.Settings.Till
	if name == "" {
		name = "1"
	}
	// The key is on the disk before the hub knows it: the other way round a power
	// cut between the two would leave a till that nobody can speak for.
	if err := WriteKey(dir, KeyFile, key); err != nil {
		return out, err
	}
	e, err := c.Claim(ctx, wire.Claim{Code: code, Name: name, Currency: st.Settings.Currency.Code, Exponent: st.Settings.Currency.Exponent, Timezone: zone,
		DayStart: int(st.Settings.DayStart), App: &app})
	if err != nil {
		return out, err
	}
	text, err := json.Marshal(settings{Base: place.Base, Hub: about.Id, HubKey: about.PublicKey, Cert: place.Cert, Shop: e.Shop, ShopName: e.ShopName, Epoch: id.Epoch})
	if err != nil {
		return out, err
	}
	if err := book.SetAccount(ctx, ledger.Account{Name: Hub, Kind: "hub", Settings: string(text), Since: time.Now(), Active: true}); err != nil {
		return out, err
	}
	out.Shop, out.Fingerprint = e.ShopName, e.Fingerprint
	out.Documents, _, err = book.Backlog(ctx, Hub)
	return out, err
}

// Fingerprint is that of the till's key at its hub, as the owner's page shows it.
func Fingerprint(dir string) (string, error) {
	key, err := ReadKey(dir, KeyFile)
	if err != nil {
		return "", err
	}
	return wire.Fingerprint(key.Public().(ed25519.PublicKey)), nil
}

// Name is the shop's name at the hub; ErrNone where no account is set.
func Name(ctx context.Context, book *ledger.Ledger) (shop, base string, err error) {
	_, s, err := find(ctx, book)
	return s.ShopName, s.Base, err
}

func find(ctx context.Context, book *ledger.Ledger) (ledger.Account, settings, error) {
	var s settings
	all, err := book.Accounts(ctx)
	if err != nil {
		return ledger.Account{}, s, err
	}
	for _, a := range all {
		if a.Name == Hub && a.Active {
			err := json.Unmarshal([]byte(a.Settings), &s)
			return a, s, err
		}
	}
	return ledger.Account{}, s, ErrNone
}

// Open makes the sender of the account that is set; ErrNone where none is.
func Open(ctx context.Context, book *ledger.Ledger, dir string) (*Sender, error) {
	_, s, err := find(ctx, book)
	if err != nil {
		return nil, err
	}
	key, err := ReadKey(dir, KeyFile)
	if err != nil {
		return nil, err
	}
	hubKey, err := wire.ParseKey(s.HubKey)
	if err != nil {
		return nil, err
	}
	id, err := book.Identity(ctx)
	if err != nil {
		return nil, err
	}
	c := client.New(client.Place{Base: s.Base, Hub: s.Hub, Cert: s.Cert}, Timeout)
	c.HubKey, c.Till, c.Epoch, c.Key = hubKey, id.Till, s.Epoch, key
	return &Sender{Client: c, shop: s.Shop, epoch: id.Epoch}, nil
}

// A Sender brings documents to a hub.
type Sender struct {
	*client.Client
	shop  string
	epoch int64 // of the ledger; another than the client's where it was restored since
	// offered is the newest version of the catalogue that the hub has said it has.
	offered atomic.Int64
}

var _ interface {
	outbox.Sender
	outbox.Watched
} = (*Sender)(nil)

// ErrRestored says that the ledger numbers anew since it was enrolled.
var ErrRestored = errors.New("this till was restored from a backup since it was enrolled; enrol it again with a new code")

// Deliver sends documents in one request.
func (s *Sender) Deliver(ctx context.Context, highWater int64, docs []ledger.Outgoing) ([]outbox.Answer, error) {
	out := make([]outbox.Answer, len(docs))
	if docs[0].Epoch < s.Client.Epoch {
		for i := range out {
			out[i] = outbox.Answer{State: ledger.Refused, Said: "numbered before the till was restored; the hub has closed that numbering"}
		}
		return out, nil
	}
	if s.epoch != s.Client.Epoch {
		return nil, ErrRestored
	}
	body := make([]wire.NumberedDocument, len(docs))
	for i, d := range docs {
		body[i] = wire.NumberedDocument{Seq: d.Seq, Document: string(d.Body)}
	}
	answers, err := s.Client.Deliver(ctx, highWater, body)
	if err != nil {
		return nil, later(err)
	}
	for i, a := range answers {
		switch a.Result {
		case wire.DeliveryResultFork:
			out[i] = outbox.Answer{State: ledger.Refused, Said: "another document is at the hub under this number: " + a.Sha256}
		case wire.DeliveryResultQuarantined:
			out[i] = outbox.Answer{State: ledger.Quarantined, Said: "put aside"}
			if a.Reasons != nil && len(*a.Reasons) > 0 {
				out[i].Said = (*a.Reasons)[0]
			}
		default:
			out[i] = outbox.Answer{State: ledger.Delivered, Said: a.Receipt.Signature}
		}
	}
	return out, nil
}

// Live shows the open shift to the hub, and tells it what was done.
func (s *Sender) Live(ctx context.Context, highWater int64, picture *till.DayDocument, done []outbox.Done) ([]outbox.Wish, error) {
	if s.epoch != s.Client.Epoch {
		return nil, ErrRestored
	}
	var body []byte
	if picture != nil {
		var err error
		if body, err = picture.Bytes(); err != nil {
			return nil, err
		}
	}
	said := make([]wire.Done, len(done))
	for i, d := range done {
		said[i] = wire.Done{Id: d.ID, Result: wire.DoneResultDone, At: d.At}
		if !d.OK {
			said[i].Result = wire.DoneResultRefused
		}
		if d.Note != "" {
			note := clip(d.Note)
			said[i].Note = &note
		}
	}
	st, err := s.Client.Live(ctx, highWater, body, said)
	if err != nil {
		return nil, later(err)
	}
	s.offered.Store(st.CatalogVersion)
	var out []outbox.Wish
	for _, c := range st.Commands {
		w := outbox.Wish{ID: c.Id, Kind: string(c.Kind), By: c.By, At: c.At}
		if c.From != nil && c.To != nil {
			w.From, w.To = *c.From, *c.To
		}
		out = append(out, w)
	}
	return out, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60])
	}
	return s
}

// waiting is an error with the time to come back that the hub gave.
type waiting struct {
	error
	after time.Duration
}

func (w waiting) RetryAfter() time.Duration { return w.after }
func (w waiting) Unwrap() error             { return w.error }

func later(err error) error {
	if r := (*client.Refusal)(nil); errors.As(err, &r) {
		after := r.RetryAfter
		if after == 0 && !r.Later() {
			after = time.Minute // revoked, not enrolled: only a person can change it
		}
		return waiting{err, after}
	}
	return fmt.Errorf("reach the hub: %w", err)
}
