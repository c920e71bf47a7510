package command

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// The text of a report shows the figures of its JSON, 48 columns wide.
func TestReportAsText(t *testing.T) {
	for _, lang := range []string{chinese, english} {
		var b bytes.Buffer
		if err := writeReport(&b, lang, []byte(dayReport)); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if columns(line) > reportColumns {
				t.Errorf("%d columns: %s", columns(line), line)
			}
		}
		golden(t, "testdata/day."+lang+".txt", b.Bytes())
	}
}

// Wallets stand behind the tenders, with what became of what was asked for.
func TestReportAsTextTellsOfWallets(t *testing.T) {
	doc := strings.Replace(dayReport, `"days":`, `"wallets":[{"wallet":"alipay","attempts":30,"paid":27,"declined":2,"cancelled":0,"unknown":0,"watch":1,
		"reasons":[{"reason":"not_enough","count":2}],"seconds_to_pay":{"median":6.4,"p90":12.0,"most":40.5}},
		{"wallet":"alipay","mode":"test","attempts":1,"paid":1,"declined":0,"cancelled":0,"unknown":0,"watch":0,"reasons":[],"seconds_to_pay":{"median":2.0,"p90":2.0,"most":2.0}}],"days":`, 1)
	for lang, want := range map[string][]string{
		chinese: {"支付宝                      27 / 30        6.4 s\n", "  未成功                                       2\n", "  待查                                         1\n", "支付宝 (test)                 1 / 1        2.0 s\n"},
		english: {"Alipay                      27 / 30        6.4 s\n", "  failed                                       2\n", "  being checked                                1\n", "Alipay (test)                 1 / 1        2.0 s\n"},
	} {
		var b bytes.Buffer
		if err := writeReport(&b, lang, []byte(doc)); err != nil {
			t.Fatal(err)
		}
		for _, line := range want {
			if !strings.Contains(b.String(), line) {
				t.Errorf("%q is not in\n%s", line, b.String())
			}
		}
	}
}

// golden compares got with a file that a person can read.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; it is now:\n%s", path, got)
	}
}
