package ui

import (
	"context"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
	"guitai/ui/kit"
)

// counter is a till at work: the window on the test driver over a real register, with goods, a clock that the test
// moves, and nobody's hands but the test's.
type counter struct {
	*testing.T
	run    *tilltest.Runner
	w      *Window
	win    fyne.Window
	goods  *shelf
	sounds []string
	sent   []till.Command
	now    time.Time
	timers []*timer
	ctx    context.Context

	overlaid bool // what is up lies over another page, so that texts lie over texts
}

// open starts a counter of a size, with a cashier signed on and a shift open.
func open(t *testing.T, width, height float32) *counter {
	c := opened(t, width, height)
	c.run.SignOn("1002")
	c.run.OK(till.OpenShift{Float: 20000})
	c.show()
	return c
}

func opened(t *testing.T, width, height float32) *counter {
	t.Helper()
	app := test.NewTempApp(t)
	kit.SetDark(false)
	app.Settings().SetTheme(kit.NewTheme())
	kit.SetReducedMotion(true)
	j := tilltest.New()
	j.Settings.Shop.Name, j.Settings.Shop.NameEN = "青禾便利店", "Qinghe Corner Store"
	j.Settings.Taxes = []till.TaxClass{{Code: "standard", Rate: 130_000}, {Code: "food", Rate: 90_000}, {Code: "us", Rate: 88_750, Mode: till.TaxExclusive}}
	c := &counter{T: t, run: tilltest.Start(t, j), goods: newShelf(), ctx: context.Background()}
	c.now = c.run.Clock
	c.win = test.NewTempWindow(t, nil)
	c.win.SetPadded(false)
	c.w = NewWindow(c.win, Ports{
		Cashier: c, Catalog: c.goods, Sounds: c,
		Async: func(work func(context.Context), done func()) {
			work(c.ctx)
			if done != nil {
				done()
			}
		},
		Now: func() time.Time { return c.now },
		After: func(d time.Duration, f func()) func() {
			x := &timer{at: c.now.Add(d), f: f}
			c.timers = append(c.timers, x)
			return func() { x.off = true }
		},
	})
	c.win.Resize(fyne.NewSize(width, height))
	c.w.SetMethods([]PayMethod{{Name: "pix", Kind: "qr:pix", Title: "Pix", TitleEN: "Pix", Payee: "QINGHE", Letter: 'P', Glyph: "P",
		Instructions: "在银行应用里看到到账", InstructEN: "See it in the bank app"}})
	c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Fine, State: "ready"}, {Kind: "scanner", Health: Fine, State: "ready"},
		{Kind: "display", Health: Fine, State: "ready"}, {Kind: "backup", Health: Fine, State: "done_at", Detail: "12:41"}})
	c.show()
	return c
}

// Do is the cashier's port: the command goes through the register before it returns, and its view is shown.
func (c *counter) Do(cmd till.Command) {
	c.sent = append(c.sent, cmd)
	before := c.run.Reg.View().Seq
	_ = c.run.Do(cmd)
	switch cmd.(type) {
	case till.Approve, till.SignOn:
		// The answer comes back as a command of its own.
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if v := c.run.Reg.View(); v.Seq > before+2 && (v.Approval == nil || !v.Approval.Checking) {
				break
			}
		}
	}
	c.show()
}

func (c *counter) show() {
	if c.w != nil {
		c.w.Show(c.run.Reg.View())
	}
}

// enter signs a person on and opens a page.
func (c *counter) enter(code string, name PageName) {
	c.run.SignOn(code)
	c.show()
	c.w.Open(name)
}

func (c *counter) Play(name string) { c.sounds = append(c.sounds, name) }

