package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/ui/kit"
)

// qrPage shows the shop's payment code. Nobody tells the till that it was paid, so a person looks and says so.
type qrPage struct {
	w       *Window
	object  *fyne.Container
	size    *resizing
	number  string // of the code that is drawn
	ref     *kit.Field
	typed   string
	confirm *kit.Button
}

func newQRPage(w *Window) page {
	p := &qrPage{w: w, typed: w.qrRef}
	p.size = &resizing{changed: func() { p.number = ""; p.draw() }}
	p.object = container.New(p.size)
	return p
}

// Object is part of page.
func (p *qrPage) Object() fyne.CanvasObject { return p.object }

// Title is part of page.
func (p *qrPage) Title() string { return p.w.Say("pay.title") }

// Show is part of page.
func (p *qrPage) Show(till.View) {
	if p.size.known {
		p.draw()
	}
}

// Leave is part of leaver.
func (p *qrPage) Leave() { p.typed, p.w.qrRef, p.number = "", "", "" }

func (p *qrPage) draw() {
	w := p.w
	q := w.view.QR
	if q == nil || q.Number == p.number {
		return
	}
	p.number = q.Number
	left, right, code, ask := float32(380), float32(386), float32(407), float32(28)
	if p.size.last {
		left, right, code, ask = 290, 300, 340, 22
	}
	code = p.size.pick(code, 300)
	m, _ := w.method(q.Method)
	name := w.ItemName(m.Title, m.TitleEN)
	if name == "" {
		name = w.tenderName(q.Kind)
	}
	amount := w.Money(q.Amount)

	total := w.payTotal(w.view, 56)
	total.Foot, total.Label, total.Amount = nil, w.Say("qr.to_collect"), amount
	cancel := kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Icon: "arrow-left", Label: w.Say("qr.cancel"), Key: "Esc", OnTap: p.cancel})
	if p.size.last {
		cancel = kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("qr.cancel"), Text: 16, Key: "Esc", OnTap: p.cancel})
	}
	column := kit.Col(10, kit.NewTotal(total), kit.Grow(1, infoCard([]infoRow{
		{w.Say("qr.method"), name}, {w.Say("qr.number"), q.Number}, {w.Say("qr.payee"), q.Payee}, {w.Say("qr.amount"), amount},
	})), kit.Fixed(56, cancel))

	picture := kit.NewQR(code)
	if err := picture.Set(q.Text); err != nil {
		w.message = &Message{Tone: ToneDanger, Icon: "octagon-alert", Title: w.Say("refused.no_such_method.title"), Body: w.Say("refused.no_such_method.body")}
	}
	title := kit.Centre(kit.Row(12, methodPlate(m, 44), kit.Middle(kit.NewBold(w.Say("qr.ask"), ask, kit.Ink))))
	below := kit.NewLabel("", 17, kit.Ink2).Centred()
	if w.connected("display") {
		below.SetText(w.Say("qr.on_display"))
	}
	if w.view.QRTyped {
		below = kit.NewBold(w.Say("qr.typed", "amount", amount), 18, kit.Warn).Centred()
	}
	middle := kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(20, 16, 20, 16, kit.Col(14, kit.Space(), title,
		kit.Centre(kit.Sized(code+16, code+16, kit.NewQRFrame(plateOf(q.Kind), picture))), below, kit.Space())))

	p.ref = kit.NewField(kit.FieldSpec{Label: w.Say("qr.reference"), Limit: 60,
		OnChange: func(t string) { p.typed, w.qrRef = t, t; p.ready() }, OnEnter: func(string) { p.book() }}, p.typed)
	p.confirm = kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Size: kit.Large, Icon: "check", Label: w.Say("qr.confirm"), Key: "Enter", OnTap: p.book})
	check := kit.NewParagraph(w.Say("qr.check_body", "amount", amount), 16, kit.Ink)
	what := []fyne.CanvasObject{kit.NewBold(w.Say("qr.check_title"), 20, kit.Ink), check}
	if hint := w.ItemName(m.Instructions, m.InstructEN); hint != "" {
		what = append(what, kit.NewNote(kit.NewParagraph(hint, 15, kit.Ink)))
	}
	what = append(what, kit.Gap(4), p.ref)
	safe := kit.Col(4, kit.Row(8, kit.NewIcon("shield-check", 20, kit.Ink3), kit.Middle(kit.NewBold(w.Say("qr.safe_title"), 15, kit.Ink3))),
		kit.NewParagraph(w.Say("qr.safe"), 15, kit.Ink2))
	if p.size.low {
		safe.Hide()
	}
	onPaper := kit.NewButton(kit.ButtonSpec{Icon: "printer", Label: w.Say("qr.print"), Key: "F5", OnTap: p.print})
	if !w.connected("printer") {
		onPaper.Off(w.Say("result.no_printer"))
	}
	side := kit.Col(10, kit.Grow(1, kit.NewPanel(kit.Surface, kit.Divider, 1, kit.RadiusCard, kit.Inset(18, 20, 18, 20,
		kit.Col(10, append(what, kit.Space(), safe)...)))),
		onPaper, kit.Fixed(76, p.confirm))
	p.object.Objects = []fyne.CanvasObject{kit.Row(12, kit.Fixed(left, column), kit.Grow(1, middle), kit.Fixed(right, side))}
	p.object.Refresh()
	p.ready()
	p.ref.Focus() // what is typed here can only be the reference
}

func (p *qrPage) ready() {
	if strings.TrimSpace(p.typed) == "" {
		p.confirm.Off(p.w.Say("qr.confirm_needs"))
	} else {
		p.confirm.On()
	}
}

// book confirms the payment by its reference; with none the field asks for it.
func (p *qrPage) book() {
	ref := strings.TrimSpace(p.typed)
	if ref == "" {
		p.w.play("notfound")
		p.ref.Focus()
		return
	}
	p.w.Do(till.ConfirmQR{Ref: ref})
}

func (p *qrPage) cancel() { p.w.Do(till.AbandonQR{}) }

func (p *qrPage) print() {
	if p.w.connected("printer") {
		p.w.Do(till.PrintQR{})
	} else {
		p.w.play("notfound")
	}
}

// Key is part of page.
func (p *qrPage) Key(e KeyEvent) bool {
	switch e.Action {
	case "":
		if p.ref != nil {
			p.ref.Focus()
			p.w.typed(string(e.Rune))
		}
	case ActEnter, ActPay:
		p.book()
	case ActPrint:
		p.print()
	case ActBack:
		p.cancel()
	case ActLock, ActLanguage, ActHelp:
		return false
	}
	return true
}

// Scan is part of page. The sale's amount is in the code that is shown, so a product goes to a parked sale.
func (p *qrPage) Scan(code string) bool {
	w := p.w
	if _, receipt := w.receiptOf(code); !receipt {
		w.sellCode(code)
		return true
	}
	w.play("notfound")
	w.message = &Message{Tone: ToneWarn, Icon: "triangle-alert", Title: w.Say("refused.qr_open.title"), Body: w.Say("refused.qr_open.body"),
		Actions: []MessageAction{{w.Say("button.hide"), "", w.hideMessage}}}
	w.refreshPage()
	return true
}
