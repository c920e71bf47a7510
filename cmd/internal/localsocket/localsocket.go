// Package localsocket lets commands of the same user on the same PC ask a till
// that runs to do what only it can: it owns the ports of its devices.
//
//	s, err := localsocket.Open(dir, serve) // the till, for its data folder
//	exit, err := localsocket.Ask(ctx, dir, localsocket.Call{Do: "check"}, stdout, stderr)
//
// It is a Unix socket in the data folder, in a folder of its own that only the
// owner may enter; on Windows a port of the loopback. Either way a call begins
// with a token from a file that only the owner may read.
package localsocket

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

const (
	folder     = "run"
	doorFile   = "till.json"
	socketFile = "till.sock"
	pathMax    = 100 // a Unix socket's name has 104 bytes on some systems
	callMax    = 1 << 20
	callWithin = 5 * time.Second // for a call to be told
	dialWithin = time.Second
	callsMax   = 16 // at a time
)

// ErrNoTill says that no till runs on the data folder, or none that can be asked.
var ErrNoTill = errors.New("no till is running here")

// A Call is what is asked for. Body is of the command's own.
type Call struct {
	Do   string          `json:"do"`
	Lang string          `json:"lang"`
	Body json.RawMessage `json:"body,omitempty"`
}

// A Serve does a call: it writes what belongs on standard output and on standard
// error, and returns the exit code. ctx ends when the caller goes away.
type Serve func(ctx context.Context, c Call, stdout, stderr io.Writer) (exit int)

// door is the file that says where a till can be asked.
type door struct {
	Network string `json:"network"`
	Address string `json:"address"`
	Token   string `json:"token"`
}

// hail is the first line of a connection.
type hail struct {
	Token string `json:"token"`
	Call
}

// frame is a line of an answer: something for standard output, for standard
// error, or the exit code, which ends it.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// A Socket answers calls until it is closed.
type Socket struct {
	listener net.Listener
	token    string
	serve    Serve
	path     string // of the door
	made     string // a folder that was made for the socket; "" for none
	ctx      context.Context
	stop     context.CancelFunc
	ended    sync.WaitGroup
	room     chan struct{}
}

// Open answers calls for the till of a data folder. It fails where another till
// answers there.
func Open(dir string, serve Serve) (*Socket, error) {
	run := filepath.Join(dir, folder)
	if err := os.MkdirAll(run, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the socket: %w", err)
	}
	if err := os.Chmod(run, 0o700); err != nil {
		return nil, fmt.Errorf("close the folder of the socket: %w", err)
	}
	s := &Socket{serve: serve, path: filepath.Join(run, doorFile), room: make(chan struct{}, callsMax)}
	if c, _, err := dial(context.Background(), dir); err == nil {
		c.Close()
		return nil, errors.New("another till answers for this data folder")
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	s.token = hex.EncodeToString(secret)
	d := door{Token: s.token}
	if err := s.listen(run, &d); err != nil {
		return nil, err
	}
	if err := s.write(d); err != nil {
		s.listener.Close()
		return nil, err
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.ended.Go(s.accept)
	return s, nil
}

func (s *Socket) listen(run string, d *door) (err error) {
	d.Network, d.Address = "tcp", "127.0.0.1:0"
	if runtime.GOOS != "windows" {
		d.Network, d.Address = "unix", filepath.Join(run, socketFile)
		if len(d.Address) > pathMax {
			if s.made, err = os.MkdirTemp("", "guitai-"); err != nil { // 0700
				return fmt.Errorf("make the folder of the socket: %w", err)
			}
			d.Address = filepath.Join(s.made, socketFile)
		}
		_ = os.Remove(d.Address) // of a till that was killed; nobody answered there
	}
	if s.listener, err = net.Listen(d.Network, d.Address); err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	if d.Network == "tcp" {
		d.Address = s.listener.Addr().String()
		return nil
	}
	return os.Chmod(d.Address, 0o600)
}

// write puts the door where callers look; the file is never there in part.
func (s *Socket) write(d door) error {
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".till-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", s.path, err)
	}
	_, err = f.Write(b)
	if shut := f.Close(); err == nil {
		err = shut
	}
	if err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", s.path, err)
	}
	return nil
}

