package main

import (
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/till"
)

// BenchmarkSaleToFirstByte measures from the key that completes a sale, and from
// the view that says so, to the first byte of its receipt at a printer on a
// socket. Its print job was committed with the sale.
func BenchmarkSaleToFirstByte(b *testing.B) {
	dir := b.TempDir()
	if _, err := command.FoundShop(b.Context(), dir, till.DefaultSettings(), "陈宁", officeOwner); err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	bytes := make(chan time.Time, 1024)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				buf := make([]byte, 64<<10)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					at := time.Now()
					// DLE EOT n: it is well (ESC/POS, real-time status).
					for range strings.Count(string(buf[:n]), "\x10\x04") {
						c.Write([]byte{0x12})
					}
					if n > 64 { // questions about its state are shorter than any receipt
						bytes <- at
					}
				}
			}()
		}
	}()
	if err := command.WriteDevices(dir, command.Devices{Printers: []command.Device{{Name: "printer", Address: "tcp://" + l.Addr().String(), Profile: "generic-58"}}}); err != nil {
		b.Fatal(err)
	}
	m, err := openMachine(dir)
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan time.Time, 1024)
	receipt := 0
	p := newProgram(dir, m, slog.New(slog.DiscardHandler), func(v till.View) {
		if v.Done != nil && v.Done.Sale != nil && v.Done.Sale.Receipt > receipt {
			receipt = v.Done.Sale.Receipt
			done <- time.Now()
		}
	})
	defer p.close()
	d := newDevices(p, dir, slog.New(slog.DiscardHandler))
	defer d.close()
	p.print = d.printing
	if err := p.open(); err != nil {
		b.Fatal(err)
	}
	d.start(b.Context(), func(string) {})
	until := func(what string, want func() bool) {
		b.Helper()
		for end := time.Now().Add(20 * time.Second); !want(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				b.Fatalf("%s never came", what)
			}
		}
	}
	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func() bool { return p.view().Operator != nil })
	p.Do(till.OpenShift{})
	until("the shift", func() bool { return p.view().Shift != nil })
	var fromKey, fromView []time.Duration
	for b.Loop() {
		for n := range 5 {
			p.Do(till.AddTyped{Name: "鲜牛奶", Price: 1590_00})
			until("the line", func() bool { v := p.view(); return v.Sale != nil && len(v.Sale.Lines) == n+1 })
		}
		began := time.Now()
		p.Do(till.PayCash{})
		shown := <-done
		first := <-bytes
		fromKey, fromView = append(fromKey, first.Sub(began)), append(fromView, first.Sub(shown))
		time.Sleep(400 * time.Millisecond) // behind a slip the queue looks 200 ms whether the link breaks
		for len(bytes) > 0 {
			<-bytes
		}
		p.Do(till.NextSale{})
	}
	slices.Sort(fromKey)
	slices.Sort(fromView)
	ms := func(all []time.Duration, of float64) float64 {
		return all[int(float64(len(all)-1)*of)].Seconds() * 1000
	}
	b.ReportMetric(ms(fromKey, 0.5), "ms-from-key-p50")
	b.ReportMetric(ms(fromKey, 0.9), "ms-from-key-p90")
	b.ReportMetric(ms(fromView, 0.5), "ms-from-view-p50")
	b.ReportMetric(ms(fromView, 0.9), "ms-from-view-p90")
}
