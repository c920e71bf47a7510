package hubaccount

import (
	"context"
	"encoding/json"
	"fmt"

	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// proposeMost is how many items go up in one request.
const proposeMost = 100

// Follow sells by the shop's catalogue: it keeps the versions that the hub has
// and applies the one whose time has come, without the network too; then it
// sends up the items that were added here. applied is the version that is in
// effect since just now, 0 for none. A version that cannot be sold by is
// dropped, and the one before stays.
func (s *Sender) Follow(ctx context.Context, book *ledger.Ledger) (applied int64, err error) {
	failed := s.pull(ctx, book)
	version, body, err := book.DueShared(ctx)
	if err != nil {
		return 0, err
	}
	if version > 0 {
		shared, err := s.read(version, body)
		if err == nil {
			err = book.ApplyShared(ctx, shared)
		}
		if err != nil {
			return 0, fmt.Errorf("catalogue version %d cannot be applied, the one before stays: %w", version, err)
		}
	}
	if failed == nil {
		failed = s.propose(ctx, book)
	}
	return version, failed
}

// pull keeps what the hub has and the till has not.
func (s *Sender) pull(ctx context.Context, book *ledger.Ledger) error {
	for {
		kept, _, err := book.SharedVersions(ctx)
		if err != nil || kept >= s.offered.Load() {
			return err
		}
		doc, version, effective, ok, err := s.Client.Catalog(ctx, s.shop, kept)
		if err != nil {
			return later(err)
		}
		if !ok {
			return nil
		}
		if _, err := s.read(version, doc); err != nil {
			return fmt.Errorf("catalogue version %d is refused, the one before stays: %w", version, err)
		}
		if err := book.KeepShared(ctx, version, effective, doc); err != nil {
			return err
		}
	}
}

// read takes a document, whose signature was checked when it came.
func (s *Sender) read(version int64, body []byte) (ledger.SharedCatalog, error) {
	var doc wire.CatalogDocument
	out := ledger.SharedCatalog{Version: version}
	if err := json.Unmarshal(body, &doc); err != nil {
		return out, err
	}
	if doc.Schema != "shop.catalog.v1" || doc.Shop != s.shop || doc.Version != version {
		return out, fmt.Errorf("it is %s version %d of the shop %s", doc.Schema, doc.Version, doc.Shop)
	}
	out.By = doc.Settings["published_by"]
	for _, t := range doc.Taxes {
		c := till.TaxClass{Code: t.Code, Rate: money.Rate(t.Rate)}
		if t.Mode == wire.TaxMode(till.TaxExclusive.String()) {
			c.Mode = till.TaxExclusive
		}
		out.Taxes = append(out.Taxes, c)
	}
	for _, p := range doc.Staff {
		if !p.Role.Valid() || p.Code == "" {
			return out, fmt.Errorf("the person %q has no role that there is", p.Code)
		}
		out.Staff = append(out.Staff, till.Operator{Code: p.Code, Name: p.Name, Role: till.Role(p.Role), Active: p.Left == nil || !*p.Left})
	}
	for _, it := range doc.Items {
		id, err := till.ParseID(it.Id)
		if err != nil {
			return out, err
		}
		item := ledger.SharedItem{Removed: it.Removed != nil && *it.Removed}
		item.Item = till.Item{ID: id, Code: it.Code, Name: it.Name, Price: money.UnitPrice(it.Price), Unit: it.Unit, Tax: it.Tax, Category: it.Category, Barcodes: it.Barcodes}
		if it.NameEn != nil {
			item.NameEN = *it.NameEn
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// propose sends up what was added at the till.
func (s *Sender) propose(ctx context.Context, book *ledger.Ledger) error {
	for {
		items, err := book.ProposedItems(ctx, proposeMost)
		if err != nil || len(items) == 0 {
			return err
		}
		body := make([]wire.CatalogItem, len(items))
		for i, it := range items {
			body[i] = wire.CatalogItem{Id: it.ID.String(), Code: it.Code, Name: it.Name, Price: int64(it.Price), Unit: it.Unit, Tax: it.Tax, Category: it.Category, Barcodes: append([]string{}, it.Barcodes...)}
			if it.NameEN != "" {
				body[i].NameEn = &it.NameEN
			}
		}
		if _, err := s.Client.Propose(ctx, body); err != nil {
			return later(err)
		}
		if err := book.ProposalsSent(ctx, items); err != nil {
			return err
		}
	}
}
