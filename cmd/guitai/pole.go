package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
)

// priceTime is how long a display shows the price of what was just taken,
// before the total.
const priceTime = 2 * time.Second

// poles are the customer's displays at work, and what they show. Its methods
// may be called from any goroutine and do not wait, but for use and end, which
// wait for the displays to let go of their ports.
type poles struct {
	opt display.Options

	mu   sync.Mutex
	list []livePole
	last till.View
	turn *time.Timer // to the total
}

type livePole struct {
	*display.Display
	set  command.Device
	stop func()
}

// use shows on the displays that are set up.
func (p *poles) use(ctx context.Context, list []command.Device) (err error) {
	p.mu.Lock()
	old := p.list
	p.mu.Unlock()
	var now []livePole
	for _, l := range old {
		if slices.Contains(list, l.set) {
			now = append(now, l)
		} else {
			l.stop()
		}
	}
	for _, x := range list {
		if slices.ContainsFunc(now, func(l livePole) bool { return l.set == x }) {
			continue
		}
		addr, e := port.Parse(x.Address)
		if e != nil {
			err = e
			continue
		}
		d, e := display.New(addr, x.Display(), p.opt)
		if e != nil {
			err = e
			continue
		}
		ctx, cancel := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() { d.Run(ctx); close(ended) }()
		now = append(now, livePole{d, x, func() { cancel(); <-ended }})
	}
	p.mu.Lock()
	p.list = now
	v := p.last
	p.mu.Unlock()
	p.show(poleTotal(v))
	return err
}

// end lets go of the displays.
func (p *poles) end() { _ = p.use(context.Background(), nil) }

func (p *poles) show(v display.View) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.list {
		l.Show(v)
	}
}

// follow shows what a view of the register means for the customer.
func (p *poles) follow(v till.View) {
	p.mu.Lock()
	was := p.last
	p.last = v
	if p.turn != nil {
		p.turn.Stop()
		p.turn = nil
	}
	none := len(p.list) == 0
	p.mu.Unlock()
	if none {
		return
	}
	if first, ok := polePrice(was, v); ok {
		p.show(first)
		p.mu.Lock()
		p.turn = time.AfterFunc(priceTime, func() {
			p.mu.Lock()
			same := p.last.Seq == v.Seq
			p.mu.Unlock()
			if same {
				p.show(poleTotal(v))
			}
		})
		p.mu.Unlock()
		return
	}
	p.show(poleTotal(v))
}

// status is the displays for the status bar, the worst of them; ok is false
// where there is none.
func (p *poles) status() (out ui.DeviceStatus, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out = ui.DeviceStatus{Kind: "pole", Health: ui.Fine, State: "ready"}
	for _, l := range p.list {
		if h, state := healthOf(l.Status()); h > out.Health && h != ui.Absent {
			out.Health, out.State, out.Name = h, state, l.set.Name
		}
	}
	return out, len(p.list) > 0
}

// statusOf is how one display is.
func (p *poles) statusOf(name string) device.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.list {
		if l.set.Name == name {
			return l.Status()
		}
	}
	return device.Status{State: device.Off}
}

// customerSees reports whether a view is one for the customer: practising and a
// till that nobody has signed on to are not.
func customerSees(v till.View) bool { return v.Operator != nil && !v.Practice && v.Stopped == "" }

// polePrice is the price of the line that the last act touched, where that act
// came between two views of one sale.
func polePrice(was, v till.View) (display.View, bool) {
	if !customerSees(v) || v.Sale == nil || v.Done != nil || v.LastLine == 0 || len(v.Sale.Tenders) > 0 {
		return display.View{}, false
	}
	i := slices.IndexFunc(v.Sale.Lines, func(l till.Line) bool { return l.N == v.LastLine && !l.Voided })
	if i < 0 {
		return display.View{}, false
	}
	l := v.Sale.Lines[i]
	if was.Sale != nil && was.Sale.ID == v.Sale.ID {
		for _, o := range was.Sale.Lines {
			if o.N == l.N && o.Qty == l.Qty && o.Price == l.Price && o.Voided == l.Voided {
				return display.View{}, false
			}
		}
	}
	c := v.Settings.Currency
	return display.View{Name: l.Name, Latin: latin(l), Main: display.Sum{What: display.Price, Amount: c.Format(l.Gross - l.DiscountOff)}}, true
}

// latin is the name of a line for a display without Chinese; "" where it has
// none that such a display can show.
func latin(l till.Line) string {
	for _, s := range []string{l.NameEN, l.Name} {
		if s != "" && !slices.ContainsFunc([]rune(s), func(r rune) bool { return r < ' ' || r > '~' }) {
			return s
		}
	}
	return ""
}

// poleTotal is what the customer owes, has given or gets back.
func poleTotal(v till.View) display.View {
	if !customerSees(v) {
		return display.View{}
	}
	c := v.Settings.Currency
	sum := func(what display.What, a money.Amount) display.Sum {
		return display.Sum{What: what, Amount: c.Format(a)}
	}
	switch {
	case v.Done != nil && v.Done.Sale != nil:
		var given money.Amount
		for _, t := range v.Done.Sale.Tenders {
			given += max(t.Tendered, t.Amount)
		}
		return display.View{Above: sum(display.Collected, given), Main: sum(display.Change, v.Done.Change)}
	case v.Done != nil:
		return display.View{}
	case v.Sale == nil || len(v.Sale.Lines) == 0:
		return display.View{}
	case len(v.Sale.Tenders) > 0:
		var paid money.Amount
		for _, t := range v.Sale.Tenders {
			paid += t.Amount
		}
		return display.View{Above: sum(display.Collected, paid), Main: sum(display.Total, v.Due)}
	}
	return display.View{Main: sum(display.Total, v.Due)}
}
