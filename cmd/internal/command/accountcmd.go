package command

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"guitai/cmd/internal/hubaccount"
	"guitai/hub/client"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
)

type accountCmd struct {
	Enrol  accountEnrol  `cmd:"" help:"${h_account_enrol}"`
	Status accountStatus `cmd:"" help:"${h_account_status}"`
}

type accountEnrol struct {
	Link string `arg:"" placeholder:"URL" help:"${h_account_link}"`
	Code string `arg:"" help:"${h_account_code}"`
}

type accountStatus struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type syncCmd struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

var (
	errEnrol      = words{"没有登记上：%v", "the till was not enrolled: %v"}
	nextEnrol     = words{"检查地址、网络和代码；代码 15 分钟内有效，只能用一次。可以再要一个新代码再试。", "Check the address, the network and the code, which is good for 15 minutes and once; ask for a new one and try again."}
	nextSpent     = words{"请店主重新发一个代码，再试一次。", "Ask the owner for a new code, then try again."}
	nextOtherHub  = words{"不要继续：核对链接是不是店主给的那一个，问一问网络里是谁在应答。", "Do not go on: see whether the link is the one the owner gave, and find out who answers in your network."}
	errNoProvider = words{"这台收银机还没有登记到店主账户", "this till has no provider account"}
	nextNoProv    = words{"在服务器上发一个代码（guitai-hub till enrol --shop 店名），再运行：%s account enrol 链接 代码", "Get a code at the hub (guitai-hub till enrol --shop NAME), then: %s account enrol URL CODE"}
	errSync       = words{"没有发完：%v", "not all was sent: %v"}
	safeSync      = words{"还有 %d 份在这台收银机里等着，一份也不会丢。", "%d documents wait in this till; none is lost."}
	nextSync      = words{"网络好了会自动再发；收银不受影响。", "They go by themselves once the hub can be reached; selling is not affected."}
	tellEnrolled  = words{"已登记到“%s”。请和店主那边显示的核对：%s", "Enrolled in “%s”. Compare with what the owner sees: %s"}
	tellWaiting   = words{"等待上传：%d 份", "to send: %d documents"}
	tellSince     = words{"等待上传：%d 份，最早的从 %s 开始等", "to send: %d documents, the oldest since %s"}
	tellSynced    = words{"全部已上传，最后一次 %s", "all is sent, last at %s"}
	tellNever     = words{"全部已上传", "all is sent"}
	tellProvider  = words{"店主账户：%s（%s）", "provider account: %s (%s)"}
	tellRunning   = words{"收银机正在运行，它会自己上传。", "The till is running and sends by itself."}
)

// Run enrols the till at a hub.
func (c *accountEnrol) Run(e *env) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	defer l.Close()
	out, err := hubaccount.Enrol(e.ctx, l, e.data, c.Link, c.Code, Version)
	if err != nil {
		f := &failure{what: errEnrol, args: []any{err}, safe: safeAsWas, next: nextEnrol, err: err}
		if r := (*client.Refusal)(nil); errors.As(err, &r) && r.Code == wire.ProblemCodeCodeSpent {
			f.next = nextSpent
		}
		if errors.Is(err, client.ErrOtherHub) {
			f.next = nextOtherHub
		}
		return f
	}
	e.say(tellEnrolled, out.Shop, out.Fingerprint)
	e.say(tellWaiting, out.Documents)
	return nil
}

// providerRow is what account status and sync say in JSON.
type providerRow struct {
	Shop   string  `json:"shop"`
	Hub    string  `json:"hub"`
	Unsent int     `json:"unsent"`
	Since  *string `json:"since"`
	Last   *string `json:"last"`
}

func (e *env) accountState(l *ledger.Ledger, format string) error {
	shop, base, err := hubaccount.Name(e.ctx, l)
	if errors.Is(err, hubaccount.ErrNone) {
		return &failure{what: errNoProvider, next: nextNoProv, nextArgs: []any{e.name}, err: err}
	}
	if err != nil {
		return err
	}
	n, since, err := l.Backlog(e.ctx, hubaccount.Hub)
	if err != nil {
		return err
	}
	last, _, err := l.LastDelivery(e.ctx, hubaccount.Hub)
	if err != nil {
		return err
	}
	when := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		s := t.Format(time.RFC3339)
		return &s
	}
	row := providerRow{Shop: shop, Hub: base, Unsent: n, Since: when(since), Last: when(last)}
	if format == "json" {
		return e.json(row)
	}
	e.say(tellProvider, shop, base)
	switch {
	case n > 0:
		e.say(tellSince, n, *row.Since)
	case row.Last != nil:
		e.say(tellSynced, *row.Last)
	default:
		e.say(tellNever)
	}
	return nil
}

// Run says how the provider account stands.
func (c *accountStatus) Run(e *env) error {
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	return e.accountState(l, c.Format)
}

// Run sends what is unsent, where no till runs that does so by itself.
func (c *syncCmd) Run(e *env) error {
	l, err := e.open()
	if owned := (*ledger.OwnedError)(nil); errors.As(err, &owned) {
		if l, err = e.read(); err != nil {
			return err
		}
		defer l.Close()
		if c.Format != "json" {
			e.say(tellRunning)
		}
		return e.accountState(l, c.Format)
	}
	if err != nil {
		return err
	}
	defer l.Close()
	s, err := hubaccount.Open(e.ctx, l, e.data)
	if errors.Is(err, hubaccount.ErrNone) {
		return &failure{what: errNoProvider, next: nextNoProv, nextArgs: []any{e.name}, err: err}
	}
	if err == nil {
		err = outbox.New(outbox.Options{Book: l, Account: hubaccount.Hub, Sender: s, Log: slog.New(slog.DiscardHandler)}).Send(e.ctx)
	}
	if err != nil {
		n, _, countErr := l.Backlog(e.ctx, hubaccount.Hub)
		if countErr != nil {
			return countErr
		}
		return &failure{what: errSync, args: []any{err}, safe: words{safeSync.in(chinese, n), safeSync.in(english, n)}, next: nextSync, err: fmt.Errorf("sync: %w", err)}
	}
	return e.accountState(l, c.Format)
}
