package tilltest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// The words that names of goods are made of.
var (
	makers = [][2]string{
		{"青山", "Qingshan"}, {"东湖", "East Lake"}, {"大地", "Dadi"}, {"明月", "Moonlight"}, {"小熊", "Little Bear"}, {"海风", "Sea Breeze"},
		{"金穗", "Golden Ear"}, {"白云", "White Cloud"}, {"绿源", "Greenspring"}, {"福来", "Fulai"}, {"春雨", "Spring Rain"}, {"长乐", "Changle"},
		{"银杏", "Ginkgo"}, {"三和", "Sanhe"}, {"南国", "Nanguo"}, {"北极星", "Polaris"},
	}
	makes = []struct {
		zh, en, category string
		price            int64 // minor units
		weighed          bool
	}{
		{"纯牛奶", "Milk", "乳品", 680, false}, {"酸奶", "Yoghurt", "乳品", 550, false}, {"豆浆", "Soy Milk", "饮料", 400, false},
		{"矿泉水", "Mineral Water", "饮料", 200, false}, {"绿茶", "Green Tea", "饮料", 450, false}, {"啤酒", "Beer", "酒类", 700, false},
		{"白酒", "Baijiu", "酒类", 12800, false}, {"面包", "Bread", "烘焙", 850, false}, {"饼干", "Biscuits", "零食", 990, false},
		{"巧克力", "Chocolate", "零食", 1680, false}, {"薯片", "Crisps", "零食", 750, false}, {"方便面", "Instant Noodles", "粮油", 480, false},
		{"大米", "Rice", "粮油", 5900, false}, {"花生油", "Peanut Oil", "粮油", 8990, false}, {"酱油", "Soy Sauce", "调味", 1290, false},
		{"苹果", "Apples", "果蔬", 1180, true}, {"香蕉", "Bananas", "果蔬", 680, true}, {"西红柿", "Tomatoes", "果蔬", 598, true},
		{"五花肉", "Pork Belly", "鲜肉", 3980, true}, {"鸡蛋", "Eggs", "鲜肉", 1280, false}, {"洗衣液", "Detergent", "日用", 3490, false},
		{"牙膏", "Toothpaste", "日用", 1590, false}, {"抽纸", "Tissues", "日用", 1990, false}, {"铅笔", "Pencils", "文具", 350, false},
	}
	kinds = [][2]string{{"原味", "Classic"}, {"清爽", "Light"}, {"家庭装", "Family"}, {"迷你", "Mini"}, {"精选", "Select"}, {"经典", "Original"}, {"儿童", "Kids"}, {"无糖", "Sugar Free"}}
)

// Stock returns the i-th of as many goods as a shop may have, always the same
// one: an item with its names, an EAN-13 code of its own, a price and one of
// two classes of tax.
func Stock(i int) till.Item {
	m, g, k := makers[i%len(makers)], makes[i/len(makers)%len(makes)], kinds[i/len(makers)/len(makes)%len(kinds)]
	it := till.Item{
		Code: fmt.Sprintf("P%07d", i), Name: m[0] + g.zh + k[0], NameEN: m[1] + " " + g.en + " " + k[1], Category: g.category, Unit: "个",
		Price: money.UnitPrice(g.price+int64(i%97)*5) * 100, Weighed: g.weighed, Barcodes: []string{ean13(i)},
	}
	if n := i / (len(makers) * len(makes) * len(kinds)); n > 0 { // another size
		it.Name, it.NameEN = fmt.Sprintf("%s %d号", it.Name, n), fmt.Sprintf("%s No %d", it.NameEN, n)
	}
	if it.Weighed {
		it.Unit = "kg"
	}
	it.ID[0] = 1
	binary.BigEndian.PutUint64(it.ID[8:], uint64(i))
	return it
}

// ean13 is the i-th code, with its check digit.
func ean13(i int) string {
	code := fmt.Sprintf("690%09d", i)
	sum := 0
	for at, d := range code {
		sum += int(d-'0') * (1 + at%2*2)
	}
	return code + string(rune('0'+(10-sum%10)%10))
}

// Taxes are the classes of a Trade's goods.
func Taxes() []till.TaxClass {
	return []till.TaxClass{{Code: "standard", Rate: 130_000}, {Code: "food", Rate: 90_000}}
}

// Trade makes the documents of a busy counter, one after the other, as a
// register would complete them, for filling a journal and for measuring one.
// A seed gives the same documents everywhere. A few goods sell most, carts have
// four lines on average, some lines are weighed, some sales have a discount,
// and two in five are paid in two parts.
type Trade struct {
	At      time.Time
	Day     till.BusinessDay
	Shift   int
	Z       int
	Receipt int
	Grand   money.Amount // net of all Zs

	rnd  *rand.Rand
	zipf *rand.Zipf
	ids  uint64
}

// NewTrade begins on the morning of a day with goods goods.
func NewTrade(seed uint64, goods int) *Trade {
	rnd := rand.New(rand.NewPCG(seed, 7))
	return &Trade{
		At: time.Date(2025, 1, 1, 7, 0, 0, 0, time.FixedZone("", 8*3600)), Day: 20250101,
		rnd: rnd, zipf: rand.NewZipf(rnd, 1.2, 12, uint64(goods-1)),
	}
}

