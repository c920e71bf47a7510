package command

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// The cash's way to the bank through the commands: into a bag, credited by hand
// and by a statement, the safe counted; the report names each difference.
func TestReportCashNamesEachDifference(t *testing.T) {
	s := newShop(t)
	s.ok("replay", s.file("day.jsonl", strings.Join([]string{
		`{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"500.00"}`,
		`{"do":"cash","at":"2026-06-18T10:00:00+08:00","kind":"paid_in","amount":"2000.00","reason":"零钱"}`,
		`{"do":"cash","at":"2026-06-18T12:00:00+08:00","kind":"drop","amount":"1500.00","reason":"保险箱"}`,
		`{"do":"close","at":"2026-06-18T22:00:00+08:00","count":{"100":9,"50":2}}`}, "\n")))
	today := time.Now().In(time.FixedZone("", 8*3600))
	s.ok("cash", "deposit", "B-001", "--amount", "1000.00", "--operator", "1001")
	if _, errs, exit := s.run("cash", "deposit", "B-001", "--amount", "1.00", "--operator", "1001"); exit != 1 || !strings.Contains(errs, "B-001") {
		t.Errorf("a bag twice: exit %d, %s", exit, errs)
	}
	s.ok("cash", "credit", "B-001", "--amount", "990.00", "--on", today.Format(time.DateOnly), "--ref", "K1", "--operator", "1001")
	if _, errs, exit := s.run("cash", "credit", "B-001", "--amount", "990.00", "--on", today.Format(time.DateOnly), "--operator", "1001"); exit != 1 || !strings.Contains(errs, "B-001") {
		t.Errorf("credited twice: exit %d, %s", exit, errs)
	}
	if _, errs, exit := s.run("cash", "count", "--amount", "450.00", "--operator", "1001"); exit != 1 || !strings.Contains(errs, "--reason") {
		t.Errorf("a difference without its reason: exit %d, %s", exit, errs)
	}
	s.ok("cash", "count", "--amount", "450.00", "--reason", "少一张", "--operator", "1001")
	var got struct {
		Drawers  []map[string]any `json:"drawers"`
		Safe     []map[string]any `json:"safe"`
		Deposits []map[string]any `json:"deposits"`
	}
	out := s.ok("report", "cash", "--from", "2026-06-18", "--to", today.AddDate(0, 0, 1).Format(time.DateOnly), "--format", "json")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(got.Drawers) != 1 || got.Drawers[0]["expected"] != "1000.00" || got.Drawers[0]["over_short"] != "0.00" {
		t.Errorf("drawers: %v", got.Drawers)
	}
	if d := got.Safe[0]; d["drops"] != "1500.00" || d["deposited"] != "1000.00" || d["over_short"] != "-50.00" || d["end"] != "450.00" || d["on_the_way"] != "0.00" {
		t.Errorf("safe: %v", d)
	}
	if len(got.Deposits) != 1 || got.Deposits[0]["credit"] != "990.00" || got.Deposits[0]["difference"] != "-10.00" || got.Deposits[0]["statement"] != false {
		t.Errorf("deposits: %v", got.Deposits)
	}
	s.ok("verify")
}
