package star_test

import (
	"encoding/hex"
	"image"
	"image/color"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"guitai/hardware/device"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/hardware/star"
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

func encode(t testing.TB, l star.Language, id string, blocks ...receipt.Block) string {
	t.Helper()
	b, err := os.ReadFile("../../assets/fonts/NotoSansSC-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	face, err := raster.NewFace(b)
	if err != nil {
		t.Fatal(err)
	}
	out, err := printer.NewEncoder(l, profile(t, id), face).Encode(receipt.Document{Lang: "zh-Hans", Blocks: blocks})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(out)
}

// corners is a picture with a dot in two of its corners.
func corners(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	m.SetGray(0, 0, color.Gray{})
	m.SetGray(width-1, height-1, color.Gray{})
	return m
}

func TestKnownAnswers(t *testing.T) {
	tall, double := receipt.Line{Text: "a", Size: receipt.Tall}, receipt.Line{Text: "合计", Size: receipt.Double, Bold: true, Align: receipt.Right}
	for _, row := range []struct {
		what string
		b    receipt.Block
		want string // behind the prologue, in hexadecimal
	}{
		{"Chinese goes in as it is", receipt.Line{Text: "牛奶 1L"}, "c5a3c4cc20314c0a"},
		{"tall", tall, "1b690100" + "610a"},
		{"double, bold, at the right", double, "1b1d6102" + "1b45" + "1b690101" + "bacfbcc60a"},
		{"QR, model 2, cell 8, level M", receipt.QR{Payload: "https://example.com/r/1"}, "1b1d6101" + "1b1d79533002" + "1b1d79533208" + "1b1d79533101" +
			"1b1d794431001700" + hex.EncodeToString([]byte("https://example.com/r/1")) + "1b1d7950"},
		{"EAN-13", receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567892"}, "1b1d6101" + "1b6203010248" + hex.EncodeToString([]byte("6901234567892")) + "1e" + hex.EncodeToString([]byte("6901234567892\n"))},
		{"Code 128, a percent sign is written %0", receipt.Barcode{Data: "5%a"}, "1b1d6101" + "1b6206010248" + "35253061" + "1e" + "3525610a"},
		{"raster of 16 x 8", receipt.Logo{Image: corners(16, 8)}, "1b1d6101" + "1b1d5301" + "0200" + "0800" + "00" + "8000" + strings.Repeat("0000", 6) + "0001"},
		{"feed", receipt.Feed{Lines: 3}, "1b6103"},
		{"cut", receipt.Cut{}, "1b6433"},
	} {
		if got, want := encode(t, star.Language{}, "star-80", row.b), "1b40"+"1b1e6100"+"1b1e4600"+"1b690000"+"1b1d6100"+"1b46"+row.want; got != want {
			t.Errorf("%s: %s, want %s", row.what, got, want)
		}
	}
	if got, want := encode(t, star.Language{Line: true}, "star-line-80", receipt.Logo{Image: corners(8, 25)}),
		"1b40"+"1b1e6100"+"1b4d"+"1b690000"+"1b1d6100"+"1b46"+"1b1d6101"+"1b30"+"1b6b0100"+"80"+strings.Repeat("00", 23)+"0a"+"1b6b0100"+"01"+strings.Repeat("00", 23)+"0a"+"1b7a01"; got != want {
		t.Errorf("Line Mode: %s, want %s", got, want)
	}
	l, two, five, full := star.Language{}, profile(t, "star-80"), profile(t, "star-80"), profile(t, "star-80")
	five.DrawerPin, five.DrawerOnMS = 5, 4
	full.Cut = "full"
	for _, row := range []struct {
		what string
		got  []byte
		want string
	}{
		{"drawer 1, 100 and 500 ms", l.Pulse(&two), "1b070a3207"},
		{"drawer 2, the shortest", l.Pulse(&five), "1b0701321a"},
		{"drawer 1 without waiting", l.RealtimePulse(&two), "1c"},
		{"drawer 2 without waiting", l.RealtimePulse(&five), "19"},
		{"job end", l.Barrier(nil, "gs_etx", 20128), "1b1d03010080"},
		{"no barrier", l.Barrier(nil, "none", 1), ""},
		{"full cut", l.Cut(nil, &full), "1b6432"},
		{"a long feed", l.Feed(nil, 130), "1b617f1b6103"},
	} {
		if got := hex.EncodeToString(row.got); got != row.want {
			t.Errorf("%s: %s, want %s", row.what, got, row.want)
		}
	}
}

func parse(b string) []printer.Answer {
	var p star.Parser
	var out []printer.Answer
	for i := range len(b) {
		if a, ok := p.Next(b[i]); ok {
			a.More = slices.Clone(a.More)
			out = append(out, a)
		}
	}
	return out
}

func TestAnswersAreToldApart(t *testing.T) {
	asb := func(more string) printer.Answer {
		return printer.Answer{Kind: printer.Realtime, Byte: 0x23, More: []byte(more)}
	}
	ended := func(id string) printer.Answer { return printer.Answer{Kind: printer.Process, ID: id} }
	const well, open = "\x06\x00\x00\x00\x00\x00\x00\x00", "\x06\x28\x00\x00\x00\x00\x00\x00"
	for _, row := range []struct {
		rule, bytes string
		want        []printer.Answer
	}{
		{"nine bytes of status", "\x23" + well, []printer.Answer{asb(well)}},
		{"job end with its number, whatever the count", "\x1b\x1d\x03\x01\x00\x80\x1b\x00", []printer.Answer{ended("0128")}},
		{"a status between two ends", "\x1b\x1d\x03\x01\x27\x0f\x00\x00\x23" + open + "\x1b\x1d\x03\x01\x00\x00\x01\x00", []printer.Answer{ended("9999"), asb(open), ended("0000")}},
		{"flow control and noise", "\x11\x13\xff\x80\x23" + well, []printer.Answer{asb(well)}},
		{"a status cut short does not eat the next", "\x23\x06\x00\x23" + well, []printer.Answer{asb(well)}},
		{"an end cut short does not either", "\x1b\x1d\x23" + well, []printer.Answer{asb(well)}},
		{"the echo of another order is no end", "\x1b\x1d\x03\x00\x00\x80\x01\x00", nil},
		{"a status too short to say anything", "\x05\x00", nil},
	} {
		if got := parse(row.bytes); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.rule, got, row.want)
		}
	}
}

func TestAStatusIsRead(t *testing.T) {
	for _, row := range []struct {
		more string // behind the first header
		want device.Reason
	}{
		{"\x06\x00\x00\x00\x00\x00\x00\x00", ""},
		{"\x06\x04\x00\x00\x00\x00\x00\x00", ""}, // the drawer is open
		{"\x06\x28\x00\x00\x08\x00\x00\x00", device.CoverOpen},
		{"\x06\x08\x00\x00\x0c\x00\x00\x00", device.PaperEnd},
		{"\x06\x00\x00\x00\x04\x00\x00\x00", device.PaperLow},
		{"\x06\x08\x08\x00\x00\x00\x00\x00", device.Cutter},
		{"\x06\x08\x20\x00\x00\x00\x00\x00", device.Failure},
		{"\x06\x08\x40\x00\x00\x00\x00\x00", device.Offline}, // the head is too hot: it goes on by itself
		{"\x06\x08\x00\x00\x00\x00\x00\x00", device.Offline},
		{"\x06", device.Garbled},
	} {
		got, err := star.Language{}.Ask(func(q []byte) (printer.Answer, error) {
			if string(q) != "\x1b\x06\x01" {
				t.Errorf("asks % x", q)
			}
			return printer.Answer{Byte: 0x23, More: []byte(row.more)}, nil
		})
		if got != row.want || err != nil {
			t.Errorf("% x: %q, %v, want %q", row.more, got, err, row.want)
		}
	}
}

// Whatever comes back: a whole status behind twenty idle bytes is found.
func FuzzParser(f *testing.F) {
	f.Add([]byte("\x23\x06\x00\x1b\x1d\x03\x01\x00\x80\x01\x00"))
	f.Fuzz(answersHold)
}

// answersHold reads bytes as answers: whatever they are, what follows them is
// read.
func answersHold(t *testing.T, b []byte) {
	got := parse(string(b) + strings.Repeat("\xff", 20) + "\x23\x06\x28\x00\x00\x00\x00\x00\x00")
	if len(got) == 0 || !reflect.DeepEqual(got[len(got)-1], printer.Answer{Kind: printer.Realtime, Byte: 0x23, More: []byte("\x06\x28\x00\x00\x00\x00\x00\x00")}) {
		t.Errorf("% x: %+v", b, got)
	}
}
