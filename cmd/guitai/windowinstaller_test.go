//go:build e2e

package main_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/command"
	"guitai/hardware/sim"
	"guitai/till"
	"guitai/ui"
)

// The installer's hour, in both languages: a shop without devices, each device
// set up and made to prove itself, a test card read back, the sheet, a sale.
func TestWindowInstallerInChinese(t *testing.T) { theInstallersHour(t, "zh-Hans") }
func TestWindowInstallerInEnglish(t *testing.T) { theInstallersHour(t, "en") }

// installing is the devices of the shop, in software.
type installing struct {
	*realTill
	printer *sim.Printer
	scanner *sim.Scanner
	scale   *sim.Scale
	pole    *sim.Display
}

// Places of the wizard on a window of 1366x768.
func (s *installing) another()   { s.click(1262, 117) }
func (s *installing) answerYes() { s.click(1145, 308) } // under a question of one line or of two
func (s *installing) typePlace() { s.click(500, 298+86*s.ports()) }

// openOffice goes to the devices by the menu and the rail.
func (s *installing) openOffice() {
	time.Sleep(2 * time.Second) // the menu has another digit for it before the window has the shift
	s.keys("<F10>")
	time.Sleep(1500 * time.Millisecond)
	s.keys("5")
	time.Sleep(1500 * time.Millisecond)
	s.click(76, 540)
	time.Sleep(1500 * time.Millisecond)
}

// ports is how many serial ports this machine has: they stand above the place
// where an address is typed in.
func (s *installing) ports() int {
	return strings.Count(s.run("devices", "list", "--format", "json"), `"title":`)
}

// plug makes the devices: printer and scanner, scale and display on serial
// lines. The printer listens at the usual port, on a loopback address of its own.
func (s *installing) plug() (printer string) {
	s.Helper()
	s.printer, s.scanner = sim.NewPrinter(sim.PrinterOptions{}), sim.NewScanner(sim.Ends["cr"])
	s.scale, s.pole = sim.NewScale("stgs"), sim.NewDisplay("led8", nil)
	s.Cleanup(func() { s.printer.Close(); s.scanner.Close(); s.scale.Close(); s.pole.Close() })
	if err := s.scale.Obey("0.500"); err != nil {
		s.Fatal(err)
	}
	printer, err := s.printer.Listen("127.0.0.37:9100")
	if err != nil {
		s.Fatal(err)
	}
	for name, terminal := range map[string]func(string) (string, error){"scanner": s.scanner.Terminal, "scale": s.scale.Terminal, "pole": s.pole.Terminal} {
		if _, err := terminal(filepath.Join(s.dir, name)); err != nil {
			s.Fatal(err)
		}
	}
	return printer
}

// set waits until a device is set up with this proof.
func (s *installing) set(name string, want ...string) {
	s.Helper()
	s.until(name+" set up", func() bool {
		d, err := command.ReadDevices(s.dir)
		if err != nil {
			return false
		}
		_, _, ok := d.Named(name)
		return ok
	})
	var got []string
	s.until("the proof of "+name, func() bool {
		list, err := command.ReadProofs(s.dir)
		i := slices.IndexFunc(list, func(p command.DeviceProof) bool { return p.Device == name })
		if err != nil || i < 0 {
			return false
		}
		got = nil
		for _, x := range list[i].Steps {
			got = append(got, x.What+" "+x.Result)
		}
		return true
	})
	if !slices.Equal(got, want) {
		s.Errorf("%s proved %q, want %q", name, got, want)
	}
}

// reads lets the shop's scanner read a code.
func (s *installing) reads(code string) {
	s.Helper()
	time.Sleep(500 * time.Millisecond)
	ctx, stop := context.WithTimeout(s.Context(), patience)
	defer stop()
	if err := s.scanner.Type(ctx, code); err != nil {
		s.Fatal(err)
	}
}

// codes are what the printer has printed as codes, in order.
func (s *installing) codes() (out []string) {
	for _, slip := range s.printer.Slips() {
		out = append(out, slip.Codes()...)
	}
	return out
}

func (s *installing) setUpScanner() {
	s.click(500, 324)
	time.Sleep(500 * time.Millisecond)
	s.typePlace()
	s.do("xdotool", "type", filepath.Join(s.dir, "scanner"))
	s.keys("<F9>")
	s.keys("<F9>")
	time.Sleep(700 * time.Millisecond)
	s.reads(ui.ProofCode)
	s.shot("scanner-proof")
	s.keys("<F9>")
	s.set("scanner", "scan passed")
}

func (s *installing) setUpScale() {
	s.another()
	s.click(1066, 324)
	time.Sleep(500 * time.Millisecond)
	s.typePlace()
	s.do("xdotool", "type", filepath.Join(s.dir, "scale"))
	s.keys("<F9><F9><F9>")
	time.Sleep(2 * time.Second)
	s.shot("scale-proof")
	s.click(1145, 425)
	s.keys("<F9>")
	s.set("scale", "weight passed")
}

func (s *installing) setUpDisplay() {
	s.another()
	s.click(500, 440)
	time.Sleep(500 * time.Millisecond)
	s.typePlace()
	s.do("xdotool", "type", filepath.Join(s.dir, "pole"))
	s.keys("<F9><F9><F9>")
	s.until("the display at its last sum", func() bool { x := s.pole.Shown(); return x.Lines[0] == "87.50" && x.Lamp == "change" })
	time.Sleep(1500 * time.Millisecond)
	s.shot("display-proof")
	s.answerYes()
	s.keys("<F9>")
	s.set("display", "shows passed")
}

