package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
	"guitai/wallet"
	"guitai/wallet/vault"
)

// walletSafe is where credentials are kept; a *vault.Vault is one.
type walletSafe interface {
	Account(name, mode string) (wallet.Account, bool)
	Draft(name, mode string) (wallet.Account, bool)
	Save(wallet.Account) error
	KeepDraft(wallet.Account) error
	State() vault.State
}

// walletDesk carries payments; a *wallet.Desk is one.
type walletDesk interface {
	Use(wallet.Spec, wallet.Account) error
	Provider(name, mode string) wallet.Provider
	Start(a till.Attempt, code string)
	Stop(number string)
	Refund(till.WalletRefund)
}

// walletBook keeps payments; a *ledger.Ledger is one.
type walletBook interface {
	Attempt(ctx context.Context, number string) (till.Attempt, error)
	PlanAttempt(ctx context.Context, a till.Attempt) (till.Attempt, error)
	PlanRefund(ctx context.Context, r till.WalletRefund) (till.WalletRefund, error)
	Refund(ctx context.Context, number string) (till.WalletRefund, error)
	RefundsOf(ctx context.Context, attempt string) ([]till.WalletRefund, error)
}

// walletParts are what the setting up works with at the moment. Desk and book
// change with the ledger; they are nil while practising.
type walletParts struct {
	safe    walletSafe
	desk    walletDesk
	book    walletBook
	damaged bool // the sealed file cannot be opened; what is entered now replaces it
}

// walletParts are those of the ledger at work.
func (p *program) walletParts() walletParts {
	parts := walletParts{safe: p.accounts()}
	parts.damaged = p.vault.Load() == nil
	if s := p.at.Load(); s != nil && !p.practising() {
		parts.desk, parts.book = s.desk, s.book
	}
	return parts
}

// walletSetup sets wallets up: it keeps what is entered, tries it, and makes
// payments of the smallest amount through the till's own core.
type walletSetup struct {
	ctx      context.Context // the program's: a trial outlives the page that began it
	log      *slog.Logger
	parts    func() walletParts
	settings func() till.Settings

	keep  sync.Mutex // one change of what is entered at a time
	mu    sync.Mutex
	trial ui.WalletTrialState
	tried bool
	stop  bool // the payment of the trial is to be reversed
	wake  chan struct{}
}

// errWalletsAway refuses what needs the shop's own ledger, while practising or
// between two ledgers.
var errWalletsAway = errors.New("the shop's wallets are not at work now")

func newWalletSetup(ctx context.Context, log *slog.Logger, settings func() till.Settings, parts func() walletParts) *walletSetup {
	return &walletSetup{ctx: ctx, log: log, settings: settings, parts: parts, wake: make(chan struct{}, 1)}
}

// baseURL is the field of the provider's address.
const baseURL = "base_url"

// addressField is the provider's address, the same for every wallet.
var addressField = ui.WalletField{
	Name: baseURL, Kind: string(wallet.URLText), Optional: true, Title: "平台地址", TitleEN: "The platform's address",
	Hint: "留空用平台自己的；模拟器或代理才填", HintEN: "Empty for the platform's own; for a simulator or a proxy",
}

// Offers lists the wallets that can be set up.
func (s *walletSetup) Offers() []ui.WalletOffer {
	c := s.settings().Currency
	var out []ui.WalletOffer
	for _, spec := range wallets.Specs {
		o := ui.WalletOffer{
			Name: spec.Name, Title: spec.Title.Zh, TitleEN: spec.Title.En, Currencies: spec.Currencies, OwnContract: spec.OwnContract,
			Activates: spec.Activate != nil, Refunds: spec.Ability.Refunds, Bills: spec.Ability.Bills, Papers: spec.Papers, Live: spec.Live, Test: spec.Test,
			Account: wallets.Setting(spec, wallet.Account{Mode: "live", Currency: c}), Smallest: smallest(spec, c),
		}
		for _, f := range spec.Fields {
			o.Fields = append(o.Fields, ui.WalletField{
				Name: f.Name, Kind: string(f.Kind), Secret: f.Secret, Optional: f.Optional, Default: f.Default, Choices: f.Choices,
				Title: f.Title.Zh, TitleEN: f.Title.En, Hint: f.Hint.Zh, HintEN: f.Hint.En,
			})
		}
		o.Fields = append(o.Fields, addressField)
		out = append(out, o)
	}
	return out
}

