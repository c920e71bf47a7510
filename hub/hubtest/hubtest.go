// Package hubtest is what tests of the provider account need: PostgreSQL of
// their own, a hub that serves, tills that sign, and documents whose sums agree.
package hubtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/google/uuid"

	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/wire"
)

// SQLite is the DSN of a fresh database in a test's folder.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "hub.db") }

// Around, where a TestMain sets it, stands before every hub that NewHub serves:
// it sees each request and each answer.
var Around func(testing.TB, http.Handler) http.Handler

// A Hub is a hub that serves, with one owner and one shop.
type Hub struct {
	*httptest.Server
	Store  *store.Store
	API    *server.Server
	ID     string
	Key    ed25519.PrivateKey
	Tenant store.Tenant
	Shop   store.Shop
	Log    *bytes.Buffer // what it logged; read it when all is quiet
}

// NewHub serves a hub on a database until the test ends.
func NewHub(t testing.TB, dsn string) *Hub {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &Hub{Store: st, Key: key, Tenant: store.Tenant{ID: uuid.NewString(), Name: "林记"}, Log: &bytes.Buffer{}}
	if h.ID, err = st.Identify(ctx, uuid.NewString(), wire.KeyText(key.Public().(ed25519.PublicKey))); err != nil {
		t.Fatal(err)
	}
	h.API = server.New(server.Options{Store: st, ID: h.ID, Key: key, Log: slog.New(slog.NewJSONHandler(&lockedWriter{w: h.Log}, nil))})
	if err := st.AddTenant(ctx, h.Tenant); err != nil {
		t.Fatal(err)
	}
	h.Shop = h.AddShop(t, "城南店")
	api := h.API.Handler()
	if Around != nil {
		api = Around(t, api)
	}
	h.Server = httptest.NewServer(api)
	t.Cleanup(h.Server.Close)
	return h
}

