package hubaccount

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

var yuan = money.Currency{Code: "CNY", Exponent: 2}

// A street is the line between tills and hub, in memory: the clock of a
// simulated month stands still while a real socket is waited for.
type street struct {
	calls  chan net.Conn
	closed chan struct{}
	out    atomic.Bool
}

func (s *street) Accept() (net.Conn, error) {
	select {
	case c := <-s.calls:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}
func (s *street) Close() error   { close(s.closed); return nil }
func (s *street) Addr() net.Addr { return &net.UnixAddr{Name: "street"} }

func (s *street) dial(context.Context, string, string) (net.Conn, error) {
	if s.out.Load() {
		return nil, errors.New("no line")
	}
	near, far := net.Pipe()
	s.calls <- far
	return near, nil
}

// A counter is one till of the shop: its ledger, and who sells at it.
type counter struct {
	dir   string
	book  *ledger.Ledger
	trade *tilltest.Trade
	skew  time.Duration
	sold  []till.Sale
}

func (c *counter) must(t *testing.T, tx till.Tx) {
	t.Helper()
	if err := c.book.Commit(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
}

func (c *counter) options() ledger.Options {
	return ledger.Options{Now: func() time.Time { return time.Now().Add(c.skew) }}
}

// day sells a few things, takes one of an earlier day back, and closes.
func (c *counter) day(t *testing.T, n, date int) {
	c.must(t, c.trade.OpenShift())
	for range n {
		tx := c.trade.Sell(0)
		c.must(t, tx)
		c.sold = append(c.sold, tx.Entries[0].Record.(*till.SaleCompleted).Sale)
	}
	if date%3 == 2 && len(c.sold) > 6 {
		c.must(t, c.giveBack(&c.sold[len(c.sold)-6]))
		c.sold = c.sold[len(c.sold)-5:]
	}
	totals, taxes, err := c.book.Totals(t.Context(), c.trade.Shift)
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, c.trade.CloseShift(totals, taxes))
}

// giveBack takes a whole first line back, for cash.
func (c *counter) giveBack(s *till.Sale) till.Tx {
	c.trade.Receipt++
	l := s.Lines[0]
	base, tax, added := l.Paid(), money.Amount(0), money.Amount(0)
	switch part, _ := l.Tax.On(base); l.Tax.Mode {
	case till.TaxExclusive:
		added = part
	default:
		tax = part
	}
	value := base + added
	return till.Tx{Entries: []till.Entry{{At: c.trade.At, Recorded: c.trade.At, Operator: "1001", Shift: c.trade.Shift, Day: c.trade.Day, Record: &till.Returned{Return: till.Return{
		ID: till.ID(uuid.New()), Receipt: c.trade.Receipt, Of: s.Receipt, OfSale: s.ID, Value: value, Reason: "坏了",
		Lines: []till.ReturnLine{{N: 1, Of: l.N, Item: l.Item, Code: l.Code, Name: l.Name, Category: l.Category, Unit: l.Unit, Weighed: l.Weighed, Qty: l.Qty, Tax: l.Tax,
			Base: base, TaxIn: tax, TaxAdded: added, Paid: value}},
		Refunds: []till.Tender{{N: 1, Kind: till.Cash, Amount: value}},
	}}}}}
}

func (c *counter) enrol(t *testing.T, st *store.Store, shop store.Shop) {
	t.Helper()
	code := server.NewCode()
	if err := st.OfferEnrolment(t.Context(), shop, code, "owner", time.Now().Add(15*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := Enrol(t.Context(), c.book, c.dir, "http://hub.street", code, "test"); err != nil {
		t.Fatal(err)
	}
}

// evening lets the till send for ten minutes.
func (c *counter) evening(t *testing.T) (unsent int) {
	sender, err := Open(t.Context(), c.book, c.dir)
	if err != nil {
		t.Fatal(err)
	}
	r := outbox.New(outbox.Options{Book: c.book, Account: Hub, Sender: sender, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	r.Run(ctx)
	n, _, err := c.book.Backlog(t.Context(), Hub)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Thirty days of a shop with three tills, with the line cut, goods taken back
// days later, a till restored from its backup, and one whose clock is put wrong:
// the hub says of every day what the tills' own reports came to that evening.
func TestAMonthAtTheHubIsTheTillsMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "hub.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		id, err := st.Identify(t.Context(), uuid.NewString(), wire.KeyText(key.Public().(ed25519.PublicKey)))
		if err != nil {
			t.Fatal(err)
		}
		tenant := store.Tenant{ID: uuid.NewString(), Name: "林记"}
		shop := store.Shop{Tenant: tenant.ID, ID: uuid.NewString(), Name: "城南店"}
		if err := errors.Join(st.AddTenant(t.Context(), tenant), st.AddShop(t.Context(), shop)); err != nil {
			t.Fatal(err)
		}
		line := &street{calls: make(chan net.Conn), closed: make(chan struct{})}
		api := &http.Server{Handler: server.New(server.Options{Store: st, ID: id, Key: key, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Handler()}
		served := make(chan struct{})
		go func() { api.Serve(line); close(served) }()
		defer func() { api.Close(); <-served }()
		transport := http.DefaultTransport.(*http.Transport)
		old := transport.DialContext
		transport.DialContext, transport.DisableKeepAlives = line.dial, true
		defer func() { transport.DialContext, transport.DisableKeepAlives = old, false }()

		zone := time.FixedZone("Asia/Shanghai", 8*3600)
		var tills []*counter
		for i := range 3 {
			c := &counter{dir: t.TempDir(), trade: tilltest.NewTrade(uint64(i+1), 40)}
			c.trade.At, c.trade.Day = time.Date(2000, 1, 2, 7, 0, 0, 0, zone), 20000102
			s := till.DefaultSettings()
			s.Taxes = tilltest.Taxes()
			if c.book, err = ledger.Found(t.Context(), c.dir, ledger.Founding{Settings: s}, c.options()); err != nil {
				t.Fatal(err)
			}
			defer func() { c.book.Close() }()
			c.must(t, till.Tx{Entries: []till.Entry{{At: c.trade.At, Recorded: c.trade.At, Record: &till.Started{Version: "test"}}}})
			c.enrol(t, st, shop)
			tills = append(tills, c)
		}
		want := map[string][][]byte{}
		backup := filepath.Join(t.TempDir(), "backup")
		var from tilltest.Trade
		for date := range 30 {
			at := tills[0].trade.At
			time.Sleep(time.Until(time.Date(at.Year(), at.Month(), at.Day(), 21, 0, 0, 0, zone)))
			line.out.Store(date%10 == 4 || date%10 == 5)
			name := tills[0].trade.Day.String()
			if date == 20 {
				tills[1].skew = -9 * time.Hour // its clock is put back, and nobody sees it
				tills[1].trade.At = tills[1].trade.At.Add(-5 * time.Hour)
			}
			for i, c := range tills {
				if i == 0 || date%4 != 1 { // every fourth day one till is open alone
					c.day(t, 3+(date+i)%4, date)
					r, err := c.book.Report(t.Context(), c.trade.Day, c.trade.Day)
					if err != nil {
						t.Fatal(err)
					}
					raw, err := r.JSON(yuan)
					if err != nil {
						t.Fatal(err)
					}
					want[name] = append(want[name], raw)
					if i == 1 && date == 20 {
						c.trade.At = time.Date(at.Year(), at.Month(), at.Day(), 20, 0, 0, 0, zone)
					}
					c.must(t, c.trade.CloseDay())
				} else {
					c.trade.CloseDay() // stays shut
				}
				unsent := c.evening(t)
				if line.out.Load() != (unsent > 0) && !(line.out.Load() && i > 0) {
					t.Errorf("%s, till %d: %d unsent, line cut: %v", name, i, unsent, line.out.Load())
				}
			}
			switch c := tills[2]; date {
			case 12:
				made, err := c.book.Backup(t.Context(), backup)
				if err != nil {
					t.Fatal(err)
				}
				backup, from = made.Path, *c.trade
			case 16: // four days later its disk breaks, and the backup is what there is
				if err := c.book.Close(); err != nil {
					t.Fatal(err)
				}
				again, err := ledger.Restore(t.Context(), backup, c.dir, c.options())
				if err != nil {
					t.Fatal(err)
				}
				c.book = again
				c.trade.Shift, c.trade.Z, c.trade.Receipt, c.trade.Grand, c.sold = from.Shift, from.Z, from.Receipt, from.Grand, nil
				c.enrol(t, st, shop)
			}
		}
		alone := 0
		for name, tillsSay := range want {
			got, err := server.Report(t.Context(), st, tenant.ID, shop.ID, name, name, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(tillsSay) == 1 {
				alone++
				if !bytes.Equal(got, tillsSay[0]) {
					t.Errorf("%s: the hub says\n%s\nthe till\n%s", name, got, tillsSay[0])
				}
			}
			var sum any // of the tills
			for _, one := range tillsSay {
				sum = addUp(sum, rows(t, one), "")
			}
			for field, hub := range rows(t, got) {
				if tills := sum.(map[string]any)[field]; !reflect.DeepEqual(hub, filled(tills)) {
					t.Errorf("%s, %s: the hub says\n%v\nthe tills\n%v", name, field, hub, tills)
				}
			}
		}
		if len(want) != 30 || alone < 7 {
			t.Errorf("%d days, %d of one till", len(want), alone)
		}
		if aside, err := st.Troubled(t.Context(), tenant.ID, 10); err != nil || len(aside) > 0 {
			t.Errorf("%v, %d documents put aside", err, len(aside))
		}
	})
}

// identities are the fields that say which row it is; days is how many of a
// weekday there were, which several tills do not make more.
var identities = []string{"from", "to", "currency", "kind", "class", "rate", "mode", "hour", "code", "name", "date", "category", "cashier", "wallet", "weekday", "days"}

// rows reads a report with its lists as rows by what they are of; the drawers
// become one list in order.
func rows(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	for field, value := range v {
		list, ok := value.([]any)
		if !ok {
			continue
		}
		if field == "cash" {
			v[field] = sortedCash(list)
			continue
		}
		of := map[string]any{}
		for _, one := range list {
			row := one.(map[string]any)
			var name []string
			for _, k := range identities {
				if row[k] != nil {
					name = append(name, fmt.Sprint(row[k]))
				}
			}
			of[strings.Join(name, "|")] = row
		}
		v[field] = of
	}
	return v
}

func sortedCash(list []any) []any {
	slices.SortFunc(list, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

// filled leaves out the goods that were sold at one till and taken back at
// another: a report has only rows that hold something.
func filled(v any) any {
	if of, ok := v.(map[string]any); ok {
		maps.DeleteFunc(of, func(_ string, one any) bool {
			row, ok := one.(map[string]any)
			return ok && row["qty"] == "0" && row["net"] == "0.00"
		})
	}
	return v
}

// addUp adds reports field by field, as a person with a pencil would.
func addUp(a, b any, field string) any {
	if a == nil {
		return b
	}
	switch b := b.(type) {
	case map[string]any:
		for k, v := range b {
			a.(map[string]any)[k] = addUp(a.(map[string]any)[k], v, k)
		}
		return a
	case []any:
		return sortedCash(append(a.([]any), b...))
	case json.Number, string:
		if slices.Contains(identities, field) {
			return a
		}
		x, okX := new(big.Rat).SetString(fmt.Sprint(a))
		y, okY := new(big.Rat).SetString(fmt.Sprint(b))
		if !okX || !okY {
			return fmt.Sprint(a, " and ", b)
		}
		x.Add(x, y)
		if _, whole := b.(json.Number); whole {
			return json.Number(x.FloatString(0))
		}
		if field == "qty" {
			return strings.TrimSuffix(strings.TrimRight(x.FloatString(3), "0"), ".")
		}
		return x.FloatString(2)
	}
	return a
}
