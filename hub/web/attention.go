package web

import (
	"fmt"
	"strings"
	"time"

	"guitai/hub/day"
	"guitai/hub/store"
	"guitai/hub/wire"
)

// A till with an open shift that was not heard for silentOpen is silent; one
// without, for silentClosed.
const (
	silentOpen   = 5 * time.Minute
	silentClosed = 36 * time.Hour
)

// A notice is one thing that is missing or waits for the owner.
type notice struct {
	Level string // "bad", "warn"
	Text  string
	Till  string // where to look, or empty
}

// A tillState is a till as the pages show it.
type tillState struct {
	store.Till
	ShopName             string
	Missing              int64
	Ranges               [][2]int64
	Live                 *wire.DayDocument
	LiveAt               time.Time
	Silent, Open, Frozen bool
	zone                 *time.Location
}

// SeenText is when the till was heard last, in its shop's time.
func (t *tillState) SeenText() string { return t.Seen.In(t.zone).Format("01-02 15:04") }

func zone(sh store.Shop) *time.Location {
	if l, err := time.LoadLocation(sh.Timezone); err == nil {
		return l
	}
	return time.UTC
}

// A fleet is all shops and tills of a tenant with what is wrong with them.
type fleet struct {
	Shops   []store.Shop
	Tills   []*tillState
	Waiting []store.Waiting
	names   map[string]string // of tills
	shops   map[string]store.Shop
}

// fleet reads how the tills are. A live picture counts as an open shift until
// the shift's own document is here.
func (v *visit) fleet() (*fleet, error) {
	st, tenant := v.s.o.Store, v.who.Tenant
	f := &fleet{names: map[string]string{}, shops: map[string]store.Shop{}}
	var err error
	if f.Shops, err = st.Shops(v.ctx(), tenant); err != nil {
		return nil, err
	}
	for _, sh := range f.Shops {
		f.shops[sh.ID] = sh
	}
	tills, err := st.Counting(v.ctx(), tenant)
	if err != nil {
		return nil, err
	}
	lives, err := st.Lives(v.ctx(), tenant)
	if err != nil {
		return nil, err
	}
	if f.Waiting, err = st.Waiting(v.ctx(), tenant); err != nil {
		return nil, err
	}
	byTill := map[string]store.Live{}
	for _, l := range lives {
		byTill[l.Till] = l
	}
	now := v.s.o.Now()
	for _, t := range tills {
		one := &tillState{Till: t, ShopName: f.shops[t.Shop].Name, zone: zone(f.shops[t.Shop])}
		f.names[t.ID] = t.Name
		if one.Ranges, one.Missing, err = st.Missing(v.ctx(), t); err != nil {
			return nil, err
		}
		if l, ok := byTill[t.ID]; ok && l.Epoch == t.Epoch && !t.Revoked {
			doc, _, err := day.Read(l.Body)
			if err != nil {
				return nil, err
			}
			closed, err := st.Counted(v.ctx(), tenant, t.Shop, l.Date, l.Date)
			if err != nil {
				return nil, err
			}
			one.Open, one.Live, one.LiveAt = true, &doc, l.At
			one.Frozen = doc.Health != nil && doc.Health.Frozen != nil && *doc.Health.Frozen
			for _, k := range closed {
				if k.Till != t.ID || k.Epoch != t.Epoch {
					continue
				}
				d, _, err := day.Read(k.Body)
				if err != nil {
					return nil, err
				}
				if day.Shift(&d) == day.Shift(&doc) {
					one.Open = false
				}
			}
		}
		quiet := now.Sub(t.Seen)
		one.Silent = !t.Revoked && (one.Open && quiet > silentOpen || quiet > silentClosed)
		f.Tills = append(f.Tills, one)
	}
	return f, nil
}

// notices lists what is missing and what waits, the gravest first.
func (v *visit) notices(f *fleet) ([]notice, error) {
	var bad, warn []notice
	for _, w := range f.Waiting {
		bad = append(bad, notice{"bad", say(v.lang, "notice.epoch", "till", f.names[w.Till], "n", w.Epoch), w.Till})
	}
	forks, err := v.s.o.Store.Forks(v.ctx(), v.who.Tenant, 20)
	if err != nil {
		return nil, err
	}
	for _, k := range forks {
		bad = append(bad, notice{"bad", say(v.lang, "notice.fork", "till", f.names[k.Till], "n", k.Seq, "at", k.Seen.In(v.zoneOf(f, k.Till)).Format("01-02 15:04")), k.Till})
	}
	for _, t := range f.Tills {
		var parts []string
		if t.Silent {
			parts = append(parts, say(v.lang, "notice.silent", "at", t.SeenText()))
		}
		if t.Missing > 0 {
			parts = append(parts, say(v.lang, plural("notice.missing", t.Missing), "n", t.Missing))
		}
		if t.Live != nil && t.Live.Health != nil && t.Live.Health.Unsent != nil && *t.Live.Health.Unsent > 0 && t.Open {
			parts = append(parts, say(v.lang, "notice.unsent", "n", *t.Live.Health.Unsent))
		}
		if t.Frozen && t.Open {
			parts = append(parts, say(v.lang, "notice.frozen"))
		}
		if off := t.ClockOffset.Abs(); off > time.Minute {
			parts = append(parts, say(v.lang, "notice.clock", "n", int(off.Minutes())))
		}
		if t.Revoked {
			parts = append(parts, say(v.lang, "notice.revoked"))
		}
		if len(parts) > 0 {
			warn = append(warn, notice{"warn", say(v.lang, "notice.till", "till", t.Name, "shop", t.ShopName, "what", strings.Join(parts, say(v.lang, "list.comma"))), t.ID})
		}
	}
	aside, err := v.s.o.Store.Troubled(v.ctx(), v.who.Tenant, 20)
	if err != nil {
		return nil, err
	}
	for _, k := range aside {
		reason, _, _ := strings.Cut(k.Quarantined, "\n")
		warn = append(warn, notice{"warn", say(v.lang, "notice.aside", "till", f.names[k.Till], "n", k.Seq, "date", k.Date, "why", reason), k.Till})
	}
	return append(bad, warn...), nil
}

func (v *visit) zoneOf(f *fleet, till string) *time.Location {
	for _, t := range f.Tills {
		if t.ID == till {
			return t.zone
		}
	}
	return time.UTC
}

// plural picks the words for one.
func plural(key string, n int64) string {
	if n == 1 {
		return key + ".one"
	}
	return key
}

// Gaps writes the ranges of numbers that are missing.
func (t *tillState) Gaps() string {
	var parts []string
	for _, g := range t.Ranges {
		if g[0] == g[1] {
			parts = append(parts, fmt.Sprint(g[0]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", g[0], g[1]))
		}
	}
	return strings.Join(parts, ", ")
}
