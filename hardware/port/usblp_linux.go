package port

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"guitai/hardware/device"
)

// Calls and bits of the kernel (drivers/usb/class/usblp.c,
// include/uapi/linux/lp.h).
const (
	lpGetStatus   = 0x060b     // LPGETSTATUS
	lpGetDeviceID = 0x84005001 // LPIOC_GET_DEVICE_ID of 1024 bytes
	deviceIDSize  = 1024

	lpPaperOut = 0x20 // LP_POUTPA
	lpSelected = 0x10 // LP_PSELECD
	lpNoError  = 0x08 // LP_PERRORP: set while there is none
	lpBits     = lpPaperOut | lpSelected | lpNoError
)

const (
	// presence is how often a silent printer is looked at, to see it unplugged.
	presence = 500 * time.Millisecond
	// zeroPause is how long to leave a printer that answers with nothing: some do
	// so without end.
	zeroPause = 50 * time.Millisecond
)

// A printerFile makes the calls on a printer's device file that are not read and
// write, apart so that a test can stand in for the kernel.
type printerFile interface {
	status(fd int) (int, error)
	deviceID(fd int) ([]byte, error)
}

type kernel struct{}

func (kernel) status(fd int) (int, error) { return unix.IoctlGetInt(fd, lpGetStatus) }

func (kernel) deviceID(fd int) ([]byte, error) {
	b := make([]byte, deviceIDSize)
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), lpGetDeviceID, uintptr(unsafe.Pointer(&b[0])))
	if errno != 0 {
		return nil, errno
	}
	return b, nil
}

// usblpLink is a USB printer by the kernel's usblp driver. The descriptor does
// not block: a printer without paper would keep a blocking write, and with it the
// printer, for as long as it likes, and a close could not end it.
type usblpLink struct {
	f       *os.File
	calls   printerFile
	path    string
	release func()
	quit    chan struct{}
	closer  sync.Once
}

func openUSBLP(ctx context.Context, a Address) (Link, error) {
	return openPrinterFile(ctx, a, kernel{})
}

func openPrinterFile(ctx context.Context, a Address, calls printerFile) (Link, error) {
	path, err := locate(rootOf(ctx), USBLP, a.Place)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	release, err := claim(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err == nil && f.SetReadDeadline(time.Time{}) != nil {
		err = errors.Join(device.Fault(device.Illegal, "open %s: it is no printer's device file", a), f.Close())
		release()
		return nil, err
	}
	if err != nil {
		release()
		return nil, fault(a, path, err)
	}
	return &usblpLink{f: f, calls: calls, path: path, release: release, quit: make(chan struct{})}, nil
}

// Write returns once the printer has taken all of p: the driver takes the last
// block before that, and would throw it away if it were closed.
func (l *usblpLink) Write(ctx context.Context, p []byte) error {
	defer untilDone(ctx, l.f.SetWriteDeadline)()
	if _, err := l.f.Write(p); err != nil {
		return fileError(err)
	}
	raw, err := l.f.SyscallConn()
	if err != nil {
		return errors.Join(ErrGone, err)
	}
	var inner error
	err = raw.Write(func(fd uintptr) bool {
		var ready bool
		ready, inner = takes(fd)
		return ready || inner != nil
	})
	return fileError(errors.Join(err, inner))
}

// takes says whether a printer has taken all that was written to it. The error
// says that it was unplugged.
func takes(fd uintptr) (bool, error) {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	switch _, err := unix.Poll(p, 0); {
	case errors.Is(err, unix.EINTR):
		return false, nil
	case err != nil:
		return false, err
	case p[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0:
		return false, unix.ENODEV
	}
	return p[0].Revents&unix.POLLOUT != 0, nil
}

// Read waits for what the printer says. One without a way back says nothing.
func (l *usblpLink) Read(ctx context.Context, p []byte) (int, error) {
	for {
		look, cancel := context.WithTimeout(ctx, presence)
		n, err := l.readOnce(look, p)
		cancel()
		switch {
		case n > 0:
			return n, nil
		case ctx.Err() != nil:
			return 0, ErrTimeout
		case errors.Is(err, os.ErrDeadlineExceeded): // still there: the kernel would have said so
		case err == nil, errors.Is(err, io.EOF), errors.Is(err, unix.EINVAL):
			oneWay := errors.Is(err, unix.EINVAL)
			if l.isGone(oneWay) {
				return 0, ErrGone
			}
			wait := zeroPause
			if oneWay {
				wait = presence
			}
			if err := l.pause(ctx, wait); err != nil {
				return 0, err
			}
		default:
			return 0, fileError(err)
		}
	}
}

func (l *usblpLink) readOnce(ctx context.Context, p []byte) (int, error) {
	defer untilDone(ctx, l.f.SetReadDeadline)()
	return l.f.Read(p)
}

func (l *usblpLink) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ErrTimeout
	case <-l.quit:
		return ErrGone
	}
}

