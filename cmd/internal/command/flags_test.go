package command

import (
	"encoding/json"
	"strings"
	"testing"
)

// A price far below the list, a return without its sale, and a sale undone soon
// after: the same hints in every format, with their receipts.
func TestReportFlagsNamesTheReceiptsInEveryFormat(t *testing.T) {
	sh := newShop(t)
	sh.ok("import", "items", sh.file("items.csv", "code,name,price,unit,barcodes\n101,鲜牛奶,15.90,盒,6901234567892\n"))
	sh.ok("replay", sh.file("day.jsonl", strings.Join([]string{
		`{"do":"open","at":"2026-06-18T08:00:00+08:00","operator":"1001","float":"200.00"}`,
		`{"do":"scan","at":"2026-06-18T08:05:00+08:00","code":"6901234567892"}`,
		`{"do":"override","at":"2026-06-18T08:05:30+08:00","line":1,"price":"5.00","reason":"破损"}`,
		`{"do":"tender","at":"2026-06-18T08:06:00+08:00","kind":"card","amount":"5.00","ref":"4242/1"}`,
		`{"do":"scan","at":"2026-06-18T08:10:00+08:00","code":"6901234567892"}`,
		`{"do":"tender","at":"2026-06-18T08:10:30+08:00","kind":"cash","amount":"15.90"}`,
		`{"do":"post_void","at":"2026-06-18T08:12:00+08:00","receipt":"000002","reason":"重复"}`,
		`{"do":"return","at":"2026-06-18T09:00:00+08:00","items":[{"name":"雨伞","price":"20.00","qty":"1"}],"refund":[{"kind":"cash","amount":"20.00"}],"reason":"没有小票"}`,
	}, "\n")+"\n"))
	var got struct {
		From, To string
		Flags    []struct {
			Rule, Hint, Cashier, Receipts, Amount, May, Todo string
			Count                                            int
			Of                                               *int
		}
	}
	if err := json.Unmarshal([]byte(sh.ok("report", "flags", "--format", "json")), &got); err != nil {
		t.Fatal(err)
	}
	if got.From != "2026-06-12" || got.To != "2026-06-18" {
		t.Errorf("days %s to %s, want the week up to the latest", got.From, got.To)
	}
	want := map[string][2]string{"V2": {"2 3", "15.90"}, "S1": {"4", "20.00"}, "S3": {"1", "5.00"}}
	for _, f := range got.Flags {
		if w, ok := want[f.Rule]; !ok || f.Receipts != w[0] || f.Amount != w[1] || f.Cashier != "1001" || f.Count != 1 || f.Of != nil || f.May == "" || f.Todo == "" || strings.HasPrefix(f.Hint, "flag.") {
			t.Errorf("%+v, want %v", f, want[f.Rule])
		}
		delete(want, f.Rule)
	}
	if len(want) != 0 {
		t.Errorf("no hint of %v", want)
	}
	text := sh.ok("report", "flags", "--from", "2026-06-18", "--to", "2026-06-18")
	for _, says := range []string{"Sold far below the list price", "Hints, not findings", "2 3"} {
		if !strings.Contains(text, says) {
			t.Errorf("the text does not say %q:\n%s", says, text)
		}
	}
	if csv := sh.ok("report", "flags", "--format", "csv"); !strings.HasPrefix(csv, "\ufefftable,from,to,currency,rule,hint,cashier,shift,since,date,count,of,seen,usual,amount,receipts,records,other,may,todo") ||
		!strings.Contains(csv, "flags,2026-06-12,2026-06-18,CNY,V2,") {
		t.Errorf("csv:\n%s", csv)
	}
	for format, begins := range map[string]string{"pdf": "%PDF", "xlsx": "PK"} {
		if out := sh.ok("report", "flags", "--format", format); !strings.HasPrefix(out, begins) {
			t.Errorf("%s begins with %.8q", format, out)
		}
	}
	sh.fails(2, []string{"--from lies after --to"}, "report", "flags", "--from", "2026-06-19", "--to", "2026-06-18")
	if out := sh.ok("report", "wallets", "--format", "json"); !strings.Contains(out, `"answers": []`) || !strings.Contains(out, `"wallets": []`) {
		t.Errorf("wallets of a shop without any:\n%s", out)
	}
}
