// Package accounts are the places that a till tells of its closed shifts and days,
// all on one outbox and beside each other: a hub, the shop's own server, a folder
// that another program reads.
package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"guitai/cmd/internal/hubaccount"
	"guitai/ledger"
	"guitai/ledger/outbox"
)

// Kinds of accounts, as the ledger keeps them.
const (
	KindHub     = "hub"
	KindWebhook = "webhook"
	KindFolder  = "folder"
)

// settings are what the ledger keeps of an account that is no hub.
type settings struct {
	URL    string `json:"url,omitempty"`
	Dir    string `json:"dir,omitempty"`
	Format string `json:"format,omitempty"`
}

// Errors of setting up.
var (
	ErrName    = errors.New("a name is 1 to 40 letters a-z, digits and dashes, and begins with a letter")
	ErrTaken   = errors.New("there is another kind of account under this name")
	ErrNone    = errors.New("there is no account of this name")
	ErrAddress = errors.New("the address must begin with https://, and hold no name or password")
	ErrFolder  = errors.New("the folder is not there, or cannot be written to")
	ErrFormat  = errors.New("there is no such format")
	ErrGone    = errors.New("the server said that it takes no more (410); the account is stopped until it is added again")
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// add keeps an account, and lets it begin with all that there is.
func add(ctx context.Context, book *ledger.Ledger, name, kind string, s settings) error {
	if _, err := book.Identify(ctx); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return book.SetAccount(ctx, ledger.Account{Name: name, Kind: kind, Settings: string(text), Since: time.Now(), Active: true})
}

// free refuses a name that cannot be, and that of an account of another kind.
func free(ctx context.Context, book *ledger.Ledger, name, kind string) error {
	if !nameForm.MatchString(name) || name == hubaccount.Hub {
		return ErrName
	}
	all, err := book.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Name == name && a.Kind != kind {
			return ErrTaken
		}
	}
	return nil
}

// Remove forgets an account and its key. What it has, it keeps.
func Remove(ctx context.Context, book *ledger.Ledger, dir, name string) error {
	all, err := book.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Name != name {
			continue
		}
		if err := book.RemoveAccount(ctx, name); err != nil {
			return err
		}
		key := keyFile(name)
		if a.Kind == KindHub {
			key = hubaccount.KeyFile
		}
		if err := os.Remove(filepath.Join(dir, key)); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	return ErrNone
}

// Open makes the sender of an account.
func Open(ctx context.Context, book *ledger.Ledger, dir string, a ledger.Account) (outbox.Sender, error) {
	if a.Kind == KindHub {
		return hubaccount.Open(ctx, book, dir)
	}
	var s settings
	if err := json.Unmarshal([]byte(a.Settings), &s); err != nil {
		return nil, fmt.Errorf("settings of the account %s: %w", a.Name, err)
	}
	id, err := book.Identity(ctx)
	if err != nil {
		return nil, err
	}
	if a.Kind == KindFolder {
		return &folder{book: book, till: id.Till, dir: s.Dir, format: s.Format}, nil
	}
	key, err := hubaccount.ReadKey(dir, keyFile(a.Name))
	if err != nil {
		return nil, err
	}
	return newWebhook(book, a, s.URL, id.Till, key), nil
}

// A Standing is how an account stands, by what the ledger holds.
type Standing struct {
	Name, Kind string
	Where      string // shop at a hub, host of a server, folder
	Format     string // of a folder
	Active     bool
	Unsent     int
	Since      time.Time // of the oldest unsent
	Last       time.Time // of the last receipt; zero without one
	Receipt    string
	Rejected   int // documents that it put aside or would not have
}

// Standings lists how all accounts stand, by name.
func Standings(ctx context.Context, book *ledger.Ledger) ([]Standing, error) {
	all, err := book.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, a := range all {
		st := Standing{Name: a.Name, Kind: a.Kind, Active: a.Active}
		if a.Kind == KindHub {
			shop, base, err := hubaccount.Name(ctx, book)
			if err != nil && !errors.Is(err, hubaccount.ErrNone) {
				return nil, err
			}
			st.Where = shop + " · " + host(base)
		} else {
			var s settings
			if err := json.Unmarshal([]byte(a.Settings), &s); err != nil {
				return nil, fmt.Errorf("settings of the account %s: %w", a.Name, err)
			}
			if st.Where, st.Format = s.Dir, s.Format; a.Kind == KindWebhook {
				st.Where = host(s.URL)
			}
		}
		if st.Unsent, st.Since, err = book.Backlog(ctx, a.Name); err != nil {
			return nil, err
		}
		if st.Last, st.Receipt, err = book.LastDelivery(ctx, a.Name); err != nil {
			return nil, err
		}
		if st.Rejected, err = book.Rejected(ctx, a.Name); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// Send sends all that is unsent to every account at once, and answers with what
// went wrong at which.
func Send(ctx context.Context, book *ledger.Ledger, dir string, o outbox.Options) (map[string]error, error) {
	all, err := book.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]error{}
	for _, a := range all {
		if !a.Active {
			continue
		}
		s, err := Open(ctx, book, dir, a)
		if err == nil {
			o.Book, o.Account, o.Sender = book, a.Name, s
			err = outbox.New(o).Send(ctx)
		}
		if err != nil {
			out[a.Name] = err
		}
	}
	return out, ctx.Err()
}
