package jdpay

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// What leaves the till, opened: the elements in the order of their names, the
// signature last and good, the envelope around it.
func TestRequestsAreWrittenAndSigned(t *testing.T) {
	private, public := vectorKeys(t)
	b, err := newCipher(vectorDES)
	if err != nil {
		t.Fatal(err)
	}
	var path, contentType string
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, contentType = r.URL.Path, r.Header.Get("Content-Type")
		if body, err = io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	acc := account{merchant: "22294531", des: b, private: private}
	p := &provider{client: &wallet.Client{}, base: srv.URL, online: acc, code: acc, public: public, notify: "https://shop.example/jd", device: "0001"}
	shown, taken := testCharge, testCharge
	shown.Way, shown.Until, shown.Subject = till.Show, testCharge.At.Add(5*time.Minute), "街角便利店"
	taken.Code, taken.Subject = "182563256985478547", "街角便利店"
	f := wallet.Refund{Number: "1000TEST00000025", Of: taken, Amount: 300, Why: "退货", At: testCharge.At.Add(time.Hour)}
	ctx := context.Background()
	const n, at = "1000TEST00000017", "20261125090203"
	for _, row := range []struct {
		call func() (wallet.Answer, error)
		path string
		want string
	}{
		{func() (wallet.Answer, error) { return p.Start(ctx, shown) }, "uniorder",
			"amount=1250 currency=CNY expireTime=300 merchant=22294531 notifyUrl=https://shop.example/jd orderType=0 tradeName=街角便利店 tradeNum=" + n + " tradeTime=" + at + " userId=" + n + " version=V2.0"},
		{func() (wallet.Answer, error) { return p.Start(ctx, taken) }, "fkmPay",
			"amount=1250 currency=CNY device=0001 merchant=22294531 notifyUrl=https://shop.example/jd token=182563256985478547 tradeName=街角便利店 tradeNum=" + n + " tradeTime=" + at + " version=V2.0"},
		{func() (wallet.Answer, error) { return p.Query(ctx, taken) }, "query", "merchant=22294531 tradeNum=" + n + " tradeType=0 version=V2.0"},
		{func() (wallet.Answer, error) { return p.Cancel(ctx, taken) }, "revoke",
			"amount=1250 currency=CNY merchant=22294531 oTradeNum=" + n + " tradeNum=" + n + "R tradeTime=" + at + " version=V2.0"},
		{func() (wallet.Answer, error) { return p.Refund(ctx, f) }, "refund",
			"amount=300 currency=CNY merchant=22294531 note=退货 notifyUrl=https://shop.example/jd oTradeNum=" + n + " tradeNum=1000TEST00000025 tradeTime=20261125100203 version=V2.0"},
		{func() (wallet.Answer, error) { return p.QueryRefund(ctx, f) }, "query", "merchant=22294531 oTradeNum=" + n + " tradeNum=1000TEST00000025 tradeType=1 version=V2.0"},
	} {
		a, err := row.call()
		if err != nil || a.Verdict != wallet.Unclear || a.Reason != till.ProviderDown {
			t.Fatalf("%s: %+v %v", row.path, a, err)
		}
		var outer struct {
			Version  string `xml:"version"`
			Merchant string `xml:"merchant"`
			Encrypt  string `xml:"encrypt"`
		}
		if err := xml.Unmarshal(body, &outer); err != nil || outer.Version != "V2.0" || outer.Merchant != "22294531" || path != "/service/"+row.path || contentType != "application/xml" {
			t.Fatalf("%s: %s %s %v\n%s", row.path, path, contentType, err, body)
		}
		inner, err := decrypt(b, []byte(outer.Encrypt))
		if err != nil {
			t.Fatal(err)
		}
		bare, err := verify(&private.PublicKey, inner)
		if err != nil || !strings.HasSuffix(string(inner), "</sign></jdpay>") {
			t.Errorf("%s: %v\n%s", row.path, err, inner)
		}
		text := strings.TrimSuffix(strings.TrimPrefix(string(bare), xmlHead+"<jdpay>"), "</jdpay>")
		got := strings.TrimSpace(regexp.MustCompile(`<(\w+)>([^<]*)</\w+>`).ReplaceAllString(text, "$1=$2 "))
		if got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.path, got, row.want)
		}
	}
}
