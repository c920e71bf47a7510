package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"guitai/hub/server"
	"guitai/hub/store"
)

type tillCmd struct {
	Enrol enrolCmd `cmd:"" help:"${h_enrol}"`
}

type enrolCmd struct {
	Shop  string `required:"" placeholder:"NAME" help:"${h_shop}"`
	Owner string `placeholder:"NAME" help:"${h_owner}"`
	reach
}

func (c enrolCmd) Run(e *env) error {
	h, tenant, err := e.openFor(c.Owner)
	if err != nil {
		return err
	}
	defer h.store.Close()
	sh, err := h.store.Shop(e.ctx, tenant.ID, c.Shop)
	if errors.Is(err, store.ErrNone) {
		// Its first till says what it counts in.
		sh = store.Shop{Tenant: tenant.ID, ID: uuid.NewString(), Name: c.Shop}
		err = h.store.AddShop(e.ctx, sh)
	}
	if err != nil {
		return err
	}
	code := server.NewCode()
	if err := h.store.OfferEnrolment(e.ctx, sh, code, "guitai-hub", time.Now().Add(15*time.Minute)); err != nil {
		return err
	}
	where, err := c.link(h.id, h.key)
	if err != nil {
		return err
	}
	e.say(sayCode, code, where, code)
	return nil
}

// openFor opens the hub for the owner that is meant; the caller closes the store.
func (e *env) openFor(owner string) (*hub, store.Tenant, error) {
	h, err := e.open()
	if err != nil {
		return nil, store.Tenant{}, err
	}
	t, err := h.tenant(e, owner)
	if err != nil {
		h.store.Close()
		return nil, t, err
	}
	return h, t, nil
}

// tenant picks the owner that is meant; the first one is made where there is
// none.
func (h *hub) tenant(e *env, name string) (store.Tenant, error) {
	all, err := h.store.Tenants(e.ctx)
	if err != nil {
		return store.Tenant{}, err
	}
	for _, t := range all {
		if name != "" && (t.Name == name || t.ID == name) {
			return t, nil
		}
	}
	switch {
	case len(all) == 0 && name == "":
		t := store.Tenant{ID: uuid.NewString(), Name: "guitai"}
		return t, h.store.AddTenant(e.ctx, t)
	case len(all) == 1 && name == "":
		return all[0], nil
	case name == "":
		return store.Tenant{}, errors.New("there are several owners; say which with --owner")
	}
	return store.Tenant{}, store.ErrNone
}

type reportCmd struct {
	Shop   string `required:"" placeholder:"NAME" help:"${h_shop_read}"`
	From   string `required:"" placeholder:"DATE" help:"${h_from}"`
	To     string `placeholder:"DATE" help:"${h_to}"`
	Format string `enum:"json,csv" default:"json" help:"${h_format}"`
	Owner  string `placeholder:"NAME" help:"${h_owner}"`
}

func (c reportCmd) Run(e *env) error {
	h, t, err := e.openFor(c.Owner)
	if err != nil {
		return err
	}
	defer h.store.Close()
	if c.To == "" {
		c.To = c.From
	}
	body, err := server.Report(e.ctx, h.store, t.ID, c.Shop, c.From, c.To, c.Format == "csv")
	if err != nil {
		return err
	}
	_, err = e.out.Write(body)
	return err
}

type tokenCmd struct {
	Name  string `arg:"" help:"${h_token_name}"`
	Owner string `placeholder:"NAME" help:"${h_owner}"`
}

func (c tokenCmd) Run(e *env) error {
	h, t, err := e.openFor(c.Owner)
	if err != nil {
		return err
	}
	defer h.store.Close()
	raw := make([]byte, 24)
	rand.Read(raw)
	token := "gth_" + strings.TrimRight(base64.URLEncoding.EncodeToString(raw), "=")
	if err := h.store.AddReader(e.ctx, t.ID, token, c.Name, "guitai-hub"); err != nil {
		return err
	}
	e.say(sayToken, token)
	return nil
}
