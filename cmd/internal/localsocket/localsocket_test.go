package localsocket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func echo(_ context.Context, c Call, stdout, stderr io.Writer) int {
	fmt.Fprintf(stdout, "%s %s", c.Do, c.Body)
	fmt.Fprint(stderr, c.Lang)
	return 3
}

func opened(t *testing.T, dir string, serve Serve) *Socket {
	t.Helper()
	s, err := Open(dir, serve)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestACallIsAnswered(t *testing.T) {
	for _, dir := range []string{shortDir(t), filepath.Join(t.TempDir(), strings.Repeat("很长的名字", 8))} {
		if _, err := Ask(t.Context(), dir, Call{}, io.Discard, io.Discard); !errors.Is(err, ErrNoTill) {
			t.Errorf("with no till: %v", err)
		}
		s := opened(t, dir, echo)
		var out, errs bytes.Buffer
		exit, err := Ask(t.Context(), dir, Call{Do: "check", Lang: "zh-Hans", Body: json.RawMessage(`{"n":1}`)}, &out, &errs)
		if exit != 3 || err != nil || out.String() != `check {"n":1}` || errs.String() != "zh-Hans" {
			t.Errorf("exit %d, %v, %q, %q", exit, err, &out, &errs)
		}
		if _, err := Open(dir, echo); err == nil {
			t.Error("two tills answer for one folder")
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := Ask(t.Context(), dir, Call{}, io.Discard, io.Discard); !errors.Is(err, ErrNoTill) {
			t.Errorf("after the end: %v", err)
		}
	}
}

// shortDir is a folder whose name leaves room for a socket's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Only the owner may reach the till; who has no token is told nothing, and what
// is no call does no harm.
func TestOthersAreNotAnswered(t *testing.T) {
	dir := shortDir(t)
	called := make(chan struct{}, 10)
	opened(t, dir, func(context.Context, Call, io.Writer, io.Writer) int { called <- struct{}{}; return 0 })
	if runtime.GOOS != "windows" {
		for name, want := range map[string]os.FileMode{"run": 0o700 | os.ModeDir, "run/till.json": 0o600, "run/till.sock": 0o600 | os.ModeSocket} {
			st, err := os.Stat(filepath.Join(dir, name))
			if err != nil || st.Mode() != want {
				t.Errorf("%s has %v, %v; want %v", name, st.Mode(), err, want)
			}
		}
	}
	for _, line := range []string{"", "\n", "{}\n", `{"token":"","do":"check"}` + "\n", `{"token":"` + strings.Repeat("0", 48) + `"}` + "\n", "GET / HTTP/1.1\r\n\r\n", "[1,2\n", strings.Repeat("x", 100000) + "\n"} {
		c, _, err := dial(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, line)
		if u, ok := c.(*net.UnixConn); ok {
			_ = u.CloseWrite()
		}
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if b, _ := io.ReadAll(c); len(b) > 0 {
			t.Errorf("%.40q is told %q", line, b)
		}
		c.Close()
	}
	if len(called) > 0 {
		t.Error("who has no token was served")
	}
	if _, err := Ask(t.Context(), dir, Call{}, io.Discard, io.Discard); err != nil || len(called) != 1 {
		t.Errorf("afterwards: %v, %d calls", err, len(called))
	}
}

// Who goes away ends what the till does for them; a till that ends breaks off.
func TestEitherEndGoesAway(t *testing.T) {
	dir := shortDir(t)
	began, ended := make(chan struct{}, 2), make(chan struct{}, 2)
	s := opened(t, dir, func(ctx context.Context, _ Call, stdout, _ io.Writer) int {
		fmt.Fprint(stdout, "begun")
		began <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{}
		return 0
	})
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-began; stop() }()
	if _, err := Ask(ctx, dir, Call{}, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away gets %v", err)
	}
	<-ended
	go func() { <-began; s.Close() }()
	if _, err := Ask(t.Context(), dir, Call{}, io.Discard, io.Discard); err == nil || errors.Is(err, ErrNoTill) {
		t.Errorf("a till that ended: %v", err)
	}
}

// A till that was killed leaves its socket behind; the next one takes its place.
func TestATillThatWasKilled(t *testing.T) {
	dir := shortDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"till.sock": "", "till.json": `{"network":"unix","address":"` + filepath.Join(dir, "run", "till.sock") + `","token":"x"}`} {
		if err := os.WriteFile(filepath.Join(dir, "run", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened(t, dir, echo)
	if exit, err := Ask(t.Context(), dir, Call{}, io.Discard, io.Discard); exit != 3 || err != nil {
		t.Errorf("exit %d, %v", exit, err)
	}
}
