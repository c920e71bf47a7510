package command

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guitai/cmd/internal/wallets"
	"guitai/till"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// A walletShop is a shop whose wallets are at the simulator, over real HTTP.
type walletShop struct {
	*shop
	sim *sim.Sim
	url string
	// said is everything that the commands wrote, in order.
	said strings.Builder
}

// newWalletShop has a shop, the platforms and no account yet.
func newWalletShop(t *testing.T) *walletShop {
	t.Helper()
	c := &walletShop{shop: newShop(t), sim: sim.New(nil)}
	sim.Standard(c.sim)
	srv := httptest.NewServer(c.sim.Page())
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

// run keeps what was said, so that it can be searched for secrets.
func (c *walletShop) run(args ...string) (out, errs string, exit int) {
	c.t.Helper()
	out, errs, exit = c.shop.run(args...)
	c.said.WriteString(out + errs)
	return out, errs, exit
}

// exits runs a command that must end with an exit code and say all of says, and
// returns standard output.
func (c *walletShop) exits(exit int, says []string, args ...string) string {
	c.t.Helper()
	out, errs, got := c.run(args...)
	if got != exit {
		c.t.Fatalf("%s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, exit, out, errs)
	}
	for _, say := range says {
		if !strings.Contains(errs, say) {
			c.t.Errorf("%s: does not say %q:\n%s", strings.Join(args, " "), say, errs)
		}
	}
	return out
}

// entry is what a shop enters for a wallet, as guitai-sim writes it.
func (c *walletShop) entry(name string) map[string]string {
	a := c.sim.Platform(name).Account()
	in := maps.Clone(a.Fields)
	in["base_url"], in["mode"] = c.url+"/"+name, "test"
	if a.Currency.Code != "" {
		in["currency"] = a.Currency.Code
	}
	return in
}

// write writes an entry to a file.
func (c *walletShop) write(name string, in map[string]string) string {
	c.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.file(name+".json", string(text))
}

// set sets a wallet up, with changes.
func (c *walletShop) set(name string, change map[string]string) {
	c.t.Helper()
	in := c.entry(name)
	maps.Copy(in, change)
	c.exits(0, nil, "wallet", "set", name, "--from", c.write(name, in))
}

// read reads the last line of an answer in JSON.
func read[T any](t *testing.T, out string) T {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	d := json.NewDecoder(strings.NewReader(lines[len(lines)-1]))
	d.DisallowUnknownFields()
	var v T
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	return v
}

// secrets are the values that no output and no file of the shop may hold; of
// keys in PEM a line out of the middle.
func (c *walletShop) secrets(name string) []string {
	spec, _ := wallets.Find(name)
	fields := c.sim.Platform(name).Account().Fields
	var out []string
	for _, f := range spec.Fields {
		v := fields[f.Name]
		if lines := strings.Split(v, "\n"); len(lines) > 2 {
			v = lines[2]
		}
		if f.Secret && len(v) >= 8 {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		c.t.Fatalf("%s has no secret field", name)
	}
	return out
}

// keepsSecret fails where one of the texts was said or stands in a file.
func (c *walletShop) keepsSecret(texts ...string) {
	c.t.Helper()
	for _, s := range texts {
		if strings.Contains(c.said.String(), s) {
			c.t.Errorf("%.6s... was said", s)
		}
	}
	err := filepath.WalkDir(c.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range texts {
			if strings.Contains(string(b), s) {
				c.t.Errorf("%.6s... stands in %s", s, d.Name())
			}
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

type walletRow struct {
	Name     string   `json:"name"`
	Mode     string   `json:"mode"`
	BaseURL  string   `json:"base_url"`
	Currency string   `json:"currency"`
	Ways     []string `json:"ways"`
	On       bool     `json:"on"`
	Frozen   bool     `json:"frozen"`
	Keyring  bool     `json:"keyring"`
}

// list lists the wallets by their names.
func (c *walletShop) list() map[string]walletRow {
	c.t.Helper()
	out := map[string]walletRow{}
	for _, r := range read[[]walletRow](c.t, c.exits(0, nil, "wallet", "list", "--format", "json")) {
		out[r.Name] = r
	}
	return out
}

// Every wallet of the simulator can be set up as guitai-sim writes it down, is
// listed switched off, and gives away none of its secrets.
func TestWalletSetAndList(t *testing.T) {
	c := newWalletShop(t)
	if out := c.exits(0, nil, "wallet", "list"); !strings.Contains(out, "no wallet is set up") {
		t.Errorf("an empty list: %s", out)
	}
	var secrets []string
	for _, spec := range wallets.Specs {
		c.set(spec.Name, nil)
		secrets = append(secrets, c.secrets(spec.Name)...)
	}
	rows := c.list()
	for _, spec := range wallets.Specs {
		var ways []string
		for _, w := range spec.Ability.Ways {
			ways = append(ways, w.String())
		}
		r := rows[spec.Name]
		if r.Mode != "test" || r.BaseURL != c.url+"/"+spec.Name || r.On || r.Frozen || !slices.Equal(r.Ways, ways) || len(r.Currency) != 3 {
			t.Errorf("%s: %+v", spec.Name, r)
		}
	}
	text := c.exits(0, nil, "wallet", "list")
	for _, want := range []string{"alipay test " + c.url, "off, test account: no real money"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	c.exits(0, nil, "wallet", "enable", "alipay")
	c.exits(0, nil, "wallet", "enable", "paypal")
	c.exits(0, nil, "wallet", "disable", "paypal")
	if rows = c.list(); !rows["alipay"].On || rows["paypal"].On || rows["wechatpay"].On {
		t.Errorf("alipay %+v\npaypal %+v", rows["alipay"], rows["paypal"])
	}
	// Set up anew it stays switched on, with its new address.
	c.set("alipay", map[string]string{"base_url": c.url + "/alipay/"})
	if r := c.list()["alipay"]; !r.On {
		t.Errorf("set up anew: %+v", r)
	}
	c.keepsSecret(secrets...)
}

// What cannot be right is refused with the field's name, and nothing is kept.
func TestWalletSetRefuses(t *testing.T) {
	c := newWalletShop(t)
	alipay := c.entry("alipay")
	with := func(name string, change map[string]string) string {
		in := maps.Clone(c.entry(name))
		for k, v := range change {
			in[k] = v
			if v == "" {
				delete(in, k)
			}
		}
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	key := alipay["private_key"]
	half := key[:len(key)/2]
	for _, row := range []struct {
		name, wallet, text string
		says               []string
	}{
		{"no JSON", "alipay", "app_id: 20210001", []string{"cannot be read", "no JSON object", "Nothing was kept"}},
		{"JSON cut short", "alipay", `{"app_id": "2021`, []string{"cannot be read", "Nothing was kept"}},
		{"two objects", "alipay", "{} {}", []string{"more follows after the JSON object"}},
		{"a list", "alipay", "[]", []string{"cannot be read"}},
		{"a field nobody knows", "alipay", with("alipay", map[string]string{"colour": "red"}), []string{"alipay: colour cannot be right", "no such field", "docs/adapters.md"}},
		{"an object for a text", "alipay", `{"app_id": {"a": 1}}`, []string{"app_id cannot be right", "want a text in quotes"}},
		{"a mode of no sort", "alipay", with("alipay", map[string]string{"mode": "sandbox"}), []string{"mode cannot be right", "want live or test"}},
		{"no mode, so live, and no https", "alipay", with("alipay", map[string]string{"mode": "live", "base_url": "http://pay.example"}), []string{"base_url cannot be right", "https"}},
		{"a currency of no land", "paypal", with("paypal", map[string]string{"currency": "yuan"}), []string{"currency cannot be right"}},
		{"a key cut in two", "alipay", with("alipay", map[string]string{"private_key": half}), []string{"alipay: private_key cannot be right"}},
		{"a public key for a private one", "alipay", with("alipay", map[string]string{"private_key": alipay["alipay_public_key"]}), []string{"private_key cannot be right"}},
		{"no merchant number", "wechatpay", with("wechatpay", map[string]string{"mchid": ""}), []string{"wechatpay: mchid cannot be right"}},
		{"a certificate cut in two", "wechatpay", with("wechatpay", map[string]string{"apiclient_cert": c.entry("wechatpay")["apiclient_cert"][:200]}), []string{"apiclient_cert cannot be right"}},
		{"a key that is not the certificate's", "wechatpay", with("wechatpay", map[string]string{"apiclient_key": someKey(t)}), []string{"wechatpay: apiclient_"}},
		{"a wallet nobody knows", "bitcoin", "{}", []string{"no wallet named bitcoin", "alipay, wechatpay"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c.t = t
			if out := c.exits(1, row.says, "wallet", "set", row.wallet, "--from", c.file("entry.json", row.text)); out != "" {
				t.Errorf("writes %q to standard output", out)
			}
		})
	}
	c.t = t
	c.exits(1, []string{"cannot be read"}, "wallet", "set", "alipay", "--from", filepath.Join(t.TempDir(), "none.json"))
	c.exits(2, nil, "wallet", "set", "alipay")
	if rows := c.list(); len(rows) != 0 {
		t.Errorf("something was kept: %+v", rows)
	}
	c.keepsSecret(append(c.secrets("alipay"), strings.Split(half, "\n")[1])...)
	c.in = with("alipay", nil)
	c.exits(0, nil, "wallet", "set", "alipay", "--from", "-")
	if r := c.list()["alipay"]; r.Name == "" {
		t.Error("from standard input nothing was kept")
	}
	c.exits(1, []string{"no account of wechatpay is set up", "wallet set wechatpay --from FILE"}, "wallet", "test", "wechatpay")
	c.exits(1, []string{"no account of alipay"}, "wallet", "test", "alipay", "--mode", "live")
}

type stepRow struct {
	Step   string      `json:"step"`
	OK     bool        `json:"ok"`
	Reason till.Reason `json:"reason"`
	Detail string      `json:"detail"`
}

// wrong are changes of an entry that the platform must find out: a key of
// another shop, another shop's number. WeChat Pay's key must fit its certificate
// and is refused before.
var wrong = map[string]struct{ key, merchant []string }{
	"alipay":     {key: []string{"private_key"}, merchant: []string{"app_id"}},
	"wechatpay":  {merchant: []string{"mchid"}},
	"shouqianba": {key: []string{"terminal_key"}, merchant: []string{"terminal_sn"}},
	"stripe":     {key: []string{"secret_key"}},
	"paypal":     {key: []string{"client_secret"}, merchant: []string{"client_id"}},
	"jdpay":      {merchant: []string{"merchant"}},
	"baidu":      {key: []string{"key"}, merchant: []string{"sp_no"}},
}

// A test passes step by step, and says which step failed and why.
func TestWalletTestSaysWhichStepFailed(t *testing.T) {
	other := sim.New(nil)
	sim.Standard(other)
	foreign := someKey(t)
	for _, spec := range wallets.Specs {
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			c := newWalletShop(t)
			probe := func(name string, exit int, step string, reasons ...till.Reason) {
				t.Helper()
				rows := read[[]stepRow](t, c.exits(exit, nil, "wallet", "test", spec.Name, "--format", "json"))
				last := rows[len(rows)-1]
				for _, r := range rows[:len(rows)-1] {
					if !r.OK {
						t.Errorf("%s: goes on after %+v", name, r)
					}
				}
				if exit == 0 != last.OK || step != "" && !strings.Contains(step, last.Step) || len(reasons) > 0 && !slices.Contains(reasons, last.Reason) {
					t.Errorf("%s: the last step is %+v, want %s %q", name, last, step, reasons)
				}
				t.Logf("%s: %+v", name, last)
			}
			c.set(spec.Name, nil)
			probe("as it should be", 0, "")
			if text := c.exits(0, nil, "wallet", "test", spec.Name); !strings.Contains(text, "credentials: passed") {
				t.Errorf("says %s", text)
			}
			c.sim.Cut(spec.Name, true)
			probe("no network", 1, "host", till.NoNetwork)
			c.sim.Cut(spec.Name, false)
			c.sim.Fail(sim.Fault{Kind: sim.Status500, Times: 3})
			probe("the platform is down", 1, "host", till.ProviderDown)
			c.sim.Mend()
			if slices.Contains([]string{"alipay", "wechatpay"}, spec.Name) {
				c.sim.Fail(sim.Fault{Kind: sim.ClockOff, Times: -1})
				probe("the clocks are apart", 1, "clock", till.ClockWrong)
				c.sim.Mend()
			}
			theirs := other.Platform(spec.Name).Account().Fields
			for name, fields := range map[string][]string{"another shop's key": wrong[spec.Name].key, "another shop's number": wrong[spec.Name].merchant} {
				change := map[string]string{}
				for _, f := range fields {
					switch change[f] = theirs[f]; {
					case strings.Contains(theirs[f], "PRIVATE KEY"):
						change[f] = foreign
					case theirs[f] == c.entry(spec.Name)[f]:
						change[f] = otherDigits(theirs[f])
					}
				}
				if len(change) == 0 {
					continue
				}
				c.set(spec.Name, change)
				probe(name, 1, "request_signature merchant credentials", till.SetUpWrong)
			}
			c.set(spec.Name, map[string]string{"base_url": "http://127.0.0.1:1/" + spec.Name})
			probe("nobody listens", 1, "host", till.NoNetwork)
			if n := len(c.sim.All()); n != 0 {
				t.Errorf("testing made %d payments", n)
			}
			c.keepsSecret(c.secrets(spec.Name)...)
		})
	}
}

// someKey is a private key that no platform knows.
func someKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// otherDigits changes the last digit of a number.
func otherDigits(s string) string {
	last := s[len(s)-1]
	if last == '1' {
		return s[:len(s)-1] + "2"
	}
	return s[:len(s)-1] + "1"
}

// What is frozen takes and gives back nothing, whoever asks; what was running
// is reversed.
func TestWalletFreezeAndRelease(t *testing.T) {
	c := newWalletShop(t)
	c.set("shouqianba", nil)
	c.set("paypal", map[string]string{"currency": "CNY"})
	pay := read[payRow](t, c.exits(0, nil, "wallet", "pay", "shouqianba", "--amount", "8.00", "--code", c.sim.Platform("shouqianba").NewCode(sim.Purse{}), "--format", "json"))
	open := read[payRow](t, c.exits(3, nil, "wallet", "pay", "shouqianba", "--amount", "9.00", "--show", "--wait", "500ms", "--format", "json"))
	if open.State != "pending" {
		t.Fatalf("%+v", open)
	}
	c.exits(0, nil, "wallet", "freeze", "shouqianba", "--reason", "gateway trouble")
	if p, _ := c.sim.Payment("shouqianba", open.Number); p.State != sim.Closed || p.Captured != 0 {
		t.Errorf("what was running is %s at the platform", p.State)
	}
	if rows := c.list(); !rows["shouqianba"].Frozen || rows["paypal"].Frozen {
		t.Errorf("frozen: %+v", rows)
	}
	calls := len(c.sim.Calls())
	c.exits(1, []string{"wallet_frozen"}, "wallet", "pay", "shouqianba", "--amount", "1.00", "--show")
	c.exits(1, []string{"wallet_frozen"}, "wallet", "refund", pay.Number, "--amount", "1.00")
	if n := len(c.sim.Calls()); n != calls {
		t.Errorf("%d calls while frozen", n-calls)
	}
	c.exits(1, []string{"no_such_wallet"}, "wallet", "freeze", "bitcoin")
	c.exits(1, []string{"no_such_wallet"}, "wallet", "release", "paypal")
	c.exits(0, nil, "wallet", "release", "shouqianba")
	c.exits(0, nil, "wallet", "refund", pay.Number, "--amount", "1.00")
	c.exits(0, nil, "wallet", "freeze", "--format", "json")
	if rows := c.list(); !rows["shouqianba"].Frozen || !rows["paypal"].Frozen {
		t.Errorf("all frozen: %+v", rows)
	}
	c.exits(0, nil, "wallet", "release")
	if rows := c.list(); rows["shouqianba"].Frozen || rows["paypal"].Frozen {
		t.Errorf("released: %+v", rows)
	}
	// A platform that does not answer keeps nobody from freezing.
	open = read[payRow](t, c.exits(3, nil, "wallet", "pay", "shouqianba", "--amount", "9.00", "--show", "--wait", "500ms", "--format", "json"))
	c.sim.Cut("shouqianba", true)
	began := time.Now()
	c.exits(0, []string{"nobody knows yet", open.Number}, "wallet", "freeze", "shouqianba", "--wait", "1s")
	if took := time.Since(began); took > 5*time.Second || !c.list()["shouqianba"].Frozen {
		t.Errorf("frozen after %s: %+v", took, c.list()["shouqianba"])
	}
	c.sim.Cut("shouqianba", false)
	c.exits(0, nil, "wallet", "cancel", open.Number)
}

// A wallet's secrets are in no setting, and its entry can be read by any till.
func TestWalletSetWritesItsEntry(t *testing.T) {
	c := newWalletShop(t)
	c.set("baidu", nil)
	spec, _ := wallets.Find("baidu")
	list, err := till.ParseWallets(c.setting("wallets"))
	if err != nil || len(list) != 1 || list[0].Name != "baidu" || list[0].On || list[0].Mode != "test" || list[0].Letter != spec.Letter {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := spec.New(wallet.Account{Name: "baidu"}, &wallet.Client{}); err == nil {
		t.Error("an adapter works on an account without credentials")
	}
}

func (c *walletShop) setting(key string) string {
	c.t.Helper()
	book, err := (&env{ctx: c.t.Context(), data: c.data}).read()
	if err != nil {
		c.t.Fatal(err)
	}
	defer book.Close()
	s, err := book.Settings(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	v, _ := s.Get(key)
	return v
}
