package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// CatalogDraft is the document that is worked on for a shop; nil where none is.
func (s *Store) CatalogDraft(ctx context.Context, tenant, shop string) ([]byte, error) {
	var body []byte
	err := s.read().row(ctx, "SELECT body FROM catalog_draft WHERE tenant_id = $1 AND shop_id = $2", tenant, shop).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return body, err
}

// KeepCatalogDraft replaces the document that is worked on; nil drops it.
func (s *Store) KeepCatalogDraft(ctx context.Context, tenant, shop string, body []byte) error {
	return s.write(ctx, func(t tx) error {
		if body == nil {
			_, err := t.exec(ctx, "DELETE FROM catalog_draft WHERE tenant_id = $1 AND shop_id = $2", tenant, shop)
			return err
		}
		_, err := t.exec(ctx, "INSERT INTO catalog_draft(tenant_id, shop_id, body) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, shop_id) DO UPDATE SET body = excluded.body", tenant, shop, body)
		return err
	})
}

// NextCatalog is the version that a till with the version have takes next: the
// newest that is in effect at a time, else the first of those to come. Its
// Version is 0 where the till has all.
func (s *Store) NextCatalog(ctx context.Context, tenant, shop string, have int64, at time.Time) (CatalogVersion, error) {
	v := CatalogVersion{Tenant: tenant, Shop: shop}
	var effective, created int64
	err := s.read().row(ctx, `SELECT version, effective_ms, made_by, created_ms, signature, body FROM catalog_version WHERE tenant_id = $1 AND shop_id = $2 AND version > $3
		ORDER BY CASE WHEN effective_ms <= $4 THEN -version ELSE version END LIMIT 1`,
		tenant, shop, have, ms(at)).Scan(&v.Version, &effective, &v.By, &created, &v.Signature, &v.Body)
	v.Effective, v.Created = moment(effective), moment(created)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}
