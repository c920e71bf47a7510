package command

import (
	"crypto/ed25519"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guitai/cmd/internal/hubaccount"
	"guitai/cmd/internal/localsocket"
	"guitai/hardware/trace"
	"guitai/hub/hubtest"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/till"
)

// tradedDays are three closed days of a shop, and a fourth that is open.
func tradedDays(t *testing.T) *shop {
	t.Helper()
	sh := newShop(t, "--tax", "standard=13%:inclusive", "--tax", "food=9%:inclusive", "--tax", "us=8.875%:exclusive")
	o := &oracle{rnd: rand.New(rand.NewPCG(5, 77)), exp: 2, step: 1}
	for day := range 4 {
		o.at = time.Date(2026, 6, 18+day, 8, 0, 0, 0, time.FixedZone("", 8*3600))
		o.open()
		if day < 3 {
			o.trade(20)
			o.close()
		}
	}
	sh.ok("replay", sh.file("days.jsonl", o.file.String()))
	return sh
}

// receiver is a server of a shop's own: it verifies and keeps what it takes, and
// answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	key    ed25519.PublicKey
	bodies map[string]string // by webhook-id
	posts  int
	lost   int                                // the post that is taken, and its answer lost
	answer func(n int, w http.ResponseWriter) // of the n-th post; takes the document where it writes nothing
	wrong  []string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{bodies: map[string]string{}, answer: func(int, http.ResponseWriter) {}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.posts++
		id := q.Header.Get(wire.HeaderID)
		if err := wire.Verify(q.Header.Get(wire.HeaderSignature), id, q.Header.Get(wire.HeaderTimestamp), body, r.key); err != nil {
			r.wrong = append(r.wrong, id+": "+err.Error())
		}
		said := &answered{ResponseWriter: w}
		if r.answer(r.posts, said); said.status >= 300 {
			return
		}
		if old, ok := r.bodies[id]; ok && old != string(body) {
			r.wrong = append(r.wrong, id+" came with another body")
		}
		r.bodies[id] = string(body)
		if r.posts == r.lost {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) { a.status = status; a.ResponseWriter.WriteHeader(status) }

// Every document is posted as it is and signed; what is sent again has the id it
// had; a server that is busy or broken is asked again, and one that says 410 is not.
func TestAWebhookGetsEveryDocumentSigned(t *testing.T) {
	sh := tradedDays(t)
	r := newReceiver(t)
	secret := r.URL + "/hook/s3cret-path"
	sh.fails(1, []string{"must begin with https"}, "account", "add", "webhook", "books", "--url", "http://books.example/x")
	sh.fails(1, []string{"must begin with https"}, "account", "add", "webhook", "books", "--url", "https://a:b@books.example/x")
	sh.fails(1, []string{"is not “hub”"}, "account", "add", "webhook", "hub", "--url", secret)
	out := sh.ok("account", "add", "webhook", "books", "--url", secret)
	at := strings.Index(out, "whpk_")
	if at < 0 {
		t.Fatalf("no key: %s", out)
	}
	key, err := wire.ParseKey(strings.TrimSpace(out[at:]))
	if err != nil {
		t.Fatal(err)
	}
	r.key = key
	// The second is taken and its answer lost, as by a power cut; the third is put off.
	r.lost = 2
	r.answer = func(n int, w http.ResponseWriter) {
		switch n {
		case 4:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
		case 6:
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
		}
	}
	for _, want := range []string{"EOF", "503", "302", ""} {
		said, errs, exit := sh.run("sync")
		if strings.Contains(said+errs, "s3cret") {
			t.Errorf("the path is shown: %s%s", said, errs)
		}
		if (exit == 0) != (want == "") || !strings.Contains(said+errs, want) {
			t.Errorf("want %q: %d %s%s", want, exit, said, errs)
		}
	}
	if len(r.bodies) != 6 || len(r.wrong) > 0 {
		t.Errorf("%d documents, %v", len(r.bodies), r.wrong)
	}
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := l.Unsent(t.Context(), "nobody", 50, 1<<20)
	l.Close()
	if err != nil || len(docs) != 6 {
		t.Fatal(err, len(docs))
	}
	for _, d := range docs {
		if r.bodies[docID(t, d)] != string(d.Body) {
			t.Errorf("document %d is not there as it is", d.Seq)
		}
	}
	before := r.posts
	sh.ok("sync")
	if r.posts != before {
		t.Error("sent again what was taken")
	}

	// Gone: the account stands still and says so, and goes on where it is added again.
	sh.ok("account", "remove", "books")
	if _, err := os.Stat(filepath.Join(sh.data, "account-books.key")); err == nil {
		t.Error("the key stays")
	}
	sh.fails(1, []string{"there is no account “books”"}, "account", "remove", "books")
	out = sh.ok("account", "add", "webhook", "books", "--url", secret)
	if r.key, err = wire.ParseKey(strings.TrimSpace(out[strings.Index(out, "whpk_"):])); err != nil {
		t.Fatal(err)
	}
	gone := true
	r.answer = func(_ int, w http.ResponseWriter) {
		if gone {
			w.WriteHeader(http.StatusGone)
		}
	}
	sh.fails(1, []string{"410"}, "sync")
	if said := sh.ok("account", "list"); !strings.Contains(said, "stopped") || strings.Contains(said, "s3cret") {
		t.Error(said)
	}
	before = r.posts
	sh.ok("sync")
	if r.posts != before {
		t.Error("a server that is gone was asked again")
	}
	gone = false
	sh.ok("account", "add", "webhook", "books", "--url", secret)
	sh.ok("sync")
	if len(r.bodies) != 6 || len(r.wrong) > 0 {
		t.Errorf("%d documents, %v", len(r.bodies), r.wrong)
	}
}

func docID(t *testing.T, d ledger.Outgoing) string {
	t.Helper()
	var doc till.DayDocument
	if err := json.Unmarshal(d.Body, &doc); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s-%d-%06d", doc.Till, d.Epoch, d.Seq)
}

// Folders of every format fill beside each other; the bookings of the days are
// taken by hledger together, and come to those that are exported; a file that is
// there is never written over, and a folder that is away waits.
func TestFoldersFillBesideEachOther(t *testing.T) {
	sh := tradedDays(t)
	dirs := map[string]string{}
	for _, format := range []string{"json", "csv", "journal", "beancount", "accounts"} {
		dirs[format] = t.TempDir()
		sh.ok("account", "add", "folder", format, "--dir", dirs[format], "--format", format)
	}
	sh.fails(1, []string{"the folder is not there"}, "account", "add", "folder", "away", "--dir", filepath.Join(dirs["csv"], "none"))
	away := dirs["json"] + ".away"
	if err := os.Rename(dirs["json"], away); err != nil {
		t.Fatal(err)
	}
	sh.fails(1, []string{"json: write to the folder", "6 documents wait in this till; none is lost"}, "sync")
	for format, n := range map[string]int{"csv": 6, "journal": 3, "beancount": 3, "accounts": 3} {
		if all := files(t, dirs[format]); len(all) != n {
			t.Errorf("%s: %v", format, all)
		}
	}
	if err := os.Rename(away, dirs["json"]); err != nil {
		t.Fatal(err)
	}
	sh.ok("sync")
	all := files(t, dirs["json"])
	if len(all) != 6 {
		t.Fatal(all)
	}
	var net, shiftNet string
	for _, f := range all {
		var d till.DayDocument
		raw, err := os.ReadFile(f)
		if err == nil {
			err = json.Unmarshal(raw, &d)
		}
		if err != nil {
			t.Fatal(err)
		}
		if d.Kind == till.ClosedDay && d.BusinessDate == "2026-06-19" {
			net = decimal(int64(d.Sales.Net), 2, false)
		}
	}
	for _, f := range files(t, dirs["csv"]) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r[1] == "shift" && r[2] == "2026-06-19" && r[6] == "sales" && r[8] == "net" {
				shiftNet = r[9]
			}
		}
	}
	if net == "" || net != shiftNet {
		t.Errorf("the day's document says %q, the shift's rows %q", net, shiftNet)
	}

	// The three days one after the other are what is exported of all.
	journals := files(t, dirs["journal"])
	var flags []string
	for _, f := range journals {
		flags = append(flags, "-f", f)
	}
	balance := func(flags ...string) string {
		t.Helper()
		if out, err := exec.Command("hledger", append(flags, "check", "--strict")...).CombinedOutput(); err != nil {
			t.Fatalf("hledger: %v\n%s", err, out)
		}
		out, err := exec.Command("hledger", append(flags, "balance", "--flat", "--no-total", "-O", "csv")...).CombinedOutput()
		if err != nil {
			t.Fatalf("hledger: %v\n%s", err, out)
		}
		return string(out)
	}
	whole := sh.file("whole.journal", sh.ok("export", "accounts", "--from", "2026-06-18", "--to", "2026-06-20"))
	if got, want := balance(flags...), balance("-f", whole); got != want {
		t.Errorf("the days come to\n%s\nthe whole to\n%s", got, want)
	}
	raw, err := os.ReadFile(journals[1])
	if err != nil || !strings.Contains(string(raw), "2026-06-19 * ("+strings.TrimSuffix(filepath.Base(journals[1]), ".journal")+"-2026-06-19-2) Z 2, shift 2\n") {
		t.Errorf("%v: no id in\n%s", err, raw)
	}

	// Sent again, it changes nothing; what another wrote is left as it is, and said.
	for _, name := range []string{"json", "journal"} {
		sh.ok("account", "remove", name)
		sh.ok("account", "add", "folder", name, "--dir", dirs[name], "--format", name)
	}
	if err := os.WriteFile(all[2], []byte("another's"), 0o644); err != nil {
		t.Fatal(err)
	}
	sh.ok("sync")
	if said := sh.ok("account", "list"); strings.Count(said, "1 of them the other end") != 1 {
		t.Error(said)
	}
	if raw, err := os.ReadFile(all[2]); err != nil || string(raw) != "another's" {
		t.Errorf("%v %q", err, raw)
	}
	if now := files(t, dirs["journal"]); !slices.Equal(now, journals) {
		t.Errorf("%v", now)
	}
}

