package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A year of a shop is replayed, and each figure of the reports of its days,
// weeks, months and other ranges is worked out again by the sqlite3 program from
// the exported files alone. The soak has more of it.
func TestPain14YearAddsUpInReportsExportsAndAccounts(t *testing.T) {
	for zone, steps := range map[string]int{"America/New_York": 10, "Asia/Shanghai": 3} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			sameYear(t, 1, zone, steps)
		})
	}
}

// zoneRules are the zones as the C library reads them from TZ, so that nothing
// is asked of a table of zones.
var zoneRules = map[string]string{"America/New_York": "EST5EDT,M3.2.0,M11.1.0", "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3", "Asia/Shanghai": "CST-8"}

// sameYear rings a year, so many steps a shift, and judges it.
func sameYear(t *testing.T, seed uint64, zone string, steps int) {
	t.Helper()
	y := newYearShop(t, seed, zone)
	y.year(steps)
	y.ok("replay", "--batch", y.file("year.jsonl", y.parts[0]))
	y.stock() // with new names
	y.ok("replay", y.file("week.jsonl", y.parts[1]))
	y.fails(1, []string{"--batch"}, "replay", "--batch", y.file("end.jsonl", y.parts[2]))
	y.ok("replay", y.file("end.jsonl", y.parts[2]))
	y.ok("verify")

	spans := yearSpans()
	j := y.judge(zoneRules[zone], spans)
	for _, wrong := range j.wrong {
		t.Error(wrong)
	}
	if len(j.reports) != len(spans) {
		t.Fatalf("%d reports were worked out, want %d", len(j.reports), len(spans))
	}
	var bad int
	for i, s := range spans {
		args := []string{"report", "range", "--from", s[0], "--to", s[1], "--format", "json"}
		if s[0] == s[1] {
			args = []string{"report", "day", "--date", s[0], "--format", "json"}
		}
		if differs := differences(t, y.ok(args...), j.reports[i]); differs != "" {
			t.Errorf("%s to %s:%s", s[0], s[1], differs)
			if bad++; bad == 5 {
				t.Fatal("and so on")
			}
		}
	}
	y.inHledger(j.accounts)
	t.Logf("%d reports are the same; %s", len(spans), j.volume)
}

// yearSpans are the days, weeks and months of the year, the year itself, and
// ranges that begin and end anywhere.
func yearSpans() (spans [][2]string) {
	add := func(from, to time.Time) {
		spans = append(spans, [2]string{from.Format(time.DateOnly), to.Format(time.DateOnly)})
	}
	for d := yearFrom.AddDate(0, 0, -1); !d.After(yearTo.AddDate(0, 0, 1)); d = d.AddDate(0, 0, 1) {
		add(d, d)
		if d.Weekday() == time.Monday {
			add(d, d.AddDate(0, 0, 6))
		}
		if d.Day() == 1 {
			add(d, d.AddDate(0, 1, -1))
			add(d, d.AddDate(0, 3, 10))
		}
		if d.Day() == 17 {
			add(d, yearTo)
			add(yearFrom, d)
		}
	}
	add(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC))
	add(time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC))
	add(yearFrom.AddDate(0, 0, -10), yearTo.AddDate(0, 0, 10))
	return spans
}

// What the sqlite3 program found.
type judgement struct {
	wrong    []string
	reports  []string
	accounts map[string]string // by Z and account
	volume   string
}

