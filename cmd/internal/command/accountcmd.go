package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guitai/cmd/internal/accounts"
	"guitai/cmd/internal/hubaccount"
	"guitai/hub/client"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
)

type accountCmd struct {
	Enrol  accountEnrol  `cmd:"" help:"${h_account_enrol}"`
	Add    accountAdd    `cmd:"" help:"${h_account_add}"`
	List   accountList   `cmd:"" help:"${h_account_list}"`
	Remove accountRemove `cmd:"" help:"${h_account_remove}"`
	Status accountStatus `cmd:"" help:"${h_account_status}"`
}

type accountEnrol struct {
	Link string `arg:"" placeholder:"URL" help:"${h_account_link}"`
	Code string `arg:"" help:"${h_account_code}"`
}

type accountAdd struct {
	Webhook accountWebhook `cmd:"" help:"${h_account_webhook}"`
	Folder  accountFolder  `cmd:"" help:"${h_account_folder}"`
}

type accountWebhook struct {
	Name string `arg:"" help:"${h_account_name}"`
	URL  string `required:"" name:"url" placeholder:"https://..." help:"${h_account_url}"`
}

type accountFolder struct {
	Name   string `arg:"" help:"${h_account_name}"`
	Dir    string `required:"" placeholder:"DIR" help:"${h_account_dir}"`
	Format string `default:"json" enum:"json,csv,journal,beancount,accounts" help:"${h_account_format}"`
}

type accountRemove struct {
	Name string `arg:"" help:"${h_account_name}"`
}

type accountList struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type accountStatus struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

type syncCmd struct {
	Format string `default:"text" enum:"text,json" help:"${h_format}"`
}

var (
	errEnrol       = words{"没有登记上：%v", "the till was not enrolled: %v"}
	nextEnrol      = words{"检查地址、网络和代码；代码 15 分钟内有效，只能用一次。可以再要一个新代码再试。", "Check the address, the network and the code, which is good for 15 minutes and once; ask for a new one and try again."}
	nextSpent      = words{"请店主重新发一个代码，再试一次。", "Ask the owner for a new code, then try again."}
	nextOtherHub   = words{"不要继续：核对链接是不是店主给的那一个，问一问网络里是谁在应答。", "Do not go on: see whether the link is the one the owner gave, and find out who answers in your network."}
	errNoProvider  = words{"这台收银机还没有登记到店主账户", "this till has no provider account"}
	nextNoProv     = words{"在服务器上发一个代码（guitai-hub till enrol --shop 店名），再运行：%s account enrol 链接 代码", "Get a code at the hub (guitai-hub till enrol --shop NAME), then: %s account enrol URL CODE"}
	errSync        = words{"没有发完：%v", "not all was sent: %v"}
	safeSync       = words{"还有 %d 份在这台收银机里等着，一份也不会丢。", "%d documents wait in this till; none is lost."}
	nextSync       = words{"网络好了会自动再发；收银不受影响。", "They go by themselves once the hub can be reached; selling is not affected."}
	tellEnrolled   = words{"已登记到“%s”。请和店主那边显示的核对：%s", "Enrolled in “%s”. Compare with what the owner sees: %s"}
	tellWaiting    = words{"等待上传：%d 份", "to send: %d documents"}
	tellSince      = words{"等待上传：%d 份，最早的从 %s 开始等", "to send: %d documents, the oldest since %s"}
	tellSynced     = words{"全部已上传，最后一次 %s", "all is sent, last at %s"}
	tellNever      = words{"全部已上传", "all is sent"}
	tellProvider   = words{"店主账户：%s（%s）", "provider account: %s (%s)"}
	tellStanding   = words{"%s（%s）：%s", "%s (%s): %s"}
	tellStopped    = words{"已停用，对方不再接收；重新添加后继续", "stopped, the other end takes no more; add it again to go on"}
	tellRejected   = words{"其中 %d 份对方没有收下", "%d of them the other end put aside or would not have"}
	tellAdded      = words{"已添加“%s”。", "“%s” is added."}
	tellHookKey    = words{"对方用这个公钥核对签名：%s", "The server verifies with this public key: %s"}
	tellRemoved    = words{"已移除“%s”。对方已收到的仍在对方那里。", "“%s” is removed. What it has, it keeps."}
	errAccount     = words{"没有设置好：%v", "the account was not set up: %v"}
	nextAccount    = words{"改正后再试一次。", "Mend it and try again."}
	errNoSuchAcct  = words{"没有叫“%s”的账户", "there is no account “%s”"}
	nextNoSuchAcct = words{"用 account list 看有哪些。", "See account list for what there is."}
	errPractice    = words{"收银机正在练习，或正在更换账本", "the till is practising, or changing its ledger"}
	nextPractice   = words{"结束练习后再试一次。", "End practising, then try again."}

	accountFaults = map[error]words{
		accounts.ErrName:    {"名称是 1 到 40 个小写字母、数字或短横线，以字母开头，不能叫 hub", "a name is 1 to 40 letters a-z, digits and dashes, begins with a letter, and is not “hub”"},
		accounts.ErrTaken:   {"这个名称已是另一种账户", "there is another kind of account under this name"},
		accounts.ErrAddress: {"地址须以 https:// 开头，不含用户名和密码", "the address must begin with https://, and hold no name or password"},
		accounts.ErrFolder:  {"文件夹不在，或不能写入", "the folder is not there, or cannot be written to"},
	}
)

