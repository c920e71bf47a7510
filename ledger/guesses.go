package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"guitai/till"
)

// A PIN alone names nobody whose tries could be counted, so those that nobody
// has are counted for the till. One is forgotten each minute. A right PIN does
// not clear them: else one's own, in between, would make guessing another's
// free.
const (
	guessesKey   = "guesses"
	guessForgets = time.Minute
)

// A guesses is how many wrong PINs stand against the till, the time of the
// last, and until when no PIN alone is looked at.
type guesses struct {
	n           int
	last, until int64 // ms
}

func (l *Ledger) guesses(ctx context.Context) (g guesses, err error) {
	var text string
	err = l.r().QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", guessesKey).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil
	}
	if err == nil {
		_, err = fmt.Sscan(text, &g.n, &g.last, &g.until)
	}
	if err != nil {
		return g, fmt.Errorf("read the PIN tries: %w", err)
	}
	return g, nil
}

// locked is PINLocked while no PIN alone is looked at.
func (g guesses) locked(now time.Time) error {
	// A clock that was set back must not lock for longer than the wait is.
	if wait := time.UnixMilli(g.until).Sub(now); g.until != 0 && wait > 0 && wait <= pinWaitMax {
		return &till.Error{Code: till.PINLocked, Detail: strconv.Itoa(int(wait.Seconds()) + 1)}
	}
	return nil
}

// countGuess counts one more.
func (l *Ledger) countGuess(ctx context.Context, g guesses, now time.Time) error {
	if gone := now.Sub(time.UnixMilli(g.last)); gone > 0 {
		g.n = max(0, g.n-int(min(gone/guessForgets, 1<<20)))
	}
	g.n, g.last, g.until = g.n+1, now.UnixMilli(), 0
	if g.n >= pinTries {
		g.until = now.Add(waitAfter(g.n)).UnixMilli()
	}
	return l.write(ctx, "count PIN tries", func(c conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
			guessesKey, fmt.Sprint(g.n, g.last, g.until))
		return err
	})
}
