-- Searching. The index holds pieces of the texts that items are found by (see
-- searchindex.go); items whose pieces are not in it yet stand in a list that
-- the guards keep, whoever writes the item.

CREATE VIRTUAL TABLE item_search USING fts5(pieces, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

CREATE TABLE unsearched(item INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER item_new_unsearched AFTER INSERT ON item BEGIN
  INSERT INTO unsearched(item) SELECT NEW.no WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE item = NEW.no);
END;
CREATE TRIGGER item_changed_unsearched AFTER UPDATE OF keys, active ON item WHEN OLD.keys <> NEW.keys OR OLD.active <> NEW.active BEGIN
  INSERT INTO unsearched(item) SELECT NEW.no WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE item = NEW.no);
END;
CREATE TRIGGER item_gone_unsearched AFTER DELETE ON item BEGIN
  INSERT INTO unsearched(item) SELECT OLD.no WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE item = OLD.no);
END;

INSERT INTO unsearched(item) SELECT no FROM item;