// wait moves the clock on and lets due timers run.
func (c *counter) wait(by time.Duration) {
	end := c.now.Add(by)
	for {
		var next *timer
		for _, x := range c.timers {
			if !x.off && !x.at.After(end) && (next == nil || x.at.Before(next.at)) {
				next = x
			}
		}
		if next == nil {
			break
		}
		next.off = true
		c.now = next.at
		next.f()
	}
	c.timers = slices.DeleteFunc(c.timers, func(x *timer) bool { return x.off })
	c.now = end
}

// press sends a key as the toolkit does: to what has the focus, else to the canvas.
func (c *counter) press(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := c.win.Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else if h := c.win.Canvas().OnTypedKey(); h != nil {
		h(e)
	}
}

func (c *counter) rune(ch rune) {
	c.press(fyne.KeyName(strings.ToUpper(string(ch))))
	if f := c.win.Canvas().Focused(); f != nil {
		f.TypedRune(ch)
	} else if h := c.win.Canvas().OnTypedRune(); h != nil {
		h(ch)
	}
}

// scan is a keyboard scanner.
func (c *counter) scan(codes ...string) {
	for _, code := range codes {
		c.wait(time.Second)
		for _, ch := range code {
			c.wait(time.Millisecond)
			c.rune(ch)
		}
		c.press(fyne.KeyReturn)
	}
}

// typed is a person at the keyboard: every character, then the keys.
func (c *counter) hand(text string, keys ...fyne.KeyName) {
	c.wait(time.Second)
	for _, ch := range text {
		c.wait(200 * time.Millisecond)
		c.rune(ch)
	}
	c.wait(time.Second)
	for _, k := range keys {
		c.press(k)
	}
}

// tap taps the control that shows the words.
func (c *counter) tap(words string) {
	c.Helper()
	o, at := find(c.win.Content(), words, fyne.NewPos(0, 0))
	if o == nil {
		c.Fatalf("nothing on the screen says %q; it says %q", words, c.words())
	}
	test.TapCanvas(c.win.Canvas(), at)
}

// tile taps the tile of an item.
func (c *counter) tile(name string) {
	c.Helper()
	for _, x := range walk(c.win.Content(), fyne.NewPos(0, 0)) {
		if _, ok := x.tap.(*kit.Tile); ok && x.text == name {
			test.TapCanvas(c.win.Canvas(), x.at)
			return
		}
	}
	c.Fatalf("no tile says %q", name)
}

// hold presses the control that shows the words for so long; holds are measured by the machine's own clock.
func (c *counter) hold(words string, long time.Duration) {
	c.Helper()
	o, at := find(c.win.Content(), words, fyne.NewPos(0, 0))
	m, ok := o.(desktop.Mouseable)
	if !ok {
		c.Fatalf("nothing on the screen can be held that says %q; it says %q", words, c.words())
	}
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{AbsolutePosition: at}}
	m.MouseDown(e)
	time.Sleep(long)
	m.MouseUp(e)
	o.(fyne.Tappable).Tapped(&e.PointEvent)
}

// find looks for the control that has a text, and for a place on it.
func find(o fyne.CanvasObject, words string, at fyne.Position) (fyne.CanvasObject, fyne.Position) {
	for _, x := range walk(o, at) {
		if x.text == words && x.tap != nil {
			return x.tap, x.at
		}
	}
	return nil, at
}

func (c *counter) has(words string) bool {
	return slices.Contains(c.words(), words)
}

// sees fails unless every text is on the screen.
func (c *counter) sees(words ...string) *counter {
	c.Helper()
	all := c.words()
	for _, x := range words {
		if !slices.Contains(all, x) {
			c.Fatalf("the screen does not say %q; it says %q", x, all)
		}
	}
	return c
}

func (c *counter) words() []string {
	var out []string
	for _, x := range walk(c.win.Content(), fyne.NewPos(0, 0)) {
		out = append(out, x.text)
	}
	return out
}

// shelf is a catalogue over the goods of the tests.
type shelf struct {
	items []till.Item
	cat   tilltest.Catalog
	n     byte
	looks map[till.ID]TileLook
	files map[string]image.Image // pictures on the disk
	later map[till.ID][]LaterPrice
}

