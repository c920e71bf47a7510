package command

import (
	"cmp"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// The oracle rings days at random and keeps the books beside them in its own
// way: the sums of the written contract over fractions, from the lines of the
// file alone. Nothing of the program is used.

// A taxed class is what init was told.
type taxed struct {
	code   string
	ppm    int64
	onTop  bool
	factor string // as the report writes the rate
}

var oracleTaxes = []taxed{{"standard", 130_000, false, "0.13"}, {"food", 90_000, false, "0.09"}, {"us", 88_750, true, "0.08875"}}

// rounded is num/den, half away from zero.
func rounded(num, den *big.Int) int64 {
	r := new(big.Rat).SetFrac(num, den)
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64() // toward zero
}

// share is a*b/c, rounded.
func share(a, b, c int64) int64 {
	return rounded(new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(c))
}

type oracleLine struct {
	name                     string
	tax                      taxed
	qty                      int64 // thousandths
	gross, off, base, in, on int64
	paid                     int64
	void                     bool
	back                     int64 // thousandths that came back
}

type oracleSale struct {
	no                       int
	lines                    []*oracleLine
	took, gave               map[string]int64
	kinds                    []string // in the order taken
	parts                    []int64  // of every tender
	total, subtotal, rounded int64
	returned                 bool
	voided                   bool
}

// goods are an item of the catalogue; its price has two more digits.
type goods struct {
	code, name, category string
	price                int64
	weighed              bool
	tax                  taxed
}

type oracle struct {
	rnd   *rand.Rand
	exp   int   // decimals of the currency
	step  int64 // cash rounding
	at    time.Time
	file  strings.Builder
	acts  int
	no    int
	sales []*oracleSale
	shift int
	park  int

	on     time.Time // when not zero, the time of the next act
	utc    bool      // some times are written in UTC, as other programs write them
	shelf  []goods   // in the catalogue, to be scanned
	kinds  []string  // what is paid with besides the usual
	groups []string  // categories of goods without an item
	staff  []string  // who opens shifts; the owner where there is nobody

	day      string
	count    int
	sums     map[string]int64            // of the day, by the report's words
	tenders  map[string]map[string]int64 // by kind
	taxes    map[string][2]int64         // taxable and tax by class
	hours    map[int][2]int64            // count and net
	items    map[string][2]int64         // quantity and net by name
	drawer   int64
	cash     map[string]int64 // of the shift
	cashRows []string
}

func (o *oracle) n(max int) int64 { return int64(o.rnd.IntN(max)) }

// money writes an amount with the currency's decimals.
func (o *oracle) money(a int64) string { return decimal(a, o.exp, false) }

// decimal writes a with so many decimals; trimmed, without zeros at the end.
func decimal(a int64, places int, trim bool) string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	s := fmt.Sprintf("%0*d", places+1, a)
	if places > 0 {
		s = s[:len(s)-places] + "." + s[len(s)-places:]
	}
	if trim && strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return sign + s
}

func (o *oracle) write(format string, args ...any) {
	o.at = o.at.Add(time.Duration(1+o.n(20)) * time.Second)
	if !o.on.IsZero() {
		o.at, o.on = o.on, time.Time{}
	}
	at := o.at
	if o.utc && o.n(5) == 0 {
		at = at.UTC()
	}
	do, rest, _ := strings.Cut(fmt.Sprintf(format, args...), ",")
	if rest != "" {
		rest = "," + rest
	}
	fmt.Fprintf(&o.file, "{\"do\":%q,\"at\":%q%s}\n", do, at.Format(time.RFC3339), rest)
	o.acts++
}

// open begins a day with an empty book.
func (o *oracle) open() {
	o.shift++
	o.park = 0
	o.day, o.count = o.at.Format("2006-01-02"), 0
	o.sums, o.tenders, o.taxes = map[string]int64{}, map[string]map[string]int64{}, map[string][2]int64{}
	o.hours, o.items, o.cash, o.cashRows = map[int][2]int64{}, map[string][2]int64{}, map[string]int64{"float": o.n(50_000)}, nil
	who := ownerCode
	if len(o.staff) > 0 {
		who = o.staff[o.n(len(o.staff))]
	}
	o.write(`open,"operator":%q,"float":%q`, who, o.money(o.cash["float"]))
	o.drawer = o.cash["float"]
}

