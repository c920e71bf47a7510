-- What the hub keeps. Every key begins with the tenant, so that the tables can
-- be spread over machines by it. Times are milliseconds of UTC given by the
-- program, amounts minor units; no sequence, trigger, or type that only one
-- engine has. BYTEA holds bytes in SQLite too, where the name means nothing.

-- +goose Up
CREATE TABLE hub(
  one        BIGINT PRIMARY KEY CHECK (one = 1),
  hub_id     TEXT NOT NULL,
  public_key TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);

-- Where a thing that is known by itself lives: tills, mail addresses, hashes of
-- codes, tokens and sessions.
CREATE TABLE directory(
  kind      TEXT NOT NULL,
  name      TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);

CREATE TABLE tenant(
  tenant_id  TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE shop(
  tenant_id  TEXT NOT NULL,
  shop_id    TEXT NOT NULL,
  name       TEXT NOT NULL,
  currency   TEXT NOT NULL,
  exponent   BIGINT NOT NULL,
  timezone   TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, shop_id),
  UNIQUE (tenant_id, name)
);

CREATE TABLE till(
  tenant_id       TEXT NOT NULL,
  till_id         TEXT NOT NULL,
  shop_id         TEXT NOT NULL,
  name            TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
  day_start       BIGINT NOT NULL,
  app             TEXT NOT NULL,
  created_ms      BIGINT NOT NULL,
  seen_ms         BIGINT NOT NULL,
  clock_offset_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, till_id)
);

CREATE TABLE till_epoch(
  tenant_id    TEXT NOT NULL,
  till_id      TEXT NOT NULL,
  epoch        BIGINT NOT NULL CHECK (epoch > 0),
  public_key   TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'sealed')),
  have_through BIGINT NOT NULL,
  high_water   BIGINT NOT NULL,
  reason       TEXT NOT NULL,
  created_ms   BIGINT NOT NULL,
  approved_ms  BIGINT NOT NULL,
  approved_by  TEXT NOT NULL,
  PRIMARY KEY (tenant_id, till_id, epoch)
);

CREATE TABLE enrolment(
  tenant_id  TEXT NOT NULL,
  code_hash  TEXT NOT NULL,
  shop_id    TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  claimed_by TEXT NOT NULL,
  claimed_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, code_hash)
);

-- The exact bytes of every document; a row is never changed.
CREATE TABLE document(
  tenant_id     TEXT NOT NULL,
  till_id       TEXT NOT NULL,
  epoch         BIGINT NOT NULL,
  seq           BIGINT NOT NULL CHECK (seq > 0),
  sha256        TEXT NOT NULL,
  shop_id       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  business_date TEXT NOT NULL,
  revision      BIGINT NOT NULL,
  quarantined   TEXT NOT NULL,
  received_ms   BIGINT NOT NULL,
  body          BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, till_id, epoch, seq)
);
CREATE INDEX document_taken ON document(tenant_id, received_ms, till_id, epoch, seq);
CREATE INDEX document_day ON document(tenant_id, shop_id, business_date);

-- The same number with other bytes: refused, and an alarm.
CREATE TABLE fork(
  tenant_id TEXT NOT NULL,
  till_id   TEXT NOT NULL,
  epoch     BIGINT NOT NULL,
  seq       BIGINT NOT NULL,
  sha256    TEXT NOT NULL,
  seen_ms   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, till_id, epoch, seq, sha256)
);

-- The sums of the document that counts for each shift and each closed day: the
-- one of the highest revision that is not quarantined.
CREATE TABLE day_sum(
  tenant_id     TEXT NOT NULL,
  shop_id       TEXT NOT NULL,
  business_date TEXT NOT NULL,
  kind          TEXT NOT NULL,
  till_id       TEXT NOT NULL,
  epoch         BIGINT NOT NULL,
  shift         BIGINT NOT NULL,
  seq           BIGINT NOT NULL,
  revision      BIGINT NOT NULL,
  sales         BIGINT NOT NULL,
  gross         BIGINT NOT NULL,
  discounts     BIGINT NOT NULL,
  tax_added     BIGINT NOT NULL,
  tax           BIGINT NOT NULL,
  rounding      BIGINT NOT NULL,
  net           BIGINT NOT NULL,
  returns       BIGINT NOT NULL,
  refunds       BIGINT NOT NULL,
  over_short    BIGINT NOT NULL,
  unverified    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, business_date, kind, till_id, epoch, shift)
);

CREATE TABLE tender_sum(
  tenant_id     TEXT NOT NULL,
  shop_id       TEXT NOT NULL,
  business_date TEXT NOT NULL,
  till_id       TEXT NOT NULL,
  epoch         BIGINT NOT NULL,
  shift         BIGINT NOT NULL,
  revision      BIGINT NOT NULL,
  tender        TEXT NOT NULL,
  count         BIGINT NOT NULL,
  amount        BIGINT NOT NULL,
  refunded      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, business_date, till_id, epoch, shift, revision, tender)
);

-- The picture of an open day; the latest wins.
CREATE TABLE live(
  tenant_id     TEXT NOT NULL,
  till_id       TEXT NOT NULL,
  shop_id       TEXT NOT NULL,
  epoch         BIGINT NOT NULL,
  business_date TEXT NOT NULL,
  at_ms         BIGINT NOT NULL,
  body          BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, till_id)
);

CREATE TABLE command(
  tenant_id  TEXT NOT NULL,
  till_id    TEXT NOT NULL,
  command_id TEXT NOT NULL,
  kind       TEXT NOT NULL,
  range_from BIGINT NOT NULL,
  range_to   BIGINT NOT NULL,
  by_name    TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  signature  TEXT NOT NULL,
  result     TEXT NOT NULL,
  done_ms    BIGINT NOT NULL,
  note       TEXT NOT NULL,
  PRIMARY KEY (tenant_id, till_id, command_id)
);

CREATE TABLE audit(
  tenant_id TEXT NOT NULL,
  at_ms     BIGINT NOT NULL,
  audit_id  TEXT NOT NULL,
  who       TEXT NOT NULL,
  act       TEXT NOT NULL,
  subject   TEXT NOT NULL,
  detail    TEXT NOT NULL,
  PRIMARY KEY (tenant_id, at_ms, audit_id)
);

CREATE TABLE reader(
  tenant_id  TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  name       TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, token_hash)
);

-- What all tills of a shop sell by: exact signed bytes, never changed.
CREATE TABLE catalog_version(
  tenant_id    TEXT NOT NULL,
  shop_id      TEXT NOT NULL,
  version      BIGINT NOT NULL CHECK (version > 0),
  effective_ms BIGINT NOT NULL,
  made_by      TEXT NOT NULL,
  created_ms   BIGINT NOT NULL,
  signature    TEXT NOT NULL,
  body         BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, version)
);

-- Items that were added at a till and wait for the next version.
CREATE TABLE proposal(
  tenant_id  TEXT NOT NULL,
  shop_id    TEXT NOT NULL,
  item_id    TEXT NOT NULL,
  till_id    TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  taken_in   BIGINT NOT NULL,
  body       BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, item_id)
);

-- +goose Down
-- Forward only: a hub that went back would lose what tills no longer hold.
SELECT 1;
