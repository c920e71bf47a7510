package ui

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// codeHeld is how long a customer's code is kept until it is known which wallet it is for: it is money to whoever has
// it, and grows old by itself within a minute.
const codeHeld = 30 * time.Second

// codeState is what the page that waits for a customer's code must not lose when it is made anew. The code stands
// nowhere else, and is wiped once it was sent or let go.
type codeState struct {
	wallet string       // wanted by the cashier; "" recognises it
	amount money.Amount // 0: all that is due
	typing bool
	typed  []rune
	held   []rune // scanned on a page of payment, while it is asked which wallet it is for
	guess  string // the wallet that it looks like
	until  time.Time
	wanted string   // number of the payment that is closed first
	next   []rune   // is charged once the payment on the screen is closed
	to     PageName // or where to go then, in place of the terminal
}

func wipe(code *[]rune) {
	clear(*code)
	*code = (*code)[:0]
}

func (s *codeState) drop() {
	wipe(&s.typed)
	wipe(&s.held)
	wipe(&s.next)
	s.typing, s.guess, s.to = false, "", ""
}

// codePage waits for a customer's payment code: scanned, or typed by hand.
type codePage struct {
	w      *Window
	object *fyne.Container
	size   *resizing
	drawn  string
	field  *kit.Field
	acts   []payAct
	left   *kit.Label // how long a held code is kept
	ticks  bool
}

func newCodePage(w *Window) page {
	p := &codePage{w: w}
	p.size = &resizing{changed: func() { p.drawn = ""; p.draw() }, exact: true}
	p.object = container.New(p.size)
	return p
}

func (p *codePage) state() *codeState { return &p.w.code }

// Object is part of page.
func (p *codePage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *codePage) Title() string { return p.w.Say("pay.title") }

// Show is part of page.
func (p *codePage) Show(till.View) {
	if p.size.known {
		p.draw()
	}
}

// Leave is part of leaver.
func (p *codePage) Leave() {
	p.state().drop()
	p.drawn = ""
}

// due is what the code will be charged.
func (p *codePage) due() money.Amount {
	if a := p.state().amount; a > 0 && a < p.w.view.Due {
		return a
	}
	return p.w.view.Due
}

func (p *codePage) draw() {
	w, s := p.w, p.state()
	what := w.Money(p.due())
	h := p.held()
	switch {
	case h != nil:
		what += "held " + h.Wallet + h.Tail
	case s.typing:
		what += "typing"
	}
	for _, x := range w.view.Wallets {
		what += x.Name + string(x.Why)
	}
	if what == p.drawn {
		return
	}
	p.drawn, p.field, p.left = what, nil, nil
	switch {
	case h != nil:
		p.which(h)
	case s.typing:
		p.typeCode()
	default:
		p.wait()
	}
}

// put draws the page: the total at the left, the state at the right.
func (p *codePage) put(look stateLook, ready payFact, right fyne.CanvasObject) {
	w := p.w
	p.acts = look.acts
	width := float32(380)
	if p.size.last {
		width = 290
	}
	plates := kit.Row(6)
	for _, x := range w.view.Wallets {
		if live(x, till.Take) && len(plates.Objects) < 5 {
			plates.Add(w.walletPlate(x.Name, 28))
		}
	}
	method := payFact{label: w.Say("qr.method"), value: w.Say("wallet.by_scan")}
	if s := p.state(); s.wallet != "" {
		method = payFact{label: w.Say("qr.method"), plate: w.walletPlate(s.wallet, 28), value: w.walletName(s.wallet)}
	}
	facts := []payFact{method, {label: w.Say("wallet.ready"), plate: plates}}
	if ready.label != "" {
		facts = append(facts, ready)
	}
	left := w.payColumn(p.size, width, look.label, w.Money(p.due()), facts, nil)
	head := kit.NewBanner(look.kind, false, look.icon, look.title, look.sub, right)
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Fixed(width, left), kit.Grow(1, stateCard(p.object.Size(), width, head, kit.Col(0, look.body...), actRow(look.acts, p.size.last))))}
	p.object.Refresh()
}

