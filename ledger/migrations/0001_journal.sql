-- The journal, the rows projected from it and the sums kept beside them.
-- Money is minor units, quantities thousandths, rates parts per million, times
-- milliseconds of UTC. A document's parts go in first and its entry last: the
-- entry seals them, and nothing can be added to a sealed document.

CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entry(
  seq   INTEGER PRIMARY KEY CHECK (seq > 0),
  kind  INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  shift INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  body  BLOB NOT NULL,
  prev  BLOB NOT NULL CHECK (length(prev) = 32),
  hash  BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE signature(
  seq INTEGER PRIMARY KEY REFERENCES entry(seq),
  sig BLOB NOT NULL CHECK (length(sig) = 64),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE business_day(
  day        INTEGER PRIMARY KEY,
  closed_seq INTEGER NOT NULL REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE shift(
  no        INTEGER PRIMARY KEY CHECK (no > 0),
  seq       INTEGER NOT NULL UNIQUE REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  day       INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  float     INTEGER NOT NULL CHECK (float >= 0)
) STRICT;

CREATE TABLE shift_close(
  no         INTEGER PRIMARY KEY REFERENCES shift(no),
  seq        INTEGER NOT NULL UNIQUE REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  closed_ms  INTEGER NOT NULL,
  counted    INTEGER NOT NULL CHECK (counted >= 0),
  expected   INTEGER NOT NULL,
  over_short INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  CHECK (counted - expected = over_short)
) STRICT;

CREATE TABLE z_report(
  no          INTEGER PRIMARY KEY CHECK (no > 0),
  seq         INTEGER NOT NULL UNIQUE REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  shift       INTEGER NOT NULL UNIQUE REFERENCES shift(no),
  day         INTEGER NOT NULL,
  net         INTEGER NOT NULL,
  grand_total INTEGER NOT NULL
) STRICT;

-- One series of receipt numbers for sales and returns.
CREATE TABLE receipt(
  no  INTEGER PRIMARY KEY CHECK (no > 0),
  seq INTEGER NOT NULL UNIQUE REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE sale(
  seq        INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  receipt    INTEGER NOT NULL UNIQUE REFERENCES receipt(no),
  shift      INTEGER NOT NULL REFERENCES shift(no),
  day        INTEGER NOT NULL,
  hour       INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  at_ms      INTEGER NOT NULL,
  operator   TEXT NOT NULL,
  gross      INTEGER NOT NULL CHECK (gross >= 0),
  discounts  INTEGER NOT NULL CHECK (discounts BETWEEN 0 AND gross),
  tax        INTEGER NOT NULL CHECK (tax >= tax_added),
  tax_added  INTEGER NOT NULL CHECK (tax_added >= 0),
  rounding   INTEGER NOT NULL,
  total      INTEGER NOT NULL CHECK (total >= 0),
  CHECK (gross - discounts + tax_added + rounding = total)
) STRICT;
CREATE INDEX sale_day ON sale(day);

CREATE TABLE sale_line(
  sale       INTEGER NOT NULL REFERENCES sale(seq) DEFERRABLE INITIALLY DEFERRED,
  n          INTEGER NOT NULL CHECK (n > 0),
  voided     INTEGER NOT NULL CHECK (voided IN (0, 1)),
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  category   TEXT NOT NULL,
  qty        INTEGER NOT NULL CHECK (qty > 0),
  price      INTEGER NOT NULL CHECK (price >= 0),
  list_price INTEGER NOT NULL CHECK (list_price >= 0),
  gross      INTEGER NOT NULL CHECK (gross >= 0),
  discount   INTEGER NOT NULL CHECK (discount BETWEEN 0 AND gross),
  tax_class  TEXT NOT NULL,
  tax_rate   INTEGER NOT NULL CHECK (tax_rate BETWEEN 0 AND 1000000),
  tax_mode   INTEGER NOT NULL CHECK (tax_mode IN (0, 1)),
  tax        INTEGER NOT NULL CHECK (tax >= 0),
  tax_added  INTEGER NOT NULL CHECK (tax_added IN (0, tax)),
  paid       INTEGER NOT NULL,
  PRIMARY KEY (sale, n),
  CHECK (gross - discount + tax_added = paid)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender(
  sale     INTEGER NOT NULL REFERENCES sale(seq) DEFERRABLE INITIALLY DEFERRED,
  n        INTEGER NOT NULL CHECK (n > 0),
  kind     TEXT NOT NULL CHECK (kind <> ''),
  amount   INTEGER NOT NULL CHECK (amount >= 0),
  tendered INTEGER NOT NULL,
  change   INTEGER NOT NULL CHECK (change >= 0),
  ref      TEXT NOT NULL,
  evidence INTEGER NOT NULL CHECK (evidence BETWEEN 0 AND 2),
  PRIMARY KEY (sale, n),
  CHECK (tendered - change = amount),
  CHECK (change = 0 OR kind = 'cash')
) STRICT, WITHOUT ROWID;

CREATE TABLE return_doc(
  seq       INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id        BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  receipt   INTEGER NOT NULL UNIQUE REFERENCES receipt(no),
  of_receipt INTEGER REFERENCES sale(receipt),
  post_void INTEGER NOT NULL CHECK (post_void IN (0, 1)),
  shift     INTEGER NOT NULL REFERENCES shift(no),
  day       INTEGER NOT NULL,
  hour      INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  at_ms     INTEGER NOT NULL,
  operator  TEXT NOT NULL,
  value     INTEGER NOT NULL CHECK (value >= 0),
  rounding  INTEGER NOT NULL
) STRICT;
CREATE INDEX return_day ON return_doc(day);
CREATE INDEX return_of ON return_doc(of_receipt) WHERE of_receipt IS NOT NULL;

CREATE TABLE return_line(
  ret       INTEGER NOT NULL REFERENCES return_doc(seq) DEFERRABLE INITIALLY DEFERRED,
  n         INTEGER NOT NULL CHECK (n > 0),
  of_line   INTEGER NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  category  TEXT NOT NULL,
  qty       INTEGER NOT NULL CHECK (qty > 0),
  tax_class TEXT NOT NULL,
  tax_rate  INTEGER NOT NULL,
  tax_mode  INTEGER NOT NULL,
  tax       INTEGER NOT NULL CHECK (tax >= 0),
  tax_added INTEGER NOT NULL CHECK (tax_added >= 0),
  paid      INTEGER NOT NULL CHECK (paid >= 0),
  PRIMARY KEY (ret, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE refund(
  ret    INTEGER NOT NULL REFERENCES return_doc(seq) DEFERRABLE INITIALLY DEFERRED,
  n      INTEGER NOT NULL CHECK (n > 0),
  kind   TEXT NOT NULL CHECK (kind <> ''),
  amount INTEGER NOT NULL CHECK (amount > 0),
  ref    TEXT NOT NULL,
  PRIMARY KEY (ret, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender_mend(
  seq       INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  receipt   INTEGER NOT NULL REFERENCES sale(receipt),
  n         INTEGER NOT NULL,
  from_kind TEXT NOT NULL,
  to_kind   TEXT NOT NULL CHECK (to_kind <> from_kind),
  amount    INTEGER NOT NULL CHECK (amount >= 0),
  ref       TEXT NOT NULL,
  shift     INTEGER NOT NULL REFERENCES shift(no),
  day       INTEGER NOT NULL
) STRICT;
CREATE INDEX tender_mend_of ON tender_mend(receipt);

CREATE TABLE cash_movement(
  seq    INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id     BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  kind   TEXT NOT NULL CHECK (kind IN ('paid_in', 'paid_out', 'drop', 'loan', 'no_sale')),
  amount INTEGER NOT NULL CHECK (amount >= 0 AND (amount = 0) = (kind = 'no_sale')),
  reason TEXT NOT NULL,
  shift  INTEGER NOT NULL REFERENCES shift(no),
  day    INTEGER NOT NULL
) STRICT;

CREATE TABLE cancelled(
  seq   INTEGER PRIMARY KEY REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  shift INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  voids INTEGER NOT NULL
) STRICT;

CREATE TABLE posting(
  seq     INTEGER NOT NULL REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  account TEXT NOT NULL,
  amount  INTEGER NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (seq, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting(
  key   TEXT NOT NULL,
  seq   INTEGER NOT NULL REFERENCES entry(seq) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator(
  code         TEXT PRIMARY KEY CHECK (code <> ''),
  name         TEXT NOT NULL,
  role         TEXT NOT NULL CHECK (role IN ('cashier', 'manager', 'owner', 'installer')),
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  expires_ms   INTEGER NOT NULL DEFAULT 0,
  pin_hash     TEXT NOT NULL DEFAULT '',
  pin_failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Work rows: outside the chain, changed as the work goes on.

CREATE TABLE basket(
  id      BLOB PRIMARY KEY CHECK (length(id) = 16),
  body    BLOB NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX basket_current ON basket(current) WHERE current = 1;

CREATE TABLE print_job(
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,
  ref        INTEGER NOT NULL,
  copy       INTEGER NOT NULL CHECK (copy >= 0),
  text       TEXT NOT NULL,
  state      TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'held', 'sending', 'sent', 'confirmed', 'uncertain', 'dropped')),
  note       TEXT NOT NULL DEFAULT '',
  attempt    INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_due ON print_job(id) WHERE state IN ('queued', 'held', 'sending', 'uncertain');
CREATE UNIQUE INDEX print_job_copy ON print_job(kind, ref, copy) WHERE kind = 'receipt';

CREATE TABLE pulse(
  id         INTEGER PRIMARY KEY,
  reason     TEXT NOT NULL,
  state      TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'expired', 'failed')),
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pulse_due ON pulse(id) WHERE state = 'queued';

-- Sums, kept in the transaction of what they sum.

CREATE TABLE shift_sum(
  shift INTEGER PRIMARY KEY, day INTEGER NOT NULL,
  sales INTEGER NOT NULL DEFAULT 0, gross INTEGER NOT NULL DEFAULT 0, discounts INTEGER NOT NULL DEFAULT 0, tax INTEGER NOT NULL DEFAULT 0,
  tax_added INTEGER NOT NULL DEFAULT 0, rounding INTEGER NOT NULL DEFAULT 0, returns INTEGER NOT NULL DEFAULT 0, refunds INTEGER NOT NULL DEFAULT 0,
  voids INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0, post_voids INTEGER NOT NULL DEFAULT 0, no_sales INTEGER NOT NULL DEFAULT 0,
  paid_in INTEGER NOT NULL DEFAULT 0, paid_out INTEGER NOT NULL DEFAULT 0, drops INTEGER NOT NULL DEFAULT 0, loans INTEGER NOT NULL DEFAULT 0,
  first_no INTEGER NOT NULL DEFAULT 0, last_no INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX shift_sum_day ON shift_sum(day);

CREATE TABLE tender_sum(
  shift INTEGER NOT NULL, kind TEXT NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, amount INTEGER NOT NULL, refunded INTEGER NOT NULL,
  tendered INTEGER NOT NULL, change INTEGER NOT NULL, unverified INTEGER NOT NULL, unverified_count INTEGER NOT NULL,
  PRIMARY KEY (shift, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tax_sum(
  shift INTEGER NOT NULL, class TEXT NOT NULL, rate INTEGER NOT NULL, mode INTEGER NOT NULL, day INTEGER NOT NULL, taxable INTEGER NOT NULL, tax INTEGER NOT NULL,
  PRIMARY KEY (shift, class, rate, mode)
) STRICT, WITHOUT ROWID;

CREATE TABLE hour_sum(
  day INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, net INTEGER NOT NULL,
  PRIMARY KEY (day, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_sum(
  day INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, qty INTEGER NOT NULL, net INTEGER NOT NULL,
  PRIMARY KEY (day, code, name, category)
) STRICT, WITHOUT ROWID;

-- Guards. The entry is the seal: before it, the parts go in; after it, nothing.

CREATE TRIGGER entry_next BEFORE INSERT ON entry BEGIN
  SELECT RAISE(ABORT, 'entry: not the next number') WHERE NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM entry);
  SELECT RAISE(ABORT, 'entry: not the next link of the chain') WHERE NEW.seq > 1 AND NEW.prev <> (SELECT hash FROM entry WHERE seq = NEW.seq - 1);
  SELECT RAISE(ABORT, 'entry: postings do not sum to zero') WHERE (SELECT ifnull(sum(amount), 0) FROM posting WHERE seq = NEW.seq) <> 0;
END;

CREATE TRIGGER receipt_next BEFORE INSERT ON receipt BEGIN
  SELECT RAISE(ABORT, 'receipt: not the next number') WHERE NEW.no <> (SELECT ifnull(max(no), 0) + 1 FROM receipt);
  SELECT RAISE(ABORT, 'receipt: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
END;

CREATE TRIGGER shift_next BEFORE INSERT ON shift BEGIN
  SELECT RAISE(ABORT, 'shift: not the next number') WHERE NEW.no <> (SELECT ifnull(max(no), 0) + 1 FROM shift);
  SELECT RAISE(ABORT, 'shift: one is open') WHERE EXISTS (SELECT 1 FROM shift s WHERE NOT EXISTS (SELECT 1 FROM shift_close c WHERE c.no = s.no));
  SELECT RAISE(ABORT, 'shift: day is closed') WHERE EXISTS (SELECT 1 FROM business_day WHERE day = NEW.day);
END;

CREATE TRIGGER z_next BEFORE INSERT ON z_report BEGIN
  SELECT RAISE(ABORT, 'z: not the next number') WHERE NEW.no <> (SELECT ifnull(max(no), 0) + 1 FROM z_report);
END;

CREATE TRIGGER sale_seal BEFORE INSERT ON sale BEGIN
  SELECT RAISE(ABORT, 'sale: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'sale: shift is closed') WHERE EXISTS (SELECT 1 FROM shift_close WHERE no = NEW.shift);
  SELECT RAISE(ABORT, 'sale: day is closed') WHERE EXISTS (SELECT 1 FROM business_day WHERE day = NEW.day);
  SELECT RAISE(ABORT, 'sale: lines do not sum to it') FROM (
    SELECT ifnull(sum(gross), 0) g, ifnull(sum(discount), 0) d, ifnull(sum(tax), 0) t, ifnull(sum(tax_added), 0) a FROM sale_line WHERE sale = NEW.seq AND voided = 0)
    WHERE g <> NEW.gross OR d <> NEW.discounts OR t <> NEW.tax OR a <> NEW.tax_added;
  SELECT RAISE(ABORT, 'sale: tenders do not sum to it') WHERE (SELECT ifnull(sum(amount), -1) FROM tender WHERE sale = NEW.seq) <> NEW.total;
END;
CREATE TRIGGER sale_line_open BEFORE INSERT ON sale_line BEGIN
  SELECT RAISE(ABORT, 'sale_line: sale is sealed') WHERE EXISTS (SELECT 1 FROM sale WHERE seq = NEW.sale);
END;
CREATE TRIGGER tender_open BEFORE INSERT ON tender BEGIN
  SELECT RAISE(ABORT, 'tender: sale is sealed') WHERE EXISTS (SELECT 1 FROM sale WHERE seq = NEW.sale);
END;

CREATE TRIGGER return_seal BEFORE INSERT ON return_doc BEGIN
  SELECT RAISE(ABORT, 'return: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'return: shift is closed') WHERE EXISTS (SELECT 1 FROM shift_close WHERE no = NEW.shift);
  SELECT RAISE(ABORT, 'return: day is closed') WHERE EXISTS (SELECT 1 FROM business_day WHERE day = NEW.day);
  SELECT RAISE(ABORT, 'return: sale is post-voided') WHERE EXISTS (SELECT 1 FROM return_doc WHERE of_receipt = NEW.of_receipt AND post_void = 1);
  SELECT RAISE(ABORT, 'return: lines do not sum to it') WHERE (SELECT ifnull(sum(paid), 0) FROM return_line WHERE ret = NEW.seq) <> NEW.value;
  SELECT RAISE(ABORT, 'return: refunds do not sum to it') WHERE (SELECT ifnull(sum(amount), 0) FROM refund WHERE ret = NEW.seq) <> NEW.value - NEW.rounding;
  SELECT RAISE(ABORT, 'return: more than was sold') WHERE NEW.of_receipt IS NOT NULL AND EXISTS (
    SELECT 1 FROM return_line r WHERE r.ret = NEW.seq AND
      (SELECT sum(o.qty) FROM return_line o WHERE o.of_line = r.of_line AND (o.ret = NEW.seq OR o.ret IN (SELECT seq FROM return_doc WHERE of_receipt = NEW.of_receipt)))
      > ifnull((SELECT qty FROM sale_line l WHERE l.sale = (SELECT seq FROM sale WHERE receipt = NEW.of_receipt) AND l.n = r.of_line AND l.voided = 0), 0));
  SELECT RAISE(ABORT, 'return: more than a tender took') WHERE NEW.of_receipt IS NOT NULL AND EXISTS (
    SELECT 1 FROM refund r WHERE r.ret = NEW.seq AND
      (SELECT sum(o.amount) FROM refund o WHERE o.kind = r.kind AND (o.ret = NEW.seq OR o.ret IN (SELECT seq FROM return_doc WHERE of_receipt = NEW.of_receipt)))
      > ifnull((SELECT sum(amount) FROM tender WHERE sale = (SELECT seq FROM sale WHERE receipt = NEW.of_receipt) AND kind = r.kind), 0)
        + ifnull((SELECT sum(amount) FROM tender_mend WHERE receipt = NEW.of_receipt AND to_kind = r.kind), 0)
        - ifnull((SELECT sum(amount) FROM tender_mend WHERE receipt = NEW.of_receipt AND from_kind = r.kind), 0));
END;
CREATE TRIGGER return_line_open BEFORE INSERT ON return_line BEGIN
  SELECT RAISE(ABORT, 'return_line: return is sealed') WHERE EXISTS (SELECT 1 FROM return_doc WHERE seq = NEW.ret);
END;
CREATE TRIGGER refund_open BEFORE INSERT ON refund BEGIN
  SELECT RAISE(ABORT, 'refund: return is sealed') WHERE EXISTS (SELECT 1 FROM return_doc WHERE seq = NEW.ret);
END;

CREATE TRIGGER cash_open BEFORE INSERT ON cash_movement BEGIN
  SELECT RAISE(ABORT, 'cash: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'cash: shift is closed') WHERE EXISTS (SELECT 1 FROM shift_close WHERE no = NEW.shift);
END;
CREATE TRIGGER mend_open BEFORE INSERT ON tender_mend BEGIN
  SELECT RAISE(ABORT, 'mend: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'mend: shift is closed') WHERE EXISTS (SELECT 1 FROM shift_close WHERE no = NEW.shift);
END;
CREATE TRIGGER posting_open BEFORE INSERT ON posting BEGIN
  SELECT RAISE(ABORT, 'posting: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
END;
CREATE TRIGGER close_open BEFORE INSERT ON shift_close BEGIN
  SELECT RAISE(ABORT, 'shift_close: sealed') WHERE EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq);
END;

-- What is written stays as it was written.
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry: never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry: never changed'); END;
CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signature: never changed'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'signature: never changed'); END;
CREATE TRIGGER business_day_no_update BEFORE UPDATE ON business_day BEGIN SELECT RAISE(ABORT, 'business_day: never changed'); END;
CREATE TRIGGER business_day_no_delete BEFORE DELETE ON business_day BEGIN SELECT RAISE(ABORT, 'business_day: never changed'); END;
CREATE TRIGGER shift_no_update BEFORE UPDATE ON shift BEGIN SELECT RAISE(ABORT, 'shift: never changed'); END;
CREATE TRIGGER shift_no_delete BEFORE DELETE ON shift BEGIN SELECT RAISE(ABORT, 'shift: never changed'); END;
CREATE TRIGGER shift_close_no_update BEFORE UPDATE ON shift_close BEGIN SELECT RAISE(ABORT, 'shift_close: never changed'); END;
CREATE TRIGGER shift_close_no_delete BEFORE DELETE ON shift_close BEGIN SELECT RAISE(ABORT, 'shift_close: never changed'); END;
CREATE TRIGGER z_report_no_update BEFORE UPDATE ON z_report BEGIN SELECT RAISE(ABORT, 'z_report: never changed'); END;
CREATE TRIGGER z_report_no_delete BEFORE DELETE ON z_report BEGIN SELECT RAISE(ABORT, 'z_report: never changed'); END;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt: never changed'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt: never changed'); END;
CREATE TRIGGER sale_no_update BEFORE UPDATE ON sale BEGIN SELECT RAISE(ABORT, 'sale: never changed'); END;
CREATE TRIGGER sale_no_delete BEFORE DELETE ON sale BEGIN SELECT RAISE(ABORT, 'sale: never changed'); END;
CREATE TRIGGER sale_line_no_update BEFORE UPDATE ON sale_line BEGIN SELECT RAISE(ABORT, 'sale_line: never changed'); END;
CREATE TRIGGER sale_line_no_delete BEFORE DELETE ON sale_line BEGIN SELECT RAISE(ABORT, 'sale_line: never changed'); END;
CREATE TRIGGER tender_no_update BEFORE UPDATE ON tender BEGIN SELECT RAISE(ABORT, 'tender: never changed'); END;
CREATE TRIGGER tender_no_delete BEFORE DELETE ON tender BEGIN SELECT RAISE(ABORT, 'tender: never changed'); END;
CREATE TRIGGER return_doc_no_update BEFORE UPDATE ON return_doc BEGIN SELECT RAISE(ABORT, 'return_doc: never changed'); END;
CREATE TRIGGER return_doc_no_delete BEFORE DELETE ON return_doc BEGIN SELECT RAISE(ABORT, 'return_doc: never changed'); END;
CREATE TRIGGER return_line_no_update BEFORE UPDATE ON return_line BEGIN SELECT RAISE(ABORT, 'return_line: never changed'); END;
CREATE TRIGGER return_line_no_delete BEFORE DELETE ON return_line BEGIN SELECT RAISE(ABORT, 'return_line: never changed'); END;
CREATE TRIGGER refund_no_update BEFORE UPDATE ON refund BEGIN SELECT RAISE(ABORT, 'refund: never changed'); END;
CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund BEGIN SELECT RAISE(ABORT, 'refund: never changed'); END;
CREATE TRIGGER tender_mend_no_update BEFORE UPDATE ON tender_mend BEGIN SELECT RAISE(ABORT, 'tender_mend: never changed'); END;
CREATE TRIGGER tender_mend_no_delete BEFORE DELETE ON tender_mend BEGIN SELECT RAISE(ABORT, 'tender_mend: never changed'); END;
CREATE TRIGGER cash_movement_no_update BEFORE UPDATE ON cash_movement BEGIN SELECT RAISE(ABORT, 'cash_movement: never changed'); END;
CREATE TRIGGER cash_movement_no_delete BEFORE DELETE ON cash_movement BEGIN SELECT RAISE(ABORT, 'cash_movement: never changed'); END;
CREATE TRIGGER cancelled_no_update BEFORE UPDATE ON cancelled BEGIN SELECT RAISE(ABORT, 'cancelled: never changed'); END;
CREATE TRIGGER cancelled_no_delete BEFORE DELETE ON cancelled BEGIN SELECT RAISE(ABORT, 'cancelled: never changed'); END;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting: never changed'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting: never changed'); END;
CREATE TRIGGER setting_no_update BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'setting: never changed'); END;
CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting BEGIN SELECT RAISE(ABORT, 'setting: never changed'); END;
