package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"guitai/hub/catalog"
	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/till/money"
)

type catalogCmd struct {
	Import    catalogImportCmd    `cmd:"" help:"${h_catalog_import}"`
	Export    catalogExportCmd    `cmd:"" help:"${h_catalog_export}"`
	Taxes     catalogTaxesCmd     `cmd:"" help:"${h_catalog_taxes}"`
	Staff     catalogStaffCmd     `cmd:"" help:"${h_catalog_staff}"`
	Proposals catalogProposalsCmd `cmd:"" help:"${h_catalog_proposals}"`
	Publish   catalogPublishCmd   `cmd:"" help:"${h_catalog_publish}"`
}

// whose says which shop's catalogue is meant.
type whose struct {
	Shop  string `required:"" placeholder:"NAME" help:"${h_shop_read}"`
	Owner string `placeholder:"NAME" help:"${h_owner}"`
}

// desk opens the hub for a shop's catalogue; the caller closes the store.
func (w whose) desk(e *env) (catalog.Desk, store.Shop, error) {
	h, t, err := e.openFor(w.Owner)
	if err != nil {
		return catalog.Desk{}, store.Shop{}, err
	}
	sh, err := h.store.Shop(e.ctx, t.ID, w.Shop)
	if err != nil {
		h.store.Close()
	}
	return catalog.Desk{Store: h.store, Hub: h.id, Key: h.key}, sh, err
}

// change works on the draft of a shop.
func (w whose) change(e *env, f func(store.Shop, *wire.CatalogDocument) error) error {
	d, sh, err := w.desk(e)
	if err != nil {
		return err
	}
	defer d.Store.Close()
	doc, err := d.Draft(e.ctx, sh)
	if err == nil {
		err = f(sh, &doc)
	}
	if err != nil {
		return err
	}
	return d.Keep(e.ctx, sh, doc)
}

// currency is what a shop counts in, which its first till has said.
func currency(sh store.Shop) (money.Currency, error) {
	if sh.Currency == "" {
		return money.Currency{}, fmt.Errorf("%s has no till yet, so nobody knows its currency; enrol one first", sh.Name)
	}
	return money.Currency{Code: sh.Currency, Exponent: sh.Exponent}, nil
}

type catalogImportCmd struct {
	whose
	File  string `arg:"" placeholder:"FILE.csv" help:"${h_catalog_file}"`
	Whole bool   `help:"${h_catalog_whole}"`
}

func (c catalogImportCmd) Run(e *env) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.change(e, func(sh store.Shop, doc *wire.CatalogDocument) error {
		cur, err := currency(sh)
		if err != nil {
			return err
		}
		added, changed, err := catalog.ReadItems(f, cur, doc, c.Whole)
		if err == nil {
			e.say(sayDraft, added, changed)
		}
		return err
	})
}

type catalogExportCmd struct{ whose }

func (c catalogExportCmd) Run(e *env) error {
	d, sh, err := c.desk(e)
	if err != nil {
		return err
	}
	defer d.Store.Close()
	cur, err := currency(sh)
	if err != nil {
		return err
	}
	doc, err := d.Draft(e.ctx, sh)
	if err != nil {
		return err
	}
	return catalog.WriteItems(e.out, cur, doc)
}

type catalogTaxesCmd struct {
	whose
	Classes string `arg:"" placeholder:"CLASSES" help:"${h_catalog_classes}"`
}

func (c catalogTaxesCmd) Run(e *env) error {
	return c.change(e, func(_ store.Shop, doc *wire.CatalogDocument) (err error) {
		doc.Taxes, err = catalog.Taxes(c.Classes)
		return err
	})
}

type catalogStaffCmd struct {
	Set catalogStaffSetCmd `cmd:"" help:"${h_catalog_staff_set}"`
}

type catalogStaffSetCmd struct {
	whose
	Code string `arg:"" placeholder:"CODE" help:"${h_catalog_code}"`
	Name string `help:"${h_catalog_name}"`
	Role string `enum:"cashier,manager,owner,installer" default:"cashier" help:"${h_catalog_role}"`
	Left bool   `help:"${h_catalog_left}"`
}

func (c catalogStaffSetCmd) Run(e *env) error {
	return c.change(e, func(_ store.Shop, doc *wire.CatalogDocument) error {
		p := wire.CatalogPerson{Code: c.Code, Name: c.Name, Role: wire.CatalogPersonRole(c.Role)}
		if c.Left {
			p.Left = &c.Left
		}
		for i, was := range doc.Staff {
			if was.Code != c.Code {
				continue
			}
			if p.Name == "" {
				p.Name, p.Role = was.Name, was.Role
			}
			doc.Staff[i] = p
			return nil
		}
		if p.Name == "" {
			return fmt.Errorf("%s is new; give a name", c.Code)
		}
		doc.Staff = append(doc.Staff, p)
		return nil
	})
}

type catalogProposalsCmd struct{ whose }

func (c catalogProposalsCmd) Run(e *env) error {
	d, sh, err := c.desk(e)
	if err != nil {
		return err
	}
	defer d.Store.Close()
	all, err := d.Store.Proposals(e.ctx, sh.Tenant, sh.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		fmt.Fprintf(e.out, "%s\t%s\t%s\n", p.Created.UTC().Format(time.RFC3339), p.Till, p.Body)
	}
	return nil
}

type catalogPublishCmd struct {
	whose
	Effective string `placeholder:"TIME" help:"${h_catalog_effective}"`
	By        string `default:"guitai-hub" placeholder:"NAME" help:"${h_catalog_by}"`
}

func (c catalogPublishCmd) Run(e *env) error {
	d, sh, err := c.desk(e)
	if err != nil {
		return err
	}
	defer d.Store.Close()
	at := time.Now()
	if c.Effective != "" {
		zone, err := time.LoadLocation(sh.Timezone)
		if err != nil {
			return err
		}
		if at, err = time.Parse(time.RFC3339, c.Effective); err != nil {
			if at, err = time.ParseInLocation("2006-01-02T15:04", strings.Replace(c.Effective, " ", "T", 1), zone); err != nil {
				return fmt.Errorf("%q is no time; write 2026-06-18T04:00, in the shop's time, or RFC 3339", c.Effective)
			}
		}
	}
	doc, err := d.Draft(e.ctx, sh)
	if err != nil {
		return err
	}
	n, err := d.Publish(e.ctx, sh, doc, at, c.By)
	if err == nil {
		e.say(sayPublished, n, at.Format(time.RFC3339))
	}
	return err
}
