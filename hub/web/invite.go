package web

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"guitai/hub/store"
)

// An Invitation is what a person needs to sign in the first time. It is shown
// once and not kept.
type Invitation struct {
	Path          string // of the page where the password is set, with its single-use token
	Secret        string // of TOTP
	Authenticator string // the secret as authenticators read it
	Expires       time.Time
}

// inviteGood is how long the link is good for.
const inviteGood = 24 * time.Hour

// ErrAddress refuses what is no mail address.
var ErrAddress = errors.New("that is no mail address")

// Invite adds a person to a tenant; store.ErrTaken where the address has an
// account already.
func Invite(ctx context.Context, st *store.Store, s *Secrets, o store.Owner, by string) (Invitation, error) {
	o.Email, o.ID = store.Email(o.Email), uuid.NewString()
	if local, host, ok := strings.Cut(o.Email, "@"); !ok || local == "" || host == "" || len(o.Email) > 200 || strings.ContainsAny(o.Email, " \t\r\n<>") {
		return Invitation{}, ErrAddress
	}
	return invite(s, o, func(o store.Owner, link string) error { return st.AddOwner(ctx, o, link, by) })
}

// Reset gives a person who has lost the password or the authenticator a new
// invitation; what there was counts no more.
func Reset(ctx context.Context, st *store.Store, s *Secrets, email, by string) (Invitation, error) {
	o, err := st.OwnerByEmail(ctx, store.Email(email))
	if err != nil {
		return Invitation{}, err
	}
	return invite(s, o, func(o store.Owner, link string) error { return st.ResetOwner(ctx, o, link, by) })
}

func invite(s *Secrets, o store.Owner, keep func(store.Owner, string) error) (Invitation, error) {
	link := token()
	i := Invitation{Path: "/setup?link=" + link, Secret: newSecret(), Expires: time.Now().Add(inviteGood)}
	var err error
	if i.Authenticator, err = authenticatorLink(o.Email, i.Secret); err != nil {
		return i, err
	}
	if o.Sealed, err = s.seal(i.Secret, o.ID); err != nil {
		return i, err
	}
	o.Expires = i.Expires
	return i, keep(o, link)
}