func newShelf() *shelf {
	s := &shelf{cat: tilltest.Goods(), looks: map[till.ID]TileLook{}, files: map[string]image.Image{}, later: map[till.ID][]LaterPrice{}}
	for code, it := range s.cat {
		it.Barcodes = []string{code}
		it.Category = "饮料"
		if it.Code == "102" || it.Code == "301" {
			it.Category = "早餐"
		}
		s.items = append(s.items, it)
	}
	slices.SortFunc(s.items, func(a, b till.Item) int { return strings.Compare(a.Code, b.Code) })
	return s
}

func (s *shelf) Search(_ context.Context, text string) ([]till.Item, error) {
	var out []till.Item
	for _, it := range s.items {
		if strings.Contains(it.Name+"|"+strings.ToLower(it.NameEN)+"|"+it.Code+"|"+strings.Join(it.Barcodes, "|"), strings.ToLower(text)) {
			out = append(out, it)
		}
	}
	return out, nil
}

func (s *shelf) Tiles(_ context.Context, category string, limit int) ([]till.Item, error) {
	var out []till.Item
	for _, it := range s.items {
		if (category == "" || it.Category == category) && len(out) < limit {
			out = append(out, it)
		}
	}
	return out, nil
}

func (s *shelf) Categories(context.Context) ([]string, error) {
	return []string{"早餐", "饮料", "零食", "日用", "生鲜"}, nil
}

func (s *shelf) SaveItem(_ context.Context, it till.Item, by string) (till.Item, error) {
	if by == "" {
		return it, &till.Error{Code: till.NotSignedOn}
	}
	s.n++
	it.ID = till.ID{200, s.n}
	s.items = append(s.items, it)
	for _, b := range it.Barcodes {
		s.cat[b] = it
	}
	return it, nil
}

func (s *shelf) Items(_ context.Context, after, limit int) ([]till.Item, error) {
	return s.items[min(after, len(s.items)):min(after+limit, len(s.items))], nil
}
func (s *shelf) CountItems(context.Context) (int, error)          { return len(s.items), nil }
func (s *shelf) RemoveItem(context.Context, till.ID) error        { return nil }
func (s *shelf) SetFavourite(context.Context, till.ID, int) error { return nil }

func (s *shelf) LaterPrices(_ context.Context, id till.ID) ([]LaterPrice, error) {
	return slices.Clone(s.later[id]), nil
}

func (s *shelf) SetLaterPrice(ctx context.Context, id till.ID, price money.UnitPrice, from time.Time, by string) error {
	if err := s.DropLaterPrice(ctx, id, from); err != nil {
		return err
	}
	s.later[id] = append(s.later[id], LaterPrice{from, price, by})
	slices.SortFunc(s.later[id], func(a, b LaterPrice) int { return a.From.Compare(b.From) })
	return nil
}

func (s *shelf) DropLaterPrice(_ context.Context, id till.ID, from time.Time) error {
	s.later[id] = slices.DeleteFunc(s.later[id], func(p LaterPrice) bool { return p.From.Equal(from) })
	return nil
}

func (s *shelf) Looks(_ context.Context, ids []till.ID) (map[till.ID]TileLook, error) {
	out := map[till.ID]TileLook{}
	for _, id := range ids {
		if l, ok := s.looks[id]; ok {
			out[id] = l
		}
	}
	return out, nil
}

func (s *shelf) SetColour(_ context.Context, id till.ID, colour string) error {
	s.looks[id] = TileLook{colour, s.looks[id].Picture}
	return nil
}

func (s *shelf) SetPicture(_ context.Context, id till.ID, file string) error {
	if s.files[file] == nil && file != "" {
		return &till.Error{Code: till.BadPicture}
	}
	s.looks[id] = TileLook{s.looks[id].Colour, s.files[file]}
	return nil
}
