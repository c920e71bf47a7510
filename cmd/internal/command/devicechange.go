package command

import (
	"cmp"
	"slices"

	"guitai/ledger"
)

type devicesRemove struct {
	Name string `arg:"" help:"${h_device_name}"`
}

type devicesSimulate struct {
	Name string `arg:"" help:"${h_device_name}"`
	Do   string `arg:"" enum:"on,off" help:"${h_on_off}"`
}

var (
	errNotSimulated = words{"刷卡机不能模拟：它会认可没有人付过的款", "a card terminal is not simulated: it would approve payments that nobody made"}
	tellSimulated   = words{"%s 现在由软件模拟，收银机上有“模拟”字样；真正的设备不会动", "%s is simulated now, and the till says so; the real device stays untouched"}
	tellReal        = words{"%s 现在是真正的设备", "%s is the real device again"}
)

// change changes the settings of the devices: at a running till, which uses them
// at once, or in the file. A till that runs and cannot be asked would not notice,
// so it is refused beside one.
func (e *env) change(f func(*Devices) error) error {
	if e.till != nil {
		return e.till.Change(f)
	}
	if err := ledger.Free(e.data); err != nil {
		return e.openFailure(err)
	}
	d, err := e.devices()
	if err != nil {
		return err
	}
	if err := f(&d); err != nil {
		return err
	}
	return WriteDevices(e.data, d)
}

// Remove forgets a device. It reports whether there was one.
func (d *Devices) Remove(name string) bool {
	was := false
	for _, kind := range Kinds {
		list := d.Of(kind)
		left := slices.DeleteFunc(slices.Clone(*list), func(x Device) bool { return x.Name == name })
		was = was || len(left) < len(*list)
		*list = left
	}
	return was
}

// Run forgets a device and what it proved.
func (c *devicesRemove) Run(e *env) error {
	if ok, err := e.ask("devices remove", c, e.out); ok {
		return err
	}
	return cmp.Or(e.change(func(d *Devices) error {
		if !d.Remove(c.Name) {
			return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
		}
		return nil
	}), DropProof(e.data, c.Name))
}

// Run lets a simulator stand in the place of a device, from the next start of
// the till on, or at once where it runs.
func (c *devicesSimulate) Run(e *env) error {
	if ok, err := e.ask("devices simulate", c, e.out); ok {
		return err
	}
	d, err := e.devices()
	if err != nil {
		return err
	}
	_, kind, ok := d.Named(c.Name)
	switch {
	case !ok:
		return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
	case kind == "terminal":
		return &failure{what: errNotSimulated, next: nextSimulate}
	}
	if e.till != nil {
		err = e.till.Simulate(e.ctx, c.Name, c.Do == "on")
	} else {
		err = e.change(func(d *Devices) error {
			list := *d.Of(kind)
			i := slices.IndexFunc(list, func(x Device) bool { return x.Name == c.Name })
			if i < 0 {
				return &failure{what: errNoDevice, args: []any{c.Name}, next: nextNoDevice}
			}
			list[i].Simulated = c.Do == "on"
			return nil
		})
	}
	if err != nil {
		return e.deviceFailure(err)
	}
	if c.Do == "on" {
		e.tell(tellSimulated, c.Name)
	} else {
		e.tell(tellReal, c.Name)
	}
	return nil
}

var nextSimulate = words{"练习收款用 guitai-sim terminal。", "To practise payments, see guitai-sim terminal."}
