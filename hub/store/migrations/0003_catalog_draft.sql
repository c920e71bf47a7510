-- What the next version of a shop's catalogue will be: a shop.catalog.v1
-- document that is worked on and not published yet.

-- +goose Up
CREATE TABLE catalog_draft(
  tenant_id TEXT NOT NULL,
  shop_id   TEXT NOT NULL,
  body      BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, shop_id)
);

-- +goose Down
-- Forward only: a hub that went back would lose what tills no longer hold.
SELECT 1;
