package ledger

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"guitai/till"
	"guitai/till/money"
)

const contractHeader = "code,name,name_en,price,unit,tax,category,barcodes\n"

// goodsShop is a founded ledger of a shop without items.
func goodsShop(t testing.TB) *Ledger {
	t.Helper()
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// listOf writes a list to a file.
func listOf(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// take takes a list and returns the rows left out as "line code".
func take(t testing.TB, l *Ledger, text string) (ListDone, []string) {
	t.Helper()
	var faults []string
	done, err := l.TakeList(bg, listOf(t, text), ListOptions{By: "1001", Fault: func(f ListFault) { faults = append(faults, fmt.Sprint(f.Row, " ", f.Code)) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) != done.Aside {
		t.Errorf("%d faults were told of %d", len(faults), done.Aside)
	}
	return done, faults
}

// exported are the items as the export writes them, without its header.
func exported(t testing.TB, l *Ledger) []string {
	t.Helper()
	var b strings.Builder
	if err := l.ExportItems(bg, &b); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSuffix(strings.TrimPrefix(b.String(), "\ufeff"), "\r\n"), "\r\n")
	return rows[1:]
}

func wantGoods(t testing.TB, l *Ledger, want ...string) {
	t.Helper()
	if got := exported(t, l); !slices.Equal(got, want) {
		t.Errorf("goods are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestImportReadsEveryForm(t *testing.T) {
	want := []string{"101,鲜肉包,Pork bun,2.50,个,standard,早餐,6901234567892"}
	zh := "商品编号,品名,英文名,零售价(元),单位,税类,分类,条形码\n101,鲜肉包,Pork bun,2.50,个,standard,早餐,6901234567892\n"
	gb, err := simplifiedchinese.GBK.NewEncoder().String(zh)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(zh, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8":                  zh,
		"byte order mark":        "\ufeff" + zh,
		"GBK":                    gb,
		"UTF-16 with tabs":       wide,
		"semicolons and commas":  strings.ReplaceAll(strings.ReplaceAll(zh, ",", ";"), "2.50", "2,50"),
		"tabs":                   strings.ReplaceAll(zh, ",", "\t"),
		"CRLF":                   strings.ReplaceAll(zh, "\n", "\r\n"),
		"CR":                     strings.ReplaceAll(zh, "\n", "\r"),
		"no end of the last":     strings.TrimSuffix(zh, "\n"),
		"blank lines":            "\n\n" + strings.ReplaceAll(zh, "\n", "\n\n   \n"),
		"sep line":               "sep=,\n" + zh,
		"quoted":                 strings.ReplaceAll(zh, "鲜肉包", `"鲜肉包"`),
		"the contract's header":  contractHeader + "101,鲜肉包,Pork bun,2.50,个,standard,早餐,6901234567892\n",
		"columns out of order":   "barcode,Retail Price,Item Name,English Name,SKU,Unit,VAT rate,Department\n6901234567892,￥2.5,鲜肉包,Pork bun,101,个,13%,早餐",
		"a column more":          "供应商," + strings.ReplaceAll(strings.ReplaceAll(zh, "\n101", "\n某厂,101"), "条形码", "条形码"),
		"full-width digits":      strings.ReplaceAll(zh, "2.50", "２．５０元"),
		"a formula of text":      strings.ReplaceAll(zh, ",6901234567892", `,"=""6901234567892"""`),
		"barcodes with a space":  strings.ReplaceAll(zh, "6901234567892", " 6901234567892 | "),
		"separators at the ends": strings.ReplaceAll(zh, "\n", ",,,\n"),
		"a cell of two lines":    strings.ReplaceAll(zh, "Pork bun", "\"Pork\nbun\""),
	} {
		t.Run(name, func(t *testing.T) {
			l := goodsShop(t)
			done, faults := take(t, l, text)
			if done.Added != 1 || len(faults) != 0 {
				t.Errorf("%+v %v", done, faults)
			}
			wantGoods(t, l, want...)
		})
	}
}

// Bad rows are named by line and left out; the good ones around them are taken.
func TestImportSetsBadRowsAside(t *testing.T) {
	good := "1,甲,,1.00,,,,\n"
	last := "9,乙,,9.00,,,,\n"
	for name, c := range map[string]struct {
		rows string
		want []string
	}{
		"broken encoding":           {"2,\xe4\xb8,,1.00,,,,\n3,丙\xff,,1.00,,,,\n", []string{"3 encoding", "4 encoding"}},
		"what broken text leaves":   {"2,锟斤\ufffd,,1.00,,,,\n", []string{"3 encoding"}},
		"a wrong check digit":       {"2,丙,,1.00,,,,6901234567893\n", []string{"3 check_digit"}},
		"one bad barcode of two":    {"2,丙,,1.00,,,,6901234567892|6901234567893\n", []string{"3 check_digit"}},
		"a price below zero":        {"2,丙,,-1,,,,\n", []string{"3 price_minus"}},
		"a price of 10^12":          {"2,丙,,1000000000000,,,,\n", []string{"3 price_large"}},
		"a price of 30 digits":      {"2,丙,," + strings.Repeat("9", 30) + ",,,,\n", []string{"3 price_large"}},
		"a price in words":          {"2,丙,,面议,,,,\n", []string{"3 price"}},
		"an exponent":               {"2,丙,,1e3,,,,\n", []string{"3 price"}},
		"too many decimals":         {"2,丙,,1.00001,,,,\n", []string{"3 price"}},
		"a comma of two meanings":   {"2,丙,,\"1,5\",,,,\n", []string{"3 price"}},
		"two prices":                {"2,丙,,1.00 2.00,,,,\n", []string{"3 price"}},
		"no price":                  {"2,丙,,,,,,\n", []string{"3 price"}},
		"no name":                   {"2,,,1.00,,,,\n", []string{"3 name"}},
		"no code":                   {",丙,,1.00,,,,\n", []string{"3 no_code"}},
		"a cell of 4,000":           {"2," + strings.Repeat("长", 4000) + ",,1.00,,,,\n" + strings.Repeat("7", 4000) + ",丙,,1.00,,,,\n", []string{"3 name_long", "4 code_long"}},
		"a barcode of 4,000":        {"2,丙,,1.00,,,," + strings.Repeat("7", 4000) + "\n", []string{"3 code_long"}},
		"a line of two mebibytes":   {"2," + strings.Repeat("x", 2<<20) + ",,1.00,,,,\n", []string{"3 long"}},
		"a quote never closed":      {"2,\"丙,,1.00,,,,\n3,丁,,3.00,,,,\n", []string{"3 quote"}},
		"two quotes never closed":   {"2,\"丙,,1.00,,,,\n3,丁,,3.00,,,,\n4,\"戊,,1.00,,,,\n", []string{"3 quote", "5 quote"}},
		"a quote in a cell":         {"2,\"丙\"x,,1.00,,,,\n", []string{"3 quote"}},
		"a cell too many":           {"2,丙,甲,乙,1.00,,,,,x\n", []string{"3 columns"}},
		"a class nobody has":        {"2,丙,,1.00,,luxury,,\n", []string{"3 tax"}},
		"a rate nobody has":         {"2,丙,,1.00,,7%,,\n", []string{"3 tax"}},
		"a number of a spreadsheet": {"2,丙,,1.00,,,,6.90123E+12\n", []string{"3 number"}},
		"control characters":        {"2,丙\x1b[2J,,1.00,,,,\n3,a\x00b,,1.00,,,,\n", []string{"3 text", "4 text"}},
		"text turned around":        {"2,丙\u202e,,1.00,,,,\n", []string{"3 text"}},
		"the code twice":            {"1,丙,,1.00,,,,\n", []string{"3 twice"}},
		"the barcode twice":         {"2,丙,,1.00,,,,6901234567892\n3,丁,,1.00,,,,6901234567892\n", []string{"4 twice"}},
		"UPC and EAN of one number": {"2,丙,,1.00,,,,0123456789012\n3,丁,,1.00,,,,123456789012\n", []string{"4 twice"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := goodsShop(t)
			done, faults := take(t, l, contractHeader+good+c.rows+last)
			if !slices.Equal(faults, c.want) {
				t.Errorf("set aside %q, want %q", faults, c.want)
			}
			all := exported(t, l)
			if n := len(all); n != done.Added || all[0] != "1,甲,,1.00,,,," || all[n-1] != "9,乙,,9.00,,,," {
				t.Errorf("%d added: %q", done.Added, all)
			}
			if _, err := l.Audit(bg, nil); err != nil {
				t.Error(err)
			}
			// What was left out is in a file with its line and fault.
			b, err := os.ReadFile(done.AsideFile)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
			if err != nil || len(rows) != 1+len(c.want) {
				t.Fatalf("%v: %q", err, rows)
			}
			for i, r := range rows[1:] {
				if got := r[8] + " " + r[9]; got != c.want[i] {
					t.Errorf("the file says %q of a row, want %q", got, c.want[i])
				}
			}
		})
	}
}

// The same bytes in GBK: the broken row alone is left out.
func TestImportOfGBKNamesBrokenRows(t *testing.T) {
	l := goodsShop(t)
	gb, err := simplifiedchinese.GBK.NewEncoder().String("编号,品名,售价\n1,鲜肉包,2.50\n2,豆沙包,2.00\n")
	if err != nil {
		t.Fatal(err)
	}
	done, faults := take(t, l, gb+"3,\xb0\xff,1.00\n")
	if done.Added != 2 || !slices.Equal(faults, []string{"4 encoding"}) {
		t.Errorf("%+v %v", done, faults)
	}
	wantGoods(t, l, "1,鲜肉包,,2.50,,,,", "2,豆沙包,,2.00,,,,")
}

// A list from a spreadsheet program of western Europe, and barcodes parted as
// people part them.
func TestImportReadsAccentsAndManyBarcodes(t *testing.T) {
	l := goodsShop(t)
	done, faults := take(t, l, "SKU;Item name;Price;EAN\n1;Caf\xe9 cr\xe8me;2,50;6901234567892, 6901234500370\n2;K\xe4se;3,00;6901234500387\n3;Stra\xdfe \x80;1,00;AB 12\n")
	if done.Added != 3 || len(faults) != 0 {
		t.Errorf("%+v %v", done, faults)
	}
	wantGoods(t, l, "1,Café crème,,2.50,,,,6901234500370|6901234567892", "2,Käse,,3.00,,,,6901234500387", "3,Straße €,,1.00,,,,AB 12")
}

func TestImportReadsTheWorkload(t *testing.T) {
	l := goodsShop(t)
	done, faults := take(t, l, "id,barcode,name_en,name_zh,pinyin,category,tax_bp,price,weighed\n"+
		"1,6900096033576,Moonlight seeds,明月瓜子,mygz,5,1300,1309,0\n2,2100000000029,Pears,梨,l,1,900,768,1\n")
	if done.Added != 2 || done.Untaxed != 1 || len(faults) != 0 {
		t.Errorf("%+v %v", done, faults)
	}
	wantGoods(t, l, "1,明月瓜子,Moonlight seeds,13.09,,standard,5,6900096033576", "2,梨,Pears,7.68,kg,,1,2100000000029")
	if it, _, ok, err := l.Lookup(bg, "2100000000029"); err != nil || !ok || !it.Weighed {
		t.Errorf("%+v %v", it, err)
	}
}

// A row stands for the item with its code, else with its barcode.
func TestImportMatches(t *testing.T) {
	l := goodsShop(t)
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n102,乙,B,2.00,瓶,,饮料,6901234500370\n,丙,C,3.00,,,,6901234500387\n")
	tiles, err := l.Search(bg, "甲")
	if err != nil || len(tiles) != 1 {
		t.Fatal(tiles, err)
	}
	id := tiles[0].ID
	done, faults := take(t, l, contractHeader+
		"101,甲,A,1.50,,,,012345678905\n"+ // by code: dearer, one barcode more, the rest stays
		",乙,B,2.00,瓶,,饮料,6901234500370\n"+ // by barcode: the same
		"103,丙,C,3.00,,,,6901234500387\n"+ // by barcode, and gets a code
		"104,丁,,4.00,,,,6901234567892\n"+ // of 101
		",戊,,5.00,,,,6901234567892|6901234500370\n"+ // of two items
		"102,乙,B,2.20,瓶,,饮料,\n"+ // the item of line 3 by its other name
		"105,己,,6.00,,,,\n")
	if done.Added != 1 || done.Changed != 2 || done.Same != 1 {
		t.Errorf("%+v", done)
	}
	if want := []string{"5 twice", "6 twice", "7 twice"}; !slices.Equal(faults, []string{"5 taken", "6 twice", "7 twice"}) {
		t.Errorf("set aside %q, want %q", faults, want)
	}
	wantGoods(t, l, "101,甲,A,1.50,瓶,standard,饮料,012345678905|6901234567892", "102,乙,B,2.00,瓶,,饮料,6901234500370", "103,丙,C,3.00,,,,6901234500387", "105,己,,6.00,,,,")
	for _, code := range []string{"101", "012345678905", "0012345678905"} {
		if it, _, ok, err := l.Lookup(bg, code); err != nil || !ok || it.ID != id || it.Price != 150_00 {
			t.Errorf("%s is %+v, %v", code, it, err)
		}
	}
	if found, err := l.Search(bg, "己"); err != nil || len(found) != 1 || found[0].Name != "己" {
		t.Errorf("searching finds %+v, %v", found, err)
	}
}

// A price list of codes and prices alone changes prices, and adds nothing.
func TestImportOfPricesAlone(t *testing.T) {
	l := goodsShop(t)
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n")
	done, faults := take(t, l, "条码,售价\n6901234567892,1.20\n6901234500370,2.00\n")
	if done.Changed != 1 || done.Added != 0 || !slices.Equal(faults, []string{"3 name"}) {
		t.Errorf("%+v %v", done, faults)
	}
	wantGoods(t, l, "101,甲,A,1.20,瓶,standard,饮料,6901234567892")
}

// What is exported and taken in again changes nothing, whatever the names.
func TestExportedItemsComeBackTheSame(t *testing.T) {
	l := goodsShop(t)
	for i, name := range []string{"=1+1", "'=x", "''@y", "-牛奶", "a,b", `a "b" c`, `"`, "'s", "50% off", "a;b\tc"} {
		it := till.Item{Code: fmt.Sprint("0", i), Name: name, NameEN: name, Unit: "kg", Category: name, Tax: "us", Price: money.UnitPrice(78925 + i)}
		switch i {
		case 1:
			it.Code = "" // with neither code nor barcode
		case 2:
			it.Code, it.Barcodes = "", []string{"6901234567892", "-1"}
		case 3:
			it.Weighed = true
		}
		if _, err := l.SaveItem(bg, it, "1001"); err != nil {
			t.Fatal(name, err)
		}
	}
	before := exported(t, l)
	var b strings.Builder
	if err := l.ExportItems(bg, &b); err != nil {
		t.Fatal(err)
	}
	done, faults := take(t, l, b.String())
	// A tab in a name is a space, here and on paper.
	if done.Same != 9 || done.Changed != 1 || done.Added != 0 || len(faults) != 0 {
		t.Errorf("%+v %v", done, faults)
	}
	after := exported(t, l)
	if !slices.Equal(before[:9], after[:9]) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	if !strings.Contains(b.String(), "7.8925") {
		t.Error("a price of four decimals is not written out")
	}
}

func TestImportRefusesWholeFiles(t *testing.T) {
	l := goodsShop(t)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":              {"", ErrListEmpty},
		"a mark alone":       {"\ufeff", ErrListEmpty},
		"blank lines":        {"\n\r\n  \n", ErrListEmpty},
		"a spreadsheet":      {"PK\x03\x04xyz", ErrListBinary},
		"an old spreadsheet": {"\xd0\xcf\x11\xe0\xa1\xb1", ErrListBinary},
		"no text":            {"a,b\x00\n", ErrListBinary},
		"no header":          {"101,甲,1.00\n", ErrListColumns},
		"no price or name":   {"code,unit\n1,x\n", ErrListColumns},
	} {
		if _, err := l.TakeList(bg, listOf(t, c.text), ListOptions{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	done, _ := take(t, l, contractHeader)
	if done.Added+done.Changed+done.Same+done.Aside != 0 || done.AsideFile != "" {
		t.Errorf("a header alone: %+v", done)
	}
	if _, err := l.TakeList(bg, filepath.Join(t.TempDir(), "none.csv"), ListOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Columns set by hand are proposed the next time for the same header.
func TestImportRemembersColumns(t *testing.T) {
	l := goodsShop(t)
	list := listOf(t, "Artikel;Bezeichnung;Preis;EK\n101;甲;1,50;1,00\n")
	sheet, err := l.ReadList(bg, list)
	if err != nil || sheet.Rows != 1 || len(sheet.Columns) != 4 || sheet.Columns[0].Field != "" || sheet.Columns[1].Sample != "甲" {
		t.Fatalf("%+v %v", sheet, err)
	}
	if _, err := l.CheckList(bg, list, nil); !errors.Is(err, ErrListColumns) {
		t.Errorf("columns that nobody knows: %v", err)
	}
	fields := []string{"code", "name", "price", ""}
	check, err := l.CheckList(bg, list, fields)
	if err != nil || check.New != 1 || len(exported(t, l)) != 0 {
		t.Errorf("%+v %v", check, err)
	}
	if _, err := l.TakeList(bg, list, ListOptions{Fields: fields}); err != nil {
		t.Fatal(err)
	}
	wantGoods(t, l, "101,甲,,1.50,,,,")
	sheet, err = l.ReadList(bg, listOf(t, "ARTIKEL ;Bezeichnung;Preis (EUR);EK\n102;乙;2,50;\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range sheet.Columns {
		if c.Field != fields[i] {
			t.Errorf("column %d is proposed as %q, want %q", i, c.Field, fields[i])
		}
	}
	if _, err := l.CheckList(bg, list, []string{"code", "name", "price", "price"}); !errors.Is(err, ErrListColumns) {
		t.Errorf("two prices: %v", err)
	}
}

// A check says what taking does, and changes nothing.
func TestCheckingAListChangesNothing(t *testing.T) {
	l := goodsShop(t)
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n102,乙,B,2.00,瓶,,饮料,\n")
	before := exported(t, l)
	list := listOf(t, contractHeader+"101,甲,A,1.20,,,,\n102,乙,,2.00,,,,\n103,丙,,3.00,,,零食,\n104,丁,,-1,,,,\n103,戊,,1.00,,,,\n")
	sheet, err := l.ReadList(bg, list)
	if err != nil || sheet.Rows != 5 {
		t.Fatal(sheet, err)
	}
	check, err := l.CheckList(bg, list, nil)
	if err != nil || check.New != 1 || check.Changed != 1 || check.Same != 1 || check.AsideRows != 2 || !slices.Equal(check.NewCategories, []string{"零食"}) {
		t.Errorf("%+v %v", check, err)
	}
	if len(check.Aside) != 2 || check.Aside[0] != (ListFault{5, "price_minus", "-1"}) || check.Aside[1] != (ListFault{6, "twice", "103 = 4"}) {
		t.Errorf("%+v", check.Aside)
	}
	wantGoods(t, l, before...)
	done, err := l.TakeList(bg, list, ListOptions{})
	if err != nil || done.Added != check.New || done.Changed != check.Changed || done.Same != check.Same || done.Aside != check.AsideRows {
		t.Errorf("%+v, the check said %+v", done, check)
	}
}

func TestImportCanBeTakenBack(t *testing.T) {
	now := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	take(t, l, contractHeader+"101,甲,A,1.00,瓶,standard,饮料,6901234567892\n102,乙,B,2.00,瓶,,饮料,\n")
	before := exported(t, l)
	done, _ := take(t, l, contractHeader+"101,甲2,A2,1.50,箱,us,零食,6901234500370\n102,乙,B,2.50,,,,\n103,丙,,3.00,,,,6901234500387\n104,丁,,4.00,,,,\n")
	if done.Added != 2 || done.Changed != 2 {
		t.Fatalf("%+v", done)
	}
	// A person changes one of each since: these stay.
	for _, code := range []string{"102", "104"} {
		it, _, ok, err := l.Lookup(bg, code)
		if err != nil || !ok {
			t.Fatal(code, err)
		}
		it.Price = 999_00
		if _, err := l.SaveItem(bg, it, "1001"); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.UndoList(bg, done.Batch, "1001"); err != nil {
		t.Fatal(err)
	}
	wantGoods(t, l, before[0], "102,乙,B,9.99,瓶,,饮料,", "104,丁,,9.99,,,,")
	if found, err := l.Search(bg, "丙"); err != nil || len(found) != 0 {
		t.Errorf("searching finds %+v, %v", found, err)
	}
	for name, batch := range map[string]string{"again": done.Batch, "none": "77", "no number": "x"} {
		if err := l.UndoList(bg, batch, "1001"); till.CodeOf(err) != till.NothingToUndo {
			t.Errorf("%s: %v", name, err)
		}
	}
	late, _ := take(t, l, contractHeader+"105,戊,,1.00,,,,\n")
	now = now.Add(24*time.Hour + time.Second)
	if err := l.UndoList(bg, late.Batch, "1001"); till.CodeOf(err) != till.NothingToUndo {
		t.Errorf("after a day: %v", err)
	}
	if _, err := l.Audit(bg, nil); err != nil {
		t.Error(err)
	}
	var noted []till.ItemsImported
	if err := l.Journal(bg, 1, func(d Document) error {
		if r, ok := d.Record.(*till.ItemsImported); ok {
			noted = append(noted, *r)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []till.ItemsImported{{File: "list.csv", Added: 2}, {File: "list.csv", Added: 2, Changed: 2}, {File: "list.csv", Added: -1, Changed: -1}, {File: "list.csv", Added: 1}}
	if !slices.Equal(noted, want) {
		t.Errorf("the journal has %+v, want %+v", noted, want)
	}
}

// An import that is stopped, by a person or by the end of the program, leaves
// the catalogue as it was.
func TestAnImportCutOffLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	l, err := Found(bg, dir, Founding{Settings: shopSettings()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	take(t, l, contractHeader+"100000,甲,A,1.00,瓶,standard,饮料,6901234567892\n")
	before := exported(t, l)
	ctx, stop := context.WithCancel(bg)
	_, err = l.TakeList(ctx, writeList(t, 60_000), ListOptions{Progress: func(int, int) { stop() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	wantGoods(t, l, before...)

	// The same, with the program ending in the middle.
	cut := &taking{l: l, at: time.Now(), name: "cut.csv"}
	if cut.f, err = openList(bg, writeList(t, 5_000)); err != nil {
		t.Fatal(err)
	}
	defer cut.f.close()
	form, err := knownForm(cut.f.header).withFields(nil)
	if err == nil {
		err = cut.begin(bg)
	}
	if err == nil {
		err = cut.all(bg, form)
	}
	if err != nil || len(exported(t, l)) != 5_000 {
		t.Fatal(len(exported(t, l)), err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(bg, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); len(exported(t, l)) != 1; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d items are left", len(exported(t, l)))
		}
	}
	wantGoods(t, l, before...)

	// Taken again at once after another such end, the list is there to stay.
	if cut.f, err = openList(bg, writeList(t, 5_000)); err != nil {
		t.Fatal(err)
	}
	defer cut.f.close()
	cut.l = l
	if err = cut.begin(bg); err == nil {
		err = cut.all(bg, form)
	}
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(bg, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	done, err := l.TakeList(bg, writeList(t, 5_000), ListOptions{})
	if err != nil || done.Added != 4_999 {
		t.Errorf("%+v, %v", done, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(bg, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if n := len(exported(t, l)); n != 5_000 {
		t.Errorf("%d items are there, want 5,000", n)
	}
}

// Sales go on while a list is taken.
func TestSalesGoOnDuringAnImport(t *testing.T) {
	c := openShop(t, t.TempDir(), Options{})
	defer c.l.Close()
	list := writeList(t, 40_000)
	ended := make(chan error, 1)
	go func() {
		_, err := c.l.TakeList(bg, list, ListOptions{By: "1001"})
		ended <- err
	}()
	sales, longest := 0, time.Duration(0)
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d sales during the import, the longest took %v", sales, longest)
			if sales < 10 {
				t.Errorf("%d sales got in between", sales)
			}
			if n, err := c.l.CountItems(bg); err != nil || n != 40_000 {
				t.Errorf("%d items, %v", n, err)
			}
			if _, err := c.l.Audit(bg, nil); err != nil {
				t.Error(err)
			}
			return
		default:
			began := time.Now()
			c.sell(t, 3)
			longest = max(longest, time.Since(began))
			sales++
			time.Sleep(5 * time.Millisecond)
		}
	}
}
