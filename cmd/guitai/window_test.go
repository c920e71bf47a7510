//go:build e2e

package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// patience is how long the window may take to do something on a busy machine.
const patience = 30 * time.Second

const (
	ownerPIN   = "qinghe-2026"
	cashierPIN = "482915"
)

// A realTill is the built program in a window of the virtual screen, with a
// printer on a socket, worked with keys and clicks.
type realTill struct {
	testing.TB
	dir   string
	paper *socketPrinter
	cmd   *exec.Cmd
	log   bytes.Buffer
	shots int
	args  []string // of the program, besides its data
}

// socketPrinter keeps what a network printer would print.
type socketPrinter struct {
	net.Listener
	mu sync.Mutex
	b  bytes.Buffer
}

func newSocketPrinter(t testing.TB) *socketPrinter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &socketPrinter{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(p, c)
			}()
		}
	}()
	return p
}

func (p *socketPrinter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

// slips are the slips printed so far, each the text up to a cut, in UTF-8.
func (p *socketPrinter) slips() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, part := range bytes.Split(p.b.Bytes(), []byte{0x1d, 'V'}) {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(part)
		if err != nil {
			text = part
		}
		out = append(out, string(text))
	}
	return out[:len(out)-1]
}

func (p *socketPrinter) pulses() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Count(p.b.Bytes(), []byte{0x1b, 'p'})
}

// openRealTill founds a shop with an owner and a cashier, goods, a payment
// code and a printer, lets a register do further acts, and starts the program
// on it.
func openRealTill(t testing.TB, acts ...func(context.Context, *till.Register) error) *realTill {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Fatal("there is no display: run it as make test-window does")
	}
	r := &realTill{TB: t, dir: t.TempDir(), paper: newSocketPrinter(t)}
	s := till.DefaultSettings()
	for k, v := range map[string]string{"shop.name": "青禾便利店", "taxes": "standard=13%:inclusive food=9%:inclusive"} {
		if err := s.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	if _, err := command.FoundShop(ctx, r.dir, s, "陈宁", ownerPIN); err != nil {
		t.Fatal(err)
	}
	r.prepare(ctx, acts)
	if err := command.WriteDevices(r.dir, command.Devices{Printers: []command.Device{{Name: "printer", Address: "tcp://" + r.paper.Addr().String(), Profile: "generic-80"}}}); err != nil {
		t.Fatal(err)
	}
	r.start()
	return r
}

// staticCode is a printed UnionPay code of an invented shop.
const staticCode = "000201010211153131040156000000000000000000123455204541153031565802CN5910GUITAI TEA6006XIAMEN63048448"

func (r *realTill) prepare(ctx context.Context, acts []func(context.Context, *till.Register) error) {
	l, err := ledger.Open(ctx, r.dir, ledger.Options{})
	if err != nil {
		r.Fatal(err)
	}
	defer l.Close()
	for i, it := range []till.Item{
		{Code: "1004", Name: "鲜牛奶 1L", NameEN: "Fresh milk 1 L", Price: 159000, Unit: "盒", Tax: "food", Category: "饮料", Barcodes: []string{"6901234500042"}},
		{Code: "1001", Name: "全麦吐司 400g", NameEN: "Wholemeal toast", Price: 125000, Unit: "袋", Tax: "food", Category: "早餐", Barcodes: []string{"6901234500011"}},
		{Code: "1005", Name: "无糖绿茶 500ml", NameEN: "Green tea", Price: 50000, Unit: "瓶", Tax: "standard", Category: "饮料", Barcodes: []string{"6901234500059"}},
		{Code: "20001", Name: "香蕉", NameEN: "Bananas", Price: 68000, Unit: "kg", Weighed: true, Tax: "food", Category: "生鲜"},
	} {
		saved, err := l.SaveItem(ctx, it, "1001")
		if err == nil {
			err = l.SetFavourite(ctx, saved.ID, i+1)
		}
		if err != nil {
			r.Fatal(err)
		}
	}
	if err := l.SaveOperator(ctx, till.Operator{Code: "1002", Name: "林晓", Role: till.Cashier, Active: true}, cashierPIN, "1001"); err != nil {
		r.Fatal(err)
	}
	methods, err := json.Marshal([]map[string]any{{"scheme": "unionpay", "name": "云闪付", "payee": "青禾便利店", "fields": map[string]string{"code": staticCode}}})
	if err != nil {
		r.Fatal(err)
	}
	reg := till.NewRegister(l, l, l, till.Options{NewID: ledger.NewID})
	ctx, stop := context.WithCancel(ctx)
	if err := reg.Open(ctx); err != nil {
		r.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { reg.Run(ctx); close(ended) }()
	err = reg.Act(ctx, till.Act{Command: till.SetSetting{Settings: []till.Setting{{Key: "qr_methods", Value: string(methods)}}}, Replayed: true})
	for _, act := range acts {
		if err == nil {
			err = act(ctx, reg)
		}
	}
	stop()
	<-ended
	if err != nil {
		r.Fatal(err)
	}
}

func (r *realTill) start() {
	r.Helper()
	r.launch()
	r.until("the ledger at work", func() bool { _, err := os.Stat(filepath.Join(r.dir, "ledger.db-wal")); return err == nil })
	time.Sleep(2 * time.Second)
}

// launch starts the program and gives its window the keyboard.
func (r *realTill) launch() {
	r.Helper()
	r.cmd = exec.Command(filepath.Join("..", "..", "build", "guitai"), append([]string{"--data", r.dir}, r.args...)...)
	r.cmd.Stdout, r.cmd.Stderr = &r.log, &r.log
	if err := r.cmd.Start(); err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { r.end() })
	r.until("the window", func() bool { return r.do("xdotool", "search", "--onlyvisible", "--name", "^Guitai") != "" })
	r.do("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Guitai", "windowfocus")
}

