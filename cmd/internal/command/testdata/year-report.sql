-- The report of each span(first, last), as the documents of the contract: one
-- row of JSON for each. Amounts are whole minor units up to here; %.2f of a
-- hundredth of one below 2^50 writes it exactly.
SELECT json_object('from', a, 'to', b, 'currency', 'CNY',
	'sales', (SELECT json_object('count', ifnull(sum(sales), 0), 'gross', printf('%.2f', ifnull(sum(gross), 0) / 100.0), 'discounts', printf('%.2f', ifnull(sum(discounts), 0) / 100.0),
		'tax_added', printf('%.2f', ifnull(sum(added), 0) / 100.0), 'tax', printf('%.2f', ifnull(sum(tax), 0) / 100.0), 'rounding', printf('%.2f', ifnull(sum(rounding), 0) / 100.0),
		'net', printf('%.2f', ifnull(sum(net), 0) / 100.0)) FROM deal WHERE day BETWEEN a AND b),
	'refunds', (SELECT json_object('count', ifnull(sum(returns), 0), 'amount', printf('%.2f', ifnull(sum(refunds), 0) / 100.0)) FROM deal WHERE day BETWEEN a AND b),
	'voids', (SELECT json_object('lines', ifnull(sum(lines), 0)) FROM off WHERE day BETWEEN a AND b),
	'cancelled', (SELECT ifnull(sum(cancelled), 0) FROM off WHERE day BETWEEN a AND b),
	'post_voids', (SELECT ifnull(sum(post_void), 0) FROM deal WHERE day BETWEEN a AND b),
	'tenders', (SELECT json_group_array(json(j)) FROM (SELECT json_object('kind', kind, 'count', count(DISTINCT seq) FILTER (WHERE sold), 'amount', printf('%.2f', sum(amount) / 100.0),
		'refunded', printf('%.2f', sum(refunded) / 100.0), 'tendered', printf('%.2f', sum(tendered) / 100.0), 'change', printf('%.2f', sum(tendered - amount) / 100.0)) j
		FROM share WHERE day BETWEEN a AND b GROUP BY kind ORDER BY kind)),
	'taxes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('class', class, 'rate', rate, 'taxable', printf('%.2f', sum(paid - tax) / 100.0),
		'tax', printf('%.2f', sum(tax) / 100.0)) j FROM good WHERE day BETWEEN a AND b GROUP BY class, rate, mode HAVING sum(paid - tax) <> 0 OR sum(tax) <> 0 ORDER BY class, rate, mode)),
	'cash', (SELECT json_group_array(json(j)) FROM (SELECT json_object('shift', no, 'float', printf('%.2f', float / 100.0), 'paid_in', printf('%.2f', paid_in / 100.0),
		'paid_out', printf('%.2f', paid_out / 100.0), 'drops', printf('%.2f', drops / 100.0), 'loans', printf('%.2f', loans / 100.0), 'expected', printf('%.2f', expected / 100.0),
		'counted', iif(counted IS NULL, NULL, printf('%.2f', counted / 100.0)), 'over_short', iif(counted IS NULL, NULL, printf('%.2f', (counted - expected) / 100.0))) j
		FROM drawer WHERE day BETWEEN a AND b ORDER BY no)),
	'unverified', (SELECT json_object('count', count(*), 'amount', printf('%.2f', ifnull(sum(amount), 0) / 100.0)) FROM share WHERE unverified AND day BETWEEN a AND b),
	'hours', (SELECT json_group_array(json(j)) FROM (SELECT json_object('hour', hour, 'count', sum(sales), 'net', printf('%.2f', sum(net) / 100.0)) j
		FROM deal WHERE day BETWEEN a AND b GROUP BY hour HAVING sum(sales) <> 0 OR sum(net) <> 0 ORDER BY hour)),
	'items', (SELECT json_group_array(json(j)) FROM (SELECT json_object('code', code, 'name', name, 'qty', iif(sum(qty) % 1000, rtrim(printf('%.3f', sum(qty) / 1000.0), '0'), printf('%d', sum(qty) / 1000)),
		'net', printf('%.2f', sum(paid) / 100.0)) j FROM good WHERE day BETWEEN a AND b GROUP BY code, name HAVING sum(qty) <> 0 OR sum(paid) <> 0 ORDER BY code, name)),
	'days', (SELECT json_group_array(json(j)) FROM (SELECT json_object('date', day, 'count', sum(sales), 'net', printf('%.2f', sum(net) / 100.0)) j
		FROM deal WHERE day BETWEEN a AND b GROUP BY day HAVING sum(sales) <> 0 OR sum(net) <> 0 ORDER BY day)),
	'weekdays', (SELECT json_group_array(json(j)) FROM (SELECT json_object('weekday', weekday, 'days', count(*), 'count', sum(sales), 'net', printf('%.2f', sum(net) / 100.0)) j
		FROM (SELECT (strftime('%w', day) + 6) % 7 + 1 weekday, sum(sales) sales, sum(net) net FROM deal WHERE day BETWEEN a AND b GROUP BY day HAVING sum(sales) <> 0 OR sum(net) <> 0)
		GROUP BY weekday ORDER BY weekday)),
	'categories', (SELECT json_group_array(json(j)) FROM (SELECT json_object('category', category, 'qty', iif(sum(qty) % 1000, rtrim(printf('%.3f', sum(qty) / 1000.0), '0'), printf('%d', sum(qty) / 1000)),
		'net', printf('%.2f', sum(paid) / 100.0)) j FROM good WHERE day BETWEEN a AND b GROUP BY category HAVING sum(qty) <> 0 OR sum(paid) <> 0 ORDER BY category)),
	'cashiers', (SELECT json_group_array(json(j)) FROM (SELECT json_object('cashier', operator, 'count', sum(sales), 'discounts', printf('%.2f', sum(discounts) / 100.0),
		'refunds', sum(returns), 'refunded', printf('%.2f', sum(refunds) / 100.0), 'net', printf('%.2f', sum(net) / 100.0)) j
		FROM deal WHERE day BETWEEN a AND b GROUP BY operator ORDER BY operator)),
	'pending', json_object('count', 0, 'amount', '0.00')) FROM span ORDER BY n;
