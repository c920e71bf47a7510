package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/paper"
	"guitai/hardware/printer"
	"guitai/till/receipt"
)

const (
	payload = "https://example.com/r/20260618-000128?k=9f2c71aa"
	back    = "GT1000128" // by which a return finds the receipt
)

func press(t testing.TB) *paper.Press {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "..", "assets", "fonts", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p, err := paper.New(paper.Fonts{Regular: read("NotoSansSC-Regular.ttf"), Bold: read("NotoSansSC-Bold.ttf")})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func profile(t testing.TB, id string) printer.Profile {
	t.Helper()
	p, ok := printer.ProfileByID(id)
	if !ok {
		t.Fatalf("no profile %s", id)
	}
	return p
}

// slip has everything that a slip can have.
func slip() receipt.Document {
	logo := image.NewGray(image.Rect(0, 0, 200, 40))
	for i := range logo.Pix {
		logo.Pix[i] = uint8(i % 200)
	}
	big := func(size receipt.Size) receipt.Columns {
		c := receipt.Pair("合计 TOTAL", "￥86.40")
		c.Bold, c.Size = true, size
		return c
	}
	item := func(name, qty, price, amount string) receipt.Columns {
		return receipt.Columns{Cells: []receipt.Cell{
			{Text: name, Weight: 24}, {Text: qty, Weight: 6, Align: receipt.Right},
			{Text: price, Weight: 8, Align: receipt.Right}, {Text: amount, Weight: 10, Align: receipt.Right},
		}}
	}
	return receipt.Document{Lang: "zh-Hans", Blocks: []receipt.Block{
		receipt.Logo{Name: "grey", Image: logo},
		receipt.Title{Text: "青禾便利店"},
		receipt.Copy{N: 2},
		receipt.Rule{Heavy: true},
		receipt.Pair("销售小票", "#000128"),
		item("鲜牛奶 1L", "2", "15.90", "31.80"),
		item("全麦吐司面包", "1", "12.50", "12.50"),
		item("till Milk William", "1", "11.11", "11.11"),
		receipt.Line{Text: "3 × 2 · “香蕉” 𠮷 😀", Indent: 2},
		receipt.Rule{},
		big(receipt.Double), big(receipt.Tall),
		receipt.Pair("现金 Cash", "1,234,567.89"),
		receipt.Line{Text: "靠右 right", Align: receipt.Right},
		receipt.Feed{Lines: 1},
		receipt.QR{Payload: payload, Caption: "扫码领电子小票"},
		receipt.Barcode{Kind: receipt.Code128, Data: back},
		receipt.Line{Text: "谢谢惠顾", Align: receipt.Center},
		receipt.Cut{},
	}}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

// codes reads the codes in a picture by a reader that is not ours.
func codes(t *testing.T, file string) []string {
	t.Helper()
	got := strings.Split(strings.TrimSpace(run(t, "zbarimg", "-q", "--nodbus", file)), "\n")
	slices.Sort(got)
	return got
}

var wantCodes = []string{"CODE-128:" + back, "QR-Code:" + payload}

func TestThePictureHasTheCodesAndThePapersSize(t *testing.T) {
	p := press(t)
	for _, row := range []struct {
		profile string
		width   int // 58 and 80 mm at 8 dots a millimetre, 80 mm at 180 dots an inch
	}{{"generic-58", 464}, {"generic-80", 640}, {"generic-80-raster", 640}, {"epson-180dpi-80", 568}} {
		var b bytes.Buffer
		if err := p.PNG(&b, slip(), profile(t, row.profile)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "slip.png")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := codes(t, file); !slices.Equal(got, wantCodes) {
			t.Errorf("%s: codes %q", row.profile, got)
		}
		m, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Dx() != row.width || m.Bounds().Dy() < 700 {
			t.Errorf("%s: %v", row.profile, m.Bounds())
		}
		if pal, ok := m.(*image.Paletted); !ok || len(pal.Palette) != 2 {
			t.Errorf("%s: the picture is a %T, not of two colours", row.profile, m)
		}
	}
}

// The picture is what a printer without a Chinese font gets, dot for dot.
func TestThePictureIsWhatAPrinterGets(t *testing.T) {
	pr := profile(t, "generic-80-raster")
	doc := receipt.Document{Blocks: []receipt.Block{
		receipt.Title{Text: "青禾便利店"}, receipt.Pair("鲜牛奶 1L", "31.80"), receipt.Line{Text: "右", Align: receipt.Right, Bold: true},
	}}
	m, err := press(t).Image(doc, pr)
	if err != nil {
		t.Fatal(err)
	}
	font, err := os.ReadFile("../../assets/fonts/NotoSansSC-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	bytesOf := printerDots(t, doc, pr, font)
	const left, top = 32, 24
	for y, row := range bytesOf {
		for x := range pr.Dots {
			printed := x/8 < len(row) && row[x/8]&(0x80>>(x%8)) != 0
			drawn := color.GrayModel.Convert(m.At(left+x, top+y)).(color.Gray).Y == 0
			if printed != drawn {
				t.Fatalf("dot %d, %d: printed %t, drawn %t", x, y, printed, drawn)
			}
		}
	}
}

func TestThePDFHasTheCodesAndTheTextAndThePapersSize(t *testing.T) {
	p := press(t)
	for _, row := range []struct {
		profile string
		mm      float64
	}{{"generic-58", 58}, {"generic-80", 80}} {
		file := filepath.Join(t.TempDir(), "slip.pdf")
		var b bytes.Buffer
		if err := p.PDF(&b, slip(), profile(t, row.profile)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		size := regexp.MustCompile(`Page size:\s+([\d.]+) x ([\d.]+) pts`).FindStringSubmatch(run(t, "pdfinfo", file))
		if size == nil {
			t.Fatal("no page size")
		}
		w, _ := strconv.ParseFloat(size[1], 64)
		if math.Abs(w-row.mm*72/25.4) > 0.5 {
			t.Errorf("%s: %s pt wide, want %.0f mm", row.profile, size[1], row.mm)
		}
		text := run(t, "pdftotext", "-layout", file, "-")
		for _, want := range []string{
			"青禾便利店", "补打 COPY 2", "销售小票", "#000128", "鲜牛奶 1L", "15.90", "31.80", "12.50", "11.11", "till Milk", "William",
			"合计 TOTAL", "￥86.40", "1,234,567.89", "right", "扫码领电子小票", back, "谢谢惠顾",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", row.profile, want, text)
			}
		}
		if n := strings.Count(text, "￥86.40"); n != 2 {
			t.Errorf("%s: the total is there %d times, want 2", row.profile, n)
		}
		run(t, "pdftoppm", "-r", "203", "-png", "-singlefile", file, strings.TrimSuffix(file, ".pdf"))
		picture := strings.TrimSuffix(file, ".pdf") + ".png"
		if got := codes(t, picture); !slices.Equal(got, wantCodes) {
			t.Errorf("%s: codes %q", row.profile, got)
		}
		likePrinted(t, p, picture, profile(t, row.profile))
	}
}

// likePrinted compares the ink of a page with the printer's picture, in squares
// of 5 mm: nothing is missing, nothing is elsewhere.
func likePrinted(t *testing.T, p *paper.Press, file string, pr printer.Profile) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.Image(slip(), pr)
	if err != nil {
		t.Fatal(err)
	}
	const side = 40
	ink := func(m image.Image, x, y int) float64 {
		b, sum := m.Bounds(), 0.0
		for dy := range side {
			for dx := range side {
				if (image.Point{x + dx, y + dy}).In(b) {
					sum += 1 - float64(color.GrayModel.Convert(m.At(x+dx, y+dy)).(color.Gray).Y)/255
				}
			}
		}
		return sum / side / side
	}
	for y := 0; y < want.Bounds().Dy(); y += side {
		for x := 0; x < want.Bounds().Dx(); x += side {
			if a, b := ink(want, x, y), ink(page, x, y); a > 0.08 && b < 0.02 || b > 0.08 && a < 0.02 {
				t.Errorf("%s at %d, %d: %.2f of the paper is black on paper, %.2f in the pdf", pr.ID, x, y, a, b)
			}
		}
	}
}

func TestTheSameSlipIsTheSamePDF(t *testing.T) {
	p := press(t)
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := p.PDF(w, slip(), profile(t, "generic-80")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two PDFs of one slip differ")
	}
}

func TestWhatAPrinterRefusesIsRefused(t *testing.T) {
	p := press(t)
	for _, doc := range []receipt.Document{
		{Blocks: []receipt.Block{receipt.QR{}}},
		{Blocks: []receipt.Block{receipt.Barcode{Data: strings.Repeat("8A", 24)}}}, // fits no paper of 58 mm
	} {
		if _, err := p.Image(doc, profile(t, "generic-58")); device.ReasonOf(err) != device.Unrender {
			t.Errorf("picture: %v", err)
		}
		if err := p.PDF(&bytes.Buffer{}, doc, profile(t, "generic-58")); device.ReasonOf(err) != device.Unrender {
			t.Errorf("pdf: %v", err)
		}
	}
	if _, err := paper.New(paper.Fonts{}); err == nil {
		t.Error("no font was taken")
	}
}

func BenchmarkImage(b *testing.B) {
	p, pr, doc := press(b), profile(b, "generic-80"), slip()
	for b.Loop() {
		if _, err := p.Image(doc, pr); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	p, pr, doc := press(b), profile(b, "generic-80"), slip()
	for b.Loop() {
		if err := p.PDF(&bytes.Buffer{}, doc, pr); err != nil {
			b.Fatal(err)
		}
	}
}
