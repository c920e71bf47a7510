package port

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"guitai/hardware/device"
)

// The print spooler (Windows SDK, winspool.h; learn.microsoft.com, "Print
// Spooler API Functions"). Not tried on Windows yet: compiled only.
var (
	winspool        = windows.NewLazySystemDLL("winspool.drv")
	openPrinterW    = winspool.NewProc("OpenPrinterW")
	closePrinter    = winspool.NewProc("ClosePrinter")
	startDocPrinter = winspool.NewProc("StartDocPrinterW")
	startPage       = winspool.NewProc("StartPagePrinter")
	writePrinter    = winspool.NewProc("WritePrinter")
	endPage         = winspool.NewProc("EndPagePrinter")
	endDocPrinter   = winspool.NewProc("EndDocPrinter")
	getJobW         = winspool.NewProc("GetJobW")
	setJobW         = winspool.NewProc("SetJobW")
	enumPrintersW   = winspool.NewProc("EnumPrintersW")
)

const (
	errInvalidDatatype = windows.Errno(1804) // ERROR_INVALID_DATATYPE: a driver of version 4 knows XPS_PASS instead
	errNoPrinter       = windows.Errno(1801) // ERROR_INVALID_PRINTER_NAME

	jobControlDelete = 5 // JOB_CONTROL_DELETE

	enumLocalAndMine = 2 | 4 // PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
)

// Bits of a job's Status (JOB_INFO_1).
const (
	jobPaused   = 0x1
	jobError    = 0x2
	jobOffline  = 0x20
	jobPaperOut = 0x40
	jobPrinted  = 0x80
	jobDeleted  = 0x100
	jobBlocked  = 0x200
	jobPerson   = 0x400 // JOB_STATUS_USER_INTERVENTION
	jobComplete = 0x1000
)

type docInfo1 struct{ name, file, datatype *uint16 }

type jobInfo1 struct {
	id                                              uint32
	printer, machine, user, document, kind, message *uint16
	status, priority, position, total, printed      uint32
	submitted                                       [8]uint16
}

type printerInfo4 struct {
	name, server *uint16
	attributes   uint32
}

// spoolerLink is a printer of Windows, to which bytes go as they are. Each Write
// is a job, and ends when the spooler has handed it over, which is all that it
// tells truly.
type spoolerLink struct {
	printer windows.Handle
	quit    context.Context
	close   context.CancelFunc
	used    sync.WaitGroup

	mu     sync.Mutex
	status uint32 // of the job under way
}

func openSpooler(a Address) (Link, error) {
	name, err := windows.UTF16PtrFromString(a.Place)
	if err != nil {
		return nil, device.Fault(device.Illegal, "open %s: %w", a, err)
	}
	l := &spoolerLink{}
	if err := call(openPrinterW, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&l.printer)), 0); err != nil {
		reason := device.Failure
		switch {
		case errors.Is(err, errNoPrinter):
			reason = device.NoHardware
		case errors.Is(err, windows.ERROR_ACCESS_DENIED):
			reason = device.Denied
		}
		return nil, device.Fault(reason, "open %s: %w", a, err)
	}
	l.quit, l.close = context.WithCancel(context.Background())
	return l, nil
}

