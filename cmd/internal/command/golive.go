package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"
	"time"

	"guitai/hardware/paper"
	"guitai/ledger"
)

// A GoLive is what an installer hands over: the shop, every device with what it
// proved, and what is still missing.
type GoLive struct {
	Shop    string         `json:"shop"`
	Till    string         `json:"till"`
	At      time.Time      `json:"at"` // in the shop's zone
	Version string         `json:"version"`
	Devices []GoLiveDevice `json:"devices"`
	Points  []CheckPoint   `json:"points"`

	lang string
	logo image.Image // nil for none
}

// A GoLiveDevice is one device and its proof.
type GoLiveDevice struct {
	Kind      string      `json:"kind"`
	Name      string      `json:"name"`
	Profile   string      `json:"profile"` // or driver
	Address   string      `json:"address"`
	Simulated bool        `json:"simulated"`
	Proof     string      `json:"proof"` // one of the states of a proof
	At        *time.Time  `json:"at,omitempty"`
	By        string      `json:"by,omitempty"`
	Steps     []ProofStep `json:"steps,omitempty"`
}

// The states of a proof.
const (
	ProofGood    = "proved"
	ProofNever   = "never"
	ProofBad     = "failed"
	ProofStale   = "changed" // the device was set up otherwise since
	ProofPretend = "simulated"
)

var (
	goLiveTitle  = words{"开业验收单", "Go-live sheet"}
	pointsTitle  = words{"开业前检查", "Before the shop opens"}
	devicesTitle = words{"设备", "Devices"}
	stepsTitle   = words{"证明", "What was tried"}
	placesTitle  = words{"地址", "Addresses"}
	signedTitle  = words{"签字", "Signed"}

	proofWords = map[string]words{
		ProofGood: {"已证明", "proved"}, ProofNever: {"没有证明", "NOT PROVED"}, ProofBad: {"有一项失败", "A STEP FAILED"},
		ProofStale: {"设置改过，要重新证明", "CHANGED SINCE, prove again"}, ProofPretend: {"模拟的，不是真设备", "SIMULATED, not the real device"},
	}
	kindWords = map[string]words{
		"printer": {"打印机", "Printer"}, "scanner": {"扫码枪", "Scanner"}, "scale": {"秤", "Scale"}, "display": {"顾客显示屏", "Customer display"},
		"terminal": {"刷卡机", "Card terminal"}, "screen": {"第二屏", "Second screen"},
	}
	stepWords = map[string]words{
		"status": {"状态应答", "answers its state"}, "text": {"中文", "Chinese text"}, "width": {"宽度", "width"}, "cut": {"切纸", "cut"}, "drawer": {"钱箱", "drawer"},
		"scan": {"扫码", "scan"}, "weight": {"称重", "weight"}, "shows": {"显示", "shows"}, "registers": {"登记", "registers"}, "qr": {"二维码读回", "QR code read back"},
		"barcode": {"条码读回", "barcode read back"}, "code": {"码能读回", "codes read back"},
	}
	resultWords = map[string]words{ProofPassed: {"通过", "passed"}, ProofFailed: {"失败", "FAILED"}, ProofSkipped: {"跳过", "skipped"}}
)

// wordOr is a word of a table, or the key itself.
func wordOr(table map[string]words, key, lang string) string {
	if w, ok := table[key]; ok {
		return w.in(lang)
	}
	return key
}

// ProofWords are the words for the state of a proof in zh-Hans or en.
func ProofWords(state, lang string) string { return wordOr(proofWords, state, lang) }

// ReadGoLive looks at a data folder and its ledger, which may be nil: a shop that
// is not founded yet is missing that too.
func ReadGoLive(ctx context.Context, dir string, l *ledger.Ledger, lang string, now time.Time) (GoLive, error) {
	g := GoLive{At: now, Version: Version, Devices: []GoLiveDevice{}, lang: lang}
	d, err := ReadDevices(dir)
	if err != nil {
		return g, err
	}
	proofs, err := ReadProofs(dir)
	if err != nil {
		return g, err
	}
	point := func(key string, ok bool, title, done, missing words, args ...any) {
		p := CheckPoint{Key: key, State: PointDone, Title: title.in(lang), Detail: done.in(lang, args...)}
		if !ok {
			p.State, p.Detail = PointMissing, missing.in(lang)
		}
		g.Points = append(g.Points, p)
	}
	if err := g.readShop(ctx, l, point); err != nil {
		return g, err
	}
	unproved := 0
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			one := goLiveDevice(kind, x, proofs, g.At.Location())
			if g.Devices = append(g.Devices, one); one.Proof != ProofGood {
				unproved++
			}
		}
	}
	point("printer", len(d.Printers) > 0, words{"打印机", "A printer"}, words{"已设置 %d 台", "%d set up"}, words{"没有设置打印机：小票会留在账本里，不会印出来", "none is set up: receipts stay in the ledger and are not printed"}, len(d.Printers))
	point("proofs", unproved == 0 && len(g.Devices) > 0, words{"每个设备都证明过", "Every device proved"}, words{"%d 个设备", "%d devices"}, words{"在设备页逐个测试，直到没有红字", "try each on the devices page, until nothing is red"}, len(g.Devices))
	return g, nil
}

