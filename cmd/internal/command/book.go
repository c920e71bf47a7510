package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"guitai/ledger"
	"guitai/till"
)

var (
	errNoLedger    = words{"%s 里没有账本", "there is no ledger in %s"}
	nextNoLedger   = words{"用 --data 指出账本所在的文件夹，或用 %s init 新建一个。", "Name its folder with --data, or make one with: %s init"}
	errOwned       = words{"账本正被 %s 使用", "the ledger is in use by %s"}
	nextOwned      = words{"先关掉它，再运行这个命令。查看类命令（report、export、verify、backup）可以同时运行。", "End that first, then run this again. Commands that only read (report, export, verify, backup) work beside it."}
	errNewer       = words{"账本是更新版本的程序写的：%v", "a later version of the program wrote this ledger: %v"}
	nextNewer      = words{"请用最新版本打开。", "Open it with the latest version."}
	errExists      = words{"%s 里已经有账本", "there is a ledger in %s already"}
	nextExists     = words{"换一个文件夹（--data），原来的账本没有动。", "Choose another folder with --data."}
	errDamagedFile = words{"%s 里的账本文件已损坏：%v", "the ledger file in %s is damaged: %v"}
	errUnwritable  = words{"%s 写不进去：%v", "%s cannot be written: %v"}
	nextUnwritable = words{"磁盘可能已满、只读或已损坏：腾出空间或换一块磁盘后再试。", "The disk may be full, read-only or broken: make room or take another disk, then try again."}
	errPermission  = words{"没有权限：%v", "not permitted: %v"}
)

// open opens the ledger to write; one program at a time can.
func (e *env) open() (*ledger.Ledger, error) {
	l, err := ledger.Open(e.ctx, e.data, ledger.Options{})
	if err != nil {
		return nil, e.openFailure(err)
	}
	return l, nil
}

// read opens the ledger beside whoever owns it.
func (e *env) read() (*ledger.Ledger, error) {
	l, err := ledger.Open(e.ctx, e.data, ledger.Options{ReadOnly: true})
	if err != nil {
		return nil, e.openFailure(err)
	}
	return l, nil
}

func (e *env) openFailure(err error) error {
	f := &failure{safe: safeAsWas, err: err}
	owned := (*ledger.OwnedError)(nil)
	switch {
	case errors.As(err, &owned):
		f.what, f.args, f.next = errOwned, []any{owned.Owner}, nextOwned
	case errors.Is(err, ledger.ErrNone):
		f.what, f.args = errNoLedger, []any{e.data}
		f.safe, f.next, f.nextArgs = words{}, nextNoLedger, []any{e.name}
	case errors.Is(err, ledger.ErrExists):
		f.what, f.args, f.next = errExists, []any{e.data}, nextExists
	case errors.Is(err, ledger.ErrNewer):
		f.what, f.args, f.next = errNewer, []any{err}, nextNewer
	case errors.Is(err, fs.ErrPermission):
		f.what, f.args = errPermission, []any{err}
	case ledger.IsDamaged(err):
		f.what, f.args, f.next = errDamagedFile, []any{e.data, err}, nextDamaged
	case ledger.IsUnwritable(err):
		f.what, f.args, f.next = errUnwritable, []any{e.data, err}, nextUnwritable
	case till.CodeOf(err) != "":
		return err
	default:
		f.what, f.args = errPlain, []any{err}
	}
	return f
}

// found makes the ledger with its owner and returns the recovery code.
func (e *env) found(s till.Settings, owner, pin string) (string, error) {
	recovery, err := FoundShop(e.ctx, e.data, s, owner, pin)
	if err != nil {
		return "", e.openFailure(err)
	}
	return recovery, nil
}

// FoundShop makes a ledger in dir with an owner, operator 1001, closes it and
// returns the recovery code, which is shown once. What can be refused is
// refused before anything is made, as a *till.Error.
func FoundShop(ctx context.Context, dir string, s till.Settings, owner, pin string) (string, error) {
	if err := ledger.CheckPINRule(till.Owner, pin); err != nil {
		return "", err
	}
	l, err := ledger.Found(ctx, dir, ledger.Founding{Settings: s}, ledger.Options{})
	if err != nil {
		return "", err
	}
	recovery := ""
	err = l.SaveOperator(ctx, till.Operator{Code: ownerCode, Name: owner, Role: till.Owner, Active: true}, pin, ownerCode)
	if err == nil {
		recovery, err = l.NewRecoveryCode(ctx)
	}
	if err = errors.Join(err, l.Close()); err != nil {
		return "", fmt.Errorf("set the owner up: %w", err)
	}
	return recovery, nil
}
