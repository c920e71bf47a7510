-- What goes to provider accounts. A document is made with the fact it tells of,
-- in one transaction, and never changed; what became of it at each account is
-- kept beside it and may change. Times are milliseconds of UTC.

CREATE TABLE outbox(
  epoch   INTEGER NOT NULL CHECK (epoch > 0), -- second of UTC at which this ledger's numbers began
  seq     INTEGER NOT NULL CHECK (seq > 0),
  kind    TEXT NOT NULL CHECK (kind IN ('shift', 'day', 'addendum')),
  day     INTEGER NOT NULL,
  shift   INTEGER NOT NULL,
  entry   INTEGER NOT NULL, -- the last entry that it tells of
  net     INTEGER NOT NULL, -- minor units
  made_ms INTEGER NOT NULL,
  sha256  TEXT NOT NULL CHECK (length(sha256) = 64),
  body    BLOB NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_shift ON outbox(shift) WHERE kind = 'shift';
CREATE UNIQUE INDEX outbox_day ON outbox(day) WHERE kind = 'day';
CREATE TRIGGER outbox_stays BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'a document is never changed'); END;
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'a document is never taken back'); END;

-- Where documents go. Secrets are not here but sealed beside the ledger.
CREATE TABLE account(
  name     TEXT PRIMARY KEY CHECK (name <> ''),
  kind     TEXT NOT NULL CHECK (kind IN ('hub', 'webhook', 'folder')),
  settings TEXT NOT NULL, -- JSON; what they mean is the sender's business
  since_ms INTEGER NOT NULL,
  active   INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery(
  account TEXT NOT NULL REFERENCES account(name),
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('delivered', 'quarantined', 'refused')),
  at_ms   INTEGER NOT NULL,
  said    TEXT NOT NULL, -- receipt, or why not
  PRIMARY KEY (account, epoch, seq),
  FOREIGN KEY (epoch, seq) REFERENCES outbox(epoch, seq)
) STRICT, WITHOUT ROWID;