// readShop adds what the ledger knows.
func (g *GoLive) readShop(ctx context.Context, l *ledger.Ledger, point func(key string, ok bool, title, done, missing words, args ...any)) error {
	founded, named, goods, backed := words{"店铺已建立", "The shop is founded"}, words{"店名印在小票上", "The shop's name stands on receipts"}, words{"商品", "Goods"}, words{"备份", "A backup"}
	if l == nil {
		point("shop", false, founded, words{}, words{"先打开收银机建立店铺", "open the till and found the shop first"})
		return nil
	}
	st, err := l.Recover(ctx)
	if err != nil {
		return err
	}
	g.Shop, g.Till = st.Settings.Shop.Name, st.Settings.Till
	if st.Settings.Zone != nil {
		g.At = g.At.In(st.Settings.Zone)
	}
	if logo, err := Logo(ctx, l); err == nil {
		g.logo = logo.Image
	}
	n, err := l.CountItems(ctx)
	if err != nil {
		return err
	}
	at, _, err := l.LastBackup(ctx)
	if err != nil {
		return err
	}
	point("shop", true, founded, words{"收银机编号 %s，货币 %s", "till %s, currency %s"}, words{}, g.Till, st.Settings.Currency.Code)
	point("name", g.Shop != "", named, words{"%s", "%s"}, words{"在设置里写上店名", "write it in the settings"}, g.Shop)
	point("goods", n > 0, goods, words{"%d 个", "%d items"}, words{"还没有商品：导入，或逐个添加", "there are none: import a list, or add them"}, n)
	point("backup", !at.IsZero(), backed, words{"最近一次 %s", "the last one %s"}, words{"还没有备份过：在“备份和恢复”里做一次，最好到 U 盘", "none was made: make one under Backup and restore, best to a stick"}, at.In(g.At.Location()).Format("2006-01-02 15:04"))
	return nil
}

// goLiveDevice is a device of the settings with its proof.
func goLiveDevice(kind string, x Device, proofs []DeviceProof, zone *time.Location) GoLiveDevice {
	out := GoLiveDevice{Kind: kind, Name: x.Name, Profile: cmp.Or(x.Profile, x.Driver), Address: x.Address, Simulated: x.Simulated, Proof: ProofNever}
	for _, p := range proofs {
		if p.Device != x.Name || p.Kind != kind {
			continue
		}
		at := p.At.In(zone)
		out.At, out.By, out.Steps = &at, p.By, p.Steps
		switch {
		case !p.Of(x):
			out.Proof = ProofStale
		case p.Passed():
			out.Proof = ProofGood
		default:
			out.Proof = ProofBad
		}
	}
	if x.Simulated {
		out.Proof = ProofPretend
	}
	return out
}

// Ready reports whether nothing is missing.
func (g GoLive) Ready() bool { return Missing(g.Points) == 0 }

