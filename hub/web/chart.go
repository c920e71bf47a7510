package web

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/skip2/go-qrcode"
)

// A bar is one place of a chart: a value, and one to hold it against.
type bar struct {
	Label  string
	A, B   int64
	Second bool
}

// chart draws bars as SVG, once for a phone and once for a wide window; the
// style sheet shows one of them. Nothing in it moves or needs a script.
func chart(title string, rows []bar, amount func(int64) string) template.HTML {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	drawBars(&b, "chart narrow", title, rows, amount, 340, 190)
	drawBars(&b, "chart wide", title, rows, amount, 640, 230)
	return template.HTML(b.String())
}

func drawBars(b *strings.Builder, class, title string, rows []bar, amount func(int64) string, width, height int) {
	esc := template.HTMLEscapeString
	const top, bottom = 30, 24
	var most int64 = 1
	peak := 0
	for i, r := range rows {
		most = max(most, r.A, r.B)
		if r.A > rows[peak].A {
			peak = i
		}
	}
	space := float64(height - top - bottom)
	y := func(n int64) float64 { return float64(top) + space - space*float64(max(n, 0))/float64(most) }
	fmt.Fprintf(b, `<svg class="%s" viewBox="0 0 %d %d" role="img" aria-label="%s">`, class, width, height, esc(title))
	for i := range 4 {
		at := float64(top) + space*float64(i)/3
		fmt.Fprintf(b, `<line class="grid" x1="0" x2="%d" y1="%.1f" y2="%.1f"/>`, width, at, at)
	}
	step := float64(width) / float64(len(rows))
	thick := min(step*0.66, 44)
	every := 1
	for float64(every)*step < 34 {
		every++
	}
	for i, r := range rows {
		mid := step*float64(i) + step/2
		fill := "bar"
		if i == peak && r.A > 0 {
			fill = "bar peak"
		}
		fmt.Fprintf(b, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="3"><title>%s: %s</title></rect>`, fill, mid-thick/2, y(r.A), thick,
			float64(height-bottom)-y(r.A), esc(r.Label), esc(amount(r.A)))
		if r.Second && r.B > 0 {
			fmt.Fprintf(b, `<rect class="tick" x="%.1f" y="%.1f" width="%.1f" height="3"><title>%s</title></rect>`, mid-thick/2-1, y(r.B)-1.5, thick+2, esc(amount(r.B)))
		}
		if i%every == 0 {
			fmt.Fprintf(b, `<text class="axis" x="%.1f" y="%d" text-anchor="middle">%s</text>`, mid, height-6, esc(r.Label))
		}
	}
	if rows[peak].A > 0 {
		mid := step*float64(peak) + step/2
		anchor, x := "middle", mid
		if mid < 50 {
			anchor, x = "start", 0
		} else if mid > float64(width)-50 {
			anchor, x = "end", float64(width)
		}
		above := min(y(rows[peak].A), y(rows[peak].B))
		fmt.Fprintf(b, `<text class="top" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, above-7, anchor, esc(amount(rows[peak].A)))
	}
	b.WriteString(`</svg>`)
}

// meter draws a share of a hundred, or of a thousand, as a line that is filled.
func meter(part, of int64, class string) template.HTML {
	w := 0.0
	if of > 0 {
		w = 100 * float64(min(max(part, 0), of)) / float64(of)
	}
	return template.HTML(fmt.Sprintf(`<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="meter-all" width="100" height="8"/><rect class="%s" width="%.1f" height="8"/></svg>`,
		template.HTMLEscapeString(class), w))
}

// qr draws a QR code as SVG with the four modules of quiet zone that ISO/IEC
// 18004 asks for.
func qr(text string) (template.HTML, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", err
	}
	bits := code.Bitmap() // with its quiet zone
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="QR"><rect class="qr-light" width="100%%" height="100%%"/><path class="qr-dark" d="`, len(bits), len(bits))
	for y, row := range bits {
		for x, on := range row {
			if on {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
