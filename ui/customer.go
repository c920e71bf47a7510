package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// Customer is the customer's window: what is in the basket, what is to pay, a payment code, the change. It draws a
// till.View and nothing else, in Chinese with English below, and shows no names of staff, no refusals and no codes of
// errors. Make it once; hide it where there is no second screen.
type Customer struct {
	object *fyne.Container
	now    func() time.Time
	view   till.View
	state  string
	zh, en Words
	narrow bool

	clock  *kit.Label
	lines  *fyne.Container
	rows   []*customerRow
	total  *kit.Money
	pieces *kit.Label
	sums   *fyne.Container
	block  *fyne.Container // the sums under the total
	what   [2]*kit.Label   // what the large amount is, in both languages
	drawn  *till.Sale

	left     *kit.Label // how long a code lasts, while one is shown
	bar      *kit.Progress
	limit    func(wallet string, way till.Presentment) time.Duration
	after    func(d time.Duration, f func()) (stop func())
	counting bool
}

// NewCustomer returns the content of the customer's window; put Object into it without padding.
func NewCustomer(now func() time.Time) *Customer {
	if now == nil {
		now = time.Now
	}
	c := &Customer{now: now, zh: WordsOf("zh-Hans"), en: WordsOf("en")}
	c.object = container.New(c)
	return c
}

// Object is what the window shows.
func (c *Customer) Object() fyne.CanvasObject { return c.object }

// MinSize leaves the window free.
func (c *Customer) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(640, 400) }

// Layout fills the window.
func (c *Customer) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if narrow := s.Width < narrowBelow; narrow != c.narrow {
		c.narrow, c.state = narrow, ""
		c.Show(c.view)
		o = c.object.Objects
	}
	for _, x := range o {
		x.Resize(s)
		x.Move(fyne.NewPos(0, 0))
	}
}

// Show draws a view. It is called on the toolkit's goroutine.
func (c *Customer) Show(v till.View) {
	c.view = v
	state, pay := "idle", payState(v.Attempt)
	switch {
	case v.QR != nil:
		state = "qr " + v.QR.Number
	case pay != "":
		state = "pay " + pay + v.Attempt.Number
	case v.Sale != nil && v.Sale.Live() > 0:
		state = "cart"
	case v.Done != nil && v.Done.Sale != nil:
		state = "thanks " + v.Done.Sale.ID.String()
	}
	state += v.Settings.Shop.Name
	if state != c.state {
		c.state = state
		var o fyne.CanvasObject
		c.left, c.bar = nil, nil
		switch {
		case v.QR != nil:
			o = c.code(v)
		case pay != "":
			o = c.payment(v, pay)
		case v.Sale != nil && v.Sale.Live() > 0:
			o = c.cart()
		case v.Done != nil && v.Done.Sale != nil:
			o = c.thanks(v)
		default:
			o = c.idle(v)
		}
		c.drawn = nil
		c.object.Objects = []fyne.CanvasObject{o}
		c.object.Refresh()
	}
	if strings.HasPrefix(c.state, "cart") {
		c.showCart(v)
	}
	c.Tick()
}

// Tick moves the clock on.
func (c *Customer) Tick() {
	if c.clock != nil {
		t := c.now()
		if z := c.view.Settings.Zone; z != nil {
			t = t.In(z)
		}
		c.clock.SetText(Clock(t))
	}
	c.countDown()
}

// pick takes the first size on a wide window, the second on a narrow one.
func (c *Customer) pick(wide, narrow float32) float32 {
	if c.narrow {
		return narrow
	}
	return wide
}

// both is a text in Chinese, large, with English below.
func (c *Customer) both(key string, zh, en float32, ink kit.Colour) fyne.CanvasObject {
	return kit.Col(0, heading(c.zh.Say(key), zh, ink), heading2(c.en.Say(key), en, ink))
}

func heading(s string, size float32, ink kit.Colour) *kit.Label {
	l := kit.NewBold(s, size, ink)
	l.Height = 1.25
	return l
}

