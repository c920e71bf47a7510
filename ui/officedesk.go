package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/ui/kit"
)

// desk is what the pages behind the menu share: it draws them for the width there is, and runs their questions. A
// page is drawn anew from its state, since it changes by the touch and not by the scan.
type desk struct {
	w      *Window
	root   *fyne.Container
	draw   func() fyne.CanvasObject
	narrow bool
	low    bool // not as high as the pages are designed for
	drawn  bool

	waiting string // what the page waits for, in words; "" for nothing
	stop    context.CancelFunc
	turn    int

	pin       *kit.Field // of an act that waits for somebody's PIN
	focusNext *kit.Field // takes the focus once the page is drawn
}

func newDesk(w *Window, draw func() fyne.CanvasObject) *desk {
	d := &desk{w: w, draw: draw}
	d.root = container.New(d)
	return d
}

// Object is the page.
func (d *desk) Object() fyne.CanvasObject { return d.root }

// redraw draws the page from its state.
func (d *desk) redraw() {
	d.drawn = true
	d.root.Objects = []fyne.CanvasObject{d.draw()}
	d.Layout(d.root.Objects, d.root.Size())
	d.root.Refresh()
	if f := d.focusNext; f != nil {
		d.focusNext = nil
		d.w.win.Canvas().Focus(f)
	}
}

// Show draws the page anew; pages with a state of their own do more.
func (d *desk) Show(till.View) { d.redraw() }

// Key takes no key but the Esc of an approval.
func (d *desk) Key(e KeyEvent) bool { return e.Action == ActBack && d.dropApproval() }

// Scan leaves every code to the sale.
func (d *desk) Scan(string) bool { return false }

// MinSize leaves the size to the window.
func (d *desk) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout gives the page all the room, and draws it anew where it crosses from wide to narrow, or from high to low.
func (d *desk) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if s.Width > 0 && d.drawn {
		if narrow, low := s.Width < narrowBelow, s.Height < lowBelow; narrow != d.narrow || low != d.low {
			d.narrow, d.low = narrow, low
			d.root.Objects = []fyne.CanvasObject{d.draw()}
			o = d.root.Objects
		}
	}
	for _, c := range o {
		c.Move(fyne.NewPos(0, 0))
		c.Resize(s)
	}
}

// pick is the first value on a wide window, the second on a narrow one.
func (d *desk) pick(wide, narrow float32) float32 {
	if d.narrow {
		return narrow
	}
	return wide
}

// ask does work off the toolkit's goroutine, says meanwhile what is waited for, and draws the page anew after done.
// A later ask, and leaving the page, give the earlier one up.
func (d *desk) ask(what string, work func(ctx context.Context), done func()) {
	d.Leave()
	base, stop := context.WithCancel(context.Background())
	turn := d.turn
	d.stop, d.waiting = stop, what
	finished := false
	d.w.Ask(func(ctx context.Context) {
		defer context.AfterFunc(ctx, stop)()
		work(base)
	}, func() {
		stop()
		finished = true
		if turn != d.turn {
			return
		}
		d.waiting = ""
		done()
		d.redraw()
	})
	if !finished && what != "" {
		d.redraw()
	}
}

// Leave gives up what is waited for.
func (d *desk) Leave() {
	d.turn++
	d.waiting = ""
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
}

// waitNote says what is waited for and how to leave it.
func (d *desk) waitNote() fyne.CanvasObject {
	if d.waiting == "" {
		return hidden()
	}
	return kit.NewNote(kit.Row(10, kit.Middle(kit.NewIcon("loader-circle", 22, kit.Ink2)), kit.Grow(1, kit.Middle(kit.NewLabel(d.waiting, 16, kit.Ink))),
		kit.Middle(kit.NewLabel(d.w.Say("office.esc"), 14, kit.Ink3)), kit.Middle(kit.NewKeyCap("Esc", kit.Ink2))))
}

func hidden() fyne.CanvasObject {
	c := container.NewWithoutLayout()
	c.Hide()
	return c
}

// railItem is one entry of the office's rail.
type railItem struct {
	page PageName
	icon string
	need till.Permission
}

