package port

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"guitai/hardware/device"
)

// fault puts the reason, and what mends it, to the error of opening the port of
// an address, whose file is path.
func fault(a Address, path string, err error) error {
	err = fmt.Errorf("open %s: %w", a, err)
	switch {
	case errors.Is(err, fs.ErrNotExist), isNoDevice(err):
		return &device.Error{Reason: device.NoHardware, Err: err}
	case isBusy(err):
		return &device.Error{Reason: device.Busy, Err: &Held{Path: path, Holders: holders(path), Err: err}}
	case errors.Is(err, fs.ErrPermission):
		return &device.Error{Reason: device.Denied, Err: denied(a.Scheme, path, err)}
	}
	return &device.Error{Reason: device.Failure, Err: err}
}

// denied finds out what lets this user have the port at path.
func denied(scheme Scheme, path string, err error) *Denied {
	d := &Denied{Path: path, Err: err}
	var st unix.Stat_t
	if unix.Stat(path, &st) == nil && st.Gid != 0 && st.Mode&0o060 == 0o060 {
		id := strconv.FormatUint(uint64(st.Gid), 10)
		d.Group = "#" + id
		if g, err := user.LookupGroupId(id); err == nil {
			d.Group = g.Name
		}
		if me, err := user.Current(); err == nil {
			ids, _ := me.GroupIds() // as they will be at the next login
			d.Login = slices.Contains(ids, id)
		}
		if !d.Login {
			d.Mend = "sudo usermod -aG " + d.Group + " $USER"
		}
		return d
	}
	d.Mend = udevRule(scheme, filepath.Base(path))
	return d
}

// udevRule is the command that gives a group the kind of port, or the one
// device where it says what it is.
func udevRule(scheme Scheme, name string) string {
	subsystem, group := "tty", "dialout"
	if scheme == USBLP {
		subsystem, group = "usbmisc", "lp"
	}
	match := `KERNEL=="` + name + `"`
	if scheme == Evdev {
		subsystem, group, match = "input", "input", inputMatch("", name)
	} else if usb := usbOf("", subsystem, name); usb["idVendor"] != "" {
		match = fmt.Sprintf(`ATTRS{idVendor}=="%s", ATTRS{idProduct}=="%s"`, usb["idVendor"], usb["idProduct"])
	}
	return fmt.Sprintf(`echo 'SUBSYSTEM=="%s", %s, GROUP="%s", MODE="0660"' | sudo tee -a /etc/udev/rules.d/70-guitai.rules && sudo udevadm control --reload && sudo udevadm trigger && sudo usermod -aG %s $USER`,
		subsystem, match, group, group)
}

// holders lists the programs that have path open, of those that the system shows
// to this user.
func holders(path string) []Holder {
	fds, _ := filepath.Glob("/proc/[0-9]*/fd")
	var out []Holder
	for _, dir := range fds {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // another user's
		}
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
			to, err := os.Readlink(filepath.Join(dir, e.Name()))
			return err == nil && to == path
		}) {
			continue
		}
		process := filepath.Dir(dir)
		pid, _ := strconv.Atoi(filepath.Base(process))
		name, _ := os.ReadFile(filepath.Join(process, "comm"))
		out = append(out, Holder{Program: strings.TrimSpace(string(name)), PID: pid})
	}
	slices.SortFunc(out, func(a, b Holder) int { return a.PID - b.PID })
	return out
}