// accountBook is the ledger that holds the accounts: that of the running till that
// runs this command, or the one of the folder, which nobody else may have open.
func (e *env) accountBook() (l *ledger.Ledger, done func(), err error) {
	if e.till != nil {
		if l = e.till.Shop(); l == nil {
			return nil, nil, &failure{what: errPractice, safe: safeAsWas, next: nextPractice}
		}
		return l, func() {}, nil
	}
	if l, err = e.open(); err != nil {
		return nil, nil, err
	}
	return l, func() { _ = l.Close() }, nil
}

// setUp changes the accounts by f, in a running till where there is one.
func (e *env) setUp(do string, cmd any, f func(*ledger.Ledger) error) error {
	if ok, err := e.ask(do, cmd, e.out); ok {
		return err
	}
	l, done, err := e.accountBook()
	if err != nil {
		return err
	}
	defer done()
	err = f(l)
	if fail := (*failure)(nil); err == nil || errors.As(err, &fail) {
		return err
	}
	fail := &failure{what: errAccount, args: []any{err}, safe: safeAsWas, next: nextAccount, err: err}
	for known, w := range accountFaults {
		if errors.Is(err, known) {
			fail.args = []any{w.in(e.lang)}
		}
	}
	return fail
}

// Run enrols the till at a hub.
func (c *accountEnrol) Run(e *env) error {
	return e.setUp("account enrol", c, func(l *ledger.Ledger) error {
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
	})
}

// Run adds a server of the shop's own.
func (c *accountWebhook) Run(e *env) error {
	return e.setUp("account add webhook", c, func(l *ledger.Ledger) error {
		key, err := accounts.AddWebhook(e.ctx, l, e.data, c.Name, c.URL)
		if err == nil {
			e.say(tellAdded, c.Name)
			e.say(tellHookKey, key)
		}
		return err
	})
}

// Run adds a folder.
func (c *accountFolder) Run(e *env) error {
	dir, err := filepath.Abs(c.Dir) // a running till has another working folder
	if err != nil {
		return err
	}
	c.Dir = dir
	return e.setUp("account add folder", c, func(l *ledger.Ledger) error {
		if err := accounts.AddFolder(e.ctx, l, c.Name, c.Dir, c.Format); err != nil {
			return err
		}
		e.say(tellAdded, c.Name)
		return nil
	})
}

// Run removes an account.
func (c *accountRemove) Run(e *env) error {
	return e.setUp("account remove", c, func(l *ledger.Ledger) error {
		err := accounts.Remove(e.ctx, l, e.data, c.Name)
		if errors.Is(err, accounts.ErrNone) {
			return &failure{what: errNoSuchAcct, args: []any{c.Name}, next: nextNoSuchAcct, err: err}
		}
		if err == nil {
			e.say(tellRemoved, c.Name)
		}
		return err
	})
}

// standingRow is what the commands about accounts say of one in JSON.
type standingRow struct {
	Name     string  `json:"name"`
	Kind     string  `json:"kind"`
	Where    string  `json:"where"`
	Format   string  `json:"format,omitempty"`
	Active   bool    `json:"active"`
	Unsent   int     `json:"unsent"`
	Since    *string `json:"since"`
	Last     *string `json:"last"`
	Receipt  string  `json:"receipt,omitempty"`
	Rejected int     `json:"rejected"`
}

