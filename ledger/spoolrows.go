package ledger

import (
	"context"
	"fmt"

	"guitai/till"
)

// A Job is one slip waiting for the printer, or printed. Jobs are work rows:
// their state changes, and they stand outside the chain.
type Job struct {
	ID        int64
	Kind      till.SlipKind
	Ref       int64
	Copy      int
	Text      string
	State     string // queued, held, sending, sent, confirmed, uncertain, dropped
	Note      string
	Attempt   int
	CreatedMS int64
}

// JobsDue lists the jobs that are not at an end, oldest first.
func (l *Ledger) JobsDue(ctx context.Context) ([]Job, error) {
	var out []Job
	err := each(ctx, l.r(), `SELECT id, kind, ref, copy, text, state, note, attempt, created_ms FROM print_job
		WHERE state IN ('queued', 'held', 'sending', 'uncertain') ORDER BY id`, nil, func(s scanner) error {
		var j Job
		err := s.Scan(&j.ID, &j.Kind, &j.Ref, &j.Copy, &j.Text, &j.State, &j.Note, &j.Attempt, &j.CreatedMS)
		out = append(out, j)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the print queue: %w", err)
	}
	return out, nil
}

// MarkJob changes the state of a job, durably before it returns. Going to
// sending counts an attempt.
func (l *Ledger) MarkJob(ctx context.Context, id int64, state, note string) error {
	return l.write(ctx, "mark a print job", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE print_job SET state = ?, note = ?, attempt = attempt + (? = 'sending'), changed_ms = ? WHERE id = ?",
			state, note, state, l.opt.Now().UnixMilli(), id)
		return err
	})
}

// AddJob queues one more slip: a test page, a copy of one that may not have
// come out. A negative Copy takes the next number.
func (l *Ledger) AddJob(ctx context.Context, p till.PrintJob) error {
	return l.write(ctx, "queue a slip", func(c conn) error {
		if p.Copy < 0 {
			if err := c.QueryRowContext(ctx, "SELECT ifnull(max(copy), 0) + 1 FROM print_job WHERE kind = ? AND ref = ?", string(p.Kind), p.Ref).Scan(&p.Copy); err != nil {
				return err
			}
		}
		now := l.opt.Now().UnixMilli()
		_, err := c.ExecContext(ctx, "INSERT INTO print_job(kind, ref, copy, text, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?)",
			string(p.Kind), p.Ref, p.Copy, p.Text, now, now)
		return err
	})
}

// A Pulse is one opening of the drawer asked for and not yet given.
type Pulse struct {
	ID        int64
	Reason    string
	CreatedMS int64
}

// PulsesDue lists the pulses that wait, oldest first.
func (l *Ledger) PulsesDue(ctx context.Context) ([]Pulse, error) {
	var out []Pulse
	err := each(ctx, l.r(), "SELECT id, reason, created_ms FROM pulse WHERE state = 'queued' ORDER BY id", nil, func(s scanner) error {
		var p Pulse
		err := s.Scan(&p.ID, &p.Reason, &p.CreatedMS)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the drawer queue: %w", err)
	}
	return out, nil
}

// MarkPulse changes the state of a pulse, durably before it returns: a pulse
// is marked sent before it is given, so that it can never be given twice.
func (l *Ledger) MarkPulse(ctx context.Context, id int64, state string) error {
	return l.write(ctx, "mark a drawer pulse", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE pulse SET state = ? WHERE id = ?", state, id)
		return err
	})
}
