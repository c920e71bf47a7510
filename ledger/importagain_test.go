package ledger

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Lists of random rows, which share codes and barcodes with one another and
// with what is there: a check says what taking then does, taken again a list
// changes nothing, and taken back it leaves everything as it was.
func TestAnyListIsCheckedTakenTakenAgainAndTakenBack(t *testing.T) {
	l := goodsShop(t)
	path := listOf(t, "")
	barcodes := []string{"", "", "6901234567892", "6901234500370", "0123456789012", "123456789012", "6901234567892|6901234500387", "6901234567893"}
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		b.WriteString(contractHeader)
		for range rapid.IntRange(1, 8).Draw(rt, "rows") {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%s\n",
				rapid.SampledFrom([]string{"", "1", "2", "3", "4"}).Draw(rt, "code"), rapid.SampledFrom([]string{"", "甲", "乙", "丙"}).Draw(rt, "name"),
				rapid.SampledFrom([]string{"", "A"}).Draw(rt, "English"), rapid.SampledFrom([]string{"", "1.00", "2.00", "-1"}).Draw(rt, "price"),
				rapid.SampledFrom([]string{"", "kg", "个"}).Draw(rt, "unit"), rapid.SampledFrom([]string{"", "us", "no"}).Draw(rt, "tax"),
				rapid.SampledFrom([]string{"", "类"}).Draw(rt, "category"), rapid.SampledFrom(barcodes).Draw(rt, "barcodes"))
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			rt.Fatal(err)
		}
		before := exported(t, l)
		check, err := l.CheckList(bg, path, nil)
		if err != nil {
			rt.Fatal(err)
		}
		done, err := l.TakeList(bg, path, ListOptions{By: "1001"})
		if err != nil {
			rt.Fatalf("%v\n%s", err, b.String())
		}
		if done.Added != check.New || done.Changed != check.Changed || done.Same != check.Same || done.Aside != check.AsideRows {
			rt.Fatalf("%+v, the check said %+v\n%s", done, check, b.String())
		}
		after := exported(t, l)
		again, err := l.TakeList(bg, path, ListOptions{By: "1001"})
		if err != nil {
			rt.Fatalf("%v\n%s", err, b.String())
		}
		// A row without a name may stand before the one that adds its item: it was
		// left out and now changes that.
		if done.Aside == 0 && (again.Added != 0 || again.Changed != 0 || !slices.Equal(exported(t, l), after)) {
			rt.Fatalf("taken again: %+v after %+v\n%s", again, done, b.String())
		}
		// Some lists stay, for the next ones to meet.
		if rapid.IntRange(0, 3).Draw(rt, "keep") > 0 {
			for _, batch := range []string{again.Batch, done.Batch} {
				if err := l.UndoList(bg, batch, "1001"); err != nil {
					rt.Fatal(err)
				}
			}
			if back := exported(t, l); !slices.Equal(back, before) {
				rt.Fatalf("taken back\n%s\nwant\n%s\nafter\n%s", strings.Join(back, "\n"), strings.Join(before, "\n"), b.String())
			}
		}
	})
	if _, err := l.Audit(bg, nil); err != nil {
		t.Error(err)
	}
}
