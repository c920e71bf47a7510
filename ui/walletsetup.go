package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// The views of the page: the shop's wallets, the six steps of one, its fees, and the rules by which codes are known.
type walletView uint8

const (
	viewWallets walletView = iota
	viewChoose
	viewSteps
	viewFees
	viewRules
)

// The steps of setting one wallet up, from 0.
const (
	stepChoose = iota
	stepKeys
	stepPapers
	stepConnect
	stepTrial
	stepLive
)

var stepNames = []string{"choose", "keys", "papers", "connect", "trial", "live"}

// walletSetupState is what the page must not lose when it is made anew. What is typed of a secret stays here until it
// is kept, and no longer.
type walletSetupState struct {
	view   walletView
	name   string   // of the wallet that is set up
	queue  []string // to be set up after it
	step   int
	chosen map[string]bool

	loaded  bool
	safe    WalletSafe
	entered []WalletEntered
	failed  bool              // what is entered could not be read
	typed   map[string]string // by field, not kept yet
	chose   map[string]string // by field: why the file that was chosen cannot be it
	pick    *filePick
	pickFor string
	code    string // activation code, as typed

	sent  []till.WalletSetup // on its way to the register; nil for none
	waits string             // a change of another setting is on its way: what to say once it is there
	seen  uint64

	probed   []WalletStep
	probedOf string // wallet and mode
	taking   bool   // waits for the shop's own payment code
	noted    int    // checks of the trial that were taken into the setting
	trialOf  int    // the trial they are of

	fees  feesDraft
	rules rulesDraft
	out   outcome
	busy  string
}

// walletSetupPage sets wallets up. All that is chosen and typed is kept at once, and nothing of it changes what the
// counter takes before the owner says so.
type walletSetupPage struct {
	*desk
	kept   scrolls
	fields map[string]*kit.Field
	qr     *kit.QR
	stops  func()    // of the tick
	left   time.Time // when a field was left last
	later  bool      // the page is drawn anew in a moment
}

// blurWait is how long a press lasts at most that takes the focus from a field: what is kept as the field is left must
// not draw the page anew under the finger, which would then press nothing.
const blurWait = 400 * time.Millisecond

func newWalletSetup(w *Window) page {
	if w.ports.Office.Wallets == nil {
		return nil
	}
	p := &walletSetupPage{kept: scrolls{}, fields: map[string]*kit.Field{}, qr: kit.NewQR(200)}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *walletSetupPage) state() *walletSetupState { return &p.w.office.wallets }

func (p *walletSetupPage) port() WalletSetup { return p.w.ports.Office.Wallets }

// Title is part of page.
func (p *walletSetupPage) Title() string { return p.w.Say("page.wallets") }

// Notices keeps "saved" to the page.
func (p *walletSetupPage) Notices() bool { return p.w.saidSaved() }

// Show is part of page: what was sent is in the settings now, or was refused.
func (p *walletSetupPage) Show(v till.View) {
	s := p.state()
	refused := false
	if n := v.Notice; n != nil && n.Seq != s.seen {
		s.seen = n.Seq
		refused = n.Kind == till.Refused && v.Approval == nil
		if s.waits != "" && n.Code == till.NoteSaved {
			s.out, s.waits = outcome{title: s.waits, args: []string{"name", p.name()}}, ""
		}
	}
	if refused {
		s.sent, s.waits = nil, ""
	}
	if s.sent != nil {
		var sent till.Settings
		if sent.SetWalletSetups(s.sent) != nil || same(&v.Settings, "wallets.setup", value(&sent, "wallets.setup")) {
			s.sent = nil
		}
	}
	if !s.loaded && p.waiting == "" && !s.failed {
		p.load()
	}
	p.follow()
	p.redrawSoon()
}

// redrawSoon draws the page anew, but not while a press is on its way.
func (p *walletSetupPage) redrawSoon() {
	if p.later {
		return
	}
	if p.w.ports.Now().Sub(p.left) >= blurWait {
		p.redraw()
		return
	}
	p.later = true
	p.w.ports.After(blurWait, func() {
		p.later = false
		if p.w.page() == page(p) {
			p.redraw()
		}
	})
}

// leftField keeps what was typed in a field that is left.
func (p *walletSetupPage) leftField(on bool) {
	if !on {
		p.left = p.w.ports.Now()
		p.keepTyped()
	}
}

func value(s *till.Settings, key string) string {
	v, _ := s.Get(key)
	return v
}

