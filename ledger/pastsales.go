package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/till/money"
)

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
	Part     money.Amount // what it adds to the figure that was asked for; the total without one
}

// A Find narrows the list of past sales. Zero fields do not narrow.
type Find struct {
	Text     string // receipt number, amount, time, item, cashier, reference, a number of a payment
	Day      till.BusinessDay
	To       till.BusinessDay // with Day: the last day
	Figure   till.Figure      // what stands behind a figure of the report of those days alone
	Operator string
	Kind     till.TenderKind
	Hour     int // with HourSet
	HourSet  bool
	Returns  bool  // returns and post-voids alone
	Reduced  bool  // sales with a discount alone
	Unproven bool  // sales alone with a tender that no provider confirmed, though its kind needs that
	Receipts []int // these numbers alone
	Before   int   // receipt number to go on below; 0 begins at the newest
	Limit    int
}

const (
	// pastColumns and pastRows list receipts; %s is the part of each.
	pastColumns = `SELECT r.no, ifnull(s.at_ms, d.at_ms), ifnull(s.day, d.day), ifnull(s.operator, d.operator), ifnull(s.total, d.rounding - d.value), d.seq IS NOT NULL,
		ifnull(d.post_void, 0), ifnull((SELECT group_concat(kind, ' ') FROM tender WHERE sale = r.seq), (SELECT group_concat(kind, ' ') FROM refund WHERE ret = r.seq)),
		EXISTS (SELECT 1 FROM return_doc b WHERE b.of_receipt = r.no), EXISTS (SELECT 1 FROM return_doc b WHERE b.of_receipt = r.no AND b.post_void = 1),
		ifnull((SELECT sum(qty) FROM sale_line WHERE sale = r.seq AND voided = 0), ifnull((SELECT sum(qty) FROM return_line WHERE ret = r.seq), 0)), %s `
	pastRows = "FROM receipt r LEFT JOIN sale s ON s.seq = r.seq LEFT JOIN return_doc d ON d.seq = r.seq "
	allPart  = "ifnull(s.total, d.rounding - d.value)"
)

// listed is a Find as conditions on pastRows.
type listed struct {
	with  string // what comes before SELECT
	rows  string
	part  string
	where string
	args  []any // of with, then of where
}

func (f *listed) and(cond string, args ...any) {
	f.where += " AND " + cond
	f.args = append(f.args, args...)
}

// plain are the conditions but for the words.
func (f Find) plain() listed {
	out := listed{rows: pastRows, part: allPart, where: "WHERE 1"}
	if f.Figure.Of != "" {
		query, args := parts(f.Figure, f.Day, max(f.Day, f.To))
		out.with, out.args = "WITH behind(no, part) AS (SELECT no, sum(part) FROM ("+query+") GROUP BY no) ", args
		out.rows, out.part = "FROM behind b JOIN receipt r ON r.no = b.no LEFT JOIN sale s ON s.seq = r.seq LEFT JOIN return_doc d ON d.seq = r.seq ", "b.part"
	} else if f.Day != 0 {
		// By the numbers of its shifts, so that an old day is not reached through all that came later.
		out.and("r.no BETWEEN (SELECT min(first_no) FROM shift_sum WHERE day BETWEEN ? AND ? AND first_no > 0) AND (SELECT max(last_no) FROM shift_sum WHERE day BETWEEN ? AND ?)",
			int(f.Day), int(max(f.Day, f.To)), int(f.Day), int(max(f.Day, f.To)))
		out.and("ifnull(s.day, d.day) BETWEEN ? AND ?", int(f.Day), int(max(f.Day, f.To)))
	}
	if len(f.Receipts) > 0 {
		numbers := make([]any, len(f.Receipts))
		for i, n := range f.Receipts {
			numbers[i] = n
		}
		out.and("r.no IN (?"+strings.Repeat(", ?", len(numbers)-1)+")", numbers...)
	}
	if f.Operator != "" {
		out.and("ifnull(s.operator, d.operator) = ?", f.Operator)
	}
	if f.HourSet {
		out.and("ifnull(s.hour, d.hour) = ?", f.Hour)
	}
	if f.Returns {
		out.and("d.seq IS NOT NULL")
	}
	if f.Reduced {
		out.and("s.discounts > 0")
	}
	if f.Unproven {
		out.and(`(EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND t.evidence <> ? AND `+fmt.Sprintf(needsProof, "t.kind")+`
				AND NOT EXISTS (SELECT 1 FROM tender_mend m WHERE m.receipt = r.no AND m.n = t.n))
			OR EXISTS (SELECT 1 FROM tender_mend m WHERE m.receipt = r.no AND `+fmt.Sprintf(needsProof, "m.to_kind")+`
				AND m.seq = (SELECT max(seq) FROM tender_mend l WHERE l.receipt = m.receipt AND l.n = m.n)))`, int(till.ByProvider))
	}
	if f.Kind != "" {
		out.and("EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND t.kind = ? UNION ALL SELECT 1 FROM refund t WHERE t.ret = r.seq AND t.kind = ?)", string(f.Kind), string(f.Kind))
	}
	return out
}

