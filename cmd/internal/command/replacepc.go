package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guitai/hardware/paper"
	"guitai/ledger"
	"guitai/till"
	"guitai/wallet/vault"
)

// A Move is what is to be done before a till goes to another PC, as far as this
// PC can tell, and what to do there.
type Move struct {
	Shop   string       `json:"shop"`
	Till   string       `json:"till"`
	At     time.Time    `json:"at"` // in the shop's zone
	Before []CheckPoint `json:"before"`
	After  []CheckPoint `json:"after"`

	lang string
}

var (
	moveTitle   = words{"换电脑清单", "Replacing this PC"}
	beforeTitle = words{"在这台电脑上", "On this PC"}
	afterTitle  = words{"在新电脑上", "On the new PC"}
)

// ReadMove looks at a data folder and its ledger. backups is the folder where
// copies go; "" is the data folder's own.
func ReadMove(ctx context.Context, dir, backups string, l *ledger.Ledger, lang string, now time.Time) (Move, error) {
	m := Move{At: now, Before: []CheckPoint{}, lang: lang}
	st, err := l.Recover(ctx)
	if err != nil {
		return m, err
	}
	m.Shop, m.Till = st.Settings.Shop.Name, st.Settings.Till
	if st.Settings.Zone != nil {
		m.At = now.In(st.Settings.Zone)
	}
	if backups == "" {
		backups = filepath.Join(dir, "backups")
	}
	if err := m.readTrade(ctx, l, &st); err != nil {
		return m, err
	}
	if err := m.readCopy(ctx, l, dir, backups); err != nil {
		return m, err
	}
	names, err := accountNames(dir)
	if err != nil {
		return m, err
	}
	d, err := ReadDevices(dir)
	if err != nil {
		return m, err
	}
	m.before("recovery", PointByHand, words{"店主的恢复码在手边", "The owner's recovery code is at hand"},
		words{"新电脑上第一次登录要用。找不到就先在“员工”里换一个新的", "the first sign-on at the new PC needs it. If it is lost, make a new one under Staff first"})
	m.before("devices", PointByHand, words{"设备设置抄走", "The devices' settings are taken along"}, deviceList(d), filepath.Join(dir, DevicesFile))
	m.later(names, len(names) > 0)
	return m, nil
}

func (m *Move) before(key, state string, title, detail words, args ...any) {
	m.Before = append(m.Before, CheckPoint{key, state, title.in(m.lang), detail.in(m.lang, args...)})
}

// readTrade adds what is still under way.
func (m *Move) readTrade(ctx context.Context, l *ledger.Ledger, st *till.State) error {
	state := func(ok bool) string { return map[bool]string{true: PointDone, false: PointMissing}[ok] }
	if st.Shift == nil {
		m.before("shift", PointDone, words{"交班", "The shift is closed"}, words{"没有开着的班", "none is open"})
	} else {
		m.before("shift", PointMissing, words{"交班", "The shift is closed"}, words{"第 %d 班还开着：先点钱交班", "shift %d is open: count the drawer and close it first"}, st.Shift.No)
	}
	open := len(st.Parked)
	if st.Current != nil && len(st.Current.Lines) > 0 {
		open++
	}
	m.before("sales", state(open == 0), words{"没有开着或挂着的单", "No sale is open or parked"}, map[bool]words{true: {"没有", "none"}, false: {"还有 %d 单：收款或取消", "%d are: take the money or cancel them"}}[open == 0], howMany(open)...)
	attempts, err := l.OpenAttempts(ctx)
	if err != nil {
		return err
	}
	refunds, err := l.OpenRefunds(ctx)
	if err != nil {
		return err
	}
	waiting := len(attempts) + len(refunds)
	m.before("payments", state(waiting == 0), words{"没有等结果的付款和退款", "No payment or refund waits for its outcome"},
		map[bool]words{true: {"没有", "none"}, false: {"还有 %d 笔：等它们有结果，旧电脑的密钥不会跟着走", "%d do: wait for them, the wallets' keys do not come along"}}[waiting == 0], howMany(waiting)...)
	jobs, err := l.JobsDue(ctx)
	if err != nil {
		return err
	}
	m.before("slips", state(len(jobs) == 0), words{"没有等着打印的单", "No slip waits to be printed"},
		map[bool]words{true: {"没有", "none"}, false: {"还有 %d 张：给打印机装纸，或以后补打", "%d do: see to the printer, or print copies later"}}[len(jobs) == 0], howMany(len(jobs))...)
	return nil
}

// howMany is a count for words that have one where it is not zero.
func howMany(n int) []any {
	if n == 0 {
		return nil
	}
	return []any{n}
}

// readCopy adds how the last backup stands: whether it holds all, is there, and
// is somewhere else than on this PC's data folder.
func (m *Move) readCopy(ctx context.Context, l *ledger.Ledger, dir, backups string) error {
	at, name, err := l.LastBackup(ctx)
	if err != nil {
		return err
	}
	last, err := l.Latest(ctx, 0, 1)
	if err != nil {
		return err
	}
	title := words{"备份是最新的", "The backup is up to date"}
	when := at.In(m.At.Location()).Format("2006-01-02 15:04")
	path := filepath.Join(backups, name)
	_, there := os.Stat(path)
	switch {
	case name == "":
		m.before("backup", PointMissing, title, words{"还没有备份过：在“备份和恢复”里做一次", "none was made: make one under Backup and restore"})
	case len(last) == 1 && last[0].Record.Kind() != till.KindBackedUp:
		m.before("backup", PointMissing, title, words{"%s 以后又有记录：交班后再备份一次", "there are records since %s: make another after closing"}, when)
	case there != nil:
		m.before("backup", PointMissing, title, words{"%s 不在了：再备份一次", "%s is not there any more: make another"}, path)
	default:
		m.before("backup", PointDone, title, words{"%s，%s", "%s, %s"}, when, path)
	}
	inside := strings.HasPrefix(filepath.Clean(path)+string(filepath.Separator), filepath.Clean(dir)+string(filepath.Separator))
	away := words{"备份不在这台电脑上", "The backup is not on this PC"}
	if inside || name == "" {
		m.before("away", PointMissing, away, words{"备份在数据文件夹里：备份到 U 盘，或抄一份带走", "it lies in the data folder: back up to a stick, or copy it there"})
	} else {
		m.before("away", PointByHand, away, words{"%s：看看这是不是 U 盘或别的电脑", "%s: see that this is a stick or another PC"}, backups)
	}
	return nil
}

