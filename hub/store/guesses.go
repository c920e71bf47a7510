package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A Guess is something that passwords are tried on, and how many may fail before
// each further one has to wait: a second, then two, four, up to Most.
type Guess struct {
	Name string
	Free int64
	Most time.Duration
}

// guessesKept is how long failures are remembered after the last.
const guessesKept = 24 * time.Hour

// Guessing counts a try as failed before it is made, so that many at once count
// as many, and says how long to wait where one is not allowed; then it counts
// nothing. Guessed takes the failure back.
func (s *Store) Guessing(ctx context.Context, of ...Guess) (wait time.Duration, err error) {
	err = s.write(ctx, func(t tx) error {
		wait = 0
		now := s.now()
		for _, g := range of {
			var failures, last int64
			err := t.row(ctx, "SELECT failures, last_ms FROM guess WHERE tenant_id = '' AND name_hash = $1", Hash(g.Name)).Scan(&failures, &last)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			if now.Sub(moment(last)) < guessesKept && failures >= g.Free {
				pause := min(time.Second<<min(failures-g.Free, 30), g.Most)
				wait = max(wait, moment(last).Add(pause).Sub(now))
			}
		}
		if wait > 0 {
			return nil
		}
		for _, g := range of {
			if _, err := t.exec(ctx, `INSERT INTO guess(tenant_id, name_hash, failures, last_ms) VALUES ('', $1, 1, $2)
				ON CONFLICT (tenant_id, name_hash) DO UPDATE SET failures = CASE WHEN guess.last_ms < $3 THEN 1 ELSE guess.failures + 1 END, last_ms = excluded.last_ms`,
				Hash(g.Name), ms(now), ms(now.Add(-guessesKept))); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, "DELETE FROM guess WHERE tenant_id = '' AND last_ms < $1", ms(now.Add(-guessesKept)))
		return err
	})
	return wait, err
}

// Guessed forgets the failures of what was signed in to.
func (s *Store) Guessed(ctx context.Context, of ...Guess) error {
	return s.write(ctx, func(t tx) error {
		for _, g := range of {
			if _, err := t.exec(ctx, "DELETE FROM guess WHERE tenant_id = '' AND name_hash = $1", Hash(g.Name)); err != nil {
				return err
			}
		}
		return nil
	})
}
