// Package ledger is the till's durable memory: an append-only, hash-chained
// and signed journal in one SQLite file, the rows projected from it and the
// sums kept beside them. It is the register's till.Journal; it decides nothing
// about selling.
//
//	l, err := ledger.Open(ctx, dir, ledger.Options{})
//	reg := till.NewRegister(l, l, l, till.Options{...})
package ledger

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"modernc.org/sqlite"

	"guitai/till"
)

// FileName is the ledger's file in its folder.
const FileName = "ledger.db"

// ErrNone means that a folder holds no ledger.
var ErrNone = errors.New("there is no ledger here")

// Options are how a ledger is opened. The zero value is right for a till.
type Options struct {
	// ReadOnly opens beside a running till; every write is refused.
	ReadOnly bool
	// Now is the clock; nil means the machine's.
	Now func() time.Time
	// VFS names a SQLite VFS to use in place of the system's.
	VFS string
	// Driver names a driver of database/sql to compare with the built-in one; it
	// must know the parameters _pragma and _txlock in the name of a database.
	Driver string
	// Synchronous is for experiments that must lose data; empty means FULL.
	Synchronous string
	create      bool
}

// A Ledger is one open ledger file. Its methods may be called from any
// goroutine; writes go one at a time.
type Ledger struct {
	dir  string
	opt  Options
	lock *os.File

	queued  atomic.Int32 // writes that wait for mu
	mu      sync.Mutex   // owns what follows, up to batch
	db      *sql.DB      // one connection: the writer
	w       *sql.Conn
	stmts   map[string]*sql.Stmt
	direct  map[string]directStmt
	rows    projection
	sums    adding
	args    []any               // room for the next statement's
	values  []driver.NamedValue // and as the driver takes them
	seq     int64               // of the last entry
	head    [32]byte
	signed  int64 // seq of the last signature
	key     key
	pending int // commits since the last checkpoint
	batch   bool

	read    atomic.Pointer[readers]
	schema  string
	closed  chan struct{}
	closing sync.Once
	idle    sync.WaitGroup

	search searchSignal
	tried  atomic.Int64             // last attempt number drawn
	marks  atomic.Pointer[[32]byte] // key of MarkCode
	goods  atomic.Int64             // changes of single items; counted while mu is held
	lists  sync.Mutex               // one import at a time, or taking back of one

	priceDue atomic.Int64 // ms of the next later price; 0 where it is not known
}

// ofd makes SQLite lock by open file description on systems that can: POSIX
// locks are lost as soon as any other descriptor of the file closes.
var ofd = sync.OnceValue(func() error {
	_, err := sqlite.OFDLocking(true)
	return err
})

// NewID returns a new UUID version 7.
func NewID() till.ID { return till.ID(uuid.Must(uuid.NewV7())) }

// Open opens the ledger in dir, migrating it where an earlier version of the
// program wrote it. ErrNone means that there is none, ErrNewer that a later
// version wrote it; an *OwnedError names the process that has it open.
func Open(ctx context.Context, dir string, opt Options) (*Ledger, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	opt.Synchronous = cmp.Or(opt.Synchronous, "FULL")
	opt.Driver = cmp.Or(opt.Driver, "sqlite")
	_ = ofd() // where the system has no such locks, SQLite goes on with its own
	l := &Ledger{dir: dir, opt: opt, closed: make(chan struct{}), search: make(searchSignal, 1)}
	if _, err := os.Stat(l.path()); errors.Is(err, fs.ErrNotExist) && !opt.create {
		return nil, fmt.Errorf("%w: %s", ErrNone, dir)
	}
	if err := l.open(ctx); err != nil {
		l.shut()
		return nil, err
	}
	if !opt.ReadOnly {
		if err := l.settleImports(ctx); err != nil {
			return nil, errors.Join(err, l.shut())
		}
		l.idle.Go(l.checkpoints)
		l.idle.Go(l.indexing)
	}
	return l, nil
}

func (l *Ledger) path() string { return filepath.Join(l.dir, FileName) }

// Dir returns the ledger's folder.
func (l *Ledger) Dir() string { return l.dir }