func (s *installing) setUpPrinter() {
	s.another()
	s.click(500, 208)
	time.Sleep(500 * time.Millisecond)
	s.typePlace()
	s.do("xdotool", "type", "127.0.0.37")
	s.shot("printer-port")
	s.keys("<F9><F9><F9>")
	time.Sleep(1500 * time.Millisecond)
	s.click(1145, 258)
	s.until("the test page", func() bool { return slices.Contains(s.codes(), ui.ProofCode) })
	time.Sleep(700 * time.Millisecond)
	s.shot("printer-page")
	s.answerYes() // the Chinese of its own font reads well
	s.answerYes() // the width is right
	s.answerYes() // it cuts
	s.reads(ui.ProofCode)
	time.Sleep(700 * time.Millisecond)
	s.click(1145, 326)
	s.until("the drawer open", func() bool { return len(s.printer.Pulses()) == 1 })
	time.Sleep(700 * time.Millisecond)
	s.answerYes()
	s.shot("printer-proof")
	s.keys("<F9>")
	s.set("printer", "status passed", "text passed", "width passed", "cut passed", "code passed", "drawer passed")
}

func theInstallersHour(t *testing.T, lang string) {
	r := &realTill{TB: t, dir: t.TempDir(), paper: newSocketPrinter(t)}
	settings := till.DefaultSettings()
	for k, v := range map[string]string{"shop.name": "青禾便利店", "taxes": "standard=13%:inclusive food=9%:inclusive"} {
		if err := settings.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := command.FoundShop(t.Context(), r.dir, settings, "陈宁", ownerPIN); err != nil {
		t.Fatal(err)
	}
	r.prepare(t.Context(), nil)
	s := &installing{realTill: r}
	s.plug()
	r.start()
	if lang == "en" {
		r.keys("<ctrl+l>")
	}
	r.keys(ownerPIN + "<Return>")
	time.Sleep(time.Second)
	r.keys("2<F9>")
	r.until("the shift open", func() bool { return r.state().Shift != nil })
	s.openOffice()
	r.shot("no-devices-" + lang)
	r.click(1278, 117)
	time.Sleep(500 * time.Millisecond)
	s.setUpScanner()
	s.setUpScale()
	s.setUpDisplay()
	s.setUpPrinter()
	r.keys("<F9>")
	time.Sleep(1500 * time.Millisecond)
	r.shot("devices-" + lang)

	// The till's own card, read back by the shop's scanner.
	r.click(564, 630)
	time.Sleep(time.Second)
	before := len(s.codes())
	r.keys("<F9>")
	r.until("the card", func() bool { return len(s.codes()) == before+2 })
	r.until("the till at its printer again", func() bool { return strings.Contains(r.run("devices", "list"), "printer") })
	for _, code := range s.codes()[before:] {
		s.reads(code)
	}
	r.until("both codes kept", func() bool {
		list, err := command.ReadProofs(r.dir)
		return err == nil && slices.ContainsFunc(list, func(p command.DeviceProof) bool {
			return p.Device == "printer" && slices.Contains(p.Steps, command.ProofStep{What: "code", Result: command.ProofPassed, Seen: "2/2"})
		})
	})
	r.shot("card-read-" + lang)

	// The sheet names each device with its proof, and that no backup was made.
	r.keys("<Escape>")
	time.Sleep(time.Second)
	r.click(340, 630)
	time.Sleep(1500 * time.Millisecond)
	r.shot("golive-" + lang)
	r.keys("<F9>")
	var sheets []string
	r.until("the sheet", func() bool {
		sheets, _ = filepath.Glob(filepath.Join(r.dir, "exports", "golive-*.pdf"))
		return len(sheets) == 1
	})
	r.shot("sheet-written-" + lang)
	text := r.do("pdftotext", "-layout", sheets[0], "-")
	wants := []string{"Go-live sheet", "Printer", "Scanner", "Scale", "Customer display", "proved", "answers its state", "0.500 kg", "codes read back", "none was made"}
	if lang == "zh-Hans" {
		wants = []string{"开业验收单", "打印机", "扫码枪", "秤", "顾客显示屏", "已证明", "状态应答", "0.500 kg", "码能读回", "还没有备份过"}
	}
	for _, w := range append(wants, "127.0.0.37:9100", "陈宁", "2/2") {
		if !strings.Contains(text, w) {
			t.Errorf("the sheet lacks %q:\n%s", w, text)
		}
	}
	if strings.Contains(text, "NOT PROVED") || strings.Contains(text, "没有证明") {
		t.Errorf("something is not proved:\n%s", text)
	}
	s.sells()
}

// sells sells bananas by the scale and prints the receipt.
func (s *installing) sells() {
	s.Helper()
	if err := s.scale.Obey("1.234"); err != nil {
		s.Fatal(err)
	}
	s.click(108, 113)
	time.Sleep(time.Second)
	s.reads("6901234500059")
	s.sees("5.00", total(500))
	s.keys("<F2>")
	s.keys("xj")
	time.Sleep(500 * time.Millisecond)
	s.keys("<Return>")
	time.Sleep(1500 * time.Millisecond)
	s.shot("weight")
	s.keys("<Return>")
	s.sees("5.00 and 8.39 by weight", total(1339))
	slips := len(s.printer.Slips())
	s.keys("20<F8>")
	s.sold(1)
	s.until("the receipt", func() bool { return len(s.printer.Slips()) > slips })
	s.shot("sold")
	all := s.printer.Slips()
	if paper := all[len(all)-1].Text(48); !strings.Contains(paper, "13.39") || !strings.Contains(paper, "1.234") || !strings.Contains(paper, "6.61") {
		s.Errorf("the receipt is\n%s", paper)
	}
	s.end()
	s.run("verify")
}