// judge exports the year and has it worked out in a database in memory.
func (y *yearShop) judge(rule string, spans [][2]string) (j judgement) {
	y.t.Helper()
	dir := filepath.Dir(y.data)
	y.ok("export", "journal", "--out", filepath.Join(dir, "journal.jsonl"))
	y.ok("export", "sales", "--out", filepath.Join(dir, "sales.csv"))
	sqlDir, err := filepath.Abs("testdata")
	if err != nil {
		y.t.Fatal(err)
	}
	var script strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&script, format+"\n", args...) }
	line(".bail on\nCREATE TABLE journal(doc TEXT);\nCREATE TABLE day_start(modifier TEXT);\nINSERT INTO day_start VALUES('-4 hours');")
	line(".mode ascii\n.separator \"\\t\" \"\\n\"\n.import journal.jsonl journal\n.mode csv\n.import sales.csv sales\n.mode list")
	line("CREATE TABLE span(n INTEGER, a TEXT, b TEXT);")
	for i, s := range spans {
		line("INSERT INTO span VALUES(%d, '%s', '%s');", i, s[0], s[1])
	}
	line(".read '%s'", filepath.Join(sqlDir, "year.sql"))
	for _, part := range []string{"year-checks", "year-report"} {
		line(".output %s.txt\n.read '%s'", part, filepath.Join(sqlDir, part+".sql"))
	}
	line(".output accounts.txt\nSELECT z || ' ' || account || ' ' || printf('%%.2f', amount / 100.0) FROM of_z;")
	line(".output volume.txt\nSELECT sum(sales) || ' sales, ' || sum(returns) || ' returns, ' || (SELECT count(*) FROM good) || ' lines, ' || (SELECT count(*) FROM shift) || ' shifts' FROM deal;")
	c := exec.Command("sqlite3", ":memory:")
	c.Dir, c.Env, c.Stdin = dir, append(os.Environ(), "TZ="+rule), strings.NewReader(script.String())
	if out, err := c.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		y.t.Fatalf("sqlite3: %v\n%s", err, out)
	}
	rows := func(name string) []string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			y.t.Fatal(err)
		}
		text := strings.TrimSuffix(string(b), "\n")
		if text == "" {
			return nil
		}
		return strings.Split(text, "\n")
	}
	j.wrong, j.reports, j.accounts, j.volume = rows("year-checks.txt"), rows("year-report.txt"), map[string]string{}, rows("volume.txt")[0]
	for _, r := range rows("accounts.txt") {
		i := strings.LastIndex(r, " ")
		j.accounts[r[:i]] = r[i+1:]
	}
	return j
}

// differences compares two reports, all keys of both, and names those that
// differ; nothing where they are the same.
func differences(t *testing.T, got, want string) string {
	t.Helper()
	var g, w map[string]any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v in %s", err, want)
	}
	var out strings.Builder
	for _, key := range sorted(g) {
		if _, ok := w[key]; !ok {
			fmt.Fprintf(&out, "\n%s was not worked out", key)
		}
	}
	for _, key := range sorted(w) {
		if !reflect.DeepEqual(g[key], w[key]) {
			a, _ := json.Marshal(g[key])
			b, _ := json.Marshal(w[key])
			fmt.Fprintf(&out, "\n%s:\n got %.600s\nwant %.600s", key, a, b)
		}
	}
	return out.String()
}

// inHledger gives the journal of accounts to hledger, and compares what it
// holds of each Z.
func (y *yearShop) inHledger(want map[string]string) {
	t := y.t
	t.Helper()
	file := filepath.Join(filepath.Dir(y.data), "till.journal")
	y.ok("export", "accounts", "--from", yearFrom.Format(time.DateOnly), "--to", yearTo.Format(time.DateOnly), "--out", file)
	if out, err := exec.Command("hledger", "-f", file, "check", "--strict").CombinedOutput(); err != nil {
		t.Fatalf("hledger: %v\n%s", err, out)
	}
	out, err := exec.Command("hledger", "-f", file, "register", "-O", "csv", "desc:^Z").Output()
	if err != nil {
		t.Fatalf("hledger: %v", err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rows[1:] { // txnidx, date, code, description, account, amount, total
		var z, shift int
		if _, err := fmt.Sscanf(r[3], "Z %d, shift %d", &z, &shift); err != nil {
			t.Fatalf("%q: %v", r[3], err)
		}
		got[fmt.Sprintf("%d %s", z, r[4])] = strings.TrimSuffix(r[5], " CNY")
	}
	for key, amount := range want {
		if got[key] != amount {
			t.Errorf("Z %s: hledger says %q, the Z %s", key, got[key], amount)
		}
	}
	for key, amount := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("Z %s: hledger says %s, the Z nothing", key, amount)
		}
	}
}
