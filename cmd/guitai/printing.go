package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"guitai/assets"
	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/spool"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// printing keeps a print queue going on the ledger at work, whichever that is.
// Its methods may be called from any goroutine.
type printing struct {
	changed func()
	log     *slog.Logger
	tap     port.Tap // hears the wires of the printers; nil for nobody

	mu      sync.Mutex
	printer spool.Printer
	second  spool.Printer
	book    *ledger.Ledger // at work; nil between two
	held    bool           // something else talks to the printer: slips wait
	now     *spool.Spool
	stop    context.CancelFunc
	ended   chan struct{}
	sample  *till.Settings // of the test slip under way; nil for the shop's own
}

// Kick says that a slip or a drawer pulse is in the ledger.
func (p *printing) Kick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil {
		p.now.Kick()
	}
}

// serve prints what book asks for, until leave.
func (p *printing) serve(book *ledger.Ledger) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.book = book; !p.held {
		p.begin(book)
	}
}

// begin prints what book asks for; the lock is held.
func (p *printing) begin(book *ledger.Ledger) {
	p.now = spool.New(spool.Options{
		Store: book, Font: assets.Font(assets.PrintRegular), Printer: p.printer, Second: p.second, Changed: p.changed, Log: p.log,
		Render: func(ctx context.Context, job till.Job, columns int) (receipt.Document, error) {
			paper, err := command.Paper(ctx, book)
			if err != nil {
				return receipt.Document{}, err
			}
			p.mu.Lock()
			sample := p.sample
			p.mu.Unlock()
			if job.Kind == till.SlipTest && sample != nil {
				design := *sample
				design.Paper.Columns = columns
				return command.SampleSlip(design, paper.Logo)
			}
			paper.Settings.Paper.Columns = columns
			return command.Slip(ctx, book, paper, job.PrintJob)
		},
	})
	ctx := context.Background()
	if p.tap != nil {
		ctx = port.Tapped(ctx, p.tap)
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	p.stop, p.ended = stop, ended
	now := p.now
	go func() {
		now.Run(ctx)
		close(ended)
	}()
	now.Kick()
}

// leave ends the queue; a slip under way is finished.
func (p *printing) leave() { p.end(true) }

// hold lets go of the printers, after a slip under way, and lets slips wait in
// the ledger; or prints them.
func (p *printing) hold(yes bool) {
	p.mu.Lock()
	was := p.held
	p.held = yes
	if was && !yes && p.now == nil && p.book != nil {
		p.begin(p.book)
	}
	p.mu.Unlock()
	if yes && !was {
		p.end(false)
	}
}

func (p *printing) end(forGood bool) {
	p.mu.Lock()
	if forGood {
		p.book = nil
	}
	stop, ended := p.stop, p.ended
	p.now, p.stop = nil, nil
	p.mu.Unlock()
	if stop != nil {
		stop()
	}
	if ended != nil {
		<-ended // also where somebody else stopped it
	}
}

// holding reports whether slips wait because of hold.
func (p *printing) holding() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held
}

// set changes the printer, and the one that takes over from it, if any.
func (p *printing) set(first, second spool.Printer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.printer, p.second = first, second
	if p.now != nil {
		p.now.Set(first, second)
	}
}

// status is how the printer and its queue are; ok is false while nothing
// prints.
func (p *printing) status() (s spool.Status, ok bool) {
	p.mu.Lock()
	now, has := p.now, p.printer != (spool.Printer{})
	p.mu.Unlock()
	if now == nil || !has {
		return s, false
	}
	return now.Status(), true
}

// answer settles a slip that nobody knows to be on paper.
func (p *printing) answer(ctx context.Context, job int64, printed bool) error {
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	if now == nil {
		return nil
	}
	return now.Answer(ctx, job, printed)
}

// testWithin bounds how long a test slip may take.
const testWithin = 20 * time.Second

// test queues a test slip and waits until it is printed, or until it is clear
// why not. With settings it is a receipt in their design.
func (p *printing) test(ctx context.Context, book *ledger.Ledger, design *till.Settings) error {
	p.mu.Lock()
	p.sample = design
	p.mu.Unlock()
	if _, ok := p.status(); !ok {
		return device.Fault(device.Disabled, "no printer is set up, or the till is practising")
	}
	if err := book.AddJob(ctx, till.PrintJob{Kind: till.SlipTest}); err != nil {
		return err
	}
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	if now == nil {
		return device.Fault(device.Closed, "the till is changing to another ledger")
	}
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	return now.Flush(ctx)
}