// PastSales lists completed sales and returns, newest first.
func (l *Ledger) PastSales(ctx context.Context, f Find) ([]PastSale, error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	if f.Before <= 0 {
		f.Before = 1 << 60
	}
	out, err := l.pastSales(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("look past sales up: %w", err)
	}
	return out, nil
}

func (l *Ledger) pastSales(ctx context.Context, f Find) ([]PastSale, error) {
	q := f.plain()
	q.and("r.no < ?", f.Before)
	words := strings.TrimSpace(f.Text)
	if words == "" {
		return l.pastRows(ctx, q, f.Limit)
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return nil, err
	}
	s, err := l.sought(ctx, words, &settings, f)
	if err != nil {
		return nil, err
	}
	if f.Figure.Of != "" { // as many as stand behind a figure of its days
		cond, args := s.few()
		if wide, more := s.many(); wide != "" {
			cond, args = cond+" OR "+wide, append(args, more...)
		}
		q.and("("+cond+")", args...)
		return l.pastRows(ctx, q, f.Limit)
	}
	few := q
	few.args = slices.Clone(q.args)
	cond, args := s.few()
	few.and("("+cond+")", args...)
	out, err := l.pastRows(ctx, few, f.Limit)
	if err != nil {
		return nil, err
	}
	if cond, args = s.many(); cond != "" {
		days, err := l.soughtDays(ctx, &s, f)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			if d.first > f.Before || len(out) >= f.Limit && d.last < out[f.Limit-1].Receipt {
				continue
			}
			day := q
			day.args = slices.Clone(q.args)
			day.and("r.no BETWEEN ? AND ? AND ifnull(s.day, d.day) = ?", d.first, d.last, int(d.day))
			day.and("("+cond+")", args...)
			more, err := l.pastRows(ctx, day, f.Limit)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
			slices.SortFunc(out, func(a, b PastSale) int { return cmp.Compare(b.Receipt, a.Receipt) })
			out = slices.CompactFunc(out, func(a, b PastSale) bool { return a.Receipt == b.Receipt })
		}
	}
	return out[:min(len(out), f.Limit)], nil
}

func (l *Ledger) pastRows(ctx context.Context, q listed, limit int) ([]PastSale, error) {
	var out []PastSale
	err := each(ctx, l.r(), q.with+fmt.Sprintf(pastColumns, q.part)+q.rows+q.where+" ORDER BY r.no DESC LIMIT ?", append(slices.Clone(q.args), limit), func(s scanner) error {
		var p PastSale
		var kinds sql.NullString
		err := s.Scan(&p.Receipt, &p.AtMS, &p.Day, &p.Operator, &p.Total, &p.Return, &p.PostVoid, &kinds, &p.Back, &p.Voided, &p.Pieces, &p.Part)
		p.Kinds = kinds.String
		out = append(out, p)
		return err
	})
	return out, err
}

