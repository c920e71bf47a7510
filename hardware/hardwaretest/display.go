package hardwaretest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/sim"
)

// Display holds a driver of displays to what every one does, against a
// simulated display of its kind.
func Display(t *testing.T, set display.Settings) {
	OnWires(t, func() *sim.Display { return sim.NewDisplay(set.Driver, nil) }, func(t *testing.T, d *sim.Display, a port.Address) {
		x, err := display.New(a, set, display.Options{})
		if err != nil {
			t.Fatal(err)
		}
		led := set.Driver == "led8"
		view := func(what display.What, amount string) display.View {
			return display.View{Name: "苹果", Latin: "Apple", Main: display.Sum{What: what, Amount: amount}}
		}
		shows := func(what display.What, amount string) func() bool {
			return func() bool {
				s := d.Shown()
				if led {
					return s.Lines[0] == amount && s.Lamp == string(what)
				}
				name := "Apple"
				if set.Charset == "gb18030" {
					name = "苹果"
				}
				return s.Lines[0] == name && strings.HasSuffix(s.Lines[1], " "+amount)
			}
		}
		x.Show(view(display.Price, "7.50")) // before there is a link
		stop := start(t, x)
		within(t, 2*time.Second, "what was to be shown before it was there", shows(display.Price, "7.50"))
		within(t, time.Second, "ready", func() bool { return x.Status().State == device.Ready })
		for _, row := range []struct {
			what   display.What
			amount string
		}{{display.Total, "1234.50"}, {display.Total, "12.50"}, {display.Collected, "100.00"}, {display.Change, "-3.20"}, {display.Total, "0.00"}} {
			x.Show(view(row.what, row.amount))
			within(t, 2*time.Second, "the display shows "+row.amount, shows(row.what, row.amount))
		}
		// A slow port makes nobody wait, and the latest is what comes.
		obey(t, d, "slow 240")
		began := time.Now()
		for i := range 500 {
			x.Show(view(display.Total, fmt.Sprintf("%d.00", i)))
		}
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("500 views took %s", took)
		}
		within(t, 3*time.Second, "the latest of many", shows(display.Total, "499.00"))
		obey(t, d, "slow 0", "stop")
		began = time.Now()
		x.Show(view(display.Total, "5.00"))
		x.Show(view(display.Total, "6.00"))
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("a stuck display held the till for %s", took)
		}
		obey(t, d, "go")
		within(t, 5*time.Second, "the latest after it was stuck", shows(display.Total, "6.00"))
		// Cut at any byte, it comes back to the right amount, and nothing
		// reaches the printer behind it.
		for n := 1; n <= len(display.Frame(set, view(display.Total, "77.00"))); n += 3 {
			obey(t, d, fmt.Sprint("cut ", n))
			amount := fmt.Sprintf("%d.00", 100+n)
			x.Show(view(display.Total, amount))
			if a.Scheme == port.Serial {
				time.Sleep(150 * time.Millisecond) // a pulled terminal is gone for good
				obey(t, d, "unplug", "plug")
			}
			within(t, 5*time.Second, fmt.Sprintf("right after a cut at byte %d", n), shows(display.Total, amount))
		}
		if paper := d.Paper(); len(paper) > 0 {
			t.Errorf("on the printer's paper: %q", paper)
		}
		unplugged(t, d, x, shows(display.Total, fmt.Sprintf("%d.00", 100+lastCut(len(display.Frame(set, view(display.Total, "77.00")))))))
		ends(t, x, stop)
	})
}

// lastCut is the last of 1, 4, 7 ... up to n.
func lastCut(n int) int { return 1 + (n-1)/3*3 }
