package command

import (
	"errors"
	"io"
	"maps"
	"os"

	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/wallet"
)

type walletActivate struct {
	oneWallet
	CodeFile string `required:"" placeholder:"FILE" help:"${h_wallet_activation}"`
	From     string `placeholder:"FILE" help:"${h_wallet_from}"`
}

var (
	errNoActivation = words{"%s 没有激活这一步", "%s is not activated by a code"}
	nextActivation  = words{"用 wallet set 设置它。", "Set it up with wallet set."}
	errActivation   = words{"没有激活 %s：%v", "%s was not activated: %v"}
	safeActivation  = words{"原来的账户没有变。", "An account that was there is as it was."}
	errKeepAccount  = words{"%s 已激活，但密钥没能保存：%v", "%s is activated, but its credentials could not be kept: %v"}
	nextKeepAccount = words{"激活码可能已用掉：先让数据文件夹可写，再向服务商要一个新的激活码。", "The code may be spent: make the data folder writable, then ask the provider for another code."}
)

// Run exchanges the code. What comes of it is sealed before anything else, as
// the code is spent; only then is it looked at as an account.
func (c *walletActivate) Run(e *env) error {
	code, err := e.secret("--code", "", c.CodeFile)
	if err != nil {
		return err
	}
	return e.atDesk(func(d *desk) error {
		spec, a, err := d.account(c.Name, c.Mode)
		if f := (*failure)(nil); err != nil && errors.As(err, &f) && (f.what == errNoWallet || c.From == "") {
			return err
		}
		if spec.Activate == nil {
			return &failure{what: errNoActivation, args: []any{c.Name}, next: nextActivation}
		}
		settings, err := d.book.Settings(e.ctx)
		if err != nil {
			return err
		}
		if c.From != "" {
			if a, err = readAccount(e, spec, settings, c.From); err != nil {
				return fieldFailure(c.Name, err)
			}
		}
		got, err := spec.Activate(e.ctx, a, &wallet.Client{Wallet: a.Name, Calls: d.book}, code)
		if err != nil {
			if fe := (*wallet.FieldError)(nil); errors.As(err, &fe) {
				return fieldFailure(c.Name, err)
			}
			return &failure{what: errActivation, args: []any{c.Name, err}, safe: safeActivation, err: err}
		}
		a.Fields = maps.Clone(a.Fields)
		maps.Copy(a.Fields, got)
		if err := d.vault.Save(a); err != nil {
			return &failure{what: errKeepAccount, args: []any{c.Name, err}, next: nextKeepAccount, err: err}
		}
		if _, known := settings.Wallet(spec.Name); !known {
			if err := keepWallet(e.ctx, d.book, settings, wallets.Setting(spec, a)); err != nil {
				return err
			}
		}
		if c.Format == "json" {
			return e.json(accountRow{Name: a.Name, Mode: a.Mode, BaseURL: a.BaseURL, Currency: a.Currency.Code, Keyring: d.vault.State().Keyring})
		}
		e.say(tellAccount, c.Name, a.Mode)
		return nil
	})
}

// readAccount reads what a shop enters for an account from a file, "-" being
// standard input. Whether it makes an account is not asked.
func readAccount(e *env, spec wallet.Spec, s till.Settings, name string) (wallet.Account, error) {
	in := e.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return wallet.Account{}, &failure{what: errWalletFile, args: []any{name, err}, safe: safeField, err: err}
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return wallet.Account{}, &failure{what: errWalletFile, args: []any{name, err}, safe: safeField, err: err}
	}
	a, err := wallets.Read(spec, s.Currency, text)
	if fe := (*wallet.FieldError)(nil); err != nil && !errors.As(err, &fe) {
		err = &failure{what: errWalletFile, args: []any{name, err}, safe: safeField, next: nextField, err: err}
	}
	return a, err
}
