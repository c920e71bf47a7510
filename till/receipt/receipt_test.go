package receipt_test

import (
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/till/receipt"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the expected papers anew")

func slip() receipt.Document {
	item := func(name, qty, price, amount string) receipt.Columns {
		return receipt.Columns{Cells: []receipt.Cell{
			{Text: name, Weight: 24}, {Text: qty, Weight: 6, Align: receipt.Right},
			{Text: price, Weight: 8, Align: receipt.Right}, {Text: amount, Weight: 10, Align: receipt.Right},
		}}
	}
	total := receipt.Pair("合计 TOTAL", "¥86.40")
	total.Bold, total.Size = true, receipt.Double
	return receipt.Document{Lang: "zh-Hans", Blocks: []receipt.Block{
		receipt.Logo{Name: "sprout", Image: image.NewGray(image.Rect(0, 0, 8, 8))},
		receipt.Title{Text: "青禾便利店"},
		receipt.Line{Text: "示例路 18 号 · 18 Example Road", Align: receipt.Center},
		receipt.Copy{N: 1},
		receipt.Rule{Heavy: true},
		receipt.Pair("销售小票 RECEIPT", "#000128"),
		receipt.Pair("2026-06-18 12:46:31", "1 号机 林晓"),
		receipt.Rule{},
		item("品名", "数量", "单价", "金额"),
		item("鲜牛奶 1L", "2", "15.90", "31.80"),
		item("全麦吐司面包（无糖，独立包装）400g", "1", "12.50", "12.50"),
		receipt.Line{Text: "Wholemeal toast, no sugar added, wrapped one by one, 400 g", Indent: 2},
		item("金条", "1", "1,234,567.00", "1,234,567.00"),
		receipt.Rule{},
		total,
		receipt.Pair("微信支付 WeChat Pay", "36.40"),
		receipt.Feed{Lines: 1},
		receipt.QR{Payload: "https://example.com/r/1", Caption: "扫码领电子小票"},
		receipt.Barcode{Data: "QH-0128-7F3K"},
		receipt.Line{Text: "7 天内凭小票退换，请妥善保管。“谢谢惠顾”，欢迎再次光临！", Align: receipt.Center},
		receipt.Cut{},
	}}
}

func TestPapersReadAsExpected(t *testing.T) {
	for _, width := range []int{32, 42, 48} {
		file := filepath.Join("testdata", fmt.Sprintf("slip%d.txt", width))
		got := receipt.Text(slip(), width)
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

func TestLinesBreak(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"what fits stays whole", "0123456789abcdef", "0123456789abcdef"},
		{"words break at spaces", "fresh whole milk from here", "fresh whole milk|from here"},
		{"a long word breaks anywhere", "0123456789abcdefghij", "0123456789abcdef|ghij"},
		{"Chinese breaks between characters", "农夫山泉矿泉水天然", "农夫山泉矿泉水天|然"},
		{"a character of two columns is not halved", "a农夫山泉矿泉水天", "a农夫山泉矿泉水|天"},
		{"no line begins with closing punctuation", "农夫山泉矿泉水天，然", "农夫山泉矿泉水|天，然"},
		{"no line ends with opening punctuation", "农夫山泉矿泉水（然", "农夫山泉矿泉水|（然"},
		{"a number beside Chinese stays whole", "农夫山泉矿泉水5500ml", "农夫山泉矿泉水|5500ml"},
		{"spaces around a break go", "0123456789abcdef   x", "0123456789abcdef|x"},
		{"leading spaces stay", "  01234567 9abcdefg", "  01234567|9abcdefg"},
		{"wide by the encoding, narrow by Unicode", "××××××××——", "××××××××|——"},
	} {
		got := receipt.Text(receipt.Document{Blocks: []receipt.Block{receipt.Line{Text: row.text}}}, 16)
		if got = strings.ReplaceAll(strings.TrimSuffix(got, "\n"), "\n", "|"); got != row.want {
			t.Errorf("%s: %q became %q, want %q", row.rule, row.text, got, row.want)
		}
	}
}

