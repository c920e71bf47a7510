package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/hardware/sim"
)

// Each kind is added with what is usual, listed, and kept in the file of the
// settings.
func TestDevicesOfEveryKind(t *testing.T) {
	sh := emptyShop(t)
	sh.ok("devices", "add", "scale", "serial:/dev/guitai-scale", "--name", "秤", "--driver", "mettler8217")
	sh.ok("devices", "add", "display", "serial:/dev/guitai-pole")
	sh.ok("devices", "add", "terminal", "tcp://192.168.1.60:20007", "--currency", "756")
	sh.ok("devices", "add", "scale", "tcp://192.168.1.61:4001", "--name", "own", "--driver", "pattern", "--pattern", `^(?P<stable>S)? *(?P<weight>[0-9.]+)kg$`, "--ask", `P\r`)
	list := sh.ok("devices", "list")
	for _, want := range []string{
		"scale    秤                serial:/dev/guitai-scale?baud=9600&data=7&parity=even&stop=1&flow=none mettler8217\n",
		"display  display          serial:/dev/guitai-pole?baud=2400&data=8&parity=none&stop=1&flow=none led8\n",
		"terminal terminal         tcp://192.168.1.60:20007 zvt\n",
		"scale    own              tcp://192.168.1.61:4001 pattern\n",
	} {
		if !strings.Contains(list, want) {
			t.Errorf("lacks %q:\n%s", want, list)
		}
	}
	if b, err := os.ReadFile(filepath.Join(sh.data, DevicesFile)); err != nil || !strings.Contains(string(b), "[[scale]]") || !strings.Contains(string(b), "currency = 756") {
		t.Errorf("the file holds %s, %v", b, err)
	}
	d, err := ReadDevices(sh.data)
	if err != nil || len(d.Scales) != 2 || d.Scales[1].Ask != `P\r` || d.Scales[1].Scale().Pattern != `^(?P<stable>S)? *(?P<weight>[0-9.]+)kg$` {
		t.Errorf("read %+v, %v", d, err)
	}
	for _, row := range []struct{ why, args string }{
		{"there are stgs, cas", "scale tcp://a --driver dialog06"},
		{"neither stable nor moving", "scale tcp://a --driver pattern --pattern (?P<weight>.)"},
		{"no unit", "scale tcp://a --unit stone"},
		{"a scale cannot be a file", "scale file:/tmp/x"},
		{"a display cannot be a file", "display file:/tmp/x"},
		{"ascii or gb18030", "display tcp://a --driver cd5220 --charset big5"},
		{"there is zvt", "terminal tcp://a --driver opi"},
		{"three digits", "terminal tcp://a --currency 9780"},
	} {
		sh.fails(2, []string{row.why}, append([]string{"devices", "add"}, strings.Fields(row.args)...)...)
	}
	sh.fails(1, []string{"/dev/guitai-pole belongs to the device display"}, "devices", "add", "scanner", "serial:/dev/guitai-pole", "--name", "s")
	sh.fails(1, []string{"the name 秤 is taken"}, "devices", "add", "printer", "tcp://a", "--name", "秤")
}

func TestDevicesScaleIsTried(t *testing.T) {
	s := sim.NewScale("stgs")
	t.Cleanup(s.Close)
	address, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.ok("devices", "add", "scale", address)
	s.Obey("0.876")
	s.Obey("motion")
	go func() { time.Sleep(500 * time.Millisecond); s.Obey("rest") }()
	out, errs, exit := sh.run("devices", "test", "scale", "--wait", "10s")
	if exit != 0 || !strings.Contains(out, `    0.876 kg  moving    "US,GS,+ 0.876kg\r"`) || !strings.HasSuffix(out, "0.876 kg  ok        \"ST,GS,+ 0.876kg\\r\"\n") || !strings.Contains(errs, "put something on the scale") {
		t.Errorf("exit %d\n%s%s", exit, out, errs)
	}
	s.Obey("baud wrong")
	if _, errs, exit := sh.run("devices", "test", "scale", "--wait", "1500ms"); exit != 1 || !strings.Contains(errs, "the speed is wrong") || !strings.Contains(errs, "test again") {
		t.Errorf("the wrong speed: exit %d\n%s", exit, errs)
	}
}

func TestDevicesDisplayIsTried(t *testing.T) {
	shown := make(chan sim.Shown, 1000)
	d := sim.NewDisplay("led8", func(s sim.Shown) { shown <- s })
	t.Cleanup(d.Close)
	address, err := d.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.ok("devices", "add", "display", address)
	if _, errs, exit := sh.run("devices", "test", "display"); exit != 0 || !strings.Contains(errs, "look at the display") {
		t.Fatalf("exit %d\n%s", exit, errs)
	}
	close(shown)
	var seen []string
	for s := range shown {
		text := strings.TrimSpace(s.Lamp + " " + s.Lines[0])
		if s.Lines[0] != "" && (len(seen) == 0 || seen[len(seen)-1] != text) {
			seen = append(seen, text)
		}
	}
	if got := strings.Join(seen, ", "); got != "price 7.50, total 1234.50, total 12.50, collected 100.00, change 87.50" {
		t.Errorf("shown: %s", got)
	}
	if now := d.Shown(); now.Lines[0] != "" || now.Lamp != "none" {
		t.Errorf("at the end it shows %+v", now)
	}
	d.Obey("unplug")
	sh.fails(1, []string{"the display took nothing"}, "devices", "test", "display")
}

func TestDevicesTerminalIsAsked(t *testing.T) {
	c := sim.NewCardTerminal()
	t.Cleanup(c.Close)
	address, err := c.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sh := emptyShop(t)
	sh.ok("devices", "add", "terminal", address)
	if _, errs, exit := sh.run("devices", "test", "terminal"); exit != 0 || !strings.Contains(errs, "idle and can take payments") {
		t.Errorf("exit %d\n%s", exit, errs)
	}
	c.Obey("busy")
	sh.fails(1, []string{"not ready: a0", "no money was taken"}, "devices", "test", "terminal")
	c.Obey("unplug")
	sh.fails(1, []string{"does not answer"}, "devices", "test", "terminal")
	if len(c.Books()) != 0 {
		t.Error("a test takes money")
	}
}
