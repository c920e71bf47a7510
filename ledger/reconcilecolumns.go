package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// statementKey is what the columns of a bank's or an aggregator's list are
// remembered by, apart from lists of goods.
func statementKey(header []string) string { return "statement\x1e" + headerKey(header) }

// StatementColumns returns what a person said the columns of a list of payments
// are, or nil where nobody has.
func (l *Ledger) StatementColumns(ctx context.Context, header []string) ([]string, error) {
	var kept string
	err := l.q().QueryRowContext(ctx, "SELECT map FROM import_map WHERE header = ?", statementKey(header)).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read how the list's columns were taken: %w", err)
	}
	return strings.Split(kept, ","), nil
}

// KeepStatementColumns remembers the columns of a list of payments.
func (l *Ledger) KeepStatementColumns(ctx context.Context, header, columns []string) error {
	return l.write(ctx, "remember the list's columns", func(c conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO import_map(header, map) VALUES (?, ?) ON CONFLICT DO UPDATE SET map = excluded.map", statementKey(header), strings.Join(columns, ","))
		return err
	})
}