func (l *Ledger) open(ctx context.Context) (err error) {
	if l.opt.ReadOnly {
		db, err := l.connect(true, 4)
		if err != nil {
			return err
		}
		l.read.Store(&readers{DB: db})
		have, want, err := version(ctx, db)
		if err == nil && have != want {
			err = fmt.Errorf("the ledger has schema %d, this program needs %d: open the till once to migrate it", have, want)
		}
		if err != nil {
			return err
		}
		return l.readAlong(ctx, db)
	}
	if l.lock == nil {
		if l.lock, err = own(l.dir, l.opt.Now()); err != nil {
			return err
		}
	}
	if l.db, err = l.connect(false, 1); err != nil {
		return err
	}
	have, want, err := version(ctx, l.db)
	if err != nil {
		return err
	}
	if have < want {
		if have > 0 {
			if err := l.keepBefore(ctx, have); err != nil {
				return err
			}
		}
		if err := migrate(ctx, l.db, have); err != nil {
			return err
		}
	}
	if l.w, err = l.db.Conn(ctx); err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	if err := l.checkPragmas(ctx); err != nil {
		return err
	}
	l.stmts, l.direct = map[string]*sql.Stmt{}, map[string]directStmt{}
	db, err := l.connect(true, 4)
	if err != nil {
		return err
	}
	if err := l.readAlong(ctx, db); err != nil {
		return err
	}
	if l.key, err = loadKey(l.dir); err != nil {
		return err
	}
	marks := l.key.forMarks()
	l.marks.Store(&marks)
	return l.readHead(ctx)
}

// readers is the pool that reads beside the writer, with the look-up that
// every scan makes prepared, and, from the first report on, what reports ask.
type readers struct {
	*sql.DB
	byBarcode, byCode *sql.Stmt
	gone              atomic.Bool // closed, after a commit that failed

	mu   sync.Mutex
	asks map[string]*sql.Stmt
}

// r returns the readers. Where a commit of some background work has failed and
// closed them, the ledger is opened again first, so that a scan need not wait
// for the next write to do it. Whoever holds the writer then is opening it
// too and is waited for; nothing reads through r while it holds the writer of
// a ledger that is closed.
func (l *Ledger) r() *readers {
	r := l.read.Load()
	if r == nil || !r.gone.Load() || l.opt.ReadOnly {
		return r
	}
	l.queue()
	defer l.mu.Unlock()
	_ = l.ready(context.Background()) // where the disk still fails, the read says so
	return l.read.Load()
}

// unread gives an error of reading its code where the reason is that the
// ledger was closed meanwhile, because its disk takes no writes.
func (l *Ledger) unread(err error) error {
	if r := l.read.Load(); err == nil || till.CodeOf(err) != "" || r == nil || !r.gone.Load() {
		return err
	}
	return &till.Error{Code: till.CannotSave, Err: err}
}

func (l *Ledger) readAlong(ctx context.Context, db *sql.DB) (err error) {
	r := &readers{DB: db}
	l.read.Store(r)
	if r.byBarcode, err = db.PrepareContext(ctx, lookupBarcode); err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	if r.byCode, err = db.PrepareContext(ctx, lookupCode); err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	l.schema, err = schemaDigest(ctx, db)
	return err
}