func (o *oracle) close() {
	count := o.n(300)
	o.write(`close,"count":{"1":%d}`, count)
	for range o.exp {
		count *= 10
	}
	m := o.money
	o.cashRows = append(o.cashRows, fmt.Sprintf(`{"shift":%d,"float":%q,"paid_in":%q,"paid_out":%q,"drops":%q,"loans":%q,"expected":%q,"counted":%q,"over_short":%q}`,
		o.shift, m(o.cash["float"]), m(o.cash["paid_in"]), m(o.cash["paid_out"]), m(o.cash["drop"]), m(o.cash["loan"]), m(o.drawer), m(count), m(count-o.drawer)))
}

// ring adds up to five lines, takes some off, and prices what is left.
func (o *oracle) ring() *oracleSale {
	s := &oracleSale{took: map[string]int64{}, gave: map[string]int64{}}
	unit := int64(100) // prices carry two more digits
	for range 1 + o.n(5) {
		l := &oracleLine{name: fmt.Sprintf("货 %d", o.n(9)), tax: oracleTaxes[o.n(3)], qty: 1000 * (1 + o.n(3))}
		if o.n(3) == 0 {
			l.qty = 1 + o.n(4000)
		}
		price := o.n(9000) * unit
		if o.n(4) == 0 {
			price += o.n(100)
		}
		switch {
		case len(o.shelf) > 0 && o.n(2) == 0:
			g := o.shelf[o.n(len(o.shelf))]
			l.name, l.tax, price = g.name, g.tax, g.price
			if !g.weighed {
				l.qty = (l.qty + 999) / 1000 * 1000
			}
			o.write(`scan,"code":%q,"qty":%q`, g.code, decimal(l.qty, 3, true))
		case len(o.groups) > 0:
			o.write(`item,"name":%q,"price":%q,"qty":%q,"tax":%q,"category":%q`, l.name, decimal(price, o.exp+2, false), decimal(l.qty, 3, true), l.tax.code,
				o.groups[o.n(len(o.groups))])
		default:
			o.write(`item,"name":%q,"price":%q,"qty":%q,"tax":%q`, l.name, decimal(price, o.exp+2, false), decimal(l.qty, 3, true), l.tax.code)
		}
		s.lines = append(s.lines, l)
		if o.n(8) == 0 {
			price = o.n(5000) * unit
			o.write(`override,"line":%d,"price":%q,"reason":"x"`, len(s.lines), decimal(price, o.exp+2, false))
		}
		l.gross = share(price, l.qty, 1000*unit)
		switch o.n(6) {
		case 0:
			ppm := o.n(1_000_001)
			o.write(`discount,"line":%d,"percent":%q,"reason":"x"`, len(s.lines), decimal(ppm, 4, true))
			l.off = share(l.gross, ppm, 1_000_000)
		case 1:
			if l.gross > 0 {
				l.off = 1 + o.n(int(l.gross))
				o.write(`discount,"line":%d,"amount":%q,"reason":"x"`, len(s.lines), o.money(l.off))
			}
		}
	}
	if n := o.n(len(s.lines)); n > 0 && o.n(3) == 0 {
		s.lines[n].void = true
		o.sums["voids"]++
		o.write(`void,"line":%d`, n+1)
	}
	live := slices.DeleteFunc(slices.Clone(s.lines), func(l *oracleLine) bool { return l.void })
	var whole int64
	for _, l := range live {
		whole += l.gross - l.off
	}
	var cut int64
	if whole > 1 && o.n(3) == 0 {
		cut = o.n(int(whole))
		if cut > 0 {
			o.write(`discount,"line":"sale","amount":%q,"reason":"x"`, o.money(cut))
		}
	}
	var run int64
	for _, l := range live {
		before := run
		run += l.gross - l.off
		if whole > 0 {
			l.off += share(cut, run, whole) - share(cut, before, whole)
		}
		l.base = l.gross - l.off
		if l.tax.onTop {
			l.on = share(l.base, l.tax.ppm, 1_000_000)
			l.in = l.on
		} else {
			l.in = share(l.base, l.tax.ppm, 1_000_000+l.tax.ppm)
		}
		l.paid = l.base + l.on
		s.subtotal += l.paid
	}
	return s
}

