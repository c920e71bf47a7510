package server_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/hub/hubtest"
	"guitai/hub/wire"
)

// signedOperations are all that a till may ask, with a body that is done. Words
// with a dollar stand for what only the running test knows.
var signedOperations = []struct{ method, path, body string }{
	{"POST", "/v1/enrolments/claim", `{"hub":"$hub","operation":"enrolment.claim","code":"$code","till":"$till","epoch":1,"public_key":"$key","name":"一号台","currency":"CNY","exponent":2,"timezone":"Asia/Shanghai","day_start":240,"app":"1"}`},
	{"PUT", "/v1/tills/$till/epochs/1/docs/1", `{"hub":"$hub","operation":"document.put","high_water":1,"document":"$document"}`},
	{"POST", "/v1/tills/$till/epochs/1/docs:batch", `{"hub":"$hub","operation":"document.batch","high_water":2,"documents":[{"seq":1,"document":"$document"},{"seq":2,"document":"{}"}]}`},
	{"POST", "/v1/tills/$till/state", `{"hub":"$hub","operation":"till.state","epoch":1,"high_water":3}`},
	{"PUT", "/v1/tills/$till/live", `{"hub":"$hub","operation":"live.put","epoch":1,"high_water":1,"live":"$live","done":[{"id":"00000000-0000-7000-8000-00000000000c","result":"done","at":"2026-06-18T08:00:00Z","note":"好"}]}`},
	{"POST", "/v1/tills/$till/keys", `{"hub":"$hub","operation":"key.rotate","epoch":1,"public_key":"$key","proof":"$proof"}`},
	{"POST", "/v1/tills/$till/epochs", `{"hub":"$hub","operation":"epoch.announce","epoch":2,"previous_epoch":1,"public_key":"$key","reason":"restored"}`},
	{"POST", "/v1/tills/$till/catalog", `{"hub":"$hub","operation":"catalog.pull","epoch":1,"have":0}`},
	{"POST", "/v1/tills/$till/proposals", `{"hub":"$hub","operation":"items.propose","epoch":1,"items":[{"id":"00000000-0000-7000-8000-00000000000d","code":"","name":"面包","price":35000,"unit":"个","tax":"","category":"","barcodes":["690"]}]}`},
}

// A fuzzedHub takes bodies without a line between, and tells what it keeps.
type fuzzedHub struct {
	*hubtest.Hub
	till  *hubtest.Till
	words *strings.Replacer
	db    *sql.DB
}

func newFuzzedHub(t testing.TB, dsn string) *fuzzedHub {
	h := hubtest.NewHub(t, dsn)
	h.API.Unlimited()
	f := &fuzzedHub{Hub: h, till: h.Enrolled(t)}
	quoted := func(d wire.DayDocument) string {
		q := fmt.Sprintf("%q", hubtest.Text(t, d))
		return q[1 : len(q)-1]
	}
	doc := f.till.Shift(rand.New(rand.NewPCG(1, 1)), 1, june, 1)
	live := doc
	live.Kind, live.Seq = wire.DayDocumentKindLive, 0
	key := wire.KeyText(f.till.Public())
	f.words = strings.NewReplacer("$hub", h.ID, "$till", f.till.ID, "$key", key, "$code", h.Code(t, h.Shop), "$document", quoted(doc), "$live", quoted(live),
		"$proof", wire.SignWords(f.till.Key, wire.KeyWords(h.ID, f.till.ID, 1, key)...))
	driver, name, ok := "sqlite", "", false
	if name, ok = strings.CutPrefix(dsn, "sqlite:"); !ok {
		driver, name = "pgx", dsn
	}
	var err error
	if f.db, err = sql.Open(driver, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.db.Close() })
	return f
}

// ask sends a body of an operation, signed or with a signature of another key.
func (f *fuzzedHub) ask(op int, body string, signed bool) (*http.Request, []byte, *httptest.ResponseRecorder) {
	of := signedOperations[op]
	raw := []byte(f.words.Replace(body))
	r := httptest.NewRequest(of.method, f.words.Replace(of.path), bytes.NewReader(raw))
	key := f.till.Key
	if !signed {
		key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	}
	at := time.Now()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(wire.HeaderID, "fuzz_1")
	r.Header.Set(wire.HeaderTimestamp, fmt.Sprint(at.Unix()))
	r.Header.Set(wire.HeaderSignature, wire.Sign(key, "fuzz_1", at, raw))
	w := httptest.NewRecorder()
	f.API.Handler().ServeHTTP(w, r)
	return r, raw, w
}