// Close ends the calls under way, and answers no more.
func (s *Socket) Close() error {
	s.stop()
	err := s.listener.Close()
	s.ended.Wait()
	os.Remove(s.path)
	if s.made != "" {
		os.RemoveAll(s.made)
	}
	return err
}

func (s *Socket) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			if s.ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(50 * time.Millisecond) // too many files are open, perhaps
			continue
		}
		select {
		case s.room <- struct{}{}:
			s.ended.Go(func() {
				s.answer(c)
				<-s.room
			})
		default:
			c.Close()
		}
	}
}

// answer does one call. Who does not know the token learns nothing.
func (s *Socket) answer(c net.Conn) {
	defer c.Close()
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	_ = c.SetDeadline(time.Now().Add(callWithin))
	in := bufio.NewReader(io.LimitReader(c, callMax))
	line, err := in.ReadBytes('\n')
	var h hail
	if err != nil || json.Unmarshal(line, &h) != nil || subtle.ConstantTimeCompare([]byte(h.Token), []byte(s.token)) != 1 {
		return
	}
	_ = c.SetDeadline(time.Time{})
	go func() { // nothing more is said: what comes now is the end
		_, _ = io.Copy(io.Discard, c)
		stop()
	}()
	out := &frames{w: c}
	exit := s.serve(ctx, h.Call, frameWriter{out, false}, frameWriter{out, true})
	if s.ctx.Err() == nil { // an act that the end of the till broke off has no outcome
		_ = out.write(frame{Exit: &exit})
	}
}

// frames writes an answer line by line, from any goroutine.
type frames struct {
	mu sync.Mutex
	w  net.Conn
}

func (f *frames) write(x frame) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_ = f.w.SetWriteDeadline(time.Now().Add(callWithin))
	_, err = f.w.Write(append(b, '\n'))
	return err
}

type frameWriter struct {
	f   *frames
	err bool
}

func (w frameWriter) Write(p []byte) (int, error) {
	x := frame{Out: p}
	if w.err {
		x = frame{Err: p}
	}
	if err := w.f.write(x); err != nil {
		return 0, err
	}
	return len(p), nil
}

// dial reaches the till of a data folder.
func dial(ctx context.Context, dir string) (net.Conn, door, error) {
	var d door
	b, err := os.ReadFile(filepath.Join(dir, folder, doorFile))
	if err == nil {
		err = json.Unmarshal(b, &d)
	}
	if err == nil && d.Network != "unix" && d.Network != "tcp" {
		err = fmt.Errorf("a network %q", d.Network)
	}
	if err != nil {
		return nil, d, fmt.Errorf("%w: %w", ErrNoTill, err)
	}
	c, err := (&net.Dialer{Timeout: dialWithin}).DialContext(ctx, d.Network, d.Address)
	if err != nil {
		return nil, d, fmt.Errorf("%w: %w", ErrNoTill, err)
	}
	return c, d, nil
}

// Ask lets the till of a data folder do a call, and passes on what it writes. It
// fails with ErrNoTill where none runs; any other error means that nobody knows
// how far the till came.
func Ask(ctx context.Context, dir string, call Call, stdout, stderr io.Writer) (exit int, err error) {
	c, d, err := dial(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	b, err := json.Marshal(hail{d.Token, call})
	if err == nil {
		_, err = c.Write(append(b, '\n'))
	}
	if err != nil {
		return 0, fmt.Errorf("ask the till: %w", err)
	}
	in := json.NewDecoder(c)
	for {
		var x frame
		if err := in.Decode(&x); err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return 0, fmt.Errorf("the till broke off: %w", err)
		}
		switch {
		case x.Exit != nil:
			return *x.Exit, nil
		case x.Out != nil:
			_, err = stdout.Write(x.Out)
		case x.Err != nil:
			_, err = stderr.Write(x.Err)
		}
		if err != nil {
			return 0, err
		}
	}
}