// connect opens a pool. Pragmas are per connection, so they are in the name.
func (l *Ledger) connect(readOnly bool, conns int) (*sql.DB, error) {
	v := url.Values{}
	for _, p := range []string{
		"busy_timeout(5000)", "foreign_keys(1)", "recursive_triggers(1)", "trusted_schema(0)", "cell_size_check(1)", "fullfsync(1)",
		"checkpoint_fullfsync(1)", "temp_store(memory)", "cache_size(-32768)", "mmap_size(0)",
	} {
		v.Add("_pragma", p)
	}
	// Readers need it too: they do the checkpoints.
	v.Add("_pragma", "synchronous("+l.opt.Synchronous+")")
	if readOnly {
		v.Add("_pragma", "query_only(1)")
	} else {
		v.Add("_pragma", "journal_mode(wal)")
		v.Add("_pragma", "wal_autocheckpoint(4000)")
		v.Set("_txlock", "immediate")
	}
	if l.opt.VFS != "" {
		v.Set("vfs", l.opt.VFS)
	}
	db, err := sql.Open(l.opt.Driver, "file:"+(&url.URL{Path: l.path()}).EscapedPath()+"?"+v.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// checkPragmas reads back what durability rests on.
func (l *Ledger) checkPragmas(ctx context.Context) error {
	sync := map[string]string{"OFF": "0", "NORMAL": "1", "FULL": "2", "EXTRA": "3"}[l.opt.Synchronous]
	for _, p := range [][2]string{{"journal_mode", "wal"}, {"synchronous", sync}, {"foreign_keys", "1"}} {
		var got string
		if err := l.w.QueryRowContext(ctx, "PRAGMA "+p[0]).Scan(&got); err != nil {
			return fmt.Errorf("read %s: %w", p[0], err)
		}
		if got != p[1] {
			return fmt.Errorf("the disk refuses %s=%s (it is %s): sales would not be safe here", p[0], p[1], got)
		}
	}
	return nil
}

func (l *Ledger) readHead(ctx context.Context) error {
	l.seq, l.head, l.signed = 0, [32]byte{}, 0
	var hash []byte
	err := l.w.QueryRowContext(ctx, "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").Scan(&l.seq, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the head of the journal: %w", err)
	}
	copy(l.head[:], hash)
	if err := l.w.QueryRowContext(ctx, "SELECT ifnull(max(seq), 0) FROM signature").Scan(&l.signed); err != nil {
		return fmt.Errorf("read the last signature: %w", err)
	}
	var tried int64
	err = l.w.QueryRowContext(ctx, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'attempt'").Scan(&tried)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the last attempt number: %w", err)
	}
	l.tried.Store(max(tried, l.tried.Load()))
	return nil
}

// write runs f in one write transaction; every write that is no Commit comes
// through here. An error of the commit itself leaves the outcome to the next
// look at the rows, which must therefore be written so that doing it again is
// harmless.
func (l *Ledger) write(ctx context.Context, what string, f func(conn) error) error {
	return l.append(ctx, what, func(w *writing) error { return f(l.w) })
}

// append is write for what may also append entries to the journal.
func (l *Ledger) append(ctx context.Context, what string, f func(*writing) error) error {
	if l.opt.ReadOnly {
		return &till.Error{Code: till.CannotSave, Detail: "the ledger was opened for reading"}
	}
	l.queue()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := l.begin(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	w := writing{l: l, seq: l.seq, head: l.head, signed: l.signed}
	if err := f(&w); err != nil {
		return fmt.Errorf("%s: %w", what, errors.Join(refusedPayment(err), l.rollback()))
	}
	if err := l.end(ctx); err != nil {
		// What stands in the log of it is settled by the next to open the ledger.
		return fmt.Errorf("%s: %w", what, &till.Error{Code: till.CannotSave, Err: errors.Join(err, l.disconnect())})
	}
	l.seq, l.head, l.signed = w.seq, w.head, w.signed
	l.pending++
	return nil
}

// queue locks the writer and lets long work know that somebody waits.
func (l *Ledger) queue() {
	l.queued.Add(1)
	l.mu.Lock()
	l.queued.Add(-1)
}

func (l *Ledger) begin(ctx context.Context) error {
	if l.batch {
		return l.exec(ctx, "SAVEPOINT act")
	}
	if err := l.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return &till.Error{Code: till.CannotSave, Err: err}
	}
	return nil
}

// end makes the transaction durable; inside a batch it only keeps it.
func (l *Ledger) end(ctx context.Context) error {
	if l.batch {
		return l.exec(ctx, "RELEASE act")
	}
	return l.exec(ctx, "COMMIT")
}

// ready opens the ledger again where an error has closed it. One that was given
// up stays so: its folder may be another's by now. The caller holds mu.
func (l *Ledger) ready(ctx context.Context) error {
	if l.w != nil {
		return nil
	}
	select {
	case <-l.closed:
		return &till.Error{Code: till.CannotSave, Detail: "this ledger is closed"}
	default:
	}
	if err := l.reopen(ctx); err != nil {
		return &till.Error{Code: till.CannotSave, Err: errors.Join(err, l.disconnect())}
	}
	return nil
}

// rollback ends a failed transaction with a context of its own: the caller's
// may be over.
func (l *Ledger) rollback() error {
	if l.batch {
		_, err := l.w.ExecContext(context.Background(), "ROLLBACK TO act; RELEASE act")
		return err
	}
	_, err := l.w.ExecContext(context.Background(), "ROLLBACK")
	return err
}

// checkpoints moves the write-ahead log into the file in idle moments, so that
// no sale ever pays for it.
func (l *Ledger) checkpoints() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-l.closed:
			return
		case <-tick.C:
		}
		l.mu.Lock()
		busy := l.batch || l.w == nil
		due := l.pending > 0 && !busy
		if due {
			l.pending = 0
		}
		l.mu.Unlock()
		if due {
			// A checkpoint that fails is tried again after the next commit; the log
			// keeps everything.
			_ = l.checkpoint()
		}
		if l.priceDue.Load() <= l.opt.Now().UnixMilli() && !busy {
			_ = l.applyPrices(context.Background()) // tried again a second later
		}
	}
}