func heading2(s string, size float32, ink kit.Colour) *kit.Label {
	l := kit.NewLabel(s, size, ink)
	l.Height = 1.3
	return l
}

// pair is a text in both languages on one line.
func (c *Customer) pair(key string) string { return c.zh.Say(key) + " " + c.en.Say(key) }

func (c *Customer) money(a money.Amount) string { return Money(c.view.Settings.Currency, a) }

func (c *Customer) shop() string {
	s := c.view.Settings.Shop
	return strings.TrimSpace(s.Name + " " + s.NameEN)
}

// foot is the line at the bottom: the shop and the time.
func (c *Customer) foot() fyne.CanvasObject {
	c.clock = kit.NewLabel("", 20, kit.Ink2).Trailing()
	return kit.Fixed(64, kit.Stack(kit.NewBox(kit.Surface), kit.Col(0, kit.Hairline(), kit.Grow(1, kit.Inset(0, 40, 0, 40,
		kit.Row(12, kit.Grow(1, kit.Middle(kit.NewBold(c.shop(), 20, kit.Ink2))), kit.Fixed(80, kit.Middle(c.clock))))))))
}

func (c *Customer) idle(v till.View) fyne.CanvasObject {
	s := v.Settings.Shop
	c.clock = kit.NewBold("", 28, kit.OnAccent)
	return kit.Stack(kit.NewBox(kit.Accent), kit.Inset(64, 64, 48, 64, kit.Col(0,
		heading(s.Name, c.pick(84, 64), kit.OnAccent), heading2(s.NameEN, c.pick(34, 26), kit.OnAccent), kit.Space(),
		heading(c.zh.Say("customer.welcome"), 56, kit.OnAccent), heading2(c.en.Say("customer.welcome"), 30, kit.OnAccent), kit.Space(), c.clock)))
}

// customerRow is one line of the basket.
type customerRow struct {
	object                  fyne.CanvasObject
	ground                  *kit.Box
	about                   *fyne.Container
	qty, name, sub, off, am *kit.Label
}

func newCustomerRow(qty, amount float32) *customerRow {
	r := &customerRow{ground: kit.NewBox(kit.Surface), qty: kit.NewBold("", 22, kit.Ink), name: kit.NewLabel("", 24, kit.Ink), sub: kit.NewLabel("", 17, kit.Ink3),
		off: kit.NewBold("", 17, kit.Accent), am: kit.NewBold("", 28, kit.Ink).Trailing()}
	r.name.Height = 1.25
	r.about = kit.Row(8, r.sub, r.off)
	if amount < 150 {
		// What was saved is worth more than the second name.
		r.about = kit.Row(8, r.off, kit.Grow(1, r.sub))
	}
	r.object = kit.Fixed(80, kit.Stack(r.ground, kit.Inset(0, 40, 0, 40, kit.Col(0, kit.Hairline(), kit.Grow(1, kit.Row(16,
		kit.Fixed(qty, kit.Middle(r.qty)), kit.Grow(1, kit.Middle(kit.Col(0, r.name, r.about))), kit.Fixed(amount, kit.Middle(r.am))))))))
	return r
}

func (c *Customer) cart() fyne.CanvasObject {
	c.pieces = kit.NewLabel("", 22, kit.Ink2).Trailing()
	c.total = kit.NewMoney("", c.pick(112, 84), kit.OnTotal)
	c.sums = kit.Col(12)
	c.lines = kit.Col(0)
	c.rows = nil
	side := c.pick(520, 400)
	list := kit.Stack(kit.NewBox(kit.Surface), kit.Inset(22, 0, 8, 0, kit.Col(0,
		kit.Fixed(48, kit.Inset(0, 40, 0, 40, kit.Row(12, kit.Grow(1, heading(c.pair("customer.items"), 26, kit.Ink)), kit.Fixed(150, c.pieces)))),
		kit.Grow(1, c.lines))))
	c.what = [2]*kit.Label{heading("", 30, kit.OnTotal), heading2("", 22, kit.OnTotal2)}
	c.block = kit.Col(0, c.what[0], c.what[1], c.total, kit.Space(), c.sums, kit.Space())
	block := kit.Stack(kit.NewBox(kit.Total), kit.Inset(36, c.pick(44, 32), 36, c.pick(44, 32), c.block))
	return kit.Col(0, kit.Grow(1, kit.Row(0, kit.Grow(1, list), kit.Fixed(side, block))), c.foot())
}

