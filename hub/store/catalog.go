package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A CatalogVersion is what all tills of a shop sell by from a moment on.
type CatalogVersion struct {
	Tenant, Shop string
	Version      int64
	Effective    time.Time
	By           string
	Created      time.Time
	Signature    string
	Body         []byte // a shop.catalog.v1 document, exactly as signed
}

// ErrOvertaken says that somebody else made the version in the meantime.
var ErrOvertaken = errors.New("another made this version first")

// AddCatalog keeps a version, which must follow the latest; ErrOvertaken where
// it does not. The proposals of taken are in it.
func (s *Store) AddCatalog(ctx context.Context, v CatalogVersion, taken []string) error {
	return s.write(ctx, func(t tx) error {
		var last int64
		if err := t.row(ctx, "SELECT coalesce(max(version), 0) FROM catalog_version WHERE tenant_id = $1 AND shop_id = $2", v.Tenant, v.Shop).Scan(&last); err != nil {
			return err
		}
		if v.Version != last+1 {
			return ErrOvertaken
		}
		n, err := t.exec(ctx, `INSERT INTO catalog_version(tenant_id, shop_id, version, effective_ms, made_by, created_ms, signature, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, v.Tenant, v.Shop, v.Version, ms(v.Effective), v.By, ms(s.now()), v.Signature, v.Body)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrOvertaken
		}
		for _, id := range taken {
			if _, err := t.exec(ctx, "UPDATE proposal SET taken_in = $4 WHERE tenant_id = $1 AND shop_id = $2 AND item_id = $3", v.Tenant, v.Shop, id, v.Version); err != nil {
				return err
			}
		}
		return s.note(ctx, t, v.Tenant, v.By, "catalog.publish", v.Shop, "")
	})
}

// LatestCatalog is the newest version of a shop; its Version is 0 where the shop
// has none.
func (s *Store) LatestCatalog(ctx context.Context, tenant, shop string) (CatalogVersion, error) {
	v := CatalogVersion{Tenant: tenant, Shop: shop}
	var effective, created int64
	err := s.read().row(ctx, "SELECT version, effective_ms, made_by, created_ms, signature, body FROM catalog_version WHERE tenant_id = $1 AND shop_id = $2 ORDER BY version DESC LIMIT 1",
		tenant, shop).Scan(&v.Version, &effective, &v.By, &created, &v.Signature, &v.Body)
	v.Effective, v.Created = moment(effective), moment(created)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

// CatalogNumber is the number of the newest version, 0 without one.
func (s *Store) CatalogNumber(ctx context.Context, tenant, shop string) (int64, error) {
	var n int64
	err := s.read().row(ctx, "SELECT coalesce(max(version), 0) FROM catalog_version WHERE tenant_id = $1 AND shop_id = $2", tenant, shop).Scan(&n)
	return n, err
}

// A Proposal is an item that was added at a till.
type Proposal struct {
	Item, Till string
	Created    time.Time
	Body       []byte // the item, as JSON
}

// Propose keeps items that were added at a till; those that are here already
// stay as they are.
func (s *Store) Propose(ctx context.Context, t Till, items []Proposal) error {
	args := make([]any, 0, len(items)*7)
	for _, i := range items {
		args = append(args, t.Tenant, t.Shop, i.Item, t.ID, ms(s.now()), 0, i.Body)
	}
	return s.write(ctx, func(x tx) error {
		_, err := x.exec(ctx, "INSERT INTO proposal(tenant_id, shop_id, item_id, till_id, created_ms, taken_in, body) VALUES "+values(len(items), 7)+" ON CONFLICT DO NOTHING", args...)
		return err
	})
}

// Proposals lists what waits for the next version, the oldest first.
func (s *Store) Proposals(ctx context.Context, tenant, shop string) ([]Proposal, error) {
	var all []Proposal
	err := s.read().each(ctx, "SELECT item_id, till_id, created_ms, body FROM proposal WHERE tenant_id = $1 AND shop_id = $2 AND taken_in = 0 ORDER BY created_ms, item_id", func(r *sql.Rows) error {
		var p Proposal
		var at int64
		err := r.Scan(&p.Item, &p.Till, &at, &p.Body)
		p.Created = moment(at)
		all = append(all, p)
		return err
	}, tenant, shop)
	return all, err
}
