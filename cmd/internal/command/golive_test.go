package command

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pdfText is what a PDF says, without its spaces.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// A sheet says of every device whether it was proved as it is set up now, and
// what is missing; the exit code says the same.
func TestGoLiveSheet(t *testing.T) {
	sh := newShop(t)
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	sh.fails(1, []string{"points that are missing: 4"}, "devices", "sheet", "--to", file) // goods, backup, printer, proofs
	sh.ok("devices", "add", "printer", "tcp://192.0.2.50", "--profile", "xprinter-80", "--name", "收银台")
	sh.ok("devices", "add", "scanner", "tcp://192.0.2.51:9101")
	sh.ok("devices", "add", "scale", "tcp://192.0.2.52:4001")
	sh.ok("devices", "add", "display", "tcp://192.0.2.53:4001")
	at := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)
	for _, p := range []DeviceProof{
		{Device: "收银台", Kind: "printer", Address: "tcp://192.0.2.50:9100", Profile: "xprinter-80", At: at, By: "周远", Steps: []ProofStep{{"text", ProofPassed, ""}, {"drawer", ProofPassed, "pin 5"}}},
		{Device: "scanner", Kind: "scanner", Address: "tcp://192.0.2.99:9101", At: at, By: "周远", Steps: []ProofStep{{"scan", ProofPassed, ""}}},
		{Device: "scale", Kind: "scale", Address: "tcp://192.0.2.52:4001", Driver: "stgs", At: at, By: "周远", Steps: []ProofStep{{"weight", ProofFailed, "0.000 kg"}}},
	} {
		if err := KeepProof(sh.data, p); err != nil {
			t.Fatal(err)
		}
	}
	out, _, exit := sh.run("devices", "sheet", "--format", "json")
	var g GoLive
	if err := json.Unmarshal([]byte(out), &g); err != nil || exit != 1 {
		t.Fatalf("exit %d, %v\n%s", exit, err, out)
	}
	got := ""
	for _, d := range g.Devices {
		got += d.Name + " " + d.Proof + ", "
	}
	if want := "收银台 proved, scanner changed, scale failed, display never, "; got != want {
		t.Errorf("proofs: %s; want %s", got, want)
	}
	sh.fails(1, nil, "devices", "sheet", "--to", file)
	text := pdfText(t, file)
	for _, want := range []string{"Go-livesheet", "Printer收银台xprinter-80proved2026-11-25", "周远", "CHANGEDSINCE,proveagain", "ASTEPFAILED", "NOTPROVED", "drawerpassedpin5", "weightFAILED0.000kg", "tcp://192.0.2.53:4001", "Installer"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %s:\n%s", want, text)
		}
	}
	sh.lang = chinese
	sh.fails(1, nil, "devices", "sheet", "--to", file)
	if text := pdfText(t, file); !strings.Contains(text, "开业验收单") || !strings.Contains(text, "没有证明") || !strings.Contains(text, "钱箱通过") {
		t.Errorf("in Chinese:\n%s", text)
	}
	sh.lang = english
	// Once everything is there, nothing is missing.
	for _, name := range []string{"scanner", "scale", "display"} {
		sh.ok("devices", "remove", name)
	}
	list := filepath.Join(t.TempDir(), "items.csv")
	if err := os.WriteFile(list, []byte("code,name,price,barcodes\n1,牛奶,3.50,6901234567892\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh.ok("import", "items", list)
	sh.ok("backup", "--to", t.TempDir())
	out = sh.ok("devices", "sheet")
	if strings.Contains(out, "[!]") || !strings.Contains(out, "[x] Every device proved") {
		t.Errorf("all is there:\n%s", out)
	}
	sh.fails(2, []string{"ends in .pdf"}, "devices", "sheet", "--to", filepath.Join(t.TempDir(), "sheet.txt"))
}

func TestGoLiveSheetBeforeThereIsAShop(t *testing.T) {
	sh := emptyShop(t)
	if out := sh.fails(1, nil, "devices", "sheet"); !strings.Contains(out, "[!] The shop is founded") {
		t.Errorf("says\n%s", out)
	}
	sh.ok("devices", "add", "printer", "tcp://192.0.2.50")
	if err := os.WriteFile(filepath.Join(sh.data, ProofsFile), []byte("[[proof"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh.fails(1, []string{ProofsFile}, "devices", "sheet")
}

// The checklist follows what the till really has open.
func TestReplacePC(t *testing.T) {
	sh := newShop(t)
	move := func(exit int, args ...string) map[string]string {
		t.Helper()
		out, errs, got := sh.run(append([]string{"replace-pc", "--format", "json"}, args...)...)
		var m Move
		if err := json.Unmarshal([]byte(out), &m); err != nil || got != exit {
			t.Fatalf("exit %d, %v\n%s%s", got, err, out, errs)
		}
		states := map[string]string{}
		for _, p := range m.Before {
			states[p.Key] = p.State
		}
		if len(m.After) < 8 {
			t.Errorf("afterwards: %+v", m.After)
		}
		return states
	}
	if s := move(1); s["shift"] != PointDone || s["backup"] != PointMissing || s["away"] != PointMissing || s["recovery"] != PointByHand {
		t.Errorf("at first: %v", s)
	}
	acts := filepath.Join(t.TempDir(), "acts.jsonl")
	if err := os.WriteFile(acts, []byte(`{"do":"open","at":"2026-11-25T08:00:00+08:00","operator":"1001","float":"200.00"}
{"do":"item","at":"2026-11-25T08:01:00+08:00","name":"面包","price":"3.50","qty":"1"}
{"do":"park","at":"2026-11-25T08:02:00+08:00"}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	sh.ok("replay", acts)
	stick := t.TempDir()
	sh.ok("backup", "--to", stick)
	s := move(1, "--backups", stick)
	if s["shift"] != PointMissing || s["sales"] != PointMissing || s["backup"] != PointDone || s["away"] != PointByHand || s["payments"] != PointDone || s["slips"] != PointDone {
		t.Errorf("with a shift and a parked sale: %v", s)
	}
	if err := os.WriteFile(acts, []byte(`{"do":"recall","at":"2026-11-25T08:03:00+08:00","parked":1}
{"do":"tender","at":"2026-11-25T08:04:00+08:00","kind":"cash","amount":"3.50"}
{"do":"close","at":"2026-11-25T09:00:00+08:00","count":{"100":2,"1":3,"0.5":1}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	sh.ok("replay", acts)
	if s := move(1, "--backups", stick); s["shift"] != PointDone || s["sales"] != PointDone || s["backup"] != PointMissing {
		t.Errorf("closed, and not backed up since: %v", s)
	}
	sh.ok("backup", "--to", stick)
	if s := move(0, "--backups", stick); s["backup"] != PointDone {
		t.Errorf("all done: %v", s)
	}
	file := filepath.Join(t.TempDir(), "move.pdf")
	sh.lang = chinese
	sh.ok("replace-pc", "--backups", stick, "--to", file)
	if text := pdfText(t, file); !strings.Contains(text, "换电脑清单") || !strings.Contains(text, "在新电脑上") || !strings.Contains(text, "恢复码") {
		t.Errorf("on paper:\n%s", text)
	}
	sh.lang = english
	entries, err := os.ReadDir(stick)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		os.Remove(filepath.Join(stick, f.Name()))
	}
	if s := move(1, "--backups", stick); s["backup"] != PointMissing {
		t.Errorf("the backup was deleted: %v", s)
	}
	sh.fails(2, []string{"ends in .pdf"}, "replace-pc", "--to", "x.txt")
	empty := emptyShop(t)
	empty.fails(1, nil, "replace-pc")
}

func TestFoldedKeepsEveryCharacter(t *testing.T) {
	for _, text := range []string{"", "a b c", strings.Repeat("长", 100), strings.Repeat("x", 200), "serial:/dev/serial/by-id/usb-Honeywell_1450g_12345-if00?baud=115200&data=8&parity=none&stop=1&flow=none: copy it"} {
		lines := folded(text, 30)
		if strings.ReplaceAll(strings.Join(lines, ""), " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if columnsOf(l) > 30 {
				t.Errorf("%q is too wide", l)
			}
		}
	}
}