// settle pays a sale in up to four parts.
func (o *oracle) settle(s *oracleSale) {
	due, roundDown := s.subtotal, int64(0)
	cut := func() {
		if due > 100 && o.n(6) == 0 {
			roundDown = 50
			o.write(`round_down,"to":%q`, o.money(roundDown))
		}
	}
	cut()
	cashDue := func() int64 {
		if roundDown > 0 {
			return due / roundDown * roundDown
		}
		return share(due, 1, o.step) * o.step
	}
	take := func(kind string, amount, tendered int64) {
		if _, ok := s.took[kind]; !ok {
			o.tender(kind)["count"]++
			s.kinds = append(s.kinds, kind)
		}
		s.took[kind] += amount
		s.parts = append(s.parts, amount)
		k := o.tender(kind)
		k["amount"] += amount
		k["tendered"] += tendered
		k["change"] += tendered - amount
		due -= amount
	}
	if due == 0 {
		o.write(`tender,"kind":"none"`)
		take("none", 0, 0)
	}
	for parts := 0; due != 0; parts++ {
		if parts == 1 {
			cut()
		}
		kinds := append([]string{"cash", "cash", "card", "transfer", "qr:pix", "wallet:alipay", "voucher"}, o.kinds...)
		kind := kinds[o.n(len(kinds))]
		all := cashDue()
		if kind == "cash" && all > 0 {
			if parts < 3 && all > 2 && o.n(2) == 0 { // a part is never rounded
				part := 1 + o.n(int(min(all-1, due)))
				o.write(`tender,"kind":"cash","amount":%q`, o.money(part))
				take(kind, part, part)
				continue
			}
			s.rounded = all - due
			over := o.n(2) * o.n(500)
			o.write(`tender,"kind":"cash","amount":%q,"tendered":%q`, o.money(all), o.money(all+over))
			due = all
			take(kind, all, all+over)
			continue
		}
		if kind == "cash" {
			kind = "card"
		}
		part := due
		if parts < 3 && due > 1 && o.n(2) == 0 {
			part = 1 + o.n(int(due))
		}
		if strings.HasPrefix(kind, "foreign:") {
			o.write(`tender,"kind":%q,"amount":%q,"rate":"7.1"`, kind, o.money(part))
		} else {
			o.write(`tender,"kind":%q,"amount":%q,"ref":"8812"`, kind, o.money(part))
		}
		take(kind, part, part)
		if kind == "transfer" || strings.Contains(kind, ":") {
			o.sums["unverified"] += part
			o.sums["unverified_count"]++
		}
	}
	o.no++
	s.no, s.total = o.no, s.subtotal+s.rounded
	o.sales = append(o.sales, s)
	o.count++
	o.drawer += s.took["cash"]
	o.sums["rounding"] += s.rounded
	o.hour(1, s.total)
	for _, l := range s.lines {
		if l.void {
			continue
		}
		o.sums["gross"] += l.gross
		o.sums["discounts"] += l.off
		o.sums["tax_added"] += l.on
		o.line(l, l.qty, l.paid, l.in)
	}
}

// line books a line, or with signs turned what came back of it.
func (o *oracle) line(l *oracleLine, qty, paid, tax int64) {
	o.sums["tax"] += tax
	t := o.taxes[l.tax.code]
	o.taxes[l.tax.code] = [2]int64{t[0] + paid - tax, t[1] + tax}
	i := o.items[l.name]
	o.items[l.name] = [2]int64{i[0] + qty, i[1] + paid}
}

func (o *oracle) tender(kind string) map[string]int64 {
	if o.tenders[kind] == nil {
		o.tenders[kind] = map[string]int64{}
	}
	return o.tenders[kind]
}