// load reads what is entered.
func (p *walletSetupPage) load() {
	s := p.state()
	var err error
	p.ask(p.w.Say("wsetup.reading"), func(ctx context.Context) { s.safe, s.entered, err = p.port().Entered(ctx) }, func() {
		s.loaded, s.failed = err == nil, err != nil
	})
}

// Leave keeps what was typed, and gives up what only looked.
func (p *walletSetupPage) Leave() {
	p.keepTyped()
	s := p.state()
	s.out, s.pick, s.taking, s.loaded = outcome{}, nil, false, false
	if p.stops != nil {
		p.stops()
		p.stops = nil
	}
	p.desk.Leave()
}

// setups is how far every wallet has come, what is on its way to the register included.
func (p *walletSetupPage) setups() []till.WalletSetup {
	if s := p.state(); s.sent != nil {
		return s.sent
	}
	return p.w.view.Settings.WalletSetups
}

// setupOf is how far a wallet has come; one that nobody began is as its offer says.
func (p *walletSetupPage) setupOf(name string) till.WalletSetup {
	for _, x := range p.setups() {
		if x.Account.Name == name {
			return x
		}
	}
	x := till.WalletSetup{}
	if o, ok := p.offer(name); ok {
		x.Account = o.Account
	}
	if live, ok := p.w.view.Settings.Wallet(name); ok {
		x.Account = live
		x.Registered = true
	}
	return x
}

// setup is how far the wallet that is set up has come.
func (p *walletSetupPage) setup() till.WalletSetup { return p.setupOf(p.state().name) }

func (p *walletSetupPage) mode() string { return p.setup().Account.Mode }

func (p *walletSetupPage) name() string { return p.nameOf(p.state().name) }

func (p *walletSetupPage) nameOf(wallet string) string {
	if o, ok := p.offer(wallet); ok {
		return p.w.ItemName(o.Title, o.TitleEN)
	}
	return p.w.walletName(wallet)
}

func (p *walletSetupPage) offer(name string) (WalletOffer, bool) {
	all := p.port().Offers()
	i := slices.IndexFunc(all, func(o WalletOffer) bool { return o.Name == name })
	if i < 0 {
		return WalletOffer{}, false
	}
	return all[i], true
}

// change keeps a change of how far the wallet has come.
func (p *walletSetupPage) change(name string, f func(*till.WalletSetup)) {
	s, w := p.state(), p.w
	x := p.setupOf(name)
	f(&x)
	list := slices.Clone(p.setups())
	if i := slices.IndexFunc(list, func(o till.WalletSetup) bool { return o.Account.Name == name }); i >= 0 {
		list[i] = x
	} else {
		list = append(list, x)
	}
	var next till.Settings
	if err := next.SetWalletSetups(list); err != nil {
		s.out = outcome{title: "wsetup.not_saved", body: "wsetup.not_saved_body", bad: true}
		return
	}
	if same(&w.view.Settings, "wallets.setup", value(&next, "wallets.setup")) && s.sent == nil {
		return
	}
	s.sent = list
	w.Do(till.SetSetting{Settings: []till.Setting{{Key: "wallets.setup", Value: value(&next, "wallets.setup")}}})
}

// put changes the wallets of the counter; only the owner may, an installer is asked for the owner's PIN in place.
func (p *walletSetupPage) put(list []till.WalletAccount, said string) {
	w, s := p.w, p.state()
	var next till.Settings
	if err := next.SetWallets(list); err != nil {
		s.out = outcome{title: "wsetup.not_saved", body: "wsetup.not_saved_body", bad: true}
		p.redraw()
		return
	}
	s.out = outcome{}
	if same(&w.view.Settings, "wallets", value(&next, "wallets")) {
		p.redraw()
		return
	}
	s.waits = said
	w.Do(till.SetSetting{Settings: []till.Setting{{Key: "wallets", Value: value(&next, "wallets")}}})
}

// entry is what is entered for an account.
func (p *walletSetupPage) entry(name, mode string) (WalletEntered, bool) {
	for _, e := range p.state().entered {
		if e.Wallet == name && e.Mode == mode {
			return e, true
		}
	}
	e := WalletEntered{Wallet: name, Mode: mode}
	o, _ := p.offer(name)
	for _, f := range o.Fields {
		if !f.Optional && f.Default == "" {
			e.Missing = append(e.Missing, f.Name)
		}
	}
	return e, false
}

