-- The books of a shop, from the two files that it exports and nothing else:
-- the tables journal (one record a row, as JSON) and sales (the columns of the
-- sales export), and day_start, a modifier as '-4 hours'. The zone is that of
-- the environment's TZ.
--
-- Amounts are minor units of a currency with two decimals, quantities
-- thousandths, prices 1/10,000, rates parts per million. Of a sale only what was
-- keyed in is taken: prices, quantities, discounts, tenders, times. Its sums and
-- taxes are worked out again, half away from zero; the amounts rounded here are
-- never negative.

CREATE TABLE entry AS SELECT doc ->> 'seq' seq, doc ->> 'kind' kind, doc ->> 'at' at, doc ->> 'operator' operator, doc ->> 'shift' shift,
	doc ->> 'day' day, doc -> 'doc' doc FROM journal;
CREATE INDEX entry_kind ON entry(kind);

-- The business day follows from the time at which the shift was opened.
CREATE TABLE shift AS SELECT shift no, date(at, 'localtime', (SELECT modifier FROM day_start)) day,
	CAST(replace(doc ->> '$.opened.float', '.', '') AS INTEGER) float FROM entry WHERE kind = 'shift_opened';
CREATE UNIQUE INDEX shift_no ON shift(no);

CREATE TABLE sale AS SELECT e.seq, e.shift, s.day, CAST(strftime('%H', e.at, 'localtime') AS INTEGER) hour, e.operator, doc ->> '$.sale.receipt' receipt,
	CAST(replace(doc ->> '$.sale.discount.amount', '.', '') AS INTEGER) off, CAST(round((doc ->> '$.sale.discount.percent') * 1e6) AS INTEGER) off_ppm, doc
	FROM entry e JOIN shift s ON s.no = e.shift WHERE kind = 'sale_completed';
CREATE UNIQUE INDEX sale_receipt ON sale(receipt);

-- Lines that were not taken off, in the order of a sale.
CREATE TABLE keyed AS SELECT s.seq, s.receipt, s.off sale_off, s.off_ppm sale_ppm, l.value ->> 'n' n, l.value ->> 'code' code, l.value ->> 'name' name,
	l.value ->> 'category' category, CAST(round((l.value ->> 'qty') * 1000) AS INTEGER) qty, CAST(round((l.value ->> 'price') * 10000) AS INTEGER) price,
	CAST(replace(l.value ->> '$.discount.amount', '.', '') AS INTEGER) off, CAST(round((l.value ->> '$.discount.percent') * 1e6) AS INTEGER) off_ppm,
	l.value ->> '$.tax.code' class, l.value ->> '$.tax.rate' rate, CAST(round((l.value ->> '$.tax.rate') * 1e6) AS INTEGER) ppm, l.value ->> '$.tax.mode' mode
	FROM sale s, json_each(s.doc, '$.sale.lines') l WHERE NOT l.value ->> 'voided';

CREATE TABLE priced AS SELECT *, gross - line_off left_, sum(gross - line_off) OVER (PARTITION BY seq) whole,
	sum(gross - line_off) OVER (PARTITION BY seq ORDER BY n) run FROM (
	SELECT *, off + (2 * gross * off_ppm + 1000000) / 2000000 line_off FROM (
	SELECT *, (2 * price * qty + 100000) / 200000 gross FROM keyed));

-- The sale's discount is split by running totals.
CREATE TABLE line AS SELECT *, left_ - share base, left_ - share + added paid, CASE mode WHEN 'exclusive' THEN added ELSE
		(2 * (left_ - share) * ppm + 1000000 + ppm) / (2 * (1000000 + ppm)) END tax FROM (
	SELECT *, CASE mode WHEN 'exclusive' THEN (2 * (left_ - share) * ppm + 1000000) / 2000000 ELSE 0 END added FROM (
	SELECT *, CASE whole WHEN 0 THEN 0 ELSE (2 * cut * run + whole) / (2 * whole) - (2 * cut * (run - left_) + whole) / (2 * whole) END share FROM (
	SELECT *, sale_off + (2 * whole * sale_ppm + 1000000) / 2000000 cut FROM priced)));
