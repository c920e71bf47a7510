-- Imports of item lists, each of which can be taken back for a day, and prices
-- with the person who set them.

-- The import that wrote the item last; 0 where a person did. What a person has
-- changed since stays when an import is taken back.
ALTER TABLE item ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;

ALTER TABLE price ADD COLUMN by TEXT NOT NULL DEFAULT '';
CREATE INDEX price_due ON price(from_ms);

CREATE TABLE import_batch(
  no        INTEGER PRIMARY KEY,
  at_ms     INTEGER NOT NULL,
  by        TEXT NOT NULL,
  file      TEXT NOT NULL,
  done_ms   INTEGER,
  undone_ms INTEGER
) STRICT;

-- Numbers of the items that an import added: a transaction of it takes them
-- one after the other.
CREATE TABLE import_added(
  batch INTEGER NOT NULL REFERENCES import_batch(no),
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL CHECK (last >= first),
  PRIMARY KEY (batch, first)
) STRICT, WITHOUT ROWID;

-- Items as they were before an import changed them, as JSON.
CREATE TABLE import_changed(
  batch  INTEGER NOT NULL REFERENCES import_batch(no),
  item   INTEGER NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (batch, item)
) STRICT, WITHOUT ROWID;