// stepOf is the step at which setting a wallet up goes on.
func (p *walletSetupPage) stepOf(x till.WalletSetup) int {
	e, _ := p.entry(x.Account.Name, x.Account.Mode)
	missing := x.Missing()
	switch {
	case !e.InUse && !x.Registered && len(x.Papers) > 0:
		return stepPapers
	case !e.InUse:
		return stepKeys
	case slices.Contains(missing, till.CheckConnect):
		return stepConnect
	case len(missing) > 0:
		return stepTrial
	}
	return stepLive
}

// begin sets wallets up, one after another.
func (p *walletSetupPage) begin(names ...string) {
	s := p.state()
	if len(names) == 0 {
		p.home()
		return
	}
	s.queue = names[1:]
	p.openWallet(names[0])
}

// openWallet goes on with a wallet where it stands.
func (p *walletSetupPage) openWallet(name string) {
	s := p.state()
	s.name, s.view, s.step = name, viewSteps, stepKeys
	p.fields = map[string]*kit.Field{}
	s.typed, s.chose, s.code = map[string]string{}, map[string]string{}, ""
	s.probed, s.taking = nil, false
	if !slices.ContainsFunc(p.setups(), func(o till.WalletSetup) bool { return o.Account.Name == name }) {
		p.change(name, func(*till.WalletSetup) {})
	}
	p.goTo(p.stepOf(p.setup()))
}

// goTo opens a step.
func (p *walletSetupPage) goTo(step int) {
	s := p.state()
	p.keepTyped()
	if step == stepChoose {
		s.view = viewChoose
		p.redraw()
		return
	}
	s.view, s.step, s.out, s.pick, s.taking = viewSteps, step, outcome{}, nil, false
	p.makeFields()
	p.w.win.Canvas().Unfocus()
	p.redraw()
}

// home goes to the list of the shop's wallets.
func (p *walletSetupPage) home() {
	s := p.state()
	p.keepTyped()
	s.view, s.queue, s.pick, s.taking = viewWallets, nil, nil, false
	p.w.win.Canvas().Unfocus()
	p.redraw()
}

// goOnLater leaves the wallet as it stands for the next one, or for the list.
func (p *walletSetupPage) goOnLater() {
	s := p.state()
	s.out = outcome{title: "wsetup.kept", args: []string{"name", p.name()}}
	p.home()
}

// Key goes on and back by a step.
func (p *walletSetupPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case p.desk.Key(e):
	case e.Action == ActBack && s.pick != nil:
		s.pick = nil
		p.desk.Leave()
		p.redraw()
	case e.Action == ActBack && p.waiting != "":
		p.desk.Leave()
		p.redraw()
	case e.Action == ActBack && s.taking:
		s.taking = false
		p.redraw()
	case e.Action == ActBack && s.view == viewFees:
		s.view = viewSteps
		p.goTo(s.step)
	case e.Action == ActBack && s.view != viewWallets:
		p.home()
	case (e.Action == ActPay || e.Action == ActEnter) && s.view == viewChoose:
		p.beginChosen()
	case e.Action == ActPay && s.view == viewSteps:
		p.next()
	default:
		return false
	}
	return true
}

// Scan takes the shop's own payment code where one is waited for, and tries a code on the rules.
func (p *walletSetupPage) Scan(code string) bool {
	s := p.state()
	switch {
	case s.taking:
		p.take(code)
	case s.view == viewRules:
		p.tryRule(code)
	default:
		return false
	}
	return true
}

func (p *walletSetupPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	if w.view.Practice { // the shop's own accounts are not touched by what is only practised
		return p.office(PageWallets, w.Say("page.wallets"), w.Say("wsetup.sub"), nil, kit.NewCard(20, empty("wallet", w.Say("wsetup.practice"), w.Say("wsetup.practice_body"))))
	}
	switch s.view {
	case viewChoose:
		return p.chooseView()
	case viewSteps:
		if s.name != "" {
			return p.stepView()
		}
	case viewFees:
		return p.feesView()
	case viewRules:
		return p.rulesView()
	case viewWallets:
	}
	return p.listView()
}

// stepBars are the bars of the wizard; what is done may be visited again.
func (p *walletSetupPage) stepBars(at int) fyne.CanvasObject {
	names := make([]string, len(stepNames))
	for i, n := range stepNames {
		names[i] = p.w.Say("wsetup.step." + n)
		if p.narrow {
			names[i] = p.w.Say("wsetup.step_short." + n)
		}
	}
	return kit.NewSteps(names, at, p.goTo)
}

