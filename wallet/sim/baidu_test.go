package sim_test

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guitai/wallet/sim"
)

// bdRequest signs the values, whose text is in GBK already, as a merchant
// would.
func bdRequest(path, key string, values url.Values) *http.Request {
	var parts []string
	for k := range values {
		parts = append(parts, k+"="+values.Get(k))
	}
	slices.Sort(parts)
	text := strings.Join(parts, "&") + "&key=" + key
	md, sha := md5.Sum([]byte(text)), sha1.Sum([]byte(text))
	sent := url.Values{"sign": {strings.ToUpper(hex.EncodeToString(md[:]))}}
	if values.Get("sign_method") == "2" {
		sent.Set("sign", hex.EncodeToString(sha[:]))
	}
	for k := range values {
		sent.Set(k, values.Get(k))
	}
	return httptest.NewRequest(http.MethodGet, "/baidu"+path+"?"+sent.Encode(), nil)
}

// Baidu turns away what its manuals do not allow, in its own codes, and makes
// nothing of it.
func TestBaiduRefusesWhatItsManualsDoNotAllow(t *testing.T) {
	s := sim.New(nil)
	b := sim.NewBaidu(s, "1")
	s.Add(b)
	key := b.Account().Fields["key"]
	good := func() url.Values {
		return url.Values{"sp_no": {"9000100005"}, "sign_method": {"1"}, "service_code": {"1"}, "order_create_time": {"20261125090000"},
			"order_no": {"A1"}, "goods_name": {"\xb2\xe8"}, "total_amount": {"100"}, "currency": {"1"}, "return_url": {"https://x"},
			"input_charset": {"1"}, "version": {"2"}, "pay_code": {b.NewCode(sim.Purse{})}}
	}
	const pay = "/o2o/0/b2c/0/api/0/pay/0"
	for _, row := range []struct{ name, field, value, key, want string }{
		{"another key", "version", "2", "another", "5804"},
		{"no method", "sign_method", "3", key, "5803"},
		{"another merchant", "sp_no", "9000100006", key, "5805"},
		{"no code", "pay_code", "", key, "5801"},
		{"no goods", "goods_name", "", key, "5801"},
		{"a number of 21", "order_no", strings.Repeat("1", 21), key, "5802"},
		{"an amount in yuan", "total_amount", "1.00", key, "5802"},
		{"no amount", "total_amount", "0", key, "5802"},
		{"another currency", "currency", "2", key, "5802"},
		{"another service", "service_code", "2", key, "5802"},
		{"a time with hyphens", "order_create_time", "2026-11-25", key, "5802"},
		{"long goods", "goods_name", strings.Repeat("\xb2\xe8", 65), key, "5802"},
	} {
		v := good()
		v.Set(row.field, row.value)
		if got := serve(s, bdRequest(pay, row.key, v)); !strings.Contains(got, `"ret":"`+row.want+`"`) {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	if n := len(s.All()); n != 0 {
		t.Errorf("%d payments were made", n)
	}
	for _, method := range []string{"1", "2"} {
		v := good()
		v.Set("sign_method", method)
		v.Set("order_no", "A"+method)
		if got := serve(s, bdRequest(pay, key, v)); !strings.Contains(got, `"ret":"0"`) || !strings.Contains(got, `"pay_result":"2"`) {
			t.Errorf("a good one, method %s: %s", method, got)
		}
	}
	if p, _ := s.Payment("baidu", "A1"); p.Subject != "茶" || p.Captured != 100 {
		t.Errorf("the books: %+v", p)
	}
	r := bdRequest("/api/0/refund", key, url.Values{"sp_no": {"9000100005"}, "sign_method": {"1"}, "service_code": {"2"}, "input_charset": {"1"},
		"output_type": {"1"}, "output_charset": {"1"}, "return_url": {"https://x"}, "version": {"2"}, "order_no": {"A1"}, "cashback_amount": {"100"},
		"cashback_time": {"20261125090000"}, "currency": {"1"}, "sp_refund_no": {strings.Repeat("1", 22)}})
	if got := serve(s, r); !strings.Contains(got, "<ret_code>13</ret_code>") || !strings.Contains(got, `encoding="gbk"`) {
		t.Errorf("a refund number of 22: %s", got)
	}
}
