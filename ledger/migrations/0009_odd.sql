-- What rules noticed while selling went on, each record once. Rules are computed
-- from the journal whenever they are asked; this keeps what was seen at the time,
-- by the limits of the time.

CREATE TABLE odd_note(
  seq      INTEGER NOT NULL REFERENCES entry(seq),
  rule     TEXT NOT NULL CHECK (rule <> ''),
  receipt  INTEGER NOT NULL,
  cashier  TEXT NOT NULL,
  shift    INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  at_ms    INTEGER NOT NULL,
  noted_ms INTEGER NOT NULL,
  amount   INTEGER NOT NULL,
  PRIMARY KEY (seq, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX odd_note_day ON odd_note(day);

-- Up to which record it was looked.
CREATE TABLE odd_looked(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO odd_looked VALUES (1, (SELECT ifnull(max(seq), 0) FROM entry));

CREATE TRIGGER odd_note_no_update BEFORE UPDATE ON odd_note BEGIN SELECT RAISE(ABORT, 'odd_note: never changed'); END;
CREATE TRIGGER odd_note_no_delete BEFORE DELETE ON odd_note BEGIN SELECT RAISE(ABORT, 'odd_note: never changed'); END;
CREATE TRIGGER odd_looked_forward BEFORE UPDATE ON odd_looked WHEN NEW.seq < OLD.seq BEGIN SELECT RAISE(ABORT, 'odd_looked: goes forward'); END;