// showCart draws the lines that fit, the latest always among them, and the sums.
func (c *Customer) showCart(v till.View) {
	s := v.Sale
	if s == c.drawn {
		return
	}
	c.drawn = s
	var live []*till.Line
	latest := -1
	for i := range s.Lines {
		if l := &s.Lines[i]; !l.Voided {
			live = append(live, l)
			if l.N == v.LastLine {
				latest = len(live) - 1
			}
		}
	}
	room := max(3, int((c.object.Size().Height-64-48-36)/80))
	from := max(0, len(live)-room)
	if latest >= 0 && latest < from {
		from = latest
	}
	shown := live[from:min(len(live), from+room)]
	for len(c.rows) < len(shown) {
		r := newCustomerRow(c.pick(104, 96), c.pick(150, 120))
		c.rows = append(c.rows, r)
	}
	objects := make([]fyne.CanvasObject, 0, len(shown))
	for i, l := range shown {
		c.rows[i].set(c, l, from+i == latest)
		objects = append(objects, c.rows[i].object)
	}
	if len(objects) != len(c.lines.Objects) {
		c.lines.Objects = objects
		c.lines.Refresh()
	}
	c.pieces.SetText(c.zh.Say("customer.pieces", "n", s.Pieces().String()) + " items")
	c.total.Set(c.money(v.Due))
	taken := s.TakenSoFar()
	what := "customer.total"
	if taken != 0 {
		what = "customer.due"
	}
	c.what[0].SetText(c.zh.Say(what))
	c.what[1].SetText(c.en.Say(what))
	c.sums.Objects = nil
	add := func(key, amount string, ink kit.Colour) {
		label, value := kit.NewLabel(c.pair(key), 22, ink), kit.NewLabel(amount, 22, ink).Trailing()
		if ink == kit.TotalOk {
			label, value = kit.NewBold(c.pair(key), 22, ink), kit.NewBold(amount, 22, ink).Trailing()
		}
		c.sums.Add(kit.Row(12, label, kit.Grow(1, value)))
	}
	if s.Discounts != 0 {
		add("customer.subtotal", c.money(s.Gross), kit.OnTotal2)
		add("customer.saved", c.money(s.Discounts), kit.TotalOk)
	}
	switch {
	case s.TaxAdded != 0:
		add("customer.tax_added", c.money(s.Tax), kit.OnTotal2)
	case s.Tax != 0:
		add("customer.tax", c.money(s.Tax), kit.OnTotal2)
	}
	if taken != 0 {
		add("customer.total", c.money(s.Total()), kit.OnTotal2)
		add("customer.paid", c.money(taken), kit.TotalOk)
	}
	c.block.Refresh()
}

func (r *customerRow) set(c *Customer, l *till.Line, latest bool) {
	qty := "× " + Quantity(l.Qty, false)
	if l.Weighed {
		unit := l.Unit
		if unit == "" {
			unit = "kg"
		}
		qty = Quantity(l.Qty, true) + " " + unit
	}
	r.qty.SetText(qty)
	r.name.SetText(l.Name)
	off := ""
	if l.DiscountOff != 0 {
		off = c.pair("customer.saved") + " " + c.money(l.DiscountOff)
	}
	if r.sub.Text() != l.NameEN || r.off.Text() != off {
		r.sub.SetText(l.NameEN)
		r.off.SetText(off)
		r.off.Hidden = off == ""
		r.about.Refresh()
	}
	r.am.SetText(c.money(l.Gross - l.DiscountOff))
	ground := kit.Surface
	if latest {
		ground = kit.AccentTint
	}
	r.ground.SetFill(ground)
}