// AddShop makes one more shop of the owner's, in yuan.
func (h *Hub) AddShop(t testing.TB, name string) store.Shop {
	t.Helper()
	sh := store.Shop{Tenant: h.Tenant.ID, ID: uuid.NewString(), Name: name, Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai"}
	if err := h.Store.AddShop(context.Background(), sh); err != nil {
		t.Fatal(err)
	}
	return sh
}

// Code offers a code for a shop.
func (h *Hub) Code(t testing.TB, sh store.Shop) string {
	t.Helper()
	code := server.NewCode()
	if err := h.Store.OfferEnrolment(context.Background(), sh, code, "owner", time.Now().Add(15*time.Minute)); err != nil {
		t.Fatal(err)
	}
	return code
}

// A Till is the far end of the wire: it signs what it sends.
type Till struct {
	ID    string
	Epoch int64
	Key   ed25519.PrivateKey
	Hub   string // base address
	HubID string
	Skew  time.Duration // how far its clock is ahead
	HTTP  *http.Client
}

// NewTill makes a till that is not enrolled.
func NewTill(t testing.TB, base, hub string) *Till {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Till{ID: uuid.NewString(), Epoch: 1, Key: key, Hub: base, HubID: hub, HTTP: http.DefaultClient}
}

// Enrolled makes a till that is enrolled in the hub's shop.
func (h *Hub) Enrolled(t testing.TB) *Till {
	t.Helper()
	till := NewTill(t, h.URL, h.ID)
	if status, body := till.Send(t, "POST", "/v1/enrolments/claim", till.Claim(h.Code(t, h.Shop), "一号台")); status != 200 {
		t.Fatalf("claim: %d %s", status, body)
	}
	return till
}

// Claim is the body that enrols the till.
func (k *Till) Claim(code, name string) wire.Claim {
	return wire.Claim{Hub: k.HubID, Operation: wire.EnrolmentClaim, Code: code, Till: k.ID, Epoch: k.Epoch, PublicKey: wire.KeyText(k.Public()), Name: name,
		Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai", DayStart: 240}
}

// Public is the till's public key.
func (k *Till) Public() ed25519.PublicKey { return k.Key.Public().(ed25519.PublicKey) }

// Send signs and sends a body, and answers with the status and the answer's
// bytes; an answer that did not come ends the test.
func (k *Till) Send(t testing.TB, method, path string, body any) (int, []byte) {
	t.Helper()
	status, out, err := k.Try(method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, out
}

// Try is Send where an answer may be lost.
func (k *Till) Try(method, path string, body any) (int, []byte, error) {
	raw, ok := body.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	req, err := http.NewRequest(method, k.Hub+path, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	at := time.Now().Add(k.Skew)
	id := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderID, id)
	req.Header.Set(wire.HeaderTimestamp, fmt.Sprint(at.Unix()))
	req.Header.Set(wire.HeaderSignature, wire.Sign(k.Key, id, at, raw))
	res, err := k.HTTP.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	return res.StatusCode, out, err
}

// Put sends one document.
func (k *Till) Put(t testing.TB, seq int64, doc []byte) (int, wire.Delivery, wire.Problem) {
	t.Helper()
	status, out := k.Send(t, "PUT", fmt.Sprintf("/v1/tills/%s/epochs/%d/docs/%d", k.ID, k.Epoch, seq),
		wire.PutDocument{Hub: k.HubID, Operation: wire.DocumentPut, HighWater: seq, Document: string(doc)})
	var d wire.Delivery
	var p wire.Problem
	if status == 200 {
		Decode(t, out, &d)
	} else {
		Decode(t, out, &p)
	}
	return status, d, p
}

// State asks what the hub has.
func (k *Till) State(t testing.TB, highWater int64) wire.State {
	t.Helper()
	status, out := k.Send(t, "POST", "/v1/tills/"+k.ID+"/state", wire.AskState{Hub: k.HubID, Operation: wire.TillState, Epoch: k.Epoch, HighWater: highWater})
	if status != 200 {
		t.Fatalf("state: %d %s", status, out)
	}
	var s wire.State
	Decode(t, out, &s)
	return s
}

// Decode reads JSON, or ends the test.
func Decode(t testing.TB, raw []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}

// Shift makes the document of one shift whose sums agree: sales of a few items
// in cash and by wallet, at hours and in amounts that r picks.
func (k *Till) Shift(r *mrand.Rand, seq int64, date time.Time, shift int) wire.DayDocument {
	d := wire.DayDocument{
		Schema: wire.TillDayV1, Kind: wire.DayDocumentKindShift, Till: k.ID, Epoch: k.Epoch, Seq: seq, BusinessDate: openapi_types.Date{Time: date}, Shift: &shift,
		Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai",
		Span:    wire.Span{OpenedAt: date.Add(8 * time.Hour), LedgerHead: strings.Repeat("ab", 32), LastEntry: seq * 100},
		Tenders: []wire.TenderSum{}, Taxes: []wire.TaxSum{}, Cash: []wire.CashSum{}, Hours: []wire.HourSum{}, Items: []wire.ItemSum{}, Categories: []wire.CategorySum{},
		Cashiers: []wire.CashierSum{},
	}
	var cash, wallet, tax wire.TenderSum
	cash.Kind, wallet.Kind = "cash", "wallet:alipay"
	for hour := 8; hour < 21; hour++ {
		h := wire.HourSum{Hour: hour}
		for range r.IntN(4) {
			amount := int64(100 + r.IntN(20000))
			h.Count++
			h.Net += amount
			to := &cash
			if r.IntN(2) == 0 {
				to = &wallet
			}
			to.Count++
			to.Amount += amount
			tax.Amount += amount * 13 / 113
		}
		if h.Count > 0 {
			d.Hours = append(d.Hours, h)
		}
		d.Sales.Count += h.Count
		d.Sales.Net += h.Net
	}
	d.Sales.Gross, d.Sales.Tax = d.Sales.Net, tax.Amount
	given := cash.Amount + 500
	change := int64(500)
	cash.Tendered, cash.Change = &given, &change
	d.Tenders = append(d.Tenders, cash, wallet)
	d.Taxes = append(d.Taxes, wire.TaxSum{Class: "standard", Rate: 130000, Mode: wire.Inclusive, Taxable: d.Sales.Net - tax.Amount, Tax: tax.Amount})
	rest := d.Sales.Net
	for i := range 20 {
		part := rest / int64(20-i)
		rest -= part
		d.Items = append(d.Items, wire.ItemSum{Code: fmt.Sprintf("69012345678%02d", i), Name: fmt.Sprintf("商品 %d", i), Qty: 1000, Net: part})
	}
	d.Categories = append(d.Categories, wire.CategorySum{Name: "食品", Qty: 20000, Net: d.Sales.Net})
	d.Cashiers = append(d.Cashiers, wire.CashierSum{Code: "1001", Count: d.Sales.Count, Net: d.Sales.Net})
	expected, short := 20000+cash.Amount, int64(-r.IntN(3))
	counted := expected + short
	d.Cash = append(d.Cash, wire.CashSum{Shift: shift, Float: 20000, Expected: expected, Closed: true, Counted: &counted, OverShort: &short})
	return d
}

// Text writes a document as a till does.
func Text(t testing.TB, d wire.DayDocument) []byte {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
