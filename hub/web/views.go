package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"guitai/hub/day"
	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/till"
	"guitai/till/money"
)

// A todayPage is the first page: each shop as it stands now.
type todayPage struct {
	Notices []notice
	Shops   []todayShop
}

type todayShop struct {
	S        *sheet
	AsOf     string // of the oldest live picture; empty where none is open
	Closed   int    // shifts
	OpenAt   []string
	Before   string // the same day of the week before
	BeforeTo money.Amount
	HasPast  bool
	Chart    template.HTML
}

// businessDay is the day that a shop's tills book on now.
func businessDay(now time.Time, sh store.Shop, f *fleet) string {
	start := 0
	for _, t := range f.Tills {
		if t.Shop == sh.ID {
			start = t.DayStart
			break
		}
	}
	return now.In(zone(sh)).Add(-time.Duration(start) * time.Minute).Format(time.DateOnly)
}

func (s *Site) today(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	var page todayPage
	if page.Notices, err = v.notices(f); err != nil {
		return err
	}
	for _, sh := range f.Shops {
		one, err := v.todayShop(f, sh)
		if err != nil {
			return err
		}
		page.Shops = append(page.Shops, one)
	}
	v.show("today", http.StatusOK, &frame{Title: "today.title", Tab: "today", Refresh: 30, Data: page})
	return nil
}

// todayShop adds up the closed shifts of today and the pictures of open ones.
func (v *visit) todayShop(f *fleet, sh store.Shop) (todayShop, error) {
	var one todayShop
	date := businessDay(v.s.o.Now(), sh, f)
	for _, t := range f.Tills {
		if t.Shop == sh.ID && t.Open {
			date = max(date, t.Live.BusinessDate.Format(time.DateOnly))
		}
	}
	_, _, docs, err := server.Figures(v.ctx(), v.s.o.Store, v.who.Tenant, sh.ID, date, date)
	if err != nil {
		return one, err
	}
	one.Closed = len(docs)
	var oldest time.Time
	for _, t := range f.Tills {
		if t.Shop != sh.ID || !t.Open {
			continue
		}
		if on := t.Live.BusinessDate.Format(time.DateOnly); on != date {
			one.OpenAt = append(one.OpenAt, say(v.lang, "today.unclosed", "till", t.Name, "date", on))
			continue
		}
		one.OpenAt = append(one.OpenAt, say(v.lang, "today.open", "till", t.Name, "at", t.Live.Span.OpenedAt.In(t.zone).Format("15:04")))
		docs = append(docs, *t.Live)
		if oldest.IsZero() || t.LiveAt.Before(oldest) {
			oldest = t.LiveAt
		}
	}
	if !oldest.IsZero() {
		one.AsOf = oldest.In(zone(sh)).Format("15:04:05")
	}
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return one, err
	}
	total := day.NewTotal(on, on)
	for i := range docs {
		total.Add(&docs[i])
	}
	one.S = v.sheet(sh, total.Report(), docs, f.names)
	one.Before = on.AddDate(0, 0, -7).Format(time.DateOnly)
	past, err := v.past(sh, one.Before, one.Before, f)
	if err != nil {
		return one, err
	}
	if len(past.docs) > 0 {
		one.HasPast, one.BeforeTo = true, past.R.Net()
	} else {
		past = nil
	}
	one.Chart = v.hours(one.S, past)
	return one, nil
}

func (v *visit) past(sh store.Shop, from, to string, f *fleet) (*sheet, error) {
	_, r, docs, err := server.Figures(v.ctx(), v.s.o.Store, v.who.Tenant, sh.ID, from, to)
	if err != nil {
		return nil, err
	}
	return v.sheet(sh, r, docs, f.names), nil
}

func (v *visit) hours(a, b *sheet) template.HTML {
	return chart(say(v.lang, "hours.title"), hourBars(a, b), func(n int64) string { return amountText(a.Cur, money.Amount(n)) })
}

// picked finds the shop that a page is asked for; the first where it does not
// say. ok is false where there is none yet.
func (v *visit) picked(f *fleet) (sh store.Shop, ok bool, err error) {
	id := v.r.URL.Query().Get("shop")
	for _, s := range f.Shops {
		if id == "" || s.ID == id {
			return s, true, nil
		}
	}
	if id != "" {
		return sh, false, store.ErrNone
	}
	return sh, false, nil
}

// date reads a day of the address; where there is none or it is no date, other.
func (v *visit) date(name, other string) string {
	d, err := time.Parse(time.DateOnly, v.r.URL.Query().Get(name))
	if err != nil || d.Year() < 2000 || d.Year() > 2100 {
		return other
	}
	return d.Format(time.DateOnly)
}

// A dayPage is one business day of a shop, as the till's report has it.
type dayPage struct {
	Shops   []store.Shop
	S       *sheet
	Last    *sheet // the same day of the week before; nil where it has nothing
	Chart   template.HTML
	Notices []string
	Agrees  bool // what the tills say of their whole day is what their shifts come to
	Told    bool // whether a till has said what its whole day came to
}