CREATE INDEX line_place ON line(receipt, n);
CREATE INDEX line_seq ON line(seq);

CREATE TABLE tender AS SELECT s.seq, s.shift, s.day, t.value ->> 'kind' kind, CAST(replace(t.value ->> 'amount', '.', '') AS INTEGER) amount,
	CAST(replace(t.value ->> 'tendered', '.', '') AS INTEGER) tendered, t.value ->> 'evidence' evidence FROM sale s, json_each(s.doc, '$.sale.tenders') t;

-- What came back, and the sale's line that it came from.
CREATE TABLE back AS SELECT e.seq, e.shift, s.day, CAST(strftime('%H', e.at, 'localtime') AS INTEGER) hour, e.operator, doc ->> '$.return.receipt' receipt,
	doc ->> '$.return.of' of_receipt, doc ->> '$.return.post_void' post_void, doc
	FROM entry e JOIN shift s ON s.no = e.shift WHERE kind = 'returned';
CREATE TABLE back_keyed AS SELECT b.*, l.value ->> 'n' n, l.value ->> 'of' of_line, l.value ->> 'code' code, l.value ->> 'name' name, l.value ->> 'category' category,
	CAST(round((l.value ->> 'qty') * 1000) AS INTEGER) qty, CAST(replace(l.value ->> 'base', '.', '') AS INTEGER) loose,
	l.value ->> '$.tax.code' class, l.value ->> '$.tax.rate' rate, CAST(round((l.value ->> '$.tax.rate') * 1e6) AS INTEGER) ppm, l.value ->> '$.tax.mode' mode
	FROM back b, json_each(b.doc, '$.return.lines') l;

-- A part is worth its share of the line by running totals, over all returns of
-- it. Of goods without a receipt the value before tax is what was keyed in.
CREATE TABLE worth AS
	SELECT b.seq, b.n, (2 * l.paid * upto + l.qty) / (2 * l.qty) - (2 * l.paid * (upto - b.qty) + l.qty) / (2 * l.qty) paid,
		(2 * l.tax * upto + l.qty) / (2 * l.qty) - (2 * l.tax * (upto - b.qty) + l.qty) / (2 * l.qty) tax
	FROM (SELECT *, sum(qty) OVER (PARTITION BY of_receipt, of_line ORDER BY seq, n) upto FROM back_keyed WHERE of_receipt > 0) b
	JOIN line l ON l.receipt = b.of_receipt AND l.n = b.of_line
	UNION ALL
	SELECT seq, n, loose + iif(mode = 'exclusive', tax, 0), tax FROM (SELECT *, CASE mode WHEN 'exclusive' THEN (2 * loose * ppm + 1000000) / 2000000
		ELSE (2 * loose * ppm + 1000000 + ppm) / (2 * (1000000 + ppm)) END tax FROM back_keyed WHERE of_receipt = 0);
CREATE INDEX worth_seq ON worth(seq);
CREATE TABLE back_line AS SELECT * FROM back_keyed JOIN worth USING (seq, n);
CREATE TABLE refund AS SELECT b.seq, b.shift, b.day, r.value ->> 'kind' kind, CAST(replace(r.value ->> 'amount', '.', '') AS INTEGER) amount
	FROM back b, json_each(b.doc, '$.return.refunds') r;
CREATE INDEX tender_seq ON tender(seq);
CREATE INDEX refund_seq ON refund(seq);
CREATE INDEX back_line_seq ON back_line(seq);

