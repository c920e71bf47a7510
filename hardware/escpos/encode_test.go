package escpos_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guitai/hardware/device"
	"guitai/hardware/escpos"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till/receipt"
)

func profile(t testing.TB, id string) printer.Profile {
	t.Helper()
	p, ok := printer.ProfileByID(id)
	if !ok {
		t.Fatalf("no profile %s", id)
	}
	return p
}

func face(t testing.TB) *raster.Face {
	t.Helper()
	b, err := os.ReadFile("../../assets/fonts/NotoSansSC-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := raster.NewFace(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// slip is a receipt with every kind of block.
func slip() receipt.Document {
	logo := image.NewGray(image.Rect(0, 0, 64, 16))
	for i := range logo.Pix {
		logo.Pix[i] = uint8(i * 7)
	}
	item := func(name, qty, price, amount string) receipt.Columns {
		return receipt.Columns{Cells: []receipt.Cell{
			{Text: name, Weight: 24}, {Text: qty, Weight: 6, Align: receipt.Right},
			{Text: price, Weight: 8, Align: receipt.Right}, {Text: amount, Weight: 10, Align: receipt.Right},
		}}
	}
	total := receipt.Pair("合计", "¥86.40")
	total.Bold, total.Size = true, receipt.Double
	return receipt.Document{Lang: "zh-Hans", Blocks: []receipt.Block{
		receipt.Logo{Name: "sprout", Image: logo},
		receipt.Title{Text: "青禾便利店"},
		receipt.Copy{N: 1},
		receipt.Rule{Heavy: true},
		receipt.Pair("销售小票 RECEIPT", "#000128"),
		item("鲜牛奶 1L", "2", "15.90", "31.80"),
		item("全麦吐司面包（无糖）", "1", "12.50", "12.50"),
		receipt.Line{Text: "𠮷野 rare name", Indent: 2},
		receipt.Rule{},
		total,
		receipt.Pair("微信支付", "36.40"),
		receipt.Feed{Lines: 2},
		receipt.QR{Payload: "https://example.com/r/1", Caption: "扫码领电子小票"},
		receipt.Barcode{Data: "GT1000128"},
		receipt.Line{Text: "“谢谢惠顾”", Align: receipt.Center},
		receipt.Cut{},
	}}
}

func encode(t testing.TB, p printer.Profile, doc receipt.Document) []byte {
	t.Helper()
	b, err := printer.NewEncoder(escpos.Language{}, p, face(t)).Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBytesReadAsExpected(t *testing.T) {
	for _, id := range []string{"generic-58", "generic-80", "epson-cn-80"} {
		got := listing(t, encode(t, profile(t, id), slip()))
		file := filepath.Join("testdata", id+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s\nwant\n%s", file, got, want)
		}
	}
}

// The bytes on which two encoders that are not ours agree.
func TestKnownAnswers(t *testing.T) {
	p := profile(t, "generic-80")
	dots := image.NewGray(image.Rect(0, 0, 16, 8))
	for i := range dots.Pix {
		dots.Pix[i] = 0xff
	}
	dots.SetGray(0, 0, color.Gray{})
	dots.SetGray(15, 7, color.Gray{})
	for _, row := range []struct {
		what string
		b    receipt.Block
		want string // somewhere in the slip, in hexadecimal
	}{
		{"QR, model 2, cell 8, level M", receipt.QR{Payload: "https://example.com/r/1"},
			"1d286b0400314132001d286b03003143081d286b03003145311d286b1a0031503068747470733a2f2f6578616d706c652e636f6d2f722f311d286b0300315130"},
		{"raster of 16 x 8", receipt.Logo{Image: dots}, "1d76300002000800" + "8000000000000000" + "0000000000000001"},
		{"EAN-13", receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567892"}, "1d6b023639303132333435363738393200"},
		{"Code 128, set B", receipt.Barcode{Data: "12345"}, "1d6b49077b423132333435"},
		{"Code 128, a brace is written twice", receipt.Barcode{Data: "a{b"}, "1d6b49067b42617b7b62"},
	} {
		if got := hex.EncodeToString(encode(t, p, receipt.Document{Blocks: []receipt.Block{row.b}})); !strings.Contains(got, row.want) {
			t.Errorf("%s: %s\nlacks %s", row.what, got, row.want)
		}
	}
	for _, row := range []struct {
		what string
		got  []byte
		want string
	}{
		{"drawer at pin 2, 100 and 500 ms", escpos.Language{}.Pulse(&p), "1b700032fa"},
		{"drawer at pin 5", escpos.Language{}.Pulse(&printer.Profile{DrawerPin: 5, DrawerOnMS: 200, DrawerOffMS: 200}), "1b70016464"},
		{"drawer behind a board", escpos.Language{}.Pulse(&printer.Profile{DrawerPin: 2, DrawerOnMS: 100, DrawerOffMS: 500, DrawerSelect: true}), "1b3d011b700032fa"},
		{"drawer without waiting", escpos.Language{}.RealtimePulse(&p), "1014010001"},
		{"GS r 1", escpos.Language{}.Barrier(nil, "gs_r", 128), "1d7201"},
		{"GS ( H", escpos.Language{}.Barrier(nil, "gs_h", 20128), "1d28480600303030313238"},
		{"no barrier", escpos.Language{}.Barrier(nil, "none", 1), ""},
	} {
		if got := hex.EncodeToString(row.got); got != row.want {
			t.Errorf("%s: %s, want %s", row.what, got, row.want)
		}
	}
}

// realtime finds what a printer would obey in the middle of anything: DLE EOT,
// DLE ENQ, DLE DC4, the last of which opens the drawer.
func realtime(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i-1] == 0x10 && (b[i] == 0x04 || b[i] == 0x05 || b[i] == 0x14) {
			return i - 1
		}
	}
	return -1
}

func TestAPictureCannotOpenTheDrawer(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	seen := 0
	for _, id := range []string{"generic-80", "epson-cn-80", "generic-58-raster"} {
		p := profile(t, id)
		for n := range 6 {
			m := image.NewGray(image.Rect(0, 0, p.Dots, 400))
			for i := range m.Pix {
				m.Pix[i] = uint8(rnd.IntN(256))
			}
			if n < 2 { // bytes that a printer looks for, in a row, across rows and across strips
				evil := []byte{0x10, 0x14, 0x10, 0x04, 0x10, 0x05, 0x10}
				for i := range m.Pix {
					at := i/8 + n
					if evil[at%len(evil)]&(0x80>>(i%8)) != 0 {
						m.Pix[i] = 0
					} else {
						m.Pix[i] = 0xff
					}
				}
			}
			if realtime(raster.Dither(m, p.Dots).Bits) >= 0 {
				seen++
			}
			b := encode(t, p, receipt.Document{Blocks: []receipt.Block{receipt.Logo{Image: m}, receipt.Line{Text: "谢谢"}}})
			if at := realtime(b); at >= 0 {
				t.Errorf("%s: picture %d has % x at byte %d", id, n, b[at:at+2], at)
			}
			off, on := bytes.Index(b, []byte{0x1d, '(', 'D', 3, 0, 20, 1, 0}), bytes.Index(b, []byte{0x1d, '(', 'D', 3, 0, 20, 1, 1})
			if first := bytes.Index(b, []byte{0x1d, 'v'}); p.NoRealtime && (off < 0 || off > first || on < first) || !p.NoRealtime && off >= 0 {
				t.Errorf("%s: real-time commands off at %d, pictures at %d, on at %d", id, off, first, on)
			}
		}
	}
	if seen == 0 {
		t.Error("no picture had anything to guard against")
	}
}

// The guard changes at most one dot where it must, and no other.
func TestTheGuardAddsOneDot(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 16, 1))
	for x := range 16 {
		m.Pix[x] = 0xff
		if 0x1014&(0x8000>>x) != 0 {
			m.Pix[x] = 0
		}
	}
	b := encode(t, profile(t, "generic-80"), receipt.Document{Blocks: []receipt.Block{receipt.Logo{Image: m}}})
	_, data, _ := bytes.Cut(b, []byte{0x1d, 'v', '0', 0, 2, 0, 1, 0})
	if !bytes.HasPrefix(data, []byte{0x10, 0x1c}) {
		t.Errorf("10 14 became % x", data[:2])
	}
}