// checkpoint goes through a reading connection, so that a sale need not wait
// for it.
func (l *Ledger) checkpoint() error {
	_, err := l.r().ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

// Close moves the log into the file and gives the ledger up. A ledger that is
// closed already stays so.
func (l *Ledger) Close() (err error) {
	l.closing.Do(func() { err = l.close() })
	return err
}

func (l *Ledger) close() error {
	close(l.closed)
	l.idle.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.w != nil {
		if l.batch {
			err = l.endBatch(context.Background())
		}
		_, e := l.w.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		err = errors.Join(err, e)
	}
	return errors.Join(err, l.shut())
}

// shut closes what is open.
func (l *Ledger) shut() error {
	err := l.disconnect()
	if l.lock != nil {
		err = errors.Join(err, l.lock.Close())
		l.lock = nil
	}
	return err
}

func (l *Ledger) disconnect() error {
	err := l.forget()
	if l.w != nil {
		err = errors.Join(err, l.w.Close())
		l.w = nil
	}
	if l.db != nil {
		err = errors.Join(err, l.db.Close())
		l.db = nil
	}
	// The readers go too: only when the last connection is closed does the next
	// one read the log from the disk again.
	if r := l.read.Load(); r != nil {
		r.gone.Store(true)
		err = errors.Join(err, r.Close())
	}
	return err
}

// reopen starts again on the file after an error of COMMIT, so that what is
// read next is what is on the disk. It also settles what it read: a commit that
// failed may have left whole frames behind the end of the log, which a crash
// would bring back after somebody was told that they are not there.
func (l *Ledger) reopen(ctx context.Context) error {
	if err := l.disconnect(); err != nil {
		return err
	}
	if err := l.open(ctx); err != nil {
		return err
	}
	// A customer is waiting: a reader is not waited for as long as usual.
	if _, err := l.w.ExecContext(ctx, "PRAGMA busy_timeout = 200"); err != nil {
		return fmt.Errorf("settle the log: %w", err)
	}
	var busy, frames, moved int
	if err := l.w.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return fmt.Errorf("settle the log: %w", err)
	}
	if _, err := l.w.ExecContext(ctx, "PRAGMA busy_timeout = 5000"); err != nil {
		return fmt.Errorf("settle the log: %w", err)
	}
	if busy == 0 {
		return nil
	}
	// Another process is reading, so the log stays; a commit of our own writes
	// over whatever lies behind its end.
	_, err := l.w.ExecContext(ctx, "INSERT INTO meta(key, value) VALUES ('settled', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
		strconv.FormatInt(l.opt.Now().UnixNano(), 10))
	if err != nil {
		return fmt.Errorf("settle the log: %w", err)
	}
	return nil
}

// keepBefore keeps a copy of the ledger as it is before a migration.
func (l *Ledger) keepBefore(ctx context.Context, have int) error {
	name := fmt.Sprintf("ledger-before-schema-%d-%s", have+1, l.opt.Now().Format("20060102-150405"))
	to := filepath.Join(l.dir, name+".db")
	for n := 2; ; n++ { // one of the same second stays: it may be of another ledger
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return fmt.Errorf("keep a copy before the migration: %w", err)
		}
		to = filepath.Join(l.dir, fmt.Sprintf("%s-%d.db", name, n))
	}
	if _, err := l.db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("keep a copy before the migration: %w", err)
	}
	return nil
}

// newEpoch draws four characters that make this ledger's attempt numbers its own.
func newEpoch() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [4]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b[:])
}

// conn is what a write works with: the one writing connection, inside its
// transaction.
type conn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}
