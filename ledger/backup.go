package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite"

	"guitai/till"
)

// backupsKept bounds how many backups of this till stand in a folder; older
// ones go as new ones come.
const backupsKept = 30

// A pause between steps of a backup lets sales through; the step is small
// enough that none waits long.
const (
	backupStep  = 400 // pages
	backupPause = 3 * time.Millisecond
)

// BackupInfo is what a backup holds.
type BackupInfo struct {
	Path    string
	Bytes   int64
	Shop    string
	Till    string
	Epoch   string
	Entries int64
	Head    string // hash of the last entry
	Receipt int    // last receipt number
	LastAt  time.Time
}

// backuper is what the driver's connection offers.
type backuper interface {
	NewBackup(dst string) (*sqlite.Backup, error)
}

// Backup copies the ledger as it is now to a file in the folder to, while
// selling goes on, checks the copy and notes it. The copy is there whole or
// not at all. The till's key and the PIN secret are not in it.
func (l *Ledger) Backup(ctx context.Context, to string) (BackupInfo, error) {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return BackupInfo{}, fmt.Errorf("make the backup folder: %w", err)
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return BackupInfo{}, err
	}
	prefix := "guitai-" + settings.Till + "-"
	path := filepath.Join(to, prefix+l.opt.Now().In(settings.Zone).Format("20060102-150405.000")+".db")
	part := path + ".part"
	defer os.Remove(part)
	if err := l.copyTo(ctx, part); err != nil {
		return BackupInfo{}, fmt.Errorf("copy the ledger: %w", err)
	}
	if err := standAlone(ctx, part); err != nil {
		return BackupInfo{}, fmt.Errorf("copy the ledger: %w", err)
	}
	info, err := Inspect(ctx, part)
	if err != nil {
		return BackupInfo{}, fmt.Errorf("check the copy: %w", err)
	}
	if err := syncFile(part); err != nil {
		return BackupInfo{}, fmt.Errorf("write the copy out: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return BackupInfo{}, fmt.Errorf("name the copy: %w", err)
	}
	info.Path = path
	prune(to, prefix)
	if l.opt.ReadOnly {
		return info, nil
	}
	now := l.opt.Now().In(settings.Zone)
	return info, l.note(ctx, till.Entry{At: now, Recorded: now, Record: &till.BackedUp{Path: filepath.Base(path), Bytes: info.Bytes, Seq: info.Entries}})
}

// copyTo copies inside a read transaction: without one, every sale would start
// the copy over.
func (l *Ledger) copyTo(ctx context.Context, path string) error {
	c, err := l.r().Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	var n int64
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM meta").Scan(&n); err != nil {
		return err
	}
	return c.Raw(func(driver any) error {
		b, err := driver.(backuper).NewBackup("file:" + path)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if more, err = b.Step(backupStep); err == nil && more {
				select {
				case <-ctx.Done():
					err = context.Cause(ctx)
				case <-time.After(backupPause):
				}
			}
		}
		return errors.Join(err, b.Finish())
	})
}

// standAlone makes a copy a file by itself: the ledger's own keeps a log and an
// index beside it, which a copy would get wherever it is looked into.
func standAlone(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode(DELETE)").Scan(&mode)
	if err == nil && mode != "delete" {
		err = fmt.Errorf("the copy stays in mode %s", mode)
	}
	return errors.Join(err, db.Close())
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// prune removes the oldest backups of this till over the bound.
func prune(dir, prefix string) {
	names, err := filepath.Glob(filepath.Join(dir, prefix+"*.db"))
	if err != nil {
		return
	}
	slices.Sort(names)
	for len(names) > backupsKept {
		os.Remove(names[0])
		names = names[1:]
	}
}

// Inspect opens a ledger file that no till runs on, checks it and says what it
// holds. Damage is an error that says so.
func Inspect(ctx context.Context, path string) (BackupInfo, error) {
	info := BackupInfo{Path: path}
	st, err := os.Stat(path)
	if err != nil {
		return info, fmt.Errorf("read the backup: %w", err)
	}
	info.Bytes = st.Size()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&_pragma=query_only(1)")
	if err != nil {
		return info, err
	}
	defer db.Close()
	if _, _, err := version(ctx, db); err != nil {
		return info, err
	}
	var ok string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&ok); err != nil || ok != "ok" {
		return info, fmt.Errorf("%s is damaged: %s %w", filepath.Base(path), ok, errors.Join(err, till.ErrCorrupt))
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return info, err
	}
	defer tx.Rollback()
	var state till.State
	if err := errors.Join(readSettings(ctx, tx, &state), readMeta(ctx, tx, &state)); err != nil {
		return info, err
	}
	info.Shop, info.Till, info.Epoch = state.Settings.Shop.Name, state.Settings.Till, state.Epoch
	var ms int64
	if err := tx.QueryRowContext(ctx, "SELECT seq, lower(hex(hash)), at_ms FROM entry ORDER BY seq DESC LIMIT 1").Scan(&info.Entries, &info.Head, &ms); err != nil {
		return info, fmt.Errorf("%s holds no ledger: %w", filepath.Base(path), err)
	}
	info.LastAt = time.UnixMilli(ms).In(state.Settings.Zone)
	return info, tx.QueryRowContext(ctx, "SELECT ifnull(max(no), 0) FROM receipt").Scan(&info.Receipt)
}

