package command

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/ledger"
)

// says runs a command in both languages; each must end with exit code 1 and say
// its part.
func (s *shop) says(en, zh []string, args ...string) string {
	s.t.Helper()
	s.lang = english
	out := s.fails(1, en, args...)
	s.lang = chinese
	s.fails(1, zh, args...)
	s.lang = english
	return out
}

// One changed byte, anywhere in the file, is found or was of no record: verify
// names what is wrong, says so in both languages, and changes nothing.
func TestVerifyMeetsAnyChangedByte(t *testing.T) {
	sh := replayed(t)
	path := filepath.Join(sh.data, ledger.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	found, records := 0, 0
	for range 40 {
		b := bytes.Clone(whole)
		at := r.IntN(len(b))
		for b[at] == 0 { // most of a young file is empty pages
			at = r.IntN(len(b))
		}
		b[at] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs, exit := sh.run("verify")
		switch exit {
		case 0:
			// Pages that were given up hold bytes of no record.
		case 1:
			found++
			if !strings.HasPrefix(out, "bad ") || !strings.Contains(errs, "the ledger is not as it should be: ") && !strings.Contains(errs, "is damaged: ") || !strings.Contains(errs, "restore the latest backup") {
				t.Errorf("byte %d: says\n%s%s", at, out, errs)
			}
			if strings.HasPrefix(out, "bad record ") {
				records++
			}
			sh.lang = chinese
			sh.fails(1, []string{"从最近的备份恢复到另一个文件夹"}, "verify")
			sh.lang = english
		default:
			t.Fatalf("byte %d: exit %d\n%s%s", at, exit, out, errs)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, b) {
			t.Fatalf("byte %d: the check changed the file, %v", at, err)
		}
	}
	t.Logf("%d of 40 bytes were found, %d with their record", found, records)
	if found < 25 || records == 0 {
		t.Errorf("%d of 40 bytes were found, %d with their record", found, records)
	}
}

func TestAFileThatIsNoLedgerIsRefused(t *testing.T) {
	sh := newShop(t)
	path := filepath.Join(sh.data, ledger.FileName)
	if err := os.WriteFile(path, []byte(strings.Repeat("no ledger at all\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify"}, {"report", "day"}, {"import", "items", sh.file("items.csv", itemsFile)}} {
		sh.says([]string{"the ledger file in " + sh.data + " is damaged: ", "restore the latest backup"}, []string{sh.data + " 里的账本文件已损坏：", "从最近的备份恢复"}, args...)
	}
}

// A ledger that a later version wrote is left as it is, by reading and by
// writing commands.
func TestALedgerFromTheFutureIsLeftAlone(t *testing.T) {
	sh := newShop(t)
	path := filepath.Join(sh.data, ledger.FileName)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify"}, {"report", "day"}, {"export", "items"}, {"import", "items", sh.file("items.csv", itemsFile)}, {"replay", sh.file("day.jsonl", dayFile)}} {
		sh.says([]string{"a later version of the program wrote this ledger", "The ledger is as it was.", "Open it with the latest version."},
			[]string{"账本是更新版本的程序写的", "账本没有改动。", "请用最新版本打开。"}, args...)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file has changed, %v", err)
	}
}

// A second start on the same data names the first and touches nothing.
func TestASecondStartNamesTheFirst(t *testing.T) {
	sh := newShop(t)
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sh.says([]string{"the ledger is in use by ", fmt.Sprint(os.Getpid()), "End that first"}, []string{"账本正被 ", fmt.Sprint(os.Getpid()), "先关掉它"}, "import", "items", sh.file("items.csv", itemsFile))
	sh.ok("verify")
}

// A folder that takes no files is named, and nothing is made.
func TestAFolderThatTakesNoFiles(t *testing.T) {
	sh := emptyShop(t)
	sh.data = filepath.Join(sh.file("a file", "x"), "data")
	sh.says([]string{"a file"}, []string{"a file"}, "init", "--shop", "x", "--owner", "y", "--pin", ownerPIN)
}

// Amounts beyond what a till can count stop a replay at their line.
func TestReplayRefusesWhatNoTillCounts(t *testing.T) {
	head := `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"200.00"}` + "\n"
	for name, c := range map[string]struct{ line, en, zh string }{
		"a quantity of 10^12": {`"do":"item","name":"面包","price":"3.50","qty":"1000000000000"`, "line 2: item: bad_quantity: ", "数量不对"},
		"a price of 10^12":    {`"do":"item","name":"面包","price":"1000000000000"`, "line 2: item: bad_price: ", "单价不对"},
		"a price of -1":       {`"do":"item","name":"面包","price":"-1"`, "line 2: item: bad_price: ", "单价不对"},
		"a wrong check digit": {`"do":"scan","code":"6901234567893"`, "line 2: scan: unknown_code: no item has this code, and its check digit is wrong", "校验位不对"},
		"a scan of 4,000":     {`"do":"scan","code":"` + strings.Repeat("7", 4000) + `"`, "line 2: scan: code_too_long: ", "条码太长"},
	} {
		t.Run(name, func(t *testing.T) {
			sh := newShop(t)
			file := sh.file("day.jsonl", head+`{"at":"2026-06-18T07:01:00+08:00",`+c.line+"}\n")
			if out := sh.fails(1, []string{c.en, "The 1 acts before it are in the ledger; nothing of line 2 was done."}, "replay", file); out != "{\"applied\":1,\"failed\":2}\n" {
				t.Errorf("says %s", out)
			}
			sh.lang = chinese
			sh.fails(1, []string{c.zh, "第 2 行什么都没有做"}, "replay", file, "--from-line", "2")
			sh.ok("verify")
		})
	}
}
