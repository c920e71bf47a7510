-- The catalogue. It may be edited: sales keep copies of what they sold.

CREATE TABLE item(
  no       INTEGER PRIMARY KEY,
  id       BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  code     TEXT NOT NULL,
  name     TEXT NOT NULL CHECK (name <> ''),
  name_en  TEXT NOT NULL,
  unit     TEXT NOT NULL,
  weighed  INTEGER NOT NULL CHECK (weighed IN (0, 1)),
  price    INTEGER NOT NULL CHECK (price >= 0),
  tax      TEXT NOT NULL,
  category TEXT NOT NULL,
  active   INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  favourite INTEGER NOT NULL DEFAULT 0,
  keys     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX item_code ON item(code) WHERE code <> '';
CREATE INDEX item_category ON item(category, favourite);
CREATE INDEX item_favourite ON item(favourite) WHERE favourite > 0;

CREATE TABLE barcode(
  code TEXT PRIMARY KEY CHECK (code <> ''),
  item INTEGER NOT NULL REFERENCES item(no),
  qty  INTEGER NOT NULL DEFAULT 1000 CHECK (qty > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX barcode_item ON barcode(item);

-- Prices that take effect later; the one in effect is copied into item.price.
CREATE TABLE price(
  item    INTEGER NOT NULL REFERENCES item(no),
  from_ms INTEGER NOT NULL,
  price   INTEGER NOT NULL CHECK (price >= 0),
  PRIMARY KEY (item, from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_map(
  header TEXT PRIMARY KEY,
  map    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