func (s *Site) day(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	sh, ok, err := v.picked(f)
	if err != nil {
		return err
	}
	page := dayPage{Shops: f.Shops}
	if !ok {
		v.show("day", http.StatusOK, &frame{Title: "day.title", Tab: "day", Data: page})
		return nil
	}
	date := v.date("date", businessDay(s.o.Now(), sh, f))
	if page.S, err = v.past(sh, date, date, f); err != nil {
		return err
	}
	week := (&frame{}).Moved(date, -7)
	if page.Last, err = v.past(sh, week, week, f); err != nil {
		return err
	}
	if len(page.Last.docs) == 0 {
		page.Last = nil
	}
	if err := v.complete(f, page.S, &page.Notices); err != nil {
		return err
	}
	page.Told, page.Agrees, err = v.agrees(page.S)
	if err != nil {
		return err
	}
	page.Chart = v.hours(page.S, page.Last)
	v.show("day", http.StatusOK, &frame{Title: "day.title", Tab: "day", Data: page})
	return nil
}

// complete adds to a sheet what came later, and says what its range lacks.
func (v *visit) complete(f *fleet, s *sheet, notices *[]string) error {
	added, err := v.s.o.Store.Addenda(v.ctx(), v.who.Tenant, s.Shop.ID, s.From, s.To)
	if err != nil {
		return err
	}
	if err := s.add(added); err != nil {
		return err
	}
	aside, err := v.s.o.Store.PutAside(v.ctx(), v.who.Tenant, s.Shop.ID, s.From, s.To)
	if err != nil {
		return err
	}
	if n := int64(len(aside)); n > 0 {
		*notices = append(*notices, say(v.lang, plural("day.aside", n), "n", n))
	}
	for _, t := range f.Tills {
		if t.Shop != s.Shop.ID {
			continue
		}
		if t.Missing > 0 {
			*notices = append(*notices, say(v.lang, "day.missing", "till", t.Name, "n", t.Missing))
		}
		if on := ""; t.Open {
			if on = t.Live.BusinessDate.Format(time.DateOnly); on >= s.From && on <= s.To {
				*notices = append(*notices, say(v.lang, "day.open", "till", t.Name))
			}
		}
	}
	return nil
}

// agrees holds the tills' own day documents against the shifts they are made of.
func (v *visit) agrees(s *sheet) (told, agrees bool, err error) {
	days, err := v.s.o.Store.DaysOf(v.ctx(), v.who.Tenant, s.Shop.ID, s.From, s.To)
	if err != nil || len(days) == 0 {
		return false, false, err
	}
	shifts, err := v.s.o.Store.Sums(v.ctx(), v.who.Tenant, s.Shop.ID, s.From, s.To, store.ByTill|store.ByDate)
	if err != nil {
		return false, false, err
	}
	sums := map[[2]string]int64{}
	for _, m := range shifts {
		sums[[2]string{m.Till, m.Date}] = m.Net
	}
	said := map[[2]string]int64{}
	for _, d := range days {
		said[[2]string{d.Till, d.Date}] += d.Net
	}
	for k, n := range said {
		if sums[k] != n {
			return true, false, nil
		}
	}
	return true, true, nil
}

// A rangePage holds two ranges of days side by side.
type rangePage struct {
	Shops    []store.Shop
	A, B     *sheet
	Measures []measureRow
	Chart    template.HTML
	Notices  []string
}

// A measureRow is one figure of both ranges and how far they are apart.
type measureRow struct {
	Key, A, B, Change, Class string
}

func (s *Site) compare(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	sh, ok, err := v.picked(f)
	if err != nil {
		return err
	}
	page := rangePage{Shops: f.Shops}
	if !ok {
		v.show("range", http.StatusOK, &frame{Title: "range.title", Tab: "range", Data: page})
		return nil
	}
	to := v.date("to", businessDay(s.o.Now(), sh, f))
	from := v.date("from", (&frame{}).Moved(to, -6))
	days := span(from, to)
	was := v.date("to2", (&frame{}).Moved(from, -1))
	since := v.date("from2", (&frame{}).Moved(was, 1-days))
	bad := ""
	if page.A, err = v.past(sh, from, to, f); err == nil {
		page.B, err = v.past(sh, since, was, f)
	}
	if errors.Is(err, server.ErrRange) {
		page.A, page.B, bad = nil, nil, say(v.lang, "range.bad")
	} else if err != nil {
		return err
	} else {
		if err := v.complete(f, page.A, &page.Notices); err != nil {
			return err
		}
		for _, m := range till.Compare(page.A.period(), page.B.period()) {
			page.Measures = append(page.Measures, v.measure(page.A.Cur, m))
		}
		page.Chart = chart(say(v.lang, "range.days"), dayBars(page.A, page.B), func(n int64) string { return amountText(page.A.Cur, money.Amount(n)) })
	}
	status := http.StatusOK
	if bad != "" {
		status = http.StatusUnprocessableEntity
	}
	v.show("range", status, &frame{Title: "range.title", Tab: "range", Bad: bad, Data: page})
	return nil
}

