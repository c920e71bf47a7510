package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"guitai/till"
)

// outgoing checks the documents for provider accounts: each is what its digest
// says, they are numbered without a gap and chained, and a shift's says what its
// Z says. A Z without one is right only in a ledger from before there were any.
func (v *verifying) outgoing(ctx context.Context) error {
	var epoch, seq int64
	var prev string
	bad := func(format string, args ...any) error {
		return &Fault{What: "document", Where: "outbox: " + fmt.Sprintf(format, args...)}
	}
	err := each(ctx, v.tx, `SELECT o.epoch, o.seq, o.kind, o.shift, o.net, o.sha256, o.body, ifnull(z.net, o.net),
		CASE o.kind WHEN 'day' THEN (SELECT ifnull(sum(gross - discounts + tax_added + rounding - refunds), 0) FROM shift_sum s WHERE s.day = o.day) ELSE o.net END
		FROM outbox o LEFT JOIN z_report z ON z.shift = o.shift AND o.kind = 'shift' ORDER BY o.epoch, o.seq`, nil, func(s scanner) error {
		var e, n, net, z, day int64
		var kind, sum string
		var shift int
		var body []byte
		if err := s.Scan(&e, &n, &kind, &shift, &net, &sum, &body, &z, &day); err != nil {
			return err
		}
		if e != epoch {
			epoch, seq, prev = e, 0, ""
		}
		if n != seq+1 {
			return bad("after document %d of epoch %d comes %d", seq, e, n)
		}
		made := sha256.Sum256(body)
		if hex.EncodeToString(made[:]) != sum {
			return bad("document %d of epoch %d was changed", n, e)
		}
		var d till.DayDocument
		if err := json.Unmarshal(body, &d); err != nil {
			return bad("document %d of epoch %d cannot be read", n, e)
		}
		if d.Seq != n || d.Epoch != e || d.Prev != prev || int64(d.Sales.Net) != net {
			return bad("document %d of epoch %d says that it is another", n, e)
		}
		if net != z || net != day {
			return bad("document %d of epoch %d says net %d, the ledger %d", n, e, net, min(z, day))
		}
		seq, prev = n, sum
		return nil
	})
	if err != nil {
		return asFault("document", err)
	}
	return nil
}