// scannerFact says how the scanner is, where one is watched.
func (p *codePage) scannerFact() payFact {
	w := p.w
	for _, d := range w.status {
		if d.Kind == "scanner" && d.Health != Absent {
			ink := kit.Accent
			icon := "circle-check"
			if d.Health != Fine {
				ink, icon = kit.Warn, "triangle-alert"
			}
			return payFact{label: w.Say("status.scanner"), plate: kit.NewIcon(icon, 20, ink), value: w.Say("status."+d.State, "detail", d.Detail), ink: ink}
		}
	}
	return payFact{}
}

// Status is part of watcher.
func (p *codePage) Status() {
	p.drawn = ""
	p.Show(p.w.view)
}

// wait shows how to give the code.
func (p *codePage) wait() {
	w, amount := p.w, p.w.Money(p.due())
	look := stateLook{kind: kit.Good, icon: "scan-qr-code", label: w.Say("qr.to_collect"), title: w.Say("wallet.wait"), sub: w.Say("wallet.wait_sub", "amount", amount)}
	pictures := kit.Row(p.size.pickWide(24, 12), kit.Space())
	for i, icon := range []string{"smartphone", "scan-line", "volume-2"} {
		n := strconv.Itoa(i + 1)
		words := kit.NewParagraph(n+"  "+w.Say("wallet.wait_"+n), p.size.pickWide(18, 16), kit.Ink)
		words.Align = fyne.TextAlignCenter
		pictures.Add(kit.Fixed(p.size.pickWide(250, 200), kit.Col(12, kit.Sized(104, 104, kit.NewPanel(kit.Sunken, kit.Clear, 0, kit.RadiusCard, kit.NewIcon(icon, 52, kit.Ink))), words)))
	}
	pictures.Add(kit.Space())
	look.body = []fyne.CanvasObject{pictures, kit.Gap(p.size.pick(22, 10)), noteLine("info", w.Say("wallet.wait_note"))}
	look.acts = []payAct{p.backAct(), {label: w.Say("wallet.type_code"), icon: "keyboard", key: "K", letter: 'K', grow: 1, do: p.beginTyping}}
	if q, ok := p.shown(); ok {
		look.acts = append(look.acts, payAct{label: w.Say("wallet.show_instead"), icon: "qr-code", key: "Q", letter: 'Q', grow: 1, do: func() { w.payWallet(till.PayWallet{Wallet: q, Amount: p.state().amount, Way: till.Show}) }})
	}
	p.put(look, p.scannerFact(), nil)
}

// shown is the wallet whose code is shown in place of taking the customer's: the one wanted, else the first that can.
func (p *codePage) shown() (string, bool) {
	for _, x := range p.w.view.Wallets {
		if live(x, till.Show) && (p.state().wallet == "" || p.state().wallet == x.Name) {
			return x.Name, true
		}
	}
	return "", false
}

func (p *codePage) backAct() payAct {
	return payAct{label: p.w.Say("button.back"), icon: "arrow-left", key: "Esc", action: ActBack, kind: kit.Quiet, grow: 1, do: p.back}
}

func (p *codePage) back() {
	s := p.state()
	if p.w.view.Held != nil {
		p.leaveFor(PagePay)
		return
	}
	if s.typing || len(s.held) > 0 {
		s.drop()
		p.w.win.Canvas().Unfocus()
		p.draw()
		return
	}
	p.w.Back()
}

// leaveFor forgets the customer's code, wherever it is held, for another way to pay.
func (p *codePage) leaveFor(to PageName) {
	w := p.w
	p.state().drop()
	w.Open(to)
	w.back = []PageName{PageSell}
	if to != PagePay {
		w.back = append(w.back, PagePay)
	}
	if w.view.Held != nil {
		w.Do(till.DropCode{})
	}
}