func (o *oracle) hour(count, net int64) {
	h := o.hours[o.at.Hour()]
	o.hours[o.at.Hour()] = [2]int64{h[0] + count, h[1] + net}
}

// giveBack returns a part of an earlier sale, or what is left of it.
func (o *oracle) giveBack(s *oracleSale) {
	all := o.n(2) == 0
	var lines []string
	var value int64
	var booked []func()
	whole := true
	for i, l := range s.lines {
		left := l.qty - l.back
		if l.void || left == 0 {
			continue
		}
		take := left
		if !all {
			take = 1 + o.n(int(left))
		}
		whole = whole && take == left
		from, to := l.back, l.back+take
		part := func(a int64) int64 { return share(a, to, l.qty) - share(a, from, l.qty) }
		paid, tax := part(l.paid), part(l.in)
		value += paid
		lines = append(lines, fmt.Sprintf(`{"line":%d,"qty":%q}`, i+1, decimal(take, 3, true)))
		booked = append(booked, func() { l.back = to; o.line(l, -take, -paid, -tax) })
	}
	if value == 0 {
		return
	}
	var refunds []string
	rest, sum := value, int64(0)
	give := func(kind string, a int64) {
		if a > 0 {
			refunds = append(refunds, fmt.Sprintf(`{"kind":%q,"amount":%q}`, kind, o.money(a)))
			s.gave[kind] += a
			o.tender(kind)["refunded"] += a
			sum += a
			if kind == "cash" {
				o.drawer -= a
			}
		}
	}
	for _, kind := range s.kinds {
		left := s.took[kind] - s.gave[kind]
		if whole { // the last of a sale empties every tender
			give(kind, left)
			continue
		}
		a := min(rest, left)
		give(kind, a)
		rest -= a
	}
	if sum == 0 { // cash that was rounded away: nothing is left to give
		return
	}
	o.write(`return,"receipt":"%06d","lines":[%s],"refund":[%s],"reason":"x"`, s.no, strings.Join(lines, ","), strings.Join(refunds, ","))
	for _, book := range booked {
		book()
	}
	o.refunded(s, value, sum)
}

func (o *oracle) refunded(s *oracleSale, value, sum int64) {
	s.returned = true
	o.no++
	o.sums["returns"]++
	o.sums["refunds"] += value
	o.sums["rounding"] += value - sum
	o.hour(0, -sum)
}

func (o *oracle) postVoid(s *oracleSale) {
	o.write(`post_void,"receipt":"%06d","reason":"x"`, s.no)
	for _, l := range s.lines {
		if !l.void {
			o.line(l, -l.qty, -l.paid, -l.in)
		}
	}
	for kind, a := range s.took {
		if a > 0 {
			o.tender(kind)["refunded"] += a
		}
	}
	o.drawer -= s.took["cash"]
	s.voided = true
	o.sums["post_voids"]++
	o.refunded(s, s.subtotal, s.total)
}

// loose takes goods back without a receipt, for cash.
func (o *oracle) loose() {
	l := &oracleLine{name: fmt.Sprintf("货 %d", o.n(9)), tax: oracleTaxes[o.n(3)]}
	price, qty := 1+o.n(3000), 1+o.n(3)
	value := price * qty
	if l.tax.onTop {
		l.in = share(value, l.tax.ppm, 1_000_000)
		value += l.in
	} else {
		l.in = share(value, l.tax.ppm, 1_000_000+l.tax.ppm)
	}
	sum := value
	if r := share(value, 1, o.step) * o.step; r > 0 && o.n(2) == 0 {
		sum = r
	}
	o.write(`return,"items":[{"name":%q,"price":%q,"qty":"%d","tax":%q}],"refund":[{"kind":"cash","amount":%q}],"reason":"x"`, l.name, o.money(price), qty, l.tax.code, o.money(sum))
	o.line(l, -1000*qty, -value, -l.in)
	o.tender("cash")["refunded"] += sum
	o.drawer -= sum
	o.refunded(&oracleSale{}, value, sum)
}

