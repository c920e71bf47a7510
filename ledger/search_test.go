package ledger

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/till"
)

// goods are what the searches here look for.
var goods = []till.Item{
	{Name: "青岛纯生啤酒", NameEN: "Tsingtao Draft Beer", Code: "P001", Barcodes: []string{"6901035603232"}},
	{Name: "重庆小面", NameEN: "Chongqing Noodles", Code: "P002"},
	{Name: "鲜牛奶 1L", NameEN: "Milk 1L", Code: "N1", Barcodes: []string{"6901234567892"}},
	{Name: "茶", Code: "P004"},
	{Name: "行军包", Code: "P005"},
	{Name: "Müsli 500g", Code: "P006"},
}

func shopOfGoods(t *testing.T) *Ledger {
	t.Helper()
	l, err := Found(bg, t.TempDir(), Founding{Settings: shopSettings()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	for _, it := range goods {
		it.Price = 100_00
		if _, err := l.SaveItem(bg, it, "1001"); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// indexed waits until every item is in the index.
func indexed(t *testing.T, l *Ledger) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		var left int
		if err := l.r().QueryRow("SELECT count(*) FROM unsearched").Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d items are not indexed after 10 s", left)
		}
		time.Sleep(time.Millisecond)
	}
}

func codesFound(t *testing.T, l *Ledger, text string) string {
	t.Helper()
	found, err := l.Search(bg, text)
	if err != nil {
		t.Fatalf("search %q: %v", text, err)
	}
	var codes []string
	for _, it := range found {
		codes = append(codes, it.Code)
	}
	return strings.Join(codes, " ")
}

// typed is what people type and what they must be shown.
var typed = map[string]string{
	"啤酒": "P001", "啤": "P001", "青岛纯生啤酒": "P001", "纯生": "P001", "茶": "P004", "面": "P002",
	"qdcspj": "P001", "cspj": "P001", "pj": "P001", "qingdao": "P001", "chunsheng": "P001", "c": "P002 P004", "b": "P001", "be": "P001",
	"cqxm": "P002", "zqxm": "P002", "chongqing": "P002", "zhongqing": "P002", // 重 is read in two ways
	"hangjun": "P005", "xingjun": "P005",
	"draft": "P001", "DRAFT BEER": "P001", "raft b": "P001", "Milk": "N1", "ilk": "N1",
	"奶 1l": "N1", "N1": "N1", "n1": "N1", "6901234567892": "N1", "67892": "N1", "6901": "P001 N1",
	"P00": "P001 P002 P004 P005 P006", "müsli": "P006", "ü": "P006", "500g": "P006",
	"啤奶": "", "zzz": "", "不": "", "酒啤": "", "%": "", "'": "", `"`: "", "  ": "", "*": "",
}

func TestSearchFindsWhatPeopleType(t *testing.T) {
	l := shopOfGoods(t)
	indexed(t, l)
	for text, want := range typed {
		if got := codesFound(t, l, text); got != want {
			t.Errorf("%q finds %q, must find %q", text, got, want)
		}
	}
}

// An item is found at once, in the index or not, by what it is called now.
func TestSearchFollowsEveryChange(t *testing.T) {
	l := shopOfGoods(t)
	for _, settle := range []bool{false, true} {
		look := func(text, want string) {
			t.Helper()
			if settle {
				indexed(t, l)
			}
			if got := codesFound(t, l, text); got != want {
				t.Errorf("settled %v: %q finds %q, must find %q", settle, text, got, want)
			}
		}
		it, err := l.SaveItem(bg, till.Item{Name: "新蒜", Code: "X1", Price: 100_00}, "1001")
		if err != nil {
			t.Fatal(err)
		}
		look("新蒜", "X1")
		it.Name = "老蒜"
		if _, err := l.SaveItem(bg, it, "1001"); err != nil {
			t.Fatal(err)
		}
		look("新蒜", "")
		look("老蒜", "X1")
		look("ls", "X1")
		if err := l.RemoveItem(bg, it.ID); err != nil {
			t.Fatal(err)
		}
		look("老蒜", "")
	}
}

// What a search finds in the index is what a look at every text finds, but for
// one or two letters, which the index finds at beginnings.
func TestTheIndexFindsWhatTheTextsHave(t *testing.T) {
	l := shopOfGoods(t)
	indexed(t, l)
	for _, it := range goods {
		for part := range strings.SplitSeq(searchKeys(&it), string(partEnd)) {
			rs := []rune(part)
			for from := range rs {
				for to := from + 1; to <= len(rs); to++ {
					text := string(rs[from:to])
					if strings.TrimSpace(text) != text || len(text) < 3 && from > 0 {
						continue
					}
					found, err := l.Search(bg, text)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.ContainsFunc(found, func(f till.Item) bool { return f.Code == it.Code }) {
						t.Errorf("%q does not find %s", text, it.Name)
					}
				}
			}
		}
	}
}

// A ledger that was closed before all was indexed goes on when it is opened.
func TestIndexingGoesOnAfterAStop(t *testing.T) {
	dir := t.TempDir()
	l, err := Found(bg, dir, Founding{Settings: shopSettings()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	it := till.Item{Name: "海带", Code: "H1", ID: till.ID{9}}
	if err := l.write(bg, "put an item", func(c conn) error { return putItem(bg, c, &it) }); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(bg, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	indexed(t, l)
	if got := codesFound(t, l, "haidai"); got != "H1" {
		t.Errorf("haidai finds %q", got)
	}
}
