package command

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"guitai/till"
)

// A whole business day with everything in it. The comment beside each sale is
// the sum done by hand; the report below is made of those, not of the program.
//
// Taxes: standard 13 % and food 9 % within the price, us 8.875 % on top. Cash
// is rounded to 0.10.
const dayFile = `
{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"200.00"}

{"do":"scan","at":"2026-06-18T07:10:00+08:00","code":"6901234567892","qty":"2"}
{"do":"scan","at":"2026-06-18T07:10:05+08:00","code":"20001","qty":"0.75"}
{"do":"tender","at":"2026-06-18T07:10:30+08:00","kind":"cash","amount":"36.90","tendered":"50.00"}

{"do":"scan","at":"2026-06-18T07:20:00+08:00","code":"6901234567915"}
{"do":"scan","at":"2026-06-18T07:20:01+08:00","code":"6901234567892"}
{"do":"scan","at":"2026-06-18T07:20:02+08:00","code":"6901234567908","qty":"3"}
{"do":"discount","at":"2026-06-18T07:20:03+08:00","line":1,"percent":"10","reason":"damaged box"}
{"do":"void","at":"2026-06-18T07:20:04+08:00","line":2}
{"do":"discount","at":"2026-06-18T07:20:05+08:00","line":"sale","amount":"1.23","reason":"regular","approved_by":"1001"}
{"do":"tender","at":"2026-06-18T07:20:30+08:00","kind":"card","amount":"10.00","ref":"4242/001234"}
{"do":"tender","at":"2026-06-18T07:20:40+08:00","kind":"cash","amount":"20.00"}

{"do":"scan","at":"2026-06-18T08:05:00+08:00","code":"301"}
{"do":"tender","at":"2026-06-18T08:05:30+08:00","kind":"wallet:alipay","amount":"10.89","ref":"2026061822001"}

{"do":"item","at":"2026-06-18T08:15:00+08:00","name":"手提袋","price":"0.57","tax":"standard"}
{"do":"round_down","at":"2026-06-18T08:15:10+08:00","to":"0.50"}
{"do":"tender","at":"2026-06-18T08:15:20+08:00","kind":"cash","amount":"0.50"}

{"do":"scan","at":"2026-06-18T09:00:00+08:00","code":"6901234567908"}
{"do":"park","at":"2026-06-18T09:00:10+08:00"}
{"do":"scan","at":"2026-06-18T09:01:00+08:00","code":"301","qty":"2"}
{"do":"override","at":"2026-06-18T09:01:10+08:00","line":1,"price":"9.00","reason":"yesterday's"}
{"do":"tender","at":"2026-06-18T09:01:30+08:00","kind":"transfer","amount":"19.60","ref":"T-77"}
{"do":"recall","at":"2026-06-18T09:05:00+08:00","parked":1}
{"do":"scan","at":"2026-06-18T09:05:05+08:00","code":"6901234567892"}
{"do":"tender","at":"2026-06-18T09:05:30+08:00","kind":"card","amount":"19.40","ref":"4242/001235"}
{"do":"scan","at":"2026-06-18T09:10:00+08:00","code":"6901234567908"}
{"do":"cancel","at":"2026-06-18T09:10:10+08:00"}

{"do":"return","at":"2026-06-18T10:00:00+08:00","receipt":"000001","lines":[{"line":1,"qty":"1"}],"refund":[{"kind":"cash","amount":"15.90"}]}
{"do":"return","at":"2026-06-18T10:05:00+08:00","items":[{"name":"面包","price":"3.50","qty":"1","tax":"food"}],"refund":[{"kind":"cash","amount":"3.50"}],"reason":"stale"}
{"do":"post_void","at":"2026-06-18T11:00:00+08:00","receipt":"000003","reason":"rung twice"}

{"do":"cash","at":"2026-06-18T12:00:00+08:00","kind":"paid_out","amount":"20.00","reason":"water"}
{"do":"cash","at":"2026-06-18T12:01:00+08:00","kind":"paid_in","amount":"5.00","reason":"found"}
{"do":"cash","at":"2026-06-18T12:02:00+08:00","kind":"drop","amount":"50.00"}
{"do":"cash","at":"2026-06-18T12:03:00+08:00","kind":"no_sale","reason":"change for a neighbour"}
{"do":"close","at":"2026-06-18T15:00:00+08:00","count":{"100":1,"50":1,"20":1,"1":2,"0.5":1}}

{"do":"open","at":"2026-06-18T15:01:00+08:00","operator":"1001","float":"100.00"}
{"do":"item","at":"2026-06-18T15:10:00+08:00","name":"赠品","price":"0.00"}
{"do":"tender","at":"2026-06-18T15:10:10+08:00","kind":"none"}
{"do":"scan","at":"2026-06-19T00:30:00+08:00","code":"20001","qty":"1.234"}
{"do":"tender","at":"2026-06-19T00:30:10+08:00","kind":"cash","amount":"8.40","tendered":"10.00"}
{"do":"scan","at":"2026-06-19T00:40:00+08:00","code":"301"}
{"do":"tender","at":"2026-06-19T00:40:10+08:00","kind":"foreign:USD","amount":"7.10","rate":"7.10"}
{"do":"tender","at":"2026-06-19T00:40:20+08:00","kind":"cash","amount":"3.80"}
{"do":"close","at":"2026-06-19T01:00:00+08:00","count":{"100":1,"10":1,"1":2,"0.1":2}}
`

