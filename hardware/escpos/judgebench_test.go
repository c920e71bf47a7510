//go:build judges

package escpos_test

import (
	"encoding/json"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"guitai/hardware/escpos"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

// peer is how another encoder did: bytes, and microseconds of processor time.
type peer struct {
	Bytes int
	US    float64
}

// workLine is a laid-out line as the other encoders get it.
type workLine struct {
	Text  string `json:"text"`
	Align string `json:"align,omitempty"`
	Bold  bool   `json:"bold,omitempty"`
	Wide  int    `json:"wide"`
	High  int    `json:"high"`
	Rule  bool   `json:"rule,omitempty"`
}

// work is bench.mjs's WORK.json.
type work struct {
	Lines []workLine `json:"lines"`
	QR    string     `json:"qr"`
	Logo  grey       `json:"logo"`
	Photo grey       `json:"photo"`
}

type grey struct {
	Width int    `json:"width"`
	Grey  []byte `json:"grey"`
}

// peers measures the others once for all benchmarks.
var peers = sync.OnceValues(func() (map[string]peer, error) {
	w := work{Logo: grey{240, measuredLogo().Pix}, Photo: grey{576, measuredPhoto().Pix}}
	for _, r := range receipt.Layout(measured(true), 48) {
		switch b := r.Block.(type) {
		case nil:
			l := workLine{Text: r.Text, Bold: r.Bold, Wide: 1, High: 1, Align: map[receipt.Align]string{receipt.Center: "center", receipt.Right: "right"}[r.Align]}
			l.Rule = len(r.Text) > 0 && r.Text[0] == '-' && len(r.Text) == 48
			switch r.Size {
			case receipt.Normal:
			case receipt.Tall:
				l.High = 2
			case receipt.Double:
				l.Wide, l.High = 2, 2
			}
			w.Lines = append(w.Lines, l)
		case receipt.QR:
			w.QR = b.Payload
		}
	}
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "work.json")
	b, err := json.Marshal(w)
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		return nil, err
	}
	var out map[string]peer
	return out, runNode(&out, "bench.mjs", file)
})

// processor is the time that this process has had of all processors.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median is the processor time of f in microseconds, measured as bench.mjs
// measures the others: the median of 15 batches after a warm-up.
func median(b *testing.B, f func() int) float64 {
	begun, n := processor(b), 0
	for ; processor(b)-begun < 300*time.Millisecond; n += 10 {
		for range 10 {
			f()
		}
	}
	batch := max(n/6, 1)
	var took []time.Duration
	for range 15 {
		begun = processor(b)
		for range batch {
			f()
		}
		took = append(took, processor(b)-begun)
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Nanoseconds()) / 1000 / float64(batch)
}

// beside measures f and reports it beside the others' times, which must be so
// many times longer. It returns the bytes that f made.
func beside(b *testing.B, part string, times float64, names []string, f func() int) {
	theirs, err := peers()
	if err != nil {
		b.Fatal(err)
	}
	n := f()
	for b.Loop() {
		f()
	}
	us := median(b, f)
	b.ReportMetric(us, "cpu-us/op")
	b.ReportMetric(float64(n), "bytes")
	for _, name := range names {
		p := theirs[name+" "+part]
		b.ReportMetric(p.US/us, name+"-times")
		b.ReportMetric(float64(p.Bytes), name+"-bytes")
		if p.US < times*us {
			b.Errorf("%s: %.1f us, %s takes %.1f: less than %.0f times as long", part, us, name, p.US, times)
		}
		if part != "photo" && n > p.Bytes {
			b.Errorf("%s: %d bytes, %s makes %d", part, n, name, p.Bytes)
		}
	}
}

// One receipt, encoded here and by both others in the same run: text alone, and
// with logo, QR code and the drawer's pulse. The logo is cached, as at a till.
func BenchmarkJudgeReceipt(b *testing.B) {
	p, _ := printer.ProfileByID("generic-80")
	both := []string{"receipt-printer-encoder", "receiptline"}
	for _, part := range []string{"text", "full"} {
		b.Run(part, func(b *testing.B) {
			e := printer.NewEncoder(escpos.Language{}, p, nil)
			doc := measured(part == "full")
			pulse := 0
			if part == "full" {
				pulse = len(escpos.Language{}.Pulse(&p))
			}
			beside(b, part, 10, both, func() int {
				out, err := e.Encode(doc)
				if err != nil {
					b.Fatal(err)
				}
				return len(out) + pulse
			})
		})
	}
}

// A grey picture as wide as the paper, to dots by Floyd and Steinberg.
func BenchmarkJudgeDither(b *testing.B) {
	photo := image.NewNRGBA(image.Rect(0, 0, 576, 576)) // with colours and alpha, as the others get it
	draw.Draw(photo, photo.Rect, measuredPhoto(), image.Point{}, draw.Src)
	p, _ := printer.ProfileByID("generic-80")
	beside(b, "photo", 4, []string{"receipt-printer-encoder"}, func() int {
		return len(escpos.Language{}.Raster(nil, raster.Dither(photo, 576), &p))
	})
}