// accountNames are the wallets whose credentials are sealed on this PC.
func accountNames(dir string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(dir, vault.File)); err != nil {
		return nil, nil
	}
	v, err := vault.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the wallets' credentials: %w", err)
	}
	var out []string
	for _, a := range v.Accounts() {
		if name := a.Name + " (" + a.Mode + ")"; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}

func deviceList(d Devices) words {
	var names []string
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			names = append(names, strings.ReplaceAll(x.Name, "%", "%%"))
		}
	}
	if len(names) == 0 {
		return words{"没有设置过设备（%s）", "no device is set up (%s)"}
	}
	list := strings.Join(names, ", ")
	return words{list + "：抄走 %s；串口名在新电脑上可能不同", list + ": copy %s; serial ports may be named otherwise on the new PC"}
}

// later adds what to do on the new PC, in order.
func (m *Move) later(wallets []string, some bool) {
	add := func(key string, title, detail words, args ...any) {
		m.After = append(m.After, CheckPoint{key, PointByHand, title.in(m.lang), detail.in(m.lang, args...)})
	}
	add("stop", words{"旧电脑不再收银", "The old PC sells no more"}, words{"关掉自动启动（guitaictl autostart off），拔掉设备；两台电脑用一个编号收银会重号", "switch its autostart off (guitaictl autostart off) and unplug the devices; two PCs under one till code would give the same receipt numbers twice"})
	add("restore", words{"安装，然后恢复备份", "Install, then restore the backup"}, words{"guitaictl restore --from 备份 --preview 先看，再不带 --preview 恢复；收银机这时要关着", "look first with guitaictl restore --from BACKUP --preview, then without --preview, while the till is closed"})
	add("owner", words{"店主用恢复码登录，重设 PIN", "The owner signs on with the recovery code, and PINs are set anew"}, words{"收银机的密钥和 PIN 不在备份里；恢复后有新的密钥和新的纪元", "the till's key and the PINs are in no backup; a restored till has a new key and a new epoch"})
	if some {
		add("wallets", words{"钱包重新填写并测试", "Wallets are entered again and tested"}, words{"%s：密钥不在备份里", "%s: their keys are in no backup"}, strings.Join(wallets, ", "))
	} else {
		add("wallets", words{"钱包", "Wallets"}, words{"没有设置过钱包", "none is set up"})
	}
	add("codes", words{"收款码", "Payment codes"}, words{"跟着备份走；扫一次看收款人对不对", "come with the backup; scan one and see that the payee is right"})
	add("devices", words{"设备", "Devices"}, words{"把 devices.toml 放进数据文件夹，或在设备页重新添加；逐个证明", "put devices.toml into the data folder, or add them on the devices page; prove each"})
	add("test", words{"打印测试卡并扫回", "Print the test card and scan it back"}, words{"一张纸证明打印机和扫码枪", "one slip proves printer and scanner"})
	add("autostart", words{"自动启动", "Autostart"}, words{"guitaictl autostart on，或在设置里打开", "guitaictl autostart on, or switch it on in the settings"})
	add("sheet", words{"打印验收单，卖一单试试", "Print the go-live sheet, and sell one thing"}, words{"没有红字才算完成；旧电脑的数据留到第一次交班以后", "nothing may be red; keep the old PC's data until the first shift is closed"})
}

// Ready reports whether nothing that this PC can tell is missing.
func (m Move) Ready() bool { return Missing(m.Before) == 0 }

// PDF writes the checklist on A4 pages, what is missing in red.
func (m Move) PDF(w io.Writer) error {
	return writePages(w, paper.Statement{Shop: printable(m.Shop), Title: moveTitle.in(m.lang),
		Period: fmt.Sprintf("%s %s   %s", words{"收银机", "Till"}.in(m.lang), m.Till, m.At.Format("2006-01-02 15:04")),
		Tables: []paper.Table{pointsTable(beforeTitle, m.Before, m.lang), pointsTable(afterTitle, m.After, m.lang)}})
}

type replaceCmd struct {
	To      string `placeholder:"FILE.pdf" help:"${h_sheet_to}"`
	Backups string `placeholder:"DIR" help:"${h_backups}"`
	Format  string `default:"text" enum:"text,json" help:"${h_format_tj}"`
}

// Run tells what is to be done before this PC is replaced. The exit code is 1
// where something is missing.
func (c *replaceCmd) Run(e *env) error {
	if c.To != "" && !strings.EqualFold(filepath.Ext(c.To), ".pdf") {
		return &failure{exit: exitUsage, what: errSheetFile}
	}
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	m, err := ReadMove(e.ctx, e.data, c.Backups, l, e.lang, time.Now())
	if err != nil {
		return err
	}
	return e.sheet(c.To, c.Format, m, m.PDF, Missing(m.Before), func() {
		e.points(beforeTitle, m.Before)
		e.points(afterTitle, m.After)
	})
}
