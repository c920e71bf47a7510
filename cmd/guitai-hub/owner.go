package main

import (
	"errors"

	"github.com/skip2/go-qrcode"

	"guitai/hub/store"
	"guitai/hub/web"
)

type ownerCmd struct {
	Add    ownerAddCmd    `cmd:"" help:"${h_owner_add}"`
	Reset  ownerResetCmd  `cmd:"" help:"${h_owner_reset}"`
	Remove ownerRemoveCmd `cmd:"" help:"${h_owner_remove}"`
}

type ownerAddCmd struct {
	Email string `required:"" placeholder:"E-MAIL" help:"${h_email}"`
	Name  string `placeholder:"NAME" help:"${h_owner_name}"`
	Role  string `enum:"owner,bookkeeper,installer" default:"owner" help:"${h_role}"`
	Owner string `placeholder:"NAME" help:"${h_owner}"`
	reach
}

func (c ownerAddCmd) Run(e *env) error {
	h, t, err := e.openFor(c.Owner)
	if err != nil {
		return err
	}
	defer h.store.Close()
	secrets, err := web.NewSecrets(h.key)
	if err != nil {
		return err
	}
	i, err := web.Invite(e.ctx, h.store, secrets, store.Owner{Tenant: t.ID, Email: c.Email, Name: c.Name, Role: c.Role}, "guitai-hub")
	if errors.Is(err, store.ErrTaken) {
		return errors.New(errOwnerTaken.in(e.lang))
	}
	if err != nil {
		return err
	}
	return e.invited(c.address(), i)
}

// invited shows an invitation once: it is kept nowhere.
func (e *env) invited(address string, i web.Invitation) error {
	code, err := qrcode.New(i.Authenticator, qrcode.Low)
	if err != nil {
		return err
	}
	e.say(sayInvited, address+i.Path, i.Expires.Format("2006-01-02 15:04"), code.ToSmallString(false), i.Secret)
	return nil
}

type ownerResetCmd struct {
	Email string `required:"" placeholder:"E-MAIL" help:"${h_email}"`
	reach
}

func (c ownerResetCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.store.Close()
	secrets, err := web.NewSecrets(h.key)
	if err != nil {
		return err
	}
	i, err := web.Reset(e.ctx, h.store, secrets, c.Email, "guitai-hub")
	if errors.Is(err, store.ErrNone) {
		return errors.New(errOwnerNone.in(e.lang))
	}
	if err != nil {
		return err
	}
	return e.invited(c.address(), i)
}

type ownerRemoveCmd struct {
	Email string `required:"" placeholder:"E-MAIL" help:"${h_email}"`
}

func (c ownerRemoveCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.store.Close()
	o, err := h.store.OwnerByEmail(e.ctx, store.Email(c.Email))
	if errors.Is(err, store.ErrNone) {
		return errors.New(errOwnerNone.in(e.lang))
	}
	if err != nil {
		return err
	}
	if err := h.store.RemoveOwner(e.ctx, o, "guitai-hub"); err != nil {
		return err
	}
	e.say(sayRemoved, o.Email)
	return nil
}
