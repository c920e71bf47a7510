package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guitai/ledger"
)

type backupCmd struct {
	To string `required:"" placeholder:"PATH" help:"${h_backup_to}"`
}

type restoreCmd struct {
	From    string `required:"" placeholder:"PATH" help:"${h_restore_from}"`
	Preview bool   `help:"${h_preview}"`
	KeyFile string `placeholder:"FILE|-" help:"${h_key_file}"`
	PinFile string `placeholder:"FILE|-" help:"${h_pin_new}"`
	Owner   string `default:"1001" placeholder:"CODE" help:"${h_owner_code}"`
}

var (
	errThere      = words{"%s 已经存在", "%s is there already"}
	nextThere     = words{"换一个文件名，或给一个文件夹。", "Choose another name, or give a folder."}
	errBackup     = words{"备份没有完成：%v", "the backup was not made: %v"}
	nextBackup    = words{"看看目标盘有没有空间、能不能写，再试一次。", "See whether the target has room and can be written, then try again."}
	errNoBackup   = words{"%s 里没有备份", "there is no backup in %s"}
	errBadBackup  = words{"这个备份不能用：%v", "this backup cannot be used: %v"}
	nextBadBackup = words{"换一个更早的备份。", "Use an earlier backup."}
	errRestore    = words{"恢复没有完成：%v", "the restore was not finished: %v"}
	safeRestore   = words{"原来的账本（如果有）还在 %s 里，文件名以 before-restore 开头。", "The ledger that was there, if any, is still in %s under names that begin with before-restore."}
	errBothFiles  = words{"--key-file 和 --pin-file 要一起给", "--key-file and --pin-file go together"}
	tellAside     = words{"原来的账本已放在一边：%s 里以 before-restore 开头的文件。", "The ledger that was there stands aside: the files in %s that begin with before-restore."}
	tellOwner     = words{
		"店主要用恢复码登录一次并重设 PIN；其他人的 PIN 和各收款方式的密钥也要重新设置。",
		"The owner signs on with the recovery code and sets a new PIN; other PINs and the secrets of payment methods are set anew as well.",
	}
	errRecover = words{"账本已恢复，但店主的 PIN 没有重设：%v", "the ledger is restored, but the owner's PIN was not set: %v"}
)

// Run copies the ledger, beside a running till where there is one.
func (c *backupCmd) Run(e *env) error {
	folder, name := c.To, ""
	if st, err := os.Stat(c.To); (err != nil || !st.IsDir()) && strings.EqualFold(filepath.Ext(c.To), ".db") {
		if err == nil {
			return &failure{what: errThere, args: []any{c.To}, safe: safeAsWas, next: nextThere}
		}
		folder, name = filepath.Dir(c.To), c.To
	}
	l, err := e.open()
	owned := (*ledger.OwnedError)(nil)
	if errors.As(err, &owned) {
		l, err = e.read()
	}
	if err != nil {
		return err
	}
	defer l.Close()
	info, err := backupTo(e.ctx, l, folder, name)
	if err != nil {
		return &failure{what: errBackup, args: []any{err}, safe: safeAsWas, next: nextBackup, err: err}
	}
	e.backup(info)
	return nil
}

// backupTo makes a backup in a folder, under a name of its own where one is
// wanted.
func backupTo(ctx context.Context, l *ledger.Ledger, folder, name string) (ledger.BackupInfo, error) {
	if name == "" {
		return l.Backup(ctx, folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return ledger.BackupInfo{}, err
	}
	// The ledger names its backups and keeps only so many in a folder; neither
	// is wanted here.
	part, err := os.MkdirTemp(folder, ".guitai-backup-*")
	if err != nil {
		return ledger.BackupInfo{}, err
	}
	defer os.RemoveAll(part)
	info, err := l.Backup(ctx, part)
	if err != nil {
		return info, err
	}
	err = os.Rename(info.Path, name)
	info.Path = name
	return info, err
}

// backup prints what a backup holds.
func (e *env) backup(b ledger.BackupInfo) {
	fmt.Fprintf(e.out, "backup    %s\nshop      %s\ntill      %s\nbytes     %d\nrecords   %d\nreceipt   %06d\nlast      %s\nhead      %s\n",
		b.Path, printable(b.Shop), b.Till, b.Bytes, b.Entries, b.Receipt, b.LastAt.Format(time.RFC3339), b.Head)
}

// Run takes a ledger up again, or tells what that would bring and lose.
func (c *restoreCmd) Run(e *env) error {
	if (c.KeyFile == "") != (c.PinFile == "") {
		return &failure{exit: exitUsage, what: errBothFiles}
	}
	from, err := backupFile(c.From)
	if err != nil {
		return err
	}
	p, err := ledger.PreviewRestore(e.ctx, from, e.data)
	if err != nil {
		return &failure{what: errBadBackup, args: []any{err}, safe: safeAsWas, next: nextBadBackup, err: err}
	}
	e.backup(p.Backup)
	if p.Now != nil {
		fmt.Fprintf(e.out, "replaces  %s\nlost      records=%d receipts=%d\n", p.Now.Path, p.LostEntries, p.LostReceipts)
	}
	if c.Preview {
		return nil
	}
	recovery, err := e.secret("--key", "", c.KeyFile)
	if err != nil {
		return err
	}
	pin, err := e.secret("--pin", "", c.PinFile)
	if err != nil {
		return err
	}
	l, err := ledger.Restore(e.ctx, from, e.data, ledger.Options{})
	if err != nil {
		owned := (*ledger.OwnedError)(nil)
		if errors.As(err, &owned) {
			return e.openFailure(err)
		}
		return &failure{what: errRestore, args: []any{err}, safe: safeRestore, safeArgs: []any{e.data}, next: nextBackup, err: err}
	}
	defer l.Close()
	if p.Now != nil {
		e.tell(tellAside, e.data)
	}
	if recovery == "" {
		e.tell(tellOwner)
		return nil
	}
	if err := l.RecoverOwner(e.ctx, recovery, c.Owner, pin); err != nil {
		f := explain(err)
		return &failure{what: errRecover, args: []any{f.what.in(e.lang, f.args...)}, err: err}
	}
	return nil
}

// backupFile is a backup named directly, or the newest one in a folder.
func backupFile(path string) (string, error) {
	st, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", &failure{what: errNoBackup, args: []any{path}, safe: safeAsWas, err: err}
		}
		return "", &failure{what: errBadBackup, args: []any{err}, safe: safeAsWas, err: err}
	}
	if !st.IsDir() {
		return path, nil
	}
	names, err := filepath.Glob(filepath.Join(path, "guitai-*.db"))
	if err != nil || len(names) == 0 {
		return "", &failure{what: errNoBackup, args: []any{path}, safe: safeAsWas, err: fs.ErrNotExist}
	}
	// Names end in the time they were made at.
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(stampOf(a), stampOf(b)) })
	return names[len(names)-1], nil
}

// stampOf is the time in a backup's name: what follows the till's code.
func stampOf(name string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), "guitai-"), "-")
	return rest
}
