package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// txMost is how long a transaction may take; DaysSafe relies on it.
const txMost = 5 * time.Second

// A Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	w, r     *sql.DB // one and the same in PostgreSQL; one writer in SQLite
	postgres bool
	texts    sync.Map // statement -> the same with SQLite's place holders
	now      func() time.Time
}

// Open opens "sqlite:FILE" or "postgres://..." and brings its tables up to date.
// The error never holds the password of a DSN.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{now: time.Now}
	kind, rest, _ := strings.Cut(dsn, ":")
	var err error
	switch kind {
	case "sqlite":
		err = s.openSQLite(rest)
	case "postgres", "postgresql":
		err = s.openPostgres(dsn)
	default:
		return nil, errors.New("the database must be sqlite:FILE or postgres://HOST/NAME")
	}
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("bring the hub's tables up to date: %w", err)
	}
	return s, nil
}

func (s *Store) openSQLite(file string) error {
	if file == "" {
		return errors.New("sqlite: needs a file name")
	}
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "foreign_keys(1)"}, "_txlock": {"immediate"}}
	w, err := sql.Open("sqlite", "file:"+file+"?"+q.Encode())
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1) // two writers in one process refuse each other's transactions
	q.Set("_txlock", "deferred")
	q.Add("_pragma", "query_only(1)")
	r, err := sql.Open("sqlite", "file:"+file+"?"+q.Encode())
	if err != nil {
		w.Close()
		return err
	}
	r.SetMaxOpenConns(4)
	s.w, s.r = w, r
	return nil
}

func (s *Store) openPostgres(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return errors.New("postgres: the address cannot be read")
	}
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.w, s.r, s.postgres = db, db, true
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.postgres {
		dialect = goose.DialectPostgres
		l, err := lock.NewPostgresTableLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(l))
	}
	p, err := goose.NewProvider(dialect, s.w, sub, options...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Close closes the database.
func (s *Store) Close() error {
	err := s.w.Close()
	if s.r != s.w {
		err = errors.Join(err, s.r.Close())
	}
	return err
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.r.PingContext(ctx) }

var placeholder = regexp.MustCompile(`\$(\d+)`)

// text gives a statement in the form that the engine wants: they are written
// with PostgreSQL's place holders.
func (s *Store) text(q string) string {
	if s.postgres {
		return q
	}
	if t, ok := s.texts.Load(q); ok {
		return t.(string)
	}
	t := placeholder.ReplaceAllString(q, "?$1")
	s.texts.Store(q, t)
	return t
}

// A tx is a transaction of the store's, or its readers.
type tx struct {
	s *Store
	q interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
}

func (t tx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	res, err := t.q.ExecContext(ctx, t.s.text(q), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t tx) row(ctx context.Context, q string, args ...any) *sql.Row {
	return t.q.QueryRowContext(ctx, t.s.text(q), args...)
}

// each runs f over the rows of a query; f scans.
func (t tx) each(ctx context.Context, q string, f func(*sql.Rows) error, args ...any) error {
	rows, err := t.q.QueryContext(ctx, t.s.text(q), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read is for questions that decide nothing.
func (s *Store) read() tx { return tx{s, s.r} }

// write runs f in a transaction, again where the engine says that it lost to
// another. f must do the same whenever it is run.
func (s *Store) write(ctx context.Context, f func(tx) error) error {
	ctx, stop := context.WithTimeout(ctx, txMost)
	defer stop()
	for try := 0; ; try++ {
		err := s.once(ctx, f)
		if err == nil || !again(err) || try == 7 {
			return err
		}
		wait := time.Duration(rand.Int64N(int64(10*time.Millisecond) << try))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, f func(tx) error) error {
	t, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	if err := f(tx{s, t}); err != nil {
		return err
	}
	return t.Commit()
}

// again says whether an engine asks for the same transaction once more:
// serialization failures and deadlocks of PostgreSQL (40001, 40P01), a file of
// SQLite's that another holds.
func again(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return false
}

// values writes place holders for n rows of width columns: ($1,$2),($3,$4).
func values(n, width int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range width {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", i*width+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
}

func ms(t time.Time) int64 { return t.UnixMilli() }

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
