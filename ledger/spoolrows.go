package ledger

import (
	"context"
	"fmt"
	"time"

	"guitai/till"
)

// JobsDue lists the print jobs that are not at an end, oldest first.
func (l *Ledger) JobsDue(ctx context.Context) ([]till.Job, error) {
	var out []till.Job
	err := each(ctx, l.r(), `SELECT id, kind, ref, copy, text, state, note, attempt, created_ms FROM print_job
		WHERE state IN ('queued', 'held', 'sending', 'uncertain') ORDER BY id`, nil, func(s scanner) error {
		var j till.Job
		var ms int64
		err := s.Scan(&j.ID, &j.Kind, &j.Ref, &j.Copy, &j.Text, &j.State, &j.Note, &j.Attempt, &ms)
		j.Created = time.UnixMilli(ms)
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
func (l *Ledger) MarkJob(ctx context.Context, id int64, state till.JobState, note string) error {
	return l.write(ctx, "mark a print job", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE print_job SET state = ?, note = ?, attempt = attempt + (? = 'sending'), changed_ms = ? WHERE id = ?",
			string(state), note, string(state), l.opt.Now().UnixMilli(), id)
		return err
	})
}

// HoldJobs holds all jobs that wait, with one note, durably before it returns.
// Those that wait for a reason of their own (the note but) keep it.
func (l *Ledger) HoldJobs(ctx context.Context, note, but string) error {
	return l.write(ctx, "hold the print jobs", func(c conn) error {
		_, err := c.ExecContext(ctx, `UPDATE print_job SET state = 'held', note = ?, changed_ms = ?
			WHERE state = 'queued' OR (state = 'held' AND note NOT IN (?, ?))`, note, l.opt.Now().UnixMilli(), note, but)
		return err
	})
}

// DropJobs ends all jobs that wait, with a note, and returns how many.
func (l *Ledger) DropJobs(ctx context.Context, note string) (n int, err error) {
	err = l.write(ctx, "drop the print jobs", func(c conn) error {
		res, err := c.ExecContext(ctx, "UPDATE print_job SET state = 'dropped', note = ?, changed_ms = ? WHERE state IN ('queued', 'held')",
			note, l.opt.Now().UnixMilli())
		if err != nil {
			return err
		}
		rows, err := res.RowsAffected()
		n = int(rows)
		return err
	})
	return n, err
}

// SettleJob ends an uncertain job by what a person saw: it is on paper, or it
// is not and a copy, marked as one, is queued in the same transaction. It does
// nothing to a job that is not uncertain, so that two answers make one copy.
func (l *Ledger) SettleJob(ctx context.Context, id int64, printed bool) error {
	return l.write(ctx, "settle a print job", func(c conn) error {
		now := l.opt.Now().UnixMilli()
		if printed {
			_, err := c.ExecContext(ctx, "UPDATE print_job SET state = 'confirmed', note = 'seen', changed_ms = ? WHERE id = ? AND state = 'uncertain'", now, id)
			return err
		}
		_, err := c.ExecContext(ctx, `INSERT INTO print_job(kind, ref, copy, text, created_ms, changed_ms)
			SELECT kind, ref, (SELECT max(o.copy) + 1 FROM print_job o WHERE o.kind = j.kind AND o.ref = j.ref AND (o.kind = 'receipt' OR o.text = j.text)), text, ?, ?
			FROM print_job j WHERE id = ? AND state = 'uncertain'`, now, now, id)
		if err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "UPDATE print_job SET state = 'dropped', note = 'copied', changed_ms = ? WHERE id = ? AND state = 'uncertain'", now, id)
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

// PulsesDue lists the drawer pulses that wait, oldest first.
func (l *Ledger) PulsesDue(ctx context.Context) ([]till.Pulse, error) {
	var out []till.Pulse
	err := each(ctx, l.r(), "SELECT id, reason, created_ms FROM pulse WHERE state = 'queued' ORDER BY id", nil, func(s scanner) error {
		var p till.Pulse
		var ms int64
		err := s.Scan(&p.ID, &p.Reason, &ms)
		p.Created = time.UnixMilli(ms)
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
func (l *Ledger) MarkPulse(ctx context.Context, id int64, state till.PulseState) error {
	return l.write(ctx, "mark a drawer pulse", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE pulse SET state = ? WHERE id = ?", string(state), id)
		return err
	})
}

// AddPulse asks for one opening of the drawer outside a sale, for trying it.
func (l *Ledger) AddPulse(ctx context.Context, reason string) error {
	return l.write(ctx, "queue a drawer pulse", func(c conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO pulse(reason, created_ms) VALUES (?, ?)", reason, l.opt.Now().UnixMilli())
		return err
	})
}

// endQueues drops what a copy of the ledger still had to print and to open: that
// was done, or asked about, where it was copied from.
func endQueues(ctx context.Context, c conn) error {
	if _, err := c.ExecContext(ctx, "UPDATE print_job SET state = 'dropped', note = 'restored' WHERE state IN ('queued', 'held', 'sending', 'uncertain')"); err != nil {
		return err
	}
	_, err := c.ExecContext(ctx, "UPDATE pulse SET state = 'expired' WHERE state = 'queued'")
	return err
}
