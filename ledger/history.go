package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// A Document is one entry of the journal with its place in the chain.
type Document struct {
	Seq  int64
	Hash string // hexadecimal
	till.Entry
}

// Receipt returns the sale or return with a receipt number; a number nobody
// has is NoSuchReceipt.
func (l *Ledger) Receipt(ctx context.Context, no int) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM receipt r JOIN entry e ON e.seq = r.seq WHERE r.no = ?", no)
}

// Z returns a Z report by its number.
func (l *Ledger) Z(ctx context.Context, no int) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM z_report z JOIN entry e ON e.seq = z.seq WHERE z.no = ?", no)
}

// CashMovement returns a cash movement by its id.
func (l *Ledger) CashMovement(ctx context.Context, id till.ID) (Document, error) {
	return l.document(ctx, "SELECT e.seq, e.hash, e.body FROM cash_movement c JOIN entry e ON e.seq = c.seq WHERE c.id = ?", id[:])
}

func (l *Ledger) document(ctx context.Context, q string, arg any) (Document, error) {
	d, err := scanDocument(l.r().QueryRowContext(ctx, q, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return d, &till.Error{Code: till.NoSuchReceipt}
	}
	return d, err
}

func scanDocument(s scanner) (Document, error) {
	var d Document
	var hash, body []byte
	if err := s.Scan(&d.Seq, &hash, &body); err != nil {
		return d, err
	}
	e, err := till.DecodeEntry(body)
	if err != nil {
		return d, fmt.Errorf("record %d: %w", d.Seq, err)
	}
	d.Entry, d.Hash = e, hex.EncodeToString(hash)
	return d, nil
}

// Journal goes through the entries from a number on, in order, until f returns
// an error.
func (l *Ledger) Journal(ctx context.Context, from int64, f func(Document) error) error {
	return each(ctx, l.r(), "SELECT seq, hash, body FROM entry WHERE seq >= ? ORDER BY seq", []any{from}, func(s scanner) error {
		d, err := scanDocument(s)
		if err != nil {
			return err
		}
		return f(d)
	})
}

// Latest returns up to limit entries before a number, newest first; before 0
// begins at the end.
func (l *Ledger) Latest(ctx context.Context, before int64, limit int) ([]Document, error) {
	if before <= 0 {
		before = 1 << 62
	}
	var out []Document
	err := each(ctx, l.r(), "SELECT seq, hash, body FROM entry WHERE seq < ? ORDER BY seq DESC LIMIT ?", []any{before, limit}, func(s scanner) error {
		d, err := scanDocument(s)
		out = append(out, d)
		return err
	})
	return out, err
}

// PastSale is one line of the list of past sales and returns.
type PastSale struct {
	Receipt  int
	AtMS     int64
	Day      till.BusinessDay
	Operator string
	Total    money.Amount // negative for a return
	Return   bool
	PostVoid bool
	Kinds    string // tender kinds, separated by spaces
	Back     bool   // something of it came back
	Voided   bool   // it was post-voided
	Pieces   money.Quantity
}

// A Find narrows the list of past sales. Zero fields do not narrow.
type Find struct {
	Text     string // receipt number, amount, item name or code, tender reference
	Day      till.BusinessDay
	To       till.BusinessDay // with Day: the last day
	Operator string
	Kind     till.TenderKind
	Hour     int // with HourSet
	HourSet  bool
	Returns  bool // returns and post-voids alone
	Reduced  bool // sales with a discount alone
	Unproven bool // sales alone with a tender that no provider confirmed, though its kind needs that
	Before   int  // receipt number to go on below; 0 begins at the newest
	Limit    int
}

// PastSales lists completed sales and returns, newest first.
func (l *Ledger) PastSales(ctx context.Context, f Find) ([]PastSale, error) {
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	if f.Before <= 0 {
		f.Before = 1 << 60
	}
	q := `SELECT r.no, ifnull(s.at_ms, d.at_ms), ifnull(s.day, d.day), ifnull(s.operator, d.operator), ifnull(s.total, d.rounding - d.value), d.seq IS NOT NULL,
		ifnull(d.post_void, 0), ifnull((SELECT group_concat(kind, ' ') FROM tender WHERE sale = r.seq), (SELECT group_concat(kind, ' ') FROM refund WHERE ret = r.seq)),
		EXISTS (SELECT 1 FROM return_doc b WHERE b.of_receipt = r.no), EXISTS (SELECT 1 FROM return_doc b WHERE b.of_receipt = r.no AND b.post_void = 1),
		ifnull((SELECT sum(qty) FROM sale_line WHERE sale = r.seq AND voided = 0), ifnull((SELECT sum(qty) FROM return_line WHERE ret = r.seq), 0))
		FROM receipt r LEFT JOIN sale s ON s.seq = r.seq LEFT JOIN return_doc d ON d.seq = r.seq WHERE r.no < ?`
	args := []any{f.Before}
	if f.Day != 0 {
		q += " AND ifnull(s.day, d.day) BETWEEN ? AND ?"
		args = append(args, int(f.Day), int(max(f.Day, f.To)))
	}
	if f.Operator != "" {
		q += " AND ifnull(s.operator, d.operator) = ?"
		args = append(args, f.Operator)
	}
	if f.HourSet {
		q += " AND ifnull(s.hour, d.hour) = ?"
		args = append(args, f.Hour)
	}
	if f.Returns {
		q += " AND d.seq IS NOT NULL"
	}
	if f.Reduced {
		q += " AND s.discounts > 0"
	}
	if f.Unproven {
		q += ` AND (EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND t.evidence <> ? AND (t.kind = 'transfer' OR t.kind LIKE 'qr:%' OR t.kind LIKE 'wallet:%')
				AND NOT EXISTS (SELECT 1 FROM tender_mend m WHERE m.receipt = r.no AND m.n = t.n))
			OR EXISTS (SELECT 1 FROM tender_mend m WHERE m.receipt = r.no AND (m.to_kind = 'transfer' OR m.to_kind LIKE 'qr:%' OR m.to_kind LIKE 'wallet:%')
				AND m.seq = (SELECT max(seq) FROM tender_mend l WHERE l.receipt = m.receipt AND l.n = m.n)))`
		args = append(args, int(till.ByProvider))
	}
	if f.Kind != "" {
		q += " AND EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND t.kind = ? UNION ALL SELECT 1 FROM refund t WHERE t.ret = r.seq AND t.kind = ?)"
		args = append(args, string(f.Kind), string(f.Kind))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		cond, more := findText(text, settings.Currency)
		q += " AND (" + cond + ")"
		args = append(args, more...)
	}
	var out []PastSale
	err = each(ctx, l.r(), q+" ORDER BY r.no DESC LIMIT ?", append(args, f.Limit), func(s scanner) error {
		var p PastSale
		var kinds sql.NullString
		err := s.Scan(&p.Receipt, &p.AtMS, &p.Day, &p.Operator, &p.Total, &p.Return, &p.PostVoid, &kinds, &p.Back, &p.Voided, &p.Pieces)
		p.Kinds = kinds.String
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look past sales up: %w", err)
	}
	return out, nil
}

// findText turns what a person typed into conditions: a number may be a
// receipt number or an amount, anything may be part of a name or a reference.
func findText(text string, cur money.Currency) (string, []any) {
	conds := []string{"EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND instr(t.ref, ?) > 0)",
		"EXISTS (SELECT 1 FROM sale_line n WHERE n.sale = r.seq AND (n.code = ? OR instr(lower(n.name), lower(?)) > 0))"}
	args := []any{text, text, text}
	number := strings.TrimPrefix(strings.TrimPrefix(text, "#"), "¥")
	if n, err := strconv.Atoi(number); err == nil {
		conds, args = append(conds, "r.no = ?"), append(args, n)
	}
	if a, err := cur.Parse(number); err == nil {
		conds, args = append(conds, "s.total = ?", "d.value = ?"), append(args, int64(a), int64(a))
	}
	return strings.Join(conds, " OR "), args
}
