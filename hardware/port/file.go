package port

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"guitai/hardware/device"
)

// fileLink appends to a file. Nothing ever comes back from it.
type fileLink struct{ f *os.File }

func openFile(a Address) (Link, error) {
	f, err := os.OpenFile(a.Place, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		reason := device.Failure
		if errors.Is(err, fs.ErrNotExist) {
			reason = device.NoHardware
		}
		return nil, &device.Error{Reason: reason, Err: err}
	}
	return &fileLink{f}, nil
}

// Write leaves a write that the system does not finish behind: a printer's own
// device file, such as /dev/usb/lp0, takes nothing while there is no paper.
func (l *fileLink) Write(ctx context.Context, p []byte) error {
	if ctx.Err() != nil {
		return ErrTimeout
	}
	wrote := make(chan error, 1)
	go func() {
		_, err := l.f.Write(p)
		wrote <- err
	}()
	select {
	case err := <-wrote:
		return err
	case <-ctx.Done():
		return ErrTimeout
	}
}

func (l *fileLink) Read(ctx context.Context, _ []byte) (int, error) {
	<-ctx.Done()
	return 0, ErrTimeout
}

func (l *fileLink) Close() error { return l.f.Close() }
