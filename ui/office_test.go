package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"guitai/till"
)

func TestAWrongPINSaysSoAndNothingElse(t *testing.T) {
	c, _ := backAt(t, 1366, 768)
	c.w.SetLanguage("en")
	c.sees("Who is at the till", "陈宁", "Owner", "林晓", "Cashier", "No shift open")
	c.tap("林晓")
	c.hand("12")
	c.scan(milk) // goods are for a signed-on till
	c.sees("Sign on before scanning goods")
	v := c.run.Reg.View()
	for n, code := range []till.ErrorCode{till.WrongPIN, till.PINLocked} {
		v.Seq++
		v.Notice = &till.Notice{Seq: v.Seq, Kind: till.Refused, Code: code, Detail: "30"}
		c.w.Show(v)
		c.sees([]string{"That PIN is wrong, type it again", "Too many wrong PINs. Wait 30 s and try again; the cart is kept."}[n])
	}
	if s := c.w.office.signon; len(s.pin) != 0 {
		t.Fatalf("%d digits of a refused PIN are kept", len(s.pin))
	}
}

// The PIN of an approval stays out of the drawn words too.
func TestAPINIsNeverDrawn(t *testing.T) {
	c, _ := back(t, "1002")
	c.w.Open(PageDrawer)
	c.tap("Pay out")
	c.tap("Supplier")
	c.hand("80", fyne.KeyF9)
	c.hand("1003")
	if all := strings.Join(c.words(), "|"); strings.Contains(all, "1003") {
		t.Fatalf("the PIN stands on the screen: %s", all)
	}
	c.press(fyne.KeyEscape)
	if c.w.View().Approval != nil {
		t.Fatal("Esc does not give the act up")
	}
	if got := c.run.J.Entries(); got[len(got)-1].Record.Kind() == till.KindCashMoved {
		t.Fatal("cash moved although the approval was given up")
	}
}

func TestTheLogShowsWhatWasDoneAndAFault(t *testing.T) {
	c, a := back(t, "1001")
	threeSales(c)
	c.w.Open(PageAudit)
	p := c.w.page().(*auditPage)
	said := func() (out []string) {
		for row := range p.shown {
			out = append(out, p.cell(row, 3).Text)
		}
		return out
	}
	for _, want := range []string{"Sold ¥15.90, Cash", "Sold ¥3.50, Bank card", "Return on #0002, ¥3.50 given back, because: Faulty", "Opened a shift with a float of ¥200.00"} {
		if !slices.Contains(said(), want) {
			t.Errorf("the log does not say %q: %q", want, said())
		}
	}
	c.tap("Refunds")
	if got := said(); len(got) != 1 {
		t.Fatalf("the refunds are %q, want one", got)
	}
	c.tap("All")
	c.press(fyne.KeyF9)
	c.sees("The book is whole, nothing was altered", "7F3A-B0C4-7F3A-B0C4")
	a.fault, a.at = "record 3: the hash of the record before differs", 3
	c.press(fyne.KeyF9)
	c.sees("Record 3 does not fit", "Restore and delete nothing. Back up to a stick, then call the installer. record 3: the hash of the record before differs")
	a.refuse = errors.New("closed")
	c.press(fyne.KeyF9)
	c.sees("The check did not finish", "Nothing has changed. Check once more.")
}

func TestAListIsImportedWithItsFaultsNamedAndTakenBack(t *testing.T) {
	c, _ := back(t, "1001")
	l := c.w.ports.Office.Lists.(*lists)
	c.w.Open(PageImport)
	c.tap("KINGSTON")
	c.sees("That folder cannot be opened.")
	c.tap("青禾便利店") // the places stay
	c.tap("goods.csv")
	c.sees("goods.csv · 4 rows · Nothing changes before the last step", "品名", "Name", "售价", "Price", "库存", "Leave out")
	c.tap("Price") // turns the column to what no other column is
	c.sees("One column must be the price")
	if c.press(fyne.KeyReturn); c.has("Row 18") {
		t.Fatal("a list without a price was checked")
	}
	for !c.has("Check it") || c.has("One column must be the price") {
		c.tap(c.w.Say("import.field." + c.w.office.lists.fields[2]))
		if c.w.office.lists.fields[2] == "" {
			c.w.office.lists.fields[2] = "price"
			c.w.Refresh()
		}
	}
	c.press(fyne.KeyReturn)
	c.sees("New", "1", "Changed", "Unchanged", "212", "Set aside", "3", "Row 18", "A price below zero", "-1", "Row 77", "The barcode's check digit is wrong", "Row 140", "Some of it is no readable text")
	if len(c.goods.items) != 4 {
		t.Fatal("a check changed the catalogue")
	}
	c.press(fyne.KeyReturn)
	if len(c.goods.items) != 5 || !slices.Equal(l.taken, []string{"code", "name", "price", "barcodes", "category", ""}) {
		t.Fatalf("taken with %q, %d items", l.taken, len(c.goods.items))
	}
	c.sees("Imported: 1 new, 1 changed", "3 rows were not taken. Mend them and import this file: /shop/exports/goods-aside.csv")
	c.tap("Undo the import")
	c.sees("The import was undone")
	if !slices.Equal(l.undone, []string{"b1"}) {
		t.Fatalf("undone %v", l.undone)
	}
}

// Every word that the ledger has for a row set aside is said.
func TestEveryFaultOfAListHasWords(t *testing.T) {
	for _, lang := range []string{"en", "zh-Hans"} {
		words := WordsOf(lang)
		for _, code := range []string{"encoding", "quote", "long", "columns", "name", "name_long", "text", "price", "price_minus", "price_large", "price_from",
			"no_code", "code_long", "check_digit", "number", "tax", "twice", "taken"} {
			if !words.Has("import.fault." + code) {
				t.Errorf("%s has no words for %s", lang, code)
			}
		}
		for _, field := range ListFields[1:] {
			if !words.Has("import.field." + field) {
				t.Errorf("%s has no words for the field %s", lang, field)
			}
		}
	}
}