// trade rings a day of so many acts of a counter.
func (o *oracle) trade(acts int) {
	for range acts {
		o.at = o.at.Add(time.Duration(o.n(400)) * time.Second)
		switch o.n(15) {
		case 7:
			o.loose()
		case 0, 1, 2:
			if len(o.sales) > 0 {
				if s := o.sales[o.n(len(o.sales))]; !s.voided && s.total > 0 {
					o.giveBack(s)
				}
			}
		case 3:
			if len(o.sales) > 0 {
				if s := o.sales[o.n(len(o.sales))]; !s.voided && !s.returned && s.total > 0 {
					o.postVoid(s)
				}
			}
		case 4:
			o.ring()
			o.write(`cancel`)
			o.sums["cancelled"]++
		case 5:
			parked := o.ring()
			o.write(`park`)
			o.park++
			o.settle(o.ring())
			o.write(`recall,"parked":%d`, o.park)
			o.settle(parked)
		case 6:
			kind := []string{"paid_in", "paid_out", "drop", "loan"}[o.n(4)]
			a := 1 + o.n(3000)
			o.write(`cash,"kind":%q,"amount":%q,"reason":"x"`, kind, o.money(a))
			o.cash[kind] += a
			if kind == "paid_in" || kind == "loan" {
				o.drawer += a
			} else {
				o.drawer -= a
			}
		default:
			o.settle(o.ring())
		}
	}
}

// report writes what the day's report has to say.
func (o *oracle) report(currency string) string {
	m, x := o.money, o.sums
	net := x["gross"] - x["discounts"] + x["tax_added"] + x["rounding"] - x["refunds"]
	var tenders, taxes, hours, items []string
	for _, kind := range sorted(o.tenders) {
		k := o.tenders[kind]
		tenders = append(tenders, fmt.Sprintf(`{"kind":%q,"count":%d,"amount":%q,"refunded":%q,"tendered":%q,"change":%q}`, kind, k["count"], m(k["amount"]), m(k["refunded"]), m(k["tendered"]), m(k["change"])))
	}
	for _, code := range sorted(o.taxes) {
		class := oracleTaxes[slices.IndexFunc(oracleTaxes, func(t taxed) bool { return t.code == code })]
		taxes = append(taxes, fmt.Sprintf(`{"class":%q,"rate":%q,"taxable":%q,"tax":%q}`, code, class.factor, m(o.taxes[code][0]), m(o.taxes[code][1])))
	}
	for _, h := range sorted(o.hours) {
		hours = append(hours, fmt.Sprintf(`{"hour":%d,"count":%d,"net":%q}`, h, o.hours[h][0], m(o.hours[h][1])))
	}
	for _, name := range sorted(o.items) {
		items = append(items, fmt.Sprintf(`{"code":"","name":%q,"qty":%q,"net":%q}`, name, decimal(o.items[name][0], 3, true), m(o.items[name][1])))
	}
	join := func(rows []string) string { return "[" + strings.Join(rows, ",") + "]" }
	return fmt.Sprintf(`{"from":%q,"to":%q,"currency":%q,
 "sales":{"count":%d,"gross":%q,"discounts":%q,"tax_added":%q,"tax":%q,"rounding":%q,"net":%q},
 "refunds":{"count":%d,"amount":%q},"voids":{"lines":%d},"cancelled":%d,"post_voids":%d,
 "tenders":%s,"taxes":%s,"cash":%s,"unverified":{"count":%d,"amount":%q},"hours":%s,"items":%s,
 "days":[{"date":%q,"count":%d,"net":%q}]}`,
		o.day, o.day, currency, o.count, m(x["gross"]), m(x["discounts"]), m(x["tax_added"]), m(x["tax"]), m(x["rounding"]), m(net),
		x["returns"], m(x["refunds"]), x["voids"], x["cancelled"], x["post_voids"],
		join(tenders), join(taxes), join(o.cashRows), x["unverified_count"], m(x["unverified"]), join(hours), join(items), o.day, o.count, m(net))
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
