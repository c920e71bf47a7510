//go:build unix

package hubtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// A Cluster is a PostgreSQL server of a test's own: its data in a temporary
// folder, on a free port of this machine alone.
type Cluster struct {
	bin, dir string
	port     int
	as       *syscall.Credential // PostgreSQL refuses to run as root
	made     atomic.Int64
}

// NewCluster makes a cluster and starts it; the test's end stops and removes it.
// Durability is as in a shop: nothing is switched off.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := newCluster()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.remove)
	return c
}

var shared struct {
	once sync.Once
	c    *Cluster
	err  error
}

// Postgres is the DSN of an empty database in the cluster that the tests of a
// package share. The package's TestMain calls Main, which removes it.
func Postgres(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.c, shared.err = newCluster() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.c.Database(t)
}

// Main runs a package's tests and removes the cluster that they shared.
func Main(m *testing.M) {
	code := m.Run()
	if shared.c != nil {
		shared.c.remove()
	}
	os.Exit(code)
}

func newCluster() (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, port: port}
	if c.dir, err = os.MkdirTemp("", "hubpg"); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		if c.as, err = credential(); err != nil {
			return nil, err
		}
		if err := os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return nil, err
		}
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-instructions"); err != nil {
		c.remove()
		return nil, err
	}
	if err := c.start(); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) remove() {
	c.command("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop").Run() // it may be stopped already
	os.RemoveAll(c.dir)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed; scripts/bootstrap.sh test installs it")
	}
	return filepath.Dir(slices.Max(found)), nil
}

func credential() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (c *Cluster) run(name string, args ...string) error {
	if out, err := c.command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

// Start starts the server, after Stop or Kill, and waits until it answers.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	if err := c.start(); err != nil {
		t.Fatal(err)
	}
}

func (c *Cluster) start() error {
	log := filepath.Join(c.dir, "log")
	options := fmt.Sprintf("-p %d -k %s -c listen_addresses=127.0.0.1 -c max_connections=100", c.port, c.dir)
	var err error
	// After a kill the last of the old processes may hold its shared memory for a
	// moment, and PostgreSQL rightly refuses to start beside it.
	for range 40 {
		if err = c.run("pg_ctl", "-D", c.data(), "-l", log, "-o", options, "-w", "-t", "60", "start"); err == nil {
			return nil
		}
		time.Sleep(250 * time.Millisecond)
	}
	said, _ := os.ReadFile(log)
	return fmt.Errorf("%w\n%s", err, said[max(0, len(said)-2000):])
}

// Stop stops the server: "fast" in order, "immediate" as a crash would.
func (c *Cluster) Stop(t testing.TB, mode string) {
	t.Helper()
	if err := c.run("pg_ctl", "-D", c.data(), "-m", mode, "-w", "stop"); err != nil {
		t.Fatal(err)
	}
}

// Kill kills every process of the server, as a power cut would end them.
func (c *Cluster) Kill(t testing.TB) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(raw), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	syscall.Kill(pid, syscall.SIGKILL)
	for _, f := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(f); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	for range 500 {
		if syscall.Kill(pid, 0) != nil || zombie(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("PostgreSQL would not die")
}

func zombie(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, after, _ := strings.Cut(string(raw), ") ")
	return strings.HasPrefix(after, "Z")
}

// Database makes an empty database and answers with its DSN.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("hub%d", c.made.Add(1))
	db, err := sql.Open("pgx", c.dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.dsn(name)
}

func (c *Cluster) dsn(name string) string {
	return fmt.Sprintf("postgres://hub@127.0.0.1:%d/%s?sslmode=disable", c.port, name)
}

// Port is the port that the server listens on.
func (c *Cluster) Port() int { return c.port }