// dayActs is how many acts dayFile holds.
const dayActs = 44

// receipt 1: 2 x 15.90 = 31.80 (tax 2.63), 0.750 x 6.80 = 5.10 (0.42); cash 36.90 of 50.00, change 13.10
// receipt 2: 23.00 - 10 % = 20.70 and 3 x 3.50 = 10.50; 1.23 off both: 0.82 and 0.41; left 19.88 (2.29) and 10.09 (0.83);
//
//	29.97: card 10.00, cash 19.97 rounded to 20.00
//
// receipt 3: 10.00 + 0.89 tax = 10.89 by wallet, post-voided by receipt 9
// receipt 4: 0.57 (0.07) cut to 0.50 cash
// receipt 5: 2 x 9.00 = 18.00 + 1.60 = 19.60 by transfer
// receipt 6: 3.50 (0.29) + 15.90 (1.31) = 19.40 by card
// receipt 7: 15.90 back (tax 1.32), receipt 8: 3.50 back (0.29), receipt 9: 10.89 back (0.89)
// receipt 10: 0.00
// receipt 11: 1.234 x 6.80 = 8.39 (0.69), cash 8.40 of 10.00
// receipt 12: 10.00 + 0.89 = 10.89: 1 USD = 7.10, cash 3.79 rounded to 3.80
//
// gross 36.90 + 33.50 + 10.00 + 0.57 + 18.00 + 19.40 + 0 + 8.39 + 10.00 = 136.76
// net 136.76 - 3.53 + 3.38 - 0.02 - 30.29 = 106.30
const dayReport = `{"from":"2026-06-18","to":"2026-06-18","currency":"CNY",
 "sales":{"count":9,"gross":"136.76","discounts":"3.53","tax_added":"3.38","tax":"9.41","rounding":"-0.02","net":"106.30"},
 "refunds":{"count":3,"amount":"30.29"},"voids":{"lines":1},"cancelled":1,"post_voids":1,
 "tenders":[
  {"kind":"card","count":2,"amount":"29.40","refunded":"0.00","tendered":"29.40","change":"0.00"},
  {"kind":"cash","count":5,"amount":"69.60","refunded":"19.40","tendered":"84.30","change":"14.70"},
  {"kind":"foreign:USD","count":1,"amount":"7.10","refunded":"0.00","tendered":"7.10","change":"0.00"},
  {"kind":"none","count":1,"amount":"0.00","refunded":"0.00","tendered":"0.00","change":"0.00"},
  {"kind":"transfer","count":1,"amount":"19.60","refunded":"0.00","tendered":"19.60","change":"0.00"},
  {"kind":"wallet:alipay","count":1,"amount":"10.89","refunded":"10.89","tendered":"10.89","change":"0.00"}],
 "taxes":[
  {"class":"food","rate":"0.09","taxable":"50.82","tax":"4.56"},
  {"class":"standard","rate":"0.13","taxable":"18.09","tax":"2.36"},
  {"class":"us","rate":"0.08875","taxable":"28.00","tax":"2.49"}],
 "cash":[
  {"shift":1,"float":"200.00","paid_in":"5.00","paid_out":"20.00","drops":"50.00","loans":"0.00","expected":"173.00","counted":"172.50","over_short":"-0.50"},
  {"shift":2,"float":"100.00","paid_in":"0.00","paid_out":"0.00","drops":"0.00","loans":"0.00","expected":"112.20","counted":"112.20","over_short":"0.00"}],
 "unverified":{"count":2,"amount":"30.49"},
 "hours":[
  {"hour":0,"count":2,"net":"19.30"},{"hour":7,"count":2,"net":"66.90"},{"hour":8,"count":2,"net":"11.39"},
  {"hour":9,"count":2,"net":"39.00"},{"hour":10,"count":0,"net":"-19.40"},{"hour":11,"count":0,"net":"-10.89"},{"hour":15,"count":1,"net":"0.00"}],
 "items":[
  {"code":"","name":"手提袋","qty":"1","net":"0.57"},
  {"code":"","name":"赠品","qty":"1","net":"0.00"},
  {"code":"","name":"面包","qty":"-1","net":"-3.50"},
  {"code":"101","name":"鲜牛奶 1L","qty":"2","net":"31.80"},
  {"code":"102","name":"面包","qty":"4","net":"13.59"},
  {"code":"20001","name":"香蕉","qty":"1.984","net":"13.49"},
  {"code":"301","name":"咖啡","qty":"3","net":"30.49"},
  {"code":"401","name":"抽纸","qty":"1","net":"19.88"}],
 "days":[{"date":"2026-06-18","count":9,"net":"106.30"}]}`

