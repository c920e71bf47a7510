package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"guitai/assets"
	"guitai/hardware/port"
	"guitai/hardware/raster"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
	"guitai/ui/kit"
)

const (
	appID      = "cn.guitai.till"
	tickEvery  = 5 * time.Second
	freeAfter  = 6 * time.Second        // what only starting needs is given back
	placeAfter = 300 * time.Millisecond // until a new window can be made full screen on its monitor
)

// counter is the till's window and the customer's, on one program. The windows
// and what they show belong to the toolkit's goroutine; what comes from others
// goes through later.
type counter struct {
	*program
	app      fyne.App
	win      fyne.Window
	till     *ui.Window
	customer *ui.Customer
	second   fyne.Window
	devices  *devices
	asked    asked
	daily    *daily
	lang     string      // of the first run; "" for the system's
	methods  string      // as they were shown last
	gone     atomic.Bool // the toolkit has ended; what was meant for it is dropped
	ctx      context.Context
	cancel   context.CancelFunc
}

// openTill runs the till until its window closes and returns the exit code.
func openTill(s start) int {
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	log, logFile := openLog(s.data)
	defer logFile.Close()
	m, err := openMachine(s.data)
	if err != nil {
		log.Warn("look of this PC", "err", err)
	}
	c := newCounter(s, m, log)
	if s.demo != "" {
		return c.play(s.demo)
	}
	// A till stands idle for hours on a small PC: memory is given back, at the
	// price of collecting more often.
	debug.SetGCPercent(50)
	time.AfterFunc(freeAfter, debug.FreeOSMemory)
	go c.begin()
	c.app.Run()
	return c.end()
}

// newCounter makes the windows; nothing is open yet.
func newCounter(s start, m *machine, log *slog.Logger) *counter {
	// The size of a monitor in millimetres is often wrong; the scale is a
	// setting.
	os.Setenv("FYNE_DISABLE_DPI_DETECTION", "1")
	if k := m.get().Scale; k >= 0.5 && k <= 3 && os.Getenv("FYNE_SCALE") == "" {
		os.Setenv("FYNE_SCALE", strconv.FormatFloat(float64(k), 'f', 2, 32))
		kit.SetScale(k)
	}
	c := &counter{lang: s.lang}
	c.program = newProgram(s.data, m, log, c.onView)
	c.ctx, c.cancel = context.WithCancel(port.Tapped(context.Background(), c.traffic))
	c.devices = newDevices(c.program, s.data, log)
	c.daily = &daily{p: c.program, now: time.Now}
	c.print = c.devices.printing
	c.lost = func(err error) {
		c.log.Error("no ledger is open", "err", err)
		c.later(func() { c.win.SetContent(c.refused(err)) })
	}
	c.app = app.NewWithID(appID)
	c.app.SetIcon(fyne.NewStaticResource("guitai.png", assets.AppIcon()))
	kit.SetDark(m.get().Dark)
	c.app.Settings().SetTheme(kit.NewTheme())
	c.win = c.app.NewWindow("Guitai 柜台")
	c.win.SetMaster()
	c.till = ui.NewWindow(c.win, c.ports(newSounds(log)))
	c.till.SetDark(m.get().Dark)
	c.win.Resize(fyne.NewSize(1366, 768))
	if s.fullscreen || m.get().FullScreen {
		c.win.SetFullScreen(true)
	}
	c.win.SetCloseIntercept(func() { c.app.Quit() })
	c.customer = ui.NewCustomer(time.Now)
	c.customer.Counts(payLimit, c.after)
	c.second = c.app.NewWindow("Guitai 顾客屏")
	c.second.SetPadded(false)
	c.second.SetContent(c.customer.Object())
	c.second.SetCloseIntercept(c.second.Hide)
	c.app.Lifecycle().SetOnStarted(func() { c.placeCustomer(s.customer || s.demo != "") })
	c.win.Show()
	return c
}

// ports are what the window needs of the program.
func (c *counter) ports(s ui.Sounds) ui.Ports {
	p := c.program
	return ui.Ports{
		Cashier: p, Catalog: goods{p}, Staff: staff{p}, Devices: c.devices, Shop: shop{p}, Sounds: s, Suggest: suggested(), Payments: payments{p}, PayLimit: payLimit,
		Weighed: c.devices.weighing.sold, Bars: raster.Bars,
		Office: ui.Office{
			Books: books{p}, Bills: billBooks{p}, Cash: cashBooks{p}, Past: past{p}, Journal: journal{p}, Copies: copies{p}, Accounts: accountsPort{p}, Codes: codeSetup{p}, Slips: slips{p},
			Lists: lists{p}, Folders: folders{p}, Recovery: recovery{p}, Flags: hints{p, c.daily}, Look: look{p},
			Wallets: newWalletSetup(c.ctx, p.log, func() till.Settings { return p.view().Settings }, p.walletParts),
			Install: handover{p: p, d: c.devices, lend: &lender{d: c.devices}, full: func(on bool) { c.win.SetFullScreen(on) }},
			Practice: func(on bool) {
				go func() {
					if err := p.practise(on); err != nil {
						p.log.Error("change to or from practising", "err", err)
					}
				}()
			},
		},
		Async: func(work func(context.Context), done func()) {
			go func() {
				work(c.ctx)
				if done != nil {
					c.later(done)
				}
			}()
		},
		After: c.after,
		Close: func() { c.app.Quit() },
	}
}

