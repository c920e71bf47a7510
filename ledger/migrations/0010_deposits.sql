-- Cash from the safe to the bank, what the bank credited for it, and counts of
-- the safe: rows of records of the chain.

CREATE TABLE deposit(
  seq    INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id     BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  bag    TEXT NOT NULL CHECK (bag <> ''),
  amount INTEGER NOT NULL CHECK (amount > 0),
  note   TEXT NOT NULL,
  at_ms  INTEGER NOT NULL,
  by     TEXT NOT NULL,
  day    INTEGER NOT NULL
) STRICT;
CREATE INDEX deposit_day ON deposit(day);

CREATE TABLE deposit_credit(
  seq       INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  deposit   BLOB NOT NULL UNIQUE REFERENCES deposit(id) DEFERRABLE INITIALLY DEFERRED,
  amount    INTEGER NOT NULL CHECK (amount >= 0),
  deposited INTEGER NOT NULL CHECK (deposited > 0),
  on_day    INTEGER NOT NULL, -- of the bank
  ref       TEXT NOT NULL,
  statement INTEGER NOT NULL CHECK (statement IN (0, 1)),
  by        TEXT NOT NULL,
  day       INTEGER NOT NULL
) STRICT;

CREATE TABLE safe_count(
  seq        INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  counted    INTEGER NOT NULL CHECK (counted >= 0),
  expected   INTEGER NOT NULL,
  over_short INTEGER NOT NULL CHECK (over_short = counted - expected),
  reason     TEXT NOT NULL,
  at_ms      INTEGER NOT NULL,
  by         TEXT NOT NULL,
  day        INTEGER NOT NULL
) STRICT;
CREATE INDEX safe_count_day ON safe_count(day);
CREATE INDEX posting_safe ON posting(seq, amount) WHERE account = 'safe';

CREATE TRIGGER deposit_open BEFORE INSERT ON deposit BEGIN SELECT RAISE(ABORT, 'deposit: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq); END;
CREATE TRIGGER deposit_credit_open BEFORE INSERT ON deposit_credit BEGIN
  SELECT RAISE(ABORT, 'deposit_credit: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'deposit_credit: not what was deposited') WHERE NEW.deposited <> (SELECT amount FROM deposit WHERE id = NEW.deposit);
END;
CREATE TRIGGER safe_count_open BEFORE INSERT ON safe_count BEGIN SELECT RAISE(ABORT, 'safe_count: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq); END;
CREATE TRIGGER deposit_no_update BEFORE UPDATE ON deposit BEGIN SELECT RAISE(ABORT, 'deposit: never changed'); END;
CREATE TRIGGER deposit_no_delete BEFORE DELETE ON deposit BEGIN SELECT RAISE(ABORT, 'deposit: never changed'); END;
CREATE TRIGGER deposit_credit_no_update BEFORE UPDATE ON deposit_credit BEGIN SELECT RAISE(ABORT, 'deposit_credit: never changed'); END;
CREATE TRIGGER deposit_credit_no_delete BEFORE DELETE ON deposit_credit BEGIN SELECT RAISE(ABORT, 'deposit_credit: never changed'); END;
CREATE TRIGGER safe_count_no_update BEFORE UPDATE ON safe_count BEGIN SELECT RAISE(ABORT, 'safe_count: never changed'); END;
CREATE TRIGGER safe_count_no_delete BEFORE DELETE ON safe_count BEGIN SELECT RAISE(ABORT, 'safe_count: never changed'); END;