// providerRow is what account status and sync say in JSON: how the hub stands, as
// long as there is one, and all accounts.
type providerRow struct {
	Shop     string        `json:"shop,omitempty"`
	Hub      string        `json:"hub,omitempty"`
	Unsent   int           `json:"unsent"` // of the hub; of all accounts where there is none
	Since    *string       `json:"since"`
	Last     *string       `json:"last"`
	Accounts []standingRow `json:"accounts"`
}

func (e *env) accountRows(l *ledger.Ledger) ([]standingRow, error) {
	all, err := accounts.Standings(e.ctx, l)
	rows := []standingRow{}
	when := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		s := t.Format(time.RFC3339)
		return &s
	}
	for _, a := range all {
		rows = append(rows, standingRow{Name: a.Name, Kind: a.Kind, Where: a.Where, Format: a.Format, Active: a.Active, Unsent: a.Unsent, Since: when(a.Since), Last: when(a.Last),
			Receipt: a.Receipt, Rejected: a.Rejected})
	}
	return rows, err
}

func (e *env) accountState(l *ledger.Ledger, format string) error {
	rows, err := e.accountRows(l)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return &failure{what: errNoProvider, next: nextNoProv, nextArgs: []any{e.name}, err: hubaccount.ErrNone}
	}
	if format == "json" {
		out := providerRow{Accounts: rows}
		if out.Shop, out.Hub, err = hubaccount.Name(e.ctx, l); err != nil && !errors.Is(err, hubaccount.ErrNone) {
			return err
		}
		for _, r := range rows {
			switch {
			case r.Kind == accounts.KindHub:
				out.Unsent, out.Since, out.Last = r.Unsent, r.Since, r.Last
			case out.Hub == "":
				out.Unsent += r.Unsent
			}
		}
		return e.json(out)
	}
	e.accountLines(rows)
	return nil
}

func (e *env) accountLines(rows []standingRow) {
	for _, r := range rows {
		state := tellNever.in(e.lang)
		switch {
		case !r.Active:
			state = tellStopped.in(e.lang)
		case r.Unsent > 0:
			state = tellSince.in(e.lang, r.Unsent, *r.Since)
		case r.Last != nil:
			state = tellSynced.in(e.lang, *r.Last)
		}
		kind := r.Kind
		if r.Format != "" {
			kind += " " + r.Format
		}
		e.say(tellStanding, r.Name, kind, r.Where)
		e.say(words{"  " + state, "  " + state})
		if r.Rejected > 0 {
			e.say(words{"  " + tellRejected.in(e.lang, r.Rejected), "  " + tellRejected.in(e.lang, r.Rejected)})
		}
	}
}

// Run lists the accounts.
func (c *accountList) Run(e *env) error {
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	rows, err := e.accountRows(l)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return e.json(rows)
	}
	e.accountLines(rows)
	return nil
}

// Run says how the accounts stand.
func (c *accountStatus) Run(e *env) error {
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	return e.accountState(l, c.Format)
}

// Run sends what is unsent to all accounts; a running till does so itself.
func (c *syncCmd) Run(e *env) error {
	if ok, err := e.ask("sync", c, e.out); ok {
		return err
	}
	l, done, err := e.accountBook()
	if err != nil {
		return err
	}
	defer done()
	var wrong map[string]error
	if e.till != nil {
		wrong, err = e.till.Sync(e.ctx)
	} else {
		wrong, err = accounts.Send(e.ctx, l, e.data, outbox.Options{Log: slog.New(slog.DiscardHandler)})
	}
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		return e.accountState(l, c.Format)
	}
	return e.unsent(e.ctx, l, wrong)
}

// unsent says what could not be sent, and that it waits.
func (e *env) unsent(ctx context.Context, l *ledger.Ledger, wrong map[string]error) error {
	waiting := 0
	var said []string
	var all []error
	for name, err := range wrong {
		n, _, countErr := l.Backlog(ctx, name)
		if countErr != nil {
			return countErr
		}
		waiting = max(waiting, n)
		said = append(said, name+": "+err.Error())
		all = append(all, err)
	}
	slices.Sort(said)
	return &failure{what: errSync, args: []any{strings.Join(said, "; ")}, safe: words{safeSync.in(chinese, waiting), safeSync.in(english, waiting)}, next: nextSync,
		err: fmt.Errorf("sync: %w", errors.Join(all...))}
}
