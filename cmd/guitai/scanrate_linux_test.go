package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/sim"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// scanRounds are the paces that a busy counter is held to: fifty scans in a second, and two hundred at ten times the
// pace of two hundred in a minute.
var scanRounds = []struct {
	scans int
	in    time.Duration
}{{50, time.Second}, {200, 6 * time.Second}}

// due does what the window wanted done by now.
func (d *desk) due() {
	list := d.timers
	d.timers = nil
	for _, x := range list {
		switch {
		case x.f == nil:
		case x.at.After(time.Now()):
			d.timers = append(d.timers, x)
		default:
			x.f()
		}
	}
}

// busyCounter is a till that sells, each scan a line of its own.
func busyCounter(t *testing.T) *desk {
	d := openDesk(t)
	if err := d.act(till.SignOn{PIN: officeOwner}); err != nil {
		t.Fatal(err)
	}
	d.until("the sign-on", func(v till.View) bool { return v.Operator != nil })
	if err := d.act(till.OpenShift{Float: 20000}); err != nil {
		t.Fatal(err)
	}
	if err := d.act(till.SetSetting{Settings: []till.Setting{{Key: "merge", Value: "false"}}}); err != nil {
		t.Fatal(err)
	}
	d.until("the shift", func(v till.View) bool { return v.Shift != nil && !v.Settings.Merge })
	return d
}

// scanned are the codes of a round in turn: two items, by plain and by GS1 codes.
func scanned(i int) string {
	return []string{"6901234567892", "6901234567908", "]C10106901234567892", "]E06901234567908"}[i%4]
}

// sold checks that the sale has every scan of the rounds, in their order, and that the same is on the disk.
func (d *desk) sold(n int) {
	d.Helper()
	d.until(fmt.Sprintf("line %d", n), func(v till.View) bool { return v.Sale != nil && v.Sale.Live() >= n })
	v := d.view
	want := money.Amount(n/2) * (1590 + 350)
	if v.Sale.Live() != n || v.Due != want {
		d.Fatalf("%d lines, due %d; want %d and %d", v.Sale.Live(), v.Due, n, want)
	}
	for i, l := range v.Sale.Lines {
		if code := []string{"101", "102"}[i%2]; l.Code != code || l.Qty != money.One {
			d.Fatalf("line %d is %s of %s, want one of %s", i+1, l.Qty, l.Code, code)
		}
	}
	if err := d.act(till.PayCash{}); err != nil {
		d.Fatal(err)
	}
	d.until("the payment", func(v till.View) bool { return v.Done != nil && v.Done.Sale != nil })
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.book().Dir(), ledger.FileName))
	if err != nil {
		d.Fatal(err)
	}
	defer db.Close()
	var lines int
	var total int64
	if err := db.QueryRowContext(d.Context(), "SELECT count(*), sum(paid) FROM sale_line").Scan(&lines, &total); err != nil {
		d.Fatal(err)
	}
	if lines != n || total != int64(want) {
		d.Fatalf("%d lines of %d on the disk, want %d of %d", lines, total, n, want)
	}
}

// pace calls f for each scan of the rounds at its time, and returns how many there were.
func pace(f func(i int)) (n int) {
	for _, round := range scanRounds {
		began := time.Now()
		for i := range round.scans {
			f(n)
			n++
			time.Sleep(time.Until(began.Add(time.Duration(i+1) * round.in / time.Duration(round.scans))))
		}
	}
	return n
}

// None is lost, from the wire to the disk: of a serial scanner, and of one that types and is taken over.
func TestScansOnAWireAreAllSold(t *testing.T) {
	for name, s := range map[string]*sim.Scanner{"serial": sim.NewScanner("\r\n"), "evdev": sim.NewTypist("\r")} {
		t.Run(name, func(t *testing.T) {
			defer s.Close()
			address, err := s.Terminal(filepath.Join(t.TempDir(), "scanner"))
			if err != nil {
				t.Fatal(err)
			}
			d := busyCounter(t)
			if err := command.WriteDevices(d.dir, command.Devices{Scanners: []command.Device{{Name: "gun", Address: address}}}); err != nil {
				t.Fatal(err)
			}
			codes := make(chan string, 1000) // the toolkit's queue
			ctx, stop := context.WithCancel(t.Context())
			d.devices.start(ctx, func(code string) { codes <- code })
			defer func() { stop(); d.devices.close() }()
			for end := time.Now().Add(10 * time.Second); d.devices.scanners["gun"].Status().State != device.Ready; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the scanner is never ready")
				}
			}
			typed := make(chan int)
			go func() {
				typed <- pace(func(i int) {
					if err := s.Type(ctx, scanned(i)); err != nil {
						t.Error(err)
					}
				})
			}()
			n, taken := -1, 0
			for end := time.After(time.Minute); taken != n; {
				select {
				case n = <-typed:
				case code := <-codes:
					taken++
					d.till.Device(code)
					d.show()
				case <-end:
					t.Fatalf("%d of %d codes came", taken, n)
				}
			}
			d.sold(n)
		})
	}
}

// The same of a scanner that types into the window.
func TestScansTypedIntoTheWindowAreAllSold(t *testing.T) {
	d := busyCounter(t)
	n := pace(func(i int) {
		for _, ch := range scanned(i) {
			d.win.Canvas().OnTypedRune()(ch)
			d.due()
		}
		d.press(fyne.KeyReturn)
		d.due()
		d.show()
	})
	d.sold(n)
}
