package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/vault"
)

// exitUnknown is the answer about a payment of which nobody knows yet.
const exitUnknown = 3

type walletCmd struct {
	List     walletList     `cmd:"" help:"${h_wallet_list}"`
	Set      walletSet      `cmd:"" help:"${h_wallet_set}"`
	Activate walletActivate `cmd:"" help:"${h_wallet_activate}"`
	Test     walletTest     `cmd:"" help:"${h_wallet_test}"`
	Enable   walletEnable   `cmd:"" help:"${h_wallet_enable}"`
	Disable  walletDisable  `cmd:"" help:"${h_wallet_disable}"`
	Freeze   walletFreeze   `cmd:"" help:"${h_wallet_freeze}"`
	Release  walletRelease  `cmd:"" help:"${h_wallet_release}"`
	Pay      walletPay      `cmd:"" help:"${h_wallet_pay}"`
	Attempts walletAttempts `cmd:"" help:"${h_wallet_attempts}"`
	Query    walletQuery    `cmd:"" help:"${h_wallet_query}"`
	Cancel   walletCancel   `cmd:"" help:"${h_wallet_cancel}"`
	Refund   walletRefund   `cmd:"" help:"${h_wallet_refund}"`
	Bill     walletBill     `cmd:"" help:"${h_wallet_bill}"`
}

type walletList struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type walletSet struct {
	Name   string `arg:"" help:"${h_wallet_name}"`
	From   string `required:"" placeholder:"FILE" help:"${h_wallet_from}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

// oneWallet names a wallet and, where it has two accounts, which.
type oneWallet struct {
	Name   string `arg:"" help:"${h_wallet_name}"`
	Mode   string `enum:",live,test" default:"" placeholder:"live|test" help:"${h_wallet_mode}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type (
	walletTest    struct{ oneWallet }
	walletEnable  struct{ oneWallet }
	walletDisable struct{ oneWallet }
)

