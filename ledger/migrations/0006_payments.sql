-- Wallet payments: attempts, their moves, the calls made for them, refunds. An
-- attempt is fixed when it is planned; its state goes along the arrows, and only
-- by a move, which is never changed. States are those of till.AttemptState and
-- till.RefundState.

CREATE TABLE attempt_arrow(
  from_state INTEGER NOT NULL,
  to_state   INTEGER NOT NULL,
  PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt_arrow VALUES
  (1, 3), (1, 2),
  (3, 4), (3, 11), (3, 10), (3, 5), (3, 6), (3, 9), (3, 14),
  (4, 11), (4, 10), (4, 7), (4, 5), (4, 6), (4, 9), (4, 14),
  (5, 4), (5, 11), (5, 10), (5, 7), (5, 6), (5, 9), (5, 14),
  (6, 7), (6, 11), (6, 8), (6, 9), (6, 14),
  (8, 9), (8, 11), (8, 12), (8, 7), (8, 14),
  (9, 7), (9, 11), (9, 12), (9, 10), (9, 14),
  (7, 12), (7, 14), (10, 12), (10, 14),
  (12, 11), (12, 13), (12, 14),
  (11, 13), (11, 14),
  (13, 11), (13, 14),
  (14, 11), (14, 7), (14, 10), (14, 12), (14, 13), (14, 9);

CREATE TABLE refund_arrow(
  from_state INTEGER NOT NULL,
  to_state   INTEGER NOT NULL,
  PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO refund_arrow VALUES
  (1, 2), (1, 6),
  (2, 3), (2, 4), (2, 5), (2, 6),
  (3, 2), (3, 4), (3, 5), (3, 6),
  (4, 2), (4, 3), (4, 5), (4, 6),
  (6, 2);

CREATE TABLE attempt(
  id             INTEGER PRIMARY KEY CHECK (id > 0),
  number         TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 20 AND number NOT GLOB '*[^0-9A-Z]*'),
  wallet         TEXT NOT NULL CHECK (wallet <> ''),
  mode           TEXT NOT NULL CHECK (mode IN ('live', 'test', 'practice')),
  sale           BLOB CHECK (length(sale) = 16),
  share          INTEGER NOT NULL CHECK (share >= 0 AND (sale IS NULL OR share > 0)),
  amount         INTEGER NOT NULL CHECK (amount > 0),
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  way            INTEGER NOT NULL CHECK (way BETWEEN 0 AND 2),
  code_tail      TEXT NOT NULL CHECK (length(code_tail) <= 4),
  code_mark      TEXT NOT NULL CHECK (length(code_mark) <= 32),
  cashier        TEXT NOT NULL,
  shift          INTEGER NOT NULL,
  day            INTEGER NOT NULL,
  planned_ms     INTEGER NOT NULL,
  zone           INTEGER NOT NULL, -- minutes east of UTC when it was planned
  state          INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 14),
  reason         TEXT NOT NULL DEFAULT '',
  said           TEXT NOT NULL DEFAULT '',
  provider       TEXT NOT NULL DEFAULT '',
  handle         TEXT NOT NULL DEFAULT '',
  qr             TEXT NOT NULL DEFAULT '',
  changed_ms     INTEGER NOT NULL, -- when it came into its state
  paid_ms        INTEGER NOT NULL DEFAULT 0,
  moves          INTEGER NOT NULL DEFAULT 0,
  was_paid       INTEGER NOT NULL DEFAULT 0 CHECK (was_paid IN (0, 1)),
  took_ms        INTEGER NOT NULL DEFAULT 0, -- from planning it to knowing that it is paid; 0 where that came late
  refund_if_paid INTEGER NOT NULL DEFAULT 0 CHECK (refund_if_paid IN (0, 1)),
  returned       INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND amount), -- by the provider itself
  refunded       INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN returned AND amount),
  booked         INTEGER NOT NULL DEFAULT 0 CHECK (booked IN (0, 1)), -- as tender number share of its sale
  booked_in      INTEGER REFERENCES sale(seq) DEFERRABLE INITIALLY DEFERRED,
  receipt        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX attempt_live ON attempt(sale, share) WHERE sale IS NOT NULL AND state IN (1, 3, 4, 5, 6, 8);
