package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/ledger"
)

const itemsFile = `code,name,name_en,price,unit,tax,category,barcodes
101,鲜牛奶 1L,Milk 1 l,15.90,盒,food,乳品,6901234500370
,可乐,Cola,3.00,瓶,,饮料,6901234567892
`

// The sums of an import are what a program reads; the exit code is 1 where rows
// were left out, and each is named with its line and reason.
func TestImportItems(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive")
	list := sh.file("items.csv", itemsFile)
	if out := sh.ok("import", "items", list); out != `{"added":2,"changed":0,"same":0,"aside":0}`+"\n" {
		t.Errorf("says %s", out)
	}
	if out := sh.ok("import", "items", list); out != `{"added":0,"changed":0,"same":2,"aside":0}`+"\n" {
		t.Errorf("a second time says %s", out)
	}
	sh.in = strings.ReplaceAll(itemsFile, "3.00", "3.20")
	if out := sh.ok("import", "items", "-"); out != `{"added":0,"changed":1,"same":1,"aside":0}`+"\n" {
		t.Errorf("from standard input says %s", out)
	}
	bad := itemsFile + "102,酸奶,,-1,,,,\n103,奶酪,,1000000000000,,,,\n104,黄油,,9.90,,,,6901234567893\n105,\xff\xfe,,1.00,,,,\n106,果汁,,8.80,,,,\n"
	out := sh.fails(1, []string{
		"line 4: price_minus: the price is below zero (-1)", "line 5: price_large: the price is too large (1000000000000)",
		"line 6: check_digit: the check digit of the barcode is wrong; a scan would not find it (6901234567893)", "line 7: encoding: ",
		"4 rows were left out; the rest is imported.", "The rows left out are in " + filepath.Join(sh.data, "imports", "bad-aside-"),
	}, "import", "items", sh.file("bad.csv", bad))
	if out != `{"added":1,"changed":1,"same":1,"aside":4}`+"\n" {
		t.Errorf("says %s", out)
	}
	sh.lang = chinese
	sh.fails(1, []string{"第 4 行：price_minus：价格是负数（-1）", "4 行没有导入，其余的已经导入。"}, "import", "items", sh.file("bad.csv", bad))
	sh.lang = english
	sh.ok("verify")
}

// What is exported and imported again changes nothing; exported twice it is
// the same file.
func TestExportedItemsImportTheSame(t *testing.T) {
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive")
	sh.ok("import", "items", "../../../assets/sample/items.csv")
	one := filepath.Join(filepath.Dir(sh.data), "one.csv")
	sh.ok("export", "items", "--out", one)
	b, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "\ufeffcode,name,name_en,price,unit,tax,category,barcodes\r\n101,鲜肉包,Pork bun,2.50,个,food,早餐,\r\n") || strings.Count(string(b), "\n") != 65 {
		t.Errorf("exports\n%.300s", b)
	}
	if out := sh.ok("import", "items", one); out != `{"added":0,"changed":0,"same":64,"aside":0}`+"\n" {
		t.Errorf("says %s", out)
	}
	if out := sh.ok("export", "items"); out != string(b) {
		t.Error("a second export differs")
	}
	other := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive")
	other.ok("import", "items", one)
	if out := other.ok("export", "items"); out != string(b) {
		t.Error("the export of another shop differs")
	}
}

func TestImportOfGBK(t *testing.T) {
	sh := newShop(t)
	gb, err := simplifiedchinese.GBK.NewEncoder().String("商品编号;品名;零售价;条码\r\n101;鲜牛奶;15,90;6901234500370\r\n")
	if err != nil {
		t.Fatal(err)
	}
	sh.ok("import", "items", sh.file("goods.csv", gb))
	if out := sh.ok("export", "items"); !strings.Contains(out, "\n101,鲜牛奶,,15.90,,,,6901234500370\r\n") {
		t.Errorf("exports\n%s", out)
	}
}

func TestImportOfFilesThatAreNoLists(t *testing.T) {
	sh := newShop(t)
	for name, c := range map[string]struct{ text, en, zh string }{
		"empty.csv":  {"", "is empty", "是空的"},
		"sheet.xlsx": {"PK\x03\x04", "Save it as CSV", "另存为 CSV"},
		"what.csv":   {"101,鲜牛奶,15.90\n", "The first line must name the columns", "第一行要有列名"},
	} {
		file := sh.file(name, c.text)
		sh.lang = english
		if out := sh.fails(1, []string{file, c.en, "No item has changed."}, "import", "items", file); out != "" {
			t.Errorf("%s: writes %q", name, out)
		}
		sh.lang = chinese
		sh.fails(1, []string{file, c.zh, "商品没有改动。"}, "import", "items", file)
	}
	sh.lang = english
	sh.fails(1, []string{"cannot open", "none.csv"}, "import", "items", "none.csv")
	if out := sh.ok("import", "items", sh.file("header.csv", "code,name,price\n")); out != `{"added":0,"changed":0,"same":0,"aside":0}`+"\n" {
		t.Errorf("a header alone says %s", out)
	}
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sh.fails(1, []string{"the ledger is in use by "}, "import", "items", sh.file("items.csv", itemsFile))
}

// Every fault that a row may have has words in both languages.
func TestEveryRowFaultHasWords(t *testing.T) {
	text, err := os.ReadFile("../../../ledger/importrow.go")
	if err != nil {
		t.Fatal(err)
	}
	doc, _, ok := strings.Cut(string(text), "type ListFault struct")
	if !ok {
		t.Fatal("importrow.go says no faults")
	}
	n := 0
	for _, line := range strings.Split(doc, "\n") {
		rest, ok := strings.CutPrefix(line, "//\t")
		if !ok {
			continue
		}
		n++
		code := strings.Fields(rest)[0]
		if w := rowFaults[code]; w.zh == "" || w.en == "" || w.zh == w.en {
			t.Errorf("%s has no words", code)
		}
		for _, lang := range []string{"en", "zh-Hans"} {
			b, err := os.ReadFile("../../../assets/translations/" + lang + ".json")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(b), `"import.fault.`+code+`": "`) {
				t.Errorf("%s has no words on the screen in %s", code, lang)
			}
		}
	}
	if n != len(rowFaults) || n < 15 {
		t.Errorf("%d faults, words for %d", n, len(rowFaults))
	}
}
