package command

import (
	"time"

	"guitai/ledger"
)

// statement reads a list that no adapter knows and compares it.
func (c *reconcileDay) statement(e *env, book *ledger.Ledger, mode string, raw []byte, day time.Time) error {
	return &failure{what: errNoBill, args: []any{c.Name}}
}
