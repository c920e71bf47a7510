package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guitai/ledger"
)

type verifyCmd struct{}

var (
	errDamaged    = words{"账本有问题：%v", "the ledger is not as it should be: %v"}
	safeDamaged   = words{"核对没有改动账本。", "The check changed nothing."}
	nextDamaged   = words{"保留这个文件夹的副本，停止在它上面销售，从最近的备份恢复到另一个文件夹，再联系安装人员。", "Keep a copy of the folder, stop selling on it, restore the latest backup into another folder, and call whoever installed the till."}
	tellVerifying = words{"已核对 %d / %d 条", "checked %d of %d records"}
)

// Run checks the whole ledger and says so in one line.
func (verifyCmd) Run(e *env) error {
	l, err := e.read()
	if ledger.IsDamaged(err) {
		fmt.Fprintf(e.out, "bad file: %s\n", printable(err.Error()))
	}
	if err != nil {
		return err
	}
	defer l.Close()
	last := time.Now()
	done, err := l.Audit(e.ctx, func(done, of int64) {
		if time.Since(last) > 5*time.Second {
			e.tell(tellVerifying, done, of)
			last = time.Now()
		}
	})
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		fmt.Fprintf(e.out, "bad %s\n", printable(err.Error()))
		return &failure{what: errDamaged, args: []any{err}, safe: safeDamaged, next: nextDamaged, err: err}
	}
	_, err = fmt.Fprintf(e.out, "ok records=%d signatures=%d rows=%d head=%s\n", done.Entries, done.Signatures, done.Rows, done.Head)
	return err
}