// railItems are the pages of the office in their order.
var railItems = []railItem{
	{PageReport, "chart-column", till.MaySeeReports},
	{PageReconcile, "scale", till.MaySeeReports},
	{PageFlags, "search", till.MaySeeReports},
	{PageHistory, "receipt-text", till.MaySell},
	{PageItems, "package", till.MayEditItems},
	{PageWallets, "wallet", till.MaySetUp},
	{PageCodes, "qr-code", till.MaySetMoney},
	{PageDevices, "plug", till.MaySetUp},
	{PageStaff, "users", till.MaySetMoney},
	{PageAudit, "shield-check", till.MaySeeReports},
	{PageSettings, "settings", till.MaySetUp},
}

// office is a page with the rail on its left and a head over its body.
func (d *desk) office(at PageName, title, sub string, actions []fyne.CanvasObject, body fyne.CanvasObject) fyne.CanvasObject {
	w := d.w
	rail := kit.Col(4)
	back := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "scan-barcode", Label: d.wide(w.Say("office.back_to_sale")), Left: !d.narrow, Text: 17, OnTap: w.Home})
	rail.Add(back)
	rail.Add(kit.Gap(2))
	for _, it := range railItems {
		if w.canOpen(it.page) && w.may(it.need) {
			rail.Add(d.railButton(it, it.page == at))
		}
	}
	head := kit.Row(8, kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(title, 24, kit.Ink), kit.NewLabel(sub, 15, kit.Ink3)))))
	for _, a := range actions {
		head.Add(kit.Middle(a))
	}
	var list fyne.CanvasObject = rail
	if d.low {
		list = kit.NewScroll(rail)
	}
	side := kit.Stack(kit.NewBox(kit.Surface), kit.Row(0, kit.Grow(1, kit.Inset(10, 10, 10, 10, list)), kit.Hairline()))
	main := kit.Col(10, kit.Fixed(54, head), d.approval(), d.waitNote(), kit.Grow(1, body))
	return kit.Row(0, kit.Fixed(d.pick(216, 68), side), kit.Grow(1, kit.Inset(14, 16, 16, 16, main)))
}

// whole is what scrolls on a low window.
func (d *desk) whole(o fyne.CanvasObject) fyne.CanvasObject {
	if d.low {
		return kit.NewScroll(kit.Pad(4, o))
	}
	return o
}

// wide is the words on a wide window, nothing on a narrow one.
func (d *desk) wide(words string) string {
	if d.narrow {
		return ""
	}
	return words
}

func (d *desk) railButton(it railItem, here bool) fyne.CanvasObject {
	ground, ink := kit.Clear, kit.Ink2
	if here {
		ground, ink = kit.Ink, kit.Surface
	}
	row := kit.Row(12, kit.NewIcon(it.icon, 22, ink))
	pad := float32(14)
	if d.narrow {
		pad = 13
	} else {
		text := kit.NewLabel(d.w.Say("page."+string(it.page)), 17, ink)
		if here {
			text = kit.NewBold(d.w.Say("page."+string(it.page)), 17, ink)
		}
		row.Add(kit.Grow(1, kit.Middle(text)))
	}
	t := kit.NewTap(kit.Style{Fill: ground, Radius: kit.RadiusField}, kit.Inset(0, pad, 0, pad, row), func() { d.w.Open(it.page) })
	t.SetMin(44, 48)
	return t
}

// plain is a page over the whole width with a title on its left top, as the counting of the drawer.
func (d *desk) plain(body fyne.CanvasObject) fyne.CanvasObject {
	return kit.Pad(12, kit.Col(10, d.approval(), d.waitNote(), kit.Grow(1, body)))
}

// empty says in the middle of a place why nothing is there, and what to do.
func empty(icon, title, body string) fyne.CanvasObject {
	text := kit.NewParagraph(body, 16, kit.Ink2)
	text.Align = fyne.TextAlignCenter
	return kit.Col(0, kit.Space(), kit.Col(10, kit.Sized(0, 64, kit.NewIcon(icon, 44, kit.Ink3)), kit.NewBold(title, 20, kit.Ink).Centred(), text), kit.Space())
}

// factLine is a line with a name on its left and a value on its right.
func factLine(name, value string, c kit.Colour) fyne.CanvasObject {
	return kit.Fixed(36, kit.Row(10, kit.Middle(kit.NewLabel(name, 16, kit.Ink2)), kit.Grow(1, kit.Middle(kit.NewBold(value, 16, c).Trailing()))))
}
