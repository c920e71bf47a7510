package main

import (
	"context"
	"guitai/till"
	"guitai/ui"
	"log/slog"
)

type devices struct {
	printing       *printing
	changed, zMade chan struct{}
}

func newDevices(p *program, dir string, log *slog.Logger) *devices {
	return &devices{printing: &printing{}, changed: make(chan struct{}, 1), zMade: make(chan struct{}, 1)}
}
func (d *devices) follow(till.View)                                                   {}
func (d *devices) start(ctx context.Context, code func(string))                       {}
func (d *devices) close()                                                             {}
func (d *devices) backup(path string, err error)                                      {}
func (d *devices) Status() []ui.DeviceStatus                                          { return nil }
func (d *devices) Found(ctx context.Context) ([]ui.DeviceFound, error)                { return nil, nil }
func (d *devices) Configured(ctx context.Context) ([]ui.DeviceConfig, error)          { return nil, nil }
func (d *devices) Save(ctx context.Context, x ui.DeviceConfig) error                  { return nil }
func (d *devices) Remove(ctx context.Context, name string) error                      { return nil }
func (d *devices) TestPrint(ctx context.Context, name string) error                   { return nil }
func (d *devices) TestDrawer(ctx context.Context, name string) error                  { return nil }
func (d *devices) TestScan(ctx context.Context, name string) (code string, err error) { return "", nil }

type slips struct{ p *program }
type lists struct{ p *program }
