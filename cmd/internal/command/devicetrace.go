package command

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"guitai/hardware/port"
	"guitai/hardware/trace"
)

type devicesTrace struct {
	Name   string        `arg:"" optional:"" help:"${h_device_name}"`
	To     string        `placeholder:"FILE" help:"${h_trace_to}"`
	Last   bool          `help:"${h_trace_last}"`
	Wait   time.Duration `placeholder:"10m" help:"${h_trace_wait}"`
	Format string        `default:"text" enum:"text,json" help:"${h_format_tj}"`
	Export bool          `hidden:""` // of a running till: the whole of it, as JSON
}

var (
	errTraceName  = words{"收银机没有运行：要写上设备名，由本命令打开它并显示收发", "no till runs: name a device, which this command then opens and shows"}
	tellFollowing = words{"显示收发，按 Ctrl-C 结束", "showing what goes over the wire; Ctrl-C ends it"}
	tellTraced    = words{"已写入 %s：不含付款码和卡号，可以发给技术支持", "written to %s: it holds no payment codes and no card numbers, and can be sent to support"}
)

// A TraceExport is what a person sends who has a device that does not work:
// everything that is known, in one file, without secrets.
type TraceExport struct {
	MadeAt   time.Time      `json:"made_at"`
	Version  string         `json:"version"`
	System   string         `json:"system"`
	Till     string         `json:"till"` // running, or none
	Devices  string         `json:"devices_toml"`
	Proofs   string         `json:"proofs_toml"`
	Health   []DeviceHealth `json:"health"`
	Problems []string       `json:"problems,omitempty"` // what could not be read for it
	Traffic  []TraceLine    `json:"traffic"`
}

// A TraceLine is an entry of the traffic.
type TraceLine struct {
	At      time.Time `json:"at"`
	Device  string    `json:"device"` // "" for an address that no device has
	Address string    `json:"address"`
	Way     trace.Way `json:"way"`
	Hex     string    `json:"hex,omitempty"`
	Text    string    `json:"text,omitempty"`
	Note    string    `json:"note,omitempty"`
}

// traceLine words an entry.
func traceLine(e trace.Entry, names map[string]string) TraceLine {
	l := TraceLine{At: e.At, Device: names[e.Address.String()], Address: e.Address.String(), Way: e.Way, Note: e.Note}
	if len(e.Bytes) > 0 {
		l.Hex = hex.EncodeToString(e.Bytes)
		l.Text = strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return '.'
			}
			return r
		}, latin1(e.Bytes))
	}
	return l
}

// latin1 makes a character of every byte.
func latin1(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// namesByAddress are the devices of the settings by their addresses.
func (d *Devices) namesByAddress() map[string]string {
	out := map[string]string{}
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			if a, err := port.Parse(x.Address); err == nil {
				out[a.String()] = x.Name
			}
		}
	}
	return out
}

// writeTrace prints an entry.
func (e *env) writeTrace(l TraceLine, format string) error {
	if format == "json" {
		return json.NewEncoder(e.out).Encode(l)
	}
	who := l.Device
	if who == "" {
		who = l.Address
	}
	mark := map[trace.Way]string{trace.Out: ">", trace.In: "<"}[l.Way]
	if mark == "" {
		_, err := fmt.Fprintf(e.out, "%s %s -- %s %s\n", l.At.Local().Format("15:04:05.000"), printable(who), l.Way, printable(l.Note))
		return err
	}
	const perLine = 32 // bytes
	for i := 0; i < len(l.Text); i += perLine {
		end := min(i+perLine, len(l.Text))
		if _, err := fmt.Fprintf(e.out, "%s %s %s %-*s %s\n", l.At.Local().Format("15:04:05.000"), printable(who), mark, 2*perLine, l.Hex[2*i:2*end], l.Text[i:end]); err != nil {
			return err
		}
	}
	return nil
}

