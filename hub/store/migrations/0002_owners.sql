-- Who reads the pages: owners, their bookkeepers and installers, and what keeps
-- others out. Secrets are hashes, or sealed with a key that is not in here.

-- +goose Up
CREATE TABLE owner(
  tenant_id        TEXT NOT NULL,
  owner_id         TEXT NOT NULL,
  email            TEXT NOT NULL,
  name             TEXT NOT NULL,
  role             TEXT NOT NULL CHECK (role IN ('owner', 'bookkeeper', 'installer')),
  lang             TEXT NOT NULL,
  password_hash    TEXT NOT NULL,
  totp_sealed      BYTEA NOT NULL,
  totp_step        BIGINT NOT NULL,
  setup_hash       TEXT NOT NULL,
  setup_expires_ms BIGINT NOT NULL,
  created_ms       BIGINT NOT NULL,
  removed_ms       BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, owner_id)
);

CREATE TABLE recovery(
  tenant_id TEXT NOT NULL,
  owner_id  TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  used_ms   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, owner_id, code_hash)
);

CREATE TABLE session(
  tenant_id    TEXT NOT NULL,
  session_hash TEXT NOT NULL,
  owner_id     TEXT NOT NULL,
  created_ms   BIGINT NOT NULL,
  seen_ms      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, session_hash)
);
CREATE INDEX session_owner ON session(tenant_id, owner_id);

-- Tries at passwords that failed, by what they were tried on and from where. The
-- tenant is empty: a name that nobody has is counted as one that somebody has.
CREATE TABLE guess(
  tenant_id TEXT NOT NULL,
  name_hash TEXT NOT NULL,
  failures  BIGINT NOT NULL,
  last_ms   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name_hash)
);

-- +goose Down
SELECT 1;