func (c *Customer) code(v till.View) fyne.CanvasObject {
	q := v.QR
	size := c.object.Size()
	// At least 45 % of the height, white edge and all; as much as the room allows.
	side := min(size.Height-64-80, size.Width*0.46)
	side = max(side, size.Height*0.5)
	picture := kit.NewQR(side - 16)
	if picture.Set(q.Text) != nil {
		side = 0
	}
	frame := kit.Centre(kit.Sized(side, side, kit.NewQRFrame(plateOf(q.Kind), picture)))
	amount := kit.NewMoney(c.money(q.Amount), c.pick(120, 88), kit.OnTotal)
	col := kit.Col(0, heading(c.zh.Say("customer.scan"), c.pick(44, 36), kit.OnTotal), heading2(c.en.Say("customer.scan"), 26, kit.OnTotal2), kit.Space(),
		heading2(c.pair("customer.please_pay"), 26, kit.OnTotal2), amount)
	if v.QRTyped {
		col.Add(heading(c.zh.Say("customer.type_amount"), 26, kit.TotalWarn))
		col.Add(heading2(c.en.Say("customer.type_amount"), 20, kit.TotalWarn))
	}
	if s := v.Sale; s != nil && s.TakenSoFar() != 0 {
		col.Add(heading2(c.pair("customer.total")+" "+c.money(s.Total())+" · "+c.pair("customer.paid")+" "+c.money(s.TakenSoFar()), c.pick(21, 18), kit.OnTotal2))
	}
	col.Add(kit.Space())
	col.Add(kit.Row(10, kit.NewIcon("shield-check", 28, kit.OnTotal2), kit.Grow(1, kit.Col(0,
		kit.NewLabel(c.pair("customer.payee"), 19, kit.OnTotal2), heading(q.Payee, 26, kit.OnTotal)))))
	return kit.Col(0, kit.Grow(1, kit.Row(0, kit.Grow(1, kit.Stack(kit.NewBox(kit.Surface), frame)),
		kit.Fixed(size.Width*0.46, kit.Stack(kit.NewBox(kit.Total), kit.Inset(44, 44, 44, 44, col))))), c.foot())
}

func (c *Customer) thanks(v till.View) fyne.CanvasObject {
	d := v.Done
	c.clock = nil
	head := kit.Row(20, kit.NewIcon("circle-check-big", 84, kit.OnAccent), kit.Middle(c.both("customer.thanks", 72, 34, kit.OnAccent)))
	col := kit.Col(0, kit.Space(), head, kit.Gap(24))
	if d.Change != 0 {
		col.Add(heading2(c.zh.Say("customer.change")+"  "+c.en.Say("customer.change"), 32, kit.OnAccent))
		col.Add(kit.NewMoney(c.money(d.Change), c.pick(150, 110), kit.OnAccent))
	}
	sums := kit.Row(24, kit.NewLabel(c.pair("customer.total")+" "+c.money(d.Sale.Total()), 23, kit.OnAccent))
	for _, t := range d.Sale.Tenders {
		switch {
		case t.Kind == till.Cash:
			sums.Add(kit.NewLabel(c.pair("customer.cash")+" "+c.money(t.Tendered), 23, kit.OnAccent))
		case t.Kind.Family() == "wallet":
			sums.Add(kit.NewLabel(till.TenderName(t.Kind, "zh-Hans")+" "+c.money(t.Amount), 23, kit.OnAccent))
		}
	}
	col.Add(kit.Gap(16))
	col.Add(sums)
	col.Add(kit.Space())
	return kit.Stack(kit.NewBox(kit.Accent), kit.Inset(0, 72, 0, 72, kit.Col(0, kit.Grow(1, col),
		kit.Fixed(64, kit.Row(12, kit.Grow(1, kit.Middle(kit.NewBold(c.shop(), 20, kit.OnAccent))), kit.Middle(kit.NewLabel(c.pair("customer.again"), 20, kit.OnAccent)))))))
}
