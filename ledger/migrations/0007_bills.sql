-- Providers' bills as they came, their rows, and what comparing them with the
-- ledger found. A bill is never changed; of several of one day the last one
-- counts, but one that was final yields to a final one only. What was found is
-- noted once, and its notes are settled by further rows.

CREATE TABLE bill(
  id       INTEGER PRIMARY KEY CHECK (id > 0),
  wallet   TEXT NOT NULL CHECK (wallet <> ''),
  mode     TEXT NOT NULL CHECK (mode IN ('live', 'test', 'practice')),
  merchant TEXT NOT NULL,
  day      INTEGER NOT NULL, -- the provider's calendar day, as 20260618
  from_ms  INTEGER NOT NULL, -- its midnight, and the next one
  to_ms    INTEGER NOT NULL CHECK (to_ms > from_ms),
  zone     INTEGER NOT NULL, -- minutes east of UTC at that midnight
  final    INTEGER NOT NULL CHECK (final IN (0, 1)),
  hash     BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256 of the file before it is packed
  name     TEXT NOT NULL,
  raw      BLOB NOT NULL, -- gzip
  lines    INTEGER NOT NULL CHECK (lines >= 0),
  whole    INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)), -- all lines are in
  kept_ms  INTEGER NOT NULL,
  UNIQUE (wallet, mode, day, hash, final)
) STRICT;

CREATE TABLE bill_line(
  bill     INTEGER NOT NULL REFERENCES bill(id),
  n        INTEGER NOT NULL CHECK (n > 0),
  number   TEXT NOT NULL,
  refund   TEXT NOT NULL,
  provider TEXT NOT NULL,
  at_ms    INTEGER NOT NULL,
  amount   INTEGER NOT NULL CHECK (amount >= 0),
  fee      INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  state    TEXT NOT NULL,
  PRIMARY KEY (bill, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE bill_finding(
  id       INTEGER PRIMARY KEY CHECK (id > 0),
  bill     INTEGER NOT NULL REFERENCES bill(id), -- that showed it first
  wallet   TEXT NOT NULL,
  mode     TEXT NOT NULL,
  day      INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  attempt  TEXT NOT NULL,
  refund   TEXT NOT NULL,
  provider TEXT NOT NULL,
  ours     INTEGER NOT NULL,
  theirs   INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at_ms    INTEGER NOT NULL,
  noted_ms INTEGER NOT NULL,
  UNIQUE (wallet, mode, day, kind, attempt, refund, provider, ours, theirs)
) STRICT;

CREATE TABLE bill_finding_move(
  finding INTEGER NOT NULL REFERENCES bill_finding(id),
  n       INTEGER NOT NULL CHECK (n > 0),
  open    INTEGER NOT NULL CHECK (open IN (0, 1)),
  at_ms   INTEGER NOT NULL,
  by      TEXT NOT NULL, -- operator code; '' for a later comparison that shows it no more, or again
  why     TEXT NOT NULL,
  PRIMARY KEY (finding, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_provider ON attempt(provider) WHERE provider <> '';
CREATE INDEX attempt_paid ON attempt(wallet, paid_ms) WHERE paid_ms > 0;
CREATE INDEX wallet_refund_done ON wallet_refund(changed_ms) WHERE state = 5;

CREATE TRIGGER bill_fixed BEFORE UPDATE OF id, wallet, mode, merchant, day, from_ms, to_ms, zone, final, hash, name, raw, lines, kept_ms ON bill
BEGIN SELECT RAISE(ABORT, 'bill: never changed'); END;
CREATE TRIGGER bill_whole BEFORE UPDATE OF whole ON bill WHEN NEW.whole <> OLD.whole BEGIN
  SELECT RAISE(ABORT, 'bill: whole once and for all') WHERE OLD.whole = 1;
  SELECT RAISE(ABORT, 'bill: lines are missing') WHERE (SELECT count(*) FROM bill_line WHERE bill = NEW.id) <> NEW.lines;
END;
CREATE TRIGGER bill_no_delete BEFORE DELETE ON bill WHEN OLD.whole = 1 BEGIN SELECT RAISE(ABORT, 'bill: never taken out'); END;
CREATE TRIGGER bill_line_open BEFORE INSERT ON bill_line WHEN (SELECT whole FROM bill WHERE id = NEW.bill) = 1
BEGIN SELECT RAISE(ABORT, 'bill_line: the bill is whole'); END;
CREATE TRIGGER bill_line_no_update BEFORE UPDATE ON bill_line BEGIN SELECT RAISE(ABORT, 'bill_line: never changed'); END;
CREATE TRIGGER bill_line_no_delete BEFORE DELETE ON bill_line WHEN (SELECT whole FROM bill WHERE id = OLD.bill) = 1
BEGIN SELECT RAISE(ABORT, 'bill_line: never changed'); END;
CREATE TRIGGER bill_finding_no_update BEFORE UPDATE ON bill_finding BEGIN SELECT RAISE(ABORT, 'bill_finding: never changed'); END;
CREATE TRIGGER bill_finding_no_delete BEFORE DELETE ON bill_finding BEGIN SELECT RAISE(ABORT, 'bill_finding: never changed'); END;
CREATE TRIGGER bill_finding_move_next BEFORE INSERT ON bill_finding_move
BEGIN SELECT RAISE(ABORT, 'bill_finding_move: not the next one') WHERE NEW.n <> (SELECT ifnull(max(n), 0) + 1 FROM bill_finding_move WHERE finding = NEW.finding); END;
CREATE TRIGGER bill_finding_move_no_update BEFORE UPDATE ON bill_finding_move BEGIN SELECT RAISE(ABORT, 'bill_finding_move: never changed'); END;
CREATE TRIGGER bill_finding_move_no_delete BEFORE DELETE ON bill_finding_move BEGIN SELECT RAISE(ABORT, 'bill_finding_move: never changed'); END;