// Run shows what goes over the wires of devices, or writes all that is known to
// one file.
func (c *devicesTrace) Run(e *env) error {
	if c.To != "" && !c.Export {
		return c.export(e)
	}
	if ok, err := e.ask("devices trace", c, e.out); ok {
		return err
	}
	d, err := e.devices()
	if err != nil {
		return err
	}
	if _, _, ok := d.Named(c.Name); !ok && c.Name != "" {
		return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
	}
	if c.Wait > 0 {
		ctx, stop := context.WithTimeout(e.ctx, c.Wait)
		defer stop()
		e.ctx = ctx
	}
	switch {
	case c.Export:
		return e.exportTrace(e.out)
	case e.till == nil:
		return c.alone(e, d)
	}
	return c.follow(e, d, e.till.Traffic())
}

// follow shows what is kept, and then what comes, until the command ends.
func (c *devicesTrace) follow(e *env, d Devices, book *trace.Book) error {
	names := d.namesByAddress()
	wanted := func(x trace.Entry) bool { return c.Name == "" || names[x.Address.String()] == c.Name }
	for _, x := range book.Entries() {
		if wanted(x) {
			if err := e.writeTrace(traceLine(x, names), c.Format); err != nil {
				return err
			}
		}
	}
	if c.Last {
		return nil
	}
	e.tell(tellFollowing)
	err := book.Follow(e.ctx, port.Address{}, func(x trace.Entry) error {
		if !wanted(x) {
			return nil
		}
		return e.writeTrace(traceLine(x, names), c.Format)
	})
	if e.ctx.Err() != nil {
		return nil // a person has seen enough, or the time is over
	}
	return err
}

// alone opens a device and shows what comes from it.
func (c *devicesTrace) alone(e *env, d Devices) error {
	x, kind, ok := d.Named(c.Name)
	if !ok {
		return &failure{exit: exitUsage, what: errTraceName, next: nextNoDevice}
	}
	_, addr, err := x.Settled(kind)
	if err != nil {
		return &failure{what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	book := trace.New(trace.Options{Cards: func(port.Address) bool { return kind == "terminal" }})
	link, err := port.Open(port.Tapped(e.ctx, book), addr)
	if err != nil {
		return e.deviceFailure(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 1024)
		for {
			if _, err := link.Read(e.ctx, buf); err != nil {
				return
			}
		}
	}()
	defer func() { link.Close(); <-ended }()
	return c.follow(e, d, book)
}

// export writes one file, which a running till gives the traffic for.
func (c *devicesTrace) export(e *env) error {
	var b bytes.Buffer
	ok, err := e.ask("devices trace", &devicesTrace{Export: true, Format: "json"}, &b)
	if err != nil {
		return err
	}
	if !ok {
		err = e.exportTrace(&b)
	}
	if err != nil {
		return err
	}
	if err := toFile(c.To, func(w io.Writer) error { _, err := b.WriteTo(w); return err }); err != nil {
		return err
	}
	e.tell(tellTraced, c.To)
	return nil
}

// exportTrace writes all that is known of the devices. What cannot be read is
// named in it: the file is wanted most where much is wrong.
func (e *env) exportTrace(w io.Writer) error {
	x := TraceExport{MadeAt: time.Now().UTC().Truncate(time.Second), Version: Version, System: runtime.GOOS + "/" + runtime.GOARCH, Till: "none",
		Health: []DeviceHealth{}, Traffic: []TraceLine{}}
	note := func(err error) {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			x.Problems = append(x.Problems, err.Error())
		}
	}
	b, err := os.ReadFile(filepath.Join(e.data, DevicesFile))
	note(err)
	x.Devices = string(b)
	b, err = os.ReadFile(filepath.Join(e.data, ProofsFile))
	note(err)
	x.Proofs = string(b)
	d, err := ReadDevices(e.data)
	note(err)
	for _, kind := range Kinds {
		for _, one := range *d.Of(kind) {
			h, err := e.health(kind, one)
			note(err)
			x.Health = append(x.Health, h)
		}
	}
	if e.till != nil {
		x.Till = "running"
		names := d.namesByAddress()
		for _, t := range e.till.Traffic().Entries() {
			x.Traffic = append(x.Traffic, traceLine(t, names))
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(x)
}

// ExportTrace writes all that is known of the devices of a data folder, with
// what went over the wires of the till that runs there.
func ExportTrace(ctx context.Context, w io.Writer, dir string, t RunningTill) error {
	return (&env{ctx: ctx, data: dir, lang: english, name: program(), till: t, out: io.Discard, err: io.Discard}).exportTrace(w)
}