// span is how many days a range has, both ends with it.
func span(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 1
	}
	return int(b.Sub(a).Hours()/24) + 1
}

func (v *visit) measure(cur money.Currency, m till.Measure) measureRow {
	write := func(n int64, known bool) string {
		switch {
		case !known:
			return "–"
		case m.Kind == till.MeasureMoney:
			return amountText(cur, money.Amount(n))
		case m.Kind == till.MeasureShare:
			return fmt.Sprintf("%d.%d %%", n/10000, n/1000%10)
		}
		return fmt.Sprint(n)
	}
	row := measureRow{Key: "measure." + m.Key, A: write(m.A, m.KnownA), B: write(m.B, m.KnownB), Change: "–"}
	if n, ok := m.Change(); ok {
		sign, size := "+", n
		if n < 0 {
			sign, size = minus, -n
		}
		row.Change = fmt.Sprintf("%s%d.%d %%", sign, size/10, size%10)
		if m.Kind == till.MeasureShare {
			row.Change = fmt.Sprintf("%s%d.%d %s", sign, size/10, size%10, say(v.lang, "range.points"))
		}
		switch good := n * int64(m.Good); {
		case n == 0:
			row.Change = "0"
		case good > 0:
			row.Class = "good"
		case good < 0:
			row.Class = "bad"
		}
	}
	return row
}

// A shopsPage sets shops and their tills side by side.
type shopsPage struct {
	From, To string
	Shops    []shopRow
	Several  bool // currencies, which cannot be added up
}

type shopRow struct {
	store.Sum
	Shop  store.Shop
	Name  string
	Cur   money.Currency
	Share int64 // of a thousand, of all shops of its currency
	Tills []shopRow
}

func (s *Site) shops(v *visit) error {
	f, err := v.fleet()
	if err != nil {
		return err
	}
	today := s.o.Now().UTC().Format(time.DateOnly)
	if len(f.Shops) > 0 {
		today = businessDay(s.o.Now(), f.Shops[0], f)
	}
	page := shopsPage{To: v.date("to", today)}
	page.From = v.date("from", (&frame{}).Moved(page.To, -6))
	sums, err := s.o.Store.Sums(v.ctx(), v.who.Tenant, "", page.From, page.To, store.ByShop|store.ByTill)
	if err != nil {
		return err
	}
	all := map[string]int64{}
	for _, sh := range f.Shops {
		row := shopRow{Shop: sh, Name: sh.Name, Cur: currency(sh)}
		for _, m := range sums {
			if m.Shop != sh.ID {
				continue
			}
			name := f.names[m.Till]
			if name == "" {
				name = m.Till
			}
			row.Tills = append(row.Tills, shopRow{Sum: m, Shop: sh, Name: name, Cur: row.Cur})
			row.Sales += m.Sales
			row.Net += m.Net
			row.Refunds += m.Refunds
			row.OverShort += m.OverShort
			row.Shifts += m.Shifts
			row.Unverified += m.Unverified
		}
		all[sh.Currency] += max(row.Net, 0)
		page.Shops = append(page.Shops, row)
	}
	page.Several = len(all) > 1
	for i := range page.Shops {
		r := &page.Shops[i]
		if sum := all[r.Shop.Currency]; sum > 0 {
			r.Share = max(r.Net, 0) * 1000 / sum
			for j := range r.Tills {
				r.Tills[j].Share = max(r.Tills[j].Net, 0) * 1000 / sum
			}
		}
	}
	slices.SortStableFunc(page.Shops, func(a, b shopRow) int { return int(b.Share - a.Share) })
	v.show("shops", http.StatusOK, &frame{Title: "shops.title", Tab: "shops", Data: page})
	return nil
}

// Amount is a sum of the row as money.
func (r shopRow) Amount(n int64) money.Amount { return money.Amount(n) }

// download gives the report of a range as a file, byte for byte what the
// command and the readers' API give.
func (s *Site) download(v *visit) error {
	q := v.r.URL.Query()
	csv := q.Get("format") == "csv"
	sh, err := s.o.Store.Shop(v.ctx(), v.who.Tenant, q.Get("shop"))
	if err != nil {
		return err
	}
	body, err := server.Report(v.ctx(), s.o.Store, v.who.Tenant, sh.ID, q.Get("from"), q.Get("to"), csv)
	if errors.Is(err, server.ErrRange) {
		s.problem(v, http.StatusUnprocessableEntity, "range.bad")
		return nil
	}
	if err != nil {
		return err
	}
	kind, mime := "json", "application/json"
	if csv {
		kind, mime = "csv", "text/csv; charset=utf-8"
	}
	v.w.Header().Set("Content-Type", mime)
	v.w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="guitai-%s-%s.%s"`, v.date("from", ""), v.date("to", ""), kind))
	_, err = v.w.Write(body)
	return err
}