// random is any slip that can be printed.
func random(t *rapid.T) receipt.Document {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("aM0.,-¥￥×·…—“”€ 青禾便利店，（）\x10\x04\x14\t𠮷😀é")), 0, 40, -1)
	size := rapid.SampledFrom([]receipt.Size{receipt.Normal, receipt.Tall, receipt.Double})
	align := rapid.SampledFrom([]receipt.Align{receipt.Left, receipt.Center, receipt.Right})
	block := rapid.Custom(func(t *rapid.T) receipt.Block {
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return receipt.Title{Text: text.Draw(t, "title")}
		case 1:
			c := receipt.Pair(text.Draw(t, "left"), text.Draw(t, "right"))
			c.Size, c.Bold = size.Draw(t, "size"), rapid.Bool().Draw(t, "bold")
			return c
		case 2:
			return receipt.QR{Payload: rapid.StringMatching(`[ -~]{1,100}`).Draw(t, "payload"), Caption: text.Draw(t, "caption")}
		case 3:
			return receipt.Barcode{Data: rapid.StringMatching(`[0-9A-Z{}]{1,8}`).Draw(t, "data")}
		case 4:
			return receipt.Feed{Lines: rapid.IntRange(-1, 60).Draw(t, "lines")}
		case 5:
			return receipt.Cut{}
		}
		return receipt.Line{Text: text.Draw(t, "text"), Align: align.Draw(t, "align"), Size: size.Draw(t, "size"),
			Bold: rapid.Bool().Draw(t, "bold"), Indent: rapid.IntRange(0, 9).Draw(t, "indent")}
	})
	return receipt.Document{Blocks: rapid.SliceOfN(block, 0, 12).Draw(t, "blocks")}
}

