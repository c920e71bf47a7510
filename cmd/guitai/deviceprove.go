package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guitai/assets"
	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/display"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/hardware/scale"
	"guitai/hardware/scanner"
	"guitai/till"
	"guitai/till/receipt"
	"guitai/ui"
)

const (
	answerWithin = 2 * time.Second
	pageWithin   = 20 * time.Second
	proofWithin  = 4 * time.Second // for the answer behind a page
	poleStep     = time.Second
)

// connect opens a printer for a test.
func connect(ctx context.Context, x command.Device, addr port.Address) (*printer.Link, printer.Profile, error) {
	p, err := x.PrinterProfile()
	if err != nil {
		return nil, p, err
	}
	l, err := printer.Connect(ctx, addr, dialect.Of(p))
	return l, p, err
}

// askPrinter asks a printer how it is. One that does not answer may print all
// the same; the reason is a timeout then.
func (t *trials) askPrinter(ctx context.Context, x command.Device, addr port.Address) error {
	if addr.Scheme == port.File {
		return device.Fault(device.Timeout, "a file tells nothing")
	}
	within, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	l, _, err := connect(within, x, addr)
	if err != nil {
		return err
	}
	defer l.Close()
	began := time.Now()
	reason, err := l.Ask(within)
	if err != nil {
		return err
	}
	took := time.Since(began)
	t.change(ctx, func(n *ui.DeviceTrying) {
		n.OK, n.Reason, n.Value = reason == "" || reason == device.PaperLow, string(reason), millis(took)
	})
	return nil
}

