package ui

import (
	"strconv"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// reportSentence says in one plain sentence what a day or a range was: the first line of the report. before is the
// same weekday a week earlier, or the range before; nil where there is none.
func (w *Window) reportSentence(r, before *till.Report, open bool) string {
	if r.Sales == 0 && r.Returns == 0 {
		return w.Say("report.nothing")
	}
	parts := []string{w.Say("report.sold", "n", thousands(r.Sales), "net", w.Money(r.Net()))}
	if before != nil && before.Net() > 0 && !open {
		switch change := perMille(r.Net(), before.Net()); {
		case change > 4:
			parts = append(parts, w.Say("report.more", "p", tenths(change)))
		case change < -4:
			parts = append(parts, w.Say("report.less", "p", tenths(-change)))
		default:
			parts = append(parts, w.Say("report.same"))
		}
	}
	if h, ok := busiest(r.Hours); ok && r.From == r.To {
		parts = append(parts, w.Say("report.busiest", "h", strconv.Itoa(h.Hour)))
	}
	if r.Unverified > 0 {
		parts = append(parts, w.Say("report.unproven", "n", thousands(r.Unverified), "amount", w.Money(r.UnvAmount)))
	}
	out := parts[0]
	for _, p := range parts[1:] {
		out += w.Say("report.comma") + p
	}
	return out + w.Say("report.stop")
}

// busiest is the hour with the highest net; false where no hour sold.
func busiest(hours []till.HourRow) (till.HourRow, bool) {
	var best till.HourRow
	found := false
	for _, h := range hours {
		if h.Count > 0 && (!found || h.Net > best.Net) {
			best, found = h, true
		}
	}
	return best, found
}

// perMille is how much a is above b, in thousandths of b, rounded half away from zero.
func perMille(a, b money.Amount) int64 {
	n, err := money.MulDiv(int64(a-b), 1000, int64(b), money.HalfAwayFromZero)
	if err != nil {
		return 0
	}
	return n
}

// tenths writes thousandths as per cent with one decimal: 82 is 8.2.
func tenths(n int64) string {
	return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10)
}

// thousands writes a number in groups of three.
func thousands(n int) string { return group(strconv.Itoa(n)) }

// dayTime is noon of a business day, for words about it.
func dayTime(d till.BusinessDay) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 12, 0, 0, 0, time.UTC)
}

// plusDays is the business day n days after d.
func plusDays(d till.BusinessDay, n int) till.BusinessDay {
	return till.DayOf(dayTime(d).AddDate(0, 0, n), time.UTC, 0)
}

// DayName writes a business day as people say it: 6月18日 周四, Thu 18 June.
func (w *Window) dayName(d till.BusinessDay) string {
	if d == 0 {
		return ""
	}
	t := dayTime(d)
	return w.Say("day.name", "weekday", w.Say("weekday."+strconv.Itoa(int(t.Weekday()))), "d", strconv.Itoa(t.Day()),
		"m", strconv.Itoa(int(t.Month())), "month", t.Month().String(), "y", strconv.Itoa(t.Year()))
}

// rangeName writes a range of business days.
func (w *Window) rangeName(from, to till.BusinessDay) string {
	if from == to {
		return w.dayName(from)
	}
	a, b := dayTime(from), dayTime(to)
	short := func(t time.Time) string {
		return w.Say("day.short", "d", strconv.Itoa(t.Day()), "m", strconv.Itoa(int(t.Month())), "month", t.Month().String()[:3])
	}
	return short(a) + " – " + short(b)
}

// today is the business day that now falls in.
func (w *Window) today() till.BusinessDay {
	s := &w.view.Settings
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	return till.DayOf(w.ports.Now(), zone, s.DayStart)
}

// local is a time on the shop's clock.
func (w *Window) local(t time.Time) time.Time {
	if z := w.view.Settings.Zone; z != nil {
		return t.In(z)
	}
	return t
}