func (t *Trade) entry(r till.Record) till.Entry {
	return till.Entry{At: t.At, Recorded: t.At, Operator: "1001", Shift: t.Shift, Day: t.Day, Record: r}
}

func (t *Trade) id() till.ID {
	t.ids++
	var id till.ID
	binary.BigEndian.PutUint64(id[:8], uint64(t.At.UnixMilli())<<16|0x7000)
	binary.BigEndian.PutUint64(id[8:], t.ids)
	return id
}

// OpenShift begins the next shift with 200.00 in the drawer.
func (t *Trade) OpenShift() till.Tx {
	t.Shift++
	return till.Tx{Entries: []till.Entry{t.entry(&till.ShiftOpened{Opened: till.Shift{
		No: t.Shift, Day: t.Day, OpenedAt: t.At, OpenedBy: "1001", Float: 20000, LastAt: t.At,
	}})}}
}

// CloseShift closes it with exactly what the totals of the journal expect.
func (t *Trade) CloseShift(totals till.ShiftTotals, taxes []till.TaxTotal) till.Tx {
	t.Z++
	t.Grand += totals.Net()
	counted := totals.Expected()
	return till.Tx{Entries: []till.Entry{
		t.entry(&till.ShiftClosed{No: t.Shift, Counted: counted, Expected: counted}),
		t.entry(&till.ZReported{No: t.Z, Totals: totals, Taxes: taxes, Counted: counted, GrandTotal: t.Grand}),
	}, Print: []till.PrintJob{{Kind: till.SlipZ, Ref: int64(t.Z)}}}
}

// CloseDay closes the business day and goes on to the next morning.
func (t *Trade) CloseDay() till.Tx {
	tx := till.Tx{Entries: []till.Entry{t.entry(&till.DayClosed{Closed: t.Day})}}
	y, m, d := t.At.AddDate(0, 0, 1).Date()
	t.At = time.Date(y, m, d, 7, 0, 0, 0, t.At.Location())
	t.Day = till.BusinessDay(y*10000 + int(m)*100 + d)
	return tx
}

// Sell completes a sale of lines lines and two tenders; with 0 lines of as
// many of both as comes.
func (t *Trade) Sell(lines int) till.Tx {
	t.At = t.At.Add(time.Duration(40+t.rnd.IntN(60)) * time.Second)
	two := lines > 0 || t.rnd.IntN(5) < 2
	if lines == 0 {
		lines = 1 + t.rnd.IntN(3) + t.rnd.IntN(5)
	}
	s := t.cart(lines)
	s.CompletedAt, s.Shift, s.Day = t.At, t.Shift, t.Day
	t.Receipt++
	s.Receipt = t.Receipt
	if two {
		part := s.Subtotal() / 3
		s.Tenders = append(s.Tenders, till.Tender{N: 1, Kind: till.Card, Amount: part, Tendered: part, Ref: fmt.Sprintf("4242/%06d", t.Receipt), At: t.At, By: "1001"})
	}
	due := s.Due()
	given := (due + 999) / 1000 * 1000
	s.Tenders = append(s.Tenders, till.Tender{
		N: len(s.Tenders) + 1, Kind: till.Cash, Amount: due, Tendered: given, Change: given - due, At: t.At, By: "1001",
	})
	return till.Tx{
		Entries: []till.Entry{t.entry(&till.SaleCompleted{Sale: *s})}, Drop: []till.ID{s.ID},
		Print: []till.PrintJob{{Kind: till.SlipReceipt, Ref: int64(s.Receipt)}}, Pulse: "sale",
	}
}

// cart returns a priced sale without tenders.
func (t *Trade) cart(lines int) *till.Sale {
	s := &till.Sale{ID: t.id(), OpenedAt: t.At.Add(-30 * time.Second), Operator: "1001", LastLine: lines}
	taxes := Taxes()
	for n := range lines {
		i := int(t.zipf.Uint64())
		it := Stock(i)
		l := till.Line{
			N: n + 1, Item: it.ID, Code: it.Barcodes[0], Name: it.Name, NameEN: it.NameEN, Category: it.Category, Unit: it.Unit,
			Qty: money.One, Price: it.Price, ListPrice: it.Price, Tax: taxes[i%2], At: s.OpenedAt.Add(time.Duration(n) * time.Second),
		}
		switch {
		case it.Weighed:
			l.Qty = money.Quantity(150 + t.rnd.IntN(2000))
		case t.rnd.IntN(6) == 0:
			l.Qty = money.One * money.Quantity(2+t.rnd.IntN(4))
		}
		s.Lines = append(s.Lines, l)
	}
	if t.rnd.IntN(12) == 0 {
		s.Discount = till.Discount{Percent: 50_000, Reason: "会员日"}
	}
	if err := s.Price(); err != nil {
		panic(err) // the goods and quantities above are within all bounds
	}
	return s
}
