package command

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"guitai/cmd/internal/localsocket"
	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/trace"
	"guitai/ledger"
)

// A RunningTill is what commands ask of a till that runs: it has the ports and the
// ledger, and others would find them busy. Its methods may take time.
type RunningTill interface {
	// Health is how a device is as the till sees it, and whether it answers.
	Health(ctx context.Context, name string) (DeviceHealth, error)
	// Lend lets go of a device for a test, and returns it at the address where
	// it is now; back gives it to the till again. Slips wait meanwhile.
	Lend(ctx context.Context, name string) (x Device, back func(), err error)
	// Scan waits for the next code of a scanner and gives it to nobody else.
	Scan(ctx context.Context, name string) (code string, err error)
	// Simulate lets a simulator stand in the place of a device, or not.
	Simulate(ctx context.Context, name string, on bool) error
	// Change changes the settings, unless f refuses, and uses them at once.
	Change(f func(*Devices) error) error
	// Traffic is what went over the wires.
	Traffic() *trace.Book
	// Shop is the shop's ledger at work; nil while there is none, or another is
	// practised on. The till closes it.
	Shop() *ledger.Ledger
	// Sync sends all that is unsent to every provider account, and answers with
	// what went wrong at which.
	Sync(ctx context.Context) (map[string]error, error)
}

// remote are the commands that a running till carries out.
var remote = map[string]func() interface{ Run(*env) error }{
	"devices add":      func() interface{ Run(*env) error } { return &devicesAdd{} },
	"devices remove":   func() interface{ Run(*env) error } { return &devicesRemove{} },
	"devices check":    func() interface{ Run(*env) error } { return &devicesCheck{} },
	"devices test":     func() interface{ Run(*env) error } { return &devicesTest{} },
	"devices trace":    func() interface{ Run(*env) error } { return &devicesTrace{} },
	"devices simulate": func() interface{ Run(*env) error } { return &devicesSimulate{} },

	"account enrol":       func() interface{ Run(*env) error } { return &accountEnrol{} },
	"account add webhook": func() interface{ Run(*env) error } { return &accountWebhook{} },
	"account add folder":  func() interface{ Run(*env) error } { return &accountFolder{} },
	"account remove":      func() interface{ Run(*env) error } { return &accountRemove{} },
	"sync":                func() interface{ Run(*env) error } { return &syncCmd{} },
}

// ServeDevices does the commands about devices and provider accounts for a till that runs on a data
// folder.
func ServeDevices(dir string, t RunningTill) localsocket.Serve {
	return func(ctx context.Context, c localsocket.Call, stdout, stderr io.Writer) int {
		e := &env{ctx: port.Tapped(ctx, t.Traffic()), out: stdout, err: stderr, lang: c.Lang, data: dir, name: program(), till: t}
		if e.lang != chinese && e.lang != english {
			e.lang = chinese
		}
		made, ok := remote[c.Do]
		if !ok {
			return e.fail(&failure{exit: exitUsage, what: errNotRemote, args: []any{c.Do}})
		}
		cmd := made()
		if err := json.Unmarshal(c.Body, cmd); err != nil {
			return e.fail(&failure{exit: exitUsage, what: errUsage, args: []any{err}})
		}
		if err := cmd.Run(e); err != nil {
			return e.fail(err)
		}
		return exitDone
	}
}

var (
	errNotRemote = words{"运行中的收银机不认识命令 %s", "the running till does not know the command %s"}
	errBrokeOff  = words{"收银机没有答完：%v", "the till did not finish its answer: %v"}
	nextBrokeOff = words{"看看收银机是否还开着，再试一次。", "See whether the till still runs, then try again."}
)

// passedOn is the exit code of what a running till did; it has said why itself.
type passedOn int

func (p passedOn) Error() string { return "the running till refused" }

