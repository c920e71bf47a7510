package web_test

import (
	"crypto/ed25519"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/web"
	"guitai/hub/wire"
)

func TestMain(m *testing.M) { hubtest.Main(m) }

// onBoth runs a test on SQLite and on PostgreSQL, which must not differ.
func onBoth(t *testing.T, f func(t *testing.T, p *place)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newPlace(t, hubtest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, newPlace(t, hubtest.Postgres(t))) })
}

// A place is a hub with its pages behind TLS.
type place struct {
	*hubtest.Hub
	pages   *httptest.Server
	secrets *web.Secrets
	ahead   atomic.Int64 // seconds that the pages' clock is ahead, so that codes need not be waited for
}

func newPlace(t *testing.T, dsn string) *place {
	t.Helper()
	p := &place{Hub: hubtest.NewHub(t, dsn)}
	key := ed25519.NewKeyFromSeed([]byte("32 bytes of a key that nobody has"[:32]))
	var err error
	if p.secrets, err = web.NewSecrets(key); err != nil {
		t.Fatal(err)
	}
	site, err := web.New(web.Options{Store: p.Store, Key: key, Log: slog.New(slog.NewJSONHandler(p.Log, nil)), Command: p.API.Command,
		Link: func() (string, error) { return "https://hub.example/#hub=" + p.ID, nil }, Now: p.now,
		RemoteIP: func(r *http.Request) string { return r.Header.Get("Test-Address") }})
	if err != nil {
		t.Fatal(err)
	}
	p.pages = httptest.NewTLSServer(site.Handler())
	t.Cleanup(p.pages.Close)
	return p
}

func (p *place) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load()) * time.Second) }

// A browser is somebody at the pages.
type browser struct {
	p                        *place
	http                     *http.Client
	lang, address            string
	email, password, secret  string
	recovery                 []string
	status                   int
	page, where, contentType string
}

func (p *place) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := *p.pages.Client()
	c.Jar = jar
	return &browser{p: p, http: &c, lang: "en", address: "192.0.2.1"}
}

// invited adds a person, who sets the password.
func (p *place) invited(t *testing.T, tenant, email, role string) *browser {
	t.Helper()
	i, err := web.Invite(t.Context(), p.Store, p.secrets, store.Owner{Tenant: tenant, Email: email, Name: "林老板", Role: role}, "test")
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser(t)
	b.email, b.password, b.secret = email, "blue lamps over 9 hills", i.Secret
	b.get(t, i.Path)
	link, _ := url.Parse(i.Path)
	b.post(t, "/setup", "link", link.Query().Get("link"), "password", b.password, "again", b.password, "code", b.code(t))
	b.recovery = regexp.MustCompile(`[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}`).FindAllString(b.page, -1)
	if b.status != 200 || len(b.recovery) != 10 {
		t.Fatalf("set-up: %d\n%s", b.status, b.page)
	}
	return b
}

// code waits for a fresh code of the authenticator.
func (b *browser) code(t *testing.T) string {
	t.Helper()
	b.p.ahead.Add(30)
	return b.again(t)
}

// again is the code that the authenticator shows.
func (b *browser) again(t *testing.T) string {
	t.Helper()
	c, err := totp.GenerateCode(b.secret, b.p.now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (b *browser) do(t *testing.T, req *http.Request) {
	t.Helper()
	req.Header.Set("Accept-Language", b.lang)
	req.Header.Set("Test-Address", b.address)
	res, err := b.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	b.status, b.page, b.where, b.contentType = res.StatusCode, string(raw), res.Request.URL.RequestURI(), res.Header.Get("Content-Type")
	if !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%s has no content security policy", b.where)
	}
	if strings.Contains(b.page, "<script") || strings.Contains(b.page, " style=") {
		t.Errorf("%s holds what its policy forbids", b.where)
	}
	if hit := regexp.MustCompile(`>[a-z_]+\.[a-z_.]+<`).FindString(b.page); hit != "" {
		t.Errorf("%s shows a key for its words: %s", b.where, hit)
	}
}

func (b *browser) get(t *testing.T, path string) {
	t.Helper()
	req, err := http.NewRequest("GET", b.p.pages.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, req)
}

// post sends a form as the browser does, with the mark of the page.
func (b *browser) post(t *testing.T, path string, pairs ...string) {
	t.Helper()
	form := url.Values{}
	if m := regexp.MustCompile(`name="mark" value="([^"]*)"`).FindStringSubmatch(b.page); m != nil {
		form.Set("mark", m[1])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest("POST", b.p.pages.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	b.do(t, req)
}

func (b *browser) signIn(t *testing.T, password, code string) {
	t.Helper()
	b.post(t, "/signin", "email", b.email, "password", password, "code", code)
}

func (b *browser) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, x := range texts {
		if !strings.Contains(b.page, x) {
			t.Errorf("%s (%d) does not say %q", b.where, b.status, x)
		}
	}
}

func (b *browser) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, x := range texts {
		if strings.Contains(b.page, x) {
			t.Errorf("%s (%d) says %q", b.where, b.status, x)
		}
	}
}

// live sends a till's picture of an open shift.
func live(t *testing.T, k *hubtest.Till, d wire.DayDocument) {
	t.Helper()
	d.Kind, d.Seq = wire.DayDocumentKindLive, 0
	for i := range d.Cash {
		d.Cash[i].Closed, d.Cash[i].Counted, d.Cash[i].OverShort = false, nil, nil
	}
	text := string(hubtest.Text(t, d))
	if status, out := k.Send(t, "PUT", "/v1/tills/"+k.ID+"/live", wire.PutLive{Hub: k.HubID, Operation: wire.LivePut, Epoch: k.Epoch, HighWater: 0, Live: &text}); status != 200 {
		t.Fatalf("live: %d %s", status, out)
	}
}

// other is a second owner with a shop and a till of their own.
func (p *place) other(t *testing.T) (store.Tenant, store.Shop, *hubtest.Till) {
	t.Helper()
	tenant := store.Tenant{ID: uuid.NewString(), Name: "王记"}
	if err := p.Store.AddTenant(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	sh := store.Shop{Tenant: tenant.ID, ID: uuid.NewString(), Name: "秘密的店", Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai"}
	if err := p.Store.AddShop(t.Context(), sh); err != nil {
		t.Fatal(err)
	}
	k := hubtest.NewTill(t, p.URL, p.ID)
	if status, out := k.Send(t, "POST", "/v1/enrolments/claim", k.Claim(p.Code(t, sh), "秘密的台")); status != 200 {
		t.Fatalf("%d %s", status, out)
	}
	return tenant, sh, k
}

func dice(a, b uint64) *rand.Rand { return rand.New(rand.NewPCG(a, b)) }
