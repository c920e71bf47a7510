package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"guitai/cmd/internal/command"
	"guitai/till"
	"guitai/ui"
)

// demoPIN belongs to the invented owner of the invented shop.
const demoPIN = "qinghe-2026"

// demoCode is a printed UnionPay code of an invented shop: EMVCo QR Code
// Specification for Payment Systems 1.1, static, in yuan.
const demoCode = "000201010211153131040156000000000000000000123455204541153031565802CN5910GUITAI TEA6006XIAMEN63048448"

// play founds an invented shop in dir, plays a short day through the window by
// keys, and leaves pictures, papers and the report there. It returns the exit
// code.
func (c *counter) play(dir string) int {
	h := &hands{c: c, out: dir}
	go func() {
		c.show(firstView(c.lang))
		h.err = errors.Join(c.playDay(h), h.err)
		fyne.Do(c.app.Quit)
	}()
	c.app.Run()
	code := c.end()
	if h.err == nil {
		h.err = papers(dir, c.dir)
	}
	if h.err != nil {
		fmt.Fprintln(os.Stderr, h.err)
		return 1
	}
	return code
}

// playDay does what a shop does on a quiet day.
func (c *counter) playDay(h *hands) error {
	ctx := c.ctx
	paper, err := newPaperTray()
	if err != nil {
		return err
	}
	defer paper.close()
	if err := command.WriteDevices(c.dir, command.Devices{Printers: []command.Device{{Name: "printer", Address: "tcp://" + paper.addr(), Profile: "generic-80"}}}); err != nil {
		return err
	}
	h.shot("first-run")
	s := shop{c.program}
	if _, err := s.Found(ctx, ui.Founding{Shop: "青禾便利店", Owner: "陈宁", PIN: demoPIN, Sample: true, CashRound: "0.10", Language: "zh-Hans"}); err != nil {
		return err
	}
	if err := s.Begin(ctx); err != nil {
		return err
	}
	c.devices.start(ctx, func(string) {})
	go c.watch()
	h.until("the owner signed on", func(v till.View) bool { return v.Operator != nil })
	methods, err := codeSetup{c.program}.Write([]ui.CodeMethod{{Name: "云闪付", Kind: "qr:unionpay", Values: map[string]string{"code": demoCode, "payee": "青禾便利店"}, On: true}})
	if err != nil {
		return err
	}
	c.Do(till.SetSetting{Settings: []till.Setting{{Key: "qr_methods", Value: methods}, {Key: "shop.name_en", Value: "Qinghe Corner Store"}}})

	h.shot("shift-open")
	h.keys("1") // one note of 100
	h.key(fyne.KeyReturn)
	h.keys("2") // two of 50
	h.key(fyne.KeyF9)
	h.until("the shift open", func(v till.View) bool { return v.Shift != nil && v.Shift.Float == 20000 })
	h.shot("sell-empty")

	// Three scans, cash.
	h.scans("6901234500042", "6901234500011", "6901234500059")
	h.shot("sell-cart")
	h.customer("customer-cart")
	h.keys("100")
	h.key(fyne.KeyF8)
	h.until("the cash sale", sold(1))
	h.shot("cash-change")
	h.customer("customer-thanks")

	// Cash and card.
	h.scans("6901234500028", "6901234500035")
	h.key(fyne.KeyF9)
	h.keys("10")
	h.key(fyne.KeyF8)
	h.until("10.00 in cash", func(v till.View) bool { return v.Sale != nil && len(v.Sale.Tenders) == 1 })
	h.shot("pay-split")
	h.keys("c")
	time.Sleep(time.Second)
	h.keys("4242")
	h.shot("card")
	h.key(fyne.KeyF9)
	h.until("the split sale", sold(2))

	// A payment code.
	h.scans("6901234500066", "6901234500073")
	h.key(fyne.KeyF9)
	h.shot("pay")
	h.keys("u")
	h.until("the payment code", func(v till.View) bool { return v.QR != nil })
	h.shot("payment-code")
	h.customer("customer-code")
	h.keys("0615")
	h.key(fyne.KeyF9)
	h.until("the sale by code", sold(3))

	// The day's end.
	h.key(fyne.KeyReturn)
	h.on(func() { c.till.Open(ui.PageReport) })
	h.shot("report")
	h.on(func() { c.till.Open(ui.PageHistory) })
	h.shot("past-sales")
	h.on(func() { c.till.Open(ui.PageShift) })
	time.Sleep(time.Second)
	count(h)
	h.shot("shift-count")
	h.key(fyne.KeyF9)
	h.shot("shift-difference")
	h.key(fyne.KeyF9)
	h.until("the Z", func(v till.View) bool { return v.Closed != nil })
	h.shot("shift-closed")
	if h.err != nil {
		return h.err
	}
	if err := paper.wait(ctx, 4); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(h.out, "printed.bin"), paper.bytes(), 0o644)
}

// sold waits for a sale with a receipt number to be done.
func sold(receipt int) func(till.View) bool {
	return func(v till.View) bool { return v.Done != nil && v.Done.Sale != nil && v.Done.Sale.Receipt == receipt }
}

// count types what is in the drawer: the float of 200.00, 33.40 of the first
// sale and 10.00 of the second.
func count(h *hands) {
	for _, n := range []string{"1", "2", "1", "2", "0", "3", "0", "4"} {
		h.keys(n)
		h.key(fyne.KeyReturn)
	}
}

// papers writes the receipts as pictures and pages and the day's report.
func papers(out, data string) error {
	run := func(args ...string) ([]byte, error) {
		var stdout, stderr bytes.Buffer
		if code := command.Main(append([]string{"--data", data, "--lang", "zh-Hans"}, args...), nil, &stdout, &stderr); code != 0 {
			return nil, fmt.Errorf("%v ended with %d: %s", args, code, stderr.Bytes())
		}
		return stdout.Bytes(), nil
	}
	for no := 1; no <= 3; no++ {
		for _, end := range []string{"png", "pdf"} {
			name := fmt.Sprintf("receipt-%06d.%s", no, end)
			if _, err := run("print", fmt.Sprint(no), "--to", filepath.Join(out, name)); err != nil {
				return err
			}
		}
	}
	for name, args := range map[string][]string{"report.json": {"report", "day", "--format", "json"}, "report.txt": {"report", "day"}, "verify.txt": {"verify"}} {
		b, err := run(args...)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}