// titled is a page of one wallet: its plate and what is done, in the head.
func (p *walletSetupPage) titled(words string, body fyne.CanvasObject) fyne.CanvasObject {
	w, s := p.w, p.state()
	sub := w.Say("wsetup.mode_live")
	if p.mode() == "test" {
		sub = w.Say("wsetup.mode_test")
	}
	later := kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "save", Label: w.Say("wsetup.later"), OnTap: p.goOnLater})
	return p.office(PageWallets, words, sub, []fyne.CanvasObject{p.w.walletPlate(s.name, 40), later}, body)
}

// stepView is one of the steps 2 to 6.
func (p *walletSetupPage) stepView() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(10, p.stepBars(s.step))
	if p.mode() == "test" {
		col.Add(testBanner(w))
	}
	col.Add(busyNote(w, s.busy))
	col.Add(outcomeNote(w, s.out))
	var body fyne.CanvasObject
	switch s.step {
	case stepPapers:
		body = p.papersView()
	case stepConnect:
		body = p.connectView()
	case stepTrial:
		body = p.trialView()
	case stepLive:
		body = p.liveView()
	default:
		body = p.keysView()
	}
	col.Add(kit.Grow(1, body))
	if s.pick == nil {
		col.Add(p.stepFoot())
	}
	return p.titled(w.Say("wsetup.title", "name", p.name()), col)
}

// testBanner says that no real money moves, over everything of a test account.
func testBanner(w *Window) fyne.CanvasObject {
	return kit.NewCallout(kit.Caution, 8, kit.Row(10, kit.Middle(kit.NewIcon("triangle-alert", 22, kit.Warn)), kit.Middle(kit.NewBold(w.Say("wsetup.test_banner"), 16, kit.Warn)),
		kit.Grow(1, kit.Middle(kit.NewLabel(w.Say("wsetup.test_banner_sub"), 15, kit.Ink)))))
}

// stepFoot goes back and on.
func (p *walletSetupPage) stepFoot() fyne.CanvasObject {
	w, s := p.w, p.state()
	row := kit.Row(10, kit.Space())
	back := func() { p.goTo(max(s.step-1, stepChoose)) }
	row.Add(kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("wsetup.back"), OnTap: back}))
	label := w.Say("wsetup.next." + stepNames[min(s.step+1, stepLive)])
	if s.step == stepLive {
		label = w.Say("wsetup.go_live")
		if p.mode() == "test" {
			label = w.Say("wsetup.to_live_account")
		}
	}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: label, Key: "F9", OnTap: p.next})
	if why := p.nextOff(); why != "" {
		main.Off(why)
	}
	row.Add(main)
	return row
}

// nextOff says what is to be done before the next step; "" where nothing is.
func (p *walletSetupPage) nextOff() string {
	w, s := p.w, p.state()
	x := p.setup()
	e, _ := p.entry(s.name, p.mode())
	switch s.step {
	case stepKeys:
		switch {
		case !x.Registered:
			return ""
		case e.Fault != nil:
			return w.Say("wsetup.off.fault", "field", p.fieldName(e.Fault.Field))
		case len(e.Missing) > 0 || !e.InUse:
			return w.words.count("wsetup.off.missing", decimal(max(1, len(e.Missing))))
		}
	case stepConnect:
		if !e.InUse {
			return w.Say("wsetup.off.keys")
		}
	case stepLive:
		switch {
		case s.waits != "":
			return w.Say("wsetup.off.saving")
		case p.mode() == "test":
			return ""
		case !e.InUse:
			return w.Say("wsetup.off.keys")
		case len(x.Missing()) > 0:
			return w.words.count("wsetup.off.checks", decimal(len(x.Missing())))
		case p.isLive():
			return w.Say("wsetup.off.live")
		}
	}
	return ""
}

// next goes on by a step; from the last one it goes live.
func (p *walletSetupPage) next() {
	s := p.state()
	p.keepTyped()
	if p.nextOff() != "" {
		p.w.play("notfound")
		p.redraw()
		return
	}
	if s.step < stepLive {
		p.goTo(s.step + 1)
		return
	}
	p.goLive()
}

// fieldName is the name of a field on the screen.
func (p *walletSetupPage) fieldName(field string) string {
	o, _ := p.offer(p.state().name)
	for _, f := range o.Fields {
		if f.Name == field {
			return strings.TrimSpace(p.w.ItemName(f.Title, f.TitleEN))
		}
	}
	return field
}
