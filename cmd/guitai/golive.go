package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/device"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
)

// handover hands the till over to its shop, and takes it to another PC.
type handover struct {
	p    *program
	d    *devices
	lend *lender
	full func(on bool) // changes the window at once; on the toolkit's goroutine
}

// book is the shop's ledger; nil before there is one.
func (h handover) book() *ledger.Ledger { return h.p.book() }

// GoLive is part of ui.Installing.
func (h handover) GoLive(ctx context.Context, lang string) (ui.GoLive, error) {
	g, err := command.ReadGoLive(ctx, h.p.dir, h.book(), lang, time.Now())
	if err != nil {
		return ui.GoLive{}, err
	}
	out := ui.GoLive{Points: shownPoints(g.Points)}
	for _, x := range g.Devices {
		one := ui.ProvedDevice{Name: x.Name, Kind: x.Kind, State: ui.CheckMissing, Words: command.ProofWords(x.Proof, lang), By: x.By}
		if x.Proof == command.ProofGood {
			one.State = ui.CheckDone
		}
		if x.At != nil {
			one.At = *x.At
		}
		out.Devices = append(out.Devices, one)
	}
	return out, nil
}

func shownPoints(list []command.CheckPoint) []ui.CheckPoint {
	var out []ui.CheckPoint
	for _, p := range list {
		out = append(out, ui.CheckPoint{State: ui.CheckState(p.State), Title: p.Title, Detail: p.Detail})
	}
	return out
}

// export writes a file to the shop's export folder.
func (h handover) export(name string, write func(io.Writer) error) (string, error) {
	folder := filepath.Join(h.p.dir, "exports")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of exports: %w", err)
	}
	path := filepath.Join(folder, name)
	return path, command.WriteWhole(path, write)
}

// GoLiveSheet is part of ui.Installing.
func (h handover) GoLiveSheet(ctx context.Context, lang string) (string, error) {
	g, err := command.ReadGoLive(ctx, h.p.dir, h.book(), lang, time.Now())
	if err != nil {
		return "", err
	}
	return h.export("golive-"+g.At.Format("2006-01-02")+".pdf", g.PDF)
}

func (h handover) move(ctx context.Context, lang string) (command.Move, error) {
	book := h.book()
	if book == nil {
		return command.Move{}, ledger.ErrNone
	}
	return command.ReadMove(ctx, h.p.dir, h.p.machine.backups(), book, lang, time.Now())
}

// Move is part of ui.Installing.
func (h handover) Move(ctx context.Context, lang string) (ui.Move, error) {
	m, err := h.move(ctx, lang)
	return ui.Move{Before: shownPoints(m.Before), After: shownPoints(m.After)}, err
}

// MoveSheet is part of ui.Installing.
func (h handover) MoveSheet(ctx context.Context, lang string) (string, error) {
	m, err := h.move(ctx, lang)
	if err != nil {
		return "", err
	}
	return h.export("replace-pc-"+m.At.Format("2006-01-02")+".pdf", m.PDF)
}

// ExportTrace is part of ui.Installing.
func (h handover) ExportTrace(ctx context.Context) (string, error) {
	return h.export("devices-"+time.Now().Format("2006-01-02-150405")+".json", func(w io.Writer) error {
		return command.ExportTrace(ctx, w, h.p.dir, h.lend)
	})
}

// PrintCard is part of ui.Installing. The card goes to that printer and to no
// other, so that the second one proves itself too; slips wait meanwhile.
func (h handover) PrintCard(ctx context.Context, name string) error {
	x, back, err := h.lend.Lend(ctx, name)
	if err != nil {
		return err
	}
	defer back()
	return command.PrintTestCard(ctx, h.p.dir, x, h.p.traffic)
}

// Card is part of ui.Installing.
func (handover) Card(code string) string { return till.TestCardCode(code) }

// CardRead is part of ui.Installing: the codes are a step of the printer's proof.
func (h handover) CardRead(_ context.Context, name, by string) error {
	h.d.mu.Lock()
	x, kind, ok := h.d.config.Named(name)
	h.d.mu.Unlock()
	if !ok || kind != "printer" {
		return device.Fault(device.Illegal, "there is no printer %.40q", name)
	}
	proofs, err := command.ReadProofs(h.p.dir)
	if err != nil {
		return err
	}
	now := command.DeviceProof{Device: x.Name, Kind: kind, Address: x.Address, Driver: x.Driver, Profile: x.Profile}
	if i := slices.IndexFunc(proofs, func(p command.DeviceProof) bool { return p.Of(x) }); i >= 0 {
		now = proofs[i]
	}
	now.At, now.By = time.Now().UTC(), cmp.Or(by, now.By)
	now.Steps = slices.DeleteFunc(slices.Clone(now.Steps), func(s command.ProofStep) bool { return s.What == "code" })
	now.Steps = append(now.Steps, command.ProofStep{What: "code", Result: command.ProofPassed, Seen: "2/2"})
	return command.KeepProof(h.p.dir, now)
}

// start is how the system starts this till.
func (h handover) start() (command.Autostart, error) {
	me, err := os.Executable()
	if err != nil {
		return command.Autostart{}, err
	}
	dir, err := filepath.Abs(h.p.dir)
	return command.Autostart{Program: me, Data: dir, FullScreen: h.p.machine.get().FullScreen}, err
}

// Autostart is part of ui.Installing.
func (h handover) Autostart(context.Context) (bool, error) {
	on, _, err := command.Autostart{}.Is()
	return on, err
}

// SetAutostart is part of ui.Installing.
func (h handover) SetAutostart(_ context.Context, on bool) error {
	a, err := h.start()
	if err != nil {
		return err
	}
	if on {
		return a.On()
	}
	return a.Off()
}

// FullScreen is part of ui.Installing.
func (h handover) FullScreen() bool { return h.p.machine.get().FullScreen }

// SetFullScreen is part of ui.Installing.
func (h handover) SetFullScreen(on bool) {
	h.full(on)
	go func() {
		if err := h.p.machine.change(func(c *choices) { c.FullScreen = on }); err != nil {
			h.p.log.Error("keep the full screen", "err", err)
		}
	}()
}