// smallest is the least amount that a wallet takes.
func smallest(spec wallet.Spec, c money.Currency) money.Amount {
	least := money.Amount(1)
	if spec.Limits != nil {
		low, _ := spec.Limits(c)
		least = max(least, low)
	}
	return least
}

// Entered tells what is entered, without a secret.
func (s *walletSetup) Entered(context.Context) (ui.WalletSafe, []ui.WalletEntered, error) {
	p := s.parts()
	state := p.safe.State()
	safe := ui.WalletSafe{Keyring: state.Keyring, Damaged: p.damaged}
	if state.KeyPath != "" {
		safe.KeyFile = filepath.Base(state.KeyPath)
	}
	var out []ui.WalletEntered
	for _, spec := range wallets.Specs {
		for _, mode := range []string{"live", "test"} {
			if e := s.entered(p, spec, mode); len(e.Kept) > 0 || e.InUse {
				out = append(out, e)
			}
		}
	}
	return safe, out, nil
}

// entered tells what is entered for one account.
func (s *walletSetup) entered(p walletParts, spec wallet.Spec, mode string) ui.WalletEntered {
	e := ui.WalletEntered{Wallet: spec.Name, Mode: mode, Values: map[string]string{}, Kept: map[string]bool{}}
	a, ok := p.safe.Account(spec.Name, mode)
	e.InUse = ok
	if d, draft := p.safe.Draft(spec.Name, mode); draft {
		a, e.Draft, ok = d, true, true
	}
	if !ok {
		for _, f := range spec.Fields {
			if !f.Optional && f.Default == "" {
				e.Missing = append(e.Missing, f.Name)
			}
		}
		return e
	}
	if own := addressOf(spec, mode); a.BaseURL != own {
		e.Values[baseURL] = a.BaseURL
	}
	for _, f := range spec.Fields {
		v := strings.TrimSpace(a.Fields[f.Name])
		switch {
		case v == "" && !f.Optional && f.Default == "":
			e.Missing = append(e.Missing, f.Name)
		case v == "":
		default:
			e.Kept[f.Name] = true
			switch {
			case f.Kind == wallet.PEM:
				e.Values[f.Name] = pemWords(v)
			case !f.Secret:
				e.Values[f.Name] = v
			}
		}
	}
	e.Fault = faultOf(spec, a)
	if e.Fault != nil && slices.Contains(e.Missing, e.Fault.Field) {
		e.Fault = nil
	}
	return e
}

// addressOf is the provider's own address.
func addressOf(spec wallet.Spec, mode string) string {
	if mode == "test" {
		return spec.Test
	}
	return spec.Live
}

// faultOf finds what of an account cannot be right: by the form of each field,
// then as the adapter reads all of them.
func faultOf(spec wallet.Spec, a wallet.Account) *ui.WalletFault {
	for _, f := range spec.Fields {
		v := strings.TrimSpace(a.Fields[f.Name])
		if v == "" {
			continue
		}
		if w, bad := badForm(f.Kind, v); bad {
			return &ui.WalletFault{Field: f.Name, Zh: w.zh, En: w.en}
		}
	}
	_, err := spec.New(a, &wallet.Client{Wallet: a.Name})
	return fault(err)
}

// fault words an adapter's refusal of a field; nil for none.
func fault(err error) *ui.WalletFault {
	if err == nil {
		return nil
	}
	fe := (*wallet.FieldError)(nil)
	if !errors.As(err, &fe) {
		return &ui.WalletFault{Zh: "账户不能用", En: err.Error()}
	}
	w := faultWords(fe.Detail)
	return &ui.WalletFault{Field: fe.Field, Zh: w.zh, En: w.en}
}

