package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"maps"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"guitai/cmd/internal/command"
	"guitai/cmd/internal/wallets"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
	"guitai/wallet"
	"guitai/wallet/sim"
	"guitai/wallet/vault"
)

// bench is the setting up of wallets on a real ledger, desk and vault, with the
// platforms served over HTTP.
type bench struct {
	*testing.T
	*walletSetup
	dir   string
	book  *ledger.Ledger
	safe  *vault.Vault
	desk  *wallet.Desk
	sim   *sim.Sim
	host  string
	clock atomic.Int64 // how far this machine's clock is off, in nanoseconds
}

func newBench(t *testing.T) *bench {
	t.Helper()
	keyring.MockInitWithError(context.Canceled)
	b := &bench{T: t, dir: t.TempDir(), sim: sim.New(nil)}
	s := till.DefaultSettings()
	if err := s.Set("shop.name", "青禾便利店"); err != nil {
		t.Fatal(err)
	}
	if _, err := command.FoundShop(t.Context(), b.dir, s, "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	var err error
	if b.book, err = ledger.Open(t.Context(), b.dir, ledger.Options{}); err != nil {
		t.Fatal(err)
	}
	if b.safe, err = vault.Open(b.dir); err != nil {
		t.Fatal(err)
	}
	sim.Standard(b.sim)
	srv := httptest.NewServer(b.sim)
	b.host = srv.URL
	now := func() time.Time { return time.Now().Add(time.Duration(b.clock.Load())) }
	b.desk = wallet.NewDesk(b.book, wallet.DeskOptions{Now: now, Speed: 200, Shop: func() string { return "青禾便利店" }, Keep: b.safe.Change})
	b.walletSetup = newWalletSetup(t.Context(), slog.New(slog.DiscardHandler), func() till.Settings { return s }, func() walletParts {
		return walletParts{safe: b.safe, desk: b.desk, book: b.book}
	})
	t.Cleanup(func() {
		b.desk.Close()
		srv.Close()
		b.book.Close()
	})
	return b
}

// fields is what the shop would enter for a platform of the simulator.
func (b *bench) fields(name string) map[string]string {
	f := maps.Clone(b.sim.Platform(name).Account().Fields)
	f["base_url"] = b.host + "/" + name
	return f
}

// enter enters fields, and fails where they cannot be kept.
func (b *bench) enter(name, mode string, fields map[string]string) ui.WalletEntered {
	b.Helper()
	e, err := b.Enter(b.Context(), name, mode, fields)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// ends waits for the trial's end, doing what is to be done meanwhile.
func (b *bench) ends(each func(ui.WalletTrialState)) ui.WalletTrialState {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		t, _ := b.Trial()
		if !t.Running {
			return t
		}
		if each != nil {
			each(t)
		}
	}
	t, _ := b.Trial()
	b.Fatalf("the trial does not end: %+v", t)
	return t
}

func passed(t ui.WalletTrialState) (ok []till.CheckName, bad []till.WalletCheck) {
	for _, c := range t.Checks {
		if c.OK {
			ok = append(ok, c.Name)
		} else {
			bad = append(bad, c)
		}
	}
	return ok, bad
}

// Every wallet goes the whole way: entered, connected, the smallest amount
// received, asked about, given back and reversed, over the real core.
func TestEveryWalletIsSetUpWithTheSmallestAmount(t *testing.T) {
	b := newBench(t)
	for _, spec := range wallets.Specs {
		t.Run(spec.Name, func(t *testing.T) {
			b.T = t
			mode := "live"
			if spec.Name == "stripe" {
				mode = "test" // its key says so
			}
			if e := b.enter(spec.Name, mode, b.fields(spec.Name)); !e.InUse || e.Draft || e.Fault != nil || len(e.Missing) > 0 {
				t.Fatalf("entered, it is %+v, %+v", e, e.Fault)
			}
			steps, err := b.Probe(t.Context(), spec.Name, mode)
			if err != nil || len(steps) == 0 || !steps[len(steps)-1].OK {
				t.Fatalf("the probe says %+v, %v", steps, err)
			}
			if err := b.Begin(ui.WalletTrial{Wallet: spec.Name, Mode: mode, Way: till.Show, By: "1001"}); err != nil {
				t.Fatal(err)
			}
			if err := b.Begin(ui.WalletTrial{Wallet: spec.Name, Mode: mode, Way: till.Show}); err == nil {
				t.Fatal("a second trial ran beside the first")
			}
			paid := false
			got := b.ends(func(s ui.WalletTrialState) {
				if s.QR != "" && !paid {
					paid = b.sim.Pay(spec.Name, s.Number) == nil
				}
			})
			want := []till.CheckName{till.CheckCode, till.CheckShow, till.CheckReceive, till.CheckQuery, till.CheckRefund}
			if ok, bad := passed(got); !slices.Equal(ok, want) || len(bad) > 0 {
				t.Fatalf("passed %v, failed %+v", ok, bad)
			}
			a, err := b.book.Attempt(t.Context(), got.Number)
			if err != nil || a.Amount != got.Amount || a.Refunded != a.Amount || !a.Sale.IsZero() || a.Mode != mode || a.Cashier != "1001" {
				t.Fatalf("the ledger has %+v, %v", a, err)
			}
			for _, p := range b.sim.All() {
				if p.Platform == spec.Name && p.Number == got.Number && (p.Captured != got.Amount || p.Refunded() != got.Amount) {
					t.Fatalf("the platform has %+v", p)
				}
			}
			if slices.Contains(spec.Ability.Ways, till.Take) {
				code := b.sim.Platform(spec.Name).NewCode(sim.Purse{})
				if err := b.Begin(ui.WalletTrial{Wallet: spec.Name, Mode: mode, Way: till.Take, Code: code}); err != nil {
					t.Fatal(err)
				}
				got := b.ends(nil)
				if ok, bad := passed(got); !slices.Equal(ok, []till.CheckName{till.CheckTake, till.CheckReceive, till.CheckQuery, till.CheckRefund}) || got.Code != "" {
					t.Fatalf("passed %v, failed %+v, code %q", ok, bad, got.Code)
				}
			}
			if err := b.Begin(ui.WalletTrial{Wallet: spec.Name, Mode: mode, Way: till.Show, Reverse: true}); err != nil {
				t.Fatal(err)
			}
			asked := false
			got = b.ends(func(s ui.WalletTrialState) {
				if s.QR != "" && !asked {
					if p, ok := b.sim.Platform(spec.Name).(interface{ Scan(string) error }); ok {
						if err := p.Scan(s.Number); err != nil {
							t.Error(err)
						}
					}
					asked = true
					b.Reverse()
				}
			})
			if ok, bad := passed(got); !slices.Equal(ok, []till.CheckName{till.CheckCode, till.CheckReverse}) {
				t.Fatalf("reversed: passed %v, failed %+v", ok, bad)
			}
		})
	}
	// None of it is a sale.
	day := till.DayOf(time.Now(), till.DefaultSettings().Zone, till.DefaultSettings().DayStart)
	if r, err := b.book.Report(context.Background(), day-1, day+1); err != nil || r.Sales != 0 || r.Gross != 0 || len(r.Tenders) != 0 {
		t.Fatalf("trials are in the report: %+v, %v", r, err)
	}
}

// What is entered wrongly is named, nothing else is lost, and the account that
// works goes on.
func TestWhatIsEnteredWronglyIsNamedAndTheFormerAccountGoesOn(t *testing.T) {
	b := newBench(t)
	good := b.fields("wechatpay")
	if e := b.enter("wechatpay", "live", map[string]string{"mchid": good["mchid"], "apiclient_key": good["apiclient_key"]}); e.InUse || !e.Draft ||
		!slices.Contains(e.Missing, "appid") || e.Fault != nil || !e.Kept["apiclient_key"] || strings.Contains(e.Values["apiclient_key"], "MII") {
		t.Fatalf("half of it is %+v, %+v", e, e.Fault)
	}
	if _, err := b.Probe(t.Context(), "wechatpay", "live"); err == nil {
		t.Fatal("half an account was tried")
	}
	if e := b.enter("wechatpay", "live", good); !e.InUse || e.Draft {
		t.Fatalf("whole, it is %+v", e)
	}
	key := good["apiclient_key"]
	for name, row := range map[string]struct{ field, value, zh string }{
		"a truncated key":           {"apiclient_key", key[:len(key)/2], "不完整"},
		"a key on one cut line":     {"apiclient_key", strings.ReplaceAll(key[:len(key)/2], "\n", " "), "不完整"},
		"a certificate for a key":   {"apiclient_key", good["apiclient_cert"], "这是证书，要填私钥"},
		"another shop's cert":       {"apiclient_cert", otherCert(t), "不是一对"},
		"the shop's own public key": {"public_key", publicOf(t, key), "商户自己的公钥"},
		"a merchant number cut off": {"mchid", "19000", "商户号是 10 位数字"},
		"letters in the number":     {"mchid", "19000x0109", "只能有数字"},
		"an app id of another kind": {"appid", "2021000000000001", "AppID 是 wx 加 16 位字母数字"},
		"a short API key":           {"apiv2_key", "abc", "APIv2 密钥是 32 位字母数字"},
	} {
		e := b.enter("wechatpay", "live", map[string]string{row.field: row.value})
		if e.Fault == nil || e.Fault.Field != row.field || !strings.Contains(e.Fault.Zh, row.zh) || e.Fault.En == "" || !e.InUse || !e.Draft {
			t.Errorf("%s: %+v, fault %+v", name, e, e.Fault)
		}
		if a, ok := b.safe.Account("wechatpay", "live"); !ok || a.Fields[row.field] != strings.TrimSpace(good[row.field]) {
			t.Errorf("%s: the account that works was changed", name)
		}
		if steps, err := b.Probe(t.Context(), "wechatpay", "live"); err != nil || !steps[len(steps)-1].OK {
			t.Errorf("%s: the former account does not go on: %+v, %v", name, steps, err)
		}
		if e := b.enter("wechatpay", "live", map[string]string{row.field: good[row.field]}); e.Draft || e.Fault != nil {
			t.Errorf("%s, mended: %+v, %+v", name, e, e.Fault)
		}
	}
	// On one line, as a field without lines pastes it.
	if e := b.enter("wechatpay", "live", map[string]string{"apiclient_key": strings.ReplaceAll(key, "\n", " ")}); e.Fault != nil || e.Draft {
		t.Errorf("a key pasted on one line: %+v", e.Fault)
	}
}

func TestAProbeSaysWhichStepFailed(t *testing.T) {
	b := newBench(t)
	for _, row := range []struct {
		name, wallet string
		spoil        func(map[string]string)
		fault        sim.FaultKind
		clock        time.Duration
		step         string
		reason       till.Reason
	}{
		{"nobody there", "alipay", func(f map[string]string) { f["base_url"] = "http://127.0.0.1:1" }, "", 0, "host", till.NoNetwork},
		{"another merchant number", "wechatpay", func(f map[string]string) { f["mchid"] = "1900000999" }, "", 0, "request_signature", till.SetUpWrong},
		{"another application", "alipay", func(f map[string]string) { f["app_id"] = "2021999999999999" }, "", 0, "request_signature", till.SetUpWrong},
		{"the platform's key of somebody else", "alipay", func(f map[string]string) {
			f["alipay_public_key"] = publicOf(t, b.fields("wechatpay")["apiclient_key"])
		}, "", 0, "answer_signature", till.NotVerified},
		{"a clock an hour off", "wechatpay", nil, "", time.Hour, "clock", till.ClockWrong},
		{"a platform that is down", "stripe", nil, sim.Status500, 0, "host", till.ProviderDown},
	} {
		t.Run(row.name, func(t *testing.T) {
			b.T = t
			b.clock.Store(int64(row.clock))
			f := b.fields(row.wallet)
			if row.spoil != nil {
				row.spoil(f)
			}
			if e := b.enter(row.wallet, "test", f); !e.InUse || e.Fault != nil {
				t.Fatalf("entered: %+v, %+v", e, e.Fault)
			}
			if row.fault != "" {
				b.sim.Fail(sim.Fault{Platform: row.wallet, Kind: row.fault, Times: 3})
				defer b.sim.Mend()
			}
			steps, err := b.Probe(t.Context(), row.wallet, "test")
			if err != nil || len(steps) == 0 {
				t.Fatalf("%+v, %v", steps, err)
			}
			if last := steps[len(steps)-1]; last.OK || last.Name != row.step || last.Reason != row.reason {
				t.Fatalf("it ended at %+v, want %s with %s", last, row.step, row.reason)
			}
		})
	}
}

func TestATrialThatIsRefusedOrPaidInstead(t *testing.T) {
	b := newBench(t)
	b.enter("wechatpay", "live", b.fields("wechatpay"))
	old := b.sim.Platform("wechatpay").NewCode(sim.Purse{Expired: true})
	if err := b.Begin(ui.WalletTrial{Wallet: "wechatpay", Mode: "live", Way: till.Take, Code: old}); err != nil {
		t.Fatal(err)
	}
	got := b.ends(nil)
	if ok, bad := passed(got); len(ok) != 0 || len(bad) != 1 || bad[0].Name != till.CheckTake || bad[0].Reason != till.CodeExpired {
		t.Fatalf("an expired code: passed %v, failed %+v", ok, bad)
	}
	if err := b.Begin(ui.WalletTrial{Wallet: "wechatpay", Mode: "live", Way: till.Show, Reverse: true}); err != nil {
		t.Fatal(err)
	}
	got = b.ends(func(s ui.WalletTrialState) {
		if s.QR != "" {
			_ = b.sim.Pay("wechatpay", s.Number)
		}
	})
	_, bad := passed(got)
	if len(bad) != 1 || bad[0].Name != till.CheckReverse || bad[0].Reason != paidInstead {
		t.Fatalf("paid in place of reversed: %+v", got.Checks)
	}
	for _, p := range b.sim.All() {
		if p.Captured != p.Refunded() {
			t.Fatalf("the shop kept money of a trial: %+v", p)
		}
	}
	if err := b.Begin(ui.WalletTrial{Wallet: "paypal", Mode: "live", Way: till.Show}); till.CodeOf(err) != till.WalletOff {
		t.Fatalf("a trial without an account: %v", err)
	}
}

func TestAKeyIsReadFromItsFile(t *testing.T) {
	b := newBench(t)
	good := b.fields("wechatpay")
	write := func(name string, text []byte) string {
		path := filepath.Join(b.dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text, fault, err := b.File(t.Context(), write("apiclient_key.pem", []byte("\ufeff"+good["apiclient_key"])))
	if err != nil || fault.En != "" || text != good["apiclient_key"] {
		t.Fatalf("%q, %+v, %v", text[:min(20, len(text))], fault, err)
	}
	block, _ := pem.Decode([]byte(good["apiclient_cert"]))
	if text, _, err := b.File(t.Context(), write("cert.cer", block.Bytes)); err != nil || strings.TrimSpace(text) != strings.TrimSpace(good["apiclient_cert"]) {
		t.Fatalf("a certificate without PEM's lines: %q, %v", text[:min(30, len(text))], err)
	}
	if _, fault, err := b.File(t.Context(), write("apiclient_cert.p12", []byte{0x30, 1})); err != nil || !strings.Contains(fault.Zh, ".pem") {
		t.Fatalf("a PKCS#12 file: %+v, %v", fault, err)
	}
	if _, fault, err := b.File(t.Context(), write("big.pem", make([]byte, 70<<10))); err != nil || fault.En == "" {
		t.Fatalf("a large file: %+v, %v", fault, err)
	}
	if _, _, err := b.File(t.Context(), filepath.Join(b.dir, "none.pem")); err == nil {
		t.Fatal("a file that is not there was read")
	}
}

// publicOf is the public half of a private key, as PEM.
func publicOf(t *testing.T, private string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(private))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.(*rsa.PrivateKey).Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// otherCert is a certificate of somebody else's key.
func otherCert(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(77), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(5, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// A sealed file that cannot be opened is said to be so, and what is entered then
// takes its place.
func TestCredentialsThatCannotBeUnsealedAreEnteredAnew(t *testing.T) {
	keyring.MockInitWithError(errEnded)
	d := openDesk(t)
	path := filepath.Join(d.dir, vault.File)
	if err := os.WriteFile(path, []byte(`{"version":1,"id":"x","nonce":"","data":""}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d.vault.Store(nil) // as after a start
	s := newWalletSetup(t.Context(), d.log, func() till.Settings { return d.program.view().Settings }, d.walletParts)
	if safe, entered, err := s.Entered(t.Context()); err != nil || !safe.Damaged || len(entered) != 0 {
		t.Fatalf("%+v, %+v, %v", safe, entered, err)
	}
	for field, value := range map[string]string{"mchid": "1900000109", "appid": "wx8888888888888888"} {
		if _, err := s.Enter(t.Context(), "wechatpay", "live", map[string]string{field: value}); err != nil {
			t.Fatal(err)
		}
	}
	safe, entered, err := s.Entered(t.Context())
	if err != nil || safe.Damaged || len(entered) != 1 || entered[0].Values["mchid"] != "1900000109" || entered[0].Values["appid"] != "wx8888888888888888" {
		t.Fatalf("%+v, %+v, %v", safe, entered, err)
	}
}

// What any adapter refuses, and what any provider asks for, is said in both
// languages.
func TestFaultsAndPapersOfEveryWalletHaveWords(t *testing.T) {
	b := newBench(t)
	junk := []string{"x", "12", "https://shop.example/a?b", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", publicOf(t, b.fields("wechatpay")["apiclient_key"]),
		b.fields("wechatpay")["apiclient_key"], otherCert(t), "me@shop.example", "pk_live_1234567890", strings.Repeat("9", 300)}
	said := map[string]bool{}
	for _, spec := range wallets.Specs {
		for _, lang := range []string{"zh-Hans", "en"} {
			for _, k := range spec.Papers {
				if w := ui.WordsOf(lang); !w.Has("wsetup.paper."+k) || !w.Has("wsetup.paper_hint."+k) {
					t.Errorf("%s has no words for the paper %s of %s", lang, k, spec.Name)
				}
			}
		}
		for _, f := range spec.Fields {
			for _, v := range append([]string{""}, junk...) {
				a := b.sim.Platform(spec.Name).Account()
				a.Name, a.Mode, a.Currency, a.BaseURL = spec.Name, "test", till.DefaultSettings().Currency, b.host
				a.Fields = maps.Clone(a.Fields)
				a.Fields[f.Name] = v
				_, err := spec.New(a, &wallet.Client{Wallet: spec.Name})
				if w := fault(err); w != nil {
					said[w.En] = true
					if strings.HasPrefix(w.Zh, "这一项不对") || w.Field == "" {
						t.Errorf("%s, %s: no Chinese for %q (%s)", spec.Name, f.Name, w.En, w.Field)
					}
				}
			}
		}
	}
	if len(said) < 30 {
		t.Errorf("only %d faults were met", len(said))
	}
}
