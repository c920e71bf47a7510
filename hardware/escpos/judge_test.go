//go:build judges

package escpos_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guitai/hardware/dialect"
	"guitai/hardware/printer"
	"guitai/till/receipt"
)

// runNode runs a program of hardware/judges, which prints JSON.
func runNode(out any, program string, args ...string) error {
	dir := os.Getenv("JUDGES_DIR")
	if dir == "" {
		return errors.New("JUDGES_DIR is not set: run make judges")
	}
	b, err := exec.Command("node", append([]string{filepath.Join(dir, program)}, args...)...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return fmt.Errorf("%s: %w\n%s", program, err, failed.Stderr)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return json.Unmarshal(b, out)
}

func node(t testing.TB, out any, program string, args ...string) {
	t.Helper()
	if err := runNode(out, program, args...); err != nil {
		t.Fatal(err)
	}
}

// Codes, pictures, pulses and cuts are, byte by byte, what an encoder that
// nobody here wrote makes of the same.
func TestJudgeReceiptPrinterEncoder(t *testing.T) {
	var theirs map[string]string
	node(t, &theirs, "encode.mjs")
	dots := image.NewGray(image.Rect(0, 0, 16, 8))
	for i := range dots.Pix {
		dots.Pix[i] = 0xff
	}
	dots.SetGray(0, 0, color.Gray{})
	dots.SetGray(15, 7, color.Gray{})
	blocks := map[string]receipt.Block{
		"qr": receipt.QR{Payload: "https://example.com/r/1"}, "ean13": receipt.Barcode{Kind: receipt.EAN13, Data: "6901234567892"},
		"code128": receipt.Barcode{Data: "GT1000128"}, "raster": receipt.Logo{Image: dots}, "partial": receipt.Cut{}, "full": receipt.Cut{},
	}
	compared := 0
	for _, row := range []struct {
		theirs, profile string
		parts           []string
	}{
		{"esc-pos", "generic-80", []string{"qr", "ean13", "code128", "raster", "partial", "full"}},
		{"star-prnt", "star-80", []string{"qr", "ean13", "code128"}}, // its pictures and cuts are of other commands
	} {
		p := profile(t, row.profile)
		for _, part := range row.parts {
			p.Cut = "partial"
			if part == "full" {
				p.Cut = "full"
			}
			b, err := printer.NewEncoder(dialect.Of(p), p, face(t)).Encode(receipt.Document{Blocks: []receipt.Block{blocks[part]}})
			if err != nil {
				t.Fatal(err)
			}
			want, _, _ := strings.Cut(theirs[row.theirs+" "+part], "0a0d") // its line ends
			if len(want) < 6 || !strings.Contains(hex.EncodeToString(b), want) {
				t.Errorf("%s, %s: %x lacks %s", row.theirs, part, b, want)
			}
			compared++
		}
		for _, pin := range []int{2, 5} {
			p.DrawerPin = pin
			if got, want := hex.EncodeToString(dialect.Of(p).Pulse(&p)), theirs[row.theirs+" pulse"+string(rune('0'+pin))]; got != want {
				t.Errorf("%s, pin %d: %s, want %s", row.theirs, pin, got, want)
			}
			compared++
		}
	}
	p := profile(t, "star-80")
	b, err := printer.NewEncoder(dialect.Of(p), p, nil).Encode(receipt.Document{Blocks: []receipt.Block{receipt.Logo{Image: dots}}})
	if err != nil {
		t.Fatal(err)
	}
	_, picture, _ := strings.Cut(hex.EncodeToString(b), "1b1d61"+"01")
	for what, ours := range map[string]string{"picture": picture, "cut": hex.EncodeToString(dialect.Of(p).Cut(nil, &p)), "job end": "1b1d030100"} {
		if ours == "" || !strings.Contains(theirs["receiptline star"], ours) {
			t.Errorf("ReceiptLine's StarPRNT %s lacks the %s %s", theirs["receiptline star"], what, ours)
		}
		compared++
	}
	t.Logf("%d parts are equal byte by byte", compared)
}

// Every golden receipt, and the one that is measured, comes back through a
// parser that nobody here wrote: each line of text, each code, and no byte that
// a Chinese printer would print as something else.
func TestJudgeNpos(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range printer.Profiles() {
		if p.Language != "escpos" {
			continue
		}
		for name, doc := range map[string]receipt.Document{"golden": slip(), "measured": measured(true)} {
			bytes := encode(t, p, doc)
			if seen[string(bytes)] {
				continue
			}
			seen[string(bytes)] = true
			dir := t.TempDir()
			file := filepath.Join(dir, "slip.bin")
			if err := os.WriteFile(file, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			var got struct {
				Text                  string
				Stray, Bytes, Covered int
				Pictures              []string
			}
			node(t, &got, "decode.mjs", file, dir)
			want, pictures := "", 0
			for _, r := range receipt.Layout(doc, p.Columns) {
				switch {
				case r.Block == nil && p.Text == "gbk" && known(r.Text):
					want += r.Text + "\n"
				case r.Block == nil:
					pictures++
				}
			}
			if got.Text != want || got.Stray != 0 {
				t.Errorf("%s, %s: %d stray bytes, text\n%s\nwant\n%s", p.ID, name, got.Stray, got.Text, want)
			}
			if pictures > 0 && len(got.Pictures) < 2 {
				t.Errorf("%s, %s: %d pictures", p.ID, name, len(got.Pictures))
			}
			codes := scanned(t, got.Pictures)
			for _, b := range doc.Blocks {
				if q, ok := b.(receipt.QR); ok && p.QR && !slices.Contains(codes, "QR-Code:"+q.Payload) {
					t.Errorf("%s, %s: zbarimg reads %q, not %s", p.ID, name, codes, q.Payload)
				}
			}
		}
	}
	t.Logf("%d slips were read back", len(seen))
}

func known(s string) bool {
	for _, r := range s {
		if !receipt.InPrinterFont(r) {
			return false
		}
	}
	return true
}

// scanned are the codes that zbarimg finds in pictures.
func scanned(t *testing.T, pictures []string) []string {
	t.Helper()
	var out []string
	for _, name := range pictures {
		b, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--nodbus", name).Output()
		if err != nil {
			continue // none in it: a logo
		}
		out = append(out, strings.Split(strings.TrimSpace(string(b)), "\n")...)
	}
	return out
}