func (r *realTill) end() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Signal(os.Interrupt)
	done := make(chan error, 1)
	go func() { done <- r.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = r.cmd.Process.Kill()
		<-done
	}
	r.cmd = nil
	logs, _ := os.ReadFile(filepath.Join(r.dir, "logs", "guitai.log"))
	if bytes.Contains(logs, []byte("Error in Fyne call thread")) || strings.Contains(r.log.String(), "Error in Fyne call thread") {
		r.Errorf("the window was changed from a foreign thread:\n%s%s", logs, &r.log)
	}
}

func (r *realTill) do(name string, args ...string) string {
	r.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil && name != "xdotool" { // xdotool fails where it finds no window yet
		r.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// scan types a code and Enter as fast as a scanner does.
func (r *realTill) scan(code string) {
	r.Helper()
	time.Sleep(400 * time.Millisecond)
	r.do("xdotool", "type", "--delay", "1", code)
	r.do("xdotool", "key", "Return")
}

// keys presses keys one after the other, as a person does: characters by
// themselves, others by their X name in angle brackets.
func (r *realTill) keys(text string) {
	r.Helper()
	for text != "" {
		time.Sleep(350 * time.Millisecond)
		if rest, ok := strings.CutPrefix(text, "<"); ok {
			name, after, _ := strings.Cut(rest, ">")
			r.do("xdotool", "key", name)
			text = after
			continue
		}
		_, size := firstRune(text)
		r.do("xdotool", "type", text[:size])
		text = text[size:]
	}
}

func firstRune(s string) (rune, int) {
	for i, ch := range s {
		if i > 0 {
			return ch, i
		}
	}
	return 0, len(s)
}

// click presses the left button at a place of the window.
func (r *realTill) click(x, y int) {
	r.Helper()
	time.Sleep(350 * time.Millisecond)
	r.do("xdotool", "mousemove", fmt.Sprint(x), fmt.Sprint(y), "click", "1")
}

// shot takes a picture of the screen and returns its file.
func (r *realTill) shot(name string) string {
	r.Helper()
	time.Sleep(700 * time.Millisecond)
	dir := os.Getenv("SHOTS_DIR")
	if dir == "" {
		dir = r.TempDir()
	}
	r.shots++
	file := filepath.Join(dir, fmt.Sprintf("window-%02d-%s.png", r.shots, name))
	r.do("import", "-window", "root", file)
	return file
}

// state reads the ledger beside the running till.
func (r *realTill) state() till.State {
	r.Helper()
	l, err := ledger.Open(r.Context(), r.dir, ledger.Options{ReadOnly: true})
	if err != nil {
		r.Fatal(err)
	}
	defer l.Close()
	st, err := l.Recover(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return st
}

func (r *realTill) until(what string, ok func() bool) {
	r.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.Fatalf("waited %s for %s; see %s\n%s", patience, what, r.shot("stuck"), &r.log)
		}
	}
}

// sees waits until the basket is as wanted.
func (r *realTill) sees(what string, ok func(*till.Sale) bool) {
	r.Helper()
	r.until(what, func() bool { s := r.state().Current; return s != nil && ok(s) })
}

// sold waits until a receipt number is given.
func (r *realTill) sold(no int) {
	r.Helper()
	r.until(fmt.Sprintf("receipt %06d", no), func() bool { return r.state().Receipt == no })
}

// run runs a subcommand of the built program.
func (r *realTill) run(args ...string) string {
	r.Helper()
	out, err := exec.Command(filepath.Join("..", "..", "build", "guitai"), append([]string{"--data", r.dir, "--lang", "en"}, args...)...).Output()
	if err != nil {
		r.Fatalf("guitai %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func total(a money.Amount) func(*till.Sale) bool {
	return func(s *till.Sale) bool { return s.Total() == a }
}
