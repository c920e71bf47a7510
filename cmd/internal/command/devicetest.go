package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/scale"
)

var (
	errNoWeighing  = words{"%s 内没有得到可以卖的重量：%s", "no weight that can be sold came within %s: %s"}
	nextNoWeighing = words{"看看秤的电源、连线、波特率和协议（--driver），放上一件东西再试一次。", "See to the scale's power, cable, speed and language (--driver), put something on it and test again."}
	errNoDisplay   = words{"显示屏没有接收：%s", "the display took nothing: %s"}
	nextNoDisplay  = words{"看看显示屏的电源、连线和波特率，再试一次。", "See to the display's power, cable and speed, then test again."}
	errNoTerminal  = words{"刷卡机没有回答：%s", "the card terminal does not answer: %s"}
	nextNoTerminal = words{"看看刷卡机的电源、网络和端口，再试一次；没有收过款。", "See to the terminal's power, network and port, then test again; no money was taken."}
	tellWeigh      = words{"请在 %s 内把一件东西放到秤上", "put something on the scale within %s"}
	tellDeviceIs   = words{"现在：%s", "now: %s"}
	tellLookAtPole = words{"请看显示屏：应依次显示单价 7.50、合计 1234.50、合计 12.50、收款 100.00、找零 87.50", "look at the display: price 7.50, total 1234.50, total 12.50, paid 100.00 and change 87.50, one after the other"}
	tellTerminalIs = words{"刷卡机空闲，可以收款（%s）", "the terminal is idle and can take payments (%s)"}
	errSetting     = words{"设备设置不对：%v", "the settings make no sense: %v"}
	nextSetting    = words{"改正后再添加。", "Mend them and add it again."}
)

// poleStep is how long each sum of a test stays on a display.
const poleStep = 1000 * time.Millisecond

// PoleSums are what a test shows: a number that is shorter than the one before
// must leave nothing of it.
var PoleSums = []display.Sum{{What: display.Price, Amount: "7.50"}, {What: display.Total, Amount: "1234.50"}, {What: display.Total, Amount: "12.50"},
	{What: display.Collected, Amount: "100.00"}, {What: display.Change, Amount: "87.50"}}

// addressOf reads the address of a device in the settings.
func addressOf(x Device) (port.Address, error) {
	addr, err := port.Parse(x.Address)
	if err != nil {
		return addr, &failure{what: errAddress, args: []any{err}, next: nextAddress, err: err}
	}
	return addr, nil
}

// testScale shows what a scale says, as it comes, until there is a weight that
// could be sold.
func (e *env) testScale(x Device, wait time.Duration) error {
	addr, err := addressOf(x)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, wait)
	defer cancel()
	read, changed := make(chan scale.Reading, 64), make(chan struct{}, 1)
	s, err := scale.New(addr, x.Scale(), scale.Options{Weighed: func(r scale.Reading) {
		select {
		case read <- r:
		default: // a person reads no faster
		}
	}, Changed: func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}})
	if err != nil {
		return &failure{what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	e.tell(tellWeigh, wait)
	last, why := s.Status(), ""
	for {
		select {
		case r := <-read:
			if r == (scale.Reading{}) {
				continue
			}
			var g scale.Gate
			g.See(r)
			grams, refused := g.Offer()
			why = string(refused)
			fmt.Fprintf(e.out, "%9.3f kg  %-9s %q\n", float64(r.Grams)/1000, cmp.Or(why, "ok"), r.Raw)
			if refused == "" && grams > 0 {
				return nil
			}
		case <-changed:
			if now := s.Status(); now.State != device.Off {
				last = now
				e.tell(tellDeviceIs, strings.TrimSpace(string(now.State)+" "+now.Detail))
			}
		case <-ctx.Done():
			return &failure{what: errNoWeighing, args: []any{wait, cmp.Or(last.Detail, why, string(last.State))}, next: nextNoWeighing, err: errors.Join(last.Err, ctx.Err())}
		}
	}
}

// testDisplay shows sums one after the other, for a person to look at.
func (e *env) testDisplay(x Device, step time.Duration) error {
	addr, err := addressOf(x)
	if err != nil {
		return err
	}
	d, err := display.New(addr, x.Display(), display.Options{})
	if err != nil {
		return &failure{what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	ctx, cancel := context.WithCancel(e.ctx)
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	e.tell(tellLookAtPole)
	for _, sum := range PoleSums {
		d.Show(display.View{Name: display.Sample.Name, Latin: display.Sample.Latin, Main: sum})
		select {
		case <-time.After(step):
		case <-e.ctx.Done():
			return e.ctx.Err()
		}
		if now := d.Status(); now.State != device.Ready {
			return &failure{what: errNoDisplay, args: []any{cmp.Or(now.Detail, string(now.State))}, next: nextNoDisplay, err: now.Err}
		}
	}
	d.Show(display.View{})
	time.Sleep(min(step, 100*time.Millisecond)) // until it is dark
	return nil
}

// testTerminal asks a card terminal whether it is ready. It orders nothing.
func (e *env) testTerminal(x Device, wait time.Duration) error {
	addr, err := addressOf(x)
	if err != nil {
		return err
	}
	d, err := CardTerminal(x, addr)
	if err != nil {
		return &failure{what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	ctx, cancel := context.WithTimeout(e.ctx, wait)
	defer cancel()
	r := d.Check(ctx, device.External)
	if r.Status.State != device.Ready {
		return &failure{what: errNoTerminal, args: []any{cmp.Or(r.Status.Detail, string(r.Status.Reason))}, next: nextNoTerminal}
	}
	e.tell(tellTerminalIs, r.Took.Round(time.Millisecond))
	return nil
}
