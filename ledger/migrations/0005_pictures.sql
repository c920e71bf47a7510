-- How items look as tiles, and the shop's own pictures, as PNG made small
-- before they are kept. No figure hangs on them, so they are not in the journal.

CREATE TABLE item_look(
  item    INTEGER PRIMARY KEY REFERENCES item(no) ON DELETE CASCADE,
  colour  TEXT NOT NULL CHECK (length(colour) <= 16),
  picture BLOB CHECK (length(picture) BETWEEN 1 AND 524288)
) STRICT;

CREATE TABLE shop_picture(
  name TEXT PRIMARY KEY CHECK (name <> ''),
  png  BLOB NOT NULL CHECK (length(png) BETWEEN 1 AND 524288)
) STRICT, WITHOUT ROWID;