func (p *codePage) beginTyping() {
	p.state().typing = true
	p.draw()
	if p.field != nil {
		p.w.win.Canvas().Focus(p.field)
	}
}

// typeCode takes a code that no scanner reads.
func (p *codePage) typeCode() {
	w, s, amount := p.w, p.state(), p.w.Money(p.due())
	look := stateLook{kind: kit.Good, icon: "keyboard", label: w.Say("qr.to_collect"), title: w.Say("wallet.typing"), sub: w.Say("wallet.typing_sub", "amount", amount)}
	p.field = kit.NewField(kit.FieldSpec{Amount: true, Limit: 40, Placeholder: w.Say("wallet.typing_hint"), OnChange: func(t string) {
		wipe(&s.typed)
		s.typed = append(s.typed, []rune(t)...)
	}, OnEnter: func(string) { p.enter() }}, string(s.typed))
	look.body = []fyne.CanvasObject{kit.Fixed(64, p.field), kit.Gap(14), noteLine("info", w.Say("wallet.typing_note"))}
	look.acts = []payAct{p.backAct(), {label: w.Say("wallet.charge", "amount", amount), icon: "check", key: "Enter", kind: kit.Main, grow: 1.3, do: p.enter}}
	p.put(look, p.scannerFact(), nil)
}

// enter charges the code that was typed.
func (p *codePage) enter() {
	s := p.state()
	code := strings.ReplaceAll(string(s.typed), " ", "")
	if code == "" {
		p.w.play("notfound")
		return
	}
	wipe(&s.typed)
	s.typing = false
	p.w.win.Canvas().Unfocus()
	p.w.takeCode(code)
}

// held is the code that waits for a decision: the register's, or one that was scanned on a page of payment.
func (p *codePage) held() *till.HeldCode {
	if h := p.w.view.Held; h != nil {
		return h
	}
	s := p.state()
	if len(s.held) == 0 {
		return nil
	}
	return &till.HeldCode{Wallet: s.guess, Tail: tail(s.held), Until: s.until}
}

// which asks for the wallet of a code whose form no provider vouches for, or whether one is charged at all: one key
// sends it.
func (p *codePage) which(h *till.HeldCode) {
	w, amount := p.w, p.w.Money(p.due())
	look := stateLook{kind: kit.Caution, icon: "circle-question-mark", label: w.Say("qr.to_collect"), title: w.Say("wallet.which"), sub: w.Say("wallet.which_sub")}
	guess, found := w.taker(h.Wallet)
	switch {
	case found && guess.Why != "":
		look.kind, look.icon = kit.Bad, "octagon-pause"
		look.title, look.sub = w.Say("wallet.held_off", "name", w.walletName(guess.Name), "why", w.offWords(guess)), w.Say("wallet.held_off_sub")
	case found && h.Sure:
		look.kind, look.icon = kit.Good, "scan-qr-code"
		look.title, look.sub = w.Say("wallet.held", "name", w.walletName(h.Wallet)), w.Say("wallet.held_sub", "amount", amount)
	case found:
		look.title = w.Say("wallet.which_guess", "name", w.walletName(h.Wallet))
	}
	var others []fyne.CanvasObject
	var letters []payAct
	look.acts = []payAct{p.backAct()}
	for _, x := range w.view.Wallets {
		if !can(x, till.Take) {
			continue
		}
		send := func() { p.send(x.Name) }
		t := kit.NewTender(kit.TenderSpec{Plate: w.walletPlate(x.Name, 44), Name: w.walletName(x.Name), Key: x.Letter, OnTap: send})
		if x.Why != "" {
			t.Off(w.offWords(x))
		} else if x.Letter != "" {
			letters = append(letters, payAct{letter: rune(x.Letter[0]), do: send})
		}
		t.SetChosen(found && x.Name == guess.Name && x.Why == "")
		others = append(others, t)
	}
	look.body = []fyne.CanvasObject{kit.NewBold(w.Say("wallet.which_pick"), 18, kit.Ink), kit.Gap(10), kit.Grid(int(p.size.pickWide(3, 2)), 10, 88, others...),
		kit.Gap(14), noteLine("shield-check", w.Say("wallet.which_safe"))}
	if found && guess.Why == "" {
		look.acts = append(look.acts, payAct{label: w.Say("wallet.which_send", "name", w.walletName(guess.Name), "amount", amount), icon: "check", key: "Enter", kind: kit.Main, grow: 1.6,
			do: func() { p.send(guess.Name) }})
	}
	if found && guess.Why != "" {
		look.acts = append(look.acts, payAct{label: w.Say("wallet.other"), icon: "banknote", key: "F9", kind: kit.Main, action: ActPay, grow: 1.6, do: func() { p.leaveFor(PagePay) }})
	}
	p.left = kit.NewBold("", 36, bannerInk(look.kind)).Trailing()
	p.put(look, payFact{label: w.Say("wallet.code"), value: "**** **** " + h.Tail}, kit.Fixed(150, kit.Col(0, p.left, kit.NewLabel(w.Say("wallet.kept_for"), 15, kit.Ink).Trailing())))
	p.acts = append(p.acts, letters...)
	p.tick()
}

