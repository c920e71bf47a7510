-- Versions of the catalogue that a hub hands to all tills of a shop, as they
-- came, and what goes to the hub: items that were added at this till.

CREATE TABLE shared_catalog(
  version      INTEGER PRIMARY KEY CHECK (version > 0),
  effective_ms INTEGER NOT NULL,
  got_ms       INTEGER NOT NULL,
  applied_ms   INTEGER,
  body         BLOB NOT NULL
) STRICT;

CREATE TABLE item_proposed(
  item  BLOB PRIMARY KEY CHECK (length(item) = 16),
  at_ms INTEGER NOT NULL,
  sent  INTEGER NOT NULL DEFAULT 0 CHECK (sent IN (0, 1))
) STRICT, WITHOUT ROWID;
