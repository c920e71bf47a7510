//go:build shots

package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/web"
	"guitai/hub/wire"
)

// A driver is a Chromium that is driven as W3C WebDriver describes, by plain
// HTTP; full-page pictures are Chromium's own addition.
type driver struct {
	t             *testing.T
	base          string
	width, height int
}

// size sets the window's size; a phone's is below what a window may have.
func (d *driver) size(height int) {
	d.ask("POST", "/goog/cdp/execute", map[string]any{"cmd": "Emulation.setDeviceMetricsOverride",
		"params": map[string]any{"width": d.width, "height": height, "deviceScaleFactor": 1, "mobile": d.width < 700}})
}

func (d *driver) ask(method, path string, body any) json.RawMessage {
	d.t.Helper()
	var raw []byte
	if method == "POST" {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			d.t.Fatal(err)
		}
	}
	req, err := http.NewRequest(method, d.base+path, bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	client := http.Client{Timeout: 40 * time.Second}
	res, err := client.Do(req)
	if err != nil {
		d.t.Fatalf("%s %s %s: %v", method, path, raw, err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var v struct{ Value json.RawMessage }
	if err := json.Unmarshal(out, &v); err != nil || res.StatusCode != 200 {
		d.t.Fatalf("%s %s: %s", method, path, out)
	}
	return v.Value
}

func (d *driver) open(url string) { d.ask("POST", "/url", map[string]any{"url": url}) }

// find waits for an element, five seconds at most.
func (d *driver) find(css string) string {
	d.t.Helper()
	for range 50 {
		if string(d.js("return document.querySelector('"+css+"') !== null")) == "true" {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var e map[string]string
	if err := json.Unmarshal(d.ask("POST", "/element", map[string]any{"using": "css selector", "value": css}), &e); err != nil {
		d.t.Fatal(err)
	}
	for _, id := range e {
		return id
	}
	return ""
}

func (d *driver) write(css, text string) {
	d.ask("POST", "/element/"+d.find(css)+"/value", map[string]any{"text": text})
}

func (d *driver) click(css string) {
	d.ask("POST", "/element/"+d.find(css)+"/click", map[string]any{})
}

func (d *driver) js(script string) json.RawMessage {
	return d.ask("POST", "/execute/sync", map[string]any{"script": script, "args": []any{}})
}

func (d *driver) text() string {
	var s string
	if err := json.Unmarshal(d.js("return document.body.innerText"), &s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

// picture writes the whole page as PNG, and fails where it is wider than its
// window.
func (d *driver) picture(name string) {
	d.t.Helper()
	var wide, high int
	json.Unmarshal(d.js("return document.documentElement.scrollWidth"), &wide)
	json.Unmarshal(d.js("return document.documentElement.scrollHeight"), &high)
	if wide > d.width {
		d.t.Errorf("%s is %d wide in a window of %d", name, wide, d.width)
	}
	d.size(max(high, d.height))
	defer d.size(d.height)
	var shot struct{ Data string }
	if err := json.Unmarshal(d.ask("POST", "/goog/cdp/execute", map[string]any{"cmd": "Page.captureScreenshot", "params": map[string]any{}}), &shot); err != nil {
		d.t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("HUB_SHOTS"), name+".png"), raw, 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// chromium starts a browser of a size in a language.
func chromium(t *testing.T, width, height int, lang string) *driver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command("chromedriver", fmt.Sprintf("--port=%d", port))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	d := &driver{t: t, base: fmt.Sprintf("http://127.0.0.1:%d", port), width: width, height: height}
	for range 100 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var made struct{ SessionId string }
	if err := json.Unmarshal(d.ask("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"acceptInsecureCerts": true,
		"goog:chromeOptions": map[string]any{
			"args": []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=" + lang, "--accept-lang=" + lang},
		},
	}}}), &made); err != nil {
		t.Fatal(err)
	}
	d.base += "/session/" + made.SessionId
	t.Cleanup(func() { d.ask("DELETE", "", nil) })
	d.size(height)
	return d
}

// furnish makes two shops with three tills and two weeks of days, one open
// shift, and one of each thing that an owner must look at.
func (p *place) furnish(t *testing.T) *hubtest.Till {
	t.Helper()
	north := p.AddShop(t, "城北店")
	r := dice(2026, 11)
	fee := func(n int64) *int64 { return &n }
	rich := func(d wire.DayDocument) wire.DayDocument {
		d.Tenders[1].Fee = fee(d.Tenders[1].Amount * 6 / 1000)
		half := d.Tenders[1].Amount / 3
		d.Tenders[1].Amount -= half
		d.Tenders = append(d.Tenders, wire.TenderSum{Kind: "wallet:wechatpay", Count: 9, Amount: half, Fee: fee(half * 38 / 10000)})
		d.Wallets = &[]wire.WalletSum{
			{Wallet: "alipay", Mode: "live", Attempts: 31, Paid: 27, Declined: 3, Cancelled: 1, MedianMs: fee(2900), P90Ms: fee(7200), MostMs: fee(21000),
				Reasons: []wire.ReasonCount{{Reason: "not_enough", Count: 2}, {Reason: "code_expired", Count: 1}, {Reason: "payer_refused", Count: 1}}},
			{Wallet: "wechatpay", Mode: "live", Attempts: 18, Paid: 17, Unknown: 1, MedianMs: fee(2400), P90Ms: fee(5100), MostMs: fee(9000), Reasons: []wire.ReasonCount{{Reason: "no_network", Count: 1}}}}
		seen := int64(9)
		d.Flags = &[]wire.Flag{{Rule: "N1", Subject: "1001", Sample: 40, Seen: &seen, Receipts: &[]int64{17, 23}}}
		for i, name := range []string{"冰美式", "抽纸 6 包装", "鲜牛奶 1L", "鲜肉包", "矿泉水 550ml", "全麦吐司", "酸奶 4 连杯", "茶叶蛋"} {
			d.Items[i].Name = name
		}
		return d
	}
	today := time.Now().In(time.FixedZone("", 8*3600)).Add(-4 * time.Hour)
	date := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	names := []string{"一号台", "二号台", "城北台"}
	var tills []*hubtest.Till
	for i, name := range names {
		k, sh := hubtest.NewTill(t, p.URL, p.ID), p.Shop
		if i == 2 {
			sh = north
		}
		if status, out := k.Send(t, "POST", "/v1/enrolments/claim", k.Claim(p.Code(t, sh), name)); status != 200 {
			t.Fatalf("%d %s", status, out)
		}
		for back := 15; back > 0; back-- {
			seq := int64(16 - back)
			if i == 1 && back < 4 && back > 1 {
				continue // two that are missing
			}
			d := rich(k.Shift(r, seq, date.AddDate(0, 0, -back), int(seq)))
			if i == 1 && back == 1 {
				d.Sales.Net += 100
			}
			k.Put(t, seq, hubtest.Text(t, d))
		}
		tills = append(tills, k)
	}
	open := rich(tills[0].Shift(r, 0, date, 16))
	open.Span.OpenedAt = time.Now().Add(-6 * time.Hour)
	live(t, tills[0], open)
	tills[2].Put(t, 16, hubtest.Text(t, rich(tills[2].Shift(r, 16, date, 16))))
	second := hubtest.NewTill(t, p.URL, p.ID)
	second.ID, second.Epoch = tills[2].ID, 2
	second.Send(t, "POST", "/v1/tills/"+second.ID+"/epochs", wire.AnnounceEpoch{Hub: p.ID, Operation: wire.EpochAnnounce, Epoch: 2, PreviousEpoch: 1, PublicKey: wire.KeyText(second.Public()), Reason: "restored from a backup of 2026-11-20"})
	return tills[2]
}

// TestShots signs in with a real Chromium, with an authenticator's code, walks
// through every page and freezes a till, on a phone and in a window, in both
// languages.
func TestShots(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en-US"} {
		for _, size := range [][2]int{{390, 844}, {1366, 768}} {
			t.Run(fmt.Sprintf("%s-%d", lang[:2], size[0]), func(t *testing.T) {
				p := newPlace(t, hubtest.SQLite(t))
				waiting := p.furnish(t)
				i, err := web.Invite(t.Context(), p.Store, p.secrets, store.Owner{Tenant: p.Tenant.ID, Email: "lin@example.com", Name: "林老板", Role: store.RoleOwner}, "guitai-hub")
				if err != nil {
					t.Fatal(err)
				}
				b := &browser{p: p, secret: i.Secret}
				d := chromium(t, size[0], size[1], lang)
				name := func(page string) string { return fmt.Sprintf("%s-%d-%s", lang[:2], size[0], page) }
				d.open(p.pages.URL + i.Path)
				d.picture(name("01-setup"))
				d.write("input[name=password]", "blue lamps over 9 hills")
				d.write("input[name=again]", "blue lamps over 9 hills")
				d.write("input[name=code]", b.code(t))
				d.click("button.main")
				d.find(".codes")
				d.picture(name("02-codes"))
				d.click("a.main")
				d.click("header button")
				d.find("input[name=email]")
				d.picture(name("03-signin"))
				d.write("input[name=email]", "lin@example.com")
				d.write("input[name=password]", "blue lamps over 9 hills")
				d.write("input[name=code]", b.code(t))
				d.click("button.main")
				d.find("article")
				d.picture(name("04-today"))
				var paint float64
				json.Unmarshal(d.js("return performance.getEntriesByName('first-contentful-paint')[0].startTime"), &paint)
				var bytes int
				json.Unmarshal(d.js("return performance.getEntriesByType('navigation')[0].encodedBodySize"), &bytes)
				t.Logf("today: first contentful paint %.0f ms, page %d bytes", paint, bytes)
				yesterday := time.Now().In(time.FixedZone("", 8*3600)).Add(-28 * time.Hour).Format(time.DateOnly)
				for n, path := range []string{"/day?date=" + yesterday, "/range", "/shops", "/tills", "/till?id=" + waiting.ID, "/enrol", "/account"} {
					d.open(p.pages.URL + path)
					d.picture(name(fmt.Sprintf("%02d-%s", n+5, regexp.MustCompile(`^\w+`).FindString(strings.TrimPrefix(path, "/")))))
				}
				d.open(p.pages.URL + "/till?id=" + waiting.ID)
				d.write("form:has(input[value=freeze]) input[name=code]", b.code(t))
				d.click("button.danger")
				d.find(".note.good")
				d.picture(name("12-frozen"))
				commands, err := p.Store.Commands(t.Context(), p.Tenant.ID, waiting.ID, true)
				if err != nil || len(commands) != 1 {
					t.Errorf("%d commands %v: %s", len(commands), err, d.text())
				}
				d.open(p.pages.URL + "/enrol")
				d.write("input[name=code]", b.code(t))
				d.click("button.main")
				d.find(".huge")
				d.picture(name("13-code"))
				d.open(p.pages.URL + "/audit")
				d.picture(name("14-audit"))
			})
		}
	}
}
