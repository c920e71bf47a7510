-- Sums by cashier, sums of goods over months and years, and what finding a
-- past sale by its amount or its reference needs.

CREATE TABLE cashier_sum(
  day INTEGER NOT NULL, operator TEXT NOT NULL, sales INTEGER NOT NULL, discounts INTEGER NOT NULL, returns INTEGER NOT NULL, refunds INTEGER NOT NULL,
  net INTEGER NOT NULL,
  PRIMARY KEY (day, operator)
) STRICT, WITHOUT ROWID;
INSERT INTO cashier_sum
  SELECT day, operator, sum(sales), sum(discounts), sum(returns), sum(refunds), sum(net) FROM (
    SELECT day, operator, 1 sales, discounts, 0 returns, 0 refunds, total net FROM sale
    UNION ALL SELECT day, operator, 0, 0, 1, value, rounding - value FROM return_doc)
  GROUP BY day, operator;

-- Goods of the closed days of a month, as 202606, and of a year, as 2026. A
-- closed day never changes, so each is added once, when it closes.
CREATE TABLE item_period(
  period INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, qty INTEGER NOT NULL, net INTEGER NOT NULL,
  PRIMARY KEY (period, code, name, category)
) STRICT, WITHOUT ROWID;
INSERT INTO item_period
  SELECT day / 100, code, name, category, sum(qty), sum(net) FROM item_sum WHERE day IN (SELECT day FROM business_day) GROUP BY 1, 2, 3, 4
  UNION ALL SELECT day / 10000, code, name, category, sum(qty), sum(net) FROM item_sum WHERE day IN (SELECT day FROM business_day) GROUP BY 1, 2, 3, 4;
CREATE TRIGGER business_day_goods AFTER INSERT ON business_day BEGIN
  INSERT INTO item_period SELECT NEW.day / 100, code, name, category, qty, net FROM item_sum WHERE day = NEW.day
    ON CONFLICT DO UPDATE SET qty = qty + excluded.qty, net = net + excluded.net;
  INSERT INTO item_period SELECT NEW.day / 10000, code, name, category, qty, net FROM item_sum WHERE day = NEW.day
    ON CONFLICT DO UPDATE SET qty = qty + excluded.qty, net = net + excluded.net;
END;

CREATE INDEX sale_total ON sale(total);
CREATE INDEX return_value ON return_doc(value);
CREATE INDEX tender_ref ON tender(ref) WHERE ref <> '';