// millis is a duration for the screen, a tenth of a millisecond at least.
func millis(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", max(0.1, float64(d.Microseconds())/1000))
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// printPage prints a page from which a person can tell whether the printer has
// a Chinese font, how wide it prints, whether its codes can be read and whether
// it cuts: line 1 comes from the printer's own font, line 2 is a picture.
func (t *trials) printPage(ctx context.Context, x command.Device, addr port.Address) error {
	within, cancel := context.WithTimeout(ctx, pageWithin)
	defer cancel()
	p, err := x.PrinterProfile()
	if err != nil {
		return err
	}
	b, err := proofPage(p)
	if err != nil {
		return err
	}
	l, _, err := connect(within, x, addr)
	if err != nil {
		return err
	}
	defer l.Close()
	speak := dialect.Of(p)
	barrier := p.Barrier != "none" && addr.Scheme.Answers()
	if barrier {
		b = speak.Barrier(b, p.Barrier, 1)
	}
	began := time.Now()
	if err := l.Send(within, b); err != nil {
		return err
	}
	value := ""
	if barrier {
		select {
		case <-l.Proofs():
			value = millis(time.Since(began))
		case <-time.After(proofWithin):
		case <-l.Gone():
		case <-within.Done():
		}
	}
	t.change(ctx, func(n *ui.DeviceTrying) { n.OK, n.Value = true, value })
	return nil
}

// proofText is what both lines of the page say.
const proofText = "中文打印 鲜牛奶￥15.90"

// proofPage is the bytes of the page.
func proofPage(p printer.Profile) ([]byte, error) {
	face, err := raster.NewFace(assets.Font(assets.PrintRegular))
	if err != nil {
		return nil, err
	}
	own, drawn := p, p
	own.Text, drawn.Text = "gbk", "raster"
	speak := dialect.Of(p)
	var out bytes.Buffer
	for _, part := range []struct {
		profile printer.Profile
		blocks  []receipt.Block
	}{
		{drawn, []receipt.Block{receipt.Title{Text: "GUITAI"}, receipt.Line{Text: strings.TrimSpace(p.Name), Align: receipt.Center}, receipt.Rule{}}},
		{own, []receipt.Block{receipt.Line{Text: strings.Repeat("1234567890", p.Columns/10+1)[:p.Columns]}, receipt.Line{Text: "1 " + proofText}}},
		{drawn, []receipt.Block{receipt.Line{Text: "2 " + proofText}, receipt.Rule{}, receipt.QR{Payload: ui.ProofCode}, receipt.Feed{Lines: 1}, receipt.Cut{}}},
	} {
		b, err := printer.NewEncoder(speak, part.profile, face).Encode(receipt.Document{Lang: "zh-Hans", Blocks: part.blocks})
		if err != nil {
			return nil, err
		}
		out.Write(b)
	}
	return out.Bytes(), nil
}

// openDrawer pulses one pin, once.
func (t *trials) openDrawer(ctx context.Context, x command.Device, addr port.Address, pin string) error {
	within, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	l, p, err := connect(within, x, addr)
	if err != nil {
		return err
	}
	defer l.Close()
	p.DrawerPin = map[string]int{"pin2": 2, "pin5": 5}[pin]
	if err := l.Send(within, dialect.Of(p).Pulse(&p)); err != nil {
		return err
	}
	rest(within, 100*time.Millisecond) // until the last byte is out of the port
	t.change(ctx, func(n *ui.DeviceTrying) { n.OK, n.Value = true, strconv.Itoa(p.DrawerPin) })
	return nil
}

// waitForScan waits for one code.
func (t *trials) waitForScan(ctx context.Context, addr port.Address) error {
	got := make(chan string, 1)
	s := scanner.New(addr, func(code string) {
		select {
		case got <- code:
		default: // the first is enough
		}
	}, scanner.Options{Log: t.d.log})
	within, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { s.Run(within); close(ended) }()
	defer func() { cancel(); <-ended }()
	select {
	case code := <-got:
		if !isText([]byte(code)) {
			return device.Fault(device.Garbled, "%d characters came that are no text", len(code))
		}
		t.change(ctx, func(n *ui.DeviceTrying) { n.OK, n.Value = true, shownCode(code) })
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shownCode is a code without what is secret about it: a payment code, a staff
// card.
func shownCode(code string) string {
	b, err := till.ParseBarcode(code)
	if err != nil {
		return strconv.Itoa(len(code))
	}
	return b.String()
}

// weigh shows what a scale says until the test ends. It has passed once a
// weight came that could be sold.
func (t *trials) weigh(ctx context.Context, x command.Device, addr port.Address) error {
	var gate scale.Gate
	s, err := scale.New(addr, x.Scale(), scale.Options{Log: t.d.log, Weighed: func(r scale.Reading) {
		if r == (scale.Reading{}) {
			return
		}
		gate.See(r)
		grams, why := gate.Offer()
		t.change(ctx, func(n *ui.DeviceTrying) {
			n.State, n.Reason, n.Detail = string(why), "", ""
			if r.Weighed {
				n.Value = kilograms(r.Grams)
			}
			n.OK = n.OK || why == "" && grams > 0
			keepLine(n, ui.DeviceLine{Text: printed(r.Raw), Fits: true, Reads: cmp.Or(string(why), n.Value)})
		})
	}})
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	defer func() { <-ended }()
	last := device.Reason("")
	for ctx.Err() == nil {
		if now := s.Status(); now.Reason != last {
			last = now.Reason
			t.change(ctx, func(n *ui.DeviceTrying) { n.Reason, n.Detail = string(now.Reason), now.Detail })
		}
		rest(ctx, lookEvery)
	}
	return ctx.Err()
}

// kilograms is a weight for the screen.
func kilograms(grams int) string { return fmt.Sprintf("%.3f kg", float64(grams)/1000) }

// printed is what a device sent, with what cannot be seen written as in Go.
func printed(s string) string {
	q := strconv.QuoteToASCII(strings.TrimRight(s, "\r\n"))
	return q[1 : len(q)-1]
}

// linesMax is how many lines of a scale are shown.
const linesMax = 5

func keepLine(n *ui.DeviceTrying, l ui.DeviceLine) {
	n.Lines = append(n.Lines, l)
	if len(n.Lines) > linesMax {
		n.Lines = n.Lines[len(n.Lines)-linesMax:]
	}
}

// listenToScale shows the lines of a scale as they come, and what the pattern
// reads in each, while the pattern is being written.
func (t *trials) listenToScale(ctx context.Context, x command.Device, addr port.Address) error {
	link, err := port.Open(ctx, addr)
	if err != nil {
		return err
	}
	defer link.Close()
	var line []byte
	buf := make([]byte, 256)
	for ask := time.Now(); ctx.Err() == nil; {
		if x.Ask != "" && !time.Now().Before(ask) {
			q, err := strconv.Unquote(`"` + strings.ReplaceAll(x.Ask, `"`, `\"`) + `"`)
			if err != nil {
				return device.Fault(device.Illegal, "ask %.40q", x.Ask)
			}
			if err := link.Write(ctx, []byte(q)); err != nil {
				return err
			}
			ask = time.Now().Add(300 * time.Millisecond)
		}
		within, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
		n, err := link.Read(within, buf)
		cancel()
		if err != nil && !errors.Is(err, port.ErrTimeout) {
			return err
		}
		for _, b := range buf[:n] {
			if b != '\r' && b != '\n' && b != 3 && len(line) < 120 {
				line = append(line, b)
				continue
			}
			if len(bytes.TrimSpace(line)) > 0 {
				t.read(ctx, string(line))
			}
			line = line[:0]
		}
	}
	return ctx.Err()
}

// read tries the pattern of the draft on a line.
func (t *trials) read(ctx context.Context, line string) {
	t.mu.Lock()
	pattern, unit := t.draft.Settings["pattern"], t.draft.Settings["unit"]
	t.mu.Unlock()
	out := ui.DeviceLine{Text: printed(line)}
	r, fits, err := scale.Try(pattern, line, unit)
	switch {
	case err != nil:
		out.Reads = err.Error()
	case fits && r.Weighed:
		out.Fits, out.Reads = true, kilograms(r.Grams)
	case fits:
		out.Fits, out.Reads = true, "moving"
	}
	t.change(ctx, func(n *ui.DeviceTrying) {
		keepLine(n, out)
		n.OK = n.OK || r.Sellable()
	})
}

// showSums shows sums, and leaves the last of them for a person to read.
func (t *trials) showSums(ctx context.Context, x command.Device, addr port.Address) error {
	d, err := display.New(addr, x.Display(), display.Options{Log: t.d.log})
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	within, cancel := context.WithCancel(ctx)
	go func() { d.Run(within); close(ended) }()
	defer func() { cancel(); <-ended }()
	for i, sum := range command.PoleSums {
		d.Show(display.View{Name: display.Sample.Name, Latin: display.Sample.Latin, Main: sum})
		t.change(ctx, func(n *ui.DeviceTrying) { n.Step, n.Steps, n.Value = i+1, len(command.PoleSums), sum.Amount })
		rest(ctx, poleStep)
		if now := d.Status(); now.State != device.Ready && ctx.Err() == nil {
			return &device.Error{Reason: cmp.Or(now.Reason, device.Timeout), Err: errors.New(now.Detail)}
		}
	}
	t.change(ctx, func(n *ui.DeviceTrying) { n.OK = true })
	<-ctx.Done() // the last of them stays until the person has looked
	return ctx.Err()
}

// askTerminal lets a card terminal register the till. It orders nothing.
func (t *trials) askTerminal(ctx context.Context, x command.Device, addr port.Address) error {
	d, err := command.CardTerminal(x, addr)
	if err != nil {
		return err
	}
	r := d.Check(ctx, device.External)
	if r.Status.State != device.Ready {
		return &device.Error{Reason: cmp.Or(r.Status.Reason, device.Timeout), Err: errors.New(r.Status.Detail)}
	}
	t.change(ctx, func(n *ui.DeviceTrying) { n.OK, n.Value = true, millis(r.Took) })
	return nil
}