// holds is a digest of every row, but for when a till was last heard.
func (f *fuzzedHub) holds(t testing.TB) [32]byte {
	t.Helper()
	var all []string
	for _, q := range []string{"SELECT sha256, quarantined FROM document", "SELECT sha256 FROM fork", "SELECT business_date, net, seq FROM day_sum", "SELECT tender, amount FROM tender_sum",
		"SELECT till_id, body FROM live", "SELECT epoch, public_key, state FROM till_epoch", "SELECT till_id, name, shop_id, status FROM till", "SELECT item_id, body FROM proposal",
		"SELECT code_hash, claimed_by FROM enrolment", "SELECT currency, exponent FROM shop", "SELECT act, subject FROM audit", "SELECT command_id, result FROM command"} {
		rows, err := f.db.Query(q)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells := make([]any, len(names))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			line := q
			for _, c := range cells {
				line += fmt.Sprintf("|%v", *c.(*any))
			}
			all = append(all, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	slices.Sort(all)
	return sha256.Sum256([]byte(strings.Join(all, "\n")))
}

// hold checks what must be true of any body.
func (f *fuzzedHub) hold(t testing.TB, op int, body string, signed bool) int {
	t.Helper()
	before := f.holds(t)
	r, raw, w := f.ask(op, body, signed)
	in, err := contract().asked(r, raw)
	if err == nil {
		err = contract().answers(in, w)
	}
	if err != nil {
		t.Errorf("%s: %v", signedOperations[op].path, err)
	}
	var p wire.Problem
	if w.Code != 200 {
		hubtest.Decode(t, w.Body.Bytes(), &p)
	}
	own := op == 0 || op == 6 // these carry the key that they are signed with
	if w.Code >= 500 || w.Code == 200 && !signed && !own {
		t.Errorf("%s, signed %v: %d %s", signedOperations[op].path, signed, w.Code, w.Body)
	}
	if w.Code != 200 && p.Code != wire.ProblemCodeFork && f.holds(t) != before { // a fork is kept as an alarm
		t.Errorf("%s was refused with %d %s, and something is kept", signedOperations[op].path, w.Code, p.Code)
	}
	return w.Code
}

// Whatever the body: no answer is the server's failure, each is one that the
// file describes, and what is refused leaves nothing behind.
func FuzzSigned(f *testing.F) {
	for op, of := range signedOperations {
		f.Add(uint8(op), of.body, true)
		f.Add(uint8(op), of.body, false)
		f.Add(uint8(op), strings.ReplaceAll(of.body, ":1", ":-1"), true)
		f.Add(uint8(op), strings.ReplaceAll(of.body, ":1", ":9223372036854775807"), true)
		f.Add(uint8(op), of.body[:len(of.body)-1], true)
		f.Add(uint8(op), strings.ReplaceAll(of.body, `"$`, `"\u0000$`), true)
		f.Add(uint8(op), "null", true)
	}
	h := newFuzzedHub(f, hubtest.SQLite(f))
	f.Fuzz(func(t *testing.T, op uint8, body string, signed bool) {
		h.hold(t, int(op)%len(signedOperations), body, signed)
	})
}

// Each operation is done as it stands; and no word of a body that PostgreSQL
// cannot keep makes it fail.
func TestOddWordsAreNoFailure(t *testing.T) {
	for name, dsn := range map[string]string{"sqlite": hubtest.SQLite(t), "postgres": hubtest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			f := newFuzzedHub(t, dsn)
			for op, of := range signedOperations {
				for i := range of.body {
					if of.body[i] == '"' && i > 0 && strings.ContainsRune(":[", rune(of.body[i-1])) { // a value begins
						f.hold(t, op, of.body[:i+1]+`\u0000`+of.body[i+1:], true)
						f.hold(t, op, of.body[:i+1]+`'; DROP TABLE document; --`+of.body[i+1:], true)
					}
				}
			}
			// In documents the same, where it is text within text.
			for _, word := range []string{`shift\",`, `cash\",`, `食品\",`, `Asia/Shanghai\",`, `商品 1\",`, `ab\"`} {
				body := signedOperations[2].body
				doc := f.words.Replace("$document")
				odd := strings.Replace(doc, word, `\\u0000`+word, 1)
				if odd == doc {
					t.Fatalf("no %s in %s", word, doc)
				}
				if status := f.hold(t, 2, strings.Replace(body, "$document", odd, 1), true); status != 200 {
					t.Errorf("%s: %d", word, status)
				}
				f.db.Exec("DELETE FROM document")
			}
			for op, of := range signedOperations {
				if status := f.hold(t, op, of.body, true); status != 200 {
					t.Errorf("%s: %d", of.path, status)
				}
			}
		})
	}
}

// What the file forbids of a number or a length is refused.
func TestWhatTheFileForbidsIsRefused(t *testing.T) {
	f := newFuzzedHub(t, hubtest.SQLite(t))
	for _, row := range []struct {
		op       int
		old, new string
	}{
		{0, `"CNY"`, `"cny"`}, {0, `"exponent":2`, `"exponent":5`}, {0, `"day_start":240`, `"day_start":1440`}, {0, `"epoch":1`, `"epoch":0`},
		{1, `"high_water":1`, `"high_water":-1`}, {2, `"high_water":2`, `"high_water":-1`}, {2, `"seq":2`, `"seq":0`}, {3, `"high_water":3`, `"high_water":-1`},
		{4, `"high_water":1`, `"high_water":-1`}, {4, `"result":"done"`, `"result":"perhaps"`}, {6, `"epoch":2`, `"epoch":1`}, {7, `"have":0`, `"have":-1`},
		{8, `"price":35000`, `"price":-1`},
	} {
		body := strings.Replace(signedOperations[row.op].body, row.old, row.new, 1)
		if status := f.hold(t, row.op, body, true); status != http.StatusBadRequest {
			t.Errorf("%s with %s: %d", signedOperations[row.op].path, row.new, status)
		}
	}
}