// whichWallet names a wallet, or with none all of them.
type whichWallet struct {
	Name   string `arg:"" optional:"" help:"${h_wallet_name}"`
	Reason string `placeholder:"WHY" help:"${h_reason}"`
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type (
	walletFreeze struct {
		whichWallet
		Wait time.Duration `default:"30s" help:"${h_wallet_settle}"`
	}
	walletRelease struct{ whichWallet }
)

var (
	errNoWallet    = words{"没有叫 %s 的钱包", "there is no wallet named %s"}
	nextWallets    = words{"可用的钱包：%s", "There are: %s"}
	errNoAccount   = words{"%s 还没有设置账户", "no account of %s is set up"}
	nextNoAccount  = words{"先运行：%s wallet set %s --from 文件", "Set it up first: %s wallet set %s --from FILE"}
	errField       = words{"%s 的 %s 不对：%s", "%s: %s cannot be right: %s"}
	safeField      = words{"没有保存，也没有发送任何东西。", "Nothing was kept and nothing was sent."}
	nextField      = words{"各字段的说明见 docs/adapters.md。", "docs/adapters.md tells what each field is."}
	errWalletFile  = words{"%s 读不了：%v", "%s cannot be read: %v"}
	errVault       = words{"读不到钱包的密钥：%v", "the wallets' credentials cannot be read: %v"}
	nextVault      = words{"账本和销售不受影响。请重新输入钱包账户：删除 %s 后再运行 wallet set。", "The ledger and all sales are safe. Remove %s and set the wallets up again."}
	tellAccount    = words{"已保存 %s（%s）。", "%s (%s) is saved."}
	tellKeyring    = words{"密钥已加密，钥匙在系统的密钥环里。", "The credentials are sealed; their key is in the system's keyring."}
	tellKeyFile    = words{"密钥已加密，但这台机器没有密钥环：钥匙在 %s，能读这个文件夹的人就能解开。", "The credentials are sealed, but this machine has no keyring: the key is in %s, and whoever can read that folder can unseal them."}
	tellTestMode   = words{"测试账户：不是真钱", "test account: no real money"}
	tellOff        = words{"未启用", "off"}
	tellOn         = words{"已启用", "on"}
	tellFrozen     = words{"已冻结", "frozen"}
	tellStepOK     = words{"通过", "passed"}
	tellStepBad    = words{"没有通过：%s %s", "failed: %s %s"}
	tellNoWallets  = words{"还没有设置钱包", "no wallet is set up"}
	tellSetWallet  = words{"%s：%s", "%s: %s"}
	errOwnContract = words{"%s 需要服务商自己的合同；只用公开的测试向量和模拟器验证过", "%s needs the provider's own contract; it was proven on published vectors and the simulator only"}
)

// account finds the account a person means.
func account(v *vault.Vault, name, mode string) (wallet.Spec, wallet.Account, error) {
	spec, ok := wallets.Find(name)
	if !ok {
		var names []string
		for _, s := range wallets.Specs {
			names = append(names, s.Name)
		}
		return spec, wallet.Account{}, &failure{what: errNoWallet, args: []any{name}, next: nextWallets, nextArgs: []any{strings.Join(names, ", ")}}
	}
	for _, m := range []string{"live", "test"} {
		if a, ok := v.Account(name, m); ok && (mode == "" || mode == m) {
			return spec, a, nil
		}
	}
	return spec, wallet.Account{}, &failure{what: errNoAccount, args: []any{name}, next: nextNoAccount, nextArgs: []any{program(), name}}
}

// vault opens what the shop entered for its wallets.
func (e *env) vault() (*vault.Vault, error) {
	v, err := vault.Open(e.data)
	if errors.Is(err, vault.ErrDamaged) {
		return nil, &failure{what: errVault, args: []any{err}, next: nextVault, nextArgs: []any{vault.File}, err: err}
	}
	return v, err
}

// fieldFailure finds words for what was entered wrongly.
func fieldFailure(name string, err error) error {
	fe := (*wallet.FieldError)(nil)
	if !errors.As(err, &fe) {
		return err
	}
	return &failure{what: errField, args: []any{name, fe.Field, fe.Detail}, safe: safeField, next: nextField, err: err}
}

// Run keeps an account.
func (c *walletSet) Run(e *env) error {
	book, err := e.open()
	if err != nil {
		return err
	}
	defer book.Close()
	v, err := e.vault()
	if err != nil {
		return err
	}
	spec, _, err := account(v, c.Name, "")
	if f := (*failure)(nil); err != nil && errors.As(err, &f) && f.what == errNoWallet {
		return err
	}
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	a, err := readAccount(e, spec, settings, c.From)
	if err != nil {
		return fieldFailure(c.Name, err)
	}
	if _, err := spec.New(a, &wallet.Client{Wallet: a.Name}); err != nil {
		return fieldFailure(c.Name, err)
	}
	if err := v.Save(a); err != nil {
		return err
	}
	// The counter knows it from now on, switched off.
	if _, known := settings.Wallet(spec.Name); !known {
		if err := keepWallet(e.ctx, book, settings, wallets.Setting(spec, a)); err != nil {
			return err
		}
	}
	if c.Format == "json" {
		return e.json(accountRow{Name: a.Name, Mode: a.Mode, BaseURL: a.BaseURL, Currency: a.Currency.Code, Keyring: v.State().Keyring})
	}
	e.say(tellAccount, c.Name, a.Mode)
	if s := v.State(); s.Keyring {
		e.say(tellKeyring)
	} else {
		e.say(tellKeyFile, s.KeyPath)
	}
	if spec.OwnContract {
		e.say(errOwnContract, c.Name)
	}
	return nil
}

// accountRow is a wallet in wallet list and wallet set.
type accountRow struct {
	Name     string   `json:"name"`
	Mode     string   `json:"mode"`
	BaseURL  string   `json:"base_url"`
	Currency string   `json:"currency"`
	Ways     []string `json:"ways,omitempty"`
	On       bool     `json:"on"`
	Frozen   bool     `json:"frozen"`
	Keyring  bool     `json:"keyring"`
}

// Run lists the accounts.
func (c *walletList) Run(e *env) error {
	book, err := e.read()
	if err != nil {
		return err
	}
	defer book.Close()
	v, err := e.vault()
	if err != nil {
		return err
	}
	settings, err := book.Settings(e.ctx)
	if err != nil {
		return err
	}
	rows := []accountRow{}
	for _, a := range v.Accounts() {
		row := accountRow{Name: a.Name, Mode: a.Mode, BaseURL: a.BaseURL, Currency: a.Currency.Code, Keyring: v.State().Keyring, Frozen: settings.Freeze(a.Name) != nil}
		if spec, ok := wallets.Find(a.Name); ok {
			for _, w := range spec.Ability.Ways {
				row.Ways = append(row.Ways, w.String())
			}
		}
		if w, ok := settings.Wallet(a.Name); ok {
			row.On = w.On && w.Mode == a.Mode
		}
		rows = append(rows, row)
	}
	if c.Format == "json" {
		return e.json(rows)
	}
	for _, r := range rows {
		state := []string{tellOff.in(e.lang)}
		if r.On {
			state[0] = tellOn.in(e.lang)
		}
		if r.Frozen {
			state = append(state, tellFrozen.in(e.lang))
		}
		if r.Mode == "test" {
			state = append(state, tellTestMode.in(e.lang))
		}
		fmt.Fprintln(e.out, r.Name, r.Mode, r.BaseURL, strings.Join(r.Ways, ","), strings.Join(state, ", "))
	}
	if len(rows) == 0 {
		e.say(tellNoWallets)
	}
	return nil
}

// Run probes an account step by step.
func (c *walletTest) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		spec, a, err := d.account(c.Name, c.Mode)
		if err != nil {
			return err
		}
		prober, ok := d.Provider(a.Name, a.Mode).(wallet.Prober)
		if !ok {
			return fmt.Errorf("%s has no test", spec.Name)
		}
		type stepRow struct {
			Step   string      `json:"step"`
			OK     bool        `json:"ok"`
			Reason till.Reason `json:"reason,omitempty"`
			Detail string      `json:"detail,omitempty"`
		}
		rows := []stepRow{}
		bad := false
		for _, s := range prober.Probe(e.ctx) {
			rows = append(rows, stepRow{s.Name, s.OK, s.Reason, printable(s.Detail)})
			bad = bad || !s.OK
		}
		if c.Format == "json" {
			if err := e.json(rows); err != nil {
				return err
			}
		} else {
			for _, r := range rows {
				state := tellStepOK.in(e.lang)
				if !r.OK {
					state = tellStepBad.in(e.lang, r.Reason, r.Detail)
				}
				e.say(tellSetWallet, r.Step, state)
			}
		}
		if bad {
			return errFound
		}
		return nil
	})
}

