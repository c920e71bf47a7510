// Package catalog makes the versions of the catalogue that all tills of a shop
// sell by: it works on a draft, checks it, and publishes it signed with the
// hub's key.
package catalog

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/till"
	"guitai/till/money"
)

// Schema is the form of the documents.
const Schema = "shop.catalog.v1"

// A Desk is where the versions of a hub are made.
type Desk struct {
	Store *store.Store
	Hub   string
	Key   ed25519.PrivateKey
}

// A Fault is what keeps a draft from being published. Row is the line of the
// list it stands on, 0 where it is of no list.
type Fault struct {
	Row  int
	What string
}

func (f Fault) String() string {
	if f.Row > 0 {
		return fmt.Sprintf("row %d: %s", f.Row, f.What)
	}
	return f.What
}

// Faults is all that is wrong with a draft.
type Faults []Fault

// Error names the first twenty.
func (f Faults) Error() string {
	const most = 20
	var all []string
	for _, one := range f[:min(len(f), most)] {
		all = append(all, one.String())
	}
	if len(f) > most {
		all = append(all, fmt.Sprintf("and %d more", len(f)-most))
	}
	return strings.Join(all, "\n")
}

// ErrEarlier says that a version cannot hold before the one that it follows.
var ErrEarlier = errors.New("the version before this one takes effect later; give a time after that")

// Draft is what the next version will be: the kept draft, else the newest
// version, with the items that tills have proposed.
func (d Desk) Draft(ctx context.Context, sh store.Shop) (wire.CatalogDocument, error) {
	doc := wire.CatalogDocument{Items: []wire.CatalogItem{}, Taxes: []wire.CatalogTax{}, Staff: []wire.CatalogPerson{}, Settings: map[string]string{}}
	body, err := d.Store.CatalogDraft(ctx, sh.Tenant, sh.ID)
	if err != nil {
		return doc, err
	}
	if body == nil {
		v, err := d.Store.LatestCatalog(ctx, sh.Tenant, sh.ID)
		if err != nil {
			return doc, err
		}
		body = v.Body
	}
	if body != nil {
		if err := json.Unmarshal(body, &doc); err != nil {
			return doc, fmt.Errorf("the kept catalogue cannot be read: %w", err)
		}
	}
	doc.Schema, doc.Shop = Schema, sh.ID
	waiting, err := d.Store.Proposals(ctx, sh.Tenant, sh.ID)
	if err != nil {
		return doc, err
	}
	have := map[string]bool{}
	for _, it := range doc.Items {
		have[it.Id] = true
	}
	for _, p := range waiting {
		var it wire.CatalogItem
		if err := json.Unmarshal(p.Body, &it); err != nil {
			return doc, fmt.Errorf("the proposed item %s cannot be read: %w", p.Item, err)
		}
		if !have[it.Id] {
			doc.Items = append(doc.Items, it)
		}
	}
	return doc, nil
}

// Keep keeps a draft, right or not: it is checked when it is published.
func (d Desk) Keep(ctx context.Context, sh store.Shop, doc wire.CatalogDocument) error {
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return d.Store.KeepCatalogDraft(ctx, sh.Tenant, sh.ID, body)
}

// Publish makes a draft the next version, in effect from a time on, signed with
// the hub's key. What is wrong with it is Faults; another who published
// meanwhile is store.ErrOvertaken.
func (d Desk) Publish(ctx context.Context, sh store.Shop, doc wire.CatalogDocument, effective time.Time, by string) (int64, error) {
	last, err := d.Store.LatestCatalog(ctx, sh.Tenant, sh.ID)
	if err != nil {
		return 0, err
	}
	effective = effective.UTC().Truncate(time.Millisecond)
	if last.Version > 0 && effective.Before(last.Effective) {
		return 0, ErrEarlier
	}
	if faults := Validate(doc); len(faults) > 0 {
		return 0, faults
	}
	doc.Schema, doc.Shop, doc.Version, doc.EffectiveAt = Schema, sh.ID, last.Version+1, effective
	if doc.Settings == nil {
		doc.Settings = map[string]string{}
	}
	doc.Settings[PublishedBy] = by
	body, err := json.Marshal(doc)
	if err != nil {
		return 0, err
	}
	taken := []string{}
	waiting, err := d.Store.Proposals(ctx, sh.Tenant, sh.ID)
	if err != nil {
		return 0, err
	}
	have := map[string]bool{}
	for _, it := range doc.Items {
		have[it.Id] = true
	}
	for _, p := range waiting {
		if have[p.Item] {
			taken = append(taken, p.Item)
		}
	}
	v := store.CatalogVersion{Tenant: sh.Tenant, Shop: sh.ID, Version: doc.Version, Effective: effective, By: by, Body: body,
		Signature: wire.SignWords(d.Key, wire.CatalogWords(d.Hub, sh.ID, doc.Version, effective, wire.DigestOf(body))...)}
	if err := d.Store.AddCatalog(ctx, v, taken); err != nil {
		return 0, err
	}
	return doc.Version, d.Store.KeepCatalogDraft(ctx, sh.Tenant, sh.ID, nil)
}