func TestCharactersAreFolded(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"the yen sign becomes the one printers have", "¥1.00", "￥1.00"},
		{"control characters become spaces", "a\tb\x1bc", "a b c"},
		{"no-break spaces become spaces", "1\u00a0kg", "1 kg"},
		{"what has no ink goes", "a\u200bb\ufeffc", "abc"},
		{"a minus becomes a hyphen", "−2.50", "-2.50"},
		{"line feeds start lines", "a\nb", "a\nb"},
		{"broken UTF-8 becomes a question mark", "a\xffb", "a?b"},
	} {
		got := receipt.Text(receipt.Document{Blocks: []receipt.Block{receipt.Line{Text: row.text}}}, 32)
		if got != row.want+"\n" {
			t.Errorf("%s: %q became %q, want %q", row.rule, row.text, got, row.want)
		}
	}
}

func TestCheckRefusesWhatCannotBePrinted(t *testing.T) {
	for _, row := range []struct {
		rule string
		b    receipt.Block
		ok   bool
	}{
		{"a QR code of ASCII", receipt.QR{Payload: "https://example.com"}, true},
		{"an empty QR code", receipt.QR{}, false},
		{"a QR code of Chinese", receipt.QR{Payload: "谢谢"}, false},
		{"a QR code too long", receipt.QR{Payload: strings.Repeat("x", receipt.QRMax+1)}, false},
		{"a right EAN", receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567892"}, true},
		{"an EAN with a wrong check digit", receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567890"}, false},
		{"an EAN of letters", receipt.Barcode{Kind: receipt.EAN13, Data: "69012345678AB"}, false},
		{"an empty Code 128", receipt.Barcode{}, false},
		{"a logo without a picture", receipt.Logo{Name: "x"}, false},
		{"no block", nil, false},
	} {
		err := receipt.Document{Blocks: []receipt.Block{row.b}}.Check()
		if (err == nil) != row.ok {
			t.Errorf("%s: %v", row.rule, err)
		}
	}
}

// No row is wider than the paper, and no character of a line is lost.
func TestRowsFitAndLoseNothing(t *testing.T) {
	letters := rapid.StringOf(rapid.SampledFrom([]rune("abc 12.，。（青禾便利店×é𠮷￥%")))
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(receipt.WidthMin, 64).Draw(t, "width")
		size := receipt.Size(rapid.IntRange(0, 2).Draw(t, "size"))
		text := letters.Draw(t, "text")
		cells := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) receipt.Cell {
			return receipt.Cell{Text: letters.Draw(t, "cell"), Weight: rapid.IntRange(0, 9).Draw(t, "weight"),
				Align: receipt.Align(rapid.IntRange(0, 2).Draw(t, "align"))}
		}), 1, 3).Draw(t, "cells")
		doc := receipt.Document{Blocks: []receipt.Block{
			receipt.Line{Text: text, Size: size}, receipt.Rule{}, receipt.Columns{Cells: cells, Size: size}}}
		var line, row string
		part := &line
		for _, r := range receipt.Layout(doc, width) {
			if strings.HasPrefix(r.Text, "----------------") {
				part = &row
				continue
			}
			if w := receipt.TextWidth(r.Text) * r.Size.Wide(); w > width {
				t.Fatalf("%q takes %d of %d columns", r.Text, w, width)
			}
			*part += r.Text
		}
		if got, want := strings.ReplaceAll(line, " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
			t.Fatalf("line %q became %q", want, got)
		}
		for _, c := range cells {
			for _, r := range c.Text {
				if r != ' ' && !strings.ContainsRune(row, r) {
					t.Fatalf("row %q lost %q", row, r)
				}
			}
		}
	})
}

func BenchmarkLayout(b *testing.B) {
	doc := slip()
	b.ReportAllocs()
	for b.Loop() {
		receipt.Layout(doc, 48)
	}
}