-- One row for each sale and each return, for each line and for each tender.
CREATE TABLE deal AS
	SELECT s.seq, s.shift, s.day, s.hour, s.operator, 1 sales, 0 returns, 0 post_void, l.gross, l.gross - l.base discounts, l.added, l.tax, t.amount - l.paid rounding,
		0 refunds, t.amount net
	FROM (SELECT seq, sum(gross) gross, sum(base) base, sum(added) added, sum(tax) tax, sum(paid) paid FROM line GROUP BY seq) l JOIN sale s USING (seq)
	JOIN (SELECT seq, sum(amount) amount FROM tender GROUP BY seq) t USING (seq)
	UNION ALL
	SELECT b.seq, b.shift, b.day, b.hour, b.operator, 0, 1, b.post_void, 0, 0, 0, -l.tax, l.paid - r.amount, l.paid, -r.amount
	FROM back b JOIN (SELECT seq, sum(tax) tax, sum(paid) paid FROM back_line GROUP BY seq) l USING (seq)
	JOIN (SELECT seq, sum(amount) amount FROM refund GROUP BY seq) r USING (seq);
CREATE TABLE good AS
	SELECT s.shift, s.day, s.hour, s.receipt, 'sale' type, NULL of_receipt, s.operator, l.n, l.code, l.name, l.category, l.qty, l.gross, l.gross - l.base discount,
		l.class, l.rate, l.mode, l.tax, l.paid FROM line l JOIN sale s USING (seq)
	UNION ALL
	SELECT shift, day, hour, receipt, iif(post_void, 'post_void', 'return'), nullif(of_receipt, 0), operator, n, code, name, category, -qty,
		-(paid - iif(mode = 'exclusive', tax, 0)), 0, class, rate, mode, -tax, -paid FROM back_line;
CREATE TABLE share AS
	SELECT seq, shift, day, kind, 1 sold, amount, 0 refunded, tendered, (kind = 'transfer' OR kind LIKE 'qr:%' OR kind LIKE 'wallet:%') AND evidence <> 'provider' unverified
	FROM tender
	UNION ALL SELECT seq, shift, day, kind, 0, 0, amount, 0, 0 FROM refund;

CREATE INDEX share_shift ON share(shift);

-- What else a shift saw.
CREATE TABLE off AS SELECT e.shift, s.day, count(*) filter (WHERE l.value ->> 'voided') lines, kind = 'sale_cancelled' cancelled
	FROM entry e JOIN shift s ON s.no = e.shift, json_each(e.doc, '$.sale.lines') l WHERE kind IN ('sale_completed', 'sale_cancelled') GROUP BY e.seq;
CREATE TABLE moved AS SELECT shift, doc ->> 'movement' kind, CAST(replace(doc ->> 'amount', '.', '') AS INTEGER) amount FROM entry WHERE kind = 'cash_moved';
CREATE INDEX moved_shift ON moved(shift);
CREATE TABLE counted AS SELECT e.shift, ifnull(sum((c.value ->> 'n') * CAST(replace(c.value ->> 'denomination', '.', '') AS INTEGER)), 0) amount
	FROM entry e LEFT JOIN json_each(e.doc, '$.count') c WHERE kind = 'shift_closed' GROUP BY e.seq;
CREATE TABLE drawer AS SELECT *, float + cash + paid_in + loans - paid_out - drops expected, (SELECT amount FROM counted c WHERE c.shift = no) counted FROM (
	SELECT no, day, float, (SELECT ifnull(sum(amount), 0) FROM moved m WHERE m.shift = no AND kind = 'paid_in') paid_in,
		(SELECT ifnull(sum(amount), 0) FROM moved m WHERE m.shift = no AND kind = 'paid_out') paid_out,
		(SELECT ifnull(sum(amount), 0) FROM moved m WHERE m.shift = no AND kind = 'drop') drops,
		(SELECT ifnull(sum(amount), 0) FROM moved m WHERE m.shift = no AND kind = 'loan') loans,
		(SELECT ifnull(sum(amount - refunded), 0) FROM share t WHERE t.shift = no AND kind = 'cash') cash FROM shift);

CREATE INDEX deal_day ON deal(day);
CREATE INDEX good_day ON good(day);
CREATE INDEX share_day ON share(day);
CREATE INDEX off_day ON off(day);
CREATE INDEX drawer_day ON drawer(day);
