package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// What later comparisons say about a note by themselves.
const (
	whyGone  = "a later comparison does not show it"
	whyAgain = "a later comparison shows it again"
)

// A noteKey tells one difference of a day from another.
type noteKey struct {
	kind                      till.FindingKind
	attempt, refund, provider string
	ours, theirs              money.Amount
}

func noteKeyOf(f *till.Finding) noteKey {
	k := noteKey{f.Kind, f.Attempt, f.Refund, f.Provider, f.Ours, f.Theirs}
	if k.attempt == "" && k.provider == "" && f.Receipt != 0 {
		k.attempt = fmt.Sprintf("receipt %d", f.Receipt) // a tender on a person's word
	}
	return k
}

// A note is a finding as it was noted, with its last move.
type note struct {
	id      int64
	noted   time.Time
	moves   int
	open    bool
	at      time.Time
	by, why string
}

// onto adds a note to the finding that it is about.
func (n *note) onto(f *till.Finding) {
	f.ID, f.Noted = n.id, n.noted
	if n.moves > 0 && !n.open && n.by != "" {
		f.Settled, f.SettledBy, f.Why = n.at, n.by, n.why
	}
}

func readNotes(ctx context.Context, q querier, wallet, mode string, day till.BusinessDay) (map[noteKey]*note, error) {
	out := map[noteKey]*note{}
	err := each(ctx, q, `SELECT f.id, f.kind, f.attempt, f.refund, f.provider, f.ours, f.theirs, f.noted_ms, ifnull(m.n, 0), ifnull(m.open, 1), ifnull(m.at_ms, 0), ifnull(m.by, ''), ifnull(m.why, '')
		FROM bill_finding f LEFT JOIN bill_finding_move m ON m.finding = f.id AND m.n = (SELECT max(n) FROM bill_finding_move WHERE finding = f.id)
		WHERE f.wallet = ? AND f.mode = ? AND f.day = ?`, []any{wallet, mode, int(day)}, func(s scanner) error {
		var k noteKey
		var n note
		var noted, at int64
		err := s.Scan(&n.id, &k.kind, &k.attempt, &k.refund, &k.provider, &k.ours, &k.theirs, &noted, &n.moves, &n.open, &at, &n.by, &n.why)
		n.noted, n.at = time.UnixMilli(noted), time.UnixMilli(at)
		out[k] = &n
		return err
	})
	return out, err
}

// noteFindings writes down what is new, closes the notes of what is gone, and
// completes the findings with their notes.
func (l *Ledger) noteFindings(ctx context.Context, r *till.Reconciliation) error {
	return l.append(ctx, "note what a bill showed", func(w *writing) error {
		q := w.ask()
		b, err := keptOf(ctx, q, r.Wallet, r.Mode, r.Day)
		if err != nil {
			return err
		}
		notes, err := readNotes(ctx, q, r.Wallet, r.Mode, r.Day)
		if err != nil {
			return err
		}
		var last int64
		if err := q.QueryRowContext(ctx, "SELECT ifnull(max(id), 0) FROM bill_finding").Scan(&last); err != nil {
			return err
		}
		now := l.opt.Now()
		seen := map[noteKey]bool{}
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Kind == till.Matched || f.Kind == till.Foreign {
				continue
			}
			k := noteKeyOf(f)
			seen[k] = true
			n := notes[k]
			switch {
			case n == nil:
				last++
				n = &note{id: last, noted: now, open: true}
				err = l.exec(ctx, `INSERT INTO bill_finding(id, bill, wallet, mode, day, kind, attempt, refund, provider, ours, theirs, currency, at_ms, noted_ms)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, n.id, b.id, r.Wallet, r.Mode, int(r.Day), string(k.kind), k.attempt, k.refund, k.provider, int64(k.ours),
					int64(k.theirs), f.Currency.Code, f.At.UnixMilli(), now.UnixMilli())
				notes[k] = n
			case !n.open && n.by == "":
				err = l.moveNote(ctx, n, true, "", whyAgain)
			}
			if err != nil {
				return err
			}
			n.onto(f)
		}
		for k, n := range notes {
			if !seen[k] && n.open && k.kind.Differs() {
				if err := l.moveNote(ctx, n, false, "", whyGone); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (l *Ledger) moveNote(ctx context.Context, n *note, open bool, by, why string) error {
	n.moves++
	n.open, n.at, n.by, n.why = open, l.opt.Now(), by, why
	return l.exec(ctx, "INSERT INTO bill_finding_move(finding, n, open, at_ms, by, why) VALUES (?, ?, ?, ?, ?, ?)", n.id, n.moves, open, n.at.UnixMilli(), by, why)
}

// ErrNoFinding means that no difference has this number, or that it is settled.
var ErrNoFinding = errors.New("no open difference has this number")

// SettleFinding keeps that a person has looked at a difference, and why nothing
// more is to be done. The note itself stays as it is.
func (l *Ledger) SettleFinding(ctx context.Context, id int64, by, why string) error {
	if by == "" || why == "" {
		return fmt.Errorf("settle a difference: %w", &till.Error{Code: till.NotAllowed, Detail: "who and why must be said"})
	}
	return l.append(ctx, "settle a difference", func(w *writing) error {
		n := note{id: id}
		err := w.ask().QueryRowContext(ctx, `SELECT ifnull(m.n, 0), ifnull(m.open, 1) FROM bill_finding f
			LEFT JOIN bill_finding_move m ON m.finding = f.id AND m.n = (SELECT max(n) FROM bill_finding_move WHERE finding = f.id) WHERE f.id = ?`, id).Scan(&n.moves, &n.open)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !n.open {
			return ErrNoFinding
		}
		if err != nil {
			return err
		}
		return l.moveNote(ctx, &n, false, by, why)
	})
}

// A KeptDay is a day of which a bill is kept, with the differences that were
// open when it was compared the last time.
type KeptDay struct {
	Wallet, Mode string
	Day          till.BusinessDay
	Final        bool
	Lines        int
	Open         int
	Kept         time.Time
	Name         string
}

// KeptDays lists the days with a bill, the newest first; limit 0 is 100.
func (l *Ledger) KeptDays(ctx context.Context, limit int) ([]KeptDay, error) {
	if limit <= 0 {
		limit = 100
	}
	var out []KeptDay
	err := each(ctx, l.q(), `SELECT b.wallet, b.mode, b.day, b.final, b.lines, b.kept_ms, b.name,
		(SELECT count(*) FROM bill_finding f WHERE f.wallet = b.wallet AND f.mode = b.mode AND f.day = b.day AND f.kind NOT IN (?1, ?2)
			AND ifnull((SELECT open FROM bill_finding_move m WHERE m.finding = f.id ORDER BY n DESC LIMIT 1), 1) = 1)
		FROM bill b WHERE b.whole = 1 AND b.id = (SELECT id FROM bill o WHERE o.wallet = b.wallet AND o.mode = b.mode AND o.day = b.day AND o.whole = 1 ORDER BY final DESC, id DESC LIMIT 1)
		ORDER BY b.day DESC, b.wallet, b.mode LIMIT ?3`, []any{string(till.UnverifiedFound), string(till.AbsentClosed), limit}, func(s scanner) error {
		var k KeptDay
		var kept int64
		err := s.Scan(&k.Wallet, &k.Mode, &k.Day, &k.Final, &k.Lines, &kept, &k.Name, &k.Open)
		k.Kept = time.UnixMilli(kept)
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the bills: %w", err)
	}
	return out, nil
}