// A Preview says what a restore would bring and what it would lose.
type Preview struct {
	Backup BackupInfo
	Now    *BackupInfo // the ledger in place; nil where there is none
	// LostEntries and LostReceipts count what was recorded since the backup. They
	// are -1 where the two are not of one chain.
	LostEntries  int64
	LostReceipts int
}

// PreviewRestore compares a backup with the ledger in dir. Nothing changes.
func PreviewRestore(ctx context.Context, from, dir string) (Preview, error) {
	b, err := Inspect(ctx, from)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Backup: b}
	l, err := Open(ctx, dir, Options{ReadOnly: true})
	if errors.Is(err, ErrNone) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	defer l.Close()
	now, err := Inspect(ctx, l.path())
	if err != nil {
		return p, err
	}
	p.Now = &now
	var same bool
	err = l.r().QueryRowContext(ctx, "SELECT count(*) FROM entry WHERE seq = ? AND lower(hex(hash)) = ?", b.Entries, b.Head).Scan(&same)
	p.LostEntries, p.LostReceipts = now.Entries-b.Entries, now.Receipt-b.Receipt
	if !same {
		p.LostEntries, p.LostReceipts = -1, -1
	}
	return p, err
}

// Restore puts a backup in the place of the ledger in dir, whose till must be
// closed; what was there is kept beside it. A new epoch and a new till key
// begin, so that numbers given since the backup are never given again.
func Restore(ctx context.Context, from, dir string, opt Options) (*Ledger, error) {
	info, err := Inspect(ctx, from)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the ledger's folder: %w", err)
	}
	now := time.Now
	if opt.Now != nil {
		now = opt.Now
	}
	lock, err := own(dir, now())
	if err != nil {
		return nil, err
	}
	err = replace(from, dir, now())
	if err = errors.Join(err, lock.Close()); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	l, err := Open(ctx, dir, opt)
	if err != nil {
		return nil, err
	}
	epoch := newEpoch()
	err = l.write(ctx, "begin a new epoch", func(c conn) error {
		for k, v := range map[string]string{"epoch": epoch, "attempt": "0"} {
			if _, err := c.ExecContext(ctx, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", k, v); err != nil {
				return err
			}
		}
		return endQueues(ctx, c)
	})
	if err == nil {
		at := now().In(info.LastAt.Location())
		err = l.note(ctx, till.Entry{At: at, Recorded: at, Record: &till.Restored{Path: filepath.Base(from), Seq: info.Entries, Epoch: epoch}})
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// replace moves the old files aside and copies the backup in. The write-ahead
// log goes with its ledger: left behind, it would be played into the new one.
func replace(from, dir string, now time.Time) error {
	stamp := now.Format("20060102-150405")
	part := filepath.Join(dir, FileName+".restoring")
	defer os.Remove(part)
	if err := copyFile(from, part); err != nil {
		return err
	}
	for _, name := range []string{FileName, FileName + "-wal", FileName + "-shm", keyFile} {
		old := filepath.Join(dir, name)
		if _, err := os.Stat(old); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.Rename(old, filepath.Join(dir, "before-restore-"+stamp+"-"+strings.TrimPrefix(name, "."))); err != nil {
			return err
		}
	}
	return os.Rename(part, filepath.Join(dir, FileName))
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
