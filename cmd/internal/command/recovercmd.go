package command

import "guitai/ledger"

// recoverCmd sets an owner's PIN anew by the recovery code, as the window does
// before sign-on.
type recoverCmd struct {
	Owner   string `default:"1001" help:"${h_recover_owner}"`
	KeyFile string `required:"" placeholder:"FILE" help:"${h_recover_key}"`
	PinFile string `required:"" placeholder:"FILE" help:"${h_recover_pin}"`
}

var tellRecovered = words{"新 PIN 已设好，恢复码仍然有效，请继续锁好。", "The new PIN is set. The recovery code stays valid: keep it locked away."}

// Run sets the PIN.
func (c *recoverCmd) Run(e *env) error {
	if c.KeyFile == "-" && c.PinFile == "-" {
		return &failure{exit: exitUsage, what: errBothStdin}
	}
	code, err := e.secret("--key", "", c.KeyFile)
	if err != nil {
		return err
	}
	pin, err := e.secret("--pin", "", c.PinFile)
	if err != nil {
		return err
	}
	l, err := ledger.Open(e.ctx, e.data, ledger.Options{})
	if err != nil {
		return e.openFailure(err)
	}
	defer l.Close()
	if err := l.RecoverOwner(e.ctx, code, c.Owner, pin); err != nil {
		f := explain(err)
		return &failure{what: errRecoverPIN, args: []any{f.what.in(e.lang, f.args...)}, safe: safeAsWas, err: err}
	}
	e.tell(tellRecovered)
	return nil
}

var (
	errBothStdin  = words{"恢复码和 PIN 不能都从标准输入读", "the recovery code and the PIN cannot both come from standard input"}
	errRecoverPIN = words{"店主的 PIN 没有重设：%v", "the owner's PIN was not set: %v"}
)
