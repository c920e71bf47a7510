package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guitai/hub/hubtest"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
)

// The test binary is the program too, so that a test can run it as a process.
func TestMain(m *testing.M) {
	if os.Getenv("GUITAI_TEST_COMMAND") != "" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	if where := os.Getenv(printerEnv); where != "" {
		sales, _ := strconv.Atoi(os.Getenv("GUITAI_TEST_SALES"))
		if err := sellAndPrint(where, sales); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	hubtest.Main(m)
}

var recoveryCode = regexp.MustCompile(`(?m)^recovery code  (\S+)$`)

func TestInitSaysWhatItChose(t *testing.T) {
	sh := emptyShop(t)
	sh.in = ownerPIN + "\n"
	out, errs, exit := sh.run("init", "--shop", "青禾便利店", "--owner", "陈宁", "--pin-file", "-", "--currency", "JPY", "--timezone", "Asia/Tokyo",
		"--day-start", "05:30", "--tax", "standard=10%:inclusive", "--tax", "food=8%:inclusive", "--cash-round", "10", "--till", "A2")
	if exit != 0 {
		t.Fatalf("exit %d: %s", exit, errs)
	}
	for _, want := range []string{"青禾便利店", "JPY", "Asia/Tokyo", "05:30", "standard=10%:inclusive food=8%:inclusive", "cash round     10\n", "till           A2\n", "1001 陈宁"} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	if !recoveryCode.MatchString(out) {
		t.Errorf("shows no recovery code:\n%s", out)
	}
	if strings.Contains(out+errs, ownerPIN) {
		t.Error("shows the PIN")
	}
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	who, err := l.Verify(t.Context(), "", ownerPIN)
	if err != nil || who.Code != "1001" || who.Name != "陈宁" || who.Role != till.Owner {
		t.Errorf("the PIN belongs to %+v, %v", who, err)
	}
}

func TestInitDefaults(t *testing.T) {
	sh := newShop(t)
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := l.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if till.FormatTaxes(s.Taxes) != "standard=0%:inclusive" || s.CashRounding.Step != 1 || s.Currency.Code != "CNY" || s.DayStart.String() != "04:00" || s.Zone.String() != "Asia/Shanghai" {
		t.Errorf("settings %+v", s)
	}
}

func TestInitLeavesALedgerAlone(t *testing.T) {
	sh := newShop(t)
	before := sh.ok("export", "journal")
	sh.fails(1, []string{"there is a ledger in " + sh.data + " already", "The ledger is as it was."}, "init", "--shop", "x", "--owner", "y", "--pin", ownerPIN)
	if after := sh.ok("export", "journal"); after != before {
		t.Error("the ledger has changed")
	}
}

func TestInitRefusesWeakPINs(t *testing.T) {
	for _, pin := range []string{"1234567", "12345678", "11111111"} {
		sh := emptyShop(t)
		sh.in = pin
		out, errs, exit := sh.run("init", "--shop", "x", "--owner", "y", "--pin-file", "-")
		if exit != 1 || out != "" || strings.Contains(errs, pin) {
			t.Errorf("%s: exit %d\n%s%s", pin, exit, out, errs)
		}
		if _, err := os.Stat(filepath.Join(sh.data, ledger.FileName)); err == nil {
			t.Errorf("%s: a ledger was made", pin)
		}
	}
}

func TestCommandsWithoutALedgerSaySo(t *testing.T) {
	for _, args := range [][]string{{"verify"}, {"report", "day"}, {"export", "sales"}, {"replay", "-"}, {"backup", "--to", "x"}, {"print", "1", "--to", "x.bin"}} {
		sh := emptyShop(t)
		sh.fails(1, []string{"there is no ledger in " + sh.data, "init"}, args...)
		sh.lang = chinese
		sh.fails(1, []string{sh.data + " 里没有账本"}, args...)
		if _, err := os.Stat(sh.data); err == nil {
			t.Errorf("%v made the folder", args)
		}
	}
}

// While a till runs, reading commands work and writing ones name it.
func TestOneProgramWritesAtATime(t *testing.T) {
	sh := newShop(t)
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sh.in = `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"0"}`
	sh.fails(1, []string{"the ledger is in use by ", "process"}, "replay", "-")
	sh.fails(1, []string{"the ledger is in use by "}, "init", "--shop", "x", "--owner", "y", "--pin", ownerPIN)
	sh.ok("verify")
	sh.ok("export", "journal")
	sh.ok("backup", "--to", filepath.Join(t.TempDir(), "copies"))
}

// replayed is a shop with the whole day in it.
func replayed(t *testing.T) *shop {
	t.Helper()
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive", "--cash-round", "0.10")
	sh.goods()
	sh.ok("replay", sh.file("day.jsonl", dayFile))
	return sh
}

// The sales export holds every line once, and sums to the takings without
// cash rounding.
func TestExportSales(t *testing.T) {
	sh := replayed(t)
	out := sh.ok("export", "sales")
	text, ok := strings.CutPrefix(out, "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(rows[0], ",") != strings.Join(salesHeader, ",") {
		t.Errorf("header %v", rows[0])
	}
	cur := money.Currency{Code: "CNY", Exponent: 2}
	var net int64
	for _, r := range rows[1:] {
		a, err := cur.Parse(r[len(r)-1])
		if err != nil {
			t.Fatal(err)
		}
		net += int64(a)
	}
	if net != 10632 { // the report's 106.30 and the 0.02 that rounding took
		t.Errorf("the rows sum to %d", net)
	}
	if len(rows) != 1+2+2+1+1+1+2+1+1+1+1+1+1 {
		t.Errorf("%d rows:\n%s", len(rows), text)
	}
	want := "000007,return,000001,2026-06-18,2026-06-18T10:00:00+08:00,1,1001,1,101,鲜牛奶 1L,,-1,盒,,-15.90,0.00,food,0.09,-1.32,-15.90"
	if !strings.Contains(text, want) {
		t.Errorf("lacks %s in\n%s", want, text)
	}
	one := sh.ok("export", "sales", "--from", "2026-06-19")
	if strings.Count(one, "\n") != 1 {
		t.Errorf("a day without sales has rows:\n%s", one)
	}
	file := filepath.Join(t.TempDir(), "sales.csv")
	sh.ok("export", "sales", "--out", file)
	if b, err := os.ReadFile(file); err != nil || string(b) != out {
		t.Errorf("the file differs: %v", err)
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+x": "'+x", "-x": "'-x", "@x": "'@x", "面包": "面包", "": ""} {
		if got := Cell(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

func TestExportJournal(t *testing.T) {
	sh := replayed(t)
	seq := 0
	sales := 0
	for _, line := range strings.Split(strings.TrimSpace(sh.ok("export", "journal")), "\n") {
		var d struct {
			Seq        int
			Kind, Hash string
			Replayed   bool
			Operator   string
			Doc        struct {
				Sale struct {
					Receipt int
					Lines   []struct {
						NameEN string `json:"name_en"`
						Tax    struct{ Rate, Mode string }
					}
					Tenders []struct{ Kind, Amount, Evidence string }
				}
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if seq++; d.Seq != seq || len(d.Hash) != 64 {
			t.Fatalf("record %d: %s", seq, line)
		}
		if d.Kind == "sale_completed" {
			sales++
			s := d.Doc.Sale
			if s.Receipt == 3 && (!d.Replayed || d.Operator != "1001" || s.Lines[0].NameEN != "Coffee" || s.Lines[0].Tax.Rate != "0.08875" || s.Lines[0].Tax.Mode != "exclusive" ||
				s.Tenders[0].Kind != "wallet:alipay" || s.Tenders[0].Amount != "10.89" || s.Tenders[0].Evidence != "imported") {
				t.Errorf("receipt 3 is %s", line)
			}
		}
	}
	if sales != 9 {
		t.Errorf("%d sales", sales)
	}
}

// A byte changed behind the program's back is found, and the exit code says so.
func TestVerifyFindsDamage(t *testing.T) {
	sh := replayed(t)
	if out := sh.ok("verify"); !strings.HasPrefix(out, "ok records=") {
		t.Errorf("says %s", out)
	}
	path := filepath.Join(sh.data, ledger.FileName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Pages that were given up may hold it too, so every place is changed.
	changed := bytes.ReplaceAll(b, []byte("damaged box"), []byte("damaged bag"))
	if bytes.Equal(b, changed) {
		t.Fatal("the text is not in the file")
	}
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	out := sh.fails(1, []string{"the ledger is not as it should be: record ", "The check changed nothing."}, "verify")
	if !strings.HasPrefix(out, "bad record ") {
		t.Errorf("says %s", out)
	}
}

func TestBackupAndRestore(t *testing.T) {
	sh := emptyShop(t)
	sh.in = ownerPIN
	code := recoveryCode.FindStringSubmatch(sh.ok("init", "--shop", "青禾便利店", "--owner", "陈宁", "--pin-file", "-"))[1]
	day := `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"200.00"}
{"do":"item","at":"2026-06-18T07:01:00+08:00","name":"面包","price":"3.50"}
{"do":"tender","at":"2026-06-18T07:02:00+08:00","kind":"cash","amount":"3.50"}`
	sh.ok("replay", sh.file("day.jsonl", day))
	copies := filepath.Join(t.TempDir(), "copies")
	for _, to := range []string{copies, filepath.Join(copies, "one.db")} {
		if out := sh.ok("backup", "--to", to); !strings.Contains(out, "receipt   000001\n") {
			t.Errorf("says\n%s", out)
		}
	}
	sh.fails(1, []string{"is there already"}, "backup", "--to", filepath.Join(copies, "one.db"))

	other := emptyShop(t)
	if out := other.ok("restore", "--from", copies, "--preview"); !strings.Contains(out, "青禾便利店") {
		t.Errorf("preview\n%s", out)
	}
	if _, err := os.Stat(other.data); err == nil {
		t.Error("a preview made the folder")
	}
	other.ok("restore", "--from", filepath.Join(copies, "one.db"), "--key-file", sh.file("code", code+"\n"), "--pin-file", sh.file("pin", "another horse 99\n"))
	other.ok("verify")
	if rep := other.ok("report", "day", "--format", "json"); !strings.Contains(rep, `"net":"3.50"`) {
		t.Errorf("the day is %s", rep)
	}
	l, err := ledger.Open(t.Context(), other.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if who, err := l.Verify(t.Context(), "", "another horse 99"); err != nil || who.Code != "1001" {
		t.Errorf("the new PIN belongs to %+v, %v", who, err)
	}
	other.fails(1, []string{"there is no backup in"}, "restore", "--from", t.TempDir())
	other.fails(1, []string{"this backup cannot be used"}, "restore", "--from", sh.file("bad.db", "no ledger at all"))
	other.fails(2, nil, "restore", "--from", copies, "--pin-file", "-")
}

// A process of its own: outputs apart, exit code as documented.
func TestAsAProcess(t *testing.T) {
	sh := newShop(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "--lang", "en", "--data", sh.data, "replay", "-")
	cmd.Env = append(os.Environ(), "GUITAI_TEST_COMMAND=1")
	cmd.Stdin = strings.NewReader(`{"do":"park","at":"2026-06-18T07:00:00+08:00"}`)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != 1 || string(out) != "{\"applied\":0,\"failed\":1}\n" || !strings.HasPrefix(errs.String(), "line 1: park: no_shift: ") {
		t.Errorf("%v\n%s%s", err, out, errs.String())
	}
}