// after calls f on the toolkit's goroutine once d is over, unless stopped.
func (c *counter) after(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, func() { c.later(f) })
	return func() { t.Stop() }
}

// onView shows a view of the register; it is called on the register's
// goroutine and does not wait.
func (c *counter) onView(v till.View) {
	c.devices.follow(v)
	c.later(func() { c.draw(v) })
}

// later does something on the toolkit's goroutine, from any other. Once the
// toolkit has ended it is dropped: it would run right here, beside others.
func (c *counter) later(f func()) {
	if c.gone.Load() {
		return
	}
	fyne.Do(func() {
		if !c.gone.Load() {
			f()
		}
	})
}

func (c *counter) draw(v till.View) {
	if v.Settings.Methods != c.methods {
		c.methods = v.Settings.Methods
		c.till.SetMethods(payMethods(v.Settings))
	}
	c.till.Show(v)
	c.customer.Show(v)
}

// begin opens the ledger, off the toolkit's goroutine, and starts what hangs on
// it.
func (c *counter) begin() {
	err := c.open()
	switch {
	case errors.Is(err, ledger.ErrNone):
		c.show(firstView(c.lang))
	case err != nil:
		c.log.Error("open the ledger", "err", err)
		c.later(func() { c.win.SetContent(c.refused(err)) })
		return
	}
	c.devices.weighing.show = func(x *ui.Weighing) { c.later(func() { c.till.SetWeighing(x) }) }
	c.devices.start(c.ctx, func(code string) { c.later(func() { c.till.Device(code) }) })
	c.asked.open(c.devices)
	go c.backUpBySchedule(c.ctx)
	go c.syncAccounts(c.ctx, c.devices.poke)
	go c.noteOdd(c.ctx)
	go c.daily.run(c.ctx)
	c.watch()
}

// watch keeps the clock, the status bar and the questions about slips going
// until the program ends.
func (c *counter) watch() {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	var shown []ui.DeviceStatus
	var live []ui.DeviceLive
	var asked []ui.SlipQuestion
	for {
		if s := c.devices.Status(); !slices.Equal(s, shown) {
			shown = s
			c.later(func() { c.till.SetStatus(s) })
		}
		if l := c.devices.Live(); !slices.Equal(l, live) {
			live = l
			c.later(func() { c.till.SetLive(l) })
		}
		if q := c.uncertain(); !slices.Equal(q, asked) {
			asked = q
			c.askSlips(q)
		}
		select {
		case <-c.ctx.Done():
			return
		case <-c.devices.changed:
		case <-tick.C:
			c.later(func() { c.till.Tick(); c.customer.Tick() })
		}
	}
}

// uncertain are the slips that nobody knows to be on paper.
func (c *counter) uncertain() []ui.SlipQuestion {
	s, _ := c.print.status()
	var list []ui.SlipQuestion
	for _, j := range s.Uncertain {
		list = append(list, ui.SlipQuestion{Job: j.ID, Kind: j.Kind, Ref: j.Ref})
	}
	return list
}

// askSlips asks about slips and hands the answers to the print queue.
func (c *counter) askSlips(list []ui.SlipQuestion) {
	c.later(func() {
		c.till.AskSlips(list, func(job int64, printed bool) {
			go func() {
				if err := c.print.answer(c.ctx, job, printed); err != nil {
					c.log.Error("answer for a slip", "job", job, "err", err)
				}
			}()
		})
	})
}

// firstView is what is shown before there is a shop: the first run, in lang or
// in the system's language.
func firstView(lang string) till.View {
	s := till.DefaultSettings()
	s.Language = cmp.Or(lang, systemLanguage())
	return till.View{Settings: s}
}

// end closes everything in order once the toolkit has ended.
func (c *counter) end() int {
	c.gone.Store(true)
	c.cancel()
	c.asked.close()
	err := c.close()
	c.devices.close()
	if err != nil {
		c.log.Error("close the till", "err", err)
		return 1
	}
	return 0
}

// placeCustomer puts the customer's window on the second monitor, where there
// is one; always shows it in a window of its own where that is wanted.
func (c *counter) placeCustomer(always bool) {
	at, size, ok := secondMonitor()
	c.devices.hasDisplay(ok || always)
	switch {
	case ok:
		if d, is := c.second.(desktop.Window); is {
			d.RequestPosition(int(at.X)+40, int(at.Y)+40)
		}
		c.second.Resize(fyne.NewSize(min(640, size.Width/2), min(480, size.Height/2)))
		c.second.Show()
		time.AfterFunc(placeAfter, func() {
			c.later(func() {
				c.second.SetFullScreen(true)
				c.win.RequestFocus()
			})
		})
	case always:
		c.second.Resize(fyne.NewSize(1024, 600))
		c.second.Show()
		c.win.RequestFocus()
	}
}