// call calls a function that returns zero where it failed.
func call(p *windows.LazyProc, args ...uintptr) error {
	r, _, err := p.Call(args...)
	if r == 0 {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// Write makes a job of p and waits until it has left the queue. A job of which
// that is not known when ctx ends is deleted, so that it cannot come out once the
// till believes it lost.
func (l *spoolerLink) Write(ctx context.Context, p []byte) error {
	if l.quit.Err() != nil {
		return ErrGone
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(l.quit, stop)()
	type made struct {
		job uint32
		err error
	}
	spooled := make(chan made, 1)
	l.used.Add(1)
	go func() {
		defer l.used.Done()
		job, err := l.spool(p)
		if ctx.Err() != nil && job != 0 {
			l.delete(job)
		}
		spooled <- made{job, err}
	}()
	select {
	case <-ctx.Done():
		return ErrTimeout
	case m := <-spooled:
		if m.err != nil {
			return m.err
		}
		return l.follow(ctx, m.job)
	}
}

// spool hands one document to the spooler.
func (l *spoolerLink) spool(p []byte) (job uint32, err error) {
	for _, datatype := range []string{"RAW", "XPS_PASS"} {
		name, _ := windows.UTF16PtrFromString("Guitai")
		kind, _ := windows.UTF16PtrFromString(datatype)
		doc := docInfo1{name: name, datatype: kind}
		r, _, why := startDocPrinter.Call(uintptr(l.printer), 1, uintptr(unsafe.Pointer(&doc)))
		if job = uint32(r); job != 0 {
			err = nil
			break
		}
		err = fmt.Errorf("StartDocPrinter: %w", why)
		if !errors.Is(why, errInvalidDatatype) {
			break
		}
	}
	if err != nil {
		return 0, errors.Join(ErrGone, err)
	}
	err = call(startPage, uintptr(l.printer))
	for err == nil && len(p) > 0 {
		var n uint32
		if err = call(writePrinter, uintptr(l.printer), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), uintptr(unsafe.Pointer(&n))); err == nil && n == 0 {
			err = errors.New("WritePrinter: nothing was taken")
		}
		p = p[n:]
	}
	if err != nil {
		l.delete(job)
		_ = call(endDocPrinter, uintptr(l.printer))
		return job, errors.Join(ErrGone, err)
	}
	if err := errors.Join(call(endPage, uintptr(l.printer)), call(endDocPrinter, uintptr(l.printer))); err != nil {
		return job, errors.Join(ErrGone, err)
	}
	return job, nil
}

// follow waits until a job has left the queue.
func (l *spoolerLink) follow(ctx context.Context, job uint32) error {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		status, there, err := l.job(job)
		l.mu.Lock()
		l.status = status
		l.mu.Unlock()
		switch {
		case err != nil:
			return errors.Join(ErrGone, err)
		case !there, status&(jobPrinted|jobComplete) != 0:
			return nil
		case status&jobDeleted != 0:
			return device.Fault(device.Failure, "job %d was deleted in the queue", job)
		}
		select {
		case <-ctx.Done():
			l.delete(job)
			return ErrTimeout
		case <-look.C:
		}
	}
}

// job returns the status of a job, and whether the queue still has it: Windows
// forgets a job that is done.
func (l *spoolerLink) job(job uint32) (status uint32, there bool, err error) {
	buf := make([]uint64, 512)
	for {
		var need uint32
		err := call(getJobW, uintptr(l.printer), uintptr(job), 1, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)*8), uintptr(unsafe.Pointer(&need)))
		switch {
		case err == nil:
			return (*jobInfo1)(unsafe.Pointer(&buf[0])).status, true, nil
		case errors.Is(err, windows.ERROR_INVALID_PARAMETER):
			return 0, false, nil
		case errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) && int(need) > len(buf)*8:
			buf = make([]uint64, need/8+1)
		default:
			return 0, false, err
		}
	}
}

func (l *spoolerLink) delete(job uint32) {
	_ = call(setJobW, uintptr(l.printer), uintptr(job), 0, 0, jobControlDelete) // what cannot be deleted is asked about
}

// state is what the queue says of the job under way. Of a printer that has none
// it tells nothing that is true.
func (l *spoolerLink) state(context.Context) (State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.status&jobPaperOut != 0:
		return State{Reason: device.PaperEnd}, nil
	case l.status&(jobOffline|jobPaused|jobBlocked|jobPerson) != 0:
		return State{Reason: device.Offline}, nil
	case l.status&jobError != 0:
		return State{Reason: device.Failure}, nil
	}
	return State{}, nil
}

// Read waits for an answer that never comes.
func (l *spoolerLink) Read(ctx context.Context, _ []byte) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ErrTimeout
	case <-l.quit.Done():
		return 0, ErrGone
	}
}

// Close lets go of the printer once the spooler lets it.
func (l *spoolerLink) Close() error {
	if l.quit.Err() != nil {
		return nil
	}
	l.close()
	go func() {
		l.used.Wait()
		_ = call(closePrinter, uintptr(l.printer))
	}()
	return nil
}

// spoolers lists the printers of Windows.
func spoolers() []Found {
	buf := make([]uint64, 1024)
	var need, n uint32
	for {
		err := call(enumPrintersW, enumLocalAndMine, 0, 4, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)*8),
			uintptr(unsafe.Pointer(&need)), uintptr(unsafe.Pointer(&n)))
		if err == nil {
			break
		}
		if !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) || int(need) <= len(buf)*8 {
			return nil
		}
		buf = make([]uint64, need/8+1)
	}
	var out []Found
	for _, p := range unsafe.Slice((*printerInfo4)(unsafe.Pointer(&buf[0])), n) {
		name := windows.UTF16PtrToString(p.name)
		out = append(out, Found{Address: Address{Scheme: Winspool, Place: name}, Title: name, Model: name})
	}
	return out
}
