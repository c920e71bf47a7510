package command

import (
	"bytes"
	"image/png"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// plug listens as a network printer does that tells nothing, and hands out all
// that it was sent to print.
func plug(t *testing.T) (address string, sent func() []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			c.Close()
			got <- bytes.TrimPrefix(b, []byte{0x10, 0x04, 4})
		}
	}()
	t.Cleanup(func() { l.Close() })
	return "tcp://" + l.Addr().String(), func() []byte { return <-got }
}

// onPaper reports whether a printer's bytes hold a text in its Chinese code.
func onPaper(t *testing.T, b []byte, text string) bool {
	t.Helper()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(gbk))
}

func TestPrintToAPrinterAndAFile(t *testing.T) {
	sh := replayed(t)
	address, sent := plug(t)
	sh.ok("print", "000001", "--to", address)
	got := sent()
	for _, want := range []string{"青禾便利店", "鲜牛奶 1L", "￥36.90", "补打 COPY 1", "找零", "13.10", "GT1000001"} {
		if !onPaper(t, got, want) {
			t.Errorf("the paper lacks %s", want)
		}
	}
	file := filepath.Join(t.TempDir(), "slip.bin")
	sh.ok("print", "1", "--to", file)
	b, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(b, got) {
		t.Errorf("the file holds %d bytes, the printer got %d: %v", len(b), len(got), err)
	}
	sh.ok("print", "#000007", "--copy", "0", "--columns", "32", "--to", file)
	if b, err = os.ReadFile(file); err != nil || !onPaper(t, b, "退货凭证") || onPaper(t, b, "补打") || !onPaper(t, b, "￥15.90") {
		t.Errorf("the slip of the return: %v", err)
	}
	sh.ok("print", "9", "--profile", "xprinter-58", "--to", file)
	if b, err = os.ReadFile(file); err != nil || !onPaper(t, b, "整单作废") {
		t.Errorf("the slip of the post-void: %v", err)
	}
}

// The same receipt as a picture and as a page: other programs read its amounts
// and the barcode by which a return finds it.
func TestPrintAsAPictureAndAsAPage(t *testing.T) {
	sh := replayed(t)
	dir := t.TempDir()
	picture, page := filepath.Join(dir, "slip.PNG"), filepath.Join(dir, "slip.pdf")
	sh.ok("print", "000001", "--to", picture)
	sh.ok("print", "000001", "--to", page)
	read := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), name, args...).Output()
		if err != nil {
			t.Fatalf("%s %v: %v", name, args, err)
		}
		return string(out)
	}
	text := read("pdftotext", "-layout", page, "-")
	for _, want := range []string{"青禾便利店", "鲜牛奶 1L", "36.90", "补打 COPY 1", "找零", "13.10", "GT1000001"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s:\n%s", want, text)
		}
	}
	read("pdftoppm", "-r", "203", "-png", "-singlefile", page, filepath.Join(dir, "page"))
	for _, file := range []string{picture, filepath.Join(dir, "page.png")} {
		if got := read("zbarimg", "-q", "--nodbus", file); !strings.Contains(got, "CODE-128:GT1000001\n") {
			t.Errorf("%s reads %q", filepath.Base(file), got)
		}
	}
	for columns, width := range map[string]int{"32": 464, "48": 640} { // 58 and 80 mm
		sh.ok("print", "1", "--columns", columns, "--to", picture)
		f, err := os.Open(picture)
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(f)
		f.Close()
		if err != nil || size.Width != width {
			t.Errorf("%s columns: a picture %d dots wide, %v", columns, size.Width, err)
		}
	}
}

func TestPrintToAPrinterWithoutPaperSaysSo(t *testing.T) {
	sh := replayed(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	states := []map[byte]byte{{4: 0x7e, 2: 0x32}, {4: 0x12, 2: 0x16}}
	got := make(chan []byte, 1)
	go func() {
		for _, state := range states {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var all []byte
			b := make([]byte, 1)
			for {
				if _, err := c.Read(b); err != nil {
					break
				}
				all = append(all, b[0])
				if n := len(all); n >= 3 && all[n-3] == 0x10 && all[n-2] == 4 {
					c.Write([]byte{state[b[0]]})
				}
			}
			c.Close()
			got <- all
		}
	}()
	for _, says := range []string{"out of paper", "cover is open"} {
		sh.fails(1, []string{says, "the receipt is in the ledger"}, "print", "1", "--to", "tcp://"+l.Addr().String())
		if b := <-got; len(b) > 6 {
			t.Errorf("%s, and it was sent %d bytes", says, len(b))
		}
	}
}

func TestPrintRefusals(t *testing.T) {
	sh := replayed(t)
	sh.fails(1, []string{"no_such_receipt"}, "print", "99", "--to", "x.bin")
	sh.fails(2, []string{"a receipt number is digits"}, "print", "R1", "--to", "x.bin")
	sh.fails(2, []string{"Write tcp://HOST:9100"}, "print", "1", "--to", "printer")
	sh.fails(2, []string{"there is no printer profile x", "generic-80"}, "print", "1", "--to", "x.bin", "--profile", "x")
	sh.fails(2, []string{"--columns"}, "print", "1", "--to", "x.bin", "--columns", "5")
	// Nobody listens: the sale is safe, and what to do is said.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	sh.fails(1, []string{"not printed:", "the receipt is in the ledger", "print again"}, "print", "1", "--to", "tcp://"+l.Addr().String())
	sh.fails(1, []string{"cannot write"}, "print", "1", "--to", filepath.Join(t.TempDir(), "none", "x.bin"))
}