// Parts adds up what PastSales lists, all of it, but for words: the same figure
// as that of the report where Find has a figure.
func (l *Ledger) Parts(ctx context.Context, f Find) (till.Parts, error) {
	q := f.plain()
	var p till.Parts
	err := l.r().QueryRowContext(ctx, q.with+"SELECT count(*), ifnull(sum("+q.part+"), 0) "+q.rows+q.where, q.args...).Scan(&p.Receipts, &p.Sum)
	if err != nil {
		return p, fmt.Errorf("add past sales up: %w", err)
	}
	return p, nil
}

// A quest is what a person typed, as what it may be.
type quest struct {
	text      string
	number    int          // of a receipt; 0 for none
	amount    money.Amount // with hasAmount
	hasAmount bool
	minute    int // of the day; -1 for none
	offset    int // minutes of the zone past a whole hour
	goods     string
	people    []string
	inside    bool // the days are few: references are looked through whole
}

// foundNear is how many minutes before and after a time that was typed belong
// to it.
const foundNear = 5

// sought reads what a person typed: a number may be a receipt number or an
// amount, 14:05 a time; anything may be part of a name, or a reference.
func (l *Ledger) sought(ctx context.Context, text string, settings *till.Settings, f Find) (quest, error) {
	s := quest{text: text, minute: -1, inside: f.Day != 0 && f.Day.DaysTo(max(f.Day, f.To)) < 32}
	number := strings.TrimPrefix(strings.TrimPrefix(text, "#"), settings.Currency.Symbol())
	if n, err := strconv.Atoi(number); err == nil && n > 0 {
		s.number = n
	}
	if a, err := settings.Currency.Parse(number); err == nil {
		s.amount, s.hasAmount = a, true
	}
	if at, err := time.Parse("15:04", strings.ReplaceAll(text, "：", ":")); err == nil {
		s.minute = at.Hour()*60 + at.Minute()
		_, offset := l.opt.Now().In(settings.Zone).Zone()
		s.offset = ((offset/60)%60 + 60) % 60
	}
	names, err := l.goodsNamed(ctx, text)
	if err != nil {
		return s, err
	}
	if len(names) > 0 {
		b, err := json.Marshal(names)
		if err != nil {
			return s, err
		}
		s.goods = string(b)
	}
	err = each(ctx, l.r(), "SELECT code FROM operator WHERE instr(lower(name), lower(?)) > 0 UNION SELECT operator FROM cashier_sum WHERE operator = ?", []any{text, text}, func(r scanner) error {
		var code string
		err := r.Scan(&code)
		s.people = append(s.people, code)
		return err
	})
	return s, err
}

// goodsNamed are the codes and names under which goods were sold or came back.
func (l *Ledger) goodsNamed(ctx context.Context, text string) ([][2]string, error) {
	var out [][2]string
	err := each(ctx, l.r(), `SELECT DISTINCT code, name FROM (SELECT code, name FROM item_period WHERE period < 10000
		UNION ALL SELECT code, name FROM item_sum WHERE day IN (SELECT day FROM shift_sum EXCEPT SELECT day FROM business_day))
		WHERE code = ? OR instr(lower(name), lower(?)) > 0`, []any{text, text}, func(s scanner) error {
		var n [2]string
		err := s.Scan(&n[0], &n[1])
		out = append(out, n)
		return err
	})
	return out, err
}