// PublishedBy is the key under which a document says who published it.
const PublishedBy = "published_by"

// Validate finds what keeps a document from being sold by: codes that two items
// share, taxes that are not there, prices that cannot be, people without a role.
func Validate(doc wire.CatalogDocument) Faults {
	var out Faults
	bad := func(format string, args ...any) { out = append(out, Fault{What: fmt.Sprintf(format, args...)}) }
	taxes := map[string]bool{"": true}
	for _, t := range doc.Taxes {
		if t.Code == "" || t.Rate < 0 || t.Rate > 1_000_000 || taxes[t.Code] {
			bad("tax class %q: no code, a rate that cannot be, or there twice", t.Code)
		}
		taxes[t.Code] = true
	}
	ids, codes, barcodes := map[string]string{}, map[string]string{}, map[string]string{}
	for _, it := range doc.Items {
		if _, err := uuid.Parse(it.Id); err != nil || len(it.Id) != 36 {
			bad("item %q: its id %q is no UUID", it.Name, it.Id)
		}
		if other, ok := ids[it.Id]; ok {
			bad("item %q: has the id of %q", it.Name, other)
		}
		ids[it.Id] = it.Name
		if it.Removed != nil && *it.Removed {
			continue
		}
		switch {
		case strings.TrimSpace(it.Name) == "" || len(it.Name) > 200:
			bad("item %s: a name has 1 to 200 bytes", it.Id)
		case it.Price < 0 || it.Price > int64(money.UnitPriceMax):
			bad("item %q: its price is below zero or too large", it.Name)
		case len(it.Code) > 64 || len(it.Unit) > 16 || len(it.Category) > 100:
			bad("item %q: code, unit or category is too long", it.Name)
		case !taxes[it.Tax]:
			bad("item %q: the tax class %q is not there", it.Name, it.Tax)
		}
		if other, ok := codes[it.Code]; ok && it.Code != "" {
			bad("item %q: has the code %s of %q", it.Name, it.Code, other)
		}
		codes[it.Code] = it.Name
		for _, b := range it.Barcodes {
			if b == "" || len(b) > 64 || strings.Contains(b, "|") {
				bad("item %q: %q is no barcode", it.Name, b)
			}
			// A UPC-A is the GTIN-13 with a leading zero: a scan cannot tell them apart.
			key := b
			if len(b) == 12 && strings.Trim(b, "0123456789") == "" {
				key = "0" + b
			}
			if other, ok := barcodes[key]; ok {
				bad("item %q: has the barcode %s of %q", it.Name, b, other)
			}
			barcodes[key] = it.Name
		}
	}
	people := map[string]bool{}
	owners := 0
	for _, p := range doc.Staff {
		left := p.Left != nil && *p.Left
		if p.Code == "" || len(p.Code) > 16 || strings.TrimSpace(p.Name) == "" || len(p.Name) > 100 || !p.Role.Valid() || people[p.Code] {
			bad("person %q: no code of up to 16 bytes, no name, no role that there is, or there twice", p.Code)
		}
		people[p.Code] = true
		if p.Role == wire.Owner && !left {
			owners++
		}
	}
	if len(doc.Staff) > 0 && owners == 0 {
		bad("staff: an owner has to stay")
	}
	return out
}

// Taxes reads classes as a till's setting has them: standard=13%:inclusive.
func Taxes(text string) ([]wire.CatalogTax, error) {
	list, err := till.ParseTaxes(text)
	if err != nil {
		return nil, err
	}
	out := []wire.CatalogTax{}
	for _, t := range list {
		out = append(out, wire.CatalogTax{Code: t.Code, Rate: int64(t.Rate), Mode: wire.TaxMode(t.Mode.String())})
	}
	return out, nil
}