// Beside a running till, accounts are set up by it and it sends.
func TestARunningTillSetsAccountsUp(t *testing.T) {
	sh := tradedDays(t)
	l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := localsocket.Open(sh.data, ServeDevices(sh.data, &lendingTill{dir: sh.data, shop: l, book: trace.New(trace.Options{})}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dir := t.TempDir()
	sh.ok("account", "add", "folder", "drop", "--dir", dir)
	if said := sh.ok("sync"); !strings.Contains(said, "all is sent") || len(files(t, dir)) != 6 {
		t.Errorf("%s%v", said, files(t, dir))
	}
	sh.ok("account", "remove", "drop")
	sh.fails(1, []string{"not enrolled", "must begin with https"}, "account", "enrol", "hub.example", "AAAA-AAAA")
	sh.fails(1, []string{"no provider account"}, "account", "status")
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".guitai-*")); len(hidden) > 0 {
		t.Errorf("left over: %v", hidden)
	}
	return all
}

// A till that was restored numbers anew: it says that it must be enrolled again,
// and once it is, the hub has what closes from then on; a folder goes on as it was.
func TestARestoredTillIsEnrolledAgain(t *testing.T) {
	sh := tradedDays(t)
	h := hubtest.NewHub(t, hubtest.SQLite(t))
	sh.ok("account", "enrol", h.URL, h.Code(t, h.Shop))
	dir := t.TempDir()
	sh.ok("account", "add", "folder", "drop", "--dir", dir)
	sh.ok("sync")
	copied := filepath.Join(t.TempDir(), "copy.db")
	sh.ok("backup", "--to", copied)
	key, err := os.ReadFile(filepath.Join(sh.data, hubaccount.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	sh.data = filepath.Join(t.TempDir(), "again")
	sh.ok("restore", "--from", copied)
	sh.fails(1, []string{"hub: the key of the provider account is not in the data folder"}, "sync")
	if err := os.WriteFile(filepath.Join(sh.data, hubaccount.KeyFile), key, 0o600); err != nil {
		t.Fatal(err)
	}
	sh.in = `{"do":"close","at":"2026-06-21T20:00:00+08:00","count":{}}`
	sh.ok("replay", "-")
	sh.fails(1, []string{"enrol it again with a new code", "1 documents wait"}, "sync")
	if n := len(files(t, dir)); n != 7 {
		t.Errorf("%d files in the folder", n)
	}
	sh.ok("account", "enrol", h.URL, h.Code(t, h.Shop))
	if said := sh.ok("sync"); strings.Count(said, "all is sent") != 2 {
		t.Error(said)
	}
}