CREATE UNIQUE INDEX attempt_booked ON attempt(sale, share) WHERE booked = 1;
CREATE INDEX attempt_sale ON attempt(sale) WHERE sale IS NOT NULL;
CREATE INDEX attempt_open ON attempt(id) WHERE state NOT IN (2, 7, 10, 11);
CREATE INDEX attempt_unbooked ON attempt(id) WHERE state = 11 AND booked = 0;
CREATE INDEX attempt_day ON attempt(day, wallet, mode, state, reason, was_paid, took_ms); -- all that reports read
CREATE INDEX attempt_wallet ON attempt(wallet, planned_ms);
CREATE INDEX attempt_code ON attempt(code_mark) WHERE code_mark <> '';

CREATE TABLE attempt_move(
  attempt        TEXT NOT NULL REFERENCES attempt(number),
  n              INTEGER NOT NULL CHECK (n > 0),
  from_state     INTEGER NOT NULL,
  to_state       INTEGER NOT NULL,
  at_ms          INTEGER NOT NULL,
  verdict        TEXT NOT NULL,
  reason         TEXT NOT NULL,
  said           TEXT NOT NULL,
  provider       TEXT NOT NULL,
  handle         TEXT NOT NULL,
  qr             TEXT NOT NULL,
  paid_ms        INTEGER NOT NULL,
  by             TEXT NOT NULL,
  note           TEXT NOT NULL,
  refund_if_paid INTEGER NOT NULL CHECK (refund_if_paid IN (0, 1)),
  returned       INTEGER NOT NULL CHECK (returned >= 0),
  PRIMARY KEY (attempt, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE wallet_call(
  id       INTEGER PRIMARY KEY CHECK (id > 0),
  wallet   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  number   TEXT NOT NULL,
  method   TEXT NOT NULL,
  url      TEXT NOT NULL,
  hash     TEXT NOT NULL,
  asked    TEXT NOT NULL,
  began_ms INTEGER NOT NULL CHECK (began_ms <> 0),
  ended_ms INTEGER NOT NULL DEFAULT 0,
  status   INTEGER NOT NULL DEFAULT 0,
  answered TEXT NOT NULL DEFAULT '',
  fault    TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX wallet_call_number ON wallet_call(number);

CREATE TABLE wallet_refund(
  id         INTEGER PRIMARY KEY CHECK (id > 0),
  number     TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 20 AND number NOT GLOB '*[^0-9A-Z]*'),
  attempt    TEXT NOT NULL REFERENCES attempt(number),
  ret        BLOB CHECK (length(ret) = 16), -- the return it belongs to
  amount     INTEGER NOT NULL CHECK (amount > 0),
  why        TEXT NOT NULL,
  cashier    TEXT NOT NULL,
  shift      INTEGER NOT NULL,
  day        INTEGER NOT NULL,
  planned_ms INTEGER NOT NULL,
  zone       INTEGER NOT NULL,
  state      INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 6),
  reason     TEXT NOT NULL DEFAULT '',
  said       TEXT NOT NULL DEFAULT '',
  provider   TEXT NOT NULL DEFAULT '',
  handle     TEXT NOT NULL DEFAULT '',
  changed_ms INTEGER NOT NULL,
  moves      INTEGER NOT NULL DEFAULT 0,
  cash       INTEGER NOT NULL DEFAULT 0 CHECK (cash = 0 OR cash = 1 AND state = 6) -- it failed and was paid out in cash
) STRICT;
CREATE INDEX wallet_refund_attempt ON wallet_refund(attempt);
CREATE INDEX wallet_refund_open ON wallet_refund(id) WHERE state < 5;
CREATE INDEX wallet_refund_failed ON wallet_refund(id) WHERE state = 6 AND cash = 0;

CREATE TABLE wallet_refund_move(
  refund     TEXT NOT NULL REFERENCES wallet_refund(number),
  n          INTEGER NOT NULL CHECK (n > 0),
  from_state INTEGER NOT NULL,
  to_state   INTEGER NOT NULL,
  at_ms      INTEGER NOT NULL,
  verdict    TEXT NOT NULL,
  reason     TEXT NOT NULL,
  said       TEXT NOT NULL,
  provider   TEXT NOT NULL,
  handle     TEXT NOT NULL,
  PRIMARY KEY (refund, n)
) STRICT, WITHOUT ROWID;

-- What the chain says about payments: found late, taken up by their sale after
-- all, gone back, overridden; refunds paid out in cash, of a return (mended) or of
-- money that no sale accounts for (paid_out).
CREATE TABLE payment_note(
  seq     INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  kind    TEXT NOT NULL CHECK (kind IN ('found', 'taken', 'returned', 'overridden', 'mended', 'paid_out')),
  attempt TEXT NOT NULL, -- '' where only the refund is named
  refund  TEXT NOT NULL,
  wallet  TEXT NOT NULL,
  amount  INTEGER NOT NULL CHECK (amount > 0),
  sale    BLOB NOT NULL CHECK (length(sale) = 16), -- zeros for none
  shift   INTEGER NOT NULL,
  day     INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_note_attempt ON payment_note(attempt);
CREATE INDEX payment_note_refund ON payment_note(refund) WHERE refund <> '';
CREATE INDEX payment_note_sale ON payment_note(sale);

-- Guards of attempts.

CREATE TRIGGER attempt_new BEFORE INSERT ON attempt BEGIN
  SELECT RAISE(ABORT, 'attempt: not the next one') WHERE NEW.id <> (SELECT ifnull(max(id), 0) + 1 FROM attempt);
  SELECT RAISE(ABORT, 'attempt: number is taken') WHERE EXISTS (SELECT 1 FROM attempt WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM wallet_refund WHERE number = NEW.number);
  SELECT RAISE(ABORT, 'attempt: not as planned') WHERE NEW.state <> 1 OR NEW.moves <> 0 OR NEW.was_paid <> 0 OR NEW.took_ms <> 0 OR NEW.refunded <> 0 OR NEW.booked <> 0
    OR NEW.receipt <> 0 OR NEW.booked_in IS NOT NULL OR NEW.paid_ms <> 0 OR NEW.changed_ms <> NEW.planned_ms OR NEW.refund_if_paid <> 0
    OR NEW.reason <> '' OR NEW.said <> '' OR NEW.provider <> '' OR NEW.handle <> '' OR NEW.qr <> '';
  SELECT RAISE(ABORT, 'attempt: share is held') WHERE EXISTS (SELECT 1 FROM attempt WHERE sale = NEW.sale AND share = NEW.share
    AND (state IN (1, 3, 4, 5, 6, 8) OR booked = 1));
  SELECT RAISE(ABORT, 'attempt: sale is complete') WHERE EXISTS (SELECT 1 FROM sale WHERE id = NEW.sale);
END;
CREATE TRIGGER attempt_fixed BEFORE UPDATE OF id, number, wallet, mode, sale, share, amount, currency, way, code_tail, code_mark, cashier, shift, day, planned_ms, zone
ON attempt BEGIN SELECT RAISE(ABORT, 'attempt: fixed when it was planned'); END;
CREATE TRIGGER attempt_by_move BEFORE UPDATE OF state, reason, said, provider, handle, qr, changed_ms, paid_ms, moves, was_paid, took_ms, refund_if_paid, returned ON attempt BEGIN
  SELECT RAISE(ABORT, 'attempt: changed without a move') WHERE NEW.moves <> OLD.moves + 1
    OR NOT EXISTS (SELECT 1 FROM attempt_move WHERE attempt = NEW.number AND n = NEW.moves AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER attempt_refunded AFTER UPDATE OF refunded, returned ON attempt BEGIN
  SELECT RAISE(ABORT, 'attempt: refunded is not what its refunds sum to') WHERE NEW.refunded <> NEW.returned
    + (SELECT ifnull(sum(amount), 0) FROM wallet_refund WHERE attempt = NEW.number AND (state = 5 OR cash = 1));
END;
CREATE TRIGGER attempt_book BEFORE UPDATE OF booked, booked_in, receipt ON attempt BEGIN
  SELECT RAISE(ABORT, 'attempt: only what was paid and kept is booked') WHERE OLD.booked = 0 AND NEW.booked = 1
    AND (OLD.sale IS NULL OR OLD.state <> 11 OR OLD.refunded <> 0 OR NEW.receipt <> 0 OR NEW.booked_in IS NOT NULL
      OR EXISTS (SELECT 1 FROM wallet_refund WHERE attempt = OLD.number AND (state <> 6 OR cash = 1)));
  SELECT RAISE(ABORT, 'attempt: booked once and for all') WHERE OLD.booked = 1 AND NEW.booked = 0 AND (OLD.receipt <> 0 OR OLD.state <> 13);
  SELECT RAISE(ABORT, 'attempt: not the sale it is booked to') WHERE (NEW.receipt <> OLD.receipt OR NEW.booked_in IS NOT OLD.booked_in)
    AND (OLD.receipt <> 0 OR OLD.booked = 0
      OR NOT EXISTS (SELECT 1 FROM sale WHERE seq = NEW.booked_in AND receipt = NEW.receipt AND id = OLD.sale));
END;
CREATE TRIGGER attempt_no_delete BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'attempt: never taken out'); END;

CREATE TRIGGER attempt_move_next BEFORE INSERT ON attempt_move BEGIN
  SELECT RAISE(ABORT, 'attempt_move: not the next one') WHERE NEW.n <> ifnull((SELECT moves + 1 FROM attempt WHERE number = NEW.attempt), 0);
  SELECT RAISE(ABORT, 'attempt_move: the attempt is in another state') WHERE NEW.from_state <> (SELECT state FROM attempt WHERE number = NEW.attempt);
  SELECT RAISE(ABORT, 'attempt_move: no such arrow') WHERE NEW.from_state <> NEW.to_state
    AND NOT EXISTS (SELECT 1 FROM attempt_arrow WHERE from_state = NEW.from_state AND to_state = NEW.to_state);
  SELECT RAISE(ABORT, 'attempt_move: its money is in a sale') WHERE EXISTS (SELECT 1 FROM attempt WHERE number = NEW.attempt AND booked = 1
    AND (NEW.to_state NOT IN (11, 13, 14) OR NEW.to_state = 13 AND receipt <> 0));
END;
CREATE TRIGGER attempt_move_done AFTER INSERT ON attempt_move BEGIN
  UPDATE attempt SET
    state = NEW.to_state, reason = NEW.reason, moves = NEW.n,
    said = CASE NEW.said WHEN '' THEN said ELSE NEW.said END,
    provider = CASE NEW.provider WHEN '' THEN provider ELSE NEW.provider END,
    handle = CASE NEW.handle WHEN '' THEN handle ELSE NEW.handle END,
    qr = CASE NEW.qr WHEN '' THEN qr ELSE NEW.qr END,
    changed_ms = CASE WHEN NEW.from_state = NEW.to_state THEN changed_ms ELSE NEW.at_ms END,
    paid_ms = CASE WHEN NEW.paid_ms <> 0 THEN NEW.paid_ms WHEN paid_ms = 0 AND NEW.to_state IN (11, 12) THEN NEW.at_ms ELSE paid_ms END,
    was_paid = max(was_paid, NEW.to_state IN (11, 12, 13)),
    took_ms = CASE WHEN was_paid = 0 AND NEW.to_state = 11 AND NEW.from_state NOT IN (8, 9, 14) THEN max(1, NEW.at_ms - planned_ms) ELSE took_ms END,
    refund_if_paid = max(refund_if_paid, NEW.refund_if_paid),
    returned = returned + NEW.returned, refunded = refunded + NEW.returned
  WHERE number = NEW.attempt;
END;
CREATE TRIGGER attempt_move_no_update BEFORE UPDATE ON attempt_move BEGIN SELECT RAISE(ABORT, 'attempt_move: never changed'); END;
CREATE TRIGGER attempt_move_no_delete BEFORE DELETE ON attempt_move BEGIN SELECT RAISE(ABORT, 'attempt_move: never changed'); END;

-- A provider's tender rests on a paid attempt of the same sale, share and
-- amount, and a booked attempt is a tender of its sale. Most sales have neither:
-- they must not pay for the guards.
CREATE TRIGGER sale_payments BEFORE INSERT ON sale WHEN EXISTS (SELECT 1 FROM attempt WHERE sale = NEW.id)
  OR EXISTS (SELECT 1 FROM tender WHERE sale = NEW.seq AND evidence = 1)
BEGIN
  SELECT RAISE(ABORT, 'sale: a payment of it is still open') WHERE EXISTS (SELECT 1 FROM attempt WHERE sale = NEW.id AND state IN (1, 3, 4, 5, 6, 8));
  SELECT RAISE(ABORT, 'sale: no paid attempt stands behind a tender') WHERE EXISTS (SELECT 1 FROM tender t WHERE t.sale = NEW.seq AND t.evidence = 1
    AND (SELECT count(*) FROM attempt a WHERE a.sale = NEW.id AND a.share = t.n AND a.booked = 1 AND a.state = 11 AND a.amount = t.amount) <> 1);
  SELECT RAISE(ABORT, 'sale: a booked payment is no tender of it') WHERE EXISTS (SELECT 1 FROM attempt a WHERE a.sale = NEW.id AND a.booked = 1
    AND NOT EXISTS (SELECT 1 FROM tender t WHERE t.sale = NEW.seq AND t.n = a.share AND t.evidence = 1));
END;
CREATE TRIGGER sale_paid AFTER INSERT ON sale WHEN EXISTS (SELECT 1 FROM attempt WHERE sale = NEW.id) BEGIN
  UPDATE attempt SET booked_in = NEW.seq, receipt = NEW.receipt WHERE sale = NEW.id AND booked = 1;
END;

-- Guards of refunds: those that hold never sum to more than was paid.

CREATE TRIGGER wallet_refund_new BEFORE INSERT ON wallet_refund BEGIN
  SELECT RAISE(ABORT, 'wallet_refund: not the next one') WHERE NEW.id <> (SELECT ifnull(max(id), 0) + 1 FROM wallet_refund);
  SELECT RAISE(ABORT, 'wallet_refund: number is taken') WHERE EXISTS (SELECT 1 FROM attempt WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM wallet_refund WHERE number = NEW.number);
  SELECT RAISE(ABORT, 'wallet_refund: not as planned') WHERE NEW.state <> 1 OR NEW.moves <> 0 OR NEW.cash <> 0 OR NEW.changed_ms <> NEW.planned_ms
    OR NEW.reason <> '' OR NEW.said <> '' OR NEW.provider <> '' OR NEW.handle <> '';
  SELECT RAISE(ABORT, 'wallet_refund: it was never paid') WHERE NOT EXISTS (SELECT 1 FROM attempt WHERE number = NEW.attempt AND was_paid = 1 AND state IN (11, 12, 13, 14));
  SELECT RAISE(ABORT, 'wallet_refund: more than was paid') WHERE NEW.amount
    + (SELECT ifnull(sum(amount), 0) FROM wallet_refund WHERE attempt = NEW.attempt AND (state <> 6 OR cash = 1))
    > (SELECT amount - returned FROM attempt WHERE number = NEW.attempt);
END;
CREATE TRIGGER wallet_refund_fixed BEFORE UPDATE OF id, number, attempt, ret, amount, why, cashier, shift, day, planned_ms, zone ON wallet_refund
BEGIN SELECT RAISE(ABORT, 'wallet_refund: fixed when it was planned'); END;
CREATE TRIGGER wallet_refund_by_move BEFORE UPDATE OF state, reason, said, provider, handle, changed_ms, moves ON wallet_refund BEGIN
  SELECT RAISE(ABORT, 'wallet_refund: changed without a move') WHERE NEW.moves <> OLD.moves + 1
    OR NOT EXISTS (SELECT 1 FROM wallet_refund_move WHERE refund = NEW.number AND n = NEW.moves AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER wallet_refund_holds AFTER UPDATE OF state, cash ON wallet_refund BEGIN
  SELECT RAISE(ABORT, 'wallet_refund: paid out in cash once') WHERE OLD.cash = 1;
  SELECT RAISE(ABORT, 'wallet_refund: more than was paid') WHERE
    (SELECT ifnull(sum(amount), 0) FROM wallet_refund WHERE attempt = NEW.attempt AND (state <> 6 OR cash = 1))
    > (SELECT amount - returned FROM attempt WHERE number = NEW.attempt);
  UPDATE attempt SET refunded = refunded + NEW.amount WHERE number = NEW.attempt
    AND (NEW.state = 5 OR NEW.cash = 1) AND NOT (OLD.state = 5 OR OLD.cash = 1);
END;
CREATE TRIGGER wallet_refund_no_delete BEFORE DELETE ON wallet_refund BEGIN SELECT RAISE(ABORT, 'wallet_refund: never taken out'); END;

CREATE TRIGGER wallet_refund_move_next BEFORE INSERT ON wallet_refund_move BEGIN
  SELECT RAISE(ABORT, 'wallet_refund_move: not the next one') WHERE NEW.n <> ifnull((SELECT moves + 1 FROM wallet_refund WHERE number = NEW.refund), 0);
  SELECT RAISE(ABORT, 'wallet_refund_move: the refund is in another state') WHERE NEW.from_state <> (SELECT state FROM wallet_refund WHERE number = NEW.refund);
  SELECT RAISE(ABORT, 'wallet_refund_move: no such arrow') WHERE NEW.from_state <> NEW.to_state
    AND NOT EXISTS (SELECT 1 FROM refund_arrow WHERE from_state = NEW.from_state AND to_state = NEW.to_state);
END;
CREATE TRIGGER wallet_refund_move_done AFTER INSERT ON wallet_refund_move BEGIN
  UPDATE wallet_refund SET
    state = NEW.to_state, reason = NEW.reason, moves = NEW.n,
    said = CASE NEW.said WHEN '' THEN said ELSE NEW.said END,
    provider = CASE NEW.provider WHEN '' THEN provider ELSE NEW.provider END,
    handle = CASE NEW.handle WHEN '' THEN handle ELSE NEW.handle END,
    changed_ms = CASE WHEN NEW.from_state = NEW.to_state THEN changed_ms ELSE NEW.at_ms END
  WHERE number = NEW.refund;
END;
CREATE TRIGGER wallet_refund_move_no_update BEFORE UPDATE ON wallet_refund_move BEGIN SELECT RAISE(ABORT, 'wallet_refund_move: never changed'); END;
CREATE TRIGGER wallet_refund_move_no_delete BEFORE DELETE ON wallet_refund_move BEGIN SELECT RAISE(ABORT, 'wallet_refund_move: never changed'); END;

-- A call takes its answer once.
CREATE TRIGGER wallet_call_next BEFORE INSERT ON wallet_call BEGIN
  SELECT RAISE(ABORT, 'wallet_call: not the next one') WHERE NEW.id <> (SELECT ifnull(max(id), 0) + 1 FROM wallet_call);
  SELECT RAISE(ABORT, 'wallet_call: it has not begun yet') WHERE NEW.ended_ms <> 0 OR NEW.status <> 0 OR NEW.answered <> '' OR NEW.fault <> '';
END;
CREATE TRIGGER wallet_call_fixed BEFORE UPDATE OF id, wallet, kind, number, method, url, hash, asked, began_ms ON wallet_call
BEGIN SELECT RAISE(ABORT, 'wallet_call: never changed'); END;
CREATE TRIGGER wallet_call_once BEFORE UPDATE ON wallet_call BEGIN
  SELECT RAISE(ABORT, 'wallet_call: answered once') WHERE OLD.ended_ms <> 0 OR NEW.ended_ms = 0;
END;
CREATE TRIGGER wallet_call_no_delete BEFORE DELETE ON wallet_call BEGIN SELECT RAISE(ABORT, 'wallet_call: never changed'); END;

CREATE TRIGGER payment_note_open BEFORE INSERT ON payment_note BEGIN
  SELECT RAISE(ABORT, 'payment_note: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'payment_note: day is closed') WHERE EXISTS (SELECT 1 FROM business_day WHERE day = NEW.day);
END;
CREATE TRIGGER payment_note_no_update BEFORE UPDATE ON payment_note BEGIN SELECT RAISE(ABORT, 'payment_note: never changed'); END;
CREATE TRIGGER payment_note_no_delete BEFORE DELETE ON payment_note BEGIN SELECT RAISE(ABORT, 'payment_note: never changed'); END;

-- The arrows stay.
CREATE TRIGGER attempt_arrow_no_insert BEFORE INSERT ON attempt_arrow BEGIN SELECT RAISE(ABORT, 'attempt_arrow: never changed'); END;
CREATE TRIGGER attempt_arrow_no_update BEFORE UPDATE ON attempt_arrow BEGIN SELECT RAISE(ABORT, 'attempt_arrow: never changed'); END;
CREATE TRIGGER attempt_arrow_no_delete BEFORE DELETE ON attempt_arrow BEGIN SELECT RAISE(ABORT, 'attempt_arrow: never changed'); END;
CREATE TRIGGER refund_arrow_no_insert BEFORE INSERT ON refund_arrow BEGIN SELECT RAISE(ABORT, 'refund_arrow: never changed'); END;
CREATE TRIGGER refund_arrow_no_update BEFORE UPDATE ON refund_arrow BEGIN SELECT RAISE(ABORT, 'refund_arrow: never changed'); END;
CREATE TRIGGER refund_arrow_no_delete BEFORE DELETE ON refund_arrow BEGIN SELECT RAISE(ABORT, 'refund_arrow: never changed'); END;