// Whatever a slip says: it is made of known commands only, no line is longer
// than the paper, none opens the drawer, and pictures fit.
func TestEverySlipIsWellFormed(t *testing.T) {
	f := face(t)
	all := slices.DeleteFunc(printer.Profiles(), func(p printer.Profile) bool { return p.Language != "escpos" })
	rapid.Check(t, func(rt *rapid.T) {
		p := all[rapid.IntRange(0, len(all)-1).Draw(rt, "profile")]
		b, err := printer.NewEncoder(escpos.Language{}, p, f).Encode(random(rt))
		if err != nil {
			rt.Fatal(err)
		}
		if at := realtime(b); at >= 0 {
			rt.Fatalf("% x at byte %d", b[at:at+2], at)
		}
		wide := 1
		for i, o := range ops(t, b) {
			switch {
			case i == 0 && o.name != "ESC @", i == 1 && o.name != "FS &":
				rt.Fatalf("begins with %s", o.name)
			case o.name == "GS ! 17":
				wide = 2
			case o.name == "GS ! 1", o.name == "GS ! 0":
				wide = 1
			case strings.HasPrefix(o.name, "ESC p"), strings.HasPrefix(o.name, "DLE"):
				rt.Fatalf("a slip holds %s", o.name)
			case o.dots != nil && (o.dots.Width > p.Dots || o.dots.Height > 128):
				rt.Fatalf("a picture of %d x %d dots on %d", o.dots.Width, o.dots.Height, p.Dots)
			case o.text != nil:
				line := bytes.TrimSuffix(o.text, []byte("\n"))
				if len(line)*wide > p.Columns {
					rt.Fatalf("%q takes %d of %d columns", chinese(t, line), len(line)*wide, p.Columns)
				}
				if !bytes.HasSuffix(o.text, []byte("\n")) || p.Text != "gbk" {
					rt.Fatalf("text %q where none can be", o.text)
				}
			}
		}
	})
}