// ask lets a running till do a command; ok is false where none runs, and where
// this is the till.
func (e *env) ask(do string, cmd any, out io.Writer) (ok bool, err error) {
	if e.till != nil {
		return false, nil
	}
	body, err := json.Marshal(cmd)
	if err != nil {
		return false, err
	}
	exit, err := localsocket.Ask(e.ctx, e.data, localsocket.Call{Do: do, Lang: e.lang, Body: body}, out, e.err)
	switch {
	case errors.Is(err, localsocket.ErrNoTill):
		return false, nil
	case errors.Is(err, context.Canceled):
		return true, nil // a person has seen enough
	case err != nil:
		return true, &failure{what: errBrokeOff, args: []any{err}, next: nextBrokeOff, err: err}
	case exit != exitDone:
		return true, passedOn(exit)
	}
	return true, nil
}

// lend is the device of a name for a test: that of a running till, which lets go
// of it, or that of the settings.
func (e *env) lend(name string) (x Device, kind string, back func(), err error) {
	d, err := e.devices()
	if err != nil {
		return x, "", nil, err
	}
	x, kind, ok := d.Named(name)
	if !ok {
		return x, "", nil, &failure{what: errNoDevice, args: []any{name}, next: nextNoDevice}
	}
	if e.till == nil {
		return x, kind, func() {}, nil
	}
	if x, back, err = e.till.Lend(e.ctx, name); err != nil {
		return x, kind, nil, e.deviceFailure(err)
	}
	return x, kind, back, nil
}

var (
	errDevice   = words{"设备没有成功：%v", "the device did not do it: %v"}
	nextDevices = words{"用 devices check 看各设备的情况。", "See devices check for how the devices are."}
	errTrying   = words{"有人正在收银机上测试设备", "somebody is trying a device at the till"}
	nextTrying  = words{"等测试结束，再试一次。", "Wait for its end, then try again."}
)

// deviceFailure words an error of a device.
func (e *env) deviceFailure(err error) error {
	f := (*failure)(nil)
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, ErrTrying):
		return &failure{what: errTrying, next: nextTrying, err: err}
	}
	f = &failure{what: errDevice, args: []any{err}, next: nextDevices, err: err}
	if w, ok := reasonWords[device.ReasonOf(err)]; ok {
		f.what, f.args = w, nil
	}
	return f
}

// ErrTrying refuses to lend a device while a person tries one at the till.
var ErrTrying = errors.New("a device is being tried at the till")

// reasonWords say in few words why a device is not ready.
var reasonWords = map[device.Reason]words{
	device.NoService:  {"没有这种设备的驱动", "there is no driver for it"},
	device.Disabled:   {"没有启用", "it is switched off"},
	device.Illegal:    {"设置不对", "its settings make no sense"},
	device.NoHardware: {"这个地址上没有设备", "nothing is at its address"},
	device.Closed:     {"正在关闭", "it is being closed"},
	device.Offline:    {"脱机", "it is offline"},
	device.Failure:    {"设备报告出错", "it reports an error"},
	device.Timeout:    {"没有回答", "it does not answer"},
	device.Busy:       {"端口被别的程序占用", "another program has its port"},
	device.Garbled:    {"收到的是乱码：波特率不对，或是别的设备", "what it sends makes no sense: the speed is wrong, or it is another device"},
	device.PaperEnd:   {"没有纸", "it is out of paper"},
	device.PaperLow:   {"纸快用完", "its paper runs low"},
	device.CoverOpen:  {"盖子开着", "its cover is open"},
	device.Cutter:     {"切刀卡住", "its cutter is stuck"},
	device.Unrender:   {"这张单打不出来", "the slip cannot be made"},
	device.Lost:       {"连接断了", "the link broke"},
}

// ReasonWords are the words for a reason in zh-Hans or en; the reason itself
// where there are none.
func ReasonWords(r device.Reason, lang string) string {
	if w, ok := reasonWords[r]; ok {
		return w.in(lang)
	}
	return string(r)
}
