package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// A sale is thirty statements and more, and what database/sql does around each
// costs as much as a fifth of the sale, so the writer's go to the driver
// itself; and rows of one table go in several at a time.

// stmt returns a prepared statement of the writer, for queries.
func (l *Ledger) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := l.stmts[q]; ok {
		return s, nil
	}
	s, err := l.w.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	l.stmts[q] = s
	return s, nil
}

// asking reads through the writer with statements that stay prepared.
type asking struct{ l *Ledger }

func (a asking) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	s, err := a.l.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (a asking) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	s, err := a.l.stmt(ctx, q)
	if err != nil {
		return a.l.w.QueryRowContext(ctx, q, args...) // which says so
	}
	return s.QueryRowContext(ctx, args...)
}

// exec runs a prepared statement of the writer.
func (l *Ledger) exec(ctx context.Context, q string, args ...any) error {
	return l.w.Raw(func(conn any) error {
		s, ok := l.direct[q]
		if !ok {
			p, err := conn.(driver.ConnPrepareContext).PrepareContext(ctx, q)
			if err != nil {
				return err
			}
			if s, ok = p.(directStmt); !ok {
				return errors.Join(fmt.Errorf("the driver's statements are %T", p), p.Close())
			}
			l.direct[q] = s
		}
		l.values = l.values[:0]
		for i, a := range args {
			v, err := driver.DefaultParameterConverter.ConvertValue(a)
			if err != nil {
				return fmt.Errorf("argument %d: %w", i+1, err)
			}
			l.values = append(l.values, driver.NamedValue{Ordinal: i + 1, Value: v})
		}
		_, err := s.ExecContext(ctx, l.values)
		return err
	})
}

type directStmt interface {
	driver.Stmt
	driver.StmtExecContext
}

// forget closes the writer's statements.
func (l *Ledger) forget() error {
	var err error
	for _, s := range l.stmts {
		err = errors.Join(err, s.Close())
	}
	if l.w != nil && len(l.direct) > 0 {
		err = errors.Join(err, l.w.Raw(func(any) error {
			var err error
			for _, s := range l.direct {
				err = errors.Join(err, s.Close())
			}
			return err
		}))
	}
	l.stmts, l.direct = nil, nil
	return err
}

// severalMax is, as a power of two, how many rows one statement writes at most.
const severalMax = 5

// several is one statement that writes a row, and those that write two, four
// and so on.
type several [severalMax + 1]string

// insertInto is the statement for one row with these columns, and its
// multiples; tail stands behind the values.
func insertInto(name string, columns []string, tail string) (s several) {
	row := ", (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for i := range s {
		s[i] = "INSERT INTO " + name + "(" + strings.Join(columns, ", ") + ") VALUES " + strings.Repeat(row, 1<<i)[2:] + tail
	}
	return s
}

// put writes n rows; args appends the values of row i.
func (l *Ledger) put(ctx context.Context, s *several, n int, args func(to []any, i int) []any) error {
	for from := 0; from < n; {
		k := min(bits.Len(uint(n-from))-1, severalMax)
		l.args = l.args[:0]
		for i := range 1 << k {
			l.args = args(l.args, from+i)
		}
		if err := l.exec(ctx, s[k], l.args...); err != nil {
			return err
		}
		from += 1 << k
	}
	return nil
}

func appendAny(to []any, values []value) []any {
	for i := range values {
		to = append(to, values[i].any())
	}
	return to
}