// isGone says that a printer which says nothing was unplugged. Of one without a
// way back only a question about its status tells that for sure; one that has it
// is not troubled with questions.
func (l *usblpLink) isGone(oneWay bool) bool {
	raw, err := l.f.SyscallConn()
	if err != nil {
		return true
	}
	var inner error
	err = raw.Control(func(fd uintptr) {
		if _, inner = takes(fd); inner == nil && oneWay {
			_, inner = l.calls.status(int(fd))
		}
	})
	return err != nil || errors.Is(inner, unix.ENODEV)
}

func fileError(err error) error {
	if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EIO) || errors.Is(err, os.ErrClosed) {
		return errors.Join(ErrGone, err)
	}
	return netError(err)
}

// Close lets go of the printer; what it has not taken is thrown away by the
// driver.
func (l *usblpLink) Close() error {
	var err error
	l.closer.Do(func() {
		close(l.quit)
		err = l.f.Close()
		l.release()
	})
	return err
}

func (l *usblpLink) callStatus() (n int, err error) {
	raw, err := l.f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var inner error
	err = raw.Control(func(fd uintptr) { n, inner = l.calls.status(int(fd)) })
	return n, errors.Join(err, inner)
}

// sane are the device files of printers whose status was seen to say that all is
// well. Many printers have a status that means nothing, and keep to it.
var sane = struct {
	sync.Mutex
	paths map[string]bool
}{paths: map[string]bool{}}

// state is the printer's status in the bits of a parallel port, which is all
// that its class has (USB Device Class Definition for Printing Devices 1.1,
// section 4.2.2). That it has no paper is believed; that it is off or broken
// only of a printer which has said that it is not.
func (l *usblpLink) state(context.Context) (State, error) {
	bits, err := l.callStatus()
	if err != nil {
		if errors.Is(err, unix.ENODEV) || errors.Is(err, os.ErrClosed) {
			return State{}, device.Fault(device.Lost, "ask for the status: %w", err)
		}
		return State{}, nil // it has none
	}
	sane.Lock()
	defer sane.Unlock()
	switch {
	case bits&lpBits == lpSelected|lpNoError:
		sane.paths[l.path] = true
	case bits&lpPaperOut != 0 && bits&0xff != 0xff:
		return State{device.PaperEnd, true}, nil
	case !sane.paths[l.path]:
	case bits&lpSelected == 0:
		return State{device.Offline, true}, nil
	case bits&lpNoError == 0:
		return State{device.Failure, true}, nil
	}
	return State{}, nil
}

// askDeviceID asks a printer for its device id, where nobody else has it. The
// first two bytes are the length, themselves included.
func askDeviceID(path string, calls printerFile) string {
	release, err := claim(path)
	if err != nil {
		return ""
	}
	defer release()
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	b, err := calls.deviceID(fd)
	if err != nil || len(b) < 2 {
		return ""
	}
	n := int(binary.BigEndian.Uint16(b))
	return string(b[2:max(2, min(n, len(b)))])
}
