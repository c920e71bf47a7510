//go:build e2e

package main_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// A screen is the virtual screen, typed at and looked at without a program in
// between.
type screen struct {
	b    *testing.B
	conn *xgb.Conn
	root xproto.Window
}

func openScreen(b *testing.B) *screen {
	b.Helper()
	conn, err := xgb.NewConn()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		b.Fatal(err)
	}
	return &screen{b: b, conn: conn, root: xproto.Setup(conn).DefaultScreen(conn).Root}
}

// Key codes of the X server's usual keyboard.
const keyReturn, keyBackspace = 36, 22

func keyOf(digit rune) byte {
	if digit == '0' {
		return 19
	}
	return byte(9 + digit - '0')
}

func (s *screen) press(key byte) {
	for _, kind := range []byte{xproto.KeyPress, xproto.KeyRelease} {
		if err := xtest.FakeInputChecked(s.conn, kind, key, 0, s.root, 0, 0, 0).Check(); err != nil {
			s.b.Fatal(err)
		}
	}
}

// a place of the window at 1366x768.
type place struct{ x, y, w, h int }

var (
	totalPlace = place{960, 490, 380, 90}
	stripPlace = place{70, 155, 330, 45}
)

func (s *screen) look(p place) uint64 {
	img, err := xproto.GetImage(s.conn, xproto.ImageFormatZPixmap, xproto.Drawable(s.root), int16(p.x), int16(p.y), uint16(p.w), uint16(p.h), 0xffffffff).Reply()
	if err != nil {
		s.b.Fatal(err)
	}
	h := fnv.New64a()
	h.Write(img.Data)
	return h.Sum64()
}

// after does something and returns how long a place took to change.
func (s *screen) after(p place, act func()) time.Duration {
	before := s.look(p)
	act()
	began := time.Now()
	for s.look(p) == before {
		if time.Since(began) > patience {
			s.b.Fatal("the screen did not change")
		}
	}
	return time.Since(began)
}

// settle waits until a place stays as it is.
func (s *screen) settle(p place) {
	for last := s.look(p); ; {
		time.Sleep(150 * time.Millisecond)
		now := s.look(p)
		if now == last {
			return
		}
		last = now
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func quantile(d []time.Duration, q float64) time.Duration {
	slices.Sort(d)
	return d[int(float64(len(d)-1)*q)]
}

// From a scan's Enter to the changed total on the screen, with an empty cart
// and with a thousand lines in it, and as a ratio to a typed digit, which the
// same software renderer draws in one frame.
func BenchmarkWindowScan(b *testing.B) {
	for _, lines := range []int{1, 1000} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			r := openRealTill(b, func(ctx context.Context, reg *till.Register) error { return fill(ctx, reg, lines) })
			s := openScreen(b)
			r.click(694, 154) // who is on the shift stands first
			r.keys(cashierPIN)
			r.sees("the cart", func(x *till.Sale) bool { return x.Live() == lines })
			time.Sleep(2 * time.Second)
			var scans, digits []time.Duration
			for range 60 {
				s.settle(stripPlace)
				digits = append(digits, s.after(stripPlace, func() { s.press(keyOf('7')) }))
				s.settle(stripPlace)
				s.press(keyBackspace)
				s.settle(stripPlace)
				for _, ch := range "6901234500059" {
					s.press(keyOf(ch))
					time.Sleep(time.Millisecond)
				}
				scans = append(scans, s.after(totalPlace, func() { s.press(keyReturn) }))
				s.settle(totalPlace)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms(quantile(scans, 0.5)), "scan-p50-ms")
			b.ReportMetric(ms(quantile(scans, 0.9)), "scan-p90-ms")
			b.ReportMetric(ms(quantile(digits, 0.5)), "digit-p50-ms")
			b.ReportMetric(ms(quantile(scans, 0.5))/ms(quantile(digits, 0.5)), "scan/digit")
		})
	}
}

// fill opens a shift and puts lines into the cart.
func fill(ctx context.Context, reg *till.Register, lines int) error {
	at := time.Now()
	act := func(c till.Command) error {
		return reg.Act(ctx, till.Act{Command: c, At: at, Replayed: true})
	}
	err := act(till.OpenShift{Float: 20000, Operator: "1002"})
	for i := 0; i < lines && err == nil; i++ {
		err = act(till.AddTyped{Name: fmt.Sprintf("商品 %d", i+1), Price: money.UnitPrice(10000 + i), Qty: money.One, Tax: "food"})
	}
	return err
}

// What the till costs while nobody touches it, against an empty window of the
// toolkit in the same run.
func BenchmarkWindowIdle(b *testing.B) {
	empty := filepath.Join(b.TempDir(), "empty")
	build := exec.Command("../../scripts/go", "build", "-tags", "x11 gles", "-o", empty, "./testdata/emptywindow")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	e := exec.Command(empty)
	if err := e.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Process.Kill(); _ = e.Wait() })
	r := openRealTill(b)
	r.click(694, 250)
	r.keys(cashierPIN)
	time.Sleep(3 * time.Second)
	cpu0, _ := used(b, e.Process.Pid)
	cpu1, _ := used(b, r.cmd.Process.Pid)
	const rest = 20 * time.Second
	time.Sleep(rest)
	cpu2, rss0 := used(b, e.Process.Pid)
	cpu3, rss1 := used(b, r.cmd.Process.Pid)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(cpu3-cpu1)/rest.Seconds(), "till-cpu-%")
	b.ReportMetric(float64(cpu2-cpu0)/rest.Seconds(), "empty-cpu-%")
	b.ReportMetric(float64(cpu3-cpu1)/float64(max(cpu2-cpu0, 1)), "cpu-ratio")
	b.ReportMetric(float64(rss1)/1024, "till-MB")
	b.ReportMetric(float64(rss1)/float64(rss0), "memory-ratio")
}

// used reads a process's processor time in hundredths of a second and its
// resident memory in KiB.
func used(b *testing.B, pid int) (ticks, rss int) {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			rss, _ = strconv.Atoi(strings.Fields(v)[0])
		}
	}
	return user + system, rss
}

// From the start of the program to a window that takes keys, on the large shop
// that BENCH_SHOP names, or on a small one.
func BenchmarkWindowStart(b *testing.B) {
	var took []time.Duration
	dir := os.Getenv("BENCH_SHOP")
	if dir == "" {
		r := openRealTill(b)
		r.end()
		dir = r.dir
	}
	for range 5 {
		before := started(b, dir)
		cmd := exec.Command(filepath.Join("..", "..", "build", "guitai"), "--data", dir)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for {
			out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Guitai").Output()
			if len(out) > 0 && started(b, dir) > before {
				break
			}
			if time.Since(began) > patience {
				b.Fatal("it did not start")
			}
		}
		took = append(took, time.Since(began))
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(quantile(took, 0.5).Seconds(), "start-s")
}

// started is the number of the latest start in the journal.
func started(b *testing.B, dir string) int64 {
	b.Helper()
	l, err := ledger.Open(b.Context(), dir, ledger.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	last, err := l.Latest(b.Context(), 0, 3)
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range last {
		if _, ok := d.Record.(*till.Started); ok {
			return d.Seq
		}
	}
	return 0
}