// dayItems are the goods of the day.
var dayItems = []till.Item{
	{Code: "101", Name: "鲜牛奶 1L", NameEN: "Milk 1 L", Price: 1590_00, Unit: "盒", Tax: "food", Barcodes: []string{"6901234567892"}},
	{Code: "102", Name: "面包", NameEN: "Bread", Price: 350_00, Unit: "个", Tax: "food", Barcodes: []string{"6901234567908"}},
	{Code: "20001", Name: "香蕉", NameEN: "Bananas", Price: 680_00, Unit: "kg", Weighed: true, Tax: "food"},
	{Code: "301", Name: "咖啡", NameEN: "Coffee", Price: 1000_00, Unit: "杯", Tax: "us"},
	{Code: "401", Name: "抽纸", NameEN: "Tissues", Price: 2300_00, Unit: "包", Tax: "standard", Barcodes: []string{"6901234567915"}},
}

// A day is replayed, and the report says to the cent what was done by hand.
func TestReplayedDayReportsWhatWasDoneByHand(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive", "--cash-round", "0.10")
	sh.goods()
	if got, want := sh.ok("replay", sh.file("day.jsonl", dayFile)), "{\"applied\":44}\n"; got != want {
		t.Fatalf("replay says %s, want %s", got, want)
	}
	got := sh.ok("report", "day", "--date", "2026-06-18", "--format", "json")
	sameReport(t, got, dayReport)
	if latest := sh.ok("report", "day", "--format", "json"); latest != got {
		t.Errorf("the latest day is another:\n%s", latest)
	}
	sameReport(t, sh.ok("report", "range", "--from", "2026-06-17", "--to", "2026-06-19", "--format", "json"),
		strings.Replace(dayReport, `"from":"2026-06-18","to":"2026-06-18"`, `"from":"2026-06-17","to":"2026-06-19"`, 1))
	sh.ok("verify")
	if strings.Count(dayFile, `"do"`) != dayActs {
		t.Errorf("the file holds %d acts", strings.Count(dayFile, `"do"`))
	}
}

// sameReport compares two reports key by key, and says which key differs.
func sameReport(t *testing.T, got, want string) {
	t.Helper()
	var g, w map[string]any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	for key := range w {
		if !reflect.DeepEqual(g[key], w[key]) {
			a, _ := json.Marshal(g[key])
			b, _ := json.Marshal(w[key])
			t.Errorf("%s:\n got %s\nwant %s", key, a, b)
		}
	}
}