// badForm looks at a value by the kind of its field alone, so that it is told
// as soon as it is entered.
func badForm(kind wallet.FieldKind, v string) (zhEn, bool) {
	switch kind {
	case wallet.Digits:
		if strings.Trim(v, "0123456789") != "" {
			return zhEn{"只能有数字", "digits alone are due"}, true
		}
	case wallet.URLText:
		if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return zhEn{"不是 https:// 开头的地址", "no address that begins with https://"}, true
		}
	case wallet.PEM:
		begins, ends := strings.Contains(v, "-----BEGIN"), strings.Contains(v, "-----END")
		block, _ := pem.Decode([]byte(v))
		if (begins || ends) && block == nil {
			return zhEn{"不完整：从 BEGIN 行到 END 行，中间要是整段", "it is cut off: the whole text is due, from the BEGIN line to the END line"}, true
		}
	}
	return zhEn{}, false
}

// Enter keeps fields of an account. Where all of them make one, it is in use at
// once; else they wait beside the one in use.
func (s *walletSetup) Enter(_ context.Context, name, mode string, fields map[string]string) (ui.WalletEntered, error) {
	spec, ok := wallets.Find(name)
	if !ok || mode != "live" && mode != "test" {
		return ui.WalletEntered{}, fmt.Errorf("enter the account of %q: no such wallet", name)
	}
	s.keep.Lock()
	defer s.keep.Unlock()
	p := s.parts()
	if p.desk == nil {
		return ui.WalletEntered{}, errWalletsAway
	}
	a := s.begun(p, spec, mode)
	for k, v := range fields {
		if k == baseURL {
			if a.BaseURL = strings.TrimSpace(v); a.BaseURL == "" {
				a.BaseURL = addressOf(spec, mode)
			}
			continue
		}
		i := slices.IndexFunc(spec.Fields, func(f wallet.Field) bool { return f.Name == k })
		if i < 0 {
			return ui.WalletEntered{}, fmt.Errorf("enter the account of %s: no field %q", name, k)
		}
		if a.Fields[k] = strings.TrimSpace(v); spec.Fields[i].Kind == wallet.PEM {
			a.Fields[k] = tidyPEM(v)
		}
	}
	return s.keepAccount(p, spec, a)
}

// begun is the account as it is entered so far.
func (s *walletSetup) begun(p walletParts, spec wallet.Spec, mode string) wallet.Account {
	a, ok := p.safe.Draft(spec.Name, mode)
	if !ok {
		if a, ok = p.safe.Account(spec.Name, mode); !ok {
			a = wallet.Account{BaseURL: addressOf(spec, mode)}
		}
	}
	a.Name, a.Mode, a.Currency = spec.Name, mode, s.settings().Currency
	fields := map[string]string{}
	for _, f := range spec.Fields {
		if f.Default != "" {
			fields[f.Name] = f.Default
		}
	}
	maps.Copy(fields, a.Fields)
	a.Fields = fields
	return a
}

// keepAccount seals an account, and takes it up where it is one.
func (s *walletSetup) keepAccount(p walletParts, spec wallet.Spec, a wallet.Account) (ui.WalletEntered, error) {
	if faultOf(spec, a) != nil {
		if err := p.safe.KeepDraft(a); err != nil {
			return ui.WalletEntered{}, err
		}
		return s.entered(p, spec, a.Mode), nil
	}
	if err := p.safe.Save(a); err != nil {
		return ui.WalletEntered{}, err
	}
	if err := p.desk.Use(spec, a); err != nil {
		return ui.WalletEntered{}, fmt.Errorf("take up the account of %s: %w", a.Name, err)
	}
	s.log.Info("a wallet's account was entered", "wallet", a.Name, "mode", a.Mode)
	return s.entered(p, spec, a.Mode), nil
}

