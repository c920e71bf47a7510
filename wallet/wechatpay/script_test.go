package wechatpay

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
	"guitai/wallet/sim"
)

// platformKey signs for a platform that a test scripts.
var platformKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func publicPEM(t testing.TB, key *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("PUBLIC KEY", der)
}

// credentials are those of a simulator's merchant, with other fields over them.
func credentials(fields map[string]string) wallet.Account {
	a := sim.NewWeChatPay(sim.New(nil)).Account()
	maps.Copy(a.Fields, fields)
	return a
}

// A script is a platform that answers what a test says, by the path.
type script struct {
	t       testing.TB
	account *account
	mu      sync.Mutex
	answers map[string]func(r *http.Request) (int, []byte)
	header  func(http.Header)
	asked   []string // path and body of each request
}

func newScript(t testing.TB, fields map[string]string) *script {
	t.Helper()
	s := &script{t: t, answers: map[string]func(*http.Request) (int, []byte){}}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	acc := credentials(map[string]string{fieldPlatform: publicPEM(t, &platformKey().PublicKey)})
	maps.Copy(acc.Fields, fields)
	acc.BaseURL = srv.URL
	client := &wallet.Client{Wallet: Name, Deadline: 2 * time.Second}
	t.Cleanup(client.Close)
	p, err := New(acc, client)
	if err != nil {
		t.Fatal(err)
	}
	s.account = p.(*account)
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.Path+" "+string(body))
	answer := s.answers[r.URL.Path]
	s.mu.Unlock()
	if answer == nil {
		s.t.Errorf("nothing is scripted for %s", r.URL.Path)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	status, out := answer(r)
	if r.URL.Path[:4] == "/v3/" {
		s.sign(w.Header(), out, time.Now())
	}
	if s.header != nil {
		s.header(w.Header())
	}
	w.WriteHeader(status)
	w.Write(out)
}

// sign puts an APIv3 signature over a body into the header.
func (s *script) sign(h http.Header, body []byte, at time.Time) {
	secs := strconv.FormatInt(at.Unix(), 10)
	sig, err := signV3(platformKey(), []byte(secs+"\nN0NCE\n"+string(body)+"\n"))
	if err != nil {
		s.t.Error(err)
	}
	h.Set("Wechatpay-Serial", s.account.speaks)
	h.Set("Wechatpay-Timestamp", secs)
	h.Set("Wechatpay-Nonce", "N0NCE")
	h.Set("Wechatpay-Signature", sig)
}

// v2 scripts a signed APIv2 answer.
func (s *script) v2(path string, fields map[string]string) {
	v := map[string]string{"return_code": "SUCCESS", "return_msg": "OK", "appid": s.account.appid, "mch_id": s.account.mchid, "nonce_str": "x", "result_code": "SUCCESS"}
	maps.Copy(v, fields)
	v["sign"] = signV2(v, s.account.apiKey, s.account.signType)
	s.raw(path, http.StatusOK, encodeV2(v))
}

// v3 scripts an APIv3 answer, which is signed.
func (s *script) v3(path string, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	s.raw(path, status, body)
}

func (s *script) raw(path string, status int, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = func(*http.Request) (int, []byte) { return status, body }
}

// charge is a charge of 12.50 yuan.
func charge(way till.Presentment) wallet.Charge {
	now := time.Now()
	return wallet.Charge{
		Number: "001TEST00000001A", Amount: 1250, Currency: money.Currency{Code: "CNY", Exponent: 2}, Way: way, Code: "130000000000000001",
		Subject: "街角便利店", At: now, Until: now.Add(5 * time.Minute),
	}
}

func start(t testing.TB, a *account, c wallet.Charge) wallet.Answer {
	t.Helper()
	ans, err := a.Start(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return ans
}

func query(t testing.TB, a *account, c wallet.Charge) wallet.Answer {
	t.Helper()
	ans, err := a.Query(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return ans
}
