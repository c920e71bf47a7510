package main

import (
	"context"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/sim"
	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
)

// poleShop is a view of a till with somebody at it.
func poleShop(seq uint64, change func(*till.View)) till.View {
	v := till.View{Seq: seq, Settings: till.DefaultSettings(), Operator: &till.Operator{Code: "1002"}}
	change(&v)
	return v
}

func TestThePoleFollowsTheSale(t *testing.T) {
	d := sim.NewDisplay("led8", nil)
	t.Cleanup(d.Close)
	address, err := d.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := bareDevices(t)
	x.config.Displays = []command.Device{{Name: "pole", Address: address, Driver: "led8"}}
	if err := command.WriteDevices(x.dir, x.config); err != nil {
		t.Fatal(err)
	}
	x.start(t.Context(), func(string) {})
	sees := func(lamp, number string) {
		t.Helper()
		for end := time.Now().Add(5 * time.Second); ; time.Sleep(2 * time.Millisecond) {
			s := d.Shown()
			if s.Lamp == lamp && s.Lines[0] == number {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("the pole shows %+v, not %s %s", s, lamp, number)
			}
		}
	}
	id := till.ID{1}
	sale := func(lines ...till.Line) *till.Sale { return &till.Sale{ID: id, Lines: lines} }
	apples := till.Line{N: 1, Name: "苹果", NameEN: "Apples", Qty: money.One, Gross: 123450}
	bread := till.Line{N: 2, Name: "面包", Qty: money.One, Gross: 350}
	x.follow(poleShop(1, func(v *till.View) { v.Sale, v.LastLine, v.Due = sale(apples), 1, 123450 }))
	sees("price", "1234.50")
	x.follow(poleShop(2, func(v *till.View) { v.Sale, v.LastLine, v.Due = sale(apples, bread), 2, 123800 }))
	sees("price", "3.50")
	sees("total", "1238.00")
	x.follow(poleShop(3, func(v *till.View) {
		v.Sale, v.LastLine, v.Due = sale(apples, bread), 2, 23800
		v.Sale.Tenders = []till.Tender{{Kind: till.Cash, Amount: 100000, Tendered: 100000}}
	}))
	sees("total", "238.00")
	x.follow(poleShop(4, func(v *till.View) {
		v.Done = &till.Done{Sale: &till.Sale{ID: id, Tenders: []till.Tender{{Kind: till.Cash, Amount: 123800, Tendered: 130000, Change: 6200}}}, Change: 6200}
	}))
	sees("change", "62.00")
	x.follow(poleShop(5, func(v *till.View) { v.Operator = nil }))
	sees("none", "")
	x.follow(poleShop(6, func(v *till.View) { v.Practice, v.Sale, v.LastLine, v.Due = true, sale(apples), 1, 123450 }))
	sees("none", "")
	if s, ok := x.poles.status(); !ok || s.Kind != "pole" || s.Health != ui.Fine {
		t.Errorf("the status is %+v, %t", s, ok)
	}
	// A cable pulled makes no sale wait, and what is right comes back with it.
	d.Obey("unplug")
	began := time.Now()
	x.follow(poleShop(7, func(v *till.View) { v.Sale, v.Due = sale(apples), 123450 }))
	if took := time.Since(began); took > 200*time.Millisecond {
		t.Errorf("the register waited %s for a display", took)
	}
	d.Obey("plug")
	sees("total", "1234.50")
}

func TestPoleNames(t *testing.T) {
	for _, row := range []struct {
		line till.Line
		want string
	}{
		{till.Line{Name: "苹果", NameEN: "Apples"}, "Apples"}, {till.Line{Name: "Cola 330 ml"}, "Cola 330 ml"}, {till.Line{Name: "苹果"}, ""},
		{till.Line{Name: "Crème", NameEN: ""}, ""},
	} {
		if got := latin(row.line); got != row.want {
			t.Errorf("%+v is %q", row.line, got)
		}
	}
}

// The scale of the settings offers its weight to the window once, and its
// faults to the status bar.
func TestTheScaleIsOffered(t *testing.T) {
	s := sim.NewScale("cas")
	t.Cleanup(s.Close)
	address, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := bareDevices(t)
	shown := make(chan *ui.Weighing, 1000)
	x.weighing.show = func(w *ui.Weighing) { shown <- w }
	x.config.Scales = []command.Device{{Name: "scale", Address: address, Driver: "cas"}}
	if err := command.WriteDevices(x.dir, x.config); err != nil {
		t.Fatal(err)
	}
	x.start(t.Context(), func(string) {})
	until := func(what string, ok func(*ui.Weighing) bool) {
		t.Helper()
		limit, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for {
			select {
			case w := <-shown:
				if ok(w) {
					return
				}
			case <-limit.Done():
				t.Fatal("never offered: " + what)
			}
		}
	}
	s.Obey("0.876")
	until("876 g", func(w *ui.Weighing) bool { return w != nil && w.Grams == 876 })
	x.weighing.sold(876)
	until("the same again", func(w *ui.Weighing) bool { return w != nil && w.Grams == 0 && w.State == "same" })
	s.Obey("0")
	until("empty", func(w *ui.Weighing) bool { return w != nil && w.State == "under" })
	s.Obey("0.876")
	until("876 g once more", func(w *ui.Weighing) bool { return w != nil && w.Grams == 876 })
	s.Obey("baud wrong")
	until("that it is away", func(w *ui.Weighing) bool { return w != nil && w.State == "away" })
	if st, ok := x.weighing.status(); !ok || st.Kind != "scale" || st.State != "garbled" || st.Health != ui.Fault {
		t.Errorf("the status is %+v, %t", st, ok)
	}
	x.mu.Lock()
	x.config.Scales = nil
	x.useOthers()
	x.mu.Unlock()
	until("none", func(w *ui.Weighing) bool { return w == nil })
}