// tail is what may be seen of a code.
func tail(code []rune) string { return string(code[max(0, len(code)-4):]) }

// send charges the held code through a wallet.
func (p *codePage) send(wallet string) {
	s, h := p.state(), p.held()
	if h == nil {
		return
	}
	c := till.PayWallet{Wallet: wallet, Amount: s.amount, Way: till.Take, ByHand: true}
	if p.w.view.Held == nil {
		c.Code = string(s.held)
	}
	s.drop()
	p.w.payWallet(c)
}

// tick counts down how long the code is kept, and lets it go.
func (p *codePage) tick() {
	w, s, h := p.w, p.state(), p.held()
	if p.left == nil || p.ticks || h == nil {
		return
	}
	left := h.Until.Sub(w.ports.Now())
	if left <= 0 && len(s.held) > 0 {
		s.drop()
		w.note("code_old")
		return
	}
	p.left.SetText(timed(left))
	p.ticks = true
	w.ports.After(time.Second, func() {
		p.ticks = false
		if w.page() == page(p) {
			p.tick()
		}
	})
}

// Key is part of page. Digits typed with nothing focused begin a code.
func (p *codePage) Key(e KeyEvent) bool {
	s := p.state()
	if press(p.acts, e) {
		return true
	}
	switch {
	case e.Action == "" && e.Rune >= '0' && e.Rune <= '9' && p.held() == nil:
		if !s.typing {
			p.beginTyping()
		}
		if p.field != nil {
			p.w.typed(string(e.Rune))
		}
	case e.Action == ActPark:
		p.w.Do(till.Park{})
	case e.Action == ActCash:
		p.leaveFor(PageCash)
	case e.Action == ActMenu, e.Action == ActLock, e.Action == ActLanguage, e.Action == ActHelp:
		return false
	case e.Action == ActBack:
		return false
	}
	return true
}

// Mark is part of marker: what a scanner types here is no code typed by hand.
func (p *codePage) Mark() func() {
	was := p.state().typing
	return func() {
		s := p.state()
		if !was && s.typing {
			s.drop()
			p.w.win.Canvas().Unfocus()
			p.draw()
		}
	}
}

// Scan is part of page.
func (p *codePage) Scan(code string) bool {
	w := p.w
	if w.isPayCode(code) {
		w.takeCode(code)
		return true
	}
	if _, receipt := w.receiptOf(code); receipt {
		w.note("payment_runs")
		return true
	}
	// Goods: the pay page asks what they are for.
	w.Back()
	return w.page() != page(p) && w.page().Scan(code)
}
