package wallet

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guitai/till"
)

// calls keeps the journal of calls in memory, in order with what the server saw.
type calls struct {
	list  []till.WalletCall
	order *[]string
	fail  error
}

func (c *calls) Began(_ context.Context, r CallRecord) (int64, error) {
	if c.fail != nil {
		return 0, c.fail
	}
	*c.order = append(*c.order, "began")
	c.list = append(c.list, r)
	return int64(len(c.list)), nil
}

func (c *calls) Ended(_ context.Context, id int64, r CallRecord) error {
	*c.order = append(*c.order, "ended")
	c.list[id-1] = r
	return nil
}

func TestACallIsJournaledBeforeItIsSent(t *testing.T) {
	var order []string
	log := &calls{order: &order}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		order = append(order, "served")
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"auth_code":"288412345678901234","n":1}` {
			t.Errorf("served %s", body)
		}
		io.WriteString(w, `{"trade_no":"7","buyer_logon_id":"159****5620","echo":"288412345678901234"}`)
	}))
	defer srv.Close()
	c := &Client{Wallet: "alipay", Calls: log}
	reply, err := c.Do(t.Context(), Call{
		Kind: CallStart, Number: "N1", Method: "POST", URL: srv.URL + "/pay?sign=abc", Body: []byte(`{"auth_code":"288412345678901234","n":1}`), Secrets: []string{"288412345678901234"},
	})
	if err != nil || reply.Status != 200 {
		t.Fatal(reply.Status, err)
	}
	if got := strings.Join(order, " "); got != "began served ended" {
		t.Errorf("order: %s", got)
	}
	r := log.list[0]
	if r.Asked != `{"auth_code":"***","n":1}` || r.Answered != `{"trade_no":"7","buyer_logon_id":"***","echo":"***"}` || r.URL != srv.URL+"/pay" || len(r.Hash) != 64 || r.Status != 200 || r.Ended.Before(r.Began) {
		t.Errorf("kept %+v", r)
	}
	log.fail = errors.New("disk full")
	order = nil
	if _, err := c.Do(t.Context(), Call{Kind: CallStart, Method: "POST", URL: srv.URL}); !errors.Is(err, ErrNotSent) || len(order) != 0 {
		t.Errorf("without a journal: %v, %v", err, order)
	}
}

// A provider that drops every connection sees each call once, whatever its kind
// and method: the transport would repeat some by itself.
func TestNothingIsSentTwice(t *testing.T) {
	for _, kind := range []CallKind{CallStart, CallCapture, CallCancel, CallRefund} {
		for _, method := range []string{"GET", "POST"} {
			var seen atomic.Int32
			served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if seen.Add(1) == 1 && r.URL.Path == "/warm" {
					return
				}
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					conn.Close()
				}
			}))
			c := &Client{Wallet: "x", Deadline: time.Second}
			// A kept connection that the server has closed is what tempts it.
			if _, err := c.Do(t.Context(), Call{Kind: kind, Method: method, URL: served.URL + "/warm"}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond) // until the connection is kept
			_, err := c.Do(t.Context(), Call{Kind: kind, Method: method, URL: served.URL + "/money"})
			if err == nil || errors.Is(err, ErrNotSent) {
				t.Errorf("%s by %s: %v, want silence after it was sent", kind, method, err)
			}
			if n := seen.Load(); n != 2 {
				t.Errorf("%s by %s: the provider saw %d calls, want 2", kind, method, n)
			}
			c.Close()
			served.Close()
		}
	}
}

func TestWhatCannotHaveArrivedIsToldApart(t *testing.T) {
	c := &Client{Wallet: "x", Deadline: 300 * time.Millisecond}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]struct {
		ctx context.Context
		url string
	}{
		"nobody listens":   {t.Context(), "http://127.0.0.1:1/"},
		"no such host":     {t.Context(), "http://no-such-host.invalid/"},
		"no address":       {t.Context(), "http://%zz/"},
		"given up before":  {over, "http://127.0.0.1:1/"},
		"an unknown place": {t.Context(), "gopher://127.0.0.1/"},
	} {
		_, err := c.Do(call.ctx, Call{Kind: CallStart, Method: "POST", URL: call.url + "?pay_code=3112345678"})
		if !errors.Is(err, ErrNotSent) || strings.Contains(err.Error(), "3112345678") {
			t.Errorf("%s: %v", name, err)
		}
	}
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(2 * time.Second):
		}
	}))
	defer slow.Close()
	began := time.Now()
	_, err := c.Do(t.Context(), Call{Kind: CallStart, Method: "POST", URL: slow.URL})
	if err == nil || errors.Is(err, ErrNotSent) || NoAnswer(err).Verdict != Unclear || NoAnswer(err).Said != "no answer in time" {
		t.Errorf("no answer: %v, %+v", err, NoAnswer(err))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("waited %v", took)
	}
	away := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
	defer away.Close()
	if _, err := c.Do(t.Context(), Call{Kind: CallStart, Method: "POST", URL: away.URL}); err == nil || NoAnswer(err).Reason != till.NotUnderstood {
		t.Errorf("a redirect: %v", err)
	}
	long := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 2000)) }))
	defer long.Close()
	if _, err := c.Do(t.Context(), Call{Kind: CallQuery, Method: "GET", URL: long.URL, Most: 1000}); err == nil {
		t.Error("an answer without end was read")
	}
}

func TestRedact(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{`{"sign":"abc","out_trade_no":"N1","nested":{"openid":"o1","amount":5}}`, `{"sign":"***","out_trade_no":"N1","nested":{"openid":"***","amount":5}}`},
		{`<xml><auth_code><![CDATA[134512345678901234]]></auth_code><sign>AB</sign><total_fee>5</total_fee></xml>`, `<xml><auth_code>***</auth_code><sign>***</sign><total_fee>5</total_fee></xml>`},
		{`order_no=N1&pay_code=3112345678&sign=99&total_amount=5`, `order_no=N1&pay_code=***&sign=***&total_amount=5`},
		{`biz_content=%7B%22auth_code%22%3A%22288412345678901234%22%2C%22total_amount%22%3A%225.00%22%7D`, `biz_content=%7B%22auth_code%22%3A%22***%22%2C%22total_amount%22%3A%225.00%22%7D`},
		{`{"access_token":"A21AAF","expires_in":1}`, `{"access_token":"***","expires_in":1}`},
		{"Authorization: Bearer sk_test_123", "Authorization: Bearer ***"},
		{"plain 7777777 text", "plain *** text"},
	} {
		if got := Redact([]byte(row.in), "7777777"); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.in, got, row.want)
		}
	}
	if got := Redact([]byte(strings.Repeat("付", 5000))); len(got) > keptMost+8 || !strings.HasSuffix(got, " ...") {
		t.Errorf("a long body is kept in %d bytes", len(got))
	}
}
