-- What has to be empty, one row for each thing that is wrong.

-- The day of each record is that of its shift.
SELECT 'seq ' || e.seq || ' is booked on ' || e.day || ', its shift on ' || s.day FROM entry e JOIN shift s ON s.no = e.shift WHERE e.day <> s.day LIMIT 20;

-- Receipt numbers have no gap and are not given twice.
SELECT count(*) || ' receipts up to ' || max(receipt) FROM (SELECT receipt FROM sale UNION ALL SELECT receipt FROM back)
	HAVING count(*) <> max(receipt) OR count(DISTINCT receipt) <> count(*);

-- The sales export has the lines of the journal, worth what they were worked out to be. A text
-- that a spreadsheet program would take for a formula has a mark before it.
CREATE TEMP VIEW exported(receipt, type, of_receipt, day, hour, shift, operator, n, code, name, category, qty, gross, discount, class, rate, tax, paid) AS SELECT CAST(receipt AS INTEGER), type, CAST(nullif(of_receipt, '') AS INTEGER), business_day, CAST(strftime('%H', time, 'localtime') AS INTEGER),
	CAST(shift AS INTEGER), operator, CAST(line AS INTEGER), code, iif(name LIKE '''=%', substr(name, 2), name), category, CAST(round(qty * 1000) AS INTEGER),
	CAST(replace(gross, '.', '') AS INTEGER), CAST(replace(discount, '.', '') AS INTEGER), tax_class, tax_rate, CAST(replace(tax, '.', '') AS INTEGER),
	CAST(replace(net, '.', '') AS INTEGER) FROM sales;
CREATE TEMP VIEW worked AS SELECT receipt, type, of_receipt, day, hour, shift, operator, n, code, name, category, qty, gross, discount, class, rate, tax, paid FROM good;
SELECT 'worked out, not exported: ' || receipt || '/' || n FROM (SELECT * FROM worked EXCEPT SELECT * FROM exported) LIMIT 20;
SELECT 'exported, not worked out: ' || receipt FROM (SELECT * FROM exported EXCEPT SELECT * FROM worked) LIMIT 20;
SELECT count(*) || ' lines exported, not ' || (SELECT count(*) FROM good) FROM sales HAVING count(*) <> (SELECT count(*) FROM good);

-- Each shift that was closed has one Z, with its sums.
CREATE TEMP VIEW zs AS SELECT shift, doc ->> 'no' no, doc FROM entry WHERE kind = 'z_reported';
SELECT 'shift ' || c.shift || ' has no Z' FROM counted c LEFT JOIN zs z USING (shift) WHERE z.shift IS NULL;
SELECT 'Z ' || no || ' after Z ' || before FROM (SELECT no, lag(no, 1, 0) OVER (ORDER BY shift) before FROM zs) WHERE no <> before + 1;

-- The accounts of each Z: once by what it says itself, once by what was worked out.
CREATE TEMP TABLE of_z(z INTEGER, account TEXT, amount INTEGER);
INSERT INTO of_z SELECT no, 'revenues:sales', -CAST(replace(doc ->> '$.totals.gross', '.', '') AS INTEGER) + CAST(replace(doc ->> '$.totals.discounts', '.', '') AS INTEGER)
	- CAST(replace(doc ->> '$.totals.tax_added', '.', '') AS INTEGER) + CAST(replace(doc ->> '$.totals.refunds', '.', '') AS INTEGER)
	+ CAST(replace(doc ->> '$.totals.tax', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'liabilities:tax', -CAST(replace(doc ->> '$.totals.tax', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'revenues:rounding', -CAST(replace(doc ->> '$.totals.rounding', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'revenues:paid_in', -CAST(replace(doc ->> '$.totals.paid_in', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'expenses:paid_out', CAST(replace(doc ->> '$.totals.paid_out', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'assets:safe', CAST(replace(doc ->> '$.totals.drops', '.', '') AS INTEGER) - CAST(replace(doc ->> '$.totals.loans', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'assets:float', CAST(replace(doc ->> 'counted', '.', '') AS INTEGER) - CAST(replace(doc ->> '$.totals.float', '.', '') AS INTEGER) FROM zs;
INSERT INTO of_z SELECT no, 'assets:tender:' || (t.value ->> 'kind'), CAST(replace(t.value ->> 'amount', '.', '') AS INTEGER) - CAST(replace(t.value ->> 'refunded', '.', '') AS INTEGER)
	FROM zs, json_each(zs.doc, '$.totals.tenders') t WHERE t.value ->> 'kind' <> 'cash';
-- What is left over is in the drawer or missing there.
INSERT INTO of_z SELECT z, 'expenses:over_short', -sum(amount) FROM of_z GROUP BY z;
DELETE FROM of_z WHERE amount = 0;

CREATE TEMP VIEW of_shift AS
	SELECT z.no z, account, sum(amount) amount FROM (
	SELECT shift, 'revenues:sales' account, -(gross - discounts + added - refunds - tax) amount FROM deal
	UNION ALL SELECT shift, 'liabilities:tax', -tax FROM deal
	UNION ALL SELECT shift, 'revenues:rounding', -rounding FROM deal
	UNION ALL SELECT no, 'revenues:paid_in', -paid_in FROM drawer
	UNION ALL SELECT no, 'expenses:paid_out', paid_out FROM drawer
	UNION ALL SELECT no, 'assets:safe', drops - loans FROM drawer
	UNION ALL SELECT no, 'assets:float', counted - float FROM drawer
	UNION ALL SELECT no, 'expenses:over_short', expected - counted FROM drawer
	UNION ALL SELECT shift, 'assets:tender:' || kind, amount - refunded FROM share WHERE kind <> 'cash')
	JOIN zs z USING (shift) GROUP BY z.no, account HAVING sum(amount) <> 0;
SELECT 'Z ' || z || ' says ' || account || ' ' || amount FROM (SELECT * FROM of_z EXCEPT SELECT * FROM of_shift) LIMIT 20;
SELECT 'Z ' || z || ' should say ' || account || ' ' || amount FROM (SELECT * FROM of_shift EXCEPT SELECT * FROM of_z) LIMIT 20;

-- The year has what makes it a judge.
CREATE TEMP VIEW offset_of AS SELECT seq, shift, kind, at, round((julianday(at, 'localtime') - julianday(at)) * 24) hours FROM entry WHERE shift IS NOT NULL;
SELECT 'the year has no ' || what FROM (
	SELECT 'return on a later day' what, count(*) n FROM back b JOIN sale s ON s.receipt = b.of_receipt WHERE s.day < b.day AND NOT b.post_void
	UNION ALL SELECT 'post-void on a later day', count(*) FROM back b JOIN sale s ON s.receipt = b.of_receipt WHERE s.day < b.day AND b.post_void
	UNION ALL SELECT 'return without a receipt', count(*) FROM back WHERE of_receipt = 0
	UNION ALL SELECT 'line returned in parts', count(*) FROM (SELECT 1 FROM back_keyed WHERE of_receipt > 0 GROUP BY of_receipt, of_line HAVING count(*) > 2)
	UNION ALL SELECT 'sale after midnight of the day before', count(*) FROM sale WHERE hour < 4
	UNION ALL SELECT 'sale past the next day''s start', count(*) FROM sale s JOIN entry e USING (seq) WHERE date(e.at, 'localtime') > s.day AND hour >= 4
	UNION ALL SELECT 'shift from the first second of a day', count(*) FROM entry WHERE kind = 'shift_opened' AND time(at, 'localtime') = '04:00:00'
	UNION ALL SELECT 'shift from the last second of a day', count(*) FROM entry WHERE kind = 'shift_opened' AND time(at, 'localtime') = '03:59:59'
	UNION ALL SELECT 'clock put back between shifts', count(*) FROM entry o JOIN entry c ON c.shift = o.shift - 1 AND c.kind = 'shift_closed'
		WHERE o.kind = 'shift_opened' AND julianday(o.at) < julianday(c.at) - 0.01
	UNION ALL SELECT 'sale after the clocks changed in its shift', (SELECT count(*) FROM offset_of s JOIN offset_of o ON o.shift = s.shift AND o.kind = 'shift_opened' AND s.hours <> o.hours
		WHERE s.kind = 'sale_completed') + (SELECT count(DISTINCT hours) = 1 FROM offset_of)
	UNION ALL SELECT 'day of three shifts', count(*) FROM (SELECT 1 FROM shift GROUP BY day HAVING count(*) > 2)
	UNION ALL SELECT 'shift that is open', (SELECT count(*) FROM shift) - (SELECT count(*) FROM counted)
	UNION ALL SELECT 'sale of both kinds of tax', count(*) FROM (SELECT 1 FROM line GROUP BY seq HAVING count(DISTINCT mode) = 2)
	UNION ALL SELECT 'cash rounding', count(*) FROM deal WHERE sales AND rounding BETWEEN 1 AND 2
	UNION ALL SELECT 'sum cut down', count(*) FROM sale JOIN deal USING (seq) WHERE doc ->> '$.sale.round_down' <> '0.00' AND rounding < -4
	UNION ALL SELECT 'line with two discounts', count(*) FROM line WHERE line_off > 0 AND share > 0
	UNION ALL SELECT 'part of a thousandth', count(*) FROM line WHERE qty % 1000
	UNION ALL SELECT 'sale of four tenders', count(*) FROM (SELECT 1 FROM tender GROUP BY seq HAVING count(*) > 3)
	UNION ALL SELECT 'sale of two tenders of a kind', count(*) FROM (SELECT 1 FROM tender GROUP BY seq HAVING count(*) > count(DISTINCT kind))
	UNION ALL SELECT 'sale of nothing', count(*) FROM tender WHERE kind = 'none'
	UNION ALL SELECT 'unverified money', count(*) FROM share WHERE unverified
	UNION ALL SELECT 'line taken off', sum(lines) FROM off
	UNION ALL SELECT 'sale given up', sum(cancelled) FROM off
	UNION ALL SELECT 'sale parked', count(*) FROM sale s JOIN sale b ON b.receipt = s.receipt - 1 AND b.shift = s.shift
		WHERE julianday(s.doc ->> '$.sale.opened_at') < julianday(b.doc ->> '$.sale.opened_at')
	UNION ALL SELECT 'code of two names', count(*) FROM (SELECT 1 FROM line WHERE code <> '' GROUP BY code HAVING count(DISTINCT name) > 1)
	UNION ALL SELECT 'third cashier', count(DISTINCT operator) > 2 FROM deal
) WHERE n = 0;