// Amounts stand in the last column whatever script stands before them, by the
// widths that the encoding gives.
func TestAmountsEndInTheLastColumn(t *testing.T) {
	for _, id := range []string{"generic-58", "epson-180dpi-80", "generic-80"} {
		p := profile(t, id)
		for _, name := range []string{"milk", "鲜牛奶", "鲜牛奶 1L ×2", "“全麦”·吐司…", "A—B€", "￥"} {
			b := encode(t, p, receipt.Document{Blocks: []receipt.Block{receipt.Pair(name, "¥1,234.50")}})
			lines := 0
			for _, o := range ops(t, b) {
				if o.text == nil {
					continue
				}
				lines++
				line := bytes.TrimSuffix(o.text, []byte("\n"))
				if len(line) != p.Columns || !bytes.HasSuffix(line, []byte("\xa3\xa41,234.50")) {
					t.Errorf("%s: %q ends in column %d of %d", id, chinese(t, line), len(line), p.Columns)
				}
			}
			if lines != 1 {
				t.Errorf("%s: %q took %d lines", id, name, lines)
			}
		}
	}
}

func TestWhatThePrinterHasNoCharacterForIsDrawn(t *testing.T) {
	p := profile(t, "generic-80")
	doc := receipt.Document{Blocks: []receipt.Block{receipt.Line{Text: "林晓"}, receipt.Line{Text: "𠮷田 é"}, receipt.Line{Text: "再见"}}}
	text, pictures := "", 0
	for _, o := range ops(t, encode(t, p, doc)) {
		if o.dots != nil {
			pictures++
			if o.dots.Height != 30 {
				t.Errorf("a line %d dots high", o.dots.Height)
			}
		}
		text += string(o.text)
	}
	if got := chinese(t, []byte(text)); got != "林晓\n再见\n" || pictures != 1 {
		t.Errorf("text %q and %d pictures", got, pictures)
	}
	b, err := printer.NewEncoder(escpos.Language{}, p, nil).Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("\n?\xcc\xef ")) { // 田
		t.Errorf("without a font: %q", b)
	}
	if _, err := printer.NewEncoder(escpos.Language{}, profile(t, "generic-80-raster"), nil).Encode(doc); device.ReasonOf(err) != device.Unrender {
		t.Errorf("a printer of pictures without a font: %v", err)
	}
}

// A code is drawn for a printer that cannot make it, and readers read it.
func TestCodesAreNativeOrDrawn(t *testing.T) {
	const payload, data = "https://example.com/r/20260618-000128?k=9f2c71aa", "GT1000128"
	doc := receipt.Document{Blocks: []receipt.Block{receipt.QR{Payload: payload}, receipt.Feed{Lines: 1}, receipt.Barcode{Data: data}}}
	native := listing(t, encode(t, profile(t, "generic-80"), doc))
	if !strings.Contains(native, fmt.Sprintf("%q", payload)) || !strings.Contains(native, `"{B`+data) || strings.Contains(native, "GS v") {
		t.Errorf("native:\n%s", native)
	}
	for _, id := range []string{"generic-80-raster", "generic-58-raster"} {
		p := profile(t, id)
		var paper []*raster.Bitmap
		height := 40
		for _, o := range ops(t, encode(t, p, doc)) {
			if o.dots != nil {
				paper = append(paper, o.dots)
				height += o.dots.Height + 40
			}
		}
		m := image.NewGray(image.Rect(0, 0, p.Dots+80, height))
		for i := range m.Pix {
			m.Pix[i] = 0xff
		}
		y := 20
		for i, d := range paper {
			d.Draw(m, (m.Rect.Dx()-d.Width)/2, y, color.Gray{})
			y += d.Height
			if i+1 < len(paper) && d.Height < 128 {
				y += 40
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "paper.png")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--nodbus", file).Output()
		got := strings.Split(strings.TrimSpace(string(out)), "\n")
		slices.Sort(got)
		if want := []string{"CODE-128:" + data, "QR-Code:" + payload}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", id, got, err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	p, _ := printer.ProfileByID("generic-80")
	doc := slip()
	doc.Blocks = slices.DeleteFunc(doc.Blocks, func(x receipt.Block) bool { l, ok := x.(receipt.Line); return ok && l.Indent == 2 })
	e := printer.NewEncoder(escpos.Language{}, p, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Encode(doc); err != nil {
			b.Fatal(err)
		}
	}
}
