package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// flagsPart is which part of the page is up.
type flagsPart int

// The parts, in their order.
const (
	flagsHints flagsPart = iota
	flagsCases
	flagsWeather
	flagsCare
)

// flagsState is what was found, and what is looked at.
type flagsState struct {
	days    int // how many, up to today
	part    flagsPart
	chosen  int
	have    bool
	failed  string
	flags   []till.Flag
	odd     []till.OddNote
	cases   []till.PaymentCase
	fails   []till.FailureCount
	wallets []till.WalletTotal
	care    Care
	float   till.FloatForecast
}

// flagsPage shows what is worth a look, each with the receipts behind it, why it may be innocent and what to do.
type flagsPage struct {
	*desk
}

func newFlags(w *Window) page {
	if w.ports.Office.Flags == nil {
		return nil
	}
	p := &flagsPage{}
	p.desk = newDesk(w, p.paint)
	return p
}

func (p *flagsPage) state() *flagsState { return &p.w.office.flags }

// Title is part of page.
func (p *flagsPage) Title() string { return p.w.Say("page.flags") }

// Show is part of page.
func (p *flagsPage) Show(till.View) {
	s := p.state()
	if s.days == 0 {
		s.days = 7
	}
	if !s.have && p.waiting == "" && s.failed == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave lets everything be asked for anew next time.
func (p *flagsPage) Leave() {
	s := p.state()
	*s = flagsState{days: s.days, part: s.part, chosen: s.chosen}
	p.desk.Leave()
}

func (p *flagsPage) load() {
	s, port := p.state(), p.w.ports.Office.Flags
	to := p.w.today()
	from := plusDays(to, 1-s.days)
	pieces := denominationsOf(p.w.Currency())
	got := flagsState{days: s.days, part: s.part, chosen: s.chosen, have: true}
	var err error
	p.ask(p.w.Say("flags.looking", "day", p.w.rangeName(from, to)), func(ctx context.Context) {
		for _, part := range []func() error{
			func() (err error) { got.flags, err = port.Flags(ctx, from, to); return err },
			func() (err error) { got.odd, err = port.Odd(ctx, from, to); return err },
			func() (err error) { got.cases, err = port.OpenCases(ctx); return err },
			func() (err error) { got.fails, err = port.Failures(ctx, from, to); return err },
			func() (err error) { got.wallets, err = port.Totals(ctx, from, to); return err },
			func() (err error) { got.care, err = port.Care(ctx); return err },
			func() (err error) { got.float, err = port.FloatFor(ctx, plusDays(to, 1), pieces); return err },
		} {
			if err = part(); err != nil {
				return
			}
		}
	}, func() {
		s.failed = ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		*s = got
	})
}

// Key moves through the hints.
func (p *flagsPage) Key(e KeyEvent) bool {
	s := p.state()
	switch e.Action {
	case ActUp, ActDown:
		if s.part != flagsHints || len(s.flags) == 0 {
			return false
		}
		step := 1
		if e.Action == ActUp {
			step = -1
		}
		s.chosen = max(0, min(len(s.flags)-1, s.chosen+step))
		p.redraw()
	case ActEnter:
		if s.part == flagsHints && s.chosen < len(s.flags) {
			p.open(&s.flags[s.chosen])
		}
	default:
		return p.desk.Key(e)
	}
	return true
}

func (p *flagsPage) paint() fyne.CanvasObject {
	w, s := p.w, p.state()
	var actions []fyne.CanvasObject
	for _, n := range []int{1, 7, 28} {
		actions = append(actions, kit.NewChip("", w.Say("flags.days."+strconv.Itoa(n)), s.days == n, func() {
			*s = flagsState{days: n, part: s.part}
			p.load()
		}))
	}
	return p.office(PageFlags, w.Say("page.flags"), w.Say("flags.sub"), actions, p.body())
}

func (p *flagsPage) body() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.failed != "" {
		return kit.NewCard(20, empty("triangle-alert", s.failed, w.Say("flags.failed_body")))
	}
	if !s.have {
		return kit.Gap(0)
	}
	unpaid := 0
	for _, f := range s.fails {
		unpaid += f.Count
	}
	name := func(key string, n int) string {
		if n == 0 {
			return w.Say("flags.tab." + key)
		}
		return w.Say("flags.tab."+key) + " " + thousands(n)
	}
	tabs := kit.NewSegments([]string{name("flags", len(s.flags)), name("cases", len(s.cases)), name("weather", unpaid), name("care", 0)}, int(s.part), func(i int) {
		s.part = flagsPart(i)
		p.redraw()
	})
	var below fyne.CanvasObject
	switch s.part {
	case flagsHints:
		below = p.hints()
	case flagsCases:
		below = p.cases()
	case flagsWeather:
		below = p.weather()
	case flagsCare:
		below = p.careAndFloat()
	}
	return kit.Col(12, kit.Fixed(48, tabs), kit.Grow(1, below))
}