// Run lets the counter take the wallet.
func (c *walletEnable) Run(e *env) error { return switchWallet(e, c.oneWallet, true) }

// Run takes the wallet off the counter.
func (c *walletDisable) Run(e *env) error { return switchWallet(e, c.oneWallet, false) }

func switchWallet(e *env, c oneWallet, on bool) error {
	return e.atDesk(func(d *desk) error {
		spec, a, err := d.account(c.Name, c.Mode)
		if err != nil {
			return err
		}
		settings, err := d.book.Settings(e.ctx)
		if err != nil {
			return err
		}
		w, ok := settings.Wallet(spec.Name)
		if !ok {
			w = wallets.Setting(spec, a)
		}
		w.On, w.Mode = on, a.Mode
		if err := keepWallet(e.ctx, d.book, settings, w); err != nil {
			return err
		}
		return e.done(c.Format, w.Name)
	})
}

// keepWallet puts one wallet's entry into the shop's settings, in the place of
// the one that is there. A key of the pay screen that another wallet has is left
// to that one.
func keepWallet(ctx context.Context, book *ledger.Ledger, s till.Settings, w till.WalletAccount) error {
	list := slices.DeleteFunc(slices.Clone(s.Wallets), func(x till.WalletAccount) bool { return x.Name == w.Name })
	if slices.ContainsFunc(list, func(x till.WalletAccount) bool { return x.Letter == w.Letter }) {
		w.Letter = ""
	}
	if err := s.SetWallets(append(list, w)); err != nil {
		return err
	}
	value, _ := s.Get("wallets")
	return act(ctx, book, till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: value}}})
}

// Run stops a wallet at this till, or all.
func (c *walletFreeze) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		if err := act(e.ctx, d.book, till.Freeze{Wallet: c.Name, Reason: c.Reason}); err != nil {
			return err
		}
		open, err := d.book.OpenAttempts(e.ctx)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(a till.Attempt) bool { return !a.State.Live() || c.Name != "" && a.Wallet != c.Name })
		for _, a := range open {
			d.Stop(a.Number)
		}
		ctx, cancel := context.WithTimeout(e.ctx, c.Wait)
		defer cancel()
		for _, a := range open {
			if a, err = d.settled(ctx, a); err != nil {
				return err
			}
			if row := rowOf(a); row.Outcome == "unknown" {
				e.tell(tellUnknown, row.State, row.Number)
			}
		}
		return e.done(c.Format, c.Name)
	})
}

// Run lets a wallet go on.
func (c *walletRelease) Run(e *env) error {
	return e.atDesk(func(d *desk) error {
		if err := act(e.ctx, d.book, till.Release{Wallet: c.Name}); err != nil {
			return err
		}
		return e.done(c.Format, c.Name)
	})
}

// act does one act through a register of its own, under the owner's authority.
func act(ctx context.Context, book *ledger.Ledger, cmd till.Command) error {
	reg := till.NewRegister(book, book, book, till.Options{NewID: ledger.NewID, Version: Version})
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	if err := reg.Open(ctx); err != nil {
		stop()
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		reg.Run(ctx)
	}()
	err := reg.Act(ctx, till.Act{Command: cmd, Replayed: true})
	stop()
	<-ended
	return err
}
