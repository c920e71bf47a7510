package command

import (
	"strings"
	"testing"
)

// Each bad line stops the replay with the same words every time, keeps what
// came before and leaves nothing of itself.
func TestBadLinesStopTheReplay(t *testing.T) {
	head := `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"200.00"}
{"do":"item","at":"2026-06-18T07:01:00+08:00","name":"面包","price":"3.50","qty":"2"}
`
	const after = `"at":"2026-06-18T07:02:00+08:00"`
	for name, row := range map[string]struct{ line, en, zh string }{
		"unknown key": {`{"do":"void",` + after + `,"line":1,"why":"x"}`,
			"line 3: void: unknown_key: the act does not have this key (why)", "line 3: void: unknown_key: 这个操作没有这个键（why）"},
		"bad money": {`{"do":"tender",` + after + `,"kind":"cash","amount":"7,00"}`,
			`line 3: tender: bad_amount: the amount is not one: write a plain decimal as "12.50" (amount: money: not a number: "7,00")`,
			`line 3: tender: bad_amount: 金额不对：要写成 "12.50" 这样的十进制数（amount: money: not a number: "7,00"）`},
		"money as a number": {`{"do":"tender",` + after + `,"kind":"cash","amount":7}`,
			"line 3: tender: bad_value: the value has the wrong form (amount wants text in quotes)", "line 3: tender: bad_value: 值的写法不对（amount wants text in quotes）"},
		"time goes back": {`{"do":"park","at":"2026-06-18T07:00:59+08:00"}`,
			"line 3: park: time_backwards: the time lies before the shift's last act (2026-06-18T07:01:00+08:00)",
			"line 3: park: time_backwards: 时间早于本班上一笔（2026-06-18T07:01:00+08:00）"},
		"unknown code": {`{"do":"scan",` + after + `,"code":"4006381333931"}`,
			"line 3: scan: unknown_code: no item has this code; import the item first, or use item (4006381333931)",
			"line 3: scan: unknown_code: 目录里没有这个条码，请先导入商品，或改用 item（4006381333931）"},
		"tender above the due": {`{"do":"tender",` + after + `,"kind":"card","amount":"7.01"}`,
			"line 3: tender: above_due: the amount is above what is due (7.00)", "line 3: tender: above_due: 金额超过应收（7.00）"},
		"not JSON": {`tender 7.00`,
			"line 3: ?: bad_line: the line is not one JSON object (want one JSON object)", "line 3: ?: bad_line: 这一行不是一个 JSON 对象（want one JSON object）"},
	} {
		t.Run(name, func(t *testing.T) {
			sh := newShop(t)
			file := sh.file("day.jsonl", head+row.line+"\n")
			out, errs, exit := sh.run("replay", file)
			if exit != 1 || out != "{\"applied\":2,\"failed\":3}\n" {
				t.Errorf("exit %d with %s", exit, out)
			}
			want := row.en + "\nThe 2 acts before it are in the ledger; nothing of line 3 was done.\n" +
				"Mend line 3, then go on with: " + program() + " replay " + file + " --from-line 3\n"
			if errs != want {
				t.Errorf("says\n%swant\n%s", errs, want)
			}
			// The mended file goes on where it stopped; in Chinese the same line
			// is refused in Chinese.
			sh.lang = chinese
			sh.fails(1, []string{row.zh + "\n前面 0 条操作已入账；第 3 行什么都没有做。\n"}, "replay", file, "--from-line", "3")
			good := sh.file("day.jsonl", head+`{"do":"tender",`+after+`,"kind":"cash","amount":"7.00"}`)
			if out := sh.ok("replay", good, "--from-line", "3"); out != "{\"applied\":1}\n" {
				t.Errorf("resumed with %s", out)
			}
			if rep := sh.ok("report", "day", "--format", "json"); !strings.Contains(rep, `"net":"7.00"`) {
				t.Errorf("the day is %s", rep)
			}
			sh.ok("verify")
		})
	}
}

func TestReplayReadsStandardInput(t *testing.T) {
	sh := newShop(t)
	sh.in = `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"200.00"}`
	if out := sh.ok("replay", "-"); out != "{\"applied\":1}\n" {
		t.Errorf("says %s", out)
	}
}

func TestBatchIsForNewLedgersOnly(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive", "--cash-round", "0.10")
	sh.goods()
	file := sh.file("day.jsonl", dayFile)
	if out := sh.ok("replay", file, "--batch"); out != "{\"applied\":44}\n" {
		t.Errorf("says %s", out)
	}
	sameReport(t, sh.ok("report", "day", "--format", "json"), dayReport)
	sh.ok("verify")
	sh.fails(1, []string{"--batch is refused", "The ledger is as it was."}, "replay", file, "--batch")
}

// A parked sale keeps its number through a batch, also where it was taken up
// again before the batch was written.
func TestBatchKeepsParkedNumbers(t *testing.T) {
	sh := newShop(t)
	sh.ok("replay", "--batch", sh.file("a.jsonl", `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"0"}
{"do":"item","at":"2026-06-18T07:01:00+08:00","name":"a","price":"1"}
{"do":"park","at":"2026-06-18T07:02:00+08:00"}
{"do":"recall","at":"2026-06-18T07:03:00+08:00","parked":1}`))
	sh.fails(1, []string{"line 2: recall: no_such_parked"}, "replay", sh.file("b.jsonl", `{"do":"park","at":"2026-06-18T07:04:00+08:00"}
{"do":"recall","at":"2026-06-18T07:05:00+08:00","parked":1}`))
	sh.ok("replay", sh.file("c.jsonl", `{"do":"recall","at":"2026-06-18T07:05:00+08:00","parked":2}`))
}
