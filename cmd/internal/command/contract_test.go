package command

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The acts of docs/replay.md as other programs write them, each at least once;
// "…" stands for the time. Receipt 17 is the one that the returns name.
var writtenActs = []string{
	`{"do":"open","at":"…","operator":"1001","float":"200.00"}`,
	`{"do":"scan","at":"…","code":"6901234567892","qty":"2"}`,
	`{"do":"item","at":"…","name":"面包","price":"3.50","qty":"1","tax":"standard","category":"烘焙"}`,
	`{"do":"override","at":"…","line":1,"price":"3.00","reason":"标价"}`,
	`{"do":"discount","at":"…","line":2,"percent":"10","reason":"临期"}`,
	`{"do":"discount","at":"…","line":"sale","amount":"2.00","reason":"老顾客"}`,
	`{"do":"void","at":"…","line":1}`,
	`{"do":"park","at":"…"}`,
	`{"do":"recall","at":"…","parked":1}`,
	`{"do":"cancel","at":"…"}`,
	`{"do":"item","at":"…","name":"米","price":"86.43"}`,
	`{"do":"tender","at":"…","kind":"card","amount":"36.40","ref":"4242/001234"}`,
	`{"do":"round_down","at":"…","to":"0.10"}`,
	`{"do":"tender","at":"…","kind":"cash","amount":"50.00","tendered":"100.00"}`,
	`{"do":"item","at":"…","name":"赠品","price":"0.00"}`,
	`{"do":"tender","at":"…","kind":"none"}`,
	`{"do":"item","at":"…","name":"油","price":"40.00","approved_by":"1001"}`,
	`{"do":"tender","at":"…","kind":"transfer","amount":"5.00"}`,
	`{"do":"tender","at":"…","kind":"qr:pix","amount":"5.00"}`,
	`{"do":"tender","at":"…","kind":"wallet:alipay","amount":"5.00"}`,
	`{"do":"tender","at":"…","kind":"voucher","amount":"5.00"}`,
	`{"do":"tender","at":"…","kind":"on_account","amount":"5.00"}`,
	`{"do":"tender","at":"…","kind":"foreign:USD","amount":"7.10","rate":"7.10"}`,
	`{"do":"tender","at":"…","kind":"cash","amount":"7.90"}`,
}

var laterActs = []string{
	`{"do":"return","at":"…","receipt":"000017","lines":[{"line":1,"qty":"1"}],"refund":[{"kind":"cash","amount":"3.50"}]}`,
	`{"do":"return","at":"…","items":[{"name":"面包","price":"3.50","qty":"1"}],"refund":[{"kind":"cash","amount":"3.50"}],"reason":"变质"}`,
	`{"do":"post_void","at":"…","receipt":"000016","reason":"重复"}`,
	`{"do":"cash","at":"…","kind":"paid_out","amount":"20.00","reason":"水费"}`,
	`{"do":"cash","at":"…","kind":"paid_in","amount":"1.00","reason":"x"}`,
	`{"do":"cash","at":"…","kind":"drop","amount":"1.00","reason":"x"}`,
	`{"do":"cash","at":"…","kind":"loan","amount":"1.00","reason":"x"}`,
	`{"do":"cash","at":"…","kind":"no_sale","reason":"换零"}`,
	`{"do":"close","at":"…","count":{"100":3,"0.5":4}}`,
}

// Other programs read these keys in this order, all of them in every report.
const reportKeys = "from to currency sales count gross discounts tax_added tax rounding net refunds count amount voids lines cancelled post_voids " +
	"tenders kind count amount refunded tendered change taxes class rate taxable tax cash shift float paid_in paid_out drops loans expected counted over_short " +
	"unverified count amount hours hour count net items code name qty net days date count net " +
	"weekdays weekday days count net categories category qty net cashiers cashier count discounts refunds refunded net pending count amount"

func TestActsAndReportAreAsOtherProgramsKnowThem(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive", "--cash-round", "0.10")
	sh.goods()
	acts := writtenActs
	for range 14 { // receipts 4 to 17
		acts = append(acts, `{"do":"item","at":"…","name":"面包","price":"3.50"}`, `{"do":"tender","at":"…","kind":"cash","amount":"3.50"}`)
	}
	acts = append(acts, laterActs...)
	at := time.Date(2026, 6, 18, 7, 0, 0, 0, time.FixedZone("", 8*3600))
	var file strings.Builder
	for _, a := range acts {
		at = at.Add(time.Minute)
		file.WriteString(strings.Replace(a, "…", at.Format(time.RFC3339), 1) + "\n")
	}
	if got, want := sh.ok("replay", sh.file("acts.jsonl", file.String())), fmt.Sprintf("{\"applied\":%d}\n", len(acts)); got != want {
		t.Fatalf("replay says %s, want %s", got, want)
	}
	report := sh.ok("report", "day", "--format", "json")
	seen := map[string]bool{}
	var keys []string
	dec := json.NewDecoder(strings.NewReader(report))
	inRow := objects(t, dec, "", func(path string) {
		if !seen[path] {
			seen[path] = true
			keys = append(keys, path[strings.LastIndex(path, ".")+1:])
		}
	})
	if got := strings.Join(keys, " "); got != reportKeys || !inRow {
		t.Errorf("the keys are\n%s\nwant\n%s", got, reportKeys)
	}
	// An act with a key too many is refused, whichever it is.
	for i, a := range acts {
		if i >= len(writtenActs) && i < len(acts)-len(laterActs) {
			continue
		}
		bad := strings.Replace(strings.TrimSuffix(a, "}"), "…", "2026-06-20T07:00:00+08:00", 1) + `,"colour":"red"}`
		if out := sh.fails(1, []string{"unknown_key", "colour"}, "replay", sh.file("bad.jsonl", bad)); out != "{\"applied\":0,\"failed\":1}\n" {
			t.Errorf("%s: standard output says %s", bad, out)
		}
	}
	sh.fails(2, nil, "replay")
	sh.fails(2, nil, "report", "day", "--format", "xml")
	sh.fails(2, nil, "sell")
	if after := sh.ok("report", "day", "--format", "json"); after != report {
		t.Errorf("what was refused changed the report:\n%s", after)
	}
}

// objects walks one JSON value and hands over the path of every key in the
// order of the text; all rows of a list have one path.
func objects(t *testing.T, dec *json.Decoder, path string, key func(string)) bool {
	t.Helper()
	tok, err := dec.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch tok {
	case json.Delim('{'):
		for dec.More() {
			k, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			key(path + "." + k.(string))
			objects(t, dec, path+"."+k.(string), key)
		}
	case json.Delim('['):
		for dec.More() {
			objects(t, dec, path, key)
		}
	default:
		return true
	}
	_, err = dec.Token()
	return err == nil
}
