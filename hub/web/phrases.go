package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"guitai/hub/store"
	"guitai/till/money"
)

// funcs are what templates may call besides the methods of their frame.
var funcs = template.FuncMap{
	"pair":  func(f *frame, x any) pair { return pair{f, x} },
	"meter": meter,
	"next":  func(i int) int { return i + 1 },
	"percent": func(r money.Rate) string {
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%04d", int64(r)/10_000, int64(r)%10_000), "0"), ".") + "%"
	},
	"tenth": func(n int64) string { return fmt.Sprintf("%d.%d", n/10, n%10) },
}

// A pair hands a part of a page its frame and what it shows.
type pair struct {
	F *frame
	X any
}

// Say gives words in the visitor's language.
func (f *frame) Say(key string, pairs ...any) string { return say(f.v.lang, key, pairs...) }

// Lang is the language of the page.
func (f *frame) Lang() string { return f.v.lang }

// Other is the language that the page could be in.
func (f *frame) Other() string {
	if f.v.lang == Chinese {
		return English
	}
	return Chinese
}

// Who is the visitor.
func (f *frame) Who() store.Owner { return f.v.who }

// Mark is what a form must bear.
func (f *frame) Mark() string { return f.v.mark() }

// Reads says whether the visitor may see figures.
func (f *frame) Reads() bool {
	return f.v.who.Role == store.RoleOwner || f.v.who.Role == store.RoleBookkeeper
}

// Owns says whether the visitor may do everything.
func (f *frame) Owns() bool { return f.v.who.Role == store.RoleOwner }

// Keeps says whether the visitor looks after tills.
func (f *frame) Keeps() bool { return f.v.who.Role != store.RoleBookkeeper }

// minus is the sign that the design writes, of the width of a digit.
const minus = "−"

// amountText writes money as text.
func amountText(cur money.Currency, a money.Amount) string {
	digits, sign := cur.Format(a), ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		digits, sign = rest, minus
	}
	whole, part, dot := strings.Cut(digits, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if dot {
		whole += "." + part
	}
	return sign + cur.Symbol() + whole
}

// Money writes an amount with its sign smaller than its digits.
func (f *frame) Money(cur money.Currency, a money.Amount) template.HTML {
	text := amountText(cur, a)
	sign, rest := "", text
	if r, ok := strings.CutPrefix(rest, minus); ok {
		sign, rest = minus, r
	}
	rest = strings.TrimPrefix(rest, cur.Symbol())
	return template.HTML(`<span class="money">` + sign + `<small>` + template.HTMLEscapeString(cur.Symbol()) + `</small>` + template.HTMLEscapeString(rest) + `</span>`)
}

// Signed writes an amount that may be over or short.
func (f *frame) Signed(cur money.Currency, a money.Amount) template.HTML {
	if a > 0 {
		return "+" + f.Money(cur, a)
	}
	return f.Money(cur, a)
}

// Tender is what a kind of tender is called.
func (f *frame) Tender(kind string) string { return tenderName(f.v.lang, kind) }

// Wallet is what a wallet is called.
func (f *frame) Wallet(name string) string { return tenderName(f.v.lang, "wallet:"+name) }

// Seconds writes how long something took.
func (f *frame) Seconds(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Date writes a business day with its day of the week.
func (f *frame) Date(text string) string {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	if f.v.lang == Chinese {
		return fmt.Sprintf("%d年%d月%d日 周%s", d.Year(), d.Month(), d.Day(), []string{"日", "一", "二", "三", "四", "五", "六"}[d.Weekday()])
	}
	return d.Format("Mon 2 Jan 2006")
}

// Moved moves a date by days.
func (f *frame) Moved(text string, days int) string {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return d.AddDate(0, 0, days).Format(time.DateOnly)
}

// Act is what an act of the audit is called.
func (f *frame) Act(act string) string { return sayOr(f.v.lang, "act."+act, act) }