// PDF writes the sheet on A4 pages. What is missing or not proved is red.
func (g GoLive) PDF(w io.Writer) error {
	lang := g.lang
	in := func(zh, en string) string { return words{zh, en}.in(lang) }
	s := paper.Statement{Shop: printable(g.Shop), Logo: g.logo, Title: goLiveTitle.in(lang),
		Period: fmt.Sprintf("%s %s   %s   Guitai %s", in("收银机", "Till"), g.Till, g.At.Format("2006-01-02 15:04"), g.Version)}
	s.Tables = append(s.Tables, pointsTable(pointsTitle, g.Points, lang))
	devices := paper.Table{Title: devicesTitle.in(lang), Columns: []paper.Column{{Title: in("种类", "Kind")}, {Title: in("名字", "Name")}, {Title: in("型号", "Profile")},
		{Title: in("证明", "Proof")}, {Title: in("时间", "When")}, {Title: in("谁", "By")}}}
	steps := paper.Table{Title: stepsTitle.in(lang), Columns: []paper.Column{{Title: in("名字", "Name")}, {Title: in("试了什么", "Tried")}, {Title: in("结果", "Result")}, {Title: in("看到", "Seen")}}}
	places := paper.Table{Title: placesTitle.in(lang), Columns: []paper.Column{{Title: in("名字", "Name")}, {Title: in("地址", "Address")}}}
	for _, x := range g.Devices {
		at := ""
		if x.At != nil {
			at = x.At.Format("2006-01-02 15:04")
		}
		devices.Rows = append(devices.Rows, []string{wordOr(kindWords, x.Kind, lang), printable(x.Name), printable(x.Profile), wordOr(proofWords, x.Proof, lang), at, printable(x.By)})
		devices.Red = append(devices.Red, x.Proof != ProofGood)
		for _, p := range x.Steps {
			steps.Rows = append(steps.Rows, []string{printable(x.Name), wordOr(stepWords, p.What, lang), wordOr(resultWords, p.Result, lang), printable(p.Seen)})
			steps.Red = append(steps.Red, p.Result == ProofFailed)
		}
		for i, part := range folded(printable(x.Address), 80) {
			name := map[bool]string{true: printable(x.Name)}[i == 0]
			places.Rows = append(places.Rows, []string{name, part})
		}
	}
	for _, t := range []paper.Table{devices, steps, places} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	line := strings.Repeat("_", 30)
	s.Tables = append(s.Tables, paper.Table{Title: signedTitle.in(lang), Pairs: true, Rows: [][]string{{in("安装人", "Installer"), line}, {in("店主", "Owner"), line}}})
	return writePages(w, s)
}

type devicesSheet struct {
	To     string `placeholder:"FILE.pdf" help:"${h_sheet_to}"`
	Format string `default:"text" enum:"text,json" help:"${h_format_tj}"`
}

var (
	errSheetFile = words{"--to 要以 .pdf 结尾", "--to wants a name that ends in .pdf"}
	tellSheet    = words{"已写入 %s", "written to %s"}
	errNotReady  = words{"还缺 %d 项", "points that are missing: %d"}
	nextNotReady = words{"缺的写在上面。", "They stand above."}
)

// Run writes the go-live sheet. The exit code is 1 where something is missing.
func (c *devicesSheet) Run(e *env) error {
	if c.To != "" && !strings.EqualFold(filepath.Ext(c.To), ".pdf") {
		return &failure{exit: exitUsage, what: errSheetFile}
	}
	l, err := e.readIfThere()
	if err != nil {
		return err
	}
	if l != nil {
		defer l.Close()
	}
	g, err := ReadGoLive(e.ctx, e.data, l, e.lang, time.Now())
	if err != nil {
		return err
	}
	return e.sheet(c.To, c.Format, g, g.PDF, Missing(g.Points), func() {
		e.points(pointsTitle, g.Points)
		for _, x := range g.Devices {
			e.row(x.Kind, x.Name, x.Profile, wordOr(proofWords, x.Proof, e.lang))
		}
	})
}

// sheet writes a checklist as it was asked for: pages to a file, or JSON or text
// to standard output.
func (e *env) sheet(file, format string, v any, pdf func(io.Writer) error, missing int, text func()) error {
	switch {
	case file != "":
		if err := toFile(file, pdf); err != nil {
			return err
		}
		e.tell(tellSheet, file)
	case format == "json":
		out := json.NewEncoder(e.out)
		out.SetIndent("", " ")
		if err := out.Encode(v); err != nil {
			return err
		}
	default:
		text()
	}
	if missing > 0 {
		return &failure{what: errNotReady, args: []any{missing}, next: map[bool]words{true: nextNotReady}[file == "" && format != "json"]}
	}
	return nil
}

// readIfThere opens the ledger beside a running till; nil where there is none.
func (e *env) readIfThere() (*ledger.Ledger, error) {
	l, err := ledger.Open(e.ctx, e.data, ledger.Options{ReadOnly: true})
	if errors.Is(err, ledger.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, e.openFailure(err)
	}
	return l, nil
}
