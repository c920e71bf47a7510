package port

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"guitai/hardware/device"
)

// Numbers of the kernel (include/uapi/linux/input.h, include/uapi/linux/major.h).
const (
	eviocGrab    = 0x40044590 // EVIOCGRAB: nobody else gets this device's events
	inputMajor   = 13
	ptyMajor     = 136 // to ptyMajorLast: a simulator's end of a pseudo-terminal
	ptyMajorLast = 143
)

// evdevLink is an input device that this program alone hears. It reads the
// characters that its keys stand for, and not the kernel's events: whoever
// listens in knows a payment code by its digits, and masks it.
type evdevLink struct {
	f       *os.File
	release func()
	keys    keystrokes
	buf     [64 * eventSize]byte
	typed   []byte // not yet asked for
}

func openEvdev(a Address) (Link, error) {
	place, err := inputPlace("", a.Place)
	if err != nil {
		return nil, err
	}
	release, err := claim(place)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(place, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err == nil {
		if err = takeOver(f); err != nil {
			_ = f.Close()
		}
	}
	if err == nil {
		return &evdevLink{f: f, release: release}, nil
	}
	release()
	if errors.Is(err, errNoInput) {
		return nil, &device.Error{Reason: device.Illegal, Err: fmt.Errorf("open %s: %w", a, err)}
	}
	return nil, fault(a, place, err)
}

var errNoInput = errors.New("it is no input device; take one of /dev/input/by-id that ends in -event-kbd")

// takeOver grabs an input device, so that its keys reach no window. A
// pseudo-terminal, which a simulator has, is heard by its opener alone.
func takeOver(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	err = raw.Control(func(fd uintptr) {
		var st unix.Stat_t
		if inner = unix.Fstat(int(fd), &st); inner != nil {
			return
		}
		major := unix.Major(uint64(st.Rdev))
		switch {
		case st.Mode&unix.S_IFMT != unix.S_IFCHR:
			inner = errNoInput
		case major == inputMajor:
			inner = unix.IoctlSetInt(int(fd), eviocGrab, 1)
		case major < ptyMajor || major > ptyMajorLast:
			inner = errNoInput
		}
	})
	return errors.Join(err, inner)
}

// inputPlace finds the file of an input device: a path is its own, an identity
// is looked for among the devices that have a keyboard's keys.
func inputPlace(root, place string) (string, error) {
	id, ok := strings.CutPrefix(place, usbPrefix)
	if !ok {
		if real, err := filepath.EvalSymlinks(place); err == nil {
			return real, nil
		}
		return place, nil // opening it says what is wrong
	}
	var at []string
	for _, k := range keyboards(root) {
		if id == k.usb || id == k.usb+":"+k.serial {
			at = append(at, k.place)
		}
	}
	switch len(at) {
	case 0:
		return "", device.Fault(device.NoHardware, "no keyboard or scanner with the USB identity %s is plugged in", id)
	case 1:
		return at[0], nil
	}
	return "", device.Fault(device.Illegal, "several devices have the USB identity %s: %s; name one by its socket, under /dev/input/by-path", id, strings.Join(at, ", "))
}

// keyboard is an input device with a keyboard's keys.
type keyboard struct{ place, usb, serial, title string }

// keyboards lists the input devices that have digits and Enter.
func keyboards(root string) []keyboard {
	dirs, _ := filepath.Glob(filepath.Join(root, "/sys/class/input/event*"))
	slices.Sort(dirs)
	var out []keyboard
	for _, d := range dirs {
		says := func(file string) string {
			text, _ := os.ReadFile(filepath.Join(d, "device", file)) // many say nothing
			return strings.TrimSpace(string(text))
		}
		words := strings.Fields(says("capabilities/key"))
		if len(words) == 0 {
			continue
		}
		// Keys 2 to 11 are the digits, 28 is Enter; the last word has the first keys.
		const wanted = 0x3ff<<2 | 1<<28
		if keys, err := strconv.ParseUint(words[len(words)-1], 16, 64); err != nil || keys&wanted != wanted {
			continue
		}
		out = append(out, keyboard{place: "/dev/input/" + filepath.Base(d), usb: says("id/vendor") + ":" + says("id/product"), serial: says("uniq"),
			title: titled(filepath.Base(d), says("name"))})
	}
	return out
}

// FindKeyboards lists what types on this machine, scanners and keyboards alike,
// by names that stay the same. root stands for / in tests; "" is the machine.
func FindKeyboards(root string) ([]Found, error) {
	var out []Found
	for _, k := range keyboards(root) {
		place := k.place
		for _, dir := range []string{"by-path", "by-id"} {
			names, _ := filepath.Glob(filepath.Join(root, "/dev/input", dir, "*"))
			for _, n := range names {
				if to, err := filepath.EvalSymlinks(n); err == nil && filepath.Base(to) == filepath.Base(k.place) {
					place = filepath.Join("/dev/input", dir, filepath.Base(n))
				}
			}
		}
		out = append(out, Found{Address: Address{Scheme: Evdev, Place: place}, Title: k.title})
	}
	return out, nil
}

// inputMatch is what a udev rule knows an input device by: what it says of
// itself, or for one that says nothing its name now.
func inputMatch(root, name string) string {
	for _, k := range keyboards(root) {
		if vendor, product, ok := strings.Cut(k.usb, ":"); ok && vendor != "" && product != "" && filepath.Base(k.place) == name {
			return fmt.Sprintf(`ATTRS{idVendor}=="%s", ATTRS{idProduct}=="%s"`, vendor, product)
		}
	}
	return `KERNEL=="` + name + `"`
}

// Write is refused: nothing is said to a scanner that types.
func (l *evdevLink) Write(context.Context, []byte) error {
	return device.Fault(device.Illegal, "an input device takes no bytes")
}

// Read waits for characters.
func (l *evdevLink) Read(ctx context.Context, p []byte) (int, error) {
	for len(l.typed) == 0 {
		n, err := l.events(ctx, l.buf[:])
		if err != nil {
			return 0, err
		}
		l.typed = l.keys.take(l.typed, l.buf[:n])
	}
	n := copy(p, l.typed)
	l.typed = l.typed[n:]
	return n, nil
}

// events waits for events of the kernel.
func (l *evdevLink) events(ctx context.Context, p []byte) (int, error) {
	past := time.Unix(1, 0)
	for {
		deadline, _ := ctx.Deadline() // the zero time is none
		_ = l.f.SetReadDeadline(deadline)
		stop := context.AfterFunc(ctx, func() { _ = l.f.SetReadDeadline(past) })
		n, err := l.f.Read(p)
		stop()
		switch {
		case n > 0:
			return n, nil
		case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil && (deadline.IsZero() || time.Now().Before(deadline)):
			// The end of an earlier reading came late.
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, ErrTimeout
		case err == nil:
			return 0, errors.Join(ErrGone, io.EOF)
		default:
			return 0, errors.Join(ErrGone, err)
		}
	}
}

// Close gives the keys back to the window.
func (l *evdevLink) Close() error {
	defer l.release()
	return l.f.Close()
}
