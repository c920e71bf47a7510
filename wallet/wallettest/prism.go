//go:build judges

package wallettest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Prism is Stoplight's Prism before a platform: it judges what passes it by an
// OpenAPI document. A request that breaks it is answered 422, an answer that
// does, 500.
type Prism struct {
	URL string

	mu    sync.Mutex
	words []string
}

// NewPrism runs Prism before an upstream. scripts/judges.sh installs it.
func NewPrism(t *testing.T, document, upstream string) *Prism {
	t.Helper()
	addr := FreeAddress(t)
	host, port, _ := net.SplitHostPort(addr)
	cmd := exec.CommandContext(t.Context(), "node", Judges("node_modules/@stoplight/prism-cli/dist/index.js"),
		"proxy", "--errors", "-h", host, "-p", port, "-v", "warn", document, upstream)
	cmd.Stderr = os.Stderr
	Listen(t, cmd, addr)
	return &Prism{URL: "http://" + addr}
}

// Judges returns the path of a file of wallet/judges, or of a package installed
// beside it.
func Judges(name string) string { return filepath.Join(os.Getenv("JUDGES_DIR"), name) }

// FreeAddress returns an address of this machine that nobody listens on.
func FreeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Listen starts a program that ends with the test, and waits until it listens.
func Listen(t *testing.T, cmd *exec.Cmd, addr string) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s (scripts/judges.sh installs it): %v", cmd.Path, err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	for range 600 {
		if c, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			c.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s does not listen", cmd.Path)
}

// ServeHTTP hands a call to Prism and keeps what it says where it refuses.
func (p *Prism) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, err := url.Parse(p.URL)
	if err != nil {
		panic(err) // made by NewPrism
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = p.hear
	proxy.ServeHTTP(w, r)
}

func (p *Prism) hear(resp *http.Response) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if strings.Contains(string(body), "stoplight.io/prism/errors") {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.words = append(p.words, fmt.Sprintf("%s %s: %.1500s", resp.Request.Method, resp.Request.URL.Path, body))
	}
	return nil
}

// Words returns what Prism said to the calls it refused.
func (p *Prism) Words() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.words...)
}