// Activate exchanges the provider's code. What comes of it is sealed before
// anything else, as the code is spent.
func (s *walletSetup) Activate(ctx context.Context, name, mode, code string) (ui.WalletEntered, error) {
	spec, ok := wallets.Find(name)
	if !ok || spec.Activate == nil {
		return ui.WalletEntered{}, fmt.Errorf("activate %q: no such step", name)
	}
	s.keep.Lock()
	defer s.keep.Unlock()
	p := s.parts()
	if p.desk == nil {
		return ui.WalletEntered{}, errWalletsAway
	}
	a := s.begun(p, spec, mode)
	got, err := spec.Activate(ctx, a, &wallet.Client{Wallet: name}, strings.TrimSpace(code))
	if err != nil {
		f := fault(err)
		if f.Field == "" {
			f = &ui.WalletFault{Zh: "没有激活：" + err.Error(), En: err.Error()}
		}
		return ui.WalletEntered{}, &ui.WalletFaultError{WalletFault: *f}
	}
	maps.Copy(a.Fields, got)
	return s.keepAccount(p, spec, a)
}

// keyFileMost bounds a key or a certificate, in bytes.
const keyFileMost = 64 << 10

// File reads a key or a certificate from a file.
func (s *walletSetup) File(_ context.Context, path string) (string, ui.WalletFault, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".p12", ".pfx":
		return "", ui.WalletFault{Zh: "这是 PKCS#12 文件，要用同一压缩包里的 .pem 文件", En: "this is a PKCS#12 file; take the .pem file from the same archive"}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", ui.WalletFault{}, err
	}
	if info.Size() > keyFileMost {
		return "", ui.WalletFault{Zh: "文件太大，不是密钥或证书", En: "the file is too large for a key or a certificate"}, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", ui.WalletFault{}, err
	}
	defer clear(b)
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if len(bytes.TrimSpace(b)) == 0 {
		return "", ui.WalletFault{Zh: "文件是空的", En: "the file is empty"}, nil
	}
	if bytes.IndexByte(b, 0) >= 0 || b[0] == 0x30 {
		// DER: the same without the lines around it.
		return string(pem.EncodeToMemory(&pem.Block{Type: derType(b), Bytes: b})), ui.WalletFault{}, nil
	}
	return string(b), ui.WalletFault{}, nil
}

// tidyPEM gives a text that was pasted on one line its lines back; what has no
// marks of PEM stays as it is.
func tidyPEM(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if strings.Contains(text, "\n") || !strings.HasPrefix(text, "-----BEGIN ") {
		return text
	}
	var out strings.Builder
	for rest := text; rest != ""; {
		head, after, ok := strings.Cut(strings.TrimPrefix(rest, "-----BEGIN "), "-----")
		body, tail, whole := strings.Cut(after, "-----END "+head+"-----")
		if !ok || !whole {
			return text
		}
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
		if err != nil {
			return text
		}
		out.Write(pem.EncodeToMemory(&pem.Block{Type: head, Bytes: raw}))
		if rest = strings.TrimSpace(tail); rest != "" && !strings.HasPrefix(rest, "-----BEGIN ") {
			return text
		}
	}
	return strings.TrimSpace(out.String())
}

// Probe tries an account step by step.
func (s *walletSetup) Probe(ctx context.Context, name, mode string) ([]ui.WalletStep, error) {
	p := s.parts()
	if p.desk == nil {
		return nil, errWalletsAway
	}
	prober, ok := p.desk.Provider(name, mode).(wallet.Prober)
	if !ok {
		return nil, fmt.Errorf("try the account of %s: there is none", name)
	}
	var out []ui.WalletStep
	for _, step := range prober.Probe(ctx) {
		out = append(out, ui.WalletStep{Name: step.Name, OK: step.OK, Reason: step.Reason, Detail: step.Detail})
	}
	return out, ctx.Err()
}

// Bill fetches the provider's list of a day.
func (s *walletSetup) Bill(ctx context.Context, name, mode string, day time.Time) (int, error) {
	p := s.parts()
	if p.desk == nil {
		return 0, errWalletsAway
	}
	fetcher, ok := p.desk.Provider(name, mode).(wallet.BillFetcher)
	if !ok {
		return 0, fmt.Errorf("fetch the bill of %s: it has none", name)
	}
	bill, err := fetcher.FetchBill(ctx, day)
	return len(bill.Rows), err
}
