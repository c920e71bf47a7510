package hubtest

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/wire"
)

const processEnv = "GUITAI_TEST_HUB"

// A Process is a hub in a process of its own, which can be killed.
type Process struct {
	dsn, id string
	key     ed25519.PrivateKey
	cmd     *exec.Cmd
	Addr    string
}

// Serve runs a hub where this process was started to be one, and does not come
// back then. A TestMain calls it first.
func Serve() {
	spec := os.Getenv(processEnv)
	if spec == "" {
		return
	}
	seed, dsn, _ := strings.Cut(spec, " ")
	raw, err := hex.DecodeString(seed)
	if err == nil {
		err = serve(ed25519.NewKeyFromSeed(raw), dsn)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func serve(key ed25519.PrivateKey, dsn string) error {
	ctx := context.Background()
	st, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	id, err := st.Identify(ctx, "00000000-0000-7000-8000-000000000001", wire.KeyText(key.Public().(ed25519.PublicKey)))
	if err != nil {
		return err
	}
	api := server.New(server.Options{Store: st, ID: id, Key: key, Log: slog.New(slog.DiscardHandler), PerAddress: rate.Inf})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return (&http.Server{Handler: api.Handler(), ReadTimeout: 30 * time.Second}).Serve(l)
}

// NewProcess starts a hub in a process of its own on a database.
func NewProcess(t testing.TB, dsn, id string, key ed25519.PrivateKey) *Process {
	t.Helper()
	p := &Process{dsn: dsn, id: id, key: key}
	p.Start(t)
	t.Cleanup(func() { p.cmd.Process.Kill(); p.cmd.Wait() })
	return p
}

// Start starts the process again, at another address.
func (p *Process) Start(t testing.TB) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for try := 0; ; try++ {
		p.cmd = exec.Command(self)
		p.cmd.Env = append(os.Environ(), processEnv+"="+hex.EncodeToString(p.key.Seed())+" "+p.dsn)
		out, err := p.cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err == nil {
			p.Addr = strings.TrimSpace(line)
			return
		}
		p.cmd.Wait()
		if try == 60 {
			t.Fatal("the hub would not start")
		}
		time.Sleep(500 * time.Millisecond) // the database may be starting too
	}
}

// PID is the number of the process that runs now.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill kills the process at whatever it is doing.
func (p *Process) Kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}
