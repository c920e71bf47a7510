package ledger

import (
	"os"
	"path/filepath"
	"testing"
)

// goodsShop is a founded ledger of a shop without items.
func goodsShop(t testing.TB) *Ledger {
	t.Helper()
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{})
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

func take(t testing.TB, l *Ledger, text string) ListDone {
	t.Helper()
	done, err := l.TakeList(bg, listOf(t, text), ListOptions{By: "1001"})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestImportTakesAList(t *testing.T) {
	l := goodsShop(t)
	done := take(t, l, "code,name,name_en,price,unit,tax,category,barcodes\n101,鲜肉包,Pork bun,2.50,个,standard,早餐,\n,可乐,Cola,3.00,瓶,,饮料,6901234567892|6901234500370\n")
	if done.Added != 2 || done.Aside != 0 {
		t.Fatalf("%+v", done)
	}
	it, _, ok, err := l.Lookup(bg, "6901234567892")
	if err != nil || !ok || it.Name != "可乐" || it.Price != 300_00 {
		t.Errorf("%+v %v %v", it, ok, err)
	}
	if _, err := l.Audit(bg, nil); err != nil {
		t.Error(err)
	}
}