// few are the conditions that an index answers: numbers, amounts, references,
// and the numbers that payments and refunds have here and at the provider.
func (s *quest) few() (string, []any) {
	conds, args := []string{"r.no = ?"}, []any{s.number}
	if s.hasAmount {
		conds = append(conds, "r.no IN (SELECT receipt FROM sale WHERE total = ? UNION ALL SELECT receipt FROM return_doc WHERE value = ?)")
		args = append(args, int64(s.amount), int64(s.amount))
	}
	if s.inside {
		conds = append(conds, "EXISTS (SELECT 1 FROM tender t WHERE t.sale = r.seq AND instr(t.ref, ?) > 0)")
		args = append(args, s.text)
	}
	if len(s.text) >= 3 {
		// As it stands or as it begins.
		end := s.text + "\U0010ffff"
		conds = append(conds, `r.no IN (SELECT p.receipt FROM tender t JOIN sale p ON p.seq = t.sale WHERE t.ref <> '' AND t.ref BETWEEN ? AND ?)`,
			`r.no IN (SELECT p.receipt FROM attempt a JOIN sale p ON p.id = a.sale WHERE a.number BETWEEN ? AND ?
				UNION ALL SELECT p.receipt FROM attempt a JOIN sale p ON p.id = a.sale WHERE a.provider <> '' AND a.provider BETWEEN ? AND ?)`,
			`r.no IN (SELECT d2.receipt FROM wallet_refund w JOIN return_doc d2 ON d2.id = w.ret WHERE w.number = ? OR w.provider = ?)`)
		args = append(args, s.text, end, strings.ToUpper(s.text), strings.ToUpper(end), s.text, end, strings.ToUpper(s.text), s.text)
	}
	return strings.Join(conds, " OR "), args
}

// many are the conditions that most days have sales for: goods, people, times.
func (s *quest) many() (string, []any) {
	var conds []string
	var args []any
	if s.goods != "" {
		conds = append(conds, `EXISTS (SELECT 1 FROM sale_line n WHERE n.sale = r.seq AND (n.code, n.name) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)))`,
			`EXISTS (SELECT 1 FROM return_line n WHERE n.ret = r.seq AND (n.code, n.name) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)))`)
		args = append(args, s.goods, s.goods)
	}
	for _, code := range s.people {
		conds, args = append(conds, "ifnull(s.operator, d.operator) = ?"), append(args, code)
	}
	if s.minute >= 0 {
		conds = append(conds, "abs(ifnull(s.hour, d.hour) * 60 + (ifnull(s.at_ms, d.at_ms) / 60000 + ?) % 60 - ?) <= ?")
		args = append(args, s.offset, s.minute, foundNear)
	}
	return strings.Join(conds, " OR "), args
}

// A tradingDay is a business day with the receipts of its shifts.
type tradingDay struct {
	day         till.BusinessDay
	first, last int
}

// soughtDays are the days that may hold what many asks for, the newest first.
func (l *Ledger) soughtDays(ctx context.Context, s *quest, f Find) ([]tradingDay, error) {
	var conds []string
	var args []any
	if f.Day != 0 {
		args = append(args, int(f.Day), int(max(f.Day, f.To)))
	} else {
		args = append(args, 0, 99999999)
	}
	if s.goods != "" {
		conds = append(conds, `EXISTS (SELECT 1 FROM json_each(?) j CROSS JOIN item_sum i ON i.day = t.day AND i.code = j.value ->> 0 AND i.name = j.value ->> 1)`)
		args = append(args, s.goods)
	}
	for _, code := range s.people {
		conds, args = append(conds, "EXISTS (SELECT 1 FROM cashier_sum c WHERE c.day = t.day AND c.operator = ?)"), append(args, code)
	}
	if s.minute >= 0 {
		conds, args = append(conds, "EXISTS (SELECT 1 FROM hour_sum h WHERE h.day = t.day AND h.hour BETWEEN ? AND ?)"),
			append(args, (s.minute-foundNear)/60, (s.minute+foundNear)/60)
	}
	var out []tradingDay
	err := each(ctx, l.r(), `SELECT t.day, t.first, t.last FROM (SELECT day, min(first_no) first, max(last_no) last FROM shift_sum
		WHERE day BETWEEN ? AND ? AND first_no > 0 GROUP BY day) t WHERE `+strings.Join(conds, " OR ")+" ORDER BY t.last DESC", args, func(r scanner) error {
		var d tradingDay
		err := r.Scan(&d.day, &d.first, &d.last)
		out = append(out, d)
		return err
	})
	return out, err
}
